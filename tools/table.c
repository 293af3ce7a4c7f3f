/* SPDX-License-Identifier: Apache-2.0 */
#include "table.h"

#include "output.h"
#include "base/text.h"

#include <assert.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <wchar.h>

enum {
	GAP = 2,       /* between columns */
	NARROWEST = 8, /* a column is not cut below this */
};
#define ELLIPSIS "…"

/* One character off `rest`; 0 for a byte that begins none. */
static wchar_t take_character(slice *rest, size_t *size)
{
	static const uint8_t lead_bits[] = {0x7f, 0, 0x1f, 0x0f, 0x07};
	uint8_t first = rest->data[0];
	size_t length = first < 0x80 ? 1 : first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc0 ? 2 : 1;
	bool valid = length <= rest->size && text_is_utf8(slice_of(rest->data, length));
	*size = valid ? length : 1;
	uint32_t code = valid ? first & lead_bits[length == 1 ? 0 : length] : 0;
	for (size_t index = 1; valid && index < length; index++)
		code = code << 6 | (rest->data[index] & 0x3f);
	*rest = slice_of(rest->data + *size, rest->size - *size);
	return (wchar_t)code;
}

static size_t width_of(wchar_t character)
{
	int width = wcwidth(character);
	return width < 0 ? 1 : (size_t)width;
}

size_t table_width(slice text)
{
	size_t width = 0;
	while (text.size > 0) {
		size_t size;
		width += width_of(take_character(&text, &size));
	}
	return width;
}

/* Nothing that a terminal would act on goes out. */
static void append_printable(struct buffer *out, slice text)
{
	while (text.size > 0) {
		const uint8_t *start = text.data;
		size_t size;
		wchar_t character = take_character(&text, &size);
		bool control = character < 0x20 || (character >= 0x7f && character < 0xa0);
		buffer_append(out, control ? (const void *)"?" : start, control ? 1 : size);
	}
}

static void add_cell(struct table *table, slice text)
{
	struct table_cell cell = {.offset = table->text.size};
	append_printable(&table->text, text);
	cell.size = table->text.size - cell.offset;
	if (table->text.failed)
		return;
	cell.width = cell.size == 0 ? 0 : table_width(slice_of(table->text.data + cell.offset, cell.size));
	buffer_append(&table->cells, &cell, sizeof cell);
}

void table_column(struct table *table, slice heading)
{
	assert(table->column_count < TABLE_COLUMNS_MAX);
	table->column_count++;
	add_cell(table, heading);
}

void table_cell(struct table *table, slice text)
{
	assert(table->column_count > 0);
	add_cell(table, text);
}

static struct table_cell cell_at(const struct table *table, size_t index)
{
	struct table_cell cell;
	memcpy(&cell, table->cells.data + index * sizeof cell, sizeof cell);
	return cell;
}

static slice cell_text(const struct table *table, struct table_cell cell)
{
	return slice_of(table->text.data + cell.offset, cell.size);
}

/* The heading's row counts as one here. */
static size_t line_count(const struct table *table)
{
	return table->column_count == 0 ? 0
					: table->cells.size / sizeof(struct table_cell) / table->column_count;
}

size_t table_row_count(const struct table *table)
{
	size_t lines = line_count(table);
	return lines == 0 ? 0 : lines - 1;
}

static bool is_number(slice text)
{
	bool digits = false;
	for (size_t index = 0; index < text.size; index++) {
		uint8_t byte = text.data[index];
		bool digit = byte >= '0' && byte <= '9';
		if (!digit && byte != '.' && byte != ',' && (byte != '-' || index > 0))
			return false;
		digits = digits || digit;
	}
	return digits;
}

struct layout {
	size_t widths[TABLE_COLUMNS_MAX];
	bool right[TABLE_COLUMNS_MAX];
	size_t total;
};

