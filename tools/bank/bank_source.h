/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/crypto.h"

/*
 * The bytes of a file, piece by piece, of a known size at most; what was read is what is hashed.
 */
enum { BANK_SOURCE_PIECE = 64 * 1024 };

struct bank_source {
	int descriptor; /* -1: all of it is in `memory` */
	slice memory;
	uint64_t size_max;
	uint64_t size; /* read until now */
	struct crypto_stream *stream;
	uint8_t piece[BANK_SOURCE_PIECE];
};

/*
 * A regular file: it is read more than once, and has to be the same. IO, with errno; FIELD_FORMAT for another kind of
 * file; TOO_LARGE; MEMORY. bank_source_close() in any case.
 */
enum recourse_error bank_source_open(struct bank_source *source, const char *path, uint64_t size_max);

/* The same of bytes that stay where they are. */
enum recourse_error bank_source_of(struct bank_source *source, slice memory, uint64_t size_max);

/* The next piece, good until the next call; empty at the end. IO, TOO_LARGE. */
enum recourse_error bank_source_next(struct bank_source *source, slice *piece);

/* SHA-256 of what was read; nothing can be read after it. */
void bank_source_hash(struct bank_source *source, struct crypto_hash *hash);
void bank_source_close(struct bank_source *source);
