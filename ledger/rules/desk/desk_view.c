/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/desk/desk.h"

#include "rules/claims/next.h"
#include "rules/incident/incident.h"

/* What lies on the desk: all that was said something of or promised, and what is late. */

struct desk_row {
	slice id;
	struct record_claim record;
	struct record_incident incident;
	struct holder holder;
	uint32_t owner; /* 0: no person sees to it */
	slice team;
	struct next next;
	uint64_t since; /* when its day passed; 0: it has not */
	uint64_t overdue_entry;
	slice calendar;
	int64_t east;         /* minutes; VIEW_NONE: its policy names no calendar */
	int64_t working_days; /* that it is late; VIEW_NONE: it is not, or its policy names no calendar */
};

#define DESK_COLUMN(kind, title, member, text) COLUMN(kind, title, struct desk_row, member, text)
static const struct recourse_column row_columns[] = {
	{DESK_COLUMN(ID, "claim", id, "its id")},
	{DESK_COLUMN(ID, "incident", incident.id, "to which it belongs"), .aside = true},
	{DESK_COLUMN(ID, "entitlement", record.entitlement, "card or order that it is about"), .aside = true},
	{COLUMN_CHOICE("held_by", holder_kinds, struct desk_row, holder.kind,
		 "who sees to it; admin: nobody who speaks, it is to be handed over"),
		.aside = true},
	{COLUMN_KEY("owner", struct desk_row, owner, "the person who does"), OPTIONAL},
	{DESK_COLUMN(ID, "team", team, "the team that does, until one of it takes it"), OPTIONAL},
	{COLUMN_CHOICE("state", life_claim_states, struct desk_row, next.state, "where it stands"),
		.aside = true},
	{DESK_COLUMN(TEXT, "next_action", next.action, "what is to be done, first of all")},
	{DESK_COLUMN(TIME, "due", next.due, "by when that is to be done")},
	{DESK_COLUMN(
		 INTEGER, "promises_open", holder.desk.promises_open, "promised to the claimant, and owed"),
		.aside = true},
	{DESK_COLUMN(TIME, "promise_due", holder.desk.promise_due, "by when the first of it"), OPTIONAL,
		.aside = true},
	{DESK_COLUMN(INTEGER, "flags", holder.desk.flags_open, "that are up: a person is to look at it"),
		.aside = true},
	{DESK_COLUMN(ENTRY, "urgent", holder.desk.urgent_entry, "that put it before the others"), OPTIONAL},
	{DESK_COLUMN(INTEGER, "hand_overs", holder.desk.hand_overs, "from one to another"), .aside = true},
	{DESK_COLUMN(INTEGER, "bounces", holder.desk.bounces, "of which to who had had it before"),
		.aside = true},
	{DESK_COLUMN(TIME, "overdue_since", since, "when a day of it passed: its own, or a promise's"),
		OPTIONAL, .aside = true},
	{DESK_COLUMN(ENTRY, "overdue_entry", overdue_entry, "the clock's that said so last"), OPTIONAL,
		.aside = true},
	{COLUMN_AGE("overdue_hours", struct desk_row, since, "since then"), OPTIONAL},
	{DESK_COLUMN(
		 INTEGER, "overdue_days", working_days, "working days of the calendar that have ended since"),
		OPTIONAL, .aside = true},
	{DESK_COLUMN(ID, "calendar", calendar, "of its policy"), OPTIONAL, .aside = true},
	{DESK_COLUMN(INTEGER, "offset_minutes", east, "of the place of the calendar's days, east of UTC"),
		OPTIONAL, .aside = true},
};

static enum recourse_error read_working_days(struct query *query, struct desk_row *row)
{
	struct record_policy policy;
	struct record_calendar calendar;
	row->east = row->working_days = VIEW_NONE;
	TRY(incident_policy(query->state, &row->incident, &policy));
	TRY(arena_copy(query->arena, RECORD_TEXT(policy.calendar), &row->calendar));
	if (row->calendar.size == 0)
		return RECOURSE_OK;
	TRY(calendar_any(query->state, row->calendar, &calendar));
	row->east = calendar.offset_minutes;
	if (row->since == 0)
		return RECOURSE_OK;
	return calendar_worked(query->state, row->calendar, row->since, query->now, &row->working_days);
}

/* Of its own day and a promise's, the one that passed first. */
static void read_overdue(struct desk_row *row)
{
	const struct record_desk *desk = &row->holder.desk;
	row->since = desk_since(desk);
	row->overdue_entry = row->since == desk->overdue ? desk->overdue_entry : desk->promise_late;
}

/* Which of them are asked for. */
struct desk_list {
	struct view_range range;
	uint32_t person; /* 0: anybody's */
	slice team;      /* empty: any */
	uint32_t state;  /* 0: any */
	int64_t held_by; /* enum holder_kind; below zero: any */
};

