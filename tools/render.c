/* SPDX-License-Identifier: Apache-2.0 */
#include "render.h"

#include "base/crypto.h"
#include "base/item.h"
#include "base/try.h"
#include "member.h"
#include "output.h"

#include <inttypes.h>
#include <stdlib.h>

enum { NAME_SIZE = 200, MEMBERS_MAX = 128 }; /* a map has more of them than a table has columns */

/* ---- values ---- */

static enum recourse_error show_value(
	slice *reader, const struct recourse_column *column, struct buffer *out);

/* A container inside a cell: its values behind each other. */
static enum recourse_error show_members(slice *reader, const struct item *container, struct buffer *out)
{
	bool map = container->type == ITEM_MAP;
	if (container->count == 0)
		buffer_append_text(out, "none");
	for (uint64_t index = 0; index < container->count; index++) {
		struct item key;
		if (index > 0)
			buffer_append_text(out, map ? " " : ", ");
		if (map) {
			TRY(item_read_type(reader, ITEM_TEXT, &key));
			buffer_append_format(out, "%.*s=", SLICE_ARGUMENTS(key.string));
		}
		TRY(show_value(reader, NULL, out));
	}
	return RECOURSE_OK;
}

static void show_text(slice text, const struct recourse_column *column, struct buffer *out)
{
	bool amount = column == NULL ? memchr(text.data, '.', text.size) != NULL
				     : column->type == RECOURSE_COLUMN_AMOUNT;
	if (amount)
		output_grouped(text, out);
	else
		buffer_append(out, text.data, text.size);
}

static enum recourse_error show_value(slice *reader, const struct recourse_column *column, struct buffer *out)
{
	struct item item;
	TRY(item_read(reader, &item));
	switch (item.type) {
	case ITEM_INTEGER:
		buffer_append_format(out, "%" PRId64, item.integer);
		break;
	case ITEM_BYTES:
		crypto_base64_append(item.string, out);
		break;
	case ITEM_TEXT:
		show_text(item.string, column, out);
		break;
	case ITEM_FALSE:
		buffer_append_text(out, "no");
		break;
	case ITEM_TRUE:
		buffer_append_text(out, "yes");
		break;
	case ITEM_NULL:
		break;
	case ITEM_ARRAY:
	case ITEM_MAP:
		return show_members(reader, &item, out);
	}
	return RECOURSE_OK;
}

/* ---- what an item is ---- */

static bool is_map(slice value)
{
	struct item head = member_head(value);
	return head.type == ITEM_MAP && head.count > 0;
}

/* An array with at least one map in front: worth a table. */
static bool is_rows(slice value)
{
	slice reader = value;
	struct item item;
	if (item_read(&reader, &item) != RECOURSE_OK || item.type != ITEM_ARRAY || item.count == 0)
		return false;
	return item_read(&reader, &item) == RECOURSE_OK && item.type == ITEM_MAP;
}

/* ---- members in the order of their columns, then those that have none ---- */

struct member {
	slice name;
	slice value;
	const struct recourse_column *column; /* NULL: it is not described */
};

struct described {
	const struct recourse_column *columns;
	size_t count;
};

static const struct recourse_column *find_column(struct described described, slice name)
{
	for (size_t index = 0; index < described.count; index++) {
		if (slice_is(name, described.columns[index].name))
			return &described.columns[index];
	}
	return NULL;
}

/* By insertion: those without a column keep their order behind the others. */
static void insert(struct member *members, size_t count, struct member member)
{
	for (; count > 0 && member.column != NULL &&
		(members[count - 1].column == NULL || members[count - 1].column > member.column);
		count--)
		members[count] = members[count - 1];
	members[count] = member;
}

/* What is beyond the most is left out: no answer of ours has as many. */
static enum recourse_error read_members(
	slice map, struct described described, struct member members[static MEMBERS_MAX], size_t *count)
{
	slice reader = map;
	struct item head;
	*count = 0;
	TRY(item_read_type(&reader, ITEM_MAP, &head));
	for (uint64_t pair = 0; pair < head.count; pair++) {
		struct item key;
		struct member member;
		TRY(item_read_type(&reader, ITEM_TEXT, &key));
		TRY(item_read_whole(&reader, &member.value));
		member.name = key.string;
		member.column = find_column(described, key.string);
		if (*count < MEMBERS_MAX)
			insert(members, (*count)++, member);
	}
	return RECOURSE_OK;
}

