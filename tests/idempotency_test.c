/* SPDX-License-Identifier: Apache-2.0 */
#include "kit.h"

#include "base/instant.h"

#include <stdlib.h>

/* H5: what of a request id is bytes, an expiry or one group; the rest is cases (decide/idempotency.case). */
#define DEPOSIT(amount, line)                                                                                \
	"{\"command\":\"deposit.receive\",\"merchant\":\"M\",\"amount\":\"" amount                           \
	"\",\"unit\":\"CNY\",\"bank_reference\":\"" line "\"}"
#define ALL(commands) "{\"mode\":\"all\",\"commands\":[" commands "]}"

/* The order of members and white space are not content; how much is answered is. */
static void test_content(void **state)
{
	struct kit *kit = *state;
	static const char reordered[] =
		"{ \"commands\": [{\"unit\":\"CNY\",\"bank_reference\":\"b-1\",\"amount\":\"10.00\","
		"\"merchant\":\"M\",\"command\":\"deposit.receive\"}], \"mode\":\"all\"}";
	static const char brief[] =
		"{\"mode\":\"all\",\"detail\":\"brief\",\"commands\":[" DEPOSIT("10.00", "b-1") "]}";
	SCOPED(support_free) char *first = NULL;
	SCOPED(support_free) char *again = NULL;
	assert_ok(kit_request(kit, "bank", "id-1", ALL(DEPOSIT("10.00", "b-1")), &first));
	uint64_t entries = kit_entries(kit);
	assert_ok(kit_request(kit, "bank", "id-1", reordered, &again));
	assert_string_equal(first, again);
	assert_error(kit_request(kit, "bank", "id-1", brief, NULL), RECOURSE_REQUEST_CONFLICT);
	assert_string_equal(kit->refusal.field, "request");
	assert_int_equal(entries, kit_entries(kit));
	kit_play(kit, "= 2010 M 10.00");
}

/* The kit's requests live for a minute: a submit that is new and late is refused, and its id stays free. */
static void test_expired(void **state)
{
	struct kit *kit = *state;
	static const char params[] = ALL(DEPOSIT("10.00", "b-1"));
	uint64_t entries = kit_entries(kit);
	SCOPED(support_free) char *late = kit_payload(kit, "id-1", params, kit->now - INSTANT_SECOND);
	assert_error(kit_send(kit, "bank", late, NULL), RECOURSE_REQUEST_EXPIRED);
	assert_string_equal(kit->refusal.field, "expires");
	assert_int_equal(entries, kit_entries(kit));

	/* signed again under the same id it is done; and what was late is then a repetition, answered for ever */
	SCOPED(support_free) char *first = NULL;
	SCOPED(support_free) char *again = NULL;
	SCOPED(support_free) char *in_time = kit_payload(kit, "id-1", params, kit->now + INSTANT_HOUR);
	assert_ok(kit_send(kit, "bank", in_time, &first));
	kit->now += 48 * INSTANT_HOUR;
	assert_ok(kit_send(kit, "bank", in_time, &again));
	assert_string_equal(first, again);

	SCOPED(support_free)
	char *ahead = kit_payload(kit, "id-2", params,
		kit->now + (RECOURSE_LIFETIME_MAX_HOURS * INSTANT_HOUR) + 10 * INSTANT_SECOND);
	assert_error(kit_send(kit, "bank", ahead, NULL), RECOURSE_FIELD_LIMIT);
	assert_string_equal(kit->refusal.field, "expires");
	kit_play(kit, "= 2010 M 10.00");
}

/* Submits of that id, committed together as one group; replies as JSON where there is no error. */
static void send_group(struct kit *kit, const char *key, const char *id, const char *const *params,
	size_t count, enum recourse_error *errors, char **replies)
{
	enum { GROUP_MAX = 8 };
	static const uint8_t salts[GROUP_MAX][RECOURSE_SALT_SIZE] = {{1}, {2}, {3}, {4}};
	struct recourse_request *requests[GROUP_MAX] = {NULL};
	assert_true(count <= GROUP_MAX);
	for (size_t index = 0; index < count; index++) {
		SCOPED(support_free)
		char *payload = kit_payload(kit, id, params[index], kit->now + INSTANT_HOUR);
		assert_ok(kit_prepare(kit, key, payload, &requests[index]));
	}
	assert_ok(recourse_ledger_commit(kit->ledger, requests, count, kit->now, salts));
	for (size_t index = 0; index < count; index++) {
		errors[index] = kit_reply(kit, requests[index], &replies[index]);
		recourse_request_release(requests[index]);
	}
}

/* The network sends twice: both copies, and one of other content, meet in one group commit. */
static void test_copies_in_one_group(void **state)
{
	struct kit *kit = *state;
	static const char *const contents[] = {
		ALL(DEPOSIT("10.00", "b-1")),
		ALL(DEPOSIT("10.00", "b-1")),
		ALL(DEPOSIT("11.00", "b-2")),
	};
	char *replies[3] = {NULL};
	enum recourse_error errors[3];
	uint64_t entries = kit_entries(kit);
	send_group(kit, "bank", "id-1", contents, 3, errors, replies);
	assert_ok(errors[0]);
	assert_ok(errors[1]);
	assert_string_equal(replies[0], replies[1]);
	assert_error(errors[2], RECOURSE_REQUEST_CONFLICT);
	assert_int_equal(kit_entries(kit), entries + 1);
	kit_play(kit, "= 2010 M 10.00");
	free(replies[0]);
	free(replies[1]);
	kit_audit(kit);
}

/* An id is an id: other bytes can not take one. */
static void test_id_is_checked(void **state)
{
	struct kit *kit = *state;
	static const char params[] = ALL(DEPOSIT("10.00", "b-1"));
	assert_error(kit_request(kit, "bank", "", params, NULL), RECOURSE_FIELD_FORMAT);
	assert_error(kit_request(kit, "bank", "two words", params, NULL), RECOURSE_FIELD_FORMAT);
	assert_error(
		kit_request(kit, "bank", "12345678901234567890123456789012345678901234567890123456789012345",
			params, NULL),
		RECOURSE_FIELD_FORMAT);
	assert_string_equal(kit->refusal.field, "request");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		KIT_TEST(test_content),
		KIT_TEST(test_expired),
		KIT_TEST(test_copies_in_one_group),
		KIT_TEST(test_id_is_checked),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
