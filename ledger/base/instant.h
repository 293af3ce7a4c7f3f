/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/slice.h"

/*
 * Points in time: nanoseconds since 1970-01-01T00:00:00Z, unsigned 64-bit (good to the year 2554).
 * Nothing here reads a clock.
 */
enum {
	INSTANT_TEXT_SIZE = 31, /* "2026-11-22T04:53:41.123456789Z" and NUL */
	INSTANT_YEAR_FIRST = 1970,
	INSTANT_YEAR_LAST = 2553, /* the last one that texts can say */
};

#define INSTANT_SECOND UINT64_C(1000000000)
#define INSTANT_MINUTE (60 * INSTANT_SECOND)
#define INSTANT_HOUR   (3600 * INSTANT_SECOND)
#define INSTANT_DAY    (24 * INSTANT_HOUR)

/*
 * RFC 3339 in UTC with 'Z' only: date, 'T', time, optionally '.' and 1..9 digits. Leap seconds (":60"),
 * offsets, lower case and years before 1970 or after 2553 are FIELD_FORMAT.
 */
enum recourse_error instant_parse(slice text, uint64_t *instant);

/* Nine digits behind the point, or none when they are all zero. Returns the length without the NUL. */
size_t instant_format(uint64_t instant, char text[static INSTANT_TEXT_SIZE]);

/* The year in UTC, and the instant at which one begins: INSTANT_YEAR_FIRST to one after INSTANT_YEAR_LAST. */
uint32_t instant_year(uint64_t instant);
uint64_t instant_of_year(uint32_t year);