static struct described inside(const struct member *member)
{
	return member->column == NULL
		       ? (struct described){.count = 0}
		       : (struct described){member->column->members, member->column->member_count};
}

/* ---- tables ---- */

/* One table: the rows of an array, or those of an array that each of its rows has. */
struct grid {
	struct described described;
	slice rows;
	slice inner;                         /* the member that has the rows; empty: none */
	const struct recourse_column *first; /* beside them, of the row that they are in; NULL: nothing */
	struct member columns[TABLE_COLUMNS_MAX];
	size_t count;
	bool brief;      /* handles without the ledger's name, times to the minute */
	size_t left_out; /* so many of the columns that may be, from the last one on */
	struct table table;
};

static bool is_number(const struct recourse_column *column)
{
	return column != NULL &&
	       (column->type == RECOURSE_COLUMN_INTEGER || column->type == RECOURSE_COLUMN_ENTRY ||
		       column->type == RECOURSE_COLUMN_AMOUNT || column->type == RECOURSE_COLUMN_PERCENT ||
		       column->type == RECOURSE_COLUMN_SECONDS || column->type == RECOURSE_COLUMN_HOURS);
}

static size_t find_member(const struct member *members, size_t count, slice name)
{
	size_t index = 0;
	while (index < count && !slice_equal(members[index].name, name))
		index++;
	return index;
}

typedef enum recourse_error row_visit(struct grid *grid, slice row, slice around);

static enum recourse_error each_of(struct grid *grid, slice rows, slice around, row_visit *visit)
{
	slice reader = rows;
	struct item head;
	TRY(item_read_type(&reader, ITEM_ARRAY, &head));
	for (uint64_t index = 0; index < head.count; index++) {
		slice row;
		TRY(item_read_whole(&reader, &row));
		if (is_map(row))
			TRY(visit(grid, row, around));
	}
	return RECOURSE_OK;
}

/* Steps into the member of an outer row that has the inner ones. */
static enum recourse_error each_row(struct grid *grid, row_visit *visit)
{
	slice reader = grid->rows;
	struct item head;
	if (grid->inner.size == 0)
		return each_of(grid, grid->rows, slice_of(NULL, 0), visit);
	TRY(item_read_type(&reader, ITEM_ARRAY, &head));
	for (uint64_t index = 0; index < head.count; index++) {
		struct member members[MEMBERS_MAX];
		struct described outer = {grid->first, grid->first != NULL};
		size_t count;
		slice row;
		TRY(item_read_whole(&reader, &row));
		if (!is_map(row))
			continue;
		TRY(read_members(row, outer, members, &count));
		size_t found = find_member(members, count, grid->inner);
		if (found < count && is_rows(members[found].value))
			TRY(each_of(grid, members[found].value, members[0].value, visit));
	}
	return RECOURSE_OK;
}

/* Rows inside a row have a table of their own, but for those that are inside already. */
static enum recourse_error gather(struct grid *grid, slice row, slice around)
{
	struct member members[MEMBERS_MAX];
	size_t count;
	(void)around;
	TRY(read_members(row, grid->described, members, &count));
	for (size_t index = 0; index < count && grid->count + 1 < TABLE_COLUMNS_MAX; index++) {
		bool known = find_member(grid->columns, grid->count, members[index].name) < grid->count;
		if (!known && (grid->inner.size > 0 || !is_rows(members[index].value)))
			insert(grid->columns, grid->count++, members[index]);
	}
	return RECOURSE_OK;
}

/*
 * Of a key the end tells who it is, and not the name of the ledger in front; of a time the minute is enough: 2016-05-04T00:00.
 * It is UTC's, as everywhere.
 */
static slice shown_cell(const struct grid *grid, const struct recourse_column *column, slice text)
{
	enum { MINUTE = 16 };
	if (!grid->brief || column == NULL)
		return text;
	if (column->type == RECOURSE_COLUMN_TIME)
		return slice_of(text.data, text.size < MINUTE ? text.size : MINUTE);
	bool handle = column->type == RECOURSE_COLUMN_HANDLE;
	const uint8_t *last = handle ? memrchr(text.data, '/', text.size) : NULL;
	return last == NULL ? text : slice_of(last + 1, text.size - (size_t)(last + 1 - text.data));
}

static bool is_aside(const struct grid *grid, size_t column)
{
	return grid->columns[column].column != NULL && grid->columns[column].column->aside;
}

