/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/bank_file/bank_day.h"

/*
 * What a line of a bank may be of: proposals, by rules that anybody may read; nothing is booked by them.
 *
 *   reference   nothing is left of it: the last command that named it
 *   amount      else, what is left of it moved by one entry alone, the same way, within so many days of the line's, by a line
 *               that nobody stated or by none
 *   several     else all of those, the first one first; where there are none the last command that named a part of it
 */
enum { LOOKS_MAX = 4096, DAYS_PRESET = 5, DAYS_MAX = 31 };
enum { MATCH_LINE, MATCH_CUSTODIAN, MATCH_DAYS, MATCH_LIMIT };
static const struct recourse_field match_fields[] = {
	[MATCH_LINE] = FIELD_FOREIGN("line", "that was stated"),
	[MATCH_CUSTODIAN] = FIELD_OPTIONAL(ID, "custodian", "whose bank; your own party if absent"),
	[MATCH_DAYS] = FIELD_PRESET("days", 0, DAYS_MAX, DAYS_PRESET, "before and after the line's day"),
	[MATCH_LIMIT] = FIELD_PRESET("limit", 1, 200, 50, "most entries that are shown"),
};

enum rule { RULE_NONE, RULE_REFERENCE, RULE_AMOUNT, RULE_SEVERAL };
static const char *const rule_names[] = {"none", "reference", "amount", "several", NULL};

struct match {
	struct bank_day day; /* the line's */
	slice reference;
	struct record_bank_line line;
	int64_t left; /* as cash: below zero of a debit */
	enum rule rule;
	uint64_t entry; /* the first of those that fit */
	uint64_t fits;
};

struct match_row {
	uint64_t entry;
	uint64_t time;
	struct unit unit;
	slice kind;
	slice reference;
	int64_t amount;
};

static const struct recourse_column row_columns[] = {
	{COLUMN(ENTRY, "entry", struct match_row, entry, "that moved as much")},
	{COLUMN(TIME, "time", struct match_row, time, "when it did")},
	{COLUMN(TEXT, "command", struct match_row, kind, "what it was")},
	{COLUMN(ID, "reference", struct match_row, reference, "the line that it named"), OPTIONAL},
	{COLUMN_AMOUNT("amount", struct match_row, amount, unit, "that it moved; below zero: out")},
};

/* Whether that moved what is left of the line, by no line that a statement has. */
static enum recourse_error fits(
	struct query *query, const struct match *match, const struct bank_move *move, bool *fit)
{
	struct record_path path =
		record_path_of_texts(RECORD_BANK_LINE, match->day.custodian, move->reference);
	struct record_bank_line line = {.stated = 0};
	*fit = move->steps == match->left && !move->states && !slice_equal(move->reference, match->reference);
	if (!*fit || move->reference.size == 0)
		return RECOURSE_OK;
	TRY(record_get_optional(query->state, &path, &line, sizeof line, NULL));
	*fit = line.stated == 0;
	return RECOURSE_OK;
}

typedef enum recourse_error match_visitor(
	struct view_rows *rows, struct match *match, uint64_t entry, const struct bank_move *move);

/* All that fits, within the days. */
static enum recourse_error walk_moves(
	struct query *query, struct match *match, struct view_rows *rows, match_visitor *visit)
{
	const struct bank_day *day = &match->day;
	uint64_t days = (uint64_t)query->values[MATCH_DAYS].integer;
	uint64_t looks = 0;
	uint64_t first;
	uint64_t end;
	int32_t east = place_east(&day->place, day->day);
	TRY(query_entries_before(query, day_begin(day->day < days ? 0 : day->day - days, east), &first));
	TRY(query_entries_before(query, day_end(day->day + days, east), &end));
	SCOPED(history_walk_end)
	struct history_walk walk = history_walk_from(query->state, day->cash, first, STATE_UP);
	while (looks++ < LOOKS_MAX && history_walk_next(&walk) && walk.at.entry < end) {
		struct bank_move move;
		bool fit;
		if (walk.moved != match->left)
			continue;
		TRY(bank_day_move(query, day, walk.at.entry, &move));
		TRY(fits(query, match, &move, &fit));
		if (fit)
			TRY(visit(rows, match, walk.at.entry, &move));
	}
	return walk.error;
}

