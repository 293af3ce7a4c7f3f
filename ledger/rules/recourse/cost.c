/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/recourse/recourse_reverse.h"
#include "rules/recourse/set_off.h"
#include "rules/recourse/settle_up.h"

/* What is added to a party's debt: what recovering from it costs, which is the funder's advance too, and interest. */

enum { COST_INCIDENT, COST_PARTY, COST_AMOUNT, COST_REASON, COST_EVIDENCE, COST_SECTION };
static const struct recourse_field cost_fields[] = {
	[COST_INCIDENT] = FIELD(ID, "incident", "whose recovery it serves"),
	[COST_PARTY] = FIELD_OPTIONAL(ID, "party", "who owes it; may be left out where one alone is liable"),
	[COST_AMOUNT] = FIELD(AMOUNT, "amount", "borne by the funder, outside the custodian's account"),
	[COST_REASON] = FIELD(ID, "reason", "reason code, such as court-fee"),
	[COST_EVIDENCE] = FIELD(HASH, "evidence_hash", "SHA-256 of the bill"),
	[COST_SECTION] = SECTION_FIELD,
};

static enum recourse_error only_liable(
	struct decision *decision, const struct record_section *section, slice *party)
{
	struct liabilities list;
	size_t count = 0;
	TRY(liability_list(decision->state, decision->arena, section, &list));
	for (size_t row = 0; row < list.count; row++) {
		if (!list.rows[row].record.liable)
			continue;
		*party = list.rows[row].party;
		count++;
	}
	return count == 1 ? RECOURSE_OK
			  : refuse(decision, RECOURSE_FIELD_MISSING, "party",
				    "given where not one party alone is liable");
}

/*
 * Its money is for this now, whatever it has served before, in whatever section; a party that has paid all owes something
 * again.
 */
static enum recourse_error save(struct decision *decision, const struct record_incident *incident,
	struct record_section *section, slice party, struct record_liability *liability)
{
	struct settled settled;
	if (liability->state == RECOURSE_SATISFIED)
		(void)life_step(LIFE_RECOURSE, &liability->state, RECOURSE_PARTIAL);
	TRY(liability_put(decision, section, party, liability));
	TRY(liability->received > 0 ? settle_up(decision, incident, section, &settled)
				    : set_off(decision, incident, section));
	return section_save(decision, section);
}

static enum recourse_error apply_cost(struct decision *decision, const struct value *values)
{
	struct record_incident incident;
	struct record_section section;
	struct record_liability liability;
	slice reference = values[COST_INCIDENT].text;
	slice party = values[COST_PARTY].text;
	slice funder;
	int64_t steps;
	TRY(incident_concerned(decision, reference, &incident));
	TRY(incident_open(decision, "incident", &incident));
	TRY(section_named(decision, "section", &values[COST_SECTION], &incident, &section));
	TRY(decision_amount(decision, "amount", values[COST_AMOUNT].text, &incident.unit, &steps));
	if (!values[COST_PARTY].present)
		TRY(only_liable(decision, &section, &party));
	TRY(liability_row(decision, "party", &section, party, &liability));
	if (amount_add_steps(liability.costs, steps, &liability.costs) != RECOURSE_OK)
		return refuse(decision, RECOURSE_OVERFLOW, "amount", "64 bits");
	TRY(party_name(decision->state, decision->arena, incident.funder, &funder));
	TRY(recourse_reverse_keep(decision, &(struct recourse_booking){.incident = &incident,
						    .section = &section,
						    .kind = BOOKED_COST,
						    .id = party,
						    .steps = steps}));
	TRY(decision_move(decision, &incident.unit, steps, CHART_COSTS, slice_text(""), CHART_COST_ADVANCES,
		funder, reference));
	return save(decision, &incident, &section, party, &liability);
}

/* ---- interest.adjudge: what a court adds for the consumers; owed by the party, on no balance until it pays ---- */

enum { INTEREST_INCIDENT, INTEREST_PARTY, INTEREST_AMOUNT, INTEREST_BASIS, INTEREST_SECTION, INTEREST_UNTIL };
static const struct recourse_field interest_fields[] = {
	[INTEREST_INCIDENT] = FIELD(ID, "incident", "of the liability"),
	[INTEREST_PARTY] = FIELD(ID, "party", "who owes it"),
	[INTEREST_AMOUNT] = FIELD(AMOUNT, "amount", "adjudged to the consumers"),
	[INTEREST_BASIS] = FIELD(HASH, "basis_hash", "SHA-256 of the judgment"),
	[INTEREST_SECTION] = SECTION_FIELD,
	[INTEREST_UNTIL] = FIELD_OPTIONAL(TIME, "until", "when it ended to run; now if absent"),
};

/* 企业破产法 46: it ends when a court accepts the debtor's insolvency. */
static enum recourse_error check_runs(struct decision *decision, slice party, const struct value *until)
{
	struct record_estate estate;
	uint64_t end = until->present ? until->instant : decision->time;
	TRY(estate_of(decision->state, party, &estate));
	return estate.entry == 0 || end <= estate.accepted_at
		       ? RECOURSE_OK
		       : refuse_entry(decision, RECOURSE_NOT_PERMITTED, "until", estate.entry);
}

static enum recourse_error apply_interest(struct decision *decision, const struct value *values)
{
	struct record_incident incident;
	struct record_section section;
	struct record_liability liability;
	slice party = values[INTEREST_PARTY].text;
	int64_t steps;
	TRY(incident_concerned(decision, values[INTEREST_INCIDENT].text, &incident));
	TRY(incident_open(decision, "incident", &incident));
	TRY(section_named(decision, "section", &values[INTEREST_SECTION], &incident, &section));
	TRY(liability_find(decision, &section, party, &liability));
	TRY(check_runs(decision, party, &values[INTEREST_UNTIL]));
	TRY(decision_amount(decision, "amount", values[INTEREST_AMOUNT].text, &incident.unit, &steps));
	if (amount_add_steps(liability.interest, steps, &liability.interest) != RECOURSE_OK ||
		amount_add_steps(section.interest, steps, &section.interest) != RECOURSE_OK)
		return refuse(decision, RECOURSE_OVERFLOW, "amount", "64 bits");
	TRY(recourse_reverse_keep(decision, &(struct recourse_booking){.incident = &incident,
						    .section = &section,
						    .kind = BOOKED_ADJUDGED,
						    .id = party,
						    .steps = steps}));
	return save(decision, &incident, &section, party, &liability);
}

static const struct command rows[] = {
	COMMAND("cost.record", RECOURSE_ROLE_OPERATOR, cost_fields, apply_cost,
		"record a cost of recovering from a party, which the funder bears", RECOURSE_STATE_WRONG,
		RECOURSE_FIELD_MISSING, RECOURSE_FIELD_LIMIT),
	COMMAND("interest.adjudge", RECOURSE_ROLE_OPERATOR, interest_fields, apply_interest,
		"record interest that a court adjudged to the consumers", RECOURSE_STATE_WRONG,
		RECOURSE_NOT_PERMITTED),
};
const struct command_group cost_commands = COMMAND_GROUP(rows);
