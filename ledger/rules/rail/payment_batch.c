/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/rail/payment_batch.h"

struct record_path payment_batch_path(slice id)
{
	return record_path_of_text(RECORD_PAYMENT_BATCH, id);
}

struct record_path payment_batch_hash_path(slice rail, const uint8_t hash[static CRYPTO_HASH_SIZE])
{
	char hex[2 * CRYPTO_HASH_SIZE + 1];
	text_to_hex(hash, CRYPTO_HASH_SIZE, hex);
	return record_path_of_texts(RECORD_BATCH_HASH, rail, slice_text(hex));
}

/* ---- which orders are of which ---- */

struct record_path payment_batch_waiting_path(slice rail, uint32_t incident)
{
	struct record_path path = record_path_of_text(RECORD_RAIL_WAITING, rail);
	record_path_short(&path, incident);
	return path;
}

enum recourse_error payment_batch_waiting(
	struct state_view *view, slice id, const struct record_rail *rail, uint32_t incident, uint64_t *from)
{
	struct record_path path = payment_batch_waiting_path(id, incident);
	struct record_rail_waiting waiting;
	*from = rail->from;
	if (incident == 0)
		return RECOURSE_OK;
	TRY(record_get_optional(view, &path, &waiting, sizeof waiting, NULL));
	if (waiting.entry > rail->withdrawn_entry && waiting.from > *from)
		*from = waiting.from;
	return RECOURSE_OK;
}

static struct record_walk made_from(
	struct state_view *view, slice rail, uint64_t after, struct record_path *prefix)
{
	*prefix = record_path_of_text(RECORD_PAYMENT_BATCH_RAIL, rail);
	struct record_path from = *prefix;
	record_path_number(&from, after);
	return record_walk_from(view, prefix, &from, STATE_UP);
}

static enum recourse_error count_made(
	struct state_view *view, slice rail, uint64_t after, uint64_t before, size_t *count)
{
	struct record_path prefix;
	SCOPED(record_walk_end) struct record_walk walk = made_from(view, rail, after, &prefix);
	for (*count = 0; record_walk_next(&walk, NULL, 0) && walk.key.parts[1].number < before;)
		++*count;
	return walk.error;
}

static struct payment_batch_taker taker_of(const struct record_payment_batch *batch)
{
	return (struct payment_batch_taker){.entry = batch->entry,
		.last = batch->last,
		.withdrawn_entry = batch->withdrawn_entry,
		.incident = batch->incident,
		.state = batch->state,
		.checked = batch->checked_entry != 0};
}

enum recourse_error payment_batch_takers(struct state_view *view, struct arena *arena, slice rail,
	uint64_t after, uint64_t before, struct payment_batch_takers *takers)
{
	struct record_payment_batch batch;
	struct record_path prefix;
	*takers = (struct payment_batch_takers){.count = 0};
	TRY(count_made(view, rail, after, before, &takers->count));
	if (takers->count == 0)
		return RECOURSE_OK;
	takers->rows = arena_allocate(arena, takers->count * sizeof *takers->rows);
	if (takers->rows == NULL)
		return RECOURSE_MEMORY;
	SCOPED(record_walk_end) struct record_walk walk = made_from(view, rail, after, &prefix);
	for (size_t index = 0; index < takers->count && record_walk_next(&walk, NULL, 0); index++) {
		struct record_path path = payment_batch_path(walk.key.parts[2].text);
		TRY(record_get_named(view, &path, &batch, sizeof batch));
		takers->rows[index] = taker_of(&batch);
	}
	return walk.error;
}

/* It would take it, if no other one has it: it was made for such orders, up to that one, while that stood. */
static bool reaches(
	const struct payment_batch_taker *batch, const struct record_rail_order *order, uint64_t entry)
{
	return batch->entry > entry && batch->last >= entry &&
	       (batch->incident == 0 || batch->incident == order->incident) &&
	       (order->ended_entry == 0 || order->ended_entry > batch->entry);
}

/*
 * Of those that reach it the first one made has it. Who was made before that was withdrawn has it not, even though it is free
 * since: it was not among those that it counted.
 */
static bool takes(const struct payment_batch_taker *batch, const struct record_rail_order *order,
	uint64_t entry, uint64_t at, uint64_t *free_from)
{
	if (batch->entry < *free_from || !reaches(batch, order, entry))
		return false;
	if (batch->withdrawn_entry == 0 || batch->withdrawn_entry > at)
		return true;
	*free_from = batch->withdrawn_entry;
	return false;
}

