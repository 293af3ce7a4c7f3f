/* SPDX-License-Identifier: Apache-2.0 */
#include "rules.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

/* A7, B1, E1: each refusal of incident.declare, and what it fixes. */

#define DECLARE(incident, merchant, issuer, funder, policy, version, more)                                   \
	"{\"command\":\"incident.declare\",\"incident\":\"" incident "\",\"merchant\":\"" merchant           \
	"\",\"issuer\":\"" issuer "\",\"funder\":\"" funder "\",\"policy\":\"" policy                        \
	"\",\"version\":" version ",\"reason\":\"r\"" more "}"
#define CUSTODIAN(party) ",\"custodian\":\"" party "\""

static void test_refusals(void **state)
{
	static const struct rules_row rows[] = {
		{RECOURSE_ROLE_MISSING, "command", "agent",
			DECLARE("i", "M", "Y", "P", "fuel-card", "1", "")},
		{RECOURSE_ROLE_MISSING, "command", "checker",
			DECLARE("i", "M", "Y", "P", "fuel-card", "1", "")},
		{RECOURSE_EXISTS, "incident", "maker", DECLARE("h-1", "M", "Y", "P", "fuel-card", "1", "")},
		{RECOURSE_EXISTS, "incident", "maker", DECLARE("old", "M", "Y", "P", "fuel-card", "1", "")},
		{RECOURSE_NOT_FOUND, "merchant", "maker",
			DECLARE("i", "X", "Y", "P", "fuel-card", "1", CUSTODIAN("bank"))},
		{RECOURSE_NOT_FOUND, "issuer", "maker", DECLARE("i", "M", "X", "P", "fuel-card", "1", "")},
		{RECOURSE_NOT_FOUND, "funder", "maker", DECLARE("i", "M", "Y", "X", "fuel-card", "1", "")},
		{RECOURSE_NOT_FOUND, "custodian", "maker",
			DECLARE("i", "N", "Y", "P", "fuel-card", "1", CUSTODIAN("X"))},
		{RECOURSE_NOT_FOUND, "policy", "maker", DECLARE("i", "M", "Y", "P", "none", "1", "")},
		{RECOURSE_NOT_FOUND, "policy", "maker", DECLARE("i", "M", "Y", "P", "fuel-card", "2", "")},
		{RECOURSE_WINDOW_CLOSED, "bar_date", "maker",
			DECLARE("i", "M", "Y", "P", "fuel-card", "1",
				",\"bar_date\":\"2016-05-03T00:00:00Z\"")},
		{RECOURSE_CUSTODIAN_WRONG, "custodian", "maker",
			DECLARE("i", "M", "Y", "P", "fuel-card", "1", CUSTODIAN("bank-2"))},
		{RECOURSE_FIELD_MISSING, "custodian", "maker",
			DECLARE("i", "G", "Y", "P", "fuel-card", "1", "")},
		{RECOURSE_NOT_PERMITTED, "custodian", "maker",
			DECLARE("i", "G", "Y", "P", "fuel-card", "1", CUSTODIAN("G"))},
		{RECOURSE_NOT_PERMITTED, "custodian", "maker",
			DECLARE("i", "G", "Y", "P", "fuel-card", "1", CUSTODIAN("Y"))},
		{RECOURSE_NOT_PERMITTED, "issuer", "maker",
			DECLARE("i", "M", "bank", "P", "fuel-card", "1", "")},
	};
	struct kit *kit = *state;
	rules_deposit(kit, "M", "100.00", "b-1");
	uint64_t deposited = kit->last_entry;
	kit_accept(kit, "maker",
		"{\"command\":\"deposit.hold\",\"hold\":\"h-1\",\"merchant\":\"M\",\"amount\":\"10.00\","
		"\"unit\":\"CNY\",\"reason\":\"r\"}");
	kit_accept(kit, "maker", DECLARE("old", "N", "Y", "P", "fuel-card", "1", CUSTODIAN("bank-2")));
	RULES_REFUSE(kit, rows);
	rules_refuse(kit, RECOURSE_CUSTODIAN_WRONG, "custodian", "maker",
		DECLARE("i", "M", "Y", "P", "fuel-card", "1", CUSTODIAN("bank-2")));
	assert_int_equal(kit->refusal.entry, deposited);
	kit_accept(kit, "maker", DECLARE("i", "M", "Y", "P", "fuel-card", "1", CUSTODIAN("bank")));
	kit_balance(kit, 2020, "M", "i", "CNY", "90.00");
	kit_balance(kit, 2010, "M", "", "CNY", "0");
	kit_audit(kit);
}

/* The window is the policy's unless it is said; the policy's version stays the incident's own. */
static void test_terms(void **state)
{
	struct kit *kit = *state;
	static const char params[] = "{\"incident\":\"i\"}";
	kit_accept(kit, "maker", DECLARE("i", "M", "Y", "P", "fuel-card", "1", CUSTODIAN("bank")));
	kit_accept(kit, "admin",
		"{\"command\":\"policy.publish\",\"policy\":\"fuel-card\",\"version\":2,\"unit\":\"CNY\","
		"\"scheme\":\"deposit-only\",\"waterfall\":[{\"rank\":1,\"claim\":\"costs\"}]}");
	kit_shows(kit, "agent", "incident.summary", params, "\"policy_version\":1");
	kit_shows(kit, "agent", "incident.summary", params, "\"bar_date\":\"2016-08-02T");
	kit_shows(kit, "agent", "incident.summary", params, "\"state\":\"claims open\"");
	kit_shows(kit, "agent", "incident.summary", params, "\"custodian\":\"bank\"");
	rules_claim(kit, "c", "i", "100.00");
	kit_shows(kit, "agent", "claim.brief", "{\"claim\":\"c\"}", "\"approved\":\"100.00\"");
	kit_accept(kit, "maker",
		DECLARE("j", "M", "Y", "P", "fuel-card", "2", ",\"bar_date\":\"2017-01-01T00:00:00Z\""));
	kit_shows(kit, "agent", "incident.summary", "{\"incident\":\"j\"}",
		"\"bar_date\":\"2017-01-01T00:00:00");
	kit_audit(kit);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		RULES_TEST(test_refusals),
		RULES_TEST(test_terms),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
