/* SPDX-License-Identifier: Apache-2.0 */
#include "members.h"

#include <assert.h>

bool members_open(slice map, struct members *members)
{
	struct item item;
	members->reader = map;
	if (item_read_type(&members->reader, ITEM_MAP, &item) != RECOURSE_OK)
		return false;
	members->left = item.count;
	return true;
}

bool members_next(struct members *members, slice *key, slice *value)
{
	if (members->left == 0)
		return false;
	struct item item;
	enum recourse_error key_error = item_read_type(&members->reader, ITEM_TEXT, &item);
	assert(key_error == RECOURSE_OK);
	*key = item.string;
	*value = item_take_known(&members->reader);
	members->left--;
	return true;
}

bool members_text(slice member, slice *text)
{
	struct item item;
	if (item_read_type(&member, ITEM_TEXT, &item) != RECOURSE_OK)
		return false;
	*text = item.string;
	return true;
}
