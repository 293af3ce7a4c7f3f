/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "books/clock_name.h"
#include "rule/decision.h"

/*
 * Clocks (E3): what happens because time has passed, and nobody said so. A clock is a member of a record, the instant at
 * which it strikes (tables.h): a rule sets it, and zero where it is over. When it is due the service's own key says
 * `clock.fire`, and that is an entry like any other. Replay never looks at a wall clock: the instants are in the log.
 * What a kind does when it strikes is a row of its area (area.h); decide/clocks.c lets it.
 */

/*
 * Takes it out because it strikes: its row, and the instant in the record that it is of. `struck` says which entry set it,
 * and whose it is. NOT_FOUND with field "subject".
 */
enum recourse_error clock_strike(struct decision *decision, enum clock_kind kind, slice subject, uint64_t due,
	struct record_deadline *struck);

/* What clock_name.h wrote: NOT_FOUND with field "subject" for anything else. */
enum recourse_error clock_subject_read_entry(struct decision *decision, slice subject, uint64_t *entry);

/* `unit` is looked up; `party` is the id, in the arena. */
enum recourse_error clock_subject_read_party(
	struct decision *decision, slice subject, struct unit *unit, slice *party);

enum recourse_error clock_subject_read_section(
	struct decision *decision, slice subject, uint32_t *incident, uint32_t *party);

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
	size_t *count, uint64_t *next);

/* How many are due then; at most so many are counted. */
enum recourse_error clock_count(struct state_view *view, uint64_t now, uint64_t most, uint64_t *count);

/*
 * Whether all clocks are held: the host's clock jumped, an entry says so (clock.hold), and no other one its end. None
 * strikes then. Time goes on as it was counted, which is what requests are received at; the host's clock may be right all
 * the same, so that what has not expired by either is taken. `hold` is all zeroes where
 * nothing is held.
 */
enum recourse_error clock_held(struct state_view *view, bool *held, struct record_clock_hold *hold);

/* What the host's clock says when so much was counted; the same where nothing is held. */
enum recourse_error clock_of_host(struct state_view *view, uint64_t counted, uint64_t *host);
