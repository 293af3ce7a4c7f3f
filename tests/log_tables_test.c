/* SPDX-License-Identifier: Apache-2.0 */
#include "store/lmdb_file.h"
#include "store/log_key.h"
#include "store/log_requests.h"
#include "store/log_runs.h"

#include "support.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

enum { COUNT = 2000 };

static const struct log_head full_head = {
	.entries = COUNT,
	.requests = 1,
	.time = 0x1122334455667788,
	.last.bytes = {0xAA, 0xBB},
};

/* None: the table has all of it. */
static const struct log_tail full_tail = {.entries = COUNT, .requests = 1};

static int set_up(void **state)
{
	const struct support_directory *directory;

	support_directory_set_up(state);
	directory = *state;
	return log_tables_create(directory->path) == RECOURSE_OK ? 0 : -1;
}
#define TABLES_TEST(test) cmocka_unit_test_setup_teardown(test, set_up, support_directory_tear_down)

static MDB_txn *begin(const struct log_tables *tables, unsigned int flags)
{
	MDB_txn *transaction;

	assert_int_equal(mdb_txn_begin(tables->environment, NULL, flags, &transaction), MDB_SUCCESS);
	return transaction;
}

static void add_entry(struct group *group, const void *bytes, size_t size)
{
	size_t start = group->bytes.size;

	buffer_append(&group->bytes, bytes, size);
	assert_ok(group_add_entry(group, start, GROUP_LINKED, 0));
}

/* As many entries as the head says, long enough for a file of many pages, and one request. */
static void fill(const struct support_directory *directory)
{
	static const uint8_t text[300] = "an entry";
	SCOPED(log_tables_close) struct log_tables tables;
	SCOPED(group_free) struct group group = {0};

	for (size_t index = 0; index < COUNT; index++)
		add_entry(&group, text, sizeof text - index % 100);
	size_t start = group.bytes.size;
	buffer_append(&group.bytes, text, sizeof text);
	assert_ok(group_add_request(&group, start, 0, &group.link));
	assert_ok(log_tables_open(&tables, directory->path, false));
	MDB_txn *transaction = begin(&tables, 0);
	assert_ok(log_runs_append(&tables, transaction, &group));
	assert_ok(log_requests_append(&tables, transaction, &group));
	assert_ok(log_tables_put_head(&tables, transaction, &full_head, slice_text("")));
	assert_int_equal(mdb_txn_commit(transaction), MDB_SUCCESS);
}

static void expect_open(const struct support_directory *directory, enum recourse_error expected)
{
	for (int read_only = 0; read_only < 2; read_only++) {
		SCOPED(log_tables_close) struct log_tables tables = {.environment = NULL};
		enum recourse_error error = log_tables_check_file(directory->path);
		if (error == RECOURSE_OK)
			error = log_tables_open(&tables, directory->path, read_only != 0);
		assert_error(error, expected);
	}
}

static int open_data(const struct support_directory *directory)
{
	char path[SUPPORT_PATH_MAX];

	support_directory_path(directory, "data.mdb", path);
	int file = open(path, O_RDWR);
	assert_true(file >= 0);
	return file;
}

static void test_empty_log(void **state)
{
	const struct support_directory *directory = *state;
	SCOPED(log_tables_close) struct log_tables tables;
	struct log_head head = full_head;
	struct log_tail tail;
	slice found;

	assert_ok(log_tables_open(&tables, directory->path, true));
	SCOPED(lmdb_file_abort) MDB_txn *transaction = begin(&tables, MDB_RDONLY);
	assert_ok(log_tables_get_head(&tables, transaction, &head, &tail));
	assert_int_equal(head.entries + head.requests + head.time + head.last.bytes[0], 0);
	for (enum log_tables_name name = LOG_TABLES_HASHES; name < LOG_TABLES_COUNT; name++)
		assert_error(log_tables_get(&tables, transaction, name, 0, SIZE_MAX, &found),
			RECOURSE_STORE_CORRUPT);
}

