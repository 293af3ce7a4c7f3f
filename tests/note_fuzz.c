/* SPDX-License-Identifier: Apache-2.0 */
#include "proof/checkpoint.h"
#include "worked.h"
#include "fuzz.h"

/* All that the two keys signed and whose signatures are among the seeds. */
static const char SIGNED[] = CHECKPOINT_TEXT;

static void check_checkpoint(slice text)
{
	struct checkpoint checkpoint;
	if (checkpoint_parse(text, &checkpoint) != RECOURSE_OK)
		return;
	char again[CHECKPOINT_TEXT_SIZE];
	size_t size = checkpoint_format(&checkpoint, again);
	require(slice_equal(slice_of(again, size), text));
}

static void check_verified(slice note, slice text, const char *vkey)
{
	struct key_public key;
	require(key_parse(slice_text(vkey), &key) == RECOURSE_OK);
	enum recourse_error error = note_verify(note, &key, NULL);
	require(error != RECOURSE_NOTE_MALFORMED);
	require(error != RECOURSE_OK || slice_is(text, SIGNED));
}

static void check_signing(slice text)
{
	static const uint8_t SEED[CRYPTO_SEED_SIZE] = {1};
	SCOPED(key_close) struct key_secret key;
	require(key_open_seed(slice_text("fuzz.example"), SEED, &key) == RECOURSE_OK);
	SCOPED(buffer_free) struct buffer out = {.data = NULL};
	if (note_sign(text, &key, &out) == RECOURSE_OK) {
		slice again;
		require(note_text(buffer_slice(&out), &again) == RECOURSE_OK && slice_equal(again, text));
		require(note_verify(buffer_slice(&out), &key.public_key, NULL) == RECOURSE_OK);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	require(crypto_start() == RECOURSE_OK);
	slice note = slice_of(data, size);
	check_checkpoint(note);
	check_signing(note);

	slice text;
	if (note_text(note, &text) != RECOURSE_OK)
		return 0;
	/* The text is the note's beginning up to the last blank line, and ends in a newline of its own. */
	require(text.data == data && text.size > 0 && text.size + 1 < size);
	require(data[text.size - 1] == '\n' && data[text.size] == '\n' && data[size - 1] == '\n');
	require(memmem(data + text.size, size - text.size, "\n\n", 2) == NULL);
	check_checkpoint(text);
	check_verified(note, text, LOG_VKEY);
	check_verified(note, text, WITNESS_VKEY);
	return 0;
}
