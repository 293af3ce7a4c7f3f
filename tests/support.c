/* SPDX-License-Identifier: Apache-2.0 */
#include "support.h"
#include "base/crypto.h"

#include <ftw.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { DESCRIPTORS_MAX = 16 };

void support_directory_make(struct support_directory *directory)
{
	const char *parent = getenv("TMPDIR");
	int size = snprintf(directory->path, sizeof directory->path, "%s/recourse-test-XXXXXX",
		parent != NULL && parent[0] != '\0' ? parent : "/tmp");
	if (size < 0 || (size_t)size >= sizeof directory->path || mkdtemp(directory->path) == NULL)
		fail_msg("no directory can be made at %s", directory->path);
}

static int remove_one(const char *path, const struct stat *status, int kind, struct FTW *walk)
{
	return remove(path);
}

void support_directory_remove(const struct support_directory *directory)
{
	if (nftw(directory->path, remove_one, DESCRIPTORS_MAX, FTW_DEPTH | FTW_PHYS) != 0)
		fail_msg("%s can not be removed", directory->path);
}

void support_directory_path(
	const struct support_directory *directory, const char *name, char path[static SUPPORT_PATH_MAX])
{
	int size = snprintf(path, SUPPORT_PATH_MAX, "%s/%s", directory->path, name);
	if (size < 0 || size >= SUPPORT_PATH_MAX)
		fail_msg("the path of %s is too long", name);
}

int support_directory_set_up(void **state)
{
	static struct support_directory directory;
	support_directory_make(&directory);
	*state = &directory;
	return 0;
}

int support_directory_tear_down(void **state)
{
	support_directory_remove(*state);
	return 0;
}

int support_pair_make(void **state, const char *name, const char *beside)
{
	static struct support_pair pair;
	support_directory_make(&pair.directory);
	support_directory_path(&pair.directory, name, pair.path);
	support_directory_path(&pair.directory, beside, pair.beside);
	*state = &pair;
	return 0;
}

int support_pair_remove(void **state)
{
	const struct support_pair *pair = *state;
	unlink(pair->path);
	unlink(pair->beside);
	return rmdir(pair->directory.path);
}

void support_write_file(const char *path, slice bytes)
{
	FILE *file = fopen(path, "w");
	assert_non_null(file);
	assert_int_equal(fwrite(bytes.data, 1, bytes.size, file), bytes.size);
	assert_int_equal(fclose(file), 0);
}

void support_limit_files(rlim_t size)
{
	struct rlimit limit;
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
	limit.rlim_cur = size;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

void support_free(void *pointer)
{
	void *memory;
	memcpy(&memory, pointer, sizeof memory);
	free(memory);
}

int support_crypto(void **state)
{
	return crypto_start() == RECOURSE_OK ? 0 : -1;
}

size_t support_times(size_t sample, size_t all)
{
	return getenv("TRIAL") != NULL ? all : sample;
}

struct support_random support_random_start(void)
{
	const char *given = getenv("SEED");
	uint64_t seed = given != NULL ? strtoull(given, NULL, 0) : (uint64_t)time(NULL);
	print_message("SEED=%" PRIu64 "\n", seed);
	return (struct support_random){.state = seed};
}

uint64_t support_random(struct support_random *random)
{
	random->state += 0x9e3779b97f4a7c15;
	uint64_t value = random->state;
	value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9;
	value = (value ^ (value >> 27)) * 0x94d049bb133111eb;
	return value ^ (value >> 31);
}

uint64_t support_random_below(struct support_random *random, uint64_t limit)
{
	/* Numbers below 2^64 mod limit are drawn again, or the small results would be likelier. */
	uint64_t uneven = -limit % limit;
	uint64_t value;
	do {
		value = support_random(random);
	} while (value < uneven);
	return value % limit;
}

void support_random_fill(struct support_random *random, void *bytes, size_t size)
{
	uint8_t *next = bytes;
	while (size > 0) {
		uint64_t value = support_random(random);
		size_t part = size < sizeof value ? size : sizeof value;
		memcpy(next, &value, part);
		next += part;
		size -= part;
	}
}

void support_assert_error(enum recourse_error actual, enum recourse_error expected, const char *expression,
	const char *file, int line)
{
	if (actual == expected)
		return;
	print_error("%s gave %s, not %s\n", expression, recourse_error_name(actual),
		recourse_error_name(expected));
	_fail(file, line);
}
