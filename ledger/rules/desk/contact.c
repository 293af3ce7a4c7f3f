/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/desk/contact.h"

#include "rules/claims/claim.h"
#include "rules/claims/measure.h"
#include "rules/desk/breach.h"
#include "rules/desk/desk.h"
#include "rules/incident/section.h"

/* Contacts about a claim (D4): see README.md. */

const char *const contact_channel_names[] = {"app", "phone", "mail", "counter", "mediator", "visit", NULL};
const char *const contact_direction_names[] = {"in", "out", NULL}; /* by enum contact_direction */

enum { CONTACT_CLAIM, CONTACT_CHANNEL, CONTACT_DIRECTION, CONTACT_NOTE };
static const struct recourse_field contact_fields[] = {
	[CONTACT_CLAIM] = FIELD(ID, "claim", "the claim's id"),
	[CONTACT_CHANNEL] = FIELD_CHOICE("channel", contact_channel_names, "by which way"),
	[CONTACT_DIRECTION] = FIELD_CHOICE(
		"direction", contact_direction_names, "in: the consumer came to us; out: we to the consumer"),
	[CONTACT_NOTE] = FIELD_OPTIONAL(NOTE, "note", "what was said"),
};

/* The claimant came: again, unless it is the first time. */
static enum recourse_error count_in(
	struct decision *decision, slice id, const struct record_claim *claim, struct record_sealed *sealed)
{
	sealed->came++;
	bool again = sealed->came > 1;
	if (again)
		TRY(breach_count(decision, id, claim, &(struct record_breach){.repeat_contacts = 1}));
	return measure_change(decision, claim->incident, NULL,
		&(struct record_measure){.contacts = 1, .repeat_contacts = again});
}

/* Somebody spoke to the claimant: nothing was decided of the claim, which so stays as it was. */
static enum recourse_error count_out(struct decision *decision, slice id, struct record_claim *claim)
{
	struct record_path path = record_path_of_text(RECORD_CLAIM, id);
	struct record_section section;
	if (claim->answered_in != 0)
		return RECOURSE_OK;
	TRY(section_load(decision->state, claim->incident, claim->section, &section));
	measure_answered(decision, &section, claim);
	TRY(section_save(decision, &section));
	return decision_put(decision, &path, claim, sizeof *claim);
}

/* Whoever spoke with its claimant has it on the desk from then on, in the queue as long as it waits. */
static enum recourse_error put_on_desk(struct decision *decision, slice id, struct record_claim *claim)
{
	struct record_desk desk;
	if (claim->desk != 0)
		return RECOURSE_OK;
	TRY(desk_load(decision->state, id, &desk));
	return desk_save(decision, id, claim, &desk);
}

static enum recourse_error apply_contact(struct decision *decision, const struct value *values)
{
	slice id = values[CONTACT_CLAIM].text;
	struct record_claim claim;
	struct record_sealed sealed;
	TRY(claim_find(decision, id, &claim));
	TRY(desk_check_lives(decision, &claim));
	TRY(sealed_note(decision, id, &values[CONTACT_NOTE]));
	struct record_path path = record_path_of_text(RECORD_CONTACT, id);
	record_path_number(&path, decision->entry);
	const struct record_contact contact = {
		.time = decision->time,
		.channel = (uint32_t)values[CONTACT_CHANNEL].integer,
		.direction = (uint32_t)values[CONTACT_DIRECTION].integer,
		.by = decision->actor->key,
		.noted = values[CONTACT_NOTE].present,
	};
	TRY(decision_put(decision, &path, &contact, sizeof contact));
	TRY(sealed_read(decision->state, id, &sealed));
	sealed.contacts++;
	if (contact.direction == CONTACT_IN)
		TRY(count_in(decision, id, &claim, &sealed));
	else
		TRY(count_out(decision, id, &claim));
	TRY(put_on_desk(decision, id, &claim));
	return sealed_put_about(decision, id, &sealed);
}

static const struct command rows[] = {
	COMMAND("contact.record", RECOURSE_ROLE_AGENT | RECOURSE_ROLE_OPERATOR, contact_fields, apply_contact,
		"somebody spoke with the consumer about a claim; what was said is sealed", RECOURSE_NOT_FOUND,
		RECOURSE_STATE_WRONG),
};
const struct command_group contact_commands = COMMAND_GROUP(rows);
