/* SPDX-License-Identifier: Apache-2.0 */
#include "bank/bank_amount.h"

#include <string.h>

enum { DECIMAL_SIZE_MAX = 32, COUNT_DIGITS_MAX = 15, GROUP = 3 };

static bool is_digit(uint8_t byte)
{
	return byte >= '0' && byte <= '9';
}

static size_t digits_of(slice text)
{
	size_t count = 0;
	while (count < text.size && is_digit(text.data[count]))
		count++;
	return count;
}

/* Takes the separators out: "1,234,567.00". False where one is missing or stands elsewhere. */
static bool ungroup(slice text, char grouping, char plain[static DECIMAL_SIZE_MAX + 1], size_t *size)
{
	slice whole = text;
	size_t since = 0;
	bool grouped = false;
	*size = 0;
	for (size_t index = 0; index < text.size; index++) {
		if (text.data[index] == '.')
			whole.size = index;
		if (index >= whole.size || text.data[index] != (uint8_t)grouping || grouping == 0) {
			if (*size == DECIMAL_SIZE_MAX)
				return false;
			plain[(*size)++] = (char)text.data[index];
			since += index < whole.size;
			continue;
		}
		if (since == 0 || since > GROUP || (grouped && since != GROUP))
			return false;
		grouped = true;
		since = 0;
	}
	return !grouped || since == GROUP;
}

static void append(char *text, size_t *size, slice part)
{
	if (part.size > 0)
		memcpy(text + *size, part.data, part.size);
	*size += part.size;
}

/* To the one form that amount_parse() takes; `size` and what is there are those of a decimal. */
static enum recourse_error to_steps(
	const struct unit *unit, slice whole, slice behind, int64_t *steps, const char **why)
{
	char text[2 * DECIMAL_SIZE_MAX];
	while (whole.size > 1 && whole.data[0] == '0')
		whole = slice_from(whole, 1);
	size_t size = 0;
	append(text, &size, whole);
	if (unit->digits > 0)
		text[size++] = '.';
	append(text, &size, behind);
	for (size_t count = behind.size; count < unit->digits; count++)
		text[size++] = '0';
	enum recourse_error error = amount_parse(unit, slice_of(text, size), steps);
	if (error != RECOURSE_OK)
		*why = error == RECOURSE_OVERFLOW ? "more than 64 bits hold" : "no step of its unit";
	return error;
}

static enum recourse_error split(
	slice text, char grouping, char plain[static DECIMAL_SIZE_MAX + 1], slice *whole, slice *behind)
{
	size_t size;
	if (text.size > DECIMAL_SIZE_MAX || !ungroup(text, grouping, plain, &size))
		return RECOURSE_FIELD_FORMAT;
	slice rest = slice_of(plain, size);
	*whole = slice_of(plain, digits_of(rest));
	*behind = slice_of(plain, 0);
	if (whole->size == 0)
		return RECOURSE_FIELD_FORMAT;
	if (whole->size == size)
		return RECOURSE_OK;
	rest = slice_from(rest, whole->size);
	*behind = slice_from(rest, 1);
	bool sound = rest.data[0] == '.' && behind->size > 0 && digits_of(*behind) == behind->size;
	return sound ? RECOURSE_OK : RECOURSE_FIELD_FORMAT;
}

static const char no_decimal[] = "no decimal without a sign";

enum recourse_error bank_amount_read(
	const struct unit *unit, slice text, char grouping, int64_t *steps, const char **why)
{
	char plain[DECIMAL_SIZE_MAX + 1];
	slice whole;
	slice behind;
	*why = no_decimal;
	if (split(text, grouping, plain, &whole, &behind) != RECOURSE_OK)
		return RECOURSE_FIELD_FORMAT;
	*why = "more decimals than its unit has";
	return behind.size > unit->digits ? RECOURSE_AMOUNT_DIGITS
					  : to_steps(unit, whole, behind, steps, why);
}

enum recourse_error bank_amount_read_sum(
	const struct unit *unit, slice text, int64_t *steps, const char **why)
{
	char plain[DECIMAL_SIZE_MAX + 1];
	slice whole;
	slice behind;
	*why = no_decimal;
	if (split(text, 0, plain, &whole, &behind) != RECOURSE_OK)
		return RECOURSE_FIELD_FORMAT;
	while (behind.size > unit->digits && behind.data[behind.size - 1] == '0')
		behind.size--;
	*why = "more decimals than its unit has";
	return behind.size > unit->digits ? RECOURSE_AMOUNT_DIGITS
					  : to_steps(unit, whole, behind, steps, why);
}

enum recourse_error bank_amount_read_count(slice text, uint64_t *count)
{
	if (text.size == 0 || text.size > COUNT_DIGITS_MAX || digits_of(text) != text.size)
		return RECOURSE_FIELD_FORMAT;
	*count = 0;
	for (size_t index = 0; index < text.size; index++)
		*count = *count * 10 + (uint64_t)(text.data[index] - '0');
	return RECOURSE_OK;
}
