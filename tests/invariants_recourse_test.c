/* SPDX-License-Identifier: Apache-2.0 */
#include "mislead.h"

#include "books/record_cover.h"
#include "books/record_ledger.h"

/* What the audit says of recourse and of what appeals restored that the rules can not have made so (see invariants_test.c). */

#define M_SECTION "1/2" /* the first incident's: M's, */
#define Y_SECTION "1/3" /* and the issuer's; */
#define N_SECTION "1/8" /* N's, where it came in */

/* ---- G4: what was paid on of a receipt that was taken back ---- */

static const struct wrong bounced[] = {
	{"is not what Y owes back", {ADD(LIABILITY, M_SECTION "/Y", liability, shortfall, 1)}},
	{"is not what Y owes back", {SET(LIABILITY, M_SECTION "/Y", liability, shortfall_entry, 1)}},
	{"is not what P owes back", {ADD(SECTION, M_SECTION, section, owed_back, 1)}},
	{"is not what P owes back", {SET(SECTION, M_SECTION, section, owed_entry, 1)}},
	{"I6: a section does not add up", {ADD(SECTION, M_SECTION, section, costs_served, 1),
						  ADD(SECTION, M_SECTION, section, recourse_collected, -1)}},
	{"I6: a section does not add up", {ADD(SECTION, M_SECTION, section, waiting, 1)}},
	{"I6: the memo is not what was written off",
		{ADD(LIABILITY, M_SECTION "/Y", liability, enforceable, 1)}},
	{"I6: the memo is not what was written off",
		{ADD(LIABILITY, M_SECTION "/Y", liability, enforceable, 1),
			ADD(LIABILITY, M_SECTION "/Y", liability, reinstated, -1)}},
	{"I6: the memo is not what was written off", {SET(SECTION, M_SECTION, section, off_beyond, -1)}},
	{"I6: the memo is not what was written off", {SET(SECTION, M_SECTION, section, off_before, -1)}},
	{"I6: party Y paid more", {SET(LIABILITY, M_SECTION "/Y", liability, written_off, 1)}},
	{"I6: party Y paid more", {SET(LIABILITY, M_SECTION "/Y", liability, credited, -1)}},
	{"I6: party Y paid more", {SET(LIABILITY, M_SECTION "/Y", liability, written_off, 10001),
					  SET(LIABILITY, M_SECTION "/Y", liability, enforceable, 10001)}},
};

static void test_bounced(void **state)
{
	kit_play(*state, "deposit N 500.00 b-n\n"
			 "settled i 100.00\n"
			 "apportion i several shares=party:Y,share:100.00\n"
			 "receive y i Y 150.00\n"
			 "allocate y\n"
			 "receive z i Y 5.00\n"
			 "bank recovery.bounce recovery=z reason=AM04 bank_reference=o-z\n"
			 "wait 91 days\n"
			 "bank surplus.pay incident=i beneficiary=Y bank_reference=o\n"
			 "bank recovery.remit incident=i bank_reference=o-1\n"
			 "bank recovery.bounce recovery=y reason=AM04 bank_reference=o-2");
	MISLEAD_EACH(*state, bounced);
}

/* ---- G4: what of it was paid in ---- */

#define OF_REPAYMENT "G4: what sections had of a repayment"
static const struct wrong repaid[] = {
	{OF_REPAYMENT, {ADD(REPAID, "@/2", repaid, funders, 1)}},
	{OF_REPAYMENT, {GONE(REPAID, "@/2")}},
	{"G4: what a section had of a repayment", {SET(REPAID, "@/2", repaid, reinstated, 1)}},
	{"G4: what a section had of a repayment", {SET(BOOKED, "@", booked, kind, BOOKED_REMITTANCE)}},
	{OF_REPAYMENT, {SET(BOOKED, "@", booked, amount, 3999)}},
};

