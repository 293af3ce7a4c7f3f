/* SPDX-License-Identifier: Apache-2.0 */
#include "bench/bench_hog.h"

#include "base/instant.h"
#include "base/item.h"
#include "base/try.h"
#include "host_clock.h"
#include "output.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

enum { COMMANDS = 2000 };

struct stream {
	struct bench_hog *hog;
	uint32_t number;
	struct recourse_client *client;
	pthread_t thread;
};

struct bench_hog {
	const char *prefix;
	atomic_bool over;
	atomic_uint_fast64_t answered;
	atomic_uint_fast64_t refused;
	size_t started;
	struct stream streams[BENCH_HOG_CONNECTIONS];
};

static void write_commands(const char *request, struct buffer *out)
{
	char hold[80];
	item_write_array(out, COMMANDS);
	for (int command = 0; command < COMMANDS; command++) {
		int size = snprintf(hold, sizeof hold, "%s-%d", request, command);
		item_write_map(out, 6);
		item_write_pair_text(out, "hold", slice_of(hold, (size_t)size));
		item_write_pair_text(out, "unit", slice_text("CNY"));
		item_write_pair_text(out, "amount", slice_text("0.01"));
		item_write_pair_text(out, "reason", slice_text("bench"));
		item_write_pair_text(out, "command", slice_text("deposit.hold"));
		item_write_pair_text(out, "merchant", slice_text("bench"));
	}
}

static enum recourse_error send_one(struct stream *stream, uint64_t round, struct recourse_pending **pending)
{
	char id[64];
	struct recourse_bytes message = {0};
	SCOPED(buffer_free) struct buffer commands = {0};
	snprintf(id, sizeof id, "%s-%" PRIu32 "-%" PRIu64, stream->hog->prefix, stream->number, round);
	write_commands(id, &commands);
	const struct recourse_submission submission = {
		.request_id = id,
		.mode = RECOURSE_MODE_EACH,
		.expires = host_clock_now() + INSTANT_HOUR,
		.commands = buffer_slice(&commands),
	};
	TRY(recourse_client_sign_submission(stream->client, &submission, &message));
	enum recourse_error error =
		recourse_client_send(stream->client, slice_of(message.data, message.size), pending);
	recourse_bytes_free(&message);
	return error;
}

static void wait_one(struct stream *stream, struct recourse_pending *pending)
{
	struct recourse_bytes result = {0};
	struct recourse_refusal refusal;
	bool good = recourse_client_wait(pending, &result, &refusal) == RECOURSE_OK;
	atomic_fetch_add(good ? &stream->hog->answered : &stream->hog->refused, 1);
	recourse_bytes_free(&result);
}

static void *run(void *argument)
{
	struct stream *stream = argument;
	struct recourse_pending *pending[BENCH_HOG_REQUESTS];
	uint64_t sent = 0;
	uint64_t settled = 0;
	bool good = true;
	while (good || settled < sent) {
		good = good && !atomic_load(&stream->hog->over);
		if (good && sent - settled < BENCH_HOG_REQUESTS) {
			good = send_one(stream, sent, &pending[sent % BENCH_HOG_REQUESTS]) == RECOURSE_OK;
			sent += good;
		} else if (settled < sent) {
			wait_one(stream, pending[settled++ % BENCH_HOG_REQUESTS]);
		}
	}
	return NULL;
}

static bool begin(struct stream *stream, const struct bench_calls *calls)
{
	char key[DEMO_STAGE_PATH_SIZE];
	const struct recourse_client_options options = {
		.url = calls->stage->url, .key_file = key, .log_key = calls->stage->log_key};
	return demo_stage_path(calls->stage, "people/maker", key) &&
	       recourse_client_open(&options, &stream->client) == RECOURSE_OK &&
	       pthread_create(&stream->thread, NULL, run, stream) == 0;
}

struct bench_hog *bench_hog_start(const struct bench_calls *calls, const char *prefix)
{
	struct bench_hog *hog = calloc(1, sizeof *hog);
	uint64_t none;
	if (hog == NULL)
		return NULL;
	hog->prefix = prefix;
	for (; hog->started < BENCH_HOG_CONNECTIONS; hog->started++) {
		struct stream *stream = &hog->streams[hog->started];
		*stream = (struct stream){.hog = hog, .number = (uint32_t)hog->started};
		if (begin(stream, calls))
			continue;
		output_problem("bench siege: connection %zu of one key can not begin", hog->started);
		recourse_client_close(stream->client);
		bench_hog_stop(hog, &none, &none);
		return NULL;
	}
	return hog;
}

void bench_hog_stop(struct bench_hog *hog, uint64_t *answered, uint64_t *refused)
{
	*answered = *refused = 0;
	if (hog == NULL)
		return;
	atomic_store(&hog->over, true);
	for (size_t index = 0; index < hog->started; index++) {
		pthread_join(hog->streams[index].thread, NULL);
		recourse_client_close(hog->streams[index].client);
	}
	*answered = atomic_load(&hog->answered);
	*refused = atomic_load(&hog->refused);
	free(hog);
}
