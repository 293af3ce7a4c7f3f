/* SPDX-License-Identifier: Apache-2.0 */
#include "server.h"

#include "base/transcode.h"
#include "base/try.h"
#include "host_clock.h"
#include "connection.h"
#include "base/crypto.h"
#include "inspector.h"
#include "journal.h"
#include "listen.h"
#include "openrpc.h"
#include "queue.h"
#include "watchdog.h"
#include "writer.h"

#include <assert.h>
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <unistd.h>

enum {
	TAKEN_MAX = 768,
	TAKEN_BYTES_MAX = 64 * 1024 * 1024,
	CONNECTIONS_PRESET = 1024,
	CONNECTION_REQUESTS_PRESET = 64,
	SEND_TIMEOUT_PRESET_MS = 5000,
	IDLE_TIMEOUT_PRESET_S = 300,
	PRESSED_MS = 2000,
	CONNECTIONS_SPARE =
		256, /* as many come anew in a sweep where all places are taken: 10,000 a second */
	FILES_SPARE = LISTEN_FILES_SPARE + CONNECTIONS_SPARE, /* of those who take another's place */
	SMALL_SIZE = 64 * 1024,
	WORKERS_MAX = 256,
	KEY_LANES = 8,            /* of a party: where it has more keys, some share one */
	PROCESSOR_WEIGHT_NS = 32, /* what takes so long weighs as much as a byte of a message, */
	COMMAND_WEIGHT = 512,     /* and a command for the writer as so many */
	LISTEN_MAX = 16,
	SWEEP_MS = 25,
	SWEEP_BATCH = CONNECTIONS_SPARE,
	SWEEP_PATIENCE_MS = 15000,
	ANSWER_TIMEOUT_MS = 60 * 1000, /* our own work */
	LEAVE_TIMEOUT_MS = 5 * 1000,   /* how fast others read */
	LINGER_MS = 50,
	CLOSE_TIMEOUT_S = 5,
	STATUS_FAULT = 70,
};

/* What a party waits in: its keys take turns, and it has no more for many of them. */
struct party {
	struct queue_group group;
	struct queue_lane keys[KEY_LANES];
};

struct server {
	struct server_options options;
	struct journal journal;
	struct buffer discovery;
	struct buffer discovery_json;
	struct job_service service;
	struct connections *connections;
	struct queue *intake;
	struct queue *waiting;
	struct queue_group strangers;             /* in the intake: all of them are like one party, */
	struct party reading[CONNECTION_PARTIES]; /* beside those who have proven a key */
	struct party writing[CONNECTION_PARTIES]; /* in what waits for the writer */
	struct clocks *clocks;                    /* NULL: nothing strikes */
	struct writer *writer;
	struct inspector *inspector;
	bool workers_beside; /* more than one: while one is kept by a commit others answer */
	size_t worker_count;
	pthread_t workers[WORKERS_MAX];
	pthread_mutex_t at_once; /* of the transport's thread that does what they do */
	size_t listener_count;
	struct listener listeners[LISTEN_MAX];
	int fault_descriptor; /* readable after a fault */
};

static uint32_t preset(uint32_t value, uint32_t otherwise)
{
	return value == 0 ? otherwise : value;
}

/* From the writer's thread: nothing that waits will be answered. */
static void on_fault(void *context, enum recourse_error error)
{
	struct server *server = context;
	(void)error;
	queue_abandon(server->waiting);
	queue_abandon(server->intake);
	connection_abandon(server->connections);
	uint64_t one = 1;
	if (write(server->fault_descriptor, &one, sizeof one) < 0)
		abort();
}

/* From any thread but the writer's. */
static void on_damage(void *context, enum recourse_error error)
{
	struct server *server = context;
	writer_fail(server->writer, error);
	on_fault(server, error);
}

static void on_damaged_page(void *context, enum recourse_error error)
{
	struct server *server = context;
	journal_line(&server->journal, "level=error event=fault during=reading error=%s",
		recourse_error_name(error));
	on_damage(server, error);
}

static enum job_step begin(struct server *server, struct job *job)
{
	if (peer_pressed(job)) {
		job_refuse(job, RECOURSE_BUSY);
		return JOB_REPLY;
	}
	uint64_t began = host_clock_thread();
	enum job_step step = job_begin(job, &server->service, clocks_now(server->clocks));
	queue_charge(server->intake, job->lane, (host_clock_thread() - began) / PROCESSOR_WEIGHT_NS);
	if (job->request == NULL)
		return step;
	uint32_t party = recourse_request_party(job->request);
	size_t place = party % CONNECTION_PARTIES;
	size_t key = recourse_request_key(job->request) % KEY_LANES;
	peer_prove(job, party, &server->reading[place].keys[key]);
	job->lane = &server->writing[place].keys[key];
	job->weight += job->commands * COMMAND_WEIGHT;
	return step;
}

