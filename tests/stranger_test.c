/* SPDX-License-Identifier: Apache-2.0 */
#include "twins.h"

#include "base/slice.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

/* I3: what a stranger, a guesser and a forger do not learn. Merchants are asked at random in confidential_test.c. */

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

/* ---- others than merchants ---- */

struct pair {
	const char *key;
	const char *method; /* NULL: a command */
	const char *others;
	const char *nobodys;
};

static struct recourse_refusal refusal_of(
	struct kit *kit, const char *key, const char *method, const char *params)
{
	struct twins_answer answer;
	char submit[600];
	char id[20];
	snprintf(id, sizeof id, "p-%llu", (unsigned long long)++kit->requests);
	snprintf(submit, sizeof submit, "{\"mode\":\"all\",\"commands\":[%s]}", params);
	twins_call(kit, key, method == NULL ? "submit" : method, id, method == NULL ? submit : params, 1,
		&answer);
	if (answer.error == RECOURSE_OK)
		print_message("%s %s is answered\n", key, params);
	assert_true(answer.error != RECOURSE_OK);
	return answer.refusal;
}

#define ON(command, member, id, more) "{\"command\":\"" command "\",\"" member "\":\"" id "\"" more "}"
#define LINE                          ",\"bank_reference\":\"l\""

/* A custodian, a funder and a merchant who have no part in it: another's and nobody's are the same refusal. */
static void test_strangers(void **state)
{
	static const struct pair pairs[] = {
		{"teller", NULL, ON("payout.settle", "claim", "i-1", ""),
			ON("payout.settle", "claim", "x", "")},
		{"teller", NULL, ON("payout.return", "claim", "i-1", ",\"reason\":\"AC04\""),
			ON("payout.return", "claim", "x", ",\"reason\":\"AC04\"")},
		{"teller", NULL, ON("funding.receive", "incident", "i", ",\"amount\":\"1.00\"" LINE),
			ON("funding.receive", "incident", "x", ",\"amount\":\"1.00\"" LINE)},
		{"teller", NULL,
			ON("recovery.receive", "incident", "i",
				",\"recovery\":\"r\",\"payer\":\"Y\",\"amount\":\"1.00\"" LINE),
			ON("recovery.receive", "incident", "x",
				",\"recovery\":\"r\",\"payer\":\"Y\",\"amount\":\"1.00\"" LINE)},
		{"teller", NULL, ON("recovery.remit", "incident", "i", LINE),
			ON("recovery.remit", "incident", "x", LINE)},
		{"teller", NULL, ON("surplus.pay", "incident", "i", ",\"beneficiary\":\"Y\"" LINE),
			ON("surplus.pay", "incident", "x", ",\"beneficiary\":\"Y\"" LINE)},
		{"teller", NULL, ON("exit.refund", "exit", "e", LINE), ON("exit.refund", "exit", "x", LINE)},
		{"teller", "report.custody", "{\"custodian\":\"bank\"}", "{\"custodian\":\"x\"}"},
		{"teller", "merchant.brief", "{\"merchant\":\"N\"}", "{\"merchant\":\"x\"}"},
		{"teller", "party.get", "{\"party\":\"bank\"}", "{\"party\":\"x\"}"},
		{"funder", "account.balance",
			"{\"code\":1100,\"party\":\"P\",\"reference\":\"i\",\"unit\":\"CNY\"}",
			"{\"code\":1100,\"party\":\"x\",\"reference\":\"i\",\"unit\":\"CNY\"}"},
		{"funder", "entry.get", "{\"entry\":20}", "{\"entry\":1000000}"},
		{"funder", "report.exits", "{\"from\":\"e\"}", "{\"from\":\"x\"}"},
		{"funder", "report.exits", "{\"merchant\":\"N\"}", "{\"merchant\":\"x\"}"},
		{"funder", NULL,
			ON("exit.request", "exit", "e",
				",\"merchant\":\"N\",\"unit\":\"CNY\",\"policy\":"
				"\"fuel-card\",\"version\":1"),
			ON("exit.request", "exit", "x",
				",\"merchant\":\"x\",\"unit\":\"CNY\",\"policy\":"
				"\"none\",\"version\":1")},
		{"merchant", NULL,
			ON("exit.request", "exit", "e",
				",\"merchant\":\"M\",\"unit\":\"CNY\",\"policy\":"
				"\"fuel-card\",\"version\":1"),
			ON("exit.request", "exit", "x",
				",\"merchant\":\"M\",\"unit\":\"CNY\",\"policy\":"
				"\"none\",\"version\":1")},
		{"merchant", "report.exits", "{\"from\":\"e\"}", "{\"from\":\"x\"}"},
		{"merchant", "merchant.brief", "{\"merchant\":\"N\"}", "{\"merchant\":\"x\"}"},
	};
	struct kit *kit = *state;
	kit_play(kit, "admin party.register party=F kinds=funder\n"
		      "key funder F funder\n"
		      "settled i 10.00\n"
		      "deposit N 5.00 n-1\n"
		      "maker exit.request exit=e merchant=N unit=CNY policy=fuel-card version=1");
	for (size_t row = 0; row < sizeof pairs / sizeof pairs[0]; row++) {
		const struct pair *pair = &pairs[row];
		struct recourse_refusal others = refusal_of(kit, pair->key, pair->method, pair->others);
		struct recourse_refusal nobodys = refusal_of(kit, pair->key, pair->method, pair->nobodys);
		if (memcmp(&others, &nobodys, sizeof others) != 0)
			print_message("%s: %s is told from %s\n", pair->key, pair->others, pair->nobodys);
		assert_memory_equal(&others, &nobodys, sizeof others);
	}
	kit_audit(kit);
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

/* Whether a key is in use is for those who read all: a merchant can not even ask, by rotating its own to it. */
static void test_rotation(void **state)
{
	/* the same secrets under another ledger's name */
	kit_play(*state, "person n of example.com/elsewhere\n"
			 "person nowhere of example.com/elsewhere\n"
			 "merchant key.rotate key=@merchant new=@n reason=r ! ROLE_MISSING command\n"
			 "merchant key.rotate key=@merchant new=@nowhere reason=r ! ROLE_MISSING command\n"
			 "admin key.rotate key=@merchant new=@n reason=r ! EXISTS new");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		KIT_TEST(test_hashes),
		KIT_TEST(test_strangers),
		KIT_TEST(test_keys),
		KIT_TEST(test_rotation),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
