/* SPDX-License-Identifier: Apache-2.0 */
#include "store/seal_watch.h"

#include "base/try.h"

void seal_watch_begin(struct seal_watch *watch)
{
	memset(watch->seen, 0, sizeof watch->seen);
}

/* Addresses are even, and differ in their low bits as often as by whole pages: all are mixed into those that count. */
static size_t place_of(slice stored)
{
	uint64_t mixed = (uint64_t)(uintptr_t)stored.data * UINT64_C(0x9E3779B97F4A7C15);
	return (size_t)(mixed >> (64 - SEAL_WATCH_BITS));
}

static enum recourse_error look(
	struct seal_watch *watch, const struct seal *seal, slice key, slice stored, slice *value)
{
	enum recourse_error error = seal_open(seal, key, stored, value);
	watch->wrong = watch->wrong || error != RECOURSE_OK;
	return error;
}

enum recourse_error seal_watch_open(
	struct seal_watch *watch, const struct seal *seal, slice key, slice stored, bool again, slice *value)
{
	const uint8_t **seen = &watch->seen[place_of(stored)];
	if (again && *seen == stored.data && stored.size >= SEAL_SIZE) {
		*value = slice_of(stored.data, stored.size - SEAL_SIZE);
		return RECOURSE_OK;
	}
	watch->counts.opened++;
	watch->counts.bytes += key.size + stored.size;
	TRY(look(watch, seal, key, stored, value));
	*seen = stored.data;
	return RECOURSE_OK;
}

enum recourse_error seal_watch_sweep(
	struct seal_watch *watch, const struct seal *seal, slice key, slice stored)
{
	slice value;
	watch->counts.swept++;
	return look(watch, seal, key, stored, &value);
}

slice seal_watch_close(struct seal_watch *watch, const struct seal *seal, slice key, slice value,
	uint8_t bytes[static SEAL_ROOM])
{
	slice stored = seal_close(seal, key, value, bytes);
	watch->counts.made++;
	watch->counts.bytes += key.size + stored.size;
	return stored;
}
