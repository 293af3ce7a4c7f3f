/* SPDX-License-Identifier: Apache-2.0 */
#include "insured.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

/*
 * A6, F1: what was called is paid, refused, shared out, credited and given back. Instruments of the tests stand until
 * 2018; a claim window is open for 90 days.
 */
enum { DAY = 86400 };

#define PAY(incident, instrument, amount, line)                                                              \
	"{\"command\":\"instrument.pay\",\"incident\":\"" incident "\",\"instrument\":\"" instrument         \
	"\",\"amount\":\"" amount "\",\"bank_reference\":\"" line "\"}"
#define REFUSE(incident, instrument)                                                                         \
	"{\"command\":\"instrument.refuse\",\"incident\":\"" incident "\",\"instrument\":\"" instrument      \
	"\",\"reason\":\"late-notice\",\"evidence_hash\":" RULES_HASH "}"
#define RETURN(incident, instrument)                                                                         \
	"{\"command\":\"instrument.return\",\"incident\":\"" incident "\",\"instrument\":\"" instrument      \
	"\",\"reason\":\"not-needed\"}"
#define CANCEL(id) "{\"command\":\"instrument.cancel\",\"instrument\":\"" id "\",\"reason\":\"withdrawn\"}"

static void check(struct kit *kit, int code, const char *party, const char *reference, const char *amount)
{
	kit_balance(kit, code, party, reference, "CNY", amount);
}

/* H3: the custodian's word, for what is called and unpaid, once for a line of the bank. */
static void test_pay(void **state)
{
	static const struct rules_row rows[] = {
		{RECOURSE_ROLE_MISSING, "command", "maker", PAY("i", "b-1", "1.00", "l-1")},
		{RECOURSE_ROLE_MISSING, "command", "s", PAY("i", "b-1", "1.00", "l-1")},
		{RECOURSE_NOT_FOUND, "incident", "bank", PAY("none", "b-1", "1.00", "l-1")},
		{RECOURSE_NOT_FOUND, "incident", "teller", PAY("i", "b-1", "1.00", "l-1")},
		{RECOURSE_NOT_FOUND, "instrument", "bank", PAY("i", "none", "1.00", "l-1")},
		{RECOURSE_NOT_FOUND, "instrument", "bank", PAY("i", "b-3", "1.00", "l-1")},
		{RECOURSE_INSUFFICIENT, "amount", "bank", PAY("i", "b-1", "60.01", "l-1")},
		{RECOURSE_EXISTS, "bank_reference", "bank", PAY("i", "b-1", "1.00", "b-1")},
		RULES_AMOUNTS("amount", "bank",
			"{\"command\":\"instrument.pay\",\"incident\":\"i\",\"instrument\":\"b-1\","
			"\"bank_reference\":\"l-1\",\"amount\":",
			"}"),
	};
	struct kit *kit = *state;
	char receivable[24];
	insured_incident(kit);
	/* both of one provider: 60.00 and 190.00 of the same receivable */
	insured_by(kit, "b-1", "S", 1, "60.00", "");
	insured_by(kit, "b-2", "S", 2, "900.00", "");
	insured_by(kit, "b-3", "T", 3, "900.00", "");
	insured_call(kit, "i");
	snprintf(receivable, sizeof receivable, "@%llu", (unsigned long long)kit->last_entry);
	check(kit, 1100, "S", receivable, "250.00");
	RULES_REFUSE(kit, rows);
	kit_wait(kit, 2 * DAY);
	kit_accept(kit, "bank", PAY("i", "b-1", "20.00", "l-1"));
	rules_says(kit, "\"provider\":\"S\"");
	rules_says(kit, "\"unpaid\":\"40.00\"");
	check(kit, 1010, "bank", "", "120.00");
	check(kit, 1100, "S", receivable, "230.00");
	check(kit, 2040, "S", "i", "250.00");
	insured_shows(kit, "b-1", "\"paid\":\"20.00\"");
	insured_shows(kit, "b-1", "\"unpaid\":\"40.00\",\"unused\":\"20.00\"");
	insured_shows(kit, "b-1", "\"unpaid_seconds\":172830");
	rules_refuse(kit, RECOURSE_EXISTS, "bank_reference", "bank", PAY("i", "b-2", "1.00", "l-1"));
	rules_refuse(kit, RECOURSE_INSUFFICIENT, "amount", "bank", PAY("i", "b-1", "40.01", "l-2"));
	assert_string_equal(kit->refusal.available, "40.00");
	kit_accept(kit, "bank", PAY("i", "b-1", "40.00", "l-2"));
	rules_refuse(kit, RECOURSE_INSUFFICIENT, "amount", "bank", PAY("i", "b-1", "0.01", "l-3"));
	kit_accept(kit, "bank", PAY("i", "b-2", "190.00", "l-3"));
	check(kit, 1100, "S", receivable, "0");
	rules_audit_twice(kit);
}

