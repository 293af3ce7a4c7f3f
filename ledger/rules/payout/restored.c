/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/payout/restored.h"

#include "rule/booked.h"
#include "rules/incident/given_back.h"
#include "rules/recourse/set_off.h"
#include "rules/recourse/settle_up.h"

/* ---- whose claims had it ---- */

struct parts {
	struct section_list list;
	int64_t *weights; /* what is left of what the round gave to each: see rules/incident/given_back.h */
	int64_t *borne;   /* of which it was restored */
	int64_t *parts;
	int64_t left;
};

/* Its own pool gave to its own section, and the issuer's to others too. */
static enum recourse_error list_sections(struct decision *decision, const struct record_incident *incident,
	const struct record_deduction *deduction, struct section_list *list)
{
	if (deduction->given > 0)
		return section_list(decision, incident, list);
	list->count = 1;
	list->parties = arena_allocate(decision->arena, sizeof *list->parties);
	if (list->parties == NULL)
		return RECOURSE_MEMORY;
	list->parties[0] = deduction->merchant;
	return RECOURSE_OK;
}

static enum recourse_error find_parts(struct decision *decision, const struct record_incident *incident,
	const struct record_deduction *deduction, uint64_t entry, struct parts *parts)
{
	TRY(list_sections(decision, incident, deduction, &parts->list));
	size_t room = (parts->list.count + 1) * sizeof *parts->weights;
	parts->weights = arena_allocate(decision->arena, room);
	parts->borne = arena_allocate(decision->arena, room);
	parts->parts = arena_allocate(decision->arena, room);
	if (parts->weights == NULL || parts->borne == NULL || parts->parts == NULL)
		return RECOURSE_MEMORY;
	for (size_t index = 0; index < parts->list.count; index++) {
		struct record_section section;
		struct record_round round;
		uint32_t party = parts->list.parties[index];
		TRY(section_load(decision->state, incident->number, party, &section));
		TRY(given_back_round(decision->state, &section, entry, &round));
		enum round_pool pool = party == deduction->merchant ? ROUND_OWN : ROUND_ISSUERS;
		parts->weights[index] = given_back_left(&round, pool);
		parts->borne[index] = given_back_borne(&round, pool);
	}
	return spread_sum(parts->list.count, parts->weights, &parts->left);
}

enum recourse_error restored_left(struct decision *decision, const struct record_incident *incident,
	const struct record_deduction *deduction, uint64_t entry, int64_t *left)
{
	struct parts parts;
	TRY(find_parts(decision, incident, deduction, entry, &parts));
	*left = parts.left;
	return RECOURSE_OK;
}

static enum recourse_error keep_part(struct decision *decision, const struct record_incident *incident,
	struct record_section *section, uint32_t party, uint64_t entry, int64_t steps)
{
	struct record_section other;
	if (steps == 0)
		return RECOURSE_OK;
	if (party == section->party)
		return given_back_restore(decision, section, entry, ROUND_OWN, steps);
	TRY(section_load(decision->state, incident->number, party, &other));
	TRY(given_back_restore(decision, &other, entry, ROUND_ISSUERS, steps));
	other.issuer_restored += steps;
	section->restored_given += steps;
	return section_save(decision, &other);
}

enum recourse_error restored_decide(struct decision *decision, const struct record_incident *incident,
	struct record_section *section, const struct record_deduction *deduction, uint64_t entry,
	int64_t steps)
{
	struct parts parts;
	TRY(find_parts(decision, incident, deduction, entry, &parts));
	for (size_t index = 0; index < parts.list.count; index++)
		parts.weights[index] -= parts.borne[index];
	TRY(spread_split(steps, parts.list.count, parts.weights, parts.parts));
	section->restored += steps;
	for (size_t index = 0; index < parts.list.count; index++)
		TRY(keep_part(
			decision, incident, section, parts.list.parties[index], entry, parts.parts[index]));
	return RECOURSE_OK;
}

/* A deduction has one appeal: all that is restored of its round is by that. */
static enum recourse_error drop_part(struct decision *decision, const struct record_incident *incident,
	struct record_section *section, uint32_t party, uint64_t entry)
{
	enum round_pool pool = party == section->party ? ROUND_OWN : ROUND_ISSUERS;
	struct record_section other;
	struct record_round round;
	TRY(section_load(decision->state, incident->number, party, &other));
	TRY(given_back_round(decision->state, &other, entry, &round));
	int64_t steps = round.entry == 0 ? 0 : round.restored[pool];
	if (steps > given_back_borne(&round, pool))
		return booked_went_on(decision, CHART_CLAIMS, slice_text(""), RECORD_TEXT(incident->id),
			&incident->unit, BOOKED_DEBIT);
	section->restored -= steps;
	return keep_part(decision, incident, section, party, entry, -steps);
}

