/* SPDX-License-Identifier: Apache-2.0 */
#include "rules.h"

#include "books/record_appeal.h"
#include "rules/payout/appeal.h"
#include "ledger.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

/* A4, D7, E3, I3: deductions and their appeals, from lodging to the decision; the money is in appeal_money_test.c. */
enum { MINUTE = 60, DAY = 86400 };

#define LODGE                                                                                                \
	"{\"command\":\"appeal.lodge\",\"merchant\":\"%s\",\"deduction\":%llu,\"reason\":\"not-our-fault\"}"
#define STAY "{\"command\":\"appeal.stay\",\"appeal\":%llu,\"reason\":\"arguable\"}"
#define DECIDE                                                                                               \
	"{\"command\":\"appeal.decide\",\"appeal\":%llu,\"outcome\":%s,\"basis_hash\":" RULES_HASH           \
	",\"reason\":\"heard\"}"
#define FUND     "{\"command\":\"appeal.fund\",\"appeal\":%llu,\"amount\":%s,\"bank_reference\":\"%s\"}"
#define INSTRUCT "{\"command\":\"payout.instruct\",\"claim\":\"%s\"}"

typedef unsigned long long number;

static int setup(void **state)
{
	rules_setup(state);
	kit_key(*state, "judge", "P", "[\"approver\"]");
	kit_key(*state, "cousin", "M", "[\"approver\"]");
	return 0;
}
#define APPEAL_TEST(test) cmocka_unit_test_setup_teardown(test, setup, rules_teardown)

/* M's 1,000.00 go to a claim of 3,000.00; returns the deduction. */
static number deduct(struct kit *kit)
{
	rules_deposit(kit, "M", "1000.00", "in-1");
	rules_declare(kit, "i", "M", "fuel-card");
	rules_claim(kit, "c", "i", "3000.00");
	rules_distribute(kit, "i");
	return kit->last_entry;
}

static number lodge(struct kit *kit, number deduction)
{
	kit_accept(kit, "merchant", LODGE, "M", deduction);
	return kit->last_entry;
}

static void shows(struct kit *kit, const char *text)
{
	kit_shows(kit, "merchant", "report.appeals", "{}", text);
}

static void deductions_show(struct kit *kit, const char *text)
{
	kit_shows(kit, "merchant", "report.deductions", "{\"merchant\":\"M\"}", text);
}

static void check(struct kit *kit)
{
	kit_audit(kit);
	kit_reopen(kit, true);
	kit_audit(kit);
}

/* The window and the time to decide are the policy's. */
static void test_terms(void **state)
{
	struct kit *kit = *state;
	kit_shows(
		kit, "admin", "policy.get", "{\"policy\":\"fuel-card\",\"version\":1}", "\"appeal_days\":15");
	kit_shows(kit, "admin", "policy.get", "{\"policy\":\"fuel-card\",\"version\":1}",
		"\"appeal_decision_days\":30");
	static const struct rules_row rows[] = {
		{RECOURSE_FIELD_LIMIT, "appeal_days", "admin",
			"{\"command\":\"policy.publish\",\"policy\":\"p\",\"version\":1,\"unit\":\"CNY\","
			"\"scheme\":\"full\",\"waterfall\":[{\"rank\":1,\"claim\":\"costs\"}],\"appeal_"
			"days\":0}"},
		{RECOURSE_FIELD_LIMIT, "appeal_decision_days", "admin",
			"{\"command\":\"policy.publish\",\"policy\":\"p\",\"version\":1,\"unit\":\"CNY\","
			"\"scheme\":\"full\",\"waterfall\":[{\"rank\":1,\"claim\":\"costs\"}],"
			"\"appeal_decision_days\":366}"},
	};
	RULES_REFUSE(kit, rows);
}

