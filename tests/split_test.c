/* SPDX-License-Identifier: Apache-2.0 */
#include "support.h"
#include "base/split.h"

#include <stdlib.h>

typedef __int128 wide;

enum { COUNT_MAX = 2000 };

struct ranked {
	wide remainder;
	size_t index;
};

static int compare_ranked(const void *a, const void *b)
{
	const struct ranked *one = a, *other = b;
	if (one->remainder != other->remainder)
		return one->remainder > other->remainder ? -1 : 1;
	return one->index < other->index ? -1 : 1;
}

/* Model: everyone's floor, then one step each down the sorted list until nothing is left. */
static void model(int64_t amount, const int64_t *weights, size_t count, int64_t *parts)
{
	static struct ranked ranked[COUNT_MAX];
	wide total = 0;
	for (size_t index = 0; index < count; index++)
		total += weights[index];
	int64_t left = amount;
	for (size_t index = 0; index < count; index++) {
		wide product = (wide)amount * weights[index];
		parts[index] = (int64_t)(product / total);
		ranked[index] = (struct ranked){.remainder = product % total, .index = index};
		left -= parts[index];
	}
	qsort(ranked, count, sizeof *ranked, compare_ranked);
	for (size_t index = 0; left > 0; index++, left--)
		parts[ranked[index].index]++;
}

/* All three ways give the same parts: the model, split_all(), and one part at a time by the rule. */
static void check(int64_t amount, const int64_t *weights, size_t count)
{
	static int64_t scratch[COUNT_MAX], parts[COUNT_MAX], expected[COUNT_MAX];
	struct split split;
	model(amount, weights, count, expected);
	assert_ok(split_all(amount, weights, count, parts));
	assert_ok(split_make(amount, weights, count, scratch, &split));

	wide sum = 0;
	uint64_t ties_seen = 0;
	for (size_t index = 0; index < count; index++) {
		bool tie = split_remainder(&split, weights[index]) == split.cut && ties_seen < split.ties;
		ties_seen += tie;
		if (tie && ties_seen == split.ties)
			assert_int_equal(split.last_tie, index);
		assert_true(split_part(&split, weights[index], tie) == expected[index]);
		assert_true(parts[index] == expected[index]);
		sum += parts[index];
	}
	assert_true(sum == amount);
	assert_int_equal(ties_seen, split.ties);
}

/* 100,000.00 deposited against claims of 3,000.00, 4,000.00 and 293,000.00. */
static void the_golden_case_in_fen(void **state)
{
	static const int64_t weights[] = {300000, 400000, 29300000};
	int64_t parts[3];
	assert_ok(split_all(10000000, weights, 3, parts));
	assert_int_equal(parts[0], 100000);
	assert_int_equal(parts[1], 133333);
	assert_int_equal(parts[2], 9766667);
	check(10000000, weights, 3);
}

static void ties_go_to_the_first(void **state)
{
	static const int64_t weights[] = {1, 1, 1};
	int64_t scratch[3], parts[3];
	struct split split;
	assert_ok(split_all(2, weights, 3, parts));
	assert_int_equal(parts[0], 1);
	assert_int_equal(parts[1], 1);
	assert_int_equal(parts[2], 0);
	assert_ok(split_make(2, weights, 3, scratch, &split));
	assert_int_equal(split.cut, 2);
	assert_int_equal(split.ties, 2);
	assert_int_equal(split.last_tie, 1);
}

static void an_even_split_has_no_cut(void **state)
{
	static const int64_t weights[] = {1, 2, 3};
	int64_t scratch[3];
	struct split split;
	assert_ok(split_make(600, weights, 3, scratch, &split));
	assert_int_equal(split.cut, split.total);
	assert_int_equal(split.ties, 0);
	assert_int_equal(split.last_tie, 0);
}

static void no_weight_gets_nothing(void **state)
{
	static const int64_t weights[] = {0, 7, 0, 7, 0};
	int64_t parts[5];
	assert_ok(split_all(13, weights, 5, parts));
	assert_int_equal(parts[0] + parts[2] + parts[4], 0);
	assert_int_equal(parts[1], 7);
	assert_int_equal(parts[3], 6);
}

