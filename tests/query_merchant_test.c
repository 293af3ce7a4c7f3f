/* SPDX-License-Identifier: Apache-2.0 */
#include "rules.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

/* A1 to A5, D7, I3: what a merchant sees on one screen, as time goes by. */
enum { DAY = 86400 };

#define BRIEF "merchant.brief"
#define HOLD(hold, amount, more)                                                                             \
	"{\"command\":\"deposit.hold\",\"hold\":\"" hold "\",\"merchant\":\"M\",\"amount\":\"" amount        \
	"\",\"unit\":\"CNY\",\"reason\":\"late-delivery\"" more "}"
#define LEAVE                                                                                                \
	"{\"command\":\"exit.request\",\"exit\":\"M/1\",\"merchant\":\"M\",\"unit\":\"CNY\","                \
	"\"policy\":\"fuel-card\",\"version\":1}"

static void shows(struct kit *kit, const char *text)
{
	kit_shows(kit, "merchant", BRIEF, "{}", text);
}

static void lacks(struct kit *kit, const char *text)
{
	char *reply = NULL;
	assert_ok(kit_query(kit, "merchant", BRIEF, "{}", &reply));
	if (strstr(reply, text) != NULL)
		print_message("%s shows %s\n", reply, text);
	assert_null(strstr(reply, text));
	free(reply);
}

static void absent(struct kit *kit, const char *key, const char *params)
{
	char *reply = NULL;
	assert_error(kit_query(kit, key, BRIEF, params, &reply), RECOURSE_QUERY_NOT_FOUND);
	assert_string_equal(kit->refusal.field, "merchant");
}

/* The number behind a name in the reply. */
static unsigned long long number(struct kit *kit, const char *name)
{
	char *reply = NULL;
	char text[60];
	snprintf(text, sizeof text, "\"%s\":", name);
	assert_ok(kit_query(kit, "merchant", BRIEF, "{}", &reply));
	const char *found = strstr(reply, text);
	if (found == NULL)
		print_message("no %s in %s\n", name, reply);
	assert_non_null(found);
	unsigned long long value = strtoull(found + strlen(text), NULL, 10);
	free(reply);
	return value;
}

/* What one answer says is the same after the state was made again from the log. */
static void check(struct kit *kit)
{
	char *held = NULL;
	char *rebuilt = NULL;
	kit_audit(kit);
	assert_ok(kit_query(kit, "merchant", BRIEF, "{}", &held));
	kit_reopen(kit, true);
	assert_ok(kit_query(kit, "merchant", BRIEF, "{}", &rebuilt));
	assert_string_equal(held, rebuilt);
	free(held);
	free(rebuilt);
}

static void test_deposits(void **state)
{
	struct kit *kit = *state;
	absent(kit, "merchant", "{}");
	rules_deposit(kit, "M", "100.00", "b-1");
	shows(kit, "\"merchant\":\"M\"");
	shows(kit, "\"deposits\":[{\"unit\":\"CNY\",\"state\":\"funded\",\"frozen\":\"0.00\","
		   "\"available\":\"100.00\",\"custodian\":\"bank\",\"exit_hold\":\"0.00\"}]");
	static const char *const empty[] = {"\"holds\":[]", "\"incidents\":[]", "\"exits\":[]",
		"\"retentions\":[]", "\"coming\":[]", "\"withdrawals\":[]", "\"deductions\":[]",
		"\"appeals\":[]", "\"standing\":\"not required\""};
	for (size_t index = 0; index < sizeof empty / sizeof empty[0]; index++)
		shows(kit, empty[index]);
	/* in all units, or in one */
	kit_accept(kit, "teller",
		"{\"command\":\"deposit.receive\",\"merchant\":\"M\",\"amount\":\"5000\",\"unit\":\"JPY\","
		"\"bank_reference\":\"b-1\"}");
	shows(kit, "\"available\":\"100.00\"");
	shows(kit, "\"available\":\"5000\",\"custodian\":\"bank-2\"");
	kit_shows(kit, "merchant", BRIEF, "{\"unit\":\"JPY\"}", "\"deposits\":[{\"unit\":\"JPY\"");
	kit_shows(kit, "auditor", BRIEF, "{\"merchant\":\"M\",\"unit\":\"CNY\"}", "\"exit_hold\":\"0.00\"}]");
	absent(kit, "merchant", "{\"unit\":\"USD\"}");
	check(kit);
}

