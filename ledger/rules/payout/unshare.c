/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/payout/unshare.h"

#include "rules/claims/clawback.h"
#include "rules/collateral/instrument.h"
#include "rules/incident/round.h"
#include "rules/incident/weight.h"
#include "rules/payout/replaced.h"
#include "rules/recourse/advance.h"
#include "rules/recourse/behind.h"
#include "rules/recourse/settle_up.h"

/* ---- the round ---- */

static enum recourse_error find_round(
	struct decision *decision, const struct record_section *section, struct unshare *row)
{
	for (enum round_kind series = ROUND_DEPOSIT; series < ROUND_SERIES; series++) {
		struct record_round last;
		if (series == ROUND_INTEREST || section->rounds[series] == 0)
			continue;
		TRY(round_read(decision->state, section, series, section->rounds[series], &last));
		if (last.entry > row->entry)
			return refuse_entry(decision, RECOURSE_NOT_PERMITTED, "entry", last.entry);
		if (last.entry < row->entry)
			continue;
		row->round = last;
		row->series = series;
	}
	return RECOURSE_OK;
}

/* The section as it is without it. */
static struct record_section without(const struct record_section *section, const struct unshare *row)
{
	struct record_section less = *section;
	if (row->series != 0)
		less.rounds[row->series]--;
	return less;
}

/* ---- its claims ---- */

/* One of those that it knew, with what it has by it. */
struct holder {
	struct record_claim claim;
	const struct record_decided *decided;
	struct weight_standing with;
	struct weight_standing without;
	bool first; /* it came in with it */
};

/*
 * A ruling that was changed kept what the claim had by then; nothing of it is by one that gave claims nothing, but that it was
 * covered.
 */
static bool is_changed(
	const struct record_section *section, const struct unshare *row, const struct holder *holder)
{
	bool lifted = row->series == ROUND_LIFT && round_parts(&row->round) > 0 &&
		      holder->decided->lifts >= section->rounds[ROUND_LIFT];
	return holder->decided->weights != 0 && (holder->first || lifted);
}

/*
 * What was ordered for it before cannot be more than it had then: of a pool, and all told, but for what is asked back as soon as
 * the bank has paid.
 */
static bool is_ordered(const struct holder *holder)
{
	const struct record_claim *claim = &holder->claim;
	bool under_way = claim->payout != PAYOUT_SETTLED;
	int64_t pool =
		claim->paid - claim->settled_advance + (under_way ? record_claim_ordered_pool(claim) : 0);
	int64_t out = claim->paid + (under_way ? record_claim_ordered(claim) : 0);
	int64_t had = holder->without.part;
	int64_t kept = amount_least(out - clawback_left(claim), claim->approved);
	int64_t most = amount_most(had, holder->decided->approved);
	return round_ordered(claim) && (holder->first || pool - claim->clawed_pool > had || kept > most);
}

static void add_up(struct unshare *row, const struct holder *holder)
{
	const struct record_decided *decided = holder->decided;
	int64_t before = amount_beyond(decided->approved, holder->without.part);
	int64_t after = amount_beyond(decided->approved, holder->with.part);
	row->parts += holder->with.part - holder->without.part;
	row->promised += holder->with.promised - holder->without.promised;
	if (holder->first) {
		row->loss += decided->loss - decided->elsewhere;
		row->advance += after;
		return;
	}
	row->repaid += before - after;
	row->unordered += round_ordered(&holder->claim) ? 0 : before - after;
	row->unsettled += round_settled(&holder->claim) ? 0 : before - after;
}

