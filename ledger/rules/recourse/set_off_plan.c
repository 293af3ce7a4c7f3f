/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/recourse/set_off_plan.h"

#include "rules/incident/incident.h"
#include "rules/incident/section.h"
#include "rules/recourse/due.h"
#include "rules/recourse/owed.h"
#include "rules/recourse/own_claims.h"
#include "rules/recourse/reckon_kept.h"

#include <stdlib.h>
#include <string.h>

/* What is moved so often is moved by the next entry that looks at it. */
enum { ROUNDS_MAX = 8 };

struct planning {
	struct decision *decision;
	const struct record_incident *incident;
	struct set_off_plan *plan;
};

/* Not paid out, and not the funder's who paid it that again. */
static int64_t not_paid_out(const struct record_liability *record, int64_t returned)
{
	int64_t left = returned - record->paid_out;
	return amount_most(left - amount_least(record->restored, left), 0);
}

int64_t set_off_plan_own(const struct record_liability *record)
{
	return amount_least(record->over_paid, not_paid_out(record, record->returned));
}

bool set_off_plan_concerns(const struct record_liability *record)
{
	return record->moved != 0 || record->anywhere > 0 || set_off_plan_own(record) > 0;
}

bool set_off_plan_may_owe(const struct record_liability *record)
{
	return record->liable || record->costs > record->costs_served ||
	       record->interest > record->interest_served;
}

/* ---- who and where ---- */

static int compare_parties(const void *left, const void *right)
{
	return slice_compare(
		((const struct set_off_party *)left)->name, ((const struct set_off_party *)right)->name);
}

static struct set_off_party *find_party(const struct set_off_plan *plan, slice name)
{
	const struct set_off_party wanted = {.name = name};
	return plan->party_count == 0 ? NULL
				      : bsearch(&wanted, plan->parties, plan->party_count,
						sizeof *plan->parties, compare_parties);
}

static enum recourse_error add_party(const struct planning *this, slice name, struct buffer *parties)
{
	struct set_off_party party = {.count = 0};
	TRY(arena_copy(this->decision->arena, name, &party.name));
	buffer_append(parties, &party, sizeof party);
	return RECOURSE_OK;
}

static enum recourse_error gather_parties(const struct planning *this, slice party, struct buffer *parties)
{
	struct record_path prefix = record_path_of_short(RECORD_LIABILITY, this->incident->number);
	struct record_liability record;
	if (party.size > 0)
		TRY(add_party(this, party, parties));
	SCOPED(record_walk_end)
	struct record_walk walk = record_walk_over(this->decision->state, &prefix);
	while (record_walk_next(&walk, &record, sizeof record)) {
		if (set_off_plan_concerns(&record))
			TRY(add_party(this, walk.key.parts[2].text, parties));
	}
	return walk.error;
}

/* Each once. */
static enum recourse_error keep_parties(const struct planning *this, size_t count)
{
	struct set_off_plan *plan = this->plan;
	slice last = slice_text("");
	qsort(plan->parties, count, sizeof *plan->parties, compare_parties);
	for (size_t index = 0; index < count; index++) {
		struct set_off_party party = plan->parties[index];
		struct record_estate estate;
		if (slice_equal(party.name, last))
			continue;
		last = party.name;
		TRY(estate_of(this->decision->state, party.name, &estate));
		party.insolvent = estate.entry != 0;
		plan->parties[plan->party_count++] = party;
	}
	return RECOURSE_OK;
}

static enum recourse_error find_parties(const struct planning *this, slice party)
{
	SCOPED(buffer_free) struct buffer parties = {.size = 0};
	TRY(gather_parties(this, party, &parties));
	if (buffer_failed(&parties))
		return RECOURSE_MEMORY;
	if (parties.size == 0)
		return RECOURSE_OK;
	this->plan->parties = arena_allocate(this->decision->arena, parties.size);
	if (this->plan->parties == NULL)
		return RECOURSE_MEMORY;
	memcpy(this->plan->parties, parties.data, parties.size);
	return keep_parties(this, parties.size / sizeof *this->plan->parties);
}

/* How many of them have a row there. */
static size_t count_rows(const struct set_off_plan *plan, const struct liabilities *list)
{
	size_t count = 0;
	for (size_t row = 0; row < list->count; row++)
		count += find_party(plan, list->rows[row].party) != NULL;
	return count;
}

