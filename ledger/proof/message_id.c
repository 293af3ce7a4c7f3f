/* SPDX-License-Identifier: Apache-2.0 */
#include "proof/message_id.h"

#include "base/try.h"
#include "proof/payment_id.h"

#include <stdio.h>
#include <string.h>

enum { FILE_WIDTH = 4, BATCH_WIDTH = MESSAGE_ID_SIZE - FILE_WIDTH };
static const char digits[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
enum { BASE = sizeof digits - 1 };

/* The rail of that file: empty where its name is longer than any. */
static slice rail_of(slice rail, uint64_t file, char text[static 256])
{
	int size = snprintf(text, 256, "%.*s\n%llu", SLICE_ARGUMENTS(rail), (unsigned long long)file);
	return slice_of(text, size < 256 ? (size_t)size : 0);
}

enum recourse_error message_id_make(
	slice origin, slice rail, uint64_t batch, uint64_t file, char out[static MESSAGE_ID_SIZE + 1])
{
	char text[256];
	char of_batch[PAYMENT_ID_MAX + 1];
	slice of_file = rail_of(rail, file, text);
	if (file >= MESSAGE_ID_FILES)
		return RECOURSE_OVERFLOW;
	if (of_file.size == 0)
		return RECOURSE_FIELD_LIMIT;
	TRY(payment_id_make(origin, of_file, batch, PAYMENT_ID_UPPER, BATCH_WIDTH, of_batch));
	for (size_t place = FILE_WIDTH; place-- > 0; file /= BASE)
		out[place] = digits[file % BASE];
	memcpy(out + FILE_WIDTH, of_batch, BATCH_WIDTH + 1);
	return RECOURSE_OK;
}

enum recourse_error message_id_read(slice origin, slice rail, slice text, uint64_t *batch, uint64_t *file)
{
	char of_file[256];
	*file = 0;
	if (text.size != MESSAGE_ID_SIZE)
		return RECOURSE_FIELD_FORMAT;
	for (size_t place = 0; place < FILE_WIDTH; place++) {
		const char *digit = memchr(digits, text.data[place], BASE);
		if (digit == NULL)
			return RECOURSE_FIELD_FORMAT;
		*file = *file * BASE + (uint64_t)(digit - digits);
	}
	return payment_id_read(origin, rail_of(rail, *file, of_file), PAYMENT_ID_UPPER, BATCH_WIDTH,
		slice_from(text, FILE_WIDTH), batch);
}
