/* SPDX-License-Identifier: Apache-2.0 */
#include "support.h"
#include "child.h"
#include "watchdog.h"

#include <sys/wait.h>
#include <unistd.h>

enum { STATUS = 7 };

static void hang(void *context)
{
	(void)watchdog_start(1, STATUS);
	for (;;)
		pause();
}

static void end_in_time(void *context)
{
	watchdog_stop(watchdog_start(3600, STATUS));
	watchdog_stop(NULL);
}

/* What does not come to its end is ended, with the status that was given. */
static void test_hangs(void **state)
{
	int status = child_run(hang, NULL);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), STATUS);
}

static void test_in_time(void **state)
{
	assert_int_equal(child_run(end_in_time, NULL), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_hangs),
		cmocka_unit_test(test_in_time),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
