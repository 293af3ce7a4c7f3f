/* SPDX-License-Identifier: Apache-2.0 */
#include "mislead.h"

#include "books/life.h"
#include "books/record_cover.h"
#include "books/record_report.h"

/* What the audit says of payments that were said to be what the rules can not have made them (see invariants_test.c). */

#define POOL "1/2" /* the first incident's section: M's */
#define DEBITED(key, steps)                                                                                  \
	ADD(ACCOUNT, key, account, balance, steps), ADD(ACCOUNT, key, account, debits, steps)
#define CREDITED(key, steps) ADD(ACCOUNT, key, account, balance, -(steps))

static const struct wrong reported[] = {
	{"F2: something was said of a payment that nobody ordered", {SET(CLAIM, "a", claim, reported, 0)}},
	{"F2: something was said of a payment that nobody ordered",
		{SET(REPORT, "a", report, instalment, 0)}},
	{"F2: something was said of a payment that nobody ordered",
		{SET(REPORT, "a", report, instalment, 2)}},
	{"F2: something was said of a payment that nobody ordered", {SET(REPORT, "a", report, entry, 900)}},
	{"F2: something was said of a payment that nobody ordered", {THERE(REPORT, "none")}},
	{"F2: nobody said how the payment of claim a", {GONE(REPORT, "a")}},
	{"F2: the payment of claim a does not stand", {SET(REPORT, "a", report, state, PAYOUT_ACCEPTED)}},
	{"F2: the payment of claim a does not stand", {SET(REPORT, "a", report, state, 0)}},
	{"F2: the payment of claim b does not stand", {SET(CLAIM, "b", claim, payout, PAYOUT_ACCEPTED)}},
	/* what waits is asked for */
	{"F2: nobody will ask what became of the payment of claim b", {SET(REPORT, "b", report, clock, 0)}},
	{"F2: nobody will ask what became of the payment of claim b", {SET(REPORT, "b", report, marked, 3)}},
	{"F2: nobody will ask what became of the payment of claim a", {SET(REPORT, "a", report, clock, 900)}},
	/* in transit, or back: each account is its claims' */
	{"F2: claim c and its payment", {SET(CLAIM, "c", claim, payout, PAYOUT_CANCELLED)}},
	{"accounts 2120 in CNY", {SET(CLAIM, "a", claim, payout, PAYOUT_UNKNOWN),
					 SET(REPORT, "a", report, state, PAYOUT_UNKNOWN),
					 SET(REPORT, "a", report, clock, 900)}},
	{"F2: claim c and its payment", {SET(CLAIM, "c", claim, state, CLAIM_APPROVED)}},
	/* a duplicate is asked for, and nothing is sent again by it */
	{"F2: the payment of claim a did not end by that reason",
		{{RECORD_REPORT, "a", offsetof(struct record_report, code), sizeof(uint32_t), false,
			'D' | 'U' << 8 | 'P' << 16 | 'L' << 24}}},
	/* what who pays said, and what it was before */
	{"F2: nobody said so of the payment of claim a",
		{{RECORD_REPORT, "a", offsetof(struct record_report, code), sizeof(char), false, 'X'}}},
	{"F2: nobody said so of the payment of claim a", {ADD(REPORT, "a", report, before, 1)}},
	{"F2: nobody said so of the payment of claim a", {SET(REPORT, "a", report, before, PAYOUT_SETTLED)}},
	{"F2: nobody said so of the payment of claim a", {ADD(REPORT, "a", report, entry, -1)}},
	{"F2: nobody said so of the payment of claim d",
		{{RECORD_REPORT, "d", offsetof(struct record_report, code), sizeof(char), false, 'X'}}},
	{"F2: nobody said so of the payment of claim d", {ADD(REPORT, "d", report, before, -1)}},
	/* how often it came back */
	{"F2: it came back another number of times, the payment of claim d",
		{ADD(REPORT, "d", report, came_back, 1)}},
	{"F2: it came back another number of times, the payment of claim a",
		{SET(REPORT, "a", report, came_back, 1)}},
	/* it never left: that it came back is said of none */
	{"F2: the payment of claim d did not end by that reason", {SET(REPORT, "d", report, came_back, 0)}},
};

static void test_reported(void **state)
{
	kit_play(*state, "deposit M 100.00 b-1\n"
			 "declare i M fuel-card\n"
			 "claim a i 10.00\n"
			 "claim b i 20.00\n"
			 "claim c i 30.00\n"
			 "claim d i 40.00\n"
			 "distribute i\n"
			 "instruct a\n"
			 "instruct b\n"
			 "instruct c\n"
			 "instruct d\n"
			 "settle d\n"
			 "bank payout.return claim=d reason=AC04\n"
			 "bank payout.report claim=a status=rejected code=AC04\n"
			 "bank payout.report claim=b status=unknown");
	MISLEAD_EACH(*state, reported);
}

/* ---- what a payment was before it was made ---- */

static const struct wrong made[] = {
	{"F2: nobody said so, before it was made, of the payment of claim a",
		{SET(CLAIM, "a", claim, settled_of, PAYOUT_UNKNOWN)}},
	{"F2: nobody said so, before it was made, of the payment of claim b",
		{SET(CLAIM, "b", claim, settled_of, PAYOUT_ACCEPTED)}},
	{"F2: nobody said so, before it was made, of the payment of claim b",
		{SET(CLAIM, "b", claim, settled_of, 0)}},
};

static void test_made(void **state)
{
	kit_play(*state, "deposit M 100.00 b-1\n"
			 "declare i M fuel-card\n"
			 "claim a i 10.00\n"
			 "claim b i 20.00\n"
			 "distribute i\n"
			 "instruct a\n"
			 "instruct b\n"
			 "bank payout.report claim=a status=unknown\n"
			 "bank payout.report claim=a status=accepted\n"
			 "settle a\n"
			 "settle b");
	MISLEAD_EACH(*state, made);
}

static const struct wrong unclaimed[] = {
	{"I8: what was paid for incident i", {ADD(SECTION, POOL, section, claims_unclaimed, 1)}},
	{"I8: what was paid for incident i", {ADD(SECTION, POOL, section, unclaimed_advance, 1)}},
	{"is not what its claims received", {ADD(SECTION, POOL, section, unclaimed, 1)}},
	{"F2: claim a is not owed what was to be paid",
		{DEBITED("2135/a/i/CNY", 1), CREDITED("2130//i/CNY", 1)}},
	{"F2: the payment of claim a does not stand", {SET(REPORT, "a", report, state, PAYOUT_REJECTED)}},
};

static void test_unclaimed(void **state)
{
	kit_play(*state, "policy kept scheme=full waterfall=rank:1,claim:advances unclaimed_notices=1\n"
			 "deposit M 10.00 b-1\n"
			 "declare i M kept\n"
			 "claim a i 15.00\n"
			 "distribute i\n"
			 "fund i 5.00\n"
			 "instruct a\n"
			 "bank payout.report claim=a status=rejected\n"
			 "agent contact.record claim=a channel=mail direction=out\n"
			 "wait 91 days\n"
			 "payer payout.unclaimed claim=a reason=r\n"
			 "approve");
	MISLEAD_EACH(*state, unclaimed);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		KIT_TEST(test_reported),
		KIT_TEST(test_made),
		KIT_TEST(test_unclaimed),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
