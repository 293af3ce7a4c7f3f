/* SPDX-License-Identifier: Apache-2.0 */
#include "rules.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

/* What an appeal restores: whose money it is, where it goes, and whether it becomes recourse (A4, D7, I5, I7, I10). */
enum { MINUTE = 60, DAY = 86400 };

#define HALVES "[{\"party\":\"M\",\"share\":\"50.00\"},{\"party\":\"Y\",\"share\":\"50.00\"}]"

typedef unsigned long long number;

static int setup(void **state)
{
	rules_setup(state);
	kit_key(*state, "judge", "P", "[\"approver\"]");
	return 0;
}
#define MONEY_TEST(test) cmocka_unit_test_setup_teardown(test, setup, rules_teardown)

static void at(struct kit *kit, int code, const char *party, const char *reference, const char *amount)
{
	kit_balance(kit, code, party, reference, "CNY", amount);
}

/* What waits under the appeal's own reference, on both sides. */
static void waits(struct kit *kit, number appeal, const char *amount)
{
	char reference[24];
	snprintf(reference, sizeof reference, "@%llu", appeal);
	at(kit, 1100, "P", reference, amount);
	at(kit, 2020, "M", reference, amount);
}

/* M's deposit of 1,000.00 goes to a claim of that loss; returns M's appeal of it. */
static number appeal_after(struct kit *kit, const char *loss)
{
	rules_declare(kit, "i", "M", "fuel-card");
	rules_claim(kit, "c", "i", loss);
	rules_distribute(kit, "i");
	kit_accept(kit, "merchant",
		"{\"command\":\"appeal.lodge\",\"merchant\":\"M\",\"deduction\":%llu,\"reason\":\"r\"}",
		(number)kit->last_entry);
	return kit->last_entry;
}

static number appeal(struct kit *kit)
{
	rules_deposit(kit, "M", "1000.00", "in-1");
	return appeal_after(kit, "3000.00");
}

static void decide(struct kit *kit, number appeal, const char *outcome)
{
	kit_accept(kit, "judge",
		"{\"command\":\"appeal.decide\",\"appeal\":%llu,\"outcome\":%s,\"basis_hash\":" RULES_HASH
		",\"reason\":\"heard\"}",
		appeal, outcome);
}

static void fund(struct kit *kit, number appeal, const char *amount)
{
	kit_accept(kit, "bank",
		"{\"command\":\"appeal.fund\",\"appeal\":%llu,\"amount\":\"%s\",\"bank_reference\":\"f-%"
		"llu\"}",
		appeal, amount, (number)kit->requests);
}

static void entry_says(struct kit *kit, const char *text)
{
	char *entry = rules_describe(kit, kit->last_entry);
	if (strstr(entry, text) == NULL)
		print_message("%s is not in %s\n", text, entry);
	assert_non_null(strstr(entry, text));
	free(entry);
}

static void brief_says(struct kit *kit, const char *text)
{
	kit_shows(kit, "merchant", "merchant.brief", "{}", text);
}

static void pay(struct kit *kit)
{
	rules_fund(kit, "i", "2000.00");
	rules_instruct(kit, "c");
	rules_settle(kit, "c");
}

static void recover(struct kit *kit, const char *payer, const char *amount)
{
	rules_receive(kit, payer, "i", payer, amount);
	rules_allocate(kit, payer);
}

static void check(struct kit *kit)
{
	kit_audit(kit);
	kit_reopen(kit, true);
	kit_audit(kit);
}

/*
 * Before payouts are instructed. The restored money is the merchant's, frozen again by the incident, and no cover: the
 * claims have what was pooled already. A later claim takes from it, and that is another deduction.
 */
