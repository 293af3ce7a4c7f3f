/* SPDX-License-Identifier: Apache-2.0 */
#include "rules_exit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

/* A5, B1, E3: a merchant's exit from its request to the last refund, every refusal on the way, and claims in the tail. */
static void held(struct kit *kit, const char *exit, const char *amount)
{
	kit_balance(kit, 2030, "M", exit, "CNY", amount);
}

static void available(struct kit *kit, const char *amount)
{
	kit_balance(kit, 2010, "M", "", "CNY", amount);
}

static void shows(struct kit *kit, const char *text)
{
	kit_shows(kit, "merchant", "report.exits", "{}", text);
}

/* Notice and tail of the policy's presets: 7 and 90 days. */
static void pass_tail(struct kit *kit)
{
	assert_int_equal(kit_wait(kit, 7 * DAY), 1);
	assert_int_equal(kit_wait(kit, 90 * DAY), 1);
}

/* E3: each step is an entry by the system's key at its time and not before; the refund is the bank's word. */
static void test_whole_way(void **state)
{
	struct kit *kit = *state;
	leave(kit);
	available(kit, "0");
	held(kit, "M/e", "1000.00");
	shows(kit, "\"state\":\"notice\"");
	shows(kit, "\"next_step\":\"tail\"");
	kit_shows(kit, "merchant", "deposit.statement", "{\"merchant\":\"M\",\"unit\":\"CNY\"}",
		"\"exit_hold\":\"1000.00\"");
	kit_shows(kit, "merchant", "deposit.statement", "{\"merchant\":\"M\",\"unit\":\"CNY\"}",
		"\"state\":\"exit hold\"");
	assert_int_equal(kit_wait(kit, 7 * DAY - MINUTE), 0);
	assert_int_equal(kit_wait(kit, MINUTE), 1);
	shows(kit, "\"state\":\"tail\"");
	shows(kit, "\"next_step\":\"offset\"");
	assert_int_equal(kit_wait(kit, 90 * DAY - MINUTE), 0);
	rules_refuse(kit, RECOURSE_STATE_WRONG, "exit", "bank", REFUND("M/e", "out-1"));
	assert_int_equal(kit_wait(kit, MINUTE), 1);
	shows(kit, "\"state\":\"offset\"");
	shows(kit, "\"refundable\":\"1000.00\"");
	shows(kit, "\"next_step\":\"refund\"");
	kit_accept(kit, "bank", REFUND("M/e", "out-1"));
	held(kit, "M/e", "0");
	kit_balance(kit, 1010, "bank", "", "CNY", "0");
	shows(kit, "\"state\":\"refunded\"");
	shows(kit, "\"refunded\":\"1000.00\"");
	shows(kit, "\"next_step\":\"none\"");
	kit_shows(kit, "merchant", "deposit.statement", "{\"merchant\":\"M\",\"unit\":\"CNY\"}",
		"\"state\":\"refunded\"");
	assert_int_equal(kit_wait(kit, 30 * DAY), 0);
	rules_refuse(kit, RECOURSE_STATE_WRONG, "exit", "bank", REFUND("M/e", "out-2"));
	rules_refuse(kit, RECOURSE_STATE_WRONG, "exit", "maker", RETAIN("M/e", "late", "\"0.01\""));
	check(kit);
}

/* The merchant comes back: a new deposit, and another exit under another id. */
static void test_comes_back(void **state)
{
	struct kit *kit = *state;
	leave(kit);
	pass_tail(kit);
	kit_accept(kit, "bank", REFUND("M/e", "out-1"));
	rules_deposit(kit, "M", "70.00", "in-2");
	available(kit, "70.00");
	rules_refuse(kit, RECOURSE_EXISTS, "exit", "merchant", LEAVE("M/e"));
	kit_accept(kit, "maker", LEAVE("M/e2"));
	held(kit, "M/e2", "70.00");
	check(kit);
}

