/* SPDX-License-Identifier: Apache-2.0 */
#include "calendar_kit.h"

#include "rule/calendar.h"
#include "base/instant.h"
#include "ledger.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <cmocka.h>

/* E3: counting working days, as rules and readers do it, against vectors and a naive model. */
/* The rule's own function, as commands call it. */
static enum recourse_error due(
	struct kit *kit, const char *calendar, uint64_t from, int64_t days, uint64_t *result)
{
	struct decision decision = {
		.state = state_writer(kit->ledger->state),
		.refusal = &kit->refusal,
	};
	memset(&kit->refusal, 0, sizeof kit->refusal);
	return calendar_due(&decision, slice_text(calendar), from, days, result);
}

static void expect_due(
	struct kit *kit, const char *calendar, const char *from, int days, const char *expected)
{
	uint64_t result = 0;
	char text[INSTANT_TEXT_SIZE];
	assert_ok(due(kit, calendar, calendar_kit_instant(from), days, &result));
	instant_format(result, text);
	assert_string_equal(text, expected);
}

static void shows_due(struct kit *kit, const char *from, int days, const char *text)
{
	char params[100];
	snprintf(params, sizeof params, "{\"calendar\":\"cn\",\"from\":\"%s\",\"days\":%d}", from, days);
	kit_shows(kit, "merchant", "calendar.due", params, text);
}

static void query_refused(
	struct kit *kit, enum recourse_error error, const char *field, const char *method, const char *params)
{
	char *reply = NULL;
	assert_error(kit_query(kit, "auditor", method, params, &reply), error);
	assert_string_equal(kit->refusal.field, field);
}

static void test_national_day(void **state)
{
	struct kit *kit = *state;
	kit_accept(kit, "admin", CALENDAR_CHINA);
	char *entry = rules_describe(kit, kit->last_entry);
	assert_non_null(strstr(entry, "\"working_days\":258")); /* 261 from Monday to Friday, less 5, and 2 */
	free(entry);
	for (int round = 0; round < 2; round++) {
		expect_due(kit, "cn", CALENDAR_FRIDAY, 0, "2016-09-30T16:00:00Z");
		expect_due(kit, "cn", CALENDAR_FRIDAY, 1, "2016-10-08T16:00:00Z");
		expect_due(kit, "cn", CALENDAR_FRIDAY, 2, "2016-10-09T16:00:00Z");
		expect_due(kit, "cn", CALENDAR_FRIDAY, 3, "2016-10-10T16:00:00Z");
		expect_due(kit, "cn", CALENDAR_FRIDAY, 8, "2016-10-17T16:00:00Z");
		expect_due(kit, "", CALENDAR_FRIDAY, 3, "2016-10-03T09:00:00Z");
		shows_due(kit, CALENDAR_FRIDAY, 3, "\"due\":\"2016-10-10T16:00:00Z\"");
		shows_due(kit, CALENDAR_FRIDAY, 3, "\"basis\":\"published\"");
		shows_due(kit, CALENDAR_FRIDAY, 3, "\"from\":\"" CALENDAR_FRIDAY "\"");
		shows_due(kit, CALENDAR_FRIDAY, 0, "\"due\":\"2016-09-30T16:00:00Z\"");
		/* a free day ends like any other where no day is counted */
		shows_due(kit, "2016-10-04T00:00:00Z", 0, "\"due\":\"2016-10-04T16:00:00Z\"");
		kit_shows(kit, "merchant", "calendar.get", "{\"calendar\":\"cn\",\"year\":2016}",
			"\"exceptions\":[" CALENDAR_NATIONAL_DAY "]");
		kit_shows(kit, "merchant", "calendar.get", "{\"calendar\":\"cn\",\"year\":2016}",
			"\"weekend\":[" CALENDAR_WEEKEND "]");
		kit_shows(kit, "merchant", "calendar.get", "{\"calendar\":\"cn\",\"year\":2016}",
			"\"offset_minutes\":480");
		kit_shows(kit, "merchant", "calendar.get", "{\"calendar\":\"cn\",\"year\":2016}",
			"\"working_days\":258");
		calendar_kit_check(kit);
	}
}

