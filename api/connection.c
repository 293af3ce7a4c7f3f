/* SPDX-License-Identifier: Apache-2.0 */
#include "connection.h"

#include "condition.h"
#include "host_clock.h"

#include <assert.h>
#include <stdlib.h>

struct connection {
	uint32_t number;   /* 0: a free place */
	uint32_t requests; /* taken and not answered yet */
	uint32_t replies;  /* on their way out */
	bool proven;
	bool condemned;
	bool gives_way;
	bool closing; /* was named for closing, at `seen` */
	uint64_t seen;
	size_t held; /* of a message that has not come to its end, */
	uint64_t held_since;
};

/* Open addressing, never more than half full; removal moves later ones back, so there are no marks. */
struct connections {
	struct connection_limits limits;
	pthread_mutex_t mutex;
	pthread_cond_t drained;
	bool stopping;
	size_t count;
	size_t requests;
	size_t bytes;
	size_t replies; /* to what was taken */
	size_t reply_bytes;
	size_t held;
	size_t mask;
	struct connection places[];
};

enum recourse_error connection_table_make(
	const struct connection_limits *limits, struct connections **connections)
{
	size_t places = 2;
	while (places < 2 * (limits->connections_max + limits->spare))
		places *= 2;
	struct connections *made = calloc(1, sizeof *made + places * sizeof made->places[0]);
	if (made == NULL)
		return RECOURSE_MEMORY;
	made->limits = *limits;
	made->mask = places - 1;
	condition_make(&made->drained);
	pthread_mutex_init(&made->mutex, NULL);
	*connections = made;
	return RECOURSE_OK;
}

void connection_table_free(struct connections *connections)
{
	if (connections == NULL)
		return;
	pthread_cond_destroy(&connections->drained);
	pthread_mutex_destroy(&connections->mutex);
	free(connections);
}

static size_t home_of(const struct connections *connections, uint32_t number)
{
	return (size_t)((number * UINT64_C(0x9E3779B97F4A7C15)) >> 32) & connections->mask;
}

/* Its place, or the free place where it would go. */
static struct connection *find(struct connections *connections, uint32_t number)
{
	size_t place = home_of(connections, number);
	while (connections->places[place].number != 0 && connections->places[place].number != number)
		place = (place + 1) & connections->mask;
	return &connections->places[place];
}

/* ---- who gives way ---- */

/* How long ago it was. Threads read the clock before they get the lock: it may be just ahead. */
static uint64_t age_of(uint64_t time, uint64_t now)
{
	return now > time ? now - time : 0;
}

static uint32_t in_flight(const struct connection *connection)
{
	return connection->requests + connection->replies;
}

/* It is on its way out, or will be with the next sweep. */
static bool leaves(const struct connection *connection)
{
	return connection->closing || connection->gives_way;
}

/* Since when it is of no use; UINT64_MAX: it does not give way. */
typedef uint64_t idle_since(
	const struct connections *connections, const struct connection *connection, uint64_t now);

static uint64_t silent_since(
	const struct connections *connections, const struct connection *connection, uint64_t now)
{
	bool resting = age_of(connection->seen, now) >= connections->limits.pressed_ms;
	return in_flight(connection) > 0 || (connection->proven && !resting) ? UINT64_MAX : connection->seen;
}

static uint64_t stranger_since(
	const struct connections *connections, const struct connection *connection, uint64_t now)
{
	(void)connections;
	(void)now;
	return connection->proven ? UINT64_MAX : connection->seen;
}

static uint64_t unfinished_since(
	const struct connections *connections, const struct connection *connection, uint64_t now)
{
	(void)connections;
	(void)now;
	return connection->held == 0 || connection->proven ? UINT64_MAX : connection->held_since;
}

/* The one of least use; NULL: none gives way. */
static struct connection *find_least(struct connections *connections, idle_since *since, uint64_t now)
{
	struct connection *least = NULL;
	for (size_t place = 0; place <= connections->mask; place++) {
		struct connection *connection = &connections->places[place];
		if (connection->number == 0 || leaves(connection) ||
			since(connections, connection, now) == UINT64_MAX)
			continue;
		if (least == NULL || connection->proven < least->proven ||
			(connection->proven == least->proven &&
				since(connections, connection, now) < since(connections, least, now)))
			least = connection;
	}
	return least;
}

static size_t count_staying(const struct connections *connections)
{
	size_t count = 0;
	for (size_t place = 0; place <= connections->mask; place++) {
		const struct connection *connection = &connections->places[place];
		count += connection->number != 0 && !leaves(connection);
	}
	return count;
}

/* One that is known gives way only where no stranger is left, not even one that was asking. */
static struct connection *find_silent(struct connections *connections, uint64_t now)
{
	struct connection *silent = find_least(connections, silent_since, now);
	struct connection *asking =
		silent != NULL && silent->proven ? find_least(connections, stranger_since, now) : NULL;
	return asking != NULL ? asking : silent;
}

