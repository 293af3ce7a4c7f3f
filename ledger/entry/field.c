/* SPDX-License-Identifier: Apache-2.0 */
#include "entry/field.h"

#include "base/try.h"
#include "base/amount.h"
#include "base/instant.h"
#include "proof/key.h"
#include "base/personal.h"
#include "base/text.h"

#include <assert.h>
#include <stdio.h>

/* Of a member's name in a refusal: what stands there comes from outside. */
enum { NAME_SIZE_MAX = 40, ROW_NAME_SIZE_MAX = 30 };

struct decoder {
	struct arena *arena;
	struct recourse_refusal *refusal;
};

static enum recourse_error refuse(
	const struct decoder *decoder, enum recourse_error error, const char *name, const char *limit)
{
	return refusal_field(decoder->refusal, error, name, limit);
}

/* FIELD_LIMIT, with what lies between the field's limits. */
static enum recourse_error refuse_range(
	const struct decoder *decoder, const struct recourse_field *field, const char *what)
{
	return refusal_limit(decoder->refusal, RECOURSE_FIELD_LIMIT, field->name, "%lld to %lld%s",
		(long long)field->minimum, (long long)field->maximum, what);
}

static bool handle_valid(slice text)
{
	if (text.size < 10 || text.size > KEY_HANDLE_SIZE || text.data[text.size - 9] != '+')
		return false;
	uint8_t id[4];
	return key_name_valid(slice_of(text.data, text.size - 9)) &&
	       text_from_hex(slice_of(text.data + text.size - 8, 8), id, sizeof id) == RECOURSE_OK;
}

static bool amount_shaped(slice text)
{
	size_t points = 0;
	for (size_t index = 0; index < text.size; index++) {
		if (text.data[index] == '.')
			points++;
		else if (text.data[index] < '0' || text.data[index] > '9')
			return false;
	}
	return text.size >= 1 && text.size <= 24 && points <= 1;
}

static const struct unit percent = {.code = "PERCENT", .digits = 2, .step = 1};

static bool percent_valid(slice text, int64_t *hundredths)
{
	return amount_parse(&percent, text, hundredths) == RECOURSE_OK && *hundredths >= 0 &&
	       *hundredths <= 10000;
}

static enum recourse_error find_choice(
	const struct decoder *decoder, const struct recourse_field *field, slice text, int64_t *index)
{
	for (*index = 0; field->choices[*index] != NULL; ++*index) {
		if (slice_is(text, field->choices[*index]))
			return RECOURSE_OK;
	}
	char limit[sizeof decoder->refusal->limit] = "one of";
	size_t length = strlen(limit);
	for (size_t choice = 0; field->choices[choice] != NULL && length < sizeof limit; choice++)
		length += (size_t)snprintf(
			limit + length, sizeof limit - length, " %s", field->choices[choice]);
	return refuse(decoder, RECOURSE_FIELD_FORMAT, field->name, limit);
}

static bool key_valid(slice text)
{
	struct key_public key;
	return key_parse(text, &key) == RECOURSE_OK && key.type == KEY_TYPE_ED25519;
}

/* What a text must look like, for those who wrote another one. */
static const char *const forms[RECOURSE_FIELD_LIST + 1] = {
	[RECOURSE_FIELD_ID] = "1 to 64 of A-Z a-z 0-9 . _ : / @ -, beginning with a letter or digit",
	[RECOURSE_FIELD_TEXT] = "UTF-8 without control characters",
	[RECOURSE_FIELD_UNIT] = "a unit such as CNY or L",
	[RECOURSE_FIELD_AMOUNT] = "a decimal such as 3000.00",
	[RECOURSE_FIELD_PERCENT] = "0.00 to 100.00, with two digits",
	[RECOURSE_FIELD_HASH] = "64 hexadecimal digits",
	[RECOURSE_FIELD_NOTE] = "64 hexadecimal digits: the commitment to a text, which stands in texts",
	[RECOURSE_FIELD_TIME] = "RFC 3339 in UTC: 2016-05-04T00:00:00Z",
	[RECOURSE_FIELD_KEY] = "a public key name+hex8+base64, type 01",
	[RECOURSE_FIELD_HANDLE] = "a key's handle: name+hex8",
};

