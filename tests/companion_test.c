/* SPDX-License-Identifier: Apache-2.0 */
#include "insured.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

/* The companions of the golden case: their figures, and the ways on which others lost money. */
#define WATERFALL(first, second)                                                                             \
	"[{\"rank\":1,\"claim\":\"costs\"},{\"rank\":" first ",\"claim\":\"uncovered\"},{\"rank\":" second   \
	",\"claim\":\"advances\"}]"

static void check(struct kit *kit, int code, const char *party, const char *reference, const char *amount)
{
	kit_balance(kit, code, party, reference, "CNY", amount);
}

static void shows(struct kit *kit, const char *claim, const char *text)
{
	char params[100];
	snprintf(params, sizeof params, "{\"claim\":\"%s\"}", claim);
	kit_shows(kit, "agent", "claim.brief", params, text);
}

/* B5: 100,000 on losses of 3,000, 4,000 and 293,000. The order of filing is not the order of the names. */
static void test_deposit_only_pro_rata(void **state)
{
	struct kit *kit = *state;
	rules_policy(kit, "pool", "\"scheme\":\"deposit-only\"", WATERFALL("2", "3"));
	rules_deposit(kit, "M", "100000.00", "b-1");
	rules_declare(kit, "pool-1", "M", "pool");
	rules_claim(kit, "others", "pool-1", "293000.00");
	rules_claim(kit, "B", "pool-1", "4000.00");
	rules_claim(kit, "A", "pool-1", "3000.00");
	rules_distribute(kit, "pool-1");
	shows(kit, "A", "\"deposit_share\":\"1000.00\"");
	shows(kit, "B", "\"deposit_share\":\"1333.33\"");
	shows(kit, "others", "\"deposit_share\":\"97666.67\"");
	check(kit, 2110, "", "pool-1", "100000.00");
	check(kit, 1115, "", "pool-1", "0");
	check(kit, 1100, "P", "pool-1", "0");
	rules_instruct(kit, "B");
	rules_instruct(kit, "A");
	rules_instruct(kit, "others");
	rules_settle(kit, "B");
	rules_settle(kit, "others");
	rules_settle(kit, "A");
	shows(kit, "A", "\"paid\":\"1000.00\"");
	shows(kit, "B", "\"paid\":\"1333.33\"");
	shows(kit, "others", "\"paid\":\"97666.67\"");
	check(kit, 2110, "", "pool-1", "0");
	check(kit, 1010, "bank", "", "0");
	check(kit, 1110, "U", "pool-1", "0");
	kit_audit(kit);
}

/* A scheme of 90 % on losses of 300,000; the estate pays 60,000: who is first is the policy's to say (G4). */
struct switch_case {
	const char *incident;
	const char *waterfall;
	const char *consumers;
	const char *funder;
};

static void run_switch(struct kit *kit, const struct switch_case *row)
{
	char first[40];
	char recovery[40];
	snprintf(first, sizeof first, "%s-a", row->incident);
	snprintf(recovery, sizeof recovery, "%s-r", row->incident);
	rules_policy(kit, row->incident, "\"scheme\":\"percentage\",\"rate\":\"90.00\"", row->waterfall);
	rules_declare_without_deposit(kit, row->incident, row->incident);
	rules_claim(kit, first, row->incident, "300000.00");
	rules_distribute(kit, row->incident);
	check(kit, 3110, "P", row->incident, "270000.00");
	rules_fund(kit, row->incident, "270000.00");
	rules_instruct(kit, first);
	rules_settle(kit, first);
	rules_apportion(kit, row->incident, "joint-and-several", "[{\"party\":\"Y\",\"share\":\"100.00\"}]");
	rules_receive(kit, recovery, row->incident, "Y", "60000.00");
	rules_allocate(kit, recovery);
	check(kit, 2150, "consumers", row->incident, row->consumers);
	check(kit, 2170, "P", row->incident, row->funder);
	check(kit, 2150, "Y", row->incident, "0");
}

static void test_waterfall_switch(void **state)
{
	struct kit *kit = *state;
	static const struct switch_case cases[] = {
		{"made-whole", WATERFALL("2", "3"), "30000.00", "30000.00"},
		{"pro-rata", WATERFALL("2", "2"), "6000.00", "54000.00"},
		{"funder-first", WATERFALL("3", "2"), "0", "60000.00"},
	};
	for (size_t index = 0; index < sizeof cases / sizeof cases[0]; index++)
		run_switch(kit, &cases[index]);
	check(kit, 1110, "Y", "made-whole", "240000.00");
	check(kit, 1110, "Y", "pro-rata", "216000.00");
	check(kit, 1110, "Y", "funder-first", "210000.00");
	kit_accept(kit, "bank",
		"{\"command\":\"surplus.pay\",\"incident\":\"made-whole\",\"beneficiary\":\"consumers\","
		"\"bank_reference\":\"out-1\"}");
	shows(kit, "made-whole-a", "\"recovered_for_uncovered_loss\":\"30000.00\"");
	kit_audit(kit);
}

