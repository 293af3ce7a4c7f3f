/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "bench/bench_figure.h"
#include "recourse.h"

/*
 * Many clients at once, a thread and a connection for each, every one of them waiting for its reply before it
 * calls again.
 */
struct bench_load {
	const char *name;
	uint32_t clients;
	uint64_t seconds;
	void *context;
	/* Outside the clock, in the client's own thread. What a client needs; NULL when that can not be. */
	void *(*open)(void *context, uint32_t number);
	/* Inside the clock: one call. QUERY_NOT_FOUND when this client has nothing left to say. */
	enum recourse_error (*call)(void *client, uint64_t round);
	void (*close)(void *client);
	/* Processor time that the other side has used so far, in seconds; NULL: it is not asked for. */
	double (*processor)(void *context);
};

/*
 * Adds the rate and the latencies under these names to the figures, and how many processors each side took inside
 * the clock. False, and said, when a call failed.
 */
struct bench_load_names {
	const char *workload;
	const char *rate;
	const char *median;
	const char *tail;
	const char *server;
	const char *client;
};
bool bench_load_run(
	const struct bench_load *load, const struct bench_load_names *names, struct bench_figures *figures);
