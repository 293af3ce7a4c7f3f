/* SPDX-License-Identifier: Apache-2.0 */
#include "kit.h"

#include "../tools/described.h"
#include "../tools/member.h"
#include "base/buffer.h"
#include "base/crypto.h"
#include "base/instant.h"
#include "proof/key.h"
#include "recording.h"
#include "base/transcode.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <cmocka.h>

static const char origin[] = "example.com/ledger";

static void open_key(const char *name, struct key_secret *key)
{
	struct crypto_hash seed;
	char full[KEY_NAME_SIZE + 1];
	snprintf(full, sizeof full, "%s/%s", origin, name);
	crypto_sha256(slice_text(name), &seed);
	assert_ok(key_open_seed(slice_text(full), seed.bytes, key));
}

static void vkey_of(const char *name, char vkey[static KEY_TEXT_SIZE])
{
	struct key_secret key;
	open_key(name, &key);
	key_format(&key.public_key, vkey);
	key_close(&key);
}

static char *to_json(struct recourse_bytes *item)
{
	struct buffer out = {0};
	assert_ok(transcode_to_json(slice_of(item->data, item->size), TRANSCODE_COMPACT, &out));
	buffer_append(&out, "", 1);
	recourse_bytes_free(item);
	return (char *)out.data;
}

static char *make_payload(struct kit *kit, const char *method, const char *id, const char *params)
{
	struct buffer payload = {0};
	char expires[INSTANT_TEXT_SIZE];
	instant_format(kit->now + 60 * INSTANT_SECOND, expires);
	buffer_append_format(&payload,
		"{\"method\":\"%s\",\"origin\":\"%s\",\"request\":\"%s\",\"expires\":\"%s\",\"params\":",
		method, origin, id, expires);
	buffer_append_text(&payload, params);
	buffer_append(&payload, "}", 2);
	return (char *)payload.data;
}

static enum recourse_error prepare(
	struct kit *kit, const char *key_name, const char *payload, struct recourse_request **request)
{
	struct key_secret key;
	char handle[KEY_HANDLE_SIZE + 1];
	uint8_t signature[CRYPTO_SIGNATURE_SIZE];
	open_key(key_name, &key);
	key_handle(&key.public_key, handle);
	assert_ok(crypto_key_sign(
		key.signer, slice_text("recourse-request-v1\n"), slice_text(payload), signature));
	key_close(&key);
	struct recourse_signed call = {
		.key = slice_text(handle),
		.payload = slice_text(payload),
		.signature = slice_of(signature, sizeof signature),
	};
	kit->now += INSTANT_SECOND;
	return recourse_request_prepare(kit->ledger, &call, kit->now, request, &kit->refusal);
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
	struct buffer item = {0};
	struct item_reader commands;
	struct item head;
	if (transcode_from_json(slice_text(params), &item, &problem) == RECOURSE_OK &&
		member_list(buffer_slice(&item), "commands", &commands, &head)) {
		slice array = slice_of(commands.data, commands.size);
		assert_described(params,
			error == RECOURSE_OK ? described_submit(array, slice_of(result->data, result->size))
					     : described_refusal(array, &kit->refusal));
	}
	buffer_free(&item);
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
	uint8_t salts[1][RECOURSE_SALT_SIZE];
	char *payload = make_payload(kit, "submit", id, params);
	memset(salts, (int)kit->requests & 0xff, sizeof salts);
	enum recourse_error error = prepare(kit, key, payload, &request);
	if (error == RECOURSE_OK) {
		assert_ok(recourse_ledger_commit(
			kit->ledger, &request, 1, kit->now, (const uint8_t(*)[RECOURSE_SALT_SIZE])salts));
		error = recourse_request_reply(kit->ledger, request, &result, &kit->refusal);
	}
	check_submit(kit, error, params, &result);
	if (error == RECOURSE_OK) {
		char *json = to_json(&result);
		const char *first = strstr(json, "\"first_entry\":");
		const char *accepted = strstr(json, "\"accepted\":");
		assert_non_null(first);
		assert_non_null(accepted);
		kit->last_entry = strtoull(first + 14, NULL, 10) + strtoull(accepted + 11, NULL, 10) - 1;
		if (reply != NULL)
			*reply = json;
		else
			free(json);
	}
	recourse_request_release(request);
	free(payload);
	return error;
}

