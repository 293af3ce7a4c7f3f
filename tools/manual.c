/* SPDX-License-Identifier: Apache-2.0 */
#include "manual.h"

#include "output.h"
#include "recourse_reference.h"
#include "scenario.h"
#include "table.h"

static void append_choices(const struct recourse_field *field, struct buffer *out)
{
	for (size_t index = 0; field->choices != NULL && field->choices[index] != NULL; index++)
		buffer_append_format(out, "%s%s", index > 0 ? ", " : "", field->choices[index]);
}

static void append_range(const struct recourse_field *field, const char *format, struct buffer *out)
{
	buffer_append_format(out, "%lld to %lld", (long long)field->minimum, (long long)field->maximum);
	buffer_append_text(out, format);
}

static void append_list(const struct recourse_field *field, struct buffer *out)
{
	for (size_t index = 0; index < field->member_count; index++)
		buffer_append_format(out, "%s%s:…", index > 0 ? "," : "", field->members[index].name);
	buffer_append_text(out, ", ");
	append_range(field, " times", out);
}

void manual_form(const struct recourse_field *field, struct buffer *out)
{
	switch (field->type) {
	case RECOURSE_FIELD_ID:
		buffer_append_text(out, "id, 1 to 64 of A-Z a-z 0-9 . _ : / @ -");
		return;
	case RECOURSE_FIELD_TEXT:
		buffer_append_text(out, "text, ");
		append_range(field, " bytes", out);
		return;
	case RECOURSE_FIELD_UNIT:
		buffer_append_text(out, "unit, such as CNY or L");
		return;
	case RECOURSE_FIELD_AMOUNT:
		buffer_append_text(out, "amount with exactly its unit's digits, such as 3000.00");
		return;
	case RECOURSE_FIELD_PERCENT:
		buffer_append_text(out, "percent, 0.00 to 100.00");
		if (field->optional)
			buffer_append_format(out, " (%lld.%02lld)", (long long)field->preset / 100,
				(long long)field->preset % 100);
		return;
	case RECOURSE_FIELD_INTEGER:
		buffer_append_text(out, "whole number, ");
		append_range(field, "", out);
		if (field->optional && field->preset >= 0)
			buffer_append_format(out, " (%lld)", (long long)field->preset);
		return;
	case RECOURSE_FIELD_HASH:
		buffer_append_text(out, "hash, 64 hexadecimal digits");
		return;
	case RECOURSE_FIELD_NOTE:
		buffer_append_text(out, "@FILE with text that is sealed, 1 to 8,192 bytes, or the text");
		return;
	case RECOURSE_FIELD_TIME:
		buffer_append_text(out, "time, 2026-05-04T00:00:00Z");
		return;
	case RECOURSE_FIELD_CHOICE:
		buffer_append_text(out, "one of ");
		append_choices(field, out);
		return;
	case RECOURSE_FIELD_SET:
		buffer_append_text(out, "some of, with commas: ");
		append_choices(field, out);
		return;
	case RECOURSE_FIELD_KEY:
		buffer_append_text(out, "public key, name+hex8+base64, or @FILE");
		return;
	case RECOURSE_FIELD_HANDLE:
		buffer_append_text(out, "handle of a key, name+hex8");
		return;
	case RECOURSE_FIELD_LIST:
		append_list(field, out);
		return;
	}
}

static void list_fields(
	struct table *table, const struct recourse_field *fields, size_t count, const char *indent)
{
	for (size_t index = 0; index < count; index++) {
		const struct recourse_field *field = &fields[index];
		struct buffer form = {0};
		char name[80];
		snprintf(name, sizeof name, "%s%s", indent, field->name);
		manual_form(field, &form);
		table_cell(table, slice_text(name));
		table_cell(table, slice_text(field->optional ? "optional" : "required"));
		table_cell(table, slice_text(field->help == NULL ? "" : field->help));
		table_cell(table, buffer_slice(&form));
		buffer_free(&form);
		list_fields(table, field->members, field->member_count, "    ");
	}
}

/* "admin or operator" */
void manual_roles(uint32_t roles, struct buffer *out)
{
	const uint32_t people =
		(RECOURSE_ROLE_SYSTEM - 1) | RECOURSE_ROLE_CONSUMER | RECOURSE_ROLE_LIABLE_PARTY;
	bool first = true;
	if ((roles & people) == people) {
		buffer_append_text(out, "any role");
		return;
	}
	for (size_t bit = 0; recourse_role_names[bit] != NULL; bit++) {
		if ((roles >> bit & 1) == 0)
			continue;
		buffer_append_format(out, "%s%s", first ? "" : ", ", recourse_role_names[bit]);
		first = false;
	}
	if (first)
		buffer_append_text(out, "anybody");
}

static enum exit_code print_table(struct table *table)
{
	enum recourse_error error = table_print(table, stdout, 0);
	table_free(table);
	return error == RECOURSE_OK ? EXIT_CODE_OK : output_error(error, NULL, "help");
}

static void print_usage(const struct recourse_method *method, const char *report)
{
	const char *verb = method->kind == RECOURSE_METHOD_COMMAND ? "submit" : "query";
	printf("usage: recourse %s %s field=value …\n\n", report != NULL ? "report" : verb,
		report != NULL ? report : method->name);
}