/* One whose sums are beyond 64 bits takes nothing, and gives nothing. */
static enum recourse_error add_section(const struct planning *this, uint32_t number)
{
	struct decision *decision = this->decision;
	struct set_off_plan *plan = this->plan;
	struct set_off_section *section = &plan->sections[plan->section_count];
	TRY(section_load(decision->state, this->incident->number, number, &section->record));
	TRY(liability_list(decision->state, decision->arena, &section->record, &section->list));
	size_t rows = count_rows(plan, &section->list);
	if (rows == 0)
		return RECOURSE_OK;
	enum recourse_error error =
		settle_up_tell(decision, this->incident, &section->record, &section->list, &section->reckon);
	if (error == RECOURSE_OK)
		error = reckon_kept(&section->reckon);
	if (error != RECOURSE_OK)
		return error == RECOURSE_OVERFLOW ? RECOURSE_OK : error;
	plan->section_count++;
	plan->count += rows;
	return RECOURSE_OK;
}

/* Where one of them has a row, section by section: the others are not looked at. */
static enum recourse_error gather_sections(const struct planning *this, struct buffer *sections)
{
	struct record_path prefix = record_path_of_short(RECORD_LIABILITY, this->incident->number);
	uint32_t last = 0;
	SCOPED(record_walk_end)
	struct record_walk walk = record_walk_over(this->decision->state, &prefix);
	while (record_walk_next(&walk, NULL, 0)) {
		const uint32_t number = (uint32_t)walk.key.parts[1].number;
		if (number == last || find_party(this->plan, walk.key.parts[2].text) == NULL)
			continue;
		last = number;
		buffer_append(sections, &number, sizeof number);
	}
	return buffer_failed(sections) ? RECOURSE_MEMORY : walk.error;
}

static enum recourse_error find_sections(const struct planning *this)
{
	struct arena *arena = this->decision->arena;
	SCOPED(buffer_free) struct buffer sections = {.size = 0};
	TRY(gather_sections(this, &sections));
	const size_t count = sections.size / sizeof(uint32_t);
	uint32_t *numbers = arena_allocate(arena, (count + 1) * sizeof *numbers);
	this->plan->sections = arena_allocate(arena, (count + 1) * sizeof *this->plan->sections);
	if (this->plan->sections == NULL || numbers == NULL)
		return RECOURSE_MEMORY;
	if (count > 0)
		memcpy(numbers, sections.data, sections.size);
	TRY(section_sort(this->decision, numbers, count));
	for (size_t index = 0; index < count; index++)
		TRY(add_section(this, numbers[index]));
	return RECOURSE_OK;
}

static void count_places(struct set_off_plan *plan)
{
	size_t first = 0;
	for (size_t index = 0; index < plan->section_count; index++) {
		const struct liabilities *list = &plan->sections[index].list;
		for (size_t row = 0; row < list->count; row++) {
			struct set_off_party *party = find_party(plan, list->rows[row].party);
			if (party != NULL)
				party->count++;
		}
	}
	for (size_t index = 0; index < plan->party_count; index++) {
		plan->parties[index].first = first;
		first += plan->parties[index].count;
		plan->parties[index].count = 0;
	}
}

/* Party by party, so that looking at one costs what it has places. */
static enum recourse_error find_places(const struct planning *this)
{
	struct set_off_plan *plan = this->plan;
	plan->all = arena_allocate(this->decision->arena, (plan->count + 1) * sizeof *plan->all);
	if (plan->all == NULL)
		return RECOURSE_MEMORY;
	count_places(plan);
	for (size_t index = 0; index < plan->section_count; index++) {
		struct set_off_section *section = &plan->sections[index];
		for (size_t row = 0; row < section->list.count; row++) {
			struct set_off_party *party = find_party(plan, section->list.rows[row].party);
			if (party != NULL)
				plan->all[party->first + party->count++] =
					(struct set_off_place){.section = section, .row = row};
		}
	}
	plan->count = 0;
	return RECOURSE_OK;
}

/* ---- the party that is looked at ---- */

static const struct record_liability *booked(const struct set_off_place *place)
{
	return &place->section->list.rows[place->row].record;
}

static struct reckon_party *planned(const struct set_off_place *place)
{
	return &place->section->reckon.parties[place->row];
}

static int64_t *free_of(const struct set_off_place *place)
{
	return &place->section->free[place->row];
}

