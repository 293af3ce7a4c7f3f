/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/incident/incident.h"
#include "rules/incident/section.h"
#include "rules/recourse/paid_back.h"
#include "rules/recourse/recourse_reverse.h"
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
	struct record_incident *incident;
	slice reference; /* the incident's id */
	slice party;
	slice funder;
	bool funders;  /* the party is the funder */
	int64_t steps; /* that no section has had yet */
	int64_t reinstated;
	size_t count; /* of sections that had some of it by this entry, */
	bool full;    /* which has no room for more */
	/* one section after another */
	struct record_section section;
	struct record_liability liability; /* all zeroes: it has none there */
	struct record_repaid repaid;
};

static enum recourse_error load(struct decision *decision, uint32_t section, struct repayment *this)
{
	struct record_path path = record_path_of_shorts(RECORD_LIABILITY, this->incident->number, section);
	record_path_text(&path, this->party);
	this->repaid = (struct record_repaid){0};
	TRY(section_load(decision->state, this->incident->number, section, &this->section));
	return record_get_optional(decision->state, &path, &this->liability, sizeof this->liability, NULL);
}

static struct record_path repaid_path(uint64_t entry, uint32_t section)
{
	struct record_path path = record_path_of_number(RECORD_REPAID, entry);
	record_path_short(&path, section);
	return path;
}

/* The first one always finds room; more is for another entry. What the funder alone owes back settles up nothing. */
static enum recourse_error find_room(struct decision *decision, struct repayment *this, bool settles)
{
	bool fits = this->count == 0 || decision_has_room(decision, SETTLE_UP_SPARE_LINES);
	if (this->count > 0 && settles)
		TRY(settle_up_fits(decision, this->incident, &this->section, &fits));
	this->full = !fits;
	this->count += fits;
	return RECOURSE_OK;
}

/* ---- repayment.receive ---- */

static enum recourse_error serve_funders(struct decision *decision, struct repayment *this)
{
	int64_t part = this->funders ? amount_least(this->section.owed_back, this->steps) : 0;
	if (part == 0)
		return RECOURSE_OK;
	this->section.owed_back -= part;
	this->steps -= part;
	this->repaid.funders = part;
	return due_owed_back(decision, &this->incident->unit, this->party, this->section.owed_entry, -part);
}

/* It was not paid out then: whose it is of what comes is reckoned anew. */
static enum recourse_error serve_shortfall(struct decision *decision, struct repayment *this)
{
	struct settled settled;
	int64_t part = amount_least(this->liability.shortfall, this->steps);
	if (part == 0)
		return RECOURSE_OK;
	this->steps -= part;
	TRY(paid_back(decision, this->incident, &this->section, this->party, part, &this->repaid, &settled));
	return decision_sum(decision, &this->reinstated, settled.reinstated);
}

static bool owes(const struct repayment *this)
{
	return this->liability.shortfall > 0 || (this->funders && this->section.owed_back > 0);
}

/* What each section has of it is kept with the entry. */
static enum recourse_error serve(struct decision *decision, struct repayment *this)
{
	struct section_list list;
	TRY(section_list(decision, this->incident, &list));
	for (size_t index = 0; index<list.count &&this->steps> 0; index++) {
		struct record_path path = repaid_path(decision->entry, list.parties[index]);
		TRY(load(decision, list.parties[index], this));
		if (owes(this))
			TRY(find_room(decision, this, this->liability.shortfall > 0));
		if (this->full)
			break;
		TRY(serve_funders(decision, this));
		TRY(serve_shortfall(decision, this));
		if (this->repaid.funders + this->repaid.shortfall == 0)
			continue;
		TRY(section_save(decision, &this->section));
		TRY(decision_put(decision, &path, &this->repaid, sizeof this->repaid));
	}
	if (this->reinstated != 0)
		decision_fact_amount(decision, "reinstated", &this->incident->unit, this->reinstated);
	return RECOURSE_OK;
}

static enum recourse_error find_parties(struct decision *decision, struct repayment *this)
{
	TRY(party_name(decision->state, decision->arena, this->incident->funder, &this->funder));
	this->funders = slice_equal(this->party, this->funder);
	return RECOURSE_OK;
}

