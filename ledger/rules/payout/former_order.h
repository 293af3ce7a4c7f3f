/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "books/record_payee.h"
#include "rules/claims/undo.h"

/*
 * Orders of a claim that are its last one no more, or were taken back (I8, F2): the bank's line of one is booked as what it is. See
 * README.md, "A line of an order that was given up". Only of orders to a named payee is there a row, as only these have a name.
 */
struct former_order {
	uint64_t entry;
	struct record_former_order record;
};

/*
 * The claim's last order ends: it is ordered anew, or this was taken back. `before` is the claim as it was until then, with the parts
 * of that order. Nothing where it named no payee.
 */
enum recourse_error former_order_keep(
	struct decision *decision, slice claim, const struct record_claim *before, uint32_t became);

/* What became of the claim's last order: one that came back is back, also where nobody was found then. */
enum recourse_error former_order_last_became(
	struct state_view *view, slice claim, const struct record_claim *record, uint32_t *became);

/* What later rounds gave is about to be the claim's beside what was ordered last: a row says what that was. Nothing without a payee. */
enum recourse_error former_order_add(
	struct decision *decision, slice claim, const struct record_claim *record);

/* What came back last of the claim is its last order again: the one that was sent in its place was taken back. */
enum recourse_error former_order_back(struct decision *decision, slice claim, struct record_claim *record);

/* Another one came back after that one was ordered: what the claim has open may be of both. */
enum recourse_error former_order_came_back_since(
	struct state_view *view, slice claim, uint64_t entry, bool *since);

/* The former order that the field names; STATE_WRONG of "order" with the last one's entry where there is none. */
enum recourse_error former_order_find(
	struct decision *decision, slice claim, const struct value *order, struct former_order *former);

/* It is with who pays, who has not said what became of it: another one was made in its place. */
bool former_order_is_under_way(const struct record_former_order *record);

/* All that was paid by it was paid twice: the claim's payment was another one. */
bool former_order_was_twice_alone(const struct record_former_order *record);

/* It was rejected, expired or stopped, or nobody claimed it. */
bool former_order_never_left(uint32_t became);

/* Who pays says of one that is under way still what became of it: no money moves. */
enum recourse_error former_order_report(
	struct decision *decision, struct undo *undo, const struct former_order *former, uint32_t state);

/* What was paid twice by it did not come back after all: it is owed to the trust again. The cash is the caller's. */
enum recourse_error former_order_not_back(struct decision *decision, const struct undo *payout,
	const struct former_order *former, int64_t steps);

/*
 * No bank made what was paid twice by the order that the field names, or by the claim's last one where it names none: `*steps` of it, or
 * none. The cash, and what was settled of it, are the caller's. STATE_WRONG with the last order's entry where nothing was paid so.
 */
enum recourse_error former_order_unsettle(struct decision *decision, const struct undo *payout,
	const struct value *order, struct former_order *former, int64_t *steps);

/*
 * What was under way has ended by this entry, as its state says: what came back beside it is the claim's payment now, which is back, with
 * that if it is back as well. Nothing where nothing came back. The claim and its section are the caller's.
 */
enum recourse_error former_order_turn(struct decision *decision, struct undo *payout);

/* ---- for who books its line (former_line.h) ---- */

struct record_path former_order_path(slice claim, uint64_t entry);
enum recourse_error former_order_put(
	struct decision *decision, slice claim, uint64_t entry, const struct record_former_order *record);

/* So much more became of it: its row says so, and that of its rail. */
enum recourse_error former_order_became(
	struct decision *decision, slice claim, const struct former_order *former, uint32_t state);

/* It is the claim's last one again, whose parts are the caller's. */
enum recourse_error former_order_take(struct decision *decision, slice claim, struct record_claim *record,
	const struct former_order *former);

/*
 * The claim's last one is a former one: with who pays it goes on by itself, in no batch it never leaves. STATE_WRONG of "claim" with the
 * batch's entry where it waits in one.
 */
enum recourse_error former_order_end_last(struct decision *decision, const struct undo *payout);

/* Both: the claim's payment is that one, made. */
enum recourse_error former_order_exchange(
	struct decision *decision, struct undo *payout, const struct former_order *former);
