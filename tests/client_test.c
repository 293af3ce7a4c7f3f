/* SPDX-License-Identifier: Apache-2.0 */
#include "host_clock.h"
#include "base/crypto.h"
#include "base/item.h"
#include "proof/key.h"
#include "recourse_client.h"
#include "recourse_ledger.h"
#include "server.h"
#include "base/slice.h"
#include "support.h"

#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* A throw-away authority of its own for the name localhost, good for a hundred years. */
static const char tls_certificate[] =
	"-----BEGIN CERTIFICATE-----\n"
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

static const char tls_key[] =
	"-----BEGIN PRIVATE KEY-----\n"
	"MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg4GifyYJOl5dzKdyx\n"
	"NwCj1/nsF0gEh8KueuPsJJDqYSmhRANCAASEZCcRWYlMcfzHoiBGOisTq5/lk/Ml\n"
	"3txhZsuN+xEobjMooGwNL1x8SdLebmqWs1PyVV7hJK01N5JIemIf+8hO\n"
	"-----END PRIVATE KEY-----\n";

#define ORIGIN "example.com/ledger"

struct world {
	struct support_directory directory;
	char ledger_path[SUPPORT_PATH_MAX];
	char log_key[SUPPORT_PATH_MAX];
	char admin_key[SUPPORT_PATH_MAX];
	char system_key[SUPPORT_PATH_MAX];
	char stranger_key[SUPPORT_PATH_MAX];
	char memory[SUPPORT_PATH_MAX];
	char certificate[SUPPORT_PATH_MAX];
	char private_key[SUPPORT_PATH_MAX];
	char log_vkey[KEY_TEXT_SIZE];
	struct recourse_ledger *ledger;
	const char *listen[3];
	int stop[2];
	pthread_t thread;
	pthread_mutex_t mutex;
	pthread_cond_t ready;
	char urls[2][300];
	enum recourse_error result;
};

static void vkey_of(const char *path, char vkey[static KEY_TEXT_SIZE])
{
	struct recourse_bytes text;
	assert_ok(recourse_key_vkey(path, &text));
	assert_true(text.size < KEY_TEXT_SIZE);
	memcpy(vkey, text.data, text.size);
	vkey[text.size] = '\0';
	recourse_bytes_free(&text);
}

