/* SPDX-License-Identifier: Apache-2.0 */
#include "play/play_embedded.h"

#include "base/instant.h"
#include "base/item.h"
#include "beside.h"
#include "output.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <unistd.h>

#define REQUEST_LABEL "recourse-request-v1\n"

struct embedded {
	struct play_ledger base;
	struct recourse_ledger *ledger;
	bool rehearsal;
	bool winds; /* the system's key is there */
	uint64_t rehearsed_from;
	char directory[PATH_MAX];
	char log_key[PATH_MAX];
	char system_key[PATH_MAX];
};

static struct embedded *embedded_of(struct play_ledger *ledger)
{
	return (struct embedded *)ledger;
}

/* ---- requests ---- */

static void write_payload(
	struct embedded *embedded, const char *method, const char *id, slice params, struct buffer *out)
{
	char expires[INSTANT_TEXT_SIZE];
	struct item_map map = item_map_open(out);
	instant_format(embedded->base.now + INSTANT_MINUTE, expires);
	item_write_pair_text(out, "method", slice_text(method));
	item_write_pair_text(out, "origin", slice_text(embedded->base.people.origin));
	item_write_pair_text(out, "request", slice_text(id));
	item_write_pair_text(out, "expires", slice_text(expires));
	item_write_key(out, "params");
	buffer_append(out, params.data, params.size);
	item_map_close(map, out);
}

static enum recourse_error sign(const struct embedded *embedded, const char *actor, slice payload,
	uint8_t signature[static CRYPTO_SIGNATURE_SIZE])
{
	struct key_secret key;
	enum recourse_error error = play_people_open(&embedded->base.people, actor, &key);
	if (error != RECOURSE_OK)
		return error;
	error = crypto_key_sign(key.signer, slice_text(REQUEST_LABEL), payload, signature);
	key_close(&key);
	return error;
}

/* Signed by the person, unless that one is known without a key, and taken by the ledger. */
static enum recourse_error prepare(struct embedded *embedded, const struct play_submission *submission,
	slice payload, struct recourse_request **request, struct recourse_refusal *refusal)
{
	const char *actor = submission->actor;
	char handle[KEY_HANDLE_SIZE + 1];
	uint8_t signature[CRYPTO_SIGNATURE_SIZE] = {0};
	enum recourse_error error = RECOURSE_OK;
	play_people_handle(&embedded->base.people, actor, handle);
	if (!play_people_knows(&embedded->base.people, actor))
		error = sign(embedded, actor, payload, signature);
	const struct recourse_signed call = {
		.key = slice_text(handle),
		.payload = payload,
		.signature = slice_of(signature, sizeof signature),
		.texts = submission->texts,
		.text_count = submission->text_count,
	};
	if (error == RECOURSE_OK)
		error = recourse_request_prepare(
			embedded->ledger, &call, embedded->base.now, request, refusal);
	return error;
}

static void write_params(const struct play_submission *submission, struct buffer *out)
{
	struct item_map map = item_map_open(out);
	item_write_pair_text(out, "mode", slice_text(submission->each ? "each" : "all"));
	item_write_key(out, "commands");
	buffer_append(out, submission->commands.data, submission->commands.size);
	item_map_close(map, out);
}

static void commit(struct embedded *embedded, struct recourse_request *request, struct play_reply *reply)
{
	uint8_t salts[1][RECOURSE_SALT_SIZE];
	memset(salts, (int)(embedded->base.requests & 0xff), sizeof salts);
	reply->error = recourse_ledger_commit(embedded->ledger, &request, 1, embedded->base.now,
		(const uint8_t(*)[RECOURSE_SALT_SIZE])salts);
	if (reply->error == RECOURSE_OK)
		reply->error =
			recourse_request_reply(embedded->ledger, request, &reply->item, &reply->refusal);
}

static void submit(
	struct play_ledger *ledger, const struct play_submission *submission, struct play_reply *reply)
{
	struct embedded *embedded = embedded_of(ledger);
	struct recourse_request *request = NULL;
	struct buffer params = {0};
	struct buffer payload = {0};
	char id[48];
	/* a copy knows the ids of what it is a copy of */
	snprintf(id, sizeof id, "r%llu-%llu", (unsigned long long)embedded->rehearsed_from,
		(unsigned long long)ledger->requests);
	write_params(submission, &params);
	write_payload(embedded, "submit", submission->id == NULL ? id : submission->id, buffer_slice(&params),
		&payload);
	ledger->now += INSTANT_SECOND;
	reply->error = prepare(embedded, submission, buffer_slice(&payload), &request, &reply->refusal);
	if (reply->error == RECOURSE_OK)
		commit(embedded, request, reply);
	recourse_request_release(request);
	buffer_free(&payload);
	buffer_free(&params);
}

