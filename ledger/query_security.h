/* SPDX-License-Identifier: Apache-2.0 */
#ifndef QUERY_SECURITY_H
#define QUERY_SECURITY_H

#include "query.h"
#include "record_security.h"

/* What secures a merchant as readers see it: report.requirements and report.withdrawals, and merchant.brief. */

/* One item: required and held, the shortfall and its duty, the withdrawal under way, the sign of default. */
enum recourse_error query_security_row(struct query *query, const struct record_security *record,
	uint64_t now, struct query_list *list) RECOURSE_CHECK;

/* One item: how much, when, whether it was paid. STORE_CORRUPT where that entry began none. */
enum recourse_error query_security_withdrawal(
	struct query *query, uint64_t entry, struct query_list *list) RECOURSE_CHECK;

#endif
