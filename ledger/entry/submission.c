/* SPDX-License-Identifier: Apache-2.0 */
#include "entry/submission.h"

#include "base/endian.h"
#include "proof/key.h"

#include <assert.h>

void submission_encode(const struct submission *submission, struct buffer *out)
{
	item_write_array(out, SUBMISSION_MEMBERS);
	item_write_integer(out, SUBMISSION_VERSION);
	item_write_integer(out, (int64_t)submission->received);
	item_write_integer(out, (int64_t)submission->time);
	item_write_bytes(out, submission->salt);
	item_write_bytes(out, slice_of(submission->previous.bytes, CRYPTO_HASH_SIZE));
	item_write_text(out, submission->key);
	item_write_bytes(out, submission->payload);
	item_write_bytes(out, submission->signature);
	item_write_integer(out, (int64_t)submission->first_entry);
	item_write_integer(out, (int64_t)submission->accepted);
	buffer_append(out, submission->refusals.data, submission->refusals.size);
}

void submission_link(
	const struct submission *submission, const struct crypto_hash *request, struct crypto_hash *link)
{
	uint8_t bytes[CRYPTO_HASH_SIZE + 8 + 8 + RECOURSE_SALT_SIZE + CRYPTO_HASH_SIZE + KEY_HANDLE_SIZE];
	uint8_t *next = bytes;
	assert(submission->salt.size == RECOURSE_SALT_SIZE && submission->key.size <= KEY_HANDLE_SIZE);
	memcpy(next, submission->previous.bytes, CRYPTO_HASH_SIZE);
	next += CRYPTO_HASH_SIZE;
	big_endian_write(next, submission->received, 8);
	big_endian_write(next + 8, submission->time, 8);
	next += 16;
	memcpy(next, submission->salt.data, RECOURSE_SALT_SIZE);
	next += RECOURSE_SALT_SIZE;
	memcpy(next, request->bytes, CRYPTO_HASH_SIZE);
	next += CRYPTO_HASH_SIZE;
	memcpy(next, submission->key.data, submission->key.size);
	next += submission->key.size;
	crypto_sha256_labelled(
		slice_text("recourse-record-v1\n"), slice_of(bytes, (size_t)(next - bytes)), link);
}

enum recourse_error submission_decode(slice bytes, struct submission *submission)
{
	struct item head;
	uint64_t version;
	if (item_read_type(&bytes, ITEM_ARRAY, &head) != RECOURSE_OK || head.count == 0 ||
		!item_read_number(&bytes, &version))
		return RECOURSE_STORE_CORRUPT;
	if (version != SUBMISSION_VERSION)
		return RECOURSE_VERSION_UNKNOWN;
	bool formed = head.count == SUBMISSION_MEMBERS && item_read_number(&bytes, &submission->received) &&
		      item_read_number(&bytes, &submission->time) &&
		      item_read_string(&bytes, ITEM_BYTES, &submission->salt) &&
		      item_read_bytes(&bytes, submission->previous.bytes, CRYPTO_HASH_SIZE) &&
		      item_read_string(&bytes, ITEM_TEXT, &submission->key) &&
		      item_read_string(&bytes, ITEM_BYTES, &submission->payload) &&
		      item_read_string(&bytes, ITEM_BYTES, &submission->signature) &&
		      item_read_number(&bytes, &submission->first_entry) &&
		      item_read_number(&bytes, &submission->accepted) &&
		      item_read_whole(&bytes, &submission->refusals) == RECOURSE_OK && bytes.size == 0 &&
		      submission->salt.size == RECOURSE_SALT_SIZE &&
		      submission->signature.size == CRYPTO_SIGNATURE_SIZE &&
		      submission->key.size <= KEY_HANDLE_SIZE;
	return formed ? RECOURSE_OK : RECOURSE_STORE_CORRUPT;
}

enum recourse_error submission_refusals_next(struct submission_refusals *refusals)
{
	refusals->there = refusals->left > 0;
	if (!refusals->there)
		return RECOURSE_OK;
	refusals->left--;
	return refusal_decode(&refusals->reader, &refusals->next);
}

enum recourse_error submission_refusals_first(
	const struct submission *submission, struct submission_refusals *refusals)
{
	struct item head;
	*refusals = (struct submission_refusals){.reader = submission->refusals};
	if (item_read_type(&refusals->reader, ITEM_ARRAY, &head) != RECOURSE_OK)
		return RECOURSE_STORE_CORRUPT;
	refusals->left = head.count;
	return submission_refusals_next(refusals);
}
