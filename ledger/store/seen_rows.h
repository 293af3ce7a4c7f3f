/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/slice.h"

#include <stdbool.h>
#include <stdint.h>

/*
 * What the writer has read of its snapshot lately, found by the hash of its key at less than half of what the store takes, and
 * that it is not there, too. Forgetful: a row may take another's place. What is in an overlay is not in here: the
 * row's value is the one below it.
 */
enum { SEEN_ROWS_BITS = 9, SEEN_ROWS_KEY_MAX = 40 };

struct seen_row {
	uint64_t hash;
	uint64_t round; /* it was seen in */
	const uint8_t *value;
	uint32_t value_size; /* SEEN_ROWS_ABSENT: there is no such row */
	uint8_t key_size;
	uint8_t key[SEEN_ROWS_KEY_MAX];
};

#define SEEN_ROWS_ABSENT UINT32_MAX

/* Start with all zeroes, and begin. */
struct seen_rows {
	struct seen_row rows[1 << SEEN_ROWS_BITS];
	uint64_t round;
};

/* Forgets all: the snapshot is another, or its rows are to be looked at anew. */
static inline void seen_rows_begin(struct seen_rows *seen)
{
	seen->round++;
}

/* NULL when it was not seen. Good until the next note. */
const struct seen_row *seen_rows_find(const struct seen_rows *seen, slice key, uint64_t hash);

/* The value is borrowed from the snapshot; a key that is too long is not noted. */
void seen_rows_note(struct seen_rows *seen, slice key, uint64_t hash, slice value);
void seen_rows_note_absent(struct seen_rows *seen, slice key, uint64_t hash);

/* It is in an overlay now. Another row of that place is forgotten as well. */
void seen_rows_forget(struct seen_rows *seen, uint64_t hash);
