/* SPDX-License-Identifier: Apache-2.0 */
#include "rules_exit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

/* A5: refunds that the custodian has not paid in time: each is an entry and a line, and all of them a number and a sum. */

static void shows_overdue(struct kit *kit, const char *answer)
{
	char text[30];
	snprintf(text, sizeof text, "\"overdue\":\"%s\"", answer);
	kit_shows(kit, "merchant", "report.exits", "{}", text);
}

/* Overdue ones are an entry and a line of the report, with their age as of the last entry. */
static void test_overdue(void **state)
{
	struct kit *kit = *state;
	leave(kit);
	assert_int_equal(kit_wait(kit, 7 * DAY), 1);
	assert_int_equal(kit_wait(kit, 90 * DAY), 1);
	assert_int_equal(kit_wait(kit, 3 * DAY - MINUTE), 0);
	shows_overdue(kit, "no");
	assert_int_equal(kit_wait(kit, MINUTE), 1);
	shows_overdue(kit, "yes");
	kit_shows(kit, "merchant", "report.exits", "{}", "\"overdue_entry\":");
	kit->now += (uint64_t)2 * DAY * 1000000000;
	rules_deposit(kit, "N", "1.00", "in-2");
	char *reply = NULL;
	assert_ok(kit_query(kit, "auditor", "report.exits", "{\"merchant\":\"M\"}", &reply));
	const char *age = strstr(reply, "\"overdue_seconds\":");
	assert_non_null(age);
	assert_in_range(strtoull(age + 18, NULL, 10), 2 * DAY, 2 * DAY + MINUTE);
	free(reply);
	kit_accept(kit, "bank", REFUND("M/e", "out-1"));
	shows_overdue(kit, "no");
	check(kit);
}

static void counts(struct kit *kit, const char *exits, const char *amount)
{
	char text[80];
	snprintf(text, sizeof text, "\"overdue\":[{\"unit\":\"CNY\",\"exits\":%s,\"amount\":\"%s\"}]", exits,
		amount);
	kit_shows(kit, "auditor", "report.exits", "{}", text);
	kit_shows(kit, "auditor", "report.exits", "{\"overdue\":\"yes\"}", text);
}

static void lists(struct kit *kit, const char *key, const char *params, const char *exit, bool expected)
{
	char text[60];
	char *reply = NULL;
	snprintf(text, sizeof text, "\"exit\":\"%s\"", exit);
	assert_ok(kit_query(kit, key, "report.exits", params, &reply));
	if ((strstr(reply, text) != NULL) != expected)
		print_message("%s %s: %s\n", params, exit, reply);
	assert_true((strstr(reply, text) != NULL) == expected);
	free(reply);
}

#define OVERDUE "{\"overdue\":\"yes\"}"

