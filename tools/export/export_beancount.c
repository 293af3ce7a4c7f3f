/* SPDX-License-Identifier: Apache-2.0 */
#include "export/export_name.h"
#include "base/instant.h"

#include <inttypes.h>

static void append_amount(const struct unit *unit, int64_t steps, const char *between, struct buffer *out)
{
	export_name_amount(unit, steps, out);
	buffer_append_text(out, between);
	export_name_beancount_unit(unit, out);
}

static void append_quoted(slice text, struct buffer *out)
{
	buffer_append_text(out, "\"");
	for (size_t index = 0; index < text.size; index++) {
		if (text.data[index] == '"' || text.data[index] == '\\')
			buffer_append_text(out, "\\");
		buffer_append(out, &text.data[index], 1);
	}
	buffer_append_text(out, "\"");
}

static void append_member(const char *name, slice text, struct buffer *out)
{
	buffer_append_format(out, "  %s: ", name);
	append_quoted(text, out);
	buffer_append_text(out, "\n");
}

static void declare_unit(const struct unit *unit, uint64_t date, struct buffer *out)
{
	struct unit currency;
	if (unit_currency(unit_code(unit), &currency) == RECOURSE_OK)
		buffer_append_format(
			out, "option \"operating_currency\" \"%.*s\"\n", SLICE_ARGUMENTS(unit_code(unit)));
	export_name_date(date, out);
	buffer_append_text(out, " commodity ");
	export_name_beancount_unit(unit, out);
	buffer_append_text(out, "\n");
	append_member("unit", unit_code(unit), out);
}

static void declare_account(const struct export_line *line, uint64_t date, struct buffer *out)
{
	export_name_date(date, out);
	buffer_append_text(out, " open ");
	export_name_beancount(line, out);
	buffer_append_format(out, "\n  code: \"%u\"\n", line->code);
	append_member("party", line->party, out);
	append_member("reference", line->reference, out);
}

static void begin(const struct export_period *period, struct buffer *out)
{
	buffer_append_format(out, "; entries %" PRIu64 " to %" PRIu64 " of a Recourse ledger\n\n",
		period->first, period->last);
	for (size_t index = 0; index < period->unit_count; index++)
		declare_unit(&period->units[index], period->begins, out);
	for (size_t index = 0; index < period->closing_count; index++) {
		const struct export_line *line = &period->closing[index];
		if (index == 0 || !export_name_same(line, line - 1))
			declare_account(line, period->begins, out);
	}
}

static void append_entry(const struct export_entry *entry, struct buffer *out)
{
	char time[INSTANT_TEXT_SIZE];
	instant_format(entry->time, time);
	buffer_append_text(out, "\n");
	export_name_date(entry->time, out);
	buffer_append_text(out, " * ");
	append_quoted(entry->kind, out);
	buffer_append_text(out, " ");
	append_quoted(entry->reason, out);
	buffer_append_format(out, "\n  entry: %" PRIu64 "\n", entry->number);
	append_member("time", slice_text(time), out);
	append_member("leaf", slice_text(entry->leaf), out);
	for (size_t index = 0; index < entry->count; index++) {
		const struct export_line *line = &entry->lines[index];
		buffer_append_text(out, "  ");
		export_name_beancount(line, out);
		buffer_append_text(out, "  ");
		append_amount(&line->unit, line->steps, " ", out);
		buffer_append_text(out, "\n");
	}
}

/* Beancount looks at the beginning of a day, and lets a step pass unless it is told not to. */
static void end(const struct export_period *period, struct buffer *out)
{
	buffer_append_text(out, "\n");
	for (size_t index = 0; index < period->closing_count; index++) {
		const struct export_line *line = &period->closing[index];
		export_name_date(period->ends + INSTANT_DAY, out);
		buffer_append_text(out, " balance ");
		export_name_beancount(line, out);
		buffer_append_text(out, "  ");
		append_amount(&line->unit, line->steps, " ~ 0 ", out);
		buffer_append_text(out, "\n");
	}
}

const struct export_format export_beancount = {
	.name = "beancount", .begin = begin, .entry = append_entry, .end = end};
