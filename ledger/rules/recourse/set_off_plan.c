/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/recourse/set_off_plan.h"

#include "rules/incident/incident.h"
#include "rules/incident/section.h"
#include "rules/recourse/due.h"
#include "rules/recourse/owed.h"

#include <stdlib.h>

/* What is moved so often is moved by the next entry that looks at it. */
enum { ROUNDS_MAX = 8 };

struct planning {
	struct decision *decision;
	const struct record_incident *incident;
	struct set_off_plan *plan;
	size_t room; /* for parties */
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

/* ---- who and where ---- */

static bool has_party(const struct set_off_plan *plan, slice name)
{
	for (size_t index = 0; index < plan->party_count; index++) {
		if (slice_equal(plan->parties[index].name, name))
			return true;
	}
	return false;
}

static enum recourse_error grow(struct planning *this)
{
	struct set_off_plan *plan = this->plan;
	size_t room = this->room == 0 ? 8 : 2 * this->room;
	struct set_off_party *parties = arena_allocate(this->decision->arena, room * sizeof *plan->parties);
	if (parties == NULL)
		return RECOURSE_MEMORY;
	for (size_t index = 0; index < plan->party_count; index++)
		parties[index] = plan->parties[index];
	plan->parties = parties;
	this->room = room;
	return RECOURSE_OK;
}

static enum recourse_error add_party(struct planning *this, slice name)
{
	struct set_off_plan *plan = this->plan;
	struct record_estate estate;
	slice kept;
	if (has_party(plan, name))
		return RECOURSE_OK;
	TRY(estate_of(this->decision->state, name, &estate));
	if (estate.entry != 0)
		return RECOURSE_OK;
	if (plan->party_count == this->room)
		TRY(grow(this));
	TRY(arena_copy(this->decision->arena, name, &kept));
	plan->parties[plan->party_count++] = (struct set_off_party){.name = kept};
	return RECOURSE_OK;
}

static int compare_parties(const void *left, const void *right)
{
	return slice_compare(
		((const struct set_off_party *)left)->name, ((const struct set_off_party *)right)->name);
}

static enum recourse_error find_parties(struct planning *this)
{
	struct set_off_plan *plan = this->plan;
	struct record_path prefix = record_path_of_short(RECORD_LIABILITY, this->incident->number);
	struct record_liability record;
	SCOPED(record_walk_end)
	struct record_walk walk = record_walk_over(this->decision->state, &prefix);
	while (record_walk_next(&walk, &record, sizeof record)) {
		if (set_off_plan_concerns(&record))
			TRY(add_party(this, walk.key.parts[2].text));
	}
	TRY(walk.error);
	if (plan->party_count > 1)
		qsort(plan->parties, plan->party_count, sizeof *plan->parties, compare_parties);
	return RECOURSE_OK;
}

static bool has_row(const struct set_off_plan *plan, const struct liabilities *list)
{
	for (size_t row = 0; row < list->count; row++) {
		if (has_party(plan, list->rows[row].party))
			return true;
	}
	return false;
}

/* One whose sums are beyond 64 bits takes nothing, and gives nothing. */
static enum recourse_error add_section(struct planning *this, uint32_t number)
{
	struct decision *decision = this->decision;
	struct set_off_section *section = &this->plan->sections[this->plan->count];
	*section = (struct set_off_section){.row = SPREAD_MAX};
	TRY(section_load(decision->state, this->incident->number, number, &section->record));
	TRY(liability_list(decision->state, decision->arena, &section->record, &section->list));
	if (!has_row(this->plan, &section->list))
		return RECOURSE_OK;
	enum recourse_error error =
		settle_up_tell(decision, this->incident, &section->record, &section->list, &section->reckon);
	if (error == RECOURSE_OK)
		error = reckon(&section->reckon);
	this->plan->count += error == RECOURSE_OK;
	return error == RECOURSE_OVERFLOW ? RECOURSE_OK : error;
}

static enum recourse_error find_sections(struct planning *this)
{
	struct section_list list;
	TRY(section_list(this->decision, this->incident, &list));
	this->plan->sections =
		arena_allocate(this->decision->arena, (list.count + 1) * sizeof *this->plan->sections);
	if (this->plan->sections == NULL)
		return RECOURSE_MEMORY;
	for (size_t index = 0; index < list.count; index++)
		TRY(add_section(this, list.parties[index]));
	return RECOURSE_OK;
}

/* ---- the party that is looked at ---- */

void set_off_plan_look(struct set_off_plan *plan, slice party)
{
	for (size_t index = 0; index < plan->count; index++) {
		struct set_off_section *section = &plan->sections[index];
		const struct liability_row *row = liability_among(&section->list, party);
		section->row = row == NULL ? SPREAD_MAX : (size_t)(row - section->list.rows);
	}
}

static bool is_there(const struct set_off_section *section)
{
	return section->row < section->list.count;
}

static const struct record_liability *booked(const struct set_off_section *section)
{
	return &section->list.rows[section->row].record;
}

static const struct reckon_party *planned(const struct set_off_section *section)
{
	return &section->reckon.parties[section->row];
}

int64_t set_off_plan_more(const struct set_off_section *section)
{
	return is_there(section) ? planned(section)->received - booked(section)->received : 0;
}

int64_t set_off_plan_named(const struct set_off_section *section)
{
	return is_there(section) ? not_paid_out(booked(section), planned(section)->returned) : 0;
}

static int64_t own(const struct set_off_section *section)
{
	return amount_least(planned(section)->over_paid, set_off_plan_named(section));
}

static enum recourse_error give(struct set_off_section *section, int64_t steps)
{
	section->reckon.parties[section->row].received += steps;
	return steps == 0 ? RECOURSE_OK : reckon(&section->reckon);
}

/* ---- everything comes back ---- */

/* Of what was paid on there is too little money by so much. */
static amount_sum lacking(const struct set_off_section *section, const struct reckon *reckon)
{
	const struct record_section *record = &section->record;
	amount_sum due = (amount_sum)reckon->advances_served + record->handed_back - record->remitted;
	amount_sum lack = reckon->shortfall;
	for (size_t row = 0; row < reckon->count; row++) {
		due += reckon->parties[row].costs_served;
		due -= section->list.rows[row].record.shortfall_off;
		lack += reckon->parties[row].shortfall;
	}
	return lack + (due < 0 ? -due : 0);
}

/* Of so much that it paid there: was not paid on. */
static enum recourse_error find_loose(const struct set_off_section *section, int64_t most, int64_t *steps)
{
	const amount_sum before = lacking(section, &section->reckon);
	amount_sum more = 1;
	*steps = most;
	for (int round = 0; round<ROUNDS_MAX && * steps> 0 && more > 0; round++) {
		struct reckon less = section->reckon;
		less.parties[section->row].received -= *steps;
		TRY(reckon(&less));
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
		struct set_off_section *section = &plan->sections[index];
		if (!is_there(section))
			continue;
		int64_t part = amount_least(section->free[section->row], *paid_on);
		section->free[section->row] -= part;
		*paid_on -= part;
	}
	for (size_t index = 0; index<plan->count && * paid_on> 0; index++) {
		struct set_off_section *section = &plan->sections[index];
		int64_t part = is_there(section) ? amount_least(own(section), *paid_on) : 0;
		TRY(give(section, -part));
		*paid_on -= part;
	}
	for (size_t index = 0; index<plan->count && * paid_on> 0; index++) {
		struct set_off_section *section = &plan->sections[index];
		if (!is_there(section) || booked(section)->moved >= 0)
			continue;
		int64_t part = amount_least(planned(section)->received, *paid_on);
		part = amount_least(part, -booked(section)->moved);
		TRY(give(section, -part));
		*paid_on -= part;
	}
	return RECOURSE_OK;
}

/* What was moved there, and what is there for no section by name, but for what of it was paid on. */
static enum recourse_error empty(struct set_off_section *section, int64_t *paid_on)
{
	const struct record_liability *row = booked(section);
	const int64_t in = amount_most(row->moved, 0);
	const int64_t out = amount_most(-row->moved, 0);
	const int64_t movable = in + amount_beyond(row->anywhere, out);
	int64_t loose;
	TRY(find_loose(section, movable, &loose));
	int64_t stays = amount_least(in, movable - loose);
	*paid_on += stays;
	section->free[section->row] = row->anywhere - (movable - loose - stays);
	return give(section, out - (in - stays) - section->free[section->row]);
}

static enum recourse_error bring_back(struct set_off_plan *plan)
{
	int64_t paid_on = 0;
	for (size_t index = 0; index < plan->count; index++) {
		if (is_there(&plan->sections[index]))
			TRY(empty(&plan->sections[index], &paid_on));
	}
	return account_for(plan, &paid_on);
}

/* ---- and is moved anew ---- */

/* Nothing comes of sums beyond 64 bits. */
static enum recourse_error needs(
	const struct set_off_section *section, int64_t most, bool all, int64_t *steps)
{
	enum recourse_error error = owed_of(&section->reckon, section->row, most, all, steps);
	if (error == RECOURSE_OVERFLOW)
		*steps = 0;
	return error == RECOURSE_OVERFLOW ? RECOURSE_OK : error;
}

static struct set_off_section *most_open(struct set_off_plan *plan, const struct set_off_section *but)
{
	struct set_off_section *found = NULL;
	for (size_t index = 0; index < plan->count; index++) {
		struct set_off_section *section = &plan->sections[index];
		if (section == but || section->tried || !is_there(section) || !booked(section)->liable)
			continue;
		if (found == NULL || planned(section)->open > planned(found)->open)
			found = section;
	}
	return found;
}

static enum recourse_error find_needing(struct set_off_plan *plan, const struct set_off_section *but,
	int64_t most, bool all, struct set_off_section **found, int64_t *steps)
{
	*steps = 0;
	for (size_t index = 0; index < plan->count; index++)
		plan->sections[index].tried = false;
	while ((*found = most_open(plan, but)) != NULL) {
		TRY(needs(*found, most, all, steps));
		if (*steps > 0)
			return RECOURSE_OK;
		(*found)->tried = true;
	}
	return RECOURSE_OK;
}

/* What of it serves nothing waits where it came. */
static enum recourse_error place_free(struct set_off_plan *plan)
{
	int64_t all = 0;
	int64_t part;
	struct set_off_section *to;
	for (size_t index = 0; index < plan->count; index++)
		all += is_there(&plan->sections[index])
			       ? plan->sections[index].free[plan->sections[index].row]
			       : 0;
	const int64_t before = all;
	for (size_t round = 0; all > 0 && round < ROUNDS_MAX * plan->count; round++) {
		TRY(find_needing(plan, NULL, all, false, &to, &part));
		if (part == 0)
			break;
		TRY(give(to, part));
		all -= part;
	}
	int64_t placed = before - all;
	for (size_t index = 0; index < plan->count; index++) {
		struct set_off_section *section = &plan->sections[index];
		if (!is_there(section))
			continue;
		int64_t gone = amount_least(section->free[section->row], placed);
		placed -= gone;
		TRY(give(section, section->free[section->row] - gone));
		section->free[section->row] = 0;
	}
	return RECOURSE_OK;
}

static enum recourse_error serve_from(
	struct set_off_plan *plan, struct set_off_section *from, bool all, bool *any)
{
	for (size_t round = 0; round < ROUNDS_MAX * plan->count && own(from) > 0; round++) {
		struct set_off_section *to;
		int64_t part;
		TRY(find_needing(plan, from, own(from), all, &to, &part));
		if (part == 0)
			return RECOURSE_OK;
		TRY(give(from, -part));
		TRY(give(to, part));
		*any = true;
	}
	return RECOURSE_OK;
}

static enum recourse_error serve_others(struct set_off_plan *plan, bool all, bool *any)
{
	for (size_t party = 0; party < plan->party_count; party++) {
		set_off_plan_look(plan, plan->parties[party].name);
		for (size_t index = 0; index < plan->count; index++) {
			if (is_there(&plan->sections[index]))
				TRY(serve_from(plan, &plan->sections[index], all, any));
		}
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
	struct planning this = {decision, incident, .plan = plan};
	*plan = (struct set_off_plan){.count = 0};
	if (party.size > 0)
		TRY(add_party(&this, party));
	TRY(find_parties(&this));
	if (plan->party_count == 0)
		return RECOURSE_OK;
	TRY(find_sections(&this));
	return move_anew(plan);
}
