/* SPDX-License-Identifier: Apache-2.0 */
#include "power_disk.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- the record ---- */

struct power_call *power_append(struct power_record *record, enum power_kind kind, unsigned int node)
{
	if (record->count == record->capacity) {
		record->capacity = record->capacity == 0 ? 1024 : 2 * record->capacity;
		record->calls = realloc(record->calls, record->capacity * sizeof *record->calls);
		assert_non_null(record->calls);
	}
	struct power_call *call = &record->calls[record->count++];
	*call = (struct power_call){.kind = kind, .node = node, .settled = SIZE_MAX};
	return call;
}

void power_record_free(struct power_record *record)
{
	for (size_t index = 0; index < record->count; index++)
		free(record->calls[index].bytes);
	free(record->calls);
	*record = (struct power_record){.calls = NULL};
}

static bool is_data(const struct power_call *call)
{
	return call->kind == POWER_WRITE || call->kind == POWER_TRUNCATE;
}

static bool is_name(const struct power_call *call)
{
	return call->kind == POWER_MAKE || call->kind == POWER_RENAME || call->kind == POWER_REMOVE;
}

void power_settle(struct power_record *record)
{
	size_t synced[POWER_NODES_MAX];
	for (size_t node = 0; node < POWER_NODES_MAX; node++)
		synced[node] = SIZE_MAX;
	for (size_t index = record->count; index-- > 0;) {
		struct power_call *call = &record->calls[index];
		if (call->kind == POWER_SYNC)
			synced[call->node] = index;
		bool through = index + 1 < record->count && call[1].kind == POWER_THROUGH;
		if (is_data(call) || is_name(call))
			call->settled = through ? index + 1 : synced[call->node];
	}
}

/* ---- files ---- */

static void resize(struct power_bytes *file, size_t size)
{
	if (size > file->capacity) {
		file->capacity = 2 * size;
		file->bytes = realloc(file->bytes, file->capacity);
		assert_non_null(file->bytes);
	}
	if (size > file->size)
		memset(file->bytes + file->size, 0, size - file->size);
	file->size = size;
}

static void grow(struct power_bytes *file, size_t size)
{
	if (size > file->size)
		resize(file, size);
}

static void copy(struct power_bytes *to, const struct power_bytes *from)
{
	resize(to, from->size);
	if (from->size > 0)
		memcpy(to->bytes, from->bytes, from->size);
}

static void apply_data(struct power_bytes *file, const struct power_call *call)
{
	if (call->kind == POWER_TRUNCATE) {
		resize(file, (size_t)call->offset);
		return;
	}
	grow(file, (size_t)call->offset + call->size);
	if (call->bytes != NULL)
		memcpy(file->bytes + call->offset, call->bytes, call->size);
}

/* Some of its sectors. */
static void tear(struct power_bytes *file, const struct power_call *call, struct support_random *random)
{
	uint64_t there = 0;
	size_t size;
	if (call->kind == POWER_TRUNCATE || call->bytes == NULL)
		return;
	for (size_t at = 0, sector = 0; at < call->size; at += size, sector++) {
		uint64_t offset = call->offset + at;
		size = POWER_SECTOR_SIZE - (size_t)(offset % POWER_SECTOR_SIZE);
		if (size > call->size - at)
			size = call->size - at;
		if (sector % 64 == 0)
			there = support_random(random);
		if ((there >> (sector % 64) & 1) == 0)
			continue;
		grow(file, (size_t)offset + size);
		memcpy(file->bytes + offset, call->bytes + at, size);
	}
}

/* ---- names ---- */

static struct power_name *find_name(struct power_disk *disk, unsigned int directory, const char *name)
{
	for (size_t index = 0; index < disk->name_count; index++) {
		struct power_name *found = &disk->names[index];
		if (found->directory == directory && strcmp(found->name, name) == 0)
			return found;
	}
	return NULL;
}

static void remove_name(struct power_disk *disk, unsigned int directory, const char *name)
{
	struct power_name *found = find_name(disk, directory, name);
	if (found != NULL)
		*found = disk->names[--disk->name_count];
}

