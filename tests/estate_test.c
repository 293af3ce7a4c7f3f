/* SPDX-License-Identifier: Apache-2.0 */
#include "mislead.h"

#include "books/record_ledger.h"
#include "books/record_recourse.h"

/* What scenarios of insolvent parties can not say: doctored state. */
#define ESTATE                                                                                               \
	"admin party.register party=liquidator kinds=liquidator\n"                                           \
	"settled i 100.00\n"                                                                                 \
	"apportion i several shares=party:M,share:100.00\n"                                                  \
	"maker estate.open party=M liquidator=liquidator accepted_at=2016-05-04T00:00:00Z basis_hash=ab*\n"

static const struct wrong used[] = {
	{"was used, and no liquidator confirmed it", {SET(RECOVERY, "m/5", recovery, confirmed_entry, 0)}},
	{"dividends are more than their estate accepted", {ADD(PROOF, "M/1/2", proof, accepted, -9001)}},
	{"dividends in CNY are not what was received", {ADD(PROOF, "M/1/2", proof, dividends, 1)}},
	{"dividends in CNY are not what was received", {SET(RECOVERY, "d/5", recovery, dividend, 0)}},
	{"G4: 2140 in CNY is not what was received", {ADD(TOP_UP, "@", top_up, amount, 1)}},
	{"G4: 2140 in CNY is not what was received", {SET(TOP_UP, "@", top_up, ended_entry, 5)}},
};

static void test_doctored_estate(void **state)
{
	kit_play(*state, ESTATE "receive m i M 30.00\n"
				"maker estate.confirm party=M recovery=m evidence_hash=ab*\n"
				"allocate m\n"
				"maker estate.accept party=M incident=i amount=100.00 evidence_hash=ab*\n"
				"bank recovery.receive recovery=d incident=i payer=M amount=10.00 "
				"dividend=yes bank_reference=d\n"
				"deposit M 5.00 b-1");
	MISLEAD_EACH(*state, used);
}

#define LET_GO "money for a deposit waits for no liquidator, and nobody let it go"
static const struct wrong let_go[] = {
	{LET_GO, {SET(BOOKED, "@", booked, kind, BOOKED_FEE)}},
	{LET_GO, {ADD(BOOKED, "@", booked, before, 1)}},
	{LET_GO, {ADD(BOOKED, "@", booked, amount, 1)}},
	{LET_GO, {SET(BOOKED, "@", booked, corrects, 1)}},
	{LET_GO, {SET(BOOKED, "@", booked, corrected_by, 1)}},
	{LET_GO, {GONE(BOOKED, "@")}},
};

/* The same of what was taken back: it is a slip's, and of the deposit that it was. */
static const struct wrong taken_back[] = {
	{LET_GO, {SET(BOOKED, "@", booked, kind, BOOKED_FEE)}},
	{LET_GO, {ADD(BOOKED, "@", booked, corrects, -1)}},
	{LET_GO, {ADD(BOOKED, "@", booked, amount, 1)}},
};

static void test_doctored_top_up(void **state)
{
	kit_play(*state, ESTATE "put := deposit M 5.00 b-1\n"
				"maker estate.confirm party=M evidence_hash=ab* deposit=$put");
	MISLEAD_EACH(*state, let_go);
	kit_play(*state, "put := deposit M 7.00 b-2\n"
			 "bank deposit.reverse entry:=$put reason=slip\n"
			 "approve");
	MISLEAD_EACH(*state, taken_back);
}

static const struct cheat cheats[] = {
	{.title = "used without its liquidator",
		.before = ESTATE "receive m i M 30.00",
		.line = "maker recovery.allocate recovery=m",
		.error = "NOT_PERMITTED recovery",
		.lies = {SET(RECOVERY, "m/5", recovery, confirmed_entry, 5)}},
	{.title = "more dividends than were accepted",
		.before = ESTATE "maker estate.accept party=M incident=i amount=10.00 evidence_hash=ab*",
		.line = "bank recovery.receive recovery=d incident=i payer=M amount=10.01 dividend=yes "
			"bank_reference=d",
		.error = "INSUFFICIENT dividend",
		.lies = {ADD(PROOF, "M/1/2", proof, accepted, 1)}},
};

static void test_misled(void **state)
{
	(void)state;
	MISLEAD_TRY(cheats);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		KIT_TEST(test_doctored_estate),
		KIT_TEST(test_doctored_top_up),
		cmocka_unit_test(test_misled),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
