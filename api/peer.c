/* SPDX-License-Identifier: Apache-2.0 */
#include "peer.h"

#include "base/crypto.h"
#include "exchange.h"
#include "host_clock.h"
#include "frame.h"
#include "send.h"

#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

enum {
	READ_SIZE = 16 * 1024,
	WRITE_SIZE = 64 * 1024,     /* replies are put together up to this */
	INPUT_FREE = 2 * READ_SIZE, /* what a connection may have in memory without a question */
	WEIGHT_LEAST = 2048,        /* of a request: what the smallest costs, in bytes of a larger one */
	HELLO_TIMEOUT_MS = 10 * 1000,
	AT_ONCE_SIZE = 4096, /* of a request that the transport's thread may work on */
};

struct peer {
	struct peers *peers;
	struct peer *next; /* with this home */
	uint32_t number;
	nng_stream *stream;
	nng_aio *reading;
	nng_aio *writing;
	nng_aio *at_once; /* NULL: what is written waits for its callback */
	bool greeted;
	atomic_bool known;                 /* comes before strangers */
	struct queue_lane own_lane;        /* the intake's, */
	_Atomic(struct queue_lane *) lane; /* or that of the party that it speaks for */
	struct buffer input;
	size_t held; /* of it, as counted */
	struct buffer output;
	size_t written;
	struct exchange_list sent; /* what is in the output; the write's alone */

	pthread_mutex_t mutex;
	size_t references; /* itself while open, the read, the write, each exchange, who looks at it */
	bool closed;
	bool busy;                    /* a write is under way */
	struct exchange_list waiting; /* for it */
};

enum { HOMES = 1024 };

struct peers {
	struct peer_options options;
	pthread_mutex_t mutex;
	pthread_cond_t gone;
	size_t count;
	struct peer *homes[HOMES]; /* by number */
};

/* Numbers are unique in the process: the table of connections is shared by all groups. */
static atomic_uint last_number;

static uint64_t now_ms(void)
{
	return host_clock_monotonic() / HOST_CLOCK_MILLISECOND;
}

/* ---- lives ---- */

static void hold(struct peer *peer)
{
	pthread_mutex_lock(&peer->mutex);
	peer->references++;
	pthread_mutex_unlock(&peer->mutex);
}

/* For who found it in the list, whose lock is held: it may be on its way out. */
static bool hold_if_alive(struct peer *peer, bool unless_closed)
{
	pthread_mutex_lock(&peer->mutex);
	bool held = peer->references > 0 && !(unless_closed && peer->closed);
	peer->references += held;
	pthread_mutex_unlock(&peer->mutex);
	return held;
}

static void destroy(struct peer *peer)
{
	struct peers *peers = peer->peers;
	connection_remove(peers->options.connections, peer->number);
	/* reaped, not freed: this may run in the callback of either */
	nng_aio_reap(peer->reading);
	nng_aio_reap(peer->writing);
	nng_aio_reap(peer->at_once);
	nng_stream_free(peer->stream);
	buffer_free(&peer->input);
	buffer_free(&peer->output);
	pthread_mutex_lock(&peers->mutex);
	struct peer **link = &peers->homes[peer->number % HOMES];
	while (*link != peer)
		link = &(*link)->next;
	*link = peer->next;
	if (--peers->count == 0)
		pthread_cond_broadcast(&peers->gone);
	pthread_mutex_unlock(&peers->mutex);
	pthread_mutex_destroy(&peer->mutex);
	free(peer);
}

static void drop(struct peer *peer)
{
	pthread_mutex_lock(&peer->mutex);
	size_t left = --peer->references;
	pthread_mutex_unlock(&peer->mutex);
	if (left == 0)
		destroy(peer);
}

