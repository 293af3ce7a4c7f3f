/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "recourse.h"

#include <string.h>

/* Borrowed bytes: comparing and making them. Nothing here owns or allocates. */
typedef struct recourse_slice slice;

static inline slice slice_of(const void *data, size_t size)
{
	return (slice){.data = data, .size = size};
}

static inline slice slice_text(const char *text)
{
	return slice_of(text, strlen(text));
}

static inline bool slice_equal(slice a, slice b)
{
	return a.size == b.size && (a.size == 0 || memcmp(a.data, b.data, a.size) == 0);
}

static inline bool slice_is(slice a, const char *text)
{
	return slice_equal(a, slice_text(text));
}

/* Byte order, a shorter prefix first: the order of keys in the stores. */
static inline int slice_compare(slice a, slice b)
{
	size_t shared = a.size < b.size ? a.size : b.size;
	int order = shared == 0 ? 0 : memcmp(a.data, b.data, shared);
	if (order != 0)
		return order;
	return (a.size > b.size) - (a.size < b.size);
}

/* What is left of it behind so many bytes. */
static inline slice slice_from(slice bytes, size_t offset)
{
	return slice_of(bytes.data + offset, bytes.size - offset);
}

/* What was taken off its beginning, where that is what is left. */
static inline slice slice_before(slice bytes, slice left)
{
	return slice_of(bytes.data, bytes.size - left.size);
}

/* Takes a known beginning off; false where it begins otherwise. */
static inline bool slice_take(slice *rest, const char *beginning)
{
	size_t size = strlen(beginning);
	if (rest->size < size || memcmp(rest->data, beginning, size) != 0)
		return false;
	*rest = slice_from(*rest, size);
	return true;
}

/* Takes off what comes before the first such byte, and the byte; false where there is none. */
static inline bool slice_take_until(slice *rest, uint8_t end, slice *taken)
{
	const uint8_t *place = rest->size == 0 ? NULL : memchr(rest->data, end, rest->size);
	if (place == NULL)
		return false;
	*taken = slice_of(rest->data, (size_t)(place - rest->data));
	*rest = slice_from(*rest, taken->size + 1);
	return true;
}

/* The next of parts with such a byte between them, the last one as well; false where nothing is left. */
static inline bool slice_take_part(slice *rest, uint8_t between, slice *part)
{
	if (rest->size == 0)
		return false;
	if (!slice_take_until(rest, between, part)) {
		*part = *rest;
		rest->size = 0;
	}
	return true;
}

/* For printf("%.*s"): the two arguments. Text fields are at most 64 KiB, so int always holds it. */
#define SLICE_ARGUMENTS(s) (int)(s).size, (const char *)(s).data
