/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/arena.h"
#include "exit_code.h"

/*
 * What stands in the columns of a CSV file, from a setting: `HEADING:FIELD,HEADING:FIELD,…`, where `=TEXT` instead of a field is
 * that text in each line.
 */
enum pay_columns_field {
	PAY_COLUMNS_TEXT,
	PAY_COLUMNS_NUMBER, /* of the line in its file, from 1 */
	PAY_COLUMNS_PAYMENT_ID,
	PAY_COLUMNS_CLAIM,
	PAY_COLUMNS_PAYEE,
	PAY_COLUMNS_NAME,
	PAY_COLUMNS_ACCOUNT,
	PAY_COLUMNS_IDENTITY, /* what Alipay calls the kind of account */
	PAY_COLUMNS_BANK,
	PAY_COLUMNS_AMOUNT, /* 12.00 */
	PAY_COLUMNS_STEPS,  /* 1200 */
	PAY_COLUMNS_UNIT,
	PAY_COLUMNS_REMARK,
	PAY_COLUMNS_DAY,
	PAY_COLUMNS_DEBTOR_NAME,
	PAY_COLUMNS_DEBTOR_ACCOUNT,
	PAY_COLUMNS_DEBTOR_BANK,
};

enum { PAY_COLUMNS_MAX = 64 };

struct pay_columns {
	struct {
		enum pay_columns_field field;
		slice heading;
		slice text; /* where it is one */
	} columns[PAY_COLUMNS_MAX];
	size_t count;
};

/*
 * The slices borrow from the text. False: `*why` says what is wrong with it. A file has payment ids, accounts and amounts, or
 * nobody could say afterwards what was in it.
 */
bool pay_columns_read(struct pay_columns *columns, slice text, const char **why);

/* Where that field is; `count` where it is nowhere. */
size_t pay_columns_find(const struct pay_columns *columns, enum pay_columns_field field);
