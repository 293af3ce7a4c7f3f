/* SPDX-License-Identifier: Apache-2.0 */
#include "insured.h"

#include "books/record_party.h"
#include "rules/collateral/instrument.h"
#include "ledger.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

/*
 * A6: instruments from their registration to their end. They are limits in 9010, never cash; calls are in
 * rules_instrument_call_test.c. The ledger opens on 2016-05-04; instruments of the kit stand until 2018.
 */
enum { DAY = 86400 };

#define REGISTER(id, provider, merchant, more)                                                               \
	"{\"command\":\"instrument.register\",\"instrument\":\"" id                                          \
	"\",\"kind\":\"insurance\",\"provider\":\"" provider "\",\"merchant\":\"" merchant                   \
	"\",\"document_hash\":" RULES_HASH more "}"
#define TERMS(limit, draw, expires)                                                                          \
	",\"unit\":\"CNY\",\"limit\":\"" limit "\",\"draw\":" draw ",\"expires\":\"" expires "\""
#define GOOD TERMS("100.00", "1", "2017-01-01T00:00:00Z")
#define RENEW(id, expires)                                                                                   \
	"{\"command\":\"instrument.renew\",\"instrument\":\"" id "\",\"expires\":\"" expires                 \
	"\",\"document_hash\":"                                                                              \
	"\"cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd\"}"
#define CANCEL(id) "{\"command\":\"instrument.cancel\",\"instrument\":\"" id "\",\"reason\":\"withdrawn\"}"

static void total(struct kit *kit, const char *merchant, const char *unit, int64_t expected)
{
	struct state_view *view = state_writer(kit->ledger->state);
	struct record_path path = record_path_of_text(RECORD_PARTY, slice_text(merchant));
	struct record_party party;
	int64_t steps = -1;
	assert_ok(record_get(view, &path, &party, sizeof party));
	assert_ok(instrument_total(view, party.number, slice_text(unit), &steps));
	assert_int_equal(steps, expected);
}

/* A6: a limit per claim and in aggregate, a deductible, an expiry, a rank; a memo, and no cash. */
static void test_register(void **state)
{
	struct kit *kit = *state;
	insured_parties(kit);
	total(kit, "M", "CNY", 0);
	kit_accept(kit, "maker",
		REGISTER("policy-7", "S", "M",
			TERMS("50000.00", "3", "2016-05-14T00:00:00Z") ",\"claim_limit\":\"900.00\","
								       "\"deductible\":\"100.00\""));
	insured_shows(kit, "policy-7", "\"instrument\":\"policy-7\",");
	insured_shows(kit, "policy-7", "\"kind\":\"insurance\"");
	insured_shows(kit, "policy-7", "\"merchant\":\"M\"");
	insured_shows(kit, "policy-7", "\"provider\":\"S\"");
	insured_shows(kit, "policy-7", "\"state\":\"in force\"");
	insured_shows(kit, "policy-7", "\"draw\":3");
	insured_shows(kit, "policy-7", "\"limit\":\"50000.00\"");
	insured_shows(kit, "policy-7", "\"left\":\"50000.00\"");
	insured_shows(kit, "policy-7", "\"claim_limit\":\"900.00\"");
	insured_shows(kit, "policy-7", "\"deductible\":\"100.00\"");
	insured_shows(kit, "policy-7", "\"expires\":\"2016-05-14T00:00:00Z\"");
	insured_shows(kit, "policy-7", "\"document_hash\":" RULES_HASH);
	insured_shows(kit, "policy-7", "\"calls\":[]");
	insured_shows(kit, "policy-7", "\"kind\":\"instrument.register\"");
	kit_balance(kit, 9010, "S", "policy-7", "CNY", "50000.00");
	kit_balance(kit, 9090, "S", "policy-7", "CNY", "50000.00");
	kit_balance(kit, 1100, "S", "", "CNY", "0");
	kit_shows(kit, "auditor", "party.get", "{\"party\":\"M\"}", "instrument.register");
	kit_shows(kit, "auditor", "party.get", "{\"party\":\"S\"}", "instrument.register");
	total(kit, "M", "CNY", 5000000);
	total(kit, "M", "JPY", 0);
	total(kit, "S", "CNY", 0);
	/* each kind; a deductible of nothing is none */
	static const char *const kinds[] = {"bond", "guarantee-fund", "blocked-settlement"};
	for (size_t index = 0; index < 3; index++)
		kit_accept(kit, "maker",
			"{\"command\":\"instrument.register\",\"instrument\":\"k-%zu\",\"kind\":\"%s\","
			"\"provider\":\"P\",\"merchant\":\"M\",\"unit\":\"CNY\",\"limit\":\"0.01\","
			"\"deductible\":\"0.00\",\"draw\":9,\"expires\":\"2018-01-01T00:00:00Z\","
			"\"document_hash\":" RULES_HASH "}",
			index, kinds[index]);
	insured_shows(kit, "k-2", "\"kind\":\"blocked-settlement\"");
	insured_shows(kit, "k-2", "\"deductible\":\"0.00\"");
	total(kit, "M", "CNY", 5000003);
	rules_audit_twice(kit);
	total(kit, "M", "CNY", 5000003);
}

