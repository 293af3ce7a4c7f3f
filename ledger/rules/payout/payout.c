/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/rule.h"
#include "rules/payout/appeal.h"
#include "rules/claims/claim.h"
#include "rules/claims/clawback.h"
#include "rules/claims/hearing.h"
#include "rules/claims/measure.h"
#include "rules/claims/top_up.h"
#include "rules/claims/undo.h"
#include "rules/collateral/instrument.h"
#include "rules/deposit/deposit.h"
#include "rules/deposit/deposit_bounce.h"
#include "rules/desk/flag.h"
#include "rules/incident/incident.h"
#include "rules/incident/sharing.h"
#include "rules/incident/section.h"
#include "rules/incident/weight.h"
#include "rules/payee/payee_order.h"
#include "rules/payout/former_line.h"
#include "rules/payout/payout_made.h"
#include "rules/payout/repaid.h"
#include "rules/payout/report.h"
#include "rules/payout/unclaimed.h"
#include "rules/rail/payment_batch.h"
#include "rules/recourse/recourse_reverse.h"
#include "rules/recourse/set_off.h"
#include "rules/recourse/settle_up.h"

/*
 * Payouts (F2, F3): exactly one settled payout for each claim instalment, whatever is retried or raced (I8): the
 * life of the claim's one payout allows no second settlement.
 */
static enum recourse_error save_payout(struct decision *decision, struct undo *payout)
{
	TRY(section_save(decision, &payout->section));
	return claim_put_about(decision, payout->id, &payout->claim);
}

static int64_t payout_amount(const struct undo *payout)
{
	return payout->claim.deposit_part + payout->claim.advance_part;
}

static struct clawback clawback_of(struct undo *payout)
{
	return (struct clawback){
		payout->id, payout->reference, &payout->claim, &payout->incident, &payout->section};
}

static void show_parts(struct decision *decision, const struct undo *payout)
{
	decision_fact_amount(decision, "deposit_part", &payout->incident.unit, payout->claim.deposit_part);
	decision_fact_amount(decision, "advance_part", &payout->incident.unit, payout->claim.advance_part);
	decision_fact_integer(decision, "instalment", payout->claim.instalment);
}

static void show_amounts(struct decision *decision, const struct undo *payout)
{
	decision_fact_amount(decision, "amount", &payout->incident.unit, payout_amount(payout));
	show_parts(decision, payout);
}

enum { INSTRUCT_CLAIM, INSTRUCT_PAYEE };
static const struct recourse_field instruct_fields[] = {
	[INSTRUCT_CLAIM] = FIELD(ID, "claim", "an approved claim"),
	[INSTRUCT_PAYEE] = PAYEE_ORDER_FIELD,
};

/*
 * What the claim is to have in total: its part of the pool, and what is promised beyond that. Whoever was paid before has
 * the rest, which is the pool's: an advance that a pool took over is the funder's again, not the claim's.
 */
static enum recourse_error compute_parts(struct decision *decision, struct undo *payout)
{
	struct record_claim *claim = &payout->claim;
	bool again = claim->paid > 0;
	int64_t pool;
	bool covered;
	TRY(round_part(decision->state, &payout->section, payout->id, ROUND_DEPOSIT, &pool, &covered));
	bool more = pool > claim->paid || claim->hearing == HEARING_TOP_UP;
	if (!covered || (again && !more))
		return refuse_state(decision, "claim", life_state_name(LIFE_CLAIM, claim->state));
	claim->approved = claim->approved > pool ? claim->approved : pool;
	claim->deposit_part = again ? pool - claim->paid : pool;
	claim->advance_part = again ? 0 : claim->approved - pool;
	TRY(top_up_order(decision, &payout->section, payout->id, claim, pool));
	if (claim->approved == 0)
		return refuse(decision, RECOURSE_AMOUNT_RANGE, "claim", "a share above zero");
	return RECOURSE_OK;
}

