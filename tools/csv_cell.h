/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/buffer.h"

/*
 * A cell of a CSV file (RFC 4180), appended: the one place where this program writes one. It is in quotes where it has a quote, a comma,
 * the end of a line, or blanks at its ends.
 */

/*
 * For whom a machine reads: nothing but that.
 */
void csv_cell_plain(struct buffer *out, slice cell);

/*
 * For whom a spreadsheet shows it. What it would not show as it stands is behind an apostrophe: what it takes for a formula (beginning
 * with = + - @, as they are or of full width, a tab, or the end of a line), a number of 12 digits or more, of which it shows the first and keeps 15, and one that
 * it takes for a number with an exponent. What begins with an apostrophe gets one more, so that csv_cell_read() is the inverse.
 */
void csv_cell_text(struct buffer *out, slice cell);

/* What csv_cell_text() wrote, without the apostrophe that it put there; any other cell as it is. */
slice csv_cell_read(slice cell);
