/* SPDX-License-Identifier: Apache-2.0 */
#include "store/log_lmdb.h"

#include "base/descriptor.h"
#include "base/try.h"
#include "store/directory.h"
#include "store/lmdb_file.h"
#include "store/lock.h"
#include "store/log_rows.h"
#include "store/log_tables.h"

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <lmdb.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

enum {
	NOTE_SIZE_MAX = 64 * 1024,
	SPARE_BYTES = 64 * 1024 * 1024,
};

struct home {
	struct log log;
	struct log_tables tables;
	struct log_rows rows;
	int lock;      /* −1 when read-only */
	bool doubtful; /* a commit's outcome is unknown */
	uint64_t spare_bytes;
};

struct view {
	struct log_snapshot snapshot;
	MDB_txn *transaction;
	struct log_head head;
};

static bool head_equal(const struct log_head *a, const struct log_head *b)
{
	return a->entries == b->entries && a->requests == b->requests && a->time == b->time &&
	       crypto_hash_equal(&a->last, &b->last);
}

/*
 * Disk or map full shows before the new meta page is written. After any other error nobody knows what
 * the disk holds, and LMDB would carry on: so nothing is written again before the log is opened anew.
 */
static enum recourse_error commit(struct home *home, MDB_txn **transaction)
{
	int code = lmdb_file_commit(transaction);

	if (code == MDB_SUCCESS)
		return RECOURSE_OK;
	if (lmdb_file_full(code))
		return RECOURSE_STORE_FULL;
	home->doubtful = true;
	return RECOURSE_OUTCOME_UNKNOWN;
}

static enum recourse_error check_space(const struct home *home)
{
	struct statvfs status;
	mdb_filehandle_t file;

	if (mdb_env_get_fd(home->tables.environment, &file) != MDB_SUCCESS || fstatvfs(file, &status) != 0)
		return RECOURSE_IO;
	bool enough = (uint64_t)status.f_bavail * status.f_frsize >= home->spare_bytes;
	return enough ? RECOURSE_OK : RECOURSE_STORE_FULL;
}

static enum recourse_error begin_write(struct home *home, MDB_txn **transaction)
{
	assert(home->lock >= 0);
	if (home->doubtful)
		return RECOURSE_OUTCOME_UNKNOWN;
	TRY(check_space(home));
	return log_tables_error(mdb_txn_begin(home->tables.environment, NULL, 0, transaction));
}

static enum recourse_error write_group(struct home *home, MDB_txn *transaction, const struct log_group *group)
{
	const struct log_tables *tables = &home->tables;
	const struct log_head *before = &group->before;
	const struct log_head *after = &group->after;
	struct log_head head;

	TRY(log_tables_get_head(tables, transaction, &head));
	if (!head_equal(&head, before))
		return RECOURSE_FORK;
	TRY(log_tables_append(tables, transaction, LOG_TABLES_REQUESTS, before->requests, group->requests,
		after->requests - before->requests));
	TRY(log_tables_append(tables, transaction, LOG_TABLES_ENTRIES, before->entries, group->entries,
		after->entries - before->entries));
	TRY(log_rows_put(&home->rows, tables, transaction, group->hashes, group->hash_count));
	return log_tables_put_head(tables, transaction, after);
}

static void assert_group(const struct log_group *group)
{
	assert(group->after.entries >= group->before.entries && group->after.entries <= TREE_SIZE_MAX);
	assert(group->after.requests >= group->before.requests);
	assert(group->after.time >= group->before.time);
	assert(group->hash_count >= group->after.entries - group->before.entries);
	for (uint64_t index = 0; index < group->after.entries - group->before.entries; index++)
		assert(group->entries[index].size <= LOG_ENTRY_SIZE_MAX);
	for (uint64_t index = 0; index < group->after.requests - group->before.requests; index++)
		assert(group->requests[index].size <= LOG_REQUEST_SIZE_MAX);
}

static enum recourse_error append(struct log *log, const struct log_group *group)
{
	struct home *home = (struct home *)log;
	SCOPED(lmdb_file_abort) MDB_txn *transaction = NULL;

	assert_group(group);
	TRY(begin_write(home, &transaction));
	TRY(write_group(home, transaction, group));
	return commit(home, &transaction);
}

static enum recourse_error append_checkpoint(struct log *log, uint64_t size, slice note)
{
	struct home *home = (struct home *)log;
	SCOPED(lmdb_file_abort) MDB_txn *transaction = NULL;

	assert(size <= TREE_SIZE_MAX && note.size <= NOTE_SIZE_MAX);
	TRY(begin_write(home, &transaction));
	TRY(log_tables_put(&home->tables, transaction, LOG_TABLES_CHECKPOINTS, size, note));
	return commit(home, &transaction);
}

static enum recourse_error begin_read(const struct log_tables *tables, struct view *view)
{
	TRY(log_tables_error(mdb_txn_begin(tables->environment, NULL, MDB_RDONLY, &view->transaction)));
	return log_tables_get_head(tables, view->transaction, &view->head);
}

static void snapshot_close(struct log_snapshot *snapshot)
{
	struct view *view = (struct view *)snapshot;

	mdb_txn_abort(view->transaction);
	free(view);
}

