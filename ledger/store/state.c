/* SPDX-License-Identifier: Apache-2.0 */
#include "store/state.h"

#include "base/try.h"
#include "base/crypto.h"
#include "store/ballast.h"
#include "base/endian.h"
#include "store/lmdb_file.h"
#include "store/overlay.h"
#include "store/room.h"
#include "store/seal_watch.h"
#include "store/state_file.h"
#include "store/state_sweep.h"

#include <assert.h>
#include <lmdb.h>
#include <stdlib.h>

struct state_view {
	struct state *state;
	MDB_txn *transaction;
	struct overlay *overlay; /* NULL in a snapshot, which may be with another thread than the writer */
	struct state_position position;
	size_t walks; /* open ones */
};

struct state {
	struct state_file file;
	struct overlay overlay;
	struct state_view writer;
	struct ballast ballast;
	uint64_t spare_bytes;
	struct state_sweep sweep;
	struct seal_watch watch; /* the writer's */
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

static enum recourse_error open_writer(struct state *state)
{
	struct state_view *writer = &state->writer;

	crypto_random(&state->overlay.seed, sizeof state->overlay.seed);
	writer->state = state;
	TRY(begin_read(state, &writer->transaction));
	writer->overlay = &state->overlay;
	return RECOURSE_OK;
}

enum recourse_error state_check_room(const struct state *state)
{
	mdb_filehandle_t file;

	if (mdb_env_get_fd(state->file.environment, &file) != MDB_SUCCESS)
		return RECOURSE_IO;
	return room_check(file, state->spare_bytes);
}

bool state_ballast_missing(const struct state *state)
{
	return ballast_missing(&state->ballast);
}

/* Not of the room that has to be left. */
static void make_ballast(struct state *state)
{
	mdb_filehandle_t file;

	if (ballast_missing(&state->ballast) &&
		mdb_env_get_fd(state->file.environment, &file) == MDB_SUCCESS &&
		room_check(file, state->ballast.size + room_spare(state->spare_bytes)) == RECOURSE_OK)
		ballast_make(&state->ballast);
}

static enum recourse_error open_file(struct state *state, const struct state_options *options)
{
	if (!options->nameless)
		TRY(ballast_find(&state->ballast, options->directory, options->ballast_bytes));
	enum recourse_error error = state_file_open(&state->file, options, &state->writer.position);
	if (error != RECOURSE_STORE_FULL || options->read_only || !ballast_give_up(&state->ballast))
		return error;
	state_file_close(&state->file);
	state->file = (struct state_file){.lock = DIRECTORY_UNLOCKED};
	return state_file_open(&state->file, options, &state->writer.position);
}

enum recourse_error state_open(const struct state_options *options, struct state **state)
{
	struct state *opened = calloc(1, sizeof *opened);

	if (opened == NULL)
		return RECOURSE_MEMORY;
	opened->file.lock = DIRECTORY_UNLOCKED;
	opened->spare_bytes = options->spare_bytes;
	enum recourse_error error = open_file(opened, options);
	if (error == RECOURSE_OK && !options->read_only) {
		error = open_writer(opened);
		make_ballast(opened);
	}
	if (error == RECOURSE_OK)
		*state = opened;
	else
		state_close(opened);
	return error;
}

void state_close(struct state *state)
{
	if (state == NULL)
		return;
	assert(overlay_empty(&state->overlay) && state->writer.walks == 0);
	if (state->writer.overlay != NULL) {
		mdb_txn_abort(state->writer.transaction);
		if (state->watch.wrong)
			state_file_disown(&state->file);
		else
			state_file_mark_clean(&state->file);
	}
	state_file_close(&state->file);
	overlay_free(&state->overlay);
	free(state);
}

const char *state_find_changed(const struct state *state)
{
	const struct site *changed = site_find_changed(state->file.sites, LMDB_FILE_SITES);

	return changed == NULL ? NULL : changed->path;
}

enum recourse_error state_check_piece(const struct state *state, struct page_fault *fault,
	struct page_place *place, size_t leaves, bool *done)
{
	struct page_check check = {.fault = fault};

