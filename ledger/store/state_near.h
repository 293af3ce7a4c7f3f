/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/slice.h"

#include <lmdb.h>

/*
 * Where a thread last read rows of each table: the next row of one often lies on the same page, as commands come in the order in
 * which their subjects were made. There it is found without the way down from the root, which is most of what a row costs that no
 * group has seen; anywhere else two keys are compared for nothing. Start with all zeroes.
 */
enum { STATE_NEAR_PLACES = 32 };

struct state_near {
	MDB_cursor *cursors
		[STATE_NEAR_PLACES]; /* by the first two bytes of a key, in which tables differ; NULL: none yet */
	uint32_t stale;              /* a bit each: of a snapshot that is no more */
};

/* A row of that transaction, which is the one since state_near_renew(); QUERY_NOT_FOUND. */
enum recourse_error state_near_get(
	struct state_near *near, MDB_txn *transaction, MDB_dbi table, slice key, MDB_val *found);

/* The transaction is renewed: pages that were read before are of another snapshot. */
static inline void state_near_renew(struct state_near *near)
{
	near->stale = UINT32_MAX;
}

/* Before its transaction ends. */
void state_near_free(struct state_near *near);
