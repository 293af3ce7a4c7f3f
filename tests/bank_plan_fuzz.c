/* SPDX-License-Identifier: Apache-2.0 */
#include "../tools/bank/bank_plan.h"
#include "base/item.h"
#include "base/text.h"
#include "fuzz.h"
#include "member.h"

#include <stdio.h>

/*
 * Items of a file as a parser hands them out, held against a ledger that is made up from their names: what is planned of
 * them holds together, is the same when it is planned again, and from any piece on when those before it are in.
 *
 * Eight bytes are some items; the two before all of them say what the file is, and what the ledger has.
 *
 * A report is of one file of a batch, the payments of which are PAYMENTS, less what is left of the last one: what it says of those that it
 * does not name is said of each of them, or of none.
 */
enum { BYTES = 8, FIRST = 2, ITEMS_MAX = 2200, PAYMENTS = 12, FILES = 2 };
static const char message_id[] = "000000000000000000000000000000FF";

/* ---- the ledger: asking.h by another hand ---- */

struct recourse_pending {
	struct buffer params;
	bool payments;
};
static uint8_t salt; /* even: what the file says fits, so that much of it is planned */

/* Of a name, the same each time: below `limit`. */
static unsigned draw(slice name, unsigned which, unsigned limit)
{
	unsigned sum = 2166136261u ^ salt ^ which << 8;
	for (size_t index = 0; index < name.size; index++)
		sum = (sum ^ name.data[index]) * 16777619u;
	return (sum >> 8) % limit;
}

static void write_payment(struct buffer *out, slice name)
{
	static const char *const states[] = {"instructed", "accepted", "awaiting payee", "unknown", "settled",
		"returned", "rejected", "expired", "stopped", "cancelled"};
	static const char *const amounts[] = {"0.01", "1.00", "1.00", "2.00"};
	struct item_map map = item_map_open(out);
	bool fits = salt % 2 == 0;
	if (fits || draw(name, 0, 8) > 0) {
		item_write_pair_text(out, "claim", name);
		item_write_pair_integer(out, "order", 1 + draw(name, 1, 1000));
		item_write_pair_text(out, "amount", slice_text(amounts[fits ? 1 : draw(name, 2, 4)]));
		item_write_pair_text(
			out, "unit", slice_text(!fits && draw(name, 3, 16) == 0 ? "EUR" : "CNY"));
		const char *state =
			fits ? name.data[0] == 'S' ? "settled" : "accepted" : states[draw(name, 4, 16) % 10];
		if (strcmp(state, "instructed") != 0)
			item_write_pair_text(out, "state", slice_text(state));
		if (draw(name, 5, 4) == 0)
			item_write_pair_integer(out, "ended_entry", 7);
	}
	item_map_close(map, out);
}

static void write_line(struct buffer *out, slice name)
{
	static const char *const amounts[] = {"1.00", "2.00", "0.01"};
	struct item_map map = item_map_open(out);
	if (salt % 2 != 0 && draw(name, 0, 4) == 0) {
		item_write_pair_text(out, "unit", slice_text("CNY"));
		item_write_pair_text(
			out, "direction", slice_text(draw(name, 1, 2) == 0 ? "credit" : "debit"));
		item_write_pair_text(out, "amount", slice_text(amounts[draw(name, 2, 3)]));
		item_write_pair_text(out, "left", slice_text(draw(name, 3, 2) == 0 ? "0.00" : "0.01"));
		if (draw(name, 4, 2) == 0)
			item_write_pair_text(out, "day", slice_text("2026-11-29"));
		if (draw(name, 5, 8) == 0)
			item_write_pair_integer(out, "statement", 9);
	}
	item_map_close(map, out);
}

enum recourse_error asking_send(struct asking *asking, const char *method, const struct buffer *params,
	struct recourse_pending **pending)
{
	(void)asking;
	*pending = calloc(1, sizeof **pending);
	require(*pending != NULL);
	(*pending)->payments = strcmp(method, "payment.find_each") == 0;
	buffer_append(&(*pending)->params, params->data, params->size);
	return RECOURSE_OK;
}

