/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/rule.h"
#include "rules/collateral/instrument.h"
#include "rules/deposit/deposit.h"
#include "rules/incident/incident.h"
#include "rules/incident/round.h"
#include "rules/incident/section.h"

#include <assert.h>

/* The funding plan (F1): the deposit, then the instruments, and the funder advances the rest. */

enum { APPROVE_INCIDENT };
static const struct recourse_field approve_fields[] = {
	[APPROVE_INCIDENT] = FIELD(ID, "incident", "whose decided claims get their share"),
};

struct plan {
	struct record_incident incident;
	struct record_section section;
	struct record_policy policy;
	slice reference;
	slice merchant;
	slice funder;
	int64_t frozen;
	int64_t deposit;     /* of which is shared out */
	int64_t instruments; /* of what their providers paid: shared out */
	int64_t pool;        /* both */
	int64_t advance;
	struct instrument_calls calls;
};

static enum recourse_error find_plan(struct decision *decision, slice id, struct plan *plan)
{
	plan->reference = id;
	TRY(incident_concerned(decision, id, &plan->incident));
	TRY(section_of(decision->state, &plan->incident, &plan->section));
	TRY(incident_terms(decision, &plan->incident, &plan->policy));
	TRY(party_name(decision->state, decision->arena, plan->section.party, &plan->merchant));
	TRY(party_name(decision->state, decision->arena, plan->incident.funder, &plan->funder));
	TRY(account_balance(decision->state, CHART_DEPOSIT_FROZEN, plan->merchant, plan->reference,
		&plan->incident.unit, &plan->frozen));
	return instrument_call_list(decision->state, decision->arena, &plan->section, &plan->calls);
}

/* Nothing of a deposit-only scheme is advanced; else what deposit and instruments do not cover is. */
static enum recourse_error make_plan(struct decision *decision, struct plan *plan)
{
	int64_t promised = round_promised(&plan->policy, &plan->section);
	int64_t cash;
	TRY(instrument_call_cash(&plan->calls, &cash));
	plan->deposit = plan->frozen < promised ? plan->frozen : promised;
	plan->instruments = cash < promised - plan->deposit ? cash : promised - plan->deposit;
	plan->pool = plan->deposit + plan->instruments;
	plan->advance = plan->policy.scheme == POLICY_DEPOSIT_ONLY ? 0 : promised - plan->pool;
	if (plan->pool + plan->advance == 0)
		return refuse(
			decision, RECOURSE_AMOUNT_RANGE, "incident", "decided claims with money to share");
	return RECOURSE_OK;
}

static enum recourse_error post_plan(struct decision *decision, struct plan *plan)
{
	const struct unit *unit = &plan->incident.unit;
	slice none = slice_text("");
	TRY(decision_move(decision, unit, plan->deposit, CHART_DEPOSIT_FROZEN, plan->merchant, CHART_CLAIMS,
		none, plan->reference));
	TRY(instrument_call_draw(decision, plan->reference, &plan->calls, plan->instruments));
	TRY(decision_move(
		decision, unit, plan->advance, CHART_INCHOATE, none, CHART_CLAIMS, none, plan->reference));
	return decision_move(decision, unit, plan->advance, CHART_COMMITMENT, plan->funder, CHART_ADVANCES,
		plan->funder, plan->reference);
}

/* A deposit that is used up has been applied; what is left of one stays frozen. */
static enum recourse_error note_applied(struct decision *decision, const struct plan *plan)
{
	const struct unit *unit = &plan->incident.unit;
	struct record_deposit deposit;
	TRY(deposit_record_find(decision, "incident", plan->merchant, unit, &deposit));
	if (plan->deposit == plan->frozen)
		(void)life_step(LIFE_DEPOSIT, &deposit.state, DEPOSIT_APPLIED);
	TRY(deposit_record_put(decision, plan->merchant, unit, &deposit));
	return decision_about(decision, RECORD_PARTY, plan->merchant);
}

/*
 * A4: nothing else takes from a frozen deposit what its merchant does not get, and never without a decided claim. What
 * is deducted is named by this entry, and can be appealed while the policy's window lasts.
 */
