/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/rule.h"

#include "rules/claims/claim.h"

/* What was said about a claim is kept for a court or an authority: see README.md. */

enum { HOLD_CLAIM, HOLD_HOLD, HOLD_REASON };
static const struct recourse_field hold_fields[] = {
	[HOLD_CLAIM] = FIELD(ID, "claim", "the claim's id"),
	[HOLD_HOLD] = FIELD_OPAQUE("hold", "its id among the claim's: whose it is, as by a court's number"),
	[HOLD_REASON] = FIELD(ID, "reason", "reason code"),
};

static enum recourse_error apply_place(struct decision *decision, const struct value *values)
{
	slice id = values[HOLD_CLAIM].text;
	struct record_path path = record_path_of_texts(RECORD_LEGAL_HOLD, id, values[HOLD_HOLD].text);
	const struct record_legal_hold hold = {.placed_entry = decision->entry};
	struct record_claim claim;
	struct record_sealed sealed;
	TRY(claim_find(decision, id, &claim));
	TRY(decision_absent(decision, "hold", &path));
	TRY(decision_put(decision, &path, &hold, sizeof hold));
	TRY(sealed_read(decision->state, id, &sealed));
	sealed.holds++;
	return sealed_put_about(decision, id, &sealed);
}

static enum recourse_error apply_release(struct decision *decision, const struct value *values)
{
	slice id = values[HOLD_CLAIM].text;
	struct record_path path = record_path_of_texts(RECORD_LEGAL_HOLD, id, values[HOLD_HOLD].text);
	struct record_legal_hold hold;
	struct record_claim claim;
	struct record_sealed sealed;
	TRY(claim_find(decision, id, &claim));
	TRY(decision_find(decision, "hold", &path, &hold, sizeof hold));
	if (hold.released_entry != 0)
		return refuse_entry(decision, RECOURSE_STATE_WRONG, "hold", hold.released_entry);
	hold.released_entry = decision->entry;
	TRY(decision_put(decision, &path, &hold, sizeof hold));
	TRY(sealed_read(decision->state, id, &sealed));
	sealed.holds--;
	return sealed_put_about(decision, id, &sealed);
}

static const struct command rows[] = {
	COMMAND("legal_hold.place", RECOURSE_ROLE_OPERATOR | RECOURSE_ROLE_APPROVER, hold_fields, apply_place,
		"what was said about a claim is not erased", RECOURSE_NOT_FOUND, RECOURSE_EXISTS),
	COMMAND_CHECKED("legal_hold.release", RECOURSE_ROLE_OPERATOR, 1, hold_fields, apply_release,
		"a hold ends; another person approves", RECOURSE_NOT_FOUND, RECOURSE_STATE_WRONG),
};
const struct command_group legal_hold_commands = COMMAND_GROUP(rows);
