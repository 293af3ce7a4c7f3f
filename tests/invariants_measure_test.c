/* SPDX-License-Identifier: Apache-2.0 */
#include "mislead.h"

#include "books/record_claim.h"
#include "books/record_desk.h"
#include "books/record_hearing.h"
#include "books/record_incident.h"
#include "books/record_sealed.h"

/* What the audit says of figures of the desk that are not the sums of what they are of (see invariants_test.c). */

/* ---- K: how long claims wait ---- */

static const struct wrong waited[] = {
	{"K: a section's claims did not wait", {ADD(SECTION, "1/2", section, answered.claims[0], 1)}},
	{"K: a section's claims did not wait", {ADD(SECTION, "1/2", section, answered.claims[4], 1)}},
	{"K: a section's claims did not wait", {ADD(SECTION, "1/2", section, answered.seconds, 1)}},
	{"K: a section's claims did not wait", {ADD(SECTION, "1/2", section, settled.claims[0], -1)}},
	{"K: a section's claims did not wait", {ADD(SECTION, "1/2", section, settled.seconds, 1)}},
	{"K: a section's claims did not wait", {ADD(CLAIM, "c", claim, answered_in, 1)}},
	{"K: a section's claims did not wait", {ADD(CLAIM, "c", claim, paid_in, 1)}},
	{"D4: a section counts other restarts", {ADD(SECTION, "1/2", section, restarts, 1)}},
	{"D4: a section counts other restarts", {SET(CLAIM, "c", claim, restarts, 1)}},
	{"K: a claim was ruled on or paid", {SET(CLAIM, "c", claim, filed_at, 0)}},
	{"K: a claim was ruled on or paid", {SET(CLAIM, "c", claim, answered_in, 0)}},
	{"K: a claim was ruled on or paid", {SET(CLAIM, "c", claim, paid_in, 0)}},
};

static void test_waited(void **state)
{
	kit_play(*state, "declare-without-deposit i fuel-card\n"
			 "card k 60.00\n"
			 "file c i k\n"
			 "decide c\n"
			 "distribute i\n"
			 "fund i 60.00\n"
			 "instruct c\n"
			 "settle c");
	MISLEAD_EACH(*state, waited);
}

/* ---- D4, D5: what people do ---- */

#define COUNTED(member)                                                                                      \
	{                                                                                                    \
		"D4: an incident counts of the desk what",                                                   \
		{                                                                                            \
			ADD(MEASURE, "1", measure, member, 1)                                                \
		}                                                                                            \
	}
static const struct wrong desks[] = {
	COUNTED(contacts),
	COUNTED(repeat_contacts),
	COUNTED(repeats),
	COUNTED(hand_overs),
	COUNTED(bounces),
	COUNTED(overdues),
	COUNTED(promises),
	COUNTED(promises_open),
	COUNTED(promises_kept),
	COUNTED(promises_missed),
	COUNTED(callbacks),
	COUNTED(callbacks_kept),
	COUNTED(callbacks_missed),
	COUNTED(appeals),
	COUNTED(upheld),
	COUNTED(varied),
	COUNTED(reversed),
	{"D4: an incident counts of the desk what", {GONE(MEASURE, "1")}},
	{"D4: an incident counts of the desk what", {ADD(DESK, "c", desk, repeats, 1)}},
	{"D4: the desk counts something of no incident", {THERE(MEASURE, "9")}},
	{"D4: days of a claim passed", {ADD(SEALED, "c", sealed, came, 1)}},
	{"D4: a claimant came more or less often",
		{ADD(SEALED, "c", sealed, came, 1), ADD(BREACH, "c/cards/0", breach, repeat_contacts, 1),
			ADD(BREACH_HOLDER, "cards/0", breach, repeat_contacts, 1)}},
	{"K: somebody spoke to a claimant", {SET(CLAIM, "c", claim, answered_in, 0)}},
	{"D5: a claim has not the promises", {ADD(DESK, "c", desk, promises_kept, 1)}},
	{"D5: a claim has not the promises", {ADD(DESK, "c", desk, callbacks, 1)}},
	{"D5: a claim has not the promises", {ADD(DESK, "c", desk, callbacks_kept, 1)}},
	{"D5: a claim has not the promises", {ADD(DESK, "c", desk, callbacks_missed, 1)}},
	{"D4: days of a claim passed", {ADD(BREACH, "c/cards/0", breach, overdues, 1)}},
	{"D4: days of a claim passed", {ADD(BREACH, "c/cards/0", breach, repeat_contacts, 1)}},
	{"D4: days of a claim passed", {GONE(BREACH, "c/cards/0")}},
	{"D4: a team or a person has other breaches", {ADD(BREACH, "c/cards/0", breach, missed, 1)}},
	{"D4: a team or a person has other breaches", {ADD(BREACH_HOLDER, "cards/0", breach, overdues, 1)}},
	{"D4: a team or a person has other breaches", {ADD(BREACH_HOLDER, "cards/0", breach, missed, -1)}},
	{"D4: a team or a person has other breaches",
		{ADD(BREACH_HOLDER, "cards/0", breach, repeat_contacts, 1)}},
	{"D4: what passed while somebody had a claim", {GONE(BREACH_HOLDER, "cards/0")}},
	{"D5: promises were missed by nobody", {ADD(BREACH, "c/cards/0", breach, missed, 1),
						       ADD(BREACH_HOLDER, "cards/0", breach, missed, 1)}},
};

static void test_desks(void **state)
{
	kit_play(*state, "declare-without-deposit i fuel-card\n"
			 "card k 60.00\n"
			 "file c i k\n"
			 "admin team.publish team=cards version=1 members=key:@agent members=key:@boss\n"
			 "agent claim.hand_over claim=c team=cards reason=r\n"
			 "agent promise.make claim=c kind=callback due=2016-05-05T00:00:00Z\n"
			 "agent contact.record claim=c channel=phone direction=in\n"
			 "agent contact.record claim=c channel=phone direction=in\n"
			 "agent contact.record claim=c channel=phone direction=out\n"
			 "wait 1 day\n"
			 "wait 2 days");
	MISLEAD_EACH(*state, desks);
}

/* ---- D7: appeals of rulings ---- */

static const struct wrong appeals[] = {
	{"D7: a claim's appeals are not", {ADD(HEARING, "c", hearing, appeals, 1)}},
	{"D7: a claim's appeals are not", {ADD(HEARING, "c", hearing, upheld, -1)}},
	{"D4: an incident counts of the desk what",
		{ADD(HEARING, "c", hearing, upheld, -1), ADD(HEARING, "c", hearing, varied, 1)}},
};

static void test_appeals(void **state)
{
	kit_play(*state, "declare-without-deposit i fuel-card\n"
			 "card k 60.00\n"
			 "file c i k\n"
			 "maker claim.decide claim=c outcome=reject reason=not-the-holder\n"
			 "agent ruling.appeal claim=c reason=r evidence_hash=ef*\n"
			 "checker ruling.judge claim=c outcome=upheld reason=r basis_hash=12*");
	MISLEAD_EACH(*state, appeals);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		KIT_TEST(test_waited),
		KIT_TEST(test_desks),
		KIT_TEST(test_appeals),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
