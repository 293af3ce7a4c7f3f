/* SPDX-License-Identifier: Apache-2.0 */
#include "rules.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

/* Claims that come in day by day: each has its part of the deposit from the round that shared it out, no other. */
enum { DAYS = 25 };

static void expect_share(struct kit *kit, int day, char which, const char *share)
{
	char params[40];
	char text[60];
	snprintf(params, sizeof params, "{\"claim\":\"day-%02d-%c\"}", day, which);
	snprintf(text, sizeof text, "\"deposit_share\":\"%s\"", share);
	kit_shows(kit, "admin", "claim.brief", params, text);
}

static void claim_and_share(struct kit *kit, int day)
{
	char claim[20];
	snprintf(claim, sizeof claim, "day-%02d-a", day);
	rules_claim(kit, claim, "i", "7.00");
	snprintf(claim, sizeof claim, "day-%02d-b", day);
	rules_claim(kit, claim, "i", "3.33");
	rules_distribute(kit, "i");
}

/* 100.00 cover nine days of 10.33; 7.03 are left for the tenth, where b has the larger remainder. */
static void test_a_round_a_day(void **state)
{
	struct kit *kit = *state;
	rules_deposit(kit, "M", "100.00", "deposit");
	rules_declare(kit, "i", "M", "fuel-card");
	for (int day = 1; day <= DAYS; day++)
		claim_and_share(kit, day);
	for (int day = 1; day <= DAYS; day++) {
		expect_share(kit, day, 'a', day < 10 ? "7.00" : day == 10 ? "4.76" : "0.00");
		expect_share(kit, day, 'b', day < 10 ? "3.33" : day == 10 ? "2.27" : "0.00");
	}
	rules_fund(kit, "i", "158.25");
	for (int day = DAYS; day >= 1; day--) {
		char claim[20];
		snprintf(claim, sizeof claim, "day-%02d-a", day);
		rules_instruct(kit, claim);
		rules_settle(kit, claim);
		snprintf(claim, sizeof claim, "day-%02d-b", day);
		rules_instruct(kit, claim);
		rules_settle(kit, claim);
	}
	kit_balance(kit, 1010, "bank", "", "CNY", "0");
	kit_balance(kit, 2110, "", "i", "CNY", "0");
	kit_audit(kit);
}

/* Decided after the last round: covered by none, and so not to be paid yet. */
static void test_not_shared_out_yet(void **state)
{
	struct kit *kit = *state;
	rules_deposit(kit, "M", "100.00", "deposit");
	rules_declare(kit, "i", "M", "fuel-card");
	claim_and_share(kit, 1);
	claim_and_share(kit, 2);
	rules_claim(kit, "late", "i", "1.00");
	rules_refuse(kit, RECOURSE_STATE_WRONG, "claim", "payer",
		"{\"command\":\"payout.instruct\",\"claim\":\"late\"}");
	rules_distribute(kit, "i");
	rules_instruct(kit, "late");
	kit_audit(kit);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		RULES_TEST(test_a_round_a_day),
		RULES_TEST(test_not_shared_out_yet),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
