/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "bench/bench_figure.h"
#include "demo/demo_stage.h"

/*
 * A collapse in bulk: cards issued, claims filed, decided, funded, instructed, settled. Messages are written and
 * signed outside the clock, for the clients of a real service have processors of their own. The service
 * is stopped then. False, and said, when anything is refused.
 */
bool bench_bulk_run(struct demo_stage *stage, uint64_t cards, struct bench_figures *figures);
