/* SPDX-License-Identifier: Apache-2.0 */
#include "bench/bench_figure.h"

#include "output.h"
#include "table.h"

#include <assert.h>
#include <stdlib.h>

static struct bench_figure *find(struct bench_figures *figures, const char *workload, const char *name)
{
	for (size_t index = 0; index < figures->count; index++) {
		struct bench_figure *figure = &figures->figures[index];
		if (strcmp(figure->workload, workload) == 0 && strcmp(figure->name, name) == 0)
			return figure;
	}
	return NULL;
}

/* Behind those of its workload, wherever others were measured in between. */
static struct bench_figure *insert(struct bench_figures *figures, const char *workload)
{
	size_t place = figures->count;
	assert(figures->count < BENCH_FIGURES_MAX);
	for (size_t index = 0; index < figures->count; index++) {
		if (strcmp(figures->figures[index].workload, workload) == 0)
			place = index + 1;
	}
	struct bench_figure *figure = &figures->figures[place];
	memmove(figure + 1, figure, (figures->count - place) * sizeof *figure);
	figures->count++;
	return figure;
}

void bench_figure_add(
	struct bench_figures *figures, const char *workload, const char *name, const char *unit, double value)
{
	struct bench_figure *figure = find(figures, workload, name);
	if (figure == NULL) {
		figure = insert(figures, workload);
		*figure = (struct bench_figure){.workload = workload, .name = name, .unit = unit};
	}
	assert(figure->count < BENCH_RUNS_MAX);
	figure->values[figure->count++] = value;
}

static int compare_latencies(const void *a, const void *b)
{
	const uint64_t *first = a;
	const uint64_t *second = b;
	return (*first > *second) - (*first < *second);
}

void bench_figure_latencies(struct bench_figures *figures, const char *workload, const char *median,
	const char *tail, struct buffer *latencies)
{
	size_t count = latencies->size / sizeof(uint64_t);
	uint64_t middle;
	uint64_t late;
	if (count == 0)
		return;
	qsort(latencies->data, count, sizeof(uint64_t), compare_latencies);
	memcpy(&middle, latencies->data + count / 2 * sizeof middle, sizeof middle);
	memcpy(&late, latencies->data + count * 99 / 100 * sizeof late, sizeof late);
	bench_figure_add(figures, workload, median, "us", (double)middle / 1000);
	bench_figure_add(figures, workload, tail, "us", (double)late / 1000);
}

double bench_figure_last(const struct bench_figures *figures, const char *workload, const char *name)
{
	for (size_t index = 0; index < figures->count; index++) {
		const struct bench_figure *figure = &figures->figures[index];
		if (strcmp(figure->workload, workload) == 0 && strcmp(figure->name, name) == 0)
			return figure->values[figure->count - 1];
	}
	return 0;
}

void bench_figure_ratio(struct bench_figures *figures, const struct bench_ratio *ratio)
{
	double above = bench_figure_last(figures, ratio->above[0], ratio->above[1]);
	double below = bench_figure_last(figures, ratio->below[0], ratio->below[1]);
	if (above > 0 && below > 0)
		bench_figure_add(
			figures, ratio->workload, ratio->name, ratio->cost ? "x cost" : "x", above / below);
}

static int compare(const void *a, const void *b)
{
	const double *first = a;
	const double *second = b;
	return (*first > *second) - (*first < *second);
}

struct spread {
	double median;
	double least;
	double most;
};

static struct spread spread_of(const struct bench_figure *figure)
{
	double sorted[BENCH_RUNS_MAX];
	size_t count = figure->count;
	memcpy(sorted, figure->values, count * sizeof sorted[0]);
	qsort(sorted, count, sizeof sorted[0], compare);
	double median = count % 2 == 1 ? sorted[count / 2] : (sorted[count / 2 - 1] + sorted[count / 2]) / 2;
	return (struct spread){.median = median, .least = sorted[0], .most = sorted[count - 1]};
}

double bench_figure_median(const struct bench_figure *figure)
{
	return spread_of(figure).median;
}

/* Three digits that tell something. */
static void format_value(double value, char text[static 32])
{
	snprintf(text, 32, "%.*f", value < 10 ? 2 : value < 100 ? 1 : 0, value);
}

void bench_figure_cell(struct table *table, double value)
{
	char text[32];
	struct buffer grouped = {0};
	format_value(value, text);
	output_grouped(slice_text(text), &grouped);
	table_cell(table, buffer_slice(&grouped));
	buffer_free(&grouped);
}

static bool print_table(const struct bench_figures *figures)
{
	static const char *const columns[] = {"workload", "figure", "median", "unit", "least", "most"};
	struct table table = {0};
	for (size_t column = 0; column < sizeof columns / sizeof columns[0]; column++)
		(column == 2 || column > 3 ? table_number : table_column)(
			&table, slice_text(columns[column]));
	for (size_t index = 0; index < figures->count; index++) {
		const struct bench_figure *figure = &figures->figures[index];
		struct spread spread = spread_of(figure);
		table_cell(&table, slice_text(figure->workload));
		table_cell(&table, slice_text(figure->name));
		bench_figure_cell(&table, spread.median);
		table_cell(&table, slice_text(figure->unit));
		bench_figure_cell(&table, spread.least);
		bench_figure_cell(&table, spread.most);
	}
	bool good = table_print(&table, stdout, 0) == RECOURSE_OK;
	table_free(&table);
	return good;
}

static void print_json(const struct bench_figures *figures)
{
	printf("[");
	for (size_t index = 0; index < figures->count; index++) {
		const struct bench_figure *figure = &figures->figures[index];
		struct spread spread = spread_of(figure);
		printf("%s\n{\"workload\":\"%s\",\"figure\":\"%s\",\"unit\":\"%s\",\"median\":%.3f,\"least\":"
		       "%.3f,\"most\":%.3f,"
		       "\"runs\":%zu}",
			index == 0 ? "" : ",", figure->workload, figure->name, figure->unit, spread.median,
			spread.least, spread.most, figure->count);
	}
	printf("\n]\n");
}

bool bench_figure_print(const struct bench_figures *figures, bool json)
{
	if (!json)
		return print_table(figures);
	print_json(figures);
	return true;
}