static void test_repaid(void **state)
{
	kit_play(*state, "deposit N 500.00 b-n\n"
			 "settled i 100.00\n"
			 "apportion i several shares=party:Y,share:100.00\n"
			 "receive y i Y 100.00\n"
			 "allocate y\n"
			 "bank recovery.remit incident=i bank_reference=o-1\n"
			 "bank recovery.bounce recovery=y reason=AM04 bank_reference=o-2\n"
			 "bank repayment.receive incident=i party=P amount=40.00 bank_reference=r");
	MISLEAD_EACH(*state, repaid);
}

/* ---- I6, G4: what a party was paid, by which entries, and what of it is not there or not its own any more ---- */

#define OF_ENTRIES                                                                                           \
	"I6: what a party was paid of its own, or had paid itself of that, is not what entries paid"
#define OWED_BACK "G4: what a party was paid, and is not there or not its own, is not what it owes back"
#define PAID_BY   M_SECTION "/M/@-4"
#define PAID_BACK M_SECTION "/M/@"
static const struct wrong paid_out[] = {
	{OF_ENTRIES, {ADD(LIABILITY, M_SECTION "/M", liability, paid_own, -1)}},
	{OF_ENTRIES, {ADD(PAID_OUT, PAID_BY, paid_out, steps, 1)}},
	{OF_ENTRIES, {ADD(PAID_OUT, PAID_BY, paid_out, own, 1)}},
	{OF_ENTRIES, {ADD(LIABILITY, M_SECTION "/M", liability, paid_over, 1)}},
	{OF_ENTRIES, {ADD(PAID_OUT, PAID_BY, paid_out, over, 1)}},
	{OF_ENTRIES, {ADD(PAID_OUT, PAID_BACK, paid_out, steps, -1)}},
	{OF_ENTRIES, {ADD(PAID_OUT, PAID_BACK, paid_out, own, -1)}},
	{OF_ENTRIES, {GONE(PAID_OUT, PAID_BY)}},
	{OF_ENTRIES, {GONE(LIABILITY, M_SECTION "/M")}},
	{"I6: what was paid to a party of its own is of an entry that paid it nothing",
		{THERE(PAID_OUT, M_SECTION "/M/@-1")}},
	{"I6: what was paid to a party of its own is of an entry that paid it nothing",
		{THERE(PAID_OUT, M_SECTION "/Y/@-4")}},
	/* so much less of it was its own, as if others had had to make up for it */
	{OWED_BACK, {ADD(LIABILITY, M_SECTION "/M", liability, paid_own, -1),
			    ADD(PAID_OUT, PAID_BY, paid_out, own, -1)}},
};

static void test_paid_out(void **state)
{
	kit_play(*state,
		"deposit N 900.00 b-n\n"
		"deposit M 180.00 b-m\n"
		"declare i M fuel-card\n"
		"claim a i 300.00\n"
		"distribute i\n"
		"fund i 120.00\n"
		"instruct a\n"
		"settle a\n"
		"apportion i joint-and-several shares=party:M,share:60.00 shares=party:Y,share:40.00\n"
		"wait 91 days\n"
		"receive m i M 500.00\n"
		"allocate m\n"
		"bank surplus.pay incident=i beneficiary=M bank_reference=o-1\n"
		"receive y i Y 120.00\n"
		"allocate y\n"
		"bank recovery.bounce recovery=m reason=AM04 bank_reference=o-2\n"
		"bank repayment.receive incident=i party=M amount=100.00 bank_reference=r");
	MISLEAD_EACH(*state, paid_out);
}

static const struct wrong replaced[] = {
	{OWED_BACK, {SET(LIABILITY, M_SECTION "/M", liability, paid_judgment, 0)}},
	{"is not what M owes back", {ADD(LIABILITY, M_SECTION "/M", liability, shortfall, 1)}},
};

