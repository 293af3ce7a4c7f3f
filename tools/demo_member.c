/* SPDX-License-Identifier: Apache-2.0 */
#include "demo_member.h"

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

bool demo_member_integer(slice map, const char *name, int64_t *integer)
{
	struct item_reader reader;
	struct item item;
	if (!find(map, name, &reader) || item_read_type(&reader, ITEM_INTEGER, &item) != RECOURSE_OK)
		return false;
	*integer = item.integer;
	return true;
}

bool demo_member_text(slice map, const char *name, slice *text)
{
	struct item_reader reader;
	struct item item;
	if (!find(map, name, &reader) || item_read_type(&reader, ITEM_TEXT, &item) != RECOURSE_OK)
		return false;
	*text = item.string;
	return true;
}

bool demo_member_list(slice map, const char *name, struct item_reader *reader, struct item *head)
{
	return find(map, name, reader) && item_read_type(reader, ITEM_ARRAY, head) == RECOURSE_OK;
}
