/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/claims/claim.h"
#include "rules/claims/clawback.h"
#include "rules/claims/lot.h"
#include "rules/claims/take_back.h"
#include "rules/claims/undo.h"
#include "rules/recourse/settle_up.h"

/* claim.void: a ruling for a claim falls for good, whatever was paid by it (README.md). */

enum { VOID_CLAIM, VOID_REASON, VOID_EVIDENCE };
static const struct recourse_field void_fields[] = {
	[VOID_CLAIM] = FIELD(ID, "claim", "ruled on, paid, or whose payment came back"),
	[VOID_REASON] = FIELD(ID, "reason", "reason code, such as fraud"),
	[VOID_EVIDENCE] = FIELD(HASH, "evidence_hash", "SHA-256 of what shows it"),
};

/*
 * What came back of an advance is the funder's; as far as parties had paid it meanwhile, and what came back had stayed
 * recourse, it is recourse no more.
 */
static enum recourse_error give_back_advance(struct decision *decision, struct undo *undo)
{
	const struct unit *unit = &undo->incident.unit;
	struct record_section *section = &undo->section;
	struct record_claim *claim = &undo->claim;
	int64_t perfected = claim->advance_part - claim->inchoate;
	slice funder;
	TRY(party_name(decision->state, decision->arena, undo->incident.funder, &funder));
	section->advanced -= claim->advance_part;
	TRY(decision_post(decision, CHART_ADVANCES, funder, undo->reference, unit, claim->advance_part));
	TRY(decision_post(decision, CHART_INCHOATE, slice_text(""), undo->reference, unit, -claim->inchoate));
	TRY(settle_up_lower(decision, &undo->incident, section, perfected));
	TRY(settle_up_hand_back(decision, &undo->incident, section, claim->advance_part));
	claim->advance_part = 0;
	claim->inchoate = 0;
	return RECOURSE_OK;
}

/* Its payment lies in 2130: nobody is paid by it any more. */
static enum recourse_error void_returned(struct decision *decision, struct undo *undo)
{
	const struct unit *unit = &undo->incident.unit;
	struct record_claim *claim = &undo->claim;
	int64_t pool = claim->deposit_part;
	int64_t amount = pool + claim->advance_part;
	TRY(decision_step(decision, LIFE_PAYOUT, &claim->payout, PAYOUT_CANCELLED, "claim"));
	TRY(undo_loss(decision, undo));
	undo->incident.instructed -= claim->advance_part;
	undo->incident.funded -= claim->advance_part;
	TRY(decision_post(decision, CHART_RETURNED, slice_text(""), undo->reference, unit, amount));
	TRY(give_back_advance(decision, undo));
	TRY(decision_post(decision, CHART_CLAIMS, slice_text(""), undo->reference, unit, -pool));
	TRY(take_back_pool(decision, &undo->incident, &undo->section, undo->reference, pool));
	claim->deposit_part = 0;
	claim->pool_back = 0;
	return undo_weight(decision, undo);
}

/* All of it is asked back. What the rounds gave it stays given until then. */
static enum recourse_error void_paid(struct decision *decision, struct undo *undo)
{
	const struct clawback clawback = {
		undo->id, undo->reference, &undo->claim, &undo->incident, &undo->section};
	TRY(undo_loss(decision, undo));
	TRY(undo_weigh(decision, undo));
	return clawback_open(decision, &clawback);
}

static enum recourse_error reject(struct decision *decision, struct undo *undo)
{
	undo->section.claims_rejected++;
	TRY(decision_step(decision, LIFE_CLAIM, &undo->claim.state, CLAIM_REOPENED, "claim"));
	return decision_step(decision, LIFE_CLAIM, &undo->claim.state, CLAIM_REJECTED, "claim");
}

static enum recourse_error void_ruling(struct decision *decision, struct undo *undo)
{
	struct record_claim *claim = &undo->claim;
	if (claim->state == CLAIM_PAID)
		return void_paid(decision, undo);
	if (claim->state == CLAIM_RULED || claim->state == CLAIM_APPROVED)
		TRY(undo_ruling(decision, undo));
	else if (claim->state == CLAIM_PAYING && claim->payout == PAYOUT_RETURNED)
		TRY(void_returned(decision, undo));
	else
		return refuse_state(decision, "claim", life_state_name(LIFE_CLAIM, claim->state));
	return reject(decision, undo);
}

static enum recourse_error apply_void(struct decision *decision, const struct value *values)
{
	struct undo undo = {.id = values[VOID_CLAIM].text};
	struct record_entitlement lot;
	TRY(undo_find(decision, &undo));
	TRY(undo_check_voided(decision, &undo));
	TRY(incident_money_moved(decision, "claim", &undo.incident));
	TRY(void_ruling(decision, &undo));
	undo.claim.voided = decision->entry;
	undo.claim.due = 0;
	TRY(entitlement_find(decision, "claim", RECORD_TEXT(undo.claim.entitlement), &lot));
	TRY(entitlement_revive(decision, RECORD_TEXT(undo.claim.entitlement), &lot));
	TRY(undo_save(decision, &undo));
	return lot_release(decision, RECORD_TEXT(undo.claim.entitlement));
}

static const struct command rows[] = {
	COMMAND_CHECKED("claim.void", RECOURSE_ROLE_OPERATOR, 1, void_fields, apply_void,
		"a ruling falls for good, and what was paid by it is asked back; another person approves",
		RECOURSE_STATE_WRONG, RECOURSE_NOT_PERMITTED, RECOURSE_INSUFFICIENT),
};
const struct command_group void_commands = COMMAND_GROUP(rows);
