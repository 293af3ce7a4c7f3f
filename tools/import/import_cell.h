/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/buffer.h"
#include "base/unit.h"
#include "recourse_schema.h"

/*
 * A cell as an office writes it, made into what its field takes. Texts and notes are what people wrote and stay so, and all else is
 * ASCII in the end, so letters, digits and signs of full width become the plain ones. That is what NFKC does to them, and it is done by
 * a line of arithmetic and a table of one row, not by NFKC: that would also make 1 of a circled one, 12 of a 1 with a power of 2, and one character of two
 * that people's names tell apart, and say nothing of it.
 */

/* How the file writes numbers. */
struct import_cell_manner {
	bool comma_free; /* cells are not between commas: a comma in a number can be either, and is refused */
};

/*
 * Appends the cell: without blanks at its ends; amounts and numbers without commas between thousands, amounts with all decimals of their
 * unit (NULL: it is not known, and they stay); times in UTC. Whatever it can not make better stays as it is, for the schema to refuse.
 * FIELD_FORMAT where it is known what is wrong with it, which `*why` says.
 */
enum recourse_error import_cell_read(const struct recourse_field *field, slice cell, const struct unit *unit,
	const struct import_cell_manner *manner, struct buffer *out, const char **why);

/* The same of any text: full width to plain, and no blanks at its ends. */
void import_cell_plain(slice cell, struct buffer *out);
