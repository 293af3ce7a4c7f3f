/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/claims/claim.h"
#include "rules/claims/hearing.h"
#include "rules/claims/listed.h"
#include "rules/claims/lot.h"

#include "rules/deposit/deposit.h"
#include "rules/incident/incident.h"
#include "rules/incident/section.h"
#include "rules/incident/weight.h"
#include "rules/recourse/settle_up.h"

enum { WITHDRAW_CLAIM, WITHDRAW_REASON, WITHDRAW_HASH };
static const struct recourse_field withdraw_fields[] = {
	[WITHDRAW_CLAIM] = FIELD(ID, "claim", "the claim's id"),
	[WITHDRAW_REASON] = FIELD(ID, "reason", "reason code: why the consumer does not pursue it"),
	[WITHDRAW_HASH] = FIELD(HASH, "evidence_hash", "SHA-256 of what the consumer said"),
};

/* D10: before it is ruled on, by the consumer's word: else nobody would have to refuse it. The lot can be claimed anew; one that is linked claims nothing and can not be given up. */
static enum recourse_error apply_withdraw(struct decision *decision, const struct value *values)
{
	struct record_claim claim;
	struct record_incident incident;
	TRY(claim_find(decision, values[WITHDRAW_CLAIM].text, &claim));
	TRY(incident_load(decision->state, claim.incident, &incident));
	TRY(incident_open(decision, "claim", &incident));
	return claim_withdraw(decision, values[WITHDRAW_CLAIM].text);
}

enum recourse_error claim_withdraw(struct decision *decision, slice id)
{
	struct record_claim claim;
	struct record_incident incident;
	struct record_section section;
	TRY(claim_find(decision, id, &claim));
	TRY(decision_step(decision, LIFE_CLAIM, &claim.state, CLAIM_WITHDRAWN, "claim"));
	TRY(incident_load(decision->state, claim.incident, &incident));
	TRY(section_load(decision->state, claim.incident, claim.section, &section));
	section.claims_filed--;
	TRY(weight_forget(decision, &section, id));
	claim.due = 0;
	TRY(listed_lapse(decision, id, &claim));
	TRY(hearing_lapse(decision, id, &claim));
	TRY(settle_up_loss(decision, &incident, &section));
	TRY(section_save(decision, &section));
	TRY(freeze_follow_claims(decision, &incident, section.party));
	TRY(claim_put_about(decision, id, &claim));
	return lot_release(decision, RECORD_TEXT(claim.entitlement));
}

static const struct command rows[] = {
	COMMAND("claim.withdraw", RECOURSE_ROLE_AGENT | RECOURSE_ROLE_OPERATOR, withdraw_fields,
		apply_withdraw, "the consumer gives a claim up before it is ruled on", RECOURSE_STATE_WRONG),
};
const struct command_group claim_withdraw_commands = COMMAND_GROUP(rows);
