/* SPDX-License-Identifier: Apache-2.0 */
#include "queue.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

struct lane {
	struct job *first;
	struct job *last;
	size_t count;
};

struct queue {
	pthread_mutex_t mutex;
	pthread_cond_t waiting;
	size_t sleepers;
	size_t capacity;
	bool closed;
	bool abandoned;
	struct lane urgent;
	struct lane ordinary;
};

enum recourse_error queue_make(size_t capacity, struct queue **queue)
{
	struct queue *made = calloc(1, sizeof *made);
	if (made == NULL)
		return RECOURSE_MEMORY;
	made->capacity = capacity;
	pthread_condattr_t clock;
	pthread_condattr_init(&clock);
	pthread_condattr_setclock(&clock, CLOCK_MONOTONIC);
	pthread_cond_init(&made->waiting, &clock);
	pthread_condattr_destroy(&clock);
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

static void append(struct lane *lane, struct job *job)
{
	job->next = NULL;
	if (lane->last == NULL)
		lane->first = job;
	else
		lane->last->next = job;
	lane->last = job;
	lane->count++;
}

static struct job *take(struct lane *lane)
{
	struct job *job = lane->first;
	if (job == NULL)
		return NULL;
	lane->first = job->next;
	if (lane->first == NULL)
		lane->last = NULL;
	lane->count--;
	job->next = NULL;
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

bool queue_offer(struct queue *queue, struct job *job)
{
	pthread_mutex_lock(&queue->mutex);
	bool accepted = !queue->closed && queue->ordinary.count < queue->capacity;
	if (accepted)
		append(&queue->ordinary, job);
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
	return queue->urgent.count + queue->ordinary.count == 0;
}

/* Returns with the lock held: when there is something, when there will be nothing, or at the deadline. */
static void wait_for_job(struct queue *queue, uint64_t deadline)
{
	struct timespec until = {
		.tv_sec = (time_t)(deadline / 1000000000),
		.tv_nsec = (long)(deadline % 1000000000),
	};
	int timed_out = 0;
	while (has_nothing(queue) && !queue->closed && !queue->abandoned && timed_out == 0) {
		queue->sleepers++;
		if (deadline == UINT64_MAX)
			pthread_cond_wait(&queue->waiting, &queue->mutex);
		else
			timed_out = pthread_cond_timedwait(&queue->waiting, &queue->mutex, &until);
		queue->sleepers--;
	}
}

static struct job *take_next(struct queue *queue)
{
	struct job *job = take(&queue->urgent);
	return job == NULL ? take(&queue->ordinary) : job;
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
	while (count < room && !queue->abandoned) {
		const struct job *next = queue->urgent.first;
		if (next == NULL)
			next = queue->ordinary.first;
		if (next == NULL || (count > 0 && sum + next->commands > commands))
			break;
		sum += next->commands;
		jobs[count++] = take_next(queue);
	}
	pthread_mutex_unlock(&queue->mutex);
	return count;
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
