/* SPDX-License-Identifier: Apache-2.0 */
#include "mislead.h"

#include "books/record_cover.h"
#include "books/record_ledger.h"

#include <stdio.h>

/* B6: what stands on accounts that no record is about, though every book is even (see invariants_test.c). */
#define FUEL "fuel-2016"

/* The golden case up to where recourse has come in and nothing is closed. */
static int setup(void **state)
{
	kit_setup(state);
	kit_golden_steps(*state, 1, 14);
	return 0;
}
#define GOLDEN_TEST(test) cmocka_unit_test_setup_teardown(test, setup, kit_teardown)

#define CREDITED(key, steps) ADD(ACCOUNT, key, account, balance, -(steps))
/* New ones of one step, with the history of an account that was debited, or credited, with just that. */
#define NEW(key, steps, of)                                                                                  \
	SET(ACCOUNT, key, account, balance, steps), SET(ACCOUNT, key, account, number, (of).number),         \
		SET(ACCOUNT, key, account, last_entry, (int64_t)(of).last_entry)
#define NEW_DEBIT(key)  NEW(key, 1, debited), SET(ACCOUNT, key, account, debits, 1)
#define NEW_CREDIT(key) NEW(key, -1, credited)

/* Of each code one that is nobody's. */
static void test_nobodys(void **state)
{
	struct record_account debited;
	struct record_account credited;
	kit_play(*state, "card-of N c 1.00\n"
			 "deposit N 50.00 b-1\n"
			 "bank deposit.receive merchant=N amount=1 unit=JPY bank_reference=b-2");
	mislead_read(*state, RECORD_ACCOUNT, "1010/bank//JPY", &debited);
	mislead_read(*state, RECORD_ACCOUNT, "2010/N//JPY", &credited);
	const struct wrong wrong[] = {
		{"B6: accounts 1100 in CNY", {NEW_DEBIT("1100/Y/@5/CNY"), CREDITED("1010/bank//CNY", 1)}},
		{"B6: accounts 1100 in CNY",
			{NEW_DEBIT("1100/N/" FUEL "/CNY"), CREDITED("1010/bank//CNY", 1)}},
		{"B6: accounts 1110 in CNY", {NEW_DEBIT("1110/N/x/CNY"), NEW_CREDIT("3110/N/x/CNY")}},
		{"B6: accounts 1115 in CNY", {NEW_DEBIT("1115/N/x/CNY"), NEW_CREDIT("3110/N/x/CNY")}},
		{"B6: accounts 1130 in CNY", {NEW_DEBIT("1130/N/x/CNY"), NEW_CREDIT("3120/N/x/CNY")}},
		{"B6: accounts 2040 in CNY", {NEW_CREDIT("2040/N/x/CNY"), CREDITED("1010/bank//CNY", -1)}},
		{"B6: accounts 2110 in CNY", {NEW_CREDIT("2110/N/x/CNY"), CREDITED("1010/bank//CNY", -1)}},
		{"B6: accounts 2120 in CNY", {NEW_CREDIT("2120//x/CNY"), CREDITED("1010/bank//CNY", -1)}},
		{"B6: accounts 2130 in CNY", {NEW_CREDIT("2130//x/CNY"), CREDITED("1010/bank//CNY", -1)}},
		{"B6: accounts 2135 in CNY", {NEW_CREDIT("2135/N/x/CNY"), CREDITED("1010/bank//CNY", -1)}},
		{"B6: accounts 2150 in CNY",
			{NEW_CREDIT("2150/N/" FUEL "/CNY"), CREDITED("1010/bank//CNY", -1)}},
		{"B6: accounts 2170 in CNY",
			{NEW_CREDIT("2170/N/" FUEL "/CNY"), CREDITED("1010/bank//CNY", -1)}},
		{"B6: accounts 9030 in CNY", {NEW_DEBIT("9030/N/x/CNY"), NEW_CREDIT("9090/N/x/CNY")}},
		{"B6: accounts 9040 in CNY", {NEW_DEBIT("9040/N/x/CNY"), NEW_CREDIT("9090/N/x/CNY")}},
		{"B6: accounts 8010 in L", {NEW_CREDIT("8010/N//L"), NEW_DEBIT("8030/N//L")}},
		{"B6: accounts 8020 in L", {NEW_DEBIT("8020/N//L"), CREDITED("8030/Y//L", 1)}},
		{"B6: accounts 8040 in L", {NEW_DEBIT("8040/N//L"), CREDITED("8030/Y//L", 1)}},
		{"I3: 3110 of incident " FUEL,
			{NEW_DEBIT("1110/N/x/CNY"), CREDITED("3110/P/" FUEL "/CNY", 1)}},
		{"I3: 3120 of incident " FUEL,
			{NEW_DEBIT("1130/N/x/CNY"), NEW_CREDIT("3120/P/" FUEL "/CNY")}},
		{"B6: an account of a deposit, or of fees, is nobody's",
			{NEW_DEBIT("1160/N//CNY"), CREDITED("1010/bank//CNY", 1)}},
		{"B6: an account of a deposit, or of fees, is nobody's",
			{NEW_DEBIT("1160/P/x/CNY"), CREDITED("1010/bank//CNY", 1)}},
		{"B6: an account of a deposit, or of fees, is nobody's",
			{NEW_CREDIT("2010/N/x/CNY"), CREDITED("2010/N//CNY", -1)}},
		{"B6: an account of a deposit, or of fees, is nobody's",
			{NEW_CREDIT("2010/G//CNY"), CREDITED("1010/bank//CNY", -1)}},
		{"I13: 2180 is of no custodian whose cash has run out",
			{NEW_CREDIT("2180/bank//CNY"), CREDITED("1010/bank//CNY", -1)}},
		{"I13: 2180 is of no custodian whose cash has run out",
			{NEW_CREDIT("2180/N//CNY"), CREDITED("1010/bank//CNY", -1)}},
		{"B6: 2150/N is not the interest that is owed to it",
			{NEW_CREDIT("2150/N//CNY"), CREDITED("1010/bank//CNY", -1)}},
	};
	MISLEAD_EACH(*state, wrong);
}