static void test_request_refusals(void **state)
{
	struct kit *kit = *state;
	rules_deposit(kit, "M", "1000.00", "in-1");
	kit_accept(kit, "admin",
		"{\"command\":\"policy.publish\",\"policy\":\"yen\",\"version\":1,\"unit\":\"JPY\","
		"\"scheme\":"
		"\"full\",\"waterfall\":[{\"rank\":1,\"claim\":\"costs\"}]}");
	static const struct rules_row rows[] = {
		{RECOURSE_ROLE_MISSING, "command", "bank", LEAVE("M/e")},
		{RECOURSE_ROLE_MISSING, "command", "checker", LEAVE("M/e")},
		/* not its own, whether the other is there or not */
		{RECOURSE_NOT_PERMITTED, "merchant", "n", LEAVE("M/e")},
		{RECOURSE_NOT_PERMITTED, "merchant", "n",
			REQUEST("nobody/e", "nobody", "CNY", "fuel-card", "1")},
		{RECOURSE_NOT_FOUND, "merchant", "maker", REQUEST("e", "nobody", "CNY", "fuel-card", "1")},
		{RECOURSE_NOT_FOUND, "merchant", "n", REQUEST("N/e", "N", "CNY", "fuel-card", "1")},
		{RECOURSE_NOT_FOUND, "merchant", "merchant", REQUEST("M/e", "M", "JPY", "yen", "1")},
		{RECOURSE_UNIT_UNKNOWN, "unit", "merchant", REQUEST("M/e", "M", "XYZ", "fuel-card", "1")},
		{RECOURSE_NOT_FOUND, "policy", "merchant", REQUEST("M/e", "M", "CNY", "fuel-card", "2")},
		{RECOURSE_NOT_FOUND, "policy", "merchant", REQUEST("M/e", "M", "CNY", "none", "1")},
		{RECOURSE_POLICY_WRONG, "policy", "merchant", REQUEST("M/e", "M", "CNY", "yen", "1")},
	};
	RULES_REFUSE(kit, rows);
	kit_accept(kit, "maker",
		"{\"command\":\"deposit.hold\",\"hold\":\"h\",\"merchant\":\"M\",\"amount\":\"1000.00\","
		"\"unit\":\"CNY\",\"reason\":\"signal\"}");
	rules_refuse(kit, RECOURSE_INSUFFICIENT, "merchant", "merchant", LEAVE("M/e"));
	kit_accept(kit, "maker", "{\"command\":\"deposit.release\",\"hold\":\"h\",\"reason\":\"solved\"}");
	kit_accept(kit, "merchant", LEAVE("M/e"));
	uint64_t entry = kit->last_entry;
	rules_refuse(kit, RECOURSE_NOT_PERMITTED, "merchant", "merchant", LEAVE("M/e2"));
	assert_int_equal(kit->refusal.entry, entry);
	rules_refuse(kit, RECOURSE_EXISTS, "exit", "merchant", LEAVE("M/e"));
	check(kit);
}

/* B1: an open incident blocks the exit, and the refusal names its entry. */
static void test_open_incident(void **state)
{
	struct kit *kit = *state;
	rules_deposit(kit, "M", "1000.00", "in-1");
	rules_declare(kit, "i", "M", "fuel-card");
	uint64_t entry = kit->last_entry;
	rules_refuse(kit, RECOURSE_NOT_PERMITTED, "merchant", "merchant", LEAVE("M/e"));
	assert_int_equal(kit->refusal.entry, entry);
	/* from its deposit in another currency too */
	kit_accept(kit, "bank",
		"{\"command\":\"deposit.receive\",\"merchant\":\"M\",\"amount\":\"5000\",\"unit\":\"JPY\","
		"\"bank_reference\":\"in-2\"}");
	rules_refuse(kit, RECOURSE_NOT_PERMITTED, "merchant", "merchant",
		REQUEST("M/e", "M", "JPY", "fuel-card", "1"));
	kit_audit(kit);
}

