/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/bank_file/bank_file.h"

#include <stdio.h>

/*
 * All that is open between banks and the ledger: days that differ, what is left of lines, files and numbers that are
 * missing. One kind after the other; a page is bounded by what it looks at, too.
 */
enum { TOKEN_SIZE = 2 * STATE_KEY_MAX + 4, LOOKS_MAX = 4096 };

enum kind { KIND_DAY, KIND_CREDIT, KIND_DEBIT, KIND_FILE, KIND_NUMBER, KINDS };
static const char *const kind_names[] = {
	"day-differs", "unidentified", "not-booked", "file-not-ended", "number-missing", NULL};

enum { BREAKS_CUSTODIAN, BREAKS_KIND, BREAKS_FROM, BREAKS_LIMIT };
static const struct recourse_field breaks_fields[] = {
	[BREAKS_CUSTODIAN] = FIELD_OPTIONAL(ID, "custodian", "whose; all that you may see if absent"),
	[BREAKS_KIND] = FIELD_OPTIONAL_CHOICE("kind", kind_names, "this one only"),
	[BREAKS_FROM] = FIELD_OPTIONAL_TEXT("from", TOKEN_SIZE, "where the page begins, as `next` gave it"),
	[BREAKS_LIMIT] = FIELD_PRESET("limit", 1, 200, 50, "most rows of a page; fewer where few are any"),
};

struct breaks {
	slice custodian; /* empty: all */
	uint32_t number;
	uint32_t owner;
	unsigned kind; /* with which the page begins, and which key of it */
	struct record_path from;
};

struct break_row {
	enum kind kind;
	slice custodian;
	struct unit unit;
	slice line;
	slice file;
	uint64_t number;
	uint64_t entry;
	uint64_t day;
	uint64_t since;
	uint64_t late;
	uint32_t owner;
	int64_t amount;
};

static const struct recourse_column break_columns[] = {
	{COLUMN_CHOICE("kind", kind_names, struct break_row, kind, "what is open")},
	{COLUMN(ID, "custodian", struct break_row, custodian, "whose bank")},
	{COLUMN(UNIT, "unit", struct break_row, unit, "of the amount")},
	{COLUMN_AMOUNT("amount", struct break_row, amount, unit,
		"that differs, is left or has not come; below zero: less than the ledger has")},
	{COLUMN(ID, "line", struct break_row, line, "of which something is left"), OPTIONAL},
	{COLUMN(ID, "file", struct break_row, file, "that is not whole"), OPTIONAL},
	{COLUMN(INTEGER, "number", struct break_row, number, "the first that is missing"), OPTIONAL},
	{COLUMN(DAY, "day", struct break_row, day, "the first that differed; of a line: its own"), OPTIONAL},
	{COLUMN(ENTRY, "entry", struct break_row, entry, "with which it began")},
	{COLUMN(TIME, "since", struct break_row, since, "when that was")},
	{COLUMN_AGE("age_hours", struct break_row, since, "how long it is so")},
	{COLUMN(ENTRY, "escalated", struct break_row, late, "the clock's entry, if it has struck"), OPTIONAL},
	{COLUMN_PARTY("owner", struct break_row, owner, "who is to see to it")},
};

/* ---- a row of each kind: false where that key is of nothing open ---- */

static enum recourse_error fill_day(
	struct query *query, const struct record_walk *walk, struct break_row *row, bool *open)
{
	struct record_custody custody;
	struct record_break gap;
	TRY(view_record(walk, &custody, sizeof custody));
	*open = custody.open_break != 0;
	if (!*open)
		return RECOURSE_OK;
	struct record_path path = record_path_of_number(RECORD_BREAK, custody.open_break);
	TRY(record_get_named(query->state, &path, &gap, sizeof gap));
	row->custodian = walk->key.parts[0].text;
	row->entry = custody.open_break;
	row->day = gap.first_day;
	row->amount = gap.difference;
	TRY(query_unit(query, "unit", walk->key.parts[1].text, &row->unit));
	return query_entry_time(query, row->entry, &row->since);
}

