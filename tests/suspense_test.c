/* SPDX-License-Identifier: Apache-2.0 */
#include "mislead.h"

#include "books/record_ledger.h"

/* What scenarios of suspense (I14) can not say: doctored state. */

static const struct wrong open[] = {
	{"2160 is not what is left to be identified", {ADD(UNIDENTIFIED, "@", unidentified, left, 1)}},
	{"I14: nobody owns this receipt", {SET(UNIDENTIFIED, "@", unidentified, owner, 0)}},
	{"I14: this receipt is not escalated", {SET(UNIDENTIFIED, "@", unidentified, clock, 0)}},
	{"I14: this receipt is not escalated", {ADD(UNIDENTIFIED, "@", unidentified, due, 1)}},
	{"has no receipt", {GONE(UNIDENTIFIED, "@"), GONE(UNIDENTIFIED_OPEN, "@")}},
};

static void test_doctored_receipt(void **state)
{
	kit_play(*state, "bank receipt.record amount=40.00 unit=CNY bank_reference=in-1");
	MISLEAD_EACH(*state, open);
}

static const struct wrong closed[] = {
	{"a receipt of which nothing is left is sent back",
		{SET(UNIDENTIFIED, "@-1", unidentified, sending_entry, 5)}},
	{"I14: this receipt is not escalated", {SET(UNIDENTIFIED, "@-1", unidentified, clock, 5)}},
};

static void test_doctored_end(void **state)
{
	kit_play(*state, "bank receipt.record amount=40.00 unit=CNY bank_reference=in-1\n"
			 "deposit M 40.00 in-1");
	MISLEAD_EACH(*state, closed);
}

static const struct cheat cheats[] = {
	{.title = "identified a second time",
		.before = "got := bank receipt.record amount=40.00 unit=CNY bank_reference=in-1\n"
			  "maker receipt.identify receipt=$got as=deposit merchant=M\n"
			  "deposit N 40.00 in-1",
		.line = "checker proposal.approve proposal=$last-1",
		.error = "STATE_WRONG receipt",
		.lies = {ADD(UNIDENTIFIED, "@-2", unidentified, left, 4000),
			ADD(BANK_LINE, "bank/in-1", bank_line, booked, -4000),
			ADD(ACCOUNT, "2160//@22/CNY", account, balance, -4000)}},
	{.title = "sent back without two people",
		.before = "bank receipt.record amount=40.00 unit=CNY bank_reference=in-1",
		.line = "bank receipt.returned receipt=22 bank_reference=out-1",
		.error = "STATE_WRONG receipt",
		.lies = {SET(UNIDENTIFIED, "@", unidentified, sending_entry, 5)}},
};

static void test_misled(void **state)
{
	(void)state;
	MISLEAD_TRY(cheats);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		KIT_TEST(test_doctored_receipt),
		KIT_TEST(test_doctored_end),
		cmocka_unit_test(test_misled),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
