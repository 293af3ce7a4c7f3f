/* SPDX-License-Identifier: Apache-2.0 */
#include "log_lmdb.h"

#include "lock.h"

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <lmdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

enum {
	FORMAT_VERSION = 1,
	HEAD_SIZE = 64,
	ENTRY_SIZE_MAX = 16 * 1024,
	REQUEST_SIZE_MAX = 2 * 1024 * 1024,
	NOTE_SIZE_MAX = 64 * 1024,
	ROW_SIZE_MAX = TREE_WIDTH * CRYPTO_HASH_SIZE,
	READERS_MAX = 512,
	SPARE_BYTES = 64 * 1024 * 1024,
	TAIL_PAGES_MAX = 64, /* that a commit took at the file's end, gave back and never wrote */
};

#define MAP_SIZE       ((size_t)1 << 40)
#define MAP_SIZE_SMALL ((size_t)1 << 36) /* where address space is rationed: thread sanitizer */

/* INTEGERKEY compares keys as size_t. */
_Static_assert(sizeof(size_t) == sizeof(uint64_t), "LMDB's integer keys must be 64 bits");

/* The head comes first: it says whether the others are understood. */
enum table { TABLE_HEAD, TABLE_ENTRIES, TABLE_REQUESTS, TABLE_HASHES, TABLE_CHECKPOINTS, TABLE_COUNT };

static const char *const table_names[TABLE_COUNT] = {
	[TABLE_HEAD] = "head",
	[TABLE_ENTRIES] = "entries",
	[TABLE_REQUESTS] = "requests",
	[TABLE_HASHES] = "hashes",
	[TABLE_CHECKPOINTS] = "checkpoints",
};

/* One row of the tree's stored hashes while a group is being written. */
struct row {
	uint64_t number;
	size_t count; /* 0: not in use */
	uint8_t hashes[ROW_SIZE_MAX];
};

struct home {
	struct log log;
	MDB_env *environment;
	MDB_dbi tables[TABLE_COUNT];
	int lock; /* −1 when read-only */
	bool doubtful;
	uint64_t spare_bytes;
	struct row rows[TREE_LEVELS];
};

struct view {
	struct log_snapshot snapshot;
	MDB_txn *transaction;
	struct log_head head;
};

static bool is_full(int code)
{
	return code == ENOSPC || code == EDQUOT || code == MDB_MAP_FULL;
}

static enum recourse_error translate(int code)
{
	if (is_full(code))
		return RECOURSE_STORE_FULL;
	switch (code) {
	case MDB_SUCCESS:
		return RECOURSE_OK;
	case MDB_VERSION_MISMATCH:
		return RECOURSE_VERSION_UNKNOWN;
	case MDB_NOTFOUND:
	case MDB_KEYEXIST:
	case MDB_PAGE_NOTFOUND:
	case MDB_CORRUPTED:
	case MDB_INVALID:
	case MDB_INCOMPATIBLE:
		return RECOURSE_STORE_CORRUPT;
	case ENOMEM:
		return RECOURSE_MEMORY;
	case EACCES:
	case EPERM:
	case EROFS:
	case ENOENT:
	case ENOTDIR:
	case EISDIR:
	case EIO:
	case EMFILE:
	case ENFILE:
		return RECOURSE_IO;
	default:
		return RECOURSE_STORE_FAILED;
	}
}

static void write_little(uint8_t *bytes, uint64_t value, size_t size)
{
	for (size_t index = 0; index < size; index++)
		bytes[index] = (uint8_t)(value >> (8 * index));
}

static uint64_t read_little(const uint8_t *bytes, size_t size)
{
	uint64_t value = 0;

	for (size_t index = 0; index < size; index++)
		value |= (uint64_t)bytes[index] << (8 * index);
	return value;
}

static MDB_val value_of(slice bytes)
{
	/* LMDB takes a plain pointer for what it only reads. */
	union {
		const uint8_t *given;
		void *taken;
	} data = {.given = bytes.data};

	return (MDB_val){.mv_data = data.taken, .mv_size = bytes.size};
}

/*
 *   0 u32 format version   4 u32 zero   8 u64 entries   16 u64 requests   24 u64 time   32 leaf hash
 */