enum recourse_error kit_submit(struct kit *kit, const char *key, const char *commands)
{
	struct buffer params = {0};
	char id[32];
	snprintf(id, sizeof id, "r-%llu", (unsigned long long)++kit->requests);
	buffer_append_format(&params, "{\"mode\":\"all\",\"commands\":");
	buffer_append_text(&params, commands);
	buffer_append(&params, "}", 2);
	enum recourse_error error = kit_request(kit, key, id, (char *)params.data, NULL);
	buffer_free(&params);
	return error;
}

__attribute__((format(printf, 1, 0))) static char *one_command(const char *format, va_list arguments)
{
	char *text = NULL;
	char *array = NULL;
	assert_true(vasprintf(&text, format, arguments) >= 0);
	assert_true(asprintf(&array, "[%s]", text) >= 0);
	free(text);
	return array;
}

static void show_refusal(const struct kit *kit, enum recourse_error error, const char *commands)
{
	print_message("%s: %s (field '%s', limit '%s', account '%s', needed %s, available %s, state '%s')\n",
		commands, recourse_error_name(error), kit->refusal.field, kit->refusal.limit,
		kit->refusal.account, kit->refusal.needed, kit->refusal.available, kit->refusal.state);
}

void kit_accept(struct kit *kit, const char *key, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	char *commands = one_command(format, arguments);
	va_end(arguments);
	enum recourse_error error = kit_submit(kit, key, commands);
	if (error != RECOURSE_OK)
		show_refusal(kit, error, commands);
	free(commands);
	assert_ok(error);
}

void kit_refuse(struct kit *kit, enum recourse_error expected, const char *field, const char *key,
	const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	char *commands = one_command(format, arguments);
	va_end(arguments);
	enum recourse_error error = kit_submit(kit, key, commands);
	if (error != expected)
		show_refusal(kit, error, commands);
	free(commands);
	assert_error(error, expected);
	if (field != NULL)
		assert_string_equal(kit->refusal.field, field);
}

enum recourse_error kit_query(
	struct kit *kit, const char *key, const char *method, const char *params, char **reply)
{
	struct recourse_request *request = NULL;
	struct recourse_bytes result = {0};
	char *payload = make_payload(kit, method, "q", params);
	enum recourse_error error = prepare(kit, key, payload, &request);
	if (error == RECOURSE_OK)
		error = recourse_request_query(kit->ledger, request, &result, &kit->refusal);
	check_query(kit, error, method, &result);
	if (error == RECOURSE_OK)
		*reply = to_json(&result);
	recourse_request_release(request);
	free(payload);
	return error;
}

void kit_balance(struct kit *kit, int code, const char *party, const char *reference, const char *unit,
	const char *amount)
{
	char params[400];
	char expected[80];
	char *reply = NULL;
	int length = snprintf(params, sizeof params, "{\"code\":%d,\"unit\":\"%s\"", code, unit);
	if (*party != '\0')
		length +=
			snprintf(params + length, sizeof params - (size_t)length, ",\"party\":\"%s\"", party);
	if (*reference != '\0')
		length += snprintf(
			params + length, sizeof params - (size_t)length, ",\"reference\":\"%s\"", reference);
	snprintf(params + length, sizeof params - (size_t)length, "}");
	enum recourse_error error = kit_query(kit, "admin", "account.balance", params, &reply);
	if (error == RECOURSE_QUERY_NOT_FOUND && strcmp(amount, "0") == 0)
		return;
	assert_ok(error);
	if (strcmp(amount, "0") == 0)
		snprintf(expected, sizeof expected, "\"balance\":\"0");
	else
		snprintf(expected, sizeof expected, "\"balance\":\"%s\"", amount);
	const char *shown = strstr(reply, "\"balance\":\"");
	bool fits = shown != NULL && strncmp(shown, expected, strlen(expected)) == 0 &&
		    (strcmp(amount, "0") != 0 || shown[11 + strspn(shown + 11, "0.")] == '"');
	if (!fits)
		print_message("%s: expected %s, is %s\n", params, amount, reply);
	free(reply);
	assert_true(fits);
}

