/* SPDX-License-Identifier: Apache-2.0 */
#include "rules.h"

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

/* H1: a key is rotated, and the person stays the same; refusals of key.rotate. */

#define ROTATE "{\"command\":\"key.rotate\",\"key\":\"%s\",\"new\":\"%s\",\"reason\":\"routine\"}"
#define HOLD                                                                                                 \
	"{\"command\":\"deposit.hold\",\"hold\":\"%s\",\"merchant\":\"M\",\"amount\":\"1.00\",\"unit\":"     \
	"\"CNY\",\"reason\":\"r\"}"

static void refuse(struct kit *kit, enum recourse_error error, const char *field, const char *signer,
	const char *old, const char *replacement)
{
	char handle[256];
	char vkey[256];
	rules_handle(kit->origin, old, handle);
	rules_vkey(kit->origin, replacement, vkey);
	rules_refuse(kit, error, field, signer, ROTATE, handle, vkey);
}

static void audit_twice(struct kit *kit)
{
	kit_audit(kit);
	kit_reopen(kit, true);
	kit_audit(kit);
}

static void test_refused(void **state)
{
	struct kit *kit = *state;
	char handle[256];
	char vkey[256];
	refuse(kit, RECOURSE_ROLE_MISSING, "command", "auditor", "auditor", "fresh");
	refuse(kit, RECOURSE_ROLE_MISSING, "command", "system", "system", "fresh");
	/* who is no admin is told the same of a key that there is and of one that there is not */
	refuse(kit, RECOURSE_NOT_PERMITTED, "key", "maker", "checker", "fresh");
	refuse(kit, RECOURSE_NOT_PERMITTED, "key", "maker", "stranger", "fresh");
	/* nor does who reads its own only learn which keys are in use */
	refuse(kit, RECOURSE_ROLE_MISSING, "command", "merchant", "merchant", "fresh");
	refuse(kit, RECOURSE_ROLE_MISSING, "command", "bank", "bank", "fresh");
	refuse(kit, RECOURSE_NOT_FOUND, "key", "admin", "stranger", "fresh");
	refuse(kit, RECOURSE_NOT_PERMITTED, "key", "admin", "system", "fresh");
	refuse(kit, RECOURSE_EXISTS, "new", "admin", "maker", "checker");
	refuse(kit, RECOURSE_EXISTS, "new", "maker", "maker", "maker");
	rules_handle(kit->origin, "maker", handle);
	rules_vkey("example.com/elsewhere", "payer", vkey);
	rules_refuse(kit, RECOURSE_EXISTS, "new", "maker", ROTATE, handle, vkey);
	vkey[strlen(vkey) - 1] = '!';
	rules_refuse(kit, RECOURSE_FIELD_FORMAT, "new", "maker", ROTATE, handle, vkey);
	rules_vkey(kit->origin, "fresh", vkey);
	rules_refuse(kit, RECOURSE_FIELD_MISSING, "reason", "maker",
		"{\"command\":\"key.rotate\",\"key\":\"%s\",\"new\":\"%s\"}", handle, vkey);

	kit_accept(kit, "admin", "{\"command\":\"key.revoke\",\"key\":\"%s\",\"reason\":\"lost\"}", handle);
	uint64_t revoked = kit->last_entry;
	refuse(kit, RECOURSE_KEY_REVOKED, "key", "admin", "maker", "fresh");
	assert_int_equal(kit->refusal.entry, revoked);
	rules_rotate(kit, "payer", "payer", "payer-2");
	uint64_t rotated = kit->last_entry;
	refuse(kit, RECOURSE_KEY_REVOKED, "key", "admin", "payer", "fresh");
	assert_int_equal(kit->refusal.entry, rotated);
	/* what was rotated away does not come back */
	refuse(kit, RECOURSE_EXISTS, "new", "admin", "payer-2", "payer");
	audit_twice(kit);
}

