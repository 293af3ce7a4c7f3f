/* SPDX-License-Identifier: Apache-2.0 */
#include "../tools/arguments.h"
#include "../tools/batch.h"
#include "../tools/manual.h"
#include "recourse_client.h"
#include "support.h"

#include <stdio.h>

/* A method with a field of every type, so that what is tested does not move with the rules. */
static const char *const kinds[] = {"red", "green", NULL};
static const struct recourse_field members[] = {
	{.name = "party", .type = RECOURSE_FIELD_ID},
	{.name = "share", .type = RECOURSE_FIELD_PERCENT},
	{.name = "note", .type = RECOURSE_FIELD_TEXT, .optional = true, .minimum = 1, .maximum = 20},
};
static const struct recourse_field fields[] = {
	{.name = "id", .type = RECOURSE_FIELD_ID, .help = "its id"},
	{.name = "text", .type = RECOURSE_FIELD_TEXT, .optional = true, .minimum = 1, .maximum = 8},
	{.name = "unit", .type = RECOURSE_FIELD_UNIT, .optional = true},
	{.name = "amount", .type = RECOURSE_FIELD_AMOUNT, .optional = true},
	{.name = "percent", .type = RECOURSE_FIELD_PERCENT, .optional = true},
	{.name = "count", .type = RECOURSE_FIELD_INTEGER, .optional = true, .minimum = -5, .maximum = 10},
	{.name = "hash", .type = RECOURSE_FIELD_HASH, .optional = true},
	{.name = "time", .type = RECOURSE_FIELD_TIME, .optional = true},
	{.name = "choice", .type = RECOURSE_FIELD_CHOICE, .optional = true, .choices = kinds},
	{.name = "set", .type = RECOURSE_FIELD_SET, .optional = true, .choices = kinds},
	{.name = "key", .type = RECOURSE_FIELD_KEY, .optional = true},
	{.name = "handle", .type = RECOURSE_FIELD_HANDLE, .optional = true},
	{.name = "rows",
		.type = RECOURSE_FIELD_LIST,
		.optional = true,
		.minimum = 1,
		.maximum = 2,
		.members = members,
		.member_count = 3},
};
static const struct recourse_method method = {
	.name = "thing.make",
	.kind = RECOURSE_METHOD_COMMAND,
	.fields = fields,
	.field_count = sizeof fields / sizeof fields[0],
};

/* Splits at '|' and encodes. */
static enum recourse_error encode(const char *line, struct buffer *out, struct recourse_refusal *refusal)
{
	char text[512];
	char *pairs[16];
	size_t count = 0;
	snprintf(text, sizeof text, "%s", line);
	for (char *part = strtok(text, "|"); part != NULL; part = strtok(NULL, "|"))
		pairs[count++] = part;
	return arguments_encode(&method, pairs, count, out, refusal);
}

static void expect_json(const char *line, const char *json)
{
	struct recourse_refusal refusal;
	SCOPED(buffer_free) struct buffer out = {0};
	SCOPED(recourse_bytes_free) struct recourse_bytes text = {0};
	enum recourse_error error = encode(line, &out, &refusal);
	if (error != RECOURSE_OK)
		print_message("%s: field %s, %s\n", line, refusal.field, refusal.limit);
	assert_ok(error);
	assert_ok(recourse_item_to_json(buffer_slice(&out), false, &text));
	while (text.size > 0 && text.data[text.size - 1] == '\n')
		text.size--;
	assert_int_equal(text.size, strlen(json));
	assert_memory_equal(text.data, json, text.size);
}

static void expect_refused(const char *line, enum recourse_error error, const char *field)
{
	struct recourse_refusal refusal;
	SCOPED(buffer_free) struct buffer out = {0};
	assert_error(encode(line, &out, &refusal), error);
	assert_string_equal(refusal.field, field);
}

static void values_are_typed_by_the_schema(void **state)
{
	expect_json("id=x", "{\"id\":\"x\",\"command\":\"thing.make\"}");
	expect_json("count=-5|id=x", "{\"id\":\"x\",\"count\":-5,\"command\":\"thing.make\"}");
	expect_json("id=1|unit=CNY|amount=3000.00|percent=50.00",
		"{\"id\":\"1\",\"unit\":\"CNY\",\"amount\":\"3000.00\",\"command\":\"thing.make\","
		"\"percent\":\"50.00\"}");
	expect_json("id=x|set=green,red|choice=red",
		"{\"id\":\"x\",\"set\":[\"green\",\"red\"],\"choice\":\"red\",\"command\":\"thing.make\"}");
	expect_json("id=x|text=a=b,c", "{\"id\":\"x\",\"text\":\"a=b,c\",\"command\":\"thing.make\"}");
	expect_json("id=x|time=2016-05-04T00:00:00Z",
		"{\"id\":\"x\",\"time\":\"2016-05-04T00:00:00Z\",\"command\":\"thing.make\"}");
}

