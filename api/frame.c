/* SPDX-License-Identifier: Apache-2.0 */
#include "frame.h"

#include "base/endian.h"

enum { LENGTH_SIZE = 8, WORD_SIZE = 4, LAST_WORD = 0x80 };

const uint8_t frame_hello_service[FRAME_HELLO_SIZE] = {0, 'S', 'P', 0, 0, 0x31, 0, 0};
const uint8_t frame_hello_client[FRAME_HELLO_SIZE] = {0, 'S', 'P', 0, 0, 0x30, 0, 0};

static bool split(slice message, struct frame *frame)
{
	for (size_t size = WORD_SIZE; size <= message.size && size <= FRAME_ROUTE_SIZE; size += WORD_SIZE) {
		if ((message.data[size - WORD_SIZE] & LAST_WORD) == 0)
			continue;
		frame->route = slice_of(message.data, size);
		frame->body = slice_of(message.data + size, message.size - size);
		return true;
	}
	return false;
}

enum frame_step frame_read(slice bytes, size_t most, struct frame *frame)
{
	if (bytes.size < LENGTH_SIZE)
		return FRAME_MORE;
	uint64_t length = big_endian_read(bytes.data, LENGTH_SIZE);
	if (length > most)
		return FRAME_WRONG;
	if (bytes.size - LENGTH_SIZE < length)
		return FRAME_MORE;
	frame->size = LENGTH_SIZE + (size_t)length;
	return split(slice_of(bytes.data + LENGTH_SIZE, (size_t)length), frame) ? FRAME_WHOLE : FRAME_WRONG;
}

void frame_write(slice route, slice body, struct buffer *out)
{
	uint64_t length = route.size + body.size;
	uint8_t head[LENGTH_SIZE];
	for (size_t index = 0; index < LENGTH_SIZE; index++)
		head[index] = (uint8_t)(length >> (8 * (LENGTH_SIZE - 1 - index)));
	buffer_append(out, head, sizeof head);
	buffer_append(out, route.data, route.size);
	buffer_append(out, body.data, body.size);
}
