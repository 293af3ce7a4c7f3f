/* SPDX-License-Identifier: Apache-2.0 */
#include "store/log_rows.h"

#include "base/try.h"

#include <assert.h>

enum { ROW_SIZE_MAX = TREE_WIDTH * CRYPTO_HASH_SIZE };

/* What a group gathers on one level. */
struct row {
	uint64_t key;
	size_t count; /* of hashes; 0: not in use */
	uint8_t hashes[ROW_SIZE_MAX];
};

static uint64_t row_key(uint8_t level, uint64_t index)
{
	return (uint64_t)level << 56 | index / TREE_WIDTH;
}

static enum recourse_error row_flush(struct row *row, const struct log_tables *tables, MDB_txn *transaction)
{
	if (row->count == 0)
		return RECOURSE_OK;
	slice hashes = slice_of(row->hashes, row->count * CRYPTO_HASH_SIZE);
	row->count = 0;
	return log_tables_put(tables, transaction, LOG_TABLES_HASHES, row->key, hashes);
}

/* Takes up a row that an earlier group left unfinished, with `count` hashes. */
static enum recourse_error row_load(
	struct row *row, const struct log_tables *tables, MDB_txn *transaction, size_t count)
{
	slice hashes;

	if (count == 0)
		return RECOURSE_OK;
	TRY(log_tables_get(tables, transaction, LOG_TABLES_HASHES, row->key, ROW_SIZE_MAX, &hashes));
	if (hashes.size != count * CRYPTO_HASH_SIZE)
		return RECOURSE_STORE_CORRUPT;
	memcpy(row->hashes, hashes.data, hashes.size);
	row->count = count;
	return RECOURSE_OK;
}

static enum recourse_error put_hash(struct row *row, const struct log_tables *tables, MDB_txn *transaction,
	const struct tree_stored *stored)
{
	uint64_t key = row_key(stored->level, stored->index);
	size_t place = stored->index % TREE_WIDTH;

	if (row->count == 0) {
		row->key = key;
		TRY(row_load(row, tables, transaction, place));
	}
	assert(row->key == key && row->count == place);
	memcpy(row->hashes + place * CRYPTO_HASH_SIZE, stored->hash.bytes, CRYPTO_HASH_SIZE);
	row->count++;
	return row->count < TREE_WIDTH ? RECOURSE_OK : row_flush(row, tables, transaction);
}

enum recourse_error log_rows_put(
	const struct log_tables *tables, MDB_txn *transaction, const struct tree_stored *hashes, size_t count)
{
	struct row rows[TREE_LEVELS] = {0}; /* none of level 0 */

	for (size_t index = 0; index < count; index++) {
		assert(hashes[index].level > 0 && hashes[index].level < TREE_LEVELS);
		TRY(put_hash(&rows[hashes[index].level], tables, transaction, &hashes[index]));
	}
	for (size_t level = 1; level < TREE_LEVELS; level++)
		TRY(row_flush(&rows[level], tables, transaction));
	return RECOURSE_OK;
}

enum recourse_error log_rows_get(const struct log_tables *tables, MDB_txn *transaction, uint8_t level,
	uint64_t index, struct crypto_hash *hash)
{
	uint64_t key = row_key(level, index);
	size_t offset = index % TREE_WIDTH * CRYPTO_HASH_SIZE;
	slice row;

	TRY(log_tables_get(tables, transaction, LOG_TABLES_HASHES, key, ROW_SIZE_MAX, &row));
	if (row.size % CRYPTO_HASH_SIZE != 0 || row.size < offset + CRYPTO_HASH_SIZE)
		return RECOURSE_STORE_CORRUPT;
	memcpy(hash->bytes, row.data + offset, CRYPTO_HASH_SIZE);
	return RECOURSE_OK;
}

static enum recourse_error check_level(
	const struct log_tables *tables, MDB_txn *transaction, uint8_t level, uint64_t hashes, uint64_t *rows)
{
	for (uint64_t done = 0; done < hashes; done += TREE_WIDTH, ++*rows) {
		uint64_t count = hashes - done < TREE_WIDTH ? hashes - done : TREE_WIDTH;
		slice row;
		TRY(log_tables_get(
			tables, transaction, LOG_TABLES_HASHES, row_key(level, done), ROW_SIZE_MAX, &row));
		if (row.size != count * CRYPTO_HASH_SIZE)
			return RECOURSE_STORE_CORRUPT;
	}
	return RECOURSE_OK;
}

enum recourse_error log_rows_check(const struct log_tables *tables, MDB_txn *transaction, uint64_t entries)
{
	uint64_t rows = 0;
	uint64_t there;

	for (uint8_t level = 1; level < TREE_LEVELS; level++)
		TRY(check_level(tables, transaction, level, entries >> (TREE_STRIDE * level), &rows));
	TRY(log_tables_count(tables, transaction, LOG_TABLES_HASHES, &there));
	return rows == there ? RECOURSE_OK : RECOURSE_STORE_CORRUPT;
}
