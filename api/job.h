/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "envelope.h"
#include "recourse_ledger.h"

/*
 * One request on its way through the service, without any socket:
 *
 *   job_begin() ── reply is there
 *       └── a submit ── writer commits ── job_finish() ── reply is there
 *                         (or makes it durable ── job_finish() ── and writes the state)
 *
 * Start with all zeroes; job_clear() makes it ready for the next request and keeps nothing.
 */
struct job {
	struct job *next;        /* the queue's */
	struct queue_lane *lane; /* its sender's; NULL: it has no sender of its own */
	size_t weight;           /* what it costs, in bytes: see queue.h */
	slice message;           /* borrowed until the reply is there */
	struct envelope_request envelope;
	struct recourse_request *request; /* a submit that waits for the writer */
	size_t commands;
	enum recourse_error outcome; /* what the writer says: OK, STORE_FULL, MEMORY */
	bool committed;              /* the writer is done with it, */
	bool ahead;                  /* or has yet to write the state: recourse_request_reply_ahead() */
	struct buffer reply;
};

/* What every request needs; the same for all, and constant while any is under way. */
struct job_service {
	struct recourse_ledger *ledger;
	slice discovery;      /* the OpenRPC document: a CBOR item, */
	slice discovery_json; /* and as JSON: it is asked for by anybody, and large */
	/* Called when a page of the stores was damaged, before the reply that says so; may be NULL. From any thread. */
	void (*damage)(void *context, enum recourse_error error);
	void *context;
};

enum job_step {
	JOB_REPLY,  /* `reply` is there; empty when there was no memory for one */
	JOB_COMMIT, /* give it to the writer */
};

/* Whether it seems to be a submit, told without reading it: such a one is over soon, where a query may read all there is. */
bool job_seems_submit(const struct job *job);

/* Reads, verifies and decodes; runs it, if it only reads. `now` in nanoseconds since 1970. Any thread. */
enum job_step job_begin(struct job *job, const struct job_service *service, uint64_t now);

/* Builds the reply of a submit that was committed. Any thread; where it is ahead, the writer's. */
void job_finish(struct job *job, const struct job_service *service);

/* Builds the reply for a request that is not taken: BUSY, STOPPING. */
void job_refuse(struct job *job, enum recourse_error error);

void job_clear(struct job *job);
