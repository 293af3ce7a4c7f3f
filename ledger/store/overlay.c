/* SPDX-License-Identifier: Apache-2.0 */
#include "store/overlay.h"

#include <assert.h>
#include <stdlib.h>

enum { SLOTS_FIRST = 1024, KEY_MAX = UINT16_MAX, VALUE_MAX = UINT16_MAX };

#define ABSENT (OVERLAY_REMOVED - 1)

/* What a record said before, to be undone. */
struct overlay_change {
	uint8_t *value;
	uint32_t value_size; /* ABSENT: the change made the record */
	uint32_t record;
};

struct overlay_slot {
	uint32_t tag;    /* high half of the hash: most misses are told apart without the record */
	uint32_t record; /* its index + 1; 0: free */
};

static uint64_t mix(uint64_t a, uint64_t b)
{
	unsigned __int128 product = (unsigned __int128)a * b;

	return (uint64_t)product ^ (uint64_t)(product >> 64);
}

uint64_t overlay_hash(const struct overlay *overlay, slice key)
{
	uint64_t seed = overlay->seed;
	uint64_t hash = seed ^ key.size;
	size_t offset = 0;

	for (; key.size - offset >= 8; offset += 8) {
		uint64_t word;
		memcpy(&word, key.data + offset, 8);
		hash = mix(hash ^ word, 0x9E3779B97F4A7C15);
	}
	uint64_t rest = 0;
	memcpy(&rest, key.data + offset, key.size - offset);
	hash = mix(hash ^ rest, 0xD6E8FEB86659FD93);
	return mix(hash ^ seed, 0x9E3779B97F4A7C15);
}

static uint32_t hash_tag(uint64_t hash)
{
	return (uint32_t)(hash >> 32);
}

/* Several kinds may share a place. */
static size_t kind_of(slice key)
{
	size_t second = key.size < 2 ? 0 : key.data[1];
	return (key.data[0] * 7u + second) % OVERLAY_KINDS;
}

bool overlay_may_have(const struct overlay *overlay, slice prefix)
{
	return prefix.size < 2 || overlay->kinds[kind_of(prefix)] > 0;
}

static struct overlay_slot *slot_of_record(struct overlay *overlay, size_t record)
{
	size_t mask = overlay->slot_count - 1;
	size_t index = overlay->records[record].hash & mask;

	while (overlay->slots[index].record != record + 1)
		index = (index + 1) & mask;
	return &overlay->slots[index];
}

static void slot_add(struct overlay *overlay, size_t record)
{
	size_t mask = overlay->slot_count - 1;
	uint64_t hash = overlay->records[record].hash;
	size_t index = hash & mask;

	while (overlay->slots[index].record != 0)
		index = (index + 1) & mask;
	overlay->slots[index] = (struct overlay_slot){.tag = hash_tag(hash), .record = (uint32_t)record + 1};
}

static struct overlay_record *find_last(const struct overlay *overlay, slice key)
{
	if (overlay->last >= overlay->record_count)
		return NULL;
	struct overlay_record *record = &overlay->records[overlay->last];
	return slice_equal(overlay_key(record), key) ? record : NULL;
}

static struct overlay_record *find(struct overlay *overlay, slice key, uint64_t hash)
{
	size_t mask = overlay->slot_count - 1;
	for (size_t index = hash & mask; overlay->slots[index].record != 0; index = (index + 1) & mask) {
		if (overlay->slots[index].tag != hash_tag(hash))
			continue;
		size_t number = overlay->slots[index].record - 1;
		if (!slice_equal(overlay_key(&overlay->records[number]), key))
			continue;
		overlay->last = number;
		return &overlay->records[number];
	}
	return NULL;
}

static struct overlay_record *look_up(struct overlay *overlay, slice key)
{
	if (overlay->record_count == 0)
		return NULL;
	struct overlay_record *last = find_last(overlay, key);
	return last != NULL ? last : find(overlay, key, overlay_hash(overlay, key));
}

const struct overlay_record *overlay_find(struct overlay *overlay, slice key, uint64_t hash)
{
	return overlay->record_count == 0 ? NULL : find(overlay, key, hash);
}

const struct overlay_record *overlay_find_last(const struct overlay *overlay, slice key)
{
	return find_last(overlay, key);
}

