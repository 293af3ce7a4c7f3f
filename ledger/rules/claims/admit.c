/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/claims/claim.h"
#include "rules/claims/hearing.h"
#include "rules/claims/lot.h"

#include "rules/deposit/deposit.h"
#include "rules/incident/incident.h"
#include "rules/incident/section.h"
#include "rules/recourse/settle_up.h"

enum { ADMIT_CLAIM, ADMIT_REASON };
static const struct recourse_field admit_fields[] = {
	[ADMIT_CLAIM] = FIELD(ID, "claim", "that was filed after the bar date, with an excuse"),
	[ADMIT_REASON] = FIELD(ID, "reason", "reason code: why the excuse is accepted"),
};

/* From here on it is one of those filed in time, and has its share of what was not paid yet. */
static enum recourse_error apply_admit(struct decision *decision, const struct value *values)
{
	slice id = values[ADMIT_CLAIM].text;
	struct record_claim claim;
	struct record_section section;
	struct record_entitlement entitlement;
	struct record_incident incident;
	struct record_policy policy;
	TRY(claim_find(decision, id, &claim));
	TRY(incident_load(decision->state, claim.incident, &incident));
	incident_name_policy(decision, &incident);
	TRY(incident_open(decision, "claim", &incident));
	bool waits = claim.state == CLAIM_RECEIVED || claim.state == CLAIM_REOPENED;
	if (claim.late != CLAIM_LATE || !waits)
		return refuse_state(decision, "claim", life_state_name(LIFE_CLAIM, claim.state));
	TRY(claim_separate(decision, claim.filer, 0));
	TRY(section_load(decision->state, claim.incident, claim.section, &section));
	TRY(entitlement_find(decision, "claim", RECORD_TEXT(claim.entitlement), &entitlement));
	claim.late = CLAIM_ADMITTED;
	TRY(incident_terms(decision, &incident, &policy));
	TRY(lot_reserve(decision, &section, &policy, id, &claim, &entitlement));
	TRY(hearing_policy(decision->state, &claim, &policy));
	TRY(hearing_begin(decision, id, &policy, &claim));
	TRY(settle_up_loss(decision, &incident, &section));
	TRY(section_save(decision, &section));
	TRY(freeze_follow_claims(decision, &incident, section.party));
	return claim_put_about(decision, id, &claim);
}

static const struct command rows[] = {
	COMMAND_CHECKED("claim.admit", RECOURSE_ROLE_OPERATOR, 1, admit_fields, apply_admit,
		"accept the excuse of a claim that came too late; another person approves",
		RECOURSE_STATE_WRONG, RECOURSE_SAME_PERSON),
};
const struct command_group admit_commands = COMMAND_GROUP(rows);
