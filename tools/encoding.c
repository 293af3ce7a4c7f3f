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
	*pieces = (struct encoding_pieces){.conversion = conversion == (iconv_t)-1 ? NULL : conversion};
	return pieces->conversion == NULL ? RECOURSE_FIELD_UNKNOWN : RECOURSE_OK;
}

enum recourse_error encoding_add(struct encoding_pieces *pieces, slice piece, struct buffer *out)
{
	size_t taken = 0;
	bool cut = false;
	buffer_append(&pieces->rest, piece.data, piece.size);
	if (buffer_failed(&pieces->rest))
		return RECOURSE_MEMORY;
	enum recourse_error error =
		convert(pieces->conversion, buffer_slice(&pieces->rest), out, &taken, &cut);
	size_t left = pieces->rest.size - taken;
	if (left > 0 && taken > 0)
		memmove(pieces->rest.data, pieces->rest.data + taken, left);
	buffer_cut(&pieces->rest, left);
	return cut && piece.size > 0 ? RECOURSE_OK : error;
}

void encoding_close(struct encoding_pieces *pieces)
{
	if (pieces->conversion != NULL)
		iconv_close(pieces->conversion);
	buffer_free(&pieces->rest);
	*pieces = (struct encoding_pieces){.conversion = NULL};
}
