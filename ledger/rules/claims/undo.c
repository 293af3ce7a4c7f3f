/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/claims/undo.h"

#include "rules/claims/claim.h"
#include "rules/claims/had.h"
#include "rules/claims/hearing.h"
#include "rules/claims/take_back.h"
#include "rules/deposit/deposit.h"
#include "rules/incident/round.h"
#include "rules/incident/weight.h"
#include "rules/recourse/settle_up.h"

enum recourse_error undo_find(struct decision *decision, struct undo *undo)
{
	TRY(claim_find(decision, undo->id, &undo->claim));
	TRY(incident_referred(decision, undo->claim.incident, &undo->incident, &undo->reference));
	incident_name_policy(decision, &undo->incident);
	return section_load(decision->state, undo->claim.incident, undo->claim.section, &undo->section);
}

enum recourse_error undo_check_paid_out(
	struct decision *decision, const struct undo *undo, enum round_kind first)
{
	for (enum round_kind kind = first; kind < ROUND_KINDS; kind++) {
		int64_t part;
		bool covered;
		TRY(round_part(decision->state, &undo->section, undo->id, kind, &part, &covered));
		if (covered)
			return refuse(decision, RECOURSE_NOT_PERMITTED, "claim",
				kind == ROUND_INTEREST ? "before interest is paid out for it"
						       : "before recoveries are paid out for it");
	}
	return RECOURSE_OK;
}

enum recourse_error undo_loss(struct decision *decision, struct undo *undo)
{
	struct record_section *section = &undo->section;
	struct record_claim *claim = &undo->claim;
	if (claim->received > 0)
		TRY(had_count(decision, section, undo->id, -1));
	section->loss -= claim->loss;
	section->shared_loss -= claim->loss - claim->received;
	claim->loss = 0;
	claim->approved = 0;
	return RECOURSE_OK;
}

enum recourse_error undo_weight(struct decision *decision, struct undo *undo)
{
	struct weight_standing standing;
	TRY(weight_standing(decision, &undo->section, undo->id, &standing));
	undo->section.promised -= standing.promised;
	undo->section.pool_beyond -= standing.beyond;
	undo->section.claims_decided--;
	return weight_forget(decision, &undo->section, undo->id);
}

/* What is promised no more and was not ordered out is not ordered out any more. */
static enum recourse_error lower_top_up(
	struct decision *decision, struct undo *undo, const struct weight_standing *before)
{
	struct weight_standing after;
	int64_t advanced;
	if (undo->claim.hearing != HEARING_TOP_UP)
		return RECOURSE_OK;
	TRY(weight_standing(decision, &undo->section, undo->id, &after));
	TRY(hearing_lower_top_up(decision, undo->id, &undo->claim, &undo->section,
		before->promised - after.promised, &advanced));
	return take_back_advance(decision, &undo->incident, &undo->section, undo->reference, advanced);
}

enum recourse_error undo_weigh(struct decision *decision, struct undo *undo, int64_t approved)
{
	const struct record_claim *claim = &undo->claim;
	struct weight_standing standing;
	struct weight_change change = {
		.loss = claim->loss,
		.approved = approved,
		.elsewhere = claim->loss == 0 ? 0 : claim->received,
	};
	TRY(weight_standing(decision, &undo->section, undo->id, &standing));
	int64_t left = change.loss - change.elsewhere - standing.recovered;
	TRY(take_back_unordered(decision, &undo->incident, &undo->section, undo->reference, undo->id, claim,
		standing.part, amount_beyond(left, 0), &change.back));
	TRY(weight_change(decision, &undo->section, undo->id, &change));
	return lower_top_up(decision, undo, &standing);
}

/* Its part of the pool, then of the advance. */
static enum recourse_error take_back(struct decision *decision, struct undo *undo)
{
	struct record_section *section = &undo->section;
	struct record_claim *claim = &undo->claim;
	struct weight_standing standing;
	TRY(weight_standing(decision, section, undo->id, &standing));
	if (!standing.covered)
		section->shared_loss += claim->loss - claim->received; /* which undo_loss() takes off */
	else
		TRY(take_back_advance(decision, &undo->incident, section, undo->reference,
			standing.promised - standing.part));
	return take_back_pool(decision, &undo->incident, section, undo->reference, undo->id, standing.part);
}

enum recourse_error undo_ruling(struct decision *decision, struct undo *undo)
{
	int64_t advanced; /* which goes back with all that is */
	TRY(hearing_lower_top_up(decision, undo->id, &undo->claim, &undo->section, INT64_MAX, &advanced));
	TRY(undo_check_paid_out(decision, undo, ROUND_UNCOVERED));
	TRY(take_back(decision, undo));
	TRY(undo_loss(decision, undo));
	return undo_weight(decision, undo);
}

enum recourse_error undo_check_voided(struct decision *decision, const struct undo *undo)
{
	return undo->claim.voided == 0
		       ? RECOURSE_OK
		       : refuse_entry(decision, RECOURSE_NOT_PERMITTED, "claim", undo->claim.voided);
}

enum recourse_error undo_save(struct decision *decision, struct undo *undo)
{
	TRY(settle_up_anew(decision, &undo->incident, &undo->section));
	TRY(incident_save(decision, &undo->incident));
	TRY(section_save(decision, &undo->section));
	TRY(freeze_follow_claims(decision, &undo->incident, undo->section.party));
	return claim_put_about(decision, undo->id, &undo->claim);
}
