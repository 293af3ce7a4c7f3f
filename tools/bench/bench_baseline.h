/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "bench/bench_figure.h"

/*
 * Figures of an earlier run, as `bench --json` printed them, held against those of this one. What is a tenth dearer, or
 * as much slower, is said; it never fails. A machine that is another, by what it does at best itself, can be held against in ratios and
 * sizes alone.
 */
enum { BENCH_BASELINE_WORD_SIZE = 64 };

struct bench_baseline_row {
	char workload[BENCH_BASELINE_WORD_SIZE];
	char name[BENCH_BASELINE_WORD_SIZE];
	char unit[BENCH_BASELINE_WORD_SIZE];
	double median;
};

/* Start with all zeroes. */
struct bench_baseline {
	size_t count;
	struct bench_baseline_row rows[BENCH_FIGURES_MAX];
};

/* False, and said, where the file can not be read or has no figure. */
bool bench_baseline_read(const char *path, struct bench_baseline *baseline);

/* On standard output. False when out of memory. */
bool bench_baseline_compare(const struct bench_baseline *baseline, const struct bench_figures *figures);
