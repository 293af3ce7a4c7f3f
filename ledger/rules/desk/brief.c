/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/desk/brief.h"

#include "rules/desk/promise.h"

/* ---- the ruling ---- */

/* Empty where it did not say so, nor what it carried out. */
static slice said(const struct entry *entry, const char *name)
{
	slice text = slice_text("");
	if (entry_body_text(entry, name, &text) != RECOURSE_OK)
		(void)entry_carried_text(entry, name, &text);
	return text;
}

enum recourse_error brief_ruling(
	struct query *query, uint64_t entry, uint32_t by, struct brief_ruling *ruling)
{
	struct entry_view view;
	*ruling = (struct brief_ruling){.entry = entry, .by = by};
	if (entry == 0)
		return RECOURSE_OK;
	TRY(entry_view_read(query, entry, &view));
	ruling->reason = view.reason.code;
	ruling->texts = view.reason.texts;
	ruling->policy = view.entry.policy;
	ruling->ground = said(&view.entry, "rule");
	ruling->basis = said(&view.entry, "basis_hash");
	return RECOURSE_OK;
}

/* ---- what is owed ---- */

struct owed {
	uint64_t entry;
	struct record_promise record;
	uint64_t late; /* since its day passed; 0: it has not */
};

#define OWED(kind, title, member, text) COLUMN(kind, title, struct owed, member, text)
const struct recourse_column brief_promise_columns[BRIEF_PROMISE_COLUMNS] = {
	{OWED(ENTRY, "promise", entry, "that made it")},
	{COLUMN_CHOICE("kind", promise_kinds, struct owed, record.kind, "what")},
	{OWED(TIME, "due", record.due, "by when")},
	{COLUMN_AMOUNT("amount", struct owed, record.amount, record.unit, "of a payment"), OPTIONAL},
	{OWED(UNIT, "unit", record.unit, "of the amount")},
	{COLUMN_KEY("made_by", struct owed, record.maker, "who promised it")},
	{OWED(ENTRY, "missed_entry", record.missed_entry, "the clock's"), OPTIONAL},
	{COLUMN_AGE("missed_hours", struct owed, late, "since its day passed"), OPTIONAL},
};

enum recourse_error brief_promise_visit(struct view_rows *rows, const struct record_walk *walk)
{
	struct owed row = {.entry = view_last_number(walk)};
	struct record_path path = record_path_of_number(RECORD_PROMISE, row.entry);
	TRY(record_get(rows->query->state, &path, &row.record, sizeof row.record));
	row.late = row.record.missed_entry != 0 ? row.record.due : 0;
	row.record.amount = row.record.amount == 0 ? VIEW_NONE : row.record.amount;
	return view_add(rows, &row);
}
