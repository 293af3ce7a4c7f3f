/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/payout/restored.h"

#include "rule/booked.h"
#include "rules/incident/round.h"
#include "rules/recourse/settle_up.h"

/* ---- whose claims had it ---- */

/* What the round of that entry gave to a section, if it made one there: of the party's own pool, or of the issuer's. */
static enum recourse_error find_given(struct decision *decision, const struct record_section *section,
	enum round_kind series, uint64_t entry, bool own, int64_t *steps)
{
	struct record_round round = {.entry = UINT64_MAX};
	for (uint32_t number = section->rounds[series]; number > 0 && round.entry > entry; number--) {
		TRY(round_read(decision->state, section, series, number, &round));
		if (round.entry == entry)
			*steps += own ? round.amount - round.from_instruments - round.from_issuer
				      : round.from_issuer;
	}
	return RECOURSE_OK;
}

/* Less what went back of it, or was restored already. */
static enum recourse_error find_weight(struct decision *decision, const struct record_section *section,
	uint64_t entry, bool own, int64_t *weight)
{
	int64_t left = own ? section->pool_taken - section->from_instruments - section->from_issuer -
				       section_restored_own(section)
			   : section->from_issuer - section_restored_issuers(section);
	*weight = 0;
	TRY(find_given(decision, section, ROUND_DEPOSIT, entry, own, weight));
	TRY(find_given(decision, section, ROUND_LIFT, entry, own, weight));
	*weight = amount_least(*weight, left > 0 ? left : 0);
	return RECOURSE_OK;
}

struct parts {
	struct section_list list;
	int64_t *weights;
	int64_t *parts;
};

static enum recourse_error read_weights(struct decision *decision, const struct record_incident *incident,
	const struct record_section *section, uint64_t entry, struct parts *parts)
{
	TRY(section_list(decision, incident, &parts->list));
	size_t room = (parts->list.count + 1) * sizeof *parts->weights;
	parts->weights = arena_allocate(decision->arena, room);
	parts->parts = arena_allocate(decision->arena, room);
	if (parts->weights == NULL || parts->parts == NULL)
		return RECOURSE_MEMORY;
	for (size_t index = 0; index < parts->list.count; index++) {
		struct record_section other;
		bool own = parts->list.parties[index] == section->party;
		TRY(section_load(decision->state, incident->number, parts->list.parties[index], &other));
		TRY(find_weight(decision, own ? section : &other, entry, own, &parts->weights[index]));
	}
	return RECOURSE_OK;
}

static enum recourse_error keep_part(struct decision *decision, const struct record_incident *incident,
	struct record_section *section, uint32_t party, int64_t steps)
{
	struct record_section other;
	if (party == section->party || steps == 0)
		return RECOURSE_OK;
	TRY(section_load(decision->state, incident->number, party, &other));
	other.issuer_restored += steps;
	section->restored_given += steps;
	return section_save(decision, &other);
}

enum recourse_error restored_decide(struct decision *decision, const struct record_incident *incident,
	struct record_section *section, uint64_t deduction, int64_t steps)
{
	struct parts parts;
	int64_t sum;
	if (section->given + section->given_back == 0 || steps == 0) {
		section->restored += steps;
		return RECOURSE_OK;
	}
	TRY(read_weights(decision, incident, section, deduction, &parts));
	TRY(spread_sum(parts.list.count, parts.weights, &sum));
	TRY(spread_split(amount_least(steps, sum), parts.list.count, parts.weights, parts.parts));
	section->restored += steps;
	for (size_t index = 0; index < parts.list.count; index++)
		TRY(keep_part(decision, incident, section, parts.list.parties[index], parts.parts[index]));
	return RECOURSE_OK;
}

/* ---- what the funder paid in ---- */

static enum recourse_error post_recourse(
	struct decision *decision, const struct record_incident *incident, int64_t steps)
{
	slice funder;
	slice reference;
	TRY(party_name(decision->state, decision->arena, incident->funder, &funder));
	TRY(arena_copy(decision->arena, RECORD_TEXT(incident->id), &reference));
	return decision_move(decision, &incident->unit, steps, CHART_RECOURSE,
		slice_text(CHART_UNAPPORTIONED), CHART_ADVANCES, funder, reference);
}

