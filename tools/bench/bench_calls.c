/* SPDX-License-Identifier: Apache-2.0 */
#include "bench/bench_calls.h"

#include "base/try.h"
#include "bench/bench_server.h"
#include "host_clock.h"
#include "base/crypto.h"
#include "member.h"
#include "envelope_signed.h"
#include "base/instant.h"
#include "output.h"

#include <inttypes.h>
#include <poll.h>
#include <stdlib.h>

enum {
	SINGLES_A_SECOND = 800, /* messages made for each client and second of the clock */
	PROOFS = 64,            /* different ones for each client */
	AGAIN_MS = 100,         /* who is besieged and had no answer waits so long, and asks again, */
	GIVEN_UP_S = 60,        /* for so long */
};

static const char request_label[] = "recourse-request-v1\n";

/* ---- a client: a connection, and messages made beforehand ---- */

struct client {
	struct recourse_client *connection;
	const struct call *call;
	uint32_t number;
	uint64_t count;         /* of messages */
	struct buffer messages; /* of struct recourse_bytes */
	struct buffer scratch;
};

struct call {
	const struct bench_calls *calls;
	char key[DEMO_STAGE_PATH_SIZE];
	const char *prefix;                /* of ids, so that two measurements do not share any */
	slice message;                     /* of the read: the same for all */
	uint64_t entries;                  /* of the proof */
	struct bench_calls_turned *turned; /* of the siege, */
	uint32_t at_once;                  /* and how many are on their way */
};

static void close_client(void *argument)
{
	struct client *client = argument;
	for (uint64_t index = 0; index < client->messages.size / sizeof(struct recourse_bytes); index++) {
		struct recourse_bytes message;
		memcpy(&message, client->messages.data + index * sizeof message, sizeof message);
		recourse_bytes_free(&message);
	}
	buffer_free(&client->messages);
	buffer_free(&client->scratch);
	recourse_client_close(client->connection);
	free(client);
}

static struct client *connect_client(const struct call *call, uint32_t number)
{
	struct client *client = calloc(1, sizeof *client);
	const struct recourse_client_options options = {
		.url = call->calls->stage->url,
		.key_file = call->key,
		.log_key = call->calls->stage->log_key,
	};
	if (client == NULL)
		return NULL;
	client->call = call;
	client->number = number;
	enum recourse_error error = recourse_client_open(&options, &client->connection);
	if (error == RECOURSE_OK)
		return client;
	output_error(error, NULL, "bench");
	free(client);
	return NULL;
}

static enum recourse_error exchange(struct client *client, slice message)
{
	struct recourse_pending *pending;
	struct recourse_bytes result = {0};
	struct recourse_refusal refusal;
	enum recourse_error error = recourse_client_send(client->connection, message, &pending);
	if (error == RECOURSE_OK)
		error = recourse_client_wait(pending, &result, &refusal);
	recourse_bytes_free(&result);
	return error;
}

static enum recourse_error send_made(struct client *client, uint64_t index)
{
	struct recourse_bytes message;
	memcpy(&message, client->messages.data + index * sizeof message, sizeof message);
	return exchange(client, slice_of(message.data, message.size));
}

/* ---- single commands ---- */

bool bench_calls_prepare(const struct bench_calls *calls)
{
	return demo_stage_submit(calls->stage, "admin",
		       "[{\"command\":\"party.register\",\"party\":\"bench\",\"kinds\":[\"merchant\"]}]",
		       NULL, NULL) &&
	       demo_stage_submit(calls->stage, "bank",
		       "[{\"command\":\"deposit.receive\",\"merchant\":\"bench\",\"amount\":\"1000000.00\","
		       "\"unit\":\"CNY\",\"bank_reference\":\"bench\"}]",
		       NULL, NULL);
}

/* Holds and releases take turns, so that the deposit lasts for ever. */
static void write_single(struct client *client, uint64_t round, struct buffer *out)
{
	char hold[64];
	int size = snprintf(hold, sizeof hold, "%s-%" PRIu32 "-%" PRIu64, client->call->prefix,
		client->number, round / 2);
	bool release = round % 2 == 1;
	item_write_array(out, 1);
	item_write_map(out, release ? 3 : 6);
	item_write_pair_text(out, "command", slice_text(release ? "deposit.release" : "deposit.hold"));
	item_write_pair_text(out, "hold", slice_of(hold, (size_t)size));
	item_write_pair_text(out, "reason", slice_text("bench"));
	if (release)
		return;
	item_write_pair_text(out, "merchant", slice_text("bench"));
	item_write_pair_text(out, "amount", slice_text("1.00"));
	item_write_pair_text(out, "unit", slice_text("CNY"));
}

