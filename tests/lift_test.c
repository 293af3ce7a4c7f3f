/* SPDX-License-Identifier: Apache-2.0 */
#include "support.h"
#include "base/lift.h"

enum { COUNT_MAX = 12 };

static int64_t sum_of(const int64_t *parts, size_t count)
{
	int64_t sum = 0;
	for (size_t index = 0; index < count; index++)
		sum += parts[index];
	return sum;
}

static void lift(int64_t amount, struct split_share *shares, size_t count)
{
	SCOPED(arena_free) struct arena arena = {.newest = NULL};
	struct split_carry carry;
	int64_t *parts;
	assert_ok(lift_make(&arena, amount, shares, count, &parts, &carry));
	for (size_t index = 0; index < count; index++) {
		assert_true(parts[index] >= 0 && parts[index] <= shares[index].room);
		shares[index].had += parts[index];
		shares[index].room -= parts[index];
	}
}

static void expect(int64_t amount, struct split_share *shares, size_t count, const int64_t *then)
{
	lift(amount, shares, count);
	for (size_t index = 0; index < count; index++)
		assert_int_equal(shares[index].had, then[index]);
}

static void test_lowest_first(void **state)
{
	(void)state;
	struct split_share shares[] = {{100, 60, 40}, {100, 0, 100}, {0, 7, 0}};
	expect(40, shares, 3, (const int64_t[]){60, 40, 7});
	expect(21, shares, 3, (const int64_t[]){61, 60, 7});
	expect(1, shares, 3, (const int64_t[]){61, 61, 7});
	/* no more than there is room for */
	expect(1000, shares, 3, (const int64_t[]){100, 100, 7});
	expect(0, shares, 0, NULL);
}

/* Whose room is small leaves the rest to the others. */
static void test_room(void **state)
{
	(void)state;
	struct split_share shares[] = {{100, 0, 10}, {100, 0, 100}, {200, 150, 50}};
	expect(100, shares, 3, (const int64_t[]){10, 80, 160});
}

static void test_overflow(void **state)
{
	(void)state;
	SCOPED(arena_free) struct arena arena = {.newest = NULL};
	struct split_share shares[] = {{INT64_MAX, 0, INT64_MAX}, {INT64_MAX, 0, INT64_MAX}};
	struct split_carry carry;
	int64_t *parts;
	assert_int_equal(lift_make(&arena, INT64_MAX, shares, 2, &parts, &carry), RECOURSE_OVERFLOW);
}

/* In whatever sums it comes, all end at the same part of their weight, to within a step. */
static void test_in_total(void **state)
{
	(void)state;
	struct support_random random = support_random_start();
	for (int round = 0; round < 2000; round++) {
		struct split_share shares[COUNT_MAX] = {{0}};
		size_t count = 1 + support_random_below(&random, COUNT_MAX);
		int64_t weights = 0;
		for (size_t index = 0; index < count; index++) {
			shares[index].weight = shares[index].room =
				1 + (int64_t)support_random_below(&random, 1000);
			weights += shares[index].weight;
		}
		int64_t given = 0;
		while (given < weights) {
			int64_t more = 1 + (int64_t)support_random_below(&random, 500);
			more = more < weights - given ? more : weights - given;
			lift(more, shares, count);
			given += more;
			int64_t had[COUNT_MAX];
			for (size_t index = 0; index < count; index++) {
				int64_t due = given * shares[index].weight / weights;
				had[index] = shares[index].had;
				assert_true(had[index] >= due - 1 && had[index] <= due + 2);
			}
			assert_int_equal(sum_of(had, count), given);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lowest_first),
		cmocka_unit_test(test_room),
		cmocka_unit_test(test_overflow),
		cmocka_unit_test(test_in_total),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
