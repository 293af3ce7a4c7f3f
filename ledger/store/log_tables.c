/* SPDX-License-Identifier: Apache-2.0 */
#include "store/log_tables.h"

#include "base/endian.h"
#include "base/try.h"
#include "store/directory.h"
#include "store/log_key.h"

#include <assert.h>
#include <errno.h>
#include <sys/stat.h>

enum {
	/* 1 stored the leaves' hashes, too; 2 had tables of their own for requests and head; 3 had no tail, */
	FORMAT_VERSION = 5,
	FORMAT_WITH_TAIL = 4, /* and this no file beside it that may have the latest groups (log_latest.h): */
	FORMAT_READ = 3,      /* they are read, and written on */
	HEAD_SIZE = 64,
	TAIL_PAGES_MAX = 64, /* that a commit took at the file's end, gave back and never wrote */
};

/* INTEGERKEY compares keys as size_t. */
_Static_assert(sizeof(size_t) == sizeof(uint64_t), "LMDB's integer keys must be 64 bits");

static const char head_name[] = "head";

static const char *const names[LOG_TABLES_COUNT] = {
	[LOG_TABLES_ADDED] = "added",
	[LOG_TABLES_HASHES] = "hashes",
	[LOG_TABLES_CHECKPOINTS] = "checkpoints",
};

enum recourse_error log_tables_error(int code)
{
	enum recourse_error error = lmdb_file_error(code);

	/* The head counts what is there, so nothing is looked up that may be absent. */
	return error == RECOURSE_QUERY_NOT_FOUND ? RECOURSE_STORE_CORRUPT : error;
}

enum recourse_error log_tables_commit(MDB_txn **transaction)
{
	enum recourse_error error = log_tables_error(lmdb_file_commit(transaction));

	if (error == RECOURSE_OK || error == RECOURSE_STORE_FULL || error == RECOURSE_MEMORY)
		return error;
	return RECOURSE_OUTCOME_UNKNOWN;
}

/*
 *   0 u32 format version   4 u32 zero   8 u64 entries   16 u64 requests   24 u64 time   32 leaf hash   64 the tail
 */
static void head_encode(const struct log_head *head, uint8_t bytes[static HEAD_SIZE])
{
	little_endian_write(bytes, FORMAT_VERSION, 4);
	little_endian_write(bytes + 4, 0, 4);
	little_endian_write(bytes + 8, head->entries, 8);
	little_endian_write(bytes + 16, head->requests, 8);
	little_endian_write(bytes + 24, head->time, 8);
	memcpy(bytes + 32, head->last.bytes, CRYPTO_HASH_SIZE);
}

static enum recourse_error head_decode(slice record, struct log_head *head)
{
	if (record.size < 4)
		return RECOURSE_STORE_CORRUPT;
	uint64_t version = little_endian_read(record.data, 4);
	if ((version < FORMAT_READ || version > FORMAT_VERSION) && version != 0)
		return RECOURSE_VERSION_UNKNOWN;
	size_t most = version >= FORMAT_WITH_TAIL ? HEAD_SIZE + LOG_TAIL_SIZE_MAX : HEAD_SIZE;
	if (version == 0 || record.size < HEAD_SIZE || record.size > most ||
		little_endian_read(record.data + 4, 4) != 0)
		return RECOURSE_STORE_CORRUPT;
	head->entries = little_endian_read(record.data + 8, 8);
	head->requests = little_endian_read(record.data + 16, 8);
	head->time = little_endian_read(record.data + 24, 8);
	memcpy(head->last.bytes, record.data + 32, CRYPTO_HASH_SIZE);
	return head->entries <= TREE_SIZE_MAX ? RECOURSE_OK : RECOURSE_STORE_CORRUPT;
}

enum recourse_error log_tables_get(const struct log_tables *tables, MDB_txn *transaction,
	enum log_tables_name name, uint64_t number, size_t size_max, slice *value)
{
	MDB_val key = {.mv_data = &number, .mv_size = sizeof number};
	MDB_val found;

	TRY(log_tables_error(mdb_get(transaction, tables->handles[name], &key, &found)));
	if (found.mv_size > size_max)
		return RECOURSE_STORE_CORRUPT;
	*value = slice_of(found.mv_data, found.mv_size);
	return RECOURSE_OK;
}

enum recourse_error log_tables_put(const struct log_tables *tables, MDB_txn *transaction,
	enum log_tables_name name, uint64_t number, slice value)
{
	MDB_val key = {.mv_data = &number, .mv_size = sizeof number};
	MDB_val data = lmdb_file_value(value);

