/* SPDX-License-Identifier: Apache-2.0 */
#include "rules.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

/* Withdrawals and signs of default (A3, A4): what a merchant has beyond what is required, and what stops it. */
enum { DAY = 86400 };

#define REQUEST(amount)                                                                                      \
	"{\"command\":\"withdrawal.request\",\"merchant\":\"M\",\"amount\":\"" amount                        \
	"\",\"unit\":\"CNY\",\"reason\":\"excess\"}"
#define PAY    "{\"command\":\"withdrawal.pay\",\"withdrawal\":%llu,\"bank_reference\":\"%s\"}"
#define CANCEL "{\"command\":\"withdrawal.cancel\",\"withdrawal\":%llu,\"reason\":\"r\"}"
#define RAISE  "{\"command\":\"signal.raise\",\"merchant\":\"M\",\"reason\":\"unreachable\"}"
#define CLEAR  "{\"command\":\"signal.clear\",\"merchant\":\"M\",\"reason\":\"found\"}"

static void require(struct kit *kit, const char *amount)
{
	kit_accept(kit, "admin",
		"{\"command\":\"requirement.publish\",\"policy\":\"req\",\"version\":1,\"unit\":\"CNY\","
		"\"basis\":\"fixed\",\"amount\":\"%s\"}",
		amount);
	kit_accept(kit, "admin",
		"{\"command\":\"requirement.assign\",\"merchant\":\"M\",\"policy\":\"req\",\"version\":1}");
}

static unsigned long long request(struct kit *kit, const char *key, const char *amount)
{
	kit_accept(kit, key,
		"{\"command\":\"withdrawal.request\",\"merchant\":\"M\",\"amount\":\"%s\",\"unit\":\"CNY\","
		"\"reason\":\"excess\"}",
		amount);
	return kit->last_entry;
}

/* The excess, to the fen, once; the rest stays. */
static void test_paid(void **state)
{
	struct kit *kit = *state;
	char reference[30];
	char params[60];
	rules_deposit(kit, "M", "1000.00", "b-1");
	require(kit, "700.00");
	rules_refuse(kit, RECOURSE_INSUFFICIENT, "amount", "merchant", REQUEST("300.01"));
	assert_string_equal(kit->refusal.available, "300.00");
	unsigned long long withdrawal = request(kit, "merchant", "300.00");
	snprintf(reference, sizeof reference, "@%llu", withdrawal);
	kit_balance(kit, 2030, "M", reference, "CNY", "300.00");
	kit_balance(kit, 2010, "M", "", "CNY", "700.00");
	rules_refuse(kit, RECOURSE_NOT_PERMITTED, "merchant", "merchant", REQUEST("0.01"));
	snprintf(params, sizeof params, "{\"withdrawal\":%llu}", withdrawal);
	kit_shows(kit, "merchant", "withdrawal.get", params, "\"state\":\"requested\"");
	kit_shows(kit, "bank", "report.withdrawals", "{}", "\"amount\":\"300.00\"");
	kit_shows(kit, "auditor", "report.requirements", "{\"merchant\":\"M\"}", "\"held\":\"700.00\"");
	rules_audit_twice(kit);
	rules_refuse(kit, RECOURSE_NOT_FOUND, "withdrawal", "teller", PAY, withdrawal, "t-1");
	rules_refuse(kit, RECOURSE_EXISTS, "bank_reference", "bank", PAY, withdrawal, "b-1");
	kit_accept(kit, "bank", PAY, withdrawal, "b-2");
	kit_balance(kit, 2030, "M", reference, "CNY", "0");
	kit_balance(kit, 1010, "bank", "", "CNY", "700.00");
	rules_refuse(kit, RECOURSE_STATE_WRONG, "withdrawal", "bank", PAY, withdrawal, "b-3");
	rules_refuse(kit, RECOURSE_STATE_WRONG, "withdrawal", "merchant", CANCEL, withdrawal);
	kit_shows(kit, "merchant", "withdrawal.get", params, "\"state\":\"paid\"");
	kit_shows(kit, "bank", "report.withdrawals", "{}", "\"withdrawals\":[]");
	rules_refuse(kit, RECOURSE_INSUFFICIENT, "amount", "merchant", REQUEST("0.01"));
	rules_audit_twice(kit);
}

