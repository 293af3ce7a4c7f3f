/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COLLATERAL_VIEW_H
#define COLLATERAL_VIEW_H

#include "books/record_collateral.h"
#include "rule/query.h"

/* What secures a merchant as readers see it: report.requirements and report.withdrawals, and merchant.brief. */

/* One item: required and held, the shortfall and its duty, the withdrawal under way, the sign of default. */
enum recourse_error collateral_view_row(struct query *query, const struct record_collateral *record,
	uint64_t now, struct query_list *list) RECOURSE_CHECK;

/* One item: how much, when, whether it was paid. STORE_CORRUPT where that entry began none. */
enum recourse_error collateral_view_withdrawal(
	struct query *query, uint64_t entry, struct query_list *list) RECOURSE_CHECK;

#endif
