/* SPDX-License-Identifier: Apache-2.0 */
#include "connection.h"
#include "host_clock.h"
#include "support.h"

enum { SMALL = 5 };

static struct connections *make(size_t connections, size_t requests, size_t total, size_t bytes)
{
	const struct connection_limits limits = {
		.connections_max = connections,
		.requests_max = requests,
		.total_requests = total,
		.total_bytes = bytes,
		.small_size = SMALL,
		.spare = 1,
		.idle_ms = 100,
		.pressed_ms = 40,
	};
	struct connections *made;
	assert_ok(connection_table_make(&limits, &made));
	return made;
}

static void free_table(struct connections **table)
{
	connection_table_free(*table);
}

static void limits_of_one(void **state)
{
	SCOPED(free_table) struct connections *table = make(4, 2, 100, 1000);
	assert_true(connection_add(table, 1, 0));
	assert_int_equal(connection_enter(table, 9, 1, 0), CONNECTION_DROP);
	assert_int_equal(connection_enter(table, 1, 1, 0), CONNECTION_FREE);
	assert_int_equal(connection_enter(table, 1, 1, 0), CONNECTION_TAKEN);
	assert_int_equal(connection_enter(table, 1, 1, 0), CONNECTION_BUSY);
	/* An answered request makes room at once, though its reply is still on its way. */
	connection_leave(table, 1, false, 0, 0);
	connection_reply(table, 1, CONNECTION_FREE, 1, 1);
	assert_int_equal(connection_enter(table, 1, 1, 0), CONNECTION_TAKEN);
	assert_int_equal(connection_enter(table, 1, 1, 0), CONNECTION_BUSY);
	/* Two requests and two replies: it does not read. */
	assert_int_equal(connection_enter(table, 1, 1, 0), CONNECTION_DROP);
	connection_leave(table, 1, true, 1, 0);
	assert_int_equal(connection_enter(table, 1, 1, 0), CONNECTION_DROP);
}

static void limits_of_all(void **state)
{
	SCOPED(free_table) struct connections *table = make(4, 10, 6, 200);
	assert_true(connection_add(table, 1, 0));
	assert_true(connection_add(table, 2, 0));
	assert_int_equal(connection_enter(table, 1, 500, 0), CONNECTION_TAKEN); /* one alone always fits */
	assert_int_equal(connection_enter(table, 2, SMALL + 1, 0), CONNECTION_BUSY);
	connection_reply(table, 1, CONNECTION_TAKEN, 500, 7);
	connection_leave(table, 1, true, 7, 0);
	/* strangers leave as much as they have */
	assert_int_equal(connection_enter(table, 1, 60, 0), CONNECTION_TAKEN);
	assert_int_equal(connection_enter(table, 2, 81, 0), CONNECTION_BUSY);
	assert_int_equal(connection_enter(table, 2, 20, 0), CONNECTION_TAKEN);
	assert_int_equal(connection_enter(table, 2, 20, 0), CONNECTION_TAKEN);
	assert_int_equal(connection_enter(table, 1, 0, 0), CONNECTION_BUSY);
	connection_stop(table);
	assert_int_equal(connection_enter(table, 1, 0, 0), CONNECTION_STOPPING);
	assert_false(connection_drain(table, 20, 20));
}

/* What was taken is waited for, until it is answered and until that is gone; what is refused meanwhile is not. */
static void drains(void **state)
{
	SCOPED(free_table) struct connections *table = make(4, 10, 3, 100);
	assert_true(connection_add(table, 1, 0));
	assert_int_equal(connection_enter(table, 1, 1, 0), CONNECTION_FREE);
	connection_stop(table);
	assert_false(connection_drain(table, 20, 1000));
	connection_reply(table, 1, CONNECTION_FREE, 1, 9);
	assert_int_equal(connection_enter(table, 1, 1, 0), CONNECTION_STOPPING);
	assert_false(connection_drain(table, 0, 20));
	connection_leave(table, 1, true, 9, 0);
	assert_true(connection_drain(table, 0, 0));
	assert_int_equal(connection_count(table).replies, 0);
	connection_leave(table, 1, false, 0, 0);
}