/*
 * What is ordered out as advance is covered by what came in for it, never by what other claims have of a pool: its own part
 * of one is covered by its round, which took it from that pool.
 */
static enum recourse_error take_cover(struct decision *decision, struct undo *payout)
{
	struct record_incident *incident = &payout->incident;
	int64_t cover = amount_beyond(incident->funded, incident->instructed);
	int64_t advance = payout->claim.advance_part;
	if (advance == 0)
		return RECOURSE_OK;
	if (advance > cover)
		return refuse_amount(
			decision, RECOURSE_INSUFFICIENT, "claim", &incident->unit, advance, cover);
	incident->instructed += advance;
	return incident_save(decision, incident);
}

/* What pools gave leaves none of which a deposit was returned unpaid: nobody's other money pays it, nor one claim before others. */
static enum recourse_error check_pool(struct decision *decision, const struct undo *payout)
{
	const struct record_section *section = &payout->section;
	const struct unit *unit = &payout->incident.unit;
	const uint32_t pools[] = {section_from_deposit(section) > 0 ? section->party : 0,
		section->from_issuer > 0 ? payout->incident.issuer : 0};
	for (size_t pool = 0; pool < sizeof pools / sizeof pools[0] && payout->claim.deposit_part > 0;
		pool++) {
		slice merchant;
		if (pools[pool] == 0)
			continue;
		TRY(party_name(decision->state, decision->arena, pools[pool], &merchant));
		TRY(deposit_bounce_none(decision, "claim", merchant, unit));
	}
	return RECOURSE_OK;
}

/* A claim that was paid before is on its way again, for what it has had since. */
static enum recourse_error step_paying(struct decision *decision, struct undo *payout)
{
	struct record_claim *claim = &payout->claim;
	if (claim->state == CLAIM_PAID)
		payout->section.claims_paid--;
	else if (claim->state != CLAIM_APPROVED)
		TRY(decision_step(decision, LIFE_CLAIM, &claim->state, CLAIM_APPROVED, "claim"));
	TRY(decision_step(decision, LIFE_CLAIM, &claim->state, CLAIM_PAYING, "claim"));
	return decision_step(decision, LIFE_PAYOUT, &claim->payout, PAYOUT_INSTRUCTED, "claim");
}

/* What became of the order before this one is kept with it, and what it was of. `before`: the claim with the parts of that. */
static enum recourse_error end_order(
	struct decision *decision, const struct undo *payout, const struct record_claim *before)
{
	struct rail_order former;
	uint32_t became;
	if (before->instalment == 0 || before->payout == PAYOUT_CANCELLED) /* which ended it */
		return RECOURSE_OK;
	TRY(former_order_last_became(decision->state, payout->id, before, &became));
	TRY(former_order_keep(decision, payout->id, before, became));
	if (!before->on_rail)
		return RECOURSE_OK;
	TRY(rail_order_last(decision->state, decision->arena, payout->id, &former));
	return former.record.ended_entry == 0 ? rail_order_end(decision, &former, became) : RECOURSE_OK;
}

/* Where its payee's rail is published; any other is paid by hand. */
static enum recourse_error order_on_rail(
	struct decision *decision, struct undo *payout, const struct payee_ordered *to)
{
	payout->claim.on_rail = 0;
	if (to->rail[0] == '\0')
		return RECOURSE_OK;
	return rail_order_place(decision, RECORD_TEXT(to->rail), &to->order, payout->id, &payout->claim,
		&payout->incident, payout->section.custodian);
}