static enum recourse_error look_at_claim(struct decision *decision, const struct record_section *section,
	const struct record_section *less, slice id, const struct record_decided *decided,
	struct unshare *row)
{
	struct record_path path = record_path_of_text(RECORD_CLAIM, id);
	struct holder holder = {.decided = decided, .first = decided->entry > row->before};
	bool waits = decided->entry == 0;
	TRY(record_get_named(decision->state, &path, &holder.claim, sizeof holder.claim));
	if (waits && holder.claim.filed_entry < row->entry && holder.claim.last_entry > row->entry)
		row->changed = holder.claim.last_entry;
	if (waits || decided->entry > row->entry)
		return RECOURSE_OK;
	TRY(weight_standing(decision, section, id, &holder.with));
	TRY(weight_standing(decision, less, id, &holder.without));
	if (is_changed(section, row, &holder) ||
		((holder.first || holder.with.part > holder.without.part) && is_ordered(&holder)))
		return refuse_entry(decision, RECOURSE_NOT_PERMITTED, "entry", holder.claim.last_entry);
	add_up(row, &holder);
	return RECOURSE_OK;
}

static enum recourse_error look_at_claims(
	struct decision *decision, const struct record_section *section, struct unshare *row)
{
	struct record_path prefix = record_path_of_shorts(RECORD_DECIDED, section->incident, section->party);
	struct record_section less = without(section, row);
	struct record_decided decided;
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(decision->state, &prefix);
	while (record_walk_next(&walk, &decided, sizeof decided)) {
		slice id;
		TRY(arena_copy(decision->arena, walk.key.parts[2].text, &id));
		TRY(look_at_claim(decision, section, &less, id, &decided, row));
	}
	return walk.error;
}

/* Something went back of what claims had. */
static enum recourse_error refuse_went_back(struct decision *decision, const struct record_incident *incident)
{
	return booked_went_on(decision, CHART_CLAIMS, slice_text(""), RECORD_TEXT(incident->id),
		&incident->unit, BOOKED_DEBIT);
}

enum recourse_error unshare_find(
	struct decision *decision, const struct record_incident *incident, struct unshare *row)
{
	struct record_section section;
	TRY(section_load(decision->state, incident->number, row->party, &section));
	if (section.last_round_entry > row->entry)
		return refuse_entry(decision, RECOURSE_NOT_PERMITTED, "entry", section.last_round_entry);
	TRY(find_round(decision, &section, row));
	TRY(look_at_claims(decision, &section, row));
	if (row->parts == round_parts(&row->round))
		return RECOURSE_OK;
	return row->changed != 0 ? refuse_entry(decision, RECOURSE_NOT_PERMITTED, "entry", row->changed)
				 : refuse_went_back(decision, incident);
}

/* ---- the pool ---- */

enum recourse_error unshare_draws(struct decision *decision, const struct record_incident *incident,
	const struct unshare *row, int64_t *steps)
{
	struct record_section section;
	struct instrument_calls calls;
	slice reference;
	TRY(arena_copy(decision->arena, RECORD_TEXT(incident->id), &reference));
	TRY(section_load(decision->state, incident->number, row->party, &section));
	TRY(instrument_call_list(decision->state, decision->arena, &section, &calls));
	return instrument_call_undraw_entry(decision, reference, row->entry, &calls, steps);
}

enum recourse_error unshare_check_pool(struct decision *decision, const struct record_incident *incident,
	const struct record_section *section)
{
	int64_t own = section->pool_taken - section->from_instruments - section->from_issuer;
	bool there = section->from_instruments >= 0 && section->from_issuer >= 0 &&
		     section->given_instruments >= 0 && section->given >= section->given_instruments &&
		     own >= section_restored_own(section) && section_issuers_part(section) >= 0 &&
		     section_from_deposit(section) >= section_restored_pool(section);
	return there ? RECOURSE_OK : refuse_went_back(decision, incident);
}

