/* SPDX-License-Identifier: Apache-2.0 */
#include "rules.h"

#include "books/record_agreement.h"
#include "decide/break_glass.h"
#include "ledger.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

/*
 * H6: break-glass. The maker is `maker`; `admin`, `chief` (admin and operator at once) and `warden` (admin and approver)
 * may break the glass; `checker`, `second` and `warden` may approve and review.
 */
enum { HOUR = 3600 };

#define PUBLISH                                                                                              \
	"{\"command\":\"control.publish\",\"version\":%d%s,\"limits\":[{\"command\":\"deposit.hold\","       \
	"\"span\":\"single\",\"unit\":\"CNY\",\"amount\":\"1000.00\",\"approvals\":2}]}"
#define ALLOWED ",\"break_glass\":\"allowed\""
#define HOLD                                                                                                 \
	"{\"command\":\"deposit.hold\",\"hold\":\"%s\",\"merchant\":\"M\",\"amount\":\"%s\",\"unit\":"       \
	"\"CNY\",\"reason\":\"signal\"}"
#define USE                                                                                                  \
	"{\"command\":\"break_glass.use\",\"proposal\":%llu,\"reason\":\"nobody-there\",\"evidence_"         \
	"hash\":" RULES_HASH "}"
#define REVIEW                                                                                               \
	"{\"command\":\"break_glass.review\",\"use\":%llu,\"finding\":\"%s\",\"reason\":\"looked-into\","    \
	"\"evidence_hash\":" RULES_HASH "}"
#define APPROVE "{\"command\":\"proposal.approve\",\"proposal\":%llu}"

static void start(struct kit *kit, const char *more)
{
	kit_key(kit, "second", "P", "[\"approver\"]");
	kit_key(kit, "chief", "P", "[\"admin\",\"operator\"]");
	kit_key(kit, "warden", "P", "[\"admin\",\"approver\"]");
	rules_deposit(kit, "M", "100000.00", "b-1");
	kit_accept(kit, "admin", PUBLISH, 1, more);
}

static unsigned long long propose(struct kit *kit, const char *maker, const char *hold, const char *amount)
{
	kit_accept(kit, maker, HOLD, hold, amount);
	return kit->last_entry;
}

static unsigned long long use(struct kit *kit, const char *key, unsigned long long proposal)
{
	kit_accept(kit, key, USE, proposal);
	return kit->last_entry;
}

static void shows(struct kit *kit, const char *text)
{
	kit_shows(kit, "auditor", "report.break_glass", "{}", text);
}

/* The report lists exactly these, in that order. */
static void lists(struct kit *kit, const char *params, const unsigned long long *uses, size_t count)
{
	char *reply = NULL;
	assert_ok(kit_query(kit, "auditor", "report.break_glass", params, &reply));
	const char *place = reply;
	for (size_t index = 0; index < count; index++) {
		place = strstr(place, "\"use\":");
		assert_non_null(place);
		place += 6;
		assert_int_equal(strtoull(place, NULL, 10), uses[index]);
	}
	assert_null(strstr(place, "\"use\":"));
	free(reply);
}

static void audit_twice(struct kit *kit)
{
	kit_audit(kit);
	kit_reopen(kit, true);
	kit_audit(kit);
}

