/* SPDX-License-Identifier: Apache-2.0 */
#include "mislead.h"

#include "books/life.h"
#include "books/record_cover.h"
#include "books/record_ledger.h"

#include <stdio.h>

/*
 * What the audit says of rounds, appeals, instruments and payments that the rules can not have made so: each of these lies
 * is told so that one condition alone sees it (see invariants_test.c).
 */
#define POOL "1/2" /* the first incident's section: M's */

#define MORE(key, steps) ADD(ACCOUNT, key, account, balance, steps)

/* ---- deductions and appeals ---- */

#define TAKEN           "D7: what an appeal restores is not what its outcome says"
#define SUMS            "D7: what came back of the deductions of incident i"
#define MORE_THAN_GIVEN "D7: more came back of what a deposit gave by a round"
#define RESTORED(at, steps)                                                                                  \
	ADD(APPEAL, at, appeal, restored, steps), ADD(ROUND, round, round, restored[ROUND_OWN], steps),      \
		ADD(SECTION, POOL, section, restored, steps)

static void test_appeals(void **state)
{
	struct kit *kit = *state;
	char taken[24];
	char lodged[24];
	char varied[24];
	char reversed[24];
	char commitment[40];
	kit_play(kit, "key judge P approver\n"
		      "deposit M 100.00 b-1\n"
		      "declare i M fuel-card\n"
		      "claim a i 60.00\n"
		      "distribute i\n"
		      "merchant appeal.lodge merchant=M deduction=$last reason=r");
	unsigned long long first = kit->last_entry;
	kit_play(kit, "judge appeal.decide appeal=$last outcome=varied amount=10.00 basis_hash=ab* reason=r\n"
		      "claim b i 10.00\n"
		      "distribute i\n"
		      "merchant appeal.lodge merchant=M deduction=$last reason=r");
	unsigned long long second = kit->last_entry;
	kit_play(kit, "judge appeal.decide appeal=$last outcome=reversed basis_hash=ab* reason=r\n"
		      "claim c i 20.00\n"
		      "distribute i");
	unsigned long long third = kit->last_entry;
	kit_play(kit, "merchant appeal.lodge merchant=M deduction=$last reason=r\n"
		      "claim d i 5.00\n"
		      "distribute i");
	snprintf(taken, sizeof taken, "%llu/2", third);
	snprintf(varied, sizeof varied, "%llu", first);
	snprintf(reversed, sizeof reversed, "%llu", second);
	snprintf(lodged, sizeof lodged, "%llu", third + 1);
	snprintf(commitment, sizeof commitment, "1100/P/@%llu/CNY", first);
	static const char contradict[] = "D7: an appeal and its deduction contradict";
	static const char round[] = POOL "/1/3";
	const struct wrong wrong[] = {
		{MORE_THAN_GIVEN, {ADD(ROUND, round, round, back[ROUND_OWN], 2001)}},
		{MORE_THAN_GIVEN, {SET(ROUND, round, round, restored[ROUND_OWN], -1)}},
		{SUMS, {ADD(ROUND, round, round, back[ROUND_OWN], 1)}},
		{"A4: a deduction is not what its distribution",
			{ADD(DEDUCTION, "@/2", deduction, incident, 1)}},
		{"A4: a deduction is not what its distribution",
			{ADD(DEDUCTION, "@/2", deduction, merchant, 1)}},
		{"A4: a deduction of nothing", {SET(DEDUCTION, "@/2", deduction, claims, 0)}},
		{"D7: a deduction can be appealed for another",
			{ADD(DEDUCTION, "@/2", deduction, until, -1)}},
		{"D7: a deduction can be appealed for another", {ADD(DEDUCTION, "@/2", deduction, time, 1)}},
		{contradict, {ADD(APPEAL, lodged, appeal, merchant, 1)}},
		{contradict, {ADD(APPEAL, lodged, appeal, merchant, 1),
				     ADD(DEDUCTION, taken, deduction, merchant, 1)}},
		/* one that waits was decided, or restored something; one that was decided was not, or otherwise */
		{TAKEN, {SET(APPEAL, lodged, appeal, decided_entry, 5)}},
		{TAKEN, {RESTORED(lodged, 1)}},
		{TAKEN, {SET(APPEAL, lodged, appeal, state, APPEAL_UPHELD)}},
		{TAKEN, {SET(APPEAL, varied, appeal, decided_entry, 0)}},
		{TAKEN, {SET(APPEAL, reversed, appeal, decided_entry, 0)}},
		{TAKEN, {SET(APPEAL, lodged, appeal, state, APPEAL_VARIED),
				SET(APPEAL, lodged, appeal, decided_entry, 5)}},
		{TAKEN, {SET(APPEAL, reversed, appeal, state, APPEAL_VARIED)}},
		/* as if its merchant had taken it over: before that judgment, or it was another */
		{TAKEN, {SET(APPEAL, varied, appeal, state, APPEAL_LODGED)}},
		{TAKEN, {SET(APPEAL, varied, appeal, state, APPEAL_LODGED),
				SET(APPEAL, varied, appeal, lodged, INT64_MAX),
				SET(APPEAL, varied, appeal, lodger, 2)}},
		{"D7: what an appeal restored and the funder has not paid in",
			{ADD(ACCOUNT, commitment, account, balance, 1), MORE("1010/bank//CNY", -1)}},
	};
	MISLEAD_EACH(kit, wrong);
}

