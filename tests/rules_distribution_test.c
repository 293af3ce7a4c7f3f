/* SPDX-License-Identifier: Apache-2.0 */
#include "rules.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

/* B5, F1, H3: each refusal of distribution.approve and funding.receive; the companions have the figures. */

#define APPROVE(incident) "{\"command\":\"distribution.approve\",\"incident\":\"" incident "\"}"
#define FUND(incident, amount, line)                                                                         \
	"{\"command\":\"funding.receive\",\"incident\":\"" incident "\",\"amount\":\"" amount                \
	"\",\"bank_reference\":\"" line "\"}"

static void test_approving(void **state)
{
	static const struct rules_row rows[] = {
		{RECOURSE_ROLE_MISSING, "command", "maker", APPROVE("i")},
		{RECOURSE_ROLE_MISSING, "command", "boss", APPROVE("i")},
		{RECOURSE_NOT_FOUND, "incident", "checker", APPROVE("none")},
		{RECOURSE_AMOUNT_RANGE, "incident", "checker", APPROVE("i")},
		{RECOURSE_AMOUNT_RANGE, "incident", "checker", APPROVE("dry")},
	};
	struct kit *kit = *state;
	rules_policy(kit, "pool", "\"scheme\":\"deposit-only\"", "[{\"rank\":1,\"claim\":\"costs\"}]");
	rules_declare_without_deposit(kit, "i", "fuel-card");
	rules_declare_without_deposit(kit, "dry", "pool");
	rules_claim(kit, "thirsty", "dry", "10.00"); /* there is no deposit to share out */
	RULES_REFUSE(kit, rows);
	rules_claim(kit, "c", "i", "10.00");
	rules_distribute(kit, "i");
	rules_refuse(kit, RECOURSE_AMOUNT_RANGE, "incident", "checker", APPROVE("i"));
	kit_shows(kit, "agent", "incident.summary", "{\"incident\":\"i\"}", "\"advanced\":\"10.00\"");
	kit_audit(kit);
}

static void test_funding(void **state)
{
	static const struct rules_row rows[] = {
		{RECOURSE_ROLE_MISSING, "command", "maker", FUND("i", "1.00", "f-1")},
		{RECOURSE_NOT_FOUND, "incident", "bank", FUND("none", "1.00", "f-1")},
		{RECOURSE_NOT_FOUND, "incident", "teller", FUND("i", "1.00", "f-1")},
		{RECOURSE_EXISTS, "bank_reference", "bank", FUND("i", "1.00", "b-1")},
		{RECOURSE_INSUFFICIENT, "", "bank", FUND("i", "10.01", "f-1")},
		RULES_AMOUNTS("amount", "bank",
			"{\"command\":\"funding.receive\",\"incident\":\"i\",\"bank_reference\":\"f-1\","
			"\"amount\":",
			"}"),
	};
	struct kit *kit = *state;
	rules_deposit(kit, "N", "1.00", "b-1");
	rules_declare_without_deposit(kit, "i", "fuel-card");
	rules_claim(kit, "c", "i", "10.00");
	rules_distribute(kit, "i");
	RULES_REFUSE(kit, rows);
	rules_refuse(kit, RECOURSE_INSUFFICIENT, "", "bank", FUND("i", "10.01", "f-1"));
	assert_string_equal(kit->refusal.account, "1100/P/i/CNY");
	kit_accept(kit, "bank", FUND("i", "4.00", "f-1"));
	rules_refuse(kit, RECOURSE_EXISTS, "bank_reference", "bank", FUND("i", "4.00", "f-1"));
	rules_refuse(kit, RECOURSE_INSUFFICIENT, "", "bank", FUND("i", "6.01", "f-2"));
	assert_string_equal(kit->refusal.available, "6.00");
	kit_accept(kit, "bank", FUND("i", "6.00", "f-2"));
	kit_balance(kit, 1100, "P", "i", "CNY", "0");
	kit_balance(kit, 1010, "bank", "", "CNY", "11.00");
	kit_audit(kit);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		RULES_TEST(test_approving),
		RULES_TEST(test_funding),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
