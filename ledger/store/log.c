/* SPDX-License-Identifier: Apache-2.0 */
#include "store/log.h"

#include "base/descriptor.h"
#include "base/try.h"
#include "store/directory.h"
#include "store/lmdb_file.h"
#include "store/lmdb_map.h"
#include "store/log_group.h"
#include "store/log_latest.h"
#include "store/log_requests.h"
#include "store/log_rows.h"
#include "store/log_runs.h"
#include "store/log_tables.h"
#include "store/room.h"

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <lmdb.h>
#include <stdlib.h>
#include <sys/stat.h>

enum { NOTE_SIZE_MAX = 64 * 1024, SITE_LATEST = LMDB_FILE_SITES, SITES };

struct log {
	struct log_tables tables;
	struct directory_lock lock; /* none when read-only */
	int kept_out;               /* while it is mended: lmdb_file_keep_out() */
	bool doubtful;              /* a commit's outcome is unknown */
	uint64_t spare_bytes;
	struct site sites[SITES];
	struct log_latest latest;
	MDB_txn *held; /* while `latest` says anything: the state above which it does */
	bool few;      /* the last group was small */
};

struct log_snapshot {
	const struct log_tables *tables;
	MDB_txn *transaction;
	struct log_head head;
	struct log_tail tail;
	struct log_runs_reader entries;
};

/*
 * Before its meta page a commit may be refused, for want of room or of memory, and nothing of it was written. After any
 * other error nobody knows what the disk holds, and LMDB would carry on: so nothing is written again before the log is
 * opened anew.
 */
static enum recourse_error commit(struct log *log, MDB_txn **transaction)
{
	enum recourse_error error = log_tables_error(lmdb_file_commit(transaction));

	if (error == RECOURSE_OK || error == RECOURSE_STORE_FULL || error == RECOURSE_MEMORY)
		return error;
	log->doubtful = true;
	return RECOURSE_OUTCOME_UNKNOWN;
}

enum recourse_error log_check_room(const struct log *log)
{
	mdb_filehandle_t file;

	if (mdb_env_get_fd(log->tables.environment, &file) != MDB_SUCCESS)
		return RECOURSE_IO;
	return room_check(file, log->spare_bytes);
}

static enum recourse_error begin_write(struct log *log, MDB_txn **transaction)
{
	assert(directory_locked(&log->lock));
	if (log->doubtful)
		return RECOURSE_OUTCOME_UNKNOWN;
	TRY(log_check_room(log));
	return log_tables_error(mdb_txn_begin(log->tables.environment, NULL, 0, transaction));
}

static void assert_group(const struct group *group)
{
	assert(group->chained == group->head.entries);
	assert(group->head.entries <= TREE_SIZE_MAX && group->head.time >= group->before.time);
	for (uint64_t number = group->before.entries; number < group->head.entries; number++)
		assert(group_entry(group, number).size <= LOG_ENTRY_SIZE_MAX);
	for (uint64_t number = group->before.requests; number < group->head.requests; number++)
		assert(group_request(group, number).size <= LOG_REQUEST_SIZE_MAX);
}

/* LMDB does not wait for the disk meanwhile, and writes nothing over what it has now. */
static enum recourse_error hold(struct log *log)
{
	MDB_env *environment = log->tables.environment;

	TRY(log_tables_error(mdb_txn_begin(environment, NULL, MDB_RDONLY, &log->held)));
	return log_tables_error(mdb_env_set_flags(environment, MDB_NOSYNC, 1));
}

static enum recourse_error let_go(struct log *log)
{
	mdb_txn_abort(log->held);
	log->held = NULL;
	return log_tables_error(mdb_env_set_flags(log->tables.environment, MDB_NOSYNC, 0));
}

static enum recourse_error sync_and_clear(struct log *log)
{
	if (log->latest.place > 0 && mdb_env_sync(log->tables.environment, 1) != MDB_SUCCESS)
		return RECOURSE_STORE_FAILED;
	if (log->latest.place > 0)
		TRY(log_latest_clear(&log->latest));
	return let_go(log);
}

