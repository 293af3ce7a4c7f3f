/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <strings.h>

#include "../tools/described.h"
#include "base/item.h"
#include "openrpc.h"
#include "recourse_schema.h"
#include "support.h"
#include "base/transcode.h"

/* A member of a map; empty when there is none of that name. */
static slice find_member(slice map, const char *name)
{
	slice reader = map;
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
	return (slice){0};
}

static slice member(slice map, const char *name)
{
	slice value = find_member(map, name);
	if (value.size == 0)
		fail_msg("no member %s", name);
	return value;
}

/* An item that is a text. */
static slice text_of(slice value)
{
	slice reader = value;
	struct item text;
	assert_ok(item_read_type(&reader, ITEM_TEXT, &text));
	return text.string;
}

static void assert_text(slice map, const char *name, const char *expected)
{
	assert_true(slice_is(text_of(member(map, name)), expected));
}

/* The rows of an array, one by one. */
static slice rows(slice array, uint64_t count)
{
	slice reader = array;
	struct item head;
	assert_ok(item_read_type(&reader, ITEM_ARRAY, &head));
	assert_int_equal(head.count, count);
	return reader;
}

static slice next_row(slice *reader)
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
	if (field->type == RECOURSE_FIELD_LIST && field->member_count > 0) {
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

/* What a reference to one of the document's errors refers to. */
static slice component(slice components, slice reference)
{
	static const char root[] = "#/components/errors/";
	char name[64];
	slice text = text_of(member(reference, "$ref"));
	assert_true(text.size > strlen(root) && memcmp(text.data, root, strlen(root)) == 0);
	snprintf(name, sizeof name, "%.*s", (int)(text.size - strlen(root)),
		(const char *)text.data + strlen(root));
	return member(components, name);
}

/*
 * The rules of the published meta-schema, as far as the document uses it: an object has these members, those in
 * capitals being required, and no others but extensions where they are allowed.
 */
struct form {
	const char *members[12];
	bool extensions;
};
static const struct form document_form = {{"OPENRPC", "INFO", "METHODS", "components"}, true};
static const struct form info_form = {{"TITLE", "VERSION", "description"}, true};
static const struct form method_form = {
	{"NAME", "PARAMS", "RESULT", "summary", "paramStructure", "errors", "examples"}, true};
static const struct form content_form = {{"NAME", "SCHEMA", "required"}, true};
static const struct form error_form = {{"CODE", "MESSAGE", "data"}, false};
static const struct form reference_form = {{"$REF"}, false};

static bool is_named(slice key, const char *name)
{
	return key.size == strlen(name) && strncasecmp((const char *)key.data, name, key.size) == 0;
}

static void check_form(slice map, const struct form *form)
{
	slice reader = map;
	struct item head;
	assert_ok(item_read_type(&reader, ITEM_MAP, &head));
	unsigned required = 0;
	for (size_t index = 0; form->members[index] != NULL; index++)
		required += form->members[index][form->members[index][0] == '$'] < 'a';
	for (uint64_t pair = 0; pair < head.count; pair++) {
		struct item key;
		slice value;
		size_t index = 0;
		assert_ok(item_read_type(&reader, ITEM_TEXT, &key));
		assert_ok(item_read_whole(&reader, &value));
		while (form->members[index] != NULL && !is_named(key.string, form->members[index]))
			index++;
		const char *name = form->members[index];
		bool extension =
			form->extensions && key.string.size > 2 && memcmp(key.string.data, "x-", 2) == 0;
		if (name == NULL && !extension)
			fail_msg("%.*s is not allowed", SLICE_ARGUMENTS(key.string));
		required -= name != NULL && name[name[0] == '$'] < 'a';
	}
	assert_int_equal(required, 0);
}

static uint64_t array_count(slice array)
{
	slice reader = array;
	struct item head;
	assert_ok(item_read_type(&reader, ITEM_ARRAY, &head));
	return head.count;
}

static void check_members(slice schema, const struct recourse_column *columns, size_t count)
{
	slice properties = member(schema, "properties");
	uint64_t left = array_count(member(schema, "required"));
	slice required = rows(member(schema, "required"), left);
	for (size_t index = 0; index < count; index++) {
		slice described = member(properties, columns[index].name);
		assert_text(described, "description", columns[index].help);
		if (columns[index].type == RECOURSE_COLUMN_ROWS)
			check_members(member(described, "items"), columns[index].members,
				columns[index].member_count);
		if (columns[index].type == RECOURSE_COLUMN_MAP)
			check_members(described, columns[index].members, columns[index].member_count);
		if (columns[index].type == RECOURSE_COLUMN_CHOICE)
			assert_true(array_count(member(described, "enum")) > 1);
		if (columns[index].optional)
			continue;
		assert_true(left-- > 0);
		assert_true(slice_is(text_of(next_row(&required)), columns[index].name));
	}
	assert_int_equal(left, 0);
}

/* Each error that the method can give has its name among them, and its number behind one of the references. */
static void check_errors(slice components, slice row, const struct recourse_method *method)
{
	enum recourse_error errors[RECOURSE_METHOD_ERRORS_MAX];
	size_t count = recourse_method_errors(method, errors);
	assert_true(count > 0 && count < RECOURSE_METHOD_ERRORS_MAX);
	slice names = rows(member(row, "x-errors"), count);
	uint64_t references = array_count(member(row, "errors"));
	for (size_t index = 0; index < count; index++) {
		slice name = text_of(next_row(&names));
		bool found = false;
		assert_true(slice_is(name, recourse_error_name(errors[index])));
		slice others = rows(member(row, "errors"), references);
		for (uint64_t other = 0; other < references; other++) {
			slice reference = next_row(&others);
			check_form(reference, &reference_form);
			slice error = component(components, reference);
			check_form(error, &error_form);
			slice data = member(error, "data");
			found = found || memmem(data.data, data.size, name.data, name.size) != NULL;
		}
		assert_true(found);
	}
}

/* One each, said by its fields and answered as described; not of what no scenario can say. */
static void check_example(slice row, const struct recourse_method *method)
{
	static const struct form pairing = {{"NAME", "PARAMS", "RESULT"}, false};
	static const struct form value = {{"NAME", "VALUE"}, false};
	bool unsaid = strcmp(method->name, "ledger.open") == 0 ||  /* a scenario's ledger is open */
		      strcmp(method->name, "rule.adopt") == 0 ||   /* no rule has another version yet */
		      strcmp(method->name, "log.checkpoint") == 0; /* nobody signs there */
	assert_int_equal(find_member(row, "examples").size > 0, !unsaid);
	if (unsaid)
		return;
	slice examples = rows(member(row, "examples"), 1);
	slice example = next_row(&examples);
	check_form(example, &pairing);
	slice result = member(example, "result");
	check_form(result, &value);
	slice undescribed = described_result(method, member(result, "value"));
	if (undescribed.size > 0)
		fail_msg("%s: %.*s is not described", method->name, SLICE_ARGUMENTS(undescribed));
	slice params = member(example, "params");
	slice reader = rows(params, array_count(params));
	for (uint64_t left = array_count(params); left > 0; left--) {
		slice param = next_row(&reader);
		bool found = false;
		check_form(param, &value);
		for (size_t index = 0; index < method->field_count && !found; index++) {
			slice name = member(param, "name");
			size_t size = strlen(method->fields[index].name);
			found = name.size > size &&
				memcmp(name.data + name.size - size, method->fields[index].name, size) == 0;
		}
		assert_true(found);
	}
}

static void check_method(slice errors, slice row, const struct recourse_method *method)
{
	static const char *const kinds[] = {"command", "query", "public", "submit"};
	check_form(row, &method_form);
	assert_text(row, "name", method->name);
	assert_text(row, "summary", method->help);
	assert_text(row, "x-kind", kinds[method->kind]);
	rows(member(row, "x-roles"), (uint64_t)__builtin_popcount(method->roles));
	slice fields = rows(member(row, "params"), method->field_count);
	for (size_t index = 0; index < method->field_count; index++) {
		slice field = next_row(&fields);
		check_form(field, &content_form);
		check_field(field, &method->fields[index]);
	}
	assert_true(method->column_count > 0);
	check_form(member(row, "result"), &content_form);
	check_members(member(member(row, "result"), "schema"), method->columns, method->column_count);
	check_errors(errors, row, method);
	check_example(row, method);
}

static void describes_every_method(void **state)
{
	SCOPED(buffer_free) struct buffer document = {0};
	slice whole;
	uint64_t count = 0;
	while (recourse_method_at(count) != NULL)
		count++;
	assert_true(count > 4);
	assert_ok(openrpc_write(&document));
	slice reader = buffer_slice(&document);
	assert_ok(item_read_whole(&reader, &whole));
	assert_true(reader.size == 0);
	check_form(whole, &document_form);
	check_form(member(whole, "info"), &info_form);
	assert_text(whole, "openrpc", "1.2.6");
	assert_text(member(whole, "info"), "version", RECOURSE_VERSION);
	slice methods = rows(member(whole, "methods"), 1 + count);
	slice errors = member(member(whole, "components"), "errors");
	check_method(errors, next_row(&methods), &recourse_submit);
	for (size_t index = 0; index < count; index++)
		check_method(errors, next_row(&methods), recourse_method_at(index));
}

/* It must fit into a reply, and be JSON for those who generate clients from it. */
static void is_json_too(void **state)
{
	SCOPED(buffer_free) struct buffer document = {0};
	SCOPED(buffer_free) struct buffer json = {0};
	SCOPED(buffer_free) struct buffer back = {0};
	struct transcode_problem problem;
	assert_ok(openrpc_write(&document));
	assert_ok(transcode_to_json(buffer_slice(&document), TRANSCODE_COMPACT, &json));
	assert_ok(transcode_from_json(buffer_slice(&json), &back, &problem));
	assert_true(slice_equal(buffer_slice(&document), buffer_slice(&back)));
	assert_true(json.size < 2 * 1024 * 1024);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(describes_every_method),
		cmocka_unit_test(is_json_too),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
