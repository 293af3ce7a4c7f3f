/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/payout/waiting.h"

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
enum { SECTIONS_MAX = 12, POSTINGS_MAX = ENTRY_POSTINGS_MAX - 4 - (1 + INSTRUMENT_CALLS_MAX) };
_Static_assert(POSTINGS_MAX >= 1 + INSTRUMENT_CALLS_MAX, "one section always has room");

/* What is shared out by it, all told, and the sections that have to wait for the next one. */
struct approval {
	struct waiting waiting;
	uint64_t sections;
	uint64_t left;
	size_t postings;
	uint64_t claims;
	int64_t deposit;
	int64_t instruments;
	int64_t from_issuer;
	int64_t advance;
	int64_t weights;
	int64_t issuers_own;     /* of the deposit: the issuer's, for claims of its own, */
	uint64_t issuers_claims; /* which are so many */
	uint64_t until;          /* what is deducted can be appealed; 0: nothing is */
};

/* ---- a section ---- */

/* Nothing of a deposit-only scheme is advanced; else what deposit, instruments and the issuer's pool do not cover is. */
static enum recourse_error make_plan(struct decision *decision, const struct waiting *waiting,
	const struct waiting_row *row, struct plan *plan)
{
	TRY(section_load(decision->state, waiting->incident.number, row->party, &plan->section));
	TRY(waiting_plan(decision, waiting, plan));
	plan->from_issuer = row->part;
	plan->pool = plan->deposit + plan->instruments + plan->from_issuer;
	plan->advance = waiting->policy.scheme == POLICY_DEPOSIT_ONLY ? 0 : plan->promised - plan->pool;
	return RECOURSE_OK;
}

static enum recourse_error post_plan(
	struct decision *decision, const struct waiting *waiting, struct plan *plan)
{
	const struct unit *unit = &waiting->incident.unit;
	slice none = slice_text("");
	TRY(decision_move(decision, unit, plan->deposit, CHART_DEPOSIT_FROZEN, plan->merchant, CHART_CLAIMS,
		none, waiting->reference));
	TRY(instrument_call_draw(decision, waiting->reference, &plan->calls, plan->instruments));
	TRY(decision_move(
		decision, unit, plan->advance, CHART_INCHOATE, none, CHART_CLAIMS, none, waiting->reference));
	return decision_move(decision, unit, plan->advance, CHART_COMMITMENT, waiting->funder, CHART_ADVANCES,
		waiting->funder, waiting->reference);
}

/* A deposit that is used up has been applied; what is left of one stays frozen. */
static enum recourse_error note_applied(
	struct decision *decision, const struct waiting *waiting, slice merchant, bool used_up)
{
	const struct unit *unit = &waiting->incident.unit;
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
	const struct waiting *waiting = &approval->waiting;
	struct record_path path = record_path_of_number(RECORD_DEDUCTION, decision->entry);
	struct record_deduction deduction = {
		.amount = plan->deposit + given,
		.given = given,
		.claims = claims,
		.time = decision->time,
		.until = decision->time + (uint64_t)waiting->policy.appeal_days * INSTANT_DAY,
		.incident = plan->section.incident,
		.merchant = plan->section.party,
		.approver = decision->actor->key,
	};
	record_path_short(&path, deduction.merchant);
	if (deduction.amount == 0)
		return RECOURSE_OK;
	assert(plan->deposit >= 0 && given >= 0 && claims > 0);
	approval->until = deduction.until;
	TRY(note_applied(decision, waiting, plan->merchant, deduction.amount == plan->frozen));
	TRY(decision_put(decision, &path, &deduction, sizeof deduction));
	return decision_about(decision, RECORD_DEDUCTION, plan->merchant);
}

static enum recourse_error share_out(
	struct decision *decision, const struct waiting *waiting, struct plan *plan)
{
	struct record_section *section = &plan->section;
	TRY(round_make(decision, section, ROUND_DEPOSIT, plan->pool, plan->instruments, plan->from_issuer,
		&plan->round));
	section->last_round_entry = decision->entry;
	section->pool_taken += plan->pool;
	section->from_instruments += plan->instruments;
	section->from_issuer += plan->from_issuer;
	section->advanced += plan->advance;
	section->shared_loss = section->loss - section->elsewhere;
	if (waiting->policy.scheme == POLICY_DEPOSIT_ONLY)
		section->promised += plan->pool;
	else if (plan->advance > 0)
		(void)life_step(LIFE_RECOURSE, &section->recourse_state, RECOURSE_INCHOATE);
	TRY(post_plan(decision, waiting, plan));
	return section_save(decision, section);
}

