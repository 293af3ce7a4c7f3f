/* SPDX-License-Identifier: Apache-2.0 */
#include "rules.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <cmocka.h>

/* Limits in steps: up to 100.00 a day alone, up to 1,000.00 with one other person, above it with two. */
#define LIMIT(amount, approvals)                                                                             \
	"{\"command\":\"deposit.hold\",\"span\":\"day\",\"unit\":\"CNY\",\"amount\":\"" amount               \
	"\",\"approvals\":" approvals "}"

static void hold(struct kit *kit, const char *id, const char *amount)
{
	kit_accept(kit, "maker",
		"{\"command\":\"deposit.hold\",\"hold\":\"%s\",\"merchant\":\"M\",\"amount\":\"%s\",\"unit\":"
		"\"CNY\",\"reason\":\"r\"}",
		id, amount);
}

/* An amount counts once, in however many steps its limit comes; also when others agreed to it. */
static void test_steps_count_once(void **state)
{
	struct kit *kit = *state;
	rules_deposit(kit, "M", "5000.00", "b-1");
	kit_accept(kit, "admin",
		"{\"command\":\"control.publish\",\"version\":1,\"limits\":[" LIMIT("100.00", "1") "," LIMIT(
			"1000.00", "2") "]}");
	hold(kit, "a", "60.00");
	hold(kit, "b", "40.00");
	kit_balance(kit, 2010, "M", "", "CNY", "4900.00");
	hold(kit, "c", "500.00");
	kit_balance(kit, 2010, "M", "", "CNY", "4900.00");
	kit_accept(kit, "checker", "{\"command\":\"proposal.approve\",\"proposal\":%llu}",
		(unsigned long long)kit->last_entry);
	kit_balance(kit, 2010, "M", "", "CNY", "4400.00");
	/* 600.00 so far: with one other person there is room for 400.00 */
	hold(kit, "d", "400.00");
	kit_accept(kit, "checker", "{\"command\":\"proposal.approve\",\"proposal\":%llu}",
		(unsigned long long)kit->last_entry);
	kit_balance(kit, 2010, "M", "", "CNY", "4000.00");
	hold(kit, "e", "0.01");
	kit_accept(kit, "checker", "{\"command\":\"proposal.approve\",\"proposal\":%llu}",
		(unsigned long long)kit->last_entry);
	kit_balance(kit, 2010, "M", "", "CNY", "4000.00");
	kit_audit(kit);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		RULES_TEST(test_steps_count_once),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
