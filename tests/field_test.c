/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "entry/field.h"
#include "support.h"
#include "base/text.h"
#include "base/transcode.h"

/* Each type of field: what it takes, what it refuses and how the refusal names it. */
#define HEX      "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"
#define NOTE_HEX "22112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"

static const char *const colours[] = {"red", "green", "blue", NULL};
static const struct recourse_field row_members[] = {
	{.name = "who", .type = RECOURSE_FIELD_ID},
	{.name = "share", .type = RECOURSE_FIELD_PERCENT, .optional = true, .preset = 55},
};
enum { ID, TEXT, UNIT, AMOUNT, PERCENT, INTEGER, HASH, NOTE, TIME, CHOICE, SET, HANDLE, LIST, FIELDS };
static const struct recourse_field fields[FIELDS] = {
	[ID] = {.name = "id", .type = RECOURSE_FIELD_ID},
	[TEXT] = {.name = "text", .type = RECOURSE_FIELD_TEXT, .optional = true, .minimum = 2, .maximum = 6},
	[UNIT] = {.name = "unit", .type = RECOURSE_FIELD_UNIT, .optional = true},
	[AMOUNT] = {.name = "amount", .type = RECOURSE_FIELD_AMOUNT, .optional = true},
	[PERCENT] = {.name = "percent", .type = RECOURSE_FIELD_PERCENT, .optional = true, .preset = 1234},
	[INTEGER] = {.name = "integer",
		.type = RECOURSE_FIELD_INTEGER,
		.optional = true,
		.minimum = -3,
		.maximum = 7,
		.preset = 5},
	[HASH] = {.name = "hash", .type = RECOURSE_FIELD_HASH, .optional = true},
	[NOTE] = {.name = "note", .type = RECOURSE_FIELD_NOTE, .optional = true},
	[TIME] = {.name = "time", .type = RECOURSE_FIELD_TIME, .optional = true},
	[CHOICE] = {.name = "choice", .type = RECOURSE_FIELD_CHOICE, .optional = true, .choices = colours},
	[SET] = {.name = "set", .type = RECOURSE_FIELD_SET, .optional = true, .choices = colours},
	[HANDLE] = {.name = "handle", .type = RECOURSE_FIELD_HANDLE, .optional = true},
	[LIST] = {.name = "list",
		.type = RECOURSE_FIELD_LIST,
		.optional = true,
		.minimum = 1,
		.maximum = 2,
		.members = row_members,
		.member_count = 2},
};

struct decoded {
	struct arena arena;
	struct buffer item;
	struct value values[FIELDS];
	struct recourse_refusal refusal;
};

static enum recourse_error decode(struct decoded *decoded, const char *json)
{
	struct transcode_problem problem;
	memset(decoded, 0, sizeof *decoded);
	refusal_clear(&decoded->refusal);
	assert_ok(transcode_from_json(slice_text(json), &decoded->item, &problem));
	slice reader = buffer_slice(&decoded->item);
	return field_decode(
		fields, FIELDS, "command", &reader, &decoded->arena, decoded->values, &decoded->refusal);
}

static void forget(struct decoded *decoded)
{
	arena_free(&decoded->arena);
	buffer_free(&decoded->item);
}

static void refuses(const char *json, enum recourse_error expected, const char *field)
{
	SCOPED(forget) struct decoded decoded;
	enum recourse_error error = decode(&decoded, json);
	if (error != expected || strcmp(decoded.refusal.field, field) != 0)
		print_message("%s: %s '%s'\n", json, recourse_error_name(error), decoded.refusal.field);
	assert_error(error, expected);
	assert_string_equal(decoded.refusal.field, field);
	assert_int_equal(decoded.refusal.error, expected);
}

static void takes(struct decoded *decoded, const char *json)
{
	enum recourse_error error = decode(decoded, json);
	if (error != RECOURSE_OK)
		print_message("%s: %s\n", json, decoded->refusal.limit);
	assert_ok(error);
}

