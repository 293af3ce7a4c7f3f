/* SPDX-License-Identifier: Apache-2.0 */
#include "openrpc_schema.h"

#include "base/item.h"

/* What the JSON schema of a type says whatever has it. */
struct type_schema {
	const char *name;
	const char *type;
	const char *pattern;
	const char *format;
};

#define ID_PATTERN "^[A-Za-z0-9][A-Za-z0-9._:/@-]{0,63}$"

static const struct type_schema field_types[] = {
	[RECOURSE_FIELD_ID] = {"id", "string", ID_PATTERN, NULL},
	[RECOURSE_FIELD_TEXT] = {"text", "string", NULL, NULL},
	[RECOURSE_FIELD_UNIT] = {"unit", "string", NULL, NULL},
	[RECOURSE_FIELD_AMOUNT] = {"amount", "string", "^[0-9]+(\\.[0-9]+)?$", NULL},
	[RECOURSE_FIELD_PERCENT] = {"percent", "string", "^(100\\.00|[0-9]{1,2}\\.[0-9]{2})$", NULL},
	[RECOURSE_FIELD_INTEGER] = {"integer", "integer", NULL, NULL},
	[RECOURSE_FIELD_HASH] = {"hash", "string", "^[0-9A-Fa-f]{64}$", NULL},
	[RECOURSE_FIELD_NOTE] = {"note", "string", "^[0-9A-Fa-f]{64}$", NULL},
	[RECOURSE_FIELD_TIME] = {"time", "string", NULL, "date-time"},
	[RECOURSE_FIELD_CHOICE] = {"choice", "string", NULL, NULL},
	[RECOURSE_FIELD_SET] = {"set", "array", NULL, NULL},
	[RECOURSE_FIELD_KEY] = {"key", "string", NULL, NULL},
	[RECOURSE_FIELD_HANDLE] = {"handle", "string", NULL, NULL},
	[RECOURSE_FIELD_LIST] = {"list", "array", NULL, NULL},
};

static const struct type_schema column_types[] = {
	[RECOURSE_COLUMN_TEXT] = {"text", "string", NULL, NULL},
	[RECOURSE_COLUMN_ID] = {"id", "string", ID_PATTERN, NULL},
	[RECOURSE_COLUMN_UNIT] = {"unit", "string", NULL, NULL},
	[RECOURSE_COLUMN_KEY] = {"key", "string", NULL, NULL},
	[RECOURSE_COLUMN_HANDLE] = {"handle", "string", NULL, NULL},
	[RECOURSE_COLUMN_CHOICE] = {"choice", "string", NULL, NULL},
	[RECOURSE_COLUMN_SET] = {"set", "array", NULL, NULL},
	[RECOURSE_COLUMN_INTEGER] = {"integer", "integer", NULL, NULL},
	[RECOURSE_COLUMN_ENTRY] = {"entry", "integer", NULL, NULL},
	[RECOURSE_COLUMN_AMOUNT] = {"amount", "string", "^-?[0-9]+(\\.[0-9]+)?$", NULL},
	[RECOURSE_COLUMN_PERCENT] = {"percent", "string", "^[0-9]+\\.[0-9]{2}$", NULL},
	[RECOURSE_COLUMN_TIME] = {"time", "string", NULL, "date-time"},
	[RECOURSE_COLUMN_DAY] = {"day", "string", NULL, "date"},
	[RECOURSE_COLUMN_SECONDS] = {"seconds", "integer", NULL, NULL},
	[RECOURSE_COLUMN_HOURS] = {"hours", "integer", NULL, NULL},
	[RECOURSE_COLUMN_HASH] = {"hash", "string", "^[0-9a-f]{64}$", NULL},
	[RECOURSE_COLUMN_HASHES] = {"hashes", "array", NULL, NULL},
	[RECOURSE_COLUMN_BYTES] = {"bytes", "string", NULL, NULL},
	[RECOURSE_COLUMN_MAP] = {"map", "object", NULL, NULL},
	[RECOURSE_COLUMN_ROWS] = {"rows", "array", NULL, NULL},
};

static void pair_boolean(struct buffer *out, const char *key, bool value)
{
	item_write_key(out, key);
	item_write_boolean(out, value);
}

void openrpc_schema_pair(struct buffer *out, const char *key, const char *text)
{
	item_write_pair_text(out, key, slice_text(text));
}

void openrpc_schema_texts(struct buffer *out, const char *key, const char *const *texts)
{
	uint64_t count = 0;
	while (texts[count] != NULL)
		count++;
	item_write_key(out, key);
	item_write_array(out, count);
	for (uint64_t index = 0; index < count; index++)
		item_write_text(out, slice_text(texts[index]));
}

static void write_type(const struct type_schema *schema, const char *help, struct buffer *out)
{
	openrpc_schema_pair(out, "type", schema->type);
	openrpc_schema_pair(out, "x-format", schema->name);
	if (schema->pattern != NULL)
		openrpc_schema_pair(out, "pattern", schema->pattern);
	if (schema->format != NULL)
		openrpc_schema_pair(out, "format", schema->format);
	if (help != NULL)
		openrpc_schema_pair(out, "description", help);
}

/* An array of texts: some of a choice, or each of that pattern. */
static void write_items(const char *const *choices, const char *pattern, struct buffer *out)
{
	item_write_key(out, "items");
	struct item_map items = item_map_open(out);
	openrpc_schema_pair(out, "type", "string");
	if (choices != NULL)
		openrpc_schema_texts(out, "enum", choices);
	if (pattern != NULL)
		openrpc_schema_pair(out, "pattern", pattern);
	item_map_close(items, out);
}

