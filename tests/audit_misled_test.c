/* SPDX-License-Identifier: Apache-2.0 */
#include "mislead.h"

#include "base/instant.h"
#include "books/life.h"
#include "books/record_cover.h"
#include "books/record_ledger.h"

/*
 * What an operator might want to be told otherwise. The state is doctored, and the service, whose code is as it should
 * be, decides what it would have refused, or decides otherwise: the log is in perfect order, since the service wrote it
 * itself. The audit must name the entry. Each lie is first refused by a state that is as it should be, where it would be.
 */
enum { DAY = 86400, BANK = 5, AGENT_KEY = 3, ANOTHER_KEY = 1 };
#define DAYS(count) ((count) * (int64_t)INSTANT_DAY)

/* ---- money, roles, claims ---- */

#define ISSUE_X                                                                                              \
	"maker entitlement.issue entitlement=card-X holder=h issuer=Y merchant=M channel=app unit=L "        \
	"quantity=1.000 cost=5.00 currency=CNY\n"
#define CONSUME_X "maker entitlement.consume entitlement=card-X evidence=absent source=Y evidence_hash=ab*\n"
#define FILE_X    "claim.file incident=fuel-2016 entitlement=card-X channel=app claim="
#define DECIDE_X  "maker claim.decide outcome=approve basis_hash=ab* claim="
#define DEPOSIT   "deposit.receive merchant=M amount=5.00 unit=CNY bank_reference="
#define ONCE      "maker [once] cost.record incident=fuel-2016 party=M amount=7.00 reason=fee evidence_hash=ab*"

static const struct cheat golden[] = {
	{"cash by a key that is no custodian's", 1, "", "maker " DEPOSIT "x", 0, "ROLE_MISSING", NULL,
		{SET(KEY, "maker", key, roles, RECOURSE_ROLE_CUSTODIAN),
			SET(KEY, "maker", key, party, BANK)}},
	{"a revoked key", 4, "admin key.revoke key=@payer reason=left", "payer payout.instruct claim=claim-A",
		0, "KEY_REVOKED", NULL,
		{SET(KEY, "payer", key, revoked, 0), SET(KEY, "payer", key, revoked_entry, 0)}},
	{"more than is available", 1, "",
		"maker deposit.hold hold=h merchant=M amount=100000.01 unit=CNY reason=signal", 0,
		"INSUFFICIENT", NULL, {ADD(ACCOUNT, "2010/M//CNY", account, balance, -100000)}},
	{"a line of the bank twice", 1, "", "bank " DEPOSIT "in-deposit", 0, "EXISTS", NULL,
		{GONE(BANK_LINE, "bank/in-deposit")}},
	/* I8: the claim waits for its payment again, and there is money for it */
	{"a claim paid twice", 6, "", "bank payout.settle claim=claim-B", 0, "STATE_WRONG", NULL,
		{SET(CLAIM, "claim-B", claim, state, CLAIM_PAYING),
			SET(CLAIM, "claim-B", claim, payout, PAYOUT_INSTRUCTED),
			SET(CLAIM, "claim-B", claim, paid, 0),
			ADD(SECTION, "1/2", section, settled_advance, -266667),
			ADD(SECTION, "1/2", section, perfected, -266667),
			ADD(ACCOUNT, "2120//fuel-2016/CNY", account, balance, -400000),
			ADD(ACCOUNT, "1010/bank//CNY", account, balance, 400000),
			ADD(ACCOUNT, "1115//fuel-2016/CNY", account, balance, 266667)}},
	{"decided by who took it in", 2, ISSUE_X CONSUME_X "maker " FILE_X "mine", DECIDE_X "mine", 0,
		"SAME_PERSON", NULL, {SET(CLAIM, "mine", claim, filer, AGENT_KEY)}},
	{"consumption without evidence", 2, ISSUE_X "boss " FILE_X "x", DECIDE_X "x", 0, "EVIDENCE_MISSING",
		NULL, {SET(ENTITLEMENT, "card-X", entitlement, evidence, EVIDENCE_ABSENT)}},
	{"after the bar date", 2, ISSUE_X CONSUME_X "wait 365 days without clocks", "agent " FILE_X "late", 0,
		"WINDOW_CLOSED", NULL, {ADD(INCIDENT, "1", incident, bar_date, DAYS(365))}},
	/* E1: under the same version */
	{"another scheme afterwards", 2, ISSUE_X CONSUME_X "boss " FILE_X "x", DECIDE_X "x", 0, NULL, NULL,
		{SET(POLICY, "fuel-card/1", policy, scheme, POLICY_PERCENTAGE),
			SET(POLICY, "fuel-card/1", policy, rate, 5000)}},
	/* H5: the same request carried out twice, since the service was made to forget it */
	{"a request forgotten", 2, ONCE "\n" ONCE, ONCE, 0, NULL, "repeats request",
		{GONE(REQUEST, "1/once")}},
	/* H2: the proposal's maker approves it himself, under another number */
	{"the maker approves", 14,
		"maker write_off.record write_off=wo incident=fuel-2016 party=M reason=friend",
		"maker proposal.approve proposal=$last", 0, "ROLE_MISSING", NULL,
		{SET(PROPOSAL, "@", proposal, maker, ANOTHER_KEY),
			SET(KEY, "maker", key, roles, RECOURSE_ROLE_APPROVER)}},
};

