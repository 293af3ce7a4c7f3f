/* SPDX-License-Identifier: Apache-2.0 */
#include "calendar_kit.h"

#include "base/instant.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

/* E3: publishing working days, each refusal of it, and the due dates of policies that count them. */
enum { DAY = 86400 };

/* A year is published anew as its next version; the entry says which one it replaces. */
static void test_versions(void **state)
{
	struct kit *kit = *state;
	static const char get[] = "{\"calendar\":\"cn\",\"year\":2016}";
	char text[40];
	kit_accept(kit, "admin", CALENDAR_CHINA);
	snprintf(text, sizeof text, "\"replaces\":%llu", (unsigned long long)kit->last_entry);
	kit_accept(kit, "admin",
		CALENDAR_PUBLISH("cn", "2016", "2", "", "\"sunday\"", CALENDAR_FREE("2016-05-05")));
	char *entry = rules_describe(kit, kit->last_entry);
	assert_non_null(strstr(entry, text));
	free(entry);
	kit_shows(kit, "auditor", "calendar.get", get, "\"version\":2");
	kit_shows(kit, "auditor", "calendar.get", get, "\"weekend\":[\"sunday\"]");
	kit_shows(kit, "auditor", "calendar.get", get, "\"exceptions\":[" CALENDAR_FREE("2016-05-05") "]");
	snprintf(text, sizeof text, "\"entry\":%llu", (unsigned long long)kit->last_entry);
	kit_shows(kit, "auditor", "calendar.get", get, text);
	/* each year of each calendar counts its versions by itself */
	kit_accept(kit, "admin",
		CALENDAR_PUBLISH("cn", "2017", "1", "", CALENDAR_WEEKEND, "") "," CALENDAR_PUBLISH(
			"hk", "2016", "1", "", CALENDAR_WEEKEND, ""));
	/* one without exceptions need not say so */
	kit_accept(kit, "admin",
		"{\"command\":\"calendar.publish\",\"calendar\":\"hk\",\"year\":2017,\"version\":1,"
		"\"weekend\":[\"sunday\"]}");
	kit_shows(kit, "auditor", "calendar.get", "{\"calendar\":\"hk\",\"year\":2017}", "\"exceptions\":[]");
	const struct rules_row rows[] = {
		{RECOURSE_POLICY_WRONG, "version", "admin",
			CALENDAR_PUBLISH("cn", "2016", "2", "", CALENDAR_WEEKEND, "")},
		{RECOURSE_POLICY_WRONG, "version", "admin",
			CALENDAR_PUBLISH("cn", "2016", "4", "", CALENDAR_WEEKEND, "")},
		{RECOURSE_POLICY_WRONG, "version", "admin",
			CALENDAR_PUBLISH("cn", "2017", "1", "", CALENDAR_WEEKEND, "")},
		{RECOURSE_POLICY_WRONG, "version", "admin",
			CALENDAR_PUBLISH("cn", "2018", "2", "", CALENDAR_WEEKEND, "")},
	};
	RULES_REFUSE(kit, rows);
	assert_string_equal(kit->refusal.limit, "1");
	calendar_kit_check(kit);
}

#define REFUSED(weekend, exceptions) CALENDAR_PUBLISH("cn", "2016", "1", "", weekend, exceptions)

