/* SPDX-License-Identifier: Apache-2.0 */
#include "import/import_rejects.h"

#include "csv_cell.h"
#include "file.h"

#include <inttypes.h>

static void append_cells(struct import_rejects *rejects, const slice *cells, size_t count)
{
	for (size_t index = 0; index < count; index++) {
		buffer_append_text(&rejects->text, ",");
		csv_cell_text(&rejects->text, cells[index]);
	}
	buffer_append_text(&rejects->text, "\r\n");
}

void import_rejects_header(struct import_rejects *rejects, const slice *names, size_t count)
{
	buffer_append_text(&rejects->text, "line,code,message");
	append_cells(rejects, names, count);
}

void import_rejects_add(struct import_rejects *rejects, uint64_t line, const char *code, slice reason,
	const slice *cells, size_t count)
{
	buffer_append_format(&rejects->text, "%" PRIu64 ",%s,", line, code);
	csv_cell_text(&rejects->text, reason);
	append_cells(rejects, cells, count);
	rejects->count++;
}

enum recourse_error import_rejects_write(const struct import_rejects *rejects, const char *path)
{
	return buffer_failed(&rejects->text) ? RECOURSE_MEMORY
					     : file_replace(path, buffer_slice(&rejects->text));
}

void import_rejects_free(struct import_rejects *rejects)
{
	buffer_free(&rejects->text);
	rejects->count = 0;
}