static void test_golden(void **state)
{
	MISLEAD_TRY(golden);
}

/* ---- required deposits, withdrawals (A2, A3) ---- */

#define WITHDRAW "merchant withdrawal.request merchant=M amount=1000.00 unit=CNY reason=excess"
#define SELL                                                                                                 \
	"maker entitlement.issue holder=h issuer=Y merchant=M channel=app unit=L quantity=1.000 "            \
	"currency=CNY cost=100.00 entitlement="
#define REQUIRE(basis)                                                                                       \
	"admin requirement.publish policy=req version=1 unit=CNY basis=" basis                               \
	" + requirement.assign merchant=M policy=req version=1\n"
#define REQUIRED_700 "deposit M 1000.00 b-1\n" REQUIRE("fixed amount=700.00")
#define SHORT_OF_700 "deposit M 699.99 b-1\n" REQUIRE("fixed amount=700.00")

static const struct cheat deposits[] = {
	{"required lowered", 0, REQUIRED_700, WITHDRAW, 0, "INSUFFICIENT", NULL,
		{ADD(COLLATERAL, "M/CNY", collateral, required, -70000)}},
	{"held raised", 0, REQUIRED_700, WITHDRAW, 0, "INSUFFICIENT", NULL,
		{ADD(COLLATERAL, "M/CNY", collateral, held, 70000)}},
	{"policy forgotten", 0, REQUIRED_700, WITHDRAW, 0, "INSUFFICIENT", NULL,
		{SET(COLLATERAL, "M/CNY", collateral, policy_version, 0),
			SET(COLLATERAL, "M/CNY", collateral, required, 0)}},
	/* nothing is refused: what is missing is the duty that the sale opens */
	{"exposure lowered", 0, "deposit M 40.00 b-1\n" REQUIRE("ratio") SELL "c-1", SELL "c-2", 0, NULL,
		NULL, {ADD(COLLATERAL, "M/CNY", collateral, exposure, -5000)}},
	{"restriction forgotten", 0, SHORT_OF_700 "wait 5 days 1 minute strikes 1", SELL "c-1", 0,
		"NOT_PERMITTED", NULL, {SET(COLLATERAL, "M/CNY", collateral, restricted, 0)}},
	/* the clock strikes, and finds nobody to restrict */
	{"duty forgotten", 0, SHORT_OF_700, NULL, 5 * DAY + 60, NULL, NULL,
		{SET(COLLATERAL, "M/CNY", collateral, duty, 0)}},
	{"signal forgotten", 0, "deposit M 1000.00 b-1\nmaker signal.raise merchant=M reason=unreachable",
		WITHDRAW, 0, "NOT_PERMITTED", NULL, {GONE(SIGNAL, "M")}},
	/* the bank paid what was asked for; the service writes down less, and the rest stays to be taken */
	{"withdrawal of another amount", 0, "deposit M 1300.00 b-1\n" WITHDRAW,
		"bank withdrawal.pay withdrawal=$last bank_reference=b-2", 0, NULL, NULL,
		{ADD(WITHDRAWAL, "@", withdrawal, amount, -100)}},
};

static void test_deposits(void **state)
{
	MISLEAD_TRY(deposits);
}

/* ---- custody, coverage (A7, A8) ---- */

#define WARN                                                                                                 \
	"admin coverage.publish version=1 unit=CNY thresholds=level:watch,below:100.00 "                     \
	"thresholds=level:critical,below:50.00\nwait 1 second\n"
