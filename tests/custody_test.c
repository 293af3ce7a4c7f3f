/* SPDX-License-Identifier: Apache-2.0 */
#include "mislead.h"

#include "books/record_ledger.h"
#include "rules/custody/custody.h"
#include "books/day.h"
#include "base/instant.h"
#include "ledger.h"

/* What cases of custody (A7, H3, I13) can not say: each entry's time, the days' own functions, doctored state. */
enum { DAY = 86400 };

static void write_time(const struct kit *kit, uint64_t number, char text[static INSTANT_TEXT_SIZE])
{
	SCOPED(log_read_end) struct log_snapshot *log = NULL;
	struct entry entry;
	slice bytes;
	assert_ok(log_snapshot_open(kit->ledger->log, &log));
	assert_ok(log_read_entry(log, number, &bytes));
	assert_ok(entry_decode(bytes, &entry));
	instant_format(entry.time, text);
}

/* Each entry's own instant finds it: halving goes wrong nowhere. */
static void test_as_of_every_entry(void **state)
{
	struct kit *kit = *state;
	kit_play(kit, "deposit M 1000.00 b-1");
	for (uint64_t entry = 1; entry < kit_entries(kit); entry++) {
		char time[INSTANT_TEXT_SIZE];
		write_time(kit, entry, time);
		kit_play(kit, "? auditor report.trial_balance time=%s : as_of_entry:=%llu", time,
			(unsigned long long)entry);
	}
}

/* ---- days ---- */

static void test_days(void **state)
{
	static const char *const wrong[] = {"", "2016-05-4", "2015-02-29", "2016-13-01", "1969-12-31",
		"2554-01-01", "2016-05-04T", "２016-05", "2016-05-0\xff"};
	char text[DAY_TEXT_SIZE];
	uint64_t day = 0;
	for (size_t index = 0; index < sizeof wrong / sizeof wrong[0]; index++)
		assert_error(day_parse(slice_text(wrong[index]), &day), RECOURSE_FIELD_FORMAT);
	assert_ok(day_parse(slice_text("1970-01-01"), &day));
	assert_int_equal(day, 0);
	assert_ok(day_parse(slice_text("2553-12-31"), &day));
	assert_true(day_end(day, DAY_UTC) > day_end(day - 1, DAY_UTC));
	for (uint64_t number = 0; number <= day; number += number < 1000 ? 1 : 97) {
		uint64_t back;
		day_format(number, text);
		assert_ok(day_parse(slice_text(text), &back));
		assert_int_equal(back, number);
		for (int32_t east = -12 * 60; east <= 14 * 60; east += 30) {
			assert_int_equal(day_of(day_end(number, east), east), number + 1);
			assert_int_equal(day_of(day_end(number, east) - 1, east), number);
			assert_int_equal(day_begin(number + 1, east), day_end(number, east));
		}
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
		/* nothing on some days; refused requests leave no trace */
		if (day % 3 != 1)
			kit_play(kit, "deposit M 1.00 b-%zu", day);
		else
			kit_play(kit, "bank deposit.receive merchant=M amount=0.00 unit=CNY bank_reference=x"
				      " ! AMOUNT_RANGE amount");
		last[day] = kit_entries(kit) - 1;
		kit_wait(kit, DAY);
	}
	for (size_t day = 0; day < 12; day++) {
		assert_ok(day_last_entry(view, DAY_UTC, first_day + day, kit_entries(kit), &entry));
		assert_int_equal(entry, last[day]);
	}
	assert_ok(day_last_entry(view, DAY_UTC, first_day + 99, kit_entries(kit), &entry));
	assert_int_equal(entry, last[11]);
	assert_error(day_last_entry(view, DAY_UTC, first_day - 1, kit_entries(kit), &entry),
		RECOURSE_QUERY_NOT_FOUND);
}

/* ---- I13, broken by hand: the audit sees it ---- */

