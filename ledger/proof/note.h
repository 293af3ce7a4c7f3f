/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/buffer.h"
#include "proof/key.h"

/*
 * Signed notes (https://c2sp.org/signed-note): text, blank line, signature lines.
 *
 *   — <name> base64(key id ‖ signature)\n        the dash is U+2014
 *
 * The text ends in a newline, which is signed; the blank line is not. The note is split at its last
 * blank line. A line by an unknown key is ignored; a line whose name and id are known but whose
 * signature is wrong rejects the whole note.
 */
enum {
	NOTE_SIZE_MAX = 64 * 1024,
	NOTE_SIGNATURES_MAX = 64, /* more is NOTE_MALFORMED; the format asks for at least 16 */
};

/* Takes the next line, without its newline, off `rest`; false when no newline is left there. */
bool note_line(slice *rest, slice *line);

/* Decimal digits without sign or leading zero, at most 2^63 − 1. NOTE_MALFORMED. */
enum recourse_error note_number(slice digits, uint64_t *number);

/* Splits and checks the form only. `text` is good as long as `note`. NOTE_MALFORMED. */
enum recourse_error note_text(slice note, slice *text);

/*
 * Verifies one key's signature: an Ed25519 one over the text, or (type 04) a cosignature at a time
 * of its own, over "cosignature/v1\ntime N\n" ‖ text; the time in seconds goes to `*cosigned_at`
 * (0 for type 01; NULL if not wanted). Where the key signed more than once every line must verify, and
 * the latest time counts. NOTE_MALFORMED, NOTE_UNSIGNED, NOTE_FORGED, MEMORY.
 */
enum recourse_error note_verify(slice note, const struct key_public *key, uint64_t *cosigned_at);

/*
 * Appends a signed note for `text`, which must end in a newline and hold no control characters but
 * newlines, nor make a note above NOTE_SIZE_MAX (NOTE_MALFORMED). The key is of type 01. MEMORY.
 */
enum recourse_error note_sign(slice text, const struct key_secret *key, struct buffer *out);

/*
 * Appends one cosignature line for a note's text at that time, under the type 04 key of the secret's
 * name and bytes: key_make() gives its public side. NOTE_MALFORMED (text), MEMORY.
 */
enum recourse_error note_cosign(
	slice text, const struct key_secret *key, uint64_t seconds, struct buffer *out);
