/* SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "job.h"
#include "key.h"
#include "rules.h"

/* What an attacker says on purpose, against a real ledger. */

static void begin(struct kit *kit, struct job *job, slice message)
{
	struct job_service service = {.ledger = kit->ledger};
	*job = (struct job){.message = message};
	assert_int_equal(job_begin(job, &service, kit->now), JOB_REPLY);
}

/* A request to service.info with an unknown member: `size` bytes of 'a', then characters of two bytes. */
static void ask_with_member(struct kit *kit, size_t size, bool json)
{
	struct buffer name = {0};
	struct buffer message = {0};
	struct job job;
	for (size_t index = 0; index < size; index++)
		buffer_append(&name, "a", 1);
	for (size_t index = 0; index < 64; index++)
		buffer_append(&name, "\xC3\xA9", 2);
	if (json) {
		buffer_append_format(&message,
			"{\"jsonrpc\":\"2.0\",\"method\":\"service.info\",\"id\":1,\"params\":{\"%.*s\":1}}",
			SLICE_ARGUMENTS(buffer_slice(&name)));
	} else {
		item_write_map(&message, 4);
		item_write_pair_integer(&message, "id", 1);
		item_write_pair_text(&message, "method", slice_text("service.info"));
		item_write_key(&message, "params");
		item_write_map(&message, 1);
		item_write_text(&message, buffer_slice(&name));
		item_write_null(&message);
		item_write_pair_text(&message, "jsonrpc", slice_text("2.0"));
	}
	begin(kit, &job, buffer_slice(&message));
	buffer_append(&job.reply, "", 1);
	assert_non_null(memmem(job.reply.data, job.reply.size, "FIELD_UNKNOWN", 13));
	job_clear(&job);
	buffer_free(&name);
	buffer_free(&message);
}

/* Cut in the middle of a character, a name that came from outside is no text: that once ended the service. */
static void a_long_name_is_cut_between_characters(void **state)
{
	struct kit kit;
	(void)state;
	kit_start(&kit);
	for (size_t size = 0; size < 64; size++) {
		ask_with_member(&kit, size, false);
		ask_with_member(&kit, size, true);
	}
	kit_end(&kit);
}

/* The key that the kit calls by that name, called otherwise. */
static void alias(const struct kit *kit, const char *name, char text[static KEY_TEXT_SIZE])
{
	struct key_public key;
	char vkey[256];
	rules_vkey(kit->origin, name, vkey);
	assert_ok(key_parse(slice_text(vkey), &key));
	uint8_t bytes[CRYPTO_PUBLIC_SIZE];
	memcpy(bytes, key.bytes, sizeof bytes);
	assert_ok(key_make(slice_text("alias"), KEY_TYPE_ED25519, bytes, &key));
	text[key_format(&key, text)] = '\0';
}

static void revoke(struct kit *kit, const char *name)
{
	struct key_public key;
	char vkey[256];
	char handle[KEY_HANDLE_SIZE + 1];
	rules_vkey(kit->origin, name, vkey);
	assert_ok(key_parse(slice_text(vkey), &key));
	handle[key_handle(&key, handle)] = '\0';
	kit_accept(kit, "admin", "{\"command\":\"key.revoke\",\"key\":\"%s\",\"reason\":\"lost\"}", handle);
}

#define ALIAS "{\"command\":\"key.register\",\"party\":\"P\",\"key\":\"%s\",\"roles\":[\"%s\"]}"

/* One secret under two names would be maker and checker; and a revoked one would be back. */
static void one_secret_has_one_name(void **state)
{
	struct kit *kit = *state;
	char text[KEY_TEXT_SIZE];
	alias(kit, "maker", text);
	rules_refuse(kit, RECOURSE_EXISTS, "key", "admin", ALIAS, text, "approver");
	revoke(kit, "maker");
	rules_refuse(kit, RECOURSE_EXISTS, "key", "admin", ALIAS, text, "operator");
	kit_reopen(kit, true);
	rules_refuse(kit, RECOURSE_EXISTS, "key", "admin", ALIAS, text, "agent");
	kit_audit(kit);
}

static const char half_off[] = "{\"command\":\"write_off.record\",\"write_off\":\"w\",\"incident\":\"i\","
			       "\"party\":\"Y\",\"amount\":\"50.00\",\"reason\":\"r\"}";
#define APPROVE "{\"command\":\"proposal.approve\",\"proposal\":%llu}"
#define BRING_BACK "{\"command\":\"write_off.reinstate\",\"write_off\":\"w\",\"recovery\":\"late\"}"

static void owed_by_y(struct kit *kit)
{
	rules_settled(kit, "i", "100.00");
	rules_apportion(kit, "i", "several", "[{\"party\":\"Y\",\"share\":\"100.00\"}]");
}

static void a_revoked_maker_proposes_nothing(void **state)
{
	struct kit *kit = *state;
	owed_by_y(kit);
	kit_accept(kit, "maker", "%s", half_off);
	unsigned long long proposal = kit->last_entry;
	revoke(kit, "maker");
	rules_refuse(kit, RECOURSE_KEY_REVOKED, "proposal", "checker", APPROVE, proposal);
	kit_accept(kit, "checker",
		"{\"command\":\"proposal.reject\",\"proposal\":%llu,\"reason\":\"r\"}", proposal);
	kit_balance(kit, 9030, "Y", "i", "CNY", "0");
	kit_audit(kit);
}

/* A receipt of 10 brought back 50 that two people had given up, ten at a time. */
static void a_receipt_reinstates_once(void **state)
{
	struct kit *kit = *state;
	owed_by_y(kit);
	kit_accept(kit, "maker", "%s", half_off);
	kit_accept(kit, "checker", APPROVE, (unsigned long long)kit->last_entry);
	kit_accept(kit, "bank",
		"{\"command\":\"recovery.receive\",\"recovery\":\"late\",\"incident\":\"i\",\"payer\":\"Y\","
		"\"amount\":\"10.00\",\"bank_reference\":\"late\"}");
	kit_accept(kit, "maker", BRING_BACK);
	kit_balance(kit, 9030, "Y", "i", "CNY", "40.00");
	rules_refuse(kit, RECOURSE_INSUFFICIENT, "recovery", "maker", BRING_BACK);
	kit_accept(kit, "maker", "{\"command\":\"recovery.allocate\",\"recovery\":\"late\"}");
	rules_refuse(kit, RECOURSE_INSUFFICIENT, "recovery", "maker", BRING_BACK);
	kit_balance(kit, 9030, "Y", "i", "CNY", "40.00");
	kit_balance(kit, 1110, "Y", "i", "CNY", "50.00");
	kit_audit(kit);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_long_name_is_cut_between_characters),
		RULES_TEST(one_secret_has_one_name),
		RULES_TEST(a_revoked_maker_proposes_nothing),
		RULES_TEST(a_receipt_reinstates_once),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
