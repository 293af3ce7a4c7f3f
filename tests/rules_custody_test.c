/* SPDX-License-Identifier: Apache-2.0 */
#include "rules.h"

#include "books/record_custody.h"
#include "rules/custody/custody.h"
#include "books/day.h"
#include "ledger.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

/*
 * Custody (A7, H3, I13): what the custodian attests for a day, held against the ledger. The ledger opens on
 * 2016-05-04; a test's first deposit is of that day.
 */
enum { HOUR = 3600, DAY = 86400 };

#define ATTEST(day, unit, balance)                                                                           \
	"{\"command\":\"custody.attest\",\"day\":\"" day "\",\"unit\":\"" unit "\",\"balance\":\"" balance   \
	"\",\"statement_hash\":" RULES_HASH "}"
#define RESOLVE                                                                                              \
	"{\"command\":\"custody.resolve\",\"break\":%llu,\"reason\":\"bank-charge\",\"evidence_"             \
	"hash\":" RULES_HASH "}"
#define BALANCE "{\"code\":1010,\"party\":\"bank\",\"unit\":\"CNY\""

static void shows(struct kit *kit, const char *text)
{
	kit_shows(kit, "auditor", "report.custody", "{}", text);
}

static void audit_twice(struct kit *kit)
{
	kit_audit(kit);
	kit_reopen(kit, true);
	kit_audit(kit);
}

/* A7: never attested is not coverage; attested is, as far as it goes; what came in since is not. */
static void test_attest(void **state)
{
	struct kit *kit = *state;
	rules_deposit(kit, "M", "1000.00", "b-1");
	shows(kit, "\"standing\":\"never\"");
	shows(kit, "\"counts\":\"no\",\"reason\":\"never attested\",\"coverage\":\"0.00\"");
	kit_wait(kit, DAY);
	kit_accept(kit, "bank", ATTEST("2016-05-04", "CNY", "1000.00"));
	shows(kit, "\"standing\":\"fresh\"");
	shows(kit, "\"counts\":\"yes\",\"reason\":\"attested\",\"attested\":\"1000.00\",\"coverage\":\"1000."
		   "00\"");
	shows(kit, "\"day\":\"2016-05-04\"");
	shows(kit, "\"breaks\":[]");
	char *entry = rules_describe(kit, kit->last_entry);
	assert_non_null(strstr(entry, "\"ledger_balance\":\"1000.00\""));
	assert_non_null(strstr(entry, "\"standing\":\"fresh\""));
	free(entry);
	rules_deposit(kit, "M", "500.00", "b-2");
	shows(kit, "\"ledger_balance\":\"1500.00\"");
	shows(kit, "\"attested\":\"1000.00\",\"coverage\":\"1000.00\"");
	audit_twice(kit);
}

/* The balance is that of the day's end, whatever came between that and the attestation. */
static void test_as_of_the_days_end(void **state)
{
	struct kit *kit = *state;
	rules_deposit(kit, "M", "1000.00", "b-1");
	kit_wait(kit, DAY);
	rules_deposit(kit, "M", "500.00", "b-2");
	kit_wait(kit, 3 * DAY);
	rules_deposit(kit, "M", "20.00", "b-3");
	kit_accept(kit, "bank", ATTEST("2016-05-04", "CNY", "1000.00"));
	kit_accept(kit, "bank", ATTEST("2016-05-05", "CNY", "1500.00"));
	/* two days without an entry stand as the day before them */
	kit_accept(kit, "bank", ATTEST("2016-05-07", "CNY", "1500.00"));
	kit_wait(kit, DAY);
	/* the first entry of its day is the attestation itself */
	kit_accept(kit, "bank", ATTEST("2016-05-08", "CNY", "1520.00"));
	shows(kit, "\"breaks\":[]");
	shows(kit, "\"counts\":\"yes\"");
	audit_twice(kit);
}

