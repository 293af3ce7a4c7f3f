/* SPDX-License-Identifier: Apache-2.0 */
#include "base/split.h"

#include "base/try.h"

#include <assert.h>

typedef unsigned __int128 wide;

enum {
	DIGIT_BITS = 8,
	DIGIT_COUNT = 1 << DIGIT_BITS,
};

/*
 * amount × weight needs up to 126 bits; where it fits 64, as nearly always, the division costs a
 * tenth. All three are ≥ 0 and the total > 0.
 */
static int64_t quotient_of(int64_t amount, int64_t weight, int64_t total, int64_t *remainder)
{
	uint64_t product;
	uint64_t divisor = (uint64_t)total;
	if (!__builtin_mul_overflow((uint64_t)amount, (uint64_t)weight, &product)) {
		*remainder = (int64_t)(product % divisor);
		return (int64_t)(product / divisor);
	}
	wide wide_product = (wide)amount * (uint64_t)weight;
	*remainder = (int64_t)(wide_product % divisor);
	return (int64_t)(wide_product / divisor);
}

static enum recourse_error sum_weights(const int64_t *weights, size_t count, int64_t *total)
{
	bool overflow = false;
	int64_t sum = 0;
	for (size_t index = 0; index < count; index++) {
		if (weights[index] < 0)
			return RECOURSE_SHARES_WRONG;
		overflow = overflow || __builtin_add_overflow(sum, weights[index], &sum);
	}
	if (overflow)
		return RECOURSE_OVERFLOW;
	*total = sum;
	return RECOURSE_OK;
}

/*
 * The value at place `*rank` (1 is the largest) among values in [0, top], found digit by digit from
 * the highest: one counting pass per byte of `top`, whatever the values and their order, so no list
 * of claims can be arranged to make it slow. `*rank` becomes its place among those equal to it.
 */
static int64_t select_largest(const int64_t *values, size_t count, int64_t top, uint64_t *rank)
{
	unsigned shift = 0;
	while (shift + DIGIT_BITS < 64 && (uint64_t)top >> (shift + DIGIT_BITS) != 0)
		shift += DIGIT_BITS;

	uint64_t prefix = 0; /* the digits found so far */
	for (;; shift -= DIGIT_BITS) {
		uint64_t counts[DIGIT_COUNT] = {0};
		for (size_t index = 0; index < count; index++) {
			uint64_t digits = (uint64_t)values[index] >> shift;
			if (digits >> DIGIT_BITS == prefix)
				counts[digits % DIGIT_COUNT]++;
		}
		size_t digit = DIGIT_COUNT - 1;
		for (; *rank > counts[digit]; digit--) {
			assert(digit > 0);
			*rank -= counts[digit];
		}
		prefix = prefix << DIGIT_BITS | digit;
		if (shift == 0)
			return (int64_t)prefix;
	}
}

static uint64_t index_of_occurrence(const int64_t *values, size_t count, int64_t value, uint64_t occurrence)
{
	for (size_t index = 0; index < count; index++)
		if (values[index] == value && --occurrence == 0)
			return index;
	assert(false && "the value occurs that often");
	return 0;
}

enum recourse_error split_make(
	int64_t amount, const int64_t *weights, size_t count, int64_t *scratch, struct split *split)
{
	int64_t total;
	TRY(sum_weights(weights, count, &total));
	if (amount < 0)
		return RECOURSE_SHARES_WRONG;
	*split = (struct split){.amount = amount, .total = total, .cut = total};
	if (total == 0)
		return amount == 0 ? RECOURSE_OK : RECOURSE_SHARES_WRONG;

	int64_t given = 0;
	for (size_t index = 0; index < count; index++)
		given += quotient_of(amount, weights[index], total, &scratch[index]);
	assert(given <= amount);
	uint64_t left = (uint64_t)(amount - given);
	if (left == 0)
		return RECOURSE_OK;

	/* The remainders sum to left × total and each is below total: more than `left` are not zero. */
	assert(left < count);
	split->cut = select_largest(scratch, count, total, &left);
	split->ties = left;
	split->last_tie = index_of_occurrence(scratch, count, split->cut, left);
	assert(split->cut > 0 && split->cut < total);
	return RECOURSE_OK;
}

int64_t split_remainder(const struct split *split, int64_t weight)
{
	assert(weight >= 0);
	int64_t remainder = 0;
	if (split->total > 0)
		quotient_of(split->amount, weight, split->total, &remainder);
	return remainder;
}

int64_t split_part(const struct split *split, int64_t weight, bool tie)
{
	assert(weight >= 0 && weight <= split->total);
	if (split->total == 0)
		return 0;
	int64_t remainder;
	int64_t part = quotient_of(split->amount, weight, split->total, &remainder);
	bool up = remainder > split->cut || (remainder == split->cut && tie);
	return part + up;
}

enum recourse_error split_all(int64_t amount, const int64_t *weights, size_t count, int64_t *parts)
{
	struct split split;
	TRY(split_make(amount, weights, count, parts, &split));
	for (size_t index = 0; index < count; index++)
		parts[index] = split_part(&split, weights[index], split.ties > 0 && index <= split.last_tie);
	return RECOURSE_OK;
}
