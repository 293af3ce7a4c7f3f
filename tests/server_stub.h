/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * A ledger made of counters in place of the real one, for the tests of the service alone. A payload is the
 * text "submit…", "query…" or anything else, which is refused; its reply is the payload again. Included by
 * one test only: it defines the functions of recourse_ledger.h.
 */
#include "base/crypto.h"
#include "base/item.h"
#include "envelope_signed.h"
#include "clocks.h"
#include "host_clock.h"
#include "recourse_ledger.h"
#include "base/refusal.h"
#include "support.h"
#include "watchdog.h"

#include <poll.h>
#include <stdatomic.h>
#include <stdlib.h>

struct recourse_ledger {
	atomic_int commits;
	atomic_int requests;
	atomic_int signatures;
	atomic_int prepared;
	atomic_int released;
	atomic_int delay_ms; /* of each commit */
	atomic_bool held;    /* commits wait, */
	atomic_int turns;    /* but for so many */
	atomic_int error;    /* of each commit */
	atomic_int sign_error;
	atomic_int inspect_error;
	atomic_int query_error;
	atomic_int committing;
	int decided; /* requests, and their commands */
	size_t decided_commands;
	int handed_over;
	bool unopened; /* without its first entry */
};

struct recourse_request {
	struct recourse_ledger *ledger;
	bool submit;
	bool done;
	size_t size;
	uint8_t payload[];
};

enum recourse_error recourse_request_prepare(struct recourse_ledger *ledger,
	const struct recourse_signed *call, uint64_t now, struct recourse_request **request,
	struct recourse_refusal *refusal)
{
	bool submit = call->payload.size >= 6 && memcmp(call->payload.data, "submit", 6) == 0;
	bool query = call->payload.size >= 5 && memcmp(call->payload.data, "query", 5) == 0;
	assert_true(now > 0);
	if (!submit && !query)
		return refusal_field(refusal, RECOURSE_SIGNATURE_INVALID, "sig", NULL);
	struct recourse_request *made = malloc(sizeof *made + call->payload.size);
	assert_non_null(made);
	*made = (struct recourse_request){.ledger = ledger, .submit = submit, .size = call->payload.size};
	memcpy(made->payload, call->payload.data, call->payload.size);
	atomic_fetch_add(&ledger->prepared, 1);
	*request = made;
	return RECOURSE_OK;
}

void recourse_request_release(struct recourse_request *request)
{
	assert_non_null(request);
	atomic_fetch_add(&request->ledger->released, 1);
	free(request);
}

bool recourse_request_is_submit(const struct recourse_request *request)
{
	return request->submit;
}

size_t recourse_request_command_count(const struct recourse_request *request)
{
	return request->size > 6 && request->payload[6] == '*' ? 5000 : 1;
}

uint32_t recourse_request_party(const struct recourse_request *request)
{
	return request->payload[request->size - 1] == 'n'; /* the neighbour */
}

uint32_t recourse_request_key(const struct recourse_request *request)
{
	return request->payload[request->size - 1] == 'k'; /* another key of who is not */
}

enum recourse_error recourse_ledger_decide(struct recourse_ledger *ledger,
	struct recourse_request *const *requests, size_t count, uint64_t now,
	const uint8_t (*salts)[RECOURSE_SALT_SIZE])
{
	static const uint8_t zero[RECOURSE_SALT_SIZE];
	assert_true(now > 0 && count > 0);
	for (size_t index = 0; index < count; index++) {
		assert_memory_not_equal(salts[index], zero, sizeof zero);
		ledger->decided_commands += recourse_request_command_count(requests[index]);
		requests[index]->done = true;
	}
	ledger->decided += (int)count;
	return RECOURSE_OK;
}

void recourse_ledger_hand_over(struct recourse_ledger *ledger)
{
	assert_int_equal(ledger->handed_over, 0);
	assert_true(ledger->decided > 0);
	assert_true(ledger->decided == 1 || ledger->decided_commands <= 8192);
	ledger->handed_over = ledger->decided;
	ledger->decided = 0;
	ledger->decided_commands = 0;
}

