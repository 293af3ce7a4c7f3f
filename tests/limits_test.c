/* SPDX-License-Identifier: Apache-2.0 */
#include "rules.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

/* Amounts near 2^63: each sum of them is refused, or right; none wraps. */
#define MOST      "92233720368547758.07"
#define HALF      "46116860184273879.03"
#define TWO_HALFS "92233720368547758.06"

static void test_funded_twice(void **state)
{
	struct kit *kit = *state;
	rules_declare_without_deposit(kit, "i", "fuel-card");
	rules_claim(kit, "c", "i", MOST);
	rules_distribute(kit, "i");
	rules_fund(kit, "i", HALF);
	rules_refuse(kit, RECOURSE_OVERFLOW, "amount", "bank",
		"{\"command\":\"funding.receive\",\"incident\":\"i\",\"amount\":\"" MOST
		"\",\"bank_reference\":\"again\"}");
	kit_balance(kit, 1100, "P", "i", "CNY", "46116860184273879.04");
	kit_audit(kit);
}

/* A liable party's part of the loss counts what was advanced before it perfects, and so counts it once. */
static void test_loss_is_counted_once(void **state)
{
	struct kit *kit = *state;
	rules_declare_without_deposit(kit, "i", "fuel-card");
	rules_claim(kit, "first", "i", HALF);
	rules_claim(kit, "second", "i", HALF);
	rules_distribute(kit, "i");
	rules_fund(kit, "i", TWO_HALFS);
	rules_instruct(kit, "first");
	rules_instruct(kit, "second");
	rules_settle(kit, "first");
	rules_apportion(kit, "i", "several", "[{\"party\":\"Y\",\"share\":\"100.00\"}]");
	kit_shows(kit, "admin", "incident.summary", "{\"incident\":\"i\"}", "\"recourse\":\"" HALF "\"");
	kit_shows(
		kit, "admin", "incident.summary", "{\"incident\":\"i\"}", "\"liability\":\"" TWO_HALFS "\"");
	rules_settle(kit, "second");
	kit_accept(kit, "maker", "{\"command\":\"liability.extend\",\"incident\":\"i\"}");
	kit_shows(kit, "admin", "incident.summary", "{\"incident\":\"i\"}", "\"recourse\":\"" TWO_HALFS "\"");
	kit_shows(
		kit, "admin", "incident.summary", "{\"incident\":\"i\"}", "\"liability\":\"" TWO_HALFS "\"");
	kit_audit(kit);
}

/* What a loss that came later adds does add to it. */
static void test_later_loss_adds(void **state)
{
	struct kit *kit = *state;
	rules_settled(kit, "i", "100.00");
	rules_apportion(kit, "i", "several", "[{\"party\":\"Y\",\"share\":\"100.00\"}]");
	rules_claim(kit, "late", "i", "40.00");
	rules_distribute(kit, "i");
	rules_fund(kit, "i", "40.00");
	rules_instruct(kit, "late");
	rules_settle(kit, "late");
	kit_accept(kit, "maker", "{\"command\":\"liability.extend\",\"incident\":\"i\"}");
	kit_shows(kit, "admin", "incident.summary", "{\"incident\":\"i\"}", "\"liability\":\"140.00\"");
}

static void issue_most(struct kit *kit, const char *card, const char *issuer)
{
	kit_accept(kit, "maker",
		"{\"command\":\"entitlement.issue\",\"entitlement\":\"%s\",\"holder\":\"h\",\"issuer\":\"%"
		"s\","
		"\"merchant\":\"M\",\"channel\":\"app\",\"unit\":\"L\",\"quantity\":\"9223372036854775.807\","
		"\"cost\":\"1.00\",\"currency\":\"CNY\"}",
		card, issuer);
}

static void test_totals_too_large(void **state)
{
	struct kit *kit = *state;
	char *reply = NULL;
	issue_most(kit, "card-1", "Y");
	kit_shows(kit, "auditor", "report.totals", "{}", "\"debit\":\"9223372036854775.807\"");
	issue_most(kit, "card-2", "N");
	assert_error(kit_query(kit, "auditor", "report.totals", "{}", &reply), RECOURSE_OVERFLOW);
	assert_string_equal(kit->refusal.field, "totals");
	kit_audit(kit);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		RULES_TEST(test_funded_twice),
		RULES_TEST(test_loss_is_counted_once),
		RULES_TEST(test_later_loss_adds),
		RULES_TEST(test_totals_too_large),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
