/* SPDX-License-Identifier: Apache-2.0 */
#include "books/record_path.h"

#include "base/endian.h"

#include <assert.h>

static void append_big_endian(struct record_path *path, uint64_t number, size_t size)
{
	assert(path->size + size <= sizeof path->bytes);
	big_endian_write(path->bytes + path->size, number, size);
	path->size += size;
}

void record_path_start(struct record_path *path, enum record_table table)
{
	path->size = 0;
	append_big_endian(path, (uint64_t)table, 2);
}

void record_path_text(struct record_path *path, slice text)
{
	assert(path->size + text.size + 1 <= sizeof path->bytes);
	if (text.size > 0)
		memcpy(path->bytes + path->size, text.data, text.size);
	path->size += text.size;
	path->bytes[path->size++] = 0;
}

void record_path_number(struct record_path *path, uint64_t number)
{
	append_big_endian(path, number, 8);
}

void record_path_short(struct record_path *path, uint32_t number)
{
	append_big_endian(path, number, 4);
}

struct record_path record_path_of(enum record_table table)
{
	struct record_path path;
	record_path_start(&path, table);
	return path;
}

/* Each builds its own: to go on from another's result is to copy 400 bytes once more. */
struct record_path record_path_of_text(enum record_table table, slice text)
{
	struct record_path path;
	record_path_start(&path, table);
	record_path_text(&path, text);
	return path;
}

struct record_path record_path_of_texts(enum record_table table, slice first, slice second)
{
	struct record_path path;
	record_path_start(&path, table);
	record_path_text(&path, first);
	record_path_text(&path, second);
	return path;
}

struct record_path record_path_of_number(enum record_table table, uint64_t number)
{
	struct record_path path;
	record_path_start(&path, table);
	record_path_number(&path, number);
	return path;
}

struct record_path record_path_of_short(enum record_table table, uint32_t number)
{
	struct record_path path;
	record_path_start(&path, table);
	record_path_short(&path, number);
	return path;
}

struct record_path record_path_of_shorts(enum record_table table, uint32_t first, uint32_t second)
{
	struct record_path path = record_path_of_short(table, first);
	record_path_short(&path, second);
	return path;
}

struct record_path record_path_of_short_text(enum record_table table, uint32_t number, slice text)
{
	struct record_path path;
	record_path_start(&path, table);
	record_path_short(&path, number);
	record_path_text(&path, text);
	return path;
}

struct record_path record_path_of_key(slice key)
{
	struct record_path path = {.size = key.size};
	assert(key.size <= sizeof path.bytes);
	memcpy(path.bytes, key.data, key.size);
	return path;
}
