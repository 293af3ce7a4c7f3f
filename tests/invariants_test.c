/* SPDX-License-Identifier: Apache-2.0 */
#include "kit.h"
#include "mislead.h"

#include "books/record_account.h"
#include "books/record_appeal.h"
#include "books/record_claim.h"
#include "books/record_deposit.h"
#include "books/record_incident.h"
#include "books/record_policy.h"
#include "books/record_recourse.h"
#include "books/account.h"
#include "rules/payout/appeal.h"
#include "rule/calendar.h"
#include "rules/deposit/exit.h"
#include "ledger.h"
#include "rule/party.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

/*
 * The rules can not make a state that breaks an invariant, so the states here are made by hand: the golden
 * case as it stands in the middle, with one record put wrong in the writer's overlay, then thrown away.
 */
static int setup(void **state)
{
	kit_setup(state);
	kit_golden_steps(*state, 1, 14);
	return 0;
}
#define INVARIANT_TEST(test) cmocka_unit_test_setup_teardown(test, setup, kit_teardown)

static struct state_view *view_of(const struct kit *kit)
{
	return state_writer(kit->ledger->state);
}

static void put(const struct kit *kit, const struct record_path *path, const void *record, size_t size)
{
	mislead_put(view_of(kit), path, record, size);
}

static struct record_path account(const struct kit *kit, enum chart_code code, const char *party,
	const char *reference, const char *unit, struct record_account *record)
{
	struct record_path path =
		account_path(code, slice_text(party), slice_text(reference), slice_text(unit));
	enum recourse_error error = record_get(view_of(kit), &path, record, sizeof *record);
	if (error == RECOURSE_QUERY_NOT_FOUND)
		memset(record, 0, sizeof *record);
	else
		assert_ok(error);
	return path;
}

static void add_to_account(const struct kit *kit, enum chart_code code, const char *party,
	const char *reference, const char *unit, int64_t steps)
{
	struct record_account record;
	struct record_path path = account(kit, code, party, reference, unit, &record);
	record.balance += steps;
	*(steps > 0 ? &record.debits : &record.credits) += steps;
	put(kit, &path, &record, sizeof record);
}

#define INCIDENT "fuel-2016"

static void test_good(void **state)
{
	mislead_invariants(*state, NULL);
}

/* I1, I2: money in the bank that is owed to nobody. */
static void test_books(void **state)
{
	add_to_account(*state, CHART_CASH, "bank", "", "CNY", 1);
	mislead_invariants(*state, "I1 I2 I3 I9: the custody book");
	/* I3: more receivable than is owed to the funder */
	add_to_account(*state, CHART_RECOURSE, "M", INCIDENT, "CNY", 1);
	mislead_invariants(*state, "I1 I2 I3 I9: the recourse book");
	add_to_account(*state, CHART_COSTS, "", INCIDENT, "CNY", 1);
	mislead_invariants(*state, "I1 I2 I3 I9: the costs book");
	/* I9: units that were never issued */
	add_to_account(*state, CHART_UNITS_OUTSTANDING, "Y", "", "L", 1);
	mislead_invariants(*state, "I1 I2 I3 I9: the units book");
	add_to_account(*state, CHART_WRITTEN_OFF, "M", INCIDENT, "CNY", 1);
	mislead_invariants(*state, "I1 I2 I3 I9: the memo book");
	/* of another unit each: they do not make each other good */
	add_to_account(*state, CHART_CASH, "bank", "", "JPY", 1);
	add_to_account(*state, CHART_DEPOSIT, "M", "", "USD", -1);
	mislead_invariants(*state, "I1 I2 I3 I9: the custody book");
	mislead_invariants(*state, NULL);
}

/* I4: a deposit below zero, with another above it so that the book is even. */
static void test_below_zero(void **state)
{
	add_to_account(*state, CHART_DEPOSIT, "M", "", "CNY", 100);
	add_to_account(*state, CHART_DEPOSIT, "N", "", "CNY", -100);
	mislead_invariants(*state, "I4: account 2010/M/");
	add_to_account(*state, CHART_CASH, "bank", "", "CNY", -1);
	add_to_account(*state, CHART_COMMITMENT, "P", INCIDENT, "CNY", 1);
	mislead_invariants(*state, "I4: account 1010/bank/");
}

static struct record_path claim(const struct kit *kit, struct record_claim *record)
{
	struct record_path path = record_path_of_text(RECORD_CLAIM, slice_text("claim-B"));
	assert_ok(record_get(view_of(kit), &path, record, sizeof *record));
	return path;
}