/* A4: nothing is deducted without a decided claim, nor more than there is, nor where there is nothing. */
static void test_deduction(void **state)
{
	struct kit *kit = *state;
	rules_deposit(kit, "M", "1000.00", "in-1");
	rules_declare(kit, "i", "M", "fuel-card");
	static const struct rules_row none = {RECOURSE_AMOUNT_RANGE, "incident", "checker",
		"{\"command\":\"distribution.approve\",\"incident\":\"i\"}"};
	rules_refuse_rows(kit, &none, 1);
	rules_card(kit, "card", "10.00");
	rules_file(kit, "filed", "i", "card");
	rules_refuse_rows(kit, &none, 1);
	kit_accept(kit, "maker",
		"{\"command\":\"claim.decide\",\"claim\":\"filed\",\"outcome\":\"reject\",\"reason\":"
		"\"no\"}");
	rules_refuse_rows(kit, &none, 1);
	deductions_show(kit, "\"deductions\":[]");
	rules_claim(kit, "c", "i", "700.00");
	rules_distribute(kit, "i");
	kit_balance(kit, 2020, "M", "i", "CNY", "300.00");
	rules_claim(kit, "d", "i", "100.00");
	rules_claim(kit, "e", "i", "400.00");
	rules_distribute(kit, "i");
	kit_balance(kit, 2020, "M", "i", "CNY", "0");
	/* the deposit is empty: the funder advances, and nothing is deducted */
	rules_claim(kit, "f", "i", "5.00");
	rules_distribute(kit, "i");
	rules_refuse(kit, RECOURSE_NOT_FOUND, "deduction", "merchant", LODGE, "M", (number)kit->last_entry);
	deductions_show(kit, "\"incident\":\"i\"");
	deductions_show(kit, "\"policy\":\"fuel-card/1\"");
	deductions_show(kit, "\"rule\":\"distribution.approve/1\"");
	deductions_show(kit, "\"amount\":\"700.00\",\"claims\":1,");
	deductions_show(kit, "\"amount\":\"300.00\",\"claims\":2,");
	deductions_show(kit, "\"appealable\":\"yes\"");
	char *reply = NULL;
	assert_ok(kit_query(kit, "auditor", "report.deductions", "{\"merchant\":\"M\"}", &reply));
	assert_null(strstr(reply, "\"amount\":\"0.00\""));
	free(reply);
	check(kit);
}

static void test_lodge(void **state)
{
	struct kit *kit = *state;
	number deduction = deduct(kit);
	char *entry = rules_describe(kit, deduction);
	assert_non_null(strstr(entry, "\"appealable_until\":\"2016-05-19T"));
	free(entry);
	rules_refuse(kit, RECOURSE_ROLE_MISSING, "command", "bank", LODGE, "M", deduction);
	rules_refuse(kit, RECOURSE_ROLE_MISSING, "command", "checker", LODGE, "M", deduction);
	rules_refuse(kit, RECOURSE_NOT_PERMITTED, "merchant", "n", LODGE, "M", deduction);
	rules_refuse(kit, RECOURSE_NOT_PERMITTED, "merchant", "n", LODGE, "nobody", deduction);
	rules_refuse(kit, RECOURSE_NOT_FOUND, "merchant", "maker", LODGE, "nobody", deduction);
	rules_refuse(kit, RECOURSE_FIELD_LIMIT, "deduction", "merchant", LODGE, "M", 0ULL);
	rules_refuse(kit, RECOURSE_NOT_FOUND, "deduction", "merchant", LODGE, "M", deduction - 1);
	rules_refuse(kit, RECOURSE_NOT_FOUND, "deduction", "merchant", LODGE, "M", deduction + 1000);
	/* I3: another's is as good as none */
	rules_refuse(kit, RECOURSE_NOT_FOUND, "deduction", "n", LODGE, "N", deduction);
	struct recourse_refusal others = kit->refusal;
	rules_refuse(kit, RECOURSE_NOT_FOUND, "deduction", "n", LODGE, "N", deduction + 1000);
	assert_memory_equal(&others, &kit->refusal, sizeof others);

	number appeal = lodge(kit, deduction);
	entry = rules_describe(kit, appeal);
	assert_non_null(strstr(entry, "\"incident\":\"i\""));
	assert_non_null(strstr(entry, "\"deducted\":\"1000.00\""));
	assert_non_null(strstr(entry, "\"due\":\"2016-06-03T"));
	assert_non_null(strstr(entry, "\"fuel-card/1\""));
	free(entry);
	rules_refuse(kit, RECOURSE_EXISTS, "deduction", "merchant", LODGE, "M", deduction);
	assert_int_equal(kit->refusal.entry, appeal);
	rules_refuse(kit, RECOURSE_EXISTS, "deduction", "maker", LODGE, "M", deduction);
	shows(kit, "\"state\":\"lodged\"");
	shows(kit, "\"stays_payment\":\"no\"");
	shows(kit, "\"reason\":\"not-our-fault\"");
	shows(kit, "\"deducted\":\"1000.00\"");
	shows(kit, "\"outcome\":\"none\"");
	deductions_show(kit, "\"appealable\":\"no\"");
	deductions_show(kit, "\"appeal_state\":\"lodged\"");
	check(kit);
}