void set_off_plan_look(struct set_off_plan *plan, slice party)
{
	const struct set_off_party *found = find_party(plan, party);
	plan->insolvent = found != NULL && found->insolvent;
	plan->count = found == NULL ? 0 : found->count;
	plan->places = plan->count == 0 ? NULL : plan->all + found->first;
	for (size_t index = 0; index < plan->count; index++) {
		plan->places[index].open = planned(&plan->places[index])->open;
		plan->places[index].idle = 0;
	}
}

int64_t set_off_plan_more(const struct set_off_place *place)
{
	return planned(place)->received - booked(place)->received;
}

int64_t set_off_plan_named(const struct set_off_place *place)
{
	return not_paid_out(booked(place), planned(place)->returned);
}

static int64_t own(const struct set_off_place *place)
{
	return amount_least(planned(place)->over_paid, set_off_plan_named(place));
}

static void add_received(const struct set_off_place *place, struct reckon_party *party, int64_t steps)
{
	party->received += steps;
	party->for_own = liability_for_own(booked(place), party->received - booked(place)->received);
}

static enum recourse_error give(struct set_off_place *place, int64_t steps)
{
	if (steps == 0)
		return RECOURSE_OK;
	add_received(place, planned(place), steps);
	TRY(reckon_kept(&place->section->reckon));
	place->open = planned(place)->open;
	place->idle = 0;
	return RECOURSE_OK;
}

/* ---- everything comes back ---- */

/* Of what is its own by name: the funder's, who paid it that again, as settling it up would say. */
static int64_t subrogated(const struct record_liability *record, const struct reckon_party *then)
{
	return amount_least(record->restored, then->returned - record->paid_out);
}

/* Of what was paid on there is too little money by so much. */
static amount_sum lacking(const struct set_off_section *section, const struct reckon *reckon)
{
	const struct record_section *record = &section->record;
	amount_sum due = (amount_sum)reckon->advances_served + record->handed_back - record->remitted;
	amount_sum lack = reckon->shortfall;
	for (size_t row = 0; row < reckon->count; row++) {
		const struct record_liability *liability = &section->list.rows[row].record;
		const struct reckon_party *then = &reckon->parties[row];
		due += then->costs_served + subrogated(liability, then) - liability->subrogated;
		due -= amount_least(liability->shortfall_given_up, then->shortfall);
		lack += then->shortfall;
	}
	return lack + (due < 0 ? -due : 0);
}

/* Of so much that it paid there: was not paid on. */
static enum recourse_error find_loose(const struct set_off_place *place, int64_t most, int64_t *steps)
{
	const struct set_off_section *section = place->section;
	const amount_sum before = lacking(section, &section->reckon);
	amount_sum more = 1;
	*steps = most;
	for (int round = 0; round<ROUNDS_MAX && * steps> 0 && more > 0; round++) {
		struct reckon less = section->reckon;
		add_received(place, &less.parties[place->row], -*steps);
		TRY(reckon_kept(&less));
		more = lacking(section, &less) - before;
		if (more > 0)
			*steps = more < *steps ? *steps - (int64_t)more : 0;
	}
	if (more > 0)
		*steps = 0;
	return RECOURSE_OK;
}

/* What was paid on elsewhere was what was paid for no section, then what is over-paid, then what had gone there. */
static enum recourse_error account_for(struct set_off_plan *plan, int64_t *paid_on)
{
	for (size_t index = 0; index < plan->count; index++) {
		int64_t *left = free_of(&plan->places[index]);
		int64_t part = amount_least(*left, *paid_on);
		*left -= part;
		*paid_on -= part;
	}
	for (size_t index = 0; *paid_on > 0 && index < plan->count; index++) {
		struct set_off_place *place = &plan->places[index];
		int64_t part = amount_least(own(place), *paid_on);
		TRY(give(place, -part));
		*paid_on -= part;
	}
	for (size_t index = 0; *paid_on > 0 && index < plan->count; index++) {
		struct set_off_place *place = &plan->places[index];
		if (booked(place)->moved >= 0)
			continue;
		int64_t part = amount_least(planned(place)->received, *paid_on);
		part = amount_least(part, -booked(place)->moved);
		TRY(give(place, -part));
		*paid_on -= part;
	}
	return RECOURSE_OK;
}

/* Of what was moved from there: all, or what had come for no section by name. */
static int64_t moved_out(const struct set_off_plan *plan, const struct set_off_place *place)
{
	const int64_t out = amount_most(-booked(place)->moved, 0);
	return plan->insolvent ? amount_least(out, booked(place)->anywhere) : out;
}

