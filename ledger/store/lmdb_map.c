/* SPDX-License-Identifier: Apache-2.0 */
#include "store/lmdb_map.h"

#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* Log, state and scratch state, and more of them in tests. */
enum { MAPS_MAX = 16, NAME_SIZE = 512 };

/* Who opens and closes writes here, and a signal reads, whenever it comes: `end` is set last, and goes first. */
static struct map {
	MDB_env *volatile environment; /* NULL: free */
	volatile uintptr_t begin;
	volatile uintptr_t end; /* 0: nothing is noted */
	char name[NAME_SIZE];
} maps[MAPS_MAX];

static volatile bool contradicted;

/* Where the code of libraries is: LMDB's, and the one that copies and compares for it. */
static struct code {
	volatile uintptr_t begin;
	volatile uintptr_t end;
} of_lmdb, of_libc;

/* What the kernel says of what is mapped: a line of /proc/self/maps. */
struct range {
	uintptr_t begin;
	uintptr_t end;
	uint64_t inode;
	const char *path; /* as the kernel spells it, with what is behind */
};

static bool read_line(FILE *list, char *line, int size, struct range *range)
{
	int path = 0;
	if (fgets(line, size, list) == NULL)
		return false;
	*range = (struct range){0};
	(void)sscanf(line, "%" SCNxPTR "-%" SCNxPTR " %*s %*s %*s %" SCNu64 " %n", &range->begin, &range->end,
		&range->inode, &path);
	range->path = line + path;
	return true;
}

/* Numbers of files are many times over, on as many file systems, and so are names. */
static bool is_of(const struct range *range, const struct stat *status, const char *name)
{
	return range->inode == status->st_ino && strstr(range->path, name) != NULL;
}

static void note_code(struct code *code, const struct range *range, uintptr_t place, const char *name)
{
	if (place < range->begin || place >= range->end || strstr(range->path, name) == NULL)
		return;
	code->begin = range->begin;
	code->end = range->end;
}

static void note_libraries(const struct range *range)
{
	union {
		char *(*function)(int *, int *, int *);
		uintptr_t place;
	} lmdb = {.function = mdb_version};
	union {
		void (*function)(void);
		uintptr_t place;
	} libc = {.function = abort};
	note_code(&of_lmdb, range, lmdb.place, "/liblmdb");
	note_code(&of_libc, range, libc.place, "/libc");
}

static bool read_range(const char *path, uintptr_t *begin, uintptr_t *end)
{
	char line[1024];
	struct stat status;
	struct range range;
	bool found = false;
	if (stat(path, &status) != 0)
		return false;
	FILE *list = fopen("/proc/self/maps", "re");
	while (list != NULL && read_line(list, line, sizeof line, &range)) {
		note_libraries(&range);
		if (found || !is_of(&range, &status, strrchr(path, '/')))
			continue;
		found = true;
		*begin = range.begin;
		*end = range.end;
	}
	if (list != NULL)
		fclose(list);
	return found;
}

void lmdb_map_note(MDB_env *environment, const char *path, const char *name)
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
		snprintf(map->name, sizeof map->name, "%s", name);
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

void lmdb_map_contradict(MDB_env *environment, const char *what)
{
	(void)environment;
	(void)what;
	contradicted = true;
}

static bool is_within(const struct code *code, const void *instruction)
{
	uintptr_t place = (uintptr_t)instruction;
	return place >= code->begin && place < code->end;
}

bool lmdb_map_misled(const void *instruction, const void *caller)
{
	return contradicted || is_within(&of_lmdb, instruction) ||
	       (is_within(&of_libc, instruction) && is_within(&of_lmdb, caller));
}

const char *lmdb_map_find(const void *address)
{
	uintptr_t place = (uintptr_t)address;
	for (size_t index = 0; index < MAPS_MAX; index++) {
		if (place >= maps[index].begin && place < maps[index].end)
			return maps[index].name;
	}
	return NULL;
}