enum recourse_error asking_wait(struct asking *asking, const char *method, struct recourse_pending *pending,
	struct recourse_bytes *reply)
{
	const char *list = pending->payments ? "payments" : "lines";
	struct buffer out = {0};
	struct item head;
	slice reader;
	slice row;
	slice name;
	(void)asking, (void)method;
	require(member_list(buffer_slice(&pending->params), list, &reader, &head));
	require(head.count > 0 && head.count <= BANK_LEDGER_PAGE);
	item_write_map(&out, 1);
	item_write_key(&out, list);
	item_write_array(&out, head.count);
	for (uint64_t index = 0; index < head.count; index++) {
		require(item_read_whole(&reader, &row) == RECOURSE_OK);
		require(member_text(row, pending->payments ? "payment_id" : "line", &name));
		(pending->payments ? write_payment : write_line)(&out, name);
	}
	require(!buffer_failed(&out));
	*reply = (struct recourse_bytes){.data = out.data, .size = out.size};
	buffer_free(&pending->params);
	free(pending);
	return RECOURSE_OK;
}

/* An answer that nobody should give: it is MALFORMED. */
static bool is_odd(void)
{
	return salt % 32 == 31;
}

/* Which file, of as many payments before it: odd answers have none of it, or more than there is. */
enum recourse_error asking_of(
	struct asking *asking, const char *method, const char *name, slice text, struct recourse_bytes *reply)
{
	struct buffer out = {0};
	(void)asking;
	require(strcmp(method, "batch.show") == 0 && strcmp(name, "message_id") == 0);
	if (!slice_is(text, message_id) || salt % 32 == 29)
		return RECOURSE_QUERY_NOT_FOUND;
	struct item_map map = item_map_open(&out);
	item_write_pair_text(&out, "batch", slice_text("b-1"));
	item_write_pair_text(&out, "rail", slice_text("bank"));
	item_write_pair_integer(&out, "count", FILES * PAYMENTS);
	item_write_pair_integer(&out, "lines", is_odd() && salt % 64 == 31 ? 0 : PAYMENTS);
	item_write_pair_integer(&out, "file", is_odd() ? FILES + 1 : FILES);
	item_map_close(map, &out);
	require(!buffer_failed(&out));
	*reply = (struct recourse_bytes){.data = out.data, .size = out.size};
	return RECOURSE_OK;
}

enum recourse_error asking_text(
	struct asking *asking, const char *method, const char *name, struct buffer *out)
{
	(void)asking, (void)method, (void)name;
	buffer_append_text(out, "ledger.example/fuzz");
	return RECOURSE_OK;
}

enum recourse_error asking_rows(
	struct asking *asking, const struct asking_list *list, asking_visitor *visit, void *context)
{
	SCOPED(buffer_free) struct buffer row = {0};
	bool rails = strcmp(list->method, "rail.list") == 0;
	char id[24];
	(void)asking;
	for (unsigned index = 0; index < (rails ? 1 : FILES * PAYMENTS); index++) {
		buffer_clear(&row);
		struct item_map map = item_map_open(&row);
		snprintf(id, sizeof id, "%c%u-0", index < PAYMENTS ? 'B' : 'E', index % PAYMENTS);
		item_write_pair_text(&row, rails ? "rail" : "payment_id", slice_text(rails ? "bank" : id));
		if (rails) {
			item_write_pair_integer(&row, "id_length", 32);
			item_write_pair_text(&row, "id_alphabet", slice_text("upper"));
			item_write_pair_text(
				&row, "group_status", slice_text(salt % 16 == 15 ? "stands" : "exceptions"));
		} else {
			item_write_pair_text(&row, "unit", slice_text("CNY"));
			item_write_pair_text(&row, "amount", slice_text("1.00"));
		}
		item_map_close(map, &row);
		TRY(visit(context, buffer_slice(&row)));
	}
	return RECOURSE_OK;
}

/* ---- items ---- */

static const struct unit yuan = {.code = "CNY", .digits = 2, .step = 1};
static const char *const days[] = {"2026-11-29", "2026-11-29", "2026-11-30", ""};

