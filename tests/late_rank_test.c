/* SPDX-License-Identifier: Apache-2.0 */
#include "kit.h"

#include "books/record.h"
#include "books/record_incident.h"
#include "ledger.h"

#include <inttypes.h>
#include <stdio.h>

/*
 * Whenever money comes into the pools of an incident, each rank gives in the end what it would have given if all had been
 * there first: deposits, instruments, the issuer's pool, the funder. Random sums, in random order, with approvals between.
 */
enum { PLAYS = 40, SELLERS = 3, CLAIMS = 3, MONEY = 2 * SELLERS };
static const char *const sellers[SELLERS] = {"M", "N", "Y"};

struct play {
	struct kit kit;
	struct support_random *random;
	unsigned line;
};

/* What there is: all of it comes in each order, in parts. */
struct sums {
	const char *policy;
	unsigned losses[SELLERS][CLAIMS];
	unsigned lodged[SELLERS][2];
	unsigned bonds[SELLERS];
};

struct figures {
	int64_t deposit;
	int64_t instruments;
	int64_t issuer;
	int64_t advance;
};

static unsigned below(struct play *play, unsigned limit)
{
	return (unsigned)support_random_below(play->random, limit);
}

static bool say(struct play *play, const char *actor, const char *words)
{
	char array[1024];
	SCOPED(support_free) char *command = kit_command(&play->kit, words);
	snprintf(array, sizeof array, "[%s]", command);
	return kit_submit(&play->kit, actor, array) == RECOURSE_OK;
}

static void choose(struct play *play, struct sums *sums)
{
	static const char *const policies[] = {"half", "fuel-card", "pool"};
	sums->policy = policies[below(play, 3)];
	for (size_t seller = 0; seller < SELLERS; seller++) {
		for (size_t claim = 0; claim < CLAIMS; claim++)
			sums->losses[seller][claim] = below(play, 3) == 0 ? 0 : 1 + below(play, 99);
		for (size_t part = 0; part < 2; part++)
			sums->lodged[seller][part] = below(play, 3) == 0 ? 0 : 1 + below(play, 90);
		sums->bonds[seller] = below(play, 2) == 0 ? 0 : 1 + below(play, 90);
	}
}

static void begin(struct play *play, const struct sums *sums)
{
	char words[512];
	unsigned id = 0;
	kit_start(&play->kit);
	kit_golden(&play->kit);
	kit_play(&play->kit,
		"admin party.register party=N kinds=merchant + party.register party=S kinds=insurer\n"
		"admin policy.publish policy=half version=1 unit=CNY scheme=percentage rate=50.00 "
		"waterfall=rank:1,claim:costs waterfall=rank:2,claim:advances\n"
		"admin policy.publish policy=pool version=1 unit=CNY scheme=deposit-only "
		"waterfall=rank:1,claim:costs waterfall=rank:2,claim:uncovered "
		"waterfall=rank:3,claim:advances");
	snprintf(words, sizeof words,
		"incident.declare incident=i issuer=Y funder=P custodian=bank policy=%s version=1 reason=r",
		sums->policy);
	assert_true(say(play, "maker", words));
	for (size_t seller = 0; seller < SELLERS; seller++) {
		for (size_t claim = 0; claim < CLAIMS; claim++) {
			if (sums->losses[seller][claim] == 0)
				continue;
			snprintf(words, sizeof words, "claim-of %s c-%u i 0.%02u", sellers[seller], ++id,
				sums->losses[seller][claim]);
			kit_play(&play->kit, "%s", words);
		}
		if (sums->bonds[seller] == 0)
			continue;
		snprintf(words, sizeof words,
			"instrument.register instrument=bond-%s kind=bond provider=S merchant=%s unit=CNY "
			"limit=0.%02u "
			"draw=1 expires=2030-01-01T00:00:00Z document_hash=ab*",
			sellers[seller], sellers[seller], sums->bonds[seller]);
		assert_true(say(play, "maker", words));
	}
	kit_wait(&play->kit, UINT64_C(91) * 24 * 3600);
}

