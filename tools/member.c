/* SPDX-License-Identifier: Apache-2.0 */
#include "member.h"

static bool find(slice map, const char *name, struct item_reader *found)
{
	struct item_reader reader = {.data = map.data, .size = map.size};
	struct item head;
	if (item_read_type(&reader, ITEM_MAP, &head) != RECOURSE_OK)
		return false;
	for (uint64_t pair = 0; pair < head.count; pair++) {
		struct item key;
		slice value;
		if (item_read_type(&reader, ITEM_TEXT, &key) != RECOURSE_OK ||
			item_read_whole(&reader, &value) != RECOURSE_OK)
			return false;
		*found = (struct item_reader){.data = value.data, .size = value.size};
		if (slice_is(key.string, name))
			return true;
	}
	return false;
}

bool member_integer(slice map, const char *name, int64_t *integer)
{
	struct item_reader reader;
	struct item item;
	if (!find(map, name, &reader) || item_read_type(&reader, ITEM_INTEGER, &item) != RECOURSE_OK)
		return false;
	*integer = item.integer;
	return true;
}

static bool find_string(slice map, const char *name, enum item_type type, slice *string)
{
	struct item_reader reader;
	struct item item;
	if (!find(map, name, &reader) || item_read_type(&reader, type, &item) != RECOURSE_OK)
		return false;
	*string = item.string;
	return true;
}

bool member_text(slice map, const char *name, slice *text)
{
	return find_string(map, name, ITEM_TEXT, text);
}

bool member_bytes(slice map, const char *name, slice *bytes)
{
	return find_string(map, name, ITEM_BYTES, bytes);
}

bool member_map(slice map, const char *name, slice *within)
{
	struct item_reader reader;
	struct item head;
	if (!find(map, name, &reader) || item_read_type(&reader, ITEM_MAP, &head) != RECOURSE_OK)
		return false;
	*within = slice_of(reader.data, reader.size);
	return true;
}

bool member_list(slice map, const char *name, struct item_reader *reader, struct item *head)
{
	return find(map, name, reader) && item_read_type(reader, ITEM_ARRAY, head) == RECOURSE_OK;
}
