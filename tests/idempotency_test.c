/* SPDX-License-Identifier: Apache-2.0 */
#include "kit.h"

#include "base/instant.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

/* Of three in one group two are answered, and the last one has other content; the replies are the caller's. */
static void send_three(struct kit *kit, const char *const contents[static 3], char *replies[static 3])
{
	enum recourse_error errors[3];
	uint64_t entries = kit_entries(kit);
	send_group(kit, "bank", "id-1", contents, 3, errors, replies);
	assert_ok(errors[0]);
	assert_ok(errors[1]);
	assert_error(errors[2], RECOURSE_REQUEST_CONFLICT);
	assert_int_equal(kit_entries(kit), entries + 1);
	kit_play(kit, "= 2010 M 10.00");
	kit_audit(kit);
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
	send_three(kit, contents, replies);
	assert_string_equal(replies[0], replies[1]);
	free(replies[0]);
	free(replies[1]);
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

/* ---- dry runs ---- */

#define PARAMS(mode, detail, commands)                                                                       \
	"{\"mode\":\"" mode "\",\"detail\":\"" detail "\",\"commands\":[" commands "]}"
#define NO_UNIT                                                                                              \
	"{\"command\":\"deposit.receive\",\"merchant\":\"M\",\"amount\":\"1.00\",\"unit\":\"XXX\","          \
	"\"bank_reference\":\"b-9\"}"
#define BOTH(mode, commands)                                                                                 \
	{                                                                                                    \
		PARAMS(mode, "dry-run", commands), PARAMS(mode, "brief", commands)                           \
	}

static void digest_file(const struct kit *kit, const char *name, struct crypto_hash *hash)
{
	char path[SUPPORT_PATH_MAX];
	SCOPED(buffer_free) struct buffer bytes = {0};
	uint8_t piece[4096];
	support_directory_path(&kit->directory, name, path);
	FILE *file = fopen(path, "rb");
	assert_non_null(file);
	for (size_t size; (size = fread(piece, 1, sizeof piece, file)) > 0;)
		buffer_append(&bytes, piece, size);
	assert_int_equal(fclose(file), 0);
	crypto_sha256_labelled(slice_text(""), buffer_slice(&bytes), hash);
}

static void digest_files(const struct kit *kit, struct crypto_hash hashes[static 2])
{
	digest_file(kit, "log/data.mdb", &hashes[0]);
	digest_file(kit, "state/data.mdb", &hashes[1]);
}

/* The members that are in both replies, from the refusals on. */
static const char *results_of(const char *reply)
{
	return reply == NULL ? "" : strstr(reply, "\"results\"");
}

/* What is told is what then comes, and until then not a byte was written. */
static void assert_foretold(struct kit *kit, const char *key, const char *dry, const char *real)
{
	struct crypto_hash before[2];
	struct crypto_hash after[2];
	SCOPED(support_free) char *told = NULL;
	SCOPED(support_free) char *came = NULL;
	kit->refusal = (struct recourse_refusal){0};
	digest_files(kit, before);
	enum recourse_error foretold = kit_request(kit, key, "id-1", dry, &told);
	struct recourse_refusal refusal = kit->refusal;
	digest_files(kit, after);
	assert_memory_equal(before, after, sizeof before);
	kit->refusal = (struct recourse_refusal){0};
	enum recourse_error error = kit_request(kit, key, "id-1", real, &came);
	assert_int_equal(foretold, error);
	assert_memory_equal(&refusal, &kit->refusal, sizeof refusal);
	if (error == RECOURSE_OK)
		assert_string_equal(results_of(told), results_of(came));
}

static void test_dry_run(void **state)
{
	struct kit *kit = *state;
	static const char *const each[][2] = {
		BOTH("all", DEPOSIT("10.00", "b-1")),
		BOTH("all", DEPOSIT("10.00", "b-1") "," NO_UNIT),
		BOTH("each", DEPOSIT("10.00", "b-1") "," NO_UNIT "," DEPOSIT("10.00", "b-1")),
		BOTH("each", NO_UNIT),
	};
	for (size_t key = 0; key < 2; key++) {
		for (size_t index = 0; index < sizeof each / sizeof each[0]; index++) {
			kit_teardown(state);
			kit_setup(state);
			kit = *state;
			assert_foretold(kit, key == 0 ? "bank" : "maker", each[index][0], each[index][1]);
			kit_audit(kit);
		}
	}
}

/* Beside others in a group: they find nothing of it, and it finds what is decided before it. */
static void test_dry_run_in_a_group(void **state)
{
	struct kit *kit = *state;
	static const char *const contents[] = {
		PARAMS("all", "dry-run", DEPOSIT("10.00", "b-1")),
		ALL(DEPOSIT("10.00", "b-1")),
		PARAMS("all", "dry-run", DEPOSIT("10.00", "b-1")),
	};
	char *replies[3] = {NULL};
	send_three(kit, contents, replies);
	free(replies[0]);
	free(replies[1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		KIT_TEST(test_content),
		KIT_TEST(test_expired),
		KIT_TEST(test_copies_in_one_group),
		KIT_TEST(test_id_is_checked),
		KIT_TEST(test_dry_run),
		KIT_TEST(test_dry_run_in_a_group),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
