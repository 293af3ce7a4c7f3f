/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/buffer.h"

/*
 * JSON to the CBOR subset of item.h and back: the data model is one, JSON is a way to write it down.
 * This is the only file that knows jansson.
 *
 *   JSON            CBOR
 *   string          text        (bytes travel in JSON as base64 strings: fields decode them)
 *   integer         integer     (signed 64 bits; a number with a point or exponent is refused)
 *   true false null the same
 *   array object    array map   (object members keep no order: written in §4.2.1 order)
 *
 * Back: bytes become base64 strings with padding; everything else as above.
 */

/* What a JSON text may not have, for the error message: points at a constant text. */
struct transcode_problem {
	const char *reason; /* "duplicate member", "number is not an integer", "trailing bytes", … */
	int line;           /* 1-based; 0 when not known */
	int column;
};

/*
 * Appends the item for one whole JSON text (RFC 8259, any top-level value, white space around it).
 * MALFORMED or TOO_LARGE (depth above ITEM_DEPTH_MAX) with `problem` filled in; MEMORY. Refused:
 * duplicate members, trailing bytes, NUL in strings or keys, invalid UTF-8, lone surrogates, a byte
 * order mark, reals, integers beyond int64. `out` may hold a partial item after an error.
 */
enum recourse_error transcode_from_json(slice json, struct buffer *out, struct transcode_problem *problem);

enum transcode_style { TRANSCODE_COMPACT, TRANSCODE_INDENTED };

/* Appends the JSON text for one item, which must be the whole of `item`. MALFORMED otherwise. */
enum recourse_error transcode_to_json(slice item, enum transcode_style style, struct buffer *out);
