/* SPDX-License-Identifier: Apache-2.0 */
#include "state.h"

#include "crypto.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define BOOT_ONE "11111111-1111-1111-1111-111111111111"
#define BOOT_TWO "22222222-2222-2222-2222-222222222222"

struct place {
	char root[64];
	char directory[128];
};

static int remove_one(const char *path, const struct stat *status, int type, struct FTW *walk)
{
	(void)status;
	(void)type;
	(void)walk;
	return remove(path);
}

static int set_up(void **state)
{
	static struct place place;

	snprintf(place.root, sizeof place.root, "/tmp/state_test.XXXXXX");
	if (mkdtemp(place.root) == NULL)
		return -1;
	snprintf(place.directory, sizeof place.directory, "%s/state", place.root);
	*state = &place;
	return 0;
}

static int tear_down(void **state)
{
	const struct place *place = *state;

	return nftw(place->root, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static struct state *open_state(const struct place *place, const char *boot_id)
{
	struct state_options options = {.directory = place->directory, .boot_id = boot_id};
	struct state *opened;

	assert_int_equal(state_open(&options, &opened), RECOURSE_OK);
	return opened;
}

static enum recourse_error open_to_read(const struct place *place, const char *boot_id, struct state **opened)
{
	struct state_options options = {
		.directory = place->directory, .boot_id = boot_id, .read_only = true};

	return state_open(&options, opened);
}

static void put_text(struct state_view *view, const char *key, const char *value)
{
	assert_int_equal(state_put(view, slice_text(key), slice_text(value)), RECOURSE_OK);
}

static void remove_text(struct state_view *view, const char *key)
{
	assert_int_equal(state_remove(view, slice_text(key)), RECOURSE_OK);
}

/* `value` NULL: the key must be absent. */
static void expect_text(struct state_view *view, const char *key, const char *value)
{
	slice found;

	enum recourse_error error = state_get(view, slice_text(key), &found);
	assert_int_equal(error, value == NULL ? RECOURSE_QUERY_NOT_FOUND : RECOURSE_OK);
	if (value != NULL)
		assert_true(slice_is(found, value));
}

static void commit_at(struct state_view *view, uint64_t entries)
{
	struct state_position position = {.entries = entries, .requests = entries / 2, .log_id = {7}};

	assert_int_equal(state_commit(view, &position), RECOURSE_OK);
}

static uint64_t entries_of(const struct state_view *view)
{
	struct state_position position;

	state_position(view, &position);
	return position.entries;
}

static void test_reopen_keeps_commits_and_position(void **state)
{
	const struct place *place = *state;
	struct state_position position;

	struct state *opened = open_state(place, NULL);
	assert_int_equal(entries_of(state_writer(opened)), 0);
	put_text(state_writer(opened), "a", "one");
	put_text(state_writer(opened), "empty", "");
	commit_at(state_writer(opened), 9);
	expect_text(state_writer(opened), "a", "one");
	state_close(opened);

	opened = open_state(place, NULL);
	expect_text(state_writer(opened), "a", "one");
	expect_text(state_writer(opened), "empty", "");
	expect_text(state_writer(opened), "b", NULL);
	state_position(state_writer(opened), &position);
	assert_int_equal(position.entries, 9);
	assert_int_equal(position.requests, 4);
	assert_int_equal(position.log_id[0], 7);
	state_close(opened);
	state_close(NULL);
}

static void test_second_writer_is_locked_out(void **state)
{
	const struct place *place = *state;
	struct state_options options = {.directory = place->directory};
	struct state *second;

	struct state *opened = open_state(place, NULL);
	assert_int_equal(state_open(&options, &second), RECOURSE_STORE_LOCKED);
	state_close(opened);
}

static void test_directory_that_can_not_be(void **state)
{
	const struct place *place = *state;
	struct state_options options = {.directory = "/dev/null/state"};
	struct state *opened;

	assert_int_equal(state_open(&options, &opened), RECOURSE_IO);
	assert_int_equal(open_to_read(place, NULL, &opened), RECOURSE_QUERY_NOT_FOUND);
}

static void test_marks_and_rollback(void **state)
{
	struct state *opened = open_state(*state, NULL);
	struct state_view *view = state_writer(opened);

	put_text(view, "kept", "committed");
	commit_at(view, 1);
	put_text(view, "a", "1");
	state_mark_t outer = state_mark(view);
	put_text(view, "a", "2");
	remove_text(view, "kept");
	state_mark_t inner = state_mark(view);
	put_text(view, "a", "3");
	put_text(view, "b", "new");
	put_text(view, "kept", "again");
	state_rollback(view, inner);
	expect_text(view, "a", "2");
	expect_text(view, "b", NULL);
	expect_text(view, "kept", NULL);
	state_rollback(view, outer);
	expect_text(view, "a", "1");
	expect_text(view, "kept", "committed");
	state_discard(view);
	expect_text(view, "a", NULL);
	expect_text(view, "kept", "committed");
	state_close(opened);
}

static void test_snapshots_stand_still(void **state)
{
	struct state *opened = open_state(*state, NULL);
	struct state_view *view = state_writer(opened);
	struct state_view *old;
	struct state_view *new;

	put_text(view, "a", "1");
	commit_at(view, 1);
	assert_int_equal(state_snapshot_open(opened, &old), RECOURSE_OK);
	put_text(view, "a", "2");
	put_text(view, "b", "2");
	expect_text(old, "a", "1");
	expect_text(old, "b", NULL);
	commit_at(view, 2);
	assert_int_equal(state_snapshot_open(opened, &new), RECOURSE_OK);
	expect_text(old, "a", "1");
	expect_text(old, "b", NULL);
	assert_int_equal(entries_of(old), 1);
	expect_text(new, "a", "2");
	expect_text(new, "b", "2");
	assert_int_equal(entries_of(new), 2);
	state_snapshot_close(old);
	state_snapshot_close(new);
	state_close(opened);
}

static void digest_of(struct state_view *view, uint8_t digest[static 32])
{
	assert_int_equal(state_digest(view, digest), RECOURSE_OK);
}

static void test_reset_empties(void **state)
{
	struct state *opened = open_state(*state, NULL);
	struct state_view *view = state_writer(opened);
	uint8_t fresh[32];
	uint8_t full[32];
	uint8_t reset[32];

	digest_of(view, fresh);
	put_text(view, "a", "1");
	commit_at(view, 5);
	digest_of(view, full);
	put_text(view, "b", "left behind");
	assert_int_equal(state_reset(opened), RECOURSE_OK);
	assert_int_equal(entries_of(view), 0);
	expect_text(view, "a", NULL);
	expect_text(view, "b", NULL);
	digest_of(view, reset);
	assert_memory_not_equal(fresh, full, sizeof full);
	assert_memory_equal(fresh, reset, sizeof reset);
	state_close(opened);
}

static void test_digest_covers_content_and_position(void **state)
{
	const struct place *place = *state;
	uint8_t first[32];
	uint8_t second[32];

	struct state *opened = open_state(place, BOOT_ONE);
	put_text(state_writer(opened), "ab", "c");
	commit_at(state_writer(opened), 5);
	digest_of(state_writer(opened), first);
	state_close(opened);

	opened = open_state(place, BOOT_TWO);
	digest_of(state_writer(opened), second);
	assert_memory_equal(first, second, sizeof first);
	commit_at(state_writer(opened), 6);
	digest_of(state_writer(opened), second);
	assert_memory_not_equal(first, second, sizeof first);
	commit_at(state_writer(opened), 5);
	remove_text(state_writer(opened), "ab");
	put_text(state_writer(opened), "a", "bc");
	digest_of(state_writer(opened), second);
	assert_memory_not_equal(first, second, sizeof first);
	state_discard(state_writer(opened));
	state_close(opened);
}

/* Leaves a state as a process does that was killed after a commit. */
static void leave_unclean(const struct place *place, const char *boot_id)
{
	pid_t child = fork();
	if (child == 0) {
		struct state *opened = open_state(place, boot_id);
		put_text(state_writer(opened), "a", "1");
		commit_at(state_writer(opened), 3);
		_exit(42);
	}
	int status;
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 42);
}

static void test_unclean_on_the_same_boot_is_kept(void **state)
{
	const struct place *place = *state;
	struct state *opened;

	leave_unclean(place, BOOT_ONE);
	assert_int_equal(open_to_read(place, BOOT_ONE, &opened), RECOURSE_OK);
	state_close(opened);
	opened = open_state(place, BOOT_ONE);
	assert_int_equal(entries_of(state_writer(opened)), 3);
	expect_text(state_writer(opened), "a", "1");
	state_close(opened);
}

static void test_unclean_on_another_boot_is_emptied(void **state)
{
	const struct place *place = *state;
	struct state *opened;

	leave_unclean(place, BOOT_ONE);
	assert_int_equal(open_to_read(place, BOOT_TWO, &opened), RECOURSE_QUERY_NOT_FOUND);
	opened = open_state(place, BOOT_TWO);
	assert_int_equal(entries_of(state_writer(opened)), 0);
	expect_text(state_writer(opened), "a", NULL);
	state_close(opened);
}

static void test_unclean_without_a_boot_id_is_emptied(void **state)
{
	const struct place *place = *state;

	leave_unclean(place, "");
	struct state *opened = open_state(place, "");
	assert_int_equal(entries_of(state_writer(opened)), 0);
	state_close(opened);
}

static void test_clean_on_another_boot_is_kept(void **state)
{
	const struct place *place = *state;

	struct state *opened = open_state(place, BOOT_ONE);
	put_text(state_writer(opened), "a", "1");
	commit_at(state_writer(opened), 3);
	state_close(opened);
	opened = open_state(place, BOOT_TWO);
	assert_int_equal(entries_of(state_writer(opened)), 3);
	expect_text(state_writer(opened), "a", "1");
	state_close(opened);
}

/* Overwrites `size` bytes of the store from `offset` on, and cuts it off at `length` unless that is 0. */
static void damage(const struct place *place, off_t offset, size_t size, off_t length)
{
	char path[192];
	char garbage[20000];

	assert_true(size <= sizeof garbage);
	memset(garbage, 0x5A, sizeof garbage);
	snprintf(path, sizeof path, "%s/data.mdb", place->directory);
	int file = open(path, O_WRONLY);
	assert_true(file >= 0);
	assert_int_equal(pwrite(file, garbage, size, offset), (ssize_t)size);
	if (length != 0)
		assert_int_equal(ftruncate(file, length), 0);
	close(file);
}

static void fill(const struct place *place)
{
	struct state *opened = open_state(place, NULL);
	char key[32];

	for (int index = 0; index < 2000; index++) {
		snprintf(key, sizeof key, "key %d", index);
		put_text(state_writer(opened), key, "some value of some length, and a little more");
	}
	commit_at(state_writer(opened), 3);
	state_close(opened);
}

static void expect_emptied(const struct place *place)
{
	struct state *opened;

	assert_int_equal(open_to_read(place, NULL, &opened), RECOURSE_QUERY_NOT_FOUND);
	opened = open_state(place, NULL);
	assert_int_equal(entries_of(state_writer(opened)), 0);
	expect_text(state_writer(opened), "key 1", NULL);
	put_text(state_writer(opened), "a", "works again");
	commit_at(state_writer(opened), 1);
	state_close(opened);
}

static void test_garbage_is_emptied(void **state)
{
	fill(*state);
	damage(*state, 0, 20000, 0);
	expect_emptied(*state);
}

static void test_cut_file_is_emptied(void **state)
{
	fill(*state);
	damage(*state, 8192, 0, 16384);
	expect_emptied(*state);
}

/* Every copy of the metadata record is known by the boot id in it, 56 bytes from its start. */
static void rewrite_version(const struct place *place, uint8_t version)
{
	static uint8_t content[1 << 20];
	char path[192];
	size_t found = 0;

	snprintf(path, sizeof path, "%s/data.mdb", place->directory);
	int file = open(path, O_RDWR);
	assert_true(file >= 0);
	ssize_t size = read(file, content, sizeof content);
	assert_true(size > 0 && (size_t)size < sizeof content);
	for (size_t offset = 56; offset + 36 <= (size_t)size; offset++) {
		if (memcmp(content + offset, BOOT_ONE, 36) != 0)
			continue;
		assert_int_equal(pwrite(file, &version, 1, (off_t)offset - 56), 1);
		found++;
	}
	assert_true(found > 0);
	close(file);
}

static void test_unknown_version_is_emptied(void **state)
{
	const struct place *place = *state;
	struct state *opened = open_state(place, BOOT_ONE);

	put_text(state_writer(opened), "a", "1");
	commit_at(state_writer(opened), 3);
	state_close(opened);
	rewrite_version(place, 1);
	opened = open_state(place, BOOT_ONE);
	expect_text(state_writer(opened), "a", "1");
	state_close(opened);
	rewrite_version(place, 2);
	assert_int_equal(open_to_read(place, BOOT_ONE, &opened), RECOURSE_QUERY_NOT_FOUND);
	opened = open_state(place, BOOT_ONE);
	assert_int_equal(entries_of(state_writer(opened)), 0);
	expect_text(state_writer(opened), "a", NULL);
	state_close(opened);
}

static void test_read_only_while_a_writer_works(void **state)
{
	const struct place *place = *state;
	int ready[2];
	int done[2];
	char byte;

	assert_int_equal(pipe(ready), 0);
	assert_int_equal(pipe(done), 0);
	pid_t child = fork();
	if (child == 0) {
		close(done[1]);
		struct state *opened = open_state(place, NULL);
		put_text(state_writer(opened), "a", "1");
		commit_at(state_writer(opened), 1);
		put_text(state_writer(opened), "a", "2");
		if (write(ready[1], "x", 1) != 1 || read(done[0], &byte, 1) < 0)
			_exit(1);
		state_discard(state_writer(opened));
		state_close(opened);
		_exit(0);
	}
	struct state *opened;
	struct state_view *view;
	assert_int_equal(read(ready[0], &byte, 1), 1);
	assert_int_equal(open_to_read(place, NULL, &opened), RECOURSE_OK);
	assert_int_equal(state_snapshot_open(opened, &view), RECOURSE_OK);
	expect_text(view, "a", "1");
	state_snapshot_close(view);
	state_close(opened);
	int status;
	close(done[1]);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	close(done[0]);
	close(ready[0]);
	close(ready[1]);
}

/* The naive model: keys and values in a sorted array. */
enum { MODEL_MAX = 3000, MODEL_KEY_MAX = 6, MARKS_MAX = 4 };

struct pair {
	uint8_t key[MODEL_KEY_MAX];
	uint8_t key_size;
	uint8_t filling;     /* what the value's bytes are */
	uint16_t value_size;
};

struct model {
	size_t count;
	struct pair pairs[MODEL_MAX];
};

struct trial {
	const struct place *place;
	struct state *state;
	uint64_t random;
	uint64_t entries;
	struct model now;
	struct model committed;
	struct model seen; /* by the snapshot */
	struct state_view *snapshot;
	size_t mark_count;
	state_mark_t marks[MARKS_MAX];
	struct model marked[MARKS_MAX];
};

static uint32_t draw(struct trial *trial, uint32_t below)
{
	trial->random ^= trial->random << 13;
	trial->random ^= trial->random >> 7;
	trial->random ^= trial->random << 17;
	return (uint32_t)((trial->random >> 16) % below);
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
	assert_int_equal(state_put(state_writer(trial->state), pair_key(&pair),
				 slice_of(value, pair.value_size)), RECOURSE_OK);
	model_put(&trial->now, &pair);
}

static void trial_remove(struct trial *trial)
{
	struct pair pair;

	draw_key(trial, &pair);
	if (trial->now.count > 0 && draw(trial, 2) == 0)
		pair = trial->now.pairs[draw(trial, (uint32_t)trial->now.count)];
	assert_int_equal(state_remove(state_writer(trial->state), pair_key(&pair)), RECOURSE_OK);
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
		assert_int_equal(error, RECOURSE_QUERY_NOT_FOUND);
		return;
	}
	assert_int_equal(error, RECOURSE_OK);
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
static const struct pair *model_next(const struct model *model, size_t *step, slice prefix, slice from,
	enum state_direction direction)
{
	while (*step < model->count) {
		size_t index = direction == STATE_UP ? *step : model->count - 1 - *step;
		(*step)++;
		if (model_in_range(&model->pairs[index], prefix, from, direction))
			return &model->pairs[index];
	}
	return NULL;
}

/* A random prefix, from a random place in it, both ways; sometimes left early. */
static void trial_walk(struct trial *trial, struct state_view *view, const struct model *model)
{
	struct pair pair;
	struct state_walk walk;
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
		assert_int_equal(error, RECOURSE_OK);
		assert_true(slice_equal(walk.key, pair_key(due)));
		check_value(walk.value, due);
		error = state_walk_next(&walk);
	}
	if (left > 0)
		assert_int_equal(error, RECOURSE_QUERY_NOT_FOUND);
	state_walk_end(&walk);
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

static void trial_commit(struct trial *trial)
{
	commit_at(state_writer(trial->state), ++trial->entries);
	trial->committed = trial->now;
	trial->mark_count = 0;
	if (draw(trial, 3) != 0)
		return;
	state_snapshot_close(trial->snapshot);
	assert_int_equal(state_snapshot_open(trial->state, &trial->snapshot), RECOURSE_OK);
	trial->seen = trial->committed;
}

static void trial_discard(struct trial *trial)
{
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
	trial->state = open_state(trial->place, NULL);
	assert_int_equal(entries_of(state_writer(trial->state)), trial->entries);
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
	else if (choice < 990)
		trial_commit(trial);
	else if (choice < 998)
		trial_discard(trial);
	else
		trial_reopen(trial);
}

static void test_against_a_naive_model(void **state)
{
	struct trial *trial = calloc(1, sizeof *trial);
	const char *given = getenv("SEED");

	assert_non_null(trial);
	uint64_t seed = given != NULL ? strtoull(given, NULL, 10) : (uint64_t)time(NULL) * 2654435761u + 1;
	print_message("SEED=%llu\n", (unsigned long long)seed);
	trial->random = seed;
	trial->place = *state;
	trial->state = open_state(trial->place, NULL);
	for (int index = 0; index < 40000; index++)
		trial_step(trial);
	trial_reopen(trial);
	for (int index = 0; index < 50; index++)
		trial_walk(trial, state_writer(trial->state), &trial->committed);
	state_close(trial->state);
	free(trial);
}

/* Groups of a bulk import's size: growth of every part, order over many runs, memory used again. */
static void test_large_groups_with_walks(void **state)
{
	struct state *opened = open_state(*state, NULL);
	struct state_view *view = state_writer(opened);
	struct state_walk walk;
	slice prefix = slice_text("k");
	slice start = slice_of(NULL, 0);
	uint32_t count = 0;
	char key[32];

	for (uint32_t group = 0; group < 3; group++) {
		for (uint32_t index = 0; index < 20000; index++) {
			snprintf(key, sizeof key, "k%08x", (group * 20000 + index) * 2654435761u);
			put_text(view, key, key);
			if (index % 97 != 0)
				continue;
			assert_int_equal(state_walk_first(&walk, view, slice_text(key), start, STATE_DOWN),
				RECOURSE_OK);
			assert_true(slice_is(walk.value, key));
			state_walk_end(&walk);
		}
		commit_at(view, group + 1);
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
	assert_int_equal(error, RECOURSE_QUERY_NOT_FOUND);
	assert_int_equal(count, 60000);
	state_close(opened);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_reopen_keeps_commits_and_position, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_second_writer_is_locked_out, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_directory_that_can_not_be, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_marks_and_rollback, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_snapshots_stand_still, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_reset_empties, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_digest_covers_content_and_position, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_unclean_on_the_same_boot_is_kept, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_unclean_on_another_boot_is_emptied, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_unclean_without_a_boot_id_is_emptied, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_clean_on_another_boot_is_kept, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_garbage_is_emptied, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_cut_file_is_emptied, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_unknown_version_is_emptied, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_read_only_while_a_writer_works, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_against_a_naive_model, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_large_groups_with_walks, set_up, tear_down),
	};
	if (crypto_start() != RECOURSE_OK)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