static void test_register_refused(void **state)
{
	static const struct rules_row rows[] = {
		{RECOURSE_ROLE_MISSING, "command", "merchant", REGISTER("i-1", "S", "M", GOOD)},
		{RECOURSE_ROLE_MISSING, "command", "checker", REGISTER("i-1", "S", "M", GOOD)},
		{RECOURSE_EXISTS, "instrument", "maker", REGISTER("i-0", "S", "M", GOOD)},
		{RECOURSE_NOT_FOUND, "provider", "maker", REGISTER("i-1", "X", "M", GOOD)},
		{RECOURSE_NOT_FOUND, "merchant", "maker", REGISTER("i-1", "S", "X", GOOD)},
		{RECOURSE_NOT_PERMITTED, "provider", "maker", REGISTER("i-1", "M", "M", GOOD)},
		/* A7: whoever keeps the money has no other part in it */
		{RECOURSE_NOT_PERMITTED, "provider", "maker", REGISTER("i-1", "bank", "M", GOOD)},
		{RECOURSE_NOT_PERMITTED, "merchant", "maker", REGISTER("i-1", "S", "bank", GOOD)},
		{RECOURSE_UNIT_UNKNOWN, "unit", "maker",
			REGISTER("i-1", "S", "M",
				",\"unit\":\"XQX\",\"limit\":\"1.00\",\"draw\":1,"
				"\"expires\":\"2017-01-01T00:00:00Z\"")},
		{RECOURSE_FIELD_LIMIT, "draw", "maker",
			REGISTER("i-1", "S", "M", TERMS("1.00", "0", "2017-01-01T00:00:00Z"))},
		{RECOURSE_FIELD_LIMIT, "draw", "maker",
			REGISTER("i-1", "S", "M", TERMS("1.00", "10", "2017-01-01T00:00:00Z"))},
		{RECOURSE_WINDOW_CLOSED, "expires", "maker",
			REGISTER("i-1", "S", "M", TERMS("1.00", "1", "2016-05-04T00:00:00Z"))},
		{RECOURSE_AMOUNT_RANGE, "claim_limit", "maker",
			REGISTER("i-1", "S", "M", GOOD ",\"claim_limit\":\"100.01\"")},
		{RECOURSE_AMOUNT_DIGITS, "deductible", "maker",
			REGISTER("i-1", "S", "M", GOOD ",\"deductible\":\"1\"")},
		RULES_AMOUNTS("limit", "maker",
			"{\"command\":\"instrument.register\",\"instrument\":\"i-1\",\"kind\":\"bond\","
			"\"provider\":\"S\",\"merchant\":\"M\",\"unit\":\"CNY\",\"draw\":1,"
			"\"expires\":\"2017-01-01T00:00:00Z\",\"document_hash\":" RULES_HASH ",\"limit\":",
			"}"),
		RULES_AMOUNTS("claim_limit", "maker",
			"{\"command\":\"instrument.register\",\"instrument\":\"i-1\",\"kind\":\"bond\","
			"\"provider\":\"S\",\"merchant\":\"M\",\"draw\":1,"
			"\"document_hash\":" RULES_HASH
			",\"unit\":\"CNY\",\"limit\":\"92233720368547758.07\","
			"\"expires\":\"2017-01-01T00:00:00Z\",\"claim_limit\":",
			"}"),
		/* the sum of a merchant's limits is a figure: it fits */
		{RECOURSE_OVERFLOW, "limit", "maker",
			REGISTER(
				"i-1", "S", "M", TERMS("92233720368547758.07", "1", "2017-01-01T00:00:00Z"))},
		{RECOURSE_FIELD_FORMAT, "kind", "maker",
			"{\"command\":\"instrument.register\",\"instrument\":\"i-1\",\"kind\":\"cash\","
			"\"provider\":\"S\",\"merchant\":\"M\",\"document_hash\":" RULES_HASH GOOD "}"},
		{RECOURSE_FIELD_MISSING, "document_hash", "maker",
			"{\"command\":\"instrument.register\",\"instrument\":\"i-1\",\"kind\":\"bond\","
			"\"provider\":\"S\",\"merchant\":\"M\"" GOOD "}"},
	};
	struct kit *kit = *state;
	insured_parties(kit);
	kit_accept(kit, "maker", REGISTER("i-0", "S", "M", GOOD));
	RULES_REFUSE(kit, rows);
	kit_audit(kit);
}

