/* SPDX-License-Identifier: Apache-2.0 */
#include "bank/bank_seen.h"

#include "base/crypto.h"
#include "base/try.h"

#include <assert.h>
#include <stdlib.h>

enum { MARK_SIZE = 16, FIRST_CAPACITY = 1024 };

struct bank_seen_row {
	uint8_t mark[MARK_SIZE];
	uint64_t line; /* 0: the row is free */
};

static struct bank_seen_row *place(
	struct bank_seen_row *rows, size_t capacity, const uint8_t mark[static MARK_SIZE])
{
	size_t index;
	memcpy(&index, mark, sizeof index);
	for (;; index++) {
		struct bank_seen_row *row = &rows[index & (capacity - 1)];
		if (row->line == 0 || memcmp(row->mark, mark, MARK_SIZE) == 0)
			return row;
	}
}

static enum recourse_error make_room(struct bank_seen *seen)
{
	if (2 * (seen->count + 1) <= seen->capacity)
		return RECOURSE_OK;
	size_t capacity = seen->capacity == 0 ? FIRST_CAPACITY : 2 * seen->capacity;
	struct bank_seen_row *rows = calloc(capacity, sizeof *rows);
	if (rows == NULL)
		return RECOURSE_MEMORY;
	for (size_t index = 0; index < seen->capacity; index++) {
		if (seen->rows[index].line != 0)
			*place(rows, capacity, seen->rows[index].mark) = seen->rows[index];
	}
	free(seen->rows);
	seen->rows = rows;
	seen->capacity = capacity;
	return RECOURSE_OK;
}

enum recourse_error bank_seen_add(struct bank_seen *seen, slice text, uint64_t here, uint64_t *line)
{
	struct crypto_hash hash;
	assert(here > 0);
	TRY(make_room(seen));
	crypto_sha256(text, &hash);
	struct bank_seen_row *row = place(seen->rows, seen->capacity, hash.bytes);
	*line = row->line;
	if (row->line != 0)
		return RECOURSE_OK;
	memcpy(row->mark, hash.bytes, MARK_SIZE);
	row->line = here;
	seen->count++;
	return RECOURSE_OK;
}

uint64_t bank_seen_find(const struct bank_seen *seen, slice text)
{
	struct crypto_hash hash;
	if (seen->capacity == 0)
		return 0;
	crypto_sha256(text, &hash);
	return place(seen->rows, seen->capacity, hash.bytes)->line;
}

void bank_seen_free(struct bank_seen *seen)
{
	free(seen->rows);
	*seen = (struct bank_seen){0};
}
