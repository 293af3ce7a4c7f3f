/* SPDX-License-Identifier: Apache-2.0 */
#include "mislead.h"

#include "books/record_cover.h"
#include "books/record_desk.h"
#include "books/record_payee.h"

/* What the audit says of payees and origins that the rules can not have made so (see invariants_test.c). */

#define AB "abababababababababababababababababababababababababababababababab"
#define CD "cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd"
#define H  "3977000791/h" /* by its mark */
#define BYTE(table, key, type, member)                                                                       \
	{                                                                                                    \
		RECORD_##table, key, offsetof(struct record_##type, member), 1, false, 'x'                   \
	}

/* ---- F4: whose it is, and where a payment went ---- */

static const struct wrong payees[] = {
	{"F4: a holder has another payee than is open", {{RECORD_PAYEE_HOLDER, H, 0, 1, false, 'x'}}},
	{"F4: a holder has another payee than is open", {GONE(PAYEE_HOLDER, H)}},
	{"F4: a holder's payee is not there",
		{{RECORD_PAYEE_HOLDER, H, 0, 1, false, 'x'}, SET(PAYEE, "p", payee, closed_entry, 900)}},
	{"F4: a holder's payee is not there", {THERE(PAYEE_HOLDER, "3227985301/h-9")}},
	{"F4: a holder's payee is kept beside", {THERE(PAYEE_HOLDER, "1/h")}},
	{"H4: an account of a payee is not counted", {GONE(PAYEE_ACCOUNT, AB "/h")}},
	{"H4: an account of a payee is not counted", {GONE(PAYEE_ACCOUNT, CD "/h")}},
	{"H4: an account of a payee is not counted", {BYTE(PAYEE, "p", payee, account)}},
	{"F4: a payee was changed or closed before", {SET(PAYEE, "p", payee, closed_entry, 1)}},
	{"F4: a payee was changed or closed before", {SET(PAYEE, "p", payee, next_entry, 1)}},
	{"F4: a payee was changed or closed before", {SET(PAYEE, "p", payee, account_entry, 900)}},
	{"F4: a payee was changed or closed before", {SET(PAYEE, "p", payee, maker, 0)}},
	{"F4: a payee was changed or closed before", {SET(PAYEE, "p", payee, rested, 0)}},
	{"H4: an account was named by no payee", {SET(PAYEE_ACCOUNT, CD "/h", payee_account, entry, 1)}},
	{"H4: an account was named by no payee", {BYTE(PAYEE_ACCOUNT, CD "/h", payee_account, payee)}},
	{"H4: an account was named by no payee", {THERE(PAYEE_ACCOUNT, CD "/h-9")}},
	{"F4: a payee is of a claim whose payment", {SET(CLAIM, "c", claim, instalment, 0)}},
	{"F4: a payee is of a claim whose payment", {SET(CLAIM_PAYEE, "c", claim_payee, entry, 1)}},
	{"F4: a payee is of a claim whose payment", {THERE(CLAIM_PAYEE, "none")}},
	{"F4: a payment was ordered to an account", {BYTE(CLAIM_PAYEE, "c", claim_payee, account)}},
	{"F4: a payment was ordered to an account", {BYTE(CLAIM_PAYEE, "c", claim_payee, payee)}},
	{"F4: one person registered a payee and ordered", {SET(CLAIM_PAYEE, "c", claim_payee, payer, 0)}},
	{"F4: one person registered a payee and ordered", {SET(CLAIM_PAYEE, "c", claim_payee, payer, 3)}},
	{"F4: a payment was ordered to a payee that was closed", {SET(PAYEE, "p", payee, closed_entry, 31)}},
	{"F4: a payment was ordered to a payee that still rested",
		{SET(CLAIM_PAYEE, "c", claim_payee, time, 1),
			SET(CLAIM_PAYEE, "c", claim_payee, sent, PAYEE_AGAIN)}},
	{"F4: a payment was ordered to a payee that still rested",
		{SET(CLAIM_PAYEE, "c", claim_payee, time, 1),
			SET(CLAIM_PAYEE, "c", claim_payee, sent, PAYEE_UNNAMED)}},
	{"F4: a payment was ordered to another account", {SET(CLAIM_PAYEE, "c", claim_payee, time, 1)}},
	{"F4: a payment was ordered to another account", {SET(PAYEE, "p", payee, from, INT64_MAX)}},
	{"F4: a payee in the place of one that was closed", {SET(PAYEE, "p", payee, replaces, 1)}},
	{"H4: it is not noted that an account was changed",
		{SET(CLAIM_PAYEE, "c", claim_payee, changed_entry, 0)}},
	{"H4: it is not noted that an account was changed",
		{SET(CLAIM_PAYEE, "c", claim_payee, ruled_entry, 900)}},
	{"H4: it is not noted that an account was changed",
		{SET(CLAIM_PAYEE, "c", claim_payee, sent, PAYEE_UNNAMED)}},
	{"H4: an account was not named for so many", {ADD(CLAIM_PAYEE, "c", claim_payee, holders, 1)}},
	{"H4: an account was not named for so many", {SET(CLAIM_PAYEE, "c", claim_payee, holders, 0)}},
	{"H4: an account was not named for so many", {SET(CLAIM_PAYEE, "c", claim_payee, most, 0)}},
	{"H4: nobody was shown an account", {GONE(FLAG, "c/3")}},
	{"H4: nobody was shown that an account", {GONE(FLAG, "c/4")}},
};

