/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/claims/take_back.h"

#include "rules/collateral/instrument.h"
#include "rules/deposit/deposit.h"
#include "rules/incident/given_back.h"
#include "rules/recourse/advance.h"
#include "rules/recourse/settle_up.h"

enum recourse_error take_back_advance(struct decision *decision, struct record_incident *incident,
	struct record_section *section, slice reference, int64_t steps)
{
	struct advance_release release = {.from = CHART_CLAIMS, .steps = steps, .unordered = steps};
	slice funder;
	TRY(party_name(decision->state, decision->arena, incident->funder, &funder));
	section->advanced -= steps;
	TRY(settle_up_unstay(decision, incident, section));
	return advance_release(decision, incident, section, funder, reference, &release);
}

/* An appeal gave that back to the deposit: the funder bore it, whose it is, and what was recourse for it is none any more. */
static enum recourse_error give_to_funder(struct decision *decision, const struct record_incident *incident,
	struct record_section *section, struct record_section *pool, slice reference, int64_t steps)
{
	const struct unit *unit = &incident->unit;
	slice funder;
	int64_t before = section_restored_recourse(section);
	pool->restored_back += steps;
	if (pool != section) {
		pool->back_given += steps;
		section->issuer_restored_back += steps;
	}
	int64_t less = before - section_restored_recourse(section);
	TRY(party_name(decision->state, decision->arena, incident->funder, &funder));
	TRY(decision_post(decision, CHART_CLAIMS, slice_text(""), reference, unit, steps));
	TRY(decision_post(decision, CHART_RECOURSE, slice_text(CHART_UNAPPORTIONED), reference, unit, -less));
	TRY(decision_post(decision, CHART_ADVANCES, funder, reference, unit, less));
	return due_hand_back(decision, incident, section, steps);
}

/* To what insures that pool, then to its deposit, but for what an appeal gave back of that. */
struct going_back {
	const struct record_incident *incident;
	struct record_section *section;
	slice reference;
	struct given_back given;
};

static void going_back_free(struct going_back *back)
{
	given_back_free(&back->given);
}

static enum recourse_error give_back(struct decision *decision, struct going_back *back,
	struct record_section *pool, int64_t secured, int64_t lodged)
{
	const struct record_incident *incident = back->incident;
	enum round_pool whose = pool == back->section ? ROUND_OWN : ROUND_ISSUERS;
	struct instrument_calls calls;
	slice party;
	int64_t restored;
	TRY(given_back_take(decision, &back->given, whose, lodged, &restored));
	if (restored > 0)
		TRY(give_to_funder(decision, incident, back->section, pool, back->reference, restored));
	TRY(party_name(decision->state, decision->arena, pool->party, &party));
	TRY(instrument_call_list(decision->state, decision->arena, pool, &calls));
	TRY(instrument_call_undraw(decision, back->reference, &calls, secured));
	return decision_move(decision, &incident->unit, lodged - restored, CHART_CLAIMS, slice_text(""),
		CHART_DEPOSIT_FROZEN, party, back->reference);
}

/* The last rank first: its instruments paid what its deposit did not. */
static enum recourse_error give_back_issuer(struct decision *decision, struct going_back *back, int64_t steps)
{
	struct record_section *section = back->section;
	struct record_section issuer;
	if (steps == 0)
		return RECOURSE_OK;
	TRY(section_load(decision->state, back->incident->number, back->incident->issuer, &issuer));
	int64_t secured = amount_least(steps, section->issuer_secured);
	TRY(give_back(decision, back, &issuer, secured, steps - secured));
	issuer.given -= steps;
	issuer.given_instruments -= secured;
	issuer.given_back += steps - secured;
	section->from_issuer -= steps;
	section->issuer_secured -= secured;
	section->issuer_back += steps;
	section->pool_taken -= steps;
	section->pool_back += steps;
	return section_save(decision, &issuer);
}

enum recourse_error take_back_pool(struct decision *decision, const struct record_incident *incident,
	struct record_section *section, slice reference, slice claim, int64_t steps)
{
	SCOPED(going_back_free)
	struct going_back back = {incident, section, reference, {.section = section}};
	int64_t issuers = amount_least(steps, section->from_issuer);
	int64_t own = steps - issuers;
	int64_t secured = amount_least(own, section->from_instruments);
	if (steps == 0)
		return RECOURSE_OK;
	TRY(given_back_load(decision, claim, &back.given));
	TRY(give_back_issuer(decision, &back, issuers));
	TRY(give_back(decision, &back, section, secured, own - secured));
	section->pool_taken -= own;
	section->from_instruments -= secured;
	section->pool_back += own;
	section->instruments_back += secured;
	return RECOURSE_OK;
}

/* ---- it did not go back ---- */

/* The funder does not have it, and bears it again. */
static enum recourse_error take_from_funder(
	struct decision *decision, struct going_back *back, struct record_section *pool, int64_t steps)
{
	const struct unit *unit = &back->incident->unit;
	struct record_section *section = back->section;
	slice funder;
	if (steps == 0)
		return RECOURSE_OK;
	int64_t before = section_restored_recourse(section);
	pool->restored_back -= steps;
	if (pool != section) {
		pool->back_given -= steps;
		section->issuer_restored_back -= steps;
	}
	int64_t more = section_restored_recourse(section) - before;
	TRY(party_name(decision->state, decision->arena, back->incident->funder, &funder));
	TRY(decision_post(decision, CHART_CLAIMS, slice_text(""), back->reference, unit, -steps));
	TRY(decision_post(
		decision, CHART_RECOURSE, slice_text(CHART_UNAPPORTIONED), back->reference, unit, more));
	TRY(decision_post(decision, CHART_ADVANCES, funder, back->reference, unit, -more));
	if (pool != section)
		TRY(section_save(decision, pool));
	return due_hand_back(decision, back->incident, section, -steps);
}

