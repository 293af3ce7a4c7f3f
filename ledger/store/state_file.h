/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "store/boot.h"
#include "store/lmdb_file.h"
#include "store/state_options.h"

/*
 * The file that holds the state, and whether to believe it. One record in it, under a key that begins with a
 * zero byte as no user's key does, carries the format's version, the position, the boot id
 * (state.h says what it is for) and the sum of the rows' seals. It is written in the transaction that it speaks of,
 * and sealed like a row. Start with all zeroes.
 */

struct state_file {
	MDB_env *environment;
	MDB_dbi table;
	struct directory_lock lock; /* none when read-only */
	char directory[DIRECTORY_PATH_SIZE];
	uint32_t format;
	struct seal seal;
	uint64_t seals; /* the sum of the rows' seals; what a commit writes beside the position */
	struct state_mark_of_log log;       /* for the mark of a state that is closed well */
	bool as_left;                       /* when opened: closed well, above the log that is there now */
	struct site sites[LMDB_FILE_SITES]; /* noted of a writer's */
	struct boot_id boot;
};

/*
 * To write: takes the lock, sees what the mark beside it allows (state_mark.h), marks it as this boot's, opens it, or an
 * empty one where it must not be believed. To read: QUERY_NOT_FOUND where there is nothing that may be believed. The
 * position, zero before, is what
 * the file says. Errors as state_open(); to be closed all the same.
 */
enum recourse_error state_file_open(
	struct state_file *file, const struct state_options *options, struct state_position *position);

/* The mark stays this boot's. All transactions must be over. */
void state_file_close(struct state_file *file);

/* Syncs what was committed, and has the mark say what it is; to be closed then. Where that fails it stays this boot's. */
void state_file_mark_clean(const struct state_file *file);

/* The record's position within a transaction. STORE_CORRUPT when it is missing or not understood. */
enum recourse_error state_file_position(
	const struct state_file *file, MDB_txn *transaction, struct state_position *position);

/* Commits with the record, and makes the file as long as its pages say, so that one cut short shows. */
enum recourse_error state_file_commit(
	const struct state_file *file, MDB_txn **transaction, const struct state_position *position);

/* It is not believed any more: the next who opens it to write empties it. Fine where that can not be written. */
void state_file_disown(const struct state_file *file);