/* I5: a claim that received more than its loss; I8: paid without a settled payout, and the reverse. */
static void test_claims(void **state)
{
	struct record_claim record;
	struct record_path path = claim(*state, &record);
	record.paid = record.loss + 1;
	put(*state, &path, &record, sizeof record);
	mislead_invariants(*state, "I5: claim claim-B");
	path = claim(*state, &record);
	record.paid = -1;
	put(*state, &path, &record, sizeof record);
	mislead_invariants(*state, "I5: claim claim-B");
	path = claim(*state, &record);
	record.payout = PAYOUT_RETURNED;
	put(*state, &path, &record, sizeof record);
	mislead_invariants(*state, "I8: claim claim-B");
	path = claim(*state, &record);
	record.state = CLAIM_PAYING;
	put(*state, &path, &record, sizeof record);
	mislead_invariants(*state, "I8: claim claim-B");
}

static struct record_path liability(const struct kit *kit, struct record_liability *record)
{
	struct record_path path = record_path_of_short(RECORD_LIABILITY, 1);
	record_path_text(&path, slice_text("M"));
	assert_ok(record_get(view_of(kit), &path, record, sizeof *record));
	return path;
}

/* I6: received above what is owed, of each kind. */
static void test_liabilities(void **state)
{
	struct record_liability record;
	struct record_path path = liability(*state, &record);
	record.received_recourse = record.recourse + 1;
	put(*state, &path, &record, sizeof record);
	mislead_invariants(*state, "I6: liable party M");
	path = liability(*state, &record);
	record.received_uncovered = record.uncovered + 1;
	put(*state, &path, &record, sizeof record);
	mislead_invariants(*state, "I6: liable party M");
	path = liability(*state, &record);
	record.received_interest = record.interest + 1;
	put(*state, &path, &record, sizeof record);
	mislead_invariants(*state, "I6: liable party M");
	path = liability(*state, &record);
	record.written_off = record.recourse + 1;
	put(*state, &path, &record, sizeof record);
	mislead_invariants(*state, "I6: liable party M");
}

/* I7: recourse for an advance that was not settled. */
static void test_recourse(void **state)
{
	struct record_liability record;
	struct record_claim paid;
	struct record_path path = liability(*state, &record);
	record.recourse += 1;
	put(*state, &path, &record, sizeof record);
	mislead_invariants(*state, "I7: incident " INCIDENT);
	path = claim(*state, &paid);
	paid.inchoate = 1;
	put(*state, &path, &paid, sizeof paid);
	mislead_invariants(*state, "I7: a settled advance");
}

/* I10: the parts are not the whole. */
static void test_distributions(void **state)
{
	struct record_incident incident;
	struct record_path path = record_path_of_short(RECORD_INCIDENT, 1);
	assert_ok(record_get(view_of(*state), &path, &incident, sizeof incident));
	incident.shared_out += 1;
	put(*state, &path, &incident, sizeof incident);
	mislead_invariants(*state, "I10: the parts of the deposit");

	struct record_round round;
	struct record_path place = record_path_of_short(RECORD_ROUND, 1);
	record_path_short(&place, ROUND_DEPOSIT);
	record_path_short(&place, 1);
	assert_ok(record_get(view_of(*state), &place, &round, sizeof round));
	assert_true(round.split.ties > 0 || round.split.cut <= round.split.total);
	round.split.cut = round.split.total;
	round.split.ties = 0;
	put(*state, &place, &round, sizeof round);
	mislead_invariants(*state, "I10: the parts of a distribution");
	mislead_invariants(*state, NULL);
}

static void put_exit(const struct kit *kit, int64_t retained, uint32_t blocks, uint64_t released)
{
	struct record_path path = record_path_of_text(RECORD_EXIT, slice_text("e"));
	struct record_path place = record_path_of_text(RECORD_EXIT_ITEM, slice_text("e"));
	struct record_exit record = {
		.state = EXIT_TAIL, .retained = retained, .blocks = blocks, .merchant = 1};
	struct record_exit_item item = {.amount = 100, .released_entry = released};
	record_path_text(&place, slice_text("fees"));
	assert_ok(record_keep(view_of(kit), &path, &record, sizeof record, 1));
	put(kit, &place, &item, sizeof item);
}

/* A5: items that do not sum up to what is kept back, and a block that is nobody's. */
static void test_exits(void **state)
{
	put_exit(*state, 100, 0, 0);
	mislead_invariants(*state, NULL);
	put_exit(*state, 99, 0, 0);
	mislead_invariants(*state, "A5: exit e ");
	put_exit(*state, 100, 0, 7);
	mislead_invariants(*state, "A5: exit e ");
	put_exit(*state, 0, 0, 7);
	mislead_invariants(*state, NULL);
	put_exit(*state, 100, 1, 0);
	mislead_invariants(*state, "A5: exit e ");
}

