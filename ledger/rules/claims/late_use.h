/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "rule/rule.h"

/* C2: use of a lot may surface when its claim was ordered to be paid, or paid. Whether that is so. */
enum recourse_error late_use_is(struct decision *decision, const struct record_entitlement *lot, bool *late);

/*
 * Then only so many units of it are the claim's loss, and what was paid for the others is asked back. EXCEEDS_LOSS where it
 * had more than that elsewhere; NOT_PERMITTED where interest was paid out for it. The lot is the caller's to change.
 */
enum recourse_error late_use_lower(
	struct decision *decision, const struct record_entitlement *lot, int64_t units_left);
