/* SPDX-License-Identifier: Apache-2.0 */
#include "../tools/bank/bank_amount.h"
#include "support.h"

static const struct unit yuan = {.code = "CNY", .digits = 2, .step = 1};
static const struct unit yen = {.code = "JPY", .digits = 0, .step = 1};

static void expect(const struct unit *unit, const char *text, char grouping, int64_t steps)
{
	int64_t read;
	const char *why;
	assert_ok(bank_amount_read(unit, slice_text(text), grouping, &read, &why));
	assert_int_equal(read, steps);
}

static void refused(const struct unit *unit, const char *text, char grouping, enum recourse_error error)
{
	int64_t read;
	const char *why;
	assert_error(bank_amount_read(unit, slice_text(text), grouping, &read, &why), error);
	assert_non_null(why);
}

static void digits_behind_the_point_may_be_fewer(void **state)
{
	expect(&yuan, "3000.00", 0, 300000);
	expect(&yuan, "3000.5", 0, 300050);
	expect(&yuan, "3000", 0, 300000);
	expect(&yuan, "0003000.50", 0, 300050);
	expect(&yuan, "0", 0, 0);
	expect(&yuan, "000.00", 0, 0);
	expect(&yuan, "92233720368547758.07", 0, INT64_MAX);
	expect(&yen, "9223372036854775807", 0, INT64_MAX);
	refused(&yuan, "0.001", 0, RECOURSE_AMOUNT_DIGITS);
	refused(&yuan, "1.000", 0, RECOURSE_AMOUNT_DIGITS);
	refused(&yen, "1.0", 0, RECOURSE_AMOUNT_DIGITS);
	refused(&yuan, "92233720368547758.08", 0, RECOURSE_OVERFLOW);
	refused(&yen, "9223372036854775808", 0, RECOURSE_OVERFLOW);
	refused(&yuan, "99999999999999999999999999999999", 0, RECOURSE_OVERFLOW);
}

static void what_is_no_decimal(void **state)
{
	static const char *const wrong[] = {"", ".", "-1", "+1", "-0", "-0.00", "1.", ".5", "1..0", "1.0.0",
		"1e3", "0x1", " 1", "1 ", "1,000", "NaN", "INF", "\xef\xbc\x91",
		"111111111111111111111111111111111"};
	for (size_t index = 0; index < sizeof wrong / sizeof wrong[0]; index++)
		refused(&yuan, wrong[index], 0, RECOURSE_FIELD_FORMAT);
}

static void groups_are_of_three(void **state)
{
	expect(&yuan, "1,234,567.80", ',', 123456780);
	expect(&yuan, "1,234", ',', 123400);
	expect(&yuan, "1234567.80", ',', 123456780);
	expect(&yuan, "12'345", '\'', 1234500);
	static const char *const wrong[] = {
		"1,23", "1,2345", "1234,567", ",123", "1,234,56", "1,,234", "1,234,", "1.00,000", "1,"};
	for (size_t index = 0; index < sizeof wrong / sizeof wrong[0]; index++)
		refused(&yuan, wrong[index], ',', RECOURSE_FIELD_FORMAT);
}

static void sums_may_have_zeroes_behind(void **state)
{
	int64_t steps;
	const char *why;
	assert_ok(bank_amount_read_sum(&yuan, slice_text("5.00000000000000000"), &steps, &why));
	assert_int_equal(steps, 500);
	assert_ok(bank_amount_read_sum(&yen, slice_text("5.0"), &steps, &why));
	assert_int_equal(steps, 5);
	assert_error(bank_amount_read_sum(&yuan, slice_text("5.001"), &steps, &why), RECOURSE_AMOUNT_DIGITS);
	assert_error(bank_amount_read_sum(&yuan, slice_text("-5"), &steps, &why), RECOURSE_FIELD_FORMAT);
}

static void counts(void **state)
{
	uint64_t count;
	assert_ok(bank_amount_read_count(slice_text("000000000000010"), &count));
	assert_int_equal(count, 10);
	assert_error(bank_amount_read_count(slice_text(""), &count), RECOURSE_FIELD_FORMAT);
	assert_error(bank_amount_read_count(slice_text("0000000000000010"), &count), RECOURSE_FIELD_FORMAT);
	assert_error(bank_amount_read_count(slice_text("1 "), &count), RECOURSE_FIELD_FORMAT);
	assert_error(bank_amount_read_count(slice_text("-1"), &count), RECOURSE_FIELD_FORMAT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(digits_behind_the_point_may_be_fewer),
		cmocka_unit_test(what_is_no_decimal),
		cmocka_unit_test(groups_are_of_three),
		cmocka_unit_test(sums_may_have_zeroes_behind),
		cmocka_unit_test(counts),
	};
	return cmocka_run_group_tests_name("bank_amount", tests, NULL, NULL);
}
