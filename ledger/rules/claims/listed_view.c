/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/claims/listed.h"

#include "rule/checklist.h"

const char *const listed_view_outcomes[] = {
	"none", "open", "answered", "no-record", "silent", "lapsed", "taken-back", "passed-on", NULL};

struct listed_row {
	slice kind;
	struct record_listed record;
	struct record_paper paper; /* the first one */
	struct record_asked asked;
};

#define LISTED_COLUMN(kind, title, member, text) COLUMN(kind, title, struct listed_row, member, text)
const struct recourse_column listed_view_columns[LISTED_VIEW_COLUMNS] = {
	{LISTED_COLUMN(ID, "kind", kind, "of evidence")},
	{COLUMN_CHOICE("from", checklist_from_names, struct listed_row, record.from, "who has it")},
	{COLUMN_CHOICE("needed", query_no_yes, struct listed_row, record.needed, "to approve the claim")},
	{LISTED_COLUMN(INTEGER, "papers", record.papers, "of it that are held")},
	{LISTED_COLUMN(ENTRY, "held_entry", record.held_entry, "that recorded the first one"), OPTIONAL},
	{LISTED_COLUMN(ID, "held_by", paper.holder, "who keeps that one"), OPTIONAL},
	{LISTED_COLUMN(ENTRY, "asked_entry", record.asked_entry, "that asked for it last"), OPTIONAL},
	{LISTED_COLUMN(INTEGER, "asks", record.asks, "how often it was asked for")},
	{COLUMN_PARTY("asked_of", struct listed_row, asked.party, "the party; absent: the consumer"),
		OPTIONAL},
	{COLUMN_CHOICE("outcome", listed_view_outcomes, struct listed_row, record.outcome, "of that")},
	{LISTED_COLUMN(TIME, "due", asked.due, "by when it was to come"), OPTIONAL},
	{LISTED_COLUMN(ENTRY, "ended_entry", asked.ended_entry, "that brought the outcome"), OPTIONAL},
	{LISTED_COLUMN(ENTRY, "added_entry", record.added_entry, "that put it on the list later"), OPTIONAL},
	{LISTED_COLUMN(ENTRY, "waived_entry", record.waived_entry, "by which it is not needed"), OPTIONAL},
};

static enum recourse_error read_row(struct query *query, slice id, struct listed_row *row)
{
	struct record_path path = record_path_of_text(RECORD_PAPER, id);
	record_path_number(&path, row->record.held_entry);
	if (row->record.held_entry != 0)
		TRY(record_get_named(query->state, &path, &row->paper, sizeof row->paper));
	path = record_path_of_number(RECORD_ASKED, row->record.asked_entry);
	if (row->record.asked_entry != 0)
		TRY(record_get_named(query->state, &path, &row->asked, sizeof row->asked));
	return RECOURSE_OK;
}

enum recourse_error listed_view_visit(struct view_rows *rows, const struct record_walk *walk)
{
	struct listed_row row = {.kind = walk->key.parts[1].text};
	TRY(view_record(walk, &row.record, sizeof row.record));
	TRY(read_row(rows->query, walk->key.parts[0].text, &row));
	return view_add(rows, &row);
}
