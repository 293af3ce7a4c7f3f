/* SPDX-License-Identifier: Apache-2.0 */
#include "insured.h"

#include "rules/collateral/instrument_call.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

/*
 * A6, F1: instruments are called for what a merchant's deposit does not meet: which, and for how much. Instruments of the
 * tests stand until 2018.
 */
enum { DAY = 86400 };

#define CALL(incident)                                                                                       \
	"{\"command\":\"instrument.call\",\"incident\":\"" incident                                          \
	"\",\"reason\":\"collapse\",\"evidence_hash\":" RULES_HASH "}"
#define CANCEL(id) "{\"command\":\"instrument.cancel\",\"instrument\":\"" id "\",\"reason\":\"withdrawn\"}"

static void check(struct kit *kit, int code, const char *party, const char *reference, const char *amount)
{
	kit_balance(kit, code, party, reference, "CNY", amount);
}

/*
 * The rule picks: by rank, then by id. 350.00 is promised, 100.00 is frozen, so 250.00 is needed. z-1 (rank 1) insures
 * 60.00 of each claim at most, above 10.00: 60.00 and 40.00. b-2 (rank 2) comes before c-2 and has 30.00 in all; c-2 has
 * 500.00, of which 120.00 is still needed; d-3 is left alone.
 */
static void test_order(void **state)
{
	struct kit *kit = *state;
	char receivable[24];
	insured_incident(kit);
	insured_by(kit, "d-3", "S", 3, "900.00", "");
	insured_by(kit, "c-2", "T", 2, "500.00", "");
	insured_by(kit, "b-2", "S", 2, "30.00", "");
	insured_by(kit, "z-1", "S", 1, "200.00", ",\"claim_limit\":\"60.00\",\"deductible\":\"10.00\"");
	insured_call(kit, "i");
	rules_says(kit, "\"claims\":2");
	rules_says(kit, "\"need\":\"250.00\"");
	rules_says(kit, "\"called\":\"250.00\"");
	rules_says(kit, "\"unmet\":\"0.00\"");
	insured_shows(kit, "z-1", "\"left\":\"100.00\"");
	insured_shows(kit, "b-2", "\"left\":\"0.00\"");
	insured_shows(kit, "b-2", "\"state\":\"exhausted\"");
	insured_shows(kit, "c-2", "\"left\":\"380.00\"");
	insured_shows(kit, "d-3", "\"left\":\"900.00\"");
	insured_shows(kit, "d-3", "\"calls\":[]");
	check(kit, 9010, "S", "z-1", "100.00");
	check(kit, 9010, "S", "b-2", "0");
	check(kit, 9010, "T", "c-2", "380.00");
	/* a receivable of each provider, under the call's entry; what is called is no cash yet */
	snprintf(receivable, sizeof receivable, "@%llu", (unsigned long long)kit->last_entry);
	check(kit, 1100, "S", receivable, "130.00");
	check(kit, 1100, "T", receivable, "120.00");
	check(kit, 2040, "S", "i", "130.00");
	check(kit, 2040, "T", "i", "120.00");
	check(kit, 1010, "bank", "", "100.00");
	insured_shows(kit, "z-1",
		"\"calls\":[{\"paid\":\"0.00\",\"used\":\"0.00\",\"called\":\"100.00\",\"unpaid\":\"100.00\","
		"\"unused\":\"0.00\",\"refused\":\"0.00\",\"incident\":\"i\",\"returned\":\"0.00\",");
	insured_shows(kit, "z-1", "\"unpaid_seconds\":0");
	kit_shows(kit, "merchant", "report.instruments", "{}", "\"called\":\"120.00\"");
	kit_shows(kit, "s", "report.instruments", "{}", "\"unpaid\":\"30.00\"");
	kit_shows(kit, "auditor", "incident.summary", "{\"incident\":\"i\"}", "instrument.call");
	/* nothing more is needed */
	rules_refuse(kit, RECOURSE_AMOUNT_RANGE, "incident", "maker", CALL("i"));
	rules_audit_twice(kit);
}