enum recourse_error restored_undecide(struct decision *decision, const struct record_incident *incident,
	struct record_section *section, const struct record_deduction *deduction, uint64_t entry)
{
	struct section_list list;
	TRY(list_sections(decision, incident, deduction, &list));
	for (size_t index = 0; index < list.count; index++)
		TRY(drop_part(decision, incident, section, list.parties[index], entry));
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
	return section->waiting == 0 ? RECOURSE_OK : settle_up_first(decision, incident, section);
}

/* One after the other, as many as the entry has room for. */
struct funding {
	const struct record_incident *incident;
	struct record_section *section; /* the party's own, which is the caller's */
	int64_t left;
	int64_t recourse;
	size_t count; /* of sections that it was done in */
	bool full;
};

static enum recourse_error find_room(
	struct decision *decision, struct funding *funding, const struct record_section *section)
{
	bool fits = true;
	if (funding->count > 0)
		TRY(settle_up_fits(decision, funding->incident, section, &fits));
	funding->full = !fits;
	funding->count += fits;
	return RECOURSE_OK;
}

static enum recourse_error fund_other(struct decision *decision, struct funding *funding, uint32_t party)
{
	const struct record_incident *incident = funding->incident;
	struct record_section *section = funding->section;
	struct record_section other;
	if (party == section->party || funding->left == 0 || funding->full)
		return RECOURSE_OK;
	TRY(section_load(decision->state, incident->number, party, &other));
	int64_t steps = amount_least(funding->left, other.issuer_restored - other.issuer_recourse);
	int64_t before = section_restored_recourse(&other);
	if (steps > 0 && other.waiting != 0)
		TRY(find_room(decision, funding, &other));
	if (steps == 0 || funding->full)
		return RECOURSE_OK;
	funding->left -= steps;
	other.issuer_recourse += steps;
	section->restored_recourse += steps; /* the others' is in it */
	section->recourse_given += steps;
	TRY(make_recourse(decision, incident, &other, before, &funding->recourse));
	return section_save(decision, &other);
}

/* What is over-paid in one of the sections serves others, when all are known. */
static enum recourse_error set_off_all(
	struct decision *decision, const struct record_incident *incident, struct record_section *section)
{
	if (incident->sections < 2)
		return RECOURSE_OK;
	TRY(section_save(decision, section));
	TRY(set_off_party(decision, incident, slice_text("")));
	return section_load(decision->state, incident->number, section->party, section);
}

static enum recourse_error settle_judged(struct decision *decision, struct funding *funding, uint32_t party)
{
	struct record_section *section = funding->section;
	struct record_section other;
	if (party == section->party) {
		TRY(find_room(decision, funding, section));
		return funding->full ? RECOURSE_OK : settle_up_first(decision, funding->incident, section);
	}
	TRY(section_load(decision->state, funding->incident->number, party, &other));
	TRY(find_room(decision, funding, &other));
	if (funding->full)
		return RECOURSE_OK;
	TRY(settle_up_first(decision, funding->incident, &other));
	return section_save(decision, &other);
}

enum recourse_error restored_settle(struct decision *decision, const struct record_incident *incident,
	struct record_section *section, const struct record_deduction *deduction)
{
	struct funding funding = {.incident = incident, .section = section};
	struct section_list list;
	TRY(list_sections(decision, incident, deduction, &list));
	TRY(settle_judged(decision, &funding, section->party));
	for (size_t index = 0; index < list.count && !funding.full; index++) {
		if (list.parties[index] != section->party)
			TRY(settle_judged(decision, &funding, list.parties[index]));
	}
	return set_off_all(decision, incident, section);
}

enum recourse_error restored_fund(struct decision *decision, const struct record_incident *incident,
	struct record_section *section, int64_t *steps, int64_t *recourse)
{
	struct funding funding = {.incident = incident, .section = section};
	struct section_list list;
	int64_t before = section_restored_recourse(section);
	int64_t own = section->restored - section->restored_given -
		      (section->restored_recourse - section->recourse_given);
	int64_t first = amount_least(*steps, own);
	funding.left = *steps - first;
	section->restored_recourse += first;
	if (first > 0) {
		funding.count = section->waiting != 0;
		TRY(make_recourse(decision, incident, section, before, &funding.recourse));
	}
	TRY(section_list(decision, incident, &list));
	for (size_t index = 0; index < list.count; index++)
		TRY(fund_other(decision, &funding, list.parties[index]));
	*steps -= funding.left;
	*recourse = funding.recourse;
	return set_off_all(decision, incident, section);
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
	int64_t owed_back = section->owed_back;
	TRY(post_recourse(decision, incident, section_restored_recourse(section) - before));
	TRY(settle_up_first(decision, incident, section));
	return restored_check(decision, incident, section, owed_back);
}

