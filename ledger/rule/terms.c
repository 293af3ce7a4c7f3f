/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/terms.h"

#include "base/instant.h"
#include "rule/calendar.h"
#include "rule/checklist.h"
#include "rule/denials.h"
#include "rule/publish.h"

const char *const terms_scheme_names[] = {"full", "capped", "percentage", "deposit-only", NULL};
const char *const terms_freeze_names[] = {"all", "needed", "claimed", NULL}; /* by enum policy_freeze */
const char *const terms_silence_names[] = {"evidence", "accepted", NULL};    /* by enum policy_silence */
const char *const terms_waterfall_names[] = {"costs", "advances", "uncovered", "interest", NULL};

enum { UNIT_UNIT, UNIT_DIGITS, UNIT_STEP, UNIT_NAME };
static const struct recourse_field unit_fields[] = {
	[UNIT_UNIT] = FIELD(UNIT, "unit", "its code, not one of ISO 4217"),
	[UNIT_DIGITS] = FIELD_INTEGER("digits", 0, UNIT_DIGITS_MAX, "behind the decimal point"),
	[UNIT_STEP] = FIELD_PRESET("step", 1, UNIT_STEP_MAX, 1, "smallest step, in units of the last digit"),
	[UNIT_NAME] = FIELD_TEXT("name", 60, "for people: litre of fuel"),
};

static enum recourse_error apply_unit(struct decision *decision, const struct value *values)
{
	struct record_path path = record_path_of_text(RECORD_UNIT, values[UNIT_UNIT].text);
	struct unit unit;
	if (unit_currency(values[UNIT_UNIT].text, &unit) == RECOURSE_OK)
		return refuse(decision, RECOURSE_EXISTS, "unit", "not a currency of ISO 4217");
	TRY(decision_absent(decision, "unit", &path));
	TRY(unit_define(
		values[UNIT_UNIT].text, values[UNIT_DIGITS].integer, values[UNIT_STEP].integer, &unit));
	return decision_put(decision, &path, &unit, sizeof unit);
}

static const char *const no_yes[] = {"no", "yes", NULL};

enum { RANK_RANK, RANK_CLAIM };
static const struct recourse_field rank_members[] = {
	[RANK_RANK] =
		FIELD_INTEGER("rank", 1, WATERFALL_RANKS, "1 is served first, equal ranks share pro rata"),
	[RANK_CLAIM] = FIELD_CHOICE("claim", terms_waterfall_names, "what is served"),
};