static enum recourse_error deduct(struct decision *decision, const struct plan *plan, uint64_t claims)
{
	struct record_path path = record_path_of_number(RECORD_DEDUCTION, decision->entry);
	struct record_deduction deduction = {
		.amount = plan->deposit,
		.claims = claims,
		.time = decision->time,
		.until = decision->time + (uint64_t)plan->policy.appeal_days * INSTANT_DAY,
		.incident = plan->section.incident,
		.merchant = plan->section.party,
		.approver = decision->actor->key,
	};
	if (plan->deposit == 0)
		return RECOURSE_OK;
	assert(plan->deposit > 0 && claims > 0);
	TRY(note_applied(decision, plan));
	decision_fact_instant(decision, "appealable_until", deduction.until);
	TRY(decision_put(decision, &path, &deduction, sizeof deduction));
	return decision_about(decision, RECORD_DEDUCTION, plan->merchant);
}

static void share_out(struct plan *plan, uint64_t entry)
{
	struct record_section *section = &plan->section;
	section->last_round_entry = entry;
	section->pool_taken += plan->pool;
	section->from_instruments += plan->instruments;
	section->advanced += plan->advance;
	section->shared_loss = section->loss - section->elsewhere;
	if (plan->policy.scheme == POLICY_DEPOSIT_ONLY)
		section->promised += plan->pool;
	else if (plan->advance > 0)
		(void)life_step(LIFE_RECOURSE, &section->recourse_state, RECOURSE_INCHOATE);
}

static enum recourse_error apply_approve(struct decision *decision, const struct value *values)
{
	struct record_round round;
	struct plan plan = {.deposit = 0};
	struct record_incident *incident = &plan.incident;
	TRY(find_plan(decision, values[APPROVE_INCIDENT].text, &plan));
	TRY(make_plan(decision, &plan));
	if (incident->state != INCIDENT_ADJUDICATED && incident->state != INCIDENT_RECOVERY)
		TRY(decision_step(
			decision, LIFE_INCIDENT, &incident->state, INCIDENT_ADJUDICATED, "incident"));
	TRY(round_make(decision, &plan.section, ROUND_DEPOSIT, plan.pool, plan.instruments, &round));

	share_out(&plan, decision->entry);
	decision_fact_integer(decision, "claims", round.claims);
	decision_fact_amount(decision, "deposit", &incident->unit, plan.deposit);
	decision_fact_amount(decision, "instruments", &incident->unit, plan.instruments);
	decision_fact_amount(decision, "advance", &incident->unit, plan.advance);
	decision_fact_text(decision, "funder", plan.funder);
	decision_fact_amount(decision, "weights", &incident->unit, round.split.total);
	TRY(post_plan(decision, &plan));
	TRY(incident_save(decision, incident));
	TRY(section_save(decision, &plan.section));
	return deduct(decision, &plan, round.claims);
}

/* ---- funding.receive: the funder pays in what it committed ---- */

enum { FUND_INCIDENT, FUND_AMOUNT, FUND_BANK };
static const struct recourse_field fund_fields[] = {
	[FUND_INCIDENT] = FIELD(ID, "incident", "that the funder advances"),
	[FUND_AMOUNT] = FIELD(AMOUNT, "amount", "received, at most what is committed"),
	[FUND_BANK] = ATTEST_LINE(FIELD),
};

static enum recourse_error apply_fund(struct decision *decision, const struct value *values)
{
	struct record_incident incident;
	struct record_section section;
	slice reference = values[FUND_INCIDENT].text;
	slice funder;
	int64_t steps;
	TRY(incident_concerned(decision, reference, &incident));
	TRY(section_of(decision->state, &incident, &section));
	TRY(section_custodian(decision, "incident", &section));
	TRY(decision_amount(decision, "amount", values[FUND_AMOUNT].text, &incident.unit, &steps));
	TRY(party_name(decision->state, decision->arena, incident.funder, &funder));
	TRY(attest_received(
		decision, &values[FUND_BANK], &incident.unit, steps, CHART_COMMITMENT, funder, reference));
	if (amount_add_steps(incident.funded, steps, &incident.funded) != RECOURSE_OK)
		return refuse(decision, RECOURSE_OVERFLOW, "amount", "64 bits");
	return incident_save(decision, &incident);
}

static const struct command rows[] = {
	COMMAND("distribution.approve", RECOURSE_ROLE_APPROVER, approve_fields, apply_approve,
		"share deposit and instruments out among the decided claims, commit the funder to the rest",
		RECOURSE_AMOUNT_RANGE, RECOURSE_STATE_WRONG),
	COMMAND("funding.receive", RECOURSE_ROLE_CUSTODIAN, fund_fields, apply_fund,
		"the custodian attests the funder's money", RECOURSE_STATE_WRONG, ATTEST_REFUSES),
};
const struct command_group distribution_commands = COMMAND_GROUP(rows);
