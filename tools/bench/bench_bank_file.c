/* SPDX-License-Identifier: Apache-2.0 */
#include "bench/bench_bank_file.h"

#include "base/crypto.h"
#include "base/instant.h"
#include "base/item.h"
#include "bench/bench_server.h"
#include "demo/demo_collapse.h"
#include "host_clock.h"
#include "member.h"
#include "moment.h"
#include "output.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>

enum { PAGE = 500, DAY_SIZE = 10, ARGUMENTS_MAX = 16, BULK_MAX = 100000, LOOK_MS = 5 };
static const char workload[] = "bank-file";

extern char **environ;

struct bank_bench {
	struct demo_stage *stage;
	struct bench_figures *figures;
	struct demo_collapse paid; /* by the rail */
	struct demo_collapse bulk; /* by hand, to be settled in bulk */
	struct demo_collapse same; /* by the rail, to be settled in bulk by a line each that no file has */
	uint64_t lines;
	int64_t count; /* of the batch, */
	char total[32];
	char path[DEMO_STAGE_PATH_SIZE];
};

static bool say(struct bank_bench *bench, const char *actor, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

static bool say(struct bank_bench *bench, const char *actor, const char *format, ...)
{
	char commands[1024];
	va_list arguments;
	va_start(arguments, format);
	vsnprintf(commands, sizeof commands, format, arguments);
	va_end(arguments);
	return demo_stage_submit(bench->stage, actor, commands, NULL, NULL);
}

/* ---- payments are ordered ---- */

static void write_id(
	struct buffer *out, const char *key, const char *kind, const struct demo_collapse *of, uint64_t index)
{
	char id[64];
	int size = snprintf(id, sizeof id, "%s-%s-%" PRIu64, of->incident, kind, index);
	item_write_pair_text(out, key, slice_of(id, (size_t)size));
}

static void write_payee(const void *context, uint64_t index, struct buffer *out)
{
	const struct demo_collapse *of = context;
	uint8_t hash[CRYPTO_HASH_SIZE] = {0};
	memcpy(hash, &index, sizeof index);
	item_write_map(out, 5);
	item_write_pair_text(out, "command", slice_text("payee.register"));
	write_id(out, "payee", "payee", of, index);
	write_id(out, "holder", "holder", of, index);
	item_write_pair_text(out, "rail", slice_text("bank"));
	item_write_pair_hex(out, "account_hash", hash, sizeof hash);
}

static void write_order(const void *context, uint64_t index, struct buffer *out)
{
	item_write_map(out, 3);
	item_write_pair_text(out, "command", slice_text("payout.instruct"));
	write_id(out, "claim", "claim", context, index);
	write_id(out, "payee", "payee", context, index);
}

static bool fly(struct demo_flight *flight, double *seconds)
{
	struct recourse_refusal refusal = {.command = -1};
	uint64_t started = host_clock_monotonic();
	enum recourse_error error = demo_flight_run(flight, &refusal);
	if (seconds != NULL)
		*seconds = host_clock_seconds_since(started);
	demo_flight_free(flight);
	if (error != RECOURSE_OK)
		output_error(error, &refusal, flight->name);
	return error == RECOURSE_OK;
}

static bool fly_phase(
	struct bank_bench *bench, const struct demo_collapse *of, enum demo_collapse_phase phase)
{
	struct demo_flight flight = demo_collapse_flight(bench->stage, of, phase);
	return fly(&flight, NULL);
}

static void write_settled(const void *context, uint64_t index, struct buffer *out)
{
	item_write_map(out, 3);
	item_write_pair_text(out, "command", slice_text("payout.settle"));
	write_id(out, "claim", "claim", context, index);
	write_id(out, "bank_reference", "line", context, index);
}

static struct demo_flight flight_by(const struct bank_bench *bench, const struct demo_collapse *of,
	const char *actor, const char *name,
	void (*write)(const void *context, uint64_t index, struct buffer *out))
{
	return (struct demo_flight){.client = demo_stage_client(bench->stage, actor),
		.name = name,
		.context = of,
		.write = write,
		.count = of->cards};
}

/* All of them are ordered by the rail, and go out in a batch of their own. */
static bool fly_orders(struct bank_bench *bench, const struct demo_collapse *of)
{
	struct demo_flight payees = flight_by(bench, of, "agent", "payee.register", write_payee);
	struct demo_flight orders = flight_by(bench, of, "payer", "payout.instruct", write_order);
	return fly(&payees, NULL) && fly(&orders, NULL);
}

static bool approve(struct bank_bench *bench, const struct demo_collapse *of)
{
	return demo_collapse_declare(bench->stage, of) && fly_phase(bench, of, DEMO_COLLAPSE_ISSUE) &&
	       fly_phase(bench, of, DEMO_COLLAPSE_FILE) && fly_phase(bench, of, DEMO_COLLAPSE_DECIDE) &&
	       demo_collapse_fund(bench->stage, of);
}

static bool read_batch(struct bank_bench *bench, const char *batch)
{
	struct recourse_bytes reply;
	slice total;
	char params[64];
	snprintf(params, sizeof params, "{\"batch\":\"%s\"}", batch);
	if (!demo_stage_query(bench->stage, "checker", "batch.show", params, &reply))
		return false;
	slice map = slice_of(reply.data, reply.size);
	bool good = member_integer(map, "count", &bench->count) && member_text(map, "total", &total);
	if (good)
		snprintf(bench->total, sizeof bench->total, "%.*s", SLICE_ARGUMENTS(total));
	recourse_bytes_free(&reply);
	return good;
}

static bool publish(struct bank_bench *bench)
{
	return say(bench, "admin",
		"[{\"command\":\"rail.publish\",\"rail\":\"bank\",\"version\":1,\"custodian\":"
		"\"bank\","
		"\"unit\":\"CNY\",\"kind\":\"iso20022\",\"id_length\":32,\"id_alphabet\":\"upper\","
		"\"lines\":1000000,\"query_days\":30,\"awaiting_hours\":24}]");
}

static bool order(struct bank_bench *bench, const struct demo_collapse *of, const char *batch)
{
	return fly_orders(bench, of) &&
	       say(bench, "maker", "[{\"command\":\"batch.make\",\"batch\":\"%s\",\"rail\":\"bank\"}]",
		       batch) &&
	       read_batch(bench, batch) &&
	       say(bench, "checker",
		       "[{\"command\":\"batch.check\",\"batch\":\"%s\",\"count\":%" PRId64
		       ",\"total\":\"%s\"}]",
		       batch, bench->count, bench->total) &&
	       say(bench, "bank",
		       "[{\"command\":\"batch.sent\",\"batch\":\"%s\",\"file_hash\":\"%064zu\",\"file\":1,"
		       "\"of\":1,\"count\":%" PRId64 ",\"total\":\"%s\"}]",
		       batch, strlen(batch), bench->count, bench->total);
}

/* ---- the statement ---- */

static void write_balance(FILE *file, const char *code, const char *amount, const char *day)
{
	fprintf(file,
		"<Bal><Tp><CdOrPrtry><Cd>%s</Cd></CdOrPrtry></Tp><Amt Ccy=\"CNY\">%s</Amt>"
		"<CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>%s</Dt></Dt></Bal>\n",
		code, amount, day);
}

static bool write_page(FILE *file, slice page, const char *day, uint64_t *line, int64_t *next)
{
	slice rows;
	slice row;
	slice id;
	slice amount;
	struct item head;
	if (!member_list(page, "payments", &rows, &head))
		return false;
	for (uint64_t index = 0; index < head.count; index++) {
		if (item_read_whole(&rows, &row) != RECOURSE_OK || !member_text(row, "payment_id", &id) ||
			!member_text(row, "amount", &amount))
			return false;
		fprintf(file,
			"<Ntry><Amt Ccy=\"CNY\">%.*s</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>"
			"<BookgDt><Dt>%s</Dt></BookgDt><AcctSvcrRef>L-%07" PRIu64 "</AcctSvcrRef>"
			"<NtryDtls><TxDtls><Refs><EndToEndId>%.*s</EndToEndId></Refs><Amt "
			"Ccy=\"CNY\">%.*s</Amt>"
			"<CdtDbtInd>DBIT</CdtDbtInd></TxDtls></NtryDtls></Ntry>\n",
			SLICE_ARGUMENTS(amount), day, ++*line, SLICE_ARGUMENTS(id), SLICE_ARGUMENTS(amount));
	}
	if (!member_integer(page, "next", next))
		*next = -1;
	return true;
}

static bool write_lines(struct bank_bench *bench, FILE *file, const char *day)
{
	uint64_t line = 0;
	int64_t from = 0;
	while (from >= 0) {
		struct recourse_bytes page;
		char params[128];
		snprintf(params, sizeof params, "{\"batch\":\"all\",\"limit\":%d,\"from\":%" PRId64 "}", PAGE,
			from);
		if (!demo_stage_query(bench->stage, "bank", "batch.payments", params, &page))
			return false;
		bool good = write_page(file, slice_of(page.data, page.size), day, &line, &from);
		recourse_bytes_free(&page);
		if (!good)
			return false;
	}
	return line == bench->lines;
}

static bool write_statement(struct bank_bench *bench)
{
	char now[INSTANT_TEXT_SIZE];
	instant_format(moment_now(), now);
	now[DAY_SIZE] = '\0';
	FILE *file =
		demo_stage_path(bench->stage, "statement.xml", bench->path) ? fopen(bench->path, "w") : NULL;
	if (file == NULL)
		return false;
	fprintf(file, "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.08\"><BkToCstmrStmt>"
		      "<GrpHdr><MsgId>M-1</MsgId></GrpHdr><Stmt><Id>S-1</Id><ElctrncSeqNb>1</ElctrncSeqNb>"
		      "<Acct><Id><Othr><Id>62220001</Id></Othr></Id><Ccy>CNY</Ccy></Acct>\n");
	write_balance(file, "OPBD", bench->total, now);
	write_balance(file, "CLBD", "0.00", now);
	bool good = write_lines(bench, file, now);
	fprintf(file, "</Stmt></BkToCstmrStmt></Document>\n");
	if (fclose(file) != 0 || !good)
		output_problem("%s can not be written: %s", bench->path, strerror(errno));
	return good;
}

/* ---- programs ---- */

struct used {
	double seconds;
	double processor;
	double peak; /* MiB */
};

/* The most that it had so far; what a process took before it became that program is not of it, unlike in its usage. */
static void read_peak(pid_t pid, double *peak)
{
	char path[64];
	char line[256];
	unsigned long long size;
	snprintf(path, sizeof path, "/proc/%ld/status", (long)pid);
	FILE *file = fopen(path, "r");
	while (file != NULL && fgets(line, sizeof line, file) != NULL) {
		if (sscanf(line, "VmHWM: %llu", &size) == 1)
			*peak = (double)size / 1024;
	}
	if (file != NULL)
		fclose(file);
}

/* Without what it prints. False when it can not be started; `*code` is its exit code. */
static bool spawn(const char *program, const char *const *arguments, struct used *used, int *code)
{
	union {
		const char *const *texts;
		char *const *list;
	} of = {.texts = arguments};
	posix_spawn_file_actions_t actions;
	struct rusage usage;
	int status = 0;
	pid_t pid;
	used->peak = 0;
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
	uint64_t started = host_clock_monotonic();
	int failed = posix_spawnp(&pid, program, &actions, NULL, of.list, environ);
	posix_spawn_file_actions_destroy(&actions);
	if (failed != 0)
		return false;
	for (pid_t ended = 0; ended == 0 || (ended < 0 && errno == EINTR);) {
		read_peak(pid, &used->peak);
		moment_sleep(LOOK_MS);
		ended = wait4(pid, &status, WNOHANG, &usage);
	}
	used->seconds = host_clock_seconds_since(started);
	used->processor = (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
			  (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
	*code = WIFEXITED(status) ? WEXITSTATUS(status) : 128;
	return true;
}

/* Figures of one program, in the order: lines a second, its memory, its processor time and the service's. */
struct names {
	const char *rate;
	const char *peak;
	const char *processor;
	const char *service; /* NULL: it is not asked */
};

static void show(struct bank_bench *bench, const struct names *names, const struct used *used, double service)
{
	double lines = (double)bench->lines;
	bench_figure_add(bench->figures, workload, names->rate, "/s", lines / used->seconds);
	bench_figure_add(bench->figures, workload, names->peak, "MiB", used->peak);
	bench_figure_add(bench->figures, workload, names->processor, "us", used->processor * 1e6 / lines);
	if (names->service != NULL)
		bench_figure_add(bench->figures, workload, names->service, "us", service * 1e6 / lines);
}

static void run_xmllint(struct bank_bench *bench)
{
	static const struct names names = {"xmllint", "xmllint, peak", "xmllint, processor", NULL};
	const char *const arguments[] = {"xmllint", "--stream", "--noout", bench->path, NULL};
	struct used used;
	int code;
	if (spawn("xmllint", arguments, &used, &code) && code == 0)
		show(bench, &names, &used, 0);
}

static bool run_self(
	struct bank_bench *bench, const char *what, const char *option, const struct names *names)
{
	char key[DEMO_STAGE_PATH_SIZE];
	const char *arguments[ARGUMENTS_MAX] = {
		"recourse", "bank-file", what, bench->path, "--size-max", "4096"};
	size_t count = 6;
	struct used used;
	int code = -1;
	if (!demo_stage_path(bench->stage, "people/bank", key))
		return false;
	const char *const service[] = {
		"--url", bench->stage->url, "--key", key, "--log-key", bench->stage->log_key};
	for (size_t index = 0; names->service != NULL && index < sizeof service / sizeof service[0]; index++)
		arguments[count++] = service[index];
	arguments[count] = option;
	double processor = bench_server_processor(bench->stage);
	if (!spawn("/proc/self/exe", arguments, &used, &code) || code != 0) {
		output_problem("bank-file %s: exit code %d", what, code);
		return false;
	}
	show(bench, names, &used, bench_server_processor(bench->stage) - processor);
	return true;
}

static bool run_all(struct bank_bench *bench)
{
	static const struct names read = {"read", "read, peak", "read, processor", NULL};
	static const struct names compared = {
		"compared", "compared, peak", "compared, processor", "compared, service"};
	static const struct names booked = {"booked", "booked, peak", "booked, processor", "booked, service"};
	run_xmllint(bench);
	return run_self(bench, "read", "--summary", &read) &&
	       run_self(bench, "book", "--dry-run", &compared) && run_self(bench, "book", NULL, &booked);
}

static bool run_bulk(
	struct bank_bench *bench, struct demo_flight flight, const char *rate, const char *service)
{
	double count = (double)flight.count;
	double seconds;
	if (demo_flight_prepare(&flight) != RECOURSE_OK)
		return false;
	double processor = bench_server_processor(bench->stage);
	if (!fly(&flight, &seconds))
		return false;
	processor = bench_server_processor(bench->stage) - processor;
	bench_figure_add(bench->figures, workload, service, "us", processor * 1e6 / count);
	bench_figure_add(bench->figures, workload, rate, "/s", count / seconds);
	return true;
}

static bool run_settled(struct bank_bench *bench)
{
	return run_bulk(bench, demo_collapse_flight(bench->stage, &bench->bulk, DEMO_COLLAPSE_SETTLE),
		       "payout.settle in bulk", "payout.settle in bulk, service") &&
	       run_bulk(bench, flight_by(bench, &bench->same, "bank", "payout.settle", write_settled),
		       "payout.settle of a rail", "payout.settle of a rail, service");
}

bool bench_bank_file_run(struct demo_stage *stage, uint64_t lines, struct bench_figures *figures)
{
	struct bank_bench bench = {.stage = stage, .figures = figures, .lines = lines};
	demo_collapse_plan(&bench.paid, 1, lines);
	demo_collapse_plan(&bench.bulk, 2, lines < BULK_MAX ? lines : BULK_MAX);
	demo_collapse_plan(&bench.same, 3, lines < BULK_MAX ? lines : BULK_MAX);
	bool good = demo_collapse_terms(stage) && publish(&bench) && approve(&bench, &bench.same) &&
		    order(&bench, &bench.same, "same") && approve(&bench, &bench.bulk) &&
		    fly_phase(&bench, &bench.bulk, DEMO_COLLAPSE_INSTRUCT) && approve(&bench, &bench.paid) &&
		    order(&bench, &bench.paid, "all") && write_statement(&bench) && run_settled(&bench);
	if (!good)
		return false;
	good = run_all(&bench);
	bench_server_memory(stage, workload, figures);
	return good;
}
