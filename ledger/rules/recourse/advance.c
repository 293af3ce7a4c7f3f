/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/recourse/advance.h"

#include "rules/recourse/settle_up.h"

enum recourse_error advance_commit(struct decision *decision, const struct record_incident *incident,
	slice funder, slice reference, int64_t steps)
{
	const struct unit *unit = &incident->unit;
	slice none = slice_text("");
	TRY(decision_move(decision, unit, steps, CHART_INCHOATE, none, CHART_CLAIMS, none, reference));
	return decision_move(
		decision, unit, steps, CHART_COMMITMENT, funder, CHART_ADVANCES, funder, reference);
}

enum recourse_error advance_release(struct decision *decision, struct record_incident *incident,
	struct record_section *section, slice funder, slice reference, struct advance_release *release)
{
	const struct unit *unit = &incident->unit;
	slice none = slice_text("");
	int64_t open;
	TRY(account_balance(decision->state, CHART_COMMITMENT, funder, reference, unit, &open));
	open += release->committed;
	int64_t first = release->steps < open ? release->steps : open;
	release->committed -= first;
	incident->funded += first - release->unordered;
	TRY(decision_move(decision, unit, first, release->from, none, CHART_COMMITMENT, funder, reference));
	TRY(decision_post(decision, release->from, none, reference, unit, release->steps - first));
	TRY(due_hand_back(decision, incident, section, release->steps - first));
	return decision_move(
		decision, unit, release->steps, CHART_ADVANCES, funder, CHART_INCHOATE, none, reference);
}

enum recourse_error advance_again(struct decision *decision, struct record_incident *incident,
	struct record_section *section, slice funder, slice reference, struct advance_release *release)
{
	const struct unit *unit = &incident->unit;
	slice none = slice_text("");
	int64_t first = amount_least(release->steps, release->committed);
	release->committed -= first;
	incident->funded -= first - release->unordered;
	TRY(decision_move(decision, unit, first, CHART_COMMITMENT, funder, release->from, none, reference));
	TRY(decision_post(decision, release->from, none, reference, unit, first - release->steps));
	TRY(due_hand_back(decision, incident, section, first - release->steps));
	return decision_move(
		decision, unit, release->steps, CHART_INCHOATE, none, CHART_ADVANCES, funder, reference);
}
