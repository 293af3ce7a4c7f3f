/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/buffer.h"
#include "base/unit.h"

/*
 * CBOR (RFC 8949) in the one subset that Recourse speaks, for entries, requests and replies alike:
 * definite lengths, shortest heads, integers that fit 64-bit signed, byte and text strings, arrays,
 * maps with text keys, false, true, null. No floats, no tags, no indefinite lengths.
 */
enum item_type {
	ITEM_INTEGER,
	ITEM_BYTES,
	ITEM_TEXT,
	ITEM_ARRAY,
	ITEM_MAP,
	ITEM_FALSE,
	ITEM_TRUE,
	ITEM_NULL,
};

enum {
	ITEM_DEPTH_MAX = 16 /* arrays and maps inside each other */
};

/* One head, and for strings the content. Containers announce how many items (maps: pairs) follow. */
struct item {
	enum item_type type;
	int64_t integer; /* ITEM_INTEGER */
	slice string;    /* ITEM_BYTES, ITEM_TEXT: borrowed from what was read */
	uint64_t count;  /* ITEM_ARRAY, ITEM_MAP: never more than the bytes that are left */
};

/*
 * Takes the next item off what is left to read. MALFORMED at the end, on a truncated item and on anything outside the
 * subset, text that is not UTF-8 included; the reader is then unchanged. Trailing bytes are an error that the caller
 * reports.
 */
enum recourse_error item_read(slice *reader, struct item *item);

/* The next item, which must be of that type. FIELD_TYPE when it is another; the reader is unchanged. */
enum recourse_error item_read_type(slice *reader, enum item_type type, struct item *item);

/* The next item, where anything else is wrong: a string of that type, a number from 0 on, bytes of that size. */
bool item_read_string(slice *reader, enum item_type type, slice *string) RECOURSE_CHECK;
bool item_read_number(slice *reader, uint64_t *number) RECOURSE_CHECK;
bool item_read_bytes(slice *reader, uint8_t *bytes, size_t size) RECOURSE_CHECK;

/*
 * The next item whole, however nested, as the slice of its bytes; checks the subset all the way down:
 * unique text keys in each map, depth ≤ ITEM_DEPTH_MAX (TOO_LARGE beyond). Key order is free.
 */
enum recourse_error item_read_whole(slice *reader, slice *whole);

/*
 * The same for what will be read item by item: checks no more than item_read() does, so keys may come twice and nesting
 * may be deeper.
 */
enum recourse_error item_read_unread(slice *reader, slice *whole);

/* The next item whole, of what was checked or written here (asserted): nothing of it is checked again. */
slice item_take_known(slice *reader);

/* As item_read_whole(), with the keys of all its maps in the order in which item_map_close() puts them: MALFORMED otherwise. */
enum recourse_error item_read_ordered(slice *reader, slice *whole);

/*
 * A map's member by its name: of a map that was checked, or will be read item by item, so that no more is checked here than
 * item_read_unread() does. QUERY_NOT_FOUND.
 */
enum recourse_error item_find(slice map, const char *name, slice *member);

/* The same where it is a text: FIELD_TYPE for another one. */
enum recourse_error item_find_text(slice map, const char *name, slice *text);

void item_write_integer(struct buffer *out, int64_t value);
void item_write_bytes(struct buffer *out, slice bytes);
void item_write_text(struct buffer *out, slice text);
void item_write_array(struct buffer *out, uint64_t count);
void item_write_map(struct buffer *out, uint64_t pairs);
void item_write_boolean(struct buffer *out, bool value);
void item_write_null(struct buffer *out);

/* A key and its value, for the many small maps of replies; what is no text as the text that it is written with. */
void item_write_pair_text(struct buffer *out, const char *key, slice text);
void item_write_pair_integer(struct buffer *out, const char *key, int64_t value);
void item_write_pair_amount(struct buffer *out, const char *key, const struct unit *unit, int64_t steps);
void item_write_pair_instant(struct buffer *out, const char *key, uint64_t instant);
void item_write_pair_hex(struct buffer *out, const char *key, const uint8_t *bytes, size_t size);
void item_write_key(struct buffer *out, const char *key);

/*
 * A map whose members are written in any order and counted by themselves: open, write pairs, close.
 * item_map_close() puts the members into RFC 8949 §4.2.1 order (bytewise order of the encoded keys)
 * and writes the head. At most 1,023 pairs; keys are not repeated (asserted in debug and release).
 */
struct item_map {
	size_t start; /* where the head will stand in `out` */
};
struct item_map item_map_open(const struct buffer *out);
void item_map_close(struct item_map map, struct buffer *out);

/* Makes what was written since `start` an array of so many items, where nobody knew beforehand how many there would be. */
void item_array_close(size_t start, uint64_t count, struct buffer *out);
