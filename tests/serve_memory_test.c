/* SPDX-License-Identifier: Apache-2.0 */
#include "kit_child.h"
#include "base/instant.h"
#include "envelope_signed.h"
#include "frame.h"
#include "host_clock.h"
#include "memory_shim.h"
#include "server.h"
#include "wire.h"

#include <dlfcn.h>
#include <execinfo.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

/*
 * Memory runs out at each allocation of a whole run, once and for good: a service opens its ledger, listens, takes a
 * submit and answers it, is told to stop, closes, and audits. Whatever became of the run, what was acknowledged is in
 * the ledger opened again, what was not is there whole or not at all, and the audit finds nothing wrong. Where it
 * failed once and the service ended well, the caller had an answer, of his third try at the latest. He gives up a try
 * only when an answer may have been lost: a machine that is busy is waited for.
 *
 * Where nng or libsodium have no memory they may end the process, or hang. That is listed, and must be before anything
 * was acknowledged. Outside a trial it is a sample of the allocations.
 */
enum {
	TRIES = 3,
	PATIENCE_MS = 400,
	FRAMES = 20,
	HANGS_SECONDS = 60, /* a busy machine takes a tenth of it */
	STATUS_FAULT = 70,
	STRIDE_ALL = 10,
	STRIDE_SAMPLE = 400
};

struct place {
	struct kit kit; /* its ledger is open in a child only */
	unsigned int passing;
	bool lasting;
	char payload[KIT_CHILD_PAYLOAD_MAX];
	uint8_t signature[CRYPTO_SIGNATURE_SIZE];
	char handle[KEY_HANDLE_SIZE + 1];
	int stop[2];
	int ready[2];
	char url[300];   /* empty while nothing listens */
	uint64_t before; /* entries */
	uint64_t after;
	enum recourse_error result;
	atomic_uint struck; /* the caller looks at it */
	bool acknowledged;
	bool ended;        /* with what it had to do */
	char library[100]; /* that ended the process; empty when none did */
	unsigned int aborts;
};

static struct place *shared; /* with the child: a handler of signals knows no other way */

/* Whose code it was that ended the process, or that it hung in: the C library acts for its caller. */
static void name_library(int number)
{
	void *frames[FRAMES];
	Dl_info from;
	int count = backtrace(frames, FRAMES);
	for (int index = 1; index < count && shared->library[0] == '\0'; index++) {
		if (dladdr(frames[index], &from) != 0 && strstr(from.dli_fname, "libc.so") == NULL)
			snprintf(shared->library, sizeof shared->library, "%s", from.dli_fname);
	}
	signal(number, SIG_DFL);
	raise(number);
}

static void watch_ends(void)
{
	static const int ends[] = {SIGABRT, SIGALRM, SIGBUS, SIGSEGV};
	void *frame[1];
	(void)backtrace(frame, 1); /* its library is loaded while there is memory */
	for (size_t index = 0; index < sizeof ends / sizeof ends[0]; index++)
		signal(ends[index], name_library);
	alarm(HANGS_SECONDS);
}

/* Each run begins with the same ledger, so that the last one makes no more allocations than the first. */
static const struct {
	const char *name;
	const char *kept;
} files[] = {
	{"log/data.mdb", "kept-log"},
	{"state/data.mdb", "kept-state"},
	{"last-signed", "kept-signed"},
};
enum { FILES = sizeof files / sizeof files[0] };

static void begin_again(const struct place *place)
{
	for (size_t file = 0; file < FILES; file++)
		kit_copy(&place->kit, files[file].kept, &place->kit, files[file].name);
}

static int setup(void **state)
{
	struct place *place = kit_child_make(sizeof *place);
	kit_reopen(&place->kit, false);
	/* of today, or the service would hold its clocks for years that it knows nothing of */
	place->kit.now = host_clock_now();
	kit_play(&place->kit, "deposit M 1.00 today");
	assert_ok(recourse_ledger_sign(place->kit.ledger));
	kit_close(&place->kit);
	for (size_t file = 0; file < FILES; file++)
		kit_copy(&place->kit, files[file].name, &place->kit, files[file].kept);
	shared = place;
	*state = place;
	return 0;
}

