/* SPDX-License-Identifier: Apache-2.0 */
#include "child.h"
#include "base/instant.h"
#include "proof/key.h"
#include "ledger.h"
#include "kit.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

/*
 * Memory runs out at each point of a small piece of work, once and for good, in a process of its own that then stops.
 * Nothing may break: the call fails and says so, or succeeds; and the ledger opened again has all of it or nothing.
 */

/* ---- memory that runs out: all libraries here call these in place of the C library's ---- */

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define ALLOCATION_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define ALLOCATION_SANITIZED 1
#endif
#endif

/* It changes, since a function that stands in for malloc() has no other way to be told. */
static struct {
	bool armed;
	bool lasting;
	unsigned int passing; /* allocations that go well before one fails */
	unsigned int struck;
} memory;

#ifndef ALLOCATION_SANITIZED
static bool strikes(void)
{
	if (!memory.armed)
		return false;
	if (memory.passing > 0) {
		memory.passing--;
		return false;
	}
	memory.struck++;
	memory.armed = memory.lasting;
	errno = ENOMEM;
	return true;
}

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *bytes, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);

void *malloc(size_t size)
{
	return strikes() ? NULL : __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
	return strikes() ? NULL : __libc_calloc(count, size);
}

void *realloc(void *bytes, size_t size)
{
	return strikes() ? NULL : __libc_realloc(bytes, size);
}

int posix_memalign(void **bytes, size_t alignment, size_t size)
{
	if (strikes())
		return ENOMEM;
	*bytes = __libc_memalign(alignment, size);
	return *bytes == NULL ? ENOMEM : 0;
}
#endif

static void memory_arm(unsigned int passing, bool lasting)
{
	memory.passing = passing;
	memory.lasting = lasting;
	memory.struck = 0;
	memory.armed = true;
}

static unsigned int memory_disarm(void)
{
	memory.armed = false;
	return memory.struck;
}

/* ---- the ledger, in memory that children share ---- */

struct place {
	struct kit kit; /* its ledger is open in a child only */
	unsigned int passing;
	bool lasting;
	char payload[2000];
	uint64_t before; /* entries */
	uint64_t after;
	enum recourse_error result;
	unsigned int struck;
};

static int setup(void **state)
{
	struct place *place = child_share(sizeof *place);
	kit_start(&place->kit);
	kit_golden(&place->kit);
	assert_ok(recourse_ledger_sign(place->kit.ledger));
	recourse_ledger_close(place->kit.ledger);
	place->kit.ledger = NULL;
	*state = place;
	return 0;
}

static int teardown(void **state)
{
	struct place *place = *state;
	place->kit.ledger = NULL;
	kit_end(&place->kit);
	child_unshare(place, sizeof *place);
	return 0;
}

static void reopen(struct place *place)
{
	place->kit.ledger = NULL;
	kit_reopen(&place->kit, false);
}

static void in_child(struct place *place, void (*act)(void *context))
{
	int status = child_run(act, place);
	if (status != 0)
		print_error("after %u allocations%s: status %#x\n", place->passing,
			place->lasting ? ", for good" : "", (unsigned int)status);
	assert_int_equal(status, 0);
}

/* A few commands of several kinds, so that there is something to be torn. */
static void write_payload(struct place *place)
{
	char params[1500];
	char id[32];
	unsigned long long number = ++place->kit.requests;
	snprintf(id, sizeof id, "memory-%llu", number);
	snprintf(params, sizeof params,
		"{\"mode\":\"each\",\"commands\":["
		"{\"command\":\"deposit.receive\",\"merchant\":\"M\",\"amount\":\"1.00\",\"unit\":\"CNY\","
		"\"bank_reference\":\"b-%llu\"},"
		"{\"command\":\"deposit.receive\",\"merchant\":\"nobody\",\"amount\":\"1.00\",\"unit\":"
		"\"CNY\","
		"\"bank_reference\":\"c-%llu\"},"
		"{\"command\":\"deposit.receive\",\"merchant\":\"M\",\"amount\":\"2.00\",\"unit\":\"CNY\","
		"\"bank_reference\":\"d-%llu\"}]}",
		number, number, number);
	char *payload = kit_payload(&place->kit, id, params, place->kit.now + INSTANT_HOUR);
	assert_true(strlen(payload) < sizeof place->payload);
	snprintf(place->payload, sizeof place->payload, "%s", payload);
	free(payload);
}

