/* SPDX-License-Identifier: Apache-2.0 */
#include "support.h"
#include "rules/recourse/reckon.h"

/*
 * Whatever was judged first, and paid by it: the judgment that stands leaves what it would have left had it been the first,
 * and each owes back by its name what it was paid of others' money and would not have.
 */
enum { PARTIES_MAX = 6, POOLS = 2, SECTIONS = 60000 };

static bool chance(struct support_random *random, uint64_t of)
{
	return support_random_below(random, of) == 0;
}

static int64_t up_to(struct support_random *random, int64_t most)
{
	return (int64_t)support_random_below(random, (uint64_t)most + 1);
}

/* Anybody may be liable by it, or by it no more; all together for the whole. */
static void judge(struct support_random *random, struct reckon *section)
{
	bool joint = chance(random, 2);
	int64_t left = 10000;
	for (size_t index = 0; index < section->count; index++) {
		struct reckon_party *party = &section->parties[index];
		bool last = index == section->count - 1;
		party->liable = last || !chance(random, 4);
		party->joint = party->liable && joint && !chance(random, 4);
		party->share = last ? left : party->liable ? up_to(random, left) : 0;
		party->cap = party->liable && chance(random, 8) ? up_to(random, 100) : RECKON_NO_CAP;
		left -= party->share;
	}
}

/* The first ones have pools, and only others paid. */
static void random_section(struct support_random *random, struct reckon *section)
{
	int64_t loss = 1 + up_to(random, 300);
	int64_t pool = up_to(random, loss);
	int64_t settled = chance(random, 2) ? up_to(random, loss - pool) : 0;
	*section = (struct reckon){
		.loss = loss, .settled = settled, .uncovered = loss - pool - settled, .rank = {2, 4, 6, 8}};
	section->count = POOLS + 1 + support_random_below(random, PARTIES_MAX - POOLS);
	for (size_t index = POOLS; index < section->count; index++) {
		section->parties[index].received = up_to(random, 200);
		section->parties[index].costs = chance(random, 6) ? up_to(random, 30) : 0;
		section->parties[index].interest = chance(random, 6) ? up_to(random, 30) : 0;
	}
	section->parties[0].credited = up_to(random, pool);
	section->parties[1].credited = pool - section->parties[0].credited;
	judge(random, section);
}

/* ---- many parties, shares of a step, sums up to where all of them together are just within 64 bits ---- */

/* A part of what is left of the sums: mostly little of it, seldom all. */
static int64_t part_of(struct support_random *random, int64_t *left)
{
	const int64_t most = chance(random, 3) ? *left : *left >> support_random_below(random, 63);
	const int64_t part = chance(random, 8) ? most : up_to(random, most);
	*left -= part;
	return part;
}

static void judge_many(struct support_random *random, struct reckon *section)
{
	int64_t left = 10000;
	size_t liable = 0;
	for (size_t index = 0; index < section->count; index++) {
		struct reckon_party *party = &section->parties[index];
		const bool last = index == section->count - 1;
		party->liable = last || (liable < SPREAD_LIABLE_MAX - 1 && !chance(random, 4));
		party->joint = party->liable && chance(random, 2);
		const int64_t most = chance(random, 4) ? left : left > 0;
		party->share = last ? left : party->liable ? up_to(random, most) : 0;
		party->cap =
			party->liable && chance(random, 8) ? up_to(random, section->loss) : RECKON_NO_CAP;
		party->given_up = party->joint && chance(random, 8);
		left -= party->share;
		liable += party->liable;
	}
}

static void many_parties(struct support_random *random, struct reckon *section)
{
	int64_t left = INT64_MAX >> (chance(random, 2) ? 0 : support_random_below(random, 62));
	int64_t loss = part_of(random, &left);
	*section = (struct reckon){.loss = loss, .rank = {2, 4, 6, 8}};
	if (chance(random, 2))
		section->rank[WATERFALL_UNCOVERED] = section->rank[WATERFALL_ADVANCES];
	section->count = 2 + support_random_below(random, SPREAD_MAX - 1);
	section->settled = part_of(random, &loss);
	section->uncovered = part_of(random, &loss);
	for (size_t index = 0; index < section->count; index++) {
		struct reckon_party *party = &section->parties[index];
		party->credited = chance(random, 3) ? part_of(random, &loss) : 0;
		party->received = part_of(random, &left);
		party->costs = chance(random, 6) ? part_of(random, &left) : 0;
		party->interest = chance(random, 6) ? part_of(random, &left) : 0;
	}
	section->uncovered += loss;
	section->reserved = chance(random, 4) ? part_of(random, &left) : 0;
	section->late_uncovered = chance(random, 4) ? part_of(random, &left) : 0;
	judge_many(random, section);
}

/* ---- what happens then ---- */

