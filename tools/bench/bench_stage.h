/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "bench/bench_figure.h"
#include "demo/demo_stage.h"

/*
 * What each stage of the service takes of the processor: its threads, by their names. The writer decides; the keeper
 * chains, flushes and writes the state; workers verify signatures, read payloads and make replies; the rest is the
 * transport's.
 */
enum bench_stage {
	BENCH_STAGE_WRITER,
	BENCH_STAGE_KEEPER,
	BENCH_STAGE_WORKERS,
	BENCH_STAGE_REST,
	BENCH_STAGES
};

struct bench_stages {
	double seconds[BENCH_STAGES]; /* of processor, so far */
};

/* All zeroes where the machine does not tell. */
void bench_stage_read(const struct demo_stage *stage, struct bench_stages *stages);

/* Adds to a sum what was used between two readings. */
void bench_stage_add(
	struct bench_stages *sum, const struct bench_stages *before, const struct bench_stages *after);

/* As figures: what a command takes of each, and each one's part of all. */
void bench_stage_show(const struct bench_stages *sum, double commands, struct bench_figures *figures);
