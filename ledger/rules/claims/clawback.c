/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/claims/clawback.h"

#include "rules/claims/claim.h"
#include "rules/claims/take_back.h"
#include "rules/deposit/deposit.h"
#include "rules/incident/section.h"
#include "rules/incident/weight.h"
#include "rules/recourse/settle_up.h"

int64_t clawback_left(const struct record_claim *claim)
{
	return claim->clawed + claim->clawed_pool;
}

/* An advance that is no recourse yet never becomes any; one that is, is taken out of what is receivable for it. */
static enum recourse_error open_advance(
	struct decision *decision, const struct clawback *clawback, int64_t steps)
{
	const struct unit *unit = &clawback->incident->unit;
	struct record_section *section = clawback->section;
	struct record_claim *claim = clawback->claim;
	claim->clawed += steps;
	section->clawed += steps;
	int64_t beyond = section->perfected - section_recourse(section);
	int64_t perfected = beyond < 0 ? 0 : amount_least(beyond, steps);
	TRY(decision_post(decision, CHART_CLAWBACK, clawback->id, clawback->reference, unit, steps));
	TRY(decision_post(
		decision, CHART_INCHOATE, slice_text(""), clawback->reference, unit, perfected - steps));
	return settle_up_lower(decision, clawback->incident, section, perfected);
}

/* Of what was paid the pool's part is what rounds gave of it, those after the payment too. */
enum recourse_error clawback_open(struct decision *decision, const struct clawback *clawback)
{
	struct record_claim *claim = clawback->claim;
	int64_t excess = claim->paid - claim->approved - clawback_left(claim);
	struct weight_standing standing;
	if (excess <= 0)
		return RECOURSE_OK;
	TRY(weight_standing(decision, clawback->section, clawback->id, &standing));
	int64_t left = claim->paid - standing.part - claim->clawed;
	int64_t advance = left < 0 ? 0 : amount_least(excess, left);
	int64_t before = record_claim_asked(claim);
	claim->clawed_pool += excess - advance;
	decision_fact_amount(decision, "clawback", &clawback->incident->unit, excess);
	TRY(open_advance(decision, clawback, advance));
	section_count_clawback(clawback->section, before, record_claim_asked(claim));
	return incident_asked_anew(decision, clawback->incident, before, claim);
}

enum recourse_error clawback_open_recovered(struct decision *decision, const struct clawback *clawback)
{
	struct record_claim *claim = clawback->claim;
	int64_t lost = amount_beyond(claim->loss, claim->received);
	struct weight_standing standing;
	TRY(weight_standing(decision, clawback->section, clawback->id, &standing));
	int64_t before = claim->clawed_recovered;
	int64_t asked = record_claim_asked(claim);
	claim->clawed_recovered = amount_beyond(standing.recovered, lost);
	clawback->section->clawed_recovered += claim->clawed_recovered - before;
	section_count_clawback(clawback->section, asked, record_claim_asked(claim));
	if (claim->clawed_recovered > 0)
		decision_fact_amount(
			decision, "clawback_recovered", &clawback->incident->unit, claim->clawed_recovered);
	return incident_asked_anew(decision, clawback->incident, asked, claim);
}

/* ---- on its accounts ---- */

static enum recourse_error post_asked(struct decision *decision, const struct clawback *clawback,
	struct record_lowered *later, int64_t steps)
{
	if (later != NULL) {
		later->receivable -= steps;
		return RECOURSE_OK;
	}
	return decision_post(decision, CHART_CLAWBACK, clawback->id, clawback->reference,
		&clawback->incident->unit, steps);
}

static enum recourse_error post_off(struct decision *decision, const struct clawback *clawback,
	struct record_lowered *later, int64_t steps)
{
	if (later != NULL) {
		later->off -= steps;
		return RECOURSE_OK;
	}
	return decision_move(decision, &clawback->incident->unit, steps, CHART_WRITTEN_OFF, clawback->id,
		CHART_MEMO_CONTRA, clawback->id, clawback->reference);
}

/* ---- less is asked back ---- */