/* I3: another's and nobody's are not there; who reads all reads it by name. */
static void test_own_only(void **state)
{
	struct kit *kit = *state;
	rules_deposit(kit, "M", "100.00", "b-1");
	absent(kit, "n", "{}");
	absent(kit, "n", "{\"merchant\":\"M\"}");
	absent(kit, "n", "{\"merchant\":\"X\"}");
	absent(kit, "bank", "{\"merchant\":\"M\"}");
	absent(kit, "auditor", "{}");
	absent(kit, "auditor", "{\"merchant\":\"G\"}");
	kit_shows(kit, "agent", BRIEF, "{\"merchant\":\"M\"}", "\"available\":\"100.00\"");
	kit_shows(kit, "merchant", BRIEF, "{\"merchant\":\"M\"}", "\"available\":\"100.00\"");
}

/* A3: each hold with its reason, also where it was approved by a second person, and when it ends. */
static void test_holds(void **state)
{
	struct kit *kit = *state;
	rules_deposit(kit, "M", "1000.00", "b-1");
	kit_accept(kit, "maker", HOLD("open", "10.00", ""));
	unsigned long long entry = kit->last_entry;
	char text[120];
	snprintf(text, sizeof text,
		"\"holds\":[{\"hold\":\"open\",\"unit\":\"CNY\",\"entry\":%llu,\"frozen\":\"10.00\","
		"\"reason\":\"late-delivery\"}]",
		entry);
	shows(kit, text);
	shows(kit, "\"coming\":[]");
	kit_accept(kit, "maker", HOLD("short", "5.00", ",\"expires\":\"2016-05-05T00:00:00Z\""));
	shows(kit, "\"expires\":\"2016-05-05T00:00:00Z\"");
	unsigned long long left = number(kit, "expires_seconds");
	assert_in_range(left, DAY - 200, DAY);
	shows(kit, "\"coming\":[{\"by\":\"clock\",\"of\":\"short\",\"due\":\"2016-05-05T00:00:00Z\","
		   "\"what\":\"hold expires\",\"seconds\":");
	kit->now += (uint64_t)3600 * 1000000000;
	rules_deposit(kit, "N", "1.00", "b-2");
	assert_in_range(number(kit, "expires_seconds"), left - 3610, left - 3600);
	assert_int_equal(kit_wait(kit, DAY), 1);
	lacks(kit, "\"short\"");
	/* above a limit its entry is the approval */
	kit_accept(kit, "admin",
		"{\"command\":\"control.publish\",\"version\":1,\"limits\":[{\"command\":\"deposit.hold\","
		"\"span\":\"single\",\"unit\":\"CNY\",\"amount\":\"50.00\",\"approvals\":1}]}");
	kit_accept(kit, "maker", HOLD("large", "60.00", ""));
	lacks(kit, "large");
	kit_accept(kit, "checker", "{\"command\":\"proposal.approve\",\"proposal\":%llu}",
		(unsigned long long)kit->last_entry);
	snprintf(text, sizeof text,
		"{\"hold\":\"large\",\"unit\":\"CNY\",\"entry\":%llu,\"frozen\":\"60.00\","
		"\"reason\":\"late-delivery\"}",
		(unsigned long long)kit->last_entry);
	shows(kit, text);
	kit_shows(kit, "merchant", "deposit.statement", "{\"merchant\":\"M\",\"unit\":\"CNY\"}",
		"\"kind\":\"proposal.approve\",\"rule\":\"proposal.approve/1\",\"time\":");
	kit_accept(kit, "maker", "{\"command\":\"deposit.release\",\"hold\":\"open\",\"reason\":\"r\"}");
	lacks(kit, "\"open\"");
	check(kit);
}

