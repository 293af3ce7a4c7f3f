/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/ending/ending.h"

#include "rules/deposit/deposit.h"
#include "rules/incident/incident.h"
#include "rules/incident/section.h"
#include "rules/recourse/owed.h"
#include "rules/recourse/settle_up.h"

enum recourse_error ending_frozen(struct decision *decision, const struct record_incident *incident,
	const struct record_section *section, slice *merchant, int64_t *frozen)
{
	TRY(party_name(decision->state, decision->arena, section->party, merchant));
	return decision_balance(decision, CHART_DEPOSIT_FROZEN, *merchant, RECORD_TEXT(incident->id),
		&incident->unit, frozen);
}

/* ---- one section after the other ---- */

/* Money came to it after it was closed, its own or for it, that its end is to give to whom it belongs. */
static enum recourse_error has_money(struct decision *decision, const struct record_incident *incident,
	const struct record_section *section, bool *has)
{
	struct record_section issuers = {.party = incident->issuer};
	slice party;
	int64_t frozen;
	int64_t behind = 0;
	TRY(ending_frozen(decision, incident, section, &party, &frozen));
	if (owed_by_issuer(incident, section))
		TRY(ending_frozen(decision, incident, &issuers, &party, &behind));
	*has = frozen > 0 || behind > 0 || section->waiting > 0;
	return RECOURSE_OK;
}

/* What is left of its merchant's deposit may be owed in others' sections: see close_section(). */
static bool is_kept(const struct record_incident *incident, const struct record_section *section)
{
	return incident->sweep == INCIDENT_ENDS && section->end_paid == incident->ends &&
	       section->ended != incident->ends;
}

/* Each that is open ends; one that ended before does so again where there is money, once by each end of the incident. */
static enum recourse_error is_next(struct decision *decision, const struct record_incident *incident,
	const struct record_section *section, bool *next)
{
	const bool closed = section->closed_entry != 0;
	*next = closed == (incident->sweep == INCIDENT_BEGINS_AGAIN) && !is_kept(incident, section);
	if (*next || incident->sweep != INCIDENT_ENDS || section->end_paid == incident->ends)
		return RECOURSE_OK;
	return has_money(decision, incident, section, next);
}

/* Each in its turn: the issuer's own behind the others', what is left of those that may owe elsewhere behind all. */
enum turn { TURN_OTHERS, TURN_ISSUERS, TURN_KEPT, TURN_NONE };

static enum recourse_error find_turn(struct decision *decision, const struct record_incident *incident,
	const struct record_section *section, enum turn *turn)
{
	bool next;
	TRY(is_next(decision, incident, section, &next));
	*turn = is_kept(incident, section) ? TURN_KEPT : TURN_NONE;
	if (next)
		*turn = incident->merchant == 0 && section->party == incident->issuer ? TURN_ISSUERS
										      : TURN_OTHERS;
	return RECOURSE_OK;
}

/* Whose turn it is, the first by its merchant's id: who came first decides nothing. One of nobody where there is none. */
static enum recourse_error find_next(
	struct decision *decision, const struct record_incident *incident, struct record_section *found)
{
	struct record_path prefix = record_path_of_short(RECORD_SECTION, incident->number);
	struct record_section section;
	enum turn best = TURN_NONE;
	slice first = slice_text("");
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(decision->state, &prefix);
	found->party = 0;
	while (record_walk_next(&walk, &section, sizeof section)) {
		enum turn turn;
		slice merchant;
		TRY(find_turn(decision, incident, &section, &turn));
		if (turn == TURN_NONE || turn > best)
			continue;
		TRY(party_name(decision->state, decision->arena, section.party, &merchant));
		if (turn == best && slice_compare(merchant, first) > 0)
			continue;
		best = turn;
		first = merchant;
		*found = section;
	}
	return walk.error;
}

/* Whether it is anybody's. */
static enum recourse_error is_any_next(
	struct decision *decision, const struct record_incident *incident, bool *any)
{
	struct record_path prefix = record_path_of_short(RECORD_SECTION, incident->number);
	struct record_section section;
	enum turn turn = TURN_NONE;
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(decision->state, &prefix);
	while (turn == TURN_NONE && record_walk_next(&walk, &section, sizeof section))
		TRY(find_turn(decision, incident, &section, &turn));
	*any = turn != TURN_NONE;
	return walk.error;
}

/* What is its payer's own since nobody is found liable any more, or no lot can be claimed, may not be by now. */
static enum recourse_error begin_again(
	struct decision *decision, const struct record_incident *incident, struct record_section *section)
{
	slice merchant;
	TRY(party_name(decision->state, decision->arena, section->party, &merchant));
	TRY(section_begin(decision, incident, section, merchant));
	/* what its end gave its payer waits again */
	TRY(section_load(decision->state, incident->number, section->party, section));
	TRY(settle_up_waiting(decision, incident, section));
	return section_save(decision, section);
}

