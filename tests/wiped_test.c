/* SPDX-License-Identifier: Apache-2.0 */
#include "notes_place.h"
#include "served.h"
#include "wire.h"

#include "base/instant.h"
#include "base/note_text.h"
#include "base/text.h"
#include "base/transcode.h"
#include "envelope_signed.h"
#include "host_clock.h"

#include <stdio.h>
#include <unistd.h>

/*
 * What people said is in the memory of a service no longer than it takes to seal it, or to answer who reads it (I2): with both
 * codecs a note is said and read, over a connection that stays, and then all memory that can be written is looked
 * through. The text is made as it runs and is nowhere else; what is looked for is kept masked.
 */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define CAN_LOOK false
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define CAN_LOOK false
#endif
#endif
#ifndef CAN_LOOK
#define CAN_LOOK true /* a sanitizer's own memory is not to be read */
#endif

enum { TEXT_SIZE = 300, PART = 24, MASK = 0x5a };

static uint8_t masked[TEXT_SIZE];
static const volatile unsigned int step = 7;

static void make_text(unsigned int round, uint8_t text[static TEXT_SIZE])
{
	for (unsigned int index = 0; index < TEXT_SIZE; index++)
		text[index] = (uint8_t)('a' + (index * index + index * step + round * 5 + index / 26) % 26);
	for (size_t index = 0; index < TEXT_SIZE; index++)
		masked[index] = text[index] ^ MASK;
}

static bool is_part(const volatile uint8_t *bytes, size_t from)
{
	for (size_t index = 0; index < PART; index++) {
		if ((bytes[index] ^ MASK) != masked[from + index])
			return false;
	}
	return true;
}

/* Any whole part of the text, which may have been overwritten in part. */
static size_t count_in(const volatile uint8_t *from, const volatile uint8_t *end)
{
	size_t found = 0;
	for (const volatile uint8_t *at = from; at + PART <= end; at++) {
		for (size_t part = 0; part + PART <= TEXT_SIZE; part += PART)
			found += is_part(at, part);
	}
	return found;
}

/* In memory that is ours alone; what is mapped of files is for others to look through. */
static size_t count_everywhere(void)
{
	char line[512];
	size_t found = 0;
	FILE *maps = fopen("/proc/self/maps", "r");
	assert_non_null(maps);
	while (fgets(line, sizeof line, maps) != NULL) {
		unsigned long from;
		unsigned long end;
		char mode[5];
		if (sscanf(line, "%lx-%lx %4s", &from, &end, mode) != 3 || strcmp(mode, "rw-p") != 0)
			continue;
		size_t here = count_in((const volatile uint8_t *)from, (const volatile uint8_t *)end);
		if (here > 0)
			print_message("%zu parts in %s", here, line);
		found += here;
	}
	fclose(maps);
	return found;
}

static void send(struct wire *wire, struct kit *kit, enum envelope_codec codec, const char *words,
	const struct recourse_text *text)
{
	static uint32_t number;
	struct key_secret key;
	char id[32];
	char handle[KEY_HANDLE_SIZE + 1];
	uint8_t signature[CRYPTO_SIGNATURE_SIZE];
	SCOPED(buffer_free) struct buffer message = {.secret = true};
	snprintf(id, sizeof id, "wiped-%u", ++number);
	SCOPED(support_free) char *payload = kit_words(kit, id, words, host_clock_now() + INSTANT_MINUTE);
	kit_open_key(kit->origin, "agent", &key);
	assert_ok(crypto_key_sign(
		key.signer, slice_text("recourse-request-v1\n"), slice_text(payload), signature));
	const struct recourse_signed call = {
		.key = slice_of(handle, key_handle(&key.public_key, handle)),
		.payload = slice_text(payload),
		.signature = slice_of(signature, sizeof signature),
		.texts = text,
		.text_count = text != NULL,
	};
	const struct envelope_id envelope_id = envelope_id_integer(1);
	assert_ok(envelope_signed_write(codec, &call, &envelope_id, &message));
	key_close(&key);
	wire_send(wire, number, buffer_slice(&message));
}

/* The number of the entry that was made; whether the text came with it. */
static uint64_t receive(struct wire *wire, bool *read)
{
	uint32_t id;
	SCOPED(buffer_free) struct buffer reply = {.secret = true};
	SCOPED(envelope_reply_free) struct envelope_reply envelope = {.failed = false};
	slice first;
	assert_true(wire_receive(wire, WIRE_PATIENCE_MS, &id, &reply));
	assert_ok(envelope_read_reply(buffer_slice(&reply), &envelope));
	if (envelope.failed)
		fail_msg("%s %s", recourse_error_name(envelope.refusal.error), envelope.refusal.field);
	*read = count_in(envelope.result.data, envelope.result.data + envelope.result.size) > 0;
	assert_ok(item_find(envelope.result, "first_entry", &first));
	uint64_t entry;
	assert_true(item_read_number(&first, &entry));
	return entry;
}

static void say_and_read(struct kit *kit, struct wire *wire, enum envelope_codec codec, unsigned int round)
{
	uint8_t said[TEXT_SIZE];
	uint8_t random[NOTE_TEXT_RANDOM_SIZE] = {(uint8_t)round};
	struct crypto_hash commitment;
	char hex[65];
	char words[200];
	bool read;
	make_text(round, said);
	const struct recourse_text text = {slice_of(random, sizeof random), slice_of(said, sizeof said)};
	note_text_commit(random, text.text, &commitment);
	text_to_hex(commitment.bytes, sizeof commitment.bytes, hex);
	snprintf(
		words, sizeof words, "contact.record claim=c-1 channel=phone direction=in note:=\"%s\"", hex);
	send(wire, kit, codec, words, &text);
	crypto_wipe(said, sizeof said);
	uint64_t entry = receive(wire, &read);
	assert_false(read);
	snprintf(words, sizeof words, "note.unseal note=%llu reason=r", (unsigned long long)entry);
	send(wire, kit, codec, words, NULL);
	(void)receive(wire, &read);
	assert_true(read);
	/* its answer has come, and its sender is yet to be done with it */
	size_t left = 1;
	for (int wait = 0; left > 0 && wait < 50; wait++) {
		usleep(20000);
		left = CAN_LOOK ? count_everywhere() : 0;
	}
	assert_int_equal(left, 0);
}

static void test_wiped(void **state)
{
	struct kit *kit = *state;
	struct served served;
	served_prepare(&served, kit->ledger);
	served_begin(&served);
	struct wire wire = wire_open(served.urls[0]);
	for (unsigned int round = 0; round < 6; round++)
		say_and_read(kit, &wire, round % 2 == 0 ? ENVELOPE_CBOR : ENVELOPE_JSON, round);
	wire_close(&wire);
	served_tell_to_stop(&served);
	assert_ok(served_end(&served));
}

int main(void)
{
	const struct CMUnitTest tests[] = {NOTES_TEST(test_wiped)};
	return cmocka_run_group_tests(tests, support_crypto, NULL);
}
