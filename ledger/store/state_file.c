/* SPDX-License-Identifier: Apache-2.0 */
#include "store/state_file.h"

#include "base/descriptor.h"
#include "base/try.h"
#include "base/endian.h"
#include "store/boot.h"
#include "store/directory.h"
#include "store/lmdb_file.h"
#include "store/state_mark.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	FORMAT_VERSION = 9,
	METADATA_SIZE = 100,
	RECORD_SIZE = METADATA_SIZE + SEAL_SIZE,
	LOG_SIZE = 24,
	CLEAN_SIZE =
		RECORD_SIZE +
		LOG_SIZE, /* of the mark of a state that was closed well: its record, and which log it followed */
};

static const uint8_t metadata_key[] = {0, 's', 't', 'a', 't', 'e'};

struct metadata {
	uint32_t format;
	struct state_position position;
	uint64_t seals;
};

/*
 *   0 u32 format version   4 u32 format of what is in it   8 u64 entries   16 u64 requests   24 log id   56 boot id
 *   92 u64 sum of seals
 *
 * Nobody reads the boot id here: with it the record of another boot is another, and not that of which the mark speaks.
 */
static enum recourse_error metadata_decode(slice record, struct metadata *metadata)
{
	if (record.size != METADATA_SIZE || little_endian_read(record.data, 4) != FORMAT_VERSION)
		return RECOURSE_STORE_CORRUPT;
	metadata->format = (uint32_t)little_endian_read(record.data + 4, 4);
	metadata->position.entries = little_endian_read(record.data + 8, 8);
	metadata->position.requests = little_endian_read(record.data + 16, 8);
	memcpy(metadata->position.log_id, record.data + 24, sizeof metadata->position.log_id);
	metadata->seals = little_endian_read(record.data + 92, 8);
	return RECOURSE_OK;
}

/* As it is stored, with its seal. QUERY_NOT_FOUND in a file that nothing was ever written to. */
static enum recourse_error get_record(const struct state_file *file, MDB_txn *transaction, slice *record)
{
	MDB_val key = lmdb_file_value(slice_of(metadata_key, sizeof metadata_key));
	MDB_val found;

	TRY(lmdb_file_error(mdb_get(transaction, file->table, &key, &found)));
	*record = slice_of(found.mv_data, found.mv_size);
	return RECOURSE_OK;
}

static enum recourse_error get_metadata(
	const struct state_file *file, MDB_txn *transaction, struct metadata *metadata)
{
	slice stored;
	slice record;

	TRY(get_record(file, transaction, &stored));
	TRY(seal_open(&file->seal, slice_of(metadata_key, sizeof metadata_key), stored, &record));
	return metadata_decode(record, metadata);
}

static enum recourse_error put_metadata(
	const struct state_file *file, MDB_txn *transaction, const struct state_position *position)
{
	uint8_t bytes[METADATA_SIZE];
	uint8_t sealed[SEAL_ROOM];
	slice name = slice_of(metadata_key, sizeof metadata_key);
	MDB_val key = lmdb_file_value(name);

	little_endian_write(bytes, FORMAT_VERSION, 4);
	little_endian_write(bytes + 4, file->format, 4);
	little_endian_write(bytes + 8, position->entries, 8);
	little_endian_write(bytes + 16, position->requests, 8);
	memcpy(bytes + 24, position->log_id, sizeof position->log_id);
	memcpy(bytes + 56, file->boot.text, BOOT_ID_SIZE);
	little_endian_write(bytes + 92, file->seals, 8);
	MDB_val value = lmdb_file_value(seal_close(&file->seal, name, slice_of(bytes, sizeof bytes), sealed));
	return lmdb_file_error(mdb_put(transaction, file->table, &key, &value, 0));
}