/* A line of which something is left; what that is in each direction is another kind. */
static enum recourse_error read_line(struct query *query, const struct record_walk *walk,
	struct break_row *row, struct record_bank_line *line)
{
	struct record_path path =
		record_path_of_texts(RECORD_BANK_LINE, walk->key.parts[0].text, walk->key.parts[1].text);
	TRY(record_get_named(query->state, &path, line, sizeof *line));
	row->custodian = walk->key.parts[0].text;
	row->line = walk->key.parts[1].text;
	row->entry = line->stated;
	return query_unit(query, "unit", RECORD_TEXT(line->unit), &row->unit);
}

static enum recourse_error fill_credit(
	struct query *query, const struct record_walk *walk, struct break_row *row, bool *open)
{
	struct record_bank_line line;
	struct record_unidentified receipt;
	TRY(read_line(query, walk, row, &line));
	*open = line.direction == BANK_CREDIT;
	if (!*open)
		return RECOURSE_OK;
	struct record_path path = unidentified_path(line.stated);
	TRY(record_get_named(query->state, &path, &receipt, sizeof receipt));
	row->amount = receipt.left;
	row->since = receipt.since;
	row->late = receipt.escalated_entry;
	row->owner = receipt.owner;
	return RECOURSE_OK;
}

static enum recourse_error fill_debit(
	struct query *query, const struct record_walk *walk, struct break_row *row, bool *open)
{
	struct record_bank_line line;
	TRY(read_line(query, walk, row, &line));
	*open = line.direction == BANK_DEBIT;
	row->amount = line.booked - line.amount;
	row->day = line.day;
	return *open ? query_entry_time(query, row->entry, &row->since) : RECOURSE_OK;
}

static enum recourse_error fill_file(
	struct query *query, const struct record_walk *walk, struct break_row *row, bool *open)
{
	struct record_path path = bank_file_path(view_last_number(walk));
	struct record_bank_file file;
	TRY(record_get_named(query->state, &path, &file, sizeof file));
	TRY(party_name(query->state, query->arena, file.custodian, &row->custodian));
	TRY(arena_copy(query->arena, RECORD_TEXT(file.file), &row->file));
	row->unit = file.unit;
	row->amount = file.credit - file.credited - (file.debit - file.debited);
	row->entry = view_last_number(walk);
	row->since = file.time;
	row->late = file.late_entry;
	*open = true;
	return RECOURSE_OK;
}

static enum recourse_error fill_number(
	struct query *query, const struct record_walk *walk, struct break_row *row, bool *open)
{
	struct record_bank_gap gap;
	TRY(view_record(walk, &gap, sizeof gap));
	row->custodian = walk->key.parts[0].text;
	row->number = view_last_number(walk);
	row->entry = gap.entry;
	row->since = gap.since;
	*open = gap.explained_entry == 0;
	return query_unit(query, "unit", walk->key.parts[1].text, &row->unit);
}

static const struct source {
	enum record_table table;
	enum {
		BY_NAME,
		BY_NUMBER
	} by; /* what of a custodian its keys begin with: a page ends at none of another one */
	enum recourse_error (*fill)(
		struct query *query, const struct record_walk *walk, struct break_row *row, bool *open);
} sources[KINDS] = {
	[KIND_DAY] = {RECORD_CUSTODY, BY_NAME, fill_day},
	[KIND_CREDIT] = {RECORD_BANK_LINE_LEFT, BY_NAME, fill_credit},
	[KIND_DEBIT] = {RECORD_BANK_LINE_LEFT, BY_NAME, fill_debit},
	[KIND_FILE] = {RECORD_BANK_FILE_OPEN, BY_NUMBER, fill_file},
	[KIND_NUMBER] = {RECORD_BANK_GAP, BY_NAME, fill_number},
};

/* ---- the page ---- */

static struct record_path prefix_of(const struct breaks *breaks, unsigned kind)
{
	struct record_path prefix = record_path_of(sources[kind].table);
	if (breaks->custodian.size > 0 && sources[kind].by == BY_NAME)
		record_path_text(&prefix, breaks->custodian);
	if (breaks->custodian.size > 0 && sources[kind].by == BY_NUMBER)
		record_path_short(&prefix, breaks->number);
	return prefix;
}

