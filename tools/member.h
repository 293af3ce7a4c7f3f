/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/item.h"

/* The head of an item, whole or of what follows in the reader; of the type null where it is none. */
struct item member_head(slice item);

/* Members of a CBOR map that a reply holds, by name. False when there is none of that name and kind. */
bool member_integer(slice map, const char *name, int64_t *integer);
bool member_text(slice map, const char *name, slice *text);
bool member_bytes(slice map, const char *name, slice *bytes);

/* A map within. */
bool member_map(slice map, const char *name, slice *within);

/* The head is read: `head->count` items follow in the reader. */
bool member_list(slice map, const char *name, slice *reader, struct item *head);
