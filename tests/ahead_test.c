/* SPDX-License-Identifier: Apache-2.0 */
#include "base/instant.h"
#include "host_clock.h"
#include "kit.h"
#include "served_client.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

/*
 * What was answered before the state is written is what everybody reads from then on, over whatever connection: whoever
 * asks too early waits.
 */
enum { ROUNDS_SAMPLE = 1000, ROUNDS_ALL = 10000 };

static const uint8_t salts[1][RECOURSE_SALT_SIZE] = {{9}};

static bool says(struct recourse_bytes *item, const char *text)
{
	SCOPED(recourse_bytes_free) struct recourse_bytes json = {0};
	assert_ok(recourse_item_to_json(slice_of(item->data, item->size), false, &json));
	return memmem(json.data, json.size, text, strlen(text)) != NULL;
}

/* ---- between the two steps ---- */

static struct recourse_request *prepare_deposit(struct kit *kit, const char *line)
{
	char words[200];
	struct recourse_request *request = NULL;
	snprintf(words, sizeof words, "deposit.receive merchant=M amount=7.00 unit=CNY bank_reference=%s",
		line);
	SCOPED(support_free) char *payload = kit_words(kit, line, words, kit->now + INSTANT_HOUR);
	assert_ok(kit_prepare(kit, "bank", payload, &request));
	return request;
}

/* Decided and in the log, and answered by who did it. */
static void append(struct kit *kit, struct recourse_request *request)
{
	struct recourse_bytes told = {0};
	struct recourse_refusal refusal;
	bool ahead;
	assert_ok(recourse_ledger_decide(kit->ledger, &request, 1, kit->now, salts));
	recourse_ledger_hand_over(kit->ledger);
	assert_ok(recourse_ledger_append(kit->ledger, &ahead));
	assert_true(ahead);
	assert_ok(recourse_request_reply_ahead(kit->ledger, request, &told, &refusal));
	assert_true(says(&told, "\"balance\":\"7.00\""));
	recourse_bytes_free(&told);
}

static void limit_files(rlim_t size)
{
	struct rlimit limit;
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
	limit.rlim_cur = size == 0 ? limit.rlim_max : size;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

/* It was told, and can not be shown: who opens the ledger again has it. */
static void test_what_was_told_is_there_later(void **state)
{
	struct kit *kit = *state;
	struct recourse_request *deposit = prepare_deposit(kit, "lost");
	append(kit, deposit);
	limit_files(1);
	enum recourse_error shown = recourse_ledger_show(kit->ledger);
	limit_files(0);
	assert_error(shown, RECOURSE_OUTCOME_UNKNOWN);
	assert_ok(recourse_ledger_settle(kit->ledger, shown));
	recourse_request_release(deposit);
	kit_reopen(kit, false);
	kit_play(kit, "= 2010 M 7.00");
	kit_audit(kit);
}

/* A repetition writes nothing, and is answered from what is there. */
static void test_an_empty_group_is_not_ahead(void **state)
{
	struct kit *kit = *state;
	struct recourse_request *request = prepare_deposit(kit, "twice");
	struct recourse_request *again = prepare_deposit(kit, "twice");
	bool ahead = true;
	assert_ok(recourse_ledger_commit(kit->ledger, &request, 1, kit->now, salts));
	assert_ok(recourse_ledger_decide(kit->ledger, &again, 1, kit->now, salts));
	recourse_ledger_hand_over(kit->ledger);
	assert_ok(recourse_ledger_append(kit->ledger, &ahead));
	assert_false(ahead);
	assert_ok(recourse_ledger_show(kit->ledger));
	assert_ok(recourse_ledger_settle(kit->ledger, RECOURSE_OK));
	recourse_request_release(again);
	recourse_request_release(request);
}

/* ---- over two connections ---- */

static void deposit(struct recourse_client *bank, size_t number)
{
	char id[32];
	char text[200];
	SCOPED(recourse_bytes_free) struct recourse_bytes items = {0};
	SCOPED(recourse_bytes_free) struct recourse_bytes result = {0};
	struct recourse_refusal refusal;
	snprintf(id, sizeof id, "line-%zu", number);
	snprintf(text, sizeof text,
		"[{\"command\":\"deposit.receive\",\"merchant\":\"M\",\"amount\":\"1.00\",\"unit\":\"CNY\","
		"\"bank_reference\":\"%s\"}]",
		id);
	assert_ok(recourse_item_from_json(slice_text(text), &items, &refusal));
	const struct recourse_submission submission = {
		.request_id = id,
		.mode = RECOURSE_MODE_ALL,
		.expires = host_clock_now() + INSTANT_MINUTE,
		.commands = slice_of(items.data, items.size),
	};
	assert_ok(recourse_client_submit(bank, &submission, &result, &refusal));
}

static void expect_balance(struct recourse_client *client, slice params, size_t balance)
{
	SCOPED(recourse_bytes_free) struct recourse_bytes result = {0};
	struct recourse_refusal refusal;
	char text[64];
	assert_ok(recourse_client_query(client, "account.balance", params, &result, &refusal));
	snprintf(text, sizeof text, "\"balance\":\"%zu.00\"", balance);
	if (!says(&result, text))
		fail_msg("after %zu deposits that were answered the balance is another", balance);
}

static void test_what_was_answered_is_read(void **state)
{
	struct kit *kit = *state;
	struct served served;
	SCOPED(recourse_bytes_free) struct recourse_bytes params = {0};
	struct recourse_refusal refusal;
	kit->now = host_clock_now();
	assert_ok(recourse_item_from_json(
		slice_text("{\"code\":2010,\"party\":\"M\",\"unit\":\"CNY\"}"), &params, &refusal));
	served_prepare(&served, kit->ledger);
	served_begin(&served);
	struct recourse_client *bank = served_client(&served, kit, "bank");
	struct recourse_client *merchant = served_client(&served, kit, "merchant");
	size_t rounds = support_times(ROUNDS_SAMPLE, ROUNDS_ALL);
	for (size_t round = 1; round <= rounds; round++) {
		deposit(bank, round);
		expect_balance(merchant, slice_of(params.data, params.size), round);
	}
	recourse_client_close(bank);
	recourse_client_close(merchant);
	served_tell_to_stop(&served);
	assert_ok(served_end(&served));
	kit->now = host_clock_now();
	kit_audit(kit);
}

int main(void)
{
	signal(SIGXFSZ, SIG_IGN);
	const struct CMUnitTest tests[] = {
		KIT_TEST(test_what_was_told_is_there_later),
		KIT_TEST(test_an_empty_group_is_not_ahead),
		KIT_TEST(test_what_was_answered_is_read),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
