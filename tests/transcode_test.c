/* SPDX-License-Identifier: Apache-2.0 */
#include "support.h"
#include "base/transcode.h"
#include "base/item.h"

#include <stdlib.h>

#define BYTES(literal) slice_of(literal, sizeof(literal) - 1)

/* The JSON gives those bytes, and they give the JSON in its compact form. */
static void check(slice json, slice item, const char *compact)
{
	SCOPED(buffer_free) struct buffer out = {0};
	struct transcode_problem problem;
	assert_ok(transcode_from_json(json, &out, &problem));
	assert_true(slice_equal(buffer_slice(&out), item));
	buffer_clear(&out);
	assert_ok(transcode_to_json(item, TRANSCODE_COMPACT, &out));
	assert_true(slice_is(buffer_slice(&out), compact));
}

static void values_map_to_items(void **state)
{
	check(BYTES("0"), BYTES("\x00"), "0");
	check(BYTES("-0"), BYTES("\x00"), "0");
	check(BYTES(" \t\r\n1000\n"), BYTES("\x19\x03\xE8"), "1000");
	check(BYTES("9223372036854775807"), BYTES("\x1B\x7F\xFF\xFF\xFF\xFF\xFF\xFF\xFF"),
		"9223372036854775807");
	check(BYTES("-9223372036854775808"), BYTES("\x3B\x7F\xFF\xFF\xFF\xFF\xFF\xFF\xFF"),
		"-9223372036854775808");
	check(BYTES("9007199254740993"), BYTES("\x1B\x00\x20\x00\x00\x00\x00\x00\x01"), "9007199254740993");
	check(BYTES("true"), BYTES("\xF5"), "true");
	check(BYTES("false"), BYTES("\xF4"), "false");
	check(BYTES("null"), BYTES("\xF6"), "null");
	check(BYTES("\"\""), BYTES("\x60"), "\"\"");
	check(BYTES("\"\xE5\x85\x83 \\u5143\""), BYTES("\x67\xE5\x85\x83 \xE5\x85\x83"),
		"\"\xE5\x85\x83 \xE5\x85\x83\"");
	check(BYTES("\"\\ud83d\\udca7\""), BYTES("\x64\xF0\x9F\x92\xA7"), "\"\xF0\x9F\x92\xA7\"");
	check(BYTES("[]"), BYTES("\x80"), "[]");
	check(BYTES("[1,[2],{}]"), BYTES("\x83\x01\x81\x02\xA0"), "[1,[2],{}]");
}

static void escapes_go_there_and_back(void **state)
{
	check(BYTES("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0001\\u001f\\u007f\""),
		BYTES("\x6B\"\\/\b\f\n\r\t\x01\x1F\x7F"),
		"\"\\\"\\\\/\\b\\f\\n\\r\\t\\u0001\\u001f\\u007f\"");
	/* what moves a terminal, or the direction of what is read there, is never written as it is */
	check(BYTES("\"\xC2\x9B\xD8\x9C\xE2\x80\xAE\xC2\xA0\xE2\x80\x90\xE2\x81\xA6\""),
		BYTES("\x6F\xC2\x9B\xD8\x9C\xE2\x80\xAE\xC2\xA0\xE2\x80\x90\xE2\x81\xA6"),
		"\"\\u009b\\u061c\\u202e\xC2\xA0\xE2\x80\x90\\u2066\"");
}

static void members_are_put_in_order(void **state)
{
	check(BYTES("{\"aa\":1,\"b\":2,\"a\":{\"z\":3,\"y\":4},\"\":5}"),
		BYTES("\xA4\x60\x05\x61"
		      "a\xA2\x61y\x04\x61z\x03\x61"
		      "b\x02\x62"
		      "aa\x01"),
		"{\"\":5,\"a\":{\"y\":4,\"z\":3},\"b\":2,\"aa\":1}");
}

