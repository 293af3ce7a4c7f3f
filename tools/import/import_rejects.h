/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/buffer.h"
#include "file.h"

/*
 * The file of rows that did not go in, as CSV: the line where the row begins, the stable code, the reasons, and the row's own cells, in the
 * encoding and with the separator of the file that they are from, so that it can be imported once what was wrong is mended. Cells are
 * written for spreadsheets (csv_cell.h). It is written as rows come and is there at the end; where there are no rows there is no file.
 */
struct import_rejects {
	const char *encoding;
	bool marked;
	char separator;
	const char *path;
	struct file_new file;
	bool is_open;
	struct buffer text;  /* what is not in the file yet, UTF-8 and what is none */
	struct buffer bytes; /* of it, in the encoding */
	uint64_t count;
	enum recourse_error fault; /* IO, with errno in `reason`; MEMORY: it is not whole */
	int reason;
};

/* Makes the file, that nobody sees yet, so that a place that can not be written is known before anything is sent. IO. */
enum recourse_error import_rejects_open(struct import_rejects *rejects, const char *path);

void import_rejects_header(struct import_rejects *rejects, const slice *names, size_t count);
void import_rejects_add(struct import_rejects *rejects, uint64_t line, const char *code, slice reason,
	const slice *cells, size_t count);

/* Keeps it in the place of any that is there; where no row was added, none is there behind it. MEMORY, IO with errno. */
enum recourse_error import_rejects_close(struct import_rejects *rejects);

/* What was not closed was never there. */
void import_rejects_free(struct import_rejects *rejects);
