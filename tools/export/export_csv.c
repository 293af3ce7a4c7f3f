/* SPDX-License-Identifier: Apache-2.0 */
#include "csv_cell.h"
#include "export/export_name.h"
#include "books/chart.h"
#include "base/instant.h"

#include <inttypes.h>

static void append_cell(slice text, struct buffer *out)
{
	buffer_append_text(out, ",");
	csv_cell_text(out, text);
}

static void begin(const struct export_period *period, struct buffer *out)
{
	(void)period;
	buffer_append_text(
		out, "entry,time,kind,reason,code,account,party,reference,unit,debit,credit,leaf\r\n");
}

static void append_line(const struct export_line *line, struct buffer *out)
{
	const struct chart_row *row = chart_find(line->code);
	buffer_append_format(out, ",%u", line->code);
	append_cell(slice_text(row == NULL ? "unknown" : row->name), out);
	append_cell(line->party, out);
	append_cell(line->reference, out);
	append_cell(unit_code(&line->unit), out);
	buffer_append_text(out, ",");
	export_name_amount(&line->unit, line->steps > 0 ? line->steps : 0, out);
	buffer_append_text(out, ",");
	export_name_amount(&line->unit, line->steps < 0 ? -line->steps : 0, out);
}

static void append_entry(const struct export_entry *entry, struct buffer *out)
{
	char time[INSTANT_TEXT_SIZE];
	instant_format(entry->time, time);
	for (size_t index = 0; index < entry->count; index++) {
		buffer_append_format(out, "%" PRIu64 ",%s", entry->number, time);
		append_cell(entry->kind, out);
		append_cell(entry->reason, out);
		append_line(&entry->lines[index], out);
		buffer_append_format(out, ",%s\r\n", entry->leaf);
	}
}

static void end(const struct export_period *period, struct buffer *out)
{
	(void)period;
	(void)out;
}

const struct export_format export_csv = {.name = "csv", .begin = begin, .entry = append_entry, .end = end};
