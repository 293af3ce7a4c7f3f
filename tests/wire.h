/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/buffer.h"

/*
 * A client of bare sockets, for saying what no library would say. See api/PROTOCOL.md for the bytes.
 */
struct wire {
	int descriptor;
};

/* So long is waited for what must come, however busy the machine is: only a hang takes it all. */
enum { WIRE_PATIENCE_MS = 60000 };

/* A TCP connection and nothing more. The test fails when there is none. */
struct wire wire_connect(const char *url);

/* The same, and −1 for a descriptor when there is none: where the service may have ended. */
struct wire wire_try(const char *url);

/* With the handshake done on both sides. */
struct wire wire_open(const char *url);
void wire_close(struct wire *wire);

/* Sends what can be sent at once; how much that was. */
size_t wire_write(struct wire *wire, const void *bytes, size_t size);

/* One message with its length and request id (0x80000000 is added). */
void wire_send(struct wire *wire, uint32_t id, slice body);
void wire_send_text(struct wire *wire, uint32_t id, const char *body);

/* The next reply; false when the other side closed, or sent nothing for `timeout_ms`. */
bool wire_receive(struct wire *wire, int timeout_ms, uint32_t *id, struct buffer *body);

/* That many bytes, whatever they are; false when the other side closed, or sent fewer for `timeout_ms`. */
bool wire_skip(struct wire *wire, int timeout_ms, size_t size);

/* Whether the next reply is to `id` and has that text in it. */
bool wire_reply_has(struct wire *wire, uint32_t id, const char *text);

/* Whether the other side closes; what it sends before is dropped. */
bool wire_closed(struct wire *wire);

/* The test fails unless service.info is answered: on this connection; on a new one to `url`. */
void wire_assert_answers(struct wire *wire);
void wire_assert_serves(const char *url);
