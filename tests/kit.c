/* SPDX-License-Identifier: Apache-2.0 */
#include "kit.h"

#include "../tools/described.h"
#include "../tools/file.h"
#include "../tools/member.h"
#include "../tools/play/play_people.h"
#include "base/instant.h"
#include "base/transcode.h"
#include "ledger.h"
#include "recording.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

static const char origin[] = "example.com/ledger";

/* ---- keys ---- */

static struct play_people people_of(const char *ledger)
{
	struct play_people people = {0};
	snprintf(people.origin, sizeof people.origin, "%s", ledger);
	return people;
}

void kit_open_key(const char *ledger, const char *name, struct key_secret *key)
{
	const struct play_people people = people_of(ledger);
	assert_ok(play_people_open(&people, name, key));
}

void kit_vkey(const char *ledger, const char *name, char vkey[static KEY_TEXT_SIZE])
{
	const struct play_people people = people_of(ledger);
	play_people_vkey(&people, name, vkey);
}

void kit_handle(const char *ledger, const char *name, char handle[static KEY_HANDLE_SIZE + 1])
{
	const struct play_people people = people_of(ledger);
	play_people_handle(&people, name, handle);
}

void kit_log_vkey(const char *ledger, char vkey[static KEY_TEXT_SIZE])
{
	struct crypto_hash seed;
	SCOPED(key_close) struct key_secret key = {0};
	play_people_seed("log", &seed);
	assert_ok(key_open_seed(slice_text(ledger), seed.bytes, &key));
	key_format(&key.public_key, vkey);
}

/* ---- requests ---- */

static char *to_json(struct recourse_bytes *item)
{
	struct buffer out = {0};
	assert_ok(transcode_to_json(slice_of(item->data, item->size), TRANSCODE_COMPACT, &out));
	buffer_append(&out, "", 1);
	recourse_bytes_free(item);
	return (char *)out.data;
}

char *kit_call(
	const struct kit *kit, const char *method, const char *id, const char *params, uint64_t expires)
{
	char *payload = NULL;
	char time[INSTANT_TEXT_SIZE];
	instant_format(expires, time);
	assert_true(asprintf(&payload,
			    "{\"method\":\"%s\",\"origin\":\"%s\",\"request\":\"%s\",\"expires\":\"%s\","
			    "\"params\":%s}",
			    method, kit->origin, id, time, params) >= 0);
	return payload;
}

char *kit_payload(const struct kit *kit, const char *id, const char *params, uint64_t expires)
{
	return kit_call(kit, "submit", id, params, expires);
}

enum recourse_error kit_prepare(
	struct kit *kit, const char *name, const char *payload, struct recourse_request **request)
{
	SCOPED(key_close) struct key_secret key;
	char handle[KEY_HANDLE_SIZE + 1];
	uint8_t signature[CRYPTO_SIGNATURE_SIZE];
	kit_open_key(kit->origin, name, &key);
	key_handle(&key.public_key, handle);
	assert_ok(crypto_key_sign(
		key.signer, slice_text("recourse-request-v1\n"), slice_text(payload), signature));
	struct recourse_signed call = {
		.key = slice_text(handle),
		.payload = slice_text(payload),
		.signature = slice_of(signature, sizeof signature),
		.texts = kit->texts,
		.text_count = kit->text_count,
	};
	kit->now += INSTANT_SECOND;
	return recourse_request_prepare(kit->ledger, &call, kit->now, request, &kit->refusal);
}

enum recourse_error kit_reply(struct kit *kit, const struct recourse_request *request, char **reply)
{
	struct recourse_bytes result = {0};
	enum recourse_error error = recourse_request_reply(kit->ledger, request, &result, &kit->refusal);
	if (error == RECOURSE_OK && reply != NULL)
		*reply = to_json(&result);
	else
		recourse_bytes_free(&result);
	return error;
}

/* In the steps of one that is alone: what is said before the state is written is what is read from it. */
static enum recourse_error commit(
	struct kit *kit, struct recourse_request *request, uint8_t salt, struct recourse_bytes *result)
{
	uint8_t salts[1][RECOURSE_SALT_SIZE];
	struct recourse_bytes later = {0};
	struct recourse_refusal refusal;
	enum recourse_error error = RECOURSE_OK;
	bool ahead;
	memset(salts, salt, sizeof salts);
	assert_ok(recourse_ledger_decide(
		kit->ledger, &request, 1, kit->now, (const uint8_t(*)[RECOURSE_SALT_SIZE])salts));
	recourse_ledger_hand_over(kit->ledger);
	assert_ok(recourse_ledger_append(kit->ledger, &ahead));
	if (ahead)
		error = recourse_request_reply_ahead(kit->ledger, request, result, &kit->refusal);
	assert_ok(recourse_ledger_show(kit->ledger));
	assert_ok(recourse_ledger_settle(kit->ledger, RECOURSE_OK));
	if (!ahead)
		return recourse_request_reply(kit->ledger, request, result, &kit->refusal);
	if (kit->once)
		return error;
	assert_error(recourse_request_reply(kit->ledger, request, &later, &refusal), error);
	assert_true(slice_equal(slice_of(later.data, later.size), slice_of(result->data, result->size)));
	recourse_bytes_free(&later);
	return error;
}

