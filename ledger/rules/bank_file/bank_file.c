/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/bank_file/bank_file.h"

const char *const bank_file_kinds[] = {"camt053", "camt054", "pain002", "csv", "wechat", "alipay", NULL};
const char *const bank_file_states[] = {"open", "whole", "given-up", NULL};

struct record_path bank_file_path(uint64_t entry)
{
	return record_path_of_number(RECORD_BANK_FILE, entry);
}

struct record_path bank_file_name_path(slice custodian, slice file)
{
	return record_path_of_texts(RECORD_BANK_FILE_NAME, custodian, file);
}

static struct record_path hash_path(slice custodian, const uint8_t hash[static CRYPTO_HASH_SIZE])
{
	char hex[2 * CRYPTO_HASH_SIZE + 1];
	text_to_hex(hash, CRYPTO_HASH_SIZE, hex);
	return record_path_of_texts(RECORD_BANK_FILE_HASH, custodian, slice_text(hex));
}

struct record_path bank_file_number_path(
	enum record_table table, slice custodian, slice unit, uint32_t kind, uint64_t number)
{
	struct record_path path = record_path_of_texts(table, custodian, unit);
	record_path_short(&path, kind);
	record_path_number(&path, number);
	return path;
}

enum recourse_error bank_file_owner(struct query *query, uint32_t *owner)
{
	struct record_control control;
	struct record_party own;
	TRY(authority_read(query->state, &control));
	*owner = (uint32_t)control.suspense_owner;
	if (*owner != 0)
		return RECOURSE_OK;
	TRY(party_own(query->state, query->arena, &own));
	*owner = own.number;
	return RECOURSE_OK;
}

/* ---- bank_file.begin ---- */

enum {
	BEGIN_FILE,
	BEGIN_KIND,
	BEGIN_HASH,
	BEGIN_NUMBER,
	BEGIN_UNIT,
	BEGIN_LINES,
	BEGIN_CREDIT,
	BEGIN_DEBIT,
	BEGIN_OPENING,
	BEGIN_OPENING_SIDE,
	BEGIN_CLOSING,
	BEGIN_CLOSING_SIDE,
	BEGIN_FIRST_DAY,
	BEGIN_LAST_DAY,
};
enum { LINES_MAX = 10000000 };
static const struct recourse_field begin_fields[] = {
	[BEGIN_FILE] = FIELD_FOREIGN("file", "its own id: of a statement, a notice or a message"),
	[BEGIN_KIND] = FIELD_CHOICE("kind", bank_file_kinds, "what it is"),
	[BEGIN_HASH] = FIELD(HASH, "hash", "SHA-256 of its bytes"),
	[BEGIN_NUMBER] = FIELD_WITH(INTEGER, "number", "in the sequence of its account, if it has one",
		.optional = true, .minimum = 1, .maximum = INT64_MAX - 1, .preset = -1),
	[BEGIN_UNIT] = FIELD(UNIT, "unit", "currency of the account"),
	[BEGIN_LINES] = FIELD_INTEGER("lines", 0, LINES_MAX, "how many it has"),
	[BEGIN_CREDIT] = FIELD(AMOUNT, "credit", "all that came in by them; 0.00: nothing"),
	[BEGIN_DEBIT] = FIELD(AMOUNT, "debit", "all that went out by them"),
	[BEGIN_OPENING] = FIELD_OPTIONAL(AMOUNT, "opening", "what the account held before them"),
	[BEGIN_OPENING_SIDE] = FIELD_OPTIONAL_CHOICE(
		"opening_side", bank_line_direction_names, "debit: so much overdrawn; credit if absent"),
	[BEGIN_CLOSING] = FIELD_OPTIONAL(AMOUNT, "closing", "and behind them: all four agree"),
	[BEGIN_CLOSING_SIDE] = FIELD_OPTIONAL_CHOICE(
		"closing_side", bank_line_direction_names, "debit: so much overdrawn; credit if absent"),
	[BEGIN_FIRST_DAY] = FIELD_OPTIONAL_DAY("first_day", "of a statement: 2016-05-04"),
	[BEGIN_LAST_DAY] = FIELD_OPTIONAL_DAY("last_day", "of a statement, with it"),
};

