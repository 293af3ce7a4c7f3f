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

/* What came back last of the claim is its last order again: the one that was sent in its place was taken back. */
enum recourse_error former_order_back(struct decision *decision, slice claim, struct record_claim *record);

/* The former order that the field names; STATE_WRONG of "order" with the last one's entry where there is none. */
enum recourse_error former_order_find(
	struct decision *decision, slice claim, const struct value *order, struct former_order *former);

/*
 * The bank made a payment by it. It is the claim's payment where nothing else of that instalment was made; what was sent in its place
 * is a former one then. Whatever nobody is owed of it was paid twice: who runs the ledger owes it to the trust.
 */
enum recourse_error former_order_settle(struct decision *decision, struct undo *payout,
	const struct former_order *former, const struct value *line);

/* It is with who pays, who has not said what became of it: another one was made in its place. */
bool former_order_is_under_way(const struct record_former_order *record);

/* The bank made the claim's last one, which is of more than the claim is owed by it: the rest was paid twice. */
enum recourse_error former_order_settle_whole(
	struct decision *decision, struct undo *payout, const struct value *line);

/* Who pays says of one that is under way still what became of it: no money moves. */
enum recourse_error former_order_report(
	struct decision *decision, struct undo *undo, const struct former_order *former, uint32_t state);

/*
 * It is about to come back. `*twice`: it was paid twice, and all is done. Else the claim is as if its last payment were this one, made,
 * and what it had under way, or back, is put aside.
 */
struct former_aside {
	bool any;   /* is back as well, and one payment with it; */
	bool waits; /* or is under way: what came back waits for its end */
	int64_t deposit_part;
	int64_t advance_part;
};
enum recourse_error former_order_return(struct decision *decision, struct undo *payout,
	const struct former_order *former, const struct value *line, const struct value *amount,
	struct former_aside *aside, bool *twice);

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

/* It came back: with what was put aside it is one payment that is back. */
void former_order_join(struct undo *payout, const struct former_aside *aside);
