/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/calendar.h"

#include "books/day.h"
#include "rule/query.h"
#include "base/instant.h"

#include <assert.h>
#include <stdio.h>

enum {
	DAY_MINUTES = 24 * 60,
	OFFSET_WEST = -12 * 60, /* the earliest and the latest time zone there are */
	OFFSET_EAST = 14 * 60,
	OFFSET_PRESET = 8 * 60, /* Beijing */
	EPOCH_WEEKDAY = 3,      /* 1970-01-01 was a Thursday */
	WEEKEND_ALL = (1 << CALENDAR_WEEK) - 1,
	WORD_BITS = 64,
};

const char *const calendar_day_names[] = {
	"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", NULL};

struct record_path calendar_path(slice calendar, uint32_t year)
{
	struct record_path path = record_path_of_text(RECORD_CALENDAR, calendar);
	record_path_number(&path, year);
	return path;
}

/* ---- days of a year ---- */

uint64_t calendar_year_first(uint32_t year)
{
	return day_of(instant_of_year(year), DAY_UTC);
}

uint32_t calendar_year_days(uint32_t year)
{
	return (uint32_t)(calendar_year_first(year + 1) - calendar_year_first(year));
}

static void flip(struct record_calendar *record, uint32_t index)
{
	record->works[index / WORD_BITS] ^= UINT64_C(1) << index % WORD_BITS;
}

bool calendar_works(const struct record_calendar *record, uint32_t index)
{
	return (record->works[index / WORD_BITS] >> index % WORD_BITS & 1) != 0;
}

bool calendar_works_by_weekend(const struct record_calendar *record, uint32_t year, uint32_t index)
{
	uint64_t weekday = (calendar_year_first(year) + index + EPOCH_WEEKDAY) % CALENDAR_WEEK;
	return (record->weekend >> weekday & 1) == 0;
}

static void follow_weekend(struct record_calendar *record, uint32_t year)
{
	uint32_t days = calendar_year_days(year);
	memset(record->works, 0, sizeof record->works);
	for (uint32_t index = 0; index < days; index++) {
		if (calendar_works_by_weekend(record, year, index))
			flip(record, index);
	}
}

struct calendar_counts calendar_counts(const struct record_calendar *record, uint32_t year)
{
	struct calendar_counts counts = {0};
	uint32_t days = calendar_year_days(year);
	for (uint32_t index = 0; index < days; index++) {
		bool works = calendar_works(record, index);
		counts.working_days += works;
		counts.exceptions += works != calendar_works_by_weekend(record, year, index);
	}
	return counts;
}

bool calendar_sound(const struct record_calendar *record, uint32_t year)
{
	struct calendar_counts counts = calendar_counts(record, year);
	uint32_t bits = 0;
	for (size_t word = 0; word < CALENDAR_WORDS; word++)
		bits += (uint32_t)__builtin_popcountll(record->works[word]);
	return bits == counts.working_days && counts.working_days > 0 &&
	       counts.exceptions <= CALENDAR_EXCEPTIONS_MAX && record->version > 0 && record->weekend > 0 &&
	       record->weekend < WEEKEND_ALL && record->offset_minutes >= OFFSET_WEST &&
	       record->offset_minutes <= OFFSET_EAST;
}

/* ---- finding the record of a year, or the one that stands for it ---- */

static enum recourse_error seek(struct state_view *view, slice calendar, uint32_t year,
	enum state_direction direction, struct record_calendar *record, uint32_t *found)
{
	struct record_path prefix = record_path_of_text(RECORD_CALENDAR, calendar);
	struct record_path from = calendar_path(calendar, year);
	SCOPED(record_walk_end) struct record_walk walk = record_walk_from(view, &prefix, &from, direction);
	if (!record_walk_next(&walk, record, sizeof *record))
		return walk.error == RECOURSE_OK ? RECOURSE_QUERY_NOT_FOUND : walk.error;
	*found = (uint32_t)walk.key.parts[1].number;
	return RECOURSE_OK;
}

