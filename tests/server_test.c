/* SPDX-License-Identifier: Apache-2.0 */
#include "dial.h"
#include "served.h"
#include "server_stub.h"
#include "wire.h"

#include <errno.h>
#include <stdio.h>
#include <sys/socket.h>

struct service {
	struct recourse_ledger ledger;
	struct served served;
};

static struct service *prepare(void)
{
	struct service *service = calloc(1, sizeof *service);
	assert_non_null(service);
	served_prepare(&service->served, &service->ledger);
	return service;
}

static void begin(struct service *service)
{
	served_begin(&service->served);
	assert_string_not_equal(service->served.urls[0], "");
}

static void dispose(struct service *service)
{
	assert_int_equal(atomic_load(&service->ledger.prepared), atomic_load(&service->ledger.released));
	free(service);
}

static void end(struct service *service, enum recourse_error expected)
{
	assert_error(served_end(&service->served), expected);
	dispose(service);
}

static void stop(struct service *service)
{
	served_tell_to_stop(&service->served);
	end(service, RECOURSE_OK);
}

static struct service *start(void)
{
	struct service *service = prepare();
	begin(service);
	return service;
}

/* Until so many requests have come to it. */
static void await_prepared(const struct service *service, int count)
{
	while (atomic_load(&service->ledger.prepared) < count)
		poll(NULL, 0, 1);
}

static void await_commit(const struct service *service)
{
	while (atomic_load(&service->ledger.committing) == 0)
		poll(NULL, 0, 1);
}

static struct dial *dial_to(const struct service *service, uint32_t timeout_ms)
{
	struct dial *dial;
	const struct dial_options options = {.url = service->served.urls[0], .timeout_ms = timeout_ms};
	assert_ok(dial_open(&options, &dial));
	return dial;
}

static struct dial_call *send_payload(struct dial *dial, const char *payload)
{
	SCOPED(buffer_free) struct buffer message = signed_message(payload, 1);
	struct dial_call *call;
	assert_ok(dial_send(dial, buffer_slice(&message), &call));
	return call;
}

/* OK, or the error that the service replied. */
static enum recourse_error outcome(struct dial_call *call, const char *payload)
{
	slice message;
	SCOPED(envelope_reply_free) struct envelope_reply reply = {0};
	enum recourse_error error = dial_wait(call, &message);
	if (error == RECOURSE_OK) {
		assert_ok(envelope_read_reply(message, &reply));
		error = reply.failed ? reply.refusal.error : RECOURSE_OK;
	}
	if (error == RECOURSE_OK) {
		slice reader = reply.result;
		struct item text;
		assert_ok(item_read_type(&reader, ITEM_TEXT, &text));
		assert_true(slice_is(text.string, payload));
	}
	dial_end(call);
	return error;
}

static void answers(void **state)
{
	struct service *service = start();
	struct dial *dial = dial_to(service, WIRE_PATIENCE_MS);
	assert_ok(outcome(send_payload(dial, "query 1"), "query 1"));
	assert_ok(outcome(send_payload(dial, "submit 1"), "submit 1"));
	assert_error(outcome(send_payload(dial, "forged"), ""), RECOURSE_SIGNATURE_INVALID);
	assert_error(outcome(send_payload(dial, "submit! 2"), ""), RECOURSE_INSUFFICIENT);
	assert_int_equal(atomic_load(&service->ledger.requests), 2);
	dial_close(dial);
	stop(service);
}

enum { MANY = 48, ROUNDS = 20 };

static void groups_what_waits(void **state)
{
	struct service *service = start();
	struct dial *dial = dial_to(service, WIRE_PATIENCE_MS);
	for (int round = 0; round < ROUNDS; round++) {
		atomic_store(&service->ledger.held, true);
		struct dial_call *calls[MANY];
		char payload[32];
		for (int index = 0; index < MANY; index++) {
			snprintf(payload, sizeof payload, "submit%c%d.%d", index % 7 == 0 ? '*' : ' ', round,
				index);
			calls[index] = send_payload(dial, payload);
		}
		await_prepared(service, (round + 1) * MANY);
		atomic_store(&service->ledger.held, false);
		for (int index = 0; index < MANY; index++) {
			snprintf(payload, sizeof payload, "submit%c%d.%d", index % 7 == 0 ? '*' : ' ', round,
				index);
			assert_ok(outcome(calls[index], payload));
		}
	}
	assert_int_equal(atomic_load(&service->ledger.requests), MANY * ROUNDS);
	assert_true(atomic_load(&service->ledger.commits) < MANY * ROUNDS / 2);
	dial_close(dial);
	stop(service);
}