/* All that is kept says that a step more was restored, and no entry does. */
static void test_restored_by_no_entry(void **state)
{
	struct kit *kit = *state;
	char commitment[40];
	char waits[40];
	kit_play(kit, "key judge P approver\n"
		      "deposit M 100.00 b-1\n"
		      "declare i M fuel-card\n"
		      "claim a i 60.00\n"
		      "distribute i\n"
		      "merchant appeal.lodge merchant=M deduction=$last reason=r\n"
		      "judge appeal.decide appeal=$last outcome=varied amount=10.00 basis_hash=ab* reason=r");
	unsigned long long lodged = kit->last_entry - 1;
	snprintf(commitment, sizeof commitment, "1100/P/@%llu/CNY", lodged);
	snprintf(waits, sizeof waits, "2020/M/@%llu/CNY", lodged);
	static const char round[] = POOL "/1/1";
	const struct wrong wrong[] = {{"D7: entries restored another sum of a deduction",
		{RESTORED("@-1", 1), ADD(BOOKED, "@", booked, amount, 1), MORE(commitment, 1),
			MORE(waits, -1), ADD(ACCOUNT_SUM, "2020/M/CNY", account, balance, -1)}}};
	MISLEAD_EACH(kit, wrong);
}

/* D7: of two deductions one has what the other has, and all of them together are as they were; I10: so of a claim's parts. */
static void test_appeals_by_deduction(void **state)
{
	struct kit *kit = *state;
	kit_play(kit, "key judge P approver\n"
		      "deposit M 100.00 b-1\n"
		      "declare i M fuel-card\n"
		      "claim a i 60.00\n"
		      "claim b i 40.00\n"
		      "distribute i\n"
		      "merchant appeal.lodge merchant=M deduction=$last reason=r\n"
		      "judge appeal.decide appeal=$last outcome=varied amount=10.00 basis_hash=ab* reason=r\n"
		      "agent elsewhere.record claim=a source=Y kind=refund reference=r-1 amount=20.00 "
		      "evidence_hash=ab*\n"
		      "claim c i 20.00\n"
		      "distribute i");
	static const struct wrong wrong[] = {
		{"D7: what an appeal restores is not what its outcome says",
			{ADD(ROUND, "1/2/1/1", round, restored[ROUND_OWN], -1),
				ADD(ROUND, "1/2/1/2", round, restored[ROUND_OWN], 1)}},
		{"I10: what a claim has of rounds is not", {ADD(PART, "a/1/1", part, back, 1)}},
		{"I10: what a claim has of rounds is not", {ADD(PART, "a/1/1", part, had, 1)}},
	};
	MISLEAD_EACH(kit, wrong);
}

