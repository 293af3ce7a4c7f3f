/* SPDX-License-Identifier: Apache-2.0 */
#include "kit.h"

#include "base/buffer.h"
#include "recourse_schema.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

/*
 * Wrong forms and wrong roles of every command and query, made from the schema: whatever is added to it is tried
 * here. What a rule refuses is for its cases.
 *
 * Each field is given in turn what it does not take, everything else as it should be; the error, and the field at
 * fault with its row, must come back, and nothing be left of it all.
 */
#define HASH "\"abababababababababababababababababababababababababababababababab\""
#define LONG "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" /* 65 */

struct
try {
	struct kit *kit;
	const struct recourse_method *method;
	const char *actor;
	uint64_t count;
};

/* ---- what is right ---- */

static void write_field(const struct recourse_field *field, struct buffer *out);

static void write_rows(const struct recourse_field *field, struct buffer *out)
{
	int64_t rows = field->minimum > 0 ? field->minimum : 1;
	for (int64_t row = 0; row < rows; row++) {
		buffer_append_text(out, row == 0 ? "[" : ",");
		for (size_t member = 0; member < field->member_count; member++) {
			buffer_append_format(
				out, "%s\"%s\":", member == 0 ? "{" : ",", field->members[member].name);
			write_field(&field->members[member], out);
		}
		buffer_append_text(out, "}");
	}
	buffer_append_text(out, "]");
}

static void write_field(const struct recourse_field *field, struct buffer *out)
{
	char text[256] = "";
	switch (field->type) {
	case RECOURSE_FIELD_ID:
		buffer_append_text(out, "\"x\"");
		break;
	case RECOURSE_FIELD_TEXT:
		buffer_append_format(out, "\"%.*s\"", field->minimum > 1 ? (int)field->minimum : 1, LONG);
		break;
	case RECOURSE_FIELD_UNIT:
		buffer_append_text(out, "\"CNY\"");
		break;
	case RECOURSE_FIELD_AMOUNT:
	case RECOURSE_FIELD_PERCENT:
		buffer_append_text(out, "\"1.00\"");
		break;
	case RECOURSE_FIELD_INTEGER:
		buffer_append_format(out, "%" PRId64, field->minimum);
		break;
	case RECOURSE_FIELD_HASH:
	case RECOURSE_FIELD_NOTE:
		buffer_append_text(out, HASH);
		break;
	case RECOURSE_FIELD_TIME:
		buffer_append_text(out, "\"2016-05-04T00:00:00Z\"");
		break;
	case RECOURSE_FIELD_CHOICE:
		buffer_append_format(out, "\"%s\"", field->choices[0]);
		break;
	case RECOURSE_FIELD_SET:
		buffer_append_format(out, "[\"%s\"]", field->choices[0]);
		break;
	case RECOURSE_FIELD_KEY:
		kit_vkey("example.com/ledger", "somebody", text);
		buffer_append_format(out, "\"%s\"", text);
		break;
	case RECOURSE_FIELD_HANDLE:
		kit_handle("example.com/ledger", "somebody", text);
		buffer_append_format(out, "\"%s\"", text);
		break;
	case RECOURSE_FIELD_LIST:
		write_rows(field, out);
		break;
	}
}

/* All fields but one as they should be; that one as given, or left out with NULL. */
static void write_members(
	const struct recourse_method *method, const char *but, const char *value, struct buffer *out)
{
	const char *between = "";
	if (method->kind == RECOURSE_METHOD_COMMAND) {
		buffer_append_format(out, "\"command\":\"%s\"", method->name);
		between = ",";
	}
	for (size_t index = 0; index < method->field_count; index++) {
		const struct recourse_field *field = &method->fields[index];
		bool other = strcmp(field->name, but) == 0;
		/* what commits to a text is refused without it, whatever else is wrong */
		if (other ? value == NULL : field->type == RECOURSE_FIELD_NOTE)
			continue;
		buffer_append_format(out, "%s\"%s\":", between, field->name);
		if (other)
			buffer_append_text(out, value);
		else
			write_field(field, out);
		between = ",";
	}
}

