/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/collateral/requirement.h"
#include "rules/collateral/collateral_change.h"

/* Of whom a deposit is required, and by which policy (A2). Commands requirement.assign, requirement.end. */

enum { ASSIGN_MERCHANT, ASSIGN_POLICY, ASSIGN_VERSION };
static const struct recourse_field assign_fields[] = {
	[ASSIGN_MERCHANT] = FIELD(ID, "merchant", "whose deposit is required"),
	[ASSIGN_POLICY] = FIELD(ID, "policy", "published by requirement.publish"),
	[ASSIGN_VERSION] =
		FIELD_INTEGER("version", 1, 1000000, "of the policy; applies until another is assigned"),
};

static enum recourse_error apply_assign(struct decision *decision, const struct value *values)
{
	slice id = values[ASSIGN_POLICY].text;
	uint32_t version = (uint32_t)values[ASSIGN_VERSION].integer;
	struct record_path path = publish_path(RECORD_REQUIREMENT, id, version);
	struct record_requirement policy;
	uint32_t party;
	struct collateral collateral;
	slice merchant = values[ASSIGN_MERCHANT].text;
	TRY(party_apart(decision, "merchant", merchant, &party));
	TRY(decision_find(decision, "policy", &path, &policy, sizeof policy));
	TRY(collateral_load(decision, merchant, &policy.unit, &collateral));
	decision_policy(decision, id, version);
	collateral.record.assigned = decision->entry;
	collateral.record.policy_version = version;
	record_text_set(collateral.record.policy, sizeof collateral.record.policy, id);
	TRY(collateral_change(decision, &collateral));
	decision_fact_amount(decision, "required", &policy.unit, collateral.record.required);
	decision_fact_amount(decision, "held", &policy.unit, collateral.record.held);
	return decision_about(decision, RECORD_PARTY, merchant);
}

enum { END_MERCHANT, END_UNIT, END_REASON };
static const struct recourse_field end_fields[] = {
	[END_MERCHANT] = FIELD(ID, "merchant", "of whom no deposit is required any more"),
	[END_UNIT] = FIELD(UNIT, "unit", "currency of the deposit"),
	[END_REASON] = FIELD(ID, "reason", "reason code"),
};

static enum recourse_error apply_end(struct decision *decision, const struct value *values)
{
	struct collateral collateral;
	struct unit unit;
	slice merchant = values[END_MERCHANT].text;
	TRY(decision_unit(decision, "unit", values[END_UNIT].text, &unit));
	TRY(collateral_load(decision, merchant, &unit, &collateral));
	if (collateral.record.policy_version == 0)
		return refuse_state(decision, "merchant", "nothing is required");
	decision_policy(decision, RECORD_TEXT(collateral.record.policy), collateral.record.policy_version);
	collateral.record.policy_version = 0;
	collateral.record.assigned = 0;
	memset(collateral.record.policy, 0, sizeof collateral.record.policy);
	TRY(collateral_change(decision, &collateral));
	return decision_about(decision, RECORD_PARTY, merchant);
}

static const struct command rows[] = {
	COMMAND("requirement.assign", RECOURSE_ROLE_ADMIN, assign_fields, apply_assign,
		"require a deposit of a merchant, by a policy", RECOURSE_NOT_PERMITTED),
	COMMAND("requirement.end", RECOURSE_ROLE_ADMIN, end_fields, apply_end,
		"require no deposit of a merchant any more", RECOURSE_STATE_WRONG),
};
const struct command_group assignment_commands = COMMAND_GROUP(rows);
