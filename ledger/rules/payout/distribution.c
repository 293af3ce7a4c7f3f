/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/payout/distribution.h"

#include "rule/trial.h"
#include "rules/claims/unmoved.h"
#include "rules/deposit/deposit.h"
#include "rules/incident/given_back.h"
#include "rules/incident/incident.h"
#include "rules/incident/section.h"
#include "rules/payout/distribution_reverse.h"
#include "rules/payout/replaced.h"
#include "rules/payout/too_much.h"
#include "rules/payout/waiting.h"
#include "rules/payout/waiting_kept.h"
#include "rules/recourse/advance.h"
#include "rules/recourse/settle_up.h"
#include "rules/recourse/set_off.h"
#include "rules/recourse/recourse_reverse.h"

#include <assert.h>

enum { APPROVE_INCIDENT };
static const struct recourse_field approve_fields[] = {
	[APPROVE_INCIDENT] = FIELD(ID, "incident", "whose decided claims get their share"),
};

/*
 * One entry shares out what it has room for: of each section its deposit and the instruments that pay, of all together
 * the accounts that are the incident's and the issuer's pool.
 */
enum {
	SECTIONS_MAX = 12,
	POSTINGS_MAX = ENTRY_POSTINGS_MAX - 6 - (1 + INSTRUMENT_CALLS_MAX),
};
_Static_assert(POSTINGS_MAX >= 1 + INSTRUMENT_CALLS_MAX + SETTLE_UP_POSTINGS, "one section always has room");

/* A section that was shared out, and what its pool gave back to the funder. */
struct shared_out {
	int64_t repaid;
	int64_t unordered; /* of which for claims that no payout is ordered of yet */
	struct waiting_given issuers;
};

/* What is shared out by it, all told, and the sections that have to wait for the next one. */
struct approval {
	struct waiting waiting;
	uint64_t most; /* sections that this entry is to share out */
	uint64_t sections;
	uint64_t left;
	size_t postings;
	uint64_t claims;
	int64_t deposit;
	int64_t instruments;
	int64_t from_issuer;
	int64_t replaced;
	int64_t lodged; /* of which the issuer's deposit has again: it is not in its balance yet */
	int64_t advance;
	int64_t weights;
	struct shared_out shared[SECTIONS_MAX];
	bool held;
	bool short_of_issuers; /* what the issuer's pool is to have again it has not all yet: it gives none of it */
	int64_t issuers_own;     /* of the deposit: the issuer's, for claims of its own, */
	uint64_t issuers_claims; /* which are so many */
	uint64_t until;          /* what is deducted can be appealed; 0: nothing is */
};

/* ---- a section ---- */

/* Why it was so much: for who looks whether all sections have had their part. */
static void note_issuers(
	const struct waiting *waiting, const struct waiting_row *row, struct record_round *round)
{
	if (round->from_issuer == 0)
		return;
	round->issuers_had = row->share.had + row->yields + row->used;
	round->issuers_used = row->used;
	round->issuers_later = amount_least(row->given_later, round->from_issuer);
	round->issuers_weight = row->share.weight;
	round->issuers_level = waiting->lifted.level;
	round->issuers_weights = waiting->lifted.weights;
}

static bool is_issuers(const struct waiting *waiting, uint32_t party)
{
	return waiting->incident.merchant == 0 && party == waiting->incident.issuer;
}

/*
 * What the issuer's pool has again by the same entry serves its own claims first. `bound`: no more than may leave before the bar
 * date.
 */
static enum recourse_error make_plan(struct decision *decision, const struct approval *approval,
	const struct waiting_row *row, bool bound, struct pool_plan *plan)
{
	const struct waiting *waiting = &approval->waiting;
	TRY(section_load(decision->state, waiting->incident.number, row->party, &plan->section));
	TRY(pool_plan_load(decision, &waiting->incident, &waiting->policy, plan));
	if (is_issuers(waiting, row->party)) {
		plan->restored = waiting->restored;
		plan->frozen += approval->lodged;
		TRY(amount_add_steps(plan->most, approval->lodged, &plan->most));
	}
	plan->issuers_barred = row->barred;
	plan->issuers_later = row->later_due;
	if (bound)
		TRY(pool_plan_bound(decision, &waiting->incident, &waiting->policy, plan));
	enum recourse_error error = pool_plan_fill(plan, row->part, row->liftable, row->back);
	note_issuers(waiting, row, &plan->sharing.round);
	return error == RECOURSE_OVERFLOW
		       ? refuse(decision, error, "incident", "losses and open claims within 64 bits")
		       : error;
}

