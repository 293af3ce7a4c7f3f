/* SPDX-License-Identifier: Apache-2.0 */
#include "twins.h"

#include "buffer.h"
#include "entry.h"
#include "instant.h"
#include "transcode.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

enum { DAY = 86400, COMMAND_SIZE = 1000, TRIES = 40 };

/* Some of them look like M's own, which is what a careless prefix would take them for. */
const char *const twins_names[TWINS_OTHERS] = {"B", "C", "b-shop", "M-2", "M/x", "M2", "Z", "L"};

/* Terms whose clocks do not strike while the script runs. */
#define SLOW                                                                                                 \
	"{\"command\":\"policy.publish\",\"policy\":\"slow\",\"version\":1,\"unit\":\"CNY\",\"scheme\":"     \
	"\"full\",\"notice_days\":365,\"claim_days\":365,\"waterfall\":[{\"rank\":1,\"claim\":\"advances\"}" \
	"]}"

/* ---- calls ---- */

void twins_call(struct kit *kit, const char *key, const char *method, const char *id, const char *params,
	int salt, struct twins_answer *answer)
{
	struct recourse_request *request = NULL;
	uint8_t salts[1][RECOURSE_SALT_SIZE];
	char expires[INSTANT_TEXT_SIZE];
	char *payload = NULL;
	memset(answer, 0, sizeof *answer);
	memset(salts, salt, sizeof salts);
	instant_format(kit->now + INSTANT_HOUR, expires);
	assert_true(asprintf(&payload,
			    "{\"method\":\"%s\",\"origin\":\"%s\",\"request\":\"%s\",\"expires\":\"%s\","
			    "\"params\":%s}",
			    method, kit->origin, id, expires, params) > 0);
	answer->error = rules_prepare(kit, key, payload, &request);
	answer->refusal = kit->refusal;
	free(payload);
	if (answer->error != RECOURSE_OK)
		return;
	if (recourse_request_is_submit(request)) {
		assert_ok(recourse_ledger_commit(
			kit->ledger, &request, 1, kit->now, (const uint8_t(*)[RECOURSE_SALT_SIZE])salts));
		answer->error =
			recourse_request_reply(kit->ledger, request, &answer->bytes, &answer->refusal);
	} else {
		answer->error =
			recourse_request_query(kit->ledger, request, &answer->bytes, &answer->refusal);
	}
	recourse_request_release(request);
}

void twins_public(struct kit *kit, const char *method, const char *params, struct twins_answer *answer)
{
	struct transcode_problem problem;
	struct buffer item = {0};
	slice name = slice_text(method);
	memset(answer, 0, sizeof *answer);
	assert_ok(transcode_from_json(slice_text(params), &item, &problem));
	answer->error = recourse_ledger_public(
		kit->ledger, name, buffer_slice(&item), &answer->bytes, &answer->refusal);
	buffer_free(&item);
}

/* An entry that both may see: all of it but its salt and the hash of the one before. */
static bool same_entry(const struct recourse_bytes *first, const struct recourse_bytes *second)
{
	struct entry entries[2];
	const struct recourse_bytes *replies[2] = {first, second};
	for (size_t side = 0; side < 2; side++) {
		struct item_reader reader = {.data = replies[side]->data, .size = replies[side]->size};
		struct item item;
		assert_ok(item_read_type(&reader, ITEM_MAP, &item));
		assert_int_equal(item.count, 2);
		assert_ok(item_read_type(&reader, ITEM_TEXT, &item));
		assert_true(slice_is(item.string, "bytes"));
		assert_ok(item_read_type(&reader, ITEM_BYTES, &item));
		assert_ok(entry_decode(item.string, &entries[side]));
	}
	memcpy(entries[0].salt, entries[1].salt, sizeof entries[0].salt);
	entries[0].previous = entries[1].previous;
	struct buffer bytes[2] = {{0}};
	entry_encode(&entries[0], &bytes[0]);
	entry_encode(&entries[1], &bytes[1]);
	bool same = slice_equal(buffer_slice(&bytes[0]), buffer_slice(&bytes[1]));
	buffer_free(&bytes[0]);
	buffer_free(&bytes[1]);
	return same;
}

bool twins_same(const char *method, const struct twins_answer answers[static 2])
{
	if (answers[0].error != answers[1].error)
		return false;
	if (answers[0].error != RECOURSE_OK)
		return memcmp(&answers[0].refusal, &answers[1].refusal, sizeof answers[0].refusal) == 0;
	if (strcmp(method, "entry.get") == 0)
		return same_entry(&answers[0].bytes, &answers[1].bytes);
	return slice_equal(slice_of(answers[0].bytes.data, answers[0].bytes.size),
		slice_of(answers[1].bytes.data, answers[1].bytes.size));
}

