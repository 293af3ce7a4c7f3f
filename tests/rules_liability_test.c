/* SPDX-License-Identifier: Apache-2.0 */
#include "rules.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

/* G2: each refusal of liability.apportion, extend, respread and interest.adjudge, and what they spread. */

#define SHARE(party, share) "{\"party\":\"" party "\",\"share\":\"" share "\"}"
#define APPORTION(incident, mode, shares)                                                                    \
	"{\"command\":\"liability.apportion\",\"incident\":\"" incident "\",\"mode\":\"" mode                \
	"\",\"basis_hash\":" RULES_HASH ",\"shares\":[" shares "]}"
#define SEVERAL(shares)  APPORTION("i", "several", shares)
#define EXTEND(incident) "{\"command\":\"liability.extend\",\"incident\":\"" incident "\"}"
#define RESPREAD(incident, party)                                                                            \
	"{\"command\":\"liability.respread\",\"incident\":\"" incident "\",\"party\":\"" party               \
	"\",\"reason\":\"r\"}"
#define INTEREST(incident, party, amount)                                                                    \
	"{\"command\":\"interest.adjudge\",\"incident\":\"" incident "\",\"party\":\"" party                 \
	"\",\"amount\":\"" amount "\",\"basis_hash\":" RULES_HASH "}"

static void test_apportioning(void **state)
{
	static const struct rules_row rows[] = {
		{RECOURSE_ROLE_MISSING, "command", "checker", SEVERAL(SHARE("Y", "100.00"))},
		{RECOURSE_NOT_FOUND, "incident", "maker", APPORTION("none", "several", SHARE("Y", "100.00"))},
		{RECOURSE_NOT_FOUND, "shares", "maker", SEVERAL(SHARE("X", "100.00"))},
		{RECOURSE_NOT_FOUND, "shares", "maker", SEVERAL(SHARE("U", "100.00"))},
		{RECOURSE_SHARES_WRONG, "shares", "maker",
			SEVERAL(SHARE("Y", "50.00") "," SHARE("G", "25.00") "," SHARE("Y", "25.00"))},
		{RECOURSE_SHARES_WRONG, "shares", "maker",
			SEVERAL(SHARE("Y", "100.00") "," SHARE("G", "0.00"))},
		{RECOURSE_SHARES_WRONG, "shares", "maker", SEVERAL(SHARE("Y", "99.99"))},
		{RECOURSE_SHARES_WRONG, "shares", "maker",
			SEVERAL(SHARE("Y", "99.99") "," SHARE("G", "0.02"))},
		{RECOURSE_FIELD_LIMIT, "shares", "maker", SEVERAL("")},
		{RECOURSE_FIELD_FORMAT, "shares[1].share", "maker",
			SEVERAL(SHARE("Y", "50.00") "," SHARE("G", "50"))},
		{RECOURSE_FIELD_FORMAT, "mode", "maker", APPORTION("i", "joint", SHARE("Y", "100.00"))},
		{RECOURSE_INSUFFICIENT, "incident", "maker",
			APPORTION("unpaid", "several", SHARE("Y", "100.00"))},
	};
	struct kit *kit = *state;
	rules_settled(kit, "i", "1000.00");
	rules_declare_without_deposit(kit, "unpaid", "fuel-card");
	rules_claim(kit, "u", "unpaid", "10.00");
	rules_distribute(kit, "unpaid");
	RULES_REFUSE(kit, rows);
	kit_accept(
		kit, "maker", SEVERAL(SHARE("Y", "33.34") "," SHARE("G", "33.33") "," SHARE("M", "33.33")));
	uint64_t entry = kit->last_entry;
	kit_balance(kit, 1110, "Y", "i", "CNY", "333.40");
	kit_balance(kit, 1110, "G", "i", "CNY", "333.30");
	kit_balance(kit, 1110, "M", "i", "CNY", "333.30");
	rules_refuse(kit, RECOURSE_EXISTS, "incident", "maker", SEVERAL(SHARE("Y", "100.00")));
	assert_int_equal(kit->refusal.entry, entry);
	kit_audit(kit);
}

