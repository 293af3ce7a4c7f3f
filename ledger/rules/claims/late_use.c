/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/claims/late_use.h"

#include "rules/claims/claim.h"
#include "rules/claims/clawback.h"
#include "rules/claims/undo.h"

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

/* What the scheme promises of the loss as it is now; a share of a deposit alone is what it was, within that. */
static enum recourse_error promise_anew(
	struct decision *decision, struct undo *undo, int64_t loss, int64_t *lowered)
{
	struct record_claim *claim = &undo->claim;
	struct record_policy policy;
	int64_t before = claim->approved;
	TRY(incident_terms(decision, &undo->incident, &policy));
	claim->loss = loss;
	TRY(claim_promise(&policy, claim));
	if (policy.scheme == POLICY_DEPOSIT_ONLY)
		claim->approved = before;
	int64_t left = loss - claim->received;
	claim->approved = claim->approved < left ? claim->approved : left;
	*lowered = before - claim->approved;
	return RECOURSE_OK;
}

enum recourse_error late_use_lower(
	struct decision *decision, const struct record_entitlement *lot, int64_t units_left)
{
	struct undo undo;
	struct record_section *section = &undo.section;
	int64_t loss;
	int64_t lowered;
	TRY(arena_copy(decision->arena, RECORD_TEXT(lot->claim), &undo.id)); /* postings name it */
	TRY(undo_find(decision, &undo));
	TRY(incident_money_moved(decision, "entitlement", &undo.incident));
	const struct clawback clawback = {undo.id, undo.reference, &undo.claim, &undo.incident, section};
	TRY(amount_scale(units_left, lot->cost, lot->quantity, AMOUNT_ROUND_HALF_UP, &loss));
	if (loss < undo.claim.received)
		return refuse_amount(decision, RECOURSE_EXCEEDS_LOSS, "consumed", &undo.incident.unit,
			undo.claim.received, loss);
	int64_t less = undo.claim.loss - loss;
	TRY(promise_anew(decision, &undo, loss, &lowered));
	section->loss -= less;
	section->shared_loss -= less;
	section->promised -= lowered;
	TRY(undo_weigh(decision, &undo));
	decision_fact_amount(decision, "loss", &undo.incident.unit, loss);
	TRY(clawback_open(decision, &clawback));
	return undo_save(decision, &undo);
}