/* Whether it does; the value of those that are kept in another form. */
static bool read_form(enum recourse_field_type type, slice text, uint8_t *hash, struct value *value)
{
	switch (type) {
	case RECOURSE_FIELD_ID:
		return text_is_id(text);
	case RECOURSE_FIELD_TEXT:
		return text_is_clean(text);
	case RECOURSE_FIELD_UNIT:
		return unit_code_valid(text);
	case RECOURSE_FIELD_AMOUNT:
		return amount_shaped(text);
	case RECOURSE_FIELD_PERCENT:
		return percent_valid(text, &value->integer);
	case RECOURSE_FIELD_HASH:
	case RECOURSE_FIELD_NOTE:
		value->text = slice_of(hash, CRYPTO_HASH_SIZE);
		return text_from_hex(text, hash, CRYPTO_HASH_SIZE) == RECOURSE_OK;
	case RECOURSE_FIELD_TIME:
		return instant_parse(text, &value->instant) == RECOURSE_OK;
	case RECOURSE_FIELD_KEY:
		return key_valid(text);
	case RECOURSE_FIELD_HANDLE:
		return handle_valid(text);
	case RECOURSE_FIELD_INTEGER:
	case RECOURSE_FIELD_CHOICE:
	case RECOURSE_FIELD_SET:
	case RECOURSE_FIELD_LIST:
		break;
	}
	return false;
}

static bool is_hash(const struct recourse_field *field)
{
	return field->type == RECOURSE_FIELD_HASH || field->type == RECOURSE_FIELD_NOTE;
}

/* What should have come instead of something of another type: "a text: a decimal such as 3000.00". */
static enum recourse_error refuse_type(const struct decoder *decoder, const struct recourse_field *field)
{
	char limit[sizeof decoder->refusal->limit];
	const char *form = forms[field->type];
	if (field->type == RECOURSE_FIELD_SET)
		return refuse(decoder, RECOURSE_FIELD_TYPE, field->name, "an array of texts");
	if (field->type == RECOURSE_FIELD_LIST)
		return refuse(decoder, RECOURSE_FIELD_TYPE, field->name, "an array of maps");
	if (field->type == RECOURSE_FIELD_INTEGER)
		return refuse(decoder, RECOURSE_FIELD_TYPE, field->name, "a whole number");
	snprintf(limit, sizeof limit, "a text: %s", form == NULL ? field->help : form);
	return refuse(decoder, RECOURSE_FIELD_TYPE, field->name, limit);
}

static const char personal_limit[] = "a reference made for it, such as h-7 or a keyed hash: no telephone, "
				     "identity or card number, no e-mail";

static enum recourse_error decode_string(
	const struct decoder *decoder, const struct recourse_field *field, slice text, struct value *value)
{
	uint8_t *hash = NULL;
	if (field->type == RECOURSE_FIELD_CHOICE)
		return find_choice(decoder, field, text, &value->integer);
	if (forms[field->type] == NULL)
		return refuse_type(decoder, field);
	if (field->type == RECOURSE_FIELD_TEXT &&
		(text.size < (size_t)field->minimum || text.size > (size_t)field->maximum))
		return refuse_range(decoder, field, " bytes");
	if (is_hash(field)) {
		hash = arena_allocate(decoder->arena, CRYPTO_HASH_SIZE);
		if (hash == NULL)
			return RECOURSE_MEMORY;
	}
	value->text = text;
	if (field->type == RECOURSE_FIELD_ID && !field->foreign && personal_form(text))
		return refuse(decoder, RECOURSE_FIELD_FORMAT, field->name, personal_limit);
	if (!read_form(field->type, text, hash, value))
		return refuse(decoder, RECOURSE_FIELD_FORMAT, field->name, forms[field->type]);
	return RECOURSE_OK;
}

static enum recourse_error decode_set(const struct decoder *decoder, const struct recourse_field *field,
	slice *reader, uint64_t count, struct value *value)
{
	value->integer = 0;
	for (uint64_t index = 0; index < count; index++) {
		struct item item;
		int64_t choice = 0;
		if (item_read_type(reader, ITEM_TEXT, &item) != RECOURSE_OK)
			return refuse(decoder, RECOURSE_FIELD_TYPE, field->name, "an array of texts");
		TRY(find_choice(decoder, field, item.string, &choice));
		if ((value->integer & (INT64_C(1) << choice)) != 0)
			return refuse(decoder, RECOURSE_FIELD_DUPLICATE, field->name, "each choice once");
		value->integer |= INT64_C(1) << choice;
	}
	if (value->integer == 0)
		return refuse(decoder, RECOURSE_FIELD_LIMIT, field->name, "at least one");
	return RECOURSE_OK;
}

