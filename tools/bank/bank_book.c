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

enum { LIFETIME_S = 300, ATTEMPTS_MAX = 8, PAUSE_MS = 200, HASH_SHOWN = 24, REQUESTS = 3 };

static enum exit_code say_error(const struct bank_book *book, enum recourse_error error)
{
	return error == RECOURSE_IO ? spool_say(book->path) : output_error(error, NULL, book->path);
}

/* ---- a request ---- */

/* On its way, or to be: signed once, and sent again as it is while nobody knows what became of it. */
struct request {
	char what[80];
	uint64_t commands;
	struct buffer maps; /* one behind the other */
	struct recourse_bytes message;
	struct recourse_pending *pending; /* NULL: there is no answer to wait for */
	bool first;                       /* all before it were in when it was sent */
};

static void forget_reply(struct request *request)
{
	struct recourse_bytes reply = {0};
	struct recourse_refusal refusal;
	if (request->pending != NULL)
		(void)recourse_client_wait(request->pending, &reply, &refusal);
	request->pending = NULL;
	recourse_bytes_free(&reply);
}

static void free_request(struct request *request)
{
	forget_reply(request);
	recourse_bytes_free(&request->message);
	buffer_free(&request->maps);
	*request = (struct request){.commands = 0};
}

/* "piece 2, bank.line l-7 refused: …": which of its commands it was, by what a person knows it. */
static void keep_refused(struct bank_book *book, const struct request *request, uint64_t index,
	const struct recourse_refusal *refusal)
{
	slice rest = buffer_slice(&request->maps);
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
	book->refused = true;
	book->refusal = *refusal;
	snprintf(book->what, sizeof book->what, "%s, %.*s %.*s", request->what, SLICE_ARGUMENTS(name),
		SLICE_ARGUMENTS(of));
}

/* What was refused of it, and where; the others were aborted. */
struct refused {
	bool any;
	uint64_t index;
	struct recourse_refusal refusal;
};

static enum recourse_error see(void *context, const struct outcome_result *result)
{
	struct refused *refused = context;
	if (result->refused && result->refusal.error != RECOURSE_ABORTED && !refused->any)
		*refused = (struct refused){true, result->index, result->refusal};
	return RECOURSE_OK;
}

static enum recourse_error sign(const struct bank_book *book, struct request *request)
{
	SCOPED(buffer_free) struct buffer all = {0};
	char id[UUID_TEXT_SIZE];
	uuid_make(moment_now() / 1000000, id);
	item_write_array(&all, request->commands);
	buffer_append(&all, request->maps.data, request->maps.size);
	if (buffer_failed(&all) || buffer_failed(&request->maps))
		return RECOURSE_MEMORY;
	const struct recourse_submission submission = {.request_id = id,
		.mode = RECOURSE_MODE_ALL,
		.brief = true,
		.expires = moment_now() + LIFETIME_S * INSTANT_SECOND,
		.commands = buffer_slice(&all)};
	recourse_bytes_free(&request->message);
	return recourse_client_sign_submission(book->client, &submission, &request->message);
}

static enum recourse_error launch(const struct bank_book *book, struct request *request)
{
	slice message = slice_of(request->message.data, request->message.size);
	return recourse_client_send(book->client, message, &request->pending);
}

/* The same message again has the same answer, so that an answer that was lost is asked for. */
static enum recourse_error wait_for(const struct bank_book *book, struct request *request,
	struct recourse_bytes *reply, struct recourse_refusal *refusal)
{
	enum recourse_error error = RECOURSE_CONNECTION;
	for (unsigned attempt = 1;; attempt++) {
		refusal_clear(refusal);
		if (request->pending == NULL)
			error = launch(book, request);
		if (request->pending != NULL)
			error = recourse_client_wait(request->pending, reply, refusal);
		request->pending = NULL;
		if (!recourse_error_retry(error) || attempt == ATTEMPTS_MAX)
			return error;
		moment_sleep((uint64_t)PAUSE_MS << (attempt - 1));
	}
}

static enum exit_code take_reply(slice reply, struct request *request, struct refused *refused)
{
	struct outcome outcome;
	if (outcome_read(reply, &outcome) != RECOURSE_OK ||
		outcome_each(&outcome, see, refused) != RECOURSE_OK)
		return output_error(RECOURSE_MALFORMED, NULL, "reading the reply");
	return outcome.accepted == request->commands ? EXIT_CODE_OK : EXIT_CODE_REFUSED;
}

