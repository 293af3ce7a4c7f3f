/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/item.h"

/* The members of a map that was checked (item_read_whole()), one by one. All zeroes are those of none. */
struct members {
	slice reader;
	uint64_t left;
};

/* False where it is no map. */
bool members_open(slice map, struct members *members);
bool members_next(struct members *members, slice *key, slice *value);

/* The text that a member is; false where it is something else. */
bool members_text(slice member, slice *text);
