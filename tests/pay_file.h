/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "support.h"

#include "../tools/pay/pay_batch.h"
#include "../tools/pay/pay_form.h"

/*
 * A batch of payments with the files that a platform has beside it, as the tests of what is written to a bank need them. Accounts
 * are under a key of zeroes.
 */
struct pay_file {
	struct support_directory directory;
	struct pay_batch batch;
	struct pay_form form;
	struct buffer said; /* what the program said of it last, on standard error */
};

struct pay_file_payee {
	const char *payee;
	const char *name;
	const char *account;
	const char *bank;
	int64_t steps;
};

/* A payment to each, in the unit, so many a file; the last row has no payee. */
void pay_file_make(
	struct pay_file *file, const char *unit, uint64_t line_max, const struct pay_file_payee *payees);
void pay_file_free(struct pay_file *file);

/* The settings, for a rail of that kind. */
enum exit_code pay_file_form(struct pay_file *file, const char *kind, const char *settings);

/* The rows of the payees, and others behind them; and what the program makes of them. */
void pay_file_rows(const struct pay_file_payee *payees, struct buffer *out);
enum exit_code pay_file_match(struct pay_file *file, slice rows);

/* The first part as it is written, and what reading it back says. */
void pay_file_write(const struct pay_file *file, struct buffer *out);
enum recourse_error pay_file_check(const struct pay_file *file, slice text, struct buffer *why);

/* For scripts that have others read it: a file of that name in the directory PAY_FILES, where the environment has it. */
void pay_file_hand_out(const char *name, slice text);

/* All that a call says on standard error goes to `said`. */
void pay_file_listen(struct pay_file *file);
void pay_file_listened(struct pay_file *file);

void pay_file_says(const struct pay_file *file, const char *text);