/* ---- rounds ---- */

static void test_rounds(void **state)
{
	struct kit *kit = *state;
	struct record_section section;
	static const char stood[] = "F1: what stood before an approval is of none that stands";
	static const char funded[] = "F1: what a funder paid in and is committed to";
	kit_play(kit, "deposit M 100.00 b-1\n"
		      "declare i M fuel-card\n"
		      "claim a i 300.00\n"
		      "distribute i\n"
		      "fund i 150.00");
	mislead_read(kit, RECORD_SECTION, POOL, &section);
	const struct wrong wrong[] = {
		{stood, {SET(BOOKED, "@-1", booked, corrected_by, 1)}},
		{stood, {SET(BOOKED, "@-1", booked, corrects, 1)}},
		{stood, {SET(BOOKED, "@-1", booked, kind, BOOKED_FEE)}},
		{stood, {GONE(BOOKED, "@-1")}},
		{funded, {ADD(INCIDENT, "1", incident, instructed, 1),
				 ADD(INCIDENT, "1", incident, funded, 1)}},
		{funded, {SET(INCIDENT, "1", incident, funded, -1), MORE("1100/P/i/CNY", 15001),
				 MORE("1010/bank//CNY", -15001)}},
		{"F1: what is advanced in incident i", {ADD(SECTION, POOL, section, advanced, 1)}},
		{"F1: what is advanced in incident i", {ADD(SECTION, POOL, section, repaid, 1)}},
		{"I7: what perfected in incident i",
			{SET(SECTION, POOL, section, perfected, section.advanced + 1)}},
		{"B1: a claim was decided in another section", {SET(CLAIM, "a", claim, incident, 7)}},
		/* the accounts agree, and the claims do not */
		{"I8: what was paid for incident i",
			{ADD(SECTION, POOL, section, paid, -1), MORE("2110//i/CNY", -1),
				MORE("1010/bank//CNY", 1)}},
	};
	MISLEAD_EACH(kit, wrong);
}

static const struct wrong reserves[] = {
	{"B5: something is kept back", {SET(DECIDED, POOL "/a", decided, reserve, 10000)}},
	{"B5: two reserves are kept for one lot", {SET(DECIDED, POOL "/a", decided, until, 1)}},
	/* as if who waits for a ruling had given it up, or had come too late */
	{"B5: something is kept back", {SET(CLAIM, "c", claim, state, CLAIM_WITHDRAWN)}},
	{"B5: what a late claim asks", {SET(CLAIM, "c", claim, late, CLAIM_LATE)}},
	/* as if what is kept back for the claim that was refused were so beside what is for the one that lives */
	{"B5: two reserves are kept for one lot", {SET(DECIDED, POOL "/a", decided, reserve, 10000),
							  SET(DECIDED, POOL "/a", decided, until, 1)}},
};

static void test_reserves(void **state)
{
	kit_play(*state, "declare-without-deposit i fuel-card\n"
			 "card x 100.00\n"
			 "file a i x\n"
			 "maker claim.decide claim=a outcome=reject reason=not-the-holder\n"
			 "file c i x");
	MISLEAD_EACH(*state, reserves);
}

/* What is kept for a lot's claim that fell stays where another incident had one before the next: each has a pool. */
static void test_reserves_elsewhere(void **state)
{
	kit_play(*state, "declare-without-deposit i fuel-card\n"
			 "declare-without-deposit j fuel-card\n"
			 "card x 100.00\n"
			 "file a i x\n"
			 "maker claim.decide claim=a outcome=reject reason=not-the-holder\n"
			 "file b j x\n"
			 "maker claim.decide claim=b outcome=reject reason=not-the-holder\n"
			 "file c i x");
	mislead_invariants(*state, NULL);
}