/* Interest of the bank is owed to whom it was published for. */
static void test_interest(void **state)
{
	static const struct wrong wrong[] = {
		{"B6: 2150/N is not the interest", {ADD(BOOKED, "@-4", booked, amount, 1)}},
		{"B6: 2150/N is not the interest", {ADD(BOOKED, "@-3", booked, amount, 1)}},
		{"B6: 2150/N is not the interest", {SET(BOOKED, "@-4", booked, kind, BOOKED_FEE)}},
		{"B6: 2150/N is not the interest", {GONE(BOOKED, "@-3")}},
		{"B6: accounts 2150 in CNY", {GONE(ACCOUNT, "2150/N//CNY"), CREDITED("1010/bank//CNY", 100)}},
	};
	kit_play(*state, "deposit N 50.00 b-1\n"
			 "admin control.publish version=1 interest_to=N limits=[]\n"
			 "bank bank.interest amount=3.00 unit=CNY bank_reference=i-1\n"
			 "bank bank.interest_paid party=N amount=2.00 unit=CNY bank_reference=i-2\n"
			 "slip := bank bank.interest amount=7.00 unit=CNY bank_reference=i-3\n"
			 "bank bank.reverse entry=$slip reason=slip\n"
			 "approve");
	MISLEAD_EACH(*state, wrong);
	/* another party's, and in another currency */
	kit_play(*state, "admin control.publish version=2 interest_to=G limits=[]\n"
			 "bank bank.interest amount=4.00 unit=CNY bank_reference=i-4\n"
			 "bank bank.interest amount=400 unit=JPY bank_reference=i-5");
	mislead_invariants(*state, NULL);
}

