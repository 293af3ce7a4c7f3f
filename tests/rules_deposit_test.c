/* SPDX-License-Identifier: Apache-2.0 */
#include "rules.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

/* A1, A3, A7: each refusal of deposit.receive, deposit.hold and deposit.release, and what they leave. */

#define RECEIVE(merchant, amount, unit, line)                                                                \
	"{\"command\":\"deposit.receive\",\"merchant\":\"" merchant "\",\"amount\":\"" amount                \
	"\",\"unit\":\"" unit "\",\"bank_reference\":\"" line "\"}"

static void test_receiving(void **state)
{
	static const struct rules_row rows[] = {
		{RECOURSE_ROLE_MISSING, "command", "maker", RECEIVE("M", "1.00", "CNY", "b-2")},
		{RECOURSE_ROLE_MISSING, "command", "merchant", RECEIVE("M", "1.00", "CNY", "b-2")},
		{RECOURSE_NOT_FOUND, "merchant", "bank", RECEIVE("X", "1.00", "CNY", "b-2")},
		{RECOURSE_UNIT_UNKNOWN, "unit", "bank", RECEIVE("M", "1.00", "XYZ", "b-2")},
		{RECOURSE_NOT_PERMITTED, "merchant", "bank", RECEIVE("bank", "1.00", "CNY", "b-2")},
		{RECOURSE_CUSTODIAN_WRONG, "merchant", "teller", RECEIVE("M", "1.00", "CNY", "b-2")},
		{RECOURSE_EXISTS, "bank_reference", "bank", RECEIVE("M", "1.00", "CNY", "b-1")},
		{RECOURSE_EXISTS, "bank_reference", "bank", RECEIVE("N", "1.00", "CNY", "b-1")},
		RULES_AMOUNTS("amount", "bank",
			"{\"command\":\"deposit.receive\",\"merchant\":\"M\",\"unit\":\"CNY\","
			"\"bank_reference\":\"b-2\",\"amount\":",
			"}"),
		{RECOURSE_AMOUNT_DIGITS, "amount", "bank", RECEIVE("M", "3000.00", "JPY", "b-2")},
	};
	struct kit *kit = *state;
	rules_deposit(kit, "M", "100.00", "b-1");
	uint64_t entry = kit->last_entry;
	RULES_REFUSE(kit, rows);
	rules_refuse(kit, RECOURSE_CUSTODIAN_WRONG, "merchant", "teller", RECEIVE("M", "1.00", "CNY", "b-9"));
	/* I3: that it lies elsewhere, and not where */
	assert_false(kit->refusal.entry_known);
	rules_refuse(kit, RECOURSE_EXISTS, "bank_reference", "bank", RECEIVE("N", "1.00", "CNY", "b-1"));
	assert_int_equal(kit->refusal.entry, entry);
	/* another currency is another deposit, another custodian's line another line */
	kit_accept(kit, "teller", RECEIVE("M", "3000", "JPY", "b-1"));
	kit_balance(kit, 2010, "M", "", "JPY", "3000");
	kit_balance(kit, 2010, "M", "", "CNY", "100.00");
	kit_audit(kit);
}

/* 64 bits are enough for any money, and say so when they are not. */
static void test_overflow(void **state)
{
	struct kit *kit = *state;
	rules_deposit(kit, "M", "92233720368547758.07", "b-1");
	rules_refuse(kit, RECOURSE_OVERFLOW, "", "bank", RECEIVE("M", "0.01", "CNY", "b-2"));
	rules_refuse(kit, RECOURSE_OVERFLOW, "", "bank", RECEIVE("N", "0.01", "CNY", "b-2"));
	kit_balance(kit, 2010, "M", "", "CNY", "92233720368547758.07");
	kit_audit(kit);
}

#define HOLD(hold, merchant, amount, unit, more)                                                             \
	"{\"command\":\"deposit.hold\",\"hold\":\"" hold "\",\"merchant\":\"" merchant                       \
	"\",\"amount\":\"" amount "\",\"unit\":\"" unit "\",\"reason\":\"r\"" more "}"

