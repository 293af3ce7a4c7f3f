/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "recourse.h"

/*
 * Splits by largest remainder (Hamilton), exact to the smallest step: the parts always sum to the
 * whole. Every part is floor(amount × weight ÷ total), and the steps that are left go one each to
 * the largest remainders; among equal remainders, to the one that comes first.
 *
 * A split among a million claims is not stored part by part. It is stored as its rule, `struct split`,
 * from which any one part is computed alone: everyone whose remainder is above `cut` gets a step
 * more, and of those whose remainder equals `cut` the first `ties` do. The order of the parts is the
 * caller's and must not depend on when a claim was filed.
 */
struct split {
	int64_t amount;    /* steps to share out, ≥ 0 */
	int64_t total;     /* sum of the weights, > 0 unless amount is 0 */
	int64_t cut;       /* the remainder from which on a part is rounded up; total when none is */
	uint64_t ties;     /* how many, first ones first, with remainder == cut get a step more */
	uint64_t last_tie; /* index of the last of those; 0 when ties is 0 */
};

/*
 * Makes the rule for `amount` over `weights[0..count)`. `scratch` has room for `count` values and is
 * overwritten. Weights are ≥ 0. SHARES_WRONG when a weight or the amount is negative or all weights
 * are 0 while the amount is not; OVERFLOW when the weights' sum does not fit 64 bits.
 * Cost: O(count) on average, whatever the order.
 */
enum recourse_error split_make(
	int64_t amount, const int64_t *weights, size_t count, int64_t *scratch, struct split *split);

/* The remainder that decides about a part of that weight: amount × weight mod total. */
int64_t split_remainder(const struct split *split, int64_t weight);

/* One part. `tie` says that this part is among the first `ties` of those whose remainder is `cut`. */
int64_t split_part(const struct split *split, int64_t weight, bool tie);

/*
 * All parts at once, for small lists: liable parties, pools of one rank. `parts` are not the weights. Same errors as
 * split_make().
 */
enum recourse_error split_all(int64_t amount, const int64_t *weights, size_t count, int64_t *parts);

/*
 * The same among those who have had something already, in total: all of them end at the same part of their weight, to
 * within a step, however often and in whatever sums it came. Whoever has had more than that keeps it and gets nothing
 * (money is never taken back), so what a rounding gave to one the next split gives to another. The first split, when
 * nobody has had anything, is split_make()'s.
 *
 *   due    weight × level ÷ weights − had     rounded down, the rest being the remainder
 *   part   due − less, and a step more for a remainder above `cut`; from zero up to `room`
 *
 * `level` is what all of them have then, where nobody is bounded by its room.
 */
struct split_carry {
	int64_t level;     /* ≥ 0 */
	int64_t weights;   /* their sum, > 0 unless nothing is shared out */
	int64_t cut;       /* as in struct split */
	int64_t less;      /* ≥ 0; above zero where some have more than their due */
	uint64_t ties;     /* the same */
	uint64_t last_tie; /* the same */
};

/* One of them. `room`: at most so much more; what the others then get for it keeps them equal as well. */
struct split_share {
	int64_t weight;
	int64_t had;
	int64_t room;
};

/* Shares that are read from the first one on, always the same; so a million of them need not lie side by side. */
struct split_source {
	void *context;
	void (*begin)(void *context);
	bool (*next)(void *context, struct split_share *share); /* false: that was all */
};

/*
 * Makes the rule for `amount` more. SHARES_WRONG when something is negative or all rooms together are less than the amount;
 * OVERFLOW when the weights, or what all have then, do not fit 64 bits.
 * Cost: every share is read some ten times; some sixty times more where rooms bind.
 */
enum recourse_error split_carry_make(
	int64_t amount, const struct split_source *source, struct split_carry *carry);

/* The same of those in an array. */
enum recourse_error split_carry_listed(
	int64_t amount, const struct split_share *shares, size_t count, struct split_carry *carry);

/* Whether it depends on its place among the ties what this one gets. */
bool split_carry_at_cut(const struct split_carry *carry, const struct split_share *share);

/* Its part; `tie` as in split_part(). */
int64_t split_carry_part(const struct split_carry *carry, const struct split_share *share, bool tie);
