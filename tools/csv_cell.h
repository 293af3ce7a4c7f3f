/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/buffer.h"

/*
 * Appends a cell of a CSV file (RFC 4180): in quotes where it has a quote, a comma or the end of a line. `as_text`: behind an apostrophe,
 * which spreadsheets take for "this is text".
 */
void csv_cell_append(struct buffer *out, slice cell, bool as_text);
