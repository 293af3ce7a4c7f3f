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
#include "store/seen_rows.h"
#include "store/state_file.h"
#include "store/state_near.h"
#include "store/state_sweep.h"
#include "store/state_view.h"

#include <assert.h>
#include <lmdb.h>
#include <stdlib.h>

struct state {
	struct state_file file;
	struct overlay
		overlays[2]; /* of the writer, in turn: what is being decided, and what was set apart */
	struct state_view writer;
	struct state_position position; /* of what was set apart and written */
	struct ballast ballast;
	uint64_t spare_bytes;
	struct state_sweep sweep;
	struct seal_watch read; /* by the writer */
	struct state_near near; /* the same */
	struct seen_rows seen;  /* the same */
	struct seen_walks seen_walks;
	struct seal_watch written; /* by whoever writes what was set apart, and sweeps */
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

/* What was read before is of another snapshot, or was looked at too long ago. */
static void begin_looking(struct state *state)
{
	seal_watch_begin(&state->read);
	seen_rows_begin(&state->seen);
	seen_walks_begin(&state->seen_walks);
}

static enum recourse_error open_writer(struct state *state)
{
	struct state_view *writer = &state->writer;

	crypto_random(&state->overlays[0].seed, sizeof state->overlays[0].seed);
	state->overlays[1].seed = state->overlays[0].seed;
	writer->state = state;
	begin_looking(state);
	TRY(begin_read(state, &writer->transaction));
	writer->overlay = &state->overlays[0];
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
	assert(overlay_empty(&state->overlays[0]) && overlay_empty(&state->overlays[1]));
	assert(state->writer.walks == 0);
	if (state->writer.overlay != NULL) {
		state_near_free(&state->near);
		mdb_txn_abort(state->writer.transaction);
		if (state->read.wrong || state->written.wrong)
			state_file_disown(&state->file);
		else
			state_file_mark_clean(&state->file);
	}
	state_file_close(&state->file);
	overlay_free(&state->overlays[0]);
	overlay_free(&state->overlays[1]);
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

struct seen_walks *state_view_seen_walks(const struct state_view *view)
{
	return &view->state->seen_walks;
}

MDB_dbi state_view_table(const struct state_view *view)
{
	return view->state->file.table;
}

enum recourse_error state_view_open_row(
	const struct state_view *view, slice key, const MDB_val *stored, slice *value)
{
	struct state *state = view->state;
	slice bytes = slice_of(stored->mv_data, stored->mv_size);
	if (view->overlay == NULL)
		return seal_open(&state->file.seal, key, bytes, value);
	return seal_watch_open(
		&state->read, &state->file.seal, key, bytes, !overlay_empty(view->overlay), value);
}

static enum recourse_error get_stored(const struct state_view *view, slice key, slice *value)
{
	MDB_val stored_key = lmdb_file_value(key);
	MDB_dbi table = view->state->file.table;
	MDB_val found;

