/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "recourse_ledger.h"

/*
 * Walks through the state's rows again and again, a piece at a time, between the writer's groups: what was changed in its
 * file is found though nobody asks for it. A piece is followed by nine times as long as it took at least, disk
 * and all, so that a walk has a tenth of a core at most; a million rows take ten seconds. With the writer's thread alone.
 */
enum { SWEEPER_ROWS = 2000 };
#define SWEEPER_INTERVAL (20 * HOST_CLOCK_MILLISECOND)

struct sweeper {
	struct recourse_ledger *ledger;
	uint64_t due;      /* the next piece, by the monotonic clock */
	uint64_t walk_due; /* the next walk through all of it */
};

/* A piece, or while it rests a look whether the writer came upon something. Errors as recourse_ledger_sweep(). */
enum recourse_error sweeper_step(struct sweeper *sweeper);
