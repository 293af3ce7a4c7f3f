/* SPDX-License-Identifier: Apache-2.0 */
#include "rules.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

/*
 * Early warning (A7, A8): what secures the holders of an issuer's cards against what they have not used, over all
 * merchants; thresholds raise alerts, by the system's own key. The ledger opens on 2016-05-04.
 */
enum { HOUR = 3600, DAY = 86400 };

#define THRESHOLDS                                                                                           \
	"\"thresholds\":[{\"level\":\"watch\",\"below\":\"100.00\"},{\"level\":\"warning\",\"below\":"       \
	"\"50.00\"},{\"level\":\"critical\",\"below\":\"20.00\"}]"
#define PUBLISH(version, more)                                                                               \
	"{\"command\":\"coverage.publish\",\"version\":" version ",\"unit\":\"CNY\"," more "}"
#define ATTEST(day, balance)                                                                                 \
	"{\"command\":\"custody.attest\",\"day\":\"" day "\",\"unit\":\"CNY\",\"balance\":\"" balance        \
	"\",\"statement_hash\":" RULES_HASH "}"

#define RECEIVE_N                                                                                            \
	"{\"command\":\"deposit.receive\",\"merchant\":\"N\",\"amount\":\"%s\",\"unit\":\"CNY\","            \
	"\"bank_reference\":\"t-1\"}"

static void sell(
	struct kit *kit, const char *card, const char *merchant, const char *issuer, const char *cost)
{
	kit_accept(kit, "maker",
		"{\"command\":\"entitlement.issue\",\"entitlement\":\"%s\",\"holder\":\"h\",\"issuer\":\"%"
		"s\","
		"\"merchant\":\"%s\",\"channel\":\"app\",\"unit\":\"L\",\"quantity\":\"1.000\",\"cost\":\"%"
		"s\","
		"\"currency\":\"CNY\"}",
		card, issuer, merchant, cost);
}

static void shows(struct kit *kit, const char *text)
{
	kit_shows(kit, "auditor", "report.coverage", "{\"issuer\":\"Y\"}", text);
}

static void last_shows(struct kit *kit, const char *text)
{
	char *entry = rules_describe(kit, rules_entries(kit) - 1);
	if (strstr(entry, text) == NULL)
		print_message("%s\n", entry);
	assert_non_null(strstr(entry, text));
	free(entry);
}

static uint64_t strike(struct kit *kit)
{
	uint64_t struck = 0;
	for (int second = 0; second < 3; second++)
		struck += kit_wait(kit, 1);
	return struck;
}

/* A7: cash that nobody attests covers nothing; attested it does, pro rata of what came in since. */
static void test_attested(void **state)
{
	struct kit *kit = *state;
	char *reply = NULL;
	assert_error(kit_query(kit, "auditor", "report.coverage", "{\"issuer\":\"Y\"}", &reply),
		RECOURSE_QUERY_NOT_FOUND);
	sell(kit, "c-1", "M", "Y", "200.00");
	shows(kit, "\"ratio\":\"0.00\"");
	rules_deposit(kit, "M", "100.00", "b-1");
	shows(kit, "\"attested_cash\":\"0.00\"");
	shows(kit, "\"uncounted_cash\":\"100.00\"");
	shows(kit, "\"class\":\"unclassified\"");
	kit_wait(kit, DAY);
	kit_accept(kit, "bank", ATTEST("2016-05-04", "100.00"));
	shows(kit, "\"attested_cash\":\"100.00\"");
	shows(kit, "\"ratio\":\"50.00\"");
	/* 100 of 125 are attested: four fifths of what the issuer's merchants have */
	rules_deposit(kit, "M", "25.00", "b-2");
	shows(kit, "\"attested_cash\":\"100.00\"");
	shows(kit, "\"uncounted_cash\":\"25.00\"");
	/* another merchant's deposit counts for its own issuer only */
	rules_deposit(kit, "N", "1000.00", "b-3");
	shows(kit, "\"attested_cash\":\"11.11\"");
	kit_wait(kit, DAY);
	kit_accept(kit, "bank", ATTEST("2016-05-05", "1125.00"));
	shows(kit, "\"attested_cash\":\"125.00\"");
	/* over all merchants and channels */
	sell(kit, "c-2", "N", "Y", "800.00");
	shows(kit, "\"exposure\":\"1000.00\"");
	shows(kit, "\"attested_cash\":\"1125.00\"");
	shows(kit, "\"ratio\":\"112.50\"");
	/* A6: what is left of an instrument counts, shared as the deposit is */
	kit_accept(kit, "maker",
		"{\"command\":\"instrument.register\",\"instrument\":\"bond\",\"kind\":\"bond\",\"provider\":"
		"\"G\","
		"\"merchant\":\"N\",\"unit\":\"CNY\",\"limit\":\"100.00\",\"draw\":1,\"expires\":"
		"\"2017-01-01T00:00:00Z\",\"document_hash\":" RULES_HASH "}");
	shows(kit, "\"instruments\":\"100.00\"");
	shows(kit, "\"ratio\":\"122.50\"");
	sell(kit, "c-3", "N", "G", "800.00");
	shows(kit, "\"instruments\":\"50.00\"");
	kit_accept(
		kit, "maker", "{\"command\":\"instrument.cancel\",\"instrument\":\"bond\",\"reason\":\"r\"}");
	shows(kit, "\"instruments\":\"0.00\"");
	/* a break covers nothing */
	kit_wait(kit, DAY);
	kit_accept(kit, "bank", ATTEST("2016-05-06", "1124.99"));
	shows(kit, "\"attested_cash\":\"0.00\"");
	rules_audit_twice(kit);
}