	if (view->overlay != NULL)
		TRY(state_near_get(&view->state->near, view->transaction, table, key, &found));
	else
		TRY(lmdb_file_error(mdb_get(view->transaction, table, &stored_key, &found)));
	return state_view_open_row(view, key, &found, value);
}

/* The writer's, of which there is nothing in an overlay. Before a group has changed anything, each row is looked at. */
static enum recourse_error see_stored(struct state_view *view, slice key, uint64_t hash, slice *value)
{
	struct seen_rows *seen = &view->state->seen;
	enum recourse_error error = get_stored(view, key, value);
	if (overlay_empty(view->overlay))
		return error;
	if (error == RECOURSE_OK)
		seen_rows_note(seen, key, hash, *value);
	if (error == RECOURSE_QUERY_NOT_FOUND)
		seen_rows_note_absent(seen, key, hash);
	return error;
}

static enum recourse_error give_seen(const struct seen_row *seen, slice *value)
{
	if (seen->value_size == SEEN_ROWS_ABSENT)
		return RECOURSE_QUERY_NOT_FOUND;
	*value = slice_of(seen->value, seen->value_size);
	return RECOURSE_OK;
}

static enum recourse_error give_record(const struct overlay_record *record, slice *value)
{
	if (record->value_size == OVERLAY_REMOVED)
		return RECOURSE_QUERY_NOT_FOUND;
	*value = overlay_value(record);
	return RECOURSE_OK;
}

enum recourse_error state_get(struct state_view *view, slice key, slice *value)
{
	assert_key(key);
	if (view->overlay == NULL)
		return get_stored(view, key, value);
	const struct overlay_record *record = overlay_find_last(view->overlay, key);
	if (record != NULL)
		return give_record(record, value);
	uint64_t hash = overlay_hash(view->overlay, key);
	const struct seen_row *seen =
		overlay_empty(view->overlay) ? NULL : seen_rows_find(&view->state->seen, key, hash);
	if (seen != NULL)
		return give_seen(seen, value);
	record = overlay_find(view->overlay, key, hash);
	if (record == NULL && view->apart != NULL)
		record = overlay_find(view->apart, key, hash);
	return record != NULL ? give_record(record, value) : see_stored(view, key, hash, value);
}

static void begin_change(struct state_view *view)
{
	assert_writer_at_rest(view);
	if (overlay_empty(view->overlay))
		begin_looking(view->state);
}

/* There may be a record more: what was seen of that row is not what it is any more. */
static enum recourse_error end_change(struct state_view *view, size_t records, enum recourse_error error)
{
	const struct overlay *overlay = view->overlay;
	if (overlay->record_count > records)
		seen_rows_forget(&view->state->seen, overlay->records[records].hash);
	return error;
}

enum recourse_error state_put(struct state_view *view, slice key, slice value)
{
	size_t records = view->overlay->record_count;
	assert_key(key);
	assert(value.size <= STATE_VALUE_MAX);
	begin_change(view);
	return end_change(view, records, overlay_put(view->overlay, key, value));
}

enum recourse_error state_remove(struct state_view *view, slice key)
{
	size_t records = view->overlay->record_count;
	assert_key(key);
	begin_change(view);
	return end_change(view, records, overlay_remove(view->overlay, key));
}

enum recourse_error state_append(struct state_view *view, slice key, slice before, slice tail)
{
	size_t records = view->overlay->record_count;
	assert_key(key);
	assert(before.size + tail.size <= STATE_VALUE_MAX);
	begin_change(view);
	return end_change(view, records, overlay_append(view->overlay, key, before, tail));
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
	view->apart = NULL;
	overlay_clear(&view->state->overlays[0]);
	overlay_clear(&view->state->overlays[1]);
}

static void count_seal(struct state *state, slice key, uint64_t more)
{
	state->file.seals += more;
	state_sweep_count(&state->sweep, key, more);
}

/* A row that is there is found by the same search that would put a new one, and written over in its place. */
static int put_record(
	struct state *state, MDB_cursor *cursor, MDB_val *stored_key, const struct overlay_record *record)
{
	uint8_t bytes[SEAL_ROOM];
	slice key = overlay_key(record);
	slice sealed =
		seal_watch_close(&state->written, &state->file.seal, key, overlay_value(record), bytes);
	MDB_val stored = lmdb_file_value(sealed);

	int code = mdb_cursor_put(cursor, stored_key, &stored, MDB_NOOVERWRITE);
	if (code == MDB_KEYEXIST) {
		count_seal(state, key, 0 - seal_of(slice_of(stored.mv_data, stored.mv_size)));
		stored = lmdb_file_value(sealed);
		code = mdb_cursor_put(cursor, stored_key, &stored, MDB_CURRENT);
	}
	count_seal(state, key, seal_of(sealed));
	return code;
}

static int remove_record(struct state *state, MDB_cursor *cursor, MDB_val *stored_key, slice key)
{
	MDB_val before;

	int code = mdb_cursor_get(cursor, stored_key, &before, MDB_SET);
	if (code != MDB_SUCCESS)
		return code == MDB_NOTFOUND ? MDB_SUCCESS : code;
	count_seal(state, key, 0 - seal_of(slice_of(before.mv_data, before.mv_size)));
	return mdb_cursor_del(cursor, 0);
}

static int write_record(struct state *state, MDB_cursor *cursor, const struct overlay_record *record)
{
	slice key = overlay_key(record);
	MDB_val stored_key = lmdb_file_value(key);

	return record->value_size == OVERLAY_REMOVED ? remove_record(state, cursor, &stored_key, key)
						     : put_record(state, cursor, &stored_key, record);
}

/* In the order of the keys, so that each page is visited once. It was put in order when it was set apart. */
static enum recourse_error write_apart(struct state *state, MDB_txn *transaction)
{
	const struct overlay *apart = state->writer.apart;
	SCOPED(lmdb_file_close_cursor) MDB_cursor *cursor = NULL;

