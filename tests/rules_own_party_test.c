/* SPDX-License-Identifier: Apache-2.0 */
#include "rules.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

/*
 * A checker's key may belong to any party, also to a merchant or a custodian. What nobody says of the own party, it does
 * not say either: see decision_not_own().
 */
enum { DAY = 86400 };

/* D7: the merchant does not hold up its own consumers' payouts. */
static void test_stay(void **state)
{
	struct kit *kit = *state;
	kit_key(kit, "cousin", "M", "[\"approver\"]");
	rules_deposit(kit, "M", "1000.00", "in-1");
	rules_declare(kit, "i", "M", "fuel-card");
	rules_claim(kit, "c", "i", "3000.00");
	rules_distribute(kit, "i");
	kit_accept(kit, "merchant",
		"{\"command\":\"appeal.lodge\",\"merchant\":\"M\",\"deduction\":%llu,\"reason\":\"r\"}",
		(unsigned long long)kit->last_entry);
	unsigned long long appeal = kit->last_entry;
	rules_refuse(kit, RECOURSE_NOT_PERMITTED, "appeal", "cousin",
		"{\"command\":\"appeal.stay\",\"appeal\":%llu,\"reason\":\"r\"}", appeal);
	kit_accept(kit, "checker", "{\"command\":\"appeal.stay\",\"appeal\":%llu,\"reason\":\"r\"}", appeal);
	kit_audit(kit);
}

/* A3: nor does it find that it is no sign of default that stands against it. */
static void test_signal(void **state)
{
	struct kit *kit = *state;
	kit_key(kit, "cousin", "M", "[\"approver\"]");
	kit_accept(kit, "maker", "{\"command\":\"signal.raise\",\"merchant\":\"M\",\"reason\":\"r\"}");
	rules_refuse(kit, RECOURSE_NOT_PERMITTED, "merchant", "cousin",
		"{\"command\":\"signal.clear\",\"merchant\":\"M\",\"reason\":\"r\"}");
	kit_accept(kit, "checker", "{\"command\":\"signal.clear\",\"merchant\":\"M\",\"reason\":\"r\"}");
	kit_audit(kit);
}

/* I13: a custodian does not explain what is missing from its own account. */
static void test_break(void **state)
{
	struct kit *kit = *state;
	kit_key(kit, "clerk", "bank", "[\"approver\"]");
	rules_deposit(kit, "M", "1000.00", "in-1");
	kit_wait(kit, DAY);
	kit_accept(kit, "bank",
		"{\"command\":\"custody.attest\",\"day\":\"2016-05-04\",\"unit\":\"CNY\",\"balance\":\"1."
		"00\","
		"\"statement_hash\":" RULES_HASH "}");
	unsigned long long gap = kit->last_entry;
	rules_refuse(kit, RECOURSE_NOT_PERMITTED, "break", "clerk",
		"{\"command\":\"custody.resolve\",\"break\":%llu,\"reason\":\"r\",\"evidence_"
		"hash\":" RULES_HASH "}",
		gap);
	kit_accept(kit, "checker",
		"{\"command\":\"custody.resolve\",\"break\":%llu,\"reason\":\"r\",\"evidence_"
		"hash\":" RULES_HASH "}",
		gap);
	kit_audit(kit);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		RULES_TEST(test_stay),
		RULES_TEST(test_signal),
		RULES_TEST(test_break),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
