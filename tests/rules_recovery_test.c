/* SPDX-License-Identifier: Apache-2.0 */
#include "rules.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

/* G4, G5, H3, I6: each refusal of recovery.receive, allocate, remit and cost.record, and the waterfall. */

#define ALL_OF(party) "[{\"party\":\"" party "\",\"share\":\"100.00\"}]"
#define RECEIVE(recovery, incident, payer, amount, line)                                                     \
	"{\"command\":\"recovery.receive\",\"recovery\":\"" recovery "\",\"incident\":\"" incident           \
	"\",\"payer\":\"" payer "\",\"amount\":\"" amount "\",\"bank_reference\":\"" line "\"}"
#define ALLOCATE(recovery) "{\"command\":\"recovery.allocate\",\"recovery\":\"" recovery "\"}"
#define REMIT(incident, more, line)                                                                          \
	"{\"command\":\"recovery.remit\",\"incident\":\"" incident "\"" more ",\"bank_reference\":\"" line   \
	"\"}"
#define COST(incident, amount)                                                                               \
	"{\"command\":\"cost.record\",\"incident\":\"" incident "\",\"amount\":\"" amount                    \
	"\",\"reason\":\"court-fee\",\"evidence_hash\":" RULES_HASH "}"

static void test_receiving(void **state)
{
	static const struct rules_row rows[] = {
		{RECOURSE_ROLE_MISSING, "command", "maker", RECEIVE("r", "i", "Y", "1.00", "l")},
		{RECOURSE_EXISTS, "recovery", "bank", RECEIVE("old", "i", "Y", "1.00", "l")},
		{RECOURSE_NOT_FOUND, "incident", "bank", RECEIVE("r", "none", "Y", "1.00", "l")},
		{RECOURSE_NOT_FOUND, "incident", "teller", RECEIVE("r", "i", "Y", "1.00", "l")},
		{RECOURSE_NOT_FOUND, "payer", "bank", RECEIVE("r", "i", "X", "1.00", "l")},
		{RECOURSE_EXISTS, "bank_reference", "bank", RECEIVE("r", "i", "Y", "1.00", "in-old")},
		{RECOURSE_OVERFLOW, "", "bank", RECEIVE("r", "i", "Y", "92233720368547758.07", "l")},
		RULES_AMOUNTS("amount", "bank",
			"{\"command\":\"recovery.receive\",\"recovery\":\"r\",\"incident\":\"i\","
			"\"payer\":\"Y\","
			"\"bank_reference\":\"l\",\"amount\":",
			"}"),
	};
	struct kit *kit = *state;
	rules_settled(kit, "i", "100.00");
	rules_receive(kit, "old", "i", "Y", "1.00");
	RULES_REFUSE(kit, rows);
	kit_balance(kit, 2140, "Y", "i", "CNY", "1.00");
	kit_audit(kit);
}

static void test_allocating(void **state)
{
	static const struct rules_row rows[] = {
		{RECOURSE_ROLE_MISSING, "command", "bank", ALLOCATE("r")},
		{RECOURSE_NOT_FOUND, "recovery", "maker", ALLOCATE("none")},
		{RECOURSE_STATE_WRONG, "recovery", "maker", ALLOCATE("r")},
	};
	struct kit *kit = *state;
	rules_settled(kit, "i", "100.00");
	rules_receive(kit, "r", "i", "Y", "130.00");
	rules_receive(kit, "stranger", "i", "N", "5.00");
	RULES_REFUSE(kit, rows);
	rules_refuse(kit, RECOURSE_STATE_WRONG, "recovery", "maker", ALLOCATE("r"));
	assert_string_equal(kit->refusal.state, "adjudicated");
	rules_apportion(kit, "i", "several", ALL_OF("Y"));
	kit_accept(kit, "maker", ALLOCATE("r"));
	uint64_t entry = kit->last_entry;
	rules_refuse(kit, RECOURSE_STATE_WRONG, "recovery", "maker", ALLOCATE("r"));
	assert_int_equal(kit->refusal.entry, entry);
	/* I6: the excess is the payer's own, by name; and so is all that a stranger pays */
	kit_balance(kit, 2150, "Y", "i", "CNY", "30.00");
	kit_balance(kit, 2170, "P", "i", "CNY", "100.00");
	kit_accept(kit, "maker", ALLOCATE("stranger"));
	kit_balance(kit, 2150, "N", "i", "CNY", "5.00");
	kit_audit(kit);
}

