/* SPDX-License-Identifier: Apache-2.0 */
#include "store/log_runs.h"

#include "base/endian.h"
#include "base/try.h"
#include "store/log_key.h"
#include "store/page.h"

#include <assert.h>

enum {
	COUNT_SIZE = 2,
	END_SIZE = 4,
	RUN_SIZE_MAX = 16 * PAGE_SIZE_MIN - PAGE_HEADER_SIZE, /* fills its pages to the last byte */
	RUN_SIZE_MIN = RUN_SIZE_MAX / 8 * 7, /* with less, rows of their own fill pages better */
};

static size_t head_size(uint64_t count)
{
	return COUNT_SIZE + (size_t)(count - 1) * END_SIZE;
}

/* ---- reading ---- */

/* Where one of the run's entries ends, from where the first begins. */
static uint64_t end_of(const struct log_run *run, uint64_t index)
{
	if (index + 1 == run->count)
		return run->value.size - head_size(run->count);
	return little_endian_read(run->value.data + COUNT_SIZE + index * END_SIZE, END_SIZE);
}

static enum recourse_error run_entry(const struct log_run *run, uint64_t index, slice *entry)
{
	size_t room = run->value.size - head_size(run->count);
	uint64_t start = index == 0 ? 0 : end_of(run, index - 1);
	uint64_t end = end_of(run, index);
	if (start > end || end > room)
		return RECOURSE_STORE_CORRUPT;
	*entry = slice_of(run->value.data + head_size(run->count) + start, (size_t)(end - start));
	return RECOURSE_OK;
}

static enum recourse_error run_read(const struct log_key *key, const MDB_val *value, struct log_run *run)
{
	slice bytes = slice_of(value->mv_data, value->mv_size);
	if (key->kind != LOG_KEY_ENTRIES || bytes.size < COUNT_SIZE || bytes.size > RUN_SIZE_MAX)
		return RECOURSE_STORE_CORRUPT;
	uint64_t count = little_endian_read(bytes.data, COUNT_SIZE);
	if (count == 0 || count > key->entries || head_size(count) > bytes.size)
		return RECOURSE_STORE_CORRUPT;
	*run = (struct log_run){.first = key->entries - count, .count = count, .value = bytes};
	return RECOURSE_OK;
}

static bool run_has(const struct log_run *run, uint64_t number)
{
	return number - run->first < run->count;
}

/* It ends with that entry or after it; in a page whose keys are out of order LMDB finds any other as well. */
static enum recourse_error seek(struct log_runs_reader *reader, uint64_t number)
{
	struct log_key key;
	MDB_val found;
	MDB_val value;
	reader->run.count = 0;
	TRY(log_tables_error(log_key_find_entries(reader->cursor, number + 1, &found, &value)));
	if (!log_key_read(&found, &key))
		return RECOURSE_STORE_CORRUPT;
	TRY(run_read(&key, &value, &reader->run));
	return run_has(&reader->run, number) ? RECOURSE_OK : RECOURSE_STORE_CORRUPT;
}

enum recourse_error log_runs_get(const struct log_tables *tables, MDB_txn *transaction,
	struct log_runs_reader *reader, uint64_t number, slice *entry)
{
	if (reader->cursor == NULL)
		TRY(log_tables_open_cursor(tables, transaction, &reader->cursor));
	if (!run_has(&reader->run, number))
		TRY(seek(reader, number));
	return run_entry(&reader->run, number - reader->run.first, entry);
}

void log_runs_reader_close(struct log_runs_reader *reader)
{
	lmdb_file_close_cursor(&reader->cursor);
	reader->run.count = 0;
}

static enum recourse_error check_run(const struct log_run *run, uint64_t first)
{
	if (run->first != first)
		return RECOURSE_STORE_CORRUPT;
	for (uint64_t index = 0; index < run->count; index++) {
		slice entry;
		TRY(run_entry(run, index, &entry));
	}
	return RECOURSE_OK;
}