static void put_calendar(const struct kit *kit, uint32_t year, const struct record_calendar *record)
{
	struct record_path path = calendar_path(slice_text("cn"), year);
	put(kit, &path, record, sizeof *record);
}

static void doctor_calendar(const struct kit *kit, const struct record_calendar *record, bool good)
{
	put_calendar(kit, 2016, record);
	mislead_invariants(kit, good ? NULL : "E3: year 2016 of calendar cn ");
}

/* E3: a year that calendar.publish would not have taken, or one at another place than the calendar's others. */
static void test_calendars(void **state)
{
	enum { FRIDAY_INDEX = 0, MONDAY_INDEX = 3 }; /* of 2016 */
	struct record_calendar good = {.version = 1, .weekend = 0x7E, .offset_minutes = 480};
	for (uint32_t index = MONDAY_INDEX; index < 366; index += 7)
		good.works[index / 64] |= UINT64_C(1) << index % 64;
	doctor_calendar(*state, &good, true);
	struct record_calendar wrong = good;
	wrong.works[FRIDAY_INDEX] |= 1 << FRIDAY_INDEX; /* one exception is fine */
	doctor_calendar(*state, &wrong, true);
	wrong.works[1] = wrong.works[2] = UINT64_MAX; /* too many */
	doctor_calendar(*state, &wrong, false);
	wrong = good;
	wrong.works[5] |= UINT64_C(1) << (366 - 5 * 64); /* 1 January of the next year */
	doctor_calendar(*state, &wrong, false);
	wrong = good;
	memset(wrong.works, 0, sizeof wrong.works);
	doctor_calendar(*state, &wrong, false);
	wrong = good;
	wrong.version = 0;
	doctor_calendar(*state, &wrong, false);
	wrong = good;
	wrong.weekend = 0x7F;
	doctor_calendar(*state, &wrong, false);
	wrong.weekend = 0;
	memset(wrong.works, 0xFF, sizeof wrong.works);
	wrong.works[5] >>= 6 * 64 - 366;
	doctor_calendar(*state, &wrong, false);
	wrong = good;
	wrong.offset_minutes = 841; /* further east than any place */
	doctor_calendar(*state, &wrong, false);
	wrong.offset_minutes = 540;
	put_calendar(*state, 1988, &good); /* which began on a Friday too */
	doctor_calendar(*state, &wrong, false);
	put_calendar(*state, 2554, &good);
	mislead_invariants(*state, "E3: year 2554 of calendar cn ");
}

/* M's appeal of the golden deduction, varied and paid in by half; returns the entry of the deduction. */
static uint64_t appeal(struct kit *kit, uint64_t *entry)
{
	char *reply = NULL;
	kit_play(kit, "key judge P approver");
	assert_ok(kit_query(kit, "merchant", "report.deductions", "{\"merchant\":\"M\"}", &reply));
	const char *found = strstr(reply, "\"deduction\":");
	assert_non_null(found);
	unsigned long long deduction = strtoull(found + 12, NULL, 10);
	free(reply);
	kit_play(kit, "merchant appeal.lodge merchant=M deduction=%llu reason=r", deduction);
	*entry = kit->last_entry;
	kit_play(kit,
		"judge appeal.decide appeal=$last outcome=varied amount=1000.00 basis_hash=ab* reason=r\n"
		"bank appeal.fund appeal=%llu amount=400.00 bank_reference=f",
		(unsigned long long)*entry);
	return deduction;
}

static void doctor_deduction(
	const struct kit *kit, uint64_t entry, size_t offset, int64_t steps, const char *text)
{
	struct record_deduction record;
	struct record_path path = record_path_of_number(RECORD_DEDUCTION, entry);
	assert_ok(record_get(view_of(kit), &path, &record, sizeof record));
	*(int64_t *)((char *)&record + offset) += steps;
	put(kit, &path, &record, sizeof record);
	mislead_invariants(kit, text);
}

