/* SPDX-License-Identifier: Apache-2.0 */
#include "support.h"
#include "store/lock.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* The path of a lock in the test's directory. */
static const char *lock_path(void **state)
{
	static char path[SUPPORT_PATH_MAX];
	support_directory_path(*state, "writer.lock", path);
	return path;
}

static void test_excludes_and_releases(void **state)
{
	const char *path = lock_path(state);
	int first;
	int second;
	assert_int_equal(lock_take(path, &first), RECOURSE_OK);
	assert_int_equal(lock_take(path, &second), RECOURSE_STORE_LOCKED);
	lock_release(first);
	assert_int_equal(lock_take(path, &second), RECOURSE_OK);
	assert_int_equal(fcntl(second, F_GETFD) & FD_CLOEXEC, FD_CLOEXEC);
	lock_release(second);
}

static void test_excludes_others_until_death(void **state)
{
	const char *path = lock_path(state);
	int ready[2];
	char byte;
	int lock;
	assert_int_equal(pipe(ready), 0);
	pid_t child = fork();
	if (child == 0) {
		if (lock_take(path, &lock) == RECOURSE_OK && write(ready[1], "x", 1) == 1)
			pause();
		_exit(1);
	}
	assert_int_equal(read(ready[0], &byte, 1), 1);
	assert_int_equal(lock_take(path, &lock), RECOURSE_STORE_LOCKED);
	assert_int_equal(kill(child, SIGKILL), 0);
	assert_int_equal(waitpid(child, NULL, 0), child);
	assert_int_equal(lock_take(path, &lock), RECOURSE_OK);
	lock_release(lock);
	close(ready[0]);
	close(ready[1]);
}

static void test_released_though_a_child_inherited_it(void **state)
{
	const char *path = lock_path(state);
	int lock;
	int again;
	assert_int_equal(lock_take(path, &lock), RECOURSE_OK);
	pid_t child = fork();
	if (child == 0) {
		pause();
		_exit(0);
	}
	lock_release(lock);
	enum recourse_error error = lock_take(path, &again);
	assert_int_equal(kill(child, SIGKILL), 0);
	assert_int_equal(waitpid(child, NULL, 0), child);
	assert_int_equal(error, RECOURSE_OK);
	lock_release(again);
}

static void test_refuses_links_and_pipes(void **state)
{
	const char *path = lock_path(state);
	char target[SUPPORT_PATH_MAX];
	struct stat status;
	int lock;

	support_directory_path(*state, "target", target);
	assert_int_equal(symlink(target, path), 0);
	assert_int_equal(lock_take(path, &lock), RECOURSE_IO);
	assert_int_equal(lstat(target, &status), -1);
	assert_int_equal(unlink(path), 0);

	assert_int_equal(mkfifo(path, 0600), 0);
	assert_int_equal(lock_take(path, &lock), RECOURSE_IO);
	assert_int_equal(unlink(path), 0);

	support_directory_path(*state, "missing/writer.lock", target);
	assert_int_equal(lock_take(target, &lock), RECOURSE_IO);
}

static void test_asks_the_file_system(void **state)
{
	const struct support_directory *directory = *state;
	assert_int_equal(lock_check_local(directory->path), RECOURSE_OK);
	assert_int_equal(lock_check_local(lock_path(state)), RECOURSE_IO);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		DIRECTORY_TEST(test_excludes_and_releases),
		DIRECTORY_TEST(test_excludes_others_until_death),
		DIRECTORY_TEST(test_released_though_a_child_inherited_it),
		DIRECTORY_TEST(test_refuses_links_and_pipes),
		DIRECTORY_TEST(test_asks_the_file_system),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
