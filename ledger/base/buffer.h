/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/slice.h"

/*
 * Bytes that grow. A failed allocation is remembered and every later append is ignored, so that a
 * writer checks once, at its end: buffer_failed().
 *
 * Start with all zeroes, but for `secret`. buffer_free() returns it to that. The bytes move when it grows:
 * slices of it are good until the next append.
 */
struct buffer {
	uint8_t *data;
	size_t size;
	size_t capacity;
	bool failed;
	bool secret; /* what was in it is overwritten before it is forgotten or its memory given back */
};

void buffer_append(struct buffer *buffer, const void *data, size_t size);
void buffer_append_text(struct buffer *buffer, const char *text);
void buffer_append_format(struct buffer *buffer, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Room for `size` more bytes; NULL after a failed allocation. The caller adds to `size` itself. */
uint8_t *buffer_grow(struct buffer *buffer, size_t size); /* where there may not be so much */
static inline uint8_t *buffer_reserve(struct buffer *buffer, size_t size)
{
	bool fits = !buffer->failed && buffer->data != NULL && size <= buffer->capacity - buffer->size;
	return fits ? buffer->data + buffer->size : buffer_grow(buffer, size);
}

/* Forgets the bytes (and a failure), keeps the memory. */
void buffer_clear(struct buffer *buffer);

/* Forgets the bytes behind the first `size` (asserted: there are so many), and a failure, which came after them. */
void buffer_cut(struct buffer *buffer, size_t size);
void buffer_free(struct buffer *buffer);

struct recourse_bytes;

/* Gives the bytes away; the buffer is then free, also where MEMORY says that it had failed. */
enum recourse_error buffer_give(struct buffer *buffer, struct recourse_bytes *bytes);

static inline bool buffer_failed(const struct buffer *buffer)
{
	return buffer->failed;
}

static inline slice buffer_slice(const struct buffer *buffer)
{
	return slice_of(buffer->data, buffer->size);
}
