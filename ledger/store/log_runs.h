/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "store/log_tables.h"

/*
 * The entries in the table of what was added (log_key.h). Where a group adds many, a row has a run of them that fills its pages: one entry to a row leaves
 * a tenth of each page empty, and each is looked for and put by itself. Any other entry has a row of its own, which is a run of one.
 *
 *   value  u16 how many   u32 where each ends, but the last, from where the first begins   the entries
 */
struct log_run {
	uint64_t first;
	uint64_t count; /* 0: none */
	slice value;
};

/* What a reader of entries keeps: most are asked for one after the other. Start with all zeroes. */
struct log_runs_reader {
	MDB_cursor *cursor;
	struct log_run run; /* the one that was read last */
};

/* It may be used, and closed, again. Before its transaction ends, where that writes. */
void log_runs_reader_close(struct log_runs_reader *reader);

/* An entry before the tail. STORE_CORRUPT when it is not there. Good as long as the transaction, which is always the same. */
enum recourse_error log_runs_get(const struct log_tables *tables, MDB_txn *transaction,
	struct log_runs_reader *reader, uint64_t number, slice *entry);

/* Puts the group's entries. STORE_CORRUPT when the table has any of their numbers or higher. */
enum recourse_error log_runs_append(
	const struct log_tables *tables, MDB_txn *transaction, const struct group *group);

/* Whether the table has as many entries and requests as come before the tail, each once, and nothing else. STORE_CORRUPT. */
enum recourse_error log_runs_check(
	const struct log_tables *tables, MDB_txn *transaction, const struct log_tail *tail);
