/* SPDX-License-Identifier: Apache-2.0 */
#include "host_clock.h"
#include "kit.h"
#include "recourse_client.h"
#include "served.h"

#include <arpa/inet.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

/* A throw-away authority of its own for the name localhost, good for a hundred years. */
static const char tls_certificate[] = "-----BEGIN CERTIFICATE-----\n"
				      "MIIBlTCCATugAwIBAgIUJSy9GNOF3pJ3hPzQxpD0YSfKTp4wCgYIKoZIzj0EAwIw\n"
				      "FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyMjA2MDM1MloYDzIxMjYxMDI5\n"
				      "MDYwMzUyWjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO\n"
				      "PQMBBwNCAASEZCcRWYlMcfzHoiBGOisTq5/lk/Ml3txhZsuN+xEobjMooGwNL1x8\n"
				      "SdLebmqWs1PyVV7hJK01N5JIemIf+8hOo2kwZzAdBgNVHQ4EFgQUtzZAsyenhmgk\n"
				      "tSWyugDsH4cnnaYwHwYDVR0jBBgwFoAUtzZAsyenhmgktSWyugDsH4cnnaYwDwYD\n"
				      "VR0TAQH/BAUwAwEB/zAUBgNVHREEDTALgglsb2NhbGhvc3QwCgYIKoZIzj0EAwID\n"
				      "SAAwRQIgRgNEyTBrMmaMhrsRG3MP98vgBnVcP57obq4Zf+JP3f8CIQDCdL5gKUss\n"
				      "4IRKTtpwX7jDWNhhIsn5fgAdo9B7lvLMBA==\n"
				      "-----END CERTIFICATE-----\n";

static const char tls_key[] = "-----BEGIN PRIVATE KEY-----\n"
			      "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg4GifyYJOl5dzKdyx\n"
			      "NwCj1/nsF0gEh8KueuPsJJDqYSmhRANCAASEZCcRWYlMcfzHoiBGOisTq5/lk/Ml\n"
			      "3txhZsuN+xEobjMooGwNL1x8SdLebmqWs1PyVV7hJK01N5JIemIf+8hO\n"
			      "-----END PRIVATE KEY-----\n";

#define ORIGIN "example.com/ledger"

struct world {
	struct kit kit;
	struct served served;
	char admin_key[SUPPORT_PATH_MAX];
	char stranger_key[SUPPORT_PATH_MAX];
	char memory[SUPPORT_PATH_MAX];
	char certificate[SUPPORT_PATH_MAX];
	char private_key[SUPPORT_PATH_MAX];
	char log_vkey[KEY_TEXT_SIZE];
};

static void vkey_of(const char *path, char vkey[static KEY_TEXT_SIZE])
{
	SCOPED(recourse_bytes_free) struct recourse_bytes text = {0};
	assert_ok(recourse_key_vkey(path, &text));
	assert_true(text.size < KEY_TEXT_SIZE);
	memcpy(vkey, text.data, text.size);
	vkey[text.size] = '\0';
}

static void write_text(
	const struct world *world, const char *name, const char *text, char path[static SUPPORT_PATH_MAX])
{
	support_directory_path(&world->kit.directory, name, path);
	support_write_file(path, slice_text(text));
}

static void start_service(struct world *world, const char *second_url)
{
	served_prepare(&world->served, world->kit.ledger);
	world->served.listen[1] = second_url;
	world->served.options.tls_certificate = world->certificate;
	world->served.options.tls_key = world->private_key;
	served_begin(&world->served);
}

static void stop_service(struct world *world)
{
	served_tell_to_stop(&world->served);
	assert_ok(served_end(&world->served));
}

static int setup(void **state)
{
	struct world *world = calloc(1, sizeof *world);
	assert_non_null(world);
	kit_start(&world->kit);
	kit_key_file(&world->kit, "admin", world->admin_key);
	support_directory_path(&world->kit.directory, "stranger", world->stranger_key);
	assert_ok(recourse_key_create(world->stranger_key, "stranger"));
	support_directory_path(&world->kit.directory, "memory", world->memory);
	write_text(world, "certificate.pem", tls_certificate, world->certificate);
	write_text(world, "private.pem", tls_key, world->private_key);
	kit_log_vkey(ORIGIN, world->log_vkey);
	start_service(world, NULL);
	*state = world;
	return 0;
}