static void test_before_payouts(void **state)
{
	struct kit *kit = *state;
	number first = appeal(kit);
	decide(kit, first, "\"reversed\"");
	waits(kit, first, "1000.00");
	at(kit, 2020, "M", "i", "0");
	at(kit, 1110, "U", "i", "0");
	kit_shows(kit, "agent", "incident.summary", "{\"incident\":\"i\"}", "\"restored\":\"1000.00\"");
	kit_shows(kit, "merchant", "deposit.statement", "{\"merchant\":\"M\",\"unit\":\"CNY\"}",
		"\"frozen\":\"1000.00\"");
	/* A1: on the merchant's screen as what it is, no hold and no incident's */
	brief_says(kit, "\"holds\":[]");
	brief_says(kit, "\"waiting\":\"1000.00\"");
	brief_says(kit, "\"what\":\"funder pays in what an appeal restored\"");
	fund(kit, first, "400.00");
	brief_says(kit, "\"waiting\":\"600.00\"");
	entry_says(kit, "\"open\":\"600.00\"");
	entry_says(kit, "\"recourse\":\"400.00\"");
	entry_says(kit, "\"frozen_by\":\"i\"");
	waits(kit, first, "600.00");
	check(kit);
	fund(kit, first, "600.00");
	waits(kit, first, "0");
	brief_says(kit, "\"restored\":[]");
	at(kit, 2020, "M", "i", "1000.00");
	at(kit, 1010, "bank", "", "2000.00");
	at(kit, 1110, "U", "i", "1000.00");
	at(kit, 3110, "P", "i", "3000.00");
	rules_refuse(kit, RECOURSE_INSUFFICIENT, "claim", "payer",
		"{\"command\":\"payout.instruct\",\"claim\":\"c\"}");
	assert_string_equal(kit->refusal.available, "1000.00");
	pay(kit);
	at(kit, 1110, "U", "i", "3000.00");
	rules_claim(kit, "d", "i", "500.00");
	rules_distribute(kit, "i");
	kit_shows(kit, "merchant", "report.deductions", "{\"merchant\":\"M\"}", "\"amount\":\"500.00\"");
	at(kit, 2020, "M", "i", "500.00");
	rules_instruct(kit, "d");
	rules_settle(kit, "d");
	at(kit, 1010, "bank", "", "500.00");
	/* of 3,500.00 each bears half; the deposit bore 500.00, the rest is recourse to the last fen */
	rules_apportion(kit, "i", "several", HALVES);
	entry_says(kit, "\"deposit_credited\":\"500.00\"");
	at(kit, 1110, "M", "i", "1250.00");
	at(kit, 1110, "Y", "i", "1750.00");
	check(kit);
}

/*
 * The companion: varied after all are paid, in an exit's tail; funded, apportioned, recovered, refunded. The deposit bore
 * 400.00 of 3,000.00, the liable parties pay 2,600.00 to the funder, and every account ends at zero.
 */
static void test_companion(void **state)
{
	struct kit *kit = *state;
	rules_deposit(kit, "M", "1000.00", "in-1");
	kit_accept(kit, "merchant",
		"{\"command\":\"exit.request\",\"exit\":\"M/e\",\"merchant\":\"M\",\"unit\":\"CNY\","
		"\"policy\":\"fuel-card\",\"version\":1}");
	assert_int_equal(kit_wait(kit, 7 * DAY), 1);
	number first = appeal_after(kit, "3000.00");
	pay(kit);
	decide(kit, first, "\"varied\",\"amount\":\"600.00\"");
	waits(kit, first, "600.00");
	fund(kit, first, "600.00");
	at(kit, 2020, "M", "i", "600.00");
	at(kit, 1110, "U", "i", "2600.00");
	rules_apportion(kit, "i", "joint-and-several",
		"[{\"party\":\"M\",\"share\":\"50.00\"},{\"party\":\"Y\",\"share\":\"40.00\"},"
		"{\"party\":\"G\",\"share\":\"10.00\"}]");
	at(kit, 1110, "M", "i", "1100.00");
	at(kit, 1110, "Y", "i", "1200.00");
	at(kit, 1110, "G", "i", "300.00");
	kit_shows(kit, "agent", "incident.summary", "{\"incident\":\"i\"}", "\"met_by_deposit\":\"400.00\"");
	recover(kit, "M", "1100.00");
	recover(kit, "Y", "1200.00");
	recover(kit, "G", "300.00");
	at(kit, 2170, "P", "i", "2600.00");
	kit_accept(kit, "bank",
		"{\"command\":\"recovery.remit\",\"incident\":\"i\",\"bank_reference\":\"out-1\"}");
	assert_int_equal(kit_wait(kit, 91 * DAY), 2);
	kit_accept(kit, "maker",
		"{\"command\":\"exit.resume\",\"exit\":\"M/e\",\"incident\":\"i\",\"reason\":\"served\"}");
	assert_int_equal(kit_wait(kit, 1), 1);
	at(kit, 2030, "M", "M/e", "600.00");
	kit_accept(
		kit, "bank", "{\"command\":\"exit.refund\",\"exit\":\"M/e\",\"bank_reference\":\"out-2\"}");
	char *reply = NULL;
	assert_ok(kit_query(kit, "auditor", "report.trial_balance", "{}", &reply));
	assert_non_null(strstr(reply, "\"code\":8010"));
	assert_null(strstr(reply, "\"code\":1"));
	assert_null(strstr(reply, "\"code\":2"));
	assert_null(strstr(reply, "\"code\":3"));
	free(reply);
	check(kit);
}

