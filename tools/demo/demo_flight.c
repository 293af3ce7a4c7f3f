/* SPDX-License-Identifier: Apache-2.0 */
#include "demo/demo_flight.h"

#include "base/try.h"
#include "base/instant.h"
#include "base/item.h"
#include "moment.h"
#include "outcome.h"
#include "recourse_ledger.h"
#include "base/refusal.h"
#include "uuid.h"

#include <stdio.h>

enum {
	COMMANDS_SIZE_MAX = RECOURSE_REQUEST_SIZE_MAX - 4096, /* the rest of the payload and one head fit */
	COMMAND_SIZE_MAX = 1024,
	ATTEMPTS_MAX = 100,
	PAUSE_MS = 20,
};

static uint64_t message_count(const struct demo_flight *flight)
{
	return flight->messages.size / sizeof(struct recourse_bytes);
}

static struct recourse_bytes message_at(const struct demo_flight *flight, uint64_t index)
{
	struct recourse_bytes message;
	memcpy(&message, flight->messages.data + index * sizeof message, sizeof message);
	return message;
}

/* Frees what was answered, so that a flight of millions does not keep them all. */
static void drop_message(struct demo_flight *flight, uint64_t index)
{
	struct recourse_bytes message = message_at(flight, index);
	recourse_bytes_free(&message);
	memset(flight->messages.data + index * sizeof message, 0, sizeof message);
}

static uint64_t write_commands(struct demo_flight *flight, struct buffer *commands)
{
	struct buffer maps = {0};
	uint64_t count = 0;
	while (flight->written + count < flight->count && count < DEMO_FLIGHT_COMMANDS &&
		maps.size < COMMANDS_SIZE_MAX - COMMAND_SIZE_MAX)
		flight->write(flight->context, flight->written + count++, &maps);
	item_write_array(commands, count);
	buffer_append(commands, maps.data, maps.size);
	if (buffer_failed(&maps))
		commands->failed = true;
	buffer_free(&maps);
	return count;
}

static enum recourse_error make_message(struct demo_flight *flight)
{
	struct buffer commands = {0};
	struct recourse_bytes message = {0};
	char id[UUID_TEXT_SIZE + 32];
	char unique[UUID_TEXT_SIZE];
	uint64_t now = moment_now();
	uint64_t count = write_commands(flight, &commands);
	uuid_make(now / 1000000, unique);
	snprintf(id, sizeof id, "%.20s.%s", flight->name, unique);
	const struct recourse_submission submission = {
		.request_id = id,
		.mode = RECOURSE_MODE_EACH,
		.brief = true,
		.expires = now + INSTANT_HOUR,
		.commands = buffer_slice(&commands),
	};
	enum recourse_error error = buffer_failed(&commands) ? RECOURSE_MEMORY
							     : recourse_client_sign_submission(
								       flight->client, &submission, &message);
	buffer_free(&commands);
	if (error != RECOURSE_OK)
		return error;
	buffer_append(&flight->messages, &message, sizeof message);
	if (buffer_failed(&flight->messages)) {
		recourse_bytes_free(&message);
		return RECOURSE_MEMORY;
	}
	flight->written += count;
	flight->request_count++;
	flight->bytes += message.size;
	return RECOURSE_OK;
}

enum recourse_error demo_flight_prepare(struct demo_flight *flight)
{
	while (flight->written < flight->count)
		TRY(make_message(flight));
	return RECOURSE_OK;
}

static enum recourse_error send_message(
	struct demo_flight *flight, uint64_t index, struct recourse_pending **pending)
{
	struct recourse_bytes message = message_at(flight, index);
	return recourse_client_send(flight->client, slice_of(message.data, message.size), pending);
}

static enum recourse_error take_refused(void *context, const struct outcome_result *result)
{
	struct recourse_refusal *refusal = context;
	if (!result->refused)
		return RECOURSE_OK;
	*refusal = result->refusal;
	return result->refusal.error == RECOURSE_OK ? RECOURSE_INTERNAL : result->refusal.error;
}

/* Waits, and sends once more as long as the service says that it may be sent once more. */
static enum recourse_error settle(struct demo_flight *flight, uint64_t index,
	struct recourse_pending *pending, struct recourse_refusal *refusal)
{
	struct recourse_bytes reply;
	struct outcome outcome;
	enum recourse_error error = recourse_client_wait(pending, &reply, refusal);
	for (int attempt = 1; recourse_error_retry(error) && attempt < ATTEMPTS_MAX; attempt++) {
		moment_sleep(PAUSE_MS);
		error = send_message(flight, index, &pending);
		if (error == RECOURSE_OK)
			error = recourse_client_wait(pending, &reply, refusal);
	}
	if (error != RECOURSE_OK)
		return error;
	error = outcome_read(slice_of(reply.data, reply.size), &outcome);
	if (error == RECOURSE_OK)
		error = outcome_each(&outcome, take_refused, refusal);
	recourse_bytes_free(&reply);
	if (error == RECOURSE_OK)
		drop_message(flight, index);
	return error;
}

/* What is on its way is waited for, whatever happened before. */
enum recourse_error demo_flight_run(struct demo_flight *flight, struct recourse_refusal *refusal)
{
	struct recourse_pending *pending[DEMO_FLIGHT_REQUESTS];
	enum recourse_error error = RECOURSE_OK;
	uint64_t sent = 0;
	refusal_clear(refusal);
	for (uint64_t settled = 0;; settled++) {
		while (error == RECOURSE_OK && sent - settled < DEMO_FLIGHT_REQUESTS) {
			if (sent == message_count(flight) && flight->written == flight->count)
				break;
			if (sent == message_count(flight))
				error = make_message(flight);
			if (error == RECOURSE_OK)
				error = send_message(flight, sent, &pending[sent % DEMO_FLIGHT_REQUESTS]);
			sent += error == RECOURSE_OK;
		}
		if (settled == sent)
			return error;
		struct recourse_refusal reason;
		enum recourse_error outcome =
			settle(flight, settled, pending[settled % DEMO_FLIGHT_REQUESTS], &reason);
		if (outcome != RECOURSE_OK && error == RECOURSE_OK) {
			error = outcome;
			*refusal = reason;
		}
	}
}

void demo_flight_free(struct demo_flight *flight)
{
	for (uint64_t index = 0; index < message_count(flight); index++)
		drop_message(flight, index);
	buffer_free(&flight->messages);
}
