/* SPDX-License-Identifier: Apache-2.0 */
#include "bench/bench_desk.h"

#include "base/crypto.h"
#include "base/instant.h"
#include "base/item.h"
#include "bench/bench_pages.h"
#include "bench/bench_server.h"
#include "demo/demo_flight.h"
#include "host_clock.h"
#include "member.h"
#include "moment.h"
#include "output.h"
#include "uuid.h"

#include <inttypes.h>
#include <stdlib.h>

enum {
	OF = 300,          /* parts of all claims: */
	FIRST_DAY = 67,    /* come on the first day, */
	FROM_RECORDS = 91, /* are filed from records, */
	LACKING = 100,     /* lack a paper, */
	NEVER = 30,        /* of which these never answer */
	DAYS = 14,         /* in which all have come; */
	LATER = 6,         /* and so many more pass */
	ANSWER_DAYS = 3,   /* in which a paper is to come */
	AGENTS = 3,        /* take turns */
	AGAIN = 100,       /* papers that are asked for again, to see it refused */
	LOOK_MS = 20,
	QUIET_MS = 200,
	ID_SIZE = 32,
	NAME_SIZE = 256,
};

static const char *const agents[AGENTS] = {"agent", "agent-2", "agent-3"};
static const char incident[] = "desk";

/* The claims that one flight is about. */
struct batch {
	const struct desk *desk;
	uint64_t count;
	uint64_t *claims;
};

struct desk {
	struct demo_stage *stage;
	struct bench_figures *figures;
	uint64_t claims;
	uint64_t came; /* so far, in the order of their numbers */
	uint64_t day;
	uint64_t ahead; /* nanoseconds that the ledger's time is ahead */
	uint64_t commands;
	double seconds;
	uint64_t asked;
	uint64_t again;
	uint64_t paid;
	struct batch batch;
};

/* ---- what a claim is ---- */

/* The same for ever: spread over 0 to OF - 1. */
static uint64_t part_of(uint64_t claim)
{
	uint64_t mixed = (claim + 1) * UINT64_C(0x9e3779b97f4a7c15);
	mixed = (mixed ^ (mixed >> 31)) * UINT64_C(0xbf58476d1ce4e5b9);
	return (mixed >> 33) % OF;
}

static bool is_from_records(uint64_t claim)
{
	return part_of(claim) < FROM_RECORDS;
}

static bool lacks_paper(uint64_t claim)
{
	return part_of(claim) >= OF - LACKING;
}

static bool never_answers(uint64_t claim)
{
	return part_of(claim) >= OF - NEVER;
}

/* Those of a day: each day has of what is still to come what the first one had of all. */
static uint64_t arrivals(const struct desk *desk)
{
	uint64_t left = desk->claims - desk->came;
	return desk->day + 1 >= DAYS ? left : left * FIRST_DAY / OF;
}

/* ---- commands ---- */

static void write_id(struct buffer *out, const char *key, const char *kind, uint64_t claim)
{
	char id[ID_SIZE];
	int size = snprintf(id, sizeof id, "%s-%" PRIu64, kind, claim);
	item_write_pair_text(out, key, slice_of(id, (size_t)size));
}

static void write_hash(struct buffer *out, const char *kind, uint64_t claim)
{
	char paper[ID_SIZE];
	struct crypto_hash hash;
	int size = snprintf(paper, sizeof paper, "%s-%" PRIu64, kind, claim);
	crypto_sha256(slice_of(paper, (size_t)size), &hash);
	item_write_key(out, "evidence_hash");
	item_write_bytes(out, slice_of(hash.bytes, sizeof hash.bytes));
}

static void begin(struct buffer *out, uint64_t members, const char *command)
{
	item_write_map(out, members);
	item_write_pair_text(out, "command", slice_text(command));
}

