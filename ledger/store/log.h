/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "proof/tree.h"

/*
 * The log: requests as received, entries, stored tree hashes and checkpoints. Append-only, every
 * append durable before it returns, and the only truth: all else is derived from it.
 *
 * Where it lives is behind a handful of methods, so that a second home can take the place of the
 * first and nothing above notices. What the interface promises, for every home:
 *
 *   - a group is there whole or not at all, whatever happens;
 *   - an append succeeds only on the head that the writer believes in (compare and append);
 *   - OUTCOME_UNKNOWN means just that: the process must stop and find out by opening again;
 *   - readers see whole groups only and never wait for the writer.
 *
 * Thread use: one thread appends; any thread reads through a snapshot of its own.
 */
enum {
	LOG_ENTRY_SIZE_MAX = 16 * 1024,
	LOG_REQUEST_SIZE_MAX = 8 * 1024 * 1024, /* a request's record: more than the request as it came */
};

struct log_head {
	uint64_t entries;        /* how many: the next entry's number */
	uint64_t requests;       /* how many: the next request's number */
	uint64_t time;           /* last instant given out; 0 in an empty log */
	struct crypto_hash last; /* leaf hash of the last entry; zero in an empty log */
};

/* What one group commit adds. Everything is borrowed for the length of the call. */
struct log_group {
	struct log_head before; /* the head this group was decided on */
	struct log_head after;
	const slice *entries;             /* after.entries − before.entries of them */
	const slice *requests;            /* after.requests − before.requests of them */
	const struct tree_stored *hashes; /* in the order tree_append() gave them */
	size_t hash_count;
};

struct log;
struct log_snapshot;

struct log_methods {
	enum recourse_error (*append)(struct log *log, const struct log_group *group);
	enum recourse_error (*append_checkpoint)(struct log *log, uint64_t size, slice note);
	enum recourse_error (*snapshot_open)(struct log *log, struct log_snapshot **snapshot);
	void (*snapshot_close)(struct log_snapshot *snapshot);
	enum recourse_error (*head)(struct log_snapshot *snapshot, struct log_head *head);
	enum recourse_error (*entry)(struct log_snapshot *snapshot, uint64_t number, slice *entry);
	enum recourse_error (*request)(struct log_snapshot *snapshot, uint64_t number, slice *request);
	enum recourse_error (*hash)(
		struct log_snapshot *snapshot, uint8_t level, uint64_t index, struct crypto_hash *hash);
	enum recourse_error (*checkpoint)(struct log_snapshot *snapshot, uint64_t at_most, slice *note);
	enum recourse_error (*checkpoint_count)(struct log_snapshot *snapshot, uint64_t *count);
	void (*close)(struct log *log);
};

/* A home embeds these as the first member of its own structure. */
struct log {
	const struct log_methods *methods;
};
struct log_snapshot {
	struct log *log;
};

/*
 * Appends the group, durably. STORE_FULL: nothing was written, try later. FORK: the head is not
 * `before`, somebody else wrote. OUTCOME_UNKNOWN: stop the process. Sizes (asserted): an entry
 * ≤ LOG_ENTRY_SIZE_MAX, a request record ≤ LOG_REQUEST_SIZE_MAX.
 */
static inline enum recourse_error log_append(struct log *log, const struct log_group *group)
{
	return log->methods->append(log, group);
}

/* Keeps a signed checkpoint of that tree size, durably. One of the same size is replaced. */
static inline enum recourse_error log_append_checkpoint(struct log *log, uint64_t size, slice note)
{
	return log->methods->append_checkpoint(log, size, note);
}

/*
 * A consistent view of the log. Slices read through it are good until it is closed. Keep it short:
 * what the writer replaces meanwhile can not be reused before the oldest snapshot is closed.
 */
static inline enum recourse_error log_snapshot_open(struct log *log, struct log_snapshot **snapshot)
{
	return log->methods->snapshot_open(log, snapshot);
}

static inline void log_snapshot_close(struct log_snapshot *snapshot)
{
	if (snapshot != NULL)
		snapshot->log->methods->snapshot_close(snapshot);
}

static inline void log_snapshot_end(struct log_snapshot **snapshot) /* for SCOPED */
{
	log_snapshot_close(*snapshot);
}

static inline enum recourse_error log_read_head(struct log_snapshot *snapshot, struct log_head *head)
{
	return snapshot->log->methods->head(snapshot, head);
}

/* QUERY_NOT_FOUND beyond the head; STORE_CORRUPT when it should be there and is not. */
static inline enum recourse_error log_read_entry(struct log_snapshot *snapshot, uint64_t number, slice *entry)
{
	return snapshot->log->methods->entry(snapshot, number, entry);
}

static inline enum recourse_error log_read_request(
	struct log_snapshot *snapshot, uint64_t number, slice *request)
{
	return snapshot->log->methods->request(snapshot, number, request);
}

static inline enum recourse_error log_read_hash(
	struct log_snapshot *snapshot, uint8_t level, uint64_t index, struct crypto_hash *hash)
{
	return snapshot->log->methods->hash(snapshot, level, index, hash);
}

/* The newest checkpoint of a size ≤ `at_most`. QUERY_NOT_FOUND when there is none. */
static inline enum recourse_error log_read_checkpoint(
	struct log_snapshot *snapshot, uint64_t at_most, slice *note)
{
	return snapshot->log->methods->checkpoint(snapshot, at_most, note);
}

/* How many there are: for the audit, which finds each of them through the above. */
static inline enum recourse_error log_read_checkpoint_count(struct log_snapshot *snapshot, uint64_t *count)
{
	return snapshot->log->methods->checkpoint_count(snapshot, count);
}

/* All snapshots must be closed. NULL is fine. */
static inline void log_close(struct log *log)
{
	if (log != NULL)
		log->methods->close(log);
}

/* The stored hashes of a snapshot, for tree.h. Good as long as the snapshot. */
struct tree_source log_tree(struct log_snapshot *snapshot);
