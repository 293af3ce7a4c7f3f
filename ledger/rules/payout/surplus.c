/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/rule.h"
#include "rules/incident/incident.h"

/*
 * What is owed out of recoveries beyond the advances (G5): to the consumers (adjudged interest, uncovered loss) or
 * to a payer that paid too much. It is owed to somebody by name until it is paid out. The consumers' part is a
 * round of its own: each claim's share follows from it.
 */
enum { PAY_INCIDENT, PAY_BENEFICIARY, PAY_BANK };
static const struct recourse_field pay_fields[] = {
	[PAY_INCIDENT] = FIELD(ID, "incident", "that it was recovered for"),
	[PAY_BENEFICIARY] = FIELD(ID, "beneficiary", "`consumers`, or the party that paid too much"),
	[PAY_BANK] = FIELD(ID, "bank_reference", "the custodian's statement line; counts once"),
};

static enum recourse_error share_out(struct decision *decision, struct record_incident *incident,
	enum round_kind kind, const char *fact, int64_t *collected)
{
	struct record_round round;
	if (*collected == 0)
		return RECOURSE_OK;
	TRY(round_make(decision, incident, kind, *collected, 0, &round));
	decision_fact_amount(decision, fact, &incident->unit, *collected);
	*collected = 0;
	return RECOURSE_OK;
}

static enum recourse_error apply_pay(struct decision *decision, const struct value *values)
{
	struct record_incident incident;
	slice reference = values[PAY_INCIDENT].text;
	slice beneficiary = values[PAY_BENEFICIARY].text;
	int64_t owed;
	TRY(incident_governing(decision, "incident", reference, &incident));
	TRY(incident_custodian(decision, "incident", &incident));
	TRY(decision_balance(decision, CHART_OVER_RECOVERY, beneficiary, reference, &incident.unit, &owed));
	if (owed == 0)
		return refuse_amount(decision, RECOURSE_INSUFFICIENT, "beneficiary", &incident.unit, 1, 0);
	TRY(attest_paid(decision, &values[PAY_BANK], &incident.unit, owed, CHART_OVER_RECOVERY, beneficiary,
		reference));
	if (slice_is(beneficiary, CHART_CONSUMERS)) {
		TRY(share_out(
			decision, &incident, ROUND_UNCOVERED, "uncovered", &incident.uncovered_collected));
		TRY(share_out(decision, &incident, ROUND_INTEREST, "interest", &incident.interest_collected));
		TRY(incident_save(decision, &incident));
	}
	decision_fact_amount(decision, "amount", &incident.unit, owed);
	return decision_about(decision, RECORD_INCIDENT, reference);
}

static const struct command rows[] = {
	COMMAND("surplus.pay", RECOURSE_ROLE_CUSTODIAN, pay_fields, apply_pay,
		"the custodian attests that what was over-recovered was paid to whom it is owed",
		RECOURSE_EXISTS, RECOURSE_INSUFFICIENT),
};
const struct command_group surplus_commands = COMMAND_GROUP(rows);
