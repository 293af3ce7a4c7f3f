/* SPDX-License-Identifier: Apache-2.0 */
#include "host_clock.h"
#include "queue.h"
#include "support.h"

#include <pthread.h>
#include <string.h>

static void in_order_and_urgent_first(void **state)
{
	struct queue *queue;
	struct job jobs[4] = {{0}};
	struct job *urgent[] = {&jobs[2], &jobs[3]};
	assert_ok(queue_make(2, &queue));
	assert_true(queue_offer(queue, &jobs[0]));
	assert_true(queue_offer(queue, &jobs[1]));
	struct job over = {0};
	assert_false(queue_offer(queue, &over));
	queue_return(queue, urgent, 2); /* beyond the bound: it was counted once already */
	assert_ptr_equal(queue_take(queue), &jobs[2]);
	assert_ptr_equal(queue_take(queue), &jobs[3]);
	assert_ptr_equal(queue_take(queue), &jobs[0]);
	queue_close(queue);
	assert_false(queue_offer(queue, &over));
	assert_ptr_equal(queue_take(queue), &jobs[1]);
	assert_null(queue_take(queue));
	queue_free(queue);
}

static void groups(void **state)
{
	struct queue *queue;
	struct job jobs[5] = {
		{.commands = 6}, {.commands = 4}, {.commands = 1}, {.commands = 20}, {.commands = 1}};
	struct job *group[4];
	assert_ok(queue_make(8, &queue));
	for (size_t index = 0; index < 5; index++)
		assert_true(queue_offer(queue, &jobs[index]));
	assert_int_equal(queue_take_group(queue, UINT64_MAX, 10, group, 4), 2);
	assert_ptr_equal(group[1], &jobs[1]);
	assert_int_equal(queue_take_group(queue, UINT64_MAX, 10, group, 4), 1);
	assert_int_equal(
		queue_take_group(queue, UINT64_MAX, 10, group, 4), 1); /* larger than a group, alone */
	assert_ptr_equal(group[0], &jobs[3]);
	assert_int_equal(queue_take_group(queue, UINT64_MAX, 10, group, 4), 1);
	uint64_t start = host_clock_monotonic();
	assert_int_equal(queue_take_group(queue, start + 20 * HOST_CLOCK_MILLISECOND, 10, group, 4), 0);
	assert_true(host_clock_monotonic() - start >= 20 * HOST_CLOCK_MILLISECOND);
	assert_false(queue_is_closed(queue));
	queue_free(queue);
}

static void abandoned(void **state)
{
	struct queue *queue;
	struct job jobs[2] = {{0}};
	struct job *late = &jobs[1];
	assert_ok(queue_make(8, &queue));
	assert_true(queue_offer(queue, &jobs[0]));
	queue_abandon(queue);
	assert_true(queue_is_closed(queue));
	assert_null(queue_take(queue));
	queue_return(queue, &late, 1);
	assert_null(queue_take(queue));
	assert_int_equal(queue_take_group(queue, UINT64_MAX, 10, &late, 1), 0);
	/* none is lost: whoever ends the queue gets them all */
	assert_ptr_equal(queue_take_left(queue), &jobs[1]);
	assert_ptr_equal(queue_take_left(queue), &jobs[0]);
	assert_null(queue_take_left(queue));
	queue_free(queue);
}

/* Who sends much waits for himself; in a lane the order stays. */
static void in_turn(void **state)
{
	enum { LARGE = 1 << 20, SMALL = 1 << 10 };
	struct queue *queue;
	struct queue_lane lanes[4] = {{0}};
	struct job large[3];
	struct job small[3];
	struct job late = {.weight = SMALL, .lane = &lanes[0]};
	assert_ok(queue_make(16, &queue));
	for (size_t index = 0; index < 3; index++) {
		large[index] = (struct job){.weight = LARGE, .lane = &lanes[index]};
		small[index] = (struct job){.weight = SMALL, .lane = &lanes[3]};
		assert_true(queue_offer(queue, &large[index]));
	}
	assert_true(queue_offer(queue, &late));
	/* one large one was taken before, and no more: the small ones that came after them all are next */
	assert_ptr_equal(queue_take(queue), &large[0]);
	for (size_t index = 0; index < 3; index++)
		assert_true(queue_offer(queue, &small[index]));
	for (size_t index = 0; index < 3; index++)
		assert_ptr_equal(queue_take(queue), &small[index]);
	assert_ptr_equal(queue_take(queue), &large[1]);
	assert_ptr_equal(queue_take(queue), &large[2]);
	assert_ptr_equal(queue_take(queue), &late);
	/* nobody saves anything up: who was away begins where the others are */
	assert_true(queue_offer(queue, &large[1]));
	assert_true(queue_offer(queue, &small[0]));
	assert_true(queue_offer(queue, &late));
	assert_ptr_equal(queue_take(queue), &small[0]);
	assert_ptr_equal(queue_take(queue), &late);
	assert_ptr_equal(queue_take(queue), &large[1]);
	queue_free(queue);
}

