/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/slice.h"

/*
 * Memory that is given back all at once: what one request needs while it is decoded and decided.
 * Start with all zeroes, but for `secret`. Pointers are good until arena_clear() or arena_free().
 */
struct arena {
	struct arena_chunk *newest;
	bool secret; /* what was in it is overwritten before it is forgotten or given back */
};

/* Zeroed, aligned for any object; NULL when out of memory. */
void *arena_allocate(struct arena *arena, size_t size) __attribute__((warn_unused_result));

/* Those bytes, in the arena, with a zero byte behind them. MEMORY. */
enum recourse_error arena_copy(struct arena *arena, slice bytes, slice *copy);

/* Forgets everything, keeps the largest chunk for the next request. */
void arena_clear(struct arena *arena);
void arena_free(struct arena *arena);
