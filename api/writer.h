/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "clocks.h"
#include "journal.h"
#include "queue.h"

/*
 * The one thread that decides what is written: takes all submits that wait and decides them as a group, which it or the
 * keeper beside it (keeper.h) commits and hands back for replies; signs a checkpoint about once a second while the log
 * grows; lets clocks strike; and sees about once a second that the files are still there.
 */
enum {
	WRITER_GROUP_REQUESTS = 256,
	WRITER_GROUP_COMMANDS =
		2048, /* whoever comes meanwhile waits for so many, and a flush is dear beside none */
};

struct writer_options {
	struct recourse_ledger *ledger;
	struct queue *waiting;   /* submits come from here */
	struct queue *committed; /* and go here, with their outcome: queue_return() */
	struct journal *journal;
	struct clocks *clocks; /* what is due strikes, once a second; NULL: nothing does */
	/* Called at most once, from the writer: it stopped for good and acknowledged nothing doubtful. */
	void (*fault)(void *context, enum recourse_error error);
	void *context;
};

struct writer;

/* Starts the thread. MEMORY. */
enum recourse_error writer_start(const struct writer_options *options, struct writer **writer);

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