static void make_money(struct bank_reading *reading, const uint8_t *data, bool same, struct bank_item *item)
{
	static const enum bank_item_kind kinds[] = {
		BANK_ITEM_BOOKED, BANK_ITEM_BOOKED, BANK_ITEM_PENDING, BANK_ITEM_WAITING, BANK_ITEM_CHARGE};
	static const int64_t amounts[] = {100, 100, 1, 200, 99, INT64_MAX};
	reading->statement.entries += !same;
	item->kind = kinds[data[0] % 5];
	item->entry = reading->statement.entries;
	item->credit = (data[0] & 0x10) != 0;
	item->reversal = (data[0] & 0x20) != 0;
	item->returned = (data[0] & 0x40) != 0;
	item->amount_known = true;
	item->unit = yuan;
	item->steps = amounts[data[3] % (data[3] > 250 ? 6 : 5)];
	if (data[4] % 16 > 0)
		snprintf(item->entry_reference, sizeof item->entry_reference, "R%u-%llu", data[4] / 64u,
			(unsigned long long)item->entry);
	snprintf(item->day, sizeof item->day, "%s", days[data[5] % 4]);
	memcpy(item->code, "BOOK", sizeof "BOOK");
	if (salt % 2 != 0)
		return;
	item->reversal = false;
	item->credit = item->returned = same ? item->credit : data[1] % 2 == 1;
	item->steps = 100;
	if (item->day[0] == '\0' || item->entry_reference[0] == '\0')
		item->kind = BANK_ITEM_PENDING;
}

static void make_word(const uint8_t *data, struct bank_item *item)
{
	static const char *const codes[] = {"ACSP", "RJCT", "ACSC", "RCVD", "PDNG", "CANC", "XXXX"};
	item->kind = data[0] % 8 == 7 ? BANK_ITEM_GROUP : BANK_ITEM_STATUS;
	snprintf(item->code, sizeof item->code, "%s", codes[data[3] % 7]);
	item->status = bank_status_of(BANK_SCHEME_ISO20022, slice_text(item->code))->status;
	item->of_group = data[4] % 8 == 7;
	item->amount_known = data[5] % 2 == 0;
	item->unit = yuan;
	item->steps = 100;
}

/* Some of eight bytes: as parsers do, an item of the same entry has its reference and day. */
static void hand_in(struct bank_reading *reading, const uint8_t *data, struct bank_item *before)
{
	static const char *const reasons[] = {"", "", "AC04", "AM05", "no reason"};
	bool word = bank_item_is_word(reading->kind);
	unsigned count = data[7] < 240 ? 1 : (data[7] - 239u) * 40;
	for (unsigned index = 0; index < count && reading->items < ITEMS_MAX; index++) {
		struct bank_item item = {.line = reading->items + 1};
		bool same = data[2] % 4 == 0 && before->entry > 0;
		if (word)
			make_word(data, &item);
		else
			make_money(reading, data, same, &item);
		if (!word && same) {
			memcpy(item.entry_reference, before->entry_reference, sizeof item.entry_reference);
			memcpy(item.day, before->day, sizeof item.day);
		}
		if (word || data[1] % 8 < 7)
			snprintf(item.payment_id, sizeof item.payment_id, "%c%u-%u",
				item.returned ? 'S' : 'E', word ? data[1] % (PAYMENTS + 1u) : data[1], index);
		snprintf(item.reason, sizeof item.reason, "%s", reasons[data[6] % 5]);
		*before = item;
		bank_reading_item(reading, &item);
	}
}

/* What the report says of the message and of the batch in it; where the salt is even, as many are not named as are left. */
static void say_whole(struct bank_reading *reading)
{
	static const char *const codes[] = {"ACSP", "RJCT", "", "PART", "ACSC"};
	struct bank_statement *statement = &reading->statement;
	bool fits = salt % 2 == 0;
	uint64_t named = statement->counts[BANK_ITEM_STATUS];
	statement->unnamed =
		fits && named < PAYMENTS ? PAYMENTS - named : draw(slice_text("left"), 0, PAYMENTS + 1);
	snprintf(statement->message.id, sizeof statement->message.id, "%s", message_id);
	snprintf(statement->message.code, sizeof statement->message.code, "%s", codes[salt / 2 % 5]);
	statement->message.counted = true;
	statement->message.count = fits ? PAYMENTS : draw(slice_text("count"), 0, 2 * PAYMENTS);
	snprintf(statement->message.sum, sizeof statement->message.sum, "%s", fits ? "12.00" : "11.99");
	statement->batches = salt / 8 % 3;
	snprintf(statement->batch.id, sizeof statement->batch.id, "%s-1", message_id);
	snprintf(statement->batch.code, sizeof statement->batch.code, "%s", codes[salt / 16 % 5]);
}

/* ---- what comes of it ---- */