enum recourse_error state_file_position(
	const struct state_file *file, MDB_txn *transaction, struct state_position *position)
{
	struct metadata metadata;

	enum recourse_error error = get_metadata(file, transaction, &metadata);
	if (error != RECOURSE_OK)
		return error == RECOURSE_QUERY_NOT_FOUND ? RECOURSE_STORE_CORRUPT : error;
	*position = metadata.position;
	return RECOURSE_OK;
}

static void read_boot_id(struct state_file *file, const char *given)
{
	if (given == NULL)
		boot_id_read(&file->boot);
	else
		memcpy(file->boot.text, given, strnlen(given, BOOT_ID_SIZE));
}

static enum recourse_error check_whole(const struct state_file *file)
{
	struct lmdb_file_length length;

	TRY(lmdb_file_measure(file->environment, &length));
	return length.actual >= length.needed ? RECOURSE_OK : RECOURSE_STORE_CORRUPT;
}

/*
 * Pages at the end that a commit took and gave back are never written, and the file may end before them.
 * When this fails, or the process dies before it, the worst is that a whole state is taken for one cut short.
 */
static void fill(const struct state_file *file)
{
	struct lmdb_file_length length;
	mdb_filehandle_t descriptor;

	if (lmdb_file_measure(file->environment, &length) != RECOURSE_OK || length.actual >= length.needed)
		return;
	bool filled = mdb_env_get_fd(file->environment, &descriptor) == MDB_SUCCESS &&
		      ftruncate(descriptor, (off_t)length.needed) == 0;
	(void)filled;
}

enum recourse_error state_file_commit(
	const struct state_file *file, MDB_txn **transaction, const struct state_position *position)
{
	TRY(put_metadata(file, *transaction, position));
	TRY(lmdb_file_error(lmdb_file_commit(transaction)));
	fill(file);
	return RECOURSE_OK;
}

/* The metadata alone: from here on it is of this boot. */
static enum recourse_error write_metadata(
	const struct state_file *file, const struct state_position *position)
{
	SCOPED(lmdb_file_abort) MDB_txn *transaction = NULL;

	TRY(lmdb_file_error(mdb_txn_begin(file->environment, NULL, 0, &transaction)));
	return state_file_commit(file, &transaction, position);
}

static slice encode_log(const struct state_mark_of_log *log, uint8_t bytes[static LOG_SIZE])
{
	little_endian_write(bytes, log->inode, 8);
	little_endian_write(bytes + 8, log->size, 8);
	little_endian_write(bytes + 16, log->written, 8);
	return slice_of(bytes, LOG_SIZE);
}

/* Written by this boot it is as it was written; by another, it is so when it was closed, and the mark has its record. */
static enum recourse_error check_boot(const struct state_file *file, slice mark)
{
	bool same_boot =
		boot_id_known(&file->boot) && slice_equal(mark, slice_of(file->boot.text, BOOT_ID_SIZE));

	return same_boot || mark.size == CLEAN_SIZE ? RECOURSE_OK : RECOURSE_STORE_CORRUPT;
}

static enum recourse_error check_record(const struct state_file *file, MDB_txn *transaction, slice mark)
{
	slice record;

	if (mark.size == BOOT_ID_SIZE)
		return RECOURSE_OK;
	TRY(get_record(file, transaction, &record));
	return slice_equal(record, slice_of(mark.data, RECORD_SIZE)) ? RECOURSE_OK : RECOURSE_STORE_CORRUPT;
}

static void close_environment(struct state_file *file)
{
	lmdb_file_close(&file->environment);
}

static enum recourse_error open_environment(struct state_file *file, const char *directory)
{
	unsigned int flags = !directory_locked(&file->lock) ? MDB_RDONLY : MDB_NOSYNC;
	int dead;

	struct page_fault fault = {.page = 0};

	enum recourse_error error = lmdb_file_check_first(directory, &fault);
	if (error == RECOURSE_OK)
		error = lmdb_file_error(lmdb_file_open(directory, flags, 0, &file->environment));
	/* What another LMDB wrote is as good as garbage: it is derived, and made anew. */
	if (error == RECOURSE_VERSION_UNKNOWN)
		return RECOURSE_STORE_CORRUPT;
	if (error != RECOURSE_OK || !directory_locked(&file->lock))
		return error;
	return lmdb_file_error(mdb_reader_check(file->environment, &dead));
}