static void write_text(const char *path, const char *text)
{
	FILE *file = fopen(path, "we");
	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

static void on_ready(void *context, const char *const *urls)
{
	struct world *world = context;
	pthread_mutex_lock(&world->mutex);
	for (size_t index = 0; urls[index] != NULL; index++)
		snprintf(world->urls[index], sizeof world->urls[index], "%s", urls[index]);
	pthread_cond_signal(&world->ready);
	pthread_mutex_unlock(&world->mutex);
}

static void on_log(void *context, const char *line)
{
	(void)context;
	print_message("%s\n", line);
}

static void *run(void *argument)
{
	struct world *world = argument;
	const struct server_options options = {
		.ledger = world->ledger,
		.listen = world->listen,
		.tls_certificate = world->certificate,
		.tls_key = world->private_key,
		.stop_descriptor = world->stop[0],
		.log = on_log,
		.log_context = world,
		.ready = on_ready,
	};
	world->result = server_run(&options);
	return NULL;
}

static void start_service(struct world *world)
{
	const struct recourse_ledger_options options = {
		.directory = world->ledger_path,
		.log_key = world->log_key,
	};
	assert_ok(recourse_ledger_open(&options, &world->ledger));
	assert_int_equal(pipe(world->stop), 0);
	world->urls[0][0] = '\0';
	assert_int_equal(pthread_create(&world->thread, NULL, run, world), 0);
	pthread_mutex_lock(&world->mutex);
	while (world->urls[0][0] == '\0')
		pthread_cond_wait(&world->ready, &world->mutex);
	pthread_mutex_unlock(&world->mutex);
}

static void stop_service(struct world *world)
{
	assert_int_equal(write(world->stop[1], "x", 1), 1);
	pthread_join(world->thread, NULL);
	assert_ok(world->result);
	recourse_ledger_close(world->ledger);
	close(world->stop[0]);
	close(world->stop[1]);
}

static struct world *make_world(void)
{
	struct world *world = calloc(1, sizeof *world);
	assert_non_null(world);
	pthread_mutex_init(&world->mutex, NULL);
	pthread_cond_init(&world->ready, NULL);
	support_directory_make(&world->directory);
	support_directory_path(&world->directory, "ledger", world->ledger_path);
	support_directory_path(&world->directory, "log", world->log_key);
	support_directory_path(&world->directory, "admin", world->admin_key);
	support_directory_path(&world->directory, "system", world->system_key);
	support_directory_path(&world->directory, "stranger", world->stranger_key);
	support_directory_path(&world->directory, "memory", world->memory);
	support_directory_path(&world->directory, "certificate.pem", world->certificate);
	support_directory_path(&world->directory, "private.pem", world->private_key);
	write_text(world->certificate, tls_certificate);
	write_text(world->private_key, tls_key);
	assert_ok(recourse_key_create(world->log_key, ORIGIN));
	assert_ok(recourse_key_create(world->admin_key, "admin"));
	assert_ok(recourse_key_create(world->system_key, "system"));
	assert_ok(recourse_key_create(world->stranger_key, "stranger"));
	vkey_of(world->log_key, world->log_vkey);
	assert_ok(recourse_ledger_create(world->ledger_path));
	world->listen[0] = "tcp://127.0.0.1:0";
	start_service(world);
	return world;
}

static void free_world(struct world *world)
{
	stop_service(world);
	support_directory_remove(&world->directory);
	pthread_cond_destroy(&world->ready);
	pthread_mutex_destroy(&world->mutex);
	free(world);
}

static struct recourse_client *connect_with(struct world *world, const struct recourse_client_options *given)
{
	struct recourse_client_options options = *given;
	struct recourse_client *client;
	if (options.url == NULL)
		options.url = world->urls[0];
	if (options.timeout_ms == 0)
		options.timeout_ms = 10000;
	assert_ok(recourse_client_open(&options, &client));
	return client;
}

static struct recourse_client *connect_admin(struct world *world, bool json)
{
	return connect_with(world, &(struct recourse_client_options){
		.key_file = world->admin_key, .log_key = world->log_vkey, .memory = world->memory, .json = json});
}

static enum recourse_error submit_json(struct recourse_client *client, const char *id, const char *commands,
	struct recourse_bytes *result, struct recourse_refusal *refusal)
{
	struct recourse_bytes items;
	assert_ok(recourse_item_from_json(slice_text(commands), &items, refusal));
	const struct recourse_submission submission = {
		.request_id = id,
		.mode = RECOURSE_MODE_ALL,
		.expires = host_clock_now() + 60 * HOST_CLOCK_SECOND,
		.commands = slice_of(items.data, items.size),
	};
	enum recourse_error error = recourse_client_submit(client, &submission, result, refusal);
	recourse_bytes_free(&items);
	return error;
}

static enum recourse_error submit_party(struct recourse_client *client, const char *id, const char *party,
	struct recourse_refusal *refusal)
{
	char commands[256];
	struct recourse_bytes result;
	snprintf(commands, sizeof commands,
		"[{\"command\":\"party.register\",\"party\":\"%s\",\"kinds\":[\"merchant\"]}]", party);
	enum recourse_error error = submit_json(client, id, commands, &result, refusal);
	recourse_bytes_free(&result);
	return error;
}

static void open_ledger(struct world *world, struct recourse_client *client)
{
	char admin[KEY_TEXT_SIZE];
	char system_vkey[KEY_TEXT_SIZE];
	char commands[1024];
	struct recourse_bytes result;
	struct recourse_refusal refusal;
	vkey_of(world->admin_key, admin);
	vkey_of(world->system_key, system_vkey);
	snprintf(commands, sizeof commands,
		"[{\"command\":\"ledger.open\",\"origin\":\"" ORIGIN "\",\"log_key\":\"%s\",\"party\":\"platform\","
		"\"key\":\"%s\",\"system_key\":\"%s\"}]", world->log_vkey, admin, system_vkey);
	enum recourse_error error = submit_json(client, "open", commands, &result, &refusal);
	if (error != RECOURSE_OK)
		print_message("field %s limit %s\n", refusal.field, refusal.limit);
	assert_ok(error);
	recourse_bytes_free(&result);
}

static bool says(const struct recourse_bytes *item, const char *text)
{
	struct recourse_bytes json;
	assert_ok(recourse_item_to_json(slice_of(item->data, item->size), false, &json));
	bool found = memmem(json.data, json.size, text, strlen(text)) != NULL;
	if (!found)
		print_message("%.*s\n", (int)json.size, (const char *)json.data);
	recourse_bytes_free(&json);
	return found;
}

static void submits_and_asks(bool json)
{
	struct world *world = make_world();
	struct recourse_client *client = connect_admin(world, json);
	struct recourse_refusal refusal;
	struct recourse_bytes result;
	open_ledger(world, client);
	assert_ok(submit_party(client, "r1", "shop", &refusal));
	assert_error(submit_party(client, "r2", "shop", &refusal), RECOURSE_EXISTS);
	assert_int_equal(refusal.command, 0);
	assert_error(submit_party(client, "r1", "other", &refusal), RECOURSE_REQUEST_CONFLICT);
	assert_ok(submit_party(client, "r1", "shop", &refusal));

	assert_ok(recourse_client_call(client, "service.info", (slice){0}, &result, &refusal));
	assert_true(says(&result, "\"origin\":\"" ORIGIN "\""));
	recourse_bytes_free(&result);
	struct recourse_bytes params;
	assert_ok(recourse_item_from_json(slice_text("{\"entry\":1}"), &params, &refusal));
	assert_ok(recourse_client_query(client, "entry.get", slice_of(params.data, params.size), &result, &refusal));
	assert_true(says(&result, "\"entry\":1"));
	recourse_bytes_free(&result);
	recourse_bytes_free(&params);
	assert_error(recourse_client_query(client, "entry.get", (slice){0}, &result, &refusal), RECOURSE_FIELD_MISSING);
	assert_string_equal(refusal.field, "entry");
	assert_error(recourse_client_call(client, "entry.get", (slice){0}, &result, &refusal),
		RECOURSE_SIGNATURE_REQUIRED);
	assert_error(recourse_client_call(client, "no.such", (slice){0}, &result, &refusal), RECOURSE_METHOD_UNKNOWN);
	recourse_client_close(client);
	free_world(world);
}

static void submits(void **state)
{
	submits_and_asks(false);
	submits_and_asks(true);
}

static void the_same_reply_for_ever(void **state)
{
	struct world *world = make_world();
	struct recourse_client *client = connect_admin(world, false);
	struct recourse_refusal refusal;
	struct recourse_bytes first;
	struct recourse_bytes again;
	static const char commands[] = "[{\"command\":\"party.register\",\"party\":\"p\",\"kinds\":[\"merchant\"]}]";
	open_ledger(world, client);
	assert_ok(submit_json(client, "r1", commands, &first, &refusal));
	assert_ok(submit_json(client, "r1", commands, &again, &refusal));
	assert_true(slice_equal(slice_of(first.data, first.size), slice_of(again.data, again.size)));
	recourse_bytes_free(&again);
	recourse_client_close(client);

	stop_service(world);
	start_service(world);
	client = connect_admin(world, false);
	assert_ok(submit_json(client, "r1", commands, &again, &refusal));
	assert_true(slice_equal(slice_of(first.data, first.size), slice_of(again.data, again.size)));
	recourse_bytes_free(&again);
	recourse_bytes_free(&first);
	recourse_client_close(client);
	free_world(world);
}

static void take_checkpoint(struct recourse_client *client, enum recourse_error expected)
{
	struct recourse_bytes note;
	enum recourse_error error = recourse_client_checkpoint(client, &note);
	for (int round = 0; error == RECOURSE_QUERY_NOT_FOUND && round < 50; round++) {
		poll(NULL, 0, 50);
		error = recourse_client_checkpoint(client, &note);
	}
	assert_error(error, expected);
	recourse_bytes_free(&note);
}

static void refuses_strangers(void **state)
{
	struct world *world = make_world();
	struct recourse_client *admin = connect_admin(world, false);
	struct recourse_refusal refusal;
	struct recourse_bytes result;
	open_ledger(world, admin);
	take_checkpoint(admin, RECOURSE_OK);
	struct recourse_client *stranger = connect_with(world,
		&(struct recourse_client_options){.key_file = world->stranger_key});
	assert_error(submit_party(stranger, "s1", "shop", &refusal), RECOURSE_KEY_UNKNOWN);
	recourse_client_close(stranger);
	struct recourse_client *nobody = connect_with(world, &(struct recourse_client_options){.url = NULL});
	assert_error(submit_party(nobody, "s1", "shop", &refusal), RECOURSE_SIGNATURE_REQUIRED);
	assert_error(recourse_client_query(nobody, "entry.get", (slice){0}, &result, &refusal),
		RECOURSE_SIGNATURE_REQUIRED);
	recourse_client_close(nobody);
	char other[KEY_TEXT_SIZE];
	vkey_of(world->stranger_key, other);
	struct recourse_client *misled = connect_with(world,
		&(struct recourse_client_options){.key_file = world->admin_key, .log_key = other});
	assert_error(submit_party(misled, "s1", "shop", &refusal), RECOURSE_ORIGIN_WRONG);
	assert_error(recourse_client_checkpoint(misled, &result), RECOURSE_NOTE_UNSIGNED);
	recourse_client_close(misled);
	recourse_client_close(admin);
	free_world(world);
}

static void expired_requests(void **state)
{
	struct world *world = make_world();
	struct recourse_client *client = connect_admin(world, false);
	struct recourse_refusal refusal;
	struct recourse_bytes result;
	struct recourse_bytes items;
	open_ledger(world, client);
	assert_ok(recourse_item_from_json(
		slice_text("[{\"command\":\"party.register\",\"party\":\"p\",\"kinds\":[\"merchant\"]}]"), &items, &refusal));
	const struct recourse_submission submission = {
		.request_id = "late",
		.expires = host_clock_now() - HOST_CLOCK_SECOND,
		.commands = slice_of(items.data, items.size),
	};
	assert_error(recourse_client_submit(client, &submission, &result, &refusal), RECOURSE_REQUEST_EXPIRED);
	recourse_bytes_free(&items);
	recourse_client_close(client);
	free_world(world);
}

enum { IN_FLIGHT = 40 };

static void many_in_flight(void **state)
{
	struct world *world = make_world();
	struct recourse_client *client = connect_admin(world, false);
	struct recourse_pending *pending[IN_FLIGHT];
	struct recourse_refusal refusal;
	struct recourse_bytes result;
	open_ledger(world, client);
	for (int index = 0; index < IN_FLIGHT; index++) {
		char id[32];
		char commands[128];
		struct recourse_bytes items;
		struct recourse_bytes message;
		/* Each twice, at the same time: the second must find the first. */
		snprintf(id, sizeof id, "r%d", index / 2);
		snprintf(commands, sizeof commands,
			"[{\"command\":\"party.register\",\"party\":\"p%d\",\"kinds\":[\"merchant\"]}]", index / 2);
		assert_ok(recourse_item_from_json(slice_text(commands), &items, &refusal));
		const struct recourse_submission submission = {.request_id = id, .brief = true,
			.expires = host_clock_now() + 60 * HOST_CLOCK_SECOND, .commands = slice_of(items.data, items.size)};
		assert_ok(recourse_client_sign_submission(client, &submission, &message));
		assert_ok(recourse_client_send(client, slice_of(message.data, message.size), &pending[index]));
		recourse_bytes_free(&message);
		recourse_bytes_free(&items);
	}
	for (int index = 0; index < IN_FLIGHT; index++) {
		assert_ok(recourse_client_wait(pending[index], &result, &refusal));
		assert_true(says(&result, "\"accepted\":1"));
		recourse_bytes_free(&result);
	}
	assert_ok(recourse_client_call(client, "service.info", (slice){0}, &result, &refusal));
	assert_true(says(&result, "\"entries\":21,"));
	recourse_bytes_free(&result);
	recourse_client_close(client);
	free_world(world);
}

static void receipts(bool json)
{
	struct world *world = make_world();
	struct recourse_client *client = connect_admin(world, json);
	struct recourse_refusal refusal;
	struct recourse_bytes receipt;
	struct recourse_bytes entry;
	struct recourse_receipt_facts facts;
	open_ledger(world, client);
	assert_ok(submit_party(client, "r1", "shop", &refusal));
	assert_ok(recourse_client_receipt(client, 1, &receipt, &refusal));
	slice text = slice_of(receipt.data, receipt.size);
	assert_ok(recourse_receipt_verify(text, slice_text(world->log_vkey), (slice){0}, &facts, &entry));
	assert_string_equal(facts.origin, ORIGIN);
	assert_int_equal(facts.index, 1);
	assert_int_equal(facts.tree_size, 2);
	struct recourse_bytes described;
	assert_ok(recourse_entry_describe(slice_of(entry.data, entry.size), &described));
	assert_true(says(&described, "party.register"));
	recourse_bytes_free(&described);
	recourse_bytes_free(&entry);
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
	free_world(world);
}

static void receipts_verify(void **state)
{
	receipts(false);
	receipts(true);
}

/* Another history under the same key: shorter first, then longer than what is remembered. */
static void remembers_history(void **state)
{
	struct world *world = make_world();
	struct recourse_client *client = connect_admin(world, false);
	struct recourse_refusal refusal;
	struct recourse_bytes receipt;
	open_ledger(world, client);
	assert_ok(submit_party(client, "r1", "shop", &refusal));
	assert_ok(recourse_client_receipt(client, 1, &receipt, &refusal));
	recourse_bytes_free(&receipt);
	recourse_client_close(client);
	stop_service(world);

	support_directory_path(&world->directory, "other", world->ledger_path);
	assert_ok(recourse_ledger_create(world->ledger_path));
	start_service(world);
	struct recourse_client *trusting = connect_with(world,
		&(struct recourse_client_options){.key_file = world->admin_key, .log_key = world->log_vkey});
	open_ledger(world, trusting);
	take_checkpoint(trusting, RECOURSE_OK);
	client = connect_admin(world, false);
	take_checkpoint(client, RECOURSE_ROLLBACK);
	assert_ok(submit_party(trusting, "r1", "a", &refusal));
	assert_ok(submit_party(trusting, "r2", "b", &refusal));
	assert_ok(recourse_client_receipt(trusting, 2, &receipt, &refusal));
	recourse_bytes_free(&receipt);
	take_checkpoint(client, RECOURSE_FORK);
	take_checkpoint(trusting, RECOURSE_OK);
	recourse_client_close(client);
	recourse_client_close(trusting);
	free_world(world);
}

static void open_errors(void **state)
{
	struct world *world = make_world();
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
	struct recourse_client_options readable = {.url = world->urls[0], .key_file = world->admin_key};
	assert_int_equal(chmod(world->admin_key, 0644), 0);
	assert_error(recourse_client_open(&readable, &client), RECOURSE_NOT_PERMITTED);
	assert_int_equal(chmod(world->admin_key, 0600), 0);
	free_world(world);
}

static void speaks_tls(void **state)
{
	struct world *world = make_world();
	stop_service(world);
	world->listen[1] = "tls+tcp://127.0.0.1:0";
	start_service(world);
	struct recourse_client_options options = {
		.url = world->urls[1],
		.key_file = world->admin_key,
		.log_key = world->log_vkey,
		.tls_ca_file = world->certificate,
		.tls_server_name = "localhost",
	};
	struct recourse_client *client = connect_with(world, &options);
	open_ledger(world, client);
	take_checkpoint(client, RECOURSE_OK);
	recourse_client_close(client);
	options.timeout_ms = 2000;
	options.tls_server_name = "elsewhere.example";
	assert_error(recourse_client_open(&options, &client), RECOURSE_CONNECTION);
	options.tls_server_name = "localhost";
	options.tls_ca_file = NULL;
	assert_error(recourse_client_open(&options, &client), RECOURSE_CONNECTION);
	free_world(world);
}

static void keeps_keys(void **state)
{
	struct world *world = make_world();
	char secret[KEY_TEXT_SIZE];
	char public[KEY_TEXT_SIZE];
	char path[SUPPORT_PATH_MAX];
	assert_error(recourse_key_create(world->admin_key, "admin"), RECOURSE_EXISTS);
	vkey_of(world->admin_key, secret);
	support_directory_path(&world->directory, "admin.pub", path);
	vkey_of(path, public);
	assert_string_equal(secret, public);
	struct recourse_bytes vkey;
	assert_error(recourse_key_vkey("/does/not/exist", &vkey), RECOURSE_IO);
	assert_int_equal(chmod(world->certificate, 0600), 0);
	assert_error(recourse_key_vkey(world->certificate, &vkey), RECOURSE_KEY_MALFORMED);
	struct recourse_refusal refusal;
	assert_error(recourse_item_from_json(slice_text("{\"a\":1,\n\"a\":2}"), &vkey, &refusal), RECOURSE_MALFORMED);
	assert_non_null(strstr(refusal.limit, "duplicate"));
	assert_error(recourse_item_to_json(slice_text("\xff"), true, &vkey), RECOURSE_MALFORMED);
	free_world(world);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(submits),
		cmocka_unit_test(the_same_reply_for_ever),
		cmocka_unit_test(refuses_strangers),
		cmocka_unit_test(expired_requests),
		cmocka_unit_test(many_in_flight),
		cmocka_unit_test(receipts_verify),
		cmocka_unit_test(remembers_history),
		cmocka_unit_test(open_errors),
		cmocka_unit_test(speaks_tls),
		cmocka_unit_test(keeps_keys),
	};
	if (crypto_start() != RECOURSE_OK)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