/* As many liable parties as there can be; one more is refused. I10: exact to the smallest step. */
static void test_most_parties(void **state)
{
	enum { MOST = 16 };
	struct kit *kit = *state;
	char shares[2000] = "";
	size_t length = 0;
	rules_settled(kit, "i", "0.17");
	for (int party = 0; party < MOST; party++) {
		kit_accept(kit, "admin",
			"{\"command\":\"party.register\",\"party\":\"L%02d\","
			"\"kinds\":[\"liable-party\"]}",
			party);
		length += (size_t)snprintf(shares + length, sizeof shares - length,
			"%s{\"party\":\"L%02d\",\"share\":\"6.25\"}", party == 0 ? "" : ",", party);
	}
	rules_refuse(kit, RECOURSE_FIELD_LIMIT, "shares", "maker",
		"{\"command\":\"liability.apportion\",\"incident\":\"i\",\"mode\":\"several\","
		"\"basis_hash\":" RULES_HASH ",\"shares\":[%s,{\"party\":\"Y\",\"share\":\"6.25\"}]}",
		shares);
	kit_accept(kit, "maker",
		"{\"command\":\"liability.apportion\",\"incident\":\"i\",\"mode\":\"several\","
		"\"basis_hash\":" RULES_HASH ",\"shares\":[%s]}",
		shares);
	kit_balance(kit, 1110, "L00", "i", "CNY", "0.02");
	kit_balance(kit, 1110, "L01", "i", "CNY", "0.01");
	kit_balance(kit, 1110, "L15", "i", "CNY", "0.01");
	kit_balance(kit, 1110, "U", "i", "CNY", "0");
	/* the widest entry there is: all of them give back at once */
	kit_accept(kit, "bank", "{\"command\":\"payout.return\",\"claim\":\"i-1\",\"reason\":\"AC04\"}");
	kit_balance(kit, 1115, "", "i", "CNY", "0.17");
	kit_audit(kit);
}

static void test_extending(void **state)
{
	static const struct rules_row rows[] = {
		{RECOURSE_ROLE_MISSING, "command", "checker", EXTEND("i")},
		{RECOURSE_NOT_FOUND, "incident", "maker", EXTEND("none")},
		{RECOURSE_INSUFFICIENT, "incident", "maker", EXTEND("i")},
		{RECOURSE_STATE_WRONG, "incident", "maker", EXTEND("open")},
	};
	struct kit *kit = *state;
	rules_settled(kit, "i", "100.00");
	rules_settled(kit, "open", "1.00");
	kit_accept(kit, "maker", SEVERAL(SHARE("Y", "75.00") "," SHARE("G", "25.00")));
	RULES_REFUSE(kit, rows);
	rules_refuse(kit, RECOURSE_STATE_WRONG, "incident", "maker", EXTEND("open"));
	assert_string_equal(kit->refusal.state, "adjudicated");
	rules_claim(kit, "late", "i", "40.00");
	rules_distribute(kit, "i");
	rules_fund(kit, "i", "40.00");
	rules_instruct(kit, "late");
	rules_settle(kit, "late");
	kit_accept(kit, "maker", EXTEND("i"));
	kit_balance(kit, 1110, "Y", "i", "CNY", "105.00");
	kit_balance(kit, 1110, "G", "i", "CNY", "35.00");
	rules_refuse(kit, RECOURSE_INSUFFICIENT, "incident", "maker", EXTEND("i"));
	kit_audit(kit);
}