static void shows_break(
	struct kit *kit, uint64_t gap, const char *difference, const char *side, const char *last)
{
	char text[60];
	snprintf(text, sizeof text, "\"break\":%llu,", (unsigned long long)gap);
	shows(kit, text);
	snprintf(text, sizeof text, "\"difference\":\"%s\"", difference);
	shows(kit, text);
	snprintf(text, sizeof text, "\"side\":\"%s\"", side);
	shows(kit, text);
	snprintf(text, sizeof text, "\"last_day\":\"%s\"", last);
	shows(kit, text);
}

/* I13: a difference is a break until a day agrees; days that differ go on with it. */
static void test_break_agrees(void **state)
{
	struct kit *kit = *state;
	rules_deposit(kit, "M", "1000.00", "b-1");
	kit_wait(kit, DAY);
	kit_accept(kit, "bank", ATTEST("2016-05-04", "CNY", "999.99"));
	unsigned long long gap = kit->last_entry;
	shows_break(kit, gap, "0.01", "short", "2016-05-04");
	shows(kit, "\"first_day\":\"2016-05-04\"");
	shows(kit, "\"counts\":\"no\",\"reason\":\"differs from the ledger\",");
	shows(kit, "\"coverage\":\"0.00\"");
	kit_wait(kit, DAY);
	kit_accept(kit, "bank", ATTEST("2016-05-05", "CNY", "1002.00"));
	shows_break(kit, gap, "2.00", "over", "2016-05-05");
	shows(kit, "\"first_day\":\"2016-05-04\"");
	kit_audit(kit);
	kit_wait(kit, DAY);
	/* as of the last entry, more than a day after the end of its first day */
	kit_accept(kit, "maker",
		"{\"command\":\"deposit.hold\",\"hold\":\"h\",\"merchant\":\"M\",\"amount\":"
		"\"1.00\",\"unit\":\"CNY\",\"reason\":\"r\"}");
	shows(kit, "\"last_day\":\"2016-05-05\",\"age_hours\":48,");
	kit_accept(kit, "bank", ATTEST("2016-05-06", "CNY", "1000.00"));
	shows(kit, "\"breaks\":[]");
	shows(kit, "\"counts\":\"yes\"");
	rules_refuse(kit, RECOURSE_STATE_WRONG, "break", "checker", RESOLVE, gap);
	audit_twice(kit);
}

/* An approver says why; a day that differs after that is a new break. */
static void test_break_resolved(void **state)
{
	struct kit *kit = *state;
	rules_deposit(kit, "M", "1000.00", "b-1");
	kit_wait(kit, DAY);
	kit_accept(kit, "bank", ATTEST("2016-05-04", "CNY", "0.00"));
	unsigned long long gap = kit->last_entry;
	rules_refuse(kit, RECOURSE_ROLE_MISSING, "command", "maker", RESOLVE, gap);
	rules_refuse(kit, RECOURSE_ROLE_MISSING, "command", "bank", RESOLVE, gap);
	rules_refuse(kit, RECOURSE_NOT_FOUND, "break", "checker", RESOLVE, gap - 1);
	rules_refuse(kit, RECOURSE_FIELD_MISSING, "evidence_hash", "checker",
		"{\"command\":\"custody.resolve\",\"break\":%llu,\"reason\":\"x\"}", gap);
	kit_accept(kit, "checker", RESOLVE, gap);
	shows(kit, "\"breaks\":[]");
	shows(kit, "\"counts\":\"yes\",\"reason\":\"attested\",\"attested\":\"0.00\",\"coverage\":\"0.00\"");
	rules_refuse(kit, RECOURSE_STATE_WRONG, "break", "checker", RESOLVE, gap);
	kit_audit(kit);
	kit_wait(kit, DAY);
	kit_accept(kit, "bank", ATTEST("2016-05-05", "CNY", "0.00"));
	shows(kit, "\"first_day\":\"2016-05-05\"");
	assert_true(kit->last_entry > gap);
	kit_accept(kit, "checker", RESOLVE, (unsigned long long)kit->last_entry);
	audit_twice(kit);
}

