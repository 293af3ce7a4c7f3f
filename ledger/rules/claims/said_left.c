/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/claims/said_left.h"

enum recourse_error said_left_take(struct decision *decision, const struct value *remaining,
	const struct record_entitlement *lot, struct record_claim *claim)
{
	claim->said_left = 0;
	if (!remaining->present)
		return RECOURSE_OK;
	TRY(decision_amount(decision, "remaining", remaining->text, &lot->unit, &claim->said_left));
	return claim->said_left <= lot->quantity ? RECOURSE_OK
						 : refuse_amount(decision, RECOURSE_INSUFFICIENT, "remaining",
							   &lot->unit, claim->said_left, lot->quantity);
}

const char *said_left_basis(const struct record_claim *claim)
{
	return claim->said_shown ? "the consumer's word, with its hash"
				 : "the consumer's word as it was written down";
}