static void test_call_refused(void **state)
{
	static const struct rules_row rows[] = {
		{RECOURSE_ROLE_MISSING, "command", "checker", CALL("i")},
		{RECOURSE_ROLE_MISSING, "command", "s", CALL("i")},
		{RECOURSE_NOT_FOUND, "incident", "maker", CALL("none")},
		{RECOURSE_FIELD_MISSING, "evidence_hash", "maker",
			"{\"command\":\"instrument.call\",\"incident\":\"i\",\"reason\":\"r\"}"},
		/* no instrument at all, none of this merchant, unit or time, none that insures so little */
		{RECOURSE_INSUFFICIENT, "incident", "maker", CALL("i")},
	};
	struct kit *kit = *state;
	insured_incident(kit);
	RULES_REFUSE(kit, rows);
	assert_string_equal(kit->refusal.needed, "250.00");
	kit_accept(kit, "maker",
		"{\"command\":\"instrument.register\",\"instrument\":\"others\",\"kind\":\"bond\","
		"\"provider\":"
		"\"S\",\"merchant\":\"N\",\"unit\":\"CNY\",\"limit\":\"90.00\",\"draw\":1,"
		"\"expires\":\"2018-01-01T00:00:00Z\",\"document_hash\":" RULES_HASH "},"
		"{\"command\":\"instrument.register\",\"instrument\":\"yen\",\"kind\":\"bond\",\"provider\":"
		"\"S\",\"merchant\":\"M\",\"unit\":\"JPY\",\"limit\":\"90\",\"draw\":1,"
		"\"expires\":\"2018-01-01T00:00:00Z\",\"document_hash\":" RULES_HASH "}");
	insured_by(kit, "high", "S", 1, "90.00", ",\"deductible\":\"300.00\"");
	insured_by(kit, "gone", "S", 1, "90.00", "");
	kit_accept(kit, "maker", CANCEL("gone"));
	rules_refuse(kit, RECOURSE_INSUFFICIENT, "incident", "maker", CALL("i"));
	insured_by(kit, "past", "S", 1, "90.00", "");
	kit->now += UINT64_C(700) * DAY * 1000000000;
	rules_refuse(kit, RECOURSE_INSUFFICIENT, "incident", "maker", CALL("i"));
	/* the deposit meets everything; nothing is decided */
	rules_declare_without_deposit(kit, "none-decided", "fuel-card");
	rules_refuse(kit, RECOURSE_AMOUNT_RANGE, "incident", "maker", CALL("none-decided"));
	kit_audit(kit);
}

static void test_deposit_suffices(void **state)
{
	struct kit *kit = *state;
	insured_parties(kit);
	rules_deposit(kit, "M", "100.00", "b-1");
	rules_declare(kit, "i", "M", "fuel-card");
	rules_claim(kit, "a", "i", "100.00");
	insured_by(kit, "bond", "S", 1, "90.00", "");
	rules_refuse(kit, RECOURSE_AMOUNT_RANGE, "incident", "maker", CALL("i"));
	rules_claim(kit, "b", "i", "0.01");
	insured_call(kit, "i");
	check(kit, 2040, "S", "i", "0.01");
}

/* Sixteen providers at once fill the postings of an entry: four for each. */
static void test_sixteen(void **state)
{
	struct kit *kit = *state;
	rules_declare_without_deposit(kit, "i", "fuel-card");
	rules_claim(kit, "a", "i", "900.00");
	for (int number = 0; number < INSTRUMENT_LIVE_MAX; number++) {
		char id[16];
		char provider[16];
		snprintf(id, sizeof id, "i-%02d", number);
		snprintf(provider, sizeof provider, "p-%02d", number);
		kit_accept(kit, "admin",
			"{\"command\":\"party.register\",\"party\":\"%s\",\"kinds\":[\"insurer\"]}",
			provider);
		insured_by(kit, id, provider, 1, "10.00", "");
	}
	insured_call(kit, "i");
	rules_says(kit, "\"called\":\"160.00\"");
	rules_says(kit, "\"unmet\":\"740.00\"");
	check(kit, 2040, "p-15", "i", "10.00");
	for (int number = 0; number < INSTRUMENT_LIVE_MAX; number++) {
		char id[16];
		snprintf(id, sizeof id, "i-%02d", number);
		insured_receive(kit, "i", id, "10.00");
	}
	rules_distribute(kit, "i");
	rules_says(kit, "\"instruments\":\"160.00\"");
	rules_says(kit, "\"advance\":\"740.00\"");
	check(kit, 2040, "p-15", "i", "0");
	/* no more than sixteen are ever called for an incident */
	kit_accept(kit, "maker", CANCEL("i-07"));
	insured_parties(kit);
	insured_by(kit, "more", "S", 1, "10.00", "");
	rules_claim(kit, "b", "i", "1.00");
	rules_refuse(kit, RECOURSE_FIELD_LIMIT, "incident", "maker", CALL("i"));
	rules_audit_twice(kit);
}

