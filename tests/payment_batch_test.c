/* SPDX-License-Identifier: Apache-2.0 */
#include "mislead.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * Which payments are of which batch, in any order of events. Here lists are kept, which the ledger does not: payments are ordered and
 * taken back, batches made of an incident, of all, up to some order, and withdrawn; each count and total must be what the lists
 * say, as a batch's check refuses another one.
 */
enum { CLAIMS = 10, STEPS = 200, NONE = -1 };

struct history {
	struct kit *kit;
	uint32_t seed;
	uint64_t orders[CLAIMS]; /* entries; 0: not ordered */
	int batch[CLAIMS];
	bool withdrawn[STEPS];
	bool checked[STEPS];
	int made;
};

static unsigned draw(struct history *history, unsigned most)
{
	history->seed = history->seed * 1664525 + 1013904223;
	return (history->seed >> 16) % most;
}

static void say(struct history *history, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void say(struct history *history, const char *format, ...)
{
	char line[200];
	va_list arguments;
	va_start(arguments, format);
	vsnprintf(line, sizeof line, format, arguments);
	va_end(arguments);
	kit_play(history->kit, "%s", line);
}

/* Claims 0, 2, 4 … are of incident i, the others of j; claim n is worth n + 1 yuan. */
static void order(struct history *history)
{
	unsigned claim = draw(history, CLAIMS);
	if (history->orders[claim] != 0)
		return;
	say(history, "payer payout.instruct claim=c-%u payee=p", claim);
	history->orders[claim] = history->kit->last_entry;
	history->batch[claim] = NONE;
}

static void cancel(struct history *history)
{
	unsigned claim = draw(history, CLAIMS);
	if (history->orders[claim] == 0)
		return;
	if (history->batch[claim] != NONE) {
		say(history, "payer payout.cancel claim=c-%u reason=r ! STATE_WRONG claim", claim);
		return;
	}
	say(history, "payer payout.cancel claim=c-%u reason=r\napprove", claim);
	history->orders[claim] = 0;
}

static void make(struct history *history)
{
	static const char *const which[] = {"", " incident=i", " incident=j", ""};
	unsigned of = draw(history, 4);
	unsigned up_to = draw(history, CLAIMS);
	uint64_t through = of < 3 && history->orders[up_to] != 0 ? history->orders[up_to] : UINT64_MAX;
	char limit[40] = "";
	unsigned count = 0;
	if (through != UINT64_MAX)
		snprintf(limit, sizeof limit, " through=%llu", (unsigned long long)through);
	for (unsigned claim = 0; claim < CLAIMS; claim++) {
		bool its = of % 3 == 0 || claim % 2 == of - 1;
		if (!its || history->orders[claim] == 0 || history->orders[claim] > through ||
			history->batch[claim] != NONE)
			continue;
		history->batch[claim] = history->made;
		count++;
	}
	say(history, "maker batch.make batch=b-%d rail=bank%s%s%s", history->made, which[of], limit,
		count > 0 ? "" : " ! NOT_FOUND rail");
	history->made += count > 0;
}

static void withdraw(struct history *history)
{
	if (history->made == 0)
		return;
	unsigned batch = draw(history, (unsigned)history->made);
	if (history->withdrawn[batch])
		return;
	say(history, "maker batch.withdraw batch=b-%u reason=r\napprove", batch);
	history->withdrawn[batch] = true;
	for (unsigned claim = 0; claim < CLAIMS; claim++) {
		if (history->batch[claim] == (int)batch)
			history->batch[claim] = NONE;
	}
}

/* As the lists have it, and not with a payment more. */
static void check(struct history *history)
{
	for (int batch = 0; batch < history->made; batch++) {
		unsigned count = 0;
		unsigned total = 0;
		for (unsigned claim = 0; claim < CLAIMS; claim++) {
			bool its = history->orders[claim] != 0 && history->batch[claim] == batch;
			count += its;
			total += its ? claim + 1 : 0;
		}
		if (history->withdrawn[batch] || history->checked[batch])
			continue;
		history->checked[batch] = true;
		say(history, "checker batch.check batch=b-%d count=%u total=%u.00 ! AMOUNT_RANGE count",
			batch, count + 1, total);
		say(history, "checker batch.check batch=b-%d count=%u total=%u.01 ! AMOUNT_RANGE total",
			batch, count, total);
		say(history, "checker batch.check batch=b-%d count=%u total=%u.00", batch, count, total);
	}
}

static void begin(struct history *history)
{
	say(history,
		"admin rail.publish rail=bank version=1 custodian=bank unit=CNY kind=bank-csv id_length=20 "
		"id_alphabet=digits lines=1000 query_days=30 awaiting_hours=24");
	say(history, "declare-without-deposit i fuel-card\ndeclare-without-deposit j fuel-card");
	for (unsigned claim = 0; claim < CLAIMS; claim++)
		say(history, "claim c-%u %s %u.00", claim, claim % 2 == 0 ? "i" : "j", claim + 1);
	say(history, "distribute i\nfund i 25.00\ndistribute j\nfund j 30.00");
	say(history, "agent payee.register payee=p holder=h account_hash=ab* rail=bank");
}

static void play(struct kit *kit, uint32_t seed)
{
	struct history history = {.kit = kit, .seed = seed};
	begin(&history);
	for (unsigned step = 0; step < STEPS; step++) {
		unsigned what = draw(&history, 10);
		if (what < 4)
			order(&history);
		else if (what < 7)
			make(&history);
		else
			(what == 7 ? cancel : what == 8 ? withdraw : check)(&history);
	}
	check(&history);
	assert_true(history.made > CLAIMS); /* a history of some length */
	mislead_invariants(kit, NULL);
}

static void test_batches(void **state)
{
	play(*state, 1);
}

static void test_more(void **state)
{
	play(*state, 2);
}

static void test_others(void **state)
{
	play(*state, 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		KIT_TEST(test_batches),
		KIT_TEST(test_more),
		KIT_TEST(test_others),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
