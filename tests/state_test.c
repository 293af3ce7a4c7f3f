/* SPDX-License-Identifier: Apache-2.0 */
#include "state_place.h"

#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

static void test_reopen_keeps_commits_and_position(void **state)
{
	struct state_position position;

	struct state *opened = state_place_open(*state, NULL);
	assert_int_equal(state_place_entries(state_writer(opened)), 0);
	state_place_put(state_writer(opened), "a", "one");
	state_place_put(state_writer(opened), "empty", "");
	state_place_commit(state_writer(opened), 9);
	state_place_expect(state_writer(opened), "a", "one");
	state_close(opened);

	opened = state_place_open(*state, NULL);
	state_place_expect(state_writer(opened), "a", "one");
	state_place_expect(state_writer(opened), "empty", "");
	state_place_expect(state_writer(opened), "b", NULL);
	state_position(state_writer(opened), &position);
	assert_int_equal(position.entries, 9);
	assert_int_equal(position.requests, 4);
	assert_int_equal(position.log_id[0], 7);
	state_close(opened);
	state_close(NULL);
}

static void test_second_writer_is_locked_out(void **state)
{
	const struct state_place *place = *state;
	struct state_options options = {.directory = place->directory};
	struct state *second;

	assert_error(state_open(&options, &second), RECOURSE_STORE_LOCKED);
}

static void test_directory_that_can_not_be(void **state)
{
	struct state_options options = {.directory = "/dev/null/state"};
	struct state *opened;

	assert_error(state_open(&options, &opened), RECOURSE_IO);
	assert_error(state_place_open_to_read(*state, NULL, &opened), RECOURSE_QUERY_NOT_FOUND);
}

static void test_marks_and_rollback(void **state)
{
	struct state_view *view = state_place_view(state);

	state_place_put(view, "kept", "committed");
	state_place_commit(view, 1);
	state_place_put(view, "a", "1");
	state_mark_t outer = state_mark(view);
	state_place_put(view, "a", "2");
	state_place_remove_key(view, "kept");
	state_mark_t inner = state_mark(view);
	state_place_put(view, "a", "3");
	state_place_put(view, "b", "new");
	state_place_put(view, "kept", "again");
	state_rollback(view, inner);
	state_place_expect(view, "a", "2");
	state_place_expect(view, "b", NULL);
	state_place_expect(view, "kept", NULL);
	state_rollback(view, outer);
	state_place_expect(view, "a", "1");
	state_place_expect(view, "kept", "committed");
	state_discard(view);
	state_place_expect(view, "a", NULL);
	state_place_expect(view, "kept", "committed");
}

static void test_snapshots_stand_still(void **state)
{
	const struct state_place *place = *state;
	struct state_view *view = state_place_view(state);
	SCOPED(state_snapshot_end) struct state_view *old = NULL;
	SCOPED(state_snapshot_end) struct state_view *new = NULL;

	state_place_put(view, "a", "1");
	state_place_commit(view, 1);
	assert_ok(state_snapshot_open(place->opened, &old));
	state_place_put(view, "a", "2");
	state_place_put(view, "b", "2");
	state_place_expect(old, "a", "1");
	state_place_expect(old, "b", NULL);
	state_place_commit(view, 2);
	assert_ok(state_snapshot_open(place->opened, &new));
	state_place_expect(old, "a", "1");
	state_place_expect(old, "b", NULL);
	assert_int_equal(state_place_entries(old), 1);
	state_place_expect(new, "a", "2");
	state_place_expect(new, "b", "2");
	assert_int_equal(state_place_entries(new), 2);
}

/* Two tables whose cursor is the same, and many pages of them. */
enum { NEAR_ROWS = 2000 };

static void name_near(char key[static 16], size_t number, bool other)
{
	snprintf(key, 16, "%s%06zu", other ? "b." : "a-", number);
}

/* Of all rows those with that remainder by three are there: forth, back, and one table beside the other. */
static void expect_near(struct state_view *view, size_t remainder)
{
	char key[16];
	for (size_t step = 0; step < 4 * NEAR_ROWS; step++) {
		size_t at = step < 2 * NEAR_ROWS ? step : 4 * NEAR_ROWS - 1 - step;
		size_t number = step % NEAR_ROWS == 7 ? NEAR_ROWS : at / 2;
		name_near(key, number, at % 2 == 1);
		state_place_expect(view, key, number < NEAR_ROWS && number % 3 == remainder ? key : NULL);
	}
}