/* From that column on. */
static size_t count_aside(const struct grid *grid, size_t column)
{
	size_t count = 0;
	for (; column < grid->count; column++)
		count += is_aside(grid, column);
	return count;
}

static bool is_left_out(const struct grid *grid, size_t column)
{
	return is_aside(grid, column) && count_aside(grid, column) <= grid->left_out;
}

static enum recourse_error add_cell(struct grid *grid, const struct recourse_column *column, slice value)
{
	slice reader = value;
	struct buffer text = {0};
	enum recourse_error error = value.size == 0 ? RECOURSE_OK : show_value(&reader, column, &text);
	if (error == RECOURSE_OK && buffer_failed(&text))
		error = RECOURSE_MEMORY;
	if (error == RECOURSE_OK)
		table_cell(&grid->table, shown_cell(grid, column, buffer_slice(&text)));
	buffer_free(&text);
	return error;
}

static enum recourse_error fill(struct grid *grid, slice row, slice around)
{
	struct member members[MEMBERS_MAX];
	size_t count;
	TRY(read_members(row, grid->described, members, &count));
	if (grid->first != NULL)
		TRY(add_cell(grid, grid->first, around));
	for (size_t column = 0; column < grid->count; column++) {
		if (is_left_out(grid, column))
			continue;
		size_t found = find_member(members, count, grid->columns[column].name);
		TRY(add_cell(grid, grid->columns[column].column,
			found < count ? members[found].value : slice_of(NULL, 0)));
	}
	return RECOURSE_OK;
}

static void add_heading(struct table *table, slice name, const struct recourse_column *column)
{
	(is_number(column) ? table_number : table_column)(table, name);
}

static enum recourse_error make_table(struct grid *grid)
{
	table_free(&grid->table);
	if (grid->first != NULL)
		add_heading(&grid->table, slice_text(grid->first->name), grid->first);
	for (size_t column = 0; column < grid->count; column++) {
		if (!is_left_out(grid, column))
			add_heading(&grid->table, grid->columns[column].name, grid->columns[column].column);
	}
	return each_row(grid, fill);
}

/*
 * Keys and times are cut, and then columns left aside, where the table fits then; where it does not, there is room for the
 * whole.
 */
static enum recourse_error fit_table(struct grid *grid, size_t room)
{
	size_t most = count_aside(grid, 0);
	TRY(make_table(grid));
	if (table_total(&grid->table) <= room)
		return RECOURSE_OK;
	grid->brief = true;
	for (grid->left_out = 0; grid->left_out <= most; grid->left_out++) {
		TRY(make_table(grid));
		if (table_total(&grid->table) <= room)
			return RECOURSE_OK;
	}
	grid->brief = false;
	grid->left_out = 0;
	return make_table(grid);
}

/* Nothing is left out without a word. */
static void print_left_out(const struct grid *grid, FILE *stream, size_t room)
{
	size_t width = 0;
	for (size_t column = 0; column < grid->count; column++) {
		slice name = grid->columns[column].name;
		if (!is_left_out(grid, column))
			continue;
		bool wraps = width + name.size + 3 > room;
		fputs(width == 0 ? "(no room for " : wraps ? ",\n " : ", ", stream);
		width = width == 0 ? 13 : wraps ? 1 : width + 2;
		width += name.size;
		fprintf(stream, "%.*s", SLICE_ARGUMENTS(name));
	}
	if (width > 0)
		fputs(")\n", stream);
}

static enum recourse_error print_grid(struct grid *grid, FILE *stream)
{
	size_t room = table_room(stream);
	enum recourse_error error = fit_table(grid, room);
	if (error == RECOURSE_OK)
		error = table_print(&grid->table, stream, room);
	if (error == RECOURSE_OK)
		print_left_out(grid, stream, room);
	table_free(&grid->table);
	return error;
}

/* ---- lines, then tables ---- */

struct sheet {
	FILE *stream;
	struct table lines;
	bool tables;    /* the lines are printed, the tables follow */
	bool separated; /* something stands above the next table */
};

static void print_title(struct sheet *sheet, const char *title)
{
	if (*title != '\0')
		fprintf(sheet->stream, "%s%s\n", sheet->separated ? "\n" : "", title);
	sheet->separated = true;
}

