/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/payout/waiting.h"

#include "rules/deposit/deposit.h"
#include "rules/incident/incident.h"
#include "rules/incident/section.h"

#include <stdlib.h>

/* ---- what a section leaves open ---- */

/* What its claims may have of pools, those that are not decided too; and what of that is not in its own. */
static enum recourse_error find_open(struct decision *decision, const struct waiting *waiting, uint32_t party,
	struct waiting_row *row, int64_t *left)
{
	SCOPED(pool_plan_free) struct pool_plan plan = {.deposit = 0};
	TRY(section_load(decision->state, waiting->incident.number, party, &plan.section));
	TRY(pool_plan_load(decision, &waiting->incident, &waiting->policy, &plan));
	TRY(pool_plan_bound(decision, &waiting->incident, &waiting->policy, &plan));
	int64_t room = sharing_room(&plan.sharing);
	bool interim = plan.held && !plan.sharing.bounded;
	*left = plan.frozen + plan.cash - amount_least(plan.frozen + plan.cash, room);
	*row = (struct waiting_row){
		.merchant = plan.merchant,
		.party = party,
		.open = room <= plan.most || interim ? 0 : room - plan.most,
	};
	return RECOURSE_OK;
}

/* ---- the issuer's pool ---- */

static enum recourse_error share_issuers(struct decision *decision, struct waiting *waiting, int64_t steps)
{
	size_t room = waiting->count * sizeof(int64_t);
	int64_t open = 0;
	if (steps == 0 || waiting->count == 0)
		return RECOURSE_OK;
	int64_t *weights = arena_allocate(decision->arena, room);
	int64_t *parts = arena_allocate(decision->arena, room);
	if (weights == NULL || parts == NULL)
		return RECOURSE_MEMORY;
	for (size_t row = 0; row < waiting->count; row++) {
		weights[row] = waiting->rows[row].open;
		TRY(amount_add_steps(open, weights[row], &open));
	}
	TRY(split_all(amount_least(steps, open), weights, waiting->count, parts));
	for (size_t row = 0; row < waiting->count; row++)
		waiting->rows[row].part = parts[row];
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
		int64_t left;
		bool mine = is_issuers(incident, section.party);
		if (section.claims_filed == 0 && !mine)
			continue;
		TRY(find_open(decision, waiting, section.party, &waiting->rows[waiting->count], &left));
		if (mine)
			*issuers = left;
		waiting->count += section.claims_filed > 0;
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
	return share_issuers(decision, waiting, issuers);
}
