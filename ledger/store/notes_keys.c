/* SPDX-License-Identifier: Apache-2.0 */
#include "store/notes_keys.h"

#include "base/descriptor.h"
#include "base/try.h"

#include <assert.h>
#include <unistd.h>

const uint8_t notes_keys_head[NOTES_KEYS_PLACE] = "recourse-note-keys-v1\n";
static const uint8_t erased[NOTES_KEYS_PLACE];

static uint64_t place_of(uint64_t number)
{
	assert(number > 0 && number < (uint64_t)INT64_MAX / NOTES_KEYS_PLACE);
	return number * NOTES_KEYS_PLACE;
}

enum recourse_error notes_keys_read(int file, uint64_t number, uint8_t key[static CRYPTO_SEAL_KEY_SIZE])
{
	size_t size;
	TRY(descriptor_read_at(file, key, CRYPTO_SEAL_KEY_SIZE, place_of(number), &size));
	bool whole = size == CRYPTO_SEAL_KEY_SIZE && memcmp(key, erased, sizeof erased) != 0;
	return whole ? RECOURSE_OK : RECOURSE_QUERY_NOT_FOUND;
}

enum recourse_error notes_keys_need(
	int file, uint64_t number, uint8_t key[static CRYPTO_SEAL_KEY_SIZE], bool *made)
{
	enum recourse_error error = notes_keys_read(file, number, key);
	*made = error == RECOURSE_QUERY_NOT_FOUND;
	if (!*made)
		return error;
	crypto_random(key, CRYPTO_SEAL_KEY_SIZE);
	return descriptor_write_at(file, slice_of(key, CRYPTO_SEAL_KEY_SIZE), place_of(number));
}

enum recourse_error notes_keys_erase(int file, uint64_t number, bool *there)
{
	uint8_t key[CRYPTO_SEAL_KEY_SIZE];
	enum recourse_error error = notes_keys_read(file, number, key);
	crypto_wipe(key, sizeof key);
	*there = error == RECOURSE_OK;
	if (error == RECOURSE_QUERY_NOT_FOUND)
		return RECOURSE_OK;
	TRY(error);
	return descriptor_write_at(file, slice_of(erased, sizeof erased), place_of(number));
}

enum recourse_error notes_keys_cut(int file, uint64_t last, bool *any)
{
	const off_t end = lseek(file, 0, SEEK_END);
	const uint64_t from = place_of(last + 1);
	if (end < 0)
		return RECOURSE_IO;
	*any = (uint64_t)end > from;
	for (uint64_t place = from; place < (uint64_t)end; place += sizeof erased)
		TRY(descriptor_write_at(file, slice_of(erased, sizeof erased), place));
	if (*any && fdatasync(file) != 0)
		return RECOURSE_IO;
	return !*any || ftruncate(file, (off_t)from) == 0 ? RECOURSE_OK : RECOURSE_IO;
}
