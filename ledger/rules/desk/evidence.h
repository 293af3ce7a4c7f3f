/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "rules/claims/listed.h"

/* Evidence of a claim (C2, D3): what is held, added to the list, waived and asked for. See README.md. */

/* What was said with it: the same field of all that take effect at once. */
#define EVIDENCE_NOTE FIELD_OPTIONAL(NOTE, "note", "what was said")

/*
 * A claim that waits for its ruling, whose incident's policy governs the entry; `policy` may be NULL. NOT_FOUND with "claim",
 * STATE_WRONG.
 */
enum recourse_error evidence_waiting(
	struct decision *decision, slice id, struct record_claim *claim, struct record_policy *policy);

/* A clock: what was asked for has not come. The subject is the entry that asked. */
area_strike evidence_ask_overdue;
