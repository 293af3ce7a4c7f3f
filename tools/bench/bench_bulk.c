/* SPDX-License-Identifier: Apache-2.0 */
#include "bench/bench_bulk.h"

#include "bench/bench_seal.h"
#include "bench/bench_server.h"
#include "bench/bench_stage.h"
#include "host_clock.h"
#include "demo/demo_collapse.h"
#include "output.h"

struct bulk {
	struct demo_stage *stage;
	struct bench_figures *figures;
	struct demo_collapse collapse;
	double all;    /* seconds of all commands */
	double whole;  /* of those that make consumers whole */
	double server; /* seconds of processor that all commands took the service */
	struct bench_stages stages;
	uint64_t bytes; /* of messages */
};

static bool fly(struct bulk *bulk, enum demo_collapse_phase phase)
{
	struct recourse_refusal refusal = {.command = -1};
	const char *name = demo_collapse_phase_name(phase);
	struct demo_flight flight = demo_collapse_flight(bulk->stage, &bulk->collapse, phase);
	enum recourse_error error = demo_flight_prepare(&flight);
	struct bench_stages before;
	struct bench_stages after;
	bench_stage_read(bulk->stage, &before);
	double processor = bench_server_processor(bulk->stage);
	uint64_t started = host_clock_monotonic();
	if (error == RECOURSE_OK)
		error = demo_flight_run(&flight, &refusal);
	double seconds = host_clock_seconds_since(started);
	processor = bench_server_processor(bulk->stage) - processor;
	bench_stage_read(bulk->stage, &after);
	bench_stage_add(&bulk->stages, &before, &after);
	bulk->bytes += flight.bytes;
	demo_flight_free(&flight);
	if (error != RECOURSE_OK) {
		output_error(error, &refusal, name);
		return false;
	}
	bulk->all += seconds;
	bulk->server += processor;
	if (phase != DEMO_COLLAPSE_ISSUE)
		bulk->whole += seconds;
	bench_figure_add(bulk->figures, "collapse", name, "/s", (double)bulk->collapse.cards / seconds);
	bench_figure_add(
		bulk->figures, "a command", name, "us", processor * 1e6 / (double)bulk->collapse.cards);
	bench_figure_add(bulk->figures, "processors", name, "cores", processor / seconds);
	return true;
}

static bool fund(struct bulk *bulk)
{
	uint64_t started = host_clock_monotonic();
	bool good = demo_collapse_fund(bulk->stage, &bulk->collapse);
	bulk->whole += host_clock_seconds_since(started);
	return good;
}

/* What the service says of its rows it says when it stops. */
static bool stop(const struct bulk *bulk, double commands)
{
	return demo_stage_stop(bulk->stage) &&
	       bench_seal_run(bulk->stage, (uint64_t)commands, bulk->server, bulk->figures);
}

bool bench_bulk_run(struct demo_stage *stage, uint64_t cards, struct bench_figures *figures)
{
	struct bulk bulk = {.stage = stage, .figures = figures};
	demo_collapse_plan(&bulk.collapse, 1, cards);
	bool good = demo_collapse_terms(stage) && demo_collapse_declare(stage, &bulk.collapse) &&
		    fly(&bulk, DEMO_COLLAPSE_ISSUE) && fly(&bulk, DEMO_COLLAPSE_FILE) &&
		    fly(&bulk, DEMO_COLLAPSE_DECIDE) && fund(&bulk) && fly(&bulk, DEMO_COLLAPSE_INSTRUCT) &&
		    fly(&bulk, DEMO_COLLAPSE_SETTLE);
	if (!good)
		return false;
	double commands = (double)cards * DEMO_COLLAPSE_PHASES;
	bench_figure_add(figures, "collapse", "commands", "/s", commands / bulk.all);
	bench_figure_add(figures, "collapse", "consumers made whole", "/s", (double)cards / bulk.whole);
	bench_figure_add(
		figures, "collapse", "a command in a message", "bytes", (double)bulk.bytes / commands);
	bench_figure_add(figures, "collapse", "a command, server", "us", bulk.server * 1e6 / commands);
	bench_figure_add(figures, "collapse", "commands of a core", "/s", commands / bulk.server);
	bench_stage_show(&bulk.stages, commands, figures);
	bench_server_memory(stage, "collapse", figures);
	return stop(&bulk, commands);
}
