/* SPDX-License-Identifier: Apache-2.0 */
#include "import/import_time.h"

#include "base/instant.h"
#include "local_time.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum zone_kind { ZONE_NONE, ZONE_OFFSET, ZONE_PLACE };

static enum zone_kind zone_kind;
static int64_t zone_seconds; /* of ZONE_OFFSET, east of Greenwich */

struct civil {
	uint32_t year, month, day, hour, minute, second;
};

static bool take_number(slice *rest, size_t least, size_t most, uint32_t *number)
{
	size_t size = 0;
	*number = 0;
	while (size < rest->size && size < most && isdigit(rest->data[size]))
		*number = *number * 10 + (uint32_t)(rest->data[size++] - '0');
	*rest = slice_from(*rest, size);
	return size >= least;
}

static bool take_offset(slice *rest, int64_t *seconds)
{
	uint32_t hours;
	uint32_t minutes = 0;
	*seconds = 0;
	if (slice_take(rest, "Z") || slice_take(rest, "z"))
		return true;
	bool west = slice_take(rest, "-");
	if (!west && !slice_take(rest, "+"))
		return false;
	if (!take_number(rest, 2, 2, &hours))
		return false;
	bool colon = slice_take(rest, ":");
	if (!take_number(rest, colon ? 2 : 0, 2, &minutes) || hours > 14 || minutes > 59)
		return false;
	*seconds = (int64_t)(hours * 60 + minutes) * 60 * (west ? -1 : 1);
	return true;
}

bool import_time_zone(const char *zone)
{
	zone_kind = ZONE_NONE;
	if (zone == NULL)
		return true;
	slice rest = slice_text(zone);
	if (take_offset(&rest, &zone_seconds) && rest.size == 0) {
		zone_kind = ZONE_OFFSET;
		return true;
	}
	if (!local_time_has_place(zone) || setenv("TZ", zone, 1) != 0)
		return false;
	tzset();
	zone_kind = ZONE_PLACE;
	return true;
}

static bool take_day(slice *rest, struct civil *civil)
{
	static const char *const between[][3] = {{"-", "-", ""}, {"/", "/", ""}, {".", ".", ""},
		{"\xe5\xb9\xb4", "\xe6\x9c\x88", "\xe6\x97\xa5"}};
	if (!take_number(rest, 4, 4, &civil->year))
		return false;
	for (size_t index = 0; index < sizeof between / sizeof between[0]; index++) {
		slice tried = *rest;
		if (slice_take(&tried, between[index][0]) && take_number(&tried, 1, 2, &civil->month) &&
			slice_take(&tried, between[index][1]) && take_number(&tried, 1, 2, &civil->day) &&
			slice_take(&tried, between[index][2])) {
			*rest = tried;
			return true;
		}
	}
	return false;
}

/* Digits behind the second are as they stand. */
static bool take_clock(slice *rest, struct civil *civil, slice *fraction)
{
	if (!take_number(rest, 1, 2, &civil->hour) || !slice_take(rest, ":") ||
		!take_number(rest, 2, 2, &civil->minute))
		return false;
	if (!slice_take(rest, ":"))
		return true;
	slice before = *rest;
	if (!take_number(rest, 2, 2, &civil->second))
		return false;
	before = *rest;
	if (!slice_take(rest, "."))
		return true;
	while (rest->size > 0 && isdigit(rest->data[0]))
		*rest = slice_from(*rest, 1);
	*fraction = slice_before(before, *rest);
	return true;
}

/* As if it were in UTC, by which the calendar is checked. */
static enum recourse_error read_civil(const struct civil *civil, slice fraction, uint64_t *instant)
{
	char text[64];
	int size = snprintf(text, sizeof text, "%04u-%02u-%02uT%02u:%02u:%02u%.*sZ", civil->year,
		civil->month, civil->day, civil->hour, civil->minute, civil->second,
		fraction.size > 10 ? 11 : (int)fraction.size, (const char *)fraction.data);
	return instant_parse(slice_of(text, (size_t)size), instant);
}

static bool shift(uint64_t *instant, int64_t seconds)
{
	uint64_t distance = (uint64_t)(seconds < 0 ? -seconds : seconds) * INSTANT_SECOND;
	if (seconds > 0 && *instant < distance)
		return false;
	*instant = seconds > 0 ? *instant - distance : *instant + distance;
	return true;
}

static bool is_same(const struct tm *one, const struct tm *other)
{
	return one->tm_mday == other->tm_mday && one->tm_hour == other->tm_hour &&
	       one->tm_min == other->tm_min;
}

/* Where clocks are put back an hour is there twice, where they are put on none. */
static enum recourse_error place_offset(
	const struct civil *civil, uint64_t utc, int64_t *seconds, const char **why)
{
	bool found = false;
	for (int summer = 0; summer <= 1; summer++) {
		const struct tm wanted = {.tm_year = (int)civil->year - 1900,
			.tm_mon = (int)civil->month - 1,
			.tm_mday = (int)civil->day,
			.tm_hour = (int)civil->hour,
			.tm_min = (int)civil->minute,
			.tm_sec = (int)civil->second,
			.tm_isdst = summer};
		struct tm local = wanted;
		time_t time = mktime(&local);
		if (!is_same(&local, &wanted) || local.tm_isdst != summer)
			continue;
		int64_t offset = (int64_t)(utc / INSTANT_SECOND) - (int64_t)time;
		*why = "a time that is there once: clocks are put back then, so say the offset, as in +02:00";
		if (found && offset != *seconds)
			return RECOURSE_FIELD_FORMAT;
		*seconds = offset;
		found = true;
	}
	*why = "a time that is there: clocks are put on then";
	return found ? RECOURSE_OK : RECOURSE_FIELD_FORMAT;
}

enum recourse_error import_time_read(slice text, uint64_t *instant, const char **why)
{
	struct civil civil = {0};
	slice fraction = slice_text("");
	int64_t seconds = zone_seconds;
	*why = "a day or a time as 2026-05-04T10:00:00Z, 2026-05-04 10:00+08:00, 2026/5/4 10:00";
	if (!take_day(&text, &civil))
		return RECOURSE_FIELD_FORMAT;
	bool between = slice_take(&text, "T") || slice_take(&text, "t") || slice_take(&text, " ");
	while (between && slice_take(&text, " "))
		continue;
	if (between && !take_clock(&text, &civil, &fraction))
		return RECOURSE_FIELD_FORMAT;
	(void)slice_take(&text, " ");
	bool offset = text.size > 0;
	if ((offset && !take_offset(&text, &seconds)) || text.size > 0 ||
		read_civil(&civil, fraction, instant) != RECOURSE_OK)
		return RECOURSE_FIELD_FORMAT;
	if (!offset && zone_kind == ZONE_NONE) {
		*why = "an offset, or the place that the file is of: --zone Asia/Shanghai, or +08:00";
		return RECOURSE_FIELD_FORMAT;
	}
	if (!offset && zone_kind == ZONE_PLACE &&
		place_offset(&civil, *instant, &seconds, why) != RECOURSE_OK)
		return RECOURSE_FIELD_FORMAT;
	return shift(instant, seconds) ? RECOURSE_OK : RECOURSE_FIELD_FORMAT;
}
