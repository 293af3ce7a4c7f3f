/* SPDX-License-Identifier: Apache-2.0 */
#include "store/log.h"
#include "store/log_key.h"
#include "store/log_requests.h"
#include "store/log_runs.h"
#include "store/log_tail.h"

#include "log_place.h"

enum { ENTRIES_MAX = 3, SIZE_MAX_OF_ONE = 700, ROUNDS = 400 };

struct trial {
	struct log_place place;
	struct group group;
	uint8_t rows[LOG_TAIL_SIZE_MAX];
	size_t size;
	struct log_head head;
};

static int set_up(void **state)
{
	static struct trial trial;

	memset(&trial, 0, sizeof trial);
	log_place_make(&trial.place);
	*state = &trial;
	return 0;
}

static int tear_down(void **state)
{
	struct trial *trial = *state;

	group_free(&trial->group);
	return log_place_tear_down(state);
}
#define TAIL_TEST(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

/* Bytes that a number gives. */
static size_t size_of(uint64_t number)
{
	return (size_t)(number * 7919 % SIZE_MAX_OF_ONE);
}

static void expect(slice found, uint64_t number)
{
	assert_int_equal(found.size, size_of(number));
	for (size_t index = 0; index < found.size; index++)
		assert_int_equal(found.data[index], (uint8_t)(number * 31 + index));
}

static size_t add_bytes(struct group *group, uint64_t number)
{
	size_t start = group->bytes.size;

	for (size_t index = 0; index < size_of(number); index++) {
		uint8_t byte = (uint8_t)(number * 31 + index);
		buffer_append(&group->bytes, &byte, 1);
	}
	return start;
}

/* One request, with so many entries before it. */
static void make_group(struct trial *trial, size_t entries)
{
	static const struct tree tree;
	static const struct crypto_hash link;

	group_start(&trial->group, &trial->head, &tree, &link);
	for (size_t index = 0; index < entries; index++) {
		size_t start = add_bytes(&trial->group, trial->head.entries + index);
		assert_ok(group_add_entry(&trial->group, start, GROUP_LINKED, 0));
	}
	size_t start = add_bytes(&trial->group, trial->head.requests);
	assert_ok(group_add_request(&trial->group, start, 0, &trial->group.link));
}

/* False: there is no room. */
static bool append(struct trial *trial)
{
	size_t size = log_tail_append(trial->rows, trial->size, &trial->group);

	if (size == 0)
		return false;
	assert_true(size <= LOG_TAIL_SIZE_MAX);
	trial->size = size;
	trial->head = trial->group.head;
	return true;
}

static struct log_tail read_all(struct trial *trial)
{
	struct log_tail tail;
	slice found;

	assert_ok(log_tail_read(slice_of(trial->rows, trial->size), &trial->head, &tail));
	for (uint64_t number = tail.entries; number < trial->head.entries; number++) {
		assert_ok(log_tail_entry(&tail, number, &found));
		expect(found, number);
	}
	for (uint64_t number = tail.requests; number < trial->head.requests; number++) {
		assert_ok(log_tail_request(&tail, number, &found));
		expect(found, number);
	}
	assert_error(log_tail_entry(&tail, trial->head.entries, &found), RECOURSE_STORE_CORRUPT);
	assert_error(log_tail_request(&tail, trial->head.requests, &found), RECOURSE_STORE_CORRUPT);
	return tail;
}

/* What is in the tail is the same that lies in the table when it was moved there. */
static void test_all_are_found_here_and_there(void **state)
{
	struct trial *trial = *state;
	struct log_runs_reader reader = {.cursor = NULL};
	slice found;
	uint64_t moves = 0;

	for (int round = 0; round < ROUNDS; round++) {
		make_group(trial, support_random_below(&trial->place.random, ENTRIES_MAX + 1));
		bool room = append(trial);
		struct log_tail tail = read_all(trial);
		if (room)
			continue;
		moves++;
		MDB_txn *transaction = log_place_begin(&trial->place);
		MDB_cursor *cursor;
		assert_ok(log_tables_open_cursor(&trial->place.tables, transaction, &cursor));
		assert_ok(log_tail_move(&tail, cursor));
		assert_error(log_tail_move(&tail, cursor),
			tail.rows.size > 0 ? RECOURSE_STORE_CORRUPT : RECOURSE_OK);
		mdb_cursor_close(cursor);
		assert_int_equal(mdb_txn_commit(transaction), MDB_SUCCESS);
		trial->size = 0;
	}
	assert_true(moves > ROUNDS / 10);
	struct log_tail tail = read_all(trial);
	MDB_txn *transaction = log_place_begin(&trial->place);
	assert_ok(log_runs_check(&trial->place.tables, transaction, &tail));
	for (uint64_t number = 0; number < tail.entries; number++) {
		assert_ok(log_runs_get(&trial->place.tables, transaction, &reader, number, &found));
		expect(found, number);
	}
	for (uint64_t number = 0; number < tail.requests; number++) {
		assert_ok(
			log_requests_get(&trial->place.tables, transaction, &reader.cursor, number, &found));
		expect(found, number);
	}
	log_runs_reader_close(&reader);
	mdb_txn_abort(transaction);
}

/* To the last byte of its room, and not one more. */
static void test_room(void **state)
{
	enum { KEY_AND_LENGTH = LOG_KEY_SIZE + 2 };
	struct trial *trial = *state;

	for (size_t size = LOG_TAIL_SIZE_MAX - 100; size <= LOG_TAIL_SIZE_MAX; size++) {
		static const struct tree tree;
		static const struct crypto_hash link;
		group_start(&trial->group, &trial->head, &tree, &link);
		while (trial->group.bytes.size < size)
			buffer_append(&trial->group.bytes, "x", 1);
		assert_ok(group_add_request(&trial->group, 0, 0, &link));
		assert_int_equal(log_tail_append(trial->rows, 0, &trial->group),
			size + KEY_AND_LENGTH <= LOG_TAIL_SIZE_MAX ? size + KEY_AND_LENGTH : 0);
	}
}

/* Of another length, of another head, with a number or kind that is not its place's. */
static void test_rows_that_nobody_wrote(void **state)
{
	struct trial *trial = *state;
	struct log_tail tail;
	struct log_head other;

	trial->head.entries = 3;
	trial->head.requests = 5;
	for (size_t entries = 0; entries < ENTRIES_MAX; entries++) {
		make_group(trial, entries);
		if (!append(trial))
			break;
	}
	(void)read_all(trial);
	for (size_t size = 0; size < trial->size; size++)
		assert_error(log_tail_read(slice_of(trial->rows, size), &trial->head, &tail),
			size == 0 ? RECOURSE_OK : RECOURSE_STORE_CORRUPT);
	for (int change = 0; change < 4; change++) {
		other = trial->head;
		*(change < 2 ? &other.entries : &other.requests) += change % 2 == 0 ? 1 : UINT64_MAX;
		assert_error(log_tail_read(slice_of(trial->rows, trial->size), &other, &tail),
			RECOURSE_STORE_CORRUPT);
	}
	for (size_t place = 0; place < LOG_KEY_SIZE + 2; place++) {
		trial->rows[place] ^= 0x55;
		assert_error(log_tail_read(slice_of(trial->rows, trial->size), &trial->head, &tail),
			RECOURSE_STORE_CORRUPT);
		trial->rows[place] ^= 0x55;
	}
	(void)read_all(trial);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TAIL_TEST(test_all_are_found_here_and_there),
		TAIL_TEST(test_room),
		TAIL_TEST(test_rows_that_nobody_wrote),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