#define ATTESTED(balance, ratio)                                                                             \
	"deposit M 100.00 b-1\n" SELL "c-1\n" WARN "wait 1 day\n"                                            \
	"bank custody.attest day=2016-05-04 unit=CNY balance=" balance " statement_hash=ab*\n"               \
	"wait 1 second\n"                                                                                    \
	"wait 1 second\n"                                                                                    \
	"? auditor report.coverage issuer=Y : ratio=" ratio

static const struct cheat coverage[] = {
	/* there is to be no alert: the level is as if it had been there for long */
	{"alert kept quiet", 0, WARN SELL "c-1", NULL, 1, NULL, NULL,
		{SET(ISSUER, "Y/CNY", issuer, level, 2)}},
	/* the bank has less than the ledger says, and it is to count all the same */
	{"break kept quiet", 0, ATTESTED("60.00", "0.00"), NULL, DAY, NULL, NULL,
		{SET(CUSTODY, "bank/CNY", custody, open_break, 0)}},
	{"stale custody counts", 0, ATTESTED("100.00", "100.00"), NULL, 3 * DAY, NULL, NULL,
		{ADD(CUSTODY, "bank/CNY", custody, due, DAYS(365))}},
	/* still 4 May in London */
	{"a day that ended elsewhere", 0,
		"admin calendar.publish calendar=gb year=2016 version=1 weekend=sunday offset_minutes=60\n"
		"admin custody.place custodian=bank calendar=gb\n"
		"deposit M 100.00 b-1\n"
		"wait 20 hours",
		"bank custody.attest day=2016-05-04 unit=CNY balance=100.00 statement_hash=ab*", 0,
		"WINDOW_CLOSED", NULL, {SET(PLACE, "bank", place, east, 480)}},
	/* the bank has less than the day before, and it is to be as if somebody had said why */
	{"explained by nobody", 0, ATTESTED("100.00", "100.00") "\nwait 1 day",
		"bank custody.attest day=2016-05-05 unit=CNY balance=60.00 statement_hash=ab*", 0, NULL, NULL,
		{SET(CUSTODY, "bank/CNY", custody, explained, -4000),
			SET(CUSTODY, "bank/CNY", custody, explained_day, 1)}},
	/* the deposit of entry 21 is taken back twice, out of another one's money */
	{"taken back twice", 0,
		"bank bank.line line=t amount=10.00 unit=CNY direction=credit day=2016-05-04\n"
		"slip := deposit M 5.00 t\ndeposit M 5.00 t\n"
		"bank deposit.reverse entry:=$slip reason=slip\napprove",
		"bank deposit.reverse entry=23 reason=slip", 0, "STATE_WRONG", NULL,
		{SET(BOOKED, "@-3", booked, corrected_by, 0)}},
	/* the bank took 5.00, and more of it is called its fee than it took */
	{"a line beyond its amount", 0,
		"deposit M 100.00 b-1\n"
		"bank bank.line line=out amount=5.00 unit=CNY direction=debit day=2016-05-04",
		"bank bank.fee amount=5.01 unit=CNY bank_reference=out reason=monthly", 0, "INSUFFICIENT",
		NULL, {ADD(BANK_LINE, "bank/out", bank_line, amount, 1)}},
	/* a stricter class that no merchant is to feel */
	{"sweep dropped", 0,
		REQUIRE("ratio") "admin issuer.classify issuer=Y class=scale reason=filing\n"
				 "wait 1 second\n"
				 "deposit M 20.00 b-1\n" SELL "c-1\n"
				 "admin issuer.classify issuer=Y class=brand reason=filing",
		NULL, 1, NULL, NULL, {GONE(SWEEP, "@")}},
};

static void test_coverage(void **state)
{
	MISLEAD_TRY(coverage);
}

/* ---- instruments (A6) ---- */

#define CALL "maker instrument.call incident=i reason=r evidence_hash=ab*"
#define INSURED                                                                                              \
	"admin party.register party=S kinds=insurer\n"                                                       \
	"deposit M 100.00 b-1\n"                                                                             \
	"declare i M fuel-card\n"                                                                            \
	"claim a i 300.00\n"                                                                                 \
	"claim b i 50.00\n"                                                                                  \
	"maker instrument.register instrument=bond kind=bond provider=S merchant=M unit=CNY limit=90.00 "    \
	"draw=1 expires=2018-01-01T00:00:00Z document_hash=ab* "

