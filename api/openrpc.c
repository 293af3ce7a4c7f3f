/* SPDX-License-Identifier: Apache-2.0 */
#include "openrpc.h"

#include "base/item.h"
#include "recourse_schema.h"


static void pair_boolean(struct buffer *out, const char *key, bool value)
{
	item_write_key(out, key);
	item_write_boolean(out, value);
}

static void pair_text(struct buffer *out, const char *key, const char *text)
{
	item_write_pair_text(out, key, slice_text(text));
}

static void pair_texts(struct buffer *out, const char *key, const char *const *texts)
{
	uint64_t count = 0;
	while (texts[count] != NULL)
		count++;
	item_write_key(out, key);
	item_write_array(out, count);
	for (uint64_t index = 0; index < count; index++)
		item_write_text(out, slice_text(texts[index]));
}

/* What the JSON schema of a type says whatever the field. */
struct type_schema {
	const char *name;
	const char *type;
	const char *pattern;
	const char *format;
};

static const struct type_schema type_schemas[] = {
	[RECOURSE_FIELD_ID] = {"id", "string", "^[A-Za-z0-9][A-Za-z0-9._:/@-]{0,63}$", NULL},
	[RECOURSE_FIELD_TEXT] = {"text", "string", NULL, NULL},
	[RECOURSE_FIELD_UNIT] = {"unit", "string", NULL, NULL},
	[RECOURSE_FIELD_AMOUNT] = {"amount", "string", "^[0-9]+(\\.[0-9]+)?$", NULL},
	[RECOURSE_FIELD_PERCENT] = {"percent", "string", "^(100\\.00|[0-9]{1,2}\\.[0-9]{2})$", NULL},
	[RECOURSE_FIELD_INTEGER] = {"integer", "integer", NULL, NULL},
	[RECOURSE_FIELD_HASH] = {"hash", "string", "^[0-9A-Fa-f]{64}$", NULL},
	[RECOURSE_FIELD_TIME] = {"time", "string", NULL, "date-time"},
	[RECOURSE_FIELD_CHOICE] = {"choice", "string", NULL, NULL},
	[RECOURSE_FIELD_SET] = {"set", "array", NULL, NULL},
	[RECOURSE_FIELD_KEY] = {"key", "string", NULL, NULL},
	[RECOURSE_FIELD_HANDLE] = {"handle", "string", NULL, NULL},
	[RECOURSE_FIELD_LIST] = {"list", "array", NULL, NULL},
};

static void write_field_schema(const struct recourse_field *field, struct buffer *out);

static void write_row_schema(const struct recourse_field *field, struct buffer *out)
{
	uint64_t required = 0;
	struct item_map row = item_map_open(out);
	pair_text(out, "type", "object");
	pair_boolean(out, "additionalProperties", false);

	item_write_key(out, "properties");
	struct item_map properties = item_map_open(out);
	for (size_t index = 0; index < field->member_count; index++) {
		item_write_key(out, field->members[index].name);
		write_field_schema(&field->members[index], out);
		required += !field->members[index].optional;
	}
	item_map_close(properties, out);

	item_write_key(out, "required");
	item_write_array(out, required);
	for (size_t index = 0; index < field->member_count; index++)
		if (!field->members[index].optional)
			item_write_text(out, slice_text(field->members[index].name));
	item_map_close(row, out);
}

static void write_choices(const struct recourse_field *field, struct buffer *out)
{
	item_write_key(out, "items");
	struct item_map items = item_map_open(out);
	pair_text(out, "type", "string");
	pair_texts(out, "enum", field->choices);
	item_map_close(items, out);
}

static void write_percent(int64_t hundredths, struct buffer *out)
{
	struct buffer text = {0};
	buffer_append_format(&text, "%d.%02d", (int)(hundredths / 100), (int)(hundredths % 100));
	item_write_text(out, buffer_slice(&text));
	buffer_free(&text);
}

static void write_preset(const struct recourse_field *field, struct buffer *out)
{
	item_write_key(out, "default");
	if (field->type == RECOURSE_FIELD_PERCENT)
		write_percent(field->preset, out);
	else
		item_write_integer(out, field->preset);
}

