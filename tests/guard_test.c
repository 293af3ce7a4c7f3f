/* SPDX-License-Identifier: Apache-2.0 */
#include "support.h"
#include "proof/guard.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static int place_make(void **state)
{
	return support_pair_make(state, "guard", "guard.new");
}

static struct checkpoint checkpoint_of(const char *origin, uint64_t size, uint8_t root)
{
	struct checkpoint checkpoint = {.size = size};
	snprintf(checkpoint.origin, sizeof checkpoint.origin, "%s", origin);
	memset(checkpoint.root.bytes, root, sizeof checkpoint.root.bytes);
	return checkpoint;
}

static enum recourse_error advance(
	const struct support_pair *place, const char *origin, uint64_t size, uint8_t root)
{
	struct checkpoint next = checkpoint_of(origin, size, root);
	return guard_advance(place->path, &next);
}

static void assert_last(const struct support_pair *place, const char *origin, uint64_t size, uint8_t root)
{
	struct checkpoint last;
	struct checkpoint expected = checkpoint_of(origin, size, root);
	assert_ok(guard_read(place->path, &last));
	assert_string_equal(last.origin, expected.origin);
	assert_int_equal(last.size, expected.size);
	assert_true(crypto_hash_equal(&last.root, &expected.root));
}

static void test_advance(void **state)
{
	struct support_pair *place = *state;
	assert_last(place, "", 0, 0);
	assert_ok(advance(place, "log", 5, 1));
	assert_last(place, "log", 5, 1);
	assert_ok(advance(place, "log", 5, 1));
	assert_ok(advance(place, "log", 6, 2));
	assert_last(place, "log", 6, 2);
	assert_ok(advance(place, "log", INT64_MAX, 3));
	assert_last(place, "log", INT64_MAX, 3);
	assert_int_equal(access(place->beside, F_OK), -1);
}

static void test_refused(void **state)
{
	struct support_pair *place = *state;
	assert_ok(advance(place, "log", 5, 1));
	assert_error(advance(place, "log", 4, 1), RECOURSE_ROLLBACK);
	assert_error(advance(place, "log", 0, 1), RECOURSE_ROLLBACK);
	assert_error(advance(place, "log", 5, 2), RECOURSE_FORK);
	assert_error(advance(place, "other", 5, 1), RECOURSE_FORK);
	assert_error(advance(place, "other", 6, 1), RECOURSE_FORK);
	assert_error(advance(place, "other", 4, 1), RECOURSE_FORK);
	assert_last(place, "log", 5, 1);
	assert_int_equal(access(place->beside, F_OK), -1);
}

/* A log that was signed while it was empty has begun: its origin is settled. */
static void test_empty_log(void **state)
{
	struct support_pair *place = *state;
	assert_ok(advance(place, "log", 0, 1));
	assert_ok(advance(place, "log", 0, 1));
	assert_error(advance(place, "log", 0, 2), RECOURSE_FORK);
	assert_error(advance(place, "other", 1, 1), RECOURSE_FORK);
	assert_ok(advance(place, "log", 1, 2));
}

static void assert_corrupt(const struct support_pair *place, slice bytes)
{
	struct checkpoint last;
	support_write_file(place->path, bytes);
	assert_error(guard_read(place->path, &last), RECOURSE_STORE_CORRUPT);
	assert_error(advance(place, "log", 100, 1), RECOURSE_STORE_CORRUPT);

	/* Refusing leaves the file to be looked at. */
	char found[2 * CHECKPOINT_TEXT_SIZE];
	int file = open(place->path, O_RDONLY);
	assert_true(file >= 0);
	assert_int_equal(read(file, found, sizeof found), bytes.size);
	assert_int_equal(close(file), 0);
	assert_memory_equal(found, bytes.data, bytes.size);
}

static void test_corrupt(void **state)
{
	struct support_pair *place = *state;
	struct checkpoint checkpoint = checkpoint_of("log", 5, 1);
	char text[CHECKPOINT_TEXT_SIZE + 8];
	size_t size = checkpoint_format(&checkpoint, text);
	for (size_t cut = 0; cut < size; cut++)
		assert_corrupt(place, slice_of(text, cut));
	strcpy(text + size, "\n");
	assert_corrupt(place, slice_of(text, size + 1));
	support_write_file(place->path, slice_of(text, size));
	assert_last(place, "log", 5, 1);
}

