/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/crypto.h"
#include "recourse_ledger.h"

/*
 * What people say never stands in a signed request, which the log keeps byte for byte: a field of the type note is the
 * commitment SHA-256("recourse-note-v1\n" ‖ random ‖ text), and the two travel beside the payload. Whoever has both can
 * show what was said; without the random, short texts can not be guessed from it.
 */
enum {
	NOTE_TEXT_SIZE_MAX = RECOURSE_TEXT_SIZE_MAX,
	NOTE_TEXT_RANDOM_SIZE = RECOURSE_TEXT_RANDOM_SIZE,
};

/* In words, but for its size. */
#define NOTE_TEXT_FORM "UTF-8, with no control characters but tab and line ends"

/*
 * Well-formed UTF-8 of 1 byte to 8 KiB; lines and all, since nothing but people reads it. What can not be shown as it stands
 * is not what somebody said: no other control characters, nor what turns the direction of writing (text.h).
 */
bool note_text_valid(slice text);

/* Of a valid text. */
void note_text_commit(
	const uint8_t random[static NOTE_TEXT_RANDOM_SIZE], slice text, struct crypto_hash *commitment);