/* ---- trying ---- */

/* In mode each what is refused by its role stands among the results. */
static enum recourse_error read_result(struct kit *kit, const char *reply)
{
	const char *error = strstr(reply, "\"error\":");
	const char *field = strstr(reply, "\"field\":\"");
	if (error == NULL)
		return RECOURSE_OK;
	assert_non_null(field);
	snprintf(kit->refusal.field, sizeof kit->refusal.field, "%.*s", (int)strcspn(field + 9, "\""),
		field + 9);
	return (enum recourse_error)strtoul(error + 8, NULL, 10);
}

static enum recourse_error say(struct try *try, const char *mode, const char *members)
{
	SCOPED(support_free) char *text = NULL;
	SCOPED(support_free) char *reply = NULL;
	char id[32];
	enum recourse_error error;
	snprintf(id, sizeof id, "wrong-%" PRIu64, ++try->count);
	if (try->method->kind == RECOURSE_METHOD_COMMAND) {
		assert_true(asprintf(&text, "{\"mode\":\"%s\",\"commands\":[{%s}]}", mode, members) >= 0);
		error = kit_request(try->kit, try->actor, id, text, &reply);
		error = error == RECOURSE_OK ? read_result(try->kit, reply) : error;
	} else {
		assert_true(asprintf(&text, "{%s}", members) >= 0);
		error = kit_query(try->kit, try->actor, try->method->name, text, &reply);
	}
	return error;
}

static void refuse(struct try *try, enum recourse_error expected, const char *field, const char *members)
{
	static const char *const modes[] = {"all", "each"};
	for (size_t mode = 0; mode < 1 + (try->method->kind == RECOURSE_METHOD_COMMAND); mode++) {
		enum recourse_error error = say(try, modes[mode], members);
		if (error != expected || strcmp(try->kit->refusal.field, field) != 0)
			fail_msg("%s: %s: expected %s at %s, came %s at %s", try->method->name, members,
				recourse_error_name(expected), field, recourse_error_name(error),
				try->kit->refusal.field);
	}
}

static void refuse_value(struct try *try, enum recourse_error expected, const char *field, const char *value)
{
	SCOPED(buffer_free) struct buffer members = {0};
	write_members(try->method, field, value, &members);
	buffer_append(&members, "", 1);
	refuse(try, expected, field, (char *)members.data);
}

/* The field, or that member of a list's first row. */
static void refuse_at(struct try *try, enum recourse_error expected, const struct recourse_field *list,
	const struct recourse_field *field, const char *value)
{
	char path[128];
	SCOPED(buffer_free) struct buffer row = {0};
	SCOPED(buffer_free) struct buffer members = {0};
	if (list == NULL) {
		refuse_value(try, expected, field->name, value);
		return;
	}
	const struct recourse_method rows = {
		.fields = list->members, .field_count = list->member_count, .kind = RECOURSE_METHOD_QUERY};
	buffer_append_text(&row, "[{");
	write_members(&rows, field->name, value, &row);
	buffer_append_text(&row, "}");
	for (int64_t more = 1; more < list->minimum; more++) {
		buffer_append_text(&row, ",{");
		write_members(&rows, "", NULL, &row);
		buffer_append_text(&row, "}");
	}
	buffer_append(&row, "]", 2);
	write_members(try->method, list->name, (char *)row.data, &members);
	buffer_append(&members, "", 1);
	snprintf(path, sizeof path, "%s[0].%s", list->name, field->name);
	refuse(try, expected, path, (char *)members.data);
}

/* ---- what is wrong ---- */

