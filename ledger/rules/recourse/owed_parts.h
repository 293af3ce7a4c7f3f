/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "rules/recourse/owed.h"

/*
 * How the issuer's pool is split when its incident ends (B1): in total across the sections that still end. What the issuer
 * owes in its own section is kept back; of the rest whichever has had the lowest part, by rounds (less what appeals restored
 * of them, which it may owe again) and by ends, of what it had and would have if the pool sufficed is lifted first
 * (base/lift.h). So it does not matter which one ends first.
 */
struct owed_parts {
	struct owed_part *rows; /* in the order of the merchants' ids */
	int64_t *steps;         /* of each; no rows, none: the pool is empty, or nobody is to end */
	size_t count;
	int64_t left; /* for its own section */
};

/* As the incident stands now, before anything of the section that ends next is posted. OVERFLOW, MEMORY. */
enum recourse_error owed_parts_find(struct state_view *view, struct arena *arena,
	const struct record_incident *incident, struct owed_parts *parts);

/* Of the section of that merchant. */
int64_t owed_parts_of(const struct owed_parts *parts, uint32_t party);

/* Of all of them. */
int64_t owed_parts_sum(const struct owed_parts *parts);

/* So much is enough for all that anybody owes in that section, and can be received. */
int64_t owed_parts_enough(const struct owed *owed);
