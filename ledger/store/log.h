/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "store/group.h"
#include "store/log_read.h"
#include "store/page_check.h"
#include "store/state_options.h"

/*
 * The log: requests as received, entries, stored tree hashes and checkpoints. Append-only, every
 * append durable before it returns, and the only truth: all else is derived from it.
 *
 *   - a group is there whole or not at all, whatever happens;
 *   - an append succeeds only on the head that the writer believes in (compare and append);
 *   - OUTCOME_UNKNOWN means just that: the process must stop and find out by opening again;
 *   - readers see whole groups only and never wait for the writer.
 *
 * Thread use: one thread appends; any thread reads through a snapshot of its own.
 *
 * It lives in an LMDB environment in a directory, nothing else to run. The map is one TiB of address space,
 * sparse, never resized. A second home would be linked in its place.
 *
 *   added        u64 entries | u64 requests | u8 kind      a run of entries, exact bytes, or one; a request's record: log_key.h
 *   hashes       u64 (level << 56 | row) (INTEGERKEY)      up to 32 stored hashes, one row of the tree
 *   checkpoints  u64 tree size (INTEGERKEY)                signed note
 *   beside them  "head"                                    format version and struct log_head; the last rows that were
 *                                                          added, while they are few: log_tail.h
 *
 * Small groups that follow one another are durable by a file beside it, before LMDB's is: log_latest.h. What a power cut, or a
 * kill, left of the two is mended by who opens it, also to read: such a one writes, once.
 */
struct log_options {
	const char *directory; /* made by log_create() */
	bool read_only; /* an auditor's view: takes no lock of the writer, writes nothing but what it mends */
	struct page_fault *
		fault; /* STORE_CORRUPT: which page is at fault, if one is; IO: what, if known. May be NULL */
	uint64_t spare_bytes; /* appends are refused with STORE_FULL when less room is left: room.h */
};

struct log;

/* Makes the directory (mode 0700) with an empty log, durably. EXISTS when there is anything; IO. */
enum recourse_error log_create(const char *directory);

/*
 * Opens it. The writer takes an exclusive lock on a file of its own (directory.h) and syncs the
 * environment before it returns, so that nothing is served that a power cut could take back.
 * STORE_LOCKED, VERSION_UNKNOWN, STORE_CORRUPT, IO; NOT_PERMITTED on a network file system.
 * Must not be opened twice in one process, nor be open across fork().
 */
enum recourse_error log_open(const struct log_options *options, struct log **log);
void log_close(struct log *log); /* All snapshots must be closed. NULL is fine. */

/* Whether there is room for an append: STORE_FULL when there is not. IO. Any thread. */
enum recourse_error log_check_room(const struct log *log);

/*
 * Looks at every page, and for rows that no entry explains. What opening looked at is what it needs to add
 * and to find its end; this is for a log that nobody saw being closed, and for an audit. STORE_CORRUPT, with
 * the page at fault if it is one; IO, MEMORY. Reads the file once through.
 */
enum recourse_error log_check_pages(struct log *log, struct page_fault *fault);

/* A piece of that, while the log is written to, from any thread: page_check_piece(). */
enum recourse_error log_check_piece(
	const struct log *log, struct page_fault *fault, struct page_place *place, size_t leaves, bool *done);

/* The path of the file of a store, of the log or a state, that is mapped there; NULL. For a signal's handler. */
const char *log_find_mapped(const void *address);

/* Whether LMDB was misled by a page of a store, there, or by what it said: lmdb_map.h. For the same. */
bool log_misled(const void *instruction, const void *caller);

/* Which file it is now, for the state to remember (state_options.h). All zeroes where that can not be told. */
struct state_mark_of_log log_mark(const struct log *log);

/* The first name on which the writer's log stands that was removed, or given to another file (site.h); NULL: none. */
const char *log_find_changed(const struct log *log);

/*
 * Appends the group, durably. STORE_FULL, MEMORY: nothing was written, try later. FORK: the head is not
 * `before`, somebody else wrote. OUTCOME_UNKNOWN: stop the process. Sizes (asserted): an entry
 * ≤ LOG_ENTRY_SIZE_MAX, a request record ≤ LOG_REQUEST_SIZE_MAX.
 */
enum recourse_error log_append(struct log *log, const struct group *group);

/* Keeps a signed checkpoint of that tree size, durably. One of the same size is replaced. */
enum recourse_error log_append_checkpoint(struct log *log, uint64_t size, slice note);

/* The same of many, at once: whoever makes a log from another keeps what that one had. */
struct log_checkpoint {
	uint64_t size;
	slice note;
};
enum recourse_error log_append_checkpoints(
	struct log *log, const struct log_checkpoint *checkpoints, size_t count);

/* A view of it as it is now: log_read.h. */
enum recourse_error log_snapshot_open(struct log *log, struct log_snapshot **snapshot);
