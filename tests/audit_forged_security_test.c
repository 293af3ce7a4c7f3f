/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/custody/custody.h"
#include "books/record_collateral.h"
#include "books/record_custody.h"
#include "insured.h"
#include "base/instant.h"
#include "rules/collateral/instrument.h"
#include "mislead.h"
#include "rules/collateral/collateral.h"
#include "rules/deposit/withdrawal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

/*
 * What an operator might want to be told otherwise about what secures a merchant's customers (A2 to A8). The state is doctored, so that an honest program says it; the audit must name
 * the entry. Each lie is first refused by a state that is as it should be, where it would be.
 */
enum { DAY = 86400 };

#define WITHDRAW(amount)                                                                                     \
	"{\"command\":\"withdrawal.request\",\"merchant\":\"M\",\"amount\":\"" amount                        \
	"\",\"unit\":\"CNY\",\"reason\":\"excess\"}"
#define SELL(card, cost)                                                                                     \
	"{\"command\":\"entitlement.issue\",\"entitlement\":\"" card                                         \
	"\",\"holder\":\"h\",\"issuer\":\"Y\",\"merchant\":\"M\",\"channel\":\"app\",\"unit\":\"L\","        \
	"\"quantity\":\"1.000\",\"cost\":\"" cost "\",\"currency\":\"CNY\"}"
#define ATTEST(day, balance)                                                                                 \
	"{\"command\":\"custody.attest\",\"day\":\"" day "\",\"unit\":\"CNY\",\"balance\":\"" balance        \
	"\",\"statement_hash\":" RULES_HASH "}"
#define CLASSIFY(class)                                                                                      \
	"{\"command\":\"issuer.classify\",\"issuer\":\"Y\",\"class\":\"" class "\",\"reason\":\"filing\"}"
#define REQUIRE(more)                                                                                        \
	"{\"command\":\"requirement.publish\",\"policy\":\"req\",\"version\":1,\"unit\":\"CNY\"," more       \
	"},{\"command\":\"requirement.assign\",\"merchant\":\"M\",\"policy\":\"req\",\"version\":1}"
#define WARN                                                                                                 \
	"{\"command\":\"coverage.publish\",\"version\":1,\"unit\":\"CNY\",\"thresholds\":[{\"level\":"       \
	"\"watch\",\"below\":\"100.00\"},{\"level\":\"critical\",\"below\":\"50.00\"}]}"
#define SIGNAL "{\"command\":\"signal.raise\",\"merchant\":\"M\",\"reason\":\"unreachable\"}"

/* ---- required deposits, withdrawals (A2, A3) ---- */

static void change_security(struct state_view *view, size_t offset, int64_t steps)
{
	struct record_path path = record_path_of_texts(RECORD_COLLATERAL, slice_text("M"), slice_text("CNY"));
	struct record_collateral record;
	mislead_get(view, &path, &record, sizeof record);
	*(int64_t *)((char *)&record + offset) += steps;
	mislead_put(view, &path, &record, sizeof record);
}

static void require_less(struct state_view *view)
{
	change_security(view, offsetof(struct record_collateral, required), -70000);
}

static void hold_more(struct state_view *view)
{
	change_security(view, offsetof(struct record_collateral, held), 70000);
}

static void owe_less(struct state_view *view)
{
	change_security(view, offsetof(struct record_collateral, exposure), -5000);
}

static void forget_restriction(struct state_view *view)
{
	struct record_path path = record_path_of_texts(RECORD_COLLATERAL, slice_text("M"), slice_text("CNY"));
	struct record_collateral record;
	mislead_get(view, &path, &record, sizeof record);
	record.restricted = 0;
	mislead_put(view, &path, &record, sizeof record);
}

static void forget_duty(struct state_view *view)
{
	struct record_path path = record_path_of_texts(RECORD_COLLATERAL, slice_text("M"), slice_text("CNY"));
	struct record_collateral record;
	mislead_get(view, &path, &record, sizeof record);
	record.duty = 0;
	mislead_put(view, &path, &record, sizeof record);
}

static void end_policy(struct state_view *view)
{
	struct record_path path = record_path_of_texts(RECORD_COLLATERAL, slice_text("M"), slice_text("CNY"));
	struct record_collateral record;
	mislead_get(view, &path, &record, sizeof record);
	record.policy_version = 0;
	record.required = 0;
	mislead_put(view, &path, &record, sizeof record);
}

static void required_700(struct kit *kit)
{
	rules_deposit(kit, "M", "1000.00", "b-1");
	kit_accept(kit, "admin", REQUIRE("\"basis\":\"fixed\",\"amount\":\"700.00\""));
}

static void test_required_lowered(void **state)
{
	required_700(*state);
	mislead_refused(*state, RECOURSE_INSUFFICIENT, "merchant", WITHDRAW("1000.00"), require_less);
}

