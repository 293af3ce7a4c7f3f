/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/recourse/owed.h"

#include "rules/incident/section.h"
#include "rules/recourse/own_claims.h"
#include "rules/recourse/paid_back.h"
#include "rules/recourse/reckon_ask.h"
#include "rules/recourse/reckon_kept.h"

/* A rank that lets others have some of it leaves less each time, soon nothing. */
enum { ROUNDS_MAX = 8 };

static enum recourse_error reckon_ended(struct state_view *view, struct arena *arena,
	const struct record_incident *incident, const struct record_section *section, struct owed *owed)
{
	TRY(settle_up_read(view, arena, incident, section, &owed->list, &owed->section));
	settle_up_end(section, &owed->section);
	return reckon_kept(&owed->section);
}

enum recourse_error owed_begin(struct state_view *view, struct arena *arena,
	const struct record_incident *incident, const struct record_section *section, struct owed *owed)
{
	owed->taken = 0;
	TRY(liability_list(view, arena, section, &owed->list));
	return reckon_ended(view, arena, incident, section, owed);
}

/* Its row, a new one where it has none; its place among them is by its id. No room: it is not liable, and owes nothing. */
static size_t find_row(struct liabilities *list, uint32_t number, slice party)
{
	size_t row = 0;
	while (row < list->count && slice_compare(list->rows[row].party, party) < 0)
		row++;
	if (row < list->count && slice_equal(list->rows[row].party, party))
		return row;
	if (list->count == SPREAD_MAX)
		return SPREAD_MAX;
	memmove(&list->rows[row + 1], &list->rows[row], (list->count - row) * sizeof list->rows[0]);
	list->rows[row] = (struct liability_row){party, {.party = number, .cap = RECKON_NO_CAP}};
	list->count++;
	return row;
}

/* Of what was paid out: by no money that is there. */
static int64_t shortfall_of(const struct reckon *section)
{
	int64_t sum = section->shortfall;
	for (size_t row = 0; row < section->count; row++)
		sum += section->parties[row].shortfall;
	return sum;
}

static int64_t own_served(const struct reckon_party *party)
{
	return party->costs_served + party->interest_served;
}

/* What creditors have more, out of whoever's money. */
static int64_t creditors_gain(const struct reckon *before, const struct reckon *after)
{
	return after->advances_served - before->advances_served + after->uncovered_served -
	       before->uncovered_served + shortfall_of(before) - shortfall_of(after);
}

/*
 * That; else what it lacks of what it bears in the end: beyond that it owes nobody anything, though what others wait for would be
 * shared out anew with it.
 */
static int64_t owes(const struct reckon *before, const struct reckon *after, size_t row)
{
	const struct reckon_party *was = &before->parties[row];
	int64_t creditors = creditors_gain(before, after);
	return own_served(&after->parties[row]) - own_served(was) +
	       (creditors > was->below ? creditors : was->below);
}

static enum recourse_error reckon_with(
	const struct reckon *told, size_t row, int64_t more, struct reckon *section)
{
	*section = *told;
	TRY(amount_add_steps(told->parties[row].received, more, &section->parties[row].received));
	return reckon(section);
}

/* Of its money: for nobody else. What waits, where all is asked for, waits for others. */
static int64_t its_own(const struct reckon *section, size_t row, bool all)
{
	return section->parties[row].returned + (all ? 0 : section->parties[row].waits);
}

enum recourse_error owed_of(const struct reckon *told, size_t row, int64_t most, bool all, int64_t *steps)
{
	struct reckon as = *told;
	struct reckon before;
	struct reckon after;
	*steps = 0;
	if (all)
		TRY(reckon_ask_all(&as));
	TRY(reckon_with(&as, row, 0, &before));
	TRY(reckon_with(&as, row, most, &after));
	int64_t taken = amount_least(owes(&before, &after, row), most);
	if (taken <= 0)
		return RECOURSE_OK;
	TRY(reckon_with(&as, row, taken, &after));
	*steps = amount_beyond(taken, its_own(&after, row, all) - its_own(&before, row, all));
	return RECOURSE_OK;
}

enum recourse_error owed_of_own(const struct reckon *told, size_t row, int64_t most, int64_t *steps)
{
	struct reckon before;
	struct reckon after;
	*steps = 0;
	TRY(reckon_with(told, row, 0, &before));
	const struct reckon_party *party = &before.parties[row];
	int64_t own = own_claims_left(&before, row, most);
	if (told->ended) {
		*steps = own;
		return RECOURSE_OK;
	}
	for (int round = 0; round < ROUNDS_MAX && own > 0; round++) {
		const int64_t asked = own;
		TRY(reckon_with(told, row, asked, &after));
		own = own_served(&after.parties[row]) - own_served(party);
		if (own < asked)
			continue;
		*steps = asked;
		return RECOURSE_OK;
	}
	return RECOURSE_OK;
}

