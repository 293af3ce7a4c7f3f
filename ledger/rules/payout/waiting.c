/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/payout/waiting.h"

#include "rules/deposit/deposit.h"
#include "rules/incident/incident.h"
#include "rules/incident/section.h"

#include <stdlib.h>

/* ---- what a section leaves open ---- */

/* Of what can still be claimed: for which no claim has a reserve. */
static amount_sum find_unclaimed(
	const struct decision *decision, const struct waiting *waiting, const struct pool_plan *plan)
{
	amount_sum claimed = (amount_sum)plan->sharing.weights + plan->sharing.reserved;
	bool over = decision->time > waiting->incident.bar_date;
	return over || plan->secured < claimed ? 0 : plan->secured - claimed;
}

/* What of its own pool a section has for all, and in the place of the issuer's: not what appeals restored for later claims. */
static int64_t find_free(const struct pool_plan *plan, int64_t own)
{
	return amount_beyond(own, plan->restored - plan->instead);
}

/* What of the issuer's pool's part it can take the place of: not what appeals restored of that. */
static int64_t find_yields(const struct pool_plan *plan, int64_t own)
{
	return amount_least(section_issuers_part(&plan->section), find_free(plan, own));
}

/* Those that appeals bar from nothing: ruled on since, not in a round yet, or not ruled on. */
struct later {
	amount_sum lost;
	amount_sum decided; /* of which by claims that are decided; */
	amount_sum had;     /* which have so much of pools, */
	amount_sum lacks;   /* and of all that nobody has so much */
};

static struct later find_later(const struct sharing *sharing, amount_sum unclaimed, uint64_t barred)
{
	struct later later = {.lost = 0};
	struct sharer sharer;
	struct sharers_reader reader = sharers_read(&sharing->sharers);
	while (sharers_next(&reader, &sharer)) {
		amount_sum lost = (amount_sum)sharer.weight - sharer.others;
		if (sharer.kind == SHARER_RESERVED ||
			(sharer.kind == SHARER_COVERED && sharer.ruled <= barred))
			continue;
		later.decided += lost;
		later.had += sharer.had;
		later.lacks += lost > sharer.had ? lost - sharer.had : 0;
	}
	later.lost = later.decided + sharing->reserved + unclaimed;
	later.lacks += sharing->reserved + unclaimed;
	return later;
}

/* Of its own pool: restored for later claims, of which none lacks it. It is not in the way of what the issuer's gives others. */
static int64_t find_idle(const struct pool_plan *plan, amount_sum unclaimed)
{
	const struct later later = find_later(&plan->sharing, unclaimed, plan->sharing.how.barred);
	return amount_within((amount_sum)plan->restored - plan->instead - later.lacks);
}

static bool is_issuers(const struct record_incident *incident, uint32_t party)
{
	return incident->merchant == 0 && party == incident->issuer;
}

/*
 * What appeals restored to its own, and is there, is for those alone that were ruled on since: of these, at least so much, by what
 * they lost.
 */
static int64_t find_theirs(const struct pool_plan *plan, amount_sum unclaimed, const struct later *these)
{
	const struct later own = find_later(&plan->sharing, unclaimed, plan->sharing.how.barred);
	const int64_t lost = amount_within(own.lost);
	const int64_t both = amount_least(amount_within(these->lost), lost);
	return amount_share(amount_least(section_restored_there(&plan->section), lost), both, lost);
}

/*
 * What is open of later claims when the section's own pool has given all of them the same part of what they lost, whoever has it,
 * and those what it has for nobody else: so it does not matter when that was lodged, nor what the issuer's gave by then.
 */
