/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "store/overlay.h"
#include "store/seen_walks.h"
#include "store/state_options.h"

#include <lmdb.h>

/* What is behind a view, for state.c and state_walk.c. */
struct state_view {
	struct state *state;
	MDB_txn *transaction;
	struct overlay *overlay; /* NULL in a snapshot, which may be with another thread than the writer */
	struct overlay
		*apart; /* below it: what was set apart, until it is settled; put in order, and not changed */
	struct state_position position;
	size_t walks; /* open ones */
};

/* What the writer's walks have found in the store. */
struct seen_walks *state_view_seen_walks(const struct state_view *view);

MDB_dbi state_view_table(const struct state_view *view);

/*
 * The value of a row of the store, by its seal. A snapshot, which may be with another thread, says what is wrong to who
 * asks: the sweep will come by.
 */
enum recourse_error state_view_open_row(
	const struct state_view *view, slice key, const MDB_val *stored, slice *value);