static void test_refused(void **state)
{
	struct kit *kit = *state;
	rules_deposit(kit, "M", "1000.00", "b-1");
	kit_wait(kit, 2 * DAY);
	const struct rules_row rows[] = {
		{RECOURSE_WINDOW_CLOSED, "day", "bank", ATTEST("2016-05-06", "CNY", "1000.00")},
		{RECOURSE_WINDOW_CLOSED, "day", "bank", ATTEST("2016-06-04", "CNY", "1000.00")},
		{RECOURSE_WINDOW_CLOSED, "day", "bank", ATTEST("2016-05-03", "CNY", "0.00")},
		{RECOURSE_FIELD_FORMAT, "day", "bank", ATTEST("2016-05-32", "CNY", "1000.00")},
		{RECOURSE_FIELD_FORMAT, "day", "bank", ATTEST("2016/05/04", "CNY", "1000.00")},
		{RECOURSE_FIELD_FORMAT, "day", "bank", ATTEST("9999-05-04", "CNY", "1000.00")},
		{RECOURSE_FIELD_LIMIT, "day", "bank", ATTEST("2016-05-04T00:00:00Z", "CNY", "1000.00")},
		{RECOURSE_ROLE_MISSING, "command", "maker", ATTEST("2016-05-04", "CNY", "1000.00")},
		{RECOURSE_ROLE_MISSING, "command", "merchant", ATTEST("2016-05-04", "CNY", "1000.00")},
		/* the key of another custodian attests its own account, and it has none */
		{RECOURSE_NOT_FOUND, "unit", "teller", ATTEST("2016-05-04", "CNY", "1000.00")},
		{RECOURSE_NOT_FOUND, "unit", "bank", ATTEST("2016-05-04", "JPY", "1000")},
		{RECOURSE_UNIT_UNKNOWN, "unit", "bank", ATTEST("2016-05-04", "XYZW", "1000")},
		{RECOURSE_AMOUNT_DIGITS, "balance", "bank", ATTEST("2016-05-04", "CNY", "1000")},
		{RECOURSE_AMOUNT_DIGITS, "balance", "bank", ATTEST("2016-05-04", "CNY", "0")},
		{RECOURSE_FIELD_FORMAT, "balance", "bank", ATTEST("2016-05-04", "CNY", "-1.00")},
		{RECOURSE_OVERFLOW, "balance", "bank", ATTEST("2016-05-04", "CNY", "92233720368547758.08")},
		{RECOURSE_FIELD_MISSING, "statement_hash", "bank",
			"{\"command\":\"custody.attest\",\"day\":\"2016-05-04\",\"unit\":\"CNY\",\"balance\":"
			"\"1.00\"}"},
	};
	RULES_REFUSE(kit, rows);
	kit_accept(kit, "bank", ATTEST("2016-05-05", "CNY", "1000.00"));
	/* once for a day, and no day before it any more, whatever is said */
	const struct rules_row late[] = {
		{RECOURSE_EXISTS, "day", "bank", ATTEST("2016-05-05", "CNY", "1000.00")},
		{RECOURSE_EXISTS, "day", "bank", ATTEST("2016-05-05", "CNY", "1.00")},
		{RECOURSE_WINDOW_CLOSED, "day", "bank", ATTEST("2016-05-04", "CNY", "1000.00")},
	};
	RULES_REFUSE(kit, late);
	audit_twice(kit);
}

/* A7: stale by the clock, two days after the end of the day that was attested last. */
static void test_stale(void **state)
{
	struct kit *kit = *state;
	rules_deposit(kit, "M", "1000.00", "b-1");
	kit_wait(kit, DAY);
	kit_accept(kit, "bank", ATTEST("2016-05-04", "CNY", "1000.00"));
	assert_int_equal(kit_wait(kit, DAY), 0);
	assert_int_equal(kit_wait(kit, DAY), 1);
	shows(kit, "\"standing\":\"stale\"");
	shows(kit, "\"counts\":\"no\",\"reason\":\"attested too long ago\",");
	shows(kit, "\"coverage\":\"0.00\"");
	kit_shows(kit, "auditor", "party.get", "{\"party\":\"bank\"}", "clock.fire");
	assert_int_equal(kit_wait(kit, DAY), 0);
	kit_audit(kit);
	/* a day long past does not make it fresh */
	kit_accept(kit, "bank", ATTEST("2016-05-05", "CNY", "1000.00"));
	shows(kit, "\"standing\":\"stale\"");
	kit_accept(kit, "bank", ATTEST("2016-05-07", "CNY", "1000.00"));
	shows(kit, "\"standing\":\"fresh\"");
	/* the clock of the one before was taken back */
	kit_wait(kit, DAY);
	kit_accept(kit, "bank", ATTEST("2016-05-08", "CNY", "1000.00"));
	assert_int_equal(kit_wait(kit, DAY + HOUR), 0);
	assert_int_equal(kit_wait(kit, DAY), 1);
	audit_twice(kit);
}