static enum recourse_error take(struct state_view *view, struct arena *arena,
	const struct record_incident *incident, const struct record_section *section, size_t row,
	int64_t most, bool own, struct owed *owed)
{
	TRY(reckon_ended(view, arena, incident, section, owed));
	TRY((own ? owed_of_own(&owed->section, row, most, &owed->taken)
		 : owed_of(&owed->section, row, most, false, &owed->taken)));
	owed->list.rows[row].record.received += owed->taken;
	owed->list.rows[row].record.ended += own ? owed->taken : 0;
	return reckon_ended(view, arena, incident, section, owed);
}

/* A deposit secures its own section, and the issuer's all of them; elsewhere who is not liable pays its own costs alone. */
static bool pays_own_alone(const struct record_incident *incident, const struct record_section *section,
	const struct record_liability *record)
{
	const bool secures = record->party == section->party || record->party == incident->issuer;
	return !secures && !record->liable;
}

/* What it was paid too much comes first, and was not paid out then: what is due to it stays set against the rest of that. */
static int64_t repays(const struct record_incident *incident, const struct record_section *section,
	const struct record_liability *record, int64_t most)
{
	return pays_own_alone(incident, section, record) ? 0 : amount_least(record->shortfall, most);
}

enum recourse_error owed_take(struct state_view *view, struct arena *arena,
	const struct record_incident *incident, const struct record_section *section, uint32_t number,
	slice party, int64_t frozen, struct owed *owed)
{
	size_t row = find_row(&owed->list, number, party);
	owed->taken = 0;
	if (row == SPREAD_MAX || frozen == 0)
		return RECOURSE_OK;
	struct record_liability *record = &owed->list.rows[row].record;
	int64_t back = repays(incident, section, record, frozen);
	liability_unpay(record, back, paid_back_own(record, back));
	TRY(take(view, arena, incident, section, row, frozen - back,
		pays_own_alone(incident, section, record), owed));
	owed->taken += back;
	return RECOURSE_OK;
}

enum recourse_error owed_take_receipt(struct state_view *view, struct arena *arena,
	const struct record_incident *incident, const struct record_section *section, uint32_t number,
	slice party, int64_t steps, struct owed *owed)
{
	size_t row = find_row(&owed->list, number, party);
	owed->taken = 0;
	return row == SPREAD_MAX || steps == 0
		       ? RECOURSE_OK
		       : take(view, arena, incident, section, row, steps, false, owed);
}

/* What both came to. */
static void add_settled(struct settled *all, const struct settled *first)
{
	all->costs += first->costs;
	all->advances += first->advances;
	all->uncovered += first->uncovered;
	all->interest += first->interest;
	all->returned += first->returned;
	all->over_paid += first->over_paid;
	all->subrogated += first->subrogated;
	all->reinstated += first->reinstated;
}

enum recourse_error owed_pay(struct decision *decision, const struct record_incident *incident,
	struct record_section *section, slice party, int64_t taken, struct settled *settled)
{
	struct record_liability liability;
	struct settled first = {.costs = 0};
	struct record_repaid repaid = {.shortfall = 0};
	slice reference;
	TRY(arena_copy(decision->arena, RECORD_TEXT(incident->id), &reference));
	TRY(liability_row(decision, "incident", section, party, &liability));
	int64_t back = repays(incident, section, &liability, taken);
	if (back > 0)
		TRY(decision_post(decision, CHART_DEPOSIT_FROZEN, party, reference, &incident->unit, back));
	if (back > 0 || paid_back_own(&liability, back) > 0)
		TRY(paid_back(decision, incident, section, party, back, &repaid, &first));
	if (back == taken) {
		*settled = first;
		return RECOURSE_OK;
	}
	TRY(decision_move(decision, &incident->unit, taken - back, CHART_DEPOSIT_FROZEN, party,
		CHART_SUSPENSE, party, reference));
	TRY(settle_up_received(decision, "incident", incident, section, party, taken - back, settled));
	add_settled(settled, &first);
	return RECOURSE_OK;
}

int64_t owed_secured(const struct record_section *section, const struct reckon *told)
{
	int64_t room = section->loss - section->elsewhere - section_pool(section);
	int64_t lacking = amount_beyond(reckon_lacking(told), 0) + told->uncovered - told->uncovered_served;
	return amount_beyond(amount_least(lacking, room), 0);
}