enum recourse_error kit_send(struct kit *kit, const char *key, const char *payload, char **reply)
{
	struct recourse_request *request = NULL;
	struct recourse_bytes result = {0};
	enum recourse_error error = kit_prepare(kit, key, payload, &request);
	if (error == RECOURSE_OK)
		error = commit(kit, request, 7, &result);
	if (error == RECOURSE_OK && reply != NULL)
		*reply = to_json(&result);
	else
		recourse_bytes_free(&result);
	recourse_request_release(request);
	return error;
}

/* Whatever comes, in whatever test, is as it is published. */
static void assert_described(const char *of, slice undescribed)
{
	if (undescribed.size > 0)
		fail_msg("%s: %.*s is not described", of, SLICE_ARGUMENTS(undescribed));
}

static void check_submit(const struct kit *kit, enum recourse_error error, const char *params,
	const struct recourse_bytes *result)
{
	struct transcode_problem problem;
	SCOPED(buffer_free) struct buffer item = {0};
	slice commands;
	if (transcode_from_json(slice_text(params), &item, &problem) == RECOURSE_OK &&
		item_find(buffer_slice(&item), "commands", &commands) == RECOURSE_OK)
		assert_described(params, error == RECOURSE_OK ? described_submit(commands,
									slice_of(result->data, result->size))
							      : described_refusal(commands, &kit->refusal));
}

static void check_query(const struct kit *kit, enum recourse_error error, const char *name,
	const struct recourse_bytes *result)
{
	const struct recourse_method *method = recourse_method_find(name, strlen(name));
	if (method != NULL && method->kind == RECOURSE_METHOD_QUERY)
		assert_described(name,
			error == RECOURSE_OK ? described_result(method, slice_of(result->data, result->size))
					     : described_error(method, kit->refusal.error));
}

enum recourse_error kit_request(
	struct kit *kit, const char *key, const char *id, const char *params, char **reply)
{
	struct recourse_request *request = NULL;
	struct recourse_bytes result = {0};
	SCOPED(support_free) char *payload = kit_payload(kit, id, params, kit->now + INSTANT_MINUTE);
	enum recourse_error error = kit_prepare(kit, key, payload, &request);
	if (error == RECOURSE_OK)
		error = commit(kit, request, (uint8_t)kit->requests, &result);
	check_submit(kit, error, params, &result);
	if (error == RECOURSE_OK) {
		char *json = to_json(&result);
		const char *first = strstr(json, "\"first_entry\":");
		const char *accepted = strstr(json, "\"accepted\":");
		bool dry = strstr(params, "\"dry-run\"") != NULL; /* becomes no entry */
		assert_true(dry == (first == NULL));
		assert_non_null(accepted);
		if (!dry)
			kit->last_entry =
				strtoull(first + 14, NULL, 10) + strtoull(accepted + 11, NULL, 10) - 1;
		if (reply != NULL)
			*reply = json;
		else
			free(json);
	}
	recourse_request_release(request);
	return error;
}

enum recourse_error kit_submit(struct kit *kit, const char *key, const char *commands)
{
	SCOPED(buffer_free) struct buffer params = {0};
	char id[32];
	snprintf(id, sizeof id, "r-%llu", (unsigned long long)++kit->requests);
	buffer_append_format(&params, "{\"mode\":\"all\",\"commands\":");
	buffer_append_text(&params, commands);
	buffer_append(&params, "}", 2);
	enum recourse_error error = kit_request(kit, key, id, (char *)params.data, NULL);
	return error;
}

enum recourse_error kit_ask(struct kit *kit, const char *key, const char *method, const char *params,
	struct recourse_bytes *reply)
{
	struct recourse_request *request = NULL;
	SCOPED(support_free) char *payload = kit_call(kit, method, "q", params, kit->now + INSTANT_MINUTE);
	enum recourse_error error = kit_prepare(kit, key, payload, &request);
	if (error == RECOURSE_OK)
		error = recourse_request_query(kit->ledger, request, reply, &kit->refusal);
	recourse_request_release(request);
	return error;
}

enum recourse_error kit_query(
	struct kit *kit, const char *key, const char *method, const char *params, char **reply)
{
	struct recourse_bytes result = {0};
	enum recourse_error error = kit_ask(kit, key, method, params, &result);
	check_query(kit, error, method, &result);
	if (error == RECOURSE_OK)
		*reply = to_json(&result);
	return error;
}

/* ---- the ledger's life ---- */

static void open_ledger(struct kit *kit, bool rebuild)
{
	struct recourse_ledger_options options = {.directory = kit->directory.path,
		.log_key = kit->log_key,
		.system_key = kit->system_key,
		.rebuild = rebuild};
	assert_ok(recourse_ledger_open(&options, &kit->ledger));
}

