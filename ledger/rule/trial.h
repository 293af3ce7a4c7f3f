/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "rule/decision.h"

/*
 * What an entry may have no room for is tried: if it has none, all that was done since is undone, and the rule does less by this
 * entry.
 */
struct trial {
	state_mark_t state;
	size_t facts;
	size_t consequences;
	size_t consequence_count;
	size_t posting_count;
	struct account_posting postings[ENTRY_POSTINGS_MAX];
};

void trial_begin(const struct decision *decision, struct trial *trial);

/* Records, facts, consequences and postings are as they were then. */
void trial_undo(struct decision *decision, const struct trial *trial);

/* What was tried so ended without room: the error says so, or the entry is more bytes than one may have. */
bool trial_is_too_large(const struct decision *decision, enum recourse_error error);
