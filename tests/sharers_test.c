/* SPDX-License-Identifier: Apache-2.0 */
#include "support.h"
#include "rules/incident/sharers.h"

#include <stdlib.h>

enum { COUNT = 20000 };

static int64_t any_amount(struct support_random *random)
{
	unsigned bits = (unsigned)support_random_below(random, 64);
	return (int64_t)(support_random(random) >> 1 >> bits);
}

/* Of a few of which everything is said, and many of which little is. */
static struct sharer any_sharer(struct support_random *random, uint64_t index, uint32_t *owns)
{
	struct sharer sharer = {.weight = any_amount(random), .index = index};
	sharer.kind = (uint32_t)support_random_below(random, 3);
	sharer.promised = support_random_below(random, 2) ? any_amount(random) : sharer.weight;
	if (sharer.kind == SHARER_RESERVED)
		return sharer;
	sharer.ruled = (uint64_t)any_amount(random);
	sharer.had = support_random_below(random, 2) ? any_amount(random) : 0;
	sharer.others = support_random_below(random, 4) == 0 ? any_amount(random) : 0;
	sharer.own = support_random_below(random, 8) == 0;
	if (!sharer.own) {
		sharer.cohort = (uint32_t)support_random_below(random, 2000);
		return sharer;
	}
	sharer.level = any_amount(random);
	sharer.weights = any_amount(random);
	sharer.cohort = sharer.weight > 0 ? (*owns)++ : 0;
	return sharer;
}

static void expect_same(const struct sharer *left, const struct sharer *right)
{
	assert_true(left->weight == right->weight && left->had == right->had);
	assert_true(left->others == right->others && left->promised == right->promised);
	assert_true(left->ruled == right->ruled && left->cohort == right->cohort);
	assert_true(left->kind == right->kind && left->own == right->own);
	assert_true(left->level == right->level && left->weights == right->weights);
	assert_true(left->index == right->index);
}

static void all_are_read_as_they_were_added(void **state)
{
	struct support_random random = support_random_start();
	struct sharer *added = calloc(COUNT, sizeof *added);
	struct sharers sharers = {.count = 0};
	uint32_t owns = 0;
	for (uint64_t index = 0; index < COUNT; index++) {
		added[index] = any_sharer(&random, index, &owns);
		sharers_add(&sharers, &added[index]);
	}
	assert_false(sharers_failed(&sharers));
	for (int again = 0; again < 2; again++) {
		struct sharers_reader reader = sharers_read(&sharers);
		struct sharer sharer;
		uint64_t count = 0;
		for (; sharers_next(&reader, &sharer); count++)
			expect_same(&sharer, &added[count]);
		assert_int_equal(count, COUNT);
		assert_false(sharers_next(&reader, &sharer));
	}
	sharers_free(&sharers);
	free(added);
}

static void the_largest_has_room(void **state)
{
	struct sharers sharers = {.count = 0};
	struct sharer sharer = {
		INT64_MAX, INT64_MAX, INT64_MAX, -1, 0, 0, SHARER_COVERED, true, INT64_MAX, INT64_MAX, 0};
	for (uint64_t index = 0; index < 1000; index++) {
		sharer.ruled = index % 2 == 0 ? INT64_MAX : 1;
		sharers_add(&sharers, &sharer);
	}
	assert_true(sharers.bytes <= 1000 * SHARER_BYTES_MAX);
	struct sharers_reader reader = sharers_read(&sharers);
	for (uint64_t index = 0; index < 1000; index++) {
		struct sharer read;
		assert_true(sharers_next(&reader, &read));
		sharer.index = sharer.cohort = (uint32_t)index;
		sharer.ruled = index % 2 == 0 ? INT64_MAX : 1;
		expect_same(&read, &sharer);
	}
	sharers_free(&sharers);
}

/* A card of 199.00 among a million: decided in any order, and covered by one of a hundred rounds. */
static void a_claim_takes_little(void **state)
{
	struct support_random random = support_random_start();
	struct sharers fresh = {.count = 0};
	struct sharers covered = {.count = 0};
	struct sharer sharer = {.weight = 19900, .promised = 19900};
	for (uint64_t index = 0; index < COUNT; index++) {
		sharer.ruled = 1 + support_random_below(&random, 5000000);
		sharer.kind = SHARER_NEW;
		sharer.had = 0;
		sharer.cohort = 0;
		sharers_add(&fresh, &sharer);
		sharer.kind = SHARER_COVERED;
		sharer.had = 6633 + (int64_t)(index % 2);
		sharer.cohort = (uint32_t)support_random_below(&random, 100);
		sharers_add(&covered, &sharer);
	}
	assert_true(fresh.bytes <= 8 * COUNT);
	assert_true(covered.bytes <= 12 * COUNT);
	sharers_free(&fresh);
	sharers_free(&covered);
}

static void none_is_an_empty_list(void **state)
{
	struct sharers sharers = {.count = 0};
	struct sharers_reader reader = sharers_read(&sharers);
	struct sharer sharer;
	assert_false(sharers_next(&reader, &sharer));
	sharers_free(&sharers);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_are_read_as_they_were_added),
		cmocka_unit_test(the_largest_has_room),
		cmocka_unit_test(a_claim_takes_little),
		cmocka_unit_test(none_is_an_empty_list),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
