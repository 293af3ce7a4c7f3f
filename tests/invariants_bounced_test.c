/* SPDX-License-Identifier: Apache-2.0 */
#include "mislead.h"

#include "books/record_deposit.h"
#include "books/record_incident.h"
#include "books/record_ledger.h"

#include <stdio.h>

/* What the audit says of money that was returned unpaid and that the rules can not have made so (see invariants_test.c). */

#define MORE(key, steps) ADD(ACCOUNT, key, account, balance, steps)
#define OWED(m, steps)   ADD(DEPOSIT, "M/CNY", deposit, m, steps)

/* M owes 70.00 of 100.00 that were paid to a; 500.00 are another merchant's. */
static void test_deposit(void **state)
{
	static const char unlike[] = "A1: what a merchant owes of a deposit that was returned unpaid";
	static const char there[] = "A1: a merchant that owes of a deposit that was returned unpaid";
	struct kit *kit = *state;
	char owed[40];
	char held[40];
	kit_play(kit, "deposit N 500.00 b-n\n"
		      "lodged := deposit M 100.00 b-m\n"
		      "declare i M fuel-card\n"
		      "claim a i 100.00\n"
		      "distribute i\n"
		      "instruct a\n"
		      "settle a\n"
		      "deposit M 30.00 b-2\n"
		      "bank deposit.bounce entry:=$lodged reason=AM04 bank_reference=o-1");
	snprintf(owed, sizeof owed, "1100/M/@%llu/CNY", (unsigned long long)kit->last_entry);
	snprintf(held, sizeof held, "2020/M/i/CNY");
	const struct wrong wrong[] = {
		{unlike, {OWED(bounced, 1)}},
		{unlike, {OWED(bounced, -7000)}},
		{unlike, {SET(DEPOSIT, "M/CNY", deposit, bounced_entry, 1)}},
		{unlike, {SET(DEPOSIT, "M/CNY", deposit, bounced_entry, 0)}},
		{unlike, {MORE(owed, 1), MORE("1010/bank//CNY", -1)}},
		{there, {MORE(held, -1), MORE("1010/bank//CNY", 1),
				ADD(ACCOUNT_SUM, "2020/M/CNY", account, balance, -1)}},
		{"A1: a merchant owes more than was returned", {SET(BOOKED, "@", booked, was, BOOKED_SLIP)}},
		{"A1: a merchant owes more than was returned", {ADD(BOOKED, "@", booked, amount, -3001)}},
	};
	MISLEAD_EACH(kit, wrong);
}

/* The funder owes 100.00 that were ordered out. */
static void test_funding(void **state)
{
	static const char unlike[] = "F1: what was returned unpaid to a funder";
	static const char funded[] = "F1: what a funder paid in and is committed to";
	struct kit *kit = *state;
	kit_play(kit, "deposit N 500.00 b-n\n"
		      "declare-without-deposit i fuel-card\n"
		      "claim a i 100.00\n"
		      "distribute i\n"
		      "lent := bank funding.receive incident=i amount=100.00 bank_reference=f-1\n"
		      "instruct a\n"
		      "settle a\n"
		      "bank funding.bounce entry:=$lent reason=AM04 bank_reference=o-1");
	const struct wrong wrong[] = {
		{unlike, {ADD(INCIDENT, "1", incident, bounced, 1)}},
		{unlike, {SET(BOOKED, "@", booked, was, BOOKED_SLIP)}},
		{funded, {SET(INCIDENT, "1", incident, bounced, 0)}},
		{funded, {ADD(INCIDENT, "1", incident, funded, -1), MORE("1100/P/i/CNY", 1),
				 MORE("1010/bank//CNY", -1)}},
	};
	MISLEAD_EACH(kit, wrong);
}

/* A service whose state was doctored lets through what it would have refused: the audit names the entry. */
static const struct cheat cheats[] = {
	{"a payment of what is not there", 0,
		"lodged := deposit M 100.00 b-m\n"
		"deposit N 500.00 b-n\n"
		"declare i M fuel-card\n"
		"claim a i 100.00\n"
		"distribute i\n"
		"bank deposit.bounce entry:=$lodged reason=AM04 bank_reference=o-1",
		"payer payout.instruct claim=a", 0, "NOT_PERMITTED", NULL,
		{SET(DEPOSIT, "M/CNY", deposit, bounced, 0)}},
	{"a remittance to who has not paid", 0,
		"deposit N 500.00 b-n\n"
		"declare-without-deposit i fuel-card\n"
		"claim a i 100.00\n"
		"distribute i\n"
		"lent := bank funding.receive incident=i amount=100.00 bank_reference=f-1\n"
		"instruct a\n"
		"settle a\n"
		"apportion i several shares=party:Y,share:100.00\n"
		"receive y i Y 100.00\n"
		"allocate y\n"
		"bank funding.bounce entry:=$lent reason=AM04 bank_reference=o-1",
		"bank recovery.remit incident=i bank_reference=r", 0, "INSUFFICIENT", NULL,
		{SET(INCIDENT, "1", incident, funded, 10000)}},
};

static void test_let_through(void **state)
{
	(void)state;
	MISLEAD_TRY(cheats);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		KIT_TEST(test_deposit),
		KIT_TEST(test_funding),
		cmocka_unit_test(test_let_through),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