static enum recourse_error apply_receive(struct decision *decision, const struct value *values)
{
	struct record_incident incident;
	struct repayment this = {.incident = &incident,
		.reference = values[RECEIVE_INCIDENT].text,
		.party = values[RECEIVE_PARTY].text};
	uint32_t number;
	int64_t owed;
	int64_t steps;
	TRY(incident_concerned(decision, this.reference, &incident));
	TRY(incident_custodian(decision, &incident));
	TRY(decision_party(decision, "party", this.party, &number));
	TRY(find_parties(decision, &this));
	TRY(due_from(decision, &incident, this.party, &owed));
	TRY(decision_amount_or_all(
		decision, "amount", &values[RECEIVE_AMOUNT], &incident.unit, owed, &steps));
	TRY(incident_money_moved(decision, "incident", &incident));
	TRY(attest_cash(decision, &values[RECEIVE_BANK], &incident.unit, steps));
	decision_fact_amount(decision, "repaid", &incident.unit, steps);
	TRY(recourse_reverse_keep(decision, &(struct recourse_booking){.incident = &incident,
						    .kind = BOOKED_REPAYMENT,
						    .id = this.party,
						    .line = values[RECEIVE_BANK].text,
						    .steps = steps}));
	this.steps = steps;
	TRY(serve(decision, &this));
	if (this.full)
		return settle_up_refuse_more(decision, &incident.unit, steps - this.steps);
	return decision_about(decision, RECORD_INCIDENT, this.reference);
}

/* ---- its way back ---- */

/* What is due to the funder by now makes up for it first, of whatever section. */
static enum recourse_error unserve_funders(struct decision *decision, struct repayment *this)
{
	int64_t part = this->repaid.funders;
	if (part == 0)
		return RECOURSE_OK;
	TRY(due_fall(decision, this->incident, &this->section, this->reference, -part));
	TRY(decision_sum(decision, &this->section.remitted, part));
	return due_set_off(decision, this->incident, &this->section);
}

/* It was paid out, and is owed back of what is not its own by now; what was given up of that is again. */
static enum recourse_error unserve_shortfall(struct decision *decision, struct repayment *this)
{
	struct settled settled;
	int64_t part = this->repaid.shortfall;
	if (part == 0)
		return RECOURSE_OK;
	TRY(decision_sum(decision, &this->section.returned, part));
	this->liability.shortfall_given_up += this->repaid.reinstated;
	TRY(liability_pay_back(
		decision, &this->section, this->party, &this->liability, -part, -this->repaid.own));
	return settle_up(decision, this->incident, &this->section, &settled);
}

static enum recourse_error unserve_section(struct decision *decision, struct repayment *this,
	uint32_t section, const struct record_repaid *repaid)
{
	TRY(load(decision, section, this));
	TRY(find_room(decision, this, repaid->shortfall > 0));
	if (this->full)
		return RECOURSE_OK;
	this->repaid = *repaid;
	this->steps -= repaid->funders + repaid->shortfall;
	TRY(unserve_shortfall(decision, this));
	TRY(unserve_funders(decision, this));
	return section_save(decision, &this->section);
}

/* The last first; what is back already was theirs. */
static enum recourse_error unserve(
	struct decision *decision, struct repayment *this, const struct booked *booked)
{
	struct section_list list;
	int64_t back = booked->record.back;
	this->steps = booked->record.amount;
	TRY(section_list(decision, this->incident, &list));
	for (size_t index = list.count; index > 0 && !this->full; index--) {
		uint32_t section = list.parties[index - 1];
		struct record_path path = repaid_path(booked->entry, section);
		struct record_repaid repaid;
		TRY(record_get_optional(decision->state, &path, &repaid, sizeof repaid, NULL));
		int64_t part = repaid.funders + repaid.shortfall;
		if (part > 0 && back == 0)
			TRY(unserve_section(decision, this, section, &repaid));
		back -= amount_least(back, part);
	}
	return RECOURSE_OK;
}

