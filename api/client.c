/* SPDX-License-Identifier: Apache-2.0 */
#include "client.h"

#include "base/try.h"
#include "base/endian.h"
#include "address.h"
#include "proof/checkpoint.h"
#include "host_clock.h"
#include "dial.h"
#include "envelope_signed.h"
#include "base/instant.h"
#include "base/note_text.h"
#include "base/refusal.h"
#include "result.h"
#include "base/text.h"
#include "base/transcode.h"

#include <pthread.h>
#include <stdlib.h>

enum {
	TIMEOUT_PRESET_MS = 30000,
	QUERY_LIFETIME_S = 60,
	RANDOM_SIZE = 16,
	REQUEST_ID_SIZE = 2 * RANDOM_SIZE + 1,
	ORIGIN_SIZE = KEY_NAME_SIZE + 1,
};

static const char request_label[] = "recourse-request-v1\n";

struct recourse_client {
	struct dial *dial;
	enum envelope_codec codec;
	uint32_t timeout_ms;
	bool has_key;
	bool has_log_key;
	struct key_secret key;
	struct key_public log_key;
	char *memory;
	pthread_mutex_t mutex;    /* for what follows */
	char origin[ORIGIN_SIZE]; /* "" until it is known */
	struct checkpoint last;
};

struct recourse_pending {
	struct dial_call *call;
};

const struct key_public *client_log_key(const struct recourse_client *client)
{
	return client->has_log_key ? &client->log_key : NULL;
}

const char *client_memory(const struct recourse_client *client)
{
	return client->memory;
}

uint64_t client_timeout_ms(const struct recourse_client *client)
{
	return client->timeout_ms;
}

void client_recall(struct recourse_client *client, struct checkpoint *last)
{
	pthread_mutex_lock(&client->mutex);
	*last = client->last;
	pthread_mutex_unlock(&client->mutex);
}

void client_remember(struct recourse_client *client, const struct checkpoint *checkpoint)
{
	pthread_mutex_lock(&client->mutex);
	if (checkpoint->size > client->last.size)
		client->last = *checkpoint;
	pthread_mutex_unlock(&client->mutex);
}

static enum recourse_error read_options(
	struct recourse_client *client, const struct recourse_client_options *options)
{
	TRY(crypto_start());
	if (options->log_key != NULL) {
		TRY(key_parse(slice_text(options->log_key), &client->log_key));
		client->has_log_key = true;
		/* The origin of a log is the name of its key. */
		memcpy(client->origin, client->log_key.name, sizeof client->origin);
	}
	if (options->key_file != NULL)
		TRY(key_open_file(options->key_file, &client->key));
	client->has_key = options->key_file != NULL;
	if (options->memory == NULL)
		return RECOURSE_OK;
	client->memory = strdup(options->memory);
	return client->memory == NULL ? RECOURSE_MEMORY : RECOURSE_OK;
}

enum recourse_error recourse_client_open(
	const struct recourse_client_options *options, struct recourse_client **client)
{
	struct recourse_client *made = calloc(1, sizeof *made);
	if (made == NULL)
		return RECOURSE_MEMORY;
	pthread_mutex_init(&made->mutex, NULL);
	made->codec = options->json ? ENVELOPE_JSON : ENVELOPE_CBOR;
	made->timeout_ms = options->timeout_ms == 0 ? TIMEOUT_PRESET_MS : options->timeout_ms;
	const char *reason = "";
	const struct dial_options dial = {
		.reason = &reason,
		.url = options->url,
		.tls_ca_file = options->tls_ca_file,
		.tls_server_name = options->tls_server_name,
		.timeout_ms = made->timeout_ms,
	};
	enum recourse_error error = read_options(made, options);
	if (error == RECOURSE_OK)
		error = dial_open(&dial, &made->dial);
	if (error == RECOURSE_OK)
		*client = made;
	else
		recourse_client_close(made);
	if (options->refusal != NULL)
		refusal_clear(options->refusal);
	return options->refusal != NULL && error == RECOURSE_CONNECTION
		       ? refusal_field(options->refusal, error, NULL, reason)
		       : error;
}