static enum recourse_error read_balance(struct decision *decision, const char *field,
	const struct value *amount, const struct value *side, const struct unit *unit, int64_t *steps)
{
	TRY(decision_amount_or_zero(decision, field, amount->text, unit, steps));
	if (side->present && side->integer == BANK_DEBIT)
		*steps = -*steps;
	return RECOURSE_OK;
}

/* A statement says all of it: what the account held before and behind, and on which days. A notice says none of it. */
static enum recourse_error read_statement(
	struct decision *decision, const struct value *values, struct record_bank_file *file)
{
	static const unsigned all[] = {BEGIN_OPENING, BEGIN_CLOSING, BEGIN_FIRST_DAY, BEGIN_LAST_DAY};
	size_t said = 0;
	for (size_t index = 0; index < sizeof all / sizeof all[0]; index++)
		said += values[all[index]].present;
	if (!piece_is_of_money(file) ? said > 0 : said != 0 && said != sizeof all / sizeof all[0])
		return refuse(decision, RECOURSE_FIELD_LIMIT, "opening",
			"with closing, first_day and last_day; of a file that moves money");
	if (said == 0)
		return file->kind == BANK_FILE_CAMT053
			       ? refuse(decision, RECOURSE_FIELD_LIMIT, "opening", "said by a camt053")
			       : RECOURSE_OK;
	file->statement = 1;
	TRY(read_balance(decision, "opening", &values[BEGIN_OPENING], &values[BEGIN_OPENING_SIDE],
		&file->unit, &file->opening));
	TRY(read_balance(decision, "closing", &values[BEGIN_CLOSING], &values[BEGIN_CLOSING_SIDE],
		&file->unit, &file->closing));
	TRY(attest_day(decision, "first_day", values[BEGIN_FIRST_DAY].text, &file->first_day));
	TRY(attest_day(decision, "last_day", values[BEGIN_LAST_DAY].text, &file->last_day));
	if (file->last_day < file->first_day)
		return refuse(decision, RECOURSE_FIELD_LIMIT, "last_day", "not before first_day");
	if ((__int128)file->opening + file->credit - file->debit != file->closing)
		return refuse(decision, RECOURSE_NOT_PERMITTED, "closing", "opening + credit - debit");
	return RECOURSE_OK;
}

static enum recourse_error read_file(
	struct decision *decision, const struct value *values, struct record_bank_file *file)
{
	struct record_control control;
	TRY(authority_read(decision->state, &control));
	*file = (struct record_bank_file){.lines = (uint64_t)values[BEGIN_LINES].integer,
		.number = values[BEGIN_NUMBER].present ? (uint64_t)values[BEGIN_NUMBER].integer : 0,
		.time = decision->time,
		.clock = decision->time + control.file_hours * INSTANT_HOUR,
		.custodian = decision->actor->party_number,
		.kind = (uint32_t)values[BEGIN_KIND].integer};
	memcpy(file->hash, values[BEGIN_HASH].text.data, sizeof file->hash);
	record_text_set(file->file, sizeof file->file, values[BEGIN_FILE].text);
	TRY(decision_unit(decision, "unit", values[BEGIN_UNIT].text, &file->unit));
	TRY(decision_amount_or_zero(
		decision, "credit", values[BEGIN_CREDIT].text, &file->unit, &file->credit));
	TRY(decision_amount_or_zero(decision, "debit", values[BEGIN_DEBIT].text, &file->unit, &file->debit));
	bool moves = file->credit != 0 || file->debit != 0;
	if (moves && (file->lines == 0 || !piece_is_of_money(file)))
		return refuse(decision, RECOURSE_NOT_PERMITTED, file->credit != 0 ? "credit" : "debit",
			"0: nothing moves in this file");
	return read_statement(decision, values, file);
}