static enum recourse_error take_later(struct decision *decision, const struct waiting *waiting,
	const struct pool_plan *plan, int64_t own, amount_sum unclaimed, struct waiting_row *row)
{
	if (waiting->bar.since == 0)
		return RECOURSE_OK;
	TRY(given_back_bar_until(decision->state, &plan->section, waiting->bar.since, &row->barred));
	const struct later later = find_later(&plan->sharing, unclaimed, row->barred);
	const int64_t lost =
		amount_within((amount_sum)plan->sharing.weights + plan->sharing.reserved + unclaimed);
	row->later_lost = amount_within(later.lost);
	const int64_t most = amount_beyond(row->later_lost, find_theirs(plan, unclaimed, &later));
	row->later = amount_least(amount_share(row->later_lost, row->share.weight, lost), most);
	row->later_decided = amount_share(row->later, amount_within(later.decided), row->later_lost);
	row->later_had = amount_within(later.had);
	row->later_most = amount_within(later.had + own - row->yields);
	row->later_most = amount_least(row->later_most, row->share.had);
	return RECOURSE_OK;
}

/* What may be had of pools there in the end, whatever is given before; and what of that is not in its own. */
static enum recourse_error find_open(
	struct decision *decision, struct waiting *waiting, uint32_t party, struct waiting_row *row)
{
	SCOPED(pool_plan_free) struct pool_plan plan = {.deposit = 0};
	const struct sharing *sharing = &plan.sharing;
	TRY(section_load(decision->state, waiting->incident.number, party, &plan.section));
	TRY(pool_plan_load(decision, &waiting->incident, &waiting->policy, &plan));
	const int64_t own = plan.most;
	amount_sum room = sharing_room(sharing);
	TRY(pool_plan_bound(decision, &waiting->incident, &waiting->policy, &plan));
	const amount_sum unclaimed = find_unclaimed(decision, waiting, &plan);
	const bool shut = plan.held && !sharing->how.bounded;
	const int64_t yields = shut ? 0 : find_yields(&plan, own);
	const int64_t had = plan.section.from_issuer;
	const bool mine = is_issuers(&waiting->incident, party);
	const int64_t given = amount_beyond(own, mine ? 0 : find_idle(&plan, unclaimed));
	const amount_sum decided = (amount_sum)sharing->weights - sharing->had + had - given;
	room += unclaimed;
	*row = (struct waiting_row){
		.merchant = plan.merchant,
		.share = {.weight = amount_within(decided + sharing->reserved + unclaimed),
			.had = had - yields,
			.room = amount_within(room - given + yields)},
		.decided = amount_within(decided),
		.yields = yields,
		.party = party,
		.own = mine,
		.claims = plan.section.claims_filed > 0,
		.shut = shut,
	};
	if (!row->own)
		return take_later(decision, waiting, &plan, shut ? 0 : find_free(&plan, own), unclaimed, row);
	const struct later later = find_later(sharing, unclaimed, plan.sharing.how.barred);
	waiting->issuers = own;
	waiting->own_later = amount_within(later.lacks < room ? later.lacks : room);
	waiting->own_barred = amount_within(room - waiting->own_later);
	return RECOURSE_OK;
}

/* ---- the issuer's pool ---- */

/* What it is split by, before it is. */
static void tell(struct waiting_row *row)
{
	row->told = (struct record_issuers_split){
		.weight = row->share.weight,
		.had = row->share.had,
		.room = row->share.room,
		.decided = row->decided,
		.yields = row->yields,
		.later_lost = row->later_lost,
		.later = row->later,
		.later_decided = row->later_decided,
		.later_had = row->later_had,
		.later_most = row->later_most,
		.shut = row->shut,
	};
}

/* What decided claims are to have of what lifts the section, in total; not a step more, as others may be decided. */
static amount_sum find_due(const struct waiting_row *row, int64_t part)
{
	const struct split_share *share = &row->share;
	return share->weight > 0 ? ((amount_sum)share->had + part) * row->decided / share->weight : 0;
}

