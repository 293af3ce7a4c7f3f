/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/*
 * What time it is where the host's clock may be wrong: it is counted on, by what nobody can set, from when that clock was
 * last right. Instants in nanoseconds; nothing here reads a clock.
 *
 *       last right            now
 *   ────────●──── elapsed ─────●── counted
 *                              ├──── jump ────┤ the host's clock is believed as far as this, either way;
 *                              ├──────── slack ────────┤ and ahead as far as this, once, after a stop of unknown length
 */
struct reckoning_reading {
	uint64_t host;    /* what the host's clock says */
	uint64_t elapsed; /* since the boot */
};
struct reckoning {
	struct reckoning_reading right; /* when it was last right */
	uint64_t slack;                 /* 0: since then the service has run */
};

uint64_t reckoning_counted(const struct reckoning *reckoning, uint64_t elapsed);

/* Whether the host's clock is believed. */
bool reckoning_agrees(
	const struct reckoning *reckoning, const struct reckoning_reading *reading, uint64_t jump);

/*
 * It is, and what it says is from when is counted from now on: at once after a stop, else once a day, so that what is
 * believed adds up to no more than a jump a day.
 */
void reckoning_follow(struct reckoning *reckoning, const struct reckoning_reading *reading);

/* The host's clock was right when it was so much further than what was counted; the difference may wrap round. */
void reckoning_shift(struct reckoning *reckoning, uint64_t further);