/* Who asks for much, on many connections or one, waits for himself. */
static void parties_take_turns(void **state)
{
	struct service *service = start();
	struct dial *dial = dial_to(service, WIRE_PATIENCE_MS);
	struct dial *neighbour = dial_to(service, WIRE_PATIENCE_MS);
	struct dial_call *calls[MANY];
	assert_ok(outcome(send_payload(neighbour, "submit n"), "submit n"));
	atomic_store(&service->ledger.held, true);
	for (int index = 0; index < MANY; index++)
		calls[index] = send_payload(dial, "submit*");
	await_prepared(service, 1 + MANY);
	struct dial_call *beside = send_payload(neighbour, "submit n");
	await_prepared(service, 1 + MANY + 1);
	atomic_store(&service->ledger.turns, MANY / 4);
	assert_ok(outcome(beside, "submit n"));
	atomic_store(&service->ledger.held, false);
	for (int index = 0; index < MANY; index++)
		assert_ok(outcome(calls[index], "submit*"));
	dial_close(dial);
	dial_close(neighbour);
	stop(service);
}

/* A party that fills what may be in flight, on many connections, is refused; one that pipelines beside it is not. */
static void floods_leave_room(void **state)
{
	enum { FLOOD = 12, AT_ONCE = 64, BESIDE = 32, TAKEN = FLOOD * AT_ONCE / 2 };
	struct service *service = start();
	struct dial *neighbour = dial_to(service, WIRE_PATIENCE_MS);
	struct dial *dials[FLOOD];
	struct dial_call *calls[FLOOD][AT_ONCE];
	struct dial_call *beside[BESIDE];
	int refused = 0;
	assert_ok(outcome(send_payload(neighbour, "submit n"), "submit n"));
	for (int dial = 0; dial < FLOOD; dial++) {
		dials[dial] = dial_to(service, WIRE_PATIENCE_MS);
		assert_ok(outcome(send_payload(dials[dial], "submit k"), "submit k"));
	}
	atomic_store(&service->ledger.held, true);
	for (int call = 0; call < AT_ONCE; call++) {
		for (int dial = 0; dial < FLOOD; dial++)
			calls[dial][call] = send_payload(dials[dial], "submit k");
	}
	await_prepared(service, 1 + FLOOD + TAKEN);
	for (int call = 0; call < BESIDE; call++)
		beside[call] = send_payload(neighbour, "submit n");
	await_prepared(service, 1 + FLOOD + TAKEN + BESIDE);
	atomic_store(&service->ledger.held, false);
	for (int call = 0; call < BESIDE; call++)
		assert_ok(outcome(beside[call], "submit n"));
	for (int dial = 0; dial < FLOOD; dial++) {
		for (int call = 0; call < AT_ONCE; call++)
			refused += outcome(calls[dial][call], "submit k") == RECOURSE_BUSY;
		dial_close(dials[dial]);
	}
	assert_in_range(refused, 1, FLOOD * AT_ONCE - TAKEN);
	dial_close(neighbour);
	stop(service);
}

static void discovers(void **state)
{
	struct service *service = start();
	struct wire wire = wire_open(service->served.urls[0]);
	wire_send_text(&wire, 1, "{\"jsonrpc\":\"2.0\",\"method\":\"rpc.discover\",\"id\":9}");
	assert_true(wire_reply_has(&wire, 1, "\"openrpc\":\"1.2.6\""));
	wire_send_text(
		&wire, 2, "{\"jsonrpc\":\"2.0\",\"method\":\"rpc.discover\",\"id\":9,\"params\":{\"a\":1}}");
	assert_true(wire_reply_has(&wire, 2, "FIELD_UNKNOWN"));
	wire_send_text(&wire, 3, "{\"jsonrpc\":\"2.0\",\"method\":\"nothing\",\"id\":9}");
	assert_true(wire_reply_has(&wire, 3, "-32601"));
	wire_close(&wire);
	stop(service);
}