/* A8: what custodians keep for an issuer's holders is summed in 64 bits, and no coverage comes out below zero. */
static void test_most(void **state)
{
	struct kit *kit = *state;
	sell(kit, "c-1", "M", "Y", "1.00");
	sell(kit, "c-2", "N", "Y", "1.00");
	rules_deposit(kit, "M", "50000000000000000.00", "b-1");
	rules_refuse(kit, RECOURSE_OVERFLOW, NULL, "teller", RECEIVE_N, "50000000000000000.00");
	rules_refuse(kit, RECOURSE_OVERFLOW, NULL, "teller", RECEIVE_N, "42233720368547758.08");
	kit_accept(kit, "teller", RECEIVE_N, "42233720368547758.07");
	shows(kit, "\"uncounted_cash\":\"92233720368547758.07\"");
	rules_audit_twice(kit);
}

/* A8: crossing a threshold is an entry by the clock's key, once; and so is coming back. */
static void test_alerts(void **state)
{
	struct kit *kit = *state;
	rules_deposit(kit, "M", "100.00", "b-1");
	kit_wait(kit, DAY);
	kit_accept(kit, "bank", ATTEST("2016-05-04", "100.00"));
	sell(kit, "c-1", "M", "Y", "80.00");
	kit_accept(kit, "admin", PUBLISH("1", THRESHOLDS));
	assert_int_equal(strike(kit), 1); /* the sweep, that sets the issuer's watch */
	kit_shows(kit, "auditor", "report.alerts", "{}", "\"alerts\":[]");
	sell(kit, "c-2", "M", "Y", "320.00");
	assert_int_equal(strike(kit), 1);
	last_shows(kit, "\"kind\":\"clock.fire\"");
	last_shows(kit, "\"alert\":\"raised\"");
	last_shows(kit, "\"level\":\"warning\"");
	last_shows(kit, "\"level_before\":\"none\"");
	last_shows(kit, "\"ratio\":2500");
	uint64_t first = rules_entries(kit) - 1;
	kit_shows(kit, "auditor", "report.alerts", "{\"standing\":\"yes\"}", "\"level\":\"warning\"");
	/* still so: no second alert */
	sell(kit, "c-3", "M", "Y", "1.00");
	assert_int_equal(strike(kit), 0);
	sell(kit, "c-4", "M", "Y", "1000.00");
	assert_int_equal(strike(kit), 1);
	last_shows(kit, "\"level\":\"critical\"");
	char params[100];
	char text[100];
	snprintf(text, sizeof text, "\"entry\":%llu,", (unsigned long long)first);
	kit_shows(kit, "auditor", "report.alerts", "{\"issuer\":\"Y\"}", text);
	char *reply = NULL;
	assert_ok(kit_query(kit, "auditor", "report.alerts", "{\"standing\":\"yes\"}", &reply));
	assert_null(strstr(reply, text));
	free(reply);
	kit_shows(kit, "auditor", "report.alerts", "{\"issuer\":\"G\"}", "\"alerts\":[]");
	snprintf(params, sizeof params, "{\"limit\":1}");
	kit_shows(kit, "auditor", "report.alerts", params, "\"next\":\"");
	/* used up and claimed: nothing is owed, the alert is over */
	rules_declare(kit, "i", "M", "fuel-card");
	for (int card = 1; card <= 4; card++)
		kit_accept(kit, "maker",
			"{\"command\":\"entitlement.consume\",\"entitlement\":\"c-%d\",\"evidence\":"
			"\"confirmed\","
			"\"consumed\":\"1.000\",\"reference\":\"r\",\"source\":\"s\",\"evidence_"
			"hash\":" RULES_HASH "}",
			card);
	strike(kit);
	last_shows(kit, "\"alert\":\"lowered\"");
	kit_shows(kit, "auditor", "report.alerts", "{\"standing\":\"yes\"}", "\"alerts\":[]");
	rules_audit_twice(kit);
}