static bool is_asked(const struct desk_list *list, const struct desk_row *row)
{
	const struct holder *holder = &row->holder;
	return (list->person == 0 || holder->key.person == list->person) &&
	       (list->team.size == 0 || slice_equal(row->team, list->team)) &&
	       (list->state == 0 || row->next.state == list->state) &&
	       (list->held_by < 0 || (int64_t)holder->kind == list->held_by);
}

static enum recourse_error visit(struct view_rows *rows, const struct record_walk *walk)
{
	struct query *query = rows->query;
	struct desk_row row = {.id = view_last_text(walk)};
	struct record_path path = record_path_of_text(RECORD_CLAIM, row.id);
	TRY(record_get(query->state, &path, &row.record, sizeof row.record));
	TRY(holder_find(query->state, row.id, &row.record, &row.holder));
	TRY(incident_load(query->state, row.record.incident, &row.incident));
	TRY(next_find(query->state, row.id, &row.record, &row.incident, &row.holder, &row.next));
	row.owner = holder_key(&row.holder);
	row.team = holder_team(&row.holder);
	if (!is_asked(rows->above, &row))
		return RECOURSE_OK;
	read_overdue(&row);
	TRY(read_working_days(query, &row));
	return view_add(rows, &row);
}

/* ---- desk.queue, desk.overdue ---- */

enum { LIST_OWNER, LIST_TEAM, LIST_HELD_BY, LIST_STATE };
static const struct recourse_field list_fields[] = {
	[LIST_OWNER] = FIELD_OPTIONAL(HANDLE, "owner", "the key whose person has them; anybody's if absent"),
	[LIST_TEAM] = FIELD_OPTIONAL(ID, "team", "or the team that has them"),
	[LIST_HELD_BY] = FIELD_OPTIONAL_CHOICE("held_by", holder_kinds,
		"by whom; admin: those that nobody sees to who speaks; by any if absent"),
	[LIST_STATE] = FIELD_OPTIONAL_CHOICE("state", life_claim_states, "where it stands; any if absent"),
	QUERY_ROWS("most claims of a page"),
};

static enum recourse_error read_list(struct query *query, struct desk_list *list)
{
	const struct value *values = query->values;
	const struct value *held_by = &values[LIST_HELD_BY];
	struct record_key owner = {.person = 0};
	struct record_team team;
	struct record_path key = record_path_of_text(RECORD_KEY, values[LIST_OWNER].text);
	struct record_path of_team = record_path_of_text(RECORD_TEAM, values[LIST_TEAM].text);
	if (values[LIST_OWNER].present)
		TRY(query_record(query, "owner", &key, &owner, sizeof owner));
	if (values[LIST_TEAM].present)
		TRY(query_record(query, "team", &of_team, &team, sizeof team));
	list->person = owner.person;
	list->team = values[LIST_TEAM].text;
	list->state = values[LIST_STATE].present ? (uint32_t)values[LIST_STATE].integer : 0;
	list->held_by = held_by->present ? held_by->integer : -1;
	return RECOURSE_OK;
}

/* By person or team the next page begins where the last one ended, however many there are. */
static enum recourse_error find_queue(struct query *query, void *found)
{
	struct desk_list *list = found;
	struct record_path *prefix = &list->range.prefix;
	TRY(read_list(query, list));
	if (list->person != 0)
		*prefix = record_path_of_short(RECORD_DESK_PERSON, list->person);
	else if (list->team.size > 0)
		*prefix = record_path_of_text(RECORD_DESK_TEAM, list->team);
	else
		*prefix = record_path_of(RECORD_DESK_ALL);
	return RECOURSE_OK;
}

static enum recourse_error find_overdue(struct query *query, void *found)
{
	struct desk_list *list = found;
	list->range.prefix = record_path_of(RECORD_DESK_OVERDUE);
	return read_list(query, list);
}

static const struct recourse_column list_columns[] = {
	VIEW_AS_OF,
	VIEW_PAGE(TEXT, next, "claims", row_columns, struct desk_list, range, visit,
		"of the queue the urgent first, then the first due"),
};

static const struct query_row rows[] = {
	VIEW("desk.queue", QUERY_READ_ALL, list_fields, list_columns, struct desk_list, find_queue,
		"claims that wait and that people said something of or promised, or that are late: whose, by "
		"when"),
	VIEW("desk.overdue", QUERY_READ_ALL, list_fields, list_columns, struct desk_list, find_overdue,
		"claims of which a day has passed, or a promise's: since when, by working days, and whose"),
};
const struct query_group desk_view_group = {rows, sizeof rows / sizeof rows[0]};