/* It overtook the piece before it, and was refused for that: it comes again. */
static bool is_early(const struct request *request, const struct recourse_refusal *refusal)
{
	return !request->first && refusal->error == RECOURSE_NOT_PERMITTED &&
	       strcmp(refusal->field, "piece") == 0;
}

/* All that were sent before it are in. */
static enum exit_code land(struct bank_book *book, struct request *request, bool *early)
{
	SCOPED(recourse_bytes_free) struct recourse_bytes reply = {0};
	struct refused refused = {.any = false};
	struct recourse_refusal refusal;
	enum recourse_error error = wait_for(book, request, &reply, &refusal);
	if (error == RECOURSE_OK) {
		enum exit_code code = take_reply(slice_of(reply.data, reply.size), request, &refused);
		if (code != EXIT_CODE_REFUSED || !refused.any)
			return code;
	} else if (refusal.command < 0) {
		return output_error(error, &refusal, request->what);
	} else {
		refused = (struct refused){true, (uint64_t)refusal.command, refusal};
	}
	*early = is_early(request, &refused.refusal);
	if (!*early)
		keep_refused(book, request, refused.index, &refused.refusal);
	return exit_code_of(refused.refusal.error);
}

/* One alone. */
static enum exit_code send(struct bank_book *book, const char *what, struct buffer *maps)
{
	struct request request = {.commands = 1, .maps = *maps, .first = true};
	bool early;
	*maps = (struct buffer){0};
	snprintf(request.what, sizeof request.what, "%s", what);
	enum recourse_error error = sign(book, &request);
	enum exit_code code = error == RECOURSE_OK ? land(book, &request, &early) : say_error(book, error);
	free_request(&request);
	return code;
}

/* ---- begin, pieces, end ---- */

static void name_file(const struct bank_book *book, char name[static BANK_ITEM_TEXT_SIZE])
{
	char hash[2 * CRYPTO_HASH_SIZE + 1];
	const struct bank_statement *statement = &book->plan->statement;
	if (bank_ledger_is_open(&book->stands))
		memcpy(name, book->stands.file, BANK_ITEM_TEXT_SIZE);
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

static enum exit_code begin(struct bank_book *book, const char *name)
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
	enum exit_code code = send(book, "bank_file.begin", &map);
	if (code == EXIT_CODE_OK)
		book->stands = (struct bank_ledger_file){.found = true, .state = "open"};
	return code;
}

/* Pieces on their way, and where the next one stands. */
struct flight {
	uint64_t at;
	uint64_t number; /* of the piece before that */
	struct buffer commands;
	struct request requests[REQUESTS];
};

/* What it says of itself, and behind that its commands. */
static void write_piece(const struct bank_book *book, const char *name, const struct bank_piece *piece,
	uint64_t number, struct buffer *maps)
{
	const struct unit *unit = &book->plan->unit;
	struct item_map open = item_map_open(maps);
	item_write_pair_text(maps, "command", slice_text("bank_file.piece"));
	item_write_pair_text(maps, "file", slice_text(name));
	item_write_pair_integer(maps, "piece", (int64_t)number);
	item_write_pair_integer(maps, "lines", (int64_t)piece->lines);
	write_sum(maps, "credit", unit, piece->credit);
	write_sum(maps, "debit", unit, piece->debit);
	item_map_close(open, maps);
}

/* The next piece that is not in is signed and sent; false behind the last one. */
static bool send_piece(const struct bank_book *book, const char *name, struct flight *flight,
	struct request *request, enum recourse_error *error)
{
	struct bank_pieces *pieces = &book->plan->pieces;
	struct bank_piece piece;
	do {
		if (!bank_pieces_next(pieces, &flight->at, &piece, &flight->commands)) {
			*error = pieces->fault;
			return false;
		}
		flight->number++;
	} while (flight->number <= pieces->done);
	*request = (struct request){.commands = piece.commands + 1};
	snprintf(request->what, sizeof request->what, "piece %" PRIu64, flight->number);
	write_piece(book, name, &piece, flight->number, &request->maps);
	buffer_append(&request->maps, flight->commands.data, flight->commands.size);
	*error = sign(book, request);
	if (*error == RECOURSE_OK)
		(void)launch(book, request); /* if it does not leave, it is sent when its turn comes */
	else
		free_request(request);
	return *error == RECOURSE_OK;
}