/* What is advanced no more is no recourse, whoever had paid it: what parties paid of it serves what they owe beside it. */
static enum recourse_error repay(struct decision *decision, const struct waiting *waiting,
	struct pool_plan *plan, const struct too_much *too_much, struct shared_out *shared)
{
	struct record_section *section = &plan->section;
	*shared = (struct shared_out){.repaid = plan->sharing.repaid + too_much->repaid,
		.issuers = {plan->from_issuer, replaced_issuers(&plan->sharing.round), section->party}};
	if (shared->repaid == 0)
		return RECOURSE_OK;
	struct sharing_repaid repaid;
	TRY(sharing_unordered(decision, &plan->sharing, &repaid));
	shared->unordered = repaid.unordered;
	section->repaid += shared->repaid;
	section->repaid_settled += plan->sharing.repaid - repaid.unsettled + too_much->settled;
	return settle_up_repaid(
		decision, &waiting->incident, section, plan->sharing.repaid - repaid.unsettled);
}

/*
 * The funder's side of it, and that of the liable parties, of whom less is asked, when the pools have given: 2110 gets what
 * claims have beyond what was advanced.
 */
static enum recourse_error release(struct decision *decision, struct waiting *waiting,
	struct record_section *section, const struct shared_out *shared, int64_t *committed)
{
	struct advance_release release = {
		.from = CHART_CLAIMS,
		.steps = shared->repaid,
		.committed = *committed,
		.unordered = shared->unordered,
	};
	TRY(advance_release(
		decision, &waiting->incident, section, waiting->funder, waiting->reference, &release));
	*committed = release.committed;
	return settle_up_first(decision, &waiting->incident, section);
}

/* What is over-paid in one of them serves others, when all are known: that is planned once. */
static enum recourse_error set_off_all(struct decision *decision, struct approval *approval)
{
	const struct record_incident *incident = &approval->waiting.incident;
	bool concerned = false;
	for (uint64_t index = 0; index < approval->sections && !concerned; index++) {
		struct record_section section;
		TRY(section_load(
			decision->state, incident->number, approval->shared[index].issuers.party, &section));
		TRY(set_off_concerns(decision, incident, &section, &concerned));
	}
	return concerned ? set_off_party(decision, incident, slice_text("")) : RECOURSE_OK;
}

static enum recourse_error release_all(struct decision *decision, struct approval *approval)
{
	struct waiting *waiting = &approval->waiting;
	int64_t repaid = 0;
	int64_t committed = approval->advance;
	TRY(advance_commit(decision, &waiting->incident, waiting->funder, waiting->reference, committed));
	for (uint64_t index = 0; index < approval->sections; index++) {
		const struct shared_out *shared = &approval->shared[index];
		struct record_section section;
		repaid += shared->repaid;
		TRY(section_load(decision->state, waiting->incident.number, shared->issuers.party, &section));
		TRY(release(decision, waiting, &section, shared, &committed));
		TRY(section_save(decision, &section));
	}
	if (repaid > 0)
		decision_fact_amount(decision, "repaid", &waiting->incident.unit, repaid);
	return RECOURSE_OK;
}

static enum recourse_error post_pool(
	struct decision *decision, const struct waiting *waiting, struct pool_plan *plan)
{
	TRY(decision_move(decision, &waiting->incident.unit, plan->deposit, CHART_DEPOSIT_FROZEN,
		plan->merchant, CHART_CLAIMS, slice_text(""), waiting->reference));
	return instrument_call_draw(decision, waiting->reference, &plan->calls, plan->instruments);
}