/* The window is that of the incident's policy, and not longer. */
static void test_window(void **state)
{
	struct kit *kit = *state;
	rules_policy(kit, "brief", "\"scheme\":\"full\",\"appeal_days\":2",
		"[{\"rank\":1,\"claim\":\"advances\"}]");
	rules_deposit(kit, "M", "1000.00", "in-1");
	rules_declare(kit, "i", "M", "brief");
	rules_claim(kit, "c", "i", "300.00");
	rules_distribute(kit, "i");
	number first = kit->last_entry;
	rules_claim(kit, "d", "i", "300.00");
	rules_distribute(kit, "i");
	number second = kit->last_entry;
	assert_int_equal(kit_wait(kit, 2 * DAY - MINUTE), 0);
	kit_accept(kit, "maker", LODGE, "M", second);
	assert_int_equal(kit_wait(kit, 2 * MINUTE), 0);
	rules_refuse(kit, RECOURSE_WINDOW_CLOSED, "deduction", "merchant", LODGE, "M", first);
	assert_non_null(strstr(kit->refusal.limit, "until 2016-05-06T"));
	rules_refuse(kit, RECOURSE_WINDOW_CLOSED, "deduction", "merchant", LODGE, "M", second);
	rules_deposit(kit, "N", "1.00", "in-2");
	deductions_show(kit, "\"appealable\":\"no\",\"appealable_until\":\"2016-05-06T");
	deductions_show(kit, "\"appealable_seconds\":0");
	check(kit);
}

/* D7: an appeal may stay payment; the decision ends that. Upheld, nothing has changed. */
static void test_stay(void **state)
{
	struct kit *kit = *state;
	number deduction = deduct(kit);
	number appeal = lodge(kit, deduction);
	rules_fund(kit, "i", "2000.00");
	rules_refuse(kit, RECOURSE_ROLE_MISSING, "command", "maker", STAY, appeal);
	rules_refuse(kit, RECOURSE_ROLE_MISSING, "command", "merchant", STAY, appeal);
	rules_refuse(kit, RECOURSE_NOT_FOUND, "appeal", "checker", STAY, deduction);
	kit_accept(kit, "checker", STAY, appeal);
	rules_refuse(kit, RECOURSE_STATE_WRONG, "appeal", "checker", STAY, appeal);
	assert_string_equal(kit->refusal.state, "stayed");
	shows(kit, "\"state\":\"stayed\"");
	shows(kit, "\"stays_payment\":\"yes\"");
	kit_shows(kit, "agent", "incident.summary", "{\"incident\":\"i\"}", "\"payment_stays\":1");
	rules_refuse(kit, RECOURSE_NOT_PERMITTED, "claim", "payer", INSTRUCT, "c");
	assert_int_equal(kit->refusal.entry, appeal);
	check(kit);
	rules_refuse(kit, RECOURSE_NOT_PERMITTED, "claim", "payer", INSTRUCT, "c");
	kit_accept(kit, "judge", DECIDE, appeal, "\"upheld\"");
	shows(kit, "\"outcome\":\"upheld\"");
	shows(kit, "\"restored\":\"0.00\"");
	kit_balance(kit, 2020, "M", "i", "CNY", "0");
	kit_balance(kit, 2110, "", "i", "CNY", "3000.00");
	rules_refuse(kit, RECOURSE_STATE_WRONG, "appeal", "judge", STAY, appeal);
	rules_refuse(kit, RECOURSE_STATE_WRONG, "appeal", "judge", DECIDE, appeal, "\"reversed\"");
	rules_refuse(kit, RECOURSE_EXISTS, "deduction", "merchant", LODGE, "M", deduction);
	rules_refuse(kit, RECOURSE_STATE_WRONG, "appeal", "bank", FUND, appeal, "\"1.00\"", "in-2");
	rules_instruct(kit, "c");
	rules_settle(kit, "c");
	check(kit);
}