/* The limit comes back, a refused provider is not asked again for this incident, and the next in the order is. */
static void test_refuse(void **state)
{
	static const struct rules_row rows[] = {
		{RECOURSE_ROLE_MISSING, "command", "checker", REFUSE("i", "b-1")},
		{RECOURSE_ROLE_MISSING, "command", "s", REFUSE("i", "b-1")},
		{RECOURSE_NOT_FOUND, "incident", "maker", REFUSE("none", "b-1")},
		{RECOURSE_NOT_FOUND, "instrument", "maker", REFUSE("i", "none")},
		{RECOURSE_NOT_FOUND, "instrument", "maker", REFUSE("i", "b-2")},
		{RECOURSE_FIELD_MISSING, "evidence_hash", "maker",
			"{\"command\":\"instrument.refuse\",\"incident\":\"i\",\"instrument\":\"b-1\","
			"\"reason\":\"r\"}"},
	};
	struct kit *kit = *state;
	char receivable[24];
	insured_incident(kit);
	insured_by(kit, "b-1", "S", 1, "250.00", "");
	insured_by(kit, "b-2", "T", 2, "150.00", "");
	insured_call(kit, "i");
	snprintf(receivable, sizeof receivable, "@%llu", (unsigned long long)kit->last_entry);
	RULES_REFUSE(kit, rows);
	insured_receive(kit, "i", "b-1", "100.00");
	/* two people: a proposal does nothing yet */
	kit_accept(kit, "maker", REFUSE("i", "b-1"));
	check(kit, 1100, "S", receivable, "150.00");
	rules_approve(kit);
	rules_says(kit, "\"refused\":\"150.00\"");
	rules_says(kit, "\"given_back\":\"150.00\"");
	check(kit, 1100, "S", receivable, "0");
	check(kit, 2040, "S", "i", "100.00");
	check(kit, 9010, "S", "b-1", "150.00");
	insured_shows(kit, "b-1", "\"state\":\"in force\"");
	insured_shows(kit, "b-1", "\"given_back\":\"150.00\"");
	insured_shows(kit, "b-1", "\"refused\":\"150.00\"");
	rules_refuse(kit, RECOURSE_INSUFFICIENT, "instrument", "maker", REFUSE("i", "b-1"));
	insured_call(kit, "i");
	rules_says(kit, "\"need\":\"150.00\"");
	check(kit, 2040, "S", "i", "100.00");
	check(kit, 2040, "T", "i", "150.00");
	/* it stands for another incident */
	rules_declare_without_deposit(kit, "j", "fuel-card");
	rules_claim(kit, "c", "j", "20.00");
	insured_call(kit, "j");
	check(kit, 2040, "S", "j", "20.00");
	rules_audit_twice(kit);
}

/* A limit that has lapsed meanwhile does not come back; the call stands and can be paid. */
static void test_ended_meanwhile(void **state)
{
	struct kit *kit = *state;
	insured_incident(kit);
	insured_by(kit, "b-1", "S", 1, "150.00", "");
	insured_by(kit, "b-2", "S", 2, "900.00", "");
	insured_by(kit, "b-3", "S", 3, "900.00", "");
	insured_call(kit, "i");
	insured_shows(kit, "b-1", "\"state\":\"exhausted\"");
	kit_accept(kit, "maker", CANCEL("b-1"));
	insured_receive(kit, "i", "b-1", "10.00");
	kit_accept(kit, "maker", REFUSE("i", "b-1"));
	rules_approve(kit);
	rules_says(kit, "\"refused\":\"140.00\"");
	rules_says(kit, "\"given_back\":\"0.00\"");
	check(kit, 9010, "S", "b-1", "0");
	insured_shows(kit, "b-1", "\"state\":\"cancelled\"");
	/* the same when its day has come, and the clock has not */
	kit->now += UINT64_C(700) * DAY * 1000000000;
	kit_accept(kit, "maker", REFUSE("i", "b-2"));
	rules_approve(kit);
	rules_says(kit, "\"given_back\":\"0.00\"");
	check(kit, 9010, "S", "b-2", "800.00");
	kit_audit(kit);
	assert_int_equal(kit_wait(kit, DAY), 3); /* two instruments and the bar date */
	check(kit, 9010, "S", "b-2", "0");
	check(kit, 9010, "S", "b-3", "0");
	rules_audit_twice(kit);
}