/* The entry carries the command and its postings, who had a part in it, and what was missing. */
static void test_use(void **state)
{
	struct kit *kit = *state;
	start(kit, ALLOWED);
	unsigned long long proposal = propose(kit, "maker", "h", "6000.00");
	kit_accept(kit, "checker", APPROVE, proposal);
	kit_balance(kit, 2010, "M", "", "CNY", "100000.00");
	unsigned long long used = use(kit, "admin", proposal);
	kit_balance(kit, 2010, "M", "", "CNY", "94000.00");
	kit_balance(kit, 2020, "M", "h", "CNY", "6000.00");
	char *entry = rules_describe(kit, used);
	assert_non_null(strstr(entry, "\"carried_out\":{"));
	assert_non_null(strstr(entry, "\"command\":\"deposit.hold\""));
	assert_non_null(strstr(entry, "\"approvals\":[\"example.com/ledger/maker+"));
	assert_non_null(strstr(entry, ",\"example.com/ledger/checker+"));
	assert_non_null(strstr(entry, "\"approvals_missing\":1"));
	assert_non_null(strstr(entry, "\"approvals_given\":1"));
	assert_non_null(strstr(entry, "\"review_due\":\"2016-05-07T"));
	free(entry);
	shows(kit, "\"command\":\"deposit.hold\"");
	shows(kit, "\"amount\":\"6000.00\"");
	shows(kit, "\"unit\":\"CNY\"");
	shows(kit, "\"reason\":\"nobody-there\"");
	shows(kit, "\"approvals_missing\":1");
	shows(kit, "\"maker\":\"example.com/ledger/maker+");
	shows(kit, "\"by\":\"example.com/ledger/admin+");
	shows(kit, "\"review\":\"open\"");
	rules_refuse(kit, RECOURSE_STATE_WRONG, "proposal", "admin", USE, proposal);
	assert_int_equal(kit->refusal.entry, used);
	rules_refuse(kit, RECOURSE_STATE_WRONG, "proposal", "second", APPROVE, proposal);
	assert_int_equal(kit->refusal.entry, used);
	/* the proposal's own clock was taken back with it */
	assert_int_equal(kit_wait(kit, 71 * HOUR), 0);
	audit_twice(kit);
	shows(kit, "\"age_hours\":0");
}

/* Who broke it is told when the review is due, the first time and at each repetition. */
static void test_answer(void **state)
{
	struct kit *kit = *state;
	char params[600];
	char *first = NULL;
	char *again = NULL;
	start(kit, ALLOWED ",\"review_hours\":24");
	unsigned long long proposal = propose(kit, "maker", "h", "6000.00");
	snprintf(params, sizeof params, "{\"mode\":\"all\",\"commands\":[" USE "]}", proposal);
	assert_ok(kit_request(kit, "admin", "glass", params, &first));
	assert_non_null(strstr(first, "\"review_due\":\"2016-05-05T"));
	assert_non_null(strstr(first, "\"balances\":[{"));
	kit_reopen(kit, true);
	assert_ok(kit_request(kit, "admin", "glass", params, &again));
	assert_string_equal(first, again);
	free(first);
	free(again);
}

static void test_forbidden(void **state)
{
	struct kit *kit = *state;
	start(kit, "");
	unsigned long long proposal = propose(kit, "maker", "h", "6000.00");
	rules_refuse(kit, RECOURSE_NOT_PERMITTED, "command", "admin", USE, proposal);
	assert_non_null(strstr(kit->refusal.limit, "control.publish"));
	kit_accept(kit, "admin", PUBLISH, 2, ",\"break_glass\":\"forbidden\"");
	rules_refuse(kit, RECOURSE_NOT_PERMITTED, "command", "admin", USE, proposal);
	kit_accept(kit, "admin", PUBLISH, 3, ALLOWED);
	kit_accept(kit, "admin", PUBLISH, 4, "");
	rules_refuse(kit, RECOURSE_NOT_PERMITTED, "command", "admin", USE, proposal);
	kit_reopen(kit, true);
	rules_refuse(kit, RECOURSE_NOT_PERMITTED, "command", "admin", USE, proposal);
	kit_accept(kit, "admin", PUBLISH, 5, ALLOWED);
	use(kit, "admin", proposal);
	rules_refuse(kit, RECOURSE_FIELD_LIMIT, "review_hours", "admin", PUBLISH, 6, ",\"review_hours\":0");
	rules_refuse(
		kit, RECOURSE_FIELD_LIMIT, "review_hours", "admin", PUBLISH, 6, ",\"review_hours\":8761");
	rules_refuse(
		kit, RECOURSE_FIELD_FORMAT, "break_glass", "admin", PUBLISH, 6, ",\"break_glass\":\"yes\"");
	audit_twice(kit);
}

/* Without anything published there is a checked command all the same, and no break-glass. */
static void test_nothing_published(void **state)
{
	struct kit *kit = *state;
	rules_settled(kit, "i", "100.00");
	rules_apportion(kit, "i", "several", "[{\"party\":\"Y\",\"share\":\"100.00\"}]");
	kit_accept(kit, "maker",
		"{\"command\":\"write_off.record\",\"write_off\":\"w\",\"incident\":\"i\",\"party\":\"Y\","
		"\"reason\":\"r\"}");
	unsigned long long proposal = kit->last_entry;
	rules_refuse(kit, RECOURSE_NOT_PERMITTED, "command", "admin", USE, proposal);
	kit_accept(kit, "admin", PUBLISH, 1, ALLOWED);
	use(kit, "admin", proposal);
	kit_balance(kit, 9030, "Y", "i", "CNY", "100.00");
	shows(kit, "\"command\":\"write_off.record\"");
	shows(kit, "\"amount\":\"100.00\"");
	audit_twice(kit);
}

