/* SPDX-License-Identifier: Apache-2.0 */
#include "base/instant.h"
#include "host_clock.h"
#include "kit.h"
#include "served_client.h"

#include <poll.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/*
 * E3: a service whose host's clock is 400 days ahead for a while, as its clients see it. The clock runs as any does, from
 * when the ledger was made, and jumps when the test says so: these stand in for host_clock.c.
 */
static uint64_t beginning;
static atomic_ullong jump;
static _Thread_local bool right; /* a client, whose own clock does not */

static uint64_t read_clock(clockid_t id)
{
	struct timespec time;
	clock_gettime(id, &time);
	return (uint64_t)time.tv_sec * HOST_CLOCK_SECOND + (uint64_t)time.tv_nsec;
}

uint64_t host_clock_monotonic(void)
{
	return read_clock(CLOCK_MONOTONIC);
}

uint64_t host_clock_thread(void)
{
	return read_clock(CLOCK_THREAD_CPUTIME_ID);
}

uint64_t host_clock_elapsed(void)
{
	return host_clock_monotonic();
}

uint64_t host_clock_now(void)
{
	return beginning + host_clock_monotonic() + (right ? 0 : atomic_load(&jump));
}

void host_clock_boot(char text[static HOST_CLOCK_BOOT_SIZE])
{
	text[0] = '\0';
}

/* ---- a client ---- */

static enum recourse_error submit(struct recourse_client *client, const char *id, const char *commands)
{
	SCOPED(recourse_bytes_free) struct recourse_bytes items = {0};
	SCOPED(recourse_bytes_free) struct recourse_bytes result = {0};
	struct recourse_refusal refusal;
	assert_ok(recourse_item_from_json(slice_text(commands), &items, &refusal));
	const struct recourse_submission submission = {
		.request_id = id,
		.mode = RECOURSE_MODE_ALL,
		.expires = host_clock_now() + INSTANT_MINUTE,
		.commands = slice_of(items.data, items.size),
	};
	enum recourse_error error = recourse_client_submit(client, &submission, &result, &refusal);
	return error;
}

static bool says(struct recourse_bytes *item, const char *text)
{
	SCOPED(recourse_bytes_free) struct recourse_bytes json = {0};
	assert_ok(recourse_item_to_json(slice_of(item->data, item->size), false, &json));
	recourse_bytes_free(item);
	return memmem(json.data, json.size, text, strlen(text)) != NULL;
}

/* The clocks tick once a second. */
static void wait_until_held(struct recourse_client *client, bool held)
{
	struct recourse_bytes result;
	struct recourse_refusal refusal;
	for (int tenths = 0; tenths < 600; tenths++) {
		assert_ok(recourse_client_call(client, "service.info", (slice){0}, &result, &refusal));
		if (says(&result, "\"clocks_held\":") == held)
			return;
		poll(NULL, 0, 100);
	}
	fail_msg("after a minute clocks are%s held", held ? " not" : "");
}

static bool deposit_is(struct recourse_client *client, const char *balance)
{
	SCOPED(recourse_bytes_free) struct recourse_bytes params = {0};
	struct recourse_bytes result;
	struct recourse_refusal refusal;
	char text[64];
	assert_ok(recourse_item_from_json(
		slice_text("{\"code\":2010,\"party\":\"M\",\"unit\":\"CNY\"}"), &params, &refusal));
	assert_ok(recourse_client_query(
		client, "account.balance", slice_of(params.data, params.size), &result, &refusal));
	snprintf(text, sizeof text, "\"balance\":\"%s\"", balance);
	return says(&result, text);
}

#define RECEIVE                                                                                              \
	"[{\"command\":\"deposit.receive\",\"merchant\":\"M\",\"amount\":\"1.00\",\"unit\":\"CNY\",\"bank_"  \
	"reference\":\""

static void test_400_days(void **state)
{
	struct kit *kit = *state;
	struct served served;
	kit_play(kit, "deposit M 100.00 b-1\n"
		      "maker deposit.hold hold=h merchant=M amount=100.00 unit=CNY reason=signal "
		      "expires=2017-03-04T00:00:00Z");
	right = true;
	beginning = kit->now - host_clock_monotonic();
	served_prepare(&served, kit->ledger);
	served.options.clocks = true;
	served_begin(&served);
	struct recourse_client *bank = served_client(&served, kit, "bank");
	struct recourse_client *merchant = served_client(&served, kit, "merchant");
	wait_until_held(bank, false);

	atomic_store(&jump, 400 * INSTANT_DAY);
	assert_ok(submit(bank, "at-once", RECEIVE "b-2\"}]"));
	wait_until_held(bank, true);
	assert_ok(submit(bank, "meanwhile", RECEIVE "b-3\"}]"));
	assert_true(deposit_is(merchant, "2.00"));

	atomic_store(&jump, 0);
	wait_until_held(bank, false);
	assert_ok(submit(bank, "afterwards", RECEIVE "b-4\"}]"));
	poll(NULL, 0, 1100);
	assert_true(deposit_is(merchant, "3.00"));
	recourse_client_close(bank);
	recourse_client_close(merchant);
	served_tell_to_stop(&served);
	assert_ok(served_end(&served));
	kit->now = host_clock_now();
	kit_audit(kit);
}

int main(void)
{
	const struct CMUnitTest tests[] = {KIT_TEST(test_400_days)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
