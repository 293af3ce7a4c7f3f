/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/claims/claim.h"
#include "rules/claims/clawback.h"
#include "rules/claims/undo.h"
#include "rules/incident/section.h"
#include "rules/payout/former_undo.h"
#include "rules/payout/repaid.h"
#include "rules/payout/report.h"
#include "rules/recourse/settle_up.h"

/*
 * ---- payout.reverse: a payment that was said to be back, and is not ----
 *
 * It is settled as before. What was asked back of it and went back with it is asked for again. Said anew it is another return.
 */

static int64_t left_of(const struct record_claim *claim)
{
	return claim->deposit_part + claim->advance_part;
}

/* Sent again, lowered, or void: that rests on it. */
static enum recourse_error check_standing(
	struct decision *decision, const struct undo *undo, const struct booked *booked)
{
	const struct record_booked *record = &booked->record;
	const struct record_claim *claim = &undo->claim;
	int64_t left = record->amount - record->of_deposit - record->of_advance;
	bool stands = claim->payout == PAYOUT_RETURNED && claim->state == CLAIM_PAYING &&
		      claim->settled_entry < booked->entry && left_of(claim) == left;
	return stands ? RECOURSE_OK
		      : refuse_entry(decision, RECOURSE_NOT_PERMITTED, "entry", claim->last_entry);
}

/* The cash is not there, nor was anything kept of it as a fee. */
static enum recourse_error take_cash(
	struct decision *decision, const struct undo *undo, const struct booked *booked)
{
	const struct unit *unit = &undo->incident.unit;
	slice none = slice_text("");
	slice platform;
	int64_t fee;
	TRY(party_own_name(decision->state, decision->arena, &platform));
	TRY(booked_moved(decision, booked->entry, CHART_OWED_BY_PLATFORM, platform, none, unit, &fee));
	if (fee > 0)
		TRY(booked_rests(decision, booked->entry, CHART_OWED_BY_PLATFORM, platform, none, unit, fee));
	TRY(attest_fee(decision, unit, -fee));
	TRY(attest_back(decision, booked->line, unit, booked->record.amount - fee));
	return decision_post(decision, CHART_RETURNED, none, undo->reference, unit, left_of(&undo->claim));
}

static enum recourse_error step_made(struct decision *decision, struct record_claim *claim)
{
	/* as one that is sent again and made: no other step leads there */
	TRY(decision_step(decision, LIFE_PAYOUT, &claim->payout, PAYOUT_REISSUED, "entry"));
	TRY(decision_step(decision, LIFE_PAYOUT, &claim->payout, PAYOUT_SETTLED, "entry"));
	return decision_step(decision, LIFE_CLAIM, &claim->state, CLAIM_PAID, "entry");
}

/* `of_several`: others are back still, or under way. */
static enum recourse_error settle_again(
	struct decision *decision, struct undo *undo, const struct record_booked *booked, bool of_several)
{
	struct record_claim *claim = &undo->claim;
	struct record_section *section = &undo->section;
	int64_t steps = left_of(claim);
	claim->paid += steps;
	claim->settled_advance += claim->advance_part;
	section->paid += steps;
	section->settled_advance += claim->advance_part;
	if (of_several)
		return RECOURSE_OK;
	/* another one was since, and was taken back */
	if (claim->settled_entry != booked->before || claim->settled_of == LIFE_NONE)
		claim->settled_of = PAYOUT_INSTRUCTED;
	claim->settled_entry = booked->before;
	claim->settled_line = booked->line_entry;
	section->claims_paid++;
	TRY(step_made(decision, claim));
	return repaid_follow(decision, undo, claim->settled_advance - claim->advance_part);
}

/* It is owed to the trust as before. */
static enum recourse_error reverse_twice(
	struct decision *decision, const struct undo *undo, const struct booked *booked)
{
	const struct unit *unit = &booked->record.unit;
	const struct value order = {.present = true, .integer = (int64_t)booked->record.before};
	struct former_order former;
	TRY(former_order_find(decision, undo->id, &order, &former));
	TRY(attest_back(decision, booked->line, unit, booked->record.amount));
	TRY(former_order_not_back(decision, undo, &former, booked->record.amount));
	decision_fact_amount(decision, "amount", unit, booked->record.amount);
	return booked_correct(decision, booked);
}

static enum recourse_error apply_reverse(struct decision *decision, const struct value *values)
{
	struct booked booked;
	struct undo undo;
	struct former_undo several;
	bool of_several;
	TRY(booked_find(decision, &values[BOOKED_ENTRY], BOOKED_KIND(BOOKED_CAME_BACK), &booked));
	if (booked.record.takes_back != BOOKED_BOOKS)
		return refuse_entry(decision, RECOURSE_STATE_WRONG, "entry", booked.entry);
	undo.id = booked.id;
	TRY(undo_find(decision, &undo));
	if (booked.record.is == BOOKED_PAID_TWICE)
		return reverse_twice(decision, &undo, &booked);
	TRY(former_undo_return_begin(decision, &undo, &booked, &several, &of_several));
	if (!of_several)
		TRY(check_standing(decision, &undo, &booked));
	TRY(incident_money_moved(decision, "entry", &undo.incident));
	const struct record_section before = undo.section;
	const struct clawback clawback = {
		undo.id, undo.reference, &undo.claim, &undo.incident, &undo.section};
	TRY(take_cash(decision, &undo, &booked));
	int64_t advanced = undo.claim.settled_advance;
	TRY(settle_again(decision, &undo, &booked.record, of_several));
	TRY(report_not_back(decision, undo.id, &undo.claim));
	TRY(clawback_reverse_ask(decision, &undo, &booked));
	TRY(of_several ? former_undo_return_end(decision, &undo, &several)
		       : former_undo_twice(decision, &undo, &booked));
	if (of_several)
		TRY(repaid_follow(decision, &undo, advanced));
	/* what was had elsewhere meanwhile */
	TRY(clawback_open(decision, &clawback));
	TRY(settle_up_perfect(decision, &undo.incident, &undo.section, settle_up_stands(&before)));
	TRY(settle_up_anew(decision, &undo.incident, &undo.section));
	TRY(clawback_reverse_check(decision, &undo, &booked, &before));
	decision_fact_amount(decision, "amount", &undo.incident.unit, booked.record.amount);
	TRY(booked_correct(decision, &booked));
	return undo_save(decision, &undo);
}

static const struct command rows[] = {
	COMMAND_CHECKED("payout.reverse", RECOURSE_ROLE_CUSTODIAN, 1, booked_fields, apply_reverse,
		"take back that a payment came back, which it did not; another person approves",
		BOOKED_REFUSES, RECOURSE_INSUFFICIENT, RECOURSE_UNIT_MISMATCH),
};
const struct command_group payout_reverse_commands = COMMAND_GROUP(rows);
