/* SPDX-License-Identifier: Apache-2.0 */
#include "books/record.h"
#include "books/record_cover.h"
#include "books/record_ledger.h"
#include "state_place.h"

/* Declared tables: one strict reader, and indexes and clocks that are kept up with a row. */

/* ---- reading ---- */

static void test_strict(void **state)
{
	struct state_view *view = state_place_view(state);
	const struct record_path path = record_path_of_text(RECORD_HOLD, slice_text("h"));
	struct record_hold hold = {.held = 5, .entry = 7};
	struct record_hold read = {.held = -1};
	uint8_t bytes[sizeof hold + 1];
	memset(bytes, 1, sizeof bytes);
	assert_error(record_get(view, &path, &read, sizeof read), RECOURSE_QUERY_NOT_FOUND);
	assert_ok(record_keep(view, &path, &hold, sizeof hold, 7));
	assert_ok(record_get(view, &path, &read, sizeof read));
	assert_memory_equal(&hold, &read, sizeof hold);
	/* one byte more than the structure has */
	assert_ok(state_put(view, record_path_slice(&path), slice_of(bytes, sizeof bytes)));
	assert_error(record_get(view, &path, &read, sizeof read), RECOURSE_STORE_CORRUPT);
	/* a zero that should have been cut off: the same record in other bytes */
	bytes[9] = 0;
	assert_ok(state_put(view, record_path_slice(&path), slice_of(bytes, 10)));
	assert_error(record_get(view, &path, &read, sizeof read), RECOURSE_STORE_CORRUPT);
	assert_ok(state_put(view, record_path_slice(&path), slice_of(NULL, 0)));
	assert_ok(record_get(view, &path, &read, sizeof read));
	assert_int_equal(read.held, 0);
}

static void test_keys(void **state)
{
	struct record_path path = record_path_of_texts(RECORD_DEPOSIT, slice_text("M"), slice_text("CNY"));
	const struct table *table = tables_at(RECORD_DEPOSIT);
	struct table_key key;
	assert_ok(tables_shape_read_key(table, record_path_slice(&path), &key));
	assert_true(slice_is(key.parts[0].text, "M"));
	assert_true(slice_is(key.parts[1].text, "CNY"));
	for (size_t size = 0; size < path.size; size++)
		assert_error(
			tables_shape_read_key(table, slice_of(path.bytes, size), &key), RECOURSE_STORE_CORRUPT);
	record_path_short(&path, 1);
	assert_error(tables_shape_read_key(table, record_path_slice(&path), &key), RECOURSE_STORE_CORRUPT);
	assert_null(tables_of(slice_text("no table's key")));
	assert_null(tables_of(slice_text("")));
}

/* A key that is not of its table's shape ends a walk with an error, not with silence. */
static void test_walk(void **state)
{
	struct state_view *view = state_place_view(state);
	struct record_path prefix = record_path_of(RECORD_HOLD);
	struct record_hold hold = {.held = 1};
	for (char name[] = "a"; name[0] < 'd'; name[0]++) {
		struct record_path path = record_path_of_text(RECORD_HOLD, slice_text(name));
		assert_ok(record_keep(view, &path, &hold, sizeof hold, 1));
		hold.held++;
	}
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(view, &prefix);
	for (int64_t held = 1; held < 4; held++) {
		assert_true(record_walk_next(&walk, &hold, sizeof hold));
		assert_int_equal(hold.held, held);
		assert_int_equal(walk.key.parts[0].text.data[0], 'a' + held - 1);
	}
	assert_false(record_walk_next(&walk, &hold, sizeof hold));
	assert_ok(walk.error);
}

static void test_walk_that_finds_a_wrong_key(void **state)
{
	struct state_view *view = state_place_view(state);
	struct record_path prefix = record_path_of(RECORD_HOLD);
	struct record_path path = record_path_of_text(RECORD_HOLD, slice_text("h"));
	path.size--;
	assert_ok(state_put(view, record_path_slice(&path), slice_of(NULL, 0)));
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(view, &prefix);
	assert_false(record_walk_next(&walk, NULL, 0));
	assert_error(walk.error, RECOURSE_STORE_CORRUPT);
}

/* ---- what is kept up with a row ---- */

static size_t rows_of(struct state_view *view, enum record_table table)
{
	struct record_path prefix = record_path_of(table);
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(view, &prefix);
	size_t rows = 0;
	while (record_walk_next(&walk, NULL, 0))
		rows++;
	assert_ok(walk.error);
	return rows;
}

static struct record_path instrument_row(void)
{
	return record_path_of_text(RECORD_INSTRUMENT, slice_text("bond"));
}

static struct record_instrument live_instrument(void)
{
	struct record_instrument record = {.merchant = 3, .provider = 4, .draw = 2, .clock = 1000};
	assert_ok(unit_currency(slice_text("CNY"), &record.unit));
	return record;
}

static void keep(struct state_view *view, const struct record_instrument *record, uint64_t entry)
{
	struct record_path path = instrument_row();
	assert_ok(record_keep(view, &path, record, sizeof *record, entry));
}

