/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/claims/top_up.h"

#include "rules/claims/claim.h"
#include "rules/claims/clawback.h"
#include "rules/claims/hearing.h"
#include "rules/incident/section.h"
#include "rules/recourse/advance.h"
#include "rules/recourse/settle_up.h"

/* Where nothing was paid by now all is one payout, which has its parts already. */
enum recourse_error top_up_order(struct decision *decision, struct record_section *section, slice id,
	struct record_claim *claim, int64_t pool)
{
	struct record_hearing record;
	if (claim->hearing != HEARING_TOP_UP)
		return RECOURSE_OK;
	TRY(hearing_load(decision->state, id, claim, &record));
	if (claim->paid > 0) {
		claim->advance_part = record.top_up_advance;
		claim->deposit_part = amount_most(pool - claim->paid, record.top_up) - record.top_up_advance;
	}
	record.top_up = record.top_up_advance = 0;
	section->appeals--;
	return hearing_put(decision, id, &record, claim);
}

enum recourse_error top_up_cancel(struct decision *decision, struct record_section *section, slice id,
	struct record_claim *claim, int64_t advanced)
{
	struct record_path path = weight_path(section, id);
	struct record_decided decided;
	struct record_hearing record;
	if (claim->hearing == HEARING_NONE)
		return RECOURSE_OK;
	TRY(hearing_load(decision->state, id, claim, &record));
	TRY(record_get_named(decision->state, &path, &decided, sizeof decided));
	section->appeals -= record.top_up > 0;
	record.top_up = amount_beyond(decided.approved, claim->paid);
	record.top_up_advance = amount_least(advanced, record.top_up);
	if (record.top_up > 0)
		claim->approved = amount_most(claim->approved, claim->paid + record.top_up);
	section->appeals += record.top_up > 0;
	return hearing_put(decision, id, &record, claim);
}

/* What the scheme promises of it, within what is left; and of what pools gave what is out is its own within that. */
static enum recourse_error promise(struct decision *decision, struct undo *undo,
	const struct weight_standing *standing, int64_t *promised)
{
	struct record_claim *claim = &undo->claim;
	int64_t left = amount_beyond(claim->loss - claim->received, standing->recovered);
	struct record_policy policy;
	TRY(incident_terms(decision, &undo->incident, &policy));
	TRY(terms_promise(&policy, claim->loss, promised));
	*promised = amount_least(*promised, left);
	int64_t pool = amount_least(amount_least(standing->part, record_claim_out(claim)), left);
	claim->approved = amount_most(claim->approved, amount_most(*promised, pool));
	return RECOURSE_OK;
}

/* What was asked back and is its own by now is so no more, and is recourse again; what was written off of that is not any more. */
static enum recourse_error ask_less(struct decision *decision, struct undo *undo)
{
	const struct clawback clawback = {
		undo->id, undo->reference, &undo->claim, &undo->incident, &undo->section};
	const int64_t stood = settle_up_stands(&undo->section);
	TRY(clawback_open_recovered(decision, &clawback));
	TRY(clawback_lower(decision, &clawback, NULL));
	return settle_up_perfect(decision, &undo->incident, &undo->section, stood);
}

/* No round does that: who is covered by one is promised no more by another. Of what was not ordered out yet all is one payout. */
static enum recourse_error advance(struct decision *decision, struct undo *undo, int64_t steps)
{
	struct record_hearing record;
	slice funder;
	if (steps == 0)
		return RECOURSE_OK;
	if (record_claim_out(&undo->claim) > 0) {
		TRY(hearing_load(decision->state, undo->id, &undo->claim, &record));
		record.top_up = record.top_up_advance = steps;
		undo->section.appeals++;
		TRY(hearing_put(decision, undo->id, &record, &undo->claim));
	}
	TRY(party_name(decision->state, decision->arena, undo->incident.funder, &funder));
	undo->section.advanced += steps;
	decision_fact_amount(decision, "advanced", &undo->incident.unit, steps);
	return advance_commit(decision, &undo->incident, funder, undo->reference, steps);
}

enum recourse_error top_up_promise(
	struct decision *decision, struct undo *undo, const struct weight_standing *before, int64_t *advanced)
{
	struct weight_standing after;
	int64_t promised;
	TRY(promise(decision, undo, before, &promised));
	TRY(undo_weigh(decision, undo, promised));
	TRY(weight_standing(decision, &undo->section, undo->id, &after));
	TRY(ask_less(decision, undo));
	/* what is out already serves it first */
	*advanced =
		amount_beyond(after.promised, amount_most(before->promised, record_claim_out(&undo->claim)));
	return advance(decision, undo, *advanced);
}

enum recourse_error top_up_make(struct decision *decision, slice id, int64_t loss)
{
	struct undo undo = {.id = id};
	struct weight_standing before;
	int64_t advanced;
	TRY(undo_find(decision, &undo));
	TRY(undo_check_paid_out(decision, &undo, ROUND_INTEREST));
	TRY(weight_standing(decision, &undo.section, id, &before));
	int64_t more = loss - undo.claim.loss;
	undo.claim.loss = loss;
	TRY(decision_sum(decision, &undo.section.loss, more));
	undo.section.shared_loss += more;
	decision_fact_amount(decision, "loss", &undo.incident.unit, loss);
	TRY(top_up_promise(decision, &undo, &before, &advanced));
	undo.claim.decided_entry = decision->entry;
	undo.claim.decider = decision->actor->key;
	return undo_save(decision, &undo);
}