static void test_held_raised(void **state)
{
	required_700(*state);
	mislead_refused(*state, RECOURSE_INSUFFICIENT, "merchant", WITHDRAW("1000.00"), hold_more);
}

static void test_policy_forgotten(void **state)
{
	required_700(*state);
	mislead_refused(*state, RECOURSE_INSUFFICIENT, "merchant", WITHDRAW("1000.00"), end_policy);
}

/* Nothing is refused: what is missing is the duty that the sale opens. */
static void test_exposure_lowered(void **state)
{
	struct kit *kit = *state;
	rules_deposit(kit, "M", "40.00", "b-1");
	kit_accept(kit, "admin", REQUIRE("\"basis\":\"ratio\""));
	kit_accept(kit, "maker", SELL("c-1", "100.00"));
	mislead_figures(kit, "maker", SELL("c-2", "100.00"), owe_less);
}

static void restricted(struct kit *kit)
{
	rules_deposit(kit, "M", "699.99", "b-1");
	kit_accept(kit, "admin", REQUIRE("\"basis\":\"fixed\",\"amount\":\"700.00\""));
	assert_int_equal(kit_wait(kit, 5 * DAY + 60), 1);
}

static void test_restriction_forgotten(void **state)
{
	restricted(*state);
	mislead_refused(*state, RECOURSE_NOT_PERMITTED, "maker", SELL("c-1", "5.00"), forget_restriction);
}

/* The clock strikes, and finds nobody to restrict. */
static void test_duty_forgotten(void **state)
{
	struct kit *kit = *state;
	rules_deposit(kit, "M", "699.99", "b-1");
	kit_accept(kit, "admin", REQUIRE("\"basis\":\"fixed\",\"amount\":\"700.00\""));
	mislead_clock(kit, 5 * DAY + 60, forget_duty);
}

static void forget_signal(struct state_view *view)
{
	struct record_path path = record_path_of_text(RECORD_SIGNAL, slice_text("M"));
	mislead_forget(view, &path);
}

static void test_signal_forgotten(void **state)
{
	struct kit *kit = *state;
	rules_deposit(kit, "M", "1000.00", "b-1");
	kit_accept(kit, "maker", SIGNAL);
	mislead_refused(kit, RECOURSE_NOT_PERMITTED, "merchant", WITHDRAW("300.00"), forget_signal);
}

static uint64_t withdrawal;

static void withdraw_more(struct state_view *view)
{
	struct record_path path = record_path_of_number(RECORD_WITHDRAWAL, withdrawal);
	struct record_withdrawal record;
	mislead_get(view, &path, &record, sizeof record);
	record.amount -= 100;
	mislead_put(view, &path, &record, sizeof record);
}

/* The bank paid what was asked for; the service writes down less, and the rest stays to be taken. */
static void test_withdrawal_of_another_amount(void **state)
{
	struct kit *kit = *state;
	char pay[200];
	rules_deposit(kit, "M", "1000.00", "b-1");
	kit_accept(kit, "merchant", WITHDRAW("300.00"));
	withdrawal = kit->last_entry;
	snprintf(pay, sizeof pay,
		"{\"command\":\"withdrawal.pay\",\"withdrawal\":%llu,\"bank_reference\":\"b-2\"}",
		(unsigned long long)withdrawal);
	mislead_figures(kit, "bank", pay, withdraw_more);
}

/* ---- custody, coverage (A7, A8) ---- */

static void raise_level(struct state_view *view)
{
	struct record_path path = record_path_of_texts(RECORD_ISSUER, slice_text("Y"), slice_text("CNY"));
	struct record_issuer record;
	mislead_get(view, &path, &record, sizeof record);
	record.level = 2;
	mislead_put(view, &path, &record, sizeof record);
}

/* There is to be no alert: the level is as if it had been there for long. */
static void test_alert_kept_quiet(void **state)
{
	struct kit *kit = *state;
	kit_accept(kit, "admin", WARN);
	kit_wait(kit, 1);
	kit_accept(kit, "maker", SELL("c-1", "100.00"));
	mislead_clock(kit, 1, raise_level);
}

static void close_break(struct state_view *view)
{
	struct record_path path = custody_path(slice_text("bank"), slice_text("CNY"));
	struct record_custody record;
	mislead_get(view, &path, &record, sizeof record);
	record.open_break = 0;
	mislead_put(view, &path, &record, sizeof record);
}

static void freshen_custody(struct state_view *view)
{
	struct record_path path = custody_path(slice_text("bank"), slice_text("CNY"));
	struct record_custody record;
	mislead_get(view, &path, &record, sizeof record);
	record.due += 365 * DAY * INSTANT_SECOND;
	record.stale_entry = 0;
	mislead_put(view, &path, &record, sizeof record);
}