static enum recourse_error do_section(
	struct decision *decision, const struct record_incident *incident, struct record_section *section)
{
	slice merchant;
	switch ((enum incident_sweep)incident->sweep) {
	case INCIDENT_ENDS:
		TRY(close_section(decision, incident, section));
		break;
	case INCIDENT_UNDONE:
		TRY(cancel_section(decision, incident, section));
		break;
	case INCIDENT_BEGINS_AGAIN:
		TRY(begin_again(decision, incident, section));
		break;
	case INCIDENT_STANDS:
		return RECOURSE_STORE_CORRUPT;
	}
	TRY(party_name(decision->state, decision->arena, section->party, &merchant));
	return decision_about(decision, RECORD_PARTY, merchant);
}

/* Until it is closed anew. */
static enum recourse_error set_clock(struct decision *decision, struct record_incident *incident)
{
	struct record_policy policy;
	TRY(incident_terms(decision, incident, &policy));
	incident->close_clock = incident->bar_date > decision->time
					? incident->bar_date
					: decision->time + (uint64_t)policy.close_days * INSTANT_DAY;
	return RECOURSE_OK;
}

/* Nothing is left to be done, or something is in the way: what is not closed yet waits for the next end. */
static enum recourse_error stand(struct decision *decision, struct record_incident *incident)
{
	incident->sweep = INCIDENT_STANDS;
	if (!incident_has_ended(incident))
		TRY(set_clock(decision, incident));
	return incident_save(decision, incident);
}

/* Money that moved since reopened the incident, and what came with it may be in the way of the others' end. */
static enum recourse_error is_stopped(
	struct decision *decision, const struct record_incident *incident, bool *stopped)
{
	struct blocker first;
	*stopped = false;
	if (incident->sweep != INCIDENT_ENDS || incident->state == INCIDENT_CLOSED)
		return RECOURSE_OK;
	TRY(blocker_first(
		decision->state, decision->arena, incident, decision->time, false, &first, stopped));
	if (*stopped) {
		decision_fact_text(decision, "stopped_by", slice_text(first.what));
		decision_fact_integer(decision, "blocker_entry", first.entry);
	}
	return RECOURSE_OK;
}

/* Claims that are withdrawn leave room for a pool in the same entry, or it is the next one's. */
static enum recourse_error find_that_fits(
	struct decision *decision, const struct record_incident *incident, struct record_section *section)
{
	bool fits = true;
	TRY(find_next(decision, incident, section));
	if (section->party != 0 && decision->consequence_count > 0)
		TRY(unfreeze_fits(decision, incident, section, &fits));
	if (!fits)
		section->party = 0;
	return RECOURSE_OK;
}

enum recourse_error ending_go_on(struct decision *decision, struct record_incident *incident)
{
	struct record_section section;
	bool more = false;
	bool stopped;
	TRY(is_stopped(decision, incident, &stopped));
	if (stopped)
		return stand(decision, incident);
	if (incident->sweep == INCIDENT_UNDONE)
		TRY(cancel_claims(decision, incident, &more));
	TRY(find_that_fits(decision, incident, &section));
	if (section.party != 0)
		TRY(do_section(decision, incident, &section));
	if (!more)
		TRY(is_any_next(decision, incident, &more));
	if (!more)
		return stand(decision, incident);
	incident->close_clock = decision->time;
	return incident_save(decision, incident);
}

/* ---- closing is proposed ---- */

static enum recourse_error propose(struct decision *decision, struct record_incident *incident)
{
	struct record_policy policy;
	struct blocker first;
	uint64_t count;
	bool any;
	TRY(incident_terms(decision, incident, &policy));
	TRY(blocker_count(decision->state, decision->arena, incident, decision->time, &count));
	TRY(blocker_first(decision->state, decision->arena, incident, decision->time, false, &first, &any));
	decision_fact_integer(decision, "blockers", count);
	if (any) {
		decision_fact_text(decision, "first_blocker", slice_text(first.what));
		decision_fact_integer(decision, "blocker_entry", first.entry);
		incident->close_clock = decision->time + (uint64_t)policy.close_days * INSTANT_DAY;
	}
	incident->close_proposed = decision->time;
	return incident_save(decision, incident);
}

enum recourse_error ending_struck(struct decision *decision, slice id)
{
	struct record_incident incident;
	TRY(incident_governing(decision, "subject", id, &incident));
	TRY(incident.sweep != INCIDENT_STANDS ? ending_go_on(decision, &incident)
					      : propose(decision, &incident));
	return decision_about(decision, RECORD_INCIDENT, id);
}
