/* SPDX-License-Identifier: Apache-2.0 */
#include "entry/entry.h"
#include "entry/submission.h"
#include "fuzz.h"

/*
 * Bytes from a log that somebody else may have written: an entry or a request record that decodes, encodes to the
 * same bytes, and an entry that decodes can be described.
 */

static void check_entry(slice bytes)
{
	struct entry entry;
	SCOPED(buffer_free) struct buffer again = {0};
	SCOPED(buffer_free) struct buffer described = {0};
	if (entry_decode(bytes, &entry) != RECOURSE_OK)
		return;
	entry_encode(&entry, &again);
	require(slice_equal(buffer_slice(&again), bytes));
	require(entry_describe(bytes, &described) == RECOURSE_OK);
	slice reader = buffer_slice(&described);
	slice whole;
	enum recourse_error error = item_read_whole(&reader, &whole);
	require((error == RECOURSE_OK && reader.size == 0) || error == RECOURSE_TOO_LARGE);
}

static void check_intake(slice bytes)
{
	struct submission submission;
	SCOPED(buffer_free) struct buffer again = {0};
	if (submission_decode(bytes, &submission) != RECOURSE_OK)
		return;
	submission_encode(&submission, &again);
	require(slice_equal(buffer_slice(&again), bytes));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	require(crypto_start() == RECOURSE_OK);
	check_entry(slice_of(data, size));
	check_intake(slice_of(data, size));
	return 0;
}
