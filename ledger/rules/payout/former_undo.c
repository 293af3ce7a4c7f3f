/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/payout/former_undo.h"

#include "rules/claims/claim.h"
#include "rules/payout/report.h"
#include "rules/rail/rail_order.h"

static int64_t back_of(const struct former_order *former)
{
	return former->record.back_deposit + former->record.back_advance;
}

/* ---- the orders of a claim that are back ---- */

struct back {
	uint64_t entry; /* that said that the one came back */
	uint64_t made;  /* the last order by which the claim was paid */
	int64_t others; /* so much of others came back since, */
	uint32_t count; /* of so many */
	struct former_order of;
	struct former_order next; /* of them the last */
	struct former_order left; /* the last that never left */
};

static void look(struct back *back, uint64_t entry, const struct record_former_order *record, bool is_last)
{
	const struct former_order former = {entry, *record};
	bool returned = (is_last || record->became == PAYOUT_RETURNED) && record->back_entry != 0;
	bool made = record->became == PAYOUT_SETTLED || record->became == PAYOUT_RETURNED;
	if (former_order_was_twice_alone(record) && !is_last)
		return;
	if (made && entry > back->made)
		back->made = entry;
	if (returned && record->back_entry == back->entry)
		back->of = former;
	else if (returned && record->back_entry > back->next.record.back_entry)
		back->next = former;
	if (!is_last && former_order_never_left(record->became))
		back->left = former;
}

static enum recourse_error read_back(struct state_view *view, slice claim, uint64_t last, struct back *back)
{
	struct record_path prefix = record_path_of_text(RECORD_FORMER_ORDER, claim);
	struct record_former_order record;
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(view, &prefix);
	while (record_walk_next(&walk, &record, sizeof record))
		look(back, walk.key.parts[1].number, &record, walk.key.parts[1].number == last);
	return walk.error;
}

/* Of those that are back still: none that was made has been ordered since. */
static enum recourse_error sum_others(struct state_view *view, slice claim, uint64_t last, struct back *back)
{
	struct record_path prefix = record_path_of_text(RECORD_FORMER_ORDER, claim);
	struct record_former_order record;
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(view, &prefix);
	while (record_walk_next(&walk, &record, sizeof record)) {
		uint64_t entry = walk.key.parts[1].number;
		bool returned = entry == last || record.became == PAYOUT_RETURNED;
		if (!returned || record.back_entry <= back->made || record.back_entry == back->entry)
			continue;
		back->others += record.back_deposit + record.back_advance;
		back->count++;
	}
	return walk.error;
}

static enum recourse_error refuse_resting(struct decision *decision, const struct undo *payout)
{
	return refuse_entry(decision, RECOURSE_NOT_PERMITTED, "entry", payout->claim.last_entry);
}

/* ---- one of several did not come back ---- */

/* What is left is what the others are: it was neither sent again nor lowered. */
static bool stands(
	const struct undo *payout, const struct booked *booked, const struct back *back, bool waits)
{
	const struct record_claim *claim = &payout->claim;
	const struct record_booked *record = &booked->record;
	int64_t left = record->amount - record->of_deposit - record->of_advance;
	int64_t all =
		waits ? claim->back_deposit + claim->back_advance : claim->deposit_part + claim->advance_part;
	int64_t never = all - left - back->others;
	int64_t of_left = back->left.record.deposit_part + back->left.record.advance_part;
	return claim->state == CLAIM_PAYING && back->made < booked->entry && back_of(&back->of) == left &&
	       (never == 0 || (!waits && back->left.entry > back->made && of_left == never));
}

/* What was asked back went back with each, with the first one first: the last one goes first. */
static enum recourse_error check_asked(struct decision *decision, const struct back *back)
{
	const uint64_t later = back->next.record.back_entry;
	struct record_booked record;
	if (later < back->entry)
		return RECOURSE_OK;
	TRY(booked_read(decision->state, later, &record, NULL));
	return record.of_deposit + record.of_advance == 0
		       ? RECOURSE_OK
		       : refuse_entry(decision, RECOURSE_NOT_PERMITTED, "entry", later);
}

