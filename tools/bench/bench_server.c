/* SPDX-License-Identifier: Apache-2.0 */
#include "bench/bench_server.h"

#include "beside.h"
#include "host_clock.h"
#include "output.h"
#include "recourse_ledger.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* A line "NAME:   123 kB" of /proc/PID/status, in MiB; 0 when there is none. */
static double read_status(pid_t pid, const char *name)
{
	char path[64];
	char line[256];
	double result = 0;
	snprintf(path, sizeof path, "/proc/%d/status", (int)pid);
	FILE *file = fopen(path, "r");
	while (file != NULL && fgets(line, sizeof line, file) != NULL) {
		size_t size = strlen(name);
		if (strncmp(line, name, size) == 0 && line[size] == ':')
			result = (double)strtoull(line + size + 1, NULL, 10) / 1024;
	}
	if (file != NULL)
		fclose(file);
	return result;
}

void bench_server_memory(const struct demo_stage *stage, const char *workload, struct bench_figures *figures)
{
	bench_figure_add(
		figures, workload, "server peak memory", "MiB", read_status(stage->server.pid, "VmHWM"));
	bench_figure_add(
		figures, workload, "server own memory", "MiB", read_status(stage->server.pid, "RssAnon"));
}

double bench_server_processor(const struct demo_stage *stage)
{
	char path[64];
	char line[1024] = "";
	unsigned long user = 0;
	unsigned long system = 0;
	snprintf(path, sizeof path, "/proc/%d/stat", (int)stage->server.pid);
	FILE *file = fopen(path, "r");
	const char *rest = file != NULL && fgets(line, sizeof line, file) != NULL ? strrchr(line, ')') : NULL;
	if (rest != NULL &&
		sscanf(rest, ") %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user, &system) != 2)
		user = 0;
	if (file != NULL)
		fclose(file);
	return (double)(user + system) / (double)sysconf(_SC_CLK_TCK);
}

double bench_server_written(const struct demo_stage *stage)
{
	char path[64];
	char line[128];
	double result = 0;
	snprintf(path, sizeof path, "/proc/%d/io", (int)stage->server.pid);
	FILE *file = fopen(path, "r");
	while (file != NULL && fgets(line, sizeof line, file) != NULL) {
		unsigned long long bytes;
		if (sscanf(line, "wchar: %llu", &bytes) == 1)
			result = (double)bytes;
	}
	if (file != NULL)
		fclose(file);
	return result;
}

static bool add_file(const struct demo_stage *stage, const char *label, const char *name, const char *figure,
	double movements, struct bench_figures *figures)
{
	char path[DEMO_STAGE_PATH_SIZE];
	struct stat status;
	if (!demo_stage_path(stage, name, path))
		return false;
	if (stat(path, &status) != 0) {
		output_error(RECOURSE_IO, NULL, path);
		return false;
	}
	bench_figure_add(figures, label, figure, "bytes", (double)status.st_size / movements);
	return true;
}

bool bench_server_files(
	const struct demo_stage *stage, const char *label, double movements, struct bench_figures *figures)
{
	return add_file(stage, label, "ledger/log/data.mdb", "log file, a movement", movements, figures) &&
	       add_file(stage, label, "ledger/state/data.mdb", "state file, a movement", movements, figures);
}

static bool add_log_sizes(
	const struct demo_stage *stage, const struct recourse_audit *audit, struct bench_figures *figures)
{
	char path[DEMO_STAGE_PATH_SIZE];
	struct stat status;
	double entries = (double)audit->entries;
	if (!demo_stage_path(stage, "ledger/log/data.mdb", path))
		return false;
	if (stat(path, &status) != 0) {
		output_error(RECOURSE_IO, NULL, path);
		return false;
	}
	bench_figure_add(figures, "verify", "an entry", "bytes", (double)audit->entry_bytes / entries);
	bench_figure_add(figures, "verify", "log file, an entry", "bytes", (double)status.st_size / entries);
	return true;
}

static bool rebuild(const char *directory, uint64_t entries, struct bench_figures *figures)
{
	struct recourse_ledger *ledger;
	struct beside thread;
	const struct recourse_beside beside = beside_place(&thread);
	const struct recourse_ledger_options options = {
		.directory = directory, .rebuild = true, .beside = &beside};
	uint64_t started = host_clock_monotonic();
	enum recourse_error error = recourse_ledger_open(&options, &ledger);
	if (error != RECOURSE_OK) {
		output_error(error, NULL, directory);
		return false;
	}
	bench_figure_add(figures, "verify", "state made again", "/s",
		(double)entries / host_clock_seconds_since(started));
	recourse_ledger_close(ledger);
	return true;
}

bool bench_server_audit(const struct demo_stage *stage, struct bench_figures *figures)
{
	char directory[DEMO_STAGE_PATH_SIZE];
	struct recourse_audit audit = {0};
	if (!demo_stage_path(stage, "ledger", directory))
		return false;
	struct beside thread;
	const struct recourse_beside beside = beside_place(&thread);
	const struct recourse_audit_options options = {
		.directory = directory, .log_key = stage->log_key, .beside = &beside};
	uint64_t started = host_clock_monotonic();
	enum recourse_error error = recourse_ledger_audit(&options, &audit);
	double seconds = host_clock_seconds_since(started);
	if (error != RECOURSE_OK) {
		output_error(error, NULL, audit.what);
		return false;
	}
	if (!add_log_sizes(stage, &audit, figures))
		return false;
	bench_figure_add(figures, "verify", "entries", "/s", (double)audit.entries / seconds);
	bench_figure_add(figures, "verify", "entry bytes", "MB/s", (double)audit.entry_bytes / seconds / 1e6);
	return rebuild(directory, audit.entries, figures);
}