/* Each issuer is looked at every watch_hours, with or without an alert; stale custody is found at once. */
static void test_watch(void **state)
{
	struct kit *kit = *state;
	rules_deposit(kit, "M", "100.00", "b-1");
	kit_wait(kit, DAY);
	kit_accept(kit, "bank", ATTEST("2016-05-04", "100.00"));
	sell(kit, "c-1", "M", "Y", "80.00");
	kit_accept(kit, "admin", PUBLISH("1", THRESHOLDS ",\"watch_hours\":6"));
	strike(kit);
	shows(kit, "\"level\":\"none\"");
	assert_int_equal(kit_wait(kit, 6 * HOUR), 1);
	last_shows(kit, "\"level\":\"none\"");
	last_shows(kit, "\"attested_cash\":\"100.00\"");
	assert_int_equal(kit_wait(kit, 6 * HOUR), 1);
	/* 48 hours after the attested day's end */
	kit_wait(kit, 2 * DAY);
	strike(kit);
	kit_shows(kit, "auditor", "report.alerts", "{\"standing\":\"yes\"}", "\"level\":\"critical\"");
	shows(kit, "\"uncounted_cash\":\"100.00\"");
	kit_accept(kit, "bank", ATTEST("2016-05-06", "100.00"));
	strike(kit);
	last_shows(kit, "\"alert\":\"lowered\"");
	/* other thresholds are for the next look, which is at once */
	kit_accept(kit, "admin",
		PUBLISH("2", "\"thresholds\":[{\"level\":\"all\",\"below\":\"100.00\"},{\"level\":\"most\","
			     "\"below\":\"99.99\"}]"));
	strike(kit);
	shows(kit, "\"level\":\"none\"");
	rules_audit_twice(kit);
}

static void test_refused(void **state)
{
	struct kit *kit = *state;
	const struct rules_row rows[] = {
		{RECOURSE_ROLE_MISSING, "command", "maker", PUBLISH("1", THRESHOLDS)},
		{RECOURSE_POLICY_WRONG, "version", "admin", PUBLISH("2", THRESHOLDS)},
		{RECOURSE_UNIT_UNKNOWN, "unit", "admin",
			"{\"command\":\"coverage.publish\",\"version\":1,\"unit\":\"XYZ\"," THRESHOLDS "}"},
		{RECOURSE_FIELD_LIMIT, "thresholds", "admin", PUBLISH("1", "\"thresholds\":[]")},
		{RECOURSE_FIELD_FORMAT, "thresholds[0].below", "admin",
			PUBLISH("1", "\"thresholds\":[{\"level\":\"a\",\"below\":\"100.01\"}]")},
		{RECOURSE_AMOUNT_RANGE, "thresholds", "admin",
			PUBLISH("1", "\"thresholds\":[{\"level\":\"a\",\"below\":\"0.00\"}]")},
		{RECOURSE_POLICY_WRONG, "thresholds", "admin",
			PUBLISH("1", "\"thresholds\":[{\"level\":\"a\",\"below\":\"50.00\"},{\"level\":\"b\","
				     "\"below\":\"50.00\"}]")},
		{RECOURSE_FIELD_DUPLICATE, "thresholds", "admin",
			PUBLISH("1", "\"thresholds\":[{\"level\":\"a\",\"below\":\"50.00\"},{\"level\":\"a\","
				     "\"below\":\"40.00\"}]")},
		{RECOURSE_FIELD_LIMIT, "watch_hours", "admin", PUBLISH("1", THRESHOLDS ",\"watch_hours\":0")},
	};
	char *reply = NULL;
	RULES_REFUSE(kit, rows);
	assert_error(kit_query(kit, "merchant", "report.coverage", "{}", &reply), RECOURSE_ROLE_MISSING);
	assert_error(kit_query(kit, "merchant", "report.alerts", "{}", &reply), RECOURSE_ROLE_MISSING);
	assert_error(kit_query(kit, "auditor", "report.alerts", "{\"from\":\"0\"}", &reply),
		RECOURSE_FIELD_FORMAT);
	/* clocks are the service's alone, and name what was set */
	rules_refuse(kit, RECOURSE_ROLE_MISSING, "command", "admin",
		"{\"command\":\"clock.fire\",\"clock\":\"coverage\",\"subject\":\"CNY/1\",\"due\":"
		"\"2016-05-04T00:00:00Z\"}");
	kit_audit(kit);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		RULES_TEST(test_attested),
		RULES_TEST(test_most),
		RULES_TEST(test_alerts),
		RULES_TEST(test_watch),
		RULES_TEST(test_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