/* ---- others, each side its own ---- */

static unsigned below(struct twins_side *side, unsigned limit)
{
	return (unsigned)support_random_below(&side->random, limit);
}

static struct twins_other *pick(struct twins_side *side)
{
	return &side->others[below(side, TWINS_OTHERS)];
}

static unsigned next_serial(struct twins_side *side)
{
	side->serial += 1 + below(side, 3);
	return side->serial;
}

static const char *kinds_of(struct twins_side *side)
{
	static const char *const kinds[] = {"[\"merchant\"]", "[\"issuer\"]", "[\"liable-party\"]",
		"[\"funder\",\"merchant\"]", "[\"consumer\"]", "[\"insurer\"]"};
	return kinds[below(side, sizeof kinds / sizeof kinds[0])];
}

/* Each writes a command that will be accepted, and who gives it; or finds nothing to say. */
typedef const char *other_step(struct twins_side *side, char text[static COMMAND_SIZE]);

/* Somebody who has no other part in anything. */
static const char *nobody(struct twins_side *side, char text[static COMMAND_SIZE])
{
	snprintf(text, COMMAND_SIZE, "{\"command\":\"party.register\",\"party\":\"x-%u\",\"kinds\":%s}",
		next_serial(side), kinds_of(side));
	return "admin";
}

static const char *registration(struct twins_side *side, char text[static COMMAND_SIZE])
{
	struct twins_other *other = pick(side);
	if (other->registered)
		return NULL;
	other->registered = true;
	snprintf(text, COMMAND_SIZE, "{\"command\":\"party.register\",\"party\":\"%s\",\"kinds\":%s}",
		other->name, kinds_of(side));
	return "admin";
}

static const char *key(struct twins_side *side, char text[static COMMAND_SIZE])
{
	struct twins_other *other = pick(side);
	char vkey[256];
	if (!other->registered || other->keyed)
		return NULL;
	other->keyed = true;
	rules_vkey(side->kit->origin, other->name, vkey);
	snprintf(text, COMMAND_SIZE,
		"{\"command\":\"key.register\",\"party\":\"%s\",\"key\":\"%s\",\"roles\":[\"merchant\"]}",
		other->name, vkey);
	return "admin";
}

static const char *deposit(struct twins_side *side, char text[static COMMAND_SIZE])
{
	struct twins_other *other = pick(side);
	unsigned amount = 100 + below(side, 100000);
	if (!other->registered)
		return NULL;
	if (!other->leaves && !other->failed)
		other->available += amount;
	snprintf(text, COMMAND_SIZE,
		"{\"command\":\"deposit.receive\",\"merchant\":\"%s\",\"amount\":\"%u.%02u\","
		"\"unit\":\"CNY\",\"bank_reference\":\"o-%u\"}",
		other->name, amount / 100, amount % 100, next_serial(side));
	return "bank";
}

static const char *hold(struct twins_side *side, char text[static COMMAND_SIZE])
{
	struct twins_other *other = pick(side);
	if (other->available < 2)
		return NULL;
	unsigned amount = 1 + below(side, other->available);
	other->available -= amount;
	snprintf(text, COMMAND_SIZE,
		"{\"command\":\"deposit.hold\",\"hold\":\"h-%u\",\"merchant\":\"%s\",\"amount\":\"%u.%02u\","
		"\"unit\":\"CNY\",\"reason\":\"reason-%u\"}",
		next_serial(side), other->name, amount / 100, amount % 100, below(side, 9));
	return "maker";
}

static const char *leaving(struct twins_side *side, char text[static COMMAND_SIZE])
{
	struct twins_other *other = pick(side);
	bool own = other->keyed && below(side, 3) != 0;
	if (other->available == 0 || other->leaves || other->failed || (!own && side->limits > 0))
		return NULL;
	other->leaves = true;
	other->available = 0;
	if (own)
		snprintf(text, COMMAND_SIZE,
			"{\"command\":\"exit.request\",\"exit\":\"%s/1\",\"merchant\":\"%s\",\"unit\":"
			"\"CNY\",\"policy\":\"slow\",\"version\":1}",
			other->name, other->name);
	else
		snprintf(text, COMMAND_SIZE,
			"{\"command\":\"exit.request\",\"exit\":\"e-%u\",\"merchant\":\"%s\",\"unit\":"
			"\"CNY\",\"policy\":\"slow\",\"version\":1}",
			(unsigned)(other - side->others), other->name);
	return own ? other->name : "maker";
}

