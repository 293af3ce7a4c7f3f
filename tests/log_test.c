/* SPDX-License-Identifier: Apache-2.0 */
#include "child.h"
#include "support.h"
#include "store/log.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { ENTRY_TEXT_SIZE = 48 };

struct place {
	struct support_directory root; /* first, for support_directory_tear_down() */
	char directory[SUPPORT_PATH_MAX];
};

/* A writer as the ledger is one: it knows the head and the tree, and what it wrote. */
struct writer {
	struct log *log;
	struct log_head head;
	struct tree tree;
	struct group group;
};

static int set_up(void **state)
{
	static struct place place;

	support_directory_make(&place.root);
	support_directory_path(&place.root, "log", place.directory);
	*state = &place;
	return log_create(place.directory) == RECOURSE_OK ? 0 : -1;
}
#define LOG_TEST(test) cmocka_unit_test_setup_teardown(test, set_up, support_directory_tear_down)

static enum recourse_error open_log(const struct place *place, bool read_only, struct log **log)
{
	struct log_options options = {.directory = place->directory, .read_only = read_only};

	return log_open(&options, log);
}

static struct log_snapshot *look(struct log *log)
{
	struct log_snapshot *snapshot;

	assert_ok(log_snapshot_open(log, &snapshot));
	return snapshot;
}

/* Takes up a log where it stands. */
static struct writer *writer_open(const struct place *place)
{
	struct writer *writer = calloc(1, sizeof *writer);

	assert_non_null(writer);
	assert_ok(open_log(place, false, &writer->log));
	SCOPED(log_read_end) struct log_snapshot *snapshot = look(writer->log);
	assert_ok(log_read_head(snapshot, &writer->head));
	struct tree_source source = log_read_tree(snapshot);
	assert_ok(tree_open(source, writer->head.entries, &writer->tree));
	return writer;
}

static void writer_end(struct writer **writer)
{
	log_close((*writer)->log);
	group_free(&(*writer)->group);
	free(*writer);
}

static void entry_text(uint64_t number, char text[static ENTRY_TEXT_SIZE])
{
	snprintf(text, ENTRY_TEXT_SIZE, "entry %llu", (unsigned long long)number);
}

static void start_group(struct writer *writer)
{
	static const struct crypto_hash no_link;

	group_start(&writer->group, &writer->head, &writer->tree, &no_link);
}

static void add_entry(struct group *group, slice bytes, uint64_t time)
{
	size_t start = group->bytes.size;

	buffer_append(&group->bytes, bytes.data, bytes.size);
	assert_ok(group_add_entry(group, start, GROUP_LINKED, time));
}

static void add_request(struct group *group, slice bytes, uint64_t time)
{
	size_t start = group->bytes.size;

	buffer_append(&group->bytes, bytes.data, bytes.size);
	assert_ok(group_add_request(group, start, time, &group->link));
}

/* One request and `count` entries. The writer believes in the result only if it was written. */
static enum recourse_error append_group(struct writer *writer, size_t count)
{
	uint64_t time = writer->head.time + 10;

	assert_true(count > 0);
	start_group(writer);
	for (size_t index = 0; index < count; index++) {
		char text[ENTRY_TEXT_SIZE];
		entry_text(writer->head.entries + index, text);
		add_entry(&writer->group, slice_text(text), time);
	}
	add_request(&writer->group, slice_text("a request"), time);
	assert_ok(group_chain(&writer->group));
	enum recourse_error error = log_append(writer->log, &writer->group);
	if (error == RECOURSE_OK) {
		writer->head = writer->group.head;
		writer->tree = writer->group.tree;
	}
	return error;
}

static void check_entries(struct log_snapshot *snapshot, uint64_t count)
{
	char text[ENTRY_TEXT_SIZE];
	slice entry;

	for (uint64_t number = 0; number < count; number++) {
		entry_text(number, text);
		assert_ok(log_read_entry(snapshot, number, &entry));
		assert_true(slice_is(entry, text));
	}
	assert_error(log_read_entry(snapshot, count, &entry), RECOURSE_QUERY_NOT_FOUND);
}

static void check_log(struct log *log, uint64_t count)
{
	SCOPED(log_read_end) struct log_snapshot *snapshot = look(log);

	check_entries(snapshot, count);
}