static void test_holding(void **state)
{
	static const struct rules_row rows[] = {
		{RECOURSE_ROLE_MISSING, "command", "bank", HOLD("h-2", "M", "1.00", "CNY", "")},
		{RECOURSE_ROLE_MISSING, "command", "checker", HOLD("h-2", "M", "1.00", "CNY", "")},
		{RECOURSE_EXISTS, "hold", "maker", HOLD("h-1", "M", "1.00", "CNY", "")},
		{RECOURSE_EXISTS, "hold", "maker", HOLD("case", "M", "1.00", "CNY", "")},
		{RECOURSE_NOT_FOUND, "merchant", "maker", HOLD("h-2", "X", "1.00", "CNY", "")},
		{RECOURSE_UNIT_UNKNOWN, "unit", "maker", HOLD("h-2", "M", "1.00", "XYZ", "")},
		{RECOURSE_WINDOW_CLOSED, "expires", "maker",
			HOLD("h-2", "M", "1.00", "CNY", ",\"expires\":\"2016-05-03T23:59:59Z\"")},
		{RECOURSE_FIELD_FORMAT, "expires", "maker",
			HOLD("h-2", "M", "1.00", "CNY", ",\"expires\":\"2099-01-01\"")},
		{RECOURSE_INSUFFICIENT, "", "maker", HOLD("h-2", "M", "60.01", "CNY", "")},
		{RECOURSE_INSUFFICIENT, "", "maker", HOLD("h-2", "M", "1", "JPY", "")},
		{RECOURSE_INSUFFICIENT, "", "maker", HOLD("h-2", "N", "0.01", "CNY", "")},
		RULES_AMOUNTS("amount", "maker",
			"{\"command\":\"deposit.hold\",\"hold\":\"h-2\",\"merchant\":\"M\",\"unit\":\"CNY\","
			"\"reason\":\"r\",\"amount\":",
			"}"),
	};
	struct kit *kit = *state;
	rules_deposit(kit, "M", "100.00", "b-1");
	rules_deposit(kit, "N", "1.00", "b-2");
	rules_declare(kit, "case", "N", "fuel-card");
	kit_accept(kit, "maker", HOLD("h-1", "M", "40.00", "CNY", ",\"expires\":\"2030-01-01T00:00:00Z\""));
	RULES_REFUSE(kit, rows);
	rules_refuse(kit, RECOURSE_INSUFFICIENT, "", "maker", HOLD("h-2", "M", "60.01", "CNY", ""));
	assert_string_equal(kit->refusal.account, "2010/M//CNY");
	assert_string_equal(kit->refusal.needed, "60.01");
	assert_string_equal(kit->refusal.available, "60.00");
	kit_accept(kit, "maker", HOLD("h-2", "M", "60.00", "CNY", ""));
	kit_balance(kit, 2010, "M", "", "CNY", "0");
	kit_balance(kit, 2020, "M", "h-1", "CNY", "40.00");
	kit_balance(kit, 2020, "M", "h-2", "CNY", "60.00");
	kit_audit(kit);
}

#define RELEASE(hold, more) "{\"command\":\"deposit.release\",\"hold\":\"" hold "\"" more ",\"reason\":\"r\"}"

static void test_releasing(void **state)
{
	static const struct rules_row rows[] = {
		{RECOURSE_ROLE_MISSING, "command", "bank", RELEASE("h-1", "")},
		{RECOURSE_NOT_FOUND, "hold", "maker", RELEASE("h-9", "")},
		{RECOURSE_INSUFFICIENT, "amount", "maker", RELEASE("h-1", ",\"amount\":\"40.01\"")},
		RULES_AMOUNTS("amount", "maker",
			"{\"command\":\"deposit.release\",\"hold\":\"h-1\",\"reason\":\"r\","
			"\"amount\":",
			"}"),
	};
	struct kit *kit = *state;
	rules_deposit(kit, "M", "100.00", "b-1");
	kit_accept(kit, "maker", HOLD("h-1", "M", "40.00", "CNY", ""));
	RULES_REFUSE(kit, rows);
	kit_accept(kit, "maker", RELEASE("h-1", ",\"amount\":\"15.00\""));
	kit_balance(kit, 2010, "M", "", "CNY", "75.00");
	kit_balance(kit, 2020, "M", "h-1", "CNY", "25.00");
	rules_refuse(kit, RECOURSE_INSUFFICIENT, "amount", "maker", RELEASE("h-1", ",\"amount\":\"25.01\""));
	kit_accept(kit, "maker", RELEASE("h-1", ""));
	rules_refuse(kit, RECOURSE_INSUFFICIENT, "amount", "maker", RELEASE("h-1", ""));
	/* the id of a hold that is over is not free */
	rules_refuse(kit, RECOURSE_EXISTS, "hold", "maker", HOLD("h-1", "M", "1.00", "CNY", ""));
	kit_balance(kit, 2010, "M", "", "CNY", "100.00");
	kit_audit(kit);
}

/* B1: while an incident has the deposit frozen, what comes in and what a hold sets free is frozen with it. */
static void test_frozen_by_incident(void **state)
{
	struct kit *kit = *state;
	rules_deposit(kit, "M", "100.00", "b-1");
	kit_accept(kit, "maker", HOLD("h-1", "M", "40.00", "CNY", ""));
	rules_declare(kit, "case", "M", "fuel-card");
	kit_balance(kit, 2020, "M", "case", "CNY", "60.00");
	rules_refuse(kit, RECOURSE_INSUFFICIENT, "", "maker", HOLD("h-2", "M", "0.01", "CNY", ""));
	rules_deposit(kit, "M", "5.00", "b-2");
	kit_accept(kit, "maker", RELEASE("h-1", ""));
	kit_balance(kit, 2010, "M", "", "CNY", "0");
	kit_balance(kit, 2020, "M", "case", "CNY", "105.00");
	kit_shows(kit, "merchant", "deposit.statement", "{\"merchant\":\"M\",\"unit\":\"CNY\"}",
		"\"state\":\"frozen\"");
	kit_audit(kit);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		RULES_TEST(test_receiving),
		RULES_TEST(test_overflow),
		RULES_TEST(test_holding),
		RULES_TEST(test_releasing),
		RULES_TEST(test_frozen_by_incident),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