static void test_payees(void **state)
{
	kit_play(*state, "declare-without-deposit i fuel-card\n"
			 "claim c i 60.00\n"
			 "distribute i\n"
			 "fund i 60.00\n"
			 "admin watch.publish version=1 holders=1 payee_hours=1\n"
			 "agent payee.register payee=p-2 holder=h-2 account_hash=cd* rail=bank\n"
			 "agent payee.register payee=p holder=h account_hash=ab* rail=bank\n"
			 "maker payee.change payee=p account_hash=cd* reason=r\n"
			 "approve\n"
			 "wait 1 day\n"
			 "payer payout.instruct claim=c payee=p");
	MISLEAD_EACH(*state, payees);
}

static const struct wrong others[] = {
	{"F4: a payment was ordered to the payee of another", {BYTE(CLAIM_PAYEE, "c", claim_payee, payee)}},
};

/* One that is there, of somebody else with the same account. */
static void test_others(void **state)
{
	kit_play(*state, "declare-without-deposit i fuel-card\n"
			 "claim c i 60.00\n"
			 "distribute i\n"
			 "fund i 60.00\n"
			 "agent payee.register payee=xay holder=h-2 account_hash=ab* rail=bank\n"
			 "agent payee.register payee=pay holder=h account_hash=ab* rail=bank\n"
			 "payer payout.instruct claim=c payee=pay");
	MISLEAD_EACH(*state, others);
}

/* ---- H4: origins ---- */

static const struct wrong origins[] = {
	{"H4: an origin is of no claim", {BYTE(ORIGIN, AB "/@", origin, claim)}},
	{"H4: not so many claims came", {ADD(ORIGIN, AB "/@", origin, claims, -1)}},
	{"H4: not so many claims came", {SET(ORIGIN, AB "/@", origin, hours, 0)}},
	{"H4: nobody was shown a claim of many",
		{GONE(FLAG, "c-2/5"), SET(DESK, "c-2", desk, flags, 0), SET(DESK, "c-2", desk, flags_open, 0),
			SET(DESK, "c-2", desk, flag_due, 0)}},
};

static void test_origins(void **state)
{
	kit_play(*state, "declare-without-deposit i fuel-card\n"
			 "admin watch.publish version=1 claims=1\n"
			 "card k 60.00\n"
			 "card k-2 60.00\n"
			 "agent claim.file claim=c incident=i entitlement=k channel=app origin_hash=ab*\n"
			 "agent claim.file claim=c-2 incident=i entitlement=k-2 channel=app origin_hash=ab*");
	MISLEAD_EACH(*state, origins);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		KIT_TEST(test_payees),
		KIT_TEST(test_others),
		KIT_TEST(test_origins),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