/* A deposit that is used up has been applied; what is left of one stays frozen. */
static enum recourse_error note_applied(
	struct decision *decision, const struct waiting *waiting, slice merchant, bool used_up)
{
	const struct unit *unit = &waiting->incident.unit;
	struct record_deposit deposit;
	TRY(deposit_record_find(decision, "incident", merchant, unit, &deposit));
	if (used_up && !record_incident_stands(&waiting->incident))
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
	const struct pool_plan *plan, int64_t given, uint64_t claims)
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

/* The sums of the section, the round itself, and what it moves. */
static enum recourse_error share_out(struct decision *decision, struct waiting *waiting,
	struct pool_plan *plan, const struct too_much *too_much, struct shared_out *shared, int64_t *lodged)
{
	struct record_section *section = &plan->section;
	struct sharing *sharing = &plan->sharing;
	TRY(replaced_give_back(decision, &waiting->incident, section, waiting->reference, &plan->calls,
		&sharing->round, plan->barred, plan->replaced_later, lodged));
	TRY(given_back_pass_on(decision, section, plan->barred, plan->passed_on));
	section->pool_taken += sharing->round.amount;
	section->from_instruments += plan->instruments;
	section->from_issuer += plan->from_issuer;
	TRY(too_much_keep(decision, &waiting->incident, section, waiting->reference, too_much));
	section->advanced += sharing->advance;
	section->promised += sharing->more;
	if (sharing->advance > 0)
		(void)life_step(LIFE_RECOURSE, &section->recourse_state, RECOURSE_INCHOATE);
	TRY(sharing_keep(decision, section, sharing));
	TRY(post_pool(decision, waiting, plan));
	return repay(decision, waiting, plan, too_much, shared);
}

static enum recourse_error add_up(struct approval *approval, const struct pool_plan *plan)
{
	const struct sharing *sharing = &plan->sharing;
	approval->claims += sharing->round.claims;
	TRY(amount_add_steps(approval->deposit, plan->deposit, &approval->deposit));
	TRY(amount_add_steps(approval->instruments, plan->instruments, &approval->instruments));
	TRY(amount_add_steps(approval->from_issuer, plan->from_issuer, &approval->from_issuer));
	TRY(amount_add_steps(approval->replaced, sharing->round.replaced, &approval->replaced));
	TRY(amount_add_steps(approval->advance, sharing->advance, &approval->advance));
	return amount_add_steps(approval->weights, sharing->round.split.weights, &approval->weights);
}

/* Its pool has something again, whether it gives anything or not. */
static enum recourse_error keep_issuers(struct decision *decision, const struct waiting *waiting)
{
	const struct record_incident *incident = &waiting->incident;
	struct record_section issuer;
	TRY(section_load(decision->state, incident->number, incident->issuer, &issuer));
	return distribution_reverse_keep(decision, incident, &issuer, false);
}

/* What the issuer's deposit gives is deducted with what it gives to others. */
static enum recourse_error approve_section(
	struct decision *decision, struct approval *approval, const struct waiting_row *row)
{
	struct waiting *waiting = &approval->waiting;
	SCOPED(pool_plan_free) struct pool_plan plan = {.deposit = 0};
	SCOPED(too_much_free) struct too_much too_much = {.repaid = 0};
	size_t postings;
	TRY(make_plan(decision, approval, row, true, &plan));
	if (plan.sharing.round.amount + plan.sharing.advance == 0) {
		approval->held |= plan.held && approval->waiting.policy.interim == 0;
		return RECOURSE_OK;
	}
	TRY(settle_up_postings(decision, &plan.section, &postings));
	TRY(too_much_find(decision, &plan.section, &plan.sharing, &too_much));
	approval->postings += 1 + plan.calls.count + postings + too_much_postings(&too_much);
	if (approval->sections == approval->most ||
		(approval->postings > POSTINGS_MAX && approval->sections > 0) ||
		(approval->short_of_issuers && row->part > 0)) {
		approval->left++;
		return RECOURSE_OK;
	}
	TRY(distribution_reverse_keep(decision, &waiting->incident, &plan.section, true));
	if (row->back > 0)
		TRY(keep_issuers(decision, waiting));
	TRY(share_out(decision, waiting, &plan, &too_much, &approval->shared[approval->sections],
		&approval->lodged));
	approval->sections++;
	plan.section.shared_loss = plan.section.loss - plan.section.elsewhere;
	plan.section.last_round_entry = decision->entry;
	TRY(section_save(decision, &plan.section));
	TRY(add_up(approval, &plan));
	if (!is_issuers(waiting, row->party))
		return deduct(decision, approval, &plan, 0, plan.sharing.round.claims);
	approval->issuers_own = plan.deposit;
	approval->issuers_claims = plan.sharing.round.claims;
	return RECOURSE_OK;
}