/* With one request allowed in flight, a slow commit makes the second BUSY at once. */
static void busy_at_once(void **state)
{
	struct service *service = prepare();
	service->served.options.connection_requests_max = 1;
	atomic_store(&service->ledger.held, true);
	begin(service);
	struct dial *dial = dial_to(service, WIRE_PATIENCE_MS);
	struct dial_call *slow = send_payload(dial, "submit slow");
	await_commit(service);
	assert_error(outcome(send_payload(dial, "submit more"), ""), RECOURSE_BUSY);
	assert_int_equal(atomic_load(&service->ledger.commits), 0);
	atomic_store(&service->ledger.held, false);
	assert_ok(outcome(slow, "submit slow"));
	assert_ok(outcome(send_payload(dial, "submit more"), "submit more"));
	dial_close(dial);
	stop(service);
}

/* Told to stop in the middle of a commit: it is finished and answered, what comes after is STOPPING. */
static void finishes_what_it_took(void **state)
{
	struct service *service = prepare();
	atomic_store(&service->ledger.held, true);
	begin(service);
	struct dial *dial = dial_to(service, WIRE_PATIENCE_MS);
	struct dial_call *taken = send_payload(dial, "submit taken");
	await_commit(service);
	int before = atomic_load(&service->ledger.signatures);
	served_tell_to_stop(&service->served);
	enum recourse_error error = RECOURSE_OK;
	while (error == RECOURSE_OK)
		error = outcome(send_payload(dial, "query late"), "query late");
	assert_error(error, RECOURSE_STOPPING);
	assert_error(outcome(send_payload(dial, "submit late"), ""), RECOURSE_STOPPING);
	atomic_store(&service->ledger.held, false);
	assert_ok(outcome(taken, "submit taken"));
	assert_ok(served_end(&service->served));
	assert_int_equal(atomic_load(&service->ledger.requests), 1);
	assert_int_equal(atomic_load(&service->ledger.signatures), before + 1);
	dial_close(dial);
	dispose(service);
}

/* Refused because nothing could be written: neither a full disk nor want of memory is the end. */
static void what_is_full_goes_on(void **state)
{
	static const enum recourse_error full[] = {RECOURSE_STORE_FULL, RECOURSE_MEMORY};
	struct service *service = start();
	struct dial *dial = dial_to(service, WIRE_PATIENCE_MS);
	for (size_t index = 0; index < sizeof full / sizeof full[0]; index++) {
		atomic_store(&service->ledger.error, (int)full[index]);
		assert_error(outcome(send_payload(dial, "submit 1"), ""), full[index]);
		atomic_store(&service->ledger.error, RECOURSE_OK);
		assert_ok(outcome(send_payload(dial, "submit 1"), "submit 1"));
	}
	dial_close(dial);
	stop(service);
}

/* Nobody is told anything when the outcome is not known, and the service ends by itself. */
static void unknown_outcome_stops(void **state)
{
	struct service *service = start();
	struct dial *dial = dial_to(service, 1500);
	atomic_store(&service->ledger.error, RECOURSE_OUTCOME_UNKNOWN);
	assert_error(outcome(send_payload(dial, "submit 1"), ""), RECOURSE_TIMED_OUT);
	end(service, RECOURSE_OUTCOME_UNKNOWN);
	dial_close(dial);
}

static void rollback_stops(void **state)
{
	struct service *service = prepare();
	atomic_store(&service->ledger.sign_error, RECOURSE_ROLLBACK);
	served_begin(&service->served);
	end(service, RECOURSE_ROLLBACK);
}