enum recourse_error calendar_any(struct state_view *view, slice calendar, struct record_calendar *record)
{
	uint32_t found;
	return seek(view, calendar, 0, STATE_UP, record, &found);
}

/* As published; else by the weekend of the year before that was, or of the first one. */
static enum recourse_error read_year(struct state_view *view, slice calendar, uint32_t year,
	struct record_calendar *record, bool *published)
{
	uint32_t found;
	enum recourse_error error = seek(view, calendar, year, STATE_DOWN, record, &found);
	if (error == RECOURSE_QUERY_NOT_FOUND)
		error = seek(view, calendar, year, STATE_UP, record, &found);
	TRY(error);
	*published = found == year;
	if (!*published)
		follow_weekend(record, year);
	return RECOURSE_OK;
}

/* ---- counting ---- */

/* In minutes, which are signed: west of UTC it is still the last day of 1969 when instants begin. */
static int64_t local_day(uint64_t instant, int64_t offset)
{
	int64_t minutes = (int64_t)(instant / INSTANT_MINUTE) + offset;
	return minutes < 0 ? -1 : minutes / DAY_MINUTES;
}

static uint64_t local_end(int64_t day, int64_t offset)
{
	return (uint64_t)((day + 1) * DAY_MINUTES - offset) * INSTANT_MINUTE;
}

static uint64_t instants_end(void)
{
	return instant_of_year(INSTANT_YEAR_LAST + 1);
}

/* Goes on from `*day`, for what of the days is left, to the end of the year at most. */
static void count_year(const struct record_calendar *record, uint32_t year, int64_t *day, int64_t *left)
{
	int64_t first = (int64_t)calendar_year_first(year);
	uint32_t days = calendar_year_days(year);
	uint32_t index = *day < first ? 0 : (uint32_t)(*day - first) + 1;
	for (; index < days && *left != 0; index++) {
		if (calendar_works(record, index)) {
			*day = first + index;
			--*left;
		}
	}
}

enum recourse_error calendar_count(
	struct state_view *view, slice calendar, uint64_t from, int64_t days, struct calendar_date *date)
{
	struct record_calendar record;
	int64_t left = days;
	assert(days >= 0 && days <= CALENDAR_DAYS_MAX);
	TRY(calendar_any(view, calendar, &record));
	if (from >= instants_end())
		return RECOURSE_OVERFLOW;
	int64_t offset = record.offset_minutes;
	*date = (struct calendar_date){.day = local_day(from, offset), .published = true};
	uint32_t year = instant_year((uint64_t)(date->day + 1) * INSTANT_DAY);
	for (; left > 0 && year <= INSTANT_YEAR_LAST; year++) {
		bool published;
		TRY(read_year(view, calendar, year, &record, &published));
		count_year(&record, year, &date->day, &left);
		date->published = date->published && published;
	}
	date->due = local_end(date->day, offset);
	return left > 0 || date->due >= instants_end() ? RECOURSE_OVERFLOW : RECOURSE_OK;
}

/* Of those from `day` on, up to the end of the year or before `end`. */
static int64_t count_worked(const struct record_calendar *record, uint32_t year, int64_t day, int64_t end)
{
	int64_t first = (int64_t)calendar_year_first(year);
	int64_t last = first + calendar_year_days(year);
	int64_t count = 0;
	for (day = day < first ? first : day; day < end && day < last; day++)
		count += calendar_works(record, (uint32_t)(day - first));
	return count;
}

enum recourse_error calendar_worked(
	struct state_view *view, slice calendar, uint64_t from, uint64_t to, int64_t *days)
{
	struct record_calendar record;
	*days = 0;
	TRY(calendar_any(view, calendar, &record));
	int64_t day = local_day(from, record.offset_minutes);
	int64_t end = local_day(to, record.offset_minutes);
	uint32_t year = instant_year(from);
	year -= year > INSTANT_YEAR_FIRST; /* west of UTC it is the one before yet */
	for (; year <= INSTANT_YEAR_LAST && (int64_t)calendar_year_first(year) < end; year++) {
		bool published;
		TRY(read_year(view, calendar, year, &record, &published));
		*days += count_worked(&record, year, day, end);
	}
	return RECOURSE_OK;
}