static int teardown(void **state)
{
	struct world *world = *state;
	stop_service(world);
	kit_end(&world->kit);
	free(world);
	return 0;
}
#define WORLD_TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

static struct recourse_client *connect_with(struct world *world, const struct recourse_client_options *given)
{
	struct recourse_client_options options = *given;
	struct recourse_client *client;
	if (options.url == NULL)
		options.url = world->served.urls[0];
	if (options.timeout_ms == 0)
		options.timeout_ms = 60000;
	assert_ok(recourse_client_open(&options, &client));
	return client;
}

static struct recourse_client *connect_admin(struct world *world, bool json)
{
	return connect_with(world, &(struct recourse_client_options){.key_file = world->admin_key,
					   .log_key = world->log_vkey,
					   .memory = world->memory,
					   .json = json});
}

/* A request that registers a party, until then; `items` is to be freed when it was sent. */
static struct recourse_submission registration(
	const char *id, const char *party, uint64_t expires, struct recourse_bytes *items)
{
	char commands[128];
	struct recourse_refusal refusal;
	snprintf(commands, sizeof commands,
		"[{\"command\":\"party.register\",\"party\":\"%s\",\"kinds\":[\"merchant\"]}]", party);
	assert_ok(recourse_item_from_json(slice_text(commands), items, &refusal));
	return (struct recourse_submission){
		.request_id = id,
		.mode = RECOURSE_MODE_ALL,
		.expires = expires,
		.commands = slice_of(items->data, items->size),
	};
}

static uint64_t in_a_minute(void)
{
	return host_clock_now() + 60 * HOST_CLOCK_SECOND;
}

static enum recourse_error submit(struct recourse_client *client, const char *id, const char *party,
	struct recourse_bytes *result, struct recourse_refusal *refusal)
{
	SCOPED(recourse_bytes_free) struct recourse_bytes items = {0};
	const struct recourse_submission submission = registration(id, party, in_a_minute(), &items);
	enum recourse_error error = recourse_client_submit(client, &submission, result, refusal);
	return error;
}

static enum recourse_error submit_party(
	struct recourse_client *client, const char *id, const char *party, struct recourse_refusal *refusal)
{
	SCOPED(recourse_bytes_free) struct recourse_bytes result = {0};
	enum recourse_error error = submit(client, id, party, &result, refusal);
	return error;
}

/* Frees the item. */
static void expect_said(struct recourse_bytes *item, const char *text)
{
	SCOPED(recourse_bytes_free) struct recourse_bytes json = {0};
	assert_ok(recourse_item_to_json(slice_of(item->data, item->size), false, &json));
	bool found = memmem(json.data, json.size, text, strlen(text)) != NULL;
	if (!found)
		print_message("%.*s\n", (int)json.size, (const char *)json.data);
	assert_true(found);
	recourse_bytes_free(item);
}

static void submits_and_asks(struct world *world, bool json)
{
	struct recourse_client *client = connect_admin(world, json);
	struct recourse_refusal refusal;
	struct recourse_bytes result;
	assert_ok(submit_party(client, "r1", "shop", &refusal));
	assert_error(submit_party(client, "r2", "shop", &refusal), RECOURSE_EXISTS);
	assert_int_equal(refusal.command, 0);
	assert_error(submit_party(client, "r1", "other", &refusal), RECOURSE_REQUEST_CONFLICT);
	assert_ok(submit_party(client, "r1", "shop", &refusal));

	assert_ok(recourse_client_call(client, "service.info", (slice){0}, &result, &refusal));
	expect_said(&result, "\"origin\":\"" ORIGIN "\"");
	SCOPED(recourse_bytes_free) struct recourse_bytes params;
	assert_ok(recourse_item_from_json(slice_text("{\"entry\":1}"), &params, &refusal));
	assert_ok(recourse_client_query(
		client, "entry.get", slice_of(params.data, params.size), &result, &refusal));
	expect_said(&result, "\"entry\":1");
	assert_error(recourse_client_query(client, "entry.get", (slice){0}, &result, &refusal),
		RECOURSE_FIELD_MISSING);
	assert_string_equal(refusal.field, "entry");
	assert_error(recourse_client_call(client, "entry.get", (slice){0}, &result, &refusal),
		RECOURSE_SIGNATURE_REQUIRED);
	assert_error(recourse_client_call(client, "no.such", (slice){0}, &result, &refusal),
		RECOURSE_METHOD_UNKNOWN);
	recourse_client_close(client);
}