static enum recourse_error apply_instruct(struct decision *decision, const struct value *values)
{
	struct undo payout = {.id = values[INSTRUCT_CLAIM].text};
	struct record_claim *claim = &payout.claim;
	slice none = slice_text("");
	struct payee_ordered to;
	TRY(undo_find(decision, &payout));
	TRY(claim_separate(decision, claim->filer, claim->decider));
	/* approved is one whose payment was cancelled */
	if (claim->state != CLAIM_PAID && claim->state != CLAIM_APPROVED &&
		!life_allows(LIFE_CLAIM, claim->state, CLAIM_APPROVED))
		return refuse_state(decision, "claim", life_state_name(LIFE_CLAIM, claim->state));
	if (claim->state == CLAIM_PAYING)
		return refuse_state(decision, "claim", life_state_name(LIFE_CLAIM, claim->state));
	TRY(appeal_check_stays(decision, "claim", &payout.incident));
	const struct record_claim before = *claim;
	TRY(compute_parts(decision, &payout));
	TRY(check_pool(decision, &payout));
	TRY(take_cover(decision, &payout));
	TRY(end_order(decision, &payout, &before));
	TRY(step_paying(decision, &payout));
	TRY(payee_order(decision, &values[INSTRUCT_PAYEE], payout.id, claim, false, &to));

	claim->instructor = decision->actor->key;
	claim->owner = decision->actor->key;
	claim->instalment++;
	TRY(order_on_rail(decision, &payout, &to));
	show_amounts(decision, &payout);
	TRY(decision_move(decision, &payout.incident.unit, payout_amount(&payout), CHART_CLAIMS, none,
		CHART_TRANSIT, none, payout.reference));
	TRY(save_payout(decision, &payout));
	return flag_raise(decision, payout.id, claim, to.shown);
}

enum { SETTLE_CLAIM, SETTLE_BANK, SETTLE_ORDER, SETTLE_DAY };
static const struct recourse_field settle_fields[] = {
	[SETTLE_CLAIM] = FIELD(ID, "claim", "whose payout the bank made"),
	[SETTLE_BANK] = ATTEST_LINE(FIELD_OPTIONAL),
	[SETTLE_ORDER] = REPORT_ORDER_FIELD,
	[SETTLE_DAY] = ATTEST_WHOLE(FIELD_OPTIONAL),
};

/* At most what is open: liable parties may have paid it meanwhile. */
static enum recourse_error unperfect(struct decision *decision, struct undo *payout, int64_t steps)
{
	struct record_section *section = &payout->section;
	payout->claim.settled_advance -= steps;
	section->settled_advance -= steps;
	TRY(repaid_follow(decision, payout, payout->claim.settled_advance + steps));
	TRY(settle_up_unperfect(decision, &payout->incident, section));
	return settle_up_anew(decision, &payout->incident, section);
}

static enum recourse_error apply_settle(struct decision *decision, const struct value *values)
{
	struct undo payout = {.id = values[SETTLE_CLAIM].text};
	struct record_claim *claim = &payout.claim;
	struct former_order former;
	bool other;
	TRY(undo_find(decision, &payout));
	TRY(section_custodian(decision, "claim", &payout.section));
	TRY(attest_whole(decision, &values[SETTLE_BANK], &values[SETTLE_DAY]));
	TRY(report_check_order(decision, payout.id, claim, &values[SETTLE_ORDER], &other));
	if (other) {
		TRY(former_order_find(decision, payout.id, &values[SETTLE_ORDER], &former));
		return former_line_settle(decision, &payout, &former, &values[SETTLE_BANK]);
	}
	int64_t ordered = payout_amount(&payout);
	if (claim->on_rail)
		TRY(payment_batch_went_out(decision, payout.id, &ordered));
	TRY(report_check_settled(decision, payout.id, claim));
	claim->settled_of = claim->payout;
	if (ordered > payout_amount(&payout) && record_claim_money(claim) == CLAIM_MONEY_TRANSIT)
		return former_line_settle_whole(decision, &payout, &values[SETTLE_BANK]);
	TRY(decision_step(decision, LIFE_PAYOUT, &claim->payout, PAYOUT_SETTLED, "claim"));
	TRY(decision_step(decision, LIFE_CLAIM, &claim->state, CLAIM_PAID, "claim"));
	show_amounts(decision, &payout);
	TRY(attest_paid(decision, &values[SETTLE_BANK], &payout.incident.unit, payout_amount(&payout),
		CHART_TRANSIT, slice_text(""), payout.reference));
	return payout_made(decision, &payout);
}

