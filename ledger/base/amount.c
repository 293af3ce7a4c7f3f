/* SPDX-License-Identifier: Apache-2.0 */
#include "base/amount.h"

#include <assert.h>

typedef unsigned __int128 wide;

enum recourse_error amount_add_steps(int64_t a, int64_t b, int64_t *result)
{
	int64_t sum;
	if (__builtin_add_overflow(a, b, &sum))
		return RECOURSE_OVERFLOW;
	*result = sum;
	return RECOURSE_OK;
}

enum recourse_error amount_scale(
	int64_t a, int64_t multiplier, int64_t divisor, enum amount_rounding rounding, int64_t *result)
{
	assert(a >= 0 && multiplier >= 0 && divisor > 0);
	/* Two factors below 2^63: the product is below 2^126. What is added to it makes the quotient the next one. */
	const int64_t added[] = {
		[AMOUNT_ROUND_DOWN] = 0,
		[AMOUNT_ROUND_HALF_UP] = divisor / 2,
		[AMOUNT_ROUND_UP] = divisor - 1,
	};
	wide product = (wide)a * (uint64_t)multiplier;
	wide quotient = (product + (uint64_t)added[rounding]) / (uint64_t)divisor;
	if (quotient > INT64_MAX)
		return RECOURSE_OVERFLOW;
	*result = (int64_t)quotient;
	return RECOURSE_OK;
}

/* A decimal text taken apart: the digits before the point, and those behind it. */
struct decimal {
	slice whole;
	slice fraction;
	bool point;
	bool negative;
};

static size_t digits_prefix(slice text)
{
	size_t count = 0;
	while (count < text.size && text.data[count] >= '0' && text.data[count] <= '9')
		count++;
	return count;
}

static bool decimal_read(slice text, struct decimal *decimal)
{
	*decimal = (struct decimal){.negative = text.size > 0 && text.data[0] == '-'};
	slice rest = decimal->negative ? slice_from(text, 1) : text;
	decimal->whole = slice_of(rest.data, digits_prefix(rest));
	if (decimal->whole.size == 0 || (decimal->whole.size > 1 && rest.data[0] == '0'))
		return false;
	rest = slice_from(rest, decimal->whole.size);
	if (rest.size == 0)
		return true;
	decimal->point = rest.data[0] == '.';
	decimal->fraction = slice_from(rest, 1);
	return decimal->point && decimal->fraction.size > 0 &&
	       digits_prefix(decimal->fraction) == decimal->fraction.size;
}

/* Adds the digits behind `value`. False beyond `limit`, which is far enough from 2^128 to test after. */
static bool append_digits(slice digits, wide limit, wide *value)
{
	for (size_t index = 0; index < digits.size; index++) {
		uint64_t digit = digits.data[index] - (uint64_t)'0';
		*value = *value * 10 + digit;
		if (*value > limit)
			return false;
	}
	return true;
}

enum recourse_error amount_parse(const struct unit *unit, slice text, int64_t *steps)
{
	assert(unit->step >= 1 && unit->step <= UNIT_STEP_MAX && unit->digits <= UNIT_DIGITS_MAX);
	struct decimal decimal;
	if (!decimal_read(text, &decimal))
		return RECOURSE_FIELD_FORMAT;

	/* Below zero there is one step more: INT64_MIN is an amount like any other. */
	wide steps_max = (wide)INT64_MAX + decimal.negative;
	wide limit = steps_max * unit->step;
	wide value = 0;
	bool fits =
		append_digits(decimal.whole, limit, &value) && append_digits(decimal.fraction, limit, &value);
	if (decimal.negative && value == 0)
		return RECOURSE_FIELD_FORMAT;
	if (decimal.fraction.size != unit->digits)
		return RECOURSE_AMOUNT_DIGITS;
	if (!fits)
		return RECOURSE_OVERFLOW;
	if (value % unit->step != 0)
		return RECOURSE_AMOUNT_DIGITS;
	uint64_t magnitude = (uint64_t)(value / unit->step);
	*steps = (int64_t)(decimal.negative ? 0 - magnitude : magnitude);
	return RECOURSE_OK;
}

size_t amount_format_sum(const struct unit *unit, amount_sum steps, char text[static AMOUNT_SUM_TEXT_SIZE])
{
	assert(unit->step >= 1 && unit->step <= UNIT_STEP_MAX && unit->digits <= UNIT_DIGITS_MAX);
	wide value = (steps < 0 ? 0 - (wide)steps : (wide)steps) * unit->step;

	/* Written from the right, so that the digits need not be counted first. */
	char reversed[AMOUNT_SUM_TEXT_SIZE];
	size_t length = 0;
	for (size_t digits = 0; digits <= unit->digits || value > 0; digits++) {
		if (digits == unit->digits && digits > 0)
			reversed[length++] = '.';
		reversed[length++] = (char)('0' + (int)(value % 10));
		value /= 10;
	}
	if (steps < 0)
		reversed[length++] = '-';
	assert(length < AMOUNT_SUM_TEXT_SIZE);
	for (size_t index = 0; index < length; index++)
		text[index] = reversed[length - 1 - index];
	text[length] = '\0';
	return length;
}

size_t amount_format(const struct unit *unit, int64_t steps, char text[static AMOUNT_TEXT_SIZE])
{
	char sum[AMOUNT_SUM_TEXT_SIZE];
	size_t length = amount_format_sum(unit, steps, sum);
	assert(length < AMOUNT_TEXT_SIZE);
	memcpy(text, sum, length + 1);
	return length;
}
