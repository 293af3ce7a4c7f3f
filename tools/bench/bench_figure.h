/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What was measured: each figure once a run; what is shown is the median over the runs. */
enum {
	BENCH_FIGURES_MAX = 512,
	BENCH_RUNS_MAX = 15,
};

struct bench_figure {
	const char *workload;
	const char *name;
	const char *unit;
	size_t count;
	double values[BENCH_RUNS_MAX];
};

/* Start with all zeroes. Texts are constants. */
struct bench_figures {
	size_t count;
	struct bench_figure figures[BENCH_FIGURES_MAX];
};

/* Adds a value to the figure of that workload and name; the first makes it. */
void bench_figure_add(struct bench_figures *figures, const char *workload, const char *name, const char *unit,
	double value);

/* Median and 99th percentile of latencies (uint64_t, nanoseconds; put in order), in microseconds. None: no figure. */
struct buffer;
void bench_figure_latencies(struct bench_figures *figures, const char *workload, const char *median,
	const char *tail, struct buffer *latencies);

/* The value that was added last; 0 when there is none. */
double bench_figure_last(const struct bench_figures *figures, const char *workload, const char *name);

/* Over its runs. */
double bench_figure_median(const struct bench_figure *figure);

/* A value as the tables show it. */
struct table;
void bench_figure_cell(struct table *table, double value);

/* Adds `above` ÷ `below` of this run, where both were measured: names are "workload figure". `cost`: the less the better. */
struct bench_ratio {
	const char *workload;
	const char *name;
	const char *above[2];
	const char *below[2];
	bool cost;
};
void bench_figure_ratio(struct bench_figures *figures, const struct bench_ratio *ratio);

/* As a table for people, or as a JSON array, on standard output. False when out of memory. */
bool bench_figure_print(const struct bench_figures *figures, bool json);