static enum recourse_error snapshot_open(struct log *log, struct log_snapshot **snapshot)
{
	struct view *view = calloc(1, sizeof *view);
	if (view == NULL)
		return RECOURSE_MEMORY;
	view->snapshot.log = log;
	enum recourse_error error = begin_read(&((struct home *)log)->tables, view);
	if (error == RECOURSE_OK)
		*snapshot = &view->snapshot;
	else
		snapshot_close(&view->snapshot);
	return error;
}

static const struct log_tables *tables_of(const struct view *view)
{
	return &((const struct home *)view->snapshot.log)->tables;
}

static enum recourse_error read_head(struct log_snapshot *snapshot, struct log_head *head)
{
	*head = ((struct view *)snapshot)->head;
	return RECOURSE_OK;
}

static enum recourse_error read_entry(struct log_snapshot *snapshot, uint64_t number, slice *entry)
{
	const struct view *view = (struct view *)snapshot;

	if (number >= view->head.entries)
		return RECOURSE_QUERY_NOT_FOUND;
	return log_tables_get(
		tables_of(view), view->transaction, LOG_TABLES_ENTRIES, number, LOG_ENTRY_SIZE_MAX, entry);
}

static enum recourse_error read_request(struct log_snapshot *snapshot, uint64_t number, slice *request)
{
	const struct view *view = (struct view *)snapshot;

	if (number >= view->head.requests)
		return RECOURSE_QUERY_NOT_FOUND;
	return log_tables_get(tables_of(view), view->transaction, LOG_TABLES_REQUESTS, number,
		LOG_REQUEST_SIZE_MAX, request);
}

static enum recourse_error read_hash(
	struct log_snapshot *snapshot, uint8_t level, uint64_t index, struct crypto_hash *hash)
{
	const struct view *view = (struct view *)snapshot;

	if (level >= TREE_LEVELS || index >= view->head.entries >> (TREE_STRIDE * level))
		return RECOURSE_QUERY_NOT_FOUND;
	return log_rows_get(tables_of(view), view->transaction, level, index, hash);
}

/* LMDB finds the least size that is not below `at_most`; the one before it is wanted, unless it is it. */
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
	const struct view *view = (struct view *)snapshot;
	MDB_dbi table = tables_of(view)->handles[LOG_TABLES_CHECKPOINTS];
	SCOPED(lmdb_file_close_cursor) MDB_cursor *cursor = NULL;
	MDB_val value;

	TRY(log_tables_error(mdb_cursor_open(view->transaction, table, &cursor)));
	int code = seek_checkpoint(cursor, at_most, &value);
	if (code == MDB_NOTFOUND)
		return RECOURSE_QUERY_NOT_FOUND;
	TRY(log_tables_error(code));
	if (value.mv_size > NOTE_SIZE_MAX)
		return RECOURSE_STORE_CORRUPT;
	*note = slice_of(value.mv_data, value.mv_size);
	return RECOURSE_OK;
}

static enum recourse_error count_checkpoints(struct log_snapshot *snapshot, uint64_t *count)
{
	const struct view *view = (struct view *)snapshot;

	return log_tables_count(tables_of(view), view->transaction, LOG_TABLES_CHECKPOINTS, count);
}

static void close_home(struct log *log)
{
	struct home *home = (struct home *)log;

	log_tables_close(&home->tables);
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
	.checkpoint_count = count_checkpoints,
	.close = close_home,
};

static enum recourse_error open_home(struct home *home, const struct log_lmdb_options *options)
{
	if (options->read_only)
		return log_tables_open_to_read(&home->tables, options->directory);
	TRY(lmdb_file_lock(options->directory, &home->lock));
	return log_tables_open_to_write(&home->tables, options->directory);
}

enum recourse_error log_lmdb_open(const struct log_lmdb_options *options, struct log **log)
{
	TRY(lock_check_local(options->directory));
	TRY(log_tables_check_file(options->directory));
	struct home *home = calloc(1, sizeof *home);
	if (home == NULL)
		return RECOURSE_MEMORY;
	home->log.methods = &methods;
	home->lock = -1;
	home->spare_bytes = options->spare_bytes != 0 ? options->spare_bytes : SPARE_BYTES;
	enum recourse_error error = open_home(home, options);
	if (error == RECOURSE_OK)
		*log = &home->log;
	else
		close_home(&home->log);
	return error;
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

static enum recourse_error sync_directory(const char *path)
{
	SCOPED(descriptor_close) const int directory = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	return directory >= 0 && fsync(directory) == 0 ? RECOURSE_OK : RECOURSE_IO;
}

/* The files' names, and the directory's in its parent. */
static enum recourse_error sync_names(const char *path)
{
	char parent[DIRECTORY_PATH_SIZE];

	TRY(sync_directory(path));
	TRY(directory_path(path, "..", parent));
	return sync_directory(parent);
}

enum recourse_error log_lmdb_create(const char *directory)
{
	if (mkdir(directory, 0700) != 0 && errno != EEXIST)
		return RECOURSE_IO;
	TRY(check_empty(directory));
	TRY(lock_check_local(directory));
	TRY(log_tables_create(directory));
	return sync_names(directory);
}
