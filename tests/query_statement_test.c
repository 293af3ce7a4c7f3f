/* SPDX-License-Identifier: Apache-2.0 */
#include "rules.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

/* A1, K: the deposit statement, now and of a period. */
enum { DAY = 86400, PARAMS_SIZE = 300, MORE_SIZE = 200 };
#define STATEMENT_OF(merchant, unit) "{\"merchant\":\"" merchant "\",\"unit\":\"" unit "\""
#define STATEMENT                    STATEMENT_OF("M", "CNY")

static void shows(struct kit *kit, const char *more, const char *text)
{
	char params[PARAMS_SIZE];
	snprintf(params, sizeof params, STATEMENT "%.*s}", MORE_SIZE, more);
	kit_shows(kit, "merchant", "deposit.statement", params, text);
}

static void hides(struct kit *kit, const char *more, const char *text)
{
	char params[PARAMS_SIZE];
	char *reply = NULL;
	snprintf(params, sizeof params, STATEMENT "%.*s}", MORE_SIZE, more);
	assert_ok(kit_query(kit, "merchant", "deposit.statement", params, &reply));
	if (strstr(reply, text) != NULL)
		print_message("%s shows %s: %s\n", params, text, reply);
	assert_null(strstr(reply, text));
	free(reply);
}

static void refused(struct kit *kit, enum recourse_error expected, const char *field, const char *params)
{
	char *reply = NULL;
	enum recourse_error error = kit_query(kit, "auditor", "deposit.statement", params, &reply);
	if (error != expected)
		print_message("%s: %s %s\n", params, recourse_error_name(error), reply == NULL ? "" : reply);
	assert_error(error, expected);
	assert_string_equal(kit->refusal.field, field);
}

static void hold(struct kit *kit, const char *name, const char *amount)
{
	kit_accept(kit, "maker",
		"{\"command\":\"deposit.hold\",\"hold\":\"%s\",\"merchant\":\"M\",\"amount\":\"%s\","
		"\"unit\":\"CNY\",\"reason\":\"late-delivery\"}",
		name, amount);
}

/* A1: each movement with its reason, rule and actor. */
static void test_movements(void **state)
{
	struct kit *kit = *state;
	rules_deposit(kit, "M", "100.00", "b-1");
	hold(kit, "h", "4.00");
	rules_declare(kit, "i", "M", "fuel-card");
	static const char *const texts[] = {"\"custodian\":\"bank\"", "\"state\":\"frozen\"",
		"\"available\":\"0.00\"", "\"frozen\":\"100.00\"", "\"reason\":\"late-delivery\"",
		"\"rule\":\"deposit.hold/1\"", "\"incident.declare\"", "\"key\":\"example.com/ledger/maker+"};
	for (size_t index = 0; index < sizeof texts / sizeof texts[0]; index++)
		shows(kit, "", texts[index]);
	shows(kit, ",\"limit\":1", "\"next\":");
	refused(kit, RECOURSE_QUERY_NOT_FOUND, "merchant", STATEMENT_OF("M", "JPY") "}");
	refused(kit, RECOURSE_QUERY_NOT_FOUND, "merchant", STATEMENT_OF("G", "CNY") "}");
	refused(kit, RECOURSE_QUERY_NOT_FOUND, "merchant", STATEMENT_OF("X", "CNY") "}");
	kit_audit(kit);
	kit_reopen(kit, true);
	for (size_t index = 0; index < sizeof texts / sizeof texts[0]; index++)
		shows(kit, "", texts[index]);
}

/* An incident at a merchant that never lodged anything: its deposit is there, and empty. */
static void test_no_money(void **state)
{
	struct kit *kit = *state;
	rules_declare_without_deposit(kit, "i", "fuel-card");
	shows(kit, "", "\"available\":\"0.00\"");
	shows(kit, "", "\"entries\":[]");
}

/*
 * Three days: 100 come in; two holds of 10 and 20; one of them is released and 5 come in. Each day is a period that
 * begins as the one before it ended.
 */
#define FIRST  ",\"until\":\"2016-05-05T00:00:00Z\""
#define SECOND ",\"since\":\"2016-05-05T00:00:00Z\",\"until\":\"2016-05-06T00:00:00Z\""
#define THIRD  ",\"since\":\"2016-05-06T00:00:00Z\""
#define BALANCES(available, frozen)                                                                          \
	"{\"frozen\":\"" frozen "\",\"available\":\"" available "\",\"exit_hold\":\"0.00\"}"

