/* SPDX-License-Identifier: Apache-2.0 */
#include "bank/bank_book.h"

#include "base/instant.h"
#include "base/item.h"
#include "base/refusal.h"
#include "base/text.h"
#include "base/try.h"
#include "bank/bank_amount.h"
#include "member.h"
#include "moment.h"
#include "outcome.h"
#include "output.h"
#include "uuid.h"

#include <inttypes.h>

enum { LIFETIME_S = 300, ATTEMPTS_MAX = 8, PAUSE_MS = 200, HASH_SHOWN = 24 };

/* ---- a request ---- */

struct request {
	const char *what;
	slice maps; /* its commands, one behind the other */
};

/* "piece 2, bank.line l-7 refused: …": which of its commands it was, by what a person knows it. */
static void say_refused(const struct request *request, uint64_t index, const struct recourse_refusal *refusal)
{
	char what[200];
	slice rest = request->maps;
	slice map = slice_of(NULL, 0);
	slice name = slice_text("a command");
	slice of = slice_text("");
	for (uint64_t count = 0; count <= index; count++) {
		if (item_read_whole(&rest, &map) != RECOURSE_OK)
			break;
	}
	(void)member_text(map, "command", &name);
	if (!member_text(map, "line", &of) && !member_text(map, "claim", &of))
		(void)member_text(map, "file", &of);
	snprintf(what, sizeof what, "%s, %.*s %.*s", request->what, SLICE_ARGUMENTS(name),
		SLICE_ARGUMENTS(of));
	output_error(refusal->error, refusal, what);
}

static enum recourse_error see(void *context, const struct outcome_result *result)
{
	if (result->refused && result->refusal.error != RECOURSE_ABORTED)
		say_refused(context, result->index, &result->refusal);
	return RECOURSE_OK;
}

static enum exit_code take_reply(slice reply, struct request *request, uint64_t commands)
{
	struct outcome outcome;
	if (outcome_read(reply, &outcome) != RECOURSE_OK ||
		outcome_each(&outcome, see, request) != RECOURSE_OK)
		return output_error(RECOURSE_MALFORMED, NULL, "reading the reply");
	return outcome.accepted == commands ? EXIT_CODE_OK : EXIT_CODE_REFUSED;
}

/* The same message again has the same answer, so that an answer that was lost is asked for. */
static enum recourse_error submit(const struct bank_book *book, const struct recourse_submission *submission,
	struct recourse_bytes *reply, struct recourse_refusal *refusal)
{
	enum recourse_error error;
	for (unsigned attempt = 1;; attempt++) {
		refusal_clear(refusal);
		error = recourse_client_submit(book->client, submission, reply, refusal);
		if (!recourse_error_retry(error) || attempt == ATTEMPTS_MAX)
			return error;
		moment_sleep((uint64_t)PAUSE_MS << (attempt - 1));
	}
}

/* `commands` maps, one behind the other. */
static enum exit_code send(const struct bank_book *book, const char *what, uint64_t commands, slice maps)
{
	SCOPED(buffer_free) struct buffer all = {0};
	SCOPED(recourse_bytes_free) struct recourse_bytes reply = {0};
	struct recourse_refusal refusal;
	char request[UUID_TEXT_SIZE];
	uuid_make(moment_now() / 1000000, request);
	item_write_array(&all, commands);
	buffer_append(&all, maps.data, maps.size);
	if (buffer_failed(&all))
		return output_error(RECOURSE_MEMORY, NULL, what);
	const struct recourse_submission submission = {.request_id = request,
		.mode = RECOURSE_MODE_ALL,
		.expires = moment_now() + LIFETIME_S * INSTANT_SECOND,
		.commands = buffer_slice(&all)};
	struct request sent = {.what = what, .maps = maps};
	enum recourse_error error = submit(book, &submission, &reply, &refusal);
	if (error == RECOURSE_OK)
		return take_reply(slice_of(reply.data, reply.size), &sent, commands);
	if (refusal.command < 0)
		return output_error(error, &refusal, what);
	say_refused(&sent, (uint64_t)refusal.command, &refusal);
	return exit_code_of(error);
}

/* ---- begin, pieces, end ---- */

static void name_file(const struct bank_book *book, char name[static BANK_ITEM_TEXT_SIZE])
{
	char hash[2 * CRYPTO_HASH_SIZE + 1];
	const struct bank_statement *statement = &book->plan->statement;
	if (book->before.found && strcmp(book->before.state, "open") == 0)
		memcpy(name, book->before.file, BANK_ITEM_TEXT_SIZE);
	else if (text_is_id(slice_text(statement->id)))
		memcpy(name, statement->id, BANK_ITEM_TEXT_SIZE);
	else {
		text_to_hex(book->reading->hash.bytes, sizeof book->reading->hash.bytes, hash);
		snprintf(name, BANK_ITEM_TEXT_SIZE, "sha256-%.*s", HASH_SHOWN, hash);
	}
}

static void write_sum(struct buffer *out, const char *name, const struct unit *unit, amount_sum steps)
{
	char text[AMOUNT_SUM_TEXT_SIZE];
	item_write_pair_text(out, name, slice_of(text, amount_format_sum(unit, steps, text)));
}

static void write_balance(
	struct buffer *out, const char *name, const char *side, const struct unit *unit, int64_t steps)
{
	write_sum(out, name, unit, steps < 0 ? -(amount_sum)steps : steps);
	if (steps < 0)
		item_write_pair_text(out, side, slice_text("debit"));
}