static void set_name(struct power_disk *disk, unsigned int directory, const char *name, unsigned int node)
{
	remove_name(disk, directory, name);
	assert_true(disk->name_count < POWER_NAMES_MAX);
	struct power_name *made = &disk->names[disk->name_count++];
	*made = (struct power_name){.directory = directory, .node = node};
	strcpy(made->name, name);
}

/* `made` of a rename is known from when it was recorded: the name that it was of may not be there. */
static void apply_name(struct power_disk *disk, const struct power_call *call)
{
	if (call->kind == POWER_MAKE) {
		set_name(disk, call->node, call->name, call->made);
		return;
	}
	remove_name(disk, call->node, call->name);
	if (call->kind == POWER_RENAME)
		set_name(disk, call->node, call->to, call->made);
}

/* ---- points ---- */

static void apply(struct power_disk *disk, const struct power_call *call)
{
	if (is_data(call))
		apply_data(&disk->files[call->node], call);
	else if (is_name(call))
		apply_name(disk, call);
}

void power_point_start(struct power_point *point, const struct power_record *record)
{
	memset(point, 0, sizeof *point);
	point->record = record;
}

static bool sure(const struct power_call *call, size_t cut)
{
	return call->settled < cut;
}

/* What is sure, up to the first of the node that is not. */
static void move_sure(struct power_point *point, unsigned int node)
{
	const struct power_call *calls = point->record->calls;
	size_t *until = &point->sure_until[node];
	for (; *until < point->cut; ++*until) {
		const struct power_call *call = &calls[*until];
		if (!is_data(call) || call->node != node)
			continue;
		if (!sure(call, point->cut))
			return;
		apply_data(&point->sure.files[node], call);
	}
}

static void move_names(struct power_point *point)
{
	for (; point->names_until < point->cut; point->names_until++) {
		const struct power_call *call = &point->record->calls[point->names_until];
		if (!is_name(call))
			continue;
		if (!sure(call, point->cut))
			return;
		apply_name(&point->sure, call);
	}
}

void power_point_move(struct power_point *point, size_t cut)
{
	assert_true(cut >= point->cut && cut <= point->record->count);
	point->cut = cut;
	for (; point->whole_until < cut; point->whole_until++)
		apply(&point->whole, &point->record->calls[point->whole_until]);
	for (unsigned int node = 0; node < point->record->node_count; node++)
		move_sure(point, node);
	move_names(point);
}

void power_point_free(struct power_point *point)
{
	power_disk_free(&point->whole);
	power_disk_free(&point->sure);
}

void power_disk_free(struct power_disk *disk)
{
	for (size_t node = 0; node < POWER_NODES_MAX; node++)
		free(disk->files[node].bytes);
	memset(disk, 0, sizeof *disk);
}

/* ---- what a cut leaves ---- */

static void copy_names(struct power_disk *to, const struct power_disk *from)
{
	memcpy(to->names, from->names, sizeof to->names);
	to->name_count = from->name_count;
}

/* Those that are not sure: up to `end` in their order, or each as a coin says. */
static void cut_names(const struct power_point *point, enum power_choice choice,
	struct support_random *random, struct power_disk *disk)
{
	size_t from = point->names_until;
	copy_names(disk, choice == POWER_ALL ? &point->whole : &point->sure);
	if (choice == POWER_ALL)
		return;
	bool any = choice == POWER_ANY && support_random_below(random, 2) == 0;
	size_t end = choice == POWER_SURE
			     ? from
			     : from + (size_t)support_random_below(random, point->cut - from + 1);
	for (size_t index = from; index < point->cut; index++) {
		const struct power_call *call = &point->record->calls[index];
		bool there = any ? support_random_below(random, 2) == 0 : index < end;
		if (is_name(call) && (there || sure(call, point->cut)))
			apply_name(disk, call);
	}
}

