/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/bank_file/bank_file.h"

/* F5: what came in of a file is what it has, to the last step; what is missing between its numbers is listed. */

/* It says how payments fare, and no line stands in it. */
static bool is_word(uint32_t kind)
{
	return kind != BANK_FILE_CAMT053 && kind != BANK_FILE_CAMT054 && kind != BANK_FILE_CSV;
}

/* What its pieces say, and the lines that stand in it. */
struct sums {
	uint64_t lines;
	__int128 credit;
	__int128 debit;
};

static bool are(const struct sums *sums, uint64_t lines, int64_t credit, int64_t debit)
{
	return sums->lines == lines && sums->credit == credit && sums->debit == debit;
}

/* They are as many as are in. */
static enum recourse_error sum_pieces(
	struct check_context *check, uint64_t file, uint64_t pieces, struct sums *sums)
{
	uint64_t count = 0;
	struct record_path prefix = record_path_of_number(RECORD_BANK_PIECE, file);
	struct record_bank_piece piece;
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(check->state, &prefix);
	for (; record_walk_next(&walk, &piece, sizeof piece); count++) {
		sums->lines += piece.lines;
		sums->credit += piece.credit;
		sums->debit += piece.debit;
	}
	TRY(walk.error);
	return count == pieces ? RECOURSE_OK
			       : check_wrong_entry(check, file, "F5: a piece of a bank's file is not there");
}

/* It stands in that file, and is of one of its days. */
static bool is_line_of(
	const struct record_bank_line *line, uint64_t entry, const struct record_bank_file *file)
{
	bool of_day = file->statement == 0 || (line->day >= file->first_day && line->day <= file->last_day);
	return line->stated != 0 && of_day && slice_equal(RECORD_TEXT(line->unit), unit_code(&file->unit)) &&
	       (file->statement != 0 ? line->statement : line->notice) == entry;
}

/* The lines of a file by their days, and, of a statement of several, what it says of each of these. */
struct file_lines {
	struct check_context *check;
	uint64_t entry;
	struct record_walk *days; /* NULL: it is of one day, or of none */
	uint64_t day;
	struct sums of_day;
	struct sums all;
};

static enum recourse_error end_day(struct file_lines *lines)
{
	struct record_bank_file_day row;
	const struct sums sums = lines->of_day;
	lines->of_day = (struct sums){.lines = 0};
	lines->all.lines += sums.lines;
	lines->all.credit += sums.credit;
	lines->all.debit += sums.debit;
	if (lines->days == NULL || sums.lines == 0)
		return RECOURSE_OK;
	bool said = record_walk_next(lines->days, &row, sizeof row) &&
		    lines->days->key.parts[1].number == lines->day &&
		    are(&sums, row.lines, row.credited, row.debited);
	TRY(lines->days->error);
	return said ? RECOURSE_OK
		    : check_wrong_entry(lines->check, lines->entry,
			      "F5: the lines of a day are not what their statement has of it");
}

static enum recourse_error add_line(struct file_lines *lines, const struct record_bank_line *line)
{
	if (line->day != lines->day)
		TRY(end_day(lines));
	lines->day = line->day;
	*(line->direction == BANK_CREDIT ? &lines->of_day.credit : &lines->of_day.debit) += line->amount;
	lines->of_day.lines++;
	return RECOURSE_OK;
}

static enum recourse_error sum_lines(
	struct file_lines *lines, slice custodian, const struct record_bank_file *record)
{
	struct record_path prefix = record_path_of_number(RECORD_BANK_LINE_FILE, lines->entry);
	struct record_bank_line line;
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(lines->check->state, &prefix);
	while (record_walk_next(&walk, NULL, 0)) {
		struct record_path path =
			record_path_of_texts(RECORD_BANK_LINE, custodian, walk.key.parts[2].text);
		bool there;
		TRY(record_get_optional(lines->check->state, &path, &line, sizeof line, &there));
		if (!there || !is_line_of(&line, lines->entry, record))
			return check_wrong_entry(lines->check, lines->entry,
				"F5: a line of a bank's file is not its custodian's, or of another day");
		TRY(add_line(lines, &line));
	}
	return walk.error;
}

static bool is_of_days(const struct record_bank_file *file)
{
	return file->statement != 0 && file->first_day != file->last_day;
}

/* Each of its days has lines, and no row is of another. */
static enum recourse_error sum_days(
	struct file_lines *lines, slice custodian, const struct record_bank_file *record)
{
	struct record_path prefix = record_path_of_number(RECORD_BANK_FILE_DAY, lines->entry);
	SCOPED(record_walk_end) struct record_walk days = record_walk_over(lines->check->state, &prefix);
	lines->days = is_of_days(record) ? &days : NULL;
	TRY(sum_lines(lines, custodian, record));
	TRY(end_day(lines));
	bool more = record_walk_next(&days, NULL, 0);
	TRY(days.error);
	return !more ? RECOURSE_OK
		     : check_wrong_entry(lines->check, lines->entry,
			       "F5: a statement has something of a day without a line");
}

