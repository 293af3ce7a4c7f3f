/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "connection.h"
#include "job.h"

struct peer;

/*
 * One request of a connection and its reply. It is always somebody's alone, who hands it on or ends it:
 *
 *   the read's callback ──queue_offer()──> the threads behind the queue ──peer_reply()──> `waiting` ──> the write
 *           └──────────────────────────────────── refused: peer_reply() ──────────────────────┘
 *
 * The job is first: a pointer to it is a pointer to its exchange.
 */
struct exchange {
	struct job job;
	struct peer *peer;
	struct exchange *next;
	size_t size;       /* of the body */
	size_t reply_size; /* as it was counted */
	enum connection_verdict verdict;
	slice route;
	uint8_t bytes[]; /* route, body */
};

/* All zeroes at first: nothing is in it. */
struct exchange_list {
	struct exchange *first;
	struct exchange *last;
};

/* At its end; the exchange is in no other list. */
void exchange_append(struct exchange_list *list, struct exchange *exchange);

/* The first one, which is in no list then; NULL: there is none. */
struct exchange *exchange_take(struct exchange_list *list);