/* The day is the one at the calendar's place: in Beijing it ends at 16:00 in UTC. */
static void test_local_day(void **state)
{
	struct kit *kit = *state;
	kit_accept(kit, "admin", CALENDAR_CHINA);
	expect_due(kit, "cn", "2016-09-30T15:59:59.999999999Z", 0, "2016-09-30T16:00:00Z");
	expect_due(kit, "cn", "2016-09-30T16:00:00Z", 0, "2016-10-01T16:00:00Z");
	expect_due(kit, "cn", "2016-10-09T15:59:59Z", 1, "2016-10-10T16:00:00Z");
	expect_due(kit, "cn", "2016-10-09T16:00:00Z", 1, "2016-10-11T16:00:00Z");
	/* New Year's Eve in UTC is 2017 already: no day of 2016 is looked at */
	expect_due(kit, "cn", "2016-12-31T20:00:00Z", 1, "2017-01-02T16:00:00Z");
	/* Chatham and Honolulu, to the minute */
	kit_accept(kit, "admin",
		CALENDAR_PUBLISH("east", "2016", "1", ",\"offset_minutes\":765", CALENDAR_WEEKEND,
			"") "," CALENDAR_PUBLISH("west", "2016", "1", ",\"offset_minutes\":-600",
			CALENDAR_WEEKEND, ""));
	expect_due(kit, "east", "2016-05-04T11:14:59Z", 1, "2016-05-05T11:15:00Z");
	expect_due(kit, "east", "2016-05-04T11:15:00Z", 1, "2016-05-06T11:15:00Z");
	expect_due(kit, "west", "2016-05-04T09:59:59Z", 1, "2016-05-05T10:00:00Z");
	expect_due(kit, "west", "2016-05-04T10:00:00Z", 1, "2016-05-06T10:00:00Z");
	/* when instants begin it is 31 December 1969 there, a Wednesday */
	expect_due(kit, "west", "1970-01-01T00:00:00Z", 0, "1970-01-01T10:00:00Z");
	expect_due(kit, "west", "1970-01-01T00:00:00Z", 1, "1970-01-02T10:00:00Z");
	calendar_kit_check(kit);
}

static void test_year_ends(void **state)
{
	struct kit *kit = *state;
	kit_accept(kit, "admin",
		CALENDAR_PUBLISH("utc", "2015", "1", ",\"offset_minutes\":0", CALENDAR_WEEKEND,
			CALENDAR_FREE("2015-12-31")) "," CALENDAR_PUBLISH("utc", "2016", "1",
			",\"offset_minutes\":0", CALENDAR_WEEKEND,
			CALENDAR_FREE("2016-01-01") "," CALENDAR_FREE("2016-12-30") "," CALENDAR_WORKED(
				"2016-12-31")) "," CALENDAR_PUBLISH("utc", "2017", "1",
			",\"offset_minutes\":0", CALENDAR_WEEKEND, CALENDAR_WORKED("2017-01-01")));
	/* 30 December 2015 is a Wednesday; the next worked day is Monday, 4 January */
	expect_due(kit, "utc", "2015-12-30T12:00:00Z", 1, "2016-01-05T00:00:00Z");
	expect_due(kit, "utc", "2015-12-31T12:00:00Z", 1, "2016-01-05T00:00:00Z");
	/* Saturday 31 December 2016 and Sunday 1 January 2017 are worked */
	expect_due(kit, "utc", "2016-12-29T00:00:00Z", 1, "2017-01-01T00:00:00Z");
	expect_due(kit, "utc", "2016-12-29T00:00:00Z", 2, "2017-01-02T00:00:00Z");
	expect_due(kit, "utc", "2016-12-31T23:59:59Z", 1, "2017-01-02T00:00:00Z");
	/* 29 February 2016 is a Monday, and there is none in 2017 */
	expect_due(kit, "utc", "2016-02-26T00:00:00Z", 1, "2016-03-01T00:00:00Z");
	expect_due(kit, "utc", "2016-02-26T00:00:00Z", 2, "2016-03-02T00:00:00Z");
	expect_due(kit, "utc", "2017-02-27T00:00:00Z", 2, "2017-03-02T00:00:00Z");
	rules_refuse(kit, RECOURSE_FIELD_FORMAT, "exceptions[0].day", "admin",
		CALENDAR_PUBLISH("utc", "2017", "2", ",\"offset_minutes\":0", CALENDAR_WEEKEND,
			CALENDAR_FREE("2017-02-29")));
	kit_accept(kit, "admin",
		CALENDAR_PUBLISH("utc", "2016", "2", ",\"offset_minutes\":0", CALENDAR_WEEKEND,
			CALENDAR_FREE("2016-02-29")));
	expect_due(kit, "utc", "2016-02-26T00:00:00Z", 1, "2016-03-02T00:00:00Z");
	calendar_kit_check(kit);
}