/*
 * What was moved there, of `*moved` that comes back at all, and what is there for no section by name, but for what was paid on:
 * that was first what had come there for no section by name, whichever came first.
 */
static enum recourse_error empty(
	const struct set_off_plan *plan, struct set_off_place *place, int64_t *moved, int64_t *paid_on)
{
	const struct record_liability *row = booked(place);
	const int64_t in = amount_least(amount_most(row->moved, 0), *moved);
	const int64_t out = moved_out(plan, place);
	const int64_t came = amount_beyond(row->anywhere, out);
	int64_t loose;
	TRY(find_loose(place, in + came, &loose));
	const int64_t final = in + came - loose;
	const int64_t stays = amount_beyond(final, came);
	*moved -= in;
	*paid_on += stays;
	*free_of(place) = row->anywhere - (final - stays);
	return give(place, out - (in - stays) - *free_of(place));
}

static enum recourse_error bring_back(struct set_off_plan *plan)
{
	int64_t paid_on = 0;
	int64_t moved = plan->insolvent ? 0 : INT64_MAX;
	for (size_t index = 0; index < plan->count && plan->insolvent; index++)
		moved += moved_out(plan, &plan->places[index]); /* within what was received */
	for (size_t index = 0; index < plan->count; index++)
		TRY(empty(plan, &plan->places[index], &moved, &paid_on));
	return account_for(plan, &paid_on);
}

/* ---- and is moved anew ---- */

/* What was paid on is final there, and its part of what waits has to come all the same: as if it had not been paid on yet. */
static enum recourse_error owes(
	const struct set_off_place *place, const struct reckon *told, int64_t most, bool all, int64_t *steps)
{
	TRY(owed_of(told, place->row, most, all, steps));
	if (*steps > 0 || told->paid_out + told->remitted + told->gave == 0)
		return RECOURSE_OK;
	struct reckon unpaid = *told;
	unpaid.paid_out = unpaid.remitted = unpaid.gave = 0;
	return owed_of(&unpaid, place->row, most, all, steps);
}

/* Nothing comes of sums beyond 64 bits. */
static enum recourse_error needs(const struct set_off_place *place, int64_t most, bool all, int64_t *steps)
{
	const struct reckon *told = &place->section->reckon;
	enum recourse_error error = booked(place)->liable ? owes(place, told, most, all, steps)
							  : owed_of_own(told, place->row, most, steps);
	if (error == RECOURSE_OVERFLOW)
		*steps = 0;
	return error == RECOURSE_OVERFLOW ? RECOURSE_OK : error;
}

static int64_t unserved(const struct set_off_place *place)
{
	return own_claims_left(&place->section->reckon, place->row, INT64_MAX);
}

static struct set_off_place *most_open(
	const struct set_off_plan *plan, const struct set_off_place *but, int64_t most)
{
	struct set_off_place *found = NULL;
	for (size_t index = 0; index < plan->count; index++) {
		struct set_off_place *place = &plan->places[index];
		if (place == but || place->tried || place->idle >= most)
			continue;
		if (!booked(place)->liable && unserved(place) == 0)
			continue;
		if (found == NULL || place->open > found->open)
			found = place;
	}
	return found;
}

int64_t set_off_plan_unserved(const struct set_off_plan *plan)
{
	int64_t sum = 0;
	int64_t most = plan->insolvent ? 0 : INT64_MAX;
	for (size_t index = 0; index < plan->count; index++) {
		const struct set_off_place *place = &plan->places[index];
		int64_t here = booked(place)->liable ? 0 : unserved(place);
		if (amount_add_steps(sum, here, &sum) != RECOURSE_OK)
			sum = INT64_MAX;
		most = plan->insolvent ? most + place->for_none : most;
	}
	return amount_least(sum, most);
}

/* What serves nothing is not tried again, nor less of it: `beyond` is the most that anybody asks for. */
static enum recourse_error find_needing(struct set_off_plan *plan, const struct set_off_place *but,
	int64_t most, int64_t beyond, bool all, struct set_off_place **found, int64_t *steps)
{
	*steps = 0;
	for (size_t index = 0; index < plan->count; index++)
		plan->places[index].tried = false;
	while ((*found = most_open(plan, but, most)) != NULL) {
		int64_t more = 0;
		TRY(needs(*found, most, all, steps));
		if (*steps > 0)
			return RECOURSE_OK;
		(*found)->tried = true;
		(*found)->idle = most;
		if (beyond > most)
			TRY(needs(*found, beyond, all, &more));
		if (beyond > most && more == 0)
			(*found)->idle = beyond;
	}
	return RECOURSE_OK;
}