static void query(struct play_ledger *ledger, const char *actor, const char *method, slice params,
	struct play_reply *reply)
{
	struct embedded *embedded = embedded_of(ledger);
	struct recourse_request *request = NULL;
	struct buffer payload = {0};
	if (actor == NULL) {
		reply->error = recourse_ledger_public(
			embedded->ledger, slice_text(method), params, &reply->item, &reply->refusal);
		return;
	}
	write_payload(embedded, method, "q", params, &payload);
	const struct play_submission asked = {.actor = actor};
	reply->error = prepare(embedded, &asked, buffer_slice(&payload), &request, &reply->refusal);
	if (reply->error == RECOURSE_OK)
		reply->error =
			recourse_request_query(embedded->ledger, request, &reply->item, &reply->refusal);
	recourse_request_release(request);
	buffer_free(&payload);
}

/* ---- its life ---- */

static enum recourse_error open_ledger(struct embedded *embedded, bool rebuild)
{
	struct beside thread;
	const struct recourse_beside beside = beside_place(&thread);
	const struct recourse_ledger_options options = {
		.directory = embedded->directory,
		.log_key = embedded->rehearsal ? NULL : embedded->log_key,
		.system_key = embedded->winds ? embedded->system_key : NULL,
		.rebuild = rebuild,
		.rehearsal = embedded->rehearsal,
		.beside = &beside,
	};
	return recourse_ledger_open(&options, &embedded->ledger);
}

static void close_ledger(struct embedded *embedded)
{
	recourse_ledger_close(embedded->ledger);
	embedded->ledger = NULL;
}

static enum recourse_error wait(
	struct play_ledger *ledger, uint64_t nanoseconds, bool clocks, uint64_t *struck)
{
	static const uint8_t salt[RECOURSE_SALT_SIZE] = {1};
	enum recourse_error error = RECOURSE_OK;
	uint64_t fired = 0;
	uint64_t next = 0;
	ledger->now += nanoseconds;
	while (clocks && error == RECOURSE_OK && next <= ledger->now) {
		error = recourse_ledger_tick(embedded_of(ledger)->ledger, ledger->now, salt, &fired, &next);
		*struck += fired;
		if (fired == 0)
			break;
	}
	return error;
}

static enum recourse_error stand(struct play_ledger *ledger, struct recourse_standing *standing)
{
	return recourse_ledger_standing(embedded_of(ledger)->ledger, standing);
}

static enum recourse_error restart(struct play_ledger *ledger, bool rebuild)
{
	close_ledger(embedded_of(ledger));
	return open_ledger(embedded_of(ledger), rebuild);
}

static enum recourse_error audit(struct play_ledger *ledger, struct recourse_audit *report)
{
	struct embedded *embedded = embedded_of(ledger);
	struct beside thread;
	const struct recourse_beside beside = beside_place(&thread);
	const struct recourse_audit_options options = {.directory = embedded->directory,
		.rehearsed_from = embedded->rehearsed_from,
		.beside = &beside};
	enum recourse_error error =
		embedded->rehearsal ? RECOURSE_OK : recourse_ledger_sign(embedded->ledger);
	if (error != RECOURSE_OK)
		return error;
	close_ledger(embedded);
	error = recourse_ledger_audit(&options, report);
	enum recourse_error reopened = open_ledger(embedded, false);
	return error == RECOURSE_OK ? reopened : error;
}

static void close_embedded(struct play_ledger *ledger)
{
	struct embedded *embedded = embedded_of(ledger);
	close_ledger(embedded);
	play_people_forget(&ledger->people);
	free(embedded);
}

static const struct play_ledger_kind kind = {
	.submit = submit,
	.query = query,
	.wait = wait,
	.stand = stand,
	.restart = restart,
	.audit = audit,
	.close = close_embedded,
};

/* ---- the beginning ---- */

static enum recourse_error open_named(const char *seed_name, const char *full, struct key_secret *key)
{
	struct crypto_hash seed;
	play_people_seed(seed_name, &seed);
	return key_open_seed(slice_text(full), seed.bytes, key);
}

static enum recourse_error write_key(const char *path, const char *seed_name, const char *full)
{
	struct crypto_hash seed;
	char text[KEY_TEXT_SIZE];
	play_people_seed(seed_name, &seed);
	size_t size = key_format_secret(slice_text(full), seed.bytes, text);
	int descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (descriptor < 0)
		return RECOURSE_IO;
	text[size++] = '\n';
	bool written = size > 1 && write(descriptor, text, size) == (ssize_t)size;
	return close(descriptor) == 0 && written ? RECOURSE_OK : RECOURSE_IO;
}

static bool name_files(struct embedded *embedded, const char *directory)
{
	int size = snprintf(embedded->directory, PATH_MAX, "%s/ledger", directory);
	snprintf(embedded->log_key, PATH_MAX, "%s/log-key", directory);
	snprintf(embedded->system_key, PATH_MAX, "%s/system-key", directory);
	return size < PATH_MAX - 8;
}