/* Once the parties know what they owe, the platform bears what it gives back, like goodwill: no recourse. */
static void test_after_apportionment(void **state)
{
	struct kit *kit = *state;
	number first = appeal(kit);
	pay(kit);
	rules_apportion(kit, "i", "several", HALVES);
	number apportioned = kit->last_entry;
	char fact[60];
	snprintf(fact, sizeof fact, "\"apportioned_entry\":%llu", apportioned);
	at(kit, 1110, "M", "i", "500.00");
	at(kit, 1110, "Y", "i", "1500.00");
	decide(kit, first, "\"reversed\"");
	fund(kit, first, "1000.00");
	entry_says(kit, "\"recourse\":\"0.00\"");
	entry_says(kit, fact);
	at(kit, 2020, "M", "i", "1000.00");
	at(kit, 1110, "U", "i", "0");
	at(kit, 3110, "P", "i", "2000.00");
	rules_refuse(kit, RECOURSE_INSUFFICIENT, "incident", "maker",
		"{\"command\":\"liability.extend\",\"incident\":\"i\"}");
	kit_shows(kit, "merchant", "report.appeals", "{}", "\"recourse\":\"0.00\"");
	recover(kit, "M", "500.00");
	recover(kit, "Y", "1500.00");
	at(kit, 2170, "P", "i", "2000.00");
	at(kit, 3110, "P", "i", "0");
	check(kit);
}

/* Decided before the apportionment, which credits M with what stands; paid in partly before and partly after it. */
static void test_across_apportionment(void **state)
{
	struct kit *kit = *state;
	number first = appeal(kit);
	pay(kit);
	decide(kit, first, "\"varied\",\"amount\":\"600.00\"");
	fund(kit, first, "200.00");
	entry_says(kit, "\"recourse\":\"200.00\"");
	rules_apportion(kit, "i", "several", HALVES);
	entry_says(kit, "\"deposit_credited\":\"400.00\"");
	/* 2,200.00 by 1,100 and 1,500: 930.769 and 1,269.231 */
	at(kit, 1110, "M", "i", "930.77");
	at(kit, 1110, "Y", "i", "1269.23");
	fund(kit, first, "400.00");
	entry_says(kit, "\"recourse\":\"0.00\"");
	at(kit, 3110, "P", "i", "2200.00");
	kit_shows(kit, "merchant", "report.appeals", "{}", "\"recourse\":\"200.00\"");
	waits(kit, first, "0");
	at(kit, 2020, "M", "i", "600.00");
	check(kit);
}

#define EXIT(policy)                                                                                         \
	"{\"command\":\"exit.request\",\"exit\":\"M/e\",\"merchant\":\"M\",\"unit\":\"CNY\",\"policy\":"     \
	"\"" policy "\",\"version\":1}"

/* In the tail of an exit a claim of 300.00 is served and appealed; the exit has resumed with what is left. */
static number resumed(struct kit *kit)
{
	rules_policy(kit, "leaving", "\"scheme\":\"full\",\"tail_days\":200",
		"[{\"rank\":1,\"claim\":\"advances\"}]");
	rules_deposit(kit, "M", "1000.00", "in-1");
	kit_accept(kit, "merchant", EXIT("leaving"));
	number first = appeal_after(kit, "300.00");
	rules_instruct(kit, "c");
	rules_settle(kit, "c");
	decide(kit, first, "\"reversed\"");
	assert_int_equal(kit_wait(kit, 91 * DAY), 2); /* the notice, the bar date */
	kit_accept(kit, "maker",
		"{\"command\":\"exit.resume\",\"exit\":\"M/e\",\"incident\":\"i\",\"reason\":\"served\"}");
	at(kit, 2030, "M", "M/e", "700.00");
	return first;
}