struct wrong {
	enum recourse_field_type type;
	enum recourse_error error;
	const char *value;
};
static const struct wrong wrongs[] = {
	{RECOURSE_FIELD_ID, RECOURSE_FIELD_FORMAT, "\"\""},
	{RECOURSE_FIELD_ID, RECOURSE_FIELD_FORMAT, "\"two words\""},
	{RECOURSE_FIELD_ID, RECOURSE_FIELD_FORMAT, "\".x\""},
	{RECOURSE_FIELD_ID, RECOURSE_FIELD_FORMAT, "\"" LONG "\""},
	{RECOURSE_FIELD_UNIT, RECOURSE_FIELD_FORMAT, "\"\""},
	{RECOURSE_FIELD_UNIT, RECOURSE_FIELD_FORMAT, "\"C Y\""},
	{RECOURSE_FIELD_AMOUNT, RECOURSE_FIELD_FORMAT, "\"\""},
	{RECOURSE_FIELD_AMOUNT, RECOURSE_FIELD_FORMAT, "\"-1.00\""},
	{RECOURSE_FIELD_AMOUNT, RECOURSE_FIELD_FORMAT, "\"1.0.0\""},
	{RECOURSE_FIELD_AMOUNT, RECOURSE_FIELD_FORMAT, "\"1,00\""},
	{RECOURSE_FIELD_PERCENT, RECOURSE_FIELD_FORMAT, "\"1\""},
	{RECOURSE_FIELD_PERCENT, RECOURSE_FIELD_FORMAT, "\"100.01\""},
	{RECOURSE_FIELD_PERCENT, RECOURSE_FIELD_FORMAT, "\"-0.01\""},
	{RECOURSE_FIELD_HASH, RECOURSE_FIELD_FORMAT, "\"ab\""},
	{RECOURSE_FIELD_NOTE, RECOURSE_FIELD_FORMAT, "\"what she said\""},
	{RECOURSE_FIELD_TIME, RECOURSE_FIELD_FORMAT, "\"2016-05-04\""},
	{RECOURSE_FIELD_TIME, RECOURSE_FIELD_FORMAT, "\"2016-05-04T00:00:00+08:00\""},
	{RECOURSE_FIELD_CHOICE, RECOURSE_FIELD_FORMAT, "\"none of them\""},
	{RECOURSE_FIELD_SET, RECOURSE_FIELD_FORMAT, "[\"none of them\"]"},
	{RECOURSE_FIELD_SET, RECOURSE_FIELD_LIMIT, "[]"},
	{RECOURSE_FIELD_SET, RECOURSE_FIELD_TYPE, "[1]"},
	{RECOURSE_FIELD_KEY, RECOURSE_FIELD_FORMAT, "\"somebody\""},
	{RECOURSE_FIELD_HANDLE, RECOURSE_FIELD_FORMAT, "\"somebody\""},
};

static void try_types(struct try *try, const struct recourse_field *list, const struct recourse_field *field)
{
	static const char *const values[] = {"null", "true", "{}"};
	bool array = field->type == RECOURSE_FIELD_SET || field->type == RECOURSE_FIELD_LIST;
	bool number = field->type == RECOURSE_FIELD_INTEGER;
	for (size_t index = 0; index < sizeof values / sizeof values[0]; index++)
		refuse_at(try, RECOURSE_FIELD_TYPE, list, field, values[index]);
	if (!number)
		refuse_at(try, RECOURSE_FIELD_TYPE, list, field, "1");
	if (!array)
		refuse_at(try, RECOURSE_FIELD_TYPE, list, field, "[]");
	if (array || number)
		refuse_at(try, RECOURSE_FIELD_TYPE, list, field, "\"1\"");
}

/* A byte too long, and one that is no character. */
static void try_text(struct try *try, const struct recourse_field *list, const struct recourse_field *field)
{
	SCOPED(buffer_free) struct buffer text = {0};
	buffer_append_text(&text, "\"");
	for (int64_t byte = 0; byte <= field->maximum; byte++)
		buffer_append_text(&text, "a");
	buffer_append(&text, "\"", 2);
	refuse_at(try, RECOURSE_FIELD_LIMIT, list, field, (char *)text.data);
	buffer_clear(&text);
	buffer_append_text(&text, "\"\\u0007");
	for (int64_t byte = 1; byte < field->minimum; byte++)
		buffer_append_text(&text, "a");
	buffer_append(&text, "\"", 2);
	refuse_at(try, RECOURSE_FIELD_FORMAT, list, field, (char *)text.data);
}