/* The old key is silent from that entry on, the new one has its party and its roles, and both say who it is. */
static void test_takes_the_place(void **state)
{
	struct kit *kit = *state;
	char params[300];
	char old[256];
	char fresh[256];
	char *reply = NULL;
	rules_deposit(kit, "M", "10.00", "b-1");
	rules_rotate(kit, "maker", "maker", "maker-2");
	char *entry = rules_describe(kit, kit->last_entry);
	assert_non_null(strstr(entry, "\"party\":\"P\""));
	assert_non_null(strstr(entry, "\"person\":\"example.com/ledger/maker+"));
	free(entry);
	assert_error(kit_submit(kit, "maker", "[]"), RECOURSE_KEY_REVOKED);
	assert_error(
		kit_query(kit, "maker", "claim.brief", "{\"claim\":\"c\"}", &reply), RECOURSE_KEY_REVOKED);
	kit_accept(kit, "maker-2", HOLD, "h-1");
	rules_refuse(kit, RECOURSE_ROLE_MISSING, "command", "maker-2",
		"{\"command\":\"proposal.approve\",\"proposal\":1}");
	rules_handle(kit->origin, "maker", old);
	rules_handle(kit->origin, "maker-2", fresh);
	snprintf(params, sizeof params, "{\"key\":\"%s\"}", old);
	kit_shows(kit, "auditor", "key.get", params, "\"roles\":[\"operator\"]");
	kit_shows(kit, "auditor", "key.get", params, "\"revoked_entry\":");
	kit_shows(kit, "auditor", "key.get", params, "\"rotated_to\":\"example.com/ledger/maker-2+");
	snprintf(params, sizeof params, "{\"key\":\"%s\"}", fresh);
	kit_shows(kit, "auditor", "key.get", params, "\"roles\":[\"operator\"]");
	kit_shows(kit, "auditor", "key.get", params, "\"person\":\"example.com/ledger/maker+");
	kit_shows(kit, "auditor", "party.get", "{\"party\":\"P\"}", "\"kind\":\"key.rotate\"");
	audit_twice(kit);
	assert_error(kit_submit(kit, "maker", "[]"), RECOURSE_KEY_REVOKED);
	kit_accept(kit, "maker-2", HOLD, "h-2");
}

/* Each by itself, where it may; the others' by an admin; and the last admin is not locked out. */
static void test_whose(void **state)
{
	static const char *const own[] = {"agent", "payer", "checker", "boss", "admin"};
	struct kit *kit = *state;
	for (size_t index = 0; index < sizeof own / sizeof own[0]; index++) {
		char replacement[40];
		snprintf(replacement, sizeof replacement, "%s-2", own[index]);
		rules_rotate(kit, own[index], own[index], replacement);
		assert_error(kit_submit(kit, own[index], "[]"), RECOURSE_KEY_REVOKED);
	}
	rules_rotate(kit, "admin-2", "auditor", "auditor-2");
	rules_rotate(kit, "admin-2", "bank", "bank-2");
	rules_rotate(kit, "admin-2", "merchant", "merchant-2");
	rules_rotate(kit, "admin-2", "admin-2", "admin-3");
	rules_rotate(kit, "admin-3", "merchant-2", "merchant-3");
	kit_accept(kit, "bank-2",
		"{\"command\":\"deposit.receive\",\"merchant\":\"M\",\"amount\":\"10.00\",\"unit\":\"CNY\","
		"\"bank_reference\":\"b-1\"}");
	kit_shows(kit, "merchant-3", "deposit.statement", "{\"merchant\":\"M\",\"unit\":\"CNY\"}", "10.00");
	kit_shows(kit, "auditor-2", "report.trial_balance", "{}", "10.00");
	audit_twice(kit);
}