enum { RETURN_CLAIM, RETURN_REASON, RETURN_BANK, RETURN_AMOUNT, RETURN_ORDER };
static const struct recourse_field return_fields[] = {
	[RETURN_CLAIM] = FIELD(ID, "claim", "whose settled payout came back"),
	[RETURN_REASON] = FIELD(ID, "reason", "ISO 20022 return reason, such as AC04"),
	[RETURN_BANK] = ATTEST_LINE(FIELD_OPTIONAL),
	[RETURN_AMOUNT] = FIELD_OPTIONAL(
		AMOUNT, "amount", "that came; less than was paid: a bank kept the rest as its fee"),
	[RETURN_ORDER] = REPORT_ORDER_FIELD,
};

/* What came, and what a bank kept of it: the payment is back whole, as the platform owes the trust the fee. `twice` of it, too, it owed. */
static enum recourse_error take_returned(
	struct decision *decision, const struct undo *payout, const struct value *values, int64_t twice)
{
	const struct unit *unit = &payout->incident.unit;
	int64_t amount = payout_amount(payout) + twice;
	int64_t came;
	if (values[RETURN_AMOUNT].present)
		show_parts(decision, payout);
	else
		show_amounts(decision, payout);
	TRY(decision_amount_or_all(decision, "amount", &values[RETURN_AMOUNT], unit, amount, &came));
	TRY(attest_cash(decision, &values[RETURN_BANK], unit, came));
	if (came == amount && twice == 0)
		return RECOURSE_OK;
	if (came < amount)
		decision_fact_amount(decision, "fee", unit, amount - came);
	return attest_fee(decision, unit, amount - came - twice);
}

static enum recourse_error take_back_made(struct decision *decision, struct undo *payout,
	const struct value *values, struct former_line_aside *aside);

/* What was ordered since, and is back, is one payment with it; what was made since stays. */
static enum recourse_error return_former(
	struct decision *decision, struct undo *payout, const struct value *values)
{
	struct former_order former;
	struct former_line_aside aside;
	bool twice;
	TRY(former_order_find(decision, payout->id, &values[RETURN_ORDER], &former));
	TRY(former_line_return(
		decision, payout, &former, &values[RETURN_BANK], &values[RETURN_AMOUNT], &aside, &twice));
	return twice ? RECOURSE_OK : take_back_made(decision, payout, values, &aside);
}

static enum recourse_error apply_return(struct decision *decision, const struct value *values)
{
	struct undo payout = {.id = values[RETURN_CLAIM].text};
	struct former_line_aside none;
	bool other;
	TRY(undo_find(decision, &payout));
	TRY(section_custodian(decision, "claim", &payout.section));
	TRY(report_check_order(decision, payout.id, &payout.claim, &values[RETURN_ORDER], &other));
	if (other)
		return return_former(decision, &payout, values);
	TRY(former_line_return_last(decision, &payout, &none));
	return take_back_made(decision, &payout, values, &none);
}

/* The step of one that is back already is none. */
static enum recourse_error step_returned(
	struct decision *decision, struct undo *payout, const struct former_line_aside *aside)
{
	struct record_claim *claim = &payout->claim;
	TRY(incident_money_moved(decision, "claim", &payout->incident));
	if (aside->waits)
		return RECOURSE_OK;
	if (claim->payout != PAYOUT_RETURNED || !aside->any)
		TRY(decision_step(decision, LIFE_PAYOUT, &claim->payout, PAYOUT_RETURNED, "claim"));
	if (!aside->any)
		TRY(decision_step(decision, LIFE_CLAIM, &claim->state, CLAIM_PAYING, "claim"));
	return incident_due_anew(decision, &payout->incident, claim);
}

