/* SPDX-License-Identifier: Apache-2.0 */
#include "member.h"

struct item member_head(slice item)
{
	struct item head;
	return item_read(&item, &head) == RECOURSE_OK ? head : (struct item){.type = ITEM_NULL};
}

static bool find(slice map, const char *name, slice *found)
{
	bool there = item_find(map, name, found) == RECOURSE_OK;
	if (!there)
		*found = (slice){0};
	return there;
}

bool member_integer(slice map, const char *name, int64_t *integer)
{
	slice reader;
	struct item item;
	if (!find(map, name, &reader) || item_read_type(&reader, ITEM_INTEGER, &item) != RECOURSE_OK)
		return false;
	*integer = item.integer;
	return true;
}

static bool find_string(slice map, const char *name, enum item_type type, slice *string)
{
	slice reader;
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
	slice member;
	struct item head;
	if (!find(map, name, &member))
		return false;
	slice reader = member;
	if (item_read_type(&reader, ITEM_MAP, &head) != RECOURSE_OK)
		return false;
	*within = member;
	return true;
}

/* What the list has is read by who asked for it: nothing of it is passed over here, however long it is. */
bool member_list(slice map, const char *name, slice *reader, struct item *head)
{
	slice key;
	slice passed;
	*reader = map;
	if (item_read_type(reader, ITEM_MAP, head) != RECOURSE_OK)
		return false;
	for (uint64_t left = head->count; left > 0; left--) {
		if (!item_read_string(reader, ITEM_TEXT, &key))
			return false;
		if (slice_is(key, name))
			return item_read_type(reader, ITEM_ARRAY, head) == RECOURSE_OK;
		if (item_read_unread(reader, &passed) != RECOURSE_OK)
			return false;
	}
	return false;
}