/* The longest form fits to the byte, and what follows it is seen. */
static void test_longest(void **state)
{
	struct support_pair *place = *state;
	char origin[CHECKPOINT_ORIGIN_SIZE + 1];
	memset(origin, 'o', sizeof origin - 1);
	origin[sizeof origin - 1] = '\0';
	assert_ok(advance(place, origin, INT64_MAX, 1));
	assert_last(place, origin, INT64_MAX, 1);
	struct checkpoint checkpoint = checkpoint_of(origin, INT64_MAX, 1);
	char text[CHECKPOINT_TEXT_SIZE + 8];
	size_t size = checkpoint_format(&checkpoint, text);
	strcpy(text + size, "more");
	assert_corrupt(place, slice_of(text, size + 4));
}

static void test_not_a_file(void **state)
{
	struct support_pair *place = *state;
	struct checkpoint last;
	assert_int_equal(symlink("nowhere", place->path), 0);
	assert_error(guard_read(place->path, &last), RECOURSE_IO);
	assert_error(advance(place, "log", 5, 1), RECOURSE_IO);
	assert_int_equal(unlink(place->path), 0);
	assert_error(guard_read(place->directory.path, &last), RECOURSE_IO);

	char path[SUPPORT_PATH_MAX];
	support_directory_path(&place->directory, "none/guard", path);
	struct checkpoint next = checkpoint_of("log", 5, 1);
	assert_error(guard_advance(path, &next), RECOURSE_IO);
}

/* What a crash before the rename leaves behind neither counts nor is in the way. */
static void test_left_over(void **state)
{
	struct support_pair *place = *state;
	assert_ok(advance(place, "log", 5, 1));
	support_write_file(place->beside, slice_text("log\n9\nhalf a line"));
	assert_last(place, "log", 5, 1);
	assert_ok(advance(place, "log", 6, 2));
	assert_last(place, "log", 6, 2);

	/* Where the new file can not be made, nothing may be signed and the old one stays. */
	assert_int_equal(mkdir(place->beside, 0700), 0);
	assert_error(advance(place, "log", 7, 3), RECOURSE_IO);
	assert_last(place, "log", 6, 2);
	assert_int_equal(rmdir(place->beside), 0);
	assert_int_equal(symlink(place->path, place->beside), 0);
	assert_error(advance(place, "log", 7, 3), RECOURSE_IO);
	assert_last(place, "log", 6, 2);
}

/* A path without a directory means the current one. */
static void test_bare_name(void **state)
{
	struct support_pair *place = *state;
	int before = open(".", O_RDONLY | O_DIRECTORY);
	assert_true(before >= 0);
	assert_int_equal(chdir(place->directory.path), 0);
	struct checkpoint next = checkpoint_of("log", 5, 1);
	enum recourse_error error = guard_advance("guard", &next);
	assert_int_equal(fchdir(before), 0);
	assert_int_equal(close(before), 0);
	assert_ok(error);
	assert_last(place, "log", 5, 1);
}

/* A second signer waits for the first, and then finds what the first one signed. */
static void test_signers_take_turns(void **state)
{
	struct support_pair *place = *state;
	int directory = open(place->directory.path, O_RDONLY | O_DIRECTORY);
	assert_true(directory >= 0);
	assert_int_equal(flock(directory, LOCK_SH), 0);
	pid_t child = fork();
	assert_true(child >= 0);
	if (child == 0)
		_exit(advance(place, "log", 5, 1) == RECOURSE_FORK ? 0 : 1);

	/* Time enough for a signer that would not wait. */
	usleep(100 * 1000);
	assert_last(place, "", 0, 0);
	struct checkpoint first = checkpoint_of("log", 5, 2);
	char text[CHECKPOINT_TEXT_SIZE];
	support_write_file(place->path, slice_of(text, checkpoint_format(&first, text)));
	assert_int_equal(flock(directory, LOCK_UN), 0);

	int status = 0;
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
	assert_last(place, "log", 5, 2);
	assert_int_equal(close(directory), 0);
}

#define in_place(test) cmocka_unit_test_setup_teardown(test, place_make, support_pair_remove)

int main(void)
{
	const struct CMUnitTest tests[] = {
		in_place(test_advance),
		in_place(test_refused),
		in_place(test_empty_log),
		in_place(test_corrupt),
		in_place(test_longest),
		in_place(test_not_a_file),
		in_place(test_left_over),
		in_place(test_bare_name),
		in_place(test_signers_take_turns),
	};
	return cmocka_run_group_tests(tests, support_crypto, NULL);
}
