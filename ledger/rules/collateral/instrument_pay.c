/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/collateral/instrument.h"
#include "rules/incident/incident.h"
#include "rules/incident/round.h"

/*
 * What becomes of a call (A6, H3): its provider pays, on the custodian's word; or refuses, which two people say; and
 * what was paid and is not needed is owed to the provider again. Commands instrument.pay, instrument.refuse,
 * instrument.return.
 */
struct called {
	struct record_incident incident;
	struct instrument_call call;
	slice reference;  /* of the incident */
	slice receivable; /* of the call */
};

/* The same two fields come first in each of the commands. */
enum { ON_INCIDENT, ON_INSTRUMENT };
#define ON_FIELDS FIELD(ID, "incident", "that it was called for"), FIELD(ID, "instrument", "that was called")

static enum recourse_error find_call(
	struct decision *decision, const struct value *values, struct called *called)
{
	struct instrument_call *call = &called->call;
	TRY(instrument_find(decision, values[ON_INSTRUMENT].text, &call->instrument));
	enum recourse_error error = instrument_call_read(
		decision->state, called->incident.number, &call->instrument, &call->record);
	TRY(refuse_absent(decision, error, RECOURSE_NOT_FOUND, "instrument", "called for the incident"));
	decision_fact_text(decision, "provider", call->instrument.provider);
	TRY(incident_reference(decision, &called->incident, &called->reference));
	return account_reference_make(decision->arena, call->record.entry, &called->receivable);
}

static enum recourse_error put_about(struct decision *decision, struct called *called)
{
	TRY(instrument_call_save(decision, called->incident.number, &called->call));
	TRY(decision_about(decision, RECORD_INCIDENT, called->reference));
	return instrument_about(decision, &called->call.instrument);
}

/* ---- instrument.pay ---- */

enum { PAY_AMOUNT = 2, PAY_BANK };
static const struct recourse_field pay_fields[] = {
	ON_FIELDS,
	[PAY_AMOUNT] = FIELD(AMOUNT, "amount", "received, at most what is called and unpaid"),
	[PAY_BANK] = FIELD(ID, "bank_reference", "the custodian's statement line; counts once"),
};

static enum recourse_error apply_pay(struct decision *decision, const struct value *values)
{
	struct called called;
	const struct unit *unit = &called.incident.unit;
	int64_t steps;
	TRY(incident_governing(decision, "incident", values[ON_INCIDENT].text, &called.incident));
	TRY(incident_custodian(decision, "incident", &called.incident));
	TRY(find_call(decision, values, &called));
	int64_t unpaid = instrument_call_unpaid(&called.call.record);
	TRY(decision_amount_or_all(decision, "amount", &values[PAY_AMOUNT], unit, unpaid, &steps));

	called.call.record.paid += steps;
	decision_fact_amount(decision, "unpaid", unit, unpaid - steps);
	TRY(attest_received(decision, &values[PAY_BANK], unit, steps, CHART_COMMITMENT,
		called.call.instrument.provider, called.receivable));
	return put_about(decision, &called);
}

/* ---- instrument.refuse ---- */

enum { REFUSE_REASON = 2, REFUSE_EVIDENCE };
static const struct recourse_field refuse_fields[] = {
	ON_FIELDS,
	[REFUSE_REASON] = FIELD(ID, "reason", "reason code"),
	[REFUSE_EVIDENCE] = FIELD(HASH, "evidence_hash", "SHA-256 of the provider's letter"),
};

static enum recourse_error apply_refuse(struct decision *decision, const struct value *values)
{
	struct called called;
	const struct unit *unit = &called.incident.unit;
	TRY(incident_governing(decision, "incident", values[ON_INCIDENT].text, &called.incident));
	TRY(find_call(decision, values, &called));
	struct instrument_call *call = &called.call;
	struct record_instrument *instrument = &call->instrument.record;
	bool stands = instrument->ended_entry == 0 && instrument->expires > decision->time;
	int64_t unpaid = instrument_call_unpaid(&call->record);
	if (unpaid == 0)
		return refuse_amount(decision, RECOURSE_INSUFFICIENT, "instrument", unit, 1, 0);

	call->record.refused += unpaid;
	decision_fact_amount(decision, "refused", unit, unpaid);
	decision_fact_amount(decision, "given_back", unit, stands ? unpaid : 0);
	TRY(decision_post(decision, CHART_CALLED, call->instrument.provider, called.reference, unit, unpaid));
	TRY(decision_post(
		decision, CHART_COMMITMENT, call->instrument.provider, called.receivable, unit, -unpaid));
	/* the limit comes back where the instrument still stands for other claims */
	if (stands) {
		instrument->given_back += unpaid;
		TRY(instrument_change(decision, &call->instrument, unpaid));
	}
	return put_about(decision, &called);
}

/* ---- instrument.return ---- */

enum { RETURN_REASON = 2 };
static const struct recourse_field return_fields[] = {
	ON_FIELDS,
	[RETURN_REASON] = FIELD(ID, "reason", "reason code"),
};

static enum recourse_error apply_return(struct decision *decision, const struct value *values)
{
	struct called called;
	struct record_policy policy;
	const struct unit *unit = &called.incident.unit;
	TRY(incident_governing(decision, "incident", values[ON_INCIDENT].text, &called.incident));
	TRY(find_call(decision, values, &called));
	/* as long as a claim may still need it, it stays */
	TRY(incident_decided(decision, &called.incident));
	TRY(incident_terms(decision, &called.incident, &policy));
	if (round_promised(&policy, &called.incident) > 0)
		return refuse(decision, RECOURSE_NOT_PERMITTED, "incident", "every decided claim shared out");
	struct instrument_call *call = &called.call;
	int64_t unused = instrument_call_unused(&call->record);
	if (unused == 0)
		return refuse_amount(decision, RECOURSE_INSUFFICIENT, "instrument", unit, 1, 0);

	call->record.returned += unused;
	decision_fact_amount(decision, "returned", unit, unused);
	TRY(decision_move(decision, unit, unused, CHART_CALLED, call->instrument.provider,
		CHART_OVER_RECOVERY, call->instrument.provider, called.reference));
	return put_about(decision, &called);
}

static const struct command rows[] = {
	COMMAND("instrument.pay", RECOURSE_ROLE_CUSTODIAN, pay_fields, apply_pay,
		"the custodian attests money from the provider of a called instrument", RECOURSE_EXISTS,
		RECOURSE_INSUFFICIENT),
	COMMAND_CHECKED("instrument.refuse", RECOURSE_ROLE_OPERATOR, 1, refuse_fields, apply_refuse,
		"a provider does not pay what is called; another person approves", RECOURSE_INSUFFICIENT),
	COMMAND("instrument.return", RECOURSE_ROLE_OPERATOR, return_fields, apply_return,
		"what a provider paid and no claim needs is owed to it again", RECOURSE_STATE_WRONG,
		RECOURSE_INSUFFICIENT, RECOURSE_WINDOW_CLOSED, RECOURSE_NOT_PERMITTED),
};
const struct command_group instrument_pay_commands = COMMAND_GROUP(rows);