/* The request is over, whether its reply arrived or not. It is in no list any more. */
static void finish(struct exchange *exchange)
{
	struct peer *peer = exchange->peer;
	connection_leave(peer->peers->options.connections, peer->number,
		connection_is_taken(exchange->verdict), exchange->reply_size, now_ms());
	job_clear(&exchange->job);
	crypto_wipe(exchange->bytes, exchange->route.size + exchange->size);
	free(exchange);
	drop(peer);
}

static void finish_all(struct exchange_list *list)
{
	struct exchange *exchange;
	while ((exchange = exchange_take(list)) != NULL)
		finish(exchange);
}

/*
 * What is under way ends with an error, and drops its reference then. An operation that is begun after this looks at
 * `closed` once more when it has begun, since a stream that is closed may leave it waiting.
 */
static void close_peer(struct peer *peer)
{
	pthread_mutex_lock(&peer->mutex);
	bool closed = peer->closed;
	peer->closed = true;
	struct exchange_list waiting = peer->waiting;
	peer->waiting = (struct exchange_list){0};
	pthread_mutex_unlock(&peer->mutex);
	if (closed)
		return;
	nng_stream_close(peer->stream);
	nng_aio_cancel(peer->reading);
	nng_aio_cancel(peer->writing);
	finish_all(&waiting);
	drop(peer);
}

/* The peer is held: what was begun may be over, and the peer gone, before this has looked. */
static void operate(struct peer *peer, void (*operation)(nng_stream *, nng_aio *), nng_aio *aio, nng_iov iov)
{
	hold(peer);
	nng_aio_set_iov(aio, 1, &iov);
	operation(peer->stream, aio);
	pthread_mutex_lock(&peer->mutex);
	bool closed = peer->closed;
	pthread_mutex_unlock(&peer->mutex);
	if (closed)
		nng_aio_cancel(aio);
	drop(peer);
}

/* ---- writing ---- */

static void begin_write(struct peer *peer)
{
	nng_iov rest = {
		.iov_buf = peer->output.data + peer->written,
		.iov_len = peer->output.size - peer->written,
	};
	operate(peer, nng_stream_send, peer->writing, rest);
}

static void lose_write(struct peer *peer)
{
	close_peer(peer);
	finish_all(&peer->sent);
	drop(peer);
}

/* Copies of what waits, for one write; false when nothing does, and the write is over. */
static bool fill_output(struct peer *peer)
{
	peer->written = 0;
	if (peer->output.capacity > WRITE_SIZE + READ_SIZE)
		buffer_free(&peer->output);
	buffer_clear(&peer->output);
	pthread_mutex_lock(&peer->mutex);
	while (peer->waiting.first != NULL && peer->output.size < WRITE_SIZE) {
		struct exchange *exchange = exchange_take(&peer->waiting);
		frame_write(exchange->route, buffer_slice(&exchange->job.reply), &peer->output);
		buffer_free(&exchange->job.reply);
		exchange_append(&peer->sent, exchange);
	}
	/* once it is free again another thread may fill it: only what is known under the lock counts */
	bool filled = peer->sent.first != NULL;
	peer->busy = filled;
	pthread_mutex_unlock(&peer->mutex);
	return filled;
}

/*
 * Ends with the write's reference dropped, or with the next write begun. What is there first is tried in the caller's
 * thread; what came meanwhile is the callbacks', or one that asks much would keep this thread for itself.
 */
static void write_next(struct peer *peer, bool at_once)
{
	while (fill_output(peer)) {
		if (buffer_failed(&peer->output)) {
			lose_write(peer);
			return;
		}
		if (at_once)
			peer->written =
				send_at_once(peer->stream, peer->at_once, buffer_slice(&peer->output));
		if (peer->written < peer->output.size) {
			begin_write(peer);
			return;
		}
		finish_all(&peer->sent);
		at_once = false;
	}
	drop(peer);
}

static void on_written(void *argument)
{
	struct peer *peer = argument;
	if (nng_aio_result(peer->writing) != 0) {
		lose_write(peer);
		return;
	}
	peer->written += nng_aio_count(peer->writing);
	if (peer->written < peer->output.size) {
		begin_write(peer);
		return;
	}
	finish_all(&peer->sent);
	write_next(peer, false);
}