static struct recourse_submission submission_of(struct client *client, uint64_t round, char id[static 64])
{
	snprintf(id, 64, "%s-%" PRIu32 "-%" PRIu64, client->call->prefix, client->number, round);
	buffer_clear(&client->scratch);
	write_single(client, round, &client->scratch);
	return (struct recourse_submission){
		.request_id = id,
		.mode = RECOURSE_MODE_ALL,
		.expires = host_clock_now() + INSTANT_HOUR,
		.commands = buffer_slice(&client->scratch),
	};
}

static enum recourse_error sign_single(struct client *client, uint64_t round)
{
	char id[64];
	struct recourse_bytes message;
	struct recourse_submission submission = submission_of(client, round, id);
	TRY(recourse_client_sign_submission(client->connection, &submission, &message));
	buffer_append(&client->messages, &message, sizeof message);
	client->count++;
	return buffer_failed(&client->messages) ? RECOURSE_MEMORY : RECOURSE_OK;
}

static void *open_signed(void *context, uint32_t number)
{
	const struct call *call = context;
	struct client *client = connect_client(call, number);
	enum recourse_error error = RECOURSE_OK;
	uint64_t count = call->calls->seconds * SINGLES_A_SECOND;
	for (uint64_t round = 0; client != NULL && error == RECOURSE_OK && round < count; round++)
		error = sign_single(client, round);
	if (error == RECOURSE_OK)
		return client;
	output_error(error, NULL, "bench single");
	close_client(client);
	return NULL;
}

static enum recourse_error call_signed(void *argument, uint64_t round)
{
	struct client *client = argument;
	return round == client->count ? RECOURSE_QUERY_NOT_FOUND : send_made(client, round);
}

static void *open_bare(void *context, uint32_t number)
{
	return connect_client(context, number);
}

static enum recourse_error call_signing(void *argument, uint64_t round)
{
	struct client *client = argument;
	char id[64];
	struct recourse_bytes result = {0};
	struct recourse_refusal refusal;
	struct recourse_submission submission = submission_of(client, round, id);
	enum recourse_error error =
		recourse_client_submit(client->connection, &submission, &result, &refusal);
	recourse_bytes_free(&result);
	return error;
}

static bool name_key(const struct bench_calls *calls, const char *name, struct call *call)
{
	char file[64];
	*call = (struct call){.calls = calls};
	snprintf(file, sizeof file, "people/%s", name);
	return demo_stage_path(calls->stage, file, call->key);
}

static double server_processor(void *context)
{
	const struct call *call = context;
	return bench_server_processor(call->calls->stage);
}

static struct bench_load load_of(const char *name, struct call *call)
{
	return (struct bench_load){
		.name = name,
		.clients = call->calls->clients,
		.seconds = call->calls->seconds,
		.context = call,
		.close = close_client,
		.processor = server_processor,
	};
}

static const struct bench_load_names made_names = {
	.workload = "single",
	.rate = "signed before",
	.median = "signed before p50",
	.tail = "signed before p99",
	.server = "signed before: server",
	.client = "signed before: clients",
};

static const struct bench_load_names making_names = {
	.workload = "single",
	.rate = "signed inside",
	.median = "signed inside p50",
	.tail = "signed inside p99",
	.server = "signed inside: server",
	.client = "signed inside: clients",
};

bool bench_calls_single(const struct bench_calls *calls)
{
	struct call call;
	if (!name_key(calls, "maker", &call))
		return false;
	struct bench_load load = load_of("single", &call);
	call.prefix = "made";
	load.open = open_signed;
	load.call = call_signed;
	if (!bench_load_run(&load, &made_names, calls->figures))
		return false;
	call.prefix = "making";
	load.open = open_bare;
	load.call = call_signing;
	return bench_load_run(&load, &making_names, calls->figures);
}

/* ---- one beside others that mean harm ---- */

static void write_receipt(const char *id, struct buffer *out)
{
	item_write_array(out, 1);
	item_write_map(out, 5);
	item_write_pair_text(out, "unit", slice_text("CNY"));
	item_write_pair_text(out, "amount", slice_text("0.01"));
	item_write_pair_text(out, "command", slice_text("deposit.receive"));
	item_write_pair_text(out, "merchant", slice_text("bench"));
	item_write_pair_text(out, "bank_reference", slice_text(id));
}

static enum recourse_error send_receipt(
	struct client *client, uint64_t round, struct recourse_pending **pending)
{
	char id[64];
	struct recourse_bytes message = {0};
	snprintf(id, sizeof id, "%s-%" PRIu64, client->call->prefix, round);
	buffer_clear(&client->scratch);
	write_receipt(id, &client->scratch);
	const struct recourse_submission submission = {
		.request_id = id,
		.mode = RECOURSE_MODE_ALL,
		.expires = host_clock_now() + INSTANT_HOUR,
		.commands = buffer_slice(&client->scratch),
	};
	TRY(recourse_client_sign_submission(client->connection, &submission, &message));
	enum recourse_error error =
		recourse_client_send(client->connection, slice_of(message.data, message.size), pending);
	recourse_bytes_free(&message);
	return error;
}

