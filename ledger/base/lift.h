/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/arena.h"
#include "base/split.h"

/*
 * Shares out something more among those who have had some already and have weights of their own: whoever has had the
 * lowest part of its weight is lifted first, up to the part of the next lowest, and then both, nobody by more than its
 * room. Those who are lifted end at one part of their weight, to within a step (struct split_carry); whoever stands above
 * keeps what it has had. Ties by the order of the shares.
 *
 *   parts      of each, in the arena
 *   carry      its level and weights are the part that those have come to who were lifted
 *
 * More than all rooms together is given to nobody. OVERFLOW, MEMORY. Cost: O(count log count).
 */
enum recourse_error lift_make(struct arena *arena, int64_t amount, const struct split_share *shares,
	size_t count, int64_t **parts, struct split_carry *carry);