/*
 * B5: loss 60,000, 80 % paid 48,000, the estate pays 30,000. One who waited would have 30,000 of the estate
 * and 30,000 of the fund; so the prompt one gets 12,000 more, and the funder 18,000.
 */
static void test_no_disadvantage(void **state)
{
	struct kit *kit = *state;
	rules_policy(kit, "eighty", "\"scheme\":\"percentage\",\"rate\":\"80.00\"", WATERFALL("2", "3"));
	rules_declare_without_deposit(kit, "estate", "eighty");
	rules_claim(kit, "prompt", "estate", "60000.00");
	rules_distribute(kit, "estate");
	rules_fund(kit, "estate", "48000.00");
	rules_instruct(kit, "prompt");
	rules_settle(kit, "prompt");
	shows(kit, "prompt", "\"paid\":\"48000.00\"");
	rules_apportion(kit, "estate", "several", "[{\"party\":\"Y\",\"share\":\"100.00\"}]");
	rules_receive(kit, "dividend", "estate", "Y", "30000.00");
	rules_allocate(kit, "dividend");
	check(kit, 2150, "consumers", "estate", "12000.00");
	check(kit, 2170, "P", "estate", "18000.00");
	check(kit, 3110, "P", "estate", "30000.00");
	kit_accept(kit, "bank",
		"{\"command\":\"surplus.pay\",\"incident\":\"estate\",\"beneficiary\":\"consumers\","
		"\"bank_reference\":\"out-1\"}");
	shows(kit, "prompt", "\"recovered_for_uncovered_loss\":\"12000.00\"");
	check(kit, 2150, "consumers", "estate", "0");
	kit_audit(kit);
}

/* B2, D8: the second sale of a card is the same card; the second claim for it is linked and never paid. */
static void test_card_on_two_channels(void **state)
{
	struct kit *kit = *state;
	rules_declare_without_deposit(kit, "cards", "fuel-card");
	rules_card(kit, "card-1", "500.00");
	rules_refuse(kit, RECOURSE_EXISTS, "entitlement", "maker",
		"{\"command\":\"entitlement.issue\",\"entitlement\":\"card-1\",\"holder\":\"h\",\"issuer\":"
		"\"Y\","
		"\"merchant\":\"N\",\"channel\":\"counter\",\"unit\":\"L\",\"quantity\":\"1.000\",\"cost\":"
		"\"500.00\",\"currency\":\"CNY\"}");
	rules_file(kit, "claim-1", "cards", "card-1");
	rules_file(kit, "claim-2", "cards", "card-1");
	shows(kit, "claim-1", "\"state\":\"received\"");
	shows(kit, "claim-2", "\"state\":\"linked\"");
	rules_decide(kit, "claim-1");
	rules_refuse(kit, RECOURSE_STATE_WRONG, "claim", "maker",
		"{\"command\":\"claim.decide\",\"claim\":\"claim-2\",\"outcome\":\"approve\"}");
	rules_distribute(kit, "cards");
	rules_fund(kit, "cards", "500.00");
	rules_instruct(kit, "claim-1");
	rules_settle(kit, "claim-1");
	rules_refuse(kit, RECOURSE_STATE_WRONG, "claim", "payer",
		"{\"command\":\"payout.instruct\",\"claim\":\"claim-2\"}");
	rules_refuse(kit, RECOURSE_STATE_WRONG, "claim", "payer",
		"{\"command\":\"payout.instruct\",\"claim\":\"claim-1\"}");
	rules_refuse(kit, RECOURSE_STATE_WRONG, "claim", "bank",
		"{\"command\":\"payout.settle\",\"claim\":\"claim-1\"}");
	kit_shows(kit, "agent", "incident.summary", "{\"incident\":\"cards\"}", "\"paid\":\"500.00\"");
	kit_shows(kit, "agent", "incident.summary", "{\"incident\":\"cards\"}", "\"claims_linked\":1");
	kit_audit(kit);
}

