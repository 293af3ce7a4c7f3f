/* SPDX-License-Identifier: Apache-2.0 */
#include "support.h"
#include "store/lock.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

struct place {
	char directory[64];
	char path[128];
};

static int set_up(void **state)
{
	static struct place place;

	snprintf(place.directory, sizeof place.directory, "/tmp/lock_test.XXXXXX");
	if (mkdtemp(place.directory) == NULL)
		return -1;
	snprintf(place.path, sizeof place.path, "%s/writer.lock", place.directory);
	*state = &place;
	return 0;
}

static int tear_down(void **state)
{
	const struct place *place = *state;

	(void)remove(place->path);
	return rmdir(place->directory);
}

static void test_excludes_and_releases(void **state)
{
	const struct place *place = *state;
	int first;
	int second;

	assert_int_equal(lock_take(place->path, &first), RECOURSE_OK);
	assert_int_equal(lock_take(place->path, &second), RECOURSE_STORE_LOCKED);
	lock_release(first);
	assert_int_equal(lock_take(place->path, &second), RECOURSE_OK);
	assert_int_equal(fcntl(second, F_GETFD) & FD_CLOEXEC, FD_CLOEXEC);
	lock_release(second);
}

static void test_excludes_others_until_death(void **state)
{
	const struct place *place = *state;
	int ready[2];
	char byte;
	int lock;

	assert_int_equal(pipe(ready), 0);
	pid_t child = fork();
	if (child == 0) {
		if (lock_take(place->path, &lock) == RECOURSE_OK && write(ready[1], "x", 1) == 1)
			pause();
		_exit(1);
	}
	assert_int_equal(read(ready[0], &byte, 1), 1);
	assert_int_equal(lock_take(place->path, &lock), RECOURSE_STORE_LOCKED);
	assert_int_equal(kill(child, SIGKILL), 0);
	assert_int_equal(waitpid(child, NULL, 0), child);
	assert_int_equal(lock_take(place->path, &lock), RECOURSE_OK);
	lock_release(lock);
	close(ready[0]);
	close(ready[1]);
}

static void test_released_though_a_child_inherited_it(void **state)
{
	const struct place *place = *state;
	int lock;
	int again;

	assert_int_equal(lock_take(place->path, &lock), RECOURSE_OK);
	pid_t child = fork();
	if (child == 0) {
		pause();
		_exit(0);
	}
	lock_release(lock);
	enum recourse_error error = lock_take(place->path, &again);
	assert_int_equal(kill(child, SIGKILL), 0);
	assert_int_equal(waitpid(child, NULL, 0), child);
	assert_int_equal(error, RECOURSE_OK);
	lock_release(again);
}

static void test_refuses_links_and_pipes(void **state)
{
	const struct place *place = *state;
	char target[160];
	struct stat status;
	int lock;

	snprintf(target, sizeof target, "%s/target", place->directory);
	assert_int_equal(symlink(target, place->path), 0);
	assert_int_equal(lock_take(place->path, &lock), RECOURSE_IO);
	assert_int_equal(lstat(target, &status), -1);
	assert_int_equal(unlink(place->path), 0);

	assert_int_equal(mkfifo(place->path, 0600), 0);
	assert_int_equal(lock_take(place->path, &lock), RECOURSE_IO);
	assert_int_equal(unlink(place->path), 0);

	snprintf(target, sizeof target, "%s/missing/writer.lock", place->directory);
	assert_int_equal(lock_take(target, &lock), RECOURSE_IO);
}

static void test_asks_the_file_system(void **state)
{
	const struct place *place = *state;

	assert_int_equal(lock_check_local(place->directory), RECOURSE_OK);
	assert_int_equal(lock_check_local(place->path), RECOURSE_IO);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_excludes_and_releases, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_excludes_others_until_death, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_released_though_a_child_inherited_it, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_refuses_links_and_pipes, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_asks_the_file_system, set_up, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
