/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/desk/flag.h"

/* desk.flags: what of a claim was flagged; or the flags that are up, of all claims, the first due first. */

enum { FLAGS_CLAIM };
static const struct recourse_field flags_fields[] = {
	[FLAGS_CLAIM] =
		FIELD_OPTIONAL(ID, "claim", "all that were raised on it; those that are up on any if absent"),
	QUERY_ROWS("most flags of a page"),
};

struct flag_row {
	slice claim;
	const char *name;
	const char *words;
	struct record_flag record;
	uint32_t clearer;
};

#define FLAG_COLUMN(kind, title, member, text) COLUMN(kind, title, struct flag_row, member, text)
const struct recourse_column flag_view_columns[FLAG_VIEW_COLUMNS] = {
	{FLAG_COLUMN(ID, "claim", claim, "that it is on")},
	{FLAG_COLUMN(TEXT, "flag", name, "its name")},
	{FLAG_COLUMN(TEXT, "words", words, "what it says")},
	{FLAG_COLUMN(ENTRY, "raised_entry", record.raised_entry, "that raised it")},
	{FLAG_COLUMN(TIME, "due", record.due, "by when a person is to look at it")},
	{FLAG_COLUMN(ENTRY, "cleared_entry", record.cleared_entry, "that cleared it"), OPTIONAL},
	{COLUMN_KEY("cleared_by", struct flag_row, clearer, "who looked at it"), OPTIONAL},
};

/* Both keys end in claim and kind. */
enum recourse_error flag_view_visit(struct view_rows *rows, const struct record_walk *walk)
{
	size_t first =
		walk->key.parts[0].text.size > 0 ? 0 : 1; /* that of those that are up begins with a day */
	struct flag_row row = {.claim = walk->key.parts[first].text};
	uint64_t kind = walk->key.parts[first + 1].number;
	struct record_path path = flag_path(row.claim, (enum flag_kind)kind);
	TRY(record_get(rows->query->state, &path, &row.record, sizeof row.record));
	row.name = flag_names[kind];
	row.words = flag_table[kind].words;
	row.clearer = (uint32_t)row.record.clearer;
	return view_add(rows, &row);
}

static const struct recourse_column flags_columns[] = {
	VIEW_AS_OF,
	VIEW_PAGE_OF(TEXT, next, "flags", flag_view_columns, FLAG_VIEW_COLUMNS, struct view_list, range,
		flag_view_visit, "of a claim by name, of all by their day"),
};

static enum recourse_error find_flags(struct query *query, void *found)
{
	struct view_list *list = found;
	const struct value *claim = &query->values[FLAGS_CLAIM];
	struct record_path path = record_path_of_text(RECORD_CLAIM, claim->text);
	struct record_claim record;
	list->range.prefix = record_path_of(RECORD_FLAG_OPEN);
	if (!claim->present)
		return RECOURSE_OK;
	list->range.prefix = record_path_of_text(RECORD_FLAG, claim->text);
	return query_record(query, "claim", &path, &record, sizeof record);
}

static const struct query_row rows[] = {
	VIEW("desk.flags", QUERY_READ_ALL, flags_fields, flags_columns, struct view_list, find_flags,
		"flags of claims: what a person is to look at, by when, and who did"),
};
const struct query_group flag_view_group = {rows, sizeof rows / sizeof rows[0]};
