/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/desk/contact.h"

/* ---- report.contacts ---- */

enum { OF_CLAIM, OF_PAGE };
static const struct recourse_field fields[] = {
	[OF_CLAIM] = FIELD(ID, "claim", "the claim's id"),
	[OF_PAGE] = QUERY_PAGE,
};

/* By enum note_standing. */
static const char *const standing_names[] = {"none", "sealed", "erased", NULL};
enum note_standing { NOTE_NONE, NOTE_SEALED, NOTE_ERASED };

struct contact_row {
	uint64_t entry;
	uint64_t standing;
	struct record_contact record;
};

static const struct recourse_column contact_row_columns[] = {
	{COLUMN(ENTRY, "entry", struct contact_row, entry, "that recorded it")},
	{COLUMN(TIME, "time", struct contact_row, record.time, "when")},
	{COLUMN_CHOICE("channel", contact_channel_names, struct contact_row, record.channel, "by which way")},
	{COLUMN_CHOICE("direction", contact_direction_names, struct contact_row, record.direction,
		"who came to whom")},
	{COLUMN_KEY("by", struct contact_row, record.by, "who recorded it")},
	{COLUMN_CHOICE("note", standing_names, struct contact_row, standing,
		"whether something was said, and can be read: note.unseal")},
};

static enum recourse_error read_note(
	struct view_rows *rows, uint64_t entry, struct record_note *note, uint64_t *erased)
{
	struct record_path path = record_path_of_number(RECORD_NOTED, entry);
	TRY(record_get_named(rows->query->state, &path, note, sizeof *note));
	return sealed_erased(rows->query->state, note, erased);
}

static enum recourse_error visit_contact(struct view_rows *rows, const struct record_walk *walk)
{
	struct contact_row row = {.entry = view_last_number(walk)};
	struct record_note note;
	uint64_t erased = 0;
	TRY(view_record(walk, &row.record, sizeof row.record));
	if (row.record.noted) {
		TRY(read_note(rows, row.entry, &note, &erased));
		row.standing = erased == 0 ? NOTE_SEALED : NOTE_ERASED;
	}
	return view_add(rows, &row);
}

static const struct recourse_column contact_columns[] = {
	VIEW_AS_OF,
	VIEW_PAGE(ENTRY, next_entry, "contacts", contact_row_columns, struct view_list, range, visit_contact,
		"by entry"),
};

/* Of a claim that is there. */
static enum recourse_error find_of_claim(struct query *query, enum record_table table, struct view_list *list)
{
	struct record_path path = record_path_of_text(RECORD_CLAIM, query->values[OF_CLAIM].text);
	struct record_claim claim;
	list->range.prefix = record_path_of_text(table, query->values[OF_CLAIM].text);
	return query_record(query, "claim", &path, &claim, sizeof claim);
}

static enum recourse_error find_contacts(struct query *query, void *row)
{
	return find_of_claim(query, RECORD_CONTACT, row);
}

/* ---- report.notes ---- */

struct note_row {
	uint64_t entry;
	uint64_t erased;
	struct record_note record;
};

static const struct recourse_column note_row_columns[] = {
	{COLUMN(ENTRY, "entry", struct note_row, entry, "that it was said in")},
	{COLUMN(HASH, "commitment", struct note_row, record.commitment, "to what was said")},
	{COLUMN(ENTRY, "erased", struct note_row, erased, "the entry that erased it"), .optional = true},
};

static enum recourse_error visit_note(struct view_rows *rows, const struct record_walk *walk)
{
	struct note_row row = {.entry = view_last_number(walk)};
	TRY(read_note(rows, row.entry, &row.record, &row.erased));
	return view_add(rows, &row);
}

static const struct recourse_column note_columns[] = {
	VIEW_AS_OF,
	VIEW_PAGE(ENTRY, next_entry, "notes", note_row_columns, struct view_list, range, visit_note,
		"by entry"),
};

static enum recourse_error find_notes(struct query *query, void *row)
{
	return find_of_claim(query, RECORD_NOTE_CLAIM, row);
}

/* ---- report.legal_holds ---- */

enum { HOLDS_CLAIM, HOLDS_PAGE };
static const struct recourse_field hold_fields[] = {
	[HOLDS_CLAIM] = FIELD_OPTIONAL(ID, "claim", "whose; all if absent"),
	[HOLDS_PAGE] = QUERY_ROWS("most rows of a page"),
};

struct hold_row {
	slice claim;
	slice hold;
	struct record_legal_hold record;
};

static const struct recourse_column hold_row_columns[] = {
	{COLUMN(ID, "claim", struct hold_row, claim, "whose notes are kept")},
	{COLUMN(ID, "hold", struct hold_row, hold, "its id")},
	{COLUMN(ENTRY, "placed", struct hold_row, record.placed_entry, "the entry that placed it")},
	{COLUMN(ENTRY, "released", struct hold_row, record.released_entry, "and the one that released it"),
		.optional = true},
};

static enum recourse_error visit_hold(struct view_rows *rows, const struct record_walk *walk)
{
	struct hold_row row = {.claim = walk->key.parts[0].text, .hold = walk->key.parts[1].text};
	TRY(view_record(walk, &row.record, sizeof row.record));
	return view_add(rows, &row);
}

static const struct recourse_column hold_columns[] = {
	VIEW_AS_OF,
	VIEW_PAGE(TEXT, next, "legal_holds", hold_row_columns, struct view_list, range, visit_hold,
		"by claim and id"),
};

static enum recourse_error find_holds(struct query *query, void *row)
{
	struct view_list *list = row;
	const struct value *claim = &query->values[HOLDS_CLAIM];
	if (claim->present)
		return find_of_claim(query, RECORD_LEGAL_HOLD, list);
	list->range.prefix = record_path_of(RECORD_LEGAL_HOLD);
	return RECOURSE_OK;
}

static const struct query_row rows[] = {
	VIEW("report.contacts", QUERY_READ_ALL, fields, contact_columns, struct view_list, find_contacts,
		"the contacts about a claim, and which of them have a note"),
	VIEW("report.notes", QUERY_READ_ALL, fields, note_columns, struct view_list, find_notes,
		"what was said about a claim, as far as it may be shown: commitments, and what is erased"),
	VIEW("report.legal_holds", QUERY_READ_ALL, hold_fields, hold_columns, struct view_list, find_holds,
		"why notes of claims are not erased"),
};
const struct query_group contact_view_group = {rows, sizeof rows / sizeof rows[0]};
