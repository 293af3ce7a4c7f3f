/* SPDX-License-Identifier: Apache-2.0 */
#include "csv_cell.h"

#include <csv.h>
#include <ctype.h>

enum { DIGITS_SHOWN = 11 /* more a spreadsheet shows with an exponent */ };

static bool needs_quotes(slice cell)
{
	for (size_t index = 0; index < cell.size; index++) {
		if (memchr("\",;\t\r\n", cell.data[index], 6) != NULL)
			return true;
	}
	return cell.size > 0 && (cell.data[0] == ' ' || cell.data[cell.size - 1] == ' ');
}

void csv_cell_plain(struct buffer *out, slice cell)
{
	if (!needs_quotes(cell)) {
		buffer_append(out, cell.data, cell.size);
		return;
	}
	size_t size = 2 * cell.size + 2;
	uint8_t *room = buffer_reserve(out, size);
	if (room != NULL)
		out->size += csv_write(room, size, cell.data, cell.size);
}

static bool is_formula(slice cell)
{
	static const char *const wide[] = {"\xef\xbc\x9d", "\xef\xbc\x8b", "\xef\xbc\x8d", "\xef\xbc\xa0"};
	if (cell.size > 0 && memchr("=+-@\t\r\n", cell.data[0], 7) != NULL)
		return true;
	for (size_t index = 0; index < sizeof wide / sizeof wide[0]; index++) {
		if (slice_take(&cell, wide[index]))
			return true;
	}
	return false;
}

/* Digits that would be lost: too many, or behind an exponent, as in 12E4. */
static bool is_long(slice cell)
{
	size_t digits = 0;
	size_t exponents = 0;
	for (size_t index = 0; index < cell.size; index++) {
		bool exponent = index > 0 && (cell.data[index] == 'E' || cell.data[index] == 'e');
		if (!isdigit(cell.data[index]) && cell.data[index] != '.' && !exponent)
			return false;
		digits += isdigit(cell.data[index]) != 0;
		exponents += exponent;
	}
	return digits > DIGITS_SHOWN || exponents == 1;
}

static bool needs_apostrophe(slice cell)
{
	return is_formula(cell) || is_long(cell);
}

void csv_cell_text(struct buffer *out, slice cell)
{
	struct buffer text = {0};
	bool apostrophe = needs_apostrophe(cell) || (cell.size > 0 && cell.data[0] == '\'');
	buffer_append_text(&text, apostrophe ? "'" : "");
	buffer_append(&text, cell.data, cell.size);
	if (buffer_failed(&text))
		out->failed = true;
	csv_cell_plain(out, buffer_slice(&text));
	buffer_free(&text);
}

slice csv_cell_read(slice cell)
{
	slice text = cell;
	bool apostrophe = slice_take(&text, "'");
	return apostrophe && (needs_apostrophe(text) || (text.size > 0 && text.data[0] == '\'')) ? text
												 : cell;
}
