/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/buffer.h"

#include <csv.h>

/*
 * Rows of a CSV text (RFC 4180, strictly): UTF-8 with or without a byte order mark, lines ended by LF or
 * CRLF, quoted cells that may hold newlines. Blanks belong to their cells. Empty lines are passed over.
 *
 * A row that is not well-formed is handed out as such, with all of its bytes, and reading goes on behind the
 * line in which the mistake was found: never inside a quoted cell, where whoever wrote the cell could have
 * written rows.
 */
enum { ROWS_SIZE_MAX = 64 * 1024 /* of one row */ };

struct rows_row {
	uint64_t line; /* where it begins; from 1 */
	size_t offset; /* of its bytes in the data, line end included */
	size_t size;
	enum recourse_error error; /* OK; MALFORMED, FIELD_LIMIT (too long), FIELD_FORMAT (no UTF-8) */
	const char *reason;        /* NULL when OK; a constant text */
	const slice *cells;        /* good until the next call */
	size_t cell_count;         /* with an error 1: the row as it stands, without its line end */
};

struct rows {
	slice data;
	size_t offset;
	uint64_t line; /* lines taken */
	struct csv_parser parser;
	struct buffer text;  /* of the cells, one behind the other */
	struct buffer sizes; /* of size_t: where each cell ends in `text` */
	struct buffer cells; /* of slice: what is handed out */
	size_t ended;        /* rows that the parser ended since the row began */
	bool too_long;
	bool failed;
};

/* The data must stay where it is. MEMORY. */
enum recourse_error rows_start(struct rows *rows, slice data);

/* False at the end, and when out of memory: rows_failed(). */
bool rows_next(struct rows *rows, struct rows_row *row);
bool rows_failed(const struct rows *rows);
void rows_free(struct rows *rows);
