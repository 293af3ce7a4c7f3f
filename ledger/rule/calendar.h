/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "books/record_ledger.h"
#include "rule/command.h"

/*
 * Working days as data (E3). A calendar is published year by year: its weekend, and the days that are exceptions from
 * it, holidays as well as weekend days that are worked (调休). Command calendar.publish.
 *
 * In a year that is not published the weekend of the latest published year before it applies, or else that of the
 * earliest: nothing is refused because next year's holidays are not known yet. A calendar's days are those of one
 * place, which is so many minutes east of UTC in summer and in winter.
 */
enum {
	CALENDAR_DAYS_MAX = 3650,
	CALENDAR_EXCEPTIONS_MAX = 64, /* of a year */
	CALENDAR_WEEK = 7,
};

/* ---- for rules ---- */

/*
 * The instant at which the days-th working day after the local day of `from` ends; with no days that day itself,
 * whether it is worked or not. An empty calendar counts plain days: `from` + days × 24 h. At most CALENDAR_DAYS_MAX
 * and not below zero (asserted). NOT_FOUND with field "calendar" for one that was never published; OVERFLOW with field
 * "days" where it is after what instants can say.
 */
enum recourse_error calendar_due(
	struct decision *decision, slice calendar, uint64_t from, int64_t days, uint64_t *due);

/*
 * The id of a calendar that a policy names, or as it was where it names none. NOT_FOUND with field "calendar" for one that
 * was never published.
 */
enum recourse_error calendar_take(
	struct decision *decision, const struct value *value, char calendar[static TEXT_ID_SIZE]);

/* The same, and where its days are: minutes east of UTC, 0 where none is named. */
enum recourse_error calendar_place(struct decision *decision, const struct value *value,
	char calendar[static TEXT_ID_SIZE], int32_t *east);

/* ---- for readers ---- */

/* Where the counting ends. */
struct calendar_date {
	uint64_t due; /* the end of the day, as an instant */
	int64_t day;  /* the day, as it is called at the calendar's place, counted from 1970-01-01 */
	bool published; /* every year that was gone through is; else a part of it follows from a weekend alone */
};

/* The same as calendar_due(), of a calendar that is named. QUERY_NOT_FOUND, OVERFLOW. */
enum recourse_error calendar_count(
	struct state_view *view, slice calendar, uint64_t from, int64_t days, struct calendar_date *date);

/*
 * How many working days have ended between two instants: the local day of `from` counts when it is over, that of `to` is not.
 * So what was due at the end of a day is one day late when the next working day has ended. QUERY_NOT_FOUND.
 */
enum recourse_error calendar_worked(
	struct state_view *view, slice calendar, uint64_t from, uint64_t to, int64_t *days);

/* Some published year of it, the earliest: for what all of them have in common. QUERY_NOT_FOUND. */
enum recourse_error calendar_any(struct state_view *view, slice calendar, struct record_calendar *record);

struct record_path calendar_path(slice calendar, uint32_t year);
uint32_t calendar_year_days(uint32_t year);
uint64_t calendar_year_first(uint32_t year); /* its 1 January, counted from 1970-01-01 */

/* Whether a day of the year, 1 January being 0, is worked; and whether it would be by the weekend alone. */
bool calendar_works(const struct record_calendar *record, uint32_t index);
bool calendar_works_by_weekend(const struct record_calendar *record, uint32_t year, uint32_t index);

/* How many days of the year are worked, and how many are exceptions. */
struct calendar_counts {
	uint32_t working_days;
	uint32_t exceptions;
};
struct calendar_counts calendar_counts(const struct record_calendar *record, uint32_t year);

/* Whether it can have been published: what calendar.publish accepts, read back from the bits. */
bool calendar_sound(const struct record_calendar *record, uint32_t year);

/* Monday first; NULL-terminated. */
extern const char *const calendar_day_names[];
