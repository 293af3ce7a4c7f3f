/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "rules/payout/former_order.h"

/*
 * What was said of one of several payments of a claim by a slip, while others are back, or were made since (README.md, "An earlier
 * instalment comes back"): each is as if it had not been said, and the others stay what they are.
 */

/*
 * `booked` is a return of one of several that are one payment now, or that wait for one that is under way: `*any`, and the claim is as if
 * that one alone were back. NOT_PERMITTED where that was sent again, or lowered.
 */
struct former_undo {
	struct former_order of;
	struct record_claim others; /* the claim, as it was, less this one */
	bool waits;
};
enum recourse_error former_undo_return_begin(struct decision *decision, struct undo *payout,
	const struct booked *booked, struct former_undo *undo, bool *any);

/* It was made after all: the others are as they were. */
enum recourse_error former_undo_return_end(
	struct decision *decision, struct undo *payout, const struct former_undo *undo);

/* What was paid twice by the claim's last one, and came back with it, did not. Nothing where none was. */
enum recourse_error former_undo_twice(
	struct decision *decision, const struct undo *payout, const struct booked *booked);

/*
 * The former order that the field names was not made: it is the claim's last one again, settled, and what was made since a former one.
 * What is back waits for its end. Nothing where it is none that was; STATE_WRONG of "order" with the last one's entry where that is under
 * way, or never left.
 */
enum recourse_error former_undo_settle(
	struct decision *decision, struct undo *payout, const struct value *order);
