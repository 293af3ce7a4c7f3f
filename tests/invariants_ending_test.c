/* SPDX-License-Identifier: Apache-2.0 */
#include "mislead.h"

#include "books/life.h"
#include "books/record_cover.h"
#include "books/record_deposit.h"
#include "books/record_ledger.h"

#include <stdio.h>
#include <string.h>

/* What the audit says of ends of incidents that the rules can not have made so (see invariants_test.c). */
#define FUEL "fuel-2016"
#define POOL "1/2" /* the first incident's section: M's */

/* The golden case up to where recourse has come in and nothing is closed. */
static int setup(void **state)
{
	kit_setup(state);
	kit_golden_steps(*state, 1, 14);
	return 0;
}
#define GOLDEN_TEST(test) cmocka_unit_test_setup_teardown(test, setup, kit_teardown)

#define DEBITED(key, steps)                                                                                  \
	ADD(ACCOUNT, key, account, balance, steps), ADD(ACCOUNT, key, account, debits, steps)
#define CREDITED(key, steps) ADD(ACCOUNT, key, account, balance, -(steps))

/* ---- how an incident ends ---- */

/* As if it had been closed, as it stands. */
#define CLOSED                                                                                               \
	SET(INCIDENT, "1", incident, state, INCIDENT_CLOSED), SET(SECTION, POOL, section, closed_entry, 5),  \
		GONE(POOL, "2/CNY/1"), ADD(DEPOSIT, "M/CNY", deposit, incidents, -1)

/* B6: money that is frozen for nobody, an end that left something open, or is none. */
static void test_endings(void **state)
{
	const struct wrong wrong[] = {
		{"B6: money of M is frozen for incident " FUEL,
			{CLOSED, DEBITED("1010/bank//CNY", 1), CREDITED("2020/M/" FUEL "/CNY", 1),
				ADD(ACCOUNT_SUM, "2020/M/CNY", account, balance, -1)}},
		{"B6: incident " FUEL " was closed with something open", {CLOSED}},
		{"B6: incident " FUEL " ended, and not for each of its merchants",
			{SET(INCIDENT, "1", incident, state, INCIDENT_CLOSED)}},
		{"B6: incident " FUEL " ended, and not for each of its merchants",
			{SET(INCIDENT, "1", incident, state, INCIDENT_CANCELLED)}},
		{"B6: incident " FUEL " goes on, and no clock is set for it",
			{SET(INCIDENT, "1", incident, sweep, INCIDENT_ENDS),
				SET(INCIDENT, "1", incident, close_clock, 0)}},
	};
	MISLEAD_EACH(*state, wrong);
}

/* Each thing alone that an end leaves to nobody. */
static void test_left_open(void **state)
{
	static const char *const left[] = {
		/* a ruling that no round covers */
		"declare-without-deposit i fuel-card\nclaim c i 10.00",
		/* a share that is not paid in, nor out */
		"declare-without-deposit i fuel-card\nclaim c i 10.00\ndistribute i",
		/* what a claimant is to give back */
		"settled i 10.00\napportion i several shares=party:Y,share:100.00\nreceive r i Y "
		"10.00\nallocate r\n"
		"bank recovery.remit incident=i bank_reference=o-1\n"
		"maker elsewhere.record claim=i-1 source=U kind=chargeback reference=x amount=4.00 "
		"evidence_hash=ab*",
		/* a receipt, and one that waits */
		"declare-without-deposit i fuel-card\nreceive r i Y 5.00",
		"declare-without-deposit i fuel-card\ncard k 5.00\nreceive r i Y 5.00\nallocate r",
		/* what who was paid out owes back */
		"deposit N 10.00 b-n\ndeclare-without-deposit i fuel-card\nwait 91 days\nreceive r i Y "
		"5.00\nallocate r\n"
		"bank surplus.pay incident=i beneficiary=Y bank_reference=o-1\n"
		"bank recovery.bounce recovery=r reason=AM04 bank_reference=o-2",
	};
	const struct wrong wrong = {"B6: incident i was closed with something open", {CLOSED}};
	for (size_t row = 0; row < sizeof left / sizeof left[0]; row++) {
		struct kit *kit;
		kit_setup(state);
		kit = *state;
		kit_world(kit, "world.case");
		kit_play(kit, "%s", left[row]);
		mislead_each(kit, &wrong, 1);
		kit_teardown(state);
	}
}

