/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/claims/late_use.h"

#include "rules/claims/claim.h"
#include "rules/claims/clawback.h"
#include "rules/claims/undo.h"
#include "rules/incident/weight.h"

enum recourse_error late_use_is(struct decision *decision, const struct record_entitlement *lot, bool *late)
{
	struct record_claim claim;
	*late = lot->claim_entry != 0 && lot->extinguished > 0;
	if (!*late)
		return RECOURSE_OK;
	TRY(claim_find(decision, RECORD_TEXT(lot->claim), &claim));
	*late = claim.state == CLAIM_PAYING || claim.state == CLAIM_PAID;
	return RECOURSE_OK;
}

/* What the scheme promises of the loss as it is now; what pools gave beyond that stays, within what is left. */
static enum recourse_error promise_anew(
	struct decision *decision, struct undo *undo, int64_t loss, int64_t *promised)
{
	struct record_claim *claim = &undo->claim;
	struct record_policy policy;
	struct weight_standing standing;
	TRY(incident_terms(decision, &undo->incident, &policy));
	TRY(weight_standing(decision, &undo->section, undo->id, &standing));
	int64_t left = loss - claim->received - standing.recovered;
	left = amount_beyond(left, 0);
	claim->loss = loss;
	TRY(terms_promise(&policy, loss, promised));
	*promised = amount_least(*promised, left);
	int64_t most = amount_most(*promised, standing.part);
	claim->approved = amount_least(claim->approved, most);
	claim->approved = amount_least(claim->approved, left);
	return RECOURSE_OK;
}

enum recourse_error late_use_lower(
	struct decision *decision, const struct record_entitlement *lot, int64_t units_left)
{
	struct undo undo;
	struct record_section *section = &undo.section;
	int64_t loss;
	int64_t promised;
	TRY(arena_copy(decision->arena, RECORD_TEXT(lot->claim), &undo.id)); /* postings name it */
	TRY(undo_find(decision, &undo));
	TRY(undo_check_paid_out(decision, &undo, ROUND_INTEREST));
	TRY(incident_money_moved(decision, "entitlement", &undo.incident));
	const struct clawback clawback = {undo.id, undo.reference, &undo.claim, &undo.incident, section};
	TRY(amount_scale(units_left, lot->cost, lot->quantity, AMOUNT_ROUND_HALF_UP, &loss));
	if (loss < undo.claim.received)
		return refuse_amount(decision, RECOURSE_EXCEEDS_LOSS, "consumed", &undo.incident.unit,
			undo.claim.received, loss);
	loss = amount_least(loss, undo.claim.loss); /* what a ruling left out is no loss because of it */
	int64_t less = undo.claim.loss - loss;
	TRY(promise_anew(decision, &undo, loss, &promised));
	section->loss -= less;
	section->shared_loss -= less;
	TRY(undo_weigh(decision, &undo, promised));
	decision_fact_amount(decision, "loss", &undo.incident.unit, loss);
	TRY(clawback_open_recovered(decision, &clawback));
	TRY(clawback_open(decision, &clawback));
	return undo_save(decision, &undo);
}