/* What is more than a line is said over several. */
static void print_errors(const enum recourse_error *errors)
{
	enum { WIDTH = 100 };
	int at = printf("its rule refuses with:");
	for (size_t index = 0; errors[index] != RECOURSE_OK; index++) {
		const char *name = recourse_error_name(errors[index]);
		if (at + (int)strlen(name) + 2 > WIDTH)
			at = printf("\n ") - 1;
		at += printf(" %s", name);
	}
	printf(" (recourse help errors)\n");
}

enum exit_code manual_method(const struct recourse_method *method, const char *report)
{
	struct buffer roles = {0};
	struct table table = {.plain = true};
	manual_roles(method->roles, &roles);
	print_usage(method, report);
	printf("%s: %s\n", method->name, method->help);
	printf("who may: %.*s\n", SLICE_ARGUMENTS(buffer_slice(&roles)));
	if (method->approvals > 0)
		printf("takes effect when %u other %s: recourse submit proposal.approve --help\n",
			(unsigned)method->approvals,
			method->approvals == 1 ? "person has agreed" : "people have agreed");
	buffer_free(&roles);
	if (method->errors != NULL && method->errors[0] != RECOURSE_OK)
		print_errors(method->errors);
	if (method->field_count == 0)
		return EXIT_CODE_OK;
	printf("\n");
	for (size_t column = 0; column < 4; column++)
		table_column(&table, slice_text(""));
	list_fields(&table, method->fields, method->field_count, "  ");
	return print_table(&table);
}

static enum exit_code list_methods(bool commands)
{
	struct table table = {0};
	table_column(&table, slice_text(commands ? "command" : "query"));
	table_column(&table, slice_text("what for"));
	table_column(&table, slice_text("who may"));
	for (size_t index = 0; recourse_method_at(index) != NULL; index++) {
		const struct recourse_method *method = recourse_method_at(index);
		struct buffer roles = {0};
		if ((method->kind == RECOURSE_METHOD_COMMAND) != commands)
			continue;
		manual_roles(method->roles, &roles);
		if (method->approvals > 0)
			buffer_append_format(&roles, ", and %u to approve", (unsigned)method->approvals);
		table_cell(&table, slice_text(method->name));
		table_cell(&table, slice_text(method->help));
		table_cell(&table, buffer_slice(&roles));
		buffer_free(&roles);
	}
	return print_table(&table);
}

enum exit_code manual_commands(void)
{
	return list_methods(true);
}

enum exit_code manual_queries(void)
{
	return list_methods(false);
}

enum exit_code manual_tables(void)
{
	struct recourse_table row;
	struct table table = {0};
	table_column(&table, slice_text("table"));
	table_column(&table, slice_text("key"));
	table_number(&table, slice_text("bytes"));
	table_column(&table, slice_text("what a row is"));
	for (size_t index = 0; recourse_reference_table(index, &row); index++) {
		char size[24];
		snprintf(size, sizeof size, "%zu", row.size);
		table_cell(&table, slice_text(row.name));
		table_cell(&table, slice_text(row.key));
		table_cell(&table, slice_text(size));
		table_cell(&table, slice_text(row.holds));
	}
	return print_table(&table);
}

enum exit_code manual_limits(void)
{
	const struct recourse_limit *limit;
	struct table table = {0};
	table_column(&table, slice_text("limit"));
	table_number(&table, slice_text("most"));
	table_column(&table, slice_text("why"));
	for (size_t index = 0; (limit = recourse_reference_limit(index)) != NULL; index++) {
		char most[40];
		snprintf(most, sizeof most, "%llu%s%s", (unsigned long long)limit->most,
			limit->unit[0] == '\0' ? "" : " ", limit->unit);
		table_cell(&table, slice_text(limit->what));
		table_cell(&table, slice_text(most));
		table_cell(&table, slice_text(limit->why));
	}
	return print_table(&table);
}

enum exit_code manual_errors(void)
{
	enum recourse_error error;
	struct table table = {0};
	table_number(&table, slice_text("number"));
	table_column(&table, slice_text("error"));
	table_column(&table, slice_text("again"));
	table_column(&table, slice_text("what it says"));
	for (size_t index = 0; (error = recourse_reference_error(index)) != RECOURSE_OK; index++) {
		char number[12];
		snprintf(number, sizeof number, "%d", (int)error);
		table_cell(&table, slice_text(number));
		table_cell(&table, slice_text(recourse_error_name(error)));
		table_cell(&table, slice_text(recourse_error_retry(error) ? "same id" : ""));
		table_cell(&table, slice_text(recourse_error_text(error)));
	}
	return print_table(&table);
}

enum exit_code manual_scenarios(void)
{
	slice language = scenario_language();
	fwrite(language.data, 1, language.size, stdout);
	printf("\n## What the program brings along\n");
	for (size_t index = 0; scenario_name(index) != NULL; index++)
		printf("recourse help %s\n", scenario_name(index));
	return EXIT_CODE_OK;
}

enum exit_code manual_codes(void)
{
	const struct recourse_code *code;
	struct table table = {0};
	table_column(&table, slice_text("code"));
	table_column(&table, slice_text("what it stands for"));
	for (size_t index = 0; (code = recourse_reference_code(index)) != NULL; index++) {
		table_cell(&table, slice_text(code->code));
		table_cell(&table, slice_text(code->meaning));
	}
	return print_table(&table);
}
