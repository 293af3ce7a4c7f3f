/* SPDX-License-Identifier: Apache-2.0 */
#include "books/clock_subject.h"

#include <stdio.h>

slice clock_subject_of_entry(uint64_t entry, char text[static CLOCK_SUBJECT_TEXT_SIZE])
{
	int size = snprintf(text, CLOCK_SUBJECT_TEXT_SIZE, "%llu", (unsigned long long)entry);
	return slice_of(text, (size_t)size);
}

slice clock_subject_of_party(slice unit, uint32_t party, char text[static CLOCK_SUBJECT_TEXT_SIZE])
{
	int size = snprintf(text, CLOCK_SUBJECT_TEXT_SIZE, "%.*s/%u", SLICE_ARGUMENTS(unit), party);
	return slice_of(text, (size_t)size);
}
