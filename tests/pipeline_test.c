/* SPDX-License-Identifier: Apache-2.0 */
#include "kit.h"

#include "base/instant.h"

#include <stdio.h>
#include <string.h>

/*
 * Groups that are decided above others which are not kept yet: whatever the order of deciding, handing over, keeping and
 * settling, the ledger is the same bytes as where each request was committed before the next was looked at.
 */
enum { REQUESTS = 60, DECIDED_MAX = 4 };

struct told {
	bool made;
	enum recourse_error error;
	struct recourse_bytes reply;
};

struct turn {
	struct kit *kit;
	struct support_random random;
	struct recourse_request *requests[REQUESTS];
	size_t decided;     /* of the requests, from the first on */
	size_t handed_over; /* the same */
	size_t settled;
	bool waits; /* something was handed over and is not settled */
	bool kept;
	struct told told[REQUESTS]; /* before it was in the state */
};

static const uint8_t salts[DECIDED_MAX][RECOURSE_SALT_SIZE] = {{5}, {5}, {5}, {5}};

/* Deposits, and holds of which many ask for more than is there: what a group may do follows from the one before. */
static struct recourse_request *prepare(struct kit *kit, unsigned int number)
{
	char words[200];
	char id[24];
	struct recourse_request *request = NULL;
	if (number % 3 == 0)
		snprintf(words, sizeof words,
			"deposit.receive merchant=M amount=10.00 unit=CNY bank_reference=b-%u", number);
	else
		snprintf(words, sizeof words,
			"deposit.hold hold=h-%u merchant=M amount=%u.00 unit=CNY reason=r", number,
			number % 7);
	snprintf(id, sizeof id, "turn-%u", number % 17 == 0 ? number / 2 : number);
	SCOPED(support_free) char *payload = kit_words(kit, id, words, kit->now + INSTANT_HOUR);
	assert_ok(kit_prepare(kit, number % 3 == 0 ? "bank" : "maker", payload, &request));
	return request;
}

static void decide(struct turn *turn, size_t count)
{
	assert_ok(recourse_ledger_decide(
		turn->kit->ledger, turn->requests + turn->decided, count, turn->kit->now, salts));
	turn->decided += count;
}

static void settle(struct turn *turn, enum recourse_error kept)
{
	assert_ok(recourse_ledger_settle(turn->kit->ledger, kept));
	if (kept == RECOURSE_OK)
		turn->settled = turn->handed_over;
	turn->decided = kept == RECOURSE_OK ? turn->decided : turn->settled;
	turn->waits = false;
	turn->kept = false;
}

static void tell(struct turn *turn, size_t index)
{
	struct recourse_refusal refusal;
	struct told *told = &turn->told[index];
	told->made = true;
	told->error = recourse_request_reply_ahead(
		turn->kit->ledger, turn->requests[index], &told->reply, &refusal);
}

/* At once, or in two steps; what was decided since is not in what is said between them. */
static void keep(struct turn *turn)
{
	struct recourse_ledger *ledger = turn->kit->ledger;
	bool ahead;
	if (support_random_below(&turn->random, 2) == 0) {
		assert_ok(recourse_ledger_keep(ledger));
		return;
	}
	assert_ok(recourse_ledger_append(ledger, &ahead));
	for (size_t index = turn->settled; ahead && index < turn->handed_over; index++)
		tell(turn, index);
	assert_ok(recourse_ledger_show(ledger));
}

/* One step that may come next, any. */
static void step(struct turn *turn)
{
	size_t left = REQUESTS - turn->decided;
	uint64_t choice = support_random_below(&turn->random, 4);
	if (choice == 0 && left > 0) {
		size_t most = left < DECIDED_MAX ? left : DECIDED_MAX;
		decide(turn, 1 + support_random_below(&turn->random, most));
	} else if (choice == 1 && !turn->waits) {
		recourse_ledger_hand_over(turn->kit->ledger);
		turn->handed_over = turn->decided;
		turn->waits = true;
	} else if (choice == 2 && turn->waits && !turn->kept) {
		keep(turn);
		turn->kept = true;
	} else if (choice == 3 && turn->kept) {
		settle(turn, RECOURSE_OK);
	} else if (choice == 3 && turn->waits && support_random_below(&turn->random, 8) == 0) {
		settle(turn, RECOURSE_STORE_FULL); /* it was not kept */
	}
}