static void three_days(struct kit *kit)
{
	rules_deposit(kit, "M", "100.00", "b-1");
	kit->now += (uint64_t)DAY * 1000000000;
	hold(kit, "h-1", "10.00");
	hold(kit, "h-2", "20.00");
	kit->now += (uint64_t)DAY * 1000000000;
	kit_accept(kit, "maker", "{\"command\":\"deposit.release\",\"hold\":\"h-1\",\"reason\":\"solved\"}");
	rules_deposit(kit, "M", "5.00", "b-2");
}

static void test_periods(void **state)
{
	struct kit *kit = *state;
	three_days(kit);
	for (int round = 0; round < 2; round++) {
		shows(kit, FIRST, "\"opening\":" BALANCES("0.00", "0.00"));
		shows(kit, FIRST, "\"closing\":" BALANCES("100.00", "0.00"));
		shows(kit, FIRST, "\"kind\":\"deposit.receive\"");
		hides(kit, FIRST, "\"kind\":\"deposit.hold\"");
		shows(kit, SECOND, "\"opening\":" BALANCES("100.00", "0.00"));
		shows(kit, SECOND, "\"closing\":" BALANCES("70.00", "30.00"));
		shows(kit, SECOND, "\"kind\":\"deposit.hold\"");
		hides(kit, SECOND, "\"kind\":\"deposit.receive\"");
		hides(kit, SECOND, "\"kind\":\"deposit.release\"");
		shows(kit, THIRD, "\"opening\":" BALANCES("70.00", "30.00"));
		shows(kit, THIRD, "\"closing\":" BALANCES("85.00", "20.00"));
		shows(kit, THIRD, "\"kind\":\"deposit.release\"");
		hides(kit, THIRD, "\"kind\":\"deposit.hold\"");
		/* what it is now is said beside each of them */
		shows(kit, FIRST, "\"frozen\":\"20.00\"");
		shows(kit, "", "\"opening\":" BALANCES("0.00", "0.00"));
		shows(kit, "", "\"closing\":" BALANCES("85.00", "20.00"));
		kit_audit(kit);
		kit_reopen(kit, true);
	}
	/* a day in which nothing happened to it, while others went on */
	kit->now += (uint64_t)3 * DAY * 1000000000;
	rules_deposit(kit, "N", "1.00", "b-3");
	static const char quiet[] = ",\"since\":\"2016-05-07T00:00:00Z\",\"until\":\"2016-05-08T00:00:00Z\"";
	shows(kit, quiet, "\"opening\":" BALANCES("85.00", "20.00"));
	shows(kit, quiet, "\"closing\":" BALANCES("85.00", "20.00"));
	shows(kit, quiet, "\"entries\":[]");
}

/* A period in which there was no deposit, or no ledger, is an error and no zero. */
static void test_periods_refused(void **state)
{
	struct kit *kit = *state;
	kit->now += (uint64_t)DAY * 1000000000;
	rules_deposit(kit, "M", "100.00", "b-1");
	/* the ledger's first entry is of the 4th, the deposit's of the 5th */
	refused(kit, RECOURSE_QUERY_NOT_FOUND, "since", STATEMENT ",\"since\":\"2016-05-03T00:00:00Z\"}");
	refused(kit, RECOURSE_QUERY_NOT_FOUND, "since",
		STATEMENT ",\"since\":\"2016-05-03T00:00:00Z\",\"until\":\"2016-05-06T00:00:00Z\"}");
	refused(kit, RECOURSE_QUERY_NOT_FOUND, "since", STATEMENT ",\"since\":\"2016-06-03T00:00:00Z\"}");
	refused(kit, RECOURSE_QUERY_NOT_FOUND, "until", STATEMENT ",\"until\":\"2016-05-03T00:00:00Z\"}");
	refused(kit, RECOURSE_QUERY_NOT_FOUND, "until", STATEMENT ",\"until\":\"2016-05-05T00:00:00Z\"}");
	refused(kit, RECOURSE_QUERY_NOT_FOUND, "until",
		STATEMENT ",\"since\":\"2016-05-04T00:00:10Z\",\"until\":\"2016-05-04T12:00:00Z\"}");
	refused(kit, RECOURSE_FIELD_LIMIT, "until",
		STATEMENT ",\"since\":\"2016-05-05T00:00:00Z\",\"until\":\"2016-05-05T00:00:00Z\"}");
	refused(kit, RECOURSE_FIELD_LIMIT, "until",
		STATEMENT ",\"since\":\"2016-05-05T00:00:00Z\",\"until\":\"2016-05-04T00:00:00Z\"}");
	refused(kit, RECOURSE_FIELD_FORMAT, "since", STATEMENT ",\"since\":\"2016-05-05\"}");
	/* it came into being within the period: that began with nothing */
	shows(kit, ",\"since\":\"2016-05-04T00:00:10Z\"", "\"opening\":" BALANCES("0.00", "0.00"));
	shows(kit, ",\"since\":\"2016-05-04T00:00:10Z\"", "\"closing\":" BALANCES("100.00", "0.00"));
	/* the end is not in it, the begin is */
	char *entry = rules_describe(kit, kit->last_entry);
	const char *time = strstr(entry, "\"time\":\"");
	char params[MORE_SIZE];
	assert_non_null(time);
	int size = (int)strcspn(time + 8, "\"");
	snprintf(params, sizeof params, ",\"since\":\"%.*s\"", size, time + 8);
	shows(kit, params, "\"kind\":\"deposit.receive\"");
	snprintf(params, sizeof params, STATEMENT ",\"until\":\"%.*s\"}", size, time + 8);
	refused(kit, RECOURSE_QUERY_NOT_FOUND, "until", params);
	free(entry);
}