static void bytes_become_base64(void **state)
{
	static const struct {
		slice item;
		const char *json;
	} known[] = {
		{.item = {.data = (const uint8_t *)"\x40", .size = 1}, .json = "\"\""},
		{.item = {.data = (const uint8_t *)"\x41\xFF", .size = 2}, .json = "\"/w==\""},
		{.item = {.data = (const uint8_t *)"\x42\xFF\xFE", .size = 3}, .json = "\"//4=\""},
		{.item = {.data = (const uint8_t *)"\x43"
						   "abc",
			 .size = 4},
			.json = "\"YWJj\""},
	};
	for (size_t index = 0; index < sizeof known / sizeof known[0]; index++) {
		SCOPED(buffer_free) struct buffer out = {0};
		assert_ok(transcode_to_json(known[index].item, TRANSCODE_COMPACT, &out));
		assert_true(slice_is(buffer_slice(&out), known[index].json));
	}
}

static void indented_is_for_people(void **state)
{
	SCOPED(buffer_free) struct buffer out = {0};
	assert_ok(transcode_to_json(BYTES("\xA2\x61"
					  "a\x82\x01\x02\x61"
					  "b\xA0"),
		TRANSCODE_INDENTED, &out));
	assert_true(slice_is(buffer_slice(&out), "{\n  \"a\": [\n    1,\n    2\n  ],\n  \"b\": {}\n}"));
}

static void assert_malformed(slice json, const char *reason)
{
	SCOPED(buffer_free) struct buffer out = {0};
	struct transcode_problem problem;
	assert_error(transcode_from_json(json, &out, &problem), RECOURSE_MALFORMED);
	assert_string_equal(problem.reason, reason);
}

static void hostile_json_is_malformed(void **state)
{
	static const struct {
		const char *reason;
		const char *texts[16];
	} refused[] = {
		{"ends too early", {"", " ", "{", "[1,", "\"abc"}},
		{"duplicate member",
			{"{\"a\":1,\"a\":1}", "{\"a\":1,\"\\u0061\":2}", "[{\"b\":{\"a\":1,\"a\":1}}]"}},
		{"trailing bytes", {"1 2", "{}x", "[]]"}},
		{"NUL in a string", {"\"\\u0000\""}},
		{"NUL in a member's name", {"{\"a\\u0000b\":1}"}},
		{"number is not an integer: an amount is a text, \"3.50\"", {"1.0", "[1e2]", "{\"a\":-0.0}"}},
		{"number is too large", {"1e999", "9223372036854775808", "-9223372036854775809"}},
		{"byte order mark", {"\xEF\xBB\xBF{}"}},
		{"text is not UTF-8", {"\"\xFF\"", "\"\xC0\xAF\"", "\"\xED\xA0\x80\""}},
		{"not JSON",
			{"\"\\ud800\"", "\"\\udc00\"", "\"\\ud800\\u0041\"", "\"a\nb\"", "NaN", "Infinity",
				"+1", "01", "-", "'a'", "[1,]", "{\"a\":1,}", "{a:1}", "/**/1", "TRUE"}},
	};
	for (size_t index = 0; index < sizeof refused / sizeof refused[0]; index++) {
		for (const char *const *text = refused[index].texts; *text != NULL; text++)
			assert_malformed(slice_text(*text), refused[index].reason);
	}
}

static void a_raw_nul_is_malformed(void **state)
{
	assert_malformed(slice_of("1\0", 2), "NUL byte");
	assert_malformed(slice_of("\"\0\"", 3), "NUL byte");
	assert_malformed(slice_of("\0001", 2), "NUL byte");
	assert_malformed(slice_of("[\0]", 3), "NUL byte");
	assert_malformed(slice_of(NULL, 0), "ends too early");
}

static void a_problem_says_where(void **state)
{
	SCOPED(buffer_free) struct buffer out = {0};
	struct transcode_problem problem;
	assert_error(
		transcode_from_json(BYTES("{\n  \"a\": 1,\n  x\n}"), &out, &problem), RECOURSE_MALFORMED);
	assert_int_equal(problem.line, 3);
	assert_true(problem.column > 0);
}

