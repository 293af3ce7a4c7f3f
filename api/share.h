/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/*
 * What is taken up of what there is for all, by one or by many. Nobody may have more than what is left for others: one
 * alone has half, two have a third each, and there is always something left for one more (dynamic thresholds: Choudhury
 * and Hahne, 1998). Who has little is not refused, whoever has much.
 */
struct share {
	size_t requests;   /* but for the one small one that each connection may always ask */
	size_t bytes;      /* of these */
	size_t places;     /* of those that come before strangers */
	size_t unfinished; /* bytes of messages that have not come to their end */
};

static inline void share_add(struct share *share, struct share more)
{
	share->requests += more.requests;
	share->bytes += more.bytes;
	share->places += more.places;
	share->unfinished += more.unfinished;
}

/* What share_add() takes off again. */
static inline struct share share_negative(struct share share)
{
	return (struct share){-share.requests, -share.bytes, -share.places, -share.unfinished};
}

/* Whether `own` may grow so far where all, it among them, have that of what there is. */
static inline bool share_leaves_room(size_t own, size_t all, size_t more, size_t limit)
{
	return own + all + more <= limit;
}
