/* SPDX-License-Identifier: Apache-2.0 */
#include "state.h"

#include "arena.h"
#include "buffer.h"
#include "crypto.h"
#include "lock.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <lmdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	FORMAT_VERSION = 1,
	BOOT_ID_SIZE = 36,
	METADATA_SIZE = 92,
	READERS_MAX = 512,
	RUNS_MAX = 40, /* each is at least twice as long as the next, and counts fit 32 bits */
	INSERTION_MAX = 16,
	SLOTS_FIRST = 1024,
	DIGEST_CHUNK_SIZE = 64 * 1024,
};

#define REMOVED        UINT32_MAX /* in place of a value's size */
#define ABSENT         (UINT32_MAX - 1)
#define MAP_SIZE       ((size_t)1 << 40)
#define MAP_SIZE_SMALL ((size_t)1 << 36) /* where address space is rationed: thread sanitizer */

/* Users' keys never begin with a zero byte. */
static const uint8_t metadata_key[] = {0, 's', 't', 'a', 't', 'e'};

/* What the overlay says about one key. Key and value lie in the arena and do not move. */
struct record {
	const uint8_t *key;
	const uint8_t *value;
	uint64_t hash;
	uint32_t key_size;
	uint32_t value_size; /* REMOVED: a tombstone */
};

/* What a record said before, to be undone. */
struct change {
	const uint8_t *value;
	uint32_t value_size; /* ABSENT: the change made the record */
	uint32_t record;
};

struct slot {
	uint32_t tag;    /* high half of the hash: most misses are told apart without the record */
	uint32_t record; /* its index + 1; 0: free */
};

struct ordered {
	uint64_t head; /* first eight bytes of the key, big-endian: most comparisons need no more */
	const uint8_t *key;
	uint32_t key_size;
	uint32_t record;
};

struct run {
	size_t first;
	size_t count;
};

/*
 * The overlay: records in the order of their making, found through a hash table, undone from the end.
 *
 *     records   0 1 2 3 4 5 6 7 8 9 …           in order of making
 *     ordered  [3 0 2 1 5 4][7 6][8] 9 …        runs: the same records, each run in order of keys
 *
 * Keys are put in order only when a walk or the commit asks. A run covers the same stretch of both
 * arrays, so that undoing cuts runs at the end.
 */
struct overlay {
	struct arena arena;
	struct record *records;
	struct ordered *ordered;
	struct ordered *scratch;
	size_t record_count;
	size_t record_capacity;
	struct slot *slots;
	size_t slot_count; /* a power of two, at least twice the records */
	struct change *changes;
	size_t change_count;
	size_t change_capacity;
	struct run runs[RUNS_MAX];
	size_t run_count;
	uint64_t seed;
};

struct state_view {
	struct state *state;
	MDB_txn *transaction;
	struct state_position position;
	size_t walks; /* open ones */
};

struct state {
	MDB_env *environment;
	MDB_dbi table;
	int lock; /* −1 when read-only */
	char boot_id[BOOT_ID_SIZE];
	struct overlay overlay;
	struct state_view writer;
};

struct metadata {
	bool unclean;
	struct state_position position;
	char boot_id[BOOT_ID_SIZE];
};

struct state_merge {
	MDB_cursor *cursor;
	bool store_ended;
	slice store_key;
	slice store_value;
	size_t next[RUNS_MAX]; /* upwards the next item's place, downwards one more than that */
};

/* Where a walk starts: between the keys below `key` and those from it on, or just above it. */
struct place {
	slice key;
	bool above;
	bool end; /* above all keys */
};

static enum recourse_error translate(int code)
{
	switch (code) {
	case MDB_SUCCESS:
		return RECOURSE_OK;
	case MDB_NOTFOUND:
		return RECOURSE_QUERY_NOT_FOUND;
	case MDB_MAP_FULL:
	case ENOSPC:
	case EDQUOT:
		return RECOURSE_STORE_FULL;
	case MDB_PAGE_NOTFOUND:
	case MDB_CORRUPTED:
	case MDB_INVALID:
	case MDB_INCOMPATIBLE:
	case MDB_VERSION_MISMATCH:
		return RECOURSE_STORE_CORRUPT;
	case ENOMEM:
		return RECOURSE_MEMORY;
	case EACCES:
	case EPERM:
	case EROFS:
	case ENOENT:
	case ENOTDIR:
	case EISDIR:
	case EIO:
	case EMFILE:
	case ENFILE:
		return RECOURSE_IO;
	default:
		return RECOURSE_STORE_FAILED;
	}
}

static MDB_val value_of(slice bytes)
{
	/* LMDB takes a plain pointer for what it only reads. */
	union {
		const uint8_t *given;
		void *taken;
	} data = {.given = bytes.data};

	return (MDB_val){.mv_data = data.taken, .mv_size = bytes.size};
}

static void write_little(uint8_t *bytes, uint64_t value, size_t size)
{
	for (size_t index = 0; index < size; index++)
		bytes[index] = (uint8_t)(value >> (8 * index));
}

static uint64_t read_little(const uint8_t *bytes, size_t size)
{
	uint64_t value = 0;

	for (size_t index = 0; index < size; index++)
		value |= (uint64_t)bytes[index] << (8 * index);
	return value;
}

static void assert_key(slice key)
{
	assert(key.size > 0 && key.size <= STATE_KEY_MAX && key.data[0] != 0);
}

static bool begins_with(slice key, slice prefix)
{
	return key.size >= prefix.size && slice_equal(slice_of(key.data, prefix.size), prefix);
}

static uint64_t mix(uint64_t a, uint64_t b)
{
	unsigned __int128 product = (unsigned __int128)a * b;

	return (uint64_t)product ^ (uint64_t)(product >> 64);
}

