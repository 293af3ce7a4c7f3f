/* SPDX-License-Identifier: Apache-2.0 */
#include "mislead.h"

#include "books/record_cover.h"
#include "books/record_ledger.h"
#include "base/instant.h"
#include "ledger.h"

/* H1: what was signed before a key is rotated or revoked, the service's own key, and people broken by hand. */

#define HOLD "deposit.hold merchant=M amount=1.00 unit=CNY reason=r hold="

/* ---- what was signed before ---- */

static struct recourse_request *prepared(struct kit *kit, const char *key, const char *id, const char *words)
{
	struct recourse_request *request = NULL;
	SCOPED(support_free) char *payload = kit_words(kit, id, words, kit->now + INSTANT_HOUR);
	assert_ok(kit_prepare(kit, key, payload, &request));
	return request;
}

static void expect_reply(struct kit *kit, struct recourse_request *request, enum recourse_error expected)
{
	assert_error(kit_reply(kit, request, NULL), expected);
	recourse_request_release(request);
}

/* What a key signed before `end`, which admin says, is refused after: in the same group, and in a later one. */
static void sign_before(struct kit *kit, const char *end)
{
	static const uint8_t salts[3][RECOURSE_SALT_SIZE] = {{1}, {2}, {3}};
	struct recourse_request *group[3];
	kit_play(kit, "deposit M 10.00 b-1");
	group[0] = prepared(kit, "maker", "g-1", HOLD "before");
	group[1] = prepared(kit, "admin", "g-2", end);
	group[2] = prepared(kit, "maker", "g-3", HOLD "same");
	struct recourse_request *later = prepared(kit, "maker", "g-4", HOLD "later");
	uint64_t entries = kit_entries(kit);
	assert_ok(recourse_ledger_commit(kit->ledger, group, 3, kit->now, salts));
	expect_reply(kit, group[0], RECOURSE_OK);
	expect_reply(kit, group[1], RECOURSE_OK);
	expect_reply(kit, group[2], RECOURSE_KEY_REVOKED);
	assert_ok(recourse_ledger_commit(kit->ledger, &later, 1, kit->now, salts));
	expect_reply(kit, later, RECOURSE_KEY_REVOKED);
	assert_int_equal(kit_entries(kit), entries + 2);
	kit_play(kit, "= 2020 M before 1.00\n= 2010 M 9.00\naudit\nrebuild\naudit");
}

static void test_signed_before(void **state)
{
	sign_before(*state, "key.rotate key=@maker new=@maker-2 reason=routine");
}

static void test_signed_before_a_revocation(void **state)
{
	sign_before(*state, "key.revoke key=@maker reason=lost");
}

/* The service's own key is another's place to take in three steps, and clocks strike all the while. */
static void test_system_key(void **state)
{
	struct kit *kit = *state;
	kit_play(kit, "deposit M 10.00 b-1\n"
		      "key system-2 P system\n"
		      "maker deposit.hold hold=h merchant=M amount=1.00 unit=CNY reason=r "
		      "expires=2016-05-05T00:00:00Z");
	kit_key_file(kit, "system-2", kit->system_key);
	kit_reopen(kit, false);
	kit_play(kit, "admin key.revoke key=@system reason=old\n"
		      "strike := wait 1 day strikes 1\n"
		      "entry $strike has key~example.com/ledger/system-2+\n"
		      "audit");
}

/* ---- broken by hand: the audit sees it ---- */

static void test_doctored(void **state)
{
	struct record_claim claim;
	kit_play(*state, "settled i 5.00\n"
			 "maker key.rotate key=@maker new=@maker-2 reason=routine\n"
			 "maker-2 key.rotate key=@maker-2 new=@maker-3 reason=routine");
	mislead_read(*state, RECORD_CLAIM, "i-1", &claim);
	const struct wrong wrong[] = {
		{"H1: a key that was rotated", {SET(KEY, "maker-2", key, roles, RECOURSE_ROLE_APPROVER)}},
		{"H1: a key that was rotated", {SET(KEY, "maker-2", key, party, 2)}},
		{"H1: a key that was rotated", {SET(KEY, "maker-2", key, revoked, 0)}},
		{"H1: a key that was rotated", {ADD(KEY, "maker-2", key, revoked_entry, 1)}},
		{"H1: a person has two keys", {SET(KEY, "maker-2", key, rotated_to, 0)}},
		{"H1: a", {SET(KEY, "maker-3", key, person, 1)}},
		{"H1: a person has two keys", {SET(KEY, "maker", key, current, 1)}},
		/* whom decisions are about has a key that decides, or was not noted as such */
		{"H1: a party's keys that decide",
			{SET(KEY, "merchant", key, roles, RECOURSE_ROLE_OPERATOR)}},
		{"H1: a merchant, an issuer, a liable party or a custodian has a key that decides",
			{SET(KEY, "merchant", key, roles, RECOURSE_ROLE_OPERATOR),
				SET(PARTY, "M", party, deciders, 1)}},
		{"H1: a merchant, an issuer or a liable party is not noted",
			{SET(PARTY, "Y", party, concerned, 0)}},
		/* a claim whose filer becomes its decider */
		{"H1: one person took in, decided or paid", {SET(CLAIM, "i-1", claim, filer, claim.decider)}},
	};
	MISLEAD_EACH(*state, wrong);
}

/* Each thing alone by which a party is one that decisions are about. */
static void test_doctored_concern(void **state)
{
	static const struct {
		const char *before;
		const char *party;
		int64_t left; /* of what it was noted as */
	} worlds[] = {
		{"deposit M 5.00 b-1", "M", 0},
		{"card c 5.00", "Y", 0},
		{"declare-without-deposit i fuel-card", "M", 0},
		{"maker incident.declare incident=i issuer=Y funder=P custodian=bank policy=fuel-card version=1 "
		 "reason=liquidation",
			"Y", PARTY_MERCHANT},
	};
	for (size_t index = 0; index < sizeof worlds / sizeof worlds[0]; index++) {
		struct kit *kit;
		kit_setup(state);
		kit = *state;
		kit_world(kit, "world.case");
		kit_play(kit, "%s", worlds[index].before);
		const struct wrong wrong[] = {
			{"H1: a merchant, an issuer or a liable party is not noted",
				{SET(PARTY, worlds[index].party, party, concerned, worlds[index].left)}},
		};
		MISLEAD_EACH(kit, wrong);
		kit_teardown(state);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		KIT_TEST(test_signed_before),
		KIT_TEST(test_signed_before_a_revocation),
		KIT_TEST(test_system_key),
		KIT_TEST(test_doctored),
		cmocka_unit_test(test_doctored_concern),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
