/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/claims/claim.h"
#include "rules/claims/next.h"
#include "rules/claims/withheld.h"
#include "rules/collateral/collateral.h"
#include "rules/incident/incident.h"

struct claim_row {
	slice id;
	struct record_claim record;
	struct record_incident incident;
	struct holder holder;
	uint32_t owner; /* 0: no person sees to it */
	slice team;
	struct next next;
	uint64_t filed; /* instant */
};

#define CLAIM_COLUMN(kind, title, member, text) COLUMN(kind, title, struct claim_row, member, text)
#define CLAIM_HOLDER                                                                                         \
	{COLUMN_CHOICE("held_by", holder_kinds, struct claim_row, holder.kind,                               \
		"who sees to it; admin: nobody who speaks, it is to be handed over")},                       \
		{COLUMN_KEY("owner", struct claim_row, owner, "the person who does"), OPTIONAL},             \
	{                                                                                                    \
		CLAIM_COLUMN(ID, "team", team, "the team that does, until one of it takes it"), OPTIONAL     \
	}

/* ---- claim.list ---- */

/* A page looks at so many claims at most, so it may be short and have a `next`. */
enum {
	LIST_STATE,
	LIST_OWNER,
	LIST_TEAM,
	LIST_HELD_BY,
	LIST_INCIDENT,
	LIST_DUE,
	LIST_FILED_BEFORE,
	LIST_FROM,
	LIST_LIMIT
};
static const struct recourse_field list_fields[] = {
	[LIST_STATE] = FIELD_OPTIONAL_CHOICE("state", life_claim_states, "where it stands; any if absent"),
	[LIST_OWNER] =
		FIELD_OPTIONAL(HANDLE, "owner", "the key whose person sees to it; anybody's if absent"),
	[LIST_TEAM] = FIELD_OPTIONAL(ID, "team", "or the team that does"),
	[LIST_HELD_BY] = FIELD_OPTIONAL_CHOICE("held_by", holder_kinds,
		"by whom; admin: those that nobody sees to who speaks; by any if absent"),
	[LIST_INCIDENT] = FIELD_OPTIONAL(ID, "incident", "to which it belongs; any if absent"),
	[LIST_DUE] = FIELD_OPTIONAL(TIME, "due", "something is to be done by then; any time if absent"),
	[LIST_FILED_BEFORE] = FIELD_OPTIONAL(TIME, "filed_before", "it is older; any age if absent"),
	[LIST_FROM] = FIELD_OPTIONAL(ID, "from", "first claim of the page, as `next` gave it"),
	[LIST_LIMIT] = FIELD_PRESET("limit", 1, 500, 100, "most claims of a page"),
};

struct list {
	struct view_range range;
	uint32_t incident; /* 0: any */
	uint32_t person;   /* the owner's; 0: anybody */
	uint64_t before;   /* filed by an entry before it; 0: any */
};

static const struct recourse_column row_columns[] = {
	{CLAIM_COLUMN(ID, "claim", id, "its id")},
	{CLAIM_COLUMN(ID, "incident", incident.id, "to which it belongs"), .aside = true},
	{CLAIM_COLUMN(ID, "entitlement", record.entitlement, "card or order that it is about"),
		.aside = true},
	CLAIM_HOLDER,
	{COLUMN_CHOICE("state", life_claim_states, struct claim_row, next.state, "where it stands"),
		.aside = true},
	{CLAIM_COLUMN(TEXT, "next_action", next.action, "what is to be done, first of all")},
	{CLAIM_COLUMN(TIME, "due", next.due, "by when that is to be done"), OPTIONAL},
	{CLAIM_COLUMN(TIME, "filed", filed, "when it was"), .aside = true},
	{COLUMN_AGE("age_hours", struct claim_row, filed, "since then"), .aside = true},
};

static bool is_asked(const struct view_rows *rows, const struct claim_row *row)
{
	const struct list *list = rows->above;
	const struct value *values = rows->query->values;
	const struct value *due = &values[LIST_DUE];
	const struct value *held_by = &values[LIST_HELD_BY];
	const struct value *team = &values[LIST_TEAM];
	return (!values[LIST_STATE].present || (int64_t)row->next.state == values[LIST_STATE].integer) &&
	       (list->person == 0 || row->holder.key.person == list->person) &&
	       (!team->present || slice_equal(row->team, team->text)) &&
	       (!held_by->present || (int64_t)row->holder.kind == held_by->integer) &&
	       (!due->present || (row->next.due != 0 && row->next.due <= due->instant));
}

static enum recourse_error read_row(struct query *query, struct claim_row *row)
{
	TRY(holder_find(query->state, row->id, &row->record, &row->holder));
	row->owner = holder_key(&row->holder);
	row->team = holder_team(&row->holder);
	TRY(incident_load(query->state, row->record.incident, &row->incident));
	return next_find(query->state, row->id, &row->record, &row->incident, &row->holder, &row->next);
}

static enum recourse_error add_row(struct view_rows *rows, struct claim_row *row)
{
	TRY(query_entry_time(rows->query, row->record.filed_entry, &row->filed));
	return view_add(rows, row);
}

