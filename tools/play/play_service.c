/* SPDX-License-Identifier: Apache-2.0 */
#include "play/play_service.h"

#include "base/instant.h"
#include "base/item.h"
#include "member.h"
#include "moment.h"
#include "output.h"
#include "recourse_client.h"
#include "uuid.h"

#include <inttypes.h>
#include <stdlib.h>

/* Clocks are looked at once a second: after so long without an entry none is due. */
enum { QUIET_MS = 1500, LOOK_MS = 50 };

struct speaker {
	const char *name; /* NULL: nobody */
	struct recourse_client *client;
};

struct service {
	struct play_ledger base;
	struct play_service_options options;
	struct buffer speakers; /* of struct speaker */
	uint64_t ahead;         /* how far time was let jump */
};

static struct service *service_of(struct play_ledger *ledger)
{
	return (struct service *)ledger;
}

/* ---- connections ---- */

static bool is_speaker(const struct speaker *speaker, const char *name)
{
	if (speaker->name == NULL || name == NULL)
		return speaker->name == name;
	return strcmp(speaker->name, name) == 0;
}

static enum recourse_error connect_speaker(struct service *service, const char *name, struct speaker *speaker)
{
	char path[PLAY_PEOPLE_PATH_SIZE];
	*speaker = (struct speaker){.name = name == NULL ? NULL : strdup(name)};
	enum recourse_error error = RECOURSE_OK;
	if (name != NULL)
		error = play_people_file(&service->base.people, name, path);
	const struct recourse_client_options options = {
		.url = service->options.url,
		.key_file = name == NULL ? NULL : path,
		.log_key = service->options.log_key,
	};
	if (error == RECOURSE_OK)
		error = recourse_client_open(&options, &speaker->client);
	return error;
}

static enum recourse_error find_client(
	struct service *service, const char *name, struct recourse_client **client)
{
	const struct speaker *speakers = (const struct speaker *)(const void *)service->speakers.data;
	struct speaker speaker;
	for (size_t index = 0; index < service->speakers.size / sizeof *speakers; index++) {
		*client = speakers[index].client;
		if (is_speaker(&speakers[index], name))
			return RECOURSE_OK;
	}
	enum recourse_error error = connect_speaker(service, name, &speaker);
	*client = speaker.client;
	if (error == RECOURSE_OK)
		buffer_append(&service->speakers, &speaker, sizeof speaker);
	else
		free((void *)(uintptr_t)speaker.name);
	return error;
}

/* ---- calls ---- */

static void submit(
	struct play_ledger *ledger, const struct play_submission *submission, struct play_reply *reply)
{
	struct recourse_client *client;
	char id[UUID_TEXT_SIZE];
	uint64_t now = moment_now();
	uuid_make(now / 1000000, id);
	const struct recourse_submission message = {
		.request_id = submission->id == NULL ? id : submission->id,
		.mode = submission->each ? RECOURSE_MODE_EACH : RECOURSE_MODE_ALL,
		.expires = now + INSTANT_HOUR,
		.commands = submission->commands,
		.texts = submission->texts,
		.text_count = submission->text_count,
	};
	reply->error = find_client(service_of(ledger), submission->actor, &client);
	if (reply->error == RECOURSE_OK)
		reply->error = recourse_client_submit(client, &message, &reply->item, &reply->refusal);
	ledger->now = moment_now() + service_of(ledger)->ahead;
}

static void query(struct play_ledger *ledger, const char *actor, const char *method, slice params,
	struct play_reply *reply)
{
	struct recourse_client *client;
	reply->error = find_client(service_of(ledger), actor, &client);
	if (reply->error != RECOURSE_OK)
		return;
	reply->error = actor == NULL
			       ? recourse_client_call(client, method, params, &reply->item, &reply->refusal)
			       : recourse_client_query(client, method, params, &reply->item, &reply->refusal);
}

static enum recourse_error count_entries(struct play_ledger *ledger, uint64_t *entries)
{
	struct play_reply reply;
	int64_t number = 0;
	play_ledger_query(ledger, NULL, "service.info", slice_of(NULL, 0), &reply);
	enum recourse_error error = reply.error;
	if (error == RECOURSE_OK &&
		!member_integer(slice_of(reply.item.data, reply.item.size), "entries", &number))
		error = RECOURSE_MALFORMED;
	*entries = (uint64_t)number;
	play_ledger_forget(&reply);
	return error;
}

/* Nothing else of a service can be seen from outside without asking for all of it. */
static enum recourse_error stand(struct play_ledger *ledger, struct recourse_standing *standing)
{
	*standing = (struct recourse_standing){0};
	return count_entries(ledger, &standing->entries);
}

