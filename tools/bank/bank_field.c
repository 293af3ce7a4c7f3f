/* SPDX-License-Identifier: Apache-2.0 */
#include "bank/bank_field.h"

#include "bank/bank_amount.h"

/* Max35Text, of which all ids, codes and reasons of these messages are. */
enum { CHARACTERS_MAX = 35, SHOWN = 60 };

#define SHOW(text) ((text).size < SHOWN ? (int)(text).size : SHOWN), (const char *)(text).data

static slice trimmed(slice text, char out[static BANK_ITEM_TEXT_SIZE])
{
	return bank_item_text(text, BANK_ITEM_CHARACTERS, out) == RECOURSE_OK ? slice_text(out) : text;
}

bool bank_field_text(struct bank_xml *xml, slice text, char out[static BANK_ITEM_TEXT_SIZE])
{
	enum recourse_error error = bank_item_text(text, CHARACTERS_MAX, out);
	if (error != RECOURSE_OK)
		bank_xml_problem(xml, error,
			error == RECOURSE_FIELD_LIMIT
				? "'%.*s' has more than %d characters"
				: "'%.*s' is no text without control characters, of %d at most",
			SHOW(text), CHARACTERS_MAX);
	return error == RECOURSE_OK;
}

bool bank_field_day(struct bank_xml *xml, slice text, char out[static BANK_ITEM_DAY_SIZE])
{
	enum recourse_error error = bank_item_day(text, out);
	if (error != RECOURSE_OK)
		bank_xml_problem(xml, error, "'%.*s' begins with no day YYYY-MM-DD", SHOW(text));
	return error == RECOURSE_OK;
}

bool bank_field_count(struct bank_xml *xml, slice text, uint64_t *count)
{
	char plain[BANK_ITEM_TEXT_SIZE];
	enum recourse_error error = bank_amount_read_count(trimmed(text, plain), count);
	if (error != RECOURSE_OK)
		bank_xml_problem(xml, error, "'%.*s' is no count of 1 to 15 digits", SHOW(text));
	return error == RECOURSE_OK;
}

bool bank_field_flag(struct bank_xml *xml, slice text, bool *flag)
{
	char buffer[BANK_ITEM_TEXT_SIZE];
	slice plain = trimmed(text, buffer);
	bool yes = slice_is(plain, "true") || slice_is(plain, "1");
	bool no = slice_is(plain, "false") || slice_is(plain, "0");
	if (yes || no)
		*flag = yes;
	else
		bank_xml_problem(xml, RECOURSE_FIELD_FORMAT, "'%.*s' is neither true nor false", SHOW(text));
	return yes || no;
}

bool bank_field_side(struct bank_xml *xml, slice text, bool *credit)
{
	char buffer[BANK_ITEM_TEXT_SIZE];
	slice plain = trimmed(text, buffer);
	bool in = slice_is(plain, "CRDT");
	bool out = slice_is(plain, "DBIT");
	if (in || out)
		*credit = in;
	else
		bank_xml_problem(xml, RECOURSE_FIELD_FORMAT, "'%.*s' is neither CRDT nor DBIT", SHOW(text));
	return in || out;
}

bool bank_field_is_in(const struct bank_xml *xml, const struct unit *unit)
{
	return slice_equal(bank_xml_currency(xml), unit_code(unit));
}

bool bank_field_balance(struct bank_xml *xml, slice text, struct unit *unit, int64_t *steps)
{
	char plain[BANK_ITEM_TEXT_SIZE];
	const char *why;
	slice currency = bank_xml_currency(xml);
	if (unit->code[0] == '\0' && unit_currency(currency, unit) != RECOURSE_OK) {
		bank_xml_problem(xml, RECOURSE_UNIT_UNKNOWN, "Ccy=\"%.*s\" is no currency of ISO 4217",
			SHOW(currency));
		return false;
	}
	if (!bank_field_is_in(xml, unit)) {
		bank_xml_problem(xml, RECOURSE_UNIT_MISMATCH, "Ccy=\"%.*s\", where the rest is in %.*s",
			SHOW(currency), SLICE_ARGUMENTS(unit_code(unit)));
		return false;
	}
	enum recourse_error error = bank_amount_read(unit, trimmed(text, plain), 0, steps, &why);
	if (error != RECOURSE_OK)
		bank_xml_problem(
			xml, error, "'%.*s' %.*s: %s", SHOW(text), SLICE_ARGUMENTS(unit_code(unit)), why);
	return error == RECOURSE_OK;
}

bool bank_field_amount(struct bank_xml *xml, slice text, struct unit *unit, int64_t *steps)
{
	if (!bank_field_balance(xml, text, unit, steps))
		return false;
	if (*steps == 0)
		bank_xml_problem(xml, RECOURSE_AMOUNT_RANGE, "an amount of nothing");
	return *steps != 0;
}
