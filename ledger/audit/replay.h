/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "audit/compare.h"
#include "decide/core.h"
#include "store/state.h"

/*
 * Deciding again what the log says was decided: the way a state is rebuilt, and the heart of the audit. Each
 * request goes through the core at its recorded time with its recorded salt, and what comes out must be what
 * is stored, byte for byte: its entries, its record, its tree hashes.
 *
 * What was decided is compared, and written to the state, a group at a time, beside the deciding of the next where the
 * caller gives work a place to be done beside (recourse_ledger.h):
 *
 *     decides    decide 1   decide 2             settle 1   decide 3             settle 2
 *     compares              compare 1, write 1              compare 2, write 2
 *
 * Deciding reads the log's requests and what it made itself, never what is still to be compared; so whatever the timing,
 * what is found first is what comes first in the log.
 */
struct replay_part {
	struct group group;
	struct buffer notes; /* of struct compare_note, one for each request that was begun */
	uint64_t here;       /* what deciding it takes, in commands; */
	uint64_t beside;     /* and comparing it: signatures go where there is less of it */
};
struct replay {
	struct state *state;
	struct core core;
	struct arena arena;
	struct log_snapshot *log;   /* of who decides */
	bool verify;                /* check signatures and stored tree hashes too */
	uint64_t rehearsed_from;    /* signatures up to this entry, not with it; 0: all */
	struct check_context check; /* what is wrong, after AUDIT_FAILED */

	/* where the other work is done; NULL: by the caller, one after the other. May be set once it is started, as: */
	const struct recourse_beside *beside;
	void (*progress)(void *context, uint64_t done, uint64_t total); /* after each group; may be NULL */
	void *progress_context;
	uint64_t total; /* entries, for that */

	struct replay_part parts[2]; /* in turn: the one that is decided, and the one that was handed over */
	size_t deciding;
	uint64_t pace; /* requests and entries that the next group has at most */
	bool handed_over;
	enum recourse_error kept; /* what became of the one that was */
	struct compare compare;   /* whose that one is */
};

/* Begins after what the state's position says was applied. STORE_CORRUPT, STORE_FAILED. */
enum recourse_error replay_start(struct replay *replay, struct state *state, struct log *log, bool verify);

/*
 * Decides until the log has so many requests, compares and commits all of it. AUDIT_FAILED with `check`: the first that is
 * wrong; other errors are faults of reading. After an error the replay can only be ended.
 */
enum recourse_error replay_run(struct replay *replay, uint64_t requests);

/* The next request by itself, compared at once and not yet committed. The same errors. */
enum recourse_error replay_request(struct replay *replay);

/* Whether it is time for replay_commit(): by what was replayed since the last one, so that memory stays small. */
bool replay_group_full(const struct replay *replay);

/* Makes what was replayed by replay_request(), if anything was, visible and begins a new group. */
enum recourse_error replay_commit(struct replay *replay);

/* All zeroes, never started, is fine. The log and the state are closed after it. */
void replay_end(struct replay *replay);