static int teardown(void **state)
{
	struct place *place = *state;
	shared = NULL;
	kit_child_end(place, sizeof *place);
	return 0;
}

static void write_call(struct place *place)
{
	SCOPED(key_close) struct key_secret key;
	place->kit.now = host_clock_now();
	kit_child_payload(&place->kit, place->payload);
	kit_open_key(place->kit.origin, "bank", &key);
	key_handle(&key.public_key, place->handle);
	assert_ok(crypto_key_sign(key.signer, slice_text("recourse-request-v1\n"), slice_text(place->payload),
		place->signature));
}

/* ---- the service ---- */

static void on_ready(void *context, const char *const *urls)
{
	struct place *place = context;
	snprintf(place->url, sizeof place->url, "%s", urls[0]);
	assert_int_equal(write(place->ready[1], "x", 1), 1);
}

static void on_log(void *context, const char *line)
{
	(void)context;
	(void)line;
}

static enum recourse_error serve(struct place *place)
{
	static const char *const listen[] = {"tcp://127.0.0.1:0", NULL};
	const struct recourse_ledger_options options = {
		.directory = place->kit.directory.path,
		.log_key = place->kit.log_key,
		.system_key = place->kit.system_key,
	};
	struct server_options server = {
		.listen = listen,
		.clocks = true,
		.workers = 2,
		.stop_descriptor = place->stop[0],
		.log = on_log,
		.ready = on_ready,
		.log_context = place,
	};
	TRY(recourse_ledger_open(&options, &server.ledger));
	enum recourse_error error = server_run(&server);
	recourse_ledger_close(server.ledger);
	return error;
}

static void run(void *context)
{
	struct place *place = context;
	const struct recourse_audit_options options = {.directory = place->kit.directory.path};
	struct recourse_audit report;
	watch_ends();
	memory_arm(place->passing, place->lasting, &place->struck);
	place->result = serve(place);
	enum recourse_error found = recourse_ledger_audit(&options, &report);
	/* the last signature was allowed by the guard, and then not kept: what the next start puts right */
	bool unsigned_yet =
		found == RECOURSE_AUDIT_FAILED && strstr(report.what, "start the service once") != NULL;
	if (found == RECOURSE_AUDIT_FAILED && !unsigned_yet)
		print_error("%s\n", report.what);
	assert_true(found != RECOURSE_AUDIT_FAILED || unsigned_yet);
	memory_disarm();
	place->ended = true;
}

/* ---- its caller ---- */

/* No answer is lost before memory ran out; one at most is where that was once. */
static bool may_be_lost(const struct place *place, size_t try)
{
	return atomic_load(&place->struck) > 0 && (place->lasting || try + 1 < TRIES);
}

static bool await(const struct place *place, size_t try, const struct wire *wire)
{
	struct pollfd answer = {.fd = wire->descriptor, .events = POLLIN};
	int waited = 0;
	while (poll(&answer, 1, PATIENCE_MS) == 0) {
		waited += PATIENCE_MS;
		if (may_be_lost(place, try) || waited >= HANGS_SECONDS * 1000)
			return false;
	}
	return true;
}

/* The reply to the submit has a result: it was acknowledged. */
static bool ask_once(const struct place *place, size_t try)
{
	const struct recourse_signed call = {
		.key = slice_text(place->handle),
		.payload = slice_text(place->payload),
		.signature = slice_of(place->signature, sizeof place->signature),
	};
	const struct envelope_id one = envelope_id_integer(1);
	SCOPED(buffer_free) struct buffer message = {0};
	SCOPED(buffer_free) struct buffer reply = {0};
	uint32_t id = 0;
	assert_ok(envelope_signed_write(ENVELOPE_JSON, &call, &one, &message));
	struct wire wire = wire_try(place->url);
	if (wire.descriptor < 0)
		return false;
	(void)wire_write(&wire, frame_hello_client, FRAME_HELLO_SIZE);
	wire_send(&wire, 1, buffer_slice(&message));
	bool answered = await(place, try, &wire) && wire_skip(&wire, PATIENCE_MS, FRAME_HELLO_SIZE) &&
			await(place, try, &wire) && wire_receive(&wire, PATIENCE_MS, &id, &reply);
	wire_close(&wire);
	return answered && memmem(reply.data, reply.size, "\"result\"", 8) != NULL;
}

