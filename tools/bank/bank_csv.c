/* SPDX-License-Identifier: Apache-2.0 */
#include "bank/bank_csv.h"

#include "bank/bank_amount.h"
#include "bank/bank_text.h"
#include "base/try.h"

#include <inttypes.h>
#include <stdio.h>

enum { SHOWN = 60 };

#define SHOW(text) ((text).size < SHOWN ? (int)(text).size : SHOWN), (const char *)(text).data

struct csv {
	struct bank_columns *columns;
	struct bank_reading *reading;
	const struct rows_row *row;
	uint64_t line;
	bool has_balance; /* of the row before */
	int64_t balance;
	int64_t moved; /* by that row, credit positive */
};

static void refuse(
	struct csv *csv, enum bank_column column, enum recourse_error error, const char *what, slice cell)
{
	const char *name = bank_columns_name(csv->columns, column);
	bank_problem_add(&csv->reading->problems, csv->line, name == NULL ? "" : name, error, "'%.*s' is %s",
		SHOW(cell), what);
}

/* ---- cells ---- */

static bool take_text(struct csv *csv, enum bank_column column, char out[static BANK_ITEM_TEXT_SIZE])
{
	slice cell = bank_columns_cell(csv->columns, csv->row, column);
	enum recourse_error error = bank_item_text(cell, BANK_ITEM_CHARACTERS, out);
	if (error != RECOURSE_OK)
		refuse(csv, column, error, "no text of at most 64 characters without control characters",
			cell);
	return error == RECOURSE_OK;
}

/* To the form with dashes. */
static bool take_day(struct csv *csv, char out[static BANK_ITEM_DAY_SIZE])
{
	char text[BANK_ITEM_DAY_SIZE];
	size_t from = 0;
	slice cell = bank_columns_cell(csv->columns, csv->row, BANK_COLUMN_DAY);
	const char *format = csv->columns->day_format;
	if (bank_columns_name(csv->columns, BANK_COLUMN_DAY) == NULL)
		return true;
	bool sound = cell.size >= strlen(format);
	for (size_t index = 0; sound && index < BANK_ITEM_DAY_SIZE - 1; index++) {
		bool dash = index == 4 || index == 7;
		bool between = dash && strlen(format) == BANK_ITEM_DAY_SIZE - 1;
		text[index] = dash ? '-' : (char)cell.data[from];
		sound = !between || cell.data[from] == (uint8_t)format[index];
		from += !dash || between;
	}
	if (sound && bank_item_day(slice_of(text, BANK_ITEM_DAY_SIZE - 1), out) == RECOURSE_OK)
		return true;
	refuse(csv, BANK_COLUMN_DAY, RECOURSE_FIELD_FORMAT, "no day of the format that day_format says",
		cell);
	return false;
}

static bool take_amount(struct csv *csv, enum bank_column column, slice cell, int64_t *steps)
{
	const char *why;
	struct unit unit = csv->columns->unit;
	if (csv->columns->in_steps)
		unit.digits = 0;
	enum recourse_error error = bank_amount_read(&unit, cell, csv->columns->grouping, steps, &why);
	if (error != RECOURSE_OK)
		refuse(csv, column, error, why, cell);
	return error == RECOURSE_OK;
}

static bool take_signed(struct csv *csv, enum bank_column column, int64_t *steps)
{
	slice cell = bank_columns_cell(csv->columns, csv->row, column);
	bool negative = slice_take(&cell, "-");
	if (!negative)
		(void)slice_take(&cell, "+");
	if (!take_amount(csv, column, cell, steps))
		return false;
	if (negative && *steps == 0) {
		refuse(csv, column, RECOURSE_FIELD_FORMAT, "a zero with a sign", cell);
		return false;
	}
	*steps = negative ? -*steps : *steps;
	return true;
}

/* A cell of two, of which one says nothing. */
static bool take_side(struct csv *csv, enum bank_column column, int64_t *steps)
{
	slice cell = bank_columns_cell(csv->columns, csv->row, column);
	*steps = 0;
	return cell.size == 0 || take_amount(csv, column, cell, steps);
}