static void submits_items(void **state)
{
	submits_and_asks(*state, false);
}

static void submits_json(void **state)
{
	submits_and_asks(*state, true);
}

static void the_same_reply_for_ever(void **state)
{
	struct world *world = *state;
	struct recourse_client *client = connect_admin(world, false);
	struct recourse_refusal refusal;
	SCOPED(recourse_bytes_free) struct recourse_bytes first = {0};
	struct recourse_bytes again;
	assert_ok(submit(client, "r1", "p", &first, &refusal));
	assert_ok(submit(client, "r1", "p", &again, &refusal));
	assert_true(slice_equal(slice_of(first.data, first.size), slice_of(again.data, again.size)));
	recourse_bytes_free(&again);
	recourse_client_close(client);

	stop_service(world);
	kit_reopen(&world->kit, false);
	start_service(world, NULL);
	client = connect_admin(world, false);
	assert_ok(submit(client, "r1", "p", &again, &refusal));
	assert_true(slice_equal(slice_of(first.data, first.size), slice_of(again.data, again.size)));
	recourse_bytes_free(&again);
	recourse_client_close(client);
}

static void take_checkpoint(struct recourse_client *client, enum recourse_error expected)
{
	SCOPED(recourse_bytes_free) struct recourse_bytes note = {0};
	enum recourse_error error = recourse_client_checkpoint(client, &note);
	for (int round = 0; error == RECOURSE_QUERY_NOT_FOUND && round < 1200; round++) {
		poll(NULL, 0, 50);
		error = recourse_client_checkpoint(client, &note);
	}
	assert_error(error, expected);
}

static void refuses_strangers(void **state)
{
	struct world *world = *state;
	struct recourse_client *admin = connect_admin(world, false);
	struct recourse_refusal refusal;
	struct recourse_bytes result;
	take_checkpoint(admin, RECOURSE_OK);
	struct recourse_client *stranger =
		connect_with(world, &(struct recourse_client_options){.key_file = world->stranger_key});
	assert_error(submit_party(stranger, "s1", "shop", &refusal), RECOURSE_KEY_UNKNOWN);
	recourse_client_close(stranger);
	struct recourse_client *nobody = connect_with(world, &(struct recourse_client_options){.url = NULL});
	assert_error(submit_party(nobody, "s1", "shop", &refusal), RECOURSE_SIGNATURE_REQUIRED);
	assert_error(recourse_client_query(nobody, "entry.get", (slice){0}, &result, &refusal),
		RECOURSE_SIGNATURE_REQUIRED);
	recourse_client_close(nobody);
	char other[KEY_TEXT_SIZE];
	vkey_of(world->stranger_key, other);
	struct recourse_client *misled = connect_with(
		world, &(struct recourse_client_options){.key_file = world->admin_key, .log_key = other});
	assert_error(submit_party(misled, "s1", "shop", &refusal), RECOURSE_ORIGIN_WRONG);
	assert_error(recourse_client_checkpoint(misled, &result), RECOURSE_NOTE_UNSIGNED);
	recourse_client_close(misled);
	recourse_client_close(admin);
}

static void expired_requests(void **state)
{
	struct recourse_client *client = connect_admin(*state, false);
	struct recourse_refusal refusal;
	struct recourse_bytes result;
	SCOPED(recourse_bytes_free) struct recourse_bytes items = {0};
	const struct recourse_submission submission =
		registration("late", "p", host_clock_now() - HOST_CLOCK_SECOND, &items);
	assert_error(
		recourse_client_submit(client, &submission, &result, &refusal), RECOURSE_REQUEST_EXPIRED);
	recourse_client_close(client);
}

enum { IN_FLIGHT = 40 };