/* What leads to its record, and will be written to: before LMDB reads any of it. */
static enum recourse_error check_paths(const struct state_file *file)
{
	struct page_fault fault = {.page = 0};
	struct page_check check = {.fault = &fault};

	return lmdb_file_check(file->environment, &check, LMDB_FILE_PATHS);
}

/* Who left it so is to be believed, who copied it or was killed is not. */
static enum recourse_error check_all(struct state_file *file, const struct state_options *options, slice mark)
{
	struct page_fault unsaid = {.page = 0};
	struct page_check check = {.fault = options->fault != NULL ? options->fault : &unsaid};
	uint8_t bytes[LOG_SIZE];

	file->as_left =
		options->log.inode != 0 && mark.size == CLEAN_SIZE &&
		slice_equal(slice_of(mark.data + RECORD_SIZE, LOG_SIZE), encode_log(&options->log, bytes));
	return file->as_left ? RECOURSE_OK : lmdb_file_check(file->environment, &check, LMDB_FILE_ALL);
}

/* QUERY_NOT_FOUND when it was never written, STORE_CORRUPT when it must not be believed. */
static enum recourse_error open_store(
	struct state_file *file, const struct state_options *options, struct state_position *position)
{
	SCOPED(lmdb_file_abort) MDB_txn *transaction = NULL;
	struct metadata metadata;
	uint8_t bytes[STATE_MARK_SIZE_MAX];
	slice mark = state_mark_read(options->directory, bytes);

	TRY(check_boot(file, mark));
	TRY(open_environment(file, options->directory));
	TRY(check_whole(file));
	TRY(check_paths(file));
	TRY(lmdb_file_error(mdb_txn_begin(file->environment, NULL, MDB_RDONLY, &transaction)));
	TRY(lmdb_file_error(mdb_dbi_open(transaction, NULL, 0, &file->table)));
	TRY(get_metadata(file, transaction, &metadata));
	TRY(check_record(file, transaction, mark));
	if (metadata.format != file->format)
		return RECOURSE_STORE_CORRUPT;
	TRY(check_all(file, options, mark));
	*position = metadata.position;
	file->seals = metadata.seals;
	/* Committing keeps the table's handle. */
	return lmdb_file_error(lmdb_file_commit(&transaction));
}

static enum recourse_error delete_file(const char *directory, const char *name)
{
	char path[DIRECTORY_PATH_SIZE];

	TRY(directory_path(directory, name, path));
	return unlink(path) == 0 || errno == ENOENT ? RECOURSE_OK : RECOURSE_IO;
}

/* In the place of what there is. */
static enum recourse_error open_empty(struct state_file *file, const char *directory)
{
	SCOPED(lmdb_file_abort) MDB_txn *transaction = NULL;

	close_environment(file);
	file->seals = 0;
	TRY(delete_file(directory, "data.mdb"));
	TRY(delete_file(directory, "lock.mdb"));
	TRY(open_environment(file, directory));
	TRY(lmdb_file_error(mdb_txn_begin(file->environment, NULL, 0, &transaction)));
	TRY(lmdb_file_error(mdb_dbi_open(transaction, NULL, 0, &file->table)));
	return lmdb_file_error(lmdb_file_commit(&transaction));
}

static enum recourse_error open_to_write(
	struct state_file *file, const struct state_options *options, struct state_position *position)
{
	const char *directory = options->directory;
	enum recourse_error error = RECOURSE_QUERY_NOT_FOUND;

