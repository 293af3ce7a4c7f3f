/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/claims/clawback.h"

#include "rules/claims/claim.h"
#include "rules/claims/take_back.h"
#include "rules/deposit/deposit.h"
#include "rules/claims/undo.h"
#include "rules/incident/section.h"
#include "rules/incident/weight.h"
#include "rules/recourse/settle_up.h"

/* ---- clawback.reverse: what a claimant gave back, and did not, or for another claim ---- */

struct reverse {
	const struct booked *booked;
	struct undo *undo;
	slice funder;
	struct record_gave_back gave;
};

/* What an account was credited with by it is there still. */
static enum recourse_error check_there(
	struct decision *decision, const struct reverse *reverse, enum chart_code code, slice party)
{
	const struct undo *undo = reverse->undo;
	int64_t moved;
	TRY(booked_moved(decision, reverse->booked->entry, code, party, undo->reference, &undo->incident.unit,
		&moved));
	return moved >= 0 ? RECOURSE_OK
			  : booked_rests(decision, reverse->booked->entry, code, party, undo->reference,
				    &undo->incident.unit, -moved);
}

/* What fell to the funder by it, and to parties as their own. */
static enum recourse_error check_due(struct decision *decision, const struct reverse *reverse)
{
	struct liabilities list;
	TRY(check_there(decision, reverse, CHART_DUE_TO_FUNDER, reverse->funder));
	TRY(liability_list(decision->state, decision->arena, &reverse->undo->section, &list));
	for (size_t row = 0; row < list.count; row++)
		TRY(check_there(decision, reverse, CHART_OVER_RECOVERY, list.rows[row].party));
	return RECOURSE_OK;
}

/* It is asked for again; what was written off of it is again, and what the funder was due of it is not. */
static enum recourse_error ask_advance(struct decision *decision, struct reverse *reverse)
{
	const struct record_gave_back *gave = &reverse->gave;
	struct undo *undo = reverse->undo;
	struct record_claim *claim = &undo->claim;
	struct record_section *section = &undo->section;
	const struct unit *unit = &undo->incident.unit;
	int64_t advance = gave->advance;
	claim->clawed_off += gave->off;
	claim->clawed_off_rest += gave->off_rest;
	TRY(decision_move(decision, unit, gave->off + gave->off_rest, CHART_WRITTEN_OFF, undo->id,
		CHART_MEMO_CONTRA, undo->id, undo->reference));
	if (advance == 0)
		return RECOURSE_OK;
	claim->clawed += advance;
	claim->settled_advance += advance;
	section->clawed += advance;
	section->settled_advance += advance;
	section->advanced += advance;
	undo->incident.instructed += advance;
	undo->incident.funded += advance;
	TRY(decision_move(decision, unit, gave->off - advance, CHART_ADVANCES, reverse->funder,
		CHART_CLAWBACK, undo->id, undo->reference));
	return due_hand_back(decision, &undo->incident, section, -advance);
}

/* Rounds weigh it as they did. */
static enum recourse_error weigh_again(
	struct decision *decision, struct undo *undo, int64_t pool, int64_t recovered)
{
	struct record_path path = weight_path(&undo->section, undo->id);
	struct record_decided decided;
	TRY(record_get_named(decision->state, &path, &decided, sizeof decided));
	const struct weight_change change = {.loss = decided.loss,
		.approved = decided.approved,
		.elsewhere = decided.elsewhere,
		.back = -pool,
		.recovered_back = -recovered};
	return weight_change(decision, &undo->section, undo->id, &change);
}

/* Out of the pools that it went back to, if it is there still. */
static enum recourse_error ask_pool(struct decision *decision, struct reverse *reverse)
{
	struct undo *undo = reverse->undo;
	int64_t steps = reverse->gave.pool;
	if (steps == 0)
		return RECOURSE_OK;
	TRY(take_back_undo_pool(decision, &undo->incident, &undo->section, undo->reference, undo->id,
		reverse->booked->entry, &reverse->gave));
	TRY(decision_post(
		decision, CHART_CLAIMS, slice_text(""), undo->reference, &undo->incident.unit, steps));
	undo->claim.clawed_pool += steps;
	return weigh_again(decision, undo, steps, 0);
}

/* It was paid out for their uncovered loss, and is: whose it was meanwhile the waterfall says anew. */
static enum recourse_error ask_recovered(struct decision *decision, struct reverse *reverse)
{
	struct undo *undo = reverse->undo;
	struct record_section *section = &undo->section;
	int64_t steps = reverse->gave.recovered;
	if (steps == 0)
		return RECOURSE_OK;
	undo->claim.clawed_recovered += steps;
	section->clawed_recovered += steps;
	section->recovered_back -= steps;
	section->uncovered_collected -= steps;
	TRY(decision_post(decision, CHART_OVER_RECOVERY, slice_text(CHART_CONSUMERS), undo->reference,
		&undo->incident.unit, steps));
	return weigh_again(decision, undo, 0, steps);
}