static enum recourse_error look_at_sums(
	struct check_context *check, const struct check_row *row, const struct record_bank_file *file)
{
	struct sums pieces = {.lines = 0};
	struct file_lines lines = {.check = check, .entry = row->entry};
	slice custodian;
	TRY(party_name(check->state, check->arena, file->custodian, &custodian));
	TRY(sum_pieces(check, row->entry, file->pieces, &pieces));
	TRY(check_that(check, row, are(&pieces, file->lined, file->credited, file->debited),
		"F5: the pieces of a bank's file are not what is in of it"));
	TRY(check_that(check, row,
		file->lined <= file->lines && file->credited <= file->credit && file->debited <= file->debit,
		"F5: more is in of a bank's file than it has"));
	TRY(check_that(check, row,
		file->state != BANK_FILE_WHOLE || are(&pieces, file->lines, file->credit, file->debit),
		"F5: a bank's file was ended and is not whole"));
	if (file->state == BANK_FILE_GIVEN_UP || is_word(file->kind))
		return RECOURSE_OK;
	TRY(sum_days(&lines, custodian, file));
	return check_that(check, row, are(&lines.all, file->lined, file->credited, file->debited),
		"F5: the lines that stand in a bank's file are not what is in of it");
}

static enum recourse_error is_named(
	struct check_context *check, const struct record_path *path, uint64_t file, bool *named)
{
	uint64_t entry;
	TRY(record_get_optional(check->state, path, &entry, sizeof entry, NULL));
	*named = entry == file;
	return RECOURSE_OK;
}

/* Once: by its bytes, its id and its number. */
static enum recourse_error look_at_names(
	struct check_context *check, const struct check_row *row, const struct record_bank_file *file)
{
	char hex[2 * CRYPTO_HASH_SIZE + 1];
	slice custodian;
	bool named[3] = {false, false, true};
	text_to_hex(file->hash, sizeof file->hash, hex);
	TRY(party_name(check->state, check->arena, file->custodian, &custodian));
	struct record_path path = record_path_of_texts(RECORD_BANK_FILE_HASH, custodian, slice_text(hex));
	TRY(is_named(check, &path, row->entry, &named[0]));
	path = bank_file_name_path(custodian, RECORD_TEXT(file->file));
	TRY(is_named(check, &path, row->entry, &named[1]));
	path = bank_file_number_path(
		RECORD_BANK_FILE_NUMBER, custodian, unit_code(&file->unit), file->kind, file->number);
	if (file->number != 0)
		TRY(is_named(check, &path, row->entry, &named[2]));
	bool stands = file->state != BANK_FILE_GIVEN_UP;
	return check_that(check, row,
		stands ? named[0] && named[1] && named[2]
		       : !named[0] && !named[1] && (file->number == 0 || !named[2]),
		"F5: a bank's file is not found by its bytes, id and number, or one that was given up is");
}

/* What its kind can say, and how far it is by its entries. */
static enum recourse_error look_at_kind(
	struct check_context *check, const struct check_row *row, const struct record_bank_file *file)
{
	bool moves = file->credit != 0 || file->debit != 0;
	bool statement = file->statement != 0;
	bool days = statement ? file->first_day <= file->last_day && file->kind != BANK_FILE_PAIN002
			      : file->first_day == 0 && file->last_day == 0 && file->opening == 0 &&
					file->closing == 0 && file->kind != BANK_FILE_CAMT053;
	TRY(check_that(check, row, days && (!moves || (file->lines > 0 && file->kind != BANK_FILE_PAIN002)),
		"F5: a bank's file says what one of its kind does not"));
	bool ended = file->ended_entry > row->entry;
	bool given_up = file->given_up_entry > row->entry;
	bool none = file->given_up_entry == 0;
	bool stands = file->state == BANK_FILE_OPEN    ? file->ended_entry == 0 && none
		      : file->state == BANK_FILE_WHOLE ? ended && none
						       : given_up && (ended || file->ended_entry == 0);
	return check_that(check, row, stands && (file->late_entry == 0 || file->late_entry > row->entry),
		"F5: a bank's file is not how far its entries are");
}

enum { HOURS_MAX = 8760 }; /* that bank_file_hours can be */

static enum recourse_error look_at_file(struct check_context *check, const struct check_row *row)
{
	const struct record_bank_file *file = row->record;
	bool open = file->state == BANK_FILE_OPEN;
	TRY(look_at_sums(check, row, file));
	TRY(look_at_names(check, row, file));
	TRY(look_at_kind(check, row, file));
	TRY(check_that(check, row,
		file->statement == 0 || (__int128)file->opening + file->credit - file->debit == file->closing,
		"F5: a statement does not come to what it closes with"));
	bool due = file->clock > file->time && file->clock <= file->time + HOURS_MAX * INSTANT_HOUR;
	return check_that(check, row, open && file->late_entry == 0 ? due : file->clock == 0,
		"E3: a bank's file that is not whole has no clock, or one that is has");
}

