/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/desk/contact.h"

#include "rules/claims/claim.h"
#include "rules/desk/desk.h"

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
	return sealed_put_about(decision, id, &sealed);
}

static const struct command rows[] = {
	COMMAND("contact.record", RECOURSE_ROLE_AGENT | RECOURSE_ROLE_OPERATOR, contact_fields, apply_contact,
		"somebody spoke with the consumer about a claim; what was said is sealed", RECOURSE_NOT_FOUND,
		RECOURSE_STATE_WRONG),
};
const struct command_group contact_commands = COMMAND_GROUP(rows);
