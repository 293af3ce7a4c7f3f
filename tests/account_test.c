/* SPDX-License-Identifier: Apache-2.0 */

#include "books/account.h"
#include "books/record_ledger.h"
#include "state_place.h"

#include <string.h>

/* I1, I4, I11: accounts in the state, their history by entry, and their names. */
enum { SETTLED = 60 };

static struct unit cny(void)
{
	struct unit unit;
	assert_ok(unit_currency(slice_text("CNY"), &unit));
	return unit;
}

static struct recourse_refusal refusal; /* of the last posting */

static enum recourse_error post(
	struct state_view *view, uint64_t entry, uint16_t code, const char *party, int64_t steps)
{
	struct account_posting posting = {.code = code,
		.party = slice_text(party),
		.reference = slice_text("ref"),
		.unit = cny(),
		.steps = steps};
	refusal_clear(&refusal);
	return account_apply(view, entry, &posting, &refusal);
}

static enum recourse_error get(
	struct state_view *view, uint16_t code, const char *party, struct record_account *account)
{
	struct record_path path = account_path(code, slice_text(party), slice_text("ref"), slice_text("CNY"));
	return record_get(view, &path, account, sizeof *account);
}

static void test_balances(void **state)
{
	struct state_view *view = state_place_view(state);
	struct record_account account;
	assert_error(get(view, 1010, "b", &account), RECOURSE_QUERY_NOT_FOUND);
	assert_ok(post(view, 7, 1010, "b", 500));
	assert_ok(post(view, 9, 1010, "b", -200));
	assert_ok(post(view, 9, 2010, "b", -300));
	assert_ok(get(view, 1010, "b", &account));
	assert_int_equal(account.balance, 300);
	assert_true(account.debits == 500);
	assert_int_equal(account.postings, 2);
	assert_int_equal(account.last_entry, 9);
	assert_int_equal(account.number, 1);
	assert_int_equal(account.digits, 2);
	assert_ok(get(view, 2010, "b", &account));
	assert_int_equal(account.balance, -300);
	assert_int_equal(account.number, 2);
	assert_error(get(view, 1010, "c", &account), RECOURSE_QUERY_NOT_FOUND);
}

/* I4: neither side is crossed; zero is not crossing it. The refusal names the account and what it has. */
static void test_never_across_zero(void **state)
{
	struct state_view *view = state_place_view(state);
	assert_error(post(view, 1, 1010, "b", -1), RECOURSE_INSUFFICIENT);
	assert_string_equal(refusal.account, "1010/b/ref/CNY");
	assert_string_equal(refusal.available, "0.00");
	assert_error(post(view, 1, 2010, "b", 1), RECOURSE_INSUFFICIENT);
	assert_ok(post(view, 1, 2010, "b", -500));
	assert_error(post(view, 2, 2010, "b", 501), RECOURSE_INSUFFICIENT);
	assert_string_equal(refusal.needed, "5.01");
	assert_string_equal(refusal.available, "5.00");
	assert_ok(post(view, 2, 2010, "b", 500));
}

static void test_overflow(void **state)
{
	struct state_view *view = state_place_view(state);
	assert_ok(post(view, 1, 1010, "b", INT64_MAX));
	assert_error(post(view, 2, 1010, "b", 1), RECOURSE_OVERFLOW);
	/* what came and went bars nothing that comes later: the turnover has 128 bits */
	assert_ok(post(view, 2, 1010, "b", -INT64_MAX));
	assert_ok(post(view, 3, 1010, "b", INT64_MAX));
	struct record_account account;
	assert_ok(get(view, 1010, "b", &account));
	assert_true(account.debits == 2 * (amount_sum)INT64_MAX && account.balance == INT64_MAX);
	assert_ok(post(view, 3, 2010, "b", INT64_MIN + 1));
	assert_error(post(view, 4, 2010, "b", -2), RECOURSE_OVERFLOW);
	/* below zero there is a number more, which no balance is: it has no negative to be shown by */
	assert_error(post(view, 4, 2010, "b", -1), RECOURSE_OVERFLOW);
	assert_error(post(view, 4, 2010, "c", INT64_MIN), RECOURSE_OVERFLOW);
	assert_error(post(view, 4, 1010, "c", INT64_MIN), RECOURSE_OVERFLOW);
}