/* After a fault nobody answers, and who drains has nothing to wait for (J4). */
static void abandoned(void **state)
{
	SCOPED(free_table) struct connections *table = make(4, 10, 3, 100);
	uint64_t begun = host_clock_monotonic();
	assert_true(connection_add(table, 1, 0));
	assert_int_equal(connection_enter(table, 1, 1, 0), CONNECTION_FREE);
	connection_stop(table);
	connection_abandon(table);
	assert_false(connection_drain(table, 2000, 0));
	assert_true(host_clock_monotonic() - begun < HOST_CLOCK_SECOND);
}

static void sweeps(void **state)
{
	SCOPED(free_table) struct connections *table = make(4, 2, 10, 100);
	uint32_t numbers[4];
	assert_true(connection_add(table, 1, 0));
	assert_true(connection_add(table, 2, 50));
	assert_int_equal(connection_sweep(table, 99, numbers, 4), 0);
	assert_int_equal(connection_sweep(table, 100, numbers, 4), 1);
	assert_int_equal(numbers[0], 1);
	assert_int_equal(connection_sweep(table, 100, numbers, 4), 0);
	assert_false(connection_stuck(table, 200, 100));
	assert_true(connection_stuck(table, 201, 100));
	connection_remove(table, 1);
	assert_false(connection_stuck(table, 201, 100));
	assert_int_equal(connection_enter(table, 2, 1, 110), CONNECTION_FREE);
	connection_condemn(table, 2);
	assert_int_equal(connection_sweep(table, 900, numbers, 4), 0);
	connection_reply(table, 2, CONNECTION_FREE, 1, 1);
	connection_leave(table, 2, true, 1, 900);
	assert_int_equal(connection_sweep(table, 900, numbers, 4), 1);
}

/* More replies lie there than may: who has some asks in vain, who does not is served, and who takes none is closed. */
static void pressed_by_replies(void **state)
{
	SCOPED(free_table) struct connections *table = make(4, 5, 10, 100);
	uint32_t numbers[4];
	assert_true(connection_add(table, 1, 0));
	assert_true(connection_add(table, 2, 0));
	assert_int_equal(connection_enter(table, 1, 1, 10), CONNECTION_FREE);
	connection_reply(table, 1, CONNECTION_FREE, 1, 101);
	assert_int_equal(connection_enter(table, 1, 1, 20), CONNECTION_BUSY);
	assert_int_equal(connection_enter(table, 2, 1, 20), CONNECTION_FREE);
	assert_int_equal(connection_sweep(table, 59, numbers, 4), 0);
	assert_int_equal(connection_sweep(table, 60, numbers, 4), 1);
	assert_int_equal(numbers[0], 1);
	assert_false(connection_stuck(table, 1000, 100)); /* not while something is in flight */
	connection_leave(table, 1, false, 0, 61);
	connection_leave(table, 1, true, 101, 61);
	assert_true(connection_stuck(table, 162, 100));
}

/* A full table lets a newcomer in: who has said nothing for longest gives way, and who has proven a key last. */
static void full_of_silence(void **state)
{
	SCOPED(free_table) struct connections *table = make(2, 2, 10, 100);
	uint32_t numbers[2];
	assert_true(connection_add(table, 1, 0));
	assert_true(connection_add(table, 2, 1));
	assert_true(connection_prove(table, 1, 1));
	assert_true(connection_add(table, 3, 2)); /* for 2 */
	/* there is no place before 2 is gone: who knocks meanwhile, however often, drives out nobody */
	assert_false(connection_add(table, 4, 3));
	assert_false(connection_add(table, 4, 50));
	assert_int_equal(connection_sweep(table, 3, numbers, 2), 1);
	assert_int_equal(numbers[0], 2);
	connection_remove(table, 2);
	/* of two that stay, one is on its way already: the next one has its place */
	connection_condemn(table, 3);
	assert_int_equal(connection_sweep(table, 4, numbers, 2), 1);
	assert_int_equal(numbers[0], 3);
	assert_true(connection_add(table, 5, 41));
	assert_int_equal(connection_sweep(table, 41, numbers, 2), 0);
	connection_remove(table, 3);
	assert_true(connection_prove(table, 5, 5));
	assert_false(connection_add(table, 6, 39)); /* both are known, and not silent for a while */
	assert_int_equal(connection_sweep(table, 39, numbers, 2), 0);
	assert_true(connection_add(table, 6, 42));
	assert_int_equal(connection_sweep(table, 40, numbers, 2), 1);
	assert_int_equal(numbers[0], 1);
}

