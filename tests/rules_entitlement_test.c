/* SPDX-License-Identifier: Apache-2.0 */
#include "rules.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

/* C1, C2, B2, I9: the refusals of entitlement.issue and entitlement.consume, and their unit ledger. */

#define LOT(card, issuer, merchant, unit, quantity, cost, currency, more)                                    \
	"{\"command\":\"entitlement.issue\",\"entitlement\":\"" card                                         \
	"\",\"holder\":\"h\",\"issuer\":\"" issuer "\",\"merchant\":\"" merchant                             \
	"\",\"channel\":\"app\",\"unit\":\"" unit "\",\"quantity\":\"" quantity "\",\"cost\":\"" cost        \
	"\",\"currency\":\"" currency "\"" more "}"
#define CARD(card, more) LOT(card, "Y", "M", "L", "10.000", "50.00", "CNY", more)
#define HASH             ",\"evidence_hash\":" RULES_HASH

static void test_issuing(void **state)
{
	static const struct rules_row rows[] = {
		{RECOURSE_ROLE_MISSING, "command", "agent", CARD("c", "")},
		{RECOURSE_ROLE_MISSING, "command", "merchant", CARD("c", "")},
		{RECOURSE_EXISTS, "entitlement", "maker", CARD("held", "")},
		{RECOURSE_NOT_FOUND, "issuer", "maker", LOT("c", "X", "M", "L", "1.000", "1.00", "CNY", "")},
		{RECOURSE_NOT_FOUND, "merchant", "maker",
			LOT("c", "Y", "X", "L", "1.000", "1.00", "CNY", "")},
		{RECOURSE_UNIT_UNKNOWN, "unit", "maker",
			LOT("c", "Y", "M", "GAL", "1.000", "1.00", "CNY", "")},
		{RECOURSE_UNIT_UNKNOWN, "currency", "maker",
			LOT("c", "Y", "M", "L", "1.000", "1.00", "XYZ", "")},
		{RECOURSE_AMOUNT_DIGITS, "quantity", "maker",
			LOT("c", "Y", "M", "L", "1.00", "1.00", "CNY", "")},
		{RECOURSE_AMOUNT_RANGE, "quantity", "maker",
			LOT("c", "Y", "M", "L", "0.000", "1.00", "CNY", "")},
		{RECOURSE_OVERFLOW, "quantity", "maker",
			LOT("c", "Y", "M", "L", "9223372036854775.808", "1.00", "CNY", "")},
		{RECOURSE_AMOUNT_DIGITS, "cost", "maker", LOT("c", "Y", "M", "L", "1.000", "1", "CNY", "")},
		{RECOURSE_AMOUNT_RANGE, "cost", "maker", LOT("c", "Y", "M", "L", "1.000", "0.00", "CNY", "")},
		{RECOURSE_OVERFLOW, "", "maker",
			LOT("c", "Y", "M", "L", "9223372036854775.807", "1.00", "CNY", "")},
		{RECOURSE_WINDOW_CLOSED, "issued", "maker",
			CARD("c", ",\"issued\":"
				  "\"2030-01-01T00:00:00Z\"")},
		{RECOURSE_EVIDENCE_CONFLICT, "consumed", "maker",
			CARD("c", ",\"evidence\":\"absent\",\"consumed\":\"1.000\"" HASH)},
		{RECOURSE_EVIDENCE_CONFLICT, "consumed", "maker",
			CARD("c", ",\"evidence\":\"unavailable\",\"consumed\":\"1.000\"")},
		{RECOURSE_EVIDENCE_CONFLICT, "consumed", "maker",
			CARD("c", ",\"evidence\":"
				  "\"confirmed\"" HASH)},
		{RECOURSE_EVIDENCE_MISSING, "evidence_hash", "maker", CARD("c", ",\"evidence\":\"absent\"")},
		{RECOURSE_EVIDENCE_MISSING, "evidence_hash", "maker",
			CARD("c", ",\"evidence\":\"confirmed\",\"consumed\":\"1.000\"")},
		{RECOURSE_INSUFFICIENT, "consumed", "maker",
			CARD("c", ",\"evidence\":\"confirmed\",\"consumed\":\"10.001\"" HASH)},
		{RECOURSE_AMOUNT_RANGE, "consumed", "maker",
			CARD("c", ",\"evidence\":\"confirmed\",\"consumed\":\"0.000\"" HASH)},
		{RECOURSE_FIELD_MISSING, "evidence", "maker", CARD("c", HASH)},
		{RECOURSE_FIELD_MISSING, "evidence", "maker", CARD("c", ",\"source\":\"Y\"")},
		{RECOURSE_FIELD_MISSING, "evidence", "maker", CARD("c", ",\"reference\":\"17\"")},
		{RECOURSE_FIELD_MISSING, "evidence", "maker", CARD("c", ",\"consumed\":\"1.000\"")},
		{RECOURSE_FIELD_FORMAT, "evidence", "maker", CARD("c", ",\"evidence\":\"lost\"")},
	};
	struct kit *kit = *state;
	kit_accept(kit, "maker", CARD("held", ""));
	uint64_t entry = kit->last_entry;
	RULES_REFUSE(kit, rows);
	rules_refuse(kit, RECOURSE_EXISTS, "entitlement", "maker", CARD("held", ""));
	assert_int_equal(kit->refusal.entry, entry);
	kit_balance(kit, 8010, "Y", "", "L", "10.000");
	kit_audit(kit);
}

