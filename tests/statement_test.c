/* SPDX-License-Identifier: Apache-2.0 */
#include "kit.h"

#include <inttypes.h>
#include <string.h>

/* A1, K: the deposit statement of many periods; see tests/rules/deposit/statement.case. */
/*
 * The sums over all holds, against the holds themselves, at random: what is frozen is what was held and not
 * released, as of every day.
 */
static void test_many_holds(void **state)
{
	enum { DAYS = 30 };
	struct kit *kit = *state;
	struct support_random random = support_random_start();
	int64_t frozen[DAYS];
	int64_t open[DAYS] = {0};
	int64_t sum = 0;
	kit_play(kit, "deposit M 10000.00 b-1");
	for (int day = 0; day < DAYS; day++) {
		open[day] = 1 + (int64_t)support_random_below(&random, 300);
		sum += open[day];
		kit_play(kit,
			"wait 1 day without clocks\n"
			"maker deposit.hold hold=h-%d merchant=M amount=%" PRId64 ".00 unit=CNY reason=late",
			day, open[day]);
		int other = (int)support_random_below(&random, (uint64_t)day + 1);
		if (open[other] > 0 && other != day) {
			kit_play(kit, "maker deposit.release hold=h-%d reason=solved", other);
			sum -= open[other];
			open[other] = 0;
		}
		frozen[day] = sum;
	}
	for (int round = 0; round < 2; round++) {
		for (int day = 0; day < DAYS; day++)
			/* holds begin on the 5th of May */
			kit_play(kit,
				"? merchant deposit.statement merchant=M unit=CNY "
				"until=2016-%02d-%02dT00:00:00Z"
				" : closing.frozen=%" PRId64 ".00",
				day < 26 ? 5 : 6, day < 26 ? day + 6 : day - 25, frozen[day]);
		kit_audit(kit);
		kit_reopen(kit, true);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		KIT_TEST(test_many_holds),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
