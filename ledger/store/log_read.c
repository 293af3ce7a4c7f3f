/* SPDX-License-Identifier: Apache-2.0 */
#include "store/log_read.h"

#include "base/try.h"
#include "store/log_requests.h"
#include "store/log_rows.h"
#include "store/log_runs.h"

#include <lmdb.h>
#include <stdlib.h>

struct log_snapshot {
	const struct log_tables *tables;
	MDB_txn *transaction;
	struct log_head head;
	struct log_tail tail;
	struct log_runs_reader entries;
};

void log_read_close(struct log_snapshot *snapshot)
{
	if (snapshot == NULL)
		return;
	log_runs_reader_close(&snapshot->entries);
	mdb_txn_abort(snapshot->transaction);
	free(snapshot);
}

void log_read_end(struct log_snapshot **snapshot)
{
	log_read_close(*snapshot);
}

enum recourse_error log_read_open(const struct log_tables *tables, struct log_snapshot **snapshot)
{
	SCOPED(log_read_end) struct log_snapshot *opened = calloc(1, sizeof *opened);

	if (opened == NULL)
		return RECOURSE_MEMORY;
	opened->tables = tables;
	TRY(log_tables_error(mdb_txn_begin(tables->environment, NULL, MDB_RDONLY, &opened->transaction)));
	TRY(log_tables_get_head(tables, opened->transaction, &opened->head, &opened->tail));
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
	if (value.mv_size > LOG_NOTE_SIZE_MAX)
		return RECOURSE_STORE_CORRUPT;
	*note = slice_of(value.mv_data, value.mv_size);
	return RECOURSE_OK;
}

enum recourse_error log_read_checkpoint_from(
	struct log_snapshot *snapshot, uint64_t at_least, uint64_t *size, slice *note)
{
	MDB_dbi table = snapshot->tables->handles[LOG_TABLES_CHECKPOINTS];
	SCOPED(lmdb_file_close_cursor) MDB_cursor *cursor = NULL;
	MDB_val key = {.mv_data = &at_least, .mv_size = sizeof at_least};
	MDB_val value;

	TRY(log_tables_error(mdb_cursor_open(snapshot->transaction, table, &cursor)));
	int code = mdb_cursor_get(cursor, &key, &value, MDB_SET_RANGE);
	if (code == MDB_NOTFOUND)
		return RECOURSE_QUERY_NOT_FOUND;
	TRY(log_tables_error(code));
	if (key.mv_size != sizeof *size || value.mv_size > LOG_NOTE_SIZE_MAX)
		return RECOURSE_STORE_CORRUPT;
	memcpy(size, key.mv_data, sizeof *size);
	*note = slice_of(value.mv_data, value.mv_size);
	return RECOURSE_OK;
}

enum recourse_error log_read_checkpoint_count(struct log_snapshot *snapshot, uint64_t *count)
{
	return log_tables_count(snapshot->tables, snapshot->transaction, LOG_TABLES_CHECKPOINTS, count);
}

enum recourse_error log_read_check_rows(struct log_snapshot *snapshot)
{
	TRY(log_runs_check(snapshot->tables, snapshot->transaction, &snapshot->tail));
	return log_rows_check(snapshot->tables, snapshot->transaction, snapshot->head.entries);
}

static enum recourse_error read_stored(void *context, uint8_t level, uint64_t index, struct crypto_hash *hash)
{
	return log_read_hash(context, level, index, hash);
}

struct tree_source log_read_tree(struct log_snapshot *snapshot)
{
	return (struct tree_source){.read = read_stored, .context = snapshot};
}
