/* SPDX-License-Identifier: Apache-2.0 */
#ifndef APPEAL_VIEW_H
#define APPEAL_VIEW_H

#include "books/record_appeal.h"
#include "books/record_incident.h"
#include "rules/payout/appeal.h"
#include "rules/incident/incident.h"
#include "rule/query.h"

/*
 * Deductions and appeals as readers see them: report.deductions and report.appeals show all of them, merchant.brief
 * those that something can still come of. Both are named by an entry that another record holds: STORE_CORRUPT where
 * nothing is there.
 */
enum recourse_error appeal_view_read_deduction(struct query *query, uint64_t entry,
	struct record_deduction *deduction, struct record_incident *incident) RECOURSE_CHECK;
enum recourse_error appeal_view_read(
	struct query *query, uint64_t entry, struct record_appeal *appeal) RECOURSE_CHECK;

/* Whether it can still be appealed. */
bool appeal_view_possible(const struct record_deduction *deduction, uint64_t now);

/* One item each: of which deduction, where it stands, when it is due, its outcome; what was taken, until when. */
enum recourse_error appeal_view_row(
	struct query *query, uint64_t entry, uint64_t now, struct query_list *list) RECOURSE_CHECK;
enum recourse_error appeal_view_deduction_row(
	struct query *query, uint64_t number, uint64_t now, struct query_list *list) RECOURSE_CHECK;

#endif