/* `restored` is for later claims, and not compared. */
static void find_part(struct waiting_row *row, int64_t restored, int64_t part)
{
	const amount_sum had = (amount_sum)row->share.had + row->yields;
	const amount_sum due = find_due(row, part);
	if (row->shut)
		return;
	row->part = amount_within(due + restored - had);
	row->given_later = amount_least(row->part, restored);
	row->later_due = row->used + restored;
	amount_sum liftable = due - had + row->later_had - row->used;
	row->liftable = liftable < 0 ? -amount_within(-liftable) : amount_within(liftable);
	row->back = amount_least(row->yields, amount_within(had - due - restored));
}

/*
 * What is in the issuer's pool, or may be there again, and is not its own claims': those come first, and that may not have what was
 * restored have the rest. `restored` of it is later claims', of all sections and in total.
 */
static enum recourse_error find_issuers(const struct waiting *waiting, int64_t *steps, int64_t *restored)
{
	int64_t left = waiting->bar.restored;
	*steps = waiting->issuers;
	for (size_t row = 0; row < waiting->count; row++) {
		TRY(amount_add_steps(*steps, waiting->rows[row].yields, steps));
		const struct waiting_row *at = &waiting->rows[row];
		left = amount_beyond(left, at->later_most);
	}
	left = amount_beyond(left, waiting->own_later);
	*restored = amount_beyond(waiting->bar.restored, waiting->own_later);
	*steps = amount_beyond(*steps, waiting->own_later);
	*steps -= amount_least(waiting->own_barred, amount_beyond(*steps, left));
	return RECOURSE_OK;
}

/*
 * What of it is each section's, by what is open of its later claims, in total: what those have they have of that, whoever gave it and
 * whenever, so far as the section had it of the issuer's pool; and so far it is not compared. `shares` then is what is left of each, and
 * `restored` what is nobody's.
 */
static enum recourse_error set_apart(
	struct arena *arena, struct waiting *waiting, struct split_share *shares, int64_t *restored)
{
	struct split_carry carry;
	int64_t *parts;
	for (size_t row = 0; row < waiting->count; row++) {
		const struct waiting_row *at = &waiting->rows[row];
		amount_sum most = (amount_sum)at->later_most + at->share.room;
		shares[row] = (struct split_share){.weight = at->own ? 0 : at->later,
			.room = most < at->later_lost ? (int64_t)most : at->later_lost};
	}
	TRY(lift_make(arena, *restored, shares, waiting->count, &parts, &carry));
	waiting->restored = waiting->bar.restored;
	for (size_t row = 0; row < waiting->count; row++) {
		struct waiting_row *at = &waiting->rows[row];
		at->used = amount_least(parts[row], at->later_most);
		at->share.had -= at->used;
		at->share.weight = amount_beyond(at->share.weight, at->used);
		at->decided = amount_beyond(at->decided, at->used);
		shares[row].had = at->used;
		shares[row].room = parts[row] - at->used;
		*restored -= parts[row];
		waiting->restored = amount_beyond(waiting->restored, at->used);
	}
	return RECOURSE_OK;
}

/* They have what is left of it before others are lifted; `parts` is what falls on those that are decided. */
static enum recourse_error give_later(struct arena *arena, struct waiting *waiting,
	const struct split_share *shares, int64_t *steps, int64_t **parts)
{
	struct split_carry carry;
	TRY(lift_make(arena, *steps, shares, waiting->count, parts, &carry));
	for (size_t row = 0; row < waiting->count; row++) {
		struct waiting_row *at = &waiting->rows[row];
		int64_t part = (*parts)[row];
		int64_t all = at->used + part;
		int64_t decided = amount_beyond(amount_share(all, at->later_decided, at->later), at->used);
		(*parts)[row] = decided;
		*steps -= part;
		at->share.weight = amount_beyond(at->share.weight, part);
		at->share.room = amount_beyond(at->share.room, part);
		at->decided = amount_beyond(at->decided, decided);
	}
	return RECOURSE_OK;
}

