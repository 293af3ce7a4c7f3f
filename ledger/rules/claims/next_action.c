/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/claims/next_action.h"

#include "rules/claims/claim.h"
#include "rules/claims/hearing.h"
#include "rules/claims/withheld.h"
#include "rules/collateral/instrument.h"
#include "rules/incident/standing.h"

/* Before it is ruled on: by what is needed, then by what is known of the lot. */
static const char *next_of_waiting(const struct record_claim *claim, const struct record_entitlement *lot)
{
	if (claim->late == CLAIM_LATE)
		return "admit or refuse the late claim";
	if (claim->hearing == HEARING_ANSWER)
		return "wait for the merchant's answer";
	if (claim->hearing == HEARING_CONSENT)
		return "wait for who is to agree to the proposal";
	if (claim->unasked > 0)
		return "ask for the evidence that is needed";
	if (claim->awaited > 0)
		return "wait for the evidence that was asked for";
	if (lot->disputes > 0)
		return "take back the record of use that is wrong";
	if (!withheld_is_known(lot))
		return "record what was used of the lot, or ask who has its records";
	if (withheld_units(lot, claim) == 0)
		return "refuse the claim: all of the lot was used";
	return claim->overdue > 0 ? "waive the evidence that did not come, or refuse the claim by a rule"
				  : "decide the claim";
}

/* By what was said of it; what is to be done by the reason of that, payment.unresolved says. */
static const char *next_of_payment(const struct record_claim *claim, int64_t pools)
{
	switch (claim->payout) {
	case PAYOUT_RETURNED:
		return "reissue the returned payout";
	case PAYOUT_REJECTED:
		return "reissue the rejected payout, or cancel it";
	case PAYOUT_EXPIRED:
		return "reissue the payout that expired, or cancel it";
	case PAYOUT_STOPPED:
		return "reissue the payout that was stopped, or cancel it";
	case PAYOUT_AWAITING:
		return "wait for the payee to confirm the payout";
	case PAYOUT_UNKNOWN:
		return "ask who pays what became of the payout";
	case PAYOUT_UNCLAIMED:
		return pools > claim->paid + claim->deposit_part + claim->advance_part
			       ? "add to the unclaimed payout what later rounds gave"
			       : "none: the payout is unclaimed, until its claimant is found";
	default:
		return "settle the payout";
	}
}

static const char *next_of(
	const struct record_claim *claim, const struct record_entitlement *lot, int64_t pools)
{
	bool paid = claim->state == CLAIM_PAID || claim->state == CLAIM_REJECTED;
	if (claim->hearing == HEARING_APPEAL && paid)
		return "judge the appeal";
	if (hearing_is_closed(claim))
		return "none: the claim is closed";
	switch ((enum claim_state)claim->state) {
	case CLAIM_RECEIVED:
	case CLAIM_EVIDENCE:
	case CLAIM_MERCHANT_RESPONSE:
	case CLAIM_PROPOSED:
	case CLAIM_REOPENED:
	case CLAIM_APPEALED:
		return next_of_waiting(claim, lot);
	case CLAIM_AGREED:
	case CLAIM_RULED:
		return "approve the distribution";
	case CLAIM_APPROVED:
		return claim->approved > 0 || pools != 0 ? "instruct the payout"
							 : "wait for money to share: nothing is promised";
	case CLAIM_PAYING:
		return next_of_payment(claim, pools);
	case CLAIM_PAID:
		if (claim->hearing == HEARING_TOP_UP)
			return "instruct the payout of what the appeal gave";
		if (pools > claim->paid)
			return "instruct the payout of what later rounds gave";
		return record_claim_asked(claim) > 0 ? "ask back what was paid too much"
						     : "none: the claim is paid";
	case CLAIM_REJECTED:
		return record_claim_asked(claim) > 0 ? "ask back what was paid too much"
						     : "none: the claim was rejected";
	case CLAIM_LINKED:
		return "none: see the claim it is linked to";
	case CLAIM_CLOSED:
	case CLAIM_WITHDRAWN:
		return "none: the claim is closed";
	}
	return "none";
}

static enum recourse_error has_frozen(
	struct state_view *view, const struct record_incident *incident, uint32_t party, bool *has)
{
	struct record_path path = record_path_of_short(RECORD_PARTY_NAME, party);
	char name[TEXT_ID_SIZE];
	int64_t frozen;
	TRY(record_get_named(view, &path, name, sizeof name));
	TRY(account_balance(view, CHART_DEPOSIT_FROZEN, RECORD_TEXT(name), RECORD_TEXT(incident->id),
		&incident->unit, &frozen));
	*has = *has || frozen > 0;
	return RECOURSE_OK;
}

/* In the section's own pool, of its merchant's deposit or instruments, or in the issuer's behind it. */
static enum recourse_error has_money(
	struct state_view *view, const struct record_incident *incident, uint32_t section, bool *has)
{
	struct record_path prefix = record_path_of_shorts(RECORD_CALL, incident->number, section);
	struct record_instrument_call call;
	*has = false;
	TRY(has_frozen(view, incident, section, has));
	if (incident->merchant == 0)
		TRY(has_frozen(view, incident, incident->issuer, has));
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(view, &prefix);
	while (!*has && record_walk_next(&walk, &call, sizeof call))
		*has = instrument_call_unused(&call) > 0;
	return walk.error;
}

/* Of what is ruled on and not shared out: where nothing is promised, only what is in a pool can be. */
static enum recourse_error find_sharing(struct state_view *view, const struct record_incident *incident,
	uint32_t section, const char **action)
{
	struct record_policy policy;
	bool money;
	TRY(incident_policy(view, incident, &policy));
	if (policy.scheme != POLICY_DEPOSIT_ONLY)
		return RECOURSE_OK;
	TRY(has_money(view, incident, section, &money));
	if (!money)
		*action = "wait for money: the pool is empty, and what comes into it is shared out";
	else if (incident_waits_for_bar(incident, &policy))
		*action = "approve the distribution after the bar date, or if the pool covers all";
	return RECOURSE_OK;
}

/* What is advanced for it is ordered out with its part of the pools. */
static bool waits_for_funder(
	const struct record_claim *claim, const struct record_incident *incident, int64_t pools)
{
	return claim->state == CLAIM_APPROVED && claim->paid == 0 && pools != VIEW_NONE &&
	       amount_beyond(claim->approved, pools) > incident->funded - incident->instructed;
}

enum recourse_error next_action_find(struct state_view *view, const struct record_claim *claim,
	const struct record_incident *incident, int64_t pools, const char **action)
{
	struct record_path path = record_path_of_text(RECORD_ENTITLEMENT, RECORD_TEXT(claim->entitlement));
	struct record_entitlement lot = {.disputes = 0};
	bool unmoved = false;
	if (claim_undecided(claim)) {
		TRY(record_get_named(view, &path, &lot, sizeof lot));
		TRY(standing_unmoved(view, incident, &lot, claim->filed_entry, &unmoved));
	}
	*action = unmoved && claim->late != CLAIM_LATE ? "move the claim" : next_of(claim, &lot, pools);
	if (waits_for_funder(claim, incident, pools))
		*action = "wait for what the funder is to pay in, or give it up";
	return claim->state == CLAIM_RULED && !hearing_is_closed(claim)
		       ? find_sharing(view, incident, claim->section, action)
		       : RECOURSE_OK;
}
