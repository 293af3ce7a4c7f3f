/* SPDX-License-Identifier: Apache-2.0 */
#include "support.h"
#include "wire.h"

#include <arpa/inet.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { HEAD_SIZE = 12 };

static const uint8_t hello[] = {0, 'S', 'P', 0, 0, 0x30, 0, 0};
static const uint8_t hello_back[] = {0, 'S', 'P', 0, 0, 0x31, 0, 0};

struct wire wire_try(const char *url)
{
	const char *port = strrchr(url, ':');
	assert_non_null(port);
	struct sockaddr_in address = {
		.sin_family = AF_INET,
		.sin_port = htons((uint16_t)strtoul(port + 1, NULL, 10)),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	struct wire wire = {.descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
	assert_true(wire.descriptor >= 0);
	if (connect(wire.descriptor, (const struct sockaddr *)&address, sizeof address) != 0)
		wire_close(&wire);
	return wire;
}

struct wire wire_connect(const char *url)
{
	struct wire wire = wire_try(url);
	assert_true(wire.descriptor >= 0);
	return wire;
}

static int64_t now_ms(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static bool read_exactly(struct wire *wire, int timeout_ms, uint8_t *bytes, size_t size)
{
	int64_t end = now_ms() + timeout_ms;
	while (size > 0) {
		int64_t left = end - now_ms();
		struct pollfd descriptor = {.fd = wire->descriptor, .events = POLLIN};
		if (left < 0 || poll(&descriptor, 1, (int)left) <= 0)
			return false;
		ssize_t got = recv(wire->descriptor, bytes, size, 0);
		if (got <= 0)
			return false;
		bytes += got;
		size -= (size_t)got;
	}
	return true;
}

struct wire wire_open(const char *url)
{
	uint8_t back[sizeof hello_back];
	struct wire wire = wire_connect(url);
	assert_int_equal(wire_write(&wire, hello, sizeof hello), sizeof hello);
	assert_true(read_exactly(&wire, WIRE_PATIENCE_MS, back, sizeof back));
	assert_memory_equal(back, hello_back, sizeof back);
	return wire;
}

void wire_close(struct wire *wire)
{
	close(wire->descriptor);
	wire->descriptor = -1;
}

size_t wire_write(struct wire *wire, const void *bytes, size_t size)
{
	ssize_t sent = send(wire->descriptor, bytes, size, MSG_NOSIGNAL | MSG_DONTWAIT);
	return sent < 0 ? 0 : (size_t)sent;
}

void wire_send(struct wire *wire, uint32_t id, slice body)
{
	uint8_t head[HEAD_SIZE] = {0};
	uint64_t length = body.size + 4;
	id |= 0x80000000U;
	for (size_t index = 0; index < 8; index++)
		head[index] = (uint8_t)(length >> (56 - 8 * index));
	for (size_t index = 0; index < 4; index++)
		head[8 + index] = (uint8_t)(id >> (24 - 8 * index));
	SCOPED(buffer_free) struct buffer whole = {.secret = true};
	buffer_append(&whole, head, sizeof head);
	buffer_append(&whole, body.data, body.size);
	for (size_t sent = 0; sent < whole.size;) {
		ssize_t written = send(wire->descriptor, whole.data + sent, whole.size - sent, MSG_NOSIGNAL);
		if (written <= 0)
			break;
		sent += (size_t)written;
	}
}

void wire_send_text(struct wire *wire, uint32_t id, const char *body)
{
	wire_send(wire, id, slice_text(body));
}

bool wire_receive(struct wire *wire, int timeout_ms, uint32_t *id, struct buffer *body)
{
	uint8_t head[HEAD_SIZE];
	if (!read_exactly(wire, timeout_ms, head, sizeof head))
		return false;
	uint64_t length = 0;
	for (size_t index = 0; index < 8; index++)
		length = length << 8 | head[index];
	assert_in_range(length, 4, 16 * 1024 * 1024);
	*id = 0;
	for (size_t index = 8; index < HEAD_SIZE; index++)
		*id = *id << 8 | head[index];
	uint8_t *room = buffer_reserve(body, length);
	assert_non_null(room);
	if (!read_exactly(wire, timeout_ms, room, length - 4))
		return false;
	body->size += length - 4;
	return true;
}

bool wire_skip(struct wire *wire, int timeout_ms, size_t size)
{
	uint8_t bytes[64];
	return size <= sizeof bytes && read_exactly(wire, timeout_ms, bytes, size);
}

bool wire_reply_has(struct wire *wire, uint32_t id, const char *text)
{
	SCOPED(buffer_free) struct buffer body = {0};
	uint32_t got = 0;
	bool received = wire_receive(wire, WIRE_PATIENCE_MS, &got, &body);
	buffer_append(&body, "", 1);
	bool found = received && got == (id | 0x80000000U) && strstr((const char *)body.data, text) != NULL;
	if (!found)
		print_message("got %u: %.400s\n", got & 0x7fffffffU,
			received ? (const char *)body.data : "nothing");
	return found;
}

bool wire_closed(struct wire *wire)
{
	int64_t end = now_ms() + WIRE_PATIENCE_MS;
	uint8_t dropped[65536];
	for (;;) {
		int64_t left = end - now_ms();
		struct pollfd descriptor = {.fd = wire->descriptor, .events = POLLIN};
		if (left < 0 || poll(&descriptor, 1, (int)left) <= 0)
			return false;
		if (recv(wire->descriptor, dropped, sizeof dropped, 0) <= 0)
			return true;
	}
}

void wire_assert_answers(struct wire *wire)
{
	wire_send_text(wire, 7, "{\"jsonrpc\":\"2.0\",\"method\":\"service.info\",\"id\":null}");
	assert_true(wire_reply_has(wire, 7, "example.com/ledger"));
}

void wire_assert_serves(const char *url)
{
	struct wire wire = wire_open(url);
	wire_assert_answers(&wire);
	wire_close(&wire);
}
