/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "proof/note.h"

/*
 * Checkpoints (https://c2sp.org/tlog-checkpoint): what the log's key says its history is.
 *
 *   origin\n size\n base64(root)\n          no extension lines are written; such lines are refused,
 *                                           so that what is signed is what is understood
 */
enum {
	CHECKPOINT_ORIGIN_SIZE = KEY_NAME_SIZE, /* the origin is the log key's name */
	CHECKPOINT_TEXT_SIZE = CHECKPOINT_ORIGIN_SIZE + 1 + 20 + 1 + 44 + 1 + 1,
};

struct checkpoint {
	char origin[CHECKPOINT_ORIGIN_SIZE + 1];
	uint64_t size; /* leaves; ≤ 2^63 − 1 */
	struct crypto_hash root;
};

/* The note's text for a checkpoint; NUL-terminated, the length is returned. */
size_t checkpoint_format(const struct checkpoint *checkpoint, char text[static CHECKPOINT_TEXT_SIZE]);

/* From the note's text. NOTE_MALFORMED: leading zeros, other line counts, non-canonical base64, … */
enum recourse_error checkpoint_parse(slice text, struct checkpoint *checkpoint);

/*
 * A whole note: verifies the log key's signature and that the origin is the key's name.
 * NOTE_MALFORMED, NOTE_UNSIGNED, NOTE_FORGED.
 */
enum recourse_error checkpoint_open(
	slice note, const struct key_public *log_key, struct checkpoint *checkpoint);
