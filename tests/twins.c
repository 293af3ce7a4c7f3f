/* SPDX-License-Identifier: Apache-2.0 */
#include "twins.h"

#include "entry/entry.h"
#include "base/instant.h"
#include "base/transcode.h"

#include <stdio.h>
#include <string.h>

enum { DAY = 86400, COMMAND_SIZE = 1000 };

/* Terms whose clocks do not strike while the script runs. */
#define SLOW                                                                                                 \
	"policy.publish policy=slow version=1 unit=CNY scheme=full notice_days=365 claim_days=365 "          \
	"decision_hours=8760 payout_days=365 waterfall=rank:1,claim:advances "                               \
	"checklist=kind:use,from:merchant,needed:no"
#define SLOW_REQUIRED(version, amount)                                                                       \
	"requirement.publish policy=slow-required version=" #version " unit=CNY basis=fixed amount=" amount  \
	" top_up_days=365"
#define REQUIRED "requirement.publish policy=required version=1 unit=CNY basis=ratio top_up_days=3"

/* ---- calls ---- */

void twins_call(struct kit *kit, const char *key, const char *method, const char *id, const char *params,
	int salt, struct twins_answer *answer)
{
	uint8_t salts[1][RECOURSE_SALT_SIZE];
	struct recourse_request *request = NULL;
	memset(answer, 0, sizeof *answer);
	memset(salts, salt, sizeof salts);
	SCOPED(support_free) char *payload = kit_call(kit, method, id, params, kit->now + INSTANT_HOUR);
	answer->error = kit_prepare(kit, key, payload, &request);
	answer->refusal = kit->refusal;
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
	SCOPED(buffer_free) struct buffer item = {0};
	slice name = slice_text(method);
	memset(answer, 0, sizeof *answer);
	assert_ok(transcode_from_json(slice_text(params), &item, &problem));
	answer->error = recourse_ledger_public(
		kit->ledger, name, buffer_slice(&item), &answer->bytes, &answer->refusal);
}