static void many_in_flight(void **state)
{
	struct world *world = *state;
	struct recourse_client *client = connect_admin(world, false);
	struct recourse_pending *pending[IN_FLIGHT];
	struct recourse_refusal refusal;
	struct recourse_bytes result;
	for (int index = 0; index < IN_FLIGHT; index++) {
		char id[32];
		SCOPED(recourse_bytes_free) struct recourse_bytes items = {0};
		SCOPED(recourse_bytes_free) struct recourse_bytes message = {0};
		/* Each twice, at the same time: the second must find the first. */
		snprintf(id, sizeof id, "r%d", index / 2);
		struct recourse_submission submission = registration(id, id, in_a_minute(), &items);
		submission.brief = true;
		assert_ok(recourse_client_sign_submission(client, &submission, &message));
		assert_ok(
			recourse_client_send(client, slice_of(message.data, message.size), &pending[index]));
	}
	for (int index = 0; index < IN_FLIGHT; index++) {
		assert_ok(recourse_client_wait(pending[index], &result, &refusal));
		expect_said(&result, "\"accepted\":1");
	}
	assert_ok(recourse_client_call(client, "service.info", (slice){0}, &result, &refusal));
	expect_said(&result, "\"entries\":21,");
	recourse_client_close(client);
}

enum { ROUNDS = 40, TOGETHER = 20, HELD_BACK_MS = 30 };

/* Many small answers, one behind the other: who waits for all of them says nothing meanwhile, and acknowledges none for 40 ms. */
static bool is_held_back(struct recourse_client *client, slice message)
{
	struct recourse_pending *pending[TOGETHER];
	struct recourse_refusal refusal;
	struct recourse_bytes result;
	uint64_t begun = host_clock_monotonic();
	for (int index = 0; index < TOGETHER; index++)
		assert_ok(recourse_client_send(client, message, &pending[index]));
	for (int index = 0; index < TOGETHER; index++) {
		assert_ok(recourse_client_wait(pending[index], &result, &refusal));
		recourse_bytes_free(&result);
	}
	return host_clock_monotonic() - begun > HELD_BACK_MS * (uint64_t)HOST_CLOCK_MILLISECOND;
}

/* With load beside some are late all the same; were they held back, nine of ten would be. */
static void no_answer_waits_for_another(void **state)
{
	struct recourse_client *client = connect_admin(*state, false);
	SCOPED(recourse_bytes_free) struct recourse_bytes message = {0};
	int held_back = 0;
	assert_ok(recourse_client_sign_query(client, "rail.list", (slice){0}, &message));
	for (int round = 0; round < ROUNDS; round++)
		held_back += is_held_back(client, slice_of(message.data, message.size));
	assert_in_range(held_back, 0, ROUNDS * 3 / 4);
	recourse_client_close(client);
}

static void receipts(struct world *world, bool json)
{
	struct recourse_client *client = connect_admin(world, json);
	struct recourse_refusal refusal;
	struct recourse_bytes receipt;
	SCOPED(recourse_bytes_free) struct recourse_bytes entry;
	struct recourse_receipt_facts facts;
	assert_ok(submit_party(client, "r1", "shop", &refusal));
	assert_ok(recourse_client_receipt(client, 1, &receipt, &refusal));
	slice text = slice_of(receipt.data, receipt.size);
	assert_ok(recourse_receipt_verify(text, slice_text(world->log_vkey), (slice){0}, &facts, &entry));
	assert_string_equal(facts.origin, ORIGIN);
	assert_int_equal(facts.index, 1);
	assert_int_equal(facts.tree_size, 2);
	struct recourse_bytes described;
	assert_ok(recourse_entry_describe(slice_of(entry.data, entry.size), &described));
	expect_said(&described, "party.register");
	for (size_t index = 0; index < receipt.size; index += 13) {
		receipt.data[index] ^= 1;
		enum recourse_error error =
			recourse_receipt_verify(text, slice_text(world->log_vkey), (slice){0}, &facts, NULL);
		assert_true(error != RECOURSE_OK);
		receipt.data[index] ^= 1;
	}
	recourse_bytes_free(&receipt);
	assert_error(recourse_client_receipt(client, 99, &receipt, &refusal), RECOURSE_QUERY_NOT_FOUND);
	recourse_client_close(client);
	client = connect_with(world, &(struct recourse_client_options){.key_file = world->admin_key});
	assert_error(recourse_client_receipt(client, 1, &receipt, &refusal), RECOURSE_NOTE_UNSIGNED);
	recourse_client_close(client);
}

