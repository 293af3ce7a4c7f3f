/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EXCHANGE_H
#define EXCHANGE_H

#include "connection.h"
#include "job.h"
#include "queue.h"

#include <nng/nng.h>

/*
 * Requests and replies on a REP socket: one exchange for each that can be under way at once.
 *
 *   receiving ──> working (a job in the queues) ──> sending ──> receiving …
 *        └── too much, or stopping: refused ─────────┘
 *
 * What runs in the transport's callbacks is counting and queueing only; it never touches the disk.
 */
struct exchange_options {
	struct connections *connections;
	struct queue *intake;
	uint32_t send_timeout_ms;
};

struct exchanges;

/* Opens `count` of them on a socket that does not listen yet, and starts receiving. MEMORY. */
enum recourse_error exchange_open(nng_socket socket, size_t count, const struct exchange_options *options,
	struct exchanges **exchanges) RECOURSE_CHECK;

/* After the socket is closed and no other thread holds a job. NULL is fine. */
void exchange_close(struct exchanges *exchanges);

/* Sends a job's reply; the job is then no longer the caller's. Any thread. */
void exchange_reply(struct job *job);

#endif
