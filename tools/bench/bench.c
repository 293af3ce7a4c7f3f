/* SPDX-License-Identifier: Apache-2.0 */
#include "subcommand.h"

#include "bench/bench_bank_file.h"
#include "bench/bench_baseline.h"
#include "bench/bench_bulk.h"
#include "bench/bench_calls.h"
#include "bench/bench_desk.h"
#include "bench/bench_echo.h"
#include "bench/bench_machine.h"
#include "bench/bench_server.h"
#include "bench/bench_shapes.h"
#include "bench/bench_siege.h"
#include "demo/demo_collapse.h"
#include "options.h"
#include "output.h"

enum {
	CARDS_PRESET = 100000,
	MOVEMENTS_PRESET = 1000000,
	MOVEMENTS_LEAST = 100, /* below there is no period, nor a page */
	SIZE_MOST = 10 * 1000 * 1000,
	CLIENTS_PRESET = 64,
	CLIENTS_MAX = 1024,
	SECONDS_PRESET = 3,
	SECONDS_MAX = 3600,
	RUNS_PRESET = 3,
};

/* All of them where none is named, but for the shapes and the siege: they take as long as all others. */
enum workload { COLLAPSE, SINGLE, READ, VERIFY, PROOF, SHAPES, DESK, SIEGE, BANK_FILE, WORKLOADS };
static const char *const workload_names[WORKLOADS] = {
	[COLLAPSE] = "collapse",
	[SINGLE] = "single",
	[READ] = "read",
	[VERIFY] = "verify",
	[PROOF] = "proof",
	[SHAPES] = "shapes",
	[DESK] = "desk",
	[SIEGE] = "siege",
	[BANK_FILE] = "bank-file",
};

static const struct bench_ratio ratios[] = {
	{"ratio", "commands of a core / Ed25519 verify", {"collapse", "commands of a core"},
		{"machine", "Ed25519 verify"}, false},
	{"ratio", "made whole / Ed25519 verify", {"collapse", "consumers made whole"},
		{"machine", "Ed25519 verify"}, false},
	{"ratio", "single / bare echo", {"single", "signed before"}, {"machine", "nng echo"}, false},
	{"ratio", "single p50 / flush", {"single", "signed before p50"}, {"machine", "flush p50"}, true},
	{"ratio", "single p50 / commit and echo", {"single", "signed before p50"},
		{"machine", "commit and echo p50"}, true},
	{"ratio", "single p50 / commit in an echo", {"single", "signed before p50"},
		{"machine", "commit in an echo p50"}, true},
	{"ratio", "single p99 / flush", {"single", "signed before p99"}, {"machine", "flush p50"}, true},
	{"ratio", "read / bare echo", {"read", "balances"}, {"machine", "nng echo"}, false},
	{"ratio", "read / Ed25519 verify", {"read", "balances"}, {"machine", "Ed25519 verify"}, false},
	{"ratio", "proof / bare echo", {"proof", "proofs"}, {"machine", "nng echo"}, false},
	{"ratio", "verify / SHA-256, 300 B", {"verify", "entry bytes"}, {"machine", "SHA-256, 300 B"}, false},
	{"ratio", "bank-file read / xmllint", {"bank-file", "read"}, {"bank-file", "xmllint"}, false},
	{"ratio", "bank-file booked / xmllint", {"bank-file", "booked"}, {"bank-file", "xmllint"}, false},
	{"ratio", "bank-file booked / bulk settle", {"bank-file", "booked"},
		{"bank-file", "payout.settle in bulk"}, false},
	{"ratio", "bank-file booked / settle of a rail", {"bank-file", "booked"},
		{"bank-file", "payout.settle of a rail"}, false},
	{"ratio", "log file / entry bytes", {"verify", "log file, an entry"}, {"verify", "an entry"}, true},
};

struct bench {
	bool chosen[WORKLOADS];
	uint64_t cards;
	uint64_t movements;
	uint64_t clients;
	uint64_t seconds;
	uint64_t runs;
	const char *attack;
	const char *against; /* the file of an earlier run, whose figures follow */
	bool json;
	struct bench_baseline baseline;
	struct bench_echo echo;
	struct bench_shapes shapes;
	struct bench_figures figures;
};

/* The audit and the proofs are about what the collapse left. */
static bool run_bulk(struct bench *bench, struct demo_stage *stage)
{
	if (!bench->chosen[COLLAPSE] && !bench->chosen[VERIFY] && !bench->chosen[PROOF])
		return true;
	return bench_bulk_run(stage, bench->cards, &bench->figures) &&
	       (!bench->chosen[VERIFY] || bench_server_audit(stage, &bench->figures)) &&
	       demo_stage_serve(stage);
}

