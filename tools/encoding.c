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

static enum recourse_error convert(iconv_t conversion, slice from, struct buffer *out, size_t *offset)
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
		/* Above 0: so many characters were put in the place of others. */
		if (changed == (size_t)-1 ? reason != E2BIG : changed > 0)
			return RECOURSE_FIELD_FORMAT;
	}
	return RECOURSE_OK;
}

static enum recourse_error between(
	const char *from, const char *to, slice bytes, struct buffer *out, size_t *offset)
{
	size_t start = out->size;
	iconv_t conversion = iconv_open(to, from);
	*offset = 0;
	if (conversion == (iconv_t)-1)
		return RECOURSE_FIELD_UNKNOWN;
	enum recourse_error error = convert(conversion, bytes, out, offset);
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
