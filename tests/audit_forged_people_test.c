/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/rule.h"
#include "books/record_agreement.h"
#include "books/record_appeal.h"
#include "books/record_incident.h"
#include "books/record_party.h"
#include "base/instant.h"
#include "mislead.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

/*
 * What an operator might want to be told otherwise about appeals (D7), and about who agreed (H1, H6): as in
 * audit_forged_security_test.c.
 */
enum { DAY = 86400 };

/* ---- appeals (D7) ---- */

static uint64_t deduction;

static void change_deduction(struct state_view *view, uint64_t later, uint64_t earlier, bool forget_approver)
{
	struct record_path path = record_path_of_number(RECORD_DEDUCTION, deduction);
	struct record_deduction record;
	mislead_get(view, &path, &record, sizeof record);
	record.until += later;
	record.until -= earlier;
	record.approver = forget_approver ? 1 : record.approver;
	mislead_put(view, &path, &record, sizeof record);
}

static void widen_window(struct state_view *view)
{
	change_deduction(view, 365 * DAY * INSTANT_SECOND, 0, false);
}

static void narrow_window(struct state_view *view)
{
	change_deduction(view, 0, 15 * DAY * INSTANT_SECOND, false);
}

static void forget_who_deducted(struct state_view *view)
{
	change_deduction(view, 0, 0, true);
}

static void forget_stay(struct state_view *view)
{
	struct record_path path = record_path_of_short(RECORD_INCIDENT, 1);
	struct record_incident record;
	mislead_get(view, &path, &record, sizeof record);
	record.stays = 0;
	mislead_put(view, &path, &record, sizeof record);
}

#define LODGE "merchant appeal.lodge merchant=M deduction=$last reason=not-us"

static void deduct(struct kit *kit)
{
	kit_play(kit, "deposit M 1000.00 b-1\n"
		      "declare i M fuel-card\n"
		      "claim c i 1000.00\n"
		      "distribute i");
	deduction = kit->last_entry;
}

static void test_appeal_window_widened(void **state)
{
	struct kit *kit = *state;
	deduct(kit);
	kit_wait(kit, 16 * DAY);
	mislead_refused(kit, "WINDOW_CLOSED", LODGE, widen_window);
}

/* The other way round: a merchant is turned away that had the right. A refusal is recorded, too. */
static void test_appeal_turned_away(void **state)
{
	struct kit *kit = *state;
	deduct(kit);
	mislead(kit, narrow_window);
	kit_play(kit, LODGE " ! WINDOW_CLOSED");
	mislead_found(kit, kit_entries(kit), "should not have been refused");
}

static void test_appeal_decided_by_who_deducted(void **state)
{
	deduct(*state);
	kit_play(*state, LODGE);
	mislead_refused(*state, "SAME_PERSON",
		"checker appeal.decide appeal=$last outcome=upheld basis_hash=ab* reason=heard",
		forget_who_deducted);
}

static void test_stay_forgotten(void **state)
{
	deduct(*state);
	kit_play(*state, LODGE "\nchecker appeal.stay appeal=$last reason=arguable");
	mislead_refused(*state, "NOT_PERMITTED", "payer payout.instruct claim=c", forget_stay);
}

/* ---- who agreed (H1, H6) ---- */

#define USE "admin break_glass.use proposal=$last reason=nobody-there evidence_hash=ab*"

static void propose(struct kit *kit, const char *break_glass)
{
	kit_play(kit,
		"deposit M 100.00 b-1\n"
		"admin control.publish version=1 break_glass=%s\n"
		"    limits=command:deposit.hold,span:single,unit:CNY,amount:10.00,approvals:1\n"
		"maker deposit.hold hold=h merchant=M amount=60.00 unit=CNY reason=signal",
		break_glass);
}

static void allow_break_glass(struct state_view *view)
{
	struct record_path path;
	struct record_control record;
	record_path_start(&path, RECORD_CONTROL);
	mislead_get(view, &path, &record, sizeof record);
	record.break_glass = AUTHORITY_ALLOWED;
	mislead_put(view, &path, &record, sizeof record);
}

static void test_break_glass_forbidden(void **state)
{
	propose(*state, "forbidden");
	mislead_refused(*state, "NOT_PERMITTED", USE, allow_break_glass);
}

static uint64_t used;

static void drop_review(struct state_view *view)
{
	struct record_path path = record_path_of(RECORD_BREAK_GLASS_OPEN);
	record_path_number(&path, used);
	mislead_forget(view, &path);
	path = record_path_of(RECORD_BREAK_GLASS);
	record_path_number(&path, used);
	mislead_forget(view, &path);
}

/* The service's report is to know nothing of it. When the clock strikes there is nothing that could be overdue. */
static void test_break_glass_without_review(void **state)
{
	struct kit *kit = *state;
	propose(kit, "allowed");
	kit_play(kit, USE);
	used = kit->last_entry;
	mislead(kit, drop_review);
	kit_play(kit, "? auditor report.break_glass : uses#=0");
	uint64_t entry = kit_entries(kit);
	while (kit_wait(kit, DAY) == 0)
		continue;
	mislead_found(kit, entry, MISLEAD_FIGURES);
}

static void restore_checker(struct state_view *view)
{
	struct record_path path = mislead_key_path("checker");
	struct record_key key;
	mislead_get(view, &path, &key, sizeof key);
	key.revoked = 0;
	key.revoked_entry = 0;
	key.rotated_to = 0;
	mislead_put(view, &path, &key, sizeof key);
}

static void test_rotated_key_approves(void **state)
{
	struct kit *kit = *state;
	char approve[60];
	propose(kit, "forbidden");
	snprintf(approve, sizeof approve, "checker proposal.approve proposal=%llu",
		(unsigned long long)kit->last_entry);
	kit_play(kit, "checker key.rotate key=@checker new=@checker-2 reason=routine");
	mislead_refused(kit, "KEY_REVOKED", approve, restore_checker);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		KIT_TEST(test_appeal_window_widened),
		KIT_TEST(test_appeal_turned_away),
		KIT_TEST(test_appeal_decided_by_who_deducted),
		KIT_TEST(test_stay_forgotten),
		KIT_TEST(test_break_glass_forbidden),
		KIT_TEST(test_break_glass_without_review),
		KIT_TEST(test_rotated_key_approves),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
