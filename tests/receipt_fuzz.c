/* SPDX-License-Identifier: Apache-2.0 */
#include "proof/receipt.h"
#include "worked.h"
#include "fuzz.h"

/* What is accepted is what formatting gives: there is no second form of the same receipt. */
static void check_form(slice text)
{
	struct receipt receipt;
	if (receipt_parse(text, &receipt) != RECOURSE_OK)
		return;
	SCOPED(buffer_free) struct buffer entry = {.data = NULL};
	if (receipt.extra.size > 0) {
		uint8_t *room = buffer_reserve(&entry, receipt.extra.size);
		require(room != NULL);
		require(crypto_base64_decode(receipt.extra, room, receipt.extra.size, &entry.size) ==
			RECOURSE_OK);
	}
	SCOPED(buffer_free) struct buffer again = {.data = NULL};
	receipt_format(buffer_slice(&entry), receipt.index, &receipt.proof, receipt.checkpoint, &again);
	require(!buffer_failed(&again) && slice_equal(buffer_slice(&again), text));
}

/* The log of the seeds has the leaves "entry-0" … "entry-6": no other can be proved. */
static void check_proof(slice text)
{
	struct key_public log_key;
	require(key_parse(slice_text(LOG_VKEY), &log_key) == RECOURSE_OK);
	struct checkpoint checkpoint;
	uint64_t index;
	SCOPED(buffer_free) struct buffer entry = {.data = NULL};
	if (receipt_verify(text, &log_key, slice_of(NULL, 0), &checkpoint, &index, &entry) == RECOURSE_OK) {
		char expected[] = "entry-0";
		require(checkpoint.size == 7 && index < 7);
		expected[6] = (char)('0' + index);
		require(slice_is(buffer_slice(&entry), expected));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	require(crypto_start() == RECOURSE_OK);
	check_form(slice_of(data, size));
	check_proof(slice_of(data, size));
	return 0;
}
