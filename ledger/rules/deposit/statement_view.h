/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "rule/rule.h"

/* The three parts of a deposit at one time: deposit.statement shows them, and merchant.brief. */
struct statement_balances {
	struct unit unit;
	int64_t available;
	int64_t frozen;
	int64_t exit_hold;
};

/* As they stood before that many entries; what was not there yet stood at nothing. `unit` is filled already. */
enum recourse_error statement_view_balances(struct query *query, slice merchant, uint64_t entries,
	struct statement_balances *balances) RECOURSE_CHECK;

/* Their columns, in a row that has them there: a member and its dot, or nothing. */
#define STATEMENT_BALANCES(row, there)                                                                       \
	{COLUMN_AMOUNT("available", row, there available, there unit, "that nothing holds")},                \
		{COLUMN_AMOUNT("frozen", row, there frozen, there unit, "by holds, incidents and appeals")}, \
	{                                                                                                    \
		COLUMN_AMOUNT("exit_hold", row, there exit_hold, there unit, "held for an exit")             \
	}
