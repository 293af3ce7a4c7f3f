/* SPDX-License-Identifier: Apache-2.0 */
#include "store/overlay.h"

#include "support.h"

#include <stdio.h>

enum { KEYS = 400, MARKS_MAX = 5, VALUE_MAX = 120 };

/* The naive model: what is said of each of a few hundred keys. */
enum saying { NOTHING, VALUE, REMOVED };

struct model {
	struct {
		enum saying saying;
		uint8_t size;
		uint8_t value[VALUE_MAX];
	} keys[KEYS];
};

struct trial {
	struct support_random random;
	struct overlay overlay;
	struct model now;
	size_t mark_count;
	size_t marks[MARKS_MAX];
	struct model marked[MARKS_MAX];
};

static size_t draw(struct trial *trial, size_t limit)
{
	return (size_t)support_random_below(&trial->random, limit);
}

/* Of many lengths, above and below the hash's words of eight bytes; the model's order is not the keys'. */
static slice key_of(size_t number, char text[static 48])
{
	int size = snprintf(text, 48, "%.*s%zu", (int)(number % 23), "a long, long way to the key", number);

	return slice_of(text, (size_t)size);
}

static slice value_of(const struct trial *trial, size_t number)
{
	return slice_of(trial->now.keys[number].value, trial->now.keys[number].size);
}

/* So many bytes behind those that the model has. */
static slice add_bytes(struct trial *trial, size_t number, size_t size)
{
	uint8_t *end = trial->now.keys[number].value + trial->now.keys[number].size;
	for (size_t index = 0; index < size; index++)
		end[index] = (uint8_t)support_random(&trial->random);
	trial->now.keys[number].size += (uint8_t)size;
	trial->now.keys[number].saying = VALUE;
	return slice_of(end, size);
}

static const struct overlay_record *find(struct overlay *overlay, slice key)
{
	const struct overlay_record *last = overlay_find_last(overlay, key);
	const struct overlay_record *found = overlay_find(overlay, key, overlay_hash(overlay, key));
	assert_true(last == NULL || last == found);
	return found;
}

static void put(struct trial *trial)
{
	char text[48];
	size_t number = draw(trial, KEYS);

	trial->now.keys[number].size = 0;
	slice value = add_bytes(trial, number, draw(trial, 6));
	assert_ok(overlay_put(&trial->overlay, key_of(number, text), value));
}

/* To what is there, or as the first to say something, to what the store might have. */
static void append(struct trial *trial)
{
	char text[48];
	size_t number = draw(trial, KEYS / 8);
	slice key = key_of(number, text);
	const struct overlay_record *record = find(&trial->overlay, key);

	if (trial->now.keys[number].saying == REMOVED || trial->now.keys[number].size > VALUE_MAX - 16)
		return;
	if (trial->now.keys[number].saying == NOTHING) {
		trial->now.keys[number].size = 0;
		add_bytes(trial, number, draw(trial, 8));
	}
	slice before = record == NULL ? value_of(trial, number) : overlay_value(record);
	slice tail = add_bytes(trial, number, 1 + draw(trial, 8));
	assert_ok(overlay_append(&trial->overlay, key, before, tail));
}

static void remove_key(struct trial *trial)
{
	char text[48];
	size_t number = draw(trial, KEYS);

	assert_ok(overlay_remove(&trial->overlay, key_of(number, text)));
	trial->now.keys[number].saying = REMOVED;
}

static void mark(struct trial *trial)
{
	if (trial->mark_count == MARKS_MAX)
		return;
	trial->marks[trial->mark_count] = overlay_mark(&trial->overlay);
	trial->marked[trial->mark_count++] = trial->now;
}

static void rollback(struct trial *trial)
{
	if (trial->mark_count == 0)
		return;
	trial->mark_count = draw(trial, trial->mark_count);
	overlay_rollback(&trial->overlay, trial->marks[trial->mark_count]);
	trial->now = trial->marked[trial->mark_count];
}

static void clear(struct trial *trial)
{
	overlay_clear(&trial->overlay);
	assert_true(overlay_empty(&trial->overlay));
	trial->now = (struct model){0};
	trial->mark_count = 0;
}

static void check_key(struct trial *trial, size_t number)
{
	char text[48];
	slice key = key_of(number, text);
	const struct overlay_record *record = find(&trial->overlay, key);

	if (trial->now.keys[number].saying == NOTHING) {
		assert_null(record);
		return;
	}
	assert_non_null(record);
	assert_true(slice_equal(overlay_key(record), key));
	assert_int_equal(record->value_size == OVERLAY_REMOVED, trial->now.keys[number].saying == REMOVED);
	if (record->value_size != OVERLAY_REMOVED)
		assert_true(slice_equal(overlay_value(record), value_of(trial, number)));
}

/* All keys, and no others, in order. */
static void check_all(struct trial *trial)
{
	size_t count = 0;

	for (size_t number = 0; number < KEYS; number++) {
		check_key(trial, number);
		count += trial->now.keys[number].saying != NOTHING;
	}
	assert_int_equal(trial->overlay.record_count, count);
	if (draw(trial, 2) == 0)
		return;
	overlay_sort(&trial->overlay);
	for (size_t index = 1; index < count; index++) {
		slice previous = overlay_key(overlay_at(&trial->overlay, index - 1));
		assert_true(slice_compare(previous, overlay_key(overlay_at(&trial->overlay, index))) < 0);
	}
}

