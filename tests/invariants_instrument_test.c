/* SPDX-License-Identifier: Apache-2.0 */
#include "mislead.h"

#include "books/record_account.h"
#include "books/record_collateral.h"
#include "books/record_incident.h"
#include "books/account.h"
#include "rules/collateral/instrument_call.h"
#include "ledger.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

/* A6, broken by hand: the audit sees it. */

static void doctor_instrument(struct kit *kit)
{
	struct record_path path = record_path_of_text(RECORD_INSTRUMENT, slice_text("b-1"));
#define MEMBER(name) offsetof(struct record_instrument, name)
	mislead_number(kit, &path, MEMBER(limit), "A6: instrument b-1: what is left, called and lapsed");
	mislead_number(kit, &path, MEMBER(left), "A6: instrument b-1: what is left, called and lapsed");
	mislead_number(kit, &path, MEMBER(called), "A6: instrument b-1: what is left, called and lapsed");
	mislead_number(kit, &path, MEMBER(given_back), "A6: instrument b-1: what is left, called and lapsed");
	mislead_number(kit, &path, MEMBER(lapsed), "A6: instrument b-1: what is left, called and lapsed");
	mislead_number(kit, &path, MEMBER(incidents), "A6: instrument b-1: its calls do not add up");
	mislead_number(kit, &path, MEMBER(ended_entry), "I11: the index instrument live has rows");
#undef MEMBER
}

static void doctor_call(struct kit *kit)
{
	struct record_path path = record_path_of_short(RECORD_CALL, 1);
	record_path_short(&path, 1);
	record_path_text(&path, slice_text("b-1"));
#define MEMBER(name) offsetof(struct record_instrument_call, name)
	mislead_number(kit, &path, MEMBER(called), "A6: instrument b-1: its calls do not add up");
	mislead_number(kit, &path, MEMBER(paid), "A6: instrument b-1: 1100 is not what was called");
	mislead_number(kit, &path, MEMBER(refused), "A6: instrument b-1: 1100 is not what was called");
	mislead_number(kit, &path, MEMBER(entry), "A6: instrument b-1: 1100 is not what was called");
	mislead_number(kit, &path, MEMBER(used), "A6: instrument b-1: 2040 is not what was called");
	mislead_number(kit, &path, MEMBER(returned), "A6: instrument b-1: 2040 is not what was called");
#undef MEMBER
}

static void test_doctored(void **state)
{
	struct kit *kit = *state;
	struct state_view *view = state_writer(kit->ledger->state);
	kit_world(kit, "insured.case");
	kit_play(kit, "insured-incident\n"
		      "insured-by b-1 S 1 200.00\n"
		      "insured-by b-2 T 2 900.00\n"
		      "call i\n"
		      "provide i b-1 100.00\n"
		      "distribute i\n"
		      "provide i b-1 10.00");
	mislead_invariants(kit, NULL);
	doctor_instrument(kit);
	doctor_call(kit);
	struct record_path incident = record_path_of_short(RECORD_INCIDENT, 1);
	mislead_number(kit, &incident, offsetof(struct record_incident, from_instruments),
		"A6: what instruments gave");
	/* more was shared out than the deposit gave: the parts are changed with it, or I10 would say so */
	struct record_account account;
	struct record_path deposit =
		account_path(CHART_DEPOSIT_FROZEN, slice_text("M"), slice_text("i"), slice_text("CNY"));
	assert_ok(record_get(view, &deposit, &account, sizeof account));
	account.debits--;
	account.credits++;
	mislead_put(view, &deposit, &account, sizeof account);
	mislead_invariants(kit, "A6: what was shared out");
	account.debits++;
	account.credits--;
	mislead_put(view, &deposit, &account, sizeof account);
	/* a limit in the memo that is no instrument's */
	struct record_path limit =
		account_path(CHART_INSTRUMENT_LIMITS, slice_text("S"), slice_text("none"), slice_text("CNY"));
	memset(&account, 0, sizeof account);
	mislead_put(view, &limit, &account, sizeof account);
	mislead_invariants(kit, "A6: 9010/S/none is no instrument's limit");
	assert_ok(state_remove(view, record_path_slice(&limit)));
	/* a call that is listed and is not there */
	struct record_path listed = record_path_of_text(RECORD_INSTRUMENT_CALLED, slice_text("b-2"));
	record_path_short(&listed, 7);
	mislead_put(view, &listed, NULL, 0);
	mislead_invariants(kit, "A6: instrument b-2: a call that is listed is not there");
	assert_ok(state_remove(view, record_path_slice(&listed)));
	/* more used than was paid, whatever the accounts say */
	struct record_path path = record_path_of_short(RECORD_CALL, 1);
	struct record_instrument_call call;
	record_path_short(&path, 1);
	record_path_text(&path, slice_text("b-1"));
	assert_ok(record_get(view, &path, &call, sizeof call));
	call.used += 11 * 100;
	mislead_put(view, &path, &call, sizeof call);
	mislead_invariants(kit, "A6: instrument b-1: a call has more paid, used or refused");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		KIT_TEST(test_doctored),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