static bool grow_slots(struct overlay *overlay, size_t count)
{
	struct overlay_slot *slots = calloc(count, sizeof *slots);

	if (slots == NULL)
		return false;
	free(overlay->slots);
	overlay->slots = slots;
	overlay->slot_count = count;
	/* In the order of their making, so that the last made can still be taken out first. */
	for (size_t record = 0; record < overlay->record_count; record++)
		slot_add(overlay, record);
	return true;
}

static bool grow_records(struct overlay *overlay)
{
	size_t slot_count = overlay->slot_count == 0 ? SLOTS_FIRST : 2 * overlay->slot_count;
	size_t capacity = slot_count / 2;

	/* A slot and a change name records in 32 bits. */
	if (capacity >= ABSENT)
		return false;
	struct overlay_record *records = reallocarray(overlay->records, capacity, sizeof *records);
	if (records == NULL)
		return false;
	overlay->records = records;
	if (!key_order_reserve(&overlay->runs, capacity) || !grow_slots(overlay, slot_count))
		return false;
	overlay->record_capacity = capacity;
	return true;
}

static bool grow_changes(struct overlay *overlay)
{
	size_t capacity = overlay->change_capacity == 0 ? SLOTS_FIRST : 2 * overlay->change_capacity;
	struct overlay_change *changes = reallocarray(overlay->changes, capacity, sizeof *changes);

	if (changes == NULL)
		return false;
	overlay->changes = changes;
	overlay->change_capacity = capacity;
	return true;
}

static bool reserve(struct overlay *overlay)
{
	if (overlay->record_count == overlay->record_capacity && !grow_records(overlay))
		return false;
	return overlay->change_count < overlay->change_capacity || grow_changes(overlay);
}

static void note_change(struct overlay *overlay, size_t record, uint8_t *value, uint32_t value_size)
{
	overlay->changes[overlay->change_count++] = (struct overlay_change){
		.value = value,
		.value_size = value_size,
		.record = (uint32_t)record,
	};
}

/* What a key shall be. */
struct setting {
	slice before;
	slice tail; /* behind it */
	uint32_t value_size;
	size_t room;
};

static void write_value(uint8_t *memory, const struct setting *setting)
{
	if (setting->before.size > 0)
		memcpy(memory, setting->before.data, setting->before.size);
	if (setting->tail.size > 0)
		memcpy(memory + setting->before.size, setting->tail.data, setting->tail.size);
}

static enum recourse_error add_record(
	struct overlay *overlay, slice key, uint64_t hash, const struct setting *setting)
{
	size_t record = overlay->record_count;
	uint8_t *memory = arena_allocate(&overlay->arena, key.size + setting->room);
	if (memory == NULL)
		return RECOURSE_MEMORY;
	memcpy(memory, key.data, key.size);
	write_value(memory + key.size, setting);
	overlay->records[record] = (struct overlay_record){
		.key = memory,
		.value = memory + key.size,
		.hash = hash,
		.value_size = setting->value_size,
		.key_size = (uint16_t)key.size,
		.room = (uint16_t)setting->room,
	};
	overlay->record_count++;
	overlay->kinds[kind_of(key)]++;
	slot_add(overlay, record);
	note_change(overlay, record, NULL, ABSENT);
	return RECOURSE_OK;
}

static enum recourse_error change_record(
	struct overlay *overlay, struct overlay_record *record, const struct setting *setting)
{
	uint8_t *memory = arena_allocate(&overlay->arena, setting->room);
	if (memory == NULL)
		return RECOURSE_MEMORY;
	write_value(memory, setting);
	note_change(overlay, (size_t)(record - overlay->records), record->value, record->value_size);
	record->value = memory;
	record->value_size = setting->value_size;
	record->room = (uint16_t)setting->room;
	return RECOURSE_OK;
}

/* Reserves first, so that running out of memory changes nothing. */
static enum recourse_error set(struct overlay *overlay, slice key, const struct setting *setting)
{
	if (!reserve(overlay))
		return RECOURSE_MEMORY;
	struct overlay_record *record = find_last(overlay, key);
	if (record != NULL)
		return change_record(overlay, record, setting);
	uint64_t hash = overlay_hash(overlay, key);
	record = find(overlay, key, hash);
	return record == NULL ? add_record(overlay, key, hash, setting)
			      : change_record(overlay, record, setting);
}

enum recourse_error overlay_put(struct overlay *overlay, slice key, slice value)
{
	const struct setting setting = {
		.before = value, .value_size = (uint32_t)value.size, .room = value.size};
	assert(key.size > 0 && key.size <= KEY_MAX && value.size <= VALUE_MAX);
	return set(overlay, key, &setting);
}