/* Each counts once for a custodian: its bytes, its id, its number. */
static enum recourse_error take_places(struct decision *decision, const struct record_bank_file *file)
{
	slice custodian = decision->actor->party;
	struct record_path path = hash_path(custodian, file->hash);
	TRY(decision_once(decision, "hash", &path));
	path = bank_file_name_path(custodian, RECORD_TEXT(file->file));
	TRY(decision_once(decision, "file", &path));
	if (file->number == 0)
		return RECOURSE_OK;
	path = bank_file_number_path(
		RECORD_BANK_FILE_NUMBER, custodian, unit_code(&file->unit), file->kind, file->number);
	TRY(decision_once(decision, "number", &path));
	return gap_join(decision, custodian, file);
}

static enum recourse_error apply_begin(struct decision *decision, const struct value *values)
{
	struct record_path path = bank_file_path(decision->entry);
	struct record_bank_file file;
	TRY(read_file(decision, values, &file));
	TRY(take_places(decision, &file));
	TRY(decision_put(decision, &path, &file, sizeof file));
	return decision_about(decision, RECORD_PARTY, decision->actor->party);
}

/* ---- what was begun ---- */

/* The actor's: another custodian's is as if it were not there (I3). */
static enum recourse_error find_open(
	struct decision *decision, slice name, uint64_t *entry, struct record_bank_file *file)
{
	struct record_path path = bank_file_name_path(decision->actor->party, name);
	TRY(decision_find(decision, "file", &path, entry, sizeof *entry));
	path = bank_file_path(*entry);
	TRY(record_get_named(decision->state, &path, file, sizeof *file));
	return file->state == BANK_FILE_OPEN
		       ? RECOURSE_OK
		       : refuse_entry(decision, RECOURSE_STATE_WRONG, "file", file->ended_entry);
}

/* ---- bank_file.piece ---- */

enum { PIECE_FILE, PIECE_PIECE, PIECE_LINES, PIECE_CREDIT, PIECE_DEBIT };
static const struct recourse_field piece_fields[] = {
	[PIECE_FILE] = FIELD_FOREIGN("file", "that was begun"),
	[PIECE_PIECE] = FIELD_INTEGER("piece", 1, UINT32_MAX, "1, 2, 3 and so on"),
	[PIECE_LINES] = FIELD_INTEGER("lines", 0, LINES_MAX, "that the rest of its request states"),
	[PIECE_CREDIT] = FIELD(AMOUNT, "credit", "what came in by them"),
	[PIECE_DEBIT] = FIELD(AMOUNT, "debit", "what went out by them"),
};

/* In order, once each. */
static enum recourse_error look_at_number(
	struct decision *decision, uint64_t entry, const struct record_bank_file *file, uint64_t number)
{
	struct record_path path = piece_path(entry, number);
	struct record_bank_piece piece;
	if (number > file->pieces + 1)
		return refuse_limit(decision, RECOURSE_NOT_PERMITTED, "piece", "%u", file->pieces + 1);
	if (number > file->pieces)
		return RECOURSE_OK;
	TRY(record_get_named(decision->state, &path, &piece, sizeof piece));
	return refuse_entry(decision, RECOURSE_EXISTS, "piece", piece.entry);
}

/* Of the file, so much is in with it. */
static enum recourse_error add_piece(
	struct decision *decision, const struct record_bank_piece *piece, struct record_bank_file *file)
{
	const struct unit *unit = &file->unit;
	uint64_t lines = file->lines - file->lined;
	int64_t credit = file->credit - file->credited;
	int64_t debit = file->debit - file->debited;
	if (piece->lines > lines)
		return refuse_limit(
			decision, RECOURSE_INSUFFICIENT, "lines", "%llu", (unsigned long long)lines);
	if (piece->credit > credit)
		return refuse_amount(decision, RECOURSE_INSUFFICIENT, "credit", unit, piece->credit, credit);
	if (piece->debit > debit)
		return refuse_amount(decision, RECOURSE_INSUFFICIENT, "debit", unit, piece->debit, debit);
	file->lined += piece->lines;
	file->credited += piece->credit;
	file->debited += piece->debit;
	file->pieces++;
	return RECOURSE_OK;
}