	return log_tables_error(mdb_put(transaction, tables->handles[name], &key, &data, 0));
}

enum recourse_error log_tables_open_cursor(
	const struct log_tables *tables, MDB_txn *transaction, MDB_cursor **cursor)
{
	return log_tables_error(mdb_cursor_open(transaction, tables->handles[LOG_TABLES_ADDED], cursor));
}

enum recourse_error log_tables_get_head(
	const struct log_tables *tables, MDB_txn *transaction, struct log_head *head, struct log_tail *tail)
{
	MDB_val key = lmdb_file_value(slice_text(head_name));
	MDB_val found;

	TRY(log_tables_error(mdb_get(transaction, tables->main, &key, &found)));
	slice record = slice_of(found.mv_data, found.mv_size);
	/* A later version's head may be longer: its first four bytes say so better than its length. */
	TRY(head_decode(record, head));
	return log_tail_read(slice_from(record, HEAD_SIZE), head, tail);
}

enum recourse_error log_tables_put_head(
	const struct log_tables *tables, MDB_txn *transaction, const struct log_head *head, slice tail)
{
	MDB_val key = lmdb_file_value(slice_text(head_name));
	MDB_val value = {.mv_data = NULL, .mv_size = HEAD_SIZE + tail.size};

	assert(tail.size <= LOG_TAIL_SIZE_MAX);
	TRY(log_tables_error(mdb_put(transaction, tables->main, &key, &value, MDB_RESERVE)));
	head_encode(head, value.mv_data);
	if (tail.size > 0)
		memcpy((uint8_t *)value.mv_data + HEAD_SIZE, tail.data, tail.size);
	return RECOURSE_OK;
}

enum recourse_error log_tables_count(
	const struct log_tables *tables, MDB_txn *transaction, enum log_tables_name name, uint64_t *count)
{
	MDB_stat status;

	TRY(log_tables_error(mdb_stat(transaction, tables->handles[name], &status)));
	*count = status.ms_entries;
	return RECOURSE_OK;
}

enum recourse_error log_tables_check_last(
	const struct log_tables *tables, MDB_txn *transaction, const struct log_tail *tail)
{
	SCOPED(lmdb_file_close_cursor) MDB_cursor *cursor = NULL;
	struct log_key last;
	MDB_val key;
	MDB_val value;

	TRY(log_tables_open_cursor(tables, transaction, &cursor));
	int code = mdb_cursor_get(cursor, &key, &value, MDB_LAST);
	if (code == MDB_NOTFOUND && tail->entries == 0 && tail->requests == 0)
		return RECOURSE_OK;
	TRY(log_tables_error(code));
	bool same =
		log_key_read(&key, &last) && last.entries == tail->entries && last.requests == tail->requests;
	return same ? RECOURSE_OK : RECOURSE_STORE_CORRUPT;
}

static int open_environment(struct log_tables *tables, const char *directory, unsigned int flags)
{
	return lmdb_file_open(directory, flags, LOG_TABLES_COUNT, &tables->environment);
}

/* A copy that an auditor may not write beside has no lock file to share, and no writer either. */
static int open_environment_to_read(struct log_tables *tables, const char *directory)
{
	int code = open_environment(tables, directory, MDB_RDONLY);
	bool system_refused = code > 0 && code != ENOMEM; /* LMDB's own codes are negative */

	return system_refused ? open_environment(tables, directory, MDB_RDONLY | MDB_NOLOCK) : code;
}

enum recourse_error log_tables_check_file(const char *directory)
{
	char path[DIRECTORY_PATH_SIZE];
	struct stat status;

	TRY(directory_path(directory, "data.mdb", path));
	if (stat(path, &status) != 0 || !S_ISREG(status.st_mode))
		return RECOURSE_IO;
	return status.st_size > 0 ? RECOURSE_OK : RECOURSE_STORE_CORRUPT;
}

static enum recourse_error check_whole(const struct log_tables *tables)
{
	struct lmdb_file_length length;

	TRY(lmdb_file_measure(tables->environment, &length));
	bool whole = length.actual + TAIL_PAGES_MAX * length.page >= length.needed;
	return whole ? RECOURSE_OK : RECOURSE_STORE_CORRUPT;
}

static enum recourse_error open_table(
	struct log_tables *tables, MDB_txn *transaction, enum log_tables_name name, unsigned int flags)
{
	MDB_dbi *handle = &tables->handles[name];

	if (name != LOG_TABLES_ADDED)
		return log_tables_error(
			mdb_dbi_open(transaction, names[name], MDB_INTEGERKEY | flags, handle));
	TRY(log_tables_error(mdb_dbi_open(transaction, names[name], flags, handle)));
	return log_tables_error(mdb_set_compare(transaction, *handle, log_key_compare));
}