static bool take_two(struct csv *csv, struct bank_item *item)
{
	int64_t credit;
	int64_t debit;
	if (!take_side(csv, BANK_COLUMN_CREDIT_AMOUNT, &credit) ||
		!take_side(csv, BANK_COLUMN_DEBIT_AMOUNT, &debit))
		return false;
	if (credit > 0 && debit > 0) {
		bank_problem_add(&csv->reading->problems, csv->line, "", RECOURSE_AMOUNT_RANGE,
			"one line is a credit and a debit");
		return false;
	}
	item->credit = credit > 0;
	item->steps = credit > 0 ? credit : debit;
	return true;
}

static bool take_direction(struct csv *csv, struct bank_item *item)
{
	slice cell = bank_columns_cell(csv->columns, csv->row, BANK_COLUMN_DIRECTION);
	const char *credit = bank_columns_setting(csv->columns, "credit");
	const char *debit = bank_columns_setting(csv->columns, "debit");
	item->credit = slice_is(cell, credit);
	if (item->credit || slice_is(cell, debit))
		return true;
	refuse(csv, BANK_COLUMN_DIRECTION, RECOURSE_FIELD_FORMAT,
		"neither a credit nor a debit, as the settings have it", cell);
	return false;
}

/* Amount and direction of a line of an account. */
static bool take_money(struct csv *csv, struct bank_item *item)
{
	slice cell = bank_columns_cell(csv->columns, csv->row, BANK_COLUMN_AMOUNT);
	bool sound;
	if (bank_columns_name(csv->columns, BANK_COLUMN_AMOUNT) == NULL) {
		sound = take_two(csv, item);
	} else if (csv->columns->is_signed) {
		sound = take_signed(csv, BANK_COLUMN_AMOUNT, &item->steps);
		item->credit = sound && item->steps > 0;
		item->steps = sound && item->steps < 0 ? -item->steps : item->steps;
	} else {
		sound = take_amount(csv, BANK_COLUMN_AMOUNT, cell, &item->steps) && take_direction(csv, item);
	}
	if (sound && item->steps == 0) {
		refuse(csv, BANK_COLUMN_AMOUNT, RECOURSE_AMOUNT_RANGE, "an amount of nothing", cell);
		return false;
	}
	item->amount_known = sound;
	return sound;
}

/* ---- balances ---- */

static bool adds_up(int64_t before, int64_t moved, int64_t after)
{
	return (amount_sum)before + moved == after;
}

static void check_balance(struct csv *csv, const struct bank_item *item)
{
	int64_t after;
	int64_t moved = item->credit ? item->steps : -item->steps;
	struct bank_statement *statement = &csv->reading->statement;
	if (bank_columns_name(csv->columns, BANK_COLUMN_BALANCE) == NULL || item->kind != BANK_ITEM_BOOKED ||
		!take_signed(csv, BANK_COLUMN_BALANCE, &after))
		return;
	bool newest_first = csv->columns->newest_first;
	int64_t before;
	if (__builtin_sub_overflow(after, moved, &before)) {
		bank_problem_add(&csv->reading->problems, csv->line, "", RECOURSE_OVERFLOW,
			"a balance beyond 64 bits");
		return;
	}
	bool follows =
		newest_first ? adds_up(after, csv->moved, csv->balance) : adds_up(csv->balance, moved, after);
	if (csv->has_balance && !follows)
		bank_problem_add(&csv->reading->problems, csv->line,
			bank_columns_name(csv->columns, BANK_COLUMN_BALANCE), RECOURSE_SHARES_WRONG,
			"the balance does not follow from the line before it");
	if (!csv->has_balance || newest_first)
		statement->opening = before;
	if (!csv->has_balance || !newest_first)
		statement->closing = after;
	statement->has_opening = statement->has_closing = true;
	csv->has_balance = true;
	csv->balance = after;
	csv->moved = moved;
}