static void lists_are_repeated_rows(void **state)
{
	expect_json("rows=party:M,share:50.00|id=x|rows=party:a:b,share:40.00,note:one\\, two",
		"{\"id\":\"x\",\"rows\":[{\"party\":\"M\",\"share\":\"50.00\"},"
		"{\"note\":\"one, two\",\"party\":\"a:b\",\"share\":\"40.00\"}],\"command\":\"thing.make\"}");
	expect_refused("id=x|rows=party:M", RECOURSE_FIELD_MISSING, "rows[0].share");
	expect_refused("id=x|rows=party:M,shre:1.00", RECOURSE_FIELD_UNKNOWN, "shre");
	expect_refused("id=x|rows=party:M,party:Y,share:1.00", RECOURSE_FIELD_DUPLICATE, "rows");
	expect_refused("id=x|rows=party:M,share:1", RECOURSE_FIELD_FORMAT, "rows[0].share");
	expect_refused("id=x|rows=party:M,share:1.00|rows=party:M,share:1.00|rows=party:M,share:1.00",
		RECOURSE_FIELD_LIMIT, "rows");
}

static void each_mistake_is_named(void **state)
{
	expect_refused("text=a", RECOURSE_FIELD_MISSING, "id");
	expect_refused("id=x|id=y", RECOURSE_FIELD_DUPLICATE, "id");
	expect_refused("id=x|text", RECOURSE_FIELD_MISSING, "text");
	expect_refused("id=x|count=ten", RECOURSE_FIELD_TYPE, "count");
	expect_refused("id=x|count=", RECOURSE_FIELD_TYPE, "count");
	expect_refused("id=x|count=1.0", RECOURSE_FIELD_TYPE, "count");
	expect_refused("id=x|count=99999999999999999999", RECOURSE_FIELD_TYPE, "count");
	expect_refused("id=x|count=11", RECOURSE_FIELD_LIMIT, "count");
	expect_refused("id=x|text=123456789", RECOURSE_FIELD_LIMIT, "text");
	expect_refused("id=-x", RECOURSE_FIELD_FORMAT, "id");
	expect_refused("id=x|choice=blue", RECOURSE_FIELD_FORMAT, "choice");
	expect_refused("id=x|set=red,red", RECOURSE_FIELD_DUPLICATE, "set");
	expect_refused("id=x|set=", RECOURSE_FIELD_LIMIT, "set");
	expect_refused("id=x|hash=abcd", RECOURSE_FIELD_FORMAT, "hash");
	expect_refused("id=x|key=abcd", RECOURSE_FIELD_FORMAT, "key");
	expect_refused("id=x|key=@/nonexistent", RECOURSE_IO, "key");
	/* bytes that are no text can not be asked for, and are no reason to abort */
	expect_refused("id=x\xFF", RECOURSE_FIELD_FORMAT, "id");
	expect_refused("id=x|text=\xC2", RECOURSE_FIELD_FORMAT, "text");
	expect_refused("id=x|set=red,\xED\xA0\x80", RECOURSE_FIELD_FORMAT, "set");
	expect_refused("id=x|rows=party:M\x80,share:1.00", RECOURSE_FIELD_FORMAT, "party");
}

static void misspelt_names_get_a_suggestion(void **state)
{
	struct recourse_refusal refusal;
	SCOPED(buffer_free) struct buffer out = {0};
	assert_error(encode("id=x|ammount=1", &out, &refusal), RECOURSE_FIELD_UNKNOWN);
	assert_string_equal(refusal.field, "ammount");
	assert_string_equal(refusal.limit, "did you mean amount?");
	assert_error(encode("id=x|zzzzzzzz=1", &out, &refusal), RECOURSE_FIELD_UNKNOWN);
	assert_non_null(strstr(refusal.limit, "there are id text unit"));
}