/* What is asked back in one incident is not another's. */
static void test_clawbacks(void **state)
{
	static const struct wrong wrong[] = {
		{"I3: 3110 of incident i", {ADD(ACCOUNT, "3110/P/i/CNY", account, balance, -1),
						   ADD(ACCOUNT, "3110/P/j/CNY", account, balance, 1)}},
	};
	kit_play(*state, "settled i 100.00\n"
			 "settled j 50.00\n"
			 "agent elsewhere.record claim=i-1 source=U kind=refund reference=r-1 amount=20.00 "
			 "evidence_hash=ab*\n"
			 "agent elsewhere.record claim=j-1 source=U kind=refund reference=r-2 amount=10.00 "
			 "evidence_hash=ab*");
	MISLEAD_EACH(*state, wrong);
}

/* What is frozen, or held by an exit or a withdrawal, has a record that says how much. */
static void test_deposits(void **state)
{
	struct record_account credited;
	kit_play(*state, "deposit N 50.00 b-1\n"
			 "bank deposit.receive merchant=N amount=1 unit=JPY bank_reference=b-2\n"
			 "maker deposit.hold hold=h merchant=N amount=10.00 unit=CNY reason=signal\n"
			 "key nk N merchant\n"
			 "nk withdrawal.request merchant=N amount=5.00 unit=CNY reason=excess");
	mislead_read(*state, RECORD_ACCOUNT, "2010/N//JPY", &credited);
#define FROZEN SET(ACCOUNT_SUM, "2020/N/CNY", account, balance, -1001), CREDITED("2010/N//CNY", -1)
#define HELD   SET(ACCOUNT_SUM, "2030/N/CNY", account, balance, -501), CREDITED("2010/N//CNY", -1)
	char reference[40];
	snprintf(reference, sizeof reference, "2030/N/@%llu/JPY",
		(unsigned long long)((struct kit *)*state)->last_entry);
#define IN_JPY(code) SET(ACCOUNT_SUM, code "/N/JPY", account, balance, -1), CREDITED("1010/bank//JPY", -1)
	const struct wrong wrong[] = {
		{"B6: what is held of a deposit is not on its account", {ADD(HOLD, "h", hold, held, 1)}},
		{"B6: what is held of a deposit is not on its account", {ADD(HOLD, "h", hold, merchant, -1)}},
		{"B6: what is held of a deposit is not on its account",
			{ADD(WITHDRAWAL, "@", withdrawal, amount, 1)}},
		{"B6: what is held of a deposit is not on its account",
			{SET(WITHDRAWAL, "@", withdrawal, state, 2)}},
		{"B6: 2020/N/h is of no record", {GONE(HOLD, "h")}},
		{"B6: 2030/N/@", {GONE(WITHDRAWAL, "@")}},
		/* in another currency */
		{"B6: 2020/N/h is of no record", {NEW_CREDIT("2020/N/h/JPY"), IN_JPY("2020"),
							 ADD(COLLATERAL, "N/JPY", collateral, held, 1)}},
		{"B6: 2030/N/@", {NEW_CREDIT(reference), IN_JPY("2030")}},
		{"B6: 2020/N/" FUEL " is of no record", {NEW_CREDIT("2020/N/" FUEL "/CNY"), FROZEN}},
		{"B6: 2020/N/@2 is of no record", {NEW_CREDIT("2020/N/@2/CNY"), FROZEN,
							  ADD(COLLATERAL, "N/CNY", collateral, held, -1)}},
		{"B6: 2030/N/x is of no record", {NEW_CREDIT("2030/N/x/CNY"), HELD}},
		{"B6: 2030/N/@2 is of no record",
			{NEW_CREDIT("2030/N/@2/CNY"), HELD, ADD(COLLATERAL, "N/CNY", collateral, held, -1)}},
	};
	MISLEAD_EACH(*state, wrong);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		GOLDEN_TEST(test_nobodys),
		KIT_TEST(test_interest),
		KIT_TEST(test_clawbacks),
		GOLDEN_TEST(test_deposits),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
