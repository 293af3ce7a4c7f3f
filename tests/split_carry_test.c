/* SPDX-License-Identifier: Apache-2.0 */
#include "support.h"
#include "base/split.h"

typedef __int128 wide;

enum { COUNT_MAX = 200 };

/* What each has now, by one split after another. */
struct history {
	size_t count;
	int64_t total;
	struct split_share shares[COUNT_MAX];
};

static wide floor_divide(wide value, wide by)
{
	return value / by - (value % by < 0);
}

/*
 * Model: everybody is due weight × total − had × weights; all of them are raised or lowered by the same, as far as the
 * amount goes, and the first ones have what is left of it.
 */
static int64_t model_sum(const struct history *history, wide weights, wide total, wide raise, int64_t *parts)
{
	wide sum = 0;
	for (size_t index = 0; index < history->count; index++) {
		const struct split_share *share = &history->shares[index];
		wide part = floor_divide(share->weight * total - share->had * weights + raise, weights);
		parts[index] = part < 0 ? 0 : (int64_t)part;
		sum += parts[index];
	}
	return sum > INT64_MAX ? INT64_MAX : (int64_t)sum;
}

static void model(const struct history *history, int64_t amount, int64_t *parts)
{
	int64_t more[COUNT_MAX];
	wide weights = 0;
	wide total = amount;
	for (size_t index = 0; index < history->count; index++) {
		weights += history->shares[index].weight;
		total += history->shares[index].had;
	}
	wide low = -weights * (total + 2);
	wide high = weights * 2;
	while (low < high) {
		wide middle = low + (high - low + 1) / 2;
		if (model_sum(history, weights, total, middle, parts) <= amount)
			low = middle;
		else
			high = middle - 1;
	}
	int64_t left = amount - model_sum(history, weights, total, low, parts);
	model_sum(history, weights, total, low + 1, more);
	for (size_t index = 0; index < history->count && left > 0; index++) {
		left -= more[index] > parts[index];
		parts[index] += more[index] > parts[index];
	}
	assert_int_equal(left, 0);
}

/* One more split, part by part by the rule. */
static void share_out(struct history *history, int64_t amount, int64_t *parts)
{
	struct split_carry carry;
	int64_t sum = 0;
	assert_ok(split_carry_listed(amount, history->shares, history->count, &carry));
	for (size_t index = 0; index < history->count; index++) {
		bool tie = index <= carry.last_tie && split_carry_at_cut(&carry, &history->shares[index]);
		parts[index] = split_carry_part(&carry, &history->shares[index], tie);
		assert_true(parts[index] >= 0 && parts[index] <= history->shares[index].room);
		sum += parts[index];
	}
	assert_true(sum == amount);
	history->total += amount;
}

static void keep(struct history *history, const int64_t *parts)
{
	for (size_t index = 0; index < history->count; index++) {
		history->shares[index].had += parts[index];
		history->shares[index].room -= parts[index];
	}
}

static void have(struct history *history, int64_t amount)
{
	int64_t parts[COUNT_MAX];
	share_out(history, amount, parts);
	keep(history, parts);
}

static void expect(const struct history *history, const int64_t *had)
{
	for (size_t index = 0; index < history->count; index++)
		assert_int_equal(history->shares[index].had, had[index]);
}

static void three_fen_one_by_one(void **state)
{
	struct history history = {.count = 3, .shares = {{100, 0, 100}, {100, 0, 100}, {100, 0, 100}}};
	have(&history, 1);
	expect(&history, (const int64_t[]){1, 0, 0});
	have(&history, 1);
	expect(&history, (const int64_t[]){1, 1, 0});
	have(&history, 1);
	expect(&history, (const int64_t[]){1, 1, 1});
}

