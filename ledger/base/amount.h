/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/unit.h"

/*
 * Checked money. An amount is a signed 64-bit count of the steps of its unit; no result is ever wrapped or rounded
 * silently.
 */
enum {
	AMOUNT_TEXT_SIZE = 40,    /* sign, 19 digits, point, leading zeros and the final NUL fit */
	AMOUNT_SUM_TEXT_SIZE = 48 /* the same of a sum, with 39 digits */
};

/* A sum of amounts, wide enough for all that a log can hold; in records it is aligned as their other members are. */
typedef __int128 amount_sum __attribute__((aligned(8)));

/* OVERFLOW leaves `*result` untouched. */
enum recourse_error amount_add_steps(int64_t a, int64_t b, int64_t *result);

/* The smaller one, the greater one; and what is beyond a limit, nothing where that is not reached. */
static inline int64_t amount_least(int64_t one, int64_t other)
{
	return one < other ? one : other;
}

static inline int64_t amount_most(int64_t one, int64_t other)
{
	return one > other ? one : other;
}

static inline int64_t amount_beyond(int64_t amount, int64_t limit)
{
	return amount > limit ? amount - limit : 0;
}

/* A sum within 64 bits: nothing where it is less than that, the most where it is more. */
static inline int64_t amount_within(amount_sum steps)
{
	return steps < 0 ? 0 : steps > INT64_MAX ? INT64_MAX : (int64_t)steps;
}

/* So much of it, rounded down, as the part is of the whole: none are below 0, and the part is within the whole. */
static inline int64_t amount_share(int64_t steps, int64_t part, int64_t whole)
{
	return whole > 0 ? (int64_t)((amount_sum)steps * part / whole) : 0;
}

enum amount_rounding { AMOUNT_ROUND_DOWN, AMOUNT_ROUND_HALF_UP, AMOUNT_ROUND_UP };

/*
 * a × multiplier ÷ divisor in 128 bits: units × lot price ÷ lot size, loss × rate. All three are
 * ≥ 0 and the divisor > 0 (asserted). OVERFLOW when the result does not fit.
 */
enum recourse_error amount_scale(
	int64_t a, int64_t multiplier, int64_t divisor, enum amount_rounding rounding, int64_t *result);

/*
 * A decimal text with exactly the digits of the unit: "3000.00" in CNY, "3000" in JPY. An optional
 * '-', no '+', no leading zero but the one before the point, no exponent, no blanks, no grouping.
 * FIELD_FORMAT when it is no decimal at all, AMOUNT_DIGITS when its digits or step are not the
 * unit's ("3000" CNY, "0.03" on a step of 0.05), OVERFLOW when it does not fit. "-0" is FIELD_FORMAT.
 */
enum recourse_error amount_parse(const struct unit *unit, slice text, int64_t *steps);

/* The inverse of amount_parse(), and the same of a sum. Returns the length written, without the final NUL. */
size_t amount_format(const struct unit *unit, int64_t steps, char text[static AMOUNT_TEXT_SIZE]);
size_t amount_format_sum(const struct unit *unit, amount_sum steps, char text[static AMOUNT_SUM_TEXT_SIZE]);
