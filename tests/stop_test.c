/* SPDX-License-Identifier: Apache-2.0 */
#include "base/crypto.h"
#include "base/try.h"
#include "dial.h"
#include "envelope.h"
#include "frame.h"
#include "server.h"
#include "server_stub.h"
#include "support.h"
#include "wire.h"

#include <pthread.h>
#include <stdio.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

/*
 * Stops while bodies arrive (J4): strangers send what they can, small and large, signed and not, and never rest; the
 * service is told to stop, or its writer has a fault. It ends within its bound, and nothing is freed twice, lost, or
 * filled after it was freed: run under ASan and TSan.
 *
 *   STOPS=n   how often (6; 1,000 in a trial)
 */
enum { STRANGERS = 6, BODY_SIZE = 3 << 19, BOUND_S = 10 };

struct siege {
	struct recourse_ledger ledger;
	pthread_t service;
	pthread_t strangers[STRANGERS];
	int stop[2];
	int ready[2];
	char url[300];
	enum recourse_error result;
	atomic_bool over;
	struct buffer bodies[3];
};

static void on_ready(void *context, const char *const *urls)
{
	struct siege *siege = context;
	snprintf(siege->url, sizeof siege->url, "%s", urls[0]);
	assert_int_equal(write(siege->ready[1], "x", 1), 1);
}

static void on_log(void *context, const char *line)
{
	(void)context;
	print_message("%s\n", line);
}

static void *serve(void *argument)
{
	static const char *const listen[] = {"tcp://127.0.0.1:0", NULL};
	struct siege *siege = argument;
	const struct server_options options = {
		.ledger = &siege->ledger,
		.listen = listen,
		.stop_descriptor = siege->stop[0],
		.ready = on_ready,
		.log = on_log,
		.log_context = siege,
	};
	siege->result = server_run(&options);
	return NULL;
}

/* A message as it goes over the wire, behind the handshake. */
static void add_message(struct buffer *bytes, uint32_t id, slice body)
{
	uint8_t route[4] = {(uint8_t)(0x80 | id >> 24), (uint8_t)(id >> 16), (uint8_t)(id >> 8), (uint8_t)id};
	frame_write(slice_of(route, sizeof route), body, bytes);
}

/* One large body that is refused, one small one that is answered, one that the writer commits. */
static void make_bodies(struct siege *siege)
{
	static const uint8_t signature[CRYPTO_SIGNATURE_SIZE];
	const struct recourse_signed call = {
		.key = slice_text("k+00000000"),
		.payload = slice_text("submit"),
		.signature = slice_of(signature, sizeof signature),
	};
	struct envelope_id number = envelope_id_integer(1);
	SCOPED(buffer_free) struct buffer large = {0};
	SCOPED(buffer_free) struct buffer submit = {0};
	memset(buffer_reserve(&large, BODY_SIZE), ' ', BODY_SIZE);
	large.size = BODY_SIZE;
	assert_ok(envelope_write_signed(ENVELOPE_CBOR, &call, &number, &submit));
	add_message(&siege->bodies[0], 1, buffer_slice(&large));
	add_message(&siege->bodies[1], 2,
		slice_text("{\"jsonrpc\":\"2.0\",\"method\":\"service.info\",\"id\":1}"));
	add_message(&siege->bodies[2], 3, buffer_slice(&submit));
}

static bool send_all(int descriptor, slice bytes)
{
	while (bytes.size > 0) {
		ssize_t sent = send(descriptor, bytes.data, bytes.size, MSG_NOSIGNAL);
		if (sent <= 0)
			return false;
		bytes = slice_of(bytes.data + sent, bytes.size - (size_t)sent);
	}
	return true;
}

/* Answers are taken as they come, so that more may be sent. */
static void *attack(void *argument)
{
	struct siege *siege = argument;
	uint8_t answers[1 << 12];
	while (!atomic_load(&siege->over)) {
		struct wire wire = wire_try(siege->url);
		bool open = wire.descriptor >= 0 &&
			    send_all(wire.descriptor, slice_of(frame_hello_client, FRAME_HELLO_SIZE));
		for (size_t turn = 0; open && !atomic_load(&siege->over); turn++) {
			open = send_all(wire.descriptor, buffer_slice(&siege->bodies[turn % 3]));
			while (recv(wire.descriptor, answers, sizeof answers, MSG_DONTWAIT) > 0)
				continue;
		}
		if (wire.descriptor >= 0)
			wire_close(&wire);
	}
	return NULL;
}

static void begin(struct siege *siege)
{
	char byte;
	make_bodies(siege);
	atomic_store(&siege->ledger.delay_ms, 1);
	assert_int_equal(pipe(siege->stop), 0);
	assert_int_equal(pipe(siege->ready), 0);
	assert_int_equal(pthread_create(&siege->service, NULL, serve, siege), 0);
	assert_int_equal(read(siege->ready[0], &byte, 1), 1);
	for (size_t index = 0; index < STRANGERS; index++)
		assert_int_equal(pthread_create(&siege->strangers[index], NULL, attack, siege), 0);
}

/* Nobody rests before it is over. */
static void await_end(struct siege *siege, enum recourse_error expected)
{
	struct timespec bound;
	clock_gettime(CLOCK_REALTIME, &bound);
	bound.tv_sec += BOUND_S;
	assert_int_equal(pthread_timedjoin_np(siege->service, NULL, &bound), 0);
	atomic_store(&siege->over, true);
	for (size_t index = 0; index < STRANGERS; index++)
		pthread_join(siege->strangers[index], NULL);
	assert_error(siege->result, expected);
	assert_int_equal(atomic_load(&siege->ledger.prepared), atomic_load(&siege->ledger.released));
	for (size_t index = 0; index < 2; index++) {
		close(siege->stop[index]);
		close(siege->ready[index]);
	}
	for (size_t index = 0; index < 3; index++)
		buffer_free(&siege->bodies[index]);
}

static void test_stops(void **state)
{
	struct support_random random = support_random_start();
	const char *stops = getenv("STOPS");
	size_t count = stops == NULL ? support_times(6, 1000) : strtoul(stops, NULL, 10);
	for (size_t round = 0; round < count; round++) {
		struct siege siege = {.result = RECOURSE_OK};
		bool fault = round % 2 == 1;
		begin(&siege);
		poll(NULL, 0, (int)support_random_below(&random, 300));
		if (fault)
			atomic_store(&siege.ledger.error, RECOURSE_STORE_FAILED);
		else
			assert_int_equal(write(siege.stop[1], "x", 1), 1);
		await_end(&siege, fault ? RECOURSE_STORE_FAILED : RECOURSE_OK);
	}
}

/* Whoever came first could open it in his own name (I3). */
static void test_no_first_entry(void **state)
{
	struct siege siege = {.ledger.unopened = true};
	serve(&siege);
	assert_error(siege.result, RECOURSE_NOT_FOUND);
	assert_string_equal(siege.url, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_no_first_entry),
		cmocka_unit_test(test_stops),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
