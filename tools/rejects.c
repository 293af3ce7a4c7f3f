/* SPDX-License-Identifier: Apache-2.0 */
#include "rejects.h"

#include "file.h"

#include <inttypes.h>

static bool has_any(slice cell, const char *bytes)
{
	for (size_t index = 0; index < cell.size; index++) {
		if (cell.data[index] != '\0' && strchr(bytes, cell.data[index]) != NULL)
			return true;
	}
	return false;
}

static void append_cell(struct buffer *out, slice cell)
{
	bool formula = cell.size > 0 && has_any(slice_of(cell.data, 1), "=+-@\t\r");
	bool quoted = has_any(cell, "\",\r\n");
	buffer_append_text(out, quoted ? "\"" : "");
	buffer_append_text(out, formula ? "'" : "");
	for (size_t index = 0; index < cell.size; index++) {
		if (cell.data[index] == '"')
			buffer_append_text(out, "\"");
		buffer_append(out, &cell.data[index], 1);
	}
	buffer_append_text(out, quoted ? "\"" : "");
}

static void append_cells(struct rejects *rejects, const slice *cells, size_t count)
{
	for (size_t index = 0; index < count; index++) {
		buffer_append_text(&rejects->text, ",");
		append_cell(&rejects->text, cells[index]);
	}
	buffer_append_text(&rejects->text, "\r\n");
}

void rejects_header(struct rejects *rejects, const slice *names, size_t count)
{
	buffer_append_text(&rejects->text, "line,code,message");
	append_cells(rejects, names, count);
}

void rejects_add(struct rejects *rejects, uint64_t line, const char *code, slice reason, const slice *cells,
	size_t count)
{
	buffer_append_format(&rejects->text, "%" PRIu64 ",%s,", line, code);
	append_cell(&rejects->text, reason);
	append_cells(rejects, cells, count);
	rejects->count++;
}

enum recourse_error rejects_write(const struct rejects *rejects, const char *path)
{
	return buffer_failed(&rejects->text) ? RECOURSE_MEMORY
					     : file_replace(path, buffer_slice(&rejects->text));
}

void rejects_free(struct rejects *rejects)
{
	buffer_free(&rejects->text);
	rejects->count = 0;
}
