/* SPDX-License-Identifier: Apache-2.0 */
#include "import/import_cell.h"

#include "base/instant.h"
#include "base/try.h"
#include "import/import_time.h"

#include <ctype.h>

/* ---- full width ---- */

/* U+FF01 to U+FF5E are ! to ~, U+3000 is a blank, and so is U+00A0. */
static size_t take_wide(slice text, char *plain)
{
	const uint8_t *at = text.data;
	*plain = ' ';
	if (text.size >= 2 && at[0] == 0xc2 && at[1] == 0xa0)
		return 2;
	if (text.size < 3)
		return 0;
	if (at[0] == 0xe3 && at[1] == 0x80 && at[2] == 0x80)
		return 3;
	if (at[0] != 0xef || (at[1] != 0xbc && at[1] != 0xbd))
		return 0;
	unsigned code = (unsigned)(at[1] & 0x3f) << 6 | (at[2] & 0x3f);
	enum { FIRST = 0xf01, LAST = 0xf5e, PLAIN = 0xee0 };
	if (code < FIRST || code > LAST)
		return 0;
	*plain = (char)(code - PLAIN);
	return 3;
}

void import_cell_plain(slice cell, struct buffer *out)
{
	size_t start = out->size;
	while (cell.size > 0) {
		char plain = (char)cell.data[0];
		size_t size = take_wide(cell, &plain);
		if (size == 0)
			plain = (char)cell.data[0];
		cell = slice_from(cell, size == 0 ? 1 : size);
		bool blank = plain == ' ' || plain == '\t';
		if (!blank || out->size > start)
			buffer_append(out, &plain, 1);
	}
	while (!buffer_failed(out) && out->size > start &&
		(out->data[out->size - 1] == ' ' || out->data[out->size - 1] == '\t'))
		out->size--;
}

/* ---- numbers ---- */

static slice take_digits(slice *rest)
{
	slice before = *rest;
	while (rest->size > 0 && isdigit(rest->data[0]))
		*rest = slice_from(*rest, 1);
	return slice_before(before, *rest);
}

/*
 * A number with an exponent, as spreadsheets show one of many digits: 6.2226E+18. What is an id has to look just so: one may well be
 * 12E4.
 */
static bool is_shortened(slice text, bool number)
{
	if (!slice_take(&text, "-"))
		(void)slice_take(&text, "+");
	slice whole = take_digits(&text);
	bool point = slice_take(&text, ".");
	slice behind = take_digits(&text);
	if (whole.size + behind.size == 0 || (!slice_take(&text, "E") && !slice_take(&text, "e")))
		return false;
	bool sign = slice_take(&text, "+") || slice_take(&text, "-");
	slice exponent = take_digits(&text);
	bool looks = whole.size == 1 && ((point && behind.size > 0) || sign);
	return exponent.size > 0 && text.size == 0 && (number || looks);
}

/* 1,000,000.00: groups of three, all or none; false where the commas stand otherwise. */
static bool without_commas(struct buffer *out, size_t start)
{
	slice text = slice_from(buffer_slice(out), start);
	size_t kept = start;
	size_t since = 0;
	bool grouped = false;
	bool behind = false;
	for (size_t index = 0; index < text.size; index++) {
		uint8_t byte = text.data[index];
		bool comma = byte == ',';
		if (comma ? behind || since == 0 || since > 3 || (grouped && since != 3)
			  : !isdigit(byte) && grouped && !behind && since != 3)
			return false;
		behind = behind || (!comma && !isdigit(byte) && byte != '-');
		grouped = grouped || comma;
		since = comma ? 0 : since + (isdigit(byte) != 0);
		out->data[kept] = byte;
		kept += !comma;
	}
	out->size = kept;
	return !grouped || behind || since == 3;
}

/* 1000 of CNY is 1000.00: what is not there is nothing. */
static void add_decimals(struct buffer *out, size_t start, const struct unit *unit)
{
	slice text = slice_from(buffer_slice(out), start);
	(void)slice_take(&text, "-");
	bool whole = take_digits(&text).size > 0;
	bool point = slice_take(&text, ".");
	slice behind = take_digits(&text);
	if (!whole || text.size > 0 || (point && behind.size == 0) || behind.size >= unit->digits)
		return;
	buffer_append_text(out, point ? "" : ".");
	for (size_t digits = behind.size; digits < unit->digits; digits++)
		buffer_append_text(out, "0");
}

static enum recourse_error read_number(const struct unit *unit, const struct import_cell_manner *manner,
	struct buffer *out, size_t start, const char **why)
{
	slice text = slice_from(buffer_slice(out), start);
	bool comma = text.size > 0 && memchr(text.data, ',', text.size) != NULL;
	*why = "a number without commas: where cells are not between commas, one can stand before decimals";
	if (comma && manner->comma_free)
		return RECOURSE_FIELD_FORMAT;
	*why = "commas between thousands, as in 1,000.00, and nowhere else";
	if (comma && !without_commas(out, start))
		return RECOURSE_FIELD_FORMAT;
	if (unit != NULL)
		add_decimals(out, start, unit);
	return RECOURSE_OK;
}

static enum recourse_error read_time(struct buffer *out, size_t start, const char **why)
{
	char text[INSTANT_TEXT_SIZE];
	uint64_t instant;
	TRY(import_time_read(slice_from(buffer_slice(out), start), &instant, why));
	buffer_cut(out, start);
	buffer_append(out, text, instant_format(instant, text));
	return RECOURSE_OK;
}

enum recourse_error import_cell_read(const struct recourse_field *field, slice cell, const struct unit *unit,
	const struct import_cell_manner *manner, struct buffer *out, const char **why)
{
	enum recourse_field_type type = field->type;
	bool number = type == RECOURSE_FIELD_AMOUNT || type == RECOURSE_FIELD_INTEGER ||
		      type == RECOURSE_FIELD_PERCENT;
	size_t start = out->size;
	if (type == RECOURSE_FIELD_TEXT || type == RECOURSE_FIELD_NOTE) {
		buffer_append(out, cell.data, cell.size);
		return buffer_failed(out) ? RECOURSE_MEMORY : RECOURSE_OK;
	}
	import_cell_plain(cell, out);
	if (buffer_failed(out) || out->size == start)
		return buffer_failed(out) ? RECOURSE_MEMORY : RECOURSE_OK;
	*why = "all of its digits: a spreadsheet shortened it; have the column as text there, and export it "
	       "again";
	if ((number || type == RECOURSE_FIELD_ID) &&
		is_shortened(slice_from(buffer_slice(out), start), number))
		return RECOURSE_FIELD_FORMAT;
	enum recourse_error error = RECOURSE_OK;
	if (number)
		error = read_number(unit, manner, out, start, why);
	else if (type == RECOURSE_FIELD_TIME)
		error = read_time(out, start, why);
	return error == RECOURSE_OK && buffer_failed(out) ? RECOURSE_MEMORY : error;
}