/* ---- instruments ---- */

static void test_instruments(void **state)
{
	struct kit *kit = *state;
	struct record_instrument instrument;
	struct record_instrument_call call;
	static const char call_row[] = POOL "/1/b-1";
	static const char more[] = "A6: instrument b-1: a call has more paid, used or refused than called";
	static const char drawn[] =
		"A6: what an entry shared out of an instrument, or replaced, was never called";
	kit_world(kit, "insured.case");
	kit_play(kit, "insured-incident\n"
		      "insured-by b-1 S 1 200.00\n"
		      "insured-by b-2 T 2 20.00\n"
		      "insured-by b-3 S 3 30.00\n"
		      "call i\n"
		      "provide i b-1 100.00\n"
		      "distribute i");
	mislead_read(kit, RECORD_INSTRUMENT, "b-1", &instrument);
	mislead_read(kit, RECORD_CALL, call_row, &call);
	const struct wrong wrong[] = {
		{"A6: instrument b-1: what is left, called and lapsed",
			{SET(INSTRUMENT, "b-1", instrument, left, -1),
				ADD(INSTRUMENT, "b-1", instrument, lapsed, instrument.left + 1)}},
		{"A6: instrument b-1: 9010 is not what is left",
			{ADD(INSTRUMENT, "b-1", instrument, left, 1),
				ADD(INSTRUMENT, "b-1", instrument, limit, 1)}},
		{"A6: instrument b-1: its calls do not add up to what was called",
			{ADD(INSTRUMENT, "b-1", instrument, given_back, 1),
				ADD(INSTRUMENT, "b-1", instrument, lapsed, 1)}},
		{more,
			{
				SET(CALL, call_row, instrument_call, paid, -1),
				SET(CALL, call_row, instrument_call, used, 0),
			}},
		{more, {SET(CALL, call_row, instrument_call, refused, -1),
			       ADD(INSTRUMENT, "b-1", instrument, given_back, -1),
			       ADD(INSTRUMENT, "b-1", instrument, lapsed, -1)}},
		{more, {SET(CALL, call_row, instrument_call, used, -1)}},
		/* in all what S was paid out is what it was */
		{more, {SET(CALL, call_row, instrument_call, paid_out, 1),
			       SET(CALL, POOL "/3/b-3", instrument_call, returned, 1)}},
		{more, {SET(CALL, call_row, instrument_call, paid_out, -1),
			       SET(CALL, POOL "/3/b-3", instrument_call, paid_out, 1)}},
		{more, {SET(CALL, call_row, instrument_call, paid, call.called + 1)}},
		{more, {SET(CALL, call_row, instrument_call, called, 0),
			       SET(CALL, call_row, instrument_call, paid, 0),
			       SET(CALL, call_row, instrument_call, used, 0),
			       SET(INSTRUMENT, "b-1", instrument, called, 0),
			       ADD(INSTRUMENT, "b-1", instrument, lapsed, instrument.called),
			       GONE(DRAWN, "@/2/b-1")}},
		/* accounts and call agree, and the section does not */
		{"A6: what was shared out is not what deposit and instruments gave",
			{ADD(CALL, call_row, instrument_call, used, -1), MORE("2040/S/i/CNY", -1),
				MORE("1010/bank//CNY", 1)}},
		{drawn, {{RECORD_DRAWN, "@/2/b-1", 0, sizeof(int64_t), false, 0}}},
		{drawn, {{RECORD_DRAWN, "@/2/b-1", 0, sizeof(int64_t), false, INT64_MAX}}},
		{drawn, {{RECORD_DRAWN, "@/3/b-1", 0, sizeof(int64_t), false, 1}}},
		{drawn, {{RECORD_DRAWN, "@/2/none", 0, sizeof(int64_t), false, 1}}},
	};
	MISLEAD_EACH(kit, wrong);
	/* another receivable of the same provider, that is open too */
	kit_play(kit, "insured-by b-4 S 4 900.00\n"
		      "claim c i 100.00\n"
		      "call i");
	mislead_invariants(kit, NULL);
}