static void count_reply(struct exchange *exchange)
{
	if (!connection_is_taken(exchange->verdict))
		return;
	exchange->reply_size = exchange->job.reply.size;
	connection_reply(exchange->peer->peers->options.connections, exchange->peer->number,
		exchange->verdict, exchange->size, exchange->reply_size);
}

void peer_drop(struct job *job)
{
	struct exchange *exchange = (struct exchange *)job;
	count_reply(exchange);
	finish(exchange);
}

void peer_reply(struct job *job)
{
	struct exchange *exchange = (struct exchange *)job;
	struct peer *peer = exchange->peer;
	bool lost = job->reply.size == 0;
	count_reply(exchange);
	/* held: it may be sent, and gone, by the write that is under way */
	hold(peer);
	pthread_mutex_lock(&peer->mutex);
	bool over = peer->closed || lost;
	bool begin = !over && !peer->busy;
	if (!over)
		exchange_append(&peer->waiting, exchange);
	if (begin) {
		peer->busy = true;
		peer->references++;
	}
	pthread_mutex_unlock(&peer->mutex);
	if (begin)
		write_next(peer, peer->at_once != NULL);
	if (over)
		finish(exchange);
	if (lost)
		close_peer(peer);
	drop(peer);
}

/* Once is enough: it stays known for as long as it lasts, and speaks for the same. */
void peer_prove(const struct job *job, uint32_t party, struct queue_lane *lane)
{
	struct peer *peer = ((const struct exchange *)job)->peer;
	bool same = atomic_exchange(&peer->lane, lane) == lane;
	if (!same || !atomic_load(&peer->known))
		peer->known = connection_prove(peer->peers->options.connections, peer->number, party);
}

bool peer_pressed(const struct job *job)
{
	const struct peer *peer = ((const struct exchange *)job)->peer;
	return connection_pressed(peer->peers->options.connections, peer->number);
}

/* ---- reading ---- */

static struct exchange *make_exchange(struct peer *peer, const struct frame *frame)
{
	struct exchange *exchange = malloc(sizeof *exchange + frame->route.size + frame->body.size);
	if (exchange == NULL)
		return NULL;
	*exchange = (struct exchange){
		.peer = peer,
		.size = frame->body.size,
		.route = slice_of(exchange->bytes, frame->route.size),
		.job.message = slice_of(exchange->bytes + frame->route.size, frame->body.size),
		.job.lane = peer->lane,
		.job.weight = WEIGHT_LEAST + frame->body.size,
	};
	/* the body lies behind the route, here as there */
	memcpy(exchange->bytes, frame->route.data, frame->route.size + frame->body.size);
	hold(peer);
	return exchange;
}

/* What comes behind it is not read meanwhile: so it is small, the last of what came, and no query, which may take long. */
static bool is_worked_on(struct peer *peer, struct exchange *exchange, bool last)
{
	const struct peer_options *options = &peer->peers->options;
	bool small = last && exchange->size <= AT_ONCE_SIZE;
	return small && options->work != NULL && atomic_load(&peer->known) &&
	       job_seems_submit(&exchange->job) && options->work(options->context, &exchange->job);
}

/* The last of what was read, or not. False when the connection can not go on. */
static bool take_request(struct peer *peer, const struct frame *frame, bool last)
{
	const struct peer_options *options = &peer->peers->options;
	enum connection_verdict verdict =
		connection_enter(options->connections, peer->number, frame->body.size, now_ms());
	if (verdict == CONNECTION_DROP)
		return false;
	struct exchange *exchange = make_exchange(peer, frame);
	if (exchange == NULL) {
		if (connection_is_taken(verdict))
			connection_reply(options->connections, peer->number, verdict, frame->body.size, 0);
		connection_leave(
			options->connections, peer->number, connection_is_taken(verdict), 0, now_ms());
		return false;
	}
	exchange->verdict = verdict;
	if (connection_is_taken(verdict)) {
		if (is_worked_on(peer, exchange, last))
			return true;
		/* The queue has room for all that is ever taken: it refuses only when everything ends. */
		bool offered = queue_offer(options->intake, &exchange->job);
		if (!offered)
			peer_drop(&exchange->job);
		return offered;
	}
	job_refuse(&exchange->job, verdict == CONNECTION_BUSY ? RECOURSE_BUSY : RECOURSE_STOPPING);
	peer_reply(&exchange->job);
	return true;
}