struct outcome {
	struct buffer commands; /* of all pieces */
	uint64_t from[8];       /* where each of the first pieces begins */
	uint64_t pieces;
	uint64_t problems;
	uint64_t lines;
	amount_sum net;
};

static void walk_pieces(struct bank_plan *plan, struct outcome *outcome)
{
	SCOPED(buffer_free) struct buffer commands = {0};
	struct bank_piece piece;
	uint64_t at = 0;
	uint64_t lines = 0;
	amount_sum net = 0;
	for (; bank_pieces_next(&plan->pieces, &at, &piece, &commands); outcome->pieces++) {
		slice reader = buffer_slice(&commands);
		slice map;
		uint64_t count = 0;
		require(piece.items <= BANK_PIECE_ITEMS && (piece.items >= 1 || outcome->problems > 0));
		for (; reader.size > 0; count++)
			require(item_read_whole(&reader, &map) == RECOURSE_OK);
		require(count == piece.commands);
		lines += piece.lines;
		net += piece.credit - piece.debit;
		if (outcome->pieces < 8)
			outcome->from[outcome->pieces] = outcome->commands.size;
		buffer_append(&outcome->commands, commands.data, commands.size);
	}
	require(plan->pieces.fault == RECOURSE_OK && outcome->pieces == plan->pieces.count);
	require(lines == plan->lines);
	require(net == plan->credit - plan->debit);
}

static void plan_all(const uint8_t *data, size_t size, uint64_t done, struct outcome *outcome)
{
	static const enum bank_kind kinds[] = {BANK_KIND_CAMT053, BANK_KIND_CAMT054, BANK_KIND_PAIN002};
	SCOPED(bank_reading_free) struct bank_reading reading = {0};
	SCOPED(bank_plan_free) struct bank_plan plan = {.reading = &reading, .pieces.done = done};
	SCOPED(bank_ledger_close) struct bank_ledger ledger;
	struct bank_item before = {.entry = 0};
	require(bank_ledger_open(&ledger, NULL) == RECOURSE_OK);
	plan.ledger = &ledger;
	plan.differences.every = true;
	reading.visit = bank_plan_visit(&plan);
	bank_reading_kind(&reading, kinds[data[0] % 3], "08");
	reading.statement.unit = yuan;
	for (size_t at = FIRST; at + BYTES <= size; at += BYTES)
		hand_in(&reading, data + at, &before);
	outcome->net = reading.statement.credit - reading.statement.debit;
	uint64_t statuses = reading.statement.counts[BANK_ITEM_STATUS];
	if (reading.kind == BANK_KIND_PAIN002)
		say_whole(&reading);
	bank_reading_statement(&reading, 1, "");
	bank_reading_end(&reading);
	bank_plan_end(&plan);
	require(reading.fault == RECOURSE_OK);
	require(plan.fault == RECOURSE_OK || (plan.fault == RECOURSE_MALFORMED && is_odd()));
	/* what is not sound is not planned to its end */
	outcome->problems = plan.differences.count + reading.problems.count + (plan.fault != RECOURSE_OK);
	outcome->lines = plan.lines;
	if (plan.fault != RECOURSE_OK)
		return;
	walk_pieces(&plan, outcome);
	require(plan.told == 0 || plan.told + statuses == PAYMENTS || reading.problems.count > 0);
	if (outcome->problems == 0 && bank_item_is_word(reading.kind))
		require(plan.lines == statuses + plan.told);
	if (outcome->problems == 0 && !bank_item_is_word(reading.kind))
		require(outcome->net == plan.credit - plan.debit);
}

/* Its commands of the pieces behind the first `done`. */
static slice commands_behind(const struct outcome *outcome, uint64_t done)
{
	slice rest = buffer_slice(&outcome->commands);
	uint64_t from = done < outcome->pieces ? outcome->from[done] : rest.size;
	return rest.size == 0 ? rest : slice_of(rest.data + from, rest.size - from);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct outcome first = {0};
	if (size < FIRST)
		return 0;
	salt = data[1];
	plan_all(data, size, 0, &first);
	for (uint64_t done = 0; done <= first.pieces && done < 3 && first.problems == 0; done++) {
		struct outcome again = {0};
		plan_all(data, size, done, &again);
		require(again.pieces == first.pieces && again.lines == first.lines);
		require(slice_equal(commands_behind(&first, done), commands_behind(&again, done)));
		buffer_free(&again.commands);
	}
	buffer_free(&first.commands);
	return 0;
}
