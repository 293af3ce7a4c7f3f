/* SPDX-License-Identifier: Apache-2.0 */
#include "table.h"

#include "output.h"

#include <assert.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <wchar.h>

enum { GAP = 2 /* between columns */ };

/* One character off `rest`; 0 for a byte that begins none. */
static wchar_t take_character(slice *rest, size_t *size)
{
	static const uint8_t lead_bits[] = {0x7f, 0, 0x1f, 0x0f, 0x07};
	size_t length = output_character_size(*rest);
	*size = length > 0 ? length : 1;
	uint32_t code = length > 0 ? rest->data[0] & lead_bits[length == 1 ? 0 : length] : 0;
	for (size_t index = 1; index < length; index++)
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

static void add_cell(struct table *table, slice text)
{
	struct table_cell cell = {.offset = table->text.size};
	output_printable(text, "", &table->text);
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

void table_number(struct table *table, slice heading)
{
	table->numbers |= UINT32_C(1) << table->column_count;
	table_column(table, heading);
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

struct layout {
	size_t widths[TABLE_COLUMNS_MAX];
	size_t total;
};

static struct layout measure(const struct table *table)
{
	struct layout layout = {.total = 0};
	for (size_t column = 0; column < table->column_count; column++) {
		for (size_t line = table->plain; line < line_count(table); line++) {
			struct table_cell cell = cell_at(table, line * table->column_count + column);
			if (cell.width > layout.widths[column])
				layout.widths[column] = cell.width;
		}
		layout.total += layout.widths[column] + (column > 0 ? GAP : 0);
	}
	return layout;
}

size_t table_total(const struct table *table)
{
	return buffer_failed(&table->cells) ? 0 : measure(table).total;
}

static void pad(FILE *stream, size_t count)
{
	while (count-- > 0)
		fputc(' ', stream);
}

static void print_cell(const struct table *table, struct table_cell cell, FILE *stream)
{
	slice text = cell_text(table, cell);
	fwrite(text.data, 1, text.size, stream);
}

/* Blanks are owed until something stands behind them: no line ends in blanks. */
static void print_line(const struct table *table, const struct layout *layout, size_t line, FILE *stream)
{
	size_t owed = 0;
	for (size_t column = 0; column < table->column_count; column++) {
		struct table_cell cell = cell_at(table, line * table->column_count + column);
		size_t blanks = layout->widths[column] - cell.width;
		size_t before = (table->numbers >> column & 1) != 0 ? blanks : 0;
		owed += (column > 0 ? GAP : 0) + before;
		if (cell.size > 0) {
			pad(stream, owed);
			owed = 0;
			print_cell(table, cell, stream);
		}
		owed += blanks - before;
	}
	fputc('\n', stream);
}

/* A row as lines; the headings are as wide as the widest. */
static void print_block(const struct table *table, size_t line, FILE *stream)
{
	size_t widest = 0;
	for (size_t column = 0; column < table->column_count; column++) {
		size_t width = cell_at(table, column).width;
		widest = width > widest ? width : widest;
	}
	for (size_t column = 0; column < table->column_count; column++) {
		struct table_cell heading = cell_at(table, column);
		struct table_cell cell = cell_at(table, line * table->column_count + column);
		if (cell.size == 0)
			continue;
		print_cell(table, heading, stream);
		pad(stream, widest - heading.width + GAP);
		print_cell(table, cell, stream);
		fputc('\n', stream);
	}
}

enum recourse_error table_print(const struct table *table, FILE *stream, size_t width)
{
	if (buffer_failed(&table->text) || buffer_failed(&table->cells))
		return RECOURSE_MEMORY;
	struct layout layout = measure(table);
	bool blocks = !table->plain && width > 0 && layout.total > width;
	bool bold = output_decorated(stream) && !table->plain && !blocks;
	for (size_t line = table->plain || blocks; line < line_count(table); line++) {
		if (bold && line == 0)
			fputs("\033[1m", stream);
		if (blocks && line > 1)
			fputc('\n', stream);
		if (blocks)
			print_block(table, line, stream);
		else
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

size_t table_room(FILE *stream)
{
	struct winsize size;
	const char *columns = getenv("COLUMNS");
	if (isatty(fileno(stream)) != 1)
		return TABLE_WIDTH;
	if (ioctl(fileno(stream), TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
		return size.ws_col;
	return columns != NULL && strtoul(columns, NULL, 10) > 0 ? (size_t)strtoul(columns, NULL, 10)
								 : TABLE_WIDTH;
}