/* Of whom it was: it is drawn again, if it is there still. */
static enum recourse_error draw_again(struct decision *decision, const struct going_back *back,
	const struct record_section *pool, uint64_t entry, int64_t steps)
{
	struct instrument_calls calls;
	TRY(instrument_call_list(decision->state, decision->arena, pool, &calls));
	for (size_t row = 0; row < calls.count && steps > 0; row++) {
		slice provider = calls.rows[row].instrument.provider;
		int64_t given;
		TRY(booked_moved(decision, entry, CHART_CALLED, provider, back->reference,
			&back->incident->unit, &given));
		if (given < 0)
			TRY(booked_rests(decision, entry, CHART_CALLED, provider, back->reference,
				&back->incident->unit, -given));
	}
	TRY(instrument_call_draw_again(decision, back->reference, entry, &calls, &steps));
	return steps == 0 ? RECOURSE_OK
			  : refuse(decision, RECOURSE_NOT_PERMITTED, "entry",
				    "what went back to an instrument still");
}

static enum recourse_error take_again(struct decision *decision, struct going_back *back,
	struct record_section *pool, uint64_t entry, int64_t secured, int64_t lodged)
{
	const struct unit *unit = &back->incident->unit;
	slice party;
	TRY(draw_again(decision, back, pool, entry, secured));
	if (lodged == 0)
		return RECOURSE_OK;
	bool fetched;
	TRY(party_name(decision->state, decision->arena, pool->party, &party));
	TRY(freeze_fetch(decision, back->incident, party, back->reference, lodged, &fetched));
	if (!fetched)
		TRY(booked_rests(
			decision, entry, CHART_DEPOSIT_FROZEN, party, back->reference, unit, lodged));
	return decision_move(decision, unit, lodged, CHART_DEPOSIT_FROZEN, party, CHART_CLAIMS,
		slice_text(""), back->reference);
}

/* Its rounds have it again as they had it. */
static enum recourse_error undo_given(struct decision *decision, struct going_back *back,
	const struct record_section *pool, int64_t steps, int64_t restored)
{
	enum round_pool whose = pool == back->section ? ROUND_OWN : ROUND_ISSUERS;
	int64_t undone;
	TRY(given_back_undo(decision, &back->given, whose, pool->party, steps, &undone));
	return undone == restored ? RECOURSE_OK
				  : booked_went_on(decision, CHART_CLAIMS, slice_text(""), back->reference,
					    &back->incident->unit, BOOKED_DEBIT);
}

static enum recourse_error take_issuers(struct decision *decision, struct going_back *back, uint64_t entry,
	const struct record_gave_back *gave)
{
	struct record_section *section = back->section;
	struct record_section issuer;
	int64_t lodged = gave->issuers - gave->issuers_secured;
	if (gave->issuers == 0)
		return RECOURSE_OK;
	TRY(section_load(decision->state, back->incident->number, back->incident->issuer, &issuer));
	TRY(take_again(
		decision, back, &issuer, entry, gave->issuers_secured, lodged - gave->issuers_restored));
	TRY(undo_given(decision, back, &issuer, lodged, gave->issuers_restored));
	issuer.given += gave->issuers;
	issuer.given_instruments += gave->issuers_secured;
	issuer.given_back -= lodged;
	section->from_issuer += gave->issuers;
	section->issuer_secured += gave->issuers_secured;
	section->issuer_back -= gave->issuers;
	section->pool_taken += gave->issuers;
	section->pool_back -= gave->issuers;
	TRY(section_save(decision, &issuer));
	return take_from_funder(decision, back, &issuer, gave->issuers_restored);
}

enum recourse_error take_back_undo_pool(struct decision *decision, const struct record_incident *incident,
	struct record_section *section, slice reference, slice claim, uint64_t entry,
	const struct record_gave_back *gave)
{
	SCOPED(going_back_free)
	struct going_back back = {incident, section, reference, {.section = section, .since = entry}};
	int64_t own = gave->pool - gave->issuers;
	int64_t lodged = own - gave->secured;
	if (gave->pool == 0)
		return RECOURSE_OK;
	TRY(given_back_load(decision, claim, &back.given));
	TRY(take_again(decision, &back, section, entry, gave->secured, lodged - gave->restored));
	TRY(undo_given(decision, &back, section, lodged, gave->restored));
	section->pool_taken += own;
	section->from_instruments += gave->secured;
	section->pool_back -= own;
	section->instruments_back -= gave->secured;
	TRY(take_from_funder(decision, &back, section, gave->restored));
	return take_issuers(decision, &back, entry, gave);
}

enum recourse_error take_back_unordered(struct decision *decision, const struct record_incident *incident,
	struct record_section *section, slice reference, slice id, const struct record_claim *claim,
	int64_t part, int64_t left, int64_t *steps)
{
	bool under_way = claim->state == CLAIM_PAYING;
	int64_t out = claim->paid + (under_way ? record_claim_ordered(claim) : 0);
	int64_t most = amount_most(out, left);
	*steps = amount_beyond(part, most);
	return take_back_pool(decision, incident, section, reference, id, *steps);
}