static enum recourse_error apply_piece(struct decision *decision, const struct value *values)
{
	uint64_t number = (uint64_t)values[PIECE_PIECE].integer;
	struct record_bank_piece piece = {
		.entry = decision->entry, .lines = (uint64_t)values[PIECE_LINES].integer};
	struct record_bank_file file;
	uint64_t entry;
	TRY(find_open(decision, values[PIECE_FILE].text, &entry, &file));
	TRY(decision_amount_or_zero(
		decision, "credit", values[PIECE_CREDIT].text, &file.unit, &piece.credit));
	TRY(decision_amount_or_zero(decision, "debit", values[PIECE_DEBIT].text, &file.unit, &piece.debit));
	TRY(look_at_number(decision, entry, &file, number));
	TRY(add_piece(decision, &piece, &file));
	if (!decision->first || decision->each)
		return refuse(decision, RECOURSE_NOT_PERMITTED, "piece", "first in a request of mode all");
	struct record_path path = piece_path(entry, number);
	TRY(decision_put(decision, &path, &piece, sizeof piece));
	path = bank_file_path(entry);
	TRY(decision_put(decision, &path, &file, sizeof file));
	decision->piece = (struct decision_piece){.file = entry, .number = number};
	return decision_about(decision, RECORD_PARTY, decision->actor->party);
}

enum recourse_error bank_file_request_decided(struct decision *decision)
{
	struct record_path path = piece_path(decision->piece.file, decision->piece.number);
	struct record_bank_piece piece;
	struct record_bank_file file;
	if (!piece_is(decision))
		return RECOURSE_OK;
	TRY(piece_file(decision, &file));
	TRY(record_get_named(decision->state, &path, &piece, sizeof piece));
	uint64_t others = decision->commands - 1;
	if (!piece_is_of_money(&file))
		return others <= piece.lines ? RECOURSE_OK
					     : refuse_limit(decision, RECOURSE_NOT_PERMITTED, "lines",
						       "at least %llu", (unsigned long long)others);
	if (piece.stated != piece.lines)
		return refuse_limit(
			decision, RECOURSE_NOT_PERMITTED, "lines", "%llu", (unsigned long long)piece.stated);
	if (piece.credited != piece.credit)
		return refuse_amount(
			decision, RECOURSE_NOT_PERMITTED, "credit", &file.unit, piece.credit, piece.credited);
	if (piece.debited != piece.debit)
		return refuse_amount(
			decision, RECOURSE_NOT_PERMITTED, "debit", &file.unit, piece.debit, piece.debited);
	return RECOURSE_OK;
}

/* ---- bank_file.end, bank_file.give_up ---- */

enum { END_FILE };
static const struct recourse_field end_fields[] = {
	[END_FILE] = FIELD_FOREIGN("file", "of which all pieces are in"),
};

static enum recourse_error apply_end(struct decision *decision, const struct value *values)
{
	struct record_bank_file file;
	uint64_t entry;
	TRY(find_open(decision, values[END_FILE].text, &entry, &file));
	if (file.lined != file.lines)
		return refuse_limit(decision, RECOURSE_INSUFFICIENT, "file", "all %llu lines",
			(unsigned long long)file.lines);
	if (file.credited != file.credit)
		return refuse_amount(
			decision, RECOURSE_INSUFFICIENT, "file", &file.unit, file.credit, file.credited);
	if (file.debited != file.debit)
		return refuse_amount(
			decision, RECOURSE_INSUFFICIENT, "file", &file.unit, file.debit, file.debited);
	struct record_path path = bank_file_path(entry);
	file.state = BANK_FILE_WHOLE;
	file.ended_entry = decision->entry;
	file.clock = 0;
	TRY(decision_put(decision, &path, &file, sizeof file));
	return decision_about(decision, RECORD_PARTY, decision->actor->party);
}

enum { GIVE_UP_ENTRY, GIVE_UP_REASON };
static const struct recourse_field give_up_fields[] = {
	[GIVE_UP_ENTRY] =
		FIELD_INTEGER("entry", 1, INT64_MAX, "that began what is none, or not as the bank has it"),
	[GIVE_UP_REASON] = FIELD(ID, "reason", "reason code, such as cut-off"),
};

