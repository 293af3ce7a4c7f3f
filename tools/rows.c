/* SPDX-License-Identifier: Apache-2.0 */
#include "rows.h"

#include "base/text.h"

enum { PARSER_BLOCK_SIZE = 4096 };

/* RFC 4180: blanks are part of a cell. */
static int no_blank(unsigned char byte)
{
	(void)byte;
	return 0;
}

static bool reset_parser(struct rows *rows)
{
	if (csv_init(&rows->parser, CSV_STRICT | CSV_STRICT_FINI) != 0)
		return false;
	csv_set_space_func(&rows->parser, no_blank);
	csv_set_blk_size(&rows->parser, PARSER_BLOCK_SIZE);
	return true;
}

enum recourse_error rows_start(struct rows *rows, slice data)
{
	static const uint8_t mark[] = {0xef, 0xbb, 0xbf};
	*rows = (struct rows){.data = data};
	if (data.size >= sizeof mark && memcmp(data.data, mark, sizeof mark) == 0)
		rows->offset = sizeof mark;
	return reset_parser(rows) ? RECOURSE_OK : RECOURSE_MEMORY;
}

void rows_free(struct rows *rows)
{
	csv_free(&rows->parser);
	buffer_free(&rows->text);
	buffer_free(&rows->sizes);
	buffer_free(&rows->cells);
}

bool rows_failed(const struct rows *rows)
{
	return rows->failed || buffer_failed(&rows->text) || buffer_failed(&rows->sizes) ||
	       buffer_failed(&rows->cells);
}

static void take_cell(void *text, size_t size, void *context)
{
	struct rows *rows = context;
	if (rows->text.size + size > ROWS_SIZE_MAX || rows->sizes.size > ROWS_SIZE_MAX)
		rows->too_long = true;
	if (rows->too_long)
		return;
	buffer_append(&rows->text, text, size);
	buffer_append(&rows->sizes, &rows->text.size, sizeof rows->text.size);
}

static void take_end(int byte, void *context)
{
	struct rows *rows = context;
	(void)byte;
	rows->ended++;
}

static slice take_line(struct rows *rows)
{
	const uint8_t *start = rows->data.data + rows->offset;
	size_t left = rows->data.size - rows->offset;
	const uint8_t *newline = memchr(start, '\n', left);
	size_t size = newline == NULL ? left : (size_t)(newline - start) + 1;
	rows->offset += size;
	rows->line++;
	return slice_of(start, size);
}

static slice without_end(slice line)
{
	if (line.size > 0 && line.data[line.size - 1] == '\n')
		line.size--;
	if (line.size > 0 && line.data[line.size - 1] == '\r')
		line.size--;
	return line;
}

/*
 * Feeds one line. Carriage returns inside it are fed one by one: where one ends a row it stood outside of
 * quotes, where it does not belong.
 */
static const char *feed(struct rows *rows, slice line)
{
	slice content = without_end(line);
	size_t offset = 0;
	while (offset < line.size) {
		const uint8_t *found = offset < content.size
					       ? memchr(line.data + offset, '\r', content.size - offset)
					       : NULL;
		size_t end = found == NULL ? line.size : (size_t)(found - line.data) + 1;
		size_t used =
			csv_parse(&rows->parser, line.data + offset, end - offset, take_cell, take_end, rows);
		if (used < end - offset) {
			rows->failed = csv_error(&rows->parser) != CSV_EPARSE;
			return "a quote where none may stand";
		}
		if (found != NULL && rows->ended > 0)
			return "a carriage return inside the row";
		offset = end;
	}
	return NULL;
}

static const char *finish(struct rows *rows)
{
	if (csv_fini(&rows->parser, take_cell, take_end, rows) == 0)
		return NULL;
	rows->failed = csv_error(&rows->parser) != CSV_EPARSE;
	return "a quoted cell that does not end";
}

static void begin_row(struct rows *rows)
{
	buffer_clear(&rows->text);
	buffer_clear(&rows->sizes);
	buffer_clear(&rows->cells);
	rows->ended = 0;
	rows->too_long = false;
}

/* The whole row as its one cell. */
static void refuse(struct rows *rows, struct rows_row *row, enum recourse_error error, const char *reason)
{
	slice raw = without_end(slice_of(rows->data.data + row->offset, row->size));
	row->error = error;
	row->reason = reason;
	buffer_clear(&rows->cells);
	buffer_append(&rows->cells, &raw, sizeof raw);
}

static void gather_cells(struct rows *rows)
{
	size_t start = 0;
	for (size_t offset = 0; offset < rows->sizes.size; offset += sizeof start) {
		size_t end;
		memcpy(&end, rows->sizes.data + offset, sizeof end);
		slice cell = end > start ? slice_of(rows->text.data + start, end - start) : slice_text("");
		buffer_append(&rows->cells, &cell, sizeof cell);
		start = end;
	}
}

static bool hand_out(struct rows *rows, struct rows_row *row, const char *problem)
{
	row->size = rows->offset - row->offset;
	if (problem != NULL) {
		refuse(rows, row, RECOURSE_MALFORMED, problem);
		csv_free(&rows->parser);
		if (!reset_parser(rows))
			rows->failed = true;
	} else if (rows->too_long || row->size > ROWS_SIZE_MAX) {
		refuse(rows, row, RECOURSE_FIELD_LIMIT, "a row of at most 64 KiB");
	} else if (!text_is_utf8(slice_of(rows->data.data + row->offset, row->size))) {
		refuse(rows, row, RECOURSE_FIELD_FORMAT, "UTF-8");
	} else {
		gather_cells(rows);
	}
	row->cells = (const slice *)(const void *)rows->cells.data;
	row->cell_count = rows->cells.size / sizeof *row->cells;
	return !rows_failed(rows);
}

bool rows_next(struct rows *rows, struct rows_row *row)
{
	bool begun = false;
	if (rows_failed(rows))
		return false;
	begin_row(rows);
	while (rows->offset < rows->data.size) {
		size_t offset = rows->offset;
		slice line = take_line(rows);
		if (!begun && without_end(line).size == 0)
			continue;
		if (!begun)
			*row = (struct rows_row){.line = rows->line, .offset = offset};
		begun = true;
		const char *problem = feed(rows, line);
		if (problem == NULL && rows->ended == 0 && rows->offset == rows->data.size)
			problem = finish(rows);
		if (problem != NULL || rows->ended > 0)
			return hand_out(rows, row, problem);
	}
	return false;
}
