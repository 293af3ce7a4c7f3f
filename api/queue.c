/* SPDX-License-Identifier: Apache-2.0 */
#include "queue.h"

#include "condition.h"

#include <assert.h>
#include <stdlib.h>

struct queue {
	pthread_mutex_t mutex;
	pthread_cond_t waiting;
	size_t sleepers;
	size_t capacity;
	size_t offered; /* and not taken */
	bool closed;
	bool abandoned;
	bool nudged;
	struct queue_lane urgent;
	struct queue_lane common; /* of jobs that have none */
	uint64_t time;            /* bytes of each group that have been worked on, if all had been at once, */
	size_t rest;              /* and what was not enough for one more of each */
	size_t group_count;       /* in which something waits; who has none is one of his own */
	uint64_t opened;          /* how many lanes were */
	size_t lane_count;
	struct queue_lane *lanes[]; /* in which something waits: a heap, whose first job ends first on top */
};

enum recourse_error queue_make(size_t capacity, struct queue **queue)
{
	struct queue *made = calloc(1, sizeof *made + capacity * sizeof made->lanes[0]);
	if (made == NULL)
		return RECOURSE_MEMORY;
	made->capacity = capacity;
	condition_make(&made->waiting);
	pthread_mutex_init(&made->mutex, NULL);
	*queue = made;
	return RECOURSE_OK;
}

void queue_free(struct queue *queue)
{
	if (queue == NULL)
		return;
	pthread_cond_destroy(&queue->waiting);
	pthread_mutex_destroy(&queue->mutex);
	free(queue);
}

static void append(struct queue_lane *lane, struct job *job)
{
	job->next = NULL;
	if (lane->last == NULL)
		lane->first = job;
	else
		lane->last->next = job;
	lane->last = job;
}

static struct job *take(struct queue_lane *lane)
{
	struct job *job = lane->first;
	if (job == NULL)
		return NULL;
	lane->first = job->next;
	if (lane->first == NULL)
		lane->last = NULL;
	job->next = NULL;
	return job;
}

/* ---- whose job is next ---- */

/* Of equals the one that was there before. */
static bool goes_before(const struct queue_lane *lane, const struct queue_lane *other)
{
	return lane->end != other->end ? lane->end < other->end : lane->number < other->number;
}

static void set(struct queue *queue, size_t place, struct queue_lane *lane)
{
	queue->lanes[place] = lane;
	lane->place = place;
}

static void move_up(struct queue *queue, struct queue_lane *lane)
{
	size_t place = lane->place;
	for (; place > 0 && goes_before(lane, queue->lanes[(place - 1) / 2]); place = (place - 1) / 2)
		set(queue, place, queue->lanes[(place - 1) / 2]);
	set(queue, place, lane);
}

static void move_down(struct queue *queue, struct queue_lane *lane)
{
	size_t place = lane->place;
	for (size_t below; (below = 2 * place + 1) < queue->lane_count; place = below) {
		if (below + 1 < queue->lane_count &&
			goes_before(queue->lanes[below + 1], queue->lanes[below]))
			below++;
		if (!goes_before(queue->lanes[below], lane))
			break;
		set(queue, place, queue->lanes[below]);
	}
	set(queue, place, lane);
}

/* How much slower than its group a lane is: as many times as others of it wait. */
static size_t sharers_of(const struct queue_lane *lane)
{
	return lane->group == NULL || lane->group->waiting == 0 ? 1 : lane->group->waiting;
}

static void open_lane(struct queue *queue, struct queue_lane *lane, const struct job *job)
{
	uint64_t begin = lane->end > queue->time ? lane->end : queue->time;
	queue->group_count += lane->group == NULL || lane->group->waiting++ == 0;
	lane->end = begin + job->weight * sharers_of(lane);
	lane->number = queue->opened++;
	lane->place = queue->lane_count++;
	move_up(queue, lane);
}

static void close_lane(struct queue *queue, struct queue_lane *lane)
{
	struct queue_lane *last = queue->lanes[--queue->lane_count];
	queue->group_count -= lane->group == NULL || --lane->group->waiting == 0;
	if (last == lane)
		return;
	last->place = lane->place;
	move_down(queue, last);
}

static struct job *take_ordinary(struct queue *queue)
{
	if (queue->lane_count == 0)
		return NULL;
	struct queue_lane *lane = queue->lanes[0];
	struct job *job = take(lane);
	queue->rest += job->weight;
	queue->time += queue->rest / queue->group_count;
	queue->rest %= queue->group_count;
	queue->offered--;
	if (lane->first == NULL) {
		close_lane(queue, lane);
	} else {
		lane->end += lane->first->weight * sharers_of(lane);
		move_down(queue, lane);
	}
	return job;
}