static enum recourse_error await_receipt(struct recourse_pending *pending)
{
	struct recourse_bytes result = {0};
	struct recourse_refusal refusal;
	enum recourse_error error = recourse_client_wait(pending, &result, &refusal);
	recourse_bytes_free(&result);
	return error;
}

/* As the client library says: the same request again until there is an answer. */
static enum recourse_error settle(struct client *client, uint64_t round, enum recourse_error error)
{
	struct bench_calls_turned *turned = client->call->turned;
	uint64_t until = host_clock_monotonic() + GIVEN_UP_S * HOST_CLOCK_SECOND;
	while (recourse_error_retry(error) && host_clock_monotonic() < until) {
		struct recourse_pending *pending;
		turned->refused += error == RECOURSE_BUSY;
		poll(NULL, 0, AGAIN_MS);
		error = send_receipt(client, round, &pending);
		if (error == RECOURSE_OK)
			error = await_receipt(pending);
	}
	bool given_up = recourse_error_retry(error);
	turned->given_up += given_up;
	return given_up ? RECOURSE_OK : error;
}

/* What is on its way is waited for, whatever became of the others. */
static enum recourse_error call_besieged(void *argument, uint64_t round)
{
	struct client *client = argument;
	struct recourse_pending *pending[BENCH_CALLS_AT_ONCE_MAX];
	enum recourse_error errors[BENCH_CALLS_AT_ONCE_MAX];
	enum recourse_error first = RECOURSE_OK;
	const uint32_t at_once = client->call->at_once;
	for (uint32_t index = 0; index < at_once; index++)
		errors[index] = send_receipt(client, round * at_once + index, &pending[index]);
	for (uint32_t index = 0; index < at_once; index++)
		errors[index] = errors[index] == RECOURSE_OK ? await_receipt(pending[index]) : errors[index];
	for (uint32_t index = 0; index < at_once; index++) {
		enum recourse_error error = settle(client, round * at_once + index, errors[index]);
		first = first == RECOURSE_OK ? error : first;
	}
	return first;
}

/* As the protocol advises: one request that is answered makes it known, before it sends many; the id is no round's. */
static void *open_known(void *context, uint32_t number)
{
	struct recourse_pending *pending;
	struct client *client = connect_client(context, number);
	if (client == NULL)
		return NULL;
	enum recourse_error error = send_receipt(client, UINT64_MAX, &pending);
	if (error == RECOURSE_OK)
		error = await_receipt(pending);
	error = settle(client, UINT64_MAX, error);
	if (error == RECOURSE_OK)
		return client;
	output_error(error, NULL, "bench siege");
	close_client(client);
	return NULL;
}

bool bench_calls_besieged(const struct bench_calls *calls, const char *prefix, uint32_t at_once,
	const struct bench_load_names *names, struct bench_calls_turned *turned)
{
	struct call call;
	if (!name_key(calls, "bank", &call))
		return false;
	struct bench_load load = load_of("siege", &call);
	call.prefix = prefix;
	call.at_once = at_once;
	call.turned = turned;
	load.clients = 1;
	load.open = open_known;
	load.call = call_besieged;
	return bench_load_run(&load, names, calls->figures);
}

uint64_t bench_calls_once(const struct bench_calls *calls, const char *prefix, uint64_t round)
{
	struct call call;
	struct bench_calls_turned turned = {0};
	uint64_t started = host_clock_monotonic();
	if (!name_key(calls, "bank", &call))
		return 0;
	call.prefix = prefix;
	call.at_once = 1;
	call.turned = &turned;
	struct client *client = connect_client(&call, 0);
	if (client == NULL)
		return 0;
	bool good = call_besieged(client, round) == RECOURSE_OK && turned.given_up == 0;
	close_client(client);
	return good ? host_clock_monotonic() - started : 0;
}

/* ---- reads ---- */

static void write_read(struct buffer *out)
{
	char expires[INSTANT_TEXT_SIZE];
	instant_format(host_clock_now() + INSTANT_HOUR, expires);
	item_write_map(out, 5);
	item_write_pair_text(out, "method", slice_text("account.balance"));
	item_write_pair_text(out, "origin", slice_text(DEMO_STAGE_ORIGIN));
	item_write_key(out, "params");
	item_write_map(out, 3);
	item_write_pair_integer(out, "code", 2010);
	item_write_pair_text(out, "party", slice_text("bench"));
	item_write_pair_text(out, "unit", slice_text("CNY"));
	item_write_pair_text(out, "expires", slice_text(expires));
	item_write_pair_text(out, "request", slice_text("bench"));
}

