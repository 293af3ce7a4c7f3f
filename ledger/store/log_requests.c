/* SPDX-License-Identifier: Apache-2.0 */
#include "store/log_requests.h"

#include "base/try.h"
#include "store/log_key.h"

enum recourse_error log_requests_get(const struct log_tables *tables, MDB_txn *transaction,
	MDB_cursor **cursor, uint64_t number, slice *record)
{
	struct log_key key;
	MDB_val found;
	MDB_val value;
	if (*cursor == NULL)
		TRY(log_tables_open_cursor(tables, transaction, cursor));
	TRY(log_tables_error(log_key_find_requests(*cursor, number + 1, &found, &value)));
	if (!log_key_read(&found, &key) || key.kind != LOG_KEY_REQUEST || key.requests != number + 1)
		return RECOURSE_STORE_CORRUPT;
	*record = slice_of(value.mv_data, value.mv_size);
	return RECOURSE_OK;
}

enum recourse_error log_requests_append(
	const struct log_tables *tables, MDB_txn *transaction, const struct group *group)
{
	uint8_t bytes[LOG_KEY_SIZE];
	SCOPED(lmdb_file_close_cursor) MDB_cursor *cursor = NULL;
	TRY(log_tables_open_cursor(tables, transaction, &cursor));
	for (uint64_t number = group->before.requests; number < group->head.requests; number++) {
		const struct log_key row = {group->head.entries, number + 1, LOG_KEY_REQUEST};
		MDB_val key = log_key_write(&row, bytes);
		MDB_val value = lmdb_file_value(group_request(group, number));
		TRY(log_tables_error(mdb_cursor_put(cursor, &key, &value, MDB_APPEND)));
	}
	return RECOURSE_OK;
}
