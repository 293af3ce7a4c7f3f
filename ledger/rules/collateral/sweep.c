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