static void test_replaced(void **state)
{
	kit_play(*state,
		"deposit N 900.00 b-n\n"
		"deposit M 60.00 b-m\n"
		"declare i M fuel-card\n"
		"claim a i 100.00\n"
		"distribute i\n"
		"fund i 40.00\n"
		"instruct a\n"
		"settle a\n"
		"judged := apportion i several shares=party:M,share:50.00 shares=party:Y,share:50.00\n"
		"wait 91 days\n"
		"receive y i Y 50.00\n"
		"allocate y\n"
		"bank surplus.pay incident=i beneficiary=M bank_reference=o-1\n"
		"maker liability.reapportion entry=$judged reason=appeal mode=several basis_hash=ab*\n"
		"    shares=party:M,share:80.00 shares=party:Y,share:20.00\n"
		"approve");
	MISLEAD_EACH(*state, replaced);
}

/* ---- what is back in part ---- */

#define TORN       "a correction and what it corrects contradict each other"
#define OF_RECEIPT "G4: a receipt, and what of it is back, is not what came"
static const struct wrong in_part[] = {
	{TORN, {ADD(BOOKED, "@-2", booked, back, -1)}},
	{TORN, {SET(BOOKED, "@-2", booked, corrected_by, 0)}},
	{TORN, {ADD(BOOKED, "@", booked, amount, -1)}},
	{TORN, {SET(BOOKED, "@", booked, back, -1)}},
	{"G4: a receipt is of another custodian", {SET(INCIDENT, "1", incident, custodian, 1)}},
	{OF_RECEIPT, {ADD(RECOVERY, "y/5", recovery, back, -1)}},
};

static void test_in_part(void **state)
{
	kit_play(*state, "deposit N 500.00 b-n\n"
			 "settled i 100.00\n"
			 "apportion i several shares=party:Y,share:100.00\n"
			 "receive y i Y 100.00\n"
			 "bank recovery.bounce recovery=y reason=AM04 bank_reference=o\n"
			 "wrong := bank recourse.reverse entry:=$last reason=slip\n"
			 "approve");
	MISLEAD_EACH(*state, in_part);
}

/* ---- when receipts came, and what was done with them ---- */

static const struct wrong receipts[] = {
	{"G4: by its entry no such receipt came: y", {ADD(RECOVERY, "y/5", recovery, received, -1)}},
	{"G4: by its entry no such receipt came: z", {ADD(RECOVERY, "z/5", recovery, received, 1)}},
	{"G4: by its entry nothing was done with the receipt y",
		{ADD(RECOVERY, "y/5", recovery, allocated_entry, 1)}},
	{"G4: by its entry nothing was done with the receipt y",
		{ADD(RECOVERY, "y/5", recovery, allocated_entry, -1)}},
	{"G4: by its entry nothing was done with the receipt y",
		{ADD(RECOVERY, "y/5", recovery, confirmed_entry, 1)}},
	{"G4: no entry took back the receipt z", {ADD(RECOVERY, "z/5", recovery, bounced_entry, 1)}},
	{"G4: no entry took back the receipt z", {ADD(RECOVERY, "z/5", recovery, bounced_entry, -1)}},
};

static void test_receipts(void **state)
{
	kit_play(*state, "deposit N 500.00 b-n\n"
			 "settled i 100.00\n"
			 "apportion i several shares=party:Y,share:100.00\n"
			 "receive y i Y 60.00\n"
			 "allocate y\n"
			 "receive z i Y 5.00\n"
			 "bank recovery.bounce recovery=z reason=AM04 bank_reference=o\n"
			 "deposit N 1.00 b-n-2");
	MISLEAD_EACH(*state, receipts);
}

/* ---- what waits for a liquidator ---- */

#define OF_TOP_UP "money for a deposit waits for no liquidator"
static const struct wrong aside[] = {
	{OF_TOP_UP, {SET(BOOKED, "@", booked, corrected_by, 1)}},
	{OF_TOP_UP, {SET(BOOKED, "@", booked, before, 1)}},
	{OF_TOP_UP, {GONE(BOOKED, "@")}},
	{OF_TOP_UP, {ADD(BOOKED, "@", booked, amount, 1)}},
	{OF_TOP_UP, {SET(TOP_UP, "@-1", top_up, ended_entry, 1)}},
};

