/* SPDX-License-Identifier: Apache-2.0 */
#include "forge.h"

#include "audit_both.h"
#include "base/instant.h"

#include <string.h>

/*
 * What the service answered by refusing, and what has no entry, is changed afterwards: that leaves a log in perfect
 * order.
 */
#define PARTY_Q "party.register party=Q kinds=merchant"

/* ---- requests that were refused ---- */

static size_t find_refused(const struct forge *forge, size_t after, struct submission *submission)
{
	for (size_t index = after; index < forge->request_count; index++) {
		assert_ok(submission_decode(forge->requests[index], submission));
		if (submission->accepted == 0)
			return index;
	}
	fail();
	return 0;
}

/* As the forger's tools do it, who knows how records are linked: the salts of what follows give him away. */
static void test_refused_request_removed(void **state)
{
	struct forge *forge = *state;
	struct submission submission;
	forge_remove_request(forge, find_refused(forge, 0, &submission));
	forge_expect(forge, submission.first_entry, NOT_WHAT_FOLLOWS);
}

static void test_refused_request_removed_and_not_linked(void **state)
{
	struct forge *forge = *state;
	struct submission submission;
	forge_remove_request(forge, find_refused(forge, 0, &submission));
	forge->rechain = false;
	forge_expect(forge, submission.first_entry, "does not follow the request before it");
}

static void test_refused_requests_swapped(void **state)
{
	struct forge *forge = *state;
	struct submission first;
	struct submission second;
	size_t index = find_refused(forge, 0, &first);
	size_t next = find_refused(forge, index + 1, &second);
	uint64_t time = first.time;
	uint64_t received = first.received;
	assert_int_equal(next, index + 1);
	first.received = second.received;
	second.received = received;
	first.time = second.time;
	second.time = time;
	forge_replace_request(forge, index, &first);
	forge_replace_request(forge, next, &second);
	slice bytes = forge->requests[index];
	forge->requests[index] = forge->requests[next];
	forge->requests[next] = bytes;
	forge_expect(forge, first.first_entry, NOT_WHAT_FOLLOWS);
}

static void test_refused_request_dated_back(void **state)
{
	struct forge *forge = *state;
	struct submission submission;
	size_t index = find_refused(forge, 0, &submission);
	submission.time--;
	submission.received--;
	forge_replace_request(forge, index, &submission);
	forge_expect(forge, submission.first_entry, NOT_WHAT_FOLLOWS);
}

static void test_refused_request_of_another_salt(void **state)
{
	static const uint8_t salt[RECOURSE_SALT_SIZE] = {1, 2, 3};
	struct forge *forge = *state;
	struct submission submission;
	size_t index = find_refused(forge, 0, &submission);
	submission.salt = slice_of(salt, sizeof salt);
	forge_replace_request(forge, index, &submission);
	forge_expect(forge, submission.first_entry, NOT_WHAT_FOLLOWS);
}

static void test_refusal_hushed_up(void **state)
{
	static const uint8_t none[] = {0x80};
	struct forge *forge = *state;
	struct submission submission;
	size_t index = find_refused(forge, 0, &submission);
	submission.refusals = slice_of(none, sizeof none);
	forge_replace_request(forge, index, &submission);
	forge_expect(forge, submission.first_entry, "command 0 should have been refused: NOT_FOUND claim");
}

/* Something else in its place, signed by its maker: refused as well, so that nothing else would show. */
static void test_refused_request_replaced(void **state)
{
	struct forge *forge = *state;
	struct submission submission;
	char handle[KEY_HANDLE_SIZE + 1];
	uint8_t signature[CRYPTO_SIGNATURE_SIZE];
	size_t index = find_refused(forge, 0, &submission);
	SCOPED(support_free)
	char *payload = kit_words(forge->kit, "innocent",
		"claim.decide claim=nobody-3 outcome=reject reason=not-the-holder", submission.time + INSTANT_HOUR);
	forge_sign(forge, "maker", slice_text(payload), &submission, handle, signature);
	forge_replace_request(forge, index, &submission);
	forge_expect(forge, submission.first_entry, NOT_WHAT_FOLLOWS);
}