/* What LMDB's file has is on the disk from now on, and `latest` says nothing. */
static enum recourse_error settle(struct log *log)
{
	if (log->held == NULL || sync_and_clear(log) == RECOURSE_OK)
		return RECOURSE_OK;
	log->doubtful = true;
	return RECOURSE_OUTCOME_UNKNOWN;
}

/* All is on the disk: what it consists of is held from now on. */
static enum recourse_error begin_latest(struct log *log)
{
	mdb_filehandle_t data;

	if (log->held == NULL)
		TRY(hold(log));
	TRY(log_tables_error(mdb_env_get_fd(log->tables.environment, &data)));
	TRY(site_note(log->latest.path, log->latest.file, &log->sites[SITE_LATEST]));
	return log_latest_begin(&log->latest, data);
}

static enum recourse_error write_latest(struct log *log, const struct group *group)
{
	SCOPED(lmdb_file_abort) MDB_txn *transaction = NULL;

	TRY(begin_write(log, &transaction));
	TRY(log_group_put(&log->tables, transaction, group));
	TRY(log_latest_write(&log->latest, group));
	return commit(log, &transaction);
}

/* On the disk by `latest`, before LMDB's file has it. */
static enum recourse_error append_few(struct log *log, const struct group *group)
{
	uint64_t before = log->latest.place;
	enum recourse_error error = before > 0 ? RECOURSE_OK : begin_latest(log);

	if (error == RECOURSE_OK)
		error = write_latest(log, group);
	if (error == RECOURSE_OK || log->latest.place == before)
		return error;
	/* it may be there, and is not to be */
	TRY(settle(log));
	if (error == RECOURSE_STORE_FULL || error == RECOURSE_MEMORY)
		return error;
	log->doubtful = true;
	return RECOURSE_OUTCOME_UNKNOWN;
}

static enum recourse_error append_at_once(struct log *log, const struct group *group)
{
	SCOPED(lmdb_file_abort) MDB_txn *transaction = NULL;

	TRY(settle(log));
	TRY(begin_write(log, &transaction));
	TRY(log_group_put(&log->tables, transaction, group));
	return commit(log, &transaction);
}

/* One that is small goes the short way behind another: among large ones there is nothing to be gained. */
enum recourse_error log_append(struct log *log, const struct group *group)
{
	assert_group(group);
	bool takes = !log->doubtful && group->bytes.size <= LOG_LATEST_GROUP_MAX;
	bool few = takes && log->few && log_latest_takes(&log->latest, group);
	enum recourse_error error = few ? append_few(log, group) : append_at_once(log, group);
	log->few = takes && error == RECOURSE_OK;
	return error;
}

enum recourse_error log_append_checkpoint(struct log *log, uint64_t size, slice note)
{
	SCOPED(lmdb_file_abort) MDB_txn *transaction = NULL;

	assert(size <= TREE_SIZE_MAX && note.size <= NOTE_SIZE_MAX);
	TRY(settle(log));
	TRY(begin_write(log, &transaction));
	TRY(log_tables_put(&log->tables, transaction, LOG_TABLES_CHECKPOINTS, size, note));
	return commit(log, &transaction);
}

void log_snapshot_close(struct log_snapshot *snapshot)
{
	if (snapshot == NULL)
		return;
	log_runs_reader_close(&snapshot->entries);
	mdb_txn_abort(snapshot->transaction);
	free(snapshot);
}

void log_snapshot_end(struct log_snapshot **snapshot)
{
	log_snapshot_close(*snapshot);
}

enum recourse_error log_snapshot_open(struct log *log, struct log_snapshot **snapshot)
{
	SCOPED(log_snapshot_end) struct log_snapshot *opened = calloc(1, sizeof *opened);

	if (opened == NULL)
		return RECOURSE_MEMORY;
	opened->tables = &log->tables;
	TRY(log_tables_error(mdb_txn_begin(log->tables.environment, NULL, MDB_RDONLY, &opened->transaction)));
	TRY(log_tables_get_head(opened->tables, opened->transaction, &opened->head, &opened->tail));
	*snapshot = opened;
	opened = NULL;
	return RECOURSE_OK;
}

enum recourse_error log_read_head(struct log_snapshot *snapshot, struct log_head *head)
{
	*head = snapshot->head;
	return RECOURSE_OK;
}