void recourse_client_close(struct recourse_client *client)
{
	if (client == NULL)
		return;
	dial_close(client->dial);
	if (client->has_key)
		key_close(&client->key);
	free(client->memory);
	pthread_mutex_destroy(&client->mutex);
	free(client);
}

/* What a reply means to the caller. Something unintelligible tells nothing about the request: ask again. */
static enum recourse_error take_reply(
	slice message, struct recourse_bytes *result, struct recourse_refusal *refusal)
{
	SCOPED(envelope_reply_free) struct envelope_reply reply = {0};
	SCOPED(buffer_free) struct buffer copy = {.secret = true};
	enum recourse_error error = envelope_read_reply(message, &reply);
	if (error == RECOURSE_MALFORMED)
		return refusal_field(refusal, RECOURSE_CONNECTION, NULL, "the reply can not be understood");
	TRY(error);
	if (reply.failed) {
		*refusal = reply.refusal;
		return reply.refusal.error;
	}
	buffer_append(&copy, reply.result.data, reply.result.size);
	return buffer_give(&copy, result);
}

enum recourse_error recourse_client_send(
	struct recourse_client *client, struct recourse_slice message, struct recourse_pending **pending)
{
	struct recourse_pending *made = calloc(1, sizeof *made);
	if (made == NULL)
		return RECOURSE_MEMORY;
	enum recourse_error error = dial_send(client->dial, message, &made->call);
	if (error == RECOURSE_OK)
		*pending = made;
	else
		free(made);
	return error;
}

enum recourse_error recourse_client_wait(
	struct recourse_pending *pending, struct recourse_bytes *result, struct recourse_refusal *refusal)
{
	refusal_clear(refusal);
	*result = (struct recourse_bytes){0};
	slice reply;
	enum recourse_error error = dial_wait(pending->call, &reply);
	if (error == RECOURSE_OK)
		error = take_reply(reply, result, refusal);
	else
		refusal->error = error;
	dial_end(pending->call);
	free(pending);
	return error;
}

static enum recourse_error exchange(struct recourse_client *client, slice message,
	struct recourse_bytes *result, struct recourse_refusal *refusal)
{
	struct recourse_pending *pending;
	enum recourse_error error = recourse_client_send(client, message, &pending);
	if (error == RECOURSE_OK)
		return recourse_client_wait(pending, result, refusal);
	refusal_clear(refusal);
	refusal->error = error;
	*result = (struct recourse_bytes){0};
	return error;
}

enum recourse_error recourse_client_call(struct recourse_client *client, const char *method,
	struct recourse_slice params, struct recourse_bytes *result, struct recourse_refusal *refusal)
{
	SCOPED(buffer_free) struct buffer message = {0};
	struct envelope_id id = envelope_id_integer(1);
	refusal_clear(refusal);
	*result = (struct recourse_bytes){0};
	TRY(envelope_write_request(client->codec, slice_text(method), params, &id, &message));
	return exchange(client, buffer_slice(&message), result, refusal);
}

static enum recourse_error ask_origin(struct recourse_client *client, char origin[static ORIGIN_SIZE])
{
	SCOPED(recourse_bytes_free) struct recourse_bytes info = {0};
	struct recourse_refusal refusal;
	slice text;
	TRY(recourse_client_call(client, "service.info", (slice){0}, &info, &refusal));
	if (!result_text(slice_of(info.data, info.size), "origin", &text) || text.size >= ORIGIN_SIZE)
		return RECOURSE_CONNECTION;
	memcpy(origin, text.data, text.size);
	return RECOURSE_OK;
}