/* Who is known is silent most of the time: a stranger that asks, and takes no answer, does not get its place. */
static void full_of_strangers_that_ask(void **state)
{
	SCOPED(free_table) struct connections *table = make(2, 2, 10, 100);
	uint32_t numbers[2];
	assert_true(connection_add(table, 1, 0));
	assert_true(connection_prove(table, 1, 1));
	for (uint32_t number = 2; number < 5; number++) {
		assert_true(connection_add(table, number, 40 + number));
		assert_int_equal(connection_enter(table, number, 1, 40 + number), CONNECTION_FREE);
		bool first = number == 2;
		assert_int_equal(connection_sweep(table, 50, numbers, 2), first ? 0 : 1);
		if (first)
			continue;
		assert_int_equal(numbers[0], number - 1);
		connection_remove(table, number - 1);
	}
}

/* However much is in flight, who has nothing in flight may ask one small thing. */
static void one_of_each(void **state)
{
	SCOPED(free_table) struct connections *table = make(4, 10, 4, 200);
	assert_true(connection_add(table, 1, 0));
	assert_true(connection_add(table, 2, 0));
	assert_int_equal(connection_enter(table, 1, 50, 0), CONNECTION_TAKEN);
	assert_int_equal(connection_enter(table, 1, 50, 0), CONNECTION_TAKEN);
	assert_int_equal(connection_enter(table, 1, SMALL, 0), CONNECTION_BUSY);
	assert_int_equal(connection_enter(table, 2, SMALL + 1, 0), CONNECTION_BUSY);
	assert_int_equal(connection_enter(table, 2, SMALL, 0), CONNECTION_FREE);
	assert_int_equal(connection_enter(table, 2, SMALL, 0), CONNECTION_BUSY);
}

static size_t take_all(struct connections *table, uint32_t number)
{
	size_t taken = 0;
	while (connection_enter(table, number, SMALL + 1, 0) == CONNECTION_TAKEN)
		taken++;
	return taken;
}

/* Whoever floods, what is left is as much as he has: others, who ask for less, are not refused. */
static void parties_leave_room(void **state)
{
	enum { TOTAL = 24 };
	SCOPED(free_table) struct connections *table = make(8, 100, TOTAL, 10000);
	for (uint32_t number = 1; number <= 6; number++)
		assert_true(connection_add(table, number, 0));
	assert_int_equal(take_all(table, 6), TOTAL / 2); /* strangers: nobody misses that */
	for (uint32_t number = 1; number <= 4; number++)
		assert_true(connection_prove(table, number, number / 2));
	assert_int_equal(take_all(table, 2), TOTAL / 2);
	assert_int_equal(take_all(table, 3), 0); /* of the same party */
	assert_int_equal(take_all(table, 4), TOTAL / 4);
	assert_int_equal(take_all(table, 1), TOTAL / 8);
	assert_int_equal(take_all(table, 5), 0);
	/* what one had goes with it, and what is answered is there again */
	connection_remove(table, 2);
	connection_reply(table, 2, CONNECTION_TAKEN, SMALL + 1, 1);
	assert_int_equal(take_all(table, 4), (TOTAL - TOTAL / 8 + 1) / 2 - TOTAL / 4);
	connection_reply(table, 4, CONNECTION_TAKEN, SMALL + 1, 1);
	assert_int_equal(take_all(table, 4), 1);
	/* a stranger that turns out to be one brings what it has */
	assert_true(connection_prove(table, 6, 9));
	assert_int_equal(take_all(table, 5), 0);
	assert_int_equal(take_all(table, 3), 0);
}

