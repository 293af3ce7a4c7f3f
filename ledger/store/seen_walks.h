/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/slice.h"

#include <stdbool.h>
#include <stdint.h>

/*
 * Which rows of its snapshot the writer has found below a prefix lately, where they were few: a rule asks again and again for
 * what hangs on the same party or incident, mostly nothing. What is in an overlay is not in here, as in seen_rows.h.
 */
enum { SEEN_WALKS_BITS = 5, SEEN_WALK_PREFIX_MAX = 40, SEEN_WALK_ROWS = 2 };

struct seen_walk_row {
	slice key; /* borrowed from the snapshot, like the value */
	slice value;
};

/* The first rows that a walk came upon; of more than there is room for, how many so far. */
struct seen_walk {
	struct seen_walk_row rows[SEEN_WALK_ROWS];
	size_t count;
};

/* Start with all zeroes, and begin. */
struct seen_walks {
	struct {
		struct seen_walk found;
		uint64_t round; /* it was seen in */
		uint8_t prefix_size;
		uint8_t prefix[SEEN_WALK_PREFIX_MAX];
	} walks[1 << SEEN_WALKS_BITS];
	uint64_t round;
};

/* Forgets all: the snapshot is another, or its rows are to be looked at anew. */
static inline void seen_walks_begin(struct seen_walks *seen)
{
	seen->round++;
}

/* All rows below a prefix, of that hash; NULL where it is not known. Good until the next note. */
const struct seen_walk *seen_walks_find(const struct seen_walks *seen, slice prefix, uint64_t hash);

/* These are all of them; nothing is noted where they are more than there is room for, or the prefix is too long. */
void seen_walks_note(struct seen_walks *seen, slice prefix, uint64_t hash, const struct seen_walk *found);
