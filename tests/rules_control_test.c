/* SPDX-License-Identifier: Apache-2.0 */
#include "kit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

/*
 * Limits and approvals (H2): by amount, day and incident; what exceeds one waits for k of n other people. The maker is
 * `maker`; `checker` and `second` may approve.
 */
static int make(void **state)
{
	struct kit *kit = malloc(sizeof *kit);
	kit_start(kit);
	kit_golden(kit);
	kit_key(kit, "second", "P", "[\"approver\"]");
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

static void publish(struct kit *kit, int version, const char *limits)
{
	kit_accept(kit, "admin", "{\"command\":\"control.publish\",\"version\":%d,\"limits\":[%s]}", version,
		limits);
}

#define LIMIT(command, span, amount, approvals)                                                              \
	"{\"command\":\"" command "\",\"span\":\"" span "\",\"unit\":\"CNY\",\"amount\":\"" amount           \
	"\",\"approvals\":" approvals "}"

static void hold(struct kit *kit, const char *id, const char *amount)
{
	kit_accept(kit, "maker",
		"{\"command\":\"deposit.hold\",\"hold\":\"%s\",\"merchant\":\"M\",\"amount\":\"%s\",\"unit\":"
		"\"CNY\",\"reason\":\"x\"}",
		id, amount);
}

static void approve(struct kit *kit, const char *key, uint64_t proposal)
{
	kit_accept(kit, key, "{\"command\":\"proposal.approve\",\"proposal\":%llu}",
		(unsigned long long)proposal);
}

static void refuse_approval(struct kit *kit, enum recourse_error error, const char *key, uint64_t proposal)
{
	kit_refuse(kit, error, "proposal", key, "{\"command\":\"proposal.approve\",\"proposal\":%llu}",
		(unsigned long long)proposal);
}

static void available(struct kit *kit, const char *amount)
{
	kit_balance(kit, 2010, "M", "", "CNY", amount);
}

static void test_single(void **state)
{
	struct kit *kit = *state;
	publish(kit, 1, LIMIT("deposit.hold", "single", "1000.00", "1"));
	hold(kit, "at", "1000.00");
	available(kit, "99000.00");
	hold(kit, "above", "1000.01");
	available(kit, "99000.00");
	uint64_t proposal = kit->last_entry;
	kit_refuse(kit, RECOURSE_ROLE_MISSING, "command", "maker",
		"{\"command\":\"proposal.approve\",\"proposal\":%llu}", (unsigned long long)proposal);
	approve(kit, "checker", proposal);
	available(kit, "97999.99");
	refuse_approval(kit, RECOURSE_STATE_WRONG, "second", proposal);
	kit_audit(kit);
}

/* Two of them, different ones, in any order; each approval is an entry, the last one carries it out. */
static void test_two_people(void **state)
{
	struct kit *kit = *state;
	publish(kit, 1,
		LIMIT("deposit.hold", "single", "1000.00", "1") "," LIMIT(
			"deposit.hold", "single", "5000.00", "2"));
	hold(kit, "big", "6000.00");
	uint64_t proposal = kit->last_entry;
	approve(kit, "second", proposal);
	available(kit, "100000.00");
	refuse_approval(kit, RECOURSE_SAME_PERSON, "second", proposal);
	approve(kit, "checker", proposal);
	available(kit, "94000.00");
	kit_audit(kit);
	kit_reopen(kit, true);
	kit_audit(kit);
}

static void test_day(void **state)
{
	struct kit *kit = *state;
	publish(kit, 1, LIMIT("deposit.hold", "day", "1000.00", "1"));
	hold(kit, "a", "600.00");
	hold(kit, "b", "400.00");
	available(kit, "99000.00");
	hold(kit, "c", "0.01");
	available(kit, "99000.00");
	kit->now += (uint64_t)86400 * 1000000000;
	hold(kit, "d", "1000.00");
	available(kit, "98000.00");
	kit_audit(kit);
}

/* What was approved counts too: the incident's limit is used up by it. */
static void test_incident(void **state)
{
	struct kit *kit = *state;
	kit_golden_steps(kit, 2, 14);
	publish(kit, 1, LIMIT("cost.record", "incident", "100.00", "1"));
#define COST(amount)                                                                                         \
	"{\"command\":\"cost.record\",\"incident\":\"fuel-2016\",\"amount\":\"" amount                       \
	"\",\"reason\":\"fee\",\"evidence_hash\":"                                                           \
	"\"0000000000000000000000000000000000000000000000000000000000000000\"}"
	kit_accept(kit, "maker", COST("100.00"));
	kit_balance(kit, 1130, "", "fuel-2016", "CNY", "100.00");
	kit_accept(kit, "maker", COST("50.00"));
	kit_balance(kit, 1130, "", "fuel-2016", "CNY", "100.00");
	approve(kit, "checker", kit->last_entry);
	kit_balance(kit, 1130, "", "fuel-2016", "CNY", "150.00");
	kit_accept(kit, "maker", COST("0.01"));
	kit_balance(kit, 1130, "", "fuel-2016", "CNY", "150.00");
	kit_audit(kit);
}

/* What can not be carried out is refused at once, and again when it is approved too late for it. */
static void test_tried_first(void **state)
{
	struct kit *kit = *state;
	publish(kit, 1, LIMIT("deposit.hold", "single", "1000.00", "1"));
	kit_refuse(kit, RECOURSE_INSUFFICIENT, NULL, "maker",
		"{\"command\":\"deposit.hold\",\"hold\":\"h\",\"merchant\":\"M\",\"amount\":\"100000.01\","
		"\"unit\":\"CNY\",\"reason\":\"x\"}");
	hold(kit, "first", "60000.00");
	uint64_t first = kit->last_entry;
	hold(kit, "second", "60000.00");
	uint64_t second = kit->last_entry;
	approve(kit, "checker", first);
	kit_refuse(kit, RECOURSE_INSUFFICIENT, NULL, "checker",
		"{\"command\":\"proposal.approve\",\"proposal\":%llu}", (unsigned long long)second);
	available(kit, "40000.00");
	kit_audit(kit);
}

/* A proposal expires by the clock: approval after expiry is refused. */
static void test_expiry(void **state)
{
	struct kit *kit = *state;
	kit_accept(kit, "admin",
		"{\"command\":\"control.publish\",\"version\":1,\"proposal_hours\":2,\"limits\":[%s]}",
		LIMIT("deposit.hold", "single", "1000.00", "1"));
	hold(kit, "late", "2000.00");
	uint64_t late = kit->last_entry;
	kit->now += (uint64_t)3 * 3600 * 1000000000;
	refuse_approval(kit, RECOURSE_WINDOW_CLOSED, "checker", late);
	assert_int_equal(kit_wait(kit, 1), 1);
	refuse_approval(kit, RECOURSE_STATE_WRONG, "checker", late);
	hold(kit, "gone", "2000.00");
	uint64_t gone = kit->last_entry;
	kit_accept(kit, "checker", "{\"command\":\"proposal.reject\",\"proposal\":%llu,\"reason\":\"no\"}",
		(unsigned long long)gone);
	assert_int_equal(kit_wait(kit, 3 * 3600), 0);
	available(kit, "100000.00");
	kit_audit(kit);
}

static void test_publishing(void **state)
{
	struct kit *kit = *state;
	kit_refuse(kit, RECOURSE_POLICY_WRONG, "version", "admin",
		"{\"command\":\"control.publish\",\"version\":2,\"limits\":[%s]}",
		LIMIT("deposit.hold", "single", "1000.00", "1"));
	kit_refuse(kit, RECOURSE_POLICY_WRONG, "limits", "admin",
		"{\"command\":\"control.publish\",\"version\":1,\"limits\":[%s]}",
		LIMIT("nothing.there", "single", "1000.00", "1"));
	kit_refuse(kit, RECOURSE_POLICY_WRONG, "limits", "admin",
		"{\"command\":\"control.publish\",\"version\":1,\"limits\":[%s]}",
		LIMIT("payout.settle", "single", "1000.00", "1"));
	kit_refuse(kit, RECOURSE_AMOUNT_DIGITS, "limits", "admin",
		"{\"command\":\"control.publish\",\"version\":1,\"limits\":[%s]}",
		LIMIT("deposit.hold", "single", "1000", "1"));
	kit_refuse(kit, RECOURSE_ROLE_MISSING, "command", "checker",
		"{\"command\":\"control.publish\",\"version\":1,\"limits\":[%s]}",
		LIMIT("deposit.hold", "single", "1000.00", "1"));
	publish(kit, 1, LIMIT("deposit.hold", "single", "1000.00", "1"));
	publish(kit, 2, LIMIT("cost.record", "single", "1000.00", "1"));
	hold(kit, "free", "2000.00");
	available(kit, "98000.00");
}

/* H2: what stands in memo accounts is limited as well: a promise that nobody has checked would free a deposit. */
static void test_memo(void **state)
{
	struct kit *kit = *state;
	publish(kit, 1,
		LIMIT("instrument.register", "single", "100.00", "1") "," LIMIT(
			"entitlement.consume", "day", "100.00", "1"));
#define REGISTER                                                                                             \
	"{\"command\":\"instrument.register\",\"instrument\":\"%s\",\"kind\":\"bond\",\"provider\":\"G\","   \
	"\"merchant\":\"M\",\"unit\":\"CNY\",\"limit\":\"%s\","                                              \
	"\"draw\":1,\"expires\":\"2017-01-01T00:00:00Z\",\"document_hash\":"                                 \
	"\"abababababababababababababababababababababababababababababababab\"}"
	kit_accept(kit, "maker", REGISTER, "small", "100.00");
	kit_balance(kit, 9010, "G", "small", "CNY", "100.00");
	kit_accept(kit, "maker", REGISTER, "large", "100.01");
	kit_balance(kit, 9010, "G", "large", "CNY", "0");
	approve(kit, "checker", kit->last_entry);
	kit_balance(kit, 9010, "G", "large", "CNY", "100.01");
#undef REGISTER
	/* 50.00 of 200.00 a time: the third would be more than a day's */
	kit_accept(kit, "maker",
		"{\"command\":\"entitlement.issue\",\"entitlement\":\"card\",\"holder\":\"h\",\"issuer\":"
		"\"Y\","
		"\"merchant\":\"M\",\"channel\":\"app\",\"unit\":\"L\",\"quantity\":\"4.000\",\"cost\":\"200."
		"00\","
		"\"currency\":\"CNY\"}");
	static const char *const left[] = {"150.00", "100.00", "100.00"};
	for (int time = 0; time < 3; time++) {
		kit_accept(kit, "maker",
			"{\"command\":\"entitlement.consume\",\"entitlement\":\"card\",\"evidence\":"
			"\"confirmed\","
			"\"consumed\":\"1.000\",\"evidence_hash\":"
			"\"abababababababababababababababababababababababababababababababab\"}");
		kit_balance(kit, 9020, "M", "Y", "CNY", left[time]);
	}
	approve(kit, "checker", kit->last_entry);
	kit_balance(kit, 9020, "M", "Y", "CNY", "50.00");
	kit_audit(kit);
	kit_reopen(kit, true);
	kit_audit(kit);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_single, make, unmake),
		cmocka_unit_test_setup_teardown(test_two_people, make, unmake),
		cmocka_unit_test_setup_teardown(test_day, make, unmake),
		cmocka_unit_test_setup_teardown(test_incident, make, unmake),
		cmocka_unit_test_setup_teardown(test_tried_first, make, unmake),
		cmocka_unit_test_setup_teardown(test_expiry, make, unmake),
		cmocka_unit_test_setup_teardown(test_publishing, make, unmake),
		cmocka_unit_test_setup_teardown(test_memo, make, unmake),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