static void write_issue(uint64_t claim, const struct desk *desk, struct buffer *out)
{
	(void)desk;
	begin(out, 12, "entitlement.issue");
	write_id(out, "entitlement", "card", claim);
	write_id(out, "holder", "holder", claim);
	item_write_pair_text(out, "issuer", slice_text("cards"));
	item_write_pair_text(out, "merchant", slice_text("shop"));
	item_write_pair_text(out, "channel", slice_text("app"));
	item_write_pair_text(out, "unit", slice_text("RIDE"));
	item_write_pair_text(out, "quantity", slice_text("1"));
	item_write_pair_text(out, "cost", slice_text("199.00"));
	item_write_pair_text(out, "currency", slice_text("CNY"));
	item_write_pair_text(out, "evidence", slice_text("absent"));
	write_hash(out, "records", claim);
}

static void write_file(uint64_t claim, const struct desk *desk, struct buffer *out)
{
	bool lacking = lacks_paper(claim);
	(void)desk;
	begin(out, lacking ? 5 : 6, "claim.file");
	write_id(out, "claim", "claim", claim);
	item_write_pair_text(out, "incident", slice_text(incident));
	write_id(out, "entitlement", "card", claim);
	item_write_pair_text(out, "channel", slice_text(is_from_records(claim) ? "import" : "app"));
	if (!lacking)
		write_hash(out, "paper", claim);
}

static void write_ask(uint64_t claim, const struct desk *desk, struct buffer *out)
{
	char due[INSTANT_TEXT_SIZE];
	uint64_t time = host_clock_now() + desk->ahead + ANSWER_DAYS * INSTANT_DAY;
	size_t size = instant_format(time / INSTANT_SECOND * INSTANT_SECOND, due);
	begin(out, 4, "evidence.ask");
	write_id(out, "claim", "claim", claim);
	item_write_pair_text(out, "kind", slice_text("purchase"));
	item_write_pair_text(out, "due", slice_of(due, size));
}

static void write_paper(uint64_t claim, const struct desk *desk, struct buffer *out)
{
	(void)desk;
	begin(out, 5, "evidence.receive");
	write_id(out, "claim", "claim", claim);
	item_write_pair_text(out, "kind", slice_text("purchase"));
	write_hash(out, "paper", claim);
	item_write_pair_text(out, "held_by", slice_text("archive"));
}

static void write_of_claim(uint64_t claim, const char *command, uint64_t members, struct buffer *out)
{
	begin(out, members, command);
	write_id(out, "claim", "claim", claim);
}

static void write_decide(uint64_t claim, const struct desk *desk, struct buffer *out)
{
	(void)desk;
	write_of_claim(claim, "claim.decide", 3, out);
	item_write_pair_text(out, "outcome", slice_text("approve"));
}

static void write_instruct(uint64_t claim, const struct desk *desk, struct buffer *out)
{
	(void)desk;
	write_of_claim(claim, "payout.instruct", 2, out);
}

static void write_settle(uint64_t claim, const struct desk *desk, struct buffer *out)
{
	(void)desk;
	write_of_claim(claim, "payout.settle", 2, out);
}

typedef void write_command(uint64_t claim, const struct desk *desk, struct buffer *out);

/* ---- flights ---- */

struct flight {
	const struct batch *batch;
	write_command *write;
};

static void write_one(const void *context, uint64_t index, struct buffer *out)
{
	const struct flight *flight = context;
	flight->write(flight->batch->claims[index], flight->batch->desk, out);
}

static bool fly(struct desk *desk, const char *actor, const char *name, write_command *write)
{
	const struct flight context = {&desk->batch, write};
	struct recourse_refusal refusal = {.command = -1};
	char id[64];
	snprintf(id, sizeof id, "%s-%" PRIu64 "-%s", name, desk->day, actor);
	struct demo_flight flight = {
		.client = demo_stage_client(desk->stage, actor),
		.name = id,
		.context = &context,
		.write = write_one,
		.count = desk->batch.count,
	};
	if (flight.count == 0)
		return true;
	uint64_t started = host_clock_monotonic();
	enum recourse_error error = demo_flight_run(&flight, &refusal);
	desk->seconds += host_clock_seconds_since(started);
	desk->commands += flight.count;
	demo_flight_free(&flight);
	if (error != RECOURSE_OK)
		output_error(error, &refusal, name);
	return error == RECOURSE_OK;
}

typedef bool choose_claim(uint64_t claim);

static bool any(uint64_t claim)
{
	(void)claim;
	return true;
}

