/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/recourse/recourse_reverse.h"
#include "rules/recourse/settle_up.h"

/* The funder lets a party off (民法典 520): the others are freed by its part. See README.md. */

enum { RELEASE_INCIDENT, RELEASE_PARTY, RELEASE_REASON, RELEASE_BASIS, RELEASE_SECTION };
static const struct recourse_field release_fields[] = {
	[RELEASE_INCIDENT] = FIELD(ID, "incident", "of the liability"),
	[RELEASE_PARTY] = FIELD(ID, "party", "of whom the funder asks nothing more"),
	[RELEASE_REASON] = FIELD(ID, "reason", "reason code, such as settlement"),
	[RELEASE_BASIS] = FIELD(HASH, "basis_hash", "SHA-256 of what was agreed"),
	[RELEASE_SECTION] = SECTION_FIELD,
};

enum recourse_error release_make(struct decision *decision, const char *field,
	const struct record_incident *incident, const struct record_section *section, slice party,
	struct record_liability *liability)
{
	struct liabilities list;
	struct reckon reckoned;
	TRY(liability_list(decision->state, decision->arena, section, &list));
	TRY(settle_up_reckon(decision, incident, section, &list, &reckoned));
	const size_t index = (size_t)(liability_among(&list, party) - list.rows);
	liability->released = 1;
	liability->freed = reckon_release(&reckoned, index, &liability->stood_for);
	liability->before_release =
		amount_beyond(liability->received, liability->costs_served + liability->interest_served);
	/* who is liable for the whole is let off of that, too, also where nothing of its own part is open */
	bool lets_off = liability->freed > 0 || (liability->joint && reckon_lacking(&reckoned) > 0);
	return lets_off ? RECOURSE_OK
			: refuse_amount(decision, RECOURSE_INSUFFICIENT, field, &incident->unit, 1, 0);
}

static enum recourse_error apply_release(struct decision *decision, const struct value *values)
{
	struct record_incident incident;
	struct record_section section;
	struct record_liability liability;
	struct settled settled;
	slice party = values[RELEASE_PARTY].text;
	TRY(incident_concerned(decision, values[RELEASE_INCIDENT].text, &incident));
	TRY(incident_open(decision, "incident", &incident));
	TRY(section_named(decision, "section", &values[RELEASE_SECTION], &incident, &section));
	TRY(liability_find(decision, &section, party, &liability));
	if (liability.party == incident.funder)
		return refuse(decision, RECOURSE_NOT_PERMITTED, "party", "another than the funder");
	if (liability.released || liability.given_up)
		return refuse_state(decision, "party",
			liability.released ? "released" : life_state_name(LIFE_RECOURSE, liability.state));
	TRY(release_make(decision, "party", &incident, &section, party, &liability));
	decision_fact_amount(decision, "freed", &incident.unit, liability.freed);
	TRY(recourse_reverse_keep(decision, &(struct recourse_booking){.incident = &incident,
						    .section = &section,
						    .kind = BOOKED_RELEASE,
						    .id = party,
						    .steps = liability.freed}));
	TRY(liability_put(decision, &section, party, &liability));
	TRY(settle_up(decision, &incident, &section, &settled));
	return settle_up_save(decision, &incident, &section);
}

static const struct command rows[] = {
	COMMAND_CHECKED("liability.release", RECOURSE_ROLE_OPERATOR, 1, release_fields, apply_release,
		"the funder lets a liable party off, which frees the others by its part; another person "
		"approves",
		RECOURSE_OVERFLOW, RECOURSE_STATE_WRONG, RECOURSE_INSUFFICIENT, RECOURSE_NOT_PERMITTED),
};
const struct command_group release_commands = COMMAND_GROUP(rows);
