/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/bank_file/bank_file.h"

struct file_view {
	uint64_t entry;
	struct record_bank_file record;
	uint64_t next_piece; /* 0: none */
	uint64_t lines_left;
	int64_t credit_left;
	int64_t debit_left;
	int64_t opening; /* VIEW_NONE: not said */
	int64_t closing;
	const char *opening_side; /* NULL: it says no balance */
	const char *closing_side;
	char hash[2 * CRYPTO_HASH_SIZE + 1];
	struct view_range pieces;
};

#define FILE_COLUMN(kind, title, member, text) COLUMN(kind, title, struct file_view, member, text)
#define FILE_AMOUNT(title, member, text)       COLUMN_AMOUNT(title, struct file_view, member, record.unit, text)
#define FILE_COLUMNS                                                                                         \
	{COLUMN_PARTY("custodian", struct file_view, record.custodian, "whose bank sent it")},               \
		{FILE_COLUMN(ID, "file", record.file, "its own id")},                                        \
		{COLUMN_CHOICE("kind", bank_file_kinds, struct file_view, record.kind, "what it is")},       \
		{COLUMN_CHOICE("state", bank_file_states, struct file_view, record.state,                    \
			"open until all of it is in")},                                                      \
		{FILE_COLUMN(ENTRY, "entry", entry, "that began it")},                                       \
		{FILE_COLUMN(TEXT, "hash", hash, "SHA-256 of its bytes")},                                   \
		{FILE_COLUMN(INTEGER, "number", record.number, "in the sequence of its account"), OPTIONAL}, \
		{FILE_COLUMN(UNIT, "unit", record.unit, "its currency")},                                    \
		{FILE_COLUMN(INTEGER, "lines", record.lines, "how many it has")},                            \
		{FILE_AMOUNT("credit", record.credit, "what came in by them")},                              \
		{FILE_AMOUNT("debit", record.debit, "what went out by them")},                               \
		{FILE_COLUMN(INTEGER, "pieces", record.pieces, "that are in: 1 to this")},                   \
		{FILE_COLUMN(INTEGER, "next_piece", next_piece, "that comes next; absent when all is in"),   \
			OPTIONAL},                                                                           \
		{FILE_COLUMN(INTEGER, "lines_left", lines_left, "that no piece has brought")},               \
		{FILE_AMOUNT("credit_left", credit_left, "the same of what came in")},                       \
		{FILE_AMOUNT("debit_left", debit_left, "and of what went out")},                             \
		{FILE_AMOUNT("opening", opening, "what the account held before its lines"), OPTIONAL},       \
		{COLUMN_CHOICE("opening_side", bank_line_direction_names, struct file_view, opening_side,    \
			 "debit: overdrawn"),                                                                \
			OPTIONAL},                                                                           \
		{FILE_AMOUNT("closing", closing, "and behind them"), OPTIONAL},                              \
		{COLUMN_CHOICE("closing_side", bank_line_direction_names, struct file_view, closing_side,    \
			 "debit: overdrawn"),                                                                \
			OPTIONAL},                                                                           \
		{FILE_COLUMN(DAY, "first_day", record.first_day, "of a statement"), OPTIONAL},               \
		{FILE_COLUMN(DAY, "last_day", record.last_day, "of a statement"), OPTIONAL},                 \
		{COLUMN_AGE("age_hours", struct file_view, record.time, "since it was begun")},              \
		{FILE_COLUMN(ENTRY, "late", record.late_entry, "the clock's entry, if it was late"),         \
			OPTIONAL},                                                                           \
		{FILE_COLUMN(ENTRY, "ended", record.ended_entry, "the entry with which it was whole"),       \
			OPTIONAL},                                                                           \
	{                                                                                                    \
		FILE_COLUMN(ENTRY, "given_up", record.given_up_entry, "the one that gave it up"), OPTIONAL   \
	}

static const char *side_of(int64_t steps)
{
	return bank_line_direction_names[steps < 0 ? BANK_DEBIT : BANK_CREDIT];
}

static enum recourse_error fill(struct query *query, uint64_t entry, struct file_view *view)
{
	struct record_path path = bank_file_path(entry);
	const struct record_bank_file *file = &view->record;
	TRY(record_get_named(query->state, &path, &view->record, sizeof view->record));
	view->entry = entry;
	view->lines_left = file->lines - file->lined;
	view->credit_left = file->credit - file->credited;
	view->debit_left = file->debit - file->debited;
	view->next_piece = file->state == BANK_FILE_OPEN && view->lines_left > 0 ? file->pieces + 1u : 0;
	view->opening = view->closing = VIEW_NONE;
	view->opening_side = view->closing_side = NULL;
	if (file->statement != 0) {
		view->opening_side = side_of(file->opening);
		view->closing_side = side_of(file->closing);
		view->opening = file->opening < 0 ? -file->opening : file->opening;
		view->closing = file->closing < 0 ? -file->closing : file->closing;
	}
	text_to_hex(file->hash, sizeof file->hash, view->hash);
	return RECOURSE_OK;
}

