/* SPDX-License-Identifier: Apache-2.0 */
#include "mislead.h"

#include "books/life.h"
#include "books/record_cover.h"
#include "books/record_desk.h"
#include "books/record_ledger.h"

/* What the audit says of the desk that the rules can not have made so (see invariants_test.c). */

/* ---- D2: by when ---- */

#define HOUR "406249" /* ends at 2016-05-06T01:00:00Z: all are filed two days before */

static const struct wrong hours[] = {
	{"D2: nobody looks at a claim when its day", {SET(CLAIM, "c", claim, hour, 406250)}},
	{"D2: nobody looks at a claim when its day", {SET(CLAIM, "c", claim, hour, 0)}},
	{"D2: claims that wait are not those that lie", {GONE(DUE, HOUR "/1")}},
	{"D2: a claim that waits is due at no time", {SET(CLAIM, "c", claim, due, 0)}},
};

static void test_hours(void **state)
{
	kit_play(*state, "declare-without-deposit i fuel-card\n"
			 "card k 60.00\n"
			 "file c i k");
	MISLEAD_EACH(*state, hours);
}

static const struct wrong late[] = {
	{"D2: nobody looks at a claim when its day", {GONE(DESK, "c")}},
	{"D2: a claim does not say that the desk has it", {SET(CLAIM, "c", claim, desk, 0)}},
	{"D2: the desk has another day of a claim", {ADD(CLAIM, "c", claim, due, 1)}},
	{"D2: a claim is late of another day", {SET(DESK, "c", desk, overdues, 0)}},
	{"D2: a claim is late of another day", {SET(DESK, "c", desk, overdue_entry, 0)}},
	{"D2: the desk has a claim that is not there", {THERE(DESK, "none")}},
};

static void test_late(void **state)
{
	kit_play(*state, "declare-without-deposit i fuel-card\n"
			 "card k 60.00\n"
			 "file c i k\n"
			 "wait 3 days");
	MISLEAD_EACH(*state, late);
}

/* ---- D2, D4: whose it is to see to ---- */

static const struct wrong hands[] = {
	{"D4: a claim was not handed over as often", {ADD(DESK, "c", desk, hand_overs, 1)}},
	{"D4: a claim was not handed over as often", {ADD(DESK, "c", desk, bounces, -1)}},
	{"D4: a claim was not handed over as often", {ADD(DESK_HAD, "c/cards/0", desk_had, times, -1)}},
	{"D4: a claim was not handed over as often", {GONE(DESK_HAD, "c/cards/0")}},
	{"D2: a claim is nobody's to see to", {SET(DESK, "c", desk, person, 3)}},
	{"D2: a claim is nobody's to see to", {SET(CLAIM, "c", claim, owner, 3)}},
	{"D2: a claim is nobody's to see to",
		{{RECORD_DESK, "c", offsetof(struct record_desk, team), 1, false, 0}}},
	{"D2: a claim is nobody's to see to", {GONE(TEAM, "cards")}},
};

static void test_hands(void **state)
{
	kit_play(*state, "declare-without-deposit i fuel-card\n"
			 "card k 60.00\n"
			 "file c i k\n"
			 "admin team.publish team=cards version=1 members=key:@agent members=key:@boss\n"
			 "agent claim.hand_over claim=c team=cards reason=r\n"
			 "agent claim.take claim=c\n"
			 "agent claim.hand_over claim=c team=cards reason=r");
	MISLEAD_EACH(*state, hands);
}

/* ---- D5: promises ---- */

static const struct wrong promises[] = {
	{"D5: a claim has not the promises", {ADD(DESK, "c", desk, promises, 1)}},
	{"D5: a claim has not the promises", {ADD(DESK, "c", desk, promises_open, -1)}},
	{"D5: a claim has not the promises", {ADD(DESK, "c", desk, promises_missed, 1)}},
	{"D5: a claim has not the promises", {SET(PROMISE, "@", promise, kept_entry, 1)}},
	{"D5: nobody looks at a promise", {SET(PROMISE, "@", promise, clock, 0)}},
	{"D5: a promise is of no claim",
		{{RECORD_PROMISE, "@", offsetof(struct record_promise, claim), 1, false, 'x'}}},
	{"D5: a promise was kept by nothing", {SET(PROMISE, "@", promise, kept_by, 1)}},
	{"D5: a promise was kept, and withdrawn",
		{SET(PROMISE, "@", promise, kept_entry, 1), SET(PROMISE, "@", promise, kept_by, 1),
			SET(PROMISE, "@", promise, withdrawn_entry, 1),
			ADD(DESK, "c", desk, promises_open, -1), ADD(DESK, "c", desk, promises_kept, 1),
			ADD(DESK, "c", desk, callbacks_kept, 1)}},
	{"D5: the desk has another day", {ADD(DESK, "c", desk, promise_due, 1)}},
	{"D5: the desk has another day", {SET(DESK, "c", desk, promise_late, 1)}},
};

static void test_promises(void **state)
{
	kit_play(*state, "declare-without-deposit i fuel-card\n"
			 "card k 60.00\n"
			 "file c i k\n"
			 "agent promise.make claim=c kind=callback due=2016-05-05T00:00:00Z");
	MISLEAD_EACH(*state, promises);
}

/* ---- H4: flags ---- */

static const struct wrong flags[] = {
	{"H4: a claim has not the flags", {ADD(DESK, "c", desk, flags, 1)}},
	{"H4: a claim has not the flags", {ADD(DESK, "c", desk, flags_open, -1)}},
	{"H4: a claim has not the flags", {ADD(DESK, "c", desk, flag_due, 1)}},
	{"H4: a claim has not the flags", {SET(FLAG, "c/1", flag, cleared_entry, 1)}},
	{"H4: nobody was shown a claim", {GONE(FLAG, "c/1")}},
	{"H4: a flag is on no claim", {THERE(FLAG, "none/1")}},
	{"H4: a flag was cleared by nobody", {SET(FLAG, "c/1", flag, clearer, 1)}},
	{"H4: who filed a claim cleared a flag", {SET(FLAG, "c/1", flag, clearer, 3)}},
	{"H4: a flag was cleared before it was raised",
		{SET(FLAG, "c/1", flag, cleared_entry, 1), SET(FLAG, "c/1", flag, clearer, 1),
			ADD(DESK, "c", desk, flags_open, -1), SET(DESK, "c", desk, flag_due, 0)}},
};

static void test_flags(void **state)
{
	kit_play(*state, "declare-without-deposit i fuel-card\n"
			 "card k 60.00\n"
			 "agent claim.file claim=c incident=i entitlement=k channel=phone amount=60.01");
	MISLEAD_EACH(*state, flags);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		KIT_TEST(test_hours),
		KIT_TEST(test_late),
		KIT_TEST(test_hands),
		KIT_TEST(test_promises),
		KIT_TEST(test_flags),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
