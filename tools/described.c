/* SPDX-License-Identifier: Apache-2.0 */
#include "described.h"

#include "base/instant.h"
#include "base/item.h"
#include "base/text.h"
#include "base/unit.h"
#include "member.h"

#include <stdio.h>

static bool has_form(slice text, const char *form)
{
	const char *at = form;
	for (size_t index = 0; index < text.size; index++, at++) {
		uint8_t byte = text.data[index];
		bool fits = *at == '9' ? byte >= '0' && byte <= '9' : byte == (uint8_t)*at;
		if (!fits)
			return false;
	}
	return *at == '\0';
}

/* Digits, and a point and digits behind them; that many if asked. */
static bool is_decimal(slice text, size_t behind)
{
	size_t start = text.size > 0 && text.data[0] == '-';
	size_t digits = 0;
	size_t point = text.size;
	for (size_t index = start; index < text.size; index++) {
		bool digit = text.data[index] >= '0' && text.data[index] <= '9';
		if (!digit && (text.data[index] != '.' || point != text.size || index == start))
			return false;
		if (!digit)
			point = index;
		digits += digit;
	}
	return digits > 0 && point + 1 != text.size &&
	       (behind == 0 || (point < text.size && text.size - point - 1 == behind));
}

static bool is_choice(slice text, const char *const *choices)
{
	while (*choices != NULL && !slice_is(text, *choices))
		choices++;
	return *choices != NULL;
}

static bool is_hash(slice text)
{
	uint8_t bytes[32];
	return text.size == 2 * sizeof bytes && text_from_hex(text, bytes, sizeof bytes) == RECOURSE_OK;
}

static bool fits_text(const struct recourse_column *column, slice text)
{
	uint64_t instant;
	switch (column->type) {
	case RECOURSE_COLUMN_ID:
		return text_is_id(text);
	case RECOURSE_COLUMN_UNIT:
		return unit_code_valid(text);
	case RECOURSE_COLUMN_KEY:
	case RECOURSE_COLUMN_HANDLE:
		return memchr(text.data, '+', text.size) != NULL;
	case RECOURSE_COLUMN_CHOICE:
		return is_choice(text, column->choices);
	case RECOURSE_COLUMN_AMOUNT:
		return is_decimal(text, 0);
	case RECOURSE_COLUMN_PERCENT:
		return is_decimal(text, 2);
	case RECOURSE_COLUMN_TIME:
		return instant_parse(text, &instant) == RECOURSE_OK;
	case RECOURSE_COLUMN_DAY:
		return has_form(text, "9999-99-99");
	case RECOURSE_COLUMN_HASH:
		return is_hash(text);
	case RECOURSE_COLUMN_TEXT:
	case RECOURSE_COLUMN_BYTES: /* as JSON has them */
		return true;
	case RECOURSE_COLUMN_SET:
	case RECOURSE_COLUMN_INTEGER:
	case RECOURSE_COLUMN_ENTRY:
	case RECOURSE_COLUMN_SECONDS:
	case RECOURSE_COLUMN_HOURS:
	case RECOURSE_COLUMN_HASHES:
	case RECOURSE_COLUMN_MAP:
	case RECOURSE_COLUMN_ROWS:
		break;
	}
	return false;
}

static slice find_undescribed(const struct recourse_column *columns, size_t count, slice map);

/* Each item of an array: texts of the column's choices, hashes, or maps with its members. */
static slice look_at_items(const struct recourse_column *column, slice *reader, uint64_t count)
{
	const slice name = slice_text(column->name);
	for (uint64_t index = 0; index < count; index++) {
		slice whole;
		struct item item;
		if (item_read_whole(reader, &whole) != RECOURSE_OK)
			return name;
		slice inside = whole;
		bool read = item_read(&inside, &item) == RECOURSE_OK;
		if (column->type == RECOURSE_COLUMN_ROWS && read && item.type == ITEM_MAP) {
			slice found = find_undescribed(column->members, column->member_count, whole);
			if (found.size > 0)
				return found;
			continue;
		}
		bool text = read && item.type == ITEM_TEXT;
		bool fits =
			text &&
			((column->type == RECOURSE_COLUMN_SET && is_choice(item.string, column->choices)) ||
				(column->type == RECOURSE_COLUMN_HASHES && is_hash(item.string)));
		if (!fits)
			return name;
	}
	return slice_text("");
}

