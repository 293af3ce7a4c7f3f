/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/buffer.h"

/*
 * The file of rows that did not go in, as CSV: the line where the row begins, the stable code, the reason,
 * and the row's own cells. Cells that a spreadsheet would take for a formula (beginning with = + - @, a tab
 * or a carriage return) get an apostrophe in front. Start with all zeroes.
 */
struct import_rejects {
	struct buffer text;
	uint64_t count;
};

void import_rejects_header(struct import_rejects *rejects, const slice *names, size_t count);
void import_rejects_add(struct import_rejects *rejects, uint64_t line, const char *code, slice reason,
	const slice *cells, size_t count);

/* Makes or replaces the file. MEMORY, IO. */
enum recourse_error import_rejects_write(const struct import_rejects *rejects, const char *path);
void import_rejects_free(struct import_rejects *rejects);
