/* SPDX-License-Identifier: Apache-2.0 */
#include "bench/bench_siege.h"

#include "base/try.h"
#include "bench/bench_hog.h"
#include "envelope.h"
#include "frame.h"
#include "host_clock.h"
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
	CROWD = 10 * 1000,
	FILES_SPARE = 200,
	REST_MS = 10,
	COME_AT_ONCE = 128, /* as many as a listener lets wait */
	GATHER_S = 20,
	RECOVERED_MS = 50,
};

/* More than the crowd: who is honest is to come as well, and needs no place of another. */
#define CROWD_CONNECTIONS "11000"
#define QUOTA_SMALL       "[{\"command\":\"control.publish\",\"version\":1,\"limits\":[],\"quota_key_mib\":8}]"
#define QUOTA_PRESET      "[{\"command\":\"control.publish\",\"version\":2,\"limits\":[]}]"

static const char large_head[] = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"signed\",\"params\":{\"key\":"
				 "\"nobody+00000000\",\"sig\":\"AA==\",\"payload\":\"";
static const char large_tail[] = "\"}}";
static const char discover[] = "{\"jsonrpc\":\"2.0\",\"method\":\"rpc.discover\",\"id\":1}";
static const char info[] = "{\"jsonrpc\":\"2.0\",\"method\":\"service.info\",\"id\":1}";

/* ---- what they do ---- */

enum pace {
	PACE_AGAIN,    /* as fast as it is taken, */
	PACE_DEAF,     /* and no answer is */
	PACE_ONCE,     /* and is silent then */
	PACE_ANSWERED, /* when there was an answer */
	PACE_KNOCK,    /* says hello, and goes */
	PACE_KEY,      /* with a key: bench_hog.h */
};

enum what { WHAT_NOTHING, WHAT_LARGE, WHAT_UNFINISHED, WHAT_DISCOVER, WHAT_INFO, WHAT_HOG };

struct attack {
	const char *id;
	enum pace pace;
	enum what what;
	uint32_t callers;
	uint32_t at_once; /* of the honest one: how many of its requests are on their way */
	bool quota;       /* little may be stored in a day */
	struct bench_load_names service;
	struct bench_load_names echo;
	const char *refused;
	const char *given_up;
	const char *held;
	const char *recovery;
	const char *answered;
	const char *turned_away;
	struct bench_ratio ratio;
};
#define NAMES(text)                                                                                          \
	{                                                                                                    \
		"siege", text, text " p50", text " p99", text ": server", text ": clients"                   \
	}
#define WAITED(text)                                                                                         \
	{                                                                                                    \
		"siege", text " p99 / echo", {"siege", text " p99"}, {"siege", text ", echo p99"}, true      \
	}
#define ATTACK(id, pace, what, callers, at_once, quota, text)                                                \
	{                                                                                                    \
		id, pace, what, callers, at_once, quota, NAMES(text), NAMES(text ", echo"),                  \
			text ": refused", text ": given up", text ": held", text ": recovery",               \
			text ": theirs answered", text ": theirs refused", WAITED(text)                      \
	}
static const struct attack attacks[] = {
	ATTACK("large", PACE_AGAIN, WHAT_LARGE, 60, 1, false, "bodies of 1.4 MB"),
	ATTACK("discover", PACE_AGAIN, WHAT_DISCOVER, 24, 1, false, "64 times rpc.discover"),
	ATTACK("beside", PACE_AGAIN, WHAT_DISCOVER, 24, 16, false, "16 at once beside rpc.discover"),
	ATTACK("deaf", PACE_DEAF, WHAT_DISCOVER, 24, 16, false, "16 at once beside answers not taken"),
	ATTACK("unfinished", PACE_ONCE, WHAT_UNFINISHED, 1000, 1, false, "unfinished bodies"),
	ATTACK("idle", PACE_ONCE, WHAT_NOTHING, 1100, 1, false, "idle connections"),
	ATTACK("knock", PACE_KNOCK, WHAT_NOTHING, 64, 1, false, "come and go"),
	ATTACK("quota", PACE_KEY, WHAT_HOG, BENCH_HOG_CONNECTIONS, 1, true, "a key beyond its quota"),
	ATTACK("hog", PACE_KEY, WHAT_HOG, BENCH_HOG_CONNECTIONS, 1, false, "a key in bulk"),
	ATTACK("flow", PACE_KEY, WHAT_HOG, BENCH_HOG_CONNECTIONS, 16, false,
		"16 at once beside a key in bulk"),
	ATTACK("crowd", PACE_ONCE, WHAT_INFO, CROWD, 1, false, "10,000 connections"),
	ATTACK("asking", PACE_ANSWERED, WHAT_INFO, CROWD, 1, false, "10,000 that ask"),
};
enum { ATTACKS = sizeof attacks / sizeof attacks[0] };

