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

/* What may be had of pools there in the end, whatever is given before; and what of that is not in its own. */
static enum recourse_error find_open(struct decision *decision, const struct waiting *waiting, uint32_t party,
	struct waiting_row *row, int64_t *left)
{
	SCOPED(pool_plan_free) struct pool_plan plan = {.deposit = 0};
	const struct sharing *sharing = &plan.sharing;
	TRY(section_load(decision->state, waiting->incident.number, party, &plan.section));
	TRY(pool_plan_load(decision, &waiting->incident, &waiting->policy, &plan));
	const int64_t own = plan.most;
	amount_sum room = sharing_room(sharing);
	TRY(pool_plan_bound(decision, &waiting->incident, &waiting->policy, &plan));
	const amount_sum unclaimed = find_unclaimed(decision, waiting, &plan);
	const int64_t had = plan.section.from_issuer;
	const amount_sum decided = (amount_sum)sharing->weights - (sharing->had - had) - own;
	room += unclaimed;
	*left = own - (room < own ? (int64_t)room : own);
	*row = (struct waiting_row){
		.merchant = plan.merchant,
		.share = {.weight = within_64_bits(decided + sharing->reserved + unclaimed),
			.had = had,
			.room = within_64_bits(room - own)},
		.decided = within_64_bits(decided),
		.party = party,
		.claims = plan.section.claims_filed > 0,
		.shut = plan.held && !sharing->bounded,
	};
	return RECOURSE_OK;
}

/* ---- the issuer's pool ---- */

/* What its decided claims have of the section's part, in total; not a step more, as others may be decided. */
static int64_t find_part(const struct waiting_row *row, int64_t part)
{
	const struct split_share *share = &row->share;
	if (row->shut || share->weight == 0)
		return 0;
	amount_sum due = ((amount_sum)share->had + part) * row->decided / share->weight - share->had;
	return within_64_bits(due);
}

static enum recourse_error share_issuers(struct decision *decision, struct waiting *waiting, int64_t steps)
{
	struct split_share *shares = arena_allocate(decision->arena, (waiting->count + 1) * sizeof *shares);
	int64_t *parts;
	if (steps == 0)
		return RECOURSE_OK;
	if (shares == NULL)
		return RECOURSE_MEMORY;
	for (size_t row = 0; row < waiting->count; row++)
		shares[row] = waiting->rows[row].share;
	enum recourse_error error =
		lift_make(decision->arena, steps, shares, waiting->count, &parts, &waiting->lifted);
	if (error != RECOURSE_OK)
		return error == RECOURSE_OVERFLOW
			       ? refuse(decision, error, "incident", "losses and open claims within 64 bits")
			       : error;
	for (size_t row = 0; row < waiting->count; row++)
		waiting->rows[row].part = find_part(&waiting->rows[row], parts[row]);
	return RECOURSE_OK;
}

/* ---- the sections that wait ---- */

static bool is_issuers(const struct record_incident *incident, uint32_t party)
{
	return incident->merchant == 0 && party == incident->issuer;
}

static int compare_rows(const void *left, const void *right)
{
	return slice_compare(
		((const struct waiting_row *)left)->merchant, ((const struct waiting_row *)right)->merchant);
}

static enum recourse_error take_rows(struct decision *decision, struct waiting *waiting, int64_t *issuers)
{
	const struct record_incident *incident = &waiting->incident;
	struct record_path prefix = record_path_of_short(RECORD_SECTION, incident->number);
	struct record_section section;
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(decision->state, &prefix);
	while (record_walk_next(&walk, &section, sizeof section)) {
		struct waiting_row *row = &waiting->rows[waiting->count];
		int64_t left;
		bool mine = is_issuers(incident, section.party);
		if (section.claims_filed == 0 && !mine && decision->time > incident->bar_date)
			continue;
		TRY(find_open(decision, waiting, section.party, row, &left));
		if (mine)
			*issuers = left;
		waiting->count += row->claims || (!mine && row->share.weight > 0);
	}
	return walk.error;
}

enum recourse_error waiting_find(struct decision *decision, slice id, struct waiting *waiting)
{
	struct record_incident *incident = &waiting->incident;
	int64_t issuers = 0;
	waiting->reference = id;
	TRY(incident_concerned(decision, id, incident));
	TRY(incident_terms(decision, incident, &waiting->policy));
	TRY(party_name(decision->state, decision->arena, incident->funder, &waiting->funder));
	waiting->rows = arena_allocate(decision->arena, (incident->sections + 1) * sizeof *waiting->rows);
	if (waiting->rows == NULL)
		return RECOURSE_MEMORY;
	TRY(take_rows(decision, waiting, &issuers));
	qsort(waiting->rows, waiting->count, sizeof *waiting->rows, compare_rows);
	/* who is still to come in has a share too */
	return incident->widening != 0 ? RECOURSE_OK : share_issuers(decision, waiting, issuers);
}