/* Two appeals of one incident: payment waits for both; another incident's payouts wait for neither. */
static void test_two_stays(void **state)
{
	struct kit *kit = *state;
	number first = deduct(kit);
	rules_deposit(kit, "M", "50.00", "in-2");
	rules_claim(kit, "d", "i", "60.00");
	rules_distribute(kit, "i");
	number second = kit->last_entry;
	rules_deposit(kit, "N", "10.00", "in-3");
	rules_declare(kit, "j", "N", "fuel-card");
	rules_claim(kit, "e", "j", "10.00");
	rules_distribute(kit, "j");
	first = lodge(kit, first);
	second = lodge(kit, second);
	kit_accept(kit, "checker", STAY, second);
	kit_accept(kit, "checker", STAY, first);
	rules_refuse(kit, RECOURSE_NOT_PERMITTED, "claim", "payer", INSTRUCT, "d");
	assert_int_equal(kit->refusal.entry, first);
	rules_instruct(kit, "e");
	kit_accept(kit, "judge", DECIDE, first, "\"upheld\"");
	rules_refuse(kit, RECOURSE_NOT_PERMITTED, "claim", "payer", INSTRUCT, "d");
	assert_int_equal(kit->refusal.entry, second);
	kit_accept(kit, "judge", DECIDE, second, "\"reversed\"");
	rules_fund(kit, "i", "2010.00");
	rules_instruct(kit, "d");
	check(kit);
}

static void test_decide_refusals(void **state)
{
	struct kit *kit = *state;
	number deduction = deduct(kit);
	number appeal = lodge(kit, deduction);
	rules_refuse(kit, RECOURSE_ROLE_MISSING, "command", "maker", DECIDE, appeal, "\"upheld\"");
	rules_refuse(kit, RECOURSE_ROLE_MISSING, "command", "merchant", DECIDE, appeal, "\"upheld\"");
	rules_refuse(kit, RECOURSE_NOT_FOUND, "appeal", "judge", DECIDE, deduction, "\"upheld\"");
	rules_refuse(kit, RECOURSE_SAME_PERSON, "appeal", "checker", DECIDE, appeal, "\"upheld\"");
	rules_refuse(kit, RECOURSE_FIELD_MISSING, "amount", "judge", DECIDE, appeal, "\"varied\"");
	static const struct {
		enum recourse_error error;
		const char *outcome;
	} rows[] = {
		{RECOURSE_NOT_PERMITTED, "\"upheld\",\"amount\":\"1.00\""},
		{RECOURSE_NOT_PERMITTED, "\"reversed\",\"amount\":\"1000.00\""},
		{RECOURSE_AMOUNT_RANGE, "\"varied\",\"amount\":\"1000.00\""},
		{RECOURSE_AMOUNT_RANGE, "\"varied\",\"amount\":\"1000.01\""},
		{RECOURSE_AMOUNT_RANGE, "\"varied\",\"amount\":\"0.00\""},
		{RECOURSE_AMOUNT_DIGITS, "\"varied\",\"amount\":\"1\""},
		{RECOURSE_OVERFLOW, "\"varied\",\"amount\":\"92233720368547758.08\""},
		{RECOURSE_FIELD_FORMAT, "\"varied\",\"amount\":\"-1.00\""},
	};
	for (size_t row = 0; row < sizeof rows / sizeof rows[0]; row++)
		rules_refuse(kit, rows[row].error, "amount", "judge", DECIDE, appeal, rows[row].outcome);
	rules_refuse(kit, RECOURSE_FIELD_FORMAT, "outcome", "judge", DECIDE, appeal, "\"withdrawn\"");
	rules_refuse(kit, RECOURSE_FIELD_MISSING, "basis_hash", "judge",
		"{\"command\":\"appeal.decide\",\"appeal\":%llu,\"outcome\":\"upheld\",\"reason\":\"r\"}",
		appeal);
	/* the highest that is less than all of it */
	kit_accept(kit, "judge", DECIDE, appeal, "\"varied\",\"amount\":\"999.99\"");
	shows(kit, "\"outcome\":\"varied\"");
	shows(kit, "\"restored\":\"999.99\"");
	shows(kit, "\"open\":\"999.99\"");
	deductions_show(kit, "\"restored\":\"999.99\"");
	check(kit);
}