/* What is frozen is lodged and not available: it covers the requirement, and is not withdrawn. */
static void test_frozen(void **state)
{
	struct kit *kit = *state;
	rules_deposit(kit, "M", "1000.00", "b-1");
	kit_accept(kit, "maker",
		"{\"command\":\"deposit.hold\",\"hold\":\"h\",\"merchant\":\"M\",\"amount\":\"600.00\","
		"\"unit\":\"CNY\",\"reason\":\"r\"}");
	rules_refuse(kit, RECOURSE_INSUFFICIENT, "amount", "merchant", REQUEST("400.01"));
	require(kit, "700.00");
	rules_refuse(kit, RECOURSE_INSUFFICIENT, "amount", "maker", REQUEST("300.01"));
	unsigned long long withdrawal = request(kit, "maker", "300.00");
	/* given up: what was set apart is the merchant's again */
	kit_accept(kit, "maker", CANCEL, withdrawal);
	kit_balance(kit, 2010, "M", "", "CNY", "400.00");
	request(kit, "merchant", "1.00");
	rules_audit_twice(kit);
}

/* A3: a sign of default stops what is not paid yet, at once, and an exit's refund with it. */
static void test_signal(void **state)
{
	struct kit *kit = *state;
	rules_deposit(kit, "M", "1000.00", "b-1");
	unsigned long long withdrawal = request(kit, "merchant", "300.00");
	kit_accept(kit, "maker", RAISE);
	uint64_t signal = kit->last_entry;
	rules_refuse(kit, RECOURSE_NOT_PERMITTED, "withdrawal", "bank", PAY, withdrawal, "b-2");
	assert_int_equal(kit->refusal.entry, signal);
	kit_accept(kit, "merchant", CANCEL, withdrawal);
	rules_refuse(kit, RECOURSE_NOT_PERMITTED, "merchant", "merchant", REQUEST("1.00"));
	rules_refuse(kit, RECOURSE_EXISTS, "merchant", "maker", RAISE);
	kit_shows(kit, "merchant", "report.requirements", "{}", "\"signal_reason\":\"unreachable\"");
	kit_accept(kit, "maker",
		"{\"command\":\"exit.request\",\"exit\":\"x\",\"merchant\":\"M\",\"unit\":\"CNY\","
		"\"policy\":\"fuel-card\",\"version\":1}");
	kit_wait(kit, 98 * DAY);
	rules_refuse(kit, RECOURSE_NOT_PERMITTED, "exit", "bank",
		"{\"command\":\"exit.refund\",\"exit\":\"x\",\"bank_reference\":\"b-3\"}");
	rules_audit_twice(kit);
	rules_refuse(kit, RECOURSE_ROLE_MISSING, "command", "maker", CLEAR);
	kit_accept(kit, "checker", CLEAR);
	rules_refuse(kit, RECOURSE_NOT_FOUND, "merchant", "checker", CLEAR);
	kit_accept(kit, "bank", "{\"command\":\"exit.refund\",\"exit\":\"x\",\"bank_reference\":\"b-3\"}");
	rules_audit_twice(kit);
}

/* A sign of default may expire by itself. */
static void test_signal_expires(void **state)
{
	struct kit *kit = *state;
	rules_deposit(kit, "M", "1000.00", "b-1");
	rules_refuse(kit, RECOURSE_WINDOW_CLOSED, "expires", "maker",
		"{\"command\":\"signal.raise\",\"merchant\":\"M\",\"reason\":\"r\",\"expires\":"
		"\"2016-05-04T00:00:00Z\"}");
	kit_accept(kit, "maker",
		"{\"command\":\"signal.raise\",\"merchant\":\"M\",\"reason\":\"r\",\"expires\":"
		"\"2016-05-10T00:00:00Z\"}");
	rules_refuse(kit, RECOURSE_NOT_PERMITTED, "merchant", "merchant", REQUEST("1.00"));
	assert_int_equal(kit_wait(kit, 7 * DAY), 1);
	request(kit, "merchant", "1.00");
	rules_audit_twice(kit);
}

/* An incident takes what was not paid. */
static void test_incident(void **state)
{
	struct kit *kit = *state;
	char reference[30];
	rules_deposit(kit, "M", "1000.00", "b-1");
	unsigned long long withdrawal = request(kit, "merchant", "300.00");
	snprintf(reference, sizeof reference, "@%llu", withdrawal);
	rules_declare(kit, "i", "M", "fuel-card");
	kit_balance(kit, 2030, "M", reference, "CNY", "0");
	kit_balance(kit, 2020, "M", "i", "CNY", "1000.00");
	rules_refuse(kit, RECOURSE_STATE_WRONG, "withdrawal", "bank", PAY, withdrawal, "b-2");
	rules_refuse(kit, RECOURSE_INSUFFICIENT, "amount", "merchant", REQUEST("1.00"));
	rules_audit_twice(kit);
}