/* What was said before is what is read now. */
static void expect_told(struct turn *turn, size_t index)
{
	struct told *told = &turn->told[index];
	SCOPED(recourse_bytes_free) struct recourse_bytes reply = {0};
	struct recourse_refusal refusal;
	if (!told->made)
		return;
	assert_error(recourse_request_reply(turn->kit->ledger, turn->requests[index], &reply, &refusal),
		told->error);
	assert_int_equal(reply.size, told->reply.size);
	if (reply.size > 0)
		assert_memory_equal(reply.data, told->reply.data, reply.size);
	recourse_bytes_free(&told->reply);
}

static void expect_replies(struct turn *turn, struct kit *other, struct recourse_request *const *requests)
{
	for (size_t index = 0; index < REQUESTS; index++) {
		expect_told(turn, index);
		SCOPED(support_free) char *reply = NULL;
		SCOPED(support_free) char *expected = NULL;
		assert_error(kit_reply(turn->kit, turn->requests[index], &reply),
			kit_reply(other, requests[index], &expected));
		assert_true((reply == NULL) == (expected == NULL));
		if (reply != NULL)
			assert_string_equal(reply, expected);
	}
}

static void test_any_order(void **state)
{
	struct turn turn = {.kit = *state, .random = support_random_start()};
	void *plain = NULL;
	struct recourse_request *requests[REQUESTS];
	uint8_t digest[32];
	uint8_t expected[32];
	assert_int_equal(kit_setup(&plain), 0);
	for (unsigned int number = 0; number < REQUESTS; number++) {
		requests[number] = prepare(plain, number);
		turn.requests[number] = prepare(turn.kit, number);
	}
	struct kit *other = plain;
	for (size_t index = 0; index < REQUESTS; index++)
		assert_ok(recourse_ledger_commit(other->ledger, &requests[index], 1, other->now, salts));
	while (turn.settled < REQUESTS)
		step(&turn);
	expect_replies(&turn, other, requests);
	for (size_t index = 0; index < REQUESTS; index++) {
		recourse_request_release(requests[index]);
		recourse_request_release(turn.requests[index]);
	}
	for (int reopened = 0; reopened < 2; reopened++) {
		kit_digest(turn.kit, digest);
		kit_digest(plain, expected);
		assert_memory_equal(digest, expected, sizeof digest);
		assert_int_equal(kit_entries(turn.kit), kit_entries(plain));
		kit_audit(turn.kit);
		kit_reopen(turn.kit, true);
	}
	kit_teardown(&plain);
}

/* What was decided and not kept is seen by nobody, and is not there after a stop. */
static void test_not_kept_is_not_there(void **state)
{
	struct turn turn = {.kit = *state};
	struct recourse_bytes entry;
	uint64_t entries = kit_entries(turn.kit);
	for (unsigned int number = 0; number < 2; number++) {
		turn.requests[number] = prepare(turn.kit, 3 * number);
		decide(&turn, 1);
		if (number == 0)
			recourse_ledger_hand_over(turn.kit->ledger);
		assert_error(
			recourse_ledger_entry(turn.kit->ledger, entries, &entry), RECOURSE_QUERY_NOT_FOUND);
		kit_play(turn.kit, "= 2010 M 0");
	}
	recourse_request_release(turn.requests[0]);
	recourse_request_release(turn.requests[1]);
	kit_reopen(turn.kit, false);
	assert_int_equal(kit_entries(turn.kit), entries);
	kit_audit(turn.kit);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		KIT_TEST(test_any_order),
		KIT_TEST(test_not_kept_is_not_there),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
