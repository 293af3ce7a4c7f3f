/* SPDX-License-Identifier: Apache-2.0 */
#include "mislead.h"

#include "books/life.h"
#include "books/record_cover.h"
#include "books/record_desk.h"
#include "books/record_ledger.h"

/* What the audit says of claims and lots that the rules can not have made so (see invariants_test.c). */

#define POOL "1/2" /* the first incident's section: M's */

/* ---- D8: one lot, one claim ---- */

#define NOTHING_AWAITED                                                                                      \
	ADD(SECTION, POOL, section, awaited, -6000), ADD(SECTION, POOL, section, awaited_promise, -6000)
static const struct wrong lots[] = {
	{"B5: what waits for a ruling", {ADD(SECTION, POOL, section, late, 1)}},
	{"B5: what waits for a ruling", {ADD(SECTION, POOL, section, late_promise, 1)}},
	{"B5: what waits for a ruling", {ADD(SECTION, POOL, section, appealed, 1)}},
	{"B5: what a late claim asks is kept",
		{SET(DECIDED, POOL "/first", decided, late, 1), ADD(SECTION, POOL, section, late, 1)}},
	{"D8: a lot is another claim's", {SET(ENTITLEMENT, "e", entitlement, claim_entry, 0)}},
	{"D8: a lot is another claim's",
		{SET(CLAIM, "first", claim, state, CLAIM_REJECTED), SET(DESK, "first", desk, due, 0),
			SET(DECIDED, POOL "/first", decided, until, 1),
			SET(SECTION, POOL, section, contestable, 1), NOTHING_AWAITED}},
	{"D8: a lot names another claim",
		{{RECORD_ENTITLEMENT, "e", offsetof(struct record_entitlement, claim), 1, false, 'x'}}},
	{"D8: a claim is for a lot that is not there", {GONE(ENTITLEMENT, "e")}},
	/* late, as the desk says, and not lying in an hour */
	{"D8: a lot is another claim's",
		{SET(CLAIM, "second", claim, state, CLAIM_RECEIVED), SET(CLAIM, "second", claim, desk, 1),
			SET(CLAIM, "second", claim, due, 7), SET(DESK, "second", desk, due, 7),
			SET(DESK, "second", desk, overdue, 7), SET(DESK, "second", desk, overdue_entry, 7),
			SET(DESK, "second", desk, overdues, 1), SET(DESK, "second", desk, person, 3),
			SET(BREACH, "second//3", breach, overdues, 1),
			SET(BREACH_HOLDER, "/3", breach, overdues, 1),
			SET(MEASURE, "1", measure, overdues, 1)}},
	/* nobody stepped in */
	{"D8: a claim is linked to none",
		{SET(CLAIM, "first", claim, state, CLAIM_WITHDRAWN), SET(DESK, "first", desk, due, 0),
			GONE(DECIDED, POOL "/first"), NOTHING_AWAITED,
			SET(ENTITLEMENT, "e", entitlement, claim_entry, 0)}},
	{"I11: a row of the table claim is not in its linked", {GONE(LINKED, "e/@/second")}},
	/* what is found, and by what */
	{"D12: a claim is not found by its lot", {SET(CLAIM, "second", claim, replaced, 1)}},
	{"D12: a lot is not found by who holds it", {GONE(LOT_HOLDER, "@-2")}},
};

static void test_lots(void **state)
{
	kit_play(*state, "declare-without-deposit i fuel-card\n"
			 "card e 60.00\n"
			 "file first i e\n"
			 "file second i e");
	MISLEAD_EACH(*state, lots);
}

/* ---- C2: records of use count once ---- */

static const struct wrong uses[] = {
	{"C2: a record of use is of a lot that is not there", {GONE(ENTITLEMENT, "g")}},
	{"C2: a record of use was not counted", {ADD(ENTITLEMENT, "g", entitlement, consumed, -1)}},
	{"C2: a record of use was not counted", {SET(ENTITLEMENT, "g", entitlement, disputes, 0)}},
	{"I9: what was used is not what records of use say", {ADD(USE, "Y/u-1", use, steps, -1)}},
	{"I9: what was used is not what records of use say", {SET(USE, "Y/u-1", use, disputed_entry, 0)}},
	{"I9: what was used is not what records of use say", {GONE(USE, "Y/u-1")}},
};

