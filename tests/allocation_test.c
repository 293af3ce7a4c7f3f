/* SPDX-License-Identifier: Apache-2.0 */
#include "kit_child.h"
#include "base/instant.h"
#include "proof/key.h"
#include "ledger.h"
#include "memory_shim.h"

#include <stdio.h>
#include <stdlib.h>

/*
 * Memory runs out at each point of a small piece of work, once and for good, in a process of its own that then stops.
 * Nothing may break: the call fails and says so, or succeeds; and the ledger opened again has all of it or nothing.
 */

/* ---- the ledger, in memory that children share ---- */

struct place {
	struct kit kit; /* its ledger is open in a child only */
	const struct work *work;
	unsigned int passing;
	bool lasting;
	char payload[KIT_CHILD_PAYLOAD_MAX];
	uint64_t before; /* entries */
	uint64_t after;
	enum recourse_error result;
	atomic_uint struck;

	/* of the child in which memory runs out */
	struct recourse_request *request;
	struct recourse_bytes reply;
	char handle[KEY_HANDLE_SIZE + 1];
	uint8_t signature[CRYPTO_SIGNATURE_SIZE];
};

/* A piece of work. What it prepares, and what comes after, is done with all the memory that there is. */
struct work {
	const char *what;
	void (*prepare)(struct place *place);
	enum recourse_error (*act)(struct place *place);
	void (*after)(struct place *place);
	void (*look)(void *context); /* in the ledger opened again */
	void (*check)(const struct place *place);
	uint64_t stride; /* about one allocation in so many, at random; four times as many in a trial */
};

static int setup(void **state)
{
	struct place *place = kit_child_make(sizeof *place);
	place->work = *state;
	*state = place;
	return 0;
}

static int teardown(void **state)
{
	kit_child_end(*state, sizeof(struct place));
	return 0;
}

static void in_child(struct place *place, void (*act)(void *context))
{
	int status = kit_child_run(place, act);
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
		"{\"command\":\"deposit.receive\",\"merchant\":\"M\",\"amount\":\"1.00\","
		"\"unit\":\"CNY\",\"bank_reference\":\"b-%llu\"},"
		"{\"command\":\"deposit.receive\",\"merchant\":\"nobody\",\"amount\":\"1.00\","
		"\"unit\":\"CNY\",\"bank_reference\":\"c-%llu\"},"
		"{\"command\":\"deposit.receive\",\"merchant\":\"M\",\"amount\":\"2.00\","
		"\"unit\":\"CNY\",\"bank_reference\":\"d-%llu\"}]}",
		number, number, number);
	SCOPED(support_free)
	char *payload = kit_payload(&place->kit, id, params, place->kit.now + INSTANT_HOUR);
	assert_true(strlen(payload) < sizeof place->payload);
	snprintf(place->payload, sizeof place->payload, "%s", payload);
}

static void in_need(void *context)
{
	struct place *place = context;
	kit_reopen(&place->kit, false);
	place->before = kit_entries(&place->kit);
	place->work->prepare(place);
	memory_arm(place->passing, place->lasting, &place->struck);
	place->result = place->work->act(place);
	memory_disarm();
	place->work->after(place);
}

