/* SPDX-License-Identifier: Apache-2.0 */
#include "support.h"
#include "store/directory.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *path_of(void **state)
{
	const struct support_directory *directory = *state;
	return directory->path;
}

/* The path of a lock's file in the test's directory. */
static const char *file_of(void **state)
{
	static char path[SUPPORT_PATH_MAX];
	support_directory_path(*state, "writer.lock", path);
	return path;
}

static void test_excludes_and_releases(void **state)
{
	const char *path = path_of(state);
	struct directory_lock first = DIRECTORY_UNLOCKED;
	struct directory_lock second = DIRECTORY_UNLOCKED;
	assert_false(directory_locked(&first));
	assert_ok(directory_lock(path, &first));
	assert_error(directory_lock(path, &second), RECOURSE_STORE_LOCKED);
	assert_false(directory_locked(&second));
	directory_unlock(&first);
	assert_false(directory_locked(&first));
	assert_ok(directory_lock(path, &second));
	assert_true(directory_locked(&second));
	assert_int_equal(fcntl(second.file, F_GETFD) & FD_CLOEXEC, FD_CLOEXEC);
	assert_int_equal(fcntl(second.directory, F_GETFD) & FD_CLOEXEC, FD_CLOEXEC);
	directory_unlock(&second);
}

/* Whoever removes the file of a lock lets nobody in; nor does another file in its place. */
static void test_holds_without_its_file(void **state)
{
	const char *path = path_of(state);
	struct directory_lock lock;
	struct directory_lock other;
	assert_ok(directory_lock(path, &lock));
	assert_int_equal(unlink(file_of(state)), 0);
	assert_error(directory_lock(path, &other), RECOURSE_STORE_LOCKED);
	support_write_file(file_of(state), slice_text("x"));
	assert_error(directory_lock(path, &other), RECOURSE_STORE_LOCKED);
	directory_unlock(&lock);
	assert_ok(directory_lock(path, &other));
	directory_unlock(&other);
}

/* A program of an older version knows the file alone. */
static void test_holds_by_its_file(void **state)
{
	struct directory_lock lock;
	assert_ok(directory_lock(path_of(state), &lock));
	int file = open(file_of(state), O_RDWR | O_CLOEXEC);
	assert_int_equal(flock(file, LOCK_EX | LOCK_NB), -1);
	directory_unlock(&lock);
	assert_int_equal(flock(file, LOCK_EX | LOCK_NB), 0);
	assert_error(directory_lock(path_of(state), &lock), RECOURSE_STORE_LOCKED);
	close(file);
}

static void test_excludes_others_until_death(void **state)
{
	const char *path = path_of(state);
	int ready[2];
	char byte;
	struct directory_lock lock;
	assert_int_equal(pipe(ready), 0);
	pid_t child = fork();
	if (child == 0) {
		if (directory_lock(path, &lock) == RECOURSE_OK && write(ready[1], "x", 1) == 1)
			pause();
		_exit(1);
	}
	assert_int_equal(read(ready[0], &byte, 1), 1);
	assert_error(directory_lock(path, &lock), RECOURSE_STORE_LOCKED);
	assert_int_equal(kill(child, SIGKILL), 0);
	assert_int_equal(waitpid(child, NULL, 0), child);
	assert_ok(directory_lock(path, &lock));
	directory_unlock(&lock);
	close(ready[0]);
	close(ready[1]);
}

static void test_released_though_a_child_inherited_it(void **state)
{
	const char *path = path_of(state);
	struct directory_lock lock;
	struct directory_lock again = DIRECTORY_UNLOCKED;
	assert_ok(directory_lock(path, &lock));
	pid_t child = fork();
	if (child == 0) {
		pause();
		_exit(0);
	}
	directory_unlock(&lock);
	enum recourse_error error = directory_lock(path, &again);
	assert_int_equal(kill(child, SIGKILL), 0);
	assert_int_equal(waitpid(child, NULL, 0), child);
	assert_ok(error);
	directory_unlock(&again);
}

static void test_refuses_links_and_pipes(void **state)
{
	const char *path = file_of(state);
	char target[SUPPORT_PATH_MAX];
	struct stat status;
	struct directory_lock lock;

	support_directory_path(*state, "target", target);
	assert_int_equal(symlink(target, path), 0);
	assert_error(directory_lock(path_of(state), &lock), RECOURSE_IO);
	assert_int_equal(lstat(target, &status), -1);
	assert_int_equal(unlink(path), 0);

	assert_int_equal(mkfifo(path, 0600), 0);
	assert_error(directory_lock(path_of(state), &lock), RECOURSE_IO);
	assert_int_equal(unlink(path), 0);

	support_directory_path(*state, "missing", target);
	assert_error(directory_lock(target, &lock), RECOURSE_IO);
	support_write_file(target, slice_text("x"));
	assert_error(directory_lock(target, &lock), RECOURSE_IO);
}

static void test_asks_the_file_system(void **state)
{
	assert_ok(directory_check_local(path_of(state)));
	assert_error(directory_check_local(file_of(state)), RECOURSE_IO);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		DIRECTORY_TEST(test_excludes_and_releases),
		DIRECTORY_TEST(test_holds_without_its_file),
		DIRECTORY_TEST(test_holds_by_its_file),
		DIRECTORY_TEST(test_excludes_others_until_death),
		DIRECTORY_TEST(test_released_though_a_child_inherited_it),
		DIRECTORY_TEST(test_refuses_links_and_pipes),
		DIRECTORY_TEST(test_asks_the_file_system),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