	TRY(lmdb_file_error(mdb_cursor_open(transaction, state->file.table, &cursor)));
	for (size_t index = 0; index < apart->record_count; index++)
		TRY(lmdb_file_error(write_record(state, cursor, overlay_at(apart, index))));
	return RECOURSE_OK;
}

static enum recourse_error empty_table(struct state *state, MDB_txn *transaction)
{
	state->file.seals = 0;
	state->sweep.size = 0;
	return lmdb_file_error(mdb_drop(transaction, state->file.table, 0));
}

typedef enum recourse_error state_work(struct state *state, MDB_txn *transaction);

/* Does the work and writes the position in one transaction. */
static enum recourse_error try_write(
	struct state *state, const struct state_position *position, state_work *work)
{
	struct state_file *file = &state->file;
	uint64_t seals = file->seals;
	SCOPED(lmdb_file_abort) MDB_txn *transaction = NULL;

	TRY(lmdb_file_error(mdb_txn_begin(file->environment, NULL, 0, &transaction)));
	enum recourse_error error = work(state, transaction);
	if (error == RECOURSE_OK)
		error = state_file_commit(file, &transaction, position);
	if (error != RECOURSE_OK) {
		file->seals = seals;
		state->sweep.size = 0;
	}
	return error;
}

/* The log has it already: it must not be for want of room that it is not shown. */
static enum recourse_error write(struct state *state, const struct state_position *position, state_work *work)
{
	enum recourse_error error = try_write(state, position, work);

	if (error == RECOURSE_STORE_FULL && ballast_give_up(&state->ballast))
		return try_write(state, position, work);
	if (error == RECOURSE_OK)
		make_ballast(state);
	return error;
}

/* The other overlay than the one that is worked in. */
static struct overlay *other_overlay(const struct state_view *view)
{
	struct overlay *overlays = view->state->overlays;

	return view->overlay == &overlays[0] ? &overlays[1] : &overlays[0];
}

void state_set_apart(struct state_view *view)
{
	assert_writer_at_rest(view);
	assert(view->apart == NULL);
	overlay_sort(view->overlay);
	view->apart = view->overlay;
	view->overlay = other_overlay(view);
}

enum recourse_error state_write(struct state *state, const struct state_position *position)
{
	assert(state->writer.apart != NULL);
	state->position = *position;
	return write(state, position, write_apart);
}

static enum recourse_error begin_anew(struct state_view *view, const struct state_position *position)
{
	view->position = *position;
	begin_looking(view->state);
	state_near_renew(&view->state->near);
	mdb_txn_reset(view->transaction);
	return lmdb_file_error(mdb_txn_renew(view->transaction));
}

enum recourse_error state_settle(struct state_view *view)
{
	assert_writer_at_rest(view);
	assert(view->apart != NULL);
	overlay_clear(other_overlay(view));
	view->apart = NULL;
	return begin_anew(view, &view->state->position);
}

enum recourse_error state_sweep(struct state *state, size_t rows, bool *whole)
{
	SCOPED(lmdb_file_abort) MDB_txn *transaction = NULL;

	state->written.wrong = state->written.wrong || state->read.wrong;
	TRY(begin_read(state, &transaction));
	return state_sweep_go_on(&state->sweep, &state->file, &state->written, transaction, rows, whole);
}

void state_seals(const struct state *state, struct recourse_seals *seals)
{
	const struct recourse_seals *read = &state->read.counts;
	const struct recourse_seals *written = &state->written.counts;

	*seals = (struct recourse_seals){
		.made = written->made,
		.opened = read->opened,
		.bytes = read->bytes + written->bytes,
		.swept = written->swept,
	};
}

enum recourse_error state_commit(struct state_view *view, const struct state_position *position)
{
	state_set_apart(view);
	enum recourse_error error = state_write(view->state, position);
	if (error == RECOURSE_OK)
		return state_settle(view);
	view->overlay = other_overlay(view);
	view->apart = NULL;
	return error;
}

enum recourse_error state_reset(struct state *state)
{
	const struct state_position start = {0};

	state_discard(&state->writer);
	TRY(write(state, &start, empty_table));
	return begin_anew(&state->writer, &start);
}