static enum recourse_error decode_list(const struct decoder *decoder, const struct recourse_field *field,
	slice *reader, uint64_t count, struct value *value)
{
	if (count < (uint64_t)field->minimum || count > (uint64_t)field->maximum)
		return refuse_range(decoder, field, " rows");
	struct value *rows =
		arena_allocate(decoder->arena, (size_t)count * field->member_count * sizeof *rows);
	if (rows == NULL)
		return RECOURSE_MEMORY;
	value->list.values = rows;
	value->list.count = (size_t)count;
	for (size_t row = 0; row < count; row++) {
		enum recourse_error error = field_decode(field->members, field->member_count, NULL, reader,
			decoder->arena, rows + row * field->member_count, decoder->refusal);
		if (error == RECOURSE_OK)
			continue;
		char member[sizeof decoder->refusal->field];
		memcpy(member, decoder->refusal->field, sizeof member);
		slice fitting = text_cut(slice_text(member), ROW_NAME_SIZE_MAX);
		snprintf(decoder->refusal->field, sizeof decoder->refusal->field, "%.20s[%u].%.*s",
			field->name, (unsigned)row & 0xffff, SLICE_ARGUMENTS(fitting));
		return error;
	}
	return RECOURSE_OK;
}

static enum recourse_error decode_value(
	const struct decoder *decoder, const struct recourse_field *field, slice *reader, struct value *value)
{
	struct item item;
	bool whole = field->type == RECOURSE_FIELD_LIST && field->member_count == 0;
	enum recourse_error error = whole ? item_read_unread(reader, &value->text) : item_read(reader, &item);
	if (error != RECOURSE_OK)
		return refuse(decoder, error, field->name, NULL);
	if (whole)
		return RECOURSE_OK;
	if (item.type == ITEM_TEXT)
		return decode_string(decoder, field, item.string, value);
	if (item.type == ITEM_BYTES && is_hash(field) && item.string.size == CRYPTO_HASH_SIZE) {
		value->text = item.string;
		return RECOURSE_OK;
	}
	if (item.type == ITEM_ARRAY && field->type == RECOURSE_FIELD_SET)
		return decode_set(decoder, field, reader, item.count, value);
	if (item.type == ITEM_ARRAY && field->type == RECOURSE_FIELD_LIST)
		return decode_list(decoder, field, reader, item.count, value);
	if (item.type != ITEM_INTEGER || field->type != RECOURSE_FIELD_INTEGER)
		return refuse_type(decoder, field);
	value->integer = item.integer;
	if (item.integer < field->minimum || item.integer > field->maximum)
		return refuse_range(decoder, field, "");
	return RECOURSE_OK;
}

/* Members mostly come in one order: look at the expected place first. */
static const struct recourse_field *find_field(
	const struct recourse_field *fields, size_t count, slice name, size_t expected)
{
	for (size_t tried = 0; tried < count; tried++) {
		const struct recourse_field *field = &fields[(expected + tried) % count];
		if (slice_is(name, field->name))
			return field;
	}
	return NULL;
}

static enum recourse_error check_missing(const struct decoder *decoder, const struct recourse_field *fields,
	size_t count, struct value *values)
{
	for (size_t index = 0; index < count; index++) {
		if (values[index].present)
			continue;
		if (!fields[index].optional)
			return refuse(
				decoder, RECOURSE_FIELD_MISSING, fields[index].name, fields[index].help);
		if (fields[index].type == RECOURSE_FIELD_INTEGER ||
			fields[index].type == RECOURSE_FIELD_PERCENT)
			values[index].integer = fields[index].preset;
	}
	return RECOURSE_OK;
}

static enum recourse_error refuse_unknown(const struct decoder *decoder, slice name)
{
	char text[NAME_SIZE_MAX + 1];
	slice fitting = text_cut(name, NAME_SIZE_MAX);
	snprintf(text, sizeof text, "%.*s", SLICE_ARGUMENTS(fitting));
	return refuse(decoder, RECOURSE_FIELD_UNKNOWN, text, NULL);
}

