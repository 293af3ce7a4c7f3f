/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/slice.h"
#include "store/directory.h"
#include "store/page_check.h"
#include "store/site.h"

#include <lmdb.h>

/*
 * What the two stores share: LMDB environments opened the one way that is safe for both, and LMDB's codes in
 * our words. Only the files of the stores include this.
 *
 * The stores use neither DUPSORT nor nested transactions nor WRITEMAP, all of which LMDB 0.9.24 gets wrong
 * somewhere. Transactions are not tied to threads.
 */

/*
 * What LMDB or the system said. QUERY_NOT_FOUND for MDB_NOTFOUND, VERSION_UNKNOWN for a file of another
 * LMDB; a store to which these mean something else says so itself.
 */
enum recourse_error lmdb_file_error(int code);

/* Whether the code says that disk, quota, file or map is full. */
bool lmdb_file_full(int code);

/* Bytes that LMDB will only read. */
MDB_val lmdb_file_value(slice bytes);

/*
 * Opens the environment in the directory, with the flags given, room for that many named tables and a
 * sparse map of one TiB; 64 GiB where address space is rationed. Returns LMDB's code; on any but MDB_SUCCESS
 * there is nothing to close, and `*environment` is NULL.
 */
int lmdb_file_open(const char *directory, unsigned int flags, unsigned int table_count,
	MDB_env **environment) RECOURSE_CHECK;

/*
 * The same of an empty file on the file system of that directory that nobody else can find, and of which nothing is left
 * however the process ends. It has no locks: one transaction to write with at a time, beside one that reads what was
 * committed last.
 */
int lmdb_file_open_nameless(const char *directory, MDB_env **environment) RECOURSE_CHECK;

/*
 * Keeps everybody out who opens the environment in that directory with LMDB's locks: they wait. What this process opens
 * meanwhile is to be without them (MDB_NOLOCK); when it opens it with them they go on, knowing its last transaction. The
 * descriptor is to be closed after that is. STORE_LOCKED: somebody has it open. IO, STORE_FULL.
 */
enum recourse_error lmdb_file_keep_out(const char *directory, int *file);

/* Closes what was opened so, and leaves NULL. None is NULL. */
void lmdb_file_close(MDB_env **environment);

/* For SCOPED: aborts a transaction that was begun and not committed. None is NULL. */
void lmdb_file_abort(MDB_txn **transaction);

/*
 * Commits. Whatever comes of it the transaction is over, and there is none to abort. LMDB's code, but for two:
 * MDB_PANIC, whatever the system said, when it failed at the meta page, so that nobody knows what is on the disk; with
 * any other nothing of it is there, or ever will be. And ENOSPC for the EIO of a write that a full disk cut in two.
 */
int lmdb_file_commit(MDB_txn **transaction) RECOURSE_CHECK;

/* For SCOPED, too. None is NULL, also afterwards. */
void lmdb_file_close_cursor(MDB_cursor **cursor);

/*
 * The names on which a store stands that a writer has open: its directory, its lock, LMDB's two files. IO,
 * STORE_FAILED.
 */
enum { LMDB_FILE_SITES = 4 };
enum recourse_error lmdb_file_note(const char *directory, const struct directory_lock *lock,
	MDB_env *environment, struct site sites[static LMDB_FILE_SITES]);

/*
 * Looks at the file (page_check.h) before LMDB does: at its two first pages before it is opened, where there is a file
 * with something in it; then, while a read transaction holds it, at the paths of its trees, or at all. `tables` of the
 * check say which there must be; descriptor and transaction are set here. IO, MEMORY, STORE_CORRUPT, VERSION_UNKNOWN.
 */
enum recourse_error lmdb_file_check_first(const char *directory, struct page_fault *fault);
enum lmdb_file_extent { LMDB_FILE_PATHS, LMDB_FILE_ALL };
enum recourse_error lmdb_file_check(
	MDB_env *environment, struct page_check *check, enum lmdb_file_extent extent);

/* A piece of it, as page_check_piece(), held by a transaction of its own. */
enum recourse_error lmdb_file_check_piece(
	MDB_env *environment, struct page_check *check, struct page_place *place, size_t leaves, bool *done);

/* How long the data file is, and how long the last commit's pages say it must be, in bytes. */
struct lmdb_file_length {
	uint64_t needed;
	uint64_t actual;
	uint64_t page;
};

/* IO. A store compares before it touches any page: one beyond the file's end is a bus error. */
enum recourse_error lmdb_file_measure(MDB_env *environment, struct lmdb_file_length *length);
