/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/recourse/recourse_reverse.h"

/* ---- funding.reverse: money that the funder paid in for another incident, or did not pay ---- */

/*
 * What was ordered out of it rests on it: > 100.00 paid in, 60.00 ordered, 50.00 can not be taken back. What its bank returned
 * was ordered out without it.
 */
static enum recourse_error take_back(
	struct decision *decision, struct booked *booked, struct record_incident *incident, slice funder)
{
	int64_t steps = booked->record.amount;
	if (incident->funded + incident->bounced - incident->instructed < steps)
		return booked_went_on(decision, CHART_TRANSIT, slice_text(""), booked->reference,
			&incident->unit, BOOKED_CREDIT);
	incident->funded -= steps;
	TRY(attest_back(decision, booked->line, &incident->unit, steps));
	return decision_post(decision, CHART_COMMITMENT, funder, booked->reference, &incident->unit, steps);
}

/* At most what is committed by now. */
static enum recourse_error receive_again(
	struct decision *decision, struct booked *booked, struct record_incident *incident, slice funder)
{
	const struct value line = {.present = true, .text = booked->line};
	const bool bounced = booked->record.was == BOOKED_BOUNCED;
	const struct unit *unit = &incident->unit;
	int64_t steps = booked->record.amount;
	int64_t open;
	TRY(account_balance(decision->state, CHART_COMMITMENT, funder, booked->reference, unit, &open));
	if (steps > open)
		return refuse_amount(decision, RECOURSE_INSUFFICIENT, "entry", unit, steps, open);
	incident->funded += steps;
	if (bounced) {
		incident->bounced -= steps;
		TRY(attest_back(decision, booked->line, unit, -steps));
		TRY(booked_not_bounced(decision, booked));
	} else {
		TRY(attest_cash(decision, &line, unit, steps));
	}
	return decision_post(decision, CHART_COMMITMENT, funder, booked->reference, unit, -steps);
}

static enum recourse_error apply_reverse(struct decision *decision, const struct value *values)
{
	struct booked booked;
	struct record_incident incident;
	slice funder;
	TRY(booked_find(decision, &values[BOOKED_ENTRY], BOOKED_KIND(BOOKED_FUNDING), &booked));
	TRY(incident_concerned(decision, booked.reference, &incident));
	TRY(party_name(decision->state, decision->arena, incident.funder, &funder));
	TRY((booked.record.takes_back != 0 ? receive_again : take_back)(
		decision, &booked, &incident, funder));
	TRY(incident_save(decision, &incident));
	decision_fact_amount(decision, "amount", &incident.unit, booked.record.amount);
	return booked_correct(decision, &booked);
}

static const struct command rows[] = {
	COMMAND_CHECKED("funding.reverse", RECOURSE_ROLE_CUSTODIAN, 1, booked_fields, apply_reverse,
		"take back the funder's money that was booked by a slip; another person approves",
		BOOKED_REFUSES, RECOURSE_EXISTS, RECOURSE_INSUFFICIENT, RECOURSE_UNIT_MISMATCH),
};
const struct command_group funding_reverse_commands = COMMAND_GROUP(rows);