/* A command of one client waits for a commit and for the network, and for nothing else that has to be. */
static void add_least(struct bench *bench)
{
	struct bench_figures *figures = &bench->figures;
	double commit = bench_figure_last(figures, "machine", "LMDB commit p50");
	double echo = bench_figure_last(figures, "machine", "nng echo p50");
	if (bench->clients == 1)
		bench_figure_add(figures, "machine", "commit and echo p50", "us", commit + echo);
}

static bool run_calls(struct bench *bench, struct demo_stage *stage)
{
	const struct bench_calls calls = {
		.stage = stage,
		.figures = &bench->figures,
		.clients = (uint32_t)bench->clients,
		.seconds = bench->seconds,
	};
	if (!bench->chosen[SINGLE] && !bench->chosen[READ] && !bench->chosen[PROOF] && !bench->chosen[SIEGE])
		return true;
	if (!bench_echo_run(&bench->echo, &bench->figures) || !bench_calls_prepare(&calls))
		return false;
	if (bench->chosen[PROOF] && !bench_calls_proof(&calls))
		return false;
	if (bench->chosen[READ] && !bench_calls_read(&calls))
		return false;
	if (bench->chosen[SIEGE] && !bench_siege_run(&calls, &bench->echo, bench->attack))
		return false;
	if (!bench->chosen[SINGLE])
		return true;
	/* just before, so that a disk that others write to is the same for both */
	bool good = (bench->clients > 1 || bench_echo_commit(&bench->echo, &bench->figures)) &&
		    bench_calls_single(&calls);
	add_least(bench);
	bench_server_memory(stage, "single", &bench->figures);
	return good;
}

/* In a ledger of their own: what they cost at first is measured in a small one. */
static bool run_shapes(struct bench *bench)
{
	struct demo_stage stage;
	if (!bench->chosen[SHAPES])
		return true;
	bench->shapes.stage = &stage;
	bench->shapes.figures = &bench->figures;
	bench->shapes.size = bench->movements;
	bench->shapes.seconds = bench->seconds;
	bool good = demo_stage_open(&stage, NULL) && demo_stage_serve(&stage) && demo_collapse_hire(&stage) &&
		    bench_shapes_run(&bench->shapes);
	if (good)
		bench_server_memory(&stage, "shapes", &bench->figures);
	demo_stage_close(&stage);
	return good;
}

/* In a ledger of its own, whose time can be let jump. */
static bool run_desk(struct bench *bench)
{
	struct demo_stage stage;
	if (!bench->chosen[DESK])
		return true;
	bool good = demo_stage_open_test(&stage) && demo_stage_serve(&stage) && demo_collapse_hire(&stage) &&
		    bench_desk_run(&stage, bench->cards, &bench->figures);
	demo_stage_close(&stage);
	return good;
}

/* In a ledger of its own: what it books can be booked once. */
static bool run_bank_file(struct bench *bench)
{
	struct demo_stage stage;
	if (!bench->chosen[BANK_FILE])
		return true;
	bool good = demo_stage_open(&stage, NULL) && demo_stage_serve(&stage) && demo_collapse_hire(&stage) &&
		    bench_bank_file_run(&stage, bench->cards, &bench->figures);
	demo_stage_close(&stage);
	return good;
}

static bool run_once(struct bench *bench)
{
	struct demo_stage stage;
	bool good = demo_stage_open(&stage, NULL) && bench_machine_run(stage.directory, &bench->figures) &&
		    demo_stage_serve(&stage) && demo_collapse_hire(&stage) && run_bulk(bench, &stage) &&
		    run_calls(bench, &stage);
	demo_stage_close(&stage);
	good = good && run_shapes(bench) && run_desk(bench) && run_bank_file(bench);
	for (size_t index = 0; good && index < sizeof ratios / sizeof ratios[0]; index++)
		bench_figure_ratio(&bench->figures, &ratios[index]);
	return good;
}

static bool run(struct bench *bench)
{
	bench->echo.clients = (uint32_t)bench->clients;
	bench->echo.seconds = bench->seconds;
	if (bench->chosen[SIEGE])
		bench_siege_prepare();
	bool good = bench_echo_start(&bench->echo);
	for (uint64_t number = 1; good && number <= bench->runs; number++) {
		fprintf(stderr, "run %u of %u\n", (unsigned)number, (unsigned)bench->runs);
		good = run_once(bench);
	}
	bench_echo_stop(&bench->echo);
	return good && bench_figure_print(&bench->figures, bench->json) &&
	       (bench->against == NULL || bench_baseline_compare(&bench->baseline, &bench->figures));
}

static bool choose(struct bench *bench, const struct options_rest *rest)
{
	for (size_t index = 0; index < WORKLOADS; index++)
		bench->chosen[index] = rest->count == 0 && index < SHAPES;
	for (size_t argument = 0; argument < rest->count; argument++) {
		size_t index = 0;
		while (index < WORKLOADS && strcmp(rest->arguments[argument], workload_names[index]) != 0)
			index++;
		if (index == WORKLOADS) {
			output_problem("bench: there is no workload '%s'", rest->arguments[argument]);
			output_next("recourse bench --help");
			return false;
		}
		bench->chosen[index] = true;
	}
	return true;
}

