/* SPDX-License-Identifier: Apache-2.0 */
#include "store/seen_rows.h"

#include <string.h>

static size_t place_of(uint64_t hash)
{
	return (size_t)(hash >> (64 - SEEN_ROWS_BITS));
}

const struct seen_row *seen_rows_find(const struct seen_rows *seen, slice key, uint64_t hash)
{
	const struct seen_row *row = &seen->rows[place_of(hash)];
	bool same = row->round == seen->round && row->hash == hash && row->key_size == key.size &&
		    memcmp(row->key, key.data, key.size) == 0;
	return same ? row : NULL;
}

static void note(struct seen_rows *seen, slice key, uint64_t hash, const uint8_t *value, uint32_t value_size)
{
	struct seen_row *row = &seen->rows[place_of(hash)];
	if (key.size > SEEN_ROWS_KEY_MAX)
		return;
	row->hash = hash;
	row->round = seen->round;
	row->value = value;
	row->value_size = value_size;
	row->key_size = (uint8_t)key.size;
	memcpy(row->key, key.data, key.size);
}

void seen_rows_note(struct seen_rows *seen, slice key, uint64_t hash, slice value)
{
	note(seen, key, hash, value.data, (uint32_t)value.size);
}

void seen_rows_note_absent(struct seen_rows *seen, slice key, uint64_t hash)
{
	note(seen, key, hash, NULL, SEEN_ROWS_ABSENT);
}

void seen_rows_forget(struct seen_rows *seen, uint64_t hash)
{
	seen->rows[place_of(hash)].round = 0;
}