static void test_aside(void **state)
{
	kit_play(*state, "admin party.register party=liquidator kinds=liquidator\n"
			 "maker estate.open party=M liquidator=liquidator accepted_at=2016-05-04T00:00:00Z "
			 "basis_hash=ab*\n"
			 "wait 2 days\n"
			 "put := deposit M 30.00 b-1\n"
			 "bank estate.give_back deposit=$put bank_reference=o-1");
	MISLEAD_EACH(*state, aside);
}

/* ---- I6: what an end took and an appeal gave back is the funder's, as others pay it ---- */

static const struct wrong subrogated[] = {
	{"I6: 2150 is not what is its own again of party M",
		{ADD(LIABILITY, M_SECTION "/M", liability, subrogated, -1)}},
	{"I6: party M paid more", {ADD(LIABILITY, M_SECTION "/M", liability, subrogated, 1)}},
	{"I6: party M paid more", {ADD(LIABILITY, M_SECTION "/M", liability, paid_out, 1)}},
	{"I6: party M paid more", {SET(LIABILITY, M_SECTION "/M", liability, paid_own, -1)}},
	{"I6: party M paid more", {SET(LIABILITY, M_SECTION "/M", liability, paid_own, 9999)}},
	/* more than was taken, though the funder paid it in */
	{"D7: what an appeal restores is not what",
		{ADD(APPEAL, "@-4", appeal, restored, 1), ADD(APPEAL, "@-4", appeal, funded, 1)}},
	{"I6: party M paid more", {SET(LIABILITY, M_SECTION "/M", liability, restored, 9999)}},
	{"G4: 2170 is not what was collected", {ADD(SECTION, M_SECTION, section, handed_back, 1)}},
};

static void test_subrogated(void **state)
{
	kit_play(*state,
		"key judge P approver\n"
		"settled i 200.00\n"
		"apportion i joint-and-several shares=party:M,share:50.00 shares=party:Y,share:50.00\n"
		"deposit M 200.00 b-1\n"
		"wait 91 days\n"
		"closed := checker incident.close incident=i reason=all-paid\n"
		"appeal := boss appeal.lodge merchant=M deduction=$closed reason=r\n"
		"judge appeal.decide appeal=$appeal outcome=reversed basis_hash=ab* reason=heard\n"
		"bank appeal.fund appeal=$appeal amount=200.00 bank_reference=f-1\n"
		"receive y i Y 100.00\n"
		"allocate y");
	MISLEAD_EACH(*state, subrogated);
}

/* ---- D7: what was restored of the issuer's pool is of the sections that had it ---- */

#define ISSUERS "D7: what appeals restored of the issuer's pool"
static const struct wrong restored[] = {
	{"D7: what came back of the deductions", {ADD(SECTION, Y_SECTION, section, restored_given, 1)}},
	{ISSUERS, {ADD(SECTION, Y_SECTION, section, recourse_given, 1)}},
	{"D7: what came back of the deductions", {ADD(SECTION, Y_SECTION, section, back_given, 1)}},
	{"D7: what came back of the deductions", {ADD(SECTION, M_SECTION, section, issuer_restored, 1)}},
	{ISSUERS, {ADD(SECTION, N_SECTION, section, issuer_recourse, 1)}},
	/* of another's, than had it */
	{"I7: more is recourse of a section", {ADD(SECTION, M_SECTION, section, issuer_recourse, 1),
						      ADD(SECTION, N_SECTION, section, issuer_recourse, -1)}},
	{"D7: what came back of the deductions", {ADD(SECTION, M_SECTION, section, issuer_restored_back, 1)}},
	{"B1: what the issuer's pool gave for a section", {ADD(SECTION, M_SECTION, section, issuer_back, 1)}},
	/* what the funder bears of it is as it was */
	{"D7: what came back of the deductions", {ADD(SECTION, Y_SECTION, section, restored_given, 1),
							 ADD(SECTION, Y_SECTION, section, back_given, 1)}},
	{"D7: what came back of the deductions",
		{ADD(SECTION, M_SECTION, section, issuer_restored, 1),
			ADD(SECTION, M_SECTION, section, issuer_restored_back, 1)}},
	{"D7: what came back of the deductions", {ADD(SECTION, Y_SECTION, section, restored_given, -1),
							 ADD(SECTION, Y_SECTION, section, back_given, -1)}},
	{"D7: what came back of the deductions",
		{ADD(SECTION, M_SECTION, section, issuer_restored, -1),
			ADD(SECTION, M_SECTION, section, issuer_restored_back, -1)}},
	{ISSUERS, {ADD(SECTION, Y_SECTION, section, restored_back, 1),
			  ADD(SECTION, Y_SECTION, section, back_given, 1)}},
	{ISSUERS, {ADD(SECTION, Y_SECTION, section, restored_back, -1),
			  ADD(SECTION, Y_SECTION, section, back_given, -1)}},
};