static const struct cheat instruments[] = {
	/* 9010 has a contra: what is called must be there as well */
	{"limit raised", 0, INSURED, CALL " ! INSUFFICIENT", 0, NULL, "should not have been refused",
		{ADD(INSTRUMENT, "bond", instrument, limit, 10000),
			ADD(INSTRUMENT, "bond", instrument, left, 10000)}},
	{"deductible lowered", 0, INSURED "deductible=290.00", CALL, 0, NULL, NULL,
		{ADD(INSTRUMENT, "bond", instrument, deductible, -1000)}},
	{"expired", 0, INSURED "\nwait 700 days without clocks", CALL, 0, "INSUFFICIENT", NULL,
		{ADD(INSTRUMENT, "bond", instrument, expires, DAYS(3650))}},
};

static void test_instruments(void **state)
{
	MISLEAD_TRY(instruments);
}

/* ---- appeals (D7) ---- */

#define DEDUCTED                                                                                             \
	"deposit M 1000.00 b-1\n"                                                                            \
	"declare i M fuel-card\n"                                                                            \
	"claim c i 1000.00\n"                                                                                \
	"distribute i\n"
#define GONE_BACK                                                                                            \
	"key judge P approver\n"                                                                             \
	"deposit M 1000.00 b-1\n"                                                                            \
	"declare i M fuel-card\n"                                                                            \
	"claim a i 600.00\n"                                                                                 \
	"claim b i 400.00\n"                                                                                 \
	"first := distribute i\n"                                                                            \
	"maker claim.void claim=a reason=fraud evidence_hash=ab*\n"                                          \
	"approve\n"                                                                                          \
	"claim c i 600.00\n"                                                                                 \
	"distribute i\n"                                                                                     \
	"merchant appeal.lodge merchant=M deduction=$first reason=not-us"
#define LODGE "merchant appeal.lodge merchant=M deduction=$last reason=not-us"

static const struct cheat appeals[] = {
	{"appeal window widened", 0, DEDUCTED "wait 16 days", /* and a clock strikes */
		"merchant appeal.lodge merchant=M deduction=27 reason=not-us", 0, "WINDOW_CLOSED", NULL,
		{ADD(DEDUCTION, "@-1/2", deduction, until, DAYS(365))}},
	/* the other way round: a merchant is turned away that had the right; a refusal is recorded, too */
	{"appeal turned away", 0, DEDUCTED, LODGE " ! WINDOW_CLOSED", 0, NULL, "should not have been refused",
		{ADD(DEDUCTION, "@/2", deduction, until, -DAYS(15))}},
	{"appeal decided by who deducted", 0, DEDUCTED LODGE,
		"checker appeal.decide appeal=$last outcome=upheld basis_hash=ab* reason=heard", 0,
		"SAME_PERSON", NULL, {SET(DEDUCTION, "@-1/2", deduction, approver, ANOTHER_KEY)}},
	{"stay forgotten", 0, DEDUCTED LODGE "\nchecker appeal.stay appeal=$last reason=arguable",
		"payer payout.instruct claim=c", 0, "NOT_PERMITTED", NULL,
		{SET(INCIDENT, "1", incident, stays, 0)}},
	/* 600.00 went back of the first deduction, and the second took them */
	{"what went back restored once more", 0, GONE_BACK,
		"judge appeal.decide appeal=$last outcome=varied amount=500.00 basis_hash=ab* reason=heard",
		0, "INSUFFICIENT", NULL, {SET(ROUND, "1/2/1/1", round, back[ROUND_OWN], 0)}},
	{"what went back restored once more, all of it", 0, GONE_BACK,
		"judge appeal.decide appeal=$last outcome=reversed basis_hash=ab* reason=heard", 0, NULL,
		NULL, {SET(ROUND, "1/2/1/1", round, back[ROUND_OWN], 0)}},
};

static void test_appeals(void **state)
{
	MISLEAD_TRY(appeals);
}

/* ---- whose part of the issuer's pool (B1): N's number is 8 ---- */

#define SPLIT                                                                                                \
	"bank deposit.receive merchant=Y amount=60.00 unit=CNY bank_reference=y-1\n"                         \
	"maker incident.declare incident=i issuer=Y funder=P custodian=bank policy=fuel-card\n"              \
	"      version=1 reason=liquidation\n"                                                               \
	"claim-of M m i 100.00\n"                                                                            \
	"claim-of N n i 50.00\n"                                                                             \
	"card-of N x 70.00\n"                                                                                \
	"file x i x\n"                                                                                       \
	"distribute i\n"                                                                                     \
	"bank deposit.receive merchant=Y amount=30.01 unit=CNY bank_reference=y-2"

/*
 * A step of it, as if the one section had had it before, and the other had not; of N's part some stays in the pool, for a claim
 * that is not decided, so that what is shared out is another sum.
 */