static enum recourse_error add_up(struct approval *approval, const struct plan *plan)
{
	approval->sections++;
	approval->claims += plan->round.claims;
	TRY(amount_add_steps(approval->deposit, plan->deposit, &approval->deposit));
	TRY(amount_add_steps(approval->instruments, plan->instruments, &approval->instruments));
	TRY(amount_add_steps(approval->from_issuer, plan->from_issuer, &approval->from_issuer));
	TRY(amount_add_steps(approval->advance, plan->advance, &approval->advance));
	return amount_add_steps(approval->weights, plan->round.split.total, &approval->weights);
}

/* What the issuer's deposit gives is deducted with what it gives to others. */
static enum recourse_error approve_section(
	struct decision *decision, struct approval *approval, const struct waiting_row *row)
{
	const struct waiting *waiting = &approval->waiting;
	struct plan plan = {.deposit = 0};
	TRY(make_plan(decision, waiting, row, &plan));
	if (plan.pool + plan.advance == 0)
		return RECOURSE_OK;
	approval->postings += 1 + plan.calls.count;
	if (approval->sections == SECTIONS_MAX || approval->postings > POSTINGS_MAX) {
		approval->left++;
		return RECOURSE_OK;
	}
	TRY(share_out(decision, waiting, &plan));
	TRY(add_up(approval, &plan));
	if (waiting->incident.merchant != 0 || row->party != waiting->incident.issuer)
		return deduct(decision, approval, &plan, 0, plan.round.claims);
	approval->issuers_own = plan.deposit;
	approval->issuers_claims = plan.round.claims;
	return RECOURSE_OK;
}

/* ---- the issuer's pool: what its own claims took of it is posted by then ---- */

static enum recourse_error give_issuers(struct decision *decision, struct approval *approval)
{
	const struct waiting *waiting = &approval->waiting;
	const struct record_incident *incident = &waiting->incident;
	int64_t steps = approval->from_issuer;
	struct plan pool = {.deposit = 0};
	if (steps + approval->issuers_own == 0)
		return RECOURSE_OK;
	TRY(section_load(decision->state, incident->number, incident->issuer, &pool.section));
	TRY(waiting_plan(decision, waiting, &pool));
	pool.deposit = approval->issuers_own;
	int64_t left = pool.frozen - pool.deposit;
	int64_t given = left < steps ? left : steps;
	pool.section.given += steps;
	pool.section.given_instruments += steps - given;
	TRY(decision_move(decision, &incident->unit, given, CHART_DEPOSIT_FROZEN, pool.merchant, CHART_CLAIMS,
		slice_text(""), waiting->reference));
	TRY(instrument_call_draw(decision, waiting->reference, &pool.calls, steps - given));
	TRY(section_save(decision, &pool.section));
	return deduct(
		decision, approval, &pool, given, given > 0 ? approval->claims : approval->issuers_claims);
}

/* ---- distribution.approve ---- */

static void show(struct decision *decision, const struct approval *approval)
{
	const struct unit *unit = &approval->waiting.incident.unit;
	decision_fact_integer(decision, "claims", approval->claims);
	decision_fact_amount(decision, "deposit", unit, approval->deposit);
	decision_fact_amount(decision, "instruments", unit, approval->instruments);
	decision_fact_amount(decision, "advance", unit, approval->advance);
	decision_fact_text(decision, "funder", approval->waiting.funder);
	decision_fact_amount(decision, "weights", unit, approval->weights);
	if (approval->until != 0)
		decision_fact_instant(decision, "appealable_until", approval->until);
	if (approval->waiting.incident.merchant != 0)
		return;
	decision_fact_amount(decision, "from_issuer", unit, approval->from_issuer);
	decision_fact_integer(decision, "sections", approval->sections);
	decision_fact_integer(decision, "sections_left", approval->left);
}

static enum recourse_error apply_approve(struct decision *decision, const struct value *values)
{
	struct approval approval = {.sections = 0};
	const struct waiting *waiting = &approval.waiting;
	struct record_incident *incident = &approval.waiting.incident;
	TRY(waiting_find(decision, values[APPROVE_INCIDENT].text, &approval.waiting));
	for (size_t row = 0; row < waiting->count; row++)
		TRY(approve_section(decision, &approval, &waiting->rows[row]));
	if (approval.sections == 0)
		return refuse(
			decision, RECOURSE_AMOUNT_RANGE, "incident", "decided claims with money to share");
	if (incident->state != INCIDENT_ADJUDICATED && incident->state != INCIDENT_RECOVERY)
		TRY(decision_step(
			decision, LIFE_INCIDENT, &incident->state, INCIDENT_ADJUDICATED, "incident"));
	TRY(give_issuers(decision, &approval));
	show(decision, &approval);
	return incident_save(decision, incident);
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