/* By its entry: another file of that id is not meant. */
static enum recourse_error find_given_up(
	struct decision *decision, uint64_t entry, struct record_bank_file *file)
{
	struct record_path path = bank_file_path(entry);
	TRY(decision_find(decision, "entry", &path, file, sizeof *file));
	if (file->custodian != decision->actor->party_number)
		return refuse(decision, RECOURSE_NOT_FOUND, "entry", NULL);
	return file->state != BANK_FILE_GIVEN_UP
		       ? RECOURSE_OK
		       : refuse_entry(decision, RECOURSE_STATE_WRONG, "entry", file->given_up_entry);
}

/* What it booked stays booked; its bytes, id and number are free, and so are its lines for a file that has them as well. */
static enum recourse_error apply_give_up(struct decision *decision, const struct value *values)
{
	slice custodian = decision->actor->party;
	uint64_t entry = (uint64_t)values[GIVE_UP_ENTRY].integer;
	struct record_bank_file file;
	TRY(find_given_up(decision, entry, &file));
	struct record_path path = hash_path(custodian, file.hash);
	TRY(decision_remove(decision, &path));
	path = bank_file_name_path(custodian, RECORD_TEXT(file.file));
	TRY(decision_remove(decision, &path));
	if (file.number != 0) {
		path = bank_file_number_path(
			RECORD_BANK_FILE_NUMBER, custodian, unit_code(&file.unit), file.kind, file.number);
		TRY(decision_remove(decision, &path));
		TRY(gap_leave(decision, custodian, &file));
	}
	path = bank_file_path(entry);
	file.state = BANK_FILE_GIVEN_UP;
	file.given_up_entry = decision->entry;
	file.clock = 0;
	TRY(decision_put(decision, &path, &file, sizeof file));
	return decision_about(decision, RECORD_PARTY, custodian);
}

/* ---- the clock ---- */

enum recourse_error bank_file_is_late(struct decision *decision, slice subject)
{
	struct record_bank_file file;
	uint64_t entry;
	slice custodian;
	TRY(clock_subject_read_entry(decision, subject, &entry));
	struct record_path path = bank_file_path(entry);
	TRY(decision_find(decision, "subject", &path, &file, sizeof file));
	TRY(party_name(decision->state, decision->arena, file.custodian, &custodian));
	file.late_entry = decision->entry;
	decision_fact_text(decision, "custodian", custodian);
	decision_fact_text(decision, "file", RECORD_TEXT(file.file));
	decision_fact_integer(decision, "pieces", file.pieces);
	TRY(decision_put(decision, &path, &file, sizeof file));
	return decision_about(decision, RECORD_PARTY, custodian);
}

static const struct command rows[] = {
	COMMAND("bank_file.begin", RECOURSE_ROLE_CUSTODIAN, begin_fields, apply_begin,
		"the custodian begins a file of its bank: what it has, all together", RECOURSE_EXISTS,
		RECOURSE_NOT_PERMITTED, RECOURSE_WINDOW_CLOSED),
	COMMAND("bank_file.piece", RECOURSE_ROLE_CUSTODIAN, piece_fields, apply_piece,
		"the request is a piece of that file: its other commands bring just these lines",
		RECOURSE_EXISTS, RECOURSE_STATE_WRONG, RECOURSE_NOT_PERMITTED, RECOURSE_INSUFFICIENT),
	COMMAND("bank_file.end", RECOURSE_ROLE_CUSTODIAN, end_fields, apply_end, "all of the file is in",
		RECOURSE_STATE_WRONG, RECOURSE_INSUFFICIENT),
	COMMAND_CHECKED("bank_file.give_up", RECOURSE_ROLE_CUSTODIAN, 1, give_up_fields, apply_give_up,
		"a file that is none after all: the bank has another one of that number; another person "
		"approves",
		RECOURSE_STATE_WRONG),
};
const struct command_group bank_file_commands = COMMAND_GROUP(rows);