/* H2: a limit on withdrawals makes one beyond it a proposal for other people. */
static void test_limited(void **state)
{
	struct kit *kit = *state;
	rules_deposit(kit, "M", "1000.00", "b-1");
	kit_accept(kit, "admin",
		"{\"command\":\"control.publish\",\"version\":1,\"limits\":[{\"command\":"
		"\"withdrawal.request\",\"span\":\"day\",\"unit\":\"CNY\",\"amount\":\"100.00\","
		"\"approvals\":"
		"1}]}");
	/* limits are for those who act for others: what a merchant may take back is the rule's to say */
	kit_accept(kit, "maker", REQUEST("200.00"));
	unsigned long long proposal = kit->last_entry;
	kit_balance(kit, 2010, "M", "", "CNY", "1000.00");
	kit_accept(kit, "checker", "{\"command\":\"proposal.approve\",\"proposal\":%llu}", proposal);
	kit_balance(kit, 2010, "M", "", "CNY", "800.00");
	kit_accept(kit, "bank", PAY, (unsigned long long)kit->last_entry, "b-2");
	rules_audit_twice(kit);
}

static void test_refused(void **state)
{
	struct kit *kit = *state;
	rules_refuse(kit, RECOURSE_NOT_FOUND, "merchant", "merchant", REQUEST("1.00"));
	rules_deposit(kit, "M", "1000.00", "b-1");
	unsigned long long withdrawal = request(kit, "merchant", "1.00");
	const struct rules_row rows[] = {
		{RECOURSE_NOT_PERMITTED, "merchant", "n", REQUEST("1.00")},
		{RECOURSE_ROLE_MISSING, "command", "agent", REQUEST("1.00")},
		{RECOURSE_UNIT_UNKNOWN, "unit", "maker",
			"{\"command\":\"withdrawal.request\",\"merchant\":\"M\",\"amount\":\"1.00\",\"unit\":"
			"\"XYZ\",\"reason\":\"r\"}"},
		RULES_AMOUNTS("amount", "merchant",
			"{\"command\":\"withdrawal.request\",\"merchant\":\"M\",\"unit\":\"CNY\",\"reason\":"
			"\"r\",\"amount\":",
			"}"),
		{RECOURSE_NOT_FOUND, "withdrawal", "bank",
			"{\"command\":\"withdrawal.pay\",\"withdrawal\":9999,\"bank_reference\":\"b-9\"}"},
		{RECOURSE_NOT_FOUND, "withdrawal", "n",
			"{\"command\":\"withdrawal.cancel\",\"withdrawal\":9999,\"reason\":\"r\"}"},
		{RECOURSE_NOT_FOUND, "merchant", "maker",
			"{\"command\":\"signal.raise\",\"merchant\":\"nobody\",\"reason\":\"r\"}"},
		{RECOURSE_NOT_PERMITTED, "merchant", "maker",
			"{\"command\":\"signal.raise\",\"merchant\":\"bank\",\"reason\":\"r\"}"},
		{RECOURSE_ROLE_MISSING, "command", "merchant", RAISE},
	};
	RULES_REFUSE(kit, rows);
	/* I3: not yours is not there */
	rules_refuse(kit, RECOURSE_NOT_FOUND, "withdrawal", "n", CANCEL, withdrawal);
	char params[60];
	char *reply = NULL;
	snprintf(params, sizeof params, "{\"withdrawal\":%llu}", withdrawal);
	assert_error(kit_query(kit, "n", "withdrawal.get", params, &reply), RECOURSE_QUERY_NOT_FOUND);
	assert_error(kit_query(kit, "teller", "withdrawal.get", params, &reply), RECOURSE_QUERY_NOT_FOUND);
	assert_error(kit_query(kit, "n", "withdrawal.get", "{\"withdrawal\":9999}", &reply),
		RECOURSE_QUERY_NOT_FOUND);
	kit_shows(kit, "bank", "withdrawal.get", params, "\"amount\":\"1.00\"");
	kit_shows(kit, "teller", "report.withdrawals", "{}", "\"withdrawals\":[]");
	kit_audit(kit);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		RULES_TEST(test_paid),
		RULES_TEST(test_frozen),
		RULES_TEST(test_signal),
		RULES_TEST(test_signal_expires),
		RULES_TEST(test_incident),
		RULES_TEST(test_limited),
		RULES_TEST(test_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
