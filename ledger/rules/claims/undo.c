/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/claims/undo.h"

#include "rules/claims/claim.h"
#include "rules/claims/had.h"
#include "rules/claims/take_back.h"
#include "rules/incident/round.h"
#include "rules/recourse/settle_up.h"

enum recourse_error undo_find(struct decision *decision, struct undo *undo)
{
	TRY(claim_find(decision, undo->id, &undo->claim));
	TRY(incident_referred(decision, undo->claim.incident, &undo->incident, &undo->reference));
	incident_name_policy(decision, &undo->incident);
	return section_load(decision->state, undo->claim.incident, undo->claim.section, &undo->section);
}

/* What went to consumers with others' parts is not asked back of them. */
static enum recourse_error check_recovered(struct decision *decision, const struct undo *undo)
{
	for (enum round_kind kind = ROUND_UNCOVERED; kind < ROUND_KINDS; kind++) {
		int64_t part;
		bool covered;
		TRY(round_part(decision->state, &undo->section, undo->id, kind, &part, &covered));
		if (covered)
			return refuse(decision, RECOURSE_NOT_PERMITTED, "claim",
				"before recoveries are paid out for it");
	}
	return RECOURSE_OK;
}

static struct record_path weight_path(const struct undo *undo)
{
	struct record_path path =
		record_path_of_shorts(RECORD_DECIDED, undo->section.incident, undo->section.party);
	record_path_text(&path, undo->id);
	return path;
}

enum recourse_error undo_loss(struct decision *decision, struct undo *undo)
{
	struct record_section *section = &undo->section;
	struct record_claim *claim = &undo->claim;
	TRY(check_recovered(decision, undo));
	if (claim->received > 0)
		TRY(had_count(decision, section, undo->id, -1));
	section->loss -= claim->loss;
	section->promised -= claim->approved;
	section->shared_loss -= claim->loss - claim->received;
	claim->loss = 0;
	claim->approved = 0;
	return RECOURSE_OK;
}

enum recourse_error undo_weight(struct decision *decision, struct undo *undo)
{
	struct record_path path = weight_path(undo);
	undo->section.claims_decided--;
	return decision_remove(decision, &path);
}

enum recourse_error undo_weigh(struct decision *decision, const struct undo *undo)
{
	struct record_path path = weight_path(undo);
	struct record_decided decided;
	TRY(check_recovered(decision, undo));
	TRY(record_get_named(decision->state, &path, &decided, sizeof decided));
	decided.loss = undo->claim.loss;
	decided.approved = undo->claim.approved;
	if (decided.loss == 0)
		decided.elsewhere = 0;
	return decision_put(decision, &path, &decided, sizeof decided);
}

/* Its part of the pool, then of the advance. */
static enum recourse_error take_back(struct decision *decision, struct undo *undo)
{
	struct record_section *section = &undo->section;
	struct record_claim *claim = &undo->claim;
	int64_t part;
	bool covered;
	TRY(round_part(decision->state, section, undo->id, ROUND_DEPOSIT, &part, &covered));
	part -= claim->pool_back;
	if (!covered)
		section->shared_loss += claim->loss - claim->received; /* which undo_loss() takes off */
	/* where the scheme is deposit-only, the shares are what is promised */
	if (claim->approved == 0)
		section->promised -= part;
	else if (covered)
		TRY(take_back_advance(
			decision, &undo->incident, section, undo->reference, claim->approved - part));
	return take_back_pool(decision, &undo->incident, section, undo->reference, part);
}

enum recourse_error undo_ruling(struct decision *decision, struct undo *undo)
{
	TRY(take_back(decision, undo));
	TRY(undo_loss(decision, undo));
	undo->claim.pool_back = 0;
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
	return claim_put_about(decision, undo->id, &undo->claim);
}
