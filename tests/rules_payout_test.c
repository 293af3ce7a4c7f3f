/* SPDX-License-Identifier: Apache-2.0 */
#include "rules.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

/* F2, F3, F4, G1, H1, I8: each refusal of payout.instruct, settle, return and reissue. */

#define ON(command, claim) "{\"command\":\"payout." command "\",\"claim\":\"" claim "\"}"
#define RETURN(claim, more)                                                                                  \
	"{\"command\":\"payout.return\",\"claim\":\"" claim "\",\"reason\":\"AC04\"" more "}"
#define REISSUE(claim) "{\"command\":\"payout.reissue\",\"claim\":\"" claim "\",\"reason\":\"r\"}"
#define LINE(line)     ",\"bank_reference\":\"" line "\""

static void test_instructing(void **state)
{
	static const struct rules_row rows[] = {
		{RECOURSE_ROLE_MISSING, "command", "bank", ON("instruct", "c")},
		{RECOURSE_ROLE_MISSING, "command", "checker", ON("instruct", "c")},
		{RECOURSE_NOT_FOUND, "claim", "payer", ON("instruct", "none")},
		{RECOURSE_SAME_PERSON, "claim", "maker", ON("instruct", "c")},
		{RECOURSE_SAME_PERSON, "claim", "boss", ON("instruct", "own")},
		{RECOURSE_STATE_WRONG, "claim", "payer", ON("instruct", "received")},
		{RECOURSE_STATE_WRONG, "claim", "payer", ON("instruct", "late")},
		{RECOURSE_INSUFFICIENT, "claim", "payer", ON("instruct", "c")},
	};
	struct kit *kit = *state;
	rules_deposit(kit, "N", "1000.00", "b-1"); /* in the same bank account, and not for them */
	rules_declare_without_deposit(kit, "i", "fuel-card");
	rules_claim(kit, "c", "i", "10.00");
	rules_card(kit, "card", "1.00");
	kit_accept(kit, "boss",
		"{\"command\":\"claim.file\",\"claim\":\"own\",\"incident\":\"i\",\"entitlement\":\"card\","
		"\"channel\":\"app\"}");
	rules_decide(kit, "own");
	rules_distribute(kit, "i");
	rules_claim(kit, "late", "i", "5.00");
	rules_card(kit, "card-2", "1.00");
	rules_file(kit, "received", "i", "card-2");
	RULES_REFUSE(kit, rows);
	rules_refuse(kit, RECOURSE_STATE_WRONG, "claim", "payer", ON("instruct", "received"));
	assert_string_equal(kit->refusal.state, "received");
	rules_fund(kit, "i", "9.99");
	rules_refuse(kit, RECOURSE_INSUFFICIENT, "claim", "payer", ON("instruct", "c"));
	assert_string_equal(kit->refusal.needed, "10.00");
	assert_string_equal(kit->refusal.available, "9.99");
	rules_fund(kit, "i", "0.01");
	rules_instruct(kit, "c");
	rules_refuse(kit, RECOURSE_STATE_WRONG, "claim", "payer", ON("instruct", "c"));
	assert_string_equal(kit->refusal.state, "paying");
	rules_refuse(kit, RECOURSE_INSUFFICIENT, "claim", "payer", ON("instruct", "own"));
	kit_audit(kit);
}

/* A share of a deposit may be nothing at all. */
static void test_share_of_nothing(void **state)
{
	struct kit *kit = *state;
	rules_policy(kit, "pool", "\"scheme\":\"deposit-only\"", "[{\"rank\":1,\"claim\":\"costs\"}]");
	rules_deposit(kit, "M", "0.01", "b-1");
	rules_declare(kit, "i", "M", "pool");
	rules_claim(kit, "large", "i", "1000.00");
	rules_claim(kit, "small", "i", "1.00");
	rules_distribute(kit, "i");
	rules_refuse(kit, RECOURSE_AMOUNT_RANGE, "claim", "payer", ON("instruct", "small"));
	rules_instruct(kit, "large");
	rules_settle(kit, "large");
	kit_balance(kit, 2110, "", "i", "CNY", "0");
	kit_audit(kit);
}

