/* SPDX-License-Identifier: Apache-2.0 */
#include "kit.h"

#include "rule/calendar.h"
#include "base/instant.h"
#include "ledger.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

/* E3: counting working days as rules do it, against a naive model; vectors are in rules/register/working_days.case. */
#define PUBLISH                                                                                              \
	"admin calendar.publish calendar=%s year=2016 version=1 weekend=saturday,sunday offset_minutes=%d"

static uint64_t instant(const char *text)
{
	uint64_t result = 0;
	assert_ok(instant_parse(slice_text(text), &result));
	return result;
}

static struct decision decision_of(struct kit *kit)
{
	refusal_clear(&kit->refusal);
	return (struct decision){.state = state_writer(kit->ledger->state), .refusal = &kit->refusal};
}

/* The rule's own function, as commands call it. */
static enum recourse_error due(
	struct kit *kit, const char *calendar, uint64_t from, int64_t days, uint64_t *result)
{
	struct decision decision = decision_of(kit);
	return calendar_due(&decision, slice_text(calendar), from, days, result);
}

static void expect_due(
	struct kit *kit, const char *calendar, const char *from, int days, const char *expected)
{
	uint64_t result = 0;
	char text[INSTANT_TEXT_SIZE];
	assert_ok(due(kit, calendar, instant(from), days, &result));
	instant_format(result, text);
	assert_string_equal(text, expected);
}

/* Nothing is silently taken for something else. */
static void test_absent(void **state)
{
	struct kit *kit = *state;
	struct decision decision = decision_of(kit);
	uint64_t result = 7;
	kit_play(kit, PUBLISH, "cnn", 480);
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
}

/* To the nanosecond, without a calendar, and the end of what instants can say. */
static void test_ends(void **state)
{
	struct kit *kit = *state;
	uint64_t result = 7;
	kit_play(kit, PUBLISH, "cn", 480);
	expect_due(kit, "cn", "2016-09-30T15:59:59.999999999Z", 0, "2016-09-30T16:00:00Z");
	assert_error(due(kit, "cn", UINT64_MAX, 0, &result), RECOURSE_OVERFLOW);
	assert_string_equal(kit->refusal.field, "days");
	expect_due(kit, "", "2016-09-30T09:00:00Z", 3, "2016-10-03T09:00:00Z");
	expect_due(kit, "", "2543-01-01T00:00:00Z", 3650, "2552-12-29T00:00:00Z");
	expect_due(kit, "", "2553-12-30T23:59:59Z", 1, "2553-12-31T23:59:59Z");
	assert_error(due(kit, "", instant("2553-12-31T00:00:00Z"), 1, &result), RECOURSE_OVERFLOW);
	assert_error(due(kit, "", UINT64_MAX, 0, &result), RECOURSE_OVERFLOW);
	assert_int_equal(result, 7);
}

/* ---- against a naive model: a list of exceptions, and the C library's calendar ---- */

enum { DAY = 86400, MODEL_YEARS = 12, MODEL_FIRST = 2010, MODEL_EXCEPTIONS = 64 };
struct model {
	int offset;
	struct {
		bool published;
		bool weekend[7]; /* as tm_wday: Sunday first */
		int count;
		time_t exceptions[MODEL_EXCEPTIONS]; /* days */
	} years[MODEL_YEARS];
};

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
static void draw_year(
	struct model *model, int index, struct support_random *random, char *weekend, char *rows)
{
	static const char *const names[] = {
		"sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"};
	struct tm start = {.tm_year = MODEL_FIRST + index - 1900, .tm_mday = 1};
	time_t first = timegm(&start) / DAY;
	uint64_t free_days = 1 + support_random_below(random, 6);
	uint64_t shift = support_random_below(random, 7);
	*weekend = *rows = '\0';
	for (uint64_t day = 0; day < free_days; day++) {
		uint64_t weekday = (day * (1 + shift % 3) + shift) % 7; /* apart or in a row, none twice */
		model->years[index].weekend[weekday] = true;
		sprintf(weekend + strlen(weekend), "%s%s", day == 0 ? "" : ",", names[weekday]);
	}
	model->years[index].published = true;
	int wanted = (int)support_random_below(random, 40);
	for (int row = 0; row < wanted; row++) {
		/* in no order, near both ends of the year as well */
		time_t day = first + (time_t)support_random_below(random, 365);
		int *count = &model->years[index].count;
		bool repeated = false;
		for (int other = 0; other < *count; other++)
			repeated |= model->years[index].exceptions[other] == day;
		if (repeated)
			continue;
		struct tm date = date_of(day);
		sprintf(rows + strlen(rows), " exceptions=day:%04d-%02d-%02d,works:%s", date.tm_year + 1900,
			date.tm_mon + 1, date.tm_mday, model_works(model, day) ? "no" : "yes");
		model->years[index].exceptions[(*count)++] = day;
	}
}

static void publish_model(struct kit *kit, struct model *model, int round, struct support_random *random)
{
	char weekend[100];
	char rows[MODEL_EXCEPTIONS * 40];
	model->offset = (int)support_random_below(random, 26 * 60 + 1) - 12 * 60;
	uint64_t years = 1 + support_random_below(random, 5);
	for (uint64_t drawn = 0; drawn < years; drawn++) {
		int index = (int)support_random_below(random, MODEL_YEARS);
		if (model->years[index].published)
			continue;
		draw_year(model, index, random, weekend, rows);
		kit_play(kit,
			"admin calendar.publish calendar=r-%d year=%d version=1 offset_minutes=%d "
			"weekend=%s%s",
			round, MODEL_FIRST + index, model->offset, weekend, rows);
	}
}

static void test_model(void **state)
{
	struct kit *kit = *state;
	struct support_random random = {.state = 0};
	uint64_t begin = instant("2008-12-01T00:00:00Z");
	for (int round = 0; round < 40; round++) {
		uint64_t seed = random.state;
		struct model model = {0};
		char calendar[16];
		snprintf(calendar, sizeof calendar, "r-%d", round);
		publish_model(kit, &model, round, &random);
		for (int draw = 0; draw < 200; draw++) {
			uint64_t from = begin + support_random_below(&random, 16 * 365 * INSTANT_DAY);
			int64_t days = (int64_t)support_random_below(&random, draw % 20 == 0 ? 3651 : 30);
			uint64_t expected = model_due(&model, from, days);
			uint64_t result = 0;
			assert_ok(due(kit, calendar, from, days, &result));
			if (result != expected)
				print_message("round %d, seed %llx: from %llu, %lld days: %llu, not %llu\n",
					round, (unsigned long long)seed, (unsigned long long)from,
					(long long)days, (unsigned long long)result,
					(unsigned long long)expected);
			assert_true(result == expected);
		}
	}
	kit_play(kit, "audit\nrebuild\naudit");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		KIT_TEST(test_absent),
		KIT_TEST(test_ends),
		KIT_TEST(test_model),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
