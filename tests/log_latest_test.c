/* SPDX-License-Identifier: Apache-2.0 */
#include "child.h"
#include "file.h"
#include "support.h"
#include "base/descriptor.h"
#include "base/endian.h"
#include "store/log.h"
#include "store/log_latest.h"

#include <fcntl.h>
#include <signal.h>
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

enum {
	GROUPS = 9,
	ENTRY_SIZE = 40,
	AT_BOOT = 40,
	SIZE_MAX_OF_ONE = LOG_LATEST_PAGE,
	DATA_SIZE_MAX = 4 << 20
};

struct place {
	struct support_directory root; /* first, for support_directory_tear_down() */
	char directory[SUPPORT_PATH_MAX];
	char data[SUPPORT_PATH_MAX];
	char kept[SUPPORT_PATH_MAX]; /* the data, as they were before the latest */
	char latest[SUPPORT_PATH_MAX];
	uint64_t groups; /* to be appended */
	size_t each;     /* of so many entries */
};

/* Another process has the log open. */
struct reading {
	const struct place *place;
	int opened[2];
	int written[2];
	volatile bool *ended;
};

static int set_up(void **state)
{
	static struct place place;

	support_directory_make(&place.root);
	support_directory_path(&place.root, "log", place.directory);
	support_directory_path(&place.root, "log/data.mdb", place.data);
	support_directory_path(&place.root, "kept", place.kept);
	support_directory_path(&place.root, "log/latest", place.latest);
	place.groups = GROUPS;
	place.each = 1;
	*state = &place;
	return log_create(place.directory) == RECOURSE_OK ? 0 : -1;
}
#define LATEST_TEST(test) cmocka_unit_test_setup_teardown(test, set_up, support_directory_tear_down)

static enum recourse_error open_log(const struct place *place, bool read_only, struct log **log)
{
	struct log_options options = {.directory = place->directory, .read_only = read_only};

	return log_open(&options, log);
}

