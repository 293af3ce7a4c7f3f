/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "recourse_ledger.h"
#include "decide/request.h"
#include "support.h"
#include "base/transcode.h"

/* L, H5: what a signed payload may say; JSON and CBOR are one; each thing that can be wrong with one. */
#define FRAME(params)                                                                                        \
	"{\"method\":\"submit\",\"origin\":\"example.com/ledger\",\"request\":\"r-1\",\"expires\":"          \
	"\"2026-11-22T12:00:00Z\",\"params\":" params "}"
#define PARTY(id)     "{\"command\":\"party.register\",\"party\":\"" id "\",\"kinds\":[\"issuer\"]}"
#define ALL(commands) FRAME("{\"mode\":\"all\",\"commands\":[" commands "]}")

struct decoded {
	struct arena arena;
	struct request request;
	struct recourse_refusal refusal;
};

static enum recourse_error decode(struct decoded *decoded, slice payload)
{
	memset(decoded, 0, sizeof *decoded);
	refusal_clear(&decoded->refusal);
	return request_decode(payload, &decoded->arena, &decoded->request, &decoded->refusal);
}

static void comes_to(slice payload, enum recourse_error expected, const char *field)
{
	struct decoded decoded;
	enum recourse_error error = decode(&decoded, payload);
	if (error != expected || strcmp(decoded.refusal.field, field) != 0)
		print_message("%.*s: %s '%s'\n", (int)(payload.size < 200 ? payload.size : 200),
			(const char *)payload.data, recourse_error_name(error), decoded.refusal.field);
	assert_error(error, expected);
	assert_string_equal(decoded.refusal.field, field);
	arena_free(&decoded.arena);
}

static void refuses(const char *payload, enum recourse_error expected, const char *field)
{
	comes_to(slice_text(payload), expected, field);
}

static void test_decoded(void **state)
{
	static const char payload[] = FRAME("{\"detail\":\"brief\",\"mode\":\"each\","
					    "\"commands\":[" PARTY("X") "," PARTY("Y") "]}");
	struct decoded decoded;
	struct crypto_hash hash;
	assert_ok(decode(&decoded, slice_text(payload)));
	const struct request *request = &decoded.request;
	assert_true(request->submit && request->each && request->brief);
	assert_int_equal(request->count, 2);
	assert_true(slice_is(request->id, "r-1"));
	assert_true(slice_is(request->origin, "example.com/ledger"));
	assert_int_equal(request->expires, UINT64_C(1795348800000000000));
	assert_string_equal(request->commands[1].command->method.name, "party.register");
	assert_true(slice_is(request->commands[1].values[0].text, "Y"));
	crypto_sha256_labelled(slice_text("recourse-request-v1\n"), slice_text(payload), &hash);
	assert_true(crypto_hash_equal(&hash, &request->hash));
	arena_free(&decoded.arena);
}

static void content_of(const char *payload, struct crypto_hash *content)
{
	struct decoded decoded;
	assert_ok(decode(&decoded, slice_text(payload)));
	*content = decoded.request.content;
	arena_free(&decoded.arena);
}

/* The same said in CBOR is the same request: equal content, equal commands; the payload alone differs. */
static void test_json_and_cbor(void **state)
{
	static const char payload[] = ALL(PARTY("X") "," PARTY("Y"));
	struct transcode_problem problem;
	SCOPED(buffer_free) struct buffer item = {0};
	struct decoded json;
	struct decoded cbor;
	assert_ok(transcode_from_json(slice_text(payload), &item, &problem));
	assert_ok(decode(&json, slice_text(payload)));
	assert_ok(decode(&cbor, buffer_slice(&item)));
	assert_true(crypto_hash_equal(&json.request.content, &cbor.request.content));
	assert_false(crypto_hash_equal(&json.request.hash, &cbor.request.hash));
	assert_int_equal(json.request.count, cbor.request.count);
	assert_int_equal(json.request.expires, cbor.request.expires);
	for (size_t index = 0; index < json.request.count; index++)
		assert_true(slice_equal(json.request.commands[index].values[0].text,
			cbor.request.commands[index].values[0].text));
	arena_free(&json.arena);
	arena_free(&cbor.arena);
	/* every truncation and a byte too many */
	for (size_t size = 0; size < item.size; size++) {
		SCOPED(support_free) uint8_t *exact = malloc(size + 1);
		assert_non_null(exact);
		memcpy(exact, item.data, size);
		assert_true(decode(&cbor, slice_of(exact, size)) != RECOURSE_OK);
		arena_free(&cbor.arena);
	}
	buffer_append(&item, "\xf6", 1);
	comes_to(buffer_slice(&item), RECOURSE_MALFORMED, "");
}