/* ---- fields ---- */

/* The members of a row; of a list that has none described, whatever a map may have. */
static void write_row(const struct recourse_field *list, struct buffer *out)
{
	uint64_t required = 0;
	struct item_map row = item_map_open(out);
	openrpc_schema_pair(out, "type", "object");
	if (list->member_count > 0)
		pair_boolean(out, "additionalProperties", false);
	item_write_key(out, "properties");
	struct item_map properties = item_map_open(out);
	for (size_t index = 0; index < list->member_count; index++) {
		item_write_key(out, list->members[index].name);
		openrpc_schema_field(&list->members[index], out);
		required += !list->members[index].optional;
	}
	item_map_close(properties, out);
	item_write_key(out, "required");
	item_write_array(out, required);
	for (size_t index = 0; index < list->member_count; index++) {
		if (!list->members[index].optional)
			item_write_text(out, slice_text(list->members[index].name));
	}
	item_map_close(row, out);
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
		openrpc_schema_texts(out, "enum", field->choices);
		break;
	case RECOURSE_FIELD_SET:
		item_write_pair_integer(out, "minItems", 1);
		pair_boolean(out, "uniqueItems", true);
		write_items(field->choices, NULL, out);
		break;
	case RECOURSE_FIELD_LIST:
		item_write_pair_integer(out, "minItems", field->minimum);
		item_write_pair_integer(out, "maxItems", field->maximum);
		item_write_key(out, "items");
		write_row(field, out);
		break;
	case RECOURSE_FIELD_ID:
	case RECOURSE_FIELD_UNIT:
	case RECOURSE_FIELD_AMOUNT:
	case RECOURSE_FIELD_PERCENT:
	case RECOURSE_FIELD_HASH:
	case RECOURSE_FIELD_NOTE:
	case RECOURSE_FIELD_TIME:
	case RECOURSE_FIELD_KEY:
	case RECOURSE_FIELD_HANDLE:
		break;
	}
}

void openrpc_schema_field(const struct recourse_field *field, struct buffer *out)
{
	struct item_map map = item_map_open(out);
	write_type(&field_types[field->type], field->help, out);
	write_limits(field, out);
	bool preset = field->type == RECOURSE_FIELD_INTEGER || field->type == RECOURSE_FIELD_PERCENT;
	if (preset && field->optional && field->preset >= 0)
		write_preset(field, out);
	item_map_close(map, out);
}

/* ---- columns ---- */

static void write_members(const struct recourse_column *columns, size_t count, struct buffer *out);

static void write_details(const struct recourse_column *column, struct buffer *out)
{
	switch (column->type) {
	case RECOURSE_COLUMN_CHOICE:
		openrpc_schema_texts(out, "enum", column->choices);
		break;
	case RECOURSE_COLUMN_SET:
		write_items(column->choices, NULL, out);
		break;
	case RECOURSE_COLUMN_HASHES:
		write_items(NULL, column_types[RECOURSE_COLUMN_HASH].pattern, out);
		break;
	case RECOURSE_COLUMN_AMOUNT:
		openrpc_schema_pair(out, "x-unit", column->unit == NULL ? "unit" : column->unit);
		break;
	case RECOURSE_COLUMN_BYTES:
		openrpc_schema_pair(out, "contentEncoding", "base64");
		break;
	case RECOURSE_COLUMN_ENTRY:
	case RECOURSE_COLUMN_SECONDS:
	case RECOURSE_COLUMN_HOURS:
		item_write_pair_integer(out, "minimum", 0);
		break;
	case RECOURSE_COLUMN_MAP:
		write_members(column->members, column->member_count, out);
		break;
	case RECOURSE_COLUMN_ROWS:
		item_write_key(out, "items");
		openrpc_schema_result(column->members, column->member_count, out);
		break;
	case RECOURSE_COLUMN_TEXT:
	case RECOURSE_COLUMN_ID:
	case RECOURSE_COLUMN_UNIT:
	case RECOURSE_COLUMN_KEY:
	case RECOURSE_COLUMN_HANDLE:
	case RECOURSE_COLUMN_INTEGER:
	case RECOURSE_COLUMN_PERCENT:
	case RECOURSE_COLUMN_TIME:
	case RECOURSE_COLUMN_DAY:
	case RECOURSE_COLUMN_HASH:
		break;
	}
}

static void write_members(const struct recourse_column *columns, size_t count, struct buffer *out)
{
	uint64_t required = 0;
	item_write_key(out, "properties");
	struct item_map properties = item_map_open(out);
	for (size_t index = 0; index < count; index++) {
		item_write_key(out, columns[index].name);
		struct item_map map = item_map_open(out);
		write_type(&column_types[columns[index].type], columns[index].help, out);
		write_details(&columns[index], out);
		item_map_close(map, out);
		required += !columns[index].optional;
	}
	item_map_close(properties, out);
	item_write_key(out, "required");
	item_write_array(out, required);
	for (size_t index = 0; index < count; index++) {
		if (!columns[index].optional)
			item_write_text(out, slice_text(columns[index].name));
	}
}

void openrpc_schema_result(const struct recourse_column *columns, size_t count, struct buffer *out)
{
	struct item_map map = item_map_open(out);
	openrpc_schema_pair(out, "type", "object");
	write_members(columns, count, out);
	item_map_close(map, out);
}
