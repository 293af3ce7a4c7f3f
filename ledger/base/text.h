/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/slice.h"

/* What may stand in names and texts that come from outside. */
enum {
	TEXT_ID_SIZE = 64 /* longest id, in bytes: a SHA-256 in hex, a UUID, a card number's token */
};

/* An id: 1..64 of A-Z a-z 0-9 . _ : / @ -, beginning with a letter or digit. ASCII, case counts. */
bool text_is_id(slice text);

/* Well-formed UTF-8 (RFC 3629), control characters included. May be empty. */
bool text_is_utf8(slice text);

/*
 * The size of the control character that a text begins with, 0 for any other: U+0000..1F, 7F..9F, which terminals act
 * on; line and paragraph separators, U+2028, 2029; and what turns the direction of writing, so that something else is
 * read than stands there: U+061C, 200E, 200F, 202A..202E, 2066..2069 (Unicode Technical Report 36, 2.5).
 */
size_t text_control(slice text);

/* Well-formed UTF-8 (RFC 3629) without control characters. May be empty. */
bool text_is_clean(slice text);

/*
 * The longest beginning of a well-formed text that has at most `size` bytes and ends between characters: what is
 * cut to fit into a reply must still be a text.
 */
slice text_cut(slice text, size_t size);

/* Lower-case hexadecimal. `hex` has room for 2 × size + 1. */
void text_to_hex(const uint8_t *bytes, size_t size, char *hex);

/* Exactly 2 × size digits, either case. FIELD_FORMAT otherwise. */
enum recourse_error text_from_hex(slice hex, uint8_t *bytes, size_t size);

/* "NAME/VERSION", as entries name rules and policies, ended by a NUL. `text` has room for the name and TEXT_VERSION_SIZE. */
enum { TEXT_VERSION_SIZE = 12 };
void text_version(char *text, slice name, uint32_t version);
