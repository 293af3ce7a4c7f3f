/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/recourse/spread.h"

#include "base/amount.h"
#include "base/split.h"
#include "base/try.h"

#include <assert.h>
#include <string.h>

enum recourse_error spread_sum(size_t count, const int64_t *amounts, int64_t *sum)
{
	*sum = 0;
	for (size_t index = 0; index < count; index++)
		TRY(amount_add_steps(*sum, amounts[index], sum));
	return RECOURSE_OK;
}

enum recourse_error spread_split(int64_t total, size_t count, const int64_t *weights, int64_t *parts)
{
	int64_t sum;
	TRY(spread_sum(count, weights, &sum));
	if (sum > 0)
		return split_all(total, weights, count, parts);
	memset(parts, 0, count * sizeof *parts);
	return RECOURSE_OK;
}

enum recourse_error spread_above(
	int64_t total, size_t count, const int64_t *weights, const int64_t *had, int64_t *parts)
{
	int64_t free[SPREAD_MAX];
	bool again;
	assert(count <= SPREAD_MAX);
	memcpy(free, weights, count * sizeof *free);
	do {
		TRY(spread_split(amount_most(total, 0), count, free, parts));
		again = false;
		for (size_t index = 0; index < count; index++) {
			if (free[index] == 0 || parts[index] >= had[index])
				continue;
			free[index] = 0;
			total -= had[index];
			again = true;
		}
	} while (again);
	for (size_t index = 0; index < count; index++)
		parts[index] = free[index] > 0 ? parts[index] : had[index];
	return RECOURSE_OK;
}

/* What those who are not full bear beyond their base. */
static enum recourse_error spread_rest(int64_t total, size_t count, const int64_t *base, const int64_t *share,
	const int64_t *most, const bool *full, int64_t *parts)
{
	int64_t weights[SPREAD_MAX] = {0};
	int64_t more[SPREAD_MAX] = {0};
	for (size_t index = 0; index < count; index++) {
		weights[index] = full[index] ? 0 : share[index];
		parts[index] = full[index] ? most[index] : base[index];
		total -= parts[index];
	}
	TRY(spread_split(total > 0 ? total : 0, count, weights, more));
	for (size_t index = 0; index < count; index++)
		parts[index] += more[index];
	return RECOURSE_OK;
}

enum recourse_error spread_fill(int64_t total, size_t count, const int64_t *base, const int64_t *share,
	const int64_t *most, int64_t *parts)
{
	bool full[SPREAD_MAX];
	bool again;
	assert(count <= SPREAD_MAX);
	for (size_t index = 0; index < count; index++)
		full[index] = base[index] > most[index];
	do {
		TRY(spread_rest(total, count, base, share, most, full, parts));
		again = false;
		for (size_t index = 0; index < count; index++) {
			if (!full[index] && parts[index] > most[index])
				full[index] = again = true;
		}
	} while (again);
	return RECOURSE_OK;
}