static const char *failure(struct twins_side *side, char text[static COMMAND_SIZE])
{
	struct twins_other *other = pick(side);
	if (!other->registered || other->failed || other->leaves)
		return NULL;
	other->failed = true;
	other->available = 0;
	snprintf(text, COMMAND_SIZE,
		"{\"command\":\"incident.declare\",\"incident\":\"i-%s\",\"merchant\":\"%s\",\"issuer\":"
		"\"Y\","
		"\"funder\":\"P\",\"custodian\":\"bank\",\"policy\":\"slow\",\"version\":1,"
		"\"reason\":\"liquidation\"}",
		other->name, other->name);
	return "maker";
}

static const char *card(struct twins_side *side, char text[static COMMAND_SIZE])
{
	struct twins_other *other = pick(side);
	if (!other->registered)
		return NULL;
	snprintf(text, COMMAND_SIZE,
		"{\"command\":\"entitlement.issue\",\"entitlement\":\"card-%u\",\"holder\":\"h-%u\","
		"\"issuer\":\"Y\",\"merchant\":\"%s\",\"channel\":\"app\",\"unit\":\"L\",\"quantity\":"
		"\"%u.000\",\"cost\":\"%u.00\",\"currency\":\"CNY\",\"evidence\":\"absent\","
		"\"evidence_hash\":" RULES_HASH "}",
		next_serial(side), below(side, 1000), other->name, 1 + below(side, 9), 1 + below(side, 99));
	side->cards++;
	return "maker";
}

/* A day's limit on what M's own key may ask for, in one of the two. */
static const char *limits(struct twins_side *side, char text[static COMMAND_SIZE])
{
	if (side->limits == 3)
		return NULL;
	snprintf(text, COMMAND_SIZE,
		"{\"command\":\"control.publish\",\"version\":%u,\"proposal_hours\":8760,\"limits\":[{"
		"\"command\":\"exit.request\",\"span\":\"day\",\"unit\":\"CNY\",\"amount\":\"%u.00\","
		"\"approvals\":1}]}",
		++side->limits, 1 + below(side, 99));
	return "admin";
}

static other_step *const other_steps[] = {
	registration,
	registration,
	key,
	key,
	deposit,
	deposit,
	deposit,
	hold,
	hold,
	leaving,
	leaving,
	failure,
	card,
	limits,
	nobody,
};

/* In one of the two M may be alone with nobodies: that there is anybody else is nothing to learn either. */
static void other_accepted(struct twins_side *side)
{
	char text[COMMAND_SIZE];
	const char *who = NULL;
	for (int tries = 0; who == NULL && tries < TRIES; tries++)
		who = other_steps[below(side, sizeof other_steps / sizeof other_steps[0])](side, text);
	if (who == NULL)
		who = nobody(side, text);
	kit_accept(side->kit, who, "%s", text);
	side->steps++;
}

static void other_refused(struct twins_side *side)
{
	kit_refuse(side->kit, RECOURSE_NOT_FOUND, NULL, "maker",
		"{\"command\":\"claim.decide\",\"claim\":\"c-%u\",\"outcome\":\"approve\"}",
		below(side, 1000));
}

static void some_others(struct twins *twins)
{
	for (uint64_t count = support_random_below(&twins->random, 9); count > 0; count--) {
		bool refused = support_random_below(&twins->random, 5) == 0;
		for (size_t side = 0; side < 2; side++) {
			if (refused)
				other_refused(&twins->sides[side]);
			else
				other_accepted(&twins->sides[side]);
		}
		assert_int_equal(rules_entries(twins->sides[0].kit), rules_entries(twins->sides[1].kit));
	}
}

/* ---- what is M's ---- */

__attribute__((format(printf, 3, 4))) static void both(
	struct twins *twins, const char *who, const char *format, ...)
{
	char text[COMMAND_SIZE];
	va_list arguments;
	some_others(twins);
	va_start(arguments, format);
	vsnprintf(text, sizeof text, format, arguments);
	va_end(arguments);
	for (size_t side = 0; side < 2; side++)
		kit_accept(twins->sides[side].kit, who, "%s", text);
	assert_int_equal(twins->sides[0].kit->last_entry, twins->sides[1].kit->last_entry);
}

static void wait(struct twins *twins, uint64_t seconds, uint64_t fired)
{
	for (size_t side = 0; side < 2; side++)
		assert_int_equal(kit_wait(twins->sides[side].kit, seconds), fired);
}

/* Each custodian's day is its own figure: with M's money in it, and everybody's. */
static void attest(struct twins *twins)
{
	for (size_t side = 0; side < 2; side++)
		kit_accept(twins->sides[side].kit, "bank",
			"{\"command\":\"custody.attest\",\"day\":\"2016-05-04\",\"unit\":\"CNY\",\"balance\":"
			"\"%u.00\",\"statement_hash\":" RULES_HASH "}",
			below(&twins->sides[side], 5000));
}

