/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "books/record.h"

/*
 * Days in UTC, counted from 1970-01-01, and which entries fall on them. The core notes the first entry of each day
 * that has one, so that a rule can ask how things stood when a day ended, from the state alone.
 */
enum { DAY_TEXT_SIZE = 11 /* "2016-05-04" and NUL */ };

/* FIELD_FORMAT where it is not a day of the calendar, or not within what instants can say. */
enum recourse_error day_parse(slice text, uint64_t *day);
void day_format(uint64_t day, char text[static DAY_TEXT_SIZE]);

uint64_t day_of(uint64_t instant);
uint64_t day_end(uint64_t day); /* the instant at which the next one begins */

/* The day's first entry: a later one changes nothing. */
enum recourse_error day_note(struct state_view *view, uint64_t day, uint64_t entry);

/*
 * The last entry that is not later than the day, of a ledger that has `entries`. QUERY_NOT_FOUND for a day before
 * the first entry: there was nothing, and that is not zero.
 */
enum recourse_error day_last_entry(struct state_view *view, uint64_t day, uint64_t entries, uint64_t *entry);
