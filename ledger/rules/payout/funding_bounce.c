/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/incident/incident.h"

/* ---- funding.bounce: the bank returned unpaid what the funder had paid in ---- */

enum { BOUNCE_ENTRY, BOUNCE_REASON, BOUNCE_BANK };
static const struct recourse_field bounce_fields[] = {
	[BOUNCE_ENTRY] = FIELD_INTEGER("entry", 1, INT64_MAX, "that received what the bank returned"),
	[BOUNCE_REASON] = FIELD(ID, "reason", "ISO 20022 return reason, such as AM04"),
	[BOUNCE_BANK] = ATTEST_LINE(FIELD),
};

/*
 * The funder is committed to it again, whatever was ordered out of it since: what claimants were paid is final. What it
 * recovers it is not remitted as long as its money lacks: recovery.remit.
 */
static enum recourse_error apply_bounce(struct decision *decision, const struct value *values)
{
	struct record_incident incident;
	struct booked booked;
	slice funder;
	TRY(booked_find(decision, &values[BOUNCE_ENTRY], BOOKED_KIND(BOOKED_FUNDING), &booked));
	if (booked.record.takes_back != BOOKED_BOOKS)
		return refuse(decision, RECOURSE_NOT_FOUND, "entry", "one that received money");
	TRY(incident_concerned(decision, booked.reference, &incident));
	TRY(incident_money_moved(decision, "entry", &incident));
	TRY(party_name(decision->state, decision->arena, incident.funder, &funder));
	int64_t steps = booked.record.amount;
	incident.funded -= steps;
	TRY(decision_sum(decision, &incident.bounced, steps));
	TRY(attest_taken(decision, &values[BOUNCE_BANK], &incident.unit, steps));
	TRY(decision_post(decision, CHART_COMMITMENT, funder, booked.reference, &incident.unit, steps));
	TRY(incident_save(decision, &incident));
	record_text_set(booked.record.line, sizeof booked.record.line, values[BOUNCE_BANK].text);
	booked.record.was = BOOKED_BOUNCED;
	decision_fact_amount(decision, "amount", &incident.unit, steps);
	decision_fact_amount(decision, "ordered_unpaid", &incident.unit,
		amount_beyond(incident.instructed, incident.funded));
	return booked_correct(decision, &booked);
}

static const struct command rows[] = {
	COMMAND("funding.bounce", RECOURSE_ROLE_CUSTODIAN, bounce_fields, apply_bounce,
		"the custodian attests that the bank returned the funder's money unpaid", RECOURSE_OVERFLOW,
		RECOURSE_NOT_FOUND, RECOURSE_STATE_WRONG, RECOURSE_ROLE_MISSING, ATTEST_REFUSES),
};
const struct command_group funding_bounce_commands = COMMAND_GROUP(rows);
