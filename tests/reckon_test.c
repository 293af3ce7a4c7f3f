/* SPDX-License-Identifier: Apache-2.0 */
#include "support.h"
#include "rules/recourse/reckon.h"

/* Loss 300, deposit 100, M 50, Y 40, G 10, joint and several: the golden case in thousands. */
enum { G, M, Y };

static struct reckon section_of(int64_t loss, int64_t settled, int64_t uncovered)
{
	return (struct reckon){
		.loss = loss,
		.settled = settled,
		.uncovered = uncovered,
		.rank = {[WATERFALL_COSTS] = 1,
			[WATERFALL_ADVANCES] = 2,
			[WATERFALL_UNCOVERED] = 3,
			[WATERFALL_INTEREST] = 4},
	};
}

static struct reckon_party *liable(struct reckon *section, int64_t percent, bool joint)
{
	struct reckon_party *party = &section->parties[section->count++];
	*party = (struct reckon_party){
		.share = percent * 100, .cap = RECKON_NO_CAP, .liable = true, .joint = joint};
	return party;
}

static struct reckon golden(int64_t loss, int64_t settled)
{
	struct reckon section = section_of(loss, settled, 0);
	liable(&section, 10, true);
	liable(&section, 50, true)->credited = 100;
	liable(&section, 40, true);
	return section;
}

static struct reckon golden_paid(int64_t g, int64_t m, int64_t y)
{
	struct reckon section = golden(300, 200);
	section.parties[G].received = g;
	section.parties[M].received = m;
	section.parties[Y].received = y;
	return section;
}

/* What holds of any. */
static void check_sums(const struct reckon *section)
{
	int64_t recourse = section->advances_served + section->own + section->freed + section->unborne;
	int64_t money = section->advances_served + section->uncovered_served;
	int64_t received = section->shortfall;
	for (size_t index = 0; index < section->count; index++) {
		const struct reckon_party *party = &section->parties[index];
		recourse += party->open;
		money += party->costs_served + party->interest_served + party->waits + party->returned;
		received += party->received + party->shortfall;
		assert_true(party->shortfall >= 0 && party->shortfall <= party->paid_out);
		assert_true(party->open >= 0 && party->waits >= 0 && party->returned >= party->paid_out);
		assert_true(party->over_paid <= party->returned);
		/* nobody is owed what it owes back */
		assert_true(party->shortfall == 0 || party->returned <= party->paid_out + party->restored);
		assert_true(party->costs_served <= party->costs);
		assert_true(party->interest_served <= party->interest);
	}
	assert_int_equal(recourse, section->settled);
	assert_int_equal(money, received);
	assert_true(section->unborne >= 0 && section->freed >= 0 && section->own >= 0);
	assert_true(section->uncovered_served <= section->uncovered && section->shortfall >= 0);
}

static void run(struct reckon *section)
{
	assert_ok(reckon(section));
	check_sums(section);
}

static void expect_open(struct reckon *section, int64_t g, int64_t m, int64_t y)
{
	run(section);
	assert_int_equal(section->parties[G].open, g);
	assert_int_equal(section->parties[M].open, m);
	assert_int_equal(section->parties[Y].open, y);
}

static void expect_returned(struct reckon *section, int64_t g, int64_t m, int64_t y)
{
	run(section);
	assert_int_equal(section->parties[G].returned, g);
	assert_int_equal(section->parties[M].returned, m);
	assert_int_equal(section->parties[Y].returned, y);
}

static void each_bears_what_is_open_of_its_share(void **state)
{
	struct reckon section = golden(300, 200);
	expect_open(&section, 30, 50, 120);
	section = golden(300, 200);
	section.parties[G].received = 30;
	expect_open(&section, 0, 50, 120);
	assert_true(section.parties[G].satisfied);
	assert_false(section.parties[M].satisfied);
}

static void only_what_is_open_is_split(void **state)
{
	struct reckon section = section_of(6, 6, 0);
	liable(&section, 45, false)->received = 2;
	liable(&section, 45, false)->received = 2;
	liable(&section, 10, false)->received = 1;
	/* of six the third's share is 0.6 and rounded down; what it paid stays */
	expect_open(&section, 1, 0, 0);
}

static void a_claim_that_falls_is_owed_back(void **state)
{
	struct reckon section = golden(297000, 197000);
	section.parties[M].credited = 100000;
	section.parties[M].received = 50000;
	section.parties[Y].received = 120000;
	section.parties[G].received = 30000;
	expect_returned(&section, 300, 1500, 1200);
	assert_int_equal(section.advances_served, 197000);
}

