/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "rules/payout/former_order.h"

/* A bank's line of an order that is its claim's last one no more (former_order.h). */

/*
 * The bank made a payment by it. It is the claim's payment where nothing else of that instalment was made; what was sent in its place
 * is a former one then. Whatever nobody is owed of it was paid twice: who runs the ledger owes it to the trust.
 */
enum recourse_error former_line_settle(struct decision *decision, struct undo *payout,
	const struct former_order *former, const struct value *line);

/*
 * It is about to come back. `*twice`: it was paid twice, and all is done. Else the claim is as if its last payment were this one, made,
 * and what it had under way, or back, is put aside.
 */
struct former_line_aside {
	struct former_order
		of; /* that came back; of a claim's last one all zeroes but what was paid twice by it */
	bool any;   /* is back as well, and one payment with it; */
	bool waits; /* or is under way: what came back waits for its end */
	int64_t deposit_part;
	int64_t advance_part;
};
enum recourse_error former_line_return(struct decision *decision, struct undo *payout,
	const struct former_order *former, const struct value *line, const struct value *amount,
	struct former_line_aside *aside, bool *twice);

/* The claim's last one is about to come back: what was paid twice by it comes with it. */
enum recourse_error former_line_return_last(
	struct decision *decision, const struct undo *payout, struct former_line_aside *aside);

/* It came back: with what was put aside it is one payment that is back. */
enum recourse_error former_line_join(
	struct decision *decision, struct undo *payout, struct former_line_aside *aside);

/* The bank made the claim's last one, which is of more than the claim is owed by it: the rest was paid twice. */
enum recourse_error former_line_settle_whole(
	struct decision *decision, struct undo *payout, const struct value *line);
