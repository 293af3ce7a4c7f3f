/* SPDX-License-Identifier: Apache-2.0 */
#include "mislead.h"

#include "books/record_cover.h"
#include "books/record_ledger.h"

/*
 * What is kept for ways back, by which the opposite is posted one day: what the audit says of it that the rules can not have
 * made so (see invariants_test.c).
 */

/* ---- what a claimant gave back ---- */

#define CAME_BACK "I5: what came back of a claim does not add up"
#define GAVE(...)                                                                                            \
	{                                                                                                    \
		CAME_BACK,                                                                                   \
		{                                                                                            \
			__VA_ARGS__                                                                          \
		}                                                                                            \
	}
#define PART(member, number) SET(GAVE_BACK, "@", gave_back, member, number)

static const struct wrong given_back[] = {
	GAVE(ADD(GAVE_BACK, "@", gave_back, advance, -1)),
	GAVE(ADD(GAVE_BACK, "@", gave_back, advance, 1)),
	GAVE(ADD(GAVE_BACK, "@", gave_back, advance, 1), PART(recovered, -1)),
	GAVE(PART(off, -1)),
	GAVE(PART(off, 999999)),
	GAVE(PART(off_rest, -1)),
	GAVE(PART(secured, -1)),
	GAVE(PART(secured, 999999)),
	GAVE(PART(restored, -1)),
	GAVE(PART(restored, 999999)),
	GAVE(PART(issuers, 999999)),
	GAVE(PART(issuers_secured, -1)),
	GAVE(PART(issuers_secured, 1)),
	GAVE(PART(issuers_restored, -1)),
	GAVE(PART(issuers_restored, 1)),
	GAVE(SET(BOOKED, "@", booked, kind, BOOKED_FEE)),
	GAVE(SET(BOOKED, "@", booked, takes_back, BOOKED_TAKES_BACK)),
	GAVE(GONE(BOOKED, "@")),
};

/* And what else its claim names is its own. */
#define NAMED "D1: an entry that it names is not about claim i-1"
static const struct wrong named[] = {
	{NAMED, {ADD(CLAIM, "i-1", claim, given_back, 1)}},
	{NAMED, {ADD(CLAIM, "i-1", claim, last_entry, 1)}},
};

static void test_given_back(void **state)
{
	kit_play(*state, "settled i 100.00\n"
			 "agent elsewhere.record claim=i-1 source=U kind=refund reference=r-1 amount=20.00 "
			 "evidence_hash=ab*\n"
			 "bank clawback.receive claim=i-1 amount=5.00 bank_reference=c-1");
	MISLEAD_EACH(*state, given_back);
	MISLEAD_EACH(*state, named);
}

/* Of a payment that came back, what was asked back is a part. */
static const struct wrong returned[] = {
	GAVE(ADD(GAVE_BACK, "@", gave_back, advance, 10000)),
};

static void test_returned(void **state)
{
	kit_play(*state, "settled i 100.00\n"
			 "agent elsewhere.record claim=i-1 source=U kind=refund reference=r-1 amount=20.00 "
			 "evidence_hash=ab*\n"
			 "bank payout.return claim=i-1 reason=AC04");
	MISLEAD_EACH(*state, returned);
}

/* ---- what was paid in of what somebody owes back ---- */

#define REPAID(member, steps) ADD(REPAID, "@/2", repaid, member, steps)
static const struct wrong repaid[] = {
	{"G4: what sections had of a repayment is not", {REPAID(funders, 1)}},
	{"G4: what sections had of a repayment is not", {REPAID(shortfall, 1)}},
	{"G4: what a section had of a repayment is of none",
		{REPAID(funders, -4001), REPAID(shortfall, 4001)}},
	{"G4: what a section had of a repayment is of none", {REPAID(funders, 1), REPAID(shortfall, -1)}},
	{"G4: what a section had of a repayment is of none", {SET(REPAID, "@/2", repaid, reinstated, -1)}},
	{"G4: what a section had of a repayment is of none", {SET(REPAID, "@/2", repaid, reinstated, 1)}},
	{"G4: what a section had of a repayment is of none", {SET(REPAID, "@/2", repaid, own, -1)}},
	{"G4: what a section had of a repayment is of none", {SET(REPAID, "@/2", repaid, own, 1)}},
	{"G4: what a section had of a repayment is of none", {SET(BOOKED, "@", booked, kind, BOOKED_FEE)}},
};

