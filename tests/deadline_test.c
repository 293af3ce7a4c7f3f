/* SPDX-License-Identifier: Apache-2.0 */
#include "kit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

/* Clocks (E3): what is due becomes an entry by the system's own key, and replay never looks at a wall clock. */
enum { MINUTE = 60, HOUR = 3600, DAY = 86400 };

static int make(void **state)
{
	struct kit *kit = malloc(sizeof *kit);
	kit_start(kit);
	kit_golden(kit);
	kit_golden_steps(kit, 1, 1);
	*state = kit;
	return 0;
}

static int unmake(void **state)
{
	kit_end(*state);
	free(*state);
	return 0;
}

#define HOLD(id, amount, expires)                                                                            \
	"{\"command\":\"deposit.hold\",\"hold\":\"" id "\",\"merchant\":\"M\",\"amount\":\"" amount          \
	"\",\"unit\":\"CNY\",\"reason\":\"signal\",\"expires\":\"" expires "\"}"

/* A3: a hold expires by itself, once; the ledger opens on 2016-05-04. */
static void test_hold_expires(void **state)
{
	struct kit *kit = *state;
	kit_accept(kit, "maker", HOLD("h", "1000.00", "2016-05-04T12:00:00Z"));
	kit_balance(kit, 2020, "M", "h", "CNY", "1000.00");
	assert_int_equal(kit_wait(kit, 11 * HOUR), 0);
	kit_balance(kit, 2020, "M", "h", "CNY", "1000.00");
	assert_int_equal(kit_wait(kit, HOUR), 1);
	kit_balance(kit, 2020, "M", "h", "CNY", "0");
	kit_balance(kit, 2010, "M", "", "CNY", "100000.00");
	kit_shows(kit, "auditor", "deposit.statement", "{\"merchant\":\"M\",\"unit\":\"CNY\"}",
		"example.com/ledger/system+");
	assert_int_equal(kit_wait(kit, DAY), 0);
	kit_refuse(kit, RECOURSE_INSUFFICIENT, "amount", "maker",
		"{\"command\":\"deposit.release\",\"hold\":\"h\",\"reason\":\"late\"}");
	kit_audit(kit);
	kit_reopen(kit, true);
	kit_audit(kit);
}

/* What was released before takes its clock with it; a part that was released is not released again. */
static void test_released_before(void **state)
{
	struct kit *kit = *state;
	kit_accept(kit, "maker", HOLD("all", "1000.00", "2016-05-04T12:00:00Z"));
	kit_accept(kit, "maker", HOLD("part", "1000.00", "2016-05-04T12:00:00Z"));
	kit_accept(kit, "maker", "{\"command\":\"deposit.release\",\"hold\":\"all\",\"reason\":\"solved\"}");
	kit_accept(kit, "maker",
		"{\"command\":\"deposit.release\",\"hold\":\"part\",\"amount\":\"400.00\",\"reason\":"
		"\"solved\"}");
	assert_int_equal(kit_wait(kit, DAY), 1);
	kit_balance(kit, 2010, "M", "", "CNY", "100000.00");
	kit_audit(kit);
}

/* Many at once, and time that went on while nobody looked: all strike, in the order of their instants. */
static void test_many(void **state)
{
	struct kit *kit = *state;
	for (int hold = 0; hold < 1300; hold++)
		kit_accept(kit, "maker",
			"{\"command\":\"deposit.hold\",\"hold\":\"h-%d\",\"merchant\":\"M\",\"amount\":\"1."
			"00\",\"unit\":\"CNY\","
			"\"reason\":\"signal\",\"expires\":\"2016-06-04T12:%02d:00Z\"}",
			hold, hold % 60);
	kit_balance(kit, 2010, "M", "", "CNY", "98700.00");
	assert_int_equal(kit_wait(kit, 60 * DAY), 1300);
	kit_balance(kit, 2010, "M", "", "CNY", "100000.00");
	kit_audit(kit);
}

/* B1: the claim window closes by the clock. */
static void test_bar_date(void **state)
{
	struct kit *kit = *state;
	kit_golden_steps(kit, 2, 2);
	kit_shows(kit, "agent", "incident.summary", "{\"incident\":\"fuel-2016\"}",
		"\"state\":\"claims open\"");
	assert_int_equal(kit_wait(kit, 89 * DAY), 0);
	assert_int_equal(kit_wait(kit, 2 * DAY), 1);
	kit_shows(kit, "agent", "incident.summary", "{\"incident\":\"fuel-2016\"}", "\"state\":\"bar date\"");
	kit_audit(kit);
}

