/* SPDX-License-Identifier: Apache-2.0 */
#include "host_clock.h"
#include "support.h"
#include "sweeper.h"

/* How the sweep of the state is paced (J4): a tenth of a core at most, however slow the disk. The clock is the test's. */
static uint64_t now;
static uint64_t takes;
static size_t asked;
static bool at_end;
static enum recourse_error wrong;

uint64_t host_clock_monotonic(void)
{
	return now;
}

enum recourse_error recourse_ledger_sweep(struct recourse_ledger *ledger, size_t rows, bool *whole)
{
	(void)ledger;
	asked = rows;
	now += takes;
	*whole = at_end;
	return wrong;
}

static void test_pace(void **state)
{
	struct sweeper sweeper = {0};
	(void)state;
	now = HOST_CLOCK_SECOND;
	takes = HOST_CLOCK_MILLISECOND;
	assert_ok(sweeper_step(&sweeper));
	assert_int_equal(asked, SWEEPER_ROWS);
	assert_int_equal(sweeper.due, HOST_CLOCK_SECOND + SWEEPER_INTERVAL);
	/* a disk that has to be read first */
	now = sweeper.due;
	takes = 30 * HOST_CLOCK_MILLISECOND;
	assert_ok(sweeper_step(&sweeper));
	assert_int_equal(sweeper.due, now + 9 * takes);
	/* at the end it rests, and still asks whether the writer came upon something */
	at_end = true;
	assert_ok(sweeper_step(&sweeper));
	at_end = false;
	assert_int_equal(sweeper.due, now + HOST_CLOCK_SECOND);
	uint64_t rested = now + 60 * HOST_CLOCK_SECOND;
	now = sweeper.due;
	assert_ok(sweeper_step(&sweeper));
	assert_int_equal(asked, 0);
	now = rested;
	assert_ok(sweeper_step(&sweeper));
	assert_int_equal(asked, SWEEPER_ROWS);
	wrong = RECOURSE_STORE_CORRUPT;
	assert_error(sweeper_step(&sweeper), RECOURSE_STORE_CORRUPT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_pace)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