/* What makes two requests the same is method and params: not the expiry, the id, the order or white space. */
static void test_content(void **state)
{
	static const char *const same[] = {
		"{\"method\":\"submit\",\"origin\":\"example.com/other\",\"request\":\"r-2\",\"expires\":"
		"\"2027-01-01T00:00:00Z\",\"params\":{\"mode\":\"all\",\"commands\":[" PARTY("X") "]}}",
		"{ \"params\" : {\"commands\":[{\"kinds\":[\"issuer\"],\"party\":\"X\","
		"\"command\":\"party.register\"}],"
		"\n\"mode\":\"all\"},\"expires\":\"2026-11-22T12:00:00Z\",\"request\":\"r-1\",\"origin\":"
		"\"example.com/ledger\",\"method\":\"submit\"}",
	};
	static const char *const others[] = {
		ALL(PARTY("Z")),
		ALL(PARTY("X") "," PARTY("Z")),
		FRAME("{\"mode\":\"each\",\"commands\":[" PARTY("X") "]}"),
		FRAME("{\"mode\":\"all\",\"detail\":\"brief\",\"commands\":[" PARTY("X") "]}"),
		"{\"method\":\"claim.brief\",\"origin\":\"example.com/ledger\",\"request\":\"r-1\","
		"\"expires\":"
		"\"2026-11-22T12:00:00Z\",\"params\":{\"mode\":\"all\",\"commands\":[" PARTY("X") "]}}",
	};
	struct crypto_hash first;
	struct crypto_hash content;
	content_of(ALL(PARTY("X")), &first);
	for (size_t index = 0; index < sizeof same / sizeof same[0]; index++) {
		content_of(same[index], &content);
		assert_true(crypto_hash_equal(&first, &content));
	}
	for (size_t index = 0; index < sizeof others / sizeof others[0]; index++) {
		content_of(others[index], &content);
		assert_false(crypto_hash_equal(&first, &content));
	}
}

#define EXPIRES "\"expires\":\"2026-11-22T12:00:00Z\""

static void test_frame(void **state)
{
	refuses("", RECOURSE_MALFORMED, "payload");
	refuses("{", RECOURSE_MALFORMED, "payload");
	refuses("[]", RECOURSE_FIELD_TYPE, "");
	refuses(ALL(PARTY("X")) "x", RECOURSE_MALFORMED, "payload");
	refuses("{\"method\":\"submit\",\"method\":\"submit\"}", RECOURSE_MALFORMED, "payload");
	refuses("{\"method\":\"submit\",\"origin\":\"o\",\"request\":\"r\"," EXPIRES "}",
		RECOURSE_FIELD_MISSING, "params");
	refuses("{}", RECOURSE_FIELD_MISSING, "method");
	refuses("{\"methods\":\"submit\"}", RECOURSE_FIELD_UNKNOWN, "methods");
	refuses("{\"method\":1,\"origin\":\"o\",\"request\":\"r\"," EXPIRES ",\"params\":{}}",
		RECOURSE_FIELD_TYPE, "method");
	refuses("{\"method\":\"\",\"origin\":\"o\",\"request\":\"r\"," EXPIRES ",\"params\":{}}",
		RECOURSE_FIELD_LIMIT, "method");
	refuses("{\"method\":\"m\\n\",\"origin\":\"o\",\"request\":\"r\"," EXPIRES ",\"params\":{}}",
		RECOURSE_FIELD_FORMAT, "method");
	refuses("{\"method\":\"m\",\"origin\":null,\"request\":\"r\"," EXPIRES ",\"params\":{}}",
		RECOURSE_FIELD_TYPE, "origin");
	refuses("{\"method\":\"m\",\"origin\":\"o\",\"request\":\"r r\"," EXPIRES ",\"params\":{}}",
		RECOURSE_FIELD_FORMAT, "request");
	refuses("{\"method\":\"m\",\"origin\":\"o\",\"request\":\"r\",\"expires\":\"2026\",\"params\":{}}",
		RECOURSE_FIELD_FORMAT, "expires");
	refuses("{\"method\":\"m\",\"origin\":\"o\",\"request\":\"r\","
		"\"expires\":\"2026-11-22T12:00:00.00000000001Z\",\"params\":{}}",
		RECOURSE_FIELD_FORMAT, "expires");
}

