/* SPDX-License-Identifier: Apache-2.0 */
#include "store/seen_walks.h"

#include <string.h>

static size_t place_of(uint64_t hash)
{
	return (size_t)(hash >> (64 - SEEN_WALKS_BITS));
}

const struct seen_walk *seen_walks_find(const struct seen_walks *seen, slice prefix, uint64_t hash)
{
	size_t place = place_of(hash);
	bool same = seen->walks[place].round == seen->round &&
		    seen->walks[place].prefix_size == prefix.size &&
		    memcmp(seen->walks[place].prefix, prefix.data, prefix.size) == 0;
	return same ? &seen->walks[place].found : NULL;
}

void seen_walks_note(struct seen_walks *seen, slice prefix, uint64_t hash, const struct seen_walk *found)
{
	size_t place = place_of(hash);
	if (prefix.size == 0 || prefix.size > SEEN_WALK_PREFIX_MAX || found->count > SEEN_WALK_ROWS)
		return;
	seen->walks[place].found = *found;
	seen->walks[place].round = seen->round;
	seen->walks[place].prefix_size = (uint8_t)prefix.size;
	memcpy(seen->walks[place].prefix, prefix.data, prefix.size);
}
