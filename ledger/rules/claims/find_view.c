/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/claims/claim.h"
#include "rules/claims/found.h"
#include "rules/claims/lot_holder.h"
#include "rules/claims/next.h"
#include "rules/incident/incident.h"

/* claim.find: lots, and what was claimed of each, by the references that people have in hand (D12). */

enum { FIND_HOLDER, FIND_ENTITLEMENT, FIND_CLAIM, FIND_RECEIPT, FIND_FROM, FIND_LIMIT };
static const struct recourse_field find_fields[] = {
	[FIND_HOLDER] = FIELD_OPTIONAL(ID, "holder", "the reference that lots were issued to"),
	[FIND_ENTITLEMENT] = FIELD_OPTIONAL_FOREIGN("entitlement", "instead: card hash or order"),
	[FIND_CLAIM] = FIELD_OPTIONAL(ID, "claim", "instead: its own id"),
	[FIND_RECEIPT] = QUERY_OPTIONAL_ENTRY(
		"receipt", "instead: a receipt's number, or an entry that names a claim"),
	[FIND_FROM] = QUERY_OPTIONAL_ENTRY("from", "the entry that the page begins with, as `next` gave it"),
	[FIND_LIMIT] = FIELD_PRESET("limit", 1, 200, 50, "most lots of a page"),
};

struct finding {
	uint64_t from; /* the entry of the holder's first lot of the page */
	slice lot;     /* empty: another thing is asked for */
	slice claim;   /* the same */
};

struct found_row {
	slice lot;
	struct record_entitlement record;
	slice id; /* empty: nothing was claimed of it */
	struct record_claim claim;
	struct record_incident incident;
	struct holder holder;
	const char *held_by;
	uint32_t owner;
	slice team;
	struct next next;
	const char *state;
};

#define FOUND(kind, title, member, text) COLUMN(kind, title, struct found_row, member, text)
static const struct recourse_column found_columns[] = {
	{FOUND(ID, "entitlement", lot, "card hash or order")},
	{COLUMN_PARTY("merchant", struct found_row, record.merchant, "who was to perform"), .aside = true},
	{COLUMN_PARTY("issuer", struct found_row, record.issuer, "who owes the units"), .aside = true},
	{FOUND(ID, "claim", id, "that was filed for it; absent: none was"), OPTIONAL},
	{FOUND(ENTRY, "receipt", claim.filed_entry, "its entry"), OPTIONAL, .aside = true},
	{FOUND(ID, "incident", incident.id, "to which it belongs"), OPTIONAL, .aside = true},
	{COLUMN_CHOICE("state", life_claim_states, struct found_row, state, "where it stands"), OPTIONAL,
		.aside = true},
	{COLUMN_CHOICE("held_by", holder_kinds, struct found_row, held_by, "who sees to it"), OPTIONAL,
		.aside = true},
	{COLUMN_KEY("owner", struct found_row, owner, "the person who does"), OPTIONAL, .aside = true},
	{FOUND(ID, "team", team, "the team that does"), OPTIONAL},
	{FOUND(TEXT, "next_action", next.action, "what is to be done, first of all"), OPTIONAL},
	{FOUND(TIME, "due", next.due, "by when"), OPTIONAL},
};

/* The row has its lot. */
static enum recourse_error add_claim(struct view_rows *rows, slice id, struct found_row row)
{
	struct state_view *view = rows->query->state;
	struct record_path path = record_path_of_text(RECORD_CLAIM, id);
	row.id = id;
	TRY(record_get_named(view, &path, &row.claim, sizeof row.claim));
	TRY(incident_load(view, row.claim.incident, &row.incident));
	TRY(holder_find(view, id, &row.claim, &row.holder));
	TRY(next_find(view, id, &row.claim, &row.incident, &row.holder, &row.next));
	row.held_by = holder_kinds[row.holder.kind];
	row.owner = holder_key(&row.holder);
	row.team = holder_team(&row.holder);
	row.state = life_state_name(LIFE_CLAIM, row.next.state);
	return view_add(rows, &row);
}

/* Those that repeat it, or fell before: so many of each, the first ones. Where there are more, the brief counts them. */
enum { BESIDE_MAX = 20 };
static enum recourse_error add_beside(
	struct view_rows *rows, enum record_table table, const struct found_row *row)
{
	struct record_path prefix = record_path_of_text(table, row->lot);
	SCOPED(record_walk_end)
	struct record_walk walk = record_walk_over(rows->query->state, &prefix);
	for (int count = 0; count < BESIDE_MAX && record_walk_next(&walk, NULL, 0); count++)
		TRY(add_claim(rows, walk.key.parts[2].text, *row));
	return walk.error;
}

static enum recourse_error add_lot(struct view_rows *rows, slice id)
{
	struct found_row row = {.lot = id};
	struct record_path path = record_path_of_text(RECORD_ENTITLEMENT, id);
	TRY(record_get_named(rows->query->state, &path, &row.record, sizeof row.record));
	if (row.record.claim[0] == 0)
		return view_add(rows, &row);
	TRY(add_claim(rows, RECORD_TEXT(row.record.claim), row));
	TRY(add_beside(rows, RECORD_LINKED, &row));
	return add_beside(rows, RECORD_FORMER, &row);
}

