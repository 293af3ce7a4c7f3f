/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/slice.h"

/*
 * Dates and times as offices write them, to an instant in UTC (instant.h):
 *
 *   2026-05-04T10:00:00Z    2026-05-04 10:00:00+08:00    2026/5/4 10:00    2026.5.4    2026年5月4日 10:00
 *
 * What says no offset is the time of a place: "Asia/Shanghai", or "+08:00". A day alone begins at its midnight there. Nothing is
 * guessed: 4/5/2026 is two days.
 */

/* Sets the place; NULL: none is given. False where this system has none of that name. Before any other thread is there. */
bool import_time_zone(const char *zone);

/* FIELD_FORMAT; `*why` then says why in words. */
enum recourse_error import_time_read(slice text, uint64_t *instant, const char **why);
