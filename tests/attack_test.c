/* SPDX-License-Identifier: Apache-2.0 */
#include "job.h"
#include "proof/key.h"
#include "kit.h"
#include "served.h"
#include "wire.h"
#include "twins.h"

#include <poll.h>
#include <stdio.h>
#include <string.h>

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
	SCOPED(buffer_free) struct buffer name = {0};
	SCOPED(buffer_free) struct buffer message = {0};
	SCOPED(job_clear) struct job job = {0};
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
}

/* Cut in the middle of a character, a name that came from outside is no text: that once ended the service. */
static void a_long_name_is_cut_between_characters(void **state)
{
	struct kit *kit = *state;
	for (size_t size = 0; size < 64; size++) {
		ask_with_member(kit, size, false);
		ask_with_member(kit, size, true);
	}
}

static void ask_with_values(struct kit *kit, const char *before, const char *value, size_t count,
	const char *after, const char *expected)
{
	SCOPED(buffer_free) struct buffer message = {0};
	SCOPED(job_clear) struct job job = {0};
	buffer_append_text(&message, before);
	for (size_t index = 0; index < count; index++)
		buffer_append_text(&message, value);
	buffer_append_text(&message, after);
	begin(kit, &job, buffer_slice(&message));
	assert_non_null(memmem(job.reply.data, job.reply.size, expected, strlen(expected)));
}

/* Two mebibytes of empty maps took half a gigabyte; nobody needs more than a few values outside the payload. */
static void an_envelope_is_small(void **state)
{
	struct kit *kit = *state;
	ask_with_values(kit, "{\"a\":[", "{},", 600000, "1]}", "TOO_LARGE");
	ask_with_values(kit, "[", "[],", 600000, "1]", "TOO_LARGE");
	ask_with_values(kit,
		"\xa1\x61"
		"a\x99\x75\x30",
		"\x80", 30000, "", "TOO_LARGE");
	ask_with_values(kit, "{\"a\":[", "1,", 126, "1]}", "TOO_LARGE");
	ask_with_values(kit, "{\"a\":[", "1,", 125, "1]}", "MALFORMED");
	/* inside strings nothing counts, whatever is escaped */
	ask_with_values(kit, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"service.info\",\"params\":{\"x\":\"",
		"\\\",[{", 1000, "\"}}", "FIELD_UNKNOWN");
	ask_with_values(kit, "{\"a\":\"", "\\\\", 1000, "", "MALFORMED");
}

/* The key that the kit calls by that name, called otherwise. */
static void alias(const struct kit *kit, const char *name, char text[static KEY_TEXT_SIZE])
{
	struct key_public key;
	char vkey[256];
	kit_vkey(kit->origin, name, vkey);
	assert_ok(key_parse(slice_text(vkey), &key));
	uint8_t bytes[CRYPTO_PUBLIC_SIZE];
	memcpy(bytes, key.bytes, sizeof bytes);
	assert_ok(key_make(slice_text("alias"), KEY_TYPE_ED25519, bytes, &key));
	text[key_format(&key, text)] = '\0';
}

/* One secret under two names would be maker and checker; and a revoked one would be back. */
static void one_secret_has_one_name(void **state)
{
	struct kit *kit = *state;
	char text[KEY_TEXT_SIZE];
	alias(kit, "maker", text);
	kit_play(kit,
		"define register role\n"
		"  admin key.register party=P key=%s roles=$role ! EXISTS key\n"
		"end\n"
		"register approver\n"
		"admin key.revoke key=@maker reason=lost\n"
		"register operator\n"
		"rebuild\n"
		"register agent\n"
		"audit",
		text);
}

/* ---- the service on the wire ---- */

struct service {
	struct kit kit;
	struct served served;
};

static void start(struct service *service, uint32_t connections)
{
	kit_start(&service->kit);
	served_prepare(&service->served, service->kit.ledger);
	service->served.options.connections_max = connections;
	served_begin(&service->served);
}

static void stop(struct service *service)
{
	served_tell_to_stop(&service->served);
	assert_ok(served_end(&service->served));
	kit_end(&service->kit);
}

/*
 * Many requests at once, and gone without reading a reply: once, that kept the connection for ever, and every other
 * that was closed after it. With room for as many as leave in one round, none of them may stay.
 */
static void who_leaves_early_is_let_go(void **state)
{
	enum { LEAVING = 16, REQUESTS = 50, ROUNDS = 6 };
	struct service service;
	start(&service, LEAVING + 1);
	for (int round = 0; round < ROUNDS; round++) {
		struct wire wires[LEAVING];
		for (size_t index = 0; index < LEAVING; index++) {
			wires[index] = wire_open(service.served.urls[0]);
			for (uint32_t id = 0; id < REQUESTS; id++)
				wire_send_text(&wires[index], id, "{");
		}
		for (size_t index = 0; index < LEAVING; index++)
			wire_close(&wires[index]);
		poll(NULL, 0, 200);
		wire_assert_serves(service.served.urls[0]);
	}
	stop(&service);
}

/* When all places are taken by some who say nothing, the first of them makes room for one who does. */
static void silence_makes_room(void **state)
{
	struct service service;
	start(&service, 3);
	struct wire silent = wire_connect(service.served.urls[0]);
	poll(NULL, 0, 50);
	struct wire idle[2] = {wire_open(service.served.urls[0]), wire_open(service.served.urls[0])};
	wire_assert_serves(service.served.urls[0]);
	assert_true(wire_closed(&silent));
	wire_close(&silent);
	wire_close(&idle[0]);
	wire_close(&idle[1]);
	stop(&service);
}

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
		KIT_TEST(a_long_name_is_cut_between_characters),
		KIT_TEST(an_envelope_is_small),
		KIT_TEST(one_secret_has_one_name),
		cmocka_unit_test(who_leaves_early_is_let_go),
		cmocka_unit_test(silence_makes_room),
		KIT_TEST(test_hashes),
		KIT_TEST(test_keys),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