/* The values that a field refuses, by what it says. */
static const struct {
	const char *field;
	enum recourse_error error;
	const char *values[8];
} refused[] = {
	{"id", RECOURSE_FIELD_FORMAT, {"\"\"", "\"-a\"", "\"a b\"", "\"\xc3\xa9\"", "\"" HEX "0\""}},
	{"id", RECOURSE_FIELD_TYPE, {"7", "null", "[]"}},
	{"text", RECOURSE_FIELD_LIMIT, {"\"a\"", "\"abcdefg\""}},
	{"text", RECOURSE_FIELD_FORMAT, {"\"ab\\nc\""}},
	{"text", RECOURSE_FIELD_TYPE, {"true"}},
	{"unit", RECOURSE_FIELD_FORMAT, {"\"cny\"", "\"\""}},
	{"unit", RECOURSE_FIELD_TYPE, {"1"}},
	{"amount", RECOURSE_FIELD_FORMAT,
		{"\"-1.00\"", "\"1,00\"", "\"1.0.0\"", "\"\"", "\"1e3\"", "\"1000000000000000000000.00\""}},
	{"amount", RECOURSE_FIELD_TYPE, {"100"}},
	{"percent", RECOURSE_FIELD_FORMAT, {"\"100.01\"", "\"-0.01\"", "\"5\"", "\"5.000\""}},
	{"percent", RECOURSE_FIELD_TYPE, {"50"}},
	{"integer", RECOURSE_FIELD_LIMIT, {"-4", "8"}},
	{"integer", RECOURSE_FIELD_TYPE, {"\"7\"", "false"}},
	{"note", RECOURSE_FIELD_FORMAT, {"\"what she said\"", "\"" HEX "00\""}},
	{"note", RECOURSE_FIELD_TYPE, {"7"}},
	{"hash", RECOURSE_FIELD_FORMAT,
		{"\"00\"", "\"" HEX "00\"",
			"\"g0112233445566778899aabbccddeeff00112233445566778899aabbccddeeff\""}},
	{"hash", RECOURSE_FIELD_TYPE, {"0"}},
	{"time", RECOURSE_FIELD_FORMAT,
		{"\"2016-05-04\"", "\"2016-05-04T00:00:00+08:00\"", "\"2016-02-30T00:00:00Z\""}},
	{"time", RECOURSE_FIELD_TYPE, {"1462320000"}},
	{"choice", RECOURSE_FIELD_FORMAT, {"\"Red\"", "\"\""}},
	{"choice", RECOURSE_FIELD_TYPE, {"0"}},
	{"set", RECOURSE_FIELD_LIMIT, {"[]"}},
	{"set", RECOURSE_FIELD_DUPLICATE, {"[\"red\",\"red\"]"}},
	{"set", RECOURSE_FIELD_FORMAT, {"[\"red\",\"pink\"]"}},
	{"set", RECOURSE_FIELD_TYPE, {"[1]", "\"red\"", "{}"}},
	{"handle", RECOURSE_FIELD_FORMAT,
		{"\"example.com/k\"", "\"example.com/k+0102030g\"", "\"+01020304\"", "\"a b+01020304\""}},
	{"handle", RECOURSE_FIELD_TYPE, {"1"}},
	{"list", RECOURSE_FIELD_LIMIT, {"[]", "[{\"who\":\"a\"},{\"who\":\"b\"},{\"who\":\"c\"}]"}},
	{"list", RECOURSE_FIELD_TYPE, {"{}", "\"a\""}},
};

static void test_refusals(void **state)
{
	for (size_t row = 0; row < sizeof refused / sizeof refused[0]; row++) {
		for (const char *const *value = refused[row].values; *value != NULL; value++) {
			char json[300];
			snprintf(json, sizeof json, "{%s\"%s\":%s}",
				strcmp(refused[row].field, "id") == 0 ? "" : "\"id\":\"a\",",
				refused[row].field, *value);
			refuses(json, refused[row].error, refused[row].field);
		}
	}
}