/* Only for one that is let in, and never for two the same: who knocks in vain drives out nobody. */
static bool make_way(struct connections *connections, uint64_t now)
{
	if (connections->count >= connections->limits.connections_max + connections->limits.spare)
		return false;
	if (count_staying(connections) < connections->limits.connections_max)
		return true;
	struct connection *least = find_silent(connections, now);
	if (least != NULL)
		least->gives_way = true;
	return least != NULL;
}

bool connection_add(struct connections *connections, uint32_t number, uint64_t now)
{
	assert(number != 0);
	pthread_mutex_lock(&connections->mutex);
	bool room = connections->count < connections->limits.connections_max || make_way(connections, now);
	struct connection *connection = find(connections, number);
	if (room && connection->number == 0) {
		*connection = (struct connection){.number = number, .seen = now};
		connections->count++;
	}
	pthread_mutex_unlock(&connections->mutex);
	return room;
}

void connection_prove(struct connections *connections, uint32_t number)
{
	pthread_mutex_lock(&connections->mutex);
	struct connection *connection = find(connections, number);
	connection->proven = connection->number == number;
	pthread_mutex_unlock(&connections->mutex);
}

/* More than twice what may be held is not held for anybody: who gives way is not gone yet. */
static bool may_hold(struct connections *connections, struct connection *connection, size_t all, uint64_t now)
{
	if (all <= connections->limits.total_bytes)
		return true;
	struct connection *least = find_least(connections, unfinished_since, now);
	if (least != NULL && least != connection)
		least->gives_way = true;
	return (connection->proven || least != connection) && all <= 2 * connections->limits.total_bytes;
}

static bool hold(struct connections *connections, struct connection *connection, size_t size, uint64_t now)
{
	size_t all = connections->held - connection->held + size;
	if (connection->held == 0)
		connection->held_since = now;
	if (leaves(connection) || (size > connection->held && !may_hold(connections, connection, all, now)))
		return false;
	connections->held = all;
	connection->held = size;
	return true;
}

bool connection_hold(struct connections *connections, uint32_t number, size_t size, uint64_t now)
{
	pthread_mutex_lock(&connections->mutex);
	struct connection *connection = find(connections, number);
	bool held = connection->number == number && hold(connections, connection, size, now);
	pthread_mutex_unlock(&connections->mutex);
	return held;
}

static void close_gap(struct connections *connections, size_t gap)
{
	for (size_t place = (gap + 1) & connections->mask; connections->places[place].number != 0;
		place = (place + 1) & connections->mask) {
		size_t home = home_of(connections, connections->places[place].number);
		/* One that sits between its home and here must not be moved before its home. */
		if (((place - home) & connections->mask) < ((place - gap) & connections->mask))
			continue;
		connections->places[gap] = connections->places[place];
		gap = place;
	}
	connections->places[gap] = (struct connection){0};
}

void connection_remove(struct connections *connections, uint32_t number)
{
	pthread_mutex_lock(&connections->mutex);
	struct connection *connection = find(connections, number);
	if (connection->number == number) {
		connections->held -= connection->held;
		close_gap(connections, (size_t)(connection - connections->places));
		connections->count--;
	}
	pthread_mutex_unlock(&connections->mutex);
}

static bool is_pressed(const struct connections *connections, const struct connection *connection)
{
	return connection->replies > 0 && connections->reply_bytes > connections->limits.total_bytes;
}

bool connection_pressed(struct connections *connections, uint32_t number)
{
	pthread_mutex_lock(&connections->mutex);
	const struct connection *connection = find(connections, number);
	bool pressed = connection->number == number && is_pressed(connections, connection);
	pthread_mutex_unlock(&connections->mutex);
	return pressed;
}

static enum connection_verdict judge(
	const struct connections *connections, const struct connection *connection, size_t size)
{
	const struct connection_limits *limits = &connections->limits;
	if (connection->condemned || connection->closing)
		return CONNECTION_DROP;
	if (connection->requests + connection->replies >= 2 * limits->requests_max)
		return CONNECTION_DROP;
	if (connections->stopping)
		return CONNECTION_STOPPING;
	if (connection->requests >= limits->requests_max || is_pressed(connections, connection))
		return CONNECTION_BUSY;
	if (connection->requests == 0 && size <= limits->small_size)
		return CONNECTION_TAKEN;
	if (connections->requests >= limits->total_requests)
		return CONNECTION_BUSY;
	/* One alone always fits, or a limit below the largest message would refuse it for ever. */
	if (connections->requests > 0 && connections->bytes + size > limits->total_bytes)
		return CONNECTION_BUSY;
	return CONNECTION_TAKEN;
}

