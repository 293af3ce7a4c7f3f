/* SPDX-License-Identifier: Apache-2.0 */
#include "rules.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

/* C1, E1: each refusal of unit.define and policy.publish, and what a published policy says. */

#define DEFINE(unit, more)                                                                                   \
	"{\"command\":\"unit.define\",\"unit\":\"" unit "\"," more "\"name\":\"counted things\"}"

static void test_units(void **state)
{
	static const struct rules_row rows[] = {
		{RECOURSE_ROLE_MISSING, "command", "maker", DEFINE("KWH", "\"digits\":3,")},
		{RECOURSE_EXISTS, "unit", "admin", DEFINE("CNY", "\"digits\":2,")},
		{RECOURSE_EXISTS, "unit", "admin", DEFINE("JPY", "\"digits\":2,")},
		{RECOURSE_EXISTS, "unit", "admin", DEFINE("L", "\"digits\":3,")},
		{RECOURSE_FIELD_LIMIT, "digits", "admin", DEFINE("KWH", "\"digits\":10,")},
		{RECOURSE_FIELD_LIMIT, "digits", "admin", DEFINE("KWH", "\"digits\":-1,")},
		{RECOURSE_FIELD_LIMIT, "step", "admin", DEFINE("KWH", "\"digits\":2,\"step\":0,")},
		{RECOURSE_FIELD_LIMIT, "step", "admin", DEFINE("KWH", "\"digits\":2,\"step\":1000001,")},
		{RECOURSE_FIELD_MISSING, "digits", "admin", DEFINE("KWH", "")},
		{RECOURSE_FIELD_FORMAT, "unit", "admin", DEFINE("kwh", "\"digits\":2,")},
		{RECOURSE_FIELD_FORMAT, "unit", "admin", DEFINE("KILOWATTHOURS", "\"digits\":2,")},
	};
	struct kit *kit = *state;
	RULES_REFUSE(kit, rows);
	kit_accept(kit, "admin", DEFINE("KWH", "\"digits\":2,\"step\":5,"));
	rules_refuse(kit, RECOURSE_EXISTS, "unit", "admin", DEFINE("KWH", "\"digits\":2,\"step\":5,"));
	/* off the step */
	rules_refuse(kit, RECOURSE_AMOUNT_DIGITS, "quantity", "maker",
		"{\"command\":\"entitlement.issue\",\"entitlement\":\"e\",\"holder\":\"h\",\"issuer\":\"Y\","
		"\"merchant\":\"M\",\"channel\":\"app\",\"unit\":\"KWH\",\"quantity\":\"1.03\",\"cost\":"
		"\"5.00\",\"currency\":\"CNY\"}");
}

#define PUBLISH(policy, version, unit, scheme, waterfall)                                                    \
	"{\"command\":\"policy.publish\",\"policy\":\"" policy "\",\"version\":" version ",\"unit\":\"" unit \
	"\",\"scheme\":" scheme ",\"waterfall\":" waterfall "}"
#define COSTS "[{\"rank\":1,\"claim\":\"costs\"}]"
#define FULL  "\"full\""

