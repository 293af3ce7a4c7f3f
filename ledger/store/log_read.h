/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "store/group.h"

enum {
	LOG_ENTRY_SIZE_MAX = 16 * 1024,
	LOG_REQUEST_SIZE_MAX = 8 * 1024 * 1024, /* a request's record: more than the request as it came */
	LOG_NOTE_SIZE_MAX = 64 * 1024,
};

/*
 * A consistent view of the log. Slices read through it are good until it is closed. Keep it short:
 * what the writer replaces meanwhile can not be reused before the oldest snapshot is closed.
 */
struct log_snapshot;
struct log_tables;
enum recourse_error log_read_open(const struct log_tables *tables, struct log_snapshot **snapshot);
void log_read_close(struct log_snapshot *snapshot); /* NULL is fine */
void log_read_end(struct log_snapshot **snapshot);  /* for SCOPED */

enum recourse_error log_read_head(struct log_snapshot *snapshot, struct log_head *head);

/* QUERY_NOT_FOUND beyond the head; STORE_CORRUPT when it should be there and is not. */
enum recourse_error log_read_entry(struct log_snapshot *snapshot, uint64_t number, slice *entry);
enum recourse_error log_read_request(struct log_snapshot *snapshot, uint64_t number, slice *request);
/* A leaf's (level 0) is made from its entry, any other is stored. As log_read_entry(). */
enum recourse_error log_read_hash(
	struct log_snapshot *snapshot, uint8_t level, uint64_t index, struct crypto_hash *hash);

/* The newest checkpoint of a size ≤ `at_most`. QUERY_NOT_FOUND when there is none. */
enum recourse_error log_read_checkpoint(struct log_snapshot *snapshot, uint64_t at_most, slice *note);

/* The one of the smallest size ≥ `at_least`, and which that is. QUERY_NOT_FOUND when there is none. */
enum recourse_error log_read_checkpoint_from(
	struct log_snapshot *snapshot, uint64_t at_least, uint64_t *size, slice *note);

/* How many there are: for the audit, which finds each of them through the above. */
enum recourse_error log_read_checkpoint_count(struct log_snapshot *snapshot, uint64_t *count);

/* The hashes of a snapshot, for tree.h. Good as long as the snapshot. */
struct tree_source log_read_tree(struct log_snapshot *snapshot);

/* Whether its tables have rows that no entry of it explains: STORE_CORRUPT. IO, MEMORY. */
enum recourse_error log_read_check_rows(struct log_snapshot *snapshot);