/* A4: an end that took another sum than it says. */
static void test_taken(void **state)
{
	static const struct wrong wrong[] = {
		{"A4: what parties paid in CNY", {ADD(DEDUCTION, "@/2", deduction, amount, 1)}},
		{"A4: what parties paid in CNY", {ADD(DEDUCTION, "@/2", deduction, amount, -1)}},
	};
	kit_world(*state, "world.case");
	kit_play(*state, "deposit M 10.00 b-1\ndeclare i M fuel-card\n"
			 "maker cost.record incident=i party=M amount=5.00 reason=fee evidence_hash=ab*\n"
			 "wait 91 days\nchecker incident.close incident=i reason=all-paid");
	MISLEAD_EACH(*state, wrong);
}

/* B1: what ends paid of the issuer's pool, by which the next one is split, is what they took of it. */
static void test_issuers(void **state)
{
	/* behind the entry that closed it: N's section, the issuer's, what M pays, what it has again */
	static const char text[] = "B1: what ends paid of others' pools in a section";
	static const struct wrong wrong[] = {
		{text, {ADD(SECTION, POOL, section, issuer_ended, 1)}},
		{text, {ADD(SECTION, POOL, section, issuer_ended, -1)}},
		{text, {SET(SECTION, "1/3", section, issuer_ended, 500)}},
		{text, {ADD(DEDUCTION, "@/3", deduction, amount, 1)}},
		{text, {SET(DEDUCTION, "@/3", deduction, closing, 7)}},
	};
	kit_world(*state, "world.case");
	kit_play(*state,
		"bank deposit.receive merchant=Y amount=10.00 unit=CNY bank_reference=b-1\n"
		"card-of M m 10.00\n"
		"maker incident.declare incident=i issuer=Y funder=P custodian=bank policy=fuel-card\n"
		"      version=1 reason=liquidation\n"
		"maker cost.record incident=i party=Y section=M amount=5.00 reason=fee evidence_hash=ab*\n"
		"wait 91 days\n"
		"checker incident.close incident=i reason=all-paid");
	MISLEAD_EACH(*state, wrong);
}

#define OF_ISSUER                                                                                            \
	"card-of M m 10.00\ncard-of N n 10.00\n"                                                             \
	"maker incident.declare incident=i issuer=Y funder=P custodian=bank policy=fuel-card\n"              \
	"      version=1 reason=liquidation\n"
#define ENDED                                                                                                \
	"wait 91 days\nchecker incident.close incident=i reason=all-paid\n"                                  \
	"wait 1 second\nwait 1 second\nwait 1 second\nwait 1 second"

/* The same of what another merchant of the incident paid there. */
static void test_others(void **state)
{
	/* behind the entry that closed it: N's section, the issuer's, what M pays, what it has again */
	static const char text[] = "B1: what ends paid of others' pools in a section";
	static const struct wrong wrong[] = {
		{text, {ADD(LIABILITY, "1/8/M", liability, ended, 1)}},
		{text, {ADD(LIABILITY, "1/8/M", liability, ended, -1)}},
		{text, {ADD(DEDUCTION, "@+3/2", deduction, amount, 1)}},
		{text, {SET(DEDUCTION, "@+3/2", deduction, closing, 2)}},
	};
	kit_world(*state, "world.case");
	kit_play(*state, "deposit M 10.00 b-1\n" OF_ISSUER "maker cost.record incident=i party=M section=N "
			 "amount=5.00 reason=fee evidence_hash=ab*\n" ENDED);
	MISLEAD_EACH(*state, wrong);
}

