/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INVARIANTS_H
#define INVARIANTS_H

#include "audit/replay.h"

/*
 * The invariants, looked at in the state that a replay made: balances add up to zero in every book and none has
 * crossed it (I1, I2, I3, I4, I9), no claim received more than its loss (I5) nor has two payouts settled (I8),
 * no liable party paid more than it owes (I6), no more recourse than settled advances (I7), every distribution's
 * parts sum up to what was shared out (I10), and people who must differ do (see separation.h).
 *
 * AUDIT_FAILED with the replay's `what`, or a fault of reading.
 */
enum recourse_error invariants_check(struct replay *replay) RECOURSE_CHECK;

/* What a check is made of: looking at each record of a table, in the order of its keys. */
typedef enum recourse_error invariants_look(struct replay *replay, slice key, slice value, void *context);
enum recourse_error invariants_walk(
	struct replay *replay, enum record_table table, invariants_look *look, void *context) RECOURSE_CHECK;

/* A record's bytes as its structure: zeroes where they were cut off; what follows it is left out. */
void invariants_read(slice value, void *record, size_t size);

/* What secures merchants and issuers (A2, A8): collateral_check.c. */
enum recourse_error collateral_check(struct replay *replay) RECOURSE_CHECK;

#endif
