/* SPDX-License-Identifier: Apache-2.0 */
#include "log_killed.h"

#include "child.h"
#include "file.h"
#include "base/descriptor.h"
#include "base/endian.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/*
 * What is told of the latest groups beside LMDB's file. In this start of the machine that file is believed as it is; after
 * another one it is what it was when the first of them was written, and they are added again. tests/power_test.c has both
 * with all that a power cut may leave.
 */

static void test_after_a_kill(void **state)
{
	struct log_killed *place = *state;

	log_killed_run(place);
	assert_int_equal(log_killed_standing(place), LOG_LATEST_HERE);
	log_killed_expect(place, true, LOG_KILLED_GROUPS);
	assert_int_equal(log_killed_standing(place), LOG_LATEST_HERE);
	log_killed_expect(place, false, LOG_KILLED_GROUPS);
	assert_int_equal(log_killed_standing(place), LOG_LATEST_NONE);
	log_killed_expect(place, true, LOG_KILLED_GROUPS + 1);
}

static void test_after_the_power_went(void **state)
{
	struct log_killed *place = *state;

	log_killed_lose_power(place);
	log_killed_expect(place, false, LOG_KILLED_GROUPS);
	assert_int_equal(log_killed_standing(place), LOG_LATEST_NONE);
	log_killed_expect(place, true, LOG_KILLED_GROUPS + 1);
}

/* Some of LMDB's pages had come to the disk, too: the two first of them do not count. */
static void test_after_the_power_went_late(void **state)
{
	struct log_killed *place = *state;

	log_killed_run(place);
	log_killed_change_boot(place);
	log_killed_expect(place, false, LOG_KILLED_GROUPS);
}

static void test_who_reads_has_it_mended(void **state)
{
	struct log_killed *place = *state;

	log_killed_lose_power(place);
	log_killed_expect(place, true, LOG_KILLED_GROUPS);
	assert_int_equal(log_killed_standing(place), LOG_LATEST_NONE);
}

/* What was not written whole was told to nobody. */
static void test_last_one_is_torn(void **state)
{
	struct log_killed *place = *state;

	log_killed_lose_power(place);
	int file = open(place->latest, O_WRONLY);
	assert_int_equal(pwrite(file, "?", 1, (off_t)(LOG_KILLED_GROUPS - 2) * LOG_LATEST_PAGE + 400), 1);
	close(file);
	log_killed_expect(place, false, LOG_KILLED_GROUPS - 1);
}

/* LMDB's file was put back from a copy of before: what is beside it is not its. */
static void test_beside_another(void **state)
{
	struct log_killed *place = *state;
	char empty[SUPPORT_PATH_MAX];

	support_directory_path(&place->root, "empty", empty);
	log_killed_copy(place->data, empty);
	log_killed_lose_power(place);
	log_killed_copy(empty, place->data);
	log_killed_expect(place, false, 0);
	assert_int_equal(log_killed_standing(place), LOG_LATEST_NONE);
}

/*
 * What the system had of LMDB's file did not come to the disk, and is gone in the same start of the machine: a write that
 * failed behind our back, a file system that was mounted anew.
 */
static void test_what_the_system_had_is_gone(void **state)
{
	struct log_killed *place = *state;

	log_killed_run(place);
	log_killed_copy(place->kept, place->data);
	assert_int_equal(log_killed_standing(place), LOG_LATEST_HERE);
	log_killed_expect(place, false, LOG_KILLED_GROUPS);
	assert_int_equal(log_killed_standing(place), LOG_LATEST_NONE);
}

/* And leaves both as they are; `latest` is then out of the way. */
static void refuses(struct log_killed *place)
{
	struct page_fault fault = {.what = NULL};
	struct log_options options = {.directory = place->directory, .fault = &fault};
	struct log *log;

	assert_error(log_open(&options, &log), RECOURSE_STORE_CORRUPT);
	assert_non_null(fault.what);
	print_message("page %llu: %s\n", (unsigned long long)fault.page, fault.what);
	assert_int_not_equal(log_killed_standing(place), LOG_LATEST_NONE);
	assert_int_equal(rename(place->latest, place->kept), 0);
}