/* Sixteen live ones for a merchant and unit; one that has ended makes room. */
static void test_room(void **state)
{
	struct kit *kit = *state;
	insured_parties(kit);
	for (int number = 1; number <= INSTRUMENT_LIVE_MAX; number++) {
		char id[16];
		snprintf(id, sizeof id, "i-%d", number);
		insured_by(kit, id, "S", 1, "10.00", "");
	}
	total(kit, "M", "CNY", 16 * 1000);
	rules_refuse(kit, RECOURSE_FIELD_LIMIT, "instrument", "maker", REGISTER("more", "S", "M", GOOD));
	kit_accept(kit, "maker", REGISTER("others", "S", "N", GOOD));
	kit_accept(kit, "maker", CANCEL("i-3"));
	total(kit, "M", "CNY", 15 * 1000);
	kit_accept(kit, "maker", REGISTER("more", "S", "M", GOOD));
	total(kit, "M", "CNY", 15 * 1000 + 10000);
	rules_refuse(kit, RECOURSE_EXISTS, "instrument", "maker", REGISTER("i-3", "S", "M", GOOD));
	rules_audit_twice(kit);
}

static void test_cancel(void **state)
{
	static const struct rules_row rows[] = {
		{RECOURSE_ROLE_MISSING, "command", "merchant", CANCEL("bond")},
		{RECOURSE_NOT_FOUND, "instrument", "maker", CANCEL("none")},
		{RECOURSE_FIELD_MISSING, "reason", "maker",
			"{\"command\":\"instrument.cancel\",\"instrument\":\"bond\"}"},
	};
	struct kit *kit = *state;
	insured_parties(kit);
	insured_by(kit, "bond", "S", 1, "50.00", "");
	RULES_REFUSE(kit, rows);
	kit_accept(kit, "maker", CANCEL("bond"));
	rules_says(kit, "\"lapsed\":\"50.00\"");
	kit_balance(kit, 9010, "S", "bond", "CNY", "0");
	kit_balance(kit, 9090, "S", "bond", "CNY", "0");
	insured_shows(kit, "bond", "\"state\":\"cancelled\"");
	insured_shows(kit, "bond", "\"left\":\"0.00\"");
	insured_shows(kit, "bond", "\"lapsed\":\"50.00\"");
	total(kit, "M", "CNY", 0);
	rules_refuse(kit, RECOURSE_STATE_WRONG, "instrument", "maker", CANCEL("bond"));
	assert_string_equal(kit->refusal.state, "cancelled");
	rules_refuse(kit, RECOURSE_STATE_WRONG, "instrument", "maker", RENEW("bond", "2019-01-01T00:00:00Z"));
	/* its clock was taken back */
	assert_int_equal(kit_wait(kit, 700 * DAY), 0);
	rules_audit_twice(kit);
}

/* The clock takes what is left out of 9010. */
static void test_expiry(void **state)
{
	struct kit *kit = *state;
	insured_parties(kit);
	kit_accept(kit, "maker", REGISTER("short", "S", "M", TERMS("50.00", "1", "2016-05-14T00:00:00Z")));
	assert_int_equal(kit_wait(kit, 9 * DAY), 0);
	insured_shows(kit, "short", "\"state\":\"in force\"");
	assert_int_equal(kit_wait(kit, DAY), 1);
	insured_shows(kit, "short", "\"state\":\"expired\"");
	insured_shows(kit, "short", "\"expires_seconds\":0");
	insured_shows(kit, "short", "\"lapsed\":\"50.00\"");
	insured_shows(kit, "short", "\"kind\":\"clock.fire\"");
	kit_balance(kit, 9010, "S", "short", "CNY", "0");
	total(kit, "M", "CNY", 0);
	rules_refuse(kit, RECOURSE_STATE_WRONG, "instrument", "maker", CANCEL("short"));
	rules_refuse(
		kit, RECOURSE_STATE_WRONG, "instrument", "maker", RENEW("short", "2019-01-01T00:00:00Z"));
	assert_string_equal(kit->refusal.state, "expired");
	rules_audit_twice(kit);
}