/* Those from which the issuer's pool has something again come before it gives it to others. */
static enum recourse_error approve_sections(struct decision *decision, struct approval *approval, bool back)
{
	for (size_t index = 0; index < approval->waiting.count; index++) {
		const struct waiting_row *row = &approval->waiting.rows[index];
		if (row->claims && (row->back > 0) == back)
			TRY(approve_section(decision, approval, row));
	}
	return RECOURSE_OK;
}

/* ---- the issuer's pool: what its own claims took of it is posted by then ---- */

/* Its instruments paid so much of it: of what each section had of the pool. */
static enum recourse_error secure(struct decision *decision, const struct approval *approval, int64_t steps)
{
	int64_t weights[SECTIONS_MAX];
	int64_t parts[SECTIONS_MAX];
	for (uint64_t index = 0; index < approval->sections; index++)
		weights[index] = approval->shared[index].issuers.given;
	TRY(split_all(steps, weights, approval->sections, parts));
	for (uint64_t index = 0; index < approval->sections; index++) {
		struct record_section section;
		TRY(section_load(decision->state, approval->waiting.incident.number,
			approval->shared[index].issuers.party, &section));
		TRY(given_back_secure(decision, &section, decision->entry, parts[index]));
		TRY(section_save(decision, &section));
	}
	return RECOURSE_OK;
}

static enum recourse_error give_issuers(struct decision *decision, struct approval *approval)
{
	const struct waiting *waiting = &approval->waiting;
	const struct record_incident *incident = &waiting->incident;
	int64_t steps = approval->from_issuer;
	SCOPED(pool_plan_free) struct pool_plan pool = {.deposit = 0};
	if (steps + approval->issuers_own == 0)
		return RECOURSE_OK;
	TRY(section_load(decision->state, incident->number, incident->issuer, &pool.section));
	TRY(pool_plan_load(decision, &waiting->incident, &waiting->policy, &pool));
	pool.deposit = approval->issuers_own;
	pool.frozen += approval->lodged;
	int64_t given = amount_least(pool.frozen - pool.deposit, steps);
	TRY(distribution_reverse_keep(decision, incident, &pool.section, false));
	pool.section.given += steps;
	pool.section.given_instruments += steps - given;
	TRY(decision_move(decision, &incident->unit, given, CHART_DEPOSIT_FROZEN, pool.merchant, CHART_CLAIMS,
		slice_text(""), waiting->reference));
	TRY(instrument_call_draw(decision, waiting->reference, &pool.calls, steps - given));
	TRY(section_save(decision, &pool.section));
	if (steps > given)
		TRY(secure(decision, approval, steps - given));
	return deduct(
		decision, approval, &pool, given, given > 0 ? approval->claims : approval->issuers_claims);
}

static enum recourse_error keep_split(struct decision *decision, const struct approval *approval)
{
	struct waiting_given given[SECTIONS_MAX];
	for (uint64_t index = 0; index < approval->sections; index++)
		given[index] = approval->shared[index].issuers;
	return waiting_kept_put(decision, &approval->waiting, given, approval->sections);
}

/* ---- distribution.approve ---- */