static enum recourse_error open_main(struct log_tables *tables, MDB_txn *transaction)
{
	return log_tables_error(mdb_dbi_open(transaction, NULL, 0, &tables->main));
}

static enum recourse_error check_tables(struct log_tables *tables, MDB_txn *transaction)
{
	struct log_head head;
	struct log_tail tail;

	TRY(open_main(tables, transaction));
	TRY(log_tables_get_head(tables, transaction, &head, &tail));
	for (enum log_tables_name name = LOG_TABLES_ADDED; name < LOG_TABLES_COUNT; name++)
		TRY(open_table(tables, transaction, name, 0));
	return log_tables_check_last(tables, transaction, &tail);
}

static struct page_check look(struct page_fault *fault)
{
	/* as LMDB has them: in the order of their names; and those of formats 1 and 2 */
	static const char *const in_order[] = {"added", "checkpoints", "hashes"};
	static const char *const former[] = {"checkpoints", "entries", "hashes", "head", "requests"};

	_Static_assert(sizeof in_order / sizeof in_order[0] == LOG_TABLES_COUNT, "a table is missing");
	return (struct page_check){
		.tables = in_order,
		.table_count = LOG_TABLES_COUNT,
		.with_bytes = in_order[0],
		.row = head_name,
		.former = former,
		.former_count = sizeof former / sizeof former[0],
		.fault = fault,
	};
}

enum recourse_error log_tables_check(struct log_tables *tables, enum lmdb_file_extent extent)
{
	struct page_check check = look(&tables->fault);

	return lmdb_file_check(tables->environment, &check, extent);
}

enum recourse_error log_tables_check_piece(const struct log_tables *tables, struct page_fault *fault,
	struct page_place *place, size_t leaves, bool *done)
{
	struct page_check check = look(fault);

	return lmdb_file_check_piece(tables->environment, &check, place, leaves, done);
}

static enum recourse_error open_tables(struct log_tables *tables)
{
	SCOPED(lmdb_file_abort) MDB_txn *transaction = NULL;

	TRY(check_whole(tables));
	TRY(log_tables_check(tables, LMDB_FILE_PATHS));
	TRY(log_tables_error(mdb_txn_begin(tables->environment, NULL, MDB_RDONLY, &transaction)));
	TRY(check_tables(tables, transaction));
	/* Committing keeps the tables' handles. */
	return log_tables_error(lmdb_file_commit(&transaction));
}

enum recourse_error log_tables_open(struct log_tables *tables, const char *directory, bool read_only)
{
	int dead;

	TRY(lmdb_file_check_first(directory, &tables->fault));
	if (read_only) {
		TRY(log_tables_error(open_environment_to_read(tables, directory)));
		return open_tables(tables);
	}
	TRY(log_tables_error(open_environment(tables, directory, 0)));
	/* A process killed inside its last commit may have left a meta page that only the cache has. */
	if (mdb_env_sync(tables->environment, 1) != MDB_SUCCESS ||
		mdb_reader_check(tables->environment, &dead) != MDB_SUCCESS)
		return RECOURSE_STORE_FAILED;
	return open_tables(tables);
}

enum recourse_error log_tables_open_alone(struct log_tables *tables, const char *directory)
{
	TRY(lmdb_file_check_first(directory, &tables->fault));
	TRY(log_tables_error(open_environment(tables, directory, MDB_NOLOCK)));
	return open_tables(tables);
}

void log_tables_close(struct log_tables *tables)
{
	lmdb_file_close(&tables->environment);
}

enum recourse_error log_tables_create(const char *directory)
{
	const struct log_head head = {0};
	SCOPED(log_tables_close) struct log_tables tables = {0};
	SCOPED(lmdb_file_abort) MDB_txn *transaction = NULL;

	TRY(log_tables_error(open_environment(&tables, directory, 0)));
	TRY(log_tables_error(mdb_txn_begin(tables.environment, NULL, 0, &transaction)));
	TRY(open_main(&tables, transaction));
	for (enum log_tables_name name = LOG_TABLES_ADDED; name < LOG_TABLES_COUNT; name++)
		TRY(open_table(&tables, transaction, name, MDB_CREATE));
	TRY(log_tables_put_head(&tables, transaction, &head, slice_text("")));
	TRY(log_tables_error(lmdb_file_commit(&transaction)));
	return mdb_env_sync(tables.environment, 1) == MDB_SUCCESS ? RECOURSE_OK : RECOURSE_STORE_FAILED;
}