enum recourse_error clawback_reverse_ask(
	struct decision *decision, struct undo *undo, const struct booked *booked)
{
	struct record_path path = record_path_of_number(RECORD_GAVE_BACK, booked->entry);
	struct reverse reverse = {.booked = booked, .undo = undo};
	struct record_claim *claim = &undo->claim;
	bool there;
	TRY(record_get_optional(decision->state, &path, &reverse.gave, sizeof reverse.gave, &there));
	if (!there)
		return RECOURSE_OK;
	TRY(party_name(decision->state, decision->arena, undo->incident.funder, &reverse.funder));
	TRY(check_due(decision, &reverse));
	int64_t before = record_claim_asked(claim);
	int64_t paid = reverse.gave.advance + reverse.gave.pool;
	claim->paid += paid;
	undo->section.paid += paid;
	claim->deposit_part += booked->record.of_deposit;
	claim->advance_part += booked->record.of_advance;
	claim->given -= booked->record.of_deposit + booked->record.of_advance;
	TRY(ask_advance(decision, &reverse));
	TRY(ask_pool(decision, &reverse));
	TRY(ask_recovered(decision, &reverse));
	section_count_clawback(&undo->section, before, record_claim_asked(claim));
	return incident_asked_anew(decision, &undo->incident, before, claim);
}

/* The funder owes back more than what it owed before the claimant gave it: of that something was remitted to it. */
enum recourse_error clawback_reverse_check(struct decision *decision, const struct undo *undo,
	const struct booked *booked, const struct record_section *before)
{
	const struct unit *unit = &undo->incident.unit;
	slice account;
	slice funder;
	int64_t moved;
	TRY(account_reference_make(decision->arena, before->owed_entry, &account));
	TRY(party_name(decision->state, decision->arena, undo->incident.funder, &funder));
	TRY(booked_moved(decision, booked->entry, CHART_COMMITMENT, funder, account, unit, &moved));
	if (undo->section.owed_back - before->owed_back <= amount_beyond(0, moved))
		return RECOURSE_OK;
	return booked_went_on(decision, CHART_DUE_TO_FUNDER, funder, undo->reference, unit, BOOKED_DEBIT);
}

/* What was paid since, or sent again, has parts of its own. */
static enum recourse_error ask_again(struct decision *decision, struct undo *undo, struct booked *booked)
{
	const struct record_booked *record = &booked->record;
	const struct record_claim *claim = &undo->claim;
	if (claim->payout != PAYOUT_SETTLED || claim->settled_entry > booked->entry)
		return refuse_entry(decision, RECOURSE_NOT_PERMITTED, "entry", claim->last_entry);
	TRY(attest_back(decision, booked->line, &record->unit, record->amount));
	return clawback_reverse_ask(decision, undo, booked);
}

static enum recourse_error give_again(struct decision *decision, struct undo *undo, struct booked *booked)
{
	struct record_booked *record = &booked->record;
	const struct value line = {.present = true, .text = booked->line};
	const struct clawback clawback = {
		undo->id, undo->reference, &undo->claim, &undo->incident, &undo->section};
	int64_t left = clawback_left(&undo->claim) + undo->claim.clawed_recovered;
	if (record->amount > left)
		return refuse_amount(
			decision, RECOURSE_INSUFFICIENT, "entry", &record->unit, record->amount, left);
	TRY(attest_cash(decision, &line, &record->unit, record->amount));
	return clawback_give_back(decision, &clawback, record->amount, record);
}

static enum recourse_error apply_reverse(struct decision *decision, const struct value *values)
{
	struct booked booked;
	struct undo undo;
	TRY(booked_find(decision, &values[BOOKED_ENTRY], BOOKED_KIND(BOOKED_GIVEN_BACK), &booked));
	undo.id = booked.id;
	TRY(undo_find(decision, &undo));
	TRY(incident_money_moved(decision, "entry", &undo.incident));
	const struct record_section before = undo.section;
	bool again = booked.record.takes_back != BOOKED_BOOKS;
	TRY((again ? give_again : ask_again)(decision, &undo, &booked));
	TRY(settle_up_anew(decision, &undo.incident, &undo.section));
	if (!again)
		TRY(clawback_reverse_check(decision, &undo, &booked, &before));
	decision_fact_amount(decision, "amount", &undo.incident.unit, booked.record.amount);
	TRY(booked_correct(decision, &booked));
	TRY(incident_save(decision, &undo.incident));
	TRY(section_save(decision, &undo.section));
	TRY(freeze_follow_claims(decision, &undo.incident, undo.section.party));
	return claim_put_about(decision, undo.id, &undo.claim);
}

static const struct command rows[] = {
	COMMAND_CHECKED("clawback.reverse", RECOURSE_ROLE_CUSTODIAN, 1, booked_fields, apply_reverse,
		"take back what a claimant gave back, booked by a slip; another person approves",
		BOOKED_REFUSES, RECOURSE_EXISTS, RECOURSE_INSUFFICIENT, RECOURSE_UNIT_MISMATCH),
};
const struct command_group clawback_reverse_commands = COMMAND_GROUP(rows);