/* B6: what a merchant owes in its own section, and in another's, it owes before it has anything again. */
static void test_let_go(void **state)
{
	static const struct wrong own[] = {
		{"B6: M had its deposit again at the end of incident i, and owes in the section of M",
			{SET(SECTION, POOL, section, let_go, 100)}},
	};
	static const struct wrong others[] = {
		{"B6: M had its deposit again at the end of incident i, and owes in the section of N",
			{SET(SECTION, POOL, section, let_go, 1)}},
	};
	kit_world(*state, "world.case");
	kit_play(*state, "deposit M 3.00 b-1\n" OF_ISSUER "maker cost.record incident=i party=M section=M "
			 "amount=5.00 reason=fee evidence_hash=ab*\n" ENDED);
	MISLEAD_EACH(*state, own);
	kit_teardown(state);
	kit_setup(state);
	kit_world(*state, "world.case");
	kit_play(*state, "deposit M 3.00 b-1\n" OF_ISSUER "maker cost.record incident=i party=M section=N "
			 "amount=5.00 reason=fee evidence_hash=ab*\n" ENDED);
	MISLEAD_EACH(*state, others);
}

/* B6: a deposit secures claims that lack something, whatever parties paid: it is not its merchant's before they have it. */
static void test_let_go_unshared(void **state)
{
	static const struct wrong wrong[] = {
		{"B6: incident i ended, and its pool could have paid more in the section of M",
			{SET(SECTION, POOL, section, let_go, 1)}},
	};
	kit_world(*state, "world.case");
	kit_play(*state,
		"policy most scheme=percentage rate=80.00 waterfall=rank:1,claim:advances "
		"waterfall=rank:2,claim:uncovered\n"
		"declare-without-deposit i most\nclaim a i 100.00\ndistribute i\nfund i 80.00\n"
		"instruct a\nsettle a\napportion i several shares=party:Y,share:100.00\n"
		"receive r i Y 80.00\nallocate r\nbank recovery.remit incident=i bank_reference=o-1\n"
		"wait 91 days\nchecker incident.close incident=i reason=all-paid");
	MISLEAD_EACH(*state, wrong);
}

/* B6: nor is what was held of it then. */
static void test_held(void **state)
{
	static const struct wrong wrong[] = {
		{"B6: incident i ended, and its pool could have paid more in the section of M",
			{SET(HOLD, "h", hold, entry, 5)}},
	};
	kit_world(*state, "world.case");
	kit_play(*state, "policy bare scheme=deposit-only waterfall=rank:1,claim:uncovered\n"
			 "deposit M 20.00 b-1\ndeclare i M bare\nclaim a i 50.00\ndistribute i\ninstruct a\n"
			 "settle a\nwait 91 days\nchecker incident.close incident=i reason=done\n"
			 "deposit M 10.00 b-2\n"
			 "maker deposit.hold hold=h merchant=M amount=10.00 unit=CNY reason=r");
	MISLEAD_EACH(*state, wrong);
}

/* What comes of money that goes back after the end is not taken from what a merchant had again by it. */
static void test_let_go_before(void **state)
{
	kit_world(*state, "world.case");
	kit_play(*state, "deposit N 10.00 b-n\ndeposit M 3.00 b-1\ndeclare i M fuel-card\n"
			 "maker cost.record incident=i party=M amount=5.00 reason=fee evidence_hash=ab*\n"
			 "receive r i M 5.00\nallocate r\nbank recovery.remit incident=i bank_reference=o-0\n"
			 "wait 91 days\nchecker incident.close incident=i reason=all-paid\n"
			 "bank recovery.bounce recovery=r reason=AM04 bank_reference=o-1");
	mislead_invariants(*state, NULL);
	kit_play(*state, "bank repayment.receive incident=i party=P amount=5.00 bank_reference=p-1\n"
			 "checker incident.close incident=i reason=all-paid");
	mislead_invariants(*state, NULL);
}