static void test_refused(void **state)
{
	struct kit *kit = *state;
	start(kit, ALLOWED);
	unsigned long long nothing = kit->last_entry;
	unsigned long long proposal = propose(kit, "maker", "h", "6000.00");
	rules_refuse(kit, RECOURSE_ROLE_MISSING, "command", "maker", USE, proposal);
	rules_refuse(kit, RECOURSE_ROLE_MISSING, "command", "checker", USE, proposal);
	rules_refuse(kit, RECOURSE_NOT_FOUND, "proposal", "admin", USE, nothing);
	rules_refuse(kit, RECOURSE_FIELD_MISSING, "evidence_hash", "admin",
		"{\"command\":\"break_glass.use\",\"proposal\":%llu,\"reason\":\"r\"}", proposal);
	rules_refuse(kit, RECOURSE_FIELD_MISSING, "reason", "admin",
		"{\"command\":\"break_glass.use\",\"proposal\":%llu,\"evidence_hash\":" RULES_HASH "}",
		proposal);
	/* what was rejected stays rejected */
	kit_accept(kit, "checker", "{\"command\":\"proposal.reject\",\"proposal\":%llu,\"reason\":\"no\"}",
		proposal);
	rules_refuse(kit, RECOURSE_STATE_WRONG, "proposal", "admin", USE, proposal);
	/* what can not be carried out (any more) can not be by force */
	unsigned long long late = propose(kit, "maker", "late", "99000.00");
	kit_accept(kit, "maker", HOLD, "small", "1000.00");
	kit_accept(kit, "maker", HOLD, "smaller", "0.01");
	rules_refuse(kit, RECOURSE_INSUFFICIENT, NULL, "admin", USE, late);
	/* expired, before the clock has struck and after it */
	kit->now += UINT64_C(169) * HOUR * 1000000000;
	rules_refuse(kit, RECOURSE_WINDOW_CLOSED, "proposal", "admin", USE, late);
	assert_int_equal(kit_wait(kit, 1), 1);
	rules_refuse(kit, RECOURSE_STATE_WRONG, "proposal", "admin", USE, late);
	shows(kit, "\"uses\":[]");
	audit_twice(kit);
}

/* A maker never carries out alone, not even then, nor with the key that he has now. */
static void test_maker(void **state)
{
	struct kit *kit = *state;
	char handle[256];
	start(kit, ALLOWED);
	unsigned long long own = propose(kit, "chief", "h", "6000.00");
	rules_refuse(kit, RECOURSE_SAME_PERSON, "proposal", "chief", USE, own);
	rules_rotate(kit, "chief", "chief", "chief-2");
	rules_refuse(kit, RECOURSE_SAME_PERSON, "proposal", "chief-2", USE, own);
	kit_reopen(kit, true);
	rules_refuse(kit, RECOURSE_SAME_PERSON, "proposal", "chief-2", USE, own);
	/* that of another: the proposal of a rotated key stands, that of a revoked one does not */
	use(kit, "admin", own);
	unsigned long long other = propose(kit, "maker", "h-2", "6000.00");
	unsigned long long lost = propose(kit, "payer", "h-3", "6000.00");
	use(kit, "chief-2", other);
	rules_handle(kit->origin, "payer", handle);
	kit_accept(kit, "admin", "{\"command\":\"key.revoke\",\"key\":\"%s\",\"reason\":\"lost\"}", handle);
	rules_refuse(kit, RECOURSE_KEY_REVOKED, "proposal", "chief-2", USE, lost);
	audit_twice(kit);
}

