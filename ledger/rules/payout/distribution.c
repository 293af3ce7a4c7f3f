/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/payout/sharing.h"

#include "rules/deposit/deposit.h"
#include "rules/incident/incident.h"
#include "rules/incident/section.h"

#include <assert.h>

enum { APPROVE_INCIDENT };
static const struct recourse_field approve_fields[] = {
	[APPROVE_INCIDENT] = FIELD(ID, "incident", "whose decided claims get their share"),
};

/*
 * One entry shares out what it has room for: of each section its deposit and the instruments that pay, of all together
 * the accounts that are the incident's and the issuer's pool.
 */
enum { PLANS_MAX = 12, PLANS_POSTINGS_MAX = ENTRY_POSTINGS_MAX - 4 - (1 + INSTRUMENT_CALLS_MAX) };
_Static_assert(PLANS_POSTINGS_MAX >= 1 + INSTRUMENT_CALLS_MAX, "one section always has room");

/* What is shared out now, and the sections that have to wait for the next approval. */
struct approval {
	struct sharing sharing;
	size_t count;
	struct plan *plans;
	uint64_t left;
	struct plan sum; /* amounts of all */
	uint64_t claims;
	bool deducts; /* the entry says until when that can be appealed */
};

/* Nothing of a deposit-only scheme is advanced; else what deposit, instruments and the issuer's pool do not cover is. */
static enum recourse_error make_plan(struct decision *decision, const struct sharing *sharing,
	const struct sharing_row *row, struct plan *plan)
{
	TRY(section_load(decision->state, sharing->incident.number, row->party, &plan->section));
	TRY(sharing_plan(decision, sharing, plan));
	plan->from_issuer = row->part;
	plan->pool = plan->deposit + plan->instruments + plan->from_issuer;
	plan->advance = sharing->policy.scheme == POLICY_DEPOSIT_ONLY ? 0 : plan->promised - plan->pool;
	return RECOURSE_OK;
}

static enum recourse_error make_plans(struct decision *decision, struct approval *approval)
{
	const struct sharing *sharing = &approval->sharing;
	size_t postings = 0;
	approval->plans = arena_allocate(decision->arena, (PLANS_MAX + 1) * sizeof *approval->plans);
	if (approval->plans == NULL)
		return RECOURSE_MEMORY;
	for (size_t row = 0; row < sharing->count; row++) {
		struct plan *plan = &approval->plans[approval->count];
		TRY(make_plan(decision, sharing, &sharing->rows[row], plan));
		if (plan->pool + plan->advance == 0)
			continue;
		postings += 1 + plan->calls.count;
		if (approval->count == PLANS_MAX || postings > PLANS_POSTINGS_MAX)
			approval->left++;
		else
			approval->count++;
	}
	if (approval->count == 0)
		return refuse(
			decision, RECOURSE_AMOUNT_RANGE, "incident", "decided claims with money to share");
	return RECOURSE_OK;
}

static enum recourse_error add_plan(struct plan *sum, const struct plan *plan)
{
	TRY(amount_add_steps(sum->deposit, plan->deposit, &sum->deposit));
	TRY(amount_add_steps(sum->instruments, plan->instruments, &sum->instruments));
	TRY(amount_add_steps(sum->from_issuer, plan->from_issuer, &sum->from_issuer));
	TRY(amount_add_steps(sum->advance, plan->advance, &sum->advance));
	return amount_add_steps(sum->round.split.total, plan->round.split.total, &sum->round.split.total);
}

static void share_out(const struct sharing *sharing, struct plan *plan, uint64_t entry)
{
	struct record_section *section = &plan->section;
	section->last_round_entry = entry;
	section->pool_taken += plan->pool;
	section->from_instruments += plan->instruments;
	section->from_issuer += plan->from_issuer;
	section->advanced += plan->advance;
	section->shared_loss = section->loss - section->elsewhere;
	if (sharing->policy.scheme == POLICY_DEPOSIT_ONLY)
		section->promised += plan->pool;
	else if (plan->advance > 0)
		(void)life_step(LIFE_RECOURSE, &section->recourse_state, RECOURSE_INCHOATE);
}

static enum recourse_error make_rounds(struct decision *decision, struct approval *approval)
{
	for (size_t index = 0; index < approval->count; index++) {
		struct plan *plan = &approval->plans[index];
		TRY(round_make(decision, &plan->section, ROUND_DEPOSIT, plan->pool, plan->instruments,
			plan->from_issuer, &plan->round));
		share_out(&approval->sharing, plan, decision->entry);
		approval->claims += plan->round.claims;
		TRY(add_plan(&approval->sum, plan));
	}
	return RECOURSE_OK;
}

static void show(struct decision *decision, const struct approval *approval)
{
	const struct unit *unit = &approval->sharing.incident.unit;
	const struct plan *sum = &approval->sum;
	decision_fact_integer(decision, "claims", approval->claims);
	decision_fact_amount(decision, "deposit", unit, sum->deposit);
	decision_fact_amount(decision, "instruments", unit, sum->instruments);
	decision_fact_amount(decision, "advance", unit, sum->advance);
	decision_fact_text(decision, "funder", approval->sharing.funder);
	decision_fact_amount(decision, "weights", unit, sum->round.split.total);
	if (approval->sharing.incident.merchant != 0)
		return;
	decision_fact_amount(decision, "from_issuer", unit, sum->from_issuer);
	decision_fact_integer(decision, "sections", approval->count);
	decision_fact_integer(decision, "sections_left", approval->left);
}

