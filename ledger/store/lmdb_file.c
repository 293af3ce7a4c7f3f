/* SPDX-License-Identifier: Apache-2.0 */
#include "store/lmdb_file.h"

#include "base/descriptor.h"
#include "base/try.h"
#include "store/directory.h"
#include "store/lmdb_map.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	READERS_MAX = 512,
	LOCKS_SIZE = (READERS_MAX + 2) * 64, /* of the file with the readers' places, as LMDB makes it */
	STAT_BLOCK_SIZE = 512,
	WRITE_SIZE_MAX = 1 << 20, /* of one of LMDB's writes, about: 64 pages, or one value */
	TRIES_MAX = 1000, /* to find the first page of a transaction before a writer has gone on by two */
};

#define MAP_SIZE       ((size_t)1 << 40)
#define MAP_SIZE_SMALL ((size_t)1 << 36) /* where address space is rationed: thread sanitizer */

bool lmdb_file_full(int code)
{
	return code == MDB_MAP_FULL || descriptor_full(code);
}

enum recourse_error lmdb_file_error(int code)
{
	if (lmdb_file_full(code))
		return RECOURSE_STORE_FULL;
	switch (code) {
	case MDB_SUCCESS:
		return RECOURSE_OK;
	case MDB_NOTFOUND:
		return RECOURSE_QUERY_NOT_FOUND;
	case MDB_VERSION_MISMATCH:
		return RECOURSE_VERSION_UNKNOWN;
	case MDB_KEYEXIST: /* an append that is not beyond the last key: the table holds what it should not */
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

MDB_val lmdb_file_value(slice bytes)
{
	/* LMDB takes a plain pointer even for what it only reads; a cast would have to hide the const. */
	union {
		const uint8_t *given;
		void *taken;
	} data = {.given = bytes.data};

	return (MDB_val){.mv_data = data.taken, .mv_size = bytes.size};
}

static int try_open(const char *directory, unsigned int flags, unsigned int table_count, size_t map_size,
	MDB_env **environment)
{
	*environment = NULL;
	int code = mdb_env_create(environment);
	if (code != MDB_SUCCESS)
		return code;
	code = mdb_env_set_assert(*environment, lmdb_map_contradict);
	if (code == MDB_SUCCESS)
		code = mdb_env_set_maxdbs(*environment, table_count);
	if (code == MDB_SUCCESS)
		code = mdb_env_set_maxreaders(*environment, READERS_MAX);
	if (code == MDB_SUCCESS)
		code = mdb_env_set_mapsize(*environment, map_size);
	if (code == MDB_SUCCESS)
		code = mdb_env_open(*environment, directory, flags | MDB_NOTLS, 0600);
	if (code != MDB_SUCCESS) {
		mdb_env_close(*environment);
		*environment = NULL;
	}
	return code;
}

static bool has_readers(const char *path)
{
	struct stat status;

	return stat(path, &status) == 0 && status.st_size >= LOCKS_SIZE &&
	       status.st_blocks >= LOCKS_SIZE / STAT_BLOCK_SIZE;
}

/*
 * LMDB leaves a hole for the readers' places, and a page of it that is first written to on a full disk is a bus error.
 * Before it has the file open: closing another descriptor of it would give up its locks.
 */
static int reserve_readers(const char *directory)
{
	char path[DIRECTORY_PATH_SIZE];

	if (directory_path(directory, "lock.mdb", path) != RECOURSE_OK)
		return ENAMETOOLONG;
	if (has_readers(path))
		return MDB_SUCCESS;
	SCOPED(descriptor_close) const int file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	return file < 0 ? errno : posix_fallocate(file, 0, LOCKS_SIZE);
}

/* LMDB has the first byte locked for all who have it open, and whoever opens it asks for that byte alone first. */
enum recourse_error lmdb_file_keep_out(const char *directory, int *file)
{
	struct flock first = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = 0, .l_len = 1};
	char path[DIRECTORY_PATH_SIZE];

	TRY(directory_path(directory, "lock.mdb", path));
	*file = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY, 0600);
	if (*file < 0)
		return descriptor_full(errno) ? RECOURSE_STORE_FULL : RECOURSE_IO;
	if (fcntl(*file, F_SETLK, &first) != 0)
		return errno == EACCES || errno == EAGAIN ? RECOURSE_STORE_LOCKED : RECOURSE_IO;
	return lmdb_file_error(posix_fallocate(*file, 0, LOCKS_SIZE));
}