/* A4: a deduction that its distribution did not make, of nothing, or for nobody. */
static void test_deductions(void **state)
{
	struct kit *kit = *state;
	uint64_t lodged;
	uint64_t deduction = appeal(kit, &lodged);
	struct record_path path = record_path_of_number(RECORD_DEDUCTION, deduction);
	mislead_invariants(kit, NULL);
	const size_t amount = offsetof(struct record_deduction, amount);
	const size_t claims = offsetof(struct record_deduction, claims);
	const size_t named = offsetof(struct record_deduction, appeal);
	doctor_deduction(kit, deduction, amount, -1, "A4: a deduction is not what its distribution");
	doctor_deduction(kit, deduction, claims, 1, "A4: a deduction is not what its distribution");
	doctor_deduction(kit, deduction, named, 1, "D7: a deduction names an appeal that is not there");
	assert_ok(state_remove(view_of(kit), record_path_slice(&path)));
	mislead_invariants(kit, "A4: what was taken from a deposit is not listed");
	/* of another entry, that no round knows */
	struct record_deduction extra = {.claims = 1, .incident = 1, .merchant = 1};
	path = record_path_of_number(RECORD_DEDUCTION, deduction + 1);
	put(kit, &path, &extra, sizeof extra);
	mislead_invariants(kit, "A4: a deduction of nothing, or without a decided claim");
	extra = (struct record_deduction){.amount = 1, .claims = 1, .appeal = lodged, .incident = 1};
	put(kit, &path, &extra, sizeof extra);
	mislead_invariants(kit, "D7: an appeal and its deduction contradict");
	mislead_invariants(kit, NULL);
}

static void doctor_appeal(
	const struct kit *kit, uint64_t entry, size_t offset, int64_t steps, const char *text)
{
	struct record_appeal record;
	struct record_path path = record_path_of_number(RECORD_APPEAL, entry);
	assert_ok(record_get(view_of(kit), &path, &record, sizeof record));
	*(int64_t *)((char *)&record + offset) += steps;
	put(kit, &path, &record, sizeof record);
	mislead_invariants(kit, text);
}

static void doctor_state(const struct kit *kit, uint64_t entry, uint32_t appeal_state, const char *text)
{
	struct record_appeal record;
	struct record_path path = record_path_of_number(RECORD_APPEAL, entry);
	assert_ok(record_get(view_of(kit), &path, &record, sizeof record));
	record.state = appeal_state;
	put(kit, &path, &record, sizeof record);
	mislead_invariants(kit, text);
}

/* The deduction as if it had been approved by who decides the appeal. */
static void doctor_approver(const struct kit *kit, uint64_t entry, uint64_t deducted)
{
	struct record_appeal record;
	struct record_deduction deduction;
	struct record_path path = record_path_of_number(RECORD_APPEAL, entry);
	assert_ok(record_get(view_of(kit), &path, &record, sizeof record));
	path = record_path_of_number(RECORD_DEDUCTION, deducted);
	assert_ok(record_get(view_of(kit), &path, &deduction, sizeof deduction));
	deduction.approver = record.decider;
	put(kit, &path, &deduction, sizeof deduction);
	mislead_invariants(kit, "D7: one person deducted or appealed");
}

/* D7: outcome and money that contradict each other; sums of the incident that are not those of its appeals. */
static void test_appeals(void **state)
{
	struct kit *kit = *state;
	uint64_t lodged;
	uint64_t deduction = appeal(kit, &lodged);
	doctor_appeal(kit, lodged, offsetof(struct record_appeal, restored), 1,
		"D7: what appeals restored of incident " INCIDENT);
	doctor_appeal(kit, lodged, offsetof(struct record_appeal, recourse), 1,
		"I7: recourse of incident " INCIDENT " out of appeals");
	doctor_appeal(kit, lodged, offsetof(struct record_appeal, funded), 1,
		"D7: what an appeal restored and the funder has not paid in");
	doctor_appeal(kit, lodged, offsetof(struct record_appeal, deduction), 1,
		"D7: an appeal and its deduction contradict");
	doctor_state(kit, lodged, APPEAL_STAYED, "D7: the appeals that stay payment of incident " INCIDENT);
	doctor_state(kit, lodged, APPEAL_LODGED, "D7: what an appeal restores is not what its outcome says");
	doctor_state(kit, lodged, APPEAL_UPHELD, "D7: what an appeal restores is not what its outcome says");
	doctor_state(
		kit, lodged, APPEAL_REVERSED, "D7: what an appeal restores is not what its outcome says");
	doctor_approver(kit, lodged, deduction);

	/* a second appeal of the same deduction, and one of nothing */
	struct record_appeal second = {.deduction = deduction, .state = APPEAL_LODGED};
	struct record_path path = record_path_of_number(RECORD_APPEAL, lodged + 1);
	put(kit, &path, &second, sizeof second);
	mislead_invariants(kit, "D7: an appeal and its deduction contradict");
	second.deduction++;
	put(kit, &path, &second, sizeof second);
	mislead_invariants(kit, "A4: what was taken from a deposit is not listed");

	char reference[24];
	snprintf(reference, sizeof reference, "@%llu", (unsigned long long)lodged);
	add_to_account(kit, CHART_DEPOSIT_FROZEN, "M", reference, "CNY", 1);
	add_to_account(kit, CHART_DEPOSIT_FROZEN, "M", INCIDENT, "CNY", -1);
	mislead_invariants(kit, "D7: what an appeal restored and the funder has not paid in");
	mislead_invariants(kit, NULL);
}

