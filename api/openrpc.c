/* SPDX-License-Identifier: Apache-2.0 */
#include "openrpc.h"

#include "base/item.h"
#include "envelope.h"
#include "openrpc_example.h"
#include "openrpc_schema.h"

#include <stdio.h>

enum { REFERENCE_SIZE = 80 };

/* ---- errors: each once among the components, referred to by the methods ---- */

/* JSON-RPC has one number for all that is wrong with params: whatever else is told apart stands in the data. */
static bool is_of_params(enum recourse_error error)
{
	return error >= RECOURSE_FIELD_UNKNOWN && error <= RECOURSE_TOO_LARGE;
}

static const char *component_of(enum recourse_error error)
{
	return is_of_params(error) ? "PARAMS" : recourse_error_name(error);
}

/* What error.data has for certain. */
static void write_data(enum recourse_error error, struct buffer *out)
{
	struct item_map data = item_map_open(out);
	item_write_pair_integer(out, "code", error);
	openrpc_schema_pair(out, "name", recourse_error_name(error));
	item_write_key(out, "retry");
	item_write_boolean(out, recourse_error_retry(error));
	item_map_close(data, out);
}

static void write_component(enum recourse_error error, struct buffer *out)
{
	enum recourse_error last = is_of_params(error) ? RECOURSE_TOO_LARGE : error;
	uint64_t count = 0;
	item_write_key(out, component_of(error));
	struct item_map map = item_map_open(out);
	item_write_pair_integer(out, "code", envelope_error_code(error));
	openrpc_schema_pair(out, "message",
		is_of_params(error) ? "The params are not as described." : recourse_error_text(error));
	item_write_key(out, "data");
	size_t data = out->size;
	for (enum recourse_error each = error; each <= last; each++, count++)
		write_data(each, out);
	item_array_close(data, count, out);
	item_map_close(map, out);
}

/* The errors that any method gives, in ascending order, each once. */
static void write_components(struct buffer *out)
{
	bool known[RECOURSE_NOTE_MALFORMED] = {false};
	enum recourse_error errors[RECOURSE_METHOD_ERRORS_MAX];
	const struct recourse_method *method = &recourse_submit;
	for (size_t index = 0; method != NULL; method = recourse_method_at(index++)) {
		size_t count = recourse_method_errors(method, errors);
		for (size_t error = 0; error < count; error++)
			known[errors[error]] = true;
	}
	item_write_key(out, "components");
	struct item_map components = item_map_open(out);
	item_write_key(out, "errors");
	struct item_map map = item_map_open(out);
	for (enum recourse_error error = RECOURSE_OK; error < RECOURSE_NOTE_MALFORMED; error++) {
		if (known[error] && (!is_of_params(error) || error == RECOURSE_FIELD_UNKNOWN))
			write_component(error, out);
	}
	item_map_close(map, out);
	item_map_close(components, out);
}

static void write_reference(const char *component, struct buffer *out)
{
	char text[REFERENCE_SIZE];
	snprintf(text, sizeof text, "#/components/errors/%s", component);
	item_write_map(out, 1);
	openrpc_schema_pair(out, "$ref", text);
}

static void write_errors(const struct recourse_method *method, struct buffer *out)
{
	enum recourse_error errors[RECOURSE_METHOD_ERRORS_MAX];
	size_t count = recourse_method_errors(method, errors);
	const char *last = "";
	uint64_t written = 0;
	item_write_key(out, "errors");
	size_t array = out->size;
	for (size_t index = 0; index < count; index++) {
		if (strcmp(component_of(errors[index]), last) == 0)
			continue;
		last = component_of(errors[index]);
		write_reference(last, out);
		written++;
	}
	item_array_close(array, written, out);
	item_write_key(out, "x-errors");
	item_write_array(out, count);
	for (size_t index = 0; index < count; index++)
		item_write_text(out, slice_text(recourse_error_name(errors[index])));
}

/* ---- methods ---- */

static void write_field(const struct recourse_field *field, struct buffer *out)
{
	struct item_map map = item_map_open(out);
	openrpc_schema_pair(out, "name", field->name);
	item_write_key(out, "required");
	item_write_boolean(out, !field->optional);
	item_write_key(out, "schema");
	openrpc_schema_field(field, out);
	item_map_close(map, out);
}

static void write_roles(uint32_t roles, struct buffer *out)
{
	item_write_key(out, "x-roles");
	item_write_array(out, (uint64_t)__builtin_popcount(roles));
	for (size_t bit = 0; recourse_role_names[bit] != NULL; bit++)
		if ((roles >> bit & 1) != 0)
			item_write_text(out, slice_text(recourse_role_names[bit]));
}

static const char *const kind_names[] = {
	[RECOURSE_METHOD_COMMAND] = "command",
	[RECOURSE_METHOD_QUERY] = "query",
	[RECOURSE_METHOD_PUBLIC] = "public",
	[RECOURSE_METHOD_SUBMIT] = "submit",
};

static void write_result(const struct recourse_method *method, struct buffer *out)
{
	item_write_key(out, "result");
	struct item_map result = item_map_open(out);
	openrpc_schema_pair(out, "name", method->kind == RECOURSE_METHOD_COMMAND ? "outcome" : "result");
	item_write_key(out, "schema");
	openrpc_schema_result(method->columns, method->column_count, out);
	item_map_close(result, out);
}

static void write_method(const struct recourse_method *method, struct buffer *out)
{
	struct item_map map = item_map_open(out);
	openrpc_schema_pair(out, "name", method->name);
	openrpc_schema_pair(out, "summary", method->help);
	openrpc_schema_pair(out, "paramStructure", "by-name");
	openrpc_schema_pair(out, "x-kind", kind_names[method->kind]);
	write_roles(method->roles, out);
	if (method->approvals > 0)
		item_write_pair_integer(out, "x-approvals", method->approvals);
	item_write_key(out, "params");
	item_write_array(out, method->field_count);
	for (size_t index = 0; index < method->field_count; index++)
		write_field(&method->fields[index], out);
	write_result(method, out);
	write_errors(method, out);
	openrpc_example_write(method, out);
	item_map_close(map, out);
}

static void write_info(struct buffer *out)
{
	item_write_key(out, "info");
	struct item_map info = item_map_open(out);
	openrpc_schema_pair(out, "title", "Recourse");
	openrpc_schema_pair(out, "version", RECOURSE_VERSION);
	openrpc_schema_pair(out, "description",
		"Commands travel in the signed method `submit`, queries as signed methods, both inside the "
		"outer method `signed`; public methods are called as they are. See PROTOCOL.md.");
	item_map_close(info, out);
}

enum recourse_error openrpc_write(struct buffer *out)
{
	uint64_t count = 1;
	struct item_map document = item_map_open(out);
	openrpc_schema_pair(out, "openrpc", "1.2.6");
	write_info(out);
	item_write_key(out, "methods");
	size_t methods = out->size;
	write_method(&recourse_submit, out);
	for (; recourse_method_at(count - 1) != NULL; count++)
		write_method(recourse_method_at(count - 1), out);
	item_array_close(methods, count, out);
	write_components(out);
	item_map_close(document, out);
	return buffer_failed(out) ? RECOURSE_MEMORY : RECOURSE_OK;
}