/* Equal ranks are weighed by what is open; where that does not fit a number, it is refused. */
static void test_overflow(void **state)
{
	struct kit *kit = *state;
	rules_policy(kit, "flat", "\"scheme\":\"full\"",
		"[{\"rank\":1,\"claim\":\"costs\"},{\"rank\":1,\"claim\":\"interest\"}]");
	rules_declare_without_deposit(kit, "i", "flat");
	rules_claim(kit, "c", "i", "100.00");
	rules_distribute(kit, "i");
	rules_fund(kit, "i", "100.00");
	rules_instruct(kit, "c");
	rules_settle(kit, "c");
	rules_apportion(kit, "i", "several", ALL_OF("Y"));
	kit_accept(kit, "maker", COST("i", "90000000000000000.00"));
	kit_accept(kit, "maker",
		"{\"command\":\"interest.adjudge\",\"incident\":\"i\",\"party\":\"Y\",\"amount\":"
		"\"90000000000000000.00\",\"basis_hash\":" RULES_HASH "}");
	rules_receive(kit, "r", "i", "Y", "1.00");
	rules_refuse(kit, RECOURSE_OVERFLOW, NULL, "maker", ALLOCATE("r"));
	rules_refuse(kit, RECOURSE_OVERFLOW, "", "maker", COST("i", "90000000000000000.00"));
	kit_audit(kit);
}

static void test_remitting(void **state)
{
	static const struct rules_row rows[] = {
		{RECOURSE_ROLE_MISSING, "command", "maker", REMIT("i", "", "o")},
		{RECOURSE_NOT_FOUND, "incident", "bank", REMIT("none", "", "o")},
		{RECOURSE_NOT_FOUND, "incident", "teller", REMIT("i", "", "o")},
		{RECOURSE_INSUFFICIENT, "amount", "bank", REMIT("i", ",\"amount\":\"60.01\"", "o")},
		{RECOURSE_EXISTS, "bank_reference", "bank", REMIT("i", "", "in-r")},
		RULES_AMOUNTS("amount", "bank",
			"{\"command\":\"recovery.remit\",\"incident\":\"i\",\"bank_reference\":\"o\","
			"\"amount\":",
			"}"),
	};
	struct kit *kit = *state;
	rules_settled(kit, "i", "100.00");
	rules_refuse(kit, RECOURSE_INSUFFICIENT, "amount", "bank", REMIT("i", "", "o"));
	rules_apportion(kit, "i", "several", ALL_OF("Y"));
	rules_receive(kit, "r", "i", "Y", "60.00");
	rules_refuse(kit, RECOURSE_INSUFFICIENT, "amount", "bank", REMIT("i", "", "o"));
	rules_allocate(kit, "r");
	RULES_REFUSE(kit, rows);
	kit_accept(kit, "bank", REMIT("i", ",\"amount\":\"20.00\"", "o-1"));
	kit_balance(kit, 2170, "P", "i", "CNY", "40.00");
	kit_accept(kit, "bank", REMIT("i", "", "o-2"));
	kit_balance(kit, 1010, "bank", "", "CNY", "0");
	rules_refuse(kit, RECOURSE_INSUFFICIENT, "amount", "bank", REMIT("i", "", "o-3"));
	kit_audit(kit);
}

static void test_costs(void **state)
{
	static const struct rules_row rows[] = {
		{RECOURSE_ROLE_MISSING, "command", "checker", COST("i", "1.00")},
		{RECOURSE_NOT_FOUND, "incident", "maker", COST("none", "1.00")},
		RULES_AMOUNTS("amount", "maker",
			"{\"command\":\"cost.record\",\"incident\":\"i\",\"reason\":\"r\","
			"\"evidence_hash\":" RULES_HASH ",\"amount\":",
			"}"),
	};
	struct kit *kit = *state;
	rules_settled(kit, "i", "100.00");
	RULES_REFUSE(kit, rows);
	/* I3: costs are the funder's, and come back first */
	kit_accept(kit, "maker", COST("i", "7.00"));
	kit_balance(kit, 1130, "", "i", "CNY", "7.00");
	kit_balance(kit, 3120, "P", "i", "CNY", "7.00");
	rules_apportion(kit, "i", "several", ALL_OF("Y"));
	rules_receive(kit, "r", "i", "Y", "10.00");
	rules_allocate(kit, "r");
	kit_balance(kit, 1130, "", "i", "CNY", "0");
	kit_balance(kit, 3120, "P", "i", "CNY", "0");
	kit_balance(kit, 1110, "Y", "i", "CNY", "97.00");
	kit_balance(kit, 2170, "P", "i", "CNY", "10.00");
	kit_audit(kit);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		RULES_TEST(test_receiving),
		RULES_TEST(test_allocating),
		RULES_TEST(test_overflow),
		RULES_TEST(test_remitting),
		RULES_TEST(test_costs),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
