/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "queue.h"

/*
 * The thread beside the writer's: it keeps the group that was handed over (chain, log, flush, state) while the writer
 * decides the next one. One group at a time.
 *
 *     writer   recourse_ledger_hand_over   keeper_give   (decides the next)   keeper_wait   recourse_ledger_settle
 *     keeper                               recourse_ledger_keep, jobs are returned ────>
 */
struct keeper_options {
	struct recourse_ledger *ledger;
	struct queue *
		committed; /* where the jobs of a group go that was kept, or refused for want of room or memory */
	struct queue *waiting; /* nudged when a group was kept, so that the writer settles it */
};

struct keeper;

/* Starts the thread. MEMORY. */
enum recourse_error keeper_start(const struct keeper_options *options, struct keeper **keeper);

/*
 * The group that was handed over is that of these jobs, which stay where they are until keeper_wait(). keeper_work() does it
 * before it returns, in the caller's thread: where nothing else waits, two threads are no faster. True: the jobs have their
 * outcome, and the caller returns them.
 */
void keeper_give(struct keeper *keeper, struct job *const *jobs, size_t count);
bool keeper_work(struct keeper *keeper, struct job *const *jobs, size_t count);

/* Whether something was given and not waited for; whether it is still being kept. The giver's thread. */
bool keeper_has(const struct keeper *keeper);
bool keeper_is_busy(struct keeper *keeper);

/*
 * Until what was given is kept, which there must be (asserted): what recourse_ledger_keep() said. OK, STORE_FULL, MEMORY: the
 * jobs have their outcome and were returned (of keeper_work() by the caller). After any other error they have none, and are
 * the caller's.
 */
enum recourse_error keeper_wait(struct keeper *keeper);

/* Ends the thread; what was given has been waited for. NULL is fine. */
void keeper_stop(struct keeper *keeper);
