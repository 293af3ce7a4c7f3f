/* SPDX-License-Identifier: Apache-2.0 */
#include "bench/bench_load.h"

#include "base/buffer.h"
#include "host_clock.h"
#include "output.h"

#include <pthread.h>
#include <stdlib.h>
#include <sys/resource.h>

struct worker {
	const struct bench_load *load;
	pthread_barrier_t *barrier;
	uint32_t number;
	pthread_t thread;
	bool opened;
	enum recourse_error error;
	uint64_t started;
	uint64_t ended;
	struct buffer latencies; /* of uint64_t, nanoseconds */
};

static void call_until_over(struct worker *worker, void *client)
{
	uint64_t deadline = host_clock_monotonic() + worker->load->seconds * HOST_CLOCK_SECOND;
	uint64_t before = host_clock_monotonic();
	worker->started = before;
	for (uint64_t round = 0; worker->error == RECOURSE_OK && before < deadline; round++) {
		worker->error = worker->load->call(client, round);
		uint64_t after = host_clock_monotonic();
		uint64_t latency = after - before;
		if (worker->error == RECOURSE_OK)
			buffer_append(&worker->latencies, &latency, sizeof latency);
		before = after;
	}
	worker->ended = before;
	if (worker->error == RECOURSE_QUERY_NOT_FOUND)
		worker->error = RECOURSE_OK;
}

static void *work(void *argument)
{
	struct worker *worker = argument;
	void *client = worker->load->open(worker->load->context, worker->number);
	worker->opened = client != NULL;
	pthread_barrier_wait(worker->barrier);
	if (client != NULL) {
		call_until_over(worker, client);
		worker->load->close(client);
	}
	return NULL;
}

static void add_figures(struct worker *workers, uint32_t count, const struct bench_load_names *names,
	struct bench_figures *figures)
{
	struct buffer all = {0};
	uint64_t started = UINT64_MAX;
	uint64_t ended = 0;
	for (uint32_t index = 0; index < count; index++) {
		const struct worker *worker = &workers[index];
		buffer_append(&all, worker->latencies.data, worker->latencies.size);
		started = worker->started < started ? worker->started : started;
		ended = worker->ended > ended ? worker->ended : ended;
	}
	size_t calls = all.size / sizeof(uint64_t);
	if (calls > 0)
		bench_figure_add(figures, names->workload, names->rate, "/s",
			(double)calls * (double)HOST_CLOCK_SECOND / (double)(ended - started));
	bench_figure_latencies(figures, names->workload, names->median, names->tail, &all);
	buffer_free(&all);
}

static bool check(const struct bench_load *load, const struct worker *workers)
{
	for (uint32_t index = 0; index < load->clients; index++) {
		if (!workers[index].opened) {
			output_problem("bench %s: client %u can not begin", load->name, index);
			return false;
		}
		if (workers[index].error != RECOURSE_OK) {
			output_error(workers[index].error, NULL, load->name);
			return false;
		}
	}
	return true;
}

/* Of both sides, in seconds. */
struct usage {
	double server;
	double client;
};

static struct usage usage_now(const struct bench_load *load)
{
	struct rusage own;
	getrusage(RUSAGE_SELF, &own);
	return (struct usage){
		.server = load->processor == NULL ? 0 : load->processor(load->context),
		.client = (double)(own.ru_utime.tv_sec + own.ru_stime.tv_sec) +
			  (double)(own.ru_utime.tv_usec + own.ru_stime.tv_usec) / 1e6,
	};
}

/* Those that were started wait for all: there is no going back. */
static void start(struct worker *workers, const struct bench_load *load, pthread_barrier_t *barrier)
{
	for (uint32_t index = 0; index < load->clients; index++) {
		workers[index] = (struct worker){.load = load, .barrier = barrier, .number = index};
		if (pthread_create(&workers[index].thread, NULL, work, &workers[index]) != 0)
			abort();
	}
}

static void add_usage(const struct bench_load *load, const struct bench_load_names *names,
	struct usage before, double seconds, struct bench_figures *figures)
{
	struct usage after = usage_now(load);
	if (load->processor != NULL)
		bench_figure_add(figures, "processors", names->server, "cores",
			(after.server - before.server) / seconds);
	bench_figure_add(
		figures, "processors", names->client, "cores", (after.client - before.client) / seconds);
}

bool bench_load_run(
	const struct bench_load *load, const struct bench_load_names *names, struct bench_figures *figures)
{
	struct worker *workers = calloc(load->clients, sizeof *workers);
	pthread_barrier_t barrier;
	if (workers == NULL || pthread_barrier_init(&barrier, NULL, load->clients + 1) != 0) {
		free(workers);
		return false;
	}
	start(workers, load, &barrier);
	pthread_barrier_wait(&barrier);
	struct usage before = usage_now(load);
	uint64_t started = host_clock_monotonic();
	for (uint32_t index = 0; index < load->clients; index++)
		pthread_join(workers[index].thread, NULL);
	double seconds = host_clock_seconds_since(started);
	bool good = check(load, workers);
	if (good) {
		add_figures(workers, load->clients, names, figures);
		add_usage(load, names, before, seconds, figures);
	}
	for (uint32_t index = 0; index < load->clients; index++)
		buffer_free(&workers[index].latencies);
	pthread_barrier_destroy(&barrier);
	free(workers);
	return good;
}
