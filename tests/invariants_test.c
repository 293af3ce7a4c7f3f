/* SPDX-License-Identifier: Apache-2.0 */
#include "rules.h"

#include "account.h"
#include "exit.h"
#include "invariants.h"
#include "ledger.h"
#include "party.h"

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
	rules_setup(state);
	kit_golden_steps(*state, 1, 14);
	return 0;
}
#define INVARIANT_TEST(test) cmocka_unit_test_setup_teardown(test, setup, rules_teardown)

static struct state_view *view_of(const struct kit *kit)
{
	return state_writer(kit->ledger->state);
}

/* `text` NULL: nothing is wrong. */
static void expect(const struct kit *kit, const char *text)
{
	static struct replay replay;
	memset(&replay, 0, sizeof replay);
	replay.core.state = view_of(kit);
	replay.core.group = &replay.group;
	enum recourse_error error = invariants_check(&replay);
	if (text == NULL) {
		assert_ok(error);
	} else {
		assert_error(error, RECOURSE_AUDIT_FAILED);
		if (strstr(replay.what, text) != replay.what)
			print_message("%s\n", replay.what);
		assert_ptr_equal(strstr(replay.what, text), replay.what);
	}
	replay_end(&replay); /* forgets the overlay */
}

static void put(const struct kit *kit, const struct record_path *path, const void *record, size_t size)
{
	assert_ok(record_put(view_of(kit), path, record, size));
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
	expect(*state, NULL);
}

/* I1, I2: money in the bank that is owed to nobody. */
static void test_books(void **state)
{
	add_to_account(*state, CHART_CASH, "bank", "", "CNY", 1);
	expect(*state, "I1 I2 I3 I9: the custody book");
	/* I3: more receivable than is owed to the funder */
	add_to_account(*state, CHART_RECOURSE, "M", INCIDENT, "CNY", 1);
	expect(*state, "I1 I2 I3 I9: the recourse book");
	add_to_account(*state, CHART_COSTS, "", INCIDENT, "CNY", 1);
	expect(*state, "I1 I2 I3 I9: the costs book");
	/* I9: units that were never issued */
	add_to_account(*state, CHART_UNITS_OUTSTANDING, "Y", "", "L", 1);
	expect(*state, "I1 I2 I3 I9: the units book");
	add_to_account(*state, CHART_WRITTEN_OFF, "M", INCIDENT, "CNY", 1);
	expect(*state, "I1 I2 I3 I9: the memo book");
	/* of another unit each: they do not make each other good */
	add_to_account(*state, CHART_CASH, "bank", "", "JPY", 1);
	add_to_account(*state, CHART_DEPOSIT, "M", "", "USD", -1);
	expect(*state, "I1 I2 I3 I9: the custody book");
	expect(*state, NULL);
}

/* I4: a deposit below zero, with another above it so that the book is even. */
static void test_below_zero(void **state)
{
	add_to_account(*state, CHART_DEPOSIT, "M", "", "CNY", 100);
	add_to_account(*state, CHART_DEPOSIT, "N", "", "CNY", -100);
	expect(*state, "I4: account 2010/M/");
	add_to_account(*state, CHART_CASH, "bank", "", "CNY", -1);
	add_to_account(*state, CHART_COMMITMENT, "P", INCIDENT, "CNY", 1);
	expect(*state, "I4: account 1010/bank/");
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
	expect(*state, "I5: claim claim-B");
	path = claim(*state, &record);
	record.paid = -1;
	put(*state, &path, &record, sizeof record);
	expect(*state, "I5: claim claim-B");
	path = claim(*state, &record);
	record.payout = PAYOUT_RETURNED;
	put(*state, &path, &record, sizeof record);
	expect(*state, "I8: claim claim-B");
	path = claim(*state, &record);
	record.state = CLAIM_PAYING;
	put(*state, &path, &record, sizeof record);
	expect(*state, "I8: claim claim-B");
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
	expect(*state, "I6: liable party M");
	path = liability(*state, &record);
	record.received_uncovered = record.uncovered + 1;
	put(*state, &path, &record, sizeof record);
	expect(*state, "I6: liable party M");
	path = liability(*state, &record);
	record.received_interest = record.interest + 1;
	put(*state, &path, &record, sizeof record);
	expect(*state, "I6: liable party M");
	path = liability(*state, &record);
	record.written_off = record.recourse + 1;
	put(*state, &path, &record, sizeof record);
	expect(*state, "I6: liable party M");
}

/* I7: recourse for an advance that was not settled. */
static void test_recourse(void **state)
{
	struct record_liability record;
	struct record_claim paid;
	struct record_path path = liability(*state, &record);
	record.recourse += 1;
	put(*state, &path, &record, sizeof record);
	expect(*state, "I7: incident " INCIDENT);
	path = claim(*state, &paid);
	paid.inchoate = 1;
	put(*state, &path, &paid, sizeof paid);
	expect(*state, "I7: a settled advance");
}

