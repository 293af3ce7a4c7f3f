/* SPDX-License-Identifier: Apache-2.0 */
#include "recourse_schema.h"

#include "rule/rule.h"

#include <assert.h>

/* The commands, then the queries: two tables read as one. */
const struct recourse_method *recourse_method_at(size_t index)
{
	const size_t commands = area_commands();
	if (index < commands)
		return &area_command_at(index)->method;
	const struct query_row *row = area_query_at(index - commands);
	return row == NULL ? NULL : &row->method;
}

const struct recourse_method *recourse_method_find(const char *name, size_t size)
{
	const struct command *command = area_command(slice_of(name, size));
	const struct query_row *row = area_query(slice_of(name, size));
	if (command != NULL)
		return &command->method;
	return row == NULL ? NULL : &row->method;
}

/* ---- errors ---- */

/* Which there are is noted by number; from NOTE_MALFORMED on nothing is refused. */
static void add(bool *errors, const enum recourse_error *list)
{
	for (size_t index = 0; list != NULL && list[index] != RECOURSE_OK; index++) {
		assert(list[index] < RECOURSE_NOTE_MALFORMED);
		errors[list[index]] = true;
	}
}

/* See decide/request.c and call.c for what is signed, entry/field.c for what fields are. */
static void add_call(bool *errors, const struct recourse_method *method)
{
	static const enum recourse_error every[] = {RECOURSE_FIELD_UNKNOWN, RECOURSE_OK};
	static const enum recourse_error keyed[] = {RECOURSE_MALFORMED, RECOURSE_FIELD_MISSING,
		RECOURSE_FIELD_DUPLICATE, RECOURSE_FIELD_TYPE, RECOURSE_FIELD_LIMIT, RECOURSE_FIELD_FORMAT,
		RECOURSE_TOO_LARGE, RECOURSE_KEY_UNKNOWN, RECOURSE_KEY_REVOKED, RECOURSE_ROLE_MISSING,
		RECOURSE_ORIGIN_WRONG, RECOURSE_REQUEST_EXPIRED, RECOURSE_OK};
	static const enum recourse_error written[] = {
		RECOURSE_REQUEST_CONFLICT, RECOURSE_ENTRY_TOO_LARGE, RECOURSE_ABORTED, RECOURSE_OK};
	add(errors, every);
	if (method->kind != RECOURSE_METHOD_PUBLIC)
		add(errors, keyed);
	if (method->kind == RECOURSE_METHOD_COMMAND || method->kind == RECOURSE_METHOD_SUBMIT)
		add(errors, written);
}

static void add_field(bool *errors, const struct recourse_field *field, bool command)
{
	static const enum recourse_error formed[] = {
		RECOURSE_FIELD_TYPE, RECOURSE_FIELD_LIMIT, RECOURSE_FIELD_FORMAT, RECOURSE_OK};
	static const enum recourse_error amounts[] = {
		RECOURSE_AMOUNT_DIGITS, RECOURSE_AMOUNT_RANGE, RECOURSE_OVERFLOW, RECOURSE_OK};
	add(errors, formed);
	errors[RECOURSE_FIELD_MISSING] |= !field->optional;
	errors[RECOURSE_FIELD_DUPLICATE] = true;
	if (command && field->type == RECOURSE_FIELD_AMOUNT)
		add(errors, amounts);
	errors[RECOURSE_UNIT_UNKNOWN] |= command && field->type == RECOURSE_FIELD_UNIT;
	bool id =
		(field->type == RECOURSE_FIELD_ID && !field->opaque) || field->type == RECOURSE_FIELD_HANDLE;
	errors[RECOURSE_NOT_FOUND] |= command && id;
	for (size_t index = 0; index < field->member_count; index++)
		add_field(errors, &field->members[index], command);
	bool named = field->type == RECOURSE_FIELD_ID || field->type == RECOURSE_FIELD_UNIT ||
		     field->type == RECOURSE_FIELD_HANDLE || field->type == RECOURSE_FIELD_TIME ||
		     (field->type == RECOURSE_FIELD_INTEGER && field->preset <= 0);
	errors[RECOURSE_QUERY_NOT_FOUND] |= !command && named;
}

size_t recourse_method_errors(
	const struct recourse_method *method, enum recourse_error errors[RECOURSE_METHOD_ERRORS_MAX])
{
	bool found[RECOURSE_NOTE_MALFORMED] = {false};
	size_t count = 0;
	add_call(found, method);
	for (size_t index = 0; index < method->field_count; index++)
		add_field(found, &method->fields[index], method->kind == RECOURSE_METHOD_COMMAND);
	add(found, method->errors);
	for (enum recourse_error error = RECOURSE_OK;
		error < RECOURSE_NOTE_MALFORMED && count < RECOURSE_METHOD_ERRORS_MAX; error++) {
		if (found[error])
			errors[count++] = error;
	}
	return count;
}
