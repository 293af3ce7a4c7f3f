/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/claims/clawback.h"

#include "rules/claims/claim.h"
#include "rules/claims/undo.h"
#include "rules/collateral/instrument.h"
#include "rules/incident/given_back.h"
#include "rules/incident/section.h"
#include "rules/incident/weight.h"
#include "rules/recourse/settle_up.h"

/* ---- clawback.reverse: what a claimant gave back, and did not, or for another claim ---- */

struct reverse {
	struct booked booked;
	struct undo undo;
	slice funder;
	slice merchant;
};

/* By how much that entry moved an account: debits are positive. */
static enum recourse_error moved_by(struct decision *decision, const struct reverse *reverse,
	enum chart_code code, slice party, int64_t *steps)
{
	return booked_moved(decision, reverse->booked.entry, code, party, reverse->undo.reference,
		&reverse->booked.record.unit, steps);
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
	int64_t due;
	TRY(moved_by(decision, reverse, CHART_CLAWBACK, undo->id, &served));
	TRY(moved_by(decision, reverse, CHART_WRITTEN_OFF, undo->id, &off));
	TRY(moved_by(decision, reverse, CHART_DUE_TO_FUNDER, reverse->funder, &due));
	*advance = -served - off;
	if (*advance == 0)
		return RECOURSE_OK;
	if (due < 0)
		TRY(booked_rests(decision, reverse->booked.entry, CHART_DUE_TO_FUNDER, reverse->funder,
			undo->reference, unit, -due));
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

/* What went back to an instrument's provider is drawn again, of whom that was, if it is there still. */
static enum recourse_error ask_instruments(struct decision *decision, struct reverse *reverse, int64_t steps)
{
	struct undo *undo = &reverse->undo;
	struct instrument_calls calls;
	TRY(instrument_call_list(decision->state, decision->arena, &undo->section, &calls));
	for (size_t row = 0; row < calls.count && steps > 0; row++) {
		const struct instrument *instrument = &calls.rows[row].instrument;
		int64_t given;
		TRY(moved_by(decision, reverse, CHART_CALLED, instrument->provider, &given));
		if (given < 0)
			TRY(booked_rests(decision, reverse->booked.entry, CHART_CALLED, instrument->provider,
				undo->reference, &undo->incident.unit, -given));
	}
	TRY(instrument_call_draw_again(decision, undo->reference, reverse->booked.entry, &calls, &steps));
	if (steps > 0)
		return refuse(decision, RECOURSE_NOT_PERMITTED, "entry",
			"what went back to the merchant's deposit, its instruments, or the funder alone");
	return RECOURSE_OK;
}

/* Out of the deposit that it went back to, if it is there still. */
static enum recourse_error ask_pool(struct decision *decision, struct reverse *reverse, int64_t steps)
{
	struct undo *undo = &reverse->undo;
	struct record_section *section = &undo->section;
	const struct unit *unit = &undo->incident.unit;
	struct record_path path = weight_path(section, undo->id);
	struct record_decided decided;
	int64_t lodged;
	if (steps == 0)
		return RECOURSE_OK;
	TRY(moved_by(decision, reverse, CHART_DEPOSIT_FROZEN, reverse->merchant, &lodged));
	int64_t secured = steps + lodged;
	TRY(ask_instruments(decision, reverse, secured));
	TRY(decision_post(decision, CHART_CLAIMS, slice_text(""), undo->reference, unit, secured));
	section->from_instruments += secured;
	section->instruments_back -= secured;
	if (lodged < 0)
		TRY(booked_rests(decision, reverse->booked.entry, CHART_DEPOSIT_FROZEN, reverse->merchant,
			undo->reference, unit, -lodged));
	TRY(decision_post(decision, CHART_DEPOSIT_FROZEN, reverse->merchant, undo->reference, unit, -lodged));
	SCOPED(given_back_free)
	struct given_back given = {.section = section, .since = reverse->booked.entry};
	TRY(given_back_load(decision, undo->id, &given));
	TRY(given_back_undo(decision, &given, -lodged));
	undo->claim.clawed_pool += steps;
	section->pool_taken += steps;
	section->pool_back -= steps;
	TRY(record_get_named(decision->state, &path, &decided, sizeof decided));
	const struct weight_change change = {.loss = decided.loss,
		.approved = decided.approved,
		.elsewhere = decided.elsewhere,
		.back = -steps};
	return weight_change(decision, section, undo->id, &change);
}

/* What was paid since, or sent again, has parts of its own. */
static enum recourse_error ask_again(struct decision *decision, struct reverse *reverse)
{
	const struct record_booked *record = &reverse->booked.record;
	struct undo *undo = &reverse->undo;
	struct record_claim *claim = &undo->claim;
	int64_t advance;
	if (claim->payout != PAYOUT_SETTLED || claim->settled_entry > reverse->booked.entry)
		return refuse_entry(decision, RECOURSE_NOT_PERMITTED, "entry", claim->last_entry);
	int64_t before = record_claim_asked(claim);
	claim->paid += record->amount;
	undo->section.paid += record->amount;
	claim->deposit_part += record->of_deposit;
	claim->advance_part += record->of_advance;
	claim->given -= record->of_deposit + record->of_advance;
	TRY(attest_back(decision, reverse->booked.line, &record->unit, record->amount));
	TRY(ask_advance(decision, reverse, &advance));
	TRY(ask_pool(decision, reverse, record->amount - advance));
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
	int64_t left = clawback_left(&undo->claim);
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
	TRY(party_name(decision->state, decision->arena, undo->section.party, &reverse.merchant));
	TRY((reverse.booked.record.takes_back != 0 ? give_again : ask_again)(decision, &reverse));
	TRY(settle_up_anew(decision, &undo->incident, &undo->section));
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