/* A3: holds count against what is available. */
static void test_six_holds(void **state)
{
	struct kit *kit = *state;
	rules_deposit(kit, "M", "5000.00", "b-1");
	for (int hold = 1; hold <= 5; hold++)
		kit_accept(kit, "maker",
			"{\"command\":\"deposit.hold\",\"hold\":\"h-%d\",\"merchant\":\"M\",\"amount\":"
			"\"1000.00\","
			"\"unit\":\"CNY\",\"reason\":\"signal\"}",
			hold);
	rules_refuse(kit, RECOURSE_INSUFFICIENT, NULL, "maker",
		"{\"command\":\"deposit.hold\",\"hold\":\"h-6\",\"merchant\":\"M\",\"amount\":\"1000.00\","
		"\"unit\":\"CNY\",\"reason\":\"signal\"}");
	assert_string_equal(kit->refusal.account, "2010/M//CNY");
	assert_string_equal(kit->refusal.needed, "1000.00");
	assert_string_equal(kit->refusal.available, "0.00");
	check(kit, 2020, "M", "h-5", "1000.00");
	kit_accept(kit, "maker",
		"{\"command\":\"deposit.release\",\"hold\":\"h-2\",\"amount\":\"999.99\",\"reason\":\"r\"}");
	rules_refuse(kit, RECOURSE_INSUFFICIENT, NULL, "maker",
		"{\"command\":\"deposit.hold\",\"hold\":\"h-6\",\"merchant\":\"M\",\"amount\":\"1000.00\","
		"\"unit\":\"CNY\",\"reason\":\"signal\"}");
	assert_string_equal(kit->refusal.available, "999.99");
	kit_audit(kit);
}

/* B5: a claim that comes after the first round gets the same of what was promised, in a round of its own. */
static void test_late_claims(void **state)
{
	struct kit *kit = *state;
	rules_deposit(kit, "M", "400.00", "b-1");
	rules_declare(kit, "late", "M", "fuel-card");
	rules_claim(kit, "first", "late", "300.00");
	rules_distribute(kit, "late");
	shows(kit, "first", "\"deposit_share\":\"300.00\"");
	rules_refuse(kit, RECOURSE_AMOUNT_RANGE, "incident", "checker",
		"{\"command\":\"distribution.approve\",\"incident\":\"late\"}");
	rules_claim(kit, "second", "late", "250.00");
	rules_refuse(kit, RECOURSE_STATE_WRONG, "claim", "payer",
		"{\"command\":\"payout.instruct\",\"claim\":\"second\"}");
	rules_distribute(kit, "late");
	shows(kit, "first", "\"deposit_share\":\"300.00\"");
	shows(kit, "second", "\"deposit_share\":\"100.00\"");
	check(kit, 1115, "", "late", "150.00");
	rules_fund(kit, "late", "150.00");
	rules_instruct(kit, "first");
	rules_instruct(kit, "second");
	rules_settle(kit, "first");
	rules_settle(kit, "second");
	shows(kit, "second", "\"paid\":\"250.00\"");
	check(kit, 1110, "U", "late", "150.00");
	check(kit, 1010, "bank", "", "0");
	kit_audit(kit);
}

/* B5: at most 100 for one claim; the rest stays the consumer's own loss. */
static void test_capped(void **state)
{
	struct kit *kit = *state;
	rules_policy(kit, "cap", "\"scheme\":\"capped\",\"cap\":\"100.00\"", WATERFALL("2", "3"));
	rules_deposit(kit, "M", "50.00", "b-1");
	rules_declare(kit, "capped", "M", "cap");
	rules_claim(kit, "large", "capped", "250.00");
	rules_claim(kit, "small", "capped", "99.99");
	rules_claim(kit, "exact", "capped", "100.00");
	shows(kit, "large", "\"approved\":\"100.00\"");
	shows(kit, "small", "\"approved\":\"99.99\"");
	shows(kit, "exact", "\"approved\":\"100.00\"");
	rules_distribute(kit, "capped");
	check(kit, 2110, "", "capped", "299.99");
	check(kit, 1115, "", "capped", "249.99");
	/* 50 on 100, 99.99 and 100: 16.667, 16.666 and 16.667 */
	shows(kit, "exact", "\"deposit_share\":\"16.67\"");
	shows(kit, "large", "\"deposit_share\":\"16.67\"");
	shows(kit, "small", "\"deposit_share\":\"16.66\"");
	rules_fund(kit, "capped", "249.99");
	rules_instruct(kit, "large");
	rules_settle(kit, "large");
	shows(kit, "large", "\"paid\":\"100.00\"");
	kit_audit(kit);
}

