/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/desk/desk.h"
#include "rules/desk/promise.h"

#include "rules/claims/claim.h"
#include "rules/claims/holder.h"

/* desk.promises: what was promised of a claim; or what is owed of all, the first due first. */

enum { PROMISES_CLAIM, PROMISES_OWED };
static const struct recourse_field promises_fields[] = {
	[PROMISES_CLAIM] = FIELD_OPTIONAL(
		ID, "claim", "all that was promised of it, in that order; what is owed of all if absent"),
	[PROMISES_OWED] = FIELD_OPTIONAL_CHOICE(
		"owed", query_no_yes, "yes: of the claim what is owed alone, the first due first"),
	QUERY_ROWS("most promises of a page"),
};

static const char *const state_names[] = {"open", "kept", "missed", "withdrawn", NULL};
enum promise_state { PROMISE_OPEN, PROMISE_KEPT, PROMISE_MISSED, PROMISE_WITHDRAWN };

struct promise_row {
	uint64_t entry;
	struct record_promise record;
	enum promise_state state;
	struct holder holder;
	uint32_t owner;
	slice team;
	uint64_t missed; /* its day, if it has passed */
};

#define PROMISE_COLUMN(kind, title, member, text) COLUMN(kind, title, struct promise_row, member, text)
static const struct recourse_column promise_columns[] = {
	{PROMISE_COLUMN(ENTRY, "promise", entry, "that made it")},
	{PROMISE_COLUMN(ID, "claim", record.claim, "whose claimant was promised it")},
	{COLUMN_CHOICE("kind", promise_kinds, struct promise_row, record.kind, "what")},
	{COLUMN_CHOICE("state", state_names, struct promise_row, state,
		"missed: its day passed, whether it was kept later or not; withdrawn before all")},
	{PROMISE_COLUMN(TIME, "due", record.due, "by when")},
	{PROMISE_COLUMN(UNIT, "unit", record.unit, "of the amount")},
	{COLUMN_AMOUNT("amount", struct promise_row, record.amount, record.unit, "of a payment"), OPTIONAL},
	{COLUMN_CHOICE("held_by", holder_kinds, struct promise_row, holder.kind, "who sees to the claim")},
	{COLUMN_KEY("owner", struct promise_row, owner, "the person who does"), OPTIONAL},
	{PROMISE_COLUMN(ID, "team", team, "the team that does"), OPTIONAL},
	{COLUMN_KEY("made_by", struct promise_row, record.maker, "who promised it")},
	{PROMISE_COLUMN(ENTRY, "missed_entry", record.missed_entry,
		 "the clock's, or that which ended it late before one struck"),
		OPTIONAL},
	{COLUMN_AGE("missed_hours", struct promise_row, missed, "since its day passed, while it is owed"),
		OPTIONAL},
	{PROMISE_COLUMN(ENTRY, "kept_entry", record.kept_entry, "that said that it was kept"), OPTIONAL},
	{PROMISE_COLUMN(ENTRY, "kept_by", record.kept_by, "by which it was"), OPTIONAL},
	{PROMISE_COLUMN(ENTRY, "withdrawn_entry", record.withdrawn_entry, "that withdrew it"), OPTIONAL},
};

static enum recourse_error visit(struct view_rows *rows, const struct record_walk *walk)
{
	struct query *query = rows->query;
	struct promise_row row = {.entry = view_last_number(walk)};
	struct record_path path = record_path_of_number(RECORD_PROMISE, row.entry);
	struct record_claim claim;
	TRY(record_get(query->state, &path, &row.record, sizeof row.record));
	struct record_path of_claim = record_path_of_text(RECORD_CLAIM, RECORD_TEXT(row.record.claim));
	TRY(record_get_named(query->state, &of_claim, &claim, sizeof claim));
	TRY(holder_find(query->state, RECORD_TEXT(row.record.claim), &claim, &row.holder));
	row.owner = holder_key(&row.holder);
	row.team = holder_team(&row.holder);
	row.state = row.record.withdrawn_entry != 0 ? PROMISE_WITHDRAWN
		    : row.record.missed_entry != 0  ? PROMISE_MISSED
		    : row.record.kept_entry != 0    ? PROMISE_KEPT
						    : PROMISE_OPEN;
	row.missed = row.state == PROMISE_MISSED && row.record.kept_entry == 0 ? row.record.due : 0;
	row.record.amount = row.record.amount == 0 ? VIEW_NONE : row.record.amount;
	return view_add(rows, &row);
}

static const struct recourse_column promises_columns[] = {
	VIEW_AS_OF,
	VIEW_PAGE(TEXT, next, "promises", promise_columns, struct view_list, range, visit,
		"of a claim as they were made, of all by their day"),
};

static enum recourse_error find_promises(struct query *query, void *found)
{
	struct view_list *list = found;
	const struct value *claim = &query->values[PROMISES_CLAIM];
	struct record_path path = record_path_of_text(RECORD_CLAIM, claim->text);
	struct record_claim record;
	list->range.prefix = record_path_of(RECORD_PROMISE_OPEN);
	if (!claim->present)
		return RECOURSE_OK;
	list->range.prefix = record_path_of_text(
		query->values[PROMISES_OWED].integer == 1 ? RECORD_PROMISE_OWED : RECORD_PROMISE_CLAIM,
		claim->text);
	return query_record(query, "claim", &path, &record, sizeof record);
}

static const struct query_row rows[] = {
	VIEW("desk.promises", QUERY_READ_ALL, promises_fields, promises_columns, struct view_list,
		find_promises, "what was promised to claimants, by when, and what became of it"),
};
const struct query_group promise_view_group = {rows, sizeof rows / sizeof rows[0]};
