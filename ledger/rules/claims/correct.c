/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/claims/claim.h"
#include "rules/claims/said_left.h"

#include "rules/incident/incident.h"

/* claim.correct: the figure that the consumer said was a slip (README.md). */

enum { CORRECT_CLAIM, CORRECT_REASON, CORRECT_HASH, CORRECT_REMAINING };
static const struct recourse_field correct_fields[] = {
	[CORRECT_CLAIM] = FIELD(ID, "claim", "that is not ruled on"),
	[CORRECT_REASON] = FIELD(ID, "reason", "reason code: how the slip came about"),
	[CORRECT_HASH] = FIELD(HASH, "evidence_hash", "SHA-256 of what the consumer said"),
	[CORRECT_REMAINING] = FIELD_OPTIONAL(
		AMOUNT, "remaining", "units that the consumer says are left; none was said if absent"),
};

/* By two people, with the consumer's word: what it says is ruled on as if that were all. Whether somebody was silent already or not: so that it is all one which came first. */
static enum recourse_error apply_correct(struct decision *decision, const struct value *values)
{
	slice id = values[CORRECT_CLAIM].text;
	struct record_claim claim;
	struct record_incident incident;
	struct record_entitlement lot;
	TRY(claim_find(decision, id, &claim));
	TRY(incident_load(decision->state, claim.incident, &incident));
	TRY(incident_open(decision, "claim", &incident));
	if (!claim_undecided(&claim) && claim.state != CLAIM_LINKED)
		return refuse_state(decision, "claim", life_state_name(LIFE_CLAIM, claim.state));
	TRY(entitlement_find(decision, "claim", RECORD_TEXT(claim.entitlement), &lot));
	int64_t before = claim.said_left;
	TRY(said_left_take(decision, &values[CORRECT_REMAINING], &lot, &claim));
	if (claim.said_left == before)
		return refuse(decision, RECOURSE_NOT_PERMITTED, "remaining", "another than the one in force");
	if (before > 0)
		decision_fact_amount(decision, "said_before", &lot.unit, before);
	claim.said_entry = decision->entry;
	claim.said_shown = claim.said_left > 0;
	return claim_put_about(decision, id, &claim);
}

static const struct command rows[] = {
	COMMAND_CHECKED("claim.correct", RECOURSE_ROLE_AGENT | RECOURSE_ROLE_OPERATOR, 1, correct_fields,
		apply_correct, "another figure of what the consumer says is left; another person approves",
		RECOURSE_STATE_WRONG, RECOURSE_INSUFFICIENT, RECOURSE_NOT_PERMITTED),
};
const struct command_group correct_commands = COMMAND_GROUP(rows);