static enum recourse_error unfund_other(struct decision *decision, struct funding *funding, uint32_t party)
{
	const struct record_incident *incident = funding->incident;
	struct record_section *section = funding->section;
	struct record_section other;
	if (party == section->party || funding->left == 0 || funding->full)
		return RECOURSE_OK;
	TRY(section_load(decision->state, incident->number, party, &other));
	int64_t steps = amount_least(funding->left, other.issuer_recourse);
	int64_t before = section_restored_recourse(&other);
	if (steps > 0)
		TRY(find_room(decision, funding, &other));
	if (steps == 0 || funding->full)
		return RECOURSE_OK;
	funding->left -= steps;
	other.issuer_recourse -= steps;
	section->restored_recourse -= steps; /* the others' is in it */
	section->recourse_given -= steps;
	TRY(unmake_recourse(decision, incident, &other, before));
	return section_save(decision, &other);
}

static enum recourse_error unfund_own(struct decision *decision, struct funding *funding)
{
	struct record_section *section = funding->section;
	int64_t before = section_restored_recourse(section);
	if (funding->left > 0 && !funding->full)
		TRY(find_room(decision, funding, section));
	if (funding->left == 0 || funding->full)
		return RECOURSE_OK;
	section->restored_recourse -= funding->left;
	funding->left = 0;
	return unmake_recourse(decision, funding->incident, section, before);
}

/* The last first: the others', then the party's own. */
enum recourse_error restored_unfund(struct decision *decision, const struct record_incident *incident,
	struct record_section *section, int64_t *steps)
{
	struct funding funding = {.incident = incident, .section = section, .left = *steps};
	struct section_list list;
	TRY(section_list(decision, incident, &list));
	for (size_t index = list.count; index-- > 0;)
		TRY(unfund_other(decision, &funding, list.parties[index]));
	TRY(unfund_own(decision, &funding));
	*steps -= funding.left;
	return set_off_all(decision, incident, section);
}

/* ---- another judgment ---- */

/* Of one more is recourse from now on, of another less: what the funder has had too much there it owes back. */
static enum recourse_error change_recourse(
	struct decision *decision, struct funding *funding, struct record_section *section, int64_t before)
{
	int64_t more = section_restored_recourse(section) - before;
	TRY(find_room(decision, funding, section));
	if (funding->full)
		return RECOURSE_OK;
	if (more > 0)
		(void)life_step(LIFE_RECOURSE, &section->recourse_state, RECOURSE_PERFECTED);
	TRY(post_recourse(decision, funding->incident, more));
	return settle_up_first(decision, funding->incident, section);
}

static enum recourse_error share_other(struct decision *decision, struct funding *funding, uint32_t party)
{
	struct record_section *section = funding->section;
	struct record_section other;
	if (party == section->party || funding->full)
		return RECOURSE_OK;
	TRY(section_load(decision->state, funding->incident->number, party, &other));
	int64_t before = section_restored_recourse(&other);
	int64_t part = amount_least(funding->left, other.issuer_restored);
	int64_t more = part - other.issuer_recourse;
	funding->left -= part;
	if (more == 0)
		return RECOURSE_OK;
	other.issuer_recourse = part;
	section->restored_recourse += more; /* the others' is in it */
	section->recourse_given += more;
	TRY(change_recourse(decision, funding, &other, before));
	return section_save(decision, &other);
}

enum recourse_error restored_share_funded(struct decision *decision, const struct record_incident *incident,
	struct record_section *section, bool *fits)
{
	struct funding funding = {.incident = incident, .section = section};
	struct section_list list;
	int64_t before = section_restored_recourse(section);
	int64_t had = section->restored_recourse - section->recourse_given;
	int64_t own = amount_least(section->restored_recourse, section->restored - section->restored_given);
	funding.left = section->restored_recourse - own;
	section->restored_recourse += own - had;
	if (own != had)
		TRY(change_recourse(decision, &funding, section, before));
	TRY(section_list(decision, incident, &list));
	for (size_t index = 0; index < list.count; index++)
		TRY(share_other(decision, &funding, list.parties[index]));
	*fits = !funding.full;
	return RECOURSE_OK;
}
