/* SPDX-License-Identifier: Apache-2.0 */
#include "demo/demo_collapse.h"

#include "base/crypto.h"
#include "base/item.h"
#include "output.h"
#include "base/text.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>

enum {
	CUP_PRICE = 1500, /* fen */
	CUPS_LEAST = 10,
	CUPS_SPREAD = 40,
	DEPOSIT_PART = 5,
};

struct card {
	uint32_t cups;
	uint32_t drunk;
};

/* The same for ever: the figures of two runs can be compared. */
static struct card card_at(uint64_t index)
{
	uint64_t mixed = (index + 1) * UINT64_C(0x9e3779b97f4a7c15);
	mixed = (mixed ^ (mixed >> 31)) * UINT64_C(0xbf58476d1ce4e5b9);
	struct card card = {.cups = CUPS_LEAST + (uint32_t)(mixed >> 40) % CUPS_SPREAD};
	card.drunk = (uint32_t)(mixed >> 20) % card.cups;
	return card;
}

void demo_collapse_money(int64_t fen, char text[static 32])
{
	snprintf(text, 32, "%" PRId64 ".%02" PRId64, fen / 100, fen % 100);
}

void demo_collapse_plan(struct demo_collapse *collapse, uint64_t number, uint64_t cards)
{
	*collapse = (struct demo_collapse){.cards = cards};
	snprintf(collapse->incident, sizeof collapse->incident, "tea-%" PRIu64, number);
	snprintf(collapse->merchant, sizeof collapse->merchant, "tea-houses-%" PRIu64, number);
	snprintf(collapse->issuer, sizeof collapse->issuer, "tea-cards-%" PRIu64, number);
	for (uint64_t index = 0; index < cards; index++) {
		struct card card = card_at(index);
		collapse->loss += (int64_t)(card.cups - card.drunk) * CUP_PRICE;
	}
	collapse->deposit = collapse->loss / DEPOSIT_PART;
}

/* Of the till's record, or of its answer that it has none. */
static void hash_evidence(const struct demo_collapse *collapse, uint64_t index, struct crypto_hash *hash)
{
	char record[64];
	int size = snprintf(record, sizeof record, "%s-till-%" PRIu64, collapse->incident, index);
	crypto_sha256(slice_of(record, (size_t)size), hash);
}

/* ---- what comes once ---- */