/* Where no clock strikes the report still holds it against the last entry's time. */
static void test_stale_without_a_clock(void **state)
{
	struct kit *kit = *state;
	rules_deposit(kit, "M", "1000.00", "b-1");
	kit->now += (uint64_t)DAY * 1000000000;
	kit_accept(kit, "bank", ATTEST("2016-05-04", "CNY", "1000.00"));
	kit->now += (uint64_t)2 * DAY * 1000000000;
	rules_deposit(kit, "M", "1.00", "b-2");
	shows(kit, "\"standing\":\"stale\"");
}

/* The hours are published data. */
static void test_hours(void **state)
{
	struct kit *kit = *state;
	rules_refuse(kit, RECOURSE_FIELD_LIMIT, "custody_hours", "admin",
		"{\"command\":\"control.publish\",\"version\":1,\"custody_hours\":0,\"limits\":[]}");
	kit_accept(kit, "admin",
		"{\"command\":\"control.publish\",\"version\":1,\"custody_hours\":24,\"limits\":[]}");
	rules_deposit(kit, "M", "1000.00", "b-1");
	kit_wait(kit, DAY);
	kit_accept(kit, "bank", ATTEST("2016-05-04", "CNY", "1000.00"));
	assert_int_equal(kit_wait(kit, DAY), 1);
	shows(kit, "\"standing\":\"stale\"");
	audit_twice(kit);
}

/* Nobody but the clock says that custody is stale. */
static void test_clock_refused(void **state)
{
	struct kit *kit = *state;
	rules_deposit(kit, "M", "1000.00", "b-1");
	kit_wait(kit, DAY);
	kit_accept(kit, "bank", ATTEST("2016-05-04", "CNY", "1000.00"));
#define FIRE(subject)                                                                                        \
	"{\"command\":\"clock.fire\",\"clock\":\"custody\",\"subject\":\"" subject                           \
	"\",\"due\":\"2016-05-07T00:00:00Z\"}"
	rules_refuse(kit, RECOURSE_NOT_FOUND, "subject", "system", FIRE("bank"));
	rules_refuse(kit, RECOURSE_ROLE_MISSING, "command", "admin", FIRE("1"));
	rules_refuse(kit, RECOURSE_WINDOW_CLOSED, "due", "system",
		"{\"command\":\"clock.fire\",\"clock\":\"custody\",\"subject\":\"%llu\",\"due\":\"2016-05-"
		"07T00:00:"
		"00Z\"}",
		(unsigned long long)kit->last_entry);
}

