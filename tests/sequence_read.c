/* SPDX-License-Identifier: Apache-2.0 */
#include "sequence.h"

#include "base/instant.h"
#include "kit.h"

#include <stdio.h>
#include <string.h>

slice sequence_step(slice *rest)
{
	const uint8_t *end = memchr(rest->data, SEQUENCE_END, rest->size);
	size_t size = end == NULL ? rest->size : (size_t)(end - rest->data);
	size_t behind = end == NULL ? size : size + 1;
	slice step = slice_of(rest->data, size);
	*rest = slice_of(rest->data + behind, rest->size - behind);
	return step;
}

static unsigned take(slice *step)
{
	if (step->size == 0)
		return 0;
	unsigned byte = step->data[0];
	*step = slice_of(step->data + 1, step->size - 1);
	return byte;
}

uint64_t sequence_number(slice *step)
{
	uint64_t number = 0;
	for (unsigned shift = 0; shift < 64; shift += 6) {
		unsigned byte = take(step);
		number |= (uint64_t)(byte & 0x3f) << shift;
		if ((byte & 0x40) == 0)
			break;
	}
	return number;
}

static uint64_t number_below(slice *step, uint64_t limit)
{
	return sequence_number(step) % limit;
}

void sequence_actor(slice *step, char text[static SEQUENCE_NAME_SIZE])
{
	uint64_t number = number_below(step, 4096);
	size_t count = sequence_count(sequence_actors);
	if (number < count)
		snprintf(text, SEQUENCE_NAME_SIZE, "%s", sequence_actors[number]);
	else
		snprintf(text, SEQUENCE_NAME_SIZE, "k-%u", (unsigned)(number - count));
}

static const struct recourse_method *method_near(uint64_t wanted, enum recourse_method_kind kind)
{
	const struct recourse_method *nearest = NULL;
	uint64_t least = UINT64_MAX;
	for (const struct sequence_method *row = sequence_methods(); row->method != NULL; row++) {
		uint64_t distance = row->sum ^ wanted;
		if (row->method->kind == kind && distance < least) {
			least = distance;
			nearest = row->method;
		}
	}
	return nearest;
}

const struct recourse_method *sequence_method(slice *step, enum recourse_method_kind kind)
{
	return method_near(sequence_number(step), kind);
}

/* ---- values ---- */

static void id_value(slice *step, struct buffer *out)
{
	uint64_t number = sequence_number(step);
	size_t count = sequence_count(sequence_ids);
	uint64_t family = number < count ? 0 : (number - count) % (SEQUENCE_FAMILIES + 1);
	uint64_t place = number < count ? 0 : (number - count) / (SEQUENCE_FAMILIES + 1);
	if (number < count)
		buffer_append_format(out, "\"%s\"", sequence_ids[number]);
	else if (family == SEQUENCE_FAMILIES)
		buffer_append_format(out, "\"%s\"", method_near(place, RECOURSE_METHOD_COMMAND)->name);
	else
		buffer_append_format(out, "\"%s%u\"", sequence_families[family], (unsigned)(place % 4096));
}

static void text_value(slice *step, struct buffer *out)
{
	uint64_t size = sequence_number(step);
	buffer_append_text(out, "\"");
	for (uint64_t index = 0; index < size && step->size > 0; index++) {
		unsigned byte = take(step);
		if (byte < ' ' || byte == '"' || byte == '\\')
			buffer_append_format(out, "\\u%04x", byte);
		else
			buffer_append(out, &(uint8_t){(uint8_t)byte}, 1);
	}
	buffer_append_text(out, "\"");
}

static void unit_value(slice *step, struct buffer *out)
{
	buffer_append_format(
		out, "\"%s\"", sequence_units[number_below(step, sequence_count(sequence_units))]);
}

/* Digits behind the point, and steps; or what is at the edge of something. */
static void amount_value(slice *step, struct buffer *out)
{
	static const char *const edges[] = {"92233720368547758.07", "92233720368547758.08",
		"46116860184273879.04", "9223372036854775807", "9223372036854775.807", "0.00", "-1.00", "",
		"00.01", "1.", ".01", "1e2", "0.01", "99999999999999999999.00"};
	uint64_t digits = sequence_number(step);
	if (digits >= 8) {
		buffer_append_format(out, "\"%s\"", edges[digits % (sizeof edges / sizeof edges[0])]);
		return;
	}
	uint64_t scale = 1;
	uint64_t steps = sequence_number(step);
	for (uint64_t digit = 0; digit < digits; digit++)
		scale *= 10;
	buffer_append_format(out, "\"%llu", (unsigned long long)(steps / scale));
	if (digits > 0)
		buffer_append_format(out, ".%0*llu", (int)digits, (unsigned long long)(steps % scale));
	buffer_append_text(out, "\"");
}

static void percent_value(slice *step, struct buffer *out)
{
	unsigned hundredths = (unsigned)number_below(step, 1 << 16);
	buffer_append_format(out, "\"%u.%02u\"", hundredths / 100, hundredths % 100);
}