/* The arrays inside of the rows of one: as many tables. */
static enum recourse_error print_inner(struct sheet *sheet, const char *title, const struct member *outer)
{
	struct described described = inside(outer);
	for (size_t index = 0; index < described.count; index++) {
		const struct recourse_column *column = &described.columns[index];
		char name[NAME_SIZE];
		if (column->type != RECOURSE_COLUMN_ROWS)
			continue;
		struct grid grid = {.described = {column->members, column->member_count},
			.rows = outer->value,
			.inner = slice_text(column->name)};
		if (find_column(grid.described, slice_text(described.columns[0].name)) == NULL)
			grid.first = &described.columns[0];
		snprintf(name, sizeof name, "%s.%s", title, column->name);
		TRY(each_row(&grid, gather));
		if (grid.count == 0)
			continue;
		print_title(sheet, name);
		TRY(print_grid(&grid, sheet->stream));
	}
	return RECOURSE_OK;
}

static enum recourse_error show_rows(struct sheet *sheet, const char *title, const struct member *member)
{
	struct grid grid = {.described = inside(member), .rows = member->value};
	if (!sheet->tables)
		return RECOURSE_OK;
	TRY(each_row(&grid, gather));
	print_title(sheet, title);
	if (grid.count > 0)
		TRY(print_grid(&grid, sheet->stream));
	return print_inner(sheet, title, member);
}

static enum recourse_error show_line(struct sheet *sheet, const char *name, const struct member *member)
{
	slice reader = member->value;
	struct buffer text = {0};
	if (sheet->tables)
		return RECOURSE_OK;
	enum recourse_error error = show_value(&reader, member->column, &text);
	if (error == RECOURSE_OK && buffer_failed(&text))
		error = RECOURSE_MEMORY;
	table_cell(&sheet->lines, slice_text(name));
	table_cell(&sheet->lines, text.size == 0 ? slice_text("-") : buffer_slice(&text));
	buffer_free(&text);
	return error;
}

static enum recourse_error show_map(
	struct sheet *sheet, const char *prefix, slice map, struct described described)
{
	struct member members[MEMBERS_MAX];
	size_t count;
	TRY(read_members(map, described, members, &count));
	for (size_t index = 0; index < count; index++) {
		const struct member *member = &members[index];
		char name[NAME_SIZE];
		snprintf(name, sizeof name, "%s%s%.*s", prefix, *prefix == '\0' ? "" : ".",
			SLICE_ARGUMENTS(member->name));
		if (is_map(member->value))
			TRY(show_map(sheet, name, member->value, inside(member)));
		else
			TRY((is_rows(member->value) ? show_rows : show_line)(sheet, name, member));
	}
	return RECOURSE_OK;
}

static enum recourse_error print_map(struct sheet *sheet, slice map, struct described described)
{
	TRY(show_map(sheet, "", map, described));
	TRY(table_print(&sheet->lines, sheet->stream, 0));
	sheet->separated = table_row_count(&sheet->lines) > 0;
	sheet->tables = true;
	return show_map(sheet, "", map, described);
}

static enum recourse_error print_scalar(slice item, FILE *stream)
{
	slice reader = item;
	struct table line = {.plain = true};
	struct buffer text = {0};
	enum recourse_error error = show_value(&reader, NULL, &text);
	table_column(&line, slice_text(""));
	table_cell(&line, buffer_slice(&text));
	if (error == RECOURSE_OK && buffer_failed(&text))
		error = RECOURSE_MEMORY;
	if (error == RECOURSE_OK)
		error = table_print(&line, stream, 0);
	table_free(&line);
	buffer_free(&text);
	return error;
}

enum recourse_error render_result(
	const struct recourse_column *columns, size_t count, slice item, FILE *stream)
{
	slice reader = item;
	struct sheet sheet = {.stream = stream, .lines = {.plain = true}};
	struct member whole = {.name = slice_text("")};
	TRY(item_read_whole(&reader, &whole.value));
	if (reader.size > 0)
		return RECOURSE_MALFORMED;
	if (is_rows(whole.value)) {
		sheet.tables = true;
		return show_rows(&sheet, "", &whole);
	}
	if (!is_map(whole.value))
		return print_scalar(whole.value, stream);
	table_column(&sheet.lines, slice_text(""));
	table_column(&sheet.lines, slice_text(""));
	enum recourse_error error = print_map(&sheet, whole.value, (struct described){columns, count});
	table_free(&sheet.lines);
	return error;
}

enum recourse_error render_item(slice item, FILE *stream)
{
	return render_result(NULL, 0, item, stream);
}
