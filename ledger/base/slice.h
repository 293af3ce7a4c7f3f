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

/* For printf("%.*s"): the two arguments. Text fields are at most 64 KiB, so int always holds it. */
#define SLICE_ARGUMENTS(s) (int)(s).size, (const char *)(s).data
