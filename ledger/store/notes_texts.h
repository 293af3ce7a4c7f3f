/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/buffer.h"

/*
 * A file of sealed texts, one behind the other in the order of their entries, each beginning a block of 64 bytes:
 *
 *     "rc-note\n" | entry u64 BE | size u32 BE | the first 8 bytes of the SHA-256 of these 20 | sealed, `size` bytes | zeroes
 *
 * The first block says what file it is. A text is found by halving the file, so there is no index that could be lost, and
 * nothing is read when it is opened. What is torn, damaged or can not be read is passed over: it is not found, and others
 * are.
 */
enum { NOTES_TEXTS_BLOCK = 64 };

/* What a new file begins with: a block. */
extern const uint8_t notes_texts_head[NOTES_TEXTS_BLOCK];

/* Appends a text as it stands in the file. */
void notes_texts_encode(uint64_t entry, slice sealed, struct buffer *out);

/* Of that entry. QUERY_NOT_FOUND, IO, MEMORY. */
enum recourse_error notes_texts_read(int file, uint64_t entry, struct buffer *sealed);

/* Where those of that entry and later ones begin; where the next may be added if there is none. IO. */
enum recourse_error notes_texts_find(int file, uint64_t entry, uint64_t *place);

/* Where the next may be added. IO. */
enum recourse_error notes_texts_end(int file, uint64_t *place);