/* That of another log, whose pages it would have put in the place of this one's. */
static void test_of_another_log(void **state)
{
	struct log_killed *place = *state;
	char other[SUPPORT_PATH_MAX];
	char latest[SUPPORT_PATH_MAX];

	log_killed_lose_power(place);
	support_directory_path(&place->root, "other", other);
	support_directory_path(&place->root, "other.latest", latest);
	log_killed_copy(place->latest, latest);
	assert_int_equal(rename(place->directory, other), 0);
	assert_ok(log_create(place->directory));
	place->each = 2;
	log_killed_run(place);
	log_killed_copy(latest, place->latest);
	refuses(place);
	log_killed_expect(place, false, (uint64_t)LOG_KILLED_GROUPS * 2);
}

/* LMDB's file has more than could have come to it since. */
static void test_before_another(void **state)
{
	struct log_killed *place = *state;
	char latest[SUPPORT_PATH_MAX];

	log_killed_lose_power(place);
	support_directory_path(&place->root, "latest", latest);
	log_killed_copy(place->latest, latest);
	log_killed_expect(place, false, LOG_KILLED_GROUPS);
	for (uint64_t more = 1; more <= LOG_KILLED_GROUPS; more++)
		log_killed_expect(place, false, LOG_KILLED_GROUPS + more);
	log_killed_copy(latest, place->latest);
	refuses(place);
	log_killed_expect(place, false, LOG_KILLED_GROUPS * 2 + 1);
}

/* A byte of one group is another, and its hash is right. */
static void lie(const struct log_killed *place, struct support_random *random)
{
	static uint8_t bytes[LOG_LATEST_PAGE];
	struct crypto_hash hash;
	off_t at = (off_t)support_random_below(random, LOG_KILLED_GROUPS - 1) * LOG_LATEST_PAGE;
	SCOPED(descriptor_close) const int file = open(place->latest, O_RDWR);

	assert_int_equal(pread(file, bytes, sizeof bytes, at), sizeof bytes);
	size_t size = (size_t)little_endian_read(bytes + 36, 4);
	size_t which = 32 + (size_t)support_random_below(random, size - 32);
	bytes[which] = (uint8_t)(bytes[which] + 1 + support_random_below(random, 255));
	crypto_sha256(slice_of(bytes + 32, size - 32), &hash);
	memcpy(bytes, hash.bytes, sizeof hash.bytes);
	assert_int_equal(pwrite(file, bytes, size, at), size);
}

static void open_what_lies(void *context)
{
	const struct log_killed *place = context;
	struct log *log;
	enum recourse_error error = log_killed_open(place, false, &log);

	if (error == RECOURSE_OK) {
		log_close(log);
		log_killed_expect(place, true, LOG_KILLED_GROUPS);
	}
	_exit(error == RECOURSE_OK ? 0 : 1);
}

static bool same(const char *one, const char *other)
{
	SCOPED(buffer_free) struct buffer first = {0};
	SCOPED(buffer_free) struct buffer second = {0};

	assert_ok(file_read(one, LOG_KILLED_DATA_MAX, &first));
	assert_ok(file_read(other, LOG_KILLED_DATA_MAX, &second));
	return slice_equal(buffer_slice(&first), buffer_slice(&second));
}

