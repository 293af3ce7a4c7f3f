/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "recourse.h"

/*
 * Who is connected, what each has in flight and in memory: the one place where the service says "no more".
 *
 *   connections      at most `connections_max`. One more is let in where another gives way: see below
 *   of a connection  at most `requests_max` in flight: BUSY. As many replies again may be on their way
 *                    out (BUSY ones, mostly); beyond that it does not read and is condemned
 *   in all           `total_requests` and `total_bytes` in flight, of which nobody has more than is left for others:
 *                    a party alone half, two of them a third each; and strangers together are like one more, but
 *                    what they have is not missing to parties. Beyond that BUSY: who floods is refused, and who
 *                    pipelines beside is not. But the one request of a connection that has no other, if it is no
 *                    larger than `small_size`, is always taken and not counted: who fills all there is does not
 *                    shut out who asks once
 *   unfinished       of messages that have not come to their end at most `total_bytes` of strangers, where for more
 *                    another of them gives way; and twice as much of parties, nobody more than is left for others
 *   pressed          who asks for more while its replies lie there, when more than `total_bytes` of replies are on
 *                    their way out: BUSY, also for what it asked before. Who takes none of them for a while is closed.
 *                    Not who has proven a key and has no more than `small_size` of replies
 *
 * Who gives way is who is of least use: never one that has signed a request that was verified, as long as there is
 * another; who has nothing in flight before who has; the one that was not heard for longest, or whose message has been
 * unfinished for longest. The next sweep closes it. For each newcomer that is let in one gives way, so that no more than
 * `spare` are driven out in a sweep. A party's connections come before strangers' as long as they leave as many places
 * for others: who holds one key does not hold all places.
 *
 * A connection is known by the number that the transport gave it. Any thread may call anything here.
 */
struct connection_limits {
	size_t connections_max;
	size_t spare; /* beyond these, while others are being closed */
	size_t requests_max;
	size_t total_requests;
	size_t total_bytes;
	size_t small_size;
	uint64_t idle_ms;
	uint64_t pressed_ms; /* what "a while" is */
};

/* Where there are more parties, some share what is one's. */
enum { CONNECTION_PARTIES = 1024 };

struct connections;

/* MEMORY. connection_table_free() takes NULL. */
enum recourse_error connection_table_make(
	const struct connection_limits *limits, struct connections **connections);
void connection_table_free(struct connections *connections);

/* A new one at `now` (milliseconds of a clock that does not go back). False: too many, and nobody gives way: close it. */
bool connection_add(struct connections *connections, uint32_t number, uint64_t now);
void connection_remove(struct connections *connections, uint32_t number);

/*
 * It has signed a request of that party that was verified: what it asks is the party's. Whether it comes before strangers
 * by now: false where its party has enough that do.
 */
bool connection_prove(struct connections *connections, uint32_t number, uint32_t party);

/*
 * So many bytes of it are in memory for a message that has not come to its end; 0: none. False where there is no room
 * and nobody gives way for it: close it.
 */
bool connection_hold(struct connections *connections, uint32_t number, size_t size);

/* Whether it is to take the replies that lie there before what it asked is worked on: BUSY. */
bool connection_pressed(struct connections *connections, uint32_t number);

enum connection_verdict {
	CONNECTION_TAKEN,    /* counted: connection_reply(), and connection_leave() when that is gone */
	CONNECTION_FREE,     /* taken as well, and charged to nobody: the only one of its connection */
	CONNECTION_BUSY,     /* counted as a reply on its way out: connection_leave() */
	CONNECTION_STOPPING, /* the same */
	CONNECTION_DROP,     /* not counted: no reply; the connection is condemned */
};
static inline bool connection_is_taken(enum connection_verdict verdict)
{
	return verdict == CONNECTION_TAKEN || verdict == CONNECTION_FREE;
}

enum connection_verdict connection_enter(
	struct connections *connections, uint32_t number, size_t size, uint64_t now);

/*
 * One that was taken, with this verdict, is answered: the reply is on its way out, and makes room for the next request, of
 * anybody. That nobody takes it is the matter of its connection alone.
 */
void connection_reply(struct connections *connections, uint32_t number, enum connection_verdict verdict,
	size_t request_size, size_t reply_size);

/* A reply is gone, or will never go: with the size that it was counted with, 0 for one that was not taken. */
void connection_leave(
	struct connections *connections, uint32_t number, bool taken, size_t reply_size, uint64_t now);

/* From now on every request is answered with STOPPING. */
void connection_stop(struct connections *connections);

/*
 * After connection_stop(): waits until all that was taken is answered, at most `answer_ms`, and then until these replies
 * are gone, at most `leave_ms`; false when either was not enough. What goes on to arrive is refused and not waited for.
 */
bool connection_drain(struct connections *connections, uint64_t answer_ms, uint64_t leave_ms);

/* Nobody answers any more what was taken: who drains waits no longer. Any thread, any number of times. */
void connection_abandon(struct connections *connections);

/* What it still sends is dropped, and it is closed as soon as nothing of it is in flight. */
void connection_condemn(struct connections *connections, uint32_t number);

/*
 * Takes up to `room` connections that are to be closed: that give way to others; or condemned, or without a request for
 * the idle time, with nothing in flight; or whose replies are in the way. Each is named once.
 */
size_t connection_sweep(struct connections *connections, uint64_t now, uint32_t *numbers, size_t room);

/* Whether one that was named for closing, with nothing in flight for `patience_ms`, is still there: the transport is stuck. */
bool connection_stuck(struct connections *connections, uint64_t now, uint64_t patience_ms);

struct connection_counts {
	size_t connections;
	size_t requests;
	size_t replies;
};
struct connection_counts connection_count(struct connections *connections);