/* Seeded, since ids come from outside: nobody can prepare keys that collide. */
static uint64_t hash_key(uint64_t seed, slice key)
{
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

static struct slot *slot_of_record(struct overlay *overlay, size_t record)
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
	overlay->slots[index] = (struct slot){.tag = hash_tag(hash), .record = (uint32_t)record + 1};
}

/* The record of that key; NULL when the overlay has none. */
static struct record *overlay_find(const struct overlay *overlay, slice key, uint64_t hash)
{
	if (overlay->record_count == 0)
		return NULL;
	size_t mask = overlay->slot_count - 1;
	for (size_t index = hash & mask; overlay->slots[index].record != 0; index = (index + 1) & mask) {
		if (overlay->slots[index].tag != hash_tag(hash))
			continue;
		struct record *record = &overlay->records[overlay->slots[index].record - 1];
		if (slice_equal(slice_of(record->key, record->key_size), key))
			return record;
	}
	return NULL;
}

/* `*items` stays as it was when memory runs out. */
static bool grow(void **items, size_t count, size_t size)
{
	void *grown = reallocarray(*items, count, size);

	if (grown == NULL)
		return false;
	*items = grown;
	return true;
}

static bool grow_slots(struct overlay *overlay, size_t count)
{
	struct slot *slots = calloc(count, sizeof *slots);

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
	void *records = overlay->records;
	void *ordered = overlay->ordered;
	void *scratch = overlay->scratch;

	if (capacity >= ABSENT)
		return false;
	bool grown = grow(&records, capacity, sizeof *overlay->records) &&
		     grow(&ordered, capacity, sizeof *overlay->ordered) &&
		     grow(&scratch, capacity, sizeof *overlay->scratch);
	overlay->records = records;
	overlay->ordered = ordered;
	overlay->scratch = scratch;
	if (!grown || !grow_slots(overlay, slot_count))
		return false;
	overlay->record_capacity = capacity;
	return true;
}

static bool grow_changes(struct overlay *overlay)
{
	size_t capacity = overlay->change_capacity == 0 ? SLOTS_FIRST : 2 * overlay->change_capacity;
	void *changes = overlay->changes;

	if (!grow(&changes, capacity, sizeof *overlay->changes))
		return false;
	overlay->changes = changes;
	overlay->change_capacity = capacity;
	return true;
}

static bool overlay_reserve(struct overlay *overlay)
{
	if (overlay->record_count == overlay->record_capacity && !grow_records(overlay))
		return false;
	return overlay->change_count < overlay->change_capacity || grow_changes(overlay);
}

static void record_change(struct overlay *overlay, size_t record, const uint8_t *value, uint32_t value_size)
{
	overlay->changes[overlay->change_count++] = (struct change){
		.value = value,
		.value_size = value_size,
		.record = (uint32_t)record,
	};
}

/* `memory` takes the key and behind it the value. */
static void overlay_add(struct overlay *overlay, slice key, uint64_t hash, uint8_t *memory,
	uint32_t value_size)
{
	size_t record = overlay->record_count++;

	memcpy(memory, key.data, key.size);
	overlay->records[record] = (struct record){
		.key = memory,
		.value = memory + key.size,
		.hash = hash,
		.key_size = (uint32_t)key.size,
		.value_size = value_size,
	};
	slot_add(overlay, record);
	record_change(overlay, record, NULL, ABSENT);
}

/* Reserves first, so that running out of memory changes nothing. */
static enum recourse_error overlay_set(struct overlay *overlay, slice key, slice value, bool removed)
{
	uint32_t value_size = removed ? REMOVED : (uint32_t)value.size;

	if (!overlay_reserve(overlay))
		return RECOURSE_MEMORY;
	uint64_t hash = hash_key(overlay->seed, key);
	struct record *record = overlay_find(overlay, key, hash);
	size_t key_size = record == NULL ? key.size : 0;
	uint8_t *memory = arena_allocate(&overlay->arena, key_size + value.size);
	if (memory == NULL)
		return RECOURSE_MEMORY;
	if (value.size > 0)
		memcpy(memory + key_size, value.data, value.size);
	if (record == NULL) {
		overlay_add(overlay, key, hash, memory, value_size);
		return RECOURSE_OK;
	}
	record_change(overlay, (size_t)(record - overlay->records), record->value, record->value_size);
	record->value = memory;
	record->value_size = value_size;
	return RECOURSE_OK;
}

static void overlay_clear(struct overlay *overlay)
{
	/* A single command must not pay for the table that the largest group needed. */
	if (overlay->record_count < overlay->slot_count / 32) {
		for (size_t record = overlay->record_count; record > 0; record--)
			slot_of_record(overlay, record - 1)->record = 0;
	} else if (overlay->slot_count > 0) {
		memset(overlay->slots, 0, overlay->slot_count * sizeof *overlay->slots);
	}
	overlay->record_count = 0;
	overlay->change_count = 0;
	overlay->run_count = 0;
	arena_clear(&overlay->arena);
}

static void overlay_free(struct overlay *overlay)
{
	arena_free(&overlay->arena);
	free(overlay->records);
	free(overlay->ordered);
	free(overlay->scratch);
	free(overlay->slots);
	free(overlay->changes);
}

/* Takes the records from `record_count` on out of the runs. */
static void cut_runs(struct overlay *overlay)
{
	while (overlay->run_count > 0 && overlay->runs[overlay->run_count - 1].first >= overlay->record_count)
		overlay->run_count--;
	if (overlay->run_count == 0)
		return;
	struct run *last = &overlay->runs[overlay->run_count - 1];
	if (last->first + last->count <= overlay->record_count)
		return;
	struct ordered *items = overlay->ordered + last->first;
	size_t kept = 0;
	for (size_t index = 0; index < last->count; index++) {
		if (items[index].record < overlay->record_count)
			items[kept++] = items[index];
	}
	last->count = kept;
}

