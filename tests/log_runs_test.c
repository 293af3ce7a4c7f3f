/* SPDX-License-Identifier: Apache-2.0 */
#include "base/endian.h"
#include "store/log.h"
#include "store/log_key.h"
#include "store/log_runs.h"

#include "log_place.h"

#include <fcntl.h>
#include <unistd.h>

enum { ROUNDS = 60, GROUP_MAX = 700, KEPT_MAX = ROUNDS * GROUP_MAX };

/* From here on an entry's place in a run that begins at 0 is beyond all memory. */
static const uint64_t FAR = UINT64_C(1) << 60;

/* What an entry has: bytes that its number gives. */
struct trial {
	struct log_place place;
	size_t sizes[KEPT_MAX];
	uint64_t entries;
};

static int set_up(void **state)
{
	static struct trial trial;

	memset(&trial, 0, sizeof trial);
	log_place_make(&trial.place);
	*state = &trial;
	return 0;
}

static size_t entry_bytes(uint64_t number, size_t size, uint8_t bytes[static LOG_ENTRY_SIZE_MAX])
{
	for (size_t index = 0; index < size; index++)
		bytes[index] = (uint8_t)(number * 31 + index);
	return size;
}

/* Groups with many entries and with few, and sizes from none to the largest. */
static void append_group(struct trial *trial, uint64_t count, size_t least, size_t most)
{
	SCOPED(group_free)
	struct group group = {.before.entries = trial->entries, .head.entries = trial->entries};
	uint8_t bytes[LOG_ENTRY_SIZE_MAX];

	for (; count > 0; count--) {
		size_t size = least + (size_t)support_random_below(&trial->place.random, most - least + 1);
		size_t start = group.bytes.size;
		buffer_append(&group.bytes, bytes, entry_bytes(trial->entries, size, bytes));
		assert_ok(group_add_entry(&group, start, GROUP_LINKED, 0));
		trial->sizes[trial->entries++] = size;
	}
	MDB_txn *transaction = log_place_begin(&trial->place);
	assert_ok(log_runs_append(&trial->place.tables, transaction, &group));
	assert_int_equal(mdb_txn_commit(transaction), MDB_SUCCESS);
}

static uint64_t rows(const struct trial *trial)
{
	SCOPED(lmdb_file_abort) MDB_txn *transaction = log_place_begin(&trial->place);
	uint64_t count;

	assert_ok(log_tables_count(&trial->place.tables, transaction, LOG_TABLES_ADDED, &count));
	return count;
}

static void expect(
	const struct trial *trial, MDB_txn *transaction, struct log_runs_reader *reader, uint64_t number)
{
	uint8_t bytes[LOG_ENTRY_SIZE_MAX];
	slice found;

	assert_ok(log_runs_get(&trial->place.tables, transaction, reader, number, &found));
	assert_int_equal(found.size, entry_bytes(number, trial->sizes[number], bytes));
	assert_memory_equal(found.data, bytes, found.size);
}

static void test_all_are_found(void **state)
{
	struct trial *trial = *state;
	SCOPED(log_runs_reader_close) struct log_runs_reader reader = {.cursor = NULL};

	for (int round = 0; round < ROUNDS; round++) {
		bool many = support_random_below(&trial->place.random, 2) == 0;
		bool large = support_random_below(&trial->place.random, 6) == 0;
		append_group(trial, 1 + support_random_below(&trial->place.random, many ? GROUP_MAX : 3),
			large ? 0 : 100, large ? LOG_ENTRY_SIZE_MAX : 700);
	}
	MDB_txn *transaction = log_place_begin(&trial->place);
	assert_ok(log_runs_check(
		&trial->place.tables, transaction, &(struct log_tail){.entries = trial->entries}));
	for (uint64_t number = 0; number < trial->entries; number++)
		expect(trial, transaction, &reader, number);
	for (int times = 0; times < 2000; times++)
		expect(trial, transaction, &reader,
			support_random_below(&trial->place.random, trial->entries));
	assert_error(log_runs_check(&trial->place.tables, transaction,
			     &(struct log_tail){.entries = trial->entries + 1}),
		RECOURSE_STORE_CORRUPT);
	assert_error(log_runs_check(&trial->place.tables, transaction,
			     &(struct log_tail){.entries = trial->entries - 1}),
		RECOURSE_STORE_CORRUPT);
	log_runs_reader_close(&reader);
	mdb_txn_abort(transaction);
}

/* A row of many fills its pages; with less, each has a row of its own. */
static void test_rows(void **state)
{
	struct trial *trial = *state;

	append_group(trial, 100, 400, 400);
	assert_int_equal(rows(trial), 100);
	append_group(trial, 162, 400, 400);
	assert_int_equal(rows(trial), 101);
	append_group(trial, 163, 400, 400);
	assert_int_equal(rows(trial), 103);
	append_group(trial, 4, LOG_ENTRY_SIZE_MAX, LOG_ENTRY_SIZE_MAX);
	assert_int_equal(rows(trial), 107);
}

/* Puts the value as the row that ends with that entry. */
static void put(
	const struct trial *trial, MDB_txn *transaction, uint64_t last, const uint8_t *bytes, size_t size)
{
	uint8_t key_bytes[LOG_KEY_SIZE];
	const struct log_key row = {last + 1, 0, LOG_KEY_ENTRIES};
	MDB_val key = log_key_write(&row, key_bytes);
	MDB_val value = lmdb_file_value(slice_of(bytes, size));
	assert_int_equal(mdb_put(transaction, trial->place.tables.handles[LOG_TABLES_ADDED], &key, &value, 0),
		MDB_SUCCESS);
}