static void check_tree(struct log_snapshot *snapshot, const struct tree *expected)
{
	struct tree_source source = log_read_tree(snapshot);
	struct tree tree;
	struct crypto_hash root;
	struct crypto_hash expected_root;

	assert_ok(tree_open(source, expected->size, &tree));
	tree_root(&tree, &root);
	tree_root(expected, &expected_root);
	assert_true(crypto_hash_equal(&root, &expected_root));
	assert_error(tree_open(source, expected->size + 1, &tree), RECOURSE_QUERY_NOT_FOUND);
}

static void test_create_makes_an_empty_log_once(void **state)
{
	const struct place *place = *state;
	struct log_head head;
	struct log *log;
	struct stat status;
	slice found;
	struct crypto_hash hash;
	char file[SUPPORT_PATH_MAX];

	assert_error(log_create(place->directory), RECOURSE_EXISTS);
	support_directory_path(&place->root, "log/data.mdb", file);
	assert_error(log_create(file), RECOURSE_EXISTS);
	assert_error(log_create("/dev/null/log"), RECOURSE_IO);
	assert_int_equal(stat(place->directory, &status), 0);
	assert_int_equal(status.st_mode & 0777, 0700);
	assert_ok(open_log(place, false, &log));
	struct log_snapshot *snapshot = look(log);
	assert_ok(log_read_head(snapshot, &head));
	assert_int_equal(head.entries + head.requests + head.time + head.last.bytes[0], 0);
	assert_error(log_read_entry(snapshot, 0, &found), RECOURSE_QUERY_NOT_FOUND);
	assert_error(log_read_request(snapshot, 0, &found), RECOURSE_QUERY_NOT_FOUND);
	assert_error(log_read_hash(snapshot, 0, 0, &hash), RECOURSE_QUERY_NOT_FOUND);
	assert_error(log_read_checkpoint(snapshot, UINT64_MAX, &found), RECOURSE_QUERY_NOT_FOUND);
	log_read_close(snapshot);
	log_close(log);
}

static void test_append_and_reopen(void **state)
{
	struct log_head head;
	slice request;

	SCOPED(writer_end) struct writer *writer = writer_open(*state);
	assert_ok(append_group(writer, 3));
	assert_ok(append_group(writer, 40));
	struct log_head written = writer->head;
	writer_end(&writer);

	writer = writer_open(*state);
	assert_ok(append_group(writer, 1));
	SCOPED(log_read_end) struct log_snapshot *snapshot = look(writer->log);
	assert_ok(log_read_head(snapshot, &head));
	assert_int_equal(head.entries, written.entries + 1);
	assert_int_equal(head.requests, 3);
	assert_int_equal(head.time, 30);
	assert_true(crypto_hash_equal(&head.last, &writer->head.last));
	check_entries(snapshot, 44);
	check_tree(snapshot, &writer->tree);
	assert_ok(log_read_request(snapshot, 2, &request));
	assert_true(slice_is(request, "a request"));
	assert_error(log_read_request(snapshot, 3, &request), RECOURSE_QUERY_NOT_FOUND);
}

/* Groups of one and of many, in any order: each can be read from then on, also where it is opened anew. */
static void test_few_and_many(void **state)
{
	enum { GROUPS = 300 };
	struct support_random random = support_random_start();
	struct writer *writer = writer_open(*state);
	struct page_fault fault;
	slice request;

	for (uint64_t group = 1; group <= GROUPS; group++) {
		bool many = support_random_below(&random, 10) == 0;
		assert_ok(append_group(writer, 1 + support_random_below(&random, many ? 200 : 4)));
		if (support_random_below(&random, 10) == 0)
			assert_ok(
				log_append_checkpoint(writer->log, writer->head.entries, slice_text("note")));
		if (support_random_below(&random, 10) == 0) {
			writer_end(&writer);
			writer = writer_open(*state);
			assert_ok(log_check_pages(writer->log, &fault));
		}
		SCOPED(log_read_end) struct log_snapshot *snapshot = look(writer->log);
		check_entries(snapshot, writer->head.entries);
		check_tree(snapshot, &writer->tree);
		for (uint64_t number = 0; number < group; number++) {
			assert_ok(log_read_request(snapshot, number, &request));
			assert_true(slice_is(request, "a request"));
		}
		assert_error(log_read_request(snapshot, group, &request), RECOURSE_QUERY_NOT_FOUND);
	}
	writer_end(&writer);
}

