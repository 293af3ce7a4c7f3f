/* SPDX-License-Identifier: Apache-2.0 */
#include "base/buffer.h"

#include "recourse_ledger.h"

#include <assert.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

enum { CAPACITY_FIRST = 256 };

/* No object is larger than this, and a capacity below it can be doubled without wrapping. */
#define CAPACITY_MAX (SIZE_MAX / 4)

static bool grow(struct buffer *buffer, size_t needed)
{
	size_t capacity = buffer->capacity < CAPACITY_FIRST ? CAPACITY_FIRST : buffer->capacity;
	while (capacity < needed)
		capacity *= 2;
	uint8_t *data = buffer->secret ? malloc(capacity) : realloc(buffer->data, capacity);
	if (data == NULL)
		return false;
	if (buffer->secret && buffer->data != NULL) {
		memcpy(data, buffer->data, buffer->size);
		explicit_bzero(buffer->data, buffer->capacity);
		free(buffer->data);
	}
	buffer->data = data;
	buffer->capacity = capacity;
	return true;
}

uint8_t *buffer_grow(struct buffer *buffer, size_t size)
{
	if (buffer->failed)
		return NULL;
	if (size > CAPACITY_MAX - buffer->size || !grow(buffer, buffer->size + size)) {
		buffer->failed = true;
		return NULL;
	}
	return buffer->data + buffer->size;
}

void buffer_append(struct buffer *buffer, const void *data, size_t size)
{
	if (size == 0)
		return;
	uint8_t *room = buffer_reserve(buffer, size);
	if (room == NULL)
		return;
	memcpy(room, data, size);
	buffer->size += size;
}

void buffer_append_text(struct buffer *buffer, const char *text)
{
	buffer_append(buffer, text, strlen(text));
}

void buffer_append_format(struct buffer *buffer, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	int length = vsnprintf(NULL, 0, format, arguments);
	va_end(arguments);
	if (length < 0) {
		buffer->failed = true;
		return;
	}

	/* vsnprintf ends with a NUL, which needs room but does not count. */
	size_t room_size = (size_t)length + 1;
	uint8_t *room = buffer_reserve(buffer, room_size);
	if (room == NULL)
		return;
	va_start(arguments, format);
	vsnprintf((char *)room, room_size, format, arguments);
	va_end(arguments);
	buffer->size += (size_t)length;
}

void buffer_clear(struct buffer *buffer)
{
	buffer_cut(buffer, 0);
}

void buffer_cut(struct buffer *buffer, size_t size)
{
	assert(size <= buffer->size);
	if (buffer->secret && size < buffer->size)
		explicit_bzero(buffer->data + size, buffer->size - size);
	buffer->size = size;
	buffer->failed = false;
}

void buffer_free(struct buffer *buffer)
{
	if (buffer->secret && buffer->data != NULL)
		explicit_bzero(buffer->data, buffer->capacity);
	free(buffer->data);
	*buffer = (struct buffer){.secret = buffer->secret};
}

enum recourse_error buffer_give(struct buffer *buffer, struct recourse_bytes *bytes)
{
	if (buffer_failed(buffer)) {
		buffer_free(buffer);
		return RECOURSE_MEMORY;
	}
	*bytes = (struct recourse_bytes){.data = buffer->data, .size = buffer->size};
	*buffer = (struct buffer){.secret = buffer->secret};
	return RECOURSE_OK;
}