static void test_restored(void **state)
{
	kit_play(*state, "key judge P approver\n"
			 "key yk Y merchant\n"
			 "bank deposit.receive merchant=Y amount=200.00 unit=CNY bank_reference=b-2\n"
			 "maker incident.declare incident=i issuer=Y funder=P custodian=bank "
			 "policy=fuel-card version=1\n"
			 "    reason=liquidation\n"
			 "claim-of M m i 150.00\n"
			 "claim-of N n i 50.00\n"
			 "ded := distribute i\n"
			 "instruct m\n"
			 "settle m\n"
			 "instruct n\n"
			 "settle n\n"
			 "appeal := yk appeal.lodge merchant=Y deduction=$ded reason=r\n"
			 "judge appeal.decide appeal=$appeal outcome=varied amount=100.00 basis_hash=ab* "
			 "reason=heard\n"
			 "bank appeal.fund appeal=$appeal amount=80.00 bank_reference=f-1");
	MISLEAD_EACH(*state, restored);
}

/* ---- I5: of what recoveries were paid out for, asked back ---- */

static const struct wrong asked_back[] = {
	{"I5: what is asked back in incident i", {ADD(SECTION, M_SECTION, section, clawed_recovered, 1)}},
	{"I5: what is asked back in incident i", {ADD(CLAIM, "a", claim, clawed_recovered, 1)}},
	{"I5: a claim received more than its loss, with", {SET(CLAIM, "a", claim, clawed_recovered, 2001)}},
	{"I5: a claim received more than its loss, with", {SET(CLAIM, "a", claim, clawed_recovered, -1)}},
	{"I5: 1120 of claim a", {SET(CLAIM, "a", claim, clawed_off_rest, 1001)}},
	{"I5: 1120 of claim a", {SET(CLAIM, "a", claim, clawed_off_rest, -1)}},
};

static void test_asked_back(void **state)
{
	kit_play(*state, "policy eighty scheme=percentage rate=80.00 waterfall=rank:1,claim:uncovered "
			 "waterfall=rank:2,claim:advances\n"
			 "declare-without-deposit i eighty\n"
			 "claim a i 100.00\n"
			 "distribute i\n"
			 "fund i 80.00\n"
			 "instruct a\n"
			 "settle a\n"
			 "apportion i several shares=party:Y,share:100.00\n"
			 "receive y i Y 20.00\n"
			 "allocate y\n"
			 "bank surplus.pay incident=i beneficiary=consumers bank_reference=o-1\n"
			 "agent elsewhere.record claim=a source=U kind=refund reference=x amount=90.00 "
			 "evidence_hash=ab*");
	MISLEAD_EACH(*state, asked_back);
}

/* ---- I5: whose again it was what came back ---- */

#define OF_CAME_BACK "I5: what came back of a claim"
static const struct wrong gave_back[] = {
	{OF_CAME_BACK, {ADD(GAVE_BACK, "@", gave_back, pool, 1)}},
	{OF_CAME_BACK, {SET(GAVE_BACK, "@", gave_back, issuers, 6001)}},
	{OF_CAME_BACK, {SET(GAVE_BACK, "@", gave_back, issuers_secured, 1)}},
	{OF_CAME_BACK, {SET(GAVE_BACK, "@", gave_back, recovered, 1)}},
	{OF_CAME_BACK, {SET(GAVE_BACK, "@", gave_back, off, 1)}},
	{OF_CAME_BACK, {GONE(BOOKED, "@")}},
};

