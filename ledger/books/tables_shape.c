/* SPDX-License-Identifier: Apache-2.0 */
#include "books/tables.h"

#include "base/endian.h"

#include <string.h>

/* What is told from the declarations (tables.c): the parts of a key, and the version of the format. */

/* Raised by hand where a record changes and its size does not. */
enum { LAYOUT = 1 };

/* Takes a part off the front of what is left of a key; false where there is none. */
static bool take_number(slice *rest, size_t size, uint64_t *number)
{
	if (rest->size < size)
		return false;
	*number = big_endian_read(rest->data, size);
	*rest = slice_from(*rest, size);
	return true;
}

static bool take_part(enum table_part_kind kind, slice *rest, slice *text, uint64_t *number)
{
	switch (kind) {
	case TABLE_TEXT:
		return slice_take_until(rest, 0, text);
	case TABLE_NUMBER:
		return take_number(rest, 8, number);
	case TABLE_SHORT:
		return take_number(rest, 4, number);
	case TABLE_REST:
		*text = *rest;
		*rest = slice_of(NULL, 0);
		return true;
	}
	return false;
}

enum recourse_error tables_shape_read_key(const struct table *table, slice key, struct table_key *read)
{
	uint64_t number;
	slice rest = key;
	if (!take_number(&rest, 2, &number))
		return RECOURSE_STORE_CORRUPT;
	for (size_t part = 0; table->parts[part].name != NULL; part++) {
		if (!take_part(table->parts[part].kind, &rest, &read->parts[part].text,
			    &read->parts[part].number))
			return RECOURSE_STORE_CORRUPT;
	}
	return rest.size == 0 ? RECOURSE_OK : RECOURSE_STORE_CORRUPT;
}

/* FNV-1a. */
static uint32_t mix(uint32_t digest, const void *bytes, size_t size)
{
	for (size_t index = 0; index < size; index++)
		digest = (digest ^ ((const uint8_t *)bytes)[index]) * UINT32_C(16777619);
	return digest;
}

static uint32_t mix_number(uint32_t digest, uint64_t number)
{
	return mix(digest, &number, sizeof number);
}

uint32_t tables_shape_digest(const struct table *table, uint32_t before)
{
	uint32_t digest = mix(before, table->name, strlen(table->name));
	digest = mix_number(digest, table->followed ? ~table->size : table->size);
	digest = mix_number(digest, (uint64_t)table->beside);
	for (const struct table_part *part = table->parts; part->name != NULL; part++)
		digest = mix_number(mix(digest, part->name, strlen(part->name)), (uint64_t)part->kind);
	for (const struct table_index *index = table->indexes; index->key != NULL; index++)
		digest = mix_number(digest, (uint64_t)index->table);
	for (const struct table_clock *clock = table->clocks; clock->subject != NULL; clock++)
		digest = mix_number(mix_number(digest, clock->kind), clock->due);
	return digest;
}

uint32_t tables_shape_format(void)
{
	uint32_t digest = LAYOUT;
	for (size_t row = 0; row < RECORD_TABLES; row++)
		digest = tables_shape_digest(tables_at((enum record_table)(RECORD_FIRST + row)), digest);
	return digest;
}