/* The terms are the policy's: shorter ones are shorter, and the version of the request stays. */
static void test_published_terms(void **state)
{
	struct kit *kit = *state;
	rules_deposit(kit, "M", "10.00", "in-1");
	kit_accept(kit, "admin",
		"{\"command\":\"policy.publish\",\"policy\":\"short\",\"version\":1,\"unit\":\"CNY\","
		"\"scheme\":"
		"\"full\",\"waterfall\":[{\"rank\":1,\"claim\":\"costs\"}],\"notice_days\":0,\"tail_days\":1,"
		"\"refund_days\":1}");
	kit_shows(kit, "admin", "policy.get", "{\"policy\":\"short\",\"version\":1}", "\"tail_days\":1");
	kit_shows(kit, "admin", "policy.get", "{\"policy\":\"fuel-card\",\"version\":1}", "\"tail_days\":90");
	kit_refuse(kit, RECOURSE_FIELD_LIMIT, NULL, "admin",
		"{\"command\":\"policy.publish\",\"policy\":\"short\",\"version\":2,\"unit\":\"CNY\","
		"\"scheme\":"
		"\"full\",\"waterfall\":[{\"rank\":1,\"claim\":\"costs\"}],\"tail_days\":0}");
	kit_accept(kit, "merchant", REQUEST("M/e", "M", "CNY", "short", "1"));
	assert_int_equal(kit_wait(kit, 1), 1);
	shows(kit, "\"state\":\"tail\"");
	assert_int_equal(kit_wait(kit, DAY), 1);
	shows(kit, "\"state\":\"offset\"");
	assert_int_equal(kit_wait(kit, DAY), 1);
	shows(kit, "\"overdue\":\"yes\"");
	check(kit);
}

/* What comes in during the exit is held with the rest, and so is what a hold gives back. */
static void test_money_meanwhile(void **state)
{
	struct kit *kit = *state;
	rules_deposit(kit, "M", "1000.00", "in-1");
	kit_accept(kit, "maker",
		"{\"command\":\"deposit.hold\",\"hold\":\"h\",\"merchant\":\"M\",\"amount\":\"300.00\","
		"\"unit\":\"CNY\",\"reason\":\"signal\"}");
	kit_accept(kit, "merchant", LEAVE("M/e"));
	held(kit, "M/e", "700.00");
	rules_deposit(kit, "M", "50.00", "in-2");
	held(kit, "M/e", "750.00");
	kit_accept(kit, "maker", "{\"command\":\"deposit.release\",\"hold\":\"h\",\"reason\":\"solved\"}");
	held(kit, "M/e", "1050.00");
	available(kit, "0");
	rules_refuse(kit, RECOURSE_INSUFFICIENT, NULL, "maker",
		"{\"command\":\"deposit.hold\",\"hold\":\"h2\",\"merchant\":\"M\",\"amount\":\"0.01\","
		"\"unit\":\"CNY\",\"reason\":\"signal\"}");
	check(kit);
}

static void test_refusals(void **state)
{
	struct kit *kit = *state;
	leave(kit);
	kit_accept(kit, "maker", RETAIN("M/e", "fees", "\"400.00\""));
	static const struct rules_row rows[] = {
		RULES_AMOUNTS("amount", "maker",
			"{\"command\":\"exit.retain\",\"exit\":\"M/e\",\"item\":\"x\",\"amount\":",
			",\"reason\":\"r\",\"evidence_hash\":" RULES_HASH "}"),
		{RECOURSE_NOT_FOUND, "exit", "maker", RETAIN("none", "x", "\"1.00\"")},
		{RECOURSE_EXISTS, "item", "maker", RETAIN("M/e", "fees", "\"1.00\"")},
		{RECOURSE_INSUFFICIENT, "amount", "maker", RETAIN("M/e", "x", "\"600.01\"")},
		{RECOURSE_ROLE_MISSING, "command", "merchant", RETAIN("M/e", "x", "\"1.00\"")},
		{RECOURSE_NOT_FOUND, "exit", "maker", RELEASE("none", "fees")},
		{RECOURSE_NOT_FOUND, "item", "maker", RELEASE("M/e", "none")},
		{RECOURSE_ROLE_MISSING, "command", "merchant", RELEASE("M/e", "fees")},
		{RECOURSE_NOT_FOUND, "exit", "bank", REFUND("none", "out-1")},
		{RECOURSE_NOT_FOUND, "exit", "teller", REFUND("M/e", "out-1")},
		{RECOURSE_ROLE_MISSING, "command", "maker", REFUND("M/e", "out-1")},
		{RECOURSE_STATE_WRONG, "exit", "bank", REFUND("M/e", "out-1")},
		{RECOURSE_NOT_FOUND, "exit", "maker", RESUME("none", "i")},
		{RECOURSE_NOT_FOUND, "incident", "maker", RESUME("M/e", "i")},
		{RECOURSE_ROLE_MISSING, "command", "merchant", RESUME("M/e", "i")},
	};
	RULES_REFUSE(kit, rows);
	kit_accept(kit, "maker", RELEASE("M/e", "fees"));
	rules_refuse(kit, RECOURSE_STATE_WRONG, "item", "maker", RELEASE("M/e", "fees"));
	pass_tail(kit);
	rules_refuse(kit, RECOURSE_EXISTS, "bank_reference", "bank", REFUND("M/e", "in-1"));
	check(kit);
}

