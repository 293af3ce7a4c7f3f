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

/* Values that are read from the first one on. */
struct values {
	void (*begin)(struct values *this);
	bool (*next)(struct values *this, int64_t *value);
};

/*
 * The value at place `*rank` (1 is the largest) among values in [0, top], found digit by digit from
 * the highest: one counting pass per byte of `top`, whatever the values and their order, so no list
 * of claims can be arranged to make it slow. `*rank` becomes its place among those equal to it.
 */
static int64_t select_largest(struct values *values, int64_t top, uint64_t *rank)
{
	unsigned shift = 0;
	while (shift + DIGIT_BITS < 64 && (uint64_t)top >> (shift + DIGIT_BITS) != 0)
		shift += DIGIT_BITS;

	uint64_t prefix = 0; /* the digits found so far */
	for (;; shift -= DIGIT_BITS) {
		uint64_t counts[DIGIT_COUNT] = {0};
		int64_t value;
		for (values->begin(values); values->next(values, &value);) {
			uint64_t digits = (uint64_t)value >> shift;
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

static uint64_t index_of_occurrence(struct values *values, int64_t value, uint64_t occurrence)
{
	int64_t at;
	uint64_t index = 0;
	for (values->begin(values); values->next(values, &at); index++)
		if (at == value && --occurrence == 0)
			return index;
	assert(false && "the value occurs that often");
	return 0;
}

/* In an array. */
struct listed_values {
	struct values values;
	const int64_t *at;
	size_t count;
	size_t index;
};

static void begin_listed(struct values *values)
{
	((struct listed_values *)(void *)values)->index = 0;
}

static bool next_listed(struct values *values, int64_t *value)
{
	struct listed_values *this = (void *)values;
	if (this->index == this->count)
		return false;
	*value = this->at[this->index++];
	return true;
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
	struct listed_values remainders = {{begin_listed, next_listed}, scratch, count, 0};
	split->cut = select_largest(&remainders.values, total, &left);
	split->ties = left;
	split->last_tie = index_of_occurrence(&remainders.values, split->cut, left);
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

/* ---- with what was had carried over ---- */

struct due {
	int64_t steps;     /* less than zero: it has had more */
	int64_t remainder; /* ≥ 0 */
};

static struct due due_of(const struct split_carry *carry, const struct split_share *share)
{
	__int128 divisor = carry->weights;
	__int128 due = (__int128)share->weight * carry->level - share->had * divisor;
	int64_t steps = (int64_t)(due / divisor);
	int64_t remainder = (int64_t)(due % divisor);
	if (remainder < 0)
		return (struct due){steps - 1, (int64_t)(remainder + carry->weights)};
	return (struct due){steps, remainder};
}

/* Its due less what is taken off everybody's, from zero up to its room. */
static int64_t within(const struct split_carry *carry, const struct split_share *share, struct due due)
{
	int64_t steps = due.steps > carry->less ? due.steps - carry->less : 0;
	return steps < share->room ? steps : share->room;
}

/* A step more would be its own: it is not above its due, and has room. */
static bool may_have_more(const struct split_carry *carry, const struct split_share *share, struct due due)
{
	return due.steps >= carry->less && due.steps - carry->less < share->room;
}

/* What the parts come to without the steps that remainders bring, and how many could have one. */
struct tally {
	wide given;
	uint64_t candidates;
};

static struct tally tally_of(const struct split_carry *carry, const struct split_source *source)
{
	struct tally tally = {0, 0};
	struct split_share share;
	for (source->begin(source->context); source->next(source->context, &share);) {
		struct due due = due_of(carry, &share);
		tally.given += (uint64_t)within(carry, &share, due);
		tally.candidates += may_have_more(carry, &share, due);
	}
	return tally;
}

/* The lowest level at which the amount can be had: rooms keep some below it. */
static void raise_level(struct split_carry *carry, int64_t amount, const struct split_source *source)
{
	int64_t low = carry->level;
	int64_t high = INT64_MAX;
	while (low < high) {
		carry->level = low + (high - low) / 2;
		struct tally tally = tally_of(carry, source);
		if (tally.given + tally.candidates < (wide)amount)
			low = carry->level + 1;
		else
			high = carry->level;
	}
	carry->level = low;
}

/* The fewest steps taken off everybody's due by which the rest is enough: others have had more than theirs. */
static void take_off(struct split_carry *carry, int64_t amount, const struct split_source *source)
{
	int64_t low = 1;
	int64_t high = 1;
	for (carry->less = high; tally_of(carry, source).given > (wide)amount; carry->less = high) {
		low = high + 1;
		high = high > INT64_MAX / 2 ? INT64_MAX : high * 2;
	}
	while (low < high) {
		carry->less = low + (high - low) / 2;
		if (tally_of(carry, source).given > (wide)amount)
			low = carry->less + 1;
		else
			high = carry->less;
	}
	carry->less = low;
}

/* Of each that can have a step its remainder and one, else zero. */
struct carry_values {
	struct values values;
	const struct split_carry *carry;
	const struct split_source *source;
};

static void begin_carry(struct values *values)
{
	const struct split_source *source = ((struct carry_values *)(void *)values)->source;
	source->begin(source->context);
}

static bool next_carry(struct values *values, int64_t *value)
{
	const struct carry_values *this = (void *)values;
	struct split_share share;
	if (!this->source->next(this->source->context, &share))
		return false;
	struct due due = due_of(this->carry, &share);
	*value = may_have_more(this->carry, &share, due) ? due.remainder + 1 : 0;
	return true;
}

/* Who gets the steps that are left. */
static void choose_cut(struct split_carry *carry, uint64_t left, const struct split_source *source)
{
	struct carry_values remainders = {{begin_carry, next_carry}, carry, source};
	carry->cut = carry->weights;
	if (left == 0)
		return;
	int64_t value = select_largest(&remainders.values, carry->weights, &left);
	assert(value > 0);
	carry->cut = value - 1;
	carry->ties = left;
	carry->last_tie = index_of_occurrence(&remainders.values, value, left);
}

static enum recourse_error sum_shares(
	int64_t amount, const struct split_source *source, struct split_carry *carry)
{
	bool overflow = false;
	wide room = 0;
	struct split_share share;
	if (amount < 0)
		return RECOURSE_SHARES_WRONG;
	*carry = (struct split_carry){.level = amount};
	for (source->begin(source->context); source->next(source->context, &share);) {
		if (share.weight < 0 || share.had < 0 || share.room < 0)
			return RECOURSE_SHARES_WRONG;
		overflow = overflow || __builtin_add_overflow(carry->level, share.had, &carry->level) ||
			   __builtin_add_overflow(carry->weights, share.weight, &carry->weights);
		room += (uint64_t)share.room;
	}
	if (overflow)
		return RECOURSE_OVERFLOW;
	return (wide)amount <= room && (carry->weights > 0 || amount == 0) ? RECOURSE_OK
									   : RECOURSE_SHARES_WRONG;
}

enum recourse_error split_carry_make(
	int64_t amount, const struct split_source *source, struct split_carry *carry)
{
	TRY(sum_shares(amount, source, carry));
	if (carry->weights == 0)
		return RECOURSE_OK;
	struct tally tally = tally_of(carry, source);
	if (tally.given > (wide)amount)
		take_off(carry, amount, source);
	else if (tally.given + tally.candidates < (wide)amount)
		raise_level(carry, amount, source);
	tally = tally_of(carry, source);
	assert(tally.given <= (wide)amount);
	if (tally.given + tally.candidates < (wide)amount)
		return RECOURSE_OVERFLOW;
	choose_cut(carry, (uint64_t)((wide)amount - tally.given), source);
	return RECOURSE_OK;
}

struct listed_shares {
	const struct split_share *shares;
	size_t count;
	size_t index;
};

static void begin_shares(void *context)
{
	((struct listed_shares *)context)->index = 0;
}

static bool next_share(void *context, struct split_share *share)
{
	struct listed_shares *this = context;
	if (this->index == this->count)
		return false;
	*share = this->shares[this->index++];
	return true;
}

enum recourse_error split_carry_listed(
	int64_t amount, const struct split_share *shares, size_t count, struct split_carry *carry)
{
	struct listed_shares list = {shares, count, 0};
	const struct split_source source = {&list, begin_shares, next_share};
	return split_carry_make(amount, &source, carry);
}

bool split_carry_at_cut(const struct split_carry *carry, const struct split_share *share)
{
	if (carry->ties == 0)
		return false;
	struct due due = due_of(carry, share);
	return due.remainder == carry->cut && may_have_more(carry, share, due);
}

int64_t split_carry_part(const struct split_carry *carry, const struct split_share *share, bool tie)
{
	if (carry->weights == 0)
		return 0;
	struct due due = due_of(carry, share);
	bool up = may_have_more(carry, share, due) &&
		  (due.remainder > carry->cut || (due.remainder == carry->cut && tie));
	return within(carry, share, due) + up;
}
