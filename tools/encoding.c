/* SPDX-License-Identifier: Apache-2.0 */
#include "encoding.h"

#include <errno.h>
#include <iconv.h>

static const char *const encodings[] = {"utf-8", "gb18030", "gbk"};

bool encoding_known(const char *encoding)
{
	for (size_t index = 0; index < sizeof encodings / sizeof encodings[0]; index++) {
		if (strcmp(encoding, encodings[index]) == 0)
			return true;
	}
	return false;
}

const char *encoding_marked(slice text, size_t *size)
{
	static const struct {
		const char *mark;
		const char *encoding;
	} marks[] = {{"\xef\xbb\xbf", "utf-8"}, {"\xff\xfe", "utf-16le"}, {"\xfe\xff", "utf-16be"}};
	for (size_t index = 0; index < sizeof marks / sizeof marks[0]; index++) {
		*size = strlen(marks[index].mark);
		if (slice_take(&text, marks[index].mark))
			return marks[index].encoding;
	}
	*size = 0;
	return NULL;
}

/* iconv() takes what it does not change as if it might. */
static char *unchanged(const uint8_t *bytes)
{
	union {
		const uint8_t *bytes;
		char *text;
	} same = {.bytes = bytes};
	return same.text;
}

/* `*cut`: it ends within a character. */
static enum recourse_error convert(
	iconv_t conversion, slice from, struct buffer *out, size_t *offset, bool *cut)
{
	char *next = unchanged(from.data);
	size_t left = from.size;
	while (left > 0) {
		enum { ROOM = 4096 };
		uint8_t *room = buffer_reserve(out, ROOM);
		if (room == NULL)
			return RECOURSE_MEMORY;
		char *place = (char *)room;
		size_t room_left = ROOM;
		size_t changed = iconv(conversion, &next, &left, &place, &room_left);
		int reason = errno;
		out->size += ROOM - room_left;
		*offset = from.size - left;
		*cut = changed == (size_t)-1 && reason == EINVAL;
		/* Above 0: so many characters were put in the place of others. */
		if (changed == (size_t)-1 ? reason != E2BIG : changed > 0)
			return RECOURSE_FIELD_FORMAT;
	}
	return RECOURSE_OK;
}

static enum recourse_error between(
	const char *from, const char *to, slice bytes, struct buffer *out, size_t *offset)
{
	bool cut;
	size_t start = out->size;
	iconv_t conversion = iconv_open(to, from);
	*offset = 0;
	if (conversion == (iconv_t)-1)
		return RECOURSE_FIELD_UNKNOWN;
	enum recourse_error error = convert(conversion, bytes, out, offset, &cut);
	iconv_close(conversion);
	if (error != RECOURSE_OK)
		buffer_cut(out, start);
	return error;
}

enum recourse_error encoding_to(const char *encoding, slice text, struct buffer *out)
{
	size_t offset;
	return between("utf-8", encoding, text, out, &offset);
}

enum recourse_error encoding_from(const char *encoding, slice bytes, struct buffer *out, size_t *offset)
{
	size_t none;
	return between(encoding, "utf-8", bytes, out, offset == NULL ? &none : offset);
}

enum recourse_error encoding_open(struct encoding_pieces *pieces, const char *encoding)
{
	iconv_t conversion = iconv_open("utf-8", encoding);
	*pieces = (struct encoding_pieces){
		.conversion = conversion == (iconv_t)-1 ? NULL : conversion,
		.step = strncmp(encoding, "utf-16", 6) == 0 ? 2 : 1,
	};
	return pieces->conversion == NULL ? RECOURSE_FIELD_UNKNOWN : RECOURSE_OK;
}

static size_t mark_bytes(slice bytes, size_t size, struct buffer *out)
{
	size = bytes.size < size ? bytes.size : size;
	for (size_t index = 0; index < size; index++) {
		const uint8_t byte = bytes.data[index];
		const uint8_t marked[] = {
			ENCODING_MARK, (uint8_t)(0x80 | byte >> 4), (uint8_t)(0x80 | (byte & 0x0f))};
		buffer_append(out, marked, sizeof marked);
	}
	return size;
}

/* `*taken` of what waits; it stops at what is no character, unless that is kept. */
static enum recourse_error take_waiting(
	struct encoding_pieces *pieces, bool last, struct buffer *out, size_t *taken)
{
	slice waiting = buffer_slice(&pieces->rest);
	*taken = 0;
	if (waiting.size == 0)
		return RECOURSE_OK;
	for (;;) {
		size_t some = 0;
		bool cut = false;
		enum recourse_error error =
			convert(pieces->conversion, slice_from(waiting, *taken), out, &some, &cut);
		*taken += some;
		if (error == RECOURSE_OK || (cut && !last))
			return RECOURSE_OK;
		if (error != RECOURSE_FIELD_FORMAT || !pieces->keep)
			return error;
		*taken += mark_bytes(slice_from(waiting, *taken), pieces->step, out);
		if (buffer_failed(out))
			return RECOURSE_MEMORY;
	}
}

enum recourse_error encoding_add(struct encoding_pieces *pieces, slice piece, struct buffer *out)
{
	size_t taken = 0;
	buffer_append(&pieces->rest, piece.data, piece.size);
	if (buffer_failed(&pieces->rest))
		return RECOURSE_MEMORY;
	enum recourse_error error = take_waiting(pieces, piece.size == 0, out, &taken);
	size_t left = pieces->rest.size - taken;
	if (left > 0 && taken > 0)
		memmove(pieces->rest.data, pieces->rest.data + taken, left);
	buffer_cut(&pieces->rest, left);
	return error;
}

enum recourse_error encoding_back(const char *encoding, slice text, struct buffer *out)
{
	enum { MARKED = 3 };
	while (text.size > 0) {
		const uint8_t *mark = memchr(text.data, ENCODING_MARK, text.size);
		slice plain = slice_of(text.data, mark == NULL ? text.size : (size_t)(mark - text.data));
		enum recourse_error error = encoding_to(encoding, plain, out);
		if (error != RECOURSE_OK)
			return error;
		text = slice_from(text, plain.size);
		if (text.size == 0)
			break;
		if (text.size < MARKED)
			return RECOURSE_FIELD_FORMAT;
		uint8_t byte = (uint8_t)(text.data[1] << 4 | (text.data[2] & 0x0f));
		buffer_append(out, &byte, 1);
		text = slice_from(text, MARKED);
	}
	return buffer_failed(out) ? RECOURSE_MEMORY : RECOURSE_OK;
}

void encoding_close(struct encoding_pieces *pieces)
{
	if (pieces->conversion != NULL)
		iconv_close(pieces->conversion);
	buffer_free(&pieces->rest);
	*pieces = (struct encoding_pieces){.conversion = NULL};
}