/* Of the pool first: it is the last instalments that are out of it alone. */
static enum recourse_error close_asked(
	struct decision *decision, const struct clawback *clawback, struct record_lowered *later)
{
	const struct unit *unit = &clawback->incident->unit;
	struct record_claim *claim = clawback->claim;
	int64_t asked = amount_beyond(claim->paid, claim->approved);
	int64_t less = clawback_left(claim) - asked;
	int64_t open = claim->clawed - claim->clawed_off;
	int64_t most = amount_beyond(claim->settled_advance, 0);
	int64_t advance = amount_beyond(less, claim->clawed_pool);
	advance = amount_most(advance, claim->clawed - most);
	if (less <= 0)
		return RECOURSE_OK;
	if (advance > open)
		return booked_went_on_of(decision, "claim", CHART_WRITTEN_OFF, clawback->id,
			clawback->reference, unit, BOOKED_DEBIT);
	int64_t before = record_claim_asked(claim);
	claim->clawed -= advance;
	claim->clawed_pool -= less - advance;
	section_count_clawback(clawback->section, before, record_claim_asked(claim));
	clawback->section->clawed -= advance;
	TRY(post_asked(decision, clawback, later, -advance));
	return decision_post(decision, CHART_INCHOATE, slice_text(""), clawback->reference, unit, advance);
}

enum recourse_error clawback_close(struct decision *decision, const struct clawback *clawback)
{
	return close_asked(decision, clawback, NULL);
}

/* What was written off comes back with what was not: its memo falls. */
static enum recourse_error reinstate(
	struct decision *decision, const struct clawback *clawback, int64_t steps)
{
	clawback->claim->clawed_off -= steps;
	return post_off(decision, clawback, NULL, -steps);
}

/* The same beside the advance: never more is written off than is asked back still. */
static enum recourse_error reinstate_rest(
	struct decision *decision, const struct clawback *clawback, struct record_lowered *later)
{
	struct record_claim *claim = clawback->claim;
	int64_t more = claim->clawed_off_rest - claim->clawed_pool - claim->clawed_recovered;
	if (more <= 0)
		return RECOURSE_OK;
	claim->clawed_off_rest -= more;
	return post_off(decision, clawback, later, -more);
}

/* What was written off is receivable again, and the funder's. */
static enum recourse_error ask_again(struct decision *decision, const struct clawback *clawback,
	struct record_lowered *later, int64_t steps)
{
	slice funder;
	clawback->claim->clawed_off -= steps;
	TRY(party_name(decision->state, decision->arena, clawback->incident->funder, &funder));
	TRY(decision_post(
		decision, CHART_ADVANCES, funder, clawback->reference, &clawback->incident->unit, -steps));
	TRY(post_asked(decision, clawback, later, steps));
	return post_off(decision, clawback, later, -steps);
}

/* What was written off of it is receivable again before it is none. */
enum recourse_error clawback_lower(
	struct decision *decision, const struct clawback *clawback, struct record_lowered *later)
{
	struct record_claim *claim = clawback->claim;
	int64_t asked = amount_beyond(claim->paid, claim->approved);
	int64_t advance = amount_beyond(clawback_left(claim) - asked, claim->clawed_pool);
	int64_t beyond = amount_beyond(advance, claim->clawed - claim->clawed_off);
	int64_t before = record_claim_asked(claim);
	TRY(ask_again(decision, clawback, later, beyond));
	section_count_clawback(clawback->section, before, record_claim_asked(claim));
	TRY(close_asked(decision, clawback, later));
	before = record_claim_asked(claim);
	TRY(reinstate_rest(decision, clawback, later));
	section_count_clawback(clawback->section, before, record_claim_asked(claim));
	return RECOURSE_OK;
}