static void test_refusals(void **state)
{
	struct kit *kit = *state;
	const struct rules_row rows[] = {
		{RECOURSE_ROLE_MISSING, "command", "maker", CALENDAR_CHINA},
		{RECOURSE_ROLE_MISSING, "command", "checker", CALENDAR_CHINA},
		{RECOURSE_ROLE_MISSING, "command", "merchant", CALENDAR_CHINA},
		{RECOURSE_FIELD_LIMIT, "year", "admin",
			CALENDAR_PUBLISH("cn", "1969", "1", "", CALENDAR_WEEKEND, "")},
		{RECOURSE_FIELD_LIMIT, "year", "admin",
			CALENDAR_PUBLISH("cn", "2554", "1", "", CALENDAR_WEEKEND, "")},
		{RECOURSE_FIELD_TYPE, "year", "admin",
			CALENDAR_PUBLISH("cn", "\"2016\"", "1", "", CALENDAR_WEEKEND, "")},
		{RECOURSE_FIELD_LIMIT, "version", "admin",
			CALENDAR_PUBLISH("cn", "2016", "0", "", CALENDAR_WEEKEND, "")},
		{RECOURSE_POLICY_WRONG, "version", "admin",
			CALENDAR_PUBLISH("cn", "2016", "2", "", CALENDAR_WEEKEND, "")},
		{RECOURSE_FIELD_LIMIT, "offset_minutes", "admin",
			CALENDAR_PUBLISH("cn", "2016", "1", ",\"offset_minutes\":841", CALENDAR_WEEKEND, "")},
		{RECOURSE_FIELD_LIMIT, "offset_minutes", "admin",
			CALENDAR_PUBLISH(
				"cn", "2016", "1", ",\"offset_minutes\":-721", CALENDAR_WEEKEND, "")},
		{RECOURSE_FIELD_LIMIT, "weekend", "admin", REFUSED("", "")},
		{RECOURSE_FIELD_FORMAT, "weekend", "admin", REFUSED("\"caturday\"", "")},
		{RECOURSE_FIELD_DUPLICATE, "weekend", "admin", REFUSED("\"sunday\",\"sunday\"", "")},
		{RECOURSE_POLICY_WRONG, "weekend", "admin",
			REFUSED("\"monday\",\"tuesday\",\"wednesday\",\"thursday\","
				"\"friday\"," CALENDAR_WEEKEND,
				CALENDAR_WORKED("2016-05-04"))},
		{RECOURSE_FIELD_FORMAT, "exceptions[0].day", "admin",
			REFUSED(CALENDAR_WEEKEND, CALENDAR_FREE("2016-06-31"))},
		{RECOURSE_FIELD_FORMAT, "exceptions[0].day", "admin",
			REFUSED(CALENDAR_WEEKEND, CALENDAR_FREE("2016/06/30"))},
		{RECOURSE_FIELD_FORMAT, "exceptions[1].day", "admin",
			REFUSED(CALENDAR_WEEKEND,
				CALENDAR_FREE("2016-10-03") "," CALENDAR_FREE("9999-10-03"))},
		{RECOURSE_FIELD_LIMIT, "exceptions[0].day", "admin",
			REFUSED(CALENDAR_WEEKEND, CALENDAR_FREE("2016-10-3"))},
		{RECOURSE_FIELD_LIMIT, "exceptions[0].day", "admin",
			REFUSED(CALENDAR_WEEKEND, CALENDAR_FREE("2015-12-31"))},
		{RECOURSE_FIELD_LIMIT, "exceptions[0].day", "admin",
			REFUSED(CALENDAR_WEEKEND, CALENDAR_FREE("2017-01-02"))},
		{RECOURSE_FIELD_FORMAT, "exceptions[0].works", "admin",
			REFUSED(CALENDAR_WEEKEND, "{\"day\":\"2016-10-03\",\"works\":\"maybe\"}")},
		{RECOURSE_FIELD_DUPLICATE, "exceptions[2].day", "admin",
			REFUSED(CALENDAR_WEEKEND, CALENDAR_FREE("2016-10-03") "," CALENDAR_FREE(
							  "2016-10-04") "," CALENDAR_FREE("2016-10-03"))},
		{RECOURSE_FIELD_DUPLICATE, "exceptions[1].day", "admin",
			REFUSED(CALENDAR_WEEKEND,
				CALENDAR_FREE("2016-10-03") "," CALENDAR_WORKED("2016-10-03"))},
		/* what the weekend says already: a Saturday is free, a Monday is worked */
		{RECOURSE_POLICY_WRONG, "exceptions[0].day", "admin",
			REFUSED(CALENDAR_WEEKEND, CALENDAR_FREE("2016-10-01"))},
		{RECOURSE_POLICY_WRONG, "exceptions[1].day", "admin",
			REFUSED(CALENDAR_WEEKEND,
				CALENDAR_FREE("2016-10-03") "," CALENDAR_WORKED("2016-10-10"))},
		{RECOURSE_FIELD_MISSING, "weekend", "admin",
			"{\"command\":\"calendar.publish\",\"calendar\":\"cn\",\"year\":2016,\"version\":1}"},
	};
	RULES_REFUSE(kit, rows);
	kit_accept(kit, "admin", CALENDAR_CHINA);
	rules_refuse(kit, RECOURSE_POLICY_WRONG, "offset_minutes", "admin",
		CALENDAR_PUBLISH("cn", "2017", "1", ",\"offset_minutes\":540", CALENDAR_WEEKEND, ""));
	assert_string_equal(kit->refusal.limit, "480, as published before");
	rules_refuse(kit, RECOURSE_POLICY_WRONG, "offset_minutes", "admin",
		CALENDAR_PUBLISH("cn", "2016", "2", ",\"offset_minutes\":0", CALENDAR_WEEKEND, ""));
	kit_accept(kit, "admin",
		CALENDAR_PUBLISH("cn", "2017", "1", ",\"offset_minutes\":480", CALENDAR_WEEKEND, ""));
	calendar_kit_check(kit);
}