static void write_limits(const struct recourse_field *field, struct buffer *out)
{
	switch (field->type) {
	case RECOURSE_FIELD_TEXT:
		item_write_pair_integer(out, "minLength", field->minimum > 0);
		item_write_pair_integer(out, "maxLength", field->maximum);
		break;
	case RECOURSE_FIELD_INTEGER:
		item_write_pair_integer(out, "minimum", field->minimum);
		item_write_pair_integer(out, "maximum", field->maximum);
		break;
	case RECOURSE_FIELD_CHOICE:
		pair_texts(out, "enum", field->choices);
		break;
	case RECOURSE_FIELD_SET:
		item_write_pair_integer(out, "minItems", 1);
		pair_boolean(out, "uniqueItems", true);
		write_choices(field, out);
		break;
	case RECOURSE_FIELD_LIST:
		item_write_pair_integer(out, "minItems", field->minimum);
		item_write_pair_integer(out, "maxItems", field->maximum);
		item_write_key(out, "items");
		write_row_schema(field, out);
		break;
	case RECOURSE_FIELD_ID:
	case RECOURSE_FIELD_UNIT:
	case RECOURSE_FIELD_AMOUNT:
	case RECOURSE_FIELD_PERCENT:
	case RECOURSE_FIELD_HASH:
	case RECOURSE_FIELD_TIME:
	case RECOURSE_FIELD_KEY:
	case RECOURSE_FIELD_HANDLE:
		break;
	}
}

static void write_field_schema(const struct recourse_field *field, struct buffer *out)
{
	const struct type_schema *schema = &type_schemas[field->type];
	struct item_map map = item_map_open(out);
	pair_text(out, "type", schema->type);
	pair_text(out, "x-format", schema->name);
	if (schema->pattern != NULL)
		pair_text(out, "pattern", schema->pattern);
	if (schema->format != NULL)
		pair_text(out, "format", schema->format);
	if (field->help != NULL)
		pair_text(out, "description", field->help);
	write_limits(field, out);
	bool preset = field->type == RECOURSE_FIELD_INTEGER || field->type == RECOURSE_FIELD_PERCENT;
	if (preset && field->optional && field->preset >= 0)
		write_preset(field, out);
	item_map_close(map, out);
}

static void write_field(const struct recourse_field *field, struct buffer *out)
{
	struct item_map map = item_map_open(out);
	pair_text(out, "name", field->name);
	pair_boolean(out, "required", !field->optional);
	item_write_key(out, "schema");
	write_field_schema(field, out);
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
};

static void write_method(const struct recourse_method *method, struct buffer *out)
{
	struct item_map map = item_map_open(out);
	pair_text(out, "name", method->name);
	pair_text(out, "summary", method->help);
	pair_text(out, "paramStructure", "by-name");
	pair_text(out, "x-kind", kind_names[method->kind]);
	write_roles(method->roles, out);
	if (method->approvals > 0)
		item_write_pair_integer(out, "x-approvals", method->approvals);
	item_write_key(out, "params");
	item_write_array(out, method->field_count);
	for (size_t index = 0; index < method->field_count; index++)
		write_field(&method->fields[index], out);

	item_write_key(out, "result");
	struct item_map result = item_map_open(out);
	pair_text(out, "name", method->kind == RECOURSE_METHOD_COMMAND ? "outcome" : "result");
	item_write_key(out, "schema");
	item_write_map(out, 0);
	item_map_close(result, out);
	item_map_close(map, out);
}

static void write_info(struct buffer *out)
{
	item_write_key(out, "info");
	struct item_map info = item_map_open(out);
	pair_text(out, "title", "Recourse");
	pair_text(out, "version", RECOURSE_VERSION);
	pair_text(out, "description",
		"Commands travel in the signed method `submit`, queries as signed methods, both inside the "
		"outer method `signed`; public methods are called as they are. See PROTOCOL.md.");
	item_map_close(info, out);
}

enum recourse_error openrpc_write(struct buffer *out)
{
	uint64_t count = 0;
	while (recourse_method_at(count) != NULL)
		count++;

	struct item_map document = item_map_open(out);
	pair_text(out, "openrpc", "1.2.6");
	write_info(out);
	item_write_key(out, "methods");
	item_write_array(out, count);
	for (size_t index = 0; index < count; index++)
		write_method(recourse_method_at(index), out);
	item_map_close(document, out);
	return buffer_failed(out) ? RECOURSE_MEMORY : RECOURSE_OK;
}
