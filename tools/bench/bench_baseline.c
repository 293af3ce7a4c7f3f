/* SPDX-License-Identifier: Apache-2.0 */
#include "bench/bench_baseline.h"

#include "output.h"
#include "table.h"

#include <errno.h>
#include <stdio.h>

enum { LINE_SIZE = 512 };

/* Beyond this it is told. */
static const double worse = 1.1;

/* Which way is worse, and whether another machine may be held against it. */
static const struct {
	const char *unit;
	bool cost; /* the more the worse */
	bool anywhere;
} units[] = {
	{"/s", false, false},
	{"MB/s", false, false},
	{"us", true, false},
	{"MiB", true, true},
	{"bytes", true, true},
	{"rows", true, true},
	{"x", false, true},
	{"x cost", true, true},
};

/* A line that is no figure is passed over: brackets. */
bool bench_baseline_read(const char *path, struct bench_baseline *baseline)
{
	char line[LINE_SIZE];
	FILE *file = fopen(path, "r");
	if (file == NULL) {
		output_problem("%s: %s", path, strerror(errno));
		return false;
	}
	while (fgets(line, sizeof line, file) != NULL && baseline->count < BENCH_FIGURES_MAX) {
		struct bench_baseline_row *row = &baseline->rows[baseline->count];
		if (sscanf(line,
			    "{\"workload\":\"%63[^\"]\",\"figure\":\"%63[^\"]\",\"unit\":\"%63[^\"]\","
			    "\"median\":%lf",
			    row->workload, row->name, row->unit, &row->median) == 4)
			baseline->count++;
	}
	fclose(file);
	if (baseline->count == 0)
		output_problem("%s: no figure in it; `recourse bench --json` prints some", path);
	return baseline->count > 0;
}

static const struct bench_baseline_row *find(
	const struct bench_baseline *baseline, const struct bench_figure *figure)
{
	for (size_t index = 0; index < baseline->count; index++) {
		const struct bench_baseline_row *row = &baseline->rows[index];
		if (strcmp(row->workload, figure->workload) == 0 && strcmp(row->name, figure->name) == 0 &&
			strcmp(row->unit, figure->unit) == 0)
			return row;
	}
	return NULL;
}

/* How many times as bad it is: below 1 it is better. 0: it can not be said. */
static double times_worse(const struct bench_baseline_row *then, double now, bool same_machine)
{
	for (size_t index = 0; index < sizeof units / sizeof units[0]; index++) {
		if (strcmp(units[index].unit, then->unit) != 0)
			continue;
		if ((!same_machine && !units[index].anywhere) || then->median <= 0 || now <= 0)
			return 0;
		return units[index].cost ? now / then->median : then->median / now;
	}
	return 0;
}

static bool is_machines(const struct bench_figure *figure)
{
	return strcmp(figure->workload, "machine") == 0;
}

/* But for the disk's flushes, which differ on one machine too. */
static bool is_same_machine(const struct bench_baseline *baseline, const struct bench_figures *figures)
{
	for (size_t index = 0; index < figures->count; index++) {
		const struct bench_figure *figure = &figures->figures[index];
		const struct bench_baseline_row *then = find(baseline, figure);
		if (!is_machines(figure) || then == NULL ||
			strncmp(figure->name, "flush", strlen("flush")) == 0)
			continue;
		double times = times_worse(then, bench_figure_median(figure), true);
		if (times > worse || times < 1 / worse)
			return false;
	}
	return true;
}

static void add_row(
	struct table *table, const struct bench_figure *figure, double then, double now, double times)
{
	char text[32];
	table_cell(table, slice_text(figure->workload));
	table_cell(table, slice_text(figure->name));
	table_cell(table, slice_text(figure->unit));
	bench_figure_cell(table, then);
	bench_figure_cell(table, now);
	snprintf(text, sizeof text, "%+.0f %%", (times - 1) * 100);
	table_cell(table, slice_text(text));
}

bool bench_baseline_compare(const struct bench_baseline *baseline, const struct bench_figures *figures)
{
	static const char *const columns[] = {"workload", "figure", "unit", "then", "now", "dearer"};
	struct table table = {0};
	size_t compared = 0;
	size_t dearer = 0;
	bool same = is_same_machine(baseline, figures);
	for (size_t column = 0; column < sizeof columns / sizeof columns[0]; column++)
		(column < 3 ? table_column : table_number)(&table, slice_text(columns[column]));
	for (size_t index = 0; index < figures->count; index++) {
		const struct bench_figure *figure = &figures->figures[index];
		const struct bench_baseline_row *then = find(baseline, figure);
		double now = bench_figure_median(figure);
		double times = then == NULL || is_machines(figure) ? 0 : times_worse(then, now, same);
		compared += times > 0;
		if (times <= worse)
			continue;
		dearer++;
		add_row(&table, figure, then->median, now, times);
	}
	printf("\n%s: %zu of %zu figures are more than a tenth dearer\n",
		same ? "Held against the earlier run"
		     : "Held against the earlier run, of another machine, in ratios and sizes",
		dearer, compared);
	bool good = dearer == 0 || table_print(&table, stdout, 0) == RECOURSE_OK;
	table_free(&table);
	return good;
}