static void head_encode(const struct log_head *head, uint8_t bytes[static HEAD_SIZE])
{
	write_little(bytes, FORMAT_VERSION, 4);
	write_little(bytes + 4, 0, 4);
	write_little(bytes + 8, head->entries, 8);
	write_little(bytes + 16, head->requests, 8);
	write_little(bytes + 24, head->time, 8);
	memcpy(bytes + 32, head->last.bytes, CRYPTO_HASH_SIZE);
}

static enum recourse_error head_decode(slice record, struct log_head *head)
{
	if (record.size < 4)
		return RECOURSE_STORE_CORRUPT;
	uint64_t version = read_little(record.data, 4);
	if (version > FORMAT_VERSION)
		return RECOURSE_VERSION_UNKNOWN;
	if (version != FORMAT_VERSION || record.size != HEAD_SIZE || read_little(record.data + 4, 4) != 0)
		return RECOURSE_STORE_CORRUPT;
	head->entries = read_little(record.data + 8, 8);
	head->requests = read_little(record.data + 16, 8);
	head->time = read_little(record.data + 24, 8);
	memcpy(head->last.bytes, record.data + 32, CRYPTO_HASH_SIZE);
	return head->entries <= TREE_SIZE_MAX ? RECOURSE_OK : RECOURSE_STORE_CORRUPT;
}

static bool head_equal(const struct log_head *a, const struct log_head *b)
{
	return a->entries == b->entries && a->requests == b->requests && a->time == b->time &&
	       crypto_hash_equal(&a->last, &b->last);
}

/* STORE_CORRUPT when absent or longer than anything that was ever written there. */
static enum recourse_error get(const struct home *home, MDB_txn *transaction, enum table table,
	uint64_t number, size_t size_max, slice *value)
{
	MDB_val key = {.mv_data = &number, .mv_size = sizeof number};
	MDB_val found;

	enum recourse_error error = translate(mdb_get(transaction, home->tables[table], &key, &found));
	if (error != RECOURSE_OK)
		return error;
	if (found.mv_size > size_max)
		return RECOURSE_STORE_CORRUPT;
	*value = slice_of(found.mv_data, found.mv_size);
	return RECOURSE_OK;
}

static enum recourse_error put(const struct home *home, MDB_txn *transaction, enum table table,
	uint64_t number, slice value, unsigned int flags)
{
	MDB_val key = {.mv_data = &number, .mv_size = sizeof number};
	MDB_val data = value_of(value);

	return translate(mdb_put(transaction, home->tables[table], &key, &data, flags));
}

static enum recourse_error get_head(const struct home *home, MDB_txn *transaction, struct log_head *head)
{
	slice record;

	enum recourse_error error = get(home, transaction, TABLE_HEAD, 0, SIZE_MAX, &record);
	return error == RECOURSE_OK ? head_decode(record, head) : error;
}

static enum recourse_error put_head(const struct home *home, MDB_txn *transaction,
	const struct log_head *head)
{
	uint8_t bytes[HEAD_SIZE];

	head_encode(head, bytes);
	return put(home, transaction, TABLE_HEAD, 0, slice_of(bytes, sizeof bytes), 0);
}

/*
 * Disk or map full shows before the new meta page is written. After any other error nobody knows what
 * the disk holds, and LMDB would carry on: so nothing is written again before the log is opened anew.
 */
static enum recourse_error commit(struct home *home, MDB_txn *transaction)
{
	int code = mdb_txn_commit(transaction);

	if (code == MDB_SUCCESS)
		return RECOURSE_OK;
	if (is_full(code))
		return RECOURSE_STORE_FULL;
	home->doubtful = true;
	return RECOURSE_OUTCOME_UNKNOWN;
}

static enum recourse_error check_space(const struct home *home)
{
	struct statvfs status;
	mdb_filehandle_t file;

	if (mdb_env_get_fd(home->environment, &file) != MDB_SUCCESS || fstatvfs(file, &status) != 0)
		return RECOURSE_IO;
	bool enough = (uint64_t)status.f_bavail * status.f_frsize >= home->spare_bytes;
	return enough ? RECOURSE_OK : RECOURSE_STORE_FULL;
}

