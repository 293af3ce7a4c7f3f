/* SPDX-License-Identifier: Apache-2.0 */
#include "import/import_rejects.h"

#include "base/try.h"
#include "csv_cell.h"
#include "encoding.h"

#include <errno.h>
#include <inttypes.h>
#include <sys/stat.h>
#include <unistd.h>

enum { TEXT_SIZE = 64 * 1024 };

static enum recourse_error write_text(struct import_rejects *rejects)
{
	bool plain = rejects->encoding == NULL || strcmp(rejects->encoding, "utf-8") == 0;
	slice text = buffer_slice(&rejects->text);
	if (buffer_failed(&rejects->text))
		return RECOURSE_MEMORY;
	if (!plain) {
		buffer_clear(&rejects->bytes);
		TRY(encoding_back(rejects->encoding, text, &rejects->bytes));
		text = buffer_slice(&rejects->bytes);
	}
	if (rejects->is_open)
		TRY(file_new_write(&rejects->file, text));
	return RECOURSE_OK;
}

static void flush(struct import_rejects *rejects, size_t size_max)
{
	if (!rejects->is_open || rejects->text.size <= size_max || rejects->fault != RECOURSE_OK)
		return;
	rejects->fault = write_text(rejects);
	rejects->reason = errno;
	buffer_clear(&rejects->text);
}

static void append_cells(struct import_rejects *rejects, const slice *cells, size_t count)
{
	for (size_t index = 0; index < count; index++) {
		buffer_append(&rejects->text, &rejects->separator, 1);
		csv_cell_text(&rejects->text, cells[index]);
	}
	buffer_append_text(&rejects->text, "\r\n");
	flush(rejects, TEXT_SIZE);
}

enum recourse_error import_rejects_open(struct import_rejects *rejects, const char *path)
{
	rejects->path = path;
	TRY(file_new_open(path, &rejects->file));
	rejects->is_open = true;
	return RECOURSE_OK;
}

void import_rejects_header(struct import_rejects *rejects, const slice *names, size_t count)
{
	if (rejects->separator == 0)
		rejects->separator = ',';
	buffer_append_text(&rejects->text, rejects->marked ? "\xef\xbb\xbf" : "");
	buffer_append_format(&rejects->text, "line%ccode%cmessage", rejects->separator, rejects->separator);
	append_cells(rejects, names, count);
}

void import_rejects_add(struct import_rejects *rejects, uint64_t line, const char *code, slice reason,
	const slice *cells, size_t count)
{
	buffer_append_format(
		&rejects->text, "%" PRIu64 "%c%s%c", line, rejects->separator, code, rejects->separator);
	csv_cell_text(&rejects->text, reason);
	append_cells(rejects, cells, count);
	rejects->count++;
}

/* One of an earlier run says of rows that are in by now that they are not. */
static enum recourse_error drop(struct import_rejects *rejects)
{
	struct stat status;
	file_new_drop(&rejects->file);
	if (strcmp(rejects->path, "-") == 0 || stat(rejects->path, &status) != 0 || !S_ISREG(status.st_mode))
		return RECOURSE_OK;
	return unlink(rejects->path) == 0 ? RECOURSE_OK : RECOURSE_IO;
}

enum recourse_error import_rejects_close(struct import_rejects *rejects)
{
	if (!rejects->is_open)
		return RECOURSE_OK;
	if (rejects->count > 0)
		flush(rejects, 0);
	rejects->is_open = false;
	if (rejects->fault != RECOURSE_OK) {
		file_new_drop(&rejects->file);
		errno = rejects->reason;
		return rejects->fault;
	}
	return rejects->count > 0 ? file_new_keep(&rejects->file) : drop(rejects);
}

void import_rejects_free(struct import_rejects *rejects)
{
	if (rejects->is_open)
		file_new_drop(&rejects->file);
	rejects->is_open = false;
	buffer_free(&rejects->text);
	buffer_free(&rejects->bytes);
	rejects->count = 0;
}
