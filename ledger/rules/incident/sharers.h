/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Those that have a share in a section's pool, in the order in which they were added. They are packed, since a section may have
 * a million: one that has had nothing takes some 8 bytes, one that a round has covered some 12, none more than
 * SHARER_BYTES_MAX; and they are read from the first one on, as often as needed.
 *
 *   struct sharers_reader reader = sharers_read(&sharers);
 *   while (sharers_next(&reader, &sharer))
 *
 * Start with all zeroes. A failed allocation is remembered, and every later one is ignored: sharers_failed().
 */
enum sharer_kind {
	SHARER_RESERVED, /* kept back for a claim that may still be decided */
	SHARER_NEW,      /* no round covers it yet */
	SHARER_COVERED,
};
struct sharer {
	int64_t weight;
	int64_t had;
	int64_t others;
	int64_t promised;
	uint64_t ruled; /* the entry of the ruling */
	uint32_t
		cohort; /* see struct round_standing; of one that is `own`: its place among those, as it is read */
	uint32_t kind;
	bool own; /* its cohort has it alone, at this part of its weight: */
	int64_t level;
	int64_t weights;
	uint64_t index; /* from 0, as it is read */
};

struct sharers_block;
struct sharers {
	struct sharers_block *first;
	struct sharers_block *last;
	uint64_t count;
	uint64_t bytes; /* that all of them take */
	uint64_t ruled; /* of the last one */
	bool failed;
};

enum { SHARER_BYTES_MAX = 80 };
void sharers_add(struct sharers *sharers, const struct sharer *sharer);
bool sharers_failed(const struct sharers *sharers);
void sharers_free(struct sharers *sharers);

struct sharers_reader {
	const struct sharers_block *block;
	size_t at;
	uint64_t index;
	uint64_t ruled;
	uint32_t owns;
};
struct sharers_reader sharers_read(const struct sharers *sharers);
bool sharers_next(struct sharers_reader *reader, struct sharer *sharer);