static void refund(struct kit *kit, const char *bank_reference)
{
	kit_accept(kit, "bank", "{\"command\":\"exit.refund\",\"exit\":\"M/e\",\"bank_reference\":\"%s\"}",
		bank_reference);
}

/* The merchant is leaving: it gets the restored money with the rest, and the entry is the incident's still. */
static void test_exit_under_way(void **state)
{
	struct kit *kit = *state;
	number first = resumed(kit);
	fund(kit, first, "100.00");
	entry_says(kit, "\"held_by\":\"M/e\"");
	entry_says(kit, "\"fuel-card/1\"");
	at(kit, 2030, "M", "M/e", "800.00");
	assert_int_equal(kit_wait(kit, 117 * DAY), 1);
	fund(kit, first, "200.00");
	at(kit, 2030, "M", "M/e", "1000.00");
	at(kit, 2010, "M", "", "0");
	kit_shows(kit, "merchant", "report.exits", "{}", "\"refundable\":\"1000.00\"");
	refund(kit, "out-1");
	at(kit, 1010, "bank", "", "0");
	at(kit, 1110, "U", "i", "300.00");
	check(kit);
}

/* The merchant was refunded and has left: what comes now is available, and it may leave again with it. */
static void test_refunded_merchant(void **state)
{
	struct kit *kit = *state;
	number first = resumed(kit);
	assert_int_equal(kit_wait(kit, 117 * DAY), 1);
	refund(kit, "out-1");
	waits(kit, first, "300.00");
	fund(kit, first, "300.00");
	at(kit, 2010, "M", "", "300.00");
	kit_shows(kit, "merchant", "deposit.statement", "{\"merchant\":\"M\",\"unit\":\"CNY\"}",
		"\"state\":\"funded\"");
	kit_accept(kit, "merchant",
		"{\"command\":\"exit.request\",\"exit\":\"M/e2\",\"merchant\":\"M\",\"unit\":\"CNY\","
		"\"policy\":\"leaving\",\"version\":1}");
	at(kit, 2030, "M", "M/e2", "300.00");
	check(kit);
}

/* Another incident has the deposit by now: it has what is restored, too, and its claims are served from it. */
static void test_second_incident(void **state)
{
	struct kit *kit = *state;
	number first = resumed(kit);
	rules_declare(kit, "j", "M", "fuel-card");
	at(kit, 2020, "M", "j", "700.00");
	waits(kit, first, "300.00");
	fund(kit, first, "300.00");
	entry_says(kit, "\"frozen_by\":\"j\"");
	at(kit, 2020, "M", "j", "1000.00");
	rules_claim(kit, "d", "j", "900.00");
	rules_distribute(kit, "j");
	rules_instruct(kit, "d");
	rules_settle(kit, "d");
	at(kit, 2020, "M", "j", "100.00");
	at(kit, 1010, "bank", "", "100.00");
	at(kit, 1110, "U", "i", "300.00");
	at(kit, 1110, "U", "j", "0");
	check(kit);
}

