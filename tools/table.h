/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/buffer.h"

#include <stdio.h>

/*
 * Tables for people. Wide characters count as the two cells they take, control characters are shown as '?'. Start with
 * all zeroes; columns first, then cells row by row. A failed allocation is remembered, as in buffer.h.
 */
enum { TABLE_COLUMNS_MAX = 32, TABLE_WIDTH = 100 };

struct table_cell {
	size_t offset; /* into `text` */
	size_t size;
	size_t width; /* on the terminal */
};

struct table {
	struct buffer text;
	struct buffer cells; /* of struct table_cell, headings first */
	size_t column_count;
	uint32_t numbers; /* bits: columns that are set to the right */
	bool plain;       /* no heading line */
};

/* Beyond TABLE_COLUMNS_MAX a column is a programmer's error. */
void table_column(struct table *table, slice heading);
void table_number(struct table *table, slice heading); /* set to the right */
void table_cell(struct table *table, slice text);
size_t table_row_count(const struct table *table);

/* How wide it gets. */
size_t table_total(const struct table *table);

/*
 * Where it is wider than `width`, row by row instead: a line "heading  text" for each cell that is not empty, a blank
 * one between the rows. 0: as wide as it gets. MEMORY.
 */
enum recourse_error table_print(const struct table *table, FILE *stream, size_t width);
void table_free(struct table *table);

/* How many cells the text takes on a terminal. */
size_t table_width(slice text);

/* The terminal's width; TABLE_WIDTH when the stream is none, or does not know. */
size_t table_room(FILE *stream);