/* What turned out to be dear is made up for by who asked: those who wait, and those who come, go first. */
static void what_it_took_is_charged(void **state)
{
	struct queue *queue;
	struct queue_lane lanes[2] = {{0}};
	struct job dear[] = {{.weight = 1, .lane = &lanes[0]}, {.weight = 1, .lane = &lanes[0]}};
	struct job cheap[] = {{.weight = 5, .lane = &lanes[1]}, {.weight = 5, .lane = &lanes[1]}};
	assert_ok(queue_make(4, &queue));
	assert_true(queue_offer(queue, &dear[0]));
	assert_true(queue_offer(queue, &dear[1]));
	assert_true(queue_offer(queue, &cheap[0]));
	assert_ptr_equal(queue_take(queue), &dear[0]);
	queue_charge(queue, &lanes[0], 100);
	assert_ptr_equal(queue_take(queue), &cheap[0]);
	assert_ptr_equal(queue_take(queue), &dear[1]);
	queue_charge(queue, &lanes[0], 100); /* nothing of it waits */
	assert_true(queue_offer(queue, &dear[0]));
	assert_true(queue_offer(queue, &cheap[1]));
	assert_ptr_equal(queue_take(queue), &cheap[1]);
	assert_ptr_equal(queue_take(queue), &dear[0]);
	queue_free(queue);
}

/* Lanes of a group have together what one alone has, and each of them its turn. */
static void groups_of_lanes(void **state)
{
	enum { OTHERS = 50 };
	struct queue *queue;
	struct queue_group group = {0};
	struct queue_lane lanes[OTHERS];
	struct queue_lane alone = {0};
	struct job jobs[OTHERS][2];
	struct job own[OTHERS];
	assert_ok(queue_make(3 * OTHERS, &queue));
	for (size_t index = 0; index < OTHERS; index++) {
		lanes[index] = (struct queue_lane){.group = &group};
		for (size_t job = 0; job < 2; job++) {
			jobs[index][job] = (struct job){.weight = 100, .lane = &lanes[index]};
			assert_true(queue_offer(queue, &jobs[index][job]));
		}
		own[index] = (struct job){.weight = 100, .lane = &alone};
		assert_true(queue_offer(queue, &own[index]));
	}
	size_t taken = 0;
	size_t seen[OTHERS] = {0};
	for (size_t turn = 0; turn < OTHERS; turn++) {
		const struct job *job = queue_take(queue);
		taken += job->lane == &alone;
		if (job->lane != &alone)
			assert_int_equal(seen[job->lane - lanes]++, 0);
	}
	assert_in_range(taken, OTHERS / 2 - 5, OTHERS / 2 + 5);
	while (taken < OTHERS)
		taken += queue_take(queue)->lane == &alone;
	for (size_t left = group.waiting; left > 0; left = group.waiting)
		assert_non_null(queue_take(queue));
	queue_close(queue);
	assert_null(queue_take(queue));
	queue_free(queue);
}

/* Against a walk through all lanes: whose tag is least, and of equals who has waited for longer, is next. */
static void as_a_walk_would(void **state)
{
	enum { LANES = 40, STEPS = 20000 };
	struct support_random random = support_random_start();
	static struct queue_lane lanes[LANES];
	static struct job jobs[LANES];
	struct queue *queue;
	memset(lanes, 0, sizeof lanes);
	assert_ok(queue_make(LANES, &queue));
	for (int step = 0; step < STEPS; step++) {
		size_t place = support_random_below(&random, LANES);
		struct queue_lane *next = NULL;
		if (support_random_below(&random, 8) == 0)
			queue_charge(queue, &lanes[place], support_random_below(&random, 50));
		if (lanes[place].first == NULL) {
			jobs[place] = (struct job){
				.lane = &lanes[place], .weight = support_random_below(&random, 30)};
			assert_true(queue_offer(queue, &jobs[place]));
		}
		if (support_random_below(&random, 2) == 0)
			continue;
		for (struct queue_lane *lane = lanes; lane < lanes + LANES; lane++) {
			bool before = next == NULL || lane->end < next->end ||
				      (lane->end == next->end && lane->number < next->number);
			if (lane->first != NULL && before)
				next = lane;
		}
		assert_ptr_equal(queue_take(queue)->lane, next);
	}
	queue_free(queue);
}

