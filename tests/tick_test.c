/* SPDX-License-Identifier: Apache-2.0 */
#include "rules.h"

#include "base/instant.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

/* Clocks where the host or the service is not as it should be; the rest of them is cases (decide/clocks.case). */
static void hold(struct kit *kit, const char *id, const char *expires)
{
	kit_accept(kit, "maker",
		"{\"command\":\"deposit.hold\",\"hold\":\"%s\",\"merchant\":\"M\",\"amount\":\"1.00\","
		"\"unit\":\"CNY\",\"reason\":\"r\",\"expires\":\"%s\"}",
		id, expires);
}

/* A revoked key lets nothing strike, and is no reason to stop for anybody else. */
static void test_revoked_system_key(void **state)
{
	static const uint8_t salt[RECOURSE_SALT_SIZE] = {0xc1, 0x0c};
	struct kit *kit = *state;
	char handle[256];
	uint64_t fired = 0;
	uint64_t next;
	rules_deposit(kit, "M", "100.00", "b-1");
	hold(kit, "h", "2016-05-05T00:00:00Z");
	rules_handle(kit->origin, "system", handle);
	kit_accept(kit, "admin", "{\"command\":\"key.revoke\",\"key\":\"%s\",\"reason\":\"lost\"}", handle);
	kit->now += 2 * INSTANT_DAY;
	uint64_t entries = rules_entries(kit);
	assert_error(recourse_ledger_tick(kit->ledger, kit->now, salt, &fired, &next), RECOURSE_KEY_REVOKED);
	assert_int_equal(fired, 0);
	assert_int_equal(rules_entries(kit), entries);
	rules_deposit(kit, "M", "1.00", "b-2");
	kit_audit(kit);
}

/* The host's clock goes back: nothing stops, nothing is reordered, nothing expires for it. */
static void test_host_clock_goes_back(void **state)
{
	struct kit *kit = *state;
	rules_deposit(kit, "M", "100.00", "b-1");
	kit->now += INSTANT_DAY;
	hold(kit, "a", "2016-06-04T12:00:00Z");
	kit->now -= 2 * INSTANT_DAY;
	hold(kit, "b", "2016-06-04T12:00:00Z");
	hold(kit, "c", "2016-06-04T12:00:00Z");
	kit_audit(kit);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		RULES_TEST(test_revoked_system_key),
		RULES_TEST(test_host_clock_goes_back),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
