/* SPDX-License-Identifier: Apache-2.0 */
#include "books/record_bank.h"
#include "rules/custody/custody.h"

/* Lines of banks' statements: what each is of, what commands have named of it, and what is left to be explained. */
enum { LINES_CUSTODIAN, LINES_LEFT, LINES_LINE };
static const struct recourse_field lines_fields[] = {
	[LINES_CUSTODIAN] =
		FIELD_OPTIONAL(ID, "custodian", "whose statement; all that you may see if absent"),
	[LINES_LEFT] =
		FIELD_OPTIONAL_CHOICE("left", query_no_yes, "yes: only those of which something is left"),
	[LINES_LINE] = FIELD_OPTIONAL_FOREIGN("line", "only the one of that reference, of that custodian"),
	QUERY_ROWS("most rows of a page"),
};

enum line_standing { LINE_BOOKED, LINE_UNIDENTIFIED, LINE_UNEXPLAINED };
static const char *const standing_names[] = {"booked", "unidentified", "unexplained", NULL};

struct line_view {
	slice custodian;
	slice reference;
	struct unit unit;
	struct record_bank_line record;
	int64_t left;
	enum line_standing standing;
};

static const struct recourse_column line_columns[] = {
	{COLUMN(ID, "custodian", struct line_view, custodian, "whose statement")},
	{COLUMN(ID, "reference", struct line_view, reference, "of the line")},
	{COLUMN(UNIT, "unit", struct line_view, unit, "its currency")},
	{COLUMN_CHOICE("direction", bank_line_direction_names, struct line_view, record.direction,
		"whether it came in or went out")},
	{COLUMN_CHOICE("standing", standing_names, struct line_view, standing,
		"of what is left: of a credit unidentified, of a debit unexplained")},
	{COLUMN_AMOUNT("amount", struct line_view, record.amount, unit, "all of it")},
	{COLUMN_AMOUNT("booked", struct line_view, record.booked, unit, "that commands named")},
	{COLUMN_AMOUNT("left", struct line_view, left, unit, "that none did")},
	{COLUMN(DAY, "day", struct line_view, record.day, "on which the bank booked it, if it was stated"),
		OPTIONAL},
	{COLUMN(ENTRY, "entry", struct line_view, record.entry, "that named it first")},
	{COLUMN(ENTRY, "stated", struct line_view, record.stated, "the entry that said what the bank says"),
		OPTIONAL},
	{COLUMN(ENTRY, "statement", struct line_view, record.statement,
		 "that began the statement in which it stands"),
		OPTIONAL},
	{COLUMN(ENTRY, "notice", struct line_view, record.notice, "the same of a notice"), OPTIONAL},
};

/* In a file that was given up it stands no more. */
static enum recourse_error look_for_file(struct state_view *state, uint64_t *entry)
{
	struct record_path path = record_path_of_number(RECORD_BANK_FILE, *entry);
	struct record_bank_file file;
	if (*entry == 0)
		return RECOURSE_OK;
	TRY(record_get_named(state, &path, &file, sizeof file));
	if (file.state == BANK_FILE_GIVEN_UP)
		*entry = 0;
	return RECOURSE_OK;
}

/* Its record is read. */
static enum recourse_error fill(struct query *query, struct line_view *view)
{
	TRY(query_unit(query, "unit", RECORD_TEXT(view->record.unit), &view->unit));
	TRY(look_for_file(query->state, &view->record.statement));
	TRY(look_for_file(query->state, &view->record.notice));
	view->left = view->record.amount - view->record.booked;
	view->standing = view->left == 0                         ? LINE_BOOKED
			 : view->record.direction == BANK_CREDIT ? LINE_UNIDENTIFIED
								 : LINE_UNEXPLAINED;
	return RECOURSE_OK;
}

/* From the index of those of which something is left, or from the lines themselves. */
static enum recourse_error visit_line(struct view_rows *rows, const struct record_walk *walk)
{
	struct query *query = rows->query;
	struct line_view view = {.custodian = walk->key.parts[0].text, .reference = walk->key.parts[1].text};
	struct record_path path = record_path_of_texts(RECORD_BANK_LINE, view.custodian, view.reference);
	TRY(record_get(query->state, &path, &view.record, sizeof view.record));
	TRY(fill(query, &view));
	return view_add(rows, &view);
}

static const struct recourse_column report_columns[] = {
	VIEW_AS_OF,
	VIEW_PAGE(TEXT, next, "lines", line_columns, struct view_list, range, visit_line,
		"by custodian, then by reference"),
};

static enum recourse_error find_lines(struct query *query, void *row)
{
	struct record_path *prefix = &((struct view_list *)row)->range.prefix;
	const struct value *asked = &query->values[LINES_CUSTODIAN];
	slice custodian;
	const struct value *line = &query->values[LINES_LINE];
	TRY(query_whose(query, "custodian", asked, &custodian, NULL));
	if (line->present && custodian.size == 0)
		return refusal_field(query->refusal, RECOURSE_FIELD_MISSING, "custodian", "");
	record_path_start(
		prefix, query->values[LINES_LEFT].integer == 1 ? RECORD_BANK_LINE_LEFT : RECORD_BANK_LINE);
	if (custodian.size > 0)
		record_path_text(prefix, custodian);
	if (line->present)
		record_path_text(prefix, line->text);
	return RECOURSE_OK;
}

