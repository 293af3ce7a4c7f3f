/* SPDX-License-Identifier: Apache-2.0 */
#include "rules.h"

#include "base/personal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

/* I1: ids that have the form of a person's number are not taken for parties, holders and claims. */

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
	};
	(void)state;
	for (size_t index = 0; index < sizeof numbers / sizeof numbers[0]; index++)
		assert_true(personal_number(slice_text(numbers[index])));
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
		"6222021234567890123", /* a bank card */
		"110105194912310021",  /* the check digit does not fit */
		"110105194913310020",  /* no such month */
		"440524188001010014",  /* the other example of GB 11643: born in 1880 */
		"201611220623224665",  /* an order's number: a time, then a count */
		"00X",
		"X",
		"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
	};
	(void)state;
	for (size_t index = 0; index < sizeof others / sizeof others[0]; index++)
		assert_false(personal_number(slice_text(others[index])));
}

/* Against the definition written down another way: of each number's last digits exactly one fits. */
static void one_check_digit(void **state)
{
	struct support_random random = support_random_start();
	(void)state;
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
			assert_int_equal(personal_number(slice_text(id)), sum % 11 == 1);
			fits += sum % 11 == 1;
		}
		assert_int_equal(fits, 1);
	}
}

#define PARTY(id) "{\"command\":\"party.register\",\"party\":\"" id "\",\"kinds\":[\"consumer\"]}"
#define CARD(card, holder)                                                                                   \
	"{\"command\":\"entitlement.issue\",\"entitlement\":\"" card "\",\"holder\":\"" holder               \
	"\",\"issuer\":\"Y\",\"merchant\":\"M\",\"channel\":\"app\",\"unit\":\"L\",\"quantity\":\"1.000\","  \
	"\"cost\":\"1.00\",\"currency\":\"CNY\",\"evidence\":\"absent\",\"evidence_hash\":" RULES_HASH "}"
#define CLAIM(claim)                                                                                         \
	"{\"command\":\"claim.file\",\"claim\":\"" claim                                                     \
	"\",\"incident\":\"i\",\"entitlement\":\"13800138000\",\"channel\":\"app\"}"

static void commands_refuse_them(void **state)
{
	struct kit *kit = *state;
	rules_deposit(kit, "M", "10.00", "13900139000");
	rules_declare(kit, "i", "M", "fuel-card");
	/* a card's or an order's number comes from elsewhere, and is as long as it is */
	kit_accept(kit, "maker", CARD("13800138000", "h"));
	static const struct rules_row rows[] = {
		{RECOURSE_FIELD_FORMAT, "party", "admin", PARTY("13800138000")},
		{RECOURSE_FIELD_FORMAT, "party", "admin", PARTY("11010519491231002X")},
		{RECOURSE_FIELD_FORMAT, "holder", "maker", CARD("card", "138-0013-8000")},
		{RECOURSE_FIELD_FORMAT, "holder", "maker", CARD("card", "11010519491231002X")},
		{RECOURSE_FIELD_FORMAT, "claim", "agent", CLAIM("8613800138000")},
		{RECOURSE_FIELD_FORMAT, "claim", "agent", CLAIM("11010519491231002X")},
	};
	RULES_REFUSE(kit, rows);
	assert_string_equal(kit->refusal.limit, "an opaque reference: no telephone or identity number");
	kit_accept(kit, "agent", CLAIM("c-13800138000-1"));
	kit_audit(kit);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_of_people),
		cmocka_unit_test(other_ids),
		cmocka_unit_test(one_check_digit),
		RULES_TEST(commands_refuse_them),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
