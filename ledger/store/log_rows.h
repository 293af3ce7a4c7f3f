/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "store/log_tables.h"

/*
 * The tree's stored hashes in their table: up to TREE_WIDTH neighbours of one level share a row, whose number
 * is level << 56 | index / TREE_WIDTH. Levels begin at 1.
 */

/* Writes each row once. Hashes in the order in which tree_append() gave them, next after those stored (asserted). */
enum recourse_error log_rows_put(const struct log_tables *tables, MDB_txn *transaction,
	const struct tree_stored *hashes, size_t count);

/* Whether the table has the hashes of so many entries, and nothing else. STORE_CORRUPT. */
enum recourse_error log_rows_check(const struct log_tables *tables, MDB_txn *transaction, uint64_t entries);

/* STORE_CORRUPT when it is not there. */
enum recourse_error log_rows_get(const struct log_tables *tables, MDB_txn *transaction, uint8_t level,
	uint64_t index, struct crypto_hash *hash);