static enum recourse_error end_page(struct query *query, unsigned kind, slice key)
{
	char token[TOKEN_SIZE];
	int size = snprintf(token, sizeof token, "%u", kind);
	text_to_hex(key.data, key.size, token + size);
	return arena_copy(query->arena, slice_text(token), &query->next);
}

static enum recourse_error list_kind(
	struct view_rows *rows, unsigned kind, const struct record_path *from, uint64_t *looks)
{
	const struct breaks *breaks = rows->above;
	struct query *query = rows->query;
	struct record_path prefix = prefix_of(breaks, kind);
	SCOPED(record_walk_end)
	struct record_walk walk = record_walk_from(query->state, &prefix, from, STATE_UP);
	for (; record_walk_next(&walk, NULL, 0); ++*looks) {
		struct break_row row = {.kind = (enum kind)kind, .owner = breaks->owner};
		bool open;
		if (*looks == LOOKS_MAX)
			return end_page(query, kind, walk.bytes);
		TRY(sources[kind].fill(query, &walk, &row, &open));
		if (!open)
			continue;
		if (rows->count == (uint64_t)query->values[BREAKS_LIMIT].integer)
			return end_page(query, kind, walk.bytes);
		TRY(view_add(rows, &row));
	}
	return walk.error;
}

static enum recourse_error list_breaks(struct view_rows *rows)
{
	const struct breaks *breaks = rows->above;
	struct record_path from = breaks->from;
	bool one = rows->query->values[BREAKS_KIND].present;
	uint64_t looks = 0;
	for (unsigned kind = breaks->kind; kind < (one ? breaks->kind + 1 : KINDS); kind++) {
		if (rows->query->next.size > 0)
			break;
		TRY(list_kind(rows, kind, &from, &looks));
		from.size = 0;
	}
	return RECOURSE_OK;
}

/* The kind's number, and the key in hexadecimal. */
static bool read_token(slice token, struct breaks *breaks)
{
	struct record_path *from = &breaks->from;
	size_t size = (token.size - 1) / 2;
	unsigned kind = token.data[0] - (unsigned)'0';
	if (kind >= KINDS || token.size % 2 != 1 || size > sizeof from->bytes ||
		text_from_hex(slice_from(token, 1), from->bytes, size) != RECOURSE_OK)
		return false;
	struct record_path prefix = prefix_of(breaks, kind);
	breaks->kind = kind;
	from->size = size;
	return size >= prefix.size && memcmp(from->bytes, prefix.bytes, prefix.size) == 0;
}

static enum recourse_error find_breaks(struct query *query, void *row)
{
	struct breaks *breaks = row;
	const struct value *from = &query->values[BREAKS_FROM];
	const struct value *kind = &query->values[BREAKS_KIND];
	TRY(query_whose(
		query, "custodian", &query->values[BREAKS_CUSTODIAN], &breaks->custodian, &breaks->number));
	TRY(bank_file_owner(query, &breaks->owner));
	breaks->kind = kind->present ? (unsigned)kind->integer : KIND_DAY;
	unsigned asked = breaks->kind;
	bool good = !from->present || read_token(from->text, breaks);
	return good && (!kind->present || breaks->kind == asked)
		       ? RECOURSE_OK
		       : refusal_field(query->refusal, RECOURSE_FIELD_FORMAT, "from",
				 "as `next` of the page before gave it");
}

static const struct recourse_column report_columns[] = {
	VIEW_AS_OF,
	{COLUMN_ROWS("breaks", break_columns, list_breaks,
		"days that differ; what is left of credits, of debits; files, numbers that are missing")},
	VIEW_NEXT(TEXT, next),
};

static const struct query_row rows[] = {
	VIEW_REFUSED("report.breaks", QUERY_READ_ALL | RECOURSE_ROLE_CUSTODIAN, breaks_fields, report_columns,
		struct breaks, find_breaks,
		"all that is open between banks and the ledger: since when, whose", RECOURSE_FIELD_FORMAT),
};
const struct query_group breaks_view_group = {rows, sizeof rows / sizeof rows[0]};
