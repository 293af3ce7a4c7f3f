/* SPDX-License-Identifier: Apache-2.0 */
#include "base/try.h"
#include "store/lmdb_file.h"
#include "store/state.h"
#include "store/state_view.h"

#include <assert.h>

/* Walks, declared in state.h: the rows of the store, and above them what the writer's overlays say. */

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
	return state_view_open_row(walk->view, found, value, &walk->store_value);
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

/* An overlay's next record within the prefix; NULL when there is none. */
static const struct overlay_record *peek_overlay(
	const struct state_walk *walk, const struct overlay *overlay, struct key_order_cursor *cursor)
{
	const struct overlay_record *record = overlay == NULL ? NULL : overlay_peek(overlay, cursor);

	return record != NULL && in_prefix(walk, overlay_key(record)) ? record : NULL;
}

/* Below 0: that key comes before the other in this walk. */
static int compare(const struct state_walk *walk, slice key, slice other)
{
	int order = slice_compare(key, other);

	return walk->direction == STATE_UP ? order : -order;
}

/*
 * Steps past the next key that is in an overlay, and says what it is there: the upper one's record where both have it.
 * NULL where the store's next key comes before it, or nothing is left in the overlays.
 */
static const struct overlay_record *take_overlays(struct state_walk *walk)
{
	const struct overlay_record *upper = peek_overlay(walk, walk->view->overlay, &walk->overlay);
	const struct overlay_record *lower = peek_overlay(walk, walk->view->apart, &walk->apart);
	int order = upper == NULL   ? 1
		    : lower == NULL ? -1
				    : compare(walk, overlay_key(upper), overlay_key(lower));
	const struct overlay_record *next = order <= 0 ? upper : lower;

	if (next == NULL ||
		(walk->store_key.size > 0 && compare(walk, overlay_key(next), walk->store_key) > 0))
		return NULL;
	if (order <= 0)
		key_order_step(&walk->overlay);
	if (order >= 0)
		key_order_step(&walk->apart);
	return next;
}

static enum recourse_error step(struct state_walk *walk)
{
	for (;;) {
		const struct overlay_record *record = take_overlays(walk);
		if (record == NULL && walk->store_key.size == 0)
			return RECOURSE_QUERY_NOT_FOUND;
		bool stored = record == NULL || slice_equal(overlay_key(record), walk->store_key);
		walk->key = walk->store_key;
		walk->value = walk->store_value;
		if (stored)
			TRY(advance_stored(walk));
		if (record == NULL)
			return RECOURSE_OK;
		if (record->value_size == OVERLAY_REMOVED)
			continue;
		walk->key = overlay_key(record);
		walk->value = overlay_value(record);
		return RECOURSE_OK;
	}
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
	TRY(lmdb_file_error(mdb_cursor_open(view->transaction, state_view_table(view), &walk->cursor)));
	view->walks++;
	if (from.size == 0)
		from = outermost(walk);
	if (view->overlay != NULL)
		overlay_seek(view->overlay, &walk->overlay, from, direction == STATE_DOWN);
	if (view->apart != NULL)
		overlay_seek(view->apart, &walk->apart, from, direction == STATE_DOWN);
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