static enum recourse_error visit_claim(struct view_rows *rows, const struct record_walk *walk)
{
	const struct list *list = rows->above;
	struct claim_row row = {.id = walk->key.parts[0].text};
	TRY(view_record(walk, &row.record, sizeof row.record));
	if ((list->incident != 0 && row.record.incident != list->incident) ||
		(list->before != 0 && row.record.filed_entry >= list->before))
		return RECOURSE_OK;
	TRY(read_row(rows->query, &row));
	return is_asked(rows, &row) ? add_row(rows, &row) : RECOURSE_OK;
}

static const struct recourse_column list_columns[] = {
	VIEW_AS_OF,
	VIEW_PAGE(ID, next, "claims", row_columns, struct list, range, visit_claim, "by id"),
};

static enum recourse_error find_list(struct query *query, void *row)
{
	struct list *list = row;
	const struct value *values = query->values;
	struct record_incident incident = {.number = 0};
	struct record_key owner = {.person = 0};
	struct record_team team;
	slice id = values[LIST_INCIDENT].text;
	struct record_path of_team = record_path_of_text(RECORD_TEAM, values[LIST_TEAM].text);
	if (values[LIST_INCIDENT].present)
		TRY(query_found(query, incident_read(query->state, id, &incident), "incident"));
	struct record_path path = record_path_of_text(RECORD_KEY, values[LIST_OWNER].text);
	if (values[LIST_OWNER].present)
		TRY(query_record(query, "owner", &path, &owner, sizeof owner));
	if (values[LIST_TEAM].present)
		TRY(query_record(query, "team", &of_team, &team, sizeof team));
	if (values[LIST_FILED_BEFORE].present)
		TRY(query_entries_before(query, values[LIST_FILED_BEFORE].instant, &list->before));
	list->incident = incident.number;
	list->person = owner.person;
	list->range.prefix = record_path_of(RECORD_CLAIM);
	return RECOURSE_OK;
}

/* ---- entitlement.get ---- */

enum { GET_ENTITLEMENT };
static const struct recourse_field entitlement_fields[] = {
	FIELD_FOREIGN("entitlement", "card hash or order")};

struct lot {
	slice id;
	struct record_entitlement record;
	int64_t remaining;
	const char *evidence;
};

#define ENTITLEMENT_QUANTITY(title, member, text) COLUMN_AMOUNT(title, struct lot, member, record.unit, text)
static const struct recourse_column entitlement_columns[] = {
	{COLUMN(ID, "entitlement", struct lot, id, "card hash or order")},
	{COLUMN_PARTY("issuer", struct lot, record.issuer, "who owes the units")},
	{COLUMN_PARTY("merchant", struct lot, record.merchant, "who is to perform")},
	{COLUMN(ID, "batch", struct lot, record.batch, "of the issuer's, that it is of"), OPTIONAL},
	{COLUMN(UNIT, "unit", struct lot, record.unit, "of what was bought")},
	{COLUMN(UNIT, "currency", struct lot, record.currency, "of what was paid")},
	{COLUMN(TEXT, "evidence", struct lot, evidence, "of consumption, as it was recorded last")},
	{ENTITLEMENT_QUANTITY("quantity", record.quantity, "the lot: issued")},
	{ENTITLEMENT_QUANTITY("consumed", record.consumed, "of which was used")},
	{ENTITLEMENT_QUANTITY("extinguished", record.extinguished, "of which a payment ended")},
	{ENTITLEMENT_QUANTITY("remaining", remaining, "of the lot")},
	{COLUMN_AMOUNT("cost", struct lot, record.cost, record.currency, "paid for it"), .unit = "currency"},
	{COLUMN(ENTRY, "issue_entry", struct lot, record.issue_entry, "that issued it")},
	{COLUMN(ENTRY, "claim_entry", struct lot, record.claim_entry, "that claimed it"), OPTIONAL},
	{COLUMN(ENTRY, "withheld_entry", struct lot, record.withheld_entry,
		 "by which who has its records was silent"),
		OPTIONAL},
};

static enum recourse_error find_entitlement(struct query *query, void *found)
{
	struct lot *row = found;
	row->id = query->values[GET_ENTITLEMENT].text;
	struct record_path path = record_path_of_text(RECORD_ENTITLEMENT, row->id);
	TRY(query_record(query, "entitlement", &path, &row->record, sizeof row->record));
	row->remaining = exposure_units(&row->record);
	row->evidence = row->record.disputes > 0 ? "disputed" : withheld_evidence(&row->record);
	return RECOURSE_OK;
}

static const struct query_row rows[] = {
	VIEW("entitlement.get", QUERY_READ_ALL, entitlement_fields, entitlement_columns, struct lot,
		find_entitlement, "one lot: issued, consumed, what remains"),
	VIEW("claim.list", QUERY_READ_ALL, list_fields, list_columns, struct list, find_list,
		"claims by state, owner, team, incident, due time and age"),
};
const struct query_group claim_view_group = {rows, sizeof rows / sizeof rows[0]};
