/* SPDX-License-Identifier: Apache-2.0 */
#include "proof/note.h"

#include "base/endian.h"
#include "base/text.h"
#include "base/try.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>

enum {
	ID_SIZE = 4,
	TIME_SIZE = 8,
	ID_TEXT_SIZE = 8, /* the base64 characters that hold the id */
	BODY_SIZE_MAX = ID_SIZE + TIME_SIZE + CRYPTO_SIGNATURE_SIZE,
	BODY_TEXT_SIZE_MAX = (BODY_SIZE_MAX + 2) / 3 * 4 + 1,
	COSIGNATURE_LABEL_SIZE = 64,
};

static const char DASH[] = "\xe2\x80\x94 "; /* U+2014 and a blank */

struct signature_line {
	slice name;
	slice base64; /* of id and signature */
	uint8_t id[ID_SIZE];
};

bool note_line(slice *rest, slice *line)
{
	return slice_take_until(rest, '\n', line);
}

enum recourse_error note_number(slice digits, uint64_t *number)
{
	if (digits.size == 0 || (digits.data[0] == '0' && digits.size > 1))
		return RECOURSE_NOTE_MALFORMED;
	uint64_t value = 0;
	for (size_t i = 0; i < digits.size; i++) {
		uint8_t character = digits.data[i];
		if (character < '0' || character > '9')
			return RECOURSE_NOTE_MALFORMED;
		uint64_t digit = (uint64_t)(character - '0');
		if (value > (INT64_MAX - digit) / 10)
			return RECOURSE_NOTE_MALFORMED;
		value = value * 10 + digit;
	}
	*number = value;
	return RECOURSE_OK;
}

/* Whole lines of clean text, at least one. */
static enum recourse_error check_lines(slice text)
{
	if (text.size == 0 || text.data[text.size - 1] != '\n')
		return RECOURSE_NOTE_MALFORMED;
	slice line;
	while (note_line(&text, &line)) {
		if (!text_is_clean(line))
			return RECOURSE_NOTE_MALFORMED;
	}
	return RECOURSE_OK;
}

/* A name that is longer than ours may be is nobody's that we know, but it is not malformed. */
static bool signer_name_valid(slice name)
{
	if (name.size <= KEY_NAME_SIZE)
		return key_name_valid(name);
	return memchr(name.data, '+', name.size) == NULL;
}

static enum recourse_error parse_signature(slice line, struct signature_line *signature)
{
	if (!slice_take(&line, DASH) || !slice_take_until(&line, ' ', &signature->name) ||
		!signer_name_valid(signature->name) || line.size < ID_TEXT_SIZE || !crypto_base64_valid(line))
		return RECOURSE_NOTE_MALFORMED;
	signature->base64 = line;

	uint8_t head[ID_TEXT_SIZE / 4 * 3];
	size_t head_size;
	slice head_text = slice_of(line.data, ID_TEXT_SIZE);
	if (crypto_base64_decode(head_text, head, sizeof head, &head_size) != RECOURSE_OK ||
		head_size <= ID_SIZE)
		return RECOURSE_NOTE_MALFORMED;
	memcpy(signature->id, head, ID_SIZE);
	return RECOURSE_OK;
}

/* Cuts the note at its last blank line, behind the newline that still belongs to the text. */
static enum recourse_error split(slice note, slice *text, slice *signatures)
{
	for (size_t end = note.size; end >= 2; end--) {
		if (note.data[end - 1] != '\n' || note.data[end - 2] != '\n')
			continue;
		*text = slice_of(note.data, end - 1);
		*signatures = slice_from(note, end);
		return RECOURSE_OK;
	}
	return RECOURSE_NOTE_MALFORMED;
}

static enum recourse_error parse_note(slice note, slice *text, slice *signatures)
{
	if (note.size > NOTE_SIZE_MAX)
		return RECOURSE_NOTE_MALFORMED;
	TRY(check_lines(note));
	TRY(split(note, text, signatures));

	slice rest = *signatures;
	slice line;
	struct signature_line signature;
	size_t count = 0;
	while (note_line(&rest, &line)) {
		if (++count > NOTE_SIGNATURES_MAX)
			return RECOURSE_NOTE_MALFORMED;
		TRY(parse_signature(line, &signature));
	}
	return count > 0 ? RECOURSE_OK : RECOURSE_NOTE_MALFORMED;
}

enum recourse_error note_text(slice note, slice *text)
{
	slice signatures;
	return parse_note(note, text, &signatures);
}

