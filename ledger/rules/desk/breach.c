/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/desk/breach.h"

#include "rules/claims/holder.h"

void breach_add(struct record_breach *sum, const struct record_breach *breach)
{
	sum->overdues += breach->overdues;
	sum->missed += breach->missed;
	sum->repeat_contacts += breach->repeat_contacts;
}

static enum recourse_error add_to(
	struct decision *decision, const struct record_path *path, const struct record_breach *more)
{
	struct record_breach sum;
	TRY(record_get_optional(decision->state, path, &sum, sizeof sum, NULL));
	breach_add(&sum, more);
	return decision_put(decision, path, &sum, sizeof sum);
}

enum recourse_error breach_count(struct decision *decision, slice id, const struct record_claim *claim,
	const struct record_breach *more)
{
	struct record_path own = record_path_of_text(RECORD_BREACH, id);
	struct record_path all = record_path_of(RECORD_BREACH_HOLDER);
	struct holder holder;
	TRY(holder_find(decision->state, id, claim, &holder));
	slice team = RECORD_TEXT(holder.desk.team);
	uint32_t person = team.size > 0 ? 0 : holder.key.person;
	record_path_text(&own, team);
	record_path_short(&own, person);
	record_path_text(&all, team);
	record_path_short(&all, person);
	TRY(add_to(decision, &own, more));
	return add_to(decision, &all, more);
}
