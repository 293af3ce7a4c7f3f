/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INVARIANTS_H
#define INVARIANTS_H

#include "replay.h"

/*
 * The invariants, looked at in the state that a replay made: balances add up to zero in every book and none has
 * crossed it (I1, I2, I3, I4, I9), no claim received more than its loss (I5) nor has two payouts settled (I8),
 * no liable party paid more than it owes (I6), no more recourse than settled advances (I7), every distribution's
 * parts sum up to what was shared out (I10).
 *
 * AUDIT_FAILED with the replay's `what`, or a fault of reading.
 */
enum recourse_error invariants_check(struct replay *replay) RECOURSE_CHECK;

#endif