	return lmdb_file_check_piece(state->file.environment, &check, place, leaves, done);
}

bool state_as_left(const struct state *state)
{
	return state->file.as_left;
}

void state_note_log(struct state *state, const struct state_mark_of_log *log)
{
	state->file.log = *log;
}

struct state_view *state_writer(struct state *state)
{
	assert(state->writer.overlay != NULL);
	return &state->writer;
}

enum recourse_error state_snapshot_open(struct state *state, struct state_view **view)
{
	SCOPED(state_snapshot_end) struct state_view *opened = calloc(1, sizeof *opened);

	if (opened == NULL)
		return RECOURSE_MEMORY;
	opened->state = state;
	TRY(begin_read(state, &opened->transaction));
	TRY(state_file_position(&state->file, opened->transaction, &opened->position));
	*view = opened;
	opened = NULL;
	return RECOURSE_OK;
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

/* A snapshot, which may be with another thread, says what is wrong to who asks: the sweep will come by. */
static enum recourse_error open_seal(
	const struct state_view *view, slice key, const MDB_val *stored, slice *value)
{
	struct state *state = view->state;
	slice bytes = slice_of(stored->mv_data, stored->mv_size);
	if (view->overlay == NULL)
		return seal_open(&state->file.seal, key, bytes, value);
	return seal_watch_open(
		&state->watch, &state->file.seal, key, bytes, !overlay_empty(view->overlay), value);
}

static enum recourse_error get_stored(const struct state_view *view, slice key, slice *value)
{
	MDB_val stored_key = lmdb_file_value(key);
	MDB_val found;

	TRY(lmdb_file_error(mdb_get(view->transaction, view->state->file.table, &stored_key, &found)));
	return open_seal(view, key, &found, value);
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

static void begin_change(struct state_view *view)
{
	assert_writer_at_rest(view);
	if (overlay_empty(view->overlay))
		seal_watch_begin(&view->state->watch);
}

enum recourse_error state_put(struct state_view *view, slice key, slice value)
{
	assert_key(key);
	assert(value.size <= STATE_VALUE_MAX);
	begin_change(view);
	return overlay_put(view->overlay, key, value);
}

enum recourse_error state_remove(struct state_view *view, slice key)
{
	assert_key(key);
	begin_change(view);
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

static void count_seal(struct state *state, slice key, uint64_t more)
{
	state->file.seals += more;
	state_sweep_count(&state->sweep, key, more);
}

static int put_sealed(struct state *state, MDB_cursor *cursor, slice key, slice value, bool there)
{
	uint8_t bytes[SEAL_ROOM];
	slice sealed = seal_watch_close(&state->watch, &state->file.seal, key, value, bytes);
	MDB_val stored_key = lmdb_file_value(key);
	MDB_val stored = lmdb_file_value(sealed);
	count_seal(state, key, seal_of(sealed));
	return mdb_cursor_put(cursor, &stored_key, &stored, there ? MDB_CURRENT : 0);
}

static int write_record(struct state *state, MDB_cursor *cursor, const struct overlay_record *record)
{
	slice key = overlay_key(record);
	MDB_val stored_key = lmdb_file_value(key);
	MDB_val before;

	int code = mdb_cursor_get(cursor, &stored_key, &before, MDB_SET);
	if (code != MDB_SUCCESS && code != MDB_NOTFOUND)
		return code;
	bool there = code == MDB_SUCCESS;
	if (there)
		count_seal(state, key, 0 - seal_of(slice_of(before.mv_data, before.mv_size)));
	if (record->value_size != OVERLAY_REMOVED)
		return put_sealed(state, cursor, key, overlay_value(record), there);
	return there ? mdb_cursor_del(cursor, 0) : MDB_SUCCESS;
}

/* In the order of the keys, so that each page is visited once. */
static enum recourse_error write_overlay(struct state_view *view, MDB_txn *transaction)
{
	struct overlay *overlay = view->overlay;
	SCOPED(lmdb_file_close_cursor) MDB_cursor *cursor = NULL;

