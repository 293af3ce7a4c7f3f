/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "books/record_ledger.h"
#include "rule/view.h"

/* Why: of the entry, or of what it carried out by approval. Empty where no reason was given, and no texts published. */
struct entry_reason {
	slice code;
	struct record_texts texts;
};
enum recourse_error entry_view_reason(
	struct query *query, const struct entry *entry, struct entry_reason *reason);

/* What an entry is, in a line: the entries about a party, a claim, an incident … */
struct entry_view {
	struct entry entry;
	struct entry_reason reason;
	slice carried; /* the command that it carried out, by approval; empty: none */
};
enum recourse_error entry_view_read(struct query *query, uint64_t number, struct entry_view *view);

/* Its columns, in a row that has it there. */
#define ENTRY_VIEW(row, there)                                                                               \
	{COLUMN(ENTRY, "entry", row, there.entry.number, "its number")},                                     \
		{COLUMN(TIME, "time", row, there.entry.time, "when it was made")},                           \
		{COLUMN(TEXT, "kind", row, there.entry.kind, "the command")},                                \
		{COLUMN(TEXT, "carried", row, there.carried,                                                 \
			 "the command that it carried out, by approval"),                                    \
			.optional = true},                                                                   \
		{COLUMN(HANDLE, "key", row, there.entry.key, "that signed it")},                             \
		{COLUMN(TEXT, "rule", row, there.entry.rule, "that decided it, with its version"),           \
			.aside = true},                                                                      \
		{COLUMN(TEXT, "policy", row, there.entry.policy, "that governs it; empty: none does"),       \
			.aside = true},                                                                      \
		{COLUMN(TEXT, "reason", row, there.reason.code, "why; empty: none was given")},              \
		VIEW_TEXTS("reason", row, there.reason.texts)
enum { ENTRY_VIEW_COLUMNS = 10 };
extern const struct recourse_column entry_view_columns[ENTRY_VIEW_COLUMNS];

/* The keys of the entries about a subject; `limit` of them are shown, and `next_entry` says where the rest begins. */
struct view_range entry_view_range(enum record_table table, slice id, uint64_t limit);
view_visitor entry_view_visit;

/* The list of them and its end, for a reply whose row has the range there. */
#define ENTRY_VIEW_LIST(row, range)                                                                          \
	{COLUMN_WALK("entries", entry_view_columns, row, range, entry_view_visit,                            \
		"the entries about it, the oldest first")},                                                  \
		VIEW_NEXT(ENTRY, next_entry)
