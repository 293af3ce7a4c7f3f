/* SPDX-License-Identifier: Apache-2.0 */
#include "bench/bench_shapes.h"

#include "bench/bench_server.h"
#include "bench/bench_stage.h"
#include "host_clock.h"
#include "demo/demo_flight.h"
#include "entry/entry.h"
#include "base/instant.h"
#include "member.h"
#include "output.h"
#include "uuid.h"

#include <inttypes.h>

enum {
	PER_MERCHANT = 10, /* movements */
	PAGE = 50,         /* movements of a statement */
	WARMING = 50,      /* calls before the clock */
	SAMPLES_LEAST = 20,
	BULK = 16384,          /* movements of each kind of bulk: eight requests */
	BULK_FEW = 1000,       /* merchants, as many as the smallest standard size has */
	PERIODS = 64,          /* different ones */
	PERIOD_ENTRIES = 1000, /* more movements of the large merchant than a page has */
	MARGIN = 100,          /* begin, middle and end are hit within that part of the whole */
	LABEL_SIZE = BENCH_SHAPES_LABEL_SIZE,
	NAME_SIZE = 24,
};

static const uint64_t standard_sizes[] = {10000, 1000000, 10000000};
static const char large[] = "large"; /* the merchant that has a tenth of all */

/* One ledger at one size. */
struct ground {
	struct bench_shapes *shapes;
	uint64_t movements;
	uint64_t merchants;
	uint64_t loaded; /* movements and merchants that were there before */
	uint64_t registered;
	uint64_t of_few; /* movements in bulk of as many merchants at each size */
	uint64_t random;
	uint64_t commands; /* single ones, so far */
	uint64_t first;    /* entry of the large merchant, and the time of it */
	uint64_t first_time;
	uint64_t last; /* entry of the ledger */
	uint64_t last_time;
	struct {
		uint64_t since;
		uint64_t until;
	} periods[PERIODS];
};

