/* SPDX-License-Identifier: Apache-2.0 */
#include "csv_cell.h"

static bool needs_quotes(slice cell)
{
	for (size_t index = 0; index < cell.size; index++) {
		if (memchr("\",\r\n", cell.data[index], 4) != NULL)
			return true;
	}
	return false;
}

void csv_cell_append(struct buffer *out, slice cell, bool as_text)
{
	bool quoted = needs_quotes(cell);
	buffer_append_text(out, quoted ? "\"" : "");
	buffer_append_text(out, as_text ? "'" : "");
	for (size_t index = 0; index < cell.size; index++) {
		if (cell.data[index] == '"')
			buffer_append_text(out, "\"");
		buffer_append(out, &cell.data[index], 1);
	}
	buffer_append_text(out, quoted ? "\"" : "");
}