/* A later day, under another document; the clock of the day before does not strike. */
static void test_renew(void **state)
{
	static const struct rules_row rows[] = {
		{RECOURSE_ROLE_MISSING, "command", "merchant", RENEW("short", "2016-06-14T00:00:00Z")},
		{RECOURSE_NOT_FOUND, "instrument", "maker", RENEW("none", "2016-06-14T00:00:00Z")},
		{RECOURSE_WINDOW_CLOSED, "expires", "maker", RENEW("short", "2016-05-03T00:00:00Z")},
		{RECOURSE_FIELD_LIMIT, "expires", "maker", RENEW("short", "2016-05-13T23:59:59Z")},
		{RECOURSE_FIELD_LIMIT, "expires", "maker", RENEW("short", "2016-05-14T00:00:00Z")},
		{RECOURSE_FIELD_MISSING, "document_hash", "maker",
			"{\"command\":\"instrument.renew\",\"instrument\":\"short\","
			"\"expires\":\"2016-06-14T00:00:00Z\"}"},
	};
	struct kit *kit = *state;
	insured_parties(kit);
	kit_accept(kit, "maker", REGISTER("short", "S", "M", TERMS("50.00", "1", "2016-05-14T00:00:00Z")));
	RULES_REFUSE(kit, rows);
	kit_accept(kit, "maker", RENEW("short", "2016-06-14T00:00:00Z"));
	insured_shows(kit, "short", "\"document_hash\":\"cdcd");
	assert_int_equal(kit_wait(kit, 20 * DAY), 0);
	insured_shows(kit, "short", "\"expires\":\"2016-06-14T00:00:00Z\"");
	insured_shows(kit, "short", "\"left\":\"50.00\"");
	kit_audit(kit);
	assert_int_equal(kit_wait(kit, 22 * DAY), 1);
	insured_shows(kit, "short", "\"state\":\"expired\"");
	/* one whose day has come is over, even where no clock has struck */
	insured_by(kit, "late", "S", 1, "10.00", "");
	kit->now += UINT64_C(700) * DAY * 1000000000;
	rules_refuse(kit, RECOURSE_STATE_WRONG, "instrument", "maker", RENEW("late", "2020-01-01T00:00:00Z"));
	assert_string_equal(kit->refusal.state, "expired");
	rules_audit_twice(kit);
}

/* Nobody but the clock says that it expires, and not before. */
static void test_clock_refused(void **state)
{
	struct kit *kit = *state;
#define FIRE(subject)                                                                                        \
	"{\"command\":\"clock.fire\",\"clock\":\"instrument\",\"subject\":\"" subject                        \
	"\",\"due\":\"2018-01-01T00:00:00Z\"}"
	insured_parties(kit);
	insured_by(kit, "bond", "S", 1, "50.00", "");
	rules_refuse(kit, RECOURSE_WINDOW_CLOSED, "due", "system", FIRE("bond"));
	rules_refuse(kit, RECOURSE_NOT_FOUND, "subject", "system", FIRE("none"));
	rules_refuse(kit, RECOURSE_ROLE_MISSING, "command", "maker", FIRE("bond"));
}

/* ---- who reads what ---- */

static void hides(struct kit *kit, const char *key, const char *method, const char *params, const char *field)
{
	char *reply = NULL;
	assert_error(kit_query(kit, key, method, params, &reply), RECOURSE_QUERY_NOT_FOUND);
	assert_string_equal(kit->refusal.field, field);
}

static void lacks(struct kit *kit, const char *key, const char *params, const char *text)
{
	char *reply = NULL;
	assert_ok(kit_query(kit, key, "report.instruments", params, &reply));
	assert_null(strstr(reply, text));
	free(reply);
}