/* A7: a custodian has no other part in the money: not as merchant, not as issuer of what is sold, not as funder. */
static void test_apart(void **state)
{
	struct kit *kit = *state;
#define CARD(issuer, merchant)                                                                               \
	"{\"command\":\"entitlement.issue\",\"entitlement\":\"c\",\"holder\":\"h\",\"issuer\":\"" issuer     \
	"\",\"merchant\":\"" merchant "\",\"channel\":\"app\",\"unit\":\"L\",\"quantity\":\"1.000\","        \
	"\"cost\":\"1.00\",\"currency\":\"CNY\"}"
#define DECLARE(merchant, issuer, funder)                                                                    \
	"{\"command\":\"incident.declare\",\"incident\":\"i\",\"merchant\":\"" merchant                      \
	"\",\"issuer\":\"" issuer "\",\"funder\":\"" funder                                                  \
	"\",\"custodian\":\"bank\",\"policy\":\"fuel-card\",\"version\":1,"                                  \
	"\"reason\":\"r\"}"
	const struct rules_row rows[] = {
		{RECOURSE_NOT_PERMITTED, "issuer", "maker", CARD("bank", "M")},
		{RECOURSE_NOT_PERMITTED, "merchant", "maker", CARD("Y", "bank")},
		{RECOURSE_NOT_PERMITTED, "issuer", "maker", CARD("bank-2", "M")},
		{RECOURSE_NOT_PERMITTED, "merchant", "maker", DECLARE("bank-2", "Y", "P")},
		{RECOURSE_NOT_PERMITTED, "issuer", "maker", DECLARE("M", "bank", "P")},
		{RECOURSE_NOT_PERMITTED, "funder", "maker", DECLARE("M", "Y", "bank")},
		{RECOURSE_NOT_PERMITTED, "merchant", "teller",
			"{\"command\":\"deposit.receive\",\"merchant\":\"bank\",\"amount\":\"1.00\",\"unit\":"
			"\"CNY\",\"bank_reference\":\"x\"}"},
		{RECOURSE_NOT_PERMITTED, "kinds", "admin",
			"{\"command\":\"party.register\",\"party\":\"B3\",\"kinds\":[\"custodian\","
			"\"issuer\"]}"},
	};
	RULES_REFUSE(kit, rows);
}

/* Who may read it: those who read all, and a custodian its own, which a stranger can not tell from none. */
static void test_who_reads(void **state)
{
	struct kit *kit = *state;
	char *reply = NULL;
	rules_deposit(kit, "M", "1000.00", "b-1");
	kit_shows(
		kit, "bank", "report.custody", "{\"custodian\":\"bank\"}", "\"ledger_balance\":\"1000.00\"");
	kit_shows(kit, "teller", "report.custody", "{}", "\"custody\":[]");
	assert_error(kit_query(kit, "teller", "report.custody", "{\"custodian\":\"bank\"}", &reply),
		RECOURSE_QUERY_NOT_FOUND);
	assert_error(kit_query(kit, "teller", "report.custody", "{\"custodian\":\"none\"}", &reply),
		RECOURSE_QUERY_NOT_FOUND);
	assert_error(kit_query(kit, "auditor", "report.custody", "{\"custodian\":\"bank-2\"}", &reply),
		RECOURSE_QUERY_NOT_FOUND);
}

/* ---- as of a time: the last entry not later; before the first there is an error, never a zero ---- */

static void refuse_query(
	struct kit *kit, enum recourse_error error, const char *field, const char *method, const char *params)
{
	char *reply = NULL;
	assert_error(kit_query(kit, "auditor", method, params, &reply), error);
	assert_string_equal(kit->refusal.field, field);
}

static void test_as_of_time(void **state)
{
	struct kit *kit = *state;
	char text[40];
	rules_deposit(kit, "M", "1000.00", "b-1");
	snprintf(text, sizeof text, "\"as_of_entry\":%llu", (unsigned long long)kit->last_entry);
	kit_wait(kit, 2 * DAY);
	rules_deposit(kit, "M", "500.00", "b-2");
	static const char first[] = BALANCE ",\"time\":\"2016-05-05T00:00:00Z\"}";
	kit_shows(kit, "auditor", "account.balance", first, "\"balance\":\"1000.00\"");
	kit_shows(kit, "auditor", "account.balance", first, text);
	kit_shows(kit, "auditor", "account.balance", BALANCE ",\"time\":\"2016-06-05T00:00:00Z\"}",
		"\"balance\":\"1500.00\"");
	kit_shows(kit, "auditor", "report.trial_balance", "{\"time\":\"2016-05-05T00:00:00Z\"}", text);
	kit_shows(kit, "auditor", "report.totals", "{\"time\":\"2016-05-05T00:00:00Z\"}",
		"\"unit\":\"CNY\",\"debit\":\"1000.00\",\"credit\":\"1000.00\"}");
	refuse_query(kit, RECOURSE_QUERY_NOT_FOUND, "time", "account.balance",
		BALANCE ",\"time\":\"2016-05-03T23:59:59Z\"}");
	refuse_query(kit, RECOURSE_QUERY_NOT_FOUND, "time", "report.trial_balance",
		"{\"time\":\"2016-05-03T23:59:59Z\"}");
	refuse_query(kit, RECOURSE_FIELD_LIMIT, "time", "account.balance",
		BALANCE ",\"entry\":3,\"time\":\"2016-05-05T00:00:00Z\"}");
	refuse_query(
		kit, RECOURSE_FIELD_FORMAT, "time", "account.balance", BALANCE ",\"time\":\"2016-05-05\"}");
}

