/* SPDX-License-Identifier: Apache-2.0 */
#include "bench_siege.h"

#include "base/try.h"
#include "envelope.h"
#include "frame.h"
#include "output.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
	LARGE_SIZE = 1400 * 1000,
	PIPELINED = 64,
	STRANGERS_MAX = 1100,
	FILES_SPARE = 200,
	REST_MS = 10,
};

static const char large_head[] = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"signed\",\"params\":{\"key\":"
				 "\"nobody+00000000\",\"sig\":\"AA==\",\"payload\":\"";
static const char large_tail[] = "\"}}";
static const char discover[] = "{\"jsonrpc\":\"2.0\",\"method\":\"rpc.discover\",\"id\":1}";

/* ---- what strangers do ---- */

enum attack_kind { ATTACK_LARGE, ATTACK_DISCOVER, ATTACK_UNFINISHED, ATTACK_IDLE, ATTACKS };
struct attack {
	const char *id;
	uint32_t strangers;
	struct bench_load_names service;
	struct bench_load_names echo;
	const char *refused;
};
#define NAMES(text)                                                                                          \
	{                                                                                                    \
		"siege", text, text " p50", text " p99", text ": server", text ": clients"                   \
	}
#define ATTACK(id, number, text)                                                                             \
	{                                                                                                    \
		id, number, NAMES(text), NAMES(text ", echo"), text ": refused"                              \
	}
static const struct attack attacks[ATTACKS] = {
	[ATTACK_LARGE] = ATTACK("large", 60, "bodies of 1.4 MB"),
	[ATTACK_DISCOVER] = ATTACK("discover", 24, "64 times rpc.discover"),
	[ATTACK_UNFINISHED] = ATTACK("unfinished", 1000, "unfinished bodies"),
	[ATTACK_IDLE] = ATTACK("idle", 1100, "idle connections"),
};

static void add_frame(struct buffer *bytes, slice body)
{
	static const uint8_t route[] = {0x80, 0, 0, 1};
	frame_write(slice_of(route, sizeof route), body, bytes);
}

static void add_large(struct buffer *bytes)
{
	SCOPED(buffer_free) struct buffer body = {0};
	buffer_append(&body, large_head, sizeof large_head - 1);
	for (size_t size = 0; size < LARGE_SIZE; size += 4)
		buffer_append(&body, "AAAA", 4);
	buffer_append(&body, large_tail, sizeof large_tail - 1);
	add_frame(bytes, buffer_slice(&body));
}

/* What each sends, again and again where it is answered: hello and all. */
static void write_message(enum attack_kind kind, struct buffer *bytes)
{
	switch (kind) {
	case ATTACK_LARGE:
		add_large(bytes);
		return;
	case ATTACK_DISCOVER:
		for (size_t count = 0; count < PIPELINED; count++)
			add_frame(bytes, slice_text(discover));
		return;
	case ATTACK_UNFINISHED:
		add_large(bytes);
		bytes->size--;
		return;
	case ATTACK_IDLE:
	case ATTACKS:
		return;
	}
}

/* ---- strangers, all of them in one thread ---- */

struct strangers {
	uint32_t count;
	bool once;     /* a message for each, and no more */
	slice message; /* what each sends */
	struct sockaddr_in address;
	atomic_bool over;
	pthread_t thread;
	struct pollfd sockets[STRANGERS_MAX];
	size_t sent[STRANGERS_MAX]; /* of the hello and the message */
};

static void leave(struct strangers *strangers, uint32_t index)
{
	close(strangers->sockets[index].fd);
	strangers->sockets[index].fd = -1;
}

static void come(struct strangers *strangers, uint32_t index)
{
	int made = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	const struct sockaddr *address = (const struct sockaddr *)&strangers->address;
	strangers->sent[index] = 0;
	strangers->sockets[index] = (struct pollfd){.fd = made, .events = POLLIN | POLLOUT};
	if (made >= 0 && connect(made, address, sizeof strangers->address) != 0 && errno != EINPROGRESS)
		leave(strangers, index);
}

static void take_answers(struct strangers *strangers, uint32_t index)
{
	uint8_t bytes[1 << 14];
	if (recv(strangers->sockets[index].fd, bytes, sizeof bytes, 0) == 0)
		leave(strangers, index);
}

