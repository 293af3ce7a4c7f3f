/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLOCK_H
#define CLOCK_H

#include "rule/decision.h"

/*
 * Clocks (E3): what happens because time has passed, and nobody said so. A rule sets a clock; when it is due the
 * service's own key says `clock.fire`, and that is an entry like any other. Replay never looks at a wall clock: the
 * instants are in the log.
 *
 *   Z due kind subject  ->  the entry that set it
 *
 * What a kind does when it is due is a row of its area (area.h); decide/clocks.c lets it strike. Their numbers are in
 * the keys, so that those due at the same instant strike in this order.
 */
enum clock_kind {
	CLOCK_HOLD,        /* a hold expires: what is left of it is released */
	CLOCK_BAR_DATE,    /* an incident's claim window closes */
	CLOCK_PROPOSAL,    /* a proposal that nobody decided expires */
	CLOCK_EXIT_NOTICE, /* of a merchant's exit: the notice is over, the tail begins */
	CLOCK_EXIT_TAIL,   /* the tail is over: what is not retained is to be paid */
	CLOCK_EXIT_REFUND, /* the custodian has not paid it in time */
	CLOCK_CUSTODY,     /* no attestation of custody has come in time */
	CLOCK_TOP_UP,      /* a merchant has not topped up: it is restricted */
	CLOCK_COVERAGE,    /* an issuer's coverage is looked at */
	CLOCK_SWEEP,       /* what concerns many goes on */
	CLOCK_SIGNAL,      /* a sign of default expires */
	CLOCK_REVIEW,      /* a use of break-glass was not reviewed in time */
	CLOCK_APPEAL,      /* nobody has decided an appeal in time */
	CLOCK_INSTRUMENT,  /* an instrument expires: what is left of its limit lapses */
	CLOCK_KINDS,
};
extern const char *const clock_kind_names[]; /* by kind, in entries too; NULL at the end */

/*
 * Setting one for an instant that has passed is fine: it fires at the next tick. The subject is an id; one clock
 * of a kind and instant for each.
 */
enum recourse_error clock_set(
	struct decision *decision, enum clock_kind kind, slice subject, uint64_t due) RECOURSE_CHECK;

/* Takes it back; fine where there is none. */
enum recourse_error clock_cancel(
	struct decision *decision, enum clock_kind kind, slice subject, uint64_t due) RECOURSE_CHECK;

/* The entry that set it. NOT_FOUND with field "subject". */
enum recourse_error clock_find(struct decision *decision, enum clock_kind kind, slice subject, uint64_t due,
	uint64_t *entry) RECOURSE_CHECK;

struct clock {
	uint64_t due;
	enum clock_kind kind;
	char subject[TEXT_ID_SIZE];
};

/*
 * The earliest clocks, in order, at most `room`, those due at `now` or before. `*next` is the instant of the
 * earliest one, due or not; UINT64_MAX when there is none.
 */
enum recourse_error clock_list(struct state_view *view, uint64_t now, struct clock *list, size_t room,
	size_t *count, uint64_t *next) RECOURSE_CHECK;

#endif