static enum recourse_error begin_write(struct home *home, MDB_txn **transaction)
{
	assert(home->lock >= 0);
	if (home->doubtful)
		return RECOURSE_OUTCOME_UNKNOWN;
	enum recourse_error error = check_space(home);
	if (error != RECOURSE_OK)
		return error;
	return translate(mdb_txn_begin(home->environment, NULL, 0, transaction));
}

static uint64_t row_key(size_t level, uint64_t number)
{
	return (uint64_t)level << 56 | number;
}

static enum recourse_error row_flush(struct home *home, MDB_txn *transaction, size_t level)
{
	struct row *row = &home->rows[level];

	if (row->count == 0)
		return RECOURSE_OK;
	slice hashes = slice_of(row->hashes, row->count * CRYPTO_HASH_SIZE);
	row->count = 0;
	return put(home, transaction, TABLE_HASHES, row_key(level, row->number), hashes, 0);
}

/* Takes up a row that an earlier group left unfinished. */
static enum recourse_error row_load(struct home *home, MDB_txn *transaction, size_t level, uint64_t number,
	size_t count)
{
	struct row *row = &home->rows[level];
	slice hashes;

	row->number = number;
	if (count == 0)
		return RECOURSE_OK;
	enum recourse_error error =
		get(home, transaction, TABLE_HASHES, row_key(level, number), ROW_SIZE_MAX, &hashes);
	if (error != RECOURSE_OK)
		return error;
	if (hashes.size != count * CRYPTO_HASH_SIZE)
		return RECOURSE_STORE_CORRUPT;
	memcpy(row->hashes, hashes.data, hashes.size);
	row->count = count;
	return RECOURSE_OK;
}

static enum recourse_error put_hash(struct home *home, MDB_txn *transaction, const struct tree_stored *stored)
{
	assert(stored->level < TREE_LEVELS);
	struct row *row = &home->rows[stored->level];
	uint64_t number = stored->index / TREE_WIDTH;
	size_t slot = stored->index % TREE_WIDTH;

	if (row->count == 0) {
		enum recourse_error error = row_load(home, transaction, stored->level, number, slot);
		if (error != RECOURSE_OK)
			return error;
	}
	assert(row->number == number && row->count == slot);
	memcpy(row->hashes + slot * CRYPTO_HASH_SIZE, stored->hash.bytes, CRYPTO_HASH_SIZE);
	row->count++;
	return row->count == TREE_WIDTH ? row_flush(home, transaction, stored->level) : RECOURSE_OK;
}

static enum recourse_error put_hashes(struct home *home, MDB_txn *transaction, const struct log_group *group)
{
	enum recourse_error error = RECOURSE_OK;

	for (size_t level = 0; level < TREE_LEVELS; level++)
		home->rows[level].count = 0;
	for (size_t index = 0; error == RECOURSE_OK && index < group->hash_count; index++)
		error = put_hash(home, transaction, &group->hashes[index]);
	for (size_t level = 0; error == RECOURSE_OK && level < TREE_LEVELS; level++)
		error = row_flush(home, transaction, level);
	return error;
}

static enum recourse_error put_numbered(const struct home *home, MDB_txn *transaction, enum table table,
	uint64_t first, const slice *values, uint64_t count)
{
	MDB_cursor *cursor;

	enum recourse_error error = translate(mdb_cursor_open(transaction, home->tables[table], &cursor));
	if (error != RECOURSE_OK)
		return error;
	for (uint64_t index = 0; error == RECOURSE_OK && index < count; index++) {
		uint64_t number = first + index;
		MDB_val key = {.mv_data = &number, .mv_size = sizeof number};
		MDB_val data = value_of(values[index]);
		error = translate(mdb_cursor_put(cursor, &key, &data, MDB_APPEND));
	}
	mdb_cursor_close(cursor);
	return error;
}

static enum recourse_error write_group(struct home *home, MDB_txn *transaction, const struct log_group *group)
{
	const struct log_head *before = &group->before;
	const struct log_head *after = &group->after;
	struct log_head head;

