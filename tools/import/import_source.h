/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/crypto.h"
#include "encoding.h"
#include "rows.h"

/*
 * The text of a file that is imported as UTF-8, piece by piece and read once: a file or what comes down a pipe, of whatever size, in
 * whatever encoding. What the encoding does not have is kept (encoding.h), so that one row is refused for it and not the file.
 */
enum { IMPORT_SOURCE_PIECE = 64 * 1024 };

struct import_source {
	int descriptor;
	uint64_t size_max; /* of the file; 0: nobody knows */
	uint64_t size;     /* read until now */
	const char *encoding;
	bool marked;    /* it begins with a byte order mark */
	char separator; /* found, in the first line */
	struct encoding_pieces pieces;
	struct crypto_stream *stream;
	struct buffer text; /* the next piece, or the first one that is not handed out yet */
	bool begun;
	bool ended;
	uint8_t piece[IMPORT_SOURCE_PIECE];
};

/*
 * "-" is standard input. `encoding` NULL: what the byte order mark says, UTF-8 where there is none. IO, with errno; FIELD_UNKNOWN: this
 * system has no such encoding; MEMORY. import_source_close() in any case.
 */
enum recourse_error import_source_open(struct import_source *source, const char *path, const char *encoding);

/* As rows.h has it of a source. IO, MEMORY. */
enum recourse_error import_source_next(void *source, slice *piece);

/* SHA-256 of all of it, also of what nobody asked for; nothing can be read after that. IO. */
enum recourse_error import_source_hash(struct import_source *source, struct crypto_hash *hash);
void import_source_close(struct import_source *source);