/* Deposit-only: nothing is advanced but what was restored, and a receipt waits until it is apportioned. */
static void test_deposit_only(void **state)
{
	struct kit *kit = *state;
	rules_policy(kit, "pool", "\"scheme\":\"deposit-only\"",
		"[{\"rank\":1,\"claim\":\"advances\"},{\"rank\":2,\"claim\":\"uncovered\"}]");
	rules_deposit(kit, "M", "1000.00", "in-1");
	rules_declare(kit, "i", "M", "pool");
	rules_claim(kit, "c", "i", "3000.00");
	rules_distribute(kit, "i");
	kit_accept(kit, "merchant",
		"{\"command\":\"appeal.lodge\",\"merchant\":\"M\",\"deduction\":%llu,\"reason\":\"r\"}",
		(number)kit->last_entry);
	number first = kit->last_entry;
	rules_instruct(kit, "c");
	rules_settle(kit, "c");
	decide(kit, first, "\"reversed\"");
	rules_receive(kit, "r", "i", "Y", "1500.00");
	rules_refuse(kit, RECOURSE_STATE_WRONG, "recovery", "maker",
		"{\"command\":\"recovery.allocate\",\"recovery\":\"r\"}");
	rules_refuse(kit, RECOURSE_INSUFFICIENT, "incident", "maker",
		"{\"command\":\"liability.apportion\",\"incident\":\"i\",\"mode\":\"several\","
		"\"basis_hash\":" RULES_HASH ",\"shares\":[{\"party\":\"Y\",\"share\":\"100.00\"}]}");
	fund(kit, first, "1000.00");
	at(kit, 1110, "U", "i", "1000.00");
	rules_apportion(kit, "i", "several", "[{\"party\":\"Y\",\"share\":\"100.00\"}]");
	rules_allocate(kit, "r");
	at(kit, 2170, "P", "i", "1000.00");
	at(kit, 2150, "consumers", "i", "500.00");
	at(kit, 2020, "M", "i", "1000.00");
	check(kit);
}

/* F4: the bank sends a payment back. What the funder restored is recourse still; the advance is not. */
static void test_returned(void **state)
{
	struct kit *kit = *state;
	number first = appeal(kit);
	pay(kit);
	decide(kit, first, "\"reversed\"");
	fund(kit, first, "1000.00");
	at(kit, 1110, "U", "i", "3000.00");
	kit_accept(kit, "bank", "{\"command\":\"payout.return\",\"claim\":\"c\",\"reason\":\"AC04\"}");
	at(kit, 1110, "U", "i", "1000.00");
	at(kit, 1115, "", "i", "2000.00");
	kit_audit(kit);
	kit_accept(kit, "payer", "{\"command\":\"payout.reissue\",\"claim\":\"c\",\"reason\":\"r\"}");
	rules_settle(kit, "c");
	rules_apportion(kit, "i", "several", "[{\"party\":\"Y\",\"share\":\"100.00\"}]");
	recover(kit, "Y", "2500.00");
	/* 500.00 are open: no more than that can be inchoate again */
	kit_accept(kit, "bank", "{\"command\":\"payout.return\",\"claim\":\"c\",\"reason\":\"AC04\"}");
	at(kit, 1115, "", "i", "500.00");
	at(kit, 1110, "Y", "i", "0");
	kit_audit(kit);
	kit_accept(kit, "payer", "{\"command\":\"payout.reissue\",\"claim\":\"c\",\"reason\":\"r\"}");
	rules_settle(kit, "c");
	at(kit, 1110, "U", "i", "500.00");
	at(kit, 3110, "P", "i", "500.00");
	check(kit);
}

/* The funder's money is not there yet: what waits can not be held, taken by another incident, or paid out. */
static void test_unfunded(void **state)
{
	struct kit *kit = *state;
	number first = resumed(kit);
	waits(kit, first, "300.00");
	at(kit, 1010, "bank", "", "700.00");
	rules_deposit(kit, "N", "500.00", "in-2");
	assert_int_equal(kit_wait(kit, 117 * DAY), 1);
	refund(kit, "out-1");
	at(kit, 1010, "bank", "", "500.00");
	waits(kit, first, "300.00");
	rules_refuse(kit, RECOURSE_INSUFFICIENT, NULL, "maker",
		"{\"command\":\"deposit.hold\",\"hold\":\"h\",\"merchant\":\"M\",\"amount\":\"0.01\","
		"\"unit\":\"CNY\",\"reason\":\"signal\"}");
	rules_declare(kit, "j", "M", "fuel-card");
	at(kit, 2020, "M", "j", "0");
	waits(kit, first, "300.00");
	at(kit, 2010, "N", "", "500.00");
	check(kit);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		MONEY_TEST(test_before_payouts),
		MONEY_TEST(test_companion),
		MONEY_TEST(test_after_apportionment),
		MONEY_TEST(test_across_apportionment),
		MONEY_TEST(test_exit_under_way),
		MONEY_TEST(test_refunded_merchant),
		MONEY_TEST(test_second_incident),
		MONEY_TEST(test_deposit_only),
		MONEY_TEST(test_returned),
		MONEY_TEST(test_unfunded),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