static void test_who_reads(void **state)
{
	struct kit *kit = *state;
	insured_parties(kit);
	insured_by(kit, "m-1", "S", 1, "50.00", "");
	insured_by(kit, "m-2", "T", 1, "60.00", "");
	kit_accept(kit, "maker", REGISTER("n-1", "S", "N", GOOD));
	/* M is N's provider as well as S's merchant */
	kit_accept(kit, "maker", REGISTER("n-2", "M", "N", GOOD));
	kit_shows(kit, "auditor", "report.instruments", "{}", "\"instrument\":\"n-2\"");
	kit_shows(kit, "auditor", "report.instruments", "{\"merchant\":\"M\"}", "\"instrument\":\"m-2\"");
	lacks(kit, "auditor", "{\"merchant\":\"M\"}", "\"instrument\":\"n-2\"");
	hides(kit, "auditor", "report.instruments", "{\"merchant\":\"X\"}", "merchant");
	/* a merchant */
	kit_shows(kit, "n", "report.instruments", "{}", "\"instrument\":\"n-1\"");
	kit_shows(kit, "n", "report.instruments", "{\"merchant\":\"N\"}", "\"instrument\":\"n-2\"");
	lacks(kit, "n", "{}", "\"instrument\":\"m-1\"");
	kit_shows(kit, "n", "instrument.get", "{\"instrument\":\"n-1\"}", "\"provider\":\"S\"");
	hides(kit, "n", "instrument.get", "{\"instrument\":\"m-1\"}", "instrument");
	hides(kit, "n", "instrument.get", "{\"instrument\":\"none\"}", "instrument");
	hides(kit, "n", "report.instruments", "{\"merchant\":\"M\"}", "merchant");
	hides(kit, "n", "report.instruments", "{\"merchant\":\"X\"}", "merchant");
	/* both at once: what it is secured by is asked for as a merchant's */
	kit_shows(kit, "merchant", "report.instruments", "{}", "\"instrument\":\"n-2\"");
	kit_shows(kit, "merchant", "report.instruments", "{}", "\"instrument\":\"m-1\"");
	lacks(kit, "merchant", "{\"merchant\":\"M\"}", "\"instrument\":\"n-2\"");
	/* a provider */
	kit_shows(kit, "s", "report.instruments", "{}", "\"instrument\":\"m-1\"");
	kit_shows(kit, "s", "report.instruments", "{}", "\"instrument\":\"n-1\"");
	lacks(kit, "s", "{}", "\"instrument\":\"m-2\"");
	kit_shows(kit, "s", "instrument.get", "{\"instrument\":\"m-1\"}", "\"merchant\":\"M\"");
	hides(kit, "s", "instrument.get", "{\"instrument\":\"m-2\"}", "instrument");
	/* a stranger */
	kit_shows(kit, "teller", "report.instruments", "{}", "\"instruments\":[]");
}

static void test_pages(void **state)
{
	struct kit *kit = *state;
	insured_parties(kit);
	for (int number = 1; number <= 5; number++) {
		char id[16];
		snprintf(id, sizeof id, "i-%d", number);
		insured_by(kit, id, number == 2 ? "T" : "S", number, "10.00", "");
	}
#define PAGE(more) "{\"limit\":2" more "}"
	kit_shows(kit, "auditor", "report.instruments", PAGE(""), "\"next\":\"i-3\"");
	kit_shows(kit, "auditor", "report.instruments", PAGE(",\"from\":\"i-3\""), "\"next\":\"i-5\"");
	kit_shows(kit, "auditor", "report.instruments", PAGE(",\"from\":\"i-5\""), "\"instrument\":\"i-5\"");
	lacks(kit, "auditor", PAGE(",\"from\":\"i-5\""), "\"next\":");
	kit_shows(kit, "s", "report.instruments", PAGE(",\"from\":\"i-3\""), "\"next\":\"i-5\"");
	kit_shows(kit, "merchant", "report.instruments", PAGE(",\"merchant\":\"M\""), "\"next\":\"i-3\"");
	hides(kit, "s", "report.instruments", PAGE(",\"from\":\"i-2\""), "from");
	hides(kit, "s", "report.instruments", PAGE(",\"from\":\"none\""), "from");
	hides(kit, "auditor", "report.instruments", PAGE(",\"from\":\"none\""), "from");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		RULES_TEST(test_register),
		RULES_TEST(test_register_refused),
		RULES_TEST(test_room),
		RULES_TEST(test_cancel),
		RULES_TEST(test_expiry),
		RULES_TEST(test_renew),
		RULES_TEST(test_clock_refused),
		RULES_TEST(test_who_reads),
		RULES_TEST(test_pages),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
