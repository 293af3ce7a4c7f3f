/* SPDX-License-Identifier: Apache-2.0 */
#include "store/lmdb_file.h"
#include "store/log_rows.h"

#include "log_place.h"

enum { LEAVES_MIN = 33500, GROUP_MAX = 1500, HASHES_MAX = 2000 };

/* The naive model keeps every hash that the tree gave, in the order it gave them. */
struct trial {
	struct log_place place;
	struct tree tree;
	struct tree_stored stored[HASHES_MAX];
	size_t count;
};

static int set_up(void **state)
{
	static struct trial trial;

	memset(&trial, 0, sizeof trial);
	log_place_make(&trial.place);
	*state = &trial;
	return 0;
}

static enum recourse_error put(struct trial *trial, MDB_txn *transaction, size_t first)
{
	return log_rows_put(&trial->place.tables, transaction, trial->stored + first, trial->count - first);
}

static void grow(struct trial *trial, size_t leaves)
{
	struct crypto_hash leaf;

	for (; leaves > 0; leaves--) {
		assert_true(trial->count + TREE_STORED_MAX <= HASHES_MAX);
		support_random_fill(&trial->place.random, leaf.bytes, sizeof leaf.bytes);
		trial->count += tree_append(&trial->tree, &leaf, trial->stored + trial->count);
	}
}

static void append_group(struct trial *trial, size_t leaves)
{
	size_t first = trial->count;

	grow(trial, leaves);
	MDB_txn *transaction = log_place_begin(&trial->place);
	assert_ok(put(trial, transaction, first));
	assert_int_equal(mdb_txn_commit(transaction), MDB_SUCCESS);
}

/* Groups of random sizes over three levels; every hash is compared. */
static void test_against_a_naive_model(void **state)
{
	struct trial *trial = *state;
	struct crypto_hash hash;

	while (trial->tree.size < LEAVES_MIN) {
		size_t most = support_random_below(&trial->place.random, 2) == 0 ? 3 : GROUP_MAX;
		append_group(trial, 1 + (size_t)support_random_below(&trial->place.random, most));
	}
	SCOPED(lmdb_file_abort) MDB_txn *transaction = log_place_begin(&trial->place);
	for (size_t index = 0; index < trial->count; index++) {
		const struct tree_stored *stored = &trial->stored[index];
		assert_ok(
			log_rows_get(&trial->place.tables, transaction, stored->level, stored->index, &hash));
		assert_true(crypto_hash_equal(&hash, &stored->hash));
	}
	assert_ok(log_rows_get(&trial->place.tables, transaction, 3, 0, &hash));
	assert_error(log_rows_get(&trial->place.tables, transaction, 3, 1, &hash), RECOURSE_STORE_CORRUPT);
	assert_error(log_rows_get(&trial->place.tables, transaction, 1, trial->tree.size / TREE_WIDTH, &hash),
		RECOURSE_STORE_CORRUPT);
	assert_error(log_rows_get(&trial->place.tables, transaction, 4, 0, &hash), RECOURSE_STORE_CORRUPT);
}

/* What a group that came to nothing had gathered is not taken for stored. */
static void test_aborted_group_leaves_nothing(void **state)
{
	struct trial *trial = *state;
	struct crypto_hash hash;

	append_group(trial, (size_t)40 * TREE_WIDTH);
	struct tree tree = trial->tree;
	size_t count = trial->count;
	grow(trial, TREE_WIDTH);
	MDB_txn *transaction = log_place_begin(&trial->place);
	assert_ok(put(trial, transaction, count));
	mdb_txn_abort(transaction);
	trial->tree = tree;
	trial->count = count;
	append_group(trial, (size_t)2 * TREE_WIDTH);
	transaction = log_place_begin(&trial->place);
	assert_ok(log_rows_get(&trial->place.tables, transaction, 1, 40, &hash));
	assert_true(crypto_hash_equal(&hash, &trial->stored[count].hash));
	assert_ok(log_rows_get(&trial->place.tables, transaction, 1, 41, &hash));
	assert_error(log_rows_get(&trial->place.tables, transaction, 1, 42, &hash), RECOURSE_STORE_CORRUPT);
	mdb_txn_abort(transaction);
}

/* The unfinished row must be as long as the leaves before it say, to read a hash and to go on from it. */
static void test_row_of_a_wrong_length(void **state)
{
	struct trial *trial = *state;
	struct crypto_hash hash;
	static const uint8_t zeroes[TREE_WIDTH * CRYPTO_HASH_SIZE + 1];

	append_group(trial, (size_t)40 * TREE_WIDTH);
	size_t first = trial->count;
	grow(trial, TREE_WIDTH);
	for (size_t size = 0; size <= sizeof zeroes; size++) {
		SCOPED(lmdb_file_abort) MDB_txn *transaction = log_place_begin(&trial->place);
		assert_ok(log_tables_put(&trial->place.tables, transaction, LOG_TABLES_HASHES,
			UINT64_C(1) << 56 | 1, slice_of(zeroes, size)));
		bool readable = size % CRYPTO_HASH_SIZE == 0 && size >= 8 * (size_t)CRYPTO_HASH_SIZE &&
				size <= sizeof zeroes - 1;
		assert_error(log_rows_get(&trial->place.tables, transaction, 1, 39, &hash),
			readable ? RECOURSE_OK : RECOURSE_STORE_CORRUPT);
		assert_error(put(trial, transaction, first),
			size == 8 * (size_t)CRYPTO_HASH_SIZE ? RECOURSE_OK : RECOURSE_STORE_CORRUPT);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_against_a_naive_model, set_up, log_place_tear_down),
		cmocka_unit_test_setup_teardown(
			test_aborted_group_leaves_nothing, set_up, log_place_tear_down),
		cmocka_unit_test_setup_teardown(test_row_of_a_wrong_length, set_up, log_place_tear_down),
	};
	return cmocka_run_group_tests(tests, support_crypto, NULL);
}
