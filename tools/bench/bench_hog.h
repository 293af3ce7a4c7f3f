/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "bench/bench_calls.h"

/*
 * One key, the maker's, that sends as much as it can: twelve connections, on each of them eight requests of two
 * thousand commands on their way, and the next as soon as one is answered. What is refused is sent again as something
 * new.
 */
struct bench_hog;

enum {
	BENCH_HOG_CONNECTIONS = 12,
	BENCH_HOG_REQUESTS = 8,
	BENCH_HOG_SIZE = 200 * 1000, /* about, of a request of its */
};

/* Ids begin with `prefix`, which stays. NULL, and said, when it can not begin. */
struct bench_hog *bench_hog_start(const struct bench_calls *calls, const char *prefix);

/* Ends it when what is on its way is answered; how many were carried out, and how many refused. NULL is fine. */
void bench_hog_stop(struct bench_hog *hog, uint64_t *answered, uint64_t *refused);
