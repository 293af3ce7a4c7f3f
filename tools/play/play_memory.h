/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/arena.h"
#include "base/buffer.h"

/* What a scenario holds while it is played. Without memory the program says so and ends: there is nothing to save. */

/* Zeroed. */
void *play_memory_take(struct arena *arena, size_t size);

/* A copy with a NUL behind it. */
char *play_memory_text(struct arena *arena, slice text);

char *play_memory_format(struct arena *arena, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* What was written into the buffer, as a text; empties and frees it. */
char *play_memory_buffer(struct arena *arena, struct buffer *buffer);