static void send_more(struct strangers *strangers, uint32_t index)
{
	size_t *sent = &strangers->sent[index];
	slice rest = *sent < FRAME_HELLO_SIZE ? slice_of(frame_hello_client + *sent, FRAME_HELLO_SIZE - *sent)
					      : slice_of(strangers->message.data + (*sent - FRAME_HELLO_SIZE),
							strangers->message.size - (*sent - FRAME_HELLO_SIZE));
	ssize_t count =
		rest.size == 0 ? 0 : send(strangers->sockets[index].fd, rest.data, rest.size, MSG_NOSIGNAL);
	if (count < 0 && errno != EAGAIN) {
		leave(strangers, index);
		return;
	}
	*sent += count > 0 ? (size_t)count : 0;
	if (*sent < FRAME_HELLO_SIZE + strangers->message.size)
		return;
	if (strangers->once)
		strangers->sockets[index].events = POLLIN;
	else
		*sent = FRAME_HELLO_SIZE;
}

static void look_at(struct strangers *strangers, uint32_t index)
{
	const struct pollfd *socket = &strangers->sockets[index];
	if (socket->fd < 0) {
		come(strangers, index);
		return;
	}
	if ((socket->revents & POLLIN) != 0)
		take_answers(strangers, index);
	if (socket->fd >= 0 && (socket->revents & POLLOUT) != 0)
		send_more(strangers, index);
	if (socket->fd >= 0 && (socket->revents & (POLLERR | POLLHUP)) != 0)
		leave(strangers, index);
}

/* Whoever is thrown out comes again. */
static void *besiege(void *argument)
{
	struct strangers *strangers = argument;
	while (!atomic_load(&strangers->over)) {
		if (poll(strangers->sockets, strangers->count, REST_MS) < 0)
			break;
		for (uint32_t index = 0; index < strangers->count; index++)
			look_at(strangers, index);
	}
	for (uint32_t index = 0; index < strangers->count; index++) {
		if (strangers->sockets[index].fd >= 0)
			leave(strangers, index);
	}
	return NULL;
}

static bool begin(struct strangers *strangers, enum attack_kind kind, const char *url, slice message)
{
	const char *port = strrchr(url, ':');
	*strangers = (struct strangers){
		.count = attacks[kind].strangers,
		.once = kind == ATTACK_UNFINISHED || kind == ATTACK_IDLE,
		.message = message,
		.address = {.sin_family = AF_INET,
			.sin_port = htons((uint16_t)(port == NULL ? 0 : strtoul(port + 1, NULL, 10))),
			.sin_addr.s_addr = htonl(INADDR_LOOPBACK)},
	};
	for (uint32_t index = 0; index < strangers->count; index++)
		come(strangers, index);
	return pthread_create(&strangers->thread, NULL, besiege, strangers) == 0;
}

static void end(struct strangers *strangers)
{
	atomic_store(&strangers->over, true);
	pthread_join(strangers->thread, NULL);
}

/* ---- who is honest beside them ---- */

static bool measure(enum attack_kind kind, const struct bench_calls *calls, const struct bench_echo *echo,
	struct strangers *strangers)
{
	const struct attack *attack = &attacks[kind];
	SCOPED(buffer_free) struct buffer message = {0};
	uint64_t refused = 0;
	write_message(kind, &message);
	if (buffer_failed(&message) || !begin(strangers, kind, calls->stage->url, buffer_slice(&message)))
		return false;
	bool good = bench_calls_besieged(calls, attack->id, &attack->service, &refused);
	end(strangers);
	bench_figure_add(calls->figures, "siege", attack->refused, "", (double)refused);
	if (!good || !begin(strangers, kind, echo->url, buffer_slice(&message)))
		return false;
	good = bench_echo_besieged(echo, &attack->echo, calls->figures);
	end(strangers);
	return good;
}

/* Each stranger takes a descriptor here. */
static bool raise_files(void)
{
	struct rlimit files;
	if (getrlimit(RLIMIT_NOFILE, &files) != 0)
		return false;
	if (files.rlim_cur < STRANGERS_MAX + FILES_SPARE)
		files.rlim_cur = STRANGERS_MAX + FILES_SPARE < files.rlim_max ? STRANGERS_MAX + FILES_SPARE
									      : files.rlim_max;
	return setrlimit(RLIMIT_NOFILE, &files) == 0;
}

bool bench_siege_run(const struct bench_calls *calls, const struct bench_echo *echo)
{
	struct strangers *strangers = calloc(1, sizeof *strangers);
	bool good = strangers != NULL && raise_files();
	for (enum attack_kind kind = 0; good && kind < ATTACKS; kind++)
		good = measure(kind, calls, echo, strangers);
	free(strangers);
	return good;
}