/* How much of the input is done with; −1 when the connection can not go on. */
static ptrdiff_t take_input(struct peer *peer)
{
	slice rest = buffer_slice(&peer->input);
	if (!peer->greeted) {
		if (rest.size < FRAME_HELLO_SIZE)
			return 0;
		if (memcmp(rest.data, frame_hello_client, FRAME_HELLO_SIZE) != 0)
			return -1;
		peer->greeted = true;
		nng_aio_set_timeout(peer->reading, NNG_DURATION_INFINITE);
		rest = slice_of(rest.data + FRAME_HELLO_SIZE, rest.size - FRAME_HELLO_SIZE);
	}
	struct frame frame;
	enum frame_step step;
	while ((step = frame_read(rest, ENVELOPE_SIZE_MAX, &frame)) == FRAME_WHOLE) {
		if (!take_request(peer, &frame, frame.size == rest.size))
			return -1;
		rest = slice_of(rest.data + frame.size, rest.size - frame.size);
	}
	return step == FRAME_WRONG ? -1 : (ptrdiff_t)(peer->input.size - rest.size);
}

static void forget_input(struct peer *peer, size_t size)
{
	struct buffer *input = &peer->input;
	size_t left = input->size - size;
	if (size > 0 && left > 0)
		memmove(input->data, input->data + size, left);
	buffer_cut(input, left);
	if (input->size == 0 && input->capacity > INPUT_FREE)
		buffer_free(input);
}

/* What a message that has not come to its end keeps in memory is counted. */
static bool count_input(struct peer *peer)
{
	size_t size = peer->input.capacity > INPUT_FREE ? peer->input.capacity : 0;
	bool same = size == peer->held;
	peer->held = size;
	return same || connection_hold(peer->peers->options.connections, peer->number, size);
}

/*
 * Room grows with what arrived and not with what was announced: a length costs its sender nothing. False when there is
 * no memory, or none for this one.
 */
static bool begin_read(struct peer *peer)
{
	size_t room = peer->input.size > READ_SIZE ? peer->input.size : READ_SIZE;
	nng_iov iov = {.iov_buf = buffer_reserve(&peer->input, room), .iov_len = room};
	if (iov.iov_buf == NULL || !count_input(peer))
		return false;
	operate(peer, nng_stream_recv, peer->reading, iov);
	return true;
}

static void on_read(void *argument)
{
	struct peer *peer = argument;
	size_t count = nng_aio_count(peer->reading);
	bool good = nng_aio_result(peer->reading) == 0 && count > 0;
	if (good) {
		peer->input.size += count;
		ptrdiff_t done = take_input(peer);
		good = done >= 0;
		if (good)
			forget_input(peer, (size_t)done);
	}
	if (good && begin_read(peer))
		return;
	close_peer(peer);
	drop(peer);
}

/* ---- groups ---- */

