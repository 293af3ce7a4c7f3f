/* SPDX-License-Identifier: Apache-2.0 */
#include "state_place.h"
#include "store/seen_walks.h"

#include <stdio.h>

static void test_found_until_all_is_forgotten(void **state)
{
	static struct seen_walks seen;
	const struct seen_walk two = {
		.rows = {{slice_text("ka"), slice_text("1")}, {slice_text("kb"), slice_text("2")}},
		.count = 2};
	const struct seen_walk none = {.count = 0};
	slice prefix = slice_text("k");
	seen_walks_begin(&seen);
	assert_null(seen_walks_find(&seen, prefix, 5));
	seen_walks_note(&seen, prefix, 5, &two);
	const struct seen_walk *found = seen_walks_find(&seen, prefix, 5);
	assert_non_null(found);
	assert_int_equal(found->count, 2);
	assert_true(slice_is(found->rows[1].value, "2"));
	assert_null(seen_walks_find(&seen, slice_text("l"), 5)); /* a hash alone says nothing */
	assert_null(seen_walks_find(&seen, slice_text("kk"), 5));
	seen_walks_note(&seen, prefix, 5, &none);
	assert_int_equal(seen_walks_find(&seen, prefix, 5)->count, 0);
	seen_walks_begin(&seen);
	assert_null(seen_walks_find(&seen, prefix, 5));
	(void)state;
}

static void test_what_is_too_much_is_not_noted(void **state)
{
	static struct seen_walks seen;
	const struct seen_walk many = {.count = SEEN_WALK_ROWS + 1};
	const struct seen_walk none = {.count = 0};
	char text[SEEN_WALK_PREFIX_MAX + 1];
	memset(text, 'k', sizeof text);
	seen_walks_begin(&seen);
	seen_walks_note(&seen, slice_text("k"), 5, &many);
	assert_null(seen_walks_find(&seen, slice_text("k"), 5));
	seen_walks_note(&seen, slice_of(text, SEEN_WALK_PREFIX_MAX), 6, &none);
	assert_non_null(seen_walks_find(&seen, slice_of(text, SEEN_WALK_PREFIX_MAX), 6));
	seen_walks_note(&seen, slice_of(text, sizeof text), 7, &none);
	assert_null(seen_walks_find(&seen, slice_of(text, sizeof text), 7));
	(void)state;
}

/* ---- as the writer sees it ---- */

/* More prefixes than there are places, of three kinds of keys, and below each up to one row more than is noted. */
enum { PREFIXES = 48, ROWS = SEEN_WALK_ROWS + 1, STEPS = 60000, REMOVED = 0 };

struct rows {
	uint32_t values[PREFIXES][ROWS]; /* REMOVED, or a number */
};

struct trial {
	struct state *opened;
	struct state_view *view;
	struct support_random random;
	struct rows now;
	struct rows before; /* the mark */
	struct rows apart;
	struct rows stored;
	state_mark_t mark;
	bool marked;
	enum { SETTLED, APART, WRITTEN } stage; /* of what was set apart */
	uint64_t entries;
};

static struct trial trial;

static uint32_t draw(uint32_t limit)
{
	return (uint32_t)support_random_below(&trial.random, limit);
}

/* Mostly one of few prefixes, so that it is asked for again. */
static uint32_t draw_prefix(void)
{
	return draw(4) == 0 ? draw(PREFIXES) : draw(6);
}

static slice name(uint32_t prefix, const char *row, char text[static 16])
{
	int size = snprintf(text, 16, "k%c-%02u-%s", 'a' + (int)(prefix % 3), prefix, row);
	return slice_of(text, (size_t)size);
}

/* Up or down, to the end or left at the first row. */
static void look(void)
{
	char text[16];
	struct state_walk walk;
	uint32_t prefix = draw_prefix();
	bool down = draw(8) == 0;
	size_t left = draw(8) == 0 ? 1 : ROWS + 1;
	enum recourse_error error = state_walk_first(
		&walk, trial.view, name(prefix, "", text), slice_of(NULL, 0), down ? STATE_DOWN : STATE_UP);
	for (size_t index = 0; index < ROWS && left > 0; index++) {
		size_t row = down ? ROWS - 1 - index : index;
		const uint32_t *value = &trial.now.values[prefix][row];
		if (*value == REMOVED)
			continue;
		assert_ok(error);
		assert_int_equal(walk.key.data[walk.key.size - 1], 'x' + row);
		assert_true(slice_equal(walk.value, slice_of(value, sizeof *value)));
		error = state_walk_next(&walk);
		left--;
	}
	if (left > 0)
		assert_error(error, RECOURSE_QUERY_NOT_FOUND);
	state_walk_end(&walk);
}

static void change(void)
{
	char text[16];
	uint32_t prefix = draw_prefix();
	uint32_t row = draw(ROWS);
	uint32_t value = draw(2) == 0 ? REMOVED : 1 + draw(1000);
	slice key = name(prefix, (const char[]){(char)('x' + (int)row), 0}, text);
	trial.now.values[prefix][row] = value;
	if (value == REMOVED)
		assert_ok(state_remove(trial.view, key));
	else
		assert_ok(state_put(trial.view, key, slice_of(&value, sizeof value)));
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

static void discard(void)
{
	state_discard(trial.view);
	trial.now = trial.stored;
	trial.marked = false;
	trial.stage = SETTLED;
}

static void settle(void)
{
	assert_ok(state_settle(trial.view));
	trial.stage = SETTLED;
}

static void move_on(void)
{
	const struct state_position position = {.entries = ++trial.entries};
	if (trial.stage == WRITTEN) {
		settle();
	} else if (draw(5) == 0) {
		discard();
	} else if (trial.stage == APART) {
		assert_ok(state_write(trial.opened, &position));
		trial.stored = trial.apart;
		trial.stage = WRITTEN;
	} else {
		state_set_apart(trial.view);
		trial.apart = trial.now;
		trial.marked = false;
		trial.stage = APART;
	}
}

/* Whatever was found before, a prefix has the rows that it has: changed, undone, set apart, given up, or another one's place. */
static void test_writer_finds_what_is(void **state)
{
	trial = (struct trial){.view = state_place_view(state)};
	trial.opened = ((struct state_place *)*state)->opened;
	trial.random = support_random_start();
	for (size_t step = 0; step < STEPS; step++) {
		size_t what = draw(100);
		if (what < 80)
			look();
		else if (what < 96)
			change();
		else if (what < 98)
			mark_or_undo();
		else
			move_on();
	}
	if (trial.stage == WRITTEN)
		settle();
	discard();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_found_until_all_is_forgotten),
		cmocka_unit_test(test_what_is_too_much_is_not_noted),
		STATE_OPENED_TEST(test_writer_finds_what_is),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
