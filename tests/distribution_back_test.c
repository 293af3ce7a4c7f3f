/* SPDX-License-Identifier: Apache-2.0 */
#include "kit.h"
#include "settled.h"

#include "books/account.h"
#include "books/record.h"
#include "books/record_collateral.h"
#include "books/record_deposit.h"
#include "books/record_incident.h"
#include "books/record_ledger.h"
#include "base/crypto.h"
#include "ledger.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

/*
 * Whatever an approval does, distribution.reverse undoes to the last bit: pools, advances, rounds and cohorts, deductions,
 * what parties owe; and so do the ways back of calls of instruments, of what became of them, of payments that came back and of
 * what claimants gave back. Random incidents; of an issuer, too, whose pool gives for the claims of three merchants.
 */
enum { PLAYS = 24, STEPS = 60, NAMES = 64 };

struct play {
	struct kit *kit;
	struct support_random random;
	unsigned last; /* number that was given to a claim, a line, a receipt */
	unsigned approved;
	unsigned taken_back;
	bool receipts;
};

static unsigned below(struct play *play, unsigned limit)
{
	return (unsigned)support_random_below(&play->random, limit);
}

/* ---- what must be as it was ---- */

/* Of a record all but the entry that kept it last. */
static const struct {
	enum record_table table;
	size_t size;
	size_t masked;
	size_t masked_size;
} figures[] = {
	{RECORD_INCIDENT, sizeof(struct record_incident), 0, 0},
	{RECORD_SECTION, sizeof(struct record_section), 0, 0},
	{RECORD_ROUND, sizeof(struct record_round), 0, 0},
	{RECORD_DECIDED, sizeof(struct record_decided), 0, 0},
	{RECORD_CLAIM, sizeof(struct record_claim), offsetof(struct record_claim, last_entry), 32},
	{RECORD_LIABILITY, sizeof(struct record_liability), 0, 0},
	{RECORD_DEDUCTION, sizeof(struct record_deduction), 0, 0},
	{RECORD_APPROVED, sizeof(struct record_approved), 0, 0},
	{RECORD_DRAWN, sizeof(int64_t), 0, 0},
	{RECORD_REPLACED, sizeof(struct record_replaced), 0, 0},
	{RECORD_ISSUERS_SPLIT, sizeof(struct record_issuers_split), 0, 0},
	{RECORD_CALL, sizeof(struct record_instrument_call), offsetof(struct record_instrument_call, entry),
		24},
	{RECORD_INSTRUMENT, sizeof(struct record_instrument), 0, 0},
	{RECORD_DEPOSIT, sizeof(struct record_deposit), offsetof(struct record_deposit, last_entry), 8},
};

static void add_row(struct buffer *out, enum record_table table, const void *record, size_t size)
{
	const uint32_t head[] = {table, (uint32_t)size};
	buffer_append(out, head, sizeof head);
	buffer_append(out, record, size);
}

/* The day by which something is done, and the hour it lies in, have no meaning where nothing is to be done. */
static void forget_day(uint8_t *record)
{
	struct record_claim claim;
	memcpy(&claim, record, sizeof claim);
	if (!record_claim_waits(&claim))
		claim.due = claim.hour = 0;
	memcpy(record, &claim, sizeof claim);
}

static void add_table(struct state_view *view, size_t row, struct buffer *out)
{
	const struct record_path prefix = record_path_of(figures[row].table);
	uint8_t record[2048];
	assert_true(figures[row].size <= sizeof record);
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(view, &prefix);
	while (record_walk_next(&walk, record, figures[row].size)) {
		memset(record + figures[row].masked, 0, figures[row].masked_size);
		if (figures[row].table == RECORD_CLAIM)
			forget_day(record);
		add_row(out, figures[row].table, record, figures[row].size);
	}
	assert_ok(walk.error);
}

static void add_balances(struct state_view *view, struct buffer *out)
{
	const struct record_path prefix = record_path_of(RECORD_ACCOUNT);
	struct record_account account;
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(view, &prefix);
	while (record_walk_next(&walk, &account, sizeof account)) {
		const int64_t balance[] = {account.number, account.balance};
		if (account.balance != 0)
			add_row(out, RECORD_ACCOUNT, balance, sizeof balance);
	}
	assert_ok(walk.error);
}

static void take_figures(const struct play *play, struct buffer *out)
{
	SCOPED(state_snapshot_end) struct state_view *view = NULL;
	assert_ok(state_snapshot_open(play->kit->ledger->state, &view));
	buffer_clear(out);
	add_balances(view, out);
	for (size_t row = 0; row < sizeof figures / sizeof figures[0]; row++)
		add_table(view, row, out);
	assert_false(buffer_failed(out));
}