static void test_against_a_naive_model(void **state)
{
	static struct trial trial;

	trial.random = support_random_start();
	trial.overlay.seed = support_random(&trial.random);
	for (int step = 0; step < 40000; step++) {
		size_t choice = draw(&trial, 1000);
		if (choice < 300)
			put(&trial);
		else if (choice < 600)
			append(&trial);
		else if (choice < 750)
			remove_key(&trial);
		else if (choice < 840)
			mark(&trial);
		else if (choice < 900)
			rollback(&trial);
		else if (choice < 997)
			check_key(&trial, draw(&trial, KEYS));
		else
			clear(&trial);
		if (step % 50 == 0)
			check_all(&trial);
	}
	overlay_free(&trial.overlay);
}

/* Far beyond the first table, cut back, and small again: a cleared table must hold nothing of before. */
static void test_grows_and_is_used_again(void **state)
{
	enum { COUNT = 50000 };
	SCOPED(overlay_free) struct overlay overlay = {.seed = 1};
	char text[48];
	uint32_t number;

	for (int round = 0; round < 3; round++) {
		for (number = 0; number < COUNT; number++)
			assert_ok(overlay_put(
				&overlay, key_of(number, text), slice_of(&number, sizeof number)));
		overlay_rollback(&overlay, COUNT / 2);
		assert_int_equal(overlay.record_count, COUNT / 2);
		for (number = 0; number < COUNT; number++) {
			const struct overlay_record *record = find(&overlay, key_of(number, text));
			assert_int_equal(record != NULL, number < COUNT / 2);
			if (record != NULL)
				assert_memory_equal(record->value, &number, sizeof number);
		}
		overlay_clear(&overlay);
		assert_ok(overlay_put(&overlay, slice_text("one"), slice_text("value")));
		overlay_clear(&overlay);
		for (number = 0; number < COUNT; number++)
			assert_null(find(&overlay, key_of(number, text)));
		assert_null(find(&overlay, slice_text("one")));
	}
}

/* Key and value are copies, and a value that was replaced comes back byte for byte. */
static void test_copies_and_undoes(void **state)
{
	SCOPED(overlay_free) struct overlay overlay = {0};
	char key[] = "key";
	char value[] = "value";

	assert_null(find(&overlay, slice_text("key")));
	assert_ok(overlay_put(&overlay, slice_text(key), slice_text(value)));
	key[0] = value[0] = 'x';
	size_t first = overlay_mark(&overlay);
	assert_ok(overlay_remove(&overlay, slice_text("key")));
	assert_int_equal(find(&overlay, slice_text("key"))->value_size, OVERLAY_REMOVED);
	size_t second = overlay_mark(&overlay);
	assert_ok(overlay_put(&overlay, slice_text("key"), slice_text("")));
	assert_int_equal(find(&overlay, slice_text("key"))->value_size, 0);
	overlay_rollback(&overlay, second);
	assert_int_equal(find(&overlay, slice_text("key"))->value_size, OVERLAY_REMOVED);
	overlay_rollback(&overlay, first);
	assert_true(slice_is(overlay_value(find(&overlay, slice_text("key"))), "value"));
	overlay_rollback(&overlay, 0);
	assert_true(overlay_empty(&overlay));
}

/* Appending again and again moves a value now and then only, and what a change remembers of it is never written over. */
static void test_appends_in_place(void **state)
{
	enum { COUNT = 1000 };
	SCOPED(overlay_free) struct overlay overlay = {0};
	slice key = slice_text("key");
	const struct overlay_record *record = NULL;
	const uint8_t *memory = NULL;
	size_t marks[COUNT];
	size_t moved = 0;

	for (size_t size = 0; size < COUNT; size++) {
		uint8_t byte = (uint8_t)size;
		marks[size] = overlay_mark(&overlay);
		slice before = record == NULL ? slice_of(NULL, 0) : overlay_value(record);
		assert_ok(overlay_append(&overlay, key, before, slice_of(&byte, 1)));
		record = find(&overlay, key);
		moved += record->value != memory;
		memory = record->value;
	}
	assert_in_range(moved, 2, 12);
	for (size_t size = COUNT - 1; size > 0; size -= size % 7 + 1 < size ? size % 7 + 1 : size) {
		overlay_rollback(&overlay, marks[size]);
		record = find(&overlay, key);
		assert_int_equal(record->value_size, size);
		for (size_t index = 0; index < size; index++)
			assert_int_equal(record->value[index], (uint8_t)index);
		/* another way on, and back */
		size_t mark = overlay_mark(&overlay);
		assert_ok(overlay_append(&overlay, key, overlay_value(record), slice_text("another")));
		overlay_rollback(&overlay, mark);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_against_a_naive_model),
		cmocka_unit_test(test_grows_and_is_used_again),
		cmocka_unit_test(test_copies_and_undoes),
		cmocka_unit_test(test_appends_in_place),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