/* So many exceptions and no more. */
static void test_exceptions_limit(void **state)
{
	struct kit *kit = *state;
	char rows[65 * 40] = "";
	size_t size = 0;
	int count = 0;
	/* the weekdays of the year, one after another */
	for (uint64_t day = calendar_kit_instant("2016-01-01T00:00:00Z") / INSTANT_DAY; count < 65; day++) {
		char text[INSTANT_TEXT_SIZE];
		if ((day + 3) % 7 >= 5)
			continue;
		instant_format(day * INSTANT_DAY, text);
		size += (size_t)snprintf(rows + size, sizeof rows - size,
			"%s{\"day\":\"%.10s\",\"works\":\"no\"}", count == 0 ? "" : ",", text);
		count++;
	}
	rules_refuse(kit, RECOURSE_FIELD_LIMIT, "exceptions", "admin",
		CALENDAR_PUBLISH("x", "2016", "1", "", CALENDAR_WEEKEND, "%s"), rows);
	*strrchr(rows, ',') = '\0';
	*strrchr(rows, ',') = '\0'; /* the last row has two */
	kit_accept(kit, "admin", CALENDAR_PUBLISH("x", "2016", "1", "", CALENDAR_WEEKEND, "%s"), rows);
	calendar_kit_check(kit);
}

/* ---- policies that count working days ---- */

#define POLICY(more)                                                                                         \
	"{\"command\":\"policy.publish\",\"policy\":\"worked\",\"version\":1,\"unit\":\"CNY\",\"scheme\":"   \
	"\"full\",\"waterfall\":[{\"rank\":1,\"claim\":\"costs\"}],\"notice_days\":0,\"tail_days\":1" more   \
	"}"

static void wait_until(struct kit *kit, const char *text)
{
	kit_wait(kit, (calendar_kit_instant(text) - kit->now) / INSTANT_SECOND);
	assert_true(kit->now / INSTANT_SECOND == calendar_kit_instant(text) / INSTANT_SECOND);
}

static void test_policy(void **state)
{
	struct kit *kit = *state;
	static const char get[] = "{\"policy\":\"worked\",\"version\":1}";
	rules_refuse(kit, RECOURSE_NOT_FOUND, "calendar", "admin", POLICY(",\"calendar\":\"cn\""));
	rules_refuse(kit, RECOURSE_FIELD_FORMAT, "calendar", "admin", POLICY(",\"calendar\":\"\""));
	kit_accept(kit, "admin", CALENDAR_CHINA "," POLICY(",\"calendar\":\"cn\""));
	kit_shows(kit, "merchant", "policy.get", get, "\"calendar\":\"cn\"");
	calendar_kit_check(kit);
	kit_shows(kit, "merchant", "policy.get", get, "\"calendar\":\"cn\"");
}

