/* SPDX-License-Identifier: Apache-2.0 */
#include "bench/bench_stage.h"

#include <ctype.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

static const struct {
	const char *thread; /* its name; of the rest, none */
	const char *cost;
	const char *part;
} stages_named[BENCH_STAGES] = {
	[BENCH_STAGE_WRITER] = {"writer", "writer", "writer, part"},
	[BENCH_STAGE_KEEPER] = {"keeper", "keeper", "keeper, part"},
	[BENCH_STAGE_WORKERS] = {"worker", "workers", "workers, part"},
	[BENCH_STAGE_REST] = {NULL, "transport and rest", "transport and rest, part"},
};

enum { TASK_PATH_SIZE = 128, LINE_SIZE = 128 };

/* The first line of a thread's file, without its end; empty where there is none. */
static void read_line(
	const struct demo_stage *stage, const char *task, const char *name, char line[static LINE_SIZE])
{
	char path[TASK_PATH_SIZE];
	line[0] = '\0';
	snprintf(path, sizeof path, "/proc/%d/task/%.16s/%s", (int)stage->server.pid, task, name);
	FILE *file = fopen(path, "r");
	if (file == NULL)
		return;
	if (fgets(line, LINE_SIZE, file) == NULL)
		line[0] = '\0';
	line[strcspn(line, "\n")] = '\0';
	fclose(file);
}

static enum bench_stage stage_of(const char *thread)
{
	size_t index = 0;
	while (index < BENCH_STAGE_REST && strcmp(stages_named[index].thread, thread) != 0)
		index++;
	return (enum bench_stage)index;
}

void bench_stage_read(const struct demo_stage *stage, struct bench_stages *stages)
{
	char path[TASK_PATH_SIZE];
	char thread[LINE_SIZE];
	char times[LINE_SIZE];
	*stages = (struct bench_stages){.seconds = {0}};
	snprintf(path, sizeof path, "/proc/%d/task", (int)stage->server.pid);
	DIR *tasks = opendir(path);
	if (tasks == NULL)
		return;
	for (const struct dirent *task = readdir(tasks); task != NULL; task = readdir(tasks)) {
		if (!isdigit((unsigned char)task->d_name[0]))
			continue;
		read_line(stage, task->d_name, "comm", thread);
		read_line(
			stage, task->d_name, "schedstat", times); /* nanoseconds on a processor come first */
		stages->seconds[stage_of(thread)] += (double)strtoull(times, NULL, 10) / 1e9;
	}
	closedir(tasks);
}

void bench_stage_add(
	struct bench_stages *sum, const struct bench_stages *before, const struct bench_stages *after)
{
	for (size_t index = 0; index < BENCH_STAGES; index++)
		sum->seconds[index] += after->seconds[index] - before->seconds[index];
}

void bench_stage_show(const struct bench_stages *sum, double commands, struct bench_figures *figures)
{
	double all = 0;
	for (size_t index = 0; index < BENCH_STAGES; index++)
		all += sum->seconds[index];
	if (all <= 0)
		return;
	for (size_t index = 0; index < BENCH_STAGES; index++)
		bench_figure_add(figures, "stages", stages_named[index].cost, "us",
			sum->seconds[index] * 1e6 / commands);
	for (size_t index = 0; index < BENCH_STAGES; index++)
		bench_figure_add(
			figures, "stages", stages_named[index].part, "%", sum->seconds[index] * 100 / all);
}
