/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "bench/bench_figure.h"
#include "demo/demo_stage.h"

/*
 * What single calls cost in a ledger that grows: at 10 thousand, a million and ten million movements, as far as
 * `size` goes, and at `size` itself. A movement is a deposit that the custodian received; there is a merchant for
 * each ten of them, and one that has a tenth of all. They are loaded over RPC in bulk, made and signed inside the
 * clock. Then one client asks, a call at a time, each signed inside the clock, for `seconds` a shape; and more movements come in
 * bulk, of as many merchants at every size, and of all.
 *
 * The people of demo_collapse_hire() must be there. False when anything is refused; it was said what.
 */
enum { BENCH_SHAPES_SIZES = 4, BENCH_SHAPES_LABEL_SIZE = 48 };

struct bench_shapes {
	struct demo_stage *stage;
	struct bench_figures *figures;
	uint64_t size;
	uint64_t seconds;
	/* names that the figures refer to: this has to outlive them, and be the same for all runs */
	char labels[BENCH_SHAPES_SIZES][BENCH_SHAPES_LABEL_SIZE];
	char growths[BENCH_SHAPES_SIZES][BENCH_SHAPES_LABEL_SIZE];
};

bool bench_shapes_run(struct bench_shapes *shapes);
