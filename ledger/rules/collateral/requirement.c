/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/collateral/collateral.h"

static const char *const basis_names[] = {"fixed", "ratio", NULL};
const char *const requirement_class_names[] = {"scale", "group", "brand", NULL};

enum recourse_error requirement_class(struct state_view *view, slice issuer, struct record_class *record)
{
	struct record_path path = record_path_of_text(RECORD_CLASS, issuer);
	return record_get_optional(view, &path, record, sizeof *record, NULL);
}

enum recourse_error requirement_of(
	struct state_view *view, const struct record_collateral *record, struct record_requirement *policy)
{
	struct record_path path =
		publish_path(RECORD_REQUIREMENT, RECORD_TEXT(record->policy), record->policy_version);
	*policy = (struct record_requirement){.entry = 0};
	return record->policy_version == 0 ? RECOURSE_OK
					   : record_get_named(view, &path, policy, sizeof *policy);
}

/* ---- what it comes to ---- */

enum recourse_error requirement_add(struct state_view *view, const struct record_requirement *policy,
	slice issuer, int64_t exposure, int64_t *gross)
{
	struct record_class record;
	int64_t ratio = 0;
	int64_t part;
	if (policy->basis != REQUIREMENT_RATIO)
		return RECOURSE_OK;
	TRY(requirement_class(view, issuer, &record));
	for (size_t index = 0; index < CLASSES; index++) {
		bool applies = record.entry == 0 || record.issuer_class == index;
		if (applies && policy->ratio[index] > ratio)
			ratio = policy->ratio[index];
	}
	TRY(amount_scale(exposure, ratio, 10000, AMOUNT_ROUND_UP, &part));
	return amount_add_steps(*gross, part, gross);
}

enum recourse_error requirement_close(
	const struct record_requirement *policy, struct record_collateral *record)
{
	int64_t offset = 0;
	TRY(amount_scale(record->gross, policy->offset_share, 10000, AMOUNT_ROUND_DOWN, &offset));
	record->required = record->gross - amount_least(offset, record->instruments);
	return RECOURSE_OK;
}

/* ---- requirement.publish ---- */

enum {
	PUBLISH_POLICY,
	PUBLISH_VERSION,
	PUBLISH_UNIT,
	PUBLISH_BASIS,
	PUBLISH_AMOUNT,
	PUBLISH_SCALE,
	PUBLISH_GROUP,
	PUBLISH_BRAND,
	PUBLISH_OFFSET,
	PUBLISH_DAYS,
	PUBLISH_CALENDAR,
};
static const struct recourse_field publish_fields[] = {
	[PUBLISH_POLICY] = FIELD(ID, "policy", "the policy's id"),
	[PUBLISH_VERSION] = FIELD_INTEGER("version", 1, 1000000, "one above the last"),
	[PUBLISH_UNIT] = FIELD(UNIT, "unit", "currency of the deposits"),
	[PUBLISH_BASIS] =
		FIELD_CHOICE("basis", basis_names, "a fixed sum, or a ratio of what is not performed"),
	[PUBLISH_AMOUNT] = FIELD_OPTIONAL(AMOUNT, "amount", "basis fixed: the sum"),
	[PUBLISH_SCALE] = FIELD_PERCENT("ratio_scale", 2000, "basis ratio: for an issuer of scale; 20.00"),
	[PUBLISH_GROUP] = FIELD_PERCENT("ratio_group", 3000, "for an issuer that is a group; 30.00"),
	[PUBLISH_BRAND] = FIELD_PERCENT("ratio_brand", 4000, "for an issuer that is a brand; 40.00"),
	[PUBLISH_OFFSET] = FIELD_PERCENT(
		"offset_share", 5000, "of what is required, that instruments may stand for; 50.00"),
	[PUBLISH_DAYS] = FIELD_PRESET("top_up_days", 1, 365, 5, "to fill a gap"),
	[PUBLISH_CALENDAR] =
		FIELD_OPTIONAL(ID, "calendar", "whose working days they are; plain days if absent"),
};