/* ---- time ---- */

static enum recourse_error advance(struct play_ledger *ledger, uint64_t seconds)
{
	struct play_reply reply;
	struct buffer commands = {0};
	item_write_array(&commands, 1);
	item_write_map(&commands, 2);
	item_write_pair_text(&commands, "command", slice_text("clock.advance"));
	item_write_pair_integer(&commands, "seconds", (int64_t)seconds);
	const struct play_submission submission = {.actor = "admin", .commands = buffer_slice(&commands)};
	play_ledger_submit(ledger, &submission, &reply);
	play_ledger_forget(&reply);
	buffer_free(&commands);
	service_of(ledger)->ahead += seconds * INSTANT_SECOND;
	return reply.error;
}

static enum recourse_error wait(
	struct play_ledger *ledger, uint64_t nanoseconds, bool clocks, uint64_t *struck)
{
	uint64_t first = 0;
	uint64_t last;
	uint64_t quiet = 0;
	uint64_t seconds = nanoseconds / INSTANT_SECOND;
	if (!clocks)
		return RECOURSE_NOT_PERMITTED;
	enum recourse_error error = seconds > 0 ? advance(ledger, seconds) : RECOURSE_OK;
	if (error == RECOURSE_OK)
		error = count_entries(ledger, &first);
	for (last = first; error == RECOURSE_OK && quiet < QUIET_MS; quiet += LOOK_MS) {
		uint64_t entries;
		moment_sleep(LOOK_MS);
		error = count_entries(ledger, &entries);
		quiet = entries == last ? quiet : 0;
		last = entries;
	}
	*struck = last - first;
	return error;
}

/* ---- its life ---- */

static void close_service(struct play_ledger *ledger)
{
	struct service *service = service_of(ledger);
	struct speaker *speakers = (struct speaker *)(void *)service->speakers.data;
	for (size_t index = 0; index < service->speakers.size / sizeof *speakers; index++) {
		recourse_client_close(speakers[index].client);
		free((void *)(uintptr_t)speakers[index].name);
	}
	buffer_free(&service->speakers);
	play_people_forget(&ledger->people);
	free(service);
}

static const struct play_ledger_kind kind = {
	.submit = submit,
	.query = query,
	.wait = wait,
	.stand = stand,
	.close = close_service,
};

static enum recourse_error read_origin(struct play_ledger *ledger)
{
	struct play_reply reply;
	slice origin;
	play_ledger_query(ledger, NULL, "service.info", slice_of(NULL, 0), &reply);
	enum recourse_error error = reply.error;
	if (error == RECOURSE_OK &&
		!member_text(slice_of(reply.item.data, reply.item.size), "origin", &origin))
		error = RECOURSE_MALFORMED;
	if (error == RECOURSE_OK)
		snprintf(
			ledger->people.origin, sizeof ledger->people.origin, "%.*s", SLICE_ARGUMENTS(origin));
	play_ledger_forget(&reply);
	return error;
}

struct play_ledger *play_service_open(const struct play_service_options *options)
{
	struct service *service = calloc(1, sizeof *service);
	enum recourse_error error = RECOURSE_MEMORY;
	if (service != NULL) {
		service->base.kind = &kind;
		service->base.now = moment_now();
		service->base.people.directory = options->keys;
		service->options = *options;
		error = read_origin(&service->base);
	}
	if (error == RECOURSE_OK)
		return &service->base;
	output_error(error, NULL, options->url);
	if (service != NULL)
		close_service(&service->base);
	return NULL;
}

static bool opened_for_tests(slice entry)
{
	struct recourse_bytes described = {0};
	slice body;
	slice purpose;
	bool test = recourse_entry_describe(entry, &described) == RECOURSE_OK &&
		    member_map(slice_of(described.data, described.size), "body", &body) &&
		    member_text(body, "purpose", &purpose) && slice_is(purpose, "test");
	recourse_bytes_free(&described);
	return test;
}

bool play_service_is_test(struct play_ledger *ledger)
{
	struct play_reply reply;
	struct buffer params = {0};
	slice entry;
	item_write_map(&params, 1);
	item_write_pair_integer(&params, "entry", 0);
	play_ledger_query(ledger, "admin", "entry.get", buffer_slice(&params), &reply);
	bool test = reply.error == RECOURSE_OK &&
		    member_bytes(slice_of(reply.item.data, reply.item.size), "bytes", &entry) &&
		    opened_for_tests(entry);
	play_ledger_forget(&reply);
	buffer_free(&params);
	return test;
}
