/* SPDX-License-Identifier: Apache-2.0 */
#include "mislead.h"

#include "books/record_claim.h"
#include "books/record_party.h"
#include "base/instant.h"
#include "proof/key.h"
#include "ledger.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <cmocka.h>

/* H1: what was signed before a key is rotated or revoked, the service's own key, and people broken by hand. */

#define HOLD "deposit.hold merchant=M amount=1.00 unit=CNY reason=r hold="

/* ---- what was signed before ---- */

static struct recourse_request *prepared(struct kit *kit, const char *key, const char *id, const char *words)
{
	struct recourse_request *request = NULL;
	char *params = NULL;
	char *command = kit_command(kit, words);
	assert_true(asprintf(&params, "{\"mode\":\"all\",\"commands\":[%s]}", command) >= 0);
	char *payload = kit_payload(kit, id, params, kit->now + INSTANT_HOUR);
	assert_ok(kit_prepare(kit, key, payload, &request));
	free(payload);
	free(params);
	free(command);
	return request;
}

static void expect_reply(struct kit *kit, struct recourse_request *request, enum recourse_error expected)
{
	assert_error(kit_reply(kit, request, NULL), expected);
	recourse_request_release(request);
}

/* What the old key signed before is refused after: in the same group, and in a later one. */
static void test_signed_before(void **state)
{
	static const uint8_t salts[3][RECOURSE_SALT_SIZE] = {{1}, {2}, {3}};
	struct kit *kit = *state;
	struct recourse_request *group[3];
	struct recourse_request *later;
	kit_play(kit, "deposit M 10.00 b-1");
	group[0] = prepared(kit, "maker", "g-1", HOLD "before");
	group[1] = prepared(kit, "admin", "g-2", "key.rotate key=@maker new=@maker-2 reason=routine");
	group[2] = prepared(kit, "maker", "g-3", HOLD "same");
	later = prepared(kit, "maker", "g-4", HOLD "later");
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

/* The same for a revocation: in the same group, and in a later one. */
static void test_signed_before_a_revocation(void **state)
{
	static const uint8_t salts[2][RECOURSE_SALT_SIZE] = {{1}, {2}};
	struct kit *kit = *state;
	struct recourse_request *group[2];
	kit_play(kit, "deposit M 10.00 b-1");
	group[0] = prepared(kit, "admin", "g-1", "key.revoke key=@maker reason=lost");
	group[1] = prepared(kit, "maker", "g-2", HOLD "same");
	struct recourse_request *later = prepared(kit, "maker", "g-3", HOLD "later");
	uint64_t entries = kit_entries(kit);
	assert_ok(recourse_ledger_commit(kit->ledger, group, 2, kit->now, salts));
	expect_reply(kit, group[0], RECOURSE_OK);
	expect_reply(kit, group[1], RECOURSE_KEY_REVOKED);
	assert_ok(recourse_ledger_commit(kit->ledger, &later, 1, kit->now, salts));
	expect_reply(kit, later, RECOURSE_KEY_REVOKED);
	assert_int_equal(kit_entries(kit), entries + 1);
	kit_play(kit, "= 2010 M 10.00\naudit\nrebuild\naudit");
}

/* The service's own key is another's place to take in three steps, and clocks strike all the while. */
static void test_system_key(void **state)
{
	struct kit *kit = *state;
	struct crypto_hash seed;
	char text[KEY_TEXT_SIZE];
	kit_play(kit, "deposit M 10.00 b-1\n"
		      "key system-2 P system\n"
		      "maker deposit.hold hold=h merchant=M amount=1.00 unit=CNY reason=r "
		      "expires=2016-05-05T00:00:00Z");
	crypto_sha256(slice_text("system-2"), &seed);
	key_format_secret(slice_text("example.com/ledger/system-2"), seed.bytes, text);
	support_directory_path(&kit->directory, "system-2-key", kit->system_key);
	FILE *file = fopen(kit->system_key, "w");
	assert_non_null(file);
	fprintf(file, "%s\n", text);
	fclose(file);
	assert_int_equal(chmod(kit->system_key, 0600), 0);
	kit_reopen(kit, false);
	kit_play(kit, "admin key.revoke key=@system reason=old\n"
		      "strike := wait 1 day strikes 1\n"
		      "entry $strike has key~example.com/ledger/system-2+\n"
		      "audit");
}

/* ---- broken by hand: the audit sees it ---- */

static void doctored(struct kit *kit, const char *name, size_t member, uint32_t value, const char *text)
{
	struct state_view *view = state_writer(kit->ledger->state);
	char handle[256];
	struct record_key key;
	kit_handle(kit->origin, name, handle);
	struct record_path path = record_path_of_text(RECORD_KEY, slice_text(handle));
	assert_ok(record_get(view, &path, &key, sizeof key));
	memcpy((char *)&key + member, &value, sizeof value);
	mislead_put(view, &path, &key, sizeof key);
	mislead_invariants(kit, text);
	mislead_invariants(kit, NULL);
}

static void test_doctored(void **state)
{
	struct kit *kit = *state;
	kit_play(kit, "settled i 5.00\n"
		      "maker key.rotate key=@maker new=@maker-2 reason=routine\n"
		      "maker-2 key.rotate key=@maker-2 new=@maker-3 reason=routine");
	mislead_invariants(kit, NULL);
#define MEMBER(name) offsetof(struct record_key, name)
	doctored(kit, "maker-2", MEMBER(roles), RECOURSE_ROLE_APPROVER, "H1: a key that was rotated");
	doctored(kit, "maker-2", MEMBER(party), 2, "H1: a key that was rotated");
	doctored(kit, "maker-2", MEMBER(revoked), 0, "H1: a key that was rotated");
	doctored(kit, "maker-2", MEMBER(rotated_to), 0, "H1: a person has two keys");
	doctored(kit, "maker-3", MEMBER(person), 1, "H1: a");
	doctored(kit, "maker", MEMBER(current), 1, "H1: a person has two keys");
#undef MEMBER
	/* a claim whose filer becomes its decider */
	struct record_path path = record_path_of_text(RECORD_CLAIM, slice_text("i-1"));
	struct state_view *view = state_writer(kit->ledger->state);
	struct record_claim claim;
	assert_ok(record_get(view, &path, &claim, sizeof claim));
	claim.filer = claim.decider;
	mislead_put(view, &path, &claim, sizeof claim);
	mislead_invariants(kit, "H1: one person took in, decided or paid");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		KIT_TEST(test_signed_before),
		KIT_TEST(test_signed_before_a_revocation),
		KIT_TEST(test_system_key),
		KIT_TEST(test_doctored),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
