/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLOCK_H
#define CLOCK_H

#include "books/clock_kind.h"
#include "rule/decision.h"

/*
 * Clocks (E3): what happens because time has passed, and nobody said so. A rule sets a clock; when it is due the
 * service's own key says `clock.fire`, and that is an entry like any other. Replay never looks at a wall clock: the
 * instants are in the log.
 *
 *   deadline   due kind subject  ->  the entry that set it
 *
 * Most are a member of a record (table_form.h): the rule sets the instant, and zero when it strikes or is over. What a
 * kind does when it is due is a row of its area (area.h); decide/clocks.c lets it strike.
 */

/*
 * Setting one for an instant that has passed is fine: it fires at the next tick. The subject is an id; one clock
 * of a kind and instant for each.
 */
enum recourse_error clock_set(
	struct decision *decision, enum clock_kind kind, slice subject, uint64_t due) RECOURSE_CHECK;

/* Takes it back; fine where there is none. */
enum recourse_error clock_cancel(
	struct decision *decision, enum clock_kind kind, slice subject, uint64_t due) RECOURSE_CHECK;

/*
 * Takes it out because it strikes: its row, and the instant in the record that it is of. `set_by` is the entry that set
 * it. NOT_FOUND with field "subject".
 */
enum recourse_error clock_strike(struct decision *decision, enum clock_kind kind, slice subject, uint64_t due,
	uint64_t *set_by) RECOURSE_CHECK;

/* What clock_subject.h wrote: NOT_FOUND with field "subject" for anything else. */
enum recourse_error clock_subject_read_entry(
	struct decision *decision, slice subject, uint64_t *entry) RECOURSE_CHECK;

/* `unit` is looked up; `party` is the id, in the arena. */
enum recourse_error clock_subject_read_party(
	struct decision *decision, slice subject, struct unit *unit, slice *party) RECOURSE_CHECK;

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
