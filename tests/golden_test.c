/* SPDX-License-Identifier: Apache-2.0 */
#include "kit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define INCIDENT "fuel-2016"

/*
 * The golden case, every figure: B1 B5 C1 C2 C3 D1 E1 F1 F2 F3 F4 G1 G2 G4 G5 G6 H2 H3, I1 to I12. What the money
 * accounts stand at after each step; none of these figures was ever submitted as a posting.
 */
static const struct expectation {
	int step;
	int code;
	const char *party;
	const char *amount;
} expectations[] = {
	{1, 1010, "bank", "100000.00"},
	{1, 2010, "M", "100000.00"},
	{2, 2010, "M", "0"},
	{2, 2020, "M", "100000.00"},
	{3, 2020, "M", "0"},
	{3, 2110, "", "300000.00"},
	{3, 1115, "", "200000.00"},
	{3, 1100, "P", "200000.00"},
	{3, 3110, "P", "200000.00"},
	{4, 1010, "bank", "300000.00"},
	{4, 1100, "P", "0"},
	{5, 2110, "", "0"},
	{5, 2120, "", "300000.00"},
	{6, 2120, "", "0"},
	{6, 1010, "bank", "0"},
	{6, 1110, "U", "200000.00"},
	{6, 1115, "", "0"},
	{7, 1010, "bank", "3000.00"},
	{7, 2130, "", "3000.00"},
	{7, 1115, "", "2000.00"},
	{7, 1110, "U", "198000.00"},
	{8, 1010, "bank", "0"},
	{8, 2130, "", "0"},
	{8, 1110, "U", "200000.00"},
	{9, 1110, "U", "0"},
	{9, 1110, "M", "50000.00"},
	{9, 1110, "Y", "120000.00"},
	{9, 1110, "G", "30000.00"},
	{10, 1110, "M", "0"},
	{10, 3110, "P", "150000.00"},
	{10, 2140, "M", "0"},
	{10, 2170, "P", "0"},
	{11, 1110, "Y", "60000.00"},
	{11, 3110, "P", "90000.00"},
	{12, 1110, "M", "50000.00"},
	{12, 1110, "G", "40000.00"},
	{12, 1110, "Y", "0"},
	{13, 1110, "G", "0"},
	{13, 3110, "P", "50000.00"},
	{14, 1110, "M", "30000.00"},
	{15, 1110, "M", "0"},
	{15, 3110, "P", "0"},
	{15, 9030, "M", "30000.00"},
	{16, 1130, "", "5000.00"},
	{16, 3120, "P", "5000.00"},
	{17, 2140, "M", "45000.00"},
	{18, 1110, "M", "30000.00"},
	{18, 3110, "P", "30000.00"},
	{18, 9030, "M", "0"},
	{19, 2140, "M", "0"},
	{19, 2170, "P", "35000.00"},
	{19, 2150, "consumers", "6000.00"},
	{19, 2150, "M", "4000.00"},
	{19, 1130, "", "0"},
	{19, 3120, "P", "0"},
	{20, 1010, "bank", "0"},
};

static void check_step(struct kit *kit, int step)
{
	for (size_t index = 0; index < sizeof expectations / sizeof expectations[0]; index++) {
		const struct expectation *row = &expectations[index];
		const char *reference = row->code == 1010 || row->code == 2010 ? "" : INCIDENT;
		if (row->step == step)
			kit_balance(kit, row->code, row->party, reference, "CNY", row->amount);
	}
}

static void check_claim(struct kit *kit, const char *claim, const char *member, const char *amount)
{
	char params[64];
	char text[64];
	snprintf(params, sizeof params, "{\"claim\":\"%s\"}", claim);
	snprintf(text, sizeof text, "\"%s\":\"%s\"", member, amount);
	kit_shows(kit, "agent", "claim.brief", params, text);
}

/* Step 3: what was lost, and how the deposit is shared out, to the last fen. */
static void check_distribution(struct kit *kit)
{
	check_claim(kit, "claim-A", "loss", "3000.00");
	check_claim(kit, "claim-B", "loss", "4000.00");
	check_claim(kit, "claim-others", "loss", "293000.00");
	check_claim(kit, "claim-A", "deposit_share", "1000.00");
	check_claim(kit, "claim-B", "deposit_share", "1333.33");
	check_claim(kit, "claim-others", "deposit_share", "97666.67");
	check_claim(kit, "claim-B", "state", "approved");
}

/* Every money account is at zero: only the unit ledger is left on the trial balance. */
static void check_end(struct kit *kit)
{
	char *reply = NULL;
	check_claim(kit, "claim-A", "interest", "60.00");
	check_claim(kit, "claim-B", "interest", "80.00");
	check_claim(kit, "claim-others", "interest", "5860.00");
	assert_ok(kit_query(kit, "auditor", "report.trial_balance", "{}", &reply));
	const char *accounts = strstr(reply, "\"accounts\":");
	assert_non_null(accounts);
	assert_non_null(strstr(accounts, "units extinguished"));
	for (const char *row = strstr(accounts, "\"code\":"); row != NULL; row = strstr(row + 1, "\"code\":"))
		assert_int_equal(row[7], '8');
	free(reply);
}

static void test_golden_case(void **state)
{
	struct kit kit;
	(void)state;
	kit_start(&kit);
	kit_golden(&kit);
	for (int step = 1; step <= 20; step++) {
		kit_golden_steps(&kit, step, step);
		check_step(&kit, step);
		if (step == 3)
			check_distribution(&kit);
	}
	check_end(&kit);
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