/* The custodian pays an exit within three working days: overdue after Monday, 10 October has ended in Beijing. */
static void test_exit(void **state)
{
	struct kit *kit = *state;
	kit_accept(kit, "admin", CALENDAR_CHINA "," POLICY(",\"calendar\":\"cn\""));
	rules_deposit(kit, "M", "1000.00", "in-1");
	wait_until(kit, "2016-09-29T09:00:00Z");
	kit_accept(kit, "merchant",
		"{\"command\":\"exit.request\",\"exit\":\"M/"
		"e\",\"merchant\":\"M\",\"unit\":\"CNY\",\"policy\":"
		"\"worked\",\"version\":1}");
	kit_wait(kit, 1);
	assert_int_equal(kit_wait(kit, DAY), 1); /* the tail's end, on Friday */
	kit_shows(kit, "merchant", "report.exits", "{}", "\"next_due\":\"2016-10-10T16:00:00Z\"");
	char *entry = rules_describe(kit, rules_entries(kit) - 1);
	assert_non_null(strstr(entry, "\"refund_due\":\"2016-10-10T16:00:00Z\""));
	free(entry);
	/* what is published later does not move it */
	kit_accept(kit, "admin", CALENDAR_PUBLISH("cn", "2016", "2", "", CALENDAR_WEEKEND, ""));
	calendar_kit_check(kit);
	kit_shows(kit, "merchant", "report.exits", "{}", "\"next_due\":\"2016-10-10T16:00:00Z\"");
	wait_until(kit, "2016-10-10T15:59:59Z");
	kit_shows(kit, "merchant", "report.exits", "{}", "\"overdue\":\"no\"");
	assert_int_equal(kit_wait(kit, 1), 1);
	kit_shows(kit, "merchant", "report.exits", "{}", "\"overdue\":\"yes\"");
	calendar_kit_check(kit);
}

static void brief(struct kit *kit, const char *claim, const char *text)
{
	char params[40];
	snprintf(params, sizeof params, "{\"claim\":\"%s\"}", claim);
	kit_shows(kit, "auditor", "claim.brief", params, text);
}

/* An approved claim is paid within three working days of the policy's calendar, and three days where it has none. */
static void test_claim(void **state)
{
	struct kit *kit = *state;
	kit_accept(kit, "admin", CALENDAR_CHINA "," POLICY(",\"calendar\":\"cn\""));
	rules_deposit(kit, "M", "1000.00", "in-1");
	rules_deposit(kit, "N", "1000.00", "in-2");
	wait_until(kit, CALENDAR_FRIDAY);
	rules_declare(kit, "i", "M", "worked");
	rules_claim(kit, "c", "i", "30.00");
	char *entry = rules_describe(kit, kit->last_entry);
	assert_non_null(strstr(entry, "\"payout_due\":\"2016-10-10T16:00:00Z\""));
	free(entry);
	brief(kit, "c", "\"due\":\"2016-10-10T16:00:00Z\"");
	/* nothing is paid on one that is rejected */
	rules_card(kit, "card-r", "30.00");
	rules_file(kit, "r", "i", "card-r");
	kit_accept(kit, "maker",
		"{\"command\":\"claim.decide\",\"claim\":\"r\",\"outcome\":\"reject\",\"reason\":\"x\"}");
	entry = rules_describe(kit, kit->last_entry);
	assert_null(strstr(entry, "payout_due"));
	free(entry);
	rules_declare(kit, "j", "N", "fuel-card");
	rules_claim(kit, "d", "j", "30.00");
	entry = rules_describe(kit, kit->last_entry);
	assert_null(strstr(entry, "payout_due"));
	free(entry);
	brief(kit, "d", "\"due\":\"2016-10-03T09:00:");
	calendar_kit_check(kit);
	brief(kit, "c", "\"due\":\"2016-10-10T16:00:00Z\"");
	brief(kit, "d", "\"due\":\"2016-10-03T09:00:");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		RULES_TEST(test_versions),
		RULES_TEST(test_refusals),
		RULES_TEST(test_exceptions_limit),
		RULES_TEST(test_policy),
		RULES_TEST(test_exit),
		RULES_TEST(test_claim),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
