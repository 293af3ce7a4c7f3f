/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/payout/waiting.h"

#include "rules/deposit/deposit.h"
#include "rules/incident/incident.h"
#include "rules/incident/section.h"

#include <stdlib.h>

/* ---- what a section leaves open ---- */

static int64_t within_64_bits(amount_sum steps)
{
	return steps < 0 ? 0 : steps > INT64_MAX ? INT64_MAX : (int64_t)steps;
}

/* Of what can still be claimed: for which no claim has a reserve. */
static amount_sum find_unclaimed(
	const struct decision *decision, const struct waiting *waiting, const struct pool_plan *plan)
{
	amount_sum claimed = (amount_sum)plan->sharing.weights + plan->sharing.reserved;
	bool over = decision->time > waiting->incident.bar_date;
	return over || plan->secured < claimed ? 0 : plan->secured - claimed;
}

/* What of the issuer's pool's part the section's own pool can take the place of: not what appeals restored to that, or of it. */
static int64_t find_yields(const struct pool_plan *plan, int64_t own)
{
	return amount_least(section_issuers_part(&plan->section), amount_beyond(own, plan->restored));
}

/* What claims lack that no round covers yet, or that may still be decided. */
static amount_sum find_fresh(const struct sharing *sharing, amount_sum unclaimed)
{
	const struct sharer *sharers = (const void *)sharing->sharers.data;
	amount_sum fresh = sharing->reserved + unclaimed;
	for (size_t index = 0; index < sharing->count; index++)
		fresh += sharers[index].kind == SHARER_NEW ? sharers[index].weight : 0;
	return fresh;
}

static bool is_issuers(const struct record_incident *incident, uint32_t party)
{
	return incident->merchant == 0 && party == incident->issuer;
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
	const bool shut = plan.held && !sharing->bounded;
	const int64_t yields = shut ? 0 : find_yields(&plan, own);
	/* what was for later claims alone is not compared with what others have had */
	const int64_t had = plan.section.from_issuer -
			    amount_least(plan.used, amount_beyond(plan.section.from_issuer, yields));
	const amount_sum decided = (amount_sum)sharing->weights - (sharing->had - had) - own;
	room += unclaimed;
	if (is_issuers(&waiting->incident, party)) {
		waiting->issuers = own;
		waiting->restored = plan.restored;
		waiting->reserve = room;
	}
	waiting->used += plan.used;
	*row = (struct waiting_row){
		.merchant = plan.merchant,
		.share = {.weight = within_64_bits(decided + sharing->reserved + unclaimed),
			.had = had - yields,
			.room = within_64_bits(room - own + yields)},
		.decided = within_64_bits(decided),
		.fresh = within_64_bits(find_fresh(sharing, unclaimed)),
		.yields = yields,
		.party = party,
		.claims = plan.section.claims_filed > 0,
		.shut = shut,
	};
	return RECOURSE_OK;
}

/* ---- the issuer's pool ---- */

/* What its decided claims are to have of the section's part, in total; not a step more, as others may be decided. */
static amount_sum find_due(const struct waiting_row *row, int64_t part)
{
	const struct split_share *share = &row->share;
	return share->weight > 0 ? ((amount_sum)share->had + part) * row->decided / share->weight : 0;
}

static void find_part(struct waiting_row *row, int64_t part)
{
	const amount_sum had = (amount_sum)row->share.had + row->yields;
	const amount_sum due = find_due(row, part);
	const amount_sum liftable = find_due(row, row->liftable);
	row->liftable = 0;
	if (row->shut)
		return;
	row->part = within_64_bits(due - had);
	row->liftable = within_64_bits(liftable - had);
	row->back = amount_least(row->yields, within_64_bits(had - due));
}

/* What is in the issuer's pool, or may be there again, and is not its own claims'. */
static enum recourse_error find_issuers(const struct waiting *waiting, int64_t *steps)
{
	*steps = waiting->issuers;
	for (size_t row = 0; row < waiting->count; row++)
		TRY(amount_add_steps(*steps, waiting->rows[row].yields, steps));
	*steps -= waiting->reserve < *steps ? (int64_t)waiting->reserve : *steps;
	return RECOURSE_OK;
}

/* Of `steps`, what an appeal restored is for claims that have had nothing of it: the others have their part of the rest. */
static enum recourse_error lift_rest(
	struct decision *decision, struct waiting *waiting, struct split_share *shares, int64_t steps)
{
	int64_t *parts;
	TRY(lift_make(decision->arena, amount_beyond(steps, waiting->restored), shares, waiting->count,
		&parts, &waiting->lifted));
	for (size_t row = 0; row < waiting->count; row++) {
		amount_sum room = (amount_sum)parts[row] + waiting->rows[row].fresh;
		waiting->rows[row].liftable = parts[row];
		if (waiting->restored > 0 && room < shares[row].room)
			shares[row].room = (int64_t)room;
	}
	return RECOURSE_OK;
}

static enum recourse_error lift_sections(struct decision *decision, struct waiting *waiting)
{
	struct split_share *shares = arena_allocate(decision->arena, (waiting->count + 1) * sizeof *shares);
	int64_t *parts;
	int64_t steps;
	if (shares == NULL)
		return RECOURSE_MEMORY;
	for (size_t row = 0; row < waiting->count; row++)
		shares[row] = waiting->rows[row].share;
	TRY(find_issuers(waiting, &steps));
	TRY(lift_rest(decision, waiting, shares, steps));
	TRY(lift_make(decision->arena, steps, shares, waiting->count, &parts, &waiting->lifted));
	for (size_t row = 0; row < waiting->count; row++)
		find_part(&waiting->rows[row], parts[row]);
	return RECOURSE_OK;
}

/* ---- the sections that wait ---- */

static int compare_rows(const void *left, const void *right)
{
	return slice_compare(
		((const struct waiting_row *)left)->merchant, ((const struct waiting_row *)right)->merchant);
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

enum recourse_error waiting_share(struct decision *decision, struct waiting *waiting)
{
	size_t most = waiting->incident.sections + 1;
	waiting->rows = arena_allocate(decision->arena, most * sizeof *waiting->rows);
	if (waiting->rows == NULL)
		return RECOURSE_MEMORY;
	waiting->used = 0;
	TRY(take_rows(decision, waiting));
	waiting->restored = amount_beyond(waiting->restored, waiting->used);
	qsort(waiting->rows, waiting->count, sizeof *waiting->rows, compare_rows);
	/* who is still to come in has a share too */
	return waiting->incident.widening != 0 ? RECOURSE_OK : lift_sections(decision, waiting);
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
