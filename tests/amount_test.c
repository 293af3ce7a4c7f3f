/* SPDX-License-Identifier: Apache-2.0 */
#include "support.h"

#include "base/amount.h"

typedef __int128 wide;

static struct unit unit_of(const char *code, int64_t digits, int64_t step)
{
	struct unit unit;
	assert_ok(unit_define(slice_text(code), digits, step, &unit));
	return unit;
}

/* Of any magnitude: small numbers as often as large ones. */
static int64_t random_magnitude(struct support_random *random)
{
	uint64_t value = support_random(random) >> 1;
	return (int64_t)(value >> support_random_below(random, 63));
}

static void texts_and_steps(void **state)
{
	static const struct {
		const char *code;
		int64_t digits, step;
		const char *text;
		int64_t steps;
	} known[] = {
		{"CNY", 2, 1, "3000.00", 300000},
		{"CNY", 2, 1, "0.00", 0},
		{"CNY", 2, 1, "0.07", 7},
		{"CNY", 2, 1, "-0.01", -1},
		{"CNY", 2, 1, "92233720368547758.07", INT64_MAX},
		{"CNY", 2, 1, "-92233720368547758.08", INT64_MIN},
		{"JPY", 0, 1, "3000", 3000},
		{"JPY", 0, 1, "0", 0},
		{"JPY", 0, 1, "-9223372036854775808", INT64_MIN},
		{"L", 3, 1, "600.000", 600000},
		{"X", 2, 5, "0.05", 1},
		{"X", 2, 5, "-1.20", -24},
		{"X", 9, 1000000, "9223372036854775.807000000", INT64_MAX},
		{"X", 0, 1000000, "-9223372036854775808000000", INT64_MIN},
	};
	for (size_t index = 0; index < sizeof known / sizeof known[0]; index++) {
		struct unit unit = unit_of(known[index].code, known[index].digits, known[index].step);
		int64_t steps;
		char text[AMOUNT_TEXT_SIZE];
		assert_ok(amount_parse(&unit, slice_text(known[index].text), &steps));
		assert_true(steps == known[index].steps);
		assert_int_equal(amount_format(&unit, steps, text), strlen(known[index].text));
		assert_string_equal(text, known[index].text);
	}
}

static void refuses(slice text, int64_t digits, int64_t step, enum recourse_error error)
{
	struct unit unit = unit_of("X", digits, step);
	int64_t steps = 7;
	assert_error(amount_parse(&unit, text, &steps), error);
	assert_int_equal(steps, 7);
}

static void what_is_no_decimal_is_refused(void **state)
{
	static const char *const wrong[] = {
		"",
		"-",
		".",
		"-.",
		"+1.00",
		".50",
		"5.",
		"-5.",
		"00.50",
		"01.00",
		"-01.00",
		"--1.00",
		"1.0.0",
		"1,00",
		"1 000.00",
		" 1.00",
		"1.00 ",
		"1e2",
		"1.0e2",
		"0x1",
		"1.-0",
		"1.+0",
		"NaN",
		"Infinity",
		"-0",
		"-0.00",
		"-0.0",
		"\xEF\xBC\x91.00",
		"1.00\n",
		"1..00",
	};
	for (size_t index = 0; index < sizeof wrong / sizeof wrong[0]; index++)
		refuses(slice_text(wrong[index]), 2, 1, RECOURSE_FIELD_FORMAT);
	refuses(slice_of("1.00\0", 5), 2, 1, RECOURSE_FIELD_FORMAT);
	refuses(slice_of(NULL, 0), 2, 1, RECOURSE_FIELD_FORMAT);
}

/* Yuan and fen can not be confused: exactly the digits of the unit, on its step, and no more than fits. */
static void other_amounts_are_refused(void **state)
{
	static const struct {
		const char *text;
		int64_t digits, step;
		enum recourse_error error;
	} wrong[] = {
		{"3000", 2, 1, RECOURSE_AMOUNT_DIGITS},
		{"3000.0", 2, 1, RECOURSE_AMOUNT_DIGITS},
		{"3000.000", 2, 1, RECOURSE_AMOUNT_DIGITS},
		{"3000.00", 0, 1, RECOURSE_AMOUNT_DIGITS},
		{"99999999999999999999999999999999999999999999999", 2, 1, RECOURSE_AMOUNT_DIGITS},
		{"0.03", 2, 5, RECOURSE_AMOUNT_DIGITS},
		{"-0.06", 2, 5, RECOURSE_AMOUNT_DIGITS},
		{"1.000001", 6, 1000000, RECOURSE_AMOUNT_DIGITS},
		{"92233720368547758.08", 2, 1, RECOURSE_OVERFLOW},
		{"-92233720368547758.09", 2, 1, RECOURSE_OVERFLOW},
		{"9223372036854775808", 0, 1, RECOURSE_OVERFLOW},
		{"9223372036854775808000000", 0, 1000000, RECOURSE_OVERFLOW},
		{"340282366920938463463374607431768211456", 0, 1, RECOURSE_OVERFLOW},
		{"99999999999999999999999999999999999999999999999999999999999999999999999.00", 2, 1,
			RECOURSE_OVERFLOW},
	};
	for (size_t index = 0; index < sizeof wrong / sizeof wrong[0]; index++)
		refuses(slice_text(wrong[index].text), wrong[index].digits, wrong[index].step,
			wrong[index].error);
}