static enum recourse_error count_plain(uint64_t from, int64_t days, uint64_t *due)
{
	uint64_t length = (uint64_t)days * INSTANT_DAY;
	assert(days >= 0 && days <= CALENDAR_DAYS_MAX);
	*due = from + length;
	return from >= instants_end() - length ? RECOURSE_OVERFLOW : RECOURSE_OK;
}

static enum recourse_error found(struct decision *decision, enum recourse_error error)
{
	return refuse_absent(decision, error, RECOURSE_NOT_FOUND, "calendar", "a published calendar");
}

enum recourse_error calendar_due(
	struct decision *decision, slice calendar, uint64_t from, int64_t days, uint64_t *due)
{
	struct calendar_date date = {0};
	enum recourse_error error = calendar.size == 0
					    ? count_plain(from, days, &date.due)
					    : calendar_count(decision->state, calendar, from, days, &date);
	if (error == RECOURSE_OVERFLOW)
		return refuse_limit(decision, error, "days", "up to the end of %d", INSTANT_YEAR_LAST);
	TRY(found(decision, error));
	*due = date.due;
	return RECOURSE_OK;
}

enum recourse_error calendar_take(
	struct decision *decision, const struct value *value, char calendar[static TEXT_ID_SIZE])
{
	int32_t east;
	return calendar_place(decision, value, calendar, &east);
}

enum recourse_error calendar_place(struct decision *decision, const struct value *value,
	char calendar[static TEXT_ID_SIZE], int32_t *east)
{
	struct record_calendar record = {.offset_minutes = 0};
	if (value->present) {
		TRY(found(decision, calendar_any(decision->state, value->text, &record)));
		record_text_set(calendar, TEXT_ID_SIZE, value->text);
	}
	*east = record.offset_minutes;
	return RECOURSE_OK;
}

/* ---- calendar.publish ---- */

enum { EXCEPTION_DAY, EXCEPTION_WORKS };
static const struct recourse_field exception_members[] = {
	[EXCEPTION_DAY] = FIELD_DAY("day", "of the year: 2016-10-08"),
	[EXCEPTION_WORKS] =
		FIELD_CHOICE("works", query_no_yes, "whether it is worked, other than by the weekend"),
};
enum { EXCEPTION_MEMBERS = sizeof exception_members / sizeof exception_members[0] };

enum {
	PUBLISH_CALENDAR,
	PUBLISH_YEAR,
	PUBLISH_VERSION,
	PUBLISH_OFFSET,
	PUBLISH_WEEKEND,
	PUBLISH_EXCEPTIONS,
};
static const struct recourse_field publish_fields[] = {
	[PUBLISH_CALENDAR] = FIELD(ID, "calendar", "the calendar's id"),
	[PUBLISH_YEAR] = FIELD_INTEGER("year", INSTANT_YEAR_FIRST, INSTANT_YEAR_LAST, "that is published"),
	[PUBLISH_VERSION] = FIELD_INTEGER("version", 1, 1000000, "one above the last of that year"),
	[PUBLISH_OFFSET] = FIELD_PRESET("offset_minutes", OFFSET_WEST, OFFSET_EAST, OFFSET_PRESET,
		"of its place, east of UTC; the same for all its years"),
	[PUBLISH_WEEKEND] = FIELD_SET("weekend", calendar_day_names, "days of the week that are free"),
	[PUBLISH_EXCEPTIONS] =
		FIELD_WITH(LIST, "exceptions", "holidays, and weekend days that are worked; none if absent",
			.optional = true, .maximum = CALENDAR_EXCEPTIONS_MAX, .members = exception_members,
			.member_count = EXCEPTION_MEMBERS),
};

