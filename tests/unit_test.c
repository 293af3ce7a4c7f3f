/* SPDX-License-Identifier: Apache-2.0 */
#include "support.h"
#include "base/unit.h"

static void currencies_have_their_minor_digits(void **state)
{
	static const char *const known[4][9] = {
		[0] = {"JPY", "KRW", "VND", "CLP", "BIF", "XPF", "ISK"},
		[2] = {"CNY", "EUR", "USD", "AED", "ZWG", "MRU"},
		[3] = {"BHD", "KWD", "OMR", "JOD", "TND", "IQD", "LYD"},
	};
	for (uint8_t digits = 0; digits < 4; digits++) {
		for (const char *const *code = known[digits]; *code != NULL; code++) {
			struct unit unit;
			assert_ok(unit_currency(slice_text(*code), &unit));
			assert_int_equal(unit.digits, digits);
			assert_int_equal(unit.step, 1);
			assert_true(slice_is(unit_code(&unit), *code));
		}
	}
}

/* Tried are all codes there could be, so a row out of order, which the search misses, shows. */
static void the_table_is_whole(void **state)
{
	size_t counts[4] = {0};
	for (unsigned number = 0; number < 26 * 26 * 26; number++) {
		char code[3] = {(char)('A' + number / 676), (char)('A' + number / 26 % 26),
			(char)('A' + number % 26)};
		struct unit unit;
		if (unit_currency(slice_of(code, 3), &unit) == RECOURSE_OK)
			counts[unit.digits]++;
	}
	assert_int_equal(counts[0], 16);
	assert_int_equal(counts[1], 0);
	assert_int_equal(counts[2], 134);
	assert_int_equal(counts[3], 7);
}

static void what_is_no_currency_is_unknown(void **state)
{
	static const char *const unknown[] = {
		"",
		"C",
		"CN",
		"CNYX",
		"cny",
		"XAU",
		"XTS",
		"XXX",
		"XDR",
		"CHW",
		"UYI",
		"CLF",
		"DEM",
		" CN",
		"NY ",
		"L",
	};
	for (size_t index = 0; index < sizeof unknown / sizeof unknown[0]; index++) {
		struct unit unit;
		assert_error(unit_currency(slice_text(unknown[index]), &unit), RECOURSE_UNIT_UNKNOWN);
	}
}

static void codes_are_judged(void **state)
{
	assert_true(unit_code_valid(slice_text("L")));
	assert_true(unit_code_valid(slice_text("CAR-WASH-120")));
	assert_false(unit_code_valid(slice_text("CAR-WASH-1200")));
	assert_false(unit_code_valid(slice_text("")));
	assert_false(unit_code_valid(slice_text("1L")));
	assert_false(unit_code_valid(slice_text("-L")));
	assert_false(unit_code_valid(slice_text("kWh")));
	assert_false(unit_code_valid(slice_text("A B")));
	assert_false(unit_code_valid(slice_text("A\xC3\xA9")));
	assert_false(unit_code_valid(slice_of("A\0", 2)));
}

static void definitions_are_bounded(void **state)
{
	struct unit unit;
	assert_error(unit_define(slice_text("l"), 3, 1, &unit), RECOURSE_UNIT_UNKNOWN);
	assert_error(unit_define(slice_text("L"), -1, 1, &unit), RECOURSE_AMOUNT_RANGE);
	assert_error(unit_define(slice_text("L"), UNIT_DIGITS_MAX + 1, 1, &unit), RECOURSE_AMOUNT_RANGE);
	assert_error(unit_define(slice_text("L"), 3, 0, &unit), RECOURSE_AMOUNT_RANGE);
	assert_error(unit_define(slice_text("L"), 3, UNIT_STEP_MAX + 1, &unit), RECOURSE_AMOUNT_RANGE);
	assert_error(unit_define(slice_text("L"), INT64_MAX, INT64_MIN, &unit), RECOURSE_AMOUNT_RANGE);
	assert_ok(unit_define(slice_text("L"), UNIT_DIGITS_MAX, UNIT_STEP_MAX, &unit));
	assert_int_equal(unit.digits, UNIT_DIGITS_MAX);
	assert_int_equal(unit.step, UNIT_STEP_MAX);
}

/* Units are stored and compared as bytes: what stood in the memory before must not show. */
static void every_byte_is_defined(void **state)
{
	struct unit one, other;
	memset(&one, 0x00, sizeof one);
	memset(&other, 0xFF, sizeof other);
	assert_ok(unit_define(slice_text("KWH"), 3, 5, &one));
	assert_ok(unit_define(slice_text("KWH"), 3, 5, &other));
	assert_memory_equal(&one, &other, sizeof one);
	assert_true(unit_same(&one, &other));
	assert_ok(unit_define(slice_text("KWH-"), 3, 5, &other));
	assert_false(unit_same(&one, &other));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(currencies_have_their_minor_digits),
		cmocka_unit_test(the_table_is_whole),
		cmocka_unit_test(what_is_no_currency_is_unknown),
		cmocka_unit_test(codes_are_judged),
		cmocka_unit_test(definitions_are_bounded),
		cmocka_unit_test(every_byte_is_defined),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