static void try_limits(struct try *try, const struct recourse_field *list, const struct recourse_field *field)
{
	char value[64];
	if (field->type == RECOURSE_FIELD_INTEGER && field->minimum > INT64_MIN) {
		snprintf(value, sizeof value, "%" PRId64, field->minimum - 1);
		refuse_at(try, RECOURSE_FIELD_LIMIT, list, field, value);
	}
	if (field->type == RECOURSE_FIELD_INTEGER && field->maximum < INT64_MAX) {
		snprintf(value, sizeof value, "%" PRId64, field->maximum + 1);
		refuse_at(try, RECOURSE_FIELD_LIMIT, list, field, value);
	}
	if (field->type == RECOURSE_FIELD_TEXT)
		try_text(try, list, field);
}

static void try_rows(struct try *try, const struct recourse_field *list)
{
	SCOPED(buffer_free) struct buffer rows = {0};
	for (int64_t row = 0; row <= list->maximum; row++)
		buffer_append_text(&rows, row == 0 ? "[{}" : ",{}");
	buffer_append(&rows, "]", 2);
	refuse_value(try, RECOURSE_FIELD_LIMIT, list->name, (char *)rows.data);
	if (list->minimum > 0)
		refuse_value(try, RECOURSE_FIELD_LIMIT, list->name, "[]");
}

static void try_set(struct try *try, const struct recourse_field *list, const struct recourse_field *field)
{
	char value[128];
	snprintf(value, sizeof value, "[\"%s\",\"%s\"]", field->choices[0], field->choices[0]);
	refuse_at(try, RECOURSE_FIELD_DUPLICATE, list, field, value);
}

static void try_field(struct try *try, const struct recourse_field *list, const struct recourse_field *field)
{
	try_types(try, list, field);
	try_limits(try, list, field);
	for (size_t index = 0; index < sizeof wrongs / sizeof wrongs[0]; index++) {
		if (wrongs[index].type == field->type)
			refuse_at(try, wrongs[index].error, list, field, wrongs[index].value);
	}
	if (field->type == RECOURSE_FIELD_SET)
		try_set(try, list, field);
	if (field->type == RECOURSE_FIELD_ID && !field->foreign)
		refuse_at(try, RECOURSE_FIELD_FORMAT, list, field, "\"13800138000\"");
	if (!field->optional)
		refuse_at(try, RECOURSE_FIELD_MISSING, list, field, NULL);
	if (field->type != RECOURSE_FIELD_LIST)
		return;
	try_rows(try, field);
	for (size_t member = 0; member < field->member_count; member++)
		try_field(try, field, &field->members[member]);
}

static void try_unknown(struct try *try)
{
	SCOPED(buffer_free) struct buffer members = {0};
	write_members(try->method, "", NULL, &members);
	buffer_append_format(&members, "%s\"nothing\":1", members.size == 0 ? "" : ",");
	buffer_append(&members, "", 1);
	refuse(try, RECOURSE_FIELD_UNKNOWN, "nothing", (char *)members.data);
}

/* What is there twice is no JSON for any method. */
static void try_twice(struct try *try, const struct recourse_field *field)
{
	SCOPED(buffer_free) struct buffer members = {0};
	SCOPED(buffer_free) struct buffer once = {0};
	write_field(field, &once);
	buffer_append(&once, "", 1);
	write_members(try->method, field->name, (char *)once.data, &members);
	buffer_append_format(&members, ",\"%s\":", field->name);
	write_field(field, &members);
	buffer_append(&members, "", 1);
	refuse(try, RECOURSE_MALFORMED, "payload", (char *)members.data);
}

static void expect_untouched(struct kit *kit, const struct recourse_standing *before)
{
	struct recourse_standing after;
	assert_ok(recourse_ledger_standing(kit->ledger, &after));
	assert_memory_equal(before, &after, sizeof after);
}

/* Somebody of each role, by its bit. */
static const char *const people[] = {"admin", "maker", "checker", "agent", "bank", "merchant", "funder",
	"auditor", "system", "ann", "liable"};
enum { PEOPLE = sizeof people / sizeof people[0] };