/* A row of entries counts them on, one of a request that. */
static enum recourse_error check_row(const MDB_val *found, const MDB_val *value, struct log_key *before)
{
	struct log_key key;
	struct log_run run;
	if (!log_key_read(found, &key))
		return RECOURSE_STORE_CORRUPT;
	if (key.kind == LOG_KEY_REQUEST) {
		bool next = key.entries == before->entries && key.requests == before->requests + 1;
		*before = key;
		return next ? RECOURSE_OK : RECOURSE_STORE_CORRUPT;
	}
	TRY(run_read(&key, value, &run));
	TRY(check_run(&run, before->entries));
	bool next = key.requests == before->requests;
	*before = key;
	return next ? RECOURSE_OK : RECOURSE_STORE_CORRUPT;
}

enum recourse_error log_runs_check(
	const struct log_tables *tables, MDB_txn *transaction, const struct log_tail *tail)
{
	SCOPED(lmdb_file_close_cursor) MDB_cursor *cursor = NULL;
	struct log_key last = {.entries = 0};
	MDB_val key;
	MDB_val value;
	int code;

	TRY(log_tables_open_cursor(tables, transaction, &cursor));
	while ((code = mdb_cursor_get(cursor, &key, &value, MDB_NEXT)) == MDB_SUCCESS)
		TRY(check_row(&key, &value, &last));
	if (code != MDB_NOTFOUND)
		return log_tables_error(code);
	bool all = last.entries == tail->entries && last.requests == tail->requests;
	return all ? RECOURSE_OK : RECOURSE_STORE_CORRUPT;
}

/* ---- writing ---- */

/* How many of the group's entries from there on fit one row, and how long it then is. */
static uint64_t fit(const struct group *group, uint64_t first, size_t *size)
{
	uint64_t count = 0;
	*size = 0;
	for (uint64_t number = first; number < group->head.entries; number++, count++) {
		size_t more = (count == 0 ? COUNT_SIZE : END_SIZE) + group_entry(group, number).size;
		if (*size + more > RUN_SIZE_MAX)
			break;
		*size += more;
	}
	return count;
}

static void write_run(uint8_t *value, const struct group *group, uint64_t first, uint64_t count)
{
	uint8_t *entries = value + head_size(count);
	uint64_t end = 0;
	little_endian_write(value, count, COUNT_SIZE);
	for (uint64_t index = 0; index < count; index++) {
		slice entry = group_entry(group, first + index);
		memcpy(entries + end, entry.data, entry.size);
		end += entry.size;
		if (index + 1 < count)
			little_endian_write(value + COUNT_SIZE + index * END_SIZE, end, END_SIZE);
	}
}

static enum recourse_error put_run(
	MDB_cursor *cursor, const struct group *group, uint64_t first, uint64_t count, size_t size)
{
	uint8_t bytes[LOG_KEY_SIZE];
	const struct log_key row = {first + count, group->before.requests, LOG_KEY_ENTRIES};
	MDB_val key = log_key_write(&row, bytes);
	MDB_val value = {.mv_data = NULL, .mv_size = size};
	TRY(log_tables_error(mdb_cursor_put(cursor, &key, &value, MDB_APPEND | MDB_RESERVE)));
	write_run(value.mv_data, group, first, count);
	return RECOURSE_OK;
}

static enum recourse_error put_each(
	MDB_cursor *cursor, const struct group *group, uint64_t first, uint64_t count)
{
	for (uint64_t number = first; number < first + count; number++)
		TRY(put_run(cursor, group, number, 1, COUNT_SIZE + group_entry(group, number).size));
	return RECOURSE_OK;
}

enum recourse_error log_runs_append(
	const struct log_tables *tables, MDB_txn *transaction, const struct group *group)
{
	SCOPED(lmdb_file_close_cursor) MDB_cursor *cursor = NULL;

	TRY(log_tables_open_cursor(tables, transaction, &cursor));
	for (uint64_t first = group->before.entries; first < group->head.entries;) {
		size_t size;
		uint64_t count = fit(group, first, &size);
		assert(count > 0); /* an entry fits a row */
		TRY(size >= RUN_SIZE_MIN ? put_run(cursor, group, first, count, size)
					 : put_each(cursor, group, first, count));
		first += count;
	}
	return RECOURSE_OK;
}
