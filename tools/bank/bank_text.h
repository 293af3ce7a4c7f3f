/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "bank/bank_source.h"
#include "encoding.h"

/*
 * The text of a file as UTF-8, piece by piece, whatever encoding it is in, without its first lines where they are none of it.
 */
struct bank_text {
	struct bank_source *source;
	struct encoding_pieces encoding;
	struct buffer piece;
	uint64_t skip; /* lines that are still to be passed over */
	uint64_t line; /* of the file, up to which it is of its encoding */
	bool foreign;  /* and on which it is not: nothing more is handed out */
};

/* `encoding` NULL: as it stands. FIELD_UNKNOWN: this system does not know it. bank_text_close() in any case. */
enum recourse_error bank_text_open(
	struct bank_text *text, struct bank_source *source, const char *encoding, uint64_t skip);

/* As rows.h has it of a source. FIELD_FORMAT: it is `foreign`; IO, TOO_LARGE, MEMORY. */
enum recourse_error bank_text_next(void *text, slice *piece);
void bank_text_close(struct bank_text *text);
