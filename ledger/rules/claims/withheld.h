/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "rule/rule.h"

/*
 * C2: who has the records of a lot's use was asked for them and was silent. Then no more of the lot counts as left than the
 * consumer says, where it says a figure. Silence is a fact of the lot that stands beside what evidence there is, so that
 * neither order of the two changes anything; a complete source that had nothing goes before it.
 */
bool withheld_is(const struct record_entitlement *lot);

/* What of it counts as left for that claim, and what that is worth: see exposure_value(). */
int64_t withheld_units(const struct record_entitlement *lot, const struct record_claim *claim);
enum recourse_error withheld_value(
	const struct record_entitlement *lot, const struct record_claim *claim, int64_t *steps);

/* Whether there is something by which the lot's claim can be ruled on; what that is, as it is shown; and by which entry. */
bool withheld_is_known(const struct record_entitlement *lot);
const char *withheld_evidence(const struct record_entitlement *lot);
uint64_t withheld_source(const struct record_entitlement *lot);