/* B1: what froze it and why, also where there is nothing to freeze; the window's end is what comes. */
static void test_incidents(void **state)
{
	struct kit *kit = *state;
	rules_deposit(kit, "M", "100.00", "b-1");
	kit_accept(kit, "maker", HOLD("h", "10.00", ""));
	rules_declare(kit, "i", "M", "fuel-card");
	shows(kit, "\"incident\":\"i\"");
	shows(kit, "\"frozen\":\"90.00\"");
	shows(kit, "\"state\":\"claims open\"");
	shows(kit, "\"what\":\"claim window closes\"");
	shows(kit, "\"hold\":\"h\"");
	rules_claim(kit, "c", "i", "90.00");
	rules_distribute(kit, "i");
	shows(kit, "\"incident\":\"i\"");
	shows(kit, "\"state\":\"adjudicated\",\"frozen\":\"0.00\"");
	kit_wait(kit, 100 * DAY);
	lacks(kit, "claim window closes");
	shows(kit, "\"bar_date_seconds\":0");
	check(kit);
}

/* Where there is nothing to freeze the incident is there all the same. */
static void test_incident_without_deposit(void **state)
{
	struct kit *kit = *state;
	rules_declare_without_deposit(kit, "i", "fuel-card");
	shows(kit, "\"incident\":\"i\"");
	shows(kit, "\"frozen\":\"0.00\"");
	check(kit);
}

/* A5: the exit, its countdown, what is kept back and why, and who does what comes next. */
static void test_exit(void **state)
{
	struct kit *kit = *state;
	rules_deposit(kit, "M", "100.00", "b-1");
	kit_accept(kit, "maker", HOLD("h", "10.00", ",\"expires\":\"2016-08-05T00:00:00Z\""));
	kit_accept(kit, "merchant", LEAVE);
	shows(kit, "\"exit\":\"M/1\"");
	shows(kit, "\"held\":\"90.00\"");
	shows(kit, "\"next_step\":\"tail\"");
	shows(kit, "\"coming\":[{\"by\":\"clock\",\"of\":\"M/1\",\"due\":\"2016-05-11T");
	shows(kit, "\"what\":\"hold expires\"");
	assert_in_range(number(kit, "next_seconds"), 7 * DAY - 60, 7 * DAY);
	kit_accept(kit, "maker",
		"{\"command\":\"exit.retain\",\"exit\":\"M/1\",\"item\":\"fees\",\"amount\":\"20.00\","
		"\"reason\":\"unpaid-fees\",\"evidence_hash\":" RULES_HASH "}");
	shows(kit, "\"retentions\":[{\"exit\":\"M/1\",\"item\":\"fees\",\"entry\":");
	shows(kit, "\"reason\":\"unpaid-fees\"");
	shows(kit, "\"refundable\":\"70.00\"");
	assert_int_equal(kit_wait(kit, 7 * DAY), 1);
	/* the earliest comes first */
	shows(kit, "\"coming\":[{\"by\":\"clock\",\"of\":\"h\"");
	shows(kit, "\"what\":\"tail ends\"");
	assert_int_equal(kit_wait(kit, 90 * DAY), 2);
	shows(kit, "\"coming\":[{\"by\":\"bank\",\"of\":\"M/1\",\"due\":\"");
	shows(kit, "\"what\":\"refund is due\"");
	check(kit);
	kit_accept(kit, "bank", "{\"command\":\"exit.refund\",\"exit\":\"M/1\",\"bank_reference\":\"o-1\"}");
	shows(kit, "\"refunded\":\"80.00\"");
	shows(kit, "\"coming\":[]");
	kit_accept(kit, "maker",
		"{\"command\":\"exit.release_item\",\"exit\":\"M/1\",\"item\":\"fees\",\"reason\":\"paid\"}");
	kit_accept(kit, "bank", "{\"command\":\"exit.refund\",\"exit\":\"M/1\",\"bank_reference\":\"o-2\"}");
	shows(kit, "\"exits\":[]");
	check(kit);
}

