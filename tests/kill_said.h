/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/buffer.h"
#include "recourse_ledger.h"

/*
 * What is said in the work that is killed, and erased again (I2): each worker says it of a claim of its own, c-0 to c-3, asks
 * for the erasure of all that was said of it, and another person agrees.
 */
enum kill_said_step {
	KILL_SAID_NOTHING,
	KILL_SAID_NOTE,
	KILL_SAID_WISH, /* to have all erased */
	KILL_SAID_ERASED,
};

struct kill_said {
	enum kill_said_step step;
	char text[48]; /* of a note */
	uint8_t random[RECOURSE_TEXT_RANDOM_SIZE];
	uint64_t entry; /* that took it; 0: it was refused, or nobody has heard */
};

/* The command of a request of that id: a note; an approval of that wish; a wish. */
void kill_said_note(struct kill_said *said, uint32_t worker, const char *id, struct buffer *json);
void kill_said_wish(struct kill_said *said, uint32_t worker, struct buffer *json);
void kill_said_approve(struct kill_said *said, uint64_t wish, struct buffer *json);

/*
 * Of a ledger that nobody serves: each note that was acknowledged is opened by one of the keys, and none by any where an
 * erasure after it was. Where one was asked for and not answered, either may be. How many there are of each.
 */
struct kill_said_count {
	size_t there;
	size_t erased;
};
struct kill_work;
struct kill_said_count kill_said_check(const struct kill_work *work, const char *directory);
