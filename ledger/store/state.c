/* SPDX-License-Identifier: Apache-2.0 */
#include "store/state.h"

#include "base/try.h"
#include "base/crypto.h"
#include "store/lmdb_file.h"
#include "store/overlay.h"
#include "store/state_file.h"
#include "store/state_view.h"

#include <assert.h>
#include <lmdb.h>
#include <stdlib.h>

struct state {
	struct state_file file;
	struct overlay overlay;
	struct state_view writer;
};

static void assert_key(slice key)
{
	/* Keys that begin with a zero byte are the store's own. */
	assert(key.size > 0 && key.size <= STATE_KEY_MAX && key.data[0] != 0);
}

static void assert_writer_at_rest(const struct state_view *view)
{
	assert(view->overlay != NULL && view->walks == 0);
}

static enum recourse_error begin_read(const struct state *state, MDB_txn **transaction)
{
	return lmdb_file_error(mdb_txn_begin(state->file.environment, NULL, MDB_RDONLY, transaction));
}

static enum recourse_error open_to_write(struct state *state, const struct state_options *options)
{
	struct state_view *writer = &state->writer;

	TRY(state_file_open_to_write(&state->file, options, &writer->position));
	crypto_random(&state->overlay.seed, sizeof state->overlay.seed);
	writer->state = state;
	writer->table = state->file.table;
	enum recourse_error error = begin_read(state, &writer->transaction);
	if (error == RECOURSE_OK)
		writer->overlay = &state->overlay;
	else
		state_file_close(&state->file);
	return error;
}

enum recourse_error state_open(const struct state_options *options, struct state **state)
{
	struct state *opened = calloc(1, sizeof *opened);

	if (opened == NULL)
		return RECOURSE_MEMORY;
	enum recourse_error error = options->read_only ? state_file_open_to_read(&opened->file, options)
						       : open_to_write(opened, options);
	if (error == RECOURSE_OK)
		*state = opened;
	else
		free(opened);
	return error;
}

static bool is_writable(const struct state *state)
{
	return state->writer.overlay != NULL;
}

void state_close(struct state *state)
{
	if (state == NULL)
		return;
	assert(overlay_empty(&state->overlay) && state->writer.walks == 0);
	if (is_writable(state)) {
		mdb_txn_abort(state->writer.transaction);
		state_file_mark_clean(&state->file, &state->writer.position);
	}
	state_file_close(&state->file);
	overlay_free(&state->overlay);
	free(state);
}

struct state_view *state_writer(struct state *state)
{
	assert(is_writable(state));
	return &state->writer;
}

static enum recourse_error begin_snapshot(const struct state *state, struct state_view *view)
{
	TRY(begin_read(state, &view->transaction));
	return state_file_position(&state->file, view->transaction, &view->position);
}

enum recourse_error state_snapshot_open(struct state *state, struct state_view **view)
{
	struct state_view *opened = calloc(1, sizeof *opened);

	if (opened == NULL)
		return RECOURSE_MEMORY;
	opened->state = state;
	opened->table = state->file.table;
	enum recourse_error error = begin_snapshot(state, opened);
	if (error == RECOURSE_OK)
		*view = opened;
	else
		state_snapshot_close(opened);
	return error;
}

void state_snapshot_close(struct state_view *view)
{
	if (view == NULL)
		return;
	assert(view->overlay == NULL && view->walks == 0);
	mdb_txn_abort(view->transaction);
	free(view);
}

void state_snapshot_end(struct state_view **view)
{
	state_snapshot_close(*view);
}

void state_position(const struct state_view *view, struct state_position *position)
{
	*position = view->position;
}

static enum recourse_error get_stored(const struct state_view *view, slice key, slice *value)
{
	MDB_val stored_key = lmdb_file_value(key);
	MDB_val found;

	TRY(lmdb_file_error(mdb_get(view->transaction, view->table, &stored_key, &found)));
	/* Nothing longer was ever put: the file is damaged. */
	if (found.mv_size > STATE_VALUE_MAX)
		return RECOURSE_STORE_CORRUPT;
	*value = slice_of(found.mv_data, found.mv_size);
	return RECOURSE_OK;
}