static void who_is_given_up_bears_what_it_pays(void **state)
{
	struct reckon section = golden_paid(0, 0, 60);
	section.parties[Y].given_up = true;
	expect_open(&section, 40, 100, 0);
	section.parties[Y].received = 72;
	expect_open(&section, 38, 90, 0);
	section.parties[M].received = 100;
	section.parties[G].received = 30;
	expect_returned(&section, 0, 2, 0);
	assert_int_equal(section.advances_served, 200);
	section.parties[G].received = 38;
	expect_returned(&section, 0, 10, 0);
}

/* Y pays what it is liable for, and the deposit paid more than M's share. */
static void cash_beyond_creditors_goes_to_who_stands_above(void **state)
{
	struct reckon section = section_of(300, 200, 0);
	struct reckon_party *m = liable(&section, 10, false);
	struct reckon_party *y = liable(&section, 90, false);
	m->credited = 100;
	y->received = 270;
	section.claimable = true;
	run(&section);
	assert_int_equal(section.advances_served, 200);
	assert_int_equal(y->waits, 70);
	assert_int_equal(y->over_paid, 0);
	section.claimable = false;
	run(&section);
	assert_int_equal(m->returned, 70);
	assert_int_equal(m->over_paid, 0);
	assert_int_equal(y->waits, 0);
	/* what it pays beyond is its own */
	y->received = 280;
	run(&section);
	assert_int_equal(y->over_paid, 10);
}

static void one_joint_party_pays_for_all(void **state)
{
	struct reckon section = golden_paid(200, 0, 0);
	expect_returned(&section, 0, 0, 0);
	assert_int_equal(section.advances_served, 200);
	section = golden_paid(200, 50, 0);
	expect_returned(&section, 50, 0, 0);
	/* both stand above their share: by excess, 170 and 30 */
	section = golden_paid(200, 80, 0);
	expect_returned(&section, 68, 12, 0);
	section = golden_paid(200, 50, 130);
	expect_returned(&section, 170, 0, 10);
	assert_int_equal(section.parties[Y].over_paid, 10);
}

static void a_cap_is_the_joint_ones_else_nobodys(void **state)
{
	struct reckon section = section_of(100, 100, 0);
	liable(&section, 10, true);
	liable(&section, 50, true);
	liable(&section, 40, false)->cap = 10;
	expect_open(&section, 15, 75, 10);
	section.parties[G].joint = false;
	section.parties[M].joint = false;
	expect_open(&section, 10, 50, 10);
	assert_int_equal(section.unborne, 30);
}

static void a_guarantor_bears_nothing_in_the_end(void **state)
{
	struct reckon section = section_of(100, 100, 0);
	struct reckon_party *guarantor = liable(&section, 0, true);
	struct reckon_party *debtor = liable(&section, 100, true);
	guarantor->received = 100;
	run(&section);
	assert_int_equal(section.advances_served, 100);
	debtor->received = 60;
	run(&section);
	assert_int_equal(guarantor->returned, 60);
}

static void the_funders_own_share_lowers_what_it_advanced(void **state)
{
	struct reckon section = section_of(10000, 10000, 0);
	struct reckon_party *funder = liable(&section, 20, false);
	struct reckon_party *debtor = liable(&section, 80, false);
	funder->funder = true;
	run(&section);
	assert_int_equal(section.own, 2000);
	assert_int_equal(debtor->open, 8000);
	assert_int_equal(funder->open, 0);
}

static void a_release_frees_the_others_once(void **state)
{
	struct reckon section = golden_paid(0, 190, 0);
	run(&section);
	assert_int_equal(reckon_release(&section, Y, &section.parties[Y].stood_for), 10);
	assert_int_equal(section.parties[Y].stood_for, 0);
	section.parties[Y].released = true;
	section.parties[Y].freed = 10;
	expect_open(&section, 0, 0, 0);
	section.parties[Y].received = 110;
	expect_returned(&section, 0, 110, 0);
	section.parties[G].received = 30;
	expect_returned(&section, 0, 140, 0);
}

static void what_is_not_settled_waits(void **state)
{
	struct reckon section = section_of(20000, 10000, 0);
	struct reckon_party *y = liable(&section, 100, false);
	section.unsettled = 10000;
	y->received = 20000;
	run(&section);
	assert_int_equal(section.advances_served, 10000);
	assert_int_equal(y->waits, 10000);
	section.unsettled = 6000;
	section.uncovered = 4000;
	run(&section);
	assert_int_equal(section.advances_served, 10000);
	assert_int_equal(section.uncovered_served, 4000);
	assert_int_equal(y->waits, 6000);
}

