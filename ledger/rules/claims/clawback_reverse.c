/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/claims/clawback.h"

#include "rules/claims/claim.h"
#include "rules/claims/take_back.h"
#include "rules/claims/undo.h"
#include "rules/incident/section.h"
#include "rules/incident/weight.h"
#include "rules/recourse/settle_up.h"

/* ---- clawback.reverse: what a claimant gave back, and did not, or for another claim ---- */

struct reverse {
	struct booked booked;
	struct undo undo;
	slice funder;
};

/* By how much that entry moved an account: debits are positive. */
static enum recourse_error moved_by(struct decision *decision, const struct reverse *reverse,
	enum chart_code code, slice party, int64_t *steps)
{
	return booked_moved(decision, reverse->booked.entry, code, party, reverse->undo.reference,
		&reverse->booked.record.unit, steps);
}

static enum recourse_error check_there(
	struct decision *decision, const struct reverse *reverse, enum chart_code code, slice party)
{
	int64_t moved;
	TRY(moved_by(decision, reverse, code, party, &moved));
	return moved >= 0 ? RECOURSE_OK
			  : booked_rests(decision, reverse->booked.entry, code, party,
				    reverse->undo.reference, &reverse->undo.incident.unit, -moved);
}

/* What fell to the funder by it, and to parties as their own, is there still. */
static enum recourse_error check_due(struct decision *decision, const struct reverse *reverse)
{
	struct liabilities list;
	TRY(check_there(decision, reverse, CHART_DUE_TO_FUNDER, reverse->funder));
	TRY(liability_list(decision->state, decision->arena, &reverse->undo.section, &list));
	for (size_t row = 0; row < list.count; row++)
		TRY(check_there(decision, reverse, CHART_OVER_RECOVERY, list.rows[row].party));
	return RECOURSE_OK;
}

/* It is asked for again; what was written off of it is again, and what the funder was due of it is not. */
static enum recourse_error ask_advance(struct decision *decision, struct reverse *reverse, int64_t *advance)
{
	struct undo *undo = &reverse->undo;
	struct record_claim *claim = &undo->claim;
	struct record_section *section = &undo->section;
	const struct unit *unit = &undo->incident.unit;
	int64_t served;
	int64_t off;
	TRY(moved_by(decision, reverse, CHART_CLAWBACK, undo->id, &served));
	TRY(moved_by(decision, reverse, CHART_WRITTEN_OFF, undo->id, &off));
	*advance = -served - off;
	if (*advance == 0)
		return RECOURSE_OK;
	claim->clawed += *advance;
	claim->clawed_off -= off;
	claim->settled_advance += *advance;
	section->clawed += *advance;
	section->settled_advance += *advance;
	section->advanced += *advance;
	undo->incident.instructed += *advance;
	undo->incident.funded += *advance;
	TRY(decision_move(decision, unit, served, CHART_ADVANCES, reverse->funder, CHART_CLAWBACK, undo->id,
		undo->reference));
	TRY(decision_move(decision, unit, -off, CHART_WRITTEN_OFF, undo->id, CHART_MEMO_CONTRA, undo->id,
		undo->reference));
	return due_hand_back(decision, &undo->incident, section, -*advance);
}

/* Rounds weigh it as they did. */
static enum recourse_error weigh_again(
	struct decision *decision, struct reverse *reverse, int64_t pool, int64_t recovered)
{
	struct record_section *section = &reverse->undo.section;
	struct record_path path = weight_path(section, reverse->undo.id);
	struct record_decided decided;
	TRY(record_get_named(decision->state, &path, &decided, sizeof decided));
	const struct weight_change change = {.loss = decided.loss,
		.approved = decided.approved,
		.elsewhere = decided.elsewhere,
		.back = -pool,
		.recovered_back = -recovered};
	return weight_change(decision, section, reverse->undo.id, &change);
}

/* Out of the pools that it went back to, if it is there still. */
static enum recourse_error ask_pool(
	struct decision *decision, struct reverse *reverse, const struct record_gave_back *gave)
{
	struct undo *undo = &reverse->undo;
	if (gave->pool == 0)
		return RECOURSE_OK;
	TRY(take_back_undo_pool(decision, &undo->incident, &undo->section, undo->reference, undo->id,
		reverse->booked.entry, gave));
	TRY(decision_post(
		decision, CHART_CLAIMS, slice_text(""), undo->reference, &undo->incident.unit, gave->pool));
	undo->claim.clawed_pool += gave->pool;
	return weigh_again(decision, reverse, gave->pool, 0);
}

/* It was paid out for their uncovered loss, and is: whose it was meanwhile the waterfall says anew. */
static enum recourse_error ask_recovered(
	struct decision *decision, struct reverse *reverse, const struct record_gave_back *gave)
{
	struct undo *undo = &reverse->undo;
	struct record_section *section = &undo->section;
	if (gave->recovered == 0)
		return RECOURSE_OK;
	undo->claim.clawed_recovered += gave->recovered;
	section->clawed_recovered += gave->recovered;
	section->recovered_back -= gave->recovered;
	section->uncovered_collected -= gave->recovered;
	TRY(decision_post(decision, CHART_OVER_RECOVERY, slice_text(CHART_CONSUMERS), undo->reference,
		&undo->incident.unit, gave->recovered));
	return weigh_again(decision, reverse, 0, gave->recovered);
}

