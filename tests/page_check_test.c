/* SPDX-License-Identifier: Apache-2.0 */
#include "child.h"
#include "page_shape.h"
#include "page_store.h"

#include "base/buffer.h"
#include "base/crypto.h"

#include <stdlib.h>
#include <unistd.h>

/*
 * Files that LMDB wrote, and what is said of them: nothing while nobody else wrote there, however much was put and
 * removed; and where somebody did, either what is wrong, or nothing that any reader sees has changed.
 */

/* Piece by piece: how many there were. */
static size_t check_pieces(const struct store *store, size_t leaves)
{
	struct page_fault fault;
	struct page_place place = {.tree = 0};
	struct page_check check = page_store_look(store, &fault);
	size_t pieces = 0;
	bool done = false;
	for (; !done; pieces++)
		assert_ok(page_check_piece(&check, &place, leaves, &done));
	close(check.descriptor);
	return pieces;
}

static void is_sound(const struct store *store)
{
	for (int all = 0; all < 2; all++) {
		struct page_fault fault;
		enum recourse_error error = page_store_check(store, all == 1, &fault);
		if (error != RECOURSE_OK)
			print_message("page %llu: %s\n", (unsigned long long)fault.page, fault.what);
		assert_ok(error);
	}
}

static void test_what_was_written_is_sound(void **state)
{
	struct support_random random = support_random_start();
	size_t rounds = support_times(30, 1000);
	for (int named = 0; named < 2; named++) {
		struct store store;
		page_store_start(&store, named == 1);
		is_sound(&store);
		for (size_t round = 0; round < rounds; round++) {
			page_store_change(&store, &random, 1 + (size_t)support_random_below(&random, 400));
			is_sound(&store);
		}
		assert_true(check_pieces(&store, 1) > check_pieces(&store, 10));
		page_store_close(&store);
		is_sound(&store);
		page_store_finish(&store);
	}
}

/* ---- what is found ---- */

/* Everything a reader can see, in a chain of hashes; in a process of its own, which may die of it. */
struct reading {
	struct store *store;
	struct crypto_hash *seen;
};

static void read_all(void *context)
{
	struct reading *reading = context;
	struct store *store = reading->store;
	struct crypto_hash seen = {0};
	MDB_txn *transaction;
	page_store_open(store, MDB_RDONLY | MDB_NOTLS | MDB_NOLOCK);
	assert_int_equal(mdb_txn_begin(store->environment, NULL, MDB_RDONLY, &transaction), MDB_SUCCESS);
	for (size_t index = 0; index < (store->named ? 2 : 1); index++) {
		MDB_cursor *cursor;
		MDB_val key;
		MDB_val value;
		MDB_stat stat;
		assert_int_equal(mdb_stat(transaction, store->tables[index], &stat), MDB_SUCCESS);
		assert_int_equal(mdb_cursor_open(transaction, store->tables[index], &cursor), MDB_SUCCESS);
		for (int code = mdb_cursor_get(cursor, &key, &value, MDB_FIRST); code == MDB_SUCCESS;
			code = mdb_cursor_get(cursor, &key, &value, MDB_NEXT)) {
			struct buffer all = {0};
			MDB_val found;
			buffer_append(&all, &seen, sizeof seen);
			buffer_append(&all, &stat.ms_entries, sizeof stat.ms_entries);
			buffer_append(&all, key.mv_data, key.mv_size);
			buffer_append(&all, value.mv_data, value.mv_size);
			crypto_sha256(buffer_slice(&all), &seen);
			buffer_free(&all);
			assert_int_equal(
				mdb_get(transaction, store->tables[index], &key, &found), MDB_SUCCESS);
			assert_ptr_equal(found.mv_data, value.mv_data);
		}
	}
	*reading->seen = seen;
}

/*
 * What a row says is not for this to judge: its key, in order all the same; its value, where a link would be; and the
 * byte by which either may be longer, since nodes begin at even offsets, or the last page of a value be filled.
 */
static bool of_content(const char *how)
{
	return strcmp(how, "key") == 0 || strcmp(how, "link") == 0 || strcmp(how, "size of a node") == 0;
}

/* A first page whose transaction's number was lowered gives way to the one before: what there was a transaction ago. */
static bool of_before(const char *how, const struct crypto_hash *seen)
{
	return strcmp(how, "first pages") == 0 && crypto_hash_equal(&seen[1], &seen[2]);
}

static void make_and_read(
	struct store *store, bool named, struct support_random *random, struct crypto_hash *seen)
{
	struct reading before = {.store = store, .seen = &seen[2]};
	struct reading now = {.store = store, .seen = &seen[0]};
	page_store_start(store, named);
	for (size_t round = 0; round < 5; round++)
		page_store_change(store, random, 300);
	page_store_close(store);
	assert_int_equal(child_run(read_all, &before), 0);
	free(store->bytes);
	page_store_open(store, MDB_NOSYNC | MDB_NOTLS);
	page_store_change(store, random, 300);
	page_store_close(store);
	assert_int_equal(child_run(read_all, &now), 0);
	assert_false(crypto_hash_equal(&seen[0], &seen[2]));
}

/* Either it is found, or readers see what they saw. */
static void test_shaped_pages(void **state)
{
	struct support_random random = support_random_start();
	struct crypto_hash *seen = child_share(3 * sizeof *seen);
	size_t times = support_times(150, 5000);
	size_t found = 0;
	for (int named = 0; named < 2; named++) {
		struct store store;
		make_and_read(&store, named == 1, &random, seen);
		uint8_t *shaped = malloc(store.size + PAGE_SHAPE_SIZE);
		assert_non_null(shaped);
		for (size_t time = 0; time < times; time++) {
			struct page_fault fault;
			size_t size = store.size;
			memcpy(shaped, store.bytes, size);
			const char *how = page_shape(&random, shaped, &size);
			page_store_write(&store, shaped, size);
			enum recourse_error error = page_store_check(&store, true, &fault);
			found += error != RECOURSE_OK;
			if (error != RECOURSE_OK)
				continue;
			struct reading after = {.store = &store, .seen = &seen[1]};
			int status = child_run(read_all, &after);
			bool same = of_content(how) || of_before(how, seen) ||
				    crypto_hash_equal(&seen[0], &seen[1]);
			if (status != 0 || !same)
				print_message("%s: ended with %d\n", how, status);
			assert_true(status == 0 && same);
		}
		free(shaped);
		page_store_finish(&store);
	}
	print_message("%zu shaped, %zu found\n", 2 * times, found);
	assert_true(found > times / 2);
	child_unshare(seen, 3 * sizeof *seen);
}

int main(void)
{
	child_prefer_memory();
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_was_written_is_sound),
		cmocka_unit_test(test_shaped_pages),
	};
	return cmocka_run_group_tests(tests, support_crypto, NULL);
}