	enum recourse_error error = get_head(home, transaction, &head);
	if (error != RECOURSE_OK)
		return error;
	if (!head_equal(&head, before))
		return RECOURSE_FORK;
	error = put_numbered(home, transaction, TABLE_REQUESTS, before->requests, group->requests,
		after->requests - before->requests);
	if (error != RECOURSE_OK)
		return error;
	error = put_numbered(home, transaction, TABLE_ENTRIES, before->entries, group->entries,
		after->entries - before->entries);
	if (error != RECOURSE_OK)
		return error;
	error = put_hashes(home, transaction, group);
	if (error != RECOURSE_OK)
		return error;
	return put_head(home, transaction, after);
}

static void assert_group(const struct log_group *group)
{
	assert(group->after.entries >= group->before.entries && group->after.entries <= TREE_SIZE_MAX);
	assert(group->after.requests >= group->before.requests);
	assert(group->after.time >= group->before.time);
	assert(group->hash_count >= group->after.entries - group->before.entries);
	for (uint64_t index = 0; index < group->after.entries - group->before.entries; index++)
		assert(group->entries[index].size <= ENTRY_SIZE_MAX);
	for (uint64_t index = 0; index < group->after.requests - group->before.requests; index++)
		assert(group->requests[index].size <= REQUEST_SIZE_MAX);
}

static enum recourse_error append(struct log *log, const struct log_group *group)
{
	struct home *home = (struct home *)log;
	MDB_txn *transaction;

	assert_group(group);
	enum recourse_error error = begin_write(home, &transaction);
	if (error != RECOURSE_OK)
		return error;
	error = write_group(home, transaction, group);
	if (error != RECOURSE_OK) {
		mdb_txn_abort(transaction);
		return error;
	}
	return commit(home, transaction);
}

static enum recourse_error append_checkpoint(struct log *log, uint64_t size, slice note)
{
	struct home *home = (struct home *)log;
	MDB_txn *transaction;

	assert(size <= TREE_SIZE_MAX && note.size <= NOTE_SIZE_MAX);
	enum recourse_error error = begin_write(home, &transaction);
	if (error != RECOURSE_OK)
		return error;
	error = put(home, transaction, TABLE_CHECKPOINTS, size, note, 0);
	if (error != RECOURSE_OK) {
		mdb_txn_abort(transaction);
		return error;
	}
	return commit(home, transaction);
}

static enum recourse_error snapshot_open(struct log *log, struct log_snapshot **snapshot)
{
	struct home *home = (struct home *)log;

	struct view *view = calloc(1, sizeof *view);
	if (view == NULL)
		return RECOURSE_MEMORY;
	view->snapshot.log = log;
	enum recourse_error error =
		translate(mdb_txn_begin(home->environment, NULL, MDB_RDONLY, &view->transaction));
	if (error != RECOURSE_OK)
		goto fail_begin;
	error = get_head(home, view->transaction, &view->head);
	if (error != RECOURSE_OK)
		goto fail_head;
	*snapshot = &view->snapshot;
	return RECOURSE_OK;

fail_head:
	mdb_txn_abort(view->transaction);
fail_begin:
	free(view);
	return error;
}

static void snapshot_close(struct log_snapshot *snapshot)
{
	struct view *view = (struct view *)snapshot;

	mdb_txn_abort(view->transaction);
	free(view);
}

static enum recourse_error read_head(struct log_snapshot *snapshot, struct log_head *head)
{
	*head = ((struct view *)snapshot)->head;
	return RECOURSE_OK;
}

static enum recourse_error read_entry(struct log_snapshot *snapshot, uint64_t number, slice *entry)
{
	struct view *view = (struct view *)snapshot;
	struct home *home = (struct home *)snapshot->log;

	if (number >= view->head.entries)
		return RECOURSE_QUERY_NOT_FOUND;
	return get(home, view->transaction, TABLE_ENTRIES, number, ENTRY_SIZE_MAX, entry);
}

static enum recourse_error read_request(struct log_snapshot *snapshot, uint64_t number, slice *request)
{
	struct view *view = (struct view *)snapshot;
	struct home *home = (struct home *)snapshot->log;

	if (number >= view->head.requests)
		return RECOURSE_QUERY_NOT_FOUND;
	return get(home, view->transaction, TABLE_REQUESTS, number, REQUEST_SIZE_MAX, request);
}

static enum recourse_error read_hash(struct log_snapshot *snapshot, uint8_t level, uint64_t index,
	struct crypto_hash *hash)
{
	struct view *view = (struct view *)snapshot;
	slice row;