/* What it bears of the section is recourse there, in the entry that brings the cash. */
static enum recourse_error make_recourse(struct decision *decision, const struct record_incident *incident,
	struct record_section *section, int64_t before, int64_t *recourse)
{
	int64_t steps = section_restored_recourse(section) - before;
	*recourse += steps;
	(void)life_step(LIFE_RECOURSE, &section->recourse_state, RECOURSE_PERFECTED);
	TRY(post_recourse(decision, incident, steps));
	return settle_up_waiting(decision, incident, section);
}

static enum recourse_error fund_other(struct decision *decision, const struct record_incident *incident,
	struct record_section *section, uint32_t party, int64_t *left, int64_t *recourse)
{
	struct record_section other;
	if (party == section->party || *left == 0)
		return RECOURSE_OK;
	TRY(section_load(decision->state, incident->number, party, &other));
	int64_t steps = amount_least(*left, other.issuer_restored - other.issuer_recourse);
	int64_t before = section_restored_recourse(&other);
	if (steps == 0)
		return RECOURSE_OK;
	*left -= steps;
	other.issuer_recourse += steps;
	section->recourse_given += steps;
	TRY(make_recourse(decision, incident, &other, before, recourse));
	return section_save(decision, &other);
}

enum recourse_error restored_fund(struct decision *decision, const struct record_incident *incident,
	struct record_section *section, int64_t steps, int64_t *recourse)
{
	struct section_list list;
	int64_t before = section_restored_recourse(section);
	int64_t own = section->restored - section->restored_given -
		      (section->restored_recourse - section->recourse_given);
	int64_t left = steps - amount_least(steps, own);
	*recourse = 0;
	section->restored_recourse += steps - left;
	if (steps > left)
		TRY(make_recourse(decision, incident, section, before, recourse));
	if (left == 0)
		return RECOURSE_OK;
	section->restored_recourse += left;
	TRY(section_list(decision, incident, &list));
	for (size_t index = 0; index < list.count; index++)
		TRY(fund_other(decision, incident, section, list.parties[index], &left, recourse));
	return RECOURSE_OK;
}

/* ---- it was not paid in ---- */

enum recourse_error restored_check(struct decision *decision, const struct record_incident *incident,
	const struct record_section *section, int64_t owed_back)
{
	slice funder;
	slice reference;
	if (section->owed_back <= owed_back)
		return RECOURSE_OK;
	TRY(party_name(decision->state, decision->arena, incident->funder, &funder));
	TRY(arena_copy(decision->arena, RECORD_TEXT(incident->id), &reference));
	return booked_went_on(
		decision, CHART_DUE_TO_FUNDER, funder, reference, &incident->unit, BOOKED_DEBIT);
}

/* Nothing that hangs on it stays as it was: also where nobody waits, money may have served it. */
static enum recourse_error unmake_recourse(struct decision *decision, const struct record_incident *incident,
	struct record_section *section, int64_t before)
{
	struct settled settled;
	int64_t owed_back = section->owed_back;
	TRY(post_recourse(decision, incident, section_restored_recourse(section) - before));
	TRY(section->recourse_collected > 0 ? settle_up(decision, incident, section, &settled)
					    : settle_up_anew(decision, incident, section));
	return restored_check(decision, incident, section, owed_back);
}

static enum recourse_error unfund_other(struct decision *decision, const struct record_incident *incident,
	struct record_section *section, uint32_t party, int64_t *left)
{
	struct record_section other;
	if (party == section->party || *left == 0)
		return RECOURSE_OK;
	TRY(section_load(decision->state, incident->number, party, &other));
	int64_t steps = amount_least(*left, other.issuer_recourse);
	int64_t before = section_restored_recourse(&other);
	if (steps == 0)
		return RECOURSE_OK;
	*left -= steps;
	other.issuer_recourse -= steps;
	section->recourse_given -= steps;
	TRY(unmake_recourse(decision, incident, &other, before));
	return section_save(decision, &other);
}

/* The last first: the others', then the party's own. */
enum recourse_error restored_unfund(struct decision *decision, const struct record_incident *incident,
	struct record_section *section, int64_t steps)
{
	struct section_list list;
	int64_t left = steps;
	TRY(section_list(decision, incident, &list));
	for (size_t index = list.count; index-- > 0;)
		TRY(unfund_other(decision, incident, section, list.parties[index], &left));
	section->restored_recourse -= steps - left; /* the others' is in it */
	int64_t before = section_restored_recourse(section);
	section->restored_recourse -= left;
	return left == 0 ? RECOURSE_OK : unmake_recourse(decision, incident, section, before);
}