static void write_key_file(const struct kit *kit, const char *name, const char *seed_name, const char *full,
	char path[static SUPPORT_PATH_MAX])
{
	struct crypto_hash seed;
	char text[KEY_TEXT_SIZE];
	play_people_seed(seed_name, &seed);
	support_directory_path(&kit->directory, name, path);
	key_format_secret(slice_text(full), seed.bytes, text);
	FILE *file = fopen(path, "w");
	assert_non_null(file);
	fprintf(file, "%s\n", text);
	fclose(file);
	assert_int_equal(chmod(path, 0600), 0);
}

void kit_key_file(const struct kit *kit, const char *name, char path[static SUPPORT_PATH_MAX])
{
	char full[KEY_NAME_SIZE + 1];
	snprintf(full, sizeof full, "%s/%s", kit->origin, name);
	write_key_file(kit, name, name, full, path);
}

char *kit_opening(const struct kit *kit, const char *log_origin, const char *more)
{
	char log[KEY_TEXT_SIZE];
	char *words = NULL;
	kit_log_vkey(log_origin, log);
	assert_true(asprintf(&words, "ledger.open origin=%s log_key=%s key=@admin %s", kit->origin, log,
			    more) >= 0);
	return words;
}

static void open_first(struct kit *kit)
{
	SCOPED(support_free)
	char *words = kit_opening(kit, origin, "party=P system_key=@system purpose=test");
	SCOPED(support_free) char *command = kit_command(kit, words);
	SCOPED(support_free) char *commands = NULL;
	assert_true(asprintf(&commands, "[%s]", command) >= 0);
	assert_ok(kit_submit(kit, "admin", commands));
}

void kit_start(struct kit *kit)
{
	memset(kit, 0, sizeof *kit);
	assert_ok(crypto_start());
	kit->now = UINT64_C(1462320000) * INSTANT_SECOND; /* 2016-05-04 */
	snprintf(kit->origin, sizeof kit->origin, "%s", origin);
	support_directory_make(&kit->directory);
	write_key_file(kit, "log-key", "log", origin, kit->log_key);
	kit_key_file(kit, "system", kit->system_key);
	assert_ok(recourse_ledger_create(kit->directory.path));
	open_ledger(kit, false);
	open_first(kit);
}

void kit_end(struct kit *kit)
{
	recording_keep(kit->ledger);
	recourse_ledger_close(kit->ledger);
	support_directory_remove(&kit->directory);
}

void kit_close(struct kit *kit)
{
	recourse_ledger_close(kit->ledger);
	kit->ledger = NULL;
}

void kit_reopen(struct kit *kit, bool rebuild)
{
	kit_close(kit);
	open_ledger(kit, rebuild);
}

int kit_setup(void **state)
{
	struct kit *kit = malloc(sizeof *kit);
	assert_non_null(kit);
	kit_start(kit);
	kit_world(kit, "world.case");
	*state = kit;
	return 0;
}

int kit_teardown(void **state)
{
	kit_end(*state);
	free(*state);
	return 0;
}

void kit_copy(const struct kit *from, const char *name, const struct kit *to, const char *as)
{
	char path[SUPPORT_PATH_MAX];
	SCOPED(buffer_free) struct buffer bytes = {0};
	support_directory_path(&from->directory, name, path);
	assert_ok(file_read(path, SIZE_MAX, &bytes));
	support_directory_path(&to->directory, as, path);
	support_write_file(path, buffer_slice(&bytes));
}

void kit_digest(const struct kit *kit, uint8_t digest[static 32])
{
	struct recourse_standing standing = {0};
	assert_ok(recourse_ledger_standing(kit->ledger, &standing));
	memcpy(digest, standing.facts, sizeof standing.facts);
}

uint64_t kit_entries(const struct kit *kit)
{
	return kit->ledger->head.entries;
}

uint64_t kit_wait(struct kit *kit, uint64_t seconds)
{
	uint8_t salt[RECOURSE_SALT_SIZE] = {1};
	uint64_t total = 0;
	uint64_t fired;
	uint64_t next;
	kit->now += seconds * INSTANT_SECOND;
	do {
		assert_ok(recourse_ledger_tick(kit->ledger, kit->now, salt, &fired, &next));
		total += fired;
	} while (fired > 0 && next <= kit->now);
	return total;
}

void kit_audit(struct kit *kit)
{
	struct recourse_audit_options options = {.directory = kit->directory.path};
	struct recourse_audit report;
	assert_ok(recourse_ledger_sign(kit->ledger));
	kit_close(kit);
	enum recourse_error error = recourse_ledger_audit(&options, &report);
	if (error != RECOURSE_OK)
		print_message("audit: %s: entry %llu: %s\n", recourse_error_name(error),
			(unsigned long long)report.first_wrong, report.what);
	assert_ok(error);
	assert_true(report.state_compared);
	open_ledger(kit, false);
}