/* It owes back more than what it owed before the claimant gave it. */
static enum recourse_error check_funder_paid(
	struct decision *decision, const struct reverse *reverse, const struct record_section *before)
{
	const struct undo *undo = &reverse->undo;
	const struct unit *unit = &undo->incident.unit;
	slice account;
	int64_t moved;
	TRY(account_reference_make(decision->arena, before->owed_entry, &account));
	TRY(booked_moved(
		decision, reverse->booked.entry, CHART_COMMITMENT, reverse->funder, account, unit, &moved));
	if (undo->section.owed_back - before->owed_back <= amount_beyond(0, moved))
		return RECOURSE_OK;
	return booked_went_on(
		decision, CHART_DUE_TO_FUNDER, reverse->funder, undo->reference, unit, BOOKED_DEBIT);
}

/* What was paid since, or sent again, has parts of its own. */
static enum recourse_error ask_again(struct decision *decision, struct reverse *reverse)
{
	const struct record_booked *record = &reverse->booked.record;
	struct undo *undo = &reverse->undo;
	struct record_claim *claim = &undo->claim;
	struct record_path path = record_path_of_number(RECORD_GAVE_BACK, reverse->booked.entry);
	struct record_gave_back gave;
	int64_t advance;
	if (claim->payout != PAYOUT_SETTLED || claim->settled_entry > reverse->booked.entry)
		return refuse_entry(decision, RECOURSE_NOT_PERMITTED, "entry", claim->last_entry);
	TRY(record_get_named(decision->state, &path, &gave, sizeof gave));
	TRY(check_due(decision, reverse));
	int64_t before = record_claim_asked(claim);
	claim->paid += record->amount - gave.recovered;
	undo->section.paid += record->amount - gave.recovered;
	claim->deposit_part += record->of_deposit;
	claim->advance_part += record->of_advance;
	claim->given -= record->of_deposit + record->of_advance;
	TRY(attest_back(decision, reverse->booked.line, &record->unit, record->amount));
	TRY(ask_advance(decision, reverse, &advance));
	if (advance + gave.pool + gave.recovered != record->amount)
		return RECOURSE_STORE_CORRUPT;
	TRY(ask_pool(decision, reverse, &gave));
	TRY(ask_recovered(decision, reverse, &gave));
	section_count_clawback(&undo->section, before, record_claim_asked(claim));
	return RECOURSE_OK;
}

static enum recourse_error give_again(struct decision *decision, struct reverse *reverse)
{
	struct record_booked *record = &reverse->booked.record;
	struct undo *undo = &reverse->undo;
	const struct value line = {.present = true, .text = reverse->booked.line};
	const struct clawback clawback = {
		undo->id, undo->reference, &undo->claim, &undo->incident, &undo->section};
	int64_t left = clawback_left(&undo->claim) + undo->claim.clawed_recovered;
	if (record->amount > left)
		return refuse_amount(
			decision, RECOURSE_INSUFFICIENT, "entry", &record->unit, record->amount, left);
	TRY(attest_cash(decision, &line, &record->unit, record->amount));
	return clawback_give_back(decision, &clawback, record);
}

static enum recourse_error apply_reverse(struct decision *decision, const struct value *values)
{
	struct reverse reverse;
	struct undo *undo = &reverse.undo;
	TRY(booked_find(decision, &values[BOOKED_ENTRY], BOOKED_KIND(BOOKED_GIVEN_BACK), &reverse.booked));
	undo->id = reverse.booked.id;
	TRY(undo_find(decision, undo));
	TRY(incident_money_moved(decision, "entry", &undo->incident));
	TRY(party_name(decision->state, decision->arena, undo->incident.funder, &reverse.funder));
	const struct record_section before = undo->section;
	TRY((reverse.booked.record.takes_back != 0 ? give_again : ask_again)(decision, &reverse));
	TRY(settle_up_anew(decision, &undo->incident, &undo->section));
	if (reverse.booked.record.takes_back == BOOKED_BOOKS)
		TRY(check_funder_paid(decision, &reverse, &before));
	decision_fact_amount(decision, "amount", &undo->incident.unit, reverse.booked.record.amount);
	TRY(booked_correct(decision, &reverse.booked));
	TRY(incident_save(decision, &undo->incident));
	TRY(section_save(decision, &undo->section));
	return claim_put_about(decision, undo->id, &undo->claim);
}

static const struct command rows[] = {
	COMMAND_CHECKED("clawback.reverse", RECOURSE_ROLE_CUSTODIAN, 1, booked_fields, apply_reverse,
		"take back what a claimant gave back, booked by a slip; another person approves",
		BOOKED_REFUSES, RECOURSE_EXISTS, RECOURSE_INSUFFICIENT, RECOURSE_UNIT_MISMATCH),
};
const struct command_group clawback_reverse_commands = COMMAND_GROUP(rows);
