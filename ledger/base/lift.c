/* SPDX-License-Identifier: Apache-2.0 */
#include "base/lift.h"

#include "base/amount.h"
#include "base/try.h"

#include <stdlib.h>

/* Those that have a weight by the part of it that they have had. */
static int compare_parts(const void *left, const void *right)
{
	const struct split_share *one = *(const struct split_share *const *)left;
	const struct split_share *other = *(const struct split_share *const *)right;
	__int128 above = (__int128)one->had * other->weight - (__int128)other->had * one->weight;
	if (above != 0)
		return above > 0 ? 1 : -1;
	return one < other ? -1 : 1;
}

/* What so many of them take until they have come to the part that the next one has had. */
static amount_sum taken_below(const struct split_share *const *order, size_t count)
{
	const struct split_share *next = order[count];
	amount_sum sum = 0;
	for (size_t row = 0; row < count; row++) {
		const struct split_share *share = order[row];
		amount_sum due = (amount_sum)share->weight * next->had / next->weight - share->had;
		if (due > 0)
			sum += due < share->room ? due : share->room;
	}
	return sum;
}

/* How many of them have a share in it: it lifts all but the last of those to the part of the next. */
static size_t find_lifted(const struct split_share *const *order, size_t count, int64_t amount)
{
	size_t low = count > 0 ? 1 : 0;
	while (low < count) {
		size_t middle = low + (count - low) / 2;
		if (taken_below(order, middle) >= amount)
			count = middle;
		else
			low = middle + 1;
	}
	return count;
}

/* Shares of those that are lifted; of the others nothing. */
static int64_t keep_lifted(const struct split_share *shares, size_t count, const struct split_share **order,
	struct split_share *lifted, int64_t amount)
{
	amount_sum room = 0;
	size_t some = 0;
	for (size_t row = 0; row < count; row++) {
		if (shares[row].weight == 0)
			continue;
		order[some++] = &shares[row];
		room += shares[row].room;
	}
	if (room < amount)
		amount = (int64_t)room;
	qsort(order, some, sizeof(void *), compare_parts);
	some = find_lifted(order, some, amount);
	for (size_t row = 0; row < some; row++)
		lifted[order[row] - shares] = *order[row];
	return amount;
}

enum recourse_error lift_make(struct arena *arena, int64_t amount, const struct split_share *shares,
	size_t count, int64_t **parts, struct split_carry *carry)
{
	const struct split_share **order = arena_allocate(arena, (count + 1) * sizeof *order);
	struct split_share *lifted = arena_allocate(arena, (count + 1) * sizeof *lifted);
	*parts = arena_allocate(arena, (count + 1) * sizeof **parts);
	if (order == NULL || lifted == NULL || *parts == NULL)
		return RECOURSE_MEMORY;
	amount = keep_lifted(shares, count, order, lifted, amount);
	TRY(split_carry_listed(amount, lifted, count, carry));
	for (size_t row = 0; row < count; row++) {
		bool tie = row <= carry->last_tie && split_carry_at_cut(carry, &lifted[row]);
		(*parts)[row] = split_carry_part(carry, &lifted[row], tie);
	}
	return RECOURSE_OK;
}
