/* SPDX-License-Identifier: Apache-2.0 */
#include "kit.h"
#include "mislead.h"

#include "books/record_claim.h"
#include "books/record_collateral.h"
#include "ledger.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

/* A2, A8: what secures a merchant's customers, broken by hand: the audit sees it. */

/* An issuer's cash is held against its shares and against who keeps it: neither makes up for the other. */
static void issuers_cash(struct kit *kit)
{
	struct state_view *view = state_writer(kit->ledger->state);
	struct record_collateral merchant;
	struct record_issuer issuer;
	int64_t kept;
	struct record_path path = record_path_of_texts(RECORD_COLLATERAL, slice_text("M"), slice_text("CNY"));
	assert_ok(record_get(view, &path, &merchant, sizeof merchant));
	struct record_path by = record_path_of_texts(RECORD_ISSUER_CASH, slice_text("Y"), slice_text("CNY"));
	record_path_short(&by, merchant.custodian);
	mislead_number(kit, &by, 0, "A8: the merchants of issuer Y");
	path = record_path_of_texts(RECORD_ISSUER, slice_text("Y"), slice_text("CNY"));
	assert_ok(record_get(view, &by, &kept, sizeof kept));
	assert_ok(record_get(view, &path, &issuer, sizeof issuer));
	kept++;
	issuer.cash++;
	mislead_put(view, &by, &kept, sizeof kept);
	mislead_put(view, &path, &issuer, sizeof issuer);
	mislead_invariants(kit, "A8: the merchants of issuer Y");
}

static void test_doctored(void **state)
{
	struct kit *kit = *state;
	kit_play(kit,
		"admin requirement.publish policy=req version=1 unit=CNY basis=ratio\n"
		"    + requirement.assign merchant=M policy=req version=1\n"
		"card c-1 200.00\n"
		"maker entitlement.issue entitlement=c-2 holder=h issuer=G merchant=M channel=app unit=L\n"
		"    quantity=1.000 cost=100.00 currency=CNY evidence=absent evidence_hash=ab*\n"
		"deposit M 50.00 b-1");
	mislead_invariants(kit, NULL);
	struct record_path path = record_path_of_texts(RECORD_COLLATERAL, slice_text("M"), slice_text("CNY"));
#define MEMBER(name) offsetof(struct record_collateral, name)
	mislead_number(kit, &path, MEMBER(held), "A2: what secures merchant M");
	mislead_number(kit, &path, MEMBER(exposure), "A2: what secures merchant M");
	mislead_number(kit, &path, MEMBER(required), "A2: what is required of merchant M");
	mislead_number(kit, &path, MEMBER(gross), "A2: what is required of merchant M");
	mislead_number(kit, &path, MEMBER(shortfall), "A2: merchant M has a duty");
	mislead_number(kit, &path, MEMBER(duty), "A2: merchant M has a duty");
#undef MEMBER
	path = record_path_of_texts(RECORD_SHARE, slice_text("Y"), slice_text("CNY"));
	record_path_text(&path, slice_text("M"));
	mislead_number(kit, &path, offsetof(struct record_share, cash),
		"A8: issuer Y has another share in merchant M");
	path = record_path_of_texts(RECORD_ISSUER, slice_text("Y"), slice_text("CNY"));
	mislead_number(kit, &path, offsetof(struct record_issuer, exposure), "A8: the merchants of issuer Y");
	mislead_number(
		kit, &path, offsetof(struct record_issuer, instruments), "A8: the merchants of issuer Y");
	issuers_cash(kit);
	path = record_path_of_text(RECORD_ENTITLEMENT, slice_text("c-1"));
	mislead_number(
		kit, &path, offsetof(struct record_entitlement, cost), "A8: exposure is not what is left");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		KIT_TEST(test_doctored),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
