/* SPDX-License-Identifier: Apache-2.0 */
#include "store/lmdb_file.h"
#include "store/lmdb_map.h"

#include "support.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static void test_codes(void **state)
{
	static const struct {
		int code;
		enum recourse_error error;
	} rows[] = {
		{MDB_SUCCESS, RECOURSE_OK},
		{MDB_NOTFOUND, RECOURSE_QUERY_NOT_FOUND},
		{MDB_VERSION_MISMATCH, RECOURSE_VERSION_UNKNOWN},
		{MDB_KEYEXIST, RECOURSE_STORE_CORRUPT},
		{MDB_PAGE_NOTFOUND, RECOURSE_STORE_CORRUPT},
		{MDB_CORRUPTED, RECOURSE_STORE_CORRUPT},
		{MDB_INVALID, RECOURSE_STORE_CORRUPT},
		{MDB_INCOMPATIBLE, RECOURSE_STORE_CORRUPT},
		{MDB_MAP_FULL, RECOURSE_STORE_FULL},
		{ENOSPC, RECOURSE_STORE_FULL},
		{EDQUOT, RECOURSE_STORE_FULL},
		{EFBIG, RECOURSE_STORE_FULL},
		{ENOMEM, RECOURSE_MEMORY},
		{EACCES, RECOURSE_IO},
		{EPERM, RECOURSE_IO},
		{EROFS, RECOURSE_IO},
		{ENOENT, RECOURSE_IO},
		{ENOTDIR, RECOURSE_IO},
		{EISDIR, RECOURSE_IO},
		{EIO, RECOURSE_IO},
		{EMFILE, RECOURSE_IO},
		{ENFILE, RECOURSE_IO},
		{MDB_READERS_FULL, RECOURSE_STORE_FAILED},
		{MDB_BAD_TXN, RECOURSE_STORE_FAILED},
		{MDB_PANIC, RECOURSE_STORE_FAILED},
	};

	for (size_t row = 0; row < sizeof rows / sizeof rows[0]; row++) {
		assert_error(lmdb_file_error(rows[row].code), rows[row].error);
		assert_int_equal(lmdb_file_full(rows[row].code), rows[row].error == RECOURSE_STORE_FULL);
	}
}

static void test_value_is_the_slice(void **state)
{
	static const uint8_t bytes[] = {1, 2, 3};

	MDB_val value = lmdb_file_value(slice_of(bytes, sizeof bytes));
	assert_ptr_equal(value.mv_data, bytes);
	assert_int_equal(value.mv_size, sizeof bytes);
	assert_int_equal(lmdb_file_value(slice_of(NULL, 0)).mv_size, 0);
}

/* An address within the file's map is told from others, and is nobody's once it is closed. */
static void test_map(void **state)
{
	const struct support_directory *directory = *state;
	static const uint8_t byte = 7;
	MDB_val row = lmdb_file_value(slice_of(&byte, 1));
	MDB_val found;
	MDB_env *environment;
	MDB_txn *transaction;
	MDB_dbi table;

	assert_int_equal(lmdb_file_open(directory->path, MDB_NOSYNC, 0, &environment), MDB_SUCCESS);
	assert_int_equal(mdb_txn_begin(environment, NULL, 0, &transaction), MDB_SUCCESS);
	assert_int_equal(mdb_dbi_open(transaction, NULL, 0, &table), MDB_SUCCESS);
	assert_int_equal(mdb_put(transaction, table, &row, &row, 0), MDB_SUCCESS);
	assert_int_equal(lmdb_file_commit(&transaction), MDB_SUCCESS);
	assert_int_equal(mdb_txn_begin(environment, NULL, MDB_RDONLY, &transaction), MDB_SUCCESS);
	assert_int_equal(mdb_get(transaction, table, &row, &found), MDB_SUCCESS);
	const char *path = lmdb_map_find(found.mv_data);
	assert_non_null(path);
	assert_non_null(strstr(path, directory->path));
	assert_null(lmdb_map_find(&byte));
	assert_null(lmdb_map_find(NULL));
	lmdb_file_abort(&transaction);
	lmdb_file_close(&environment);
	assert_null(environment);
	assert_null(lmdb_map_find(found.mv_data));
	lmdb_file_close(&environment);
}

/* Whoever looks at a store does not wait for who would write to a pipe of its name. */
static void test_pipe(void **state)
{
	const struct support_directory *directory = *state;
	char path[SUPPORT_PATH_MAX];
	struct page_fault fault = {.page = 0};

	support_directory_path(directory, "data.mdb", path);
	assert_ok(lmdb_file_check_first(directory->path, &fault));
	assert_int_equal(mkfifo(path, 0600), 0);
	assert_error(lmdb_file_check_first(directory->path, &fault), RECOURSE_IO);
	assert_null(fault.what);
}