/* Claims come first: it is an operator, and no clock, that lets a blocked exit go on. */
static void test_blocked_exit(void **state)
{
	struct kit *kit = *state;
	rules_deposit(kit, "M", "100.00", "b-1");
	kit_accept(kit, "merchant", LEAVE);
	rules_declare(kit, "i", "M", "fuel-card");
	shows(kit, "\"blocked_by\":\"i\"");
	shows(kit, "{\"by\":\"operator\",\"of\":\"M/1\",\"what\":\"exit resumes when claims are served\"}]");
	lacks(kit, "notice ends");
	check(kit);
}

/* D7: what an appeal restored waits for the funder, under no hold and no incident, and is shown until it is there. */
static void test_restored(void **state)
{
	struct kit *kit = *state;
	char text[120];
	kit_key(kit, "judge", "P", "[\"approver\"]");
	rules_deposit(kit, "M", "1000.00", "b-1");
	rules_declare(kit, "i", "M", "fuel-card");
	rules_claim(kit, "c", "i", "3000.00");
	rules_distribute(kit, "i");
	kit_accept(kit, "merchant",
		"{\"command\":\"appeal.lodge\",\"merchant\":\"M\",\"deduction\":%llu,\"reason\":\"r\"}",
		(unsigned long long)kit->last_entry);
	unsigned long long appeal = kit->last_entry;
	shows(kit, "\"restored\":[]");
	kit_accept(kit, "judge",
		"{\"command\":\"appeal.decide\",\"appeal\":%llu,\"outcome\":\"reversed\",\"basis_"
		"hash\":" RULES_HASH ",\"reason\":\"heard\"}",
		appeal);
	snprintf(text, sizeof text,
		"\"restored\":[{\"unit\":\"CNY\",\"appeal\":%llu,\"waiting\":\"1000.00\",\"incident\":\"i\"}"
		"]",
		appeal);
	shows(kit, text);
	snprintf(text, sizeof text,
		"{\"by\":\"P\",\"of\":\"@%llu\",\"what\":\"funder pays in what an appeal restored\"}",
		appeal);
	shows(kit, text);
	kit_accept(kit, "bank",
		"{\"command\":\"appeal.fund\",\"appeal\":%llu,\"amount\":\"1000.00\",\"bank_reference\":\"b-"
		"2\"}",
		appeal);
	shows(kit, "\"restored\":[]");
	check(kit);
}

/* So many rows and no more; the others are counted, and what comes is the earliest. */
static void test_many_holds(void **state)
{
	struct kit *kit = *state;
	rules_deposit(kit, "M", "1000.00", "b-1");
	for (unsigned hold = 0; hold < 203; hold++)
		kit_accept(kit, "maker",
			"{\"command\":\"deposit.hold\",\"hold\":\"h-%03u\",\"merchant\":\"M\",\"amount\":"
			"\"0.01\",\"unit\":\"CNY\",\"reason\":\"r\",\"expires\":\"2017-01-%02uT00:00:00Z\"}",
			hold, 31 - hold % 31);
	assert_int_equal(number(kit, "left_out"), 3);
	shows(kit, "\"hold\":\"h-199\"");
	lacks(kit, "\"hold\":\"h-200\"");
	shows(kit, "\"coming\":[{\"by\":\"clock\",\"of\":\"h-030\",\"due\":\"2017-01-01T00:00:00Z\"");
	lacks(kit, "\"due\":\"2017-01-04T");
	shows(kit, "\"due\":\"2017-01-03T");
}

#define ASK_BACK                                                                                             \
	"{\"command\":\"withdrawal.request\",\"merchant\":\"M\",\"amount\":\"200.00\",\"unit\":\"CNY\","     \
	"\"reason\":\"excess\"}"

static void require(struct kit *kit, const char *amount)
{
	kit_accept(kit, "admin",
		"{\"command\":\"requirement.publish\",\"policy\":\"req\",\"version\":1,\"unit\":\"CNY\","
		"\"basis\":\"fixed\",\"amount\":\"%s\",\"top_up_days\":3}",
		amount);
	kit_accept(kit, "admin",
		"{\"command\":\"requirement.assign\",\"merchant\":\"M\",\"policy\":\"req\",\"version\":1}");
}