/* The largest that are allowed come back whole. */
static void test_largest_entry_and_request(void **state)
{
	struct writer *writer = writer_open(*state);
	SCOPED(support_free) uint8_t *bytes = malloc(LOG_REQUEST_SIZE_MAX);
	slice found;

	assert_non_null(bytes);
	for (size_t index = 0; index < LOG_REQUEST_SIZE_MAX; index++)
		bytes[index] = (uint8_t)(index % 251);
	slice entry = slice_of(bytes, LOG_ENTRY_SIZE_MAX);
	slice request = slice_of(bytes, LOG_REQUEST_SIZE_MAX);
	start_group(writer);
	add_entry(&writer->group, entry, 1);
	add_request(&writer->group, request, 1);
	assert_ok(group_chain(&writer->group));
	assert_ok(log_append(writer->log, &writer->group));
	struct log_snapshot *snapshot = look(writer->log);
	assert_ok(log_read_entry(snapshot, 0, &found));
	assert_true(slice_equal(found, entry));
	assert_ok(log_read_request(snapshot, 0, &found));
	assert_true(slice_equal(found, request));
	log_read_close(snapshot);
	writer_end(&writer);
}

static void test_wrong_head_is_a_fork(void **state)
{
	SCOPED(writer_end) struct writer *writer = writer_open(*state);

	assert_ok(append_group(writer, 3));
	const struct log_head good = writer->head;
	struct log_head wrong[] = {good, good, good, good};
	wrong[0].time++;
	wrong[1].requests++;
	wrong[2].entries--;
	wrong[3].last.bytes[31] ^= 1;
	for (size_t index = 0; index < sizeof wrong / sizeof wrong[0]; index++) {
		writer->head = wrong[index];
		assert_error(append_group(writer, 1), RECOURSE_FORK);
	}
	writer->head = good;
	assert_ok(append_group(writer, 1));
	check_log(writer->log, 4);
}

static void test_snapshots_stand_still(void **state)
{
	SCOPED(writer_end) struct writer *writer = writer_open(*state);
	struct crypto_hash hash;
	slice note;

	assert_ok(append_group(writer, 5));
	struct tree tree = writer->tree;
	SCOPED(log_read_end) struct log_snapshot *old = look(writer->log);
	assert_ok(append_group(writer, 60));
	assert_ok(log_append_checkpoint(writer->log, 5, slice_text("note")));
	SCOPED(log_read_end) struct log_snapshot *new = look(writer->log);
	check_entries(old, 5);
	check_tree(old, &tree);
	assert_error(log_read_hash(old, 0, 5, &hash), RECOURSE_QUERY_NOT_FOUND);
	assert_error(log_read_checkpoint(old, 5, &note), RECOURSE_QUERY_NOT_FOUND);
	check_entries(new, 65);
	check_tree(new, &writer->tree);
	assert_ok(log_read_checkpoint(new, 5, &note));
}

static void expect_checkpoint(struct log_snapshot *snapshot, uint64_t at_most, const char *expected)
{
	slice note;

	enum recourse_error error = log_read_checkpoint(snapshot, at_most, &note);
	assert_error(error, expected == NULL ? RECOURSE_QUERY_NOT_FOUND : RECOURSE_OK);
	if (expected != NULL)
		assert_true(slice_is(note, expected));
}

static void test_checkpoints_are_found_from_above(void **state)
{
	SCOPED(writer_end) struct writer *writer = writer_open(*state);
	uint64_t count;

	assert_ok(log_append_checkpoint(writer->log, 10, slice_text("ten")));
	assert_ok(log_append_checkpoint(writer->log, 300, slice_text("old")));
	assert_ok(log_append_checkpoint(writer->log, 300, slice_text("three hundred")));
	assert_ok(log_append_checkpoint(writer->log, 20, slice_text("twenty")));
	SCOPED(log_read_end) struct log_snapshot *snapshot = look(writer->log);
	expect_checkpoint(snapshot, 0, NULL);
	expect_checkpoint(snapshot, 9, NULL);
	expect_checkpoint(snapshot, 10, "ten");
	expect_checkpoint(snapshot, 19, "ten");
	expect_checkpoint(snapshot, 20, "twenty");
	expect_checkpoint(snapshot, 299, "twenty");
	expect_checkpoint(snapshot, 300, "three hundred");
	expect_checkpoint(snapshot, UINT64_MAX, "three hundred");
	assert_ok(log_read_checkpoint_count(snapshot, &count));
	assert_int_equal(count, 3);
}