enum recourse_error overlay_remove(struct overlay *overlay, slice key)
{
	const struct setting setting = {.value_size = OVERLAY_REMOVED};
	assert(key.size > 0 && key.size <= KEY_MAX);
	return set(overlay, key, &setting);
}

/* As much room again: what was appended to is appended to again. */
enum recourse_error overlay_append(struct overlay *overlay, slice key, slice before, slice tail)
{
	size_t size = before.size + tail.size;
	const struct setting setting = {
		.before = before, .tail = tail, .value_size = (uint32_t)size, .room = 2 * size};
	assert(key.size > 0 && key.size <= KEY_MAX && 2 * size <= VALUE_MAX);
	if (!reserve(overlay))
		return RECOURSE_MEMORY;
	struct overlay_record *record = look_up(overlay, key);
	assert(record == NULL || (record->value == before.data && record->value_size == before.size));
	if (record == NULL || size > record->room)
		return set(overlay, key, &setting);
	note_change(overlay, (size_t)(record - overlay->records), record->value, record->value_size);
	memcpy(record->value + before.size, tail.data, tail.size);
	record->value_size = (uint32_t)size;
	return RECOURSE_OK;
}

static void undo(struct overlay *overlay, const struct overlay_change *change)
{
	struct overlay_record *record = &overlay->records[change->record];

	if (change->value_size != ABSENT) {
		/* how much room there was elsewhere is not remembered: none is fine */
		if (record->value != change->value)
			record->room = 0;
		record->value = change->value;
		record->value_size = change->value_size;
		return;
	}
	/* Whatever still has a slot got it before this record did, so no probe for it passes this slot. */
	assert(change->record + 1 == overlay->record_count);
	slot_of_record(overlay, change->record)->record = 0;
	overlay->kinds[kind_of(overlay_key(record))]--;
	overlay->record_count--;
}

void overlay_rollback(struct overlay *overlay, size_t mark)
{
	assert(mark <= overlay->change_count);
	while (overlay->change_count > mark)
		undo(overlay, &overlay->changes[--overlay->change_count]);
	if (overlay->runs.item_count > overlay->record_count)
		key_order_cut(&overlay->runs, overlay->record_count);
	/* The arena gives nothing back before the last value in it is undone. */
	if (overlay->change_count == 0)
		overlay_clear(overlay);
}

/* Most groups ask for an order only once, when they are committed: a put does not pay for it. */
static void hand_over_keys(struct overlay *overlay)
{
	for (size_t record = overlay->runs.item_count; record < overlay->record_count; record++)
		key_order_add(&overlay->runs, overlay_key(&overlay->records[record]));
}

void overlay_sort(struct overlay *overlay)
{
	hand_over_keys(overlay);
	key_order_sort(&overlay->runs);
}

void overlay_seek(struct overlay *overlay, struct key_order_cursor *cursor, slice key, bool down)
{
	hand_over_keys(overlay);
	key_order_seek(&overlay->runs, cursor, key, down);
}

const struct overlay_record *overlay_peek(const struct overlay *overlay, struct key_order_cursor *cursor)
{
	const struct key_order_item *item = key_order_peek(&overlay->runs, cursor);

	return item == NULL ? NULL : &overlay->records[item->number];
}

void overlay_clear(struct overlay *overlay)
{
	/* A single command must not pay for the table that the largest group needed. */
	if (overlay->record_count < overlay->slot_count / 32) {
		for (size_t record = overlay->record_count; record > 0; record--) {
			slot_of_record(overlay, record - 1)->record = 0;
			overlay->kinds[kind_of(overlay_key(&overlay->records[record - 1]))] = 0;
		}
	} else if (overlay->slot_count > 0) {
		memset(overlay->slots, 0, overlay->slot_count * sizeof *overlay->slots);
		memset(overlay->kinds, 0, sizeof overlay->kinds);
	}
	overlay->record_count = 0;
	overlay->change_count = 0;
	key_order_cut(&overlay->runs, 0);
	arena_clear(&overlay->arena);
}

void overlay_free(struct overlay *overlay)
{
	arena_free(&overlay->arena);
	key_order_free(&overlay->runs);
	free(overlay->records);
	free(overlay->slots);
	free(overlay->changes);
	*overlay = (struct overlay){0};
}