static void put_near(struct state_view *view, size_t remainder, bool there)
{
	char key[16];
	for (size_t number = remainder; number < NEAR_ROWS; number += 3) {
		for (size_t other = 0; other < 2; other++) {
			name_near(key, number, other == 1);
			if (there)
				state_place_put(view, key, key);
			else
				state_place_remove_key(view, key);
		}
	}
}

/* What was read on a page says nothing of the pages that a commit has put in its place. */
static void test_reads_near_the_last_one(void **state)
{
	struct state_view *view = state_place_view(state);
	expect_near(view, 3);
	for (size_t round = 0; round < 4; round++) {
		put_near(view, round % 3, true);
		state_place_commit(view, 2 * round + 1);
		expect_near(view, round % 3);
		put_near(view, round % 3, false);
		state_place_commit(view, 2 * round + 2);
		expect_near(view, 3);
	}
}

static void test_reset_empties(void **state)
{
	const struct state_place *place = *state;
	struct state_view *view = state_place_view(state);
	uint8_t fresh[32];
	uint8_t full[32];
	uint8_t reset[32];

	assert_ok(state_digest(view, fresh));
	state_place_put(view, "a", "1");
	state_place_commit(view, 5);
	assert_ok(state_digest(view, full));
	state_place_put(view, "b", "left behind");
	assert_ok(state_reset(place->opened));
	assert_int_equal(state_place_entries(view), 0);
	state_place_expect(view, "a", NULL);
	state_place_expect(view, "b", NULL);
	assert_ok(state_digest(view, reset));
	assert_memory_not_equal(fresh, full, sizeof full);
	assert_memory_equal(fresh, reset, sizeof reset);
}

static void test_anew_begins_without_reading(void **state)
{
	const struct state_place *place = *state;
	struct state_options options = {.directory = place->directory, .anew = true};
	struct state *opened = state_place_open(place, NULL);

	state_place_put(state_writer(opened), "a", "1");
	state_place_commit(state_writer(opened), 5);
	state_close(opened);
	assert_ok(state_open(&options, &opened));
	assert_int_equal(state_place_entries(state_writer(opened)), 0);
	state_place_expect(state_writer(opened), "a", NULL);
	state_close(opened);
}

static void test_read_only_while_a_writer_works(void **state)
{
	int ready[2];
	int done[2];
	char byte;

	assert_int_equal(pipe(ready), 0);
	assert_int_equal(pipe(done), 0);
	pid_t child = fork();
	if (child == 0) {
		close(done[1]);
		struct state *opened = state_place_open(*state, NULL);
		state_place_put(state_writer(opened), "a", "1");
		state_place_commit(state_writer(opened), 1);
		state_place_put(state_writer(opened), "a", "2");
		if (write(ready[1], "x", 1) != 1 || read(done[0], &byte, 1) < 0)
			_exit(1);
		state_discard(state_writer(opened));
		state_close(opened);
		_exit(0);
	}
	struct state *opened;
	struct state_view *view;
	assert_int_equal(read(ready[0], &byte, 1), 1);
	assert_ok(state_place_open_to_read(*state, NULL, &opened));
	assert_ok(state_snapshot_open(opened, &view));
	state_place_expect(view, "a", "1");
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		STATE_PLACE_TEST(test_reopen_keeps_commits_and_position),
		STATE_OPENED_TEST(test_second_writer_is_locked_out),
		STATE_PLACE_TEST(test_directory_that_can_not_be),
		STATE_OPENED_TEST(test_marks_and_rollback),
		STATE_OPENED_TEST(test_snapshots_stand_still),
		STATE_OPENED_TEST(test_reads_near_the_last_one),
		STATE_OPENED_TEST(test_reset_empties),
		STATE_PLACE_TEST(test_anew_begins_without_reading),
		STATE_PLACE_TEST(test_read_only_while_a_writer_works),
	};
	return cmocka_run_group_tests(tests, support_crypto, NULL);
}