static void test_gave_back(void **state)
{
	kit_play(*state, "deposit M 100.00 b-1\n"
			 "declare i M fuel-card\n"
			 "claim a i 100.00\n"
			 "distribute i\n"
			 "instruct a\n"
			 "settle a\n"
			 "agent elsewhere.record claim=a source=U kind=refund reference=x amount=60.00 "
			 "evidence_hash=ab*\n"
			 "bank clawback.receive claim=a amount=60.00 bank_reference=in");
	MISLEAD_EACH(*state, gave_back);
}

/* ---- G4: what stands is what would stand if it were settled up again ---- */

#define BALANCE(key, steps) ADD(ACCOUNT, key, account, balance, steps)
static const struct wrong settled[] = {
	/* the books, and all sums, agree with each other */
	{"G4: settled up again, 2140 of Y would be another in the section of M, incident i",
		{ADD(LIABILITY, M_SECTION "/Y", liability, waits, 1),
			ADD(LIABILITY, M_SECTION "/Y", liability, returned, -1),
			ADD(LIABILITY, M_SECTION "/Y", liability, over_paid, -1),
			ADD(SECTION, M_SECTION, section, waiting, 1),
			ADD(SECTION, M_SECTION, section, returned, -1), BALANCE("2140/Y/i/CNY", -1),
			BALANCE("2150/Y/i/CNY", 1)}},
	{"G4: settled up again, 1110 of M would be another in the section of M, incident i",
		{ADD(LIABILITY, M_SECTION "/M", liability, open, -1),
			ADD(LIABILITY, M_SECTION "/Y", liability, open, 1), BALANCE("1110/M/i/CNY", -1),
			BALANCE("1110/Y/i/CNY", 1)}},
	{"G4: settled up again, what is over-paid of Y",
		{ADD(LIABILITY, M_SECTION "/Y", liability, over_paid, -1)}},
};

static void test_settled(void **state)
{
	kit_play(*state, "settled i 100.00\n"
			 "apportion i several shares=party:M,share:40.00 shares=party:Y,share:60.00\n"
			 "receive y i Y 90.00\n"
			 "allocate y\n"
			 "wait 91 days");
	MISLEAD_EACH(*state, settled);
}

/* ---- what is moved between sections, and what came for none by name ---- */

static const struct wrong moved[] = {
	{"I6: what is moved between sections", {ADD(LIABILITY, M_SECTION "/Y", liability, moved, -1)}},
	{"I6: for no section by name came more",
		{SET(LIABILITY, M_SECTION "/Y", liability, anywhere, 15001)}},
	{"I6: for no section by name came more", {SET(LIABILITY, M_SECTION "/Y", liability, anywhere, -1)}},
	{"for no section by name is not what", {ADD(LIABILITY, M_SECTION "/Y", liability, anywhere, -1)}},
	{"for no section by name is not what", {SET(RECOVERY, "y/5", recovery, anywhere, 0)}},
};

static const char paid_for_another[] = "maker incident.declare incident=i issuer=Y funder=P custodian=bank "
				       "policy=fuel-card version=1\n"
				       "    reason=liquidation\n"
				       "claim-of M m i 100.00\n"
				       "claim-of N n i 40.00\n"
				       "distribute i\n"
				       "fund i 140.00\n"
				       "instruct m\n"
				       "settle m\n"
				       "instruct n\n"
				       "settle n\n"
				       "apportion i several section=M shares=party:Y,share:100.00\n"
				       "receive y i Y 150.00\n"
				       "allocate y\n"
				       "apportion i several section=N shares=party:Y,share:100.00";

static void test_moved(void **state)
{
	kit_play(*state, "%s", paid_for_another);
	MISLEAD_EACH(*state, moved);
}

