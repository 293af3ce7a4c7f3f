/* SPDX-License-Identifier: Apache-2.0 */
#include "rules.h"

#include "base/instant.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

/* C3, D1, D7, D8, H1: each refusal of claim.file and claim.decide. */

#define FILE_CLAIM(claim, incident, card)                                                                    \
	"{\"command\":\"claim.file\",\"claim\":\"" claim "\",\"incident\":\"" incident                       \
	"\",\"entitlement\":\"" card "\",\"channel\":\"mail\"}"

static void issue(
	struct kit *kit, const char *card, const char *issuer, const char *currency, const char *cost)
{
	kit_accept(kit, "maker",
		"{\"command\":\"entitlement.issue\",\"entitlement\":\"%s\",\"holder\":\"h\","
		"\"issuer\":\"%s\","
		"\"merchant\":\"M\",\"channel\":\"app\",\"unit\":\"L\",\"quantity\":\"1.000\","
		"\"cost\":\"%s\","
		"\"currency\":\"%s\"}",
		card, issuer, cost, currency);
}

static void test_filing(void **state)
{
	static const struct rules_row rows[] = {
		{RECOURSE_ROLE_MISSING, "command", "checker", FILE_CLAIM("c", "i", "card")},
		{RECOURSE_ROLE_MISSING, "command", "bank", FILE_CLAIM("c", "i", "card")},
		{RECOURSE_EXISTS, "claim", "agent", FILE_CLAIM("held", "i", "card")},
		{RECOURSE_NOT_FOUND, "incident", "agent", FILE_CLAIM("c", "none", "card")},
		{RECOURSE_NOT_FOUND, "entitlement", "agent", FILE_CLAIM("c", "i", "none")},
		{RECOURSE_NOT_PERMITTED, "entitlement", "agent", FILE_CLAIM("c", "i", "of-G")},
		{RECOURSE_UNIT_MISMATCH, "entitlement", "agent", FILE_CLAIM("c", "i", "in-JPY")},
		{RECOURSE_FIELD_FORMAT, "channel", "agent",
			"{\"command\":\"claim.file\",\"claim\":\"c\",\"incident\":\"i\","
			"\"entitlement\":\"card\","
			"\"channel\":\"fax\"}"},
		{RECOURSE_FIELD_FORMAT, "evidence_hash", "agent",
			"{\"command\":\"claim.file\",\"claim\":\"c\",\"incident\":\"i\","
			"\"entitlement\":\"card\","
			"\"channel\":\"app\",\"evidence_hash\":\"ab\"}"},
	};
	struct kit *kit = *state;
	rules_declare_without_deposit(kit, "i", "fuel-card");
	issue(kit, "card", "Y", "CNY", "10.00");
	issue(kit, "of-G", "G", "CNY", "10.00");
	issue(kit, "in-JPY", "Y", "JPY", "10");
	rules_file(kit, "held", "i", "card");
	RULES_REFUSE(kit, rows);
	kit_audit(kit);
}

/* B1: the last moment is within the window, the next is not. */
static void test_bar_date(void **state)
{
	struct kit *kit = *state;
	kit_accept(kit, "maker",
		"{\"command\":\"incident.declare\",\"incident\":\"i\",\"merchant\":\"M\",\"issuer\":\"Y\","
		"\"funder\":\"P\",\"custodian\":\"bank\",\"policy\":\"fuel-card\",\"version\":1,"
		"\"bar_date\":\"2016-06-01T00:00:00Z\",\"reason\":\"r\"}");
	issue(kit, "card", "Y", "CNY", "10.00");
	/* 2016-06-01T00:00:00Z; the kit adds a second before each request */
	kit->now = UINT64_C(1464739200) * INSTANT_SECOND - INSTANT_SECOND;
	rules_file(kit, "in-time", "i", "card");
	rules_refuse(kit, RECOURSE_WINDOW_CLOSED, "incident", "agent", FILE_CLAIM("late", "i", "card"));
	kit_audit(kit);
}

#define DECIDE(claim, outcome)                                                                               \
	"{\"command\":\"claim.decide\",\"claim\":\"" claim "\","                                             \
	"\"outcome\":" outcome "}"
#define APPROVE "\"approve\""
#define REJECT  "\"reject\",\"reason\":\"no-proof\""