/* What is not published has the weekend of the year before it that is, or of the earliest. */
static void test_fall_back(void **state)
{
	struct kit *kit = *state;
	kit_accept(kit, "admin",
		CALENDAR_PUBLISH("cn", "2016", "1", ",\"offset_minutes\":0", CALENDAR_WEEKEND,
			CALENDAR_FREE("2016-05-05")) "," CALENDAR_PUBLISH("cn", "2019", "1",
			",\"offset_minutes\":0", "\"friday\"", CALENDAR_FREE("2019-05-06")));
	/* 2012 to 2018 like 2016: 2015-05-08 is a Friday, 2018-05-04 too; holidays are of their own year alone */
	shows_due(kit, "2015-05-08T00:00:00Z", 1, "\"due\":\"2015-05-12T00:00:00Z\"");
	shows_due(kit, "2015-05-08T00:00:00Z", 1, "\"basis\":\"weekend\"");
	shows_due(kit, "2018-05-04T00:00:00Z", 1, "\"due\":\"2018-05-08T00:00:00Z\"");
	shows_due(kit, "2015-05-04T00:00:00Z", 1, "\"due\":\"2015-05-06T00:00:00Z\"");
	shows_due(kit, "2016-05-04T00:00:00Z", 1, "\"due\":\"2016-05-07T00:00:00Z\"");
	shows_due(kit, "2016-05-04T00:00:00Z", 1, "\"basis\":\"published\"");
	/* from 2019 on only Fridays are free: 2020-05-07 is a Thursday */
	shows_due(kit, "2020-05-07T00:00:00Z", 1, "\"due\":\"2020-05-10T00:00:00Z\"");
	shows_due(kit, "2019-05-05T00:00:00Z", 1, "\"due\":\"2019-05-08T00:00:00Z\"");
	/* over the end of a published year: 2019-12-31 is a Tuesday */
	shows_due(kit, "2019-12-31T00:00:00Z", 1, "\"basis\":\"weekend\"");
	shows_due(kit, "2019-12-30T00:00:00Z", 1, "\"basis\":\"published\"");
	shows_due(kit, "2019-12-30T00:00:00Z", 2, "\"due\":\"2020-01-02T00:00:00Z\"");
	shows_due(kit, "2019-12-30T00:00:00Z", 2, "\"basis\":\"weekend\"");
	calendar_kit_check(kit);
}

/* Rows that make so many Mondays of 2016 free, from 4 January on. */
static char *free_mondays(int count)
{
	char *rows = calloc(1, 4096);
	assert_non_null(rows);
	for (int week = 0; week < count; week++) {
		char text[INSTANT_TEXT_SIZE];
		instant_format(
			calendar_kit_instant("2016-01-04T00:00:00Z") + (uint64_t)week * 7 * INSTANT_DAY,
			text);
		snprintf(rows + strlen(rows), 4096 - strlen(rows), "%s{\"day\":\"%.10s\",\"works\":\"no\"}",
			week == 0 ? "" : ",", text);
	}
	return rows;
}

