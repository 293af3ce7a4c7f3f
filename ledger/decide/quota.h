/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "rule/decision.h"

/*
 * Quota: how many bytes a key, and all keys of its party, may have stored in a day (UTC, by the ledger's time), as
 * control.publish says. It is looked at before a request is decided, and what exceeds it is no decision: BUSY, and nothing
 * is recorded, or the refusals would be what fills the disk. So a key may exceed it by what it has in flight.
 */

/* The actor has had so many bytes more stored. The system's key is not counted: its clocks are others' doing. */
enum recourse_error quota_note(
	struct state_view *state, const struct decision_actor *actor, uint64_t time, uint64_t bytes);

/* How many bytes a key may have stored in a day, or, for 0, all of a party's. */
enum recourse_error quota_of(struct state_view *state, uint64_t key, uint64_t *bytes);

/* BUSY with the limit, and with the time from which on it begins anew. An admin is let in, or nobody could publish another quota. */
enum recourse_error quota_check(struct state_view *state, const struct decision_actor *actor, uint64_t time,
	struct recourse_refusal *refusal);