static void undo(struct overlay *overlay, const struct change *change)
{
	struct record *record = &overlay->records[change->record];

	if (change->value_size != ABSENT) {
		record->value = change->value;
		record->value_size = change->value_size;
		return;
	}
	/* Nothing that is still there was ever probed past the last made record's slot. */
	assert(change->record + 1 == overlay->record_count);
	slot_of_record(overlay, change->record)->record = 0;
	overlay->record_count--;
}

static void overlay_rollback(struct overlay *overlay, size_t change_count)
{
	while (overlay->change_count > change_count)
		undo(overlay, &overlay->changes[--overlay->change_count]);
	cut_runs(overlay);
	if (overlay->change_count == 0)
		overlay_clear(overlay);
}

static int order_of(const struct ordered *a, const struct ordered *b)
{
	if (a->head != b->head)
		return a->head < b->head ? -1 : 1;
	return slice_compare(slice_of(a->key, a->key_size), slice_of(b->key, b->key_size));
}

static struct ordered ordered_of(slice key)
{
	uint64_t head = 0;

	memcpy(&head, key.data, key.size < sizeof head ? key.size : sizeof head);
	return (struct ordered){
		.head = __builtin_bswap64(head),
		.key = key.data,
		.key_size = (uint32_t)key.size,
	};
}

static void sort_by_insertion(struct ordered *items, size_t count)
{
	for (size_t index = 1; index < count; index++) {
		struct ordered item = items[index];
		size_t place = index;
		for (; place > 0 && order_of(&items[place - 1], &item) > 0; place--)
			items[place] = items[place - 1];
		items[place] = item;
	}
}

/* Merges the last two runs from their ends, so that only the shorter, last one needs a copy. */
static void merge_last_runs(struct overlay *overlay)
{
	struct run *left = &overlay->runs[overlay->run_count - 2];
	const struct run *right = &overlay->runs[overlay->run_count - 1];
	struct ordered *items = overlay->ordered + left->first;
	size_t left_count = left->count;
	size_t right_count = right->count;

	memcpy(overlay->scratch, overlay->ordered + right->first, right_count * sizeof *items);
	while (left_count > 0 && right_count > 0) {
		const struct ordered *last_left = &items[left_count - 1];
		const struct ordered *last_right = &overlay->scratch[right_count - 1];
		if (order_of(last_left, last_right) > 0) {
			items[left_count + right_count - 1] = *last_left;
			left_count--;
		} else {
			items[left_count + right_count - 1] = *last_right;
			right_count--;
		}
	}
	memcpy(items, overlay->scratch, right_count * sizeof *items);
	left->count += right->count;
	overlay->run_count--;
}

static bool last_runs_uneven(const struct overlay *overlay)
{
	const struct run *last = &overlay->runs[overlay->run_count - 1];

	return overlay->run_count < 2 || overlay->runs[overlay->run_count - 2].count >= 2 * last->count;
}

static void add_run(struct overlay *overlay, size_t first, size_t count)
{
	for (size_t record = first; record < first + count; record++) {
		const struct record *source = &overlay->records[record];
		overlay->ordered[record] = ordered_of(slice_of(source->key, source->key_size));
		overlay->ordered[record].record = (uint32_t)record;
	}
	sort_by_insertion(overlay->ordered + first, count);
	assert(overlay->run_count < RUNS_MAX);
	overlay->runs[overlay->run_count++] = (struct run){.first = first, .count = count};
}

static void order_all(struct overlay *overlay)
{
	const struct run *last = overlay->run_count > 0 ? &overlay->runs[overlay->run_count - 1] : NULL;
	size_t first = last == NULL ? 0 : last->first + last->count;

	while (first < overlay->record_count) {
		size_t left = overlay->record_count - first;
		size_t count = left < INSERTION_MAX ? left : INSERTION_MAX;
		add_run(overlay, first, count);
		first += count;
		while (!last_runs_uneven(overlay))
			merge_last_runs(overlay);
	}
}