static void receipts_verify(void **state)
{
	receipts(*state, false);
}

static void receipts_verify_in_json(void **state)
{
	receipts(*state, true);
}

/* Another history under the same key: shorter first, then longer than what is remembered. */
static void remembers_history(void **state)
{
	struct world *world = *state;
	struct world other = *world;
	struct recourse_client *client = connect_admin(world, false);
	struct recourse_refusal refusal;
	struct recourse_bytes receipt;
	assert_ok(submit_party(client, "r1", "shop", &refusal));
	assert_ok(recourse_client_receipt(client, 1, &receipt, &refusal));
	recourse_bytes_free(&receipt);
	recourse_client_close(client);

	kit_start(&other.kit);
	start_service(&other, NULL);
	struct recourse_client *trusting = connect_with(&other,
		&(struct recourse_client_options){.key_file = world->admin_key, .log_key = world->log_vkey});
	take_checkpoint(trusting, RECOURSE_OK);
	client = connect_admin(&other, false);
	take_checkpoint(client, RECOURSE_ROLLBACK);
	assert_ok(submit_party(trusting, "r1", "a", &refusal));
	assert_ok(submit_party(trusting, "r2", "b", &refusal));
	assert_ok(recourse_client_receipt(trusting, 2, &receipt, &refusal));
	recourse_bytes_free(&receipt);
	take_checkpoint(client, RECOURSE_FORK);
	take_checkpoint(trusting, RECOURSE_OK);
	recourse_client_close(client);
	recourse_client_close(trusting);
	stop_service(&other);
	kit_end(&other.kit);
}

static void open_errors(void **state)
{
	struct world *world = *state;
	struct recourse_client *client;
	static const struct {
		struct recourse_client_options options;
		enum recourse_error error;
	} cases[] = {
		{{.url = "ipc:///tmp/x"}, RECOURSE_MALFORMED},
		{{.url = "tcp://127.0.0.1:1"}, RECOURSE_CONNECTION},
		{{.url = "tcp://127.0.0.1:1", .log_key = "nonsense"}, RECOURSE_KEY_MALFORMED},
		{{.url = "tcp://127.0.0.1:1", .key_file = "/does/not/exist"}, RECOURSE_IO},
		{{.url = "tls+tcp://127.0.0.1:1", .tls_ca_file = "/does/not/exist"}, RECOURSE_IO},
	};
	for (size_t index = 0; index < sizeof cases / sizeof cases[0]; index++)
		assert_error(recourse_client_open(&cases[index].options, &client), cases[index].error);
	struct recourse_client_options readable = {
		.url = world->served.urls[0], .key_file = world->admin_key};
	assert_int_equal(chmod(world->admin_key, 0644), 0);
	assert_error(recourse_client_open(&readable, &client), RECOURSE_NOT_PERMITTED);
	assert_int_equal(chmod(world->admin_key, 0600), 0);
}

static void speaks_tls(void **state)
{
	struct world *world = *state;
	stop_service(world);
	start_service(world, "tls+tcp://127.0.0.1:0");
	struct recourse_client_options options = {
		.url = world->served.urls[1],
		.key_file = world->admin_key,
		.log_key = world->log_vkey,
		.tls_ca_file = world->certificate,
		.tls_server_name = "localhost",
	};
	struct recourse_client *client = connect_with(world, &options);
	take_checkpoint(client, RECOURSE_OK);
	recourse_client_close(client);
	options.timeout_ms = 2000;
	options.tls_server_name = "elsewhere.example";
	assert_error(recourse_client_open(&options, &client), RECOURSE_CONNECTION);
	options.tls_server_name = "localhost";
	options.tls_ca_file = NULL;
	assert_error(recourse_client_open(&options, &client), RECOURSE_CONNECTION);
}

