/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/payout/former_line.h"

#include "rules/claims/claim.h"
#include "rules/incident/round.h"
#include "rules/payout/payout_made.h"
#include "rules/payout/unclaimed.h"
#include "rules/rail/payment_batch.h"

/* A bank pays what went out. */
static enum recourse_error check_went_out(
	struct decision *decision, slice claim, const struct record_claim_payee *to)
{
	struct rail_order order;
	bool on_rail;
	uint32_t state;
	TRY(rail_order_of(decision->state, decision->arena, claim, to, &order, &on_rail));
	if (!on_rail)
		return RECOURSE_OK;
	TRY(payment_batch_state(decision->state, &order, &state));
	return state == PAYOUT_INSTRUCTED
		       ? RECOURSE_OK
		       : refuse_state(decision, "claim", life_state_name(LIFE_PAYOUT, state));
}

/* ---- a payment was made by it ---- */

/* What is owed of it: what was ordered in its place, or would be ordered anew. `covered`: there is money for that. */
struct owed {
	int64_t deposit_part;
	int64_t advance_part;
	enum chart_code from;
	int64_t rest; /* beyond what was paid, which a later order pays */
};
static enum recourse_error find_anew(
	struct decision *decision, const struct undo *payout, struct owed *owed, bool *covered)
{
	const struct record_claim *claim = &payout->claim;
	int64_t pool;
	TRY(round_part(decision->state, &payout->section, payout->id, ROUND_DEPOSIT, &pool, covered));
	bool again = claim->paid > 0;
	owed->from = CHART_CLAIMS;
	owed->deposit_part = amount_beyond(pool, claim->paid);
	owed->advance_part = again ? 0 : amount_beyond(claim->approved, pool);
	*covered = *covered && claim->hearing != HEARING_TOP_UP &&
		   (claim->state == CLAIM_APPROVED || claim->state == CLAIM_PAID) &&
		   owed->advance_part <= payout->incident.funded - payout->incident.instructed;
	return RECOURSE_OK;
}

/* It paid less: the rest is the claim's too, where a pool gave it that. What came back since is another payment's, and is of no part. */
static enum recourse_error take_part(struct decision *decision, const struct undo *payout,
	const struct record_former_order *former, struct owed *owed, bool *any)
{
	const int64_t steps = owed->deposit_part + owed->advance_part;
	int64_t pool;
	bool covered;
	bool since;
	owed->rest = amount_beyond(steps, former->deposit_part + former->advance_part);
	if (owed->rest == 0)
		return RECOURSE_OK;
	TRY(round_part(decision->state, &payout->section, payout->id, ROUND_DEPOSIT, &pool, &covered));
	TRY(former_order_came_back_since(decision->state, payout->id, former->to.entry, &since));
	*any = covered && !since && owed->rest <= owed->deposit_part && pool >= payout->claim.paid + steps;
	owed->deposit_part -= owed->rest;
	return RECOURSE_OK;
}

static enum recourse_error find_owed(struct decision *decision, const struct undo *payout,
	const struct record_former_order *former, struct owed *owed, bool *any)
{
	const struct record_claim *claim = &payout->claim;
	enum claim_money money = record_claim_money(claim);
	bool open = money != CLAIM_MONEY_NONE || claim->payout == PAYOUT_CANCELLED;
	bool its = former->instalment == claim->instalment || claim->settled_entry < former->to.entry;
	*owed = (struct owed){.deposit_part = claim->deposit_part,
		.advance_part = claim->advance_part,
		.from = money == CLAIM_MONEY_TRANSIT ? CHART_TRANSIT : CHART_RETURNED};
	*any = open && its;
	if (*any && money == CLAIM_MONEY_NONE)
		TRY(find_anew(decision, payout, owed, any));
	if (*any)
		TRY(take_part(decision, payout, former, owed, any));
	*any = *any && owed->deposit_part + owed->advance_part > 0;
	return RECOURSE_OK;
}

/* The rest waits to be ordered. */
static enum recourse_error leave_rest(struct decision *decision, struct undo *payout, const struct owed *owed)
{
	struct record_claim *claim = &payout->claim;
	const slice none = slice_text("");
	claim->approved =
		amount_least(claim->approved, claim->paid + owed->deposit_part + owed->advance_part);
	return owed->from == CHART_CLAIMS ? RECOURSE_OK
					  : decision_move(decision, &payout->incident.unit, owed->rest,
						    owed->from, none, CHART_CLAIMS, none, payout->reference);
}