enum recourse_error former_undo_return_begin(struct decision *decision, struct undo *payout,
	const struct booked *booked, struct former_undo *undo, bool *any)
{
	struct record_path of_claim = record_path_of_text(RECORD_CLAIM_PAYEE, payout->id);
	struct record_claim *claim = &payout->claim;
	struct record_claim_payee last;
	struct back back = {.entry = booked->entry};
	bool there;
	*any = false;
	TRY(record_get_optional(decision->state, &of_claim, &last, sizeof last, &there));
	if (!there)
		return RECOURSE_OK;
	TRY(read_back(decision->state, payout->id, last.entry, &back));
	bool waits = record_claim_money(claim) == CLAIM_MONEY_TRANSIT;
	int64_t all = claim->deposit_part + claim->advance_part;
	if (back.of.entry == 0)
		return RECOURSE_OK;
	back.made = last.entry > back.made ? last.entry : back.made;
	TRY(sum_others(decision->state, payout->id, last.entry, &back));
	if (!waits && back.of.entry == last.entry && back.count == 0 && all == back_of(&back.of))
		return RECOURSE_OK; /* it is alone */
	if ((!waits && claim->payout != PAYOUT_RETURNED) || !stands(payout, booked, &back, waits))
		return refuse_resting(decision, payout);
	TRY(check_asked(decision, &back));
	*any = true;
	*undo = (struct former_undo){.of = back.of, .others = *claim, .waits = waits};
	if (waits) {
		undo->others.back_deposit -= back.of.record.back_deposit;
		undo->others.back_advance -= back.of.record.back_advance;
	} else {
		undo->others.deposit_part -= back.of.record.back_deposit;
		undo->others.advance_part -= back.of.record.back_advance;
	}
	claim->deposit_part = back.of.record.back_deposit;
	claim->advance_part = back.of.record.back_advance;
	return RECOURSE_OK;
}

/* As its rail had said; what nobody had claimed is to be given up anew. */
static enum recourse_error say_left(
	struct decision *decision, struct undo *payout, const struct record_former_order *record)
{
	struct record_claim *claim = &payout->claim;
	struct record_report report;
	uint32_t state = record->became;
	TRY(report_read(decision->state, payout->id, claim, &report));
	if (state == PAYOUT_UNCLAIMED && report.came_back > 0)
		return RECOURSE_OK;
	if (state == PAYOUT_UNCLAIMED)
		state = record->said_code[0] != '\0' ? PAYOUT_REJECTED : PAYOUT_STOPPED;
	TRY(decision_step(decision, LIFE_PAYOUT, &claim->payout, PAYOUT_REISSUED, "entry"));
	TRY(decision_step(decision, LIFE_PAYOUT, &claim->payout, state, "entry"));
	report.entry = record->said_entry;
	report.before = record->said_before;
	report.state = state;
	memcpy(report.code, record->said_code, sizeof report.code);
	return report_said(decision, payout->id, claim, &report);
}

/* Another one is the claim's last: one that is back, or else the one that never left, as its rail had said. */
static enum recourse_error take_next(
	struct decision *decision, struct undo *payout, const struct former_undo *undo)
{
	struct record_claim *claim = &payout->claim;
	struct back back = {.entry = undo->of.record.back_entry};
	TRY(read_back(decision->state, payout->id, undo->of.entry, &back));
	back.made = undo->of.entry > back.made ? undo->of.entry : back.made;
	bool returned = back.next.record.back_entry > back.made;
	const struct former_order *next = returned ? &back.next : &back.left;
	if (next->entry == 0)
		return RECOURSE_STORE_CORRUPT;
	struct former_order made = undo->of;
	made.record.deposit_part = claim->deposit_part;
	made.record.advance_part = claim->advance_part;
	TRY(former_order_became(decision, payout->id, &made, PAYOUT_SETTLED));
	if (returned) {
		claim->settled_entry = next->record.settled_entry;
		claim->settled_line = next->record.settled_line;
	}
	TRY(former_order_take(decision, payout->id, claim, next));
	return returned ? RECOURSE_OK : say_left(decision, payout, &next->record);
}