/* Of what was placed: what had come there is so first, then what had come where the sections' order has it first. */
static void take_placed(const struct set_off_plan *plan, int64_t placed)
{
	for (size_t index = 0; index < plan->count; index++) {
		const struct set_off_place *place = &plan->places[index];
		int64_t own = amount_least(*free_of(place), place->for_none);
		*free_of(place) -= own;
		placed -= own;
	}
	for (size_t index = 0; index < plan->count; index++) {
		int64_t *left = free_of(&plan->places[index]);
		int64_t part = amount_least(*left, placed);
		*left -= part;
		placed -= part;
	}
}

/* What of it serves nothing waits where it came. */
static enum recourse_error place_free(struct set_off_plan *plan)
{
	int64_t all = 0;
	int64_t part;
	struct set_off_place *to;
	for (size_t index = 0; index < plan->count; index++)
		all += *free_of(&plan->places[index]);
	const int64_t before = all;
	for (size_t round = 0; all > 0 && round < ROUNDS_MAX * plan->count; round++) {
		TRY(find_needing(plan, NULL, all, all, false, &to, &part));
		if (part == 0)
			break;
		TRY(give(to, part));
		to->for_none += part;
		all -= part;
	}
	take_placed(plan, before - all);
	for (size_t index = 0; index < plan->count; index++) {
		struct set_off_place *place = &plan->places[index];
		TRY(give(place, *free_of(place)));
		place->for_none += *free_of(place);
		*free_of(place) = 0;
	}
	return RECOURSE_OK;
}

/* Of its own: what it paid for one section serves no other once it is insolvent. */
static int64_t may_leave(const struct set_off_plan *plan, const struct set_off_place *place)
{
	return plan->insolvent ? amount_least(own(place), place->for_none) : own(place);
}

static enum recourse_error serve_from(
	struct set_off_plan *plan, struct set_off_place *from, int64_t beyond, bool all, bool *any)
{
	for (size_t round = 0; round < ROUNDS_MAX * plan->count && may_leave(plan, from) > 0; round++) {
		struct set_off_place *to;
		int64_t part;
		TRY(find_needing(plan, from, may_leave(plan, from), beyond, all, &to, &part));
		if (part == 0)
			return RECOURSE_OK;
		TRY(give(from, -part));
		TRY(give(to, part));
		from->for_none -= part;
		to->for_none += part;
		*any = true;
	}
	return RECOURSE_OK;
}

static int64_t most_leaving(const struct set_off_plan *plan)
{
	int64_t most = 0;
	for (size_t index = 0; index < plan->count; index++)
		most = amount_most(may_leave(plan, &plan->places[index]), most);
	return most;
}

static enum recourse_error serve_others(struct set_off_plan *plan, bool all, bool *any)
{
	for (size_t party = 0; party < plan->party_count; party++) {
		set_off_plan_look(plan, plan->parties[party].name);
		int64_t beyond = most_leaving(plan);
		for (size_t index = 0; index < plan->count && beyond > 0; index++)
			TRY(serve_from(plan, &plan->places[index], beyond, all, any));
	}
	return RECOURSE_OK;
}

static enum recourse_error move_anew(struct set_off_plan *plan)
{
	bool any = true;
	for (size_t party = 0; party < plan->party_count; party++) {
		set_off_plan_look(plan, plan->parties[party].name);
		TRY(bring_back(plan));
	}
	for (size_t party = 0; party < plan->party_count; party++) {
		set_off_plan_look(plan, plan->parties[party].name);
		TRY(place_free(plan));
	}
	for (int round = 0; round < ROUNDS_MAX && any; round++) {
		any = false;
		TRY(serve_others(plan, false, &any));
		if (!any)
			TRY(serve_others(plan, true, &any));
	}
	return RECOURSE_OK;
}

enum recourse_error set_off_plan_make(struct decision *decision, const struct record_incident *incident,
	slice party, struct set_off_plan *plan)
{
	const struct planning this = {decision, incident, .plan = plan};
	*plan = (struct set_off_plan){.count = 0};
	TRY(find_parties(&this, party));
	if (plan->party_count == 0)
		return RECOURSE_OK;
	TRY(find_sections(&this));
	TRY(find_places(&this));
	return move_anew(plan);
}
