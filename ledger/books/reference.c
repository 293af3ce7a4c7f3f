/* SPDX-License-Identifier: Apache-2.0 */
#include "books/reference.h"

#include "base/try.h"

#include <stdio.h>

slice reference_write(uint64_t entry, char text[static REFERENCE_SIZE])
{
	int size = snprintf(text, REFERENCE_SIZE, "@%llu", (unsigned long long)entry);
	return slice_of(text, (size_t)size);
}

enum recourse_error reference_make(struct arena *arena, uint64_t entry, slice *reference)
{
	char text[REFERENCE_SIZE];
	return arena_copy(arena, reference_write(entry, text), reference);
}

bool reference_read(slice reference, uint64_t *entry)
{
	char text[REFERENCE_SIZE];
	*entry = 0;
	if (reference.size >= REFERENCE_SIZE)
		return false;
	for (size_t index = 1; index < reference.size; index++)
		*entry = *entry * 10 + (uint64_t)(reference.data[index] - '0');
	return slice_equal(reference_write(*entry, text), reference);
}

bool reference_waits(slice reference)
{
	return reference.size > 0 && reference.data[0] == '@';
}