static void test_deciding(void **state)
{
	static const struct rules_row rows[] = {
		{RECOURSE_ROLE_MISSING, "command", "agent", DECIDE("held", APPROVE)},
		{RECOURSE_ROLE_MISSING, "command", "checker", DECIDE("held", APPROVE)},
		{RECOURSE_NOT_FOUND, "claim", "maker", DECIDE("none", APPROVE)},
		{RECOURSE_SAME_PERSON, "claim", "boss", DECIDE("own", APPROVE)},
		{RECOURSE_SAME_PERSON, "claim", "boss", DECIDE("own", REJECT)},
		{RECOURSE_EVIDENCE_MISSING, "claim", "maker", DECIDE("held", APPROVE)},
		{RECOURSE_AMOUNT_RANGE, "outcome", "maker", DECIDE("used-up", APPROVE)},
		{RECOURSE_FIELD_MISSING, "reason", "maker", DECIDE("held", "\"reject\"")},
		{RECOURSE_FIELD_FORMAT, "outcome", "maker", DECIDE("held", "\"perhaps\"")},
		{RECOURSE_STATE_WRONG, "claim", "maker", DECIDE("linked", APPROVE)},
		{RECOURSE_STATE_WRONG, "claim", "maker", DECIDE("linked", REJECT)},
	};
	struct kit *kit = *state;
	rules_declare_without_deposit(kit, "i", "fuel-card");
	issue(kit, "card", "Y", "CNY", "10.00");
	issue(kit, "empty", "Y", "CNY", "10.00");
	kit_accept(kit, "maker",
		"{\"command\":\"entitlement.consume\",\"entitlement\":\"empty\",\"evidence\":\"confirmed\","
		"\"consumed\":\"1.000\",\"evidence_hash\":" RULES_HASH "}");
	rules_card(kit, "good", "10.00");
	rules_file(kit, "held", "i", "card");
	rules_file(kit, "used-up", "i", "empty");
	rules_file(kit, "linked", "i", "card");
	kit_accept(kit, "boss", FILE_CLAIM("own", "i", "good"));
	RULES_REFUSE(kit, rows);
	rules_refuse(kit, RECOURSE_STATE_WRONG, "claim", "maker", DECIDE("linked", APPROVE));
	assert_string_equal(kit->refusal.state, "linked");
	kit_accept(kit, "maker", DECIDE("held", REJECT));
	kit_accept(kit, "maker", DECIDE("own", APPROVE));
	rules_refuse(kit, RECOURSE_STATE_WRONG, "claim", "maker", DECIDE("held", APPROVE));
	assert_string_equal(kit->refusal.state, "rejected");
	rules_refuse(kit, RECOURSE_STATE_WRONG, "claim", "maker", DECIDE("held", REJECT));
	rules_refuse(kit, RECOURSE_STATE_WRONG, "claim", "maker", DECIDE("own", APPROVE));
	rules_refuse(kit, RECOURSE_STATE_WRONG, "claim", "maker", DECIDE("own", REJECT));
	assert_string_equal(kit->refusal.state, "ruled");
	kit_shows(kit, "agent", "incident.summary", "{\"incident\":\"i\"}", "\"claims_rejected\":1");
	kit_shows(kit, "agent", "incident.summary", "{\"incident\":\"i\"}", "\"claims_approved\":1");
	kit_audit(kit);
}

/* Losses of an incident are one number: it says so when it does not fit, instead of wrapping. */
static void test_overflow(void **state)
{
	struct kit *kit = *state;
	rules_declare_without_deposit(kit, "i", "fuel-card");
	rules_claim(kit, "huge", "i", "90000000000000000.00");
	/* sold by another merchant: what one has sold in all fits 64 bits as well */
	kit_accept(kit, "maker",
		"{\"command\":\"entitlement.issue\",\"entitlement\":\"more\",\"holder\":\"h\",\"issuer\":"
		"\"Y\","
		"\"merchant\":\"N\",\"channel\":\"app\",\"unit\":\"L\",\"quantity\":\"1.000\","
		"\"cost\":\"90000000000000000.00\",\"currency\":\"CNY\",\"evidence\":\"absent\","
		"\"evidence_hash\":" RULES_HASH "}");
	rules_file(kit, "next", "i", "more");
	rules_refuse(kit, RECOURSE_OVERFLOW, "claim", "maker", DECIDE("next", APPROVE));
	kit_audit(kit);
}

/* C3: units × lot price, rounded half up once; thirds do not add up to more than was paid for the lot. */
static void test_arithmetic(void **state)
{
	struct kit *kit = *state;
	rules_declare_without_deposit(kit, "i", "fuel-card");
	kit_accept(kit, "maker",
		"{\"command\":\"entitlement.issue\",\"entitlement\":\"thirds\",\"holder\":\"h\","
		"\"issuer\":\"Y\","
		"\"merchant\":\"M\",\"channel\":\"app\",\"unit\":\"L\",\"quantity\":\"3.000\","
		"\"cost\":\"10.00\","
		"\"currency\":\"CNY\",\"evidence\":\"confirmed\",\"consumed\":\"1.000\","
		"\"evidence_hash\":" RULES_HASH "}");
	rules_file(kit, "c", "i", "thirds");
	rules_decide(kit, "c");
	kit_shows(kit, "agent", "claim.brief", "{\"claim\":\"c\"}", "\"loss\":\"6.67\"");
	kit_shows(kit, "agent", "claim.brief",
		"{\"claim\":"
		"\"c\"}",
		"\"next_action\":\"approve the distribution\"");
	kit_audit(kit);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		RULES_TEST(test_filing),
		RULES_TEST(test_bar_date),
		RULES_TEST(test_deciding),
		RULES_TEST(test_overflow),
		RULES_TEST(test_arithmetic),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
