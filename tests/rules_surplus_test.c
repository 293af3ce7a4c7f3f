/* SPDX-License-Identifier: Apache-2.0 */
#include "rules.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

/* G5, I10: each refusal of surplus.pay, and how the consumers' part is shared. */

#define PAY(incident, beneficiary, line)                                                                     \
	"{\"command\":\"surplus.pay\",\"incident\":\"" incident "\",\"beneficiary\":\"" beneficiary          \
	"\",\"bank_reference\":\"" line "\"}"

/* Half of 30 and of 60 is paid: 15 and 30 are uncovered; interest of 0.10 on top; 50 comes from Y. */
static void prepare(struct kit *kit)
{
	rules_policy(kit, "half", "\"scheme\":\"percentage\",\"rate\":\"50.00\"",
		"[{\"rank\":1,\"claim\":\"uncovered\"},{\"rank\":1,\"claim\":\"interest\"},"
		"{\"rank\":2,\"claim\":\"advances\"}]");
	rules_declare_without_deposit(kit, "i", "half");
	rules_claim(kit, "a", "i", "30.00");
	rules_claim(kit, "b", "i", "60.00");
	rules_distribute(kit, "i");
	rules_fund(kit, "i", "45.00");
	rules_instruct(kit, "a");
	rules_instruct(kit, "b");
	rules_settle(kit, "a");
	rules_settle(kit, "b");
	rules_apportion(kit, "i", "several", "[{\"party\":\"Y\",\"share\":\"100.00\"}]");
	kit_accept(kit, "maker",
		"{\"command\":\"interest.adjudge\",\"incident\":\"i\",\"party\":\"Y\",\"amount\":\"0.10\","
		"\"basis_hash\":" RULES_HASH "}");
	rules_receive(kit, "r", "i", "Y", "50.00");
}

static void test_paying(void **state)
{
	static const struct rules_row rows[] = {
		{RECOURSE_ROLE_MISSING, "command", "maker", PAY("i", "consumers", "o")},
		{RECOURSE_NOT_FOUND, "incident", "bank", PAY("none", "consumers", "o")},
		{RECOURSE_NOT_FOUND, "incident", "teller", PAY("i", "consumers", "o")},
		{RECOURSE_INSUFFICIENT, "beneficiary", "bank", PAY("i", "Y", "o")},
		{RECOURSE_INSUFFICIENT, "beneficiary", "bank", PAY("i", "nobody", "o")},
		{RECOURSE_EXISTS, "bank_reference", "bank", PAY("i", "consumers", "in-r")},
	};
	struct kit *kit = *state;
	prepare(kit);
	rules_refuse(kit, RECOURSE_INSUFFICIENT, "beneficiary", "bank", PAY("i", "consumers", "o"));
	rules_allocate(kit, "r");
	RULES_REFUSE(kit, rows);
	kit_balance(kit, 2150, "consumers", "i", "CNY", "45.10");
	kit_balance(kit, 2170, "P", "i", "CNY", "4.90");
	kit_accept(kit, "bank", PAY("i", "consumers", "o"));
	kit_shows(kit, "agent", "claim.brief", "{\"claim\":\"a\"}",
		"\"recovered_for_uncovered_loss\":\"15.00\"");
	kit_shows(kit, "agent", "claim.brief", "{\"claim\":\"b\"}",
		"\"recovered_for_uncovered_loss\":\"30.00\"");
	kit_shows(kit, "agent", "claim.brief", "{\"claim\":\"a\"}", "\"interest\":\"0.03\"");
	kit_shows(kit, "agent", "claim.brief", "{\"claim\":\"b\"}", "\"interest\":\"0.07\"");
	rules_refuse(kit, RECOURSE_INSUFFICIENT, "beneficiary", "bank", PAY("i", "consumers", "o-2"));
	kit_audit(kit);
}

static void test_over_payment(void **state)
{
	struct kit *kit = *state;
	prepare(kit);
	rules_allocate(kit, "r");
	rules_receive(kit, "more", "i", "Y", "50.00");
	rules_allocate(kit, "more");
	kit_balance(kit, 2150, "Y", "i", "CNY", "9.90");
	kit_accept(kit, "bank", PAY("i", "Y", "o"));
	kit_balance(kit, 2150, "Y", "i", "CNY", "0");
	kit_balance(kit, 2150, "consumers", "i", "CNY", "45.10");
	rules_refuse(kit, RECOURSE_INSUFFICIENT, "beneficiary", "bank", PAY("i", "Y", "o-2"));
	kit_audit(kit);
}

/*
 * Two receipts of 20, each paid out: what was shared once is not shared again. Of the first 19.96 is for the
 * uncovered 45.00 and 0.04 for the interest of 0.10; of the second 19.95 and 0.05.
 */
static void test_paying_twice(void **state)
{
	struct kit *kit = *state;
	prepare(kit);
	rules_receive(kit, "r-1", "i", "Y", "20.00");
	rules_allocate(kit, "r-1");
	kit_accept(kit, "bank", PAY("i", "consumers", "o-1"));
	rules_receive(kit, "r-2", "i", "Y", "20.00");
	rules_allocate(kit, "r-2");
	kit_balance(kit, 2150, "consumers", "i", "CNY", "20.00");
	kit_accept(kit, "bank", PAY("i", "consumers", "o-2"));
	kit_shows(kit, "agent", "claim.brief", "{\"claim\":\"a\"}",
		"\"recovered_for_uncovered_loss\":\"13.30\"");
	kit_shows(kit, "agent", "claim.brief", "{\"claim\":\"b\"}",
		"\"recovered_for_uncovered_loss\":\"26.61\"");
	kit_shows(kit, "agent", "claim.brief", "{\"claim\":\"a\"}", "\"interest\":\"0.03\"");
	kit_shows(kit, "agent", "claim.brief", "{\"claim\":\"b\"}", "\"interest\":\"0.06\"");
	kit_audit(kit);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		RULES_TEST(test_paying),
		RULES_TEST(test_over_payment),
		RULES_TEST(test_paying_twice),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