static enum recourse_error read_basis(
	struct decision *decision, const struct value *values, struct record_requirement *policy)
{
	bool fixed = policy->basis == REQUIREMENT_FIXED;
	if (values[PUBLISH_AMOUNT].present != fixed)
		return refuse(decision, RECOURSE_POLICY_WRONG, "amount", "with basis fixed, and only there");
	for (size_t index = 0; index < CLASSES; index++) {
		const struct value *ratio = &values[PUBLISH_SCALE + index];
		if (fixed && ratio->present)
			return refuse(decision, RECOURSE_POLICY_WRONG,
				publish_fields[PUBLISH_SCALE + index].name,
				"with basis ratio, and only there");
		policy->ratio[index] = fixed ? 0 : ratio->integer;
	}
	if (!fixed)
		return RECOURSE_OK;
	return decision_amount(
		decision, "amount", values[PUBLISH_AMOUNT].text, &policy->unit, &policy->amount);
}

static enum recourse_error apply_publish(struct decision *decision, const struct value *values)
{
	slice id = values[PUBLISH_POLICY].text;
	uint32_t version = (uint32_t)values[PUBLISH_VERSION].integer;
	struct record_path path = publish_path(RECORD_REQUIREMENT, id, version);
	struct record_requirement policy = {
		.entry = decision->entry,
		.offset_share = values[PUBLISH_OFFSET].integer,
		.top_up_days = values[PUBLISH_DAYS].integer,
		.basis = (uint32_t)values[PUBLISH_BASIS].integer,
	};
	TRY(publish_version(decision, RECORD_REQUIREMENT, id, version));
	TRY(decision_unit(decision, "unit", values[PUBLISH_UNIT].text, &policy.unit));
	TRY(read_basis(decision, values, &policy));
	TRY(calendar_take(decision, &values[PUBLISH_CALENDAR], policy.calendar));
	decision_policy(decision, id, version);
	return decision_put(decision, &path, &policy, sizeof policy);
}

/* ---- of whom a deposit is required, and by which policy: requirement.assign, requirement.end ---- */

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
	TRY(party_concerned(decision, "merchant", merchant, PARTY_MERCHANT, &party));
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

/* ---- issuer.classify ---- */

enum { CLASSIFY_ISSUER, CLASSIFY_CLASS, CLASSIFY_REASON };
static const struct recourse_field classify_fields[] = {
	[CLASSIFY_ISSUER] = FIELD(ID, "issuer", "who owes the units"),
	[CLASSIFY_CLASS] = FIELD_CHOICE("class", requirement_class_names, "which ratio applies"),
	[CLASSIFY_REASON] = FIELD(ID, "reason", "reason code"),
};

/* Whoever sells for this issuer is recomputed by clocks, some merchants at a time. */
static enum recourse_error apply_classify(struct decision *decision, const struct value *values)
{
	slice issuer = values[CLASSIFY_ISSUER].text;
	struct record_path path = record_path_of_text(RECORD_CLASS, issuer);
	struct record_path merchants = record_path_of_text(RECORD_SHARE, issuer);
	struct record_class record = {
		.entry = decision->entry, .issuer_class = (uint64_t)values[CLASSIFY_CLASS].integer};
	uint32_t party;
	TRY(party_concerned(decision, "issuer", issuer, PARTY_ISSUER, &party));
	TRY(decision_put(decision, &path, &record, sizeof record));
	TRY(sweep_begin(decision, SWEEP_MERCHANTS, record_path_slice(&merchants)));
	return decision_about(decision, RECORD_PARTY, issuer);
}

static const struct command rows[] = {
	COMMAND("requirement.publish", RECOURSE_ROLE_ADMIN, publish_fields, apply_publish,
		"publish a version of a policy of required deposits", RECOURSE_EXISTS, RECOURSE_POLICY_WRONG),
	COMMAND("issuer.classify", RECOURSE_ROLE_ADMIN, classify_fields, apply_classify,
		"say which ratio of required deposits applies to an issuer's cards", RECOURSE_NOT_PERMITTED),
	COMMAND("requirement.assign", RECOURSE_ROLE_ADMIN, assign_fields, apply_assign,
		"require a deposit of a merchant, by a policy", RECOURSE_NOT_PERMITTED),
	COMMAND("requirement.end", RECOURSE_ROLE_ADMIN, end_fields, apply_end,
		"require no deposit of a merchant any more", RECOURSE_STATE_WRONG),
};
const struct command_group requirement_commands = COMMAND_GROUP(rows);