/* As of every entry, against the list that was posted, with gaps between the entries. */
static void test_history(void **state)
{
	struct state_view *view = state_place_view(state);
	struct support_random random = support_random_start();
	struct record_account account;
	int64_t balances[SETTLED];
	int64_t debits[SETTLED];
	uint64_t entries[SETTLED];
	uint64_t entry = 3;
	int64_t balance = 0;
	int64_t turnover = 0;
	for (size_t index = 0; index < SETTLED; index++) {
		int64_t steps = 1 + (int64_t)support_random_below(&random, 1000);
		steps = balance > steps && support_random_below(&random, 2) == 0 ? -steps : steps;
		entry += 1 + support_random_below(&random, 4);
		assert_ok(post(view, entry, 1010, "b", steps));
		assert_ok(post(view, entry, 1010, "other", 1));
		balance += steps;
		turnover += steps > 0 ? steps : 0;
		debits[index] = turnover;
		entries[index] = entry;
		balances[index] = balance;
		if (index % 10 == 9)
			state_place_commit(view, entry + 1);
	}
	assert_ok(get(view, 1010, "b", &account));
	struct history_point point;
	int64_t found;
	assert_error(
		account_balance_at(view, account.number, entries[0] - 1, &found), RECOURSE_QUERY_NOT_FOUND);
	for (size_t index = 0; index < SETTLED; index++) {
		uint64_t until = index + 1 < SETTLED ? entries[index + 1] : entries[index] + 5;
		for (uint64_t at = entries[index]; at < until; at++) {
			assert_ok(account_balance_at(view, account.number, at, &found));
			assert_int_equal(found, balances[index]);
			assert_ok(history_at(view, account.number, at, &point));
			assert_int_equal(point.balance, balances[index]);
			assert_true(point.debits == debits[index]);
		}
	}
}

static struct account_posting held(const char *reference, int64_t steps)
{
	return (struct account_posting){.code = CHART_DEPOSIT_FROZEN,
		.party = slice_text("m"),
		.reference = slice_text(reference),
		.unit = cny(),
		.steps = steps};
}

static enum recourse_error get_sum(
	struct state_view *view, uint16_t code, const char *unit, struct record_account *sum)
{
	struct record_path path = account_sum_path(code, slice_text("m"), slice_text(unit));
	return record_get(view, &path, sum, sizeof *sum);
}

/* A1: what is frozen over all references, as of any entry, two postings of one entry included. */
static void test_sums(void **state)
{
	struct state_view *view = state_place_view(state);
	struct record_account sum;
	struct history_point point;
	const struct account_posting postings[] = {
		held("a", -10), held("b", -20), held("a", 4), held("b", 7)};
	static const uint64_t entries[] = {3, 5, 8, 8};
	assert_error(get_sum(view, CHART_DEPOSIT_FROZEN, "CNY", &sum), RECOURSE_QUERY_NOT_FOUND);
	for (size_t index = 0; index < 4; index++)
		assert_ok(account_apply(view, entries[index], &postings[index], &refusal));
	assert_ok(get_sum(view, CHART_DEPOSIT_FROZEN, "CNY", &sum));
	assert_int_equal(sum.balance, -19);
	static const int64_t balances[] = {0, 0, 0, -10, -10, -30, -30, -30, -19, -19};
	for (uint64_t entry = 3; entry < 10; entry++) {
		assert_ok(history_at(view, sum.number, entry, &point));
		assert_int_equal(point.balance, balances[entry]);
	}
	assert_true(point.debits == 11);
	assert_error(get_sum(view, CHART_DEPOSIT_EXIT, "CNY", &sum), RECOURSE_QUERY_NOT_FOUND);
	assert_error(get_sum(view, CHART_DEPOSIT_FROZEN, "JPY", &sum), RECOURSE_QUERY_NOT_FOUND);
	/* what is not kept by reference has no sum */
	assert_ok(post(view, 9, CHART_DEPOSIT, "m", -5));
	assert_error(get_sum(view, CHART_DEPOSIT, "CNY", &sum), RECOURSE_QUERY_NOT_FOUND);
}

static void test_names(void **state)
{
	struct record_path path = account_path(2010, slice_text("a/b"), slice_text(""), slice_text("CNY"));
	struct account_name name;
	char text[40];
	assert_ok(account_name_decode(record_path_slice(&path), &name));
	assert_int_equal(name.code, 2010);
	assert_true(slice_is(name.party, "a/b"));
	assert_int_equal(name.reference.size, 0);
	assert_true(slice_is(name.unit, "CNY"));
	account_name_format(&name, text, sizeof text);
	assert_string_equal(text, "2010/a/b//CNY");
	account_name_format(&name, text, 7);
	assert_string_equal(text, "2010/a");
	for (size_t size = 0; size < path.size; size++)
		assert_error(account_name_decode(slice_of(path.bytes, size), &name), RECOURSE_STORE_CORRUPT);
	path.bytes[path.size++] = 0;
	assert_error(account_name_decode(record_path_slice(&path), &name), RECOURSE_STORE_CORRUPT);
	path.size--;
	path.bytes[1] = RECORD_PARTY & 0xFF;
	assert_error(account_name_decode(record_path_slice(&path), &name), RECOURSE_STORE_CORRUPT);
}

/* Two accounts whose parts run into each other are two accounts. */
static void test_names_do_not_run_together(void **state)
{
	struct record_path first = account_path(2010, slice_text("ab"), slice_text("c"), slice_text("CNY"));
	struct record_path second = account_path(2010, slice_text("a"), slice_text("bc"), slice_text("CNY"));
	assert_false(slice_equal(record_path_slice(&first), record_path_slice(&second)));
}