/* How many items of the run lie below the place. */
static size_t count_below(const struct overlay *overlay, const struct run *run, const struct place *place)
{
	const struct ordered *items = overlay->ordered + run->first;
	struct ordered sought = ordered_of(place->key);
	size_t low = 0;
	size_t high = run->count;

	if (place->end)
		return run->count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = order_of(&items[middle], &sought);
		if (order < 0 || (order == 0 && place->above))
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/*
 *   0 u32 format version   4 u32 unclean   8 u64 entries   16 u64 requests   24 log id   56 boot id
 */
static void metadata_encode(const struct metadata *metadata, uint8_t bytes[static METADATA_SIZE])
{
	write_little(bytes, FORMAT_VERSION, 4);
	write_little(bytes + 4, metadata->unclean, 4);
	write_little(bytes + 8, metadata->position.entries, 8);
	write_little(bytes + 16, metadata->position.requests, 8);
	memcpy(bytes + 24, metadata->position.log_id, sizeof metadata->position.log_id);
	memcpy(bytes + 56, metadata->boot_id, BOOT_ID_SIZE);
}

static enum recourse_error metadata_decode(slice record, struct metadata *metadata)
{
	if (record.size != METADATA_SIZE || read_little(record.data, 4) != FORMAT_VERSION)
		return RECOURSE_STORE_CORRUPT;
	uint64_t unclean = read_little(record.data + 4, 4);
	if (unclean > 1)
		return RECOURSE_STORE_CORRUPT;
	metadata->unclean = unclean == 1;
	metadata->position.entries = read_little(record.data + 8, 8);
	metadata->position.requests = read_little(record.data + 16, 8);
	memcpy(metadata->position.log_id, record.data + 24, sizeof metadata->position.log_id);
	memcpy(metadata->boot_id, record.data + 56, BOOT_ID_SIZE);
	return RECOURSE_OK;
}

static enum recourse_error get_metadata(const struct state *state, MDB_txn *transaction,
	struct metadata *metadata)
{
	MDB_val key = value_of(slice_of(metadata_key, sizeof metadata_key));
	MDB_val found;

	enum recourse_error error = translate(mdb_get(transaction, state->table, &key, &found));
	if (error != RECOURSE_OK)
		return error;
	return metadata_decode(slice_of(found.mv_data, found.mv_size), metadata);
}

static enum recourse_error put_metadata(const struct state *state, MDB_txn *transaction,
	const struct state_position *position, bool unclean)
{
	struct metadata metadata = {.unclean = unclean, .position = *position};
	uint8_t bytes[METADATA_SIZE];
	MDB_val key = value_of(slice_of(metadata_key, sizeof metadata_key));
	MDB_val value = {.mv_data = bytes, .mv_size = sizeof bytes};

	memcpy(metadata.boot_id, state->boot_id, BOOT_ID_SIZE);
	metadata_encode(&metadata, bytes);
	return translate(mdb_put(transaction, state->table, &key, &value, 0));
}

static bool boot_id_known(const struct state *state)
{
	return state->boot_id[0] != '\0';
}

static void read_boot_id(struct state *state, const char *given)
{
	if (given != NULL) {
		memcpy(state->boot_id, given, strnlen(given, BOOT_ID_SIZE));
		return;
	}
	int file = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);
	if (file < 0)
		return;
	if (read(file, state->boot_id, BOOT_ID_SIZE) != BOOT_ID_SIZE)
		memset(state->boot_id, 0, BOOT_ID_SIZE);
	close(file);
}

/* What the last commit's pages need, against what the file has: beyond its end lies a bus error. */
static enum recourse_error measure_file(const struct state *state, uint64_t *needed, uint64_t *actual)
{
	MDB_envinfo info;
	MDB_stat pages;
	struct stat status;
	mdb_filehandle_t file;

	if (mdb_env_info(state->environment, &info) != MDB_SUCCESS ||
		mdb_env_stat(state->environment, &pages) != MDB_SUCCESS ||
		mdb_env_get_fd(state->environment, &file) != MDB_SUCCESS || fstat(file, &status) != 0)
		return RECOURSE_IO;
	*needed = ((uint64_t)info.me_last_pgno + 1) * pages.ms_psize;
	*actual = (uint64_t)status.st_size;
	return RECOURSE_OK;
}

static enum recourse_error check_file_whole(const struct state *state)
{
	uint64_t needed;
	uint64_t actual;

	enum recourse_error error = measure_file(state, &needed, &actual);
	if (error != RECOURSE_OK)
		return error;
	return actual >= needed ? RECOURSE_OK : RECOURSE_STORE_CORRUPT;
}

/*
 * Pages at the end that a commit took and gave back are never written, but a file cut short must show.
 * When this fails, or the process dies before it, the worst is that the state is taken for one.
 */
static void fill_file(const struct state *state)
{
	uint64_t needed;
	uint64_t actual;
	mdb_filehandle_t file;

	if (measure_file(state, &needed, &actual) != RECOURSE_OK || actual >= needed)
		return;
	bool filled = mdb_env_get_fd(state->environment, &file) == MDB_SUCCESS &&
		      ftruncate(file, (off_t)needed) == 0;
	(void)filled;
}

/* Commits the metadata alone. */
static enum recourse_error write_metadata(const struct state *state, bool unclean)
{
	MDB_txn *transaction;

	enum recourse_error error = translate(mdb_txn_begin(state->environment, NULL, 0, &transaction));
	if (error != RECOURSE_OK)
		return error;
	error = put_metadata(state, transaction, &state->writer.position, unclean);
	if (error != RECOURSE_OK) {
		mdb_txn_abort(transaction);
		return error;
	}
	error = translate(mdb_txn_commit(transaction));
	fill_file(state);
	return error;
}

static enum recourse_error check_usable(const struct state *state, const struct metadata *metadata)
{
	bool same_boot = boot_id_known(state) && memcmp(metadata->boot_id, state->boot_id, BOOT_ID_SIZE) == 0;

	return !metadata->unclean || same_boot ? RECOURSE_OK : RECOURSE_STORE_CORRUPT;
}

static int try_environment(const char *directory, unsigned int flags, size_t map_size, MDB_env **environment)
{
	int code = mdb_env_create(environment);
	if (code != MDB_SUCCESS)
		return code;
	code = mdb_env_set_maxreaders(*environment, READERS_MAX);
	if (code == MDB_SUCCESS)
		code = mdb_env_set_mapsize(*environment, map_size);
	if (code == MDB_SUCCESS)
		code = mdb_env_open(*environment, directory, flags | MDB_NOTLS, 0600);
	if (code != MDB_SUCCESS)
		mdb_env_close(*environment);
	return code;
}

static enum recourse_error open_environment(struct state *state, const char *directory)
{
	unsigned int flags = state->lock < 0 ? MDB_RDONLY : MDB_NOSYNC;
	int dead;

	int code = try_environment(directory, flags, MAP_SIZE, &state->environment);
	if (code == ENOMEM)
		code = try_environment(directory, flags, MAP_SIZE_SMALL, &state->environment);
	if (code == MDB_SUCCESS && state->lock >= 0)
		code = mdb_reader_check(state->environment, &dead);
	return translate(code);
}

/* QUERY_NOT_FOUND when it was never written, STORE_CORRUPT when it must not be trusted. */
static enum recourse_error read_store(struct state *state, struct state_position *position)
{
	struct metadata metadata;
	MDB_txn *transaction;