/*
 * Where others ask meanwhile it waits for the writer's thread, and they for it: a group has what came until that woke. What
 * is not taken, or has no outcome, is lost after a fault only.
 */
static void commit(struct server *server, struct job *job)
{
	bool alone = server->workers_beside && connection_count(server->connections).requests == 1;
	if (!(alone && writer_commit(server->writer, job)) && !queue_offer(server->waiting, job))
		peer_drop(job);
}

static void answer(void *context, struct job *job)
{
	struct server *server = context;
	if (!job->committed) {
		peer_drop(job);
		return;
	}
	job_finish(job, &server->service);
	peer_reply(job);
}

static void work_on(struct server *server, struct job *job)
{
	enum job_step step = JOB_REPLY;
	if (job->committed) {
		job_finish(job, &server->service);
	} else if (writer_catch_up(server->writer)) {
		step = begin(server, job);
	} else {
		peer_drop(job);
		return;
	}
	if (step == JOB_REPLY)
		peer_reply(job);
	else
		commit(server, job);
}

/*
 * In the transport's thread, where nothing else is asked: to wake a worker takes longer than the rule. One at a time, and the
 * transport's other threads go on.
 */
static bool work_at_once(void *context, struct job *job)
{
	struct server *server = context;
	if (!server->workers_beside || connection_count(server->connections).requests != 1 ||
		pthread_mutex_trylock(&server->at_once) != 0)
		return false;
	bool free = queue_is_empty(server->intake) && !queue_is_closed(server->intake);
	if (free)
		work_on(server, job);
	pthread_mutex_unlock(&server->at_once);
	return free;
}

static void *work(void *argument)
{
	struct server *server = argument;
	(void)pthread_setname_np(pthread_self(), "worker");
	struct job *job = queue_take(server->intake);
	while (job != NULL) {
		work_on(server, job);
		job = queue_take(server->intake);
	}
	return NULL;
}

/*
 * Strangers must not be able to take the last descriptor: without one the guard can not be written, and no
 * checkpoint signed.
 */
static size_t connections_that_fit(struct server *server, size_t wanted)
{
	struct rlimit files;
	if (getrlimit(RLIMIT_NOFILE, &files) != 0)
		return wanted;
	rlim_t needed = wanted + FILES_SPARE;
	if (files.rlim_cur >= needed)
		return wanted;
	rlim_t before = files.rlim_cur;
	files.rlim_cur = files.rlim_max < needed ? files.rlim_max : needed;
	if (setrlimit(RLIMIT_NOFILE, &files) != 0)
		files.rlim_cur = before;
	if (files.rlim_cur >= needed)
		return wanted;
	/* fewer than there are descriptors for, or nobody would give way to who comes then */
	size_t fitting = files.rlim_cur > 2 * FILES_SPARE
				 ? (size_t)(files.rlim_cur - FILES_SPARE)
				 : (size_t)files.rlim_cur / (files.rlim_cur < 4 * LISTEN_FILES_SPARE ? 4 : 2);
	journal_line(&server->journal, "level=warning event=few-descriptors connections=%zu", fitting);
	return fitting < wanted ? fitting : wanted;
}

static void make_lanes(struct server *server)
{
	for (size_t party = 0; party < CONNECTION_PARTIES; party++) {
		for (size_t key = 0; key < KEY_LANES; key++) {
			server->reading[party].keys[key].group = &server->reading[party].group;
			server->writing[party].keys[key].group = &server->writing[party].group;
		}
	}
}

/* What is always taken of each connection fits beside what is counted, however many they are. */
static size_t small_size(size_t connections_max)
{
	size_t fitting = TAKEN_BYTES_MAX / connections_max;
	return fitting < SMALL_SIZE ? fitting : SMALL_SIZE;
}