static bool is_crowd(const struct attack *attack)
{
	return attack->callers == CROWD;
}

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

static void add_frames(struct buffer *bytes, const char *text, size_t count)
{
	for (; count > 0; count--)
		add_frame(bytes, slice_text(text));
}

/* As large as what a key sends in bulk; for those who do not ask what it is. */
static void add_bulk(struct buffer *bytes)
{
	SCOPED(buffer_free) struct buffer body = {0};
	uint8_t *room = buffer_reserve(&body, BENCH_HOG_SIZE);
	if (room == NULL)
		return;
	memset(room, 0, BENCH_HOG_SIZE);
	for (size_t count = 0; count < BENCH_HOG_REQUESTS; count++)
		add_frame(bytes, slice_of(room, BENCH_HOG_SIZE));
}

static void write_message(enum what what, struct buffer *bytes)
{
	switch (what) {
	case WHAT_LARGE:
		add_large(bytes);
		return;
	case WHAT_UNFINISHED:
		add_large(bytes);
		bytes->size--;
		return;
	case WHAT_DISCOVER:
		add_frames(bytes, discover, PIPELINED);
		return;
	case WHAT_INFO:
		add_frames(bytes, info, 1);
		return;
	case WHAT_HOG:
		add_bulk(bytes);
		return;
	case WHAT_NOTHING:
		return;
	}
}

/* ---- callers, all of them in one thread ---- */

struct caller {
	size_t sent;     /* of the hello and the message */
	size_t received; /* since the message, and the other's hello */
};

struct callers {
	uint32_t count;
	enum pace pace;
	slice message;
	struct sockaddr_in address;
	atomic_bool over;
	atomic_uint held; /* of them, who were greeted and are there */
	pthread_t thread;
	struct pollfd sockets[CROWD];
	struct caller callers[CROWD];
};

static void leave(struct callers *all, uint32_t index)
{
	close(all->sockets[index].fd);
	all->sockets[index].fd = -1;
	if (all->callers[index].received > 0)
		atomic_fetch_sub(&all->held, 1);
}

static void come(struct callers *all, uint32_t index)
{
	int made = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	const struct sockaddr *address = (const struct sockaddr *)&all->address;
	all->callers[index] = (struct caller){0};
	all->sockets[index] =
		(struct pollfd){.fd = made, .events = all->pace == PACE_DEAF ? POLLOUT : POLLIN | POLLOUT};
	if (made >= 0 && connect(made, address, sizeof all->address) != 0 && errno != EINPROGRESS)
		leave(all, index);
}

static void take_answers(struct callers *all, uint32_t index)
{
	uint8_t bytes[1 << 14];
	struct caller *caller = &all->callers[index];
	ssize_t count = recv(all->sockets[index].fd, bytes, sizeof bytes, 0);
	if (count == 0)
		leave(all, index);
	if (count <= 0)
		return;
	if (caller->received == 0)
		atomic_fetch_add(&all->held, 1);
	caller->received += (size_t)count;
	if (all->pace != PACE_ANSWERED || caller->received <= FRAME_HELLO_SIZE ||
		(all->sockets[index].events & POLLOUT) != 0)
		return;
	*caller = (struct caller){.sent = FRAME_HELLO_SIZE, .received = FRAME_HELLO_SIZE};
	all->sockets[index].events = POLLIN | POLLOUT;
}

static void send_more(struct callers *all, uint32_t index)
{
	size_t *sent = &all->callers[index].sent;
	slice rest = *sent < FRAME_HELLO_SIZE ? slice_of(frame_hello_client + *sent, FRAME_HELLO_SIZE - *sent)
					      : slice_of(all->message.data + (*sent - FRAME_HELLO_SIZE),
							all->message.size - (*sent - FRAME_HELLO_SIZE));
	ssize_t count = rest.size == 0 ? 0 : send(all->sockets[index].fd, rest.data, rest.size, MSG_NOSIGNAL);
	if (count < 0 && errno != EAGAIN) {
		leave(all, index);
		return;
	}
	*sent += count > 0 ? (size_t)count : 0;
	if (*sent < FRAME_HELLO_SIZE + all->message.size)
		return;
	if (all->pace == PACE_KNOCK)
		leave(all, index);
	else if (all->pace == PACE_ONCE || all->pace == PACE_ANSWERED)
		all->sockets[index].events = POLLIN;
	else
		*sent = FRAME_HELLO_SIZE;
}

