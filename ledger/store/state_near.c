/* SPDX-License-Identifier: Apache-2.0 */
#include "store/state_near.h"

#include "base/try.h"
#include "store/lmdb_file.h"

static size_t place_of(slice key)
{
	return (key.data[0] ^ (key.size > 1 ? key.data[1] : 0)) % STATE_NEAR_PLACES;
}

static int find_cursor(
	struct state_near *near, size_t place, MDB_txn *transaction, MDB_dbi table, MDB_cursor **cursor)
{
	const uint32_t bit = UINT32_C(1) << place;
	MDB_cursor **kept = &near->cursors[place];
	int code = MDB_SUCCESS;
	if (*kept == NULL)
		code = mdb_cursor_open(transaction, table, kept);
	else if ((near->stale & bit) != 0)
		code = mdb_cursor_renew(transaction, *kept);
	if (code == MDB_SUCCESS)
		near->stale &= ~bit;
	*cursor = *kept;
	return code;
}

enum recourse_error state_near_get(
	struct state_near *near, MDB_txn *transaction, MDB_dbi table, slice key, MDB_val *found)
{
	MDB_val stored = lmdb_file_value(key);
	MDB_cursor *cursor;
	TRY(lmdb_file_error(find_cursor(near, place_of(key), transaction, table, &cursor)));
	return lmdb_file_error(mdb_cursor_get(cursor, &stored, found, MDB_SET));
}

void state_near_free(struct state_near *near)
{
	for (size_t place = 0; place < STATE_NEAR_PLACES; place++) {
		if (near->cursors[place] != NULL)
			mdb_cursor_close(near->cursors[place]);
		near->cursors[place] = NULL;
	}
}
