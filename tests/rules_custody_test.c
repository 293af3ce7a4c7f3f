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

/* What cases of custody (A7, H3, I13) can not say: each entry's time, the days' own functions, doctored state. */
enum { DAY = 86400 };

static uint64_t attest(struct kit *kit, const char *day, const char *balance)
{
	kit_accept(kit, "bank",
		"{\"command\":\"custody.attest\",\"day\":\"%s\",\"unit\":\"CNY\",\"balance\":\"%s\","
		"\"statement_hash\":" RULES_HASH "}",
		day, balance);
	return kit->last_entry;
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
	uint64_t equal = attest(kit, "2016-05-04", "1000.00");
	kit_wait(kit, DAY);
	uint64_t gap = attest(kit, "2016-05-05", "900.00");
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
		RULES_TEST(test_as_of_every_entry),
		cmocka_unit_test(test_days),
		RULES_TEST(test_day_index),
		RULES_TEST(test_doctored),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