/* Spread over the keys: the same for ever, so that two runs can be compared. */
static uint64_t mix(uint64_t number)
{
	number = (number + 1) * UINT64_C(0x9e3779b97f4a7c15);
	number = (number ^ (number >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	number = (number ^ (number >> 27)) * UINT64_C(0x94d049bb133111eb);
	return number ^ (number >> 31);
}

static uint64_t random_below(struct ground *ground, uint64_t bound)
{
	return bound == 0 ? 0 : mix(ground->random++) % bound;
}

static slice merchant_name(uint64_t merchant, char name[static NAME_SIZE])
{
	int size = snprintf(name, NAME_SIZE, "m-%016" PRIx64, mix(merchant));
	return slice_of(name, (size_t)size);
}

static slice random_merchant(struct ground *ground, char name[static NAME_SIZE])
{
	return merchant_name(random_below(ground, ground->merchants), name);
}

/* ---- loading ---- */

static void write_register(const void *context, uint64_t index, struct buffer *out)
{
	const struct ground *ground = context;
	char name[NAME_SIZE];
	item_write_map(out, 3);
	item_write_pair_text(out, "command", slice_text("party.register"));
	item_write_pair_text(out, "party", merchant_name(ground->registered + index, name));
	item_write_key(out, "kinds");
	item_write_array(out, 1);
	item_write_text(out, slice_text("merchant"));
}

static void write_receive(slice merchant, const char *prefix, uint64_t number, struct buffer *out)
{
	char line[NAME_SIZE];
	int size = snprintf(line, sizeof line, "%s-%" PRIu64, prefix, number);
	item_write_map(out, 5);
	item_write_pair_text(out, "command", slice_text("deposit.receive"));
	item_write_pair_text(out, "merchant", merchant);
	item_write_pair_text(out, "amount", slice_text("1.00"));
	item_write_pair_text(out, "unit", slice_text("CNY"));
	item_write_pair_text(out, "bank_reference", slice_of(line, (size_t)size));
}

/* Every tenth is the large merchant's; the others take turns, so that each has some at every size. */
static void write_turn(uint64_t number, uint64_t merchants, const char *prefix, struct buffer *out)
{
	char name[NAME_SIZE];
	bool of_large = number % PER_MERCHANT == 0;
	slice merchant = of_large ? slice_text(large)
				  : merchant_name((number - number / PER_MERCHANT) % merchants, name);
	write_receive(merchant, prefix, number, out);
}

static void write_movement(const void *context, uint64_t index, struct buffer *out)
{
	const struct ground *ground = context;
	write_turn(ground->loaded + index, ground->merchants, "line", out);
}

/* Of as many merchants at every size. */
static void write_few(const void *context, uint64_t index, struct buffer *out)
{
	const struct ground *ground = context;
	uint64_t merchants = ground->merchants < BULK_FEW ? ground->merchants : BULK_FEW;
	write_turn(ground->of_few + index, merchants, "few", out);
}

static bool fly(const struct ground *ground, const char *actor, const char *name, uint64_t count,
	void (*write)(const void *context, uint64_t index, struct buffer *out))
{
	struct recourse_refusal refusal = {.command = -1};
	struct demo_flight flight = {
		.client = demo_stage_client(ground->shapes->stage, actor),
		.name = name,
		.context = ground,
		.write = write,
		.count = count,
	};
	enum recourse_error error = demo_flight_run(&flight, &refusal);
	demo_flight_free(&flight);
	if (error != RECOURSE_OK)
		output_error(error, &refusal, name);
	return error == RECOURSE_OK;
}

static bool load(struct ground *ground, uint64_t size, const char *label)
{
	struct bench_shapes *shapes = ground->shapes;
	uint64_t started = host_clock_monotonic();
	ground->movements = size;
	ground->merchants = size < PER_MERCHANT ? 1 : size / PER_MERCHANT;
	/* each has its turn, also where the bulk of the size before went beyond this one */
	uint64_t turns = ground->loaded + 2 * ground->merchants;
	uint64_t more = (size < turns ? turns : size) - ground->loaded;
	if (ground->loaded == 0 &&
		!demo_stage_submit(shapes->stage, "admin",
			"[{\"command\":\"party.register\",\"party\":\"large\",\"kinds\":[\"merchant\"]}]",
			NULL, NULL))
		return false;
	uint64_t commands = ground->merchants - ground->registered + more;
	if (!fly(ground, "admin", "party.register", ground->merchants - ground->registered, write_register) ||
		!fly(ground, "bank", "deposit.receive", more, write_movement))
		return false;
	ground->registered = ground->merchants;
	ground->loaded += more;
	double seconds = host_clock_seconds_since(started);
	bench_figure_add(shapes->figures, label, "loaded, commands", "/s", (double)commands / seconds);
	return true;
}

/* ---- in bulk ---- */

static const struct bulk {
	void (*write)(const void *context, uint64_t index, struct buffer *out);
	const char *all;
	const char *writer;
	const char *keeper;
	const char *written;
} bulks[] = {
	{write_few, "bulk, few merchants", "few, writer", "few, keeper", "few, written"},
	{write_movement, "bulk, all merchants", "all, writer", "all, keeper", "all, written"},
};
enum { BULKS = sizeof bulks / sizeof bulks[0] };

/* What a movement takes of the service's processor time, and how many bytes it writes. */
static bool measure_bulk(struct ground *ground, const struct bulk *bulk, const char *label)
{
	struct bench_stages before;
	struct bench_stages after;
	struct bench_stages used = {.seconds = {0}};
	struct bench_figures *figures = ground->shapes->figures;
	const struct demo_stage *stage = ground->shapes->stage;
	double all = 0;
	double written = bench_server_written(stage);
	bench_stage_read(stage, &before);
	if (!fly(ground, "bank", "deposit.receive", BULK, bulk->write))
		return false;
	bench_stage_read(stage, &after);
	bench_stage_add(&used, &before, &after);
	for (size_t part = 0; part < BENCH_STAGES; part++)
		all += used.seconds[part];
	bench_figure_add(figures, label, bulk->all, "us", all * 1e6 / BULK);
	bench_figure_add(figures, label, bulk->writer, "us", used.seconds[BENCH_STAGE_WRITER] * 1e6 / BULK);
	bench_figure_add(figures, label, bulk->keeper, "us", used.seconds[BENCH_STAGE_KEEPER] * 1e6 / BULK);
	bench_figure_add(
		figures, label, bulk->written, "bytes", (bench_server_written(stage) - written) / BULK);
	return true;
}

static bool measure_bulks(struct ground *ground, const char *label)
{
	if (!measure_bulk(ground, &bulks[0], label))
		return false;
	ground->of_few += BULK;
	if (!measure_bulk(ground, &bulks[1], label))
		return false;
	ground->loaded += BULK;
	bench_server_memory(ground->shapes->stage, label, ground->shapes->figures);
	return bench_server_files(ground->shapes->stage, label, (double)(ground->loaded + ground->of_few),
		ground->shapes->figures);
}

/* ---- where things are ---- */

static bool query(
	struct ground *ground, const char *method, const struct buffer *params, struct recourse_bytes *result)
{
	struct recourse_refusal refusal = {.command = -1};
	enum recourse_error error = recourse_client_query(demo_stage_client(ground->shapes->stage, "maker"),
		method, buffer_slice(params), result, &refusal);
	if (error != RECOURSE_OK)
		output_error(error, &refusal, method);
	return error == RECOURSE_OK;
}

static bool find_time(struct ground *ground, uint64_t number, uint64_t *time)
{
	struct buffer params = {0};
	struct recourse_bytes result = {0};
	struct entry entry;
	slice bytes;
	item_write_map(&params, 1);
	item_write_pair_integer(&params, "entry", (int64_t)number);
	bool good = query(ground, "entry.get", &params, &result) &&
		    member_bytes(slice_of(result.data, result.size), "bytes", &bytes) &&
		    entry_decode(bytes, &entry) == RECOURSE_OK;
	if (good)
		*time = entry.time;
	recourse_bytes_free(&result);
	buffer_free(&params);
	return good;
}

static void write_statement(uint64_t from, uint64_t limit, struct buffer *out)
{
	item_write_map(out, 4);
	item_write_pair_text(out, "merchant", slice_text(large));
	item_write_pair_text(out, "unit", slice_text("CNY"));
	item_write_pair_integer(out, "from", (int64_t)from);
	item_write_pair_integer(out, "limit", (int64_t)limit);
}

/* The large merchant's first deposit is the first movement of its statement. */
static bool find_first(struct ground *ground)
{
	struct buffer params = {0};
	struct recourse_bytes result = {0};
	slice reader;
	struct item head;
	slice row;
	int64_t number = 0;
	write_statement(0, 1, &params);
	bool good = query(ground, "deposit.statement", &params, &result) &&
		    member_list(slice_of(result.data, result.size), "entries", &reader, &head) &&
		    head.count == 1 && item_read_whole(&reader, &row) == RECOURSE_OK &&
		    member_integer(row, "entry", &number);
	ground->first = (uint64_t)number;
	recourse_bytes_free(&result);
	buffer_free(&params);
	return good;
}

static bool find_last(struct ground *ground)
{
	struct recourse_bytes info = {0};
	struct recourse_refusal refusal;
	int64_t entries = 0;
	enum recourse_error error = recourse_client_call(demo_stage_client(ground->shapes->stage, "maker"),
		"service.info", (slice){0}, &info, &refusal);
	bool good = error == RECOURSE_OK &&
		    member_integer(slice_of(info.data, info.size), "entries", &entries) && entries > 0;
	recourse_bytes_free(&info);
	ground->last = (uint64_t)entries - 1;
	return good;
}

/* Times come in groups: periods that have a page's worth of movements are those of as many entries. */
static bool find_periods(struct ground *ground)
{
	uint64_t span = ground->last - ground->first;
	bool good = true;
	for (size_t index = 0; good && index < PERIODS; index++) {
		uint64_t begin = ground->first +
				 random_below(ground, span < PERIOD_ENTRIES ? 1 : span - PERIOD_ENTRIES + 1);
		uint64_t end = begin + PERIOD_ENTRIES < ground->last ? begin + PERIOD_ENTRIES : ground->last;
		good = find_time(ground, begin, &ground->periods[index].since) &&
		       find_time(ground, end, &ground->periods[index].until);
	}
	return good;
}

static bool look_around(struct ground *ground)
{
	bool good = find_first(ground) && find_last(ground) &&
		    find_time(ground, ground->first, &ground->first_time) &&
		    find_time(ground, ground->last, &ground->last_time) && find_periods(ground);
	if (!good)
		output_problem("bench shapes: the service's answers can not be understood");
	return good;
}

/* ---- the shapes ---- */

/* The least that a signed query costs: nothing of the ledger is read. */
static void write_nothing(struct ground *ground, struct buffer *out)
{
	(void)ground;
	item_write_map(out, 1);
	item_write_pair_text(out, "unit", slice_text("CNY"));
}

static void write_account(slice party, uint64_t members, struct buffer *out)
{
	item_write_map(out, 3 + members);
	item_write_pair_integer(out, "code", 2010);
	item_write_pair_text(out, "party", party);
	item_write_pair_text(out, "unit", slice_text("CNY"));
}

static void write_balance(struct ground *ground, struct buffer *out)
{
	char name[NAME_SIZE];
	write_account(random_merchant(ground, name), 0, out);
}

static void write_balance_entry(struct ground *ground, struct buffer *out)
{
	uint64_t entry = ground->first + random_below(ground, ground->last - ground->first + 1);
	write_account(slice_text(large), 1, out);
	item_write_pair_integer(out, "entry", (int64_t)entry);
}

static void write_time(const char *name, uint64_t instant, struct buffer *out)
{
	char text[INSTANT_TEXT_SIZE];
	size_t size = instant_format(instant, text);
	item_write_pair_text(out, name, slice_of(text, size));
}

static uint64_t random_time(struct ground *ground)
{
	return ground->first_time + random_below(ground, ground->last_time - ground->first_time + 1);
}

static void write_balance_time(struct ground *ground, struct buffer *out)
{
	uint64_t time = random_time(ground);
	write_account(slice_text(large), 1, out);
	write_time("time", time, out);
}

static void write_page(struct ground *ground, uint64_t from, struct buffer *out)
{
	uint64_t span = ground->last - ground->first;
	write_statement(from + random_below(ground, span / MARGIN), PAGE, out);
}

static void write_page_begin(struct ground *ground, struct buffer *out)
{
	write_page(ground, ground->first, out);
}

static void write_page_middle(struct ground *ground, struct buffer *out)
{
	write_page(ground, ground->first + (ground->last - ground->first) / 2, out);
}

/* As far from the end as a whole page takes. */
static void write_page_end(struct ground *ground, struct buffer *out)
{
	uint64_t span = ground->last - ground->first;
	uint64_t back = span / MARGIN + (uint64_t)PAGE * PER_MERCHANT;
	write_page(ground, back < span ? ground->last - back : ground->first, out);
}

static void write_period(struct ground *ground, struct buffer *out)
{
	size_t index = random_below(ground, PERIODS);
	item_write_map(out, 5);
	item_write_pair_text(out, "merchant", slice_text(large));
	item_write_pair_text(out, "unit", slice_text("CNY"));
	write_time("since", ground->periods[index].since, out);
	write_time("until", ground->periods[index].until, out);
	item_write_pair_integer(out, "limit", PAGE);
}

static const struct shape {
	const char *method; /* NULL: a command */
	const char *median;
	const char *tail;
	void (*write)(struct ground *ground, struct buffer *out);
} all_shapes[] = {
	{"unit.get", "signed query, no read p50", "signed query, no read p99", write_nothing},
	{"account.balance", "balance p50", "balance p99", write_balance},
	{"account.balance", "balance as of entry p50", "balance as of entry p99", write_balance_entry},
	{"account.balance", "balance as of time p50", "balance as of time p99", write_balance_time},
	{"deposit.statement", "statement, begin p50", "statement, begin p99", write_page_begin},
	{"deposit.statement", "statement, middle p50", "statement, middle p99", write_page_middle},
	{"deposit.statement", "statement, end p50", "statement, end p99", write_page_end},
	{"deposit.statement", "statement, period p50", "statement, period p99", write_period},
	{NULL, "durable command p50", "durable command p99", NULL},
};
enum { SHAPES = sizeof all_shapes / sizeof all_shapes[0] };

static bool ask(struct ground *ground, const struct shape *shape, uint64_t *latency)
{
	struct buffer params = {0};
	struct recourse_bytes result = {0};
	shape->write(ground, &params);
	uint64_t started = host_clock_monotonic();
	bool good = query(ground, shape->method, &params, &result);
	*latency = host_clock_monotonic() - started;
	recourse_bytes_free(&result);
	buffer_free(&params);
	return good;
}

static bool command(struct ground *ground, uint64_t *latency)
{
	struct buffer commands = {0};
	struct recourse_bytes result = {0};
	struct recourse_refusal refusal = {.command = -1};
	char id[UUID_TEXT_SIZE];
	char name[NAME_SIZE];
	uint64_t now = host_clock_now();
	uuid_make(now / 1000000, id);
	item_write_array(&commands, 1);
	write_receive(random_merchant(ground, name), "single", ground->commands++, &commands);
	const struct recourse_submission submission = {
		.request_id = id,
		.mode = RECOURSE_MODE_ALL,
		.expires = now + INSTANT_HOUR,
		.commands = buffer_slice(&commands),
	};
	uint64_t started = host_clock_monotonic();
	enum recourse_error error = recourse_client_submit(
		demo_stage_client(ground->shapes->stage, "bank"), &submission, &result, &refusal);
	*latency = host_clock_monotonic() - started;
	recourse_bytes_free(&result);
	buffer_free(&commands);
	if (error != RECOURSE_OK)
		output_error(error, &refusal, "deposit.receive");
	return error == RECOURSE_OK;
}

static bool measure(struct ground *ground, const struct shape *shape, const char *label)
{
	struct bench_shapes *shapes = ground->shapes;
	struct buffer latencies = {0};
	uint64_t deadline = host_clock_monotonic() + shapes->seconds * HOST_CLOCK_SECOND;
	bool good = true;
	for (uint64_t call = 0; good; call++) {
		uint64_t latency = 0;
		if (call >= WARMING + SAMPLES_LEAST && host_clock_monotonic() >= deadline)
			break;
		good = shape->method == NULL ? command(ground, &latency) : ask(ground, shape, &latency);
		if (call >= WARMING)
			buffer_append(&latencies, &latency, sizeof latency);
	}
	if (good)
		bench_figure_latencies(shapes->figures, label, shape->median, shape->tail, &latencies);
	buffer_free(&latencies);
	return good;
}

/* How many times the first size's figure. */
static void add_ratio(struct bench_shapes *shapes, size_t size, const char *name)
{
	const struct bench_ratio ratio = {
		.workload = shapes->growths[size],
		.name = name,
		.above = {shapes->labels[size], name},
		.below = {shapes->labels[0], name},
		.cost = true,
	};
	bench_figure_ratio(shapes->figures, &ratio);
}

static void add_growth(struct bench_shapes *shapes, size_t size)
{
	for (size_t shape = 0; shape < SHAPES; shape++) {
		add_ratio(shapes, size, all_shapes[shape].median);
		add_ratio(shapes, size, all_shapes[shape].tail);
	}
	for (size_t bulk = 0; bulk < BULKS; bulk++)
		add_ratio(shapes, size, bulks[bulk].all);
}

static size_t list_sizes(const struct bench_shapes *shapes, uint64_t sizes[static BENCH_SHAPES_SIZES])
{
	size_t count = 0;
	for (size_t index = 0; index < sizeof standard_sizes / sizeof standard_sizes[0]; index++) {
		if (standard_sizes[index] < shapes->size)
			sizes[count++] = standard_sizes[index];
	}
	sizes[count++] = shapes->size;
	return count;
}

bool bench_shapes_run(struct bench_shapes *shapes)
{
	uint64_t sizes[BENCH_SHAPES_SIZES];
	struct ground ground = {.shapes = shapes};
	size_t count = list_sizes(shapes, sizes);
	for (size_t size = 0; size < count; size++) {
		snprintf(shapes->labels[size], LABEL_SIZE, "shapes %" PRIu64, sizes[size]);
		snprintf(shapes->growths[size], LABEL_SIZE, "growth %" PRIu64 " / %" PRIu64, sizes[size],
			sizes[0]);
		if (!load(&ground, sizes[size], shapes->labels[size]) || !look_around(&ground))
			return false;
		for (size_t shape = 0; shape < SHAPES; shape++) {
			if (!measure(&ground, &all_shapes[shape], shapes->labels[size]))
				return false;
		}
		if (!measure_bulks(&ground, shapes->labels[size]))
			return false;
		if (size > 0)
			add_growth(shapes, size);
	}
	return true;
}
