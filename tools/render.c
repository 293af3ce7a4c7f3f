/* SPDX-License-Identifier: Apache-2.0 */
#include "render.h"

#include "base/try.h"
#include "base/crypto.h"
#include "base/item.h"
#include "output.h"

#include <inttypes.h>
#include <stdlib.h>

enum { NAME_SIZE = 200 };

static enum recourse_error show_value(struct item_reader *reader, struct buffer *out);

static void show_bytes(slice bytes, struct buffer *out)
{
	uint8_t *room = buffer_reserve(out, crypto_base64_size(bytes.size));
	if (room == NULL)
		return;
	crypto_base64_encode(bytes, (char *)room);
	out->size += strlen((const char *)room);
}

/* A container inside a cell: its values behind each other. */
static enum recourse_error show_members(
	struct item_reader *reader, const struct item *container, struct buffer *out)
{
	bool map = container->type == ITEM_MAP;
	if (container->count == 0)
		buffer_append_text(out, "none");
	for (uint64_t index = 0; index < container->count; index++) {
		struct item key;
		if (index > 0)
			buffer_append_text(out, map ? " " : ", ");
		if (map)
			TRY(item_read_type(reader, ITEM_TEXT, &key));
		if (map)
			buffer_append_format(out, "%.*s=", SLICE_ARGUMENTS(key.string));
		TRY(show_value(reader, out));
	}
	return RECOURSE_OK;
}