/* A5: the overdue ones, their number and sum follow each thing that changes what should have been paid. */
static void test_overdue_list(void **state)
{
	struct kit *kit = *state;
	leave(kit);
	rules_deposit(kit, "N", "30.00", "in-2");
	kit_accept(kit, "n", REQUEST("N/1", "N", "CNY", "fuel-card", "1"));
	kit_accept(kit, "maker", RETAIN("M/e", "fees", "\"100.00\""));
	lists(kit, "auditor", OVERDUE, "M/e", false);
	kit_shows(kit, "auditor", "report.exits", "{}", "\"overdue\":[]");
	assert_int_equal(kit_wait(kit, 7 * DAY), 2);
	assert_int_equal(kit_wait(kit, 90 * DAY), 2);
	kit_shows(kit, "auditor", "report.exits", OVERDUE, "\"exits\":[]");
	assert_int_equal(kit_wait(kit, 3 * DAY), 2);
	counts(kit, "2", "930.00");
	lists(kit, "auditor", OVERDUE, "M/e", true);
	lists(kit, "auditor", OVERDUE, "N/1", true);
	kit_shows(kit, "auditor", "report.exits", "{\"overdue\":\"yes\",\"limit\":1}", "\"next\":\"N/1\"");
	lists(kit, "auditor", "{\"overdue\":\"yes\",\"limit\":1}", "N/1", false);
	lists(kit, "auditor", "{\"overdue\":\"yes\",\"from\":\"N/1\"}", "N/1", true);
	lists(kit, "auditor", "{\"overdue\":\"yes\",\"from\":\"N/1\"}", "M/e", false);
	lists(kit, "auditor", "{\"overdue\":\"yes\",\"merchant\":\"N\"}", "M/e", false);
	lists(kit, "auditor", "{\"overdue\":\"no\"}", "M/e", true);
	/* I3: a merchant sees its own, and no sums */
	lists(kit, "merchant", OVERDUE, "M/e", true);
	lists(kit, "merchant", OVERDUE, "N/1", false);
	lists(kit, "n", OVERDUE, "N/1", true);
	char *reply = NULL;
	assert_ok(kit_query(kit, "n", "report.exits", OVERDUE, &reply));
	assert_null(strstr(reply, "\"overdue\":["));
	free(reply);
	check(kit);
	counts(kit, "2", "930.00");
	/* more is kept back, some of it released again */
	kit_accept(kit, "maker", RETAIN("M/e", "repairs", "\"50.00\""));
	counts(kit, "2", "880.00");
	kit_accept(kit, "maker", RELEASE("M/e", "fees"));
	counts(kit, "2", "980.00");
	kit_accept(kit, "bank", REFUND("N/1", "out-1"));
	counts(kit, "1", "950.00");
	lists(kit, "auditor", OVERDUE, "N/1", false);
	lists(kit, "auditor", "{}", "N/1", true);
	/* an incident takes what is held: nothing is to be paid any more */
	rules_declare(kit, "i", "M", "fuel-card");
	kit_shows(kit, "auditor", "report.exits", OVERDUE, "\"exits\":[]");
	kit_shows(kit, "auditor", "report.exits", OVERDUE, "\"overdue\":[]");
	check(kit);
	kit_shows(kit, "auditor", "report.exits", OVERDUE, "\"overdue\":[]");
	assert_error(kit_query(kit, "auditor", "report.exits", "{\"overdue\":\"maybe\"}", &reply),
		RECOURSE_FIELD_FORMAT);
}

/* B1: an incident keeps what leaves in another currency too, and for as long as it does the refund is overdue. */
static void test_incident_in_another_currency(void **state)
{
	struct kit *kit = *state;
	rules_deposit(kit, "M", "1000.00", "in-1");
	kit_accept(kit, "bank",
		"{\"command\":\"deposit.receive\",\"merchant\":\"M\",\"amount\":\"5000\",\"unit\":\"JPY\","
		"\"bank_reference\":\"in-2\"}");
	kit_accept(kit, "admin",
		"{\"command\":\"policy.publish\",\"policy\":\"yen\",\"version\":1,\"unit\":\"JPY\","
		"\"scheme\":\"full\",\"waterfall\":[{\"rank\":1,\"claim\":\"costs\"}]}");
	kit_accept(kit, "merchant", REQUEST("M/e", "M", "JPY", "yen", "1"));
	rules_declare(kit, "i", "M", "fuel-card");
	uint64_t incident = kit->last_entry;
	kit_wait(kit, 98 * DAY);
	rules_refuse(kit, RECOURSE_NOT_PERMITTED, "exit", "bank", REFUND("M/e", "out-1"));
	assert_int_equal(kit->refusal.entry, incident);
	kit_balance(kit, 2030, "M", "M/e", "JPY", "5000");
	kit_wait(kit, 30 * DAY);
	kit_shows(kit, "merchant", "report.exits", "{}", "\"overdue\":\"yes\"");
	check(kit);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		RULES_TEST(test_overdue),
		RULES_TEST(test_overdue_list),
		RULES_TEST(test_incident_in_another_currency),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
