/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/incident/sharers.h"

#include <assert.h>
#include <stdlib.h>
#include <sys/mman.h>

/*
 * Most lists are short. What a long one takes is mapped, and so the system's again with the round: an allocator would keep it
 * among what outlasts that.
 */
enum { BLOCK_SIZE = 16 * 1024, MAPPED_SIZE = 1024 * 1024 };
struct sharers_block {
	struct sharers_block *next;
	size_t capacity;
	size_t size;
	uint8_t bytes[];
};

static struct sharers_block *block_new(size_t size)
{
	struct sharers_block *block = size == BLOCK_SIZE ? malloc(size)
							 : mmap(NULL, size, PROT_READ | PROT_WRITE,
								   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (block == NULL || block == MAP_FAILED)
		return NULL;
	block->next = NULL;
	block->capacity = size - sizeof *block;
	block->size = 0;
	return block;
}

static void block_free(struct sharers_block *block)
{
	const size_t size = sizeof *block + block->capacity;
	if (size == BLOCK_SIZE)
		free(block);
	else
		(void)munmap(block, size);
}

/* The first byte of one says which of the numbers follow, each in groups of seven bits, the lowest first. */
enum {
	KIND = 3,
	HAS_HAD = 4,
	HAS_OTHERS = 8,
	PROMISED_LESS = 16, /* or more than its weight */
	IS_OWN = 32,
	HAS_COHORT = 64,
	HAS_RULING = 128,
};

/* ---- numbers ---- */

static void put(struct sharers_block *block, uint64_t value)
{
	for (; value >> 7 != 0; value >>= 7)
		block->bytes[block->size++] = (uint8_t)(value | 0x80);
	block->bytes[block->size++] = (uint8_t)value;
}

static uint64_t take(struct sharers_reader *reader)
{
	uint64_t value = 0;
	for (unsigned shift = 0;; shift += 7) {
		uint8_t byte = reader->block->bytes[reader->at++];
		value |= (uint64_t)(byte & 0x7f) << shift;
		if (byte < 0x80)
			return value;
	}
}

static void put_if(struct sharers_block *block, bool there, int64_t value)
{
	if (there)
		put(block, (uint64_t)value);
}

static int64_t take_if(struct sharers_reader *reader, bool there, int64_t otherwise)
{
	return there ? (int64_t)take(reader) : otherwise;
}

/* Up or down from the one before, small either way. */
static uint64_t step_between(uint64_t before, uint64_t after)
{
	return after >= before ? (after - before) << 1 : (before - after) << 1 | 1;
}

static uint64_t after_step(uint64_t before, uint64_t step)
{
	return step & 1 ? before - (step >> 1) : before + (step >> 1);
}

/* ---- the list ---- */

static struct sharers_block *block_with_room(struct sharers *sharers)
{
	struct sharers_block *last = sharers->last;
	if (last != NULL && last->size + SHARER_BYTES_MAX <= last->capacity)
		return last;
	struct sharers_block *block = block_new(last == NULL ? BLOCK_SIZE : MAPPED_SIZE);
	if (block == NULL)
		return NULL;
	if (last == NULL)
		sharers->first = block;
	else
		last->next = block;
	sharers->last = block;
	return block;
}

static unsigned flags_of(const struct sharer *sharer)
{
	return sharer->kind | (sharer->had != 0 ? HAS_HAD : 0) | (sharer->others != 0 ? HAS_OTHERS : 0) |
	       (sharer->promised != sharer->weight ? PROMISED_LESS : 0) | (sharer->own ? IS_OWN : 0) |
	       (!sharer->own && sharer->cohort != 0 ? HAS_COHORT : 0) | (sharer->ruled != 0 ? HAS_RULING : 0);
}

void sharers_add(struct sharers *sharers, const struct sharer *sharer)
{
	struct sharers_block *block = sharers->failed ? NULL : block_with_room(sharers);
	sharers->failed = block == NULL;
	if (block == NULL)
		return;
	const unsigned flags = flags_of(sharer);
	const size_t before = block->size;
	block->bytes[block->size++] = (uint8_t)flags;
	put(block, (uint64_t)sharer->weight);
	put_if(block, flags & HAS_HAD, sharer->had);
	put_if(block, flags & HAS_OTHERS, sharer->others);
	put_if(block, flags & PROMISED_LESS, sharer->promised);
	put_if(block, flags & HAS_COHORT, sharer->cohort);
	put_if(block, flags & IS_OWN, sharer->level);
	put_if(block, flags & IS_OWN, sharer->weights);
	if (flags & HAS_RULING) {
		put(block, step_between(sharers->ruled, sharer->ruled));
		sharers->ruled = sharer->ruled;
	}
	assert(block->size - before <= SHARER_BYTES_MAX);
	sharers->bytes += block->size - before;
	sharers->count++;
}

bool sharers_failed(const struct sharers *sharers)
{
	return sharers->failed;
}

void sharers_free(struct sharers *sharers)
{
	struct sharers_block *block = sharers->first;
	while (block != NULL) {
		struct sharers_block *next = block->next;
		block_free(block);
		block = next;
	}
	*sharers = (struct sharers){.count = 0};
}

struct sharers_reader sharers_read(const struct sharers *sharers)
{
	return (struct sharers_reader){.block = sharers->first};
}

bool sharers_next(struct sharers_reader *reader, struct sharer *sharer)
{
	if (reader->block != NULL && reader->at == reader->block->size) {
		reader->block = reader->block->next;
		reader->at = 0;
	}
	if (reader->block == NULL)
		return false;
	const unsigned flags = reader->block->bytes[reader->at++];
	*sharer =
		(struct sharer){.kind = flags & KIND, .own = (flags & IS_OWN) != 0, .index = reader->index++};
	sharer->weight = (int64_t)take(reader);
	sharer->had = take_if(reader, flags & HAS_HAD, 0);
	sharer->others = take_if(reader, flags & HAS_OTHERS, 0);
	sharer->promised = take_if(reader, flags & PROMISED_LESS, sharer->weight);
	sharer->cohort = (uint32_t)take_if(reader, flags & HAS_COHORT, 0);
	sharer->level = take_if(reader, flags & IS_OWN, 0);
	sharer->weights = take_if(reader, flags & IS_OWN, 0);
	if (flags & HAS_RULING)
		sharer->ruled = reader->ruled = after_step(reader->ruled, take(reader));
	if (sharer->own && sharer->weight > 0)
		sharer->cohort = reader->owns++;
	return true;
}
