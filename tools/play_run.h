/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PLAY_RUN_H
#define PLAY_RUN_H

#include "play_case.h"

/*
 * Plays one case of a script from its preamble to its end, on a new ledger in a directory that is there and empty;
 * then audits the ledger, makes what follows from the log anew, and audits it again. What fails is reported.
 */
void play_run_case(
	const struct play_script *script, size_t index, const char *directory, struct play_report *report);

#endif