static void test_uses(void **state)
{
	kit_play(*state, "define use consumed\n"
			 "maker entitlement.consume entitlement=g evidence=confirmed consumed=$consumed "
			 "reference=u-1\n"
			 "      evidence_hash=ab*\n"
			 "end\n"
			 "maker entitlement.issue entitlement=g holder=h issuer=Y merchant=M channel=app "
			 "unit=L quantity=3.000\n"
			 "      cost=60.00 currency=CNY\n"
			 "use 1.000\n"
			 "use 2.000");
	MISLEAD_EACH(*state, uses);
}

/* ---- I5: money that was had elsewhere ---- */

static const struct wrong elsewhere[] = {
	{"I5: claim a received more than its loss", {SET(CLAIM, "a", claim, paid, 8001)}},
	{"I5: what claimants of incident i had elsewhere", {ADD(CLAIM, "a", claim, received, 1)}},
	{"I5: claim a had elsewhere what nobody recorded", {ADD(ELSEWHERE, "Y/r-1", elsewhere, amount, 1)}},
	{"I5: what claimants of a section had elsewhere",
		{{RECORD_DIRECT, POOL "/Y", 0, sizeof(int64_t), true, 1}}},
	{"I5: what claimants of incident i had elsewhere", {ADD(SECTION, POOL, section, elsewhere, 1)}},
	/* of nobody's claim, though sources and section agree */
	{"I5: what claimants of incident i had elsewhere",
		{{RECORD_DIRECT, POOL "/Y", 0, sizeof(int64_t), true, 1},
			ADD(SECTION, POOL, section, elsewhere, 1)}},
	{"I10: the parts of a distribution", {ADD(SECTION, POOL, section, pool_back, 1)}},
	{"A6: what instruments gave", {ADD(SECTION, POOL, section, instruments_back, 1)}},
};

static void test_elsewhere(void **state)
{
	kit_play(*state, "deposit M 90.00 b-1\n"
			 "declare i M fuel-card\n"
			 "claim a i 100.00\n"
			 "distribute i\n"
			 "agent elsewhere.record claim=a source=Y kind=refund reference=r-1 amount=20.00 "
			 "evidence_hash=ab*");
	MISLEAD_EACH(*state, elsewhere);
}

/* ---- B5: one lot, one reserve ---- */

/* As if what is kept back for the claim that was refused were so beside what is for the one that lives. */
static const struct wrong reserves[] = {
	{"B5: two reserves are kept for one lot", {SET(DECIDED, POOL "/a", decided, reserve, 10000),
							  SET(DECIDED, POOL "/a", decided, until, 1)}},
};

/* What is kept back for one whose lot is worth less by now, since use was recorded. */
static const struct wrong worth[] = {
	{"B5: what is kept back for a claim is not what its lot is worth",
		{ADD(DECIDED, POOL "/c", decided, reserve, 2500),
			ADD(DECIDED, POOL "/c", decided, approved, 2500),
			ADD(SECTION, POOL, section, awaited, 2500),
			ADD(SECTION, POOL, section, awaited_promise, 2500)}},
	{"B5: what is kept back for a claim is not what its lot is worth",
		{ADD(DECIDED, POOL "/c", decided, beyond, 1)}},
};

static void test_reserves(void **state)
{
	kit_play(*state, "declare-without-deposit i fuel-card\n"
			 "card x 100.00\n"
			 "file a i x\n"
			 "maker claim.decide claim=a outcome=reject reason=not-the-holder\n"
			 "file c i x");
	MISLEAD_EACH(*state, reserves);
	MISLEAD_EACH(*state, worth);
}

/* ---- D7, D11: what can be appealed weighs, and is frozen of one that stands ---- */

