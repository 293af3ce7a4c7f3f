/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/claims/take_back.h"
#include "rules/collateral/instrument.h"
#include "rules/incident/incident.h"
#include "rules/incident/round.h"
#include "rules/incident/section.h"
#include "rules/incident/weight.h"
#include "rules/recourse/settle_up.h"

/* ---- distribution.reverse: a round that was approved too soon, before anything was ordered by it ---- */

struct reverse {
	struct booked booked;
	struct record_incident incident;
	struct record_section section;
	struct record_round round; /* zeroes: all of it was advanced */
	/* of the claims that it covered first */
	int64_t parts;
	int64_t promised;
	int64_t loss;
};

/* The last of its section, which lifts nobody and was not appealed. */
static enum recourse_error check_last(struct decision *decision, struct reverse *reverse)
{
	const struct record_section *section = &reverse->section;
	uint64_t entry = reverse->booked.entry;
	struct record_round lift = {.entry = 0};
	if (section->last_round_entry != entry)
		return refuse_entry(decision, RECOURSE_NOT_PERMITTED, "entry", section->last_round_entry);
	for (enum round_kind series = ROUND_DEPOSIT; series < ROUND_SERIES; series++) {
		if (series == ROUND_INTEREST || section->rounds[series] == 0)
			continue;
		TRY(round_read(decision->state, section, series, section->rounds[series], &lift));
		if (lift.entry > entry)
			return refuse_entry(decision, RECOURSE_NOT_PERMITTED, "entry", lift.entry);
		if (series == ROUND_LIFT && lift.entry == entry)
			return refuse(decision, RECOURSE_NOT_PERMITTED, "entry", "a round that lifts nobody");
		if (series == ROUND_DEPOSIT && lift.entry == entry)
			reverse->round = lift;
	}
	return RECOURSE_OK;
}

static enum recourse_error forget_deduction(struct decision *decision, const struct reverse *reverse)
{
	struct record_path path = record_path_of_number(RECORD_DEDUCTION, reverse->booked.entry);
	struct record_deduction deduction;
	bool there;
	record_path_short(&path, reverse->section.party);
	TRY(record_get_optional(decision->state, &path, &deduction, sizeof deduction, &there));
	if (!there)
		return RECOURSE_OK;
	if (deduction.appeal != 0)
		return refuse_entry(decision, RECOURSE_NOT_PERMITTED, "entry", deduction.appeal);
	TRY(decision_remove(decision, &path));
	/* and it is listed as the merchant's no more */
	slice merchant;
	TRY(party_name(decision->state, decision->arena, reverse->section.party, &merchant));
	path = decision_about_path(RECORD_DEDUCTION, merchant);
	record_path_number(&path, reverse->booked.entry);
	return decision_remove(decision, &path);
}

/* What it covered first, as it stands; ordered, or ruled on otherwise since then, it rests on it. */
static enum recourse_error look_at_claims(struct decision *decision, struct reverse *reverse)
{
	const struct record_section *section = &reverse->section;
	struct record_path prefix = record_path_of_shorts(RECORD_DECIDED, section->incident, section->party);
	struct record_decided decided;
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(decision->state, &prefix);
	reverse->parts = reverse->promised = reverse->loss = 0;
	while (record_walk_next(&walk, &decided, sizeof decided)) {
		struct record_path path = record_path_of_text(RECORD_CLAIM, walk.key.parts[2].text);
		struct weight_standing standing;
		struct record_claim claim;
		if (decided.entry <= reverse->booked.record.before || decided.entry > reverse->booked.entry)
			continue;
		TRY(record_get_named(decision->state, &path, &claim, sizeof claim));
		if (round_ordered(&claim) || decided.weights != 0)
			return refuse_entry(decision, RECOURSE_NOT_PERMITTED, "entry", claim.last_entry);
		TRY(weight_standing(decision, section, walk.key.parts[2].text, &standing));
		reverse->parts += standing.part;
		reverse->promised += standing.promised;
		reverse->loss += decided.loss - decided.elsewhere;
	}
	return walk.error;
}

static enum recourse_error give_back(struct decision *decision, struct reverse *reverse)
{
	const struct record_round *round = &reverse->round;
	struct record_section *section = &reverse->section;
	slice reference = reverse->booked.reference;
	struct instrument_calls calls;
	slice merchant;
	section->pool_taken -= round->amount;
	section->from_instruments -= round->from_instruments;
	TRY(party_name(decision->state, decision->arena, section->party, &merchant));
	TRY(instrument_call_list(decision->state, decision->arena, section, &calls));
	TRY(instrument_call_undraw(decision, reference, &calls, round->from_instruments));
	return decision_move(decision, &reverse->incident.unit, round->amount - round->from_instruments,
		CHART_CLAIMS, slice_text(""), CHART_DEPOSIT_FROZEN, merchant, reference);
}

/* The rounds do not cover them any more, and so they are promised what the scheme says. */
static enum recourse_error uncover(struct decision *decision, struct reverse *reverse)
{
	struct record_section *section = &reverse->section;
	int64_t promised = reverse->promised;
	if (reverse->round.entry != 0)
		TRY(round_remove(decision, section, ROUND_DEPOSIT));
	section->last_round_entry = reverse->booked.record.before;
	section->shared_loss -= reverse->loss;
	TRY(look_at_claims(decision, reverse));
	section->promised += reverse->promised - promised;
	return RECOURSE_OK;
}

static enum recourse_error take_back(struct decision *decision, struct reverse *reverse)
{
	struct record_incident *incident = &reverse->incident;
	TRY(check_last(decision, reverse));
	TRY(forget_deduction(decision, reverse));
	TRY(look_at_claims(decision, reverse));
	if (reverse->parts != reverse->round.amount) /* a ruling was taken back since then */
		return booked_went_on(decision, CHART_CLAIMS, slice_text(""), reverse->booked.reference,
			&incident->unit, BOOKED_DEBIT);
	TRY(give_back(decision, reverse));
	TRY(take_back_advance(decision, incident, &reverse->section, reverse->booked.reference,
		reverse->promised - reverse->parts));
	TRY(uncover(decision, reverse));
	return settle_up_anew(decision, incident, &reverse->section);
}

static enum recourse_error apply_reverse(struct decision *decision, const struct value *values)
{
	struct reverse reverse = {.parts = 0};
	struct booked *booked = &reverse.booked;
	struct record_incident *incident = &reverse.incident;
	TRY(booked_find(decision, &values[BOOKED_ENTRY], BOOKED_KIND(BOOKED_DISTRIBUTION), booked));
	if (booked->record.takes_back != 0) /* another round is approved */
		return refuse_entry(decision, RECOURSE_STATE_WRONG, "entry", booked->entry);
	TRY(incident_concerned(decision, booked->reference, incident));
	TRY(incident_open(decision, "entry", incident));
	TRY(section_load(decision->state, incident->number, incident->merchant, &reverse.section));
	TRY(take_back(decision, &reverse));
	decision_fact_amount(decision, "amount", &incident->unit, booked->record.amount);
	TRY(booked_correct(decision, booked));
	TRY(incident_save(decision, incident));
	return section_save(decision, &reverse.section);
}

static const struct command rows[] = {
	COMMAND_CHECKED("distribution.reverse", RECOURSE_ROLE_OPERATOR, 1, booked_fields, apply_reverse,
		"take back a distribution of which nothing was ordered; another person approves",
		BOOKED_REFUSES),
};
const struct command_group distribution_reverse_commands = COMMAND_GROUP(rows);