enum {
	POLICY_POLICY,
	POLICY_VERSION,
	POLICY_UNIT,
	POLICY_SCHEME,
	POLICY_RATE,
	POLICY_CAP,
	POLICY_WATERFALL,
	POLICY_CLAIM_DAYS,
	POLICY_DECISION_HOURS,
	POLICY_PAYOUT_DAYS,
	POLICY_NOTICE_DAYS,
	POLICY_TAIL_DAYS,
	POLICY_REFUND_DAYS,
	POLICY_CALENDAR,
	POLICY_APPEAL_DAYS,
	POLICY_APPEAL_DECISION_DAYS,
	POLICY_FREEZE,
	POLICY_CLOSE_DAYS,
	POLICY_INTERIM,
	POLICY_NO_DISADVANTAGE,
	POLICY_CHECKLIST,
	POLICY_EVIDENCE_HOURS,
	POLICY_EVIDENCE_DAYS,
	POLICY_PROMISE_DAYS,
	POLICY_DENIALS,
	POLICY_DECISION_DAYS,
	POLICY_ANSWER_HOURS,
	POLICY_SILENCE,
	POLICY_UNCLAIMED_NOTICES,
	POLICY_UNCLAIMED_DAYS,
};
static const struct recourse_field policy_fields[] = {
	[POLICY_POLICY] = FIELD(ID, "policy", "the policy's id"),
	[POLICY_VERSION] = FIELD_INTEGER("version", 1, 1000000, "one above the last"),
	[POLICY_UNIT] = FIELD(UNIT, "unit", "currency of claims and deposits"),
	[POLICY_SCHEME] = FIELD_CHOICE("scheme", terms_scheme_names, "what of the loss is paid"),
	[POLICY_RATE] = FIELD_PERCENT("rate", 10000, "scheme percentage: of the loss"),
	[POLICY_CAP] = FIELD_OPTIONAL(AMOUNT, "cap", "scheme capped: most for one claim"),
	[POLICY_WATERFALL] = FIELD_LIST("waterfall", 1, WATERFALL_CLAIMS, rank_members,
		"who is served first out of recoveries; the rest is the payer's"),
	[POLICY_CLAIM_DAYS] =
		FIELD_PRESET("claim_days", 1, 3650, 90, "the claim window where no bar date is given"),
	[POLICY_DECISION_HOURS] = FIELD_PRESET("decision_hours", 1, 8760, 48, "a claim is decided within"),
	[POLICY_PAYOUT_DAYS] = FIELD_PRESET("payout_days", 1, 365, 3, "an approved claim is paid within"),
	[POLICY_NOTICE_DAYS] =
		FIELD_PRESET("notice_days", 0, 365, 7, "between an exit's request and its tail"),
	[POLICY_TAIL_DAYS] = FIELD_PRESET("tail_days", 1, 3650, 90, "an exit waits for claims"),
	[POLICY_REFUND_DAYS] = FIELD_PRESET("refund_days", 1, 365, 3, "the custodian pays an exit within"),
	[POLICY_CALENDAR] = FIELD_OPTIONAL(ID, "calendar",
		"whose working days decision_days, payout_days and refund_days count; any day if absent"),
	[POLICY_APPEAL_DAYS] =
		FIELD_PRESET("appeal_days", 1, 365, 15, "a deduction or a ruling is appealed within"),
	[POLICY_APPEAL_DECISION_DAYS] =
		FIELD_PRESET("appeal_decision_days", 1, 365, 30, "an appeal is decided within"),
	[POLICY_FREEZE] = FIELD_OPTIONAL_CHOICE("freeze", terms_freeze_names,
		"how much of a deposit an incident freezes; needed: what open lots and claims could need; "
		"claimed: of an incident that stands, what is claimed"),
	[POLICY_CLOSE_DAYS] = FIELD_PRESET("close_days", 1, 365, 7,
		"between two proposals to close an incident, as long as something is in the way"),
	[POLICY_INTERIM] = FIELD_OPTIONAL(PERCENT, "interim",
		"of what is decided: leaves a pool that does not cover every open lot before the bar date, "
		"beyond what is promised; nothing if absent"),
	[POLICY_NO_DISADVANTAGE] = FIELD_OPTIONAL_CHOICE("no_disadvantage", no_yes,
		"yes: recoveries serve the consumers' uncovered loss before the advances, whatever their "
		"ranks"),
	[POLICY_CHECKLIST] = FIELD_OPTIONAL_LIST("checklist", CHECKLIST_KINDS_MAX, checklist_fields,
		"the evidence of a claim, which is fixed when it is filed; no list if absent"),
	[POLICY_EVIDENCE_HOURS] = FIELD_WITH(INTEGER, "evidence_hours",
		"whoever is asked for evidence has at least so long; any time if absent", .optional = true,
		.minimum = 1, .maximum = 8760, .preset = -1),
	[POLICY_EVIDENCE_DAYS] =
		FIELD_PRESET("evidence_days", 1, 365, 60, "and has at most so long, from when it is asked"),
	[POLICY_PROMISE_DAYS] =
		FIELD_PRESET("promise_days", 1, 365, 90, "a promise to a claimant is due within"),
	[POLICY_DENIALS] = FIELD_OPTIONAL_LIST("denials", DENIALS_MAX, denials_fields,
		"rules by which a loss is denied that the evidence shows; by none if absent"),
	[POLICY_DECISION_DAYS] = FIELD_PRESET("decision_days", 0, 365, 0,
		"instead of decision_hours: a claim is decided within so many days of the calendar"),
	[POLICY_ANSWER_HOURS] = FIELD_WITH(INTEGER, "answer_hours",
		"a merchant answers to a claim within; less than a claim is decided within; not asked if "
		"absent",
		.optional = true, .minimum = 1, .maximum = 8760, .preset = -1),
	[POLICY_SILENCE] = FIELD_OPTIONAL_CHOICE("silence", terms_silence_names,
		"what follows when it does not: evidence, which decides as it stands; accepted, as if it "
		"had"),
	[POLICY_UNCLAIMED_NOTICES] = FIELD_PRESET("unclaimed_notices", 0, 20, 3,
		"a payment that can not be made is unclaimed after so many notices to its claimant; 0: "
		"never"),
	[POLICY_UNCLAIMED_DAYS] =
		FIELD_PRESET("unclaimed_days", 0, 3650, 90, "and so long after the first of them at least"),
};

