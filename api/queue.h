/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "job.h"

/*
 * A bounded queue of jobs between threads. Each sender has a lane, or shares one, first in, first out. Lanes that belong
 * together are a group. Groups share what is worked on as if all of them were worked on at once, byte by byte, and so do
 * the lanes of a group what it gets: next is the job that would then end first (weighted fair queueing: Demers, Keshav and
 * Shenker, 1989). However many send however much, a small request of another group does not wait for them. One lane goes
 * before all: what was taken already and comes back.
 *
 * Sleepers are woken only when there are any, one for one job: under load nobody sleeps and an append
 * costs no system call.
 */

/* All zeroes at first; it stays where it is while a job of it is in the queue. */
struct queue_group {
	size_t waiting; /* lanes of it in which something does */
};

/* A sender's lane in one queue. All zeroes but for its group at first; it stays where it is as its group does. */
struct queue_lane {
	struct queue_group *group; /* NULL: it is a group by itself */
	struct job *first;
	struct job *last;
	size_t place;    /* the queue's, as the next: where it is among those in which something waits, */
	uint64_t number; /* and since when */
	uint64_t end;    /* when its first job would end; where nothing waits, when its last one would have */
};

struct queue;

/* `capacity` bounds what was offered and not taken. MEMORY. */
enum recourse_error queue_make(size_t capacity, struct queue **queue);
void queue_free(struct queue *queue); /* NULL is fine; jobs inside are the caller's still */

/* Something that was offered in that lane has cost so much more: what the lane offers next waits for longer. */
void queue_charge(struct queue *queue, struct queue_lane *lane, size_t weight);

/* Appends to the job's lane; false when it is full or closed. */
bool queue_offer(struct queue *queue, struct job *job);

/* Appends to the lane that goes before all, closed or not: for what was taken already. */
void queue_return(struct queue *queue, struct job *const *jobs, size_t count);

/* The next one; waits. NULL when the queue is closed and empty, or abandoned. */
struct job *queue_take(struct queue *queue);

/*
 * All that waits, in order: at most `room` jobs with at most `commands` commands together (one job is always taken). Waits
 * for the first until `deadline` (ns of CLOCK_MONOTONIC; UINT64_MAX: for ever). 0 when the deadline passed, when somebody
 * nudged, and when it is closed and empty or abandoned: queue_is_closed().
 */
size_t queue_take_group(
	struct queue *queue, uint64_t deadline, size_t commands, struct job **jobs, size_t room);

/* Waits as queue_take_group() does, and takes nothing. */
void queue_wait(struct queue *queue, uint64_t deadline);

/* Whoever waits for a group, now or next, waits no longer. */
void queue_nudge(struct queue *queue);

/* Whether nothing waits at present. */
bool queue_is_empty(struct queue *queue);

/* Nothing more is offered; what is inside is still taken. */
void queue_close(struct queue *queue);

/* Nothing more is taken either, but by queue_take_left(). */
void queue_abandon(struct queue *queue);

/* What was not taken, one by one, when it is closed and nobody waits for it (asserted); NULL at the end. */
struct job *queue_take_left(struct queue *queue);

bool queue_is_closed(struct queue *queue);
