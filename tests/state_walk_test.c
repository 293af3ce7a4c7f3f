/* SPDX-License-Identifier: Apache-2.0 */
#include "state_place.h"

#include <stdio.h>

/* The naive model: keys and values in a sorted array. */
enum { MODEL_MAX = 6000, MODEL_KEY_MAX = 6, MARKS_MAX = 4 };

struct pair {
	uint8_t key[MODEL_KEY_MAX];
	uint8_t key_size;
	uint8_t filling; /* what the value's bytes are */
	uint16_t value_size;
};

struct model {
	size_t count;
	struct pair pairs[MODEL_MAX];
};

struct trial {
	const struct state_place *place;
	struct state *state;
	struct support_random random;
	uint64_t entries;
	struct model now;
	struct model apart;
	enum { SETTLED, APART, WRITTEN } stage; /* of what was set apart */
	struct model committed;
	struct model seen; /* by the snapshot */
	struct state_view *snapshot;
	size_t mark_count;
	state_mark_t marks[MARKS_MAX];
	struct model marked[MARKS_MAX];
};

static uint32_t draw(struct trial *trial, uint32_t below)
{
	return (uint32_t)support_random_below(&trial->random, below);
}

static slice pair_key(const struct pair *pair)
{
	return slice_of(pair->key, pair->key_size);
}

static size_t model_place(const struct model *model, slice key)
{
	size_t index = 0;

	while (index < model->count && slice_compare(pair_key(&model->pairs[index]), key) < 0)
		index++;
	return index;
}

static bool model_has(const struct model *model, size_t place, slice key)
{
	return place < model->count && slice_equal(pair_key(&model->pairs[place]), key);
}

static void model_remove(struct model *model, slice key)
{
	size_t place = model_place(model, key);

	if (!model_has(model, place, key))
		return;
	model->count--;
	memmove(&model->pairs[place], &model->pairs[place + 1],
		(model->count - place) * sizeof model->pairs[0]);
}

static void model_put(struct model *model, const struct pair *pair)
{
	model_remove(model, pair_key(pair));
	size_t place = model_place(model, pair_key(pair));
	assert_true(model->count < MODEL_MAX);
	memmove(&model->pairs[place + 1], &model->pairs[place],
		(model->count - place) * sizeof model->pairs[0]);
	model->pairs[place] = *pair;
	model->count++;
}

/* Few different bytes, so that keys meet, nest and end in FF. */
static void draw_key(struct trial *trial, struct pair *pair)
{
	static const uint8_t alphabet[] = {1, 'a', 'b', 0xFE, 0xFF, 0};

	*pair = (struct pair){.key_size = (uint8_t)(1 + draw(trial, MODEL_KEY_MAX))};
	pair->key[0] = alphabet[draw(trial, 5)];
	for (size_t index = 1; index < pair->key_size; index++)
		pair->key[index] = alphabet[draw(trial, 6)];
}

static void check_value(slice value, const struct pair *pair)
{
	assert_int_equal(value.size, pair->value_size);
	for (size_t index = 0; index < value.size; index++)
		assert_int_equal(value.data[index], pair->filling);
}

static void trial_put(struct trial *trial)
{
	uint8_t value[STATE_VALUE_MAX];
	struct pair pair;

	draw_key(trial, &pair);
	pair.filling = (uint8_t)draw(trial, 256);
	pair.value_size = (uint16_t)draw(trial, draw(trial, 50) == 0 ? STATE_VALUE_MAX + 1 : 60);
	memset(value, pair.filling, sizeof value);
	assert_ok(state_put(state_writer(trial->state), pair_key(&pair), slice_of(value, pair.value_size)));
	model_put(&trial->now, &pair);
}

static void trial_remove(struct trial *trial)
{
	struct pair pair;

	draw_key(trial, &pair);
	if (trial->now.count > 0 && draw(trial, 2) == 0)
		pair = trial->now.pairs[draw(trial, (uint32_t)trial->now.count)];
	assert_ok(state_remove(state_writer(trial->state), pair_key(&pair)));
	model_remove(&trial->now, pair_key(&pair));
}