static void test_open(void **state)
{
	const struct support_directory *directory = *state;
	char path[SUPPORT_PATH_MAX];
	unsigned int flags;
	unsigned int readers;
	MDB_env *environment;
	MDB_envinfo info;
	struct stat status;

	assert_int_equal(lmdb_file_open("/dev/null/none", 0, 0, &environment), ENOTDIR);
	assert_int_equal(lmdb_file_open(directory->path, MDB_RDONLY, 0, &environment), ENOENT);
	assert_int_equal(lmdb_file_open(directory->path, MDB_NOSYNC, 0, &environment), MDB_SUCCESS);
	assert_int_equal(mdb_env_get_flags(environment, &flags), MDB_SUCCESS);
	assert_int_equal(flags & (MDB_NOTLS | MDB_NOSYNC | MDB_WRITEMAP), MDB_NOTLS | MDB_NOSYNC);
	assert_int_equal(mdb_env_get_maxreaders(environment, &readers), MDB_SUCCESS);
	assert_int_equal(readers, 512);
	assert_int_equal(mdb_env_info(environment, &info), MDB_SUCCESS);
	assert_true(info.me_mapsize == (size_t)1 << 40 || info.me_mapsize == (size_t)1 << 36);
	mdb_env_close(environment);
	support_directory_path(directory, "data.mdb", path);
	assert_int_equal(stat(path, &status), 0);
	assert_int_equal(status.st_mode & 0777, 0600);
}

static MDB_txn *begin(const struct support_directory *directory, unsigned int tables, MDB_env **environment)
{
	MDB_txn *transaction;

	assert_int_equal(lmdb_file_open(directory->path, 0, tables, environment), MDB_SUCCESS);
	assert_int_equal(mdb_txn_begin(*environment, NULL, 0, &transaction), MDB_SUCCESS);
	return transaction;
}

/* As many named tables as were asked for, and not one more. */
static void test_tables(void **state)
{
	const struct support_directory *directory = *state;
	MDB_env *environment;
	MDB_dbi table;

	MDB_txn *transaction = begin(directory, 2, &environment);
	assert_int_equal(mdb_dbi_open(transaction, "one", MDB_CREATE, &table), MDB_SUCCESS);
	assert_int_equal(mdb_dbi_open(transaction, "two", MDB_CREATE, &table), MDB_SUCCESS);
	assert_int_equal(mdb_dbi_open(transaction, "three", MDB_CREATE, &table), MDB_DBS_FULL);
	mdb_txn_abort(transaction);
	mdb_env_close(environment);
}

static void test_measure(void **state)
{
	const struct support_directory *directory = *state;
	const uint8_t bytes[2000] = {1};
	char path[SUPPORT_PATH_MAX];
	struct lmdb_file_length length;
	MDB_env *environment;
	MDB_dbi table;

	MDB_txn *transaction = begin(directory, 0, &environment);
	assert_int_equal(mdb_dbi_open(transaction, NULL, 0, &table), MDB_SUCCESS);
	for (uint32_t number = 0; number < 100; number++) {
		MDB_val key = {.mv_data = &number, .mv_size = sizeof number};
		MDB_val value = lmdb_file_value(slice_of(bytes, sizeof bytes));
		assert_int_equal(mdb_put(transaction, table, &key, &value, 0), MDB_SUCCESS);
	}
	assert_int_equal(mdb_txn_commit(transaction), MDB_SUCCESS);
	assert_ok(lmdb_file_measure(environment, &length));
	assert_true(length.page >= 512 && length.needed % length.page == 0);
	assert_true(length.needed >= 100 * sizeof bytes);
	assert_int_equal(length.actual, length.needed);
	support_directory_path(directory, "data.mdb", path);
	assert_int_equal(truncate(path, 8192), 0);
	uint64_t needed = length.needed;
	assert_ok(lmdb_file_measure(environment, &length));
	assert_int_equal(length.needed, needed);
	assert_int_equal(length.actual, 8192);
	mdb_env_close(environment);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_codes),
		cmocka_unit_test(test_value_is_the_slice),
		DIRECTORY_TEST(test_map),
		DIRECTORY_TEST(test_pipe),
		DIRECTORY_TEST(test_open),
		DIRECTORY_TEST(test_tables),
		DIRECTORY_TEST(test_measure),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
