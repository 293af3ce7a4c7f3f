/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "books/record_claim.h"

/*
 * What is advanced of a claim that was ordered out: what is promised beyond its pool's part, and what of what is out is too much by now
 * (README.md), at most what was ordered as an advance. In steps. The audit reckons it for itself (round_check.c).
 */

/* Of what was ordered out of it, and did not come back for good: as an advance. */
int64_t advanced_ordered(const struct record_claim *claim);

/* Of what it is promised, where the pool gives it so much. */
int64_t advanced_of(const struct record_claim *claim, int64_t promised, int64_t pool);