/* 10.00 on 10.00, a hundred times 0.01: the large one keeps pace although each small one is ahead of it in turn. */
static void one_large_among_small(void **state)
{
	struct history history = {.count = 101, .shares = {{1000, 0, 1000}}};
	for (size_t index = 1; index < history.count; index++)
		history.shares[index] = (struct split_share){1, 0, 1};
	for (int64_t total = 1; total <= 1100; total++) {
		have(&history, 1);
		assert_true(history.shares[0].had >= total * 1000 / 1100 - 1);
		assert_true(history.shares[0].had <= total * 1000 / 1100 + 1);
	}
}

/* Of those who have the same due, the one that is bounded leaves the rest to the others. */
static void a_room_is_kept(void **state)
{
	struct history history = {.count = 3, .shares = {{250, 0, 20}, {100, 0, 100}, {100, 0, 100}}};
	have(&history, 100);
	expect(&history, (const int64_t[]){20, 40, 40});
	have(&history, 120);
	expect(&history, (const int64_t[]){20, 100, 100});
	/* nothing binds any more: it has what it was kept from first */
	history.shares[0].room = 230;
	have(&history, 200);
	expect(&history, (const int64_t[]){220, 100, 100});
}

/* What somebody had too much stays, and is nobody else's loss but until the others have as much. */
static void too_much_is_kept(void **state)
{
	struct history history = {.count = 3, .shares = {{10, 9, 1}, {10, 0, 10}, {10, 0, 10}}};
	have(&history, 3);
	expect(&history, (const int64_t[]){9, 2, 1});
	have(&history, 15);
	expect(&history, (const int64_t[]){9, 9, 9});
	have(&history, 3);
	expect(&history, (const int64_t[]){10, 10, 10});
}

static void wrong_shares_are_refused(void **state)
{
	static const struct split_share weight[] = {{-1, 0, 1}}, had[] = {{1, -1, 1}}, room[] = {{1, 0, -1}};
	static const struct split_share zero[] = {{0, 0, 5}}, one[] = {{5, 0, 5}};
	static const struct split_share heavy[] = {{INT64_MAX, 0, 1}, {1, 0, 1}};
	static const struct split_share rich[] = {{1, INT64_MAX, 1}, {1, 0, 1}};
	/* a light one would need a level beyond 64 bits: the others have no room */
	static const struct split_share light[] = {{1, 0, INT64_MAX}, {INT64_MAX / 2, 0, 0}};
	struct split_carry carry;
	assert_error(split_carry_listed(1, weight, 1, &carry), RECOURSE_SHARES_WRONG);
	assert_error(split_carry_listed(1, had, 1, &carry), RECOURSE_SHARES_WRONG);
	assert_error(split_carry_listed(1, room, 1, &carry), RECOURSE_SHARES_WRONG);
	assert_error(split_carry_listed(1, zero, 1, &carry), RECOURSE_SHARES_WRONG);
	assert_error(split_carry_listed(6, one, 1, &carry), RECOURSE_SHARES_WRONG);
	assert_error(split_carry_listed(-1, one, 1, &carry), RECOURSE_SHARES_WRONG);
	assert_error(split_carry_listed(1, NULL, 0, &carry), RECOURSE_SHARES_WRONG);
	assert_error(split_carry_listed(1, heavy, 2, &carry), RECOURSE_OVERFLOW);
	assert_error(split_carry_listed(1, rich, 2, &carry), RECOURSE_OVERFLOW);
	assert_error(split_carry_listed(1000, light, 2, &carry), RECOURSE_OVERFLOW);
	assert_ok(split_carry_listed(0, NULL, 0, &carry));
	assert_int_equal(split_carry_part(&carry, &zero[0], false), 0);
	assert_false(split_carry_at_cut(&carry, &zero[0]));
}

static struct history random_history(struct support_random *random, bool rooms)
{
	static const int64_t usual[] = {1, 3, 7, 100, 333, 1000};
	struct history history = {.count = 1 + support_random_below(random, 12)};
	for (size_t index = 0; index < history.count; index++) {
		struct split_share *share = &history.shares[index];
		uint64_t pick = support_random_below(random, 7);
		share->weight = pick < 6 ? usual[pick] : 1 + (int64_t)support_random_below(random, 2000);
		share->room = rooms ? (int64_t)support_random_below(random, (uint64_t)share->weight + 1)
				    : share->weight;
	}
	return history;
}