static struct record_path live_row(uint32_t draw)
{
	struct record_path path = record_path_of_short(RECORD_INSTRUMENT_LIVE, 3);
	record_path_text(&path, slice_text("CNY"));
	record_path_short(&path, draw);
	record_path_text(&path, slice_text("bond"));
	return path;
}

static bool exists(struct state_view *view, struct record_path path)
{
	bool there;
	assert_ok(record_exists(view, &path, &there));
	return there;
}

/* A row of an index moves with what it says, and goes when it says nothing any more, or the row goes. */
static void test_indexes(void **state)
{
	struct state_view *view = state_place_view(state);
	struct record_instrument record = live_instrument();
	keep(view, &record, 9);
	assert_true(exists(view, live_row(2)));
	assert_int_equal(rows_of(view, RECORD_INSTRUMENT_PARTY), 2);
	record.draw = 1;
	keep(view, &record, 10);
	assert_false(exists(view, live_row(2)));
	assert_true(exists(view, live_row(1)));
	assert_int_equal(rows_of(view, RECORD_INSTRUMENT_LIVE), 1);
	record.ended_entry = 11;
	keep(view, &record, 11);
	assert_int_equal(rows_of(view, RECORD_INSTRUMENT_LIVE), 0);
	assert_int_equal(rows_of(view, RECORD_INSTRUMENT_PARTY), 2);
	struct record_path path = instrument_row();
	assert_ok(record_forget(view, &path));
	assert_int_equal(rows_of(view, RECORD_INSTRUMENT_PARTY), 0);
	assert_ok(record_forget(view, &path));
}

static struct record_path clock_row(uint64_t due)
{
	const struct table_clock *clock = &tables_at(RECORD_INSTRUMENT)->clocks[0];
	return record_deadline_path(due, clock->kind, slice_text("bond"));
}

/* The entry that set the clock; 0 where it is not set. */
static uint64_t clock_of(struct state_view *view, uint64_t due)
{
	struct record_path path = clock_row(due);
	struct record_path row = instrument_row();
	struct record_deadline deadline;
	enum recourse_error error = record_get(view, &path, &deadline, sizeof deadline);
	if (error == RECOURSE_QUERY_NOT_FOUND)
		return 0;
	assert_ok(error);
	assert_true(slice_equal(record_path_slice(&deadline.row), record_path_slice(&row)));
	return deadline.entry;
}

/* Set by the entry that changed the instant, and by none that left it; moved, taken back. */
static void test_clocks(void **state)
{
	struct state_view *view = state_place_view(state);
	struct record_instrument record = live_instrument();
	keep(view, &record, 9);
	assert_int_equal(clock_of(view, 1000), 9);
	record.called = 5;
	keep(view, &record, 10);
	assert_int_equal(clock_of(view, 1000), 9);
	record.clock = 2000;
	keep(view, &record, 11);
	assert_int_equal(clock_of(view, 1000), 0);
	assert_int_equal(clock_of(view, 2000), 11);
	record.clock = 0;
	keep(view, &record, 12);
	assert_int_equal(rows_of(view, RECORD_DEADLINE), 0);
	record.clock = 3000;
	keep(view, &record, 13);
	struct record_path path = instrument_row();
	assert_ok(record_forget(view, &path));
	assert_int_equal(rows_of(view, RECORD_DEADLINE), 0);
}

/* It strikes once, and its record says so; one whose record is gone strikes as well. */
static void test_strike(void **state)
{
	struct state_view *view = state_place_view(state);
	struct record_instrument record = live_instrument();
	struct record_path path = instrument_row();
	struct record_path clock = clock_row(1000);
	struct record_deadline struck;
	keep(view, &record, 9);
	record.called = 5;
	keep(view, &record, 10);
	assert_ok(record_strike(view, &clock, &struck));
	assert_int_equal(struck.entry, 9);
	assert_int_equal(rows_of(view, RECORD_DEADLINE), 0);
	assert_ok(record_get(view, &path, &record, sizeof record));
	assert_int_equal(record.clock, 0);
	assert_int_equal(record.called, 5);
	assert_int_equal(rows_of(view, RECORD_INSTRUMENT_LIVE), 1);
	assert_error(record_strike(view, &clock, &struck), RECOURSE_QUERY_NOT_FOUND);
	/* and again, where it has something to do still */
	assert_ok(record_wind(view, &struck.row, CLOCK_INSTRUMENT, 1500, 10));
	assert_int_equal(clock_of(view, 1500), 10);
	record.clock = 1000;
	keep(view, &record, 11);
	assert_ok(state_remove(view, record_path_slice(&path)));
	assert_ok(record_strike(view, &clock, &struck));
	assert_ok(record_wind(view, &struck.row, CLOCK_INSTRUMENT, 1500, 12));
	assert_int_equal(rows_of(view, RECORD_DEADLINE), 0);
}