/* So many items and no more: the list is shown as a whole. */
static void test_items_limit(void **state)
{
	struct kit *kit = *state;
	leave(kit);
	for (int item = 0; item < 32; item++)
		kit_accept(kit, "maker",
			"{\"command\":\"exit.retain\",\"exit\":\"M/e\",\"item\":\"i-%d\",\"amount\":\"0.01\","
			"\"reason\":\"r\",\"evidence_hash\":" RULES_HASH "}",
			item);
	rules_refuse(kit, RECOURSE_FIELD_LIMIT, "item", "maker", RETAIN("M/e", "more", "\"0.01\""));
	shows(kit, "\"retained\":\"0.32\"");
}

/* Items stay when the rest is paid; what is released later is paid by a further refund, once. */
static void test_retention(void **state)
{
	struct kit *kit = *state;
	leave(kit);
	kit_accept(kit, "maker", RETAIN("M/e", "fees", "\"100.00\""));
	kit_accept(kit, "maker", RETAIN("M/e", "repairs", "\"900.00\""));
	shows(kit, "\"state\":\"retained\",\"amount\":\"100.00\",\"reason\":\"unpaid-fees\"");
	pass_tail(kit);
	shows(kit, "\"reason\":\"unpaid-fees\"");
	shows(kit, "\"refundable\":\"0.00\"");
	rules_refuse(kit, RECOURSE_INSUFFICIENT, "exit", "bank", REFUND("M/e", "out-1"));
	/* nothing to pay is not overdue */
	assert_int_equal(kit_wait(kit, 30 * DAY), 0);
	kit_accept(kit, "maker", RELEASE("M/e", "repairs"));
	shows(kit, "\"refundable\":\"900.00\"");
	kit_accept(kit, "bank", REFUND("M/e", "out-1"));
	held(kit, "M/e", "100.00");
	shows(kit, "\"state\":\"refunded\"");
	rules_refuse(kit, RECOURSE_STATE_WRONG, "exit", "bank", REFUND("M/e", "out-2"));
	rules_refuse(kit, RECOURSE_NOT_PERMITTED, "merchant", "merchant", LEAVE("M/e2"));
	/* a deposit that comes now is a new one */
	rules_deposit(kit, "M", "5.00", "in-2");
	available(kit, "5.00");
	kit_accept(kit, "maker", RELEASE("M/e", "fees"));
	assert_int_equal(kit_wait(kit, 3 * DAY), 1);
	shows(kit, "\"overdue\":\"yes\"");
	kit_accept(kit, "bank", REFUND("M/e", "out-2"));
	held(kit, "M/e", "0");
	shows(kit, "\"overdue\":\"no\"");
	shows(kit, "\"refunded\":\"1000.00\"");
	kit_accept(kit, "merchant", LEAVE("M/e2"));
	held(kit, "M/e2", "5.00");
	check(kit);
}

/* Keeping back what was released takes the day of payment back with it. */
static void test_retained_after_release(void **state)
{
	struct kit *kit = *state;
	leave(kit);
	pass_tail(kit);
	kit_accept(kit, "maker", RETAIN("M/e", "fees", "\"1000.00\""));
	shows(kit, "\"next_step\":\"none\"");
	assert_int_equal(kit_wait(kit, 4 * DAY), 0);
	kit_accept(kit, "maker", RELEASE("M/e", "fees"));
	assert_int_equal(kit_wait(kit, 3 * DAY - MINUTE), 0);
	assert_int_equal(kit_wait(kit, MINUTE), 1);
	shows(kit, "\"overdue\":\"yes\"");
	check(kit);
}