/* Of 20,000 that Y pays 10,000 fall on advances, of the rest half on who waits for a ruling, whose reserve is as much. */
static void what_is_not_ruled_on_waits(void **state)
{
	struct reckon section = section_of(20000, 10000, 10000);
	struct reckon_party *y = liable(&section, 100, true);
	section.claims_open = true;
	section.reserved_uncovered = 10000;
	y->received = 20000;
	run(&section);
	assert_int_equal(section.advances_served, 10000);
	assert_int_equal(section.uncovered_served, 5000);
	assert_int_equal(y->waits, 5000);
	/* the scheme would promise half of it: that comes first */
	section.reserved = section.reserved_uncovered = 5000;
	run(&section);
	assert_int_equal(section.uncovered_served, 3333);
	assert_int_equal(y->waits, 6667);
	/* they have had that, though another comes */
	section.paid_out = 3333;
	section.reserved_uncovered = 20000;
	run(&section);
	assert_int_equal(section.uncovered_served, 3333);
}

static void equal_ranks_share_in_total(void **state)
{
	struct reckon section = section_of(500, 400, 100);
	struct reckon_party *y = liable(&section, 100, false);
	section.rank[WATERFALL_UNCOVERED] = 2;
	y->received = 7;
	run(&section);
	assert_int_equal(section.advances_served, 6);
	assert_int_equal(section.uncovered_served, 1);
	/* its interest, of the same rank: 400 : 100 : 100 */
	section.rank[WATERFALL_INTEREST] = 2;
	y->interest = 100;
	y->received = 12;
	run(&section);
	assert_int_equal(section.advances_served, 8);
	assert_int_equal(section.uncovered_served, 2);
	assert_int_equal(y->interest_served, 2);
}

static void costs_and_interest_are_their_debtors(void **state)
{
	struct reckon section = section_of(100, 100, 0);
	struct reckon_party *y = liable(&section, 50, false);
	struct reckon_party *g = liable(&section, 50, false);
	y->costs = 10;
	y->interest = 5;
	g->received = 60;
	run(&section);
	assert_int_equal(g->returned, 10);
	y->received = 66;
	run(&section);
	assert_int_equal(y->costs_served, 10);
	assert_int_equal(y->interest_served, 5);
	assert_int_equal(y->over_paid, 1);
	/* interest waits for what comes back to it: the loss first */
	y->received = 60;
	run(&section);
	assert_int_equal(y->interest_served, 0);
	assert_false(y->satisfied);
}

/* What a given-up party bears is what it paid; of that its costs take a part only, beside what all serve. */
static void costs_of_the_same_rank_take_their_part(void **state)
{
	struct reckon section = section_of(235, 38, 109);
	section.rank[WATERFALL_COSTS] = section.rank[WATERFALL_ADVANCES] = section.rank[WATERFALL_INTEREST] =
		4;
	section.rank[WATERFALL_UNCOVERED] = 1;
	struct reckon_party *given_up = liable(&section, 70, true);
	liable(&section, 1, true)->received = 6;
	struct reckon_party *other = liable(&section, 29, true);
	given_up->cap = 89;
	given_up->given_up = true;
	given_up->costs = 25;
	given_up->received = 100;
	section.parties[1].interest = 23;
	other->credited = 88;
	other->received = 21;
	other->interest = 25;
	run(&section);
	const int64_t served = section.advances_served;
	given_up->received = 118;
	run(&section);
	assert_int_equal(section.advances_served, served);
}

static void who_is_not_liable_gets_all_back(void **state)
{
	struct reckon section = section_of(300, 200, 0);
	struct reckon_party *merchant = liable(&section, 0, false);
	struct reckon_party *y = liable(&section, 100, false);
	merchant->liable = false;
	merchant->credited = 100;
	merchant->received = 5;
	y->received = 300;
	run(&section);
	assert_int_equal(merchant->returned, 105);
	assert_int_equal(merchant->over_paid, 5);
	assert_int_equal(y->returned, 0);
	assert_int_equal(section.unborne, 0);
}

/* 12 of its 14 were paid out to consumers: costs and interest of the same rank share the 2 by what each is. */
static void what_is_not_paid_out_its_own_claims_share(void **state)
{
	struct reckon section = section_of(80, 0, 80);
	struct reckon_party *y = liable(&section, 100, true);
	(void)state;
	section.rank[WATERFALL_COSTS] = section.rank[WATERFALL_INTEREST] = section.rank[WATERFALL_UNCOVERED] =
		1;
	section.paid_out = 12;
	y->received = 14;
	y->costs = 10;
	y->interest = 10;
	run(&section);
	assert_int_equal(y->costs_served, 1);
	assert_int_equal(y->interest_served, 1);
	assert_int_equal(section.uncovered_served, 12);
}

