/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Order matters: cmocka.h uses what the others say, and includes none of them. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <sys/resource.h>

#include "base/slice.h"
#include "base/try.h"

/* A test of cmocka is given a state whether it has one or not. */
#pragma GCC diagnostic ignored "-Wunused-parameter"

/*
 * What the tests of several modules share: cmocka and what it wants, a directory to write in, repeatable random
 * numbers, and an assertion that shows errors by name.
 */
enum { SUPPORT_PATH_MAX = 256 };

struct support_directory {
	char path[SUPPORT_PATH_MAX];
};

/* A new empty directory below TMPDIR or /tmp. The test fails when there can be none. */
void support_directory_make(struct support_directory *directory);

/* Removes it with all that is in it; symbolic links are removed, not followed. */
void support_directory_remove(const struct support_directory *directory);

/* Writes "directory/name" to `path`. The test fails when it does not fit. */
void support_directory_path(
	const struct support_directory *directory, const char *name, char path[static SUPPORT_PATH_MAX]);

/* Set-up and tear-down of a cmocka test, whose state is then a struct support_directory. */
int support_directory_set_up(void **state);
int support_directory_tear_down(void **state);
#define DIRECTORY_TEST(test)                                                                                 \
	cmocka_unit_test_setup_teardown(test, support_directory_set_up, support_directory_tear_down)

/* The same for a file and the one beside it, whose state is then a struct support_pair; no other file may be left. */
struct support_pair {
	struct support_directory directory;
	char path[SUPPORT_PATH_MAX];
	char beside[SUPPORT_PATH_MAX];
};
int support_pair_make(void **state, const char *name, const char *beside);
int support_pair_remove(void **state);

/* Makes a file that has those bytes and no others. */
void support_write_file(const char *path, slice bytes);

/* No file may grow beyond that many bytes: as full as a disk. RLIM_INFINITY ends it. */
void support_limit_files(rlim_t size);

/* SCOPED(support_free): what the pointer so declared points to is freed. */
void support_free(void *pointer);

/* Set-up of a group of tests that sign, verify or hash. */
int support_crypto(void **state);

/* How often something long is done: a sample in `make test`, all of it in `make trial`, which sets TRIAL. */
size_t support_times(size_t sample, size_t all);

/*
 * splitmix64: the same seed gives the same numbers everywhere. support_random_start() prints the seed; it is
 * the one in the environment variable SEED, or the time.
 */
struct support_random {
	uint64_t state;
};

struct support_random support_random_start(void);
uint64_t support_random(struct support_random *random);

/* Evenly below `limit`, which is not 0. */
uint64_t support_random_below(struct support_random *random, uint64_t limit);
void support_random_fill(struct support_random *random, void *bytes, size_t size);

/* Fails the test unless the two are the same error, and says which they were. */
#define assert_error(actual, expected) support_assert_error((actual), (expected), #actual, __FILE__, __LINE__)
#define assert_ok(actual)              assert_error((actual), RECOURSE_OK)

void support_assert_error(enum recourse_error actual, enum recourse_error expected, const char *expression,
	const char *file, int line);
