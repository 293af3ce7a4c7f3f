/* SPDX-License-Identifier: Apache-2.0 */
#include "ledger.h"

#include <stdio.h>

/*
 * The service's own hand: what is due is said in a request like any other, signed by the system key, so that a
 * reader of the log sees who let the clock strike, and the audit decides it again.
 */
enum { TICK_COMMANDS = 512, TICK_NONCE_SIZE = 8 };

static void write_payload(const struct recourse_ledger *ledger, slice commands, size_t count, uint64_t now,
	const uint8_t salt[RECOURSE_SALT_SIZE], struct buffer *out)
{
	char id[TEXT_ID_SIZE + 1];
	char nonce[2 * TICK_NONCE_SIZE + 1];
	item_write_map(out, 5);
	item_write_pair_text(out, "method", slice_text("submit"));
	item_write_pair_text(out, "origin", slice_text(ledger->origin));
	/* request ids are the party's, whose other keys must not be able to take this one before */
	text_to_hex(salt, TICK_NONCE_SIZE, nonce);
	snprintf(id, sizeof id, "clock-%llu-%s", (unsigned long long)ledger->head.requests, nonce);
	item_write_pair_text(out, "request", slice_text(id));
	item_write_pair_instant(out, "expires", now + INSTANT_MINUTE);
	item_write_key(out, "params");
	item_write_map(out, 3);
	item_write_pair_text(out, "mode", slice_text("each"));
	item_write_pair_text(out, "detail", slice_text("brief"));
	item_write_key(out, "commands");
	item_write_array(out, count);
	buffer_append(out, commands.data, commands.size);
}

static void release(struct recourse_request **request)
{
	recourse_request_release(*request);
}

/* One request of so many commands, which are items. */
static enum recourse_error say(struct recourse_ledger *ledger, const struct buffer *commands, size_t count,
	uint64_t now, const uint8_t salt[RECOURSE_SALT_SIZE])
{
	SCOPED(release) struct recourse_request *request = NULL;
	SCOPED(recourse_bytes_free) struct recourse_bytes result = {0};
	SCOPED(buffer_free) struct buffer payload = {0};
	char handle[KEY_HANDLE_SIZE + 1];
	uint8_t signature[CRYPTO_SIGNATURE_SIZE];
	uint8_t salts[1][RECOURSE_SALT_SIZE];
	struct recourse_refusal refusal;
	write_payload(ledger, buffer_slice(commands), count, now, salt, &payload);
	if (buffer_failed(commands) || buffer_failed(&payload))
		return RECOURSE_MEMORY;
	struct recourse_signed call = {
		.key = slice_of(handle, key_handle(&ledger->system.public_key, handle)),
		.payload = buffer_slice(&payload),
		.signature = slice_of(signature, sizeof signature),
	};
	memcpy(salts[0], salt, sizeof salts[0]);
	TRY(crypto_key_sign(ledger->system.signer, slice_text(REQUEST_LABEL), call.payload, signature));
	TRY(recourse_request_prepare(ledger, &call, now, &request, &refusal));
	TRY(recourse_ledger_commit(ledger, &request, 1, now, (const uint8_t(*)[RECOURSE_SALT_SIZE])salts));
	return recourse_request_reply(ledger, request, &result, &refusal);
}

/* ---- what is due ---- */

static void write_fire(const struct clock *clock, struct buffer *out)
{
	struct item_map map = item_map_open(out);
	item_write_pair_text(out, "command", slice_text("clock.fire"));
	item_write_pair_text(out, "clock", slice_text(clock_name_kinds[clock->kind]));
	item_write_pair_text(out, "subject", RECORD_TEXT(clock->subject));
	item_write_pair_instant(out, "due", clock->due);
	item_map_close(map, out);
}

/* `*next` is in the ledger's time. */
static enum recourse_error fire_due(struct recourse_ledger *ledger, uint64_t now, uint64_t ahead,
	const uint8_t salt[RECOURSE_SALT_SIZE], uint64_t *next)
{
	SCOPED(buffer_free) struct buffer commands = {0};
	struct clock list[TICK_COMMANDS];
	size_t count;
	TRY(clock_list(ledger->core.state, now + ahead, list, TICK_COMMANDS, &count, next));
	if (count == 0)
		return RECOURSE_OK;
	for (size_t index = 0; index < count; index++)
		write_fire(&list[index], &commands);
	TRY(say(ledger, &commands, count, now, salt));
	return clock_list(ledger->core.state, 0, list, 0, &count, next);
}

