/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "rule/rule.h"

/*
 * What the consumer says is left of the lot, in its units; nothing where no figure is given. INSUFFICIENT with "remaining" for
 * more than was issued. The claim is changed and not saved.
 */
enum recourse_error said_left_take(struct decision *decision, const struct value *remaining,
	const struct record_entitlement *lot, struct record_claim *claim);

/* What that figure rests on, in words; of one of which it was said. */
const char *said_left_basis(const struct record_claim *claim);