static void attested(struct kit *kit, const char *attest)
{
	rules_deposit(kit, "M", "100.00", "b-1");
	kit_accept(kit, "maker", SELL("c-1", "100.00"));
	kit_accept(kit, "admin", WARN);
	kit_wait(kit, 1);
	kit_wait(kit, DAY);
	kit_accept(kit, "bank", "%s", attest);
	kit_wait(kit, 1);
	kit_wait(kit, 1);
}

/* The bank has less than the ledger says, and it is to count all the same. */
static void test_break_kept_quiet(void **state)
{
	struct kit *kit = *state;
	attested(kit, ATTEST("2016-05-04", "60.00"));
	kit_shows(kit, "auditor", "report.coverage", "{\"issuer\":\"Y\"}", "\"ratio\":\"0.00\"");
	mislead_clock(kit, DAY, close_break);
}

static void test_stale_custody_counts(void **state)
{
	struct kit *kit = *state;
	attested(kit, ATTEST("2016-05-04", "100.00"));
	kit_shows(kit, "auditor", "report.coverage", "{\"issuer\":\"Y\"}", "\"ratio\":\"100.00\"");
	mislead(kit, freshen_custody);
	uint64_t entry = rules_entries(kit);
	assert_true(kit_wait(kit, 3 * DAY) > 0);
	kit_wait(kit, 1);
	assert_true(rules_entries(kit) > entry);
	mislead_found(kit, entry, MISLEAD_FIGURES);
}

static uint64_t sweep;

static void drop_sweep(struct state_view *view)
{
	struct record_path path = record_path_of_number(RECORD_SWEEP, sweep);
	mislead_forget(view, &path);
}

/* A stricter class that no merchant is to feel. */
static void test_sweep_dropped(void **state)
{
	struct kit *kit = *state;
	kit_accept(kit, "admin", REQUIRE("\"basis\":\"ratio\""));
	kit_accept(kit, "admin", CLASSIFY("scale"));
	kit_wait(kit, 1);
	rules_deposit(kit, "M", "20.00", "b-1");
	kit_accept(kit, "maker", SELL("c-1", "100.00"));
	kit_accept(kit, "admin", CLASSIFY("brand"));
	sweep = kit->last_entry;
	mislead_clock(kit, 1, drop_sweep);
}

/* ---- instruments (A6) ---- */

static void change_instrument(struct state_view *view, int64_t limit, int64_t deductible, uint64_t time)
{
	struct record_path path = instrument_path(slice_text("bond"));
	struct record_instrument record;
	mislead_get(view, &path, &record, sizeof record);
	record.limit += limit;
	record.left += limit;
	record.deductible += deductible;
	record.expires += time;
	mislead_put(view, &path, &record, sizeof record);
}

static void raise_limit(struct state_view *view)
{
	change_instrument(view, 10000, 0, 0);
}

static void lower_deductible(struct state_view *view)
{
	change_instrument(view, 0, -1000, 0);
}

static void never_expire(struct state_view *view)
{
	change_instrument(view, 0, 0, 3650 * DAY * INSTANT_SECOND);
}

#define CALL                                                                                                 \
	"{\"command\":\"instrument.call\",\"incident\":\"i\",\"reason\":\"r\",\"evidence_hash\":" RULES_HASH \
	"}"

static void test_limit_raised(void **state)
{
	struct kit *kit = *state;
	insured_incident(kit);
	insured_by(kit, "bond", "S", 1, "90.00", "");
	/* 9010 has a contra: what is called must be there as well */
	mislead(kit, raise_limit);
	kit_refuse(kit, RECOURSE_INSUFFICIENT, NULL, "maker", CALL);
	mislead_found(kit, rules_entries(kit), "should not have been refused");
}

static void test_deductible_lowered(void **state)
{
	struct kit *kit = *state;
	insured_incident(kit);
	insured_by(kit, "bond", "S", 1, "90.00", ",\"deductible\":\"290.00\"");
	mislead_figures(kit, "maker", CALL, lower_deductible);
}

static void test_expired_instrument(void **state)
{
	struct kit *kit = *state;
	insured_incident(kit);
	insured_by(kit, "bond", "S", 1, "90.00", "");
	kit->now += UINT64_C(700) * DAY * INSTANT_SECOND;
	mislead_refused(kit, RECOURSE_INSUFFICIENT, "maker", CALL, never_expire);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		RULES_TEST(test_required_lowered),
		RULES_TEST(test_held_raised),
		RULES_TEST(test_policy_forgotten),
		RULES_TEST(test_exposure_lowered),
		RULES_TEST(test_restriction_forgotten),
		RULES_TEST(test_duty_forgotten),
		RULES_TEST(test_signal_forgotten),
		RULES_TEST(test_withdrawal_of_another_amount),
		RULES_TEST(test_alert_kept_quiet),
		RULES_TEST(test_break_kept_quiet),
		RULES_TEST(test_stale_custody_counts),
		RULES_TEST(test_sweep_dropped),
		RULES_TEST(test_limit_raised),
		RULES_TEST(test_deductible_lowered),
		RULES_TEST(test_expired_instrument),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