static void test_settling(void **state)
{
	static const struct rules_row rows[] = {
		{RECOURSE_ROLE_MISSING, "command", "payer", ON("settle", "c")},
		{RECOURSE_NOT_FOUND, "claim", "bank", ON("settle", "none")},
		{RECOURSE_NOT_FOUND, "claim", "teller", ON("settle", "c")},
		{RECOURSE_STATE_WRONG, "claim", "bank", ON("settle", "waiting")},
		{RECOURSE_EXISTS, "bank_reference", "bank",
			"{\"command\":\"payout.settle\",\"claim\":\"c\"" LINE("b-1") "}"},
	};
	struct kit *kit = *state;
	rules_deposit(kit, "M", "100.00", "b-1");
	rules_declare(kit, "i", "M", "fuel-card");
	rules_claim(kit, "c", "i", "10.00");
	rules_claim(kit, "waiting", "i", "10.00");
	rules_distribute(kit, "i");
	rules_instruct(kit, "c");
	RULES_REFUSE(kit, rows);
	kit_accept(kit, "bank", "{\"command\":\"payout.settle\",\"claim\":\"c\"" LINE("b-2") "}");
	rules_refuse(kit, RECOURSE_STATE_WRONG, "claim", "bank", ON("settle", "c"));
	assert_string_equal(kit->refusal.state, "settled");
	rules_refuse(kit, RECOURSE_STATE_WRONG, "claim", "payer", ON("instruct", "c"));
	assert_string_equal(kit->refusal.state, "paid");
	kit_balance(kit, 1010, "bank", "", "CNY", "90.00");
	kit_audit(kit);
}

static void test_returning(void **state)
{
	static const struct rules_row rows[] = {
		{RECOURSE_ROLE_MISSING, "command", "payer", RETURN("c", "")},
		{RECOURSE_NOT_FOUND, "claim", "bank", RETURN("none", "")},
		{RECOURSE_NOT_FOUND, "claim", "teller", RETURN("c", "")},
		{RECOURSE_STATE_WRONG, "claim", "bank", RETURN("sent", "")},
		{RECOURSE_EXISTS, "bank_reference", "bank", RETURN("c", LINE("b-1"))},
		{RECOURSE_ROLE_MISSING, "command", "bank", REISSUE("c")},
		{RECOURSE_NOT_FOUND, "claim", "payer", REISSUE("none")},
		{RECOURSE_SAME_PERSON, "claim", "maker", REISSUE("c")},
		{RECOURSE_STATE_WRONG, "claim", "payer", REISSUE("c")},
		{RECOURSE_STATE_WRONG, "claim", "payer", REISSUE("sent")},
	};
	struct kit *kit = *state;
	rules_deposit(kit, "M", "15.00", "b-1");
	rules_declare(kit, "i", "M", "fuel-card");
	rules_claim(kit, "c", "i", "10.00");
	rules_claim(kit, "sent", "i", "10.00");
	rules_distribute(kit, "i");
	rules_fund(kit, "i", "5.00");
	rules_instruct(kit, "c");
	rules_instruct(kit, "sent");
	rules_settle(kit, "c");
	RULES_REFUSE(kit, rows);
	kit_accept(kit, "bank", RETURN("c", LINE("b-2")));
	kit_balance(kit, 2130, "", "i", "CNY", "10.00");
	kit_balance(kit, 1115, "", "i", "CNY", "5.00");
	rules_refuse(kit, RECOURSE_STATE_WRONG, "claim", "bank", RETURN("c", ""));
	rules_refuse(kit, RECOURSE_STATE_WRONG, "claim", "bank", ON("settle", "c"));
	assert_string_equal(kit->refusal.state, "returned");
	rules_refuse(kit, RECOURSE_SAME_PERSON, "claim", "maker", REISSUE("c"));
	kit_accept(kit, "payer", REISSUE("c"));
	rules_refuse(kit, RECOURSE_STATE_WRONG, "claim", "payer", REISSUE("c"));
	rules_refuse(kit, RECOURSE_STATE_WRONG, "claim", "bank", RETURN("c", ""));
	rules_settle(kit, "c");
	kit_balance(kit, 1110, "U", "i", "CNY", "2.50");
	kit_balance(kit, 2130, "", "i", "CNY", "0");
	kit_shows(kit, "agent", "claim.brief", "{\"claim\":\"c\"}", "\"paid\":\"10.00\"");
	kit_audit(kit);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		RULES_TEST(test_instructing),
		RULES_TEST(test_share_of_nothing),
		RULES_TEST(test_settling),
		RULES_TEST(test_returning),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