/* B6: as long as what was advanced for who is not found is open, who owes of it has nothing of its own. */
static void test_kept(void **state)
{
	static const struct wrong wrong[] = {
		{"B6: in the section of M, incident i, somebody has its own money back",
			{SET(LIABILITY, "1/2/Y", liability, joint, 1)}},
		{"B6: in the section of M, incident i, somebody has its own money back",
			{ADD(LIABILITY, "1/2/Y", liability, credited, -1)}},
	};
	kit_world(*state, "world.case");
	kit_play(*state,
		"policy kept scheme=full waterfall=rank:1,claim:advances unclaimed_notices=1 "
		"unclaimed_days=0\n"
		"deposit M 80.00 d\ndeclare i M kept\nclaim a i 100.00\nclaim b i 100.00\n"
		"distribute i\nfund i 120.00\ninstruct a\ninstruct b\nsettle b\n"
		"bank payout.report claim=a status=rejected code=AC04\n"
		"agent contact.record claim=a channel=mail direction=out\n"
		"payer payout.unclaimed claim=a reason=r\napprove\nwait 91 days\n"
		"apportion i several shares=party:Y,share:10.00 shares=party:G,share:90.00\n"
		"receive r i Y 30.00\nallocate r\nbank recovery.remit incident=i bank_reference=o-1\n"
		"maker write_off.record write_off=w incident=i party=G reason=r\napprove\n"
		"checker incident.close incident=i reason=done");
	MISLEAD_EACH(*state, wrong);
}

/* A pool that paid all it had to all that were decided leaves nothing open, whatever they lost. */
static void test_paid_in_part(void **state)
{
	kit_world(*state, "world.case");
	kit_play(*state,
		"policy pool scheme=deposit-only waterfall=rank:1,claim:costs\ndeposit M 40.00 b-1\n"
		"declare i M pool\nclaim a i 100.00\nwait 91 days\ndistribute i\ninstruct a\nsettle a\n"
		"checker incident.close incident=i reason=all-paid");
	mislead_invariants(*state, NULL);
}

/* What M has of another's payment is set against what it owes back of its own, which bounced: as if it had both. */
static void test_set_off(void **state)
{
	struct kit *kit = *state;
	char owed[40];
	kit_play(kit, "deposit M 300.00 of-m\n"
		      "declare i M fuel-card\n"
		      "claim a i 100.00\n"
		      "wait 91 days\n"
		      "distribute i\n"
		      "instruct a\n"
		      "settle a\n"
		      "apportion i several shares=party:M,share:50.00 shares=party:G,share:50.00\n"
		      "receive m i M 100.00\n"
		      "allocate m\n"
		      "bank surplus.pay incident=i beneficiary=M bank_reference=o-1\n"
		      "receive z i G 60.00\n"
		      "allocate z\n"
		      "bank recovery.bounce recovery=m reason=AM04 bank_reference=o-2");
	snprintf(owed, sizeof owed, "1100/M/@%llu/CNY", (unsigned long long)kit->last_entry);
	const struct wrong both[] = {
		{"I6: a party is owed in a section what it owes back there",
			{ADD(LIABILITY, "1/2/M", liability, returned, 1),
				ADD(LIABILITY, "1/2/M", liability, shortfall, 1),
				ADD(SECTION, "1/2", section, returned, 1),
				ADD(ACCOUNT, "2150/M/i/CNY", account, balance, -1),
				ADD(ACCOUNT, owed, account, balance, 1)}},
	};
	MISLEAD_EACH(kit, both);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		GOLDEN_TEST(test_endings),
		cmocka_unit_test(test_left_open),
		KIT_TEST(test_taken),
		KIT_TEST(test_issuers),
		KIT_TEST(test_others),
		KIT_TEST(test_let_go),
		KIT_TEST(test_let_go_unshared),
		KIT_TEST(test_held),
		KIT_TEST(test_let_go_before),
		KIT_TEST(test_kept),
		KIT_TEST(test_paid_in_part),
		KIT_TEST(test_set_off),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