static void test_review(void **state)
{
	struct kit *kit = *state;
	start(kit, ALLOWED);
	unsigned long long proposal = propose(kit, "maker", "h", "6000.00");
	unsigned long long used = use(kit, "warden", proposal);
	unsigned long long next = use(kit, "admin", propose(kit, "maker", "h-2", "7000.00"));
	rules_refuse(kit, RECOURSE_ROLE_MISSING, "command", "maker", REVIEW, used, "justified");
	rules_refuse(kit, RECOURSE_ROLE_MISSING, "command", "admin", REVIEW, used, "justified");
	rules_refuse(kit, RECOURSE_NOT_FOUND, "use", "checker", REVIEW, proposal, "justified");
	rules_refuse(kit, RECOURSE_FIELD_FORMAT, "finding", "checker", REVIEW, used, "fine");
	rules_refuse(kit, RECOURSE_FIELD_MISSING, "evidence_hash", "checker",
		"{\"command\":\"break_glass.review\",\"use\":%llu,\"finding\":\"justified\",\"reason\":"
		"\"r\"}",
		used);
	/* who broke it, with that key and the next one */
	rules_refuse(kit, RECOURSE_SAME_PERSON, "use", "warden", REVIEW, used, "justified");
	rules_rotate(kit, "warden", "warden", "warden-2");
	rules_refuse(kit, RECOURSE_SAME_PERSON, "use", "warden-2", REVIEW, used, "justified");
	kit_shows(kit, "auditor", "report.break_glass", "{\"review\":\"open\",\"limit\":1}", "\"next\":");
	kit_accept(kit, "checker", REVIEW, used, "unjustified");
	unsigned long long reviewed = kit->last_entry;
	rules_refuse(kit, RECOURSE_STATE_WRONG, "use", "second", REVIEW, used, "justified");
	assert_int_equal(kit->refusal.entry, reviewed);
	shows(kit, "\"review\":\"unjustified\"");
	shows(kit, "\"review_reason\":\"looked-into\"");
	shows(kit, "\"reviewer\":\"example.com/ledger/checker+");
	lists(kit, "{}", (unsigned long long[]){used, next}, 2);
	lists(kit, "{\"review\":\"all\"}", (unsigned long long[]){used, next}, 2);
	lists(kit, "{\"review\":\"open\"}", &next, 1);
	kit_accept(kit, "warden-2", REVIEW, next, "justified");
	lists(kit, "{\"review\":\"open\"}", NULL, 0);
	shows(kit, "\"review\":\"justified\"");
	/* reviewed in time: no clock strikes for it any more */
	assert_int_equal(kit_wait(kit, 100 * HOUR), 0);
	audit_twice(kit);
}

/* Nobody reviewed it: the clock says so, by the system's key; a late review is taken, and marked. */
/* Who agreed beforehand has said already that it is right: the review is a third person's, by whichever key. */
static void test_review_by_who_approved(void **state)
{
	struct kit *kit = *state;
	start(kit, ALLOWED);
	unsigned long long proposal = propose(kit, "maker", "h", "6000.00");
	kit_accept(kit, "checker", APPROVE, proposal);
	unsigned long long used = use(kit, "admin", proposal);
	rules_refuse(kit, RECOURSE_SAME_PERSON, "use", "checker", REVIEW, used, "justified");
	rules_rotate(kit, "checker", "checker", "checker-2");
	rules_refuse(kit, RECOURSE_SAME_PERSON, "use", "checker-2", REVIEW, used, "justified");
	kit_accept(kit, "second", REVIEW, used, "unjustified");
	audit_twice(kit);
	struct state_view *view = state_writer(kit->ledger->state);
	struct record_path path = break_glass_path(used);
	struct record_path first = record_path_of_number(RECORD_PROPOSAL, proposal);
	struct record_break_glass record;
	struct record_proposal made;
	slice stored;
	assert_ok(state_get(view, record_path_slice(&first), &stored));
	memcpy(&made, stored.data, sizeof made);
	assert_ok(record_get(view, &path, &record, sizeof record));
	record.reviewer = made.approvers[0];
	assert_ok(record_put(view, &path, &record, sizeof record));
	rules_invariants(kit, "H6: one person made, carried out or reviewed");
}