/* Its version is one above the last of that year, and it is of the place of the other years. */
static enum recourse_error check_others(struct decision *decision, slice id, const struct record_path *path,
	const struct record_calendar *next)
{
	struct record_calendar last;
	struct record_calendar other = *next;
	TRY(record_get_optional(decision->state, path, &last, sizeof last, NULL));
	if (next->version != last.version + 1)
		return refuse_limit(decision, RECOURSE_POLICY_WRONG, "version", "%u", last.version + 1);
	if (last.version > 0)
		decision_fact_integer(decision, "replaces", last.entry);
	TRY(query_perhaps(calendar_any(decision->state, id, &other)));
	if (other.offset_minutes != next->offset_minutes)
		return refuse_limit(decision, RECOURSE_POLICY_WRONG, "offset_minutes",
			"%d, as published before", other.offset_minutes);
	return RECOURSE_OK;
}

/* The place of an exception's day in its year. */
static enum recourse_error read_day(
	struct decision *decision, const char *field, slice text, uint32_t year, uint32_t *index)
{
	uint64_t day;
	enum recourse_error error = day_parse(text, &day);
	if (error != RECOURSE_OK)
		return refuse(decision, error, field, "a day such as 2016-10-08");
	uint64_t first = calendar_year_first(year);
	if (day < first || day - first >= calendar_year_days(year))
		return refuse_limit(decision, RECOURSE_FIELD_LIMIT, field, "a day of the year %u", year);
	*index = (uint32_t)(day - first);
	return RECOURSE_OK;
}

static enum recourse_error read_exceptions(
	struct decision *decision, const struct value *list, uint32_t year, struct record_calendar *next)
{
	for (size_t row = 0; row < list->list.count; row++) {
		const struct value *member = list->list.values + row * EXCEPTION_MEMBERS;
		char field[sizeof decision->refusal->field];
		uint32_t index = 0;
		snprintf(field, sizeof field, "exceptions[%u].day", (unsigned)row & 0xff);
		TRY(read_day(decision, field, member[EXCEPTION_DAY].text, year, &index));
		bool works = calendar_works(next, index);
		if (works != calendar_works_by_weekend(next, year, index))
			return refuse(decision, RECOURSE_FIELD_DUPLICATE, field, "each day once");
		if (works == (member[EXCEPTION_WORKS].integer != 0))
			return refuse_limit(decision, RECOURSE_POLICY_WRONG, field,
				"a day whose weekday is %s", works ? "free" : "worked");
		flip(next, index);
	}
	return RECOURSE_OK;
}

static enum recourse_error apply_publish(struct decision *decision, const struct value *values)
{
	slice id = values[PUBLISH_CALENDAR].text;
	uint32_t year = (uint32_t)values[PUBLISH_YEAR].integer;
	struct record_path path = calendar_path(id, year);
	struct record_calendar next = {
		.entry = decision->entry,
		.version = (uint32_t)values[PUBLISH_VERSION].integer,
		.weekend = (uint32_t)values[PUBLISH_WEEKEND].integer,
		.offset_minutes = (int32_t)values[PUBLISH_OFFSET].integer,
	};
	TRY(check_others(decision, id, &path, &next));
	/* its weekend stands for years that are not published, and counting must come to an end in them */
	if (next.weekend == WEEKEND_ALL)
		return refuse(decision, RECOURSE_POLICY_WRONG, "weekend", "at most six days");
	follow_weekend(&next, year);
	TRY(read_exceptions(decision, &values[PUBLISH_EXCEPTIONS], year, &next));
	uint32_t working_days = calendar_counts(&next, year).working_days;
	if (working_days == 0)
		return refuse(
			decision, RECOURSE_POLICY_WRONG, "exceptions", "a year in which a day is worked");
	assert(calendar_sound(&next, year));
	decision_fact_integer(decision, "working_days", working_days);
	return decision_put(decision, &path, &next, sizeof next);
}

static const struct command rows[] = {
	COMMAND("calendar.publish", RECOURSE_ROLE_ADMIN, publish_fields, apply_publish,
		"publish which days of a year are worked", RECOURSE_POLICY_WRONG),
};
const struct command_group calendar_commands = COMMAND_GROUP(rows);
