/* SPDX-License-Identifier: Apache-2.0 */
#include "log_killed.h"

#include "child.h"
#include "base/descriptor.h"
#include "store/log_read.h"
#include "store/log_tables.h"

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

static void wait_and_read(const struct reading *reading, struct log_snapshot *snapshot)
{
	struct log_head head;
	slice entry;
	char byte = 0;

	assert_int_equal(write(reading->opened[1], &byte, 1), 1);
	assert_int_equal(read(reading->written[0], &byte, 1), 1);
	assert_ok(log_read_head(snapshot, &head));
	assert_int_equal(head.entries, reading->entries);
	for (uint64_t number = 0; number < reading->entries; number++)
		assert_ok(log_read_entry(snapshot, number, &entry));
	_exit(0);
}

static void read_log(const struct reading *reading)
{
	struct log_snapshot *snapshot;
	struct log *log;

	assert_ok(log_killed_open(reading->place, true, &log));
	assert_ok(log_snapshot_open(log, &snapshot));
	wait_and_read(reading, snapshot);
}

/* As who had LMDB's file opened when whoever mended it was killed, and has not looked yet whether it has all. */
static void read_tables(const struct reading *reading)
{
	struct log_snapshot *snapshot;
	struct log_tables tables = {.environment = NULL};

	assert_ok(log_tables_open(&tables, reading->place->directory, true));
	assert_ok(log_read_open(&tables, &snapshot));
	wait_and_read(reading, snapshot);
}

/* Returns once the other has it open. */
static pid_t begin_reading(struct reading *reading, void (*act)(const struct reading *reading))
{
	char byte = 0;

	assert_int_equal(pipe(reading->opened) | pipe(reading->written), 0);
	pid_t reader = fork();
	if (reader == 0) {
		close(reading->written[1]); /* so that it ends with its parent */
		act(reading);
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
	pid_t reader = begin_reading(&reading, read_log);
	log_killed_expect(reading.place, false, LOG_KILLED_GROUPS);
	for (int more = 0; more < 3; more++)
		log_killed_expect(reading.place, false, LOG_KILLED_GROUPS + 1 + (uint64_t)more);
	end_reading(&reading, reader);
}

/* Who has what a mend before left is not written over: what it lacks is added above that. */
static void test_while_another_reads_what_is_half_mended(void **state)
{
	struct reading reading = {.place = *state, .entries = 1};

	log_killed_run(*state);
	kill_who_mends(*state, BOTH_PAGES);
	pid_t reader = begin_reading(&reading, read_tables);
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

struct race {
	const struct log_killed *place;
	uint64_t entries; /* that there are, at least */
	volatile bool begun;
};

/* A process of its own: nothing is asserted there, as that would go on as the parent. */
static void have_all(const struct race *race, bool read_only)
{
	struct log *log;
	struct tree tree;

	while (!race->begun)
		continue;
	enum recourse_error error = log_killed_open(race->place, read_only, &log);
	if (error != RECOURSE_OK)
		_exit((int)error % 100 + 100);
	_exit(log_killed_head(log, &tree).entries < race->entries);
}

/* Several open at once what was left half mended, all to read, or one to write: each of them has all of it. */
static void test_several_at_once(void **state)
{
	enum { SEVERAL = 3 };
	struct race *race = child_share(sizeof *race);
	const size_t rounds = support_times(40, 1000);
	int status;

	race->place = *state;
	for (size_t round = 0; round < rounds; round++) {
		log_killed_run(*state);
		race->entries += LOG_KILLED_GROUPS;
		kill_who_mends(*state, round % 2 == 0 ? BOTH_PAGES : FIRST_PAGE);
		race->begun = false;
		for (size_t each = 0; each < SEVERAL; each++) {
			if (fork() == 0)
				have_all(race, each > 0 || round % 4 < 2);
		}
		race->begun = true;
		for (size_t each = 0; each < SEVERAL; each++) {
			assert_true(wait(&status) > 0);
			assert_int_equal(status, 0);
		}
	}
	child_unshare(race, sizeof *race);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		LOG_KILLED_TEST(test_who_mends_is_killed),
		LOG_KILLED_TEST(test_while_another_reads),
		LOG_KILLED_TEST(test_while_another_reads_what_is_half_mended),
		LOG_KILLED_TEST(test_while_others_come),
		LOG_KILLED_TEST(test_several_at_once),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
