/* SPDX-License-Identifier: Apache-2.0 */
#include "rules.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

/* G6: each refusal of write_off.record and write_off.reinstate; two people, a memo, and back again. */

#define ALL_OF(party) "[{\"party\":\"" party "\",\"share\":\"100.00\"}]"
#define RECORD(id, incident, party, more)                                                                    \
	"{\"command\":\"write_off.record\",\"write_off\":\"" id "\",\"incident\":\"" incident                \
	"\",\"party\":\"" party "\",\"reason\":\"r\"" more "}"
#define REINSTATE(id, recovery)                                                                              \
	"{\"command\":\"write_off.reinstate\",\"write_off\":\"" id "\",\"recovery\":\"" recovery "\"}"

static void approve(struct kit *kit)
{
	kit_accept(kit, "checker", "{\"command\":\"proposal.approve\",\"proposal\":%llu}",
		(unsigned long long)kit->last_entry);
}

static void test_recording(void **state)
{
	static const struct rules_row rows[] = {
		{RECOURSE_ROLE_MISSING, "command", "checker", RECORD("w", "i", "Y", "")},
		{RECOURSE_NOT_FOUND, "incident", "maker", RECORD("w", "none", "Y", "")},
		{RECOURSE_NOT_FOUND, "party", "maker", RECORD("w", "i", "G", "")},
		{RECOURSE_NOT_FOUND, "party", "maker", RECORD("w", "i", "X", "")},
		{RECOURSE_INSUFFICIENT, "amount", "maker", RECORD("w", "i", "Y", ",\"amount\":\"100.01\"")},
		RULES_AMOUNTS("amount", "maker",
			"{\"command\":\"write_off.record\",\"write_off\":\"w\",\"incident\":\"i\","
			"\"party\":\"Y\","
			"\"reason\":\"r\",\"amount\":",
			"}"),
	};
	struct kit *kit = *state;
	rules_settled(kit, "i", "100.00");
	rules_apportion(kit, "i", "several", ALL_OF("Y"));
	RULES_REFUSE(kit, rows);
	/* a proposal does nothing yet */
	kit_accept(kit, "maker", RECORD("w", "i", "Y", ",\"amount\":\"40.00\""));
	kit_balance(kit, 1110, "Y", "i", "CNY", "100.00");
	kit_balance(kit, 9030, "Y", "i", "CNY", "0");
	approve(kit);
	kit_balance(kit, 1110, "Y", "i", "CNY", "60.00");
	kit_balance(kit, 3110, "P", "i", "CNY", "60.00");
	kit_balance(kit, 9030, "Y", "i", "CNY", "40.00");
	rules_refuse(kit, RECOURSE_EXISTS, "write_off", "maker", RECORD("w", "i", "Y", ""));
	rules_refuse(kit, RECOURSE_INSUFFICIENT, "amount", "maker",
		RECORD("w-2", "i", "Y",
			",\"amount\":"
			"\"60.01\""));
	kit_accept(kit, "maker", RECORD("w-2", "i", "Y", ""));
	approve(kit);
	rules_refuse(kit, RECOURSE_INSUFFICIENT, "amount", "maker", RECORD("w-3", "i", "Y", ""));
	kit_balance(kit, 9030, "Y", "i", "CNY", "100.00");
	kit_audit(kit);
}

static void test_reinstating(void **state)
{
	static const struct rules_row rows[] = {
		{RECOURSE_ROLE_MISSING, "command", "checker", REINSTATE("w", "late")},
		{RECOURSE_NOT_FOUND, "write_off", "maker", REINSTATE("none", "late")},
		{RECOURSE_NOT_FOUND, "recovery", "maker", REINSTATE("w", "none")},
		{RECOURSE_NOT_PERMITTED, "recovery", "maker", REINSTATE("w", "of-G")},
		{RECOURSE_NOT_PERMITTED, "recovery", "maker", REINSTATE("w", "elsewhere")},
		{RECOURSE_INSUFFICIENT, "recovery", "maker", REINSTATE("w", "spent")},
	};
	struct kit *kit = *state;
	rules_settled(kit, "i", "100.00");
	rules_settled(kit, "j", "100.00");
	rules_apportion(kit, "i", "several", ALL_OF("Y"));
	rules_receive(kit, "spent", "i", "Y", "10.00");
	rules_allocate(kit, "spent");
	kit_accept(kit, "maker", RECORD("w", "i", "Y", ""));
	approve(kit);
	rules_receive(kit, "late", "i", "Y", "30.00");
	rules_receive(kit, "of-G", "i", "G", "30.00");
	rules_receive(kit, "elsewhere", "j", "Y", "30.00");
	RULES_REFUSE(kit, rows);
	kit_accept(kit, "maker", REINSTATE("w", "late"));
	kit_balance(kit, 9030, "Y", "i", "CNY", "60.00");
	kit_balance(kit, 1110, "Y", "i", "CNY", "30.00");
	kit_balance(kit, 3110, "P", "i", "CNY", "30.00");
	rules_allocate(kit, "late");
	kit_balance(kit, 2170, "P", "i", "CNY", "40.00");
	/* part by part, never more than was given up */
	rules_receive(kit, "later", "i", "Y", "500.00");
	kit_accept(kit, "maker", REINSTATE("w", "later"));
	rules_refuse(kit, RECOURSE_INSUFFICIENT, "recovery", "maker", REINSTATE("w", "later"));
	kit_balance(kit, 9030, "Y", "i", "CNY", "0");
	rules_allocate(kit, "later");
	kit_balance(kit, 2150, "Y", "i", "CNY", "440.00");
	kit_balance(kit, 2170, "P", "i", "CNY", "100.00");
	kit_audit(kit);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		RULES_TEST(test_recording),
		RULES_TEST(test_reinstating),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