#define ONLY_MONDAYS                                                                                         \
	"{\"command\":\"calendar.publish\",\"calendar\":\"m\",\"year\":2016,\"version\":1,\"weekend\":["     \
	"\"tuesday\",\"wednesday\",\"thursday\",\"friday\"," CALENDAR_WEEKEND "],\"exceptions\":[%s]}"

static void test_no_day_worked(void **state)
{
	struct kit *kit = *state;
	char *all = free_mondays(52);
	char *all_but_one = free_mondays(51);
	rules_refuse(kit, RECOURSE_POLICY_WRONG, "exceptions", "admin", ONLY_MONDAYS, all);
	kit_accept(kit, "admin", ONLY_MONDAYS, all_but_one);
	kit_shows(
		kit, "auditor", "calendar.get", "{\"calendar\":\"m\",\"year\":2016}", "\"working_days\":1,");
	expect_due(kit, "m", "2016-01-01T00:00:00Z", 1, "2016-12-26T16:00:00Z");
	expect_due(kit, "m", "2016-01-01T00:00:00Z", 2, "2017-01-02T16:00:00Z");
	free(all);
	free(all_but_one);
	calendar_kit_check(kit);
}

/* Nothing is silently taken for something else. */
static void test_absent(void **state)
{
	struct kit *kit = *state;
	struct decision decision = {
		.state = state_writer(kit->ledger->state),
		.refusal = &kit->refusal,
	};
	uint64_t result = 7;
	kit_accept(kit, "admin", CALENDAR_PUBLISH("cnn", "2016", "1", "", CALENDAR_WEEKEND, ""));
	assert_error(due(kit, "cn", kit->now, 1, &result), RECOURSE_NOT_FOUND);
	assert_string_equal(kit->refusal.field, "calendar");
	assert_int_equal(result, 7);
	struct value value = {.present = true, .text = slice_text("cn")};
	char taken[TEXT_ID_SIZE] = "as it was";
	refusal_clear(&kit->refusal);
	assert_error(calendar_take(&decision, &value, taken), RECOURSE_NOT_FOUND);
	assert_string_equal(kit->refusal.field, "calendar");
	value.present = false;
	assert_ok(calendar_take(&decision, &value, taken));
	assert_string_equal(taken, "as it was");
	value = (struct value){.present = true, .text = slice_text("cnn")};
	assert_ok(calendar_take(&decision, &value, taken));
	assert_string_equal(taken, "cnn");
	query_refused(kit, RECOURSE_QUERY_NOT_FOUND, "calendar", "calendar.get",
		"{\"calendar\":\"cn\",\"year\":2016}");
	query_refused(kit, RECOURSE_QUERY_NOT_FOUND, "year", "calendar.get",
		"{\"calendar\":\"cnn\",\"year\":2017}");
	query_refused(kit, RECOURSE_QUERY_NOT_FOUND, "calendar", "calendar.due",
		"{\"calendar\":\"cn\",\"from\":\"" CALENDAR_FRIDAY "\",\"days\":1}");
	query_refused(kit, RECOURSE_FIELD_LIMIT, "days", "calendar.due",
		"{\"calendar\":\"cnn\",\"from\":\"" CALENDAR_FRIDAY "\",\"days\":3651}");
}

