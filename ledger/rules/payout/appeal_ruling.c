/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/rule.h"
#include "rules/payout/appeal.h"
#include "rules/deposit/deposit.h"
#include "rules/incident/incident.h"

#include <assert.h>

/*
 * How an appeal ends, and the money that follows (D7). The consumers keep what they got: what the merchant is to have
 * again the funder takes over. Until its cash is there it waits in accounts of the appeal's own, so that no other
 * merchant's cash pays it:
 *
 *   appeal.decide   1100 funder @appeal   /  2020 merchant @appeal
 *   appeal.fund     1010                  /  1100 funder @appeal
 *                   2020 merchant @appeal /  where the merchant's money is now
 *                   1110 U                /  3110 funder       while the recourse is not apportioned
 */
enum { OUTCOME_UPHELD, OUTCOME_VARIED, OUTCOME_REVERSED }; /* as the states are from APPEAL_UPHELD on */
static const char *const outcome_names[] = {"upheld", "varied", "reversed", NULL};

enum { DECIDE_APPEAL, DECIDE_OUTCOME, DECIDE_AMOUNT, DECIDE_BASIS, DECIDE_REASON };
static const struct recourse_field decide_fields[] = {
	[DECIDE_APPEAL] = FIELD_INTEGER("appeal", 1, INT64_MAX, "the entry that lodged it"),
	[DECIDE_OUTCOME] = FIELD_CHOICE("outcome", outcome_names, "of the deduction"),
	[DECIDE_AMOUNT] = FIELD_OPTIONAL(
		AMOUNT, "amount", "outcome varied: restored to the deposit; less than was deducted"),
	[DECIDE_BASIS] = FIELD(HASH, "basis_hash", "SHA-256 of the decision and its grounds"),
	[DECIDE_REASON] = FIELD(ID, "reason", "reason code"),
};

/* What is to be restored. */
static enum recourse_error read_restored(
	struct decision *decision, const struct value *values, struct appeal *appeal)
{
	const struct unit *unit = &appeal->incident.unit;
	int64_t deducted = appeal->deduction.amount;
	int64_t outcome = values[DECIDE_OUTCOME].integer;
	bool given = values[DECIDE_AMOUNT].present;
	appeal->record.restored = outcome == OUTCOME_REVERSED ? deducted : 0;
	if (outcome == OUTCOME_VARIED && !given)
		return refuse(decision, RECOURSE_FIELD_MISSING, "amount", "given with outcome varied");
	if (outcome != OUTCOME_VARIED && given)
		return refuse(decision, RECOURSE_NOT_PERMITTED, "amount", "with outcome varied only");
	if (!given)
		return RECOURSE_OK;
	TRY(decision_amount(decision, "amount", values[DECIDE_AMOUNT].text, unit, &appeal->record.restored));
	if (appeal->record.restored >= deducted) {
		char text[AMOUNT_TEXT_SIZE];
		amount_format(unit, deducted, text);
		return refuse_limit(decision, RECOURSE_AMOUNT_RANGE, "amount", "below %s", text);
	}
	return RECOURSE_OK;
}

/*
 * Whoever approved the deduction or lodged the appeal does not judge it, by any key that the first was rotated to, nor
 * does the merchant by any key at all.
 */
static enum recourse_error check_judge(struct decision *decision, const struct appeal *appeal)
{
	static const char limit[] = "nobody deducts or appeals and decides the same appeal";
	const uint32_t keys[] = {appeal->deduction.approver, appeal->record.lodger};
	TRY(person_differs(decision, keys, 2, "appeal", limit));
	return decision->actor->party_number == appeal->deduction.merchant
		       ? refuse(decision, RECOURSE_SAME_PERSON, "appeal", limit)
		       : RECOURSE_OK;
}

static enum recourse_error apply_decide(struct decision *decision, const struct value *values)
{
	struct appeal appeal;
	slice funder;
	slice account;
	uint32_t state = APPEAL_UPHELD + (uint32_t)values[DECIDE_OUTCOME].integer;
	TRY(appeal_governing(decision, "appeal", (uint64_t)values[DECIDE_APPEAL].integer, &appeal));
	TRY(decision_step(decision, LIFE_APPEAL, &appeal.record.state, state, "appeal"));
	TRY(check_judge(decision, &appeal));
	TRY(read_restored(decision, values, &appeal));
	TRY(reference_make(decision->arena, appeal.entry, &account));

	appeal.incident.stays -= appeal.record.stayed_entry != 0;
	appeal.record.clock = 0;
	appeal.record.decided_entry = decision->entry;
	appeal.record.decider = decision->actor->key;
	appeal.incident.restored += appeal.record.restored;
	assert(appeal.incident.restored <= appeal.incident.shared_out - appeal.incident.from_instruments);
	decision_fact_amount(decision, "deducted", &appeal.incident.unit, appeal.deduction.amount);
	decision_fact_amount(decision, "restored", &appeal.incident.unit, appeal.record.restored);
	TRY(decision_party_name(decision, appeal.incident.funder, &funder));
	TRY(decision_move(decision, &appeal.incident.unit, appeal.record.restored, CHART_COMMITMENT, funder,
		CHART_DEPOSIT_FROZEN, appeal.merchant, account));
	TRY(incident_save(decision, &appeal.incident));
	return appeal_put_about(decision, &appeal);
}