enum recourse_error terms_policy(
	struct decision *decision, slice policy, uint32_t version, struct record_policy *record)
{
	struct record_path path = publish_path(RECORD_POLICY, policy, version);
	return decision_find(decision, "policy", &path, record, sizeof *record);
}

enum recourse_error terms_promise(const struct record_policy *policy, int64_t loss, int64_t *promised)
{
	switch ((enum policy_scheme)policy->scheme) {
	case POLICY_FULL:
		*promised = loss;
		return RECOURSE_OK;
	case POLICY_CAPPED:
		*promised = amount_least(loss, policy->cap);
		return RECOURSE_OK;
	case POLICY_PERCENTAGE:
		return amount_scale(loss, policy->rate, 10000, AMOUNT_ROUND_DOWN, promised);
	case POLICY_DEPOSIT_ONLY:
		*promised = 0;
		return RECOURSE_OK;
	}
	return RECOURSE_STORE_CORRUPT;
}

enum recourse_error terms_decision_due(
	struct decision *decision, const struct record_policy *policy, uint64_t *due)
{
	*due = decision->time + (uint64_t)policy->decision_hours * INSTANT_HOUR;
	if (policy->decision_days == 0)
		return RECOURSE_OK;
	TRY(calendar_due(
		decision, RECORD_TEXT(policy->calendar), decision->time, policy->decision_days, due));
	decision_fact_instant(decision, "decision_due", *due);
	return RECOURSE_OK;
}

enum recourse_error terms_payout_due(
	struct decision *decision, const struct record_policy *policy, uint64_t from, uint64_t *due)
{
	return calendar_due(decision, RECORD_TEXT(policy->calendar), from, policy->payout_days, due);
}

enum recourse_error terms_within(struct decision *decision, const char *field, uint64_t instant, int64_t days)
{
	char text[INSTANT_TEXT_SIZE];
	uint64_t most = decision->time + (uint64_t)days * INSTANT_DAY;
	if (instant <= most)
		return RECOURSE_OK;
	instant_format(most, text);
	return refuse_limit(decision, RECOURSE_WINDOW_CLOSED, field, "not after %s", text);
}

/* One or the other: with neither it is the preset of hours. */
static enum recourse_error read_decision_time(
	struct decision *decision, const struct value *values, struct record_policy *policy)
{
	policy->decision_hours = values[POLICY_DECISION_HOURS].integer;
	if (values[POLICY_DECISION_DAYS].integer == 0)
		return RECOURSE_OK;
	if (values[POLICY_DECISION_HOURS].present)
		return refuse(decision, RECOURSE_POLICY_WRONG, "decision_days", "without decision_hours");
	policy->decision_hours = 0;
	policy->decision_days = values[POLICY_DECISION_DAYS].integer;
	return RECOURSE_OK;
}

/* Nobody is asked for anything by a day that is too late for some and too early for others. */
static enum recourse_error read_evidence_time(
	struct decision *decision, const struct value *values, struct record_policy *policy)
{
	policy->evidence_hours = amount_beyond(values[POLICY_EVIDENCE_HOURS].integer, 0);
	policy->evidence_days = values[POLICY_EVIDENCE_DAYS].integer;
	policy->promise_days = values[POLICY_PROMISE_DAYS].integer;
	if (policy->evidence_hours > policy->evidence_days * 24)
		return refuse(decision, RECOURSE_POLICY_WRONG, "evidence_hours", "within evidence_days");
	return RECOURSE_OK;
}

/* No ruling is due before the merchant was to answer. */
static enum recourse_error read_answer(
	struct decision *decision, const struct value *values, struct record_policy *policy)
{
	int64_t hours = policy->decision_days > 0 ? policy->decision_days * 24 : policy->decision_hours;
	policy->answer_hours = amount_beyond(values[POLICY_ANSWER_HOURS].integer, 0);
	policy->silence = (uint64_t)values[POLICY_SILENCE].integer;
	if (policy->answer_hours >= hours)
		return refuse(decision, RECOURSE_POLICY_WRONG, "answer_hours",
			"less than a claim is decided within");
	return policy->answer_hours > 0 || !values[POLICY_SILENCE].present
		       ? RECOURSE_OK
		       : refuse(decision, RECOURSE_POLICY_WRONG, "silence", "with answer_hours");
}

