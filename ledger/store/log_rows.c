/* SPDX-License-Identifier: Apache-2.0 */
#include "store/log_rows.h"

#include "base/try.h"

#include <assert.h>

enum { ROW_SIZE_MAX = TREE_WIDTH * CRYPTO_HASH_SIZE };

static uint64_t row_key(size_t level, uint64_t number)
{
	return (uint64_t)level << 56 | number;
}

static enum recourse_error row_flush(
	struct log_rows *rows, const struct log_tables *tables, MDB_txn *transaction, size_t level)
{
	struct log_rows_row *row = &rows->levels[level];

	if (row->count == 0)
		return RECOURSE_OK;
	slice hashes = slice_of(row->hashes, row->count * CRYPTO_HASH_SIZE);
	row->count = 0;
	return log_tables_put(tables, transaction, LOG_TABLES_HASHES, row_key(level, row->number), hashes);
}

/* Takes up a row that an earlier group left unfinished, with `count` hashes. */
static enum recourse_error row_load(struct log_rows_row *row, const struct log_tables *tables,
	MDB_txn *transaction, uint64_t key, size_t count)
{
	slice hashes;

	if (count == 0)
		return RECOURSE_OK;
	TRY(log_tables_get(tables, transaction, LOG_TABLES_HASHES, key, ROW_SIZE_MAX, &hashes));
	if (hashes.size != count * CRYPTO_HASH_SIZE)
		return RECOURSE_STORE_CORRUPT;
	memcpy(row->hashes, hashes.data, hashes.size);
	row->count = count;
	return RECOURSE_OK;
}

static enum recourse_error put_hash(struct log_rows *rows, const struct log_tables *tables,
	MDB_txn *transaction, const struct tree_stored *stored)
{
	assert(stored->level < TREE_LEVELS);
	struct log_rows_row *row = &rows->levels[stored->level];
	uint64_t number = stored->index / TREE_WIDTH;
	size_t place = stored->index % TREE_WIDTH;

	if (row->count == 0) {
		uint64_t key = row_key(stored->level, number);
		row->number = number;
		TRY(row_load(row, tables, transaction, key, place));
	}
	assert(row->number == number && row->count == place);
	memcpy(row->hashes + place * CRYPTO_HASH_SIZE, stored->hash.bytes, CRYPTO_HASH_SIZE);
	row->count++;
	if (row->count < TREE_WIDTH)
		return RECOURSE_OK;
	return row_flush(rows, tables, transaction, stored->level);
}

enum recourse_error log_rows_put(struct log_rows *rows, const struct log_tables *tables, MDB_txn *transaction,
	const struct tree_stored *hashes, size_t count)
{
	/* A group that failed half way may have left something. */
	for (size_t level = 0; level < TREE_LEVELS; level++)
		rows->levels[level].count = 0;
	for (size_t index = 0; index < count; index++)
		TRY(put_hash(rows, tables, transaction, &hashes[index]));
	for (size_t level = 0; level < TREE_LEVELS; level++)
		TRY(row_flush(rows, tables, transaction, level));
	return RECOURSE_OK;
}

enum recourse_error log_rows_get(const struct log_tables *tables, MDB_txn *transaction, uint8_t level,
	uint64_t index, struct crypto_hash *hash)
{
	uint64_t key = row_key(level, index / TREE_WIDTH);
	size_t offset = index % TREE_WIDTH * CRYPTO_HASH_SIZE;
	slice row;

	TRY(log_tables_get(tables, transaction, LOG_TABLES_HASHES, key, ROW_SIZE_MAX, &row));
	if (row.size % CRYPTO_HASH_SIZE != 0 || row.size < offset + CRYPTO_HASH_SIZE)
		return RECOURSE_STORE_CORRUPT;
	memcpy(hash->bytes, row.data + offset, CRYPTO_HASH_SIZE);
	return RECOURSE_OK;
}
