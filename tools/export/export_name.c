/* SPDX-License-Identifier: Apache-2.0 */
#include "export/export_name.h"

#include "base/amount.h"
#include "books/chart.h"
#include "base/instant.h"

enum { THOUSANDS = 10 };

/* By the first digit of the code. Beancount knows five roots and no others. */
static const struct {
	const char *hledger;
	const char *beancount;
} roots[THOUSANDS] = {
	[1] = {"assets", "Assets"},
	[2] = {"liabilities", "Liabilities"},
	[3] = {"liabilities", "Liabilities"},
	[8] = {"units", "Equity:Units"},
	[9] = {"memo", "Equity:Memo"},
};

static size_t root_of(uint16_t code)
{
	size_t index = code / 1000U;
	return index < THOUSANDS && roots[index].hledger != NULL ? index : 9;
}

static const char *chart_name(uint16_t code)
{
	const struct chart_row *row = chart_find(code);
	return row == NULL ? "unknown" : row->name;
}

static void append_hledger_id(slice id, struct buffer *out)
{
	for (size_t index = 0; index < id.size; index++) {
		if (id.data[index] == ':')
			buffer_append_text(out, "%3A");
		else
			buffer_append(out, &id.data[index], 1);
	}
}

void export_name_hledger(const struct export_line *line, struct buffer *out)
{
	buffer_append_format(
		out, "%s:%u %s", roots[root_of(line->code)].hledger, line->code, chart_name(line->code));
	if (line->party.size == 0 && line->reference.size == 0)
		return;
	buffer_append_text(out, ":");
	if (line->party.size == 0)
		buffer_append_text(out, "-");
	append_hledger_id(line->party, out);
	if (line->reference.size == 0)
		return;
	buffer_append_text(out, ":");
	append_hledger_id(line->reference, out);
}

/* The letter that stands for it behind a hyphen; 0 where it stands for itself. */
static char code_of(uint8_t character)
{
	switch (character) {
	case '.':
		return 'x';
	case '_':
		return 'z';
	case ':':
		return 'v';
	case '/':
		return 'w';
	case '@':
		return 'q';
	default:
		return '\0';
	}
}

static bool is_small(uint8_t character)
{
	return character >= 'a' && character <= 'z';
}

static void append_beancount_id(slice id, struct buffer *out)
{
	if (id.size == 0) {
		buffer_append_text(out, "0-j");
		return;
	}
	/* a number that stands for an id: what is not there is "0-j" with nothing behind it */
	size_t first = id.data[0] == '@' ? 1 : 0;
	if (first == 1)
		buffer_append_text(out, "0-j");
	for (size_t index = first; index < id.size; index++) {
		uint8_t character = id.data[index];
		uint8_t next = index + 1 < id.size ? id.data[index + 1] : 0;
		if (code_of(character) != '\0')
			buffer_append_format(out, "-%c", code_of(character));
		else if (index == 0 && is_small(character))
			buffer_append_format(out, "%c", character - 'a' + 'A');
		else
			buffer_append(out, &character, 1);
		if (character == '-' && next != 0 && strchr("jkqvwxz", next) != NULL)
			buffer_append_text(out, "k");
	}
	if (is_small(id.data[0]))
		buffer_append_text(out, "-j");
}

void export_name_beancount(const struct export_line *line, struct buffer *out)
{
	buffer_append_format(out, "%s:%u-", roots[root_of(line->code)].beancount, line->code);
	for (const char *at = chart_name(line->code); *at != '\0'; at++)
		buffer_append(out, *at == ' ' ? "-" : at, 1);
	buffer_append_text(out, ":");
	append_beancount_id(line->party, out);
	buffer_append_text(out, ":");
	append_beancount_id(line->reference, out);
}

void export_name_hledger_unit(const struct unit *unit, struct buffer *out)
{
	slice code = unit_code(unit);
	bool letters = true;
	for (size_t index = 0; index < code.size; index++)
		letters = letters && code.data[index] >= 'A' && code.data[index] <= 'Z';
	const char *quote = letters ? "" : "\"";
	buffer_append_format(out, "%s%.*s%s", quote, SLICE_ARGUMENTS(code), quote);
}

void export_name_beancount_unit(const struct unit *unit, struct buffer *out)
{
	slice code = unit_code(unit);
	buffer_append(out, code.data, code.size);
	if (code.size == 1 || code.data[code.size - 1] == '-')
		buffer_append_text(out, ".U");
}

bool export_name_same(const struct export_line *a, const struct export_line *b)
{
	return a->code == b->code && slice_equal(a->party, b->party) &&
	       slice_equal(a->reference, b->reference);
}

void export_name_amount(const struct unit *unit, int64_t steps, struct buffer *out)
{
	char text[AMOUNT_TEXT_SIZE];
	buffer_append(out, text, amount_format(unit, steps, text));
}

void export_name_date(uint64_t instant, struct buffer *out)
{
	char text[INSTANT_TEXT_SIZE];
	instant_format(instant, text);
	buffer_append(out, text, strlen("2026-11-22"));
}
