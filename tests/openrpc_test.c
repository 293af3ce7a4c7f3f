/* SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/item.h"
#include "openrpc.h"
#include "recourse_schema.h"
#include "support.h"
#include "base/transcode.h"

static slice member(slice map, const char *name)
{
	struct item_reader reader = {.data = map.data, .size = map.size};
	struct item head;
	assert_ok(item_read_type(&reader, ITEM_MAP, &head));
	for (uint64_t pair = 0; pair < head.count; pair++) {
		struct item key;
		slice value;
		assert_ok(item_read_type(&reader, ITEM_TEXT, &key));
		assert_ok(item_read_whole(&reader, &value));
		if (slice_is(key.string, name))
			return value;
	}
	print_message("no member %s\n", name);
	fail();
	return (slice){0};
}

static void assert_text(slice map, const char *name, const char *expected)
{
	slice value = member(map, name);
	struct item_reader reader = {.data = value.data, .size = value.size};
	struct item text;
	assert_ok(item_read_type(&reader, ITEM_TEXT, &text));
	assert_true(slice_is(text.string, expected));
}

/* The rows of an array, one by one. */
static struct item_reader rows(slice array, uint64_t count)
{
	struct item_reader reader = {.data = array.data, .size = array.size};
	struct item head;
	assert_ok(item_read_type(&reader, ITEM_ARRAY, &head));
	assert_int_equal(head.count, count);
	return reader;
}

static slice next_row(struct item_reader *reader)
{
	slice row;
	assert_ok(item_read_whole(reader, &row));
	return row;
}

static void check_field(slice row, const struct recourse_field *field)
{
	assert_text(row, "name", field->name);
	slice required = member(row, "required");
	assert_int_equal(required.data[0], field->optional ? 0xf4 : 0xf5);
	slice schema = member(row, "schema");
	if (field->type == RECOURSE_FIELD_LIST) {
		slice properties = member(member(schema, "items"), "properties");
		for (size_t index = 0; index < field->member_count; index++)
			member(properties, field->members[index].name);
	}
	if (field->type == RECOURSE_FIELD_CHOICE)
		member(schema, "enum");
	if (field->type == RECOURSE_FIELD_INTEGER)
		member(schema, "maximum");
	/* what stands for absence is a value that could be given, or is not shown */
	if (field->type == RECOURSE_FIELD_INTEGER && field->optional && field->preset >= 0)
		member(schema, "default");
	else if (field->type == RECOURSE_FIELD_INTEGER)
		assert_null(memmem(schema.data, schema.size, "default", strlen("default")));
}

static void check_method(slice row, const struct recourse_method *method)
{
	static const char *const kinds[] = {"command", "query", "public"};
	assert_text(row, "name", method->name);
	assert_text(row, "summary", method->help);
	assert_text(row, "x-kind", kinds[method->kind]);
	rows(member(row, "x-roles"), (uint64_t)__builtin_popcount(method->roles));
	struct item_reader fields = rows(member(row, "params"), method->field_count);
	for (size_t index = 0; index < method->field_count; index++)
		check_field(next_row(&fields), &method->fields[index]);
}

static void describes_every_method(void **state)
{
	(void)state;
	struct buffer document = {0};
	slice whole;
	uint64_t count = 0;
	while (recourse_method_at(count) != NULL)
		count++;
	assert_true(count > 4);
	assert_ok(openrpc_write(&document));
	struct item_reader reader = {.data = document.data, .size = document.size};
	assert_ok(item_read_whole(&reader, &whole));
	assert_true(item_at_end(&reader));
	assert_text(whole, "openrpc", "1.2.6");
	assert_text(member(whole, "info"), "version", RECOURSE_VERSION);
	struct item_reader methods = rows(member(whole, "methods"), count);
	for (size_t index = 0; index < count; index++)
		check_method(next_row(&methods), recourse_method_at(index));
	buffer_free(&document);
}

/* It must fit into a reply, and be JSON for those who generate clients from it. */
static void is_json_too(void **state)
{
	(void)state;
	struct buffer document = {0};
	struct buffer json = {0};
	struct buffer back = {0};
	struct transcode_problem problem;
	assert_ok(openrpc_write(&document));
	assert_ok(transcode_to_json(buffer_slice(&document), TRANSCODE_COMPACT, &json));
	assert_ok(transcode_from_json(buffer_slice(&json), &back, &problem));
	assert_true(slice_equal(buffer_slice(&document), buffer_slice(&back)));
	assert_true(json.size < 2 * 1024 * 1024);
	buffer_free(&back);
	buffer_free(&json);
	buffer_free(&document);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(describes_every_method),
		cmocka_unit_test(is_json_too),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