static int64_t room_of(const struct history *history)
{
	int64_t room = 0;
	for (size_t index = 0; index < history->count; index++)
		room += history->shares[index].room;
	return room;
}

static int64_t random_amount(struct support_random *random, const struct history *history)
{
	static const uint64_t bounds[] = {2, 4, 50, 500};
	int64_t amount = (int64_t)support_random_below(random, bounds[support_random_below(random, 4)]);
	int64_t room = room_of(history);
	return amount < room ? amount : room;
}

/* Equal claims end within a step of each other, and each within two of its exact part. */
static void assert_equal_shares(const struct history *history)
{
	wide weights = 0;
	for (size_t index = 0; index < history->count; index++)
		weights += history->shares[index].weight;
	for (size_t index = 0; index < history->count; index++) {
		const struct split_share *share = &history->shares[index];
		wide away = share->had * weights - (wide)share->weight * history->total;
		assert_true(away < 2 * weights && away > -2 * weights);
		for (size_t other = 0; other < index; other++) {
			int64_t apart = share->had - history->shares[other].had;
			assert_true(share->weight != history->shares[other].weight ||
				    (apart <= 1 && apart >= -1));
		}
	}
}

static void random_histories_agree_with_the_model(void **state)
{
	struct support_random random = support_random_start();
	for (int round = 0; round < 20000; round++) {
		struct history history = random_history(&random, false);
		for (uint64_t split = support_random_below(&random, 12); split > 0; split--) {
			int64_t expected[COUNT_MAX];
			int64_t parts[COUNT_MAX];
			int64_t amount = random_amount(&random, &history);
			model(&history, amount, expected);
			share_out(&history, amount, parts);
			for (size_t index = 0; index < history.count; index++)
				assert_int_equal(parts[index], expected[index]);
			keep(&history, parts);
			assert_equal_shares(&history);
		}
	}
}

/* The first split is that of split_make(). */
static void the_first_is_the_largest_remainder(void **state)
{
	struct support_random random = support_random_start();
	for (int round = 0; round < 5000; round++) {
		struct history history = random_history(&random, false);
		int64_t weights[COUNT_MAX];
		int64_t expected[COUNT_MAX];
		int64_t parts[COUNT_MAX];
		int64_t amount = random_amount(&random, &history);
		for (size_t index = 0; index < history.count; index++)
			weights[index] = history.shares[index].weight;
		assert_ok(split_all(amount, weights, history.count, expected));
		share_out(&history, amount, parts);
		for (size_t index = 0; index < history.count; index++)
			assert_int_equal(parts[index], expected[index]);
	}
}

/* With rooms: whoever is below its room has had no less for its weight than another, to within a step or two. */
static void random_rooms_bind_as_little_as_they_can(void **state)
{
	struct support_random random = support_random_start();
	for (int round = 0; round < 5000; round++) {
		struct history history = random_history(&random, true);
		while (room_of(&history) > 0 && support_random_below(&random, 8) > 0)
			have(&history, random_amount(&random, &history));
		for (size_t index = 0; index < history.count; index++) {
			const struct split_share *poor = &history.shares[index];
			for (size_t other = 0; other < history.count && poor->room > 0; other++) {
				const struct split_share *rich = &history.shares[other];
				assert_true((rich->had - 2) * poor->weight <= (poor->had + 2) * rich->weight);
			}
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(three_fen_one_by_one),
		cmocka_unit_test(one_large_among_small),
		cmocka_unit_test(a_room_is_kept),
		cmocka_unit_test(too_much_is_kept),
		cmocka_unit_test(wrong_shares_are_refused),
		cmocka_unit_test(random_histories_agree_with_the_model),
		cmocka_unit_test(the_first_is_the_largest_remainder),
		cmocka_unit_test(random_rooms_bind_as_little_as_they_can),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
