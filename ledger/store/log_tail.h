/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "store/group.h"

#include "store/lmdb_file.h"

/*
 * The last rows that were added, while they are few: they lie behind the head in its own row, which each commit writes anyway,
 * and not yet in the table of what was added. So a commit of one command writes one page for all, and none for each level
 * of that table's tree; when they are more than the row has room for, all of them go to the table with what is added then.
 *
 *   for each   key (log_key.h)   u16 length   the value that the table would have
 */
enum { LOG_TAIL_SIZE_MAX = 1920 }; /* with the head within half a page: LMDB would put a longer row apart */

struct log_tail {
	uint64_t entries;  /* before its first: how many the table has, */
	uint64_t requests; /* the same */
	slice rows;
};

/* What lies behind that head: each in its place up to the head's last, and no other. STORE_CORRUPT. Good as long as the rows. */
enum recourse_error log_tail_read(slice rows, const struct log_head *head, struct log_tail *tail);

/* One that the head counts and the table has not. STORE_CORRUPT when it is not there. */
enum recourse_error log_tail_entry(const struct log_tail *tail, uint64_t number, slice *entry);
enum recourse_error log_tail_request(const struct log_tail *tail, uint64_t number, slice *record);

/* Writes the group's rows behind `size` bytes of others; 0: there is no room for all, and nothing is meant by the bytes. */
size_t log_tail_append(uint8_t rows[static LOG_TAIL_SIZE_MAX], size_t size, const struct group *group);

/* Puts its rows where they belong, at the table's end. STORE_CORRUPT when that has any of their numbers or higher. */
enum recourse_error log_tail_move(const struct log_tail *tail, MDB_cursor *cursor);