static void test_repaid(void **state)
{
	kit_play(*state, "deposit N 500.00 b-n\n"
			 "settled i 100.00\n"
			 "apportion i several shares=party:Y,share:100.00\n"
			 "receive y i Y 150.00\n"
			 "allocate y\n"
			 "wait 91 days\n"
			 "bank surplus.pay incident=i beneficiary=Y bank_reference=o\n"
			 "bank recovery.remit incident=i bank_reference=o-1\n"
			 "bank recovery.bounce recovery=y reason=AM04 bank_reference=o-2\n"
			 "bank repayment.receive incident=i party=P amount=40.00 bank_reference=o-3");
	MISLEAD_EACH(*state, repaid);
}

/* ---- renewals ---- */

static const struct wrong renewed[] = {
	{"A6: what stood before a renewal", {SET(BOOKED, "@", booked, kind, BOOKED_FEE)}},
	{"A6: what stood before a renewal", {SET(BOOKED, "@", booked, corrected_by, 1)}},
	{"A6: what stood before a renewal", {SET(BOOKED, "@", booked, corrects, 1)}},
	{"A6: what stood before a renewal", {GONE(BOOKED, "@")}},
	{"A6: an instrument was renewed by another", {SET(INSTRUMENT, "b-1", instrument, renewed, 1)}},
	{"A6: an instrument was renewed by another", {SET(RENEWED, "@", renewed, before, INT64_MAX)}},
	{"A6: an instrument was renewed by another", {SET(RENEWED, "@", renewed, expires, INT64_MAX)}},
};

static void test_renewed(void **state)
{
	struct kit *kit = *state;
	kit_world(kit, "insured.case");
	kit_play(kit, "deposit M 100.00 b-1\n"
		      "insured-by b-1 S 1 200.00\n"
		      "maker instrument.renew instrument=b-1 expires=2019-01-01T00:00:00Z document_hash=cd*");
	MISLEAD_EACH(kit, renewed);
	kit_play(kit, "maker instrument.renew instrument=b-1 expires=2020-01-01T00:00:00Z document_hash=cd*");
	mislead_invariants(kit, NULL);
}

/* ---- judgments of appeals ---- */

static const struct wrong decided[] = {
	{"D7: an appeal was decided by another entry", {SET(BOOKED, "@", booked, kind, BOOKED_FEE)}},
	{"D7: an appeal was decided by another entry", {ADD(BOOKED, "@", booked, before, 1)}},
	{"D7: an appeal was decided by another entry", {ADD(BOOKED, "@", booked, amount, 1)}},
	{"D7: an appeal was decided by another entry", {SET(BOOKED, "@", booked, corrected_by, 1)}},
	{"D7: an appeal was decided by another entry", {GONE(BOOKED, "@")}},
};

static void test_decided(void **state)
{
	kit_play(*state,
		"key judge P approver\n"
		"deposit M 100.00 b-1\n"
		"declare i M fuel-card\n"
		"claim a i 60.00\n"
		"distribute i\n"
		"merchant appeal.lodge merchant=M deduction=$last reason=r\n"
		"judge appeal.decide appeal=$last outcome=varied amount=10.00 basis_hash=ab* reason=r");
	MISLEAD_EACH(*state, decided);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		KIT_TEST(test_given_back),
		KIT_TEST(test_returned),
		KIT_TEST(test_repaid),
		KIT_TEST(test_renewed),
		KIT_TEST(test_decided),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
