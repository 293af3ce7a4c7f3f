/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/arena.h"
#include "store/key_order.h"

/*
 * What a group has changed so far, in memory: for each key that it touched, the value that shall be, or
 * that the key shall be removed. Records are kept in the order of their making and found through a hash
 * table; a journal undoes from the end; the keys are put in order (key_order.h) when a walk or the commit asks.
 *
 * Memory is kept from group to group. Start with all zeroes and a random seed.
 */
struct overlay_record {
	const uint8_t *key; /* key and value lie in the arena and do not move */
	uint8_t *value;
	uint64_t hash;
	uint32_t value_size; /* or OVERLAY_REMOVED */
	uint16_t key_size;
	uint16_t room; /* of a value that was appended to: bytes from its begin that are its own */
};

#define OVERLAY_REMOVED UINT32_MAX

enum { OVERLAY_KINDS = 256 };

struct overlay {
	struct arena arena;
	struct overlay_record *records;
	size_t record_count;
	size_t record_capacity;
	struct overlay_slot *slots;
	size_t slot_count; /* a power of two, at least twice the records */
	struct overlay_change *changes;
	size_t change_count;
	size_t change_capacity;
	size_t last;      /* the record that was found last: it is asked for again, and then put */
	struct runs runs; /* the keys of the first runs.item_count records */
	uint64_t seed;    /* of the hash: ids come from outside, and nobody shall prepare keys that collide */
	uint32_t kinds[OVERLAY_KINDS]; /* records by how their keys begin: overlay_may_have() */
};

void overlay_free(struct overlay *overlay);

/* Forgets everything, marks too. */
void overlay_clear(struct overlay *overlay);

static inline bool overlay_empty(const struct overlay *overlay)
{
	return overlay->change_count == 0;
}

/* Of a key, the same for all overlays of one seed. */
uint64_t overlay_hash(const struct overlay *overlay, slice key);

/*
 * Whether there may be keys that begin with that prefix. Where a group has changed nothing of that kind, which is what two
 * bytes tell, a walk needs to look for none.
 */
bool overlay_may_have(const struct overlay *overlay, slice prefix);

/*
 * NULL when the overlay says nothing about the key, whose hash that is. Good until the next put, remove, rollback or clear.
 * It notes what it found: while two threads read an overlay, one alone looks up.
 */
const struct overlay_record *overlay_find(struct overlay *overlay, slice key, uint64_t hash);

/* The one that was found or put last, if it is of this key: without its hash. */
const struct overlay_record *overlay_find_last(const struct overlay *overlay, slice key);

/* Copies both. MEMORY: nothing was changed. */
enum recourse_error overlay_put(struct overlay *overlay, slice key, slice value);
enum recourse_error overlay_remove(struct overlay *overlay, slice key);

/*
 * Puts `before` and `tail` behind it; where the overlay has a value already, `before` is that one itself (asserted),
 * which is then not copied again, but in the room behind it, now and then:
 *
 *     value ──> before ‖ tail ‖ room        undone: before ‖ room
 *
 * What is written there is beyond all that a change remembers of this memory, for until it is undone a value is
 * appended to or gets memory of its own. MEMORY: nothing was changed.
 */
enum recourse_error overlay_append(struct overlay *overlay, slice key, slice before, slice tail);

/* Undoes all that came after the mark. Marks are of one group and nest. */
static inline size_t overlay_mark(const struct overlay *overlay)
{
	return overlay->change_count;
}
void overlay_rollback(struct overlay *overlay, size_t mark);

/* Brings the records in order of their keys; overlay_at() then counts in that order, until the next put. */
void overlay_sort(struct overlay *overlay);

static inline const struct overlay_record *overlay_at(const struct overlay *overlay, size_t index)
{
	return &overlay->records[overlay->runs.items[index].number];
}

/* Goes through the records in order of their keys, removed ones too, as key_order.h says; key_order_step() steps. */
void overlay_seek(struct overlay *overlay, struct key_order_cursor *cursor, slice key, bool down);
const struct overlay_record *overlay_peek(const struct overlay *overlay, struct key_order_cursor *cursor);

static inline slice overlay_key(const struct overlay_record *record)
{
	return slice_of(record->key, record->key_size);
}

/* Not of a removed one. */
static inline slice overlay_value(const struct overlay_record *record)
{
	return slice_of(record->value, record->value_size);
}
