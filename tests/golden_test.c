/* SPDX-License-Identifier: Apache-2.0 */
#include "kit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define INCIDENT "fuel-2016"

/*
 * The golden case, every figure. B1 B5 C1 C2 C3 D1 E1 F1 F2 F3 F4 G1 G2 G4 G5 G6 H2 H3 I10.
 * Money accounts by code, party, reference; what is not named must have been seen before or stand at zero.
 */
static void check(struct kit *kit, int code, const char *party, const char *amount)
{
	const char *reference = code == 1010 || code == 2010 ? "" : INCIDENT;
	kit_balance(kit, code, party, reference, "CNY", amount);
}

static void test_golden_case(void **state)
{
	struct kit kit;
	(void)state;
	kit_start(&kit);
	kit_golden(&kit);

	kit_golden_steps(&kit, 1, 1);
	check(&kit, 1010, "bank", "100000.00");
	check(&kit, 2010, "M", "100000.00");
	kit_golden_steps(&kit, 2, 2);
	check(&kit, 2010, "M", "0");
	check(&kit, 2020, "M", "100000.00");
	kit_golden_steps(&kit, 3, 3);
	check(&kit, 2020, "M", "0");
	check(&kit, 2110, "", "300000.00");
	check(&kit, 1115, "", "200000.00");
	check(&kit, 1100, "P", "200000.00");
	check(&kit, 3110, "P", "200000.00");
	kit_shows(&kit, "agent", "claim.brief", "{\"claim\":\"claim-A\"}", "\"deposit_share\":\"1000.00\"");
	kit_shows(&kit, "agent", "claim.brief", "{\"claim\":\"claim-A\"}", "\"loss\":\"3000.00\"");
	kit_shows(&kit, "agent", "claim.brief", "{\"claim\":\"claim-B\"}", "\"deposit_share\":\"1333.33\"");
	kit_shows(&kit, "agent", "claim.brief", "{\"claim\":\"claim-B\"}", "\"loss\":\"4000.00\"");
	kit_shows(&kit, "agent", "claim.brief", "{\"claim\":\"claim-others\"}", "\"deposit_share\":\"97666.67\"");
	kit_shows(&kit, "agent", "claim.brief", "{\"claim\":\"claim-B\"}", "\"state\":\"approved\"");
	kit_golden_steps(&kit, 4, 4);
	check(&kit, 1010, "bank", "300000.00");
	check(&kit, 1100, "P", "0");
	kit_golden_steps(&kit, 5, 5);
	check(&kit, 2110, "", "0");
	check(&kit, 2120, "", "300000.00");
	kit_golden_steps(&kit, 6, 6);
	check(&kit, 2120, "", "0");
	check(&kit, 1010, "bank", "0");
	check(&kit, 1110, "U", "200000.00");
	check(&kit, 1115, "", "0");
	kit_golden_steps(&kit, 7, 7);
	check(&kit, 1010, "bank", "3000.00");
	check(&kit, 2130, "", "3000.00");
	check(&kit, 1115, "", "2000.00");
	check(&kit, 1110, "U", "198000.00");
	kit_golden_steps(&kit, 8, 8);
	check(&kit, 1010, "bank", "0");
	check(&kit, 2130, "", "0");
	check(&kit, 1110, "U", "200000.00");
	kit_golden_steps(&kit, 9, 9);
	check(&kit, 1110, "U", "0");
	check(&kit, 1110, "M", "50000.00");
	check(&kit, 1110, "Y", "120000.00");
	check(&kit, 1110, "G", "30000.00");
	kit_golden_steps(&kit, 10, 10);
	check(&kit, 1110, "M", "0");
	check(&kit, 3110, "P", "150000.00");
	check(&kit, 2140, "M", "0");
	check(&kit, 2170, "P", "0");
	kit_golden_steps(&kit, 11, 11);
	check(&kit, 1110, "Y", "60000.00");
	check(&kit, 3110, "P", "90000.00");
	kit_golden_steps(&kit, 12, 12);
	check(&kit, 1110, "M", "50000.00");
	check(&kit, 1110, "G", "40000.00");
	check(&kit, 1110, "Y", "0");
	kit_golden_steps(&kit, 13, 13);
	check(&kit, 1110, "G", "0");
	check(&kit, 3110, "P", "50000.00");
	kit_golden_steps(&kit, 14, 14);
	check(&kit, 1110, "M", "30000.00");
	kit_golden_steps(&kit, 15, 15);
	check(&kit, 1110, "M", "0");
	check(&kit, 3110, "P", "0");
	check(&kit, 9030, "M", "30000.00");
	kit_golden_steps(&kit, 16, 16);
	check(&kit, 1130, "", "5000.00");
	check(&kit, 3120, "P", "5000.00");
	kit_golden_steps(&kit, 17, 17);
	check(&kit, 2140, "M", "45000.00");
	kit_golden_steps(&kit, 18, 18);
	check(&kit, 1110, "M", "30000.00");
	check(&kit, 3110, "P", "30000.00");
	check(&kit, 9030, "M", "0");
	kit_golden_steps(&kit, 19, 19);
	check(&kit, 2140, "M", "0");
	check(&kit, 2170, "P", "35000.00");
	check(&kit, 2150, "consumers", "6000.00");
	check(&kit, 2150, "M", "4000.00");
	check(&kit, 1130, "", "0");
	check(&kit, 3120, "P", "0");
	kit_golden_steps(&kit, 20, 20);
	check(&kit, 1010, "bank", "0");
	kit_shows(&kit, "agent", "claim.brief", "{\"claim\":\"claim-A\"}", "\"interest\":\"60.00\"");
	kit_shows(&kit, "agent", "claim.brief", "{\"claim\":\"claim-B\"}", "\"interest\":\"80.00\"");
	kit_shows(&kit, "agent", "claim.brief", "{\"claim\":\"claim-others\"}", "\"interest\":\"5860.00\"");

	/* every money account at zero: only the unit ledger is left on the trial balance */
	char *reply = NULL;
	assert_ok(kit_query(&kit, "auditor", "report.trial_balance", "{}", &reply));
	assert_null(strstr(reply, "\"unit\":\"CNY\",\"account\""));
	assert_non_null(strstr(reply, "units extinguished"));
	const char *accounts = strstr(reply, "\"accounts\":");
	const char *totals = strstr(reply, "\"totals\":");
	assert_non_null(accounts);
	assert_non_null(totals);
	for (const char *row = strstr(accounts, "\"code\":"); row != NULL; row = strstr(row + 1, "\"code\":"))
		assert_int_equal(row[7], '8');
	free(reply);

	kit_audit(&kit);
	kit_reopen(&kit, true);
	kit_audit(&kit);
	kit_end(&kit);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_golden_case),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
