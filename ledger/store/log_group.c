/* SPDX-License-Identifier: Apache-2.0 */
#include "store/log_group.h"

#include "base/try.h"
#include "store/log_requests.h"
#include "store/log_rows.h"
#include "store/log_runs.h"

/* What is few stays in the tail; else all of it goes to the table, and the tail before it. */
static enum recourse_error put_added(const struct log_tables *tables, MDB_txn *transaction,
	const struct log_tail *tail, const struct group *group)
{
	uint8_t rows[LOG_TAIL_SIZE_MAX];

	if (tail->rows.size > 0)
		memcpy(rows, tail->rows.data, tail->rows.size); /* a page that is written moves them */
	size_t size = log_tail_append(rows, tail->rows.size, group);
	if (size > 0)
		return log_tables_put_head(tables, transaction, &group->head, slice_of(rows, size));
	if (tail->rows.size > 0) {
		const struct log_tail moved = {
			tail->entries, tail->requests, slice_of(rows, tail->rows.size)};
		SCOPED(lmdb_file_close_cursor) MDB_cursor *cursor = NULL;
		TRY(log_tables_open_cursor(tables, transaction, &cursor));
		TRY(log_tail_move(&moved, cursor));
	}
	TRY(log_runs_append(tables, transaction, group));
	TRY(log_requests_append(tables, transaction, group));
	return log_tables_put_head(tables, transaction, &group->head, slice_text(""));
}

enum recourse_error log_group_put(
	const struct log_tables *tables, MDB_txn *transaction, const struct group *group)
{
	struct log_head head;
	struct log_tail tail;

	TRY(log_tables_get_head(tables, transaction, &head, &tail));
	if (!group_head_equal(&head, &group->before))
		return RECOURSE_FORK;
	TRY(put_added(tables, transaction, &tail, group));
	return log_rows_put(tables, transaction, (const void *)group->hashes.data,
		group->hashes.size / sizeof(struct tree_stored));
}
