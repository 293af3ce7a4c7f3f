/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/arena.h"
#include "base/item.h"
#include "recourse_schema.h"
#include "base/refusal.h"

/*
 * The values of a command's or query's fields: decoding them by the schema, with every limit checked, and
 * encoding them again for the entry. A value borrows from the bytes it was decoded from, or from the arena.
 */
struct value {
	bool present; /* if not, all is zero, and a text empty; or it is the field's preset */
	union {
		slice text;       /* ID TEXT UNIT AMOUNT KEY HANDLE as given; HASH NOTE: 32 bytes;
				     LIST without members: the item as it stands, for
				     fields of its own: item_read_unread() */
		int64_t integer;  /* INTEGER; PERCENT in hundredths; CHOICE: index; SET: bit mask */
		uint64_t instant; /* TIME */
		struct {
			struct value *values; /* rows × members, row by row */
			size_t count;         /* rows */
		} list;
	};
};

/*
 * Decodes the map at the reader into `values[0..count)`. The member `skip` (may be NULL) is passed over: it
 * named the command. FIELD_* with `refusal` naming the member and what is allowed; MALFORMED, MEMORY.
 */
enum recourse_error field_decode(const struct recourse_field *fields, size_t count, const char *skip,
	slice *reader, struct arena *arena, struct value *values, struct recourse_refusal *refusal);

/* Which of a method's fields has that name; their count where none has. */
size_t field_index(const struct recourse_method *method, const char *name);

/* Writes the present ones as pairs into an open map, in the form of requests (hashes as hex text). */
void field_encode_pairs(
	const struct recourse_field *fields, size_t count, const struct value *values, struct buffer *out);