static enum recourse_error look_at_piece(struct check_context *check, const struct check_row *row)
{
	const struct record_bank_piece *piece = row->record;
	uint64_t number = row->key->parts[1].number;
	struct record_path path = bank_file_path(row->key->parts[0].number);
	struct record_bank_file file;
	bool there;
	TRY(record_get_optional(check->state, &path, &file, sizeof file, &there));
	TRY(check_that(check, row, there && number >= 1 && number <= file.pieces,
		"F5: a piece of a bank's file is beyond those that are in"));
	return check_that(check, row,
		piece->stated == (is_word(file.kind) ? 0 : piece->lines) &&
			piece->credited == piece->credit && piece->debited == piece->debit,
		"F5: a piece of a bank's file did not bring what it said");
}

/* Its file is a statement of several days, and this is one of them; what it comes to is looked at with the file's lines. */
static enum recourse_error look_at_day(struct check_context *check, const struct check_row *row)
{
	uint64_t day = row->key->parts[1].number;
	struct record_path path = bank_file_path(row->key->parts[0].number);
	struct record_bank_file file;
	bool there;
	TRY(record_get_optional(check->state, &path, &file, sizeof file, &there));
	return check_that(check, row,
		there && is_of_days(&file) && day >= file.first_day && day <= file.last_day,
		"F5: a day of a statement is of none");
}

/* The number before and the one behind, 0 where there is none; not asked of the rule, which lists what is missing by them. */
static enum recourse_error find_sides(
	struct check_context *check, const struct check_row *row, struct gap_sides *sides)
{
	uint64_t number = row->key->parts[3].number;
	struct record_path prefix = record_path_of_texts(
		RECORD_BANK_FILE_NUMBER, row->key->parts[0].text, row->key->parts[1].text);
	record_path_short(&prefix, (uint32_t)row->key->parts[2].number);
	struct record_path from = prefix;
	record_path_number(&from, number);
	*sides = (struct gap_sides){.before = 0};
	SCOPED(record_walk_end)
	struct record_walk down = record_walk_from(check->state, &prefix, &from, STATE_DOWN);
	while (sides->before == 0 && record_walk_next(&down, NULL, 0))
		sides->before = down.key.parts[3].number < number ? down.key.parts[3].number : 0;
	TRY(down.error);
	SCOPED(record_walk_end)
	struct record_walk up = record_walk_from(check->state, &prefix, &from, STATE_UP);
	while (sides->behind == 0 && record_walk_next(&up, NULL, 0))
		sides->behind = up.key.parts[3].number > number ? up.key.parts[3].number : 0;
	return up.error;
}

/* What is missing before a number is a gap, and is the whole of it. */
static enum recourse_error look_at_number(struct check_context *check, const struct check_row *row)
{
	slice custodian = row->key->parts[0].text;
	slice unit = row->key->parts[1].text;
	uint32_t kind = (uint32_t)row->key->parts[2].number;
	uint64_t number = row->key->parts[3].number;
	const uint64_t *entry = row->record;
	struct record_path path = bank_file_path(*entry);
	struct record_bank_file file;
	struct record_bank_gap gap;
	struct gap_sides sides;
	bool there;
	TRY(record_get_optional(check->state, &path, &file, sizeof file, &there));
	TRY(check_that(check, row, there && file.number == number && file.kind == kind,
		"F5: a number of a bank's files is of none"));
	TRY(find_sides(check, row, &sides));
	path = bank_file_number_path(RECORD_BANK_GAP, custodian, unit, kind, sides.before + 1);
	TRY(record_get_optional(check->state, &path, &gap, sizeof gap, &there));
	bool missing = sides.before != 0 && sides.before + 1 < number;
	return check_that(check, row, there == missing && (!there || gap.last == number - 1),
		"F5: a number that is missing in a sequence of files is not listed");
}

/* Seen by the file that came behind it, or by the one that was given up in it. */
static enum recourse_error look_at_gap(struct check_context *check, const struct check_row *row)
{
	const struct record_bank_gap *gap = row->record;
	struct record_path path = bank_file_path(gap->entry);
	struct record_bank_file file;
	struct gap_sides sides;
	bool there;
	TRY(find_sides(check, row, &sides));
	TRY(check_that(check, row,
		sides.before == row->key->parts[3].number - 1 && sides.before != 0 &&
			sides.behind == gap->last + 1,
		"F5: a number that is listed as missing is there, or nothing is missing"));
	TRY(record_get_optional(check->state, &path, &file, sizeof file, &there));
	return check_that(check, row,
		(!there || gap->since == file.time) &&
			(gap->explained_entry == 0 || gap->explained_entry > gap->entry),
		"F5: a number is missing since another time than that of its entry");
}

static const struct check rows[] = {
	{.table = RECORD_BANK_FILE, .look = look_at_file},
	{.table = RECORD_BANK_PIECE,
		.entry = offsetof(struct record_bank_piece, entry),
		.look = look_at_piece},
	{.table = RECORD_BANK_FILE_DAY, .look = look_at_day},
	{.table = RECORD_BANK_FILE_NUMBER, .look = look_at_number},
	{.table = RECORD_BANK_GAP, .entry = offsetof(struct record_bank_gap, entry), .look = look_at_gap},
};
const struct check_group bank_file_check_rows = CHECK_GROUP(rows);