/* Which ledger requests are signed for: by the log's key, or else by what the service says of itself. */
static enum recourse_error find_origin(struct recourse_client *client, char origin[static ORIGIN_SIZE])
{
	pthread_mutex_lock(&client->mutex);
	memcpy(origin, client->origin, ORIGIN_SIZE);
	pthread_mutex_unlock(&client->mutex);
	if (origin[0] != '\0')
		return RECOURSE_OK; /* the rest of it is zero as long as it is empty */
	TRY(ask_origin(client, origin));
	pthread_mutex_lock(&client->mutex);
	memcpy(client->origin, origin, ORIGIN_SIZE);
	pthread_mutex_unlock(&client->mutex);
	return RECOURSE_OK;
}

struct payload {
	const char *method;
	slice params; /* a map; size 0: an empty one */
	const char *request;
	uint64_t expires;
	const struct recourse_text *texts;
	size_t text_count;
};

/* Members in RFC 8949 §4.2.1 order, written once: commands can be a megabyte. */
static enum recourse_error write_payload(
	struct recourse_client *client, const struct payload *payload, struct buffer *out)
{
	SCOPED(buffer_free) struct buffer item = {0};
	char origin[ORIGIN_SIZE];
	char expires[INSTANT_TEXT_SIZE];
	TRY(find_origin(client, origin));
	instant_format(payload->expires, expires);
	item_write_map(&item, 5);
	item_write_pair_text(&item, "method", slice_text(payload->method));
	item_write_pair_text(&item, "origin", slice_text(origin));
	item_write_key(&item, "params");
	if (payload->params.size > 0)
		buffer_append(&item, payload->params.data, payload->params.size);
	else
		item_write_map(&item, 0);
	item_write_pair_text(&item, "expires", slice_text(expires));
	item_write_pair_text(&item, "request", slice_text(payload->request));
	if (buffer_failed(&item))
		return RECOURSE_MEMORY;
	if (client->codec == ENVELOPE_JSON)
		TRY(transcode_to_json(buffer_slice(&item), TRANSCODE_COMPACT, out));
	else
		buffer_append(out, item.data, item.size);
	return buffer_failed(out) ? RECOURSE_MEMORY : RECOURSE_OK;
}

static enum recourse_error sign(
	struct recourse_client *client, const struct payload *said, slice payload, struct buffer *message)
{
	char handle[KEY_HANDLE_SIZE + 1];
	uint8_t signature[CRYPTO_SIGNATURE_SIZE];
	size_t handle_size = key_handle(&client->key.public_key, handle);
	TRY(crypto_key_sign(client->key.signer, slice_text(request_label), payload, signature));
	const struct recourse_signed call = {
		.key = slice_of(handle, handle_size),
		.payload = payload,
		.signature = slice_of(signature, sizeof signature),
		.texts = said->texts,
		.text_count = said->text_count,
	};
	struct envelope_id id = envelope_id_integer(1);
	return envelope_signed_write(client->codec, &call, &id, message);
}

static enum recourse_error make_signed(
	struct recourse_client *client, const struct payload *payload, struct buffer *message)
{
	if (!client->has_key)
		return RECOURSE_SIGNATURE_REQUIRED;
	SCOPED(buffer_free) struct buffer bytes = {0};
	TRY(write_payload(client, payload, &bytes));
	return bytes.size > RECOURSE_REQUEST_SIZE_MAX ? RECOURSE_TOO_LARGE
						      : sign(client, payload, buffer_slice(&bytes), message);
}

enum recourse_error recourse_client_sign_query(struct recourse_client *client, const char *method,
	struct recourse_slice params, struct recourse_bytes *message)
{
	SCOPED(buffer_free) struct buffer whole = {0};
	uint8_t random[RANDOM_SIZE];
	char request[REQUEST_ID_SIZE];
	crypto_random(random, sizeof random);
	text_to_hex(random, sizeof random, request);
	const struct payload payload = {
		.method = method,
		.params = params,
		.request = request,
		.expires = host_clock_now() + QUERY_LIFETIME_S * HOST_CLOCK_SECOND,
	};
	*message = (struct recourse_bytes){0};
	TRY(make_signed(client, &payload, &whole));
	return buffer_give(&whole, message);
}

