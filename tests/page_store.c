/* SPDX-License-Identifier: Apache-2.0 */
#include "page_store.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { KEY_MAX = 300 };

static const char *const names[] = {"apples", "pears"};

void page_store_open(struct store *store, unsigned int flags)
{
	MDB_txn *transaction;
	size_t count = store->named ? 2 : 1;
	assert_int_equal(mdb_env_create(&store->environment), MDB_SUCCESS);
	assert_int_equal(mdb_env_set_maxdbs(store->environment, 2), MDB_SUCCESS);
	assert_int_equal(mdb_env_set_mapsize(store->environment, (size_t)1 << 30), MDB_SUCCESS);
	assert_int_equal(mdb_env_open(store->environment, store->directory.path, flags, 0600), MDB_SUCCESS);
	assert_int_equal(
		mdb_txn_begin(store->environment, NULL, flags & MDB_RDONLY, &transaction), MDB_SUCCESS);
	for (size_t index = 0; index < count; index++)
		assert_int_equal(
			mdb_dbi_open(transaction, store->named ? names[index] : NULL,
				store->named ? MDB_INTEGERKEY | (flags & MDB_RDONLY ? 0 : MDB_CREATE) : 0,
				&store->tables[index]),
			MDB_SUCCESS);
	assert_int_equal(mdb_txn_commit(transaction), MDB_SUCCESS);
}

void page_store_start(struct store *store, bool named)
{
	memset(store, 0, sizeof *store);
	store->named = named;
	support_directory_make(&store->directory);
	support_directory_path(&store->directory, "data.mdb", store->path);
	page_store_open(store, MDB_NOSYNC | MDB_NOTLS);
}

void page_store_finish(struct store *store)
{
	support_directory_remove(&store->directory);
	free(store->bytes);
}

/* Rows come, are replaced by others of another length, and go; some are longer than a page. */
void page_store_change(struct store *store, struct support_random *random, size_t steps)
{
	static uint8_t value[20000];
	MDB_txn *transaction;
	assert_int_equal(mdb_txn_begin(store->environment, NULL, 0, &transaction), MDB_SUCCESS);
	for (size_t step = 0; step < steps; step++) {
		uint8_t bytes[KEY_MAX];
		uint64_t number = support_random_below(random, 3000);
		size_t size = store->named ? 8
					   : 1 + (size_t)support_random_below(
							 random, number % 7 == 0 ? KEY_MAX : 20);
		memset(bytes, (int)number & 0xff, sizeof bytes);
		memcpy(bytes, &number, sizeof number);
		MDB_val key = {.mv_data = bytes, .mv_size = size};
		size_t sizes[] = {0, 5, 100, 500, 2033, 4000, 4080, 4081, sizeof value};
		MDB_val data = {.mv_data = value,
			.mv_size = sizes[support_random_below(random, 9 - support_random_below(random, 9))]};
		MDB_dbi table = store->tables[store->named ? number % 2 : 0];
		if (support_random_below(random, 100) < 45)
			assert_true(mdb_del(transaction, table, &key, NULL) != MDB_PANIC);
		else
			assert_int_equal(mdb_put(transaction, table, &key, &data, 0), MDB_SUCCESS);
	}
	assert_int_equal(mdb_txn_commit(transaction), MDB_SUCCESS);
}

static void load(struct store *store)
{
	struct stat status;
	int file = open(store->path, O_RDONLY | O_CLOEXEC);
	assert_int_equal(fstat(file, &status), 0);
	store->size = (size_t)status.st_size;
	store->bytes = malloc(store->size);
	assert_non_null(store->bytes);
	assert_int_equal(read(file, store->bytes, store->size), store->size);
	close(file);
}

void page_store_close(struct store *store)
{
	mdb_env_close(store->environment);
	load(store);
}

void page_store_write(const struct store *store, const uint8_t *bytes, size_t size)
{
	assert_int_equal(unlink(store->path), 0);
	support_write_file(store->path, slice_of(bytes, size));
}

struct page_check page_store_look(const struct store *store, struct page_fault *fault)
{
	*fault = (struct page_fault){.page = 0};
	struct page_check check = {.descriptor = open(store->path, O_RDONLY | O_CLOEXEC),
		.transaction = PAGE_META_NEWEST,
		.tables = names,
		.table_count = store->named ? 2 : 0,
		.fault = fault};
	assert_true(check.descriptor >= 0);
	return check;
}

enum recourse_error page_store_check(const struct store *store, bool all, struct page_fault *fault)
{
	struct page_check check = page_store_look(store, fault);
	enum recourse_error error = all ? page_check_all(&check) : page_check_paths(&check);
	close(check.descriptor);
	return error;
}