/* Without an apportionment whoever pays is taken to be liable for all that its own pools have not paid. */
static void nobody_is_liable_yet(void **state)
{
	struct reckon section = section_of(30, 0, 20);
	struct reckon_party *y = liable(&section, 0, false);
	y->liable = false;
	y->received = 21;
	run(&section);
	assert_int_equal(section.uncovered_served, 20);
	assert_int_equal(y->over_paid, 0);
	assert_int_equal(y->waits, 1);
	y->credited = 10;
	run(&section);
	assert_int_equal(y->over_paid, 1);
	assert_int_equal(y->waits, 0);
}

/* A loss that becomes known when M has its contribution: M owes again what it then stands below, and Y the rest. */
static void what_was_paid_out_is_final(void **state)
{
	struct reckon section = section_of(400, 300, 0);
	struct reckon_party *m = liable(&section, 10, false);
	struct reckon_party *y = liable(&section, 90, false);
	m->credited = 100;
	m->paid_out = 70;
	y->received = 270;
	run(&section);
	assert_int_equal(section.advances_served, 200);
	assert_int_equal(m->returned, 70);
	assert_int_equal(m->open, 10);
	assert_int_equal(y->open, 90);
	/* and so is what consumers had, where the funder goes first */
	section = section_of(200, 160, 40);
	y = liable(&section, 100, false);
	section.paid_out = 20;
	y->received = 100;
	run(&section);
	assert_int_equal(section.advances_served, 80);
	assert_int_equal(section.uncovered_served, 20);
}

/* Costs that became known when the money was gone wait for the next. */
static void what_was_remitted_serves_nothing_else(void **state)
{
	struct reckon section = section_of(100, 60, 40);
	struct reckon_party *y = liable(&section, 100, false);
	y->costs = 10;
	y->received = 70;
	section.remitted = 60;
	section.paid_out = 5;
	run(&section);
	assert_int_equal(y->costs_served, 5);
	assert_int_equal(section.advances_served, 60);
	assert_int_equal(section.uncovered_served, 5);
}

static void sums_beyond_64_bits_are_refused(void **state)
{
	struct reckon section = section_of(100, 100, 0);
	struct reckon_party *y = liable(&section, 100, false);
	section.rank[WATERFALL_INTEREST] = 1;
	y->costs = INT64_MAX;
	y->interest = 1;
	y->received = 1;
	assert_error(reckon(&section), RECOURSE_OVERFLOW);
}

/* Each is within 64 bits: whether any waits is not asked of their sum. */
static void what_waits_need_not_be_within_64_bits_together(void **state)
{
	struct reckon section = section_of(INT64_MAX, 0, 0);
	liable(&section, 100, false)->received = 5;
	section.unsettled = INT64_MAX - INT64_MAX / 8;
	section.reserved = INT64_MAX / 8;
	section.reserved_uncovered = INT64_MAX / 8;
	run(&section);
	assert_int_equal(section.parties[0].returned, 0);
	assert_int_equal(section.parties[0].waits, 5);
}

/* ---- any sections ---- */

enum { RANDOM_PARTIES = 5, RANDOM_SECTIONS = 20000 };

static bool chance(struct support_random *random, uint64_t of)
{
	return support_random_below(random, of) == 0;
}

static int64_t up_to(struct support_random *random, int64_t most)
{
	return (int64_t)support_random_below(random, (uint64_t)most + 1);
}

static void random_traits(struct support_random *random, struct reckon_party *party, bool first)
{
	party->cap = chance(random, 6) ? up_to(random, 100) : RECKON_NO_CAP;
	party->costs = chance(random, 6) ? up_to(random, 30) : 0;
	party->interest = chance(random, 6) ? up_to(random, 30) : 0;
	party->given_up = party->joint && chance(random, 6);
	party->released = !party->given_up && chance(random, 8);
	party->funder = first && !party->given_up && chance(random, 4);
}

static void random_parties(struct support_random *random, struct reckon *section, bool plain)
{
	int64_t percent = 100;
	bool joint = chance(random, 2);
	do {
		int64_t share = up_to(random, percent);
		struct reckon_party *party = liable(section, share, joint && !chance(random, 5));
		percent -= share;
		if (!plain)
			random_traits(random, party, section->count == 1);
	} while (section->count < RANDOM_PARTIES && !chance(random, 4));
	section->parties[section->count - 1].share += percent * 100;
}

