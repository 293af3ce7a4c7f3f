/* SPDX-License-Identifier: Apache-2.0 */
#include "support.h"
#include "rules/recourse/reckon.h"

/* 50 are lacking, nobody is judged; Y's costs are 20, beside them, and its interest 10, behind. */
static struct reckon unjudged(int64_t received, int64_t for_own)
{
	return (struct reckon){
		.loss = 50,
		.uncovered = 50,
		.ended = true,
		.rank = {[WATERFALL_COSTS] = 1, [WATERFALL_UNCOVERED] = 1, [WATERFALL_INTEREST] = 2},
		.count = 1,
		.parties = {{
			.cap = RECKON_NO_CAP,
			.received = received,
			.for_own = for_own,
			.costs = 20,
			.interest = 10,
		}},
	};
}

static void check(struct reckon *section, int64_t consumers, int64_t costs, int64_t interest, int64_t own)
{
	const struct reckon_party told = section->parties[0];
	const struct reckon_party *party = &section->parties[0];
	assert_ok(reckon(section));
	assert_int_equal(section->uncovered_served, consumers);
	assert_int_equal(party->costs_served, costs);
	assert_int_equal(party->interest_served, interest);
	assert_int_equal(party->returned, own);
	assert_int_equal(party->over_paid, own);
	assert_int_equal(party->waits, 0);
	/* it is as it was told, and can be reckoned again */
	assert_int_equal(party->received, told.received);
	assert_int_equal(party->for_own, told.for_own);
	assert_int_equal(party->costs_final, told.costs_final);
	assert_int_equal(party->interest_final, told.interest_final);
}

static void what_was_paid_for_others_is_for_its_own_claims(void **state)
{
	(void)state;
	struct reckon section = unjudged(25, 25);
	check(&section, 0, 20, 5, 0);
	section = unjudged(34, 34);
	check(&section, 0, 20, 10, 4);
}

static void behind_what_serves_them_by_rank(void **state)
{
	(void)state;
	struct reckon section = unjudged(35, 0);
	check(&section, 25, 10, 0, 0);
	section = unjudged(55, 20);
	check(&section, 25, 20, 10, 0);
}

static void what_of_it_was_paid_out_stays(void **state)
{
	(void)state;
	struct reckon section = unjudged(20, 20);
	section.remitted = 0;
	section.parties[0].costs_final = 15;
	section.parties[0].interest_final = 5;
	section.parties[0].interest = 5;
	check(&section, 0, 15, 5, 0);
}

static void without_a_rank_it_is_its_own(void **state)
{
	(void)state;
	struct reckon section = unjudged(25, 25);
	section.rank[WATERFALL_COSTS] = 0;
	check(&section, 0, 0, 10, 15);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_paid_for_others_is_for_its_own_claims),
		cmocka_unit_test(behind_what_serves_them_by_rank),
		cmocka_unit_test(what_of_it_was_paid_out_stays),
		cmocka_unit_test(without_a_rank_it_is_its_own),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
