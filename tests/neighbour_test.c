/* SPDX-License-Identifier: Apache-2.0 */
#include "books/neighbour.h"
#include "books/account.h"
#include "books/record_cover.h"
#include "books/record_ledger.h"
#include "state_place.h"

static struct record_path about(const char *party, uint64_t entry)
{
	struct record_path path = record_path_of_text(RECORD_ABOUT_PARTY, slice_text(party));
	record_path_number(&path, entry);
	return path;
}

static struct record_path deposit_of(const char *merchant, const char *unit)
{
	return record_path_of_texts(RECORD_DEPOSIT, slice_text(merchant), slice_text(unit));
}

/* ---- places ---- */

/* A key goes to a place and comes back; what does not lie beside an account lies by its key. */
static void test_place_and_key(void **state)
{
	const struct record_path beside[] = {about("m", 0), about("a-much-longer-id", UINT64_MAX),
		deposit_of("m", "CNY"), record_path_of_text(RECORD_PARTY, slice_text("m"))};
	const struct record_path others[] = {record_path_of_short_text(RECORD_ABOUT, 1, slice_text("m")),
		account_path(CHART_DEPOSIT, slice_text("m"), slice_text(""), slice_text("CNY")),
		account_path(CHART_DEPOSIT, slice_text("m"), slice_text("@17"), slice_text("CNY")),
		record_path_of(RECORD_LEDGER)};
	for (size_t row = 0; row < sizeof beside / sizeof beside[0]; row++) {
		struct record_path at;
		struct record_path back;
		slice key = record_path_slice(&beside[row]);
		slice place = neighbour_place(key, &at);
		assert_false(slice_equal(place, key));
		assert_ptr_equal(tables_of(place), tables_at(RECORD_ACCOUNT));
		assert_ptr_equal(neighbour_table(place), tables_of(key));
		assert_true(slice_equal(neighbour_key(place, &back), key));
	}
	for (size_t row = 0; row < sizeof others / sizeof others[0]; row++) {
		struct record_path at;
		slice key = record_path_slice(&others[row]);
		assert_true(slice_equal(neighbour_place(key, &at), key));
		assert_ptr_equal(neighbour_table(key), tables_of(key));
	}
	(void)state;
}

/* Each of the tables that lie there says where. */
static void test_tables(void **state)
{
	size_t beside = 0;
	for (int number = RECORD_FIRST; number < RECORD_END; number++) {
		struct record_path at;
		struct record_path path = record_path_of_text((enum record_table)number, slice_text("m"));
		const struct table *table = tables_at((enum record_table)number);
		if (table->beside == BESIDE_NOTHING)
			continue;
		assert_int_equal(table->parts[0].kind, TABLE_TEXT);
		assert_ptr_equal(neighbour_table(neighbour_place(record_path_slice(&path), &at)), table);
		beside++;
	}
	assert_int_equal(beside, BESIDE_END - 1);
	(void)state;
}

/* A merchant's rows lie one after the other: what is about it, by entries, then what changes with its deposit, then that. */
static void test_order(void **state)
{
	const struct record_path rows[] = {
		account_path(CHART_CASH, slice_text("m"), slice_text(""), slice_text("CNY")), about("m", 7),
		about("m", 256), record_path_of_text(RECORD_PARTY, slice_text("m")),
		record_path_of_texts(RECORD_COLLATERAL, slice_text("m"), slice_text("CNY")),
		deposit_of("m", "CNY"), deposit_of("m", "EUR"),
		account_path(CHART_DEPOSIT, slice_text("m"), slice_text(""), slice_text("CNY")),
		account_path(CHART_DEPOSIT, slice_text("m"), slice_text("@17"), slice_text("CNY")),
		about("ma", 3), deposit_of("ma", "CNY"), about("n", 1),
		account_path(CHART_DEPOSIT_FROZEN, slice_text("m"), slice_text("i"), slice_text("CNY"))};
	for (size_t row = 1; row < sizeof rows / sizeof rows[0]; row++) {
		struct record_path before;
		struct record_path at;
		slice lower = neighbour_place(record_path_slice(&rows[row - 1]), &before);
		assert_true(slice_compare(lower, neighbour_place(record_path_slice(&rows[row]), &at)) < 0);
	}
	(void)state;
}

/* A place to begin with comes from outside now and then, and may be any bytes of any length. */
static void test_any_bytes(void **state)
{
	struct record_path path = record_path_of(RECORD_DEPOSIT);
	struct record_path at;
	for (size_t size = path.size; size <= sizeof path.bytes; size++) {
		memset(path.bytes + 2, size % 2 == 0 ? 'c' : 0, size - 2);
		path.size = size;
		assert_true(neighbour_place(record_path_slice(&path), &at).size <= sizeof at.bytes);
	}
	(void)state;
}

/* ---- walks ---- */

enum { MERCHANTS = 5, UNITS = 4, ABOUT = 9 };

static void put_account(struct state_view *view, enum chart_code code, const char *party)
{
	struct record_path path = account_path(code, slice_text(party), slice_text(""), slice_text("CNY"));
	struct record_account account = {.postings = 1};
	assert_ok(record_put(view, &path, &account, sizeof account));
}