/* Nobody takes in, decides and pays the same claim: not with another key either, nor with the one after that. */
static void test_claims(void **state)
{
#define DECIDE   "{\"command\":\"claim.decide\",\"claim\":\"c\",\"outcome\":\"approve\"}"
#define INSTRUCT "{\"command\":\"payout.instruct\",\"claim\":\"c\"}"
	struct kit *kit = *state;
	rules_declare_without_deposit(kit, "i", "fuel-card");
	rules_card(kit, "card", "5.00");
	kit_accept(kit, "boss",
		"{\"command\":\"claim.file\",\"claim\":\"c\",\"incident\":\"i\",\"entitlement\":\"card\","
		"\"channel\":\"phone\"}");
	rules_refuse(kit, RECOURSE_SAME_PERSON, "claim", "boss", DECIDE);
	rules_rotate(kit, "boss", "boss", "boss-2");
	rules_refuse(kit, RECOURSE_SAME_PERSON, "claim", "boss-2", DECIDE);
	rules_rotate(kit, "admin", "boss-2", "boss-3");
	rules_refuse(kit, RECOURSE_SAME_PERSON, "claim", "boss-3", DECIDE);
	kit_shows(
		kit, "auditor", "claim.brief", "{\"claim\":\"c\"}", "\"owner\":\"example.com/ledger/boss-3+");
	kit_accept(kit, "maker", DECIDE);
	rules_rotate(kit, "maker", "maker", "maker-2");
	rules_distribute(kit, "i");
	rules_fund(kit, "i", "5.00");
	rules_refuse(kit, RECOURSE_SAME_PERSON, "claim", "maker-2", INSTRUCT);
	kit_reopen(kit, true);
	rules_refuse(kit, RECOURSE_SAME_PERSON, "claim", "boss-3", INSTRUCT);
	rules_refuse(kit, RECOURSE_SAME_PERSON, "claim", "maker-2", INSTRUCT);
	kit_accept(kit, "payer", INSTRUCT);
	audit_twice(kit);
}

/* ---- what was signed before ---- */

static struct recourse_request *prepared(struct kit *kit, const char *key, const char *id, const char *format,
	...) __attribute__((format(printf, 4, 5)));
static struct recourse_request *prepared(
	struct kit *kit, const char *key, const char *id, const char *format, ...)
{
	struct recourse_request *request = NULL;
	char *command = NULL;
	char *params = NULL;
	va_list arguments;
	va_start(arguments, format);
	assert_true(vasprintf(&command, format, arguments) >= 0);
	va_end(arguments);
	assert_true(asprintf(&params, "{\"mode\":\"all\",\"commands\":[%s]}", command) >= 0);
	char *payload = rules_payload(kit, id, params, kit->now + INSTANT_HOUR);
	assert_ok(rules_prepare(kit, key, payload, &request));
	free(payload);
	free(params);
	free(command);
	return request;
}

static void expect_reply(struct kit *kit, struct recourse_request *request, enum recourse_error expected)
{
	struct recourse_bytes reply = {0};
	assert_error(recourse_request_reply(kit->ledger, request, &reply, &kit->refusal), expected);
	recourse_bytes_free(&reply);
	recourse_request_release(request);
}

/* What the old key signed before is refused after: in the same group, and in a later one. */
static void test_signed_before(void **state)
{
	static const uint8_t salts[3][RECOURSE_SALT_SIZE] = {{1}, {2}, {3}};
	struct kit *kit = *state;
	struct recourse_request *group[3];
	struct recourse_request *later;
	char old[256];
	char fresh[256];
	rules_deposit(kit, "M", "10.00", "b-1");
	rules_handle(kit->origin, "maker", old);
	rules_vkey(kit->origin, "maker-2", fresh);
	group[0] = prepared(kit, "maker", "g-1", HOLD, "before");
	group[1] = prepared(kit, "admin", "g-2", ROTATE, old, fresh);
	group[2] = prepared(kit, "maker", "g-3", HOLD, "same");
	later = prepared(kit, "maker", "g-4", HOLD, "later");
	uint64_t entries = rules_entries(kit);
	assert_ok(recourse_ledger_commit(kit->ledger, group, 3, kit->now, salts));
	expect_reply(kit, group[0], RECOURSE_OK);
	expect_reply(kit, group[1], RECOURSE_OK);
	expect_reply(kit, group[2], RECOURSE_KEY_REVOKED);
	assert_ok(recourse_ledger_commit(kit->ledger, &later, 1, kit->now, salts));
	expect_reply(kit, later, RECOURSE_KEY_REVOKED);
	assert_int_equal(rules_entries(kit), entries + 2);
	kit_balance(kit, 2020, "M", "before", "CNY", "1.00");
	kit_balance(kit, 2010, "M", "", "CNY", "9.00");
	audit_twice(kit);
}