/* H1: nobody of the merchant's decides it. Who lodges can not be an approver at all: see rules_party_test.c. */
static void test_own_judge(void **state)
{
	struct kit *kit = *state;
	number deduction = deduct(kit);
	kit_accept(kit, "maker", LODGE, "M", deduction);
	number appeal = kit->last_entry;
	rules_refuse(kit, RECOURSE_SAME_PERSON, "appeal", "cousin", DECIDE, appeal, "\"reversed\"");
	kit_accept(kit, "judge", DECIDE, appeal, "\"reversed\"");
	shows(kit, "\"outcome\":\"reversed\"");
	check(kit);
}

/* H1, D7: another key is not another person. Whoever deducted does not judge, however often the key was rotated. */
static void test_rotated_judge(void **state)
{
	struct kit *kit = *state;
	number appeal = lodge(kit, deduct(kit));
	rules_rotate(kit, "checker", "checker", "checker-2");
	rules_refuse(kit, RECOURSE_SAME_PERSON, "appeal", "checker-2", DECIDE, appeal, "\"upheld\"");
	rules_rotate(kit, "checker-2", "checker-2", "checker-3");
	rules_refuse(kit, RECOURSE_SAME_PERSON, "appeal", "checker-3", DECIDE, appeal, "\"upheld\"");
	rules_rotate(kit, "judge", "judge", "judge-2");
	kit_accept(kit, "judge-2", DECIDE, appeal, "\"upheld\"");
	check(kit);
	struct state_view *view = state_writer(kit->ledger->state);
	struct record_path path = appeal_path(appeal);
	struct record_appeal record;
	struct record_deduction deduction;
	assert_ok(record_get(view, &path, &record, sizeof record));
	path = deduction_path(record.deduction);
	assert_ok(record_get(view, &path, &deduction, sizeof deduction));
	deduction.approver = record.decider;
	assert_ok(record_put(view, &path, &deduction, sizeof deduction));
	rules_invariants(kit, "D7: one person deducted or appealed");
}

