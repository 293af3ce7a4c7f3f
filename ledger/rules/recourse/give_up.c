/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/incident/incident.h"
#include "rules/incident/section.h"
#include "rules/recourse/settle_up.h"

/* A joint party that will pay no more: a state, which is taken back, and undone by whatever it pays after all. */

enum { GIVE_INCIDENT, GIVE_PARTY, GIVE_REASON, GIVE_SECTION };
static const struct recourse_field give_fields[] = {
	[GIVE_INCIDENT] = FIELD(ID, "incident", "of the liability"),
	[GIVE_PARTY] = FIELD(ID, "party", "who will pay no more"),
	[GIVE_REASON] = FIELD(ID, "reason", "reason code, such as final-dividend"),
	[GIVE_SECTION] = SECTION_FIELD,
};
static const struct recourse_field pursue_fields[] = {
	[GIVE_INCIDENT] = FIELD(ID, "incident", "of the liability"),
	[GIVE_PARTY] = FIELD(ID, "party", "who was given up"),
	[GIVE_REASON] = FIELD(ID, "reason", "reason code"),
	[GIVE_SECTION] = SECTION_FIELD,
};

struct given {
	struct record_incident incident;
	struct record_section section;
	struct record_liability liability;
	slice party;
};

static enum recourse_error load(struct decision *decision, const struct value *values, struct given *given)
{
	given->party = values[GIVE_PARTY].text;
	TRY(incident_concerned(decision, values[GIVE_INCIDENT].text, &given->incident));
	TRY(incident_open(decision, "incident", &given->incident));
	TRY(section_named(decision, "section", &values[GIVE_SECTION], &given->incident, &given->section));
	return liability_find(decision, &given->section, given->party, &given->liability);
}

static enum recourse_error settle(struct decision *decision, struct given *given)
{
	struct settled settled;
	TRY(liability_put(decision, &given->section, given->party, &given->liability));
	TRY(settle_up(decision, &given->incident, &given->section, &settled));
	return settle_up_save(decision, &given->incident, &given->section);
}

/* Somebody is left who is liable for the whole: else nobody would bear it. */
static enum recourse_error check_others(struct decision *decision, const struct given *given)
{
	struct liabilities list;
	bool others = false;
	TRY(liability_list(decision->state, decision->arena, &given->section, &list));
	for (size_t row = 0; row < list.count; row++) {
		const struct record_liability *record = &list.rows[row].record;
		others = others || (record->party != given->liability.party && record->joint &&
					   !record->given_up && !record->released);
	}
	return others ? RECOURSE_OK
		      : refuse(decision, RECOURSE_SHARES_WRONG, "incident",
				"another party that is still liable");
}

static enum recourse_error apply_respread(struct decision *decision, const struct value *values)
{
	struct given given;
	TRY(load(decision, values, &given));
	struct record_liability *liability = &given.liability;
	if (!liability->joint)
		return refuse(decision, RECOURSE_NOT_PERMITTED, "party", "joint and several liability");
	if (liability->given_up || liability->released)
		return refuse_state(decision, "party", life_state_name(LIFE_RECOURSE, liability->state));
	TRY(decision_step(decision, LIFE_RECOURSE, &liability->state, RECOURSE_UNECONOMIC, "party"));
	TRY(check_others(decision, &given));

	liability->given_up = 1;
	decision_fact_amount(decision, "shortfall", &given.incident.unit, liability->open);
	return settle(decision, &given);
}

static enum recourse_error apply_pursue(struct decision *decision, const struct value *values)
{
	struct given given;
	TRY(load(decision, values, &given));
	struct record_liability *liability = &given.liability;
	if (!liability->given_up)
		return refuse_state(decision, "party", life_state_name(LIFE_RECOURSE, liability->state));
	TRY(decision_step(decision, LIFE_RECOURSE, &liability->state, RECOURSE_DEMANDED, "party"));
	liability->given_up = 0;
	return settle(decision, &given);
}

static const struct command rows[] = {
	COMMAND("liability.respread", RECOURSE_ROLE_OPERATOR, give_fields, apply_respread,
		"give a joint party up: its shortfall falls on the others, as far as it does not pay after "
		"all",
		RECOURSE_OVERFLOW, RECOURSE_STATE_WRONG, RECOURSE_SHARES_WRONG, RECOURSE_NOT_PERMITTED),
	COMMAND("liability.pursue", RECOURSE_ROLE_OPERATOR, pursue_fields, apply_pursue,
		"take back that a party was given up: it bears its own part again", RECOURSE_OVERFLOW,
		RECOURSE_STATE_WRONG),
};
const struct command_group give_up_commands = COMMAND_GROUP(rows);
