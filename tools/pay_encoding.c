/* SPDX-License-Identifier: Apache-2.0 */
#include "pay_encoding.h"

#include <errno.h>
#include <iconv.h>

static const char *const encodings[] = {"utf-8", "gb18030", "gbk"};

bool pay_encoding_known(const char *encoding)
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

static enum recourse_error convert(iconv_t conversion, slice from, struct buffer *out)
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
		/* Above 0: so many characters were put in the place of others. */
		if (changed == (size_t)-1 ? reason != E2BIG : changed > 0)
			return RECOURSE_FIELD_FORMAT;
	}
	return RECOURSE_OK;
}

static enum recourse_error between(const char *from, const char *to, slice bytes, struct buffer *out)
{
	size_t start = out->size;
	iconv_t conversion = iconv_open(to, from);
	if (conversion == (iconv_t)-1)
		return RECOURSE_MEMORY;
	enum recourse_error error = convert(conversion, bytes, out);
	iconv_close(conversion);
	if (error != RECOURSE_OK)
		buffer_cut(out, start);
	return error;
}

enum recourse_error pay_encoding_to(const char *encoding, slice text, struct buffer *out)
{
	return between("utf-8", encoding, text, out);
}

enum recourse_error pay_encoding_from(const char *encoding, slice bytes, struct buffer *out)
{
	return between(encoding, "utf-8", bytes, out);
}
