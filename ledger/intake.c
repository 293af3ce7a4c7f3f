/* SPDX-License-Identifier: Apache-2.0 */
#include "intake.h"

#include "key.h"

#include <assert.h>

void intake_encode(const struct intake *intake, struct buffer *out)
{
	item_write_array(out, INTAKE_MEMBERS);
	item_write_integer(out, INTAKE_VERSION);
	item_write_integer(out, (int64_t)intake->received);
	item_write_integer(out, (int64_t)intake->time);
	item_write_bytes(out, intake->salt);
	item_write_bytes(out, slice_of(intake->previous.bytes, CRYPTO_HASH_SIZE));
	item_write_text(out, intake->key);
	item_write_bytes(out, intake->payload);
	item_write_bytes(out, intake->signature);
	item_write_integer(out, (int64_t)intake->first_entry);
	item_write_integer(out, (int64_t)intake->accepted);
	buffer_append(out, intake->refusals.data, intake->refusals.size);
}

static uint8_t *append_instant(uint8_t *next, uint64_t instant)
{
	for (size_t byte = 0; byte < 8; byte++)
		*next++ = (uint8_t)(instant >> (8 * (7 - byte)));
	return next;
}

void intake_link(const struct intake *intake, const struct crypto_hash *request, struct crypto_hash *link)
{
	uint8_t bytes[CRYPTO_HASH_SIZE + 8 + 8 + RECOURSE_SALT_SIZE + CRYPTO_HASH_SIZE + KEY_HANDLE_SIZE];
	uint8_t *next = bytes;
	assert(intake->salt.size == RECOURSE_SALT_SIZE && intake->key.size <= KEY_HANDLE_SIZE);
	memcpy(next, intake->previous.bytes, CRYPTO_HASH_SIZE);
	next += CRYPTO_HASH_SIZE;
	next = append_instant(next, intake->received);
	next = append_instant(next, intake->time);
	memcpy(next, intake->salt.data, RECOURSE_SALT_SIZE);
	next += RECOURSE_SALT_SIZE;
	memcpy(next, request->bytes, CRYPTO_HASH_SIZE);
	next += CRYPTO_HASH_SIZE;
	memcpy(next, intake->key.data, intake->key.size);
	next += intake->key.size;
	crypto_sha256_labelled(
		slice_text("recourse-record-v1\n"), slice_of(bytes, (size_t)(next - bytes)), link);
}

static bool read_number(struct item_reader *reader, uint64_t *number)
{
	struct item item;
	if (item_read_type(reader, ITEM_INTEGER, &item) != RECOURSE_OK || item.integer < 0)
		return false;
	*number = (uint64_t)item.integer;
	return true;
}

static bool read_string(struct item_reader *reader, enum item_type type, slice *string)
{
	struct item item;
	if (item_read_type(reader, type, &item) != RECOURSE_OK)
		return false;
	*string = item.string;
	return true;
}

static bool read_hash(struct item_reader *reader, struct crypto_hash *hash)
{
	slice bytes;
	if (!read_string(reader, ITEM_BYTES, &bytes) || bytes.size != CRYPTO_HASH_SIZE)
		return false;
	memcpy(hash->bytes, bytes.data, CRYPTO_HASH_SIZE);
	return true;
}

enum recourse_error intake_decode(slice bytes, struct intake *intake)
{
	struct item_reader reader = {.data = bytes.data, .size = bytes.size};
	struct item head;
	uint64_t version;
	if (item_read_type(&reader, ITEM_ARRAY, &head) != RECOURSE_OK || head.count == 0 ||
		!read_number(&reader, &version))
		return RECOURSE_STORE_CORRUPT;
	if (version != INTAKE_VERSION)
		return RECOURSE_VERSION_UNKNOWN;
	bool formed =
		head.count == INTAKE_MEMBERS && read_number(&reader, &intake->received) &&
		read_number(&reader, &intake->time) && read_string(&reader, ITEM_BYTES, &intake->salt) &&
		read_hash(&reader, &intake->previous) && read_string(&reader, ITEM_TEXT, &intake->key) &&
		read_string(&reader, ITEM_BYTES, &intake->payload) &&
		read_string(&reader, ITEM_BYTES, &intake->signature) &&
		read_number(&reader, &intake->first_entry) && read_number(&reader, &intake->accepted) &&
		item_read_whole(&reader, &intake->refusals) == RECOURSE_OK && item_at_end(&reader) &&
		intake->salt.size == RECOURSE_SALT_SIZE && intake->signature.size == CRYPTO_SIGNATURE_SIZE &&
		intake->key.size <= KEY_HANDLE_SIZE;
	return formed ? RECOURSE_OK : RECOURSE_STORE_CORRUPT;
}
