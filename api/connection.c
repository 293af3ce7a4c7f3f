/* SPDX-License-Identifier: Apache-2.0 */
#include "connection.h"

#include "condition.h"
#include "host_clock.h"
#include "link.h"
#include "share.h"

#include <assert.h>
#include <stdlib.h>

/*
 * Of how much use somebody is, from the least. In each of them who was heard last is last, so that who gives way stands
 * at the front, and nothing here ever looks at all that are connected.
 */
enum rank {
	RANK_SILENT,       /* a stranger that has nothing in flight, */
	RANK_ASKING,       /* or something */
	RANK_KNOWN,        /* one that has proven a key, the same */
	RANK_KNOWN_ASKING, /* two */
	RANK_GIVING,       /* on its way out: it is named with the next sweep, */
	RANK_CLOSING,      /* and was named, at `seen` */
	RANKS,
};

struct connection {
	struct connection *next; /* of those with this hash, or of the free ones */
	struct link ranked;
	struct link held_since; /* of strangers whose message has not come to its end */
	enum rank rank;
	uint32_t number;
	uint32_t requests;    /* taken and not answered yet */
	uint32_t replies;     /* on their way out, */
	size_t reply_bytes;   /* to what was taken */
	uint32_t party;       /* 0: a stranger */
	struct share charged; /* to its party, or to the strangers */
	bool condemned;
	bool gives_way;
	bool closing;
	uint64_t seen;
};

struct connections {
	struct connection_limits limits;
	pthread_mutex_t mutex;
	pthread_cond_t drained;
	bool stopping;
	bool abandoned;
	size_t count;
	size_t leaving; /* of these, on their way out */
	size_t requests;
	size_t replies; /* to what was taken */
	size_t reply_bytes;
	struct share known;                          /* of all parties */
	struct share shares[CONNECTION_PARTIES + 1]; /* the first is the strangers' */
	struct link ranks[RANKS];
	struct link unfinished;
	struct connection *unused;
	size_t mask;
	struct connection **homes; /* behind the places */
	struct connection places[];
};

/* ---- the table ---- */