#define APART "D7: something is set apart for an appeal that can not come, or without a clock"
static const struct wrong contestable[] = {
	{"B5: what waits for a ruling", {ADD(SECTION, POOL, section, contested, 1)}},
	{"B5: what waits for a ruling", {ADD(SECTION, POOL, section, contestable, -1)}},
	{"B5: what waits for a ruling", {ADD(SECTION, POOL, section, appealed_promise, 1)}},
	{APART, {SET(DECIDED, POOL "/a", decided, lapses, 0)}},
	{APART, {ADD(DECIDED, POOL "/a", decided, lapses, 1)}},
	{APART, {SET(SECTION, POOL, section, stands, 0)}},
	{"D11: incident s",
		{ADD(DECIDED, POOL "/a", decided, contested, 1), ADD(SECTION, POOL, section, contested, 1)}},
	{"D11: incident s", {ADD(DECIDED, POOL "/a", decided, contested, -1),
				    ADD(SECTION, POOL, section, contested, -1)}},
};

/* B1: what an incident needs is not set apart for a withdrawal. */
static const struct wrong withdrawn[] = {
	{"B1: incident i needs", {SET(COLLATERAL, "M/CNY", collateral, withdrawal, 1)}},
};

static void test_withdrawn(void **state)
{
	kit_play(*state, "deposit M 500.00 b-1\n"
			 "declare i M fuel-card");
	MISLEAD_EACH(*state, withdrawn);
}

static void test_contestable(void **state)
{
	kit_play(*state, "policy orders scheme=deposit-only freeze=claimed waterfall=rank:1,claim:costs\n"
			 "deposit M 500.00 b-1\n"
			 "maker incident.declare incident=s merchant=M funder=P policy=orders version=1 "
			 "reason=standing\n"
			 "card x 80.00\n"
			 "agent claim.file claim=a entitlement=x channel=phone\n"
			 "maker claim.decide claim=a outcome=reject reason=not-the-holder");
	MISLEAD_EACH(*state, contestable);
}

/* ---- B1: what the issuer's pool gave one section and the other ---- */

#define OF_M      "1/2/1/1" /* M's first round, and the one that lifted it; N's number is 8 */
#define OF_M_LIFT "1/2/4/1"
#define OF_N      "1/8/1/1"
#define PART      "B1: the issuer's pool gave a section another part"

static const struct wrong issuers_pool[] = {
	{"B1: what a section had had of the issuer's pool", {ADD(ROUND, OF_M_LIFT, round, issuers_had, 1)}},
	{"B1: what a section had had of the issuer's pool", {ADD(ROUND, OF_M_LIFT, round, issuers_had, -1)}},
	/* a step more or less was open, or all were lifted by it */
	{PART, {ADD(ROUND, OF_M, round, issuers_weight, -1)}},
	{PART, {ADD(ROUND, OF_M, round, issuers_weight, 1)}},
	{PART, {ADD(ROUND, OF_M, round, issuers_level, -1), ADD(ROUND, OF_N, round, issuers_level, -1)}},
	{PART, {ADD(ROUND, OF_M, round, issuers_weights, 1), ADD(ROUND, OF_N, round, issuers_weights, 1)}},
	{PART, {SET(ROUND, OF_N, round, issuers_weights, 0)}},
	{PART, {ADD(ROUND, OF_N, round, issuers_level, 1)}},
	{PART, {ADD(ROUND, OF_M, round, issuers_weights, -1)}},
	/* a step of it is M's and was N's, whatever else was made to fit that */
	{"F1: what a round replaced of later ranks is not",
		{ADD(ROUND, OF_M, round, from_issuer, 1), ADD(SECTION, "1/2", section, from_issuer, 1),
			ADD(ROUND, OF_N, round, from_issuer, -1),
			ADD(SECTION, "1/8", section, from_issuer, -1)}},
	{"I10: the parts of a distribution do not sum up",
		{ADD(ROUND, OF_M, round, from_issuer, 1), ADD(SECTION, "1/2", section, from_issuer, 1),
			ADD(ROUND, OF_M, round, amount, 1), ADD(ROUND, OF_N, round, amount, -1),
			ADD(ROUND, OF_N, round, from_issuer, -1),
			ADD(SECTION, "1/8", section, from_issuer, -1)}},
	/* what it was split by is another, or not there */
	{PART, {ADD(ISSUERS_SPLIT, "@/2", issuers_split, weight, 1)}},
	{PART, {ADD(ISSUERS_SPLIT, "@/8", issuers_split, had, -1)}},
	{PART, {ADD(ISSUERS_SPLIT, "@/3", issuers_split, issuers, -1)}},
	{PART, {ADD(ISSUERS_SPLIT, "@/8", issuers_split, given, 1)}},
	{PART, {ADD(ISSUERS_SPLIT, "@/8", issuers_split, back, 1)}},
	{PART, {GONE(ISSUERS_SPLIT, "@/2")}},
	{"B1: the issuer's pool was split with a section that is not",
		{SET(ISSUERS_SPLIT, "@/2", issuers_split, incident, 9)}},
};