static void cut_write(
	struct power_bytes *file, const struct power_call *call, uint64_t odds, struct support_random *random)
{
	if (support_random_below(random, 8) < odds)
		apply_data(file, call);
	else if (support_random_below(random, 2) == 0)
		tear(file, call, random);
	else if (call->kind == POWER_WRITE && support_random_below(random, 8) == 0)
		grow(file, (size_t)call->offset + call->size);
}

static void cut_file(const struct power_point *point, unsigned int node, enum power_choice choice,
	struct support_random *random, struct power_bytes *file)
{
	uint64_t odds = choice == POWER_ANY ? support_random_below(random, 8) : 0;
	copy(file, &point->sure.files[node]);
	for (size_t index = point->sure_until[node]; index < point->cut; index++) {
		const struct power_call *call = &point->record->calls[index];
		if (!is_data(call) || call->node != node)
			continue;
		if (sure(call, point->cut))
			apply_data(file, call);
		else if (choice == POWER_ANY)
			cut_write(file, call, odds, random);
	}
}

/* A quarter each has all of the file and only what is sure; so that what others lack is also seen alone. */
void power_cut(const struct power_point *point, enum power_choice choice, struct support_random *random,
	struct power_disk *disk)
{
	cut_names(point, choice, random, disk);
	for (unsigned int node = 0; node < point->record->node_count; node++) {
		enum power_choice own = choice;
		if (choice == POWER_ANY)
			own = (enum power_choice)support_random_below(random, 4);
		if (own == POWER_ALL)
			copy(&disk->files[node], &point->whole.files[node]);
		else
			cut_file(
				point, node, own == POWER_SURE ? own : POWER_ANY, random, &disk->files[node]);
	}
}

static uint64_t mix(uint64_t hash, uint64_t word)
{
	hash = (hash ^ word) * UINT64_C(0x9fb21c651e98df25);
	return hash ^ hash >> 32;
}

uint64_t power_hash(uint64_t hash, slice bytes)
{
	const uint8_t *next = bytes.data;
	size_t size = bytes.size;
	uint64_t word;
	hash = mix(hash, size);
	for (; size >= sizeof word; size -= sizeof word, next += sizeof word) {
		memcpy(&word, next, sizeof word);
		hash = mix(hash, word);
	}
	for (; size > 0; size--)
		hash = mix(hash, *next++);
	return hash;
}

/* A sum, so that the order of the names says nothing. */
static uint64_t hash_directory(
	const struct power_record *record, const struct power_disk *disk, unsigned int directory)
{
	uint64_t sum = 1;
	for (size_t index = 0; index < disk->name_count; index++) {
		const struct power_name *name = &disk->names[index];
		const struct power_bytes *file = &disk->files[name->node];
		if (name->directory != directory)
			continue;
		uint64_t hash = power_hash(3, slice_text(name->name));
		sum += record->directories[name->node] ? mix(hash, hash_directory(record, disk, name->node))
						       : power_hash(hash, slice_of(file->bytes, file->size));
	}
	return sum;
}

uint64_t power_disk_hash(const struct power_record *record, const struct power_disk *disk)
{
	return hash_directory(record, disk, 0);
}

static void lay_file(const char *path, const struct power_bytes *bytes)
{
	int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	assert_true(file >= 0);
	if (bytes->size > 0)
		assert_int_equal(write(file, bytes->bytes, bytes->size), bytes->size);
	assert_int_equal(close(file), 0);
}

static void lay(const struct power_record *record, const struct power_disk *disk, unsigned int directory,
	const char *path)
{
	char part[SUPPORT_PATH_MAX];
	for (size_t index = 0; index < disk->name_count; index++) {
		const struct power_name *name = &disk->names[index];
		if (name->directory != directory)
			continue;
		assert_true((size_t)snprintf(part, sizeof part, "%s/%s", path, name->name) < sizeof part);
		if (!record->directories[name->node]) {
			lay_file(part, &disk->files[name->node]);
			continue;
		}
		assert_int_equal(mkdir(part, 0700), 0);
		lay(record, disk, name->node, part);
	}
}

void power_disk_lay(const struct power_record *record, const struct power_disk *disk, const char *directory)
{
	lay(record, disk, 0, directory);
}