enum recourse_error connection_table_make(
	const struct connection_limits *limits, struct connections **connections)
{
	size_t places = limits->connections_max + limits->spare;
	size_t homes = 2;
	while (homes < places)
		homes *= 2;
	struct connections *made =
		calloc(1, sizeof *made + places * sizeof made->places[0] + homes * sizeof made->homes[0]);
	if (made == NULL)
		return RECOURSE_MEMORY;
	made->limits = *limits;
	made->mask = homes - 1;
	made->homes = (struct connection **)(made->places + places);
	for (size_t place = 0; place < places; place++) {
		made->places[place].next = made->unused;
		made->unused = &made->places[place];
	}
	for (enum rank rank = 0; rank < RANKS; rank++)
		link_make(&made->ranks[rank], NULL);
	link_make(&made->unfinished, NULL);
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

static struct connection **home_of(struct connections *connections, uint32_t number)
{
	return &connections->homes[((number * UINT64_C(0x9E3779B97F4A7C15)) >> 32) & connections->mask];
}

/* Where it is linked in, or the end of that list. */
static struct connection **find_link(struct connections *connections, uint32_t number)
{
	struct connection **link = home_of(connections, number);
	while (*link != NULL && (*link)->number != number)
		link = &(*link)->next;
	return link;
}

/* NULL: it is not there. */
static struct connection *find(struct connections *connections, uint32_t number)
{
	return *find_link(connections, number);
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

static bool leaves(const struct connection *connection)
{
	return connection->rank >= RANK_GIVING;
}

static enum rank rank_of(const struct connection *connection)
{
	bool asks = in_flight(connection) > 0;
	if (connection->closing)
		return RANK_CLOSING;
	if (connection->gives_way || (connection->condemned && !asks))
		return RANK_GIVING;
	if (connection->charged.places > 0)
		return asks ? RANK_KNOWN_ASKING : RANK_KNOWN;
	return asks ? RANK_ASKING : RANK_SILENT;
}

/* After whatever changed its use; and who was heard just now is last of its rank. */
static void place(struct connections *connections, struct connection *connection, bool heard)
{
	enum rank rank = rank_of(connection);
	if (rank == connection->rank && !heard)
		return;
	connections->leaving -= leaves(connection);
	connection->rank = rank;
	connections->leaving += leaves(connection);
	link_append(&connections->ranks[rank], &connection->ranked);
	if (rank > RANK_ASKING)
		link_take(&connection->held_since);
}

static void hear(struct connections *connections, struct connection *connection, uint64_t now)
{
	connection->seen = now;
	place(connections, connection, true);
}

/* The front of that rank, whom nobody was heard less lately than; NULL: there is none. */
static struct connection *front(struct connections *connections, enum rank rank)
{
	return connections->ranks[rank].after->of;
}

static void give_way(struct connections *connections, struct connection *connection)
{
	connection->gives_way = true;
	place(connections, connection, false);
}

/* One that is known gives way only where no stranger is left, not even one that is asking, and when it rests. */
static struct connection *find_least(struct connections *connections, uint64_t now)
{
	struct connection *known = front(connections, RANK_KNOWN);
	for (enum rank rank = RANK_SILENT; rank <= RANK_ASKING; rank++) {
		if (front(connections, rank) != NULL)
			return front(connections, rank);
	}
	bool resting = known != NULL && age_of(known->seen, now) >= connections->limits.pressed_ms;
	return resting ? known : NULL;
}

/* Only for one that is let in, and never for two the same: who knocks in vain drives out nobody. */
static bool make_way(struct connections *connections, uint64_t now)
{
	if (connections->unused == NULL)
		return false;
	if (connections->count - connections->leaving < connections->limits.connections_max)
		return true;
	struct connection *least = find_least(connections, now);
	if (least != NULL)
		give_way(connections, least);
	return least != NULL;
}

static void add(struct connections *connections, uint32_t number, uint64_t now)
{
	struct connection *connection = connections->unused;
	struct connection **home = home_of(connections, number);
	connections->unused = connection->next;
	*connection = (struct connection){.number = number, .seen = now, .next = *home};
	*home = connection;
	link_make(&connection->ranked, connection);
	link_make(&connection->held_since, connection);
	place(connections, connection, true);
	connections->count++;
}

bool connection_add(struct connections *connections, uint32_t number, uint64_t now)
{
	assert(number != 0);
	pthread_mutex_lock(&connections->mutex);
	bool there = find(connections, number) != NULL;
	bool room = make_way(connections, now);
	if (room && !there)
		add(connections, number, now);
	pthread_mutex_unlock(&connections->mutex);
	return room;
}

/* ---- shares ---- */

static void charge(struct connections *connections, struct connection *connection, struct share more)
{
	share_add(&connection->charged, more);
	share_add(&connections->shares[connection->party], more);
	if (connection->party != 0)
		share_add(&connections->known, more);
}

/* What it has taken up so far goes over to the party. */
static void change_party(struct connections *connections, struct connection *connection, uint32_t party)
{
	struct share charged = connection->charged;
	charge(connections, connection, share_negative(charged));
	charged.places = 0;
	link_take(&connection->held_since);
	connection->party = party;
	charge(connections, connection, charged);
}

bool connection_prove(struct connections *connections, uint32_t number, uint32_t party)
{
	const struct share place_of_one = {.places = 1};
	pthread_mutex_lock(&connections->mutex);
	struct connection *connection = find(connections, number);
	uint32_t share = 1 + party % CONNECTION_PARTIES;
	bool known = false;
	if (connection != NULL) {
		if (connection->party != share)
			change_party(connections, connection, share);
		if (connection->charged.places == 0 &&
			share_leaves_room(connections->shares[share].places, connections->known.places, 1,
				connections->limits.connections_max))
			charge(connections, connection, place_of_one);
		known = connection->charged.places > 0;
		place(connections, connection, false);
	}
	pthread_mutex_unlock(&connections->mutex);
	return known;
}

/* ---- what lies in memory ---- */

/*
 * A party has its share, whatever strangers have. For a stranger another gives way, which may not be gone yet: more than
 * twice what may be is not held for any.
 */
static bool may_hold(struct connections *connections, struct connection *connection, size_t more)
{
	const size_t limit = connections->limits.total_bytes;
	const size_t own = connections->shares[connection->party].unfinished;
	if (connection->party != 0)
		return share_leaves_room(own, connections->known.unfinished, more, 2 * limit);
	if (own + more <= limit)
		return true;
	struct connection *least = connections->unfinished.after->of;
	if (least != NULL && least != connection)
		give_way(connections, least);
	return least != connection && own + more <= 2 * limit;
}

static bool hold(struct connections *connections, struct connection *connection, size_t size)
{
	const size_t held = connection->charged.unfinished;
	const struct share more = {.unfinished = size - held}; /* or less: it wraps around */
	if (leaves(connection) || (size > held && !may_hold(connections, connection, more.unfinished)))
		return false;
	if (size == 0)
		link_take(&connection->held_since);
	else if (held == 0 && connection->party == 0)
		link_append(&connections->unfinished, &connection->held_since);
	charge(connections, connection, more);
	return true;
}

bool connection_hold(struct connections *connections, uint32_t number, size_t size)
{
	pthread_mutex_lock(&connections->mutex);
	struct connection *connection = find(connections, number);
	bool held = connection != NULL && hold(connections, connection, size);
	pthread_mutex_unlock(&connections->mutex);
	return held;
}

static void take_out(struct connections *connections, struct connection **link)
{
	struct connection *connection = *link;
	connections->leaving -= leaves(connection);
	connections->count--;
	charge(connections, connection, share_negative(connection->charged));
	link_take(&connection->ranked);
	link_take(&connection->held_since);
	*link = connection->next;
	*connection = (struct connection){.next = connections->unused};
	connections->unused = connection;
}

void connection_remove(struct connections *connections, uint32_t number)
{
	pthread_mutex_lock(&connections->mutex);
	struct connection **link = find_link(connections, number);
	if (*link != NULL)
		take_out(connections, link);
	pthread_mutex_unlock(&connections->mutex);
}

/* What a party has lying there may be little: then it is others' doing, and none of its. */
static bool is_pressed(const struct connections *connections, const struct connection *connection)
{
	bool little = connection->party != 0 && connection->reply_bytes <= connections->limits.small_size;
	return connection->replies > 0 && !little &&
	       connections->reply_bytes > connections->limits.total_bytes;
}

bool connection_pressed(struct connections *connections, uint32_t number)
{
	pthread_mutex_lock(&connections->mutex);
	const struct connection *connection = find(connections, number);
	bool pressed = connection != NULL && is_pressed(connections, connection);
	pthread_mutex_unlock(&connections->mutex);
	return pressed;
}

/* ---- requests ---- */

/* Beside what is there: what strangers have is nothing to a party. */
static bool has_share(const struct connections *connections, const struct connection *connection, size_t size)
{
	const struct connection_limits *limits = &connections->limits;
	const struct share *own = &connections->shares[connection->party];
	struct share all = connections->known;
	if (connection->party == 0) {
		all.requests += own->requests;
		all.bytes += own->bytes;
	}
	if (!share_leaves_room(own->requests, all.requests, 1, limits->total_requests))
		return false;
	/* One alone always fits, or a limit below the largest message would refuse it for ever. */
	return all.requests == 0 || share_leaves_room(own->bytes, all.bytes, size, limits->total_bytes);
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
		return CONNECTION_FREE;
	return has_share(connections, connection, size) ? CONNECTION_TAKEN : CONNECTION_BUSY;
}

static void enter(struct connections *connections, struct connection *connection,
	enum connection_verdict verdict, size_t size, uint64_t now)
{
	const struct share one = {.requests = 1, .bytes = size};
	bool taken = connection_is_taken(verdict);
	if (verdict == CONNECTION_DROP) {
		connection->condemned = true;
		place(connections, connection, false);
		return;
	}
	if (verdict == CONNECTION_TAKEN)
		charge(connections, connection, one);
	connections->requests += taken;
	connection->requests += taken;
	connection->replies += !taken;
	hear(connections, connection, now);
}

enum connection_verdict connection_enter(
	struct connections *connections, uint32_t number, size_t size, uint64_t now)
{
	enum connection_verdict verdict = CONNECTION_DROP;
	pthread_mutex_lock(&connections->mutex);
	struct connection *connection = find(connections, number);
	if (connection != NULL) {
		verdict = judge(connections, connection, size);
		enter(connections, connection, verdict, size, now);
	}
	pthread_mutex_unlock(&connections->mutex);
	return verdict;
}

/* The connection may be gone by now, and what it was charged with it: the totals count what is in flight, whoever asked. */
void connection_reply(struct connections *connections, uint32_t number, enum connection_verdict verdict,
	size_t request_size, size_t reply_size)
{
	const struct share one = {.requests = 1, .bytes = request_size};
	pthread_mutex_lock(&connections->mutex);
	struct connection *connection = find(connections, number);
	if (connection != NULL) {
		assert(connection->requests > 0);
		connection->requests--;
		connection->replies++;
		connection->reply_bytes += reply_size;
		if (verdict == CONNECTION_TAKEN)
			charge(connections, connection, share_negative(one));
	}
	assert(connections->requests > 0);
	connections->requests--;
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
	if (connection != NULL) {
		assert(connection->replies > 0 && connection->reply_bytes >= reply_size);
		connection->replies--;
		connection->reply_bytes -= reply_size;
		hear(connections, connection, now);
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
	while (*left > 0 && !connections->abandoned &&
		condition_wait(&connections->drained, &connections->mutex, until))
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

void connection_abandon(struct connections *connections)
{
	pthread_mutex_lock(&connections->mutex);
	connections->abandoned = true;
	pthread_cond_broadcast(&connections->drained);
	pthread_mutex_unlock(&connections->mutex);
}

void connection_condemn(struct connections *connections, uint32_t number)
{
	pthread_mutex_lock(&connections->mutex);
	struct connection *connection = find(connections, number);
	if (connection != NULL) {
		connection->condemned = true;
		place(connections, connection, false);
	}
	pthread_mutex_unlock(&connections->mutex);
}

/* ---- sweeping ---- */

/* What makes each rank give way when it was not heard for so long. */
static uint64_t patience_of(const struct connections *connections, enum rank rank)
{
	if (rank == RANK_GIVING)
		return 0;
	return rank == RANK_ASKING || rank == RANK_KNOWN_ASKING ? connections->limits.pressed_ms
								: connections->limits.idle_ms;
}

static bool is_due(const struct connections *connections, const struct connection *connection)
{
	bool asks = connection->rank == RANK_ASKING || connection->rank == RANK_KNOWN_ASKING;
	return !asks || is_pressed(connections, connection);
}

/* From the front of a rank, as far as they were not heard for too long; who is not due although is passed over. */
static size_t sweep_rank(
	struct connections *connections, enum rank rank, uint64_t now, uint32_t *numbers, size_t room)
{
	size_t found = 0;
	struct connection *connection = front(connections, rank);
	while (connection != NULL && found < room &&
		age_of(connection->seen, now) >= patience_of(connections, rank)) {
		struct connection *after = connection->ranked.after->of;
		if (is_due(connections, connection)) {
			numbers[found++] = connection->number;
			connection->closing = true;
			hear(connections, connection, now);
		}
		connection = after;
	}
	return found;
}

size_t connection_sweep(struct connections *connections, uint64_t now, uint32_t *numbers, size_t room)
{
	static const enum rank order[] = {
		RANK_GIVING, RANK_SILENT, RANK_KNOWN, RANK_ASKING, RANK_KNOWN_ASKING};
	size_t found = 0;
	pthread_mutex_lock(&connections->mutex);
	bool pressed = connections->reply_bytes > connections->limits.total_bytes;
	for (size_t index = 0; index < (pressed ? 5 : 3); index++)
		found += sweep_rank(connections, order[index], now, numbers + found, room - found);
	pthread_mutex_unlock(&connections->mutex);
	return found;
}

bool connection_stuck(struct connections *connections, uint64_t now, uint64_t patience_ms)
{
	bool stuck = false;
	pthread_mutex_lock(&connections->mutex);
	for (struct connection *connection = front(connections, RANK_CLOSING);
		connection != NULL && age_of(connection->seen, now) > patience_ms;
		connection = connection->ranked.after->of)
		stuck = stuck || in_flight(connection) == 0;
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
