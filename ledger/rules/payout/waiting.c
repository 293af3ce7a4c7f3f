/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/payout/waiting.h"

#include "rules/incident/incident.h"
#include "rules/incident/section.h"

#include <stdlib.h>

static int64_t least(int64_t left, int64_t right)
{
	return left < right ? left : right;
}

enum recourse_error waiting_plan(struct decision *decision, const struct waiting *waiting, struct plan *plan)
{
	int64_t cash;
	TRY(party_name(decision->state, decision->arena, plan->section.party, &plan->merchant));
	TRY(account_balance(decision->state, CHART_DEPOSIT_FROZEN, plan->merchant, waiting->reference,
		&waiting->incident.unit, &plan->frozen));
	TRY(instrument_call_list(decision->state, decision->arena, &plan->section, &plan->calls));
	TRY(instrument_call_cash(&plan->calls, &cash));
	plan->promised = round_promised(&waiting->policy, &plan->section);
	plan->deposit = least(plan->frozen, plan->promised);
	plan->instruments = least(cash, plan->promised - plan->deposit);
	return RECOURSE_OK;
}

/* ---- the issuer's pool ---- */

/* What its own claims leave of it. */
static enum recourse_error find_issuers(
	struct decision *decision, const struct waiting *waiting, int64_t *steps)
{
	const struct record_incident *incident = &waiting->incident;
	struct record_path path = record_path_of_shorts(RECORD_SECTION, incident->number, incident->issuer);
	struct plan plan = {.deposit = 0};
	bool there;
	*steps = 0;
	if (incident->merchant != 0)
		return RECOURSE_OK;
	TRY(record_get_optional(decision->state, &path, &plan.section, sizeof plan.section, &there));
	if (!there)
		return RECOURSE_OK;
	TRY(waiting_plan(decision, waiting, &plan));
	TRY(instrument_call_cash(&plan.calls, steps));
	TRY(amount_add_steps(*steps, plan.frozen, steps));
	*steps -= plan.deposit + plan.instruments;
	return RECOURSE_OK;
}

static enum recourse_error share_issuers(struct decision *decision, struct waiting *waiting)
{
	size_t room = waiting->count * sizeof(int64_t);
	int64_t open = 0;
	int64_t steps;
	TRY(find_issuers(decision, waiting, &steps));
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
	TRY(split_all(least(steps, open), weights, waiting->count, parts));
	for (size_t row = 0; row < waiting->count; row++)
		waiting->rows[row].part = parts[row];
	return RECOURSE_OK;
}

/* ---- the sections that wait ---- */

static enum recourse_error take_row(struct decision *decision, struct waiting *waiting, uint32_t party)
{
	struct waiting_row *row = &waiting->rows[waiting->count];
	struct plan plan = {.deposit = 0};
	TRY(section_load(decision->state, waiting->incident.number, party, &plan.section));
	if (round_promised(&waiting->policy, &plan.section) == 0)
		return RECOURSE_OK;
	TRY(waiting_plan(decision, waiting, &plan));
	waiting->count++;
	*row = (struct waiting_row){
		.merchant = plan.merchant,
		.party = party,
		.open = plan.promised - plan.deposit - plan.instruments,
	};
	return RECOURSE_OK;
}

static int compare_rows(const void *left, const void *right)
{
	return slice_compare(
		((const struct waiting_row *)left)->merchant, ((const struct waiting_row *)right)->merchant);
}

enum recourse_error waiting_find(struct decision *decision, slice id, struct waiting *waiting)
{
	struct record_incident *incident = &waiting->incident;
	waiting->reference = id;
	TRY(incident_concerned(decision, id, incident));
	TRY(incident_terms(decision, incident, &waiting->policy));
	TRY(party_name(decision->state, decision->arena, incident->funder, &waiting->funder));
	waiting->rows = arena_allocate(decision->arena, (incident->sections + 1) * sizeof *waiting->rows);
	if (waiting->rows == NULL)
		return RECOURSE_MEMORY;
	struct record_path prefix = record_path_of_short(RECORD_SECTION, incident->number);
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(decision->state, &prefix);
	while (record_walk_next(&walk, NULL, 0))
		TRY(take_row(decision, waiting, (uint32_t)walk.key.parts[1].number));
	TRY(walk.error);
	qsort(waiting->rows, waiting->count, sizeof *waiting->rows, compare_rows);
	return share_issuers(decision, waiting);
}