static const struct cheat issuers_pool[] = {
	{"a step to M", 0, SPLIT, "checker distribution.approve incident=i", 0, NULL, NULL,
		{ADD(SECTION, "1/2", section, from_issuer, -1),
			ADD(SECTION, "1/8", section, from_issuer, 1)}},
	{"a step to N", 0, SPLIT, "checker distribution.approve incident=i", 0, NULL, NULL,
		{ADD(SECTION, "1/2", section, from_issuer, 1),
			ADD(SECTION, "1/8", section, from_issuer, -1)}},
};

static void test_issuers_pool(void **state)
{
	MISLEAD_TRY(issuers_pool);
}

/* ---- how an incident ends (B6) ---- */

#define DECLARED "deposit M 1000.00 b-1\ndeclare i M fuel-card\ncard c-card 300.00\nfile c i c-card\n"
#define CLOSE    "checker incident.close incident=i reason=all-paid"

static const struct cheat endings[] = {
	{"a deposit given back before the bar date", 0, DECLARED, CLOSE, 0, "WINDOW_CLOSED", NULL,
		{ADD(INCIDENT, "1", incident, bar_date, -DAYS(100)),
			SET(INCIDENT, "1", incident, state, INCIDENT_BAR_DATE),
			SET(SECTION, "1/2", section, claims_filed, 0)}},
	{"a deposit given back while somebody claims", 0, DECLARED "wait 91 days", CLOSE, 0, "STATE_WRONG",
		NULL, {SET(SECTION, "1/2", section, claims_filed, 0)}},
	{"an end that pays less than is owed", 0,
		"settled i 300.00\napportion i several shares=party:M,share:100.00\ndeposit M 300.00 b-1\n"
		"wait 91 days",
		CLOSE, 0, NULL, NULL, {ADD(LIABILITY, "1/2/M", liability, received, 30000)}},
	{"an incident undone after a ruling", 0,
		DECLARED "maker claim.decide claim=c outcome=reject reason=not-the-holder\n",
		"maker incident.cancel incident=i reason=mistake", 0, "NOT_PERMITTED", NULL,
		{SET(SECTION, "1/2", section, first_ruling, 0)}},
	{"closing that is proposed with nothing in its way", 0, DECLARED "wait 91 days", NULL, 8 * DAY, NULL,
		NULL, {SET(SECTION, "1/2", section, claims_filed, 0)}},
};

static void test_endings(void **state)
{
	MISLEAD_TRY(endings);
}

/* ---- who agreed (H1, H6) ---- */

#define PROPOSED(break_glass)                                                                                \
	"deposit M 100.00 b-1\n"                                                                             \
	"admin control.publish version=1 break_glass=" break_glass "\n"                                      \
	"    limits=command:deposit.hold,span:single,unit:CNY,amount:10.00,approvals:1\n"                    \
	"maker deposit.hold hold=h merchant=M amount=60.00 unit=CNY reason=signal\n"
#define USE "admin break_glass.use proposal=$last reason=nobody-there evidence_hash=ab*"

static const struct cheat agreements[] = {
	{"break-glass forbidden", 0, PROPOSED("forbidden"), USE, 0, "NOT_PERMITTED", NULL,
		{SET(CONTROL, "", control, break_glass, AUTHORITY_ALLOWED)}},
	/* the service's report knows nothing of it; when the clock strikes there is nothing that could be overdue */
	{"break-glass without review", 0, PROPOSED("allowed") USE, "? auditor report.break_glass : uses#=0",
		30 * DAY, NULL, NULL, {GONE(BREAK_GLASS_OPEN, "@"), GONE(BREAK_GLASS, "@")}},
	{"rotated key approves", 0,
		PROPOSED("forbidden") "checker key.rotate key=@checker new=@checker-2 reason=routine",
		"checker proposal.approve proposal=$last-1", 0, "KEY_REVOKED", NULL,
		{SET(KEY, "checker", key, revoked, 0), SET(KEY, "checker", key, revoked_entry, 0),
			SET(KEY, "checker", key, rotated_to, 0)}},
};

static void test_agreements(void **state)
{
	MISLEAD_TRY(agreements);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_golden),
		cmocka_unit_test(test_deposits),
		cmocka_unit_test(test_coverage),
		cmocka_unit_test(test_instruments),
		cmocka_unit_test(test_appeals),
		cmocka_unit_test(test_issuers_pool),
		cmocka_unit_test(test_endings),
		cmocka_unit_test(test_agreements),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
