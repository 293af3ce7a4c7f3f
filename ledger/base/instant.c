/* SPDX-License-Identifier: Apache-2.0 */
#include "base/instant.h"

#include <assert.h>

enum {
	YEAR_CYCLE = 400, /* the calendar repeats */
	DAYS_CYCLE = 146097,
	DAYS_TO_EPOCH = 719468, /* from 0000-03-01 to 1970-01-01 */
	PREFIX_SIZE = 19,       /* "2026-11-22T04:53:41" */
	FRACTION_DIGITS = 9,
};

struct civil {
	uint32_t year, month, day;
};

/*
 * Years are counted from March here, so that the leap day comes last and the months' lengths are a
 * line: (153 × months since March + 2) ÷ 5 days lie before a month.
 */
static uint32_t days_from_civil(struct civil civil)
{
	uint32_t year = civil.month <= 2 ? civil.year - 1 : civil.year;
	uint32_t months = (civil.month + 9) % 12;
	uint32_t year_of_cycle = year % YEAR_CYCLE;
	uint32_t day_of_year = (153 * months + 2) / 5 + civil.day - 1;
	uint32_t day_of_cycle = year_of_cycle * 365 + year_of_cycle / 4 - year_of_cycle / 100 + day_of_year;
	return year / YEAR_CYCLE * DAYS_CYCLE + day_of_cycle - DAYS_TO_EPOCH;
}

static struct civil civil_from_days(uint32_t days)
{
	uint32_t shifted = days + DAYS_TO_EPOCH;
	uint32_t day_of_cycle = shifted % DAYS_CYCLE;
	uint32_t year_of_cycle =
		(day_of_cycle - day_of_cycle / 1460 + day_of_cycle / 36524 - day_of_cycle / 146096) / 365;
	uint32_t day_of_year = day_of_cycle - (365 * year_of_cycle + year_of_cycle / 4 - year_of_cycle / 100);
	uint32_t months = (5 * day_of_year + 2) / 153;
	uint32_t month = months < 10 ? months + 3 : months - 9;
	return (struct civil){
		.year = shifted / DAYS_CYCLE * YEAR_CYCLE + year_of_cycle + (month <= 2),
		.month = month,
		.day = day_of_year - (153 * months + 2) / 5 + 1,
	};
}

static uint32_t decimal(const uint8_t *digits, size_t count)
{
	uint32_t value = 0;
	for (size_t index = 0; index < count; index++)
		value = value * 10 + digits[index] - '0';
	return value;
}

static bool matches(slice text, const char *pattern)
{
	for (size_t index = 0; index < text.size; index++) {
		uint8_t byte = text.data[index];
		bool digit = byte >= '0' && byte <= '9';
		if (pattern[index] == '0' ? !digit : byte != (uint8_t)pattern[index])
			return false;
	}
	return true;
}

/* The nanoseconds in ".123Z" or "Z"; false when it is neither. */
static bool parse_fraction(slice text, uint32_t *nanoseconds)
{
	*nanoseconds = 0;
	if (slice_is(text, "Z"))
		return true;
	if (text.size < 3 || text.size > FRACTION_DIGITS + 2 || text.data[text.size - 1] != 'Z')
		return false;
	size_t digits = text.size - 2;
	if (!matches(slice_of(text.data, digits + 1), ".000000000"))
		return false;
	*nanoseconds = decimal(text.data + 1, digits);
	for (size_t missing = digits; missing < FRACTION_DIGITS; missing++)
		*nanoseconds *= 10;
	return true;
}

/* A month or day that the calendar does not have comes back as another day. */
static bool civil_valid(struct civil civil)
{
	struct civil same = civil_from_days(days_from_civil(civil));
	return civil.year >= INSTANT_YEAR_FIRST && civil.year <= INSTANT_YEAR_LAST &&
	       civil.month == same.month && civil.day == same.day;
}

enum recourse_error instant_parse(slice text, uint64_t *instant)
{
	uint32_t nanoseconds;
	if (text.size < PREFIX_SIZE || !matches(slice_of(text.data, PREFIX_SIZE), "0000-00-00T00:00:00"))
		return RECOURSE_FIELD_FORMAT;
	if (!parse_fraction(slice_of(text.data + PREFIX_SIZE, text.size - PREFIX_SIZE), &nanoseconds))
		return RECOURSE_FIELD_FORMAT;

	struct civil civil = {
		.year = decimal(text.data, 4),
		.month = decimal(text.data + 5, 2),
		.day = decimal(text.data + 8, 2),
	};
	uint32_t hour = decimal(text.data + 11, 2);
	uint32_t minute = decimal(text.data + 14, 2);
	uint32_t second = decimal(text.data + 17, 2);
	if (!civil_valid(civil) || hour > 23 || minute > 59 || second > 59)
		return RECOURSE_FIELD_FORMAT;
	uint64_t seconds = (hour * 60 + minute) * 60 + second;
	*instant = days_from_civil(civil) * INSTANT_DAY + seconds * INSTANT_SECOND + nanoseconds;
	return RECOURSE_OK;
}

static char *put_decimal(char *text, uint32_t value, size_t digits, char end)
{
	for (size_t index = digits; index > 0; index--) {
		text[index - 1] = (char)('0' + value % 10);
		value /= 10;
	}
	text[digits] = end;
	return text + digits + 1;
}

size_t instant_format(uint64_t instant, char text[static INSTANT_TEXT_SIZE])
{
	struct civil civil = civil_from_days((uint32_t)(instant / INSTANT_DAY));
	uint32_t second = (uint32_t)(instant % INSTANT_DAY / INSTANT_SECOND);
	uint32_t nanoseconds = (uint32_t)(instant % INSTANT_SECOND);

	char *end = put_decimal(text, civil.year, 4, '-');
	end = put_decimal(end, civil.month, 2, '-');
	end = put_decimal(end, civil.day, 2, 'T');
	end = put_decimal(end, second / 3600, 2, ':');
	end = put_decimal(end, second / 60 % 60, 2, ':');
	end = put_decimal(end, second % 60, 2, nanoseconds == 0 ? 'Z' : '.');
	if (nanoseconds != 0)
		end = put_decimal(end, nanoseconds, FRACTION_DIGITS, 'Z');
	*end = '\0';
	size_t length = (size_t)(end - text);
	assert(length < INSTANT_TEXT_SIZE);
	return length;
}

uint32_t instant_year(uint64_t instant)
{
	return civil_from_days((uint32_t)(instant / INSTANT_DAY)).year;
}

uint64_t instant_of_year(uint32_t year)
{
	assert(year >= INSTANT_YEAR_FIRST && year <= INSTANT_YEAR_LAST + 1);
	return days_from_civil((struct civil){.year = year, .month = 1, .day = 1}) * INSTANT_DAY;
}
