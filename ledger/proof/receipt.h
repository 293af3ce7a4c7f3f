/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "proof/checkpoint.h"
#include "proof/tree.h"

/*
 * Receipts in the form of https://c2sp.org/tlog-proof: one text file that proves, with the log's public
 * key and nothing else, that an entry is in the log.
 *
 *   c2sp.org/tlog-proof@v1\n
 *   extra <base64 of the exact entry bytes>\n      optional in the format; Recourse writes it, so that
 *                                                  the receipt is whole in one file
 *   index N\n
 *   base64 hash\n …                                the inclusion proof
 *   \n
 *   checkpoint, verbatim, with all its signatures
 */
enum { RECEIPT_SIZE_MAX = 128 * 1024 };

struct receipt {
	slice extra; /* the extra line's base64, still encoded; size 0 when absent */
	uint64_t index;
	struct tree_proof proof;
	slice checkpoint; /* the signed note */
};

/* The form only; slices borrow from `text`. NOTE_MALFORMED. */
enum recourse_error receipt_parse(slice text, struct receipt *receipt);

/* Appends the text form. `entry` of size 0 writes no extra line. */
void receipt_format(
	slice entry, uint64_t index, const struct tree_proof *proof, slice checkpoint, struct buffer *out);

/*
 * Everything: form, the log's signature, origin, and that the entry is leaf `index` of the
 * checkpoint's tree. The entry comes from the extra line, or from `entry` where that has bytes; when
 * both are there they must be equal. The entry's bytes are appended to `entry_out` (may be NULL).
 * NOTE_MALFORMED, NOTE_UNSIGNED, NOTE_FORGED, PROOF_WRONG.
 */
enum recourse_error receipt_verify(slice text, const struct key_public *log_key, slice entry,
	struct checkpoint *checkpoint, uint64_t *index, struct buffer *entry_out);