/* The longest way, and the end of what instants can say. */
static void test_far(void **state)
{
	struct kit *kit = *state;
	uint64_t result = 7;
	kit_accept(kit, "admin", ONLY_MONDAYS, "");
	/* 3650 Mondays, 25,550 days: the first is 2016-01-04, the last 2085-12-10 */
	expect_due(kit, "m", "2016-01-03T00:00:00Z", 3650, "2085-12-10T16:00:00Z");
	expect_due(kit, "m", "2553-12-30T00:00:00Z", 0, "2553-12-30T16:00:00Z");
	/* 31 December 2553 is a Monday */
	expect_due(kit, "m", "2553-12-30T00:00:00Z", 1, "2553-12-31T16:00:00Z");
	assert_error(
		due(kit, "m", calendar_kit_instant("2553-12-31T00:00:00Z"), 1, &result), RECOURSE_OVERFLOW);
	assert_string_equal(kit->refusal.field, "days");
	assert_error(due(kit, "m", calendar_kit_instant("2500-12-30T00:00:00Z"), 3650, &result),
		RECOURSE_OVERFLOW);
	assert_error(due(kit, "m", UINT64_MAX, 0, &result), RECOURSE_OVERFLOW);
	query_refused(kit, RECOURSE_OVERFLOW, "days", "calendar.due",
		"{\"calendar\":\"m\",\"from\":\"2553-12-31T00:00:00Z\",\"days\":1}");
	expect_due(kit, "", "2543-01-01T00:00:00Z", 3650, "2552-12-29T00:00:00Z");
	expect_due(kit, "", "2553-12-30T23:59:59Z", 1, "2553-12-31T23:59:59Z");
	assert_error(
		due(kit, "", calendar_kit_instant("2553-12-31T00:00:00Z"), 1, &result), RECOURSE_OVERFLOW);
	assert_error(due(kit, "", UINT64_MAX, 0, &result), RECOURSE_OVERFLOW);
	/* the day ends at noon of 1 January 2554 in UTC, which no text can say */
	kit_accept(kit, "admin",
		CALENDAR_PUBLISH("w", "2016", "1", ",\"offset_minutes\":-720", CALENDAR_WEEKEND, ""));
	assert_error(
		due(kit, "w", calendar_kit_instant("2553-12-31T13:00:00Z"), 0, &result), RECOURSE_OVERFLOW);
	expect_due(kit, "w", "2553-12-31T11:00:00Z", 0, "2553-12-31T12:00:00Z");
	assert_int_equal(result, 7);
}

enum { DAY = 86400 };

/* ---- against a naive model: a list of exceptions, and the C library's calendar ---- */

enum { MODEL_YEARS = 12, MODEL_FIRST = 2010, MODEL_EXCEPTIONS = 64 };
struct model {
	int offset;
	struct {
		bool published;
		bool weekend[7]; /* as tm_wday: Sunday first */
		int count;
		time_t exceptions[MODEL_EXCEPTIONS]; /* days */
	} years[MODEL_YEARS];
};

static uint64_t random_below(uint64_t *seed, uint64_t limit)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 7;
	*seed ^= *seed << 17;
	return *seed % limit;
}

static struct tm date_of(time_t day)
{
	struct tm date;
	day *= DAY;
	assert_non_null(gmtime_r(&day, &date));
	return date;
}

static bool model_works(const struct model *model, time_t day)
{
	struct tm date = date_of(day);
	int year = date.tm_year + 1900 - MODEL_FIRST;
	int rule = -1;
	for (int index = 0; index < MODEL_YEARS; index++) {
		if (model->years[index].published && (rule < 0 || index <= year))
			rule = index;
	}
	bool works = !model->years[rule].weekend[date.tm_wday];
	for (int index = 0; rule == year && index < model->years[year].count; index++)
		works ^= model->years[year].exceptions[index] == day;
	return works;
}

static uint64_t model_due(const struct model *model, uint64_t from, int64_t days)
{
	time_t day = ((time_t)(from / INSTANT_SECOND) + model->offset * 60) / DAY;
	while (days > 0) {
		day++;
		days -= model_works(model, day);
	}
	return (uint64_t)((day + 1) * DAY - model->offset * 60) * INSTANT_SECOND;
}

