/* SPDX-License-Identifier: Apache-2.0 */
#include "store/state_sweep.h"

#include "base/try.h"
#include "store/lmdb_file.h"

/* The cursor on the row behind the sweep's place. MDB_NOTFOUND at the end. */
static int find_behind(const struct state_sweep *sweep, MDB_cursor *cursor, MDB_val *key, MDB_val *stored)
{
	static const uint8_t least[] = {1}; /* of users' keys */
	slice place = sweep->size == 0 ? slice_of(least, sizeof least) : slice_of(sweep->place, sweep->size);

	*key = lmdb_file_value(place);
	int code = mdb_cursor_get(cursor, key, stored, MDB_SET_RANGE);
	if (code == MDB_SUCCESS && sweep->size > 0 &&
		slice_equal(slice_of(key->mv_data, key->mv_size), place))
		code = mdb_cursor_get(cursor, key, stored, MDB_NEXT);
	return code;
}

static enum recourse_error sweep_row(struct state_sweep *sweep, const struct seal *seal,
	struct seal_watch *watch, const MDB_val *key, const MDB_val *stored)
{
	if (key->mv_size == 0 || key->mv_size > SEAL_KEY_MAX)
		return RECOURSE_STORE_CORRUPT;
	TRY(seal_watch_sweep(watch, seal, slice_of(key->mv_data, key->mv_size),
		slice_of(stored->mv_data, stored->mv_size)));
	memcpy(sweep->place, key->mv_data, key->mv_size);
	sweep->size = key->mv_size;
	sweep->seals += seal_of(slice_of(stored->mv_data, stored->mv_size));
	return RECOURSE_OK;
}

enum recourse_error state_sweep_go_on(struct state_sweep *sweep, const struct state_file *file,
	struct seal_watch *watch, MDB_txn *transaction, size_t rows, bool *whole)
{
	MDB_val key;
	MDB_val stored;
	SCOPED(lmdb_file_close_cursor) MDB_cursor *cursor = NULL;

	*whole = false;
	if (watch->wrong)
		return RECOURSE_STORE_CORRUPT;
	if (sweep->size == 0)
		sweep->seals = 0;
	TRY(lmdb_file_error(mdb_cursor_open(transaction, file->table, &cursor)));
	int code = find_behind(sweep, cursor, &key, &stored);
	for (; code == MDB_SUCCESS && rows > 0; rows--) {
		TRY(sweep_row(sweep, &file->seal, watch, &key, &stored));
		code = mdb_cursor_get(cursor, &key, &stored, MDB_NEXT);
	}
	if (code != MDB_NOTFOUND)
		return lmdb_file_error(code);
	*whole = true;
	sweep->size = 0;
	watch->wrong = sweep->seals != file->seals;
	return watch->wrong ? RECOURSE_STORE_CORRUPT : RECOURSE_OK;
}

void state_sweep_count(struct state_sweep *sweep, slice key, uint64_t more)
{
	if (sweep->size > 0 && slice_compare(key, slice_of(sweep->place, sweep->size)) <= 0)
		sweep->seals += more;
}
