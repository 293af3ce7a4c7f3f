/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/incident/incident.h"
#include "rules/recourse/due.h"
#include "rules/recourse/recourse_reverse.h"
#include "rules/recourse/set_off.h"

/* ---- recovery.set_off: what is due to the funder pays in what it is committed to ---- */

enum { OFF_INCIDENT, OFF_AMOUNT };
static const struct recourse_field off_fields[] = {
	[OFF_INCIDENT] = FIELD(ID, "incident", "whose recoveries are due to the funder"),
	[OFF_AMOUNT] = FIELD_OPTIONAL(AMOUNT, "amount", "as much as is due and is not paid in if absent"),
};

/* Both are the incident's, in all its sections. */
static enum recourse_error find_most(struct decision *decision, const struct record_incident *incident,
	slice funder, slice reference, int64_t *most)
{
	int64_t due;
	int64_t open;
	TRY(account_balance(decision->state, CHART_DUE_TO_FUNDER, funder, reference, &incident->unit, &due));
	TRY(account_balance(decision->state, CHART_COMMITMENT, funder, reference, &incident->unit, &open));
	*most = amount_least(due, open);
	return RECOURSE_OK;
}

static enum recourse_error post(struct decision *decision, struct record_incident *incident, slice funder,
	slice reference, int64_t steps)
{
	incident->funded += steps;
	TRY(incident_save(decision, incident));
	TRY(decision_post(decision, CHART_DUE_TO_FUNDER, funder, reference, &incident->unit, steps));
	return decision_post(decision, CHART_COMMITMENT, funder, reference, &incident->unit, -steps);
}

static enum recourse_error set_off_funders(struct decision *decision, struct record_incident *incident,
	slice funder, slice reference, int64_t steps)
{
	TRY(due_remit(decision, incident, steps));
	TRY(post(decision, incident, funder, reference, steps));
	return set_off_final(decision, incident);
}

static enum recourse_error apply_set_off(struct decision *decision, const struct value *values)
{
	struct record_incident incident;
	slice reference = values[OFF_INCIDENT].text;
	slice funder;
	int64_t most;
	int64_t steps;
	TRY(incident_concerned(decision, reference, &incident));
	TRY(party_name(decision->state, decision->arena, incident.funder, &funder));
	TRY(find_most(decision, &incident, funder, reference, &most));
	TRY(decision_amount_or_all(decision, "amount", &values[OFF_AMOUNT], &incident.unit, most, &steps));
	TRY(recourse_reverse_keep(decision,
		&(struct recourse_booking){
			.incident = &incident, .kind = BOOKED_SET_OFF, .id = funder, .steps = steps}));
	decision_fact_amount(decision, "amount", &incident.unit, steps);
	return set_off_funders(decision, &incident, funder, reference, steps);
}

/* What was ordered out of it since rests on it, as on what it pays in. */
static enum recourse_error take_back(struct decision *decision, struct recourse_reversal *reverse)
{
	struct record_incident *incident = &reverse->incident;
	slice reference = reverse->booked.reference;
	if (incident->funded + incident->bounced - incident->instructed < reverse->booked.record.amount)
		return booked_went_on(
			decision, CHART_TRANSIT, slice_text(""), reference, &incident->unit, BOOKED_CREDIT);
	TRY(recourse_reverse_unremit(decision, reverse));
	return post(decision, incident, reverse->funder, reference, reverse->steps);
}

enum recourse_error funder_set_off_reverse(struct decision *decision, struct recourse_reversal *reverse)
{
	struct record_incident *incident = &reverse->incident;
	slice reference = reverse->booked.reference;
	int64_t steps = reverse->booked.record.amount;
	int64_t most;
	if (!reverse->again)
		return take_back(decision, reverse);
	TRY(find_most(decision, incident, reverse->funder, reference, &most));
	if (steps > most)
		return refuse_amount(decision, RECOURSE_INSUFFICIENT, "entry", &incident->unit, steps, most);
	return set_off_funders(decision, incident, reverse->funder, reference, steps);
}

static const struct command rows[] = {
	COMMAND_CHECKED("recovery.set_off", RECOURSE_ROLE_OPERATOR, 1, off_fields, apply_set_off,
		"pay in what the funder is committed to with what is due to it; another person approves",
		RECOURSE_INSUFFICIENT),
};
const struct command_group funder_set_off_commands = COMMAND_GROUP(rows);