static void tail_claim(struct kit *kit)
{
	leave(kit);
	assert_int_equal(kit_wait(kit, 7 * DAY), 1);
	assert_int_equal(kit_wait(kit, 80 * DAY), 0);
	rules_declare(kit, "i", "M", "fuel-card");
	held(kit, "M/e", "0");
	kit_balance(kit, 2020, "M", "i", "CNY", "1000.00");
	rules_claim(kit, "c", "i", "300.00");
}

static void pay_claim(struct kit *kit, const char *incident)
{
	rules_distribute(kit, incident);
	rules_instruct(kit, "c");
	rules_settle(kit, "c");
	kit_balance(kit, 2020, "M", incident, "CNY", "700.00");
}

/* A claim in the tail is paid out of what the exit held; the exit waits for it, and goes on with the rest. */
static void test_claim_in_the_tail(void **state)
{
	struct kit *kit = *state;
	tail_claim(kit);
	shows(kit, "\"blocks\":1");
	shows(kit, "\"blocked_by\":\"i\"");
	/* the tail's clock strikes in vain */
	assert_int_equal(kit_wait(kit, 10 * DAY), 1);
	shows(kit, "\"state\":\"tail\"");
	uint64_t clock = rules_entries(kit) - 1;
	char *entry = rules_describe(kit, clock);
	assert_non_null(strstr(entry, "\"blocked\":1"));
	free(entry);
	rules_refuse(kit, RECOURSE_NOT_PERMITTED, "exit", "bank", REFUND("M/e", "out-1"));
	rules_refuse(kit, RECOURSE_INSUFFICIENT, "amount", "maker", RETAIN("M/e", "x", "\"0.01\""));
	/* money that comes now is the incident's first */
	rules_deposit(kit, "M", "20.00", "in-2");
	kit_balance(kit, 2020, "M", "i", "CNY", "1020.00");
	rules_refuse(kit, RECOURSE_WINDOW_CLOSED, "incident", "maker", RESUME("M/e", "i"));
	assert_int_equal(kit_wait(kit, 90 * DAY), 1);
	rules_refuse(kit, RECOURSE_STATE_WRONG, "incident", "maker", RESUME("M/e", "i"));
	rules_distribute(kit, "i");
	rules_instruct(kit, "c");
	rules_refuse(kit, RECOURSE_STATE_WRONG, "incident", "maker", RESUME("M/e", "i"));
	rules_settle(kit, "c");
	kit_accept(kit, "maker", RESUME("M/e", "i"));
	held(kit, "M/e", "720.00");
	kit_balance(kit, 2020, "M", "i", "CNY", "0");
	shows(kit, "\"blocks\":0");
	rules_refuse(kit, RECOURSE_NOT_FOUND, "incident", "maker", RESUME("M/e", "i"));
	assert_int_equal(kit_wait(kit, 1), 1);
	shows(kit, "\"state\":\"offset\"");
	kit_accept(kit, "bank", REFUND("M/e", "out-1"));
	kit_balance(kit, 1010, "bank", "", "CNY", "0");
	check(kit);
}

/* Before the tail's end the exit goes on to it; what was received since is held again. */
static void test_resumed_within_the_tail(void **state)
{
	struct kit *kit = *state;
	kit_accept(kit, "admin",
		"{\"command\":\"policy.publish\",\"policy\":\"long\",\"version\":1,\"unit\":\"CNY\","
		"\"scheme\":"
		"\"full\",\"waterfall\":[{\"rank\":1,\"claim\":\"advances\"}],\"tail_days\":400}");
	rules_deposit(kit, "M", "1000.00", "in-1");
	kit_accept(kit, "merchant", REQUEST("M/e", "M", "CNY", "long", "1"));
	rules_declare(kit, "i", "M", "fuel-card");
	rules_claim(kit, "c", "i", "300.00");
	pay_claim(kit, "i");
	assert_int_equal(kit_wait(kit, 91 * DAY), 2); /* the notice, the bar date */
	kit_accept(kit, "maker", RESUME("M/e", "i"));
	held(kit, "M/e", "700.00");
	shows(kit, "\"state\":\"tail\"");
	kit_shows(kit, "merchant", "deposit.statement", "{\"merchant\":\"M\",\"unit\":\"CNY\"}",
		"\"state\":\"exit hold\"");
	rules_deposit(kit, "M", "1.00", "in-2");
	held(kit, "M/e", "701.00");
	assert_int_equal(kit_wait(kit, 200 * DAY), 0);
	assert_int_equal(kit_wait(kit, 200 * DAY), 1);
	shows(kit, "\"refundable\":\"701.00\"");
	check(kit);
}

