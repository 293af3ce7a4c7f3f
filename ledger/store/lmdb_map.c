/* SPDX-License-Identifier: Apache-2.0 */
#include "store/lmdb_map.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/stat.h>

/* Log, state and scratch state, and more of them in tests. */
enum { MAPS_MAX = 16, PATH_SIZE = 512 };

/* Who opens and closes writes here, and a signal reads, whenever it comes: `end` is set last, and goes first. */
static struct map {
	MDB_env *volatile environment; /* NULL: free */
	volatile uintptr_t begin;
	volatile uintptr_t end; /* 0: nothing is noted */
	char path[PATH_SIZE];
} maps[MAPS_MAX];

/* By the number of the file: the kernel spells paths its own way. */
static bool read_range(const char *path, uintptr_t *begin, uintptr_t *end)
{
	char line[1024];
	struct stat status;
	bool found = false;
	if (stat(path, &status) != 0)
		return false;
	FILE *list = fopen("/proc/self/maps", "re");
	while (list != NULL && !found && fgets(line, sizeof line, list) != NULL) {
		uint64_t inode;
		found = sscanf(line, "%" SCNxPTR "-%" SCNxPTR " %*s %*s %*s %" SCNu64, begin, end, &inode) ==
				3 &&
			inode == status.st_ino;
	}
	if (list != NULL)
		fclose(list);
	return found;
}

void lmdb_map_note(MDB_env *environment, const char *path)
{
	uintptr_t begin;
	uintptr_t end;
	if (!read_range(path, &begin, &end))
		return;
	for (size_t index = 0; index < MAPS_MAX; index++) {
		struct map *map = &maps[index];
		if (map->environment != NULL)
			continue;
		map->environment = environment;
		snprintf(map->path, sizeof map->path, "%s", path);
		map->begin = begin;
		map->end = end;
		return;
	}
}

void lmdb_map_forget(MDB_env *environment)
{
	for (size_t index = 0; index < MAPS_MAX; index++) {
		if (maps[index].environment != environment)
			continue;
		maps[index].end = 0;
		maps[index].environment = NULL;
	}
}

const char *lmdb_map_find(const void *address)
{
	uintptr_t place = (uintptr_t)address;
	for (size_t index = 0; index < MAPS_MAX; index++) {
		if (place >= maps[index].begin && place < maps[index].end)
			return maps[index].path;
	}
	return NULL;
}
