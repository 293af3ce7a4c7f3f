/* SPDX-License-Identifier: Apache-2.0 */
#include "base/try.h"
#include "frame.h"
#include "served.h"
#include "server_stub.h"
#include "wire.h"

#include <sys/socket.h>

/*
 * Stops while bodies arrive (J4): strangers send what they can, small and large, signed and not, and never rest; the
 * service is told to stop, or its writer has a fault, or that comes while it stops. It ends, and nothing is freed twice,
 * lost, or filled after it was freed: run under ASan and TSan.
 *
 *   STOPS=n   how often (6; 99 in a trial)
 */
enum { STRANGERS = 6, BODY_SIZE = 3 << 19, BOUND_MS = 120000 };

struct siege {
	struct recourse_ledger ledger;
	struct served served;
	pthread_t strangers[STRANGERS];
	atomic_bool over;
	struct buffer bodies[3];
};

/* A message as it goes over the wire, behind the handshake. */
static void add_message(struct buffer *bytes, uint32_t id, slice body)
{
	uint8_t route[4] = {(uint8_t)(0x80 | id >> 24), (uint8_t)(id >> 16), (uint8_t)(id >> 8), (uint8_t)id};
	frame_write(slice_of(route, sizeof route), body, bytes);
}

/* One large body that is refused, one small one that is answered, one that the writer commits. */
static void make_bodies(struct siege *siege)
{
	SCOPED(buffer_free) struct buffer large = {0};
	SCOPED(buffer_free) struct buffer submit = signed_message("submit", 1);
	memset(buffer_reserve(&large, BODY_SIZE), ' ', BODY_SIZE);
	large.size = BODY_SIZE;
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
		struct wire wire = wire_try(siege->served.urls[0]);
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
	make_bodies(siege);
	atomic_store(&siege->ledger.delay_ms, 1);
	served_prepare(&siege->served, &siege->ledger);
	served_begin(&siege->served);
	for (size_t index = 0; index < STRANGERS; index++)
		assert_int_equal(pthread_create(&siege->strangers[index], NULL, attack, siege), 0);
}

/* Nobody rests before it is over. */
static void await_end(struct siege *siege, enum recourse_error expected)
{
	struct pollfd ended = {.fd = siege->served.ready[0], .events = POLLIN};
	assert_int_equal(poll(&ended, 1, BOUND_MS), 1);
	atomic_store(&siege->over, true);
	for (size_t index = 0; index < STRANGERS; index++)
		pthread_join(siege->strangers[index], NULL);
	assert_error(served_end(&siege->served), expected);
	assert_int_equal(atomic_load(&siege->ledger.prepared), atomic_load(&siege->ledger.released));
	for (size_t index = 0; index < 3; index++)
		buffer_free(&siege->bodies[index]);
}

/* What is committed now takes so long that the stop has begun when it fails. */
static void hold_back(struct siege *siege)
{
	int commits = atomic_load(&siege->ledger.commits);
	atomic_store(&siege->ledger.delay_ms, 200);
	while (atomic_load(&siege->ledger.commits) == commits || atomic_load(&siege->ledger.committing) == 0)
		poll(NULL, 0, 1);
}

static void test_stops(void **state)
{
	struct support_random random = support_random_start();
	const char *stops = getenv("STOPS");
	size_t count = stops == NULL ? support_times(6, 99) : strtoul(stops, NULL, 10);
	for (size_t round = 0; round < count; round++) {
		struct siege siege = {.over = false};
		bool told = round % 3 != 1;
		bool fault = round % 3 != 0;
		begin(&siege);
		poll(NULL, 0, (int)support_random_below(&random, 300));
		if (told && fault)
			hold_back(&siege);
		if (told)
			served_tell_to_stop(&siege.served);
		if (fault)
			atomic_store(&siege.ledger.error, RECOURSE_STORE_FAILED);
		await_end(&siege, fault ? RECOURSE_STORE_FAILED : RECOURSE_OK);
	}
}

/* Whoever came first could open it in his own name (I3). */
static void test_no_first_entry(void **state)
{
	struct siege siege = {.ledger.unopened = true};
	served_prepare(&siege.served, &siege.ledger);
	served_begin(&siege.served);
	assert_error(served_end(&siege.served), RECOURSE_NOT_FOUND);
	assert_string_equal(siege.served.urls[0], "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_no_first_entry),
		cmocka_unit_test(test_stops),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
