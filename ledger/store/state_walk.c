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

static uint64_t hash_of_prefix(const struct state_walk *walk)
{
	return overlay_hash(walk->view->overlay, slice_of(walk->prefix, walk->prefix_size));
}

/* The walk's end in the store: what it came upon are all rows of the prefix, and were good. */
static enum recourse_error end_stored(struct state_walk *walk)
{
	if (walk->noted)
		seen_walks_note(state_view_seen_walks(walk->view), slice_of(walk->prefix, walk->prefix_size),
			hash_of_prefix(walk), &walk->stored);
	walk->noted = false;
	return RECOURSE_OK;
}

static void note_stored(struct state_walk *walk)
{
	if (walk->stored.count < SEEN_WALK_ROWS)
		walk->stored.rows[walk->stored.count] =
			(struct seen_walk_row){.key = walk->store_key, .value = walk->store_value};
	walk->stored.count++;
}

/* Takes up what the cursor came upon, or the walk's end in the store. */
static enum recourse_error take_stored(
	struct state_walk *walk, int code, const MDB_val *key, const MDB_val *value)
{
	walk->store_key = slice_of(NULL, 0);
	if (code == MDB_NOTFOUND)
		return end_stored(walk);
	TRY(lmdb_file_error(code));
	slice found = slice_of(key->mv_data, key->mv_size);
	if (found.size == 0 || found.size > STATE_KEY_MAX)
		return RECOURSE_STORE_CORRUPT;
	/* A zero byte begins the store's own record, which lies below all others and is not for users. */
	if (found.data[0] == 0 || !in_prefix(walk, found))
		return end_stored(walk);
	walk->store_key = found;
	TRY(state_view_open_row(walk->view, found, value, &walk->store_value));
	if (walk->noted)
		note_stored(walk);
	return RECOURSE_OK;
}

static void take_known(struct state_walk *walk)
{
	bool more = walk->next < walk->stored.count;
	walk->store_key = more ? walk->stored.rows[walk->next].key : slice_of(NULL, 0);
	walk->store_value = more ? walk->stored.rows[walk->next].value : slice_of(NULL, 0);
	walk->next++;
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

	if (walk->cursor == NULL) {
		take_known(walk);
		return RECOURSE_OK;
	}
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
	const struct overlay_record *upper = peek_overlay(walk, walk->upper, &walk->in_upper);
	const struct overlay_record *lower = peek_overlay(walk, walk->lower, &walk->in_lower);
	int order = upper == NULL   ? 1
		    : lower == NULL ? -1
				    : compare(walk, overlay_key(upper), overlay_key(lower));
	const struct overlay_record *next = order <= 0 ? upper : lower;

	if (next == NULL ||
		(walk->store_key.size > 0 && compare(walk, overlay_key(next), walk->store_key) > 0))
		return NULL;
	if (order <= 0)
		key_order_step(&walk->in_upper);
	if (order >= 0)
		key_order_step(&walk->in_lower);
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

/* NULL where it has nothing for this walk. */
static const struct overlay *seek_overlay(
	const struct state_walk *walk, struct overlay *overlay, struct key_order_cursor *cursor, slice from)
{
	if (overlay == NULL || !overlay_may_have(overlay, slice_of(walk->prefix, walk->prefix_size)))
		return NULL;
	overlay_seek(overlay, cursor, from, walk->direction == STATE_DOWN);
	return overlay;
}

/* Whether the store's rows are known: of the writer's walks from the begin of a prefix, once a group has changed something. */
static bool find_known(struct state_walk *walk, bool from_begin)
{
	const struct state_view *view = walk->view;
	walk->stored.count = walk->next = 0;
	walk->noted = from_begin && walk->direction == STATE_UP && view->overlay != NULL &&
		      walk->prefix_size > 0 && !overlay_empty(view->overlay);
	const struct seen_walk *known =
		walk->noted ? seen_walks_find(state_view_seen_walks(view),
				      slice_of(walk->prefix, walk->prefix_size), hash_of_prefix(walk))
			    : NULL;
	if (known == NULL)
		return false;
	walk->noted = false;
	walk->stored = *known;
	take_known(walk);
	return true;
}

static enum recourse_error find_stored(struct state_walk *walk, slice from)
{
	const struct state_view *view = walk->view;
	TRY(lmdb_file_error(mdb_cursor_open(view->transaction, state_view_table(view), &walk->cursor)));
	return seek_stored(walk, from);
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
	view->walks++;
	bool known = find_known(walk, from.size == 0);
	if (from.size == 0)
		from = outermost(walk);
	walk->upper = seek_overlay(walk, view->overlay, &walk->in_upper, from);
	walk->lower = seek_overlay(walk, view->apart, &walk->in_lower, from);
	if (!known)
		TRY(find_stored(walk, from));
	return step(walk);
}

enum recourse_error state_walk_next(struct state_walk *walk)
{
	assert(walk->view != NULL);
	return step(walk);
}

static bool stored_before(const struct state_walk *walk, slice from)
{
	return walk->store_key.size > 0 && compare(walk, walk->store_key, from) < 0;
}

/* The same cursor finds what lies on the page that it stands on without a way through the tree. */
static enum recourse_error skip_stored(struct state_walk *walk, slice from)
{
	walk->noted = false; /* it does not come upon all */
	if (walk->cursor != NULL && stored_before(walk, from))
		return seek_stored(walk, from);
	while (stored_before(walk, from))
		take_known(walk);
	return RECOURSE_OK;
}

enum recourse_error state_walk_skip(struct state_walk *walk, slice from)
{
	bool down = walk->direction == STATE_DOWN;
	assert(walk->view != NULL && in_prefix(walk, from) && compare(walk, walk->key, from) < 0);
	if (walk->upper != NULL)
		overlay_seek(walk->view->overlay, &walk->in_upper, from, down);
	if (walk->lower != NULL)
		overlay_seek(walk->view->apart, &walk->in_lower, from, down);
	TRY(skip_stored(walk, from));
	return step(walk);
}

void state_walk_end(struct state_walk *walk)
{
	if (walk->view == NULL)
		return;
	if (walk->cursor != NULL)
		mdb_cursor_close(walk->cursor);
	walk->cursor = NULL;
	walk->view->walks--;
	walk->view = NULL;
}
