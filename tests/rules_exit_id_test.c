/* SPDX-License-Identifier: Apache-2.0 */
#include "rules.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

/* A5, I3: whose the id of an exit is, and what of others an exit's request does not tell. */

#define REQUEST(exit, merchant, unit, policy, version)                                                       \
	"{\"command\":\"exit.request\",\"exit\":\"" exit "\",\"merchant\":\"" merchant "\",\"unit\":\"" unit \
	"\",\"policy\":\"" policy "\",\"version\":" version "}"
#define LEAVE(exit) REQUEST(exit, "M", "CNY", "fuel-card", "1")

static void check(struct kit *kit)
{
	kit_audit(kit);
	kit_reopen(kit, true);
	kit_audit(kit);
}

/*
 * I3: the id of an exit belongs to the merchant that it names up to the last slash; a merchant's key has no others, so
 * none of them can be taken by somebody else. An operator's may also have no slash.
 */
static void test_whose_id(void **state)
{
	struct kit *kit = *state;
	kit_accept(
		kit, "admin", "{\"command\":\"party.register\",\"party\":\"M/e\",\"kinds\":[\"merchant\"]}");
	kit_key(kit, "branch", "M/e", "[\"merchant\"]");
	rules_deposit(kit, "M", "10.00", "in-1");
	rules_deposit(kit, "N", "10.00", "in-2");
	rules_deposit(kit, "M/e", "10.00", "in-3");
	static const struct rules_row rows[] = {
		{RECOURSE_NOT_PERMITTED, "exit", "merchant", LEAVE("e")},
		{RECOURSE_NOT_PERMITTED, "exit", "merchant", LEAVE("N/e")},
		{RECOURSE_NOT_PERMITTED, "exit", "merchant", LEAVE("M/")},
		{RECOURSE_NOT_PERMITTED, "exit", "merchant", LEAVE("M/e/1")},
		{RECOURSE_NOT_PERMITTED, "exit", "merchant", LEAVE("M")},
		{RECOURSE_NOT_PERMITTED, "exit", "maker", LEAVE("N/e")},
		{RECOURSE_NOT_PERMITTED, "exit", "maker", LEAVE("m/e")},
		{RECOURSE_NOT_PERMITTED, "exit", "branch", REQUEST("M/e", "M/e", "CNY", "fuel-card", "1")},
	};
	RULES_REFUSE(kit, rows);
	assert_string_equal(kit->refusal.limit, "M/e/ and a name without a slash");
	kit_accept(kit, "maker", LEAVE("e"));
	/* whether another has an exit of that id or not, the answer is one */
	rules_refuse(kit, RECOURSE_NOT_PERMITTED, "exit", "n", REQUEST("e", "N", "CNY", "fuel-card", "1"));
	struct recourse_refusal taken = kit->refusal;
	rules_refuse(kit, RECOURSE_NOT_PERMITTED, "exit", "n", REQUEST("f", "N", "CNY", "fuel-card", "1"));
	assert_memory_equal(&taken, &kit->refusal, sizeof taken);
	kit_accept(kit, "branch", REQUEST("M/e/1", "M/e", "CNY", "fuel-card", "1"));
	kit_accept(kit, "maker", REQUEST("N/1", "N", "CNY", "fuel-card", "1"));
	check(kit);
}

/* I3: limits are for those who make; what a merchant does counts against none, so that no day's sum shows through. */
static void test_limits_are_for_makers(void **state)
{
	struct kit *kit = *state;
	rules_deposit(kit, "M", "10.00", "in-1");
	rules_deposit(kit, "N", "10.00", "in-2");
	kit_accept(kit, "admin",
		"{\"command\":\"control.publish\",\"version\":1,\"limits\":[{\"command\":\"exit.request\","
		"\"span\":\"day\",\"unit\":\"CNY\",\"amount\":\"5.00\",\"approvals\":1}]}");
	kit_accept(kit, "n", REQUEST("N/1", "N", "CNY", "fuel-card", "1"));
	kit_balance(kit, 2030, "N", "N/1", "CNY", "10.00");
	kit_accept(kit, "maker", LEAVE("e"));
	kit_balance(kit, 2030, "M", "e", "CNY", "0");
	kit_accept(kit, "merchant", LEAVE("M/e"));
	kit_balance(kit, 2030, "M", "M/e", "CNY", "10.00");
	check(kit);
}

/* H2: an operator's short id is let in when it is proposed, and so it is when another person approves it. */
static void test_proposed(void **state)
{
	struct kit *kit = *state;
	rules_deposit(kit, "M", "1000.00", "in-1");
	kit_accept(kit, "admin",
		"{\"command\":\"control.publish\",\"version\":1,\"limits\":[{\"command\":\"exit.request\","
		"\"span\":\"single\",\"unit\":\"CNY\",\"amount\":\"1.00\",\"approvals\":1}]}");
	kit_accept(kit, "maker", LEAVE("short"));
	kit_balance(kit, 2010, "M", "", "CNY", "1000.00");
	rules_approve(kit);
	kit_balance(kit, 2030, "M", "short", "CNY", "1000.00");
	check(kit);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		RULES_TEST(test_whose_id),
		RULES_TEST(test_limits_are_for_makers),
		RULES_TEST(test_proposed),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