/* ---- F1: M's deposit came late, and is in the place of what the issuer's pool and the bond gave for M ---- */

#define BY_M "1/2/4/1" /* M's round that did so */

static const struct wrong replaced[] = {
	{"F1: what a round replaced of later ranks", {ADD(REPLACED, "@/2/1/1", replaced, amount, -1)}},
	{"F1: what was replaced is of no section", {SET(REPLACED, "@/2/1/1", replaced, incident, 2)}},
	{"F1: what was replaced no round gave",
		{THERE(REPLACED, "@/2/1/99"), SET(REPLACED, "@/2/1/99", replaced, incident, 1)}},
	{"F1: what a round replaced of later ranks", {GONE(REPLACED, "@/2/1/1")}},
	{"I10: the parts of a distribution", {ADD(ROUND, BY_M, round, amount, 1)}},
	{"F1: what was replaced did not come back", {ADD(ROUND, BY_M, round, replaced, -1)}},
	/* as if the bond's had been the issuer's pool's */
	{"F1: what a round replaced of later ranks", {ADD(ROUND, BY_M, round, replaced_instruments, -1)}},
	/* and each sign, and each bound, by itself */
	{"F1: what a round replaced of later ranks",
		{ADD(ROUND, BY_M, round, replaced_instruments, -3001),
			ADD(ROUND, BY_M, round, replaced_secured, 3001)}},
	{"F1: what a round replaced of later ranks", {ADD(ROUND, BY_M, round, replaced_instruments, 1),
							     ADD(ROUND, BY_M, round, replaced_secured, -1)}},
	{"F1: what a round replaced of later ranks", {ADD(ROUND, BY_M, round, replaced_instruments, 99999),
							     ADD(ROUND, BY_M, round, replaced, 99999)}},
	{"F1: what a round replaced of later ranks", {SET(ROUND, BY_M, round, from_issuer, 1)}},
	{"F1: what was replaced did not come back", {SET(REPLACED, "@/2/1/1", replaced, amount, 0)}},
	{"F1: what was replaced did not come back", {ADD(ROUND, OF_M, round, back[ROUND_ISSUERS], -1)}},
	{"F1: later claims had more by a round", {SET(ROUND, OF_M, round, issuers_used, -1)}},
	{"I10: the parts of a distribution do not sum up", {SET(ROUND, BY_M, round, without, 99999)}},
	{"F1: later claims had more by a round", {SET(ROUND, OF_M, round, issuers_used, 99999)}},
	{"F1: later claims had more by a round", {SET(ROUND, OF_M, round, issuers_later, -1)}},
	{"F1: later claims had more by a round", {SET(ROUND, OF_M, round, issuers_later, 99999)}},
	{"F1: later claims had more by a round", {SET(ROUND, OF_M, round, issuers_first, 99999)}},
	{"F1: later claims had more by a round", {SET(ROUND, OF_M, round, issuers_first, -99999)}},
	{"F1: what was replaced did not come back", {SET(ROUND, OF_M, round, entry, INT64_MAX)}},
	{"A6: what an entry shared out of an instrument, or replaced",
		{{RECORD_DRAWN, "@/2/bond", 0, sizeof(int64_t), false, -INT64_MAX}}},
	/* more came back of the issuer's deposit than went back to it */
	{"D7: more came back of what a deposit gave", {ADD(ROUND, OF_M, round, back[1], 1)}},
	{"B1: what the issuer's pool gave for a section", {ADD(SECTION, "1/2", section, issuer_back, -1)}},
	{"A6: what instruments gave for a section", {ADD(SECTION, "1/2", section, instruments_back, -1)}},
	{"A6: what an entry shared out of an instrument, or replaced",
		{{RECORD_DRAWN, "@/2/bond", 0, sizeof(int64_t), false, 0}}},
};