static void measure(const struct table *table, struct layout *layout)
{
	for (size_t column = 0; column < table->column_count; column++) {
		bool numbers = !table->plain;
		size_t filled = 0;
		layout->widths[column] = 0;
		for (size_t line = table->plain; line < line_count(table); line++) {
			struct table_cell cell = cell_at(table, line * table->column_count + column);
			if (cell.width > layout->widths[column])
				layout->widths[column] = cell.width;
			if (line == 0 || cell.size == 0)
				continue;
			filled++;
			numbers = numbers && is_number(cell_text(table, cell));
		}
		layout->right[column] = numbers && filled > 0;
		layout->total += layout->widths[column] + (column > 0 ? GAP : 0);
	}
}

/* Takes from the widest column that may be cut, until it fits or nothing may. A number is never cut. */
static void squeeze(const struct table *table, struct layout *layout, size_t width)
{
	while (width > 0 && layout->total > width) {
		size_t widest = TABLE_COLUMNS_MAX;
		for (size_t column = 0; column < table->column_count; column++) {
			bool candidate = !layout->right[column] && layout->widths[column] > NARROWEST;
			if (candidate && (widest == TABLE_COLUMNS_MAX ||
						 layout->widths[column] > layout->widths[widest]))
				widest = column;
		}
		if (widest == TABLE_COLUMNS_MAX)
			return;
		layout->widths[widest]--;
		layout->total--;
	}
}

static void pad(FILE *stream, size_t count)
{
	while (count-- > 0)
		fputc(' ', stream);
}

/* Writes as much as fits and returns the width of that. */
static size_t print_cut(FILE *stream, slice text, size_t room)
{
	size_t used = 0;
	while (text.size > 0) {
		const uint8_t *start = text.data;
		size_t size;
		size_t width = width_of(take_character(&text, &size));
		if (used + width > room - 1)
			break;
		fwrite(start, 1, size, stream);
		used += width;
	}
	fputs(ELLIPSIS, stream);
	return used + 1;
}

/* Blanks are owed until something stands behind them: no line ends in blanks. */
static void print_line(const struct table *table, const struct layout *layout, size_t line, FILE *stream)
{
	size_t owed = 0;
	for (size_t column = 0; column < table->column_count; column++) {
		struct table_cell cell = cell_at(table, line * table->column_count + column);
		size_t room = layout->widths[column];
		size_t width = cell.width < room ? cell.width : room;
		size_t before = layout->right[column] ? room - width : 0;
		owed += (column > 0 ? GAP : 0) + before;
		if (cell.size > 0) {
			pad(stream, owed);
			owed = 0;
		}
		if (cell.width > room)
			width = print_cut(stream, cell_text(table, cell), room);
		else
			fwrite(table->text.data + cell.offset, 1, cell.size, stream);
		owed += room - width - before;
	}
	fputc('\n', stream);
}

enum recourse_error table_print(const struct table *table, FILE *stream, size_t width)
{
	struct layout layout = {.total = 0};
	if (buffer_failed(&table->text) || buffer_failed(&table->cells))
		return RECOURSE_MEMORY;
	bool bold = output_decorated(stream) && !table->plain;
	measure(table, &layout);
	squeeze(table, &layout, width);
	for (size_t line = table->plain; line < line_count(table); line++) {
		if (bold && line == 0)
			fputs("\033[1m", stream);
		print_line(table, &layout, line, stream);
		if (bold && line == 0)
			fputs("\033[0m", stream);
	}
	return RECOURSE_OK;
}

void table_free(struct table *table)
{
	buffer_free(&table->text);
	buffer_free(&table->cells);
	*table = (struct table){0};
}

size_t table_terminal(FILE *stream)
{
	struct winsize size;
	const char *columns = getenv("COLUMNS");
	if (isatty(fileno(stream)) != 1)
		return 0;
	if (ioctl(fileno(stream), TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
		return size.ws_col;
	return columns != NULL ? (size_t)strtoul(columns, NULL, 10) : 0;
}
