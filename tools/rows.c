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
	csv_set_delim(&rows->parser, (unsigned char)rows->separator);
	return true;
}

static const uint8_t mark[] = {0xef, 0xbb, 0xbf};

static enum recourse_error start(struct rows *rows)
{
	if (rows->data.size >= sizeof mark && memcmp(rows->data.data, mark, sizeof mark) == 0)
		rows->offset = rows->begin = sizeof mark;
	return reset_parser(rows) ? RECOURSE_OK : RECOURSE_MEMORY;
}

enum recourse_error rows_start(struct rows *rows, slice data)
{
	*rows = (struct rows){.data = data, .separator = ',', .whole = true};
	return start(rows);
}

/* Puts a piece behind what is held from the row on that is read. False: there is none. */
static bool hold_more(struct rows *rows)
{
	slice piece;
	size_t left = rows->data.size - rows->begin;
	if (rows->whole)
		return false;
	if (left > 0)
		memmove(rows->held.data, rows->held.data + rows->begin, left);
	buffer_cut(&rows->held, left);
	rows->offset -= rows->begin;
	rows->begin = 0;
	rows->fault = rows->source.next(rows->source.context, &piece);
	rows->whole = rows->fault != RECOURSE_OK || piece.size == 0;
	if (!rows->whole)
		buffer_append(&rows->held, piece.data, piece.size);
	rows->data = buffer_slice(&rows->held);
	return !rows->whole && !buffer_failed(&rows->held);
}

enum recourse_error rows_start_pieces(struct rows *rows, struct rows_source source)
{
	*rows = (struct rows){.source = source, .separator = ','};
	while (rows->data.size < sizeof mark && hold_more(rows))
		;
	return start(rows);
}

void rows_separate(struct rows *rows, char separator)
{
	rows->separator = separator;
	csv_set_delim(&rows->parser, (unsigned char)separator);
}

void rows_free(struct rows *rows)
{
	csv_free(&rows->parser);
	buffer_free(&rows->held);
	buffer_free(&rows->text);
	buffer_free(&rows->sizes);
	buffer_free(&rows->cells);
}

bool rows_failed(const struct rows *rows)
{
	return rows->failed || rows->fault != RECOURSE_OK || buffer_failed(&rows->held) ||
	       buffer_failed(&rows->text) || buffer_failed(&rows->sizes) || buffer_failed(&rows->cells);
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

/* More of a row than may be is held, and its end is not among it. */
static bool is_beyond(const struct rows *rows, size_t end)
{
	return !rows->whole && end - rows->begin > ROWS_SIZE_MAX;
}

static const uint8_t *find_newline(const struct rows *rows)
{
	size_t left = rows->data.size - rows->offset;
	return left == 0 ? NULL : memchr(rows->data.data + rows->offset, '\n', left);
}

/* False behind the last one. */
static bool take_line(struct rows *rows, slice *line)
{
	const uint8_t *newline = find_newline(rows);
	while (newline == NULL && !is_beyond(rows, rows->data.size) && hold_more(rows))
		newline = find_newline(rows);
	size_t end = newline == NULL ? rows->data.size : (size_t)(newline - rows->data.data) + 1;
	if (rows->offset == end || rows_failed(rows))
		return false;
	*line = slice_of(rows->data.data + rows->offset, end - rows->offset);
	rows->offset = end;
	rows->line++;
	return true;
}

/* Nothing comes behind what was taken. */
static bool is_over(struct rows *rows)
{
	while (rows->offset == rows->data.size && hold_more(rows))
		;
	return rows->offset == rows->data.size;
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
	rows->begin = rows->offset;
	rows->ended = 0;
	rows->too_long = false;
}

/* The whole row as its one cell. */
static void refuse(struct rows *rows, struct rows_row *row, enum recourse_error error, const char *reason)
{
	slice raw = without_end(slice_of(rows->data.data + rows->begin, row->size));
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

/* Behind a row that does not end within what is held nothing is read. */
static void refuse_too_long(struct rows *rows, struct rows_row *row)
{
	bool quoted = rows->ended == 0 && rows->parser.quoted != 0;
	refuse(rows, row, RECOURSE_FIELD_LIMIT,
		quoted ? "a row of at most 64 KiB, and a quoted cell of this one does not end"
		       : "a row of at most 64 KiB");
	if (!is_beyond(rows, rows->offset))
		return;
	rows->whole = true;
	rows->offset = rows->data.size;
}

static bool hand_out(struct rows *rows, struct rows_row *row, const char *problem)
{
	row->offset = rows->begin;
	row->size = rows->offset - rows->begin;
	if (problem != NULL) {
		refuse(rows, row, RECOURSE_MALFORMED, problem);
		csv_free(&rows->parser);
		if (!reset_parser(rows))
			rows->failed = true;
	} else if (rows->too_long || row->size > ROWS_SIZE_MAX) {
		refuse_too_long(rows, row);
	} else if (!text_is_utf8(slice_of(rows->data.data + rows->begin, row->size))) {
		row->error = RECOURSE_FIELD_FORMAT;
		row->reason = "UTF-8";
		gather_cells(rows);
	} else {
		gather_cells(rows);
	}
	row->cells = (const slice *)(const void *)rows->cells.data;
	row->cell_count = rows->cells.size / sizeof *row->cells;
	return !rows_failed(rows);
}

bool rows_next(struct rows *rows, struct rows_row *row)
{
	slice line;
	bool begun = false;
	if (rows_failed(rows))
		return false;
	begin_row(rows);
	while (take_line(rows, &line)) {
		if (!begun && without_end(line).size == 0) {
			rows->begin = rows->offset;
			continue;
		}
		if (!begun)
			*row = (struct rows_row){.line = rows->line};
		begun = true;
		const char *problem = feed(rows, line);
		if (problem == NULL && rows->ended == 0 && is_over(rows))
			problem = finish(rows);
		if (problem != NULL || rows->ended > 0 || is_beyond(rows, rows->offset))
			return hand_out(rows, row, problem);
	}
	return false;
}
