/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "store/directory.h"
#include "audit/replay.h"

/*
 * The state that lies beside a log, as an audit sees it (I11): it must be what the log makes, as far as it says it
 * has followed. One that is absent or may not be believed is no fault: it is derived.
 */
struct held_state {
	char path[DIRECTORY_PATH_SIZE];
	bool there;
	struct state_position position;
};

/* To be called before the log is looked at: a state that runs on meanwhile is then never ahead. IO. */
enum recourse_error held_state_look(struct held_state *held, const char *directory) RECOURSE_CHECK;

/* AUDIT_FAILED when it has followed more than the log has, or another log. */
enum recourse_error held_state_check(
	const struct held_state *held, struct replay *replay, const struct log_head *head) RECOURSE_CHECK;

/* Whether the replay has just decided what it has followed. */
bool held_state_is_level(const struct held_state *held, const struct replay *replay);

/*
 * Compares it with the replay's state, which was committed and is level. AUDIT_FAILED when they differ or
 * it can not be read; `compared` stays false then, and when it has run on meanwhile.
 */
enum recourse_error held_state_compare(
	const struct held_state *held, struct replay *replay, bool *compared) RECOURSE_CHECK;
