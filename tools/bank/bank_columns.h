/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "bank/bank_item.h"
#include "configuration.h"
#include "exit_code.h"
#include "rows.h"

/*
 * What a CSV file of a bank or wallet looks like, as a file of settings says it: banks differ, and wallets tell
 * nobody. A line `name = value` each:
 *
 *   kind = csv                csv (lines of an account), wechat, alipay (what became of transfers)
 *   encoding = gb18030        or utf-8
 *   separator = comma         or semicolon, tab
 *   skip = 2                  lines before the one that names the columns
 *   prefix = `                in front of each cell, and no part of it
 *   trailer = 合计             what the row behind the last one begins with: it and all that follows is passed over,
 *                             and a file without it is not whole
 *   unit = CNY
 *   steps = yes               amounts are whole numbers of the unit's smallest step: 1200 is CNY 12.00
 *   grouping = ,              between thousands
 *   newest_first = yes        the last line of the account is the first row
 *
 * and which column is what, by the name that it has in the file:
 *
 *   payment_id, reference, amount, day, status, reason, balance (of the account after that line)
 *   direction                 whose cells are `credit` or `debit`, as these two settings say
 *   credit_amount, debit_amount   instead of amount and direction: one of the two cells is empty, or zero
 *   signed = yes              instead of a direction: an amount below zero is a debit
 *   day_format = YYYY-MM-DD   or YYYYMMDD, YYYY/MM/DD; what stands behind it, as a time, is passed over
 *   words = 成功:SUCCESS,失败:FAIL   the file's words, and the codes of bank_status.h that they are; of csv, BOOK is booked
 *   expired = OVERDUE_CLOSE   reasons, with commas, for which FAIL is an expiry
 */
enum bank_column {
	BANK_COLUMN_PAYMENT_ID,
	BANK_COLUMN_REFERENCE,
	BANK_COLUMN_AMOUNT,
	BANK_COLUMN_CREDIT_AMOUNT,
	BANK_COLUMN_DEBIT_AMOUNT,
	BANK_COLUMN_DIRECTION,
	BANK_COLUMN_DAY,
	BANK_COLUMN_STATUS,
	BANK_COLUMN_REASON,
	BANK_COLUMN_BALANCE,
	BANK_COLUMNS
};

struct bank_columns {
	struct configuration settings;
	enum bank_kind kind;
	enum bank_scheme scheme;
	bool gb18030;
	char separator;
	char grouping; /* 0: none */
	uint64_t skip;
	bool newest_first;
	bool in_steps;
	bool is_signed;
	const char *day_format;
	struct unit unit;
	size_t places
		[BANK_COLUMNS]; /* after bank_columns_find(): of each column in a row, or BANK_COLUMNS_NOWHERE */
	size_t count;           /* cells in a row */
};
#define BANK_COLUMNS_NOWHERE SIZE_MAX

/* Says what is wrong with the settings, EXIT_CODE_CONFIGURATION. bank_columns_free() in any case. */
enum exit_code bank_columns_read(struct bank_columns *columns, const char *path);

/*
 * Takes the row that names the columns. False where one is not there, or there twice: `*name` is what the file should
 * call it.
 */
bool bank_columns_find(struct bank_columns *columns, const struct rows_row *header, const char **name);

/* A setting as it was written; NULL where it was not. */
const char *bank_columns_setting(const struct bank_columns *columns, const char *name);

/* The name of the column as the settings have it; NULL: the file has none. */
const char *bank_columns_name(const struct bank_columns *columns, enum bank_column column);

/* The cell of a row, without the prefix; empty where there is no such column. */
slice bank_columns_cell(
	const struct bank_columns *columns, const struct rows_row *row, enum bank_column column);

/* What code a word of the file is: the word itself where the settings have none for it. */
slice bank_columns_code(const struct bank_columns *columns, slice word);

/* Whether it is among the reasons of an expiry. */
bool bank_columns_expired(const struct bank_columns *columns, slice reason);
void bank_columns_free(struct bank_columns *columns);
