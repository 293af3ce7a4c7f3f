/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "bench/bench_load.h"
#include "demo/demo_stage.h"

/* Many clients with small calls, each with a connection of its own. */
struct bench_calls {
	struct demo_stage *stage;
	struct bench_figures *figures;
	uint32_t clients;
	uint64_t seconds;
};

/* The merchant that they are about, and its deposit; once in a ledger. */
bool bench_calls_prepare(const struct bench_calls *calls);

/* One command a request, holds and releases of a deposit, signed outside the clock and then inside it. */
bool bench_calls_single(const struct bench_calls *calls);

/* A signed query for the balance of one account. */
bool bench_calls_read(const struct bench_calls *calls);

/* Inclusion proofs of entries all over the tree. */
bool bench_calls_proof(const struct bench_calls *calls);

/*
 * One caller, the bank, that signs as it goes, under these names; its ids begin with `prefix`. `at_once` of its requests
 * are on their way, and what is measured is how long all of them take, those sent again as well. What was turned away is
 * counted, and is no failure.
 */
enum { BENCH_CALLS_AT_ONCE_MAX = 64 };
struct bench_calls_turned {
	uint64_t refused;  /* answered BUSY, and sent again */
	uint64_t given_up; /* requests that had no other answer within a minute */
};
bool bench_calls_besieged(const struct bench_calls *calls, const char *prefix, uint32_t at_once,
	const struct bench_load_names *names, struct bench_calls_turned *turned);

/* One more, on a connection of its own: how long that takes, in ns; 0 when it is given up. */
uint64_t bench_calls_once(const struct bench_calls *calls, const char *prefix, uint64_t round);
