/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/collateral/collateral.h"

int64_t exposure_units(const struct record_entitlement *entitlement)
{
	return entitlement->quantity - entitlement->consumed - entitlement->extinguished;
}

enum recourse_error exposure_value(const struct record_entitlement *entitlement, int64_t *steps)
{
	return amount_scale(exposure_units(entitlement), entitlement->cost, entitlement->quantity,
		AMOUNT_ROUND_HALF_UP, steps);
}

enum recourse_error exposure_post(
	struct decision *decision, const struct record_entitlement *entitlement, int64_t before)
{
	slice merchant;
	slice issuer;
	int64_t value = 0;
	enum recourse_error error = exposure_value(entitlement, &value);
	if (error != RECOURSE_OK)
		return refuse(decision, error, "cost", "amounts within 64 bits");
	TRY(batch_add(decision, entitlement, 0, value - before));
	TRY(party_name(decision->state, decision->arena, entitlement->merchant, &merchant));
	TRY(party_name(decision->state, decision->arena, entitlement->issuer, &issuer));
	return decision_move(decision, &entitlement->currency, value - before, CHART_EXPOSURE, merchant,
		CHART_MEMO_CONTRA, merchant, issuer);
}