#define USED(card, evidence, more)                                                                           \
	"{\"command\":\"entitlement.consume\",\"entitlement\":\"" card "\","                                 \
	"\"evidence\":\"" evidence "\"" more "}"
#define USE(card, quantity) USED(card, "confirmed", ",\"consumed\":\"" quantity "\"" HASH)

static void test_consuming(void **state)
{
	static const struct rules_row rows[] = {
		{RECOURSE_ROLE_MISSING, "command", "agent", USE("new", "1.000")},
		{RECOURSE_NOT_FOUND, "entitlement", "maker", USE("none", "1.000")},
		{RECOURSE_EVIDENCE_CONFLICT, "consumed", "maker", USED("new", "confirmed", HASH)},
		{RECOURSE_EVIDENCE_CONFLICT, "consumed", "maker",
			USED("new", "absent", ",\"consumed\":\"1.000\"" HASH)},
		{RECOURSE_EVIDENCE_MISSING, "evidence_hash", "maker", USED("new", "absent", "")},
		{RECOURSE_EVIDENCE_MISSING, "evidence_hash", "maker",
			USED("new", "confirmed", ",\"consumed\":\"1.000\"")},
		{RECOURSE_AMOUNT_DIGITS, "consumed", "maker", USE("new", "1.00")},
		{RECOURSE_AMOUNT_RANGE, "consumed", "maker", USE("new", "0.000")},
		{RECOURSE_INSUFFICIENT, "consumed", "maker", USE("new", "10.001")},
		{RECOURSE_FIELD_MISSING, "evidence", "maker",
			"{\"command\":\"entitlement.consume\",\"entitlement\":\"new\"}"},
		/* a complete source that had nothing can not be contradicted, nor can use be unsaid */
		{RECOURSE_EVIDENCE_CONFLICT, "evidence", "maker", USE("proven", "1.000")},
		{RECOURSE_EVIDENCE_CONFLICT, "evidence", "maker", USED("proven", "absent", HASH)},
		{RECOURSE_EVIDENCE_CONFLICT, "evidence", "maker", USED("proven", "unavailable", "")},
		{RECOURSE_EVIDENCE_CONFLICT, "evidence", "maker", USED("used", "absent", HASH)},
		{RECOURSE_EVIDENCE_CONFLICT, "evidence", "maker", USED("used", "unavailable", "")},
		{RECOURSE_INSUFFICIENT, "consumed", "maker", USE("used", "6.001")},
	};
	struct kit *kit = *state;
	kit_accept(kit, "maker", CARD("new", ""));
	kit_accept(kit, "maker", CARD("proven", ",\"evidence\":\"absent\"" HASH));
	kit_accept(kit, "maker", CARD("used", ",\"evidence\":\"confirmed\",\"consumed\":\"4.000\"" HASH));
	RULES_REFUSE(kit, rows);
	kit_accept(kit, "maker", USE("used", "6.000"));
	rules_refuse(kit, RECOURSE_INSUFFICIENT, "consumed", "maker", USE("used", "0.001"));
	assert_string_equal(kit->refusal.available, "0.000");
	kit_balance(kit, 8010, "Y", "", "L", "30.000");
	kit_balance(kit, 8020, "Y", "", "L", "10.000");
	kit_balance(kit, 8030, "Y", "", "L", "20.000");
	kit_audit(kit);
}

/* C2: presumed zero is corrected when records surface; after the ruling there is nothing left to use. */
static void test_states_of_evidence(void **state)
{
	struct kit *kit = *state;
	kit_accept(kit, "maker", CARD("c", ",\"evidence\":\"unavailable\""));
	kit_accept(kit, "maker", USED("c", "unavailable", ",\"source\":\"Y\""));
	kit_accept(kit, "maker", USE("c", "4.000"));
	kit_shows(kit, "agent", "entitlement.get", "{\"entitlement\":\"c\"}", "\"evidence\":\"confirmed\"");
	rules_declare_without_deposit(kit, "i", "fuel-card");
	rules_file(kit, "claim", "i", "c");
	uint64_t filed = kit->last_entry;
	rules_decide(kit, "claim");
	kit_shows(kit, "agent", "claim.brief", "{\"claim\":\"claim\"}", "\"loss\":\"30.00\"");
	kit_shows(kit, "agent", "entitlement.get", "{\"entitlement\":\"c\"}", "\"remaining\":\"0.000\"");
	kit_shows(kit, "agent", "entitlement.get", "{\"entitlement\":\"c\"}", "\"extinguished\":\"6.000\"");
	rules_refuse(kit, RECOURSE_STATE_WRONG, "entitlement", "maker", USE("c", "1.000"));
	assert_int_equal(kit->refusal.entry, filed);
	kit_balance(kit, 8020, "Y", "", "L", "4.000");
	kit_balance(kit, 8030, "Y", "", "L", "0");
	kit_balance(kit, 8040, "Y", "", "L", "6.000");
	kit_audit(kit);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		RULES_TEST(test_issuing),
		RULES_TEST(test_consuming),
		RULES_TEST(test_states_of_evidence),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