/* Other money than was there; a loss that comes then nobody covers. */
static void happens(struct support_random *random, struct reckon *section)
{
	int64_t loss = chance(random, 2) ? up_to(random, 100) : 0;
	loss = section->loss > INT64_MAX / 2 ? 0 : loss;
	section->loss += loss;
	section->uncovered += loss;
	for (size_t index = POOLS; index < section->count; index++) {
		int64_t *received = &section->parties[index].received;
		if (chance(random, 4))
			*received = up_to(random, *received > 1000 ? *received : 2 * *received);
	}
}

static void compare(const struct reckon *stands, const struct reckon *first)
{
	assert_int_equal(stands->advances_served, first->advances_served);
	assert_int_equal(stands->uncovered_served, first->uncovered_served);
	assert_int_equal(stands->unborne, first->unborne);
	assert_int_equal(stands->shortfall, first->shortfall);
	for (size_t index = 0; index < stands->count; index++) {
		const struct reckon_party *party = &stands->parties[index];
		const struct reckon_party *would = &first->parties[index];
		int64_t undue = party->paid_out > would->returned ? party->paid_out - would->returned : 0;
		assert_int_equal(party->shortfall, undue);
		assert_int_equal(party->returned, would->returned + undue);
		assert_int_equal(party->open, would->open);
		assert_int_equal(party->waits, would->waits);
		assert_int_equal(party->liability, would->liability);
	}
}

/* What was paid to those that have pools, by the judgment before, is as it would be had they been paid nothing. */
static void judge_twice(struct support_random *random, struct reckon *first,
	void (*judge_anew)(struct support_random *random, struct reckon *section), bool *paid, bool *undue)
{
	assert_ok(reckon(first));
	const struct reckon before = *first;
	first->remitted = chance(random, 3) ? first->advances_served : 0;
	first->paid_out = chance(random, 3) ? first->uncovered_served : 0;
	happens(random, first);
	judge_anew(random, first);
	struct reckon stands = *first;
	for (size_t index = 0; index < POOLS; index++) {
		stands.parties[index].paid_out = before.parties[index].returned;
		stands.parties[index].replaced = true;
	}
	assert_ok(reckon(first));
	assert_ok(reckon(&stands));
	compare(&stands, first);
	*paid = before.parties[0].returned > 0;
	*undue = stands.parties[0].shortfall > 0;
}

static void as_if_it_had_been_the_first(void **state)
{
	struct support_random random = support_random_start();
	int paid = 0;
	int undue = 0;
	const size_t few = SECTIONS;
	const size_t all = few + support_times(SECTIONS / 10, SECTIONS);
	for (size_t round = 0; round < all; round++) {
		struct reckon first;
		bool was_paid;
		bool was_undue;
		const bool many = round >= few;
		(many ? many_parties : random_section)(&random, &first);
		for (size_t index = 0; index < POOLS && many; index++)
			first.parties[index].received = 0;
		judge_twice(&random, &first, many ? judge_many : judge, &was_paid, &was_undue);
		paid += was_paid;
		undue += was_undue;
	}
	/* the test is not an empty one */
	assert_true(paid > SECTIONS / 20 && undue > SECTIONS / 100);
}

static void check_sums(const struct reckon *section)
{
	amount_sum money =
		(amount_sum)section->advances_served + section->uncovered_served - section->shortfall;
	amount_sum recourse = (amount_sum)section->advances_served + section->own + section->freed +
			      section->unborne - section->settled;
	for (size_t index = 0; index < section->count; index++) {
		const struct reckon_party *party = &section->parties[index];
		money += (amount_sum)party->costs_served + party->interest_served + party->waits +
			 party->returned - party->received - party->shortfall;
		recourse += party->open;
		assert_true(party->shortfall >= 0 && party->shortfall <= party->paid_out);
		assert_true(party->returned >= party->paid_out && party->waits >= 0);
	}
	assert_true(money == 0 && recourse == 0);
}

/* Who paid itself, and who was paid by the one that stands, beside them: sums are exact, and nobody owes more than it was paid. */
static void whoever_was_paid(void **state)
{
	struct support_random random = support_random_start();
	for (int round = 0; round < SECTIONS; round++) {
		struct reckon section;
		random_section(&random, &section);
		for (size_t index = 0; index < POOLS; index++)
			section.parties[index].received = chance(&random, 2) ? up_to(&random, 200) : 0;
		assert_ok(reckon(&section));
		for (size_t index = 0; index < section.count; index++) {
			struct reckon_party *party = &section.parties[index];
			int64_t own = party->received - party->costs_served - party->interest_served;
			party->paid_out = chance(&random, 2) ? party->returned : 0;
			party->paid_own = own < party->paid_out ? own : party->paid_out;
			party->replaced = chance(&random, 2);
		}
		happens(&random, &section);
		judge(&random, &section);
		assert_ok(reckon(&section));
		check_sums(&section);
	}
}

