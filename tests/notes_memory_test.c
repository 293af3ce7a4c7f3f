/* SPDX-License-Identifier: Apache-2.0 */
#include "kit_child.h"
#include "memory_shim.h"
#include "notes_place.h"

#include "base/instant.h"

#include <stdio.h>

/*
 * Memory runs out at each point of saying a note and of reading one, once and for good, in a process of its own that then
 * stops (I2): opened again, the note is there with its text, or neither is, and the same request is taken; what is read is
 * the text, or an error, and never a text that is called lost.
 */

enum { WORDS_SIZE = 200, HANDLE_SIZE = KEY_HANDLE_SIZE + 1 };

struct place {
	struct kit kit; /* its ledger is open in a child only */
	const struct work *work;
	unsigned int passing;
	bool lasting;
	atomic_uint struck;
	uint64_t before; /* entries */
	enum recourse_error result;
	char payload[KIT_CHILD_PAYLOAD_MAX];
	uint8_t signature[CRYPTO_SIGNATURE_SIZE];
	char handle[HANDLE_SIZE];
	struct recourse_request *request;
};

struct work {
	const char *what;
	void (*prepare)(struct place *place);
	enum recourse_error (*act)(struct place *place);
	void (*look)(void *context); /* in the ledger opened again */
};

static int setup(void **state)
{
	struct place *place = kit_child_make(sizeof *place);
	place->work = *state;
	kit_reopen(&place->kit, false);
	kit_golden_steps(&place->kit, 1, 3);
	kit_play(&place->kit,
		"agent contact.record claim=claim-A channel=phone direction=in note=\"" OTHER "\"");
	kit_close(&place->kit);
	*state = place;
	return 0;
}

static int teardown(void **state)
{
	kit_child_end(*state, sizeof(struct place));
	return 0;
}

static struct recourse_text said(void)
{
	return notes_place_text(0, SAID);
}

static void write_request(struct place *place, const char *words)
{
	char id[32];
	SCOPED(key_close) struct key_secret key;
	snprintf(id, sizeof id, "memory-%llu", (unsigned long long)++place->kit.requests);
	SCOPED(support_free) char *payload = kit_words(&place->kit, id, words, place->kit.now + INSTANT_HOUR);
	assert_true(strlen(payload) < sizeof place->payload);
	strcpy(place->payload, payload);
	kit_open_key(place->kit.origin, "agent", &key);
	key_handle(&key.public_key, place->handle);
	assert_ok(crypto_key_sign(key.signer, slice_text("recourse-request-v1\n"), slice_text(place->payload),
		place->signature));
}

static enum recourse_error prepare(struct place *place, const struct recourse_text *text)
{
	const struct recourse_signed call = {
		.key = slice_text(place->handle),
		.payload = slice_text(place->payload),
		.signature = slice_of(place->signature, sizeof place->signature),
		.texts = text,
		.text_count = text != NULL,
	};
	return recourse_request_prepare(
		place->kit.ledger, &call, place->kit.now + 1, &place->request, &place->kit.refusal);
}

static enum recourse_error commit(struct place *place)
{
	static const uint8_t salts[1][RECOURSE_SALT_SIZE] = {{3}};
	return recourse_ledger_commit(place->kit.ledger, &place->request, 1, place->kit.now, salts);
}

/* ---- saying ---- */

static void prepare_saying(struct place *place)
{
	char words[WORDS_SIZE];
	char note[65];
	const struct recourse_text text = said();
	notes_place_commit(&text, note);
	snprintf(words, sizeof words, "contact.record claim=claim-B channel=phone direction=in note:=\"%s\"",
		note);
	write_request(place, words);
}

static enum recourse_error say(struct place *place)
{
	const struct recourse_text text = said();
	enum recourse_error error = prepare(place, &text);
	if (error == RECOURSE_OK)
		error = commit(place);
	return error;
}

/* Its own entry, or the one that is there; the text is its own. */
static void say_again(void *context)
{
	struct place *place = context;
	kit_reopen(&place->kit, false);
	uint64_t entries = kit_entries(&place->kit);
	assert_true(entries == place->before || entries == place->before + 1);
	if (place->result == RECOURSE_OK)
		assert_int_equal(entries, place->before + 1);
	assert_ok(say(place));
	recourse_request_release(place->request);
	assert_int_equal(kit_entries(&place->kit), place->before + 1);
	kit_play(&place->kit, "agent note.unseal note=%llu reason=r : results[0].note.text=\"" SAID "\"",
		(unsigned long long)place->before);
	kit_close(&place->kit);
}

/* ---- reading ---- */

static void prepare_reading(struct place *place)
{
	char words[WORDS_SIZE];
	kit_play(&place->kit,
		"agent contact.record claim=claim-B channel=phone direction=in note=\"" OTHER "\"");
	snprintf(words, sizeof words, "note.unseal note=%llu reason=r",
		(unsigned long long)place->kit.last_entry);
	write_request(place, words);
	assert_ok(prepare(place, NULL));
	assert_ok(commit(place));
}

static enum recourse_error read_reply(struct place *place)
{
	SCOPED(recourse_bytes_free) struct recourse_bytes reply = {0};
	struct recourse_refusal refusal;
	TRY(recourse_request_reply(place->kit.ledger, place->request, &reply, &refusal));
	return memmem(reply.data, reply.size, OTHER, strlen(OTHER)) != NULL ? RECOURSE_OK
									    : RECOURSE_AUDIT_FAILED;
}

static void look_only(void *context)
{
	struct place *place = context;
	kit_reopen(&place->kit, false);
	kit_close(&place->kit);
}

/* ---- each allocation ---- */

static void in_need(void *context)
{
	struct place *place = context;
	kit_reopen(&place->kit, false);
	place->request = NULL;
	place->work->prepare(place);
	place->before = kit_entries(&place->kit);
	memory_arm(place->passing, place->lasting, &place->struck);
	place->result = place->work->act(place);
	memory_disarm();
	/* what was not written is taken as soon as there is memory */
	if (place->result == RECOURSE_MEMORY && place->request != NULL && place->work->act == say)
		place->result = commit(place);
}

static void memory_runs_out(void **state)
{
	struct place *place = *state;
	for (int lasting = 0; lasting <= 1; lasting++) {
		unsigned int failed = 0;
		place->lasting = lasting != 0;
		place->passing = 0;
		do {
			assert_int_equal(kit_child_run(place, in_need), 0);
			assert_true(place->result == RECOURSE_OK || place->result >= RECOURSE_BUSY);
			assert_int_equal(kit_child_run(place, place->work->look), 0);
			failed += place->result != RECOURSE_OK;
			place->passing++;
		} while (place->struck > 0);
		assert_ok(place->result);
		print_message("%s: %u allocations, %u failures%s\n", place->work->what, place->passing - 1,
			failed, lasting != 0 ? ", for good" : "");
#ifndef ALLOCATION_SANITIZED
		assert_true(failed > 0);
#endif
	}
	kit_reopen(&place->kit, false);
	kit_audit(&place->kit);
	kit_close(&place->kit);
}

static struct work works[] = {
	{"say", prepare_saying, say, say_again},
	{"read", prepare_reading, read_reply, look_only},
};

int main(void)
{
	const struct CMUnitTest tests[] = {
		{works[0].what, memory_runs_out, setup, teardown, &works[0]},
		{works[1].what, memory_runs_out, setup, teardown, &works[1]},
	};
	child_prefer_memory();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