static struct peer *make_peer(struct peers *peers, nng_stream *stream)
{
	struct peer *peer = calloc(1, sizeof *peer);
	if (peer == NULL)
		return NULL;
	*peer = (struct peer){
		.peers = peers,
		.stream = stream,
		/* itself, the read, and the write of the hello */
		.references = 3,
		.busy = true,
		.own_lane = {.group = peers->options.strangers},
		.lane = &peer->own_lane,
		/* with what people say */
		.input.secret = true,
		.output.secret = true,
	};
	if (nng_aio_alloc(&peer->reading, on_read, peer) != 0)
		goto free_peer;
	if (nng_aio_alloc(&peer->writing, on_written, peer) != 0)
		goto free_reading;
	if (!peers->options.tls && nng_aio_alloc(&peer->at_once, NULL, NULL) != 0)
		goto free_writing;
	nng_aio_set_timeout(peer->reading, HELLO_TIMEOUT_MS);
	nng_aio_set_timeout(peer->writing, (nng_duration)peers->options.send_timeout_ms);
	buffer_append(&peer->output, frame_hello_service, FRAME_HELLO_SIZE);
	if (buffer_failed(&peer->output))
		goto free_at_once;
	pthread_mutex_init(&peer->mutex, NULL);
	while (peer->number == 0)
		peer->number = atomic_fetch_add(&last_number, 1) + 1;
	return peer;

free_at_once:
	nng_aio_free(peer->at_once);
free_writing:
	nng_aio_free(peer->writing);
free_reading:
	nng_aio_free(peer->reading);
free_peer:
	free(peer);
	return NULL;
}

void peer_start(struct peers *peers, nng_stream *stream)
{
	struct peer *peer = make_peer(peers, stream);
	if (peer == NULL) {
		nng_stream_free(stream);
		return;
	}
	pthread_mutex_lock(&peers->mutex);
	struct peer **home = &peers->homes[peer->number % HOMES];
	peer->next = *home;
	*home = peer;
	peers->count++;
	pthread_mutex_unlock(&peers->mutex);
	hold(peer);
	if (!connection_add(peers->options.connections, peer->number, now_ms()))
		close_peer(peer);
	begin_write(peer);
	if (!begin_read(peer)) {
		close_peer(peer);
		drop(peer);
	}
	drop(peer);
}

static struct peer *find(struct peers *peers, uint32_t number)
{
	pthread_mutex_lock(&peers->mutex);
	struct peer *peer = peers->homes[number % HOMES];
	while (peer != NULL && peer->number != number)
		peer = peer->next;
	if (peer != NULL && !hold_if_alive(peer, false))
		peer = NULL;
	pthread_mutex_unlock(&peers->mutex);
	return peer;
}

void peer_disconnect(struct peers *peers, uint32_t number)
{
	struct peer *peer = find(peers, number);
	if (peer == NULL)
		return;
	close_peer(peer);
	drop(peer);
}

enum recourse_error peer_group_make(const struct peer_options *options, struct peers **peers)
{
	struct peers *made = calloc(1, sizeof *made);
	if (made == NULL)
		return RECOURSE_MEMORY;
	made->options = *options;
	pthread_mutex_init(&made->mutex, NULL);
	pthread_cond_init(&made->gone, NULL);
	*peers = made;
	return RECOURSE_OK;
}

/* One that lives there and is still open, held. */
static struct peer *find_open(struct peers *peers, size_t home)
{
	pthread_mutex_lock(&peers->mutex);
	struct peer *peer = peers->homes[home];
	while (peer != NULL && !hold_if_alive(peer, true))
		peer = peer->next;
	pthread_mutex_unlock(&peers->mutex);
	return peer;
}

/* Nobody comes any more: the listener is closed. */
static void close_all(struct peers *peers)
{
	for (size_t home = 0; home < HOMES; home++) {
		struct peer *peer;
		while ((peer = find_open(peers, home)) != NULL) {
			close_peer(peer);
			drop(peer);
		}
	}
}

void peer_group_close(struct peers *peers)
{
	if (peers == NULL)
		return;
	close_all(peers);
	pthread_mutex_lock(&peers->mutex);
	while (peers->count > 0)
		pthread_cond_wait(&peers->gone, &peers->mutex);
	pthread_mutex_unlock(&peers->mutex);
	pthread_cond_destroy(&peers->gone);
	pthread_mutex_destroy(&peers->mutex);
	free(peers);
}
