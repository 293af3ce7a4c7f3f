/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEADLINE_H
#define DEADLINE_H

#include "rule/command.h"

/*
 * Clocks (E3): what happens because time has passed, and nobody said so. A rule sets a deadline; when it is due the
 * service's own key says `clock.fire`, and that is an entry like any other. Replay never looks at a wall clock: the
 * instants are in the log.
 *
 *   Z due kind subject  ->  the entry that set it
 *
 * A new kind is a row in deadline.c and a function that acts.
 */
enum deadline_kind {
	DEADLINE_HOLD,        /* a hold expires: what is left of it is released */
	DEADLINE_BAR_DATE,    /* an incident's claim window closes */
	DEADLINE_PROPOSAL,    /* a proposal that nobody decided expires */
	DEADLINE_EXIT_NOTICE, /* of a merchant's exit: the notice is over, the tail begins */
	DEADLINE_EXIT_TAIL,   /* the tail is over: what is not retained is to be paid */
	DEADLINE_EXIT_REFUND, /* the custodian has not paid it in time */
	DEADLINE_CUSTODY,     /* no attestation of custody has come in time */
	DEADLINE_TOP_UP,      /* a merchant has not topped up: it is restricted */
	DEADLINE_COVERAGE,    /* an issuer's coverage is looked at */
	DEADLINE_SWEEP,       /* what concerns many goes on */
	DEADLINE_SIGNAL,      /* a sign of default expires */
	DEADLINE_REVIEW,      /* a use of break-glass was not reviewed in time */
	DEADLINE_APPEAL,      /* nobody has decided an appeal in time */
	DEADLINE_INSTRUMENT,  /* an instrument expires: what is left of its limit lapses */
	DEADLINE_KINDS,
};

/*
 * Setting one for an instant that has passed is fine: it fires at the next tick. The subject is an id; one deadline
 * of a kind and instant for each.
 */
enum recourse_error deadline_set(
	struct decision *decision, enum deadline_kind kind, slice subject, uint64_t due) RECOURSE_CHECK;

/* Takes it back; fine where there is none. */
enum recourse_error deadline_cancel(
	struct decision *decision, enum deadline_kind kind, slice subject, uint64_t due) RECOURSE_CHECK;

/* The first one at or after a place. Borrowed from the walk's key: copied into `subject`. */
struct deadline {
	uint64_t due;
	enum deadline_kind kind;
	char subject[TEXT_ID_SIZE];
};

/*
 * The earliest deadlines, in order, at most `room`, those due at `now` or before. `*next` is the instant of the
 * earliest one, due or not; UINT64_MAX when there is none.
 */
enum recourse_error deadline_list(struct state_view *view, uint64_t now, struct deadline *list, size_t room,
	size_t *count, uint64_t *next) RECOURSE_CHECK;

const char *deadline_kind_name(enum deadline_kind kind);

#endif