enum recourse_error recourse_ledger_keep(struct recourse_ledger *ledger)
{
	assert_int_equal(atomic_fetch_add(&ledger->committing, 1), 0);
	while (atomic_load(&ledger->held) && atomic_load(&ledger->turns) <= 0)
		poll(NULL, 0, 1);
	if (atomic_load(&ledger->held))
		atomic_fetch_sub(&ledger->turns, 1);
	if (atomic_load(&ledger->delay_ms) > 0)
		poll(NULL, 0, atomic_load(&ledger->delay_ms));
	atomic_fetch_add(&ledger->commits, 1);
	atomic_fetch_add(&ledger->requests, ledger->handed_over);
	atomic_fetch_sub(&ledger->committing, 1);
	return (enum recourse_error)atomic_load(&ledger->error);
}

enum recourse_error recourse_ledger_append(struct recourse_ledger *ledger, bool *ahead)
{
	enum recourse_error error = recourse_ledger_keep(ledger);
	*ahead = error == RECOURSE_OK;
	return error;
}

enum recourse_error recourse_ledger_show(struct recourse_ledger *ledger)
{
	(void)ledger;
	return RECOURSE_OK;
}

enum recourse_error recourse_ledger_settle(struct recourse_ledger *ledger, enum recourse_error kept)
{
	assert_true(ledger->handed_over > 0);
	ledger->handed_over = 0;
	if (kept != RECOURSE_OK)
		ledger->decided = 0;
	return RECOURSE_OK;
}

bool recourse_ledger_ballast(const struct recourse_ledger *ledger)
{
	return ledger != NULL;
}

enum recourse_error recourse_ledger_sweep(struct recourse_ledger *ledger, size_t rows, bool *whole)
{
	(void)ledger;
	(void)rows;
	*whole = true;
	return RECOURSE_OK;
}

void recourse_ledger_seals(const struct recourse_ledger *ledger, struct recourse_seals *seals)
{
	(void)ledger;
	*seals = (struct recourse_seals){0};
}

void recourse_bytes_free(struct recourse_bytes *bytes)
{
	free(bytes->data);
	*bytes = (struct recourse_bytes){0};
}

static enum recourse_error echo(const struct recourse_request *request, struct recourse_bytes *result)
{
	struct buffer out = {0};
	item_write_text(&out, slice_of(request->payload, request->size));
	*result = (struct recourse_bytes){out.data, out.size};
	return RECOURSE_OK;
}

enum recourse_error recourse_request_reply(struct recourse_ledger *ledger,
	const struct recourse_request *request, struct recourse_bytes *result,
	struct recourse_refusal *refusal)
{
	assert_true(request->submit && request->done);
	if (request->size > 6 && request->payload[6] == '!')
		return refusal_field(refusal, RECOURSE_INSUFFICIENT, "amount", NULL);
	return echo(request, result);
}

enum recourse_error recourse_request_reply_ahead(struct recourse_ledger *ledger,
	const struct recourse_request *request, struct recourse_bytes *result,
	struct recourse_refusal *refusal)
{
	return recourse_request_reply(ledger, request, result, refusal);
}

enum recourse_error recourse_request_query(struct recourse_ledger *ledger,
	const struct recourse_request *request, struct recourse_bytes *result,
	struct recourse_refusal *refusal)
{
	assert_false(request->submit);
	enum recourse_error error = (enum recourse_error)atomic_load(&ledger->query_error);
	return error == RECOURSE_OK ? echo(request, result) : error;
}

enum { STUB_LARGE = 1 << 20 };

