/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REPLAY_H
#define REPLAY_H

#include "decide/core.h"

/*
 * Deciding again what the log says was decided: the way a state is rebuilt, and the heart of the audit. Each
 * request goes through the core at its recorded time with its recorded salt, and what comes out must be what
 * is stored, byte for byte: its entries, its record, its tree hashes.
 */
struct replay {
	struct core core;
	struct group group;
	struct arena arena;
	struct log_snapshot *log;
	bool verify;             /* check signatures and stored tree hashes too */
	uint64_t rehearsed_from; /* signatures up to this entry, not with it; 0: all */
	uint64_t
		behind; /* requests that were received by a clock which stood a second or more behind the ledger's */
	uint64_t most_behind; /* nanoseconds */
	bool entry_known;     /* what is wrong, after AUDIT_FAILED */
	uint64_t wrong_entry;
	char what[400];
};

/* Begins after what the view's position says was applied. STORE_CORRUPT, STORE_FAILED. */
enum recourse_error replay_start(struct replay *replay, struct state_view *state, struct log_snapshot *log,
	bool verify) RECOURSE_CHECK;

/* The next request. AUDIT_FAILED with `what`; other errors are faults of reading. */
enum recourse_error replay_request(struct replay *replay) RECOURSE_CHECK;

/* Whether it is time for replay_commit(): by what was replayed since the last one, so that memory stays small. */
bool replay_group_full(const struct replay *replay);

/* Makes what was replayed visible and begins a new group. */
enum recourse_error replay_commit(struct replay *replay) RECOURSE_CHECK;

/* All zeroes, never started, is fine. */
void replay_end(struct replay *replay);

/* Remembers what is wrong; returns AUDIT_FAILED. */
enum recourse_error replay_wrong(struct replay *replay, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
enum recourse_error replay_wrong_entry(struct replay *replay, uint64_t entry, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

#endif