	if (level >= TREE_LEVELS || index >= view->head.entries >> (TREE_STRIDE * level))
		return RECOURSE_QUERY_NOT_FOUND;
	enum recourse_error error = get((struct home *)snapshot->log, view->transaction, TABLE_HASHES,
		row_key(level, index / TREE_WIDTH), ROW_SIZE_MAX, &row);
	if (error != RECOURSE_OK)
		return error;
	size_t offset = index % TREE_WIDTH * CRYPTO_HASH_SIZE;
	if (row.size % CRYPTO_HASH_SIZE != 0 || row.size < offset + CRYPTO_HASH_SIZE)
		return RECOURSE_STORE_CORRUPT;
	memcpy(hash->bytes, row.data + offset, CRYPTO_HASH_SIZE);
	return RECOURSE_OK;
}

static int seek_checkpoint(MDB_cursor *cursor, uint64_t at_most, MDB_val *value)
{
	uint64_t size = at_most;
	MDB_val key = {.mv_data = &size, .mv_size = sizeof size};

	int code = mdb_cursor_get(cursor, &key, value, MDB_SET_RANGE);
	if (code == MDB_NOTFOUND)
		return mdb_cursor_get(cursor, &key, value, MDB_LAST);
	if (code != MDB_SUCCESS)
		return code;
	if (key.mv_size != sizeof size)
		return MDB_CORRUPTED;
	memcpy(&size, key.mv_data, sizeof size);
	return size == at_most ? MDB_SUCCESS : mdb_cursor_get(cursor, &key, value, MDB_PREV);
}

static enum recourse_error read_checkpoint(struct log_snapshot *snapshot, uint64_t at_most, slice *note)
{
	struct view *view = (struct view *)snapshot;
	struct home *home = (struct home *)snapshot->log;
	MDB_cursor *cursor;
	MDB_val value;

	enum recourse_error error =
		translate(mdb_cursor_open(view->transaction, home->tables[TABLE_CHECKPOINTS], &cursor));
	if (error != RECOURSE_OK)
		return error;
	int code = seek_checkpoint(cursor, at_most, &value);
	mdb_cursor_close(cursor);
	if (code == MDB_NOTFOUND)
		return RECOURSE_QUERY_NOT_FOUND;
	error = translate(code);
	if (error != RECOURSE_OK)
		return error;
	if (value.mv_size > NOTE_SIZE_MAX)
		return RECOURSE_STORE_CORRUPT;
	*note = slice_of(value.mv_data, value.mv_size);
	return RECOURSE_OK;
}

static void close_home(struct log *log)
{
	struct home *home = (struct home *)log;

	mdb_env_close(home->environment);
	if (home->lock >= 0)
		lock_release(home->lock);
	free(home);
}

static const struct log_methods methods = {
	.append = append,
	.append_checkpoint = append_checkpoint,
	.snapshot_open = snapshot_open,
	.snapshot_close = snapshot_close,
	.head = read_head,
	.entry = read_entry,
	.request = read_request,
	.hash = read_hash,
	.checkpoint = read_checkpoint,
	.close = close_home,
};

static int try_environment(const char *directory, unsigned int flags, size_t map_size, MDB_env **environment)
{
	int code = mdb_env_create(environment);
	if (code != MDB_SUCCESS)
		return code;
	code = mdb_env_set_maxdbs(*environment, TABLE_COUNT);
	if (code == MDB_SUCCESS)
		code = mdb_env_set_maxreaders(*environment, READERS_MAX);
	if (code == MDB_SUCCESS)
		code = mdb_env_set_mapsize(*environment, map_size);
	if (code == MDB_SUCCESS)
		code = mdb_env_open(*environment, directory, flags | MDB_NOTLS, 0600);
	if (code != MDB_SUCCESS)
		mdb_env_close(*environment);
	return code;
}

static int open_environment(const char *directory, unsigned int flags, MDB_env **environment)
{
	int code = try_environment(directory, flags, MAP_SIZE, environment);

	return code == ENOMEM ? try_environment(directory, flags, MAP_SIZE_SMALL, environment) : code;
}