static void register_people(struct kit *kit)
{
	kit_play(kit, "key funder P funder\n"
		      "admin party.register party=h-1 kinds=consumer\n"
		      "key ann h-1 consumer\n"
		      "admin party.register party=L kinds=liable-party\n"
		      "key liable L liable-party");
}

static const char *who_may(const struct recourse_method *method)
{
	size_t role = 0;
	while ((method->roles >> role & 1) == 0)
		role++;
	assert_true(role < PEOPLE);
	return people[role];
}

static void test_forms(void **state)
{
	struct kit *kit = *state;
	struct recourse_standing before;
	uint64_t count = 0;
	register_people(kit);
	assert_ok(recourse_ledger_standing(kit->ledger, &before));
	for (size_t index = 0; recourse_method_at(index) != NULL; index++) {
		struct try try = {.kit = kit, .method = recourse_method_at(index)};
		if (try.method->kind == RECOURSE_METHOD_PUBLIC)
			continue;
		try.actor = who_may(try.method);
		for (size_t field = 0; field < try.method->field_count; field++) {
			try_field(&try, NULL, &try.method->fields[field]);
			try_twice(&try, &try.method->fields[field]);
		}
		try_unknown(&try);
		count += try.count;
	}
	expect_untouched(kit, &before);
	print_message("%" PRIu64 " wrong forms\n", count);
}

/* What is right in form is refused to every role that the schema does not name, in both modes. */
static void test_roles(void **state)
{
	struct kit *kit = *state;
	struct recourse_standing before;
	uint64_t count = 0;
	register_people(kit);
	assert_ok(recourse_ledger_standing(kit->ledger, &before));
	for (size_t index = 0; recourse_method_at(index) != NULL; index++) {
		struct try try = {.kit = kit, .method = recourse_method_at(index), .count = count};
		SCOPED(buffer_free) struct buffer members = {0};
		write_members(try.method, "", NULL, &members);
		buffer_append(&members, "", 1);
		for (size_t role = 0; role < PEOPLE && try.method->kind != RECOURSE_METHOD_PUBLIC; role++) {
			try.actor = people[role];
			if ((try.method->roles >> role & 1) != 0)
				continue;
			refuse(&try, RECOURSE_ROLE_MISSING,
				try.method->kind == RECOURSE_METHOD_COMMAND ? "command" : "method",
				(char *)members.data);
		}
		count = try.count;
	}
	expect_untouched(kit, &before);
}

/* ---- I1: what people may write a number of theirs into ---- */

/* Numbers that others gave, and what a clock was set for. Any other id is looked at, wherever it stands. */
static const char *const foreign[] = {"entitlement", "bank_reference", "reference", "line", "subject", "file"};
/* Texts: words that are published, the name of the ledger, days. */
static const char *const texts[] = {"zh", "en", "name", "origin", "day", "first_day", "last_day"};

static bool is_among(const char *name, const char *const *list, size_t count)
{
	for (size_t index = 0; index < count; index++)
		if (strcmp(name, list[index]) == 0)
			return true;
	return false;
}

static void look_at_field(const struct recourse_method *method, const struct recourse_field *field)
{
	bool known = is_among(field->name, foreign, sizeof foreign / sizeof foreign[0]);
	if (field->type == RECOURSE_FIELD_ID && field->foreign != known)
		fail_msg("%s %s: a number that others gave, or none?", method->name, field->name);
	if (field->type == RECOURSE_FIELD_TEXT &&
		!is_among(field->name, texts, sizeof texts / sizeof texts[0]))
		fail_msg("%s %s: a text that people may write anything into", method->name, field->name);
	for (size_t member = 0; member < field->member_count; member++)
		look_at_field(method, &field->members[member]);
}

static void test_references(void **state)
{
	(void)state;
	const struct recourse_method *method;
	for (size_t index = 0; (method = recourse_method_at(index)) != NULL; index++)
		for (size_t field = 0; method->kind == RECOURSE_METHOD_COMMAND && field < method->field_count;
			field++)
			look_at_field(method, &method->fields[field]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		KIT_TEST(test_forms),
		KIT_TEST(test_roles),
		cmocka_unit_test(test_references),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
