/* SPDX-License-Identifier: Apache-2.0 */
#include "support.h"
#include "store/directory.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *place(void **state)
{
	const struct support_directory *directory = *state;
	return directory->path;
}

static void test_excludes_and_releases(void **state)
{
	const char *directory = place(state);
	int first;
	int second;
	assert_int_equal(directory_lock(directory, &first), RECOURSE_OK);
	assert_int_equal(directory_lock(directory, &second), RECOURSE_STORE_LOCKED);
	directory_unlock(first);
	assert_int_equal(directory_lock(directory, &second), RECOURSE_OK);
	assert_int_equal(fcntl(second, F_GETFD) & FD_CLOEXEC, FD_CLOEXEC);
	directory_unlock(second);
}

static void test_excludes_others_until_death(void **state)
{
	const char *directory = place(state);
	int ready[2];
	char byte;
	int lock;
	assert_int_equal(pipe(ready), 0);
	pid_t child = fork();
	if (child == 0) {
		if (directory_lock(directory, &lock) == RECOURSE_OK && write(ready[1], "x", 1) == 1)
			pause();
		_exit(1);
	}
	assert_int_equal(read(ready[0], &byte, 1), 1);
	assert_int_equal(directory_lock(directory, &lock), RECOURSE_STORE_LOCKED);
	assert_int_equal(kill(child, SIGKILL), 0);
	assert_int_equal(waitpid(child, NULL, 0), child);
	assert_int_equal(directory_lock(directory, &lock), RECOURSE_OK);
	directory_unlock(lock);
	close(ready[0]);
	close(ready[1]);
}

static void test_released_though_a_child_inherited_it(void **state)
{
	const char *directory = place(state);
	int lock;
	int again;
	assert_int_equal(directory_lock(directory, &lock), RECOURSE_OK);
	pid_t child = fork();
	if (child == 0) {
		pause();
		_exit(0);
	}
	directory_unlock(lock);
	enum recourse_error error = directory_lock(directory, &again);
	assert_int_equal(kill(child, SIGKILL), 0);
	assert_int_equal(waitpid(child, NULL, 0), child);
	assert_int_equal(error, RECOURSE_OK);
	directory_unlock(again);
}

static void test_refuses_links_and_pipes(void **state)
{
	char path[SUPPORT_PATH_MAX];
	char other[SUPPORT_PATH_MAX];
	struct stat status;
	int lock;

	support_directory_path(*state, "writer.lock", path);
	support_directory_path(*state, "target", other);
	assert_int_equal(symlink(other, path), 0);
	assert_int_equal(directory_lock(place(state), &lock), RECOURSE_IO);
	assert_int_equal(lstat(other, &status), -1);
	assert_int_equal(unlink(path), 0);

	assert_int_equal(mkfifo(path, 0600), 0);
	assert_int_equal(directory_lock(place(state), &lock), RECOURSE_IO);
	assert_int_equal(unlink(path), 0);

	support_directory_path(*state, "missing", other);
	assert_int_equal(directory_lock(other, &lock), RECOURSE_IO);
}

static void test_locks_a_file_of_its_own(void **state)
{
	char path[SUPPORT_PATH_MAX];
	int lock;

	assert_int_equal(directory_lock(place(state), &lock), RECOURSE_OK);
	directory_unlock(lock);
	support_directory_path(*state, "writer.lock", path);
	assert_int_equal(access(path, F_OK), 0);
	assert_int_equal(directory_lock(path, &lock), RECOURSE_IO);
}

static void test_asks_the_file_system(void **state)
{
	char missing[SUPPORT_PATH_MAX];

	support_directory_path(*state, "missing", missing);
	assert_int_equal(directory_check_local(place(state)), RECOURSE_OK);
	assert_int_equal(directory_check_local(missing), RECOURSE_IO);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		DIRECTORY_TEST(test_excludes_and_releases),
		DIRECTORY_TEST(test_excludes_others_until_death),
		DIRECTORY_TEST(test_released_though_a_child_inherited_it),
		DIRECTORY_TEST(test_refuses_links_and_pipes),
		DIRECTORY_TEST(test_locks_a_file_of_its_own),
		DIRECTORY_TEST(test_asks_the_file_system),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
