/* SPDX-License-Identifier: Apache-2.0 */
#include "bank_encoding.h"

#include <errno.h>
#include <iconv.h>

enum { PIECE = 64 * 1024 };

enum recourse_error bank_encoding_from_gb18030(slice text, struct buffer *out, size_t *offset)
{
	/* iconv() does not write to what it reads, and its type does not say so. */
	union {
		const uint8_t *read;
		char *given;
	} next = {.read = text.data};
	size_t left = text.size;
	enum recourse_error error = RECOURSE_OK;
	iconv_t descriptor = iconv_open("UTF-8", "GB18030");
	*offset = 0;
	if (descriptor == (iconv_t)-1)
		return RECOURSE_FIELD_UNKNOWN;
	while (left > 0 && error == RECOURSE_OK) {
		size_t room = PIECE;
		char *end = (char *)buffer_reserve(out, PIECE);
		if (end == NULL) {
			error = RECOURSE_MEMORY;
			break;
		}
		size_t result = iconv(descriptor, &next.given, &left, &end, &room);
		out->size += PIECE - room;
		if (result == (size_t)-1 && errno != E2BIG)
			error = RECOURSE_FIELD_FORMAT;
	}
	*offset = text.size - left;
	iconv_close(descriptor);
	return error;
}