/* I10: the parts are not the whole. */
static void test_distributions(void **state)
{
	struct record_incident incident;
	struct record_path path = record_path_of_short(RECORD_INCIDENT, 1);
	assert_ok(record_get(view_of(*state), &path, &incident, sizeof incident));
	incident.pooled += 1;
	put(*state, &path, &incident, sizeof incident);
	expect(*state, "I10: the parts of the deposit");

	struct record_round round;
	struct record_path place = record_path_of_short(RECORD_ROUND, 1);
	record_path_short(&place, ROUND_DEPOSIT);
	record_path_short(&place, 1);
	assert_ok(record_get(view_of(*state), &place, &round, sizeof round));
	assert_true(round.split.ties > 0 || round.split.cut <= round.split.total);
	round.split.cut = round.split.total;
	round.split.ties = 0;
	put(*state, &place, &round, sizeof round);
	expect(*state, "I10: the parts of a distribution");
	expect(*state, NULL);
}

static void put_exit(const struct kit *kit, int64_t retained, uint32_t blocks, uint64_t released)
{
	struct record_path path = record_path_of_text(RECORD_EXIT, slice_text("e"));
	struct record_path place = record_path_of_text(RECORD_EXIT_ITEM, slice_text("e"));
	struct record_exit record = {
		.state = EXIT_TAIL, .retained = retained, .blocks = blocks, .merchant = 1};
	struct record_exit_item item = {.amount = 100, .released_entry = released};
	record_path_text(&place, slice_text("fees"));
	put(kit, &path, &record, sizeof record);
	put(kit, &place, &item, sizeof item);
}

/* A5: items that do not sum up to what is kept back, and a block that is nobody's. */
static void test_exits(void **state)
{
	put_exit(*state, 100, 0, 0);
	expect(*state, NULL);
	put_exit(*state, 99, 0, 0);
	expect(*state, "A5: exit e ");
	put_exit(*state, 100, 0, 7);
	expect(*state, "A5: exit e ");
	put_exit(*state, 0, 0, 7);
	expect(*state, NULL);
	put_exit(*state, 100, 1, 0);
	expect(*state, "A5: exit e ");
}

static void put_overdue(
	const struct kit *kit, const char *merchant, const char *id, const void *record, size_t size)
{
	struct record_path path = exit_overdue_path(slice_text(merchant), slice_text(id));
	put(kit, &path, record, size);
}

/* A5: an exit in the index of overdue ones that is not, or sums that are not those of the index. */
static void test_overdue(void **state)
{
	const int64_t steps = 100;
	struct record_exit_overdue all = {.exits = 1, .steps = 100};
	slice party;
	struct arena arena = {0};
	assert_ok(party_name(view_of(*state), &arena, 1, &party));
	char id[TEXT_ID_SIZE + 1];
	snprintf(id, sizeof id, "%.*s", SLICE_ARGUMENTS(party));
	arena_free(&arena);
	put_exit(*state, 100, 0, 0);
	put_overdue(*state, id, "e", &steps, sizeof steps);
	expect(*state, "A5: exit e is overdue with another amount");
	put_overdue(*state, "", "CNY", &all, sizeof all);
	expect(*state, "A5: the overdue exits are not as many");
	put_overdue(*state, "", "CNY", &all, sizeof all);
	put_overdue(*state, "M", "other", &steps, sizeof steps);
	expect(*state, NULL);
	all.steps = 99;
	put_overdue(*state, "", "CNY", &all, sizeof all);
	put_overdue(*state, "M", "other", &steps, sizeof steps);
	expect(*state, "A5: the overdue exits are not as many");
}

/* K: turnover that is not the balance; A1: a sum of holds that is not theirs. */
static void test_turnover(void **state)
{
	struct record_account record;
	struct record_path path = account(*state, CHART_CASH, "bank", "", "CNY", &record);
	record.debits++;
	put(*state, &path, &record, sizeof record);
	expect(*state, "K: the turnover of account 1010/bank/");
	path = account_sum_path(CHART_DEPOSIT_FROZEN, slice_text("M"), slice_text("CNY"));
	assert_ok(record_get(view_of(*state), &path, &record, sizeof record));
	record.balance--;
	put(*state, &path, &record, sizeof record);
	expect(*state, "A1: the deposits of M do not sum up");
	path = account_sum_path(CHART_DEPOSIT_EXIT, slice_text("M"), slice_text("JPY"));
	put(*state, &path, &record, sizeof record);
	expect(*state, "A1: the deposits of M do not sum up");
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
		INVARIANT_TEST(test_overdue),
		INVARIANT_TEST(test_turnover),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
