/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "bench/bench_load.h"

#include <sys/types.h>

/*
 * The bare network beside which the service is measured: a process that sends back what it gets, and clients of
 * the same shape that do nothing else. One of the files that know nng.
 */
struct bench_echo {
	pid_t pid;
	char url[64];
	uint32_t clients;
	uint64_t seconds;
	bool besieged;   /* its client's own */
	bool committing; /* the same */
};

/* Forks: before anything in this process uses the network or has threads. False, with the reason said. */
bool bench_echo_start(struct bench_echo *echo);
void bench_echo_stop(struct bench_echo *echo);
bool bench_echo_run(const struct bench_echo *echo, struct bench_figures *figures);

/* One client, for whom a page is committed to LMDB, through to the disk, before each reply. */
bool bench_echo_commit(const struct bench_echo *echo, struct bench_figures *figures);

/* One client under these names, which gives a call up after 3 s and counts it as long as that. */
bool bench_echo_besieged(
	const struct bench_echo *echo, const struct bench_load_names *names, struct bench_figures *figures);