/* Draws a year of the model, and writes it down as the rows of a command. */
static void draw_year(struct model *model, int index, uint64_t *seed, char *weekend, char *rows)
{
	static const char *const names[] = {
		"sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"};
	struct tm start = {.tm_year = MODEL_FIRST + index - 1900, .tm_mday = 1};
	time_t first = timegm(&start) / DAY;
	uint64_t free_days = 1 + random_below(seed, 6);
	uint64_t shift = random_below(seed, 7);
	*weekend = *rows = '\0';
	for (uint64_t day = 0; day < free_days; day++) {
		uint64_t weekday = (day * (1 + shift % 3) + shift) % 7; /* apart or in a row, none twice */
		model->years[index].weekend[weekday] = true;
		sprintf(weekend + strlen(weekend), "%s\"%s\"", day == 0 ? "" : ",", names[weekday]);
	}
	model->years[index].published = true;
	int wanted = (int)random_below(seed, 40);
	for (int row = 0; row < wanted; row++) {
		/* in no order, near both ends of the year as well */
		time_t day = first + (time_t)random_below(seed, 365);
		int *count = &model->years[index].count;
		bool repeated = false;
		for (int other = 0; other < *count; other++)
			repeated |= model->years[index].exceptions[other] == day;
		if (repeated)
			continue;
		struct tm date = date_of(day);
		sprintf(rows + strlen(rows), "%s{\"day\":\"%04d-%02d-%02d\",\"works\":\"%s\"}",
			*count == 0 ? "" : ",", date.tm_year + 1900, date.tm_mon + 1, date.tm_mday,
			model_works(model, day) ? "no" : "yes");
		model->years[index].exceptions[(*count)++] = day;
	}
}

static void publish_model(struct kit *kit, struct model *model, int round, uint64_t *seed)
{
	char weekend[100];
	char rows[MODEL_EXCEPTIONS * 40];
	model->offset = (int)random_below(seed, 26 * 60 + 1) - 12 * 60;
	uint64_t years = 1 + random_below(seed, 5);
	for (uint64_t drawn = 0; drawn < years; drawn++) {
		int index = (int)random_below(seed, MODEL_YEARS);
		if (model->years[index].published)
			continue;
		draw_year(model, index, seed, weekend, rows);
		kit_accept(kit, "admin",
			"{\"command\":\"calendar.publish\",\"calendar\":\"r-%d\",\"year\":%d,\"version\":1,"
			"\"offset_minutes\":%d,\"weekend\":[%s],\"exceptions\":[%s]}",
			round, MODEL_FIRST + index, model->offset, weekend, rows);
	}
}

static void test_model(void **state)
{
	struct kit *kit = *state;
	uint64_t seed = UINT64_C(0x9E3779B97F4A7C15);
	uint64_t begin = calendar_kit_instant("2008-12-01T00:00:00Z");
	for (int round = 0; round < 40; round++) {
		uint64_t round_seed = seed;
		struct model model = {0};
		char calendar[16];
		snprintf(calendar, sizeof calendar, "r-%d", round);
		publish_model(kit, &model, round, &seed);
		for (int draw = 0; draw < 200; draw++) {
			uint64_t from = begin + random_below(&seed, 16 * 365 * INSTANT_DAY);
			int64_t days = (int64_t)random_below(&seed, draw % 20 == 0 ? 3651 : 30);
			uint64_t expected = model_due(&model, from, days);
			uint64_t result = 0;
			assert_ok(due(kit, calendar, from, days, &result));
			if (result != expected)
				print_message("round %d, seed %llx: from %llu, %lld days: %llu, not %llu\n",
					round, (unsigned long long)round_seed, (unsigned long long)from,
					(long long)days, (unsigned long long)result,
					(unsigned long long)expected);
			assert_true(result == expected);
		}
	}
	calendar_kit_check(kit);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		RULES_TEST(test_national_day),
		RULES_TEST(test_local_day),
		RULES_TEST(test_year_ends),
		RULES_TEST(test_fall_back),
		RULES_TEST(test_no_day_worked),
		RULES_TEST(test_absent),
		RULES_TEST(test_far),
		RULES_TEST(test_model),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