static void test_replaced(void **state)
{
	kit_play(*state,
		"admin party.register party=S kinds=insurer\n"
		"bank deposit.receive merchant=Y amount=60.00 unit=CNY bank_reference=y-1\n"
		"maker instrument.register instrument=bond kind=bond provider=S merchant=M unit=CNY "
		"limit=30.00\n"
		"      draw=1 expires=2018-01-01T00:00:00Z document_hash=ab*\n"
		"maker incident.declare incident=i issuer=Y funder=P custodian=bank policy=fuel-card\n"
		"      version=1 reason=liquidation\n"
		"claim-of M m i 100.00\n"
		"maker instrument.call incident=i reason=r evidence_hash=ab*\n"
		"bank instrument.pay incident=i instrument=bond amount=30.00 bank_reference=s-1\n"
		"distribute i\n"
		"bank deposit.receive merchant=M amount=90.00 unit=CNY bank_reference=m-1\n"
		"distribute i");
	MISLEAD_EACH(*state, replaced);
}

/* ---- F1: of what an appeal restored to the issuer's pool, and the funder paid in, N's n has all ---- */

#define LATER  OF_N      /* N's round that gave it, */
#define BESIDE "1/8/4/1" /* and the one that gave what is beside it */

static const struct wrong restored[] = {
	{"F1: later claims had more of what appeals restored", {SET(ROUND, BESIDE, round, issuers_later, 1)}},
	{"F1: later claims had more by a round", {ADD(ROUND, BESIDE, round, issuers_used, 1)}},
	{PART, {ADD(ROUND, LATER, round, issuers_later, -1)}},
	{PART, {ADD(ROUND, BESIDE, round, issuers_used, -1)}},
	{PART, {ADD(ISSUERS_SPLIT, "@/8", issuers_split, later_most, -1)}},
};

static void test_restored(void **state)
{
	kit_play(*state,
		"admin key.register party=P key=@judge roles=approver\n"
		"policy pool scheme=deposit-only waterfall=rank:1,claim:advances\n"
		"bank deposit.receive merchant=Y amount=100.00 unit=CNY bank_reference=y-1\n"
		"maker incident.declare incident=i issuer=Y funder=P custodian=bank policy=pool\n"
		"      version=1 reason=liquidation\n"
		"claim-of M m i 100.00\n"
		"deducted := distribute i\n"
		"appeal := boss appeal.lodge merchant=Y deduction=$deducted reason=r\n"
		"judge appeal.decide appeal=$appeal outcome=varied amount=40.00 basis_hash=ab* reason=r\n"
		"claim-of N n i 100.00\n"
		"bank appeal.fund appeal=$appeal amount=40.00 bank_reference=f-1\n"
		"distribute i\n"
		"bank deposit.receive merchant=Y amount=30.00 unit=CNY bank_reference=y-2\n"
		"distribute i");
	MISLEAD_EACH(*state, restored);
}

/* ---- F1: what was restored to M's is in the place of what m-2 had of the issuer's pool, and m has of that ---- */

static const struct wrong passed_on[] = {
	{"F1: what a round replaced of later ranks", {ADD(REPLACED, "@/2/4/1", replaced, passed_on, 300)}},
	{"F1: what was replaced did not come back", {ADD(REPLACED, "@/2/4/1", replaced, passed_on, 99999)}},
	{"F1: what was replaced did not come back", {SET(REPLACED, "@/2/4/1", replaced, passed_on, -1)}},
	{"F1: what was replaced did not come back", {ADD(ROUND, "1/2/4/1", round, issuers_first, 2000)}},
};