static void trial_get(struct trial *trial, struct state_view *view, const struct model *model)
{
	struct pair pair;
	slice value;

	draw_key(trial, &pair);
	size_t place = model_place(model, pair_key(&pair));
	enum recourse_error error = state_get(view, pair_key(&pair), &value);
	if (!model_has(model, place, pair_key(&pair))) {
		assert_error(error, RECOURSE_QUERY_NOT_FOUND);
		return;
	}
	assert_ok(error);
	check_value(value, &model->pairs[place]);
}

static bool model_in_range(const struct pair *pair, slice prefix, slice from, enum state_direction direction)
{
	slice key = pair_key(pair);

	if (key.size < prefix.size || !slice_equal(slice_of(key.data, prefix.size), prefix))
		return false;
	if (from.size == 0)
		return true;
	int order = slice_compare(key, from);
	return direction == STATE_UP ? order >= 0 : order <= 0;
}

/* The next pair in range from the `*step`th on in that direction; NULL at the end. */
static const struct pair *model_next(
	const struct model *model, size_t *step, slice prefix, slice from, enum state_direction direction)
{
	while (*step < model->count) {
		size_t index = direction == STATE_UP ? *step : model->count - 1 - *step;
		(*step)++;
		if (model_in_range(&model->pairs[index], prefix, from, direction))
			return &model->pairs[index];
	}
	return NULL;
}

/* Sometimes over what comes before a random place ahead, which is then where it goes on from. */
static enum recourse_error go_on(
	struct trial *trial, struct state_walk *walk, slice prefix, struct pair *room, slice *from)
{
	struct pair pair;
	draw_key(trial, &pair);
	slice key = pair_key(&pair);
	int order = slice_compare(walk->key, key);
	bool ahead = walk->direction == STATE_UP ? order < 0 : order > 0;
	if (!ahead || key.size < prefix.size || !slice_equal(slice_of(key.data, prefix.size), prefix))
		return state_walk_next(walk);
	*room = pair;
	*from = pair_key(room);
	return state_walk_skip(walk, *from);
}

/* A random prefix, from a random place in it, both ways; sometimes left early. */
static void trial_walk(struct trial *trial, struct state_view *view, const struct model *model)
{
	struct pair pair;
	struct pair skipped_to;
	SCOPED(state_walk_end) struct state_walk walk;
	size_t expected = 0;
	uint32_t left = draw(trial, 4) == 0 ? draw(trial, 10) : MODEL_MAX + 1;
	enum state_direction direction = draw(trial, 2) == 0 ? STATE_UP : STATE_DOWN;

	draw_key(trial, &pair);
	slice prefix = slice_of(pair.key, draw(trial, pair.key_size + 1u));
	slice from = draw(trial, 2) == 0 ? slice_of(NULL, 0) : pair_key(&pair);
	enum recourse_error error = state_walk_first(&walk, view, prefix, from, direction);
	for (; left > 0; left--) {
		const struct pair *due = model_next(model, &expected, prefix, from, direction);
		if (due == NULL)
			break;
		assert_ok(error);
		assert_true(slice_equal(walk.key, pair_key(due)));
		check_value(walk.value, due);
		error = go_on(trial, &walk, prefix, &skipped_to, &from);
	}
	if (left > 0)
		assert_error(error, RECOURSE_QUERY_NOT_FOUND);
}

static void trial_mark(struct trial *trial)
{
	if (trial->mark_count == MARKS_MAX)
		return;
	trial->marks[trial->mark_count] = state_mark(state_writer(trial->state));
	trial->marked[trial->mark_count++] = trial->now;
}

static void trial_rollback(struct trial *trial)
{
	if (trial->mark_count == 0)
		return;
	trial->mark_count = draw(trial, (uint32_t)trial->mark_count);
	state_rollback(state_writer(trial->state), trial->marks[trial->mark_count]);
	trial->now = trial->marked[trial->mark_count];
}

static void trial_look(struct trial *trial)
{
	if (draw(trial, 3) != 0)
		return;
	state_snapshot_close(trial->snapshot);
	assert_ok(state_snapshot_open(trial->state, &trial->snapshot));
	trial->seen = trial->committed;
}

static void trial_settle(struct trial *trial)
{
	if (trial->stage != WRITTEN)
		return;
	assert_ok(state_settle(state_writer(trial->state)));
	assert_int_equal(state_place_entries(state_writer(trial->state)), trial->entries);
	trial->stage = SETTLED;
}