static void test_what_was_written_is_read(void **state)
{
	const struct support_directory *directory = *state;
	SCOPED(log_tables_close) struct log_tables tables;
	struct log_head head;
	struct log_tail tail;
	SCOPED(log_runs_reader_close) struct log_runs_reader reader = {.cursor = NULL};
	slice found;

	fill(directory);
	expect_open(directory, RECOURSE_OK);
	assert_ok(log_tables_open(&tables, directory->path, false));
	MDB_txn *transaction = begin(&tables, 0);
	assert_ok(log_tables_get_head(&tables, transaction, &head, &tail));
	assert_int_equal(head.entries, full_head.entries);
	assert_int_equal(head.requests, full_head.requests);
	assert_int_equal(head.time, full_head.time);
	assert_true(crypto_hash_equal(&head.last, &full_head.last));
	for (uint64_t number = 0; number < COUNT; number++) {
		assert_ok(log_runs_get(&tables, transaction, &reader, number, &found));
		assert_int_equal(found.size, 300 - number % 100);
	}
	assert_ok(log_tables_put(&tables, transaction, LOG_TABLES_CHECKPOINTS, 7, slice_text("seven")));
	assert_ok(log_tables_put(&tables, transaction, LOG_TABLES_CHECKPOINTS, 7, slice_text("again")));
	assert_ok(log_tables_get(&tables, transaction, LOG_TABLES_CHECKPOINTS, 7, 5, &found));
	assert_true(slice_is(found, "again"));
	assert_error(log_tables_get(&tables, transaction, LOG_TABLES_CHECKPOINTS, 7, 4, &found),
		RECOURSE_STORE_CORRUPT);
	log_runs_reader_close(&reader);
	mdb_txn_abort(transaction);
}

static void test_appends_only_at_the_end(void **state)
{
	const struct support_directory *directory = *state;
	SCOPED(log_tables_close) struct log_tables tables;

	fill(directory);
	assert_ok(log_tables_open(&tables, directory->path, false));
	for (uint64_t number = COUNT - 2; number <= COUNT; number++) {
		SCOPED(lmdb_file_abort) MDB_txn *transaction = begin(&tables, 0);
		SCOPED(group_free) struct group group = {.before.entries = number, .head.entries = number};
		add_entry(&group, "value", 5);
		assert_error(log_runs_append(&tables, transaction, &group),
			number < COUNT ? RECOURSE_STORE_CORRUPT : RECOURSE_OK);
	}
}

/* A row of that kind, with that many entries and requests. */
static void put_added(MDB_txn *transaction, const struct log_tables *tables, const struct log_key *row)
{
	uint8_t bytes[LOG_KEY_SIZE];
	MDB_val key = log_key_write(row, bytes);
	MDB_val value = lmdb_file_value(slice_text("a row"));

	assert_int_equal(
		mdb_put(transaction, tables->handles[LOG_TABLES_ADDED], &key, &value, 0), MDB_SUCCESS);
}

/* The last row must be the head's: none in an empty log, in another that of its last request. */
static void test_last_row_that_is_not_the_heads(void **state)
{
	const struct support_directory *directory = *state;
	static const struct log_key rows[] = {
		{0, 0, LOG_KEY_ENTRIES},
		{1, 0, LOG_KEY_ENTRIES},
		{0, 1, LOG_KEY_REQUEST},
		{UINT64_MAX, UINT64_MAX, LOG_KEY_REQUEST},
		{COUNT + 1, 1, LOG_KEY_ENTRIES},
		{COUNT, 2, LOG_KEY_REQUEST},
		{COUNT, 1, LOG_KEY_ENTRIES},
	};

	for (size_t index = 0; index < sizeof rows / sizeof rows[0]; index++) {
		SCOPED(log_tables_close) struct log_tables tables;
		assert_ok(log_tables_open(&tables, directory->path, false));
		SCOPED(lmdb_file_abort) MDB_txn *transaction = begin(&tables, 0);
		put_added(transaction, &tables, &rows[index]);
		bool same = rows[index].entries == 0 && rows[index].requests == 0;
		assert_error(log_tables_check_last(&tables, transaction, &(struct log_tail){.entries = 0}),
			same ? RECOURSE_OK : RECOURSE_STORE_CORRUPT);
		assert_error(log_tables_check_last(&tables, transaction, &full_tail),
			index == 6 ? RECOURSE_OK : RECOURSE_STORE_CORRUPT);
	}
}

