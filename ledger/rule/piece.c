/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/piece.h"

#include "books/day.h"

struct record_path piece_path(uint64_t file, uint64_t number)
{
	struct record_path path = record_path_of_number(RECORD_BANK_PIECE, file);
	record_path_number(&path, number);
	return path;
}

static enum recourse_error read_file(struct decision *decision, uint64_t entry, struct record_bank_file *file)
{
	struct record_path path = record_path_of_number(RECORD_BANK_FILE, entry);
	return record_get_named(decision->state, &path, file, sizeof *file);
}

enum recourse_error piece_file(struct decision *decision, struct record_bank_file *file)
{
	return read_file(decision, decision->piece.file, file);
}

bool piece_is_of_money(const struct record_bank_file *file)
{
	return file->kind != BANK_FILE_PAIN002 && file->kind != BANK_FILE_WECHAT &&
	       file->kind != BANK_FILE_ALIPAY;
}

uint64_t *piece_stands(const struct record_bank_file *file, struct record_bank_line *line)
{
	return file->statement != 0 ? &line->statement : &line->notice;
}

/* Whether that file has it, and was not given up; 0: none has. */
static enum recourse_error is_taken(struct decision *decision, uint64_t entry, bool *taken)
{
	struct record_bank_file file = {.state = BANK_FILE_GIVEN_UP};
	if (entry != 0)
		TRY(read_file(decision, entry, &file));
	*taken = file.state != BANK_FILE_GIVEN_UP;
	return RECOURSE_OK;
}

static enum recourse_error count(struct decision *decision, const struct record_bank_line *line)
{
	struct record_path path = piece_path(decision->piece.file, decision->piece.number);
	struct record_bank_piece piece;
	int64_t *sum = line->direction == BANK_CREDIT ? &piece.credited : &piece.debited;
	TRY(record_get_named(decision->state, &path, &piece, sizeof piece));
	piece.stated++;
	TRY(decision_sum(decision, sum, line->amount));
	return decision_put(decision, &path, &piece, sizeof piece);
}

/* Of a statement of several days: what came of each of them. One of a day alone comes to what all of it does. */
static enum recourse_error count_day(struct decision *decision, const struct record_bank_file *file,
	uint64_t day, const struct record_bank_line *line)
{
	struct record_path path = record_path_of_number(RECORD_BANK_FILE_DAY, decision->piece.file);
	struct record_bank_file_day of_day;
	if (file->first_day == file->last_day)
		return RECOURSE_OK;
	record_path_number(&path, day);
	TRY(record_get_optional(decision->state, &path, &of_day, sizeof of_day, NULL));
	of_day.lines++;
	TRY(decision_sum(
		decision, line->direction == BANK_CREDIT ? &of_day.credited : &of_day.debited, line->amount));
	return decision_put(decision, &path, &of_day, sizeof of_day);
}

enum recourse_error piece_takes(struct decision *decision, const char *field, const struct unit *unit,
	uint64_t day, struct record_bank_line *line)
{
	struct record_bank_file file;
	bool taken;
	if (!piece_is(decision))
		return RECOURSE_OK;
	TRY(piece_file(decision, &file));
	uint64_t *stands = piece_stands(&file, line);
	if (!piece_is_of_money(&file))
		return refuse(decision, RECOURSE_NOT_PERMITTED, field, "none: this file moves no money");
	if (!unit_same(&file.unit, unit))
		return refuse_limit(decision, RECOURSE_UNIT_MISMATCH, field, "one in %s", file.unit.code);
	if (file.last_day != 0 && (day < file.first_day || day > file.last_day))
		return refuse(decision, RECOURSE_WINDOW_CLOSED, "day", "a day of the file");
	TRY(is_taken(decision, *stands, &taken));
	if (taken)
		return refuse_entry(decision, RECOURSE_EXISTS, field, *stands);
	*stands = decision->piece.file;
	TRY(count_day(decision, &file, day, line));
	return count(decision, line);
}

enum recourse_error piece_names(struct decision *decision, const struct record_bank_line *line)
{
	uint64_t file = decision->piece.file;
	bool names = line != NULL && (line->statement == file || line->notice == file);
	return !piece_is(decision) || names ? RECOURSE_OK
					    : refuse(decision, RECOURSE_NOT_PERMITTED, "bank_reference",
						      "a line of the file: bank.line says it first");
}

enum recourse_error piece_takes_back(struct decision *decision)
{
	return piece_is(decision) ? refuse(decision, RECOURSE_NOT_PERMITTED, "bank_reference",
					    "nothing is taken back in a piece of a file")
				  : RECOURSE_OK;
}

enum recourse_error piece_holds(struct decision *decision, const char *field, struct record_bank_line *line)
{
	bool taken;
	TRY(is_taken(decision, line->statement, &taken));
	if (taken)
		return refuse_entry(decision, RECOURSE_NOT_PERMITTED, field, line->statement);
	TRY(is_taken(decision, line->notice, &taken));
	if (taken)
		return refuse_entry(decision, RECOURSE_NOT_PERMITTED, field, line->notice);
	line->statement = line->notice = 0;
	return RECOURSE_OK;
}
