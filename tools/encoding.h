/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/buffer.h"

/*
 * The encodings in which a bank takes a file or gives one: utf-8, gb18030, gbk. What goes into one comes back the same; where it does not, the
 * encoding lacks it.
 */
bool encoding_known(const char *encoding);

/*
 * Appends the text (UTF-8) in that encoding, or what is in it as UTF-8: all of it or nothing. FIELD_FORMAT: a character that it lacks, or
 * bytes that are none, and `*offset` (may be NULL) is that of the first; FIELD_UNKNOWN: this system does not know it; MEMORY.
 */
enum recourse_error encoding_to(const char *encoding, slice text, struct buffer *out);
enum recourse_error encoding_from(const char *encoding, slice bytes, struct buffer *out, size_t *offset);

/*
 * What is in that encoding as UTF-8, piece by piece: what a piece leaves of a character waits for the next one. Start with all zeroes.
 */
struct encoding_pieces {
	void *conversion; /* NULL: it is not open */
	struct buffer rest;
};

/* FIELD_UNKNOWN. */
enum recourse_error encoding_open(struct encoding_pieces *pieces, const char *encoding);

/*
 * Appends what is whole; of an empty piece, behind the last, all has to be. FIELD_FORMAT: bytes that are no character, behind what was
 * appended; MEMORY.
 */
enum recourse_error encoding_add(struct encoding_pieces *pieces, slice piece, struct buffer *out);
void encoding_close(struct encoding_pieces *pieces);