/* Signed with a far expiry, to be dated as it suits: the service refuses it, and so does the audit. */
static void test_signed_long_before(void **state)
{
	struct forge *forge = *state;
	struct submission submission = {0};
	char handle[KEY_HANDLE_SIZE + 1];
	uint8_t signature[CRYPTO_SIGNATURE_SIZE];
	uint8_t salt[RECOURSE_SALT_SIZE] = {0};
	uint64_t time = forge->head.time + 1;
	SCOPED(support_free) char *payload = kit_words(forge->kit, "kept", PARTY_Q, time + 25 * INSTANT_HOUR);
	submission.time = time;
	submission.received = time;
	submission.salt = slice_of(salt, sizeof salt);
	submission.refusals = slice_of((const uint8_t *)"\x80", 1);
	forge_sign(forge, "admin", slice_text(payload), &submission, handle, signature);
	forge_add_request(forge, &submission);
	forge_expect(forge, forge->entry_count, "FIELD_LIMIT");
}

/* The clock of the service put back behind what it let in. */
static void test_clock_put_back_by_two_days(void **state)
{
	struct kit *kit = *state;
	struct recourse_request *request = NULL;
	struct recourse_bytes result = {0};
	const uint8_t salts[1][RECOURSE_SALT_SIZE] = {{1}};
	uint64_t now = kit->now;
	kit->now += 2 * INSTANT_DAY;
	SCOPED(support_free) char *payload = kit_words(kit, "late", PARTY_Q, kit->now + INSTANT_HOUR);
	assert_ok(kit_prepare(kit, "admin", payload, &request));
	assert_ok(recourse_ledger_commit(kit->ledger, &request, 1, now, salts));
	assert_error(
		recourse_request_reply(kit->ledger, request, &result, &kit->refusal), RECOURSE_FIELD_LIMIT);
	assert_string_equal(kit->refusal.field, "expires");
	recourse_request_release(request);
	kit->now += INSTANT_SECOND;
	/* nothing is recorded, so the same bytes are accepted when the clock is right again */
	SCOPED(support_free) char *reply = NULL;
	assert_ok(kit_send(kit, "admin", payload, &reply));
	kit_audit(kit);
}

/* A clock that stands back lets in what had expired: allowed, since clocks are wrong at times, and counted. */
static void test_clock_that_stands_back_is_counted(void **state)
{
	struct kit *kit = *state;
	struct recourse_audit_options options = {.directory = kit->directory.path};
	struct recourse_audit report;
	SCOPED(support_free) char *expired = kit_words(kit, "kept", PARTY_Q, kit->now + INSTANT_HOUR);
	uint64_t signed_at = kit->now;
	kit->now += 30 * INSTANT_DAY;
	kit_play(kit, "admin party.register party=R kinds=merchant");
	assert_error(kit_send(kit, "admin", expired, NULL), RECOURSE_REQUEST_EXPIRED);
	kit->now = signed_at;
	assert_ok(kit_send(kit, "admin", expired, NULL));
	kit_close(kit);
	assert_ok(audit_both(&options, &report));
	assert_int_equal(report.behind, 1);
	assert_true(report.most_behind > 29 * INSTANT_DAY && report.most_behind < 31 * INSTANT_DAY);
	assert_true(report.test);
}

static void test_received_changed(void **state)
{
	struct forge *forge = *state;
	struct submission submission;
	size_t index = find_refused(forge, 1, &submission);
	submission.received--;
	forge_replace_request(forge, index, &submission);
	forge_expect(forge, submission.first_entry, "does not follow from when it was received");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FORGE_TEST(test_refused_request_removed),
		FORGE_TEST(test_refused_request_removed_and_not_linked),
		FORGE_TEST(test_refused_requests_swapped),
		FORGE_TEST(test_refused_request_dated_back),
		FORGE_TEST(test_refused_request_of_another_salt),
		FORGE_TEST(test_refusal_hushed_up),
		FORGE_TEST(test_refused_request_replaced),
		FORGE_TEST(test_signed_long_before),
		KIT_TEST(test_clock_put_back_by_two_days),
		KIT_TEST(test_clock_that_stands_back_is_counted),
		FORGE_TEST(test_received_changed),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
