/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "bench/bench_figure.h"
#include "demo/demo_stage.h"

/* What the service takes of the machine. */

/* Its peak and its own memory so far, as figures of that workload. */
void bench_server_memory(const struct demo_stage *stage, const char *workload, struct bench_figures *figures);

/* Processor time it has used so far, in seconds. */
double bench_server_processor(const struct demo_stage *stage);

/* Bytes that it has written so far, to files and to clients; what comes to a disk of them is less. */
double bench_server_written(const struct demo_stage *stage);

/* What log and state have by now, a movement each. */
bool bench_server_files(
	const struct demo_stage *stage, const char *label, double movements, struct bench_figures *figures);

/*
 * While it does not run: the whole audit of its ledger, how many bytes an entry has, and takes in the log's file; and the
 * state made again from the log, as `serve --rebuild` does it. Both on two threads.
 */
bool bench_server_audit(const struct demo_stage *stage, struct bench_figures *figures);
