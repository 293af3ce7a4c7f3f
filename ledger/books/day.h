/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "books/record.h"
#include "books/record_ledger.h"

/*
 * Days, counted from 1970-01-01, and which entries fall on them. A day is one of a place, which is so many minutes east
 * of UTC (`east`): a bank's day is the one that its statement is of. The core notes the first entry of each day that has
 * one, in UTC and at the places of custodians (custody.place), so that a rule can ask how things stood when a day ended,
 * from the state alone.
 */
enum {
	DAY_TEXT_SIZE = 11, /* "2016-05-04" and NUL */
	DAY_UTC = 0,        /* east of itself */
};

/* FIELD_FORMAT where it is not a day of the calendar, or not within what instants can say. */
enum recourse_error day_parse(slice text, uint64_t *day);
void day_format(uint64_t day, char text[static DAY_TEXT_SIZE]);

uint64_t day_of(uint64_t instant, int32_t east);
uint64_t day_begin(uint64_t day, int32_t east); /* the instant; never before instants do */
uint64_t day_end(uint64_t day, int32_t east);   /* at which the next one begins */

/* The day's first entry: a later one changes nothing. */
enum recourse_error day_note(struct state_view *view, int32_t east, uint64_t day, uint64_t entry);

/* Notes that an entry was made then, at all places whose days are noted. `until` is when the first of their days ends. */
enum recourse_error day_note_all(struct state_view *view, uint64_t instant, uint64_t entry, uint64_t *until);

/*
 * The last entry that is not later than the day, of a ledger that has `entries`. QUERY_NOT_FOUND for a day before
 * the first entry: there was nothing, and that is not zero.
 */
enum recourse_error day_last_entry(
	struct state_view *view, int32_t east, uint64_t day, uint64_t entries, uint64_t *entry);