static void test_overdue(void **state)
{
	struct kit *kit = *state;
	start(kit, ALLOWED ",\"review_hours\":5");
	unsigned long long used = use(kit, "admin", propose(kit, "maker", "h", "6000.00"));
	assert_int_equal(kit_wait(kit, 4 * HOUR), 0);
	shows(kit, "\"review\":\"open\"");
	assert_int_equal(kit_wait(kit, 2 * HOUR), 1);
	uint64_t struck = rules_entries(kit) - 1;
	char *entry = rules_describe(kit, struck);
	assert_non_null(strstr(entry, "\"key\":\"example.com/ledger/system+"));
	assert_non_null(strstr(entry, "\"clock\":\"review\""));
	assert_non_null(strstr(entry, "\"review\":\"overdue\""));
	free(entry);
	shows(kit, "\"review\":\"overdue\"");
	shows(kit, "\"age_hours\":6");
	kit_reopen(kit, true);
	shows(kit, "\"review\":\"overdue\"");
	kit_accept(kit, "checker", REVIEW, used, "justified");
	entry = rules_describe(kit, kit->last_entry);
	assert_non_null(strstr(entry, "\"review\":\"overdue\""));
	free(entry);
	shows(kit, "\"review\":\"justified\"");
	shows(kit, "\"overdue_entry\":");
	assert_int_equal(kit_wait(kit, 100 * HOUR), 0);
	audit_twice(kit);
}

/* Where no clock runs the report says it all the same, as of the last entry. */
static void test_overdue_without_a_clock(void **state)
{
	struct kit *kit = *state;
	start(kit, ALLOWED);
	use(kit, "admin", propose(kit, "maker", "h", "6000.00"));
	kit->now += UINT64_C(73) * HOUR * 1000000000;
	kit_accept(kit, "maker", HOLD, "small", "1.00");
	shows(kit, "\"review\":\"overdue\"");
	shows(kit, "\"age_hours\":73");
}

static void test_who_reads(void **state)
{
	struct kit *kit = *state;
	char *reply = NULL;
	start(kit, ALLOWED);
	use(kit, "admin", propose(kit, "maker", "h", "6000.00"));
	assert_error(kit_query(kit, "merchant", "report.break_glass", "{}", &reply), RECOURSE_ROLE_MISSING);
	assert_error(kit_query(kit, "bank", "report.break_glass", "{}", &reply), RECOURSE_ROLE_MISSING);
	kit_shows(kit, "agent", "report.break_glass", "{}", "\"uses\":[{");
}

static void test_pages(void **state)
{
	struct kit *kit = *state;
	char text[60];
	char params[60];
	unsigned long long used[3];
	start(kit, ALLOWED);
	for (size_t index = 0; index < 3; index++) {
		char hold[8];
		snprintf(hold, sizeof hold, "h-%zu", index);
		used[index] = use(kit, "admin", propose(kit, "maker", hold, "2000.00"));
	}
	snprintf(text, sizeof text, "\"next\":%llu", used[2]);
	kit_shows(kit, "auditor", "report.break_glass", "{\"limit\":2}", text);
	lists(kit, "{\"limit\":2}", used, 2);
	snprintf(params, sizeof params, "{\"from\":%llu}", used[2]);
	lists(kit, params, used + 2, 1);
	snprintf(params, sizeof params, "{\"review\":\"open\",\"from\":%llu}", used[1]);
	lists(kit, params, used + 1, 2);
}

/* What the service and the audit are told: each use once, and how many wait. */
static void test_never_silent(void **state)
{
	struct kit *kit = *state;
	struct recourse_audit audit;
	const struct recourse_audit_options options = {.directory = kit->directory.path};
	uint64_t entry = 0;
	start(kit, ALLOWED);
	assert_error(recourse_ledger_break_glass(kit->ledger, &entry), RECOURSE_QUERY_NOT_FOUND);
	unsigned long long first = use(kit, "admin", propose(kit, "maker", "h", "6000.00"));
	unsigned long long second = use(kit, "admin", propose(kit, "maker", "h-2", "6000.00"));
	assert_ok(recourse_ledger_break_glass(kit->ledger, &entry));
	assert_int_equal(entry, first);
	assert_ok(recourse_ledger_break_glass(kit->ledger, &entry));
	assert_int_equal(entry, second);
	assert_error(recourse_ledger_break_glass(kit->ledger, &entry), RECOURSE_QUERY_NOT_FOUND);
	kit_accept(kit, "checker", REVIEW, first, "justified");
	assert_error(recourse_ledger_break_glass(kit->ledger, &entry), RECOURSE_QUERY_NOT_FOUND);
	kit_reopen(kit, true);
	assert_error(recourse_ledger_break_glass(kit->ledger, &entry), RECOURSE_QUERY_NOT_FOUND);
	unsigned long long third = use(kit, "admin", propose(kit, "maker", "h-3", "6000.00"));
	assert_ok(recourse_ledger_break_glass(kit->ledger, &entry));
	assert_int_equal(entry, third);
	assert_ok(recourse_ledger_audit(&options, &audit));
	assert_int_equal(audit.break_glass, 3);
	assert_int_equal(audit.break_glass_open, 2);
	assert_int_equal(audit.break_glass_first_open, second);
}