/* A1, A2: what is required, also before anything was lodged; by when, and what follows when that day has passed. */
static void test_requirement(void **state)
{
	struct kit *kit = *state;
	char text[160];
	absent(kit, "merchant", "{}");
	require(kit, "1000.00");
	unsigned long long duty = kit->last_entry;
	shows(kit, "\"deposits\":[]");
	shows(kit, "\"required\":\"1000.00\"");
	absent(kit, "merchant", "{\"unit\":\"JPY\"}");
	absent(kit, "n", "{\"merchant\":\"M\"}");
	rules_deposit(kit, "M", "400.00", "b-1");
	shows(kit, "\"held\":\"400.00\"");
	shows(kit, "\"shortfall\":\"600.00\"");
	shows(kit, "\"policy\":\"req\"");
	shows(kit, "\"standing\":\"short\"");
	snprintf(text, sizeof text, "\"duty\":%llu", duty);
	shows(kit, text);
	assert_in_range(number(kit, "due_seconds"), 3 * DAY - 60, 3 * DAY);
	shows(kit, "\"coming\":[{\"by\":\"M\",\"of\":\"CNY\",\"due\":\"2016-05-07T");
	shows(kit, "\"what\":\"top-up is due\"");
	kit_accept(kit, "maker",
		"{\"command\":\"instrument.register\",\"instrument\":\"s\",\"kind\":\"bond\",\"provider\":"
		"\"G\","
		"\"merchant\":\"M\",\"unit\":\"CNY\",\"limit\":\"100.00\",\"draw\":1,\"expires\":"
		"\"2017-01-01T00:00:00Z\",\"document_hash\":" RULES_HASH "}");
	rules_card(kit, "card", "50.00");
	shows(kit, "\"instruments\":\"100.00\"");
	shows(kit, "\"exposure\":\"50.00\"");
	check(kit);
	assert_int_equal(kit_wait(kit, 3 * DAY), 1);
	shows(kit, "\"standing\":\"restricted\"");
	shows(kit, "\"coming\":[{\"by\":\"M\",\"of\":\"CNY\",\"what\":\"topping up ends the restriction\"}]");
	check(kit);
	rules_deposit(kit, "M", "600.00", "b-2");
	shows(kit, "\"standing\":\"met\"");
	shows(kit, "\"coming\":[]");
	lacks(kit, "due_seconds");
	check(kit);
}

/* A3: what is taken back, who pays it, and the sign of default that it waits for. */
static void test_withdrawal(void **state)
{
	struct kit *kit = *state;
	char text[160];
	rules_deposit(kit, "M", "1000.00", "b-1");
	require(kit, "700.00");
	kit_accept(kit, "merchant", ASK_BACK);
	unsigned long long withdrawal = kit->last_entry;
	shows(kit, "\"withdrawals\":[{\"unit\":\"CNY\",\"state\":\"requested\",\"amount\":\"200.00\"");
	snprintf(text, sizeof text,
		"\"coming\":[{\"by\":\"bank\",\"of\":\"@%llu\",\"what\":\"withdrawal is paid\"}]",
		withdrawal);
	shows(kit, text);
	kit_accept(kit, "maker",
		"{\"command\":\"signal.raise\",\"merchant\":\"M\",\"reason\":\"unreachable\",\"expires\":"
		"\"2016-05-05T00:00:00Z\"}");
	shows(kit, "\"signal_reason\":\"unreachable\"");
	snprintf(text, sizeof text,
		"\"coming\":[{\"by\":\"clock\",\"of\":\"@%llu\",\"due\":\"2016-05-05T00:00:00Z\"",
		withdrawal);
	shows(kit, text);
	shows(kit, "\"what\":\"withdrawal waits for the sign of default to end\"");
	check(kit);
	kit_wait(kit, DAY);
	lacks(kit, "signal_reason");
	kit_accept(kit, "maker", "{\"command\":\"signal.raise\",\"merchant\":\"M\",\"reason\":\"silent\"}");
	shows(kit, "\"coming\":[{\"by\":\"approver\"");
	kit_accept(kit, "checker", "{\"command\":\"signal.clear\",\"merchant\":\"M\",\"reason\":\"found\"}");
	kit_accept(kit, "bank",
		"{\"command\":\"withdrawal.pay\",\"withdrawal\":%llu,\"bank_reference\":\"b-2\"}",
		withdrawal);
	shows(kit, "\"withdrawals\":[]");
	shows(kit, "\"coming\":[]");
	check(kit);
}