/* Who asks is told, and nothing is taken or signed any more. */
static void damaged_page_stops(void **state)
{
	struct service *service = start();
	struct dial *patient = dial_to(service, WIRE_PATIENCE_MS);
	struct dial *dial = dial_to(service, 1500);
	assert_ok(outcome(send_payload(patient, "query 1"), "query 1"));
	int signatures = atomic_load(&service->ledger.signatures);
	atomic_store(&service->ledger.query_error, RECOURSE_STORE_CORRUPT);
	struct dial_call *asked = send_payload(dial, "query 2");
	await_prepared(service, 2);
	enum recourse_error error = outcome(asked, "");
	assert_true(error == RECOURSE_STORE_CORRUPT || error == RECOURSE_TIMED_OUT);
	assert_true(outcome(send_payload(dial, "submit 1"), "") != RECOURSE_OK);
	assert_int_equal(atomic_load(&service->ledger.commits), 0);
	assert_int_equal(atomic_load(&service->ledger.signatures), signatures);
	end(service, RECOURSE_STORE_CORRUPT);
	dial_close(dial);
	dial_close(patient);
}

static void inspection_stops(void **state)
{
	struct service *service = prepare();
	atomic_store(&service->ledger.inspect_error, RECOURSE_STORE_CORRUPT);
	served_begin(&service->served);
	end(service, RECOURSE_STORE_CORRUPT);
}

static void refuse_url(const char *url, enum recourse_error expected)
{
	struct service *service = prepare();
	service->served.listen[0] = url;
	print_message("%s\n", url);
	served_begin(&service->served);
	end(service, expected);
}

static void checks_urls(void **state)
{
	refuse_url("tcp://0.0.0.0:0", RECOURSE_NOT_PERMITTED);
	refuse_url("tcp://*:0", RECOURSE_NOT_PERMITTED);
	refuse_url("tcp://:0", RECOURSE_NOT_PERMITTED);
	refuse_url("tcp://[::]:0", RECOURSE_NOT_PERMITTED);
	refuse_url("tcp://128.0.0.1:0", RECOURSE_NOT_PERMITTED);
	refuse_url("ipc:///tmp/x", RECOURSE_MALFORMED);
	refuse_url("ws://127.0.0.1:80/", RECOURSE_MALFORMED);
	refuse_url("tcp://127.0.0.1", RECOURSE_MALFORMED);
	refuse_url("tcp://127.0.0.1:65536", RECOURSE_MALFORMED);
	refuse_url("tcp://127.0.0.1:1x", RECOURSE_MALFORMED);
	refuse_url("tls+tcp://127.0.0.1:0", RECOURSE_IO);
}

static void address_in_use(void **state)
{
	struct service *service = start();
	refuse_url(service->served.urls[0], RECOURSE_CONNECTION);
	stop(service);
}

/* What is no message, with the handshake before it or without; the service may close, and it serves others. */
static const struct {
	const char *bytes;
	size_t size;
	bool greeted;
	bool closes;
} nonsense[] = {
	{"", 0, false, false}, {"GET / HTTP/1.0\r\n\r\n", 18, false, true},
	{"\0SP\0\0\x10\0\0", 8, false, true}, /* another protocol */
	/* without a limit on what is received, such a length ends the whole process */
	{"\xff\xff\xff\xff\xff\xff\xff\xe0", 8, true, true},
	{"\xff\xff\xff\xff\xff\xff\xff\xff", 8, true, true},
	{"\x7f\xff\xff\xff\xff\xff\xff\xff", 8, true, true}, {"\0\0\0\0\0\x20\0\1", 8, true, true},
	{"\0\0\0\0\0\0\0\2\1\2", 10, true, false},       /* too short for an id */
	{"\0\0\0\0\0\0\0\6\0\0\0\1{}", 14, true, false}, /* an id without its end */
	{"\0\0\0\0\0", 5, true, false},                  /* half a head */
};
enum { NONSENSE = sizeof nonsense / sizeof nonsense[0] };

