/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "rules/incident/round.h"

/*
 * What appeals restored to a deposit is not for those who had it (rules/payout/README.md): what of it is there, and whom the
 * rounds of which it was restored bar.
 */

/* The last round that the section had by that entry; 0: none. Claims that were ruled on since then are later ones. */
enum recourse_error given_back_bar_until(
	struct state_view *view, const struct record_section *section, uint64_t entry, uint64_t *barred);

/* What appeals restored to a section's deposit and is there: not for claims that were ruled on when a restored round was made. */
struct given_back_bar {
	uint64_t since;  /* the last round of which something is restored; */
	uint64_t barred; /* whoever in the section was ruled on by this one may not have it */
	int64_t restored; /* less what its pool gave claims of the section that were ruled on since, whenever it did */
	int64_t instead; /* of which: can be in the place of what those have of the issuer's pool; of the issuer's none */
	int64_t beyond; /* those have so much more of all ranks than was restored; below zero: less */
	int64_t others; /* the issuer's: what later claims of other sections have of it */
	int64_t room;   /* what all those lack that have had a round */
};

/*
 * Of the issuer's, whose pool gives for claims of others, the rounds and decided claims of all sections are read; of another its
 * own; where nothing was restored, none.
 */
enum recourse_error given_back_bar_find(struct state_view *view, const struct record_section *section,
	bool issuers, struct given_back_bar *bar);