/* An instrument is called for 32 incidents and no more. */
static void test_incidents(void **state)
{
	struct kit *kit = *state;
	insured_parties(kit);
	insured_by(kit, "bond", "S", 1, "900.00", "");
	for (int number = 0; number <= INSTRUMENT_INCIDENTS_MAX; number++) {
		char incident[16];
		char claim[16];
		snprintf(incident, sizeof incident, "i-%d", number);
		snprintf(claim, sizeof claim, "c-%d", number);
		rules_declare_without_deposit(kit, incident, "fuel-card");
		rules_claim(kit, claim, incident, "1.00");
		if (number < INSTRUMENT_INCIDENTS_MAX)
			insured_call(kit, incident);
	}
	rules_refuse(kit, RECOURSE_FIELD_LIMIT, "incident", "maker", CALL("i-32"));
	insured_shows(kit, "bond", "\"called\":\"32.00\"");
	insured_shows(kit, "bond", "\"incident\":\"i-31\"");
	rules_audit_twice(kit);
}

/*
 * A claim is insured once, whatever calls there are. bond insures 40.00 of each claim: 80.00 for two claims of 100.00.
 * A third claim adds 40.00, not 120.00, and so does a fourth; those of the next round begin anew.
 */
static void test_claims_count_once(void **state)
{
	struct kit *kit = *state;
	insured_parties(kit);
	rules_declare_without_deposit(kit, "i", "fuel-card");
	insured_by(kit, "bond", "S", 1, "900.00", ",\"claim_limit\":\"40.00\"");
	rules_claim(kit, "a", "i", "100.00");
	rules_claim(kit, "b", "i", "100.00");
	insured_call(kit, "i");
	check(kit, 2040, "S", "i", "80.00");
	rules_refuse(kit, RECOURSE_INSUFFICIENT, "incident", "maker", CALL("i"));
	rules_claim(kit, "c", "i", "100.00");
	insured_call(kit, "i");
	rules_says(kit, "\"called\":\"40.00\"");
	check(kit, 2040, "S", "i", "120.00");
	rules_claim(kit, "d", "i", "100.00");
	insured_call(kit, "i");
	rules_says(kit, "\"called\":\"40.00\"");
	insured_receive(kit, "i", "bond", "160.00");
	rules_distribute(kit, "i");
	rules_says(kit, "\"instruments\":\"160.00\"");
	rules_says(kit, "\"advance\":\"240.00\"");
	rules_claim(kit, "e", "i", "100.00");
	insured_call(kit, "i");
	rules_says(kit, "\"called\":\"40.00\"");
	rules_refuse(kit, RECOURSE_INSUFFICIENT, "incident", "maker", CALL("i"));
	insured_shows(kit, "bond", "\"left\":\"700.00\"");
	rules_audit_twice(kit);
}

/* What an earlier call was not needed for is there for the next claims of the same round. */
static void test_need_grows(void **state)
{
	struct kit *kit = *state;
	char first[24];
	insured_parties(kit);
	rules_declare_without_deposit(kit, "i", "fuel-card");
	insured_by(kit, "b-1", "S", 1, "50.00", "");
	insured_by(kit, "b-2", "T", 2, "500.00", "");
	rules_claim(kit, "a", "i", "30.00");
	insured_call(kit, "i");
	snprintf(first, sizeof first, "@%llu", (unsigned long long)kit->last_entry);
	rules_claim(kit, "b", "i", "40.00");
	insured_call(kit, "i");
	check(kit, 2040, "S", "i", "50.00");
	check(kit, 2040, "T", "i", "20.00");
	/* the first call is unpaid: the second joins its receivable */
	check(kit, 1100, "S", first, "50.00");
	insured_receive(kit, "i", "b-1", "50.00");
	check(kit, 1100, "S", first, "0");
	rules_audit_twice(kit);
}

/* H2: the limits of an incident count what is called for it. */
static void test_limits(void **state)
{
	struct kit *kit = *state;
	insured_incident(kit);
	insured_by(kit, "bond", "S", 1, "900.00", "");
	kit_accept(kit, "admin",
		"{\"command\":\"control.publish\",\"version\":1,\"limits\":[{\"command\":\"instrument.call\","
		"\"unit\":\"CNY\",\"span\":\"incident\",\"amount\":\"260.00\",\"approvals\":1}]}");
	insured_call(kit, "i");
	check(kit, 2040, "S", "i", "250.00");
	rules_claim(kit, "c", "i", "20.00");
	insured_call(kit, "i");
	check(kit, 2040, "S", "i", "250.00"); /* waits as a proposal */
	rules_approve(kit);
	check(kit, 2040, "S", "i", "270.00");
	rules_audit_twice(kit);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		RULES_TEST(test_order),
		RULES_TEST(test_call_refused),
		RULES_TEST(test_deposit_suffices),
		RULES_TEST(test_sixteen),
		RULES_TEST(test_incidents),
		RULES_TEST(test_claims_count_once),
		RULES_TEST(test_need_grows),
		RULES_TEST(test_limits),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