static enum recourse_error read_scheme(
	struct decision *decision, const struct value *values, struct record_policy *policy)
{
	policy->scheme = (uint32_t)values[POLICY_SCHEME].integer;
	policy->rate = values[POLICY_RATE].integer;
	if (values[POLICY_RATE].present != (policy->scheme == POLICY_PERCENTAGE))
		return refuse(
			decision, RECOURSE_POLICY_WRONG, "rate", "with scheme percentage, and only there");
	if (values[POLICY_CAP].present != (policy->scheme == POLICY_CAPPED))
		return refuse(decision, RECOURSE_POLICY_WRONG, "cap", "with scheme capped, and only there");
	if (policy->rate == 0)
		return refuse(decision, RECOURSE_AMOUNT_RANGE, "rate", "above zero");
	if (!values[POLICY_CAP].present)
		return RECOURSE_OK;
	return decision_amount(decision, "cap", values[POLICY_CAP].text, &policy->unit, &policy->cap);
}

static enum recourse_error read_waterfall(
	struct decision *decision, const struct value *values, struct record_policy *policy)
{
	for (size_t row = 0; row < values[POLICY_WATERFALL].list.count; row++) {
		const struct value *member = values[POLICY_WATERFALL].list.values + row * 2;
		uint8_t *rank = &policy->rank[member[RANK_CLAIM].integer];
		if (*rank != 0)
			return refuse(decision, RECOURSE_FIELD_DUPLICATE, "waterfall", "each claim once");
		*rank = (uint8_t)member[RANK_RANK].integer;
	}
	return RECOURSE_OK;
}

static enum recourse_error apply_policy(struct decision *decision, const struct value *values)
{
	struct record_policy policy = {
		.entry = decision->entry,
		.claim_days = values[POLICY_CLAIM_DAYS].integer,
		.payout_days = values[POLICY_PAYOUT_DAYS].integer,
		.notice_days = values[POLICY_NOTICE_DAYS].integer,
		.tail_days = values[POLICY_TAIL_DAYS].integer,
		.refund_days = values[POLICY_REFUND_DAYS].integer,
		.appeal_days = values[POLICY_APPEAL_DAYS].integer,
		.appeal_decision_days = values[POLICY_APPEAL_DECISION_DAYS].integer,
		.freeze = (uint64_t)values[POLICY_FREEZE].integer,
		.close_days = values[POLICY_CLOSE_DAYS].integer,
		.interim = values[POLICY_INTERIM].integer,
		.no_disadvantage = (uint64_t)values[POLICY_NO_DISADVANTAGE].integer,
		.unclaimed_notices = values[POLICY_UNCLAIMED_NOTICES].integer,
		.unclaimed_days = values[POLICY_UNCLAIMED_DAYS].integer,
	};
	slice id = values[POLICY_POLICY].text;
	uint32_t version = (uint32_t)values[POLICY_VERSION].integer;
	struct record_path path = publish_path(RECORD_POLICY, id, version);
	TRY(publish_version(decision, RECORD_POLICY, id, version));
	TRY(decision_unit(decision, "unit", values[POLICY_UNIT].text, &policy.unit));
	TRY(read_decision_time(decision, values, &policy));
	TRY(read_evidence_time(decision, values, &policy));
	TRY(read_answer(decision, values, &policy));
	TRY(read_scheme(decision, values, &policy));
	TRY(read_waterfall(decision, values, &policy));
	TRY(calendar_take(decision, &values[POLICY_CALENDAR], policy.calendar));
	TRY(checklist_publish(decision, &values[POLICY_CHECKLIST], id, version, &policy.listed));
	TRY(denials_publish(decision, &values[POLICY_DENIALS], id, version, &policy.denials));
	decision_policy(decision, id, version);
	return decision_put(decision, &path, &policy, sizeof policy);
}

static const struct command rows[] = {
	COMMAND("unit.define", RECOURSE_ROLE_ADMIN, unit_fields, apply_unit,
		"define a unit that is counted: litres, kWh, coupons", RECOURSE_EXISTS),
	COMMAND("policy.publish", RECOURSE_ROLE_ADMIN, policy_fields, apply_policy,
		"publish a version of a policy", RECOURSE_EXISTS, RECOURSE_POLICY_WRONG),
};
const struct command_group terms_commands = COMMAND_GROUP(rows);