static void note_map(int code, MDB_env *environment, const char *directory, const char *name)
{
	char path[DIRECTORY_PATH_SIZE];

	if (code == MDB_SUCCESS && directory_path(directory, name, path) == RECOURSE_OK)
		lmdb_map_note(environment, path, path);
}

int lmdb_file_open(const char *directory, unsigned int flags, unsigned int table_count, MDB_env **environment)
{
	int code = (flags & (MDB_RDONLY | MDB_NOLOCK)) != 0 ? MDB_SUCCESS : reserve_readers(directory);

	*environment = NULL;
	if (code != MDB_SUCCESS)
		return code;
	code = try_open(directory, flags, table_count, MAP_SIZE, environment);
	if (code == ENOMEM)
		code = try_open(directory, flags, table_count, MAP_SIZE_SMALL, environment);
	note_map(code, *environment, directory, "data.mdb");
	note_map(code, *environment, directory, "lock.mdb");
	return code;
}

/* Where the file system can make none without a name, its name is there for a moment. */
static int make_nameless(const char *directory)
{
	char path[DIRECTORY_PATH_SIZE];
	int file = open(directory, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);

	if (file >= 0 || errno != EOPNOTSUPP ||
		directory_path(directory, "recourse-XXXXXX", path) != RECOURSE_OK)
		return file;
	file = mkostemp(path, O_CLOEXEC);
	if (file >= 0)
		unlink(path);
	return file;
}

int lmdb_file_open_nameless(const char *directory, MDB_env **environment)
{
	char path[32];
	const unsigned int flags = MDB_NOSUBDIR | MDB_NOLOCK | MDB_NOSYNC;
	SCOPED(descriptor_close) const int file = make_nameless(directory);

	*environment = NULL;
	if (file < 0)
		return errno;
	snprintf(path, sizeof path, "/proc/self/fd/%d", file);
	int code = try_open(path, flags, 0, MAP_SIZE, environment);
	if (code == ENOMEM)
		code = try_open(path, flags, 0, MAP_SIZE_SMALL, environment);
	if (code == MDB_SUCCESS)
		lmdb_map_note(*environment, path, directory);
	return code;
}

void lmdb_file_close(MDB_env **environment)
{
	if (*environment == NULL)
		return;
	lmdb_map_forget(*environment);
	mdb_env_close(*environment);
	*environment = NULL;
}

void lmdb_file_abort(MDB_txn **transaction)
{
	mdb_txn_abort(*transaction);
}

/* A meta page that could not be written, which may be there all the same, is what LMDB never forgets. */
static bool meta_page_failed(MDB_env *environment)
{
	MDB_txn *transaction;

	int code = mdb_txn_begin(environment, NULL, 0, &transaction);
	if (code == MDB_SUCCESS)
		mdb_txn_abort(transaction);
	return code == MDB_PANIC;
}

/* A write that a full disk cut in two is EIO to LMDB. The one after it would say why. */
static bool can_grow(MDB_env *environment)
{
	struct stat status;
	struct rlimit limit;
	mdb_filehandle_t file;

	if (mdb_env_get_fd(environment, &file) != MDB_SUCCESS || fstat(file, &status) != 0)
		return true;
	if (getrlimit(RLIMIT_FSIZE, &limit) == 0 && limit.rlim_cur < (rlim_t)status.st_size + WRITE_SIZE_MAX)
		return false;
	return fallocate(file, FALLOC_FL_KEEP_SIZE, status.st_size, WRITE_SIZE_MAX) == 0 ||
	       !descriptor_full(errno);
}

int lmdb_file_commit(MDB_txn **transaction)
{
	MDB_txn *over = *transaction;
	MDB_env *environment = mdb_txn_env(over);

	*transaction = NULL;
	int code = mdb_txn_commit(over);
	if (code == MDB_SUCCESS)
		return code;
	if (meta_page_failed(environment))
		return MDB_PANIC;
	return code == EIO && !can_grow(environment) ? ENOSPC : code;
}

void lmdb_file_close_cursor(MDB_cursor **cursor)
{
	if (*cursor != NULL)
		mdb_cursor_close(*cursor);
	*cursor = NULL;
}