	overlay_sort(overlay);
	TRY(lmdb_file_error(mdb_cursor_open(transaction, view->state->file.table, &cursor)));
	for (size_t index = 0; index < overlay->record_count; index++)
		TRY(lmdb_file_error(write_record(view->state, cursor, overlay_at(overlay, index))));
	return RECOURSE_OK;
}

static enum recourse_error empty_table(struct state_view *view, MDB_txn *transaction)
{
	view->state->file.seals = 0;
	view->state->sweep.size = 0;
	return lmdb_file_error(mdb_drop(transaction, view->state->file.table, 0));
}

typedef enum recourse_error state_work(struct state_view *view, MDB_txn *transaction);

/* Does the work and writes the position in one transaction; the writer's view begins anew on top of it. */
static enum recourse_error try_commit(
	struct state_view *view, const struct state_position *position, state_work *work)
{
	struct state_file *file = &view->state->file;
	uint64_t seals = file->seals;
	SCOPED(lmdb_file_abort) MDB_txn *transaction = NULL;

	TRY(lmdb_file_error(mdb_txn_begin(file->environment, NULL, 0, &transaction)));
	enum recourse_error error = work(view, transaction);
	if (error == RECOURSE_OK)
		error = state_file_commit(file, &transaction, position);
	if (error != RECOURSE_OK) {
		file->seals = seals;
		view->state->sweep.size = 0;
		return error;
	}
	view->position = *position;
	overlay_clear(view->overlay);
	mdb_txn_reset(view->transaction);
	return lmdb_file_error(mdb_txn_renew(view->transaction));
}

/* The log has it already: it must not be for want of room that it is not shown. */
static enum recourse_error commit(
	struct state_view *view, const struct state_position *position, state_work *work)
{
	enum recourse_error error = try_commit(view, position, work);

	if (error == RECOURSE_STORE_FULL && ballast_give_up(&view->state->ballast))
		return try_commit(view, position, work);
	if (error == RECOURSE_OK)
		make_ballast(view->state);
	return error;
}

enum recourse_error state_sweep(struct state_view *view, size_t rows, bool *whole)
{
	struct state *state = view->state;

