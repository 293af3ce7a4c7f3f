/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/buffer.h"
#include "recourse_client.h"

/*
 * Many commands of one kind in bulk: requests as large as the service takes them (8,192 commands, 1 MiB), each
 * command for itself, several requests on their way at once.
 */
enum {
	DEMO_FLIGHT_REQUESTS = 8, /* on their way at once */
	DEMO_FLIGHT_COMMANDS =
		2048, /* in each: what a group of so many touches stays in the processor's cache */
};

struct demo_flight {
	struct recourse_client *client;
	const char *name; /* begins the request ids, and names the flight in messages */
	const void *context;
	void (*write)(const void *context, uint64_t index, struct buffer *out); /* appends command `index` */
	uint64_t count;                                                         /* of commands */

	uint64_t written; /* commands that are in messages */
	uint64_t request_count;
	uint64_t bytes;         /* of messages */
	struct buffer messages; /* of struct recourse_bytes: made and not answered yet */
};

/* Writes and signs everything before it flies; without, each message is made just before it leaves. */
enum recourse_error demo_flight_prepare(struct demo_flight *flight);

/*
 * Sends all and waits for every reply; sends again what the service was too busy for. Nothing may be refused:
 * the first refusal, or fault, is returned with `refusal` filled in.
 */
enum recourse_error demo_flight_run(struct demo_flight *flight, struct recourse_refusal *refusal);
void demo_flight_free(struct demo_flight *flight);
