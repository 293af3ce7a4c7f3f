/* SPDX-License-Identifier: Apache-2.0 */
#include "books/reference.h"

#include "base/try.h"
#include "proof/note.h"

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
	return reference_waits(reference) &&
	       note_number(slice_of(reference.data + 1, reference.size - 1), entry) == RECOURSE_OK;
}

bool reference_waits(slice reference)
{
	return reference.size > 0 && reference.data[0] == '@';
}
