/* SPDX-License-Identifier: Apache-2.0 */
#include "kit.h"

#include "base/instant.h"
#include "books/record.h"
#include "ledger.h"

#include <stdio.h>
#include <stdlib.h>

/*
 * Quota (H1): what a key, and all keys of a party, have stored in a day is bounded. What exceeds it is BUSY, is no entry and
 * no record; what was taken before is answered still.
 */
enum { MIB = 1024 * 1024, REQUEST = 100 };

static struct record_stored stored_of(const struct kit *kit, uint32_t party, uint32_t key)
{
	struct record_path path = record_path_of_short(RECORD_STORED, party);
	struct record_stored stored;
	record_path_short(&path, key);
	assert_ok(record_get(state_writer(kit->ledger->state), &path, &stored, sizeof stored));
	return stored;
}

/* A request of a hundred holds. */
static enum recourse_error hold_many(struct kit *kit, const char *key, const char *first)
{
	SCOPED(buffer_free) struct buffer words = {0};
	for (int hold = 0; hold < REQUEST; hold++)
		buffer_append_format(&words,
			"%s{\"command\":\"deposit.hold\",\"hold\":\"%s-%d\",\"merchant\":\"M\",\"amount\":"
			"\"0.01\","
			"\"unit\":\"CNY\",\"reason\":\"r\"}",
			hold == 0 ? "[" : ",", first, hold);
	buffer_append(&words, "]", 2);
	return kit_submit(kit, key, (const char *)words.data);
}

static enum recourse_error hold_until_busy(struct kit *kit, const char *key)
{
	enum recourse_error error = RECOURSE_OK;
	for (int request = 0; error == RECOURSE_OK && request < 100; request++) {
		char first[32];
		snprintf(first, sizeof first, "%s-%d-%llu", key, request, (unsigned long long)kit->now);
		error = hold_many(kit, key, first);
	}
	return error;
}

static void test_day_of_a_key(void **state)
{
	struct kit *kit = *state;
	struct record_key maker;
	char handle[KEY_HANDLE_SIZE + 1];
	kit_play(kit, "deposit M 1000.00 b-1\n"
		      "admin control.publish version=1 limits=[] quota_key_mib=1 quota_party_mib=3");
	kit_handle("example.com/ledger", "maker", handle);
	struct record_path path = record_path_of_text(RECORD_KEY, slice_text(handle));
	assert_ok(record_get(state_writer(kit->ledger->state), &path, &maker, sizeof maker));

	assert_error(hold_until_busy(kit, "maker"), RECOURSE_BUSY);
	struct record_stored stored = stored_of(kit, maker.party, maker.number);
	assert_int_equal(stored.day, kit->now / INSTANT_DAY);
	assert_true(stored.bytes >= MIB && stored.bytes < MIB + REQUEST * 1024);
	uint64_t entries = kit_entries(kit);
	uint64_t requests = kit->ledger->head.requests;
	assert_error(hold_many(kit, "maker", "more"), RECOURSE_BUSY);
	assert_int_equal(kit_entries(kit), entries);
	assert_int_equal(kit->ledger->head.requests, requests);
	kit_play(kit,
		"? auditor report.stored : stored#=5 stored[0].quota_bytes=3145728 absent stored[0].key");
	/* another key goes on, until all of the party's are too many; who can publish a quota is let in, and who is else */
	assert_error(hold_until_busy(kit, "payer"), RECOURSE_BUSY);
	assert_error(hold_until_busy(kit, "boss"), RECOURSE_BUSY);
	assert_true(stored_of(kit, maker.party, 0).bytes >= (uint64_t)3 * MIB);
	assert_error(hold_many(kit, "agent", "more"), RECOURSE_BUSY);
	kit_play(kit, "deposit M 1.00 b-2\nadmin control.publish version=2 limits=[] quota_key_mib=2 "
		      "quota_party_mib=4");
	assert_ok(hold_many(kit, "maker", "raised"));
	/* tomorrow is another day */
	kit_play(kit, "admin control.publish version=3 limits=[] quota_key_mib=1 quota_party_mib=1");
	assert_error(hold_many(kit, "maker", "more"), RECOURSE_BUSY);
	kit_play(kit, "wait 1 day");
	assert_ok(hold_many(kit, "maker", "tomorrow"));
	kit_audit(kit);
}

/* What was taken is answered for ever (H5), also by a key that has no more room today. */
static void test_repetition(void **state)
{
	struct kit *kit = *state;
	char *reply;
	char *again;
	kit_play(kit, "deposit M 1000.00 b-1\nadmin control.publish version=1 limits=[] quota_key_mib=1");
	char *payload = kit_payload(kit, "first",
		"{\"mode\":\"all\",\"commands\":[{\"command\":\"deposit.hold\",\"hold\":\"h\",\"merchant\":"
		"\"M\","
		"\"amount\":\"0.01\",\"unit\":\"CNY\",\"reason\":\"r\"}]}",
		kit->now + INSTANT_HOUR);
	assert_ok(kit_send(kit, "maker", payload, &reply));
	assert_error(hold_until_busy(kit, "maker"), RECOURSE_BUSY);
	assert_ok(kit_send(kit, "maker", payload, &again));
	assert_string_equal(reply, again);
	free(payload);
	free(reply);
	free(again);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		KIT_TEST(test_day_of_a_key),
		KIT_TEST(test_repetition),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
