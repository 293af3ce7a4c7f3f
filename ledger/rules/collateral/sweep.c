/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/collateral/collateral.h"

/* A key of issuer, unit and merchant, the longest there is, must fit. */
_Static_assert(
	SWEEP_KEY_SIZE >= 2 + 2 * (TEXT_ID_SIZE + 1) + UNIT_CODE_SIZE + 1, "a sweep knows where it is");

enum recourse_error sweep_begin(struct decision *decision, enum sweep_kind kind, slice prefix)
{
	struct record_path path = record_path_of_number(RECORD_SWEEP, decision->entry);
	struct record_sweep sweep = {
		.kind = kind, .prefix = prefix.size, .size = prefix.size, .clock = decision->time};
	memcpy(sweep.key, prefix.data, prefix.size);
	return decision_put(decision, &path, &sweep, sizeof sweep);
}

enum recourse_error sweep_awaits(struct state_view *view, slice key, bool *awaits)
{
	struct record_path sweeps = record_path_of(RECORD_SWEEP);
	struct record_sweep sweep;
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(view, &sweeps);
	*awaits = false;
	while (!*awaits && record_walk_next(&walk, &sweep, sizeof sweep))
		*awaits = key.size >= sweep.prefix && memcmp(key.data, sweep.key, sweep.prefix) == 0 &&
			  slice_compare(key, slice_of(sweep.key, sweep.size)) >= 0;
	return walk.error;
}

/* The rows of one step: only their keys, since nothing may be put while they are walked. */
struct batch {
	size_t count;
	slice keys[SWEEP_STEP + 1]; /* one more, to go on from */
};

static enum recourse_error take_keys(
	struct decision *decision, const struct record_sweep *sweep, struct batch *batch)
{
	struct record_path prefix = record_path_of_key(slice_of(sweep->key, sweep->prefix));
	struct record_path from = record_path_of_key(slice_of(sweep->key, sweep->size));
	SCOPED(record_walk_end)
	struct record_walk walk = record_walk_from(decision->state, &prefix, &from, STATE_UP);
	batch->count = 0;
	while (batch->count <= SWEEP_STEP && record_walk_next(&walk, NULL, 0))
		TRY(arena_copy(decision->arena, walk.bytes, &batch->keys[batch->count++]));
	return walk.error;
}

static enum recourse_error do_row(struct decision *decision, enum sweep_kind kind, slice key)
{
	struct table_key row;
	struct unit unit;
	TRY(tables_shape_read_key(tables_of(key), key, &row));
	TRY(decision_unit(decision, "unit", row.parts[1].text, &unit));
	switch (kind) {
	case SWEEP_MERCHANTS:
		return collateral_change_refresh(decision, row.parts[2].text, &unit);
	case SWEEP_ISSUERS:
		return coverage_follow(decision, row.parts[0].text, &unit);
	}
	return RECOURSE_STORE_CORRUPT;
}

enum recourse_error sweep_step(struct decision *decision, slice subject)
{
	struct record_sweep sweep;
	struct batch batch;
	uint64_t entry;
	TRY(clock_subject_read_entry(decision, subject, &entry));
	struct record_path path = record_path_of_number(RECORD_SWEEP, entry);
	TRY(decision_find(decision, "subject", &path, &sweep, sizeof sweep));
	TRY(take_keys(decision, &sweep, &batch));
	size_t done = batch.count > SWEEP_STEP ? SWEEP_STEP : batch.count;
	for (size_t row = 0; row < done; row++)
		TRY(do_row(decision, (enum sweep_kind)sweep.kind, batch.keys[row]));
	sweep.done += done;
	decision_fact_integer(decision, "rows", done);
	decision_fact_integer(decision, "rows_so_far", sweep.done);
	if (batch.count <= SWEEP_STEP)
		return decision_remove(decision, &path);
	slice next = batch.keys[SWEEP_STEP];
	sweep.size = next.size;
	memcpy(sweep.key, next.data, next.size);
	sweep.clock = decision->time;
	return decision_put(decision, &path, &sweep, sizeof sweep);
}