/* F4, G1: the bank sends a payment back when its recourse is already the liable parties'. */
static void test_returned_after_apportionment(void **state)
{
	struct kit *kit = *state;
	rules_settled(kit, "back", "1000.00");
	rules_apportion(kit, "back", "several",
		"[{\"party\":\"Y\",\"share\":\"75.00\"},{\"party\":\"G\",\"share\":\"25.00\"}]");
	check(kit, 1110, "Y", "back", "750.00");
	check(kit, 1110, "G", "back", "250.00");
	kit_accept(kit, "bank",
		"{\"command\":\"payout.return\",\"claim\":\"back-1\",\"reason\":\"AC04\",\"bank_reference\":"
		"\"x\"}");
	check(kit, 1110, "Y", "back", "0");
	check(kit, 1110, "G", "back", "0");
	check(kit, 1115, "", "back", "1000.00");
	check(kit, 2130, "", "back", "1000.00");
	shows(kit, "back-1", "\"payout\":\"returned\"");
	kit_accept(kit, "payer", "{\"command\":\"payout.reissue\",\"claim\":\"back-1\",\"reason\":\"r\"}");
	rules_settle(kit, "back-1");
	check(kit, 1110, "U", "back", "1000.00");
	kit_accept(kit, "maker", "{\"command\":\"liability.extend\",\"incident\":\"back\"}");
	check(kit, 1110, "Y", "back", "750.00");
	check(kit, 1110, "G", "back", "250.00");
	check(kit, 1010, "bank", "", "0");
	kit_audit(kit);
}

/*
 * A bank's news can not be refused, however late: what the liable party has paid meanwhile stays recovered, the rest is
 * inchoate until the money is sent again.
 */
static void test_returned_after_recovery(void **state)
{
	struct kit *kit = *state;
	rules_settled(kit, "paid", "1000.00");
	rules_apportion(kit, "paid", "several", "[{\"party\":\"Y\",\"share\":\"100.00\"}]");
	rules_receive(kit, "r-1", "paid", "Y", "800.00");
	rules_allocate(kit, "r-1");
	kit_accept(kit, "bank", "{\"command\":\"payout.return\",\"claim\":\"paid-1\",\"reason\":\"AC04\"}");
	check(kit, 2130, "", "paid", "1000.00");
	check(kit, 1115, "", "paid", "200.00");
	check(kit, 1110, "Y", "paid", "0");
	check(kit, 3110, "P", "paid", "200.00");
	kit_audit(kit);
	kit_accept(
		kit, "payer", "{\"command\":\"payout.reissue\",\"claim\":\"paid-1\",\"reason\":\"again\"}");
	kit_accept(kit, "bank", "{\"command\":\"payout.settle\",\"claim\":\"paid-1\"}");
	check(kit, 2130, "", "paid", "0");
	check(kit, 1115, "", "paid", "0");
	check(kit, 1110, "U", "paid", "200.00");
	kit_audit(kit);
}

/*
 * A percentage of a loss may be less than the smallest step. What is promised and what is shared out are then
 * still the same, and everybody can be paid.
 */
static void test_smallest_loss(void **state)
{
	struct kit *kit = *state;
	rules_policy(kit, "half", "\"scheme\":\"percentage\",\"rate\":\"50.00\"", WATERFALL("2", "3"));
	rules_deposit(kit, "M", "0.50", "b-1");
	rules_declare(kit, "tiny", "M", "half");
	rules_claim(kit, "one", "tiny", "1.00");
	rules_claim(kit, "least", "tiny", "0.01");
	rules_distribute(kit, "tiny");
	shows(kit, "least", "\"approved\":\"0.01\"");
	shows(kit, "least", "\"deposit_share\":\"0.01\"");
	shows(kit, "one", "\"deposit_share\":\"0.49\"");
	rules_fund(kit, "tiny", "0.01");
	rules_instruct(kit, "one");
	rules_instruct(kit, "least");
	rules_settle(kit, "one");
	rules_settle(kit, "least");
	check(kit, 2110, "", "tiny", "0");
	check(kit, 1010, "bank", "", "0");
	kit_audit(kit);
}

/* The funder's share of a recovery goes to it at once. */
static void recover(struct kit *kit, const char *payer, const char *amount)
{
	rules_receive(kit, payer, "fuel", payer, amount);
	rules_allocate(kit, payer);
	kit_accept(kit, "bank",
		"{\"command\":\"recovery.remit\",\"incident\":\"fuel\",\"bank_reference\":\"out-%s\"}",
		payer);
}

