/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "rule/blocker.h"

/*
 * What operators hold of a merchant's deposit (2020 under the holds' ids) is no incident's: it is its merchant's again when it is
 * released, and an incident's that has the deposit then. So an incident in which somebody lacks it does not end before.
 */

/* Whether something is left of one that was placed before that entry. */
enum recourse_error held_before(
	struct state_view *view, slice merchant, const struct unit *unit, uint64_t before, bool *held);

/* All that they have. */
enum recourse_error held_sum(
	struct state_view *view, slice merchant, const struct unit *unit, int64_t *steps);

/* Each is in the way of closing the incident, up to so much all told. */
enum recourse_error held_blockers(struct blockers *list, slice merchant, int64_t lacking);
