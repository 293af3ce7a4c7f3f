/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "store/log_tables.h"

/* The requests' records in the table of what was added, each behind the entries of its group (log_key.h). */

/* One before the tail. STORE_CORRUPT when it is not there. The cursor is made where there is none, and is the caller's. */
enum recourse_error log_requests_get(const struct log_tables *tables, MDB_txn *transaction,
	MDB_cursor **cursor, uint64_t number, slice *record);

/* Puts the group's, behind its entries. STORE_CORRUPT when the table has any of their numbers or higher. */
enum recourse_error log_requests_append(
	const struct log_tables *tables, MDB_txn *transaction, const struct group *group);
