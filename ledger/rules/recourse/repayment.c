/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/incident/incident.h"
#include "rules/incident/section.h"
#include "rules/recourse/settle_up.h"

/* What was paid on of money that is not there any more comes back from whoever owes it (1100 under an entry's number). */

enum { RECEIVE_INCIDENT, RECEIVE_PARTY, RECEIVE_AMOUNT, RECEIVE_BANK };
static const struct recourse_field receive_fields[] = {
	[RECEIVE_INCIDENT] = FIELD(ID, "incident", "in which it is owed back"),
	[RECEIVE_PARTY] = FIELD(ID, "party", "that owes it: the funder, or who was paid out"),
	[RECEIVE_AMOUNT] = FIELD_OPTIONAL(AMOUNT, "amount", "received; all that it owes back if absent"),
	[RECEIVE_BANK] = ATTEST_LINE(FIELD),
};

struct repayment {
	struct record_incident incident;
	slice party;
	uint32_t number;
	int64_t steps;      /* that no section has had yet */
	int64_t reinstated; /* of it: was written off */
	struct record_section section;
	struct record_liability liability; /* all zeroes: it has none there */
};

static enum recourse_error load(struct decision *decision, uint32_t section, struct repayment *this)
{
	struct record_path path = record_path_of_shorts(RECORD_LIABILITY, this->incident.number, section);
	record_path_text(&path, this->party);
	TRY(section_load(decision->state, this->incident.number, section, &this->section));
	return record_get_optional(decision->state, &path, &this->liability, sizeof this->liability, NULL);
}

static int64_t funders(const struct repayment *this)
{
	return this->number == this->incident.funder ? this->section.owed_back : 0;
}

static enum recourse_error serve_funders(struct decision *decision, struct repayment *this)
{
	int64_t part = amount_least(funders(this), this->steps);
	if (part == 0)
		return RECOURSE_OK;
	this->section.owed_back -= part;
	this->steps -= part;
	return due_owed_back(decision, &this->incident.unit, this->party, this->section.owed_entry, -part);
}

/* It was not paid out then: whose it is of what comes is reckoned anew. */
static enum recourse_error serve_shortfall(struct decision *decision, struct repayment *this)
{
	struct settled settled;
	int64_t part = amount_least(this->liability.shortfall, this->steps);
	if (part == 0)
		return RECOURSE_OK;
	this->liability.paid_out -= part;
	this->liability.returned -= part;
	this->steps -= part;
	TRY(liability_put(decision, &this->section, this->party, &this->liability));
	TRY(settle_up(decision, &this->incident, &this->section, &settled));
	return decision_sum(decision, &this->reinstated, settled.reinstated);
}

static enum recourse_error apply_receive(struct decision *decision, const struct value *values)
{
	struct repayment this = {.party = values[RECEIVE_PARTY].text};
	struct section_list list;
	slice reference = values[RECEIVE_INCIDENT].text;
	int64_t owed;
	TRY(incident_concerned(decision, reference, &this.incident));
	TRY(incident_custodian(decision, &this.incident));
	TRY(decision_party(decision, "party", this.party, &this.number));
	TRY(section_list(decision, &this.incident, &list));
	TRY(due_from(decision, &this.incident, this.party, &owed));
	TRY(decision_amount_or_all(
		decision, "amount", &values[RECEIVE_AMOUNT], &this.incident.unit, owed, &this.steps));
	TRY(incident_money_moved(decision, "incident", &this.incident));
	TRY(attest_cash(decision, &values[RECEIVE_BANK], &this.incident.unit, this.steps));
	decision_fact_amount(decision, "repaid", &this.incident.unit, this.steps);
	for (size_t index = 0; index < list.count; index++) {
		if (this.steps == 0)
			break;
		TRY(load(decision, list.parties[index], &this));
		TRY(serve_funders(decision, &this));
		TRY(serve_shortfall(decision, &this));
		TRY(section_save(decision, &this.section));
	}
	if (this.reinstated != 0)
		decision_fact_amount(decision, "reinstated", &this.incident.unit, this.reinstated);
	return decision_about(decision, RECORD_INCIDENT, reference);
}

static const struct command rows[] = {
	COMMAND("repayment.receive", RECOURSE_ROLE_CUSTODIAN, receive_fields, apply_receive,
		"the custodian attests what came of that which the funder, or who was paid out, owes back",
		RECOURSE_NOT_FOUND, RECOURSE_OVERFLOW, ATTEST_REFUSES),
};
const struct command_group repayment_commands = COMMAND_GROUP(rows);