/* A party's connections come before strangers' as long as they leave as many places. */
static void places_of_a_party(void **state)
{
	SCOPED(free_table) struct connections *table = make(8, 2, 10, 100);
	uint32_t numbers[1];
	for (uint32_t number = 1; number <= 8; number++) {
		assert_true(connection_add(table, number, number));
		assert_int_equal(connection_prove(table, number, number / 7),
			number <= 4 || number == 7 || number == 8);
	}
	assert_true(connection_add(table, 9, 10));
	assert_int_equal(connection_sweep(table, 10, numbers, 1), 1);
	assert_int_equal(numbers[0], 5);
	/* where one of them is gone, another one has its rank */
	connection_remove(table, 1);
	assert_false(connection_prove(table, 6, 0));
	connection_remove(table, 7);
	assert_true(connection_prove(table, 6, 0));
}

/* What others leave lying there is not the fault of who has a key and takes what it gets. */
static void pressed_by_others(void **state)
{
	SCOPED(free_table) struct connections *table = make(4, 5, 10, 100);
	for (uint32_t number = 1; number <= 2; number++) {
		assert_true(connection_add(table, number, 0));
		assert_int_equal(connection_enter(table, number, 1, 0), CONNECTION_FREE);
	}
	assert_true(connection_prove(table, 2, 2));
	connection_reply(table, 1, CONNECTION_FREE, 1, 101);
	connection_reply(table, 2, CONNECTION_FREE, 1, SMALL);
	assert_true(connection_pressed(table, 1));
	assert_false(connection_pressed(table, 2));
	assert_int_equal(connection_enter(table, 2, 1, 0), CONNECTION_FREE);
	connection_reply(table, 2, CONNECTION_FREE, 1, 1);
	assert_true(connection_pressed(table, 2));
}

/* Messages that do not come to their end share what there is; the one that lasts longest gives way. */
static void unfinished(void **state)
{
	SCOPED(free_table) struct connections *table = make(4, 10, 10, 100);
	uint32_t numbers[4];
	for (uint32_t number = 1; number <= 3; number++)
		assert_true(connection_add(table, number, 0));
	assert_true(connection_prove(table, 1, 1));
	assert_true(connection_hold(table, 1, 40));
	assert_true(connection_hold(table, 2, 40));
	assert_true(connection_hold(table, 3, 20));
	assert_int_equal(connection_sweep(table, 3, numbers, 4), 0);
	assert_false(connection_hold(table, 2, 81)); /* its own lasts longest of those without a key */
	assert_true(connection_hold(table, 3, 61));
	assert_int_equal(connection_sweep(table, 4, numbers, 4), 1);
	assert_int_equal(numbers[0], 2);
	connection_remove(table, 2);
	assert_true(connection_hold(table, 3, 0));
	assert_false(connection_hold(table, 9, 1));
}

/*
 * Who has a key and never ends its messages has what is left for others, on however many connections, and no more: the
 * messages of others come to their end beside it (J6).
 */