/*
 * A6, F1: the golden case with a bond. Deposit 100,000, losses 3,000 (A), 4,000 (B) and 293,000 (others); S's bond of
 * 50,000 pays above 100.00 and up to 40,000 for each claim.
 *
 *   needed      300,000 − 100,000                                            200,000
 *   insured     2,900 + 3,900 + 40,000                                        46,800
 *   called      the least of 50,000, 46,800 and 200,000                       46,800    left  3,200
 *   paid        half                                                          23,400
 *   refused     the rest, which the limit gets back                           23,400    left 26,600
 *   shared      100,000 + 23,400                                             123,400
 *               A 123,400 × 3 ÷ 300                 1,234.00
 *               B 123,400 × 4 ÷ 300                 1,645.33
 *               others 123,400 × 293 ÷ 300        120,520.67, the larger remainder
 *   advanced    300,000 − 123,400                                            176,600
 *   apportioned M 50 %: 150,000 less deposit and bond                         26,600
 *               Y 40 %                                                       120,000
 *               G 10 %                                                        30,000
 */
static void test_bond(void **state)
{
	struct kit *kit = *state;
	static const char *const claims[] = {"A", "B", "others"};
	insured_parties(kit);
	insured_by(
		kit, "bond", "S", 1, "50000.00", ",\"deductible\":\"100.00\",\"claim_limit\":\"40000.00\"");
	rules_deposit(kit, "M", "100000.00", "b-1");
	rules_declare(kit, "fuel", "M", "fuel-card");
	rules_claim(kit, "A", "fuel", "3000.00");
	rules_claim(kit, "B", "fuel", "4000.00");
	rules_claim(kit, "others", "fuel", "293000.00");
	insured_call(kit, "fuel");
	rules_says(kit, "\"need\":\"200000.00\"");
	check(kit, 2040, "S", "fuel", "46800.00");
	check(kit, 9010, "S", "bond", "3200.00");
	insured_receive(kit, "fuel", "bond", "23400.00");
	kit_accept(kit, "maker",
		"{\"command\":\"instrument.refuse\",\"incident\":\"fuel\",\"instrument\":\"bond\","
		"\"reason\":\"disputed\",\"evidence_hash\":" RULES_HASH "}");
	rules_approve(kit);
	check(kit, 2040, "S", "fuel", "23400.00");
	check(kit, 9010, "S", "bond", "26600.00");
	rules_distribute(kit, "fuel");
	shows(kit, "A", "\"deposit_share\":\"1234.00\"");
	shows(kit, "B", "\"deposit_share\":\"1645.33\"");
	shows(kit, "others", "\"deposit_share\":\"120520.67\"");
	check(kit, 1115, "", "fuel", "176600.00");
	rules_fund(kit, "fuel", "176600.00");
	for (size_t index = 0; index < 3; index++) {
		rules_instruct(kit, claims[index]);
		rules_settle(kit, claims[index]);
	}
	check(kit, 1110, "U", "fuel", "176600.00");
	rules_apportion(kit, "fuel", "joint-and-several",
		"[{\"party\":\"M\",\"share\":\"50.00\"},{\"party\":\"Y\",\"share\":\"40.00\"},"
		"{\"party\":\"G\",\"share\":\"10.00\"}]");
	check(kit, 1110, "M", "fuel", "26600.00");
	check(kit, 1110, "Y", "fuel", "120000.00");
	check(kit, 1110, "G", "fuel", "30000.00");
	rules_audit_twice(kit);
	recover(kit, "M", "26600.00");
	recover(kit, "Y", "120000.00");
	recover(kit, "G", "30000.00");
	kit_accept(kit, "maker",
		"{\"command\":\"instrument.cancel\",\"instrument\":\"bond\",\"reason\":\"over\"}");
	/* no account in CNY has anything on it */
	char *reply = NULL;
	assert_ok(kit_query(kit, "auditor", "report.trial_balance", "{}", &reply));
	assert_null(strstr(reply, "CNY"));
	free(reply);
	rules_audit_twice(kit);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		RULES_TEST(test_deposit_only_pro_rata),
		RULES_TEST(test_waterfall_switch),
		RULES_TEST(test_no_disadvantage),
		RULES_TEST(test_card_on_two_channels),
		RULES_TEST(test_six_holds),
		RULES_TEST(test_late_claims),
		RULES_TEST(test_capped),
		RULES_TEST(test_returned_after_apportionment),
		RULES_TEST(test_returned_after_recovery),
		RULES_TEST(test_smallest_loss),
		RULES_TEST(test_bond),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