static enum recourse_error make_parts(struct server *server)
{
	const struct server_options *options = &server->options;
	const size_t connections_max =
		connections_that_fit(server, preset(options->connections_max, CONNECTIONS_PRESET));
	const struct connection_limits limits = {
		.connections_max = connections_max,
		.requests_max = preset(options->connection_requests_max, CONNECTION_REQUESTS_PRESET),
		.spare = CONNECTIONS_SPARE,
		.total_requests = TAKEN_MAX,
		.total_bytes = TAKEN_BYTES_MAX,
		.small_size = small_size(connections_max),
		.idle_ms = UINT64_C(1000) * preset(options->idle_timeout_s, IDLE_TIMEOUT_PRESET_S),
		.pressed_ms = PRESSED_MS,
	};
	TRY(crypto_start());
	TRY(openrpc_write(&server->discovery));
	TRY(transcode_to_json(buffer_slice(&server->discovery), TRANSCODE_COMPACT, &server->discovery_json));
	server->service = (struct job_service){
		.ledger = options->ledger,
		.discovery = buffer_slice(&server->discovery),
		.discovery_json = buffer_slice(&server->discovery_json),
		.damage = on_damaged_page,
		.context = server,
	};
	if (options->clocks)
		TRY(clocks_open(options->ledger, &server->journal, &server->clocks));
	TRY(connection_table_make(&limits, &server->connections));
	make_lanes(server);
	/* of each connection one is taken, whatever else there is; and what strangers have is not missing to parties */
	size_t taken_max = 2 * TAKEN_MAX + limits.connections_max + limits.spare;
	TRY(queue_make(taken_max, &server->intake));
	TRY(queue_make(taken_max, &server->waiting));
	server->fault_descriptor = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	return server->fault_descriptor < 0 ? RECOURSE_IO : RECOURSE_OK;
}

static void free_parts(struct server *server)
{
	if (server->fault_descriptor >= 0)
		close(server->fault_descriptor);
	queue_free(server->waiting);
	queue_free(server->intake);
	connection_table_free(server->connections);
	clocks_close(server->clocks);
	buffer_free(&server->discovery);
	buffer_free(&server->discovery_json);
	pthread_mutex_destroy(&server->at_once);
	pthread_mutex_destroy(&server->journal.mutex);
	free(server);
}

static enum recourse_error start_threads(struct server *server)
{
	const struct writer_options writer = {
		.ledger = server->options.ledger,
		.waiting = server->waiting,
		.committed = server->intake,
		.journal = &server->journal,
		.clocks = server->clocks,
		.answer = answer,
		.fault = on_fault,
		.context = server,
	};
	TRY(writer_start(&writer, &server->writer));
	const struct inspector_options inspector = {
		.ledger = server->options.ledger,
		.journal = &server->journal,
		.fault = on_damage,
		.context = server,
	};
	TRY(inspector_start(&inspector, &server->inspector));
	long processors = sysconf(_SC_NPROCESSORS_ONLN);
	/* Some of them wait for the transport's locks at any time: measured, two for each processor do most. */
	uint32_t count = preset(server->options.workers, processors > 0 ? 2 * (uint32_t)processors : 2);
	if (count > WORKERS_MAX)
		count = WORKERS_MAX;
	server->workers_beside = count > 1;
	for (; server->worker_count < count; server->worker_count++) {
		if (pthread_create(&server->workers[server->worker_count], NULL, work, server) != 0)
			return RECOURSE_MEMORY;
	}
	return RECOURSE_OK;
}

static enum recourse_error open_listeners(struct server *server)
{
	const struct listen_options options = {
		.tls_certificate = server->options.tls_certificate,
		.tls_key = server->options.tls_key,
		.peer =
			{
				.connections = server->connections,
				.intake = server->intake,
				.work = work_at_once,
				.context = server,
				.strangers = &server->strangers,
				.send_timeout_ms =
					preset(server->options.send_timeout_ms, SEND_TIMEOUT_PRESET_MS),
			},
		.journal = &server->journal,
	};
	for (size_t index = 0; server->options.listen[index] != NULL; index++) {
		if (index == LISTEN_MAX)
			return RECOURSE_MALFORMED;
		TRY(listen_open(server->options.listen[index], &options, &server->listeners[index]));
		server->listener_count++;
	}
	return server->listener_count > 0 ? RECOURSE_OK : RECOURSE_MALFORMED;
}

static void announce(struct server *server)
{
	const char *urls[LISTEN_MAX + 1] = {NULL};
	for (size_t index = 0; index < server->listener_count; index++) {
		urls[index] = server->listeners[index].url;
		journal_line(&server->journal, "level=info event=listening url=%s", urls[index]);
	}
	if (server->options.ready != NULL)
		server->options.ready(server->options.log_context, urls);
}

/* Numbers are unique: the listener whose it is not does nothing. */
static void disconnect(struct server *server, uint32_t number)
{
	for (size_t index = 0; index < server->listener_count; index++)
		peer_disconnect(server->listeners[index].peers, number);
}