/* The first row that differs says of which table it is. */
static void compare(const struct buffer *before, const struct buffer *after, const char *words)
{
	size_t at = 0;
	while (at < before->size && at < after->size) {
		uint32_t head[2];
		memcpy(head, before->data + at, sizeof head);
		size_t size = sizeof head + head[1];
		size_t same = at;
		while (same < at + size && before->data[same] == after->data[same])
			same++;
		if (same < at + size)
			fail_msg("%s: a row of the table %s is another, from byte %zu on", words,
				tables_at((enum record_table)head[0])->name, same - at - sizeof head);
		at += size;
	}
	assert_int_equal(before->size, after->size);
}

/* ---- saying something, fitting or not ---- */

static bool say(struct play *play, const char *actor, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
static bool say(struct play *play, const char *actor, const char *format, ...)
{
	char words[512];
	char array[1024];
	va_list arguments;
	va_start(arguments, format);
	vsnprintf(words, sizeof words, format, arguments);
	va_end(arguments);
	SCOPED(support_free) char *command = kit_command(play->kit, words);
	snprintf(array, sizeof array, "[%s]", command);
	bool accepted = kit_submit(play->kit, actor, array) == RECOURSE_OK;
	settled_check(play->kit, words);
	return accepted;
}

/* Each with debtors of its own, and the issuer none: what one has too much in a section serves another, and which depends on the moment. */
static const char *const sellers[] = {"M", "N", "Y"};
static const char *const debtors[][2] = {{"G", "M"}, {"H", "N"}, {"K", "L"}};
enum { SELLERS = sizeof sellers / sizeof sellers[0] };

static void add_claim(struct play *play)
{
	unsigned id = ++play->last;
	say(play, "maker",
		"entitlement.issue entitlement=l-%u holder=h issuer=Y merchant=%s channel=app unit=L "
		"quantity=1.000 cost=0.%02u currency=CNY evidence=absent evidence_hash=ab*",
		id, sellers[below(play, 3)], 1 + below(play, 99));
	say(play, "agent", "claim.file claim=c-%u incident=i entitlement=l-%u channel=phone", id, id);
	if (below(play, 4) > 0)
		say(play, "maker", "claim.decide claim=c-%u outcome=approve", id);
}

/* ---- there and back ---- */

/* What rulings changed of debts and receipts is booked by the next receipt. */
static void receive_of_all(struct play *play);

/* What was said is taken back at once, and mostly said anew. */
static void there_and_back(struct play *play, const char *actor, const char *reverse, const char *words)
{
	SCOPED(buffer_free) struct buffer before = {0};
	SCOPED(buffer_free) struct buffer after = {0};
	receive_of_all(play);
	take_figures(play, &before);
	if (!say(play, actor, "%s", words))
		return;
	if (strstr(words, "instrument.refuse") != NULL)
		kit_play(play->kit, "approve");
	kit_play(play->kit, "%s %s entry:=$last reason=r\napprove", actor, reverse);
	take_figures(play, &after);
	compare(&before, &after, words);
	play->taken_back++;
	if (below(play, 3) > 0 && say(play, actor, "%s", words) && strstr(words, "instrument.refuse") != NULL)
		kit_play(play->kit, "approve");
}

static void say_of_claim(struct play *play)
{
	static const char *const said[][2] = {
		{"payer", "payout.instruct"},
		{"bank", "payout.settle"},
		{"payer", "payout.instruct"},
		{"bank", "payout.settle"},
		{"bank", "payout.settle"},
		{"payer", "payout.reissue reason=r"},
		{"maker", "claim.decide outcome=approve"},
	};
	unsigned row = below(play, sizeof said / sizeof said[0]);
	if (play->last > 0)
		say(play, said[row][0], "%s claim=c-%u", said[row][1], 1 + below(play, play->last));
}

static void take_back_of_claim(struct play *play)
{
	char words[256];
	unsigned line = ++play->last;
	unsigned claim = 1 + below(play, play->last);
	switch (below(play, 3)) {
	case 0:
		snprintf(words, sizeof words, "payout.return reason=AC04 claim=c-%u bank_reference=b-%u",
			claim, line);
		there_and_back(play, "bank", "payout.reverse", words);
		return;
	case 1:
		say(play, "agent",
			"elsewhere.record claim=c-%u source=U kind=refund reference=x-%u amount=0.%02u "
			"evidence_hash=ab*",
			claim, line, 1 + below(play, 50));
		return;
	default:
		snprintf(words, sizeof words, "clawback.receive claim=c-%u amount=0.%02u bank_reference=b-%u",
			claim, 1 + below(play, 20), line);
		there_and_back(play, "bank", "clawback.reverse", words);
	}
}

static void receive(struct play *play, size_t section, unsigned amount)
{
	unsigned id = ++play->last;
	if (!say(play, "bank",
		    "recovery.receive recovery=r-%u incident=i section=%s payer=%s amount=0.%02u "
		    "bank_reference=b-%u",
		    id, sellers[section], debtors[section][0], amount, id))
		return;
	play->receipts |= say(play, "maker", "recovery.allocate recovery=r-%u", id);
}

/* Of all sections: of one alone, receipts of the others would wait for theirs. */
static void apportion(struct play *play)
{
	for (size_t row = 0; row < SELLERS; row++)
		play->receipts |= say(play, "maker",
			"liability.apportion incident=i section=%s mode=joint-and-several basis_hash=ab* "
			"shares=party:%s,share:60.00 shares=party:%s,share:40.00",
			sellers[row], debtors[row][0], debtors[row][1]);
}

static void say_of_money(struct play *play)
{
	size_t seller = below(play, SELLERS);
	const char *merchant = sellers[seller];
	unsigned amount = 1 + below(play, 99);
	unsigned line = ++play->last;
	char words[256];
	switch (below(play, 7)) {
	case 0:
		say(play, "bank", "deposit.receive merchant=%s amount=0.%02u unit=CNY bank_reference=b-%u",
			merchant, amount, line);
		return;
	case 1:
		say(play, "bank", "funding.receive incident=i amount=0.%02u bank_reference=b-%u", amount,
			line);
		return;
	case 2:
		there_and_back(play, "maker", "instrument.reverse",
			"instrument.call incident=i reason=r evidence_hash=ab*");
		return;
	case 3:
		snprintf(words, sizeof words,
			"instrument.pay incident=i instrument=bond-%s%u amount=0.%02u bank_reference=b-%u",
			merchant, below(play, 2), 1 + below(play, 30), line);
		there_and_back(play, "bank", "instrument.reverse", words);
		return;
	case 6:
		snprintf(words, sizeof words,
			"instrument.refuse incident=i instrument=bond-%s%u reason=r evidence_hash=ab*",
			merchant, below(play, 2));
		if (below(play, 3) == 0)
			there_and_back(play, "maker", "instrument.reverse", words);
		return;
	case 4:
		apportion(play);
		return;
	default:
		receive(play, seller, 1 + below(play, 30));
	}
}

static void receive_of_all(struct play *play)
{
	for (size_t row = 0; play->receipts && row < SELLERS; row++)
		receive(play, row, 1);
}

static void approve_and_reverse(struct play *play)
{
	SCOPED(buffer_free) struct buffer before = {0};
	SCOPED(buffer_free) struct buffer after = {0};
	receive_of_all(play);
	take_figures(play, &before);
	if (!say(play, "checker", "distribution.approve incident=i"))
		return;
	kit_play(play->kit, "maker distribution.reverse entry:=$last reason=r\napprove");
	take_figures(play, &after);
	compare(&before, &after, "distribution.approve");
	play->approved++;
	if (below(play, 3) > 0)
		assert_true(say(play, "checker", "distribution.approve incident=i"));
}

static void begin(struct play *play, bool issuers)
{
	kit_play(play->kit,
		"admin party.register party=N kinds=merchant,liable-party\n"
		"    + party.register party=H kinds=liable-party + party.register party=K "
		"kinds=liable-party\n"
		"    + party.register party=S kinds=insurer + party.register party=T kinds=insurer\n"
		"admin policy.publish policy=half version=1 unit=CNY scheme=percentage rate=50.00 "
		"waterfall=rank:1,claim:costs waterfall=rank:2,claim:advances");
	for (unsigned bond = 0; bond < 6; bond++)
		say(play, "maker",
			"instrument.register instrument=bond-%s%u kind=bond provider=%s merchant=%s unit=CNY "
			"limit=0.40 draw=%u expires=2030-01-01T00:00:00Z document_hash=ab*",
			sellers[bond / 2], bond % 2, below(play, 2) == 0 ? "S" : "T", sellers[bond / 2],
			1 + below(play, 2));
	kit_play(play->kit,
		"maker incident.declare incident=i %s issuer=Y funder=P custodian=bank policy=%s version=1 "
		"reason=liquidation",
		issuers ? "" : "merchant=M", below(play, 2) == 0 ? "half" : "fuel-card");
}

static void play_one(struct play *play, bool issuers)
{
	unsigned barred = below(play, STEPS);
	begin(play, issuers);
	for (unsigned step = 0; step < STEPS; step++) {
		if (step == barred)
			kit_wait(play->kit, UINT64_C(91) * 24 * 3600);
		unsigned what = below(play, 8);
		if (what < 2)
			add_claim(play);
		else if (what < 4)
			(below(play, 3) > 0 ? say_of_claim : take_back_of_claim)(play);
		else if (what < 7)
			say_of_money(play);
		else
			approve_and_reverse(play);
	}
	kit_audit(play->kit);
}

static void test_there_and_back(void **state)
{
	struct play play = {.random = support_random_start()};
	(void)state;
	for (unsigned index = 0; index < PLAYS; index++) {
		struct kit kit;
		kit_start(&kit);
		kit_golden(&kit);
		play.kit = &kit;
		play.last = 0;
		play.receipts = false;
		play_one(&play, index % 3 > 0);
		kit_end(&kit);
	}
	print_message("%u approvals taken back, %u others\n", play.approved, play.taken_back);
	assert_true(play.approved > PLAYS);
	assert_true(play.taken_back > PLAYS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_there_and_back),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
