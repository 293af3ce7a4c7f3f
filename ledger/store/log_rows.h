/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "proof/tree.h"
#include "store/log_tables.h"

/*
 * The tree's stored hashes in their table: up to TREE_WIDTH neighbours of one level share a row, whose number
 * is level << 56 | index / TREE_WIDTH. A group gathers the hashes of a row here and writes it once.
 */
struct log_rows_row {
	uint64_t number;
	size_t count; /* of hashes; 0: not in use */
	uint8_t hashes[TREE_WIDTH * CRYPTO_HASH_SIZE];
};

/* Memory to gather in, one row for each level; what it holds does not matter between calls. */
struct log_rows {
	struct log_rows_row levels[TREE_LEVELS];
};

/* Hashes in the order in which tree_append() gave them, next after those stored (asserted). */
enum recourse_error log_rows_put(struct log_rows *rows, const struct log_tables *tables, MDB_txn *transaction,
	const struct tree_stored *hashes, size_t count);

/* STORE_CORRUPT when it is not there. */
enum recourse_error log_rows_get(const struct log_tables *tables, MDB_txn *transaction, uint8_t level,
	uint64_t index, struct crypto_hash *hash);
