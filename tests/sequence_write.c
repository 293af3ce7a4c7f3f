/* SPDX-License-Identifier: Apache-2.0 */
#include "sequence.h"

#include "base/instant.h"
#include "base/item.h"
#include "support.h"

#include <string.h>

void sequence_names_free(struct sequence_names *names)
{
	for (size_t family = 0; family < SEQUENCE_FAMILIES; family++)
		buffer_free(&names->ids[family]);
	buffer_free(&names->actors);
}

void sequence_write_number(uint64_t number, struct buffer *out)
{
	do {
		uint8_t byte = (uint8_t)(number & 0x3f);
		number >>= 6;
		buffer_append(out, &(uint8_t){number == 0 ? byte : byte | 0x40}, 1);
	} while (number != 0);
}

/* The place of a text among those before it; where it is new, behind them. */
static uint64_t place_of(struct buffer *texts, slice text)
{
	uint64_t place = 0;
	for (size_t at = 0; at < texts->size; place++) {
		slice known = slice_text((const char *)texts->data + at);
		if (slice_equal(known, text))
			return place;
		at += known.size + 1;
	}
	buffer_append(texts, text.data, text.size);
	buffer_append(texts, "", 1);
	return place;
}

static size_t family_of(slice text)
{
	for (size_t family = 1; family < SEQUENCE_FAMILIES; family++) {
		if (text.size > 2 && memcmp(text.data, sequence_families[family], 2) == 0)
			return family;
	}
	return 0;
}

static void write_id(struct sequence_names *names, slice text, struct buffer *out)
{
	size_t known = sequence_find(sequence_ids, text);
	size_t family = family_of(text);
	const struct recourse_method *method = recourse_method_find((const char *)text.data, text.size);
	if (sequence_ids[known] != NULL)
		sequence_write_number(known, out);
	else if (method != NULL)
		sequence_write_number(
			known + sequence_sum(method->name) * (SEQUENCE_FAMILIES + 1) + SEQUENCE_FAMILIES,
			out);
	else
		sequence_write_number(
			known + place_of(&names->ids[family], text) * (SEQUENCE_FAMILIES + 1) + family, out);
}

void sequence_write_actor(struct sequence_names *names, slice name, struct buffer *out)
{
	size_t known = sequence_find(sequence_actors, name);
	if (sequence_actors[known] == NULL)
		known += place_of(&names->actors, name);
	sequence_write_number(known, out);
}

void sequence_write_method(const struct recourse_method *method, struct buffer *out)
{
	sequence_write_number(sequence_sum(method->name), out);
}

/* ---- values ---- */

static slice text_of(slice item)
{
	slice text;
	return item_read_string(&item, ITEM_TEXT, &text) ? text : slice_of(NULL, 0);
}

static int64_t integer_of(slice item)
{
	struct item integer;
	return item_read_type(&item, ITEM_INTEGER, &integer) == RECOURSE_OK ? integer.integer : 0;
}

static void write_text(slice text, struct buffer *out)
{
	sequence_write_number(text.size, out);
	buffer_append(out, text.data, text.size);
}

/* One that no world knows is another such. */
static void write_unit(slice text, struct buffer *out)
{
	size_t known = sequence_find(sequence_units, text);
	sequence_write_number(
		sequence_units[known] == NULL ? sequence_find(sequence_units, slice_text("XYZ")) : known,
		out);
}

/* Digits behind the point, and all of them as a number. */
static void write_decimal(slice text, bool count_digits, struct buffer *out)
{
	uint64_t digits = 0;
	uint64_t steps = 0;
	bool behind = false;
	for (size_t index = 0; index < text.size; index++) {
		uint8_t byte = text.data[index];
		if (byte >= '0' && byte <= '9') {
			steps = steps * 10 + (byte - (uint64_t)'0');
			digits += behind;
		}
		behind = behind || byte == '.';
	}
	if (count_digits)
		sequence_write_number(digits % 8, out);
	sequence_write_number(steps, out);
}

/* What may be the number of an entry, and is not a small one, is taken for it. */
static void write_integer(const struct sequence_place *place, const struct recourse_field *field,
	int64_t value, struct buffer *out)
{
	bool entry = field->maximum == INT64_MAX && value > 8 && (uint64_t)value <= place->entries;
	sequence_write_number(entry ? 1 : value < 0 ? 2 : 0, out);
	sequence_write_number(entry       ? place->entries - (uint64_t)value
			      : value < 0 ? 0
					  : (uint64_t)value,
		out);
}

