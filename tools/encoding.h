/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/buffer.h"

/*
 * The encodings in which a bank takes a file or gives one: utf-8, gb18030, gbk. What goes into one comes back the same; where it does not, the
 * encoding lacks it.
 */
bool encoding_known(const char *encoding);

/* The encoding whose byte order mark a text begins with, and its size: utf-8, utf-16le, utf-16be; NULL where there is none. */
const char *encoding_marked(slice text, size_t *size);

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
	bool keep;        /* what is no character is marked, and what is behind it goes on: encoding_back() */
	size_t step;      /* bytes of what is passed over then */
	struct buffer rest;
};

/* FIELD_UNKNOWN. */
enum recourse_error encoding_open(struct encoding_pieces *pieces, const char *encoding);

/*
 * Appends what is whole; of an empty piece, behind the last, all has to be. FIELD_FORMAT: bytes that are no character, behind what was
 * appended; MEMORY.
 */
enum recourse_error encoding_add(struct encoding_pieces *pieces, slice piece, struct buffer *out);

/*
 * The way back of a text in which bytes that are no character were kept: each is three bytes there that are in no UTF-8, an FF and two
 * behind it with its halves. FIELD_FORMAT: a character that the encoding lacks; MEMORY.
 */
enum { ENCODING_MARK = 0xff };
enum recourse_error encoding_back(const char *encoding, slice text, struct buffer *out);
void encoding_close(struct encoding_pieces *pieces);