static void survives_nonsense(void **state)
{
	struct service *service = start();
	struct wire wires[NONSENSE];
	for (size_t row = 0; row < NONSENSE; row++) {
		const char *url = service->served.urls[0];
		wires[row] = nonsense[row].greeted ? wire_open(url) : wire_connect(url);
		assert_int_equal(
			wire_write(&wires[row], nonsense[row].bytes, nonsense[row].size), nonsense[row].size);
		assert_true(!nonsense[row].closes || wire_closed(&wires[row]));
		wire_assert_serves(service->served.urls[0]);
	}
	wire_close(&wires[NONSENSE - 1]); /* it leaves in the middle */
	wire_assert_serves(service->served.urls[0]);
	for (size_t row = 0; row < NONSENSE - 1; row++)
		wire_close(&wires[row]);
	stop(service);
}

static void same_id_twice(void **state)
{
	struct service *service = start();
	struct wire wire = wire_open(service->served.urls[0]);
	for (int index = 0; index < 2; index++)
		wire_send_text(&wire, 5, "{\"jsonrpc\":\"2.0\",\"method\":\"service.info\",\"id\":1}");
	assert_true(wire_reply_has(&wire, 5, "example.com/ledger"));
	assert_true(wire_reply_has(&wire, 5, "example.com/ledger"));
	wire_send_text(&wire, 6, "");
	assert_true(wire_reply_has(&wire, 6, "-32700"));
	wire_send_text(&wire, 8, "[]");
	assert_true(wire_reply_has(&wire, 8, "-32600"));
	wire_close(&wire);
	stop(service);
}

/* Until the other side takes nothing any more, though no answer of its was read. */
static void await_refusal(struct wire *wire)
{
	while (send(wire->descriptor, "", 1, MSG_NOSIGNAL | MSG_DONTWAIT) >= 0 || errno == EAGAIN)
		poll(NULL, 0, 50);
}

/* It asks for megabytes and never reads one: the others do not notice, and it is closed. */
static void closes_who_does_not_read(void **state)
{
	struct service *service = prepare();
	service->served.options.send_timeout_ms = 300;
	begin(service);
	struct wire wire = wire_open(service->served.urls[0]);
	for (uint32_t id = 0; id < 40; id++)
		wire_send_text(&wire, id, "{\"jsonrpc\":\"2.0\",\"method\":\"service.large\",\"id\":1}");
	wire_assert_serves(service->served.urls[0]);
	await_refusal(&wire);
	assert_true(wire_closed(&wire));
	wire_close(&wire);
	wire_assert_serves(service->served.urls[0]);
	stop(service);
}

/* More than it may have in flight is BUSY; twice as much without reading, and it is closed. */
static void closes_who_floods(void **state)
{
	struct service *service = prepare();
	service->served.options.connection_requests_max = 4;
	service->served.options.send_timeout_ms = 500;
	atomic_store(&service->ledger.held, true);
	begin(service);
	struct wire wire = wire_open(service->served.urls[0]);
	SCOPED(buffer_free) struct buffer message = signed_message("submit flood", 3);
	for (uint32_t id = 0; id < 6; id++)
		wire_send(&wire, id, buffer_slice(&message));
	for (int round = 0; round < 6; round++) {
		SCOPED(buffer_free) struct buffer body = {0};
		uint32_t id = 0;
		assert_true(wire_receive(&wire, WIRE_PATIENCE_MS, &id, &body));
		bool refused = memmem(body.data, body.size, "BUSY", 4) != NULL;
		assert_int_equal(refused, round < 2);
		atomic_store(&service->ledger.held, round < 1);
	}
	SCOPED(buffer_free) struct buffer large = {0};
	buffer_append_text(&large, "{\"jsonrpc\":\"2.0\",\"method\":\"service.large\",\"id\":1}");
	for (uint32_t id = 0; id < 300; id++) {
		wire_send(&wire, id, buffer_slice(&large));
		poll(NULL, 0, 2);
	}
	await_refusal(&wire);
	assert_true(wire_closed(&wire));
	wire_assert_serves(service->served.urls[0]);
	wire_close(&wire);
	stop(service);
}

