/* SPDX-License-Identifier: Apache-2.0 */
#include "kit.h"

#include "base/instant.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* H1: what is signed for others, and refusals of ledger.open. */

#define HOLD "deposit.hold hold=h merchant=M amount=1.00 unit=CNY reason=r"

/* What is signed for another ledger, or by another than it says, is nobody's request. */
static void test_who_speaks(void **state)
{
	struct kit *kit = *state;
	struct recourse_request *request = NULL;
	SCOPED(support_free) char *payload = kit_words(kit, "w-1", HOLD, kit->now + INSTANT_HOUR);
	char *origin = strstr(payload, "example.com");
	assert_non_null(origin);
	*origin = 'f';
	assert_error(kit_prepare(kit, "maker", payload, &request), RECOURSE_ORIGIN_WRONG);
	assert_string_equal(kit->refusal.field, "origin");
	snprintf(kit->origin, sizeof kit->origin, "%s", "other.com/ledger");
	SCOPED(support_free) char *other = kit_words(kit, "w-2", HOLD, kit->now + INSTANT_HOUR);
	assert_error(kit_prepare(kit, "maker", other, &request), RECOURSE_KEY_UNKNOWN);

	uint8_t signature[64] = {1};
	char handle[256];
	snprintf(kit->origin, sizeof kit->origin, "%s", recourse_ledger_origin(kit->ledger));
	kit_handle(kit->origin, "maker", handle);
	struct recourse_signed call = {
		.key = {(const uint8_t *)handle, strlen(handle)},
		.payload = {(const uint8_t *)HOLD, sizeof HOLD - 1},
		.signature = {signature, sizeof signature},
	};
	assert_error(recourse_request_prepare(kit->ledger, &call, kit->now, &request, &kit->refusal),
		RECOURSE_KEY_UNKNOWN);
	call.signature.size = 63;
	assert_error(recourse_request_prepare(kit->ledger, &call, kit->now, &request, &kit->refusal),
		RECOURSE_FIELD_LIMIT);
	assert_string_equal(kit->refusal.field, "sig");
	call.signature.size = 64;
	call.key.size = 0;
	assert_error(recourse_request_prepare(kit->ledger, &call, kit->now, &request, &kit->refusal),
		RECOURSE_FIELD_LIMIT);
	assert_string_equal(kit->refusal.field, "key");
}

/* ---- before the ledger is open ---- */

static void open_again(struct kit *kit, bool rebuild)
{
	struct recourse_ledger_options options = {.directory = kit->directory.path, .rebuild = rebuild};
	recourse_ledger_close(kit->ledger);
	assert_ok(recourse_ledger_open(&options, &kit->ledger));
}

static int start_unopened(void **state)
{
	struct kit *kit = calloc(1, sizeof *kit);
	assert_non_null(kit);
	kit->now = UINT64_C(1462320000) * INSTANT_SECOND;
	snprintf(kit->origin, sizeof kit->origin, "%s", "example.com/ledger");
	support_directory_make(&kit->directory);
	assert_ok(recourse_ledger_create(kit->directory.path));
	open_again(kit, false);
	assert_string_equal(recourse_ledger_origin(kit->ledger), "");
	*state = kit;
	return 0;
}

static enum recourse_error open_with(
	struct kit *kit, const char *signer, const char *log_origin, const char *more)
{
	char id[32];
	snprintf(id, sizeof id, "o-%llu", (unsigned long long)++kit->requests);
	SCOPED(support_free) char *words = kit_opening(kit, log_origin, more);
	SCOPED(support_free) char *payload = kit_words(kit, id, words, kit->now + INSTANT_HOUR);
	enum recourse_error error = kit_send(kit, signer, payload, NULL);
	return error;
}

static void test_opening(void **state)
{
	struct kit *kit = *state;
	SCOPED(support_free) char *hold = kit_words(kit, "x", HOLD, kit->now + INSTANT_HOUR);
	assert_error(kit_send(kit, "admin", hold, NULL), RECOURSE_KEY_UNKNOWN);
	assert_error(
		open_with(kit, "maker", kit->origin, "party=P system_key=@system"), RECOURSE_KEY_UNKNOWN);
	assert_error(open_with(kit, "admin", "example.com/other", "party=P system_key=@system"),
		RECOURSE_FIELD_FORMAT);
	assert_string_equal(kit->refusal.field, "log_key");
	assert_error(
		open_with(kit, "admin", kit->origin, "party=U system_key=@system"), RECOURSE_NOT_PERMITTED);
	assert_string_equal(kit->refusal.field, "party");
	assert_error(open_with(kit, "admin", kit->origin, "party=P system_key=@admin"), RECOURSE_EXISTS);
	assert_string_equal(kit->refusal.field, "system_key");
	assert_int_equal(kit_entries(kit), 0);
	assert_string_equal(recourse_ledger_origin(kit->ledger), "");

	/* what was refused is remembered over a restart and a rebuild, though there is no entry yet */
	open_again(kit, false);
	open_again(kit, true);
	assert_ok(open_with(kit, "admin", kit->origin, "party=P system_key=@system"));
	assert_string_equal(recourse_ledger_origin(kit->ledger), kit->origin);
	assert_error(open_with(kit, "admin", kit->origin, "party=P2 system_key=@system"), RECOURSE_EXISTS);
	assert_string_equal(kit->refusal.field, "origin");
	assert_int_equal(kit_entries(kit), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		KIT_TEST(test_who_speaks),
		cmocka_unit_test_setup_teardown(test_opening, start_unopened, kit_teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