static void test_respreading(void **state)
{
	static const struct rules_row rows[] = {
		{RECOURSE_ROLE_MISSING, "command", "checker", RESPREAD("i", "Y")},
		{RECOURSE_NOT_FOUND, "incident", "maker", RESPREAD("none", "Y")},
		{RECOURSE_NOT_FOUND, "party", "maker", RESPREAD("i", "N")},
		{RECOURSE_NOT_PERMITTED, "incident", "maker", RESPREAD("apart", "Y")},
	};
	struct kit *kit = *state;
	rules_settled(kit, "i", "100.00");
	rules_settled(kit, "apart", "100.00");
	rules_apportion(kit, "apart", "several", "[" SHARE("Y", "50.00") "," SHARE("G", "50.00") "]");
	rules_apportion(kit, "i", "joint-and-several",
		"[" SHARE("Y", "50.00") "," SHARE("G", "30.00") "," SHARE("M", "20.00") "]");
	RULES_REFUSE(kit, rows);
	rules_receive(kit, "r-1", "i", "M", "20.00");
	rules_allocate(kit, "r-1");
	rules_refuse(kit, RECOURSE_STATE_WRONG, "party", "maker", RESPREAD("i", "M"));
	assert_string_equal(kit->refusal.state, "satisfied");
	kit_accept(kit, "maker", RESPREAD("i", "Y"));
	kit_balance(kit, 1110, "Y", "i", "CNY", "0");
	kit_balance(kit, 1110, "G", "i", "CNY", "60.00");
	kit_balance(kit, 1110, "M", "i", "CNY", "20.00");
	rules_refuse(kit, RECOURSE_STATE_WRONG, "party", "maker", RESPREAD("i", "Y"));
	assert_string_equal(kit->refusal.state, "uneconomic");
	kit_accept(kit, "maker", RESPREAD("i", "G"));
	kit_balance(kit, 1110, "M", "i", "CNY", "80.00");
	/* nobody is left to bear it */
	rules_refuse(kit, RECOURSE_SHARES_WRONG, "incident", "maker", RESPREAD("i", "M"));
	kit_audit(kit);
}

/* A party whose debt was written off has nothing to spread. */
static void test_respreading_nothing(void **state)
{
	struct kit *kit = *state;
	rules_settled(kit, "i", "100.00");
	rules_apportion(kit, "i", "joint-and-several", "[" SHARE("Y", "50.00") "," SHARE("G", "50.00") "]");
	kit_accept(kit, "maker",
		"{\"command\":\"write_off.record\",\"write_off\":\"w\",\"incident\":\"i\",\"party\":\"Y\","
		"\"reason\":\"r\"}");
	kit_accept(kit, "checker", "{\"command\":\"proposal.approve\",\"proposal\":%llu}",
		(unsigned long long)kit->last_entry);
	rules_refuse(kit, RECOURSE_INSUFFICIENT, "party", "maker", RESPREAD("i", "Y"));
	kit_audit(kit);
}

static void test_interest(void **state)
{
	static const struct rules_row rows[] = {
		{RECOURSE_ROLE_MISSING, "command", "checker", INTEREST("i", "Y", "1.00")},
		{RECOURSE_NOT_FOUND, "incident", "maker", INTEREST("none", "Y", "1.00")},
		{RECOURSE_NOT_FOUND, "party", "maker", INTEREST("i", "N", "1.00")},
		RULES_AMOUNTS("amount", "maker",
			"{\"command\":\"interest.adjudge\",\"incident\":\"i\",\"party\":\"Y\","
			"\"basis_hash\":" RULES_HASH ",\"amount\":",
			"}"),
	};
	struct kit *kit = *state;
	rules_settled(kit, "i", "100.00");
	rules_apportion(kit, "i", "several", "[" SHARE("Y", "50.00") "," SHARE("G", "50.00") "]");
	RULES_REFUSE(kit, rows);
	kit_accept(kit, "maker", INTEREST("i", "Y", "90000000000000000.00"));
	rules_refuse(kit, RECOURSE_OVERFLOW, "amount", "maker", INTEREST("i", "Y", "90000000000000000.00"));
	rules_refuse(kit, RECOURSE_OVERFLOW, "amount", "maker", INTEREST("i", "G", "90000000000000000.00"));
	kit_shows(kit, "agent", "incident.summary", "{\"incident\":\"i\"}",
		"\"interest_adjudged\":\"90000000000000000.00\"");
	kit_audit(kit);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		RULES_TEST(test_apportioning),
		RULES_TEST(test_most_parties),
		RULES_TEST(test_extending),
		RULES_TEST(test_respreading),
		RULES_TEST(test_respreading_nothing),
		RULES_TEST(test_interest),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
