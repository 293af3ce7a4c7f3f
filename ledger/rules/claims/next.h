/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "rules/claims/holder.h"

/*
 * Where a claim stands and what is to be done about it next (D2): the same words and the same day in the brief, in every list
 * and in a queue. What is due first comes first, be it the claim's own, what its claimant was promised, or a flag; of one day the flag does.
 */
struct next {
	enum claim_state state; /* approved once a distribution covers it; appealed; closed */
	int64_t pools;          /* its part of the deposit; VIEW_NONE: no round covers it */
	bool waits;             /* somebody is to do something about it, or owes what was promised */
	const char *action;     /* never empty */
	uint64_t due;           /* by when; 0: nobody is waited for */
};

/* The incident is the claim's, and the holder: holder_find(). STORE_CORRUPT. */
enum recourse_error next_find(struct state_view *view, slice id, const struct record_claim *claim,
	const struct record_incident *incident, const struct holder *holder, struct next *next);