static enum recourse_error write_system_key(struct embedded *embedded, const char *name)
{
	char full[KEY_NAME_SIZE + 1];
	if (snprintf(full, sizeof full, "%s/%s", embedded->base.people.origin, name) >= (int)sizeof full)
		return RECOURSE_KEY_MALFORMED;
	embedded->winds = true;
	return write_key(embedded->system_key, name, full);
}

static enum recourse_error write_keys(struct embedded *embedded, const struct play_opening *opening)
{
	enum recourse_error error = write_key(embedded->log_key, "log", opening->origin);
	return error == RECOURSE_OK ? write_system_key(embedded, "system") : error;
}

static enum recourse_error write_opening(
	const struct embedded *embedded, const struct play_opening *opening, struct buffer *out)
{
	char vkey[KEY_TEXT_SIZE];
	struct key_secret log;
	enum recourse_error error = open_named("log", opening->origin, &log);
	if (error != RECOURSE_OK)
		return error;
	item_write_array(out, 1);
	struct item_map map = item_map_open(out);
	item_write_pair_text(out, "command", slice_text("ledger.open"));
	item_write_pair_text(out, "origin", slice_text(opening->origin));
	item_write_pair_text(out, "party", slice_text(opening->party));
	item_write_pair_text(out, "purpose", slice_text("test"));
	item_write_pair_text(out, "log_key", slice_of(vkey, key_format(&log.public_key, vkey)));
	play_people_vkey(&embedded->base.people, opening->admin, vkey);
	item_write_pair_text(out, "key", slice_text(vkey));
	play_people_vkey(&embedded->base.people, "system", vkey);
	item_write_pair_text(out, "system_key", slice_text(vkey));
	item_map_close(map, out);
	key_close(&log);
	return buffer_failed(out) ? RECOURSE_MEMORY : RECOURSE_OK;
}

static void begin(struct embedded *embedded, const struct play_opening *opening, struct play_reply *reply)
{
	struct buffer commands = {0};
	*reply = (struct play_reply){.error = write_keys(embedded, opening)};
	if (reply->error == RECOURSE_OK)
		reply->error = recourse_ledger_create(embedded->directory);
	if (reply->error == RECOURSE_OK)
		reply->error = open_ledger(embedded, false);
	if (reply->error == RECOURSE_OK)
		reply->error = write_opening(embedded, opening, &commands);
	const struct play_submission submission = {
		.actor = opening->admin, .commands = buffer_slice(&commands)};
	if (reply->error == RECOURSE_OK)
		play_ledger_submit(&embedded->base, &submission, reply);
	buffer_free(&commands);
}

struct play_ledger *play_embedded_open(const char *directory, const struct play_opening *opening)
{
	struct play_reply reply;
	struct embedded *embedded = calloc(1, sizeof *embedded);
	if (embedded == NULL || !name_files(embedded, directory)) {
		output_error(RECOURSE_MEMORY, NULL, directory);
		free(embedded);
		return NULL;
	}
	embedded->base.kind = &kind;
	embedded->base.now = opening->at;
	snprintf(embedded->base.people.origin, sizeof embedded->base.people.origin, "%s", opening->origin);
	begin(embedded, opening, &reply);
	play_ledger_forget(&reply);
	if (reply.error == RECOURSE_OK)
		return &embedded->base;
	output_error(reply.error, &reply.refusal, directory);
	close_embedded(&embedded->base);
	return NULL;
}

/* ---- a copy ---- */

enum recourse_error play_embedded_rehearse(const char *directory, struct play_ledger **ledger)
{
	struct recourse_standing standing;
	struct embedded *embedded = calloc(1, sizeof *embedded);
	if (embedded == NULL)
		return RECOURSE_MEMORY;
	embedded->base.kind = &kind;
	embedded->rehearsal = true;
	enum recourse_error error =
		name_files(embedded, directory) ? open_ledger(embedded, false) : RECOURSE_IO;
	if (error == RECOURSE_OK)
		error = recourse_ledger_standing(embedded->ledger, &standing);
	if (error != RECOURSE_OK) {
		close_embedded(&embedded->base);
		return error;
	}
	embedded->rehearsed_from = standing.entries;
	snprintf(embedded->base.people.origin, sizeof embedded->base.people.origin, "%s",
		recourse_ledger_origin(embedded->ledger));
	*ledger = &embedded->base;
	return RECOURSE_OK;
}

struct recourse_ledger *play_embedded_ledger(struct play_ledger *ledger)
{
	return embedded_of(ledger)->ledger;
}

enum recourse_error play_embedded_wind(struct play_ledger *ledger, const char *name)
{
	enum recourse_error error = write_system_key(embedded_of(ledger), name);
	return error == RECOURSE_OK ? restart(ledger, false) : error;
}