/* What was paid to it since, and stands: it would have made up for what it owed. */
static enum recourse_error find_paid_since(
	struct decision *decision, const struct repayment *this, slice party, uint64_t entry, uint64_t *paid)
{
	enum chart_code code = slice_equal(party, this->funder) ? CHART_DUE_TO_FUNDER : CHART_OVER_RECOVERY;
	struct record_path path =
		account_path(code, party, this->reference, unit_code(&this->incident->unit));
	struct record_account account;
	bool there;
	*paid = 0;
	TRY(record_get_optional(decision->state, &path, &account, sizeof account, &there));
	if (!there)
		return RECOURSE_OK;
	SCOPED(history_walk_end)
	struct history_walk walk = history_walk_from(decision->state, account.number, entry, STATE_UP);
	while (*paid == 0 && history_walk_next(&walk)) {
		struct record_booked booked = {.kind = BOOKED_REPAYMENT};
		if (walk.moved <= 0)
			continue;
		TRY(booked_read(decision->state, walk.at.entry, &booked, &there));
		bool pays = there && booked.takes_back == BOOKED_BOOKS && booked.corrected_by == 0 &&
			    (booked.kind == BOOKED_REMITTANCE || booked.kind == BOOKED_SURPLUS);
		*paid = pays ? walk.at.entry : 0;
	}
	return walk.error;
}

/* Nobody owes back more than what it had before: NOT_PERMITTED with what was paid to it meanwhile. */
static enum recourse_error check_paid_since(
	struct decision *decision, const struct repayment *this, slice party, uint64_t entry, int64_t before)
{
	int64_t after;
	uint64_t paid;
	TRY(due_from(decision, this->incident, party, &after));
	if (after <= before)
		return RECOURSE_OK;
	TRY(find_paid_since(decision, this, party, entry, &paid));
	return paid == 0 ? RECOURSE_OK : refuse_entry(decision, RECOURSE_NOT_PERMITTED, "entry", paid);
}

static enum recourse_error take_back(struct decision *decision, struct booked *booked, struct repayment *this)
{
	const struct unit *unit = &this->incident->unit;
	int64_t before;
	int64_t funder_before;
	TRY(due_from(decision, this->incident, this->party, &before));
	TRY(due_from(decision, this->incident, this->funder, &funder_before));
	TRY(unserve(decision, this, booked));
	booked->record.amount -= this->steps;
	TRY(attest_back(decision, booked->line, unit, booked->record.amount));
	TRY(check_paid_since(decision, this, this->party, booked->entry, before));
	return check_paid_since(decision, this, this->funder, booked->entry, funder_before);
}

/* At most what is owed back by now. */
static enum recourse_error receive_again(
	struct decision *decision, struct booked *booked, struct repayment *this)
{
	const struct value line = {.present = true, .text = booked->line};
	const struct unit *unit = &this->incident->unit;
	int64_t owed;
	this->steps = booked->record.amount;
	TRY(due_from(decision, this->incident, this->party, &owed));
	if (this->steps > owed)
		return refuse_amount(decision, RECOURSE_INSUFFICIENT, "entry", unit, this->steps, owed);
	TRY(serve(decision, this));
	booked->record.amount -= this->steps;
	return attest_cash(decision, &line, unit, booked->record.amount);
}

enum recourse_error repayment_reverse(
	struct decision *decision, struct record_incident *incident, struct booked *booked)
{
	struct repayment this = {.incident = incident, .reference = booked->reference, .party = booked->id};
	TRY(find_parties(decision, &this));
	return (booked->record.takes_back != 0 ? receive_again : take_back)(decision, booked, &this);
}

static const struct command rows[] = {
	COMMAND("repayment.receive", RECOURSE_ROLE_CUSTODIAN, receive_fields, apply_receive,
		"the custodian attests what came of that which the funder, or who was paid out, owes back",
		RECOURSE_NOT_FOUND, RECOURSE_OVERFLOW, ATTEST_REFUSES),
};
const struct command_group repayment_commands = COMMAND_GROUP(rows);
