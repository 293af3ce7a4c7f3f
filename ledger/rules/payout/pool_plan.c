/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/payout/pool_plan.h"

#include "rules/deposit/deposit.h"

void pool_plan_free(struct pool_plan *plan)
{
	sharing_free(&plan->sharing);
}

enum recourse_error pool_plan_load(struct decision *decision, const struct record_incident *incident,
	const struct record_policy *policy, struct pool_plan *plan)
{
	TRY(party_name(decision->state, decision->arena, plan->section.party, &plan->merchant));
	TRY(account_balance(decision->state, CHART_DEPOSIT_FROZEN, plan->merchant, RECORD_TEXT(incident->id),
		&incident->unit, &plan->frozen));
	TRY(instrument_call_list(decision->state, decision->arena, &plan->section, &plan->calls));
	TRY(instrument_call_cash(&plan->calls, &plan->cash));
	TRY(amount_add_steps(plan->frozen, plan->cash, &plan->most));
	plan->sharing.kind = ROUND_DEPOSIT;
	plan->sharing.section = &plan->section;
	plan->sharing.policy = policy;
	return sharing_load(decision, &plan->sharing);
}

/* The part of what is decided that a pool gives although it does not cover all: the policy's, and the pool's own. */
static int64_t interim_of(const struct record_policy *policy, const struct pool_plan *plan, amount_sum pool)
{
	const struct sharing *sharing = &plan->sharing;
	amount_sum published = (amount_sum)sharing->weights * policy->interim / 10000;
	amount_sum own = plan->secured == 0 ? 0 : pool * sharing->weights / plan->secured;
	amount_sum most = (published < own ? published : own) - sharing->had;
	return most < 0 ? 0 : most > plan->most ? plan->most : (int64_t)most;
}

/*
 * Before the bar date nobody gets more than is promised, who else gets the pool then being nothing to a claimant; unless
 * the pool covers every lot that can still be claimed, or none can be: open claims have their reserves.
 */
enum recourse_error pool_plan_bound(struct decision *decision, const struct record_incident *incident,
	const struct record_policy *policy, struct pool_plan *plan)
{
	struct sharing *sharing = &plan->sharing;
	amount_sum pool = (amount_sum)sharing->had + plan->most;
	int64_t lots;
	TRY(freeze_lots(decision, incident, &plan->section, plan->merchant, &lots));
	plan->secured = (amount_sum)sharing->weights + lots + sharing->beyond;
	plan->held = decision->time <= incident->bar_date && lots > sharing->reserved - sharing->beyond &&
		     pool < plan->secured;
	if (!plan->held)
		return RECOURSE_OK;
	int64_t interim = interim_of(policy, plan, pool);
	sharing->bounded = true;
	sharing->decided_only = true;
	if (interim > sharing_room(sharing)) {
		sharing->bounded = false;
		plan->most = interim;
	} else {
		sharing->decided_only = false;
	}
	return RECOURSE_OK;
}