static void put_all(struct state_view *view)
{
	for (char name[] = "a"; name[0] < 'a' + MERCHANTS; name[0]++) {
		static const char *const units[UNITS] = {"CNY", "EUR", "JPY", "USD"};
		struct record_path party = record_path_of_text(RECORD_PARTY, slice_text(name));
		const struct record_party known = {.number = 1};
		assert_ok(record_put(view, &party, &known, sizeof known));
		put_account(view, CHART_CASH, name);
		put_account(view, CHART_DEPOSIT, name);
		for (size_t unit = 0; unit < UNITS; unit++) {
			struct record_path path = deposit_of(name, units[unit]);
			struct record_deposit deposit = {.last_entry = 1};
			assert_ok(record_put(view, &path, &deposit, sizeof deposit));
		}
		for (uint64_t entry = 0; entry < ABOUT; entry++) {
			struct record_path path = about(name, entry);
			assert_ok(record_put(view, &path, NULL, 0));
		}
	}
}

/* Each key is of the walk's table, and beyond the one before. */
static size_t count_from(struct state_view *view, const struct record_path *prefix,
	const struct record_path *from, enum state_direction direction)
{
	struct record_path before = {.size = 0};
	size_t count = 0;
	SCOPED(record_walk_end) struct record_walk walk = record_walk_from(view, prefix, from, direction);
	for (; record_walk_next(&walk, NULL, 0); count++) {
		int order = slice_compare(record_path_slice(&before), walk.bytes);
		assert_true(count == 0 || (direction == STATE_UP ? order < 0 : order > 0));
		assert_ptr_equal(tables_of(walk.bytes), tables_of(record_path_slice(prefix)));
		before = record_path_of_key(walk.bytes);
	}
	assert_ok(walk.error);
	return count;
}

static size_t count(struct state_view *view, struct record_path prefix)
{
	const struct record_path start = {.size = 0};
	size_t up = count_from(view, &prefix, &start, STATE_UP);
	assert_int_equal(count_from(view, &prefix, &prefix, STATE_UP), up);
	assert_int_equal(count_from(view, &prefix, &start, STATE_DOWN), up);
	return up;
}

/* Walks come by the rows of their own table alone, in the order of its keys, whatever lies between. */
static void look(struct state_view *view)
{
	slice b = slice_text("b");
	assert_int_equal(count(view, record_path_of(RECORD_ACCOUNT)), 2 * MERCHANTS);
	assert_int_equal(count(view, record_path_of(RECORD_DEPOSIT)), UNITS * MERCHANTS);
	assert_int_equal(count(view, record_path_of(RECORD_ABOUT_PARTY)), ABOUT * MERCHANTS);
	assert_int_equal(count(view, record_path_of(RECORD_COLLATERAL)), 0);
	assert_int_equal(count(view, record_path_of(RECORD_PARTY)), MERCHANTS);
	assert_int_equal(count(view, record_path_of_text(RECORD_DEPOSIT, b)), UNITS);
	assert_int_equal(count(view, record_path_of_text(RECORD_ABOUT_PARTY, b)), ABOUT);
	assert_int_equal(count(view, record_path_of_short(RECORD_ACCOUNT, CHART_CASH)), MERCHANTS);
	assert_int_equal(count(view, record_path_of_short(RECORD_ACCOUNT, CHART_DEPOSIT)), MERCHANTS);
	struct record_path account = record_path_of_short_text(RECORD_ACCOUNT, CHART_DEPOSIT, b);
	assert_int_equal(count(view, account), 1);
	record_path_text(&account, slice_text(""));
	assert_int_equal(count(view, account), 1);
}

static void test_walks(void **state)
{
	struct state_view *view = state_place_view(state);
	put_all(view);
	look(view);
	state_place_commit(view, 1);
	look(view);
}

static void test_walks_from_a_place(void **state)
{
	struct state_view *view = state_place_view(state);
	const struct record_path all = record_path_of(RECORD_DEPOSIT);
	struct record_path from = deposit_of("c", "EUR");
	put_all(view);
	assert_int_equal(count_from(view, &all, &from, STATE_UP), 11);
	assert_int_equal(count_from(view, &all, &from, STATE_DOWN), 10);
	from.size = all.size + 1; /* no whole id */
	assert_int_equal(count_from(view, &all, &from, STATE_UP), 12);
	assert_int_equal(count_from(view, &all, &from, STATE_DOWN), 8);
	memset(from.bytes + all.size, 'c', sizeof from.bytes - all.size);
	from.size = sizeof from.bytes;
	assert_int_equal(count_from(view, &all, &from, STATE_UP), 8);
}

/* What lies there and is of no table ends a walk with an error. */
static void test_walk_that_finds_a_wrong_place(void **state)
{
	static const uint8_t wrong[] = {0, BESIDE_END, BESIDE_END + 1};
	struct state_view *view = state_place_view(state);
	const struct record_path accounts = record_path_of(RECORD_ACCOUNT);
	for (size_t row = 0; row < sizeof wrong / sizeof wrong[0]; row++) {
		state_mark_t before = state_mark(view);
		struct record_path path = record_path_of_text(RECORD_DEPOSIT, slice_text("a"));
		struct record_path at;
		slice place = neighbour_place(record_path_slice(&path), &at);
		at.bytes[at.size - 1] = wrong[row];
		assert_ok(state_put(view, place, slice_of(NULL, 0)));
		struct record_walk walk = record_walk_over(view, &accounts);
		assert_false(record_walk_next(&walk, NULL, 0));
		assert_error(walk.error, RECOURSE_STORE_CORRUPT);
		record_walk_end(&walk);
		state_rollback(view, before);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_place_and_key),
		cmocka_unit_test(test_tables),
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_any_bytes),
		STATE_OPENED_TEST(test_walks),
		STATE_OPENED_TEST(test_walks_from_a_place),
		STATE_OPENED_TEST(test_walk_that_finds_a_wrong_place),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
