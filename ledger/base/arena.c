/* SPDX-License-Identifier: Apache-2.0 */
#include "base/arena.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum {
	CHUNK_SIZE_FIRST = 64 * 1024,
	CHUNK_SIZE_DOUBLED = 8 * 1024 * 1024, /* from here on chunks do not grow by themselves */
	ALIGNMENT = _Alignof(max_align_t),
};

struct arena_chunk {
	struct arena_chunk *previous;
	size_t capacity;
	size_t used;
	_Alignas(max_align_t) unsigned char data[];
};

/* None is smaller than the one before it: the newest is the largest. */
static struct arena_chunk *chunk_add(struct arena *arena, size_t size)
{
	size_t capacity = arena->newest == NULL ? CHUNK_SIZE_FIRST : arena->newest->capacity;
	if (arena->newest != NULL && capacity < CHUNK_SIZE_DOUBLED)
		capacity *= 2;
	if (capacity < size)
		capacity = size;

	struct arena_chunk *chunk = malloc(sizeof *chunk + capacity);
	if (chunk == NULL)
		return NULL;
	chunk->previous = arena->newest;
	chunk->capacity = capacity;
	chunk->used = 0;
	arena->newest = chunk;
	return chunk;
}

void *arena_allocate(struct arena *arena, size_t size)
{
	if (size > SIZE_MAX / 4)
		return NULL;
	/* Nothing asked for still gives a pointer of its own. */
	size_t rounded = size == 0 ? ALIGNMENT : (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;

	struct arena_chunk *chunk = arena->newest;
	if (chunk == NULL || rounded > chunk->capacity - chunk->used)
		chunk = chunk_add(arena, rounded);
	if (chunk == NULL)
		return NULL;
	void *memory = chunk->data + chunk->used;
	chunk->used += rounded;
	return memset(memory, 0, rounded);
}

enum recourse_error arena_copy(struct arena *arena, slice bytes, slice *copy)
{
	uint8_t *memory = arena_allocate(arena, bytes.size + 1);
	if (memory == NULL)
		return RECOURSE_MEMORY;
	if (bytes.size > 0)
		memcpy(memory, bytes.data, bytes.size);
	*copy = slice_of(memory, bytes.size);
	return RECOURSE_OK;
}

static void forget(const struct arena *arena, struct arena_chunk *chunk)
{
	if (arena->secret)
		explicit_bzero(chunk->data, chunk->used);
	chunk->used = 0;
}

static void free_chunks(const struct arena *arena, struct arena_chunk *chunk)
{
	while (chunk != NULL) {
		struct arena_chunk *previous = chunk->previous;
		forget(arena, chunk);
		free(chunk);
		chunk = previous;
	}
}

void arena_clear(struct arena *arena)
{
	struct arena_chunk *kept = arena->newest;
	if (kept == NULL)
		return;
	free_chunks(arena, kept->previous);
	kept->previous = NULL;
	forget(arena, kept);
}

void arena_free(struct arena *arena)
{
	free_chunks(arena, arena->newest);
	arena->newest = NULL;
}
