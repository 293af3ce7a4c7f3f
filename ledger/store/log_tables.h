/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "store/group.h"

#include "store/lmdb_file.h"
#include "store/log_tail.h"

/*
 * The log's tables (log.h lists them): opened, checked against the head, read and written one row at a time.
 * What is read is as good as the transaction.
 */
enum log_tables_name {
	LOG_TABLES_ADDED,  /* entries and requests: log_key.h, log_runs.h, log_requests.h */
	LOG_TABLES_HASHES, /* keys are numbers, here and below: log_rows.h */
	LOG_TABLES_CHECKPOINTS,
	LOG_TABLES_COUNT,
};

struct log_tables {
	MDB_env *environment;
	MDB_dbi main; /* which has the head, and the tail, beside the tables' records: it changes with them anyway */
	MDB_dbi handles[LOG_TABLES_COUNT];
	struct page_fault
		fault; /* what was found by the last that said STORE_CORRUPT, if a page is at fault */
};

/* As lmdb_file_error(); but what the log does not find, or finds already there, makes it corrupt. */
enum recourse_error log_tables_error(int code);

/*
 * Commits, and NULL is left. Before its meta page a commit may be refused, for want of room or of memory (STORE_FULL, MEMORY),
 * and nothing of it was written. After any other error nobody knows what the disk holds, and LMDB would carry on:
 * OUTCOME_UNKNOWN.
 */
enum recourse_error log_tables_commit(MDB_txn **transaction);

/* Writes an empty log into the directory, which must be empty, and syncs it. Leaves nothing open. */
enum recourse_error log_tables_create(const char *directory);

/*
 * Whether there is a file at all, before anything is made beside it: LMDB would make one that is missing, and
 * take the first touch of an empty one for a bus error. IO, STORE_CORRUPT.
 */
enum recourse_error log_tables_check_file(const char *directory);

/*
 * After log_tables_check_file(). VERSION_UNKNOWN, STORE_CORRUPT, IO, STORE_FAILED, MEMORY: to be closed all the
 * same. Looks at the first pages, the lists of free ones, and the ways to the first and last rows, before LMDB reads
 * any. For the writer, syncs before it looks and clears away readers that died. To read, does without LMDB's lock
 * file where it can not be opened.
 */
enum recourse_error log_tables_open(struct log_tables *tables, const char *directory, bool read_only);

/* For the writer, while everybody else is kept out of it (lmdb_file_keep_out()). Nothing is synced by that. */
enum recourse_error log_tables_open_alone(struct log_tables *tables, const char *directory);

/* Looks at all pages. IO, MEMORY, STORE_CORRUPT. */
enum recourse_error log_tables_check(struct log_tables *tables, enum lmdb_file_extent extent);

/* A piece of it, from any thread: page_check_piece(). */
enum recourse_error log_tables_check_piece(const struct log_tables *tables, struct page_fault *fault,
	struct page_place *place, size_t leaves, bool *done);

/* Whether the table's last row is the one before the tail. STORE_CORRUPT. */
enum recourse_error log_tables_check_last(
	const struct log_tables *tables, MDB_txn *transaction, const struct log_tail *tail);

void log_tables_close(struct log_tables *tables);

/* In a table whose keys are numbers. STORE_CORRUPT when absent, or longer than anything that was ever written there. */
enum recourse_error log_tables_get(const struct log_tables *tables, MDB_txn *transaction,
	enum log_tables_name name, uint64_t number, size_t size_max, slice *value);
enum recourse_error log_tables_put(const struct log_tables *tables, MDB_txn *transaction,
	enum log_tables_name name, uint64_t number, slice value);

/* Of what was added. */
enum recourse_error log_tables_open_cursor(
	const struct log_tables *tables, MDB_txn *transaction, MDB_cursor **cursor);

/* How many values the table says it has. */
enum recourse_error log_tables_count(
	const struct log_tables *tables, MDB_txn *transaction, enum log_tables_name name, uint64_t *count);

enum recourse_error log_tables_get_head(
	const struct log_tables *tables, MDB_txn *transaction, struct log_head *head, struct log_tail *tail);

/* With these rows as its tail, LOG_TAIL_SIZE_MAX at most (asserted). */
enum recourse_error log_tables_put_head(
	const struct log_tables *tables, MDB_txn *transaction, const struct log_head *head, slice tail);