static void look_at(struct callers *all, uint32_t index)
{
	const struct pollfd *socket = &all->sockets[index];
	if ((socket->revents & POLLIN) != 0)
		take_answers(all, index);
	if (socket->fd >= 0 && (socket->revents & POLLOUT) != 0)
		send_more(all, index);
	if (socket->fd >= 0 && (socket->revents & (POLLERR | POLLHUP)) != 0)
		leave(all, index);
}

/* Whoever is thrown out comes again. */
static void *besiege(void *argument)
{
	struct callers *all = argument;
	while (!atomic_load(&all->over)) {
		uint32_t come_by = 0;
		if (poll(all->sockets, all->count, REST_MS) < 0)
			break;
		for (uint32_t index = 0; index < all->count; index++) {
			if (all->sockets[index].fd >= 0)
				look_at(all, index);
			else if (come_by++ < COME_AT_ONCE)
				come(all, index);
		}
	}
	for (uint32_t index = 0; index < all->count; index++) {
		if (all->sockets[index].fd >= 0)
			leave(all, index);
	}
	return NULL;
}

/* A crowd is there before anybody is measured, as far as it is let in. */
static void gather(struct callers *all)
{
	uint64_t deadline = host_clock_monotonic() + GATHER_S * HOST_CLOCK_SECOND;
	while (atomic_load(&all->held) < all->count && host_clock_monotonic() < deadline)
		poll(NULL, 0, REST_MS);
}

static bool begin(struct callers *all, const struct attack *attack, const char *url, slice message)
{
	const char *port = strrchr(url, ':');
	struct rlimit files = {.rlim_cur = 0};
	getrlimit(RLIMIT_NOFILE, &files);
	*all = (struct callers){
		.count = attack->callers,
		.pace = attack->pace,
		.message = message,
		.address = {.sin_family = AF_INET,
			.sin_port = htons((uint16_t)(port == NULL ? 0 : strtoul(port + 1, NULL, 10))),
			.sin_addr.s_addr = htonl(INADDR_LOOPBACK)},
	};
	if (files.rlim_cur < all->count + FILES_SPARE) {
		all->count = files.rlim_cur > 2 * FILES_SPARE ? (uint32_t)files.rlim_cur - FILES_SPARE
							      : FILES_SPARE;
		output_problem("bench siege: descriptors (ulimit -n) let %u of %u come", all->count,
			attack->callers);
	}
	for (uint32_t index = 0; index < all->count; index++)
		all->sockets[index].fd = -1;
	if (pthread_create(&all->thread, NULL, besiege, all) != 0)
		return false;
	if (is_crowd(attack))
		gather(all);
	return true;
}

static void end(struct callers *all)
{
	atomic_store(&all->over, true);
	pthread_join(all->thread, NULL);
}

/* ---- who is honest beside them ---- */

struct siege {
	const struct bench_calls *calls;
	const struct bench_echo *echo;
	struct callers *callers;
};

static void add(const struct siege *siege, const char *name, const char *unit, double value)
{
	bench_figure_add(siege->calls->figures, "siege", name, unit, value);
}

/* Since they are gone: until somebody who comes anew is answered at once. */
static void measure_recovery(const struct siege *siege, const struct attack *attack)
{
	char prefix[32];
	uint64_t left = host_clock_monotonic();
	uint64_t took = 0;
	snprintf(prefix, sizeof prefix, "%s-after", attack->id);
	for (uint64_t round = 0; took == 0 || took > RECOVERED_MS * HOST_CLOCK_MILLISECOND; round++)
		took = bench_calls_once(siege->calls, prefix, round);
	add(siege, attack->recovery, "ms",
		(double)(host_clock_monotonic() - left) / (double)HOST_CLOCK_MILLISECOND);
}

static bool call(const struct siege *siege, const struct attack *attack)
{
	struct bench_calls_turned turned = {0};
	bool good =
		bench_calls_besieged(siege->calls, attack->id, attack->at_once, &attack->service, &turned);
	add(siege, attack->refused, "", (double)turned.refused);
	add(siege, attack->given_up, "", (double)turned.given_up);
	return good;
}

