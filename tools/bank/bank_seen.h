/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/buffer.h"

/*
 * Which texts were met: half a SHA-256 of each and the line it was on, 24 bytes a text in a table that is half empty
 * at the most. Start with all zeroes.
 */
struct bank_seen {
	struct bank_seen_row *rows;
	size_t capacity; /* a power of two, or 0 */
	size_t count;
};

/* `*line` is where it was met before; 0 the first time, when it is met on `here` (which is not 0). MEMORY. */
enum recourse_error bank_seen_add(struct bank_seen *seen, slice text, uint64_t here, uint64_t *line);

/* Where it was met; 0: nowhere. */
uint64_t bank_seen_find(const struct bank_seen *seen, slice text);
void bank_seen_free(struct bank_seen *seen);