/* ---- rows ---- */

static bool take_status(struct csv *csv, struct bank_item *item)
{
	slice code = bank_columns_code(
		csv->columns, bank_columns_cell(csv->columns, csv->row, BANK_COLUMN_STATUS));
	enum recourse_error error = bank_item_text(code, BANK_ITEM_CHARACTERS, item->code);
	if (error != RECOURSE_OK || code.size == 0) {
		refuse(csv, BANK_COLUMN_STATUS, error == RECOURSE_OK ? RECOURSE_FIELD_MISSING : error,
			"no status", code);
		return false;
	}
	if (csv->columns->kind == BANK_KIND_CSV) {
		item->kind = slice_is(code, "BOOK") ? BANK_ITEM_BOOKED : BANK_ITEM_PENDING;
		return true;
	}
	const struct bank_status_row *row = bank_status_of(csv->columns->scheme, code);
	item->status = row->status;
	item->hint = row->hint;
	if (item->status == BANK_STATUS_REJECTED &&
		bank_columns_expired(csv->columns, slice_text(item->reason)))
		item->status = BANK_STATUS_EXPIRED;
	return true;
}

static void take_line(struct csv *csv, struct bank_item *item)
{
	item->kind = BANK_ITEM_BOOKED;
	memcpy(item->code, "BOOK", sizeof "BOOK");
	item->entry = ++csv->reading->statement.entries;
	memcpy(item->entry_reference, item->reference, sizeof item->entry_reference);
	bool sound = bank_columns_name(csv->columns, BANK_COLUMN_STATUS) == NULL || take_status(csv, item);
	if (take_money(csv, item) && sound) {
		item->returned = item->credit && item->reason[0] != '\0';
		check_balance(csv, item);
		bank_reading_item(csv->reading, item);
	}
}

static void take_result(struct csv *csv, struct bank_item *item)
{
	slice cell = bank_columns_cell(csv->columns, csv->row, BANK_COLUMN_AMOUNT);
	item->kind = BANK_ITEM_STATUS;
	bool sound = take_status(csv, item);
	if (item->payment_id[0] == '\0') {
		refuse(csv, BANK_COLUMN_PAYMENT_ID, RECOURSE_FIELD_MISSING, "no id", slice_text(""));
		return;
	}
	if (bank_columns_name(csv->columns, BANK_COLUMN_AMOUNT) != NULL) {
		if (!take_amount(csv, BANK_COLUMN_AMOUNT, cell, &item->steps))
			return;
		item->amount_known = true;
		if (item->steps == 0) {
			refuse(csv, BANK_COLUMN_AMOUNT, RECOURSE_AMOUNT_RANGE, "an amount of nothing", cell);
			return;
		}
	}
	if (sound)
		bank_reading_item(csv->reading, item);
}

static void take_row(struct csv *csv)
{
	struct bank_item item = {.line = csv->line, .unit = csv->columns->unit};
	if (csv->row->cell_count != csv->columns->count) {
		bank_problem_add(&csv->reading->problems, csv->line, "", RECOURSE_MALFORMED,
			"%zu cells where %zu columns are", csv->row->cell_count, csv->columns->count);
		return;
	}
	bool sound = take_text(csv, BANK_COLUMN_PAYMENT_ID, item.payment_id);
	sound &= take_text(csv, BANK_COLUMN_REFERENCE, item.reference);
	sound &= take_text(csv, BANK_COLUMN_REASON, item.reason);
	sound &= take_day(csv, item.day);
	if (!sound)
		return;
	if (csv->columns->kind == BANK_KIND_CSV)
		take_line(csv, &item);
	else
		take_result(csv, &item);
}

static bool is_trailer(const struct csv *csv)
{
	const char *trailer = bank_columns_setting(csv->columns, "trailer");
	slice first = csv->row->cell_count > 0 ? csv->row->cells[0] : slice_text("");
	return trailer != NULL && slice_take(&first, trailer);
}

