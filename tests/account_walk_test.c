/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "books/account.h"
#include "books/record_ledger.h"
#include "state_place.h"

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
		STATE_OPENED_TEST(test_against_list),
		STATE_OPENED_TEST(test_strange_begin),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