/* The same for a revocation, in a later group. */
static void test_signed_before_a_revocation(void **state)
{
	static const uint8_t salts[1][RECOURSE_SALT_SIZE] = {{1}};
	struct kit *kit = *state;
	char handle[256];
	rules_deposit(kit, "M", "10.00", "b-1");
	struct recourse_request *later = prepared(kit, "maker", "g-1", HOLD, "later");
	rules_handle(kit->origin, "maker", handle);
	kit_accept(kit, "admin", "{\"command\":\"key.revoke\",\"key\":\"%s\",\"reason\":\"lost\"}", handle);
	assert_ok(recourse_ledger_commit(kit->ledger, &later, 1, kit->now, salts));
	expect_reply(kit, later, RECOURSE_KEY_REVOKED);
	kit_balance(kit, 2010, "M", "", "CNY", "10.00");
	audit_twice(kit);
}

/* Nor does it say anything in the rest of the request that rotates it. */
static void test_rest_of_the_request(void **state)
{
	struct kit *kit = *state;
	char old[256];
	char fresh[256];
	char params[1200];
	char *reply = NULL;
	rules_deposit(kit, "M", "10.00", "b-1");
	rules_handle(kit->origin, "maker", old);
	rules_vkey(kit->origin, "maker-2", fresh);
	int size =
		snprintf(params, sizeof params, "[" HOLD "," ROTATE "," HOLD "]", "h-1", old, fresh, "h-2");
	assert_true(size > 0 && (size_t)size < sizeof params);
	uint64_t entries = rules_entries(kit);
	assert_error(kit_submit(kit, "maker", params), RECOURSE_KEY_REVOKED);
	assert_int_equal(kit->refusal.command, 2);
	assert_string_equal(kit->refusal.field, "key");
	assert_int_equal(rules_entries(kit), entries);
	/* all was undone, the rotation too */
	snprintf(params, sizeof params, "{\"mode\":\"each\",\"commands\":[" HOLD "," ROTATE "," HOLD "]}",
		"h-1", old, fresh, "h-2");
	assert_ok(kit_request(kit, "maker", "rest", params, &reply));
	assert_non_null(strstr(reply, "\"accepted\":2,"));
	assert_non_null(strstr(reply, "\"error\":113"));
	free(reply);
	kit_balance(kit, 2010, "M", "", "CNY", "9.00");
	audit_twice(kit);
}

/* An answer that got lost is had by the new key: the request is the party's. */
static void test_answer_to_the_new_key(void **state)
{
	struct kit *kit = *state;
	char params[600];
	char *first = NULL;
	char *again = NULL;
	rules_deposit(kit, "M", "10.00", "b-1");
	snprintf(params, sizeof params, "{\"mode\":\"all\",\"commands\":[" HOLD "]}", "h");
	assert_ok(kit_request(kit, "maker", "lost", params, &first));
	rules_rotate(kit, "maker", "maker", "maker-2");
	assert_error(kit_request(kit, "maker", "lost", params, NULL), RECOURSE_KEY_REVOKED);
	assert_ok(kit_request(kit, "maker-2", "lost", params, &again));
	assert_string_equal(first, again);
	free(first);
	free(again);
	kit_balance(kit, 2010, "M", "", "CNY", "9.00");
}

