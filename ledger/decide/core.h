/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "rule/rule.h"
#include "store/group.h"
#include "entry/submission.h"
#include "decide/request.h"

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
	struct arena arena; /* for what the rules look up: to be cleared after a group */

	/* of the request that is decided */
	const struct request *request;
	const struct submission *given; /* how it came */
	struct decision_actor actor;
	struct decision decision; /* of one command after the other */
	struct buffer refusals;
	struct buffer parts; /* of the entry that is made */
	uint64_t noted;      /* the first entries of days are, of those that end then: see day.h */
};

/*
 * Decides the request as it came: `given` says by which key, when it was received and at what time, later than anything
 * in the group's head, it is decided; the rest of the record follows. OK: the request has a record of that number, an
 * older one where it repeats a request, and its accepted commands have entries. Refused as a whole: KEY_*, ORIGIN_WRONG, REQUEST_EXPIRED, FIELD_LIMIT (of `expires`),
 * REQUEST_CONFLICT, with the refusal; nothing was added. Faults (900…): the group and the state's overlay must be thrown
 * away.
 */
enum recourse_error core_decide(struct core *core, const struct request *request,
	const struct submission *given, uint64_t *number, struct recourse_refusal *refusal);

/*
 * The ledger's time for a request that the host received then. Never back: where the host's clock was set back, time
 * goes on from the last instant that was given out. A test ledger runs ahead by what clock.advance said.
 */
enum recourse_error core_time(struct core *core, uint64_t received, uint64_t *time);

/*
 * What the decided command with that index becomes: the next entry of the group, with its salt and its leaf, made by that
 * version of its rule. ENTRY_TOO_LARGE with the refusal, MEMORY: the group must be rolled back.
 */
enum recourse_error entry_maker_add(struct core *core, size_t index, uint32_t version);

/* The position of the state after a group that was decided and chained. */
struct state_position core_position(const struct group *group);

void core_free(struct core *core);