/* One was early, so that all behind it were refused as well: they come again in their order. */
static enum exit_code send_again(
	const struct bank_book *book, struct flight *flight, uint64_t landed, uint64_t sent)
{
	enum recourse_error error = RECOURSE_OK;
	for (uint64_t index = landed; index < sent; index++) {
		struct request *request = &flight->requests[index % REQUESTS];
		forget_reply(request);
		request->first = index == landed;
		if (error == RECOURSE_OK)
			error = sign(book, request);
	}
	for (uint64_t index = landed; error == RECOURSE_OK && index < sent; index++)
		(void)launch(book, &flight->requests[index % REQUESTS]);
	return error == RECOURSE_OK ? EXIT_CODE_OK : say_error(book, error);
}

static enum exit_code land_first(
	struct bank_book *book, struct flight *flight, uint64_t *landed, uint64_t sent)
{
	struct request *request = &flight->requests[*landed % REQUESTS];
	bool early = false;
	enum exit_code code = land(book, request, &early);
	if (early)
		return send_again(book, flight, *landed, sent);
	free_request(request);
	++*landed;
	book->stands.pieces += code == EXIT_CODE_OK;
	return code;
}

static enum exit_code send_pieces(struct bank_book *book, const char *name)
{
	struct flight flight = {.at = 0};
	enum exit_code code = EXIT_CODE_OK;
	enum recourse_error error = RECOURSE_OK;
	uint64_t sent = 0;
	uint64_t landed = 0;
	bool more = true;
	while (code == EXIT_CODE_OK && (more || landed < sent)) {
		while (more && sent - landed < REQUESTS) {
			struct request *request = &flight.requests[sent % REQUESTS];
			more = send_piece(book, name, &flight, request, &error);
			request->first = landed == sent;
			sent += more;
		}
		if (landed < sent)
			code = land_first(book, &flight, &landed, sent);
	}
	/* what is still on its way is waited for: no piece is taken behind one that was refused */
	for (; landed < sent; landed++)
		free_request(&flight.requests[landed % REQUESTS]);
	buffer_free(&flight.commands);
	return code == EXIT_CODE_OK && error != RECOURSE_OK ? say_error(book, error) : code;
}

static enum exit_code end(struct bank_book *book, const char *name)
{
	SCOPED(buffer_free) struct buffer map = {0};
	struct item_map open = item_map_open(&map);
	item_write_pair_text(&map, "command", slice_text("bank_file.end"));
	item_write_pair_text(&map, "file", slice_text(name));
	item_map_close(open, &map);
	return send(book, "bank_file.end", &map);
}

static bool comes_to(const struct unit *unit, amount_sum in, const char *left, amount_sum all)
{
	int64_t steps;
	return amount_parse(unit, slice_text(left), &steps) == RECOURSE_OK && in + steps == all;
}

/* What is in is what this would have sent: else another had cut it otherwise. */
static bool goes_on(const struct bank_book *book)
{
	const struct bank_plan *plan = book->plan;
	const struct bank_pieces *pieces = &plan->pieces;
	const struct bank_ledger_file *stands = &book->stands;
	return pieces->done <= pieces->count && pieces->done_lines + stands->lines_left == plan->lines &&
	       comes_to(&plan->unit, pieces->done_credit, stands->credit_left, plan->credit) &&
	       comes_to(&plan->unit, pieces->done_debit, stands->debit_left, plan->debit);
}

static void say_next(void)
{
	output_next("once that is mended, the same command again: it goes on behind the pieces that are in");
}

enum exit_code bank_book_send(struct bank_book *book)
{
	char name[BANK_ITEM_TEXT_SIZE];
	bool open = bank_ledger_is_open(&book->stands);
	enum exit_code code = EXIT_CODE_OK;
	name_file(book, name);
	if (open && !goes_on(book)) {
		output_problem("%s was begun by entry %" PRIu64 " in other pieces than these [NOT_PERMITTED]",
			book->path, book->stands.entry);
		output_next("who began it ends it, or two people give it up: bank_file.give_up");
		return EXIT_CODE_REFUSED;
	}
	if (!open)
		code = begin(book, name);
	if (code == EXIT_CODE_OK)
		code = send_pieces(book, name);
	if (code == EXIT_CODE_OK)
		code = end(book, name);
	if (code != EXIT_CODE_OK && !book->refused)
		say_next();
	return code;
}

void bank_book_say(const struct bank_book *book)
{
	output_error(book->refusal.error, &book->refusal, book->what);
	say_next();
}