/* A member twice can be said in CBOR only: the JSON reader sees it first. */
static void test_member_twice(void **state)
{
	SCOPED(buffer_free) struct buffer item = {0};
	item_write_map(&item, 2);
	item_write_pair_text(&item, "method", slice_text("submit"));
	item_write_pair_text(&item, "method", slice_text("submit"));
	comes_to(buffer_slice(&item), RECOURSE_FIELD_DUPLICATE, "method");
}

/* The frame in CBOR around a command of the caller's, who writes its map. */
static void frame_command(struct buffer *item, uint64_t members)
{
	buffer_clear(item);
	item_write_map(item, 5);
	item_write_pair_text(item, "method", slice_text("submit"));
	item_write_pair_text(item, "origin", slice_text("o"));
	item_write_pair_text(item, "request", slice_text("r"));
	item_write_pair_text(item, "expires", slice_text("2026-11-22T12:00:00Z"));
	item_write_key(item, "params");
	item_write_map(item, 2);
	item_write_pair_text(item, "mode", slice_text("all"));
	item_write_key(item, "commands");
	item_write_array(item, 1);
	item_write_map(item, members);
	item_write_pair_text(item, "command", slice_text("party.register"));
}

/* What a command's fields are looks at it alone, however deep it goes. */
static void test_command_in_cbor(void **state)
{
	SCOPED(buffer_free) struct buffer item = {0};
	frame_command(&item, 3);
	item_write_pair_text(&item, "party", slice_text("X"));
	item_write_pair_text(&item, "party", slice_text("X"));
	comes_to(buffer_slice(&item), RECOURSE_FIELD_DUPLICATE, "party");
	frame_command(&item, 2);
	item_write_pair_text(&item, "command", slice_text("party.register"));
	comes_to(buffer_slice(&item), RECOURSE_FIELD_DUPLICATE, "command");
	frame_command(&item, 2);
	item_write_integer(&item, 1);
	item_write_integer(&item, 1);
	comes_to(buffer_slice(&item), RECOURSE_FIELD_TYPE, "");
	static const char *const names[] = {"party", "nothing"};
	static const enum recourse_error errors[] = {RECOURSE_FIELD_TYPE, RECOURSE_FIELD_UNKNOWN};
	for (size_t index = 0; index < 2; index++) {
		frame_command(&item, 2);
		item_write_key(&item, names[index]);
		for (int level = 0; level < 100000; level++)
			item_write_array(&item, 1);
		item_write_null(&item);
		comes_to(buffer_slice(&item), errors[index], names[index]);
	}
}

static void test_submit(void **state)
{
	refuses(FRAME("[]"), RECOURSE_FIELD_TYPE, "");
	refuses(FRAME("{\"commands\":[" PARTY("X") "]}"), RECOURSE_FIELD_MISSING, "mode");
	refuses(FRAME("{\"mode\":\"all\"}"), RECOURSE_FIELD_MISSING, "commands");
	refuses(FRAME("{\"mode\":\"some\",\"commands\":[]}"), RECOURSE_FIELD_FORMAT, "mode");
	refuses(FRAME("{\"mode\":true,\"commands\":[]}"), RECOURSE_FIELD_TYPE, "mode");
	refuses(FRAME("{\"mode\":\"all\",\"detail\":\"long\","
		      "\"commands\":[]}"),
		RECOURSE_FIELD_FORMAT, "detail");
	refuses(FRAME("{\"mode\":\"all\",\"commands\":[],\"x\":1}"), RECOURSE_FIELD_UNKNOWN, "x");
	refuses(FRAME("{\"mode\":\"all\",\"commands\":{}}"), RECOURSE_FIELD_TYPE, "commands");
	refuses(FRAME("{\"mode\":\"all\",\"commands\":[]}"), RECOURSE_FIELD_LIMIT, "commands");
	refuses(ALL("1"), RECOURSE_FIELD_TYPE, "commands");
	refuses(ALL("{}"), RECOURSE_FIELD_MISSING, "command");
	refuses(ALL("{\"command\":1}"), RECOURSE_FIELD_TYPE, "commands");
	refuses(ALL("{\"command\":\"party.delete\"}"), RECOURSE_METHOD_UNKNOWN, "command");
	refuses(ALL("{\"command\":\"claim.brief\"}"), RECOURSE_METHOD_UNKNOWN, "command");
	refuses(ALL("{\"command\":\"party.register\",\"party\":\"X\"}"), RECOURSE_FIELD_MISSING, "kinds");
}

