/* SPDX-License-Identifier: Apache-2.0 */
#include "kit.h"

#include "base/instant.h"

/* Clocks where the host or the service is not as it should be; the rest of them is cases (decide/clocks.case). */
#define HOLD "maker deposit.hold merchant=M amount=1.00 unit=CNY reason=r "

/* A revoked key lets nothing strike, and is no reason to stop for anybody else. */
static void test_revoked_system_key(void **state)
{
	static const uint8_t salt[RECOURSE_SALT_SIZE] = {0xc1, 0x0c};
	struct kit *kit = *state;
	uint64_t fired = 0;
	uint64_t next;
	kit_play(kit, "deposit M 100.00 b-1\n" HOLD "hold=h expires=2016-05-05T00:00:00Z\n"
		      "admin key.revoke key=@system reason=lost\n"
		      "wait 2 days without clocks");
	uint64_t entries = kit_entries(kit);
	assert_error(recourse_ledger_tick(kit->ledger, kit->now, salt, &fired, &next), RECOURSE_KEY_REVOKED);
	assert_int_equal(fired, 0);
	assert_int_equal(kit_entries(kit), entries);
	kit_play(kit, "deposit M 1.00 b-2\naudit");
}

/* The host's clock goes back: nothing stops, nothing is reordered, nothing expires for it. */
static void test_host_clock_goes_back(void **state)
{
	struct kit *kit = *state;
	kit_play(kit, "deposit M 100.00 b-1\n"
		      "wait 1 day without clocks\n" HOLD "hold=a expires=2016-06-04T12:00:00Z");
	kit->now -= 2 * INSTANT_DAY;
	kit_play(kit,
		HOLD "hold=b expires=2016-06-04T12:00:00Z\n" HOLD "hold=c expires=2016-06-04T12:00:00Z\n"
		     "audit");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		KIT_TEST(test_revoked_system_key),
		KIT_TEST(test_host_clock_goes_back),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