static const struct wrong planned[] = {
	/* what N's section lacks is over-paid in M's still */
	{"G4: settled up again, what is moved of Y would be another in the section of M, incident i",
		{ADD(LIABILITY, M_SECTION "/Y", liability, received, 4000),
			SET(LIABILITY, M_SECTION "/Y", liability, moved, 0),
			ADD(LIABILITY, M_SECTION "/Y", liability, returned, 4000),
			ADD(LIABILITY, M_SECTION "/Y", liability, over_paid, 4000),
			ADD(SECTION, M_SECTION, section, returned, 4000),
			ADD(LIABILITY, N_SECTION "/Y", liability, received, -4000),
			SET(LIABILITY, N_SECTION "/Y", liability, moved, 0),
			ADD(LIABILITY, N_SECTION "/Y", liability, open, 4000),
			SET(SECTION, N_SECTION, section, recourse_collected, 0),
			BALANCE("2150/Y/i/CNY", -4000), BALANCE("1110/Y/i/CNY", 4000),
			BALANCE("3110/P/i/CNY", -4000), BALANCE("2170/P/i/CNY", 4000)}},
};

static void test_planned(void **state)
{
	kit_play(*state, "%s", paid_for_another);
	MISLEAD_EACH(*state, planned);
}

/* An entry moves 64 of 70 sections' money, and says so in the row of the next one, whose number is 65 from the first's. */
#define STUCK "1/73"
static const struct wrong behind[] = {
	{"G4: settled up again, what is moved of Y would be another",
		{SET(SECTION, STUCK, section, behind, 0), GONE(BEHIND, STUCK)}},
	{"G4: a clock is set for a section that is not behind", {SET(BEHIND, "1/74", behind, clock, 0)}},
	{"G4: a section is behind, and no clock is set for it", {GONE(BEHIND, STUCK)}},
	{"G4: a section is behind, and no clock is set for it", {SET(BEHIND, STUCK, behind, clock, 0)}},
	{"G4: a section is behind, and no clock is set for it",
		{SET(SECTION, M_SECTION, section, behind, 1)}},
};

static void test_behind(void **state)
{
	kit_play(*state, "repeat n 10 to 79\n"
			 "  admin party.register party=s-$n kinds=merchant\n"
			 "end\n"
			 "maker incident.declare incident=i issuer=Y funder=P custodian=bank "
			 "policy=fuel-card version=1\n"
			 "    reason=liquidation\n"
			 "repeat n 10 to 79\n"
			 "  claim-of s-$n c-$n i 1.00\n"
			 "  distribute i\n"
			 "  fund i 1.00\n"
			 "  instruct c-$n\n"
			 "  settle c-$n\n"
			 "  apportion i several section=s-$n shares=party:Y,share:100.00\n"
			 "  bank recovery.receive recovery=y-$n incident=i section=s-$n payer=Y "
			 "amount=2.00 bank_reference=in-$n\n"
			 "  allocate y-$n\n"
			 "end\n"
			 "claim-of M m i 100.00\n"
			 "distribute i\n"
			 "fund i 100.00\n"
			 "instruct m\n"
			 "settle m\n"
			 "apportion i several section=M shares=party:Y,share:100.00");
	MISLEAD_EACH(*state, behind);
	/* its clock has the rest moved, and is none any more */
	kit_play(*state, "wait 1 minute strikes 1");
	mislead_invariants(*state, NULL);
	const struct wrong done[] = {{"G4: a section is behind", {SET(SECTION, STUCK, section, behind, 2)}}};
	MISLEAD_EACH(*state, done);
}

/* Of seventeen incidents of one that is insolvent no more an entry moves in sixteen: the last one's M section is behind. */
#define LEFT "17/2"
static const struct wrong freed[] = {
	{"G4: settled up again, what is moved of Y would be another",
		{SET(SECTION, LEFT, section, behind, 0), GONE(BEHIND, LEFT)}},
	{"G4: a section is behind, and no clock is set for it", {GONE(BEHIND, LEFT)}},
};

