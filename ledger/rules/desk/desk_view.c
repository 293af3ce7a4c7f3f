/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/desk/desk.h"

#include "rules/claims/claim.h"
#include "rules/incident/incident.h"

/* What lies on the desk. */

struct desk_row {
	slice id;
	struct record_claim record;
	struct record_desk desk;
	struct record_incident incident;
	struct record_key owner; /* a key that answers, not one that was rotated since */
	const char *next_action;
	slice calendar;
	int64_t working_days; /* that it is late; VIEW_NONE: its policy names no calendar */
};

#define DESK_COLUMN(kind, title, member, text) COLUMN(kind, title, struct desk_row, member, text)
static const struct recourse_column row_columns[] = {
	{DESK_COLUMN(ID, "claim", id, "its id")},
	{DESK_COLUMN(ID, "incident", incident.id, "to which it belongs")},
	{DESK_COLUMN(ID, "entitlement", record.entitlement, "card or order that it is about")},
	{COLUMN_KEY("owner", struct desk_row, owner.number, "who sees to it")},
	{COLUMN_CHOICE("state", life_claim_states, struct desk_row, record.state, "as it is recorded")},
	{DESK_COLUMN(TEXT, "next_action", next_action, "what is to be done")},
	{DESK_COLUMN(TIME, "due", record.due, "by when that is to be done")},
	{DESK_COLUMN(ENTRY, "overdue_entry", desk.overdue_entry, "the clock's that said that it is late"),
		OPTIONAL},
	{COLUMN_AGE("overdue_hours", struct desk_row, desk.overdue, "how long it is late"), OPTIONAL},
	{DESK_COLUMN(
		 INTEGER, "overdue_days", working_days, "working days of the calendar that have ended since"),
		OPTIONAL},
	{DESK_COLUMN(ID, "calendar", calendar, "of its policy"), OPTIONAL},
};

static enum recourse_error read_working_days(struct query *query, struct desk_row *row)
{
	struct record_policy policy;
	row->working_days = VIEW_NONE;
	TRY(incident_policy(query->state, &row->incident, &policy));
	TRY(arena_copy(query->arena, RECORD_TEXT(policy.calendar), &row->calendar));
	if (row->calendar.size == 0 || row->desk.overdue == 0)
		return RECOURSE_OK;
	return calendar_worked(
		query->state, row->calendar, row->desk.overdue, query->now, &row->working_days);
}

static enum recourse_error visit(struct view_rows *rows, const struct record_walk *walk)
{
	struct query *query = rows->query;
	struct desk_row row = {.id = view_last_text(walk)};
	struct record_path path = record_path_of_text(RECORD_CLAIM, row.id);
	TRY(record_get(query->state, &path, &row.record, sizeof row.record));
	TRY(desk_load(query->state, row.id, &row.desk));
	TRY(incident_load(query->state, row.record.incident, &row.incident));
	TRY(person_current(query->state, row.record.owner, &row.owner));
	TRY(read_working_days(query, &row));
	row.next_action = claim_next_action(&row.record, VIEW_NONE);
	return view_add(rows, &row);
}

/* ---- desk.overdue ---- */

static const struct recourse_field overdue_fields[] = {QUERY_ROWS("most claims of a page")};

static const struct recourse_column overdue_columns[] = {
	VIEW_AS_OF,
	VIEW_PAGE(TEXT, next, "claims", row_columns, struct view_list, range, visit,
		"whose day has passed, the longest first"),
};

static enum recourse_error find_overdue(struct query *query, void *found)
{
	struct view_list *list = found;
	(void)query;
	list->range.prefix = record_path_of(RECORD_DESK_OVERDUE);
	return RECOURSE_OK;
}

static const struct query_row rows[] = {
	VIEW("desk.overdue", QUERY_READ_ALL, overdue_fields, overdue_columns, struct view_list, find_overdue,
		"claims whose day has passed: since when, by working days, and whose they are to see to"),
};
const struct query_group desk_view_group = {rows, sizeof rows / sizeof rows[0]};