static slice cosignature_label(uint64_t seconds, char label[static COSIGNATURE_LABEL_SIZE])
{
	int size = snprintf(label, COSIGNATURE_LABEL_SIZE, "cosignature/v1\ntime %" PRIu64 "\n", seconds);
	assert(size > 0 && size < COSIGNATURE_LABEL_SIZE);
	return slice_of(label, (size_t)size);
}

static enum recourse_error verify_line(
	const struct signature_line *line, slice text, const struct key_public *key, uint64_t *seconds)
{
	bool timed = key->type == KEY_TYPE_COSIGNATURE;
	size_t expected = ID_SIZE + (timed ? TIME_SIZE : 0) + CRYPTO_SIGNATURE_SIZE;
	uint8_t body[BODY_SIZE_MAX];
	if (!crypto_base64_exact(line->base64, body, expected))
		return RECOURSE_NOTE_FORGED;

	char label_text[COSIGNATURE_LABEL_SIZE];
	slice label = slice_of(NULL, 0);
	*seconds = 0;
	if (timed) {
		*seconds = big_endian_read(body + ID_SIZE, TIME_SIZE);
		label = cosignature_label(*seconds, label_text);
	}
	const uint8_t *signature = body + expected - CRYPTO_SIGNATURE_SIZE;
	enum recourse_error error = crypto_verify(key->bytes, label, text, signature);
	return error == RECOURSE_SIGNATURE_INVALID ? RECOURSE_NOTE_FORGED : error;
}

static bool is_by(const struct signature_line *line, const struct key_public *key)
{
	return slice_is(line->name, key->name) && memcmp(line->id, key->id, ID_SIZE) == 0;
}

enum recourse_error note_verify(slice note, const struct key_public *key, uint64_t *cosigned_at)
{
	slice text;
	slice rest;
	TRY(parse_note(note, &text, &rest));

	bool found = false;
	uint64_t latest = 0;
	slice line;
	while (note_line(&rest, &line)) {
		struct signature_line signature;
		TRY(parse_signature(line, &signature));
		if (!is_by(&signature, key))
			continue;
		uint64_t seconds;
		TRY(verify_line(&signature, text, key, &seconds));
		found = true;
		latest = seconds > latest ? seconds : latest;
	}
	if (!found)
		return RECOURSE_NOTE_UNSIGNED;
	if (cosigned_at != NULL)
		*cosigned_at = latest;
	return RECOURSE_OK;
}

static void append_line(const struct key_public *key, slice body, struct buffer *out)
{
	buffer_append_format(out, "%s%s ", DASH, key->name);
	crypto_base64_append(body, out);
	buffer_append_text(out, "\n");
}

enum recourse_error note_sign(slice text, const struct key_secret *key, struct buffer *out)
{
	assert(key->public_key.type == KEY_TYPE_ED25519);
	size_t added = 1 + sizeof DASH + strlen(key->public_key.name) + BODY_TEXT_SIZE_MAX;
	if (text.size > NOTE_SIZE_MAX - added)
		return RECOURSE_NOTE_MALFORMED;
	TRY(check_lines(text));

	uint8_t body[ID_SIZE + CRYPTO_SIGNATURE_SIZE];
	memcpy(body, key->public_key.id, ID_SIZE);
	TRY(crypto_key_sign(key->signer, slice_of(NULL, 0), text, body + ID_SIZE));
	buffer_append(out, text.data, text.size);
	buffer_append_text(out, "\n");
	append_line(&key->public_key, slice_of(body, sizeof body), out);
	return buffer_failed(out) ? RECOURSE_MEMORY : RECOURSE_OK;
}

enum recourse_error note_cosign(
	slice text, const struct key_secret *key, uint64_t seconds, struct buffer *out)
{
	TRY(check_lines(text));
	struct key_public witness;
	TRY(key_make(
		slice_text(key->public_key.name), KEY_TYPE_COSIGNATURE, key->public_key.bytes, &witness));

	uint8_t body[BODY_SIZE_MAX];
	memcpy(body, witness.id, ID_SIZE);
	big_endian_write(body + ID_SIZE, seconds, TIME_SIZE);
	char label_text[COSIGNATURE_LABEL_SIZE];
	slice label = cosignature_label(seconds, label_text);
	TRY(crypto_key_sign(key->signer, label, text, body + ID_SIZE + TIME_SIZE));
	append_line(&witness, slice_of(body, sizeof body), out);
	return buffer_failed(out) ? RECOURSE_MEMORY : RECOURSE_OK;
}