enum recourse_error recourse_ledger_tick(struct recourse_ledger *ledger, uint64_t now,
	const uint8_t salt[RECOURSE_SALT_SIZE], uint64_t *fired, uint64_t *next)
{
	struct record_ledger record;
	uint64_t before = ledger->head.entries;
	*fired = 0;
	*next = UINT64_MAX;
	if (ledger->system.signer == NULL || ledger->read_only)
		return RECOURSE_NOT_PERMITTED;
	TRY(party_ledger(ledger->core.state, &record));
	if (record.origin[0] == '\0' || record.held != 0)
		return RECOURSE_OK;
	enum recourse_error error = fire_due(ledger, now, record.ahead, salt, next);
	*fired = ledger->head.entries - before;
	if (*next != UINT64_MAX)
		*next = *next > record.ahead ? *next - record.ahead : 0;
	return error;
}

/* ---- clocks that are held ---- */

/* One command, as entry `*entry`. */
static enum recourse_error say_one(struct recourse_ledger *ledger, const struct buffer *command, uint64_t now,
	const uint8_t salt[RECOURSE_SALT_SIZE], uint64_t *entry)
{
	*entry = ledger->head.entries;
	if (ledger->system.signer == NULL || ledger->read_only)
		return RECOURSE_NOT_PERMITTED;
	TRY(say(ledger, command, 1, now, salt));
	/* in mode `each` it is not the request that is refused */
	return ledger->head.entries > *entry ? RECOURSE_OK : RECOURSE_NOT_PERMITTED;
}

enum recourse_error recourse_ledger_hold(struct recourse_ledger *ledger, const struct recourse_doubt *doubt,
	const uint8_t salt[RECOURSE_SALT_SIZE], uint64_t *entry)
{
	SCOPED(buffer_free) struct buffer command = {0};
	struct item_map map = item_map_open(&command);
	item_write_pair_text(&command, "command", slice_text("clock.hold"));
	item_write_pair_instant(&command, "host", doubt->host);
	item_write_pair_instant(&command, "counted", doubt->counted);
	item_map_close(map, &command);
	return say_one(ledger, &command, doubt->counted, salt, entry);
}

enum recourse_error recourse_ledger_release(struct recourse_ledger *ledger, uint64_t hold, uint64_t now,
	const uint8_t salt[RECOURSE_SALT_SIZE], uint64_t *entry)
{
	SCOPED(buffer_free) struct buffer command = {0};
	struct item_map map = item_map_open(&command);
	item_write_pair_text(&command, "command", slice_text("clock.release"));
	item_write_pair_integer(&command, "hold", (int64_t)hold);
	item_map_close(map, &command);
	return say_one(ledger, &command, now, salt, entry);
}

enum recourse_error recourse_ledger_clocks(struct recourse_ledger *ledger, struct recourse_clocks *clocks)
{
	struct record_ledger record;
	struct record_control control;
	struct record_clock_hold hold;
	*clocks =
		(struct recourse_clocks){.entries = ledger->head.entries, .requests = ledger->head.requests};
	if (ledger->read_only)
		return RECOURSE_NOT_PERMITTED;
	TRY(party_ledger(ledger->core.state, &record));
	TRY(authority_read(ledger->core.state, &control));
	struct record_path last = record_path_of_number(RECORD_CLOCK_HOLD, record.held_last);
	TRY(record_get_optional(ledger->core.state, &last, &hold, sizeof hold, NULL));
	clocks->last = ledger->head.time > record.ahead ? ledger->head.time - record.ahead : 0;
	clocks->jump = control.jump_seconds * INSTANT_SECOND;
	clocks->gap = control.gap_hours * INSTANT_HOUR;
	clocks->held = record.held;
	clocks->doubt = (struct recourse_doubt){.host = hold.host, .counted = hold.counted};
	clocks->confirmed = hold.ending == CLOCK_HOLD_CONFIRMED ? hold.ended_entry : 0;
	return RECOURSE_OK;
}

const char *recourse_ledger_guard(const struct recourse_ledger *ledger)
{
	return ledger->guard;
}