static void nothing_is_split_among_nobody(void **state)
{
	static const int64_t zeros[] = {0, 0};
	int64_t scratch[2], parts[2] = {7, 7};
	struct split split;
	assert_ok(split_make(0, NULL, 0, NULL, &split));
	assert_ok(split_all(0, zeros, 2, parts));
	assert_int_equal(parts[0] + parts[1], 0);
	assert_ok(split_make(0, zeros, 2, scratch, &split));
	assert_int_equal(split_remainder(&split, 0), 0);
	assert_int_equal(split_part(&split, 0, true), 0);
}

static void wrong_shares_are_refused(void **state)
{
	static const int64_t negative[] = {5, -1}, zeros[] = {0, 0}, good[] = {1, 2};
	static const int64_t too_many_and_negative[] = {INT64_MAX, INT64_MAX, -1};
	int64_t scratch[3], parts[3];
	struct split split;
	assert_error(split_make(1, negative, 2, scratch, &split), RECOURSE_SHARES_WRONG);
	assert_error(split_make(1, zeros, 2, scratch, &split), RECOURSE_SHARES_WRONG);
	assert_error(split_make(1, NULL, 0, NULL, &split), RECOURSE_SHARES_WRONG);
	assert_error(split_make(-1, good, 2, scratch, &split), RECOURSE_SHARES_WRONG);
	assert_error(split_make(1, too_many_and_negative, 3, scratch, &split), RECOURSE_SHARES_WRONG);
	assert_error(split_all(1, negative, 2, parts), RECOURSE_SHARES_WRONG);
}

static void weights_that_do_not_fit_are_refused(void **state)
{
	static const int64_t weights[] = {INT64_MAX, 1};
	int64_t scratch[2], parts[2];
	struct split split;
	assert_error(split_make(1, weights, 2, scratch, &split), RECOURSE_OVERFLOW);
	assert_error(split_all(1, weights, 2, parts), RECOURSE_OVERFLOW);
	check(INT64_MAX, weights, 1);
	check(INT64_MAX, (const int64_t[]){INT64_MAX / 2, INT64_MAX / 2, 1}, 3);
}

/* Sorted, reversed and equal lists, where a careless selection becomes quadratic or picks wrongly. */
static void lists_in_order(void **state)
{
	static int64_t weights[COUNT_MAX];
	for (int64_t amount = 1; amount < 5000; amount += 617) {
		for (int order = 0; order < 3; order++) {
			for (int64_t index = 0; index < COUNT_MAX; index++)
				weights[index] = order == 0 ? index : order == 1 ? COUNT_MAX - index : 300000;
			check(amount, weights, COUNT_MAX);
		}
	}
}

/* Requirement I10: parts sum to the whole, exact to the smallest step, for whatever amounts. */
static void i10_random_splits_agree_with_the_model(void **state)
{
	static int64_t weights[COUNT_MAX];
	struct support_random random = support_random_start();
	for (int round = 0; round < 2000; round++) {
		size_t count = 1 + support_random_below(&random, round % 50 == 0 ? COUNT_MAX : 40);
		/* Few different weights make many ties; wide ones need more than 64 bits. */
		uint64_t bound = UINT64_C(1) << (1 + support_random_below(&random, 51));
		uint64_t total = 0;
		for (size_t index = 0; index < count; index++) {
			weights[index] = (int64_t)support_random_below(&random, bound);
			total += (uint64_t)weights[index];
		}
		if (total == 0)
			weights[0] = 1;
		int64_t amount =
			(int64_t)(support_random(&random) >> (1 + support_random_below(&random, 60)));
		check(amount, weights, count);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_golden_case_in_fen),
		cmocka_unit_test(ties_go_to_the_first),
		cmocka_unit_test(an_even_split_has_no_cut),
		cmocka_unit_test(no_weight_gets_nothing),
		cmocka_unit_test(nothing_is_split_among_nobody),
		cmocka_unit_test(wrong_shares_are_refused),
		cmocka_unit_test(weights_that_do_not_fit_are_refused),
		cmocka_unit_test(lists_in_order),
		cmocka_unit_test(i10_random_splits_agree_with_the_model),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
