/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "rules/incident/incident.h"

/* A merchant's appeals of deductions (D7). One is named by the entry that lodged it, and so are its accounts. */

/* NOT_PERMITTED with the first appeal that stays payment in the incident. */
enum recourse_error appeal_check_stays(
	struct decision *decision, const char *field, const struct record_incident *incident);

/* There is a judgment, and the merchant asks for no other. */
bool appeal_is_decided(const struct record_appeal *appeal);

/* Its appeal is in the way of another one: of the merchant's `own` only another such, and one that restored all. */
enum recourse_error appeal_bars(
	struct state_view *view, const struct record_deduction *deduction, bool own, bool *bars);

/* The clock: nobody has decided in time. The subject is the appeal's number. Nothing else happens by itself. */
enum recourse_error appeal_overdue(struct decision *decision, slice subject);

/* What of them is in the way of closing an incident. */
area_blockers_walker appeal_blockers;

/* ---- for readers: named by an entry that another record holds; QUERY_NOT_FOUND where nothing is there ---- */

struct appealed {
	uint64_t entry; /* that lodged it */
	struct record_appeal record;
	struct record_texts why;
	struct record_deduction deduction;
	struct record_incident incident;
	bool stays;
	bool overdue;
	uint64_t due_open;      /* when it is due, while nobody decided; else 0 */
	uint64_t overdue_since; /* 0: it is not */
	uint32_t outcome;
	int64_t open; /* restored, and not paid in yet */
};
enum { APPEAL_VIEW_COLUMNS = 22 };
extern const struct recourse_column appeal_view_columns[APPEAL_VIEW_COLUMNS];
enum recourse_error appeal_view_read(struct query *query, uint64_t entry, struct appealed *view);

struct deducted {
	uint64_t entry; /* of the distribution */
	struct record_deduction record;
	struct record_incident incident;
	struct record_appeal appeal; /* zeroes: there is none */
	slice policy;
	slice rule;
	bool appealable;
	uint64_t window; /* the same as an instant: until when it is; 0: it is not */
};
enum { APPEAL_VIEW_DEDUCTION_COLUMNS = 14 };
extern const struct recourse_column appeal_view_deduction_columns[APPEAL_VIEW_DEDUCTION_COLUMNS];
enum recourse_error appeal_view_read_deduction(
	struct query *query, slice merchant, uint64_t entry, struct deducted *view);
