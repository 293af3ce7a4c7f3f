/* SPDX-License-Identifier: Apache-2.0 */
#include "rules.h"

#include "base/instant.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

/* Clocks whose way is blocked: what somebody else did must neither stop them for good nor make them strike for ever. */
static enum recourse_error tick(struct kit *kit, uint64_t *fired)
{
	static const uint8_t salt[RECOURSE_SALT_SIZE] = {0xc1, 0x0c};
	uint64_t next;
	return recourse_ledger_tick(kit->ledger, kit->now, salt, fired, &next);
}

static void hold_a_day(struct kit *kit)
{
	kit_accept(kit, "maker",
		"{\"command\":\"deposit.hold\",\"hold\":\"h\",\"merchant\":\"M\",\"amount\":\"1.00\","
		"\"unit\":\"CNY\","
		"\"reason\":\"r\",\"expires\":\"2016-05-05T00:00:00Z\"}");
}

static void pass_two_days(struct kit *kit)
{
	kit->now += 2 * INSTANT_DAY;
}

/* Request ids are the party's: an operator of the platform tries to have the clock's next one before it. */
static void test_id_is_not_to_be_guessed(void **state)
{
	static const char nothing[] =
		"{\"mode\":\"each\",\"commands\":[{\"command\":\"deposit.release\",\"hold\":"
		"\"none\",\"reason\":\"r\"}]}";
	struct kit *kit = *state;
	uint64_t fired = 0;
	rules_deposit(kit, "M", "100.00", "b-1");
	hold_a_day(kit);
	for (int number = 60; number < 160; number++) {
		char id[20];
		snprintf(id, sizeof id, "clock-%d", number);
		assert_ok(kit_request(kit, "maker", id, nothing, NULL));
	}
	pass_two_days(kit);
	assert_ok(tick(kit, &fired));
	assert_int_equal(fired, 1);
	kit_balance(kit, 2010, "M", "", "CNY", "100.00");
	kit_audit(kit);
}

/* The hold was within 64 bits, its release is not: the deposit's turnover is used up. */
static void test_action_that_can_not_settle(void **state)
{
	struct kit *kit = *state;
	uint64_t fired = 0;
	rules_deposit(kit, "M", "92233720368547758.07", "b-1");
	hold_a_day(kit);
	pass_two_days(kit);
	assert_ok(tick(kit, &fired));
	assert_int_equal(fired, 1);
	kit_balance(kit, 2020, "M", "h", "CNY", "1.00");
	assert_ok(tick(kit, &fired));
	assert_int_equal(fired, 0);
	kit_audit(kit);
}

/* A revoked key lets nothing strike, and is no reason to stop for anybody else. */
static void test_revoked_system_key(void **state)
{
	struct kit *kit = *state;
	char vkey[256];
	uint64_t fired = 0;
	rules_deposit(kit, "M", "100.00", "b-1");
	hold_a_day(kit);
	rules_vkey("example.com/ledger", "system", vkey);
	char *end = strchr(vkey, '+'); /* name+hex8+base64 */
	assert_non_null(end);
	end[9] = '\0';
	kit_accept(kit, "admin", "{\"command\":\"key.revoke\",\"key\":\"%s\",\"reason\":\"lost\"}", vkey);
	pass_two_days(kit);
	uint64_t entries = rules_entries(kit);
	assert_error(tick(kit, &fired), RECOURSE_KEY_REVOKED);
	assert_int_equal(fired, 0);
	assert_int_equal(rules_entries(kit), entries);
	rules_deposit(kit, "M", "1.00", "b-2");
	kit_audit(kit);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		RULES_TEST(test_id_is_not_to_be_guessed),
		RULES_TEST(test_action_that_can_not_settle),
		RULES_TEST(test_revoked_system_key),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
