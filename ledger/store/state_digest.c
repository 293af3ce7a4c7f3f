/* SPDX-License-Identifier: Apache-2.0 */
#include "store/state.h"

#include "base/buffer.h"
#include "base/crypto.h"
#include "base/endian.h"
#include "base/try.h"

enum { CHUNK_SIZE = 64 * 1024 };

static void append_sized(struct buffer *buffer, slice bytes)
{
	uint8_t size[4];

	little_endian_write(size, bytes.size, sizeof size);
	buffer_append(buffer, size, sizeof size);
	buffer_append(buffer, bytes.data, bytes.size);
}

static void append_position(struct buffer *buffer, const struct state_position *position)
{
	uint8_t bytes[16];

	little_endian_write(bytes, position->entries, 8);
	little_endian_write(bytes + 8, position->requests, 8);
	buffer_append(buffer, bytes, sizeof bytes);
	buffer_append(buffer, position->log_id, sizeof position->log_id);
}

/* Chained, since the state may be larger than memory. Where the links are follows from the content. */
static void chain(struct buffer *buffer, struct crypto_hash *hash)
{
	struct crypto_hash before = *hash;

	crypto_sha256_labelled(slice_of(before.bytes, sizeof before.bytes), buffer_slice(buffer), hash);
	buffer_clear(buffer);
}

struct left_out {
	slice first;
	slice behind;
};

static bool is_left_out(slice key, const struct left_out *without)
{
	return without != NULL && slice_compare(key, without->first) >= 0 &&
	       slice_compare(key, without->behind) < 0;
}

static enum recourse_error digest_all(struct state_view *view, const struct left_out *without,
	struct buffer *buffer, uint8_t digest[static 32])
{
	struct crypto_hash hash = {0};
	slice all = slice_of(NULL, 0);
	SCOPED(state_walk_end) struct state_walk walk;
	enum recourse_error error = state_walk_first(&walk, view, all, all, STATE_UP);

	for (; error == RECOURSE_OK; error = state_walk_next(&walk)) {
		if (is_left_out(walk.key, without))
			continue;
		append_sized(buffer, walk.key);
		append_sized(buffer, walk.value);
		if (buffer_failed(buffer))
			return RECOURSE_MEMORY;
		if (buffer->size >= CHUNK_SIZE)
			chain(buffer, &hash);
	}
	if (error != RECOURSE_QUERY_NOT_FOUND)
		return error;
	chain(buffer, &hash);
	memcpy(digest, hash.bytes, sizeof hash.bytes);
	return RECOURSE_OK;
}

enum recourse_error state_digest(struct state_view *view, uint8_t digest[static 32])
{
	SCOPED(buffer_free) struct buffer buffer = {0};
	struct state_position position;

	state_position(view, &position);
	append_position(&buffer, &position);
	return digest_all(view, NULL, &buffer, digest);
}

enum recourse_error state_digest_without(
	struct state_view *view, slice first, slice behind, uint8_t digest[static 32])
{
	const struct left_out without = {first, behind};
	SCOPED(buffer_free) struct buffer buffer = {0};

	return digest_all(view, &without, &buffer, digest);
}