/* A deposit that is used up has been applied; what is left of one stays frozen. */
static enum recourse_error note_applied(
	struct decision *decision, const struct sharing *sharing, slice merchant, bool used_up)
{
	const struct unit *unit = &sharing->incident.unit;
	struct record_deposit deposit;
	TRY(deposit_record_find(decision, "incident", merchant, unit, &deposit));
	if (used_up)
		(void)life_step(LIFE_DEPOSIT, &deposit.state, DEPOSIT_APPLIED);
	TRY(deposit_record_put(decision, merchant, unit, &deposit));
	return decision_about(decision, RECORD_PARTY, merchant);
}

/*
 * A4: nothing else takes from a frozen deposit what its merchant does not get, and never without a decided claim. What
 * is deducted is named by this entry and the merchant, and can be appealed while the policy's window lasts. `given` of it
 * the issuer's pool gave for claims of others.
 */
static enum recourse_error deduct(struct decision *decision, struct approval *approval,
	const struct plan *plan, int64_t given, uint64_t claims)
{
	const struct sharing *sharing = &approval->sharing;
	struct record_path path = record_path_of_number(RECORD_DEDUCTION, decision->entry);
	struct record_deduction deduction = {
		.amount = plan->deposit + given,
		.given = given,
		.claims = claims,
		.time = decision->time,
		.until = decision->time + (uint64_t)sharing->policy.appeal_days * INSTANT_DAY,
		.incident = plan->section.incident,
		.merchant = plan->section.party,
		.approver = decision->actor->key,
	};
	record_path_short(&path, deduction.merchant);
	if (deduction.amount == 0)
		return RECOURSE_OK;
	assert(plan->deposit >= 0 && given >= 0 && claims > 0);
	TRY(note_applied(decision, sharing, plan->merchant, deduction.amount == plan->frozen));
	if (!approval->deducts)
		decision_fact_instant(decision, "appealable_until", deduction.until);
	approval->deducts = true;
	TRY(decision_put(decision, &path, &deduction, sizeof deduction));
	return decision_about(decision, RECORD_DEDUCTION, plan->merchant);
}

static enum recourse_error post_plan(
	struct decision *decision, const struct sharing *sharing, struct plan *plan)
{
	const struct unit *unit = &sharing->incident.unit;
	slice none = slice_text("");
	TRY(decision_move(decision, unit, plan->deposit, CHART_DEPOSIT_FROZEN, plan->merchant, CHART_CLAIMS,
		none, sharing->reference));
	TRY(instrument_call_draw(decision, sharing->reference, &plan->calls, plan->instruments));
	TRY(decision_move(
		decision, unit, plan->advance, CHART_INCHOATE, none, CHART_CLAIMS, none, sharing->reference));
	TRY(decision_move(decision, unit, plan->advance, CHART_COMMITMENT, sharing->funder, CHART_ADVANCES,
		sharing->funder, sharing->reference));
	return section_save(decision, &plan->section);
}

/* The issuer's pool comes last of the pools: what its own claims took of it is posted by then. */
static enum recourse_error post_issuers(
	struct decision *decision, struct approval *approval, const struct plan *own)
{
	const struct sharing *sharing = &approval->sharing;
	const struct record_incident *incident = &sharing->incident;
	int64_t steps = approval->sum.from_issuer;
	struct plan pool = {.deposit = 0};
	TRY(section_load(decision->state, incident->number, incident->issuer, &pool.section));
	TRY(sharing_plan(decision, sharing, &pool));
	pool.deposit = own == NULL ? 0 : own->deposit;
	int64_t left = pool.frozen - pool.deposit;
	int64_t given = left < steps ? left : steps;
	pool.section.given += steps;
	pool.section.given_instruments += steps - given;
	TRY(decision_move(decision, &incident->unit, given, CHART_DEPOSIT_FROZEN, pool.merchant, CHART_CLAIMS,
		slice_text(""), sharing->reference));
	TRY(instrument_call_draw(decision, sharing->reference, &pool.calls, steps - given));
	TRY(section_save(decision, &pool.section));
	return deduct(decision, approval, &pool, given, approval->claims);
}

static enum recourse_error post_all(struct decision *decision, struct approval *approval)
{
	const struct sharing *sharing = &approval->sharing;
	const struct plan *issuers = NULL;
	for (size_t index = 0; index < approval->count; index++)
		TRY(post_plan(decision, sharing, &approval->plans[index]));
	for (size_t index = 0; index < approval->count; index++) {
		const struct plan *plan = &approval->plans[index];
		if (approval->sum.from_issuer > 0 && plan->section.party == sharing->incident.issuer)
			issuers = plan;
		else
			TRY(deduct(decision, approval, plan, 0, plan->round.claims));
	}
	return approval->sum.from_issuer > 0 ? post_issuers(decision, approval, issuers) : RECOURSE_OK;
}

static enum recourse_error apply_approve(struct decision *decision, const struct value *values)
{
	struct approval approval = {.count = 0};
	struct record_incident *incident = &approval.sharing.incident;
	TRY(sharing_find(decision, values[APPROVE_INCIDENT].text, &approval.sharing));
	TRY(make_plans(decision, &approval));
	if (incident->state != INCIDENT_ADJUDICATED && incident->state != INCIDENT_RECOVERY)
		TRY(decision_step(
			decision, LIFE_INCIDENT, &incident->state, INCIDENT_ADJUDICATED, "incident"));
	TRY(make_rounds(decision, &approval));

	show(decision, &approval);
	TRY(incident_save(decision, incident));
	return post_all(decision, &approval);
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
	slice reference = values[FUND_INCIDENT].text;
	slice funder;
	int64_t steps;
	TRY(incident_concerned(decision, reference, &incident));
	TRY(incident_custodian(decision, &incident));
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