enum recourse_error log_read_entry(struct log_snapshot *snapshot, uint64_t number, slice *entry)
{
	if (number >= snapshot->head.entries)
		return RECOURSE_QUERY_NOT_FOUND;
	if (number >= snapshot->tail.entries)
		TRY(log_tail_entry(&snapshot->tail, number, entry));
	else
		TRY(log_runs_get(snapshot->tables, snapshot->transaction, &snapshot->entries, number, entry));
	return entry->size <= LOG_ENTRY_SIZE_MAX ? RECOURSE_OK : RECOURSE_STORE_CORRUPT;
}

enum recourse_error log_read_request(struct log_snapshot *snapshot, uint64_t number, slice *request)
{
	if (number >= snapshot->head.requests)
		return RECOURSE_QUERY_NOT_FOUND;
	if (number >= snapshot->tail.requests)
		TRY(log_tail_request(&snapshot->tail, number, request));
	else
		TRY(log_requests_get(
			snapshot->tables, snapshot->transaction, &snapshot->entries.cursor, number, request));
	return request->size <= LOG_REQUEST_SIZE_MAX ? RECOURSE_OK : RECOURSE_STORE_CORRUPT;
}

enum recourse_error log_read_hash(
	struct log_snapshot *snapshot, uint8_t level, uint64_t index, struct crypto_hash *hash)
{
	slice entry;

	if (level >= TREE_LEVELS || index >= snapshot->head.entries >> (TREE_STRIDE * level))
		return RECOURSE_QUERY_NOT_FOUND;
	if (level > 0)
		return log_rows_get(snapshot->tables, snapshot->transaction, level, index, hash);
	TRY(log_read_entry(snapshot, index, &entry));
	tree_leaf(entry, hash);
	return RECOURSE_OK;
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

enum recourse_error log_read_checkpoint(struct log_snapshot *snapshot, uint64_t at_most, slice *note)
{
	MDB_dbi table = snapshot->tables->handles[LOG_TABLES_CHECKPOINTS];
	SCOPED(lmdb_file_close_cursor) MDB_cursor *cursor = NULL;
	MDB_val value;

	TRY(log_tables_error(mdb_cursor_open(snapshot->transaction, table, &cursor)));
	int code = seek_checkpoint(cursor, at_most, &value);
	if (code == MDB_NOTFOUND)
		return RECOURSE_QUERY_NOT_FOUND;
	TRY(log_tables_error(code));
	if (value.mv_size > NOTE_SIZE_MAX)
		return RECOURSE_STORE_CORRUPT;
	*note = slice_of(value.mv_data, value.mv_size);
	return RECOURSE_OK;
}

enum recourse_error log_read_checkpoint_count(struct log_snapshot *snapshot, uint64_t *count)
{
	return log_tables_count(snapshot->tables, snapshot->transaction, LOG_TABLES_CHECKPOINTS, count);
}

void log_close(struct log *log)
{
	if (log == NULL)
		return;
	if (!log->doubtful)
		(void)settle(log); /* else who opens it next does */
	mdb_txn_abort(log->held);
	log_latest_close(&log->latest);
	log_tables_close(&log->tables);
	descriptor_close(&log->kept_out);
	directory_unlock(&log->lock);
	free(log);
}

enum recourse_error log_check_piece(
	const struct log *log, struct page_fault *fault, struct page_place *place, size_t leaves, bool *done)
{
	return log_tables_check_piece(&log->tables, fault, place, leaves, done);
}

const char *log_find_mapped(const void *address)
{
	return lmdb_map_find(address);
}

bool log_misled(const void *instruction, const void *caller)
{
	return lmdb_map_misled(instruction, caller);
}

struct state_mark_of_log log_mark(const struct log *log)
{
	struct stat status;
	mdb_filehandle_t file;