static slice look_at(const struct recourse_column *column, slice value)
{
	slice reader = value;
	struct item item;
	bool fits = item_read(&reader, &item) == RECOURSE_OK;
	bool number = column->type == RECOURSE_COLUMN_INTEGER || column->type == RECOURSE_COLUMN_ENTRY ||
		      column->type == RECOURSE_COLUMN_SECONDS || column->type == RECOURSE_COLUMN_HOURS;
	if (fits && item.type == ITEM_ARRAY)
		return look_at_items(column, &reader, item.count);
	if (fits && item.type == ITEM_MAP && column->type == RECOURSE_COLUMN_MAP)
		return find_undescribed(column->members, column->member_count, value);
	if (fits && item.type == ITEM_INTEGER)
		fits = number && (item.integer >= 0 || column->type == RECOURSE_COLUMN_INTEGER);
	else if (fits && item.type == ITEM_BYTES)
		fits = column->type == RECOURSE_COLUMN_BYTES;
	else
		fits = fits && item.type == ITEM_TEXT && fits_text(column, item.string);
	return fits ? slice_text("") : slice_text(column->name);
}

/* What is there is described; what has to be there is. */
static slice find_undescribed(const struct recourse_column *columns, size_t count, slice map)
{
	slice reader = map;
	struct item head;
	uint64_t required = 0;
	if (item_read_type(&reader, ITEM_MAP, &head) != RECOURSE_OK)
		return slice_text("a map");
	for (size_t index = 0; index < count; index++)
		required += !columns[index].optional;
	for (uint64_t pair = 0; pair < head.count; pair++) {
		struct item key;
		slice value;
		if (item_read_type(&reader, ITEM_TEXT, &key) != RECOURSE_OK ||
			item_read_whole(&reader, &value) != RECOURSE_OK)
			return slice_text("a map");
		size_t index = 0;
		while (index < count && !slice_is(key.string, columns[index].name))
			index++;
		slice found = index == count ? key.string : look_at(&columns[index], value);
		if (found.size > 0)
			return found;
		required -= !columns[index].optional;
	}
	return slice_text(required == 0 ? "" : "what is required");
}

slice described_result(const struct recourse_method *method, slice result)
{
	return find_undescribed(method->columns, method->column_count, result);
}

slice described_error(const struct recourse_method *method, enum recourse_error error)
{
	enum recourse_error errors[RECOURSE_METHOD_ERRORS_MAX];
	size_t count = recourse_method_errors(method, errors);
	/* a fault is no answer of the method's */
	bool found = error == RECOURSE_OK || error >= RECOURSE_NOTE_MALFORMED;
	for (size_t index = 0; index < count; index++)
		found = found || errors[index] == error;
	return slice_text(found ? "" : recourse_error_name(error));
}

/* ---- submits ---- */

static const struct recourse_method *command_at(slice commands, int64_t wanted)
{
	slice reader = commands;
	struct item head;
	slice command = {0};
	slice name;
	if (wanted < 0 || item_read_type(&reader, ITEM_ARRAY, &head) != RECOURSE_OK ||
		(uint64_t)wanted >= head.count)
		return &recourse_submit;
	for (int64_t index = 0; index <= wanted; index++) {
		if (item_read_whole(&reader, &command) != RECOURSE_OK)
			return &recourse_submit;
	}
	const struct recourse_method *method =
		member_text(command, "command", &name)
			? recourse_method_find((const char *)name.data, name.size)
			: NULL;
	return method == NULL ? &recourse_submit : method;
}

slice described_refusal(slice commands, const struct recourse_refusal *refusal)
{
	const struct recourse_method *method = command_at(commands, refusal->command);
	/* said of a name that no method has */
	bool unknown = refusal->error == RECOURSE_METHOD_UNKNOWN;
	return unknown ? slice_text("") : described_error(method, refusal->error);
}

slice described_submit(slice commands, slice result)
{
	slice found = described_result(&recourse_submit, result);
	slice reader;
	struct item head;
	bool rows = member_list(result, "results", &reader, &head);
	for (uint64_t index = 0; rows && found.size == 0 && index < head.count; index++) {
		struct recourse_refusal refusal = {.command = -1};
		int64_t error;
		slice row;
		if (item_read_whole(&reader, &row) != RECOURSE_OK)
			return slice_text("results");
		if (!member_integer(row, "error", &error) ||
			!member_integer(row, "command", &refusal.command))
			continue;
		refusal.error = (enum recourse_error)error;
		found = described_refusal(commands, &refusal);
	}
	return found;
}
