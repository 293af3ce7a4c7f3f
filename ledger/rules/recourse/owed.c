/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/recourse/owed.h"

#include "rules/recourse/own_claims.h"
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

/*
 * The least of so much more by which creditors have all that they would have by all of it. What is due to a party is set against
 * what it owes back: who makes up for that has the former again, which looks like its own, and its costs come behind it.
 */
static enum recourse_error find_still_owed(
	const struct reckon *told, size_t row, int64_t most, int64_t *steps)
{
	struct reckon before;
	struct reckon after;
	int64_t enough = most;
	int64_t wanted = 0;
	TRY(reckon_with(told, row, 0, &before));
	for (int64_t least = 0, more = most; least < enough; more = least + (enough - least) / 2) {
		TRY(reckon_with(told, row, more, &after));
		int64_t gain = creditors_gain(&before, &after) + own_served(&after.parties[row]) -
			       own_served(&before.parties[row]);
		wanted = more == most ? gain : wanted;
		if (wanted <= 0)
			enough = least = 0;
		else if (gain >= wanted)
			enough = more;
		else
			least = more + 1;
	}
	*steps = enough;
	return RECOURSE_OK;
}

static enum recourse_error take_still(struct state_view *view, struct arena *arena,
	const struct record_incident *incident, const struct record_section *section, size_t row,
	int64_t most, struct owed *owed)
{
	int64_t more;
	TRY(find_still_owed(&owed->section, row, most, &more));
	owed->list.rows[row].record.received += more;
	owed->taken += more;
	return more > 0 ? reckon_ended(view, arena, incident, section, owed) : RECOURSE_OK;
}

enum recourse_error owed_take(struct state_view *view, struct arena *arena,
	const struct record_incident *incident, const struct record_section *section, uint32_t number,
	slice party, int64_t frozen, struct owed *owed)
{
	const bool secures = number == section->party || number == incident->issuer;
	size_t row = find_row(&owed->list, number, party);
	owed->taken = 0;
	if (row == SPREAD_MAX || frozen == 0)
		return RECOURSE_OK;
	bool own = !secures && !owed->list.rows[row].record.liable;
	TRY(take(view, arena, incident, section, row, frozen, own, owed));
	return own ? RECOURSE_OK
		   : take_still(view, arena, incident, section, row, frozen - owed->taken, owed);
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

enum recourse_error owed_pay(struct decision *decision, const struct record_incident *incident,
	struct record_section *section, slice party, int64_t taken, struct settled *settled)
{
	slice reference;
	TRY(arena_copy(decision->arena, RECORD_TEXT(incident->id), &reference));
	TRY(decision_move(decision, &incident->unit, taken, CHART_DEPOSIT_FROZEN, party, CHART_SUSPENSE,
		party, reference));
	return settle_up_received(decision, "incident", incident, section, party, taken, settled);
}