	enum recourse_error error = check_file_whole(state);
	if (error != RECOURSE_OK)
		return error;
	error = translate(mdb_txn_begin(state->environment, NULL, MDB_RDONLY, &transaction));
	if (error != RECOURSE_OK)
		return error;
	error = translate(mdb_dbi_open(transaction, NULL, 0, &state->table));
	if (error == RECOURSE_OK)
		error = get_metadata(state, transaction, &metadata);
	if (error == RECOURSE_OK)
		error = check_usable(state, &metadata);
	if (error != RECOURSE_OK) {
		mdb_txn_abort(transaction);
		return error;
	}
	*position = metadata.position;
	return translate(mdb_txn_commit(transaction));
}

static enum recourse_error open_store(struct state *state, const char *directory,
	struct state_position *position)
{
	enum recourse_error error = open_environment(state, directory);

	if (error != RECOURSE_OK)
		return error;
	error = read_store(state, position);
	if (error != RECOURSE_OK)
		mdb_env_close(state->environment);
	return error;
}

static enum recourse_error delete_file(const char *directory, const char *name)
{
	char *path;

	if (asprintf(&path, "%s/%s", directory, name) < 0)
		return RECOURSE_MEMORY;
	bool gone = unlink(path) == 0 || errno == ENOENT;
	free(path);
	return gone ? RECOURSE_OK : RECOURSE_IO;
}

static enum recourse_error open_empty(struct state *state, const char *directory)
{
	MDB_txn *transaction;

	enum recourse_error error = delete_file(directory, "data.mdb");
	if (error == RECOURSE_OK)
		error = delete_file(directory, "lock.mdb");
	if (error == RECOURSE_OK)
		error = open_environment(state, directory);
	if (error != RECOURSE_OK)
		return error;
	error = translate(mdb_txn_begin(state->environment, NULL, 0, &transaction));
	if (error != RECOURSE_OK)
		goto fail;
	error = translate(mdb_dbi_open(transaction, NULL, 0, &state->table));
	if (error != RECOURSE_OK) {
		mdb_txn_abort(transaction);
		goto fail;
	}
	error = translate(mdb_txn_commit(transaction));
	if (error != RECOURSE_OK)
		goto fail;
	return RECOURSE_OK;

fail:
	mdb_env_close(state->environment);
	return error;
}

static enum recourse_error take_lock(const char *directory, int *lock)
{
	char *path;

	if (asprintf(&path, "%s/writer.lock", directory) < 0)
		return RECOURSE_MEMORY;
	enum recourse_error error = lock_take(path, lock);
	free(path);
	return error;
}

static enum recourse_error begin_writing(struct state *state)
{
	if (getrandom(&state->overlay.seed, sizeof state->overlay.seed, 0) != sizeof state->overlay.seed)
		return RECOURSE_IO;
	enum recourse_error error = write_metadata(state, true);
	if (error != RECOURSE_OK)
		return error;
	/* The mark must be on the disk before anything that it speaks of. */
	if (mdb_env_sync(state->environment, 1) != MDB_SUCCESS)
		return RECOURSE_STORE_FAILED;
	return translate(mdb_txn_begin(state->environment, NULL, MDB_RDONLY, &state->writer.transaction));
}

static enum recourse_error open_to_write(struct state *state, const char *directory)
{
	if (mkdir(directory, 0700) != 0 && errno != EEXIST)
		return RECOURSE_IO;
	enum recourse_error error = lock_check_local(directory);
	if (error == RECOURSE_OK)
		error = take_lock(directory, &state->lock);
	if (error != RECOURSE_OK)
		return error;
	error = open_store(state, directory, &state->writer.position);
	if (error == RECOURSE_QUERY_NOT_FOUND || error == RECOURSE_STORE_CORRUPT)
		error = open_empty(state, directory);
	if (error != RECOURSE_OK)
		goto fail_open;
	error = begin_writing(state);
	if (error != RECOURSE_OK)
		goto fail_begin;
	return RECOURSE_OK;

fail_begin:
	mdb_env_close(state->environment);
fail_open:
	lock_release(state->lock);
	return error;
}

static bool is_missing(const char *directory)
{
	char *path;

	if (asprintf(&path, "%s/data.mdb", directory) < 0)
		return false;
	bool missing = access(path, F_OK) != 0 && errno == ENOENT;
	free(path);
	return missing;
}

static enum recourse_error open_to_read(struct state *state, const char *directory)
{
	struct state_position position;

	if (is_missing(directory))
		return RECOURSE_QUERY_NOT_FOUND;
	enum recourse_error error = lock_check_local(directory);
	if (error == RECOURSE_OK)
		error = open_store(state, directory, &position);
	return error == RECOURSE_STORE_CORRUPT ? RECOURSE_QUERY_NOT_FOUND : error;
}

enum recourse_error state_open(const struct state_options *options, struct state **state)
{
	struct state *opened = calloc(1, sizeof *opened);

	if (opened == NULL)
		return RECOURSE_MEMORY;
	opened->lock = -1;
	opened->writer.state = opened;
	read_boot_id(opened, options->boot_id);
	enum recourse_error error = options->read_only ? open_to_read(opened, options->directory)
						       : open_to_write(opened, options->directory);
	if (error != RECOURSE_OK) {
		free(opened);
		return error;
	}
	*state = opened;
	return RECOURSE_OK;
}

/* A failure leaves the mark: the next open decides by the boot id. */
static void mark_clean(const struct state *state)
{
	if (mdb_env_sync(state->environment, 1) != MDB_SUCCESS)
		return;
	if (write_metadata(state, false) != RECOURSE_OK)
		return;
	(void)mdb_env_sync(state->environment, 1);
}

