/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/payout/pool_plan.h"

#include "rules/deposit/deposit.h"
#include "rules/incident/given_back_bar.h"
#include "rules/incident/section.h"

void pool_plan_free(struct pool_plan *plan)
{
	sharing_free(&plan->sharing);
}

/* What appeals restored, and who may not have it. */
static enum recourse_error find_restored(
	struct decision *decision, const struct record_incident *incident, struct pool_plan *plan)
{
	const bool issuers = incident->merchant == 0 && plan->section.party == incident->issuer;
	struct given_back_bar bar;
	TRY(given_back_bar_find(decision->state, &plan->section, issuers, &bar));
	plan->restored = bar.restored;
	plan->instead = bar.instead;
	plan->beyond = bar.beyond;
	plan->barred = plan->sharing.how.barred = bar.barred;
	return RECOURSE_OK;
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
	TRY(sharing_load(decision, &plan->sharing));
	return find_restored(decision, incident, plan);
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
 * Before the bar date nobody gets more than is promised, who else gets the pool then being nothing to a claimant, and all get the
 * same part of their loss, so that they can end at it; unless
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
	sharing->how.bounded = true;
	sharing->how.decided_only = true;
	if (interim > sharing_room(sharing)) {
		sharing->how.bounded = false;
		plan->most = interim;
	} else {
		sharing->how.decided_only = false;
		plan->most = amount_least(plan->most, sharing_even_room(sharing));
	}
	return RECOURSE_OK;
}

/* ---- a round of it ---- */

/*
 * More than those may have that are barred would fall on them, by what all have who are even: one round gives those so much, and who is
 * even then, the next one the others what is left; or the other way round, whichever gives more. Who is not barred has `theirs` at
 * least, of their own pool, which gives that to nobody else.
 */
static enum recourse_error fill_apart(struct sharing *sharing, int64_t most, int64_t liftable, int64_t theirs)
{
	TRY(sharing_fill_barred(sharing, liftable));
	const int64_t barred = sharing_lifted_barred(sharing);
	const bool fits = barred <= liftable && sharing->round.amount - barred >= theirs;
	const int64_t even = fits ? sharing->round.amount : 0;
	if (even >= most - liftable)
		return RECOURSE_OK;
	sharing->how.without_barred = true;
	TRY(sharing_fill(sharing, most - liftable));
	if (even <= sharing->round.amount)
		return RECOURSE_OK;
	sharing->how.without_barred = false;
	return sharing_fill_barred(sharing, liftable);
}

/* What an appeal restored is not taken again for claims that had it: it waits in the pool. */
static enum recourse_error fill(struct pool_plan *plan, int64_t most, int64_t liftable, int64_t theirs)
{
	struct sharing *sharing = &plan->sharing;
	sharing->how.without_barred = false;
	TRY(sharing_fill(sharing, most));
	return sharing_lifted_barred(sharing) > liftable
		       ? fill_apart(sharing, most, amount_most(liftable, 0), theirs)
		       : RECOURSE_OK;
}

/*
 * Last, what of the deposit no claim needs is in the place of what instruments paid, whose cash is in the pool again; but not
 * what an appeal restored to it. In place of what the issuer's pool gave is what the plan says.
 */
static void replace(struct pool_plan *plan, int64_t own, int64_t back)
{
	struct record_round *round = &plan->sharing.round;
	plan->deposit = amount_least(own + back, plan->frozen);
	plan->instruments = own + back - plan->deposit;
	int64_t left = amount_beyond(plan->frozen - plan->deposit, plan->restored - plan->later);
	round->replaced_instruments = amount_least(left, plan->section.from_instruments);
	round->replaced = back + round->replaced_instruments;
	round->amount += round->replaced;
	plan->deposit += round->replaced_instruments;
}

/*
 * Of its own pool. What was restored is for later claims; in the place of what those have of the issuer's it frees that for all, so that
 * others may have as much more, which is passed on to them. It stays out of all that is there, not of what an interim limit lets leave.
 */
static enum recourse_error fill_own(struct pool_plan *plan, int64_t there)
{
	const int64_t free = amount_beyond(there, plan->restored);
	const int64_t theirs = amount_beyond(plan->issuers_later, plan->beyond);
	const int64_t kept =
		amount_least(amount_most(plan->restored - plan->instead, theirs), plan->restored);
	const int64_t liftable = amount_least(plan->most, amount_beyond(there, kept));
	TRY(fill(plan, plan->most, liftable, 0));
	const int64_t barred = sharing_lifted_barred(&plan->sharing);
	plan->passed_on = amount_least(amount_beyond(barred, free), plan->instead);
	plan->later = amount_least(plan->sharing.round.amount - barred + plan->passed_on, plan->restored);
	return RECOURSE_OK;
}

/* Others have that much of both with what is theirs of the issuer's, later claims having first what was restored, of both. */
static int64_t find_limit(const struct pool_plan *plan)
{
	const struct sharing *sharing = &plan->sharing;
	const int64_t left = plan->restored - plan->later;
	if (plan->restored > 0 && plan->issuers_barred == 0)
		return sharing_lifted_barred(sharing);
	return sharing->round.amount - (section_restored_there(&plan->section) - left);
}

enum recourse_error pool_plan_fill(
	struct pool_plan *plan, int64_t from_issuer, int64_t liftable, int64_t back)
{
	struct sharing *sharing = &plan->sharing;
	plan->replaced_later = amount_least(back, plan->instead);
	plan->restored -= plan->replaced_later;
	plan->instead -= plan->replaced_later;
	const int64_t there = plan->frozen + plan->cash - back;
	plan->most = amount_least(plan->most, there);
	TRY(fill_own(plan, there));
	int64_t own = sharing->round.amount;
	int64_t lifted = sharing->lifted;
	if (from_issuer > 0) {
		const bool barred = plan->restored > 0 || plan->issuers_barred > 0;
		int64_t most;
		int64_t limit = find_limit(plan);
		if (plan->restored == 0 || plan->issuers_barred > sharing->how.barred)
			sharing->how.barred = plan->issuers_barred;
		TRY(amount_add_steps(limit, plan->issuers_barred > 0 ? liftable : from_issuer, &limit));
		TRY(amount_add_steps(own, from_issuer, &most));
		TRY(amount_add_steps(plan->most, from_issuer, &plan->most));
		const int64_t theirs = own - sharing_lifted_barred(sharing);
		sharing->how.decided_only = true;
		if (plan->held && sharing->how.bounded)
			most = amount_least(most, sharing_even_room(sharing));
		TRY(fill(plan, most, barred ? limit : most, theirs));
	}
	int64_t all = sharing->round.amount;
	own = own < all ? own : all;
	plan->from_issuer = all - own;
	lifted = amount_least(amount_least(lifted, sharing->lifted), own);
	sharing->round.issuers_first = amount_beyond(plan->from_issuer, sharing->lifted - lifted);
	replace(plan, own, back);
	sharing->round.from_instruments = plan->instruments;
	sharing->round.from_issuer = plan->from_issuer;
	return RECOURSE_OK;
}
