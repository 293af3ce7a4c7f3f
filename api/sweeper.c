/* SPDX-License-Identifier: Apache-2.0 */
#include "sweeper.h"

#include "base/try.h"
#include "host_clock.h"

enum { SHARE = 10 /* of a core: one in so many */ };
#define REST (60 * HOST_CLOCK_SECOND) /* when all of it was looked at */

static uint64_t later(uint64_t one, uint64_t other)
{
	return one > other ? one : other;
}

enum recourse_error sweeper_step(struct sweeper *sweeper)
{
	bool whole;
	uint64_t began = host_clock_monotonic();
	bool rests = began < sweeper->walk_due;
	TRY(recourse_ledger_sweep(sweeper->ledger, rests ? 0 : SWEEPER_ROWS, &whole));
	uint64_t ended = host_clock_monotonic();
	if (whole)
		sweeper->walk_due = ended + REST;
	sweeper->due = rests || whole
			       ? ended + HOST_CLOCK_SECOND
			       : later(began + SWEEPER_INTERVAL, ended + (ended - began) * (SHARE - 1));
	return RECOURSE_OK;
}