static void test_policies(void **state)
{
	static const struct rules_row rows[] = {
		{RECOURSE_ROLE_MISSING, "command", "checker", PUBLISH("p", "1", "CNY", FULL, COSTS)},
		{RECOURSE_EXISTS, "version", "admin", PUBLISH("fuel-card", "1", "CNY", FULL, COSTS)},
		{RECOURSE_POLICY_WRONG, "version", "admin", PUBLISH("fuel-card", "3", "CNY", FULL, COSTS)},
		{RECOURSE_POLICY_WRONG, "version", "admin", PUBLISH("p", "2", "CNY", FULL, COSTS)},
		{RECOURSE_FIELD_LIMIT, "version", "admin", PUBLISH("p", "0", "CNY", FULL, COSTS)},
		{RECOURSE_FIELD_LIMIT, "version", "admin", PUBLISH("p", "1000001", "CNY", FULL, COSTS)},
		{RECOURSE_UNIT_UNKNOWN, "unit", "admin", PUBLISH("p", "1", "XYZ", FULL, COSTS)},
		{RECOURSE_FIELD_FORMAT, "scheme", "admin", PUBLISH("p", "1", "CNY", "\"all\"", COSTS)},
		{RECOURSE_POLICY_WRONG, "rate", "admin",
			PUBLISH("p", "1", "CNY", "\"full\",\"rate\":\"100.00\"", COSTS)},
		{RECOURSE_POLICY_WRONG, "rate", "admin", PUBLISH("p", "1", "CNY", "\"percentage\"", COSTS)},
		{RECOURSE_AMOUNT_RANGE, "rate", "admin",
			PUBLISH("p", "1", "CNY", "\"percentage\",\"rate\":\"0.00\"", COSTS)},
		{RECOURSE_FIELD_FORMAT, "rate", "admin",
			PUBLISH("p", "1", "CNY", "\"percentage\",\"rate\":\"100.01\"", COSTS)},
		{RECOURSE_POLICY_WRONG, "cap", "admin", PUBLISH("p", "1", "CNY", "\"capped\"", COSTS)},
		{RECOURSE_POLICY_WRONG, "cap", "admin",
			PUBLISH("p", "1", "CNY", "\"full\",\"cap\":\"1.00\"", COSTS)},
		RULES_AMOUNTS("cap", "admin",
			"{\"command\":\"policy.publish\",\"policy\":\"p\",\"version\":1,\"unit\":\"CNY\","
			"\"scheme\":\"capped\",\"waterfall\":" COSTS ",\"cap\":",
			"}"),
		{RECOURSE_FIELD_DUPLICATE, "waterfall", "admin",
			PUBLISH("p", "1", "CNY", FULL,
				"[{\"rank\":1,\"claim\":\"costs\"},{\"rank\":2,\"claim\":\"costs\"}]")},
		{RECOURSE_FIELD_LIMIT, "waterfall", "admin", PUBLISH("p", "1", "CNY", FULL, "[]")},
		{RECOURSE_FIELD_LIMIT, "waterfall[0].rank", "admin",
			PUBLISH("p", "1", "CNY", FULL, "[{\"rank\":10,\"claim\":\"costs\"}]")},
		{RECOURSE_FIELD_FORMAT, "waterfall[1].claim", "admin",
			PUBLISH("p", "1", "CNY", FULL,
				"[{\"rank\":1,\"claim\":\"costs\"},{\"rank\":1,\"claim\":\"fees\"}]")},
	};
	RULES_REFUSE(*state, rows);
}

/* The presets, and a version once published is not changed by the next. */
static void test_versions(void **state)
{
	struct kit *kit = *state;
	static const char first[] = "{\"policy\":\"p\",\"version\":1}";
	static const char second[] = "{\"policy\":\"p\",\"version\":2}";
	kit_accept(kit, "admin", PUBLISH("p", "1", "CNY", FULL, COSTS));
	kit_accept(kit, "admin",
		PUBLISH("p", "2", "JPY",
			"\"capped\",\"cap\":\"500\","
			"\"claim_days\":7,\"decision_hours\":24",
			COSTS));
	kit_shows(kit, "merchant", "policy.get", first, "\"claim_days\":90,");
	kit_shows(kit, "merchant", "policy.get", first, "\"decision_hours\":48,");
	kit_shows(kit, "merchant", "policy.get", first, "\"payout_days\":3,");
	kit_shows(kit, "merchant", "policy.get", first, "\"scheme\":\"full\"");
	kit_shows(kit, "merchant", "policy.get", second, "\"claim_days\":7,");
	kit_shows(kit, "merchant", "policy.get", second, "\"decision_hours\":24,");
	kit_shows(kit, "merchant", "policy.get", second, "\"cap\":\"500\"");
	kit_shows(kit, "merchant", "policy.get", second, "\"unit\":\"JPY\"");
	kit_audit(kit);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		RULES_TEST(test_units),
		RULES_TEST(test_policies),
		RULES_TEST(test_versions),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