/* A copy that an auditor may not write beside has no lock file to share, and no writer either. */
static int open_environment_to_read(const char *directory, MDB_env **environment)
{
	int code = open_environment(directory, MDB_RDONLY, environment);
	bool system_refused = code > 0 && code != ENOMEM;

	return system_refused ? open_environment(directory, MDB_RDONLY | MDB_NOLOCK, environment) : code;
}

/* LMDB would make a file that is missing, and take the first touch of one cut short for a bus error. */
static enum recourse_error check_file(const char *directory)
{
	char *path;
	struct stat status;

	if (asprintf(&path, "%s/data.mdb", directory) < 0)
		return RECOURSE_MEMORY;
	bool there = stat(path, &status) == 0 && S_ISREG(status.st_mode);
	free(path);
	if (!there)
		return RECOURSE_IO;
	return status.st_size > 0 ? RECOURSE_OK : RECOURSE_STORE_CORRUPT;
}

static enum recourse_error check_file_whole(const struct home *home)
{
	MDB_envinfo info;
	MDB_stat pages;
	struct stat status;
	mdb_filehandle_t file;

	if (mdb_env_info(home->environment, &info) != MDB_SUCCESS ||
		mdb_env_stat(home->environment, &pages) != MDB_SUCCESS ||
		mdb_env_get_fd(home->environment, &file) != MDB_SUCCESS || fstat(file, &status) != 0)
		return RECOURSE_IO;
	uint64_t page_count = (uint64_t)status.st_size / pages.ms_psize;
	return page_count + TAIL_PAGES_MAX > info.me_last_pgno ? RECOURSE_OK : RECOURSE_STORE_CORRUPT;
}

static enum recourse_error check_count(const struct home *home, MDB_txn *transaction, enum table table,
	uint64_t count)
{
	MDB_stat status;

	enum recourse_error error = translate(mdb_stat(transaction, home->tables[table], &status));
	if (error != RECOURSE_OK)
		return error;
	return status.ms_entries == count ? RECOURSE_OK : RECOURSE_STORE_CORRUPT;
}

static enum recourse_error open_table(struct home *home, MDB_txn *transaction, enum table table,
	unsigned int flags)
{
	const char *name = table_names[table];

	return translate(mdb_dbi_open(transaction, name, MDB_INTEGERKEY | flags, &home->tables[table]));
}

static enum recourse_error check_tables(struct home *home, MDB_txn *transaction)
{
	struct log_head head;

	enum recourse_error error = open_table(home, transaction, TABLE_HEAD, 0);
	if (error == RECOURSE_OK)
		error = get_head(home, transaction, &head);
	for (enum table table = TABLE_ENTRIES; error == RECOURSE_OK && table < TABLE_COUNT; table++)
		error = open_table(home, transaction, table, 0);
	if (error == RECOURSE_OK)
		error = check_count(home, transaction, TABLE_ENTRIES, head.entries);
	if (error == RECOURSE_OK)
		error = check_count(home, transaction, TABLE_REQUESTS, head.requests);
	return error;
}

static enum recourse_error open_tables(struct home *home)
{
	MDB_txn *transaction;

	enum recourse_error error = check_file_whole(home);
	if (error != RECOURSE_OK)
		return error;
	error = translate(mdb_txn_begin(home->environment, NULL, MDB_RDONLY, &transaction));
	if (error != RECOURSE_OK)
		return error;
	error = check_tables(home, transaction);
	if (error != RECOURSE_OK) {
		mdb_txn_abort(transaction);
		return error;
	}
	/* Committing keeps the table handles. */
	return translate(mdb_txn_commit(transaction));
}

static enum recourse_error take_lock(const char *directory, int *lock)
{
	char *path;

	if (asprintf(&path, "%s/writer.lock", directory) < 0)
		return RECOURSE_MEMORY;
	enum recourse_error error = lock_take(path, lock);
	free(path);
	return error;
}

static enum recourse_error open_to_write(struct home *home, const char *directory)
{
	int dead;

