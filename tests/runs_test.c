/* SPDX-License-Identifier: Apache-2.0 */
#include "store/key_order.h"

#include "support.h"

#include <stdlib.h>

enum { KEYS_MAX = 3000, KEY_SIZE_MAX = 12 };

struct key {
	uint8_t bytes[KEY_SIZE_MAX];
	uint8_t size;
};

/* The naive model: all keys in order of adding; for each question they are sorted anew. */
struct trial {
	struct support_random random;
	struct runs runs;
	struct key keys[KEYS_MAX];
	size_t count;
	size_t sorted[KEYS_MAX];
};

static slice key_slice(const struct key *key)
{
	return slice_of(key->bytes, key->size);
}

static int compare_numbers(const void *a, const void *b, void *keys)
{
	const struct key *all = keys;
	const size_t *left = a;
	const size_t *right = b;

	return slice_compare(key_slice(&all[*left]), key_slice(&all[*right]));
}

static void model_sort(struct trial *trial)
{
	for (size_t index = 0; index < trial->count; index++)
		trial->sorted[index] = index;
	qsort_r(trial->sorted, trial->count, sizeof trial->sorted[0], compare_numbers, trial->keys);
}

static bool model_has(const struct trial *trial, slice key)
{
	for (size_t index = 0; index < trial->count; index++) {
		if (slice_equal(key_slice(&trial->keys[index]), key))
			return true;
	}
	return false;
}

/* Long shared beginnings, so that the first eight bytes often do not decide; zero bytes and FF. */
static struct key draw_key(struct trial *trial)
{
	static const uint8_t alphabet[] = {0, 'a', 'b', 0xFF};
	struct key key = {.size = (uint8_t)(1 + support_random_below(&trial->random, KEY_SIZE_MAX))};

	for (size_t index = 0; index < key.size; index++) {
		bool free = index >= 6 || support_random_below(&trial->random, 8) == 0;
		key.bytes[index] = free ? alphabet[support_random_below(&trial->random, 4)] : 'a';
	}
	return key;
}

static void add_keys(struct trial *trial)
{
	size_t count = (size_t)support_random_below(&trial->random, 60);

	for (; count > 0 && trial->count < KEYS_MAX; count--) {
		struct key key = draw_key(trial);
		if (model_has(trial, key_slice(&key)))
			continue;
		trial->keys[trial->count] = key;
		key_order_add(&trial->runs, key_slice(&trial->keys[trial->count]));
		trial->count++;
	}
}

static void cut_keys(struct trial *trial)
{
	size_t most = support_random_below(&trial->random, 20) == 0 ? trial->count : trial->count / 4;

	trial->count -= (size_t)support_random_below(&trial->random, most + 1);
	key_order_cut(&trial->runs, trial->count);
}

/* From a key that is there or not; sometimes from one above all that can be drawn. */
static void walk_from_a_key(struct trial *trial)
{
	struct key key = draw_key(trial);
	if (support_random_below(&trial->random, 10) == 0) {
		key.size = KEY_SIZE_MAX;
		memset(key.bytes, 0xFF, sizeof key.bytes);
	}
	bool down = support_random_below(&trial->random, 2) == 0;
	struct key_order_cursor cursor;
	const struct key_order_item *item;

	model_sort(trial);
	key_order_seek(&trial->runs, &cursor, key_slice(&key), down);
	for (size_t step = 0; step < trial->count; step++) {
		size_t number = trial->sorted[down ? trial->count - 1 - step : step];
		int order = slice_compare(key_slice(&trial->keys[number]), key_slice(&key));
		if (down ? order > 0 : order < 0)
			continue;
		item = key_order_peek(&trial->runs, &cursor);
		assert_non_null(item);
		assert_int_equal(item->number, number);
		assert_true(
			slice_equal(slice_of(item->key, item->key_size), key_slice(&trial->keys[number])));
		key_order_step(&cursor);
	}
	assert_null(key_order_peek(&trial->runs, &cursor));
}

static void check_sorted(struct trial *trial)
{
	model_sort(trial);
	key_order_sort(&trial->runs);
	assert_int_equal(trial->runs.item_count, trial->count);
	for (size_t index = 0; index < trial->count; index++)
		assert_int_equal(trial->runs.items[index].number, trial->sorted[index]);
}

static void test_against_a_naive_model(void **state)
{
	static struct trial trial;

	trial.random = support_random_start();
	assert_true(key_order_reserve(&trial.runs, KEYS_MAX));
	for (int step = 0; step < 2000; step++) {
		uint64_t choice = support_random_below(&trial.random, 100);
		if (choice < 50)
			add_keys(&trial);
		else if (choice < 75)
			walk_from_a_key(&trial);
		else if (choice < 97)
			cut_keys(&trial);
		else
			check_sorted(&trial);
	}
	check_sorted(&trial);
	key_order_free(&trial.runs);
}

/* Asked after each key, every run stays at least twice as long as the next, so that they are few. */
static void test_runs_stay_few(void **state)
{
	enum { COUNT = 100000 };
	struct support_random random = support_random_start();
	SCOPED(key_order_free) struct runs runs = {0};
	struct key_order_cursor cursor;
	SCOPED(support_free) uint64_t *keys = calloc(COUNT, sizeof *keys);

	assert_non_null(keys);
	assert_true(key_order_reserve(&runs, COUNT));
	for (size_t count = 0; count < COUNT; count++) {
		keys[count] = support_random(&random);
		key_order_add(&runs, slice_of(&keys[count], sizeof keys[count]));
		key_order_seek(&runs, &cursor, slice_text("\xFF"), true);
		assert_true(runs.run_count <= 17);
		for (size_t run = 1; run < runs.run_count; run++)
			assert_true(runs.runs[run - 1].count >= 2 * runs.runs[run].count);
	}
}

static void test_nothing_at_all(void **state)
{
	SCOPED(key_order_free) struct runs runs = {0};
	struct key_order_cursor cursor;

	key_order_cut(&runs, 0);
	key_order_sort(&runs);
	key_order_seek(&runs, &cursor, slice_text("a"), false);
	assert_null(key_order_peek(&runs, &cursor));
	key_order_seek(&runs, &cursor, slice_text("a"), true);
	assert_null(key_order_peek(&runs, &cursor));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_against_a_naive_model),
		cmocka_unit_test(test_runs_stay_few),
		cmocka_unit_test(test_nothing_at_all),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