/* A clock of a row that can have none, as a damaged state may say. */
static void test_strike_of_no_clock(void **state)
{
	struct state_view *view = state_place_view(state);
	struct record_path clock = clock_row(1000);
	struct record_deadline deadline = {
		.entry = 1, .row = record_path_of_text(RECORD_INSTRUMENT, slice_text("bond"))};
	struct record_instrument record = live_instrument();
	struct record_deadline struck;
	record_path_number(&deadline.row, 1); /* no key of an instrument ends so */
	record.document_hash[31] = 1;
	assert_ok(state_put(view, record_path_slice(&deadline.row), slice_of(&record, sizeof record)));
	assert_ok(record_put(view, &clock, &deadline, sizeof deadline));
	assert_error(record_strike(view, &clock, &struck), RECOURSE_STORE_CORRUPT);

	static const struct record_control control = {
		.entry = 1, .limits = {[AUTHORITY_LIMITS_MAX - 1] = {.steps = 1}}};
	deadline.row = record_path_of(RECORD_CONTROL);
	assert_ok(record_put(view, &deadline.row, &control, sizeof control));
	assert_ok(record_put(view, &clock, &deadline, sizeof deadline));
	assert_error(record_strike(view, &clock, &struck), RECOURSE_STORE_CORRUPT);
}

/* A row that is known to be new has all that is kept up with a row; from then on it is one like others. */
static void test_added(void **state)
{
	struct state_view *view = state_place_view(state);
	struct record_instrument record = live_instrument();
	struct record_path path = instrument_row();
	assert_ok(record_add(view, &path, &record, sizeof record, 9));
	assert_true(exists(view, live_row(2)));
	assert_int_equal(rows_of(view, RECORD_INSTRUMENT_PARTY), 2);
	assert_int_equal(clock_of(view, 1000), 9);
	record.draw = 1;
	keep(view, &record, 10);
	assert_int_equal(rows_of(view, RECORD_INSTRUMENT_LIVE), 1);
	assert_int_equal(clock_of(view, 1000), 9);
}

/* Whatever is undone takes its indexes and clocks with it: they are rows like others. */
static void test_undone(void **state)
{
	struct state_view *view = state_place_view(state);
	struct record_instrument record = live_instrument();
	state_mark_t mark = state_mark(view);
	keep(view, &record, 9);
	state_rollback(view, mark);
	assert_int_equal(rows_of(view, RECORD_INSTRUMENT_LIVE), 0);
	assert_int_equal(rows_of(view, RECORD_DEADLINE), 0);
}

/* ---- the format ---- */

static void test_format(void **state)
{
	struct table changed = *tables_at(RECORD_HOLD);
	uint32_t before = tables_shape_digest(&changed, 1);
	assert_int_equal(tables_shape_format(), tables_shape_format());
	changed.size += 8;
	assert_int_not_equal(tables_shape_digest(&changed, 1), before);
	changed.size -= 8;
	changed.beside = BESIDE_DEPOSIT;
	assert_int_not_equal(tables_shape_digest(&changed, 1), before);
	changed.beside = BESIDE_NOTHING;
	changed.parts[0].kind = TABLE_NUMBER;
	assert_int_not_equal(tables_shape_digest(&changed, 1), before);
	changed = *tables_at(RECORD_INSTRUMENT);
	before = tables_shape_digest(&changed, 1);
	changed.clocks[0].due += 8;
	assert_int_not_equal(tables_shape_digest(&changed, 1), before);
	assert_int_not_equal(tables_shape_digest(&changed, 2), tables_shape_digest(&changed, 1));
}

/* A state that another format wrote is emptied, and is not there for who only reads. */
static void test_state_of_another_format(void **state)
{
	const struct state_place *place = *state;
	struct state_options options = {.directory = place->directory, .format = 1};
	struct state *opened;
	assert_ok(state_open(&options, &opened));
	state_place_put(state_writer(opened), "a", "one");
	state_place_commit(state_writer(opened), 9);
	state_close(opened);
	assert_ok(state_open(&options, &opened));
	state_place_expect(state_writer(opened), "a", "one");
	state_close(opened);
	options.format = 2;
	options.read_only = true;
	assert_error(state_open(&options, &opened), RECOURSE_QUERY_NOT_FOUND);
	options.read_only = false;
	assert_ok(state_open(&options, &opened));
	assert_int_equal(state_place_entries(state_writer(opened)), 0);
	state_place_expect(state_writer(opened), "a", NULL);
	state_close(opened);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STATE_OPENED_TEST(test_strict),
		STATE_OPENED_TEST(test_keys),
		STATE_OPENED_TEST(test_walk),
		STATE_OPENED_TEST(test_walk_that_finds_a_wrong_key),
		STATE_OPENED_TEST(test_indexes),
		STATE_OPENED_TEST(test_clocks),
		STATE_OPENED_TEST(test_strike),
		STATE_OPENED_TEST(test_strike_of_no_clock),
		STATE_OPENED_TEST(test_added),
		STATE_OPENED_TEST(test_undone),
		STATE_OPENED_TEST(test_format),
		STATE_PLACE_TEST(test_state_of_another_format),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