void state_close(struct state *state)
{
	if (state == NULL)
		return;
	assert(state->overlay.change_count == 0 && state->writer.walks == 0);
	if (state->lock >= 0) {
		mdb_txn_abort(state->writer.transaction);
		mark_clean(state);
	}
	mdb_env_close(state->environment);
	if (state->lock >= 0)
		lock_release(state->lock);
	overlay_free(&state->overlay);
	free(state);
}

static enum recourse_error renew_writer(struct state *state, const struct state_position *position)
{
	fill_file(state);
	state->writer.position = *position;
	overlay_clear(&state->overlay);
	mdb_txn_reset(state->writer.transaction);
	return translate(mdb_txn_renew(state->writer.transaction));
}

enum recourse_error state_reset(struct state *state)
{
	const struct state_position start = {0};
	MDB_txn *transaction;

	assert(state->lock >= 0 && state->writer.walks == 0);
	enum recourse_error error = translate(mdb_txn_begin(state->environment, NULL, 0, &transaction));
	if (error != RECOURSE_OK)
		return error;
	error = translate(mdb_drop(transaction, state->table, 0));
	if (error == RECOURSE_OK)
		error = put_metadata(state, transaction, &start, true);
	if (error != RECOURSE_OK) {
		mdb_txn_abort(transaction);
		return error;
	}
	error = translate(mdb_txn_commit(transaction));
	return error == RECOURSE_OK ? renew_writer(state, &start) : error;
}

static bool is_writer(const struct state_view *view)
{
	return view == &view->state->writer;
}

struct state_view *state_writer(struct state *state)
{
	assert(state->lock >= 0);
	return &state->writer;
}

enum recourse_error state_snapshot_open(struct state *state, struct state_view **view)
{
	struct metadata metadata;

	struct state_view *opened = calloc(1, sizeof *opened);
	if (opened == NULL)
		return RECOURSE_MEMORY;
	opened->state = state;
	enum recourse_error error =
		translate(mdb_txn_begin(state->environment, NULL, MDB_RDONLY, &opened->transaction));
	if (error != RECOURSE_OK)
		goto fail_begin;
	error = get_metadata(state, opened->transaction, &metadata);
	if (error != RECOURSE_OK)
		goto fail_metadata;
	opened->position = metadata.position;
	*view = opened;
	return RECOURSE_OK;

fail_metadata:
	mdb_txn_abort(opened->transaction);
fail_begin:
	free(opened);
	return error == RECOURSE_QUERY_NOT_FOUND ? RECOURSE_STORE_CORRUPT : error;
}

void state_snapshot_close(struct state_view *view)
{
	if (view == NULL)
		return;
	assert(!is_writer(view) && view->walks == 0);
	mdb_txn_abort(view->transaction);
	free(view);
}

void state_position(const struct state_view *view, struct state_position *position)
{
	*position = view->position;
}

static enum recourse_error get_stored(const struct state_view *view, slice key, slice *value)
{
	MDB_val stored_key = value_of(key);
	MDB_val found;

	enum recourse_error error =
		translate(mdb_get(view->transaction, view->state->table, &stored_key, &found));
	if (error != RECOURSE_OK)
		return error;
	if (found.mv_size > STATE_VALUE_MAX)
		return RECOURSE_STORE_CORRUPT;
	*value = slice_of(found.mv_data, found.mv_size);
	return RECOURSE_OK;
}

enum recourse_error state_get(struct state_view *view, slice key, slice *value)
{
	assert_key(key);
	const struct overlay *overlay = &view->state->overlay;
	const struct record *record = NULL;
	/* A snapshot must not as much as look at the overlay: it belongs to the writer's thread. */
	if (is_writer(view) && overlay->record_count > 0)
		record = overlay_find(overlay, key, hash_key(overlay->seed, key));
	if (record == NULL)
		return get_stored(view, key, value);
	if (record->value_size == REMOVED)
		return RECOURSE_QUERY_NOT_FOUND;
	*value = slice_of(record->value, record->value_size);
	return RECOURSE_OK;
}

enum recourse_error state_put(struct state_view *view, slice key, slice value)
{
	assert_key(key);
	assert(value.size <= STATE_VALUE_MAX);
	assert(is_writer(view) && view->walks == 0);
	return overlay_set(&view->state->overlay, key, value, false);
}

enum recourse_error state_remove(struct state_view *view, slice key)
{
	assert_key(key);
	assert(is_writer(view) && view->walks == 0);
	return overlay_set(&view->state->overlay, key, slice_of(NULL, 0), true);
}

state_mark_t state_mark(const struct state_view *view)
{
	assert(is_writer(view));
	return view->state->overlay.change_count;
}

void state_rollback(struct state_view *view, state_mark_t mark)
{
	assert(is_writer(view) && view->walks == 0);
	assert(mark <= view->state->overlay.change_count);
	overlay_rollback(&view->state->overlay, mark);
}

void state_discard(struct state_view *view)
{
	assert(is_writer(view) && view->walks == 0);
	overlay_clear(&view->state->overlay);
}

static int write_record(MDB_cursor *cursor, const struct record *record)
{
	MDB_val key = value_of(slice_of(record->key, record->key_size));
	MDB_val value;

	if (record->value_size != REMOVED) {
		value = value_of(slice_of(record->value, record->value_size));
		return mdb_cursor_put(cursor, &key, &value, 0);
	}
	int code = mdb_cursor_get(cursor, &key, &value, MDB_SET);
	if (code == MDB_NOTFOUND)
		return MDB_SUCCESS;
	return code == MDB_SUCCESS ? mdb_cursor_del(cursor, 0) : code;
}

static enum recourse_error write_overlay(struct state *state, MDB_txn *transaction)
{
	struct overlay *overlay = &state->overlay;
	MDB_cursor *cursor;

