/* SPDX-License-Identifier: Apache-2.0 */
#include "mislead.h"

#include "books/life.h"
#include "books/record_cover.h"

/* What the audit says of claims and lots that the rules can not have made so (see invariants_test.c). */

#define POOL "1/2" /* the first incident's section: M's */

/* ---- D8: one lot, one claim ---- */

static const struct wrong lots[] = {
	{"D8: a lot is another claim's", {SET(ENTITLEMENT, "e", entitlement, claim_entry, 0)}},
	{"D8: a lot is another claim's", {SET(CLAIM, "first", claim, state, CLAIM_REJECTED)}},
	{"D8: a claim is for a lot that is not there", {GONE(ENTITLEMENT, "e")}},
	{"D8: a lot is another claim's", {SET(CLAIM, "second", claim, state, CLAIM_RECEIVED)}},
	/* nobody stepped in */
	{"D8: a claim is linked to none", {SET(CLAIM, "first", claim, state, CLAIM_WITHDRAWN),
						  SET(ENTITLEMENT, "e", entitlement, claim_entry, 0)}},
	{"I11: a row of the table claim is not in its linked", {GONE(LINKED, "e/@/second")}},
};

static void test_lots(void **state)
{
	kit_play(*state, "declare-without-deposit i fuel-card\n"
			 "card e 60.00\n"
			 "file first i e\n"
			 "file second i e");
	MISLEAD_EACH(*state, lots);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		KIT_TEST(test_lots),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