/* What is wrong in a row is named with the row. */
static void test_members_of_lists(void **state)
{
	refuses("{\"id\":\"a\",\"list\":[{\"who\":\"a\"},{}]}", RECOURSE_FIELD_MISSING, "list[1].who");
	refuses("{\"id\":\"a\",\"list\":[{\"who\":\"-\"}]}", RECOURSE_FIELD_FORMAT, "list[0].who");
	refuses("{\"id\":\"a\",\"list\":[{\"who\":\"a\",\"x\":1}]}", RECOURSE_FIELD_UNKNOWN, "list[0].x");
	refuses("{\"id\":\"a\",\"list\":[{\"who\":\"a\",\"share\":\"1\"}]}", RECOURSE_FIELD_FORMAT,
		"list[0].share");
	refuses("{\"id\":\"a\",\"list\":[7]}", RECOURSE_FIELD_TYPE, "list[0].");
}

static void test_members(void **state)
{
	static const uint8_t twice[] = {0xa2, 0x62, 'i', 'd', 0x61, 'a', 0x62, 'i', 'd', 0x61, 'b'};
	static const uint8_t number_key[] = {0xa1, 0x01, 0x61, 'a'};
	static const uint8_t truncated[] = {0xa1, 0x62, 'i', 'd'};
	struct decoded decoded;
	refuses("{}", RECOURSE_FIELD_MISSING, "id");
	refuses("{\"id\":\"a\",\"ids\":1}", RECOURSE_FIELD_UNKNOWN, "ids");
	refuses("{\"id\":\"a\","
		"\"an unknown member with a very long name indeed, longer than it is shown\":1}",
		RECOURSE_FIELD_UNKNOWN, "an unknown member with a very long name ");
	refuses("[]", RECOURSE_FIELD_TYPE, "");
	takes(&decoded, "{\"id\":\"a\",\"command\":{\"any\":[\"thing\"]}}");
	forget(&decoded);
	const struct {
		slice bytes;
		enum recourse_error error;
	} items[] = {
		{slice_of(twice, sizeof twice), RECOURSE_FIELD_DUPLICATE},
		{slice_of(number_key, sizeof number_key), RECOURSE_FIELD_TYPE},
		{slice_of(truncated, sizeof truncated), RECOURSE_MALFORMED},
	};
	for (size_t index = 0; index < sizeof items / sizeof items[0]; index++) {
		memset(&decoded, 0, sizeof decoded);
		slice reader = items[index].bytes;
		assert_error(field_decode(fields, FIELDS, NULL, &reader, &decoded.arena, decoded.values,
				     &decoded.refusal),
			items[index].error);
		forget(&decoded);
	}
}

#define EVERYTHING                                                                                           \
	"{\"id\":\"a.b\",\"set\":[\"green\",\"blue\"],\"hash\":\"" HEX "\",\"note\":\"" NOTE_HEX             \
	"\",\"list\":[{\"who\":\"x\",\"share\":"                                                             \
	"\"0.07\"},{\"who\":\"y\"}],\"text\":\"\xe5\xae\xb6\",\"time\":\"2016-05-04T00:00:01Z\",\"unit\":"   \
	"\"L\","                                                                                             \
	"\"amount\":\"12.00\",\"choice\":\"blue\",\"handle\":\"example.com/k+01020304\",\"integer\":-3,"     \
	"\"percent\":\"100.00\"}"

static void test_values(void **state)
{
	struct decoded decoded;
	takes(&decoded, EVERYTHING);
	const struct value *values = decoded.values;
	for (size_t field = 0; field < FIELDS; field++)
		assert_true(values[field].present);
	assert_true(slice_is(values[ID].text, "a.b"));
	assert_int_equal(values[TEXT].text.size, 3);
	assert_true(slice_is(values[AMOUNT].text, "12.00"));
	assert_int_equal(values[PERCENT].integer, 10000);
	assert_int_equal(values[INTEGER].integer, -3);
	assert_int_equal(values[HASH].text.size, 32);
	assert_int_equal(values[HASH].text.data[1], 0x11);
	assert_int_equal(values[NOTE].text.size, 32);
	assert_int_equal(values[NOTE].text.data[0], 0x22);
	assert_int_equal(values[TIME].instant, UINT64_C(1462320001000000000));
	assert_int_equal(values[CHOICE].integer, 2);
	assert_int_equal(values[SET].integer, 6);
	assert_int_equal(values[LIST].list.count, 2);
	assert_int_equal(values[LIST].list.values[1].integer, 7);
	assert_true(slice_is(values[LIST].list.values[2].text, "y"));
	assert_int_equal(values[LIST].list.values[3].integer, 55);
	assert_false(values[LIST].list.values[3].present);
	forget(&decoded);
	takes(&decoded, "{\"id\":\"a\"}");
	assert_int_equal(decoded.values[INTEGER].integer, 5);
	assert_int_equal(decoded.values[PERCENT].integer, 1234);
	assert_false(decoded.values[INTEGER].present);
	forget(&decoded);
}

