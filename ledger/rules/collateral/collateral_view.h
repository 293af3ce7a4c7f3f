/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "rule/rule.h"

/* What secures a merchant as readers see it: report.requirements and report.withdrawals, and merchant.brief. */

/* Required and held, the shortfall and its duty, the withdrawal under way, the sign of default. */
struct secured {
	struct record_collateral record;
	struct record_signal signal; /* zeroes: there is none */
	slice merchant;
	const char *standing;
};
enum { COLLATERAL_VIEW_COLUMNS = 18 };
extern const struct recourse_column collateral_view_columns[COLLATERAL_VIEW_COLUMNS];

/* `record` is filled already. */
enum recourse_error collateral_view_read(struct query *query, struct secured *view) RECOURSE_CHECK;

/* How much, when, whether it was paid. */
struct withdrawn {
	uint64_t entry; /* that requested it */
	struct record_withdrawal record;
	uint64_t open_since; /* 0: it is not */
};
enum { COLLATERAL_VIEW_WITHDRAWAL_COLUMNS = 8 };
extern const struct recourse_column collateral_view_withdrawal_columns[COLLATERAL_VIEW_WITHDRAWAL_COLUMNS];

/* By the entry. QUERY_NOT_FOUND. */
enum recourse_error collateral_view_read_withdrawal(
	struct query *query, uint64_t entry, struct withdrawn *view) RECOURSE_CHECK;
