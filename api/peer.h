/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "connection.h"
#include "job.h"
#include "queue.h"

#include <nng/nng.h>

/*
 * Who is connected, each on a stream of its own: its requests go to the queue, its replies come back.
 *
 *   reading ──> a whole message ──> a job in the queues ──> replying ──> gone
 *                      └── too much, or stopping: refused ────┘
 *
 * One read and one write are under way at once; replies that wait for the write share the next one. A reply that
 * nothing is before is sent by whoever made it (send.h). What runs in the transport's callbacks is counting and queueing
 * only; it never touches the disk.
 *
 * Streams and not sockets of the library: its REP socket (1.5.2) hangs for good when somebody sends many requests
 * at once and closes without reading, and from then on no connection at all is ever let go.
 */
struct peer_options {
	struct connections *connections;
	struct queue *intake;
	struct queue_group *strangers; /* in it; stays where it is */
	/*
	 * Works on a small submit of one who is known and sent nothing behind it, in the transport's thread that read it, as who takes
	 * it from the intake does; false: that does. NULL: always that.
	 */
	bool (*work)(void *context, struct job *job);
	void *context;
	uint32_t send_timeout_ms;
	bool tls; /* what was begun to be sent can not be given up */
};

/* All that came in over one listener. */
struct peers;

/* MEMORY. */
enum recourse_error peer_group_make(const struct peer_options *options, struct peers **peers);

/* Closes all and waits until they are gone; no other thread or queue has a job of theirs any more. NULL is fine. */
void peer_group_close(struct peers *peers);

/* Takes over a stream, or closes it when there is no room for one more. */
void peer_start(struct peers *peers, nng_stream *stream);

/* Closes the one with that number in the table of connections, if it is of this group. */
void peer_disconnect(struct peers *peers, uint32_t number);

/* Sends a job's reply; the job is then no longer the caller's. Any thread. */
void peer_reply(struct job *job);

/* Ends one that will have no reply: nobody else works on it, and nobody will. */
void peer_drop(struct job *job);

/*
 * Its sender has signed a request of that party that was verified: others give way before it does, and what it asks from
 * now on waits in that lane of the intake, with all that others ask by the same key. Any thread.
 */
void peer_prove(const struct job *job, uint32_t party, struct queue_lane *lane);

/* Whether its sender is to take the replies that wait for it first. Any thread. */
bool peer_pressed(const struct job *job);