/* The first or the last of three days, of which some are not said. */
static const char *day_of(const char *const days[3], bool last)
{
	const char *found = "";
	for (size_t index = 0; index < 3; index++) {
		bool beyond = last ? strcmp(days[index], found) > 0 : strcmp(days[index], found) < 0;
		if (days[index][0] != '\0' && (found[0] == '\0' || beyond))
			found = days[index];
	}
	return found;
}

static void write_statement(struct buffer *out, const struct bank_plan *plan)
{
	const struct bank_statement *statement = &plan->statement;
	const char *const first[3] = {statement->from_day, statement->first_day, statement->closing_day};
	const char *const last[3] = {statement->from_day, statement->last_day, statement->closing_day};
	const char *day = day_of(first, false);
	if (!statement->has_opening || !statement->has_closing || day[0] == '\0')
		return;
	write_balance(out, "opening", "opening_side", &plan->unit, statement->opening);
	write_balance(out, "closing", "closing_side", &plan->unit, statement->closing);
	item_write_pair_text(out, "first_day", slice_text(day));
	item_write_pair_text(out, "last_day", slice_text(day_of(last, true)));
}

static enum exit_code begin(const struct bank_book *book, const char *name)
{
	SCOPED(buffer_free) struct buffer map = {0};
	uint64_t number;
	const struct bank_plan *plan = book->plan;
	struct item_map open = item_map_open(&map);
	item_write_pair_text(&map, "command", slice_text("bank_file.begin"));
	item_write_pair_text(&map, "file", slice_text(name));
	item_write_pair_text(&map, "kind", slice_text(bank_item_kind_of_file(book->reading->kind)));
	item_write_pair_hex(&map, "hash", book->reading->hash.bytes, sizeof book->reading->hash.bytes);
	if (bank_amount_read_count(slice_text(plan->statement.number), &number) == RECOURSE_OK && number > 0)
		item_write_pair_integer(&map, "number", (int64_t)number);
	item_write_pair_text(&map, "unit", unit_code(&plan->unit));
	item_write_pair_integer(&map, "lines", (int64_t)plan->lines);
	write_sum(&map, "credit", &plan->unit, plan->credit);
	write_sum(&map, "debit", &plan->unit, plan->debit);
	write_statement(&map, plan);
	item_map_close(open, &map);
	if (buffer_failed(&map))
		return output_error(RECOURSE_MEMORY, NULL, book->path);
	return send(book, "bank_file.begin", 1, buffer_slice(&map));
}

static enum exit_code send_piece(
	const struct bank_book *book, const char *name, const struct bank_plan_piece *piece, uint64_t number)
{
	SCOPED(buffer_free) struct buffer maps = {0};
	char what[80];
	const struct unit *unit = &book->plan->unit;
	struct item_map open = item_map_open(&maps);
	item_write_pair_text(&maps, "command", slice_text("bank_file.piece"));
	item_write_pair_text(&maps, "file", slice_text(name));
	item_write_pair_integer(&maps, "piece", (int64_t)number);
	item_write_pair_integer(&maps, "lines", (int64_t)piece->lines);
	write_sum(&maps, "credit", unit, piece->credit);
	write_sum(&maps, "debit", unit, piece->debit);
	item_map_close(open, &maps);
	buffer_append(&maps, book->plan->commands.data + piece->offset, piece->size);
	if (buffer_failed(&maps))
		return output_error(RECOURSE_MEMORY, NULL, book->path);
	snprintf(what, sizeof what, "piece %" PRIu64, number);
	return send(book, what, piece->commands + 1, buffer_slice(&maps));
}

static enum exit_code end(const struct bank_book *book, const char *name)
{
	SCOPED(buffer_free) struct buffer map = {0};
	struct item_map open = item_map_open(&map);
	item_write_pair_text(&map, "command", slice_text("bank_file.end"));
	item_write_pair_text(&map, "file", slice_text(name));
	item_map_close(open, &map);
	if (buffer_failed(&map))
		return output_error(RECOURSE_MEMORY, NULL, book->path);
	return send(book, "bank_file.end", 1, buffer_slice(&map));
}

/* What is in is what this would have sent: else another had cut it otherwise. */
static bool goes_on(const struct bank_book *book)
{
	size_t count;
	uint64_t lines = 0;
	const struct bank_plan_piece *pieces = bank_plan_pieces(book->plan, &count);
	for (size_t index = 0; index < count && index < book->before.pieces; index++)
		lines += pieces[index].lines;
	return book->before.pieces <= count && lines + book->before.lines_left == book->plan->lines;
}

enum exit_code bank_book_send(const struct bank_book *book)
{
	char name[BANK_ITEM_TEXT_SIZE];
	size_t count;
	const struct bank_plan_piece *pieces = bank_plan_pieces(book->plan, &count);
	bool open = book->before.found && strcmp(book->before.state, "open") == 0;
	enum exit_code code = EXIT_CODE_OK;
	name_file(book, name);
	if (open && !goes_on(book)) {
		output_problem("%s was begun by entry %" PRIu64 " in other pieces than these [NOT_PERMITTED]",
			book->path, book->before.entry);
		output_next("who began it ends it, or two people give it up: bank_file.give_up");
		return EXIT_CODE_REFUSED;
	}
	if (!open)
		code = begin(book, name);
	for (uint64_t index = open ? book->before.pieces : 0; code == EXIT_CODE_OK && index < count; index++)
		code = send_piece(book, name, &pieces[index], index + 1);
	if (code == EXIT_CODE_OK)
		code = end(book, name);
	if (code != EXIT_CODE_OK)
		output_next("once that is mended, the same command again: it goes on behind the pieces that "
			    "are in");
	return code;
}