enum recourse_error field_decode(const struct recourse_field *fields, size_t count, const char *skip,
	slice *reader, struct arena *arena, struct value *values, struct recourse_refusal *refusal)
{
	struct decoder decoder = {.arena = arena, .refusal = refusal};
	struct item map;
	size_t expected = 0;
	bool skipped = false;
	memset(values, 0, count * sizeof *values);
	enum recourse_error error = item_read_type(reader, ITEM_MAP, &map);
	if (error != RECOURSE_OK)
		return refuse(&decoder, error, "", "a map");
	for (uint64_t pair = 0; pair < map.count; pair++) {
		struct item key;
		error = item_read_type(reader, ITEM_TEXT, &key);
		if (error != RECOURSE_OK)
			return refuse(&decoder, error, "", "text keys");
		if (skip != NULL && !skipped && slice_is(key.string, skip)) {
			slice whole;
			skipped = true;
			error = item_read_whole(reader, &whole);
			if (error != RECOURSE_OK)
				return refuse(&decoder, error, skip, NULL);
			continue;
		}
		if (skipped && slice_is(key.string, skip))
			return refuse(&decoder, RECOURSE_FIELD_DUPLICATE, skip, "once");
		const struct recourse_field *field = find_field(fields, count, key.string, expected);
		if (field == NULL)
			return refuse_unknown(&decoder, key.string);
		size_t index = (size_t)(field - fields);
		if (values[index].present)
			return refuse(&decoder, RECOURSE_FIELD_DUPLICATE, field->name, "once");
		TRY(decode_value(&decoder, field, reader, &values[index]));
		values[index].present = true;
		expected = index + 1;
	}
	return check_missing(&decoder, fields, count, values);
}

static void encode_set(const struct recourse_field *field, int64_t bits, struct buffer *out)
{
	item_write_key(out, field->name);
	item_write_array(out, (uint64_t)__builtin_popcountll((unsigned long long)bits));
	for (size_t choice = 0; field->choices[choice] != NULL; choice++) {
		if ((bits & (INT64_C(1) << choice)) != 0)
			item_write_text(out, slice_text(field->choices[choice]));
	}
}

static void encode_list(const struct recourse_field *field, const struct value *value, struct buffer *out)
{
	item_write_key(out, field->name);
	item_write_array(out, value->list.count);
	for (size_t row = 0; row < value->list.count; row++) {
		struct item_map map = item_map_open(out);
		field_encode_pairs(field->members, field->member_count,
			value->list.values + row * field->member_count, out);
		item_map_close(map, out);
	}
}

static void encode_value(const struct recourse_field *field, const struct value *value, struct buffer *out)
{
	switch (field->type) {
	case RECOURSE_FIELD_ID:
	case RECOURSE_FIELD_TEXT:
	case RECOURSE_FIELD_UNIT:
	case RECOURSE_FIELD_AMOUNT:
	case RECOURSE_FIELD_KEY:
	case RECOURSE_FIELD_HANDLE:
		item_write_pair_text(out, field->name, value->text);
		return;
	case RECOURSE_FIELD_PERCENT:
		item_write_pair_amount(out, field->name, &percent, value->integer);
		return;
	case RECOURSE_FIELD_INTEGER:
		item_write_pair_integer(out, field->name, value->integer);
		return;
	case RECOURSE_FIELD_HASH:
	case RECOURSE_FIELD_NOTE:
		item_write_pair_hex(out, field->name, value->text.data, CRYPTO_HASH_SIZE);
		return;
	case RECOURSE_FIELD_TIME:
		item_write_pair_instant(out, field->name, value->instant);
		return;
	case RECOURSE_FIELD_CHOICE:
		item_write_pair_text(out, field->name, slice_text(field->choices[value->integer]));
		return;
	case RECOURSE_FIELD_SET:
		encode_set(field, value->integer, out);
		return;
	case RECOURSE_FIELD_LIST:
		encode_list(field, value, out);
		return;
	}
}

void field_encode_pairs(
	const struct recourse_field *fields, size_t count, const struct value *values, struct buffer *out)
{
	for (size_t index = 0; index < count; index++) {
		if (values[index].present)
			encode_value(&fields[index], &values[index], out);
	}
}

size_t field_index(const struct recourse_method *method, const char *name)
{
	size_t index = 0;
	while (index < method->field_count && strcmp(method->fields[index].name, name) != 0)
		index++;
	return index;
}