static void test_second_writer_is_locked_out(void **state)
{
	struct writer *writer = writer_open(*state);
	struct log *second;

	assert_error(open_log(*state, false, &second), RECOURSE_STORE_LOCKED);
	assert_ok(append_group(writer, 1));
	writer_end(&writer);
	assert_ok(open_log(*state, false, &second));
	log_close(second);
}

static void test_high_water_mark(void **state)
{
	const struct place *place = *state;
	struct log_options options = {.directory = place->directory, .spare_bytes = UINT64_MAX};
	SCOPED(writer_end) struct writer *writer = writer_open(place);

	assert_ok(append_group(writer, 2));
	log_close(writer->log);
	assert_ok(log_open(&options, &writer->log));
	assert_error(append_group(writer, 1), RECOURSE_STORE_FULL);
	assert_error(log_append_checkpoint(writer->log, 1, slice_text("note")), RECOURSE_STORE_FULL);
	check_log(writer->log, 2);
}

/* As full as a disk: refused, and taken when the limit is lifted. */
static void fail_commits(void *place)
{
	struct writer *writer = writer_open(place);

	assert_ok(append_group(writer, 1));
	support_limit_files(8192);
	assert_error(append_group(writer, 1), RECOURSE_STORE_FULL);
	assert_error(log_append_checkpoint(writer->log, 1, slice_text("note")), RECOURSE_STORE_FULL);
	support_limit_files(RLIM_INFINITY);
	assert_ok(append_group(writer, 1));
}

static void test_a_limit_on_the_size_of_files(void **state)
{
	assert_int_equal(child_run(fail_commits, *state), 0);
	SCOPED(writer_end) struct writer *writer = writer_open(*state);
	assert_int_equal(writer->head.entries, 2);
	assert_ok(append_group(writer, 1));
}

static void test_read_only_while_a_writer_works(void **state)
{
	int ready[2];
	int done[2];
	char byte;
	int status;

	assert_int_equal(pipe(ready), 0);
	assert_int_equal(pipe(done), 0);
	pid_t child = fork();
	if (child == 0) {
		close(done[1]);
		struct writer *writer = writer_open(*state);
		for (int group = 0; group < 30; group++) {
			assert_ok(append_group(writer, 10));
			if (group == 9 && write(ready[1], "x", 1) != 1)
				_exit(1);
		}
		(void)!read(done[0], &byte, 1);
		writer_end(&writer);
		_exit(0);
	}
	struct log *log;
	struct log_head head;
	assert_int_equal(read(ready[0], &byte, 1), 1);
	assert_ok(open_log(*state, true, &log));
	struct log_snapshot *snapshot = look(log);
	assert_ok(log_read_head(snapshot, &head));
	assert_true(head.entries >= 100 && head.entries % 10 == 0);
	check_entries(snapshot, head.entries);
	log_read_close(snapshot);
	log_close(log);
	close(done[1]);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	close(done[0]);
	close(ready[0]);
	close(ready[1]);
}

/* A directory in the lock file's place can not be opened as one, whoever asks. */
static void test_read_only_without_a_lock_file(void **state)
{
	const struct place *place = *state;
	struct log *log;
	char path[SUPPORT_PATH_MAX];

	struct writer *writer = writer_open(place);
	assert_ok(append_group(writer, 7));
	writer_end(&writer);
	support_directory_path(&place->root, "log/lock.mdb", path);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(mkdir(path, 0700), 0);
	assert_error(open_log(place, false, &log), RECOURSE_IO);
	assert_ok(open_log(place, true, &log));
	check_log(log, 7);
	log_close(log);
}

/* A log that is not there may be closed, like its snapshots. */
static void expect_open(const struct place *place, enum recourse_error expected)
{
	struct log *log = NULL;

	assert_error(open_log(place, false, &log), expected);
	log_close(log);
	log = NULL;
	assert_error(open_log(place, true, &log), expected);
	log_close(log);
	log_read_close(NULL);
}

