/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/payout/former_order.h"

#include "rules/claims/claim.h"
#include "rules/payout/report_read.h"
#include "rules/rail/payment_batch.h"

struct record_path former_order_path(slice claim, uint64_t entry)
{
	struct record_path path = record_path_of_text(RECORD_FORMER_ORDER, claim);
	record_path_number(&path, entry);
	return path;
}

enum recourse_error former_order_put(
	struct decision *decision, slice claim, uint64_t entry, const struct record_former_order *record)
{
	struct record_path path = former_order_path(claim, entry);
	return decision_put(decision, &path, record, sizeof *record);
}

bool former_order_is_under_way(const struct record_former_order *record)
{
	const uint32_t became = record->became;
	return became == PAYOUT_INSTRUCTED || became == PAYOUT_REISSUED || became == PAYOUT_ACCEPTED ||
	       became == PAYOUT_AWAITING || became == PAYOUT_UNKNOWN;
}

bool former_order_was_twice_alone(const struct record_former_order *record)
{
	return record->twice_entry != 0 && record->settled_entry == 0;
}

bool former_order_never_left(uint32_t became)
{
	return became == PAYOUT_REJECTED || became == PAYOUT_EXPIRED || became == PAYOUT_STOPPED ||
	       became == PAYOUT_UNCLAIMED;
}

enum recourse_error former_order_last_became(
	struct state_view *view, slice claim, const struct record_claim *record, uint32_t *became)
{
	struct record_report report;
	*became = record->payout;
	if (*became != PAYOUT_UNCLAIMED)
		return RECOURSE_OK;
	TRY(report_read(view, claim, record, &report));
	if (report.before == PAYOUT_SETTLED)
		*became = PAYOUT_RETURNED;
	return RECOURSE_OK;
}

/* Who said so, for when it is its claim's last again. */
static enum recourse_error keep_said(struct decision *decision, slice claim,
	const struct record_claim *record, struct record_former_order *former)
{
	struct record_report report;
	TRY(report_read(decision->state, claim, record, &report));
	former->said_entry = report.entry;
	former->said_before = report.before;
	memcpy(former->said_code, report.code, sizeof former->said_code);
	return RECOURSE_OK;
}

/* What came back of it is all that is back of the claim, and what was said last of it is that; unless its row says more. */
static enum recourse_error keep_back(struct decision *decision, slice claim,
	const struct record_claim *record, struct record_former_order *former)
{
	struct record_report report;
	if (former->back_entry != 0)
		return RECOURSE_OK;
	TRY(report_read(decision->state, claim, record, &report));
	former->back_entry = report.entry;
	former->back_deposit = record->deposit_part;
	former->back_advance = record->advance_part;
	return RECOURSE_OK;
}

enum recourse_error former_order_keep(
	struct decision *decision, slice claim, const struct record_claim *before, uint32_t became)
{
	struct record_path of_claim = record_path_of_text(RECORD_CLAIM_PAYEE, claim);
	struct record_claim_payee to;
	struct record_former_order former;
	bool there;
	TRY(record_get_optional(decision->state, &of_claim, &to, sizeof to, &there));
	if (!there)
		return RECOURSE_OK;
	struct record_path path = former_order_path(claim, to.entry);
	TRY(record_get_optional(decision->state, &path, &former, sizeof former, &there));
	former.to = to;
	bool made = became == PAYOUT_SETTLED || became == PAYOUT_RETURNED;
	/* else the row says of how much it was: less, or more, is the claim's by now */
	if (became == PAYOUT_SETTLED || !there || former.became != LIFE_NONE) {
		former.deposit_part = before->deposit_part;
		former.advance_part = before->advance_part;
	}
	former.settled_entry = made ? before->settled_entry : 0;
	former.settled_line = made ? before->settled_line : 0;
	former.instalment = before->instalment;
	former.became = became;
	if (became == PAYOUT_RETURNED)
		TRY(keep_back(decision, claim, before, &former));
	if (former_order_never_left(became))
		TRY(keep_said(decision, claim, before, &former));
	return former_order_put(decision, claim, to.entry, &former);
}

enum recourse_error former_order_add(
	struct decision *decision, slice claim, const struct record_claim *record)
{
	struct record_path of_claim = record_path_of_text(RECORD_CLAIM_PAYEE, claim);
	struct record_former_order last = {.deposit_part = record->deposit_part,
		.advance_part = record->advance_part,
		.instalment = record->instalment};
	uint32_t became;
	bool there;
	TRY(record_get_optional(decision->state, &of_claim, &last.to, sizeof last.to, &there));
	if (!there)
		return RECOURSE_OK;
	struct record_path path = former_order_path(claim, last.to.entry);
	TRY(record_exists(decision->state, &path, &there));
	if (there)
		return RECOURSE_OK;
	TRY(former_order_last_became(decision->state, claim, record, &became));
	if (became == PAYOUT_RETURNED)
		TRY(keep_back(decision, claim, record, &last));
	return former_order_put(decision, claim, last.to.entry, &last);
}

