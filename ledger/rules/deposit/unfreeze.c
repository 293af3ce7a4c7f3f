/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/deposit/deposit.h"

#include "rules/collateral/collateral.h"

/* What an incident leaves of a deposit when it is done with it (B6). */

enum recourse_error unfreeze_section(struct decision *decision, const struct record_incident *incident,
	const struct record_section *section, slice merchant, bool had, int64_t left)
{
	const struct unit *unit = &incident->unit;
	struct record_deposit deposit;
	slice reference;
	TRY(arena_copy(decision->arena, RECORD_TEXT(incident->id), &reference));
	TRY(decision_post(decision, CHART_DEPOSIT_FROZEN, merchant, reference, unit, left));
	TRY(deposit_record_find(decision, "incident", merchant, unit, &deposit));
	deposit.incidents -= had;
	deposit.standing -= had && record_incident_stands(incident);
	bool whole = deposit.state == DEPOSIT_FROZEN || (deposit.state == DEPOSIT_APPLIED && left > 0);
	if (!record_deposit_failed(&deposit) && whole)
		(void)life_step(LIFE_DEPOSIT, &deposit.state, DEPOSIT_FUNDED);
	TRY(deposit_record_put(decision, merchant, unit, &deposit));
	decision_fact_amount(decision, "left", unit, left);
	TRY(exit_unblock(decision, section, unit, deposit.incidents != 0, &left));
	if (left > 0)
		TRY(deposit_credit(decision, &deposit, merchant, unit, left));
	/* the entry is the incident's, also where an exit holds the money */
	decision_policy(decision, RECORD_TEXT(incident->policy), incident->policy_version);
	return collateral_change_refresh(decision, merchant, unit);
}

enum recourse_error unfreeze_fits(struct decision *decision, const struct record_incident *incident,
	const struct record_section *section, bool *fits)
{
	enum { OTHERS = 4 }; /* this one's, an exit's, what is available */
	struct record_path pools =
		record_path_of_short_text(RECORD_POOL, section->party, unit_code(&incident->unit));
	size_t lines = OTHERS;
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(decision->state, &pools);
	while (record_walk_next(&walk, NULL, 0))
		lines++;
	*fits = decision_has_room(decision, lines);
	return walk.error;
}