static enum recourse_error take_back_made(struct decision *decision, struct undo *back_of,
	const struct value *values, struct former_line_aside *aside)
{
	struct undo payout = *back_of;
	struct record_claim *claim = &payout.claim;
	TRY(step_returned(decision, &payout, aside));

	/* what was asked back has come back with it; the rest can be paid again */
	const struct clawback clawback = clawback_of(&payout);
	TRY(take_returned(decision, &payout, values, aside->of.record.twice));
	int64_t asked = clawback_left(claim); /* of other instalments too */
	int64_t back = payout_amount(&payout);
	struct record_booked booked = {.unit = payout.incident.unit,
		.amount = back,
		.kind = BOOKED_CAME_BACK,
		.before = aside->waits ? aside->of.record.settled_entry : claim->settled_entry,
		.line_entry = aside->waits ? aside->of.record.settled_line : claim->settled_line,
		.custodian = decision->actor->party_number};
	if (asked > 0) {
		TRY(clawback_give_back(decision, &clawback, amount_least(asked, back), &booked));
		TRY(incident_save(decision, &payout.incident));
	}
	record_text_set(booked.id, sizeof booked.id, payout.id);
	record_text_set(booked.reference, sizeof booked.reference, payout.reference);
	record_text_set(booked.line, sizeof booked.line, values[RETURN_BANK].text);
	TRY(booked_keep(decision, &booked));
	int64_t amount = payout_amount(&payout);
	claim->paid -= amount;
	payout.section.paid -= amount;
	payout.section.claims_paid -= !aside->any;
	TRY(aside->waits ? report_beside(decision, payout.id, claim)
			 : report_came_back(decision, payout.id, claim, values[RETURN_REASON].text));
	TRY(decision_post(
		decision, CHART_RETURNED, slice_text(""), payout.reference, &payout.incident.unit, -amount));
	int64_t advanced = claim->advance_part;
	TRY(former_line_join(decision, &payout, aside));
	TRY(unperfect(decision, &payout, advanced));
	TRY(save_payout(decision, &payout));
	return freeze_follow_claims(decision, &payout.incident, payout.section.party);
}

enum { REISSUE_CLAIM, REISSUE_REASON, REISSUE_PAYEE };
static const struct recourse_field reissue_fields[] = {
	[REISSUE_CLAIM] =
		FIELD(ID, "claim", "whose payout is sent again: it is back, never left, or is unclaimed"),
	[REISSUE_REASON] = FIELD(ID, "reason", "reason code"),
	[REISSUE_PAYEE] = PAYEE_ORDER_FIELD,
};

static enum recourse_error apply_reissue(struct decision *decision, const struct value *values)
{
	struct undo payout = {.id = values[REISSUE_CLAIM].text};
	slice none = slice_text("");
	struct payee_ordered to;
	struct report_account before;
	TRY(undo_find(decision, &payout));
	TRY(claim_separate(decision, payout.claim.filer, payout.claim.decider));
	const struct record_claim former = payout.claim;
	TRY(report_account_before(decision, payout.id, &payout.claim, &before));
	TRY(unclaimed_take(decision, &payout));
	TRY(decision_step(decision, LIFE_PAYOUT, &payout.claim.payout, PAYOUT_REISSUED, "claim"));
	if (payout_amount(&payout) == 0)
		return refuse(decision, RECOURSE_AMOUNT_RANGE, "claim", "something that is left to be paid");
	TRY(end_order(decision, &payout, &former));
	TRY(payee_order(decision, &values[REISSUE_PAYEE], payout.id, &payout.claim, true, &to));
	TRY(order_on_rail(decision, &payout, &to));
	TRY(report_account_differs(decision, payout.id, &before));
	show_amounts(decision, &payout);
	TRY(decision_move(decision, &payout.incident.unit, payout_amount(&payout), CHART_RETURNED, none,
		CHART_TRANSIT, none, payout.reference));
	TRY(save_payout(decision, &payout));
	return flag_raise(decision, payout.id, &payout.claim, to.shown);
}