static void depth_is_limited(void **state)
{
	static const size_t depths[] = {ITEM_DEPTH_MAX, ITEM_DEPTH_MAX + 1, 2000, 3000, 100000};
	for (size_t index = 0; index < sizeof depths / sizeof depths[0]; index++) {
		size_t depth = depths[index];
		SCOPED(support_free) char *json = malloc(2 * depth);
		assert_non_null(json);
		memset(json, '[', depth);
		memset(json + depth, ']', depth);
		SCOPED(buffer_free) struct buffer out = {0};
		struct transcode_problem problem;
		enum recourse_error error = transcode_from_json(slice_of(json, 2 * depth), &out, &problem);
		assert_error(error, depth == ITEM_DEPTH_MAX ? RECOURSE_OK : RECOURSE_TOO_LARGE);
		if (error != RECOURSE_OK)
			assert_string_equal(problem.reason, "nested too deeply");
	}
}

static void every_truncation_is_malformed(void **state)
{
	static const char whole[] = "{\"a\":[1,true,null,\"\xE5\x85\x83\\n\"],\"b\":{\"c\":-12}}";
	SCOPED(buffer_free) struct buffer item = {0};
	struct transcode_problem problem;
	for (size_t size = 0; size < sizeof whole - 1; size++) {
		buffer_clear(&item);
		assert_error(transcode_from_json(slice_of(whole, size), &item, &problem), RECOURSE_MALFORMED);
	}
	buffer_clear(&item);
	assert_ok(transcode_from_json(BYTES(whole), &item, &problem));
	for (size_t size = 0; size < item.size; size++) {
		SCOPED(buffer_free) struct buffer out = {0};
		assert_error(transcode_to_json(slice_of(item.data, size), TRANSCODE_COMPACT, &out),
			RECOURSE_MALFORMED);
		assert_int_equal(out.size, 0);
	}
}

static void an_item_must_be_whole_and_alone(void **state)
{
	SCOPED(buffer_free) struct buffer out = {0};
	assert_error(transcode_to_json(BYTES("\x01\x02"), TRANSCODE_COMPACT, &out), RECOURSE_MALFORMED);
	assert_error(transcode_to_json(BYTES("\x18\x01"), TRANSCODE_COMPACT, &out), RECOURSE_MALFORMED);
	assert_int_equal(out.size, 0);
}

/* More members than a map that is closed may have: outside data must not meet an assertion. */
static void an_object_of_many_members_is_taken(void **state)
{
	SCOPED(buffer_free) struct buffer json = {0}, item = {0};
	struct transcode_problem problem;
	buffer_append_text(&json, "{");
	for (int index = 0; index < 5000; index++)
		buffer_append_format(&json, "%s\"%d\":%d", index == 0 ? "" : ",", index * 7919 % 5000, index);
	buffer_append_text(&json, "}");
	assert_ok(transcode_from_json(buffer_slice(&json), &item, &problem));
	slice reader = buffer_slice(&item);
	slice whole;
	assert_ok(item_read_whole(&reader, &whole));
	assert_int_equal(whole.size, item.size);
}

static void a_failed_buffer_is_out_of_memory(void **state)
{
	SCOPED(buffer_free) struct buffer out = {0};
	struct transcode_problem problem;
	assert_null(buffer_reserve(&out, SIZE_MAX));
	assert_error(transcode_from_json(BYTES("1"), &out, &problem), RECOURSE_MEMORY);
	assert_string_equal(problem.reason, "out of memory");
	assert_error(transcode_to_json(BYTES("\x41\x01"), TRANSCODE_COMPACT, &out), RECOURSE_MEMORY);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(values_map_to_items),
		cmocka_unit_test(escapes_go_there_and_back),
		cmocka_unit_test(members_are_put_in_order),
		cmocka_unit_test(bytes_become_base64),
		cmocka_unit_test(indented_is_for_people),
		cmocka_unit_test(hostile_json_is_malformed),
		cmocka_unit_test(a_raw_nul_is_malformed),
		cmocka_unit_test(a_problem_says_where),
		cmocka_unit_test(depth_is_limited),
		cmocka_unit_test(every_truncation_is_malformed),
		cmocka_unit_test(an_item_must_be_whole_and_alone),
		cmocka_unit_test(an_object_of_many_members_is_taken),
		cmocka_unit_test(a_failed_buffer_is_out_of_memory),
	};
	return cmocka_run_group_tests(tests, support_crypto, NULL);
}
