/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "decide/core.h"
#include "rule/check.h"

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
	uint64_t most_behind;       /* nanoseconds */
	struct check_context check; /* what is wrong, after AUDIT_FAILED */
};

/* Begins after what the view's position says was applied. STORE_CORRUPT, STORE_FAILED. */
enum recourse_error replay_start(
	struct replay *replay, struct state_view *state, struct log_snapshot *log, bool verify);

/* The next request. AUDIT_FAILED with `check`; other errors are faults of reading. */
enum recourse_error replay_request(struct replay *replay);

/* Whether it is time for replay_commit(): by what was replayed since the last one, so that memory stays small. */
bool replay_group_full(const struct replay *replay);

/* Makes what was replayed, if anything was, visible and begins a new group. */
enum recourse_error replay_commit(struct replay *replay);

/* All zeroes, never started, is fine. */
void replay_end(struct replay *replay);
