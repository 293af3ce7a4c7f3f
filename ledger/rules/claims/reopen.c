/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/claims/reopen.h"

#include "rules/claims/claim.h"
#include "rules/claims/hearing.h"
#include "rules/claims/lot.h"
#include "rules/incident/weight.h"
#include "rules/recourse/settle_up.h"

/* claim.reopen: a claim that was refused, given up, or ruled on and not paid, waits for its ruling again (README.md). */

enum { REOPEN_CLAIM, REOPEN_REASON, REOPEN_EVIDENCE };
static const struct recourse_field reopen_fields[] = {
	[REOPEN_CLAIM] =
		FIELD(ID, "claim", "refused, given up, closed, or ruled on and not ordered to be paid"),
	[REOPEN_REASON] = FIELD(ID, "reason", "reason code, such as new-record"),
	[REOPEN_EVIDENCE] = FIELD(HASH, "evidence_hash", "SHA-256 of what surfaced"),
};

/* It fell, and another claim of the lot may live by now, or be paid: NOT_PERMITTED with that one's last entry. */
static enum recourse_error take_lot(
	struct decision *decision, struct undo *undo, const struct record_policy *policy, slice *fallen)
{
	struct record_claim *claim = &undo->claim;
	struct record_entitlement lot;
	TRY(entitlement_find(decision, "claim", RECORD_TEXT(claim->entitlement), &lot));
	if (lot.claim_entry != 0) {
		struct record_claim other;
		TRY(claim_find(decision, RECORD_TEXT(lot.claim), &other));
		return refuse_entry(decision, RECOURSE_NOT_PERMITTED, "claim", other.last_entry);
	}
	TRY(lot_reserve(decision, &undo->section, policy, undo->id, claim, &lot));
	TRY(lot_take(decision, &lot, undo->id, claim, fallen));
	return entitlement_save(decision, RECORD_TEXT(claim->entitlement), &lot);
}

/*
 * What surfaced may be a record of use: a source that was held for complete no longer proves that there is none. It may be
 * ruled for again: something is kept back for it in the rounds.
 */
static enum recourse_error revive_lot(
	struct decision *decision, struct undo *undo, const struct record_policy *policy, bool surfaced)
{
	struct record_entitlement lot;
	slice id = RECORD_TEXT(undo->claim.entitlement);
	TRY(entitlement_find(decision, "claim", id, &lot));
	if (surfaced && lot.evidence == EVIDENCE_ABSENT)
		lot.evidence = EVIDENCE_UNAVAILABLE;
	TRY(entitlement_revive(decision, id, &lot));
	return lot_reserve(decision, &undo->section, policy, undo->id, &undo->claim, &lot);
}

static enum recourse_error undo_outcome(struct decision *decision, struct undo *undo,
	const struct record_policy *policy, bool surfaced, slice *fallen)
{
	switch ((enum claim_state)undo->claim.state) {
	case CLAIM_REJECTED:
		undo->section.claims_rejected--;
		if (undo->claim.late != CLAIM_LATE) /* of which all that is kept back was another's */
			TRY(weight_hear_again(decision, &undo->section, undo->id));
		return take_lot(decision, undo, policy, fallen);
	case CLAIM_WITHDRAWN:
		undo->section.claims_filed++;
		return take_lot(decision, undo, policy, fallen);
	case CLAIM_RULED:
	case CLAIM_APPROVED: /* its payment was cancelled */
		TRY(undo_ruling(decision, undo));
		return revive_lot(decision, undo, policy, surfaced);
	case CLAIM_RECEIVED:
	case CLAIM_EVIDENCE:
	case CLAIM_MERCHANT_RESPONSE:
	case CLAIM_PROPOSED:
	case CLAIM_AGREED:
	case CLAIM_PAYING:
	case CLAIM_PAID:
	case CLAIM_CLOSED:
	case CLAIM_LINKED:
	case CLAIM_APPEALED:
	case CLAIM_REOPENED:
		break;
	}
	return refuse_state(decision, "claim", life_state_name(LIFE_CLAIM, undo->claim.state));
}

static enum recourse_error wait_again(
	struct decision *decision, struct undo *undo, const struct record_policy *policy, bool surfaced)
{
	slice fallen = slice_text("");
	struct record_policy asked_by;
	TRY(undo_outcome(decision, undo, policy, surfaced, &fallen));
	TRY(decision_step(decision, LIFE_CLAIM, &undo->claim.state, CLAIM_REOPENED, "claim"));
	TRY(hearing_undo(decision, undo->id, &undo->claim));
	TRY(hearing_policy(decision->state, &undo->claim, &asked_by));
	if (surfaced && undo->claim.late != CLAIM_LATE)
		TRY(hearing_begin(decision, undo->id, &asked_by, &undo->claim));
	undo->claim.decided_entry = 0;
	undo->claim.decider = 0;
	undo->claim.owner = decision->actor->key;
	TRY(terms_decision_due(decision, policy, &undo->claim.due));
	TRY(undo_save(decision, undo));
	TRY(lot_taken(decision, fallen, undo->id));
	return settle_up_lots(decision, undo->section.party, &undo->incident.unit, undo->incident.number);
}

enum recourse_error reopen_for_appeal(
	struct decision *decision, struct undo *undo, const struct record_policy *policy)
{
	if (undo->claim.late == CLAIM_LATE)
		undo->claim.late = CLAIM_ADMITTED;
	return wait_again(decision, undo, policy, false);
}

/* One that was closed and paid is closed no more, and that is all. */
static enum recourse_error open_closed(struct decision *decision, struct undo *undo)
{
	undo->claim.owner = decision->actor->key;
	TRY(hearing_undo_closing(decision, undo->id, &undo->claim));
	return claim_put_about(decision, undo->id, &undo->claim);
}

static enum recourse_error apply_reopen(struct decision *decision, const struct value *values)
{
	struct undo undo = {.id = values[REOPEN_CLAIM].text};
	struct record_policy policy;
	TRY(undo_find(decision, &undo));
	TRY(incident_open(decision, "claim", &undo.incident));
	if (hearing_is_closed(&undo.claim) && (undo.claim.state == CLAIM_PAID || undo.claim.voided != 0))
		return open_closed(decision, &undo);
	TRY(undo_check_voided(decision, &undo));
	TRY(hearing_check_appeal(decision, undo.id, &undo.claim));
	TRY(incident_terms(decision, &undo.incident, &policy));
	return wait_again(decision, &undo, &policy, true);
}

static const struct command rows[] = {
	COMMAND_CHECKED("claim.reopen", RECOURSE_ROLE_OPERATOR, 1, reopen_fields, apply_reopen,
		"rule anew on a claim, before it is paid; another person approves", RECOURSE_STATE_WRONG,
		RECOURSE_NOT_PERMITTED),
};
const struct command_group reopen_commands = COMMAND_GROUP(rows);