enum recourse_error state_get(struct state_view *view, slice key, slice *value)
{
	assert_key(key);
	const struct overlay_record *record = view->overlay == NULL ? NULL : overlay_find(view->overlay, key);
	if (record == NULL)
		return get_stored(view, key, value);
	if (record->value_size == OVERLAY_REMOVED)
		return RECOURSE_QUERY_NOT_FOUND;
	*value = overlay_value(record);
	return RECOURSE_OK;
}

enum recourse_error state_put(struct state_view *view, slice key, slice value)
{
	assert_key(key);
	assert(value.size <= STATE_VALUE_MAX);
	assert_writer_at_rest(view);
	return overlay_put(view->overlay, key, value);
}

enum recourse_error state_remove(struct state_view *view, slice key)
{
	assert_key(key);
	assert_writer_at_rest(view);
	return overlay_remove(view->overlay, key);
}

state_mark_t state_mark(const struct state_view *view)
{
	assert(view->overlay != NULL);
	return overlay_mark(view->overlay);
}

void state_rollback(struct state_view *view, state_mark_t mark)
{
	assert_writer_at_rest(view);
	overlay_rollback(view->overlay, mark);
}

void state_discard(struct state_view *view)
{
	assert_writer_at_rest(view);
	overlay_clear(view->overlay);
}

static int write_record(MDB_cursor *cursor, const struct overlay_record *record)
{
	MDB_val key = lmdb_file_value(overlay_key(record));
	MDB_val value;

	if (record->value_size != OVERLAY_REMOVED) {
		value = lmdb_file_value(overlay_value(record));
		return mdb_cursor_put(cursor, &key, &value, 0);
	}
	int code = mdb_cursor_get(cursor, &key, &value, MDB_SET);
	if (code == MDB_NOTFOUND)
		return MDB_SUCCESS;
	return code == MDB_SUCCESS ? mdb_cursor_del(cursor, 0) : code;
}

/* In the order of the keys, so that each page is visited once. */
static enum recourse_error write_overlay(struct state_view *view, MDB_txn *transaction)
{
	struct overlay *overlay = view->overlay;
	SCOPED(lmdb_file_close_cursor) MDB_cursor *cursor = NULL;

	overlay_sort(overlay);
	TRY(lmdb_file_error(mdb_cursor_open(transaction, view->table, &cursor)));
	for (size_t index = 0; index < overlay->record_count; index++)
		TRY(lmdb_file_error(write_record(cursor, overlay_at(overlay, index))));
	return RECOURSE_OK;
}

static enum recourse_error empty_table(struct state_view *view, MDB_txn *transaction)
{
	return lmdb_file_error(mdb_drop(transaction, view->table, 0));
}

/* Does the work and writes the position in one transaction; the writer's view begins anew on top of it. */
static enum recourse_error commit(struct state_view *view, const struct state_position *position,
	enum recourse_error (*work)(struct state_view *view, MDB_txn *transaction))
{
	const struct state_file *file = &view->state->file;
	SCOPED(lmdb_file_abort) MDB_txn *transaction = NULL;

	TRY(lmdb_file_error(mdb_txn_begin(file->environment, NULL, 0, &transaction)));
	TRY(work(view, transaction));
	TRY(state_file_set_position(file, transaction, position));
	TRY(lmdb_file_error(lmdb_file_commit(&transaction)));
	state_file_fill(file);
	view->position = *position;
	overlay_clear(view->overlay);
	mdb_txn_reset(view->transaction);
	return lmdb_file_error(mdb_txn_renew(view->transaction));
}

enum recourse_error state_commit(struct state_view *view, const struct state_position *position)
{
	assert_writer_at_rest(view);
	return commit(view, position, write_overlay);
}

enum recourse_error state_reset(struct state *state)
{
	const struct state_position start = {0};

	assert_writer_at_rest(&state->writer);
	return commit(&state->writer, &start, empty_table);
}