/* It is in the place of what was ordered last, and on its way until this entry settles it. */
static enum recourse_error take_place(struct decision *decision, struct undo *payout,
	const struct former_order *former, const struct owed *owed)
{
	struct record_claim *claim = &payout->claim;
	enum claim_money money = record_claim_money(claim);
	TRY(unclaimed_take(decision, payout));
	TRY(former_order_end_last(decision, payout));
	if (money == CLAIM_MONEY_NONE) {
		payout->incident.instructed += owed->advance_part;
		claim->approved =
			amount_most(claim->approved, claim->paid + owed->deposit_part + owed->advance_part);
		payout->section.claims_paid -= claim->state == CLAIM_PAID;
		TRY(decision_step(decision, LIFE_CLAIM, &claim->state, CLAIM_PAYING, "claim"));
		TRY(decision_step(decision, LIFE_PAYOUT, &claim->payout, PAYOUT_INSTRUCTED, "claim"));
		TRY(incident_save(decision, &payout->incident));
	} else if (money != CLAIM_MONEY_TRANSIT) {
		TRY(decision_step(decision, LIFE_PAYOUT, &claim->payout, PAYOUT_REISSUED, "claim"));
	}
	if (owed->rest > 0)
		TRY(leave_rest(decision, payout, owed));
	claim->deposit_part = owed->deposit_part;
	claim->advance_part = owed->advance_part;
	claim->settled_of = money == CLAIM_MONEY_NONE ? PAYOUT_INSTRUCTED : PAYOUT_REISSUED;
	return former_order_take(decision, payout->id, claim, former);
}

/* So much of it nobody is owed. */
static enum recourse_error keep_twice(struct decision *decision, struct undo *payout,
	const struct former_order *former, int64_t steps, uint32_t state)
{
	struct former_order paid = *former;
	paid.record.twice = steps;
	paid.record.twice_entry = decision->entry;
	paid.record.settled_line = decision->line;
	decision_fact_amount(decision, "paid_twice", &payout->incident.unit, steps);
	TRY(attest_fee(decision, &payout->incident.unit, steps));
	if (state != LIFE_NONE)
		return former_order_became(decision, payout->id, &paid, state);
	paid.record.became = LIFE_NONE;
	return former_order_put(decision, payout->id, paid.entry, &paid.record);
}

/* The claim's last order is made by the bank's line, whole. */
static enum recourse_error make_last(struct decision *decision, struct undo *payout,
	const struct former_order *former, const struct value *line, enum chart_code from)
{
	const struct unit *unit = &payout->incident.unit;
	struct record_claim *claim = &payout->claim;
	int64_t paid = former->record.deposit_part + former->record.advance_part;
	int64_t steps = claim->deposit_part + claim->advance_part;
	decision_fact_amount(decision, "amount", unit, paid);
	TRY(attest_taken(decision, line, unit, paid));
	if (paid > steps)
		TRY(keep_twice(decision, payout, former, paid - steps, LIFE_NONE));
	TRY(decision_post(decision, from, slice_text(""), payout->reference, unit, steps));
	TRY(decision_step(decision, LIFE_PAYOUT, &claim->payout, PAYOUT_SETTLED, "claim"));
	TRY(decision_step(decision, LIFE_CLAIM, &claim->state, CLAIM_PAID, "claim"));
	return payout_made(decision, payout);
}

enum recourse_error former_line_settle_whole(
	struct decision *decision, struct undo *payout, const struct value *line)
{
	struct record_path of_claim = record_path_of_text(RECORD_CLAIM_PAYEE, payout->id);
	struct former_order last;
	struct record_claim_payee to;
	TRY(record_get_named(decision->state, &of_claim, &to, sizeof to));
	last.entry = to.entry;
	struct record_path path = former_order_path(payout->id, to.entry);
	TRY(record_get_named(decision->state, &path, &last.record, sizeof last.record));
	return make_last(decision, payout, &last, line, CHART_TRANSIT);
}

enum recourse_error former_line_settle(struct decision *decision, struct undo *payout,
	const struct former_order *former, const struct value *line)
{
	const struct record_former_order *record = &former->record;
	int64_t paid = record->deposit_part + record->advance_part;
	struct owed owed;
	bool its;
	if (record->became == PAYOUT_SETTLED || record->became == PAYOUT_RETURNED)
		return refuse_entry(decision, RECOURSE_STATE_WRONG, "order",
			record->twice_entry != 0 ? record->twice_entry : record->settled_entry);
	TRY(check_went_out(decision, payout->id, &record->to));
	TRY(find_owed(decision, payout, record, &owed, &its));
	if (its) {
		TRY(take_place(decision, payout, former, &owed));
		return make_last(decision, payout, former, line, owed.from);
	}
	decision_fact_amount(decision, "amount", &payout->incident.unit, paid);
	TRY(attest_taken(decision, line, &payout->incident.unit, paid));
	TRY(keep_twice(decision, payout, former, paid, PAYOUT_SETTLED));
	return decision_about(decision, RECORD_CLAIM, payout->id);
}

