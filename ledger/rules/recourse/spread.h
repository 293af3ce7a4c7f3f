/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "recourse.h"

/*
 * As many as one sum is ever spread over: the liable parties of a section, its merchant and the issuer, whose pools pay,
 * and others who only paid or caused costs.
 */
enum {
	SPREAD_LIABLE_MAX = 16,
	SPREAD_OTHERS_MAX = 6,
	SPREAD_MAX = SPREAD_LIABLE_MAX + 2 + SPREAD_OTHERS_MAX
};

/*
 * Each bears base + λ × share, and nobody more than `most`; λ ≥ 0 is such that all of the total is borne. Where it is
 * not, nobody could take more. A share of 0 takes nothing beyond its base. The bases do not exceed the total. OVERFLOW.
 */
enum recourse_error spread_fill(int64_t total, size_t count, const int64_t *base, const int64_t *share,
	const int64_t *most, int64_t *parts);

/* Splits by weight; nothing to anybody where all weights are zero. */
enum recourse_error spread_split(int64_t total, size_t count, const int64_t *weights, int64_t *parts);

/* The same, but nobody has less than it `had`: where that is more than the total, all have what they had, and no more. */
enum recourse_error spread_above(
	int64_t total, size_t count, const int64_t *weights, const int64_t *had, int64_t *parts);

enum recourse_error spread_sum(size_t count, const int64_t *amounts, int64_t *sum);
