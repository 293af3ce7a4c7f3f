/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/buffer.h"

#include <csv.h>

/*
 * Rows of a CSV text (RFC 4180, strictly, but that another separator may be told): UTF-8 with or without a byte order mark, lines ended by LF or
 * CRLF, quoted cells that may hold newlines. Blanks belong to their cells. Empty lines are passed over.
 *
 * A row that is not well-formed is handed out as such, with all of its bytes, and reading goes on behind the
 * line in which the mistake was found: never inside a quoted cell, where whoever wrote the cell could have
 * written rows.
 *
 * A text is in memory, or comes piece by piece and is held a row at a time: that one ends with a row that is too long, as
 * nobody knows where it ends.
 */
enum { ROWS_SIZE_MAX = 64 * 1024 /* of one row */ };

struct rows_row {
	uint64_t line; /* where it begins; from 1 */
	size_t offset; /* of its bytes in the data, line end included; of one that comes in pieces, in what is held */
	size_t size;
	enum recourse_error error; /* OK; MALFORMED, FIELD_LIMIT (too long), FIELD_FORMAT (no UTF-8) */
	const char *reason;        /* NULL when OK; a constant text */
	const slice *cells;        /* good until the next call */
	size_t cell_count; /* of MALFORMED and FIELD_LIMIT 1: the row as it stands, without its line end */
};

/* What hands out a text: each piece is good until the next, and behind the last one comes an empty one. */
struct rows_source {
	enum recourse_error (*next)(void *context, slice *piece);
	void *context;
};

struct rows {
	slice data;    /* all of it, or what of it is held */
	size_t begin;  /* of the row that is read */
	size_t offset; /* what of it was taken */
	uint64_t line; /* lines taken */
	struct csv_parser parser;
	char separator;
	struct buffer text;  /* of the cells, one behind the other */
	struct buffer sizes; /* of size_t: where each cell ends in `text` */
	struct buffer cells; /* of slice: what is handed out */
	size_t ended;        /* rows that the parser ended since the row began */
	bool too_long;
	bool failed;
	struct rows_source source;
	struct buffer held;        /* of what comes in pieces, from the row that is read on */
	bool whole;                /* there is no more than `data` */
	enum recourse_error fault; /* of the source */
};

/* The data must stay where it is. MEMORY. */
enum recourse_error rows_start(struct rows *rows, slice data);

/* Of what comes in pieces. MEMORY; what the source fails with is told by the first row. */
enum recourse_error rows_start_pieces(struct rows *rows, struct rows_source source);

/* Cells are between these; commas where nothing is said. Before the first row. */
void rows_separate(struct rows *rows, char separator);

/* The bytes of the row that was handed out last, good until the next call. */
static inline slice rows_bytes(const struct rows *rows, const struct rows_row *row)
{
	return slice_of(rows->data.data + row->offset, row->size);
}

/* False at the end, and where it failed: when out of memory, or by a fault of its source. */
bool rows_next(struct rows *rows, struct rows_row *row);
bool rows_failed(const struct rows *rows);
void rows_free(struct rows *rows);