static void keys_come_from_files(void **state)
{
	char path[SUPPORT_PATH_MAX];
	char line[2 * SUPPORT_PATH_MAX];
	SCOPED(recourse_bytes_free) struct recourse_bytes vkey = {0};
	struct recourse_refusal refusal;
	SCOPED(buffer_free) struct buffer out = {0};
	support_directory_path(*state, "alice", path);
	assert_ok(recourse_key_create(path, "example.com/alice"));
	assert_ok(recourse_key_vkey(path, &vkey));
	snprintf(line, sizeof line, "id=x|key=@%s.pub", path);
	assert_ok(encode(line, &out, &refusal));
	assert_non_null(memmem(out.data, out.size, vkey.data, vkey.size));
	FILE *file = fopen(strcat(path, ".pub"), "w");
	assert_non_null(file);
	assert_true(fputs("example.com/\xFF\n", file) >= 0 && fclose(file) == 0);
	expect_refused(line, RECOURSE_FIELD_FORMAT, "key");
}

/* ---- several commands ---- */

static void commands_follow_each_other(void **state)
{
	char a[] = "party.register", b[] = "party=M", c[] = "kinds=merchant", d[] = "key.revoke",
	     e[] = "key=x", f[] = "nonsense";
	char *const good[] = {a, b, c, a, b, c};
	char *const wrong[] = {a, b, c, d, e};
	char *const unknown[] = {f};
	struct batch batch = {0};
	assert_int_equal(batch_arguments(&batch, good, 6), EXIT_CODE_OK);
	assert_int_equal(batch.count, 2);
	assert_string_equal(batch_name(&batch, 1), "party.register");
	batch_free(&batch);
	assert_int_equal(batch_arguments(&batch, wrong, 5), EXIT_CODE_USAGE);
	batch_free(&batch);
	assert_int_equal(batch_arguments(&batch, unknown, 1), EXIT_CODE_USAGE);
	batch_free(&batch);
}

static void expect_batch(const char *json, enum exit_code code, size_t count)
{
	SCOPED(batch_free) struct batch batch = {0};
	SCOPED(buffer_free) struct buffer out = {0};
	struct recourse_refusal refusal;
	assert_int_equal(batch_json(&batch, slice_text(json)), code);
	if (code == EXIT_CODE_OK) {
		assert_int_equal(batch.count, count);
		assert_ok(batch_encode(&batch, NULL, &out, &refusal));
		assert_int_equal(out.data[0], 0x80 + count);
	}
}

#define PARTY "{\"command\":\"party.register\",\"party\":\"M\",\"kinds\":[\"merchant\"]}"

static void json_comes_in_three_forms(void **state)
{
	expect_batch(PARTY, EXIT_CODE_OK, 1);
	expect_batch("{\"command\":\"party.register\",\n\"party\":\"M\",\n\"kinds\":[\"merchant\"]}\n",
		EXIT_CODE_OK, 1);
	expect_batch("[" PARTY "," PARTY "]", EXIT_CODE_OK, 2);
	expect_batch("\n" PARTY "\r\n\n" PARTY "\n" PARTY, EXIT_CODE_OK, 3);
}

static void mistakes_in_json_are_data(void **state)
{
	expect_batch("", EXIT_CODE_DATA, 0);
	expect_batch(" \n", EXIT_CODE_DATA, 0);
	expect_batch("{", EXIT_CODE_DATA, 0);
	expect_batch("[1]", EXIT_CODE_DATA, 0);
	expect_batch("{\"party\":\"M\"}", EXIT_CODE_DATA, 0);
	expect_batch("{\"command\":\"no.such\"}", EXIT_CODE_DATA, 0);
	expect_batch("{\"command\":\"service.info\"}", EXIT_CODE_DATA, 0);
	expect_batch("{\"command\":\"party.register\"}", EXIT_CODE_DATA, 0);
	expect_batch(PARTY "\n{", EXIT_CODE_DATA, 0);
}

static void forms_are_described(void **state)
{
	SCOPED(buffer_free) struct buffer out = {0};
	for (size_t index = 0; index < method.field_count; index++) {
		buffer_clear(&out);
		manual_form(&fields[index], &out);
		assert_true(out.size > 0);
	}
	assert_true(slice_is(buffer_slice(&out), "party:…,share:…,note:…, 1 to 2 times"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(values_are_typed_by_the_schema),
		cmocka_unit_test(lists_are_repeated_rows),
		cmocka_unit_test(each_mistake_is_named),
		cmocka_unit_test(misspelt_names_get_a_suggestion),
		DIRECTORY_TEST(keys_come_from_files),
		cmocka_unit_test(commands_follow_each_other),
		cmocka_unit_test(json_comes_in_three_forms),
		cmocka_unit_test(mistakes_in_json_are_data),
		cmocka_unit_test(forms_are_described),
	};
	return cmocka_run_group_tests(tests, support_crypto, NULL);
}