/* ---- bank.find_each ---- */

enum { EACH_LINES, EACH_CUSTODIAN, EACH_DETAIL };
enum { EACH_MAX = 500 };
static const struct recourse_field sought_members[] = {FIELD_FOREIGN("line", "its reference")};
static const struct recourse_field each_fields[] = {
	[EACH_LINES] = FIELD_LIST("lines", 1, EACH_MAX, sought_members, "in any order"),
	[EACH_CUSTODIAN] = FIELD_OPTIONAL(ID, "custodian", "whose statement; your own party if absent"),
	[EACH_DETAIL] = FIELD_OPTIONAL_CHOICE(
		"detail", query_details, "brief: a row says neither its line nor known; full if absent"),
};

struct each {
	slice custodian;
};

struct each_row {
	struct line_view view; /* all zeroes but its reference where there is none */
	slice line;            /* empty: it is not said */
	const char *known;     /* NULL */
	int64_t amount;        /* VIEW_NONE: unknown */
	int64_t left;
	const char *direction;
};

/* What is not there says so, and nothing else. */
#define EACH_COLUMN(kind, title, member, text) COLUMN(kind, title, struct each_row, member, text)
static const struct recourse_column each_row_columns[] = {
	{EACH_COLUMN(ID, "line", line, "its reference, as it was asked for"), OPTIONAL},
	{COLUMN_CHOICE("known", query_no_yes, struct each_row, known, "whether anything named it"), OPTIONAL},
	{EACH_COLUMN(UNIT, "unit", view.unit, "its currency"), OPTIONAL},
	{COLUMN_CHOICE("direction", bank_line_direction_names, struct each_row, direction,
		 "whether it came in or went out"),
		OPTIONAL},
	{COLUMN_AMOUNT("amount", struct each_row, amount, view.unit, "all of it"), OPTIONAL},
	{COLUMN_AMOUNT("left", struct each_row, left, view.unit, "that no command named"), OPTIONAL},
	{EACH_COLUMN(DAY, "day", view.record.day, "on which the bank booked it, if it was stated"), OPTIONAL},
	{EACH_COLUMN(
		 ENTRY, "statement", view.record.statement, "that began the statement in which it stands"),
		OPTIONAL},
	{EACH_COLUMN(ENTRY, "notice", view.record.notice, "the same of a notice"), OPTIONAL},
};

static enum recourse_error list_each(struct view_rows *rows)
{
	struct query *query = rows->query;
	const struct each *each = rows->above;
	const struct value *asked = &query->values[EACH_LINES];
	for (size_t index = 0; index < asked->list.count; index++) {
		struct each_row row = {
			.view = {.custodian = each->custodian, .reference = asked->list.values[index].text},
			.amount = VIEW_NONE,
			.left = VIEW_NONE};
		struct line_view *view = &row.view;
		struct record_path path =
			record_path_of_texts(RECORD_BANK_LINE, each->custodian, view->reference);
		bool known;
		TRY(record_get_optional(query->state, &path, &view->record, sizeof view->record, &known));
		if (query->values[EACH_DETAIL].integer == 0) {
			row.line = view->reference;
			row.known = query_no_yes[known];
		}
		if (known) {
			TRY(fill(query, view));
			row.amount = view->record.amount;
			row.left = view->left;
			row.direction = bank_line_direction_names[view->record.direction];
		}
		TRY(view_add(rows, &row));
	}
	return RECOURSE_OK;
}

static const struct recourse_column each_columns[] = {
	VIEW_AS_OF,
	{COLUMN_ROWS("lines", each_row_columns, list_each, "as they were asked for")},
};

static enum recourse_error find_each(struct query *query, void *row)
{
	struct each *each = row;
	TRY(query_whose(query, "custodian", &query->values[EACH_CUSTODIAN], &each->custodian, NULL));
	if (each->custodian.size == 0)
		each->custodian = query->actor->party;
	return RECOURSE_OK;
}

static const struct query_row rows[] = {
	VIEW("bank.find_each", QUERY_READ_ALL | RECOURSE_ROLE_CUSTODIAN, each_fields, each_columns,
		struct each, find_each, "many lines of a custodian's bank statements, by their references"),
	VIEW_REFUSED("report.bank_lines", QUERY_READ_ALL | RECOURSE_ROLE_CUSTODIAN, lines_fields,
		report_columns, struct view_list, find_lines,
		"lines of bank statements: what is booked of each, what is left", RECOURSE_FIELD_MISSING),
};
const struct query_group bank_line_view_group = {rows, sizeof rows / sizeof rows[0]};