/* Claims take all of it: the exit ends without a refund, and the merchant may come back. */
static void test_nothing_left(void **state)
{
	struct kit *kit = *state;
	leave(kit);
	kit_accept(kit, "maker", RETAIN("M/e", "fees", "\"400.00\""));
	pass_tail(kit);
	shows(kit, "\"state\":\"offset\"");
	rules_declare(kit, "i", "M", "fuel-card");
	shows(kit, "\"next_step\":\"none\"");
	rules_claim(kit, "c", "i", "1000.00");
	rules_distribute(kit, "i");
	rules_instruct(kit, "c");
	rules_settle(kit, "c");
	assert_int_equal(kit_wait(kit, 91 * DAY), 1);
	kit_accept(kit, "maker", RESUME("M/e", "i"));
	shows(kit, "\"state\":\"refunded\"");
	shows(kit, "\"refundable\":\"0.00\"");
	rules_refuse(kit, RECOURSE_STATE_WRONG, "exit", "bank", REFUND("M/e", "out-1"));
	rules_deposit(kit, "M", "5.00", "in-2");
	kit_accept(kit, "merchant", LEAVE("M/e2"));
	held(kit, "M/e2", "5.00");
	check(kit);
}

/* Two incidents: each is resumed by itself, what one left serves the other's claims, and the refund waits for both. */
static void test_two_incidents(void **state)
{
	struct kit *kit = *state;
	leave(kit);
	rules_declare(kit, "i", "M", "fuel-card");
	rules_declare(kit, "j", "M", "fuel-card");
	rules_claim(kit, "c", "j", "300.00");
	shows(kit, "\"blocks\":2");
	shows(kit, "\"blocked_by\":\"i\"");
	assert_int_equal(kit_wait(kit, 98 * DAY), 4);
	kit_accept(kit, "maker", RESUME("M/e", "i"));
	held(kit, "M/e", "0");
	kit_balance(kit, 2020, "M", "j", "CNY", "1000.00");
	shows(kit, "\"blocks\":1");
	shows(kit, "\"blocked_by\":\"j\"");
	/* the clock is set again, and strikes in vain again */
	assert_int_equal(kit_wait(kit, 1), 1);
	shows(kit, "\"state\":\"tail\"");
	rules_refuse(kit, RECOURSE_NOT_PERMITTED, "exit", "bank", REFUND("M/e", "out-1"));
	pay_claim(kit, "j");
	kit_accept(kit, "maker", RESUME("M/e", "j"));
	held(kit, "M/e", "700.00");
	assert_int_equal(kit_wait(kit, 1), 1);
	shows(kit, "\"state\":\"offset\"");
	kit_accept(kit, "bank", REFUND("M/e", "out-1"));
	check(kit);
}

/* After the refund an incident takes what was retained and the new deposit; each comes back to where it was. */
static void test_incident_after_the_refund(void **state)
{
	struct kit *kit = *state;
	leave(kit);
	kit_accept(kit, "maker", RETAIN("M/e", "fees", "\"100.00\""));
	pass_tail(kit);
	kit_accept(kit, "bank", REFUND("M/e", "out-1"));
	rules_deposit(kit, "M", "50.00", "in-2");
	rules_declare(kit, "i", "M", "fuel-card");
	kit_balance(kit, 2020, "M", "i", "CNY", "150.00");
	assert_int_equal(kit_wait(kit, 91 * DAY), 1);
	kit_accept(kit, "maker", RESUME("M/e", "i"));
	held(kit, "M/e", "100.00");
	available(kit, "50.00");
	kit_accept(kit, "maker", RELEASE("M/e", "fees"));
	kit_accept(kit, "bank", REFUND("M/e", "out-2"));
	available(kit, "50.00");
	check(kit);
}