/* ---- it came back ---- */

static enum recourse_error twice_back(struct decision *decision, struct undo *payout,
	const struct former_order *former, const struct value *line, const struct value *amount)
{
	const struct unit *unit = &payout->incident.unit;
	struct former_order back = *former;
	struct record_booked booked = {.unit = *unit,
		.kind = BOOKED_CAME_BACK,
		.before = former->entry,
		.is = BOOKED_PAID_TWICE,
		.custodian = decision->actor->party_number};
	TRY(decision_amount_or_all(decision, "amount", amount, unit, back.record.twice, &booked.amount));
	back.record.twice -= booked.amount;
	TRY(attest_cash(decision, line, unit, booked.amount));
	TRY(attest_fee(decision, unit, -booked.amount));
	record_text_set(booked.id, sizeof booked.id, payout->id);
	record_text_set(booked.reference, sizeof booked.reference, payout->reference);
	record_text_set(booked.line, sizeof booked.line, line->text);
	TRY(booked_keep(decision, &booked));
	TRY(former_order_became(
		decision, payout->id, &back, back.record.twice > 0 ? PAYOUT_SETTLED : PAYOUT_RETURNED));
	return decision_about(decision, RECORD_CLAIM, payout->id);
}

enum recourse_error former_line_return(struct decision *decision, struct undo *payout,
	const struct former_order *former, const struct value *line, const struct value *amount,
	struct former_line_aside *aside, bool *twice)
{
	const struct record_former_order *record = &former->record;
	struct record_claim *claim = &payout->claim;
	if (record->became != PAYOUT_SETTLED)
		return refuse_state(decision, "order", life_state_name(LIFE_PAYOUT, record->became));
	*twice = former_order_was_twice_alone(record);
	if (*twice)
		return twice_back(decision, payout, former, line, amount);
	enum claim_money money = record_claim_money(claim);
	TRY(unclaimed_take(decision, payout));
	*aside = (struct former_line_aside){.of = *former,
		.any = money != CLAIM_MONEY_NONE,
		.waits = money == CLAIM_MONEY_TRANSIT,
		.deposit_part = claim->deposit_part,
		.advance_part = claim->advance_part};
	if (!aside->waits)
		TRY(former_order_exchange(decision, payout, former));
	/* what came back of the claim meanwhile was of its last payments first */
	claim->advance_part = amount_least(record->advance_part, amount_beyond(claim->settled_advance, 0));
	claim->deposit_part = amount_least(record->deposit_part, claim->paid - claim->advance_part);
	return RECOURSE_OK;
}

enum recourse_error former_line_return_last(
	struct decision *decision, const struct undo *payout, struct former_line_aside *aside)
{
	struct record_path of_claim = record_path_of_text(RECORD_CLAIM_PAYEE, payout->id);
	struct record_claim_payee to;
	bool there;
	*aside = (struct former_line_aside){.any = false};
	TRY(record_get_optional(decision->state, &of_claim, &to, sizeof to, &there));
	if (!there)
		return RECOURSE_OK;
	struct record_path path = former_order_path(payout->id, to.entry);
	aside->of.entry = to.entry;
	return record_get_optional(
		decision->state, &path, &aside->of.record, sizeof aside->of.record, &there);
}

/* Its row says how much of what is back came by it. */
static enum recourse_error keep_back(
	struct decision *decision, const struct undo *payout, struct former_line_aside *aside)
{
	struct record_former_order *of = &aside->of.record;
	of->back_deposit = payout->claim.deposit_part;
	of->back_advance = payout->claim.advance_part;
	of->back_twice = of->twice;
	of->twice = 0;
	if (aside->waits)
		return former_order_became(decision, payout->id, &aside->of, PAYOUT_RETURNED);
	of->back_entry = decision->entry;
	of->became = LIFE_NONE;
	of->settled_entry = 0;
	return former_order_put(decision, payout->id, aside->of.entry, of);
}

enum recourse_error former_line_join(
	struct decision *decision, struct undo *payout, struct former_line_aside *aside)
{
	struct record_claim *claim = &payout->claim;
	if (aside->any || aside->of.record.twice > 0)
		TRY(keep_back(decision, payout, aside));
	if (aside->waits) {
		claim->back_deposit += claim->deposit_part;
		claim->back_advance += claim->advance_part;
		claim->deposit_part = claim->advance_part = 0;
	}
	claim->deposit_part += aside->any ? aside->deposit_part : 0;
	claim->advance_part += aside->any ? aside->advance_part : 0;
	return RECOURSE_OK;
}