/* It is the claim's last one, whose own parts are the caller's. */
enum recourse_error former_order_take(struct decision *decision, slice claim, struct record_claim *record,
	const struct former_order *former)
{
	struct record_path of_claim = record_path_of_text(RECORD_CLAIM_PAYEE, claim);
	struct record_path path = former_order_path(claim, former->entry);
	struct record_former_order kept = former->record;
	struct rail_order order;
	bool on_rail;
	TRY(rail_order_of(decision->state, decision->arena, claim, &kept.to, &order, &on_rail));
	record->on_rail = on_rail;
	if (on_rail)
		TRY(rail_order_again(decision, &order));
	TRY(decision_put(decision, &of_claim, &kept.to, sizeof kept.to));
	if (kept.twice_entry == 0 && kept.back_entry == 0)
		return decision_remove(
			decision, &path); /* put again, where more was paid by it than is owed */
	kept.became = LIFE_NONE;
	kept.settled_entry = 0;
	return former_order_put(decision, claim, former->entry, &kept);
}

/* Which came back last: of an earlier one that did, the money was sent again since. */
static enum recourse_error find_returned(struct state_view *view, slice claim, struct former_order *last)
{
	struct record_path prefix = record_path_of_text(RECORD_FORMER_ORDER, claim);
	struct record_former_order former;
	*last = (struct former_order){.entry = 0};
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(view, &prefix);
	while (record_walk_next(&walk, &former, sizeof former)) {
		if (former.became == PAYOUT_RETURNED && !former_order_was_twice_alone(&former) &&
			former.back_entry > last->record.back_entry)
			*last = (struct former_order){walk.key.parts[1].number, former};
	}
	return walk.error;
}

enum recourse_error former_order_came_back_since(
	struct state_view *view, slice claim, uint64_t entry, bool *since)
{
	struct record_path prefix = record_path_of_text(RECORD_FORMER_ORDER, claim);
	struct record_former_order former;
	*since = false;
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(view, &prefix);
	while (!*since && record_walk_next(&walk, &former, sizeof former))
		*since = former.back_entry > entry && !former_order_was_twice_alone(&former);
	return walk.error;
}

enum recourse_error former_order_back(struct decision *decision, slice claim, struct record_claim *record)
{
	struct former_order last;
	TRY(find_returned(decision->state, claim, &last));
	if (last.entry == 0)
		return RECOURSE_OK;
	record->settled_entry = last.record.settled_entry;
	record->settled_line = last.record.settled_line;
	return former_order_take(decision, claim, record, &last);
}

enum recourse_error former_order_find(
	struct decision *decision, slice claim, const struct value *order, struct former_order *former)
{
	struct record_path of_claim = record_path_of_text(RECORD_CLAIM_PAYEE, claim);
	struct record_claim_payee last;
	bool there;
	former->entry = (uint64_t)order->integer;
	struct record_path path = former_order_path(claim, former->entry);
	TRY(record_get_optional(decision->state, &path, &former->record, sizeof former->record, &there));
	if (there && former->record.became != LIFE_NONE)
		return RECOURSE_OK;
	TRY(record_get_named(decision->state, &of_claim, &last, sizeof last));
	return refuse_entry(decision, RECOURSE_STATE_WRONG, "order", last.entry);
}

/* ---- what becomes of it ---- */

/* Its row says so, and that of its rail. */
enum recourse_error former_order_became(
	struct decision *decision, slice claim, const struct former_order *former, uint32_t state)
{
	struct record_former_order record = former->record;
	struct rail_order order;
	bool on_rail;
	record.became = state;
	record.back_entry = state == PAYOUT_RETURNED ? decision->entry : 0;
	if (state != PAYOUT_RETURNED)
		record.back_deposit = record.back_advance = record.back_twice = 0;
	TRY(rail_order_of(decision->state, decision->arena, claim, &record.to, &order, &on_rail));
	if (on_rail)
		TRY(rail_order_end(decision, &order, state));
	return former_order_put(decision, claim, former->entry, &record);
}

enum recourse_error former_order_report(
	struct decision *decision, struct undo *undo, const struct former_order *former, uint32_t state)
{
	TRY(former_order_became(decision, undo->id, former, state));
	return decision_about(decision, RECORD_CLAIM, undo->id);
}

/*
 * What was sent in its place goes on by itself, where it is with who pays; where no batch has it, it never leaves. One that waits in a
 * batch is withdrawn first: it would be paid as well.
 */