/* ---- bank_file.list ---- */

enum { LIST_CUSTODIAN, LIST_OPEN };
static const struct recourse_field list_fields[] = {
	[LIST_CUSTODIAN] = FIELD_OPTIONAL(ID, "custodian", "whose; all that you may see if absent"),
	[LIST_OPEN] = FIELD_OPTIONAL_CHOICE("open", query_no_yes, "yes: only those that are not ended"),
	QUERY_ROWS("most files of a page"),
};

static const struct recourse_column file_columns[] = {FILE_COLUMNS};

static enum recourse_error visit_file(struct view_rows *rows, const struct record_walk *walk)
{
	struct file_view view = {.entry = 0};
	TRY(fill(rows->query, view_last_number(walk), &view));
	return view_add(rows, &view);
}

static const struct recourse_column list_columns[] = {
	VIEW_AS_OF,
	VIEW_PAGE(TEXT, next, "files", file_columns, struct view_list, range, visit_file,
		"by custodian, then as they were begun"),
};

static enum recourse_error find_list(struct query *query, void *row)
{
	bool open = query->values[LIST_OPEN].integer == 1;
	return query_whose_rows(query, "custodian", &query->values[LIST_CUSTODIAN],
		open ? RECORD_BANK_FILE_OPEN : RECORD_BANK_FILE_LIST,
		&((struct view_list *)row)->range.prefix);
}

/* ---- bank_file.show ---- */

enum { SHOW_FILE, SHOW_CUSTODIAN, SHOW_HASH };
static const struct recourse_field show_fields[] = {
	[SHOW_FILE] = FIELD_OPTIONAL_FOREIGN("file", "its own id"),
	[SHOW_CUSTODIAN] = FIELD_OPTIONAL(ID, "custodian", "whose bank sent it; your own party if absent"),
	[SHOW_HASH] = FIELD_OPTIONAL(HASH, "hash", "instead of its id: SHA-256 of its bytes"),
	QUERY_ROWS("most pieces of a page"),
};

struct piece_view {
	uint64_t piece;
	struct unit unit;
	struct record_bank_piece record;
};

static const struct recourse_column piece_columns[] = {
	{COLUMN(INTEGER, "piece", struct piece_view, piece, "its number")},
	{COLUMN(ENTRY, "entry", struct piece_view, record.entry, "that brought it")},
	{COLUMN(INTEGER, "lines", struct piece_view, record.lines, "that it has")},
	{COLUMN_AMOUNT("credit", struct piece_view, record.credit, unit, "what came in by them")},
	{COLUMN_AMOUNT("debit", struct piece_view, record.debit, unit, "what went out by them")},
};

static enum recourse_error visit_piece(struct view_rows *rows, const struct record_walk *walk)
{
	const struct file_view *file = rows->above;
	struct piece_view view = {.piece = view_last_number(walk), .unit = file->record.unit};
	TRY(view_record(walk, &view.record, sizeof view.record));
	return view_add(rows, &view);
}

static const struct recourse_column show_columns[] = {
	VIEW_AS_OF,
	FILE_COLUMNS,
	VIEW_PAGE(TEXT, next, "rows", piece_columns, struct file_view, pieces, visit_piece,
		"its pieces that are in, in order"),
};

static enum recourse_error find_file(struct query *query, void *row)
{
	const struct value *file = &query->values[SHOW_FILE];
	const struct value *hash = &query->values[SHOW_HASH];
	char hex[2 * CRYPTO_HASH_SIZE + 1] = "";
	slice custodian;
	uint64_t entry;
	struct file_view *view = row;
	TRY(query_whose(query, "custodian", &query->values[SHOW_CUSTODIAN], &custodian, NULL));
	if (custodian.size == 0)
		custodian = query->actor->party;
	if (file->present == hash->present)
		return refusal_field(query->refusal, RECOURSE_FIELD_LIMIT, "file", "a file or a hash");
	if (hash->present)
		text_to_hex(hash->text.data, CRYPTO_HASH_SIZE, hex);
	struct record_path path =
		file->present ? bank_file_name_path(custodian, file->text)
			      : record_path_of_texts(RECORD_BANK_FILE_HASH, custodian, slice_text(hex));
	TRY(query_record(query, file->present ? "file" : "hash", &path, &entry, sizeof entry));
	view->pieces.prefix = record_path_of_number(RECORD_BANK_PIECE, entry);
	return fill(query, entry, view);
}

static const struct query_row rows[] = {
	VIEW("bank_file.list", QUERY_READ_ALL | RECOURSE_ROLE_CUSTODIAN, list_fields, list_columns,
		struct view_list, find_list, "files of banks: what each has, how far it is in"),
	VIEW_REFUSED("bank_file.show", QUERY_READ_ALL | RECOURSE_ROLE_CUSTODIAN, show_fields, show_columns,
		struct file_view, find_file, "a file of a bank: which pieces are in, which is next",
		RECOURSE_FIELD_LIMIT),
};
const struct query_group bank_file_view_group = {rows, sizeof rows / sizeof rows[0]};