/* A4, D7: what can still be appealed and for how long; then the appeal, until it is decided and after. */
static void test_appeal(void **state)
{
	struct kit *kit = *state;
	char text[160];
	rules_deposit(kit, "M", "1000.00", "in-1");
	rules_declare(kit, "i", "M", "fuel-card");
	rules_claim(kit, "c", "i", "300.00");
	rules_distribute(kit, "i");
	unsigned long long deduction = kit->last_entry;
	snprintf(text, sizeof text, "\"of\":\"@%llu\",\"due\":\"2016-05-19T", deduction);
	shows(kit, text);
	shows(kit, "\"what\":\"appeal window closes\"");
	shows(kit, "\"appealable\":\"yes\"");
	assert_in_range(number(kit, "appealable_seconds"), 15 * DAY - 60, 15 * DAY);
	assert_int_equal(number(kit, "deduction"), deduction);
	kit_accept(kit, "teller",
		"{\"command\":\"deposit.receive\",\"merchant\":\"M\",\"amount\":\"5000\",\"unit\":\"JPY\","
		"\"bank_reference\":\"b-1\"}");
	kit_shows(kit, "merchant", BRIEF, "{\"unit\":\"JPY\"}", "\"deductions\":[]");
	check(kit);
	kit_accept(kit, "merchant",
		"{\"command\":\"appeal.lodge\",\"merchant\":\"M\",\"deduction\":%llu,\"reason\":\"not-"
		"ours\"}",
		deduction);
	unsigned long long appeal = kit->last_entry;
	shows(kit, "\"deductions\":[]");
	lacks(kit, "appeal window closes");
	assert_int_equal(number(kit, "appeal"), appeal);
	shows(kit, "\"outcome\":\"none\"");
	shows(kit, "\"state\":\"lodged\"");
	shows(kit, "\"what\":\"appeal is to be decided\"");
	kit_shows(kit, "merchant", BRIEF, "{\"unit\":\"JPY\"}", "\"appeals\":[]");
	check(kit);
	kit_wait(kit, 31 * DAY);
	shows(kit, "\"overdue\":\"yes\"");
	kit_key(kit, "judge", "P", "[\"approver\"]");
	kit_accept(kit, "judge",
		"{\"command\":\"appeal.decide\",\"appeal\":%llu,\"outcome\":\"upheld\",\"basis_"
		"hash\":" RULES_HASH ",\"reason\":\"heard\"}",
		appeal);
	shows(kit, "\"outcome\":\"upheld\"");
	lacks(kit, "appeal is to be decided");
	check(kit);
}

/* What was not appealed in time is the report's. */
static void test_window_closed(void **state)
{
	struct kit *kit = *state;
	rules_deposit(kit, "M", "1000.00", "in-1");
	rules_declare(kit, "i", "M", "fuel-card");
	rules_claim(kit, "c", "i", "300.00");
	rules_distribute(kit, "i");
	kit_wait(kit, 15 * DAY + 3600);
	rules_deposit(kit, "N", "1.00", "in-2");
	shows(kit, "\"deductions\":[]");
	lacks(kit, "appeal window closes");
	kit_shows(kit, "merchant", "report.deductions", "{\"merchant\":\"M\"}", "\"appealable\":\"no\"");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		RULES_TEST(test_deposits),
		RULES_TEST(test_own_only),
		RULES_TEST(test_holds),
		RULES_TEST(test_incidents),
		RULES_TEST(test_incident_without_deposit),
		RULES_TEST(test_exit),
		RULES_TEST(test_blocked_exit),
		RULES_TEST(test_restored),
		RULES_TEST(test_many_holds),
		RULES_TEST(test_requirement),
		RULES_TEST(test_withdrawal),
		RULES_TEST(test_appeal),
		RULES_TEST(test_window_closed),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