/* Numbers as they were said; NULL: they were not. */
struct said {
	const char *size;
	const char *clients;
	const char *seconds;
	const char *runs;
};

static bool read_numbers(const struct said *said, struct bench *bench)
{
	return options_number("size", said->size, 1, SIZE_MOST, &bench->cards) &&
	       options_number("size", said->size, 1, SIZE_MOST, &bench->movements) &&
	       options_number("clients", said->clients, 1, CLIENTS_MAX, &bench->clients) &&
	       options_number("seconds", said->seconds, 1, SECONDS_MAX, &bench->seconds) &&
	       options_number("runs", said->runs, 1, BENCH_RUNS_MAX, &bench->runs);
}

/* What can not be done together, or at all. */
static enum exit_code check_choice(struct bench *bench)
{
	if (bench->chosen[SHAPES] && bench->movements < MOVEMENTS_LEAST)
		return output_usage("bench: the shapes take %d movements at least", MOVEMENTS_LEAST);
	if (bench->chosen[BANK_FILE] && bench->cards > BENCH_BANK_FILE_MAX)
		return output_usage("bench: a bank's file has %d lines at most", BENCH_BANK_FILE_MAX);
	if (!bench_siege_knows(bench->attack))
		return output_usage("bench: the siege has no attack with '%s' in its name", bench->attack);
	if (bench->json && bench->against != NULL)
		return output_usage("bench: --json or --baseline, one of them");
	if (bench->against != NULL && !bench_baseline_read(bench->against, &bench->baseline))
		return EXIT_CODE_DATA;
	return EXIT_CODE_OK;
}

static const char about[] =
	"Measures a service on a throw-away ledger below TMPDIR, and beside it what this "
	"machine does at\n"
	"best: flushes, hashes, signatures, a bare echo over the same network library.\n"
	"collapse  an incident in bulk      single  one command a request, many clients\n"
	"          (and what the seals of its rows cost, and their sweep)\n"
	"read      signed balances          verify  the audit, a rebuild    proof  "
	"inclusion proofs\n"
	"shapes    what a call costs in a ledger that grows, and a movement in bulk: with 10 "
	"thousand, a million,\n"
	"          ten million movements; only where it is named\n"
	"desk      a claim desk by days: what waits for people, and what a page of its lists "
	"costs; only where\n"
	"          it is named\n"
	"siege     one honest caller beside strangers and beside a key that send what they "
	"can, and\n"
	"          among 10,000 connections; only where it is named\n"
	"bank-file a statement of payments that were ordered by a rail is read, held "
	"against the ledger and booked,\n"
	"          beside xmllint and payout.settle in bulk; only where it is named";

int bench_main(int argc, char **argv)
{
	struct said said = {.size = NULL};
	struct bench bench = {.cards = CARDS_PRESET,
		.movements = MOVEMENTS_PRESET,
		.clients = CLIENTS_PRESET,
		.seconds = SECONDS_PRESET,
		.runs = RUNS_PRESET};
	const struct options_flag flags[] = {
		{.name = "size",
			.argument = "N",
			.value = &said.size,
			.help = "cards of the collapse, claims of the desk, lines of the bank's file "
				"(100000), movements of the shapes (1000000)"},
		{.name = "clients",
			.argument = "N",
			.value = &said.clients,
			.help = "at once, each with a connection (64)"},
		{.name = "seconds",
			.argument = "N",
			.value = &said.seconds,
			.help = "of each workload of single calls, of each shape (3)"},
		{.name = "runs",
			.argument = "N",
			.value = &said.runs,
			.help = "what is shown is their median (3)"},
		{.name = "attack",
			.argument = "PART",
			.value = &bench.attack,
			.help = "of the siege, only what has this in its name"},
		{.name = "baseline",
			.argument = "FILE",
			.value = &bench.against,
			.help = "of an earlier run's --json: what is more than a tenth dearer by now"},
		{.name = "json", .given = &bench.json, .help = "the figures as a JSON array"},
	};
	const struct options options = {
		.name = "bench",
		.usage = "[collapse] [single] [read] [verify] [proof] [shapes] [desk] [siege] [bank-file]",
		.about = about,
		.own = {flags, sizeof flags / sizeof flags[0]},
	};
	struct options_rest rest;
	enum exit_code code;
	if (!options_parse(&options, argc, argv, &rest, &code))
		return (int)code;
	if (!choose(&bench, &rest) || !read_numbers(&said, &bench))
		return EXIT_CODE_USAGE;
	code = check_choice(&bench);
	if (code != EXIT_CODE_OK)
		return (int)code;
	return run(&bench) ? EXIT_CODE_OK : EXIT_CODE_REFUSED;
}
