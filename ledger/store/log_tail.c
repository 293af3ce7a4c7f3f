/* SPDX-License-Identifier: Apache-2.0 */
#include "store/log_tail.h"

#include "base/endian.h"
#include "base/try.h"
#include "store/log_key.h"

enum {
	LENGTH_SIZE = 2,
	ROW_HEAD_SIZE = LOG_KEY_SIZE + LENGTH_SIZE,
	COUNT_SIZE = 2, /* an entry's row is a run of one: log_runs.h */
};

struct row {
	struct log_key key;
	MDB_val bytes; /* of the key */
	slice value;
	slice entry; /* of a row of one */
};

/* Takes the first of the rows. False: nobody wrote such a one. */
static bool take(slice *rows, struct row *row)
{
	if (rows->size < ROW_HEAD_SIZE)
		return false;
	row->bytes = lmdb_file_value(slice_of(rows->data, LOG_KEY_SIZE));
	size_t size = (size_t)little_endian_read(rows->data + LOG_KEY_SIZE, LENGTH_SIZE);
	slice rest = slice_from(*rows, ROW_HEAD_SIZE);
	if (!log_key_read(&row->bytes, &row->key) || size > rest.size)
		return false;
	row->value = slice_of(rest.data, size);
	*rows = slice_from(rest, size);
	if (row->key.kind == LOG_KEY_REQUEST)
		return row->key.requests > 0;
	if (size < COUNT_SIZE || little_endian_read(row->value.data, COUNT_SIZE) != 1)
		return false;
	row->entry = slice_from(row->value, COUNT_SIZE);
	return row->key.entries > 0;
}

/* ---- reading ---- */

enum recourse_error log_tail_read(slice rows, const struct log_head *head, struct log_tail *tail)
{
	struct row row;
	bool begun = false;
	uint64_t entries = head->entries;
	uint64_t requests = head->requests;
	*tail = (struct log_tail){.entries = entries, .requests = requests, .rows = rows};
	while (rows.size > 0) {
		if (!take(&rows, &row))
			return RECOURSE_STORE_CORRUPT;
		bool request = row.key.kind == LOG_KEY_REQUEST;
		if (!begun) {
			entries = tail->entries = row.key.entries - !request;
			requests = tail->requests = row.key.requests - request;
			begun = true;
		}
		entries += !request;
		requests += request;
		if (row.key.entries != entries || row.key.requests != requests)
			return RECOURSE_STORE_CORRUPT;
	}
	return entries == head->entries && requests == head->requests ? RECOURSE_OK : RECOURSE_STORE_CORRUPT;
}

enum recourse_error log_tail_entry(const struct log_tail *tail, uint64_t number, slice *entry)
{
	struct row row;
	for (slice rows = tail->rows; take(&rows, &row);) {
		if (row.key.kind == LOG_KEY_ENTRIES && row.key.entries == number + 1) {
			*entry = row.entry;
			return RECOURSE_OK;
		}
	}
	return RECOURSE_STORE_CORRUPT;
}

enum recourse_error log_tail_request(const struct log_tail *tail, uint64_t number, slice *record)
{
	struct row row;
	for (slice rows = tail->rows; take(&rows, &row);) {
		if (row.key.kind == LOG_KEY_REQUEST && row.key.requests == number + 1) {
			*record = row.value;
			return RECOURSE_OK;
		}
	}
	return RECOURSE_STORE_CORRUPT;
}

/* ---- writing ---- */

static bool fits(const struct group *group, size_t size)
{
	for (uint64_t number = group->before.entries; number < group->head.entries; number++) {
		size += ROW_HEAD_SIZE + COUNT_SIZE + group_entry(group, number).size;
		if (size > LOG_TAIL_SIZE_MAX)
			return false;
	}
	for (uint64_t number = group->before.requests; number < group->head.requests; number++) {
		size += ROW_HEAD_SIZE + group_request(group, number).size;
		if (size > LOG_TAIL_SIZE_MAX)
			return false;
	}
	return true;
}

/* Its value is the prefix and the bytes. How long the row is. */
static size_t write_row(uint8_t *out, const struct log_key *key, slice prefix, slice bytes)
{
	(void)log_key_write(key, out);
	little_endian_write(out + LOG_KEY_SIZE, prefix.size + bytes.size, LENGTH_SIZE);
	if (prefix.size > 0)
		memcpy(out + ROW_HEAD_SIZE, prefix.data, prefix.size);
	if (bytes.size > 0)
		memcpy(out + ROW_HEAD_SIZE + prefix.size, bytes.data, bytes.size);
	return ROW_HEAD_SIZE + prefix.size + bytes.size;
}

size_t log_tail_append(uint8_t rows[static LOG_TAIL_SIZE_MAX], size_t size, const struct group *group)
{
	static const uint8_t one[COUNT_SIZE] = {1};
	if (!fits(group, size))
		return 0;
	for (uint64_t number = group->before.entries; number < group->head.entries; number++) {
		const struct log_key key = {number + 1, group->before.requests, LOG_KEY_ENTRIES};
		size += write_row(rows + size, &key, slice_of(one, sizeof one), group_entry(group, number));
	}
	for (uint64_t number = group->before.requests; number < group->head.requests; number++) {
		const struct log_key key = {group->head.entries, number + 1, LOG_KEY_REQUEST};
		size += write_row(rows + size, &key, slice_text(""), group_request(group, number));
	}
	return size;
}

enum recourse_error log_tail_move(const struct log_tail *tail, MDB_cursor *cursor)
{
	struct row row;
	for (slice rows = tail->rows; take(&rows, &row);) {
		MDB_val value = lmdb_file_value(row.value);
		TRY(lmdb_file_error(mdb_cursor_put(cursor, &row.bytes, &value, MDB_APPEND)));
	}
	return RECOURSE_OK;
}
