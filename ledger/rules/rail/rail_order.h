/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "books/record_claim.h"
#include "rules/rail/rail.h"

/*
 * Orders on a rail (F2, F8): a payment to a payee whose rail is published, by the entry that ordered it. What was sent again is
 * another order. One that is by hand has no row here, and nothing is read or written for it.
 */
struct rail_order {
	slice rail; /* as its payee names it */
	slice claim;
	uint64_t entry; /* that ordered it: its number */
	struct record_rail_order record;
};

struct record_path rail_order_path(slice rail, uint64_t entry);

/*
 * Puts the order that this entry gives of a claim to its payee, if the payee's rail is published; `on_rail` of the claim says whether it
 * is. The claim is the caller's, who puts it. CUSTODIAN_WRONG, UNIT_MISMATCH, AMOUNT_RANGE of "payee" where the rail does
 * not pay such money.
 */
enum recourse_error rail_order_place(struct decision *decision, slice rail,
	const struct record_claim_payee *to, slice claim, struct record_claim *record,
	const struct record_incident *incident, uint32_t custodian);

/*
 * A claim's order is its last one no more: it is ordered anew, or this was taken back; or so much more became of it since. `became`:
 * enum payout_state. `again`: it is its last one as before.
 */
enum recourse_error rail_order_end(
	struct decision *decision, const struct rail_order *order, uint32_t became);
enum recourse_error rail_order_again(struct decision *decision, const struct rail_order *order);

/* The row of an order of that claim to a named payee, and the name of its rail, in the arena. `*there`: it is on one. */
enum recourse_error rail_order_of(struct state_view *view, struct arena *arena, slice claim,
	const struct record_claim_payee *to, struct rail_order *order, bool *there);

/* The last order of a claim that is on a rail: its row and the name of its rail, in the arena. STORE_CORRUPT if it has none. */
enum recourse_error rail_order_last(
	struct state_view *view, struct arena *arena, slice claim, struct rail_order *order);
