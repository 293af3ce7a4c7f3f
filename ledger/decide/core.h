/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "rule/rule.h"
#include "store/group.h"
#include "entry/submission.h"
#include "decide/entry_maker.h"

/*
 * The deterministic core: decides one request against the state, and adds what it decides to a group. The same
 * call serves the live service, the rebuild and the audit; given the same request, time and salt on the
 * same state it makes the same bytes.
 *
 *   who signed? ── seen before? ── expired? ──> each command: role, rule, postings ──> entry ──> tree
 *        └────── refused as a whole, not recorded       └─ refused: undone, recorded with its reason
 */
struct core {
	struct state_view *state;
	struct group *group;
	bool limited;       /* limits are published */
	bool adopted;       /* some rule decides by another version than its first */
	bool rotated;       /* this request rotated a key, maybe its own */
	uint64_t day;       /* whose first entry is noted: see day.h */
	struct arena arena; /* for what the rules look up, cleared by core_clear() */
	struct buffer facts;
	struct buffer consequences;
	struct buffer approvals;
	struct buffer refusals;
	struct entry_maker maker;
};

struct core_input {
	const struct request *request;
	slice key; /* handle */
	slice signature;
	slice salt;        /* RECOURSE_SALT_SIZE bytes */
	uint64_t time;     /* of the first command; later than anything in the group's head */
	uint64_t received; /* the host's time: what the request's expiry is held against */
};

struct core_outcome {
	uint64_t number; /* of the request's record: the new one, or the one it repeats */
	bool repeated;
};

/*
 * OK: the request has a record (`outcome`), its accepted commands have entries. Refused as a whole: KEY_*,
 * ORIGIN_WRONG, REQUEST_EXPIRED, FIELD_LIMIT (of `expires`), REQUEST_CONFLICT, with the refusal; nothing was added. Faults (900…): the
 * group and the state's overlay must be thrown away.
 */
enum recourse_error core_decide(struct core *core, const struct core_input *input,
	struct core_outcome *outcome, struct recourse_refusal *refusal) RECOURSE_CHECK;

/*
 * The ledger's time for a request that the host received then. Never back: where the host's clock was set back, time
 * goes on from the last instant that was given out. A test ledger runs ahead by what clock.advance said.
 */
enum recourse_error core_time(struct core *core, uint64_t received, uint64_t *time) RECOURSE_CHECK;

/* After a group: forgets what the rules looked up. */
void core_clear(struct core *core);
void core_free(struct core *core);