/* What the funder paid there, and Y is liable for. */
#define ADVANCED(section, claim, amount)                                                                     \
	"  maker entitlement.issue entitlement=" claim " holder=h issuer=y-$n merchant=" section             \
	" channel=app unit=L quantity=1.000 cost=" amount " currency=CNY\n"                                  \
	"  maker entitlement.consume entitlement=" claim " evidence=absent evidence_hash=ab*\n"              \
	"  file " claim " i-$n " claim "\n"                                                                  \
	"  decide " claim "\n"                                                                               \
	"  distribute i-$n\n"                                                                                \
	"  fund i-$n " amount "\n"                                                                           \
	"  instruct " claim "\n"                                                                             \
	"  settle " claim "\n"                                                                               \
	"  apportion i-$n several section=" section " shares=party:Y,share:100.00\n"
#define IN_BOTH ADVANCED("M", "m-$n", "100.00") ADVANCED("N", "n-$n", "60.00")

static void test_freed(void **state)
{
	kit_play(*state,
		"admin party.register party=liquidator kinds=liquidator\n"
		"maker estate.open party=Y liquidator=liquidator accepted_at=2016-05-04T00:00:00Z "
		"basis_hash=ab*\n"
		"repeat n 10 to 26\n"
		"  admin party.register party=y-$n kinds=issuer\n"
		"  maker incident.declare incident=i-$n issuer=y-$n funder=P custodian=bank "
		"policy=fuel-card version=1 reason=liquidation\n" IN_BOTH
		"  bank recovery.receive recovery=r-$n incident=i-$n section=M payer=Y amount=150.00 "
		"bank_reference=in-$n\n"
		"  maker estate.confirm party=Y recovery=r-$n evidence_hash=ab*\n"
		"  allocate r-$n\n"
		"end");
	/* the same figures are wrong as soon as nobody says that it is insolvent */
	const struct wrong before[] = {
		{"G4: settled up again, what is moved of Y would be another", {GONE(ESTATE, "Y")}}};
	MISLEAD_EACH(*state, before);
	kit_play(*state, "maker estate.end party=Y reason=withdrawn\napprove");
	MISLEAD_EACH(*state, freed);
	kit_play(*state, "wait 1 minute strikes 1");
	mislead_invariants(*state, NULL);
}

/* ---- write-offs: what is said to be given up is what was ---- */

static const struct wrong write_offs[] = {
	{"G6: a write-off is another one", {ADD(WRITE_OFF, "w", write_off, amount, 1)}},
	{"G6: a write-off is another one", {ADD(WRITE_OFF, "w", write_off, party, -1)}},
	{"G6: a write-off is another one", {ADD(WRITE_OFF, "w", write_off, entry, -1)}},
};

static void test_write_offs(void **state)
{
	kit_play(*state, "declare-without-deposit i fuel-card\n"
			 "claim c i 60.00\n"
			 "distribute i\n"
			 "fund i 60.00\n"
			 "instruct c\n"
			 "settle c\n"
			 "maker liability.apportion incident=i mode=several basis_hash=ab* "
			 "shares=party:Y,share:100.00\n"
			 "maker write_off.record write_off=w incident=i party=Y amount=1.00 reason=r\n"
			 "approve");
	MISLEAD_EACH(*state, write_offs);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		KIT_TEST(test_write_offs),
		KIT_TEST(test_bounced),
		KIT_TEST(test_repaid),
		KIT_TEST(test_paid_out),
		KIT_TEST(test_replaced),
		KIT_TEST(test_in_part),
		KIT_TEST(test_receipts),
		KIT_TEST(test_aside),
		KIT_TEST(test_subrogated),
		KIT_TEST(test_restored),
		KIT_TEST(test_asked_back),
		KIT_TEST(test_gave_back),
		KIT_TEST(test_moved),
		KIT_TEST(test_settled),
		KIT_TEST(test_planned),
		KIT_TEST(test_behind),
		KIT_TEST(test_freed),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