/* Each time somebody owes a little more, hundreds of thousands of times; nothing that judgments left is known to be so. */
static const struct reckon endless = {.loss = 1167935864059,
	.settled = 182658114405,
	.uncovered = 1,
	.remitted = 187,
	.paid_out = 1,
	.rank = {6, 4, 6, 8},
	.count = 8,
	.parties = {{.cap = 65,
			    .credited = 738970717509,
			    .received = 1392905820496,
			    .paid_out = 1824428578016,
			    .replaced = true,
			    .paid_own = 999999999921,
			    .costs = 1053634915456,
			    .interest = 249999999552,
			    .interest_final = 1334},
		{.cap = RECKON_NO_CAP,
			.received = 106175977543,
			.paid_out = 193604132487,
			.paid_own = 193604132487,
			.costs = 104,
			.interest = 999999999771,
			.interest_final = 84},
		{.share = 357,
			.cap = 213,
			.credited = 52352399347,
			.received = 250122334442,
			.paid_out = 889860130818,
			.paid_own = 405473714031,
			.costs = 499999999998,
			.interest = 161561823116,
			.interest_final = 81,
			.liable = true,
			.joint = true,
			.released = true},
		{.share = 5245,
			.cap = 439021498050,
			.credited = 160768699163,
			.received = 137853477567,
			.paid_out = 671840541975,
			.paid_own = 162,
			.costs = 104859198507,
			.interest = 236198645005,
			.interest_final = 223946844443,
			.liable = true,
			.joint = true},
		{.share = 251,
			.cap = RECKON_NO_CAP,
			.credited = 33185933632,
			.received = 197186311266,
			.paid_out = 257607389957,
			.paid_own = 1138,
			.interest = 984555329512,
			.liable = true,
			.given_up = true},
		{.share = 1,
			.cap = RECKON_NO_CAP,
			.credited = 2,
			.received = 526504013447,
			.replaced = true,
			.costs = 574,
			.interest = 49033925168,
			.liable = true,
			.joint = true},
		{.share = 4143,
			.cap = RECKON_NO_CAP,
			.received = 82,
			.paid_out = 1019301632126,
			.paid_own = 499999999974,
			.costs = 321070276318,
			.interest = 983508147831,
			.liable = true},
		{.share = 3,
			.cap = 985218217912,
			.received = 1049186309870,
			.paid_out = 426214111194,
			.replaced = true,
			.paid_own = 426214111194,
			.costs = 999999999748,
			.interest = 128,
			.interest_final = 32,
			.liable = true,
			.joint = true}}};

static void it_ends_anyhow(void **state)
{
	struct reckon section = endless;
	assert_ok(reckon(&section));
	check_sums(&section);
}

/* Some are paid what is theirs; money goes away, and all are judged anew. */
static void pay_and_judge(struct support_random *random, struct reckon *section)
{
	section->remitted = chance(random, 2) ? section->advances_served : 0;
	section->paid_out = chance(random, 2) ? section->uncovered_served : 0;
	for (size_t index = 0; index < section->count; index++) {
		struct reckon_party *party = &section->parties[index];
		int64_t own = party->received - party->costs_served - party->interest_served;
		party->paid_out = chance(random, 4) ? 0 : party->returned;
		party->paid_own = own < party->paid_out ? own : party->paid_out;
		party->replaced = chance(random, 2);
		if (section->paid_out > 0)
			party->interest_final = party->interest_served;
		if (chance(random, 3))
			party->received = up_to(random, party->received);
	}
	judge_many(random, section);
	for (size_t index = 0; index < section->count; index++) {
		struct reckon_party *party = &section->parties[index];
		party->released = party->liable && chance(random, 8);
		party->freed = party->released ? up_to(random, section->settled) : 0;
		party->before_release = up_to(random, party->received);
		party->stood_for = party->released ? up_to(random, section->settled) : 0;
	}
}

static void many_and_large(void **state)
{
	struct support_random random = support_random_start();
	const size_t all = support_times(SECTIONS / 10, SECTIONS);
	size_t paid = 0;
	for (size_t round = 0; round < all; round++) {
		struct reckon section;
		many_parties(&random, &section);
		assert_ok(reckon(&section));
		check_sums(&section);
		for (int time = 0; time < 3; time++) {
			pay_and_judge(&random, &section);
			assert_ok(reckon(&section));
			check_sums(&section);
		}
		for (size_t index = 0; index < section.count; index++)
			paid += section.parties[index].shortfall > 0;
	}
	assert_true(paid > all / 10);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(as_if_it_had_been_the_first),
		cmocka_unit_test(whoever_was_paid),
		cmocka_unit_test(it_ends_anyhow),
		cmocka_unit_test(many_and_large),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