	if (mdb_env_get_fd(log->tables.environment, &file) != MDB_SUCCESS || fstat(file, &status) != 0)
		return (struct state_mark_of_log){.inode = 0};
	return (struct state_mark_of_log){
		.inode = status.st_ino,
		.size = (uint64_t)status.st_size,
		.written = (uint64_t)status.st_mtim.tv_sec * 1000000000 + (uint64_t)status.st_mtim.tv_nsec,
	};
}

const char *log_find_changed(const struct log *log)
{
	const struct site *changed = site_find_changed(log->sites, SITES);

	return changed == NULL ? NULL : changed->path;
}

static enum recourse_error check_rows(struct log *log)
{
	SCOPED(log_snapshot_end) struct log_snapshot *snapshot = NULL;

	TRY(log_snapshot_open(log, &snapshot));
	TRY(log_runs_check(snapshot->tables, snapshot->transaction, &snapshot->tail));
	return log_rows_check(snapshot->tables, snapshot->transaction, snapshot->head.entries);
}

enum recourse_error log_check_pages(struct log *log, struct page_fault *fault)
{
	enum recourse_error error = log_tables_check(&log->tables, LMDB_FILE_ALL);

	*fault = log->tables.fault;
	return error == RECOURSE_OK ? check_rows(log) : error;
}

static enum recourse_error read_stored(void *context, uint8_t level, uint64_t index, struct crypto_hash *hash)
{
	return log_read_hash(context, level, index, hash);
}

struct tree_source log_tree(struct log_snapshot *snapshot)
{
	return (struct tree_source){.read = read_stored, .context = snapshot};
}

/* ---- opening ---- */

/* To be read behind LMDB's file's name and "page 0: ". */
static enum recourse_error wrong_latest(struct log *log, const char *what)
{
	return page_wrong(&log->tables.fault, 0, what);
}

/* Above what LMDB's file has: the groups that `latest` says, in one commit. */
static enum recourse_error put_latest(
	struct log *log, MDB_txn *transaction, struct log_head *head, struct tree *tree, struct group *group)
{
	struct log_head after;
	uint64_t place = 0;
	uint64_t groups = 0;
	enum recourse_error error;

	while ((error = log_latest_read(&log->latest, &place, head, tree, group, &after)) == RECOURSE_OK) {
		TRY(group_chain(group));
		if (!group_head_equal(&group->head, &after))
			return wrong_latest(log, "log/latest does not have what its own heads say");
		TRY(log_group_put(&log->tables, transaction, group));
		*head = group->head;
		*tree = group->tree;
		groups++;
	}
	if (error != RECOURSE_QUERY_NOT_FOUND)
		return error;
	if (groups == 0)
		return wrong_latest(log, "log/latest goes on from another log");
	if (!log_latest_led(&log->latest, groups))
		return wrong_latest(log, "it is later than all that log/latest has");
	return RECOURSE_OK;
}

static enum recourse_error find_end(struct log *log, struct log_head *head, struct tree *tree)
{
	SCOPED(log_snapshot_end) struct log_snapshot *snapshot = NULL;

	TRY(log_snapshot_open(log, &snapshot));
	*head = snapshot->head;
	return tree_open(log_tree(snapshot), head->entries, tree);
}

/* Nothing is written before it is begun. */
static enum recourse_error add_latest(struct log *log, bool *begun)
{
	SCOPED(lmdb_file_abort) MDB_txn *transaction = NULL;
	SCOPED(group_free) struct group group = {.bytes = {0}};
	struct log_head head;
	struct tree tree;

	TRY(find_end(log, &head, &tree));
	TRY(log_tables_error(mdb_txn_begin(log->tables.environment, NULL, 0, &transaction)));
	TRY(put_latest(log, transaction, &head, &tree, &group));
	*begun = true;
	return commit(log, &transaction);
}

static enum recourse_error open_put_back(struct log *log, const char *directory)
{
	enum recourse_error error = log_tables_open_alone(&log->tables, directory);

	if (error == RECOURSE_STORE_CORRUPT)
		log->tables.fault.what = "it is damaged, or not what log/latest goes on from";
	return error;
}

static enum recourse_error put_back_and_add(struct log *log, const char *directory)
{
	bool begun = false;
	enum recourse_error error = log_latest_restore(&log->latest, directory);

