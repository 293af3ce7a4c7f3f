/* SPDX-License-Identifier: Apache-2.0 */
#include "log_killed.h"

#include "child.h"
#include "base/descriptor.h"
#include "store/directory.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

/* A log that was killed is mended by who opens it next, who may be killed, too; or while another reads it, or is about to. */

enum { FIRST_PAGE = 1, BOTH_PAGES = 2 };

/* Another process has the log open. */
struct reading {
	const struct log_killed *place;
	uint64_t entries; /* to be found */
	int opened[2];
	int written[2];
	volatile bool *ended;
};

/* Killed while he puts LMDB's first pages back, or before he has added anything above them. */
static void kill_who_mends(const struct log_killed *place, int pages)
{
	static const off_t meta_size = LOG_LATEST_META_SIZE;
	uint8_t meta[LOG_LATEST_META_SIZE];
	SCOPED(descriptor_close) const int kept = open(place->kept, O_RDONLY);
	SCOPED(descriptor_close) const int data = open(place->data, O_WRONLY);

	for (off_t page = 0; page < pages; page++) {
		assert_int_equal(pread(kept, meta, sizeof meta, page * 4096), meta_size);
		assert_int_equal(pwrite(data, meta, sizeof meta, page * 4096), meta_size);
	}
}

/* Nobody has what the log had once and then has no more. */
static void test_who_mends_is_killed(void **state)
{
	struct log_killed *place = *state;

	for (uint64_t pages = FIRST_PAGE; pages <= BOTH_PAGES; pages++) {
		log_killed_run(place);
		kill_who_mends(place, (int)pages);
		assert_int_equal(log_killed_standing(place), LOG_LATEST_HERE);
		log_killed_expect(place, true, pages * LOG_KILLED_GROUPS);
		assert_int_equal(log_killed_standing(place), LOG_LATEST_NONE);
	}
	log_killed_expect(place, false, (uint64_t)BOTH_PAGES * LOG_KILLED_GROUPS);
}

static void read_and_wait(const struct reading *reading)
{
	SCOPED(log_read_end) struct log_snapshot *snapshot = NULL;
	struct log_head head;
	struct log *log;
	slice entry;
	char byte = 0;

	assert_ok(log_killed_open(reading->place, true, &log));
	assert_ok(log_snapshot_open(log, &snapshot));
	assert_int_equal(write(reading->opened[1], &byte, 1), 1);
	assert_int_equal(read(reading->written[0], &byte, 1), 1);
	assert_ok(log_read_head(snapshot, &head));
	assert_int_equal(head.entries, reading->entries);
	for (uint64_t number = 0; number < reading->entries; number++)
		assert_ok(log_read_entry(snapshot, number, &entry));
	_exit(0);
}

/* Returns once the other has it open. */
static pid_t begin_reading(struct reading *reading, const struct directory_lock *held)
{
	char byte = 0;

	assert_int_equal(pipe(reading->opened) | pipe(reading->written), 0);
	pid_t reader = fork();
	if (reader == 0) {
		close(held->directory);
		close(held->file);
		close(reading->written[1]); /* so that it ends with its parent */
		read_and_wait(reading);
	}
	assert_int_equal(read(reading->opened[0], &byte, 1), 1);
	return reader;
}

static void end_reading(const struct reading *reading, pid_t reader)
{
	char byte = 0;
	int status;

	assert_int_equal(write(reading->written[1], &byte, 1), 1);
	assert_int_equal(waitpid(reader, &status, 0), reader);
	assert_int_equal(status, 0);
}

/* Who reads it goes on reading what it has: LMDB's file is not put back below it. */
static void test_while_another_reads(void **state)
{
	struct reading reading = {.place = *state, .entries = LOG_KILLED_GROUPS};

	log_killed_run(*state);
	pid_t reader = begin_reading(&reading, &DIRECTORY_UNLOCKED);
	log_killed_expect(reading.place, false, LOG_KILLED_GROUPS);
	for (int more = 0; more < 3; more++)
		log_killed_expect(reading.place, false, LOG_KILLED_GROUPS + 1 + (uint64_t)more);
	end_reading(&reading, reader);
}

/* The writer is about to mend it: who opens it just then may have what a mend before left, and nothing is lost by that. */
static void test_while_another_reads_what_is_half_mended(void **state)
{
	struct reading reading = {.place = *state, .entries = 1};
	struct directory_lock lock = DIRECTORY_UNLOCKED;

	log_killed_run(*state);
	kill_who_mends(*state, BOTH_PAGES);
	assert_ok(directory_lock(reading.place->directory, &lock));
	pid_t reader = begin_reading(&reading, &lock);
	directory_unlock(&lock);
	log_killed_expect(reading.place, false, LOG_KILLED_GROUPS);
	end_reading(&reading, reader);
	assert_int_equal(log_killed_standing(*state), LOG_LATEST_NONE);
}

static void read_on(struct reading *reading)
{
	struct log *log;
	struct tree tree;
	uint64_t entries = 0;

	while (!*reading->ended) {
		assert_ok(log_killed_open(reading->place, true, &log));
		const struct log_head head = log_killed_head(log, &tree);
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
		log_killed_run(*state);
		log_killed_expect(reading.place, false, round * LOG_KILLED_GROUPS + round - 1);
	}
	*reading.ended = true;
	assert_int_equal(waitpid(reader, &status, 0), reader);
	assert_int_equal(status, 0);
	child_unshare((void *)(uintptr_t)reading.ended, sizeof *reading.ended);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		LOG_KILLED_TEST(test_who_mends_is_killed),
		LOG_KILLED_TEST(test_while_another_reads),
		LOG_KILLED_TEST(test_while_another_reads_what_is_half_mended),
		LOG_KILLED_TEST(test_while_others_come),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