enum recourse_error lmdb_file_note(const char *directory, const struct directory_lock *lock,
	MDB_env *environment, struct site sites[static LMDB_FILE_SITES])
{
	char path[DIRECTORY_PATH_SIZE];
	mdb_filehandle_t file;

	TRY(lmdb_file_error(mdb_env_get_fd(environment, &file)));
	TRY(site_note(directory, lock->directory, &sites[0]));
	TRY(directory_path(directory, "writer.lock", path));
	TRY(site_note(path, lock->file, &sites[1]));
	TRY(directory_path(directory, "data.mdb", path));
	TRY(site_note(path, file, &sites[2]));
	TRY(directory_path(directory, "lock.mdb", path)); /* its descriptor is LMDB's own */
	return site_note(path, -1, &sites[3]);
}

static enum recourse_error not_neighbours(struct page_fault *fault)
{
	return page_wrong(fault, 0, "the two first pages are not of neighbouring transactions");
}

enum recourse_error lmdb_file_check_first(const char *directory, struct page_fault *fault)
{
	char path[DIRECTORY_PATH_SIZE];
	struct page_meta meta;
	struct stat status;
	enum recourse_error error = RECOURSE_BUSY;

	TRY(directory_path(directory, "data.mdb", path));
	SCOPED(descriptor_close) const int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (file < 0 && errno == ENOENT)
		return RECOURSE_OK;
	/* LMDB would wait for whoever writes to a pipe */
	if (file < 0 || fstat(file, &status) != 0 || !S_ISREG(status.st_mode))
		return RECOURSE_IO;
	if (status.st_size == 0)
		return RECOURSE_OK;
	for (int tries = 0; error == RECOURSE_BUSY && tries < TRIES_MAX; tries++)
		error = page_meta_read(file, PAGE_META_NEWEST, fault, &meta);
	return error == RECOURSE_BUSY ? not_neighbours(fault) : error;
}

static enum recourse_error hold(MDB_env *environment, struct page_check *check, MDB_txn **transaction)
{
	mdb_filehandle_t file;

	TRY(lmdb_file_error(mdb_env_get_fd(environment, &file)));
	TRY(lmdb_file_error(mdb_txn_begin(environment, NULL, MDB_RDONLY, transaction)));
	check->descriptor = file;
	check->transaction = mdb_txn_id(*transaction);
	return RECOURSE_OK;
}

/* BUSY: a writer went on by two before the transaction's first page was read. */
static enum recourse_error try_check(
	MDB_env *environment, struct page_check *check, enum lmdb_file_extent extent)
{
	SCOPED(lmdb_file_abort) MDB_txn *transaction = NULL;

	TRY(hold(environment, check, &transaction));
	return extent == LMDB_FILE_ALL ? page_check_all(check) : page_check_paths(check);
}

enum recourse_error lmdb_file_check(
	MDB_env *environment, struct page_check *check, enum lmdb_file_extent extent)
{
	enum recourse_error error = RECOURSE_BUSY;

	for (int tries = 0; error == RECOURSE_BUSY && tries < TRIES_MAX; tries++)
		error = try_check(environment, check, extent);
	return error == RECOURSE_BUSY ? not_neighbours(check->fault) : error;
}

static enum recourse_error try_piece(
	MDB_env *environment, struct page_check *check, struct page_place *place, size_t leaves, bool *done)
{
	SCOPED(lmdb_file_abort) MDB_txn *transaction = NULL;

	TRY(hold(environment, check, &transaction));
	return page_check_piece(check, place, leaves, done);
}

enum recourse_error lmdb_file_check_piece(
	MDB_env *environment, struct page_check *check, struct page_place *place, size_t leaves, bool *done)
{
	enum recourse_error error = RECOURSE_BUSY;

	for (int tries = 0; error == RECOURSE_BUSY && tries < TRIES_MAX; tries++)
		error = try_piece(environment, check, place, leaves, done);
	return error == RECOURSE_BUSY ? not_neighbours(check->fault) : error;
}

enum recourse_error lmdb_file_measure(MDB_env *environment, struct lmdb_file_length *length)
{
	MDB_envinfo info;
	MDB_stat pages;
	struct stat status;
	mdb_filehandle_t file;

	if (mdb_env_info(environment, &info) != MDB_SUCCESS ||
		mdb_env_stat(environment, &pages) != MDB_SUCCESS ||
		mdb_env_get_fd(environment, &file) != MDB_SUCCESS || fstat(file, &status) != 0)
		return RECOURSE_IO;
	length->page = pages.ms_psize;
	length->needed = ((uint64_t)info.me_last_pgno + 1) * pages.ms_psize;
	length->actual = (uint64_t)status.st_size;
	return RECOURSE_OK;
}
