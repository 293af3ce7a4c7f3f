/* SPDX-License-Identifier: Apache-2.0 */
#include "store/log.h"

#include "base/descriptor.h"
#include "base/try.h"
#include "store/directory.h"
#include "store/lmdb_file.h"
#include "store/lmdb_map.h"
#include "store/log_group.h"
#include "store/log_latest.h"
#include "store/log_mend.h"
#include "store/log_tables.h"
#include "store/room.h"

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <lmdb.h>
#include <stdlib.h>
#include <sys/stat.h>

enum { SITE_LATEST = LMDB_FILE_SITES, SITES };

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

/* Where nobody knows what came of it nothing is written again before the log is opened anew. */
static enum recourse_error commit(struct log *log, MDB_txn **transaction)
{
	enum recourse_error error = log_tables_commit(transaction);

	log->doubtful = log->doubtful || error == RECOURSE_OUTCOME_UNKNOWN;
	return error;
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

/*
 * What a reader of another process saw when it was killed would else be kept for as long as the log is open: its file would grow by
 * all that is replaced meanwhile. It is asked for each place of a reader, so not with each group.
 */
static enum recourse_error forget_killed_readers(const struct log *log)
{
	int dead;

	return mdb_reader_check(log->tables.environment, &dead) == MDB_SUCCESS ? RECOURSE_OK
									       : RECOURSE_STORE_FAILED;
}

enum recourse_error log_append_checkpoints(
	struct log *log, const struct log_checkpoint *checkpoints, size_t count)
{
	SCOPED(lmdb_file_abort) MDB_txn *transaction = NULL;

	TRY(settle(log));
	TRY(forget_killed_readers(log));
	TRY(begin_write(log, &transaction));
	for (const struct log_checkpoint *one = checkpoints; one < checkpoints + count; one++) {
		assert(one->size <= TREE_SIZE_MAX && one->note.size <= LOG_NOTE_SIZE_MAX);
		TRY(log_tables_put(&log->tables, transaction, LOG_TABLES_CHECKPOINTS, one->size, one->note));
	}
	return commit(log, &transaction);
}

enum recourse_error log_append_checkpoint(struct log *log, uint64_t size, slice note)
{
	const struct log_checkpoint one = {.size = size, .note = note};

	return log_append_checkpoints(log, &one, 1);
}

enum recourse_error log_snapshot_open(struct log *log, struct log_snapshot **snapshot)
{
	return log_read_open(&log->tables, snapshot);
}

void log_close(struct log *log)
{
	if (log == NULL)
		return;
	if (!log->doubtful)
		(void)settle(log); /* else who opens it next does */
	mdb_txn_abort(log->held);
	log_tables_close(&log->tables);
	descriptor_close(&log->kept_out);
	directory_unlock(&log->lock);
	log_latest_close(&log->latest); /* the last: see log_latest_hold() */
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
	SCOPED(log_read_end) struct log_snapshot *snapshot = NULL;

	TRY(log_snapshot_open(log, &snapshot));
	return log_read_check_rows(snapshot);
}

enum recourse_error log_check_pages(struct log *log, struct page_fault *fault)
{
	enum recourse_error error = log_tables_check(&log->tables, LMDB_FILE_ALL);

	*fault = log->tables.fault;
	return error == RECOURSE_OK ? check_rows(log) : error;
}

/* ---- opening ---- */

/* Nothing of it is open. To be closed whatever comes of it; NULL where there is no memory. */
static enum recourse_error make(const char *directory, struct log **log)
{
	struct log *made = calloc(1, sizeof *made);

	*log = made;
	if (made == NULL)
		return RECOURSE_MEMORY;
	made->lock = DIRECTORY_UNLOCKED;
	made->kept_out = -1;
	return log_latest_start(&made->latest, directory);
}

/* `latest` is held from then on. */
static enum recourse_error hold_and_mend(const char *directory, struct log *log)
{
	TRY(log_latest_hold(&log->latest, false));
	TRY(directory_lock(directory, &log->lock));
	return log_mend_to_write(&log->tables, &log->latest, directory, &log->kept_out);
}

static enum recourse_error open_to_write(const char *directory, struct log *log)
{
	TRY(hold_and_mend(directory, log));
	log_latest_let_go(&log->latest);
	if (log->latest.file >= 0)
		TRY(site_note(log->latest.path, log->latest.file, &log->sites[SITE_LATEST]));
	return lmdb_file_note(directory, &log->lock, log->tables.environment, log->sites);
}

/* By whoever may write there: else nobody could tell what it has. STORE_LOCKED: its writer is there. */
static enum recourse_error have_it_mended(const char *directory, struct page_fault *fault)
{
	struct log *writer;
	enum recourse_error error = make(directory, &writer);

	if (error == RECOURSE_OK)
		error = hold_and_mend(directory, writer);
	if (writer != NULL)
		*fault = writer->tables.fault;
	log_close(writer);
	if (error == RECOURSE_IO)
		fault->what = "log/latest has what was cut off: to be opened once where it can be written";
	return error;
}

/*
 * After a kill LMDB's file has all groups for the system, if nobody was killed while it was mended. Beside its writer, who has
 * had all of it mended, it may lack the one that is just being written.
 */
static enum recourse_error open_held(const char *directory, struct log *log, bool *lacking)
{
	enum log_latest_standing standing;

	TRY(log_latest_look(&log->latest, true, &standing));
	*lacking = standing == LOG_LATEST_CUT_OFF;
	if (*lacking)
		return RECOURSE_OK;
	enum recourse_error error = log_tables_open(&log->tables, directory, true);
	const bool whole = error == RECOURSE_OK && !log_mend_needed(&log->tables, &log->latest);
	if (standing == LOG_LATEST_NONE || whole || directory_has_writer(directory))
		return error;
	*lacking = true;
	log_tables_close(&log->tables);
	log->tables.fault = (struct page_fault){.what = NULL};
	return RECOURSE_OK;
}

/* Where it is lacking it is held no more, for who mends it. Where he says that a writer came before him, that one has. */
static enum recourse_error open_to_read(const char *directory, struct log *log)
{
	bool lacking = true;

	while (lacking) {
		TRY(log_latest_hold(&log->latest, true));
		TRY(open_held(directory, log, &lacking));
		log_latest_let_go(&log->latest);
		enum recourse_error error =
			lacking ? have_it_mended(directory, &log->tables.fault) : RECOURSE_OK;
		if (error != RECOURSE_OK && error != RECOURSE_STORE_LOCKED)
			return error;
	}
	return RECOURSE_OK;
}

enum recourse_error log_open(const struct log_options *options, struct log **log)
{
	const char *directory = options->directory;
	struct log *opened;

	TRY(directory_check_local(directory));
	TRY(log_tables_check_file(directory));
	enum recourse_error error = make(directory, &opened);
	if (opened == NULL)
		return error;
	opened->spare_bytes = options->spare_bytes;
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