/*
 * F1: deposit, then the cash of the instruments in their order, then the funder. Of 350.00 the deposit meets 100.00; of
 * 250.00 called, 60.00 + 30.00 has come, and 160.00 is advanced. What comes later is for later claims.
 */
static void test_distribute(void **state)
{
	struct kit *kit = *state;
	insured_incident(kit);
	insured_by(kit, "b-1", "S", 1, "60.00", "");
	insured_by(kit, "b-2", "T", 2, "900.00", "");
	insured_call(kit, "i");
	insured_receive(kit, "i", "b-2", "30.00");
	insured_receive(kit, "i", "b-1", "60.00");
	rules_distribute(kit, "i");
	rules_says(kit, "\"deposit\":\"100.00\"");
	rules_says(kit, "\"instruments\":\"90.00\"");
	rules_says(kit, "\"advance\":\"160.00\"");
	kit_shows(kit, "merchant", "deposit.statement", "{\"merchant\":\"M\",\"unit\":\"CNY\"}",
		"\"state\":\"applied\"");
	check(kit, 2020, "M", "i", "0");
	check(kit, 2040, "S", "i", "0");
	check(kit, 2040, "T", "i", "160.00"); /* all of it unpaid */
	check(kit, 2110, "", "i", "350.00");
	check(kit, 1115, "", "i", "160.00");
	kit_shows(kit, "auditor", "incident.summary", "{\"incident\":\"i\"}", "\"from_deposit\":\"100.00\"");
	kit_shows(
		kit, "auditor", "incident.summary", "{\"incident\":\"i\"}", "\"from_instruments\":\"90.00\"");
	/* 190.00 of 350.00 in the first round: 300.00 has 162.86 of it, 50.00 has 27.14 */
	kit_shows(kit, "agent", "claim.brief", "{\"claim\":\"a\"}", "\"deposit_share\":\"162.86\"");
	kit_shows(kit, "agent", "claim.brief", "{\"claim\":\"b\"}", "\"deposit_share\":\"27.14\"");
	/* 160.00 comes after all, and a claim of 200.00: the older cash is drawn in the order of the ranks */
	insured_receive(kit, "i", "b-2", "160.00");
	rules_claim(kit, "c", "i", "200.00");
	kit_audit(kit);
	insured_call(kit, "i");
	rules_says(kit, "\"need\":\"40.00\"");
	check(kit, 2040, "T", "i", "200.00");
	rules_distribute(kit, "i");
	rules_says(kit, "\"deposit\":\"0.00\"");
	rules_says(kit, "\"instruments\":\"160.00\"");
	rules_says(kit, "\"advance\":\"40.00\"");
	check(kit, 2040, "T", "i", "40.00");
	rules_audit_twice(kit);
}

/* What was called and has not come covers no payout: the money of others stays where it is. */
static void test_cover(void **state)
{
	struct kit *kit = *state;
	insured_parties(kit);
	rules_deposit(kit, "N", "500.00", "n-1");
	rules_declare_without_deposit(kit, "i", "fuel-card");
	rules_claim(kit, "a", "i", "80.00");
	insured_by(kit, "bond", "S", 1, "80.00", "");
	insured_call(kit, "i");
	insured_receive(kit, "i", "bond", "30.00");
	rules_distribute(kit, "i");
	rules_refuse(kit, RECOURSE_INSUFFICIENT, "claim", "payer",
		"{\"command\":\"payout.instruct\",\"claim\":\"a\"}");
	/* nor does what comes now: it was not shared out */
	insured_receive(kit, "i", "bond", "50.00");
	rules_refuse(kit, RECOURSE_INSUFFICIENT, "claim", "payer",
		"{\"command\":\"payout.instruct\",\"claim\":\"a\"}");
	rules_fund(kit, "i", "50.00");
	rules_instruct(kit, "a");
	rules_says(kit, "\"deposit_part\":\"30.00\"");
	rules_says(kit, "\"advance_part\":\"50.00\"");
	rules_settle(kit, "a");
	check(kit, 1110, "U", "i", "50.00");
	rules_audit_twice(kit);
}

