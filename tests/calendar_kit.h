/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CALENDAR_KIT_H
#define CALENDAR_KIT_H

#include "rules.h"

/*
 * What the tests of calendars share: writing one down. The example is real: for the National Day of 2016, China was
 * free from 1 to 7 October (Saturday to Friday), and worked on Saturday 8 and Sunday 9.
 */
#define CALENDAR_PUBLISH(calendar, year, version, more, weekend, exceptions)                                 \
	"{\"command\":\"calendar.publish\",\"calendar\":\"" calendar "\",\"year\":" year                     \
	",\"version\":" version more ",\"weekend\":[" weekend "],\"exceptions\":[" exceptions "]}"
#define CALENDAR_FREE(day)   "{\"day\":\"" day "\",\"works\":\"no\"}"
#define CALENDAR_WORKED(day) "{\"day\":\"" day "\",\"works\":\"yes\"}"
#define CALENDAR_WEEKEND     "\"saturday\",\"sunday\""
#define CALENDAR_NATIONAL_DAY                                                                                \
	"{\"day\":\"2016-10-03\",\"works\":\"no\"},"                                                         \
	"{\"day\":\"2016-10-04\",\"works\":\"no\"},"                                                         \
	"{\"day\":\"2016-10-05\",\"works\":\"no\"},"                                                         \
	"{\"day\":\"2016-10-06\",\"works\":\"no\"},"                                                         \
	"{\"day\":\"2016-10-07\",\"works\":\"no\"},"                                                         \
	"{\"day\":\"2016-10-08\",\"works\":\"yes\"},"                                                        \
	"{\"day\":\"2016-10-09\",\"works\":\"yes\"}"
#define CALENDAR_CHINA CALENDAR_PUBLISH("cn", "2016", "1", "", CALENDAR_WEEKEND, CALENDAR_NATIONAL_DAY)

/* On Friday 30 September at 17:00 in Beijing: three working days are Saturday 8, Sunday 9 and Monday 10 October. */
#define CALENDAR_FRIDAY "2016-09-30T09:00:00Z"

/* The instant that a text says. */
uint64_t calendar_kit_instant(const char *text);

/* An audit, a rebuild of the state, and an audit again. */
void calendar_kit_check(struct kit *kit);

#endif