enum recourse_error waiting_split(struct arena *arena, struct waiting *waiting)
{
	struct split_share *shares = arena_allocate(arena, (waiting->count + 1) * sizeof *shares);
	int64_t *later;
	int64_t *parts;
	int64_t steps;
	int64_t restored;
	if (shares == NULL)
		return RECOURSE_MEMORY;
	for (size_t row = 0; row < waiting->count; row++)
		tell(&waiting->rows[row]);
	TRY(find_issuers(waiting, &steps, &restored));
	TRY(set_apart(arena, waiting, shares, &restored));
	TRY(give_later(arena, waiting, shares, &steps, &later));
	for (size_t row = 0; row < waiting->count; row++)
		shares[row] = waiting->rows[row].share;
	TRY(lift_make(
		arena, amount_beyond(steps, restored), shares, waiting->count, &parts, &waiting->lifted));
	for (size_t row = 0; row < waiting->count; row++)
		find_part(&waiting->rows[row], later[row], parts[row]);
	return RECOURSE_OK;
}

/* ---- the sections that wait ---- */

static int compare_rows(const void *left, const void *right)
{
	return slice_compare(
		((const struct waiting_row *)left)->merchant, ((const struct waiting_row *)right)->merchant);
}

void waiting_order(struct waiting *waiting)
{
	if (waiting->count > 0)
		qsort(waiting->rows, waiting->count, sizeof *waiting->rows, compare_rows);
}

static enum recourse_error take_rows(struct decision *decision, struct waiting *waiting)
{
	const struct record_incident *incident = &waiting->incident;
	struct record_path prefix = record_path_of_short(RECORD_SECTION, incident->number);
	struct record_section section;
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(decision->state, &prefix);
	while (record_walk_next(&walk, &section, sizeof section)) {
		struct waiting_row *row = &waiting->rows[waiting->count];
		bool mine = is_issuers(incident, section.party);
		if (section.claims_filed == 0 && !mine && decision->time > incident->bar_date)
			continue;
		TRY(find_open(decision, waiting, section.party, row));
		waiting->count += row->claims || (!mine && row->share.weight > 0);
	}
	return walk.error;
}

static enum recourse_error find_bar(struct decision *decision, struct waiting *waiting)
{
	const struct record_incident *incident = &waiting->incident;
	struct record_path path = record_path_of_shorts(RECORD_SECTION, incident->number, incident->issuer);
	struct record_section issuer = {.restored = 0};
	waiting->bar = (struct given_back_bar){.since = 0};
	if (incident->merchant != 0)
		return RECOURSE_OK;
	TRY(record_get_optional(decision->state, &path, &issuer, sizeof issuer, NULL));
	return given_back_bar_find(decision->state, &issuer, true, &waiting->bar);
}

enum recourse_error waiting_share(struct decision *decision, struct waiting *waiting)
{
	size_t most = waiting->incident.sections + 1;
	waiting->rows = arena_allocate(decision->arena, most * sizeof *waiting->rows);
	if (waiting->rows == NULL)
		return RECOURSE_MEMORY;
	TRY(find_bar(decision, waiting));
	TRY(take_rows(decision, waiting));
	waiting_order(waiting);
	/* who is still to come in has a share too */
	return waiting->incident.widening != 0 ? RECOURSE_OK : waiting_split(decision->arena, waiting);
}

enum recourse_error waiting_find(struct decision *decision, slice id, struct waiting *waiting)
{
	struct record_incident *incident = &waiting->incident;
	waiting->reference = id;
	TRY(incident_concerned(decision, id, incident));
	TRY(incident_terms(decision, incident, &waiting->policy));
	TRY(party_name(decision->state, decision->arena, incident->funder, &waiting->funder));
	enum recourse_error error = waiting_share(decision, waiting);
	return error == RECOURSE_OVERFLOW
		       ? refuse(decision, error, "incident", "losses and open claims within 64 bits")
		       : error;
}