	enum recourse_error error = take_lock(directory, &home->lock);
	if (error != RECOURSE_OK)
		return error;
	error = translate(open_environment(directory, 0, &home->environment));
	if (error != RECOURSE_OK)
		goto fail_open;
	/* A process killed inside its last commit may have left a meta page that only the cache has. */
	if (mdb_env_sync(home->environment, 1) != MDB_SUCCESS ||
		mdb_reader_check(home->environment, &dead) != MDB_SUCCESS) {
		error = RECOURSE_STORE_FAILED;
		goto fail_sync;
	}
	error = open_tables(home);
	if (error != RECOURSE_OK)
		goto fail_sync;
	return RECOURSE_OK;

fail_sync:
	mdb_env_close(home->environment);
fail_open:
	lock_release(home->lock);
	return error;
}

static enum recourse_error open_to_read(struct home *home, const char *directory)
{
	enum recourse_error error = translate(open_environment_to_read(directory, &home->environment));

	if (error != RECOURSE_OK)
		return error;
	error = open_tables(home);
	if (error != RECOURSE_OK)
		mdb_env_close(home->environment);
	return error;
}

enum recourse_error log_lmdb_open(const struct log_lmdb_options *options, struct log **log)
{
	enum recourse_error error = lock_check_local(options->directory);
	if (error == RECOURSE_OK)
		error = check_file(options->directory);
	if (error != RECOURSE_OK)
		return error;
	struct home *home = calloc(1, sizeof *home);
	if (home == NULL)
		return RECOURSE_MEMORY;
	home->log.methods = &methods;
	home->lock = -1;
	home->spare_bytes = options->spare_bytes != 0 ? options->spare_bytes : SPARE_BYTES;
	error = options->read_only ? open_to_read(home, options->directory)
				   : open_to_write(home, options->directory);
	if (error != RECOURSE_OK) {
		free(home);
		return error;
	}
	*log = &home->log;
	return RECOURSE_OK;
}

static enum recourse_error check_empty(const char *path)
{
	DIR *directory = opendir(path);
	size_t count = 0;

	if (directory == NULL)
		return errno == ENOTDIR ? RECOURSE_EXISTS : RECOURSE_IO;
	while (readdir(directory) != NULL)
		count++;
	closedir(directory);
	return count <= 2 ? RECOURSE_OK : RECOURSE_EXISTS; /* itself and its parent */
}

static enum recourse_error sync_directory(int base, const char *path)
{
	int file = openat(base, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (file < 0)
		return RECOURSE_IO;
	int code = fsync(file);
	close(file);
	return code == 0 ? RECOURSE_OK : RECOURSE_IO;
}

/* The files' names, and the directory's in its parent. */
static enum recourse_error sync_names(const char *path)
{
	int directory = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (directory < 0)
		return RECOURSE_IO;
	enum recourse_error error = sync_directory(directory, ".");
	if (error == RECOURSE_OK)
		error = sync_directory(directory, "..");
	close(directory);
	return error;
}

static enum recourse_error write_first(struct home *home)
{
	const struct log_head head = {0};
	MDB_txn *transaction;

	enum recourse_error error = translate(mdb_txn_begin(home->environment, NULL, 0, &transaction));
	if (error != RECOURSE_OK)
		return error;
	for (enum table table = TABLE_HEAD; error == RECOURSE_OK && table < TABLE_COUNT; table++)
		error = open_table(home, transaction, table, MDB_CREATE);
	if (error == RECOURSE_OK)
		error = put_head(home, transaction, &head);
	if (error != RECOURSE_OK) {
		mdb_txn_abort(transaction);
		return error;
	}
	error = translate(mdb_txn_commit(transaction));
	if (error == RECOURSE_OK && mdb_env_sync(home->environment, 1) != MDB_SUCCESS)
		error = RECOURSE_STORE_FAILED;
	return error;
}

enum recourse_error log_lmdb_create(const char *directory)
{
	struct home home = {.lock = -1};

	if (mkdir(directory, 0700) != 0 && errno != EEXIST)
		return RECOURSE_IO;
	enum recourse_error error = check_empty(directory);
	if (error == RECOURSE_OK)
		error = lock_check_local(directory);
	if (error != RECOURSE_OK)
		return error;
	error = translate(open_environment(directory, 0, &home.environment));
	if (error != RECOURSE_OK)
		return error;
	error = write_first(&home);
	mdb_env_close(home.environment);
	return error == RECOURSE_OK ? sync_names(directory) : error;
}