/* The refusal names the command, counted from 0. */
static void test_which_command(void **state)
{
	struct decoded decoded;
	assert_error(
		decode(&decoded, slice_text(ALL(PARTY("X") "," PARTY("Y") "," PARTY("-") "," PARTY("Z")))),
		RECOURSE_FIELD_FORMAT);
	assert_int_equal(decoded.refusal.command, 2);
	arena_free(&decoded.arena);
}

/* 8,192 commands are the most there can be, and a mebibyte the most bytes. */
static void fill(struct buffer *payload, size_t commands)
{
	buffer_clear(payload);
	buffer_append_text(payload, "{\"method\":\"submit\",\"origin\":\"o\",\"request\":\"r\",\"expires\":"
				    "\"2026-11-22T12:00:00Z\",\"params\":{\"mode\":\"all\",\"commands\":[");
	for (size_t index = 0; index < commands; index++) {
		buffer_append_text(payload, index == 0 ? "" : ",");
		buffer_append_text(payload, PARTY("X"));
	}
	buffer_append_text(payload, "]}}");
}

static void test_limits(void **state)
{
	SCOPED(buffer_free) struct buffer payload = {0};
	struct decoded decoded;
	fill(&payload, RECOURSE_COMMANDS_MAX);
	assert_ok(decode(&decoded, buffer_slice(&payload)));
	assert_int_equal(decoded.request.count, 8192);
	arena_free(&decoded.arena);
	fill(&payload, RECOURSE_COMMANDS_MAX + 1);
	comes_to(buffer_slice(&payload), RECOURSE_FIELD_LIMIT, "commands");
	fill(&payload, 1);
	while (payload.size < RECOURSE_REQUEST_SIZE_MAX)
		buffer_append(&payload, "                ", 16);
	payload.size = RECOURSE_REQUEST_SIZE_MAX;
	comes_to(buffer_slice(&payload), RECOURSE_OK, "");
	buffer_append(&payload, " ", 1);
	comes_to(buffer_slice(&payload), RECOURSE_TOO_LARGE, "payload");
}

/* Depth: sixteen levels are read, one more is too many, in both forms. */
static void nest(struct buffer *payload, int levels)
{
	buffer_clear(payload);
	buffer_append_text(payload, "{\"method\":\"q\",\"origin\":\"o\",\"request\":\"r\",\"expires\":"
				    "\"2026-11-22T12:00:00Z\",\"params\":");
	for (int level = 1; level < levels; level++)
		buffer_append_text(payload, "[");
	for (int level = 1; level < levels; level++)
		buffer_append_text(payload, "]");
	buffer_append_text(payload, "}");
}

static void test_depth(void **state)
{
	SCOPED(buffer_free) struct buffer payload = {0};
	nest(&payload, ITEM_DEPTH_MAX);
	comes_to(buffer_slice(&payload), RECOURSE_OK, "");
	nest(&payload, ITEM_DEPTH_MAX + 1);
	comes_to(buffer_slice(&payload), RECOURSE_TOO_LARGE, "payload");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_decoded),
		cmocka_unit_test(test_json_and_cbor),
		cmocka_unit_test(test_content),
		cmocka_unit_test(test_frame),
		cmocka_unit_test(test_member_twice),
		cmocka_unit_test(test_command_in_cbor),
		cmocka_unit_test(test_submit),
		cmocka_unit_test(test_which_command),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_depth),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