/* ---- by one of four ---- */

/* A lot is a row, or one for each claim of it. */
static enum recourse_error list_lots(struct view_rows *rows, uint64_t from)
{
	struct query *query = rows->query;
	uint64_t looks = VIEW_LOOKS_MAX;
	for (int64_t lots = 0;; lots++) {
		slice id;
		TRY(lot_holder_search(query, query->values[FIND_HOLDER].text, &from, &looks, &id));
		if (from == 0)
			return RECOURSE_OK;
		if (id.size == 0 || lots == query->values[FIND_LIMIT].integer) {
			query->next_entry = from;
			return RECOURSE_OK;
		}
		TRY(add_lot(rows, id));
		from++;
	}
}

static enum recourse_error list_claim(struct view_rows *rows, slice id)
{
	struct state_view *view = rows->query->state;
	struct record_path path = record_path_of_text(RECORD_CLAIM, id);
	struct record_claim claim;
	TRY(record_get_named(view, &path, &claim, sizeof claim));
	struct found_row row = {.lot = RECORD_TEXT(claim.entitlement)};
	path = record_path_of_text(RECORD_ENTITLEMENT, row.lot);
	TRY(record_get_named(view, &path, &row.record, sizeof row.record));
	return add_claim(rows, id, row);
}

static enum recourse_error list_found(struct view_rows *rows)
{
	const struct finding *finding = rows->above;
	if (finding->claim.size > 0)
		return list_claim(rows, finding->claim);
	return finding->lot.size > 0 ? add_lot(rows, finding->lot) : list_lots(rows, finding->from);
}

static const struct recourse_column find_columns[] = {
	VIEW_AS_OF,
	{COLUMN_ROWS("found", found_columns, list_found, "in the order in which lots were issued")},
	VIEW_NEXT(ENTRY, next_entry),
};

/* Nobody of that name is no empty list; a page behind the first may be one. */
static enum recourse_error find_holder(struct query *query, struct finding *finding)
{
	const struct value *from = &query->values[FIND_FROM];
	uint64_t looks = VIEW_LOOKS_MAX;
	slice id;
	finding->from = from->present ? (uint64_t)from->integer : 1;
	if (from->present)
		return RECOURSE_OK;
	TRY(lot_holder_search(query, query->values[FIND_HOLDER].text, &finding->from, &looks, &id));
	return finding->from != 0 ? RECOURSE_OK : query_absent(query, "holder");
}

static enum recourse_error find_lot(struct query *query, struct finding *finding)
{
	struct record_entitlement lot;
	finding->lot = query->values[FIND_ENTITLEMENT].text;
	struct record_path path = record_path_of_text(RECORD_ENTITLEMENT, finding->lot);
	return query_record(query, "entitlement", &path, &lot, sizeof lot);
}

static enum recourse_error find_receipt(struct query *query, struct finding *finding)
{
	uint64_t receipt = (uint64_t)query->values[FIND_RECEIPT].integer;
	struct record_claim claim;
	TRY(found_by_entry(query, "receipt", receipt, &finding->claim));
	struct record_path path = record_path_of_text(RECORD_CLAIM, finding->claim);
	return query_record(query, "receipt", &path, &claim, sizeof claim);
}

static enum recourse_error find_claim(struct query *query, struct finding *finding)
{
	struct record_claim claim;
	finding->claim = query->values[FIND_CLAIM].text;
	struct record_path path = record_path_of_text(RECORD_CLAIM, finding->claim);
	return query_record(query, "claim", &path, &claim, sizeof claim);
}

static const struct {
	enum recourse_error (*find)(struct query *query, struct finding *finding);
	int field;
} ways[] = {
	{find_holder, FIND_HOLDER},
	{find_lot, FIND_ENTITLEMENT},
	{find_claim, FIND_CLAIM},
	{find_receipt, FIND_RECEIPT},
};
enum { WAYS = sizeof ways / sizeof ways[0] };

static enum recourse_error find(struct query *query, void *found)
{
	int way = WAYS;
	for (int index = 0; index < WAYS; index++) {
		if (!query->values[ways[index].field].present)
			continue;
		if (way < WAYS)
			return refusal_field(query->refusal, RECOURSE_FIELD_LIMIT,
				find_fields[ways[index].field].name, "one of four");
		way = index;
	}
	if (way == WAYS)
		return refusal_field(query->refusal, RECOURSE_FIELD_MISSING, "holder",
			"a holder, an entitlement, a claim or a receipt");
	return ways[way].find(query, found);
}

static const struct query_row rows[] = {
	VIEW_REFUSED("claim.find", QUERY_READ_ALL, find_fields, find_columns, struct finding, find,
		"what was claimed, by the reference of a holder, a card, an order, the claim or a receipt",
		RECOURSE_FIELD_LIMIT, RECOURSE_FIELD_MISSING),
};
const struct query_group find_view_group = {rows, sizeof rows / sizeof rows[0]};