/* It was cut off between two rows, or is not what the settings are of. */
static void miss_trailer(struct csv *csv)
{
	const char *trailer = bank_columns_setting(csv->columns, "trailer");
	if (trailer != NULL)
		bank_problem_add(&csv->reading->problems, 0, "", RECOURSE_MALFORMED,
			"no row begins with '%s', which stands behind the last one: it is not whole",
			trailer);
}

/* ---- the file ---- */

/* A row that is none ends the reading: what comes behind it can be anything. */
static bool is_sound(struct csv *csv, bool more)
{
	if (!more)
		return false;
	if (csv->row->error == RECOURSE_OK)
		return true;
	bank_problem_add(&csv->reading->problems, csv->line, "", csv->row->error, "no row of a CSV file: %s",
		csv->row->reason);
	return false;
}

static bool next(struct csv *csv, struct rows *rows, struct rows_row *row)
{
	bool more = rows_next(rows, row);
	csv->row = row;
	csv->line = more ? row->line + csv->columns->skip : 0;
	return is_sound(csv, more);
}

static void read_rows(struct csv *csv, struct rows *rows)
{
	struct rows_row row;
	const char *name;
	if (!next(csv, rows, &row)) {
		if (csv->reading->problems.count == 0 && !rows_failed(rows))
			bank_problem_add(&csv->reading->problems, 0, "", RECOURSE_MALFORMED,
				"no row names the columns");
		return;
	}
	if (!bank_columns_find(csv->columns, &row, &name)) {
		bank_problem_add(&csv->reading->problems, csv->line, "", RECOURSE_FIELD_MISSING,
			"a column '%s' is not there, or is there twice", name);
		return;
	}
	while (next(csv, rows, &row) && !is_trailer(csv))
		take_row(csv);
	if (csv->line == 0 && !rows_failed(rows))
		miss_trailer(csv);
	if (csv->reading->problems.count > 0)
		csv->reading->statement.has_closing = false;
	bank_reading_statement(csv->reading, csv->line, "");
}

/* What is behind the last row is passed over, but of the file's encoding it has to be; and all of it is hashed. */
static enum recourse_error pass_rest(struct csv *csv, struct bank_text *text)
{
	slice piece;
	do {
		enum recourse_error error = bank_text_next(text, &piece);
		if (error != RECOURSE_OK && !text->foreign)
			return error;
	} while (!text->foreign && piece.size > 0);
	if (!text->foreign)
		return RECOURSE_OK;
	bank_problem_add(
		&csv->reading->problems, text->line, "", RECOURSE_FIELD_FORMAT, "bytes that are no GB18030");
	do {
		TRY(bank_source_next(text->source, &piece));
	} while (piece.size > 0);
	return RECOURSE_OK;
}

static enum recourse_error read_text(struct csv *csv, struct bank_text *text)
{
	SCOPED(rows_free) struct rows rows = {0};
	TRY(rows_start_pieces(&rows, (struct rows_source){.next = bank_text_next, .context = text}));
	rows_separate(&rows, csv->columns->separator);
	read_rows(csv, &rows);
	if (!rows_failed(&rows) || text->foreign)
		return pass_rest(csv, text);
	return rows.fault == RECOURSE_OK ? RECOURSE_MEMORY : rows.fault;
}

enum recourse_error bank_csv_read(
	struct bank_columns *columns, struct bank_source *source, struct bank_reading *reading)
{
	SCOPED(bank_text_close) struct bank_text text = {0};
	struct csv csv = {.columns = columns, .reading = reading};
	reading->statement.unit = columns->unit;
	reading->kind = columns->kind;
	if (bank_text_open(&text, source, columns->gb18030 ? "gb18030" : NULL, columns->skip) == RECOURSE_OK)
		return read_text(&csv, &text);
	bank_problem_add(&reading->problems, 0, "", RECOURSE_FIELD_UNKNOWN, "this system knows no GB18030");
	return RECOURSE_OK;
}
