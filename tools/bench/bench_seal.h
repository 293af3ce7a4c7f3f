/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "bench/bench_figure.h"
#include "demo/demo_stage.h"

/*
 * What the seals of the state's rows cost a command, and the sweep a core: from what the service that was stopped last said of
 * its rows, and what this machine takes for a row of their mean size. `processor` is what all its commands took, in
 * seconds.
 */
bool bench_seal_run(
	const struct demo_stage *stage, uint64_t commands, double processor, struct bench_figures *figures);