	order_all(overlay);
	while (overlay->run_count > 1)
		merge_last_runs(overlay);
	int code = mdb_cursor_open(transaction, state->table, &cursor);
	if (code != MDB_SUCCESS)
		return translate(code);
	for (size_t index = 0; code == MDB_SUCCESS && index < overlay->record_count; index++)
		code = write_record(cursor, &overlay->records[overlay->ordered[index].record]);
	mdb_cursor_close(cursor);
	return translate(code);
}

enum recourse_error state_commit(struct state_view *view, const struct state_position *position)
{
	struct state *state = view->state;
	MDB_txn *transaction;

	assert(is_writer(view) && view->walks == 0);
	enum recourse_error error = translate(mdb_txn_begin(state->environment, NULL, 0, &transaction));
	if (error != RECOURSE_OK)
		return error;
	error = write_overlay(state, transaction);
	if (error == RECOURSE_OK)
		error = put_metadata(state, transaction, position, true);
	if (error != RECOURSE_OK) {
		mdb_txn_abort(transaction);
		return error;
	}
	error = translate(mdb_txn_commit(transaction));
	return error == RECOURSE_OK ? renew_writer(state, position) : error;
}

/* Takes up what the cursor came upon, or the walk's end in the store. */
static enum recourse_error take_stored(struct state_walk *walk, int code, const MDB_val *key,
	const MDB_val *value)
{
	struct state_merge *merge = walk->merge;

	merge->store_ended = true;
	if (code == MDB_NOTFOUND)
		return RECOURSE_OK;
	enum recourse_error error = translate(code);
	if (error != RECOURSE_OK)
		return error;
	slice found = slice_of(key->mv_data, key->mv_size);
	if (found.size == 0 || found.size > STATE_KEY_MAX || value->mv_size > STATE_VALUE_MAX)
		return RECOURSE_STORE_CORRUPT;
	if (found.data[0] == 0 || !begins_with(found, slice_of(walk->prefix, walk->prefix_size)))
		return RECOURSE_OK;
	merge->store_ended = false;
	merge->store_key = found;
	merge->store_value = slice_of(value->mv_data, value->mv_size);
	return RECOURSE_OK;
}

static enum recourse_error seek_stored(struct state_walk *walk, const struct place *place)
{
	MDB_cursor *cursor = walk->merge->cursor;
	MDB_val key = value_of(place->key);
	MDB_val value = {0};
	int code = MDB_NOTFOUND;

	if (!place->end)
		code = mdb_cursor_get(cursor, &key, &value, MDB_SET_RANGE);
	if (walk->direction == STATE_UP)
		return take_stored(walk, code, &key, &value);
	bool there = code == MDB_SUCCESS && slice_equal(slice_of(key.mv_data, key.mv_size), place->key);
	if (code == MDB_NOTFOUND)
		code = mdb_cursor_get(cursor, &key, &value, MDB_LAST);
	else if (code == MDB_SUCCESS && !(there && place->above))
		code = mdb_cursor_get(cursor, &key, &value, MDB_PREV);
	return take_stored(walk, code, &key, &value);
}

static enum recourse_error advance_stored(struct state_walk *walk)
{
	MDB_val key;
	MDB_val value;

	int code = mdb_cursor_get(
		walk->merge->cursor, &key, &value, walk->direction == STATE_UP ? MDB_NEXT : MDB_PREV);
	return take_stored(walk, code, &key, &value);
}

static void seek_overlay(struct state_walk *walk, const struct place *place)
{
	struct overlay *overlay = &walk->view->state->overlay;

	if (!is_writer(walk->view))
		return;
	order_all(overlay);
	for (size_t run = 0; run < overlay->run_count; run++)
		walk->merge->next[run] = count_below(overlay, &overlay->runs[run], place);
}

static const struct ordered *peek_run(const struct state_walk *walk, size_t index)
{
	const struct overlay *overlay = &walk->view->state->overlay;
	const struct run *run = &overlay->runs[index];
	size_t next = walk->merge->next[index];

	if (walk->direction == STATE_UP)
		return next < run->count ? &overlay->ordered[run->first + next] : NULL;
	return next > 0 ? &overlay->ordered[run->first + next - 1] : NULL;
}

static bool comes_first(const struct state_walk *walk, const struct ordered *a, const struct ordered *b)
{
	int order = order_of(a, b);

	return walk->direction == STATE_UP ? order < 0 : order > 0;
}

/* The overlay's next item within the prefix and its run; NULL when there is none. */
static const struct ordered *peek_overlay(const struct state_walk *walk, size_t *run)
{
	const struct ordered *best = NULL;

	if (!is_writer(walk->view))
		return NULL;
	for (size_t index = 0; index < walk->view->state->overlay.run_count; index++) {
		const struct ordered *item = peek_run(walk, index);
		if (item == NULL || (best != NULL && !comes_first(walk, item, best)))
			continue;
		best = item;
		*run = index;
	}
	if (best == NULL)
		return NULL;
	slice prefix = slice_of(walk->prefix, walk->prefix_size);
	return begins_with(slice_of(best->key, best->key_size), prefix) ? best : NULL;
}

/* Below 0: the overlay's item comes next; above 0: the store's; 0: both, and the overlay's counts. */
static int compare_sources(const struct state_walk *walk, const struct ordered *item)
{
	if (item == NULL)
		return 1;
	if (walk->merge->store_ended)
		return -1;
	int order = slice_compare(slice_of(item->key, item->key_size), walk->merge->store_key);
	return walk->direction == STATE_UP ? order : -order;
}

static enum recourse_error step(struct state_walk *walk)
{
	struct state_merge *merge = walk->merge;
	const struct overlay *overlay = &walk->view->state->overlay;
	enum recourse_error error = RECOURSE_OK;

