/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/claims/withheld.h"

#include "rules/claims/claim.h"
#include "rules/collateral/collateral.h"

bool withheld_is(const struct record_entitlement *lot)
{
	return lot->withheld_entry != 0 && lot->evidence != EVIDENCE_ABSENT;
}

int64_t withheld_units(const struct record_entitlement *lot, const struct record_claim *claim)
{
	int64_t left = exposure_units(lot);
	return withheld_is(lot) && claim->said_left > 0 ? amount_least(left, claim->said_left) : left;
}

enum recourse_error withheld_value(
	const struct record_entitlement *lot, const struct record_claim *claim, int64_t *steps)
{
	return amount_scale(
		withheld_units(lot, claim), lot->cost, lot->quantity, AMOUNT_ROUND_HALF_UP, steps);
}

bool withheld_is_known(const struct record_entitlement *lot)
{
	return lot->evidence != EVIDENCE_NONE || withheld_is(lot);
}

const char *withheld_evidence(const struct record_entitlement *lot)
{
	return withheld_is(lot) ? "withheld" : entitlement_evidence_names[lot->evidence];
}

uint64_t withheld_source(const struct record_entitlement *lot)
{
	return withheld_is(lot) ? lot->withheld_entry : lot->evidence_entry;
}