void kit_shows(struct kit *kit, const char *key, const char *method, const char *params, const char *text)
{
	char *reply = NULL;
	assert_ok(kit_query(kit, key, method, params, &reply));
	bool shows = strstr(reply, text) != NULL;
	if (!shows)
		print_message("%s %s does not show %s: %s\n", method, params, text, reply);
	free(reply);
	assert_true(shows);
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
	crypto_sha256(slice_text(seed_name), &seed);
	support_directory_path(&kit->directory, name, path);
	key_format_secret(slice_text(full), seed.bytes, text);
	FILE *file = fopen(path, "w");
	assert_non_null(file);
	fprintf(file, "%s\n", text);
	fclose(file);
	assert_int_equal(chmod(path, 0600), 0);
}

static void log_vkey(char vkey[static KEY_TEXT_SIZE])
{
	struct crypto_hash seed;
	struct key_secret key;
	crypto_sha256(slice_text("log"), &seed);
	assert_ok(key_open_seed(slice_text(origin), seed.bytes, &key));
	key_format(&key.public_key, vkey);
	key_close(&key);
}

void kit_start(struct kit *kit)
{
	char log[KEY_TEXT_SIZE];
	char admin[KEY_TEXT_SIZE];
	char system[KEY_TEXT_SIZE];
	memset(kit, 0, sizeof *kit);
	assert_ok(crypto_start());
	kit->now = UINT64_C(1462320000) * INSTANT_SECOND; /* 2016-05-04 */
	snprintf(kit->origin, sizeof kit->origin, "%s", origin);
	support_directory_make(&kit->directory);
	write_key_file(kit, "log-key", "log", origin, kit->log_key);
	write_key_file(kit, "system-key", "system", "example.com/ledger/system", kit->system_key);
	assert_ok(recourse_ledger_create(kit->directory.path));
	open_ledger(kit, false);
	log_vkey(log);
	vkey_of("admin", admin);
	vkey_of("system", system);
	kit_accept(kit, "admin",
		"{\"command\":\"ledger.open\",\"origin\":\"%s\",\"log_key\":\"%s\",\"party\":\"P\",\"key\":"
		"\"%s\","
		"\"system_key\":\"%s\",\"purpose\":\"test\"}",
		origin, log, admin, system);
}

void kit_end(struct kit *kit)
{
	recording_keep(kit->ledger);
	recourse_ledger_close(kit->ledger);
	support_directory_remove(&kit->directory);
}

void kit_reopen(struct kit *kit, bool rebuild)
{
	recourse_ledger_close(kit->ledger);
	kit->ledger = NULL;
	open_ledger(kit, rebuild);
}

void kit_key(struct kit *kit, const char *name, const char *party, const char *roles)
{
	char vkey[KEY_TEXT_SIZE];
	vkey_of(name, vkey);
	kit_accept(kit, "admin",
		"{\"command\":\"key.register\",\"party\":\"%s\",\"key\":\"%s\",\"roles\":%s}", party, vkey,
		roles);
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
	recourse_ledger_close(kit->ledger);
	enum recourse_error error = recourse_ledger_audit(&options, &report);
	if (error != RECOURSE_OK)
		print_message("audit: %s: entry %llu: %s\n", recourse_error_name(error),
			(unsigned long long)report.first_wrong, report.what);
	assert_ok(error);
	assert_true(report.state_compared);
	open_ledger(kit, false);
}