static void lodge(struct play *play, const struct sums *sums, size_t seller, size_t part)
{
	char words[256];
	if (sums->lodged[seller][part] == 0)
		return;
	snprintf(words, sizeof words,
		"deposit.receive merchant=%s amount=0.%02u unit=CNY bank_reference=b-%u", sellers[seller],
		sums->lodged[seller][part], ++play->line);
	assert_true(say(play, "bank", words));
}

static void call(struct play *play, size_t seller)
{
	char words[256];
	snprintf(words, sizeof words, "instrument.call incident=i merchant=%s reason=r evidence_hash=ab*",
		sellers[seller]);
	say(play, "maker", words);
}

/* All that is called of it, in sums of which the last ones fit. */
static void pay(struct play *play, size_t seller)
{
	for (unsigned steps = 64; steps > 0; steps /= 2) {
		char words[256];
		snprintf(words, sizeof words,
			"instrument.pay incident=i instrument=bond-%s amount=0.%02u bank_reference=b-%u",
			sellers[seller], steps, ++play->line);
		say(play, "bank", words);
	}
}

static void approve(struct play *play)
{
	say(play, "checker", "distribution.approve incident=i");
}

static void finish(struct play *play, struct figures *figures)
{
	SCOPED(state_snapshot_end) struct state_view *view = NULL;
	for (size_t seller = 0; seller < SELLERS; seller++) {
		call(play, seller);
		pay(play, seller);
	}
	for (unsigned again = 0; again < 4; again++)
		approve(play);
	kit_audit(&play->kit);
	assert_ok(state_snapshot_open(play->kit.ledger->state, &view));
	const struct record_path prefix = record_path_of(RECORD_SECTION);
	struct record_section section;
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(view, &prefix);
	for (size_t row = 0; row < SELLERS; row++)
		figures[row] = (struct figures){0};
	for (size_t row = 0; row < SELLERS && record_walk_next(&walk, &section, sizeof section); row++) {
		figures[row].instruments = section.from_instruments;
		figures[row].issuer = section.from_issuer;
		figures[row].deposit = section.pool_taken - section.from_instruments - section.from_issuer;
		figures[row].advance = section.advanced - section.repaid;
	}
	assert_ok(walk.error);
}

static void play_first(struct play *play, const struct sums *sums, struct figures *figures)
{
	begin(play, sums);
	for (size_t money = 0; money < MONEY; money++)
		lodge(play, sums, money / 2, money % 2);
	finish(play, figures);
	kit_end(&play->kit);
}

static void play_late(struct play *play, const struct sums *sums, struct figures *figures)
{
	bool lodged[MONEY] = {false};
	unsigned left = MONEY;
	begin(play, sums);
	while (left > 0) {
		size_t which = below(play, MONEY);
		switch (below(play, 4)) {
		case 0:
			approve(play);
			continue;
		case 1:
			call(play, which / 2);
			continue;
		case 2:
			pay(play, which / 2);
			continue;
		default:
			if (lodged[which])
				continue;
			lodged[which] = true;
			left--;
			lodge(play, sums, which / 2, which % 2);
		}
	}
	finish(play, figures);
	kit_end(&play->kit);
}

static void compare(const struct sums *sums, const struct figures *first, const struct figures *late)
{
	for (size_t row = 0; row < SELLERS; row++) {
		if (memcmp(&first[row], &late[row], sizeof first[row]) != 0)
			fail_msg("%s, section %zu: deposit %" PRId64 " and late %" PRId64
				 ", instruments %" PRId64 " and %" PRId64 ", issuer's pool %" PRId64
				 " and %" PRId64 ", funder %" PRId64 " and %" PRId64,
				sums->policy, row, first[row].deposit, late[row].deposit,
				first[row].instruments, late[row].instruments, first[row].issuer,
				late[row].issuer, first[row].advance, late[row].advance);
	}
}

static void test_any_order(void **state)
{
	struct support_random random = support_random_start();
	struct play play = {.random = &random};
	(void)state;
	for (unsigned index = 0; index < PLAYS; index++) {
		struct figures first[SELLERS];
		struct figures late[SELLERS];
		struct sums sums;
		choose(&play, &sums);
		play_first(&play, &sums, first);
		play_late(&play, &sums, late);
		compare(&sums, first, late);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_any_order),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