static void show(struct decision *decision, const struct approval *approval)
{
	const struct unit *unit = &approval->waiting.incident.unit;
	decision_fact_integer(decision, "claims", approval->claims);
	decision_fact_amount(decision, "deposit", unit, approval->deposit);
	decision_fact_amount(decision, "instruments", unit, approval->instruments);
	if (approval->replaced > 0)
		decision_fact_amount(decision, "replaced", unit, approval->replaced);
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

static enum recourse_error keep(struct decision *decision, const struct approval *approval, uint32_t was)
{
	const struct waiting *waiting = &approval->waiting;
	struct record_booked booked = {.unit = waiting->incident.unit,
		.amount =
			approval->deposit + approval->instruments + approval->from_issuer + approval->advance,
		.kind = BOOKED_DISTRIBUTION,
		.was = was,
		.is = waiting->incident.state};
	record_text_set(booked.id, sizeof booked.id, waiting->reference);
	record_text_set(booked.reference, sizeof booked.reference, waiting->reference);
	return booked_keep(decision, &booked);
}

/* After the bar date no lot's part is kept back for who belongs to it and is not there yet. */
static enum recourse_error check_moved(struct decision *decision, const struct record_incident *incident)
{
	struct unmoved unmoved;
	if (decision->time <= incident->bar_date)
		return RECOURSE_OK;
	TRY(unmoved_find(decision->state, decision->arena, incident, 0, &unmoved));
	return unmoved.id.size == 0
		       ? RECOURSE_OK
		       : refuse_entry(decision, RECOURSE_NOT_PERMITTED, "incident", unmoved.entry);
}

/* One of its pools would give something if no lot were open: what is restored it would not give who had it, open or not. */
static enum recourse_error find_held(struct decision *decision, const struct approval *approval, bool *held)
{
	*held = false;
	for (size_t index = 0; index < approval->waiting.count && approval->held && !*held; index++) {
		const struct waiting_row *row = &approval->waiting.rows[index];
		SCOPED(pool_plan_free) struct pool_plan plan = {.deposit = 0};
		if (!row->claims)
			continue;
		TRY(make_plan(decision, approval, row, false, &plan));
		*held = plan.sharing.round.amount > 0;
	}
	return RECOURSE_OK;
}

static enum recourse_error refuse_nothing(struct decision *decision, const struct approval *approval)
{
	bool held;
	TRY(find_held(decision, approval, &held));
	return held ? refuse(decision, RECOURSE_NOT_PERMITTED, "incident",
			      "a pool that covers every open lot, before the bar date")
		    : refuse(decision, RECOURSE_AMOUNT_RANGE, "incident",
			      "decided claims with money to share");
}

static enum recourse_error approve(struct decision *decision, slice id, struct approval *approval)
{
	struct record_incident *incident = &approval->waiting.incident;
	TRY(waiting_find(decision, id, &approval->waiting));
	uint32_t was = incident->state;
	TRY(check_moved(decision, incident));
	TRY(approve_sections(decision, approval, true));
	approval->short_of_issuers = approval->left > 0;
	TRY(approve_sections(decision, approval, false));
	if (approval->sections == 0)
		return refuse_nothing(decision, approval);
	if (incident->state != INCIDENT_ADJUDICATED && incident->state != INCIDENT_RECOVERY)
		TRY(decision_step(
			decision, LIFE_INCIDENT, &incident->state, INCIDENT_ADJUDICATED, "incident"));
	TRY(give_issuers(decision, approval));
	TRY(keep_split(decision, approval));
	TRY(release_all(decision, approval));
	show(decision, approval);
	TRY(keep(decision, approval, was));
	TRY(set_off_all(decision, approval));
	return incident_save(decision, incident);
}

/* Its postings are counted before; with long ids they are more bytes than an entry has. */
static enum recourse_error apply_approve(struct decision *decision, const struct value *values)
{
	struct approval approval = {.most = SECTIONS_MAX};
	struct trial trial;
	trial_begin(decision, &trial);
	enum recourse_error error = approve(decision, values[APPROVE_INCIDENT].text, &approval);
	while (trial_is_too_large(decision, error) && approval.sections > 1) {
		approval = (struct approval){.most = approval.sections / 2};
		trial_undo(decision, &trial);
		error = approve(decision, values[APPROVE_INCIDENT].text, &approval);
	}
	return error;
}

/*
 * ---- what an instrument pays after later ranks gave repays them at once: it was called for these claims ----
 *
 * As long as all get the same part by it: where one is promised less of its loss than others, or had some elsewhere, what goes
 * beyond that is the next approval's, which gives to all.
 */

/* What of the issuer's pool's part so much is in the place of: in total, over all sections. */
static enum recourse_error find_back(
	struct decision *decision, struct waiting *waiting, const struct pool_plan *plan, int64_t *back)
{
	*back = 0;
	if (plan->section.from_issuer == 0)
		return RECOURSE_OK;
	TRY(waiting_share(decision, waiting));
	for (size_t row = 0; row < waiting->count; row++) {
		if (waiting->rows[row].party == plan->section.party)
			*back = amount_least(waiting->rows[row].back, plan->cash);
	}
	return RECOURSE_OK;
}

static enum recourse_error plan_paid(
	struct decision *decision, struct waiting *waiting, struct pool_plan *plan)
{
	int64_t back;
	plan->sharing.how.covered_only = true;
	plan->sharing.how.bounded = true;
	TRY(pool_plan_load(decision, &waiting->incident, &waiting->policy, plan));
	plan->most = amount_least(plan->cash, sharing_even_room(&plan->sharing));
	plan->restored = amount_beyond(plan->restored, plan->frozen);
	plan->instead = 0;
	plan->frozen = 0; /* a deposit is taken by an approver alone (A4) */
	TRY(find_back(decision, waiting, plan, &back));
	return pool_plan_fill(plan, 0, 0, back);
}

enum recourse_error distribution_instrument_paid(struct decision *decision, slice reference,
	const struct record_incident *incident, const struct record_section *section)
{
	struct waiting waiting = {.reference = reference, .incident = *incident};
	struct shared_out shared;
	int64_t lodged = 0;
	SCOPED(pool_plan_free) struct pool_plan plan = {.section = *section};
	SCOPED(too_much_free) struct too_much too_much = {.repaid = 0};
	if ((section->advanced == section->repaid && section->from_issuer == 0) ||
		section->rounds[ROUND_LIFT] == ROUND_LIFTS_MAX)
		return RECOURSE_OK;
	TRY(incident_terms(decision, incident, &waiting.policy));
	TRY(party_name(decision->state, decision->arena, incident->funder, &waiting.funder));
	enum recourse_error error = plan_paid(decision, &waiting, &plan);
	/* the bank's word stands, whatever comes of it */
	if (error == RECOURSE_OVERFLOW || (error == RECOURSE_OK && plan.sharing.round.amount == 0))
		return RECOURSE_OK;
	TRY(error);
	TRY(too_much_find(decision, section, &plan.sharing, &too_much));
	TRY(share_out(decision, &waiting, &plan, &too_much, &shared, &lodged));
	TRY(waiting_kept_put(decision, &waiting, &shared.issuers, 1));
	int64_t committed = 0;
	if (shared.repaid > 0)
		decision_fact_amount(decision, "repaid", &incident->unit, shared.repaid);
	if (plan.sharing.round.replaced > 0)
		decision_fact_amount(decision, "replaced", &incident->unit, plan.sharing.round.replaced);
	TRY(release(decision, &waiting, &plan.section, &shared, &committed));
	TRY(set_off(decision, &waiting.incident, &plan.section));
	TRY(incident_save(decision, &waiting.incident));
	return section_save(decision, &plan.section);
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
	TRY(recourse_reverse_keep(decision, &(struct recourse_booking){.incident = &incident,
						    .kind = BOOKED_FUNDING,
						    .id = funder,
						    .line = values[FUND_BANK].text,
						    .steps = steps}));
	return incident_save(decision, &incident);
}

static const struct command rows[] = {
	COMMAND("distribution.approve", RECOURSE_ROLE_APPROVER, approve_fields, apply_approve,
		"share deposit and instruments out among the decided claims, commit the funder to the rest",
		RECOURSE_AMOUNT_RANGE, RECOURSE_STATE_WRONG, RECOURSE_NOT_PERMITTED, RECOURSE_OVERFLOW),
	COMMAND("funding.receive", RECOURSE_ROLE_CUSTODIAN, fund_fields, apply_fund,
		"the custodian attests the funder's money", RECOURSE_STATE_WRONG, ATTEST_REFUSES),
};
const struct command_group distribution_commands = COMMAND_GROUP(rows);
