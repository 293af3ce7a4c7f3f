/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "recourse_ledger.h"
#include "store/seal.h"

/*
 * The writer's own look at seals. Most of what a group reads it has read before: a row is looked at once while a group
 * is under way, and known again by where it lies in the snapshot. Forgetful: a row may take another's place.
 */
enum { SEAL_WATCH_BITS = 10 };

/* Start with all zeroes. */
struct seal_watch {
	const uint8_t *seen[1 << SEAL_WATCH_BITS];
	struct recourse_seals counts;
	bool wrong; /* it came upon a row that is not what was written */
};

/* A group begins: what was seen before is of another snapshot, or was seen too long ago. */
void seal_watch_begin(struct seal_watch *watch);

/* seal_open(), `again`: unless that was done since seal_watch_begin(). */
enum recourse_error seal_watch_open(
	struct seal_watch *watch, const struct seal *seal, slice key, slice stored, bool again, slice *value);

/* seal_close(). */
slice seal_watch_close(struct seal_watch *watch, const struct seal *seal, slice key, slice value,
	uint8_t bytes[static SEAL_ROOM]);

/* seal_open() of a row that nobody asked for. */
enum recourse_error seal_watch_sweep(
	struct seal_watch *watch, const struct seal *seal, slice key, slice stored);
