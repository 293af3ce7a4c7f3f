/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/claims/take_back.h"

#include "rules/collateral/instrument.h"

enum recourse_error take_back_advance(struct decision *decision, struct record_incident *incident,
	struct record_section *section, slice reference, int64_t steps)
{
	const struct unit *unit = &incident->unit;
	slice none = slice_text("");
	slice funder;
	int64_t open;
	TRY(party_name(decision->state, decision->arena, incident->funder, &funder));
	TRY(account_balance(decision->state, CHART_COMMITMENT, funder, reference, unit, &open));
	int64_t committed = steps < open ? steps : open;
	section->advanced -= steps;
	incident->funded -= steps - committed;
	TRY(decision_move(
		decision, unit, committed, CHART_CLAIMS, none, CHART_COMMITMENT, funder, reference));
	TRY(decision_move(decision, unit, steps - committed, CHART_CLAIMS, none, CHART_DUE_TO_FUNDER, funder,
		reference));
	return decision_move(decision, unit, steps, CHART_ADVANCES, funder, CHART_INCHOATE, none, reference);
}

enum recourse_error take_back_pool(struct decision *decision, const struct record_incident *incident,
	struct record_section *section, slice reference, int64_t steps)
{
	struct instrument_calls calls;
	slice merchant;
	int64_t secured = steps < section->from_instruments ? steps : section->from_instruments;
	int64_t lodged = section->pool_taken - section->from_instruments - section->restored;
	if (steps - secured > lodged)
		return refuse_amount(
			decision, RECOURSE_INSUFFICIENT, "claim", &incident->unit, steps - secured, lodged);
	TRY(party_name(decision->state, decision->arena, section->party, &merchant));
	TRY(instrument_call_list(decision->state, decision->arena, section, &calls));
	section->pool_taken -= steps;
	section->from_instruments -= secured;
	section->pool_back += steps;
	section->instruments_back += secured;
	TRY(instrument_call_undraw(decision, reference, &calls, secured));
	return decision_move(decision, &incident->unit, steps - secured, CHART_CLAIMS, slice_text(""),
		CHART_DEPOSIT_FROZEN, merchant, reference);
}
