/* SPDX-License-Identifier: Apache-2.0 */
#include "mislead.h"

#include "books/record_cover.h"
#include "books/record_evidence.h"
#include "books/record_ledger.h"

/* What the audit says of a claim's evidence that the rules can not have made so (see invariants_test.c). */

#define DAY UINT64_C(86400)

static const char world[] =
	"policy l scheme=full waterfall=rank:1,claim:costs checklist=kind:receipt,from:consumer,needed:yes\n"
	"      checklist=kind:photo,from:consumer,needed:yes checklist=kind:use,from:issuer,needed:yes\n"
	"declare-without-deposit i l\n"
	"maker entitlement.issue entitlement=e holder=h issuer=Y merchant=M channel=app unit=L\n"
	"      quantity=3.000 cost=60.00 currency=CNY\n"
	"agent claim.file claim=a incident=i entitlement=e channel=app remaining=1.000\n"
	"agent evidence.receive claim=a kind=receipt evidence_hash=ab* held_by=desk\n";
static const char asking[] = "agent evidence.request claim=a kind=use party=Y due=2016-05-20T00:00:00Z\n"
			     "agent evidence.ask claim=a kind=photo due=2016-06-20T00:00:00Z\n";

/* The last entry asked the consumer, the one before it the issuer. */
#define COUNTED "D3: a claim's evidence is not what its list says"
#define PAPERS  "D3: a list says another thing than the papers"
#define CLOCKED "C2: what was asked for is open without a clock, or over with one"
static const struct wrong evidence[] = {
	{COUNTED, {ADD(CLAIM, "a", claim, papers, 1)}},
	{COUNTED, {ADD(CLAIM, "a", claim, listed, 1)}},
	{COUNTED, {SET(CLAIM, "a", claim, listed, 0)}},
	{COUNTED, {ADD(CLAIM, "a", claim, lacking, -1)}},
	{COUNTED, {ADD(CLAIM, "a", claim, awaited, -1)}},
	{COUNTED, {ADD(CLAIM, "a", claim, overdue, 1)}},
	{COUNTED, {ADD(CLAIM, "a", claim, unasked, 1)}},
	{COUNTED, {SET(LISTED, "a/photo", listed, needed, 0)}},
	{COUNTED, {SET(CLAIM, "a", claim, listed, 0), SET(CLAIM, "a", claim, papers, 0),
			  SET(CLAIM, "a", claim, lacking, 0), SET(CLAIM, "a", claim, awaited, 0)}},
	{PAPERS, {ADD(LISTED, "a/receipt", listed, papers, 1), ADD(CLAIM, "a", claim, papers, 1)}},
	{PAPERS, {ADD(LISTED, "a/receipt", listed, held_entry, 1)}},
	{"D3: a list has another outcome",
		{SET(LISTED, "a/photo", listed, outcome, ASKED_LAPSED), SET(CLAIM, "a", claim, awaited, 0),
			ADD(CLAIM, "a", claim, unasked, 1)}},
	{"D3: a list has another outcome", {SET(LISTED, "a/use", listed, outcome, ASKED_NO_RECORD)}},
	{"D3: what a claim passed on is no other one's",
		{SET(LISTED, "a/use", listed, outcome, ASKED_PASSED_ON), ADD(CLAIM, "a", claim, lacking, 1),
			ADD(CLAIM, "a", claim, unasked, 1)}},
	{"D3: a list names nothing that was asked for", {SET(LISTED, "a/use", listed, asked_entry, 1)}},
	{"D3: a paper is of a kind that is not on the list",
		{GONE(LISTED, "a/receipt"), ADD(CLAIM, "a", claim, listed, -1),
			ADD(CLAIM, "a", claim, papers, -1)}},
	{"D3: lists count other askings than there were", {ADD(LISTED, "a/photo", listed, asks, 1)}},
	{CLOCKED, {SET(ASKED, "@", asked, ended_entry, 1)}},
	{CLOCKED, {SET(ASKED, "@-1", asked, ended_entry, 0)}},
	{"C2: nobody answered about a lot", {SET(ENTITLEMENT, "e", entitlement, withheld_entry, 0)}},
	{"C2: nobody answered about a lot", {ADD(ENTITLEMENT, "e", entitlement, withheld_entry, 1)}},
	{"C2: a lot's evidence is withheld by nobody's silence",
		{ADD(ENTITLEMENT, "e", entitlement, withheld_entry, -1)}},
};

static void test_evidence(void **state)
{
	kit_play(*state, "%s%s", world, asking);
	assert_true(kit_wait(*state, 17 * DAY) > 0);
	MISLEAD_EACH(*state, evidence);
}

/* ---- what the service was told otherwise ---- */

static const char silent[] =
	"policy l scheme=full waterfall=rank:1,claim:costs checklist=kind:use,from:issuer,needed:no\n"
	"declare-without-deposit i l\n"
	"maker entitlement.issue entitlement=e holder=h issuer=Y merchant=M channel=app unit=L\n"
	"      quantity=3.000 cost=60.00 currency=CNY evidence=unavailable\n"
	"agent claim.file claim=a incident=i entitlement=e channel=app remaining=1.000\n";

static const struct cheat cheats[] = {
	{"ruled without what is needed", 0, world, "maker claim.decide claim=a outcome=approve", 0,
		"EVIDENCE_MISSING", NULL,
		{SET(CLAIM, "a", claim, lacking, 0), SET(ENTITLEMENT, "e", entitlement, evidence, 3)}},
	{"asked again for what is held", 0, world,
		"agent evidence.ask claim=a kind=receipt due=2016-06-20T00:00:00Z", 0, "EXISTS", NULL,
		{SET(LISTED, "a/receipt", listed, papers, 0)}},
	{"the consumer's figure, without a silence", 0, silent, "maker claim.decide claim=a outcome=approve",
		0, NULL, NULL, {SET(ENTITLEMENT, "e", entitlement, withheld_entry, 7)}},
	{"another figure of the consumer's", 0, silent, "maker claim.decide claim=a outcome=approve", 0, NULL,
		NULL,
		{SET(ENTITLEMENT, "e", entitlement, withheld_entry, 7),
			SET(CLAIM, "a", claim, said_left, 2000)}},
};

static void test_cheats(void **state)
{
	MISLEAD_TRY(cheats);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		KIT_TEST(test_evidence),
		cmocka_unit_test(test_cheats),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