enum recourse_error former_undo_return_end(
	struct decision *decision, struct undo *payout, const struct former_undo *undo)
{
	struct record_path of_claim = record_path_of_text(RECORD_CLAIM_PAYEE, payout->id);
	struct record_claim *claim = &payout->claim;
	struct former_undo made = *undo;
	struct record_claim_payee last;
	TRY(record_get_named(decision->state, &of_claim, &last, sizeof last));
	made.of.record.twice += made.of.record.back_twice;
	made.of.record.deposit_part = claim->deposit_part;
	made.of.record.advance_part = claim->advance_part;
	if (undo->of.entry != last.entry) {
		TRY(former_order_became(decision, payout->id, &made.of, PAYOUT_SETTLED));
	} else {
		made.of.record.settled_entry = claim->settled_entry;
		made.of.record.settled_line = claim->settled_line;
		TRY(take_next(decision, payout, &made));
	}
	claim->deposit_part = undo->others.deposit_part;
	claim->advance_part = undo->others.advance_part;
	claim->back_deposit = undo->others.back_deposit;
	claim->back_advance = undo->others.back_advance;
	return RECOURSE_OK;
}

enum recourse_error former_undo_twice(
	struct decision *decision, const struct undo *payout, const struct booked *booked)
{
	struct record_path of_claim = record_path_of_text(RECORD_CLAIM_PAYEE, payout->id);
	struct record_claim_payee last;
	struct record_former_order record;
	bool there;
	TRY(record_get_optional(decision->state, &of_claim, &last, sizeof last, &there));
	struct record_path path = former_order_path(payout->id, last.entry);
	if (there)
		TRY(record_get_optional(decision->state, &path, &record, sizeof record, &there));
	if (!there || record.back_entry != booked->entry)
		return RECOURSE_OK;
	record.twice += record.back_twice;
	record.back_entry = 0;
	record.back_deposit = record.back_advance = record.back_twice = 0;
	return record.twice_entry == 0 ? decision_remove(decision, &path)
				       : former_order_put(decision, payout->id, last.entry, &record);
}

/* ---- one of several was not made ---- */

static enum recourse_error put_last_aside(struct decision *decision, struct undo *payout)
{
	struct record_claim *claim = &payout->claim;
	if (claim->payout != PAYOUT_RETURNED)
		return former_order_end_last(decision, payout);
	TRY(former_order_keep(decision, payout->id, claim, PAYOUT_RETURNED));
	struct rail_order last;
	if (claim->on_rail) {
		TRY(rail_order_last(decision->state, decision->arena, payout->id, &last));
		TRY(rail_order_end(decision, &last, PAYOUT_RETURNED));
	}
	claim->back_deposit = claim->deposit_part;
	claim->back_advance = claim->advance_part;
	TRY(decision_step(decision, LIFE_PAYOUT, &claim->payout, PAYOUT_REISSUED, "order"));
	TRY(decision_step(decision, LIFE_PAYOUT, &claim->payout, PAYOUT_SETTLED, "order"));
	TRY(decision_step(decision, LIFE_CLAIM, &claim->state, CLAIM_PAID, "order"));
	payout->section.claims_paid++;
	return RECOURSE_OK;
}

enum recourse_error former_undo_settle(
	struct decision *decision, struct undo *payout, const struct value *order)
{
	struct record_path of_claim = record_path_of_text(RECORD_CLAIM_PAYEE, payout->id);
	struct record_claim *claim = &payout->claim;
	struct record_claim_payee last;
	struct former_order former = {.entry = order->present ? (uint64_t)order->integer : 0};
	bool there;
	if (!order->present)
		return RECOURSE_OK;
	struct record_path path = former_order_path(payout->id, former.entry);
	TRY(record_get_optional(decision->state, &path, &former.record, sizeof former.record, &there));
	if (!there || former.record.became != PAYOUT_SETTLED || former_order_was_twice_alone(&former.record))
		return RECOURSE_OK;
	TRY(record_get_named(decision->state, &of_claim, &last, sizeof last));
	if (claim->payout != PAYOUT_RETURNED && claim->payout != PAYOUT_SETTLED)
		return refuse_entry(decision, RECOURSE_STATE_WRONG, "order", last.entry);
	TRY(put_last_aside(decision, payout));
	claim->settled_entry = former.record.settled_entry;
	claim->settled_line = former.record.settled_line;
	claim->settled_of = PAYOUT_INSTRUCTED;
	claim->paid_first = 0;
	claim->deposit_part = former.record.deposit_part;
	claim->advance_part = former.record.advance_part;
	return former_order_take(decision, payout->id, claim, &former);
}