/* However many small ones come, each with a lane of its own, what came before them is taken. */
static void among_many_lanes(void **state)
{
	enum { LANES = 4096, SMALL = 2048, LARGE = 2 * SMALL };
	static struct queue_lane lanes[2 * LANES];
	static struct job small[2 * LANES];
	struct queue *queue;
	struct queue_lane lane = {0};
	struct job large = {.weight = LARGE, .lane = &lane};
	assert_ok(queue_make(LANES + 1, &queue));
	assert_true(queue_offer(queue, &large));
	const struct job *taken = NULL;
	size_t count = 0;
	for (; count < 4 * LANES && taken != &large; count++) {
		if (count >= LANES)
			taken = queue_take(queue);
		size_t place = count % (2 * LANES);
		memset(&lanes[place], 0, sizeof lanes[place]);
		small[place] = (struct job){.weight = SMALL, .lane = &lanes[place]};
		assert_true(queue_offer(queue, &small[place]));
	}
	assert_ptr_equal(taken, &large);
	queue_free(queue);
}

enum { GIVERS = 3, TAKERS = 3, EACH = 5000 };

struct crowd {
	struct queue *queue;
	struct job jobs[GIVERS][EACH];
	pthread_mutex_t mutex;
	size_t taken;
};

struct giver {
	struct crowd *crowd;
	size_t number;
	pthread_t thread;
};

static void *give(void *argument)
{
	struct giver *giver = argument;
	for (size_t index = 0; index < EACH; index++) {
		struct job *job = &giver->crowd->jobs[giver->number][index];
		if (index % 3 == 0)
			queue_return(giver->crowd->queue, &job, 1);
		else if (!queue_offer(giver->crowd->queue, job))
			return giver;
	}
	return NULL;
}

static void *take(void *argument)
{
	struct crowd *crowd = argument;
	for (struct job *job = queue_take(crowd->queue); job != NULL; job = queue_take(crowd->queue)) {
		job->commands++;
		pthread_mutex_lock(&crowd->mutex);
		crowd->taken++;
		pthread_mutex_unlock(&crowd->mutex);
	}
	return NULL;
}

/* Everything that was given is taken, once. */
static void among_threads(void **state)
{
	static struct crowd crowd;
	memset(&crowd, 0, sizeof crowd);
	struct giver givers[GIVERS];
	pthread_t takers[TAKERS];
	void *failed;
	pthread_mutex_init(&crowd.mutex, NULL);
	assert_ok(queue_make(GIVERS * EACH, &crowd.queue));
	for (size_t index = 0; index < TAKERS; index++)
		assert_int_equal(pthread_create(&takers[index], NULL, take, &crowd), 0);
	for (size_t index = 0; index < GIVERS; index++) {
		givers[index] = (struct giver){.crowd = &crowd, .number = index};
		assert_int_equal(pthread_create(&givers[index].thread, NULL, give, &givers[index]), 0);
	}
	for (size_t index = 0; index < GIVERS; index++) {
		pthread_join(givers[index].thread, &failed);
		assert_null(failed);
	}
	queue_close(crowd.queue);
	for (size_t index = 0; index < TAKERS; index++)
		pthread_join(takers[index], NULL);
	assert_int_equal(crowd.taken, GIVERS * EACH);
	for (size_t giver = 0; giver < GIVERS; giver++)
		for (size_t index = 0; index < EACH; index++)
			assert_int_equal(crowd.jobs[giver][index].commands, 1);
	queue_free(crowd.queue);
	pthread_mutex_destroy(&crowd.mutex);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(in_order_and_urgent_first),
		cmocka_unit_test(groups),
		cmocka_unit_test(abandoned),
		cmocka_unit_test(in_turn),
		cmocka_unit_test(what_it_took_is_charged),
		cmocka_unit_test(groups_of_lanes),
		cmocka_unit_test(as_a_walk_would),
		cmocka_unit_test(among_many_lanes),
		cmocka_unit_test(among_threads),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