/* K: all accounts, those of a code, of a party, of both, from any of them on, against a list of them all. */
enum { ACCOUNTS = 60, CODES = 4, PARTIES = 5 };

static const uint16_t codes[CODES] = {1010, 2010, 2020, 9090};
static const char *const parties[PARTIES] = {"", "a", "ab", "b", "z"};

struct listed {
	struct record_path path;
	uint16_t code;
	const char *party;
};

struct world {
	struct state_view *view;
	struct listed list[ACCOUNTS]; /* in the order of their keys */
	size_t count;
};

static bool is_there(const struct world *world, const struct record_path *path)
{
	for (size_t index = 0; index < world->count; index++) {
		if (slice_equal(record_path_slice(&world->list[index].path), record_path_slice(path)))
			return true;
	}
	return false;
}

static void add(struct world *world, const struct listed *listed)
{
	size_t place = world->count++;
	for (; place > 0 && slice_compare(record_path_slice(&world->list[place - 1].path),
				    record_path_slice(&listed->path)) > 0;
		place--)
		world->list[place] = world->list[place - 1];
	world->list[place] = *listed;
}

/* Half of them in the store, half in the overlay. */
static void make_world(struct world *world, void **state)
{
	struct support_random random = support_random_start();
	static const char *const references[] = {"", "i", "j", "i-2"};
	world->count = 0;
	world->view = state_place_view(state);
	while (world->count < ACCOUNTS) {
		struct record_account account = {.number = (uint32_t)world->count + 1};
		struct listed listed = {
			.code = codes[support_random_below(&random, CODES)],
			.party = parties[support_random_below(&random, PARTIES)],
		};
		listed.path = account_path(listed.code, slice_text(listed.party),
			slice_text(references[support_random_below(&random, 4)]), slice_text("CNY"));
		if (is_there(world, &listed.path))
			continue;
		add(world, &listed);
		assert_ok(record_put(world->view, &listed.path, &account, sizeof account));
		if (world->count == ACCOUNTS / 2)
			state_place_commit(world->view, 1);
	}
}

static bool fits(const struct listed *listed, int64_t code, const char *party)
{
	return (code == 0 || listed->code == code) && (party == NULL || strcmp(listed->party, party) == 0);
}

static void check(struct world *world, int64_t code, const char *party, size_t from)
{
	struct account_walk walk = {
		.view = world->view,
		.code = code,
		.one_party = party != NULL,
		.party = slice_text(party == NULL ? "" : party),
	};
	bool first = from == 0;
	if (!first)
		walk.from = world->list[from].path;
	bool reachable = first || fits(&world->list[from], code, party);
	for (size_t index = from; reachable && index < world->count; index++) {
		if (!fits(&world->list[index], code, party))
			continue;
		assert_true(account_walk_next(&walk));
		assert_true(slice_equal(walk.key, record_path_slice(&world->list[index].path)));
		assert_int_equal(walk.name.code, world->list[index].code);
		assert_true(slice_is(walk.name.party, world->list[index].party));
		assert_true(walk.account.number != 0);
		assert_true(account_walk_has(&walk, &walk.name));
	}
	assert_false(account_walk_next(&walk));
	assert_ok(walk.error);
	account_walk_end(&walk);
}

static void test_against_list(void **state)
{
	struct world world;
	make_world(&world, state);
	for (size_t from = 0; from < world.count; from++) {
		check(&world, 0, NULL, from);
		for (size_t code = 0; code < CODES; code++)
			check(&world, codes[code], NULL, from);
		for (size_t party = 0; party < PARTIES; party++) {
			check(&world, 0, parties[party], from);
			for (size_t code = 0; code < CODES; code++)
				check(&world, codes[code], parties[party], from);
		}
	}
	check(&world, 1100, NULL, 0);
	check(&world, 2011, NULL, 0);
	check(&world, 0, "nobody", 0);
}

static void test_strange_begin(void **state)
{
	struct world world;
	make_world(&world, state);
	static const char *const strange[] = {"A", "nonsense"};
	for (size_t index = 0; index < sizeof strange / sizeof strange[0]; index++) {
		struct account_walk none = {
			.view = world.view, .from = record_path_of_key(slice_text(strange[index]))};
		assert_false(account_walk_next(&none));
		assert_ok(none.error);
		account_walk_end(&none);
	}
	/* one that is not there: those behind it */
	struct record_path path = account_path(2010, slice_text("m"), slice_text(""), slice_text("CNY"));
	SCOPED(account_walk_end) struct account_walk walk = {.view = world.view, .from = path};
	assert_true(account_walk_next(&walk));
	assert_true(slice_compare(walk.key, record_path_slice(&path)) > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STATE_OPENED_TEST(test_balances),
		STATE_OPENED_TEST(test_never_across_zero),
		STATE_OPENED_TEST(test_overflow),
		STATE_OPENED_TEST(test_history),
		STATE_OPENED_TEST(test_sums),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_names_do_not_run_together),
		STATE_OPENED_TEST(test_against_list),
		STATE_OPENED_TEST(test_strange_begin),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