/* ---- broken by hand: the audit sees it ---- */

static void doctor(
	struct kit *kit, uint64_t entry, size_t member, size_t size, uint64_t value, const char *text)
{
	struct state_view *view = state_writer(kit->ledger->state);
	struct record_path path = break_glass_path(entry);
	struct record_break_glass record;
	assert_ok(record_get(view, &path, &record, sizeof record));
	memcpy((char *)&record + member, &value, size);
	assert_ok(record_put(view, &path, &record, sizeof record));
	rules_invariants(kit, text);
	rules_invariants(kit, NULL);
}

static void test_doctored(void **state)
{
	struct kit *kit = *state;
	struct state_view *view = state_writer(kit->ledger->state);
	struct record_break_glass record;
	start(kit, ALLOWED);
	unsigned long long other = propose(kit, "maker", "other", "6000.00");
	unsigned long long done = use(kit, "admin", propose(kit, "maker", "h", "6000.00"));
	unsigned long long waits = use(kit, "chief", propose(kit, "maker", "h-2", "6000.00"));
	kit_accept(kit, "checker", REVIEW, done, "justified");
	struct record_path path = break_glass_path(done);
	assert_ok(record_get(view, &path, &record, sizeof record));
	rules_invariants(kit, NULL);
#define MEMBER(name) offsetof(struct record_break_glass, name), sizeof record.name
	doctor(kit, done, MEMBER(proposal), other, "H6: a use of break-glass did not close");
	doctor(kit, done, MEMBER(proposal), 1, "H6: a use of break-glass did not close");
	doctor(kit, done, MEMBER(maker), record.reviewer, "H6: a use of break-glass and its proposal");
	doctor(kit, done, MEMBER(missing), 1, "H6: a use of break-glass and its proposal");
	doctor(kit, done, MEMBER(given), 1, "H6: a use of break-glass and its proposal");
	doctor(kit, done, MEMBER(user), record.maker, "H6: one person made, carried out or reviewed");
	doctor(kit, done, MEMBER(reviewer), record.user, "H6: one person made, carried out or reviewed");
	doctor(kit, done, MEMBER(reviewer), record.maker, "H6: one person made, carried out or reviewed");
	doctor(kit, done, MEMBER(review_entry), 0, "H6: a use of break-glass and its review");
	doctor(kit, done, MEMBER(finding), 0, "H6: a use of break-glass and its review");
	doctor(kit, waits, MEMBER(review_entry), 1, "H6: a use of break-glass and its review");
#undef MEMBER
	/* one that waits and is not listed; one that is listed and is no use; one that is gone */
	path = break_glass_open_path(waits);
	assert_ok(state_remove(view, record_path_slice(&path)));
	rules_invariants(kit, "H6: a use of break-glass and its review");
	path = break_glass_open_path(other);
	assert_ok(record_put(view, &path, NULL, 0));
	rules_invariants(kit, "H6: what waits for a review is no use");
	path = break_glass_path(done);
	assert_ok(state_remove(view, record_path_slice(&path)));
	rules_invariants(kit, "H6: a proposal was carried out by a use");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		RULES_TEST(test_use),
		RULES_TEST(test_answer),
		RULES_TEST(test_forbidden),
		RULES_TEST(test_nothing_published),
		RULES_TEST(test_refused),
		RULES_TEST(test_maker),
		RULES_TEST(test_review),
		RULES_TEST(test_review_by_who_approved),
		RULES_TEST(test_overdue),
		RULES_TEST(test_overdue_without_a_clock),
		RULES_TEST(test_who_reads),
		RULES_TEST(test_pages),
		RULES_TEST(test_never_silent),
		RULES_TEST(test_doctored),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