/* Beside LMDB's file with all of it: nothing is lost or made up, and what is refused is left as it was. */
static void test_what_lies(void **state)
{
	struct log_killed *place = *state;
	struct support_random random = support_random_start();
	char data[SUPPORT_PATH_MAX];
	char latest[SUPPORT_PATH_MAX];
	size_t refused = 0;
	const size_t times = support_times(100, 5000);

	log_killed_run(place);
	support_directory_path(&place->root, "data", data);
	support_directory_path(&place->root, "latest", latest);
	log_killed_copy(place->data, data);
	log_killed_copy(place->latest, latest);
	for (size_t time = 0; time < times; time++) {
		log_killed_copy(data, place->data);
		log_killed_copy(latest, place->latest);
		lie(place, &random);
		int status = child_run(open_what_lies, place);
		assert_true(WIFEXITED(status) && WEXITSTATUS(status) <= 1);
		assert_true(status == 0 || same(data, place->data));
		refused += status != 0;
	}
	print_message("%zu of %zu refused\n", refused, times);
}

/* When it is full it begins again. */
static void test_more_than_it_holds(void **state)
{
	struct log_killed *place = *state;

	place->groups = 300;
	log_killed_run(place);
	log_killed_expect(place, false, 300);
	log_killed_run(place);
	log_killed_change_boot(place);
	log_killed_expect(place, false, 601);
}

/* What is large does not go there. */
static void test_many_at_once(void **state)
{
	struct log_killed *place = *state;

	place->groups = 3;
	place->each = 1000;
	log_killed_run(place);
	assert_int_equal(access(place->latest, F_OK), -1);
	log_killed_expect(place, false, 3000);
}

static void test_closed_it_says_nothing(void **state)
{
	const struct log_killed *place = *state;
	struct log *log;

	assert_ok(log_killed_open(place, false, &log));
	for (int group = 0; group < LOG_KILLED_GROUPS; group++)
		assert_ok(log_killed_append(log, 1));
	assert_int_equal(log_killed_standing(place), LOG_LATEST_HERE);
	assert_ok(log_append_checkpoint(log, LOG_KILLED_GROUPS, slice_text("note")));
	assert_int_equal(log_killed_standing(place), LOG_LATEST_NONE);
	assert_ok(log_killed_append(log, 1));
	assert_int_equal(log_killed_standing(place), LOG_LATEST_HERE);
	log_close(log);
	assert_int_equal(log_killed_standing(place), LOG_LATEST_NONE);
}

static void test_it_can_not_be_made(void **state)
{
	const struct log_killed *place = *state;
	struct log *log;

	assert_ok(log_killed_open(place, false, &log));
	assert_int_equal(mkdir(place->latest, 0700), 0);
	for (int group = 0; group < LOG_KILLED_GROUPS; group++)
		assert_ok(log_killed_append(log, 1));
	log_close(log);
	assert_int_equal(rmdir(place->latest), 0);
	log_killed_expect(place, false, LOG_KILLED_GROUPS);
}

static void test_its_name_is_looked_at(void **state)
{
	const struct log_killed *place = *state;
	struct log *log;

	assert_ok(log_killed_open(place, false, &log));
	for (int group = 0; group < LOG_KILLED_GROUPS; group++)
		assert_ok(log_killed_append(log, 1));
	assert_null(log_find_changed(log));
	assert_int_equal(unlink(place->latest), 0);
	assert_string_equal(log_find_changed(log), place->latest);
	log_close(log);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		LOG_KILLED_TEST(test_after_a_kill),
		LOG_KILLED_TEST(test_after_the_power_went),
		LOG_KILLED_TEST(test_after_the_power_went_late),
		LOG_KILLED_TEST(test_who_reads_has_it_mended),
		LOG_KILLED_TEST(test_last_one_is_torn),
		LOG_KILLED_TEST(test_beside_another),
		LOG_KILLED_TEST(test_what_the_system_had_is_gone),
		LOG_KILLED_TEST(test_of_another_log),
		LOG_KILLED_TEST(test_before_another),
		LOG_KILLED_TEST(test_what_lies),
		LOG_KILLED_TEST(test_more_than_it_holds),
		LOG_KILLED_TEST(test_many_at_once),
		LOG_KILLED_TEST(test_closed_it_says_nothing),
		LOG_KILLED_TEST(test_it_can_not_be_made),
		LOG_KILLED_TEST(test_its_name_is_looked_at),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
