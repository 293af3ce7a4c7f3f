/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "configuration.h"
#include "exit_code.h"
#include "pay/pay_columns.h"

/*
 * How a rail wants its files: of its kind, what any such provider asks for; of the file of settings (lines `name = value`), what
 * the platform and its bank agreed on. In tools/PAY.md.
 */
enum pay_form_kind { PAY_FORM_ISO20022, PAY_FORM_BANK_CSV, PAY_FORM_WECHAT, PAY_FORM_ALIPAY };

/* What a provider refuses anyhow, so that no line of it is written. Characters, not bytes; steps are fen. */
struct pay_form_limits {
	const char *name; /* of the kind */
	uint32_t id_most;
	uint32_t name_most;
	uint32_t account_most;
	uint32_t remark_most;
	int64_t least; /* of a payment; 0: any */
	int64_t most;  /* 0: any */
	int64_t named; /* from which on the payee's name is demanded; 0: always */
	bool wallet;   /* accounts are as they stand, capitals apart; amounts are yuan */
};

struct pay_form {
	enum pay_form_kind kind;
	const struct pay_form_limits *limits;
	struct configuration configuration;
	bool old;  /* pain.001.001.03 rather than .09 */
	bool sepa; /* characters of the SEPA basic set alone */
	bool header;
	const char *day; /* on which it is to be paid, 2026-11-30; NULL: not said */
	const char *debtor_name;
	const char *debtor_account;
	const char *debtor_bank;
	const char *clearing; /* of banks that are a number */
	const char *charges;  /* NULL: not said */
	const char *batch_booking;
	const char *remark;
	const char *encoding; /* as iconv(3) calls it */
	struct pay_columns columns;
};

/*
 * Reads the settings for a rail of that kind. USAGE, CONFIGURATION: the mistake was named. `day` may be NULL, and has to be the
 * caller's for as long as the form is used.
 */
enum exit_code pay_form_read(struct pay_form *form, slice kind, const char *path, const char *day);
void pay_form_free(struct pay_form *form);