/* What the funder had advanced is its again, or set off against what it owes back of what it had of parties for it. */
static enum recourse_error serve_advance(
	struct decision *decision, const struct clawback *clawback, int64_t steps)
{
	const struct unit *unit = &clawback->incident->unit;
	struct record_section *section = clawback->section;
	int64_t open = clawback->claim->clawed - clawback->claim->clawed_off;
	int64_t receivable = amount_least(steps, open);
	slice funder;
	TRY(party_name(decision->state, decision->arena, clawback->incident->funder, &funder));
	clawback->claim->clawed -= steps;
	clawback->claim->settled_advance -= steps;
	section->clawed -= steps;
	section->settled_advance -= steps;
	section->advanced -= steps;
	/* it goes back to the funder: neither ordered out nor paid in any more, and no cover for others */
	clawback->incident->instructed -= steps;
	clawback->incident->funded -= steps;
	TRY(decision_move(decision, unit, receivable, CHART_ADVANCES, funder, CHART_CLAWBACK, clawback->id,
		clawback->reference));
	TRY(reinstate(decision, clawback, steps - receivable));
	return due_hand_back(decision, clawback->incident, section, steps);
}

static enum recourse_error serve_pool(
	struct decision *decision, const struct clawback *clawback, int64_t steps)
{
	struct record_path path = weight_path(clawback->section, clawback->id);
	struct record_decided decided;
	clawback->claim->clawed_pool -= steps;
	TRY(decision_post(decision, CHART_CLAIMS, slice_text(""), clawback->reference,
		&clawback->incident->unit, -steps));
	TRY(take_back_pool(
		decision, clawback->incident, clawback->section, clawback->reference, clawback->id, steps));
	TRY(record_get_named(decision->state, &path, &decided, sizeof decided));
	const struct weight_change change = {.loss = decided.loss,
		.approved = decided.approved,
		.elsewhere = decided.elsewhere,
		.back = steps};
	return weight_change(decision, clawback->section, clawback->id, &change);
}

/* It was received for consumers' uncovered loss and is not paid out any more: whose it is the waterfall says. */
static enum recourse_error serve_recovered(
	struct decision *decision, const struct clawback *clawback, int64_t steps)
{
	struct record_section *section = clawback->section;
	struct record_path path = weight_path(section, clawback->id);
	struct record_decided decided;
	clawback->claim->clawed_recovered -= steps;
	section->clawed_recovered -= steps;
	section->recovered_back += steps;
	section->uncovered_collected += steps;
	TRY(decision_post(decision, CHART_OVER_RECOVERY, slice_text(CHART_CONSUMERS), clawback->reference,
		&clawback->incident->unit, -steps));
	TRY(record_get_named(decision->state, &path, &decided, sizeof decided));
	const struct weight_change change = {.loss = decided.loss,
		.approved = decided.approved,
		.elsewhere = decided.elsewhere,
		.recovered_back = steps};
	return weight_change(decision, section, clawback->id, &change);
}

/* Of the last payment so much less is there to come back. */
static void lessen_parts(struct record_claim *claim, int64_t advance, int64_t steps)
{
	int64_t first = amount_least(advance, claim->advance_part);
	int64_t rest = steps - first;
	int64_t pool = amount_least(rest, claim->deposit_part);
	claim->advance_part -= first;
	claim->deposit_part -= pool;
	rest -= pool;
	claim->advance_part -= amount_least(rest, claim->advance_part);
}

static enum recourse_error serve(struct decision *decision, const struct clawback *clawback, int64_t steps)
{
	struct record_claim *claim = clawback->claim;
	int64_t before = record_claim_asked(claim);
	int64_t paid = amount_least(steps, clawback_left(claim));
	int64_t advance = amount_least(paid, claim->clawed);
	int64_t parts = claim->deposit_part + claim->advance_part;
	claim->paid -= paid;
	clawback->section->paid -= paid;
	lessen_parts(claim, advance, paid);
	claim->given += parts - claim->deposit_part - claim->advance_part;
	claim->given_back = decision->entry;
	TRY(serve_advance(decision, clawback, advance));
	if (paid > advance)
		TRY(serve_pool(decision, clawback, paid - advance));
	if (steps > paid)
		TRY(serve_recovered(decision, clawback, steps - paid));
	TRY(reinstate_rest(decision, clawback, NULL));
	section_count_clawback(clawback->section, before, record_claim_asked(claim));
	return RECOURSE_OK;
}