/* Set apart, written and settled one after the other, with all else between. */
static void trial_apart(struct trial *trial)
{
	if (trial->stage == SETTLED) {
		state_set_apart(state_writer(trial->state));
		trial->apart = trial->now;
		trial->mark_count = 0;
		trial->stage = APART;
	} else if (trial->stage == APART) {
		const struct state_position position = {.entries = ++trial->entries};
		assert_ok(state_write(trial->state, &position));
		trial->committed = trial->apart;
		trial->stage = WRITTEN;
		trial_look(trial);
	} else {
		trial_settle(trial);
	}
}

static void trial_commit(struct trial *trial)
{
	if (trial->stage == APART)
		trial_apart(trial);
	trial_settle(trial);
	state_place_commit(state_writer(trial->state), ++trial->entries);
	trial->committed = trial->now;
	trial->mark_count = 0;
	trial_look(trial);
}

static void trial_discard(struct trial *trial)
{
	trial_settle(trial);
	trial->stage = SETTLED;
	state_discard(state_writer(trial->state));
	trial->now = trial->committed;
	trial->mark_count = 0;
}

static void trial_reopen(struct trial *trial)
{
	trial_discard(trial);
	state_snapshot_close(trial->snapshot);
	trial->snapshot = NULL;
	state_close(trial->state);
	trial->state = state_place_open(trial->place, NULL);
	assert_int_equal(state_place_entries(state_writer(trial->state)), trial->entries);
}

static void trial_step(struct trial *trial)
{
	uint32_t choice = draw(trial, 1000);

	if (choice < 500)
		trial_put(trial);
	else if (choice < 680)
		trial_remove(trial);
	else if (choice < 800)
		trial_get(trial, state_writer(trial->state), &trial->now);
	else if (choice < 830)
		trial_walk(trial, state_writer(trial->state), &trial->now);
	else if (choice < 860 && trial->snapshot != NULL)
		trial_get(trial, trial->snapshot, &trial->seen);
	else if (choice < 870 && trial->snapshot != NULL)
		trial_walk(trial, trial->snapshot, &trial->seen);
	else if (choice < 920)
		trial_mark(trial);
	else if (choice < 970)
		trial_rollback(trial);
	else if (choice < 980)
		trial_commit(trial);
	else if (choice < 990)
		trial_apart(trial);
	else if (choice < 998)
		trial_discard(trial);
	else
		trial_reopen(trial);
}

static void test_against_a_naive_model(void **state)
{
	static struct trial trial;

	trial.random = support_random_start();
	trial.place = *state;
	trial.state = state_place_open(trial.place, NULL);
	for (int index = 0; index < 40000; index++)
		trial_step(&trial);
	trial_reopen(&trial);
	for (int index = 0; index < 50; index++)
		trial_walk(&trial, state_writer(trial.state), &trial.committed);
	state_close(trial.state);
}

/* Groups of a bulk import's size: growth of every part, order over many runs, memory used again. */
static void test_large_groups_with_walks(void **state)
{
	struct state_view *view = state_place_view(state);
	struct state_walk walk;
	slice prefix = slice_text("k");
	slice start = slice_of(NULL, 0);
	uint32_t count = 0;
	char key[32];

	for (uint32_t group = 0; group < 3; group++) {
		for (uint32_t index = 0; index < 20000; index++) {
			snprintf(key, sizeof key, "k%08x", (group * 20000 + index) * 2654435761u);
			state_place_put(view, key, key);
			if (index % 97 != 0)
				continue;
			assert_ok(state_walk_first(&walk, view, slice_text(key), start, STATE_DOWN));
			assert_true(slice_is(walk.value, key));
			state_walk_end(&walk);
		}
		state_place_commit(view, group + 1);
	}
	enum recourse_error error;
	uint8_t previous[9] = {0};
	for (error = state_walk_first(&walk, view, prefix, start, STATE_UP); error == RECOURSE_OK;
		error = state_walk_next(&walk)) {
		assert_true(slice_compare(walk.key, slice_of(previous, sizeof previous)) > 0);
		memcpy(previous, walk.key.data, sizeof previous);
		count++;
	}
	state_walk_end(&walk);
	assert_error(error, RECOURSE_QUERY_NOT_FOUND);
	assert_int_equal(count, 60000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STATE_PLACE_TEST(test_against_a_naive_model),
		STATE_OPENED_TEST(test_large_groups_with_walks),
	};
	return cmocka_run_group_tests(tests, support_crypto, NULL);
}
