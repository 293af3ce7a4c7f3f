/* SPDX-License-Identifier: Apache-2.0 */
#include "export/export_name.h"
#include "base/instant.h"

#include <inttypes.h>

static void append_amount(const struct unit *unit, int64_t steps, struct buffer *out)
{
	export_name_amount(unit, steps, out);
	buffer_append_text(out, " ");
	export_name_hledger_unit(unit, out);
}

/*
 * ';' would begin a comment, and a comment may hold tags that move a posting to another date; '|' divides payee
 * and note. Blanks are kept one by one, so that no two stand together: two end an account's name.
 */
static void append_text(slice text, struct buffer *out)
{
	for (size_t index = 0; index < text.size; index++) {
		uint8_t character = text.data[index];
		bool edge = index == 0 || index + 1 == text.size || text.data[index - 1] == ' ';
		bool special =
			strchr("%;|", character) != NULL || character < ' ' || (character == ' ' && edge);
		if (special)
			buffer_append_format(out, "%%%02X", character);
		else
			buffer_append(out, &character, 1);
	}
}

/* Digits behind the point say how precise a unit is; a point says that there are none. */
static void declare_unit(const struct unit *unit, struct buffer *out)
{
	buffer_append_text(out, "commodity ");
	export_name_amount(unit, 0, out);
	if (unit->digits == 0)
		buffer_append_text(out, ".");
	buffer_append_text(out, " ");
	export_name_hledger_unit(unit, out);
	buffer_append_text(out, "\n");
}

static void begin(const struct export_period *period, struct buffer *out)
{
	buffer_append_format(out,
		"; entries %" PRIu64 " to %" PRIu64 " of a Recourse ledger\n\ndecimal-mark .\n\n",
		period->first, period->last);
	for (size_t index = 0; index < period->unit_count; index++)
		declare_unit(&period->units[index], out);
	buffer_append_text(out, "\n");
	for (size_t index = 0; index < period->closing_count; index++) {
		const struct export_line *line = &period->closing[index];
		if (index > 0 && export_name_same(line, line - 1))
			continue;
		buffer_append_text(out, "account ");
		export_name_hledger(line, out);
		buffer_append_text(out, "\n");
	}
}

static void append_entry(const struct export_entry *entry, struct buffer *out)
{
	char time[INSTANT_TEXT_SIZE];
	instant_format(entry->time, time);
	buffer_append_text(out, "\n");
	export_name_date(entry->time, out);
	buffer_append_format(out, " * (%" PRIu64 ") %.*s", entry->number, SLICE_ARGUMENTS(entry->kind));
	if (entry->reason.size > 0)
		buffer_append_text(out, " | ");
	append_text(entry->reason, out);
	buffer_append_format(
		out, "\n    ; entry:%" PRIu64 ", time:%s, leaf:%s\n", entry->number, time, entry->leaf);
	for (size_t index = 0; index < entry->count; index++) {
		const struct export_line *line = &entry->lines[index];
		buffer_append_text(out, "    ");
		export_name_hledger(line, out);
		buffer_append_text(out, "  ");
		append_amount(&line->unit, line->steps, out);
		buffer_append_text(out, "\n");
	}
}

/* What the ledger says that the balances are, held against what the postings add up to. */
static void end(const struct export_period *period, struct buffer *out)
{
	if (period->closing_count == 0)
		return;
	buffer_append_text(out, "\n");
	export_name_date(period->ends, out);
	buffer_append_format(out, " * closing | balances as of entry %" PRIu64 "\n", period->last);
	for (size_t index = 0; index < period->closing_count; index++) {
		const struct export_line *line = &period->closing[index];
		buffer_append_text(out, "    ");
		export_name_hledger(line, out);
		buffer_append_text(out, "  ");
		append_amount(&line->unit, 0, out);
		buffer_append_text(out, " = ");
		append_amount(&line->unit, line->steps, out);
		buffer_append_text(out, "\n");
	}
}

const struct export_format export_hledger = {
	.name = "hledger", .begin = begin, .entry = append_entry, .end = end};