/* The service's own key is another's place to take in three steps, and clocks strike all the while. */
static void test_system_key(void **state)
{
	struct kit *kit = *state;
	struct crypto_hash seed;
	char text[KEY_TEXT_SIZE];
	char handle[256];
	rules_deposit(kit, "M", "10.00", "b-1");
	kit_key(kit, "system-2", "P", "[\"system\"]");
	kit_accept(kit, "maker",
		"{\"command\":\"deposit.hold\",\"hold\":\"h\",\"merchant\":\"M\",\"amount\":\"1.00\","
		"\"unit\":\"CNY\",\"reason\":\"r\",\"expires\":\"2016-05-05T00:00:00Z\"}");
	crypto_sha256(slice_text("system-2"), &seed);
	key_format_secret(slice_text("example.com/ledger/system-2"), seed.bytes, text);
	support_directory_path(&kit->directory, "system-2-key", kit->system_key);
	FILE *file = fopen(kit->system_key, "w");
	assert_non_null(file);
	fprintf(file, "%s\n", text);
	fclose(file);
	assert_int_equal(chmod(kit->system_key, 0600), 0);
	kit_reopen(kit, false);
	rules_handle(kit->origin, "system", handle);
	kit_accept(kit, "admin", "{\"command\":\"key.revoke\",\"key\":\"%s\",\"reason\":\"old\"}", handle);
	assert_int_equal(kit_wait(kit, 86400), 1);
	char *entry = rules_describe(kit, kit->last_entry + 1);
	assert_non_null(strstr(entry, "\"key\":\"example.com/ledger/system-2+"));
	free(entry);
	kit_audit(kit);
}

/* ---- broken by hand: the audit sees it ---- */

static void doctor(struct kit *kit, const char *name, size_t member, uint32_t value, const char *text)
{
	struct state_view *view = state_writer(kit->ledger->state);
	char handle[256];
	struct record_key key;
	rules_handle(kit->origin, name, handle);
	struct record_path path = record_path_of_text(RECORD_KEY, slice_text(handle));
	assert_ok(record_get(view, &path, &key, sizeof key));
	memcpy((char *)&key + member, &value, sizeof value);
	assert_ok(record_put(view, &path, &key, sizeof key));
	rules_invariants(kit, text);
	rules_invariants(kit, NULL);
}

static void test_doctored(void **state)
{
	struct kit *kit = *state;
	rules_settled(kit, "i", "5.00");
	rules_rotate(kit, "maker", "maker", "maker-2");
	rules_rotate(kit, "maker-2", "maker-2", "maker-3");
	rules_invariants(kit, NULL);
#define MEMBER(name) offsetof(struct record_key, name)
	doctor(kit, "maker-2", MEMBER(roles), RECOURSE_ROLE_APPROVER, "H1: a key that was rotated");
	doctor(kit, "maker-2", MEMBER(party), 2, "H1: a key that was rotated");
	doctor(kit, "maker-2", MEMBER(revoked), 0, "H1: a key that was rotated");
	doctor(kit, "maker-2", MEMBER(rotated_to), 0, "H1: a person has two keys");
	doctor(kit, "maker-3", MEMBER(person), 1, "H1: a");
	doctor(kit, "maker", MEMBER(current), 1, "H1: a person has two keys");
#undef MEMBER
	/* a claim whose filer becomes its decider */
	struct record_path path = record_path_of_text(RECORD_CLAIM, slice_text("i-1"));
	struct state_view *view = state_writer(kit->ledger->state);
	struct record_claim claim;
	assert_ok(record_get(view, &path, &claim, sizeof claim));
	claim.filer = claim.decider;
	assert_ok(record_put(view, &path, &claim, sizeof claim));
	rules_invariants(kit, "H1: one person took in, decided or paid");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		RULES_TEST(test_refused),
		RULES_TEST(test_takes_the_place),
		RULES_TEST(test_whose),
		RULES_TEST(test_claims),
		RULES_TEST(test_signed_before),
		RULES_TEST(test_signed_before_a_revocation),
		RULES_TEST(test_rest_of_the_request),
		RULES_TEST(test_answer_to_the_new_key),
		RULES_TEST(test_system_key),
		RULES_TEST(test_doctored),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
