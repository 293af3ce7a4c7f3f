/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "play/play_case.h"

/*
 * Time passes:
 *
 *   wait 6 days 23 hours 59 minutes     [strikes 1] [without clocks]
 *   wait until 2016-08-01               [strikes 1] [without clocks]
 *
 * Clocks that are due strike, until none is; `strikes` says how many must. `name` is what the last of the ledger's
 * entries is called then, or NULL.
 */
void play_wait_run(struct play_case *play, const struct play_step *step, size_t word, const char *name);

/* A day, or an instant in UTC with its Z. False when it is none. */
bool play_wait_instant(const char *text, uint64_t *instant);
