/* SPDX-License-Identifier: Apache-2.0 */
#include "twins.h"

#include <stdio.h>
#include <string.h>

/*
 * I3: what a guesser and a forger do not learn. Strangers are cases (decide/stranger.case); merchants are asked at random
 * in confidential_test.c.
 */

/* ---- what is public: hashes over salts ---- */

static void deposit(struct kit *kit, const char *line, int salt)
{
	struct twins_answer answer;
	char params[300];
	snprintf(params, sizeof params,
		"{\"mode\":\"all\",\"commands\":[{\"command\":\"deposit.receive\",\"merchant\":\"N\","
		"\"amount\":\"1.00\",\"unit\":\"CNY\",\"bank_reference\":\"%s\"}]}",
		line);
	twins_call(kit, "bank", "submit", line, params, salt, &answer);
	assert_ok(answer.error);
	recourse_bytes_free(&answer.bytes);
}

/* The proof that the tree grew by the last entry has the hash of that entry. */
static bool same_growth(struct kit *const kits[static 2])
{
	struct twins_answer answers[2];
	char params[60];
	snprintf(params, sizeof params, "{\"old\":%llu,\"size\":%llu}",
		(unsigned long long)kit_entries(kits[0]) - 1, (unsigned long long)kit_entries(kits[0]));
	for (size_t side = 0; side < 2; side++) {
		twins_public(kits[side], "log.proof.consistency", params, &answers[side]);
		assert_ok(answers[side].error);
	}
	bool equal = twins_same("log.proof.consistency", answers);
	recourse_bytes_free(&answers[0].bytes);
	recourse_bytes_free(&answers[1].bytes);
	return equal;
}

/*
 * Whoever guesses an entry of another's to the last byte can not tell from hashes that he guessed right: the same
 * entry at the same place with another salt of the request has another hash, and the salt is told to nobody else.
 */
static void test_hashes(void **state)
{
	void *other = NULL;
	assert_int_equal(kit_setup(&other), 0);
	struct kit *kits[2] = {*state, other};
	for (size_t side = 0; side < 2; side++)
		deposit(kits[side], "n-1", 5);
	assert_true(same_growth(kits));
	for (size_t side = 0; side < 2; side++)
		deposit(kits[side], "n-2", 6 + (int)side);
	assert_int_equal(kit_entries(kits[0]), kit_entries(kits[1]));
	assert_false(same_growth(kits));
	kit_teardown(&other);
}

/* Who signs with a key of his own under another's handle does not learn whether that one is registered, or was. */
static void test_keys(void **state)
{
	struct kit *kit = *state;
	static const char *const names[] = {"merchant", "nobody", "agent"};
	struct recourse_refusal refusals[3];
	char handles[3][256];
	uint8_t signature[64] = {1};
	for (size_t index = 0; index < 3; index++) {
		kit_vkey(kit->origin, names[index], handles[index]);
		*strchr(strchr(handles[index], '+') + 1, '+') = '\0';
	}
	kit_play(kit, "admin key.revoke key=@agent reason=r");
	for (size_t index = 0; index < 3; index++) {
		struct recourse_request *request = NULL;
		struct recourse_signed call = {
			.key = slice_text(handles[index]),
			.payload = slice_text("{}"),
			.signature = slice_of(signature, sizeof signature),
		};
		assert_error(
			recourse_request_prepare(kit->ledger, &call, kit->now, &request, &refusals[index]),
			RECOURSE_KEY_UNKNOWN);
		assert_memory_equal(&refusals[0], &refusals[index], sizeof refusals[0]);
	}
	/* its holder is told */
	assert_error(kit_query(kit, "agent", "report.exits", "{}", NULL), RECOURSE_KEY_REVOKED);
	assert_error(kit_query(kit, "nobody", "report.exits", "{}", NULL), RECOURSE_KEY_UNKNOWN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		KIT_TEST(test_hashes),
		KIT_TEST(test_keys),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