/* Whose again it was, by what of the claim and of its section is another than before. */
static enum recourse_error keep_gave(struct decision *decision, const struct clawback *clawback,
	const struct record_claim *claim, const struct record_section *section)
{
	struct record_path path = record_path_of_number(RECORD_GAVE_BACK, decision->entry);
	const struct record_claim *less = clawback->claim;
	const struct record_section *after = clawback->section;
	const struct record_gave_back gave = {
		.advance = claim->clawed - less->clawed,
		.off = claim->clawed_off - less->clawed_off,
		.off_rest = claim->clawed_off_rest - less->clawed_off_rest,
		.pool = section->pool_taken - after->pool_taken,
		.issuers = section->from_issuer - after->from_issuer,
		.issuers_secured = section->issuer_secured - after->issuer_secured,
		.issuers_restored = after->issuer_restored_back - section->issuer_restored_back,
		.secured = section->from_instruments - after->from_instruments,
		.restored = after->restored_back - section->restored_back,
		.recovered = claim->clawed_recovered - less->clawed_recovered,
	};
	return decision_put(decision, &path, &gave, sizeof gave);
}

enum recourse_error clawback_give_back(struct decision *decision, const struct clawback *clawback,
	int64_t steps, struct record_booked *booked)
{
	const struct record_claim claim = *clawback->claim;
	const struct record_section section = *clawback->section;
	TRY(serve(decision, clawback, steps));
	booked->of_deposit = claim.deposit_part - clawback->claim->deposit_part;
	booked->of_advance = claim.advance_part - clawback->claim->advance_part;
	return keep_gave(decision, clawback, &claim, &section);
}

/* ---- clawback.receive ---- */

enum { RECEIVE_CLAIM, RECEIVE_AMOUNT, RECEIVE_BANK };
static const struct recourse_field receive_fields[] = {
	[RECEIVE_CLAIM] = FIELD(ID, "claim", "that was paid too much"),
	[RECEIVE_AMOUNT] = FIELD(AMOUNT, "amount", "that came back, at most what it owes"),
	[RECEIVE_BANK] = ATTEST_LINE(FIELD),
};

static enum recourse_error apply_receive(struct decision *decision, const struct value *values)
{
	slice id = values[RECEIVE_CLAIM].text;
	struct record_claim claim;
	struct record_incident incident;
	struct record_section section;
	slice reference;
	int64_t steps;
	TRY(claim_find(decision, id, &claim));
	TRY(incident_referred(decision, claim.incident, &incident, &reference));
	incident_name_policy(decision, &incident);
	TRY(section_load(decision->state, claim.incident, claim.section, &section));
	TRY(section_custodian(decision, "claim", &section));
	TRY(decision_amount(decision, "amount", values[RECEIVE_AMOUNT].text, &incident.unit, &steps));
	int64_t left = clawback_left(&claim) + claim.clawed_recovered;
	if (steps > left)
		return refuse_amount(decision, RECOURSE_INSUFFICIENT, "amount", &incident.unit, steps, left);
	const struct clawback clawback = {id, reference, &claim, &incident, &section};
	TRY(incident_money_moved(decision, "claim", &incident));
	TRY(attest_cash(decision, &values[RECEIVE_BANK], &incident.unit, steps));
	struct record_booked booked = {.unit = incident.unit,
		.amount = steps,
		.kind = BOOKED_GIVEN_BACK,
		.custodian = decision->actor->party_number};
	record_text_set(booked.id, sizeof booked.id, id);
	record_text_set(booked.reference, sizeof booked.reference, reference);
	record_text_set(booked.line, sizeof booked.line, values[RECEIVE_BANK].text);
	TRY(clawback_give_back(decision, &clawback, steps, &booked));
	TRY(booked_keep(decision, &booked));
	TRY(settle_up_anew(decision, &incident, &section));
	TRY(incident_save(decision, &incident));
	TRY(section_save(decision, &section));
	TRY(freeze_follow_claims(decision, &incident, section.party));
	return claim_put_about(decision, id, &claim);
}

static const struct command rows[] = {
	COMMAND("clawback.receive", RECOURSE_ROLE_CUSTODIAN, receive_fields, apply_receive,
		"the custodian attests that a claimant gave back what was too much", RECOURSE_EXISTS,
		RECOURSE_INSUFFICIENT, RECOURSE_STATE_WRONG),
};
const struct command_group clawback_commands = COMMAND_GROUP(rows);
