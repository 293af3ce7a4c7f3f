/* SPDX-License-Identifier: Apache-2.0 */
#include "play/play_path.h"

#include "base/buffer.h"
#include "base/item.h"
#include "member.h"
#include "play/play_memory.h"
#include "base/text.h"
#include "base/transcode.h"

#include <inttypes.h>
#include <stdlib.h>

/* The items that a path leads to. */
struct found {
	struct buffer items; /* of slice */
	struct arena *arena;
	bool many;         /* it went over all rows */
	const char *ended; /* why there is none */
};

static const char *json_of(slice item, struct arena *arena)
{
	struct buffer out = {0};
	if (transcode_to_json(item, TRANSCODE_COMPACT, &out) != RECOURSE_OK) {
		buffer_free(&out);
		return "";
	}
	return play_memory_buffer(arena, &out);
}

const char *play_path_show(slice item, struct arena *arena)
{
	struct item head = member_head(item);
	switch (head.type) {
	case ITEM_INTEGER:
		return play_memory_format(arena, "%" PRId64, head.integer);
	case ITEM_TEXT:
		return play_memory_text(arena, head.string);
	case ITEM_BYTES: {
		char *hex = play_memory_take(arena, 2 * head.string.size + 1);
		text_to_hex(head.string.data, head.string.size, hex);
		return hex;
	}
	case ITEM_ARRAY:
	case ITEM_MAP:
	case ITEM_FALSE:
	case ITEM_TRUE:
	case ITEM_NULL:
		break;
	}
	return json_of(item, arena);
}

/* ---- members and rows ---- */

static bool member_of(slice map, slice name, slice *value)
{
	slice reader = map;
	struct item head;
	if (item_read_type(&reader, ITEM_MAP, &head) != RECOURSE_OK)
		return false;
	for (uint64_t pair = 0; pair < head.count; pair++) {
		struct item key;
		if (item_read_type(&reader, ITEM_TEXT, &key) != RECOURSE_OK ||
			item_read_whole(&reader, value) != RECOURSE_OK)
			return false;
		if (slice_equal(key.string, name))
			return true;
	}
	return false;
}

static const char *names_of(slice map, struct arena *arena)
{
	slice reader = map;
	struct buffer names = {0};
	struct item head;
	if (item_read_type(&reader, ITEM_MAP, &head) != RECOURSE_OK)
		return play_memory_format(arena, "absent: it is %s", play_path_show(map, arena));
	buffer_append_text(&names, "absent: there are");
	for (uint64_t pair = 0; pair < head.count; pair++) {
		struct item key;
		slice value;
		if (item_read_type(&reader, ITEM_TEXT, &key) != RECOURSE_OK ||
			item_read_whole(&reader, &value) != RECOURSE_OK)
			break;
		buffer_append_format(&names, " %.*s", SLICE_ARGUMENTS(key.string));
	}
	return play_memory_buffer(arena, &names);
}

/* The one member of a map that is a list with rows; where there is none, the one that is a list. */
static bool only_list(slice map, slice *list)
{
	slice reader = map;
	struct item head;
	size_t empty = 0;
	size_t full = 0;
	if (item_read_type(&reader, ITEM_MAP, &head) != RECOURSE_OK)
		return false;
	for (uint64_t pair = 0; pair < head.count; pair++) {
		struct item key;
		slice value;
		if (item_read_type(&reader, ITEM_TEXT, &key) != RECOURSE_OK ||
			item_read_whole(&reader, &value) != RECOURSE_OK)
			return false;
		if (member_head(value).type != ITEM_ARRAY)
			continue;
		bool rows = member_head(value).count > 0;
		if (rows || full == 0)
			*list = value;
		full += rows;
		empty += !rows;
	}
	return full == 1 || (full == 0 && empty == 1);
}

static bool row_of(slice list, uint64_t index, slice *row)
{
	slice reader = list;
	struct item head;
	if (item_read_type(&reader, ITEM_ARRAY, &head) != RECOURSE_OK || index >= head.count)
		return false;
	for (uint64_t before = 0; before <= index; before++) {
		if (item_read_whole(&reader, row) != RECOURSE_OK)
			return false;
	}
	return true;
}

/* ---- the walk ---- */

static void walk(struct found *found, slice item, const char *path);

static void end_walk(struct found *found, const char *why)
{
	if (found->ended == NULL)
		found->ended = why;
}

static void walk_rows(struct found *found, slice list, const char *rest)
{
	static const uint8_t null_item[] = {0xf6};
	const slice nothing = slice_of(null_item, sizeof null_item); /* a row that does not say it */
	slice row;
	found->many = true;
	for (uint64_t index = 0; row_of(list, index, &row); index++) {
		size_t before = found->items.size;
		walk(found, row, rest);
		if (found->items.size == before && strchr(rest, '[') == NULL)
			buffer_append(&found->items, &nothing, sizeof nothing);
	}
}

static bool says(slice row, slice name, slice value, struct arena *arena)
{
	slice member;
	return member_of(row, name, &member) && slice_is(value, play_path_show(member, arena));
}

static void walk_selected(struct found *found, slice list, slice choice, const char *rest)
{
	const uint8_t *equals = choice.size == 0 ? NULL : memchr(choice.data, '=', choice.size);
	size_t name = equals == NULL ? 0 : (size_t)(equals - choice.data);
	slice row;
	if (equals == NULL) {
		uint64_t index = strtoull(play_memory_text(found->arena, choice), NULL, 10);
		if (row_of(list, index, &row))
			walk(found, row, rest);
		else
			end_walk(found, play_memory_format(found->arena, "absent: there are %" PRIu64 " rows",
						member_head(list).count));
		return;
	}
	slice value = slice_of(equals + 1, choice.size - name - 1);
	for (uint64_t index = 0; row_of(list, index, &row); index++) {
		if (says(row, slice_of(choice.data, name), value, found->arena)) {
			walk(found, row, rest);
			return;
		}
	}
	end_walk(found, play_memory_format(found->arena, "absent: no row has %.*s", SLICE_ARGUMENTS(choice)));
}