/* Each entry's own instant finds it: halving goes wrong nowhere. */
static void test_as_of_every_entry(void **state)
{
	struct kit *kit = *state;
	rules_deposit(kit, "M", "1000.00", "b-1");
	for (uint64_t entry = 1; entry < rules_entries(kit); entry++) {
		char params[80];
		char expected[40];
		char *shown = rules_describe(kit, entry);
		const char *time = strstr(shown, "\"time\":\"");
		assert_non_null(time);
		int size = (int)strcspn(time + 8, "\"");
		snprintf(params, sizeof params, "{\"time\":\"%.*s\"}", size, time + 8);
		snprintf(expected, sizeof expected, "\"as_of_entry\":%llu}", (unsigned long long)entry);
		kit_shows(kit, "auditor", "report.trial_balance", params, expected);
		free(shown);
	}
}

/* ---- days ---- */

static void test_days(void **state)
{
	static const char *const wrong[] = {"", "2016-05-4", "2015-02-29", "2016-13-01", "1969-12-31",
		"2554-01-01", "2016-05-04T", "２016-05", "2016-05-0\xff"};
	char text[DAY_TEXT_SIZE];
	uint64_t day = 0;
	(void)state;
	for (size_t index = 0; index < sizeof wrong / sizeof wrong[0]; index++)
		assert_error(day_parse(slice_text(wrong[index]), &day), RECOURSE_FIELD_FORMAT);
	assert_ok(day_parse(slice_text("1970-01-01"), &day));
	assert_int_equal(day, 0);
	assert_ok(day_parse(slice_text("2553-12-31"), &day));
	assert_true(day_end(day) > day_end(day - 1));
	for (uint64_t number = 0; number <= day; number += number < 1000 ? 1 : 97) {
		uint64_t back;
		day_format(number, text);
		assert_ok(day_parse(slice_text(text), &back));
		assert_int_equal(back, number);
		assert_int_equal(day_of(day_end(number)), number + 1);
		assert_int_equal(day_of(day_end(number) - 1), number);
	}
}

/* The index against a naive look at all entries' days. */
static void test_day_index(void **state)
{
	struct kit *kit = *state;
	struct state_view *view = state_writer(kit->ledger->state);
	uint64_t first_day;
	uint64_t entry;
	assert_ok(day_parse(slice_text("2016-05-04"), &first_day));
	uint64_t last[12];
	for (size_t day = 0; day < 12; day++) {
		char line[16];
		snprintf(line, sizeof line, "b-%zu", day);
		/* nothing on some days; refused requests leave no trace */
		if (day % 3 != 1)
			rules_deposit(kit, "M", "1.00", line);
		else
			kit_refuse(kit, RECOURSE_AMOUNT_RANGE, "amount", "bank",
				"{\"command\":\"deposit.receive\",\"merchant\":\"M\",\"amount\":\"0.00\","
				"\"unit\":"
				"\"CNY\",\"bank_reference\":\"x\"}");
		last[day] = rules_entries(kit) - 1;
		kit_wait(kit, DAY);
	}
	for (size_t day = 0; day < 12; day++) {
		assert_ok(day_last_entry(view, first_day + day, rules_entries(kit), &entry));
		assert_int_equal(entry, last[day]);
	}
	assert_ok(day_last_entry(view, first_day + 99, rules_entries(kit), &entry));
	assert_int_equal(entry, last[11]);
	assert_error(
		day_last_entry(view, first_day - 1, rules_entries(kit), &entry), RECOURSE_QUERY_NOT_FOUND);
}

/* ---- I13, broken by hand: the audit sees it ---- */

