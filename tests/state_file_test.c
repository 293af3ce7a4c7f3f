/* SPDX-License-Identifier: Apache-2.0 */
#include "state_place.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

static struct state *leave(const struct state_place *place, const char *boot_id)
{
	struct state *opened = state_place_open(place, boot_id);

	state_place_put(state_writer(opened), "a", "1");
	state_place_commit(state_writer(opened), 3);
	return opened;
}

/* Leaves a state as a process does that was killed after a commit. */
static void leave_unclean(const struct state_place *place, const char *boot_id)
{
	pid_t child = fork();
	if (child == 0) {
		(void)leave(place, boot_id);
		_exit(42);
	}
	int status;
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 42);
}

/* What was left is there, or the state is empty. */
static void expect(const struct state_place *place, const char *boot_id, bool kept)
{
	struct state *opened = NULL;

	assert_error(state_place_open_to_read(place, boot_id, &opened),
		kept ? RECOURSE_OK : RECOURSE_QUERY_NOT_FOUND);
	state_close(opened);
	opened = state_place_open(place, boot_id);
	assert_int_equal(state_place_entries(state_writer(opened)), kept ? 3 : 0);
	state_place_expect(state_writer(opened), "a", kept ? "1" : NULL);
	state_close(opened);
}

static void test_unclean_on_the_same_boot_is_kept(void **state)
{
	leave_unclean(*state, STATE_PLACE_BOOT_ONE);
	expect(*state, STATE_PLACE_BOOT_ONE, true);
}

static void test_unclean_on_another_boot_is_emptied(void **state)
{
	leave_unclean(*state, STATE_PLACE_BOOT_ONE);
	expect(*state, STATE_PLACE_BOOT_TWO, false);
}

static void test_unclean_without_a_boot_id_is_emptied(void **state)
{
	leave_unclean(*state, "");
	expect(*state, "", false);
}

static void test_clean_on_another_boot_is_kept(void **state)
{
	state_close(leave(*state, STATE_PLACE_BOOT_ONE));
	expect(*state, STATE_PLACE_BOOT_TWO, true);
}

/* Overwrites `size` bytes of the store from `offset` on, and cuts it off at `length` unless that is 0. */
static void damage(const struct state_place *place, off_t offset, size_t size, off_t length)
{
	char path[SUPPORT_PATH_MAX];
	char garbage[20000];

	assert_true(size <= sizeof garbage);
	memset(garbage, 0x5A, sizeof garbage);
	support_directory_path(&place->root, "state/data.mdb", path);
	int file = open(path, O_WRONLY);
	assert_true(file >= 0);
	assert_int_equal(pwrite(file, garbage, size, offset), (ssize_t)size);
	if (length != 0)
		assert_int_equal(ftruncate(file, length), 0);
	close(file);
}

static void fill(const struct state_place *place)
{
	struct state *opened = state_place_open(place, NULL);
	char key[32];

	for (int index = 0; index < 2000; index++) {
		snprintf(key, sizeof key, "key %d", index);
		state_place_put(state_writer(opened), key, "some value of some length, and a little more");
	}
	state_place_commit(state_writer(opened), 3);
	state_close(opened);
}

static void expect_emptied(const struct state_place *place)
{
	expect(place, NULL, false);
	struct state *opened = state_place_open(place, NULL);
	state_place_expect(state_writer(opened), "key 1", NULL);
	state_place_put(state_writer(opened), "a", "works again");
	state_place_commit(state_writer(opened), 1);
	state_close(opened);
}

static void test_garbage_is_emptied(void **state)
{
	fill(*state);
	damage(*state, 0, 20000, 0);
	expect_emptied(*state);
}

static void test_cut_file_is_emptied(void **state)
{
	fill(*state);
	damage(*state, 8192, 0, 16384);
	expect_emptied(*state);
}

/* Every copy of the metadata record is known by the boot id in it, 56 bytes from its start. */
static void raise_version(const struct state_place *place, uint8_t by)
{
	static uint8_t content[1 << 20];
	char path[SUPPORT_PATH_MAX];
	size_t found = 0;

	support_directory_path(&place->root, "state/data.mdb", path);
	int file = open(path, O_RDWR);
	assert_true(file >= 0);
	ssize_t size = read(file, content, sizeof content);
	assert_true(size > 0 && (size_t)size < sizeof content);
	for (size_t offset = 56; offset + 36 <= (size_t)size; offset++) {
		if (memcmp(content + offset, STATE_PLACE_BOOT_ONE, 36) != 0)
			continue;
		uint8_t version = (uint8_t)(content[offset - 56] + by);
		assert_int_equal(pwrite(file, &version, 1, (off_t)offset - 56), 1);
		found++;
	}
	assert_true(found > 0);
	close(file);
}

static void test_unknown_version_is_emptied(void **state)
{
	state_close(leave(*state, STATE_PLACE_BOOT_ONE));
	raise_version(*state, 0);
	expect(*state, STATE_PLACE_BOOT_ONE, true);
	raise_version(*state, 1);
	expect(*state, STATE_PLACE_BOOT_ONE, false);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STATE_PLACE_TEST(test_unclean_on_the_same_boot_is_kept),
		STATE_PLACE_TEST(test_unclean_on_another_boot_is_emptied),
		STATE_PLACE_TEST(test_unclean_without_a_boot_id_is_emptied),
		STATE_PLACE_TEST(test_clean_on_another_boot_is_kept),
		STATE_PLACE_TEST(test_garbage_is_emptied),
		STATE_PLACE_TEST(test_cut_file_is_emptied),
		STATE_PLACE_TEST(test_unknown_version_is_emptied),
	};
	return cmocka_run_group_tests(tests, support_crypto, NULL);
}
