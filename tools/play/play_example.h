/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "play/play_ledger.h"

/*
 * Examples of a scenario, as the published document shows them: for each method what was said first and was accepted, a
 * line of JSON each,
 *
 *   {"method":"deposit.hold","params":{"hold":"h",…},"result":{"entry":21,"balances":[…]}}
 *
 * Appended to `lines` where the method has none yet.
 */
void play_example_query(struct buffer *lines, const char *method, slice params, slice result);

/* Of each of its commands that was accepted, and of `submit` itself. */
void play_example_submit(struct buffer *lines, const struct play_submission *submission, slice result);
