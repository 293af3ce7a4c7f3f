/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "clocks.h"
#include "journal.h"
#include "queue.h"

/*
 * Who decides what is written, one at a time: its thread, and who is alone (writer_commit()). The thread takes all submits that wait and decides them as a group, which it or the
 * keeper beside it (keeper.h) commits and hands back for replies; signs a checkpoint about once a second while the log
 * grows; lets clocks strike; and sees about once a second that the files are still there.
 */
enum {
	WRITER_GROUP_REQUESTS = 256,
	WRITER_GROUP_COMMANDS =
		2048, /* whoever comes meanwhile waits for so many, and a flush is dear beside none */
	WRITER_ALONE_COMMANDS = 16, /* of writer_commit(): more than that is not a worker's to be kept by */
};

struct writer_options {
	struct recourse_ledger *ledger;
	struct queue *waiting;   /* submits come from here */
	struct queue *committed; /* and go here, with their outcome: queue_return() */
	struct journal *journal;
	struct clocks *clocks; /* what is due strikes, once a second; NULL: nothing does */
	/*
	 * The job of writer_commit(), which is the callee's from now on: `committed`, with its outcome, or lost to a fault. In
	 * its caller's thread, at the writer's turn; where the job is `ahead` before the state is written.
	 */
	void (*answer)(void *context, struct job *job);
	/* Called at most once, at the writer's turn: it stopped for good and acknowledged nothing doubtful. */
	void (*fault)(void *context, enum recourse_error error);
	void *context;
};

struct writer;

/* Starts the thread. MEMORY. */
enum recourse_error writer_start(const struct writer_options *options, struct writer **writer);

/*
 * A submit that nothing waits beside is decided and kept in the caller's thread, at the writer's turn: to wake another one,
 * and be woken by it, takes longer than to decide. False: somebody has the turn, or it is a large one; it is to be offered.
 * True: it was answered, as soon as it was durable. From any thread, one at a time for each; while the writer is there.
 */
bool writer_commit(struct writer *writer, struct job *job);

/*
 * Before anything is read for who may have had an answer: waits while something was answered that the state does not show
 * yet. False: it never will; whoever asks is not to be answered. Any thread, but from within `answer`.
 */
bool writer_catch_up(struct writer *writer);

/*
 * From any thread: something else found a fault. What is being committed is, and nothing after it; no
 * checkpoint is signed any more. The first fault is the one that counts.
 */
void writer_fail(struct writer *writer, enum recourse_error error);

/*
 * Waits for its end, which comes when `waiting` is closed and empty, after a last checkpoint, or with a
 * fault. The fault, or OK.
 */
enum recourse_error writer_join(struct writer *writer);