struct work {
	const char *what;
	void (*act)(void *context);
	void (*look)(void *context); /* in the ledger opened again */
	void (*check)(const struct place *place);
	uint64_t
		stride; /* 1: each allocation; more: about one in so many, at random; one in four of that but in a trial */
};

enum { STRIDE_SAMPLE = 4 };

/* Until memory runs out no more: each allocation that the stride meets once, then each with all that follow it. */
static void at_each_allocation(struct place *place, const struct work *work)
{
	struct support_random random = support_random_start();
	uint64_t stride = work->stride * support_times(STRIDE_SAMPLE, 1);
	for (int lasting = 0; lasting <= 1; lasting++) {
		unsigned int failed = 0;
		place->lasting = lasting != 0;
		place->passing = 0;
		do {
			write_payload(place);
			in_child(place, work->act);
			in_child(place, work->look);
			work->check(place);
			failed += place->result != RECOURSE_OK;
			place->passing += 1 + (unsigned int)support_random_below(&random, 2 * stride - 1);
		} while (place->struck > 0);
		assert_ok(place->result);
		print_message("%s: %u allocations, %u failures%s\n", work->what, place->passing - 1, failed,
			lasting != 0 ? ", for good" : "");
#ifndef ALLOCATION_SANITIZED
		assert_true(failed > 0);
#endif
	}
}

static void ask_again(void *context)
{
	struct place *place = context;
	reopen(place);
	place->after = kit_entries(&place->kit);
	assert_ok(kit_send(&place->kit, "bank", place->payload, NULL));
	assert_int_equal(kit_entries(&place->kit), place->before + 2);
	kit_audit(&place->kit);
}

/* Adds nothing, since more entries would make more allocations. */
static void look_again(void *context)
{
	struct place *place = context;
	reopen(place);
	place->after = kit_entries(&place->kit);
	kit_audit(&place->kit);
}

static void all_or_nothing(const struct place *place)
{
	assert_true(place->after == place->before || place->after == place->before + 2);
	if (place->result == RECOURSE_OK)
		assert_int_equal(place->after, place->before + 2);
	assert_true(place->result == RECOURSE_OK || place->result >= RECOURSE_BUSY);
}

static void nothing(const struct place *place)
{
	assert_int_equal(place->after, place->before);
	assert_true(place->result == RECOURSE_OK || place->result >= RECOURSE_BUSY);
}

/* ---- the pieces of work ---- */

static enum recourse_error commit(struct place *place, struct recourse_request *request)
{
	static const uint8_t salts[1][RECOURSE_SALT_SIZE] = {{3}};
	return recourse_ledger_commit(place->kit.ledger, &request, 1, place->kit.now, salts);
}

static void commit_in_need(void *context)
{
	struct place *place = context;
	struct recourse_request *request = NULL;
	reopen(place);
	place->before = kit_entries(&place->kit);
	assert_ok(kit_prepare(&place->kit, "bank", place->payload, &request));
	memory_arm(place->passing, place->lasting);
	place->result = commit(place, request);
	place->struck = memory_disarm();
	recourse_request_release(request);
	if (place->result == RECOURSE_OK)
		recourse_ledger_close(place->kit.ledger);
}

static void memory_runs_out_in_a_commit(void **state)
{
	static const struct work work = {"commit", commit_in_need, ask_again, all_or_nothing, 1};
	at_each_allocation(*state, &work);
}

static void prepare_in_need(void *context)
{
	struct place *place = context;
	struct recourse_request *request = NULL;
	struct key_secret key;
	char handle[KEY_HANDLE_SIZE + 1];
	uint8_t signature[CRYPTO_SIGNATURE_SIZE];
	reopen(place);
	place->before = kit_entries(&place->kit);
	kit_open_key(place->kit.origin, "bank", &key);
	key_handle(&key.public_key, handle);
	assert_ok(crypto_key_sign(
		key.signer, slice_text("recourse-request-v1\n"), slice_text(place->payload), signature));
	const struct recourse_signed call = {
		.key = slice_text(handle),
		.payload = slice_text(place->payload),
		.signature = slice_of(signature, sizeof signature),
	};
	memory_arm(place->passing, place->lasting);
	place->result = recourse_request_prepare(
		place->kit.ledger, &call, place->kit.now + 1, &request, &place->kit.refusal);
	place->struck = memory_disarm();
	if (place->result == RECOURSE_OK)
		recourse_request_release(request);
	recourse_ledger_close(place->kit.ledger);
}

