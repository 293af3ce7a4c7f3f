/* SPDX-License-Identifier: Apache-2.0 */
#include "rules_exit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

/* A2, A5, B4: for whom something new is sold: leaving is no way out of the duty, and failing is no way out of claims. */
#define ISSUE(card)                                                                                          \
	"{\"command\":\"entitlement.issue\",\"entitlement\":\"" card                                         \
	"\",\"holder\":\"h\",\"issuer\":\"Y\",\"merchant\":\"M\",\"channel\":\"app\",\"unit\":\"L\","        \
	"\"quantity\":\"1.000\",\"cost\":\"5.00\",\"currency\":\"CNY\"}"

static void require(struct kit *kit, const char *amount)
{
	kit_accept(kit, "admin",
		"{\"command\":\"requirement.publish\",\"policy\":\"req\",\"version\":1,\"unit\":\"CNY\","
		"\"basis\":\"fixed\",\"amount\":\"%s\"}",
		amount);
	kit_accept(kit, "admin",
		"{\"command\":\"requirement.assign\",\"merchant\":\"M\",\"policy\":\"req\",\"version\":1}");
}

static void sells_nothing(struct kit *kit, const char *deposit_state)
{
	rules_refuse(kit, RECOURSE_STATE_WRONG, "merchant", "maker", ISSUE("a"));
	assert_string_equal(kit->refusal.state, deposit_state);
}

/* Who is restricted and asks for its exit sells nothing meanwhile, nor after the refund: a new deposit has the duty. */
static void test_restricted(void **state)
{
	struct kit *kit = *state;
	rules_deposit(kit, "M", "1000.00", "in-1");
	require(kit, "5000.00");
	kit_accept(kit, "maker", ISSUE("early"));
	assert_int_equal(kit_wait(kit, 5 * DAY + MINUTE), 1);
	rules_refuse(kit, RECOURSE_NOT_PERMITTED, "merchant", "maker", ISSUE("a"));
	kit_accept(kit, "merchant", LEAVE("M/e"));
	sells_nothing(kit, "exit hold");
	kit_wait(kit, 98 * DAY);
	kit_accept(kit, "bank", REFUND("M/e", "out-1"));
	sells_nothing(kit, "refunded");
	check(kit);
	rules_deposit(kit, "M", "0.01", "in-2");
	kit_accept(kit, "maker", ISSUE("a"));
	kit_shows(kit, "merchant", "report.requirements", "{}", "\"standing\":\"short\"");
	check(kit);
}

/* Where nothing is required there is no duty to escape, and an exit stops no sale. */
static void test_not_required(void **state)
{
	struct kit *kit = *state;
	leave(kit);
	kit_accept(kit, "maker", ISSUE("a"));
	require(kit, "1.00");
	rules_refuse(kit, RECOURSE_STATE_WRONG, "merchant", "maker", ISSUE("b"));
	kit_accept(kit, "admin",
		"{\"command\":\"requirement.end\",\"merchant\":\"M\",\"unit\":\"CNY\",\"reason\":\"r\"}");
	kit_accept(kit, "maker", ISSUE("b"));
	check(kit);
}

/* B4: who was short and fails has holders too, and what they hold is taken in for their claims. */
static void test_failed(void **state)
{
	struct kit *kit = *state;
	rules_deposit(kit, "M", "1000.00", "in-1");
	require(kit, "5000.00");
	assert_int_equal(kit_wait(kit, 5 * DAY + MINUTE), 1);
	rules_refuse(kit, RECOURSE_NOT_PERMITTED, "merchant", "maker", ISSUE("a"));
	rules_declare(kit, "i", "M", "fuel-card");
	kit_accept(kit, "maker", ISSUE("a"));
	rules_file(kit, "c", "i", "a");
	check(kit);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		RULES_TEST(test_restricted),
		RULES_TEST(test_not_required),
		RULES_TEST(test_failed),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