	while (error == RECOURSE_OK) {
		size_t run = 0;
		const struct ordered *item = peek_overlay(walk, &run);
		if (item == NULL && merge->store_ended)
			return RECOURSE_QUERY_NOT_FOUND;
		int order = compare_sources(walk, item);
		walk->key = merge->store_key;
		walk->value = merge->store_value;
		if (order >= 0)
			error = advance_stored(walk);
		if (order > 0)
			return error;
		const struct record *record = &overlay->records[item->record];
		merge->next[run] = walk->direction == STATE_UP ? merge->next[run] + 1 : merge->next[run] - 1;
		if (record->value_size == REMOVED)
			continue;
		walk->key = slice_of(record->key, record->key_size);
		walk->value = slice_of(record->value, record->value_size);
		return error;
	}
	return error;
}

/* The least bytes above all that begin with the prefix; false when there are none. */
static bool successor(slice prefix, uint8_t bytes[static STATE_KEY_MAX], size_t *size)
{
	memcpy(bytes, prefix.data, prefix.size);
	*size = prefix.size;
	while (*size > 0 && bytes[*size - 1] == 0xFF)
		(*size)--;
	if (*size == 0)
		return false;
	bytes[*size - 1]++;
	return true;
}

static enum recourse_error seek(struct state_walk *walk, slice from)
{
	static const uint8_t least[] = {1};
	slice prefix = slice_of(walk->prefix, walk->prefix_size);
	struct place place = {.key = from, .above = walk->direction == STATE_DOWN};
	uint8_t bytes[STATE_KEY_MAX];
	size_t size = 0;

	if (from.size == 0 && walk->direction == STATE_UP) {
		place.key = prefix.size > 0 ? prefix : slice_of(least, sizeof least);
	} else if (from.size == 0) {
		place.end = !successor(prefix, bytes, &size);
		place.above = false;
		place.key = slice_of(bytes, size);
	}
	seek_overlay(walk, &place);
	return seek_stored(walk, &place);
}

static enum recourse_error merge_open(struct state_view *view, struct state_merge **merge)
{
	struct state_merge *opened = malloc(sizeof *opened);

	if (opened == NULL)
		return RECOURSE_MEMORY;
	enum recourse_error error =
		translate(mdb_cursor_open(view->transaction, view->state->table, &opened->cursor));
	if (error != RECOURSE_OK) {
		free(opened);
		return error;
	}
	*merge = opened;
	return RECOURSE_OK;
}

enum recourse_error state_walk_first(struct state_walk *walk, struct state_view *view, slice prefix,
	slice from, enum state_direction direction)
{
	assert(prefix.size <= STATE_KEY_MAX && (prefix.size == 0 || prefix.data[0] != 0));
	assert(from.size <= STATE_KEY_MAX && (from.size == 0 || begins_with(from, prefix)));
	walk->view = view;
	walk->direction = direction;
	walk->merge = NULL;
	walk->prefix_size = prefix.size;
	if (prefix.size > 0)
		memcpy(walk->prefix, prefix.data, prefix.size);
	enum recourse_error error = merge_open(view, &walk->merge);
	if (error != RECOURSE_OK)
		return error;
	view->walks++;
	error = seek(walk, from);
	return error == RECOURSE_OK ? step(walk) : error;
}

enum recourse_error state_walk_next(struct state_walk *walk)
{
	assert(walk->merge != NULL);
	return step(walk);
}

void state_walk_end(struct state_walk *walk)
{
	if (walk->merge == NULL)
		return;
	mdb_cursor_close(walk->merge->cursor);
	free(walk->merge);
	walk->merge = NULL;
	walk->view->walks--;
}

static void append_sized(struct buffer *buffer, slice bytes)
{
	uint8_t size[4];

	write_little(size, bytes.size, sizeof size);
	buffer_append(buffer, size, sizeof size);
	buffer_append(buffer, bytes.data, bytes.size);
}

static void append_position(struct buffer *buffer, const struct state_position *position)
{
	uint8_t bytes[16];

	write_little(bytes, position->entries, 8);
	write_little(bytes + 8, position->requests, 8);
	buffer_append(buffer, bytes, sizeof bytes);
	buffer_append(buffer, position->log_id, sizeof position->log_id);
}

/* Chained, since the state may be larger than memory. Where the links are follows from the content. */
static void chain(struct buffer *buffer, struct crypto_hash *hash)
{
	struct crypto_hash before = *hash;

	crypto_sha256_labelled(slice_of(before.bytes, sizeof before.bytes), buffer_slice(buffer), hash);
	buffer_clear(buffer);
}

enum recourse_error state_digest(struct state_view *view, uint8_t digest[static 32])
{
	struct buffer buffer = {0};
	struct crypto_hash hash = {0};
	struct state_walk walk;
	enum recourse_error error;
	slice all = slice_of(NULL, 0);

	append_position(&buffer, &view->position);
	for (error = state_walk_first(&walk, view, all, all, STATE_UP); error == RECOURSE_OK;
		error = state_walk_next(&walk)) {
		append_sized(&buffer, walk.key);
		append_sized(&buffer, walk.value);
		if (buffer_failed(&buffer))
			break;
		if (buffer.size >= DIGEST_CHUNK_SIZE)
			chain(&buffer, &hash);
	}
	state_walk_end(&walk);
	if (buffer_failed(&buffer))
		error = RECOURSE_MEMORY;
	if (error == RECOURSE_QUERY_NOT_FOUND) {
		chain(&buffer, &hash);
		memcpy(digest, hash.bytes, sizeof hash.bytes);
		error = RECOURSE_OK;
	}
	buffer_free(&buffer);
	return error;
}
