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