enum recourse_error recourse_ledger_public(struct recourse_ledger *ledger, struct recourse_slice method,
	struct recourse_slice params, struct recourse_bytes *result, struct recourse_refusal *refusal)
{
	struct buffer out = {0};
	if (slice_is(method, "service.large")) {
		uint8_t *text = calloc(1, STUB_LARGE);
		assert_non_null(text);
		item_write_bytes(&out, slice_of(text, STUB_LARGE));
		free(text);
	} else if (slice_is(method, "service.info")) {
		item_write_map(&out, 1);
		item_write_pair_text(&out, "origin", slice_text("example.com/ledger"));
	} else {
		return refusal_field(refusal, RECOURSE_METHOD_UNKNOWN, NULL, NULL);
	}
	*result = (struct recourse_bytes){out.data, out.size};
	return RECOURSE_OK;
}

enum recourse_error recourse_ledger_inspect(struct recourse_ledger *ledger, bool *done)
{
	*done = true;
	return (enum recourse_error)atomic_load(&ledger->inspect_error);
}

enum recourse_error recourse_ledger_check_names(struct recourse_ledger *ledger)
{
	return ledger == NULL ? RECOURSE_STORE_FAILED : RECOURSE_OK;
}

enum recourse_error recourse_ledger_sign(struct recourse_ledger *ledger)
{
	atomic_fetch_add(&ledger->signatures, 1);
	return (enum recourse_error)atomic_load(&ledger->sign_error);
}

/* It has no clocks. */
enum recourse_error clocks_open(
	struct recourse_ledger *ledger, struct journal *journal, struct clocks **opened)
{
	return RECOURSE_OK;
}

uint64_t clocks_now(struct clocks *clocks)
{
	return host_clock_now();
}

enum recourse_error clocks_tick(struct clocks *clocks, bool *added, bool *more)
{
	*added = *more = false;
	return RECOURSE_OK;
}

void clocks_close(struct clocks *clocks)
{
}

enum recourse_error recourse_ledger_break_glass(struct recourse_ledger *ledger, uint64_t *entry)
{
	return RECOURSE_QUERY_NOT_FOUND;
}

/*
 * The service's own ends the process where closing takes seconds, as it may on a busy machine: the test would end with
 * it, as if it had passed. What hangs meets a bound that is no machine's.
 */
struct watchdog *watchdog_start(uint32_t seconds, int status)
{
	return NULL;
}

void watchdog_stop(struct watchdog *watchdog)
{
	assert_null(watchdog);
}

const char *recourse_ledger_origin(const struct recourse_ledger *ledger)
{
	return ledger->unopened ? "" : "example.com/ledger";
}

static const struct recourse_field stub_fields[] = {
	{.name = "id", .type = RECOURSE_FIELD_ID, .help = "an id"},
};
static const struct recourse_method stub_method = {
	.name = "stub.do",
	.kind = RECOURSE_METHOD_COMMAND,
	.roles = RECOURSE_ROLE_ADMIN,
	.fields = stub_fields,
	.field_count = 1,
	.help = "does nothing",
};
const struct recourse_method recourse_submit = {.name = "submit", .help = "does nothing either"};
const char *const recourse_role_names[] = {"admin", NULL};

const struct recourse_method *recourse_method_at(size_t index)
{
	return index == 0 ? &stub_method : NULL;
}

const struct recourse_method *recourse_method_find(const char *name, size_t size)
{
	return slice_is(slice_of(name, size), stub_method.name) ? &stub_method : NULL;
}

size_t recourse_method_errors(
	const struct recourse_method *method, enum recourse_error errors[RECOURSE_METHOD_ERRORS_MAX])
{
	errors[0] = RECOURSE_ROLE_MISSING;
	return 1;
}

/* A signed call with that payload, for the wire. */
static struct buffer signed_message(const char *payload, int64_t id)
{
	static const uint8_t signature[CRYPTO_SIGNATURE_SIZE];
	const struct recourse_signed call = {
		.key = slice_text("k+00000000"),
		.payload = slice_text(payload),
		.signature = slice_of(signature, sizeof signature),
	};
	struct envelope_id number = envelope_id_integer(id);
	struct buffer message = {0};
	assert_ok(envelope_signed_write(ENVELOPE_CBOR, &call, &number, &message));
	return message;
}