enum connection_verdict connection_enter(
	struct connections *connections, uint32_t number, size_t size, uint64_t now)
{
	pthread_mutex_lock(&connections->mutex);
	struct connection *connection = find(connections, number);
	enum connection_verdict verdict = CONNECTION_DROP;
	if (connection->number == number)
		verdict = judge(connections, connection, size);
	if (verdict == CONNECTION_TAKEN) {
		connections->requests++;
		connections->bytes += size;
		connection->requests++;
		connection->seen = now;
	} else if (verdict != CONNECTION_DROP) {
		connection->replies++;
		connection->seen = now;
	} else if (connection->number == number) {
		connection->condemned = true;
	}
	pthread_mutex_unlock(&connections->mutex);
	return verdict;
}

/* The connection may be gone by now: the totals count what is in flight, whoever asked. */
void connection_reply(
	struct connections *connections, uint32_t number, size_t request_size, size_t reply_size)
{
	pthread_mutex_lock(&connections->mutex);
	struct connection *connection = find(connections, number);
	if (connection->number == number) {
		assert(connection->requests > 0);
		connection->requests--;
		connection->replies++;
	}
	assert(connections->requests > 0 && connections->bytes >= request_size);
	connections->requests--;
	connections->bytes -= request_size;
	connections->replies++;
	connections->reply_bytes += reply_size;
	if (connections->stopping && connections->requests == 0)
		pthread_cond_broadcast(&connections->drained);
	pthread_mutex_unlock(&connections->mutex);
}

void connection_leave(
	struct connections *connections, uint32_t number, bool taken, size_t reply_size, uint64_t now)
{
	pthread_mutex_lock(&connections->mutex);
	struct connection *connection = find(connections, number);
	if (connection->number == number) {
		assert(connection->replies > 0);
		connection->replies--;
		connection->seen = now;
	}
	assert(!taken || (connections->replies > 0 && connections->reply_bytes >= reply_size));
	connections->replies -= taken;
	connections->reply_bytes -= reply_size;
	if (connections->stopping && connections->replies == 0)
		pthread_cond_broadcast(&connections->drained);
	pthread_mutex_unlock(&connections->mutex);
}

void connection_stop(struct connections *connections)
{
	pthread_mutex_lock(&connections->mutex);
	connections->stopping = true;
	pthread_mutex_unlock(&connections->mutex);
}

/* Until that many are none. */
static bool wait_for_none(struct connections *connections, const size_t *left, uint64_t timeout_ms)
{
	uint64_t until = host_clock_monotonic() + timeout_ms * HOST_CLOCK_MILLISECOND;
	while (*left > 0 && condition_wait(&connections->drained, &connections->mutex, until))
		continue;
	return *left == 0;
}

bool connection_drain(struct connections *connections, uint64_t answer_ms, uint64_t leave_ms)
{
	pthread_mutex_lock(&connections->mutex);
	bool drained = wait_for_none(connections, &connections->requests, answer_ms) &&
		       wait_for_none(connections, &connections->replies, leave_ms);
	pthread_mutex_unlock(&connections->mutex);
	return drained;
}

void connection_condemn(struct connections *connections, uint32_t number)
{
	pthread_mutex_lock(&connections->mutex);
	struct connection *connection = find(connections, number);
	if (connection->number == number)
		connection->condemned = true;
	pthread_mutex_unlock(&connections->mutex);
}

static bool is_due(const struct connections *connections, const struct connection *connection, uint64_t now)
{
	if (connection->number == 0 || connection->closing)
		return false;
	uint64_t age = age_of(connection->seen, now);
	if (connection->gives_way ||
		(is_pressed(connections, connection) && age >= connections->limits.pressed_ms))
		return true;
	return in_flight(connection) == 0 && (connection->condemned || age >= connections->limits.idle_ms);
}

size_t connection_sweep(struct connections *connections, uint64_t now, uint32_t *numbers, size_t room)
{
	size_t found = 0;
	pthread_mutex_lock(&connections->mutex);
	for (size_t place = 0; place <= connections->mask && found < room; place++) {
		struct connection *connection = &connections->places[place];
		if (!is_due(connections, connection, now))
			continue;
		connection->closing = true;
		connection->seen = now;
		numbers[found++] = connection->number;
	}
	pthread_mutex_unlock(&connections->mutex);
	return found;
}

bool connection_stuck(struct connections *connections, uint64_t now, uint64_t patience_ms)
{
	bool stuck = false;
	pthread_mutex_lock(&connections->mutex);
	for (size_t place = 0; place <= connections->mask; place++) {
		const struct connection *connection = &connections->places[place];
		bool idle = connection->closing && in_flight(connection) == 0;
		stuck = stuck || (idle && age_of(connection->seen, now) > patience_ms);
	}
	pthread_mutex_unlock(&connections->mutex);
	return stuck;
}

struct connection_counts connection_count(struct connections *connections)
{
	pthread_mutex_lock(&connections->mutex);
	struct connection_counts counts = {
		.connections = connections->count,
		.requests = connections->requests,
		.replies = connections->replies,
	};
	pthread_mutex_unlock(&connections->mutex);
	return counts;
}