static void integer_value(slice *step, const struct sequence_place *place, struct buffer *out)
{
	static const int64_t edges[] = {-1, INT64_MAX, INT64_MIN, UINT32_MAX, UINT16_MAX, 256};
	uint64_t kind = number_below(step, 3);
	uint64_t number = sequence_number(step);
	int64_t value = (int64_t)number;
	if (kind == 1)
		value = (int64_t)(place->entries - number);
	else if (kind == 2)
		value = edges[number % (sizeof edges / sizeof edges[0])];
	buffer_append_format(out, "%lld", (long long)value);
}

static void hash_value(slice *step, struct buffer *out)
{
	unsigned byte = (unsigned)number_below(step, 256);
	buffer_append_text(out, "\"");
	for (size_t index = 0; index < 32; index++)
		buffer_append_format(out, "%02x", byte);
	buffer_append_text(out, "\"");
}

static void time_value(slice *step, const struct sequence_place *place, struct buffer *out)
{
	char text[INSTANT_TEXT_SIZE];
	bool past = number_below(step, 2) == 1;
	uint64_t away = number_below(step, UINT64_C(5000000000)) * INSTANT_SECOND;
	if (past)
		away %= place->now;
	instant_format(past ? place->now - away : place->now + away, text);
	buffer_append_format(out, "\"%s\"", text);
}

static void choice_value(slice *step, const struct recourse_field *field, struct buffer *out)
{
	size_t count = sequence_count(field->choices);
	uint64_t number = number_below(step, count + 1);
	buffer_append_format(out, "\"%s\"", number < count ? field->choices[number] : "?");
}

static void set_value(slice *step, const struct recourse_field *field, struct buffer *out)
{
	uint64_t mask = sequence_number(step);
	const char *separator = "";
	buffer_append_text(out, "[");
	for (size_t index = 0; field->choices[index] != NULL && index < 64; index++) {
		if ((mask >> index & 1) == 0)
			continue;
		buffer_append_format(out, "%s\"%s\"", separator, field->choices[index]);
		separator = ",";
	}
	buffer_append_text(out, "]");
}

static void key_value(slice *step, const struct sequence_place *place, bool whole, struct buffer *out)
{
	char actor[SEQUENCE_NAME_SIZE];
	char text[KEY_TEXT_SIZE];
	sequence_actor(step, actor);
	if (whole)
		kit_vkey(place->origin, actor, text);
	else
		kit_handle(place->origin, actor, text);
	buffer_append_format(out, "\"%s\"", text);
}

static void list_value(slice *step, const struct sequence_place *place, const struct recourse_field *field,
	struct buffer *out)
{
	uint64_t rows = field->member_count == 0 ? 0 : number_below(step, 40);
	buffer_append_text(out, "[");
	for (uint64_t row = 0; row < rows; row++) {
		buffer_append_text(out, row == 0 ? "{" : ",{");
		sequence_fields(step, place, field->members, field->member_count, "", out);
		buffer_append_text(out, "}");
	}
	buffer_append_text(out, "]");
}

static void value(slice *step, const struct sequence_place *place, const struct recourse_field *field,
	struct buffer *out)
{
	switch (field->type) {
	case RECOURSE_FIELD_ID:
		id_value(step, out);
		return;
	case RECOURSE_FIELD_TEXT:
		text_value(step, out);
		return;
	case RECOURSE_FIELD_UNIT:
		unit_value(step, out);
		return;
	case RECOURSE_FIELD_AMOUNT:
		amount_value(step, out);
		return;
	case RECOURSE_FIELD_PERCENT:
		percent_value(step, out);
		return;
	case RECOURSE_FIELD_INTEGER:
		integer_value(step, place, out);
		return;
	case RECOURSE_FIELD_HASH:
		hash_value(step, out);
		return;
	case RECOURSE_FIELD_NOTE:
		buffer_append_format(
			out, "\"%s\"", sequence_note((unsigned)number_below(step, SEQUENCE_NOTES)));
		return;
	case RECOURSE_FIELD_TIME:
		time_value(step, place, out);
		return;
	case RECOURSE_FIELD_CHOICE:
		choice_value(step, field, out);
		return;
	case RECOURSE_FIELD_SET:
		set_value(step, field, out);
		return;
	case RECOURSE_FIELD_KEY:
	case RECOURSE_FIELD_HANDLE:
		key_value(step, place, field->type == RECOURSE_FIELD_KEY, out);
		return;
	case RECOURSE_FIELD_LIST:
		list_value(step, place, field, out);
		return;
	}
}

void sequence_fields(slice *step, const struct sequence_place *place, const struct recourse_field *fields,
	size_t count, const char *separator, struct buffer *out)
{
	uint64_t presence = sequence_number(step);
	for (size_t index = 0; index < count; index++) {
		bool turned = index < 64 && (presence >> index & 1) != 0;
		if (turned != fields[index].optional)
			continue;
		buffer_append_format(out, "%s\"%s\":", separator, fields[index].name);
		value(step, place, &fields[index], out);
		separator = ",";
	}
}
