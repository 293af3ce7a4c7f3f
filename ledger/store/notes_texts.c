/* SPDX-License-Identifier: Apache-2.0 */
#include "store/notes_texts.h"

#include "base/crypto.h"
#include "base/descriptor.h"
#include "base/endian.h"
#include "base/try.h"
#include "base/note_text.h"

#include <sys/stat.h>

enum {
	MAGIC_SIZE = 8,
	CHECKED_SIZE = MAGIC_SIZE + 8 + 4,
	CHECK_SIZE = 8,
	HEAD_SIZE = CHECKED_SIZE + CHECK_SIZE,
	SEALED_SIZE_MAX = CRYPTO_SEAL_EXTRA + NOTE_TEXT_RANDOM_SIZE + NOTE_TEXT_SIZE_MAX,
	/* looked through at a time: where one text begins within it, unless what lies there is damaged */
	PIECE_BLOCKS = (HEAD_SIZE + SEALED_SIZE_MAX) / NOTES_TEXTS_BLOCK + 1,
	PIECE_SIZE = PIECE_BLOCKS * NOTES_TEXTS_BLOCK,
};
static const char magic[] = "rc-note\n";

const uint8_t notes_texts_head[NOTES_TEXTS_BLOCK] = "recourse-note-texts-v1\n";

/* One that was found, and where. */
struct place {
	uint64_t block;
	uint64_t entry;
	size_t size; /* of what is sealed */
};

static uint64_t blocks_of(size_t sealed)
{
	return (HEAD_SIZE + sealed + NOTES_TEXTS_BLOCK - 1) / NOTES_TEXTS_BLOCK;
}

static void encode_head(uint64_t entry, size_t size, uint8_t head[static HEAD_SIZE])
{
	struct crypto_hash check;
	memcpy(head, magic, MAGIC_SIZE);
	big_endian_write(head + MAGIC_SIZE, entry, 8);
	big_endian_write(head + MAGIC_SIZE + 8, size, 4);
	crypto_sha256(slice_of(head, CHECKED_SIZE), &check);
	memcpy(head + CHECKED_SIZE, check.bytes, CHECK_SIZE);
}

void notes_texts_encode(uint64_t entry, slice sealed, struct buffer *out)
{
	static const uint8_t zeroes[NOTES_TEXTS_BLOCK];
	uint8_t head[HEAD_SIZE];
	encode_head(entry, sealed.size, head);
	buffer_append(out, head, sizeof head);
	buffer_append(out, sealed.data, sealed.size);
	size_t rest = (size_t)blocks_of(sealed.size) * NOTES_TEXTS_BLOCK - HEAD_SIZE - sealed.size;
	buffer_append(out, zeroes, rest);
}

/* A head that is whole says again what it says. */
static bool decode_head(const uint8_t *bytes, struct place *place)
{
	uint8_t head[HEAD_SIZE];
	if (memcmp(bytes, magic, MAGIC_SIZE) != 0)
		return false;
	place->entry = big_endian_read(bytes + MAGIC_SIZE, 8);
	place->size = (size_t)big_endian_read(bytes + MAGIC_SIZE + 8, 4);
	encode_head(place->entry, place->size, head);
	return place->size <= SEALED_SIZE_MAX && memcmp(head, bytes, sizeof head) == 0;
}

/* The first text that begins in one of these blocks; what can not be read is looked at as if nothing were there. */
static bool find_next(int file, uint64_t from, uint64_t end, struct place *place)
{
	uint8_t piece[PIECE_SIZE];
	size_t size = sizeof piece;
	for (; from < end && size == sizeof piece; from += PIECE_BLOCKS) {
		if (descriptor_read_at(file, piece, sizeof piece, from * NOTES_TEXTS_BLOCK, &size) !=
			RECOURSE_OK) {
			size = sizeof piece;
			continue;
		}
		for (size_t at = 0; at + HEAD_SIZE <= size && from + at / NOTES_TEXTS_BLOCK < end;
			at += NOTES_TEXTS_BLOCK) {
			place->block = from + at / NOTES_TEXTS_BLOCK;
			if (decode_head(piece + at, place))
				return true;
		}
	}
	return false;
}

static enum recourse_error count_blocks(int file, uint64_t *blocks)
{
	struct stat status;
	if (fstat(file, &status) != 0)
		return RECOURSE_IO;
	*blocks = ((uint64_t)status.st_size + NOTES_TEXTS_BLOCK - 1) / NOTES_TEXTS_BLOCK;
	return RECOURSE_OK;
}

/* The first of that entry or a later one. */
static enum recourse_error find(int file, uint64_t entry, struct place *place, bool *found)
{
	uint64_t low = 1;
	uint64_t high;
	TRY(count_blocks(file, &high));
	*found = false;
	while (low < high) {
		struct place tried;
		uint64_t middle = low + (high - low) / 2;
		bool there = find_next(file, middle, high, &tried);
		if (there && tried.entry < entry) {
			low = tried.block + blocks_of(tried.size);
			continue;
		}
		if (there) {
			*place = tried;
			*found = true;
		}
		high = middle;
	}
	return RECOURSE_OK;
}

enum recourse_error notes_texts_read(int file, uint64_t entry, struct buffer *sealed)
{
	struct place place;
	bool found;
	size_t size;
	TRY(find(file, entry, &place, &found));
	if (!found || place.entry != entry)
		return RECOURSE_QUERY_NOT_FOUND;
	uint8_t *room = buffer_reserve(sealed, place.size);
	if (room == NULL)
		return RECOURSE_MEMORY;
	TRY(descriptor_read_at(file, room, place.size, place.block * NOTES_TEXTS_BLOCK + HEAD_SIZE, &size));
	sealed->size += size;
	return size == place.size ? RECOURSE_OK : RECOURSE_QUERY_NOT_FOUND;
}

enum recourse_error notes_texts_end(int file, uint64_t *place)
{
	TRY(count_blocks(file, place));
	*place *= NOTES_TEXTS_BLOCK;
	return RECOURSE_OK;
}

enum recourse_error notes_texts_find(int file, uint64_t entry, uint64_t *place)
{
	struct place first;
	bool found;
	TRY(find(file, entry, &first, &found));
	*place = first.block * NOTES_TEXTS_BLOCK;
	return found ? RECOURSE_OK : notes_texts_end(file, place);
}