static void doctor_incident(const struct kit *kit, int64_t restored, int64_t recourse, const char *text)
{
	struct record_incident incident;
	struct record_path path = record_path_of_short(RECORD_INCIDENT, 1);
	assert_ok(record_get(view_of(kit), &path, &incident, sizeof incident));
	incident.restored += restored;
	incident.restored_recourse += recourse;
	put(kit, &path, &incident, sizeof incident);
	mislead_invariants(kit, text);
}

/* I7: more recourse out of appeals than was paid in; even where the incident and its appeal say the same. */
static void test_restored_recourse(void **state)
{
	struct kit *kit = *state;
	uint64_t lodged;
	appeal(kit, &lodged);
	doctor_incident(kit, 1, 0, "D7: what appeals restored of incident " INCIDENT);
	doctor_incident(kit, 0, 1, "I7: recourse of incident " INCIDENT " out of appeals");
	struct record_appeal record;
	struct record_path path = record_path_of_number(RECORD_APPEAL, lodged);
	assert_ok(record_get(view_of(kit), &path, &record, sizeof record));
	record.recourse = record.funded + 1;
	put(kit, &path, &record, sizeof record);
	doctor_incident(kit, 0, record.recourse, "I7: an appeal made more recourse than the funder paid in");
	mislead_invariants(kit, NULL);
}

/* A5: an exit that is overdue with what can not be paid, or sums that are not those of the exits. */
static void test_overdue(void **state)
{
	struct record_path exit = record_path_of_text(RECORD_EXIT, slice_text("e"));
	struct record_path sum = record_path_of_text(RECORD_EXIT_OVERDUE_SUM, slice_text("CNY"));
	struct record_exit record = {.state = EXIT_OFFSET, .merchant = 1, .overdue_entry = 7, .overdue = 100};
	struct record_exit_overdue all = {.exits = 1, .steps = 100};
	assert_ok(record_keep(view_of(*state), &exit, &record, sizeof record, 1));
	mislead_invariants(*state, "A5: exit e is overdue with another amount");
	put(*state, &sum, &all, sizeof all);
	mislead_invariants(*state, "A5: the overdue exits are not as many");
	all.exits = 0;
	put(*state, &sum, &all, sizeof all);
	mislead_invariants(*state, "A5: the overdue exits are not as many");
}

/* K: turnover that is not the balance; A1: a sum of holds that is not theirs. */
static void test_turnover(void **state)
{
	struct record_account record;
	struct record_path path = account(*state, CHART_CASH, "bank", "", "CNY", &record);
	record.debits++;
	put(*state, &path, &record, sizeof record);
	mislead_invariants(*state, "K: the turnover of account 1010/bank/");
	path = account_sum_path(CHART_DEPOSIT_FROZEN, slice_text("M"), slice_text("CNY"));
	assert_ok(record_get(view_of(*state), &path, &record, sizeof record));
	record.balance--;
	put(*state, &path, &record, sizeof record);
	mislead_invariants(*state, "A1: the deposits of M do not sum up");
	path = account_sum_path(CHART_DEPOSIT_EXIT, slice_text("M"), slice_text("JPY"));
	put(*state, &path, &record, sizeof record);
	mislead_invariants(*state, "A1: the deposits of M do not sum up");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		INVARIANT_TEST(test_good),
		INVARIANT_TEST(test_books),
		INVARIANT_TEST(test_below_zero),
		INVARIANT_TEST(test_claims),
		INVARIANT_TEST(test_liabilities),
		INVARIANT_TEST(test_recourse),
		INVARIANT_TEST(test_distributions),
		INVARIANT_TEST(test_exits),
		INVARIANT_TEST(test_calendars),
		INVARIANT_TEST(test_deductions),
		INVARIANT_TEST(test_appeals),
		INVARIANT_TEST(test_restored_recourse),
		INVARIANT_TEST(test_overdue),
		INVARIANT_TEST(test_turnover),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