static void test_missing_log(void **state)
{
	const struct place *place = *state;
	char path[SUPPORT_PATH_MAX];

	support_directory_path(&place->root, "log/data.mdb", path);
	assert_int_equal(unlink(path), 0);
	expect_open(place, RECOURSE_IO);
	assert_int_equal(access(path, F_OK), -1);
	support_directory_path(&place->root, "other", path);
	assert_int_equal(mkdir(path, 0700), 0);
	struct log_options options = {.directory = path};
	struct log *log;
	assert_error(log_open(&options, &log), RECOURSE_IO);
	assert_ok(log_create(path));
	support_directory_path(&place->root, "elsewhere", path);
	assert_int_equal(rename(place->directory, path), 0);
	expect_open(place, RECOURSE_IO);
}

/* Group g has g % 7 + 1 entries, so that the head tells whether it ends between two groups. */
static _Noreturn void append_until_killed(const struct place *place, int acknowledge)
{
	struct writer *writer = writer_open(place);

	for (;;) {
		if (append_group(writer, (size_t)(writer->head.requests % 7 + 1)) != RECOURSE_OK)
			_exit(1);
		if (write(acknowledge, &writer->head.requests, sizeof(uint64_t)) != sizeof(uint64_t))
			_exit(1);
	}
}

static uint64_t entries_of_groups(uint64_t groups)
{
	uint64_t entries = groups / 7 * 28;

	for (uint64_t group = 0; group < groups % 7; group++)
		entries += group + 1;
	return entries;
}

/* Kills a writer after a while; returns the last group that it said was written. */
static uint64_t run_and_kill(const struct place *place, struct support_random *random)
{
	uint64_t latest;
	int status;
	int pipes[2];

	assert_int_equal(pipe(pipes), 0);
	pid_t child = fork();
	if (child == 0) {
		close(pipes[0]);
		append_until_killed(place, pipes[1]);
	}
	close(pipes[1]);
	assert_int_equal(read(pipes[0], &latest, sizeof latest), sizeof latest);
	uint64_t acknowledged = latest;
	usleep((useconds_t)support_random_below(random, 20000));
	assert_int_equal(kill(child, SIGKILL), 0);
	while (read(pipes[0], &latest, sizeof latest) == sizeof latest)
		acknowledged = latest;
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
	close(pipes[0]);
	return acknowledged;
}

static void test_groups_are_whole_after_a_kill(void **state)
{
	const struct place *place = *state;
	struct support_random random = support_random_start();
	uint64_t groups = 0;

	for (int kills = 0; kills < 20; kills++) {
		uint64_t acknowledged = run_and_kill(place, &random);
		SCOPED(writer_end) struct writer *writer = writer_open(place);
		groups = writer->head.requests;
		assert_true(groups == acknowledged || groups == acknowledged + 1);
		assert_int_equal(writer->head.entries, entries_of_groups(groups));
		check_log(writer->log, writer->head.entries);
	}
	struct tree tree = {0};
	struct tree_stored stored[TREE_STORED_MAX];
	struct crypto_hash leaf;
	char text[ENTRY_TEXT_SIZE];
	for (uint64_t number = 0; number < entries_of_groups(groups); number++) {
		entry_text(number, text);
		tree_leaf(slice_text(text), &leaf);
		(void)tree_append(&tree, &leaf, stored);
	}
	SCOPED(writer_end) struct writer *writer = writer_open(place);
	assert_memory_equal(&writer->tree.edge, &tree.edge, tree.count * sizeof tree.edge[0]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		LOG_TEST(test_create_makes_an_empty_log_once),
		LOG_TEST(test_append_and_reopen),
		LOG_TEST(test_few_and_many),
		LOG_TEST(test_largest_entry_and_request),
		LOG_TEST(test_wrong_head_is_a_fork),
		LOG_TEST(test_snapshots_stand_still),
		LOG_TEST(test_checkpoints_are_found_from_above),
		LOG_TEST(test_second_writer_is_locked_out),
		LOG_TEST(test_high_water_mark),
		LOG_TEST(test_a_limit_on_the_size_of_files),
		LOG_TEST(test_read_only_while_a_writer_works),
		LOG_TEST(test_read_only_without_a_lock_file),
		LOG_TEST(test_missing_log),
		LOG_TEST(test_groups_are_whole_after_a_kill),
	};
	return cmocka_run_group_tests(tests, support_crypto, NULL);
}