static void memory_runs_out_before_a_commit(void **state)
{
	static const struct work work = {"prepare", prepare_in_need, ask_again, nothing, 1};
	at_each_allocation(*state, &work);
}

/* The reply is asked for again as soon as there is memory: it must be the same. */
static void reply_in_need(void *context)
{
	struct place *place = context;
	struct recourse_request *request = NULL;
	struct recourse_bytes first = {0};
	struct recourse_bytes second = {0};
	reopen(place);
	place->before = kit_entries(&place->kit);
	assert_ok(kit_prepare(&place->kit, "bank", place->payload, &request));
	assert_ok(commit(place, request));
	memory_arm(place->passing, place->lasting);
	place->result = recourse_request_reply(place->kit.ledger, request, &first, &place->kit.refusal);
	place->struck = memory_disarm();
	assert_ok(recourse_request_reply(place->kit.ledger, request, &second, &place->kit.refusal));
	if (place->result == RECOURSE_OK)
		assert_true(
			slice_equal(slice_of(first.data, first.size), slice_of(second.data, second.size)));
	recourse_bytes_free(&first);
	recourse_bytes_free(&second);
	recourse_request_release(request);
	recourse_ledger_close(place->kit.ledger);
}

static void it_is_there(const struct place *place)
{
	assert_int_equal(place->after, place->before + 2);
	assert_true(place->result == RECOURSE_OK || place->result >= RECOURSE_BUSY);
}

static void memory_runs_out_after_a_commit(void **state)
{
	static const struct work work = {"reply", reply_in_need, ask_again, it_is_there, 1};
	at_each_allocation(*state, &work);
}

static void sign_in_need(void *context)
{
	struct place *place = context;
	reopen(place);
	place->before = kit_entries(&place->kit);
	assert_ok(kit_send(&place->kit, "bank", place->payload, NULL));
	memory_arm(place->passing, place->lasting);
	place->result = recourse_ledger_sign(place->kit.ledger);
	place->struck = memory_disarm();
	if (place->result == RECOURSE_OK)
		recourse_ledger_close(place->kit.ledger);
}

static void memory_runs_out_while_signing(void **state)
{
	static const struct work work = {"sign", sign_in_need, ask_again, it_is_there, 1};
	at_each_allocation(*state, &work);
}

/* With all to be made anew. */
static void start_in_need(void *context)
{
	struct place *place = context;
	struct recourse_ledger_options options = {
		.directory = place->kit.directory.path,
		.log_key = place->kit.log_key,
		.rebuild = true,
	};
	reopen(place);
	place->before = kit_entries(&place->kit);
	recourse_ledger_close(place->kit.ledger);
	memory_arm(place->passing, place->lasting);
	place->result = recourse_ledger_open(&options, &place->kit.ledger);
	place->struck = memory_disarm();
	if (place->result == RECOURSE_OK)
		recourse_ledger_close(place->kit.ledger);
}

static void memory_runs_out_at_the_start(void **state)
{
	static const struct work work = {"start", start_in_need, look_again, nothing, 8};
	at_each_allocation(*state, &work);
}

static void audit_in_need(void *context)
{
	struct place *place = context;
	const struct recourse_audit_options options = {.directory = place->kit.directory.path};
	struct recourse_audit report;
	reopen(place);
	place->before = kit_entries(&place->kit);
	recourse_ledger_close(place->kit.ledger);
	memory_arm(place->passing, place->lasting);
	place->result = recourse_ledger_audit(&options, &report);
	place->struck = memory_disarm();
	/* a lack of memory is no finding */
	assert_int_not_equal(place->result, RECOURSE_AUDIT_FAILED);
}

static void memory_runs_out_in_an_audit(void **state)
{
	static const struct work work = {"audit", audit_in_need, look_again, nothing, 8};
	at_each_allocation(*state, &work);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(memory_runs_out_in_a_commit, setup, teardown),
		cmocka_unit_test_setup_teardown(memory_runs_out_before_a_commit, setup, teardown),
		cmocka_unit_test_setup_teardown(memory_runs_out_after_a_commit, setup, teardown),
		cmocka_unit_test_setup_teardown(memory_runs_out_while_signing, setup, teardown),
		cmocka_unit_test_setup_teardown(memory_runs_out_at_the_start, setup, teardown),
		cmocka_unit_test_setup_teardown(memory_runs_out_in_an_audit, setup, teardown),
	};
	child_prefer_memory();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