static void test_fund_refusals(void **state)
{
	struct kit *kit = *state;
	number appeal = lodge(kit, deduct(kit));
	rules_refuse(kit, RECOURSE_STATE_WRONG, "appeal", "bank", FUND, appeal, "\"1.00\"", "in-2");
	assert_string_equal(kit->refusal.state, "lodged");
	kit_accept(kit, "judge", DECIDE, appeal, "\"varied\",\"amount\":\"600.00\"");
	rules_refuse(kit, RECOURSE_ROLE_MISSING, "command", "maker", FUND, appeal, "\"1.00\"", "in-2");
	rules_refuse(kit, RECOURSE_NOT_FOUND, "appeal", "bank", FUND, appeal + 1, "\"1.00\"", "in-2");
	rules_refuse(kit, RECOURSE_NOT_FOUND, "appeal", "teller", FUND, appeal, "\"1.00\"", "in-2");
	rules_refuse(kit, RECOURSE_EXISTS, "bank_reference", "bank", FUND, appeal, "\"1.00\"", "in-1");
	rules_refuse(kit, RECOURSE_AMOUNT_DIGITS, "amount", "bank", FUND, appeal, "\"1\"", "in-2");
	rules_refuse(kit, RECOURSE_AMOUNT_RANGE, "amount", "bank", FUND, appeal, "\"0.00\"", "in-2");
	rules_refuse(kit, RECOURSE_INSUFFICIENT, "amount", "bank", FUND, appeal, "\"600.01\"", "in-2");
	kit_accept(kit, "bank", FUND, appeal, "\"599.99\"", "in-2");
	shows(kit, "\"funded\":\"599.99\"");
	shows(kit, "\"open\":\"0.01\"");
	rules_refuse(kit, RECOURSE_INSUFFICIENT, "amount", "bank", FUND, appeal, "\"0.02\"", "in-3");
	assert_string_equal(kit->refusal.needed, "0.02");
	assert_string_equal(kit->refusal.available, "0.01");
	kit_accept(kit, "bank", FUND, appeal, "\"0.01\"", "in-3");
	rules_refuse(kit, RECOURSE_INSUFFICIENT, "amount", "bank", FUND, appeal, "\"0.01\"", "in-4");
	check(kit);
}

/* E3: nobody decides in time: an entry says so and the report counts its age, stayed or not; nothing else happens. */
static void test_overdue(void **state)
{
	struct kit *kit = *state;
	number appeal = lodge(kit, deduct(kit));
	kit_accept(kit, "checker", STAY, appeal);
	assert_int_equal(kit_wait(kit, 30 * DAY - MINUTE), 0);
	shows(kit, "\"overdue\":\"no\"");
	assert_int_equal(kit_wait(kit, MINUTE), 1);
	number clock = rules_entries(kit) - 1;
	char *entry = rules_describe(kit, clock);
	assert_non_null(strstr(entry, "\"clock\":\"appeal\""));
	assert_non_null(strstr(entry, "\"state\":\"stayed\""));
	free(entry);
	shows(kit, "\"overdue\":\"yes\"");
	shows(kit, "\"stays_payment\":\"yes\"");
	kit->now += (uint64_t)2 * DAY * 1000000000;
	rules_deposit(kit, "N", "1.00", "in-2");
	char *reply = NULL;
	assert_ok(kit_query(kit, "auditor", "report.appeals", "{\"merchant\":\"M\"}", &reply));
	const char *age = strstr(reply, "\"overdue_seconds\":");
	assert_non_null(age);
	assert_in_range(strtoull(age + 18, NULL, 10), 2 * DAY, 2 * DAY + MINUTE);
	assert_non_null(strstr(reply, "\"due_seconds\":0"));
	free(reply);
	assert_int_equal(kit_wait(kit, DAY), 0);
	rules_refuse(kit, RECOURSE_NOT_PERMITTED, "claim", "payer", INSTRUCT, "c");
	kit_accept(kit, "judge", DECIDE, appeal, "\"upheld\"");
	shows(kit, "\"overdue\":\"no\"");
	shows(kit, "\"overdue_entry\":");
	rules_fund(kit, "i", "2000.00");
	rules_instruct(kit, "c");
	check(kit);
}

/* The time to decide is the policy's; a decision in time takes the clock back. */
static void test_decided_in_time(void **state)
{
	struct kit *kit = *state;
	rules_policy(kit, "brisk", "\"scheme\":\"full\",\"appeal_decision_days\":3",
		"[{\"rank\":1,\"claim\":\"advances\"}]");
	rules_deposit(kit, "M", "1000.00", "in-1");
	rules_declare(kit, "i", "M", "brisk");
	rules_claim(kit, "c", "i", "300.00");
	rules_distribute(kit, "i");
	number appeal = lodge(kit, kit->last_entry);
	assert_int_equal(kit_wait(kit, 2 * DAY), 0);
	rules_deposit(kit, "N", "1.00", "in-2");
	char *reply = NULL;
	assert_ok(kit_query(kit, "merchant", "report.appeals", "{}", &reply));
	const char *countdown = strstr(reply, "\"due_seconds\":");
	assert_non_null(countdown);
	assert_in_range(strtoull(countdown + 14, NULL, 10), DAY - MINUTE, DAY);
	free(reply);
	kit_accept(kit, "judge", DECIDE, appeal, "\"upheld\"");
	assert_int_equal(kit_wait(kit, 10 * DAY), 0);
	assert_ok(kit_query(kit, "merchant", "report.appeals", "{}", &reply));
	assert_null(strstr(reply, "\"due_seconds\":"));
	assert_null(strstr(reply, "overdue_entry"));
	free(reply);
	check(kit);
}

