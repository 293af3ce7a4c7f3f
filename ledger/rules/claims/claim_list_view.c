/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/rule.h"
#include "rules/claims/claim.h"
#include "rules/incident/incident.h"

/*
 * The work that lies on a desk (D2): claims by where they stand, whose they are, what they belong to, and by when
 * something is to be done. By id; a page looks at so many claims at most, so it may be short and have a `next`.
 */
enum { LIST_STATE, LIST_OWNER, LIST_INCIDENT, LIST_DUE, LIST_FROM, LIST_LIMIT };
static const struct recourse_field list_fields[] = {
	[LIST_STATE] = FIELD_OPTIONAL_CHOICE("state", life_claim_states, "as it is recorded; any if absent"),
	[LIST_OWNER] =
		FIELD_OPTIONAL(HANDLE, "owner", "the key whose person sees to it; anybody's if absent"),
	[LIST_INCIDENT] = FIELD_OPTIONAL(ID, "incident", "to which it belongs; any if absent"),
	[LIST_DUE] = FIELD_OPTIONAL(TIME, "due", "something is to be done by then; any time if absent"),
	[LIST_FROM] = FIELD_OPTIONAL(ID, "from", "first claim of the page, as `next` gave it"),
	[LIST_LIMIT] = FIELD_PRESET("limit", 1, 500, 100, "most claims of a page"),
};

struct list {
	struct view_range range;
	uint32_t incident; /* 0: any */
	uint32_t person;   /* the owner's; 0: anybody */
};

struct list_row {
	slice id;
	struct record_claim record;
	struct record_incident incident;
	uint32_t owner; /* a key that answers, not one that was rotated since */
	const char *next_action;
};

static const struct recourse_column row_columns[] = {
	{COLUMN(ID, "claim", struct list_row, id, "its id")},
	{COLUMN(ID, "incident", struct list_row, incident.id, "to which it belongs")},
	{COLUMN(ID, "entitlement", struct list_row, record.entitlement, "card or order that it is about")},
	{COLUMN_KEY("owner", struct list_row, owner, "who sees to it")},
	{COLUMN_CHOICE("state", life_claim_states, struct list_row, record.state, "as it is recorded")},
	{COLUMN(TEXT, "next_action", struct list_row, next_action, "what is to be done")},
	{COLUMN(TIME, "due", struct list_row, record.due, "by when that is to be done"), OPTIONAL},
};

static enum recourse_error visit_claim(struct view_rows *rows, const struct record_walk *walk)
{
	const struct list *list = rows->above;
	const struct value *values = rows->query->values;
	struct list_row row = {.id = walk->key.parts[0].text};
	struct record_key owner;
	TRY(view_record(walk, &row.record, sizeof row.record));
	if ((values[LIST_STATE].present && row.record.state != values[LIST_STATE].integer) ||
		(list->incident != 0 && row.record.incident != list->incident) ||
		(values[LIST_DUE].present &&
			(row.record.due == 0 || row.record.due > values[LIST_DUE].instant)))
		return RECOURSE_OK;
	TRY(person_current(rows->query->state, row.record.owner, &owner));
	if (list->person != 0 && owner.person != list->person)
		return RECOURSE_OK;
	row.owner = owner.number;
	row.next_action = claim_next_action(&row.record);
	TRY(incident_load(rows->query->state, row.record.incident, &row.incident));
	return view_add(rows, &row);
}

static const struct recourse_column list_columns[] = {
	VIEW_AS_OF,
	{COLUMN_PAGE("claims", row_columns, struct list, range, visit_claim, "by id")},
	VIEW_NEXT(ID, next),
};

static enum recourse_error find_list(struct query *query, void *row)
{
	struct list *list = row;
	const struct value *values = query->values;
	struct record_incident incident = {.number = 0};
	struct record_key owner = {.person = 0};
	if (values[LIST_INCIDENT].present &&
		incident_read(query->state, values[LIST_INCIDENT].text, &incident) != RECOURSE_OK)
		return query_absent(query, "incident");
	struct record_path path = record_path_of_text(RECORD_KEY, values[LIST_OWNER].text);
	if (values[LIST_OWNER].present)
		TRY(query_record(query, "owner", &path, &owner, sizeof owner));
	list->incident = incident.number;
	list->person = owner.person;
	list->range.prefix = record_path_of(RECORD_CLAIM);
	return RECOURSE_OK;
}

static const struct query_row rows[] = {
	VIEW("claim.list", QUERY_READ_ALL, list_fields, list_columns, struct list, find_list,
		"claims by state, owner, incident and due time"),
};
const struct query_group claim_list_view_group = {rows, sizeof rows / sizeof rows[0]};