/* A clock that can not act any more leaves its reason and does not strike again. */
static void test_missed(void **state)
{
	struct kit *kit = *state;
	kit_golden_steps(kit, 2, 3);
	assert_int_equal(kit_wait(kit, 91 * DAY), 1);
	kit_shows(kit, "agent", "incident.summary", "{\"incident\":\"fuel-2016\"}",
		"\"state\":\"adjudicated\"");
	assert_int_equal(kit_wait(kit, DAY), 0);
	kit_audit(kit);
}

/* Nobody but the service lets a clock strike, and not before its time. */
static void test_refused(void **state)
{
	struct kit *kit = *state;
	const char *fire = "{\"command\":\"clock.fire\",\"clock\":\"hold\",\"subject\":\"h\",\"due\":\"2016-"
			   "05-04T12:00:00Z\"}";
	kit_accept(kit, "maker", HOLD("h", "1000.00", "2016-05-04T12:00:00Z"));
	kit_refuse(kit, RECOURSE_ROLE_MISSING, "command", "admin", "%s", fire);
	kit_refuse(kit, RECOURSE_WINDOW_CLOSED, "due", "system", "%s", fire);
	kit_refuse(kit, RECOURSE_NOT_FOUND, "subject", "system",
		"{\"command\":\"clock.fire\",\"clock\":\"hold\",\"subject\":\"x\",\"due\":\"2016-05-04T12:00:"
		"00Z\"}");
	kit_refuse(kit, RECOURSE_WINDOW_CLOSED, "expires", "maker",
		HOLD("p", "1000.00", "2016-05-03T12:00:00Z"));
	kit_refuse(
		kit, RECOURSE_ROLE_MISSING, "command", "system", HOLD("s", "1.00", "2016-05-05T12:00:00Z"));
}

/* On a test ledger time may jump; requests still expire by the host's clock, and the audit follows. */
static void test_advance(void **state)
{
	struct kit *kit = *state;
	kit_accept(kit, "maker", HOLD("h", "1000.00", "2016-06-04T12:00:00Z"));
	kit_refuse(kit, RECOURSE_ROLE_MISSING, "command", "maker",
		"{\"command\":\"clock.advance\",\"seconds\":60}");
	kit_accept(kit, "admin", "{\"command\":\"clock.advance\",\"seconds\":%d}", 40 * DAY);
	assert_int_equal(kit_wait(kit, 1), 1);
	kit_balance(kit, 2010, "M", "", "CNY", "100000.00");
	kit_accept(kit, "maker", HOLD("h-2", "1000.00", "2016-07-04T12:00:00Z"));
	kit_reopen(kit, true);
	assert_int_equal(kit_wait(kit, MINUTE), 0);
	kit_audit(kit);
}

/* The host's clock goes back: nothing stops, nothing is reordered, nothing expires for it. */
static void test_host_clock_goes_back(void **state)
{
	struct kit *kit = *state;
	kit->now += (uint64_t)DAY * 1000000000;
	kit_accept(kit, "maker", HOLD("a", "1.00", "2016-06-04T12:00:00Z"));
	kit->now -= (uint64_t)2 * DAY * 1000000000;
	kit_accept(kit, "maker", HOLD("b", "1.00", "2016-06-04T12:00:00Z"));
	kit_accept(kit, "maker", HOLD("c", "1.00", "2016-06-04T12:00:00Z"));
	kit_audit(kit);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_hold_expires, make, unmake),
		cmocka_unit_test_setup_teardown(test_released_before, make, unmake),
		cmocka_unit_test_setup_teardown(test_many, make, unmake),
		cmocka_unit_test_setup_teardown(test_bar_date, make, unmake),
		cmocka_unit_test_setup_teardown(test_missed, make, unmake),
		cmocka_unit_test_setup_teardown(test_refused, make, unmake),
		cmocka_unit_test_setup_teardown(test_advance, make, unmake),
		cmocka_unit_test_setup_teardown(test_host_clock_goes_back, make, unmake),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
