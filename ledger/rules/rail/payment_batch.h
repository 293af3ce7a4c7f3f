/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "rules/rail/rail_order.h"

/*
 * Batches of payments (F2, F8): what goes to a rail together, with count and total, made by one person and checked by another: see
 * README.md. Commands batch.make, batch.check, batch.withdraw, batch.sent.
 *
 * No list is kept: which orders are of a batch follows from when it was made and up to which order. That is one reckoning, here,
 * for all who ask.
 */
enum { PAYMENT_BATCH_MAX = 1000000, PAYMENT_BATCH_FILES_MAX = 10000 };

struct payment_batch {
	char id[TEXT_ID_SIZE];
	struct record_payment_batch record;
};
struct record_path payment_batch_path(slice id);

/* By its bytes, a file that went out by that rail: its entry. */
struct record_path payment_batch_hash_path(slice rail, const uint8_t hash[static CRYPTO_HASH_SIZE]);

/*
 * From which order on one of the rail may wait for a batch, for one of all incidents (0), or of one: orders of others that
 * are left out for ever are not walked through again each time.
 */
struct record_path payment_batch_waiting_path(slice rail, uint32_t incident);
enum recourse_error payment_batch_waiting(
	struct state_view *view, slice id, const struct record_rail *rail, uint32_t incident, uint64_t *from);

/* What batches of a rail take, those made between two entries, the oldest first. */
struct payment_batch_taker {
	uint64_t entry;
	uint64_t last;
	uint64_t withdrawn_entry;
	uint32_t incident;
	uint32_t state; /* enum payment_batch_state */
	bool checked;
};
struct payment_batch_takers {
	struct payment_batch_taker *rows; /* in the arena */
	size_t count;
	size_t next; /* the first that was made behind the order that was asked for last */
};
enum recourse_error payment_batch_takers(struct state_view *view, struct arena *arena, slice rail,
	uint64_t after, uint64_t before, struct payment_batch_takers *takers);

/*
 * Whether an order was of no batch when the entry `at` came, and stood: the takers are all that were made between it and that entry.
 * Orders are asked for in their order.
 */
bool payment_batch_free(struct payment_batch_takers *takers, const struct record_rail_order *order,
	uint64_t entry, uint64_t at);

/*
 * Whether an order is of that batch, or was until it was withdrawn; the takers are those made between its first order and it. None
 * before its first order is: who took those is not among the takers.
 */
bool payment_batch_has(struct payment_batch_takers *takers, const struct record_payment_batch *batch,
	const struct record_rail_order *order, uint64_t entry);

/*
 * Which of them has an order now; NULL: none has. They are all that were made behind it. Orders are asked for in any order;
 * see payment_batch_of() for one alone.
 */
const struct payment_batch_taker *payment_batch_holder(
	const struct payment_batch_takers *takers, const struct record_rail_order *order, uint64_t entry);

/* How far an order is whose batch that is, as payment_batch_state() says it; NULL: it is in none. */
uint32_t payment_batch_holder_state(const struct payment_batch_taker *batch);

/* The batch that an order is of now; `*any` says whether it is of one. */
enum recourse_error payment_batch_of(
	struct state_view *view, const struct rail_order *order, struct payment_batch *batch, bool *any);

/*
 * What becomes of a claim's order on a rail: `batch_of` says how far it is. PAYOUT_DRAFT: in no batch that was checked; PAYOUT_CHECKED;
 * PAYOUT_INSTRUCTED: a file of its batch went out, and it may have been in that.
 */
enum recourse_error payment_batch_state(
	struct state_view *view, const struct rail_order *order, uint32_t *state);

/*
 * The last order of the claim on a rail is taken back, as it never left: one that is in no batch. Where it is in one STATE_WRONG of "claim"
 * with the batch's entry, unless the rail said of one that went out that it never left (`left_not`).
 */
enum recourse_error payment_batch_cancel(struct decision *decision, slice claim, bool left_not);

/* A bank pays what went out, of that sum: STATE_WRONG of "claim" with the order's state where it did not. */
enum recourse_error payment_batch_went_out(struct decision *decision, slice claim, int64_t *ordered);