static const struct wrong wrong[] = {
	{"I13: what was attested is not held", {ADD(ATTESTATION, "@-1", attestation, balance, 1)}},
	{"I13: what was attested is not held", {ADD(ATTESTATION, "@-1", attestation, difference, 1)}},
	{"I13: what was attested is not held", {ADD(ATTESTATION, "@-1", attestation, later, 1)}},
	/* M's, who keeps no money */
	{"I13: what was attested is of a currency that the custodian never held",
		{SET(ATTESTATION, "@-1", attestation, custodian, 2)}},
	{"I13: the attested day did not end", {ADD(ATTESTATION, "@-1", attestation, as_of, 1)}},
	{"I13: the attested day did not end", {ADD(ATTESTATION, "@-1", attestation, day, 1)}},
	{"I13: the attested day did not end", {ADD(ATTESTATION, "@-1", attestation, east, 60)}},
	{"I13: an attested difference and its break", {ADD(ATTESTATION, "@-1", attestation, gap, 1)}},
	{"I13: an attested difference has no listed break", {ADD(ATTESTATION, "@", attestation, gap, 1)}},
	{"I13: a break and its custodian", {ADD(BREAK, "@", break, ended_entry, 1)}},
	{"I13: a break and its custodian", {SET(BREAK, "@", break, ending, CUSTODY_AGREED)}},
	{"I13: a break and its last day", {ADD(BREAK, "@", break, last_entry, 1)}},
	{"I13: a break and its last day", {ADD(BREAK, "@", break, difference, 1)}},
	{"I13: a break and its last day", {ADD(BREAK, "@", break, last_day, 1)}},
	/* a difference whose break is taken away; a custodian that forgets its open break */
	{"I13: an attested difference has no listed break", {GONE(BREAK, "@")}},
	{"I13: a break and its custodian", {SET(CUSTODY, "bank/CNY", custody, open_break, 0)}},
};

static void test_doctored(void **state)
{
	kit_play(*state, "deposit M 1000.00 b-1\n"
			 "wait 1 day\n"
			 "bank custody.attest day=2016-05-04 unit=CNY balance=1000.00 statement_hash=ab*\n"
			 "wait 1 day\n"
			 "bank custody.attest day=2016-05-05 unit=CNY balance=900.00 statement_hash=ab*");
	MISLEAD_EACH(*state, wrong);
}

static const struct wrong explained[] = {
	{"I13: what is explained of bank", {ADD(CUSTODY, "bank/CNY", custody, explained, -1)}},
	{"I13: what is explained of bank", {ADD(BREAK, "@-1", break, explained, -1)}},
	{"I13: what is explained of bank", {ADD(CUSTODY, "bank/CNY", custody, explained_from, 99)}},
	{"I13: what is explained of bank", {SET(CUSTODY, "bank/CNY", custody, explained_day, 0)}},
};

/* The last day of a break of bank's names teller's. */
static const struct wrong of_another[] = {
	{"I13: a break and its last day", {ADD(ATTESTATION, "@", attestation, gap, -4)}},
};

static void test_doctored_explanation(void **state)
{
	kit_play(*state, "deposit M 1000.00 b-1\n"
			 "wait 1 day\n"
			 "bank custody.attest day=2016-05-04 unit=CNY balance=900.00 statement_hash=ab*\n"
			 "checker custody.resolve break=$last reason=bank-charge evidence_hash=ab*");
	MISLEAD_EACH(*state, explained);
	/* of another currency, another custodian, and another break: each has its own */
	kit_play(*state, "bank deposit.receive merchant=M amount=500 unit=JPY bank_reference=b-2\n"
			 "teller deposit.receive merchant=N amount=50.00 unit=CNY bank_reference=b-3\n"
			 "wait 1 day\n"
			 "teller custody.attest day=2016-05-05 unit=CNY balance=49.00 statement_hash=ab*\n"
			 "checker custody.resolve break=$last reason=bank-charge evidence_hash=ab*\n"
			 "bank custody.attest day=2016-05-05 unit=JPY balance=450 statement_hash=ab*\n"
			 "checker custody.resolve break=$last reason=bank-charge evidence_hash=ab*\n"
			 "bank custody.attest day=2016-05-05 unit=CNY balance=800.00 statement_hash=ab*");
	MISLEAD_EACH(*state, of_another);
}

/* ---- lines of the bank, the same way ---- */

static const struct wrong lines[] = {
	{"bank line of bank is used beyond its amount", {ADD(BANK_LINE, "bank/t", bank_line, booked, 4001)}},
	{"bank line of bank is used beyond its amount", {ADD(BANK_LINE, "bank/t", bank_line, booked, -6001)}},
	{"bank line of bank is used beyond its amount",
		{SET(BANK_LINE, "bank/t", bank_line, amount, 0),
			SET(BANK_LINE, "bank/t", bank_line, booked, 0)}},
	{"bank line of bank has something left and nobody", {SET(BANK_LINE, "bank/t", bank_line, stated, 0)}},
	{"2160: what is left of a bank line of bank", {ADD(BANK_LINE, "bank/t", bank_line, booked, 1)}},
	{"2160: something is unidentified in CNY",
		{GONE(BANK_LINE, "bank/t"), GONE(BANK_LINE_LEFT, "bank/t")}},
};

