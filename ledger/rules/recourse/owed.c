/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/recourse/owed.h"

#include "rules/incident/incident.h"
#include "rules/incident/round.h"
#include "rules/recourse/owed_back.h"

/* What its claims lost and nobody has paid them, nor collected for them. */
static enum recourse_error find_lack(
	struct state_view *view, const struct record_section *section, int64_t *steps)
{
	*steps = section->loss - section->elsewhere - section->paid - section->uncovered_collected;
	for (uint32_t number = 1; number <= section->rounds[ROUND_UNCOVERED]; number++) {
		struct record_round round;
		TRY(round_read(view, section, ROUND_UNCOVERED, number, &round));
		*steps -= round.split.amount;
	}
	*steps = *steps > 0 ? *steps : 0;
	return RECOURSE_OK;
}

enum recourse_error owed_reckon(struct state_view *view, const struct record_incident *incident,
	const struct record_section *section, slice party, int64_t frozen, int64_t costs, struct owed *owed)
{
	const struct record_liability *liability = &owed->liability;
	struct record_policy policy;
	int64_t left = frozen;
	int64_t open[WATERFALL_CLAIMS] = {[WATERFALL_COSTS] = costs};
	*owed = (struct owed){.taken = 0};
	if (section->apportioned_entry == 0) {
		int64_t *uncovered = &owed->served[WATERFALL_UNCOVERED];
		TRY(find_lack(view, section, uncovered));
		*uncovered = *uncovered < frozen ? *uncovered : frozen;
		owed->taken = *uncovered;
		return RECOURSE_OK;
	}
	TRY(liability_get(view, section, party, &owed->liability));
	if (liability->share == 0)
		return RECOURSE_OK;
	TRY(incident_policy(view, incident, &policy));
	open[WATERFALL_ADVANCES] = liability->recourse - liability->received_recourse;
	open[WATERFALL_UNCOVERED] = liability->uncovered - liability->received_uncovered;
	open[WATERFALL_INTEREST] = liability->interest - liability->received_interest;
	TRY(recovery_serve(&policy, open, owed->served, &left));
	int64_t advances = owed->served[WATERFALL_ADVANCES];
	owed->memo = advances < liability->written_off ? advances : liability->written_off;
	owed->taken = frozen - left;
	return RECOURSE_OK;
}

static enum recourse_error post(struct decision *decision, const struct record_incident *incident,
	struct record_section *section, slice merchant, const struct owed *owed)
{
	const int64_t *served = owed->served;
	const slice none = slice_text("");
	slice reference;
	slice funder;
	TRY(arena_copy(decision->arena, RECORD_TEXT(incident->id), &reference));
	TRY(party_name(decision->state, decision->arena, incident->funder, &funder));
	int64_t recourse = served[WATERFALL_ADVANCES] - owed->memo;
	const struct {
		enum chart_code code;
		slice party;
		int64_t steps;
	} postings[] = {
		{CHART_DEPOSIT_FROZEN, merchant, owed->taken},
		{CHART_COSTS, none, -served[WATERFALL_COSTS]},
		{CHART_COST_ADVANCES, funder, served[WATERFALL_COSTS]},
		{CHART_RECOURSE, merchant, -recourse},
		{CHART_ADVANCES, funder, recourse},
		{CHART_WRITTEN_OFF, merchant, -owed->memo},
		{CHART_MEMO_CONTRA, merchant, owed->memo},
		{CHART_OVER_RECOVERY, slice_text(CHART_CONSUMERS),
			-served[WATERFALL_UNCOVERED] - served[WATERFALL_INTEREST]},
	};
	for (size_t index = 0; index < sizeof postings / sizeof postings[0]; index++)
		TRY(decision_post(decision, postings[index].code, postings[index].party, reference,
			&incident->unit, postings[index].steps));
	return owed_back_credit(
		decision, incident, section, reference, served[WATERFALL_COSTS] + served[WATERFALL_ADVANCES]);
}

enum recourse_error owed_costs(
	struct state_view *view, const struct record_incident *incident, int64_t *costs)
{
	return account_balance(
		view, CHART_COSTS, slice_text(""), RECORD_TEXT(incident->id), &incident->unit, costs);
}

enum recourse_error owed_pay(struct decision *decision, const struct record_incident *incident,
	struct record_section *section, slice merchant, struct owed *owed)
{
	struct record_liability *liability = &owed->liability;
	const int64_t *served = owed->served;
	section->uncovered_collected += served[WATERFALL_UNCOVERED];
	section->interest_collected += served[WATERFALL_INTEREST];
	if (liability->share == 0)
		return post(decision, incident, section, merchant, owed);
	liability->received_costs += served[WATERFALL_COSTS];
	liability->received_recourse += served[WATERFALL_ADVANCES];
	liability->received_uncovered += served[WATERFALL_UNCOVERED];
	liability->received_interest += served[WATERFALL_INTEREST];
	liability->written_off -= owed->memo;
	bool satisfied = liability->recourse == liability->received_recourse &&
			 liability->uncovered == liability->received_uncovered &&
			 liability->interest == liability->received_interest;
	(void)life_step(LIFE_RECOURSE, &liability->state, satisfied ? RECOURSE_SATISFIED : RECOURSE_PARTIAL);
	TRY(liability_put(decision, section, merchant, liability));
	return post(decision, incident, section, merchant, owed);
}