static void random_section(struct support_random *random, struct reckon *section, bool plain)
{
	int64_t loss = 1 + up_to(random, 300);
	int64_t pool = up_to(random, loss);
	int64_t settled = up_to(random, loss - pool);
	*section = section_of(loss, settled, loss - pool - settled);
	for (size_t claim = 0; claim < WATERFALL_CLAIMS && !plain; claim++)
		section->rank[claim] = (uint8_t)support_random_below(random, 5);
	section->claims_open = chance(random, 4);
	section->reserved = section->claims_open ? up_to(random, 100) : 0;
	section->reserved_uncovered = section->claims_open ? up_to(random, 100) : 0;
	section->claimable = chance(random, 2);
	random_parties(random, section, plain);
	section->parties[support_random_below(random, section->count)].credited = pool;
	assert_ok(reckon(section));
	for (size_t index = 0; index < section->count; index++) {
		struct reckon_party *party = &section->parties[index];
		if (party->released)
			party->freed = reckon_release(section, index, &party->stood_for);
		party->received = up_to(random, 200);
	}
}

/*
 * Sums are exact. Creditors do not lose by more money, nor does anybody whose own it is again, but for the step of a
 * rounding; and what was paid out is never asked back.
 */
static void any_section(void **state)
{
	struct support_random random = support_random_start();
	for (int round = 0; round < RANDOM_SECTIONS; round++) {
		struct reckon before;
		bool plain = round % 2 == 0;
		random_section(&random, &before, plain);
		run(&before);
		struct reckon after = before;
		after.parties[support_random_below(&random, after.count)].received += 1 + up_to(&random, 100);
		run(&after);
		assert_true(after.advances_served + after.uncovered_served >=
			    before.advances_served + before.uncovered_served);
		for (size_t index = 0; index < after.count; index++) {
			assert_true(!plain || after.parties[index].returned + (int64_t)after.count >=
						      before.parties[index].returned);
			after.parties[index].paid_out = before.parties[index].returned;
			after.parties[index].costs_final = before.parties[index].costs_served;
			after.parties[index].interest_final = before.parties[index].interest_served;
		}
		after.remitted = before.advances_served;
		after.paid_out = before.uncovered_served;
		/* and a loss that becomes known now */
		after.loss += 100;
		after.settled += 100;
		run(&after);
		assert_true(after.uncovered_served >= before.uncovered_served);
		/* a receipt is taken back, whatever it was paid on for, by that judgment or another */
		for (size_t index = 0; index < after.count; index++) {
			after.parties[index].received = up_to(&random, after.parties[index].received);
			after.parties[index].replaced = chance(&random, 4);
			after.parties[index].restored = chance(&random, 8) ? up_to(&random, 30) : 0;
		}
		run(&after);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_bears_what_is_open_of_its_share),
		cmocka_unit_test(only_what_is_open_is_split),
		cmocka_unit_test(a_claim_that_falls_is_owed_back),
		cmocka_unit_test(who_is_given_up_bears_what_it_pays),
		cmocka_unit_test(cash_beyond_creditors_goes_to_who_stands_above),
		cmocka_unit_test(one_joint_party_pays_for_all),
		cmocka_unit_test(a_cap_is_the_joint_ones_else_nobodys),
		cmocka_unit_test(a_guarantor_bears_nothing_in_the_end),
		cmocka_unit_test(the_funders_own_share_lowers_what_it_advanced),
		cmocka_unit_test(what_is_not_paid_out_its_own_claims_share),
		cmocka_unit_test(a_release_frees_the_others_once),
		cmocka_unit_test(what_is_not_settled_waits),
		cmocka_unit_test(what_is_not_ruled_on_waits),
		cmocka_unit_test(equal_ranks_share_in_total),
		cmocka_unit_test(costs_and_interest_are_their_debtors),
		cmocka_unit_test(costs_of_the_same_rank_take_their_part),
		cmocka_unit_test(who_is_not_liable_gets_all_back),
		cmocka_unit_test(nobody_is_liable_yet),
		cmocka_unit_test(what_was_paid_out_is_final),
		cmocka_unit_test(what_was_remitted_serves_nothing_else),
		cmocka_unit_test(sums_beyond_64_bits_are_refused),
		cmocka_unit_test(what_waits_need_not_be_within_64_bits_together),
		cmocka_unit_test(any_section),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