static void test_passed_on(void **state)
{
	kit_play(*state,
		"admin key.register party=P key=@judge roles=approver\n"
		"policy pool scheme=deposit-only waterfall=rank:1,claim:advances\n"
		"bank deposit.receive merchant=M amount=10.00 unit=CNY bank_reference=m-1\n"
		"maker incident.declare incident=i issuer=Y funder=P custodian=bank policy=pool\n"
		"      version=1 reason=liquidation\n"
		"claim-of M m i 70.00\n"
		"claim-of N n i 40.00\n"
		"deducted := distribute i\n"
		"appeal := boss appeal.lodge merchant=M deduction=$deducted reason=r\n"
		"judge appeal.decide appeal=$appeal outcome=varied amount=8.06 basis_hash=ab* reason=r\n"
		"claim-of M m-2 i 35.00\n"
		"bank deposit.receive merchant=Y amount=40.00 unit=CNY bank_reference=y-1\n"
		"distribute i\n"
		"bank appeal.fund appeal=$appeal amount=8.06 bank_reference=f-1\n"
		"distribute i");
	MISLEAD_EACH(*state, passed_on);
}

static void test_issuers_pool(void **state)
{
	kit_play(*state,
		"bank deposit.receive merchant=Y amount=60.00 unit=CNY bank_reference=y-1\n"
		"maker incident.declare incident=i issuer=Y funder=P custodian=bank policy=fuel-card\n"
		"      version=1 reason=liquidation\n"
		"claim-of M m i 100.00\n"
		"claim-of N n i 50.00\n"
		"distribute i\n"
		"bank deposit.receive merchant=Y amount=30.00 unit=CNY bank_reference=y-2\n"
		"distribute i");
	MISLEAD_EACH(*state, issuers_pool);
}

/* ---- I5, I6: what is asked back, and what the funder owes back for it ---- */

static const struct wrong clawback[] = {
	{"I5: claim i-1 received more than its loss", {ADD(CLAIM, "i-1", claim, clawed, -1)}},
	{"I5: 1120 of claim i-1", {ADD(CLAIM, "i-1", claim, clawed_pool, 1)}},
	{"I5: 1120 of claim i-1", {ADD(CLAIM, "i-1", claim, clawed_off, 1)}},
	{"I5: a claim received more than its loss, with what was recovered",
		{SET(CLAIM, "i-1", claim, clawed_recovered, -1)}},
	/* more than its account holds, though everything else agrees */
	{"I5: 1120 of claim i-1",
		{ADD(CLAIM, "i-1", claim, clawed, 1), ADD(SECTION, POOL, section, clawed, 1),
			ADD(SECTION, POOL, section, perfected, -1),
			ADD(SECTION, POOL, section, recourse_collected, -1),
			ADD(SECTION, POOL, section, remitted, -1),
			ADD(LIABILITY, POOL "/Y", liability, received, -1)}},
	/* and less than nothing of what pools paid */
	{"I5: 1120 of claim i-1",
		{ADD(CLAIM, "i-1", claim, clawed, 1), SET(CLAIM, "i-1", claim, clawed_pool, -1),
			ADD(SECTION, POOL, section, clawed, 1), ADD(SECTION, POOL, section, perfected, -1),
			ADD(SECTION, POOL, section, recourse_collected, -1),
			ADD(SECTION, POOL, section, remitted, -1),
			ADD(LIABILITY, POOL "/Y", liability, received, -1),
			ADD(ACCOUNT, "1120/i-1/i/CNY", account, balance, 1),
			ADD(ACCOUNT, "3110/P/i/CNY", account, balance, -1)}},
	{"I5: what is asked back in incident i", {ADD(SECTION, POOL, section, clawed, 1)}},
	{"I5: what is asked back in incident i", {ADD(SECTION, POOL, section, clawbacks, 1)}},
	{"I5: what is asked back in incident i", {ADD(SECTION, POOL, section, pool_beyond, 1)}},
	{"I5: a claw-back is of no claim", {THERE(ACCOUNT, "1120/x/i/CNY")}},
	{"I5: a claw-back is of no claim", {THERE(ACCOUNT, "1120/i-1/j/CNY")}},
	{"is not what P owes back", {ADD(SECTION, POOL, section, owed_back, 1)}},
	{"G4: 2170 is not what was collected", {ADD(SECTION, POOL, section, handed_back, 1)}},
};