/*
 * ---- surplus.pay: what is owed out of recoveries beyond the advances (G5) ----
 *
 * To the consumers (adjudged interest, uncovered loss), or to a payer that paid too much. The consumers' part is a round
 * of its own: each claim's share follows from it.
 */

enum { PAY_INCIDENT, PAY_BENEFICIARY, PAY_BANK };
static const struct recourse_field pay_fields[] = {
	[PAY_INCIDENT] = FIELD(ID, "incident", "that it was recovered for"),
	[PAY_BENEFICIARY] = FIELD(ID, "beneficiary", "`consumers`, or the party that paid too much"),
	[PAY_BANK] = ATTEST_LINE(FIELD),
};

static enum recourse_error share_out(struct decision *decision, struct record_section *section,
	enum round_kind kind, int64_t *collected, int64_t *sum)
{
	SCOPED(sharing_free) struct sharing sharing = {.kind = kind, .section = section};
	if (*collected == 0)
		return RECOURSE_OK;
	TRY(sharing_load(decision, &sharing));
	TRY(sharing_fill(&sharing, *collected));
	if (sharing.round.amount != *collected)
		return refuse(
			decision, RECOURSE_AMOUNT_RANGE, "incident", "decided claims that lack as much");
	TRY(sharing_keep(decision, section, &sharing));
	*sum += *collected; /* within what the incident's account held */
	*collected = 0;
	return RECOURSE_OK;
}

/* To the consumers of each section what was collected for them: a round of each. */
static enum recourse_error share_out_all(struct decision *decision, const struct record_incident *incident)
{
	struct section_list list;
	int64_t uncovered = 0;
	int64_t interest = 0;
	TRY(section_list(decision, incident, &list));
	for (size_t index = 0; index < list.count; index++) {
		struct record_section section;
		TRY(section_load(decision->state, incident->number, list.parties[index], &section));
		if (section.uncovered_collected + section.interest_collected == 0)
			continue;
		TRY(share_out(decision, &section, ROUND_UNCOVERED, &section.uncovered_collected, &uncovered));
		TRY(share_out(decision, &section, ROUND_INTEREST, &section.interest_collected, &interest));
		TRY(settle_up_paid_consumers(decision, &section));
		TRY(section_save(decision, &section));
	}
	if (uncovered > 0)
		decision_fact_amount(decision, "uncovered", &incident->unit, uncovered);
	if (interest > 0)
		decision_fact_amount(decision, "interest", &incident->unit, interest);
	return RECOURSE_OK;
}

/*
 * What the funder had of a party and has not given back yet is in nobody's account here: it is paid when that has come. The
 * same of what that party owes back itself.
 */
static enum recourse_error check_given_back(
	struct decision *decision, const struct record_incident *incident, slice beneficiary, int64_t owed)
{
	struct record_section sum;
	slice funder;
	int64_t own;
	TRY(section_sum(decision->state, incident->number, &sum));
	TRY(party_name(decision->state, decision->arena, incident->funder, &funder));
	TRY(due_from(decision, incident, beneficiary, &own));
	int64_t lacking = slice_equal(funder, beneficiary) ? own : sum.owed_back + own;
	return lacking == 0 ? RECOURSE_OK
			    : refuse_amount(decision, RECOURSE_INSUFFICIENT, "beneficiary", &incident->unit,
				      owed, owed > lacking ? owed - lacking : 0);
}

/* What of it serves, or waits for, what it owes in some section is not paid: `owed` is the rest. */
static enum recourse_error pay_party(
	struct decision *decision, const struct record_incident *incident, slice beneficiary, int64_t *owed)
{
	const int64_t named = *owed;
	int64_t left = INT64_MAX;
	TRY(check_given_back(decision, incident, beneficiary, named));
	TRY(deposit_bounce_none(decision, "beneficiary", beneficiary, &incident->unit));
	TRY(estate_payee(decision, beneficiary));
	TRY(set_off_pay_out(decision, incident, beneficiary, owed));
	TRY(instrument_call_paid_out(decision, incident, beneficiary, true, &left));
	*owed += INT64_MAX - left;
	return *owed > 0 ? RECOURSE_OK
			 : refuse_amount(
				   decision, RECOURSE_INSUFFICIENT, "beneficiary", &incident->unit, named, 0);
}