/* A deposit that another incident froze is not used by a round of instruments alone. */
static void test_deposit_of_another(void **state)
{
	struct kit *kit = *state;
	insured_incident(kit);
	insured_by(kit, "bond", "S", 1, "80.00", "");
	rules_declare(kit, "j", "M", "fuel-card");
	rules_claim(kit, "c", "j", "80.00");
	insured_call(kit, "j");
	insured_receive(kit, "j", "bond", "80.00");
	rules_distribute(kit, "j");
	rules_says(kit, "\"deposit\":\"0.00\"");
	rules_says(kit, "\"instruments\":\"80.00\"");
	kit_shows(kit, "merchant", "deposit.statement", "{\"merchant\":\"M\",\"unit\":\"CNY\"}",
		"\"state\":\"frozen\"");
	kit_audit(kit);
}

/* Where only the deposit is shared, what its securities pay is shared too; the need is what was lost. */
static void test_deposit_only(void **state)
{
	struct kit *kit = *state;
	insured_parties(kit);
	rules_policy(kit, "pool", "\"scheme\":\"deposit-only\"", "[{\"rank\":1,\"claim\":\"costs\"}]");
	rules_deposit(kit, "M", "60.00", "b-1");
	rules_declare(kit, "i", "M", "pool");
	rules_claim(kit, "a", "i", "100.00");
	rules_claim(kit, "b", "i", "200.00");
	insured_by(kit, "bond", "S", 1, "90.00", ",\"deductible\":\"50.00\"");
	insured_call(kit, "i");
	rules_says(kit, "\"need\":\"240.00\"");
	rules_says(kit, "\"called\":\"90.00\"");
	insured_receive(kit, "i", "bond", "90.00");
	rules_distribute(kit, "i");
	rules_says(kit, "\"instruments\":\"90.00\"");
	rules_says(kit, "\"advance\":\"0.00\"");
	kit_shows(kit, "agent", "claim.brief", "{\"claim\":\"a\"}", "\"deposit_share\":\"50.00\"");
	rules_instruct(kit, "a");
	rules_instruct(kit, "b");
	rules_settle(kit, "a");
	rules_settle(kit, "b");
	check(kit, 1010, "bank", "", "0");
	check(kit, 2040, "S", "i", "0");
	rules_audit_twice(kit);
}

/*
 * G2: a provider that is liable is credited with what its instrument paid; what others paid is the merchant's. Loss
 * 350.00, deposit 100.00, G's instrument 20.00, S's 30.00, advance 200.00. Of M 60 (210.00), Y 30 (105.00), G 10 (35.00)
 * M is credited with 130.00, G with 20.00: 80.00, 105.00 and 15.00 are open.
 */
static void test_apportion(void **state)
{
	struct kit *kit = *state;
	insured_incident(kit);
	insured_by(kit, "g", "G", 1, "20.00", "");
	insured_by(kit, "s", "S", 2, "30.00", "");
	insured_call(kit, "i");
	insured_receive(kit, "i", "g", "20.00");
	insured_receive(kit, "i", "s", "30.00");
	rules_distribute(kit, "i");
	rules_fund(kit, "i", "200.00");
	rules_instruct(kit, "a");
	rules_instruct(kit, "b");
	rules_settle(kit, "a");
	rules_settle(kit, "b");
	rules_apportion(kit, "i", "several",
		"[{\"party\":\"M\",\"share\":\"60.00\"},{\"party\":\"Y\",\"share\":\"30.00\"},"
		"{\"party\":\"G\",\"share\":\"10.00\"}]");
	rules_says(kit, "\"deposit_credited\":\"100.00\"");
	rules_says(kit, "\"instruments_credited\":\"50.00\"");
	check(kit, 1110, "M", "i", "80.00");
	check(kit, 1110, "Y", "i", "105.00");
	check(kit, 1110, "G", "i", "15.00");
	check(kit, 1110, "U", "i", "0");
	rules_audit_twice(kit);
}