static void walk_list(struct found *found, slice item, const char *path)
{
	size_t size = strcspn(path, "]");
	const char *rest = path + size + (path[size] == ']');
	slice list = item;
	if (member_head(item).type != ITEM_ARRAY && !only_list(item, &list)) {
		end_walk(found, "absent: it has no list, or more than one");
		return;
	}
	if (size == 1)
		walk_rows(found, list, rest);
	else
		walk_selected(found, list, slice_of(path + 1, size - 1), rest);
}

static void walk_name(struct found *found, slice item, const char *path)
{
	slice name = slice_of(path, strcspn(path, ".["));
	slice value;
	slice list;
	slice row;
	if (member_of(item, name, &value))
		walk(found, value, path + name.size);
	else if (only_list(item, &list) && member_head(list).count == 1 && row_of(list, 0, &row) &&
		 member_of(row, name, &value))
		walk(found, value, path + name.size);
	else
		end_walk(found, names_of(item, found->arena));
}

static void walk(struct found *found, slice item, const char *path)
{
	if (*path == '.')
		path++;
	if (*path == '\0')
		buffer_append(&found->items, &item, sizeof item);
	else if (*path == '[')
		walk_list(found, item, path);
	else
		walk_name(found, item, path);
}

static size_t find(slice reply, const char *path, struct arena *arena, struct found *found)
{
	*found = (struct found){.arena = arena};
	walk(found, reply, path);
	return found->items.size / sizeof(slice);
}

static slice item_at(const struct found *found, size_t index)
{
	slice item;
	memcpy(&item, found->items.data + index * sizeof item, sizeof item);
	return item;
}

/* ---- what is expected ---- */

static const char *show_found(const struct found *found)
{
	struct buffer out = {0};
	size_t count = found->items.size / sizeof(slice);
	if (count == 0)
		return found->many ? "" : found->ended;
	for (size_t index = 0; index < count; index++)
		buffer_append_format(&out, "%s%s", index == 0 ? "" : ",",
			play_path_show(item_at(found, index), found->arena));
	return play_memory_buffer(found->arena, &out);
}

/* All that was found as one list; or the one thing. */
static slice whole(const struct found *found)
{
	struct buffer out = {0};
	if (!found->many)
		return item_at(found, 0);
	size_t count = found->items.size / sizeof(slice);
	item_write_array(&out, count);
	for (size_t index = 0; index < count; index++)
		buffer_append(&out, item_at(found, index).data, item_at(found, index).size);
	size_t size = out.size;
	return slice_of(play_memory_buffer(found->arena, &out), size);
}

static bool same_json(const struct found *found, const char *json, const char **came)
{
	slice expected;
	slice actual;
	*came = json_of(whole(found), found->arena);
	return play_pair_item(json, found->arena, &expected) &&
	       play_pair_item(*came, found->arena, &actual) && slice_equal(expected, actual);
}

static bool check_count(slice reply, const struct play_pair *pair, struct arena *arena, const char **came)
{
	struct found found;
	slice list;
	bool there =
		*pair->name == '\0' ? only_list(reply, &list) : find(reply, pair->name, arena, &found) == 1;
	if (there && *pair->name != '\0')
		list = item_at(&found, 0);
	if (*pair->name != '\0')
		buffer_free(&found.items);
	struct item head = there ? member_head(list) : (struct item){.type = ITEM_NULL};
	*came = head.type == ITEM_ARRAY ? play_memory_format(arena, "%" PRIu64 " rows", head.count)
					: "no list";
	return head.type == ITEM_ARRAY &&
	       strcmp(play_memory_format(arena, "%" PRIu64, head.count), pair->value) == 0;
}

static bool check_found(const struct found *found, const struct play_pair *pair, const char **came)
{
	bool list = pair->sign == PLAY_SIGN_HAS || pair->sign == PLAY_SIGN_LACKS;
	const char *expected = play_pair_text(pair->value, found->arena);
	if (pair->sign == PLAY_SIGN_JSON || (play_pair_is_json(pair->value) && !list))
		return same_json(found, pair->value, came);
	if (!list)
		return expected != NULL && strcmp(*came, expected) == 0;
	if (member_head(whole(found)).type == ITEM_MAP || member_head(whole(found)).type == ITEM_ARRAY)
		*came = json_of(whole(found), found->arena);
	return expected != NULL && (strstr(*came, expected) != NULL) == (pair->sign == PLAY_SIGN_HAS);
}

bool play_path_check(slice reply, const struct play_pair *pair, struct arena *arena, const char **came)
{
	struct found found;
	if (pair->sign == PLAY_SIGN_COUNT)
		return check_count(reply, pair, arena, came);
	size_t count = find(reply, pair->name, arena, &found);
	*came = show_found(&found);
	bool good = (count > 0 || found.many) && check_found(&found, pair, came);
	buffer_free(&found.items);
	return good;
}

bool play_path_absent(slice reply, const char *path, struct arena *arena, const char **came)
{
	struct found found;
	size_t count = find(reply, path, arena, &found);
	*came = show_found(&found);
	buffer_free(&found.items);
	return count == 0;
}