static void limits_connections(void **state)
{
	struct service *service = prepare();
	service->served.options.connections_max = 4;
	begin(service);
	struct wire wires[4];
	/* One that was answered is counted; the handshake alone does not tell. */
	for (size_t index = 0; index < 4; index++) {
		wires[index] = wire_open(service->served.urls[0]);
		wire_assert_answers(&wires[index]);
		poll(NULL, 0, 5); /* by the millisecond: none was silent for as long as the one before it */
	}
	/* one more takes the place of who has said nothing for longest */
	struct wire fifth = wire_open(service->served.urls[0]);
	wire_assert_answers(&fifth);
	assert_true(wire_closed(&wires[0]));
	wire_assert_answers(&wires[3]);
	wire_close(&fifth);
	for (size_t index = 0; index < 4; index++)
		wire_close(&wires[index]);
	stop(service);
}

static void closes_idle_connections(void **state)
{
	struct service *service = prepare();
	service->served.options.idle_timeout_s = 1;
	begin(service);
	struct wire idle = wire_open(service->served.urls[0]);
	assert_true(wire_closed(&idle));
	wire_close(&idle);
	stop(service);
}

struct load {
	pthread_t thread;
	struct service *service;
	int number;
	atomic_int accepted;
};

static void *load(void *argument)
{
	struct load *self = argument;
	struct dial *dial = dial_to(self->service, WIRE_PATIENCE_MS);
	enum recourse_error error = RECOURSE_OK;
	for (int round = 0; error == RECOURSE_OK; round++) {
		char payload[32];
		snprintf(payload, sizeof payload, "submit %d.%d", self->number, round);
		error = outcome(send_payload(dial, payload), payload);
		atomic_fetch_add(&self->accepted, error == RECOURSE_OK);
	}
	bool expected =
		error == RECOURSE_STOPPING || error == RECOURSE_CONNECTION || error == RECOURSE_TIMED_OUT;
	if (!expected)
		print_message("client %d: %s\n", self->number, recourse_error_name(error));
	self->number = expected ? 0 : -1;
	dial_close(dial);
	return NULL;
}

/* Stopped under load: all that was committed was answered, all that was answered was committed. */
static void stops_under_load(void **state)
{
	enum { CLIENTS = 16 };
	struct service *service = start();
	struct load loads[CLIENTS] = {{0}};
	for (int index = 0; index < CLIENTS; index++) {
		loads[index] = (struct load){.service = service, .number = index + 1};
		assert_int_equal(pthread_create(&loads[index].thread, NULL, load, &loads[index]), 0);
	}
	for (int index = 0; index < CLIENTS; index++) {
		while (atomic_load(&loads[index].accepted) < 2)
			poll(NULL, 0, 1);
	}
	served_tell_to_stop(&service->served);
	int accepted = 0;
	for (int index = 0; index < CLIENTS; index++) {
		pthread_join(loads[index].thread, NULL);
		assert_int_equal(loads[index].number, 0);
		accepted += loads[index].accepted;
	}
	assert_ok(served_end(&service->served));
	print_message("accepted %d in %d commits\n", accepted, atomic_load(&service->ledger.commits));
	assert_int_equal(accepted, atomic_load(&service->ledger.requests));
	dispose(service);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(answers),
		cmocka_unit_test(groups_what_waits),
		cmocka_unit_test(parties_take_turns),
		cmocka_unit_test(floods_leave_room),
		cmocka_unit_test(discovers),
		cmocka_unit_test(busy_at_once),
		cmocka_unit_test(finishes_what_it_took),
		cmocka_unit_test(what_is_full_goes_on),
		cmocka_unit_test(unknown_outcome_stops),
		cmocka_unit_test(rollback_stops),
		cmocka_unit_test(damaged_page_stops),
		cmocka_unit_test(inspection_stops),
		cmocka_unit_test(checks_urls),
		cmocka_unit_test(address_in_use),
		cmocka_unit_test(survives_nonsense),
		cmocka_unit_test(same_id_twice),
		cmocka_unit_test(closes_who_does_not_read),
		cmocka_unit_test(closes_who_floods),
		cmocka_unit_test(limits_connections),
		cmocka_unit_test(closes_idle_connections),
		cmocka_unit_test(stops_under_load),
	};
	return cmocka_run_group_tests(tests, support_crypto, NULL);
}