static enum recourse_error sign_read(const char *path, struct buffer *message)
{
	struct key_secret key;
	struct buffer payload = {0};
	char handle[KEY_HANDLE_SIZE + 1];
	uint8_t signature[CRYPTO_SIGNATURE_SIZE];
	struct envelope_id id = envelope_id_integer(1);
	enum recourse_error error = key_open_file(path, &key);
	if (error != RECOURSE_OK)
		return error;
	write_read(&payload);
	error = crypto_key_sign(key.signer, slice_text(request_label), buffer_slice(&payload), signature);
	const struct recourse_signed call = {
		.key = slice_of(handle, key_handle(&key.public_key, handle)),
		.payload = buffer_slice(&payload),
		.signature = slice_of(signature, sizeof signature),
	};
	if (error == RECOURSE_OK)
		error = envelope_signed_write(ENVELOPE_CBOR, &call, &id, message);
	key_close(&key);
	buffer_free(&payload);
	return error;
}

static enum recourse_error call_read(void *argument, uint64_t round)
{
	struct client *client = argument;
	(void)round;
	return exchange(client, client->call->message);
}

static const struct bench_load_names read_names = {
	.workload = "read",
	.rate = "balances",
	.median = "balances p50",
	.tail = "balances p99",
	.server = "balances: server",
	.client = "balances: clients",
};

bool bench_calls_read(const struct bench_calls *calls)
{
	struct call call;
	struct buffer message = {0};
	if (!name_key(calls, "maker", &call))
		return false;
	enum recourse_error error = sign_read(call.key, &message);
	if (error != RECOURSE_OK) {
		output_error(error, NULL, "bench read");
		buffer_free(&message);
		return false;
	}
	call.message = buffer_slice(&message);
	struct bench_load load = load_of("read", &call);
	load.open = open_bare;
	load.call = call_read;
	bool good = bench_load_run(&load, &read_names, calls->figures);
	buffer_free(&message);
	return good;
}

/* ---- proofs ---- */

static enum recourse_error make_proof_call(struct client *client, uint64_t index)
{
	struct buffer params = {0};
	struct buffer message = {0};
	struct envelope_id id = envelope_id_integer(1);
	item_write_map(&params, 2);
	item_write_pair_integer(&params, "size", (int64_t)client->call->entries);
	item_write_pair_integer(&params, "index", (int64_t)index);
	enum recourse_error error = envelope_write_request(
		ENVELOPE_CBOR, slice_text("log.proof.inclusion"), buffer_slice(&params), &id, &message);
	buffer_free(&params);
	struct recourse_bytes bytes = {.data = message.data, .size = message.size};
	if (error == RECOURSE_OK)
		buffer_append(&client->messages, &bytes, sizeof bytes);
	else
		buffer_free(&message);
	return error == RECOURSE_OK && buffer_failed(&client->messages) ? RECOURSE_MEMORY : error;
}

static void *open_proof(void *context, uint32_t number)
{
	const struct call *call = context;
	struct client *client = connect_client(call, number);
	enum recourse_error error = RECOURSE_OK;
	for (uint64_t index = 0; client != NULL && error == RECOURSE_OK && index < PROOFS; index++)
		error = make_proof_call(client, (number * PROOFS + index) * UINT64_C(7919) % call->entries);
	if (error == RECOURSE_OK)
		return client;
	output_error(error, NULL, "bench proof");
	close_client(client);
	return NULL;
}

static enum recourse_error call_proof(void *argument, uint64_t round)
{
	return send_made(argument, round % PROOFS);
}

static bool ask_entries(const struct bench_calls *calls, uint64_t *entries)
{
	struct recourse_bytes info = {0};
	struct recourse_refusal refusal;
	int64_t number = 0;
	enum recourse_error error = recourse_client_call(
		demo_stage_client(calls->stage, "maker"), "service.info", (slice){0}, &info, &refusal);
	if (error != RECOURSE_OK)
		output_error(error, &refusal, "service.info");
	bool good = error == RECOURSE_OK &&
		    member_integer(slice_of(info.data, info.size), "entries", &number) && number > 0;
	recourse_bytes_free(&info);
	*entries = (uint64_t)number;
	return good;
}

static const struct bench_load_names proof_names = {
	.workload = "proof",
	.rate = "proofs",
	.median = "proofs p50",
	.tail = "proofs p99",
	.server = "proofs: server",
	.client = "proofs: clients",
};

bool bench_calls_proof(const struct bench_calls *calls)
{
	struct call call;
	if (!name_key(calls, "maker", &call) || !ask_entries(calls, &call.entries))
		return false;
	struct bench_load load = load_of("proof", &call);
	load.open = open_proof;
	load.call = call_proof;
	return bench_load_run(&load, &proof_names, calls->figures);
}