static bool is_complete(uint64_t claim)
{
	return !lacks_paper(claim);
}

static bool answers(uint64_t claim)
{
	return lacks_paper(claim) && !never_answers(claim);
}

/* Those from `first` on, before `end`, of which it is true; of one agent, or of all for AGENTS. */
static void gather(struct desk *desk, uint64_t first, uint64_t end, choose_claim *chosen, size_t agent)
{
	desk->batch.count = 0;
	for (uint64_t claim = first; claim < end; claim++) {
		if (chosen(claim) && (agent == AGENTS || claim % AGENTS == agent))
			desk->batch.claims[desk->batch.count++] = claim;
	}
}

static bool by_agents(struct desk *desk, uint64_t first, uint64_t end, choose_claim *chosen, const char *name,
	write_command *write)
{
	bool good = true;
	for (size_t agent = 0; good && agent < AGENTS; agent++) {
		gather(desk, first, end, chosen, agent);
		good = fly(desk, agents[agent], name, write);
	}
	return good;
}

/* ---- what a day is made of ---- */

static bool say(struct desk *desk, const char *actor, const char *commands)
{
	return demo_stage_submit(desk->stage, actor, commands, NULL, NULL);
}

/* What was decided is shared out, and paid with what the platform advances. */
static bool pay(struct desk *desk)
{
	char commands[256];
	if (desk->batch.count == 0)
		return true;
	snprintf(commands, sizeof commands,
		"[{\"command\":\"funding.receive\",\"incident\":\"%s\",\"amount\":\"%" PRIu64 ".00\","
		"\"bank_reference\":\"funding-%" PRIu64 "-%" PRIu64 "\"}]",
		incident, desk->batch.count * 199, desk->day, desk->paid);
	desk->paid += desk->batch.count;
	return say(desk, "checker", "[{\"command\":\"distribution.approve\",\"incident\":\"desk\"}]") &&
	       say(desk, "bank", commands) && fly(desk, "payer", "instruct", write_instruct) &&
	       fly(desk, "bank", "settle", write_settle);
}

/* The papers of the day before come, then what is complete is decided: of both days at once. */
static bool decide(struct desk *desk, uint64_t before, uint64_t first)
{
	if (!by_agents(desk, before, first, answers, "receive", write_paper))
		return false;
	gather(desk, first, desk->came, is_complete, AGENTS);
	for (uint64_t claim = before; claim < first; claim++) {
		if (answers(claim))
			desk->batch.claims[desk->batch.count++] = claim;
	}
	return fly(desk, "maker", "decide", write_decide) && pay(desk);
}

static bool count_entries(const struct desk *desk, int64_t *entries)
{
	struct recourse_bytes info = {0};
	struct recourse_refusal refusal;
	enum recourse_error error = recourse_client_call(
		demo_stage_client(desk->stage, "maker"), "service.info", (slice){0}, &info, &refusal);
	bool good =
		error == RECOURSE_OK && member_integer(slice_of(info.data, info.size), "entries", entries);
	recourse_bytes_free(&info);
	return good;
}

/* The clocks have struck when nothing comes any more for a while. */
static bool let_pass(struct desk *desk)
{
	int64_t last = 0;
	uint64_t quiet = 0;
	bool good = say(desk, "admin", "[{\"command\":\"clock.advance\",\"seconds\":86400}]");
	desk->ahead += INSTANT_DAY;
	desk->day++;
	while (good && quiet < QUIET_MS) {
		int64_t entries = 0;
		moment_sleep(LOOK_MS);
		good = count_entries(desk, &entries);
		quiet = entries == last ? quiet + LOOK_MS : 0;
		last = entries;
	}
	return good;
}

/* ---- asking twice ---- */