/* A provider is credited with no more than its part: the rest of what it paid is nobody's. */
static void test_apportion_beyond(void **state)
{
	struct kit *kit = *state;
	insured_incident(kit);
	insured_by(kit, "g", "G", 1, "50.00", "");
	insured_call(kit, "i");
	insured_receive(kit, "i", "g", "50.00");
	rules_distribute(kit, "i");
	rules_fund(kit, "i", "200.00");
	rules_instruct(kit, "a");
	rules_instruct(kit, "b");
	rules_settle(kit, "a");
	rules_settle(kit, "b");
	rules_apportion(kit, "i", "several",
		"[{\"party\":\"Y\",\"share\":\"90.00\"},{\"party\":\"G\",\"share\":\"10.00\"}]");
	check(kit, 1110, "Y", "i", "200.00");
	check(kit, 1110, "G", "i", "0");
	rules_audit_twice(kit);
}

/* What was paid and is not needed is owed to the provider, and paid out: the incident's accounts end at zero. */
static void test_return(void **state)
{
	static const struct rules_row rows[] = {
		{RECOURSE_ROLE_MISSING, "command", "bank", RETURN("i", "b-1")},
		{RECOURSE_NOT_FOUND, "incident", "maker", RETURN("none", "b-1")},
		{RECOURSE_NOT_FOUND, "instrument", "maker", RETURN("i", "none")},
		{RECOURSE_NOT_FOUND, "instrument", "maker", RETURN("i", "b-2")},
		{RECOURSE_WINDOW_CLOSED, "incident", "maker", RETURN("i", "b-1")},
	};
	struct kit *kit = *state;
	insured_incident(kit);
	insured_by(kit, "b-1", "S", 1, "900.00", "");
	insured_by(kit, "b-2", "T", 2, "900.00", "");
	insured_call(kit, "i");
	insured_receive(kit, "i", "b-1", "200.00");
	rules_distribute(kit, "i");
	insured_receive(kit, "i", "b-1", "50.00");
	RULES_REFUSE(kit, rows);
	rules_card(kit, "late", "7.00");
	rules_file(kit, "c", "i", "late");
	kit_wait(kit, 400 * DAY);
	rules_refuse(kit, RECOURSE_STATE_WRONG, "incident", "maker", RETURN("i", "b-1"));
	rules_decide(kit, "c");
	rules_refuse(kit, RECOURSE_NOT_PERMITTED, "incident", "maker", RETURN("i", "b-1"));
	rules_distribute(kit, "i");
	rules_says(kit, "\"instruments\":\"7.00\"");
	kit_accept(kit, "maker", RETURN("i", "b-1"));
	rules_says(kit, "\"returned\":\"43.00\"");
	check(kit, 2040, "S", "i", "0");
	check(kit, 2150, "S", "i", "43.00");
	insured_shows(kit, "b-1", "\"returned\":\"43.00\"");
	insured_shows(kit, "b-1", "\"unused\":\"0.00\"");
	rules_refuse(kit, RECOURSE_INSUFFICIENT, "instrument", "maker", RETURN("i", "b-1"));
	kit_audit(kit);
	kit_accept(kit, "bank",
		"{\"command\":\"surplus.pay\",\"incident\":\"i\",\"beneficiary\":\"S\",\"bank_reference\":"
		"\"o\"}");
	check(kit, 2150, "S", "i", "0");
	rules_fund(kit, "i", "50.00");
	rules_instruct(kit, "a");
	rules_instruct(kit, "b");
	rules_instruct(kit, "c");
	rules_settle(kit, "a");
	rules_settle(kit, "b");
	rules_settle(kit, "c");
	check(kit, 1010, "bank", "", "0");
	rules_audit_twice(kit);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		RULES_TEST(test_pay),
		RULES_TEST(test_refuse),
		RULES_TEST(test_ended_meanwhile),
		RULES_TEST(test_distribute),
		RULES_TEST(test_cover),
		RULES_TEST(test_deposit_of_another),
		RULES_TEST(test_deposit_only),
		RULES_TEST(test_apportion),
		RULES_TEST(test_apportion_beyond),
		RULES_TEST(test_return),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