bool payment_batch_free(struct payment_batch_takers *takers, const struct record_rail_order *order,
	uint64_t entry, uint64_t at)
{
	uint64_t free_from = 0;
	while (takers->next < takers->count && takers->rows[takers->next].entry <= entry)
		takers->next++;
	if (order->ended_entry != 0 && order->ended_entry < at)
		return false;
	for (size_t index = takers->next; index < takers->count && takers->rows[index].entry < at; index++) {
		if (takes(&takers->rows[index], order, entry, at, &free_from))
			return false;
	}
	return true;
}

bool payment_batch_has(struct payment_batch_takers *takers, const struct record_payment_batch *batch,
	const struct record_rail_order *order, uint64_t entry)
{
	struct payment_batch_taker row = taker_of(batch);
	row.withdrawn_entry = 0;
	return entry >= batch->first && reaches(&row, order, entry) &&
	       payment_batch_free(takers, order, entry, batch->entry);
}

/* The first that was made behind the order: found by halving. */
static size_t first_behind(const struct payment_batch_takers *takers, uint64_t entry)
{
	size_t low = 0;
	size_t high = takers->count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (takers->rows[middle].entry <= entry)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

const struct payment_batch_taker *payment_batch_holder(
	const struct payment_batch_takers *takers, const struct record_rail_order *order, uint64_t entry)
{
	uint64_t free_from = 0;
	for (size_t index = first_behind(takers, entry); index < takers->count; index++) {
		if (takes(&takers->rows[index], order, entry, UINT64_MAX, &free_from))
			return &takers->rows[index];
	}
	return NULL;
}

enum recourse_error payment_batch_of(
	struct state_view *view, const struct rail_order *order, struct payment_batch *batch, bool *any)
{
	struct record_path prefix;
	uint64_t free_from = 0;
	*any = false;
	SCOPED(record_walk_end)
	struct record_walk walk = made_from(view, order->rail, order->entry, &prefix);
	while (!*any && record_walk_next(&walk, NULL, 0)) {
		slice id = walk.key.parts[2].text;
		struct record_path path = payment_batch_path(id);
		TRY(record_get_named(view, &path, &batch->record, sizeof batch->record));
		record_text_set(batch->id, sizeof batch->id, id);
		const struct payment_batch_taker row = taker_of(&batch->record);
		*any = takes(&row, &order->record, order->entry, UINT64_MAX, &free_from);
	}
	return walk.error;
}

/* ---- how far one is ---- */

uint32_t payment_batch_holder_state(const struct payment_batch_taker *batch)
{
	if (batch != NULL && batch->state >= PAYMENT_BATCH_SENDING)
		return PAYOUT_INSTRUCTED;
	return batch != NULL && batch->state == PAYMENT_BATCH_CHECKED ? PAYOUT_CHECKED : PAYOUT_DRAFT;
}

enum recourse_error payment_batch_state(
	struct state_view *view, const struct rail_order *order, uint32_t *state)
{
	struct payment_batch batch;
	bool any;
	TRY(payment_batch_of(view, order, &batch, &any));
	struct payment_batch_taker holder = {.entry = 0};
	if (any)
		holder = taker_of(&batch.record);
	*state = payment_batch_holder_state(any ? &holder : NULL);
	return RECOURSE_OK;
}

enum recourse_error payment_batch_cancel(struct decision *decision, slice claim, bool left_not)
{
	struct rail_order order;
	struct payment_batch batch;
	bool any;
	TRY(rail_order_last(decision->state, decision->arena, claim, &order));
	TRY(payment_batch_of(decision->state, &order, &batch, &any));
	if (any && !(left_not && batch.record.state >= PAYMENT_BATCH_SENDING))
		return refuse_entry(decision, RECOURSE_STATE_WRONG, "claim", batch.record.entry);
	return rail_order_end(decision, &order, PAYOUT_CANCELLED);
}

enum recourse_error payment_batch_went_out(struct decision *decision, slice claim, int64_t *ordered)
{
	struct rail_order order;
	uint32_t state;
	TRY(rail_order_last(decision->state, decision->arena, claim, &order));
	TRY(payment_batch_state(decision->state, &order, &state));
	*ordered = order.record.amount;
	return state == PAYOUT_INSTRUCTED
		       ? RECOURSE_OK
		       : refuse_state(decision, "claim", life_state_name(LIFE_PAYOUT, state));
}
