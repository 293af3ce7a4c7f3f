/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/instant.h"
#include "exit_code.h"

/*
 * Times as people read them: in the place that TZ names, else the machine's, with the offset from UTC behind, or in UTC. TZ as
 * tzset(3) takes it: a place of the system's list, a rule of POSIX such as CST-8, or nothing.
 */
enum { LOCAL_TIME_TEXT_SIZE = 48 };

/* Once, before the first time. False where TZ names no place that the system knows: glibc would take UTC without a word. */
bool local_time_start(bool utc);

/* Says so. */
enum exit_code local_time_unknown(void);

/* "2016-05-04 08:00:00 +0800"; what is within the second is left out. */
void local_time_format(uint64_t instant, char text[static LOCAL_TIME_TEXT_SIZE]);

/* Whether the system's list has a place of that name. */
bool local_time_has_place(const char *zone);
