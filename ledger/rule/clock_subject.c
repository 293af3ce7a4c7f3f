/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/clock_subject.h"

#include "base/try.h"

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

static enum recourse_error refuse(struct decision *decision)
{
	return refusal_field(decision->refusal, RECOURSE_NOT_FOUND, "subject", NULL);
}

/* The one way to write a number: what reads differently when it is written again is none. */
static bool read_number(slice digits, uint64_t *number)
{
	char text[CLOCK_SUBJECT_TEXT_SIZE];
	*number = 0;
	if (digits.size == 0 || digits.size > 19)
		return false;
	for (size_t index = 0; index < digits.size; index++) {
		if (digits.data[index] < '0' || digits.data[index] > '9')
			return false;
		*number = *number * 10 + (uint64_t)(digits.data[index] - '0');
	}
	return slice_equal(clock_subject_of_entry(*number, text), digits);
}

enum recourse_error clock_subject_read_entry(struct decision *decision, slice subject, uint64_t *entry)
{
	return read_number(subject, entry) ? RECOURSE_OK : refuse(decision);
}

enum recourse_error clock_subject_read_party(
	struct decision *decision, slice subject, struct unit *unit, slice *party)
{
	const uint8_t *slash = memchr(subject.data, '/', subject.size);
	uint64_t number;
	if (slash == NULL)
		return refuse(decision);
	size_t code = (size_t)(slash - subject.data);
	if (!read_number(slice_of(slash + 1, subject.size - code - 1), &number) || number > UINT32_MAX)
		return refuse(decision);
	TRY(decision_unit(decision, "subject", slice_of(subject.data, code), unit));
	return decision_party_name(decision, (uint32_t)number, party);
}
