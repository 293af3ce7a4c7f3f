/* SPDX-License-Identifier: Apache-2.0 */
#include "rules.h"
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

#define ISSUE(card, issuer, cost)                                                                            \
	"{\"command\":\"entitlement.issue\",\"entitlement\":\"" card                                         \
	"\",\"holder\":\"h\",\"issuer\":\"" issuer                                                           \
	"\",\"merchant\":\"M\",\"channel\":\"app\",\"unit\":\"L\",\"quantity\":\"1.000\",\"cost\":\"" cost   \
	"\",\"currency\":\"CNY\"}"

/* Changes eight bytes of a record, looks, and changes them back. */
static void doctored(struct kit *kit, const struct record_path *path, size_t member, const char *text)
{
	struct state_view *view = state_writer(kit->ledger->state);
	uint8_t record[sizeof(struct record_collateral)];
	uint64_t number;
	size_t size = tables_of(record_path_slice(path))->size;
	assert_ok(record_get(view, path, record, size));
	for (int twice = 0; twice < 2; twice++) {
		memcpy(&number, record + member, sizeof number);
		number ^= 1;
		memcpy(record + member, &number, sizeof number);
		mislead_put(view, path, record, size);
		rules_invariants(kit, twice == 0 ? text : NULL);
	}
}

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
	doctored(kit, &by, 0, "A8: the merchants of issuer Y");
	path = record_path_of_texts(RECORD_ISSUER, slice_text("Y"), slice_text("CNY"));
	assert_ok(record_get(view, &by, &kept, sizeof kept));
	assert_ok(record_get(view, &path, &issuer, sizeof issuer));
	kept++;
	issuer.cash++;
	mislead_put(view, &by, &kept, sizeof kept);
	mislead_put(view, &path, &issuer, sizeof issuer);
	rules_invariants(kit, "A8: the merchants of issuer Y");
}

static void test_doctored(void **state)
{
	struct kit *kit = *state;
	kit_accept(kit, "admin",
		"{\"command\":\"requirement.publish\",\"policy\":\"req\",\"version\":1,\"unit\":\"CNY\","
		"\"basis\":\"ratio\"},"
		"{\"command\":\"requirement.assign\",\"merchant\":\"M\",\"policy\":\"req\",\"version\":1}");
	kit_accept(kit, "maker", ISSUE("c-1", "Y", "200.00"));
	kit_accept(kit, "maker", ISSUE("c-2", "G", "100.00"));
	rules_deposit(kit, "M", "50.00", "b-1");
	rules_invariants(kit, NULL);
	struct record_path path = record_path_of_texts(RECORD_COLLATERAL, slice_text("M"), slice_text("CNY"));
#define MEMBER(name) offsetof(struct record_collateral, name)
	doctored(kit, &path, MEMBER(held), "A2: what secures merchant M");
	doctored(kit, &path, MEMBER(exposure), "A2: what secures merchant M");
	doctored(kit, &path, MEMBER(required), "A2: what is required of merchant M");
	doctored(kit, &path, MEMBER(gross), "A2: what is required of merchant M");
	doctored(kit, &path, MEMBER(shortfall), "A2: merchant M has a duty");
	doctored(kit, &path, MEMBER(duty), "A2: merchant M has a duty");
#undef MEMBER
	path = record_path_of_texts(RECORD_SHARE, slice_text("Y"), slice_text("CNY"));
	record_path_text(&path, slice_text("M"));
	doctored(kit, &path, offsetof(struct record_share, cash),
		"A8: issuer Y has another share in merchant M");
	path = record_path_of_texts(RECORD_ISSUER, slice_text("Y"), slice_text("CNY"));
	doctored(kit, &path, offsetof(struct record_issuer, exposure), "A8: the merchants of issuer Y");
	doctored(kit, &path, offsetof(struct record_issuer, instruments), "A8: the merchants of issuer Y");
	issuers_cash(kit);
	path = record_path_of_text(RECORD_ENTITLEMENT, slice_text("c-1"));
	doctored(kit, &path, offsetof(struct record_entitlement, cost), "A8: exposure is not what is left");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		RULES_TEST(test_doctored),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