static void unfinished_of_parties(void **state)
{
	SCOPED(free_table) struct connections *table = make(8, 10, 10, 100);
	uint32_t number = 1;
	size_t held = 0;
	for (; number <= 8; number++)
		assert_true(connection_add(table, number, 0));
	assert_true(connection_hold(
		table, 5, 10)); /* what a stranger holds is its party's when it proves its key */
	for (number = 1; number <= 5; number++) {
		bool known = connection_prove(table, number, 1);
		assert_int_equal(known, number <= 4); /* as many places are left for others */
		held += connection_hold(table, number, 25) ? 25 : 0;
	}
	assert_int_equal(held, 100);
	assert_false(connection_hold(table, 1, 26));
	assert_true(connection_prove(table, 6, 2));
	assert_true(connection_hold(table, 6, 50));
	assert_true(connection_hold(table, 7, 60)); /* a stranger as before, */
	assert_true(connection_hold(table, 8, 60)); /* for whom a stranger gives way, and nobody else */
	assert_int_equal(connection_sweep(table, 0, &number, 1), 1);
	assert_int_equal(number, 7);
	assert_true(connection_hold(table, 1, 20));
	assert_false(connection_hold(table, 8, 100));
	connection_remove(table, 6);
	assert_true(connection_hold(table, 3, 10));
	assert_true(connection_hold(table, 2, 30));
	assert_true(connection_prove(table, 8, 3));
	assert_false(connection_hold(table, 2, 31));
	assert_true(connection_hold(table, 8, 0));
	assert_true(connection_hold(table, 2, 31));
}

/* Another thread can have looked at the clock, and seen it, after the sweep looked. */
static void seen_after_the_sweep_began(void **state)
{
	SCOPED(free_table) struct connections *table = make(4, 2, 10, 100);
	uint32_t numbers[4];
	assert_true(connection_add(table, 1, 1001));
	assert_int_equal(connection_sweep(table, 1000, numbers, 4), 0);
	assert_int_equal(connection_enter(table, 1, 1, 1003), CONNECTION_FREE);
	connection_reply(table, 1, CONNECTION_FREE, 1, 1);
	connection_leave(table, 1, true, 1, 1003);
	assert_int_equal(connection_sweep(table, 1002, numbers, 4), 0);
	assert_int_equal(connection_sweep(table, 1103, numbers, 4), 1);
	assert_false(connection_stuck(table, 1102, 0));
}

/* Against a plain array: who is there, whatever the hash does with the numbers. */
enum { PLACES = 32, STEPS = 20000, NUMBERS = 200 };

static void adds_and_removes(void **state)
{
	struct support_random random = support_random_start();
	SCOPED(free_table) struct connections *table = make(PLACES, 4, 1000, 1000);
	bool there[NUMBERS] = {false};
	size_t count = 0;
	for (int step = 0; step < STEPS; step++) {
		uint32_t number = 1 + (uint32_t)support_random_below(&random, NUMBERS - 1);
		if (support_random_below(&random, 2) == 0 && !there[number]) {
			bool room = connection_add(table, number << 20, 0);
			assert_true(room ? count <= PLACES : count >= PLACES);
			there[number] = room;
			count += room;
		} else if (there[number]) {
			connection_remove(table, number << 20);
			there[number] = false;
			count--;
		}
		uint32_t other = 1 + (uint32_t)support_random_below(&random, NUMBERS - 1);
		enum connection_verdict verdict = connection_enter(table, other << 20, 1, 0);
		assert_int_equal(verdict, there[other] ? CONNECTION_FREE : CONNECTION_DROP);
		if (verdict == CONNECTION_FREE) {
			connection_reply(table, other << 20, CONNECTION_FREE, 1, 1);
			connection_leave(table, other << 20, true, 1, 0);
		}
		assert_int_equal(connection_count(table).connections, count);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(limits_of_one),
		cmocka_unit_test(limits_of_all),
		cmocka_unit_test(drains),
		cmocka_unit_test(abandoned),
		cmocka_unit_test(sweeps),
		cmocka_unit_test(pressed_by_replies),
		cmocka_unit_test(full_of_silence),
		cmocka_unit_test(full_of_strangers_that_ask),
		cmocka_unit_test(one_of_each),
		cmocka_unit_test(parties_leave_room),
		cmocka_unit_test(places_of_a_party),
		cmocka_unit_test(pressed_by_others),
		cmocka_unit_test(unfinished),
		cmocka_unit_test(unfinished_of_parties),
		cmocka_unit_test(seen_after_the_sweep_began),
		cmocka_unit_test(adds_and_removes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
