/* SPDX-License-Identifier: Apache-2.0 */
#include "mislead.h"

#include "base/instant.h"
#include "books/record_ledger.h"

#include <stdio.h>

/* E3: clocks that are held, as the audit sees them; what the rules say is in tests/rules/decide/clock-hold.case. */
#define SETTING                                                                                              \
	"deposit M 1000.00 b-1\n"                                                                            \
	"maker deposit.hold hold=h merchant=M amount=1.00 unit=CNY reason=signal "                           \
	"expires=2016-05-04T12:00:00Z\n"
#define JUMPED "system clock.hold host=2017-05-04T00:00:00Z counted=2016-05-04T01:00:00Z\n"

static unsigned long long jumped(struct kit *kit)
{
	kit_play(kit, JUMPED);
	return (unsigned long long)kit->last_entry;
}

/* The ledger and its holds say the same of one another. */
static void test_invariants(void **state)
{
	struct kit *kit = *state;
	char ended[24];
	char open[24];
	kit_play(kit, SETTING);
	unsigned long long first = jumped(kit);
	kit_play(kit, "system clock.release hold=%llu\nwait 12 hours strikes 1", first);
	unsigned long long second = jumped(kit);
	snprintf(ended, sizeof ended, "%llu", first);
	snprintf(open, sizeof open, "%llu", second);
	const struct wrong wrong[] = {
		{"does not know which hold", {SET(LEDGER, "", ledger, held, 0)}},
		{"does not know which hold", {SET(LEDGER, "", ledger, held, (int64_t)first)}},
		{"does not know which hold", {SET(LEDGER, "", ledger, held_last, (int64_t)first)}},
		{"the hold that the ledger's clocks wait for",
			{SET(LEDGER, "", ledger, held, 1), GONE(CLOCK_HOLD, open)}},
		{"the last hold of the ledger's clocks",
			{SET(LEDGER, "", ledger, held, 0), GONE(CLOCK_HOLD, open)}},
		{"its end contradict", {SET(CLOCK_HOLD, ended, clock_hold, ended_entry, 0)}},
		{"its end contradict", {SET(CLOCK_HOLD, ended, clock_hold, until, 0)}},
		{"its end contradict", {SET(CLOCK_HOLD, ended, clock_hold, ending, CLOCK_HOLD_CONFIRMED)}},
		{"its end contradict", {SET(CLOCK_HOLD, ended, clock_hold, confirmed_by, 1)}},
		{"its end contradict", {SET(CLOCK_HOLD, open, clock_hold, until, 1)}},
		{"its end contradict", {SET(CLOCK_HOLD, open, clock_hold, struck, 1)}},
	};
	MISLEAD_EACH(kit, wrong);
}

/* A service that is told otherwise while it runs lets strike what is held. */
static void test_misled(void **state)
{
	static const struct cheat cheats[] = {
		{"clocks that are held", 0, SETTING JUMPED "wait 12 hours without clocks",
			"system clock.fire clock=hold subject=h due=2016-05-04T12:00:00Z", 0, "STATE_WRONG",
			NULL, {SET(LEDGER, "", ledger, held, 0)}},
		{"one person alone", 0, SETTING JUMPED "admin clock.confirm hold=$last reason=r",
			"admin proposal.approve proposal=$last", 0, "ROLE_MISSING", NULL,
			{SET(KEY, "admin", key, roles, RECOURSE_ROLE_APPROVER),
				SET(PROPOSAL, "@", proposal, maker, 2)}},
	};
	MISLEAD_TRY(cheats);
}

/* The service does not even try. */
static void test_silence(void **state)
{
	struct kit *kit = *state;
	struct recourse_clocks before;
	struct recourse_clocks after;
	kit_play(kit, SETTING JUMPED);
	assert_ok(recourse_ledger_clocks(kit->ledger, &before));
	assert_int_equal(kit_wait(kit, 86400), 0);
	assert_ok(recourse_ledger_clocks(kit->ledger, &after));
	assert_int_equal(after.requests, before.requests);
}

/* What waited is not late, though other things were decided meanwhile; how often, and whether still, is said. */
static void test_report(void **state)
{
	struct kit *kit = *state;
	struct recourse_audit_options options = {.directory = kit->directory.path};
	struct recourse_audit report;
	kit_play(kit, SETTING);
	unsigned long long first = jumped(kit);
	kit_play(kit,
		"wait 13 hours strikes 0\ndeposit M 1.00 b-2\nwait 1 hour strikes 0\ndeposit M 1.00 b-3");
	kit_close(kit);
	assert_ok(recourse_ledger_audit(&options, &report));
	assert_int_equal(report.clock_holds, 1);
	assert_int_equal(report.clock_hold_first, first);
	assert_int_equal(report.clock_hold_open, first);
	assert_int_equal(report.clocks_waited, 0);
	assert_int_equal(report.overdue, 1);

	kit_reopen(kit, false);
	kit_play(kit, "system clock.release hold=%llu\nwait 1 second strikes 1", first);
	unsigned long long second = jumped(kit);
	kit_play(kit, "system clock.release hold=%llu", second);
	kit_close(kit);
	assert_ok(recourse_ledger_audit(&options, &report));
	assert_int_equal(report.clock_holds, 2);
	assert_int_equal(report.clock_hold_first, first);
	assert_int_equal(report.clock_hold_open, 0);
	assert_int_equal(report.clocks_waited, 1);
	assert_int_equal(report.overdue, 0);
	assert_int_equal(report.late, 0);
	kit_reopen(kit, false);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		KIT_TEST(test_invariants),
		cmocka_unit_test(test_misled),
		KIT_TEST(test_silence),
		KIT_TEST(test_report),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
