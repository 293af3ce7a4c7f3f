/* SPDX-License-Identifier: Apache-2.0 */
#include "support.h"
#include "base/instant.h"

#include <stdio.h>

static void vectors(void **state)
{
	static const struct {
		const char *text;
		uint64_t instant;
	} known[] = {
		{.text = "1970-01-01T00:00:00Z", .instant = 0},
		{.text = "1970-01-01T00:00:00.000000001Z", .instant = 1},
		{.text = "2000-02-29T23:59:59Z", .instant = UINT64_C(951868799000000000)},
		{.text = "2026-11-22T04:53:41.123456789Z", .instant = UINT64_C(1795323221123456789)},
		{.text = "2100-03-01T00:00:00Z", .instant = UINT64_C(4107542400000000000)},
		{.text = "2553-12-31T23:59:59.999999999Z", .instant = UINT64_C(18429292799999999999)},
	};
	for (size_t index = 0; index < sizeof known / sizeof known[0]; index++) {
		uint64_t instant;
		char text[INSTANT_TEXT_SIZE];
		assert_ok(instant_parse(slice_text(known[index].text), &instant));
		assert_true(instant == known[index].instant);
		assert_int_equal(instant_format(instant, text), strlen(known[index].text));
		assert_string_equal(text, known[index].text);
	}
}

static void fractions_of_any_length(void **state)
{
	char text[] = "1970-01-01T00:00:01.120000000Z";
	for (size_t digits = 2; digits <= 9; digits++) {
		uint64_t instant;
		text[20 + digits] = 'Z';
		assert_ok(instant_parse(slice_of(text, 21 + digits), &instant));
		assert_true(instant == UINT64_C(1120000000));
		text[20 + digits] = '0';
	}
}

static void other_forms_are_refused(void **state)
{
	static const char *const wrong[] = {
		"",
		"Z",
		"2026-11-22",
		"2026-11-22T04:53:41",
		"2026-11-22T04:53:41z",
		"2026-11-22t04:53:41Z",
		"2026-11-22 04:53:41Z",
		"2026-11-22T04:53:41+00:00",
		"2026-11-22T04:53:41.Z",
		"2026-11-22T04:53:41,5Z",
		"2026-11-22T04:53:41.1234567890Z",
		"2026-11-22T04:53:41.12a4Z",
		"2026-11-22T04:53:41ZZ",
		" 2026-11-22T04:53:41Z",
		"2026-11-22T04:53:41Z ",
		"2026-11-22T04:53Z",
		"2026-1-22T04:53:41Z",
		"2026-11-22T04:53:60Z",
		"2026-11-22T04:60:41Z",
		"2026-11-22T24:00:00Z",
		"2026-00-22T04:53:41Z",
		"2026-13-22T04:53:41Z",
		"2026-11-00T04:53:41Z",
		"2026-11-31T04:53:41Z",
		"2026-02-29T04:53:41Z",
		"2100-02-29T04:53:41Z",
		"2024-02-30T04:53:41Z",
		"1969-12-31T23:59:59Z",
		"0000-01-01T00:00:00Z",
		"2554-01-01T00:00:00Z",
		"9999-12-31T23:59:59Z",
		"-026-11-22T04:53:41Z",
		"+026-11-22T04:53:41Z",
	};
	for (size_t index = 0; index < sizeof wrong / sizeof wrong[0]; index++) {
		uint64_t instant = 7;
		assert_error(instant_parse(slice_text(wrong[index]), &instant), RECOURSE_FIELD_FORMAT);
		assert_true(instant == 7);
	}
}

static void every_truncation_is_refused(void **state)
{
	static const char text[] = "2026-11-22T04:53:41.123456789Z";
	for (size_t size = 0; size < sizeof text - 1; size++) {
		uint64_t instant;
		assert_error(instant_parse(slice_of(text, size), &instant), RECOURSE_FIELD_FORMAT);
	}
}

/* Model: the calendar walked day by day. */
static void every_day_agrees_with_a_walk(void **state)
{
	static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	uint64_t day = 0;
	for (int year = 1970; year <= 2553; year++) {
		bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
		assert_true(instant_of_year((uint32_t)year) == day * INSTANT_DAY);
		for (int month = 1; month <= 12; month++) {
			int length = lengths[month - 1] + (month == 2 && leap);
			for (int date = 1; date <= length; date++, day++) {
				char expected[64], text[INSTANT_TEXT_SIZE];
				uint64_t instant;
				snprintf(expected, sizeof expected, "%04d-%02d-%02dT00:00:00Z", year, month,
					date);
				instant_format(day * INSTANT_DAY, text);
				assert_string_equal(text, expected);
				assert_ok(instant_parse(slice_text(expected), &instant));
				assert_true(instant == day * INSTANT_DAY);
				assert_int_equal(instant_year(instant), year);
				assert_int_equal(instant_year(instant + INSTANT_DAY - 1), year);
			}
		}
	}
	assert_true(instant_of_year(2554) == day * INSTANT_DAY);
}

static void random_instants_go_there_and_back(void **state)
{
	struct support_random random = support_random_start();
	for (int round = 0; round < 20000; round++) {
		uint64_t instant = support_random_below(&random, UINT64_C(18429292800000000000)), back;
		if (round % 3 == 0)
			instant -= instant % INSTANT_SECOND;
		char text[INSTANT_TEXT_SIZE];
		size_t length = instant_format(instant, text);
		assert_int_equal(length, strlen(text));
		assert_int_equal(length, instant % INSTANT_SECOND == 0 ? 20 : 30);
		assert_ok(instant_parse(slice_of(text, length), &back));
		assert_true(back == instant);
	}
}

static void the_last_instant_can_be_written(void **state)
{
	char text[INSTANT_TEXT_SIZE];
	instant_format(UINT64_MAX, text);
	assert_string_equal(text, "2554-07-21T23:34:33.709551615Z");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(vectors),
		cmocka_unit_test(fractions_of_any_length),
		cmocka_unit_test(other_forms_are_refused),
		cmocka_unit_test(every_truncation_is_refused),
		cmocka_unit_test(every_day_agrees_with_a_walk),
		cmocka_unit_test(random_instants_go_there_and_back),
		cmocka_unit_test(the_last_instant_can_be_written),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
