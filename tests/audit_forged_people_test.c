/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/payout/deduction.h"
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
	struct record_path path = deduction_path(deduction);
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

static void deduct(struct kit *kit, char lodge[static 200])
{
	rules_deposit(kit, "M", "1000.00", "b-1");
	rules_declare(kit, "i", "M", "fuel-card");
	rules_claim(kit, "c", "i", "1000.00");
	rules_distribute(kit, "i");
	deduction = kit->last_entry;
	snprintf(lodge, 200,
		"{\"command\":\"appeal.lodge\",\"merchant\":\"M\",\"deduction\":%llu,\"reason\":\"not-us\"}",
		(unsigned long long)deduction);
}

static void test_appeal_window_widened(void **state)
{
	struct kit *kit = *state;
	char lodge[200];
	deduct(kit, lodge);
	kit_wait(kit, 16 * DAY);
	mislead_refused(kit, RECOURSE_WINDOW_CLOSED, "merchant", lodge, widen_window);
}

/* The other way round: a merchant is turned away that had the right. A refusal is recorded, too. */
static void test_appeal_turned_away(void **state)
{
	struct kit *kit = *state;
	char lodge[200];
	deduct(kit, lodge);
	mislead(kit, narrow_window);
	kit_refuse(kit, RECOURSE_WINDOW_CLOSED, NULL, "merchant", "%s", lodge);
	mislead_found(kit, rules_entries(kit), "should not have been refused");
}

static void test_appeal_decided_by_who_deducted(void **state)
{
	struct kit *kit = *state;
	char text[300];
	deduct(kit, text);
	kit_accept(kit, "merchant", "%s", text);
	snprintf(text, sizeof text,
		"{\"command\":\"appeal.decide\",\"appeal\":%llu,\"outcome\":\"upheld\",\"basis_"
		"hash\":" RULES_HASH ",\"reason\":\"heard\"}",
		(unsigned long long)kit->last_entry);
	mislead_refused(kit, RECOURSE_SAME_PERSON, "checker", text, forget_who_deducted);
}

static void test_stay_forgotten(void **state)
{
	struct kit *kit = *state;
	char lodge[200];
	deduct(kit, lodge);
	kit_accept(kit, "merchant", "%s", lodge);
	kit_accept(kit, "checker", "{\"command\":\"appeal.stay\",\"appeal\":%llu,\"reason\":\"arguable\"}",
		(unsigned long long)kit->last_entry);
	mislead_refused(kit, RECOURSE_NOT_PERMITTED, "payer",
		"{\"command\":\"payout.instruct\",\"claim\":\"c\"}", forget_stay);
}

/* ---- who agreed (H1, H6) ---- */

#define LIMIT(more)                                                                                          \
	"{\"command\":\"control.publish\",\"version\":1" more                                                \
	",\"limits\":[{\"command\":\"deposit.hold\",\"span\":\"single\",\"unit\":\"CNY\",\"amount\":\""      \
	"10.00\",\"approvals\":1}]}"
#define HOLD                                                                                                 \
	"{\"command\":\"deposit.hold\",\"hold\":\"h\",\"merchant\":\"M\",\"amount\":\"60.00\",\"unit\":"     \
	"\"CNY\",\"reason\":\"signal\"}"

static void propose(struct kit *kit, const char *control)
{
	rules_deposit(kit, "M", "100.00", "b-1");
	kit_accept(kit, "admin", "%s", control);
	kit_accept(kit, "maker", HOLD);
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

static void write_use(const struct kit *kit, char use[static 300])
{
	snprintf(use, 300,
		"{\"command\":\"break_glass.use\",\"proposal\":%llu,\"reason\":\"nobody-there\",\"evidence_"
		"hash\":" RULES_HASH "}",
		(unsigned long long)kit->last_entry);
}

static void test_break_glass_forbidden(void **state)
{
	char use[300];
	propose(*state, LIMIT(""));
	write_use(*state, use);
	mislead_refused(*state, RECOURSE_NOT_PERMITTED, "admin", use, allow_break_glass);
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
	char use[300];
	propose(kit, LIMIT(",\"break_glass\":\"allowed\""));
	write_use(kit, use);
	kit_accept(kit, "admin", "%s", use);
	used = kit->last_entry;
	mislead(kit, drop_review);
	kit_shows(kit, "auditor", "report.break_glass", "{}", "\"uses\":[]");
	uint64_t entry = rules_entries(kit);
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
	char approve[100];
	propose(kit, LIMIT(""));
	snprintf(approve, sizeof approve, "{\"command\":\"proposal.approve\",\"proposal\":%llu}",
		(unsigned long long)kit->last_entry);
	rules_rotate(kit, "checker", "checker", "checker-2");
	mislead_refused(kit, RECOURSE_KEY_REVOKED, "checker", approve, restore_checker);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		RULES_TEST(test_appeal_window_widened),
		RULES_TEST(test_appeal_turned_away),
		RULES_TEST(test_appeal_decided_by_who_deducted),
		RULES_TEST(test_stay_forgotten),
		RULES_TEST(test_break_glass_forbidden),
		RULES_TEST(test_break_glass_without_review),
		RULES_TEST(test_rotated_key_approves),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