/* A run of three with ends 5 and 9, and every way in which a row can lie about what is in it. */
static void test_rows_that_lie(void **state)
{
	struct trial *trial = *state;
	static const struct {
		uint64_t last;
		uint32_t count;
		uint32_t ends[2];
		size_t size;
		bool good;
	} rows_of[] = {
		{2, 3, {5, 9}, 22, true},
		{2, 3, {0, 0}, 10, true},
		{2, 3, {9, 5}, 22, false},
		{2, 3, {5, 13}, 22, false},
		{2, 3, {5, UINT32_MAX}, 22, false},
		{2, 3, {5, 9}, 9, false},
		{2, 0, {5, 9}, 22, false},
		{2, 4, {5, 9}, 22, false},
		{1, 3, {5, 9}, 22, false},
		{3, 3, {5, 9}, 22, false},
		{2, 2, {5, 9}, 22, false},
		{2, UINT16_MAX, {5, 9}, 22, false},
		{2, 3, {5, 9}, 1, false},
		{2, 3, {5, 9}, 0, false},
		{2, 3, {5, 9}, UINT16_MAX + 1, false},
	};
	static uint8_t bytes[UINT16_MAX + 1];

	for (size_t index = 0; index < sizeof rows_of / sizeof rows_of[0]; index++) {
		SCOPED(lmdb_file_abort) MDB_txn *transaction = log_place_begin(&trial->place);
		little_endian_write(bytes, rows_of[index].count, 2);
		little_endian_write(bytes + 2, rows_of[index].ends[0], 4);
		little_endian_write(bytes + 6, rows_of[index].ends[1], 4);
		put(trial, transaction, rows_of[index].last, bytes, rows_of[index].size);
		bool read = true;
		for (uint64_t number = 0; number < 3; number++) {
			struct log_runs_reader reader = {.cursor = NULL};
			slice entry;
			enum recourse_error error =
				log_runs_get(&trial->place.tables, transaction, &reader, number, &entry);
			assert_true(error == RECOURSE_OK || error == RECOURSE_STORE_CORRUPT);
			read = read && error == RECOURSE_OK;
			log_runs_reader_close(&reader);
		}
		enum recourse_error checked =
			log_runs_check(&trial->place.tables, transaction, &(struct log_tail){.entries = 3});
		assert_error(checked, rows_of[index].good ? RECOURSE_OK : RECOURSE_STORE_CORRUPT);
		assert_true(read || !rows_of[index].good);
	}
}

/* The first key of every leaf but the first becomes 0, in the file and so in the map. */
static void lower_first_keys(const struct trial *trial)
{
	enum { PAGE = 4096, META_PAGES = 2, LEAF = 0x02, HEADER = 16, NODE = 8 };
	static const uint8_t zeroes[sizeof(uint64_t)];
	uint8_t page[PAGE];
	char path[SUPPORT_PATH_MAX];
	size_t leaves = 0;

	support_directory_path(&trial->place.directory, "data.mdb", path);
	int file = open(path, O_RDWR | O_CLOEXEC);
	assert_true(file >= 0);
	for (off_t at = META_PAGES * PAGE; pread(file, page, sizeof page, at) == PAGE; at += PAGE) {
		off_t key = (off_t)little_endian_read(page + HEADER, 2) + NODE;
		uint64_t number = key < PAGE ? big_endian_read(page + key, sizeof number) : 0;
		if (little_endian_read(page + 10, 2) == LEAF && number > FAR && ++leaves > 0)
			assert_int_equal(pwrite(file, zeroes, sizeof zeroes, at + key), sizeof zeroes);
	}
	assert_true(leaves > 2);
	close(file);
}

/* A page between the first and the last is not looked at when the log is opened: its keys may be any. */
static void test_rows_out_of_order(void **state)
{
	struct trial *trial = *state;
	static const uint8_t bytes[1000] = {1};
	slice entry;

	MDB_txn *transaction = log_place_begin(&trial->place);
	for (uint64_t row = 0; row < 40; row++)
		put(trial, transaction, FAR + 2 * row, bytes, sizeof bytes);
	assert_int_equal(mdb_txn_commit(transaction), MDB_SUCCESS);
	lower_first_keys(trial);
	transaction = log_place_begin(&trial->place);
	for (uint64_t row = 0; row < 40; row++) {
		struct log_runs_reader reader = {.cursor = NULL};
		assert_error(
			log_runs_get(&trial->place.tables, transaction, &reader, FAR + 2 * row + 1, &entry),
			RECOURSE_STORE_CORRUPT);
		log_runs_reader_close(&reader);
	}
	mdb_txn_abort(transaction);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_all_are_found, set_up, log_place_tear_down),
		cmocka_unit_test_setup_teardown(test_rows, set_up, log_place_tear_down),
		cmocka_unit_test_setup_teardown(test_rows_that_lie, set_up, log_place_tear_down),
		cmocka_unit_test_setup_teardown(test_rows_out_of_order, set_up, log_place_tear_down),
	};
	return cmocka_run_group_tests(tests, support_crypto, NULL);
}