/* Unlocks first, so that the one that is woken does not run into the lock at once. */
static void unlock_and_wake(struct queue *queue)
{
	bool wake = queue->sleepers > 0;
	pthread_mutex_unlock(&queue->mutex);
	if (wake)
		pthread_cond_signal(&queue->waiting);
}

void queue_charge(struct queue *queue, struct queue_lane *lane, size_t weight)
{
	pthread_mutex_lock(&queue->mutex);
	uint64_t begin = lane->first != NULL || lane->end > queue->time ? lane->end : queue->time;
	lane->end = begin + weight * sharers_of(lane);
	if (lane->first != NULL)
		move_down(queue, lane);
	pthread_mutex_unlock(&queue->mutex);
}

bool queue_offer(struct queue *queue, struct job *job)
{
	pthread_mutex_lock(&queue->mutex);
	bool accepted = !queue->closed && queue->offered < queue->capacity;
	struct queue_lane *lane = job->lane == NULL ? &queue->common : job->lane;
	if (accepted) {
		if (lane->first == NULL)
			open_lane(queue, lane, job);
		append(lane, job);
		queue->offered++;
	}
	unlock_and_wake(queue);
	return accepted;
}

void queue_return(struct queue *queue, struct job *const *jobs, size_t count)
{
	pthread_mutex_lock(&queue->mutex);
	for (size_t index = 0; index < count; index++)
		append(&queue->urgent, jobs[index]);
	size_t sleepers = queue->sleepers;
	pthread_mutex_unlock(&queue->mutex);
	for (size_t woken = 0; woken < sleepers && woken < count; woken++)
		pthread_cond_signal(&queue->waiting);
}

static bool has_nothing(const struct queue *queue)
{
	return queue->urgent.first == NULL && queue->lane_count == 0;
}

/* Returns with the lock held: when there is something, when there will be nothing, or at the deadline. */
static void wait_for_job(struct queue *queue, uint64_t deadline)
{
	bool early = true;
	while (has_nothing(queue) && !queue->closed && !queue->abandoned && !queue->nudged && early) {
		queue->sleepers++;
		early = condition_wait(&queue->waiting, &queue->mutex, deadline);
		queue->sleepers--;
	}
}

static struct job *take_next(struct queue *queue)
{
	struct job *job = take(&queue->urgent);
	return job == NULL ? take_ordinary(queue) : job;
}

struct job *queue_take(struct queue *queue)
{
	pthread_mutex_lock(&queue->mutex);
	wait_for_job(queue, UINT64_MAX);
	struct job *job = queue->abandoned ? NULL : take_next(queue);
	pthread_mutex_unlock(&queue->mutex);
	return job;
}

struct job *queue_take_left(struct queue *queue)
{
	pthread_mutex_lock(&queue->mutex);
	assert(queue->closed && queue->sleepers == 0);
	struct job *job = take_next(queue);
	pthread_mutex_unlock(&queue->mutex);
	return job;
}

size_t queue_take_group(
	struct queue *queue, uint64_t deadline, size_t commands, struct job **jobs, size_t room)
{
	size_t count = 0;
	size_t sum = 0;
	pthread_mutex_lock(&queue->mutex);
	wait_for_job(queue, deadline);
	queue->nudged = false;
	while (count < room && !queue->abandoned) {
		const struct job *next = queue->urgent.first;
		if (next == NULL && queue->lane_count > 0)
			next = queue->lanes[0]->first;
		if (next == NULL || (count > 0 && sum + next->commands > commands))
			break;
		sum += next->commands;
		jobs[count++] = take_next(queue);
	}
	pthread_mutex_unlock(&queue->mutex);
	return count;
}

void queue_wait(struct queue *queue, uint64_t deadline)
{
	pthread_mutex_lock(&queue->mutex);
	wait_for_job(queue, deadline);
	pthread_mutex_unlock(&queue->mutex);
}

void queue_nudge(struct queue *queue)
{
	pthread_mutex_lock(&queue->mutex);
	queue->nudged = true;
	unlock_and_wake(queue);
}

bool queue_is_empty(struct queue *queue)
{
	pthread_mutex_lock(&queue->mutex);
	bool empty = has_nothing(queue);
	pthread_mutex_unlock(&queue->mutex);
	return empty;
}

static void end(struct queue *queue, bool abandon)
{
	pthread_mutex_lock(&queue->mutex);
	queue->closed = true;
	queue->abandoned = queue->abandoned || abandon;
	pthread_mutex_unlock(&queue->mutex);
	pthread_cond_broadcast(&queue->waiting);
}

void queue_close(struct queue *queue)
{
	end(queue, false);
}

void queue_abandon(struct queue *queue)
{
	end(queue, true);
}

bool queue_is_closed(struct queue *queue)
{
	pthread_mutex_lock(&queue->mutex);
	bool closed = queue->closed;
	pthread_mutex_unlock(&queue->mutex);
	return closed;
}