/* ---- appeal.fund ---- */

enum { FUND_APPEAL, FUND_AMOUNT, FUND_BANK };
static const struct recourse_field fund_fields[] = {
	[FUND_APPEAL] = FIELD_INTEGER("appeal", 1, INT64_MAX, "the entry that lodged it"),
	[FUND_AMOUNT] = FIELD(AMOUNT, "amount", "received from the funder, at most what is to be restored"),
	[FUND_BANK] = FIELD(ID, "bank_reference", "the custodian's statement line; counts once"),
};

static enum recourse_error check_funding(
	struct decision *decision, const struct value *values, struct appeal *appeal, int64_t *steps)
{
	const struct unit *unit = &appeal->incident.unit;
	uint32_t state = appeal->record.state;
	TRY(incident_custodian(decision, "appeal", &appeal->incident));
	if (state != APPEAL_VARIED && state != APPEAL_REVERSED)
		return refuse_state(decision, "appeal", life_state_name(LIFE_APPEAL, state));
	TRY(decision_amount(decision, "amount", values[FUND_AMOUNT].text, unit, steps));
	int64_t open = appeal->record.restored - appeal->record.funded;
	if (*steps > open)
		return refuse_amount(decision, RECOURSE_INSUFFICIENT, "amount", unit, *steps, open);
	return RECOURSE_OK;
}

/*
 * What the funder restored it advanced in the deposit's place: recourse, as long as there is somebody to spread it over.
 * Once the liable parties know what they owe it is the platform's own cost, like goodwill.
 */
static enum recourse_error make_recourse(
	struct decision *decision, struct appeal *appeal, slice funder, int64_t steps)
{
	struct record_incident *incident = &appeal->incident;
	bool arises = incident->apportioned_entry == 0;
	decision_fact_amount(decision, "recourse", &incident->unit, arises ? steps : 0);
	if (!arises) {
		decision_fact_integer(decision, "apportioned_entry", incident->apportioned_entry);
		return RECOURSE_OK;
	}
	appeal->record.recourse += steps;
	incident->restored_recourse += steps;
	assert(incident->restored_recourse <= incident->restored); /* I7 */
	(void)life_step(LIFE_RECOURSE, &incident->recourse_state, RECOURSE_PERFECTED);
	TRY(decision_post(decision, CHART_RECOURSE, slice_text(CHART_UNAPPORTIONED), appeal->reference,
		&incident->unit, steps));
	return decision_post(decision, CHART_ADVANCES, funder, appeal->reference, &incident->unit, -steps);
}

/* From the funder to the merchant, through the custodian. */
static enum recourse_error pass_on(struct decision *decision, const struct value *line,
	const struct appeal *appeal, slice funder, int64_t steps)
{
	const struct record_incident *incident = &appeal->incident;
	const struct unit *unit = &incident->unit;
	slice account;
	TRY(reference_make(decision->arena, appeal->entry, &account));
	TRY(attest_received(decision, line, unit, steps, CHART_COMMITMENT, funder, account));
	TRY(decision_post(decision, CHART_DEPOSIT_FROZEN, appeal->merchant, account, unit, steps));
	TRY(deposit_restore(decision, appeal->merchant, unit, steps));
	/* the entry is the incident's, also where an exit holds the money */
	incident_name_policy(decision, incident);
	return RECOURSE_OK;
}

static enum recourse_error apply_fund(struct decision *decision, const struct value *values)
{
	struct appeal appeal;
	slice funder;
	int64_t steps;
	TRY(appeal_governing(decision, "appeal", (uint64_t)values[FUND_APPEAL].integer, &appeal));
	TRY(check_funding(decision, values, &appeal, &steps));
	TRY(decision_party_name(decision, appeal.incident.funder, &funder));

	appeal.record.funded += steps;
	decision_fact_amount(
		decision, "open", &appeal.incident.unit, appeal.record.restored - appeal.record.funded);
	TRY(pass_on(decision, &values[FUND_BANK], &appeal, funder, steps));
	TRY(make_recourse(decision, &appeal, funder, steps));
	TRY(incident_save(decision, &appeal.incident));
	return appeal_put_about(decision, &appeal);
}

static const struct command rows[] = {
	COMMAND("appeal.decide", RECOURSE_ROLE_APPROVER, decide_fields, apply_decide,
		"uphold, vary or reverse an appealed deduction; ends the stay", RECOURSE_STATE_WRONG,
		RECOURSE_SAME_PERSON, RECOURSE_NOT_PERMITTED),
	COMMAND("appeal.fund", RECOURSE_ROLE_CUSTODIAN, fund_fields, apply_fund,
		"the custodian attests the funder's money for what an appeal restored", RECOURSE_EXISTS,
		RECOURSE_STATE_WRONG, RECOURSE_INSUFFICIENT),
};
const struct command_group appeal_ruling_commands = COMMAND_GROUP(rows);