static void test_clawback(void **state)
{
	kit_play(*state, "settled i 100.00\n"
			 "apportion i several shares=party:Y,share:100.00\n"
			 "receive r i Y 100.00\n"
			 "allocate r\n"
			 "bank recovery.remit incident=i bank_reference=o-1\n"
			 "agent elsewhere.record claim=i-1 source=U kind=refund reference=r-1 amount=20.00\n"
			 "      evidence_hash=ab*");
	MISLEAD_EACH(*state, clawback);
}

/* More of the advance is asked back, and less of what pools paid, than either was, though everything else agrees. */
#define ASKED_OF_ADVANCE(steps)                                                                              \
	ADD(CLAIM, "i-1", claim, clawed, steps), ADD(CLAIM, "i-1", claim, clawed_pool, -(steps)),            \
		ADD(SECTION, POOL, section, clawed, steps),                                                  \
		ADD(SECTION, POOL, section, perfected, -(steps)),                                            \
		ADD(ACCOUNT, "1120/i-1/i/CNY", account, balance, steps),                                     \
		ADD(ACCOUNT, "1110/U/i/CNY", account, balance, -(steps))

static const struct wrong asked[] = {
	{"I5: 1120 of claim i-1", {ASKED_OF_ADVANCE(1)}},
	{"I5: 1120 of claim i-1", {ADD(ACCOUNT, "1120/i-1/i/CNY", account, balance, -1),
					  ADD(ACCOUNT, "3110/P/i/CNY", account, balance, 1)}},
};

/* 30.00 of the pool, 70.00 advanced, and 80.00 too much: all of the advance, and 10.00 of the pool. */
static void test_asked_of_pool(void **state)
{
	kit_play(*state, "deposit M 60.00 b-1\n"
			 "declare i M fuel-card\n"
			 "claim i-1 i 100.00\n"
			 "claim i-2 i 100.00\n"
			 "distribute i\n"
			 "fund i 140.00\n"
			 "instruct i-1\n"
			 "settle i-1\n"
			 "instruct i-2\n"
			 "settle i-2\n"
			 "agent elsewhere.record claim=i-1 source=U kind=refund reference=r-1 amount=80.00\n"
			 "      evidence_hash=ab*");
	MISLEAD_EACH(*state, asked);
}

/* ---- I5: out of recoveries, too ---- */

static const struct wrong recovered[] = {
	{"I5: a claim received more than its loss, with what was recovered",
		{ADD(CLAIM, "a", claim, paid, 1), ADD(CLAIM, "a", claim, approved, 1)}},
	{"I5: a claim received more than its loss, with what was recovered",
		{SET(CLAIM, "a", claim, received, 1)}},
	{"I10: the parts of a distribution", {ADD(SECTION, POOL, section, recovered_back, 1)}},
};

static void test_recovered(void **state)
{
	kit_play(*state, "policy eighty scheme=percentage rate=80.00 waterfall=rank:1,claim:advances "
			 "waterfall=rank:2,claim:uncovered\n"
			 "declare-without-deposit i eighty\n"
			 "claim a i 100.00\n"
			 "distribute i\n"
			 "fund i 80.00\n"
			 "instruct a\n"
			 "settle a\n"
			 "apportion i several shares=party:Y,share:100.00\n"
			 "receive y i Y 100.00\n"
			 "allocate y\n"
			 "bank surplus.pay incident=i beneficiary=consumers bank_reference=o");
	MISLEAD_EACH(*state, recovered);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		KIT_TEST(test_lots),
		KIT_TEST(test_uses),
		KIT_TEST(test_elsewhere),
		KIT_TEST(test_reserves),
		KIT_TEST(test_contestable),
		KIT_TEST(test_withdrawn),
		KIT_TEST(test_restored),
		KIT_TEST(test_passed_on),
		KIT_TEST(test_issuers_pool),
		KIT_TEST(test_replaced),
		KIT_TEST(test_clawback),
		KIT_TEST(test_asked_of_pool),
		KIT_TEST(test_recovered),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