static bool say(struct demo_stage *stage, const char *actor, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

static bool say(struct demo_stage *stage, const char *actor, const char *format, ...)
{
	char commands[1024];
	va_list arguments;
	va_start(arguments, format);
	int size = vsnprintf(commands, sizeof commands, format, arguments);
	va_end(arguments);
	return size > 0 && size < (int)sizeof commands &&
	       demo_stage_submit(stage, actor, commands, NULL, NULL);
}

bool demo_collapse_hire(struct demo_stage *stage)
{
	static const struct {
		const char *name;
		const char *party;
		const char *roles;
	} people[] = {
		{"agent", "P", "[\"agent\"]"},
		{"maker", "P", "[\"operator\"]"},
		{"payer", "P", "[\"operator\"]"},
		{"checker", "P", "[\"approver\"]"},
		{"bank", "bank", "[\"custodian\"]"},
	};
	bool good = say(stage, "admin",
		"[{\"command\":\"party.register\",\"party\":\"bank\",\"kinds\":[\"custodian\"]}]");
	for (size_t index = 0; good && index < sizeof people / sizeof people[0]; index++)
		good = demo_stage_hire(stage, people[index].name, people[index].party, people[index].roles);
	return good;
}

bool demo_collapse_terms(struct demo_stage *stage)
{
	return say(stage, "admin",
		"[{\"command\":\"unit.define\",\"unit\":\"CUPS\",\"digits\":0,\"name\":\"cup of tea\"},"
		"{\"command\":\"policy.publish\",\"policy\":\"tea-card\",\"version\":1,\"unit\":\"CNY\","
		"\"scheme\":\"full\","
		"\"waterfall\":[{\"rank\":1,\"claim\":\"advances\"}]}]");
}

bool demo_collapse_declare(struct demo_stage *stage, const struct demo_collapse *collapse)
{
	char deposit[32];
	demo_collapse_money(collapse->deposit, deposit);
	return say(stage, "admin",
		       "[{\"command\":\"party.register\",\"party\":\"%s\",\"kinds\":[\"merchant\",\"liable-"
		       "party\"]},"
		       "{\"command\":\"party.register\",\"party\":\"%s\",\"kinds\":[\"issuer\",\"liable-"
		       "party\"]}]",
		       collapse->merchant, collapse->issuer) &&
	       say(stage, "bank",
		       "[{\"command\":\"deposit.receive\",\"merchant\":\"%s\",\"amount\":\"%s\",\"unit\":"
		       "\"CNY\","
		       "\"bank_reference\":\"deposit-%s\"}]",
		       collapse->merchant, deposit, collapse->incident) &&
	       say(stage, "maker",
		       "[{\"command\":\"incident.declare\",\"incident\":\"%s\",\"merchant\":\"%s\","
		       "\"issuer\":\"%s\","
		       "\"funder\":\"P\",\"policy\":\"tea-card\",\"version\":1,\"reason\":\"vanished\"}]",
		       collapse->incident, collapse->merchant, collapse->issuer);
}

bool demo_collapse_fund(struct demo_stage *stage, const struct demo_collapse *collapse)
{
	char rest[32];
	demo_collapse_money(collapse->loss - collapse->deposit, rest);
	return say(stage, "checker", "[{\"command\":\"distribution.approve\",\"incident\":\"%s\"}]",
		       collapse->incident) &&
	       say(stage, "bank",
		       "[{\"command\":\"funding.receive\",\"incident\":\"%s\",\"amount\":\"%s\","
		       "\"bank_reference\":\"funding-%s\"}]",
		       collapse->incident, rest, collapse->incident);
}

/* ---- what comes in bulk ---- */

static void write_id(struct buffer *out, const char *key, const char *kind,
	const struct demo_collapse *collapse, uint64_t index)
{
	char id[64];
	int size = snprintf(id, sizeof id, "%s-%s-%" PRIu64, collapse->incident, kind, index);
	item_write_pair_text(out, key, slice_of(id, (size_t)size));
}

static void write_number(struct buffer *out, const char *key, uint32_t number)
{
	char text[16];
	int size = snprintf(text, sizeof text, "%" PRIu32, number);
	item_write_pair_text(out, key, slice_of(text, (size_t)size));
}

static void write_issue(const void *context, uint64_t index, struct buffer *out)
{
	const struct demo_collapse *collapse = context;
	struct card card = card_at(index);
	struct crypto_hash evidence;
	char cost[32];
	demo_collapse_money((int64_t)card.cups * CUP_PRICE, cost);
	hash_evidence(collapse, index, &evidence);
	item_write_map(out, card.drunk == 0 ? 13 : 15);
	item_write_pair_text(out, "command", slice_text("entitlement.issue"));
	write_id(out, "entitlement", "card", collapse, index);
	write_id(out, "holder", "holder", collapse, index);
	item_write_pair_text(out, "issuer", slice_text(collapse->issuer));
	item_write_pair_text(out, "merchant", slice_text(collapse->merchant));
	item_write_pair_text(out, "channel", slice_text("app"));
	item_write_pair_text(out, "unit", slice_text("CUPS"));
	write_number(out, "quantity", card.cups);
	item_write_pair_text(out, "cost", slice_text(cost));
	item_write_pair_text(out, "currency", slice_text("CNY"));
	item_write_pair_text(out, "evidence", slice_text(card.drunk == 0 ? "absent" : "confirmed"));
	item_write_pair_text(out, "source", slice_text(collapse->issuer));
	item_write_key(out, "evidence_hash");
	item_write_bytes(out, slice_of(evidence.bytes, sizeof evidence.bytes));
	if (card.drunk > 0) {
		write_number(out, "consumed", card.drunk);
		write_id(out, "reference", "till", collapse, index);
	}
}

static void write_file(const void *context, uint64_t index, struct buffer *out)
{
	const struct demo_collapse *collapse = context;
	item_write_map(out, 5);
	item_write_pair_text(out, "command", slice_text("claim.file"));
	write_id(out, "claim", "claim", collapse, index);
	item_write_pair_text(out, "incident", slice_text(collapse->incident));
	write_id(out, "entitlement", "card", collapse, index);
	item_write_pair_text(out, "channel", slice_text("app"));
}

static void write_decide(const void *context, uint64_t index, struct buffer *out)
{
	item_write_map(out, 3);
	item_write_pair_text(out, "command", slice_text("claim.decide"));
	write_id(out, "claim", "claim", context, index);
	item_write_pair_text(out, "outcome", slice_text("approve"));
}

static void write_instruct(const void *context, uint64_t index, struct buffer *out)
{
	item_write_map(out, 2);
	item_write_pair_text(out, "command", slice_text("payout.instruct"));
	write_id(out, "claim", "claim", context, index);
}

static void write_settle(const void *context, uint64_t index, struct buffer *out)
{
	item_write_map(out, 2);
	item_write_pair_text(out, "command", slice_text("payout.settle"));
	write_id(out, "claim", "claim", context, index);
}

struct phase {
	const char *name;
	const char *actor;
	void (*write)(const void *context, uint64_t index, struct buffer *out);
};

static const struct phase phases[DEMO_COLLAPSE_PHASES] = {
	[DEMO_COLLAPSE_ISSUE] = {"entitlement.issue", "maker", write_issue},
	[DEMO_COLLAPSE_FILE] = {"claim.file", "agent", write_file},
	[DEMO_COLLAPSE_DECIDE] = {"claim.decide", "maker", write_decide},
	[DEMO_COLLAPSE_INSTRUCT] = {"payout.instruct", "payer", write_instruct},
	[DEMO_COLLAPSE_SETTLE] = {"payout.settle", "bank", write_settle},
};

const char *demo_collapse_phase_name(enum demo_collapse_phase phase)
{
	return phases[phase].name;
}

const char *demo_collapse_phase_actor(enum demo_collapse_phase phase)
{
	return phases[phase].actor;
}

struct demo_flight demo_collapse_flight(
	const struct demo_stage *stage, const struct demo_collapse *collapse, enum demo_collapse_phase phase)
{
	return (struct demo_flight){
		.client = demo_stage_client(stage, phases[phase].actor),
		.name = phases[phase].name,
		.context = collapse,
		.write = phases[phase].write,
		.count = collapse->cards,
	};
}

/* ---- the file ---- */

static void print_card(const struct demo_collapse *collapse, uint64_t index, FILE *file)
{
	struct card card = card_at(index);
	struct crypto_hash evidence;
	char hex[2 * CRYPTO_HASH_SIZE + 1];
	char cost[32];
	const char *id = collapse->incident;
	demo_collapse_money((int64_t)card.cups * CUP_PRICE, cost);
	hash_evidence(collapse, index, &evidence);
	text_to_hex(evidence.bytes, sizeof evidence.bytes, hex);
	fprintf(file, "%s-card-%" PRIu64 ",%s-holder-%" PRIu64 ",%s,%s,app,CUPS,%" PRIu32 ",%s,CNY,%s,%s,%s,",
		id, index, id, index, collapse->issuer, collapse->merchant, card.cups, cost,
		card.drunk == 0 ? "absent" : "confirmed", collapse->issuer, hex);
	if (card.drunk > 0)
		fprintf(file, "%" PRIu32 ",%s-till-%" PRIu64 "\n", card.drunk, id, index);
	else
		fprintf(file, ",\n");
}

bool demo_collapse_write(const struct demo_collapse *collapse, const char *path)
{
	FILE *file = fopen(path, "w");
	bool good = file != NULL;
	if (good)
		fprintf(file, "entitlement,holder,issuer,merchant,channel,unit,quantity,cost,currency,"
			      "evidence,source,evidence_hash,"
			      "consumed,reference\n");
	for (uint64_t index = 0; good && index < collapse->cards; index++) {
		print_card(collapse, index, file);
		good = ferror(file) == 0;
	}
	if (file != NULL && fclose(file) != 0)
		good = false;
	if (!good)
		output_problem("%s can not be written: %s", path, strerror(errno));
	return good;
}