/* A paper that is held, or asked for already: whoever asks again is refused with the entry that has it. */
static bool ask_again(struct desk *desk, uint64_t first)
{
	uint64_t tried = 0;
	for (uint64_t claim = first; claim < desk->came && tried < AGAIN; claim++, tried++) {
		struct buffer commands = {0};
		struct recourse_bytes reply = {0};
		struct recourse_refusal refusal = {.command = -1};
		char id[UUID_TEXT_SIZE];
		uint64_t now = host_clock_now();
		uuid_make(now / 1000000, id);
		item_write_array(&commands, 1);
		write_ask(claim, desk, &commands);
		const struct recourse_submission submission = {
			.request_id = id,
			.mode = RECOURSE_MODE_ALL,
			.expires = now + INSTANT_HOUR,
			.commands = buffer_slice(&commands),
		};
		enum recourse_error error = recourse_client_submit(
			demo_stage_client(desk->stage, "agent"), &submission, &reply, &refusal);
		desk->again += error == RECOURSE_OK;
		recourse_bytes_free(&reply);
		buffer_free(&commands);
		if (error != RECOURSE_OK && error != RECOURSE_EXISTS && error != RECOURSE_STATE_WRONG) {
			output_error(error, &refusal, "evidence.ask");
			return false;
		}
	}
	return true;
}

/* ---- what waits for people ---- */

struct waiting {
	uint64_t claims[AGENTS + 1]; /* by owner, others' last */
	uint64_t all;
	uint64_t overdue;
	int64_t oldest; /* hours that it is late */
};

/* Which of them a handle is: ORIGIN/NAME+hex8. */
static size_t agent_of(slice handle)
{
	size_t agent = 0;
	while (agent < AGENTS) {
		char name[NAME_SIZE];
		int size = snprintf(name, sizeof name, DEMO_STAGE_ORIGIN "/%s+", agents[agent]);
		if (handle.size > (size_t)size && memcmp(handle.data, name, (size_t)size) == 0)
			break;
		agent++;
	}
	return agent;
}

static void see_waiting(void *context, slice row)
{
	struct waiting *waiting = context;
	slice owner;
	int64_t hours;
	size_t agent = member_text(row, "owner", &owner) ? agent_of(owner) : AGENTS;
	waiting->claims[agent]++;
	waiting->all++;
	if (member_integer(row, "overdue_hours", &hours)) {
		waiting->overdue++;
		waiting->oldest = hours > waiting->oldest ? hours : waiting->oldest;
	}
}

static bool look(struct desk *desk, const char *workload)
{
	static const char *const names[AGENTS + 1] = {
		"waits for agent", "waits for agent-2", "waits for agent-3", "waits for others"};
	struct waiting waiting = {.all = 0};
	struct bench_page page = {.method = "desk.queue", .rows = "claims", .fixed = ""};
	do {
		if (!bench_pages_read(desk->stage, &page, see_waiting, &waiting))
			return false;
	} while (page.next[0] != '\0');
	bench_figure_add(desk->figures, workload, "claims that came", "", (double)desk->came);
	bench_figure_add(desk->figures, workload, "paid", "", (double)desk->paid);
	bench_figure_add(desk->figures, workload, "waits for people", "", (double)waiting.all);
	for (size_t agent = 0; agent <= AGENTS; agent++)
		bench_figure_add(desk->figures, workload, names[agent], "", (double)waiting.claims[agent]);
	bench_figure_add(desk->figures, workload, "of which late", "", (double)waiting.overdue);
	bench_figure_add(desk->figures, workload, "the longest", "hours", (double)waiting.oldest);
	bench_server_memory(desk->stage, workload, desk->figures);
	return true;
}

/* So many claims have come: whether a page costs more of a list that is longer. */
static const struct mark {
	uint64_t claims;
	const char *name;
	const char *workload;
} marks[] = {
	{10000, "10000", "pages, 10,000"},
	{100000, "100000", "pages, 100,000"},
	{1000000, "1000000", "pages, 1,000,000"},
};
enum { MARKS = sizeof marks / sizeof marks[0] };

/* ---- a day ---- */

/* Flights of a day differ by name. */
static bool come(struct desk *desk, uint64_t end, const char *name)
{
	char file[NAME_SIZE];
	char ask[NAME_SIZE];
	uint64_t first = desk->came;
	desk->came = end;
	snprintf(file, sizeof file, "file-%s", name);
	snprintf(ask, sizeof ask, "ask-%s", name);
	return by_agents(desk, first, end, any, file, write_file) &&
	       by_agents(desk, first, end, lacks_paper, ask, write_ask);
}