static enum recourse_error count_move(
	struct view_rows *rows, struct match *match, uint64_t entry, const struct bank_move *move)
{
	(void)rows;
	(void)move;
	match->entry = match->fits++ == 0 ? entry : match->entry;
	return RECOURSE_OK;
}

static enum recourse_error show_move(
	struct view_rows *rows, struct match *match, uint64_t entry, const struct bank_move *move)
{
	const struct match_row row = {.entry = entry,
		.time = move->time,
		.unit = match->day.unit,
		.kind = move->kind,
		.reference = move->reference,
		.amount = move->steps};
	if (rows->count == (uint64_t)rows->query->values[MATCH_LIMIT].integer)
		return RECOURSE_OK;
	return view_add(rows, &row);
}

static enum recourse_error list_rows(struct view_rows *rows)
{
	struct match match = *(const struct match *)rows->above;
	struct bank_move move;
	if (match.rule == RULE_NONE)
		return RECOURSE_OK;
	if (match.rule != RULE_REFERENCE)
		return walk_moves(rows->query, &match, rows, show_move);
	TRY(bank_day_move(rows->query, &match.day, match.entry, &move));
	return show_move(rows, &match, match.entry, &move);
}

static const struct recourse_column match_columns[] = {
	VIEW_AS_OF,
	{COLUMN(ID, "custodian", struct match, day.custodian, "whose bank")},
	{COLUMN(ID, "line", struct match, reference, "of its statement")},
	{COLUMN(UNIT, "unit", struct match, day.unit, "its currency")},
	{COLUMN(DAY, "day", struct match, line.day, "on which the bank booked it")},
	{COLUMN_AMOUNT("left", struct match, left, day.unit, "that nothing is booked of; below zero: out")},
	{COLUMN_CHOICE("rule", rule_names, struct match, rule, "by which the entries fit")},
	{COLUMN(INTEGER, "fits", struct match, fits, "how many do")},
	{COLUMN_ROWS("entries", row_columns, list_rows, "in their order")},
};

static enum recourse_error find_match(struct query *query, void *row)
{
	struct match *match = row;
	slice custodian;
	TRY(query_whose(query, "custodian", &query->values[MATCH_CUSTODIAN], &custodian, NULL));
	if (custodian.size == 0)
		custodian = query->actor->party;
	match->reference = query->values[MATCH_LINE].text;
	struct record_path path = record_path_of_texts(RECORD_BANK_LINE, custodian, match->reference);
	TRY(query_record(query, "line", &path, &match->line, sizeof match->line));
	const struct record_bank_line *line = &match->line;
	if (line->stated == 0)
		return query_absent(query, "line");
	slice unit;
	TRY(arena_copy(query->arena, RECORD_TEXT(line->unit), &unit));
	TRY(bank_day_read(query, custodian, unit, line->day, &match->day));
	match->left = line->amount - line->booked;
	match->left = line->direction == BANK_CREDIT ? match->left : -match->left;
	if (match->left != 0)
		TRY(walk_moves(query, match, NULL, count_move));
	match->rule = match->fits == 0 ? RULE_NONE : match->fits == 1 ? RULE_AMOUNT : RULE_SEVERAL;
	if (match->rule == RULE_NONE && line->booked > 0) {
		match->rule = RULE_REFERENCE;
		match->entry = line->named;
		match->fits = 1;
	}
	return RECOURSE_OK;
}

static const struct query_row rows[] = {
	VIEW_REFUSED("bank.match", QUERY_READ_ALL | RECOURSE_ROLE_CUSTODIAN, match_fields, match_columns,
		struct match, find_match, "what a line of a bank may be of: it proposes, and books nothing",
		RECOURSE_OVERFLOW),
};
const struct query_group match_view_group = {rows, sizeof rows / sizeof rows[0]};