/* I3: a merchant sees its own exits, and can not tell another's from none. */
static void test_report(void **state)
{
	struct kit *kit = *state;
	char *reply = NULL;
	leave(kit);
	rules_deposit(kit, "N", "8.00", "in-2");
	kit_shows(kit, "n", "report.exits", "{}", "\"exits\":[]");
	kit_accept(kit, "n", REQUEST("N/1", "N", "CNY", "fuel-card", "1"));
	kit_shows(kit, "n", "report.exits", "{}", "\"exit\":\"N/1\"");
	assert_ok(kit_query(kit, "n", "report.exits", "{}", &reply));
	assert_null(strstr(reply, "\"exit\":\"M/e\""));
	free(reply);
	assert_error(kit_query(kit, "n", "report.exits", "{\"merchant\":\"M\"}", &reply),
		RECOURSE_QUERY_NOT_FOUND);
	assert_string_equal(kit->refusal.field, "merchant");
	assert_error(kit_query(kit, "n", "report.exits", "{\"merchant\":\"nobody\"}", &reply),
		RECOURSE_QUERY_NOT_FOUND);
	assert_string_equal(kit->refusal.field, "merchant");
	assert_error(
		kit_query(kit, "n", "report.exits", "{\"from\":\"M/e\"}", &reply), RECOURSE_QUERY_NOT_FOUND);
	assert_error(
		kit_query(kit, "n", "report.exits", "{\"from\":\"none\"}", &reply), RECOURSE_QUERY_NOT_FOUND);
	assert_error(kit_query(kit, "auditor", "report.exits", "{\"merchant\":\"nobody\"}", &reply),
		RECOURSE_QUERY_NOT_FOUND);
	/* page by page */
	kit_shows(kit, "auditor", "report.exits", "{\"limit\":1}", "\"next\":\"N/1\"");
	kit_shows(kit, "auditor", "report.exits", "{\"limit\":1,\"from\":\"N/1\"}", "\"exit\":\"N/1\"");
	assert_ok(kit_query(kit, "auditor", "report.exits", "{\"limit\":1,\"from\":\"N/1\"}", &reply));
	assert_null(strstr(reply, "\"next\":"));
	free(reply);
	kit_shows(kit, "auditor", "report.exits", "{\"merchant\":\"N\"}", "\"held\":\"8.00\"");
}

/* E1: a merchant leaves by the terms in force; an operator may name older ones. */
static void test_terms_in_force(void **state)
{
	struct kit *kit = *state;
	rules_deposit(kit, "M", "1000.00", "in-1");
	kit_accept(kit, "admin",
		"{\"command\":\"policy.publish\",\"policy\":\"fuel-card\",\"version\":2,\"unit\":\"CNY\","
		"\"scheme\":\"full\",\"tail_days\":365,\"waterfall\":[{\"rank\":1,\"claim\":\"costs\"}]}");
	rules_refuse(kit, RECOURSE_POLICY_WRONG, "version", "merchant", LEAVE("M/e"));
	kit_accept(kit, "merchant", REQUEST("M/e", "M", "CNY", "fuel-card", "2"));
	rules_deposit(kit, "N", "1.00", "in-2");
	kit_accept(kit, "maker", REQUEST("n", "N", "CNY", "fuel-card", "1"));
	check(kit);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		RULES_TEST(test_terms_in_force),
		RULES_TEST(test_whole_way),
		RULES_TEST(test_comes_back),
		RULES_TEST(test_request_refusals),
		RULES_TEST(test_open_incident),
		RULES_TEST(test_published_terms),
		RULES_TEST(test_money_meanwhile),
		RULES_TEST(test_refusals),
		RULES_TEST(test_items_limit),
		RULES_TEST(test_retention),
		RULES_TEST(test_retained_after_release),
		RULES_TEST(test_claim_in_the_tail),
		RULES_TEST(test_resumed_within_the_tail),
		RULES_TEST(test_nothing_left),
		RULES_TEST(test_two_incidents),
		RULES_TEST(test_incident_after_the_refund),
		RULES_TEST(test_report),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