/* Encoded again and decoded again it says the same; and a hash may come as bytes. */
static void test_round_trip(void **state)
{
	SCOPED(forget) struct decoded first;
	SCOPED(forget) struct decoded second = {0};
	SCOPED(buffer_free) struct buffer once = {0};
	SCOPED(buffer_free) struct buffer twice = {0};
	uint8_t bytes[80] = {0xa2, 0x62, 'i', 'd', 0x61, 'a', 0x64, 'h', 'a', 's', 'h', 0x58, 0x20, 0xfe};
	takes(&first, EVERYTHING);
	struct item_map map = item_map_open(&once);
	field_encode_pairs(fields, FIELDS, first.values, &once);
	item_map_close(map, &once);
	slice reader = buffer_slice(&once);
	assert_ok(field_decode(fields, FIELDS, NULL, &reader, &second.arena, second.values, &second.refusal));
	map = item_map_open(&twice);
	field_encode_pairs(fields, FIELDS, second.values, &twice);
	item_map_close(map, &twice);
	assert_true(slice_equal(buffer_slice(&once), buffer_slice(&twice)));
	assert_true(slice_equal(buffer_slice(&once), buffer_slice(&first.item)));
	reader = (slice){.data = bytes, .size = 13 + 32};
	assert_ok(field_decode(fields, FIELDS, NULL, &reader, &second.arena, second.values, &second.refusal));
	assert_int_equal(second.values[HASH].text.data[0], 0xfe);
	bytes[12] = 0x1f;
	reader = (slice){.data = bytes, .size = 13 + 31};
	assert_true(field_decode(fields, FIELDS, NULL, &reader, &second.arena, second.values,
			    &second.refusal) != RECOURSE_OK);
}

/* What a refusal shows of an unknown name is text again, wherever it had to be cut. */
static void test_unknown_name_is_cut_as_text(void **state)
{
	char json[200];
	for (size_t lead = 0; lead < 4; lead++) {
		SCOPED(forget) struct decoded decoded;
		size_t length = (size_t)snprintf(json, sizeof json, "{\"%.*s", (int)lead, "xxx");
		for (int letter = 0; letter < 20; letter++)
			length += (size_t)snprintf(json + length, sizeof json - length, "\xe5\xae\xb6");
		snprintf(json + length, sizeof json - length, "\":1}");
		assert_error(decode(&decoded, json), RECOURSE_FIELD_UNKNOWN);
		assert_true(text_is_clean(slice_text(decoded.refusal.field)));
		assert_true(strlen(decoded.refusal.field) > 30);
	}
}

/* Not what the field is for: who writes a number does know that. */
static void another_type_is_told_what_should_have_come(void **state)
{
	static const struct {
		const char *json;
		const char *limit;
	} rows[] = {{"{\"amount\":100}", "a text: a decimal such as 3000.00"},
		{"{\"time\":1}", "a text: RFC 3339 in UTC"}, {"{\"integer\":\"7\"}", "a whole number"},
		{"{\"set\":\"red\"}", "an array of texts"}, {"{\"list\":\"a\"}", "an array of maps"}};
	for (size_t index = 0; index < sizeof rows / sizeof rows[0]; index++) {
		SCOPED(forget) struct decoded decoded;
		assert_error(decode(&decoded, rows[index].json), RECOURSE_FIELD_TYPE);
		assert_non_null(strstr(decoded.refusal.limit, rows[index].limit));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(another_type_is_told_what_should_have_come),
		cmocka_unit_test(test_refusals),
		cmocka_unit_test(test_members_of_lists),
		cmocka_unit_test(test_members),
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_unknown_name_is_cut_as_text),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
