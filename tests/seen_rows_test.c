/* SPDX-License-Identifier: Apache-2.0 */
#include "state_place.h"
#include "store/seen_rows.h"

#include <stdio.h>

static void test_found_until_forgotten(void **state)
{
	static struct seen_rows seen;
	slice key = slice_text("key");
	seen_rows_begin(&seen);
	assert_null(seen_rows_find(&seen, key, 0));
	seen_rows_note(&seen, key, 5, slice_text("value"));
	const struct seen_row *row = seen_rows_find(&seen, key, 5);
	assert_non_null(row);
	assert_true(slice_is(slice_of(row->value, row->value_size), "value"));
	seen_rows_note_absent(&seen, key, 5);
	assert_int_equal(seen_rows_find(&seen, key, 5)->value_size, SEEN_ROWS_ABSENT);
	assert_null(seen_rows_find(&seen, slice_text("kez"), 5)); /* a hash alone says nothing */
	assert_null(seen_rows_find(&seen, slice_text("ke"), 5));
	assert_null(seen_rows_find(&seen, key, 6));
	seen_rows_forget(&seen, 5);
	assert_null(seen_rows_find(&seen, key, 5));
	seen_rows_note(&seen, key, 5, slice_text("value"));
	seen_rows_begin(&seen);
	assert_null(seen_rows_find(&seen, key, 5));
	(void)state;
}

static void test_long_keys_are_not_noted(void **state)
{
	static struct seen_rows seen;
	char text[SEEN_ROWS_KEY_MAX + 2];
	memset(text, 'k', sizeof text);
	seen_rows_begin(&seen);
	slice longest = slice_of(text, SEEN_ROWS_KEY_MAX);
	seen_rows_note(&seen, longest, 5, slice_text("value"));
	assert_non_null(seen_rows_find(&seen, longest, 5));
	slice longer = slice_of(text, SEEN_ROWS_KEY_MAX + 1);
	seen_rows_note(&seen, longer, 6, slice_text("value"));
	assert_null(seen_rows_find(&seen, longer, 6));
	(void)state;
}

/* ---- as the writer sees it ---- */

/* More keys than there are places, so that rows take one another's. */
enum { KEYS = 1500, STEPS = 60000, REMOVED = 0 };

struct layer {
	uint32_t values[KEYS]; /* REMOVED, or a number */
	bool says[KEYS];
};

struct trial {
	struct state *opened;
	struct state_view *view;
	struct support_random random;
	struct layer stored;
	struct layer apart;
	struct layer now;
	struct layer before; /* the mark */
	state_mark_t mark;
	bool marked;
	bool is_apart;
	uint64_t entries;
};

static struct trial trial;

static size_t draw(size_t limit)
{
	return (size_t)support_random_below(&trial.random, limit);
}

static void name(size_t key, char text[static 16])
{
	snprintf(text, 16, "k-%zu", key);
}

/* Half of them among a few, which are asked for again and again. */
static size_t draw_key(void)
{
	return draw(2) == 0 ? draw(20) : draw(KEYS);
}

static void look(void)
{
	char text[16];
	char value[16];
	size_t key = draw_key();
	const struct layer *layers[] = {&trial.now, &trial.apart, &trial.stored};
	size_t index = 0;
	while (index < 2 && !layers[index]->says[key])
		index++;
	name(key, text);
	snprintf(value, sizeof value, "%u", layers[index]->values[key]);
	state_place_expect(trial.view, text, layers[index]->values[key] == REMOVED ? NULL : value);
}

static void change(void)
{
	char text[16];
	char value[16];
	size_t key = draw_key();
	uint32_t number = draw(4) == 0 ? REMOVED : 1 + (uint32_t)draw(1000);
	name(key, text);
	snprintf(value, sizeof value, "%u", number);
	if (number == REMOVED)
		state_place_remove_key(trial.view, text);
	else
		state_place_put(trial.view, text, value);
	trial.now.values[key] = number;
	trial.now.says[key] = true;
}

static void mark_or_undo(void)
{
	if (!trial.marked) {
		trial.mark = state_mark(trial.view);
		trial.before = trial.now;
	} else {
		state_rollback(trial.view, trial.mark);
		trial.now = trial.before;
	}
	trial.marked = !trial.marked;
}

static void merge(struct layer *above, struct layer *below)
{
	for (size_t key = 0; key < KEYS; key++) {
		if (above->says[key])
			below->values[key] = above->values[key];
	}
	*above = (struct layer){.says = {false}};
}

static void set_apart_or_settle(void)
{
	const struct state_position position = {.entries = ++trial.entries};
	trial.marked = false;
	if (!trial.is_apart) {
		state_set_apart(trial.view);
		trial.apart = trial.now;
		trial.now = (struct layer){.says = {false}};
	} else if (draw(5) == 0) {
		state_discard(trial.view);
		trial.now = trial.apart = (struct layer){.says = {false}};
	} else {
		assert_ok(state_write(trial.opened, &position));
		assert_ok(state_settle(trial.view));
		merge(&trial.apart, &trial.stored);
	}
	trial.is_apart = !trial.is_apart;
}

/* Whatever was seen, each row is what it is: changed, undone, set apart, given up, or another one's place. */
static void test_writer_sees_what_is(void **state)
{
	trial = (struct trial){.view = state_place_view(state)};
	trial.opened = ((struct state_place *)*state)->opened;
	trial.random = support_random_start();
	for (size_t step = 0; step < STEPS; step++) {
		size_t what = draw(100);
		if (what < 75)
			look();
		else if (what < 97)
			change();
		else if (what < 99)
			mark_or_undo();
		else
			set_apart_or_settle();
	}
	state_discard(trial.view);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_found_until_forgotten),
		cmocka_unit_test(test_long_keys_are_not_noted),
		STATE_OPENED_TEST(test_writer_sees_what_is),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
