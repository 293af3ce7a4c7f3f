/* SPDX-License-Identifier: Apache-2.0 */
#include "result.h"

#include "base/item.h"
#include "base/text.h"

static bool find(slice result, const char *name, slice *found)
{
	return item_find(result, name, found) == RECOURSE_OK;
}

bool result_text(slice result, const char *name, slice *text)
{
	return item_find_text(result, name, text) == RECOURSE_OK;
}

static bool append_base64(slice text, struct buffer *bytes)
{
	uint8_t *room = buffer_reserve(bytes, text.size + 1);
	size_t size = 0;
	if (room == NULL || crypto_base64_decode(text, room, text.size, &size) != RECOURSE_OK)
		return false;
	bytes->size += size;
	return true;
}

bool result_bytes(slice result, const char *name, struct buffer *bytes)
{
	slice reader;
	struct item item;
	if (!find(result, name, &reader) || item_read(&reader, &item) != RECOURSE_OK)
		return false;
	if (item.type == ITEM_TEXT)
		return append_base64(item.string, bytes);
	buffer_append(bytes, item.string.data, item.string.size);
	return item.type == ITEM_BYTES && !buffer_failed(bytes);
}

bool result_hashes(slice result, const char *name, struct tree_proof *proof)
{
	slice reader;
	struct item array;
	*proof = (struct tree_proof){0};
	if (!find(result, name, &reader) || item_read_type(&reader, ITEM_ARRAY, &array) != RECOURSE_OK)
		return false;
	if (array.count > TREE_PROOF_MAX)
		return false;
	for (; proof->count < array.count; proof->count++) {
		struct item hash;
		if (item_read_type(&reader, ITEM_TEXT, &hash) != RECOURSE_OK)
			return false;
		if (text_from_hex(hash.string, proof->hashes[proof->count].bytes, CRYPTO_HASH_SIZE) !=
			RECOURSE_OK)
			return false;
	}
	return true;
}
