/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "rule/rule.h"

/*
 * What one command means for many merchants or issuers is not done in that command: a clock goes through them, some at
 * a time, each step an entry of the system's own key, until all are done. So no command's cost grows with their
 * number, and the service answers others in between.
 */
enum sweep_kind {
	SWEEP_MERCHANTS, /* the shares of an issuer: what is required of each merchant is computed again */
	SWEEP_ISSUERS,   /* all issuers: coverage is looked at */
};

/* Rows for each strike of the clock: a duty of each, with the longest ids, fits one entry. */
enum { SWEEP_STEP = 48 };

/* Over the rows that begin with `prefix`: RECORD_SHARE issuer, or RECORD_ISSUER. One for an entry. */
enum recourse_error sweep_begin(struct decision *decision, enum sweep_kind kind, slice prefix) RECOURSE_CHECK;

/* Whether a sweep has yet to come to the row of that key. */
enum recourse_error sweep_awaits(struct state_view *view, slice key, bool *awaits) RECOURSE_CHECK;

/* A clock: the next rows. The subject is the number of the entry that began it. */
enum recourse_error sweep_step(struct decision *decision, slice subject) RECOURSE_CHECK;