/* Whoever takes connections and never says a word is not waited for longer than a call is. */
static void gives_up_on_the_silent(void **state)
{
	(void)state;
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr = {.s_addr = htonl(INADDR_LOOPBACK)}};
	socklen_t size = sizeof address;
	char url[64];
	int silent = socket(AF_INET, SOCK_STREAM, 0);
	assert_int_equal(bind(silent, (struct sockaddr *)&address, size), 0);
	assert_int_equal(listen(silent, 8), 0);
	assert_int_equal(getsockname(silent, (struct sockaddr *)&address, &size), 0);
	snprintf(url, sizeof url, "tcp://127.0.0.1:%u", (unsigned)ntohs(address.sin_port));
	const struct recourse_client_options options = {.url = url, .timeout_ms = 300};
	struct recourse_client *client;
	uint64_t began = host_clock_monotonic();
	assert_error(recourse_client_open(&options, &client), RECOURSE_CONNECTION);
	assert_true(host_clock_monotonic() - began < 5 * HOST_CLOCK_SECOND);
	close(silent);
}

static void keeps_keys(void **state)
{
	struct world *world = *state;
	char secret[KEY_TEXT_SIZE];
	char public[KEY_TEXT_SIZE];
	char path[SUPPORT_PATH_MAX];
	assert_error(recourse_key_create(world->stranger_key, "stranger"), RECOURSE_EXISTS);
	vkey_of(world->stranger_key, secret);
	support_directory_path(&world->kit.directory, "stranger.pub", path);
	vkey_of(path, public);
	assert_string_equal(secret, public);
	struct recourse_bytes vkey;
	assert_error(recourse_key_vkey("/does/not/exist", &vkey), RECOURSE_IO);
	assert_int_equal(chmod(world->certificate, 0600), 0);
	assert_error(recourse_key_vkey(world->certificate, &vkey), RECOURSE_KEY_MALFORMED);
	struct recourse_refusal refusal;
	assert_error(recourse_item_from_json(slice_text("{\"a\":1,\n\"a\":2}"), &vkey, &refusal),
		RECOURSE_MALFORMED);
	assert_non_null(strstr(refusal.limit, "duplicate"));
	assert_error(recourse_item_to_json(slice_text("\xff"), true, &vkey), RECOURSE_MALFORMED);
}

/* The same again is the same; the same words elsewhere, in the same request or in another, are not seen to be. */
static void makes_notes(void **state)
{
	struct recourse_client *client = connect_admin(*state, false);
	const struct {
		const char *request;
		size_t index;
		const char *text;
	} others[] = {{"r", 1, "said"}, {"s", 0, "said"}, {"r", 0, "said "}};
	struct recourse_note first;
	struct recourse_note again;
	assert_ok(recourse_client_note(client, "r", 0, slice_text("said"), &first));
	assert_ok(recourse_client_note(client, "r", 0, slice_text("said"), &again));
	assert_memory_equal(&first, &again, sizeof first);
	for (size_t other = 0; other < sizeof others / sizeof others[0]; other++) {
		assert_ok(recourse_client_note(client, others[other].request, others[other].index,
			slice_text(others[other].text), &again));
		assert_memory_not_equal(first.random, again.random, sizeof first.random);
		assert_string_not_equal(first.commitment, again.commitment);
	}
	assert_error(recourse_client_note(client, "r", 0, slice_of((const uint8_t *)"a\0b", 3), &again),
		RECOURSE_FIELD_FORMAT);
	recourse_client_close(client);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WORLD_TEST(submits_items),
		WORLD_TEST(submits_json),
		WORLD_TEST(the_same_reply_for_ever),
		WORLD_TEST(refuses_strangers),
		WORLD_TEST(expired_requests),
		WORLD_TEST(many_in_flight),
		WORLD_TEST(no_answer_waits_for_another),
		WORLD_TEST(receipts_verify),
		WORLD_TEST(receipts_verify_in_json),
		WORLD_TEST(remembers_history),
		WORLD_TEST(open_errors),
		WORLD_TEST(speaks_tls),
		WORLD_TEST(gives_up_on_the_silent),
		WORLD_TEST(keeps_keys),
		WORLD_TEST(makes_notes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
