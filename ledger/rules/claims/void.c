/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/claims/claim.h"
#include "rules/claims/clawback.h"
#include "rules/claims/denial.h"
#include "rules/claims/hearing.h"
#include "rules/claims/lot.h"
#include "rules/claims/take_back.h"
#include "rules/claims/undo.h"
#include "rules/incident/round.h"
#include "rules/incident/section.h"
#include "rules/incident/weight.h"
#include "rules/recourse/settle_up.h"

/* claim.void: a ruling for a claim falls for good, whatever was paid by it (README.md). */

enum { VOID_CLAIM, VOID_REASON, VOID_EVIDENCE, VOID_RULE };
static const struct recourse_field void_fields[] = {
	[VOID_CLAIM] = FIELD(ID, "claim", "ruled on, paid, or whose payment came back"),
	[VOID_REASON] = FIELD(ID, "reason", "reason code, such as fraud"),
	[VOID_EVIDENCE] = FIELD(HASH, "evidence_hash", "SHA-256 of what shows it"),
	[VOID_RULE] = FIELD_OPTIONAL(ID, "rule",
		"of the policy's denials, where the reason denies a loss, or the merchant accepted the "
		"claim"),
};

/*
 * What came back of an advance is the funder's, but for what a pool repaid it meanwhile; as far as parties had paid it, and
 * what came back had stayed recourse, it is recourse no more, what a pool repaid of it too.
 */
static enum recourse_error give_back_advance(struct decision *decision, struct undo *undo, int64_t steps)
{
	const struct unit *unit = &undo->incident.unit;
	struct record_section *section = &undo->section;
	int64_t repaid = undo->claim.advance_part - steps;
	section->repaid_settled -= round_settled(&undo->claim) ? repaid : 0;
	int64_t stayed = section->perfected - section_recourse(section);
	int64_t perfected = amount_least(amount_beyond(stayed, 0), undo->claim.advance_part);
	slice funder;
	TRY(party_name(decision->state, decision->arena, undo->incident.funder, &funder));
	section->advanced -= steps;
	undo->incident.instructed -= undo->claim.advance_part;
	undo->incident.funded -= undo->claim.advance_part;
	TRY(decision_post(decision, CHART_CLAIMS, slice_text(""), undo->reference, unit, steps));
	TRY(decision_post(decision, CHART_ADVANCES, funder, undo->reference, unit, steps));
	TRY(decision_post(
		decision, CHART_INCHOATE, slice_text(""), undo->reference, unit, perfected - steps));
	TRY(settle_up_lower(decision, &undo->incident, section, perfected));
	TRY(due_hand_back(decision, &undo->incident, section, steps));
	undo->claim.advance_part = 0;
	return RECOURSE_OK;
}

/* Its payment lies in 2130: nobody is paid by it any more. */
static enum recourse_error void_returned(struct decision *decision, struct undo *undo)
{
	const struct unit *unit = &undo->incident.unit;
	struct record_claim *claim = &undo->claim;
	slice none = slice_text("");
	struct weight_standing standing;
	TRY(weight_standing(decision, &undo->section, undo->id, &standing));
	int64_t unordered;
	TRY(hearing_lower_top_up(decision, undo->id, claim, &undo->section, INT64_MAX, &unordered));
	TRY(take_back_advance(decision, &undo->incident, &undo->section, undo->reference, unordered));
	int64_t advance = standing.promised - standing.part - unordered;
	if (claim->paid > 0 || advance > claim->advance_part)
		return refuse_state(decision, "claim", life_state_name(LIFE_CLAIM, claim->state));
	TRY(undo_check_paid_out(decision, undo, ROUND_UNCOVERED));
	TRY(decision_step(decision, LIFE_PAYOUT, &claim->payout, PAYOUT_CANCELLED, "claim"));
	TRY(decision_move(decision, unit, claim->deposit_part + claim->advance_part, CHART_RETURNED, none,
		CHART_CLAIMS, none, undo->reference));
	TRY(undo_loss(decision, undo));
	TRY(give_back_advance(decision, undo, advance));
	TRY(take_back_pool(
		decision, &undo->incident, &undo->section, undo->reference, undo->id, standing.part));
	claim->deposit_part = 0;
	return undo_weight(decision, undo);
}

/* All of it is asked back. What the rounds gave it stays given until then. */
static enum recourse_error void_paid(struct decision *decision, struct undo *undo)
{
	const struct clawback clawback = {
		undo->id, undo->reference, &undo->claim, &undo->incident, &undo->section};
	TRY(undo_check_paid_out(decision, undo, ROUND_INTEREST));
	TRY(undo_loss(decision, undo));
	TRY(undo_weigh(decision, undo, 0));
	TRY(clawback_open_recovered(decision, &clawback));
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

/* Nobody appeals it: it is held to more than a refusal is. */
static enum recourse_error check_reason(
	struct decision *decision, const struct value *values, const struct undo *undo)
{
	const struct denial denial = {
		.reason = values[VOID_REASON].text, .rule = values[VOID_RULE].text, .based = true};
	return denial_check_void(decision, undo->id, &undo->claim, &denial);
}

static enum recourse_error apply_void(struct decision *decision, const struct value *values)
{
	struct undo undo = {.id = values[VOID_CLAIM].text};
	struct record_entitlement lot;
	TRY(undo_find(decision, &undo));
	TRY(undo_check_voided(decision, &undo));
	TRY(hearing_check_appeal(decision, undo.id, &undo.claim));
	TRY(incident_money_moved(decision, "claim", &undo.incident));
	if (undo.claim.decided_entry != 0 && undo.claim.state != CLAIM_REJECTED)
		TRY(check_reason(decision, values, &undo));
	TRY(void_ruling(decision, &undo));
	undo.claim.voided = decision->entry;
	if (!record_claim_waits(&undo.claim))
		undo.claim.due = 0;
	TRY(entitlement_find(decision, "claim", RECORD_TEXT(undo.claim.entitlement), &lot));
	TRY(entitlement_revive(decision, RECORD_TEXT(undo.claim.entitlement), &lot));
	TRY(undo_save(decision, &undo));
	TRY(lot_release(decision, RECORD_TEXT(undo.claim.entitlement)));
	/* behind who steps in */
	return settle_up_lots(decision, undo.section.party, &undo.incident.unit, undo.incident.number);
}

static const struct command rows[] = {
	COMMAND_CHECKED("claim.void", RECOURSE_ROLE_OPERATOR, 1, void_fields, apply_void,
		"a ruling falls for good, and what was paid by it is asked back; another person approves",
		RECOURSE_STATE_WRONG, RECOURSE_NOT_PERMITTED, RECOURSE_EVIDENCE_CONFLICT),
};
const struct command_group void_commands = COMMAND_GROUP(rows);