/* ---- payments ---- */

static void test_payments(void **state)
{
	struct kit *kit = *state;
	struct record_claim claim;
	char settled[24];
	static const char stands[] = "I8: claim i-1 is settled by an entry that does not stand";
	kit_play(kit, "settled i 100.00\n"
		      "apportion i several shares=party:Y,share:100.00\n"
		      "receive r i Y 100.00\n"
		      "allocate r\n"
		      "bank recovery.remit incident=i bank_reference=o-1\n"
		      "agent elsewhere.record claim=i-1 source=U kind=refund reference=r-1 amount=20.00 "
		      "evidence_hash=ab*");
	mislead_read(kit, RECORD_CLAIM, "i-1", &claim);
	snprintf(settled, sizeof settled, "%llu", (unsigned long long)claim.settled_entry);
	const struct wrong wrong[] = {
		{stands, {SET(BOOKED, settled, booked, amount, 1)}},
		{stands, {SET(CLAIM, "i-1", claim, settled_entry, (int64_t)claim.last_entry + 1)}},
		{stands, {SET(CLAIM, "i-1", claim, given, -1),
				 SET(CLAIM, "i-1", claim, given_back, INT64_MAX)}},
		{"I5: 1120 of claim i-1", {ADD(CLAIM, "i-1", claim, clawed_off, -1),
						  MORE("1120/i-1/i/CNY", 1), MORE("3110/P/i/CNY", -1)}},
	};
	MISLEAD_EACH(kit, wrong);
}

/* ---- what secures customers, and whom the issuer's pool serves ---- */

static const struct wrong collateral[] = {
	{"A2: what secures merchant M", {ADD(COLLATERAL, "M/CNY", collateral, instruments, 1)}},
	{"A8: issuer Y has another share in merchant M", {ADD(SHARE, "Y/CNY/M", share, instruments, 1)}},
	{"A2: merchant M has a duty", {SET(COLLATERAL, "M/CNY", collateral, duty, 0),
					      SET(COLLATERAL, "M/CNY", collateral, clock, 0),
					      SET(COLLATERAL, "M/CNY", collateral, restricted, 5)}},
	{"A2: merchant N has a duty", {SET(COLLATERAL, "N/CNY", collateral, restricted, 5)}},
	/* the duty agrees with it */
	{"A2: what is required of merchant M", {ADD(COLLATERAL, "M/CNY", collateral, gross, 1),
						       ADD(COLLATERAL, "M/CNY", collateral, required, 1),
						       ADD(COLLATERAL, "M/CNY", collateral, shortfall, 1)}},
	{"A2: what is required of merchant M", {ADD(COLLATERAL, "M/CNY", collateral, gross, -1),
						       ADD(COLLATERAL, "M/CNY", collateral, required, -1),
						       ADD(COLLATERAL, "M/CNY", collateral, shortfall, -1)}},
	{"A2: what is required of merchant M", {ADD(COLLATERAL, "M/CNY", collateral, required, 1),
						       ADD(COLLATERAL, "M/CNY", collateral, shortfall, 1)}},
	{"A2: what is required of merchant M", {ADD(COLLATERAL, "M/CNY", collateral, required, -1),
						       ADD(COLLATERAL, "M/CNY", collateral, shortfall, -1)}},
	{"A2: merchant M has a duty", {ADD(COLLATERAL, "M/CNY", collateral, shortfall, 1)}},
	{"A2: merchant M has a duty", {ADD(COLLATERAL, "M/CNY", collateral, shortfall, -1)}},
	{"A2: what secures merchant M", {ADD(COLLATERAL, "M/CNY", collateral, held, -1)}},
	{"A2: what secures merchant M", {ADD(COLLATERAL, "M/CNY", collateral, instruments, -1)}},
	{"A2: what secures merchant M", {ADD(COLLATERAL, "M/CNY", collateral, exposure, -1)}},
	{"A8: issuer Y has another share in merchant M", {ADD(SHARE, "Y/CNY/M", share, cash, 1)}},
	{"A8: issuer Y has another share in merchant M", {ADD(SHARE, "Y/CNY/M", share, cash, -1)}},
	{"A8: issuer Y has another share in merchant M", {GONE(SHARE, "Y/CNY/M")}},
};