static void sees_nothing(struct kit *kit, const char *key, const char *method, const char *params)
{
	char *reply = NULL;
	assert_error(kit_query(kit, key, method, params, &reply), RECOURSE_QUERY_NOT_FOUND);
	assert_string_equal(kit->refusal.field, "merchant");
}

/* I3: a merchant sees its own, and can not tell another's from none. */
static void test_reports(void **state)
{
	struct kit *kit = *state;
	char params[100];
	char text[100];
	number first = lodge(kit, deduct(kit));
	rules_deposit(kit, "N", "10.00", "in-3");
	rules_declare(kit, "j", "N", "fuel-card");
	rules_claim(kit, "e", "j", "10.00");
	rules_distribute(kit, "j");
	kit_accept(kit, "n", LODGE, "N", (number)kit->last_entry);
	number second = kit->last_entry;
	char *reply = NULL;
	assert_ok(kit_query(kit, "n", "report.appeals", "{}", &reply));
	assert_null(strstr(reply, "\"merchant\":\"M\""));
	assert_non_null(strstr(reply, "\"merchant\":\"N\""));
	free(reply);
	assert_ok(kit_query(kit, "n", "report.appeals", "{\"from\":1}", &reply));
	assert_null(strstr(reply, "\"merchant\":\"M\""));
	free(reply);
	sees_nothing(kit, "n", "report.appeals", "{\"merchant\":\"M\"}");
	sees_nothing(kit, "n", "report.appeals", "{\"merchant\":\"nobody\"}");
	sees_nothing(kit, "n", "report.deductions", "{\"merchant\":\"M\"}");
	sees_nothing(kit, "n", "report.deductions", "{\"merchant\":\"nobody\"}");
	sees_nothing(kit, "auditor", "report.deductions", "{\"merchant\":\"nobody\"}");
	kit_shows(kit, "bank", "report.appeals", "{}", "\"appeals\":[]");
	kit_shows(kit, "auditor", "report.appeals", "{\"merchant\":\"N\"}", "\"deducted\":\"10.00\"");
	/* page by page */
	snprintf(text, sizeof text, "\"next\":%llu", second);
	kit_shows(kit, "auditor", "report.appeals", "{\"limit\":1}", text);
	snprintf(text, sizeof text, "\"appeal\":%llu,", first);
	kit_shows(kit, "auditor", "report.appeals", "{\"limit\":1}", text);
	snprintf(params, sizeof params, "{\"limit\":1,\"from\":%llu}", second);
	assert_ok(kit_query(kit, "auditor", "report.appeals", params, &reply));
	assert_non_null(strstr(reply, "\"merchant\":\"N\""));
	assert_null(strstr(reply, "\"next\":"));
	free(reply);
	check(kit);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		APPEAL_TEST(test_terms),
		APPEAL_TEST(test_deduction),
		APPEAL_TEST(test_lodge),
		APPEAL_TEST(test_window),
		APPEAL_TEST(test_stay),
		APPEAL_TEST(test_two_stays),
		APPEAL_TEST(test_decide_refusals),
		APPEAL_TEST(test_own_judge),
		APPEAL_TEST(test_rotated_judge),
		APPEAL_TEST(test_fund_refusals),
		APPEAL_TEST(test_overdue),
		APPEAL_TEST(test_decided_in_time),
		APPEAL_TEST(test_reports),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
