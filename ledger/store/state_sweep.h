/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "store/seal_watch.h"
#include "store/state_file.h"

/* Through all that is committed, a piece at a time; what lies at or before `place` is in the sum. All zeroes at first. */
struct state_sweep {
	uint8_t place[SEAL_KEY_MAX];
	size_t size; /* of it; 0: none is under way */
	uint64_t seals;
};

/*
 * Looks at so many rows more, by the writer's own transaction; `*whole` says that it came to the end, where the sum of all
 * seals is the head's, and the next piece begins anew. STORE_CORRUPT from the first wrong one on.
 */
enum recourse_error state_sweep_go_on(struct state_sweep *sweep, const struct state_file *file,
	struct seal_watch *watch, MDB_txn *transaction, size_t rows, bool *whole);

/* That row adds so much to the sum, now that it is another: to the sweep's own where it has been there. */
void state_sweep_count(struct state_sweep *sweep, slice key, uint64_t more);
