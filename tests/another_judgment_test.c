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

/* Other money than was there; a loss that comes then nobody covers. */
static void happens(struct support_random *random, struct reckon *section)
{
	int64_t loss = chance(random, 2) ? up_to(random, 100) : 0;
	section->loss += loss;
	section->uncovered += loss;
	for (size_t index = POOLS; index < section->count; index++) {
		int64_t *received = &section->parties[index].received;
		if (chance(random, 4))
			*received = up_to(random, 2 * *received);
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

static void as_if_it_had_been_the_first(void **state)
{
	struct support_random random = support_random_start();
	int paid = 0;
	int undue = 0;
	for (int round = 0; round < SECTIONS; round++) {
		struct reckon first;
		random_section(&random, &first);
		assert_ok(reckon(&first));
		const struct reckon before = first;
		first.remitted = chance(&random, 3) ? first.advances_served : 0;
		first.paid_out = chance(&random, 3) ? first.uncovered_served : 0;
		happens(&random, &first);
		judge(&random, &first);
		struct reckon stands = first;
		for (size_t index = 0; index < POOLS; index++) {
			stands.parties[index].paid_out = before.parties[index].returned;
			stands.parties[index].replaced = true;
		}
		assert_ok(reckon(&first));
		assert_ok(reckon(&stands));
		compare(&stands, &first);
		paid += before.parties[0].returned > 0;
		undue += stands.parties[0].shortfall > 0;
	}
	/* the test is not an empty one */
	assert_true(paid > SECTIONS / 20 && undue > SECTIONS / 100);
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
		int64_t money = section.advances_served + section.uncovered_served - section.shortfall;
		for (size_t index = 0; index < section.count; index++) {
			const struct reckon_party *party = &section.parties[index];
			money += party->costs_served + party->interest_served + party->waits +
				 party->returned - party->received - party->shortfall;
			assert_true(party->shortfall >= 0 && party->shortfall <= party->paid_out);
			assert_true(party->returned >= party->paid_out && party->waits >= 0);
		}
		assert_int_equal(money, 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(as_if_it_had_been_the_first),
		cmocka_unit_test(whoever_was_paid),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