	assert_writer_at_rest(view);
	assert(overlay_empty(view->overlay));
	return state_sweep_go_on(&state->sweep, &state->file, &state->watch, view->transaction, rows, whole);
}

void state_seals(const struct state *state, struct recourse_seals *seals)
{
	*seals = state->watch.counts;
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

static bool begins_with(slice key, slice prefix)
{
	return key.size >= prefix.size && slice_equal(slice_of(key.data, prefix.size), prefix);
}

static bool in_prefix(const struct state_walk *walk, slice key)
{
	return begins_with(key, slice_of(walk->prefix, walk->prefix_size));
}

/* Takes up what the cursor came upon, or the walk's end in the store. */
static enum recourse_error take_stored(
	struct state_walk *walk, int code, const MDB_val *key, const MDB_val *value)
{
	walk->store_key = slice_of(NULL, 0);
	if (code == MDB_NOTFOUND)
		return RECOURSE_OK;
	TRY(lmdb_file_error(code));
	slice found = slice_of(key->mv_data, key->mv_size);
	if (found.size == 0 || found.size > STATE_KEY_MAX)
		return RECOURSE_STORE_CORRUPT;
	/* A zero byte begins the store's own record, which lies below all others and is not for users. */
	if (found.data[0] == 0 || !in_prefix(walk, found))
		return RECOURSE_OK;
	walk->store_key = found;
	return open_seal(walk->view, found, value, &walk->store_value);
}

static enum recourse_error seek_stored(struct state_walk *walk, slice from)
{
	MDB_cursor *cursor = walk->cursor;
	MDB_val key = lmdb_file_value(from);
	MDB_val value = {0};

	int code = mdb_cursor_get(cursor, &key, &value, MDB_SET_RANGE);
	if (walk->direction == STATE_UP)
		return take_stored(walk, code, &key, &value);
	/* LMDB finds the least key that is not below; downwards the one before it is wanted, unless it is it. */
	if (code == MDB_NOTFOUND)
		code = mdb_cursor_get(cursor, &key, &value, MDB_LAST);
	else if (code == MDB_SUCCESS && !slice_equal(slice_of(key.mv_data, key.mv_size), from))
		code = mdb_cursor_get(cursor, &key, &value, MDB_PREV);
	return take_stored(walk, code, &key, &value);
}

static enum recourse_error advance_stored(struct state_walk *walk)
{
	MDB_cursor_op operation = walk->direction == STATE_UP ? MDB_NEXT : MDB_PREV;
	MDB_val key;
	MDB_val value;

	int code = mdb_cursor_get(walk->cursor, &key, &value, operation);
	return take_stored(walk, code, &key, &value);
}

/* The overlay's next record within the prefix; NULL when there is none. */
static const struct overlay_record *peek_overlay(struct state_walk *walk)
{
	const struct overlay *overlay = walk->view->overlay;

	if (overlay == NULL)
		return NULL;
	const struct overlay_record *record = overlay_peek(overlay, &walk->overlay);
	return record != NULL && in_prefix(walk, overlay_key(record)) ? record : NULL;
}

/* Below 0: the overlay's record comes next; above 0: the store's; 0: both, and the overlay's counts. */
static int compare_sources(const struct state_walk *walk, const struct overlay_record *record)
{
	if (record == NULL)
		return 1;
	if (walk->store_key.size == 0)
		return -1;
	int order = slice_compare(overlay_key(record), walk->store_key);
	return walk->direction == STATE_UP ? order : -order;
}

static enum recourse_error step(struct state_walk *walk)
{
	enum recourse_error error = RECOURSE_OK;

	while (error == RECOURSE_OK) {
		const struct overlay_record *record = peek_overlay(walk);
		if (record == NULL && walk->store_key.size == 0)
			return RECOURSE_QUERY_NOT_FOUND;
		int order = compare_sources(walk, record);
		walk->key = walk->store_key;
		walk->value = walk->store_value;
		if (order >= 0)
			error = advance_stored(walk);
		if (order > 0)
			return error;
		key_order_step(&walk->overlay);
		if (record->value_size == OVERLAY_REMOVED)
			continue;
		walk->key = overlay_key(record);
		walk->value = overlay_value(record);
		return error;
	}
	return error;
}

/* The least key that may begin with the prefix, or the greatest. */
static slice outermost(struct state_walk *walk)
{
	static const uint8_t least[] = {1}; /* of users' keys */

	if (walk->direction == STATE_DOWN) {
		memset(walk->prefix + walk->prefix_size, 0xFF, sizeof walk->prefix - walk->prefix_size);
		return slice_of(walk->prefix, sizeof walk->prefix);
	}
	return walk->prefix_size > 0 ? slice_of(walk->prefix, walk->prefix_size)
				     : slice_of(least, sizeof least);
}

enum recourse_error state_walk_first(struct state_walk *walk, struct state_view *view, slice prefix,
	slice from, enum state_direction direction)
{
	assert(prefix.size <= STATE_KEY_MAX && (prefix.size == 0 || prefix.data[0] != 0));
	assert(from.size <= STATE_KEY_MAX && (from.size == 0 || begins_with(from, prefix)));
	walk->view = view;
	walk->direction = direction;
	walk->cursor = NULL;
	walk->prefix_size = prefix.size;
	if (prefix.size > 0)
		memcpy(walk->prefix, prefix.data, prefix.size);
	TRY(lmdb_file_error(mdb_cursor_open(view->transaction, view->state->file.table, &walk->cursor)));
	view->walks++;
	if (from.size == 0)
		from = outermost(walk);
	if (view->overlay != NULL)
		overlay_seek(view->overlay, &walk->overlay, from, direction == STATE_DOWN);
	TRY(seek_stored(walk, from));
	return step(walk);
}

enum recourse_error state_walk_next(struct state_walk *walk)
{
	assert(walk->cursor != NULL);
	return step(walk);
}

void state_walk_end(struct state_walk *walk)
{
	if (walk->cursor == NULL)
		return;
	mdb_cursor_close(walk->cursor);
	walk->cursor = NULL;
	walk->view->walks--;
}
