/* SPDX-License-Identifier: Apache-2.0 */
#include "support.h"
#include "base/personal.h"

#include <stdio.h>

/* I1: what has the form of a person's number; see tests/rules/register/personal.case. */

static void numbers_of_people(void **state)
{
	static const char *const numbers[] = {
		"13800138000",
		"19912345678",
		"138-0013-8000",
		"8613800138000",
		"008613800138000",
		"86-138.0013_8000",
		"11010519491231002X", /* the example of GB 11643 */
		"11010519491231002x",
		"6222021234567890128", /* bank cards */
		"4111111111111111",
		"4111-1111-1111-1111",
		"378282246310005",
		"wang@example.com",
		"wang.li@mail.example.cn",
		/* as they are written, and as spreadsheets leave them */
		"138 0013 8000",
		"+86 138-0013-8000",
		"(86)13800138000",
		"\xef\xbc\x91\xef\xbc\x93\xef\xbc\x98\xef\xbc\x90\xef\xbc\x90\xef\xbc\x91\xef\xbc\x93\xef\xbc"
		"\x98\xef\xbc\x90\xef\xbc\x90\xef\xbc\x90",
		"138\xe3\x80\x80"
		"0013\xc2\xa0"
		"8000",
		"wang\xef\xbc\xa0"
		"example.com",
		"1.38E10",
		"1.38001E+10",
		"1.10105E17",
		"6.22202e18",
		"13800138000.0",
		"13800138000.00",
		"6222021234567890128.0",
		"tel:13800138000",
		"TEL:010-12345678",
		"tel: 138 0013 8000",
		"mailto:wang@example.com",
	};
	for (size_t index = 0; index < sizeof numbers / sizeof numbers[0]; index++)
		if (!personal_form(slice_text(numbers[index])))
			fail_msg("%s", numbers[index]);
}

static void other_ids(void **state)
{
	static const char *const others[] = {
		"",
		"12800138000", /* no such prefix */
		"1380013800",
		"138001380001",
		"h-13800138000",
		"13800138000a",
		"6222021234567890123", /* as a bank card's, but the check digit does not fit */
		"2016050412345670",    /* it does, and no bank's begins so */
		"4111111111111111a",
		"M@2016",
		"policy@1.2",
		"@example.com",
		"wang@.com",
		"tel:",
		"hotel:7",
		"1.38E05",
		"1.E10",
		"1.38E100",
		"2016.0",
		"0.0",
		"110105194912310021", /* the check digit does not fit */
		"110105194913310020", /* no such month */
		"440524188001010014", /* the other example of GB 11643: born in 1880 */
		"201611220623224665", /* an order's number: a time, then a count */
		"00X",
		"X",
		"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
	};
	for (size_t index = 0; index < sizeof others / sizeof others[0]; index++)
		if (personal_form(slice_text(others[index])))
			fail_msg("%s", others[index]);
}

/* Against the definition written down another way: of each number's last digits exactly one fits. */
static void one_check_digit(void **state)
{
	struct support_random random = support_random_start();
	for (int round = 0; round < 2000; round++) {
		char id[19];
		int fits = 0;
		snprintf(id, sizeof id, "3201%02u%04u%02u%02u%03u",
			(unsigned)support_random_below(&random, 100),
			1900 + (unsigned)support_random_below(&random, 200),
			1 + (unsigned)support_random_below(&random, 12),
			1 + (unsigned)support_random_below(&random, 28),
			(unsigned)support_random_below(&random, 1000));
		for (int last = 0; last < 11; last++) {
			id[17] = "0123456789X"[last];
			id[18] = '\0';
			uint64_t power = 1; /* 2^(18 − position) mod 11 */
			unsigned sum = last == 10 ? 10 : (unsigned)last;
			for (int place = 16; place >= 0; place--) {
				power = power * 2 % 11;
				sum += (unsigned)(id[place] - '0') * (unsigned)power;
			}
			assert_int_equal(personal_form(slice_text(id)), sum % 11 == 1);
			fits += sum % 11 == 1;
		}
		assert_int_equal(fits, 1);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_of_people),
		cmocka_unit_test(other_ids),
		cmocka_unit_test(one_check_digit),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