static void leave(struct twins *twins)
{
	both(twins, "merchant",
		"{\"command\":\"exit.request\",\"exit\":\"M/1\",\"merchant\":\"M\",\"unit\":\"CNY\","
		"\"policy\":\"fuel-card\",\"version\":1}");
	both(twins, "maker",
		"{\"command\":\"exit.retain\",\"exit\":\"M/1\",\"item\":\"fees\",\"amount\":\"%u.10\","
		"\"reason\":\"unpaid-fees\",\"evidence_hash\":" RULES_HASH "}",
		1 + (unsigned)support_random_below(&twins->random, 40));
	wait(twins, 8 * DAY, 1);
}

static void fail_and_pay(struct twins *twins)
{
	both(twins, "maker",
		"{\"command\":\"incident.declare\",\"incident\":\"M-i\",\"merchant\":\"M\",\"issuer\":\"Y\","
		"\"funder\":\"P\",\"policy\":\"fuel-card\",\"version\":1,\"reason\":\"liquidation\"}");
	both(twins, "maker",
		"{\"command\":\"entitlement.issue\",\"entitlement\":\"M-card\",\"holder\":\"holder\","
		"\"issuer\":\"Y\",\"merchant\":\"M\",\"channel\":\"app\",\"unit\":\"L\",\"quantity\":"
		"\"1.000\",\"cost\":\"%u.00\",\"currency\":\"CNY\",\"evidence\":\"absent\","
		"\"evidence_hash\":" RULES_HASH "}",
		1 + (unsigned)support_random_below(&twins->random, 90));
	both(twins, "agent",
		"{\"command\":\"claim.file\",\"claim\":\"M-c\",\"incident\":\"M-i\",\"entitlement\":\"M-"
		"card\","
		"\"channel\":\"app\"}");
	both(twins, "maker", "{\"command\":\"claim.decide\",\"claim\":\"M-c\",\"outcome\":\"approve\"}");
	both(twins, "checker", "{\"command\":\"distribution.approve\",\"incident\":\"M-i\"}");
	both(twins, "payer", "{\"command\":\"payout.instruct\",\"claim\":\"M-c\"}");
	both(twins, "bank", "{\"command\":\"payout.settle\",\"claim\":\"M-c\"}");
}

static void run_script(struct twins *twins, enum twins_fate fate)
{
	unsigned amount = 100 + (unsigned)support_random_below(&twins->random, 900);
	both(twins, "bank",
		"{\"command\":\"deposit.receive\",\"merchant\":\"M\",\"amount\":\"%u.00\",\"unit\":\"CNY\","
		"\"bank_reference\":\"m-1\"}",
		amount);
	both(twins, "maker",
		"{\"command\":\"deposit.hold\",\"hold\":\"M-h1\",\"merchant\":\"M\",\"amount\":\"7.50\","
		"\"unit\":\"CNY\",\"reason\":\"signal\",\"expires\":\"2016-05-06T00:00:00Z\"}");
	both(twins, "maker",
		"{\"command\":\"deposit.hold\",\"hold\":\"M-h2\",\"merchant\":\"M\",\"amount\":\"30.00\","
		"\"unit\":\"CNY\",\"reason\":\"late-delivery\"}");
	wait(twins, 5 * DAY, 1);
	attest(twins);
	both(twins, "maker",
		"{\"command\":\"deposit.release\",\"hold\":\"M-h2\",\"amount\":\"%u.00\",\"reason\":\"r\"}",
		1 + (unsigned)support_random_below(&twins->random, 20));
	if (fate == TWINS_LEAVES)
		leave(twins);
	else if (fate == TWINS_FAILS)
		fail_and_pay(twins);
	both(twins, "bank",
		"{\"command\":\"deposit.receive\",\"merchant\":\"M\",\"amount\":\"12.34\",\"unit\":\"CNY\","
		"\"bank_reference\":\"m-2\"}");
	some_others(twins);
}

void twins_start(struct twins *twins, struct support_random *random, enum twins_fate fate)
{
	memset(twins, 0, sizeof *twins);
	twins->random.state = support_random(random);
	for (size_t index = 0; index < 2; index++) {
		struct twins_side *side = &twins->sides[index];
		void *kit = NULL;
		assert_int_equal(rules_setup(&kit), 0);
		side->kit = kit;
		side->random.state = support_random(random);
		for (size_t other = 0; other < TWINS_OTHERS; other++)
			side->others[other].name = twins_names[other];
		kit_accept(kit, "admin", SLOW);
	}
	run_script(twins, fate);
}

void twins_end(struct twins *twins)
{
	for (size_t index = 0; index < 2; index++) {
		void *kit = twins->sides[index].kit;
		rules_teardown(&kit);
	}
}