enum recourse_error unshare_pool(
	struct decision *decision, const struct record_incident *incident, const struct unshare *row)
{
	const struct record_round *round = &row->round;
	struct record_section section;
	slice reference;
	if (row->series == 0)
		return RECOURSE_OK;
	for (enum round_pool pool = ROUND_OWN; pool < ROUND_POOLS; pool++) {
		if (round->back[pool] + round->restored[pool] > 0)
			return refuse_went_back(decision, incident);
	}
	TRY(section_load(decision->state, incident->number, row->party, &section));
	TRY(replaced_undo(decision, &section, row->entry, round));
	section.pool_taken -= round->amount;
	section.from_instruments -= round->from_instruments;
	section.from_issuer -= round->from_issuer;
	section.issuer_secured -= round->issuer_secured;
	TRY(unshare_check_pool(decision, incident, &section));
	TRY(round_remove(decision, &section, (enum round_kind)row->series));
	TRY(arena_copy(decision->arena, RECORD_TEXT(incident->id), &reference));
	TRY(decision_move(decision, &incident->unit,
		round->amount - round->from_instruments - round->from_issuer, CHART_CLAIMS, slice_text(""),
		CHART_DEPOSIT_FROZEN, row->merchant, reference));
	return section_save(decision, &section);
}

/* ---- the advances ---- */

enum recourse_error unshare_check_paid_on(struct decision *decision, const struct record_incident *incident,
	const struct unshare *row, slice funder)
{
	struct record_section section;
	slice reference;
	TRY(arena_copy(decision->arena, RECORD_TEXT(incident->id), &reference));
	TRY(section_load(decision->state, incident->number, row->party, &section));
	return section.owed_back <= row->owed_back ? RECOURSE_OK
						   : booked_went_on(decision, CHART_DUE_TO_FUNDER, funder,
							     reference, &incident->unit, BOOKED_DEBIT);
}

enum recourse_error unshare_repaid(struct decision *decision, struct record_incident *incident,
	struct unshare *row, slice funder, int64_t *committed)
{
	struct advance_release again = {.from = CHART_CLAIMS,
		.steps = row->repaid,
		.committed = *committed,
		.unordered = row->unordered};
	struct record_section section;
	slice reference;
	TRY(arena_copy(decision->arena, RECORD_TEXT(incident->id), &reference));
	TRY(section_load(decision->state, incident->number, row->party, &section));
	row->owed_back = section.owed_back;
	row->stood = settle_up_stands(&section);
	section.repaid -= row->repaid;
	section.repaid_settled -= row->repaid - row->unsettled;
	TRY(advance_again(decision, incident, &section, funder, reference, &again));
	*committed = again.committed;
	return section_save(decision, &section);
}

enum recourse_error unshare_advanced(struct decision *decision, struct record_incident *incident,
	const struct unshare *row, slice funder, int64_t *committed)
{
	struct advance_release less = {.from = CHART_CLAIMS,
		.steps = row->advance,
		.committed = *committed,
		.unordered = row->advance};
	struct record_section section;
	slice reference;
	TRY(arena_copy(decision->arena, RECORD_TEXT(incident->id), &reference));
	TRY(section_load(decision->state, incident->number, row->party, &section));
	section.last_round_entry = row->shared ? row->before : section.last_round_entry;
	section.shared_loss -= row->loss;
	section.promised -= row->promised;
	section.advanced -= row->advance;
	if (section.recourse_state == RECOURSE_INCHOATE)
		section.recourse_state = row->recourse_state;
	TRY(advance_release(decision, incident, &section, funder, reference, &less));
	*committed = less.committed;
	TRY(settle_up_perfect(decision, incident, &section, row->stood));
	return section_save(decision, &section);
}

/* Also where nothing waits: what was a party's own again by it may not be. */
enum recourse_error unshare_settle(
	struct decision *decision, const struct record_incident *incident, const struct unshare *row)
{
	struct record_section section;
	struct settled settled;
	TRY(section_load(decision->state, incident->number, row->party, &section));
	TRY(settle_up(decision, incident, &section, &settled));
	return section_save(decision, &section);
}

enum recourse_error unshare_leave(
	struct decision *decision, const struct record_incident *incident, const struct unshare *row)
{
	struct record_section section;
	TRY(section_load(decision->state, incident->number, row->party, &section));
	TRY(behind_note(decision, &section, SECTION_UNSETTLED, true));
	return section_save(decision, &section);
}