static bool play_day(struct desk *desk, uint64_t *before)
{
	uint64_t first = desk->came;
	uint64_t end = first + arrivals(desk);
	bool good = true;
	for (const struct mark *mark = marks; good && mark < marks + MARKS; mark++) {
		if (first >= mark->claims || mark->claims > end)
			continue;
		good = come(desk, mark->claims, mark->name) &&
		       bench_pages_time(desk->stage, mark->workload, desk->figures);
		bench_server_memory(desk->stage, mark->workload, desk->figures);
	}
	good = good && come(desk, end, "rest");
	for (uint64_t claim = first; claim < desk->came; claim++)
		desk->asked += lacks_paper(claim);
	good = good && ask_again(desk, first) && decide(desk, *before, first);
	*before = first;
	return good;
}

/* ---- all of it ---- */

static bool set_up(struct desk *desk)
{
	bool good = say(desk, "admin",
		"[{\"command\":\"unit.define\",\"unit\":\"RIDE\",\"digits\":0,\"name\":\"deposit of a "
		"rider\"},"
		"{\"command\":\"policy.publish\",\"policy\":\"desk\",\"version\":1,\"unit\":\"CNY\","
		"\"scheme\":\"full\",\"checklist\":[{\"kind\":\"purchase\",\"from\":\"consumer\",\"needed\":"
		"\"yes\"}],"
		"\"waterfall\":[{\"rank\":1,\"claim\":\"advances\"}]},"
		"{\"command\":\"party.register\",\"party\":\"shop\",\"kinds\":[\"merchant\",\"liable-party\"]"
		"},"
		"{\"command\":\"party.register\",\"party\":\"cards\",\"kinds\":[\"issuer\",\"liable-party\"]}"
		"]");
	for (size_t agent = 1; good && agent < AGENTS; agent++)
		good = demo_stage_hire(desk->stage, agents[agent], "P", "[\"agent\"]");
	gather(desk, 0, desk->claims, any, AGENTS);
	return good && fly(desk, "maker", "issue", write_issue) &&
	       say(desk, "maker",
		       "[{\"command\":\"incident.declare\",\"incident\":\"desk\",\"merchant\":\"shop\","
		       "\"issuer\":\"cards\",\"funder\":\"P\",\"custodian\":\"bank\",\"policy\":\"desk\","
		       "\"version\":1,\"reason\":\"vanished\"}]");
}

/* The first groups are small; from the third day on what the service keeps of its own is not to grow. */
static void weigh(const struct desk *desk)
{
	static const char *const days[DAYS + LATER] = {[2] = "desk, day 3", [7] = "desk, day 8"};
	if (days[desk->day] != NULL)
		bench_server_memory(desk->stage, days[desk->day], desk->figures);
}

static bool play(struct desk *desk)
{
	uint64_t before = 0;
	bool good = set_up(desk);
	desk->commands = 0;
	desk->seconds = 0;
	while (good && desk->day < DAYS + LATER) {
		good = play_day(desk, &before) && (desk->day > 0 || look(desk, "desk, day 1"));
		weigh(desk);
		good = good && let_pass(desk);
	}
	return good && look(desk, "desk, the end") &&
	       bench_pages_time(desk->stage, "pages, the end", desk->figures);
}

bool bench_desk_run(struct demo_stage *stage, uint64_t claims, struct bench_figures *figures)
{
	struct desk desk = {.stage = stage, .figures = figures, .claims = claims};
	desk.batch.desk = &desk;
	desk.batch.claims = malloc(claims * sizeof *desk.batch.claims);
	if (desk.batch.claims == NULL) {
		output_error(RECOURSE_MEMORY, NULL, "bench desk");
		return false;
	}
	bool good = play(&desk);
	free(desk.batch.claims);
	if (!good)
		return false;
	bench_figure_add(figures, "desk", "commands", "/s", (double)desk.commands / desk.seconds);
	bench_figure_add(figures, "desk", "papers asked for", "", (double)desk.asked);
	bench_figure_add(figures, "desk", "papers asked for twice", "", (double)desk.again);
	return true;
}