static void test_collateral(void **state)
{
	kit_play(*state, "admin requirement.publish policy=req version=1 unit=CNY basis=ratio\n"
			 "    + requirement.assign merchant=M policy=req version=1\n"
			 "card c-1 200.00\n"
			 "deposit M 50.00 b-1\n"
			 "deposit N 50.00 b-2");
	MISLEAD_EACH(*state, collateral);
}

static const struct wrong issuers_pool[] = {
	{SUMS, {ADD(ROUND, "1/2/1/1", round, back[ROUND_ISSUERS], 1)}},
	{"D7: what appeals restored of the issuer's pool",
		{ADD(ROUND, "1/2/1/1", round, restored[ROUND_ISSUERS], 1),
			ADD(SECTION, POOL, section, issuer_restored, 1)}},
	{"B1: what an issuer's pool gave is not what",
		{ADD(ROUND, "1/2/1/1", round, issuer_secured, 1),
			ADD(SECTION, POOL, section, issuer_secured, 1)}},
};

static void test_issuers_pool(void **state)
{
	kit_play(*state,
		"bank deposit.receive merchant=Y amount=60.00 unit=CNY bank_reference=y-1\n"
		"maker incident.declare incident=i issuer=Y funder=P custodian=bank policy=fuel-card\n"
		"      version=1 reason=liquidation\n"
		"claim-of M m i 100.00\n"
		"claim-of N n i 50.00\n"
		"distribute i");
	MISLEAD_EACH(*state, issuers_pool);
}

/* Two incidents of an issuer: what its pool gave in one, and its end took, is not the other's. */
static void test_issuers_incidents(void **state)
{
	kit_play(*state, "card-of M x 40.00 batch=x\n"
			 "card-of M y 30.00 batch=y\n"
			 "bank deposit.receive merchant=Y amount=60.00 unit=CNY bank_reference=y-1\n"
			 "maker incident.declare incident=i issuer=Y batch=x funder=P custodian=bank "
			 "policy=fuel-card version=1 reason=liquidation\n"
			 "file cx i x\n"
			 "decide cx\n"
			 "distribute i\n"
			 "instruct cx\n"
			 "settle cx\n"
			 "maker cost.record incident=i party=Y section=M amount=2.00 reason=fee "
			 "evidence_hash=ab*\n"
			 "wait 91 days\n"
			 "checker incident.close incident=i reason=all-paid\n"
			 "wait 1 hour\n"
			 "bank deposit.receive merchant=Y amount=60.00 unit=CNY bank_reference=y-2\n"
			 "maker incident.declare incident=j issuer=Y batch=y funder=P custodian=bank "
			 "policy=fuel-card version=1 reason=liquidation\n"
			 "file cy j y\n"
			 "decide cy\n"
			 "distribute j\n"
			 "instruct cy\n"
			 "settle cy\n"
			 "maker cost.record incident=j party=Y section=M amount=1.00 reason=fee "
			 "evidence_hash=ab*\n"
			 "wait 91 days\n"
			 "checker incident.close incident=j reason=all-paid\n"
			 "wait 1 hour");
	mislead_invariants(*state, NULL);
}