/* An entry that both may see: all of it but its salt and the hash of the one before. */
static bool same_entry(const struct recourse_bytes *first, const struct recourse_bytes *second)
{
	struct entry entries[2];
	const struct recourse_bytes *replies[2] = {first, second};
	for (size_t side = 0; side < 2; side++) {
		slice reader = slice_of(replies[side]->data, replies[side]->size);
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

/* ---- what is M's, and others in between ---- */

static void some_others(struct twins *twins)
{
	for (uint64_t count = support_random_below(&twins->random, 9); count > 0; count--) {
		bool refused = support_random_below(&twins->random, 5) == 0;
		for (size_t side = 0; side < 2; side++) {
			if (refused)
				twins_other_refused(&twins->sides[side]);
			else
				twins_other_accepted(&twins->sides[side]);
		}
		assert_int_equal(kit_entries(twins->sides[0].kit), kit_entries(twins->sides[1].kit));
	}
}

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
		kit_play(twins->sides[side].kit, "%s %s", who, text);
	assert_int_equal(twins->sides[0].kit->last_entry, twins->sides[1].kit->last_entry);
}

/* Clocks strike, as many in both. */
static void wait(struct twins *twins, uint64_t seconds, uint64_t fired)
{
	for (size_t side = 0; side < 2; side++)
		assert_int_equal(kit_wait(twins->sides[side].kit, seconds), fired);
}

/* Each custodian's day is its own figure: with M's money in it, and everybody's. */
static void attest(struct twins *twins)
{
	for (size_t side = 0; side < 2; side++)
		kit_play(twins->sides[side].kit,
			"bank custody.attest day=2016-05-04 unit=CNY balance=%u.00 statement_hash=ab*",
			(unsigned)support_random_below(&twins->sides[side].random, 5000));
}

/* M's issuer is of one class in both, another of any: two sweeps, over M among others and over others. */
static void classify(struct twins *twins)
{
	static const char *const classes[] = {"scale", "group", "brand"};
	both(twins, "admin", "issuer.classify issuer=Y class=scale reason=r");
	for (size_t side = 0; side < 2; side++)
		kit_play(twins->sides[side].kit, "admin issuer.classify issuer=G class=%s reason=r",
			classes[support_random_below(&twins->sides[side].random, 3)]);
	wait(twins, 1, 2);
}

static void sell(struct twins *twins, const char *card, unsigned cost)
{
	both(twins, "maker",
		"entitlement.issue entitlement=%s holder=holder issuer=Y merchant=M channel=app unit=L "
		"quantity=1.000 cost=%u.00 currency=CNY evidence=absent evidence_hash=ab*",
		card, cost);
}

/* M has sold much more than it has lodged, and has an insurer. */
static void fall_short(struct twins *twins)
{
	sell(twins, "M-sold", 5000);
	both(twins, "admin", "requirement.assign merchant=M policy=required version=1");
	both(twins, "maker",
		"instrument.register instrument=M-s kind=insurance provider=V merchant=M unit=CNY "
		"limit=600.00 draw=1 expires=2026-01-01T00:00:00Z document_hash=ab*");
	both(twins, "maker", "signal.raise merchant=M reason=unreachable");
}

static void ask_back(struct twins *twins, const char *amount)
{
	both(twins, "merchant", "withdrawal.request merchant=M amount=%s unit=CNY reason=excess", amount);
	twins->withdrawal = twins->sides[0].kit->last_entry;
}

/* It tops up, and takes back what is too much. */
static void recover(struct twins *twins)
{
	both(twins, "bank", "deposit.receive merchant=M amount=1000.00 unit=CNY bank_reference=m-3");
	both(twins, "checker", "signal.clear merchant=M reason=found");
	ask_back(twins, "10.00");
	both(twins, "merchant", "withdrawal.cancel withdrawal=%llu reason=r", twins->withdrawal);
	ask_back(twins, "20.00");
	both(twins, "bank", "withdrawal.pay withdrawal=%llu bank_reference=m-4", twins->withdrawal);
}

static void leave(struct twins *twins)
{
	both(twins, "merchant", "exit.request exit=M/1 merchant=M unit=CNY policy=fuel-card version=1");
	both(twins, "maker",
		"exit.retain exit=M/1 item=fees amount=%u.10 reason=unpaid-fees evidence_hash=ab*",
		1 + (unsigned)support_random_below(&twins->random, 40));
	wait(twins, 8 * DAY, 1);
	both(twins, "maker", "signal.raise merchant=M reason=silent");
}

static void claim(struct twins *twins, const char *name, const char *card)
{
	both(twins, "agent", "claim.file claim=%s incident=M-i entitlement=%s channel=app", name, card);
	both(twins, "maker", "claim.decide claim=%s outcome=approve", name);
}

static void deduct(struct twins *twins)
{
	both(twins, "checker", "distribution.approve incident=M-i");
	twins->deduction = twins->sides[0].kit->last_entry;
}

/* M is asked what it knows of a card, and may answer. */
static void ask_for_evidence(struct twins *twins)
{
	sell(twins, "M-asked", 1 + (unsigned)support_random_below(&twins->random, 90));
	both(twins, "agent", "claim.file claim=M-c3 incident=M-i entitlement=M-asked channel=app");
	both(twins, "agent", "evidence.add claim=M-c3 kind=use from=merchant needed=no reason=r");
	unsigned long long proposal = twins->sides[0].kit->last_entry;
	both(twins, "checker", "proposal.approve proposal=%llu", proposal);
	both(twins, "agent", "evidence.request claim=M-c3 kind=use party=M due=2016-06-20T00:00:00Z");
	twins->request = twins->sides[0].kit->last_entry;
}

/* Something is proposed to it of that claim, and another one it may answer to. */
static void hear(struct twins *twins)
{
	both(twins, "maker", "claim.propose claim=M-c3 reason=r basis_hash=ab* due=2016-07-01T00:00:00Z");
	both(twins, "admin",
		"policy.publish policy=heard version=1 unit=CNY scheme=full decision_hours=8760 "
		"answer_hours=8759 "
		"claim_days=3650 waterfall=rank:1,claim:advances");
	both(twins, "maker",
		"incident.declare incident=M-h merchant=M issuer=Y funder=P policy=heard version=1 reason=r");
	sell(twins, "M-heard", 1 + (unsigned)support_random_below(&twins->random, 90));
	both(twins, "agent", "claim.file claim=M-c4 incident=M-h entitlement=M-heard channel=app");
}

/* M bears half, and D, a party of no other part in anything, the rest; both have paid something. */
static void share_out(struct twins *twins)
{
	both(twins, "maker",
		"liability.apportion incident=M-i mode=several basis_hash=ab* shares=party:M,share:50.00 "
		"shares=party:D,share:50.00");
	both(twins, "bank",
		"recovery.receive recovery=M-r incident=M-i payer=M amount=%u.00 bank_reference=m-6",
		1 + (unsigned)support_random_below(&twins->random, 40));
	both(twins, "bank",
		"recovery.receive recovery=D-r incident=M-i payer=D amount=%u.00 bank_reference=m-7",
		1 + (unsigned)support_random_below(&twins->random, 40));
	both(twins, "maker", "recovery.allocate recovery=D-r");
}

/* The first deduction is appealed, the second one can be. */
static void fail_and_pay(struct twins *twins)
{
	ask_back(twins, "5.00");
	sell(twins, "M-card", 1 + (unsigned)support_random_below(&twins->random, 90));
	both(twins, "maker",
		"incident.declare incident=M-i merchant=M issuer=Y funder=P policy=fuel-card version=1 "
		"reason=liquidation");
	claim(twins, "M-c", "M-card");
	deduct(twins);
	both(twins, "payer", "payout.instruct claim=M-c");
	both(twins, "bank", "payout.settle claim=M-c");
	both(twins, "merchant", "appeal.lodge merchant=M deduction=%llu reason=not-ours", twins->deduction);
	claim(twins, "M-c2", "M-sold");
	both(twins, "maker", "instrument.call incident=M-i reason=short evidence_hash=ab*");
	both(twins, "bank", "instrument.pay incident=M-i instrument=M-s amount=250.00 bank_reference=m-5");
	deduct(twins);
	share_out(twins);
	ask_for_evidence(twins);
	hear(twins);
}

static void run_script(struct twins *twins, enum twins_fate fate)
{
	unsigned amount = 100 + (unsigned)support_random_below(&twins->random, 900);
	both(twins, "bank", "deposit.receive merchant=M amount=%u.00 unit=CNY bank_reference=m-1", amount);
	both(twins, "maker",
		"deposit.hold hold=M-h1 merchant=M amount=7.50 unit=CNY reason=signal "
		"expires=2016-05-06T00:00:00Z");
	both(twins, "maker", "deposit.hold hold=M-h2 merchant=M amount=30.00 unit=CNY reason=late-delivery");
	fall_short(twins);
	wait(twins, 5 * DAY, 2); /* the hold, and the duty */
	attest(twins);
	both(twins, "maker", "deposit.release hold=M-h2 amount=%u.00 reason=r",
		1 + (unsigned)support_random_below(&twins->random, 20));
	classify(twins);
	recover(twins);
	if (fate == TWINS_LEAVES)
		leave(twins);
	else if (fate == TWINS_FAILS)
		fail_and_pay(twins);
	both(twins, "bank", "deposit.receive merchant=M amount=12.34 unit=CNY bank_reference=m-2");
	some_others(twins);
}

#define CHINA                                                                                                \
	"calendar.publish calendar=cn year=2016 version=1 weekend=saturday,sunday "                          \
	"exceptions=day:2016-10-03,works:no exceptions=day:2016-10-08,works:yes"

static void publish(struct kit *kit)
{
	static const char *const published[] = {SLOW, CHINA, REQUIRED, SLOW_REQUIRED(1, "3.00"),
		SLOW_REQUIRED(2, "90.00"), "party.register party=V kinds=insurer",
		"party.register party=D kinds=liable-party",
		"key.register party=D key=@debtor roles=liable-party"};
	for (size_t row = 0; row < sizeof published / sizeof published[0]; row++)
		kit_play(kit, "admin %s", published[row]);
}

void twins_start(struct twins *twins, struct support_random *random, enum twins_fate fate)
{
	memset(twins, 0, sizeof *twins);
	twins->key = "merchant";
	twins->random.state = support_random(random);
	for (size_t index = 0; index < 2; index++) {
		struct twins_side *side = &twins->sides[index];
		void *kit = NULL;
		assert_int_equal(kit_setup(&kit), 0);
		side->kit = kit;
		side->random.state = support_random(random);
		for (size_t other = 0; other < TWINS_OTHERS; other++)
			side->others[other].name = twins_names[other];
		publish(kit);
	}
	run_script(twins, fate);
}

void twins_end(struct twins *twins)
{
	for (size_t index = 0; index < 2; index++) {
		void *kit = twins->sides[index].kit;
		kit_teardown(&kit);
	}
}