static void test_doctored_lines(void **state)
{
	kit_play(*state, "bank bank.line line=t amount=100.00 unit=CNY direction=credit day=2016-05-04\n"
			 "deposit M 60.00 t");
	MISLEAD_EACH(*state, lines);
}

/* ---- corrections, the same way ---- */

#define TORN "a correction and what it corrects contradict each other"
static const struct wrong corrected[] = {
	{TORN, {SET(BOOKED, "@", booked, takes_back, 0)}},
	{TORN, {ADD(BOOKED, "@", booked, amount, 1)}},
	{TORN, {ADD(BOOKED, "@", booked, corrects, -1)}},
	{TORN, {SET(BOOKED, "@-2", booked, corrected_by, 0)}},
	{TORN, {ADD(BOOKED, "@-2", booked, corrected_by, 1)}},
	{TORN, {GONE(BOOKED, "@-2")}},
	/* of something else than what it corrects */
	{TORN, {SET(BOOKED, "@", booked, kind, BOOKED_HOLD)}},
	{TORN, {ADD(BOOKED, "@", booked, custodian, 1)}},
	{TORN, {{RECORD_BOOKED, "@", offsetof(struct record_booked, unit), 1, false, 'X'}}},
	{TORN, {{RECORD_BOOKED, "@", offsetof(struct record_booked, id), 1, false, 'X'}}},
	/* of one that stands, and that nothing corrects */
	{TORN, {SET(BOOKED, "@-3", booked, takes_back, BOOKED_TAKES_BACK)}},
	{TORN, {SET(BOOKED, "@-3", booked, corrected_by, 1)}},
	{TORN, {SET(BOOKED, "@-3", booked, corrected_by, 1000)}},
};

static void test_doctored_correction(void **state)
{
	kit_play(*state, "deposit M 5.00 u\n"
			 "slip := deposit M 60.00 t\n"
			 "bank deposit.reverse entry:=$slip reason=slip\n"
			 "approve");
	MISLEAD_EACH(*state, corrected);
}

/* What takes back comes after what it takes back. */
static void test_doctored_order(void **state)
{
	struct kit *kit = *state;
	kit_play(kit, "slip := deposit M 60.00 t\n"
		      "bank deposit.reverse entry:=$slip reason=slip\n"
		      "approve");
	int64_t last = (int64_t)kit->last_entry;
	const struct wrong doctored[] = {
		{TORN, {SET(BOOKED, "@-2", booked, corrected_by, 0),
			       SET(BOOKED, "@-2", booked, corrects, last),
			       SET(BOOKED, "@-2", booked, takes_back, BOOKED_TAKES_BACK),
			       SET(BOOKED, "@", booked, corrected_by, last - 2),
			       SET(BOOKED, "@", booked, corrects, 0),
			       SET(BOOKED, "@", booked, takes_back, 0)}},
	};
	MISLEAD_EACH(kit, doctored);
}

/* A judgment that stands in another's place does not take it back. */
static void test_doctored_judgment(void **state)
{
	static const struct wrong doctored[] = {
		{TORN, {SET(BOOKED, "@", booked, takes_back, BOOKED_TAKES_BACK)}},
	};
	kit_play(*state,
		"settled i 5.00\n"
		"first := apportion i several shares=party:Y,share:100.00\n"
		"maker liability.reapportion entry:=$first reason=appeal basis_hash=cd* mode=several "
		"shares=party:G,share:100.00\n"
		"approve");
	MISLEAD_EACH(*state, doctored);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		KIT_TEST(test_as_of_every_entry),
		cmocka_unit_test(test_days),
		KIT_TEST(test_day_index),
		KIT_TEST(test_doctored),
		KIT_TEST(test_doctored_explanation),
		KIT_TEST(test_doctored_lines),
		KIT_TEST(test_doctored_correction),
		KIT_TEST(test_doctored_order),
		KIT_TEST(test_doctored_judgment),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