/* Each request is found by its number alone, whatever entries lie between them. */
static void test_requests_are_found(void **state)
{
	enum { GROUPS = 300 };
	const struct support_directory *directory = *state;
	SCOPED(log_tables_close) struct log_tables tables;
	SCOPED(lmdb_file_close_cursor) MDB_cursor *cursor = NULL;
	SCOPED(group_free) struct group group = {0};
	uint8_t text[100] = {0};
	slice found;

	assert_ok(log_tables_open(&tables, directory->path, false));
	MDB_txn *transaction = begin(&tables, 0);
	for (uint64_t number = 0; number < GROUPS; number++) {
		struct log_head head = {.entries = number / 3, .requests = number};
		static const struct tree tree;
		group_start(&group, &head, &tree, &(struct crypto_hash){.bytes = {0}});
		if (number % 3 == 2)
			add_entry(&group, text, sizeof text);
		size_t start = group.bytes.size;
		memset(text, (int)number, sizeof text);
		buffer_append(&group.bytes, text, sizeof text);
		assert_ok(group_add_request(&group, start, 0, &group.link));
		assert_ok(log_runs_append(&tables, transaction, &group));
		assert_ok(log_requests_append(&tables, transaction, &group));
	}
	for (uint64_t step = 0; step < GROUPS; step++) {
		uint64_t number = step * 7 % GROUPS;
		assert_ok(log_requests_get(&tables, transaction, &cursor, number, &found));
		assert_int_equal(found.size, sizeof text);
		assert_int_equal(found.data[99], (uint8_t)number);
	}
	assert_error(log_requests_get(&tables, transaction, &cursor, GROUPS, &found), RECOURSE_STORE_CORRUPT);
	lmdb_file_close_cursor(&cursor);
	mdb_txn_abort(transaction);
}

static void test_garbage_and_short_files(void **state)
{
	const struct support_directory *directory = *state;
	uint8_t garbage[8192];

	fill(directory);
	int file = open_data(directory);
	assert_int_equal(ftruncate(file, 65536), 0);
	expect_open(directory, RECOURSE_STORE_CORRUPT);
	memset(garbage, 0x5A, sizeof garbage);
	assert_int_equal(pwrite(file, garbage, sizeof garbage, 0), sizeof garbage);
	expect_open(directory, RECOURSE_STORE_CORRUPT);
	assert_int_equal(ftruncate(file, 0), 0);
	expect_open(directory, RECOURSE_STORE_CORRUPT);
	close(file);
}

/* The version of LMDB's own format follows the magic number in each of the two meta pages. */
static void test_another_lmdb(void **state)
{
	const struct support_directory *directory = *state;
	const uint8_t version = 99;
	uint8_t magic[4];

	fill(directory);
	int file = open_data(directory);
	for (off_t page = 0; page < 2; page++) {
		assert_int_equal(pread(file, magic, 4, page * 4096 + 16), 4);
		assert_int_equal(magic[0], 0xDE);
		assert_int_equal(pwrite(file, &version, 1, page * 4096 + 20), 1);
	}
	close(file);
	expect_open(directory, RECOURSE_VERSION_UNKNOWN);
}

/* Overwrites one byte of every copy of the head's record, known by its leaf hash and the time before it. */
static void rewrite_head(const struct support_directory *directory, size_t offset, uint8_t byte)
{
	static uint8_t content[4 << 20];
	size_t found = 0;
	int file = open_data(directory);
	ssize_t size = read(file, content, sizeof content);

	assert_true(size > 0 && (size_t)size < sizeof content);
	for (size_t start = 0; start + 64 <= (size_t)size; start++) {
		if (memcmp(content + start + 32, full_head.last.bytes, 32) != 0 ||
			content[start + 24] != 0x88)
			continue;
		assert_int_equal(pwrite(file, &byte, 1, (off_t)(start + offset)), 1);
		found++;
	}
	assert_true(found > 0);
	close(file);
}

static void test_head_that_is_not_understood(void **state)
{
	static const struct {
		size_t offset;
		uint8_t byte;
		enum recourse_error error;
	} changes[] = {
		{0, 2, RECOURSE_VERSION_UNKNOWN}, {0, 6, RECOURSE_VERSION_UNKNOWN},
		{0, 0, RECOURSE_STORE_CORRUPT}, {0, 3, RECOURSE_OK}, {0, 4, RECOURSE_OK}, {0, 5, RECOURSE_OK},
		{4, 1, RECOURSE_STORE_CORRUPT}, {4, 0, RECOURSE_OK}, {16, 5, RECOURSE_STORE_CORRUPT},
		{16, 1, RECOURSE_OK}, {8, COUNT % 256 + 1, RECOURSE_STORE_CORRUPT},
		{15, 0x80, RECOURSE_STORE_CORRUPT}, /* more than a tree can hold */
	};

	fill(*state);
	for (size_t index = 0; index < sizeof changes / sizeof changes[0]; index++) {
		rewrite_head(*state, changes[index].offset, changes[index].byte);
		expect_open(*state, changes[index].error);
	}
}