	if (mkdir(directory, 0700) != 0 && errno != EEXIST)
		return RECOURSE_IO;
	TRY(directory_check_local(directory));
	TRY(directory_lock(directory, &file->lock));
	if (!options->anew)
		error = open_store(file, options, position);
	TRY(state_mark_set(directory, slice_of(file->boot.text, BOOT_ID_SIZE)));
	if (error == RECOURSE_QUERY_NOT_FOUND || error == RECOURSE_STORE_CORRUPT)
		error = open_empty(file, directory);
	TRY(error);
	TRY(lmdb_file_note(directory, &file->lock, file->environment, file->sites));
	return write_metadata(file, position);
}

static bool is_missing(const char *directory)
{
	char path[DIRECTORY_PATH_SIZE];

	return directory_path(directory, "data.mdb", path) == RECOURSE_OK && access(path, F_OK) != 0 &&
	       errno == ENOENT;
}

static enum recourse_error open_to_read(
	struct state_file *file, const struct state_options *options, struct state_position *position)
{
	const char *directory = options->directory;

	if (is_missing(directory))
		return RECOURSE_QUERY_NOT_FOUND;
	TRY(directory_check_local(directory));
	enum recourse_error error = open_store(file, options, position);
	return error == RECOURSE_STORE_CORRUPT ? RECOURSE_QUERY_NOT_FOUND : error;
}

/* Nobody else will ever believe it: no lock, no mark. */
static enum recourse_error open_nameless(
	struct state_file *file, const char *directory, const struct state_position *position)
{
	SCOPED(lmdb_file_abort) MDB_txn *transaction = NULL;

	TRY(directory_check_local(directory));
	TRY(lmdb_file_error(lmdb_file_open_nameless(directory, &file->environment)));
	TRY(lmdb_file_error(mdb_txn_begin(file->environment, NULL, 0, &transaction)));
	TRY(lmdb_file_error(mdb_dbi_open(transaction, NULL, 0, &file->table)));
	return state_file_commit(file, &transaction, position);
}

enum recourse_error state_file_open(
	struct state_file *file, const struct state_options *options, struct state_position *position)
{
	file->lock = DIRECTORY_UNLOCKED;
	if (snprintf(file->directory, sizeof file->directory, "%s", options->directory) >=
		(int)sizeof file->directory)
		return RECOURSE_IO;
	file->format = options->format;
	file->seal = options->seal;
	read_boot_id(file, options->boot_id);
	if (options->nameless)
		return open_nameless(file, options->directory, position);
	return options->read_only ? open_to_read(file, options, position)
				  : open_to_write(file, options, position);
}

void state_file_mark_clean(const struct state_file *file)
{
	SCOPED(lmdb_file_abort) MDB_txn *transaction = NULL;
	uint8_t mark[CLEAN_SIZE];
	slice record;

	/* All that it vouches for goes first. */
	if (!directory_locked(&file->lock) || mdb_env_sync(file->environment, 1) != MDB_SUCCESS ||
		mdb_txn_begin(file->environment, NULL, MDB_RDONLY, &transaction) != MDB_SUCCESS ||
		get_record(file, transaction, &record) != RECOURSE_OK || record.size != RECORD_SIZE)
		return;
	memcpy(mark, record.data, RECORD_SIZE);
	(void)encode_log(&file->log, mark + RECORD_SIZE);
	(void)state_mark_set(file->directory, slice_of(mark, sizeof mark));
}

void state_file_disown(const struct state_file *file)
{
	SCOPED(lmdb_file_abort) MDB_txn *transaction = NULL;
	MDB_val key = lmdb_file_value(slice_of(metadata_key, sizeof metadata_key));

	if (mdb_txn_begin(file->environment, NULL, 0, &transaction) != MDB_SUCCESS ||
		mdb_del(transaction, file->table, &key, NULL) != MDB_SUCCESS ||
		lmdb_file_commit(&transaction) != MDB_SUCCESS)
		return;
	(void)mdb_env_sync(file->environment, 1);
}

void state_file_close(struct state_file *file)
{
	close_environment(file);
	directory_unlock(&file->lock);
}
