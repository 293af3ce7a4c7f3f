/* SPDX-License-Identifier: Apache-2.0 */
#include "bench/bench_seal.h"

#include "base/crypto.h"
#include "base/try.h"
#include "file.h"
#include "host_clock.h"
#include "output.h"
#include "recourse_ledger.h"
#include "sweeper.h"

enum {
	LOG_SIZE_MAX = 1024 * 1024,
	ROW_SIZE_MAX = 8 * 1024,
	HASHES = 1000 * 1000,
};

/* What the service wrote of them when it stopped. */
struct told {
	unsigned long long made;
	unsigned long long opened;
	unsigned long long bytes;
};

static bool read_told(const struct demo_stage *stage, struct told *told)
{
	static const char event[] = "event=seals ";
	char path[DEMO_STAGE_PATH_SIZE];
	SCOPED(buffer_free) struct buffer text = {0};
	const char *line = NULL;
	if (!demo_stage_path(stage, "server.log", path))
		return false;
	enum recourse_error error = file_read(path, LOG_SIZE_MAX, &text);
	buffer_append(&text, "", 1);
	if (error == RECOURSE_OK && !buffer_failed(&text))
		line = strstr((const char *)text.data, event);
	for (const char *next = line; next != NULL; next = strstr(line + 1, event))
		line = next;
	if (line != NULL && sscanf(line, "event=seals made=%llu opened=%llu bytes=%llu", &told->made,
				    &told->opened, &told->bytes) == 3)
		return true;
	output_problem("%s: the service said nothing of its seals", path);
	return false;
}

/* Of a row of that size, in nanoseconds: it is laid out beside its key, and hashed. */
static double measure_row(size_t size)
{
	static const uint8_t secret[16] = {1};
	uint8_t row[ROW_SIZE_MAX] = {0};
	uint8_t laid[ROW_SIZE_MAX];
	uint64_t sum = 0;
	uint64_t started = host_clock_thread();
	for (size_t count = 0; count < HASHES; count++) {
		memcpy(laid, row, size);
		sum += crypto_short_hash(secret, slice_of(laid, size));
		row[count % size] = (uint8_t)sum;
	}
	return (double)(host_clock_thread() - started) / HASHES;
}

static enum recourse_error sweep_all(
	const char *directory, uint64_t *rows, uint64_t *pieces, uint64_t *processor)
{
	const struct recourse_ledger_options options = {.directory = directory};
	struct recourse_seals seals;
	struct sweeper sweeper = {0};
	TRY(recourse_ledger_open(&options, &sweeper.ledger));
	enum recourse_error error = RECOURSE_OK;
	uint64_t started = host_clock_thread();
	for (*pieces = 0; error == RECOURSE_OK && sweeper.walk_due == 0; ++*pieces)
		error = sweeper_step(&sweeper);
	*processor = host_clock_thread() - started;
	recourse_ledger_seals(sweeper.ledger, &seals);
	*rows = seals.swept;
	recourse_ledger_close(sweeper.ledger);
	return error;
}

/* The service's own pieces, one after another; it lets so much time pass from one to the next. */
static bool measure_sweep(const struct demo_stage *stage, struct bench_figures *figures)
{
	char path[DEMO_STAGE_PATH_SIZE];
	uint64_t rows;
	uint64_t pieces;
	uint64_t processor;
	if (!demo_stage_path(stage, "ledger", path))
		return false;
	enum recourse_error error = sweep_all(path, &rows, &pieces, &processor);
	if (error != RECOURSE_OK) {
		output_error(error, NULL, path);
		return false;
	}
	double core = (double)processor / ((double)pieces * (double)SWEEPER_INTERVAL);
	bench_figure_add(figures, "sweep", "rows, of the state", "rows", (double)rows);
	bench_figure_add(figures, "sweep", "by a whole core", "rows/s",
		(double)rows * (double)HOST_CLOCK_SECOND / (double)processor);
	bench_figure_add(figures, "sweep", "as it is paced", "rows/s",
		(double)SWEEPER_ROWS * (double)HOST_CLOCK_SECOND / (double)SWEEPER_INTERVAL);
	bench_figure_add(figures, "sweep", "of a core, paced", "%", 100 * core);
	return true;
}

bool bench_seal_run(
	const struct demo_stage *stage, uint64_t commands, double processor, struct bench_figures *figures)
{
	struct told told;
	if (!read_told(stage, &told))
		return false;
	double rows = (double)(told.made + told.opened);
	size_t size = (size_t)((double)told.bytes / rows);
	double row = measure_row(size < 1 ? 1 : size > ROW_SIZE_MAX ? ROW_SIZE_MAX : size);
	double seconds = rows * row / 1e9;
	bench_figure_add(
		figures, "seals", "rows sealed, a command", "rows", (double)told.made / (double)commands);
	bench_figure_add(
		figures, "seals", "rows opened, a command", "rows", (double)told.opened / (double)commands);
	bench_figure_add(figures, "seals", "a row", "bytes", (double)told.bytes / rows);
	bench_figure_add(figures, "seals", "seal of a row", "us", row / 1000);
	bench_figure_add(figures, "seals", "seals of a command", "us", seconds * 1e6 / (double)commands);
	bench_figure_add(figures, "seals", "of a command in bulk", "%", 100 * seconds / processor);
	return measure_sweep(stage, figures);
}