enum recourse_error recourse_client_query(struct recourse_client *client, const char *method,
	struct recourse_slice params, struct recourse_bytes *result, struct recourse_refusal *refusal)
{
	SCOPED(recourse_bytes_free) struct recourse_bytes message = {0};
	refusal_clear(refusal);
	*result = (struct recourse_bytes){0};
	refusal->error = recourse_client_sign_query(client, method, params, &message);
	TRY(refusal->error);
	refusal->error = exchange(client, slice_of(message.data, message.size), result, refusal);
	return refusal->error;
}

/* Nobody can make the signature without the key, so nobody can guess the random. */
enum recourse_error recourse_client_note(struct recourse_client *client, const char *request_id, size_t index,
	struct recourse_slice text, struct recourse_note *note)
{
	static const char label[] = "recourse-note-random-v1\n";
	SCOPED(buffer_free) struct buffer message = {.secret = true};
	uint8_t signature[CRYPTO_SIGNATURE_SIZE];
	struct crypto_hash random;
	struct crypto_hash commitment;
	*note = (struct recourse_note){.commitment = ""};
	if (!client->has_key)
		return RECOURSE_SIGNATURE_REQUIRED;
	if (!note_text_valid(text))
		return RECOURSE_FIELD_FORMAT;
	uint8_t place[4];
	big_endian_write(place, index, sizeof place);
	buffer_append(&message, request_id, strlen(request_id) + 1);
	buffer_append(&message, place, sizeof place);
	buffer_append(&message, text.data, text.size);
	if (buffer_failed(&message))
		return RECOURSE_MEMORY;
	TRY(crypto_key_sign(client->key.signer, slice_text(label), buffer_slice(&message), signature));
	crypto_sha256_labelled(slice_text(label), slice_of(signature, sizeof signature), &random);
	memcpy(note->random, random.bytes, sizeof note->random);
	note_text_commit(note->random, text, &commitment);
	text_to_hex(commitment.bytes, sizeof commitment.bytes, note->commitment);
	return RECOURSE_OK;
}

static void write_submission(const struct recourse_submission *submission, struct buffer *out)
{
	const char *detail = submission->dry_run ? "dry-run" : submission->brief ? "brief" : NULL;
	item_write_map(out, detail != NULL ? 3 : 2);
	item_write_pair_text(out, "mode", slice_text(submission->mode == RECOURSE_MODE_ALL ? "all" : "each"));
	if (detail != NULL)
		item_write_pair_text(out, "detail", slice_text(detail));
	item_write_key(out, "commands");
	buffer_append(out, submission->commands.data, submission->commands.size);
}

enum recourse_error recourse_client_sign_submission(struct recourse_client *client,
	const struct recourse_submission *submission, struct recourse_bytes *message)
{
	SCOPED(buffer_free) struct buffer params = {0};
	SCOPED(buffer_free) struct buffer whole = {.secret = true};
	write_submission(submission, &params);
	const struct payload payload = {
		.method = "submit",
		.params = buffer_slice(&params),
		.request = submission->request_id,
		.expires = submission->expires,
		.texts = submission->texts,
		.text_count = submission->text_count,
	};
	if (buffer_failed(&params))
		return RECOURSE_MEMORY;
	TRY(make_signed(client, &payload, &whole));
	return buffer_give(&whole, message);
}

enum recourse_error recourse_client_submit(struct recourse_client *client,
	const struct recourse_submission *submission, struct recourse_bytes *result,
	struct recourse_refusal *refusal)
{
	SCOPED(recourse_bytes_free) struct recourse_bytes message = {0};
	refusal_clear(refusal);
	*result = (struct recourse_bytes){0};
	refusal->error = recourse_client_sign_submission(client, submission, &message);
	TRY(refusal->error);
	return exchange(client, slice_of(message.data, message.size), result, refusal);
}