static bool measure_strangers(const struct siege *siege, const struct attack *attack, slice message)
{
	if (!begin(siege->callers, attack, siege->calls->stage->url, message))
		return false;
	bool good = call(siege, attack);
	if (is_crowd(attack))
		add(siege, attack->held, "", (double)atomic_load(&siege->callers->held));
	end(siege->callers);
	if (good && is_crowd(attack))
		measure_recovery(siege, attack);
	return good;
}

static bool measure_key(const struct siege *siege, const struct attack *attack)
{
	char prefix[32];
	uint64_t answered;
	uint64_t refused;
	struct demo_stage *stage = siege->calls->stage;
	snprintf(prefix, sizeof prefix, "%s-bulk", attack->id);
	if (attack->quota && !demo_stage_submit(stage, "admin", QUOTA_SMALL, NULL, NULL))
		return false;
	struct bench_hog *hog = bench_hog_start(siege->calls, prefix);
	bool good = hog != NULL && call(siege, attack);
	bench_hog_stop(hog, &answered, &refused);
	add(siege, attack->answered, "", (double)answered);
	add(siege, attack->turned_away, "", (double)refused);
	return good && (!attack->quota || demo_stage_submit(stage, "admin", QUOTA_PRESET, NULL, NULL));
}

/*
 * What the machine leaves of anything; of one at a time only, as it is all that the echo's client does. Not beside a
 * crowd: the library's REP socket holds all of it for good, and answers nobody more.
 */
static bool measure_echo(const struct siege *siege, const struct attack *attack, slice message)
{
	if (attack->at_once > 1 || is_crowd(attack))
		return true;
	if (!begin(siege->callers, attack, siege->echo->url, message))
		return false;
	bool good = bench_echo_besieged(siege->echo, &attack->echo, siege->calls->figures);
	end(siege->callers);
	bench_figure_ratio(siege->calls->figures, &attack->ratio);
	return good;
}

/* Another service, where more are to come than it takes by itself. */
static bool serve(struct demo_stage *stage, const char *connections)
{
	if (stage->connections == connections)
		return true;
	stage->connections = connections;
	return demo_stage_stop(stage) && demo_stage_serve(stage);
}

static bool measure(const struct siege *siege, const struct attack *attack)
{
	SCOPED(buffer_free) struct buffer message = {0};
	fprintf(stderr, "  %s\n", attack->service.rate);
	write_message(attack->what, &message);
	if (buffer_failed(&message) ||
		!serve(siege->calls->stage, is_crowd(attack) ? CROWD_CONNECTIONS : NULL))
		return false;
	bool good = attack->pace == PACE_KEY ? measure_key(siege, attack)
					     : measure_strangers(siege, attack, buffer_slice(&message));
	return good && measure_echo(siege, attack, buffer_slice(&message));
}

/* Each of them takes a descriptor here, and one of whom it calls. */
void bench_siege_prepare(void)
{
	const rlim_t wanted = CROWD + 2 * FILES_SPARE;
	struct rlimit files;
	if (getrlimit(RLIMIT_NOFILE, &files) != 0 || files.rlim_cur >= wanted)
		return;
	if (files.rlim_max < wanted) {
		struct rlimit more = {wanted, wanted};
		if (setrlimit(RLIMIT_NOFILE, &more) == 0)
			return;
	}
	files.rlim_cur = files.rlim_max < wanted ? files.rlim_max : wanted;
	setrlimit(RLIMIT_NOFILE, &files);
}

static bool is_meant(const struct attack *attack, const char *part)
{
	return part == NULL || strstr(attack->service.rate, part) != NULL;
}

bool bench_siege_knows(const char *part)
{
	for (size_t attack = 0; attack < ATTACKS; attack++) {
		if (is_meant(&attacks[attack], part))
			return true;
	}
	return false;
}

bool bench_siege_run(const struct bench_calls *calls, const struct bench_echo *echo, const char *part)
{
	const struct siege siege = {calls, echo, calloc(1, sizeof(struct callers))};
	bool good = siege.callers != NULL;
	for (size_t attack = 0; good && attack < ATTACKS; attack++)
		good = !is_meant(&attacks[attack], part) || measure(&siege, &attacks[attack]);
	free(siege.callers);
	return good && serve(calls->stage, NULL);
}