static enum recourse_error apply_pay(struct decision *decision, const struct value *values)
{
	struct record_incident incident;
	const struct unit *unit = &incident.unit;
	slice reference = values[PAY_INCIDENT].text;
	slice beneficiary = values[PAY_BENEFICIARY].text;
	int64_t owed;
	TRY(incident_concerned(decision, reference, &incident));
	TRY(incident_custodian(decision, &incident));
	TRY(account_balance(decision->state, CHART_OVER_RECOVERY, beneficiary, reference, unit, &owed));
	if (owed == 0)
		return refuse_amount(decision, RECOURSE_INSUFFICIENT, "beneficiary", unit, 1, 0);
	TRY((slice_is(beneficiary, CHART_CONSUMERS) ? share_out_all(decision, &incident)
						    : pay_party(decision, &incident, beneficiary, &owed)));
	TRY(attest_paid(
		decision, &values[PAY_BANK], unit, owed, CHART_OVER_RECOVERY, beneficiary, reference));
	decision_fact_amount(decision, "amount", unit, owed);
	TRY(recourse_reverse_keep(decision, &(struct recourse_booking){.incident = &incident,
						    .kind = BOOKED_SURPLUS,
						    .id = beneficiary,
						    .line = values[PAY_BANK].text,
						    .steps = owed}));
	return slice_is(beneficiary, CHART_CONSUMERS) ? set_off_final(decision, &incident) : RECOURSE_OK;
}

static const struct command rows[] = {
	COMMAND("payout.instruct", RECOURSE_ROLE_OPERATOR, instruct_fields, apply_instruct,
		"order the payment of an approved claim", RECOURSE_AMOUNT_RANGE, RECOURSE_STATE_WRONG,
		RECOURSE_INSUFFICIENT, RECOURSE_SAME_PERSON, RECOURSE_NOT_PERMITTED, RECOURSE_WINDOW_CLOSED,
		RECOURSE_CUSTODIAN_WRONG, RECOURSE_UNIT_MISMATCH),
	COMMAND("payout.settle", RECOURSE_ROLE_CUSTODIAN, settle_fields, apply_settle,
		"the custodian attests that the payment was made", RECOURSE_STATE_WRONG, RECOURSE_NOT_FOUND,
		RECOURSE_FIELD_MISSING, RECOURSE_WINDOW_CLOSED, ATTEST_REFUSES),
	COMMAND("payout.return", RECOURSE_ROLE_CUSTODIAN, return_fields, apply_return,
		"the custodian attests that the payment came back", RECOURSE_STATE_WRONG, RECOURSE_NOT_FOUND,
		RECOURSE_FIELD_MISSING, ATTEST_REFUSES),
	COMMAND("payout.reissue", RECOURSE_ROLE_OPERATOR, reissue_fields, apply_reissue,
		"send a payment again that came back, never left, or was unclaimed", RECOURSE_STATE_WRONG,
		RECOURSE_SAME_PERSON, RECOURSE_AMOUNT_RANGE, RECOURSE_NOT_PERMITTED, RECOURSE_WINDOW_CLOSED,
		RECOURSE_CUSTODIAN_WRONG, RECOURSE_UNIT_MISMATCH),
	COMMAND("surplus.pay", RECOURSE_ROLE_CUSTODIAN, pay_fields, apply_pay,
		"the custodian attests that what was over-recovered was paid to whom it is owed",
		ATTEST_REFUSES, RECOURSE_AMOUNT_RANGE),
};
const struct command_group payout_commands = COMMAND_GROUP(rows);
