/* SPDX-License-Identifier: Apache-2.0 */
#include "mislead.h"

#include "books/record_ledger.h"
#include "ledger.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * H6: what the service and the audit are told of break-glass, and uses broken by hand. The maker is `maker`; `admin`
 * breaks the glass; `checker` and `second` may approve and review.
 */
static void start(struct kit *kit)
{
	kit_play(kit, "key second P approver\n"
		      "deposit M 100000.00 b-1\n"
		      "admin control.publish version=1 break_glass=allowed\n"
		      "    limits=command:deposit.hold,span:single,unit:CNY,amount:1000.00,approvals:2");
}

static unsigned long long propose(struct kit *kit, const char *hold)
{
	kit_play(kit, "maker deposit.hold hold=%s merchant=M amount=6000.00 unit=CNY reason=signal", hold);
	return kit->last_entry;
}

static unsigned long long use(struct kit *kit, unsigned long long proposal)
{
	kit_play(kit, "admin break_glass.use proposal=%llu reason=nobody-there evidence_hash=ab*", proposal);
	return kit->last_entry;
}

static void review(struct kit *kit, const char *key, unsigned long long use)
{
	kit_play(kit, "%s break_glass.review use=%llu finding=justified reason=looked-into evidence_hash=ab*",
		key, use);
}

/* What the service and the audit are told: each use once, and how many wait. */
static void test_never_silent(void **state)
{
	struct kit *kit = *state;
	struct recourse_audit audit;
	const struct recourse_audit_options options = {.directory = kit->directory.path};
	uint64_t entry = 0;
	start(kit);
	assert_error(recourse_ledger_break_glass(kit->ledger, &entry), RECOURSE_QUERY_NOT_FOUND);
	unsigned long long first = use(kit, propose(kit, "h"));
	unsigned long long second = use(kit, propose(kit, "h-2"));
	assert_ok(recourse_ledger_break_glass(kit->ledger, &entry));
	assert_int_equal(entry, first);
	assert_ok(recourse_ledger_break_glass(kit->ledger, &entry));
	assert_int_equal(entry, second);
	assert_error(recourse_ledger_break_glass(kit->ledger, &entry), RECOURSE_QUERY_NOT_FOUND);
	review(kit, "checker", first);
	assert_error(recourse_ledger_break_glass(kit->ledger, &entry), RECOURSE_QUERY_NOT_FOUND);
	kit_reopen(kit, true);
	assert_error(recourse_ledger_break_glass(kit->ledger, &entry), RECOURSE_QUERY_NOT_FOUND);
	unsigned long long third = use(kit, propose(kit, "h-3"));
	assert_ok(recourse_ledger_break_glass(kit->ledger, &entry));
	assert_int_equal(entry, third);
	assert_ok(recourse_ledger_audit(&options, &audit));
	assert_int_equal(audit.break_glass, 3);
	assert_int_equal(audit.break_glass_open, 2);
	assert_int_equal(audit.break_glass_first_open, second);
}

/* ---- broken by hand: the audit sees it ---- */

static void test_doctored(void **state)
{
	struct kit *kit = *state;
	struct record_break_glass record;
	char rows[3][24]; /* of what was reviewed, waits for it, had been agreed to */
	start(kit);
	unsigned long long other = propose(kit, "other");
	unsigned long long done = use(kit, propose(kit, "h"));
	unsigned long long waits = use(kit, propose(kit, "h-2"));
	review(kit, "checker", done);
	unsigned long long approved = propose(kit, "h-3");
	kit_play(kit, "approve");
	unsigned long long agreed = use(kit, approved);
	review(kit, "second", agreed);
	snprintf(rows[0], sizeof rows[0], "%llu", done);
	snprintf(rows[1], sizeof rows[1], "%llu", waits);
	snprintf(rows[2], sizeof rows[2], "%llu", agreed);
	mislead_read(kit, RECORD_BREAK_GLASS, rows[0], &record);
	char proposed[24];
	snprintf(proposed, sizeof proposed, "%llu", (unsigned long long)record.proposal);
#define USE(row, member, number)                                                                             \
	{                                                                                                    \
		SET(BREAK_GLASS, rows[row], break_glass, member, (int64_t)(number))                          \
	}
	const struct wrong wrong[] = {
		{"H6: a use of break-glass did not close", USE(0, proposal, other)},
		{"H6: a use of break-glass did not close", USE(0, proposal, 1)},
		{"H6: a use of break-glass and its proposal", USE(0, maker, record.reviewer)},
		{"H6: a use of break-glass and its proposal", USE(0, missing, 1)},
		{"H6: a use of break-glass and its proposal", USE(0, given, 1)},
		{"H6: one person made, carried out or reviewed", USE(0, user, record.maker)},
		{"H6: one person made, carried out or reviewed", USE(0, reviewer, record.user)},
		{"H6: one person made, carried out or reviewed", USE(0, reviewer, record.maker)},
		/* who reviewed the one agreed to the other beforehand */
		{"H6: one person made, carried out or reviewed", USE(2, reviewer, record.reviewer)},
		{"H6: a use of break-glass and its review", USE(0, review_entry, 0)},
		{"H6: a use of break-glass and its review", USE(0, finding, 0)},
		{"H6: a use of break-glass and its review", USE(1, review_entry, 1)},
		{"H6: a use of break-glass and its review", USE(1, reviewer, record.reviewer)},
		/* its proposal expired, or was closed by another use */
		{"H6: a use of break-glass did not close",
			{SET(PROPOSAL, proposed, proposal, state, PROPOSAL_EXPIRED)}},
		{"H6: a use of break-glass did not close",
			{SET(PROPOSAL, proposed, proposal, closed_entry, (int64_t)waits)}},
		{"H6: a proposal was carried out by a use", {GONE(BREAK_GLASS, rows[0])}},
	};
	MISLEAD_EACH(kit, wrong);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		KIT_TEST(test_never_silent),
		KIT_TEST(test_doctored),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