/* False when what was closed before does not go away: then nothing will, and no new one could come. */
static bool sweep(struct server *server)
{
	uint32_t numbers[SWEEP_BATCH];
	uint64_t now_ms = host_clock_monotonic() / HOST_CLOCK_MILLISECOND;
	size_t count = connection_sweep(server->connections, now_ms, numbers, SWEEP_BATCH);
	for (size_t index = 0; index < count; index++)
		disconnect(server, numbers[index]);
	if (!connection_stuck(server->connections, now_ms, SWEEP_PATIENCE_MS))
		return true;
	journal_line(&server->journal, "level=error event=transport-stuck");
	return false;
}

/* Until it is told to stop (OK), until a fault (OK: the writer knows it), or until the transport is stuck. */
static enum recourse_error serve(struct server *server)
{
	struct pollfd descriptors[] = {
		{.fd = server->fault_descriptor, .events = POLLIN},
		{.fd = server->options.stop_descriptor, .events = POLLIN},
	};
	for (;;) {
		int ready = poll(descriptors, 2, SWEEP_MS);
		if (ready > 0)
			return RECOURSE_OK;
		if (ready < 0 && errno != EINTR)
			return RECOURSE_IO;
		if (!sweep(server))
			return RECOURSE_INTERNAL;
	}
}

/* What was taken is finished and its replies are handed to the transport. */
static void drain(struct server *server)
{
	struct connection_counts counts = connection_count(server->connections);
	journal_line(&server->journal, "level=info event=stopping connections=%zu requests=%zu",
		counts.connections, counts.requests);
	connection_stop(server->connections);
	bool drained = connection_drain(server->connections, ANSWER_TIMEOUT_MS, LEAVE_TIMEOUT_MS);
	if (queue_is_closed(server->intake))
		return; /* after a fault, also one that comes meanwhile, nothing is finished */
	if (drained)
		poll(NULL, 0,
			LINGER_MS); /* Handed over is not yet sent: large replies get a moment to leave. */
	else
		journal_line(&server->journal, "level=warning event=drain-timeout");
}

static void join_workers(struct server *server)
{
	queue_close(server->intake);
	pthread_mutex_lock(&server->at_once); /* and who works at once has ended, and nobody does again */
	pthread_mutex_unlock(&server->at_once);
	for (size_t index = 0; index < server->worker_count; index++)
		pthread_join(server->workers[index], NULL);
	server->worker_count = 0;
}

static void drop_left(struct queue *queue)
{
	struct job *job;
	while ((job = queue_take_left(queue)) != NULL)
		peer_drop(job);
}

/*
 * Workers first: they are the ones who still give to the writer. What lies in the queues then is what a fault left
 * there, and is nobody else's.
 */
static enum recourse_error stop_threads(struct server *server)
{
	join_workers(server);
	queue_close(server->waiting);
	enum recourse_error error = server->writer == NULL ? RECOURSE_OK : writer_join(server->writer);
	drop_left(server->waiting);
	drop_left(server->intake);
	return error;
}

static void close_listeners(struct server *server, enum recourse_error error)
{
	struct watchdog *watchdog = watchdog_start(CLOSE_TIMEOUT_S, error == RECOURSE_OK ? 0 : STATUS_FAULT);
	for (size_t index = 0; index < server->listener_count; index++)
		listen_close(&server->listeners[index]);
	watchdog_stop(watchdog);
}

static enum recourse_error start_and_serve(struct server *server)
{
	TRY(start_threads(server));
	TRY(open_listeners(server));
	announce(server);
	enum recourse_error error = serve(server);
	drain(server);
	return error;
}

/* Whatever of it was started is stopped. */
static enum recourse_error run(struct server *server)
{
	TRY(make_parts(server));
	enum recourse_error error = start_and_serve(server);
	inspector_stop(server->inspector);
	enum recourse_error fault = stop_threads(server);
	if (error == RECOURSE_OK)
		error = fault;
	close_listeners(server, error);
	journal_line(&server->journal, "level=info event=stopped result=%s", recourse_error_name(error));
	return error;
}

enum recourse_error server_run(const struct server_options *options)
{
	if (recourse_ledger_origin(options->ledger)[0] == '\0')
		return RECOURSE_NOT_FOUND;
	struct server *server = calloc(1, sizeof *server);
	if (server == NULL)
		return RECOURSE_MEMORY;
	server->options = *options;
	server->fault_descriptor = -1;
	server->journal.log = options->log;
	server->journal.context = options->log_context;
	pthread_mutex_init(&server->journal.mutex, NULL);
	pthread_mutex_init(&server->at_once, NULL);
	enum recourse_error error = run(server);
	free_parts(server);
	return error;
}
