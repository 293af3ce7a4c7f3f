/* SPDX-License-Identifier: Apache-2.0 */
#ifndef QUERY_APPEAL_H
#define QUERY_APPEAL_H

#include "appeal.h"
#include "incident.h"
#include "query.h"

/*
 * Deductions and appeals as readers see them: report.deductions and report.appeals show all of them, merchant.brief
 * those that something can still come of. Both are named by an entry that another record holds: STORE_CORRUPT where
 * nothing is there.
 */
enum recourse_error query_appeal_read_deduction(struct query *query, uint64_t entry,
	struct record_deduction *deduction, struct record_incident *incident) RECOURSE_CHECK;
enum recourse_error query_appeal_read(
	struct query *query, uint64_t entry, struct record_appeal *appeal) RECOURSE_CHECK;

/* Whether it can still be appealed. */
bool query_appeal_possible(const struct record_deduction *deduction, uint64_t now);

/* One item each: of which deduction, where it stands, when it is due, its outcome; what was taken, until when. */
enum recourse_error query_appeal_row(
	struct query *query, uint64_t entry, uint64_t now, struct query_list *list) RECOURSE_CHECK;
enum recourse_error query_appeal_deduction_row(
	struct query *query, uint64_t number, uint64_t now, struct query_list *list) RECOURSE_CHECK;

#endif
