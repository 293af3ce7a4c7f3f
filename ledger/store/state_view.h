/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "store/state_options.h"

#include <lmdb.h>

/*
 * What stands behind struct state_view, for state.c and state_walk.c alone. Only the writer's view has an
 * overlay: a snapshot, which belongs to another thread, can not as much as look at it.
 */
struct state_view {
	struct state *state;
	MDB_txn *transaction;
	MDB_dbi table;
	struct overlay *overlay; /* NULL in a snapshot */
	struct state_position position;
	size_t walks; /* open ones */
};