static void every_truncation_is_refused(void **state)
{
	static const char text[] = "-92233720368547758.08";
	struct unit unit = unit_of("CNY", 2, 1);
	for (size_t size = 0; size < sizeof text - 1; size++) {
		int64_t steps;
		assert_int_not_equal(amount_parse(&unit, slice_of(text, size), &steps), RECOURSE_OK);
	}
}

static void random_amounts_go_there_and_back(void **state)
{
	struct support_random random = support_random_start();
	for (int round = 0; round < 50000; round++) {
		struct unit unit = unit_of("X", (int64_t)support_random_below(&random, UNIT_DIGITS_MAX + 1),
			1 + (int64_t)support_random_below(&random, round % 2 ? 10 : UNIT_STEP_MAX));
		int64_t steps = random_magnitude(&random), back;
		if (round % 3 == 0)
			steps = -steps;
		char text[AMOUNT_TEXT_SIZE];
		size_t length = amount_format(&unit, steps, text);
		assert_int_equal(strlen(text), length);
		assert_ok(amount_parse(&unit, slice_of(text, length), &back));
		assert_true(back == steps);
	}
}

static void sums_agree_with_wide_ones(void **state)
{
	struct support_random random = support_random_start();
	for (int round = 0; round < 20000; round++) {
		int64_t a = (int64_t)support_random(&random), b = (int64_t)support_random(&random),
			result = 7;
		wide sum = (wide)a + b;
		bool fits = sum >= INT64_MIN && sum <= INT64_MAX;
		assert_error(amount_add_steps(a, b, &result), fits ? RECOURSE_OK : RECOURSE_OVERFLOW);
		assert_true(result == (fits ? (int64_t)sum : 7));
	}
}

/* Requirement C3: units × lot price − received = loss, exact in fen. */
static void c3_lot_price(void **state)
{
	int64_t result;
	assert_ok(amount_scale(7, 10000, 3, AMOUNT_ROUND_DOWN, &result));
	assert_int_equal(result, 23333);
	assert_ok(amount_scale(7, 10000, 3, AMOUNT_ROUND_UP, &result));
	assert_int_equal(result, 23334);
	assert_ok(amount_scale(5, 1, 2, AMOUNT_ROUND_HALF_UP, &result));
	assert_int_equal(result, 3);
	assert_ok(amount_scale(4, 1, 3, AMOUNT_ROUND_HALF_UP, &result));
	assert_int_equal(result, 1);
	assert_ok(amount_scale(600000, 300000, 600000, AMOUNT_ROUND_UP, &result));
	assert_int_equal(result, 300000);
}

static void scaling_that_does_not_fit_is_refused(void **state)
{
	int64_t result = 7;
	assert_error(amount_scale(INT64_MAX, 2, 1, AMOUNT_ROUND_DOWN, &result), RECOURSE_OVERFLOW);
	assert_error(amount_scale(INT64_MAX, INT64_MAX, 1, AMOUNT_ROUND_DOWN, &result), RECOURSE_OVERFLOW);
	assert_int_equal(result, 7);
	assert_ok(amount_scale(INT64_MAX, INT64_MAX, INT64_MAX, AMOUNT_ROUND_UP, &result));
	assert_true(result == INT64_MAX);
}

/* Model: the result is the one integer within its distance of the true quotient. */
static void scaling_agrees_with_its_definition(void **state)
{
	struct support_random random = support_random_start();
	for (int round = 0; round < 50000; round++) {
		int64_t a = random_magnitude(&random), multiplier = random_magnitude(&random);
		int64_t divisor = random_magnitude(&random) / 2 + 1, result;
		wide product = (wide)a * multiplier;
		if (product / divisor > INT64_MAX - 1)
			continue;
		assert_ok(amount_scale(a, multiplier, divisor, AMOUNT_ROUND_DOWN, &result));
		wide error = product - (wide)result * divisor;
		assert_true(error >= 0 && error < divisor);
		assert_ok(amount_scale(a, multiplier, divisor, AMOUNT_ROUND_UP, &result));
		error = product - (wide)result * divisor;
		assert_true(error <= 0 && -error < divisor);
		assert_ok(amount_scale(a, multiplier, divisor, AMOUNT_ROUND_HALF_UP, &result));
		error = product - (wide)result * divisor;
		assert_true(2 * error < divisor && -2 * error <= divisor);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(texts_and_steps),
		cmocka_unit_test(what_is_no_decimal_is_refused),
		cmocka_unit_test(other_amounts_are_refused),
		cmocka_unit_test(every_truncation_is_refused),
		cmocka_unit_test(random_amounts_go_there_and_back),
		cmocka_unit_test(sums_agree_with_wide_ones),
		cmocka_unit_test(c3_lot_price),
		cmocka_unit_test(scaling_that_does_not_fit_is_refused),
		cmocka_unit_test(scaling_agrees_with_its_definition),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
