/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/custody/custody.h"
#include "books/record_collateral.h"
#include "books/record_custody.h"
#include "base/instant.h"
#include "rules/collateral/instrument.h"
#include "mislead.h"
#include "rules/collateral/collateral.h"
#include "rules/deposit/deposit.h"

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

#define WITHDRAW "merchant withdrawal.request merchant=M amount=1000.00 unit=CNY reason=excess"
#define SELL                                                                                                 \
	"maker entitlement.issue holder=h issuer=Y merchant=M channel=app unit=L quantity=1.000 "            \
	"currency=CNY "
#define REQUIRE                                                                                              \
	"admin requirement.publish policy=req version=1 unit=CNY %s"                                         \
	" + requirement.assign merchant=M policy=req version=1\n"
#define WARN                                                                                                 \
	"admin coverage.publish version=1 unit=CNY thresholds=level:watch,below:100.00 "                     \
	"thresholds=level:critical,below:50.00\nwait 1 second\n"

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
	kit_play(kit, "deposit M 1000.00 b-1\n" REQUIRE, "basis=fixed amount=700.00");
}

static void test_required_lowered(void **state)
{
	required_700(*state);
	mislead_refused(*state, "INSUFFICIENT", WITHDRAW, require_less);
}

static void test_held_raised(void **state)
{
	required_700(*state);
	mislead_refused(*state, "INSUFFICIENT", WITHDRAW, hold_more);
}

static void test_policy_forgotten(void **state)
{
	required_700(*state);
	mislead_refused(*state, "INSUFFICIENT", WITHDRAW, end_policy);
}

/* Nothing is refused: what is missing is the duty that the sale opens. */
static void test_exposure_lowered(void **state)
{
	struct kit *kit = *state;
	kit_play(kit, "deposit M 40.00 b-1\n" REQUIRE SELL "entitlement=c-1 cost=100.00", "basis=ratio");
	mislead_figures(kit, SELL "entitlement=c-2 cost=100.00", owe_less);
}

static void restricted(struct kit *kit)
{
	kit_play(kit, "deposit M 699.99 b-1\n" REQUIRE "wait 5 days 1 minute strikes 1",
		"basis=fixed amount=700.00");
}

static void test_restriction_forgotten(void **state)
{
	restricted(*state);
	mislead_refused(*state, "NOT_PERMITTED", SELL "entitlement=c-1 cost=5.00", forget_restriction);
}

/* The clock strikes, and finds nobody to restrict. */
static void test_duty_forgotten(void **state)
{
	struct kit *kit = *state;
	kit_play(kit, "deposit M 699.99 b-1\n" REQUIRE, "basis=fixed amount=700.00");
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
	kit_play(kit, "deposit M 1000.00 b-1\nmaker signal.raise merchant=M reason=unreachable");
	mislead_refused(kit, "NOT_PERMITTED", WITHDRAW, forget_signal);
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
	kit_play(kit, "deposit M 1300.00 b-1\n" WITHDRAW);
	withdrawal = kit->last_entry;
	mislead_figures(kit, "bank withdrawal.pay withdrawal=$last bank_reference=b-2", withdraw_more);
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
	kit_play(kit, WARN SELL "entitlement=c-1 cost=100.00");
	mislead_clock(kit, 1, raise_level);
}

static void close_break(struct state_view *view)
{
	struct record_path path = record_path_of_texts(RECORD_CUSTODY, slice_text("bank"), slice_text("CNY"));
	struct record_custody record;
	mislead_get(view, &path, &record, sizeof record);
	record.open_break = 0;
	mislead_put(view, &path, &record, sizeof record);
}

static void freshen_custody(struct state_view *view)
{
	struct record_path path = record_path_of_texts(RECORD_CUSTODY, slice_text("bank"), slice_text("CNY"));
	struct record_custody record;
	mislead_get(view, &path, &record, sizeof record);
	record.due += 365 * DAY * INSTANT_SECOND;
	record.stale_entry = 0;
	mislead_put(view, &path, &record, sizeof record);
}

static void attested(struct kit *kit, const char *balance, const char *ratio)
{
	kit_play(kit,
		"deposit M 100.00 b-1\n" SELL "entitlement=c-1 cost=100.00\n" WARN "wait 1 day\n"
		"bank custody.attest day=2016-05-04 unit=CNY balance=%s statement_hash=ab*\n"
		"wait 1 second\n"
		"wait 1 second\n"
		"? auditor report.coverage issuer=Y : ratio=%s",
		balance, ratio);
}

/* The bank has less than the ledger says, and it is to count all the same. */
static void test_break_kept_quiet(void **state)
{
	attested(*state, "60.00", "0.00");
	mislead_clock(*state, DAY, close_break);
}

static void test_stale_custody_counts(void **state)
{
	struct kit *kit = *state;
	attested(kit, "100.00", "100.00");
	mislead(kit, freshen_custody);
	uint64_t entry = kit_entries(kit);
	assert_true(kit_wait(kit, 3 * DAY) > 0);
	kit_wait(kit, 1);
	assert_true(kit_entries(kit) > entry);
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
	kit_play(kit,
		REQUIRE "admin issuer.classify issuer=Y class=scale reason=filing\n"
			"wait 1 second\n"
			"deposit M 20.00 b-1\n" SELL "entitlement=c-1 cost=100.00\n"
			"admin issuer.classify issuer=Y class=brand reason=filing",
		"basis=ratio");
	sweep = kit->last_entry;
	mislead_clock(kit, 1, drop_sweep);
}

/* ---- instruments (A6) ---- */

static void change_instrument(struct state_view *view, int64_t limit, int64_t deductible, uint64_t time)
{
	struct record_path path = record_path_of_text(RECORD_INSTRUMENT, slice_text("bond"));
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

#define CALL "maker instrument.call incident=i reason=r evidence_hash=ab*"

static void insure(struct kit *kit, const char *more)
{
	kit_world(kit, "insured.case");
	kit_play(kit, "insured-incident\ninsured-by bond S 1 90.00 %s", more);
}

static void test_limit_raised(void **state)
{
	struct kit *kit = *state;
	insure(kit, "");
	/* 9010 has a contra: what is called must be there as well */
	mislead(kit, raise_limit);
	kit_play(kit, CALL " ! INSUFFICIENT");
	mislead_found(kit, kit_entries(kit), "should not have been refused");
}

static void test_deductible_lowered(void **state)
{
	insure(*state, "deductible=290.00");
	mislead_figures(*state, CALL, lower_deductible);
}

static void test_expired_instrument(void **state)
{
	struct kit *kit = *state;
	insure(kit, "");
	kit->now += UINT64_C(700) * DAY * INSTANT_SECOND;
	mislead_refused(kit, "INSUFFICIENT", CALL, never_expire);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		KIT_TEST(test_required_lowered),
		KIT_TEST(test_held_raised),
		KIT_TEST(test_policy_forgotten),
		KIT_TEST(test_exposure_lowered),
		KIT_TEST(test_restriction_forgotten),
		KIT_TEST(test_duty_forgotten),
		KIT_TEST(test_signal_forgotten),
		KIT_TEST(test_withdrawal_of_another_amount),
		KIT_TEST(test_alert_kept_quiet),
		KIT_TEST(test_break_kept_quiet),
		KIT_TEST(test_stale_custody_counts),
		KIT_TEST(test_sweep_dropped),
		KIT_TEST(test_limit_raised),
		KIT_TEST(test_deductible_lowered),
		KIT_TEST(test_expired_instrument),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