enum recourse_error former_order_end_last(struct decision *decision, const struct undo *payout)
{
	const struct record_claim *claim = &payout->claim;
	struct rail_order last;
	struct payment_batch batch;
	uint32_t state;
	bool any;
	TRY(former_order_last_became(decision->state, payout->id, claim, &state));
	if (claim->on_rail && state != PAYOUT_CANCELLED) {
		TRY(rail_order_last(decision->state, decision->arena, payout->id, &last));
		if (record_claim_money(claim) == CLAIM_MONEY_TRANSIT) {
			TRY(payment_batch_of(decision->state, &last, &batch, &any));
			if (any && batch.record.state < PAYMENT_BATCH_SENDING)
				return refuse_entry(
					decision, RECOURSE_STATE_WRONG, "claim", batch.record.entry);
			state = any ? state : (uint32_t)PAYOUT_CANCELLED;
		}
		TRY(rail_order_end(decision, &last, state));
	}
	return state == PAYOUT_CANCELLED && claim->payout == PAYOUT_CANCELLED
		       ? RECOURSE_OK /* it is kept */
		       : former_order_keep(decision, payout->id, claim, state);
}

enum recourse_error former_order_not_back(struct decision *decision, const struct undo *payout,
	const struct former_order *former, int64_t steps)
{
	struct former_order again = *former;
	again.record.twice += steps;
	TRY(attest_fee(decision, &payout->incident.unit, steps));
	TRY(former_order_became(decision, payout->id, &again, PAYOUT_SETTLED));
	return decision_about(decision, RECORD_CLAIM, payout->id);
}

/* It is as it was when it was given up: nobody knows what becomes of it. */
enum recourse_error former_order_unsettle(struct decision *decision, const struct undo *payout,
	const struct value *order, struct former_order *former, int64_t *steps)
{
	struct record_path of_claim = record_path_of_text(RECORD_CLAIM_PAYEE, payout->id);
	struct record_claim_payee last;
	bool there;
	*steps = 0;
	TRY(record_get_optional(decision->state, &of_claim, &last, sizeof last, &there));
	if (!there)
		return order->present ? refuse(decision, RECOURSE_NOT_FOUND, "order", "of a named payee")
				      : RECOURSE_OK;
	former->entry = order->present ? (uint64_t)order->integer : last.entry;
	struct record_path path = former_order_path(payout->id, former->entry);
	TRY(record_get_optional(decision->state, &path, &former->record, sizeof former->record, &there));
	there = there && former->record.twice > 0;
	if (!there)
		return !order->present || former->entry == last.entry
			       ? RECOURSE_OK
			       : refuse_entry(decision, RECOURSE_STATE_WRONG, "order", last.entry);
	struct former_order undone = *former;
	*steps = former->record.twice;
	undone.record.twice = 0;
	undone.record.twice_entry = undone.record.settled_line = 0;
	TRY(attest_fee(decision, &payout->incident.unit, -*steps));
	if (former->record.became == LIFE_NONE) /* on its way again, for more than is owed */
		return former_order_put(decision, payout->id, former->entry, &undone.record);
	return former_order_became(decision, payout->id, &undone, PAYOUT_UNKNOWN);
}

/* It is the claim's last payment: what was made since, or ended, is a former one. */
enum recourse_error former_order_exchange(
	struct decision *decision, struct undo *payout, const struct former_order *former)
{
	struct record_claim *claim = &payout->claim;
	TRY(former_order_end_last(decision, payout));
	if (claim->payout == PAYOUT_CANCELLED) { /* what was ordered since was taken back */
		TRY(decision_step(decision, LIFE_PAYOUT, &claim->payout, PAYOUT_INSTRUCTED, "claim"));
		TRY(decision_step(decision, LIFE_PAYOUT, &claim->payout, PAYOUT_SETTLED, "claim"));
	}
	claim->settled_entry = former->record.settled_entry;
	claim->settled_line = former->record.settled_line;
	claim->settled_of = PAYOUT_INSTRUCTED;
	claim->paid_first = 0;
	return former_order_take(decision, payout->id, claim, former);
}

enum recourse_error former_order_turn(struct decision *decision, struct undo *payout)
{
	struct record_claim *claim = &payout->claim;
	bool made = claim->payout == PAYOUT_SETTLED;
	struct former_order last;
	if (claim->back_deposit + claim->back_advance == 0)
		return RECOURSE_OK;
	TRY(find_returned(decision->state, payout->id, &last));
	if (last.entry != 0)
		TRY(former_order_exchange(decision, payout, &last));
	TRY(decision_step(decision, LIFE_PAYOUT, &claim->payout, PAYOUT_RETURNED, "claim"));
	claim->deposit_part = claim->back_deposit + (made ? 0 : claim->deposit_part);
	claim->advance_part = claim->back_advance + (made ? 0 : claim->advance_part);
	claim->back_deposit = claim->back_advance = 0;
	if (!made)
		return RECOURSE_OK;
	payout->section.claims_paid--;
	TRY(decision_step(decision, LIFE_CLAIM, &claim->state, CLAIM_PAYING, "claim"));
	return incident_due_anew(decision, &payout->incident, claim);
}