/* Until memory runs out no more: each allocation that the stride meets once, then each with all that follow it. */
static void memory_runs_out(void **state)
{
	struct place *place = *state;
	const struct work *work = place->work;
	struct support_random random = support_random_start();
	uint64_t stride = support_times(work->stride, (work->stride + 3) / 4);
	for (int lasting = 0; lasting <= 1; lasting++) {
		unsigned int failed = 0;
		place->lasting = lasting != 0;
		place->passing = 0;
		do {
			write_payload(place);
			in_child(place, in_need);
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
	place->after = kit_child_say_again(&place->kit, place->payload, place->before, 2);
}

/* Adds nothing, since more entries would make more allocations. */
static void look_again(void *context)
{
	struct place *place = context;
	kit_reopen(&place->kit, false);
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

static void prepare_request(struct place *place)
{
	assert_ok(kit_prepare(&place->kit, "bank", place->payload, &place->request));
}

static enum recourse_error commit(struct place *place)
{
	static const uint8_t salts[1][RECOURSE_SALT_SIZE] = {{3}};
	return recourse_ledger_commit(place->kit.ledger, &place->request, 1, place->kit.now, salts);
}

static void close_if_well(struct place *place)
{
	if (place->result == RECOURSE_OK)
		recourse_ledger_close(place->kit.ledger);
}

/* What was refused for want of memory was not written, and is taken as soon as there is some. */
static void release_request(struct place *place)
{
	if (place->result == RECOURSE_MEMORY) {
		place->result = commit(place);
		assert_true(place->lasting || place->result == RECOURSE_OK);
	}
	recourse_request_release(place->request);
	close_if_well(place);
}

static void sign_request(struct place *place)
{
	SCOPED(key_close) struct key_secret key;
	kit_open_key(place->kit.origin, "bank", &key);
	key_handle(&key.public_key, place->handle);
	assert_ok(crypto_key_sign(key.signer, slice_text("recourse-request-v1\n"), slice_text(place->payload),
		place->signature));
}

static enum recourse_error prepare(struct place *place)
{
	const struct recourse_signed call = {
		.key = slice_text(place->handle),
		.payload = slice_text(place->payload),
		.signature = slice_of(place->signature, sizeof place->signature),
	};
	return recourse_request_prepare(
		place->kit.ledger, &call, place->kit.now + 1, &place->request, &place->kit.refusal);
}

static void release_and_close(struct place *place)
{
	if (place->result == RECOURSE_OK)
		recourse_request_release(place->request);
	recourse_ledger_close(place->kit.ledger);
}

static void commit_request(struct place *place)
{
	prepare_request(place);
	assert_ok(commit(place));
}

static enum recourse_error answer(struct place *place)
{
	return recourse_request_reply(place->kit.ledger, place->request, &place->reply, &place->kit.refusal);
}

/* The reply is asked for again as soon as there is memory: it must be the same. */
static void answer_again(struct place *place)
{
	SCOPED(recourse_bytes_free) struct recourse_bytes first = place->reply;
	place->reply = (struct recourse_bytes){0};
	assert_ok(answer(place));
	if (place->result == RECOURSE_OK)
		assert_true(slice_equal(
			slice_of(first.data, first.size), slice_of(place->reply.data, place->reply.size)));
	recourse_bytes_free(&place->reply);
	recourse_request_release(place->request);
	recourse_ledger_close(place->kit.ledger);
}

static void it_is_there(const struct place *place)
{
	assert_int_equal(place->after, place->before + 2);
	assert_true(place->result == RECOURSE_OK || place->result >= RECOURSE_BUSY);
}

static void send(struct place *place)
{
	assert_ok(kit_send(&place->kit, "bank", place->payload, NULL));
}

static enum recourse_error sign(struct place *place)
{
	return recourse_ledger_sign(place->kit.ledger);
}

static void close_ledger(struct place *place)
{
	recourse_ledger_close(place->kit.ledger);
}

/* With all to be made anew. */
static enum recourse_error start(struct place *place)
{
	struct recourse_ledger_options options = {
		.directory = place->kit.directory.path,
		.log_key = place->kit.log_key,
		.rebuild = true,
	};
	return recourse_ledger_open(&options, &place->kit.ledger);
}

static enum recourse_error audit(struct place *place)
{
	const struct recourse_audit_options options = {.directory = place->kit.directory.path};
	struct recourse_audit report;
	return recourse_ledger_audit(&options, &report);
}

static void lack_of_memory_is_no_finding(struct place *place)
{
	assert_int_not_equal(place->result, RECOURSE_AUDIT_FAILED);
}

static struct work works[] = {
	{"commit", prepare_request, commit, release_request, ask_again, all_or_nothing, 1},
	{"prepare", sign_request, prepare, release_and_close, ask_again, nothing, 4},
	{"reply", commit_request, answer, answer_again, ask_again, it_is_there, 4},
	{"sign", send, sign, close_if_well, ask_again, it_is_there,
		1}, /* most are of hashes, which do without */
	{"start", close_ledger, start, close_if_well, look_again, nothing, 32},
	{"audit", close_ledger, audit, lack_of_memory_is_no_finding, look_again, nothing, 32},
};
enum { WORKS = sizeof works / sizeof works[0] };

int main(void)
{
	struct CMUnitTest tests[WORKS];
	for (size_t index = 0; index < WORKS; index++)
		tests[index] = (struct CMUnitTest){
			works[index].what, memory_runs_out, setup, teardown, &works[index]};
	child_prefer_memory();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