static void doctor_attestation(struct kit *kit, uint64_t entry, size_t member, const char *text)
{
	struct state_view *view = state_writer(kit->ledger->state);
	struct record_path path = custody_attestation_path(entry);
	struct record_attestation attestation;
	uint64_t number;
	assert_ok(record_get(view, &path, &attestation, sizeof attestation));
	memcpy(&number, (char *)&attestation + member, sizeof number);
	number ^= 1;
	memcpy((char *)&attestation + member, &number, sizeof number);
	assert_ok(record_put(view, &path, &attestation, sizeof attestation));
	rules_invariants(kit, text);
}

static void doctor_break(struct kit *kit, uint64_t entry, size_t member, const char *text)
{
	struct state_view *view = state_writer(kit->ledger->state);
	struct record_path path = custody_break_path(entry);
	struct record_break gap;
	uint64_t number;
	assert_ok(record_get(view, &path, &gap, sizeof gap));
	memcpy(&number, (char *)&gap + member, sizeof number);
	number ^= 1;
	memcpy((char *)&gap + member, &number, sizeof number);
	assert_ok(record_put(view, &path, &gap, sizeof gap));
	rules_invariants(kit, text);
}

static void test_doctored(void **state)
{
	struct kit *kit = *state;
	struct state_view *view = state_writer(kit->ledger->state);
	rules_deposit(kit, "M", "1000.00", "b-1");
	kit_wait(kit, DAY);
	kit_accept(kit, "bank", ATTEST("2016-05-04", "CNY", "1000.00"));
	uint64_t equal = kit->last_entry;
	kit_wait(kit, DAY);
	kit_accept(kit, "bank", ATTEST("2016-05-05", "CNY", "900.00"));
	uint64_t gap = kit->last_entry;
	rules_invariants(kit, NULL);
#define MEMBER(name) offsetof(struct record_attestation, name)
	doctor_attestation(kit, equal, MEMBER(balance), "I13: what was attested is not held");
	doctor_attestation(kit, equal, MEMBER(difference), "I13: what was attested is not held");
	doctor_attestation(kit, equal, MEMBER(as_of), "I13: the attested day did not end");
	doctor_attestation(kit, equal, MEMBER(day), "I13: the attested day did not end");
	doctor_attestation(kit, equal, MEMBER(gap), "I13: an attested difference and its break");
	doctor_attestation(kit, gap, MEMBER(gap), "I13: an attested difference has no listed break");
#undef MEMBER
#define MEMBER(name) offsetof(struct record_break, name)
	doctor_break(kit, gap, MEMBER(ended_entry), "I13: a break and its custodian");
	doctor_break(kit, gap, MEMBER(last_entry), "I13: a break and its last day");
	doctor_break(kit, gap, MEMBER(difference), "I13: a break and its last day");
	doctor_break(kit, gap, MEMBER(last_day), "I13: a break and its last day");
	/* a difference whose break is taken away */
	struct record_path path = custody_break_path(gap);
	assert_ok(state_remove(view, record_path_slice(&path)));
	rules_invariants(kit, "I13: an attested difference has no listed break");
	/* the custodian forgets its open break */
	struct record_custody custody;
	path = custody_path(slice_text("bank"), slice_text("CNY"));
	assert_ok(record_get(view, &path, &custody, sizeof custody));
	custody.open_break = 0;
	assert_ok(record_put(view, &path, &custody, sizeof custody));
	rules_invariants(kit, "I13: a break and its custodian");
	rules_invariants(kit, NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		RULES_TEST(test_attest),
		RULES_TEST(test_as_of_the_days_end),
		RULES_TEST(test_break_agrees),
		RULES_TEST(test_break_resolved),
		RULES_TEST(test_refused),
		RULES_TEST(test_stale),
		RULES_TEST(test_stale_without_a_clock),
		RULES_TEST(test_hours),
		RULES_TEST(test_clock_refused),
		RULES_TEST(test_apart),
		RULES_TEST(test_who_reads),
		RULES_TEST(test_as_of_time),
		RULES_TEST(test_as_of_every_entry),
		cmocka_unit_test(test_days),
		RULES_TEST(test_day_index),
		RULES_TEST(test_doctored),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