static void copy(const char *from, const char *to)
{
	static uint8_t bytes[DATA_SIZE_MAX];
	int source = open(from, O_RDONLY);
	int target = open(to, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	ssize_t size = read(source, bytes, sizeof bytes);

	assert_true(source >= 0 && target >= 0 && size > 0 && (size_t)size < sizeof bytes);
	assert_int_equal(write(target, bytes, (size_t)size), size);
	close(source);
	close(target);
}

static void add(struct group *group, const char *text, bool entry)
{
	size_t start = group->bytes.size;

	buffer_append_text(&group->bytes, text);
	if (entry)
		assert_ok(group_add_entry(group, start, GROUP_LINKED, group->head.time + 1));
	else
		assert_ok(group_add_request(group, start, group->head.time + 1, &group->link));
}

static struct log_head read_head(struct log *log, struct tree *tree)
{
	SCOPED(log_snapshot_end) struct log_snapshot *snapshot = NULL;
	struct log_head head;

	assert_ok(log_snapshot_open(log, &snapshot));
	assert_ok(log_read_head(snapshot, &head));
	assert_ok(tree_open(log_tree(snapshot), head.entries, tree));
	return head;
}

static enum recourse_error append(struct log *log, size_t entries)
{
	static const struct crypto_hash no_link;
	SCOPED(group_free) struct group group = {.bytes = {0}};
	struct tree tree;
	const struct log_head head = read_head(log, &tree);
	char text[ENTRY_SIZE];

	group_start(&group, &head, &tree, &no_link);
	for (size_t index = 0; index < entries; index++) {
		snprintf(text, sizeof text, "entry %llu", (unsigned long long)group.head.entries);
		add(&group, text, true);
	}
	add(&group, "a request", false);
	assert_ok(group_chain(&group));
	return log_append(log, &group);
}

/* Nothing is closed. The first group is what lies on the disk in LMDB's file before the latest. */
static void be_killed(void *context)
{
	const struct place *place = context;
	struct log *log;

	assert_ok(open_log(place, false, &log));
	for (uint64_t group = 0; group < place->groups; group++) {
		assert_ok(append(log, place->each));
		if (group == 0)
			copy(place->data, place->kept);
	}
	_exit(0);
}

static void run(struct place *place)
{
	assert_int_equal(child_run(be_killed, place), 0);
}

static void expect(const struct place *place, bool read_only, uint64_t entries)
{
	SCOPED(log_snapshot_end) struct log_snapshot *snapshot = NULL;
	struct page_fault fault;
	struct log *log;
	struct log_head head;
	char text[ENTRY_SIZE];
	slice entry;

	assert_ok(open_log(place, read_only, &log));
	assert_ok(log_check_pages(log, &fault));
	assert_ok(log_snapshot_open(log, &snapshot));
	assert_ok(log_read_head(snapshot, &head));
	assert_int_equal(head.entries, entries);
	for (uint64_t number = 0; number < entries; number++) {
		snprintf(text, sizeof text, "entry %llu", (unsigned long long)number);
		assert_ok(log_read_entry(snapshot, number, &entry));
		assert_true(slice_is(entry, text));
	}
	log_snapshot_close(snapshot);
	snapshot = NULL;
	if (!read_only)
		assert_ok(append(log, 1));
	log_close(log);
}

static enum log_latest_standing standing(const struct place *place)
{
	struct log_latest latest = {.file = -1};
	enum log_latest_standing found;

	assert_ok(log_latest_start(&latest, place->directory));
	assert_ok(log_latest_look(&latest, true, &found));
	log_latest_close(&latest);
	return found;
}

/* As another start of the machine would have written them. */
static void change_boot(const struct place *place)
{
	static uint8_t bytes[LOG_LATEST_SIZE];
	struct crypto_hash hash;
	int file = open(place->latest, O_RDWR);

	assert_int_equal(read(file, bytes, sizeof bytes), sizeof bytes);
	for (size_t at = 0; at < sizeof bytes; at += LOG_LATEST_PAGE) {
		size_t size = (size_t)little_endian_read(bytes + at + 36, 4);
		if (memcmp(bytes + at + 32, "lat1", 4) != 0)
			continue;
		bytes[at + AT_BOOT] ^= 1;
		crypto_sha256(slice_of(bytes + at + 32, size - 32), &hash);
		memcpy(bytes + at, hash.bytes, sizeof hash.bytes);
	}
	assert_int_equal(pwrite(file, bytes, sizeof bytes, 0), sizeof bytes);
	close(file);
}

/* The power went: of LMDB's file nothing but what was brought to the disk is there. */
static void lose_power(struct place *place)
{
	run(place);
	copy(place->kept, place->data);
	change_boot(place);
	assert_int_equal(standing(place), LOG_LATEST_CUT_OFF);
}

static void test_after_a_kill(void **state)
{
	struct place *place = *state;

	run(place);
	assert_int_equal(standing(place), LOG_LATEST_HERE);
	expect(place, true, GROUPS);
	assert_int_equal(standing(place), LOG_LATEST_HERE);
	expect(place, false, GROUPS);
	assert_int_equal(standing(place), LOG_LATEST_NONE);
	expect(place, true, GROUPS + 1);
}

static void test_after_the_power_went(void **state)
{
	struct place *place = *state;

	lose_power(place);
	expect(place, false, GROUPS);
	assert_int_equal(standing(place), LOG_LATEST_NONE);
	expect(place, true, GROUPS + 1);
}

/* Some of LMDB's pages had come to the disk, too: the two first of them do not count. */
static void test_after_the_power_went_late(void **state)
{
	struct place *place = *state;

	run(place);
	change_boot(place);
	expect(place, false, GROUPS);
}

static void test_who_reads_has_it_mended(void **state)
{
	struct place *place = *state;

	lose_power(place);
	expect(place, true, GROUPS);
	assert_int_equal(standing(place), LOG_LATEST_NONE);
}

/* What was not written whole was told to nobody. */
static void test_last_one_is_torn(void **state)
{
	struct place *place = *state;

	lose_power(place);
	int file = open(place->latest, O_WRONLY);
	assert_int_equal(pwrite(file, "?", 1, (off_t)(GROUPS - 2) * LOG_LATEST_PAGE + 400), 1);
	close(file);
	expect(place, false, GROUPS - 1);
}

/* LMDB's file was put back from a copy of before: what is beside it is not its. */
static void test_beside_another(void **state)
{
	struct place *place = *state;
	char empty[SUPPORT_PATH_MAX];

	support_directory_path(&place->root, "empty", empty);
	copy(place->data, empty);
	lose_power(place);
	copy(empty, place->data);
	expect(place, false, 0);
	assert_int_equal(standing(place), LOG_LATEST_NONE);
}

/*
 * What the system had of LMDB's file did not come to the disk, and is gone in the same start of the machine: a write that
 * failed behind our back, a file system that was mounted anew.
 */
static void test_what_the_system_had_is_gone(void **state)
{
	struct place *place = *state;

	run(place);
	copy(place->kept, place->data);
	assert_int_equal(standing(place), LOG_LATEST_HERE);
	expect(place, false, GROUPS);
	assert_int_equal(standing(place), LOG_LATEST_NONE);
}

static void read_and_wait(void *context)
{
	struct reading *reading = context;
	SCOPED(log_snapshot_end) struct log_snapshot *snapshot = NULL;
	struct log_head head;
	struct log *log;
	slice entry;
	char byte = 0;

	assert_ok(open_log(reading->place, true, &log));
	assert_ok(log_snapshot_open(log, &snapshot));
	assert_int_equal(write(reading->opened[1], &byte, 1), 1);
	assert_int_equal(read(reading->written[0], &byte, 1), 1);
	assert_ok(log_read_head(snapshot, &head));
	assert_int_equal(head.entries, GROUPS);
	for (uint64_t number = 0; number < GROUPS; number++)
		assert_ok(log_read_entry(snapshot, number, &entry));
	_exit(0);
}

/* Who reads it goes on reading what it has: LMDB's file is not put back below it. */
static void test_while_another_reads(void **state)
{
	struct reading reading = {.place = *state};
	char byte = 0;
	int status;

	run(*state);
	assert_int_equal(pipe(reading.opened) | pipe(reading.written), 0);
	pid_t reader = fork();
	if (reader == 0)
		read_and_wait(&reading);
	assert_int_equal(read(reading.opened[0], &byte, 1), 1);
	expect(reading.place, false, GROUPS);
	for (int more = 0; more < 3; more++)
		expect(reading.place, false, GROUPS + 1 + (uint64_t)more);
	assert_int_equal(write(reading.written[1], &byte, 1), 1);
	assert_int_equal(waitpid(reader, &status, 0), reader);
	assert_int_equal(status, 0);
}

static void read_on(struct reading *reading)
{
	struct log *log;
	struct tree tree;
	uint64_t entries = 0;

	while (!*reading->ended) {
		assert_ok(open_log(reading->place, true, &log));
		const struct log_head head = read_head(log, &tree);
		assert_true(head.entries >= entries);
		entries = head.entries;
		log_close(log);
	}
	_exit(0);
}

/* Who opens it while it is mended waits, and has it as it is then. */
static void test_while_others_come(void **state)
{
	struct reading reading = {.place = *state, .ended = child_share(sizeof *reading.ended)};
	const uint64_t rounds = support_times(10, 300);
	int status;

	pid_t reader = fork();
	if (reader == 0)
		read_on(&reading);
	for (uint64_t round = 1; round <= rounds; round++) {
		run(*state);
		expect(reading.place, false, round * GROUPS + round - 1);
	}
	*reading.ended = true;
	assert_int_equal(waitpid(reader, &status, 0), reader);
	assert_int_equal(status, 0);
	child_unshare((void *)(uintptr_t)reading.ended, sizeof *reading.ended);
}

/* And leaves both as they are; `latest` is then out of the way. */
static void refuses(struct place *place)
{
	struct page_fault fault = {.what = NULL};
	struct log_options options = {.directory = place->directory, .fault = &fault};
	struct log *log;

	assert_error(log_open(&options, &log), RECOURSE_STORE_CORRUPT);
	assert_non_null(fault.what);
	print_message("page %llu: %s\n", (unsigned long long)fault.page, fault.what);
	assert_int_not_equal(standing(place), LOG_LATEST_NONE);
	assert_int_equal(rename(place->latest, place->kept), 0);
}

/* That of another log, whose pages it would have put in the place of this one's. */
static void test_of_another_log(void **state)
{
	struct place *place = *state;
	char other[SUPPORT_PATH_MAX];
	char latest[SUPPORT_PATH_MAX];

	lose_power(place);
	support_directory_path(&place->root, "other", other);
	support_directory_path(&place->root, "other.latest", latest);
	copy(place->latest, latest);
	assert_int_equal(rename(place->directory, other), 0);
	assert_ok(log_create(place->directory));
	place->each = 2;
	run(place);
	copy(latest, place->latest);
	refuses(place);
	expect(place, false, (uint64_t)GROUPS * 2);
}

/* LMDB's file has more than could have come to it since. */
static void test_before_another(void **state)
{
	struct place *place = *state;
	char latest[SUPPORT_PATH_MAX];

	lose_power(place);
	support_directory_path(&place->root, "latest", latest);
	copy(place->latest, latest);
	expect(place, false, GROUPS);
	for (uint64_t more = 1; more <= GROUPS; more++)
		expect(place, false, GROUPS + more);
	copy(latest, place->latest);
	refuses(place);
	expect(place, false, GROUPS * 2 + 1);
}

/* A byte of one group is another, and its hash is right. */
static void lie(const struct place *place, struct support_random *random)
{
	static uint8_t bytes[SIZE_MAX_OF_ONE];
	struct crypto_hash hash;
	off_t at = (off_t)support_random_below(random, GROUPS - 1) * LOG_LATEST_PAGE;
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
	const struct place *place = context;
	struct log *log;
	enum recourse_error error = open_log(place, false, &log);

	if (error == RECOURSE_OK) {
		log_close(log);
		expect(place, true, GROUPS);
	}
	_exit(error == RECOURSE_OK ? 0 : 1);
}

static bool same(const char *one, const char *other)
{
	SCOPED(buffer_free) struct buffer first = {0};
	SCOPED(buffer_free) struct buffer second = {0};

	assert_ok(file_read(one, DATA_SIZE_MAX, &first));
	assert_ok(file_read(other, DATA_SIZE_MAX, &second));
	return slice_equal(buffer_slice(&first), buffer_slice(&second));
}

/* Beside LMDB's file with all of it: nothing is lost or made up, and what is refused is left as it was. */
static void test_what_lies(void **state)
{
	struct place *place = *state;
	struct support_random random = support_random_start();
	char data[SUPPORT_PATH_MAX];
	char latest[SUPPORT_PATH_MAX];
	size_t refused = 0;
	const size_t times = support_times(100, 5000);

	run(place);
	support_directory_path(&place->root, "data", data);
	support_directory_path(&place->root, "latest", latest);
	copy(place->data, data);
	copy(place->latest, latest);
	for (size_t time = 0; time < times; time++) {
		copy(data, place->data);
		copy(latest, place->latest);
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
	struct place *place = *state;

	place->groups = 300;
	run(place);
	expect(place, false, 300);
	run(place);
	change_boot(place);
	expect(place, false, 601);
}

/* What is large does not go there. */
static void test_many_at_once(void **state)
{
	struct place *place = *state;

	place->groups = 3;
	place->each = 1000;
	run(place);
	assert_int_equal(access(place->latest, F_OK), -1);
	expect(place, false, 3000);
}

static void test_closed_it_says_nothing(void **state)
{
	const struct place *place = *state;
	struct log *log;

	assert_ok(open_log(place, false, &log));
	for (int group = 0; group < GROUPS; group++)
		assert_ok(append(log, 1));
	assert_int_equal(standing(place), LOG_LATEST_HERE);
	assert_ok(log_append_checkpoint(log, GROUPS, slice_text("note")));
	assert_int_equal(standing(place), LOG_LATEST_NONE);
	assert_ok(append(log, 1));
	assert_int_equal(standing(place), LOG_LATEST_HERE);
	log_close(log);
	assert_int_equal(standing(place), LOG_LATEST_NONE);
}

static void test_it_can_not_be_made(void **state)
{
	const struct place *place = *state;
	struct log *log;

	assert_ok(open_log(place, false, &log));
	assert_int_equal(mkdir(place->latest, 0700), 0);
	for (int group = 0; group < GROUPS; group++)
		assert_ok(append(log, 1));
	log_close(log);
	assert_int_equal(rmdir(place->latest), 0);
	expect(place, false, GROUPS);
}

static void test_its_name_is_looked_at(void **state)
{
	const struct place *place = *state;
	struct log *log;

	assert_ok(open_log(place, false, &log));
	for (int group = 0; group < GROUPS; group++)
		assert_ok(append(log, 1));
	assert_null(log_find_changed(log));
	assert_int_equal(unlink(place->latest), 0);
	assert_string_equal(log_find_changed(log), place->latest);
	log_close(log);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		LATEST_TEST(test_after_a_kill),
		LATEST_TEST(test_after_the_power_went),
		LATEST_TEST(test_after_the_power_went_late),
		LATEST_TEST(test_who_reads_has_it_mended),
		LATEST_TEST(test_last_one_is_torn),
		LATEST_TEST(test_beside_another),
		LATEST_TEST(test_what_the_system_had_is_gone),
		LATEST_TEST(test_while_another_reads),
		LATEST_TEST(test_while_others_come),
		LATEST_TEST(test_of_another_log),
		LATEST_TEST(test_before_another),
		LATEST_TEST(test_what_lies),
		LATEST_TEST(test_more_than_it_holds),
		LATEST_TEST(test_many_at_once),
		LATEST_TEST(test_closed_it_says_nothing),
		LATEST_TEST(test_it_can_not_be_made),
		LATEST_TEST(test_its_name_is_looked_at),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