static enum recourse_error show_value(struct item_reader *reader, struct buffer *out)
{
	struct item item;
	TRY(item_read(reader, &item));
	switch (item.type) {
	case ITEM_INTEGER:
		buffer_append_format(out, "%" PRId64, item.integer);
		break;
	case ITEM_BYTES:
		show_bytes(item.string, out);
		break;
	case ITEM_TEXT:
		if (memchr(item.string.data, '.', item.string.size) != NULL)
			output_grouped(item.string, out);
		else
			buffer_append(out, item.string.data, item.string.size);
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

/* An array with at least one map in front: worth a table. */
static bool is_rows(slice value)
{
	struct item_reader reader = {.data = value.data, .size = value.size};
	struct item item;
	if (item_read(&reader, &item) != RECOURSE_OK || item.type != ITEM_ARRAY || item.count == 0)
		return false;
	return item_read(&reader, &item) == RECOURSE_OK && item.type == ITEM_MAP;
}

static bool is_map(slice value)
{
	struct item_reader reader = {.data = value.data, .size = value.size};
	struct item item;
	return item_read(&reader, &item) == RECOURSE_OK && item.type == ITEM_MAP && item.count > 0;
}

/* What a walk over a map does with each of its leaves and tables. */
struct walk {
	struct table *lines; /* NULL in the second walk, which prints the tables */
	FILE *stream;
	bool separated; /* something stands above the next table */
};

static enum recourse_error print_rows(const struct walk *walk, slice rows);

static enum recourse_error visit(struct walk *walk, const char *name, slice value)
{
	if (is_rows(value)) {
		if (walk->lines != NULL)
			return RECOURSE_OK;
		if (*name != '\0')
			fprintf(walk->stream, "%s%s\n", walk->separated ? "\n" : "", name);
		walk->separated = true;
		return print_rows(walk, value);
	}
	if (walk->lines == NULL)
		return RECOURSE_OK;
	struct item_reader reader = {.data = value.data, .size = value.size};
	struct buffer text = {0};
	enum recourse_error error = show_value(&reader, &text);
	if (error == RECOURSE_OK && buffer_failed(&text))
		error = RECOURSE_MEMORY;
	if (error == RECOURSE_OK) {
		table_cell(walk->lines, slice_text(name));
		table_cell(walk->lines, text.size == 0 ? slice_text("-") : buffer_slice(&text));
	}
	buffer_free(&text);
	return error;
}

static enum recourse_error walk_map(struct walk *walk, const char *prefix, slice map)
{
	struct item_reader reader = {.data = map.data, .size = map.size};
	struct item head;
	enum recourse_error error = item_read_type(&reader, ITEM_MAP, &head);
	for (uint64_t pair = 0; error == RECOURSE_OK && pair < head.count; pair++) {
		struct item key;
		slice value;
		char name[NAME_SIZE];
		error = item_read_type(&reader, ITEM_TEXT, &key);
		if (error == RECOURSE_OK)
			error = item_read_whole(&reader, &value);
		if (error != RECOURSE_OK)
			break;
		snprintf(name, sizeof name, "%s%s%.*s", prefix, *prefix == '\0' ? "" : ".",
			SLICE_ARGUMENTS(key.string));
		error = is_map(value) ? walk_map(walk, name, value) : visit(walk, name, value);
	}
	return error;
}

/* The columns of a table: every name that a row has, in the order in which they first appear. */
struct columns {
	slice names[TABLE_COLUMNS_MAX];
	size_t count;
};

static size_t find_column(const struct columns *columns, slice name)
{
	size_t index = 0;
	while (index < columns->count && !slice_equal(columns->names[index], name))
		index++;
	return index;
}

typedef enum recourse_error (*row_visit)(void *context, slice row);

static enum recourse_error each_row(slice rows, row_visit function, void *context)
{
	struct item_reader reader = {.data = rows.data, .size = rows.size};
	struct item head;
	TRY(item_read_type(&reader, ITEM_ARRAY, &head));
	for (uint64_t index = 0; index < head.count; index++) {
		slice row;
		TRY(item_read_whole(&reader, &row));
		if (is_map(row))
			TRY(function(context, row));
	}
	return RECOURSE_OK;
}

/* Names of columns beyond the most that a table has are left out: no answer of ours has as many. */
static enum recourse_error gather_columns(void *context, slice row)
{
	struct columns *columns = context;
	struct item_reader reader = {.data = row.data, .size = row.size};
	struct item head;
	enum recourse_error error = item_read_type(&reader, ITEM_MAP, &head);
	for (uint64_t pair = 0; error == RECOURSE_OK && pair < head.count; pair++) {
		struct item key;
		slice value;
		error = item_read_type(&reader, ITEM_TEXT, &key);
		if (error == RECOURSE_OK)
			error = item_read_whole(&reader, &value);
		if (error != RECOURSE_OK || columns->count == TABLE_COLUMNS_MAX)
			break;
		if (find_column(columns, key.string) == columns->count)
			columns->names[columns->count++] = key.string;
	}
	return error;
}

/* Where people look first, and last; other columns stand between them as they came. */
static const char *const leading[] = {
	"entry", "time", "code", "kind", "account", "claim", "party", "reference", "unit"};
static const char *const trailing[] = {"in", "out", "opening_debit", "opening_credit", "opening", "debits",
	"credits", "closing", "debit", "credit", "balance", "share", "reason"};
enum {
	LEADING = sizeof leading / sizeof leading[0],
	TRAILING = sizeof trailing / sizeof trailing[0],
};

static size_t rank_of(slice name)
{
	for (size_t index = 0; index < LEADING; index++) {
		if (slice_is(name, leading[index]))
			return index;
	}
	for (size_t index = 0; index < TRAILING; index++) {
		if (slice_is(name, trailing[index]))
			return LEADING + 1 + index;
	}
	return LEADING;
}

/* By insertion: equal ranks keep their order. */
static void order_columns(struct columns *columns)
{
	for (size_t index = 1; index < columns->count; index++) {
		slice name = columns->names[index];
		size_t place = index;
		for (; place > 0 && rank_of(columns->names[place - 1]) > rank_of(name); place--)
			columns->names[place] = columns->names[place - 1];
		columns->names[place] = name;
	}
}

struct filling {
	const struct columns *columns;
	struct table *table;
	bool cut; /* what is too wide will be */
};

/* Of a key that will be cut the end tells who it is, and not the name of the ledger in front. */
static slice shown_cell(const struct filling *filling, slice name, slice text)
{
	if (!filling->cut || text.size == 0 || !slice_is(name, "key"))
		return text;
	const uint8_t *last = memrchr(text.data, '/', text.size);
	return last == NULL ? text : slice_of(last + 1, text.size - (size_t)(last + 1 - text.data));
}

static enum recourse_error fill_row(void *context, slice row)
{
	struct filling *filling = context;
	struct buffer texts[TABLE_COLUMNS_MAX] = {{0}};
	struct item_reader reader = {.data = row.data, .size = row.size};
	struct item head;
	enum recourse_error error = item_read_type(&reader, ITEM_MAP, &head);
	for (uint64_t pair = 0; error == RECOURSE_OK && pair < head.count; pair++) {
		struct item key;
		struct buffer beyond = {0};
		error = item_read_type(&reader, ITEM_TEXT, &key);
		if (error != RECOURSE_OK)
			break;
		size_t column = find_column(filling->columns, key.string);
		error = show_value(&reader, column < filling->columns->count ? &texts[column] : &beyond);
		buffer_free(&beyond);
	}
	for (size_t column = 0; column < filling->columns->count; column++) {
		if (error == RECOURSE_OK && buffer_failed(&texts[column]))
			error = RECOURSE_MEMORY;
		table_cell(filling->table,
			shown_cell(filling, filling->columns->names[column], buffer_slice(&texts[column])));
		buffer_free(&texts[column]);
	}
	return error;
}

static enum recourse_error print_rows(const struct walk *walk, slice rows)
{
	struct columns columns = {.count = 0};
	struct table table = {.plain = false};
	struct filling filling = {
		.columns = &columns, .table = &table, .cut = table_terminal(walk->stream) > 0};
	enum recourse_error error = each_row(rows, gather_columns, &columns);
	order_columns(&columns);
	for (size_t column = 0; column < columns.count; column++)
		table_column(&table, columns.names[column]);
	if (error == RECOURSE_OK && columns.count > 0)
		error = each_row(rows, fill_row, &filling);
	if (error == RECOURSE_OK)
		error = table_print(&table, walk->stream, table_terminal(walk->stream));
	table_free(&table);
	return error;
}

static enum recourse_error render_map(slice map, FILE *stream)
{
	struct table lines = {.plain = true};
	struct walk walk = {.lines = &lines, .stream = stream};
	table_column(&lines, slice_text(""));
	table_column(&lines, slice_text(""));
	enum recourse_error error = walk_map(&walk, "", map);
	if (error == RECOURSE_OK)
		error = table_print(&lines, stream, table_terminal(stream));
	walk.separated = table_row_count(&lines) > 0;
	walk.lines = NULL;
	if (error == RECOURSE_OK)
		error = walk_map(&walk, "", map);
	table_free(&lines);
	return error;
}

static enum recourse_error render_scalar(slice item, FILE *stream)
{
	struct item_reader reader = {.data = item.data, .size = item.size};
	struct table line = {.plain = true};
	struct buffer text = {0};
	enum recourse_error error = show_value(&reader, &text);
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

enum recourse_error render_item(slice item, FILE *stream)
{
	struct item_reader reader = {.data = item.data, .size = item.size};
	struct walk walk = {.stream = stream};
	slice whole;
	enum recourse_error error = item_read_whole(&reader, &whole);
	if (error != RECOURSE_OK)
		return error;
	if (!item_at_end(&reader))
		return RECOURSE_MALFORMED;
	if (is_map(whole))
		return render_map(whole, stream);
	if (is_rows(whole))
		return visit(&walk, "", whole);
	return render_scalar(whole, stream);
}
