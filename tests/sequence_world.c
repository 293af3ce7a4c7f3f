/* SPDX-License-Identifier: Apache-2.0 */
#include "sequence_world.h"

#include "../tools/file.h"
#include "base/buffer.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

enum { WORLDS = 3, FILES_MAX = 24, DESCRIPTORS_MAX = 16 };

const char *const world_files[] = {"world.case", "insured.case"};
const size_t world_file_count = sizeof world_files / sizeof world_files[0];

struct kept {
	char path[SUPPORT_PATH_MAX];
	mode_t mode;
	struct buffer bytes;
};
static struct world {
	struct kit kit;
	struct kept files[FILES_MAX];
	size_t count;
} worlds[WORLDS];
static struct world *walked;

static int keep(const char *path, const struct stat *status, int kind, struct FTW *walk)
{
	struct kept *file = &walked->files[walked->count];
	if (kind == FTW_F) {
		assert_true(walked->count++ < FILES_MAX);
		snprintf(file->path, sizeof file->path, "%s", path);
		file->mode = status->st_mode & 07777;
		assert_ok(file_read(path, SIZE_MAX, &file->bytes));
	}
	return 0;
}

/* A file that the world has not is a lock, or what a run made. */
static int sweep(const char *path, const struct stat *status, int kind, struct FTW *walk)
{
	size_t index = 0;
	while (index < walked->count && strcmp(walked->files[index].path, path) != 0)
		index++;
	return kind == FTW_F && index == walked->count ? remove(path) : 0;
}

static void play_further(struct kit *kit)
{
	kit_play(kit, "settled i-0 200.00\n"
		      "deposit M 500.00 world-1\n"
		      "deposit N 100.00 world-2\n"
		      "deposit G 50.00 world-3\n"

		      "declare i-1 M fuel-card\n"
		      "claim x-0 i-1 300.00\n"
		      "claim x-1 i-1 50.00");
}

static void remove_worlds(void)
{
	for (size_t index = 0; index < WORLDS; index++)
		support_directory_remove(&worlds[index].kit.directory);
}

void world_start(void)
{
	for (size_t index = 0; index < WORLDS; index++) {
		struct world *world = &worlds[index];
		kit_start(&world->kit);
		kit_world(&world->kit, world_files[index % world_file_count]);
		if (index >= world_file_count)
			play_further(&world->kit);
		kit_close(&world->kit);
		walked = world;
		assert_int_equal(nftw(world->kit.directory.path, keep, DESCRIPTORS_MAX, FTW_PHYS), 0);
	}
	atexit(remove_worlds);
}

void world_take(unsigned number, struct kit *kit)
{
	walked = &worlds[number % WORLDS];
	*kit = walked->kit;
	assert_int_equal(nftw(kit->directory.path, sweep, DESCRIPTORS_MAX, FTW_PHYS), 0);
	for (size_t index = 0; index < walked->count; index++) {
		support_write_file(walked->files[index].path, buffer_slice(&walked->files[index].bytes));
		assert_int_equal(chmod(walked->files[index].path, walked->files[index].mode), 0);
	}
	kit_reopen(kit, false);
}