	if (error == RECOURSE_STORE_CORRUPT)
		return wrong_latest(log, "log/latest is of a file whose pages have another size");
	if (error != RECOURSE_OK)
		return error == RECOURSE_QUERY_NOT_FOUND ? RECOURSE_OK : error;
	error = open_put_back(log, directory);
	if (error == RECOURSE_OK)
		error = add_latest(log, &begun);
	log_tables_close(&log->tables);
	if (error != RECOURSE_OK && !begun)
		TRY(log_latest_give_back(&log->latest, directory));
	return error;
}

/*
 * LMDB's first pages are put back, and what was added since is added again: that is right whatever of its file came to the
 * disk. Where the machine was not started since, somebody may be reading what it has: then all of it is taken for written.
 */
static enum recourse_error mend(struct log *log, const char *directory, enum log_latest_standing standing)
{
	enum recourse_error error = lmdb_file_keep_out(directory, &log->kept_out);

	if (error == RECOURSE_STORE_LOCKED && standing == LOG_LATEST_HERE)
		return RECOURSE_OK;
	return error == RECOURSE_OK ? put_back_and_add(log, directory) : error;
}

static enum recourse_error open_tables(struct log *log, const char *directory)
{
	enum log_latest_standing standing;

	TRY(log_latest_look(&log->latest, false, &standing));
	if (standing != LOG_LATEST_NONE)
		TRY(mend(log, directory, standing));
	TRY(log_tables_open(&log->tables, directory, false));
	return standing == LOG_LATEST_NONE ? RECOURSE_OK : log_latest_clear(&log->latest);
}

static enum recourse_error open_to_write(const char *directory, struct log *log)
{
	TRY(directory_lock(directory, &log->lock));
	TRY(open_tables(log, directory));
	if (log->latest.file >= 0)
		TRY(site_note(log->latest.path, log->latest.file, &log->sites[SITE_LATEST]));
	return lmdb_file_note(directory, &log->lock, log->tables.environment, log->sites);
}

/* One that was cut off is first opened by whoever may write there: else nobody could tell what it has. */
static enum recourse_error have_it_mended(const char *directory, struct page_fault *fault)
{
	const struct log_options options = {.directory = directory, .fault = fault};
	struct log *writer;
	enum recourse_error error = log_open(&options, &writer);

	if (error == RECOURSE_OK)
		log_close(writer);
	if (error == RECOURSE_IO)
		fault->what =
			"log/latest has what a power cut left: to be opened once where it can be written";
	return error;
}

static enum recourse_error open_to_read(const char *directory, struct log *log)
{
	enum log_latest_standing standing;

	TRY(log_latest_look(&log->latest, true, &standing));
	if (standing == LOG_LATEST_CUT_OFF)
		TRY(have_it_mended(directory, &log->tables.fault));
	return log_tables_open(&log->tables, directory, true);
}

enum recourse_error log_open(const struct log_options *options, struct log **log)
{
	const char *directory = options->directory;

	TRY(directory_check_local(directory));
	TRY(log_tables_check_file(directory));
	struct log *opened = calloc(1, sizeof *opened);
	if (opened == NULL)
		return RECOURSE_MEMORY;
	opened->lock = DIRECTORY_UNLOCKED;
	opened->kept_out = -1;
	opened->spare_bytes = options->spare_bytes;
	enum recourse_error error = log_latest_start(&opened->latest, directory);
	if (error == RECOURSE_OK)
		error = options->read_only ? open_to_read(directory, opened)
					   : open_to_write(directory, opened);
	if (options->fault != NULL)
		*options->fault = opened->tables.fault;
	if (error == RECOURSE_OK)
		*log = opened;
	else
		log_close(opened);
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

/* The files' names, and the directory's in its parent. */
static enum recourse_error sync_names(const char *directory)
{
	char path[DIRECTORY_PATH_SIZE];

	TRY(directory_path(directory, ".", path));
	TRY(descriptor_sync_directory_of(path));
	TRY(directory_path(directory, "../.", path));
	return descriptor_sync_directory_of(path);
}

enum recourse_error log_create(const char *directory)
{
	if (mkdir(directory, 0700) != 0 && errno != EEXIST)
		return RECOURSE_IO;
	TRY(check_empty(directory));
	TRY(directory_check_local(directory));
	TRY(log_tables_create(directory));
	return sync_names(directory);
}
