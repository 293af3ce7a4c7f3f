/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/buffer.h"

/*
 * The bytes of the Scalability Protocols' request/reply on a stream (PROTOCOL.md §1), without the stream:
 *
 *   hello    \0 S P \0, u16 protocol, u16 zero                         once, from each side
 *   message  u64 length of what follows, route, body
 *   route    u32 words, the last one and it alone with its highest bit set: one, and one more for each device
 *            on the way; the reply repeats them
 */
enum {
	FRAME_HELLO_SIZE = 8,
	FRAME_ROUTE_WORDS = 8,
	FRAME_ROUTE_SIZE = 4 * FRAME_ROUTE_WORDS,
};

extern const uint8_t frame_hello_service[FRAME_HELLO_SIZE];
extern const uint8_t frame_hello_client[FRAME_HELLO_SIZE];

enum frame_step {
	FRAME_MORE, /* it is not whole yet */
	FRAME_WHOLE,
	FRAME_WRONG, /* it can not become one: close the connection */
};

/* Slices borrow from the bytes that were read. */
struct frame {
	slice route;
	slice body;
	size_t size; /* of all of it */
};

/* The message at the beginning of the bytes. WRONG as soon as its length is known to be above `most`. */
enum frame_step frame_read(slice bytes, size_t most, struct frame *frame);

/* Appends a message. */
void frame_write(slice route, slice body, struct buffer *out);