/* One party owes back what it was paid of two receipts, of each under the entry that took it back. */
static void test_bounced_twice(void **state)
{
	kit_play(*state,
		"card-of M c-1 1.00\n"
		"card-of N c-2 1.00\n"
		"maker incident.declare incident=i issuer=Y funder=P custodian=bank policy=fuel-card\n"
		"      version=1 reason=liquidation\n"
		"deposit N 500.00 b-n\n"
		"bank recovery.receive recovery=m incident=i payer=G amount=10.00 bank_reference=in-m "
		"section=M\n"
		"bank recovery.receive recovery=n incident=i payer=G amount=20.00 bank_reference=in-n "
		"section=N\n"
		"allocate m\n"
		"allocate n\n"
		"wait 91 days\n"
		"bank surplus.pay incident=i beneficiary=G bank_reference=o-1\n"
		"bank recovery.bounce recovery=m reason=AM04 bank_reference=o-2\n"
		"bank recovery.bounce recovery=n reason=AM04 bank_reference=o-3");
	mislead_invariants(*state, NULL);
}

/* ---- what comes off the accounts of many claims by a clock ---- */

#define LATER                 "1/2/x10"
#define ACCOUNTS(code, steps) ADD(ACCOUNT, code, account, balance, steps)
static const struct wrong lowered[] = {
	{"I5: 1120 of claim x10 is not what is asked back of its advance",
		{ADD(LOWERED, LATER, lowered, receivable, 1)}},
	{"I5: 1120 of claim x10 is not what is asked back of its advance", {GONE(LOWERED, LATER)}},
	{"I3: 3110 of incident i", {ACCOUNTS("3110//i/CNY", 1), ACCOUNTS("3110/P/i/CNY", -1)}},
	{"I5: 9030 of claim x10", {ADD(LOWERED, LATER, lowered, off, 1)}},
	{"I5: what comes off a claim's accounts is of none", {SET(SECTION, "1/2", section, behind, 1)}},
	{"I5: what comes off a claim's accounts is of none", {SET(LOWERED, "1/2/y", lowered, off, 1)}},
	{"G4: a section is behind, and no clock is set for it", {GONE(BEHIND, "1/2")}},
};

static void test_lowered(void **state)
{
	kit_play(*state, "policy half scheme=percentage rate=50.00 waterfall=rank:1,claim:advances\n"
			 "declare-without-deposit i half\n"
			 "repeat n 10 to 26\n"
			 "  maker entitlement.issue entitlement=x$n-card holder=h issuer=Y merchant=M "
			 "channel=app unit=L "
			 "quantity=1.000 cost=1.40 currency=CNY evidence=unavailable\n"
			 "  file x$n i x$n-card\n"
			 "  decide x$n\n"
			 "end\n"
			 "distribute i\n"
			 "fund i 11.90\n"
			 "repeat n 10 to 26\n"
			 "  instruct x$n\n"
			 "  settle x$n\n"
			 "  maker entitlement.consume entitlement=x$n-card evidence=confirmed consumed=0.500 "
			 "reference=u-$n evidence_hash=ab*\n"
			 "end\n"
			 "bank deposit.receive merchant=M amount=17.00 unit=CNY bank_reference=b-m\n"
			 "distribute i");
	MISLEAD_EACH(*state, lowered);
	kit_play(*state, "wait 1 minute strikes 1");
	const struct wrong done[] = {{"I5: a section is behind with accounts of claims",
		{SET(SECTION, "1/2", section, behind, 4), SET(BEHIND, "1/2", behind, clock, 1)}}};
	MISLEAD_EACH(*state, done);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		KIT_TEST(test_appeals),
		KIT_TEST(test_appeals_by_deduction),
		KIT_TEST(test_rounds),
		KIT_TEST(test_reserves),
		KIT_TEST(test_reserves_elsewhere),
		KIT_TEST(test_instruments),
		KIT_TEST(test_payments),
		KIT_TEST(test_collateral),
		KIT_TEST(test_issuers_pool),
		KIT_TEST(test_issuers_incidents),
		KIT_TEST(test_bounced_twice),
		KIT_TEST(test_lowered),
		KIT_TEST(test_restored_by_no_entry),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