/* Pages of a period are the movements of the period, and nothing of the next. */
static void test_pages(void **state)
{
	struct kit *kit = *state;
	uint64_t from = 0;
	size_t pages = 0;
	three_days(kit);
	do {
		char params[PARAMS_SIZE];
		char *reply = NULL;
		snprintf(params, sizeof params, STATEMENT SECOND ",\"limit\":1,\"from\":%" PRIu64 "}", from);
		assert_ok(kit_query(kit, "merchant", "deposit.statement", params, &reply));
		assert_non_null(strstr(reply, "\"kind\":\"deposit.hold\""));
		assert_non_null(strstr(reply, "\"opening\":" BALANCES("100.00", "0.00")));
		assert_non_null(strstr(reply, "\"closing\":" BALANCES("70.00", "30.00")));
		const char *next = strstr(reply, "\"next\":");
		from = next == NULL ? 0 : strtoull(next + 7, NULL, 10);
		free(reply);
		pages++;
	} while (from != 0);
	assert_int_equal(pages, 2);
	shows(kit, SECOND ",\"from\":100000", "\"entries\":[]");
}

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
	rules_deposit(kit, "M", "10000.00", "b-1");
	for (int day = 0; day < DAYS; day++) {
		char name[20];
		char amount[40];
		kit->now += (uint64_t)DAY * 1000000000;
		open[day] = 1 + (int64_t)support_random_below(&random, 300);
		sum += open[day];
		snprintf(name, sizeof name, "h-%d", day);
		snprintf(amount, sizeof amount, "%" PRId64 ".00", open[day]);
		hold(kit, name, amount);
		int other = (int)support_random_below(&random, (uint64_t)day + 1);
		if (open[other] > 0 && other != day) {
			kit_accept(kit, "maker",
				"{\"command\":\"deposit.release\",\"hold\":\"h-%d\",\"reason\":\"solved\"}",
				other);
			sum -= open[other];
			open[other] = 0;
		}
		frozen[day] = sum;
	}
	for (int round = 0; round < 2; round++) {
		for (int day = 0; day < DAYS; day++) {
			char params[MORE_SIZE];
			char text[120];
			/* holds begin on the 5th of May */
			snprintf(params, sizeof params, ",\"until\":\"2016-%02d-%02dT00:00:00Z\"",
				day < 26 ? 5 : 6, day < 26 ? day + 6 : day - 25);
			snprintf(
				text, sizeof text, "\"closing\":{\"frozen\":\"%" PRId64 ".00\"", frozen[day]);
			shows(kit, params, text);
		}
		kit_audit(kit);
		kit_reopen(kit, true);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		RULES_TEST(test_movements),
		RULES_TEST(test_no_money),
		RULES_TEST(test_periods),
		RULES_TEST(test_periods_refused),
		RULES_TEST(test_pages),
		RULES_TEST(test_many_holds),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