static void ask(struct place *place)
{
	char byte;
	if (read(place->ready[0], &byte, 1) != 1)
		return;
	for (size_t try = 0; try < TRIES && place->url[0] != '\0' && !place->acknowledged; try++)
		place->acknowledged = ask_once(place, try);
	(void)!write(place->stop[1], "x", 1);
}

static pid_t start_caller(struct place *place)
{
	fflush(NULL);
	pid_t caller = fork();
	assert_true(caller >= 0);
	if (caller == 0) {
		alarm(CHILD_SECONDS_MAX);
		ask(place);
		_exit(0);
	}
	return caller;
}

/* ---- what came of it ---- */

static void check_end(struct place *place, int status)
{
	if (status == 0 && place->ended) {
		assert_true(place->struck > 0 || place->result == RECOURSE_OK);
		assert_true(place->lasting || place->result != RECOURSE_OK || place->acknowledged);
		return;
	}
	place->struck = 1;
	/* the watchdog's: what was left to do was to close sockets, and they did not */
	if (WIFEXITED(status) && (WEXITSTATUS(status) == 0 || WEXITSTATUS(status) == STATUS_FAULT))
		return;
	bool theirs = strstr(place->library, "/libnng.so") != NULL ||
		      strstr(place->library, "/libsodium.so") != NULL;
	print_message("%s ends it by signal %d after %u allocations%s, %sacknowledged\n", place->library,
		WTERMSIG(status), place->passing, place->lasting ? ", for good" : "",
		place->acknowledged ? "" : "not ");
	assert_true(theirs && !place->acknowledged);
	place->aborts++;
}

static void run_once(struct place *place)
{
	int status;
	begin_again(place);
	write_call(place);
	place->url[0] = place->library[0] = '\0';
	place->acknowledged = place->ended = false;
	place->struck = 0;
	assert_int_equal(pipe(place->stop), 0);
	assert_int_equal(pipe(place->ready), 0);
	pid_t caller = start_caller(place);
	int ended = kit_child_run(place, run);
	/* it may wait for one that never was ready */
	assert_int_equal(write(place->ready[1], "x", 1), 1);
	assert_int_equal(waitpid(caller, &status, 0), caller);
	check_end(place, ended);
	assert_int_equal(status, 0);
	for (size_t end = 0; end < 2; end++) {
		close(place->stop[end]);
		close(place->ready[end]);
	}
}

static void ask_again(void *context)
{
	struct place *place = context;
	place->after = kit_child_say_again(&place->kit, place->payload, place->before, 1);
	assert_true(place->acknowledged ? place->after == place->before + 1 : place->after >= place->before);
}

static void count(void *context)
{
	struct place *place = context;
	kit_reopen(&place->kit, false);
	place->before = kit_entries(&place->kit);
}

static void memory_runs_out(void **state)
{
	struct place *place = *state;
	struct support_random random = support_random_start();
	uint64_t stride = support_times(STRIDE_SAMPLE, STRIDE_ALL);
	assert_int_equal(kit_child_run(place, count), 0);
	for (int lasting = 0; lasting <= 1; lasting++) {
		unsigned int runs = 0;
		unsigned int answers = 0;
		place->lasting = lasting != 0;
		place->passing = (unsigned int)support_random_below(&random, stride);
		do {
			run_once(place);
			assert_int_equal(kit_child_run(place, ask_again), 0);
			runs++;
			answers += place->acknowledged;
			place->passing += 1 + (unsigned int)support_random_below(&random, 2 * stride - 1);
		} while (place->struck > 0);
		assert_true(place->acknowledged);
		print_message("%u runs, %u acknowledged, %u ended by a library%s\n", runs, answers,
			place->aborts, lasting != 0 ? "; for good" : "");
#ifndef ALLOCATION_SANITIZED
		assert_true(runs > 1);
#endif
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(memory_runs_out, setup, teardown),
	};
	child_prefer_memory();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
