/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "play/play_case.h"

/* Where a case is played: on a new ledger in a directory that is there and empty, or on one that is there. */
struct play_place {
	const char *directory;
	struct play_ledger *ledger; /* stays open */
	uint64_t last;              /* its last entry, $last to begin with; 0: there is none to speak of */
	bool blind;                 /* what only looks is passed over */
};

/*
 * Plays one case of a script from its preamble to its end; then audits the ledger, makes what follows from the log anew,
 * and audits it again, where that can be done. What fails is reported.
 */
void play_run_case(const struct play_script *script, size_t index, const struct play_place *place,
	struct play_report *report);

/* Plays the steps from `first` up to `end`, not with it. */
void play_run_steps(const struct play_script *script, size_t first, size_t end,
	const struct play_place *place, struct play_report *report);