static void write_time(const struct sequence_place *place, slice text, struct buffer *out)
{
	uint64_t instant = place->now;
	bool known = instant_parse(text, &instant) == RECOURSE_OK;
	bool past = known && instant < place->now;
	sequence_write_number(past, out);
	sequence_write_number((past ? place->now - instant : instant - place->now) / INSTANT_SECOND, out);
}

static uint64_t mask_of(const struct recourse_field *field, slice item)
{
	struct item list;
	uint64_t mask = 0;
	slice text;
	if (item_read_type(&item, ITEM_ARRAY, &list) != RECOURSE_OK)
		return 0;
	while (list.count-- > 0 && item_read_string(&item, ITEM_TEXT, &text)) {
		size_t choice = sequence_find(field->choices, text);
		mask |= field->choices[choice] == NULL ? 0 : UINT64_C(1) << choice;
	}
	return mask;
}

/* ORIGIN/name+… */
static void write_key(struct sequence_names *names, slice text, struct buffer *out)
{
	size_t end = 0;
	size_t start = 0;
	while (end < text.size && text.data[end] != '+')
		end++;
	for (size_t at = 0; at < end; at++)
		start = text.data[at] == '/' ? at + 1 : start;
	sequence_write_actor(names, slice_of(text.data + start, end - start), out);
}

static void write_list(struct sequence_names *names, const struct sequence_place *place,
	const struct recourse_field *field, slice item, struct buffer *out)
{
	struct item list = {0};
	slice row;
	if (field->member_count == 0)
		return;
	if (item_read_type(&item, ITEM_ARRAY, &list) != RECOURSE_OK)
		list.count = 0;
	sequence_write_number(list.count, out);
	while (list.count-- > 0 && item_read_whole(&item, &row) == RECOURSE_OK)
		sequence_write_fields(names, place, field->members, field->member_count, row, out);
}

static void write_value(struct sequence_names *names, const struct sequence_place *place,
	const struct recourse_field *field, slice item, struct buffer *out)
{
	switch (field->type) {
	case RECOURSE_FIELD_ID:
		write_id(names, text_of(item), out);
		return;
	case RECOURSE_FIELD_TEXT:
		write_text(text_of(item), out);
		return;
	case RECOURSE_FIELD_UNIT:
		write_unit(text_of(item), out);
		return;
	case RECOURSE_FIELD_AMOUNT:
	case RECOURSE_FIELD_PERCENT:
		write_decimal(text_of(item), field->type == RECOURSE_FIELD_AMOUNT, out);
		return;
	case RECOURSE_FIELD_INTEGER:
		write_integer(place, field, integer_of(item), out);
		return;
	case RECOURSE_FIELD_NOTE:
		sequence_write_number(sequence_note_of(text_of(item)), out);
		return;
	case RECOURSE_FIELD_HASH:
		sequence_write_number(text_of(item).size == 0 ? 0 : text_of(item).data[0], out);
		return;
	case RECOURSE_FIELD_TIME:
		write_time(place, text_of(item), out);
		return;
	case RECOURSE_FIELD_CHOICE:
		sequence_write_number(sequence_find(field->choices, text_of(item)), out);
		return;
	case RECOURSE_FIELD_SET:
		sequence_write_number(mask_of(field, item), out);
		return;
	case RECOURSE_FIELD_KEY:
	case RECOURSE_FIELD_HANDLE:
		write_key(names, text_of(item), out);
		return;
	case RECOURSE_FIELD_LIST:
		write_list(names, place, field, item, out);
		return;
	}
}

void sequence_write_fields(struct sequence_names *names, const struct sequence_place *place,
	const struct recourse_field *fields, size_t count, slice map, struct buffer *out)
{
	uint64_t presence = 0;
	slice item;
	for (size_t index = 0; index < count && index < 64; index++) {
		bool there = item_find(map, fields[index].name, &item) == RECOURSE_OK;
		presence |= there == fields[index].optional ? UINT64_C(1) << index : 0;
	}
	sequence_write_number(presence, out);
	for (size_t index = 0; index < count; index++) {
		if (item_find(map, fields[index].name, &item) == RECOURSE_OK)
			write_value(names, place, &fields[index], item, out);
	}
}