/* What is behind it is a tail, or nothing that anybody wrote; a head of format 3 has none. */
static void test_head_of_every_length(void **state)
{
	const struct support_directory *directory = *state;
	SCOPED(log_tables_close) struct log_tables tables;
	uint8_t bytes[80] = {0};
	struct log_head head;
	struct log_tail tail;

	assert_ok(log_tables_open(&tables, directory->path, false));
	for (size_t size = 0; size <= 2 * sizeof bytes; size++) {
		SCOPED(lmdb_file_abort) MDB_txn *transaction = begin(&tables, 0);
		bytes[0] = size % 2 == 0 ? 3 : 4;
		MDB_val key = lmdb_file_value(slice_text("head"));
		MDB_val value = lmdb_file_value(slice_of(bytes, size / 2));
		assert_int_equal(mdb_put(transaction, tables.main, &key, &value, 0), MDB_SUCCESS);
		assert_error(log_tables_get_head(&tables, transaction, &head, &tail),
			size / 2 == 64 ? RECOURSE_OK : RECOURSE_STORE_CORRUPT);
	}
}

/* The tables of formats 1 and 2, whose head was a table; a log that lacks one of them is damaged in any version. */
static void make_former(const struct support_directory *directory, const char *const *names, size_t count)
{
	MDB_env *environment = NULL;
	MDB_dbi handle;

	assert_int_equal(lmdb_file_open(directory->path, 0, 5, &environment), MDB_SUCCESS);
	SCOPED(lmdb_file_abort) MDB_txn *transaction = NULL;
	assert_int_equal(mdb_txn_begin(environment, NULL, 0, &transaction), MDB_SUCCESS);
	for (size_t index = 0; index < count; index++)
		assert_int_equal(
			mdb_dbi_open(transaction, names[index], MDB_INTEGERKEY | MDB_CREATE, &handle),
			MDB_SUCCESS);
	assert_ok(log_tables_error(lmdb_file_commit(&transaction)));
	lmdb_file_close(&environment);
}

static void test_former_tables(void **state)
{
	static const char *const names[] = {"checkpoints", "entries", "hashes", "head", "requests"};
	const struct support_directory *directory = *state;

	make_former(directory, names, 4);
	expect_open(directory, RECOURSE_STORE_CORRUPT);
	make_former(directory, names, 5);
	for (int read_only = 0; read_only < 2; read_only++) {
		SCOPED(log_tables_close) struct log_tables tables = {0};
		assert_error(
			log_tables_open(&tables, directory->path, read_only == 1), RECOURSE_VERSION_UNKNOWN);
		assert_null(tables.fault.what);
	}
}

static void test_codes(void **state)
{
	assert_ok(log_tables_error(MDB_SUCCESS));
	assert_error(log_tables_error(MDB_NOTFOUND), RECOURSE_STORE_CORRUPT);
	assert_error(log_tables_error(MDB_KEYEXIST), RECOURSE_STORE_CORRUPT);
	assert_error(log_tables_error(MDB_VERSION_MISMATCH), RECOURSE_VERSION_UNKNOWN);
	assert_error(log_tables_error(ENOSPC), RECOURSE_STORE_FULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TABLES_TEST(test_empty_log),
		TABLES_TEST(test_what_was_written_is_read),
		TABLES_TEST(test_appends_only_at_the_end),
		TABLES_TEST(test_last_row_that_is_not_the_heads),
		TABLES_TEST(test_requests_are_found),
		TABLES_TEST(test_garbage_and_short_files),
		TABLES_TEST(test_another_lmdb),
		TABLES_TEST(test_head_that_is_not_understood),
		TABLES_TEST(test_head_of_every_length),
		cmocka_unit_test_setup_teardown(
			test_former_tables, support_directory_set_up, support_directory_tear_down),
		cmocka_unit_test(test_codes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
